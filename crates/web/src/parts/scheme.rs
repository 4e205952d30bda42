//! 关爱方案: the rules as sentences and what they make of a week (screens.md §5.9).

use super::forms::Form;
use super::marks::{Link, Look, Piece, Pill, Seal, SealSize, button, icon, pieces, pill, seal};
use super::{Field, Top, field, form, top, words};
use crate::pictures::{WeekStacks, week_stacks};
use maud::{Markup, html};
use tx_base::Lang;

/// A word of a rule's sentence.
#[derive(Clone, Debug)]
pub enum RuleWord {
    Text(String),
    /// A word that cannot be changed.
    Fixed(String),
    /// A changeable word: one tap shows the others, one tap takes one. `name` is the setting; the taken value is posted with
    /// the rule's form.
    Choice {
        name: String,
        shown: String,
        options: Vec<(String, String)>,
        changed: bool,
    },
}

#[derive(Clone, Debug, Default)]
pub struct RuleRow {
    pub id: String,
    pub seal: Seal,
    pub words: Vec<RuleWord>,
    /// 当面才算；重点孩子另有一条.
    pub note: String,
    pub pill: Option<(Pill, String)>,
    /// A rule of law cannot be weakened: the article, read aloud.
    pub locked: String,
    pub on: bool,
    /// Posts the changed word, or `on` = `1`/`0` of the switch; no action means it is only to be read.
    pub form: Form,
}

/// Who has how much a week.
#[derive(Clone, Debug, Default)]
pub struct LoadRow {
    pub who: String,
    /// Minutes a week as they are, and those that the draft adds.
    pub base: f64,
    pub extra: f64,
    /// 7 件, 2 小时.
    pub facts: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct SchemeView {
    pub top: Top,
    pub strips: Vec<(Pill, String, Option<Link>)>,
    pub rules: Vec<RuleRow>,
    /// 加一条: heading, form, fields, word of the button.
    pub add: Option<(String, Form, Vec<Field>, String)>,
    /// 从哪天起用: form, fields, word of the button.
    pub publish: Option<(Form, Vec<Field>, String)>,
    /// A second button of that form, named `look`: only keeps the day and draws anew.
    pub look: String,
    /// 丢掉草稿: form, word of the button.
    pub drop: Option<(Form, String)>,
    pub load_title: String,
    pub load_note: String,
    pub load: Vec<LoadRow>,
    /// How many hours there are: heading, form, fields, word of the button.
    pub hours: Option<(String, Form, Vec<Field>, String)>,
    pub week_title: String,
    pub week_note: String,
    pub weeks: Option<WeekStacks>,
    /// What the colours of the weeks mean.
    pub legend: Vec<(Seal, String)>,
    /// Other classes to look at.
    pub classes: Vec<super::lists::Tab>,
    pub diff_title: String,
    pub diff: Vec<Vec<Piece>>,
}

pub fn editor(lang: Lang, v: &SchemeView) -> Markup {
    let most = v.load.iter().map(|l| l.base + l.extra).fold(1.0_f64, f64::max);
    html! {
        (super::assets::office())
        (top(lang, &v.top))
        @for (tone, text, next) in &v.strips { (super::strip(*tone, "", text, next.as_ref())) }
        div.scg {
            div {
                section.card.rl { @for r in &v.rules { (rule(lang, r)) } }
                @if let Some((head, f, fields, word)) = &v.add {
                    details.card.pad #add { summary { (icon("plus")) (head) } (form(f, "stack", html! { @for x in fields { (field(x)) } button.btn.b2 { (word) } })) }
                }
            }
            div.pv {
                @if v.publish.is_some() || v.drop.is_some() {
                    section.card.pad #publish {
                        @if let Some((f, fields, word)) = &v.publish {
                            (form(f, "inline", html! { @for x in fields { (field(x)) } @if !v.look.is_empty() { button.btn.b2 name="look" value="1" { (v.look) } } button.btn.b1 { (word) } }))
                        }
                        @if let Some((f, word)) = &v.drop { (super::post_button(f, word, "", Look::Quiet)) }
                    }
                }
                @if !v.load.is_empty() {
                    (super::dashboard::card(&v.load_title, &v.load_note, None, "", html! {
                        @for l in &v.load { (load(l, most)) }
                        @if let Some((head, f, fields, word)) = &v.hours {
                            details.hrs { summary { (icon("pen")) (head) } (form(f, "stack", html! { div.fgrid { @for x in fields { (field(x)) } } button.btn.b2 { (word) } })) }
                        }
                    }))
                }
                @if let Some(w) = &v.weeks {
                    (super::dashboard::card(&v.week_title, &v.week_note, None, "", html! {
                        (week_stacks(w))
                        div.lg { @for (s, word) in &v.legend { span { (seal(s, SealSize::Small)) (word) } } }
                        @if v.classes.len() > 1 { (super::lists::switch(&v.classes)) }
                    }))
                }
                @if !v.diff.is_empty() {
                    (super::dashboard::card(&v.diff_title, "", None, "df", html! { @for d in &v.diff { p { (pieces(d)) } } }))
                }
            }
        }
    }
}

fn rule(lang: Lang, r: &RuleRow) -> Markup {
    let sentence = html! {
        div.sn {
            @for w in &r.words {
                @match w {
                    RuleWord::Text(s) => { " " (s) " " },
                    RuleWord::Fixed(s) => u { (s) },
                    RuleWord::Choice { name, shown, options, changed } => {
                        @if r.form.action.is_empty() || options.is_empty() { u class=[changed.then_some("ch")] { (shown) } }
                        @else {
                            details.wd {
                                summary class=[changed.then_some("ch")] { (shown) }
                                div.panel { @for (val, l) in options { button name=(name) value=(val) class=[(l == shown).then_some("on")] { (l) } } }
                            }
                        }
                    },
                }
            }
            @if !r.note.is_empty() { small { (r.note) } }
        }
        span.pl {
            @if let Some((t, w)) = &r.pill { (pill(*t, w, "")) }
            @if !r.locked.is_empty() { span title=(r.locked) { (pill(Pill::Mute, words::LOCKED.in_lang(lang), "lock")) } }
        }
        @let label = if r.on { words::ON } else { words::OFF }.in_lang(lang);
        @if r.form.action.is_empty() { span class={"sw" @if !r.on { " n" }} role="img" aria-label=(label) {} }
        @else { button class={"sw" @if !r.on { " n" }} name="on" value=(if r.on { "0" } else { "1" }) aria-label=(label) aria-pressed=(r.on) disabled[!r.locked.is_empty() && r.on] {} }
    };
    html! {
        div class={"rule" @if !r.on { " off" }} id={"rule-" (r.id)} {
            (seal(&r.seal, SealSize::Middle))
            @if r.form.action.is_empty() { div.cont { (sentence) } } @else { (form(&r.form, "cont", sentence)) }
        }
    }
}

fn load(l: &LoadRow, most: f64) -> Markup {
    let (a, b) = (l.base / most * 1000.0, l.extra / most * 1000.0);
    html! {
        div.lo {
            span { (l.who) }
            svg.loadbar viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" {
                rect.k width=(format!("{a:.0}")) height="12" {}
                @if b > 0.5 { rect.y x=(format!("{a:.0}")) width=(format!("{b:.0}")) height="12" {} }
            }
            b { (super::facts(&l.facts)) }
        }
    }
}

/// One of the schemes to choose from, as in the first run: three lines and the week it makes.
#[derive(Clone, Debug, Default)]
pub struct SchemeCard {
    pub value: String,
    pub title: String,
    pub lines: Vec<String>,
    /// 班主任每周 7 件，2 小时.
    pub week: String,
    pub on: bool,
}

/// Cards with a radio under each, named `name`.
pub fn scheme_cards(name: &str, cards: &[SchemeCard]) -> Markup {
    html! {
        (super::assets::office())
        div.scs {
            @for c in cards {
                label { input type="radio" name=(name) value=(c.value) checked[c.on]; span.card { b { (c.title) } @for l in &c.lines { i { (l) } } em { (c.week) } } }
            }
        }
    }
}

/// A list of versions or of schemes in force.
#[derive(Clone, Debug, Default)]
pub struct VersionRow {
    pub title: String,
    pub facts: Vec<String>,
    pub pill: Option<(Pill, String)>,
    pub act: Option<Link>,
}

pub fn versions(list: &[VersionRow]) -> Markup {
    html! {
        section.card.its {
            @for r in list { div.it { span.ic.ok { (icon("doc")) } div { b { (r.title) @if let Some((t, w)) = &r.pill { " " (pill(*t, w, "")) } } div.x { (super::facts(&r.facts)) } } @if let Some(a) = &r.act { (button(a)) } } }
        }
    }
}

/// The look of a page's main action when it posts.
pub const MAIN: Look = Look::First;

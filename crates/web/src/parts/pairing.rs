//! 结对: children without a helper, pairs, helpers with their load and check (screens.md §5.10). Choosing is two taps: a child, then a
//! helper; without a script the same two are radio buttons of one form.

use super::forms::{Field, FieldError, Form, error_summary, field, form, post_button};
use super::frame::{Top, top};
use super::lists::heading;
use super::marks::{Link, Look, Person, Piece, button, facts, icon, pebble};
use super::words;
use maud::{Markup, html};
use tx_base::{Lang, t};

/// A child without a helper.
#[derive(Clone, Debug, Default)]
pub struct FreeChild {
    pub child: Person,
    pub facts: Vec<String>,
    pub on: bool,
    /// Page of the wishes; empty for none.
    pub href: String,
}
/// A pair, or a proposal of one.
#[derive(Clone, Debug, Default)]
pub struct PairRow {
    pub child: Person,
    pub helper: String,
    /// 爱心妈妈, 教师, 9月1日起.
    pub facts: Vec<String>,
    /// What speaks for a proposal: 同在洞坪村，都爱画画.
    pub good: String,
    /// What is to be weighed: 住得不近.
    pub soft: String,
    /// What speaks against it: the check has run out.
    pub bad: String,
    /// Page of the pair, where it is ended.
    pub act: Option<Link>,
    /// A proposal: where 锁住 (`act=lock`, `act=unlock`) and 拆开 (`act=part`) are posted; none where the reader may only look.
    pub form: Option<Form>,
    pub proposed: bool,
    pub locked: bool,
}
/// A helper with the load in dots.
#[derive(Clone, Debug, Default)]
pub struct HelperCard {
    pub id: String,
    pub name: String,
    pub href: String,
    /// 教师, 核查到 2027.8.
    pub facts: Vec<String>,
    /// Why nobody can be paired with them now.
    pub bad: String,
    pub load: usize,
    /// Dots drawn at least.
    pub usual: usize,
    /// The load read aloud: 帮 2 个.
    pub load_words: String,
    pub on: bool,
}
#[derive(Clone, Debug, Default)]
pub struct PairingView {
    pub top: Top,
    pub sentence: Vec<Piece>,
    pub errors: Vec<FieldError>,
    pub form: Form,
    /// Heading and words beside it.
    pub kids_head: (String, String),
    pub kids: Vec<FreeChild>,
    pub kids_empty: String,
    pub pairs_head: (String, String),
    pub pairs: Vec<PairRow>,
    pub pairs_empty: String,
    pub helpers_head: (String, String),
    pub helpers: Vec<HelperCard>,
    pub helpers_empty: String,
    /// What is done with all at once: 批 18 对, 重新提议, the rules; form, words, icon, and whether it is the first.
    pub acts: Vec<(Form, String, &'static str, bool)>,
    /// Below the pairs: what is not shown, earlier approvals.
    pub foot: Vec<String>,
    /// Kind and first day.
    pub fields: Vec<Field>,
    pub hint: String,
    pub save: String,
    /// A folded form: heading, form, fields, word of the button.
    pub new: Option<(String, Form, Vec<Field>, String)>,
}

pub fn board(lang: Lang, v: &PairingView) -> Markup {
    html! {
        (super::assets::office())
        (top(lang, &v.top))
        @if !v.sentence.is_empty() { p.say { (super::pieces(&v.sentence)) } }
        (error_summary(lang, &v.errors))
        @if !v.acts.is_empty() {
            div.two.prop { @for (f, word, ico, first) in &v.acts { (post_button(f, word, ico, if *first { Look::First } else { Look::Second })) } }
        }
        div.pairing {
            (form(&v.form, "pick", html! {
                div.kidcol {
                    (heading(&v.kids_head.0, &v.kids_head.1, None))
                    @if v.kids.is_empty() { p.m { (v.kids_empty) } }
                    @for k in &v.kids {
                        div.pkr { label.pk { input type="radio" name="child" value=(k.child.id) checked[k.on];
                            span.c { (pebble(&k.child.name, &k.child.id, "m")) span.b { b { (k.child.name) } span.x { (facts(&k.facts)) } } (icon("ok")) } }
                            @if !k.href.is_empty() { a.more href=(k.href) data-sheet aria-label={(words::MORE.in_lang(lang)) " " (k.child.name)} { (icon("more")) } } }
                    }
                }
                div.helpcol {
                    (heading(&v.helpers_head.0, &v.helpers_head.1, None))
                    @if v.helpers.is_empty() { p.m { (v.helpers_empty) } }
                    @for h in &v.helpers {
                        div.pkr { label.pk.off[!h.bad.is_empty()] { input type="radio" name="helper" value=(h.id) checked[h.on] disabled[!h.bad.is_empty()];
                            span.c { (pebble(&h.name, &h.id, "m"))
                                span.b { b { (h.name) } @if h.bad.is_empty() { span.x { (facts(&h.facts)) } } @else { span.x.bad { (h.bad) } } }
                                span.ld role="img" aria-label=(h.load_words) { @for i in 0..h.usual.max(h.load).min(8) { i.f[i < h.load] {} } } (icon("ok")) } }
                            a.more href=(h.href) data-sheet aria-label={(words::MORE.in_lang(lang)) " " (h.name)} { (icon("more")) } }
                    }
                }
                @if !v.kids.is_empty() && !v.helpers.is_empty() {
                    div.pickfoot { @for f in &v.fields { (field(f)) } button.btn.b1 { (v.save) } p.m3 { (v.hint) } }
                }
            }))
            div.paircol {
                (heading(&v.pairs_head.0, &v.pairs_head.1, None))
                @if v.pairs.is_empty() { p.m { (v.pairs_empty) } }
                @for p in &v.pairs {
                    div.pr.no[!p.bad.is_empty()].on[p.locked] {
                        div.a { (pebble(&p.child.name, &p.child.id, "r")) div { @if p.child.href.is_empty() { b { (p.child.name) } } @else { a.ln href=(p.child.href) { b { (p.child.name) } } } div.x { (p.child.sub) } } }
                        (wave(p.bad.is_empty(), p.bad.is_empty() && (p.locked || !p.proposed)))
                        div { div { b { (p.helper) } } div.x { (facts(&p.facts)) } @if !p.good.is_empty() { div.x.good { (p.good) } }
                            @if !p.soft.is_empty() { div.x { (p.soft) } } @if !p.bad.is_empty() { div.x.bad { (p.bad) } } }
                        @if let Some(a) = &p.act { (button(a)) }
                        @if let Some(f) = &p.form { (form(f, "lk", lock_buttons(lang, p))) }
                    }
                }
                @for line in &v.foot { p.m { (line) } }
            }
        }
        @if let Some((head, f, fields, word)) = &v.new {
            details.fold.card open[fields.iter().any(|x| !x.error.is_empty())] {
                summary { (head) (icon("down")) }
                (form(f, "stack", html! { div.grid2 { @for x in fields { (field(x)) } } button.btn.b2 { (word) } }))
            }
        }
    }
}
/// 锁住 and 拆开 of a proposal; both names stand in words for the ear, and beside the icons on the phone.
fn lock_buttons(lang: Lang, p: &PairRow) -> Markup {
    let (lock, act) = if p.locked {
        (t("不锁了", "Unlock"), "unlock")
    } else {
        (t("锁住", "Lock"), "lock")
    };
    let part = t("拆开", "Take apart").in_lang(lang);
    let lock = lock.in_lang(lang);
    let both = |word: &str| format!("{word} {}", p.child.name);
    html! {
        button.on[p.locked] name="act" value=(act) aria-label=(both(lock)) title=(lock) { (icon("lock")) span.phone { (lock) } }
        button name="act" value="part" aria-label=(both(part)) title=(part) { (icon("x")) span.phone { (part) } }
    }
}
/// The line that holds two together: in full for a pair and what is locked, in dashes for what is proposed.
fn wave(good: bool, firm: bool) -> Markup {
    html! {
        svg.wv.no[!good].pale[good && !firm] width="62" height="30" viewBox="0 0 62 30" aria-hidden="true" {
            path d="M2 15c14-14 22 14 30 0s16 14 28 0" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-dasharray=[(!firm).then_some("4 5")] {}
        }
    }
}

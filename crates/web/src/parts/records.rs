//! Records of every kind: list, page, form, the choice of a kind, and two copies of one field (screens.md §3, §5.4; mock 18).

use super::frame::{Top, top};
use super::lists::{self, Filter, Tab, TableView, TimelineItem, definition_list, filter, pager, table, timeline_item};
use super::marks::{Link, Person, Pill, Seal, SealSize, button, icon, pebble, seal};
use super::record::NameTile;
use super::{
    FieldError, Form, Look, Question, assets, empty, error_summary, form, post_button, question, strip, words,
};
use maud::{Markup, html};
use tx_base::Lang;

/// 全部记录.
#[derive(Clone, Debug, Default)]
pub struct ListView {
    pub top: Top,
    pub filter: Filter,
    pub items: Vec<TimelineItem>,
    pub empty: String,
    pub empty_next: Option<Link>,
    /// Address of the next page.
    pub after: Option<String>,
    /// Address of the first page, when this is a later one.
    pub first: Option<String>,
    pub place: String,
}

pub fn list(lang: Lang, v: &ListView) -> Markup {
    html! {
        (assets::office())
        (top(lang, &v.top))
        (filter(&v.filter))
        @if v.items.is_empty() { (empty(&v.empty, v.empty_next.as_ref())) }
        section.tl { @for i in &v.items { (timeline_item(lang, i)) } }
        (pager(lang, v.first.as_deref(), v.after.as_deref(), &v.place))
    }
}

/// What a version said before it was corrected.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// 11月24日 12:40 周老师改.
    pub when: String,
    /// The reason that was given; may be empty.
    pub why: String,
    /// Term and words of what was different.
    pub was: Vec<(String, String)>,
}

/// One record.
#[derive(Clone, Debug, Default)]
pub struct RecordView {
    pub top: Top,
    /// Over another page: where × goes. Empty for a page of its own.
    pub close_href: String,
    pub strips: Vec<(Pill, &'static str, String, Option<Link>)>,
    pub seal: Seal,
    pub people: Vec<Person>,
    pub text: String,
    pub rows: Vec<(String, Vec<String>)>,
    /// A line for each person or thing, when they say more than a name.
    pub lines: Option<TableView>,
    pub links: Vec<Link>,
    /// Buttons that post: form, word, icon, look.
    pub posts: Vec<(Form, String, &'static str, Look)>,
    /// Folded forms: heading, form, questions, word of the button.
    pub forms: Vec<(String, Form, Vec<Question>, String)>,
    pub history_title: String,
    pub history: Vec<Before>,
}

pub fn page(lang: Lang, v: &RecordView) -> Markup {
    if v.close_href.is_empty() {
        return html! { (assets::office()) (top(lang, &v.top)) (record(lang, v)) };
    }
    html! {
        (assets::office())
        div.sheet {
            header.tb { a href=(v.close_href) data-close aria-label=(words::CLOSE.in_lang(lang)) { (icon("x")) } h1.t { (v.top.title) } span.w44 {} }
            (record(lang, v))
            div.acts { @for b in &v.top.buttons { (button(b)) } }
        }
    }
}

fn record(lang: Lang, v: &RecordView) -> Markup {
    html! {
        @for (tone, ico, text, next) in &v.strips { (strip(*tone, ico, text, next.as_ref())) }
        section.card.one {
            div.row0 {
                (seal(&v.seal, SealSize::Large))
                div.ppl { @for p in &v.people { @if p.href.is_empty() { span.ln { (pebble(&p.name, &p.id, "m")) (p.name) } } @else { a.ln href=(p.href) { (pebble(&p.name, &p.id, "m")) (p.name) } } } }
            }
            @if !v.text.is_empty() { p.words.private { (v.text) } }
            (definition_list(lang, &v.rows))
        }
        @if let Some(t) = &v.lines { (table(t)) }
        @if !v.links.is_empty() || !v.posts.is_empty() {
            div.acts { @for l in &v.links { (button(l)) } @for (f, word, ico, look) in &v.posts { (post_button(f, word, ico, *look)) } }
        }
        @for (head, f, fields, word) in &v.forms {
            details.fold.card.pad open[fields.iter().any(|q| !q.error().is_empty())] {
                summary { (head) (icon("down")) }
                (form(f, "stack", html! { @for x in fields { (question(x)) } button.btn.b2 { (word) } }))
            }
        }
        @if !v.history.is_empty() {
            (lists::heading(&v.history_title, "", None))
            @for b in &v.history {
                section.card.pad.before {
                    p.m { (b.when) @if !b.why.is_empty() { " · " (b.why) } }
                    dl.dl { @for (term, was) in &b.was { div { dt { (term) } dd.old { (was) } } } }
                }
            }
        }
    }
}

/// The fields of one line in a form.
#[derive(Clone, Debug, Default)]
pub struct LineForm {
    /// Value of the tick that the line belongs to.
    pub id: String,
    pub name: String,
    pub questions: Vec<Question>,
}

/// A group of people to tick, with a line for each.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub title: String,
    /// Name of the ticks.
    pub name: String,
    /// Where others are to be had: classes.
    pub tabs: Vec<Tab>,
    pub tiles: Vec<NameTile>,
    pub error: String,
    /// 每人各写: heading of the lines.
    pub each: String,
    pub lines: Vec<LineForm>,
    /// Folded away: not what the kind is about.
    pub folded: bool,
}

/// The form of any kind.
#[derive(Clone, Debug, Default)]
pub struct FormView {
    pub top: Top,
    pub form: Form,
    pub seal: Seal,
    pub strips: Vec<(Pill, &'static str, String, Option<Link>)>,
    pub errors: Vec<FieldError>,
    pub questions: Vec<Question>,
    pub people: Vec<People>,
    /// Asked last: things, the reason of a correction.
    pub last: Vec<Question>,
    pub save: String,
}

pub fn edit(lang: Lang, v: &FormView) -> Markup {
    let body = html! {
        (error_summary(lang, &v.errors))
        @for q in &v.questions { (question(q)) }
        @for p in &v.people { (people(lang, p)) }
        @for q in &v.last { (question(q)) }
        footer.ft { div.sv { button.btn.b1 type="submit" { (v.save) } } }
    };
    html! {
        (assets::office())
        (top(lang, &v.top))
        @for (tone, ico, text, next) in &v.strips { (strip(*tone, ico, text, next.as_ref())) }
        section.sheet.wide { (form(&v.form, "rec", body)) }
    }
}

fn people(lang: Lang, p: &People) -> Markup {
    let id = format!("f-{}", p.name);
    let tiles = html! {
        @if !p.error.is_empty() { p.bad { (icon("warn")) (p.error) } }
        @if p.tabs.len() > 1 { (lists::switch(&p.tabs)) }
        @if p.tiles.len() > 40 { div.q.js { input type="search" data-filter={"#" (id) " label"} aria-label=(words::SEARCH.in_lang(lang)) placeholder=(words::SEARCH_HINT.in_lang(lang)); } }
        fieldset.tiles id=(id) tabindex="-1" {
            legend.sr { (p.title) }
            @for t in &p.tiles {
                label class=[t.done.then_some("done")] {
                    input type="checkbox" name=(p.name) value=(t.id) checked[t.on];
                    span { (pebble(&t.name, &t.id, "s")) (icon("ok")) i { (t.name) } }
                }
            }
        }
        @if !p.lines.is_empty() {
            details.fold open[p.tiles.iter().any(|t| t.on)] {
                summary { (p.each) (icon("down")) }
                @for l in &p.lines { div.eachf data-each=(l.id) role="group" aria-label=(l.name) { b { (l.name) } div.lnf { @for q in &l.questions { (question(q)) } } } }
            }
        }
    };
    html! {
        @if p.folded {
            details.fold open[p.tiles.iter().any(|t| t.on) || !p.error.is_empty()] { summary { (p.title) (icon("down")) } (tiles) }
        } @else {
            div.q { b.lb { (p.title) } (tiles) }
        }
    }
}

/// 记什么: every kind by what belongs together.
#[derive(Clone, Debug, Default)]
pub struct KindsView {
    pub top: Top,
    /// Family and its kinds: seal, name, address.
    pub groups: Vec<(String, Vec<(Seal, String, String)>)>,
}

pub fn kinds(lang: Lang, v: &KindsView) -> Markup {
    html! {
        (assets::office())
        (top(lang, &v.top))
        @for (family, kinds) in &v.groups {
            (lists::heading(family, "", None))
            nav.kindgrid aria-label=(family) { @for (s, name, href) in kinds { a.card href=(href) { (seal(s, SealSize::Middle)) span { (name) } } } }
        }
    }
}

/// One of the two copies.
#[derive(Clone, Debug, Default)]
pub struct Copy {
    pub who: Person,
    pub when: String,
    /// Words, and whether the other copy says them differently.
    pub words: Vec<(String, bool)>,
    pub form: Form,
    /// 用这份.
    pub button: String,
}

/// 两份都在.
#[derive(Clone, Debug, Default)]
pub struct ConflictView {
    pub title: String,
    pub close_href: String,
    /// 王芳 12:31 也改了这一条，两份都替您留着.
    pub note: String,
    /// The field and whose record it is.
    pub about: Vec<String>,
    pub copies: Vec<Copy>,
    /// 两句都要, where both can stand.
    pub both: Option<(Form, String)>,
    /// What holds until someone chooses.
    pub foot: String,
}

pub fn conflict(lang: Lang, v: &ConflictView) -> Markup {
    html! {
        (assets::office())
        div.sheet {
            header.tb { a href=(v.close_href) data-close aria-label=(words::BACK.in_lang(lang)) { (icon("left")) } h1.t { (v.title) } span.w44 {} }
            (strip(Pill::Due, "warn", &v.note, None))
            p.m { (super::facts(&v.about)) }
            div.copies {
                @for c in &v.copies {
                    section.card.pad.copy {
                        div.h { (pebble(&c.who.name, &c.who.id, "m")) b { (c.who.name) } span.grow {} time { (c.when) } }
                        p { @for (w, other) in &c.words { @if *other { mark { (w) } } @else { (w) } } }
                        (post_button(&c.form, &c.button, "", Look::Second))
                    }
                }
            }
            @if let Some((f, word)) = &v.both { div.wide1 { (post_button(f, word, "", Look::First)) } }
            p.m { (v.foot) }
        }
    }
}

/// A page of a few tables and folded forms: own fields, open conflicts.
#[derive(Clone, Debug, Default)]
pub struct TablesView {
    pub top: Top,
    pub note: String,
    pub empty: String,
    pub table: TableView,
    /// A button for some rows: the row's words, form, word of the button.
    pub ends: Vec<(String, Form, String)>,
    pub ends_title: String,
    pub errors: Vec<FieldError>,
    pub new: Option<(String, Form, Vec<Question>, String)>,
}

pub fn tables(lang: Lang, v: &TablesView) -> Markup {
    html! {
        (assets::office())
        (top(lang, &v.top))
        @if !v.note.is_empty() { p.m { (v.note) } }
        (error_summary(lang, &v.errors))
        @if v.table.rows.is_empty() { (empty(&v.empty, None)) } @else { (table(&v.table)) }
        @if let Some((head, f, questions, word)) = &v.new {
            details.fold.card.pad open[!v.errors.is_empty() || v.table.rows.is_empty()] {
                summary { (head) (icon("down")) }
                (form(f, "stack", html! { @for q in questions { (question(q)) } button.btn.b1 { (word) } }))
            }
        }
        @if !v.ends.is_empty() {
            details.fold.card.pad {
                summary { (v.ends_title) (icon("down")) }
                ul.ends { @for (name, f, word) in &v.ends { li { span { (name) } (post_button(f, word, "", Look::Second)) } } }
            }
        }
    }
}

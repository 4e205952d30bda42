//! 孩子: the file of one child and the list of children (screens.md §5.6).

use super::marks::{
    Kind, Link, Person, Piece, Pill, Seal, SealSize, button, face, facts, icon, link, pebble, pill, seal, spark,
};
use super::{Tab, TimelineItem, Top, definition_list, lists, pager, strip, timeline_item, top, words};
use crate::pictures::{Layout, RibbonPicture, ribbon};
use maud::{Markup, html};
use tx_base::Lang;

/// 奶奶 在家, 爸爸 东莞.
#[derive(Clone, Debug, Default)]
pub struct CallButton {
    pub title: String,
    pub sub: String,
    pub href: String,
    /// `phone` or `video`.
    pub icon: &'static str,
}

/// What is due, at the top of the file.
#[derive(Clone, Debug, Default)]
pub struct DueStrip {
    pub id: String,
    pub seal: Seal,
    pub title: String,
    pub text: String,
    pub late: bool,
    pub act: Link,
    pub href: String,
}

/// One of 德学体劳心: evidence counted, a curve only for what is measured.
#[derive(Clone, Debug, Default)]
pub struct FiveRow {
    pub ch: String,
    pub text: String,
    /// 3 条.
    pub count: Option<Link>,
    pub curve: Vec<f64>,
    pub kind: Kind,
}

/// Terms and their facts, as [`definition_list`] draws them.
pub type Rows = Vec<(String, Vec<String>)>;

#[derive(Clone, Debug, Default)]
pub struct FileView {
    pub child: Person,
    /// Address of the photo; empty for the pebble.
    pub photo: String,
    pub back_href: String,
    /// 10 岁, 四(2)班, 走读.
    pub facts: Vec<String>,
    pub tags: Vec<String>,
    /// 重点: a word, hidden by 孩子在旁.
    pub key_word: String,
    pub record: Option<Link>,
    /// 打印 and the rest: 档案卡, 联系卡, 谁看过, 急用卡, 交接.
    pub print: Option<Link>,
    pub more: Vec<Link>,
    /// 离校: a grey strip.
    pub left: String,
    /// 没填的 3 项.
    pub missing: Option<Link>,
    pub calls: Vec<CallButton>,
    pub dues: Vec<DueStrip>,
    pub ribbon: Option<RibbonPicture>,
    pub ribbon_title: String,
    pub ribbon_note: String,
    pub five_title: String,
    pub five_note: String,
    pub five: Vec<FiveRow>,
    pub home_title: String,
    /// Who confirmed it and when.
    pub home_note: String,
    pub home: Vec<(String, Vec<String>)>,
    pub edit: Option<Link>,
    /// Further lists: heading, rows (pairing, own fields, episodes).
    pub lists: Vec<(String, Rows)>,
    /// What lies apart: words and the link that opens it.
    pub private: Option<(String, Link)>,
    pub line_title: String,
    pub all: Option<Link>,
    pub items: Vec<TimelineItem>,
    /// Said when there is nothing in the timeline.
    pub empty: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub readers_title: String,
    /// Who opened the file last.
    pub readers: Rows,
}

pub fn file(lang: Lang, v: &FileView) -> Markup {
    html! {
        (super::assets::office())
        header.tb.file {
            a href=(v.back_href) aria-label=(words::BACK.in_lang(lang)) { (icon("left")) }
            span.grow {}
            @if let Some(p) = &v.print { a href=(p.href) aria-label=(p.label) title=(p.label) { (icon("print")) } }
            @if !v.more.is_empty() {
                details.menu { summary aria-label=(words::MORE.in_lang(lang)) { (icon("more")) } div.panel { @for l in &v.more { a href=(l.href) { (l.label) } } } }
            }
        }
        div.idrow {
            div.id {
                (face(&v.child.name, &v.child.id, "xl", &v.photo))
                div {
                    h1 { @if v.child.key { i.key.private title=(words::KEY_CHILD.in_lang(lang)) {} } (v.child.name) }
                    div.x { (facts(&v.facts)) }
                    div.tags { @for t in &v.tags { (pill(Pill::Mute, t, "")) } @if !v.key_word.is_empty() { span.private { (pill(Pill::Due, &v.key_word, "")) } } }
                }
            }
            @if !v.calls.is_empty() {
                div.call { @for c in &v.calls { a href=(c.href) data-sheet { (icon(c.icon)) span { b { (c.title) } small { (c.sub) } } } } }
            }
            @if let Some(r) = &v.record { span.desk { (button(r)) } }
        }
        @if !v.left.is_empty() { (strip(Pill::Mute, "", &v.left, None)) }
        @for d in &v.dues {
            div class={"due" @if d.late { " late" }} id={"d-" (d.id)} data-duty=(d.id) {
                (seal(&d.seal, SealSize::Middle))
                div { b { @if d.href.is_empty() { (d.title) } @else { a href=(d.href) data-sheet { (d.title) } } } div.x { (d.text) } }
                @if !d.act.href.is_empty() { (button(&d.act)) }
            }
        }
        @if let Some(m) = &v.missing { (strip(Pill::Due, "warn", "", Some(m))) }
        @if let Some(r) = &v.ribbon {
            (lists::heading(&v.ribbon_title, &v.ribbon_note, None))
            div.card.rb { div.phone { (ribbon(lang, r, Layout::Phone)) } div.desk { (ribbon(lang, r, Layout::Wide)) } }
        }
        div.file2 {
            div {
                @if !v.five.is_empty() {
                    (lists::heading(&v.five_title, &v.five_note, None))
                    div.card.five {
                        @for f in &v.five {
                            div { i { (f.ch) } span { (f.text) } @if !f.curve.is_empty() { (spark(&f.curve, f.kind)) } @else if let Some(c) = &f.count { a.num href=(c.href) data-pop { (c.label) } } }
                        }
                    }
                }
                @if !v.home.is_empty() {
                    div #home {}
                    (lists::heading(&v.home_title, &v.home_note, v.edit.as_ref()))
                    div.card.fam { (definition_list(lang, &v.home)) }
                }
                @for (head, rows) in &v.lists { (lists::heading(head, "", None)) div.card.fam { (definition_list(lang, rows)) } }
                @if let Some((text, l)) = &v.private { div.private.apart { (strip(Pill::Sealed, "lock", text, Some(l))) } }
                @if !v.readers.is_empty() {
                    div #readers {}
                    (lists::heading(&v.readers_title, "", None))
                    div.card.fam { (definition_list(lang, &v.readers)) }
                }
            }
            div {
                div #line {}
                (lists::heading(&v.line_title, "", v.all.as_ref()))
                @if v.items.is_empty() { p.m { (v.empty) } }
                div.tl { @for i in &v.items { (timeline_item(lang, i)) } }
                (pager(lang, v.before.as_deref(), v.after.as_deref(), ""))
            }
        }
    }
}

/// A child in the list of children.
#[derive(Clone, Debug, Default)]
pub struct ChildRow {
    pub child: Person,
    /// Class, village, guardian.
    pub facts: Vec<String>,
    pub pills: Vec<(Pill, String)>,
    pub act: Option<Link>,
}

#[derive(Clone, Debug, Default)]
pub struct ChildrenView {
    pub top: Top,
    pub filters: Vec<Tab>,
    pub tabs: Vec<Tab>,
    /// Heading and its children.
    pub groups: Vec<(String, Vec<ChildRow>)>,
    pub empty: String,
    pub empty_next: Option<Link>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub place: String,
    /// A sentence above the list, with numbers.
    pub sentence: Vec<Piece>,
}

pub fn children(lang: Lang, v: &ChildrenView) -> Markup {
    html! {
        (super::assets::office())
        (top(lang, &v.top))
        @if !v.tabs.is_empty() { (super::tabs(&v.tabs)) }
        @if !v.filters.is_empty() { div.tool { (lists::filters(&v.filters)) } }
        @if !v.sentence.is_empty() { p.say { (super::pieces(&v.sentence)) } }
        @if v.groups.iter().all(|(_, g)| g.is_empty()) { (super::empty(&v.empty, v.empty_next.as_ref())) }
        @for (head, rows) in v.groups.iter().filter(|(_, g)| !g.is_empty()) {
            @if !head.is_empty() { div.sec { h2 { (head) } span.m { (rows.len()) } } }
            section.card.list.kids {
                @for r in rows {
                    div.row data-child=(r.child.id) {
                        (pebble(&r.child.name, &r.child.id, "r"))
                        div.b {
                            div.n { @if r.child.key { i.key.private title=(words::KEY_CHILD.in_lang(lang)) {} } @if r.child.href.is_empty() { span { (r.child.name) } } @else { a.cover href=(r.child.href) { (r.child.name) } } @for (t, w) in &r.pills { (pill(*t, w, "")) } }
                            div.x { (facts(&r.facts)) }
                        }
                        @if let Some(a) = &r.act { a.do href=(a.href) data-sheet[a.sheet] aria-label={(a.label) " " (r.child.name)} { @if a.icon.is_empty() { (a.label) } @else { (icon(a.icon)) } } }
                    }
                }
            }
        }
        (pager(lang, v.before.as_deref(), v.after.as_deref(), &v.place))
    }
}

/// A page of one record, a document or a setting: facts, words, history.
#[derive(Clone, Debug, Default)]
pub struct OneView {
    pub top: Top,
    pub seal: Option<Seal>,
    pub people: Vec<Person>,
    pub rows: Vec<(String, Vec<String>)>,
    pub text: String,
    pub history_title: String,
    /// When and who, words before.
    pub history: Vec<(String, String)>,
    pub links: Vec<Link>,
}

pub fn one(lang: Lang, v: &OneView) -> Markup {
    html! {
        (top(lang, &v.top))
        section.card.one {
            div.row0 { @if let Some(s) = &v.seal { (seal(s, SealSize::Large)) } div.ppl { @for p in &v.people { a.ln href=(p.href) { (pebble(&p.name, &p.id, "m")) (p.name) } } } }
            @if !v.text.is_empty() { p.words { (v.text) } }
            (definition_list(lang, &v.rows))
            @if !v.links.is_empty() { div.two { @for l in &v.links { (button(l)) } } }
        }
        @if !v.history.is_empty() {
            (lists::heading(&v.history_title, "", None))
            section.card.fam { dl.dl { @for (when, was) in &v.history { div { dt { (when) } dd { (was) } } } } }
        }
    }
}

/// A small link list under a heading, as the foot of a page.
pub fn links(list: &[Link]) -> Markup {
    html! { ul.links { @for l in list { li { (link(l)) } } } }
}

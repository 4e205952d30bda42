//! Rows, cards, tables and what stands around them.

use super::marks::{Kind, Link, Mark, Person, Seal, SealSize, facts, icon, last_char, link, pebble, seal};
use super::words;
use maud::{Markup, html};
use tx_base::Lang;

/// One duty in a list (screens.md §3).
#[derive(Clone, Debug, Default)]
pub struct DutyRow {
    /// The duty's id; the row is `#d-ID`, so that a saved record can take it away.
    pub id: String,
    pub child: Person,
    /// A group row: the others who owe the same on the same day.
    pub others: Vec<Person>,
    pub seal: Seal,
    /// 谈心, 约定家访.
    pub what: String,
    /// 晚 8 天; empty when it is not late.
    pub late: String,
    /// Last time, window, place.
    pub facts: Vec<String>,
    /// Page of the duty itself; empty for none.
    pub href: String,
    /// The one button: 记, 拨号, 看. Filled when `act.look` is `First`; an icon replaces the word on the button.
    pub act: Link,
    /// 改日子, 免做, 交给别人.
    pub more: Vec<Link>,
}

pub fn duty_row(lang: Lang, d: &DutyRow) -> Markup {
    let group = !d.others.is_empty();
    let name = if group {
        format!("{} +{}", d.child.name, d.others.len())
    } else {
        d.child.name.clone()
    };
    html! {
        div.row id={"d-" (d.id)} data-duty=(d.id) data-child=(d.child.id) {
            @if d.child.href.is_empty() { (pebble(&d.child.name, &d.child.id, "r")) }
            @else { a href=(d.child.href) aria-label=(d.child.name) { (pebble(&d.child.name, &d.child.id, "r")) } }
            div.b {
                div.n {
                    @if d.child.key { i.key.private title=(words::KEY_CHILD.in_lang(lang)) {} }
                    @if d.href.is_empty() { span { (name) } } @else { a href=(d.href) data-sheet { (name) } }
                    (seal(&d.seal, SealSize::Small)) span.w { (d.what) }
                }
                div.x {
                    @if !d.late.is_empty() { b { (d.late) } @if d.facts.iter().any(|f| !f.is_empty()) { i.dt {} } }
                    (facts(&d.facts))
                }
                @if group { div.x { @for (i, p) in d.others.iter().enumerate() { @if i > 0 { "、" } (p.name) } } }
            }
            @if !d.more.is_empty() {
                details.menu { summary aria-label=(words::MORE.in_lang(lang)) { (icon("more")) } div.panel { @for l in &d.more { a href=(l.href) data-sheet[l.sheet] { (l.label) } } } }
            }
            @if !d.act.href.is_empty() {
                a class={"do" @if d.act.look == super::Look::First { " on" }} href=(d.act.href) data-sheet[d.act.sheet]
                    aria-label={(d.act.label) " " (name) " " (d.what)} {
                    @if d.act.icon.is_empty() { (d.act.label) } @else { (icon(d.act.icon)) }
                }
            }
        }
    }
}

/// A child's pebble in the month card.
#[derive(Clone, Debug, Default)]
pub struct MonthPebble {
    pub id: String,
    pub name: String,
    /// Done solid, open dashed, overdue thick.
    pub mark: Mark,
    pub href: String,
    /// Read aloud: 龙俊杰，晚 8 天.
    pub label: String,
}

/// The month in one card: one pebble a child.
#[derive(Clone, Debug, Default)]
pub struct MonthCard {
    pub title: String,
    pub facts: Vec<String>,
    pub pebbles: Vec<MonthPebble>,
}

pub fn month_card(m: &MonthCard) -> Markup {
    html! {
        section.card.mon aria-label=(m.title) {
            div.t { h2 { (m.title) } em { (facts(&m.facts)) } }
            div.g {
                @for p in &m.pebbles {
                    a class=(p.mark.class()) href=(p.href) data-peb=(p.id) data-state=(p.mark.state()) aria-label=(p.label) title=(p.label) { (last_char(&p.name)) }
                }
            }
        }
    }
}

/// A plain table; a cell is a sentence of pieces, so that numbers can be opened.
#[derive(Clone, Debug, Default)]
pub struct TableView {
    /// Read aloud and shown above when it is not empty.
    pub caption: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Vec<super::Piece>>>,
    /// Columns of numbers, set to the right.
    pub right: Vec<usize>,
    /// Link of each row, from its first cell; empty for none.
    pub hrefs: Vec<String>,
}

pub fn table(t: &TableView) -> Markup {
    let class = |i: usize| t.right.contains(&i).then_some("r");
    // a number and its measure word stay on one line
    let counts = |cell: &[super::Piece]| {
        cell.iter()
            .any(|p| matches!(p, super::Piece::Num { .. }))
            .then_some("q")
    };
    html! {
        div.tw tabindex="0" role="region" aria-label=(t.caption) {
            table {
                thead { tr { @for (i, h) in t.head.iter().enumerate() { th scope="col" class=[class(i)] { (h) } } } }
                tbody {
                    @for (n, row) in t.rows.iter().enumerate() {
                        tr {
                            @for (i, cell) in row.iter().enumerate() {
                                td class=[class(i).or_else(|| counts(cell))] {
                                    @match t.hrefs.get(n).filter(|h| i == 0 && !h.is_empty()) {
                                        Some(h) => a.ln href=(h) { (super::pieces(cell)) },
                                        None => (super::pieces(cell)),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A record in the child's file or a list.
#[derive(Clone, Debug, Default)]
pub struct TimelineItem {
    pub id: String,
    pub seal: Seal,
    pub title: String,
    pub date: String,
    pub text: String,
    /// Mood, topics, place, author.
    pub facts: Vec<String>,
    pub href: String,
    /// The text before a correction; empty for none.
    pub earlier: String,
    /// Hidden while a child stands beside.
    pub private: bool,
}

pub fn timeline_item(lang: Lang, item: &TimelineItem) -> Markup {
    html! {
        article.card id={"r-" (item.id)} class=[item.private.then_some("private")] {
            (seal(&item.seal, SealSize::Middle))
            div.h { h3 { @if item.href.is_empty() { (item.title) } @else { a href=(item.href) data-sheet { (item.title) } } } time { (item.date) } }
            @if !item.text.is_empty() { p { (item.text) } }
            @if !item.earlier.is_empty() { details.was { summary { (words::EARLIER_TEXT.in_lang(lang)) } p { (item.earlier) } } }
            @if item.facts.iter().any(|f| !f.is_empty()) { div.mt { (facts(&item.facts)) } }
        }
    }
}

/// One tab, chip of a filter or part of a switch.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub on: bool,
    pub seal: Option<Seal>,
}

impl Tab {
    pub fn new(label: impl Into<String>, href: impl Into<String>, on: bool) -> Tab {
        Tab {
            label: label.into(),
            href: href.into(),
            on,
            seal: None,
        }
    }
}

fn tab(t: &Tab) -> Markup {
    html! {
        a href=(t.href) class=[t.on.then_some("on")] aria-current=[t.on.then_some("true")] {
            @if let Some(s) = &t.seal { (seal(s, SealSize::Small)) } (t.label)
        }
    }
}

/// Tabs as big chips; each has its own address.
pub fn tabs(list: &[Tab]) -> Markup {
    html! { nav.tabs { @for t in list { (tab(t)) } } }
}

/// The small switch of a period or a view.
pub fn switch(list: &[Tab]) -> Markup {
    html! { nav.seg { @for t in list { (tab(t)) } } }
}

/// Filters with their seals, as above the calendar.
pub fn filters(list: &[Tab]) -> Markup {
    html! { nav.fls { @for t in list { (tab(t)) } } }
}

/// Narrows a list: a form that asks for the same page again.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub action: String,
    /// 筛选: what opens it on a small screen.
    pub label: String,
    pub fields: Vec<super::Field>,
    pub hidden: Vec<(String, String)>,
    /// The word of the button.
    pub button: String,
    /// Something is chosen.
    pub open: bool,
}

pub fn filter(f: &Filter) -> Markup {
    html! {
        details.filter open[f.open] {
            summary { (icon("search")) (f.label) }
            form method="get" action=(f.action) {
                @for (n, v) in &f.hidden { input type="hidden" name=(n) value=(v); }
                @for x in &f.fields { (super::field(x)) }
                button.btn.b2 { (f.button) }
            }
        }
    }
}

/// Previous and next page; nothing when there is neither.
pub fn pager(lang: Lang, before: Option<&str>, after: Option<&str>, place: &str) -> Markup {
    html! {
        @if before.is_some() || after.is_some() {
            nav.pager {
                @if let Some(h) = before { a.btn.b2 rel="prev" href=(h) { (icon("left")) (words::PREVIOUS.in_lang(lang)) } }
                span.m { (place) }
                @if let Some(h) = after { a.btn.b2 rel="next" href=(h) { (words::NEXT.in_lang(lang)) (icon("right")) } }
            }
        }
    }
}

/// How far: a bar with both numbers.
#[derive(Clone, Debug, Default)]
pub struct BarRow {
    pub seal: Seal,
    pub label: String,
    pub done: u32,
    pub of: u32,
    pub href: String,
    pub fig: String,
}

/// A bar of the list; `today` is the share of the period that has passed, 0–1, drawn as a dotted line.
pub fn bar_row(b: &BarRow, today: Option<f64>) -> Markup {
    let share = if b.of == 0 {
        0.0
    } else {
        f64::from(b.done.min(b.of)) / f64::from(b.of)
    };
    html! {
        div.far {
            (seal(&b.seal, SealSize::Middle))
            div {
                div.l { span { (b.label) } span { @if b.href.is_empty() { b { (b.done) } } @else { a.num href=(b.href) data-fig=(b.fig) data-pop { (b.done) } } " / " (b.of) } }
                svg class={"meter " (b.seal.kind.class())} viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" {
                    rect.g width="1000" height="8" {}
                    rect.k width=(format!("{:.0}", share * 1000.0)) height="8" {}
                }
                @if let Some(t) = today { svg.tday viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" { line x1=(format!("{:.0}", t * 1000.0)) x2=(format!("{:.0}", t * 1000.0)) y1="0" y2="10" {} } }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    Done,
    Now,
    #[default]
    Later,
}

#[derive(Clone, Debug, Default)]
pub struct Step {
    pub label: String,
    pub state: StepState,
    pub href: String,
}

/// The steps of a wizard.
pub fn steps(list: &[Step]) -> Markup {
    html! {
        ol.steps {
            @for (i, s) in list.iter().enumerate() {
                li class=(match s.state { StepState::Done => "d", StepState::Now => "n", StepState::Later => "o" }) aria-current=[(s.state == StepState::Now).then_some("step")] {
                    span.c { @if s.state == StepState::Done { (icon("ok")) } @else { (i + 1) } }
                    @if s.href.is_empty() { span { (s.label) } } @else { a href=(s.href) { (s.label) } }
                }
            }
        }
    }
}

/// Terms and what they are; each value is a row of facts.
pub fn definition_list(lang: Lang, rows: &[(String, Vec<String>)]) -> Markup {
    html! {
        dl.dl {
            @for (term, values) in rows {
                div { dt { (term) } dd { @if values.iter().all(|v| v.is_empty()) { span.m3 { (words::UNFILLED.in_lang(lang)) } } @else { (facts(values)) } } }
            }
        }
    }
}

/// A heading of a part of a page with words at its right.
pub fn heading(title: &str, note: &str, next: Option<&Link>) -> Markup {
    html! { div.hh { h2 { (title) } @if !note.is_empty() { em { (note) } } @if let Some(l) = next { (link(l)) } } }
}

/// The legend of seals: kinds' colours are explained by their own characters, shapes here.
pub fn legend(lang: Lang, ahead: bool) -> Markup {
    html! {
        div.lg {
            @for (word, class) in words::LEGEND {
                span { span class={"seal s " (Kind::Talk.class()) " " (class)} aria-hidden="true" { "谈" } (word.in_lang(lang)) }
            }
            @if ahead { span { i.ah {} (words::AHEAD.in_lang(lang)) } }
        }
    }
}

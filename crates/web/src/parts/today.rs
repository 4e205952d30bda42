//! 今天: the home of everyone who owes something (screens.md §5.3).

use super::marks::{Link, Pill, button, icon, link};
use super::{DutyRow, MonthCard, duty_row, empty, month_card, strip, words};
use maud::{Markup, html};
use tx_base::Lang;

/// A question that comes first: 谁没来, 谁来接, 假期安排.
#[derive(Clone, Debug, Default)]
pub struct AskCard {
    pub title: String,
    pub text: String,
    pub buttons: Vec<Link>,
}

/// Overdue, today, this week, later.
#[derive(Clone, Debug, Default)]
pub struct DutyGroup {
    /// `overdue`, `today`, `week`, `later`.
    pub key: String,
    pub title: String,
    pub late: bool,
    /// Shut until it is opened.
    pub folded: bool,
    pub rows: Vec<DutyRow>,
    /// More than the rows shown; `None` when all are.
    pub all: Option<Link>,
    /// All that the group holds; 0 = the rows shown.
    pub count: usize,
}

/// A line without a duty: birthdays, home-comings, news.
#[derive(Clone, Debug, Default)]
pub struct NoteRow {
    pub icon: &'static str,
    pub tone: Pill,
    pub title: String,
    pub text: String,
    pub act: Option<Link>,
}

#[derive(Clone, Debug, Default)]
pub struct TodayView {
    /// 10月21日 星期三, 第8周.
    pub date: Vec<String>,
    /// 周老师，今天 6 件.
    pub title: String,
    pub notices_href: String,
    pub notices: u32,
    /// Tone, icon, words, link.
    pub strips: Vec<(Pill, &'static str, String, Option<Link>)>,
    pub asks: Vec<AskCard>,
    pub month: Option<MonthCard>,
    pub groups: Vec<DutyGroup>,
    /// 今天都做完了。本周还有 3 件: shown when no group before it has a row.
    pub done: Option<(String, Option<Link>)>,
    pub notes_title: String,
    pub notes: Vec<NoteRow>,
    /// The notes wait for the reader: they stand above the duties on a phone too.
    pub notes_first: bool,
    /// The reader's school in a sentence or two, under the title.
    pub lead: Vec<Vec<super::Piece>>,
    /// Cards below the duties.
    pub below: Option<Markup>,
    /// The reader has nothing to search in: no lens, no box.
    pub no_search: bool,
}

pub fn page(lang: Lang, v: &TodayView) -> Markup {
    html! {
        header.hd {
            div { div.d { (super::facts(&v.date)) } h1 { (v.title) } }
            div.r {
                @if !v.no_search {
                    a.phone href="/search" aria-label=(words::SEARCH.in_lang(lang)) { (icon("search")) }
                    span.desk { (super::frame::search_box(lang, "")) }
                }
                @if !v.notices_href.is_empty() {
                    a.bell href=(v.notices_href) aria-label=(words::NOTICES.in_lang(lang)) { (icon("bell")) @if v.notices > 0 { b { (v.notices) } } }
                }
            }
        }
        @if !v.notes.is_empty() || !v.lead.is_empty() { (super::assets::office()) }
        @if !v.lead.is_empty() { p.head { @for (i, s) in v.lead.iter().enumerate() { @if i > 0 { br; } (super::marks::pieces(s)) } } }
        div data-offline hidden {}
        @for (tone, ico, text, next) in &v.strips { (strip(*tone, ico, text, next.as_ref())) }
        div.day {
            div {
                @for a in &v.asks {
                    section.card.ask { h2 { (a.title) } @if !a.text.is_empty() { p { (a.text) } } div.two { @for b in &a.buttons { (button(b)) } } }
                }
                @if let Some(m) = &v.month { (month_card(m)) }
                @if !v.notes.is_empty() { div.desk[!v.notes_first] { (notes(v)) } }
            }
            div data-duties {
                @for g in v.groups.iter().filter(|g| !g.rows.is_empty()) { (group(lang, g)) }
                @if let Some((text, next)) = &v.done { (empty(text, next.as_ref())) }
                @if let Some(m) = &v.below { div.below { (m) } }
            }
            @if !v.notes.is_empty() && !v.notes_first { div.phone { (notes(v)) } }
        }
    }
}

fn group(lang: Lang, g: &DutyGroup) -> Markup {
    let count = if g.count == 0 { g.rows.len() } else { g.count };
    let rows = html! {
        section.card.list { @for r in &g.rows { (duty_row(lang, r)) } }
        @if let Some(l) = &g.all { p.all { (link(l)) } }
    };
    html! {
        @if g.folded {
            details data-group=(g.key) { summary class={"sec" @if g.late { " late" }} { span.c { (count) } h2 { (g.title) } (icon("down")) } (rows) }
        } @else {
            section data-group=(g.key) { div class={"sec" @if g.late { " late" }} { span.c { (count) } h2 { (g.title) } } (rows) }
        }
    }
}

fn notes(v: &TodayView) -> Markup {
    html! {
        div.sec { h2 { (v.notes_title) } }
        section.card.its { @for n in &v.notes { (note_row(n)) } }
    }
}

/// An item with an icon, two lines and a button; also on the dashboard.
pub fn note_row(n: &NoteRow) -> Markup {
    html! {
        div.it {
            span class={"ic " (n.tone.class())} { (icon(n.icon)) }
            div { b { (n.title) } @if !n.text.is_empty() { div.x { (n.text) } } }
            @if let Some(a) = &n.act { (button(a)) }
        }
    }
}

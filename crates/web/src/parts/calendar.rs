//! 关爱日历: the class board (screens.md §5.7).

use super::marks::{Link, Person, Pill, Seal, SealSize, button, facts, seal};
use super::{Tab, Top, lists, pager, strip, top};
use crate::pictures::{CalendarPicture, Layout, care_calendar, care_table};
use maud::{Markup, html};
use tx_base::Lang;

#[derive(Clone, Debug, Default)]
pub struct BoardView {
    pub top: Top,
    /// 全部, 谈心, 家访 … with seals.
    pub filters: Vec<Tab>,
    /// Classes, when there are several.
    pub classes: Vec<Tab>,
    pub picture: CalendarPicture,
    /// Weeks of the phone's part: first week number shown there (1-based).
    pub phone_from: usize,
    /// Links to the earlier and later five weeks on the phone.
    pub phone_before: Option<String>,
    pub phone_after: Option<String>,
    /// Heading of the phone's part: 十月.
    pub phone_title: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub place: String,
    /// The opened cell, when the page was asked for with one and there is no script.
    pub open: Option<CellView>,
    /// A word when there are no children.
    pub empty: String,
}

pub fn board(lang: Lang, v: &BoardView) -> Markup {
    html! {
        (super::assets::office())
        div.board {
            (top(lang, &v.top))
            @if v.classes.len() > 1 { (super::tabs(&v.classes)) }
            div.tool { (lists::filters(&v.filters)) (lists::legend(lang, true)) }
            @if let Some(c) = &v.open { (cell(c)) }
            @if !v.empty.is_empty() { (strip(Pill::Mute, "", &v.empty, None)) }
            div.calbox {
                div.desk data-grid { (care_calendar(lang, &v.picture, Layout::Wide)) }
                div.phone {
                    (pager(lang, v.phone_before.as_deref(), v.phone_after.as_deref(), &v.phone_title))
                    div data-grid { (care_calendar(lang, &v.picture.part(v.phone_from, 5), Layout::Phone)) }
                }
            }
            (pager(lang, v.before.as_deref(), v.after.as_deref(), &v.place))
            (care_table(lang, &v.picture))
        }
    }
}

/// One thing in a cell: what was done or why it is due.
#[derive(Clone, Debug, Default)]
pub struct CellLine {
    pub seal: Seal,
    pub title: String,
    pub text: String,
    pub facts: Vec<String>,
    /// 记家访, 改日子.
    pub acts: Vec<Link>,
}

/// What a cell opens.
#[derive(Clone, Debug, Default)]
pub struct CellView {
    pub child: Person,
    pub late: bool,
    pub lines: Vec<CellLine>,
    /// 打开佳怡.
    pub acts: Vec<Link>,
}

/// The fragment for `?pop=1`.
pub fn cell(v: &CellView) -> Markup {
    html! {
        (super::assets::office())
        section class={"cellpop" @if v.late { " late" }} {
            @for (i, l) in v.lines.iter().enumerate() {
                h3 { (seal(&l.seal, SealSize::Middle)) span { (l.title) } @if i == 0 { span.m { (v.child.name) } } }
                @if !l.text.is_empty() { p { (l.text) } }
                @if l.facts.iter().any(|f| !f.is_empty()) { div.mt { (facts(&l.facts)) } }
                @if !l.acts.is_empty() { div.a { @for a in &l.acts { (button(a)) } } }
            }
            @if !v.acts.is_empty() { div.a { @for a in &v.acts { (button(a)) } } }
        }
    }
}

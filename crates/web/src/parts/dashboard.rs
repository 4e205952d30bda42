//! The school's dashboard (screens.md §5.19).

use super::marks::{Link, Piece, link, pieces};
use super::today::{NoteRow, note_row};
use super::{BarRow, Top, bar_row, top};
use crate::pictures::{CoveragePicture, HeatPicture, Layout, coverage, heat_map};
use maud::{Markup, html};
use tx_base::Lang;

#[derive(Clone, Debug, Default)]
pub struct DashView {
    pub top: Top,
    /// One or two sentences with numbers.
    pub sentences: Vec<Vec<Piece>>,
    pub coverage_title: String,
    pub coverage_note: String,
    /// 逾期多的在前, or back.
    pub coverage_order: Option<Link>,
    pub coverage: CoveragePicture,
    /// Said instead of the picture: first week, holiday.
    pub coverage_empty: String,
    pub asks_title: String,
    /// 5 件.
    pub asks_note: String,
    pub asks: Vec<NoteRow>,
    pub asks_empty: String,
    pub heat_title: String,
    pub heat_note: String,
    pub heat: Option<HeatPicture>,
    pub far_title: String,
    pub far_note: String,
    pub far: Vec<BarRow>,
    /// Share of the month that has passed, 0–1.
    pub far_today: Option<f64>,
    pub week_title: String,
    pub week: Vec<(String, String)>,
}

/// A card with a heading, words beside it and a link at the right.
pub fn card(title: &str, note: &str, next: Option<&Link>, class: &str, body: Markup) -> Markup {
    html! {
        section class={"card pad " (class)} {
            div.ch2 { h2 { (title) } @if !note.is_empty() { em { (note) } } @if let Some(l) = next { (link(l)) } }
            (body)
        }
    }
}

/// The picture of the classes in its card, or why there is none yet.
pub fn coverage_card(lang: Lang, v: &DashView) -> Markup {
    let drawn = html! {
        @if v.coverage_empty.is_empty() { div.phone { (coverage(lang, &v.coverage, Layout::Phone)) } div.desk { (coverage(lang, &v.coverage, Layout::Wide)) } }
        @else { p.m { (v.coverage_empty) } }
    };
    card(
        &v.coverage_title,
        &v.coverage_note,
        v.coverage_order.as_ref(),
        "",
        drawn,
    )
}

/// What the week brings, in its card.
pub fn week_card(v: &DashView) -> Markup {
    let week = html! { ul.wk { @for (day, what) in &v.week { li { span { (day) } span { (what) } } } } };
    card(&v.week_title, "", None, "", week)
}

pub fn page(lang: Lang, v: &DashView) -> Markup {
    let asks = html! { @if v.asks.is_empty() { p.m { (v.asks_empty) } } @for a in &v.asks { (note_row(a)) } };
    let far = html! { @for b in &v.far { (bar_row(b, v.far_today)) } };
    html! {
        (super::assets::office())
        div.board {
            (top(lang, &v.top))
            p.head { @for (i, s) in v.sentences.iter().enumerate() { @if i > 0 { br; } (pieces(s)) } }
            div.g2 {
                (coverage_card(lang, v))
                (card(&v.asks_title, &v.asks_note, None, "", asks))
            }
            div class={"g3" @if v.heat.is_none() { " two" }} {
                @if let Some(h) = &v.heat { (card(&v.heat_title, &v.heat_note, None, "", heat_map(h))) }
                (card(&v.far_title, &v.far_note, None, "", far))
                (week_card(v))
            }
        }
    }
}

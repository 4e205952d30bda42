//! Pictures drawn as SVG: pure functions of their data (screens.md §6).
//!
//! Colour and weight come from classes, so that the print style turns them black; there is no style attribute, because the
//! content policy forbids it. Marks are links with a title and carry `data-…` for the tests. Every picture says its
//! sentence in `aria-label` and is never the only way to a fact.

mod bars;
mod calendar;
mod coverage;
mod heat;
mod ribbon;

pub use bars::{MonthBars, StackPart, StackWeek, WeekStacks, month_bars, week_stacks};
pub use calendar::{CalendarCell, CalendarPicture, CalendarRow, DayWord, Holiday, MarkIn, care_calendar, care_table};
pub use coverage::{ClassPanel, CoveragePicture, coverage};
pub use heat::{HeatCell, HeatPicture, heat_map};
pub use ribbon::{Call, Check, Gap, RibbonPicture, Score, Talk, Visit, ribbon};

use maud::{Markup, PreEscaped};
use std::fmt::Write;

/// Where a picture stands: beside the side bar, or on a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Wide,
    Phone,
}

/// At most two decimals, without idle zeros.
pub(crate) fn n(v: f64) -> String {
    let s = format!("{v:.2}");
    let s = s.trim_end_matches('0').trim_end_matches('.');
    if s == "-0" { "0".into() } else { s.into() }
}

/// Escapes a text of people for SVG text and attributes.
pub(crate) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// An SVG that is being written.
pub(crate) struct Svg(String);

impl Svg {
    pub(crate) fn new(class: &str, width: f64, height: f64, label: &str) -> Svg {
        let (w, h) = (n(width), n(height));
        Svg(format!(
            r#"<svg class="pic {class}" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{}">"#,
            esc(label)
        ))
    }
    /// A picture with links inside is a group of them and not one image.
    pub(crate) fn linked(class: &str, width: f64, height: f64, label: &str) -> Svg {
        let (w, h) = (n(width), n(height));
        Svg(format!(
            r#"<svg class="pic {class}" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="group" aria-label="{}">"#,
            esc(label)
        ))
    }
    pub(crate) fn raw(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("a string takes all");
    }
    pub(crate) fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        if !text.is_empty() {
            self.raw(format_args!(
                r#"<text x="{}" y="{}" class="{class}">{}</text>"#,
                n(x),
                n(y),
                esc(text)
            ));
        }
    }
    pub(crate) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, rx: f64, class: &str) {
        self.raw(format_args!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" rx="{}" class="{class}"/>"#,
            n(x),
            n(y),
            n(w),
            n(h),
            n(rx)
        ));
    }
    pub(crate) fn path(&mut self, d: &str, class: &str) {
        self.raw(format_args!(r#"<path d="{d}" class="{class}"/>"#));
    }
    pub(crate) fn dot(&mut self, x: f64, y: f64, r: f64, class: &str) {
        self.raw(format_args!(
            r#"<circle cx="{}" cy="{}" r="{}" class="{class}"/>"#,
            n(x),
            n(y),
            n(r)
        ));
    }
    pub(crate) fn line(&mut self, points: &[(f64, f64)], class: &str) {
        let list: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", n(*x), n(*y))).collect();
        self.raw(format_args!(
            r#"<polyline points="{}" class="{class}"/>"#,
            list.join(" ")
        ));
    }
    /// Opens a link around marks; an empty address gives a group. Close with [`Svg::shut`].
    pub(crate) fn open(&mut self, href: &str, title: &str, data: &str) {
        if href.is_empty() {
            self.raw(format_args!("<g{data}><title>{}</title>", esc(title)));
        } else {
            self.raw(format_args!(
                r#"<a href="{}"{data} aria-label="{t}"><title>{t}</title>"#,
                esc(href),
                t = esc(title)
            ));
        }
    }
    pub(crate) fn shut(&mut self, href: &str) {
        self.raw(format_args!("{}", if href.is_empty() { "</g>" } else { "</a>" }));
    }
    pub(crate) fn end(mut self) -> Markup {
        self.0.push_str("</svg>");
        PreEscaped(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (v, s) in [
            (0.0, "0"),
            (-0.001, "0"),
            (12.5, "12.5"),
            (12.3456, "12.35"),
            (100.0, "100"),
            (-3.10, "-3.1"),
        ] {
            assert_eq!(n(v), s);
        }
        assert_eq!(esc("a<b>&\""), "a&lt;b&gt;&amp;&quot;");
    }
}

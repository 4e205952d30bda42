//! The stretches of a term in which something is owed: months, fortnights, half-terms, windows, festivals.

use crate::{Calendar, Festival, SchoolYear, Term};
use serde::{Deserialize, Serialize};
use tx_base::{Day, Span, Text, t};

/// 期初, 期中, 期末: the windows of a term (domain.md §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    Start,
    Middle,
    End,
}

impl Window {
    pub const ALL: [Window; 3] = [Window::Start, Window::Middle, Window::End];
    pub const fn code(self) -> &'static str {
        match self {
            Window::Start => "start",
            Window::Middle => "middle",
            Window::End => "end",
        }
    }
    pub const fn name(self) -> Text {
        match self {
            Window::Start => t("期初", "start of term"),
            Window::Middle => t("期中", "middle of term"),
            Window::End => t("期末", "end of term"),
        }
    }
}

/// A named stretch of days: `2026-11`, `2025-1`, `2025-1:start`, `2025-1:w03`, `dragon_boat-2026`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    pub key: String,
    pub span: Span,
}

impl Calendar {
    /// 期初 = weeks 1–4, 期中 = weeks 9–12, 期末 = the last 4 weeks, inside the term; `None` where a short term has no
    /// such weeks.
    pub fn window(&self, term: &Term, which: Window) -> Option<Span> {
        let n = term.weeks_count();
        let (first, last) = match which {
            Window::Start => (1, 4),
            Window::Middle => (9, 12),
            Window::End => (n.saturating_sub(3).max(1), n),
        };
        self.weeks_span(term, first, last)
    }
    /// Weeks `first` to `last` (from 1) to their Sunday, inside the term's first and last day; `None` when the term ends
    /// before.
    fn weeks_span(&self, term: &Term, first: u8, last: u8) -> Option<Span> {
        Span::new(term.week(first).from, term.week(last).to).meet(term.span())
    }

    /// Calendar months with at least 10 teaching days (domain.md §4), each from its first to its last day, whole also
    /// where the term begins or ends inside.
    pub fn months(&self, term: &Term) -> Vec<Period> {
        let mut out = Vec::new();
        let mut first = term.from.first_of_month();
        while first <= term.to {
            let span = Span::new(first, first.last_of_month());
            // a month shared by two terms belongs to the one that ends in it
            let taken = self.terms().iter().any(|t| t.from < term.from && t.to >= first);
            if !taken && self.teaching_days(span) >= 10 {
                out.push(Period {
                    key: first.month_key(),
                    span,
                });
            }
            first = first.plus_months(1);
        }
        out
    }
    /// Weeks as periods: to the Sunday, from the Monday or the term's first day, whichever is later.
    pub fn week_periods(&self, term: &Term) -> Vec<Period> {
        (1..=term.weeks_count())
            .map(|n| Period {
                key: format!("{}:w{n:02}", term.key()),
                span: Span::new(term.week(n).from.max(term.from), term.week(n).to),
            })
            .collect()
    }
    /// Weeks 1–2, 3–4 …, fixed; an odd last week stands alone.
    pub fn fortnights(&self, term: &Term) -> Vec<Period> {
        let weeks = term.weeks_count();
        (1..=weeks.div_ceil(2))
            .map(|n| {
                let last = (2 * n).min(weeks);
                let span = Span::new(term.week(2 * n - 1).from.max(term.from), term.week(last).to);
                Period {
                    key: format!("{}:f{n:02}", term.key()),
                    span,
                }
            })
            .collect()
    }
    /// The two halves of a term by its weeks; the odd week goes to the first.
    pub fn half_terms(&self, term: &Term) -> Vec<Period> {
        let weeks = term.weeks_count();
        let half = weeks.div_ceil(2);
        let parts = [(1, half), (half + 1, weeks)];
        let spans = parts.into_iter().enumerate().filter(|(_, (a, b))| a <= b);
        spans
            .filter_map(|(i, (a, b))| {
                Some(Period {
                    key: format!("{}:h{}", term.key(), i + 1),
                    span: self.weeks_span(term, a, b)?,
                })
            })
            .collect()
    }
    /// The three windows of a term, `2025-1:start` and so on, those that it has.
    pub fn windows(&self, term: &Term) -> Vec<Period> {
        Window::ALL
            .into_iter()
            .filter_map(|w| self.window_period(term, w))
            .collect()
    }
    pub fn window_period(&self, term: &Term, which: Window) -> Option<Period> {
        Some(Period {
            key: format!("{}:{}", term.key(), which.code()),
            span: self.window(term, which)?,
        })
    }
    pub fn term_period(&self, term: &Term) -> Period {
        Period {
            key: term.key(),
            span: term.span(),
        }
    }
    /// The school years of which the calendar has a term.
    pub fn school_years(&self) -> Vec<SchoolYear> {
        let mut years: Vec<SchoolYear> = self.terms().iter().map(|t| t.year).collect();
        years.sort();
        years.dedup();
        years
    }
    /// Festival windows, `dragon_boat-2026` by the civil year of the festival, that begin inside one of the calendar's
    /// school years; in order of time.
    pub fn festival_periods(&self, of: &[Festival]) -> Vec<Period> {
        let years = self.school_years();
        let mut out = Vec::new();
        if let (Some(first), Some(last)) = (years.first(), years.last()) {
            for civil in first.first..=last.first + 1 {
                for &f in of {
                    let begins_inside = |w: &Span| years.contains(&SchoolYear::of(w.from));
                    if let Some(span) = f.window(civil).filter(begins_inside) {
                        out.push(Period {
                            key: format!("{}-{civil}", f.code()),
                            span,
                        });
                    }
                }
            }
        }
        out.sort_by(|a, b| (a.span.from, &a.key).cmp(&(b.span.from, &b.key)));
        out.dedup();
        out
    }
    /// The part of a window that is known by name: a window of a term or a festival, for the words of [`Calendar::describe`].
    pub(crate) fn name_of(&self, span: Span) -> Option<Named> {
        for term in self.terms() {
            if let Some(w) = Window::ALL.into_iter().find(|&w| self.window(term, w) == Some(span)) {
                return Some(Named::Window(w));
            }
        }
        // the festival itself may lie in either civil year of its window
        let hit = |f: &Festival| {
            [span.from.year(), span.to.year()]
                .iter()
                .any(|&y| f.window(y) == Some(span))
        };
        (span.from != span.to).then(|| Festival::ALL.into_iter().find(hit).map(Named::Festival))?
    }
    /// First and last day known to the calendar.
    pub fn known(&self) -> Option<Span> {
        let from = self.terms().first()?.from;
        let to = self.terms().iter().map(|t| t.to).max()?;
        Some(Span::new(from, to))
    }
    /// The last day that a plan made on `day` looks ahead to: the end of the term of the day, or of the next one.
    pub fn horizon(&self, day: Day) -> Day {
        self.term_near(day).map_or(day, |t| t.to.max(day))
    }
}

pub(crate) enum Named {
    Window(Window),
    Festival(Festival),
}

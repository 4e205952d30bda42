//! Days as plain numbers inside the engine: comparing and adding them is most of its work.

use crate::Spell;
use tx_base::{Day, Span};

/// A day no calendar of this program reaches, for spells without an end. Small enough that adding days to it is safe.
pub(crate) const FOREVER: i32 = 10_000_000;

/// Days since 2000-01-01.
pub(crate) fn num(day: Day) -> i32 {
    // civil-from-days by Howard Hinnant's method; three times as fast as asking for a difference of dates
    let (y, m, d) = (i32::from(day.year()), i32::from(day.month()), i32::from(day.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 730_425
}

/// The day of a number.
pub(crate) fn day(n: i32) -> Day {
    Day::lit("2000-01-01").plus(n)
}

/// Inclusive stretch of day numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub from: i32,
    pub to: i32,
}

impl Run {
    pub fn of(from: Day, to: Option<Day>) -> Run {
        Run {
            from: num(from),
            to: to.map_or(FOREVER, num),
        }
    }
    pub fn span(span: Span) -> Run {
        Run {
            from: num(span.from),
            to: num(span.to),
        }
    }
    pub fn meet(self, other: Run) -> Option<Run> {
        let both = Run {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        };
        (both.from <= both.to).then_some(both)
    }
}

/// Sorted, disjoint, never touching runs of the same days.
pub(crate) fn merged(mut runs: Vec<Run>) -> Vec<Run> {
    runs.retain(|r| r.from <= r.to);
    runs.sort_by_key(|r| r.from);
    let mut out: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match out.last_mut() {
            Some(last) if run.from <= last.to.saturating_add(1) => last.to = last.to.max(run.to),
            _ => out.push(run),
        }
    }
    out
}

pub(crate) fn spells(list: &[Spell]) -> Vec<Run> {
    merged(list.iter().map(|s| Run::of(s.from, s.to)).collect())
}

/// The days in both; each side merged.
pub(crate) fn common(a: &[Run], b: &[Run]) -> Vec<Run> {
    let mut out = Vec::with_capacity(a.len());
    for &x in a {
        out.extend(b.iter().filter_map(|&y| x.meet(y)));
    }
    merged(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn numbers_equal_the_calendar() {
        let zero = Day::lit("2000-01-01");
        for n in (-40_000..40_000).step_by(7) {
            let d = zero.plus(n);
            assert_eq!(num(d), n, "{d}");
            assert_eq!(day(n), d);
        }
    }
    #[test]
    fn runs_merge() {
        let r = |from, to| Run { from, to };
        assert_eq!(
            merged(vec![r(5, 6), r(1, 2), r(3, 4), r(9, 8), r(10, 12), r(11, 11)]),
            [r(1, 6), r(10, 12)]
        );
        assert_eq!(common(&[r(1, 6), r(10, 12)], &[r(4, 10)]), [r(4, 6), r(10, 10)]);
    }
}

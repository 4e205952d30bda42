//! The calendar of a school: its terms, its days off and its make-up days, as data that the county or the school edits.

use crate::{Festival, SchoolYear, Term, festival};
use serde::{Deserialize, Serialize};
use tx_base::{Day, FieldFault, Span, say};

/// Terms, holidays inside them and working weekends (调休). Unchangeable: an edit makes a new one, so the counted
/// teaching days always fit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Plain", into = "Plain")]
pub struct Calendar {
    terms: Vec<Term>,
    holidays: Vec<Span>,
    workdays: Vec<Day>,
    /// Day 0 of `before`.
    base: Day,
    /// `before[i]` = teaching days before `base + i`.
    before: Vec<u32>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Plain {
    terms: Vec<Term>,
    #[serde(default)]
    holidays: Vec<Span>,
    #[serde(default)]
    workdays: Vec<Day>,
}
impl From<Plain> for Calendar {
    fn from(p: Plain) -> Calendar {
        Calendar::new(p.terms, p.holidays, p.workdays)
    }
}
impl From<Calendar> for Plain {
    fn from(c: Calendar) -> Plain {
        Plain {
            terms: c.terms,
            holidays: c.holidays,
            workdays: c.workdays,
        }
    }
}
impl PartialEq for Calendar {
    fn eq(&self, other: &Calendar) -> bool {
        (&self.terms, &self.holidays, &self.workdays) == (&other.terms, &other.holidays, &other.workdays)
    }
}
impl Eq for Calendar {}

impl Calendar {
    /// A calendar from its parts, in any order. What is wrong with them is `faults`' business: this never fails.
    pub fn new(mut terms: Vec<Term>, mut holidays: Vec<Span>, mut workdays: Vec<Day>) -> Calendar {
        terms.retain(|t| t.from <= t.to);
        terms.sort_by_key(|t| (t.from, t.to));
        holidays.retain(|h| h.from <= h.to);
        holidays.sort_by_key(|h| (h.from, h.to));
        workdays.sort();
        workdays.dedup();
        let base = terms.first().map_or_else(|| Day::lit("2000-01-01"), |t| t.from);
        let last = terms.iter().map(|t| t.to).max();
        let length = last.map_or(0, |to| to.since(base) + 1);
        let mut teaching = vec![false; usize::try_from(length).unwrap_or(0)];
        let at = |day: Day| usize::try_from(day.since(base)).ok();
        for term in &terms {
            for day in term.span().days().filter(|d| !d.is_weekend()) {
                at(day).into_iter().for_each(|i| teaching[i] = true);
            }
        }
        for off in &holidays {
            // only the part inside the counted days, so that a holiday of a century costs nothing
            if let Some(off) = last.and_then(|to| off.meet(Span::new(base, to))) {
                off.days().filter_map(at).for_each(|i| teaching[i] = false);
            }
        }
        for &day in workdays.iter().filter(|d| terms.iter().any(|t| t.span().has(**d))) {
            at(day).into_iter().for_each(|i| teaching[i] = true);
        }
        let mut before = Vec::with_capacity(teaching.len() + 1);
        let mut sum = 0;
        before.push(0);
        for yes in teaching {
            sum += u32::from(yes);
            before.push(sum);
        }
        Calendar {
            terms,
            holidays,
            workdays,
            base,
            before,
        }
    }

    /// What is wrong with the parts: terms that overlap or lie outside their school year, a number other than 1 or 2.
    /// Empty when all is well.
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut out = Vec::new();
        let mut fault = |term: &Term, zh: &str, en: &str| {
            let key = term.key();
            out.push(FieldFault {
                field: format!("terms.{key}"),
                reason: say(format!("{key}：{zh}"), format!("{key}: {en}")),
            });
        };
        for (i, term) in self.terms.iter().enumerate() {
            if !(1..=2).contains(&term.number) {
                fault(term, "学期只有第一和第二", "a term is the first or the second");
            }
            let year = term.year.span();
            if !year.has(term.from) || !year.has(term.to) {
                fault(
                    term,
                    "开学和放假要在本学年之内（9月1日至8月31日）",
                    "a term lies inside its school year (1 Sep to 31 Aug)",
                );
            }
            if i > 0 && self.terms[i - 1].to >= term.from {
                fault(term, "和上一学期重叠", "overlaps with the term before");
            }
            if self.terms[..i].iter().any(|t| t.key() == term.key()) {
                fault(term, "同一学期写了两次", "the same term is there twice");
            }
        }
        out
    }

    /// The calendar offered to a school that has none: school years `first` to `last` (their first civil years).
    ///
    /// First term: from 1 September (the Monday after, if a weekend) to the Friday at least two weeks before Spring
    /// Festival, never after January. Second term: from the Monday after Lantern Festival to the Friday on or before 10
    /// July. Days off: 元旦, 清明, 1–5 May, 端午, 中秋, 1–7 October (8 when 中秋 falls in them). No make-up days: the county
    /// uploads those. Years whose Spring Festival is not in the table (after 2050) are left out.
    pub fn default_years(first: SchoolYear, last: SchoolYear) -> Calendar {
        let (mut terms, mut holidays) = (Vec::new(), Vec::new());
        for first in first.first..=last.first {
            let year = SchoolYear::new(first);
            let Some(spring) = festival(Festival::SpringFestival, first + 1) else {
                continue;
            };
            let date = |y, m, d| Day::new(y, m, d).expect("a fixed day of the year exists");
            let september = date(first, 9, 1);
            let from = if september.is_weekend() {
                september.monday().plus(7)
            } else {
                september
            };
            let to = friday_by(spring.plus(-14).min(date(first + 1, 1, 31)));
            terms.push(Term {
                year,
                number: 1,
                from,
                to,
            });
            let lantern = spring.plus(14);
            let to = friday_by(date(first + 1, 7, 10));
            terms.push(Term {
                year,
                number: 2,
                from: lantern.monday().plus(7),
                to,
            });

            let autumn = festival(Festival::MidAutumn, first);
            let golden = Span::new(date(first, 10, 1), date(first, 10, 7));
            let joined = autumn.is_some_and(|d| golden.has(d));
            holidays.push(if joined {
                Span::new(golden.from, golden.to.plus(1))
            } else {
                golden
            });
            holidays.extend(autumn.filter(|_| !joined).map(|d| Span::new(d, d)));
            let days = [Festival::NewYear, Festival::Qingming, Festival::DragonBoat];
            holidays.extend(
                days.iter()
                    .filter_map(|&f| festival(f, first + 1))
                    .map(|d| Span::new(d, d)),
            );
            holidays.push(Span::new(date(first + 1, 5, 1), date(first + 1, 5, 5)));
        }
        Calendar::new(terms, holidays, Vec::new())
    }

    /// Terms in order of time.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }
    /// Days off in order of time, also where they lie outside the terms.
    pub fn holidays(&self) -> &[Span] {
        &self.holidays
    }
    /// Weekend days (or days of a holiday) on which there is school.
    pub fn workdays(&self) -> &[Day] {
        &self.workdays
    }

    /// A day of a term from Monday to Friday that is no holiday, or a make-up day of a term.
    pub fn is_teaching_day(&self, day: Day) -> bool {
        self.teaching_days(Span::new(day, day)) == 1
    }
    /// Teaching days in a span, both ends inside. Two look-ups, whatever the length.
    pub fn teaching_days(&self, span: Span) -> u32 {
        let last = self.before.len() - 1;
        let at = |day: Day| usize::try_from(day.since(self.base)).map_or(0, |i| i.min(last));
        self.before[at(span.to.plus(1))].saturating_sub(self.before[at(span.from)])
    }
    /// How many teaching days lie before `day`; the difference of two such numbers counts the days between.
    pub fn teaching_days_before(&self, day: Day) -> u32 {
        let i = usize::try_from(day.since(self.base)).map_or(0, |i| i.min(self.before.len() - 1));
        self.before[i]
    }

    /// The term whose first and last school day enclose `day`.
    pub fn term_of(&self, day: Day) -> Option<Term> {
        self.terms.iter().copied().find(|t| t.span().has(day))
    }
    pub fn term(&self, year: SchoolYear, number: u8) -> Option<Term> {
        self.terms
            .iter()
            .copied()
            .find(|t| t.year == year && t.number == number)
    }
    /// The term with a key such as `2025-1`.
    pub fn term_by_key(&self, key: &str) -> Option<Term> {
        self.terms.iter().copied().find(|t| t.key() == key)
    }
    /// The term of the day; in the holidays the one that follows, after the last one the last.
    pub fn term_near(&self, day: Day) -> Option<Term> {
        self.terms
            .iter()
            .copied()
            .find(|t| day <= t.to)
            .or_else(|| self.terms.last().copied())
    }
    /// The term and the number of the week, from 1; the weekend after the last school day still counts.
    pub fn week_of(&self, day: Day) -> Option<(Term, u8)> {
        self.terms.iter().copied().find_map(|t| {
            let weeks = Span::new(t.from.monday(), t.week(t.weeks_count()).to);
            let n = day.since(weeks.from) / 7 + 1;
            weeks.has(day).then(|| (t, u8::try_from(n).unwrap_or(u8::MAX)))
        })
    }
    /// Monday to Sunday of each week of the term.
    pub fn weeks(&self, term: &Term) -> Vec<Span> {
        (1..=term.weeks_count()).map(|n| term.week(n)).collect()
    }
    pub fn weeks_count(&self, term: &Term) -> u8 {
        term.weeks_count()
    }
}

/// The last Friday that is not after `day`.
fn friday_by(day: Day) -> Day {
    day.plus(-i32::from((day.weekday() + 2) % 7))
}

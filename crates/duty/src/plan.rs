//! The periods of every rule of a scheme, worked out once for all subjects.

use crate::days::{Run, num};
use crate::duty::text_hash;
use crate::{Every, Outcome, Per, Post, Rule, Scheme, Whom};
use std::collections::HashMap;
use std::sync::Arc;
use tx_base::Span;
use tx_calendar::{Calendar, Period};

/// A scheme over a calendar, ready to be asked about any number of subjects. Keep it as long as neither changes.
#[derive(Debug)]
pub struct Plan {
    /// Day 0 of `before`.
    base: i32,
    /// `before[i]` = teaching days before day `base + i`.
    before: Vec<i32>,
    /// One for each rule id, over all versions.
    pub(crate) threads: Vec<Thread>,
    /// Rules as their versions have them.
    pub(crate) rules: Vec<Compiled>,
    /// Kinds that some rule takes notice of.
    pub(crate) kinds: HashMap<Arc<str>, u16>,
}

/// What a rule id asked over time.
#[derive(Debug)]
pub(crate) struct Thread {
    pub id: Arc<str>,
    /// In order of (first day, last day, key).
    pub slots: Vec<Slot>,
    /// Kinds that settle or are tries under any version, one bit each, for leaving out lines early.
    pub kinds: Vec<bool>,
}

#[derive(Debug)]
pub(crate) struct Slot {
    pub rule: usize,
    pub key: Arc<str>,
    pub days: Run,
    pub span: Span,
    /// The last day on which it is overdue and not yet missed, if its end stays where it is.
    pub limit: i32,
    /// Days of scope that it takes, of the sort that `by_calendar` says.
    pub need: i32,
    /// Any day counts, not teaching days alone.
    pub by_calendar: bool,
    pub hash: u128,
}

/// A rule with its kinds as numbers.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub kind: Arc<str>,
    pub kind_no: u16,
    pub whom: Whom,
    pub owner: Post,
    pub settlers: Vec<(u16, Outcome, Option<String>)>,
}

impl Compiled {
    pub fn settled_by(&self, kind: u16, outcome: Outcome, tags: &[String]) -> bool {
        self.settlers
            .iter()
            .any(|(k, o, tag)| *k == kind && *o == outcome && tag.as_ref().is_none_or(|t| tags.contains(t)))
    }
}

/// Days after the window where the rule has no next window (schemes.md).
const GRACE: i32 = 30;
/// Teaching days of scope from which something is owed (schemes.md).
const ENOUGH: i32 = 5;

impl Plan {
    /// A period follows the version in force on its first day; one that began before the first version follows none.
    pub fn new(calendar: &Calendar, scheme: &Scheme) -> Plan {
        let known = calendar.known();
        let base = known.map_or(0, |k| num(k.from));
        let days = known.into_iter().flat_map(|k| Span::new(k.from, k.to.plus(1)).days());
        let before = days
            .map(|d| i32::try_from(calendar.teaching_days_before(d)).unwrap_or(i32::MAX))
            .collect();
        let mut plan = Plan {
            base,
            before,
            threads: Vec::new(),
            rules: Vec::new(),
            kinds: HashMap::new(),
        };
        let mut by_id: HashMap<Arc<str>, usize> = HashMap::new();
        let mut versions: Vec<_> = scheme.versions.iter().collect();
        versions.sort_by_key(|v| v.from); // stable: of two with one first day the later in the list holds
        for (i, version) in versions.iter().enumerate() {
            let until = versions.get(i + 1).map(|next| next.from);
            let in_force = |p: &Period| p.span.from >= version.from && until.is_none_or(|u| p.span.from < u);
            for rule in &version.rules {
                let mut found = periods(calendar, &rule.every);
                found.retain(in_force);
                let compiled = plan.compile(rule);
                let no = plan.rules.len();
                plan.rules.push(compiled);
                let id: Arc<str> = rule.id.as_str().into();
                let thread = *by_id.entry(id.clone()).or_insert_with(|| {
                    plan.threads.push(Thread {
                        id,
                        slots: Vec::new(),
                        kinds: Vec::new(),
                    });
                    plan.threads.len() - 1
                });
                let thread = &mut plan.threads[thread];
                for p in found {
                    let slot = slot(calendar, rule, no, &thread.id, p);
                    // a rule written twice in one version is one rule
                    if !thread
                        .slots
                        .iter()
                        .any(|s| s.key == slot.key && s.days.from == slot.days.from)
                    {
                        thread.slots.push(slot);
                    }
                }
            }
        }
        let kinds = plan.kinds.len();
        for thread in &mut plan.threads {
            thread
                .slots
                .sort_by(|a, b| (a.days.from, a.days.to, &a.key).cmp(&(b.days.from, b.days.to, &b.key)));
            thread.kinds = vec![false; kinds];
            for slot in &thread.slots {
                let rule = &plan.rules[slot.rule];
                thread.kinds[usize::from(rule.kind_no)] = true;
                rule.settlers.iter().for_each(|s| thread.kinds[usize::from(s.0)] = true);
            }
            for i in 0..thread.slots.len() {
                let (from, to) = (thread.slots[i].days.from, thread.slots[i].days.to);
                thread.slots[i].limit = thread.limit(from, to);
            }
        }
        plan
    }

    /// Teaching days in a run of days.
    pub(crate) fn teaching(&self, run: Run) -> i32 {
        let Some(last) = self.before.len().checked_sub(1) else {
            return 0;
        };
        let at = |n: i32| self.before[usize::try_from(n.saturating_sub(self.base)).unwrap_or(0).min(last)];
        (at(run.to.saturating_add(1)) - at(run.from)).max(0)
    }

    fn compile(&mut self, rule: &Rule) -> Compiled {
        let kind_no = self.kind_no(&rule.kind);
        let settlers = rule
            .settlers()
            .into_iter()
            .map(|s| (self.kind_no(&s.kind), s.outcome, s.tag))
            .collect();
        Compiled {
            kind: rule.kind.as_str().into(),
            kind_no,
            whom: rule.whom,
            owner: rule.owner,
            settlers,
        }
    }

    fn kind_no(&mut self, kind: &str) -> u16 {
        if let Some(&no) = self.kinds.get(kind) {
            return no;
        }
        let no = u16::try_from(self.kinds.len()).unwrap_or(u16::MAX);
        self.kinds.insert(kind.into(), no);
        no
    }
}

impl Thread {
    /// The last overdue day of a duty whose period begins on `from` and whose window ends on `to` (moved or not): the end
    /// of the rule's next window that is not over by then; 30 days where there is none.
    pub fn limit(&self, from: i32, to: i32) -> i32 {
        let next = self.slots.iter().find(|s| s.days.from > from && s.days.to > to);
        next.map_or(to + GRACE, |s| s.days.to)
    }
}

fn slot(calendar: &Calendar, rule: &Rule, no: usize, id: &str, p: Period) -> Slot {
    let teaching = i32::try_from(calendar.teaching_days(p.span)).unwrap_or(i32::MAX);
    // A festival lies in the holidays or brings one: 春节's window holds no teaching day at all and 端午's at most four, so
    // the five days of the rule would forbid every festival visit. There any five days count, or all of a shorter window.
    let by_calendar = matches!(rule.every, Every::Festival(_)) && teaching < ENOUGH;
    let days = Run::span(p.span);
    let need = if by_calendar {
        ENOUGH.min(days.to - days.from + 1)
    } else {
        ENOUGH
    };
    let hash = text_hash(id, &p.key);
    Slot {
        rule: no,
        key: p.key.into(),
        days,
        span: p.span,
        limit: num(p.span.to),
        need,
        by_calendar,
        hash,
    }
}

/// All periods of the calendar for a rule, in order of time.
pub(crate) fn periods(calendar: &Calendar, every: &Every) -> Vec<Period> {
    let mut out: Vec<Period> = Vec::new();
    match every {
        Every::Festival(list) => out = calendar.festival_periods(list),
        Every::SchoolYear => out.extend(calendar.school_years().into_iter().map(|y| Period {
            key: y.code(),
            span: y.span(),
        })),
        Every::Times { n, per } => {
            let base = match per {
                Per::Week => Every::Week,
                Per::Month => Every::Month,
                Per::HalfTerm => Every::HalfTerm,
                Per::Term => Every::Term,
                Per::SchoolYear => Every::SchoolYear,
            };
            for p in periods(calendar, &base) {
                // two figures so that keys sort as they count
                let width = if *n > 9 { 2 } else { 1 };
                out.extend((1..=*n).map(|i| Period {
                    key: format!("{}#{i:0width$}", p.key),
                    span: p.span,
                }));
            }
        }
        _ => {
            for term in calendar.terms() {
                match every {
                    Every::Week => out.extend(calendar.week_periods(term)),
                    Every::Fortnight => out.extend(calendar.fortnights(term)),
                    Every::Month => out.extend(calendar.months(term)),
                    Every::HalfTerm => out.extend(calendar.half_terms(term)),
                    Every::Term => out.push(calendar.term_period(term)),
                    Every::Windows => out.extend(calendar.windows(term)),
                    Every::Window(w) => out.extend(calendar.window_period(term, *w)),
                    Every::SchoolYear | Every::Festival(_) | Every::Times { .. } => {}
                }
            }
        }
    }
    out
}

//! How much of what was owed is done: per rule, per class, week by week. The family's duties are never counted here.

use crate::{Duty, State};
use serde::Serialize;
use std::collections::BTreeMap;
use tx_base::{Day, Span};

/// Counts of duties. `owed` = done + open + overdue + missed; excused and upcoming stand apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub owed: u32,
    pub done: u32,
    /// Of `done`, those settled after their window.
    pub late: u32,
    pub open: u32,
    pub overdue: u32,
    pub missed: u32,
    pub excused: u32,
    pub upcoming: u32,
}

impl Coverage {
    pub fn add(&mut self, duty: &Duty) {
        let counted = match duty.state {
            State::Done => &mut self.done,
            State::Open => &mut self.open,
            State::Overdue => &mut self.overdue,
            State::Missed => &mut self.missed,
            State::Excused => {
                self.excused += 1;
                return;
            }
            State::Upcoming => {
                self.upcoming += 1;
                return;
            }
        };
        *counted += 1;
        self.owed += 1;
        self.late += u32::from(duty.late);
    }
    /// Done of owed in percent, 0–100; `None` when nothing is owed.
    pub fn percent(&self) -> Option<f64> {
        (self.owed > 0).then(|| 100.0 * f64::from(self.done) / f64::from(self.owed))
    }
}

/// All staff duties together.
pub fn coverage<'a>(duties: impl IntoIterator<Item = &'a Duty>) -> Coverage {
    let mut sum = Coverage::default();
    duties.into_iter().filter(|d| d.is_staff()).for_each(|d| sum.add(d));
    sum
}

/// Staff duties by whatever the key says (rule, class, owner); `None` leaves a duty out.
pub fn coverage_by<'a, K: Ord>(
    duties: impl IntoIterator<Item = &'a Duty>,
    key: impl Fn(&Duty) -> Option<K>,
) -> BTreeMap<K, Coverage> {
    let mut by: BTreeMap<K, Coverage> = BTreeMap::new();
    for duty in duties.into_iter().filter(|d| d.is_staff()) {
        if let Some(k) = key(duty) {
            by.entry(k).or_default().add(duty);
        }
    }
    by
}

/// One week of the coverage picture (screens.md, picture c).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WeekShare {
    pub week: Span,
    /// Done in time by the end of this week.
    pub done: u32,
    /// Fallen due by then (window over), or done before.
    pub owed: u32,
}

/// Share in time, week by week: of the staff duties whose window ends inside the given weeks, those that by each week's
/// Sunday were due or done, and of these those done inside their window. Weeks that begin after `on` are left out, excused
/// and upcoming duties too.
pub fn in_time_by_week<'a>(duties: impl IntoIterator<Item = &'a Duty>, weeks: &[Span], on: Day) -> Vec<WeekShare> {
    let mut out: Vec<WeekShare> = weeks
        .iter()
        .filter(|w| w.from <= on)
        .map(|&week| WeekShare { week, done: 0, owed: 0 })
        .collect();
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
        return out;
    };
    for duty in duties.into_iter().filter(|d| d.is_staff()) {
        if matches!(duty.state, State::Excused | State::Upcoming)
            || duty.window.to < first.from
            || duty.window.to > last.to
        {
            continue;
        }
        let in_time = duty.done_on.filter(|_| !duty.late);
        for share in &mut out {
            let sunday = share.week.to.min(on);
            let done = in_time.is_some_and(|day| day <= sunday);
            share.done += u32::from(done);
            // a window that ends today is not over
            share.owed += u32::from(done || duty.window.to < sunday || (duty.window.to == sunday && sunday < on));
        }
    }
    out
}

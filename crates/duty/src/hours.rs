//! What a scheme makes of a week: minutes and acts for each post, before it is published.

use crate::plan::periods;
use crate::{Post, SchemeVersion, Whom};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tx_calendar::{Calendar, SchoolYear};

/// How many there are of each `whom`: of a whole school, or of one class to see what it would owe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub all_pupils: u32,
    pub left_behind: u32,
    pub key: u32,
    pub paired: u32,
    pub boarders: u32,
    pub classes: u32,
    /// 1 for a school, 0 when only one class is looked at.
    pub schools: u32,
}

impl Counts {
    pub fn of(&self, whom: Whom) -> u32 {
        match whom {
            Whom::LeftBehind => self.left_behind,
            Whom::Key => self.key,
            Whom::Paired => self.paired,
            Whom::Boarders => self.boarders,
            Whom::AllPupils => self.all_pupils,
            Whom::EachClass => self.classes,
            Whom::School => self.schools,
        }
    }
}

/// One rule's part of a post's week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleLoad {
    pub rule: String,
    /// Acts in an average teaching week.
    pub items: f64,
    pub minutes: f64,
}

/// The average teaching week of a post, all its holders together: divide by their number for one person's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Load {
    pub post: Post,
    pub items: f64,
    pub minutes: f64,
    /// In the order of the scheme.
    pub rules: Vec<RuleLoad>,
}

/// Acts and minutes in an average teaching week of a school year. Windows that begin in the holidays count too: somebody
/// must do them. Empty where the calendar has no term of that year.
pub fn hours_per_week(version: &SchemeVersion, calendar: &Calendar, year: SchoolYear, counts: &Counts) -> Vec<Load> {
    let terms: Vec<_> = calendar.terms().iter().filter(|t| t.year == year).collect();
    let weeks: u32 = terms.iter().map(|t| u32::from(t.weeks_count())).sum();
    let mut by: BTreeMap<Post, Load> = BTreeMap::new();
    if weeks == 0 {
        return Vec::new();
    }
    for rule in &version.rules {
        let inside = periods(calendar, &rule.every)
            .into_iter()
            .filter(|p| year.span().has(p.span.from))
            .count();
        let acts = f64::from(u32::try_from(inside).unwrap_or(u32::MAX)) * f64::from(counts.of(rule.whom));
        let items = acts / f64::from(weeks);
        let minutes = items * f64::from(rule.minutes);
        let load = by.entry(rule.owner).or_insert_with(|| Load {
            post: rule.owner,
            items: 0.0,
            minutes: 0.0,
            rules: Vec::new(),
        });
        load.items += items;
        load.minutes += minutes;
        load.rules.push(RuleLoad {
            rule: rule.id.clone(),
            items,
            minutes,
        });
    }
    by.into_values().collect()
}

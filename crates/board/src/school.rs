//! What the head's page and its lists are made of: one reading of the school, from which every number and its rows come.

use crate::calendar::{ClassRef, NO_CLASS, classes};
use std::collections::{HashMap, HashSet};
use tx_access::Scope;
use tx_base::{Day, Fault, Id, Result, Span};
use tx_calendar::{Calendar, SchoolYear, Term};
use tx_child::Child;
use tx_duty::{Ask, Duty, State, Subject};
use tx_store::{Conn, params};

/// Days without a word from the parents after which a child is named (screens.md §6b).
pub const QUIET: i32 = 45;

/// The period that the page looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Month,
    Term,
    Year,
}

impl Period {
    pub fn parse(code: Option<&str>) -> Result<Period> {
        match code {
            None | Some("m") => Ok(Period::Month),
            Some("t") => Ok(Period::Term),
            Some("y") => Ok(Period::Year),
            Some(_) => Err(Fault::NotFound),
        }
    }
    pub const fn code(self) -> &'static str {
        match self {
            Period::Month => "m",
            Period::Term => "t",
            Period::Year => "y",
        }
    }
}

/// A child who has not heard from the parents for long.
#[derive(Clone, Debug)]
pub struct Quiet {
    pub child: Id,
    /// The last call that came about; none since the child is on the list.
    pub last: Option<Day>,
    /// Days since then, or since the child is on the list.
    pub days: i32,
}

/// A school as it stands today.
pub struct School {
    pub calendar: std::sync::Arc<Calendar>,
    /// The running term, or the next one in holidays.
    pub term: Option<Term>,
    pub span: Span,
    pub classes: Vec<ClassRef>,
    /// All pupils, by name.
    pub children: Vec<Child>,
    /// Duties of the staff, from the beginning of the term or the period.
    pub duties: Vec<Duty>,
    pub on: Day,
    fed: tx_duties::Fed,
}

pub fn read(c: &Conn, scope: &Scope, school: Id, period: Period) -> Result<School> {
    let on = scope.today;
    let fed = tx_duties::feed(c, scope.county, school, on, None)?;
    let term = fed.calendar.term_near(on);
    let year = SchoolYear::of(on).span();
    let span = match (period, &term) {
        (Period::Month, _) => Span::new(on.first_of_month(), on.last_of_month()),
        (Period::Term, Some(t)) => t.span(),
        _ => year,
    };
    let since = term.as_ref().map_or(span.from, |t| t.from.min(span.from));
    let ask = Ask {
        on,
        until: None,
        since: Some(since),
    };
    let mut duties = tx_duties::owed(&fed, &ask);
    duties.retain(Duty::is_staff);
    let page = tx_child::Page {
        limit: 5000,
        ..Default::default()
    };
    Ok(School {
        term,
        span,
        classes: classes(c, scope, school)?,
        children: tx_child::list(c, scope, &page)?,
        duties,
        on,
        calendar: fed.calendar.clone(),
        fed,
    })
}

impl School {
    /// What was read, for the reader's own Today.
    pub fn read(self) -> tx_duties::Read {
        tx_duties::Read {
            fed: self.fed,
            duties: self.duties,
        }
    }
    pub fn child(&self, id: Id) -> Option<&Child> {
        self.children.iter().find(|k| k.id == id)
    }
    /// The class of each pupil now; [`NO_CLASS`] for those without one.
    pub fn class_of(&self) -> HashMap<Id, Id> {
        let class = |k: &Child| (k.id, k.class.unwrap_or(NO_CLASS));
        self.children.iter().map(class).collect()
    }
    /// Pupils without a class.
    pub fn unclassed(&self) -> usize {
        self.children.iter().filter(|k| k.class.is_none()).count()
    }
    /// The children on the list.
    pub fn listed(&self) -> impl Iterator<Item = &Child> {
        self.children.iter().filter(|k| k.left_behind)
    }
    pub fn overdue(&self) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(|d| d.state == State::Overdue)
    }
    /// Duties on children that fall due inside the period: what "how far" counts.
    pub fn of_period(&self) -> impl Iterator<Item = &Duty> {
        let counted =
            |d: &&Duty| !matches!(d.state, State::Excused | State::Upcoming) && matches!(d.subject, Subject::Child(_));
        self.duties
            .iter()
            .filter(move |d| self.span.has(d.window.to))
            .filter(counted)
    }
}

/// Children of the list with whom someone talked in the period: id, last day, how often.
pub fn talked(c: &Conn, scope: &Scope, school: Id, span: Span, listed: &HashSet<Id>) -> Result<Vec<(Id, Day, i64)>> {
    let sql = "select l.child_id, max(r.on_day), count(*) from records r join record_lines l on l.county_id = r.county_id and l.record_id = r.id \
        where r.county_id = ?1 and r.school_id = ?2 and r.kind = 'heart_talk' and r.state = 'done' and r.deleted_at is null and l.outcome = 'met' \
        and l.child_id is not null and r.on_day >= ?3 and r.on_day <= ?4 group by l.child_id order by l.child_id";
    let rows = c.query(sql, params![scope.county, school, span.from, span.to.min(scope.today)])?;
    Ok(rows
        .iter()
        .map(|r| (r.id(0), r.day(1), r.int(2)))
        .filter(|(id, ..)| listed.contains(id))
        .collect())
}

/// Children of the list without a call or a week's contact for more than [`QUIET`] days, the longest first. What was before the school's first record nobody
/// knows, so nothing is said of it.
pub fn quiet(c: &Conn, scope: &Scope, school: Id, listed: &HashSet<Id>) -> Result<Vec<Quiet>> {
    let sql = "select min(on_day) from records where county_id = ?1 and school_id = ?2 and state = 'done' and deleted_at is null";
    let begun = c.first(sql, params![scope.county, school])?.and_then(|r| r.opt_day(0));
    let Some(begun) = begun else {
        return Ok(Vec::new());
    };
    let sql = "select l.child_id, max(r.on_day) from records r join record_lines l on l.county_id = r.county_id and l.record_id = r.id \
        where r.county_id = ?1 and r.school_id = ?2 and r.kind in ('family_call', 'weekly_contact') and r.state = 'done' and r.deleted_at is null \
        and l.outcome in ('met', 'phone') and l.child_id is not null group by l.child_id order by l.child_id";
    let last: HashMap<Id, Day> = c
        .query(sql, params![scope.county, school])?
        .iter()
        .map(|r| (r.id(0), r.day(1)))
        .collect();
    let sql = "select e.child_id, min(e.from_day) from left_behind_episodes e join children k on k.county_id = e.county_id and k.id = e.child_id \
        where e.county_id = ?1 and k.school_id = ?2 and e.from_day <= ?3 and (e.to_day is null or e.to_day >= ?3) group by e.child_id order by e.child_id";
    let rows = c.query(sql, params![scope.county, school, scope.today])?;
    let mut out: Vec<Quiet> = rows
        .iter()
        .filter(|r| listed.contains(&r.id(0)))
        .map(|r| {
            let (child, since) = (r.id(0), r.day(1).max(begun));
            let last = last.get(&child).copied();
            Quiet {
                child,
                last,
                days: scope.today.since(last.map_or(since, |d| d.max(since))),
            }
        })
        .filter(|q| q.days > QUIET)
        .collect();
    out.sort_by_key(|q| (std::cmp::Reverse(q.days), q.child));
    Ok(out)
}

/// Children for whom a call is planned until Sunday.
pub fn calls_planned(c: &Conn, scope: &Scope, school: Id) -> Result<HashSet<Id>> {
    let sql = "select distinct l.child_id from records r join record_lines l on l.county_id = r.county_id and l.record_id = r.id \
        where r.county_id = ?1 and r.school_id = ?2 and r.kind = 'family_call' and r.state = 'planned' and r.deleted_at is null \
        and r.on_day >= ?3 and r.on_day <= ?4 and l.child_id is not null order by l.child_id";
    let sunday = scope.today.monday().plus(6);
    Ok(c.query(sql, params![scope.county, school, scope.today, sunday])?
        .iter()
        .map(|r| r.id(0))
        .collect())
}

/// Key children of today with the day of their next review, the earliest first (features B7).
pub fn keys(c: &Conn, scope: &Scope, school: Id) -> Result<Vec<(Id, Option<Day>)>> {
    let sql = "select y.child_id, y.review_on from key_children y join children k on k.county_id = y.county_id and k.id = y.child_id \
        where y.county_id = ?1 and k.school_id = ?2 and k.deleted_at is null and y.from_day <= ?3 and (y.to_day is null or y.to_day >= ?3) \
        order by coalesce(y.review_on, '9999-12-31'), y.child_id";
    Ok(c.query(sql, params![scope.county, school, scope.today])?
        .iter()
        .map(|r| (r.id(0), r.opt_day(1)))
        .collect())
}

/// Those of them whose review is due.
pub fn reviews(c: &Conn, scope: &Scope, school: Id) -> Result<Vec<(Id, Day)>> {
    let all = keys(c, scope, school)?.into_iter();
    Ok(all
        .filter_map(|(id, on)| Some((id, on.filter(|d| *d <= scope.today)?)))
        .collect())
}

//! The slow twin: the same duties, written a second time from the sentences of schemes.md, day by day and without any of
//! the engine's shortcuts. Shares only the types of what goes in and comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tx_base::{Day, Id, Span};
use tx_calendar::{Festival, SchoolYear, Term, Window, festival};
use tx_duty::{Case, Child, Duty, Every, FOLLOW_UP, Line, Outcome, Per, Post, Rule, State, Subject, Whom, duty_id};

pub fn slow(case: &Case, on: Day, upcoming: bool) -> Vec<Duty> {
    let world = World::new(case, on, upcoming);
    let mut subjects: Vec<Subject> = case.children.iter().map(|c| Subject::Child(c.id)).collect();
    subjects.extend(case.classes.iter().map(|c| Subject::Class(c.id)));
    subjects.push(Subject::School(case.school));
    let mut out = Vec::new();
    for subject in subjects {
        for (id, periods) in &world.periods {
            let mine: Vec<Owed> = periods
                .iter()
                .filter_map(|p| world.owed(subject, id, p, periods))
                .collect();
            out.extend(world.judge(subject, mine));
        }
        out.extend(world.promised(subject));
    }
    out
}

/// A period of a rule: all its days, and the rule as the version in force on the first of them has it.
struct Period {
    key: String,
    days: Vec<Day>,
    rule: Rule,
    /// Days of scope of any sort count, since the window has fewer than five teaching days and belongs to a festival.
    any_day: bool,
}

/// A duty while its days pass.
struct Owed {
    id: Id,
    rule_id: String,
    period: String,
    rule: Rule,
    begin: Day,
    /// Where the window would end, after any move.
    natural_end: Day,
    end: Day,
    last_overdue_day: Day,
    excuse: Option<String>,
    moved: bool,
    own_owner: Option<Id>,
    promise: Option<Id>,
    done: Option<Day>,
    records: Vec<Id>,
    tries: Vec<Id>,
}

impl Owed {
    fn ended_early(&self) -> bool {
        self.end < self.natural_end
    }
    fn holds(&self, day: Day) -> bool {
        self.begin <= day && day <= self.end
    }
    /// As the day itself sees it, whatever comes later.
    fn overdue_on(&self, day: Day) -> bool {
        self.done.is_none()
            && self.excuse.is_none()
            && !self.ended_early()
            && day > self.end
            && day <= self.last_overdue_day
    }
}

struct World<'a> {
    case: &'a Case<'a>,
    on: Day,
    until: Day,
    teaching: BTreeSet<Day>,
    periods: BTreeMap<String, Vec<Period>>,
}

impl<'a> World<'a> {
    fn new(case: &'a Case, on: Day, upcoming: bool) -> World<'a> {
        let terms = case.calendar.terms();
        let until = match terms.iter().find(|t| on <= t.to).or(terms.last()) {
            Some(t) if upcoming && t.to > on => t.to,
            _ => on,
        };
        let mut world = World {
            case,
            on,
            until,
            teaching: BTreeSet::new(),
            periods: BTreeMap::new(),
        };
        let (Some(first), Some(last)) = (terms.first(), terms.last()) else {
            return world;
        };
        let all = Span::new(first.year.span().from, last.year.span().to.plus(10));
        world.teaching = all.days().filter(|d| world.taught(*d)).collect();

        for version in &case.scheme.versions {
            for rule in &version.rules {
                let mut by_key: BTreeMap<String, Vec<Day>> = BTreeMap::new();
                for day in all.days() {
                    for key in world.keys(&rule.every, day) {
                        by_key.entry(key).or_default().push(day);
                    }
                }
                for (key, days) in by_key {
                    let Some(in_force) = case
                        .scheme
                        .versions
                        .iter()
                        .filter(|v| v.from <= days[0])
                        .max_by_key(|v| v.from)
                    else {
                        continue;
                    };
                    if !std::ptr::eq(in_force, version) {
                        continue;
                    }
                    let few = days.iter().filter(|d| world.teaching.contains(d)).count() < 5;
                    let any_day = few && matches!(rule.every, Every::Festival(_));
                    world.periods.entry(rule.id.clone()).or_default().push(Period {
                        key,
                        days,
                        rule: rule.clone(),
                        any_day,
                    });
                }
            }
        }
        for list in world.periods.values_mut() {
            list.sort_by_key(|p| (p.days[0], *p.days.last().unwrap(), p.key.clone()));
        }
        world
    }

    fn taught(&self, day: Day) -> bool {
        let c = self.case.calendar;
        if !c.terms().iter().any(|t| t.from <= day && day <= t.to) {
            return false;
        }
        if c.workdays().contains(&day) {
            return true;
        }
        day.weekday() <= 5 && !c.holidays().iter().any(|h| h.from <= day && day <= h.to)
    }

    /// The keys of all periods in which a day lies.
    fn keys(&self, every: &Every, day: Day) -> Vec<String> {
        let terms = self.case.calendar.terms();
        let inside = |t: &&Term| t.from <= day && day <= t.to;
        match every {
            Every::Week => terms
                .iter()
                .filter_map(|t| Some(format!("{}:w{:02}", t.key(), week(t, day)?)))
                .collect(),
            Every::Fortnight => terms
                .iter()
                .filter_map(|t| Some(format!("{}:f{:02}", t.key(), (week(t, day)? + 1) / 2)))
                .collect(),
            Every::HalfTerm => {
                let half = |t: &Term| {
                    if 2 * week(t, day).unwrap() <= weeks(t) + 1 {
                        1
                    } else {
                        2
                    }
                };
                terms
                    .iter()
                    .filter(inside)
                    .map(|t| format!("{}:h{}", t.key(), half(t)))
                    .collect()
            }
            Every::Month => {
                let in_month = self
                    .teaching
                    .iter()
                    .filter(|d| (d.year(), d.month()) == (day.year(), day.month()))
                    .count();
                if in_month >= 10 {
                    vec![format!("{:04}-{:02}", day.year(), day.month())]
                } else {
                    vec![]
                }
            }
            Every::Term => terms.iter().filter(inside).map(|t| t.key()).collect(),
            Every::SchoolYear => {
                let year = SchoolYear::of(day);
                if terms.iter().any(|t| t.year == year) {
                    vec![year.code()]
                } else {
                    vec![]
                }
            }
            Every::Windows => [Window::Start, Window::Middle, Window::End]
                .into_iter()
                .flat_map(|w| self.keys(&Every::Window(w), day))
                .collect(),
            Every::Window(w) => {
                let there = |t: &&Term| {
                    let n = week(t, day).unwrap();
                    match w {
                        Window::Start => n <= 4,
                        Window::Middle => (9..=12).contains(&n),
                        Window::End => n > weeks(t) - 4,
                    }
                };
                terms
                    .iter()
                    .filter(inside)
                    .filter(there)
                    .map(|t| format!("{}:{}", t.key(), w.code()))
                    .collect()
            }
            Every::Festival(list) => {
                let mut keys = BTreeSet::new();
                for f in list {
                    for civil in [day.year() - 1, day.year(), day.year() + 1] {
                        let Some(feast) = festival(*f, civil) else { continue };
                        let (before, after) = match f {
                            Festival::SpringFestival => (15, 15),
                            Festival::DragonBoat | Festival::MidAutumn | Festival::ChildrensDay => (3, 3),
                            Festival::NationalDay => (0, 6),
                            Festival::FamilyEducationDay => {
                                (i32::from(feast.weekday()) - 1, 7 - i32::from(feast.weekday()))
                            }
                            _ => (0, 0),
                        };
                        let begins_in_a_known_year =
                            terms.iter().any(|t| t.year == SchoolYear::of(feast.plus(-before)));
                        if begins_in_a_known_year && feast.plus(-before) <= day && day <= feast.plus(after) {
                            keys.insert(format!("{}-{civil}", f.code()));
                        }
                    }
                }
                keys.into_iter().collect()
            }
            Every::Times { n, per } => {
                let base = match per {
                    Per::Week => Every::Week,
                    Per::Month => Every::Month,
                    Per::HalfTerm => Every::HalfTerm,
                    Per::Term => Every::Term,
                    Per::SchoolYear => Every::SchoolYear,
                };
                let keys = self.keys(&base, day);
                keys.iter()
                    .flat_map(|k| (1..=*n).map(move |i| format!("{k}#{i}")))
                    .collect()
            }
        }
    }

    fn in_scope(&self, subject: Subject, whom: Whom, day: Day) -> bool {
        match (subject, whom) {
            (Subject::Child(id), _) => {
                let Some(c) = self.case.children.iter().find(|c| c.id == id) else {
                    return false;
                };
                let spells = match whom {
                    Whom::LeftBehind => &c.left_behind,
                    Whom::Key => &c.key,
                    Whom::Paired => &c.paired,
                    Whom::Boarders => &c.boarder,
                    Whom::AllPupils => return pupil(c, day),
                    Whom::EachClass | Whom::School => return false,
                };
                pupil(c, day) && spells.iter().any(|s| s.from <= day && s.to.is_none_or(|to| day <= to))
            }
            (Subject::Class(id), Whom::EachClass) => self
                .case
                .classes
                .iter()
                .any(|c| c.id == id && c.from <= day && c.to.is_none_or(|to| day <= to)),
            (Subject::School(_), Whom::School) => true,
            _ => false,
        }
    }

    fn owed(&self, subject: Subject, rule_id: &str, period: &Period, all: &[Period]) -> Option<Owed> {
        let scope: Vec<Day> = period
            .days
            .iter()
            .copied()
            .filter(|d| self.in_scope(subject, period.rule.whom, *d))
            .collect();
        let enough = if period.any_day {
            scope.len() >= 5.min(period.days.len())
        } else {
            scope.iter().filter(|d| self.teaching.contains(d)).count() >= 5
        };
        if !enough {
            return None;
        }
        let id = duty_id(subject, rule_id, &period.key);
        let mut owed = self.shape(subject, id, &period.rule, scope[0], *period.days.last().unwrap());
        let next = all
            .iter()
            .find(|p| p.days[0] > period.days[0] && *p.days.last().unwrap() > owed.natural_end);
        owed.last_overdue_day = next.map_or(owed.natural_end.plus(30), |p| *p.days.last().unwrap());
        owed.rule_id = rule_id.into();
        owed.period = period.key.clone();
        Some(owed)
    }

    fn shape(&self, subject: Subject, id: Id, rule: &Rule, begin: Day, end: Day) -> Owed {
        let facts = &self.case.facts;
        let moved = facts.moves.iter().rfind(|m| m.duty == id).map(|m| m.to);
        let natural_end = moved.map_or(end, |to| if to < begin { begin } else { to });
        let mut last = begin;
        for day in Span::new(begin, natural_end).days() {
            if self.in_scope(subject, rule.whom, day) {
                last = day;
            }
        }
        Owed {
            id,
            rule_id: String::new(),
            period: String::new(),
            rule: rule.clone(),
            begin,
            natural_end,
            end: last,
            last_overdue_day: natural_end.plus(30),
            excuse: facts.excuses.iter().rfind(|e| e.duty == id).map(|e| e.reason.clone()),
            moved: moved.is_some(),
            own_owner: facts.assigns.iter().rfind(|a| a.duty == id).map(|a| a.owner),
            promise: None,
            done: None,
            records: Vec::new(),
            tries: Vec::new(),
        }
    }

    fn promised(&self, subject: Subject) -> Vec<Duty> {
        let mut out = Vec::new();
        let mut promises = self.case.facts.promises.clone();
        promises.retain(|p| Subject::Child(p.child) == subject);
        promises.sort_by_key(|p| (p.from, p.to, p.id));
        let kinds: BTreeSet<Arc<str>> = promises.iter().map(|p| p.kind.clone()).collect();
        for kind in kinds {
            let mut mine = Vec::new();
            for p in promises.iter().filter(|p| p.kind == kind) {
                let rule = super::random::plain_rule(FOLLOW_UP, &kind, Post::ClassTeacher, Whom::AllPupils);
                let Some(begin) = Span::new(p.from, p.to)
                    .days()
                    .find(|d| self.in_scope(subject, Whom::AllPupils, *d))
                else {
                    continue;
                };
                let mut owed = self.shape(
                    subject,
                    duty_id(subject, FOLLOW_UP, &p.id.to_string()),
                    &rule,
                    begin,
                    p.to,
                );
                owed.rule_id = FOLLOW_UP.into();
                owed.period = p.id.to_string();
                owed.own_owner = owed.own_owner.or(p.owner);
                owed.promise = Some(p.record);
                mine.push(owed);
            }
            out.extend(self.judge(subject, mine));
        }
        out
    }

    /// Lets the days pass, laying each line where it belongs, and looks at what stands on the day asked for.
    fn judge(&self, subject: Subject, mut mine: Vec<Owed>) -> Vec<Duty> {
        let mut lines: Vec<&Line> = self
            .case
            .lines
            .iter()
            .filter(|l| l.subject == subject && l.day <= self.on)
            .collect();
        lines.sort_by_key(|l| (l.day, l.record, l.outcome));
        let mut used: BTreeSet<Id> = BTreeSet::new();
        for line in lines {
            if used.contains(&line.record) {
                continue;
            }
            let day = line.day;
            let may = |o: &Owed| settles(&o.rule, line) && o.promise != Some(line.record);
            let waiting = |o: &Owed| o.done.is_none() && o.excuse.is_none();
            let place = mine
                .iter()
                .position(|o| may(o) && o.holds(day) && waiting(o))
                .or_else(|| mine.iter().position(|o| may(o) && o.holds(day) && o.done.is_none()))
                .or_else(|| mine.iter().position(|o| may(o) && o.overdue_on(day)));
            if let Some(i) = place {
                mine[i].done = Some(day);
                mine[i].records.push(line.record);
                used.insert(line.record);
                continue;
            }
            if let Some(o) = mine.iter_mut().rfind(|o| may(o) && o.holds(day)) {
                o.records.push(line.record);
                used.insert(line.record);
                continue;
            }
            let own_try = |o: &Owed| {
                *o.rule.kind == *line.kind
                    && matches!(line.outcome, Outcome::Tried | Outcome::Refused)
                    && o.promise != Some(line.record)
            };
            let place = mine
                .iter()
                .position(|o| own_try(o) && o.holds(day) && waiting(o))
                .or_else(|| mine.iter().position(|o| own_try(o) && o.overdue_on(day)));
            if let Some(i) = place
                && !mine[i].tries.contains(&line.record)
            {
                mine[i].tries.push(line.record);
            }
        }
        mine.into_iter().filter_map(|o| self.show(subject, o)).collect()
    }

    fn show(&self, subject: Subject, o: Owed) -> Option<Duty> {
        if o.begin > self.until {
            return None;
        }
        let state = if o.done.is_some() {
            State::Done
        } else if o.excuse.is_some() {
            State::Excused
        } else if self.on < o.begin {
            State::Upcoming
        } else if o.holds(self.on) {
            State::Open
        } else if o.ended_early() {
            return None;
        } else if o.overdue_on(self.on) {
            State::Overdue
        } else {
            State::Missed
        };
        let judged = if self.on < o.end { self.on } else { o.end };
        let owner = o.own_owner.or_else(|| match o.rule.owner {
            Post::Family => None,
            Post::HelpingTeacher | Post::Helper => self
                .holder(o.rule.owner, subject, judged)
                .or_else(|| self.holder(Post::ClassTeacher, subject, judged)),
            post => self.holder(post, subject, judged),
        });
        Some(Duty {
            id: o.id,
            subject,
            rule: o.rule_id.into(),
            kind: o.rule.kind.as_str().into(),
            period: o.period.into(),
            window: Span::new(o.begin, o.end),
            state,
            late: o.done.is_some_and(|d| d > o.end),
            done_on: o.done,
            post: o.rule.owner,
            owner,
            moved: o.moved,
            excuse: o.excuse,
            records: o.records,
            tries: o.tries,
        })
    }

    fn holder(&self, post: Post, subject: Subject, day: Day) -> Option<Id> {
        let child = subject.child();
        let class = match subject {
            Subject::Child(id) => {
                let c = self.case.children.iter().find(|c| c.id == id)?;
                let mut there: Vec<_> = c
                    .classes
                    .iter()
                    .filter(|s| s.from <= day && s.to.is_none_or(|to| day <= to))
                    .collect();
                there.sort_by_key(|s| (s.from, s.class));
                there.last().map(|s| s.class)
            }
            Subject::Class(id) => Some(id),
            Subject::School(_) => None,
        };
        let mut rows: Vec<_> = self
            .case
            .posts
            .iter()
            .filter(|r| r.post == post && r.from <= day && r.to.is_none_or(|to| day <= to))
            .collect();
        // the best last: child before class before school, then the latest, then the lowest account
        let rank = |r: &tx_duty::PostRow| match (r.child, r.class) {
            (Some(id), _) if Some(id) == child => 3,
            (None, Some(id)) if Some(id) == class => 2,
            (None, None) => 1,
            _ => 0,
        };
        rows.retain(|r| rank(r) > 0);
        rows.sort_by_key(|r| (rank(r), r.from, std::cmp::Reverse(r.account)));
        rows.last().map(|r| r.account)
    }
}

/// The week of a day from the term's first day to the Sunday of its last week.
fn week(term: &Term, day: Day) -> Option<i32> {
    let n = day.since(term.from.monday()).div_euclid(7) + 1;
    (day >= term.from && n <= weeks(term)).then_some(n)
}

fn weeks(term: &Term) -> i32 {
    term.to.since(term.from.monday()) / 7 + 1
}

fn pupil(c: &Child, day: Day) -> bool {
    c.classes
        .iter()
        .any(|s| s.from <= day && s.to.is_none_or(|to| day <= to))
}

/// "Only outcome met settles; for guardian_talk and family_call also phone. A home_visit line with phone settles
/// guardian_talk, not home_visit" and so on.
fn settles(rule: &Rule, line: &Line) -> bool {
    let tagged = |tag: &Option<String>| tag.as_ref().is_none_or(|t| line.tags.contains(t));
    let (kind, outcome) = (&*line.kind, line.outcome);
    if matches!(outcome, Outcome::Tried | Outcome::Refused) {
        return false;
    }
    if kind == rule.kind && tagged(&rule.tag) {
        let usual = outcome == Outcome::Met || matches!(kind, "guardian_talk" | "family_call");
        if if rule.outcomes.is_empty() {
            usual
        } else {
            rule.outcomes.contains(&outcome)
        } {
            return true;
        }
    }
    let always = match (rule.kind.as_str(), kind) {
        ("guardian_talk", "home_visit") => outcome == Outcome::Phone,
        ("guardians_training", "home_visit") => outcome == Outcome::Met && line.tags.iter().any(|t| t == "teaching"),
        ("weekly_contact", "family_call") => true,
        ("weekly_contact", "family_letter") => outcome == Outcome::Met,
        _ => false,
    };
    always
        || rule
            .also_settled_by
            .iter()
            .any(|s| s.kind == kind && s.outcome == outcome && tagged(&s.tag))
}

//! From facts to duties. The sentences of schemes.md are followed in this order: which periods are owed, which line
//! settles which of them, what state follows.
//!
//! Decided here, where the text is silent:
//! - The day counts, not the order of writing: a record that is written late settles as if it had been there.
//! - Scope = the spells of the rule's `whom`, on days in some class of the school. The window runs from the first to the
//!   last day of scope inside the period; a gap between stays inside.
//! - A window whose period outlasts the scope has been ended: unsettled, it is a duty to the last day of scope and gone
//!   after it, neither overdue nor missed. What was overdue before stays: it was owed.
//! - A line settles one duty of a rule: the oldest unsettled one whose window holds its day; an excused one only if none
//!   other waits; then the oldest overdue one, late. So a second talk in November can make good October's, a first cannot.
//! - One record settles a rule of one subject once, however many lines it has.
//! - A deed is stronger than an excuse; an excused duty is neither overdue nor settled late.
//! - Lines after the day asked for are not there; episodes and posts are read as they are written, also into the future.

use crate::days::{FOREVER, Run, common, day, merged, num, spells};
use crate::duty::id_from;
use crate::plan::{Compiled, Slot, Thread};
use crate::{
    Case, Child, Duty, FOLLOW_UP, Given, Line, Outcome, Plan, Post, PostRow, Promise, Rule, Source, State, Subject,
    Whom, duty_id,
};
use std::collections::HashMap;
use std::sync::Arc;
use tx_base::{Day, Id, Say, Span};

/// What is asked of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The day on which states are judged.
    pub on: Day,
    /// Windows that begin by this day are listed; without it those begun by `on`.
    pub until: Option<Day>,
    /// Leaves out done, excused and missed duties whose window ended before this day. They are still reckoned with.
    pub since: Option<Day>,
}

impl Ask {
    pub fn on(day: Day) -> Ask {
        Ask {
            on: day,
            until: None,
            since: None,
        }
    }
}

/// All duties of a case on a day: of its children, its classes and the school, in the order given, each by window. With
/// `upcoming` also those that begin by the end of the term (in the holidays, of the next one).
pub fn duties(case: &Case, on: Day, upcoming: bool) -> Vec<Duty> {
    Plan::new(case.calendar, case.scheme).ask(case, &ask(case, on, upcoming))
}

/// The duties of one subject. A case that holds only that subject's facts and lines is enough.
pub fn duties_of(case: &Case, subject: Subject, on: Day, upcoming: bool) -> Vec<Duty> {
    Plan::new(case.calendar, case.scheme).ask_of(case, subject, &ask(case, on, upcoming))
}

fn ask(case: &Case, on: Day, upcoming: bool) -> Ask {
    Ask {
        on,
        until: upcoming.then(|| case.calendar.horizon(on)),
        since: None,
    }
}

impl Plan {
    /// Every subject's duties. A case's own calendar and scheme are not looked at: this plan's are.
    pub fn ask<'c>(&self, given: impl Into<Given<'c>>, ask: &Ask) -> Vec<Duty> {
        let case = given.into();
        let subjects = case.children.iter().map(|c| Subject::Child(c.id));
        let subjects = subjects
            .chain(case.classes.iter().map(|c| Subject::Class(c.id)))
            .chain([Subject::School(case.school)]);
        self.run(case, ask, &subjects.collect::<Vec<_>>())
    }

    /// One subject's duties; none for a subject that the case does not hold.
    pub fn ask_of<'c>(&self, given: impl Into<Given<'c>>, subject: Subject, ask: &Ask) -> Vec<Duty> {
        self.run(given.into(), ask, &[subject])
    }

    fn run(&self, case: Given, ask: &Ask, subjects: &[Subject]) -> Vec<Duty> {
        let run = Engine::new(self, case, ask, subjects);
        let mut out = Vec::new();
        let mut works = Vec::new();
        for (i, &subject) in subjects.iter().enumerate() {
            let start = out.len();
            run.subject(i, subject, &mut works, &mut out);
            out[start..].sort_by(|a: &Duty, b| {
                (a.window.from, a.window.to, &a.rule, &a.period).cmp(&(b.window.from, b.window.to, &b.rule, &b.period))
            });
        }
        out
    }
}

/// A line of the subject at hand that some rule takes notice of.
struct Deed<'c> {
    day: i32,
    record: Id,
    outcome: Outcome,
    kind: u16,
    tags: &'c [String],
}

/// The written facts of one duty.
#[derive(Clone, Copy, Default)]
struct Note<'c> {
    excuse: Option<&'c str>,
    to: Option<i32>,
    owner: Option<Id>,
}

/// One owed duty while lines are laid on it.
struct Work<'c> {
    slot: usize,
    id: Option<Id>,
    /// First day of the period.
    begin: i32,
    from: i32,
    to: i32,
    limit: i32,
    /// The scope ended before the window would have.
    ended: bool,
    note: Note<'c>,
    done: Option<i32>,
    late: bool,
    records: Vec<Id>,
    tries: Vec<Id>,
}

struct Engine<'p, 'c> {
    plan: &'p Plan,
    on: i32,
    until: i32,
    since: Option<i32>,
    today: Day,
    children: HashMap<Id, &'c Child>,
    classes: HashMap<Id, Vec<Run>>,
    school: Id,
    posts: HashMap<(Post, Option<Id>), Vec<&'c PostRow>>,
    notes: HashMap<Id, Note<'c>>,
    promises: HashMap<Id, Vec<&'c Promise>>,
    /// By place in the list of subjects, sorted by (day, record, outcome).
    deeds: Vec<Vec<Deed<'c>>>,
    /// Kinds that only promises ask for.
    extra_kinds: HashMap<String, u16>,
}

/// One child's or class's days in scope of each `whom`, worked out when first asked for.
struct Scope<'a> {
    child: Option<&'a Child>,
    enrolled: Vec<Run>,
    of: [Option<Vec<Run>>; Whom::ALL.len()],
}

impl Scope<'_> {
    fn runs(&mut self, whom: Whom) -> &[Run] {
        let (child, enrolled) = (self.child, &self.enrolled);
        self.of[whom as usize].get_or_insert_with(|| match (whom, child) {
            (Whom::LeftBehind, Some(c)) => common(&spells(&c.left_behind), enrolled),
            (Whom::Key, Some(c)) => common(&spells(&c.key), enrolled),
            (Whom::Paired, Some(c)) => common(&spells(&c.paired), enrolled),
            (Whom::Boarders, Some(c)) => common(&spells(&c.boarder), enrolled),
            (Whom::AllPupils, Some(_)) | (Whom::EachClass | Whom::School, None) => enrolled.clone(),
            _ => Vec::new(),
        })
    }
}

impl<'p, 'c> Engine<'p, 'c> {
    fn new(plan: &'p Plan, case: Given<'c>, ask: &Ask, subjects: &[Subject]) -> Engine<'p, 'c> {
        let mut posts: HashMap<(Post, Option<Id>), Vec<&PostRow>> = HashMap::new();
        for row in case.posts {
            posts.entry((row.post, row.child.or(row.class))).or_default().push(row);
        }
        let mut notes: HashMap<Id, Note> = HashMap::new();
        for e in &case.facts.excuses {
            notes.entry(e.duty).or_default().excuse = Some(&e.reason);
        }
        for m in &case.facts.moves {
            notes.entry(m.duty).or_default().to = Some(num(m.to));
        }
        for a in &case.facts.assigns {
            notes.entry(a.duty).or_default().owner = Some(a.owner);
        }
        let mut promises: HashMap<Id, Vec<&Promise>> = HashMap::new();
        let mut extra_kinds: HashMap<String, u16> = HashMap::new();
        for p in &case.facts.promises {
            promises.entry(p.child).or_default().push(p);
            for s in promised_rule(&p.kind).settlers() {
                let next = u16::try_from(plan.kinds.len() + extra_kinds.len()).unwrap_or(u16::MAX);
                if !plan.kinds.contains_key(&*s.kind) {
                    extra_kinds.entry(s.kind).or_insert(next);
                }
            }
        }
        let on = num(ask.on);
        let place: HashMap<Subject, usize> = subjects.iter().enumerate().map(|(i, &s)| (s, i)).collect();
        let mut deeds: Vec<Vec<Deed>> = subjects.iter().map(|_| Vec::new()).collect();
        for line in case.lines {
            let Some(&i) = place.get(&line.subject) else { continue };
            let kind = plan.kinds.get(&*line.kind).or_else(|| extra_kinds.get(&*line.kind));
            if let Some(deed) = kind.and_then(|&kind| deed(line, kind, on)) {
                deeds[i].push(deed);
            }
        }
        deeds
            .iter_mut()
            .for_each(|list| list.sort_by_key(|d| (d.day, d.record, d.outcome)));
        let mut classes: HashMap<Id, Vec<Run>> = HashMap::new();
        for c in case.classes {
            classes.entry(c.id).or_default().push(Run::of(c.from, c.to));
        }
        let children = case.children.iter().map(|c| (c.id, c)).collect();
        let until = ask.until.map_or(on, |u| num(u).max(on));
        let since = ask.since.map(num);
        Engine {
            plan,
            on,
            until,
            since,
            today: ask.on,
            children,
            classes,
            school: case.school,
            posts,
            notes,
            promises,
            deeds,
            extra_kinds,
        }
    }

    fn subject(&self, place: usize, subject: Subject, works: &mut Vec<Work<'c>>, out: &mut Vec<Duty>) {
        let (child, enrolled) = match subject {
            Subject::Child(id) => match self.children.get(&id) {
                Some(c) => (
                    Some(*c),
                    merged(c.classes.iter().map(|s| Run::of(s.from, s.to)).collect()),
                ),
                None => return,
            },
            Subject::Class(id) => match self.classes.get(&id) {
                Some(runs) => (None, merged(runs.clone())),
                None => return,
            },
            Subject::School(id) if id == self.school => (
                None,
                vec![Run {
                    from: -FOREVER,
                    to: FOREVER,
                }],
            ),
            Subject::School(_) => return,
        };
        let mut scope = Scope {
            child,
            enrolled,
            of: Default::default(),
        };
        for thread in &self.plan.threads {
            works.clear();
            self.owed(thread, subject, &mut scope, works);
            if works.is_empty() {
                continue;
            }
            let deeds = self.deeds[place]
                .iter()
                .filter(|d| thread.kinds.get(usize::from(d.kind)).is_some_and(|yes| *yes));
            lay(works, deeds, |w, d| {
                let rule = &self.plan.rules[thread.slots[w.slot].rule];
                touch(rule, d)
            });
            for work in works.drain(..) {
                let slot = &thread.slots[work.slot];
                let rule = &self.plan.rules[slot.rule];
                let named = Named {
                    rule: &thread.id,
                    kind: &rule.kind,
                    period: &slot.key,
                    post: rule.owner,
                    default_owner: None,
                };
                let id = |w: &Work| w.id.unwrap_or_else(|| id_from(subject, slot.hash));
                out.extend(self.finish(subject, child, work, named, Some(slot), id));
            }
        }
        if let Some(child) = child {
            self.follow_ups(place, child, &scope.enrolled, out);
        }
    }

    /// The periods of a rule that the subject owes, begun by the day asked for, in order.
    fn owed(&self, thread: &Thread, subject: Subject, scope: &mut Scope, works: &mut Vec<Work<'c>>) {
        for (i, slot) in thread.slots.iter().enumerate() {
            if slot.days.from > self.until {
                break; // sorted by first day, and a window never begins before its period
            }
            let rule = &self.plan.rules[slot.rule];
            let fits = match subject {
                Subject::Child(_) => !matches!(rule.whom, Whom::EachClass | Whom::School),
                Subject::Class(_) => rule.whom == Whom::EachClass,
                Subject::School(_) => rule.whom == Whom::School,
            };
            if !fits {
                continue;
            }
            let runs = scope.runs(rule.whom);
            let Some(first) = runs.iter().find_map(|r| r.meet(slot.days)) else {
                continue;
            };
            if first.from > self.until || self.days_in(slot, runs) < slot.need {
                continue;
            }
            let mut id = None;
            let mut note = Note::default();
            if !self.notes.is_empty() {
                let key = id_from(subject, slot.hash);
                note = self.notes.get(&key).copied().unwrap_or_default();
                id = Some(key);
            }
            let end = note.to.map_or(slot.days.to, |to| to.max(first.from));
            let limit = if note.to.is_some() {
                thread.limit(slot.days.from, end)
            } else {
                slot.limit
            };
            works.push(work(
                i,
                id,
                slot.days.from,
                Run {
                    from: first.from,
                    to: end,
                },
                limit,
                runs,
                note,
            ));
        }
    }

    /// Days of scope in the period: teaching days, or any days where the slot says so.
    fn days_in(&self, slot: &Slot, runs: &[Run]) -> i32 {
        if let [only] = runs
            && only.from <= slot.days.from
            && only.to >= slot.days.to
        {
            return if slot.by_calendar {
                slot.days.to - slot.days.from + 1
            } else {
                self.plan.teaching(slot.days)
            };
        }
        let parts = runs.iter().filter_map(|r| r.meet(slot.days));
        parts
            .map(|r| {
                if slot.by_calendar {
                    r.to - r.from + 1
                } else {
                    self.plan.teaching(r)
                }
            })
            .sum()
    }

    fn follow_ups(&self, place: usize, child: &'c Child, enrolled: &[Run], out: &mut Vec<Duty>) {
        let Some(list) = self.promises.get(&child.id) else {
            return;
        };
        let mut list = list.clone();
        list.sort_by_key(|p| (p.from, p.to, p.id));
        list.dedup_by_key(|p| p.id);
        let subject = Subject::Child(child.id);
        while let Some(kind) = list.first().map(|p| p.kind.clone()) {
            let (mine, rest): (Vec<&Promise>, Vec<&Promise>) = list.into_iter().partition(|p| p.kind == kind);
            list = rest;
            let mut works = Vec::new();
            for (i, p) in mine.iter().enumerate() {
                let whole = Run {
                    from: num(p.from),
                    to: num(p.to),
                };
                let Some(first) = enrolled.iter().find_map(|r| r.meet(whole)) else {
                    continue;
                };
                if first.from > self.until {
                    continue;
                }
                let key = duty_id(subject, FOLLOW_UP, &p.id.to_string());
                let note = self.notes.get(&key).copied().unwrap_or_default();
                let end = note.to.map_or(whole.to, |to| to.max(first.from));
                works.push(work(
                    i,
                    Some(key),
                    whole.from,
                    Run {
                        from: first.from,
                        to: end,
                    },
                    end + 30,
                    enrolled,
                    note,
                ));
            }
            let rule = self.compiled(&promised_rule(&kind));
            lay(&mut works, self.deeds[place].iter(), |w, d| {
                if mine[w.slot].record == d.record {
                    Touch::Nothing
                } else {
                    touch(&rule, d)
                }
            });
            let name: Arc<str> = FOLLOW_UP.into();
            for work in works {
                let p = mine[work.slot];
                let period: Arc<str> = p.id.to_string().into();
                let named = Named {
                    rule: &name,
                    kind: &kind,
                    period: &period,
                    post: rule.owner,
                    default_owner: p.owner,
                };
                out.extend(self.finish(subject, Some(child), work, named, None, |w| w.id.unwrap_or(Id::NIL)));
            }
        }
    }

    /// A promised follow-up as a rule of the class teacher's.
    fn compiled(&self, rule: &Rule) -> Compiled {
        let no = |kind: &str| {
            self.plan
                .kinds
                .get(kind)
                .or_else(|| self.extra_kinds.get(kind))
                .copied()
                .unwrap_or(u16::MAX)
        };
        let settlers = rule
            .settlers()
            .into_iter()
            .map(|s| (no(&s.kind), s.outcome, s.tag))
            .collect();
        Compiled {
            kind: rule.kind.as_str().into(),
            kind_no: no(&rule.kind),
            whom: rule.whom,
            owner: rule.owner,
            settlers,
        }
    }

    /// State, owner and the visible form; `None` for what is not to be listed.
    fn finish(
        &self,
        subject: Subject,
        child: Option<&Child>,
        w: Work,
        named: Named,
        slot: Option<&Slot>,
        id: impl Fn(&Work) -> Id,
    ) -> Option<Duty> {
        let state = match () {
            () if w.done.is_some() => State::Done,
            () if w.note.excuse.is_some() => State::Excused,
            () if w.ended && self.on > w.to => return None,
            () if self.on < w.from => State::Upcoming,
            () if self.on <= w.to => State::Open,
            () if self.on <= w.limit => State::Overdue,
            () => State::Missed,
        };
        let settled = matches!(state, State::Done | State::Excused | State::Missed);
        if settled && self.since.is_some_and(|since| w.to < since) {
            return None;
        }
        let same = |n: i32, d: fn(&Slot) -> (i32, Day)| {
            slot.map(d).filter(|(m, _)| *m == n).map_or_else(|| day(n), |(_, d)| d)
        };
        let window = Span::new(
            same(w.from, |s| (s.days.from, s.span.from)),
            same(w.to, |s| (s.days.to, s.span.to)),
        );
        let owner = match named.post {
            _ if w.note.owner.is_some() => w.note.owner,
            _ if named.default_owner.is_some() => named.default_owner,
            Post::Family => None,
            post => self.holder(post, subject, child, self.today.min(window.to)),
        };
        Some(Duty {
            id: id(&w),
            subject,
            rule: named.rule.clone(),
            kind: named.kind.clone(),
            period: named.period.clone(),
            window,
            state,
            late: w.late,
            done_on: w.done.map(day),
            post: named.post,
            owner,
            moved: w.note.to.is_some(),
            excuse: w.note.excuse.map(Into::into),
            records: w.records,
            tries: w.tries,
        })
    }

    /// Who holds a post for the subject on a day. Where a child has no helping teacher or helper, its class teacher stands in.
    fn holder(&self, post: Post, subject: Subject, child: Option<&Child>, on: Day) -> Option<Id> {
        let find = |post: Post| {
            let class = match subject {
                Subject::Child(_) => child.and_then(|c| c.class_on(on)),
                Subject::Class(id) => Some(id),
                Subject::School(_) => None,
            };
            let best = |target: Option<Id>| {
                let rows = self
                    .posts
                    .get(&(post, target))?
                    .iter()
                    .filter(|r| r.from <= on && r.to.is_none_or(|to| on <= to));
                rows.max_by(|a, b| (a.from, b.account).cmp(&(b.from, a.account)))
                    .map(|r| r.account)
            };
            let own = subject.child().and_then(|id| best(Some(id)));
            own.or_else(|| class.and_then(|id| best(Some(id))))
                .or_else(|| best(None))
        };
        find(post).or_else(|| matches!(post, Post::HelpingTeacher | Post::Helper).then(|| find(Post::ClassTeacher))?)
    }
}

struct Named<'a> {
    rule: &'a Arc<str>,
    kind: &'a Arc<str>,
    period: &'a Arc<str>,
    post: Post,
    default_owner: Option<Id>,
}

fn promised_rule(kind: &str) -> Rule {
    Rule {
        id: FOLLOW_UP.into(),
        kind: kind.into(),
        name: Say {
            zh: String::new(),
            en: String::new(),
        },
        owner: Post::ClassTeacher,
        whom: Whom::AllPupils,
        every: crate::Every::Term,
        outcomes: Vec::new(),
        tag: None,
        also_settled_by: Vec::new(),
        source: Source::School,
        law: None,
        minutes: 0,
    }
}

fn deed<'c>(line: &'c Line, kind: u16, on: i32) -> Option<Deed<'c>> {
    let day = num(line.day);
    (day <= on).then(|| Deed {
        day,
        record: line.record,
        outcome: line.outcome,
        kind,
        tags: &line.tags,
    })
}

fn work<'c>(
    slot: usize,
    id: Option<Id>,
    begin: i32,
    window: Run,
    limit: i32,
    scope: &[Run],
    note: Note<'c>,
) -> Work<'c> {
    let last = scope
        .iter()
        .rev()
        .find_map(|r| r.meet(window))
        .map_or(window.from, |r| r.to);
    Work {
        slot,
        id,
        begin,
        from: window.from,
        to: last,
        limit,
        ended: last < window.to,
        note,
        done: None,
        late: false,
        records: Vec::new(),
        tries: Vec::new(),
    }
}

enum Touch {
    Settles,
    Try,
    Nothing,
}

fn touch(rule: &Compiled, d: &Deed) -> Touch {
    if rule.settled_by(d.kind, d.outcome, d.tags) {
        Touch::Settles
    } else if d.kind == rule.kind_no && d.outcome.is_try() {
        Touch::Try
    } else {
        Touch::Nothing
    }
}

/// Lays the lines, in order of their days, on the owed duties of one rule and subject.
fn lay<'d>(works: &mut [Work], deeds: impl Iterator<Item = &'d Deed<'d>>, how: impl Fn(&Work, &Deed) -> Touch) {
    let mut low = 0;
    let mut settled_by: Option<(i32, Id)> = None;
    for d in deeds {
        if settled_by == Some((d.day, d.record)) {
            continue;
        }
        // what was missed before this day can never be touched again
        while works.get(low).is_some_and(|w| w.to.max(w.limit) < d.day) {
            low += 1;
        }
        let (mut first, mut excused, mut overdue, mut full) = (None, None, None, None);
        let mut tried: Option<(usize, bool)> = None;
        for (i, w) in works.iter().enumerate().skip(low) {
            if w.begin > d.day {
                break; // in order of their periods
            }
            let inside = w.from <= d.day && d.day <= w.to;
            let past = !w.ended && w.to < d.day && d.day <= w.limit;
            if !inside && !past {
                continue;
            }
            match how(w, d) {
                Touch::Settles if inside && w.done.is_some() => full = Some(i),
                Touch::Settles if inside && w.note.excuse.is_some() => excused = excused.or(Some(i)),
                Touch::Settles if inside => first = first.or(Some(i)),
                Touch::Settles if w.done.is_none() && w.note.excuse.is_none() => overdue = overdue.or(Some(i)),
                Touch::Try if w.done.is_none() && w.note.excuse.is_none() => {
                    // an open one before an overdue one, as for a line that settles
                    let better = tried.is_none_or(|(_, was_inside)| inside && !was_inside);
                    tried = if better { Some((i, inside)) } else { tried };
                }
                Touch::Settles | Touch::Try | Touch::Nothing => {}
            }
        }
        if let Some(i) = first.or(excused).or(overdue) {
            let w = &mut works[i];
            w.done = Some(d.day);
            w.late = d.day > w.to;
            w.records.push(d.record);
            settled_by = Some((d.day, d.record));
        } else if let Some(i) = full {
            works[i].records.push(d.record);
            settled_by = Some((d.day, d.record));
        } else if let Some((i, _)) = tried
            && works[i].tries.last() != Some(&d.record)
        {
            works[i].tries.push(d.record);
        }
    }
}

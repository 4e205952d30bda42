//! Random schools, small and full of moves: the cases on which the engine and its slow twin must agree.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tx_base::{Day, Id, Say, Span};
use tx_calendar::{Calendar, Festival, SchoolYear, Term, Window};
use tx_duty::*;

pub fn id(group: u8, n: u64) -> Id {
    let mut bytes = [0u8; 16];
    bytes[0] = group;
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    Id::of(bytes)
}

pub fn plain_rule(rule: &str, kind: &str, owner: Post, whom: Whom) -> Rule {
    Rule {
        id: rule.into(),
        kind: kind.into(),
        name: Say {
            zh: "规则".into(),
            en: "rule".into(),
        },
        owner,
        whom,
        every: Every::Month,
        outcomes: vec![],
        tag: None,
        also_settled_by: vec![],
        source: Source::Account,
        law: None,
        minutes: 10,
    }
}

const KINDS: [&str; 7] = [
    "heart_talk",
    "guardian_talk",
    "home_visit",
    "family_call",
    "family_letter",
    "weekly_contact",
    "guardians_training",
];
const POSTS: [Post; 5] = [
    Post::ClassTeacher,
    Post::HelpingTeacher,
    Post::Counsellor,
    Post::Head,
    Post::Family,
];

/// First day of everything; offsets are days from it. The calendar knows the school years 2025 and 2026.
fn zero() -> Day {
    Day::lit("2025-09-01")
}
const LENGTH: i32 = 640;

#[derive(Debug, Clone)]
pub struct World {
    pub calendar: Calendar,
    pub scheme: Scheme,
    pub children: Vec<Child>,
    pub classes: Vec<Class>,
    pub posts: Vec<PostRow>,
    pub lines: Vec<Line>,
    pub promises: Vec<Promise>,
    /// (which duty, its kind of fact, an offset or account): laid on duties that the case has.
    pub notes: Vec<(usize, u8, i32)>,
    pub on: Day,
    pub upcoming: bool,
}

impl World {
    pub const SCHOOL: u64 = 1;
    pub fn case(&self) -> Case<'_> {
        let mut case = Case::new(&self.calendar, &self.scheme, id(9, World::SCHOOL));
        case.children = self.children.clone();
        case.classes = self.classes.clone();
        case.posts = self.posts.clone();
        case.lines = self.lines.clone();
        case.facts.promises = self.promises.clone();
        case
    }
    /// The case with its excuses, postponements and reassignments, which name duties by id.
    pub fn noted(&self) -> Case<'_> {
        let mut case = self.case();
        let there = duties(&case, zero().plus(LENGTH), true);
        if there.is_empty() {
            return case;
        }
        for &(which, kind, n) in &self.notes {
            let duty = &there[which % there.len()];
            match kind {
                0 => case.facts.excuses.push(Excuse {
                    duty: duty.id,
                    reason: format!("原因{n}"),
                }),
                1 => case.facts.moves.push(Move {
                    duty: duty.id,
                    to: duty.window.to.plus(n % 60 - 10),
                }),
                _ => case.facts.assigns.push(Assign {
                    duty: duty.id,
                    owner: id(3, n.unsigned_abs().into()),
                }),
            }
        }
        case
    }
}

fn offset() -> impl Strategy<Value = i32> {
    0..LENGTH
}

fn spells() -> impl Strategy<Value = Vec<Spell>> {
    // ends before they begin are data faults that must do no harm
    let spell = (-40..LENGTH, option::weighted(0.6, -2..260i32))
        .prop_map(|(a, n)| Spell::new(zero().plus(a), n.map(|n| zero().plus(a + n))));
    prop_oneof![1 => Just(vec![]), 2 => Just(vec![Spell::new(zero().plus(-50), None)]), 5 => vec(spell, 1..4)]
}

fn every() -> impl Strategy<Value = Every> {
    let window = prop_oneof![Just(Window::Start), Just(Window::Middle), Just(Window::End)];
    let feast = proptest::sample::subsequence(Festival::ALL.to_vec(), 1..4);
    let per = proptest::sample::select(Per::ALL.to_vec());
    prop_oneof![
        2 => Just(Every::Week),
        1 => Just(Every::Fortnight),
        4 => Just(Every::Month),
        1 => Just(Every::HalfTerm),
        1 => Just(Every::Term),
        1 => Just(Every::SchoolYear),
        2 => Just(Every::Windows),
        1 => window.prop_map(Every::Window),
        2 => feast.prop_map(Every::Festival),
        2 => (1u8..4, per).prop_map(|(n, per)| Every::Times { n, per }),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let kind = 0..KINDS.len();
    let whom = prop_oneof![
        5 => Just(Whom::LeftBehind), 1 => Just(Whom::Key), 1 => Just(Whom::Paired), 1 => Just(Whom::Boarders), 2 => Just(Whom::AllPupils),
        1 => Just(Whom::EachClass), 1 => Just(Whom::School),
    ];
    let owner = prop_oneof![4 => Just(0usize), 2 => Just(1), 1 => Just(2), 1 => Just(3), 1 => Just(4)];
    let outcomes = prop_oneof![6 => Just(vec![]), 1 => vec(proptest::sample::select(Outcome::ALL.to_vec()), 1..3)];
    let tag = option::weighted(0.15, Just("teaching".to_string()));
    let also = prop_oneof![
        5 => Just(vec![]),
        1 => (0..KINDS.len(), proptest::sample::select(Outcome::ALL.to_vec()), option::weighted(0.3, Just("teaching".to_string())))
            .prop_map(|(k, outcome, tag)| vec![Settles { kind: KINDS[k].into(), outcome, tag }]),
    ];
    (kind, whom, every(), owner, outcomes, tag, also).prop_map(|(kind, whom, every, owner, outcomes, tag, also)| {
        let mut rule = plain_rule("", KINDS[kind], POSTS[owner], whom);
        (rule.every, rule.outcomes, rule.tag, rule.also_settled_by) = (every, outcomes, tag, also);
        rule
    })
}

fn scheme() -> impl Strategy<Value = Scheme> {
    // rule n of every version has the id rn: a later version changes it, drops it or leaves it
    let first = (-60..60i32, vec(rule(), 1..4));
    let later = (0..LENGTH, vec(option::weighted(0.5, rule()), 4), any::<bool>());
    (first, vec(later, 0..3)).prop_map(|((from, rules), later)| {
        let name = |mut rules: Vec<Rule>| {
            rules.iter_mut().enumerate().for_each(|(i, r)| r.id = format!("r{i}"));
            rules
        };
        let mut versions = vec![SchemeVersion {
            from: zero().plus(from),
            rules: name(rules.clone()),
        }];
        for (from, changes, cut) in later {
            let mut now = rules.clone();
            for (i, change) in changes.into_iter().enumerate() {
                match change {
                    Some(rule) if i < now.len() => now[i] = rule,
                    Some(rule) if i == now.len() => now.push(rule),
                    _ => {}
                }
            }
            if cut {
                now.pop();
            }
            versions.push(SchemeVersion {
                from: zero().plus(from),
                rules: name(now),
            });
        }
        Scheme::new(versions)
    })
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let offered = Calendar::default_years(SchoolYear::new(2025), SchoolYear::new(2026));
    let edited = (
        vec((0..LENGTH, 0..9i32), 0..6),
        vec(0..LENGTH, 0..6),
        vec((-9..9i32, -9..9i32), 4),
        1..5usize,
    )
        .prop_map(|(off, work, shift, take)| {
            let offered = Calendar::default_years(SchoolYear::new(2025), SchoolYear::new(2026));
            let mut holidays = offered.holidays().to_vec();
            holidays.extend(off.iter().map(|(a, n)| Span::new(zero().plus(*a), zero().plus(a + n))));
            let mut terms: Vec<Term> = offered.terms().to_vec();
            for (t, (a, b)) in terms.iter_mut().zip(&shift) {
                let year = t.year.span();
                t.from = t.from.plus(*a).max(year.from);
                t.to = t.to.plus(b * 6).max(t.from).min(year.to);
            }
            // two terms never overlap
            for i in 1..terms.len() {
                let before = terms[i - 1].to;
                terms[i].from = terms[i].from.max(before.plus(1));
                terms[i].to = terms[i].to.max(terms[i].from);
            }
            terms.truncate(take);
            Calendar::new(terms, holidays, work.iter().map(|a| zero().plus(*a)).collect())
        });
    prop_oneof![1 => Just(offered), 2 => edited]
}

fn child(n: u64) -> impl Strategy<Value = Child> {
    let stays = prop_oneof![
        2 => Just(vec![(-100i32, None, 0u64)]),
        3 => vec((-20..LENGTH, option::weighted(0.7, -2..200i32), 0u64..3), 0..4),
    ];
    (stays, spells(), spells(), spells(), spells()).prop_map(move |(stays, left_behind, key, paired, boarder)| Child {
        id: id(1, n),
        classes: stays
            .into_iter()
            .map(|(a, len, class)| ClassStay {
                class: id(2, class),
                from: zero().plus(a),
                to: len.map(|l| zero().plus(a + l)),
            })
            .collect(),
        left_behind,
        key,
        paired,
        boarder,
    })
}

fn line() -> impl Strategy<Value = Line> {
    let subject = prop_oneof![8 => (0u64..2).prop_map(|n| Subject::Child(id(1, n))), 1 => (0u64..2).prop_map(|n| Subject::Class(id(2, n))), 1 => Just(Subject::School(id(9, World::SCHOOL)))];
    let outcome = prop_oneof![5 => Just(Outcome::Met), 2 => Just(Outcome::Phone), 2 => Just(Outcome::Tried), 1 => Just(Outcome::Refused)];
    let tags = prop_oneof![3 => Just(vec![]), 1 => Just(vec!["teaching".to_string()])];
    // one record has one day; several lines of it may touch one child
    (subject, -30..LENGTH, 0..KINDS.len(), outcome, tags, 0u64..2).prop_map(|(subject, day, kind, outcome, tags, n)| {
        Line {
            record: id(4, u64::from((day + 100).unsigned_abs()) * 2 + n),
            subject,
            day: zero().plus(day),
            kind: KINDS[kind].into(),
            outcome,
            tags,
        }
    })
}

fn post() -> impl Strategy<Value = PostRow> {
    // few first days, so that two appointments often begin together
    let target = prop_oneof![
        Just((None, None)),
        (0u64..3).prop_map(|c| (None, Some(id(2, c)))),
        (0u64..3).prop_map(|c| (Some(id(1, c)), None))
    ];
    (
        0..POSTS.len(),
        target,
        0u64..6,
        (-1..4i32).prop_map(|n| n * 120),
        option::weighted(0.5, 0..300i32),
    )
        .prop_map(|(post, (child, class), account, from, len)| PostRow {
            post: POSTS[post],
            account: id(3, account),
            child,
            class,
            from: zero().plus(from),
            to: len.map(|n| zero().plus(from + n)),
        })
}

fn promise() -> impl Strategy<Value = Promise> {
    (
        0u64..1000,
        0u64..3,
        0..KINDS.len(),
        offset(),
        0..40i32,
        0u64..2 * 600,
        option::of(0u64..6),
    )
        .prop_map(|(n, child, kind, from, len, record, owner)| Promise {
            id: id(5, n),
            child: id(1, child),
            kind: KINDS[kind].into(),
            from: zero().plus(from),
            to: zero().plus(from + len),
            record: id(4, record),
            owner: owner.map(|o| id(3, o)),
        })
}

pub fn world() -> impl Strategy<Value = World> {
    let people = (
        child(0),
        child(1),
        vec((0u64..2, -100..300i32, option::of(0..400i32)), 0..3),
    );
    let lines = vec(line(), 0..60);
    let facts = (vec(promise(), 0..4), vec((0..10_000usize, 0u8..3, 0..1000i32), 0..8));
    (
        calendar(),
        scheme(),
        people,
        vec(post(), 0..12),
        lines,
        facts,
        offset(),
        any::<bool>(),
    )
        .prop_map(
            |(calendar, scheme, (one, two, classes), posts, mut lines, (mut promises, notes), on, upcoming)| {
                promises.sort_by_key(|p| p.id);
                promises.dedup_by_key(|p| p.id);
                // most lines are of a kind that somebody asks for, and a few days before the day asked about
                let asked: Vec<&Rule> = scheme.versions.iter().flat_map(|v| &v.rules).collect();
                for (i, line) in lines.iter_mut().enumerate().filter(|(i, _)| i % 4 != 0) {
                    let rule = asked[i % asked.len()];
                    line.kind = rule.kind.as_str().into();
                    if i % 3 == 0 {
                        line.tags.extend(rule.tag.clone());
                    }
                    if i % 2 == 0 {
                        let back = line.day.since(zero()).rem_euclid(75);
                        line.day = zero().plus(on - back);
                        line.record = id(
                            4,
                            u64::from((on - back + 100).unsigned_abs()) * 2 + u64::from(i % 3 == 0),
                        );
                    }
                }
                let mut classes: Vec<Class> = classes
                    .into_iter()
                    .map(|(n, a, len)| Class {
                        id: id(2, n),
                        from: zero().plus(a),
                        to: len.map(|l| zero().plus(a + l)),
                    })
                    .collect();
                classes.dedup_by_key(|c| c.id);
                classes.sort_by_key(|c| c.id);
                classes.dedup_by_key(|c| c.id);
                World {
                    calendar,
                    scheme,
                    children: vec![one, two],
                    classes,
                    posts,
                    lines,
                    promises,
                    notes,
                    on: zero().plus(on),
                    upcoming,
                }
            },
        )
}

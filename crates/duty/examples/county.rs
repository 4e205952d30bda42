//! All duties of a county for one day: `cargo run -p tx-duty --example county [CHILDREN]`. Prints counts and times.

use std::time::Instant;
use tx_base::{Day, Id, Say};
use tx_calendar::{Calendar, Festival, SchoolYear};
use tx_duty::*;

fn id(group: u8, n: u64) -> Id {
    let mut bytes = [group; 16];
    bytes[8..].copy_from_slice(&n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    Id::of(bytes)
}

fn rule(name: &str, kind: &str, owner: Post, every: Every) -> Rule {
    let said = Say {
        zh: name.into(),
        en: name.into(),
    };
    let (outcomes, also_settled_by) = (vec![], vec![]);
    Rule {
        id: name.into(),
        kind: kind.into(),
        name: said,
        owner,
        whom: Whom::LeftBehind,
        every,
        outcomes,
        tag: None,
        also_settled_by,
        source: Source::Default,
        law: None,
        minutes: 15,
    }
}

fn main() {
    let children: u64 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(20_000);
    let on = Day::lit("2026-11-24");
    let start = Day::lit("2024-09-01");
    let calendar = Calendar::default_years(SchoolYear::new(2024), SchoolYear::new(2026));
    let feasts = vec![
        Festival::SpringFestival,
        Festival::DragonBoat,
        Festival::MidAutumn,
        Festival::ChildrensDay,
    ];
    let rules = vec![
        rule("talk", "heart_talk", Post::ClassTeacher, Every::Month),
        rule("guardian", "guardian_talk", Post::ClassTeacher, Every::Month),
        rule("letter", "family_call", Post::ClassTeacher, Every::Month),
        rule("visit", "home_visit", Post::HelpingTeacher, Every::Windows),
        rule("festival", "festival_care", Post::Office, Every::Festival(feasts)),
        rule("training", "guardians_training", Post::ClassTeacher, Every::Term),
        rule("essay", "free_essay", Post::ClassTeacher, Every::Week),
        rule("contact", "weekly_contact", Post::Family, Every::Week),
    ];
    let scheme = Scheme::new(vec![SchemeVersion { from: start, rules }]);
    let schools = children.div_ceil(200);
    let kinds = [
        "heart_talk",
        "guardian_talk",
        "family_call",
        "home_visit",
        "free_essay",
        "weekly_contact",
    ]
    .map(std::sync::Arc::from);
    let mut cases: Vec<Case> = Vec::new();
    for school in 0..schools {
        let mut case = Case::new(&calendar, &scheme, id(1, school));
        for n in 0..200u64.min(children - school * 200) {
            let mut child = Child::new(id(2, school * 200 + n));
            child.classes = vec![ClassStay {
                class: id(3, school * 5 + n % 5),
                from: start,
                to: None,
            }];
            child.left_behind = vec![Spell::new(start, None)];
            for k in 0..60u64 {
                let day = start.plus(i32::try_from((k * 13 + n * 7) % 810).unwrap_or(0));
                let kind: &std::sync::Arc<str> = &kinds[usize::try_from(k % 6).unwrap_or(0)];
                case.lines.push(Line {
                    record: id(4, (school * 200 + n) * 60 + k),
                    subject: Subject::Child(child.id),
                    day,
                    kind: kind.clone(),
                    outcome: Outcome::Met,
                    tags: vec![],
                });
            }
            case.children.push(child);
        }
        for c in 0..5 {
            case.posts.push(PostRow {
                post: Post::ClassTeacher,
                account: id(5, school * 5 + c),
                child: None,
                class: Some(id(3, school * 5 + c)),
                from: start,
                to: None,
            });
        }
        cases.push(case);
    }
    for (name, since) in [
        ("of today (since = today)", Some(on)),
        ("of two years and a term", None),
    ] {
        let begin = Instant::now();
        let plan = Plan::new(&calendar, &scheme);
        let ask = Ask { on, until: None, since };
        let (mut count, mut live) = (0, 0);
        for case in &cases {
            let list = plan.ask(case, &ask);
            count += list.len();
            live += list.iter().filter(|d| d.state.is_live()).count();
        }
        println!(
            "{children} children, duties {name}: {count}, {live} live, in {:?}",
            begin.elapsed()
        );
    }
    let begin = Instant::now();
    let case = &cases[0];
    let subject = Subject::Child(case.children[0].id);
    let mut one = Case::new(&calendar, &scheme, case.school);
    one.children = vec![case.children[0].clone()];
    one.lines = case.lines.iter().filter(|l| l.subject == subject).cloned().collect();
    let begin_engine = Instant::now();
    let n = duties_of(&one, subject, on, true).len();
    println!(
        "one child with its plan: {n} in {:?} (with loading {:?})",
        begin_engine.elapsed(),
        begin.elapsed()
    );
}

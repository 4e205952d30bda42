//! Schemes as files, the legal base under them, the week they make, and coverage.

use tx_base::{Day, Id, Say, Span};
use tx_calendar::{Calendar, Festival, SchoolYear, Window};
use tx_duty::*;

const FILE: &str = r#"
from = "2026-09-01"

[[rules]]
id = "contact_weekly"
kind = "weekly_contact"
name = { zh = "父母每周联系", en = "Weekly contact of the parents" }
owner = "family"
whom = "left_behind"
every = "week"
source = "law"
law = "未成年人保护法第二十三条"

[[rules]]
id = "talk_monthly"
kind = "heart_talk"
name = { zh = "谈心", en = "Heart-talk" }
owner = "class_teacher"
whom = "left_behind"
every = "month"
source = "account"
minutes = 20

[[rules]]
id = "visit_festival"
kind = "home_visit"
name = { zh = "节日家访", en = "Festival visit" }
owner = "helping_teacher"
whom = "key"
every = { festival = ["spring_festival", "dragon_boat", "mid_autumn"] }
source = "account"
minutes = 60

[[rules]]
id = "visit_start"
kind = "home_visit"
name = { zh = "期初家访", en = "Visit at the start of term" }
owner = "class_teacher"
whom = "left_behind"
every = { window = "start" }
source = "default"
also_settled_by = [{ kind = "guardian_talk", outcome = "met", tag = "at_home" }]

[[rules]]
id = "lectures"
kind = "lecture"
name = { zh = "讲座", en = "Lectures" }
owner = "office"
whom = "school"
every = { times = { n = 3, per = "school_year" } }
source = "default"
outcomes = ["met"]
"#;

fn version() -> SchemeVersion {
    toml::from_str(FILE).expect("the file reads")
}
fn base() -> Vec<Rule> {
    vec![version().rules[0].clone()]
}

#[test]
fn a_scheme_reads_and_writes() {
    let v = version();
    assert_eq!(v.from, Day::lit("2026-09-01"));
    assert_eq!(
        v.rules[2].every,
        Every::Festival(vec![
            Festival::SpringFestival,
            Festival::DragonBoat,
            Festival::MidAutumn
        ])
    );
    assert_eq!(v.rules[3].every, Every::Window(Window::Start));
    assert_eq!(
        v.rules[4].every,
        Every::Times {
            n: 3,
            per: Per::SchoolYear
        }
    );
    assert_eq!(
        toml::from_str::<SchemeVersion>(&toml::to_string(&v).unwrap()).unwrap(),
        v
    );
    assert_eq!(
        serde_json::from_str::<SchemeVersion>(&serde_json::to_string(&v).unwrap()).unwrap(),
        v
    );
    assert!(
        toml::from_str::<SchemeVersion>(&FILE.replace("minutes = 20", "minuts = 20")).is_err(),
        "an unknown key is an error"
    );
    assert_eq!(v.rules[1].sentence().zh, "班主任：每月，每名留守儿童，谈心");
}

#[test]
fn the_law_cannot_be_lowered() {
    assert_eq!(check(&version(), &base()), Ok(()));
    let said = |change: &dyn Fn(&mut SchemeVersion)| -> Vec<String> {
        let mut v = version();
        change(&mut v);
        check(&v, &base())
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|s: Say| s.zh)
            .collect()
    };
    let law = "“父母每周联系”是法律规定（未成年人保护法第二十三条），";
    assert_eq!(said(&|v| drop(v.rules.remove(0))), [format!("{law}不能去掉")]);
    assert_eq!(
        said(&|v| v.rules[0].every = Every::Month),
        [format!("{law}不能减少次数")]
    );
    assert_eq!(
        said(&|v| v.rules[0].every = Every::Times { n: 20, per: Per::Month }),
        [format!("{law}不能减少次数")],
        "twenty in one week are no weekly contact"
    );
    assert_eq!(said(&|v| v.rules[0].whom = Whom::Key), [format!("{law}不能缩小对象")]);
    assert_eq!(
        said(&|v| v.rules[0].owner = Post::Head),
        [format!("{law}记录种类、责任人和出处不能改")]
    );
    assert_eq!(
        said(&|v| v.rules[0].also_settled_by = vec![Settles {
            kind: "gift".into(),
            outcome: Outcome::Met,
            tag: None
        }]),
        [format!("{law}不能用别的方式代替")]
    );
    assert!(
        said(&|v| v.rules[0].every = Every::Times { n: 2, per: Per::Week }).is_empty(),
        "more is allowed"
    );
    assert!(
        said(&|v| v.rules[0].whom = Whom::AllPupils).is_empty(),
        "for more children too"
    );
    let mut bare = version();
    bare.rules.remove(0);
    assert_eq!(check(&bare.over(&base()), &base()), Ok(()));
}

#[test]
fn other_faults_of_a_version_are_named() {
    let said = |change: &dyn Fn(&mut SchemeVersion)| {
        let mut v = version();
        change(&mut v);
        check(&v, &base()).err().unwrap_or_default().len()
    };
    assert_eq!(said(&|v| v.rules[1].id = "lectures".into()), 1);
    assert_eq!(said(&|v| v.rules[1].id.clear()), 1);
    assert_eq!(said(&|v| v.rules[4].every = Every::Times { n: 0, per: Per::Term }), 1);
    assert_eq!(said(&|v| v.rules[2].every = Every::Festival(vec![])), 1);
    assert_eq!(said(&|v| v.rules[1].outcomes = vec![Outcome::Tried]), 1);
    assert_eq!(said(&|v| v.rules[1].source = Source::Law), 1);
}

#[test]
fn the_version_of_a_day() {
    let later = SchemeVersion {
        from: Day::lit("2026-11-01"),
        rules: vec![],
    };
    let scheme = Scheme::new(vec![later, version()]);
    assert!(scheme.on(Day::lit("2026-08-31")).is_none());
    assert_eq!(scheme.on(Day::lit("2026-10-31")).map(|v| v.rules.len()), Some(5));
    assert_eq!(scheme.on(Day::lit("2026-11-01")).map(|v| v.rules.len()), Some(0));
    assert_eq!(scheme.rule("talk_monthly").map(|r| r.minutes), Some(20));
}

#[test]
fn the_week_of_a_scheme() {
    let year = SchoolYear::new(2026);
    let calendar = Calendar::default_years(year, year);
    let counts = Counts {
        left_behind: 41,
        key: 4,
        schools: 1,
        ..Counts::default()
    };
    let loads = hours_per_week(&version(), &calendar, year, &counts);
    let weeks = 21.0 + 20.0;
    let teacher = loads.iter().find(|l| l.post == Post::ClassTeacher).unwrap();
    // nine months with ten teaching days, 41 children, 20 minutes; visits carry no minutes here
    assert!(
        (teacher.minutes - 9.0 * 41.0 * 20.0 / weeks).abs() < 1e-9,
        "{}",
        teacher.minutes
    );
    assert!(
        (teacher.items - (9.0 + 2.0) * 41.0 / weeks).abs() < 1e-9,
        "{}",
        teacher.items
    );
    let helper = loads.iter().find(|l| l.post == Post::HelpingTeacher).unwrap();
    assert!((helper.minutes - 3.0 * 4.0 * 60.0 / weeks).abs() < 1e-9);
    assert!(hours_per_week(&version(), &calendar, year.next(), &counts).is_empty());
}

#[test]
fn coverage_by_rule_and_week() {
    let year = SchoolYear::new(2026);
    let calendar = Calendar::default_years(year, year);
    let scheme = Scheme::new(vec![version()]);
    let person = |n: u8| Id::of([n; 16]);
    let mut case = Case::new(&calendar, &scheme, person(9));
    for n in 1..=4 {
        let mut child = Child::new(person(n));
        child.classes = vec![ClassStay {
            class: person(100 + n % 2),
            from: Day::lit("2026-09-01"),
            to: None,
        }];
        child.left_behind = vec![Spell::new(Day::lit("2026-09-01"), None)];
        case.children.push(child);
    }
    let mut talk = |n: u8, day: &str, record: u8| {
        case.lines.push(Line {
            record: person(record),
            subject: Subject::Child(person(n)),
            day: Day::lit(day),
            kind: "heart_talk".into(),
            outcome: Outcome::Met,
            tags: vec![],
        });
    };
    talk(1, "2026-09-10", 50);
    talk(2, "2026-09-22", 51);
    talk(3, "2026-10-02", 52);
    talk(3, "2026-10-03", 53);
    let on = Day::lit("2026-10-31");
    let all: Vec<Duty> = duties(&case, on, false)
        .into_iter()
        .filter(|d| &*d.rule == "talk_monthly")
        .collect();
    let sum = coverage(&all);
    assert_eq!(
        (sum.owed, sum.done, sum.late, sum.open, sum.overdue),
        (8, 4, 1, 3, 1),
        "{sum:?}"
    );
    assert_eq!(sum.percent(), Some(50.0));
    let by = coverage_by(&all, |d| {
        case.children
            .iter()
            .find(|c| Some(c.id) == d.subject.child())?
            .class_on(on)
    });
    assert_eq!(by.values().map(|c| c.owed).collect::<Vec<_>>(), [4, 4]);
    let term = calendar.term(year, 1).unwrap();
    let weeks: Vec<Span> = calendar.weeks(&term);
    let shares: Vec<(u32, u32)> = in_time_by_week(&all, &weeks, on)
        .iter()
        .map(|s| (s.done, s.owed))
        .collect();
    // weeks end on 6, 13, 20, 27 September, 4, 11, 18, 25 October; the last one runs
    assert_eq!(
        shares,
        [(0, 0), (1, 1), (1, 1), (2, 2), (3, 5), (3, 5), (3, 5), (3, 5), (3, 5)]
    );
}

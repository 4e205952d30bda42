//! Each sentence of schemes.md, "What a duty is, exactly", with days taken from the calendar of 2026–2027.

use tx_base::{Day, Id, Say, Span};
use tx_calendar::{Calendar, Festival, SchoolYear, Window};
use tx_duty::*;

fn d(s: &str) -> Day {
    Day::lit(s)
}
fn id(n: u8) -> Id {
    Id::of([n; 16])
}
fn rule(name: &str, kind: &str, every: Every) -> Rule {
    let said = Say {
        zh: name.into(),
        en: name.into(),
    };
    let (outcomes, also_settled_by) = (vec![], vec![]);
    Rule {
        id: name.into(),
        kind: kind.into(),
        name: said,
        owner: Post::ClassTeacher,
        whom: Whom::LeftBehind,
        every,
        outcomes,
        tag: None,
        also_settled_by,
        source: Source::Account,
        law: None,
        minutes: 15,
    }
}

/// A school with one child that has been left behind in class 1 for long, and the rules given, in force since 2025.
struct World {
    calendar: Calendar,
    scheme: Scheme,
    child: Child,
    classes: Vec<Class>,
    posts: Vec<PostRow>,
    lines: Vec<Line>,
    facts: Facts,
}

const CHILD: u8 = 1;
const SCHOOL: u8 = 9;

impl World {
    fn new(rules: Vec<Rule>) -> World {
        let mut child = Child::new(id(CHILD));
        child.classes = vec![ClassStay {
            class: id(101),
            from: d("2025-09-01"),
            to: None,
        }];
        child.left_behind = vec![Spell::new(d("2025-09-01"), None)];
        World {
            calendar: Calendar::default_years(SchoolYear::new(2025), SchoolYear::new(2026)),
            scheme: Scheme::new(vec![SchemeVersion {
                from: d("2025-09-01"),
                rules,
            }]),
            child,
            classes: vec![],
            posts: vec![],
            lines: vec![],
            facts: Facts::default(),
        }
    }
    fn line(&mut self, record: u8, day: &str, kind: &str, outcome: Outcome) -> &mut Line {
        self.lines.push(Line {
            record: id(record),
            subject: Subject::Child(id(CHILD)),
            day: d(day),
            kind: kind.into(),
            outcome,
            tags: vec![],
        });
        self.lines.last_mut().unwrap()
    }
    fn all(&self, on: &str, upcoming: bool) -> Vec<Duty> {
        let mut case = Case::new(&self.calendar, &self.scheme, id(SCHOOL));
        case.children = vec![self.child.clone()];
        case.classes = self.classes.clone();
        case.posts = self.posts.clone();
        case.lines = self.lines.clone();
        case.facts = self.facts.clone();
        duties(&case, d(on), upcoming)
    }
    fn find(&self, on: &str, period: &str) -> Option<Duty> {
        self.all(on, true).into_iter().find(|duty| &*duty.period == period)
    }
    fn get(&self, on: &str, period: &str) -> Duty {
        self.find(on, period)
            .unwrap_or_else(|| panic!("no duty of {period} on {on}"))
    }
    fn state(&self, on: &str, period: &str) -> State {
        self.get(on, period).state
    }
    fn key(&self, rule: &str, period: &str) -> Id {
        duty_id(Subject::Child(id(CHILD)), rule, period)
    }
}

fn monthly() -> World {
    World::new(vec![rule("talk", "heart_talk", Every::Month)])
}

#[test]
fn identity_is_subject_rule_period() {
    let w = monthly();
    let one = w.get("2026-11-24", "2026-11");
    assert_eq!(one.id, w.key("talk", "2026-11"));
    assert_eq!(one.id, w.get("2027-01-05", "2026-11").id);
    let others = [
        w.key("talk", "2026-10"),
        w.key("tal", "k2026-11"),
        duty_id(Subject::Class(id(CHILD)), "talk", "2026-11"),
        duty_id(Subject::Child(id(2)), "talk", "2026-11"),
    ];
    for other in others {
        assert_ne!(one.id, other);
    }
    // written notes point at these ids: they may never change from one release to the next
    assert_eq!(
        duty_id(Subject::Child(Id::NIL), "talk_monthly", "2026-11").to_string(),
        PINNED
    );
}
const PINNED: &str = "5f05e630-05f5-82f0-9185-633164c12545";

#[test]
fn a_period_follows_the_version_of_its_first_day() {
    let mut w = monthly();
    w.scheme.versions.push(SchemeVersion {
        from: d("2026-11-10"),
        rules: vec![rule("talk", "heart_talk", Every::Fortnight)],
    });
    let keys: Vec<String> = w
        .all("2026-12-31", false)
        .iter()
        .filter(|x| x.window.from >= d("2026-10-01"))
        .map(|x| x.period.to_string())
        .collect();
    // November began under the monthly version; the fortnight of 9 November too, so it is not owed
    assert_eq!(keys, ["2026-10", "2026-11", "2026-1:f07", "2026-1:f08", "2026-1:f09"]);
    w.scheme.versions[0].from = d("2026-10-02");
    assert!(
        w.find("2026-12-31", "2026-10").is_none(),
        "a period before the first version follows none"
    );
}

#[test]
fn owed_from_five_teaching_days_of_scope() {
    let mut w = monthly();
    w.child.left_behind = vec![Spell::new(d("2026-11-24"), None)];
    let duty = w.get("2026-11-24", "2026-11");
    assert_eq!(
        duty.window,
        Span::new(d("2026-11-24"), d("2026-11-30")),
        "24 to 27 and 30 November are five"
    );
    assert!(w.find("2026-11-24", "2026-10").is_none());
    w.child.left_behind[0].from = d("2026-11-25");
    assert!(w.find("2026-11-25", "2026-11").is_none(), "four are not enough");
    w.child.left_behind = vec![
        Spell::new(d("2026-11-02"), Some(d("2026-11-04"))),
        Spell::new(d("2026-11-26"), None),
    ];
    assert_eq!(
        w.get("2026-11-30", "2026-11").window,
        Span::new(d("2026-11-02"), d("2026-11-30")),
        "two stretches add up; the gap lies inside"
    );
}

#[test]
fn scope_is_only_while_at_the_school() {
    let mut w = monthly();
    w.child.classes = vec![ClassStay {
        class: id(101),
        from: d("2026-11-20"),
        to: None,
    }];
    assert_eq!(w.get("2026-11-24", "2026-11").window.from, d("2026-11-20"));
    assert!(w.find("2026-11-24", "2026-10").is_none());
    w.child.classes.clear();
    assert!(w.all("2026-11-24", true).is_empty());
}

#[test]
fn a_festival_outside_school_days_counts_any_day() {
    let mut w = World::new(vec![rule(
        "visit",
        "home_visit",
        Every::Festival(vec![Festival::SpringFestival, Festival::DragonBoat, Festival::NewYear]),
    )]);
    assert_eq!(
        w.get("2026-02-10", "spring_festival-2026").window,
        Span::new(d("2026-02-02"), d("2026-03-04"))
    );
    assert_eq!(w.state("2026-06-20", "dragon_boat-2026"), State::Open);
    assert_eq!(
        w.state("2026-01-01", "new_year-2026"),
        State::Open,
        "a window of one day asks for that day"
    );
    w.child.left_behind = vec![Spell::new(d("2026-03-01"), None)];
    assert!(
        w.find("2026-03-02", "spring_festival-2026").is_none(),
        "four days of the window"
    );
}

#[test]
fn a_line_settles_its_period_early_or_late_in_the_window_alike() {
    for day in ["2026-11-01", "2026-11-15", "2026-11-30"] {
        let mut w = monthly();
        w.line(50, day, "heart_talk", Outcome::Met);
        let duty = w.get("2026-11-30", "2026-11");
        assert_eq!(
            (duty.state, duty.late, duty.records, duty.done_on),
            (State::Done, false, vec![id(50)], Some(d(day)))
        );
        assert_ne!(w.state("2026-11-30", "2026-10"), State::Done);
    }
}

#[test]
fn a_line_of_tomorrow_is_not_there_today() {
    let mut w = monthly();
    w.line(50, "2026-11-25", "heart_talk", Outcome::Met);
    assert_eq!(w.state("2026-11-24", "2026-11"), State::Open);
    assert_eq!(w.state("2026-11-25", "2026-11"), State::Done);
}

#[test]
fn a_line_after_the_window_settles_the_oldest_overdue() {
    // the start window ends on 27 September, the next one of the rule on 22 November
    let mut w = World::new(vec![rule("visit", "home_visit", Every::Windows)]);
    w.line(50, "2026-10-12", "home_visit", Outcome::Met);
    let duty = w.get("2026-11-24", "2026-1:start");
    assert_eq!(
        (duty.state, duty.late, duty.done_on),
        (State::Done, true, Some(d("2026-10-12")))
    );
    assert_eq!(w.state("2026-11-24", "2026-1:middle"), State::Overdue);
}

#[test]
fn the_first_talk_of_a_month_is_its_own_and_the_second_makes_good_the_last() {
    let mut w = monthly();
    w.line(50, "2026-11-03", "heart_talk", Outcome::Met);
    assert_eq!(w.state("2026-11-24", "2026-10"), State::Overdue);
    w.line(51, "2026-11-05", "heart_talk", Outcome::Met);
    let (october, november) = (w.get("2026-11-24", "2026-10"), w.get("2026-11-24", "2026-11"));
    assert_eq!(
        (october.state, october.late, october.records),
        (State::Done, true, vec![id(51)])
    );
    assert_eq!(
        (november.state, november.late, november.records),
        (State::Done, false, vec![id(50)])
    );
    // September was missed when October was over: nothing settles it any more
    w.line(52, "2026-11-06", "heart_talk", Outcome::Met);
    assert_eq!(w.state("2026-11-24", "2026-09"), State::Missed);
    assert_eq!(
        w.get("2026-11-24", "2026-11").records,
        [id(50), id(52)],
        "one with nothing left to settle stands with its month"
    );
}

#[test]
fn a_record_written_late_counts_by_its_day() {
    let mut w = monthly();
    w.line(50, "2026-11-20", "heart_talk", Outcome::Met);
    w.line(49, "2026-10-20", "heart_talk", Outcome::Met);
    assert_eq!(w.get("2026-11-24", "2026-10").records, [id(49)]);
    assert!(!w.get("2026-11-24", "2026-10").late);
}

#[test]
fn only_met_settles_and_for_two_kinds_a_phone_call() {
    let table = [
        ("heart_talk", "heart_talk", Outcome::Met, true),
        ("heart_talk", "heart_talk", Outcome::Phone, false),
        ("heart_talk", "heart_talk", Outcome::Tried, false),
        ("heart_talk", "heart_talk", Outcome::Refused, false),
        ("guardian_talk", "guardian_talk", Outcome::Phone, true),
        ("family_call", "family_call", Outcome::Phone, true),
        ("home_visit", "home_visit", Outcome::Phone, false),
        ("guardian_talk", "home_visit", Outcome::Phone, true),
        ("guardian_talk", "home_visit", Outcome::Met, false),
        ("guardian_talk", "guardian_talk", Outcome::Tried, false),
        ("heart_talk", "home_visit", Outcome::Met, false),
        ("weekly_contact", "family_call", Outcome::Met, true),
        ("weekly_contact", "family_call", Outcome::Phone, true),
        ("weekly_contact", "family_letter", Outcome::Met, true),
        ("weekly_contact", "family_letter", Outcome::Tried, false),
        ("guardians_training", "home_visit", Outcome::Met, false),
    ];
    for (asked, kind, outcome, settles) in table {
        let mut w = World::new(vec![rule("r", asked, Every::Month)]);
        w.line(50, "2026-11-10", kind, outcome);
        assert_eq!(
            w.state("2026-11-24", "2026-11") == State::Done,
            settles,
            "{asked} by {kind} {outcome:?}"
        );
    }
}

#[test]
fn one_line_may_settle_several_rules() {
    let mut w = World::new(vec![
        rule("visit", "home_visit", Every::Window(Window::Middle)),
        rule("training", "guardians_training", Every::Term),
    ]);
    w.line(50, "2026-11-10", "home_visit", Outcome::Met)
        .tags
        .push("teaching".into());
    assert_eq!(w.state("2026-11-24", "2026-1:middle"), State::Done);
    assert_eq!(w.state("2026-11-24", "2026-1"), State::Done);
}

#[test]
fn open_then_overdue_to_the_end_of_the_next_window_then_missed() {
    let w = monthly();
    let table = [
        ("2026-10-31", State::Open),
        ("2026-11-01", State::Overdue),
        ("2026-11-30", State::Overdue),
        ("2026-12-01", State::Missed),
    ];
    for (on, state) in table {
        assert_eq!(w.state(on, "2026-10"), state, "{on}");
    }
    assert!(
        w.all("2026-09-30", false).iter().all(|x| &*x.period != "2026-10"),
        "only windows begun"
    );
    assert_eq!(w.state("2026-09-30", "2026-10"), State::Upcoming, "unless asked for");
    // over the summer June stays overdue until September is over
    assert_eq!(w.state("2026-09-30", "2026-06"), State::Overdue);
}

#[test]
fn thirty_days_where_no_window_follows() {
    let mut w = World::new(vec![rule("visit", "home_visit", Every::Window(Window::Start))]);
    w.scheme.versions.push(SchemeVersion {
        from: d("2026-10-01"),
        rules: vec![],
    });
    assert_eq!(w.state("2026-10-27", "2026-1:start"), State::Overdue);
    assert_eq!(w.state("2026-10-28", "2026-1:start"), State::Missed);
}

#[test]
fn a_try_is_shown_and_changes_nothing() {
    let mut w = World::new(vec![rule("visit", "home_visit", Every::Windows)]);
    w.line(50, "2026-11-02", "home_visit", Outcome::Tried);
    w.line(51, "2026-11-23", "home_visit", Outcome::Refused);
    let duty = w.get("2026-11-24", "2026-1:middle");
    assert_eq!(
        (duty.state, duty.tries, duty.records),
        (State::Overdue, vec![id(50), id(51)], vec![])
    );
}

#[test]
fn excused_is_counted_apart_and_a_deed_is_stronger() {
    let mut w = monthly();
    w.facts.excuses.push(Excuse {
        duty: w.key("talk", "2026-11"),
        reason: "住院".into(),
    });
    let duty = w.get("2026-11-24", "2026-11");
    assert_eq!((duty.state, duty.excuse.as_deref()), (State::Excused, Some("住院")));
    assert_eq!(w.state("2027-03-01", "2026-11"), State::Excused);
    let sum = coverage(&w.all("2026-11-24", false));
    assert_eq!(
        (sum.excused, sum.owed),
        (1, w.all("2026-11-24", false).len() as u32 - 1)
    );
    w.line(50, "2026-11-25", "heart_talk", Outcome::Met);
    assert_eq!(w.state("2026-11-25", "2026-11"), State::Done);
}

#[test]
fn a_moved_duty_has_another_last_day() {
    let mut w = monthly();
    w.facts.moves.push(Move {
        duty: w.key("talk", "2026-10"),
        to: d("2026-11-15"),
    });
    let duty = w.get("2026-11-10", "2026-10");
    assert_eq!(
        (duty.state, duty.window, duty.moved),
        (State::Open, Span::new(d("2026-10-01"), d("2026-11-15")), true)
    );
    assert_eq!(w.state("2026-11-16", "2026-10"), State::Overdue);
    w.line(50, "2026-11-12", "heart_talk", Outcome::Met);
    assert_eq!(
        w.state("2026-11-24", "2026-10"),
        State::Done,
        "the older one first where two windows are open"
    );
    assert!(!w.get("2026-11-24", "2026-10").late);
    assert_eq!(w.state("2026-11-24", "2026-11"), State::Open);
}

#[test]
fn ended_episodes_end_open_duties_and_reopening_restores_only_those() {
    let mut w = monthly();
    w.child.left_behind = vec![Spell::new(d("2025-09-01"), Some(d("2026-11-12")))];
    assert_eq!(w.get("2026-11-12", "2026-11").window.to, d("2026-11-12"));
    assert_eq!(w.state("2026-11-12", "2026-11"), State::Open);
    assert!(w.find("2026-11-13", "2026-11").is_none(), "open when the episode ended");
    assert_eq!(
        w.state("2026-11-13", "2026-10"),
        State::Overdue,
        "overdue before: it was owed"
    );
    assert!(w.find("2026-12-10", "2026-12").is_none());
    w.line(50, "2026-11-20", "heart_talk", Outcome::Met);
    assert!(
        w.find("2026-11-24", "2026-11").is_none(),
        "a line after the end settles nothing of it"
    );
    w.child.left_behind[0].to = None;
    assert_eq!(w.state("2026-11-24", "2026-11"), State::Done);
    assert_eq!(
        w.state("2026-11-24", "2026-09"),
        State::Missed,
        "what was missed stays so"
    );
}

#[test]
fn what_was_done_before_the_end_stays_done() {
    let mut w = monthly();
    w.child.left_behind = vec![Spell::new(d("2025-09-01"), Some(d("2026-11-12")))];
    w.line(50, "2026-11-05", "heart_talk", Outcome::Met);
    assert_eq!(w.state("2026-11-24", "2026-11"), State::Done);
}

#[test]
fn a_second_departure_begins_anew() {
    let mut w = monthly();
    w.child.left_behind = vec![
        Spell::new(d("2025-09-01"), Some(d("2026-10-09"))),
        Spell::new(d("2026-12-07"), None),
    ];
    let keys: Vec<String> = w
        .all("2026-12-10", false)
        .iter()
        .filter(|x| x.window.from >= d("2026-09-01"))
        .map(|x| x.period.to_string())
        .collect();
    assert_eq!(keys, ["2026-09", "2026-12"]);
}

#[test]
fn the_owner_is_who_holds_the_post_on_the_day_or_at_the_end() {
    let mut w = monthly();
    let post = |post, account, child: Option<u8>, class: Option<u8>, from: &str, to: Option<&str>| PostRow {
        post,
        account: id(account),
        child: child.map(id),
        class: class.map(id),
        from: d(from),
        to: to.map(d),
    };
    w.posts = vec![
        post(
            Post::ClassTeacher,
            20,
            None,
            Some(101),
            "2025-09-01",
            Some("2026-11-09"),
        ),
        post(Post::ClassTeacher, 21, None, Some(101), "2026-11-10", None),
        post(Post::ClassTeacher, 22, None, Some(102), "2025-09-01", None),
    ];
    assert_eq!(w.get("2026-11-05", "2026-11").owner, Some(id(20)));
    assert_eq!(w.get("2026-11-24", "2026-11").owner, Some(id(21)));
    assert_eq!(
        w.get("2026-11-24", "2026-10").owner,
        Some(id(20)),
        "the end of October's window"
    );
    w.child.classes = vec![
        ClassStay {
            class: id(101),
            from: d("2025-09-01"),
            to: Some(d("2026-11-15")),
        },
        ClassStay {
            class: id(102),
            from: d("2026-11-16"),
            to: None,
        },
    ];
    assert_eq!(
        w.get("2026-11-24", "2026-11").owner,
        Some(id(22)),
        "the class of the day"
    );
    w.facts.assigns.push(Assign {
        duty: w.key("talk", "2026-11"),
        owner: id(30),
    });
    assert_eq!(
        w.get("2026-11-24", "2026-11").owner,
        Some(id(30)),
        "a reassignment overrides"
    );
    assert_eq!(w.get("2026-11-24", "2026-10").owner, Some(id(20)));
}

#[test]
fn a_helping_teacher_before_the_class_teacher_and_nobody_for_the_family() {
    let mut helped = rule("help", "heart_talk", Every::Month);
    helped.owner = Post::HelpingTeacher;
    let mut w = World::new(vec![helped]);
    w.posts = vec![PostRow {
        post: Post::ClassTeacher,
        account: id(20),
        child: None,
        class: Some(id(101)),
        from: d("2025-09-01"),
        to: None,
    }];
    assert_eq!(w.get("2026-11-24", "2026-11").owner, Some(id(20)), "stands in");
    w.posts.push(PostRow {
        post: Post::HelpingTeacher,
        account: id(21),
        child: Some(id(CHILD)),
        class: None,
        from: d("2026-11-01"),
        to: None,
    });
    assert_eq!(w.get("2026-11-24", "2026-11").owner, Some(id(21)));

    let mut contact = rule("contact", "weekly_contact", Every::Week);
    contact.owner = Post::Family;
    let mut w = World::new(vec![contact]);
    w.posts = vec![PostRow {
        post: Post::Family,
        account: id(20),
        child: None,
        class: None,
        from: d("2025-09-01"),
        to: None,
    }];
    let duty = w.get("2026-11-24", "2026-1:w13");
    assert_eq!((duty.owner, duty.is_staff()), (None, false));
    assert_eq!(coverage(&w.all("2026-11-24", false)), Coverage::default());
}

#[test]
fn a_promise_is_a_duty_of_its_own() {
    let mut w = World::new(vec![]);
    w.posts = vec![PostRow {
        post: Post::ClassTeacher,
        account: id(20),
        child: None,
        class: Some(id(101)),
        from: d("2025-09-01"),
        to: None,
    }];
    let promise = Promise {
        id: id(70),
        child: id(CHILD),
        kind: "home_visit".into(),
        from: d("2026-10-12"),
        to: d("2026-10-18"),
        record: id(50),
        owner: None,
    };
    w.facts.promises.push(promise.clone());
    w.line(50, "2026-10-12", "home_visit", Outcome::Met);
    let period = id(70).to_string();
    let duty = w.get("2026-10-18", &period);
    assert_eq!(
        (duty.state, &*duty.rule, duty.owner),
        (State::Open, FOLLOW_UP, Some(id(20))),
        "the promising record does not keep its own promise"
    );
    assert_eq!(w.state("2026-11-17", &period), State::Overdue);
    assert_eq!(w.state("2026-11-18", &period), State::Missed);
    w.line(51, "2026-10-25", "home_visit", Outcome::Met);
    let duty = w.get("2026-11-24", &period);
    assert_eq!((duty.state, duty.late), (State::Done, true));
    w.facts.promises[0].owner = Some(id(21));
    assert_eq!(w.get("2026-11-24", &period).owner, Some(id(21)));
}

#[test]
fn times_ask_for_as_many_records() {
    let mut w = World::new(vec![rule("essay", "free_essay", Every::Times { n: 2, per: Per::Term })]);
    w.line(50, "2026-10-12", "free_essay", Outcome::Met);
    w.line(50, "2026-10-12", "free_essay", Outcome::Met);
    assert_eq!(w.state("2026-11-24", "2026-1#1"), State::Done);
    assert_eq!(
        w.state("2026-11-24", "2026-1#2"),
        State::Open,
        "two lines of one record are one"
    );
    w.line(51, "2026-10-13", "free_essay", Outcome::Met);
    assert_eq!(w.state("2026-11-24", "2026-1#2"), State::Done);
}

#[test]
fn classes_and_the_school_owe_too() {
    let mut meeting = rule("meeting", "guardians_meeting", Every::HalfTerm);
    meeting.whom = Whom::EachClass;
    let mut survey = rule("survey", "survey", Every::Term);
    (survey.whom, survey.owner) = (Whom::School, Post::Office);
    let mut w = World::new(vec![meeting, survey]);
    w.classes = vec![Class {
        id: id(101),
        from: d("2026-09-01"),
        to: None,
    }];
    w.posts = vec![
        PostRow {
            post: Post::ClassTeacher,
            account: id(20),
            child: None,
            class: Some(id(101)),
            from: d("2025-09-01"),
            to: None,
        },
        PostRow {
            post: Post::Office,
            account: id(25),
            child: None,
            class: None,
            from: d("2025-09-01"),
            to: None,
        },
    ];
    w.lines.push(Line {
        record: id(50),
        subject: Subject::Class(id(101)),
        day: d("2026-10-12"),
        kind: "guardians_meeting".into(),
        outcome: Outcome::Met,
        tags: vec![],
    });
    let half = w.get("2026-11-24", "2026-1:h1");
    assert_eq!(
        (half.subject, half.state, half.owner),
        (Subject::Class(id(101)), State::Done, Some(id(20)))
    );
    assert!(w.find("2026-11-24", "2025-1:h1").is_none(), "the class did not exist");
    let term = w.get("2026-11-24", "2026-1");
    assert_eq!(
        (term.subject, term.state, term.owner),
        (Subject::School(id(SCHOOL)), State::Open, Some(id(25)))
    );
}

#[test]
fn since_leaves_out_what_is_settled_and_long_over() {
    let mut w = monthly();
    w.line(50, "2026-11-05", "heart_talk", Outcome::Met);
    let mut case = Case::new(&w.calendar, &w.scheme, id(SCHOOL));
    (case.children, case.lines) = (vec![w.child.clone()], w.lines.clone());
    let plan = Plan::new(&w.calendar, &w.scheme);
    let keys = |since: &str| -> Vec<String> {
        let ask = Ask {
            on: d("2026-11-24"),
            until: None,
            since: Some(d(since)),
        };
        plan.ask(&case, &ask).iter().map(|x| x.period.to_string()).collect()
    };
    assert_eq!(keys("2026-11-01"), ["2026-10", "2026-11"], "the overdue one stays");
    assert_eq!(keys("2026-12-01"), ["2026-10"]);
}

#[test]
fn duty_as_json() {
    let w = monthly();
    let json = serde_json::to_value(w.get("2026-11-24", "2026-11")).unwrap();
    assert_eq!(json["child"], id(CHILD).to_string());
    assert_eq!(
        (
            json["state"].as_str(),
            json["window"]["from"].as_str(),
            json["rule"].as_str()
        ),
        (Some("open"), Some("2026-11-01"), Some("talk"))
    );
}

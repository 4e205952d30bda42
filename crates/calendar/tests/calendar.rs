//! Terms, weeks, windows, words: tables with days taken from a printed calendar, and properties.

use proptest::prelude::*;
use tx_base::{Day, Lang, Span};
use tx_calendar::{Calendar, Festival, SchoolYear, Term, Window, describe};

fn d(s: &str) -> Day {
    Day::lit(s)
}
fn span(a: &str, b: &str) -> Span {
    Span::new(d(a), d(b))
}
fn calendar() -> Calendar {
    Calendar::default_years(SchoolYear::new(2024), SchoolYear::new(2027))
}

#[test]
fn school_years() {
    let y = SchoolYear::new(2026);
    assert_eq!((y.name().as_str(), y.code().as_str()), ("2026—2027学年度", "2026-2027"));
    for text in ["2026-2027", "2026—2027学年度", " 2026-2027学年 ", "2026/2027"] {
        assert_eq!(SchoolYear::parse(text), Ok(y), "{text}");
    }
    for text in [
        "2026",
        "2026-2028",
        "26-27",
        "2026-2027-1",
        "",
        "-2026-2027",
        "2027-2026",
        "abcd-abce",
    ] {
        assert!(SchoolYear::parse(text).is_err(), "{text}");
    }
    assert_eq!(SchoolYear::of(d("2026-08-31")), y.before());
    assert_eq!(SchoolYear::of(d("2026-09-01")), y);
    assert_eq!(y.span(), span("2026-09-01", "2027-08-31"));
    assert_eq!(serde_json::to_string(&y).unwrap(), "\"2026-2027\"");
    assert_eq!(serde_json::from_str::<SchoolYear>("\"2026-2027\"").unwrap(), y);
}

#[test]
fn the_offered_terms() {
    let terms: Vec<String> = calendar()
        .terms()
        .iter()
        .map(|t| format!("{} {} {}", t.key(), t.from, t.to))
        .collect();
    assert_eq!(
        terms,
        [
            "2024-1 2024-09-02 2025-01-10",
            "2024-2 2025-02-17 2025-07-04",
            "2025-1 2025-09-01 2026-01-30",
            "2025-2 2026-03-09 2026-07-10",
            "2026-1 2026-09-01 2027-01-22",
            "2026-2 2027-02-22 2027-07-09",
            "2027-1 2027-09-01 2028-01-07",
            "2027-2 2028-02-14 2028-07-07",
        ]
    );
    assert!(calendar().faults().is_empty());
}

#[test]
fn teaching_days() {
    let c = calendar();
    let table = [
        ("2026-11-24", true),
        ("2026-11-22", false),
        ("2026-10-01", false),
        ("2026-10-07", false),
        ("2026-10-08", true),
        ("2026-09-25", false),
        ("2026-01-01", false),
        ("2026-01-30", true),
        ("2026-01-31", false),
        ("2026-02-17", false),
        ("2026-05-05", false),
        ("2026-05-06", true),
        ("2025-10-08", false),
        ("2025-10-09", true),
        ("2026-06-19", false),
        ("2027-04-05", false),
    ];
    for (day, yes) in table {
        assert_eq!(c.is_teaching_day(d(day)), yes, "{day}");
    }
    assert_eq!(c.teaching_days(span("2026-11-01", "2026-11-30")), 21);
    assert_eq!(c.teaching_days(span("2026-11-30", "2026-11-01")), 0);
    assert_eq!(
        c.teaching_days(span("1990-01-01", "2100-01-01")),
        c.teaching_days(c.known().unwrap())
    );
}

#[test]
fn a_make_up_day_is_taught() {
    let c = calendar();
    let with = Calendar::new(
        c.terms().to_vec(),
        c.holidays().to_vec(),
        vec![d("2026-10-10"), d("2026-08-01")],
    );
    assert!(with.is_teaching_day(d("2026-10-10")) && !c.is_teaching_day(d("2026-10-10")));
    assert!(!with.is_teaching_day(d("2026-08-01")), "outside the terms");
    let text = serde_json::to_string(&with).unwrap();
    let back: Calendar = serde_json::from_str(&text).unwrap();
    assert_eq!(back, with);
    assert_eq!(
        back.teaching_days(span("2026-10-01", "2026-10-31")),
        with.teaching_days(span("2026-10-01", "2026-10-31"))
    );
}

#[test]
fn weeks_and_windows() {
    let c = calendar();
    let term = c.term_by_key("2026-1").unwrap();
    assert_eq!(
        c.week_of(d("2026-09-01")).map(|(t, n)| (t.key(), n)),
        Some(("2026-1".into(), 1))
    );
    assert_eq!(
        c.week_of(d("2026-08-31")).unwrap().1,
        1,
        "the Monday of the first school day"
    );
    assert_eq!(c.week_of(d("2026-11-24")).unwrap().1, 13);
    assert_eq!(
        c.week_of(d("2027-01-24")).unwrap().1,
        21,
        "the weekend behind the last day"
    );
    assert_eq!(c.week_of(d("2027-01-25")), None);
    assert_eq!(c.weeks(&term).len(), usize::from(c.weeks_count(&term)));
    assert_eq!(c.window(&term, Window::Start), Some(span("2026-09-01", "2026-09-27")));
    assert_eq!(c.window(&term, Window::Middle), Some(span("2026-10-26", "2026-11-22")));
    assert_eq!(c.window(&term, Window::End), Some(span("2026-12-28", "2027-01-22")));
    let months: Vec<String> = c.months(&term).into_iter().map(|p| p.key).collect();
    assert_eq!(months, ["2026-09", "2026-10", "2026-11", "2026-12", "2027-01"]);
    let spring: Vec<String> = c
        .months(&c.term_by_key("2025-2").unwrap())
        .into_iter()
        .map(|p| p.key)
        .collect();
    assert_eq!(spring, ["2026-03", "2026-04", "2026-05", "2026-06"]);
    let halves = c.half_terms(&term);
    assert_eq!(halves[0].span, span("2026-09-01", "2026-11-15"));
    assert_eq!(halves[1].span, span("2026-11-16", "2027-01-22"));
    assert_eq!(c.fortnights(&term).len(), 11);
    assert_eq!(
        c.fortnights(&term)[10].span,
        span("2027-01-18", "2027-01-24"),
        "the odd week stands alone"
    );
}

#[test]
fn a_short_term_lacks_a_window() {
    let year = SchoolYear::new(2026);
    let term = Term {
        year,
        number: 1,
        from: d("2026-09-01"),
        to: d("2026-10-16"),
    };
    let c = Calendar::new(vec![term], vec![], vec![]);
    assert_eq!(c.window(&term, Window::Middle), None);
    assert_eq!(c.windows(&term).len(), 2);
    let tiny = Term {
        year,
        number: 1,
        from: d("2026-09-01"),
        to: d("2026-09-04"),
    };
    assert_eq!(c.half_terms(&tiny).len(), 1);
    assert_eq!(c.window(&tiny, Window::End), Some(tiny.span()));
}

#[test]
fn festival_windows() {
    assert_eq!(
        Festival::SpringFestival.window(2026),
        Some(span("2026-02-02", "2026-03-04"))
    );
    assert_eq!(
        Festival::DragonBoat.window(2026),
        Some(span("2026-06-16", "2026-06-22"))
    );
    assert_eq!(
        Festival::NationalDay.window(2026),
        Some(span("2026-10-01", "2026-10-07"))
    );
    assert_eq!(
        Festival::ChildrensDay.window(2026),
        Some(span("2026-05-29", "2026-06-04"))
    );
    assert_eq!(
        Festival::FamilyEducationDay.window(2026),
        Some(span("2026-05-11", "2026-05-17"))
    );
    assert_eq!(
        Festival::around(d("2026-09-23"), &[Festival::MidAutumn]),
        Some((Festival::MidAutumn, 2026))
    );
    assert_eq!(Festival::around(d("2026-11-24"), &Festival::ALL), None);
    let keys: Vec<String> = Calendar::default_years(SchoolYear::new(2025), SchoolYear::new(2025))
        .festival_periods(&[Festival::MidAutumn, Festival::SpringFestival, Festival::DragonBoat])
        .into_iter()
        .map(|p| p.key)
        .collect();
    assert_eq!(keys, ["mid_autumn-2025", "spring_festival-2026", "dragon_boat-2026"]);
    for f in Festival::ALL {
        assert_eq!(f.code().parse(), Ok(f));
        assert_eq!(serde_json::to_string(&f).unwrap(), format!("\"{}\"", f.code()));
    }
}

#[test]
fn wrong_terms_are_named() {
    let year = SchoolYear::new(2026);
    let t = |number, a: &str, b: &str| Term {
        year,
        number,
        from: d(a),
        to: d(b),
    };
    let c = Calendar::new(
        vec![
            t(1, "2026-08-20", "2027-01-22"),
            t(2, "2027-01-20", "2027-07-01"),
            t(3, "2027-07-05", "2027-07-06"),
        ],
        vec![],
        vec![],
    );
    let fields: Vec<String> = c.faults().into_iter().map(|f| f.field).collect();
    assert_eq!(fields, ["terms.2026-1", "terms.2026-2", "terms.2026-3"]);
}

#[test]
fn words() {
    let table = [
        (
            span("2026-11-01", "2026-11-30"),
            "2026-11-03",
            "11月内都可以",
            "any day in November",
        ),
        (
            span("2026-11-01", "2026-11-30"),
            "2026-11-24",
            "月底前",
            "by the end of the month",
        ),
        (span("2026-11-01", "2026-11-30"), "2026-11-30", "今天", "today"),
        (span("2026-11-01", "2026-11-30"), "2026-12-08", "晚 8 天", "8 days late"),
        (span("2026-11-01", "2026-11-30"), "2026-12-01", "晚 1 天", "1 day late"),
        (span("2026-11-23", "2026-11-29"), "2026-11-24", "本周内", "this week"),
        (
            span("2026-11-10", "2026-12-05"),
            "2026-11-24",
            "12月5日前",
            "by 5 December",
        ),
        (
            span("2026-11-10", "2027-01-05"),
            "2026-11-24",
            "2027年1月5日前",
            "by 5 January 2027",
        ),
        (
            span("2026-12-01", "2026-12-31"),
            "2026-11-24",
            "12月内都可以",
            "any day in December",
        ),
        (
            span("2027-01-01", "2027-01-31"),
            "2026-11-24",
            "2027年1月内都可以",
            "any day in January 2027",
        ),
        (
            span("2026-12-07", "2026-12-20"),
            "2026-11-24",
            "12月7日—12月20日",
            "7 December – 20 December",
        ),
    ];
    for (window, today, zh, en) in table {
        assert_eq!(describe(window, d(today), Lang::Zh), zh);
        assert_eq!(describe(window, d(today), Lang::En), en);
    }
    let c = calendar();
    let term = c.term_by_key("2026-1").unwrap();
    assert_eq!(
        c.describe(c.window(&term, Window::Start).unwrap(), d("2026-09-03"), Lang::Zh),
        "开学四周内"
    );
    assert_eq!(
        c.describe(c.window(&term, Window::Start).unwrap(), d("2026-09-23"), Lang::Zh),
        "本周内"
    );
    assert_eq!(
        c.describe(c.window(&term, Window::End).unwrap(), d("2026-11-24"), Lang::Zh),
        "期末四周内"
    );
    assert_eq!(
        c.describe(
            Festival::SpringFestival.window(2027).unwrap(),
            d("2026-11-24"),
            Lang::Zh
        ),
        "春节前后，2027年1月22日—2027年2月21日"
    );
    assert_eq!(
        c.describe(span("2026-11-01", "2026-11-30"), d("2026-11-24"), Lang::Zh),
        "月底前"
    );
}

proptest! {
    /// The counted days equal a walk over the days, for any edited calendar.
    #[test]
    fn counting_equals_walking(
        starts in proptest::collection::vec((0i32..700, 1i32..150), 0..4),
        off in proptest::collection::vec((-30i32..800, 0i32..12), 0..8),
        extra in proptest::collection::vec(-30i32..800, 0..8),
        from in -60i32..900, length in 0i32..400,
    ) {
        let zero = d("2024-09-01");
        let terms: Vec<Term> = starts.iter().enumerate().map(|(i, (a, n))| Term {
            year: SchoolYear::new(2024), number: 1 + (i % 2) as u8, from: zero.plus(*a), to: zero.plus(a + n),
        }).collect();
        let holidays: Vec<Span> = off.iter().map(|(a, n)| Span::new(zero.plus(*a), zero.plus(a + n))).collect();
        let workdays: Vec<Day> = extra.iter().map(|a| zero.plus(*a)).collect();
        let c = Calendar::new(terms.clone(), holidays.clone(), workdays.clone());
        let window = Span::new(zero.plus(from), zero.plus(from + length));
        let walked = window.days().filter(|day| {
            let in_term = terms.iter().any(|t| t.from <= *day && *day <= t.to);
            let usual = !day.is_weekend() && !holidays.iter().any(|h| h.has(*day));
            in_term && (usual || workdays.contains(day))
        }).count();
        prop_assert_eq!(c.teaching_days(window) as usize, walked);
    }

    /// Every week, fortnight and half of a term is disjoint from the next, and together they hold every school day.
    #[test]
    fn periods_tile_the_term(first in 2000i16..2049) {
        let c = Calendar::default_years(SchoolYear::new(first), SchoolYear::new(first));
        prop_assert_eq!(c.terms().len(), 2);
        prop_assert!(c.faults().is_empty());
        for term in c.terms() {
            prop_assert!((14..=23).contains(&term.weeks_count()), "{} {}", term.key(), term.weeks_count());
            prop_assert!(c.is_teaching_day(term.to));
            for parts in [c.week_periods(term), c.fortnights(term), c.half_terms(term)] {
                prop_assert_eq!(parts[0].span.from, term.from);
                prop_assert!(parts.last().unwrap().span.to >= term.to);
                for pair in parts.windows(2) {
                    prop_assert_eq!(pair[0].span.to.plus(1), pair[1].span.from);
                }
            }
            for m in c.months(term) {
                prop_assert!(c.teaching_days(m.span) >= 10);
            }
        }
    }
}

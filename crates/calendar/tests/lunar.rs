//! The shipped table of lunar festivals against two lunar libraries and the days that domain.md §4 prints.

use icu_calendar::{Date, cal::ChineseTraditional};
use tx_base::Day;
use tx_calendar::{Festival, festival};
use tyme4rs::tyme::lunar::LunarDay;
use tyme4rs::tyme::solar::SolarTerm;

const LUNAR: [(Festival, u8, u8); 4] = [
    (Festival::SpringFestival, 1, 1),
    (Festival::DragonBoat, 5, 5),
    (Festival::MidAutumn, 8, 15),
    (Festival::DoubleNinth, 9, 9),
];

#[test]
fn equal_to_icu() {
    for year in 2000..=2050i16 {
        for (which, month, day) in LUNAR {
            let ours = festival(which, year).expect("in the table");
            let iso = Date::try_new_iso(
                i32::from(ours.year()),
                ours.month().unsigned_abs(),
                ours.day().unsigned_abs(),
            )
            .expect("a day");
            let lunar = iso.to_calendar(ChineseTraditional::new());
            assert_eq!(
                (lunar.month().to_input().code().0.as_str(), lunar.day_of_month().0),
                (format!("M{month:02}").as_str(), day),
                "{which:?} {ours}"
            );
            assert_eq!(ours.year(), year);
        }
    }
}

#[test]
fn equal_to_tyme() {
    for year in 2000..=2050i16 {
        for (which, month, day) in LUNAR {
            let s =
                LunarDay::from_ymd(isize::from(year), isize::from(i16::from(month)), usize::from(day)).get_solar_day();
            let theirs = Day::new(s.get_year() as i16, s.get_month() as i8, s.get_day() as i8);
            assert_eq!(festival(which, year), theirs, "{which:?} {year}");
        }
        let s = SolarTerm::from_name(isize::from(year), "清明")
            .get_julian_day()
            .get_solar_day();
        assert_eq!(
            festival(Festival::Qingming, year),
            Day::new(year, s.get_month() as i8, s.get_day() as i8),
            "清明 {year}"
        );
    }
}

#[test]
fn the_days_of_the_domain_text() {
    let spring = [
        "2026-02-17",
        "2027-02-06",
        "2028-01-26",
        "2029-02-13",
        "2030-02-03",
        "2031-01-23",
        "2032-02-11",
    ];
    let dragon = [
        "2026-06-19",
        "2027-06-09",
        "2028-05-28",
        "2029-06-16",
        "2030-06-05",
        "2031-06-24",
        "2032-06-12",
    ];
    let autumn = [
        "2026-09-25",
        "2027-09-15",
        "2028-10-03",
        "2029-09-22",
        "2030-09-12",
        "2031-10-01",
        "2032-09-19",
    ];
    for (i, year) in (2026..=2032).enumerate() {
        assert_eq!(festival(Festival::SpringFestival, year), Some(Day::lit(spring[i])));
        assert_eq!(festival(Festival::DragonBoat, year), Some(Day::lit(dragon[i])));
        assert_eq!(festival(Festival::MidAutumn, year), Some(Day::lit(autumn[i])));
    }
    assert_eq!(festival(Festival::SpringFestival, 2051), None);
    assert_eq!(festival(Festival::SpringFestival, 1999), None);
    assert_eq!(festival(Festival::Qingming, 2051), None);
}

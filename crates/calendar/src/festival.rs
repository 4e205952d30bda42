//! Festivals: their codes, names, days and the window of days around each in which a visit or care counts for it.

use crate::lunar::{FIRST, TABLE};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use tx_base::{Day, Span, Text, t};

/// The festivals that rules, visits and reports name (domain.md §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Festival {
    NewYear,
    SpringFestival,
    Qingming,
    LabourDay,
    /// 全国家庭教育宣传周: the week of 15 May.
    FamilyEducationDay,
    ChildrensDay,
    DragonBoat,
    TeachersDay,
    MidAutumn,
    NationalDay,
    DoubleNinth,
}

impl Festival {
    /// Every festival, in the order of the civil year.
    pub const ALL: [Festival; 11] = [
        Festival::NewYear,
        Festival::SpringFestival,
        Festival::Qingming,
        Festival::LabourDay,
        Festival::FamilyEducationDay,
        Festival::ChildrensDay,
        Festival::DragonBoat,
        Festival::TeachersDay,
        Festival::MidAutumn,
        Festival::NationalDay,
        Festival::DoubleNinth,
    ];

    /// The key in figures and schemes, as `dragon_boat`.
    pub const fn code(self) -> &'static str {
        match self {
            Festival::NewYear => "new_year",
            Festival::SpringFestival => "spring_festival",
            Festival::Qingming => "qingming",
            Festival::LabourDay => "labour_day",
            Festival::FamilyEducationDay => "family_education_day",
            Festival::ChildrensDay => "childrens_day",
            Festival::DragonBoat => "dragon_boat",
            Festival::TeachersDay => "teachers_day",
            Festival::MidAutumn => "mid_autumn",
            Festival::NationalDay => "national_day",
            Festival::DoubleNinth => "double_ninth",
        }
    }

    pub const fn name(self) -> Text {
        match self {
            Festival::NewYear => t("元旦", "New Year"),
            Festival::SpringFestival => t("春节", "Spring Festival"),
            Festival::Qingming => t("清明", "Qingming"),
            Festival::LabourDay => t("劳动节", "Labour Day"),
            Festival::FamilyEducationDay => t("家庭教育宣传周", "Family Education Week"),
            Festival::ChildrensDay => t("六一", "Children's Day"),
            Festival::DragonBoat => t("端午", "Dragon Boat Festival"),
            Festival::TeachersDay => t("教师节", "Teachers' Day"),
            Festival::MidAutumn => t("中秋", "Mid-Autumn Festival"),
            Festival::NationalDay => t("国庆", "National Day"),
            Festival::DoubleNinth => t("重阳", "Double Ninth"),
        }
    }

    /// The day of the festival in a civil year; `None` for a lunar festival or Qingming outside 2000–2050.
    pub fn day(self, year: i16) -> Option<Day> {
        festival(self, year)
    }

    /// The default window (domain.md §4): 春节 −15…+15, 端午, 中秋 and 六一 ±3, 国庆 1–7 October, the week of 15 May
    /// Monday to Sunday; of the others the day itself.
    pub fn window(self, year: i16) -> Option<Span> {
        let day = festival(self, year)?;
        Some(match self {
            Festival::SpringFestival => Span::new(day.plus(-15), day.plus(15)),
            Festival::DragonBoat | Festival::MidAutumn | Festival::ChildrensDay => Span::new(day.plus(-3), day.plus(3)),
            Festival::NationalDay => Span::new(day, day.plus(6)),
            Festival::FamilyEducationDay => Span::new(day.monday(), day.monday().plus(6)),
            _ => Span::new(day, day),
        })
    }

    /// The festival and civil year whose window holds `day`, from among `of`; the earliest window if there are several.
    pub fn around(day: Day, of: &[Festival]) -> Option<(Festival, i16)> {
        // a Spring Festival window may begin in the old year or end in the new one
        let mut found: Vec<(Day, Festival, i16)> = Vec::new();
        for year in [day.year() - 1, day.year(), day.year() + 1] {
            for &f in of {
                if let Some(w) = f.window(year).filter(|w| w.has(day)) {
                    found.push((w.from, f, year));
                }
            }
        }
        found.sort();
        found.first().map(|&(_, f, y)| (f, y))
    }
}

impl FromStr for Festival {
    type Err = ();
    fn from_str(s: &str) -> Result<Festival, ()> {
        Festival::ALL.into_iter().find(|f| f.code() == s).ok_or(())
    }
}

/// The civil day of a festival. Lunar ones come from the shipped table and Qingming from the formula of this century:
/// both for 2000–2050, `None` outside.
pub fn festival(which: Festival, year: i16) -> Option<Day> {
    let lunar = |column: usize| {
        let row = TABLE.get(usize::try_from(year - FIRST).ok()?)?;
        let (month, day) = row[column];
        Day::new(year, month, day)
    };
    match which {
        Festival::NewYear => Day::new(year, 1, 1),
        Festival::SpringFestival => lunar(0),
        Festival::Qingming => {
            let n = i32::from(year) - 2000;
            if !(0..=50).contains(&n) {
                return None;
            }
            // 寿星公式: ⌊n·0.2422 + 4.81⌋ − ⌊n/4⌋, in whole numbers
            let day = (n * 2422 + 48_100) / 10_000 - n / 4;
            Day::new(year, 4, i8::try_from(day).ok()?)
        }
        Festival::LabourDay => Day::new(year, 5, 1),
        Festival::FamilyEducationDay => Day::new(year, 5, 15),
        Festival::ChildrensDay => Day::new(year, 6, 1),
        Festival::DragonBoat => lunar(1),
        Festival::TeachersDay => Day::new(year, 9, 10),
        Festival::MidAutumn => lunar(2),
        Festival::NationalDay => Day::new(year, 10, 1),
        Festival::DoubleNinth => lunar(3),
    }
}

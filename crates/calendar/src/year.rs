//! School years and their two terms.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tx_base::{Day, Say, Span, Text, say, t};

/// A school year, 1 September to 31 August; `first` is the civil year in which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolYear {
    pub first: i16,
}

impl SchoolYear {
    pub const fn new(first: i16) -> SchoolYear {
        SchoolYear { first }
    }
    /// The school year of a day.
    pub fn of(day: Day) -> SchoolYear {
        SchoolYear {
            first: if day.month() >= 9 { day.year() } else { day.year() - 1 },
        }
    }
    /// `2026—2027学年度`.
    pub fn name(self) -> String {
        format!("{}—{}学年度", self.first, self.first + 1)
    }
    /// `2026-2027`, as the API writes it.
    pub fn code(self) -> String {
        format!("{:04}-{:04}", self.first, self.first + 1)
    }
    /// Reads `2026-2027`, also with a long dash and with 学年 or 学年度 behind.
    pub fn parse(text: &str) -> Result<SchoolYear, Say> {
        let plain = text.trim().trim_end_matches('度').trim_end_matches("学年");
        let years = plain.split_once(['-', '—', '–', '－', '/']).and_then(|(a, b)| {
            let (a, b) = (a.trim(), b.trim());
            let four = |s: &str| s.len() == 4 && s.bytes().all(|c| c.is_ascii_digit());
            (four(a) && four(b)).then(|| (a.parse::<i16>(), b.parse::<i16>()))
        });
        match years {
            Some((Ok(a), Ok(b))) if b == a + 1 && (1949..=2200).contains(&a) => Ok(SchoolYear { first: a }),
            _ => Err(say(
                format!("{text} 不是学年，例如 2026-2027"),
                format!("{text} is not a school year such as 2026-2027"),
            )),
        }
    }
    /// 1 September to 31 August.
    pub fn span(self) -> Span {
        let start = |year| Day::new(year, 9, 1).expect("1 September exists");
        Span::new(start(self.first), start(self.first + 1).plus(-1))
    }
    pub const fn next(self) -> SchoolYear {
        SchoolYear { first: self.first + 1 }
    }
    pub const fn before(self) -> SchoolYear {
        SchoolYear { first: self.first - 1 }
    }
}

impl Serialize for SchoolYear {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.code())
    }
}
impl<'de> Deserialize<'de> for SchoolYear {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<SchoolYear, D::Error> {
        SchoolYear::parse(&String::deserialize(d)?).map_err(|e| serde::de::Error::custom(e.en))
    }
}

/// One of the two terms of a school year, from its first to its last school day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    pub year: SchoolYear,
    /// 1 (autumn) or 2 (spring).
    pub number: u8,
    pub from: Day,
    pub to: Day,
}

impl Term {
    /// `2025-1`: the school year's first year and the term, the key in figures.
    pub fn key(&self) -> String {
        format!("{:04}-{}", self.year.first, self.number)
    }
    /// 第一学期 or 第二学期.
    pub fn name(&self) -> Text {
        match self.number {
            1 => t("第一学期", "first term"),
            _ => t("第二学期", "second term"),
        }
    }
    /// `2025—2026学年度第一学期`.
    pub fn full_name(&self) -> Say {
        say(
            format!("{}{}", self.year.name(), self.name().zh),
            format!("{} {}", self.year.code(), self.name().en),
        )
    }
    pub fn span(&self) -> Span {
        Span::new(self.from, self.to)
    }
    /// Weeks from the Monday of the first school day to the week of the last one.
    pub fn weeks_count(&self) -> u8 {
        let days = self.to.since(self.from.monday());
        u8::try_from(days / 7 + 1).unwrap_or(u8::MAX)
    }
    /// Monday to Sunday of week `n`, counted from 1.
    pub fn week(&self, n: u8) -> Span {
        let monday = self.from.monday().plus(7 * (i32::from(n) - 1));
        Span::new(monday, monday.plus(6))
    }
}

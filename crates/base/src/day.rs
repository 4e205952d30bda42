//! Days of the civil calendar and moments in time.

use crate::{Say, say};
use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

const OFFSET_HOURS: i8 = 8;
/// Years of days that come in as text. Nothing here is about a day outside, and what reckons with school years and
/// terms around a day always finds them.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// A civil day, written as ISO 8601 (`2026-11-24`) wherever it leaves memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// A day from numbers; `None` for a day that does not exist.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }
    /// A day written in the program's own text. Panics on a wrong one, so only for literals.
    pub fn lit(text: &str) -> Day {
        text.parse().expect("a day literal")
    }
    /// Parses `YYYY-MM-DD` and nothing else; other spellings are the sheet reader's business.
    pub fn parse(text: &str) -> Result<Day, Say> {
        let strict = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        match text.parse::<Date>() {
            Ok(d) if strict && YEARS.contains(&d.year()) => Ok(Day(d)),
            Ok(_) if strict => Err(say(format!("{text} 太远了"), format!("{text} is too far away"))),
            _ if text.trim().is_empty() => Err(say("要一个日期", "a date is needed")),
            _ => {
                let text: String = text.chars().take(20).collect();
                Err(say(format!("{text} 不是日期"), format!("{text} is not a date")))
            }
        }
    }
    pub fn year(self) -> i16 {
        self.0.year()
    }
    /// Month 1–12.
    pub fn month(self) -> i8 {
        self.0.month()
    }
    /// Day of the month, 1–31.
    pub fn day(self) -> i8 {
        self.0.day()
    }
    /// The day `n` days later (earlier when negative).
    pub fn plus(self, n: i32) -> Day {
        Day(self.0.saturating_add(n.days()))
    }
    /// The day `n` months later, clipped to the month's last day.
    pub fn plus_months(self, n: i32) -> Day {
        Day(self.0.saturating_add(n.months()))
    }
    /// Days from `earlier` to `self`.
    pub fn since(self, earlier: Day) -> i32 {
        (self.0 - earlier.0).get_days()
    }
    /// 1 = Monday … 7 = Sunday.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }
    /// The Monday of this day's week.
    pub fn monday(self) -> Day {
        self.plus(1 - i32::from(self.weekday()))
    }
    pub fn first_of_month(self) -> Day {
        Day(self.0.first_of_month())
    }
    pub fn last_of_month(self) -> Day {
        Day(self.0.last_of_month())
    }
    /// `YYYY-MM`.
    pub fn month_key(self) -> String {
        format!("{:04}-{:02}", self.year(), self.month())
    }
    /// Completed years on `on`; a birthday on 29 February counts on 28 February (domain.md §2).
    pub fn age_on(self, on: Day) -> i32 {
        let mut years = i32::from(on.year() - self.year());
        let birthday = Day::new(on.year(), self.month(), self.day())
            .unwrap_or_else(|| Day::new(on.year(), 2, 28).expect("28 February exists"));
        if on < birthday {
            years -= 1;
        }
        years
    }
    /// `10月21日`.
    pub fn zh_short(self) -> String {
        format!("{}月{}日", self.month(), self.day())
    }
    /// `2026年11月24日`, Arabic figures without leading zeros (GB/T 9704).
    pub fn zh_long(self) -> String {
        format!("{}年{}月{}日", self.year(), self.month(), self.day())
    }
    /// `星期三`.
    pub fn zh_weekday(self) -> &'static str {
        ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"][(self.weekday() - 1) as usize]
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}
impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Day {
    type Err = Say;
    fn from_str(s: &str) -> Result<Day, Say> {
        Day::parse(s)
    }
}
impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Day, D::Error> {
        let text = String::deserialize(d)?;
        Day::parse(&text).map_err(|e| serde::de::Error::custom(e.en))
    }
}

/// Days from `from` to `to`, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub from: Day,
    pub to: Day,
}

impl Span {
    pub fn new(from: Day, to: Day) -> Span {
        Span { from, to }
    }
    pub fn has(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
    /// The days in both, if any.
    pub fn meet(self, other: Span) -> Option<Span> {
        let both = Span {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        };
        (both.from <= both.to).then_some(both)
    }
    pub fn days(self) -> impl Iterator<Item = Day> {
        (0..=self.to.since(self.from)).map(move |n| self.from.plus(n))
    }
}

/// A moment: milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The school's civil day at this moment.
    pub fn day(self) -> Day {
        Day(self.zoned().date())
    }
    /// `12:40` in the school's zone.
    pub fn hour_minute(self) -> String {
        let z = self.zoned();
        format!("{:02}:{:02}", z.hour(), z.minute())
    }
    /// RFC 3339 in the school's zone, for the API.
    pub fn iso(self) -> String {
        self.zoned().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
    pub fn plus_minutes(self, n: i64) -> Time {
        Time(self.0 + n * 60_000)
    }
    fn zoned(self) -> jiff::ZonedDateTime {
        let zone = TimeZone::fixed(jiff::tz::offset(OFFSET_HOURS));
        jiff::Timestamp::from_millisecond(self.0)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned_datetime(zone)
    }
}

/// The only clock of the program. Handlers ask it and never the machine, so `--today` moves the whole system.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    today: Option<Day>,
}

impl Clock {
    pub fn machine() -> Clock {
        Clock { today: None }
    }
    /// A clock whose day stands still; the time of day runs on.
    pub fn fixed(today: Day) -> Clock {
        Clock { today: Some(today) }
    }
    pub fn now(&self) -> Time {
        let real = jiff::Timestamp::now().as_millisecond();
        match self.today {
            None => Time(real),
            Some(day) => {
                let midnight = day
                    .0
                    .to_zoned_datetime(TimeZone::fixed(jiff::tz::offset(OFFSET_HOURS)))
                    .expect("in range");
                Time(midnight.timestamp().as_millisecond() + (real + 8 * 3_600_000).rem_euclid(86_400_000))
            }
        }
    }
    pub fn today(&self) -> Day {
        self.today.unwrap_or_else(|| self.now().day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn ages() {
        let b = Day::lit("2010-11-25");
        assert_eq!(b.age_on(Day::lit("2026-11-24")), 15);
        assert_eq!(b.age_on(Day::lit("2026-11-25")), 16);
        assert_eq!(Day::lit("2012-02-29").age_on(Day::lit("2026-02-28")), 14);
    }
    #[test]
    fn only_iso_days() {
        for bad in [
            "2031-02-30",
            "20310201",
            "2031-2-3",
            "",
            "x",
            "2031-02-03T00:00",
            "9999-12-31",
            "0001-01-01",
        ] {
            assert!(Day::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Day::parse("").unwrap_err().zh, "要一个日期");
        assert_eq!(Day::lit("2026-11-24").weekday(), 2);
        assert_eq!(Clock::fixed(Day::lit("2026-11-24")).now().day(), Day::lit("2026-11-24"));
    }
}

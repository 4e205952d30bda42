//! Days in every spelling that sheets have (domain.md §5, "Dates"). A lunar date is refused, never converted.

use super::text::nfkc;
use serde::{Deserialize, Serialize};
use tx_base::{Day, Say, say};

/// How much of a day was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    #[default]
    Day,
    /// The day stands on the 1st.
    Month,
    /// Stands on 1 January.
    Year,
}

/// A day read from a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    pub day: Day,
    pub precision: Precision,
    /// Written as a spreadsheet's serial number.
    pub serial: bool,
    /// Could be October: a number 2014.1 may have been 2014.10.
    pub doubtful: bool,
}

/// Why a text is no day, and the day that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFault {
    pub reason: Say,
    pub proposal: Option<String>,
}

fn fault(zh: impl Into<String>, en: impl Into<String>, proposal: Option<Day>) -> DateFault {
    DateFault {
        reason: say(zh, en),
        proposal: proposal.map(|d| d.to_string()),
    }
}

/// Serial numbers from 1930 to 2100: outside, a bare number is not taken for a serial.
const SERIALS: std::ops::RangeInclusive<i64> = 10_959..=73_050;

/// The day of a spreadsheet's serial number in the 1900 system.
pub fn from_serial(serial: f64) -> Option<Day> {
    let whole = serial.floor();
    if !(1.0..2_958_466.0).contains(&whole) {
        return None;
    }
    let n = whole as i32;
    // the 1900 system has a 29 February 1900 that never was
    let n = if n < 60 { n + 1 } else { n };
    Some(Day::new(1899, 12, 30)?.plus(n))
}

/// Reads a day. `today` decides the century of two-digit years (`14.9.3` → 2014, `98.5.1` → 1998).
/// Whether the day is in the future is the caller's business.
pub fn parse_date(text: &str, today: Day) -> Result<Dated, DateFault> {
    let shown = text.trim().to_string();
    let s = nfkc(text);
    let s = s.trim();
    if is_lunar(s) {
        return Err(fault(
            "这是农历，请改成公历",
            "this is a lunar date; write the solar one",
            None,
        ));
    }
    let s = strip_time(s);
    let mut s: String = s
        .chars()
        .map(|c| if c == '○' || c == 'O' || c == 'Ｏ' { '〇' } else { c })
        .collect();
    if let Some(open) = s.find('(') {
        s.truncate(open);
    }
    let no_day = || fault(format!("“{shown}”不是日期"), format!("“{shown}” is not a date"), None);
    if s.chars().any(han_digit) {
        s = arabic(&s);
    }
    s = s.replace('〇', "0");
    let parts: Vec<&str> = s
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .collect();
    if s.chars().any(|c| {
        !(c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(
                c,
                '-' | '.'
                    | '/'
                    | '年'
                    | '月'
                    | '日'
                    | '号'
                    | '、'
                    | ','
                    | '。'
                    | '\\'
                    | '—'
                    | '–'
                    | '_'
                    | '生'
                    | '\''
                    | ':'
                    | '~'
            ))
    }) {
        return Err(no_day());
    }
    let whole = |y: &str, m: &str, d: &str| -> Result<Dated, DateFault> {
        let (year, month, day) = (
            year_of(y, today).ok_or_else(no_day)?,
            num(m).ok_or_else(no_day)?,
            num(d).ok_or_else(no_day)?,
        );
        day_of(year, month, day)
    };
    match parts.as_slice() {
        [y, m, d] if y.len() == 4 || y.len() == 2 && d.len() <= 2 => whole(y, m, d),
        [a, b, y] if y.len() == 4 && a.len() <= 2 => {
            let guess = Day::new(
                num(y).unwrap_or(0) as i16,
                num(a).unwrap_or(0) as i8,
                num(b).unwrap_or(0) as i8,
            )
            .or_else(|| {
                Day::new(
                    num(y).unwrap_or(0) as i16,
                    num(b).unwrap_or(0) as i8,
                    num(a).unwrap_or(0) as i8,
                )
            });
            Err(fault(
                "年要写在前面，像 2014-9-3",
                "the year goes first, as in 2014-9-3",
                guess,
            ))
        }
        [y, m] if y.len() == 4 || y.len() == 2 && s.contains('年') => {
            let year = year_of(y, today).ok_or_else(no_day)?;
            // 2014.0903
            if m.len() == 4 {
                return whole(y, &m[..2], &m[2..]);
            }
            month_of(year, num(m).ok_or_else(no_day)?, &shown)
        }
        [one] => match one.len() {
            8 => whole(&one[..4], &one[4..6], &one[6..]),
            6 if one.starts_with("19") || one.starts_with("20") => {
                let month = num(&one[4..]).unwrap_or(0);
                if (1..=12).contains(&month) {
                    month_of(num(&one[..4]).unwrap_or(0), month, &shown)
                } else {
                    whole(&one[..2], &one[2..4], &one[4..])
                }
            }
            6 => whole(&one[..2], &one[2..4], &one[4..]),
            5 => {
                let n: i64 = one.parse().map_err(|_| no_day())?;
                match from_serial(n as f64) {
                    Some(day) if SERIALS.contains(&n) => Ok(Dated {
                        day,
                        precision: Precision::Day,
                        serial: true,
                        doubtful: false,
                    }),
                    _ => Err(no_day()),
                }
            }
            4 if one.starts_with("19") || one.starts_with("20") => {
                let day = Day::new(num(one).unwrap_or(0) as i16, 1, 1).ok_or_else(no_day)?;
                Ok(Dated {
                    day,
                    precision: Precision::Year,
                    serial: false,
                    doubtful: false,
                })
            }
            _ => Err(no_day()),
        },
        _ => Err(no_day()),
    }
}

/// Reads a number cell: a serial, `20140903`, `201409`, `2014` or `2014.9`.
pub fn parse_number(value: f64, today: Day) -> Result<Dated, DateFault> {
    let whole = value.fract() == 0.0;
    if SERIALS.contains(&(value.floor() as i64))
        && value < 100_000.0
        && let Some(day) = from_serial(value)
    {
        return Ok(Dated {
            day,
            precision: Precision::Day,
            serial: true,
            doubtful: false,
        });
    }
    let text = format!("{value}");
    let mut d = parse_date(&text, today)?;
    if !whole && d.precision == Precision::Month && d.day.month() == 1 {
        d.doubtful = true;
    }
    Ok(d)
}

fn day_of(year: i32, month: i32, day: i32) -> Result<Dated, DateFault> {
    if !(1..=12).contains(&month) {
        return Err(fault(
            format!("没有{month}月"),
            format!("there is no month {month}"),
            None,
        ));
    }
    let (y, m) = (year as i16, month as i8);
    if let Some(d) = i8::try_from(day).ok().and_then(|d| Day::new(y, m, d)) {
        return Ok(Dated {
            day: d,
            precision: Precision::Day,
            serial: false,
            doubtful: false,
        });
    }
    let last = Day::new(y, m, 1).map(Day::last_of_month);
    let zh = if month == 2 && day == 29 {
        format!("{year}年2月没有29日")
    } else {
        format!("{month}月没有{day}日")
    };
    Err(fault(
        zh,
        format!("{year}-{month} has no day {day}"),
        last.filter(|_| day > 28),
    ))
}

fn month_of(year: i32, month: i32, shown: &str) -> Result<Dated, DateFault> {
    if !(1..=12).contains(&month) {
        return Err(fault(
            format!("“{shown}”：没有{month}月"),
            format!("“{shown}”: there is no month {month}"),
            None,
        ));
    }
    let day = Day::new(year as i16, month as i8, 1)
        .ok_or_else(|| fault(format!("“{shown}”不是日期"), format!("“{shown}” is not a date"), None))?;
    Ok(Dated {
        day,
        precision: Precision::Month,
        serial: false,
        doubtful: false,
    })
}

fn num(s: &str) -> Option<i32> {
    if s.len() > 4 { None } else { s.parse().ok() }
}

fn year_of(s: &str, today: Day) -> Option<i32> {
    let n = num(s)?;
    match s.len() {
        4 if (1900..=2199).contains(&n) => Some(n),
        2 => Some(if n <= i32::from(today.year()) % 100 {
            2000 + n
        } else {
            1900 + n
        }),
        _ => None,
    }
}

fn is_lunar(s: &str) -> bool {
    [
        "农历", "阴历", "旧历", "夏历", "正月", "腊月", "冬月", "闰", "(阴)", "(农)", "初一", "初二", "初三", "初四",
        "初五", "初六", "初七", "初八", "初九", "初十", "廿",
    ]
    .iter()
    .any(|w| s.contains(w))
}

fn strip_time(s: &str) -> &str {
    // 2014-09-03T00:00:00, 2014-09-03 00:00:00
    match s.find(':') {
        Some(colon) => match s[..colon].rfind(['T', ' ']) {
            Some(cut) => s[..cut].trim_end(),
            None => s,
        },
        None => s,
    }
}

fn han_digit(c: char) -> bool {
    "〇零一二三四五六七八九十".contains(c)
}

/// Chinese numerals to Arabic: digit by digit (二〇一四), or with 十 (十二, 二十一).
fn arabic(s: &str) -> String {
    let mut out = String::new();
    let mut run: Vec<char> = Vec::new();
    let flush = |run: &mut Vec<char>, out: &mut String| {
        if run.is_empty() {
            return;
        }
        let value = |c: char| {
            "〇一二三四五六七八九"
                .chars()
                .position(|d| d == c || (c == '零' && d == '〇'))
                .unwrap_or(0)
        };
        match run.iter().position(|c| *c == '十') {
            Some(at) if run.len() <= 3 => {
                let tens = if at == 0 { 1 } else { value(run[at - 1]) };
                let ones = run.get(at + 1).map_or(0, |c| value(*c));
                out.push_str(&(tens * 10 + ones).to_string());
            }
            _ => run
                .iter()
                .filter(|c| **c != '十')
                .for_each(|c| out.push_str(&value(*c).to_string())),
        }
        run.clear();
    };
    for c in s.chars() {
        if han_digit(c) {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-24";

    #[test]
    fn spellings() {
        use Precision::*;
        for (text, want, precision) in [
            ("2014-9-3", "2014-09-03", Day),
            ("2014.09.03", "2014-09-03", Day),
            ("20140903", "2014-09-03", Day),
            ("2014/9/3", "2014-09-03", Day),
            ("2014年9月3日", "2014-09-03", Day),
            ("２０１４．９．３", "2014-09-03", Day),
            ("14.9.3", "2014-09-03", Day),
            ("98.5.1", "1998-05-01", Day),
            ("140903", "2014-09-03", Day),
            ("2014 9 3", "2014-09-03", Day),
            ("2014-09-03 00:00:00", "2014-09-03", Day),
            ("2014-09-03T08:00:00", "2014-09-03", Day),
            ("二〇一四年九月三日", "2014-09-03", Day),
            ("二零一四年十二月二十一日", "2014-12-21", Day),
            ("二○一四年十月十日", "2014-10-10", Day),
            ("2014年9月", "2014-09-01", Month),
            ("201409", "2014-09-01", Month),
            ("2014.09", "2014-09-01", Month),
            ("2014.9", "2014-09-01", Month),
            ("14年9月", "2014-09-01", Month),
            ("2014年", "2014-01-01", Year),
            ("2014", "2014-01-01", Year),
            ("41885", "2014-09-03", Day),
        ] {
            let got = parse_date(text, tx_base::Day::lit(TODAY)).unwrap_or_else(|e| panic!("{text}: {}", e.reason.zh));
            assert_eq!(
                (got.day.to_string().as_str(), got.precision),
                (want, precision),
                "{text}"
            );
        }
    }

    #[test]
    fn refusals() {
        for (text, want, proposal) in [
            ("2016年2月30日", "2月没有30日", Some("2016-02-29")),
            ("2015-2-29", "2015年2月没有29日", Some("2015-02-28")),
            ("2014-13-03", "没有13月", None),
            ("2014-00-03", "没有0月", None),
            ("2014-9-0", "9月没有0日", None),
            ("农历2014年八月初十", "农历", None),
            ("2014年腊月二十", "农历", None),
            ("2014-9-3(阴历)", "农历", None),
            ("9/3/2014", "年要写在前面", Some("2014-09-03")),
            ("不知道", "不是日期", None),
            ("12", "不是日期", None),
            ("99999", "不是日期", None),
            ("", "不是日期", None),
            ("2014-9-3-5", "不是日期", None),
        ] {
            let e = parse_date(text, tx_base::Day::lit(TODAY)).expect_err(text);
            assert!(e.reason.zh.contains(want), "{text}: {}", e.reason.zh);
            assert_eq!(e.proposal.as_deref(), proposal, "{text}");
        }
    }

    #[test]
    fn numbers() {
        let today = tx_base::Day::lit(TODAY);
        assert_eq!(parse_number(41885.0, today).unwrap().day.to_string(), "2014-09-03");
        assert!(parse_number(41885.25, today).unwrap().serial);
        assert_eq!(parse_number(20140903.0, today).unwrap().day.to_string(), "2014-09-03");
        assert_eq!(parse_number(201409.0, today).unwrap().precision, Precision::Month);
        assert!(parse_number(2014.1, today).unwrap().doubtful);
        assert!(!parse_number(2014.9, today).unwrap().doubtful);
        for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            assert!(parse_number(bad, today).is_err(), "{bad}");
        }
        assert_eq!(from_serial(1.0), tx_base::Day::new(1900, 1, 1));
        assert_eq!(from_serial(61.0), tx_base::Day::new(1900, 3, 1));
        assert_eq!(from_serial(42461.0), tx_base::Day::new(2016, 4, 1));
    }
}

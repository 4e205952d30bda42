//! The many spellings of a class's name, read as one (domain.md §4).

use crate::SchoolYear;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How the nine years of compulsory school are cut, and where this school begins: it decides what 初一 and 2024级 mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SchoolSystem {
    /// 6 for 六三制, 5 for 五四制: 初一 is the grade after.
    pub primary_years: u8,
    /// The grade that new pupils enter: 1, or 7 (6) in a junior middle school. A cohort (2024级) entered there.
    pub lowest: u8,
}

impl SchoolSystem {
    /// A primary or nine-year school of 六三制.
    pub const SIX_THREE: SchoolSystem = SchoolSystem {
        primary_years: 6,
        lowest: 1,
    };
    /// A junior middle school of 六三制: grades 7–9.
    pub const JUNIOR: SchoolSystem = SchoolSystem {
        primary_years: 6,
        lowest: 7,
    };
    /// A primary or nine-year school of 五四制.
    pub const FIVE_FOUR: SchoolSystem = SchoolSystem {
        primary_years: 5,
        lowest: 1,
    };
    /// A junior middle school of 五四制: grades 6–9.
    pub const JUNIOR_FIVE_FOUR: SchoolSystem = SchoolSystem {
        primary_years: 5,
        lowest: 6,
    };
}

/// A class as everyone means it: grade 1–9 and number 1–99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassCode {
    pub grade: u8,
    pub number: u8,
}

const FIGURES: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

impl ClassCode {
    /// `None` outside grade 1–9 and number 1–99.
    pub fn new(grade: u8, number: u8) -> Option<ClassCode> {
        ((1..=9).contains(&grade) && (1..=99).contains(&number)).then_some(ClassCode { grade, number })
    }
    /// Reads the code of the API, `401` or `0401`, and nothing else.
    pub fn from_code(code: &str) -> Option<ClassCode> {
        digits_only(code)
    }
    /// `401`: grade and two figures of the number.
    pub fn code(self) -> String {
        format!("{}{:02}", self.grade, self.number)
    }
    /// `四(1)班`, for screens.
    pub fn screen(self) -> String {
        format!("{}({})班", self.figure(), self.number)
    }
    /// `四（1）班`, for documents.
    pub fn print(self) -> String {
        format!("{}（{}）班", self.figure(), self.number)
    }
    /// `Class 4(1)`.
    pub fn english(self) -> String {
        format!("Class {}({})", self.grade, self.number)
    }
    /// `四年级`.
    pub fn grade_name(self) -> String {
        grade_name(self.grade)
    }
    fn figure(self) -> char {
        FIGURES[usize::from(self.grade.clamp(1, 9)) - 1]
    }
}

impl fmt::Display for ClassCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

/// `四年级` of a grade 1–9.
pub fn grade_name(grade: u8) -> String {
    format!("{}年级", FIGURES[usize::from(grade.clamp(1, 9)) - 1])
}

/// Reads a class's name as people write it: 三(2)班, 三（2）班, 三2班, 三年级2班, 三年级二班, 3.2, 3-2, 302, 0302, 三二班, 2024级2班,
/// 七(1), 初一(1), 初一1班, 701. Full-width figures and spaces are tolerated. `year` and `system` are needed for cohorts
/// (2024级) and for 初一. `None` for anything that does not name one class for certain, such as a grade alone or a date.
pub fn parse(text: &str, year: SchoolYear, system: SchoolSystem) -> Option<ClassCode> {
    let plain = plain(text);
    let figures = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if figures(&plain) {
        return digits_only(&plain);
    }
    let mut rest = plain.as_str();
    if let Some(inner) = rest.strip_suffix("班") {
        rest = inner;
        if figures(rest) {
            return digits_only(rest).or_else(|| two_digits(rest));
        }
    }
    let (grade, rest) = cohort(rest, year, system)
        .or_else(|| junior(rest, system))
        .or_else(|| grade_word(rest))?;
    ClassCode::new(grade, number(rest)?)
}

/// Reads a grade that stands alone in a cell: 三年级, 三, 3, 初一, 2024级. Used where grade and class are two columns.
pub fn parse_grade(text: &str, year: SchoolYear, system: SchoolSystem) -> Option<u8> {
    let plain = plain(text);
    let rest = plain.as_str();
    let (grade, rest) = cohort(rest, year, system)
        .or_else(|| junior(rest, system))
        .or_else(|| grade_word(rest))?;
    rest.is_empty().then_some(grade)
}

/// Reads a class's number that stands alone in a cell: 2, 2班, (2)班, 二班, 02.
pub fn parse_number(text: &str) -> Option<u8> {
    let plain = plain(text);
    number(plain.strip_suffix("班").unwrap_or(&plain)).filter(|n| (1..=99).contains(n))
}

/// Half-width, no spaces, one sign for each family of brackets and dashes.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}' && *c != '\u{200b}')
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('０')).unwrap_or(0)),
            '（' | '﹙' | '[' | '【' | '〔' | '［' => '(',
            '）' | '﹚' | ']' | '】' | '〕' | '］' => ')',
            '－' | '—' | '–' | '‐' | '﹣' | '−' | '_' => '-',
            '．' | '·' | '•' | '。' | '、' | '‧' | '・' => '.',
            '／' => '/',
            '壹' => '一',
            '贰' => '二',
            '叁' => '三',
            other => other,
        })
        .collect()
}

/// `302` or `0302`.
fn digits_only(s: &str) -> Option<ClassCode> {
    if !s.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let s = match s.len() {
        3 => s,
        4 => s.strip_prefix('0')?,
        _ => return None,
    };
    ClassCode::new(s[..1].parse().ok()?, s[1..].parse().ok()?)
}

/// `32` before 班: grade 3, number 2. Without 班 two figures may be anything.
fn two_digits(s: &str) -> Option<ClassCode> {
    let two = s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
    two.then(|| ClassCode::new(s[..1].parse().ok()?, s[1..].parse().ok()?))?
}

/// `2024级…` or `24级…`: the grade that those who entered then are in this school year.
fn cohort(s: &str, year: SchoolYear, system: SchoolSystem) -> Option<(u8, &str)> {
    let (head, rest) = s.split_once('级')?;
    let entry: i16 = match head.len() {
        _ if !head.bytes().all(|b| b.is_ascii_digit()) => return None,
        4 => head.parse().ok()?,
        2 => 2000 + head.parse::<i16>().ok()?,
        _ => return None,
    };
    let grade = i16::from(system.lowest) + year.first.checked_sub(entry)?;
    (i16::from(system.lowest) <= grade && grade <= 9).then(|| (u8::try_from(grade).unwrap_or(0), rest))
}

/// `初一…`, `初1…`, `初中一年级…`.
fn junior(s: &str, system: SchoolSystem) -> Option<(u8, &str)> {
    let rest = s.strip_prefix('初')?;
    let rest = rest.strip_prefix('中').unwrap_or(rest);
    let (n, rest) = first_figure(rest)?;
    let grade = system.primary_years + n;
    (grade <= 9).then(|| (grade, grade_suffix(rest)))
}

/// `三…`, `三年级…`, `3年…`, `小学三年级…`.
fn grade_word(s: &str) -> Option<(u8, &str)> {
    let rest = s.strip_prefix("小学").or_else(|| s.strip_prefix('小')).unwrap_or(s);
    let (n, rest) = first_figure(rest)?;
    Some((n, grade_suffix(rest)))
}

fn grade_suffix(s: &str) -> &str {
    s.strip_prefix("年级").or_else(|| s.strip_prefix('年')).unwrap_or(s)
}

fn first_figure(s: &str) -> Option<(u8, &str)> {
    let c = s.chars().next()?;
    let value = figure(c).or_else(|| c.to_digit(10).and_then(|d| u8::try_from(d).ok()))?;
    (1..=9).contains(&value).then(|| (value, &s[c.len_utf8()..]))
}

fn figure(c: char) -> Option<u8> {
    FIGURES
        .iter()
        .position(|&f| f == c)
        .and_then(|i| u8::try_from(i + 1).ok())
}

/// What stands behind the grade: `(2)`, `2`, `.2`, `-02`, `二`, `十二`, each at most once and nothing after it.
fn number(s: &str) -> Option<u8> {
    let s = s.strip_prefix(['.', '-', '/', '第']).unwrap_or(s);
    let s = match s.strip_prefix('(') {
        // 三(2)班 and 三(2班) are both written
        Some(inner) => inner.strip_suffix(')')?,
        None => s,
    };
    let s = s.strip_suffix('班').unwrap_or(s);
    if s.bytes().all(|b| b.is_ascii_digit()) {
        return if (1..=2).contains(&s.len()) {
            s.parse().ok()
        } else {
            None
        };
    }
    chinese(s)
}

/// 一 … 九十九.
fn chinese(s: &str) -> Option<u8> {
    let parts: Vec<char> = s.chars().collect();
    match parts[..] {
        ['十'] => Some(10),
        [a] => figure(a),
        ['十', b] => Some(10 + figure(b)?),
        [a, '十'] => Some(10 * figure(a)?),
        [a, '十', b] => Some(10 * figure(a)? + figure(b)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const Y: SchoolYear = SchoolYear::new(2026);

    #[test]
    fn every_spelling_of_grade_three_number_two() {
        let spellings = [
            "三(2)班",
            "三（2）班",
            "三2班",
            "三年级2班",
            "三年级二班",
            "三年级(2)班",
            "三年级（二）班",
            "3.2",
            "3-2",
            "302",
            "0302",
            "三二班",
            "2024级2班",
            "２０２４级２班",
            "24级(2)班",
            "三 ( 2 ) 班",
            "三（２）班",
            "３０２",
            "3（2）班",
            "3年级2班",
            "3年2班",
            "3-2班",
            "3.2班",
            "三·2",
            "32班",
            "302班",
            "小学三年级2班",
            "三(02)班",
            "三年级02班",
            "三(2)",
            "三2",
            "3/2",
            "三年二班",
            "三(2班)",
            "三年级第二班",
            " 三年级2班　",
        ];
        for text in spellings {
            assert_eq!(parse(text, Y, SchoolSystem::SIX_THREE), ClassCode::new(3, 2), "{text}");
        }
    }

    #[test]
    fn junior_and_two_figure_numbers() {
        let six = SchoolSystem::SIX_THREE;
        for text in [
            "七(1)",
            "初一(1)",
            "初一1班",
            "701",
            "七（1）班",
            "初一（1）班",
            "初1(1)班",
            "初中一年级1班",
            "七年级一班",
            "7.1",
            "0701",
            "七一班",
        ] {
            assert_eq!(parse(text, Y, six), ClassCode::new(7, 1), "{text}");
        }
        let table = [
            ("三年级十二班", 312),
            ("三十二班", 312),
            ("三(12)班", 312),
            ("一(10)班", 110),
            ("一十班", 110),
            ("四二十一班", 421),
            ("初三2班", 902),
            ("312", 312),
            ("九(9)班", 909),
            ("五.11", 511),
        ];
        for (text, code) in table {
            assert_eq!(
                parse(text, Y, six).map(ClassCode::code),
                Some(code.to_string()),
                "{text}"
            );
        }
        assert_eq!(parse("初一1班", Y, SchoolSystem::FIVE_FOUR), ClassCode::new(6, 1));
        assert_eq!(parse("初四1班", Y, SchoolSystem::FIVE_FOUR), ClassCode::new(9, 1));
        assert_eq!(parse("2025级3班", Y, SchoolSystem::JUNIOR), ClassCode::new(8, 3));
        assert_eq!(parse("2024级2班", SchoolYear::new(2027), six), ClassCode::new(4, 2));
    }

    #[test]
    fn what_names_no_class_is_none() {
        let wrong = [
            "",
            "班",
            "三",
            "三年级",
            "32",
            "3",
            "三年级班",
            "0班",
            "三(0)班",
            "300",
            "1201",
            "三(100)班",
            "十一班",
            "3月2日",
            "2026-03-02",
            "三(2",
            "三2)班",
            "初四1班",
            "2030级1班",
            "2010级1班",
            "级2班",
            "三(2)班甲",
            "三年级2班3组",
            "幼儿园大班",
            "-3.2",
            "3.2.1",
            "30202",
            "三二一班",
            "教师",
            "高一(1)班",
            "２级２班",
        ];
        for text in wrong {
            assert_eq!(parse(text, Y, SchoolSystem::SIX_THREE), None, "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for grade in 1..=9 {
            for number in 1..=99 {
                let class = ClassCode::new(grade, number).unwrap();
                for text in [
                    class.code(),
                    class.screen(),
                    class.print(),
                    format!("0{}", class.code()),
                ] {
                    assert_eq!(parse(&text, Y, SchoolSystem::SIX_THREE), Some(class), "{text}");
                }
                assert_eq!(ClassCode::from_code(&class.code()), Some(class));
            }
        }
        let class = ClassCode::new(4, 1).unwrap();
        assert_eq!(
            (class.code().as_str(), class.screen().as_str(), class.print().as_str()),
            ("401", "四(1)班", "四（1）班")
        );
        assert_eq!(ClassCode::new(7, 1).unwrap().screen(), "七(1)班");
        assert!(ClassCode::new(0, 1).is_none() && ClassCode::new(10, 1).is_none() && ClassCode::new(1, 100).is_none());
    }

    #[test]
    fn grade_and_number_in_two_columns() {
        let six = SchoolSystem::SIX_THREE;
        for text in ["三年级", "三", "3", "３", "2024级", "小学三年级"] {
            assert_eq!(parse_grade(text, Y, six), Some(3), "{text}");
        }
        assert_eq!(parse_grade("初一", Y, six), Some(7));
        assert_eq!(parse_grade("三(2)班", Y, six), None);
        for text in ["2", "2班", "(2)班", "二班", "02", "（2）班"] {
            assert_eq!(parse_number(text), Some(2), "{text}");
        }
        assert_eq!(parse_number("0"), None);
    }
}

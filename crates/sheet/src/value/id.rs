//! Resident identity numbers (GB 11643, check digit ISO 7064 mod 11-2) and the papers that stand in for them.

use super::text::squash;
use serde::{Deserialize, Serialize};
use tx_base::{Day, Say, Text, say, t};

use super::words::Sex;

/// What paper a number belongs to. Codes as the API writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    /// 居民身份证 or a number in the household register: 18 characters, checked.
    #[default]
    Resident,
    /// 港澳台居民居住证: 18 characters beginning 81, 82 or 83, checked the same way.
    Permit,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证, 台湾居民来往大陆通行证 and other papers.
    Other,
}

impl IdKind {
    pub const fn label(self) -> Text {
        match self {
            IdKind::Resident => t("居民身份证", "Resident ID"),
            IdKind::Permit => t("港澳台居民居住证", "Residence permit (HK, Macao, Taiwan)"),
            IdKind::Passport => t("护照", "Passport"),
            IdKind::Other => t("其他证件", "Other paper"),
        }
    }
    /// The kind named in a cell; `None` when the words say nothing known.
    pub fn parse(text: &str) -> Option<IdKind> {
        let s = squash(text);
        let has = |w: &str| s.contains(w);
        Some(if s.is_empty() {
            return None;
        } else if has("护照") {
            IdKind::Passport
        } else if has("居住证") {
            IdKind::Permit
        } else if has("通行证") || has("永久居") || has("其他") || has("其它") || has("军官") || has("出生")
        {
            IdKind::Other
        } else if has("身份证") || has("户口") {
            IdKind::Resident
        } else {
            return None;
        })
    }
}

/// A checked number. Upper case, no spaces. Never logged: `Debug` hides all but the ends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdNumber(String);

impl std::fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IdNumber({})", self.masked())
    }
}
impl TryFrom<String> for IdNumber {
    type Error = String;
    fn try_from(s: String) -> Result<IdNumber, String> {
        IdNumber::parse(&s)
            .or_else(|e| IdNumber::parse_as(IdKind::Other, &s).map_err(|_| e))
            .map_err(|e| e.en)
    }
}
impl From<IdNumber> for String {
    fn from(n: IdNumber) -> String {
        n.0
    }
}

/// Sentence for a number that a spreadsheet program has rounded.
pub fn damaged() -> Say {
    say(
        "被Excel改成了数字，尾数丢了；请在原表把这一列改成文本，再填一次",
        "Excel turned it into a number and lost the last digits; set the column to text and type it again",
    )
}

impl IdNumber {
    /// A resident number or residence permit: 18 characters, `x` or full-width forms allowed.
    /// Errors: a rounded number, wrong length, wrong characters, a birth date that does not exist, wrong check digit.
    pub fn parse(text: &str) -> Result<IdNumber, Say> {
        let s: String = squash(text)
            .trim_matches(|c| matches!(c, '\'' | '`' | '"' | '‘' | '’'))
            .to_ascii_uppercase();
        if is_scientific(&s) {
            return Err(damaged());
        }
        let n = s.chars().count();
        if n != 18 {
            return Err(say(
                format!("身份证号应为18位，这里是{n}位"),
                format!("An ID number has 18 characters, this has {n}"),
            ));
        }
        let bytes = s.as_bytes();
        if s.len() != 18
            || !bytes[..17].iter().all(u8::is_ascii_digit)
            || !(bytes[17].is_ascii_digit() || bytes[17] == b'X')
        {
            return Err(say(
                "身份证号里有不是数字的字",
                "An ID number holds digits only (the last may be X)",
            ));
        }
        if birth_in(&s).is_none() {
            return Err(say(
                format!("身份证号里的出生日期 {} 不存在", &s[6..14]),
                format!("the birth date {} inside the ID number does not exist", &s[6..14]),
            ));
        }
        if check_digit(&s[..17]) != s.chars().last() {
            return Err(say(
                "身份证号校验位不对，有一位写错了",
                "The check digit does not fit: one of the digits is wrong",
            ));
        }
        Ok(IdNumber(s))
    }

    /// A number of the given paper. Passports and other papers: 5–20 letters and digits, not checked further.
    pub fn parse_as(kind: IdKind, text: &str) -> Result<IdNumber, Say> {
        match kind {
            IdKind::Resident => IdNumber::parse(text),
            IdKind::Permit => {
                let id = IdNumber::parse(text)?;
                if !matches!(&id.0[..2], "81" | "82" | "83") {
                    return Err(say(
                        "居住证号应以81、82或83开头",
                        "A residence permit begins with 81, 82 or 83",
                    ));
                }
                Ok(id)
            }
            IdKind::Passport | IdKind::Other => {
                let s = squash(text).to_ascii_uppercase();
                let fits = (5..=20).contains(&s.len())
                    && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && s.bytes().any(|b| b.is_ascii_digit());
                if fits && !is_scientific(&s) {
                    Ok(IdNumber(s))
                } else {
                    Err(say(
                        "证件号码应是5到20位字母和数字",
                        "A paper's number has 5 to 20 letters and digits",
                    ))
                }
            }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether the number has the build of GB 11643, so that birth, sex and region can be read from it.
    pub fn is_resident(&self) -> bool {
        self.0.len() == 18 && birth_in(&self.0).is_some()
    }
    pub fn birth(&self) -> Option<Day> {
        birth_in(&self.0)
    }
    /// From the 17th digit: odd is male.
    pub fn sex(&self) -> Option<Sex> {
        self.is_resident().then(|| {
            if (self.0.as_bytes()[16] - b'0') % 2 == 1 {
                Sex::Male
            } else {
                Sex::Female
            }
        })
    }
    /// The six digits of the place of first registration.
    pub fn region(&self) -> Option<&str> {
        self.is_resident().then(|| &self.0[..6])
    }
    /// Whether the province and the shape of the place code exist. County codes are those of the year of issue and
    /// change, so only the province is held against a list.
    pub fn region_known(&self) -> bool {
        let Some(code) = self.region() else { return true };
        let province = &code[..2];
        PROVINCES.contains(&province) && (&code[2..4] != "00" || matches!(province, "81" | "82" | "83"))
    }
    /// `4331**********1234`, the form for lists (GB/T 35273).
    pub fn masked(&self) -> String {
        let n = self.0.len();
        if n < 9 {
            "*".repeat(n)
        } else {
            format!("{}{}{}", &self.0[..4], "*".repeat(n - 8), &self.0[n - 4..])
        }
    }
    /// The number with the right check digit for 17 digits. `None` unless given 17 digits. For tests and samples.
    pub fn with_check_digit(first17: &str) -> Option<String> {
        check_digit(first17).map(|c| format!("{first17}{c}"))
    }
}

/// First two digits of GB/T 2260, with Hong Kong, Macao and Taiwan (71, and 83 on residence permits).
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
];

/// `4.31E+17` and its like: what is left after a spreadsheet program took the number for a quantity.
pub fn is_scientific(text: &str) -> bool {
    let s = squash(text).to_ascii_uppercase();
    match s.split_once('E') {
        Some((head, tail)) => {
            let exp = tail.strip_prefix('+').unwrap_or(tail);
            !head.is_empty()
                && !exp.is_empty()
                && exp.bytes().all(|b| b.is_ascii_digit())
                && head.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                && head.bytes().any(|b| b.is_ascii_digit())
        }
        None => false,
    }
}

fn check_digit(first17: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let b = first17.as_bytes();
    if b.len() != 17 || !b.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: u32 = b.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    "10X98765432".chars().nth((sum % 11) as usize)
}

fn birth_in(s: &str) -> Option<Day> {
    let d = s.get(6..14)?;
    if !d.bytes().all(|b| b.is_ascii_digit()) || s.len() != 18 {
        return None;
    }
    let year: i16 = d[..4].parse().ok()?;
    let day = Day::new(year, d[4..6].parse().ok()?, d[6..].parse().ok()?)?;
    (year >= 1900).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(first17: &str) -> String {
        IdNumber::with_check_digit(first17).unwrap()
    }

    #[test]
    fn the_standards_own_example() {
        // GB 11643-1999, annex: 11010519491231002X and 440524188001010014
        assert_eq!(id("11010519491231002"), "11010519491231002X");
        assert_eq!(id("44052418800101001"), "440524188001010014");
        let n = IdNumber::parse("11010519491231002x").unwrap();
        assert_eq!(
            (n.birth(), n.sex(), n.region()),
            (Some(Day::lit("1949-12-31")), Some(Sex::Female), Some("110105"))
        );
        assert!(n.region_known());
    }

    #[test]
    fn refusals_say_why() {
        let good = id("43312320140903151");
        let full = good
            .chars()
            .map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap())
            .collect::<String>();
        assert_eq!(IdNumber::parse(&full).unwrap().as_str(), good);
        let mut wrong = good.clone();
        wrong.replace_range(16..17, if &good[16..17] == "1" { "3" } else { "1" });
        for (text, want) in [
            (wrong.as_str(), "校验位"),
            (&good[..17], "这里是17位"),
            (&good[..15], "应为18位"),
            ("4.33123E+17", "Excel"),
            (&id("43312320140230151"), "不存在"),
            ("43312320140903A512", "不是数字"),
            ("四三三一二三二〇一四〇九〇三一五一二", "不是数字"),
            ("", "这里是0位"),
        ] {
            let got = IdNumber::parse(text).unwrap_err();
            assert!(got.zh.contains(want), "{text}: {}", got.zh);
        }
    }

    #[test]
    fn other_papers() {
        assert!(IdNumber::parse_as(IdKind::Passport, "E12345678").is_ok());
        assert!(IdNumber::parse_as(IdKind::Permit, &id("81000020140903151")).is_ok());
        assert!(IdNumber::parse_as(IdKind::Permit, &id("43312320140903151")).is_err());
        assert!(IdNumber::parse_as(IdKind::Passport, "无").is_err());
        assert!(!IdNumber::parse(&id("99312320140903151")).unwrap().region_known());
        assert_eq!(IdKind::parse("中华人民共和国居民身份证"), Some(IdKind::Resident));
        assert_eq!(IdKind::parse("港澳台居民居住证"), Some(IdKind::Permit));
    }

    #[test]
    fn masks() {
        let n = IdNumber::parse(&id("43312320140903151")).unwrap();
        assert!(n.masked().starts_with("4331**********"));
        assert!(!format!("{n:?}").contains("20140903"));
    }
}

//! Telephone numbers: mobile (11 digits) and landline with area code and extension.

use super::text::{nfkc, squash};
use serde::{Deserialize, Serialize};
use tx_base::{Say, say};

/// A checked number. Mobile: 11 digits. Landline: `0743-8520000`, with extension `0743-8520000-12`;
/// without area code 7–8 digits as given.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}
impl TryFrom<String> for Phone {
    type Error = String;
    fn try_from(s: String) -> Result<Phone, String> {
        Phone::parse(&s).map_err(|e| e.en)
    }
}
impl From<Phone> for String {
    fn from(p: Phone) -> String {
        p.0
    }
}

impl Phone {
    /// Reads one number; `+86`, spaces, dashes and full-width digits are allowed.
    /// Errors say how many digits are missing or too many.
    pub fn parse(text: &str) -> Result<Phone, Say> {
        let s = squash(text);
        let mut s = s
            .trim_start_matches("电话")
            .trim_start_matches("手机")
            .trim_start_matches(':')
            .to_string();
        for prefix in ["+86-", "+86", "0086"] {
            if let Some(rest) = s.strip_prefix(prefix) {
                s = rest.to_string();
                break;
            }
        }
        let s: String = s
            .chars()
            .map(|c| {
                if matches!(c, '—' | '–' | '－' | '_' | '转') {
                    '-'
                } else {
                    c
                }
            })
            .collect();
        let digits: String = s.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty()
            || s.chars()
                .any(|c| !c.is_ascii_digit() && !matches!(c, '-' | '(' | ')' | '.'))
        {
            return Err(say("不是电话号码", "not a telephone number"));
        }
        let n = digits.len();
        if s.starts_with('1') && n >= 9
            || (n == 12 && digits.starts_with("01") && digits.as_bytes()[2] >= b'3' && !digits.starts_with("010"))
        {
            // some sheets put a 0 before a mobile number
            let mobile = if n == 12 && digits.starts_with('0') {
                &digits[1..]
            } else {
                &digits[..]
            };
            let bad = |zh: String, en: String| Err(say(zh, en));
            return match mobile.len() {
                11 if (b'3'..=b'9').contains(&mobile.as_bytes()[1]) => Ok(Phone(mobile.to_string())),
                11 => bad(
                    format!("没有{}开头的手机号", &mobile[..3]),
                    format!("no mobile number begins with {}", &mobile[..3]),
                ),
                k if k < 11 => bad(format!("少 {} 位", 11 - k), format!("{} digit(s) too few", 11 - k)),
                k => bad(format!("多 {} 位", k - 11), format!("{} digit(s) too many", k - 11)),
            };
        }
        let parts: Vec<String> = s
            .replace(['(', ')', '.'], "-")
            .split('-')
            .filter(|p| !p.is_empty())
            .map(String::from)
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (area, rest): (Option<&str>, &[&str]) = match parts.as_slice() {
            [] => return Err(say("不是电话号码", "not a telephone number")),
            [first, rest @ ..] if first.starts_with('0') && first.len() <= 4 && !rest.is_empty() => (Some(first), rest),
            all => (None, all),
        };
        let (local, ext) = match rest {
            [local] => (*local, None),
            [local, ext] if ext.len() <= 6 && local.len() >= 7 => (*local, Some(*ext)),
            [a, b] if a.len() + b.len() <= 8 => return Phone::landline(area, &format!("{a}{b}"), None),
            _ => return Err(say("不是电话号码", "not a telephone number")),
        };
        Phone::landline(area, local, ext)
    }

    fn landline(area: Option<&str>, local: &str, ext: Option<&str>) -> Result<Phone, Say> {
        let (area, local) = match area {
            Some(a) => (Some(a.to_string()), local.to_string()),
            // area codes: 010, 02x have three digits, the others four
            None if local.starts_with('0') => {
                let cut = if local.starts_with("010") || local.starts_with("02") {
                    3
                } else {
                    4
                };
                if local.len() < cut + 7 {
                    let n = cut + 7 - local.len();
                    return Err(say(format!("少 {n} 位"), format!("{n} digit(s) too few")));
                }
                (Some(local[..cut].to_string()), local[cut..].to_string())
            }
            None => (None, local.to_string()),
        };
        match local.len() {
            7 | 8 => {}
            k if k < 7 => return Err(say(format!("少 {} 位", 7 - k), format!("{} digit(s) too few", 7 - k))),
            k => return Err(say(format!("多 {} 位", k - 8), format!("{} digit(s) too many", k - 8))),
        }
        let mut out = area.map(|a| a + "-").unwrap_or_default();
        out.push_str(&local);
        if let Some(e) = ext {
            out.push('-');
            out.push_str(e);
        }
        Ok(Phone(out))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
    pub fn is_mobile(&self) -> bool {
        self.0.len() == 11 && self.0.starts_with('1')
    }
    /// `138****5678`; a landline keeps its area code and last two digits.
    pub fn masked(&self) -> String {
        if self.is_mobile() {
            format!("{}****{}", &self.0[..3], &self.0[7..])
        } else {
            let n = self.0.len();
            let head = self
                .0
                .find('-')
                .filter(|_| self.0.starts_with('0'))
                .map_or(0, |i| i + 1);
            format!(
                "{}{}{}",
                &self.0[..head],
                "*".repeat(n.saturating_sub(head + 2)),
                &self.0[n.saturating_sub(2).max(head)..]
            )
        }
    }
}

/// One number of a cell and the words in its bracket: `138…（爷爷）` → (`138…`, `爷爷`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhonePart {
    pub text: String,
    pub whose: Option<String>,
}

/// Takes a cell with one or more numbers apart (domain.md §5: split on `、 / ， ; 换行 和`). Also finds `爷爷13800000000`.
pub fn split_phones(text: &str) -> Vec<PhonePart> {
    let s = nfkc(text);
    let mut out = Vec::new();
    let mut number = String::new();
    let mut words = String::new();
    let mut flush = |number: &mut String, words: &mut String| {
        let n = number
            .trim_matches(|c: char| !c.is_ascii_digit() && c != '+')
            .to_string();
        let w: String = words
            .chars()
            .filter(|c| !matches!(c, ':' | '(' | ')' | '[' | ']' | ' ' | '电' | '话' | '手' | '机'))
            .collect();
        if !n.is_empty() {
            out.push(PhonePart {
                text: n,
                whose: (!w.is_empty()).then_some(w),
            });
            words.clear();
        }
        number.clear();
    };
    let chars: Vec<char> = s.chars().collect();
    // 爷爷138… names before, 138…爷爷 after
    let words_first = chars
        .iter()
        .find(|c| c.is_alphanumeric())
        .is_some_and(|c| !c.is_ascii_digit());
    for (i, &c) in chars.iter().enumerate() {
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let next_digits = chars[i + 1..]
            .iter()
            .skip_while(|c| c.is_whitespace())
            .take_while(|c| c.is_ascii_digit() || **c == '-')
            .count();
        match c {
            '、' | '/' | ',' | ';' | '\n' | '\r' | '，' | '；' | '和' | '|' | '\\' | '。' => {
                flush(&mut number, &mut words)
            }
            ' ' | '\t' => {
                // a space inside "138 0000 0000" stays; between two whole numbers it parts them
                if digits >= 7 && next_digits >= 7 {
                    flush(&mut number, &mut words);
                }
            }
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '—' | '－' | '–') => {
                if digits == 0 && c == '-' {
                    continue;
                }
                if !words_first && digits >= 7 && !words.is_empty() && c.is_ascii_digit() {
                    flush(&mut number, &mut words);
                }
                number.push(c);
            }
            '(' if digits == 0 && next_digits >= 3 => {}
            '(' | ')' | ':' | '：' => {
                // an area code in brackets: (0743)8520000
                if c == ')' && (3..=4).contains(&digits) && number.starts_with('0') {
                    number.push('-');
                }
            }
            '转' if digits >= 7 => number.push('-'),
            c => {
                if words_first && digits >= 7 && !in_bracket(&chars[..i]) {
                    // the next person begins
                    flush(&mut number, &mut words);
                }
                words.push(c);
            }
        }
        if c == ')' && digits >= 7 {
            flush(&mut number, &mut words);
        }
    }
    flush(&mut number, &mut words);
    out
}

fn in_bracket(before: &[char]) -> bool {
    before.iter().fold(0i32, |d, c| match c {
        '(' => d + 1,
        ')' => d - 1,
        _ => d,
    }) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, want) in [
            ("13600002217", "13600002217"),
            ("１３６ ００００ ２２１７", "13600002217"),
            ("+86-13600002217", "13600002217"),
            ("136-0000-2217", "13600002217"),
            ("0743-8520123", "0743-8520123"),
            ("(0743)8520123", "0743-8520123"),
            ("07438520123", "0743-8520123"),
            ("010-62345678-12", "010-62345678-12"),
            ("01062345678", "010-62345678"),
            ("8520123", "8520123"),
            ("013600002217", "13600002217"),
        ] {
            assert_eq!(Phone::parse(text).map(|p| p.0), Ok(want.to_string()), "{text}");
        }
        for (text, want) in [
            ("1360000771", "少 1 位"),
            ("136000022170", "多 1 位"),
            ("12000002217", "没有120开头"),
            ("无", "不是电话"),
            ("", "不是电话"),
            ("123", "少 4 位"),
            ("张三", "不是电话"),
        ] {
            let e = Phone::parse(text).unwrap_err();
            assert!(e.zh.contains(want), "{text}: {}", e.zh);
        }
        assert_eq!(Phone::parse("13600002217").unwrap().masked(), "136****2217");
        assert_eq!(Phone::parse("0743-8520123").unwrap().masked(), "0743-*****23");
    }

    #[test]
    fn several_in_a_cell() {
        let parts = |s: &str| {
            split_phones(s)
                .into_iter()
                .map(|p| (p.text, p.whose.unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        let two = |a: &str, b: &str| {
            vec![
                ("13600002217".to_string(), a.to_string()),
                ("13700003328".to_string(), b.to_string()),
            ]
        };
        for s in [
            "13600002217、13700003328",
            "13600002217/13700003328",
            "13600002217 13700003328",
            "13600002217\n13700003328",
            "13600002217和13700003328",
        ] {
            assert_eq!(parts(s), two("", ""), "{s}");
        }
        assert_eq!(parts("13600002217（爷爷）、13700003328(奶奶)"), two("爷爷", "奶奶"));
        assert_eq!(parts("13600002217（爷爷）13700003328(奶奶)"), two("爷爷", "奶奶"));
        assert_eq!(parts("爷爷13600002217奶奶13700003328"), two("爷爷", "奶奶"));
        assert_eq!(parts("13600002217爷爷 13700003328奶奶"), two("爷爷", "奶奶"));
        assert_eq!(parts("爷爷：13600002217 奶奶：13700003328"), two("爷爷", "奶奶"));
        assert_eq!(parts("136 0000 2217"), vec![("13600002217".into(), String::new())]);
        assert_eq!(parts("(0743)8520123"), vec![("0743-8520123".into(), String::new())]);
        assert_eq!(parts("1360000771"), vec![("1360000771".into(), String::new())]);
        assert!(parts("没有").is_empty());
    }
}

//! What the text is written from: the figures of a school and period, and what the school says of itself.

use std::collections::BTreeMap;
use tx_base::{Day, Span};
use tx_figures::{Amount, By, Counted, Figure};
use tx_record::FieldType;

/// A figure of this school and period.
#[derive(Clone, Debug)]
pub struct Number {
    pub f: &'static Figure,
    pub n: Counted,
}

impl Number {
    /// Whether there is something behind it: a record, or a share of which something was owed.
    pub fn is_recorded(&self) -> bool {
        match self.n.value {
            Amount::Nothing => false,
            Amount::Whole(0) | Amount::Cents(0) => !self.n.records.is_empty() || self.n.of.is_some_and(|n| n > 0),
            _ => true,
        }
    }
    /// `96.0%` of a share; `None` when nothing was owed.
    pub fn percent(&self) -> Option<String> {
        match (self.n.value, self.n.of) {
            (Amount::Whole(v), Some(of)) if of > 0 => Some(percent(v, of)),
            _ => None,
        }
    }
    /// As it stands in a sentence, without its unit; days as 12月13日.
    pub fn words(&self) -> String {
        match self.n.value {
            Amount::Day(d) => d.zh_short(),
            Amount::Nothing => String::new(),
            other => other.json().to_string(),
        }
    }
    /// As it is compared with an earlier drawing: a share in per cent, else the value.
    pub fn short(&self) -> String {
        self.percent().unwrap_or_else(|| self.words())
    }
    /// A key of its split in words: months, terms, festivals, classes, choices of a field.
    pub fn key_words(&self, key: &str) -> String {
        if let By::Field(field) = self.f.by
            && festival(key).is_none()
        {
            let name = self.f.pick.kinds.iter().find_map(|k| {
                let f = tx_record::find_kind(k)?.fields.iter().find(|f| f.id == field)?;
                match f.ty {
                    FieldType::Choice(o) | FieldType::Choices(o) => o.iter().find(|o| o.id == key),
                    _ => None,
                }
            });
            if let Some(o) = name {
                return o.name.zh.to_owned();
            }
        }
        key_words(key)
    }
}

/// One decimal, as domain.md §8 writes rates; cut, never rounded up to a full 100.
pub fn percent(value: i64, of: i64) -> String {
    let tenths = if value >= of {
        1000
    } else {
        ((value * 2000 + of) / (2 * of)).min(999)
    };
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A number that is not exact, in words and never above the truth: 823 as 800余, 65 as 60余, 800 as 800.
pub fn over(n: i64) -> String {
    let mut step = 1;
    while n / step >= 10 {
        step *= 10;
    }
    let round = n / step * step;
    if n < 10 || round == n {
        n.to_string()
    } else {
        format!("{round}余")
    }
}

/// Everything that a template may ask for.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    pub all: BTreeMap<&'static str, Number>,
    pub school: String,
    pub period: Option<Span>,
    pub today: Option<Day>,
    /// the school's own profile in its order: field, label, words
    pub profile: Vec<(String, String, String)>,
    /// `{group:…}` in words
    pub group: BTreeMap<&'static str, String>,
    /// titles of what a figure counts
    pub names: BTreeMap<&'static str, Vec<String>>,
}

impl Numbers {
    /// Label and words of a field of the profile.
    pub fn of_profile(&self, key: &str) -> Option<(&str, &str)> {
        self.profile
            .iter()
            .find(|(k, ..)| k == key)
            .map(|(_, label, words)| (label.as_str(), words.as_str()))
    }
}

fn festival(key: &str) -> Option<&'static str> {
    Some(match key {
        "spring_festival" => "春节",
        "dragon_boat" => "端午节",
        "mid_autumn" => "中秋节",
        "childrens_day" => "六一儿童节",
        _ => return None,
    })
}

/// Words of a key of a split (schemes.md, "What a figure is, exactly").
pub fn key_words(key: &str) -> String {
    let part = |k: &str| {
        festival(k).or(match k {
            "start" => Some("期初"),
            "middle" => Some("期中"),
            "end" => Some("期末"),
            _ => None,
        })
    };
    let term = |k: &str| -> Option<String> {
        let (year, n) = k.split_once('-')?;
        let first: i32 = year.parse().ok()?;
        match (year.len(), n) {
            (4, "1") => Some(format!("{first}—{}学年第一学期", first + 1)),
            (4, "2") => Some(format!("{first}—{}学年第二学期", first + 1)),
            (4, m) if m.len() == 2 => {
                let m: u8 = m.parse().ok().filter(|m| (1..=12).contains(m))?;
                Some(format!("{first}年{m}月"))
            }
            _ => None,
        }
    };
    if let Some(w) = part(key).map(str::to_owned).or_else(|| term(key)) {
        return w;
    }
    if let Some((a, b)) = key.split_once(':') {
        return format!("{}{}", key_words(a), key_words(b));
    }
    match tx_calendar::ClassCode::from_code(key) {
        Some(c) => c.print(),
        None => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_round_numbers_never_say_too_much() {
        assert_eq!(percent(168, 175), "96.0%");
        assert_eq!(percent(0, 3), "0.0%");
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(percent(9999, 10000), "99.9%");
        assert_eq!(percent(3, 3), "100.0%");
        for (n, words) in [
            (823, "800余"),
            (800, "800"),
            (9120, "9000余"),
            (65, "60余"),
            (7, "7"),
            (0, "0"),
        ] {
            assert_eq!(over(n), words);
        }
    }

    #[test]
    fn keys_are_words() {
        for (key, words) in [
            ("2025-11", "2025年11月"),
            ("2025-1", "2025—2026学年第一学期"),
            ("2025-2:middle", "2025—2026学年第二学期期中"),
            ("mid_autumn", "中秋节"),
            ("什么", "什么"),
        ] {
            assert_eq!(key_words(key), words);
        }
    }
}

//! Which class a row belongs to: one column, grade and class apart, or the sheet's name and title.

use crate::{
    book::Cell,
    roster::Options,
    value::{date::from_serial, text::tidy},
};
use tx_calendar::{ClassCode, class_name};

/// What the class cells of a row say.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ClassRead {
    pub class: Option<ClassCode>,
    pub grade: Option<u8>,
    /// As written, when it names no class for certain.
    pub text: Option<String>,
    /// The spreadsheet program had made a day of `3-2`.
    pub from_day: bool,
}

/// The one place where a class's name is read.
pub fn parse(text: &str, opts: &Options) -> Option<ClassCode> {
    class_name::parse(text, opts.school_year, opts.system)
}

/// Reads the cells of all class columns of a row, from left to right.
pub fn read(cells: &[&Cell], opts: &Options) -> ClassRead {
    let mut out = ClassRead::default();
    let mut texts = Vec::new();
    for cell in cells {
        match cell {
            // 3-2 typed into a cell becomes 2 March
            Cell::Date(serial) => {
                if let Some(class) = from_serial(*serial).and_then(|d| ClassCode::new(d.month() as u8, d.day() as u8)) {
                    out.class = Some(class);
                    out.from_day = true;
                }
            }
            other => texts.push(other.text()),
        }
    }
    if out.class.is_none() && texts.len() >= 2 {
        out.class = (0..texts.len())
            .flat_map(|g| (0..texts.len()).map(move |n| (g, n)))
            .filter(|(g, n)| g != n)
            .find_map(|(g, n)| {
                let grade = class_name::parse_grade(&texts[g], opts.school_year, opts.system)?;
                ClassCode::new(grade, class_name::parse_number(&texts[n])?)
            });
    }
    if out.class.is_none() {
        out.class = texts.iter().find_map(|t| parse(t, opts));
    }
    out.grade = out.class.map(|c| c.grade).or_else(|| {
        texts
            .iter()
            .find_map(|t| class_name::parse_grade(t, opts.school_year, opts.system))
    });
    if out.class.is_none() && !texts.is_empty() {
        out.text = Some(tidy(&texts.join(" ")));
    }
    out
}

/// The class named somewhere inside a title: `竹园小学三年级1班花名册`.
pub fn inside(title: &str, opts: &Options) -> Option<ClassCode> {
    let chars: Vec<char> = title.chars().filter(|c| !c.is_whitespace()).take(200).collect();
    for (end, _) in chars.iter().enumerate().filter(|(_, c)| **c == '班') {
        for start in end.saturating_sub(12)..end {
            let piece: String = chars[start..=end].iter().collect();
            if let Some(class) = parse(&piece, opts) {
                return Some(class);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use tx_base::Day;

    #[test]
    fn classes() {
        let opts = Options::new(Day::lit("2026-11-24"));
        let text = |s: &str| Cell::Text(s.into());
        let one = |c: Cell| read(&[&c], &opts).class.map(|c| c.code());
        assert_eq!(one(text("四（1）班")), Some("401".into()));
        assert_eq!(one(text("四年级1班")), Some("401".into()));
        assert_eq!(
            one(Cell::Number {
                value: 302.0,
                general: true
            }),
            Some("302".into())
        );
        assert_eq!(one(Cell::Date(from_day("2026-03-02"))), Some("302".into()));
        let two = |a: Cell, b: Cell| read(&[&a, &b], &opts).class.map(|c| c.code());
        assert_eq!(two(text("四年级"), text("12班")), Some("412".into()));
        assert_eq!(
            two(
                text("四年级"),
                Cell::Number {
                    value: 1.0,
                    general: true
                }
            ),
            Some("401".into())
        );
        assert_eq!(two(text("四年级"), text("四(1)班")), Some("401".into()));
        let grade = read(&[&text("二年级")], &opts);
        assert_eq!(
            (grade.class, grade.grade, grade.text.as_deref()),
            (None, Some(2), Some("二年级"))
        );
        assert_eq!(
            inside("竹园小学三年级1班留守儿童花名册", &opts).map(|c| c.code()),
            Some("301".into())
        );
        assert_eq!(inside("竹园小学花名册", &opts), None);
    }

    fn from_day(day: &str) -> f64 {
        f64::from(Day::lit(day).since(Day::new(1899, 12, 30).expect("the day before the first serial")))
    }
}

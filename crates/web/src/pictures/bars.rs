//! Bars: months behind a number, weeks of a scheme.

use super::{Svg, n};
use crate::parts::Kind;
use maud::Markup;

/// Counts of up to 24 months: label and value.
#[derive(Clone, Debug, Default)]
pub struct MonthBars {
    pub label: String,
    pub months: Vec<(String, u32)>,
}

pub fn month_bars(p: &MonthBars) -> Markup {
    let mut s = Svg::new("mb", 304.0, 78.0, &p.label);
    let pitch = 304.0 / p.months.len().max(12) as f64;
    let most = p.months.iter().map(|m| m.1).max().unwrap_or(0).max(1);
    for (i, (name, count)) in p.months.iter().enumerate() {
        let (x, w) = (i as f64 * pitch + 3.0, pitch - 6.0);
        let h = f64::from(*count) / f64::from(most) * 43.0;
        if *count > 0 {
            s.rect(x, 54.0 - h, w.max(2.0), h, 3.0, "mbar");
            s.text(
                x + w / 2.0,
                if h < 16.0 { 54.0 - h - 3.0 } else { 54.0 - h + 14.0 },
                "bv",
                &count.to_string(),
            );
        }
        // with more than a year only every other month has room for its name
        if p.months.len() <= 12 || i % 2 == 0 {
            s.text(x + w / 2.0, 72.0, "rt c", name);
        }
    }
    s.path("M0 54.5H304", "ax");
    s.end()
}

#[derive(Clone, Debug, Default)]
pub struct StackPart {
    pub kind: Kind,
    pub count: u32,
}

/// A week of the preview: what would be due.
#[derive(Clone, Debug, Default)]
pub struct StackWeek {
    /// Shown below when it is not empty.
    pub name: String,
    pub parts: Vec<StackPart>,
    /// What the draft adds.
    pub extra: u32,
    /// Judged by the version in force: pale.
    pub past: bool,
}

#[derive(Clone, Debug, Default)]
pub struct WeekStacks {
    pub label: String,
    pub weeks: Vec<StackWeek>,
    /// Index of the first week of the draft, and its words: 11月2日起.
    pub from: Option<(usize, String)>,
}

pub fn week_stacks(p: &WeekStacks) -> Markup {
    let mut s = Svg::new("wst", 362.0, 132.0, &p.label);
    let pitch = 362.0 / p.weeks.len().max(20) as f64;
    let sum = |w: &StackWeek| w.parts.iter().map(|p| p.count).sum::<u32>() + w.extra;
    let unit = 92.0 / f64::from(p.weeks.iter().map(sum).max().unwrap_or(0).max(1));
    for (i, w) in p.weeks.iter().enumerate() {
        let x = i as f64 * pitch + 1.5;
        let mut y = 112.0;
        s.raw(format_args!("<g{}>", if w.past { r#" class="past""# } else { "" }));
        for part in w.parts.iter().filter(|p| p.count > 0) {
            let h = f64::from(part.count) * unit;
            y -= h;
            s.rect(x, y, pitch - 3.0, h, 0.0, &format!("f {}", part.kind.class()));
        }
        if w.extra > 0 {
            let h = f64::from(w.extra) * unit;
            s.rect(x, y - h, pitch - 3.0, h, 0.0, "gold");
        }
        s.raw(format_args!("</g>"));
        s.text(x + (pitch - 3.0) / 2.0, 127.0, "rt c", &w.name);
    }
    s.path("M0 112.5H362", "ax");
    if let Some((i, words)) = &p.from {
        let x = *i as f64 * pitch;
        s.path(&format!("M{x} 8V112", x = n(x)), "tday k");
        let end = x > 220.0;
        s.text(
            if end { x - 5.0 } else { x + 5.0 },
            16.0,
            if end { "rt b e" } else { "rt b" },
            words,
        );
    }
    s.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_follow_the_counts() {
        let p = MonthBars {
            months: vec![("11".into(), 3), ("12".into(), 6), ("1".into(), 0)],
            ..MonthBars::default()
        };
        let svg = month_bars(&p).into_string();
        assert!(
            svg.contains(r#"height="43""#) && svg.contains(r#"height="21.5""#),
            "{svg}"
        );
        assert_eq!(svg.matches("<rect").count(), 2, "zero has no bar");
        assert!(!month_bars(&MonthBars::default()).into_string().contains("NaN"));
    }

    #[test]
    fn stacks_stand_on_the_axis() {
        let week = StackWeek {
            parts: vec![StackPart {
                kind: Kind::Talk,
                count: 3,
            }],
            extra: 1,
            ..StackWeek::default()
        };
        let svg = week_stacks(&WeekStacks {
            weeks: vec![week],
            ..WeekStacks::default()
        })
        .into_string();
        assert!(svg.contains(r#"y="43" width="15.1" height="69""#), "{svg}");
    }
}

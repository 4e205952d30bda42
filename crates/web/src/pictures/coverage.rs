//! (c) Coverage small multiples: a panel a class, the same scales everywhere.

use super::{Layout, Svg, esc, n};
use maud::Markup;
use tx_base::Lang;

/// One class: its share of duties in time, week by week.
#[derive(Clone, Debug, Default)]
pub struct ClassPanel {
    pub id: String,
    /// 四(2)班
    pub name: String,
    /// 18 人
    pub count: String,
    /// 0–100 for each week so far; `None` where nothing was due.
    pub points: Vec<Option<f64>>,
    /// 94%; the words at the right, empty before the first week.
    pub value: String,
    pub late: u32,
    /// The class calendar.
    pub href: String,
}

#[derive(Clone, Debug, Default)]
pub struct CoveragePicture {
    pub label: String,
    pub panels: Vec<ClassPanel>,
    /// Median of the school, week by week.
    pub median: Vec<Option<f64>>,
}

/// Under this share a panel is in the late colour.
const LOW: f64 = 80.0;

pub fn coverage(lang: Lang, p: &CoveragePicture, layout: Layout) -> Markup {
    let (columns, pitch, plot, width) = if layout == Layout::Wide {
        (4, 181.33, 112.0, 716.0)
    } else {
        (2, 152.0, 88.0, 302.0)
    };
    let rows = p.panels.len().div_ceil(columns).max(1);
    let mut s = Svg::linked("cov", width, rows as f64 * 113.0 - 12.0, &p.label);
    let weeks = p
        .panels
        .iter()
        .map(|c| c.points.len())
        .max()
        .unwrap_or(0)
        .max(p.median.len());
    for (i, c) in p.panels.iter().enumerate() {
        let (x0, y0) = (
            4.0 * f64::from(layout == Layout::Wide) + (i % columns) as f64 * pitch,
            (i / columns) as f64 * 113.0,
        );
        let at = |w: usize, v: f64| {
            (
                x0 + 2.0
                    + if weeks > 1 {
                        (plot - 8.0) * w as f64 / (weeks - 1) as f64
                    } else {
                        0.0
                    },
                y0 + 32.0 + (100.0 - v.clamp(0.0, 100.0)) * 0.59,
            )
        };
        let points = |list: &[Option<f64>]| {
            list.iter()
                .enumerate()
                .filter_map(|(w, v)| v.map(|v| at(w, v)))
                .collect::<Vec<_>>()
        };
        let last = c.points.iter().rev().flatten().next().copied();
        let low = last.is_some_and(|v| v < LOW);
        let late = match lang {
            Lang::Zh => format!("逾期 {}", c.late),
            Lang::En => format!("late {}", c.late),
        };
        let title = format!(
            "{} {} {} {}",
            c.name,
            c.count,
            c.value,
            if c.late > 0 || low { late.as_str() } else { "" }
        );
        s.open(
            &c.href,
            title.trim(),
            &format!(
                r#" class="{}" data-class="{}""#,
                if low { "cl low" } else { "cl" },
                esc(&c.id)
            ),
        );
        s.rect(x0, y0, pitch - 9.0, 99.0, 0.0, "hit");
        s.text(x0, y0 + 16.0, "cn", &c.name);
        let wide: f64 = c.name.chars().map(|ch| if ch.is_ascii() { 8.8 } else { 15.5 }).sum();
        s.text(x0 + wide + 5.0, y0 + 16.0, "cc", &c.count);
        s.path(
            &format!(
                "M{x} {}H{e}M{x} {}H{e}",
                n(y0 + 32.0),
                n(y0 + 91.0),
                x = n(x0),
                e = n(x0 + plot)
            ),
            "ln",
        );
        let line = points(&c.points);
        if let (Some(a), Some(b)) = (line.first(), line.last()) {
            let path: Vec<String> = line.iter().map(|(x, y)| format!("{},{}", n(*x), n(*y))).collect();
            s.path(
                &format!(
                    "M{} {base}L{}L{} {base}z",
                    n(a.0),
                    path.join(" L"),
                    n(b.0),
                    base = n(y0 + 91.0)
                ),
                "ar",
            );
        }
        s.line(&points(&p.median), "mean");
        s.line(&line, "cv");
        if let Some((x, y)) = line.last() {
            s.dot(*x, *y, 4.0, "cd");
            s.text(x0 + plot + 54.0, (*y + 6.0).min(y0 + 72.0), "cp", &c.value);
        }
        if c.late > 0 || low {
            s.text(x0 + plot + 54.0, y0 + 90.0, "cx", &late);
        }
        s.shut(&c.href);
    }
    s.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_scale_for_all() {
        let panel = |name: &str, v: f64, late| ClassPanel {
            name: name.into(),
            points: vec![Some(0.0), None, Some(v)],
            value: format!("{v}%"),
            late,
            href: "/c".into(),
            ..ClassPanel::default()
        };
        let p = CoveragePicture {
            panels: vec![
                panel("一(1)班", 100.0, 0),
                panel("一(2)班", 79.9, 0),
                panel("二(1)班", 80.0, 3),
            ],
            ..CoveragePicture::default()
        };
        let svg = coverage(Lang::Zh, &p, Layout::Wide).into_string();
        // 100 % stands on the upper line, 0 % on the lower
        assert!(svg.contains("6,91") && svg.contains(",32"), "{svg}");
        assert_eq!(svg.matches("cl low").count(), 1, "only below 80");
        // the words always stand where the colour is
        assert!(svg.contains("逾期 0") && svg.contains("逾期 3"));
        assert!(!svg.contains("NaN"));
    }

    #[test]
    fn no_weeks_yet() {
        let p = CoveragePicture {
            panels: vec![ClassPanel {
                name: "一(1)班".into(),
                ..ClassPanel::default()
            }],
            ..CoveragePicture::default()
        };
        assert!(!coverage(Lang::Zh, &p, Layout::Phone).into_string().contains("NaN"));
    }
}

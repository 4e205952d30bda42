//! (g) The room's heat map: weekdays by half hours.

use super::{Svg, esc};
use maud::Markup;

#[derive(Clone, Debug, Default)]
pub struct HeatPicture {
    pub label: String,
    /// 12:00 …
    pub hours: Vec<String>,
    /// A wider space stands before this column (afternoon).
    pub gap: usize,
    /// Weekday and its cells.
    pub rows: Vec<(String, Vec<HeatCell>)>,
}

/// How many, family time, address; `None` = closed.
pub type HeatCell = Option<(u32, bool, String)>;

pub fn heat_map(p: &HeatPicture) -> Markup {
    let count = p.hours.len().max(1) as f64;
    let w = (300.0 - 10.0) / count;
    let x = |i: usize| 44.0 + i as f64 * w + if p.gap > 0 && i >= p.gap { 10.0 } else { 0.0 };
    let mut s = Svg::linked("heat", 344.0, 24.0 + p.rows.len() as f64 * 25.2, &p.label);
    let most = p
        .rows
        .iter()
        .flat_map(|(_, c)| c.iter().flatten())
        .map(|c| c.0)
        .max()
        .unwrap_or(0)
        .max(1);
    for (i, h) in p.hours.iter().enumerate() {
        s.text(x(i) + w / 2.0, 15.0, "rt c", h);
    }
    for (r, (day, cells)) in p.rows.iter().enumerate() {
        let y = 24.0 + r as f64 * 25.2;
        s.text(0.0, y + 17.0, "hl", day);
        for (i, (count, family, href)) in cells.iter().enumerate().filter_map(|(i, c)| c.as_ref().map(|c| (i, c))) {
            // six steps by equal parts of the maximum
            let step = (count * 6).div_ceil(most).clamp(1, 6);
            s.open(
                href,
                &format!("{day} {} {count}", p.hours.get(i).map_or("", String::as_str)),
                &format!(r#" class="h{step}" data-day="{}""#, esc(day)),
            );
            s.rect(x(i), y, w - 3.0, 22.2, 6.0, "");
            s.text(x(i) + w / 2.0 - 1.5, y + 16.0, "hv", &count.to_string());
            if *family {
                s.dot(x(i) + w - 9.0, y + 7.0, 3.2, "gold");
            }
            s.shut(href);
        }
    }
    s.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_equal_parts_of_the_maximum() {
        let cells = [0, 4, 5, 8, 20, 24].map(|c| Some((c, c == 24, String::new()))).to_vec();
        let p = HeatPicture {
            hours: vec!["12:00".into(); 6],
            gap: 3,
            rows: vec![("周一".into(), cells)],
            ..HeatPicture::default()
        };
        let svg = heat_map(&p).into_string();
        for (class, times) in [("h1", 2), ("h2", 2), ("h5", 1), ("h6", 1)] {
            assert_eq!(
                svg.matches(&format!(r#"class="{class}""#)).count(),
                times,
                "{class} {svg}"
            );
        }
        assert_eq!(svg.matches("gold").count(), 1);
    }
}

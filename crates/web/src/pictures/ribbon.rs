//! (b) The child's ribbon: twelve months on one axis, five lanes.

use super::{Layout, Svg, esc, n};
use crate::parts::{Kind, words};
use maud::Markup;
use tx_base::{Day, Lang, Span};

/// A talk: a dot.
#[derive(Clone, Debug)]
pub struct Talk {
    pub day: Day,
    pub href: String,
    pub title: String,
}

/// A visit: a house; one that is due is an outline.
#[derive(Clone, Debug)]
pub struct Visit {
    pub day: Day,
    pub due: bool,
    pub href: String,
    pub title: String,
}

/// A call: an upright stroke as high as it was long.
#[derive(Clone, Debug)]
pub struct Call {
    pub day: Day,
    pub minutes: u32,
    pub href: String,
    pub title: String,
}

/// A term exam: one subject or the mean, with the class mean.
#[derive(Clone, Debug)]
pub struct Score {
    pub day: Day,
    pub value: f64,
    pub mean: Option<f64>,
    pub href: String,
    pub title: String,
}

/// A health check: a cross with words beside it.
#[derive(Clone, Debug)]
pub struct Check {
    pub day: Day,
    /// 131 cm.
    pub words: String,
    pub href: String,
    pub title: String,
}

/// The longest stretch without a call, over 45 days.
#[derive(Clone, Debug)]
pub struct Gap {
    pub span: Span,
    /// 62 天没通话.
    pub words: String,
}

#[derive(Clone, Debug)]
pub struct RibbonPicture {
    /// The sentence that the picture says.
    pub label: String,
    pub today: Day,
    pub child: String,
    pub talks: Vec<Talk>,
    pub visits: Vec<Visit>,
    pub calls: Vec<Call>,
    pub scores: Vec<Score>,
    pub checks: Vec<Check>,
    pub gap: Option<Gap>,
    pub holidays: Vec<super::Holiday>,
    /// Parents at home: a thin bar under the visits.
    pub home: Vec<(Span, String)>,
}

impl Default for RibbonPicture {
    fn default() -> RibbonPicture {
        RibbonPicture {
            label: String::new(),
            today: Day::lit("2026-01-01"),
            child: String::new(),
            talks: vec![],
            visits: vec![],
            calls: vec![],
            scores: vec![],
            checks: vec![],
            gap: None,
            holidays: vec![],
            home: vec![],
        }
    }
}

/// Measures of the two sizes: 1270 × 262 and 328 × 214.
struct Size {
    w: f64,
    h: f64,
    left: f64,
    right: f64,
    /// Middle of each lane.
    lanes: [f64; 5],
    seal: f64,
    dot: f64,
    house: f64,
    stroke: f64,
    floor: f64,
    months: f64,
    band: f64,
    wide: bool,
}

const WIDE: Size = Size {
    w: 1270.0,
    h: 262.0,
    left: 112.0,
    right: 1250.0,
    lanes: [46.0, 86.0, 132.0, 180.0, 222.0],
    seal: 24.0,
    dot: 7.0,
    house: 16.0,
    stroke: 7.0,
    floor: 150.0,
    months: 256.0,
    band: 234.0,
    wide: true,
};

const PHONE: Size = Size {
    w: 328.0,
    h: 214.0,
    left: 30.0,
    right: 322.0,
    lanes: [38.0, 68.0, 104.0, 142.0, 176.0],
    seal: 20.0,
    dot: 5.2,
    house: 12.0,
    stroke: 5.0,
    floor: 116.0,
    months: 209.0,
    band: 192.0,
    wide: false,
};

/// The place of a day, in months from the first day of the first month.
fn month_at(first: Day, day: Day) -> f64 {
    let months = f64::from(i32::from(day.year() - first.year()) * 12 + i32::from(day.month() - first.month()));
    months + (f64::from(day.day()) - 0.5) / f64::from(day.last_of_month().day())
}

pub fn ribbon(lang: Lang, p: &RibbonPicture, layout: Layout) -> Markup {
    let z = if layout == Layout::Wide { &WIDE } else { &PHONE };
    let first = p.today.first_of_month().plus_months(-11);
    let x = |day: Day| z.left + (z.right - z.left) * (month_at(first, day) / 12.0).clamp(0.0, 1.0);
    let inside = |day: Day| day >= first && day <= p.today.last_of_month();
    let mut s = Svg::linked("rib", z.w, z.h, &p.label);
    for h in &p.holidays {
        if h.span.to < first || h.span.from > p.today.last_of_month() {
            continue;
        }
        let (a, b) = (x(h.span.from), x(h.span.to));
        s.rect(a, 4.0, (b - a).max(1.0), z.band - 4.0, 6.0, "hol");
        if b - a > 24.0 {
            s.text((a + b) / 2.0, if z.wide { 23.0 } else { 17.0 }, "rt c", &h.name);
        }
    }
    let names = match lang {
        Lang::Zh => ["谈心", "家访", "通话", "成绩", "身高"],
        Lang::En => ["Talks", "Visits", "Calls", "Marks", "Height"],
    };
    for (i, kind) in [Kind::Talk, Kind::Visit, Kind::Call, Kind::Exam, Kind::Check]
        .into_iter()
        .enumerate()
    {
        let y = z.lanes[i];
        if i < if z.wide { 2 } else { 3 } {
            s.path(&format!("M{} {}H{}", n(z.left), n(y), n(z.right)), "ln");
        }
        let x0 = if z.wide { 0.0 } else { 2.0 };
        s.raw(format_args!(r#"<g class="m {} done">"#, kind.class()));
        s.rect(x0, y - z.seal / 2.0, z.seal, z.seal, 5.5, "");
        s.raw(format_args!(
            r#"<text x="{}" y="{}">{}</text></g>"#,
            n(x0 + z.seal / 2.0),
            n(y + 5.0),
            kind.char()
        ));
        if z.wide {
            s.text(34.0, y + 5.0, "rn", names[i]);
        }
    }
    for (span, words) in &p.home {
        if span.to >= first {
            let (a, b) = (x(span.from), x(span.to));
            s.rect(a, z.lanes[1] + 10.0, (b - a).max(2.0), 3.0, 1.5, "home");
            if z.wide {
                s.text(b + 6.0, z.lanes[1] + 5.0, "hw", words);
            }
        }
    }
    let data = |kind: &str, state: &str| {
        format!(
            r#" data-child="{}" data-kind="{kind}" data-state="{state}""#,
            esc(&p.child)
        )
    };
    let mark = |s: &mut Svg,
                href: &str,
                title: &str,
                kind: &str,
                state: &str,
                at: f64,
                lane: usize,
                draw: &dyn Fn(&mut Svg)| {
        s.open(href, title, &data(kind, state));
        draw(s);
        // a thumb needs more than the mark
        s.rect(at - 11.0, z.lanes[lane] - 22.0, 22.0, 44.0, 0.0, "hit");
        s.shut(href);
    };
    for t in p.talks.iter().filter(|t| inside(t.day)) {
        let at = x(t.day);
        mark(&mut s, &t.href, &t.title, "talk", "done", at, 0, &|s| {
            s.dot(at, z.lanes[0], z.dot, "k-tan f")
        });
    }
    for v in p.visits.iter().filter(|v| inside(v.day)) {
        let (at, y, r) = (x(v.day), z.lanes[1] + z.house / 2.0, z.house / 2.0);
        let house = format!(
            "M{} {}v{}l{r} {}l{r} {r}v{}z",
            n(at - r),
            n(y),
            n(-r - 1.0),
            n(-r),
            n(r + 1.0),
            r = n(r)
        );
        let (class, state) = if v.due {
            ("house due", "overdue")
        } else {
            ("k-fang f", "done")
        };
        mark(&mut s, &v.href, &v.title, "visit", state, at, 1, &|s| {
            s.path(&house, class)
        });
    }
    for c in p.calls.iter().filter(|c| inside(c.day)) {
        let at = x(c.day);
        let high = (8.0 + 0.9 * f64::from(c.minutes)).min(28.0);
        mark(&mut s, &c.href, &c.title, "call", "done", at, 2, &|s| {
            s.raw(format_args!(
                r#"<path d="M{} {}v{}" class="k-hua st" stroke-width="{}"/>"#,
                n(at),
                n(z.floor),
                n(-high),
                n(z.stroke)
            ));
        });
    }
    if let Some(g) = p.gap.as_ref().filter(|g| g.span.to >= first) {
        let (a, b, y) = (
            x(g.span.from) + 5.0,
            x(g.span.to) - 5.0,
            z.floor - if z.wide { 8.0 } else { 12.0 },
        );
        s.path(
            &format!(
                "M{a} {y}H{b}M{a} {}v8M{b} {}v8",
                n(y - 4.0),
                n(y - 4.0),
                a = n(a),
                b = n(b.max(a + 4.0)),
                y = n(y)
            ),
            "gap",
        );
        s.text(
            ((a + b) / 2.0).clamp(z.left + 40.0, z.right - 40.0),
            y - 11.0,
            "gt c",
            &g.words,
        );
    }
    scores(&mut s, p, z, &x, &inside, &mark);
    for c in p.checks.iter().filter(|c| inside(c.day)) {
        let (at, y, r) = (x(c.day), z.lanes[4], if z.wide { 8.0 } else { 6.0 });
        let title = if c.title.contains(&c.words) {
            c.title.clone()
        } else {
            format!("{} {}", c.title, c.words)
        };
        mark(&mut s, &c.href, &title, "check", "done", at, 4, &|s| {
            s.path(
                &format!("M{} {}v{d}M{} {}h{d}", n(at), n(y - r), n(at - r), n(y), d = n(2.0 * r)),
                "k-jian st w4",
            );
            let right = at + r + 54.0 < z.right + 20.0;
            s.text(
                if right { at + r + 6.0 } else { at - r - 6.0 },
                y + 5.0,
                if right { "k-jian rv" } else { "k-jian rv e" },
                &c.words,
            );
        });
    }
    for i in 0..12 {
        let month = first.plus_months(i);
        let mid = z.left + (z.right - z.left) * (f64::from(i) + 0.5) / 12.0;
        let name = match (z.wide, lang) {
            (false, _) => month.month().to_string(),
            (true, Lang::Zh) if month.month() == 1 => format!("{} 1月", month.year()),
            (true, Lang::Zh) => format!("{}月", month.month()),
            (true, Lang::En) => format!("{}/{}", month.month(), month.year() % 100),
        };
        s.text(mid, z.months, if i == 11 { "rt c b" } else { "rt c" }, &name);
    }
    let at = x(p.today);
    s.path(
        &format!("M{at} {}V{}", if z.wide { 20 } else { 22 }, n(z.band), at = n(at)),
        "tday",
    );
    if z.wide {
        s.text(at, 14.0, "rt c b", words::TODAY.in_lang(lang));
    }
    if p.talks.is_empty() && p.visits.is_empty() && p.calls.is_empty() && p.scores.is_empty() && p.checks.is_empty() {
        s.text(
            (z.left + z.right) / 2.0,
            z.lanes[2],
            "rt c",
            words::NOTHING_YET.in_lang(lang),
        );
    }
    s.end()
}

type MarkFn<'a> = dyn Fn(&mut Svg, &str, &str, &str, &str, f64, usize, &dyn Fn(&mut Svg)) + 'a;

fn scores(
    s: &mut Svg,
    p: &RibbonPicture,
    z: &Size,
    x: &dyn Fn(Day) -> f64,
    inside: &dyn Fn(Day) -> bool,
    mark: &MarkFn<'_>,
) {
    let list: Vec<&Score> = p.scores.iter().filter(|c| inside(c.day)).collect();
    if list.is_empty() {
        return;
    }
    // 24 px for the range of marks and means, at least 20 marks
    let all = list.iter().flat_map(|c| [Some(c.value), c.mean]).flatten();
    let (lo, hi) = all.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
    let mid = (lo + hi) / 2.0;
    let scale = 24.0 / (hi - lo).max(20.0);
    let y = |v: f64| z.lanes[3] - 2.0 - (v - mid) * scale;
    let means: Vec<(f64, f64)> = list.iter().filter_map(|c| c.mean.map(|m| (x(c.day), y(m)))).collect();
    s.line(&means, "mean");
    s.line(
        &list.iter().map(|c| (x(c.day), y(c.value))).collect::<Vec<_>>(),
        "k-kao st w2",
    );
    let lowest = list
        .iter()
        .enumerate()
        .min_by(|a, b| a.1.value.total_cmp(&b.1.value))
        .map(|(i, _)| i);
    for (i, c) in list.iter().enumerate() {
        let at = x(c.day);
        let named = z.wide || i == 0 || i + 1 == list.len() || Some(i) == lowest;
        mark(s, &c.href, &c.title, "exam", "done", at, 3, &|s| {
            s.dot(at, y(c.value), if z.wide { 4.5 } else { 3.6 }, "k-kao ring");
            if named {
                s.text(at + 9.0, y(c.value) + 14.0, "k-kao rv", &n(c.value));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> RibbonPicture {
        let d = Day::lit;
        RibbonPicture {
            label: "十二个月".into(),
            today: d("2026-10-21"),
            child: "c1".into(),
            talks: vec![
                Talk {
                    day: d("2025-10-30"),
                    href: "/r/0".into(),
                    title: "早".into(),
                },
                Talk {
                    day: d("2025-11-01"),
                    href: "/r/1".into(),
                    title: "谈心".into(),
                },
            ],
            visits: vec![Visit {
                day: d("2026-10-16"),
                due: true,
                href: "/r/2".into(),
                title: "约定家访".into(),
            }],
            calls: vec![Call {
                day: d("2026-10-12"),
                minutes: 90,
                href: "/r/3".into(),
                title: "通话".into(),
            }],
            scores: vec![Score {
                day: d("2026-01-10"),
                value: 74.0,
                mean: Some(78.5),
                href: "/r/4".into(),
                title: "期末".into(),
            }],
            checks: vec![Check {
                day: d("2026-03-05"),
                words: "131 cm".into(),
                href: "/r/5".into(),
                title: "体检".into(),
            }],
            ..RibbonPicture::default()
        }
    }

    #[test]
    fn each_mark_opens_its_record_and_stays_inside() {
        for layout in [Layout::Wide, Layout::Phone] {
            let svg = ribbon(Lang::Zh, &picture(), layout).into_string();
            for i in 1..=5 {
                assert_eq!(svg.matches(&format!(r#"href="/r/{i}""#)).count(), 1, "{i} {layout:?}");
            }
            assert!(!svg.contains(r#"href="/r/0""#), "before the twelve months");
            assert!(svg.contains("v-28\""), "a call of 90 minutes is cut at 28");
            assert!(!svg.contains("NaN") && !svg.contains("style="));
        }
    }

    #[test]
    fn months() {
        let first = Day::lit("2025-11-01");
        assert!((month_at(first, Day::lit("2025-11-01")) - 0.5 / 30.0).abs() < 1e-9);
        assert!((month_at(first, Day::lit("2026-10-16")) - 11.5).abs() < 1e-9);
    }

    #[test]
    fn nothing_says_so() {
        let svg = ribbon(Lang::Zh, &RibbonPicture::default(), Layout::Phone).into_string();
        assert!(svg.contains(words::NOTHING_YET.zh));
    }
}

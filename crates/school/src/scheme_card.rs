//! A ready-made scheme as a card: three of its rules and the week that it makes (screens.md §5.1).

use crate::schemes::{SAMPLE_CHILDREN, ready_made, sample_week};
use tx_base::Lang;
use tx_calendar::SchoolYear;
use tx_web::parts::scheme::SchemeCard;

/// A ready-made scheme in three lines and the week it makes.
pub fn scheme_card(
    lang: Lang,
    code: &str,
    cal: &tx_calendar::Calendar,
    year: SchoolYear,
    on: bool,
) -> Option<SchemeCard> {
    let (title, rules) = ready_made(code)?;
    let lines = rules
        .iter()
        .filter(|r| r.source != tx_duty::Source::Default)
        .chain(rules.iter().filter(|r| r.source == tx_duty::Source::Default))
        .take(3);
    let (items, minutes) = sample_week(&rules, cal, year);
    let n = code.trim_start_matches('S');
    let roman = ["一", "二", "三", "四", "五", "六"].get(n.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(SchemeCard {
        value: code.to_owned(),
        title: match lang {
            Lang::Zh => format!("方案{roman} {title}"),
            Lang::En => format!("Scheme {n}"),
        },
        lines: lines
            .map(|r| {
                let e = r.every.name();
                match lang {
                    Lang::Zh => format!("{} {}", r.name.zh, e.zh),
                    Lang::En => format!("{}: {}", r.name.en, e.en),
                }
            })
            .collect(),
        week: match lang {
            Lang::Zh => format!(
                "{SAMPLE_CHILDREN} 名孩子的班主任，每周 {} 件，{}",
                round(items),
                time_words(lang, minutes)
            ),
            Lang::En => format!(
                "A class teacher with {SAMPLE_CHILDREN} children: {} a week, {}",
                round(items),
                time_words(lang, minutes)
            ),
        },
        on,
    })
}
fn round(v: f64) -> String {
    if v > 0.0 && v < 1.0 {
        "1".into()
    } else {
        format!("{v:.0}")
    }
}
/// Minutes as people say them: 50 分, 2 小时, 2.5 小时.
pub fn time_words(lang: Lang, minutes: f64) -> String {
    let (h, m) = match lang {
        Lang::Zh => ("小时", "分"),
        Lang::En => ("h", "min"),
    };
    if minutes < 59.5 {
        return format!("{minutes:.0} {m}");
    }
    let halves = (minutes / 30.0).round() / 2.0;
    if halves.fract() == 0.0 {
        format!("{halves:.0} {h}")
    } else {
        format!("{halves:.1} {h}")
    }
}

//! The child's twelve months from the records (screens.md §6b).

use crate::school::QUIET;
use crate::words::{day, pick, record_href, w};
use tx_base::{Day, Span, t};
use tx_calendar::Calendar;
use tx_child::file::Dossier;
use tx_duty::{Duty, State};
use tx_record::Record;
use tx_web::Ctx;
use tx_web::pages::may_open;
use tx_web::pictures::{Call, Check, Gap, Holiday, RibbonPicture, Score, Talk, Visit};

/// The first day of the ribbon: the month eleven months before this one.
pub fn since(today: Day) -> Day {
    today.first_of_month().plus_months(-11)
}

pub fn ribbon(ctx: &Ctx, d: &Dossier, year: &[Record], duties: &[Duty], calendar: &Calendar) -> RibbonPicture {
    let (lang, on, child) = (ctx.lang, ctx.today(), d.child.id);
    let mine = |r: &&Record| r.state == "done" && r.on <= on;
    let met = |r: &&Record| {
        r.lines
            .iter()
            .any(|l| l.child == Some(child) && !matches!(l.outcome.as_str(), "tried" | "refused"))
    };
    let of = |kind: &'static str| year.iter().filter(mine).filter(met).filter(move |r| r.kind.id == kind);
    let title = |r: &Record| format!("{} {}", r.name(lang), day(lang, r.on));
    let mut visits: Vec<Visit> = of("home_visit")
        .map(|r| Visit {
            day: r.on,
            due: false,
            href: record_href(ctx, r.id),
            title: title(r),
        })
        .collect();
    let can = d.child.sight.record && may_open(ctx, "/record");
    visits.extend(
        duties
            .iter()
            .filter(|v| &*v.kind == "home_visit" && v.state == State::Overdue)
            .map(|v| Visit {
                day: v.window.to,
                due: true,
                href: if can {
                    format!("/record?child={child}&kind=home_visit&duty={}", v.id)
                } else {
                    String::new()
                },
                title: format!(
                    "{} {}",
                    tx_duties::kind_name("home_visit", lang),
                    crate::words::standing(v, on, lang)
                ),
            }),
    );
    let calls: Vec<Call> = of("family_call")
        .map(|r| {
            let minutes = r
                .fields
                .get("minutes")
                .and_then(serde_json::Value::as_u64)
                .unwrap_or(0)
                .min(600) as u32;
            let long = if minutes > 0 {
                pick(lang, format!("，{minutes} 分钟"), format!(", {minutes} min"))
            } else {
                String::new()
            };
            Call {
                day: r.on,
                minutes,
                href: record_href(ctx, r.id),
                title: title(r) + &long,
            }
        })
        .collect();
    let listed = d.spells.iter().filter(|s| s.to.is_none()).map(|s| s.from).min();
    let days: Vec<Day> = calls.iter().map(|c| c.day).collect();
    let gap = listed
        .and_then(|from| longest(&days, from.max(since(on)), on))
        .map(|span| {
            let n = span.to.since(span.from);
            Gap {
                span,
                words: pick(lang, format!("{n} 天没通话"), format!("{n} days without a call")),
            }
        });
    let talks: Vec<Talk> = of("heart_talk")
        .map(|r| Talk {
            day: r.on,
            href: record_href(ctx, r.id),
            title: title(r),
        })
        .collect();
    let label = pick(
        lang,
        format!(
            "{}的十二个月：谈心 {} 次，家访 {} 次，通话 {} 次",
            d.child.name,
            talks.len(),
            visits.iter().filter(|v| !v.due).count(),
            calls.len()
        ),
        format!(
            "Twelve months of {}: {} talks, {} visits, {} calls",
            d.child.name,
            talks.len(),
            visits.iter().filter(|v| !v.due).count(),
            calls.len()
        ),
    );
    RibbonPicture {
        label,
        today: on,
        child: child.to_string(),
        talks,
        visits,
        calls,
        scores: scores(ctx, d, of("exam")),
        // what was measured is sensitive and stands on its own page
        checks: of("health_check")
            .map(|r| Check {
                day: r.on,
                words: String::new(),
                href: record_href(ctx, r.id),
                title: title(r),
            })
            .collect(),
        gap,
        holidays: holidays(ctx, calendar, on),
        home: d
            .returns
            .iter()
            .map(|r| {
                let who = match r.parent.as_str() {
                    "father" => t("爸爸在家", "father home"),
                    "mother" => t("妈妈在家", "mother home"),
                    _ => t("爸妈在家", "parents home"),
                };
                (Span::new(r.from, r.to.unwrap_or(on).max(r.from)), w(lang, who))
            })
            .collect(),
    }
}

/// The longest stretch without a call between two days, if it is over [`QUIET`] days.
fn longest(calls: &[Day], from: Day, to: Day) -> Option<Span> {
    let mut days: Vec<Day> = calls.iter().copied().filter(|d| (from..=to).contains(d)).collect();
    days.extend([from, to]);
    days.sort();
    let widest = days.windows(2).max_by_key(|w| w[1].since(w[0]))?;
    (widest[1].since(widest[0]) > QUIET).then(|| Span::new(widest[0], widest[1]))
}

/// Term exams: a point a day, the mean of its subjects; beside it the mean of all lines of the same papers that are in scope.
fn scores<'r>(ctx: &Ctx, d: &Dossier, exams: impl Iterator<Item = &'r Record>) -> Vec<Score> {
    let marks = |l: &tx_record::Line| {
        l.fields
            .get("marks")
            .and_then(|v| v.as_str()?.trim().parse::<f64>().ok())
            .filter(|v| (0.0..=1000.0).contains(v))
    };
    let mut days: std::collections::BTreeMap<Day, Vec<&Record>> = std::collections::BTreeMap::new();
    for r in exams.filter(|r| {
        matches!(
            r.fields.get("sort").and_then(|v| v.as_str()),
            Some("term" | "half_term")
        )
    }) {
        days.entry(r.on).or_default().push(r);
    }
    let mean = |v: &[f64]| (!v.is_empty()).then(|| v.iter().sum::<f64>() / v.len() as f64);
    days.into_iter()
        .filter_map(|(on, list)| {
            let own: Vec<f64> = list
                .iter()
                .flat_map(|r| &r.lines)
                .filter(|l| l.child == Some(d.child.id))
                .filter_map(marks)
                .collect();
            let all: Vec<f64> = list.iter().flat_map(|r| &r.lines).filter_map(marks).collect();
            let value = mean(&own)?;
            Some(Score {
                day: on,
                value,
                // one child's paper is no class
                mean: mean(&all).filter(|_| all.len() > own.len()),
                href: record_href(ctx, list.first()?.id),
                title: format!("{} {} {value:.1}", list.first()?.name(ctx.lang), day(ctx.lang, on)),
            })
        })
        .collect()
}

/// What lies between the terms.
fn holidays(ctx: &Ctx, calendar: &Calendar, on: Day) -> Vec<Holiday> {
    let terms = calendar.terms();
    let between = terms.windows(2).filter(|p| p[0].to.plus(1) < p[1].from);
    between
        .filter(|p| p[1].from >= since(on) && p[0].to <= on)
        .map(|p| Holiday {
            span: Span::new(p[0].to.plus(1), p[1].from.plus(-1)),
            name: w(
                ctx.lang,
                if p[0].number == 1 {
                    t("寒假", "winter")
                } else {
                    t("暑假", "summer")
                },
            ),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_longest_stretch_over_45_days() {
        let d = Day::lit;
        let (from, to) = (d("2026-01-01"), d("2026-06-30"));
        assert_eq!(longest(&[], from, to), Some(Span::new(from, to)), "no call at all");
        let calls = [d("2026-01-10"), d("2026-03-01"), d("2026-05-01")];
        assert_eq!(
            longest(&calls, from, to),
            Some(Span::new(d("2026-03-01"), d("2026-05-01")))
        );
        assert_eq!(
            longest(&[d("2026-02-15")], from, d("2026-04-01")),
            None,
            "45 days are not over 45"
        );
        assert_eq!(
            longest(&[d("2025-02-15")], from, d("2026-01-20")),
            None,
            "calls before the list do not matter"
        );
    }

    #[test]
    fn twelve_months_end_with_this_one() {
        assert_eq!(since(Day::lit("2026-11-24")), Day::lit("2025-12-01"));
        assert_eq!(since(Day::lit("2026-01-31")), Day::lit("2025-02-01"));
    }
}

//! The right column of the editor: hours a week, one class's weeks, what the draft changes.

use super::page::{Stand, day, number};
use super::preview::{self, PostWeek};
use super::versions::Version;
use super::{drafts, words};
use tx_base::{Lang, Result, t};
use tx_calendar::SchoolYear;
use tx_duty::{Rule, SchemeVersion, Whom};
use tx_school::common::{self, at};
use tx_web::Ctx;
use tx_web::parts;
use tx_web::parts::forms::FieldKind;
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Mark, Piece, Pill};
use tx_web::parts::scheme::{LoadRow, SchemeView};

fn count_words(lang: Lang, items: f64) -> String {
    let n = if items > 0.0 && items < 0.95 {
        format!("{items:.1}")
    } else {
        format!("{items:.0}")
    };
    match lang {
        Lang::Zh => format!("{n} 件"),
        Lang::En => format!("{n} items"),
    }
}

pub(crate) fn right_column(ctx: &Ctx, s: &Stand, shown: &Version, view: &mut SchemeView) -> Result<()> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let (counts, holders, hours, calendar, classes) = ctx.read(|c| {
        let (county, id, today) = (scope.county, s.school.id, scope.today);
        Ok((
            preview::counts(c, county, id, today)?,
            preview::holders(c, county, id, today)?,
            preview::hours(c, county, id)?,
            tx_school::calendar(c, county, id, today)?,
            preview::classes(c, county, id, today)?,
        ))
    })?;
    let of = |v: &Version| SchemeVersion {
        from: v.from,
        rules: v.rules.clone(),
    };
    let draft = s.draft.as_ref().filter(|d| d.id == shown.id);
    let basis = draft.and_then(|_| s.published.last()).unwrap_or(shown);
    let weeks = preview::post_weeks(
        Some(&of(basis)),
        &of(shown),
        &calendar,
        SchoolYear::of(shown.from.max(scope.today)),
        &counts,
        &holders,
        &hours,
    );
    view.load_title = t("这样一来，每人每周", "So each has a week").in_lang(lang).into();
    view.load_note = if draft.is_some() {
        t("黄色是多出来的", "yellow is added").in_lang(lang).into()
    } else {
        String::new()
    };
    view.load = weeks.iter().map(|w| load_row(lang, w)).collect();
    for w in &weeks {
        if let Some(has) = w.has.filter(|h| w.minutes > h * 60.0 + 0.5) {
            let (who, want) = (
                words::post_word(w.post).in_lang(lang),
                tx_school::time_words(lang, w.minutes),
            );
            view.strips.push((
                Pill::Late,
                match lang {
                    Lang::Zh => format!("{who}每周要 {want}，只有 {}。可以少做几条，或从以后的日子起放宽，不用倒填。", tx_school::time_words(lang, has * 60.0)),
                    Lang::En => format!("The {who} would need {want} a week and has {}. Ask for less, from a later day on; nothing is back-dated.", tx_school::time_words(lang, has * 60.0)),
                },
                None,
            ));
        }
    }
    if drafts(scope, s.school.id) && !weeks.is_empty() {
        let fields = weeks
            .iter()
            .map(|w| {
                let name = format!("h_{}", w.post.code());
                let mut f = common::field(
                    ctx,
                    &[],
                    &name,
                    words::post_word(w.post),
                    FieldKind::Number,
                    &w.has.map(|h| h.to_string()).unwrap_or_default(),
                );
                f.hint = t("小时", "hours").in_lang(lang).into();
                f
            })
            .collect();
        view.hours = Some((
            t("每人每周有几小时", "Hours that each has a week").in_lang(lang).into(),
            common::form(ctx, "/scheme/hours", &[("school", &s.school.code)]),
            fields,
            parts::words::SAVE.in_lang(lang).into(),
        ));
    }
    let class = ctx
        .q("class")
        .and_then(|k| classes.iter().find(|c| c.code == k))
        .or_else(|| classes.iter().rev().max_by_key(|c| c.listed))
        .cloned();
    // week by week for one class: O, but it reads the children's facts, so only who sees them computes it
    if let Some(class) = class.filter(|_| scope.whole_school()) {
        let code = class.code.clone();
        let got = ctx.read(|c| {
            preview::class_weeks(
                c,
                scope.county,
                s.school.id,
                class,
                &s.published,
                draft,
                scope.today,
                lang,
            )
        })?;
        if let Some(w) = got {
            view.week_title = match lang {
                Lang::Zh => format!("{}这学期", w.class.name),
                Lang::En => format!("{} this term", w.class.name),
            };
            view.week_note = t("每周件数", "items a week").in_lang(lang).into();
            view.legend = w
                .kinds
                .iter()
                .map(|(k, ch, name)| (parts::Seal::new(ch, *k, Mark::Done), name.clone()))
                .collect();
            view.classes = classes
                .iter()
                .map(|k| {
                    Tab::new(
                        k.name.clone(),
                        at(ctx, "/scheme", &s.school, &format!("class={}", k.code)),
                        k.code == code,
                    )
                })
                .collect();
            view.weeks = Some(w.weeks);
            if let (Some(d), Some(b)) = (draft, s.published.last()) {
                view.diff_title = t("用了新版以后", "With the new version").in_lang(lang).into();
                view.diff = diff(lang, d, b, &counts, w.newly_late, &w.class.name);
            }
        }
    }
    Ok(())
}

fn load_row(lang: Lang, w: &PostWeek) -> LoadRow {
    let mut facts = vec![count_words(lang, w.items), tx_school::time_words(lang, w.minutes)];
    if let Some(h) = w.has {
        facts.push(match lang {
            Lang::Zh => format!("有 {}", tx_school::time_words(lang, h * 60.0)),
            Lang::En => format!("has {}", tx_school::time_words(lang, h * 60.0)),
        });
    }
    if w.holders == 0 {
        facts.push(t("没有人", "nobody").in_lang(lang).into());
    }
    LoadRow {
        who: words::post_word(w.post).in_lang(lang).into(),
        base: w.minutes.min(w.now_minutes),
        extra: (w.minutes - w.now_minutes).max(0.0),
        facts,
    }
}

/// What changes, rule by rule, how many children it touches, and that the past stays.
fn diff(
    lang: Lang,
    d: &Version,
    b: &Version,
    counts: &tx_duty::Counts,
    newly_late: usize,
    class: &str,
) -> Vec<Vec<Piece>> {
    let text = |s: String| Piece::Text(s);
    let name = |r: &Rule| format!("{} {} ", words::whom_word(r.whom).in_lang(lang), r.name.in_lang(lang));
    let touched = |r: &Rule| {
        let n = counts.of(r.whom);
        match (lang, r.whom) {
            (Lang::Zh, Whom::EachClass) => format!("，涉及 {n} 个班"),
            (Lang::Zh, Whom::School) => String::new(),
            (Lang::Zh, _) => format!("，涉及 {n} 名"),
            (Lang::En, _) => format!(", for {n}"),
        }
    };
    let mut out: Vec<Vec<Piece>> = Vec::new();
    for r in &d.rules {
        match b.rules.iter().find(|x| x.id == r.id) {
            None => out.push(vec![
                text(t("新加：", "New: ").in_lang(lang).into()),
                Piece::Strong(words::plain(r).in_lang(lang).into()),
                text(touched(r)),
            ]),
            Some(o) if o == r => {}
            Some(o) if o.every != r.every && o.owner == r.owner && o.whom == r.whom => out.push(vec![
                text(name(r)),
                Piece::Was(o.every.name().in_lang(lang).into()),
                text(" → ".into()),
                Piece::Strong(r.every.name().in_lang(lang).into()),
                text(touched(r)),
            ]),
            Some(o) => out.push(vec![
                Piece::Was(words::plain(o).in_lang(lang).into()),
                text(" → ".into()),
                Piece::Strong(words::plain(r).in_lang(lang).into()),
                text(touched(r)),
            ]),
        }
    }
    for o in b.rules.iter().filter(|o| !d.rules.iter().any(|r| r.id == o.id)) {
        out.push(vec![
            text(t("不再要：", "No longer: ").in_lang(lang).into()),
            Piece::Was(words::plain(o).in_lang(lang).into()),
        ]);
    }
    let past = d.from.plus(-1);
    out.push(vec![text(match lang {
        Lang::Zh => format!("{}之前开始的时段，仍按{}算", day(lang, d.from), number(lang, b.no)),
        Lang::En => format!("Periods begun by {past} stay judged by {}", number(lang, b.no)),
    })]);
    out.push(vec![text(match (lang, newly_late) {
        (Lang::Zh, 0) => format!("{class}没有谁因此变成逾期"),
        (Lang::Zh, n) => format!("{class}有 {n} 件因此变成逾期"),
        (Lang::En, 0) => format!("Nothing of {class} becomes overdue by it"),
        (Lang::En, n) => format!("{n} of {class} become overdue by it"),
    })]);
    out
}

//! A pair on screen: its history and reviews, the change of the helper, the end.

use crate::api::changeable;
use crate::bonds::{self, kind_name};
use crate::notes::{self, Review, VERDICTS};
use crate::pages::{Fold, choices, day, entry, faults_of, field, form, long, pick, saved, w};
use tx_base::{Fault, FieldFault, Id, Result, Text, t};
use tx_store::Class;
use tx_web::parts::forms::FieldKind;
use tx_web::parts::marks::{Kind, Person, Seal};
use tx_web::parts::record::{self, DutyView};
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/pairing/{id}", tx_child::OFFICE, Class::P, one_pair).says(t("一对", "One pair")),
    Route::form("/pairing/{id}/review", tx_child::OFFICE, Class::P, review).says(t("写评议", "Write a review")),
    Route::form("/pairing/{id}/change", tx_child::OFFICE, Class::P, change)
        .says(t("换一位帮扶人", "Change the helper")),
    Route::form("/pairing/{id}/end", tx_child::OFFICE, Class::P, end).says(t("结束结对", "End a pairing")),
];

fn one_pair(ctx: &Ctx) -> Result<Reply> {
    pair_page(ctx, 200, &[], "")
}
const REVIEW: Text = t("写评议", "Write a review");
const CHANGE: Text = t("换一位帮扶人", "Change the helper");
const END: Text = t("结束结对", "End the pairing");

fn pair_page(ctx: &Ctx, status: u16, faults: &[FieldFault], open: &str) -> Result<Reply> {
    let (scope, lang, today) = (ctx.scope()?, ctx.lang, ctx.today());
    let id = ctx.id("id")?;
    let school = scope.the_school()?.id;
    let (p, reviews, others, helpers) = ctx
        .read(|c| {
            let p = changeable(c, scope, id)?;
            let others = bonds::list(c, scope, Some(p.child), None)?;
            Ok((
                notes::of_pair(c, ctx.db().keys(), scope.county, id)?,
                others,
                bonds::helpers(c, scope.county, school, today)?,
                p,
            ))
        })
        .map(|(reviews, others, helpers, p)| (p, reviews, others, helpers))?;
    let runs = p.to.is_none_or(|to| to >= today);
    let mut rows = vec![
        (
            w(lang, t("帮扶人", "Helper")),
            vec![p.helper_name.clone(), w(lang, kind_name(&p.kind))],
        ),
        (w(lang, t("从", "Since")), vec![long(p.from, lang)]),
    ];
    rows.extend(p.to.map(|to| (w(lang, t("到", "To")), vec![long(to, lang)])));
    if let Some(n) = reviews.first().and_then(|n| n.next_on) {
        rows.push((w(lang, t("下次评议", "Next review")), vec![long(n, lang)]));
    }
    rows.extend(reviews.iter().map(|n| entry(n, lang)));
    for o in others.iter().filter(|o| o.id != p.id) {
        let when = match o.to {
            Some(to) => pick(
                lang,
                format!("{}到{}", o.from.zh_long(), to.zh_long()),
                format!("{} to {to}", o.from),
            ),
            None => pick(lang, format!("{}起", o.from.zh_long()), format!("since {}", o.from)),
        };
        rows.push((o.helper_name.clone(), vec![w(lang, kind_name(&o.kind)), when]));
    }
    let one = |name: &str, label: Text, kind: FieldKind, value: &str| field(ctx, faults, name, label, kind, value);
    let mut forms: Vec<Fold> = vec![(
        w(lang, REVIEW),
        form(ctx, format!("/pairing/{id}/review")),
        vec![
            one(
                "verdict",
                t("怎么样", "How it goes"),
                FieldKind::Select(choices(lang, &VERDICTS)),
                "go_on",
            ),
            one(
                "words",
                t("写几句（密封保存）", "A few words (kept sealed)"),
                FieldKind::Long,
                "",
            ),
            one("day", t("评议日期", "Reviewed on"), FieldKind::Date, &today.to_string()),
            one("next_on", t("下次哪天", "Next on"), FieldKind::Date, ""),
        ],
        w(lang, t("存好", "Save")),
    )];
    if runs {
        let mut who = vec![(String::new(), w(lang, t("请选", "Choose")))];
        who.extend(
            helpers
                .iter()
                .filter(|h| h.id != p.helper && h.bar(today).is_none() && h.most.is_none_or(|m| h.load < m))
                .map(|h| {
                    (
                        h.id.to_string(),
                        pick(
                            lang,
                            format!("{}（帮 {} 个）", h.name, h.load),
                            format!("{} (helps {})", h.name, h.load),
                        ),
                    )
                }),
        );
        let why = t("为什么（密封保存）", "Why (kept sealed)");
        forms.push((
            w(lang, CHANGE),
            form(ctx, format!("/pairing/{id}/change")),
            vec![
                one("helper", t("换成谁", "Who takes over"), FieldKind::Select(who), ""),
                one(
                    "change_on",
                    t("原来那位的最后一天", "Last day of the helper until now"),
                    FieldKind::Date,
                    &today.plus(-1).to_string(),
                ),
                one("why", why, FieldKind::Long, ""),
            ],
            w(lang, t("换", "Change")),
        ));
        forms.push((
            w(lang, END),
            form(ctx, format!("/pairing/{id}/end")),
            vec![
                one("reason", why, FieldKind::Long, ""),
                one("on", t("最后一天", "Last day"), FieldKind::Date, &today.to_string()),
            ],
            w(lang, t("结束", "End")),
        ));
    }
    let view = DutyView {
        child: Person {
            id: p.child.to_string(),
            name: p.child_name.clone(),
            href: format!("/children/{}", p.child),
            sub: p.class_name.clone().unwrap_or_default(),
            key: false,
        },
        seal: Seal::of(Kind::Guardian),
        title: w(lang, t("结对", "Pairing")),
        rows,
        forms,
        open: match open {
            "review" => w(lang, REVIEW),
            "change" => w(lang, CHANGE),
            "end" => w(lang, END),
            _ => String::new(),
        },
        ..DutyView::default()
    };
    let body = record::duty(lang, &view, "/pairing");
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("结对", "Pairing"), "pairing", saved(ctx), body)?,
    ))
}
/// The answer, or the pair's page with what was wrong. `names` says how the form calls a field of the fault.
fn or_pair(ctx: &Ctx, done: Result<Reply>, field: &str, open: &str, names: &[(&str, &str)]) -> Result<Reply> {
    match done.as_ref().err().and_then(|e| faults_of(e, field)) {
        Some(mut f) => {
            for x in &mut f {
                if let Some((_, name)) = names.iter().find(|(n, _)| *n == x.field) {
                    x.field = (*name).into();
                }
            }
            pair_page(ctx, 422, &f, open)
        }
        None => done,
    }
}
fn review(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let p = ctx.read(|c| changeable(c, &scope, id))?;
    let school = scope.the_school()?.id;
    let run = || -> Result<Reply> {
        let new = Review {
            on: day(ctx, "day")?.unwrap_or(scope.today),
            verdict: ctx.f("verdict").to_owned(),
            words: ctx.f("words").to_owned(),
            next_on: day(ctx, "next_on")?,
        };
        let today = scope.today;
        ctx.write_form(scope.act("pairing.review"), move |w| {
            notes::review(w, school, &p, &new, today)?;
            Ok(format!("/pairing/{id}?saved=1"))
        })
    };
    or_pair(ctx, run(), "words", "review", &[("on", "day")])
}
fn change(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let p = ctx.read(|c| changeable(c, &scope, id))?;
    let school = scope.the_school()?.id;
    let run = || -> Result<Reply> {
        let helper: Id = ctx
            .f("helper")
            .parse()
            .map_err(|()| Fault::invalid("helper", "选一位", "choose one"))?;
        let on = day(ctx, "change_on")?.unwrap_or_else(|| scope.today.plus(-1));
        let (why, today) = (ctx.f("why").to_owned(), scope.today);
        ctx.write_form(scope.act("pairing.change"), move |w| {
            notes::change(w, school, &p, helper, on, &why, today)?;
            Ok("/pairing?view=running&saved=1".into())
        })
    };
    or_pair(
        ctx,
        run(),
        "helper",
        "change",
        &[("on", "change_on"), ("reason", "why")],
    )
}
fn end(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| changeable(c, &scope, id))?;
    let run = || -> Result<Reply> {
        let (on, reason, today) = (
            day(ctx, "on")?.unwrap_or(scope.today),
            ctx.f("reason").to_owned(),
            scope.today,
        );
        ctx.write_form(scope.act("pairing.end"), move |w| {
            bonds::end(w, id, on, &reason, today)?;
            Ok("/pairing?saved=1".into())
        })
    };
    or_pair(ctx, run(), "on", "end", &[])
}

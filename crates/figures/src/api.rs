//! The API of figures (interfaces.md): value, unit, definition, and the records that were counted.

use serde_json::{Value as Json, json};
use tx_base::{Fault, Id, Result, Span, t};
use tx_calendar::SchoolYear;
use tx_store::Class;
use tx_web::{Ctx, READERS, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/api/v1/figures", READERS, Class::O, get)
    .says(t("数字", "Figures"))
    .query(&[
        ("school", "string", t("学校代码", "School code")),
        ("from", "string", t("从", "From day")),
        ("to", "string", t("到", "To day")),
        ("id", "string", t("哪个数", "One figure")),
    ])];

/// The own school; another one that is named is not there.
pub(crate) fn asked(ctx: &Ctx) -> Result<Id> {
    let school = ctx.scope()?.the_school()?;
    if ctx.q("school").is_some_and(|s| s != school.code) {
        return Err(Fault::NotFound);
    }
    Ok(school.id)
}
/// The period that was asked for; by default this school year.
pub(crate) fn period(ctx: &Ctx) -> Result<Span> {
    let year = SchoolYear::of(ctx.today()).span();
    let (from, to) = (
        ctx.q_day("from")?.unwrap_or(year.from),
        ctx.q_day("to")?.unwrap_or(year.to),
    );
    if from > to {
        return Err(Fault::invalid(
            "to",
            "结束早于开始",
            "the end lies before the beginning",
        ));
    }
    Ok(Span::new(from, to))
}

fn get(ctx: &Ctx) -> Result<Reply> {
    let (scope, school, p) = (ctx.scope()?, asked(ctx)?, period(ctx)?);
    // outcomes stand only inside a report to the authority (features G3)
    let one = match ctx.q("id") {
        None => None,
        Some(id) => match crate::find(id) {
            Some(f) if !f.authority => Some(f),
            Some(_) => {
                return Err(Fault::forbidden(t(
                    "这个数只在给主管部门的报告里",
                    "This figure stands only in a report to the authority",
                )));
            }
            None => return Err(Fault::invalid("id", "没有这个数", "there is no such figure")),
        },
    };
    let items = ctx.read(|c| {
        let found = match one {
            Some(f) => vec![(f, crate::count(c, scope, school, p, f)?)],
            None => crate::all(c, scope, school, p, false)?,
        };
        Ok(found.iter().map(|(f, n)| n.json(f, ctx.lang)).collect::<Vec<Json>>())
    })?;
    let code = &scope.the_school()?.code;
    Ok(Reply::json(
        &json!({"school": code, "from": p.from, "to": p.to, "figures": items, "items": items, "next": null}),
    ))
}

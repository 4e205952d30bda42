//! The API of figures (interfaces.md): value, unit, definition, and the records that were counted.

use serde_json::{Value as Json, json};
use tx_access::{Role, SchoolRef};
use tx_base::{Fault, Result, Span, t};
use tx_calendar::SchoolYear;
use tx_store::Class;
use tx_web::{Ctx, READERS, Reply, Route, Who};

/// Who reads figures: those who read the school's papers, and the county, of every school, as counts.
pub(crate) const COUNTERS: Who = Who::Roles(&[
    Role::County,
    Role::Head,
    Role::Leader,
    Role::ClassTeacher,
    Role::Counsellor,
    Role::Inspector,
]);

pub static ROUTES: &[Route] = &[Route::get("/api/v1/figures", COUNTERS, Class::O, get)
    .says(t("数字", "Figures"))
    .query(&[
        ("school", "string", t("学校代码", "School code")),
        ("from", "string", t("从", "From day")),
        ("to", "string", t("到", "To day")),
        ("id", "string", t("哪个数", "One figure")),
    ])];

/// Whose figures are asked for, and how they are shown.
pub(crate) enum Asked {
    /// the own school, with what stands behind each number
    Own(SchoolRef),
    /// a school of the county, as counts
    Counts(SchoolRef),
    /// the county, which named no school
    Which,
}
/// The own school; for the county any of its schools. Another one that is named is not there.
pub(crate) fn asked(ctx: &Ctx) -> Result<Asked> {
    let (scope, code) = (ctx.scope()?, ctx.q("school"));
    let own = scope.school.as_ref().filter(|_| READERS.admits(scope));
    match (own, code) {
        (Some(own), None) => Ok(Asked::Own(own.clone())),
        (Some(own), Some(code)) if own.code == code => Ok(Asked::Own(own.clone())),
        (_, Some(code)) if scope.is(Role::County) => Ok(Asked::Counts(crate::county::school(ctx, code)?)),
        (_, None) if scope.is(Role::County) => Ok(Asked::Which),
        (None, None) => scope.the_school().map(|s| Asked::Own(s.clone())),
        _ => Err(Fault::NotFound),
    }
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
    let (scope, p) = (ctx.scope()?, period(ctx)?);
    let (school, counts) = match asked(ctx)? {
        Asked::Own(s) => (s, false),
        Asked::Counts(s) => (s, true),
        Asked::Which => return Err(Fault::invalid("school", "请说明学校", "Name a school")),
    };
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
            Some(f) => vec![(f, crate::count(c, scope, school.id, p, f)?)],
            None => crate::all(c, scope, school.id, p, false)?,
        };
        let json = |(f, n): &(&crate::Figure, crate::Counted)| {
            if counts {
                crate::masked(n).json(f, ctx.lang)
            } else {
                n.json(f, ctx.lang)
            }
        };
        Ok(found.iter().map(json).collect::<Vec<Json>>())
    })?;
    Ok(Reply::json(
        &json!({"school": school.code, "from": p.from, "to": p.to, "figures": items, "items": items, "next": null}),
    ))
}

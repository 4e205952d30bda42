//! `GET /api/v1/summary` (interfaces.md).

use super::draw::Own;
use super::links::To;
use super::style::Style;
use super::write::{Ask, Written, period, write};
use tx_access::{Role, SchoolRef, Scope};
use tx_base::{Fault, Result, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, params};
use tx_web::{Ctx, Reply, Route, Who};

/// Readers of the school's figures, and the county, which gets counts alone.
const WHO: Who = Who::Roles(&[
    Role::County,
    Role::Head,
    Role::Leader,
    Role::ClassTeacher,
    Role::Counsellor,
    Role::Inspector,
]);

pub static ROUTES: &[Route] = &[Route::get("/api/v1/summary", WHO, Class::O, get)
    .says(t(
        "工作总结的数字和缺的",
        "Figures of a work summary, and what is missing",
    ))
    .query(&[
        ("school", "string", t("学校代码", "School code")),
        ("from", "string", t("从", "From day")),
        ("to", "string", t("到", "To day")),
        ("style", "string", t("体例 S1 到 S6", "Style, S1 to S6")),
        (
            "for",
            "string",
            t(
                "authority = 供上级，连升学",
                "authority = for the authority, with admissions",
            ),
        ),
    ])];

fn get(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let (school, counts_only) = school_of(ctx, scope)?;
    let year = SchoolYear::of(scope.today).span();
    let period = period(
        ctx.q_day("from")?.unwrap_or(year.from),
        ctx.q_day("to")?.unwrap_or(scope.today),
    )?;
    let ask = Ask {
        style: style_or_own(ctx, scope, &school)?,
        authority: authority(ctx)?,
        school,
        period,
    };
    let to = To { period, draft: None };
    let w: Written = ctx.read(|c| write(c, scope, ask, &Own::default(), to))?;
    let mut v = w.json(ctx.lang);
    if counts_only {
        // the county sees no ids of records and no count below five (security.md §1)
        let all = w.numbers.all.values();
        v["figures"] = all.map(|n| tx_figures::masked(&n.n).json(n.f, ctx.lang)).collect();
    }
    Ok(Reply::json(&v))
}

/// `?for=authority`.
pub fn authority(ctx: &Ctx) -> Result<bool> {
    match ctx.q("for") {
        None => Ok(false),
        Some("authority") => Ok(true),
        Some(_) => Err(Fault::invalid("for", "只能是 authority", "only authority is known")),
    }
}

/// The own school; for the county any of its schools, as counts. Another school is not found.
fn school_of(ctx: &Ctx, scope: &Scope) -> Result<(SchoolRef, bool)> {
    match (&scope.school, ctx.q("school")) {
        (Some(own), None) => Ok((own.clone(), false)),
        (Some(own), Some(code)) if own.code == code => Ok((own.clone(), false)),
        (_, Some(code)) if scope.is(Role::County) => {
            let found = ctx.read(|c| {
                c.first(
                    "select id, code, name from schools where county_id = ?1 and code = ?2",
                    params![scope.county, code],
                )
            })?;
            let r = found.ok_or(Fault::NotFound)?;
            Ok((
                SchoolRef {
                    id: r.id(0),
                    code: r.text(1),
                    name: r.text(2),
                },
                true,
            ))
        }
        (None, None) => Err(Fault::invalid("school", "请说明学校", "Name a school")),
        _ => Err(Fault::NotFound),
    }
}

/// The style asked for, else that of the school's own scheme, else the first.
pub fn style_or_own(ctx: &Ctx, scope: &Scope, school: &SchoolRef) -> Result<Style> {
    match ctx.q("style") {
        Some(s) => Style::parse(s),
        None => own_style(ctx, scope, school),
    }
}

/// The style that goes with the scheme in force.
pub fn own_style(ctx: &Ctx, scope: &Scope, school: &SchoolRef) -> Result<Style> {
    let sql = "select base from schemes where county_id = ?1 and school_id = ?2 and state = 'published' and from_day <= ?3 order by from_day desc, id desc limit 1";
    let base = ctx.read(|c| c.first(sql, params![scope.county, school.id, scope.today]))?;
    let base = base.map(|r| r.text(0)).unwrap_or_default();
    Ok(Style::parse(&base).unwrap_or(Style::all().next().expect("six")))
}

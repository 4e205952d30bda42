//! The API of schools and classes.

use crate::found::{add_class, add_school, class_by_code, school_by_code};
use serde_json::json;
use tx_access::{Post, Role};
use tx_base::{Fault, Result, t};
use tx_calendar::SchoolYear;
use tx_store::Class;
use tx_web::{Ctx, Reply, Route, Who};

pub static ROUTES: &[Route] = &[
    Route::json(
        "POST",
        "/api/v1/schools",
        Who::Roles(&[Role::Admin, Role::County]),
        Class::O,
        "NewSchool",
        post_school,
    )
    .says(t("加一所学校", "Add a school")),
    Route::json(
        "POST",
        "/api/v1/classes",
        Who::Roles(&[Role::Admin, Role::Head]),
        Class::O,
        "NewClass",
        post_class,
    )
    .says(t("加一个班", "Add a class")),
];

fn word(ctx: &Ctx, name: &str) -> Result<String> {
    Ok(ctx
        .json()?
        .get(name)
        .and_then(|v| v.as_str())
        .unwrap_or_default()
        .to_owned())
}

fn post_school(ctx: &Ctx) -> Result<Reply> {
    let (code, name, scheme, today) = (
        word(ctx, "code")?,
        word(ctx, "name")?,
        word(ctx, "scheme")?,
        ctx.today(),
    );
    ctx.write_json(ctx.act("school.add")?, move |w| {
        let id = add_school(w, &code, &name, Some(scheme.as_str()).filter(|s| !s.is_empty()), today)?;
        Ok((201, json!({"id": id, "code": code, "name": name})))
    })
}

fn post_class(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let (school, code, year) = (word(ctx, "school")?, word(ctx, "code")?, word(ctx, "school_year")?);
    let year = if year.is_empty() {
        SchoolYear::of(ctx.today())
    } else {
        SchoolYear::parse(&year).map_err(|e| Fault::invalid("school_year", e.zh, e.en))?
    };
    let (county, id) = ctx.read(|c| school_by_code(c, &school))?.ok_or(Fault::NotFound)?;
    let own = scope.school.as_ref().is_some_and(|s| s.id == id) && (scope.is(Role::Head) || scope.holds(Post::Office));
    if county != scope.county || !(own || scope.is(Role::Admin)) {
        return Err(Fault::NotFound);
    }
    ctx.write_json(ctx.act("class.add")?, move |w| {
        if class_by_code(w.conn(), county, id, &code, year)?.is_some() {
            return Err(Fault::Conflict(tx_base::say(
                format!("{code} 班已经有了"),
                format!("Class {code} exists already"),
            )));
        }
        let class = add_class(w, id, &code, year)?;
        Ok((
            201,
            json!({"id": class, "school": school, "code": code, "school_year": year.code()}),
        ))
    })
}

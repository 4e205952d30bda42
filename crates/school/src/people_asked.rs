//! What page and API of people ask alike: whose account, which school, which right, and a first password that is shown once.

use crate::common::{asked_school, schools};
use crate::people::{Held, HeldRow, NewPerson, Person, Right, add_person, may_appoint, people, reissue_password};
use serde_json::{Value as Json, json};
use tx_access::{Role, SchoolRef, Scope};
use tx_base::{Day, Fault, Id, Result, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Conn, params};
use tx_web::Ctx;

/// The person with this id as far as the caller may manage it: administrators in the county, heads in the own school.
pub(crate) fn one(c: &Conn, scope: &Scope, id: Id) -> Result<(Person, Option<SchoolRef>)> {
    let sql = "select school_id from accounts where county_id = ?1 and id = ?2 union all select school_id from adults where county_id = ?1 and id = ?2";
    let school = c
        .first(sql, params![scope.county, id])?
        .ok_or(Fault::NotFound)?
        .opt_id(0);
    let school = match school {
        Some(s) => Some(
            schools(c, scope)?
                .into_iter()
                .find(|k| k.id == s)
                .ok_or(Fault::NotFound)?,
        ),
        None if scope.is(Role::Admin) => None,
        None => return Err(Fault::NotFound),
    };
    let all = people(c, scope.county, school.as_ref().map(|s| s.id), scope.today)?;
    let p = all.into_iter().find(|p| p.id == id).ok_or(Fault::NotFound)?;
    Ok((p, school))
}
/// As [`one`], for an act on the account: heads leave administrators, county officers and other heads alone.
pub(crate) fn managed(ctx: &Ctx) -> Result<(Person, Option<SchoolRef>, Id)> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let (p, school) = ctx.read(|c| one(c, scope, id))?;
    let account = p.account.ok_or(Fault::NotFound)?;
    let above = |h: &HeldRow| {
        matches!(h.held, Held::Role(Role::Admin | Role::County))
            || h.held == Held::Role(Role::Head) && account != scope.account
    };
    if !scope.is(Role::Admin) && p.held.iter().any(above) {
        return Err(Fault::forbidden(t(
            "这个人由管理员管",
            "An administrator manages this person",
        )));
    }
    Ok((p, school, account))
}

/// The school asked for; an administrator who names none means the county's own accounts.
pub(crate) fn asked(ctx: &Ctx) -> Result<Option<SchoolRef>> {
    let named =
        ctx.q("school").is_some() || !ctx.f("school").is_empty() || ctx.json().is_ok_and(|o| o.contains_key("school"));
    if !named && ctx.scope()?.is(Role::Admin) {
        return Ok(None);
    }
    asked_school(ctx)
}

/// A right as it was sent: a code of a role or post, a class code, a school.
pub(crate) fn right_of(
    c: &Conn,
    scope: &Scope,
    school: Option<&SchoolRef>,
    code: &str,
    class: &str,
    account: Option<Id>,
) -> Result<Right> {
    let held = Held::parse(code).ok_or_else(|| {
        Fault::invalid(
            "role",
            format!("没有角色或岗位 {code}"),
            format!("there is no role or post {code}"),
        )
    })?;
    may_appoint(scope, held, school.map(|s| s.id), account)?;
    let class = match (class, school) {
        ("", _) => None,
        (code, Some(s)) => Some(
            crate::class_by_code(c, scope.county, s.id, code, SchoolYear::of(scope.today))?.ok_or_else(|| {
                Fault::invalid("class", format!("没有 {code} 班"), format!("there is no class {code}"))
            })?,
        ),
        (_, None) => return Err(Fault::invalid("class", "班级要有学校", "a class needs a school")),
    };
    if held == Held::Role(Role::ClassTeacher) && class.is_none() {
        return Err(Fault::invalid("class", "班主任要选班", "a class teacher needs a class"));
    }
    Ok(Right { held, class })
}
pub(crate) fn day_of(text: &str, field: &str, or: Day) -> Result<Day> {
    if text.is_empty() {
        Ok(or)
    } else {
        Day::parse(text).map_err(|e| Fault::invalid(field, e.zh, e.en))
    }
}

/// Who was added, and the first password if this is the first answer.
pub(crate) fn add_once(ctx: &Ctx, new: NewPerson) -> Result<(Id, String, Option<String>)> {
    let password = tx_seal::word_password();
    let first = password.clone();
    let out = ctx.db().write_once(ctx.act("person.add")?, ctx.once()?, move |w| {
        let a = add_person(w, &new, &first)?;
        Ok((201, json!({"id": a.account, "user": a.user}).to_string().into_bytes()))
    })?;
    let kept: Json = serde_json::from_slice(&out.answer).map_err(Fault::broken)?;
    let id = kept["id"]
        .as_str()
        .and_then(|s| s.parse().ok())
        .ok_or_else(|| Fault::broken("no id was kept"))?;
    Ok((
        id,
        kept["user"].as_str().unwrap_or_default().to_owned(),
        (!out.replayed).then_some(password),
    ))
}

/// What is to be ended, by its code and the code or id of its class.
pub(crate) fn ending(
    scope: &Scope,
    p: &Person,
    school: Option<&SchoolRef>,
    account: Id,
    code: &str,
    class: &str,
) -> Result<(Held, Option<Id>)> {
    let held = Held::parse(code).ok_or(Fault::NotFound)?;
    if account != scope.account {
        may_appoint(scope, held, school.map(|s| s.id), Some(account))?;
    }
    let row = p.held.iter().find(|h| {
        h.held == held
            && (class.is_empty()
                || h.class.is_some_and(|k| k.to_string() == class)
                || h.class_name.as_deref() == Some(class))
    });
    row.map(|h| (h.held, h.class)).ok_or(Fault::NotFound)
}
pub(crate) fn own_password() -> tx_base::Say {
    say(
        "自己的密码在“密码和设备”里改",
        "Change your own under Password and devices",
    )
}
/// Makes a new first password; a second press makes another one, so nothing is kept.
pub(crate) fn new_password(ctx: &Ctx, account: Id) -> Result<String> {
    let password = tx_seal::word_password();
    let p = password.clone();
    ctx.db()
        .write(ctx.act("password.reissue")?, move |w| reissue_password(w, account, &p))?;
    Ok(password)
}

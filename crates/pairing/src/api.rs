//! The API of helpers and pairings (interfaces.md).

use crate::bonds::{self, Helper, NewHelper, NewPairing, Pair};
use serde_json::{Value as Json, json};
use tx_access::{Post, Role, Scope};
use tx_base::{Day, Fault, Id, Result, say, t};
use tx_store::{Class, Conn};
use tx_web::{CARERS, Ctx, Given, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/helpers", tx_child::OFFICE, Class::P, get_helpers).says(t("帮扶人", "Helpers")),
    Route::json(
        "POST",
        "/api/v1/helpers",
        tx_child::OFFICE,
        Class::P,
        "NewHelper",
        post_helper,
    )
    .says(t("加一位帮扶人", "Add a helper")),
    Route::json(
        "POST",
        "/api/v1/helpers/{id}/check",
        tx_child::OFFICE,
        Class::O,
        "HelperCheck",
        post_check,
    )
    .says(t("写核查结果", "Write the outcome of the check")),
    Route::get("/api/v1/pairings", CARERS, Class::P, get_pairings)
        .says(t("结对", "Pairings"))
        .query(&[
            ("child", "string", t("孩子", "Child")),
            ("helper", "string", t("帮扶人", "Helper")),
        ]),
    Route::json("POST", "/api/v1/pairings", STAFF, Class::P, "NewPairing", post_pairing).says(t("结对", "Pair")),
    Route::json(
        "POST",
        "/api/v1/pairings/{id}/end",
        STAFF,
        Class::P,
        "EndWithReason",
        post_end,
    )
    .says(t("结束结对", "End a pairing")),
];

/// Helpers are kept by the head and the office.
pub(crate) fn keeper(scope: &Scope) -> Result<Id> {
    let school = scope.the_school()?.id;
    if scope.is(Role::Head) || scope.holds(Post::Office) {
        Ok(school)
    } else {
        Err(Fault::forbidden(t(
            "帮扶人由校长或办公室来管",
            "Helpers are kept by the head and the office",
        )))
    }
}

pub(crate) fn helper_json(h: &Helper, today: Day) -> Json {
    json!({"id": h.id, "name": h.name, "sex": h.sex, "kind": h.kind, "helper_kind": h.helper_kind, "unit": h.unit, "children": h.load, "most": h.seats(),
        "check": h.check.map(|(on, to, fit)| json!({"on": on, "valid_to": to, "result": if fit { "fit" } else { "unfit" }})),
        "valid": h.valid_to(today).is_some()})
}
pub(crate) fn pair_json(p: &Pair) -> Json {
    json!({"id": p.id, "version": p.version, "helper": p.helper, "helper_name": p.helper_name, "child": p.child, "child_name": p.child_name, "class": p.class_code,
        "kind": p.kind, "from": p.from, "to": p.to})
}

fn get_helpers(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?.id;
    let all = ctx.read(|c| bonds::helpers(c, scope.county, school, scope.today))?;
    let items: Vec<Json> = all.iter().map(|h| helper_json(h, scope.today)).collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}
fn post_helper(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = keeper(&scope)?;
    let mut b = Given::of(ctx, &["id", "name", "sex", "kind", "user", "unit"])?;
    let new = NewHelper {
        id: b.id("id").unwrap_or_else(Id::fresh),
        school,
        name: b.needed("name", 60),
        sex: b.text("sex", 1),
        kind: b.text("kind", 30).unwrap_or_else(|| "volunteer".into()),
        unit: b.text("unit", 60),
        user: b.text("user", 60),
    };
    if new.sex.as_deref().is_some_and(|s| !["f", "m"].contains(&s)) {
        b.fault("sex", say("性别只能是 f 或 m", "f or m"));
    }
    b.done()?;
    ctx.write_json(scope.act("helper.add"), move |w| {
        let id = bonds::add_helper(w, &new, scope.today)?;
        let h = bonds::fetch_helper(w.conn(), scope.county, school, id, scope.today)?.ok_or(Fault::NotFound)?;
        Ok((201, helper_json(&h, scope.today)))
    })
}
fn post_check(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let (school, id) = (keeper(&scope)?, ctx.id("id")?);
    ctx.read(|c| bonds::fetch_helper(c, scope.county, school, id, scope.today))?
        .ok_or(Fault::NotFound)?;
    let mut b = Given::of(ctx, &["on", "valid_to", "result"])?;
    let on = b.day("on").unwrap_or(scope.today);
    let to = b.day("valid_to").unwrap_or_else(|| on.plus_months(12).plus(-1));
    let result = b.needed("result", 10);
    b.done()?;
    ctx.write_json(scope.act("helper.check"), move |w| {
        bonds::check(w, school, id, on, to, &result, scope.today)?;
        let h = bonds::fetch_helper(w.conn(), scope.county, school, id, scope.today)?.ok_or(Fault::NotFound)?;
        Ok((201, helper_json(&h, scope.today)))
    })
}
fn get_pairings(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let (child, helper) = (ctx.q_id("child")?, ctx.q_id("helper")?);
    let all = ctx.read(|c| bonds::list(c, scope, child, helper))?;
    let items: Vec<Json> = all.iter().map(pair_json).collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}
/// The one pairing with this id whose child the caller may change.
pub(crate) fn changeable(c: &Conn, scope: &Scope, id: Id) -> Result<Pair> {
    let p = bonds::list(c, scope, None, None)?
        .into_iter()
        .find(|p| p.id == id)
        .ok_or(Fault::NotFound)?;
    let child = tx_child::fetch(c, scope, p.child)?.ok_or(Fault::NotFound)?;
    if child.sight.write { Ok(p) } else { Err(may_not()) }
}
pub(crate) fn may_not() -> Fault {
    Fault::forbidden(t("您不能改这份档案", "You may not change this file"))
}
fn post_pairing(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.id;
    let mut b = Given::of(ctx, &["id", "helper", "child", "from", "to", "kind"])?;
    let wanted = b.id("child");
    // whether the child is there for the caller comes before anything else of the content
    let child = match wanted {
        None => None,
        Some(id) => Some(ctx.read(|c| tx_child::fetch(c, &scope, id))?.ok_or(Fault::NotFound)?),
    };
    if child.as_ref().is_some_and(|k| !k.sight.write) {
        return Err(may_not());
    }
    if child.is_none() {
        b.fault("child", say("还没选孩子", "no child is named"));
    }
    let helper = b.id("helper");
    if helper.is_none() {
        b.fault("helper", say("还没选帮扶人", "no helper is named"));
    }
    let kind = b.text("kind", 30);
    if let Some(Err(e)) = kind.as_deref().map(bonds::parse_kind) {
        b.fault("kind", e);
    }
    let new = NewPairing {
        id: b.id("id").unwrap_or_else(Id::fresh),
        school,
        helper: helper.unwrap_or(Id::NIL),
        child: wanted.unwrap_or(Id::NIL),
        from: b.day("from").unwrap_or(scope.today),
        to: b.day("to"),
        kind,
    };
    b.done()?;
    ctx.write_json(scope.act("pairing.add"), move |w| {
        let id = bonds::pair(w, &new, scope.today)?;
        let p = bonds::list(w.conn(), &scope, Some(new.child), None)?
            .into_iter()
            .find(|p| p.id == id)
            .ok_or(Fault::NotFound)?;
        Ok((201, pair_json(&p)))
    })
}
fn post_end(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| changeable(c, &scope, id))?;
    let mut b = Given::of(ctx, &["on", "reason"])?;
    let on = b.day("on").unwrap_or(scope.today);
    let reason = b.needed("reason", 500);
    b.done()?;
    ctx.write_json(scope.act("pairing.end"), move |w| {
        bonds::end(w, id, on, &reason, scope.today)?;
        Ok((200, json!({"id": id, "to": on})))
    })
}

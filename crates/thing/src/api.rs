//! The API of things.

use crate::read::{Query, Thing, fetch, life, list, may_write};
use crate::sort::{Sort, all_sorts, find_sort};
use crate::write::{add, change, parse, remove, step, stock};
use serde_json::{Map, Value as Json, json};
use tx_access::Scope;
use tx_base::{Fault, Id, Result, say, t};
use tx_record::people::{self, Named};
use tx_store::{Class, Conn};
use tx_web::{CARERS, Ctx, Reply, Route, Who};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/sorts", Who::SignedIn, Class::O, sorts).says(t("登记的种类", "Sorts of things")),
    Route::get("/api/v1/things", CARERS, Class::S, get_all)
        .says(t("登记", "Things"))
        .query(&[
            ("sort", "string", t("种类", "Sort")),
            ("child", "string", t("孩子", "Child")),
            ("state", "string", t("状态", "State")),
            ("live", "boolean", t("只看没完的", "Only what is not over")),
            ("q", "string", t("名称里有", "Part of the name")),
            ("limit", "integer", t("最多几条", "At most this many")),
            ("cursor", "string", t("接着上次", "Go on from here")),
        ]),
    Route::json("POST", "/api/v1/things", CARERS, Class::S, "NewThing", post).says(t("登记一样", "Add a thing")),
    Route::get("/api/v1/things/{id}", CARERS, Class::S, get_one).says(t("一样登记", "One thing")),
    Route::json("PATCH", "/api/v1/things/{id}", CARERS, Class::S, "ThingChange", patch).says(t(
        "改正；别人改过的字段两份都留",
        "Correct; of a field that another changed both values are kept",
    )),
    Route::json("DELETE", "/api/v1/things/{id}", CARERS, Class::S, "Reason", delete)
        .says(t("删除，要写原因", "Delete, with a reason")),
    Route::json(
        "POST",
        "/api/v1/things/{id}/step",
        CARERS,
        Class::S,
        "ThingStep",
        post_step,
    )
    .says(t("走下一步", "Take a step of its life")),
    Route::json(
        "POST",
        "/api/v1/things/{id}/stock",
        CARERS,
        Class::S,
        "ThingStock",
        post_stock,
    )
    .says(t("入库出库；不够就不出", "Put in or take out; never below zero")),
    Route::get("/api/v1/things/{id}/versions", CARERS, Class::S, get_versions)
        .says(t("每一步：谁、何时、为什么", "Every step: who, when and why")),
];

fn sorts(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let items: Vec<Json> = all_sorts()
        .iter()
        .filter(|s| (s.reads)(scope) || (s.writes)(scope))
        .map(|s| s.describe())
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

fn code(scope: &Scope) -> &str {
    scope.school.as_ref().map_or("", |s| s.code.as_str())
}

/// The filters of a list as they were asked for; one more than `limit` is asked for.
pub(crate) fn query(ctx: &Ctx, limit: usize) -> Result<Query> {
    let sort = match ctx.q("sort") {
        None => None,
        Some(id) => Some(known(id)?),
    };
    Ok(Query {
        sort,
        child: ctx.q_id("child")?,
        state: ctx.q("state").map(str::to_owned),
        live: matches!(ctx.q("live"), Some("true" | "1")),
        q: ctx.q("q").map(str::to_owned),
        owner: None,
        after: ctx.q_id("cursor")?,
        limit: limit + 1,
    })
}
fn known(id: &str) -> Result<&'static Sort> {
    find_sort(id).ok_or_else(|| Fault::invalid("sort", format!("没有这一种：{id}"), format!("no such sort: {id}")))
}

fn get_all(ctx: &Ctx) -> Result<Reply> {
    let (scope, limit) = (ctx.scope()?, ctx.limit()?);
    let q = query(ctx, limit)?;
    let (mut found, _) = ctx.read(|c| list(ctx.db().keys(), c, scope, &q))?;
    let next = (found.len() > limit).then(|| found[limit - 1].id.to_string());
    found.truncate(limit);
    let items: Vec<Json> = found.iter().map(|t| t.json(code(scope))).collect();
    Ok(Reply::json(&json!({"items": items, "next": next})))
}

/// The child that a thing is or will be about, as far as the caller sees it.
pub(crate) fn child_of(c: &Conn, scope: &Scope, child: Option<Id>) -> Result<Option<Named>> {
    match child {
        None => Ok(None),
        Some(id) => people::children(c, scope, &[id])?
            .remove(&id)
            .map(Some)
            .ok_or(Fault::NotFound),
    }
}
/// 403 for a sort that this person does not write; 404 for a child that is not in scope.
pub(crate) fn must_write(c: &Conn, scope: &Scope, sort: &Sort, child: Option<Id>) -> Result<()> {
    let child = child_of(c, scope, child)?;
    if (child.is_none() && sort.about == crate::About::Child && (sort.writes)(scope))
        || may_write(scope, sort, child.as_ref())
    {
        return Ok(());
    }
    Err(Fault::Forbidden(say(
        format!("您的账号不管{}", sort.name.zh),
        format!("This account does not keep: {}", sort.name.en),
    )))
}
/// A thing that the caller sees and may change.
pub(crate) fn to_change(ctx: &Ctx, c: &Conn, scope: &Scope, id: Id) -> Result<Thing> {
    let t = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
    must_write(c, scope, t.sort, t.child)?;
    Ok(t)
}

fn post(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.clone();
    let body = ctx.json()?;
    let said = body.get("sort").and_then(Json::as_str).unwrap_or_default();
    let child = body
        .get("child")
        .and_then(Json::as_str)
        .and_then(|s| s.parse::<Id>().ok());
    let sort = find_sort(said);
    // rights come before anything of the content is looked at
    match sort {
        Some(sort) => ctx.read(|c| must_write(c, &scope, sort, child))?,
        None => return known(said).map(|_| unreachable!("it is not known")),
    }
    if body
        .get("school")
        .and_then(Json::as_str)
        .is_some_and(|s| s != school.code)
    {
        return Err(Fault::NotFound);
    }
    let new = parse(sort.expect("asked above"), body, school.id)?;
    let db = ctx.db().clone();
    ctx.write_json(scope.act("thing.add"), move |w| {
        must_write(w.conn(), &scope, new.sort, new.child)?;
        add(w, &new)?;
        let t = fetch(db.keys(), w.conn(), &scope, new.id)?.ok_or(Fault::NotFound)?;
        Ok((201, t.json(code(&scope))))
    })
}

fn get_one(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let t = ctx
        .read(|c| fetch(ctx.db().keys(), c, scope, id))?
        .ok_or(Fault::NotFound)?;
    Ok(Reply::json(&t.json(code(scope))))
}

fn patch(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let body = ctx.json()?.clone();
    let base = body
        .get("base_version")
        .and_then(Json::as_i64)
        .ok_or_else(|| Fault::invalid("base_version", "要 base_version", "base_version is needed"))?;
    let db = ctx.db().clone();
    ctx.write_json(scope.act("thing.change"), move |w| {
        let seen = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        let done = change(w, &seen, base, &body)?;
        let now = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        let mut v = now.json(code(&scope));
        if !done.conflicts.is_empty() {
            v["conflicts"] = done.conflicts.into();
        }
        Ok((200, v))
    })
}

fn word(body: &Map<String, Json>, name: &str) -> Option<String> {
    let s = body.get(name)?.as_str()?.trim();
    (!s.is_empty()).then(|| s.to_owned())
}

fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let why = word(ctx.json()?, "reason").unwrap_or_default();
    ctx.write_json(scope.act("thing.delete"), move |w| {
        remove(w, id, &why)?;
        Ok((200, json!({"id": id, "deleted": true})))
    })
}

fn post_step(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.today());
    let t = ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let body = ctx.json()?;
    let said = word(body, "step").unwrap_or_default();
    let next = t.sort.step(&said).ok_or_else(|| {
        Fault::invalid(
            "step",
            format!("没有这一步：{said}"),
            format!("there is no step {said}"),
        )
    })?;
    may_step(&scope, next)?;
    let fields = match body.get("fields") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(o)) => o.clone(),
        Some(_) => return Err(Fault::invalid("fields", "要一个对象", "an object is needed")),
    };
    let why = word(body, "reason");
    let db = ctx.db().clone();
    ctx.write_json(scope.act("thing.step"), move |w| {
        step(w, id, next, &fields, why.as_deref(), today)?;
        let now = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        Ok((200, now.json(code(&scope))))
    })
}
/// 403 for a step that is another's to take.
pub(crate) fn may_step(scope: &Scope, next: &crate::Step) -> Result<()> {
    if (next.may)(scope) {
        return Ok(());
    }
    Err(Fault::Forbidden(say(
        format!("这一步不由您来：{}", next.name.zh),
        format!("This step is not yours to take: {}", next.name.en),
    )))
}

fn post_stock(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let body = ctx.json()?;
    let by = body.get("by").and_then(Json::as_i64).filter(|n| *n != 0);
    let by = by.ok_or_else(|| Fault::invalid("by", "要一个不是 0 的整数", "a whole number that is not 0 is needed"))?;
    let why = word(body, "reason");
    ctx.write_json(scope.act("thing.stock"), move |w| {
        let left = stock(w, id, by, why.as_deref())?;
        Ok((200, json!({"id": id, "stock": left})))
    })
}

fn get_versions(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let all = ctx.read(|c| {
        let t = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
        life(ctx.db().keys(), c, scope, &t)
    })?;
    let items: Vec<Json> = all
        .iter()
        .map(|v| {
            let mut j = v.thing.json(code(scope));
            j["who"] = v.who.clone().into();
            j["at"] = v.at.iso().into();
            if let Some(why) = &v.thing.reason {
                j["why"] = why.clone().into();
            }
            j
        })
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

/// Component schemas of the bodies.
pub fn schemas() -> Json {
    let text = json!({"type": "string"});
    let day = json!({"type": "string", "format": "date"});
    let id = json!({"type": "string", "format": "uuid"});
    let sorts: Vec<&str> = all_sorts().iter().map(|s| s.id).collect();
    let steps: std::collections::BTreeSet<&str> = all_sorts().iter().flat_map(|s| s.steps).map(|s| s.id).collect();
    let bag = json!({"type": "object", "description": "fields of the sort, see /api/v1/sorts"});
    json!({
        "NewThing": {"type": "object", "required": ["sort"], "properties": {"id": id, "sort": {"type": "string", "enum": sorts}, "school": text, "title": text, "child": id,
            "from": day, "to": day, "owner": id, "due": day, "stock": {"type": "integer", "minimum": 0}, "fields": bag}},
        "ThingChange": {"type": "object", "required": ["base_version"], "properties": {"base_version": {"type": "integer"}, "title": text, "from": day, "to": day,
            "owner": id, "due": day, "fields": bag, "reason": text}},
        "ThingStep": {"type": "object", "required": ["step"], "properties": {"step": {"type": "string", "enum": steps}, "fields": bag, "reason": text}},
        "ThingStock": {"type": "object", "required": ["by"], "properties": {"by": {"type": "integer"}, "reason": text}},
    })
}

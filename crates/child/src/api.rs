//! The API of children (interfaces.md).

use crate::file::{Page, fetch, list};
use crate::new::{add, parse};
use crate::tables::CHILDREN;
use serde_json::json;
use tx_base::{Fault, Result, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, row};
use tx_web::{CARERS, Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/children", CARERS, Class::P, get_all)
        .says(t("孩子", "Children"))
        .query(&[
            ("class", "string", t("班级代码", "Class code")),
            ("q", "string", t("姓名", "Name")),
            ("limit", "integer", t("最多几名", "At most this many")),
            ("cursor", "string", t("接着上次", "Go on from here")),
        ]),
    Route::json("POST", "/api/v1/children", STAFF, Class::S, "NewChild", post).says(t("加一个孩子", "Add a child")),
    Route::get("/api/v1/children/{id}", CARERS, Class::S, get_one)
        .says(t("一个孩子", "One child"))
        .query(&[(
            "include",
            "string",
            t(
                "sensitive = 连敏感内容，留审计",
                "sensitive = with sensitive fields, audited",
            ),
        )]),
    Route::json("DELETE", "/api/v1/children/{id}", STAFF, Class::P, "Reason", delete)
        .says(t("删除，要写原因", "Delete, with a reason")),
];

fn get_all(ctx: &Ctx) -> Result<Reply> {
    let (scope, limit) = (ctx.scope()?, ctx.limit()?);
    let bad = || Fault::invalid("cursor", "cursor 不对", "the cursor is wrong");
    let after = match ctx.q("cursor") {
        None => None,
        Some(c) => {
            let (id, name) = c.split_once('_').ok_or_else(bad)?;
            Some((name.to_owned(), id.parse().map_err(|()| bad())?))
        }
    };
    let v = ctx.read(|c| {
        let class = match (ctx.q("class"), &scope.school) {
            (Some(code), Some(s)) => Some(
                tx_school::class_by_code(c, scope.county, s.id, code, SchoolYear::of(scope.today))?
                    .ok_or(Fault::NotFound)?,
            ),
            _ => None,
        };
        let found = list(
            c,
            scope,
            &Page {
                class,
                q: ctx.q("q").map(str::to_owned),
                left_behind: false,
                after,
                limit: limit + 1,
            },
        )?;
        let next = (found.len() > limit).then(|| format!("{}_{}", found[limit - 1].id, found[limit - 1].name));
        let items = found
            .iter()
            .take(limit)
            .map(|k| k.json(ctx.db().keys(), c, scope.county, false))
            .collect::<Result<Vec<_>>>()?;
        Ok(json!({"items": items, "next": next}))
    })?;
    Ok(Reply::json(&v))
}

fn get_one(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let child = ctx.read(|c| fetch(c, scope, id))?.ok_or(Fault::NotFound)?;
    let sensitive = ctx.q("include") == Some("sensitive") && child.sight.sensitive;
    if sensitive {
        ctx.db().write(ctx.act("child.read_sensitive")?, move |w| {
            w.note("child.read_sensitive", "children", Some(id), None);
            Ok(())
        })?;
    }
    let v = ctx.read(|c| child.json(ctx.db().keys(), c, scope.county, sensitive))?;
    Ok(Reply::json(&v))
}

fn post(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.clone();
    let body = ctx.json()?;
    // whose class it is decides before anything of the content is looked at
    if body
        .get("school")
        .and_then(|v| v.as_str())
        .is_some_and(|s| s != school.code)
    {
        return Err(Fault::NotFound);
    }
    let class = match body.get("class").and_then(|v| v.as_str()) {
        None => None,
        Some(code) => {
            let found =
                ctx.read(|c| tx_school::class_by_code(c, scope.county, school.id, code, SchoolYear::of(scope.today)))?;
            Some(found.ok_or_else(|| {
                Fault::invalid("class", format!("没有 {code} 班"), format!("there is no class {code}"))
            })?)
        }
    };
    if !scope.may_enrol(school.id, class) {
        return Err(Fault::forbidden(t(
            "只有校长、办公室和本班班主任能加孩子",
            "Only the head, the office and the class teacher may add a child",
        )));
    }
    let new = parse(body, school.id, class, scope.today)?;
    let db = ctx.db().clone();
    ctx.write_json(scope.act("child.add"), move |w| {
        add(w, &new)?;
        let stored = fetch(w.conn(), &scope, new.id)?.ok_or(Fault::NotFound)?;
        Ok((201, stored.json(db.keys(), w.conn(), scope.county, false)?))
    })
}

fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let child = ctx.read(|c| fetch(c, &scope, id))?.ok_or(Fault::NotFound)?;
    if !child.sight.write {
        return Err(Fault::forbidden(t("您不能删这份档案", "You may not delete this file")));
    }
    let reason = ctx
        .json()?
        .get("reason")
        .and_then(|v| v.as_str())
        .unwrap_or_default()
        .trim()
        .to_owned();
    if reason.is_empty() {
        return Err(Fault::invalid("reason", "删除要写原因", "A deletion needs a reason"));
    }
    ctx.write_json(scope.act("child.delete").because(Some(reason.clone())), move |w| {
        let now = w.now();
        w.update(
            &CHILDREN,
            id,
            row!["deleted_at" => now, "deleted_reason" => reason.as_str()],
        )?;
        Ok((200, json!({"id": id, "deleted": true})))
    })
}

//! The API of records (interfaces.md).

use crate::read::{Query, Record, fetch, list, versions};
use crate::{all_kinds, parse};
use serde_json::{Value as Json, json};
use tx_access::{ChildPlace, Scope};
use tx_base::{Fault, Id, Result, t};
use tx_store::{Class, Conn, params};
use tx_web::{CARERS, Ctx, Reply, Route, Who};

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/kinds", Who::SignedIn, Class::O, kinds).says(t("记录的种类", "Kinds of records")),
    Route::get("/api/v1/records", CARERS, Class::P, get_all)
        .says(t("记录", "Records"))
        .query(&[
            ("child", "string", t("孩子", "Child")),
            ("class", "string", t("班级代码", "Class code")),
            ("kind", "string", t("种类", "Kind")),
            ("from", "string", t("从", "From day")),
            ("to", "string", t("到", "To day")),
            ("state", "string", t("状态", "State")),
            ("limit", "integer", t("最多几条", "At most this many")),
            ("cursor", "string", t("接着上次", "Go on from here")),
        ]),
    Route::json("POST", "/api/v1/records", CARERS, Class::P, "NewRecord", post).says(t("记一笔", "Add a record")),
    Route::get("/api/v1/records/{id}", CARERS, Class::P, get_one).says(t("一条记录", "One record")),
    Route::json("PATCH", "/api/v1/records/{id}", CARERS, Class::P, "RecordChange", patch).says(t("改正", "Correct")),
    Route::json("DELETE", "/api/v1/records/{id}", CARERS, Class::P, "Reason", delete)
        .says(t("删除，要写原因", "Delete, with a reason")),
    Route::get("/api/v1/records/{id}/versions", CARERS, Class::P, get_versions)
        .says(t("从前的样子", "Earlier versions")),
];

fn kinds(_: &Ctx) -> Result<Reply> {
    Ok(Reply::json(
        &json!({"items": all_kinds().iter().map(|k| k.describe()).collect::<Vec<_>>(), "next": null}),
    ))
}

fn shown(c: &Conn, scope: &Scope, r: &Record) -> Result<Json> {
    let school = c
        .first(
            "select code from schools where county_id = ?1 and id = ?2",
            params![scope.county, r.school],
        )?
        .map(|r| r.text(0))
        .unwrap_or_default();
    let class = match r.class {
        Some(id) => c
            .first(
                "select code from classes where county_id = ?1 and id = ?2",
                params![scope.county, id],
            )?
            .map(|r| r.text(0)),
        None => None,
    };
    Ok(r.json(&school, class.as_deref(), false))
}

/// Whether the caller may write about this child; `NotFound` when it is out of scope.
fn may_record(c: &Conn, scope: &Scope, child: Id) -> Result<()> {
    let f = scope.children("c", 1);
    let mut vals = vec![child.into()];
    vals.extend(f.params);
    let sql = format!(
        "select c.school_id, c.class_id from children c where c.id = ?1 and c.deleted_at is null and {}",
        f.sql
    );
    let r = c.first(&sql, &vals)?.ok_or(Fault::NotFound)?;
    // a child that is in scope through no class or school is in it through a pairing
    let direct = scope.whole_school()
        || r.opt_id(1)
            .is_some_and(|k| scope.leads.contains(&k) || scope.teaches.contains(&k));
    let place = ChildPlace {
        id: child,
        school: r.id(0),
        class: r.opt_id(1),
        key: false,
        paired: !direct,
    };
    if scope.sight(place).record {
        Ok(())
    } else {
        Err(Fault::NotFound)
    }
}

fn post(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.clone();
    let body = ctx.json()?;
    let mut new = parse(body, school.id, ctx.today())?;
    if let Some(code) = body.get("class").and_then(Json::as_str) {
        let sql = "select id from classes where county_id = ?1 and school_id = ?2 and code = ?3 order by year_first desc, id limit 1";
        let row = ctx.read(|c| c.first(sql, params![scope.county, school.id, code]))?;
        new.class = Some(
            row.ok_or_else(|| Fault::invalid("class", format!("没有 {code} 班"), format!("there is no class {code}")))?
                .id(0),
        );
    }
    let keys_db = ctx.db().clone();
    ctx.write_json(scope.act("record.add"), move |w| {
        for child in new.lines.iter().filter_map(|l| l.child) {
            may_record(w.conn(), &scope, child)?;
        }
        if let Some(old) = fetch(keys_db.keys(), w.conn(), &scope, new.id)? {
            // the same id and content under another key is the same deed of the same phone (security.md §5)
            let same = old.kind.id == new.kind.id
                && old.on == new.on
                && old.text.clone().unwrap_or_default() == new.text
                && old.lines.len() == new.lines.len();
            return if same {
                Ok((200, shown(w.conn(), &scope, &old)?))
            } else {
                Err(Fault::Conflict(tx_base::say(
                    "这个编号已有别的内容",
                    "This id holds other content already",
                )))
            };
        }
        crate::add(w, &new)?;
        let stored = fetch(keys_db.keys(), w.conn(), &scope, new.id)?.ok_or(Fault::NotFound)?;
        Ok((201, shown(w.conn(), &scope, &stored)?))
    })
}

fn get_all(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let limit = ctx.limit()?;
    let after = match ctx.q("cursor") {
        None => None,
        Some(c) => {
            let bad = || Fault::invalid("cursor", "cursor 不对", "the cursor is wrong");
            let (day, id) = c.split_once('_').ok_or_else(bad)?;
            Some((
                tx_base::Day::parse(day).map_err(|_| bad())?,
                id.parse().map_err(|()| bad())?,
            ))
        }
    };
    let items = ctx.read(|c| {
        let class = match ctx.q("class") {
            None => None,
            Some(code) => {
                let sql = "select id from classes where county_id = ?1 and school_id = ?2 and code = ?3 order by year_first desc, id limit 1";
                let school = scope.school.as_ref().map_or(Id::NIL, |s| s.id);
                Some(c.first(sql, params![scope.county, school, code])?.ok_or(Fault::NotFound)?.id(0))
            }
        };
        let q = Query {
            school: None, child: ctx.q_id("child")?, class, kind: ctx.q("kind").map(str::to_owned), from: ctx.q_day("from")?, to: ctx.q_day("to")?,
            state: ctx.q("state").map(str::to_owned), after, limit: limit + 1,
        };
        let found = list(ctx.db().keys(), c, scope, &q)?;
        found.iter().map(|r| Ok((r.on, r.id, shown(c, scope, r)?))).collect::<Result<Vec<_>>>()
    })?;
    let next = (items.len() > limit).then(|| format!("{}_{}", items[limit - 1].0, items[limit - 1].1));
    let items: Vec<Json> = items.into_iter().take(limit).map(|(_, _, v)| v).collect();
    Ok(Reply::json(&json!({"items": items, "next": next})))
}

fn get_one(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let v = ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
        shown(c, scope, &r)
    })?;
    Ok(Reply::json(&v))
}

/// Only the writer, the head and the class teacher of all its children may change a record.
fn may_change(scope: &Scope, r: &Record) -> Result<()> {
    let own = r.author == Some(scope.account) || scope.is_console();
    if own || scope.is(tx_access::Role::Head) || scope.holds(tx_access::Post::Office) {
        return Ok(());
    }
    Err(Fault::forbidden(t(
        "只有写的人和校长能改",
        "Only who wrote it and the head may change it",
    )))
}

fn patch(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let old = ctx
        .read(|c| fetch(ctx.db().keys(), c, &scope, id))?
        .ok_or(Fault::NotFound)?;
    may_change(&scope, &old)?;
    let body = ctx.json()?.clone();
    let base = body
        .get("base_version")
        .and_then(Json::as_i64)
        .ok_or_else(|| Fault::invalid("base_version", "要写改的是第几版", "say which version is changed"))?;
    let (db, today) = (ctx.db().clone(), ctx.today());
    ctx.write_json(scope.act("record.correct"), move |w| {
        crate::correct(w, id, base, &body, today)?;
        let now = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        Ok((200, shown(w.conn(), &scope, &now)?))
    })
}

fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let old = ctx
        .read(|c| fetch(ctx.db().keys(), c, &scope, id))?
        .ok_or(Fault::NotFound)?;
    may_change(&scope, &old)?;
    let reason = ctx
        .json()?
        .get("reason")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned();
    ctx.write_json(scope.act("record.delete").because(Some(reason.clone())), move |w| {
        crate::remove(w, id, &reason)?;
        Ok((200, json!({"id": id, "deleted": true})))
    })
}

fn get_versions(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let items = ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
        versions(ctx.db().keys(), c, scope.county, &r)
    })?;
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

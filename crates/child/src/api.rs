//! The API of children (interfaces.md).

use crate::list::{Child, Page, fetch, list};
use crate::new::add;
use crate::parse::{parse, parse_change};
use crate::tables::CHILDREN;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json, json};
use tx_access::Scope;
use tx_base::{Fault, FieldFault, Id, Result, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, Conn, row};
use tx_web::{CARERS, Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/children", CARERS, Class::P, get_all)
        .says(t("孩子", "Children"))
        .query(&[
            ("class", "string", t("班级代码", "Class code")),
            ("q", "string", t("姓名、拼音或首字母", "Name, pinyin or initials")),
            (
                "state",
                "string",
                t(
                    "active（默认）、left 或 graduated",
                    "active (default), left or graduated",
                ),
            ),
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
    Route::json("PATCH", "/api/v1/children/{id}", STAFF, Class::S, "ChildChange", patch).says(t(
        "改档案；同时改的留先写的，另一份在 conflicts",
        "Correct a file; of what two changed the first stands and the other is among conflicts",
    )),
    Route::json("DELETE", "/api/v1/children/{id}", STAFF, Class::P, "Reason", delete)
        .says(t("删除，要写原因", "Delete, with a reason")),
];

fn get_all(ctx: &Ctx) -> Result<Reply> {
    let (scope, limit) = (ctx.scope()?, ctx.limit()?);
    let bad = || Fault::invalid("cursor", "cursor 不对", "the cursor is wrong");
    let after = match ctx.q("cursor") {
        None => None,
        Some(c) => {
            let (id, name) = c.split_once('.').ok_or_else(bad)?;
            let name = URL_SAFE_NO_PAD
                .decode(name)
                .ok()
                .and_then(|b| String::from_utf8(b).ok());
            Some((name.ok_or_else(bad)?, id.parse().map_err(|()| bad())?))
        }
    };
    let state = match ctx.q("state") {
        None => None,
        Some(s) if ["active", "left", "graduated"].contains(&s) => Some(s.to_owned()),
        Some(s) => {
            return Err(Fault::invalid(
                "state",
                format!("没有 {s} 这个状态"),
                format!("there is no state {s}"),
            ));
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
                state: state.clone(),
                after,
                limit: limit + 1,
                ..Page::default()
            },
        )?;
        let next = (found.len() > limit).then(|| {
            let last = &found[limit - 1];
            format!("{}.{}", last.id, URL_SAFE_NO_PAD.encode(&last.pinyin))
        });
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
        note_sensitive(ctx, id)?;
    }
    let v = ctx.read(|c| {
        let mut v = child.json(ctx.db().keys(), c, scope.county, sensitive)?;
        let file = crate::file::of(c, ctx.db().keys(), scope, child, false)?;
        if !file.statuses.is_empty() {
            let each = file
                .statuses
                .iter()
                .map(|(d, s)| (d.code().to_owned(), s.code().into()));
            v["status"] = Json::Object(each.collect());
        }
        Ok(v)
    })?;
    Ok(Reply::json(&v))
}
/// The audit entry of opening class S of a file.
pub fn note_sensitive(ctx: &Ctx, id: Id) -> Result<()> {
    ctx.db().write(ctx.act("child.read_sensitive")?, move |w| {
        w.note("child.read_sensitive", "children", Some(id), None);
        Ok(())
    })
}

/// A child in scope whose file the caller may change; 404 out of scope, 403 else.
pub(crate) fn writable(ctx: &Ctx, id: Id) -> Result<Child> {
    let scope = ctx.scope()?;
    let child = ctx.read(|c| fetch(c, scope, id))?.ok_or(Fault::NotFound)?;
    if child.sight.write {
        Ok(child)
    } else {
        Err(Fault::forbidden(t("您不能改这份档案", "You may not change this file")))
    }
}
/// The class of a code in this school year, into which the caller may take children.
pub(crate) fn class_for(ctx: &Ctx, scope: &Scope, school: Id, code: &str) -> Result<Id> {
    let year = SchoolYear::of(scope.today);
    let found = ctx.read(|c| tx_school::class_by_code(c, scope.county, school, code, year))?;
    let class = found.ok_or_else(|| match code.is_empty() {
        true => Fault::invalid("class", "请选一个班", "choose a class"),
        false => Fault::invalid("class", format!("没有 {code} 班"), format!("there is no class {code}")),
    })?;
    if scope.may_enrol(school, Some(class)) {
        Ok(class)
    } else {
        Err(may_not_enrol())
    }
}
pub(crate) fn may_not_enrol() -> Fault {
    Fault::forbidden(t(
        "只有校长、办公室和本班班主任能加孩子",
        "Only the head, the office and the class teacher may add a child",
    ))
}
/// The household of a brother or sister in scope: its own, or a new one that the caller gives to it too.
pub(crate) fn household_of(c: &Conn, scope: &Scope, sibling: Id) -> Result<(Id, bool)> {
    let k = fetch(c, scope, sibling)?
        .filter(|k| k.sight.write)
        .ok_or_else(|| Fault::invalid("sibling", "没有这个孩子", "there is no such child"))?;
    Ok(k.household.map_or_else(|| (Id::fresh(), true), |h| (h, false)))
}

/// Takes `not_same` out of a new child: the ids of children that it is declared not to be.
fn not_same(body: &mut Map<String, Json>) -> Result<Vec<Id>> {
    let bad = || Fault::invalid("not_same", "要一个编号的列表", "a list of ids is needed");
    match body.remove("not_same") {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(all)) => all
            .iter()
            .map(|v| v.as_str().and_then(|s| s.parse().ok()).ok_or_else(bad))
            .collect(),
        Some(_) => Err(bad()),
    }
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
        None if scope.may_enrol(school.id, None) => None,
        None => return Err(may_not_enrol()),
        Some(code) => Some(class_for(ctx, &scope, school.id, code)?),
    };
    let mut body = body.clone();
    let apart = not_same(&mut body)?;
    let new = parse(&body, school.id, class, scope.today)?;
    let sibling = new.household;
    let named = body.contains_key("id");
    let db = ctx.db().clone();
    ctx.write_json(scope.act("child.add"), move |w| {
        let mut new = new.clone();
        // the same id and content under another key is the same deed of the same phone (security.md §5)
        if named && let Some(old) = fetch(w.conn(), &scope, new.id)? {
            return if crate::patch::same(w, &new)? {
                Ok((200, old.json(db.keys(), w.conn(), scope.county, false)?))
            } else {
                Err(Fault::Conflict(say(
                    "这个编号已有别的内容",
                    "This id holds other content already",
                )))
            };
        }
        crate::find::unused_number(w, &scope, &new, &apart)?;
        if let Some(other) = sibling {
            let (home, fresh) = household_of(w.conn(), &scope, other)?;
            if fresh {
                w.update(&CHILDREN, other, row!["household_id" => home])?;
            }
            new.household = Some(home);
        }
        add(w, &new, scope.today)?;
        for other in &apart {
            let other = fetch(w.conn(), &scope, *other)?
                .ok_or_else(|| Fault::invalid("not_same", "没有这个孩子", "there is no such child"))?;
            crate::find::set_not_same(w, new.id, other.id)?;
        }
        let stored = fetch(w.conn(), &scope, new.id)?.ok_or(Fault::NotFound)?;
        Ok((201, stored.json(db.keys(), w.conn(), scope.county, false)?))
    })
}

/// The version that a correction was made against.
fn base_version(body: &Map<String, Json>) -> Result<i64> {
    body.get("base_version").and_then(Json::as_i64).ok_or_else(|| {
        Fault::invalid(
            "base_version",
            "要写您看到的是第几版",
            "the version that you saw is needed",
        )
    })
}

fn patch(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let child = writable(ctx, id)?;
    let mut fields = ctx.json()?.clone();
    let base = base_version(&fields)?;
    fields.remove("base_version");
    let fixed: Vec<FieldFault> = ["id", "school"]
        .into_iter()
        .filter(|f| fields.contains_key(*f))
        .map(|f| FieldFault {
            field: f.into(),
            reason: say("这一项不能改", "this cannot be changed"),
        })
        .collect();
    if !fixed.is_empty() {
        return Err(Fault::fields(fixed));
    }
    let class = match fields.get("class") {
        None => None,
        Some(Json::String(code)) => Some(class_for(ctx, &scope, child.school_id, code)?),
        Some(_) => return Err(Fault::invalid("class", "要写班级代码", "a class code is needed")),
    };
    let read = parse_change(&fields, child.school_id, class, scope.today)?;
    let sibling = read.household;
    let db = ctx.db().clone();
    ctx.write_json(scope.act("child.change"), move |w| {
        let mut read = read.clone();
        if let Some(other) = sibling {
            let (home, fresh) = household_of(w.conn(), &scope, other)?;
            if fresh {
                w.update(&CHILDREN, other, row!["household_id" => home])?;
            }
            read.household = Some(home);
        }
        let conflicts = crate::patch::correct(w, &scope, id, base, &fields, &read, scope.today)?;
        let stored = fetch(w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        let mut v = stored.json(db.keys(), w.conn(), scope.county, false)?;
        v["conflicts"] = conflicts.into();
        Ok((200, v))
    })
}

fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    writable(ctx, id)?;
    let reason = ctx
        .json()?
        .get("reason")
        .and_then(|v| v.as_str())
        .unwrap_or_default()
        .to_owned();
    ctx.write_json(scope.act("child.delete"), move |w| {
        crate::bin::put(w, id, &reason)?;
        Ok((200, json!({"id": id, "deleted": true})))
    })
}

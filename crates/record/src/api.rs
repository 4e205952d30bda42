//! The API of records, conflicts and own fields (interfaces.md).

use crate::around::Around;
use crate::own::{Declared, add_own, end_own, own_fields, parse_own};
use crate::read::{Query, Record, fetch, list, versions};
use crate::{all_kinds, conflicts, find_kind, parse, parse_as, people};
use serde_json::{Map, Value as Json, json};
use tx_access::{Role, Scope};
use tx_base::{Fault, Id, Result, say, t};
use tx_store::{Class, Conn, params};
use tx_web::{CARERS, Ctx, Param, Reply, Route, STAFF, Who};

/// All who may write a record of some kind: staff and volunteers. Inspectors only read.
pub const WRITERS: Who = Who::Roles(&[
    Role::Head,
    Role::Leader,
    Role::ClassTeacher,
    Role::Counsellor,
    Role::SubjectTeacher,
    Role::DutyLeader,
    Role::Helper,
]);

/// What a record may be (architecture §5).
pub(crate) const STATES: [&str; 3] = ["planned", "done", "cancelled"];
/// Query parameters of lists of records.
const FILTERS: &[Param] = &[
    ("child", "string", t("孩子", "Child")),
    ("class", "string", t("班级代码", "Class code")),
    ("kind", "string", t("种类", "Kind")),
    ("from", "string", t("从", "From day")),
    ("to", "string", t("到", "To day")),
    (
        "state",
        "string",
        t("状态：planned done cancelled", "State: planned, done or cancelled"),
    ),
    ("limit", "integer", t("最多几条", "At most this many")),
    ("cursor", "string", t("接着上次", "Go on from here")),
];

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/kinds", Who::SignedIn, Class::O, kinds).says(t("记录的种类", "Kinds of records")),
    Route::get("/api/v1/records", CARERS, Class::P, get_all)
        .says(t("记录", "Records"))
        .query(FILTERS),
    Route::json("POST", "/api/v1/records", CARERS, Class::P, "NewRecord", post).says(t("记一笔", "Add a record")),
    Route::get("/api/v1/records/{id}", CARERS, Class::S, get_one)
        .says(t("一条记录", "One record"))
        .query(&[(
            "include",
            "string",
            t(
                "sensitive = 连敏感内容，留审计",
                "sensitive = with sensitive fields, audited",
            ),
        )]),
    Route::json("PATCH", "/api/v1/records/{id}", CARERS, Class::P, "RecordChange", patch).says(t(
        "改正；别人改过的字段两份都留",
        "Correct; of a field that another changed both values are kept",
    )),
    Route::json("DELETE", "/api/v1/records/{id}", CARERS, Class::P, "Reason", delete)
        .says(t("删除，要写原因", "Delete, with a reason")),
    Route::get("/api/v1/records/{id}/versions", CARERS, Class::P, get_versions).says(t(
        "从前的样子：谁、何时、为什么改的",
        "Earlier versions: who changed them, when and why",
    )),
    Route::get("/api/v1/conflicts", CARERS, Class::S, get_conflicts)
        .says(t("两份都留着、等人选的", "Pairs of values that wait for a choice"))
        .query(&[("child", "string", t("孩子", "Child"))]),
    Route::json(
        "POST",
        "/api/v1/conflicts/{id}/resolve",
        CARERS,
        Class::S,
        "Take",
        post_resolve,
    )
    .says(t("选一份，或两份都要", "Choose one, or both")),
    Route::get("/api/v1/fields", STAFF, Class::O, get_fields)
        .says(t("自定字段", "Own fields"))
        .query(&[("kind", "string", t("种类，或 child", "Kind, or child"))]),
    Route::json("POST", "/api/v1/fields", STAFF, Class::O, "NewField", post_field)
        .says(t("加一个自定字段（校长、办公室）", "Add an own field (head, office)")),
    Route::bare("POST", "/api/v1/fields/{id}/end", STAFF, Class::O, post_end).says(t(
        "不再问这个字段，写过的都留着",
        "Ask this field no more; what was written stays",
    )),
];

fn kinds(ctx: &Ctx) -> Result<Reply> {
    let own = match ctx.maybe_scope() {
        Some(s) => {
            let school = s.school.as_ref().map(|k| k.id);
            ctx.read(|c| own_fields(c, s.county, school))?
        }
        None => Vec::new(),
    };
    let items: Vec<Json> = all_kinds()
        .iter()
        .map(|k| {
            let d = Declared::with(k, &own, ctx.today());
            let (head, line): (Vec<_>, Vec<_>) = (d.asked().copied().collect(), d.line_asked().copied().collect());
            k.describe(&head, &line)
        })
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

/// 404 unless the caller may write about each of these children: out of scope, gone and not to be written about look alike.
pub(crate) fn may_write_about(c: &Conn, scope: &Scope, children: &[Id]) -> Result<()> {
    if people::may_write(c, scope, children)? {
        Ok(())
    } else {
        Err(Fault::NotFound)
    }
}
/// 403 for a kind that this person's roles do not write.
pub(crate) fn may_write_kind(scope: &Scope, kind: &crate::Kind) -> Result<()> {
    if kind.writable(scope) || scope.is_console() {
        return Ok(());
    }
    Err(Fault::Forbidden(say(
        format!("您的账号不写{}", kind.name.zh),
        format!("This account does not write: {}", kind.name.en),
    )))
}
/// Who wrote a record may correct it while they may write at all; so may the head, the office, and who may change the file of every child on it:
/// their class teacher (security.md §1, r/w).
pub fn may_change(c: &Conn, scope: &Scope, r: &Record) -> Result<bool> {
    let own = scope.is_console() || (r.author == Some(scope.account) && r.kind.writable(scope));
    if own || scope.is(Role::Head) || scope.holds(tx_access::Post::Office) {
        return Ok(true);
    }
    let children = r.children();
    if children.is_empty() || !r.kind.writable(scope) {
        return Ok(false);
    }
    let seen = people::children(c, scope, &children)?;
    Ok(children.iter().all(|id| seen.get(id).is_some_and(|n| n.sight.write)))
}
pub(crate) fn must_change(c: &Conn, scope: &Scope, r: &Record) -> Result<()> {
    if may_change(c, scope, r)? {
        return Ok(());
    }
    Err(Fault::forbidden(t(
        "只有写的人、班主任和校长能改",
        "Only who wrote it, the class teacher and the head may change it",
    )))
}
/// Whether sensitive values of this record may be shown: of every child on it, or, without a child, to the own staff.
pub(crate) fn may_see_sensitive(c: &Conn, scope: &Scope, r: &Record) -> Result<bool> {
    let children = r.children();
    if children.is_empty() {
        return Ok(r.author == Some(scope.account) || scope.is(Role::Head) || scope.holds(tx_access::Post::Office));
    }
    let seen = people::children(c, scope, &children)?;
    Ok(children
        .iter()
        .all(|id| seen.get(id).is_some_and(|n| n.sight.sensitive)))
}
pub(crate) fn has_sensitive(d: &Declared, r: &Record) -> bool {
    let of = |m: &Map<String, Json>, fields: &[crate::Field]| {
        m.keys()
            .any(|n| fields.iter().any(|f| f.id == n && f.class >= Class::S))
    };
    of(&r.fields, &d.head) || r.lines.iter().any(|l| of(&l.fields, &d.line))
}

/// The class of this code in the own school, the latest year first; 422 when there is none.
pub(crate) fn class_of(c: &Conn, scope: &Scope, school: Id, code: &str) -> Result<Id> {
    let sql = "select id from classes where county_id = ?1 and school_id = ?2 and code = ?3 order by year_first desc, id limit 1";
    let row = c.first(sql, params![scope.county, school, code])?;
    Ok(row
        .ok_or_else(|| Fault::invalid("class", format!("没有 {code} 班"), format!("there is no class {code}")))?
        .id(0))
}

fn ids_in(body: &Map<String, Json>) -> Vec<Id> {
    let list = |name: &str| body.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let ids = list("children")
        .into_iter()
        .chain(list("lines").into_iter().map(|l| l["child"].clone()));
    ids.filter_map(|v| v.as_str().and_then(|s| s.parse().ok())).collect()
}

fn post(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.clone();
    let body = ctx.json()?;
    // rights come before anything of the content is looked at
    let kind = body.get("kind").and_then(Json::as_str).and_then(find_kind);
    let about = ids_in(body);
    if body
        .get("school")
        .and_then(Json::as_str)
        .is_some_and(|s| s != school.code)
    {
        return Err(Fault::NotFound);
    }
    let declared = ctx.read(|c| {
        may_write_about(c, &scope, &about)?;
        let Some(kind) = kind else { return Ok(None) };
        may_write_kind(&scope, kind)?;
        Ok(Some(Declared::of(c, scope.county, school.id, kind, ctx.today())?))
    })?;
    let Some(declared) = declared else {
        parse(body, school.id, ctx.today())?;
        return Err(Fault::invalid("kind", "没有这种记录", "no such kind"));
    };
    let mut new = parse_as(Some(declared), body, school.id, ctx.today(), false)?;
    if let Some(code) = body.get("class").and_then(Json::as_str) {
        new.class = Some(ctx.read(|c| class_of(c, &scope, school.id, code))?);
    }
    let (db, named) = (ctx.db().clone(), body.contains_key("id"));
    ctx.write_json(scope.act("record.add"), move |w| {
        may_write_about(w.conn(), &scope, &about)?;
        let found = if named {
            fetch(db.keys(), w.conn(), &scope, new.id)?
        } else {
            None
        };
        if let Some(old) = found {
            // the same id and content under another key is the same deed of the same phone (security.md §5)
            let same = old.kind.id == new.kind.id
                && old.on == new.on
                && old.text.clone().unwrap_or_default() == new.text
                && old.lines.len() == new.lines.len();
            return if same {
                Ok((200, Around::new(w.conn(), scope.county).json(&old, false)?))
            } else {
                Err(Fault::Conflict(say(
                    "这个编号已有别的内容",
                    "This id holds other content already",
                )))
            };
        }
        let stored = crate::add(w, &new)?;
        Ok((201, Around::new(w.conn(), scope.county).json(&stored, false)?))
    })
}

/// The filters of a list as they were asked for, with the cursor; one record more than `limit` is asked for.
pub(crate) fn query(ctx: &Ctx, c: &Conn, limit: usize) -> Result<Query> {
    let scope = ctx.scope()?;
    let after = match ctx.q("cursor") {
        None => None,
        Some(at) => {
            let bad = || Fault::invalid("cursor", "cursor 不对", "the cursor is wrong");
            let (day, id) = at.split_once('_').ok_or_else(bad)?;
            Some((
                tx_base::Day::parse(day).map_err(|_| bad())?,
                id.parse().map_err(|()| bad())?,
            ))
        }
    };
    let class = match ctx.q("class") {
        None => None,
        Some(code) => {
            let school = scope.school.as_ref().map_or(Id::NIL, |s| s.id);
            Some(class_of(c, scope, school, code).map_err(|_| Fault::NotFound)?)
        }
    };
    if let Some(k) = ctx.q("kind").filter(|k| find_kind(k).is_none()) {
        return Err(Fault::invalid(
            "kind",
            format!("没有这种记录：{k}；种类见 /api/v1/kinds"),
            format!("no such kind: {k}; see /api/v1/kinds"),
        ));
    }
    if let Some(s) = ctx.q("state").filter(|s| !STATES.contains(s)) {
        return Err(Fault::invalid(
            "state",
            format!("没有这个状态：{s}；可以是 {}", STATES.join("、")),
            format!("no such state: {s}; one of {}", STATES.join(", ")),
        ));
    }
    Ok(Query {
        child: ctx.q_id("child")?,
        class,
        kind: ctx.q("kind").map(str::to_owned),
        from: ctx.q_day("from")?,
        to: ctx.q_day("to")?,
        state: ctx.q("state").map(str::to_owned),
        after,
        limit: limit + 1,
        ..Query::default()
    })
}
/// Where the next page begins, and the records of this one.
pub(crate) fn paged(mut found: Vec<Record>, limit: usize) -> (Vec<Record>, Option<String>) {
    let next = (found.len() > limit).then(|| format!("{}_{}", found[limit - 1].on, found[limit - 1].id));
    found.truncate(limit);
    (found, next)
}

fn get_all(ctx: &Ctx) -> Result<Reply> {
    let (scope, limit) = (ctx.scope()?, ctx.limit()?);
    let v = ctx.read(|c| {
        let found = list(ctx.db().keys(), c, scope, &query(ctx, c, limit)?)?;
        let (found, next) = paged(found, limit);
        let around = Around::new(c, scope.county);
        around.learn(found.iter())?;
        let items = found
            .iter()
            .map(|r| around.json(r, false))
            .collect::<Result<Vec<_>>>()?;
        Ok(json!({"items": items, "next": next}))
    })?;
    Ok(Reply::json(&v))
}

/// Notes in the audit that sensitive values of a record were read.
pub(crate) fn note_sensitive(ctx: &Ctx, id: Id) -> Result<()> {
    ctx.db().write(ctx.act("record.read_sensitive")?, move |w| {
        w.note("record.read_sensitive", "records", Some(id), None);
        Ok(())
    })
}

fn get_one(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let asked = ctx.q("include") == Some("sensitive");
    let (v, sensitive) = ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
        let around = Around::new(c, scope.county);
        let sensitive = asked && may_see_sensitive(c, scope, &r)?;
        Ok((around.json(&r, sensitive)?, sensitive))
    })?;
    if sensitive {
        note_sensitive(ctx, id)?;
    }
    Ok(Reply::json(&v))
}

fn patch(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| {
        let old = fetch(ctx.db().keys(), c, &scope, id)?.ok_or(Fault::NotFound)?;
        must_change(c, &scope, &old)
    })?;
    let body = ctx.json()?.clone();
    let base = body
        .get("base_version")
        .and_then(Json::as_i64)
        .ok_or_else(|| Fault::invalid("base_version", "要写改的是第几版", "say which version is changed"))?;
    let (db, today) = (ctx.db().clone(), ctx.today());
    ctx.write_json(scope.act("record.correct"), move |w| {
        let seen = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        let there = seen.children();
        let added: Vec<Id> = ids_in(&body).into_iter().filter(|k| !there.contains(k)).collect();
        may_write_about(w.conn(), &scope, &added)?;
        let done = crate::correct(w, &seen, base, &body, today)?;
        let now = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        let mut v = Around::new(w.conn(), scope.county).json(&now, false)?;
        if !done.conflicts.is_empty() {
            v["conflicts"] = done.conflicts.into();
        }
        Ok((200, v))
    })
}

fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| {
        let old = fetch(ctx.db().keys(), c, &scope, id)?.ok_or(Fault::NotFound)?;
        must_change(c, &scope, &old)
    })?;
    let reason = ctx
        .json()?
        .get("reason")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned();
    ctx.write_json(scope.act("record.delete"), move |w| {
        crate::remove(w, id, &reason)?;
        Ok((200, json!({"id": id, "deleted": true})))
    })
}

fn get_versions(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let items = ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
        versions(ctx.db().keys(), c, scope, &r)
    })?;
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

fn get_conflicts(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let child = ctx.q_id("child")?;
    let items = ctx.read(|c| {
        if let Some(k) = child {
            people::sight(c, scope, k)?.ok_or(Fault::NotFound)?;
        }
        let mut all = conflicts::list(ctx.db().keys(), c, scope, child, None)?;
        conflicts::signed(c, scope.county, &mut all)?;
        Ok(all)
    })?;
    Ok(Reply::json(
        &json!({"items": items.iter().map(conflicts::Conflict::json).collect::<Vec<_>>(), "next": null}),
    ))
}

fn post_resolve(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let (db, today) = (ctx.db().clone(), ctx.today());
    let found = ctx.read(|c| conflicts::list(db.keys(), c, &scope, None, Some(id)))?;
    let one = found.into_iter().next().ok_or(Fault::NotFound)?;
    let take = ctx
        .json()?
        .get("take")
        .and_then(Json::as_str)
        .and_then(conflicts::Take::parse);
    let take = take.ok_or_else(|| Fault::invalid("take", "只能是 kept、yours 或 both", "one of kept, yours, both"))?;
    ctx.write_json(scope.act("conflict.resolve"), move |w| {
        conflicts::resolve(w, &one, take, today)?;
        Ok((200, json!({"id": one.id, "taken": take.code()})))
    })
}

/// Own fields are the head's and the office's.
pub(crate) fn may_make_fields(scope: &Scope) -> Result<Id> {
    if scope.is(Role::Head) || scope.holds(tx_access::Post::Office) {
        return Ok(scope.the_school()?.id);
    }
    Err(Fault::forbidden(t(
        "自定字段由校长和办公室来加",
        "Own fields are added by the head and the office",
    )))
}

fn get_fields(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?;
    let all = ctx.read(|c| own_fields(c, scope.county, Some(school.id)))?;
    let items: Vec<Json> = all
        .iter()
        .filter(|o| ctx.q("kind").is_none_or(|k| k == o.kind))
        .map(|o| o.json(o.school.map(|_| school.code.as_str())))
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}
fn post_field(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = may_make_fields(&scope)?;
    let code = scope.the_school()?.code.clone();
    let new = parse_own(ctx.json()?, school)?;
    ctx.write_json(scope.act("field.add"), move |w| {
        let made = add_own(w, &new)?;
        Ok((201, made.json(Some(&code))))
    })
}
fn post_end(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.today());
    let school = may_make_fields(&scope)?;
    ctx.write_json(scope.act("field.end"), move |w| {
        end_own(w, school, id, today)?;
        Ok((200, json!({"id": id, "ended_on": today})))
    })
}

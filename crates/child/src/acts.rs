//! The API of what happens to a file: spells, returns, the key mark, leaving, promotion.

use crate::api::{class_for, writable};
use crate::key::{self, NewKey};
use crate::{find, moves, promotion, spells};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use tx_access::{Post, Role, Scope};
use tx_base::{Fault, Id, Result, Text, say, t};
use tx_store::{Class, Write};
use tx_web::{Ctx, Given, Reply, Route, STAFF, Who};

/// The head, and the office by its post.
pub const OFFICE: Who = Who::Roles(&[Role::Head, Role::ClassTeacher]);

pub static ROUTES: &[Route] = &[
    Route::json("POST", "/api/v1/children/{id}/spells", STAFF, Class::P, "Spell", open)
        .says(t("进入学校名单", "Onto the school's list")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/spells/close",
        STAFF,
        Class::P,
        "SpellEnd",
        close,
    )
    .says(t("结束这一段，要选原因", "Close the spell, with a reason")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/spells/reopen",
        STAFF,
        Class::P,
        "Empty",
        reopen,
    )
    .says(t("恢复刚结束的一段", "Open the last spell again")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/returns",
        STAFF,
        Class::P,
        "ParentReturn",
        come_home,
    )
    .says(t(
        "父母回家住几天，不结束名单",
        "A parent comes home; the spell stays open",
    )),
    Route::json("POST", "/api/v1/children/{id}/key", STAFF, Class::S, "KeyMark", mark)
        .says(t("列为重点帮扶对象", "Mark for closer care")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/key/end",
        STAFF,
        Class::S,
        "EndWithReason",
        unmark,
    )
    .says(t("不再是重点帮扶对象", "End the mark")),
    Route::json("POST", "/api/v1/children/{id}/leave", STAFF, Class::P, "Leave", leave)
        .says(t("离校", "Leave the school")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/return",
        STAFF,
        Class::P,
        "ComeBack",
        come_back,
    )
    .says(t("回校", "Come back")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/not-same",
        STAFF,
        Class::P,
        "NotSame",
        not_same,
    )
    .says(t("不是同一个孩子", "Not the same child")),
    Route::get("/api/v1/promotion", OFFICE, Class::O, get_plan).says(t("升级会怎样", "What the promotion would do")),
    Route::json("POST", "/api/v1/promotion", OFFICE, Class::O, "Promotion", promote)
        .says(t("全校升级", "Promote all classes")),
    Route::json("POST", "/api/v1/promotion/{id}/undo", OFFICE, Class::O, "Empty", undo)
        .says(t("撤回升级", "Take the promotion back")),
];

/// An act on one file by someone who may change it; the answer is the file's id and what `f` adds.
fn act(ctx: &Ctx, name: &str, f: impl Fn(&mut Write, Id) -> Result<Json> + Send + 'static) -> Result<Reply> {
    let id = ctx.id("id")?;
    ctx.write_json(ctx.act(name)?, move |w| {
        let mut v = f(w, id)?;
        v["child"] = json!(id);
        Ok((200, v))
    })
}

fn open(ctx: &Ctx) -> Result<Reply> {
    writable(ctx, ctx.id("id")?)?;
    let today = ctx.today();
    let mut f = Given::of(ctx, &["from"])?;
    let from = f.day("from").unwrap_or(today);
    f.done()?;
    act(ctx, "child.list", move |w, id| {
        Ok(json!({"id": spells::open(w, id, from, "hand", today)?}))
    })
}
fn close(ctx: &Ctx) -> Result<Reply> {
    writable(ctx, ctx.id("id")?)?;
    let today = ctx.today();
    let mut f = Given::of(ctx, &["on", "reason", "note"])?;
    let (on, why, note) = (
        f.day("on").unwrap_or(today),
        f.words("reason", 2000).unwrap_or_default(),
        f.words("note", 2000),
    );
    f.done()?;
    act(ctx, "child.unlist", move |w, id| {
        Ok(json!({"id": spells::close(w, id, on, &why, note.as_deref(), None, today)?}))
    })
}
fn reopen(ctx: &Ctx) -> Result<Reply> {
    writable(ctx, ctx.id("id")?)?;
    Given::of(ctx, &[])?.done()?;
    act(ctx, "child.relist", |w, id| Ok(json!({"id": spells::reopen(w, id)?})))
}
fn come_home(ctx: &Ctx) -> Result<Reply> {
    let today = ctx.today();
    writable(ctx, ctx.id("id")?)?;
    let mut f = Given::of(ctx, &["parent", "from", "to"])?;
    let (parent, from, to) = (
        f.text("parent", 20).unwrap_or_default(),
        f.day("from").unwrap_or(today),
        f.day("to"),
    );
    f.done()?;
    act(ctx, "child.parent_home", move |w, id| {
        Ok(json!({"id": spells::add_return(w, id, &parent, from, to)?}))
    })
}
fn mark(ctx: &Ctx) -> Result<Reply> {
    let child = writable(ctx, ctx.id("id")?)?;
    let today = ctx.today();
    let mut f = Given::of(ctx, &["reason", "helper", "review_on", "from"])?;
    let new = NewKey {
        child: child.id,
        school: child.school_id,
        reason: f.words("reason", 2000).unwrap_or_default(),
        helper: f.id("helper"),
        review_on: f.day("review_on"),
        from: f.day("from").unwrap_or(today),
    };
    f.done()?;
    act(ctx, "child.key", move |w, _| Ok(json!({"id": key::mark(w, &new)?})))
}
fn unmark(ctx: &Ctx) -> Result<Reply> {
    writable(ctx, ctx.id("id")?)?;
    let today = ctx.today();
    let mut f = Given::of(ctx, &["on", "reason"])?;
    let (on, why) = (
        f.day("on").unwrap_or(today),
        f.words("reason", 2000).unwrap_or_default(),
    );
    f.done()?;
    act(ctx, "child.key_end", move |w, id| {
        key::end(w, id, on, &why, today)?;
        Ok(json!({}))
    })
}
fn leave(ctx: &Ctx) -> Result<Reply> {
    writable(ctx, ctx.id("id")?)?;
    let today = ctx.today();
    let mut f = Given::of(ctx, &["on", "fate", "left_to"])?;
    let (on, fate, to) = (
        f.day("on").unwrap_or(today),
        f.text("fate", 40).unwrap_or_default(),
        f.text("left_to", 200),
    );
    f.done()?;
    act(ctx, "child.leave", move |w, id| {
        moves::leave(w, id, on, &fate, to.as_deref(), today)?;
        Ok(json!({"state": fate}))
    })
}
fn come_back(ctx: &Ctx) -> Result<Reply> {
    let child = writable(ctx, ctx.id("id")?)?;
    let scope = ctx.scope()?.clone();
    let mut f = Given::of(ctx, &["on", "class"])?;
    let (on, code) = (
        f.day("on").unwrap_or(scope.today),
        f.text("class", 40).unwrap_or_default(),
    );
    f.done()?;
    let class = class_for(ctx, &scope, child.school_id, &code)?;
    act(ctx, "child.return", move |w, id| {
        moves::come_back(w, id, class, on, scope.today)?;
        Ok(json!({"state": "active"}))
    })
}
fn not_same(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("id")?;
    writable(ctx, id)?;
    let mut f = Given::of(ctx, &["other"])?;
    let other = f.id("other").unwrap_or(Id::NIL);
    f.done()?;
    let scope = ctx.scope()?;
    if other == id || ctx.read(|c| crate::list::fetch(c, scope, other))?.is_none() {
        return Err(Fault::invalid("other", "没有这个孩子", "there is no such child"));
    }
    act(ctx, "child.not_same", move |w, id| {
        find::set_not_same(w, id, other)?;
        Ok(json!({"other": other}))
    })
}

/// The school of the head or the office; anybody else is told `why` not.
pub(crate) fn office(scope: &Scope, why: Text) -> Result<Id> {
    let school = scope.the_school()?.id;
    if scope.is(Role::Head) || scope.holds(Post::Office) {
        Ok(school)
    } else {
        Err(Fault::forbidden(why))
    }
}
/// Promotion is for the head and the office.
pub(crate) fn may_promote(scope: &Scope) -> Result<Id> {
    office(
        scope,
        t("升级由校长或办公室来做", "The head or the office takes this step"),
    )
}
fn get_plan(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = may_promote(scope)?;
    let (plan, taken) = ctx.read(|c| {
        Ok((
            promotion::plan(c, scope.county, school)?,
            promotion::taken(c, scope.county, school)?,
        ))
    })?;
    let taken: Vec<Json> = taken
        .iter()
        .map(|p| json!({"id": p.id, "school_year": p.into.code(), "counts": p.counts, "undone": p.undone}))
        .collect();
    let Some(p) = plan else {
        return Ok(Reply::json(&json!({"plan": null, "taken": taken})));
    };
    let pupil = |k: &promotion::Pupil| json!({"child": k.id, "name": k.name, "fate": k.proposed.code()});
    let classes: Vec<Json> = p
        .classes
        .iter()
        .map(|k| json!({"class": k.code.code(), "children": k.pupils.iter().map(pupil).collect::<Vec<_>>()}))
        .collect();
    Ok(Reply::json(
        &json!({"plan": {"from": p.from.code(), "into": p.into.code(), "day": p.day(), "seen": p.seen(), "classes": classes,
        "without_class": p.without.iter().map(pupil).collect::<Vec<_>>()}, "taken": taken}),
    ))
}
/// What is said when the school changed between looking and doing.
pub(crate) fn changed_since() -> Fault {
    Fault::Conflict(say(
        "名单刚变过，请再看一遍",
        "The list has just changed; please look again",
    ))
}
fn promote(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = may_promote(&scope)?;
    let mut f = Given::of(ctx, &["fates", "seen"])?;
    let seen = f.text("seen", 100);
    let mut fates: BTreeMap<Id, promotion::Fate> = BTreeMap::new();
    let given = match f.all.get("fates") {
        None => Map::new(),
        Some(Json::Object(o)) => o.clone(),
        Some(_) => return Err(Fault::invalid("fates", "要一个对象", "an object is needed")),
    };
    for (k, v) in given {
        match (k.parse::<Id>(), v.as_str().and_then(promotion::Fate::parse)) {
            (Ok(id), Some(fate)) => {
                fates.insert(id, fate);
            }
            _ => f.fault(
                &format!("fates.{k}"),
                say("只能是 next、stay、leave 或 graduate", "next, stay, leave or graduate"),
            ),
        }
    }
    f.done()?;
    ctx.write_json(scope.act("school.promote"), move |w| {
        let plan = promotion::plan(w.conn(), scope.county, school)?
            .ok_or_else(|| Fault::Conflict(say("还没有班级里的孩子", "There are no children in classes")))?;
        if seen.as_ref().is_some_and(|s| *s != plan.seen()) {
            return Err(changed_since());
        }
        if let Some(id) = fates
            .keys()
            .find(|id| !plan.classes.iter().any(|k| k.pupils.iter().any(|p| p.id == **id)))
        {
            return Err(Fault::invalid(
                &format!("fates.{id}"),
                "没有这个孩子",
                "there is no such child",
            ));
        }
        let batch = promotion::apply(w, school, &plan, &fates, scope.today)?;
        Ok((201, json!({"id": batch, "school_year": plan.into.code()})))
    })
}
fn undo(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let (school, id) = (may_promote(&scope)?, ctx.id("id")?);
    Given::of(ctx, &[])?.done()?;
    ctx.write_json(scope.act("school.promote_undo"), move |w| {
        let (back, stayed) = promotion::undo(w, school, id)?;
        Ok((200, json!({"id": id, "back": back, "stayed": stayed})))
    })
}

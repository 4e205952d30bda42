//! Who holds what, by whose approval and until when; who read a child's file; accounts that sleep (security.md §1).

use serde_json::json;
use tx_access::{ChildPlace, Post, Role, Scope, held_in, readers, wake};
use tx_base::{Fault, Id, Result, t};
use tx_store::{Class, params};
use tx_web::{Ctx, READERS, Reply, Route, Who};

const GIVERS: Who = Who::Roles(&[Role::Admin, Role::Head]);

pub static ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/grants",
        Who::Roles(&[Role::Admin, Role::Head, Role::Inspector]),
        Class::O,
        grants,
    )
    .says(t(
        "谁有什么权限，谁批的，到哪天",
        "Who holds which right, approved by whom, until when",
    )),
    Route::bare(
        "POST",
        "/api/v1/grants/renew",
        Who::Roles(&[Role::Head]),
        Class::O,
        renew,
    )
    .says(t(
        "本校人员的权限一次延到学年末",
        "Renews the rights of the school's staff to the end of the school year, in one step",
    )),
    Route::bare("POST", "/api/v1/users/{id}/wake", GIVERS, Class::O, post_wake)
        .says(t("唤醒休眠的账号", "Wakes a sleeping account")),
    Route::bare("DELETE", "/api/v1/users/{id}/second", GIVERS, Class::O, drop_second).says(t(
        "手机丢了：清掉第二重验证",
        "Phone lost: takes the second factor away",
    )),
    Route::get("/api/v1/children/{id}/readers", READERS, Class::P, last_readers)
        .says(t("谁看过这份档案", "Who read this file")),
];

fn school_of(scope: &Scope) -> Option<Id> {
    scope.school.as_ref().map(|s| s.id)
}

fn grants(ctx: &Ctx) -> Result<Reply> {
    let s = ctx.scope()?;
    let all = ctx.read(|c| held_in(c, s.county, school_of(s), s.today))?;
    let items: Vec<_> = all
        .iter()
        .map(|g| json!({"id": g.id, "user": g.user, "name": g.shown, "held": g.held, "class": g.class, "from": g.from, "to": g.to, "approved_by": g.approved_by}))
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}
fn renew(ctx: &Ctx) -> Result<Reply> {
    let s = ctx.scope()?;
    let (school, today) = (s.the_school()?.id, s.today);
    ctx.write_json(s.act("grant.renew"), move |w| {
        let (n, to) = tx_school::renew_staff(w, school, None, today)?;
        Ok((200, json!({"renewed": n, "to": to})))
    })
}
/// An account that this person gives rights to: of the own school; for the administrator also those of no school.
fn account(ctx: &Ctx) -> Result<Id> {
    let (s, id) = (ctx.scope()?, ctx.id("id")?);
    let r = ctx
        .read(|c| {
            c.first(
                "select school_id from accounts where county_id = ?1 and id = ?2",
                params![s.county, id],
            )
        })?
        .ok_or(Fault::NotFound)?;
    let mine = s.is(Role::Admin) || r.opt_id(0).is_some() && r.opt_id(0) == school_of(s);
    if mine { Ok(id) } else { Err(Fault::NotFound) }
}
fn post_wake(ctx: &Ctx) -> Result<Reply> {
    let id = account(ctx)?;
    ctx.write_json(ctx.act("account.wake")?, move |w| {
        wake(w, id)?;
        Ok((200, json!({"id": id, "awake": true})))
    })
}
fn drop_second(ctx: &Ctx) -> Result<Reply> {
    let id = account(ctx)?;
    if id == ctx.scope()?.account {
        return Err(Fault::forbidden(t(
            "自己的请在“第二重验证”里换",
            "Change your own under Second factor",
        )));
    }
    ctx.write_json(ctx.act("second.off")?, move |w| {
        tx_access::drop_second(w, id)?;
        tx_access::end_sessions(w, id)?;
        Ok((200, json!({"id": id, "second": false})))
    })
}

fn last_readers(ctx: &Ctx) -> Result<Reply> {
    let (s, id) = (ctx.scope()?, ctx.id("id")?);
    let limit = ctx.limit()?;
    let found = ctx.read(|c| {
        let f = s.children("c", 1);
        let sql = format!(
            "select c.school_id, c.class_id from children c where c.deleted_at is null and c.id = ?1 and {}",
            f.sql
        );
        let mut vals = vec![id.into()];
        vals.extend(f.params);
        let r = c.first(&sql, &vals)?.ok_or(Fault::NotFound)?;
        let sight = s.sight(ChildPlace {
            id,
            school: r.id(0),
            class: r.opt_id(1),
            key: false,
            paired: false,
        });
        // who answers for the child sees who looked; others know of their own readings already
        if !(sight.write || s.is(Role::Head) || s.holds(Post::Office) || s.is(Role::Inspector)) {
            return Err(Fault::forbidden(t(
                "由校长和班主任查看",
                "The head and the class teacher see this",
            )));
        }
        readers(c, s.county, id, limit)
    })?;
    let items: Vec<_> = found
        .iter()
        .map(|r| json!({"who": r.who, "role": r.role, "at": r.at.iso(), "what": r.what}))
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

//! The API of duties (interfaces.md), and the same list for the command.

use crate::feed::{feed, owed};
use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};
use tx_access::{Role, Scope};
use tx_base::{Day, Fault, Id, Result, t};
use tx_duty::{Ask, Duty, State, Subject};
use tx_store::{Class, Conn, params};
use tx_web::{Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/duties", STAFF, Class::P, get_all)
        .says(t("该做的", "Duties"))
        .query(&[
            ("school", "string", t("学校代码", "School code")),
            ("class", "string", t("班级代码", "Class code")),
            ("child", "string", t("孩子", "Child")),
            ("on", "string", t("哪天", "On this day")),
            ("state", "string", t("状态", "State")),
            ("upcoming", "boolean", t("连还没到的", "With those to come")),
            (
                "limit",
                "integer",
                t("最多几件；不写就是全部", "At most this many; all unless said"),
            ),
            ("cursor", "string", t("接着上次", "Go on from here")),
        ]),
    Route::json(
        "POST",
        "/api/v1/duties/{id}/excuse",
        STAFF,
        Class::P,
        "Excuse",
        post_excuse,
    )
    .says(t("免做，要写原因", "Excuse, with a reason")),
    Route::json(
        "POST",
        "/api/v1/duties/{id}/move",
        STAFF,
        Class::P,
        "MoveDuty",
        post_move,
    )
    .says(t("改日子", "Move")),
    Route::json(
        "POST",
        "/api/v1/duties/{id}/assign",
        STAFF,
        Class::P,
        "AssignDuty",
        post_assign,
    )
    .says(t("交给别人", "Give to another")),
];

/// What a duty may be (schemes.md, states).
const STATES: [&str; State::ALL.len()] = {
    let mut out = [""; State::ALL.len()];
    let mut i = 0;
    while i < out.len() {
        out[i] = State::ALL[i].code();
        i += 1;
    }
    out
};

/// The duties of a school on a day that the scope may see, each with the owner's user name.
pub fn items(
    c: &Conn,
    scope: &Scope,
    school: Id,
    on: Day,
    child: Option<Id>,
    upcoming: bool,
) -> Result<Vec<(Duty, Json)>> {
    let f = scope.children("c", 0);
    let mut seen: HashSet<Id> = HashSet::new();
    c.each(
        &format!("select c.id from children c where {} order by c.id", f.sql),
        &f.params,
        |r| {
            seen.insert(r.id(0));
            Ok(())
        },
    )?;
    if child.is_some_and(|k| !seen.contains(&k)) {
        return Err(Fault::NotFound);
    }
    let fed = feed(c, scope.county, school, scope.today, child)?;
    let until = upcoming.then(|| fed.calendar.horizon(on));
    let owners: HashMap<Id, String> = c
        .query(
            "select id, name from accounts where county_id = ?1 order by id",
            params![scope.county],
        )?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect();
    let classes: HashMap<Id, String> = c
        .query(
            "select id, code from classes where county_id = ?1 and school_id = ?2 order by id",
            params![scope.county, school],
        )?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect();
    let code = c
        .first(
            "select code from schools where county_id = ?1 and id = ?2",
            params![scope.county, school],
        )?
        .map(|r| r.text(0))
        .unwrap_or_default();
    let mine = |d: &Duty| match d.subject {
        Subject::Child(id) => seen.contains(&id) && child.is_none_or(|k| k == id),
        Subject::Class(id) => child.is_none() && (scope.whole_school() || scope.leads.contains(&id)),
        Subject::School(_) => child.is_none() && scope.whole_school(),
    };
    let all = owed(&fed, &Ask { on, until, since: None });
    Ok(all
        .into_iter()
        .filter(mine)
        .map(|d| {
            let owner = d.owner.and_then(|id| owners.get(&id).cloned());
            let mut v = json!({"id": d.id, "rule": &*d.rule, "kind": &*d.kind, "owner": owner, "post": d.post.code(), "late": d.late,
                "window": {"from": d.window.from, "to": d.window.to}, "state": d.state.code(), "records": d.records, "tries": d.tries});
            match d.subject {
                Subject::Child(id) => v["child"] = json!(id),
                Subject::Class(id) => v["class"] = json!(classes.get(&id)),
                Subject::School(_) => v["school"] = json!(code),
            }
            (d, v)
        })
        .collect())
}

fn get_all(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?;
    if ctx.q("school").is_some_and(|s| s != school.code) {
        return Err(Fault::NotFound);
    }
    let on = ctx.q_day("on")?.unwrap_or(scope.today);
    let child = ctx.q_id("child")?;
    if let Some(s) = ctx.q("state").filter(|s| !STATES.contains(s)) {
        return Err(Fault::invalid(
            "state",
            format!("没有这个状态：{s}；可以是 {}", STATES.join("、")),
            format!("no such state: {s}; one of {}", STATES.join(", ")),
        ));
    }
    let limit = match ctx.q("limit") {
        None => usize::MAX,
        Some(_) => ctx.limit()?,
    };
    let after = ctx.q_id("cursor")?;
    let (items, next) = ctx.read(|c| {
        let class = match ctx.q("class") {
            None => None,
            Some(code) => Some(
                tx_school::class_by_code(c, scope.county, school.id, code, tx_calendar::SchoolYear::of(on))?
                    .ok_or(Fault::NotFound)?,
            ),
        };
        let in_class: Option<HashSet<Id>> = match class {
            None => None,
            Some(k) => Some(
                c.query(
                    "select id from children where county_id = ?1 and class_id = ?2 order by id",
                    params![scope.county, k],
                )?
                .iter()
                .map(|r| r.id(0))
                .collect(),
            ),
        };
        let fits = |d: &Duty| match (&in_class, d.subject) {
            (None, _) => true,
            (Some(set), Subject::Child(id)) => set.contains(&id),
            (Some(_), Subject::Class(id)) => Some(id) == class,
            (Some(_), Subject::School(_)) => false,
        };
        let all = items(
            c,
            scope,
            school.id,
            on,
            child,
            ctx.q("upcoming").is_some_and(|v| v == "true" || v == "1"),
        )?;
        // the cursor is the last duty given; it has its place whatever its state is by now
        let from = match after {
            None => 0,
            Some(id) => {
                let at = all.iter().position(|(d, _)| d.id == id);
                1 + at.ok_or_else(|| Fault::invalid("cursor", "cursor 不对", "the cursor is wrong"))?
            }
        };
        let mut rest = all
            .into_iter()
            .skip(from)
            .filter(|(d, _)| fits(d) && ctx.q("state").is_none_or(|s| s == d.state.code()));
        let page: Vec<(Duty, Json)> = rest.by_ref().take(limit).collect();
        let next = rest.next().and(page.last()).map(|(d, _)| d.id);
        Ok((page.into_iter().map(|(_, v)| v).collect::<Vec<_>>(), next))
    })?;
    Ok(Reply::json(&json!({"items": items, "next": next})))
}

/// Whether this person may move, excuse or give away a duty: its owner, the head, the office.
pub(crate) fn may_steer(scope: &Scope, d: &Duty) -> bool {
    d.owner == Some(scope.account) || scope.is(Role::Head) || scope.holds(tx_access::Post::Office)
}

fn write_fact(ctx: &Ctx, what: &'static str) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let school = scope.the_school()?.id;
    let all = ctx.read(|c| items(c, scope, school, scope.today, None, true))?;
    let duty = all
        .into_iter()
        .map(|(d, _)| d)
        .find(|d| d.id == id)
        .ok_or(Fault::NotFound)?;
    if !may_steer(scope, &duty) {
        return Err(Fault::forbidden(t("这件事不归您", "This duty is not yours")));
    }
    let word = |name: &str| {
        Ok::<_, Fault>(
            ctx.json()?
                .get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let (reason, to) = (word("reason")?, word("to")?);
    let f = ctx.read(|c| crate::one::fact(c, scope, &duty, what, &reason, &to))?;
    ctx.write_json(scope.act(&format!("duty.{what}")), move |w| {
        crate::facts::add(w, &f)?;
        Ok((200, json!({"id": f.duty, "fact": f.fact})))
    })
}
fn post_excuse(ctx: &Ctx) -> Result<Reply> {
    write_fact(ctx, "excuse")
}
fn post_move(ctx: &Ctx) -> Result<Reply> {
    write_fact(ctx, "move")
}
fn post_assign(ctx: &Ctx) -> Result<Reply> {
    write_fact(ctx, "assign")
}

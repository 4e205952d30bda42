//! The API of rooms (interfaces.md).

use crate::rooms::{self, Room};
use crate::visits::{self, Tap};
use serde_json::{Value as Json, json};
use tx_access::Scope;
use tx_base::{Fault, Id, Result, say, t};
use tx_store::{Class, Conn, Write};
use tx_web::{Ctx, Given, Reply, Route, STAFF};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/rooms", STAFF, Class::O, get_rooms).says(t("关爱室", "Care rooms")),
    Route::json("POST", "/api/v1/rooms", STAFF, Class::O, "NewRoom", post_room)
        .says(t("加一间关爱室", "Add a care room")),
    Route::get("/api/v1/rooms/{id}/visits", STAFF, Class::O, get_visits)
        .says(t("一天里谁来过", "Who came on a day"))
        .query(&[
            ("on", "string", t("哪一天，默认今天", "Which day; today unless said")),
            ("inside", "boolean", t("只看还在屋里的", "Only who is in now")),
        ]),
    Route::json(
        "POST",
        "/api/v1/rooms/{id}/sign-in",
        STAFF,
        Class::O,
        "RoomSign",
        post_in,
    )
    .says(t(
        "进屋；已经在屋里的照样答好",
        "Comes in; who is in already is answered the same",
    )),
    Route::json(
        "POST",
        "/api/v1/rooms/{id}/sign-out",
        STAFF,
        Class::O,
        "RoomSign",
        post_out,
    )
    .says(t(
        "出来；已经出来的照样答好",
        "Goes out; who is out already is answered the same",
    )),
];

/// Component schemas of this crate's bodies.
pub fn schemas() -> Json {
    let (text, id) = (json!({"type": "string"}), json!({"type": "string", "format": "uuid"}));
    let did: Vec<&str> = visits::ACTIVITIES.iter().map(|a| a.0).collect();
    let did = json!({"type": "array", "items": {"type": "string", "enum": did}});
    json!({
        "NewRoom": {"type": "object", "required": ["school", "name"], "properties": {"id": id, "school": text, "name": text}},
        "RoomSign": {"type": "object", "required": ["child"], "properties": {"id": id, "child": id, "did": did}},
        "RoomTaps": {"type": "object", "required": ["token", "taps"], "properties": {"token": text, "taps": {"type": "array", "items": {"type": "object", "required": ["id", "child", "act"],
            "properties": {"id": id, "child": id, "act": {"type": "string", "enum": ["in", "out"]}, "did": did, "ago": {"type": "integer", "minimum": 0}}}}}},
    })
}

fn room_json(r: &Room, school: &str, inside: usize) -> Json {
    let days = |d: &[i8]| d.iter().map(i8::to_string).collect::<Vec<_>>();
    json!({"id": r.id, "school": school, "name": r.name, "place": r.place, "hours": r.hours, "days": days(&r.days), "family_days": days(&r.family), "inside": inside})
}
fn shown(c: &Conn, scope: &Scope, r: &Room, school: &str) -> Result<Json> {
    let n = visits::inside(c, scope.county, r.id, scope.today)?.len();
    Ok(room_json(r, school, n))
}

fn get_rooms(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?;
    let items = ctx.read(|c| {
        let all = rooms::rooms(c, scope.county, school.id)?;
        all.iter()
            .map(|r| shown(c, scope, r, &school.code))
            .collect::<Result<Vec<_>>>()
    })?;
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

fn post_room(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.clone();
    rooms::keeps(&scope)?;
    let mut b = Given::of(ctx, &["id", "school", "name"])?;
    let code = b.needed("school", 20);
    if !code.is_empty() && code != school.code {
        return Err(Fault::NotFound);
    }
    let id = b.id("id").unwrap_or_else(Id::fresh);
    let name = b.needed("name", 120);
    b.done()?;
    let sort = tx_thing::find_sort("room").ok_or_else(|| Fault::broken("no sort room"))?;
    ctx.write_json(scope.act("thing.add"), move |w| {
        if let Some(old) = tx_thing::fetch(w.keys(), w.conn(), &scope, id)? {
            // the same again under another key
            let same = old.sort.id == "room" && old.title.as_deref() == Some(name.as_str());
            let stands = rooms::room(w.conn(), scope.county, school.id, id)?.filter(|_| same);
            return match stands {
                Some(r) => Ok((200, shown(w.conn(), &scope, &r, &school.code)?)),
                None => Err(Fault::Conflict(say("这个编号已经用过了", "This id is taken"))),
            };
        }
        let new = tx_thing::NewThing {
            id,
            title: Some(name.clone()),
            ..tx_thing::NewThing::new(sort, school.id)
        };
        tx_thing::add(w, &new)?;
        let r = rooms::own(w.conn(), &scope, id)?;
        Ok((201, room_json(&r, &school.code, 0)))
    })
}

fn get_visits(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let on = ctx.q_day("on")?.unwrap_or(scope.today);
    let (all, more) = ctx.read(|c| {
        rooms::own(c, scope, id)?;
        visits::seen(c, scope, id, on)
    })?;
    let only = matches!(ctx.q("inside"), Some("true" | "1"));
    let items: Vec<Json> = all
        .iter()
        .filter(|i| !only || i.visit.left.is_none())
        .map(|i| {
            let mut v = i.visit.json();
            v["name"] = i.name.clone().into();
            v["class"] = i.class.clone().into();
            if let Some(o) = v.as_object_mut() {
                o.remove("already");
            }
            v
        })
        .collect();
    Ok(Reply::json(
        &json!({"items": items, "beyond_scope": more, "next": null}),
    ))
}

type Sign = fn(&mut Write, &Room, &Tap) -> Result<visits::Visit>;
fn post_in(ctx: &Ctx) -> Result<Reply> {
    sign(ctx, "room.in", 201, visits::sign_in)
}
fn post_out(ctx: &Ctx) -> Result<Reply> {
    sign(ctx, "room.out", 200, visits::sign_out)
}
/// `fresh` is the status of what is new; what stood already is 200.
fn sign(ctx: &Ctx, action: &str, fresh: u16, run: Sign) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| rooms::own(c, &scope, id))?;
    let mut b = Given::of(ctx, &["id", "child", "did"])?;
    let mut tap = Tap::now(Id::NIL);
    tap.id = b.id("id").unwrap_or(tap.id);
    match b.id("child") {
        Some(child) => {
            ctx.read(|c| tx_child::fetch(c, &scope, child))?
                .ok_or(Fault::NotFound)?;
            tap.child = child;
        }
        None => b.fault("child", say("还没选孩子", "no child is named")),
    }
    match b.all.get("did") {
        None | Some(Json::Null) => {}
        Some(Json::Array(list)) if list.iter().all(Json::is_string) => {
            tap.did = list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect();
        }
        Some(_) => b.fault("did", say("要一列活动", "a list of activities is needed")),
    }
    b.done()?;
    ctx.write_json(scope.act(action), move |w| {
        let room = rooms::own(w.conn(), &scope, id)?;
        let v = run(w, &room, &tap)?;
        Ok((if v.already { 200 } else { fresh }, v.json()))
    })
}

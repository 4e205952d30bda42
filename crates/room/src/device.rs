//! Pairing a tablet: a code that staff see once, then a token in a cookie that opens the tablet's page and nothing else (security.md §3).

use crate::rooms::{self, Room, own};
use crate::tables::DEVICES;
use maud::{Markup, html};
use serde_json::Value as Json;
use tx_access::{DIRECTORY, Scope, directory};
use tx_base::{Fault, FieldFault, Id, Result, Text, Time, say, t};
use tx_store::{Act, Actor, Class, Conn, Row, Write, params, row};
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{Check, ChipGroup, Choice};
use tx_web::parts::{self, Link, Pill, Top, dashboard};
use tx_web::{Ctx, Reply, Route, STAFF};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/room/{id}/tablet", STAFF, Class::O, show).says(t("给平板配对", "Pair a tablet")),
    Route::form("/room/{id}/tablet", STAFF, Class::O, make).says(t("要一个配对码", "Ask for a code")),
    Route::form("/room/{id}/tablet/{device}/revoke", STAFF, Class::O, revoke).says(t("停用一台平板", "Stop a tablet")),
];

/// Letters and digits that nobody mistakes for one another; eight of them are 2⁴⁰ codes, each good for ten minutes and once.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CODE_MINUTES: i64 = 10;
/// The cookie; it is sent to `/tablet` alone. Ctx reads it by this name.
pub(crate) const COOKIE: &str = "tx-room";
/// A paired tablet is noted as used at most this often.
const USED: i64 = 10 * 60_000;

/// A tablet as it is paired, or waiting for it.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub id: Id,
    pub county: Id,
    pub school: Id,
    pub room: Id,
    pub name: String,
    pub classes: Vec<Id>,
    code_hash: Option<Vec<u8>>,
    code_until: Option<Time>,
    pub token_hash: Option<Vec<u8>>,
    pub made_at: Time,
    made_by: String,
    pub used_at: Option<Time>,
}

const COLS: &str = "select id, county_id, school_id, room_id, name, classes, code_hash, code_until, token_hash, made_at, made_by, used_at from room_devices where county_id = ?1";

impl Device {
    fn from_row(r: &Row) -> Device {
        let classes = r.json(5);
        Device {
            id: r.id(0),
            county: r.id(1),
            school: r.id(2),
            room: r.id(3),
            name: r.text(4),
            classes: classes
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|v| v.as_str()?.parse().ok())
                .collect(),
            code_hash: r.opt_bytes(6),
            code_until: r.opt_int(7).map(Time),
            token_hash: r.opt_bytes(8),
            made_at: r.time(9),
            made_by: r.text(10),
            used_at: r.opt_int(11).map(Time),
        }
    }
    fn put(&self, w: &mut Write) -> Result<()> {
        let classes: Json = self.classes.iter().map(|c| Json::from(c.to_string())).collect();
        w.put(
            &DEVICES,
            row!["id" => self.id, "school_id" => self.school, "room_id" => self.room, "name" => self.name.as_str(), "classes" => classes.to_string(),
                "code_hash" => self.code_hash.clone(), "code_until" => self.code_until, "token_hash" => self.token_hash.clone(), "made_at" => self.made_at,
                "made_by" => self.made_by.as_str(), "used_at" => self.used_at],
        )
    }
    /// What the tablet does is its own act.
    pub(crate) fn act(&self, address: &str, action: &str) -> Act {
        Act {
            county: self.county,
            actor: Actor {
                id: None,
                name: format!("tablet:{}", self.name),
            },
            address: address.into(),
            action: action.into(),
            reason: None,
        }
    }
}

fn by_id(c: &Conn, county: Id, id: Id) -> Result<Option<Device>> {
    let r = c.first(&format!("{COLS} and id = ?2"), params![county, id])?;
    Ok(r.map(|r| Device::from_row(&r)))
}
/// The tablets of a room, paired or waiting.
pub(crate) fn devices(c: &Conn, county: Id, room: Id, now: Time) -> Result<Vec<Device>> {
    let all = c.query(
        &format!("{COLS} and room_id = ?2 order by made_at, id"),
        params![county, room],
    )?;
    let mut all: Vec<Device> = all.iter().map(Device::from_row).collect();
    all.retain(|d| d.token_hash.is_some() || d.code_until.is_some_and(|u| now < u));
    Ok(all)
}

/// The paired tablet that asks, and its room. A room that is no more has none.
pub(crate) fn asking(ctx: &Ctx) -> Result<Option<(Device, Room)>> {
    let Some((county, token)) = ctx.cookie("tx-room").and_then(|v| v.split_once('.')) else {
        return Ok(None);
    };
    let Ok(county) = county.parse::<Id>() else {
        return Ok(None);
    };
    let found = ctx.read(|c| {
        let r = c.first(
            &format!("{COLS} and token_hash = ?2"),
            params![county, tx_seal::token_hash(token)],
        )?;
        let Some(d) = r.map(|r| Device::from_row(&r)) else {
            return Ok(None);
        };
        Ok(rooms::room(c, county, d.school, d.room)?.map(|room| (d, room)))
    })?;
    if let Some((d, _)) = &found {
        let now = ctx.now();
        if d.used_at.is_none_or(|u| now.0 - u.0 > USED) {
            let (id, county) = (d.id, d.county);
            let noted = ctx.db().write(d.act(&ctx.address, "room.device"), move |w| {
                // one that was stopped meanwhile stays stopped
                match by_id(w.conn(), county, id)? {
                    Some(d) => Device {
                        used_at: Some(w.now()),
                        ..d
                    }
                    .put(w),
                    None => Ok(()),
                }
            });
            ctx.app.by_the_way(noted)?;
        }
    }
    Ok(found)
}
/// What a form of the tablet carries, since it has no session with a token of its own.
pub(crate) fn form_token(ctx: &Ctx, d: &Device) -> String {
    let hash = d.token_hash.as_deref().unwrap_or_default();
    tx_seal::hex(&ctx.db().keys().session_mac(&[b"room tablet", hash])[..16])
}

/// Takes the code that staff read out: the cookie of the tablet, or none when the code is wrong or old.
pub(crate) fn pair(ctx: &Ctx, typed: &str) -> Result<Option<String>> {
    let code: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    let Some((county, id)) = ctx.read(|c| directory::find(c, "room-code", &code))? else {
        return Ok(None);
    };
    let token = tx_seal::new_token();
    let hash = tx_seal::token_hash(&token);
    let act = Act {
        county,
        actor: Actor {
            id: None,
            name: "tablet".into(),
        },
        address: ctx.address.clone(),
        action: "room.pair".into(),
        reason: None,
    };
    let done = ctx.db().write(act, move |w| {
        let Some(d) = by_id(w.conn(), county, id)? else {
            return Ok(false);
        };
        let fits = d
            .code_hash
            .as_deref()
            .is_some_and(|h| tx_seal::same(h, &tx_seal::token_hash(&code)));
        if !fits || d.token_hash.is_some() || d.code_until.is_none_or(|u| w.now() >= u) {
            return Ok(false);
        }
        let now = w.now();
        Device {
            code_hash: None,
            code_until: None,
            token_hash: Some(hash.clone()),
            used_at: Some(now),
            ..d
        }
        .put(w)?;
        forget_code(w, id)?;
        w.note("room.pair", "room_devices", Some(id), None);
        Ok(true)
    })?;
    let safe = if ctx.app.https() { "; Secure" } else { "" };
    Ok(done
        .then(|| format!("{COOKIE}={county}.{token}; HttpOnly; SameSite=Strict; Path=/tablet; Max-Age=34560000{safe}")))
}
fn forget_code(w: &mut Write, id: Id) -> Result<()> {
    let county = w.county();
    w.drop_rows(
        &DIRECTORY,
        "kind = 'room-code' and county = ?1 and target = ?2",
        params![county, id],
    )
    .map(|_| ())
}

/// Classes of the school in which pupils are today: id and name.
pub(crate) fn classes(c: &Conn, county: Id, school: Id) -> Result<Vec<(Id, String)>> {
    let sql = "select distinct k.id, k.name, k.code from children c join classes k on k.county_id = c.county_id and k.id = c.class_id \
               where c.county_id = ?1 and c.school_id = ?2 and c.state = 'active' and c.deleted_at is null order by k.code, k.id";
    Ok(c.query(sql, params![county, school])?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect())
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[], None)
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault], code: Option<&str>) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    let (room, classes) = ctx.read(|c| {
        let room = own(c, scope, id)?;
        let classes = classes(c, scope.county, room.school)?;
        Ok((room, classes))
    })?;
    rooms::keeps(scope)?;
    let w = |x: Text| x.in_lang(lang).to_owned();
    let title = t("给平板配对", "Pair a tablet");
    let top = Top {
        title: w(title),
        sub: vec![room.name.clone()],
        buttons: vec![Link::new(w(t("回关爱室", "Back")), "/room")],
        ..Top::default()
    };
    let form = tx_school::common::form(ctx, &format!("/room/{id}/tablet"), &[]);
    let chosen = ctx.f_all("classes");
    let group = ChipGroup {
        name: "classes".into(),
        legend: w(t("平板上有哪几个班", "Classes on the tablet")),
        hint: w(t("不选就是全校", "None: all of the school")),
        check: Check::Box,
        options: classes
            .iter()
            .map(|(id, name)| Choice {
                value: id.to_string(),
                label: name.clone(),
                on: chosen.contains(&id.to_string().as_str()),
            })
            .collect(),
        ..ChipGroup::default()
    };
    let name = tx_school::common::field(
        ctx,
        faults,
        "name",
        t("这台平板叫什么", "Name of the tablet"),
        parts::FieldKind::Text,
        &w(t("门口的平板", "At the door")),
    );
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        @if let Some(code) = code {
            (dashboard::card(&w(t("配对码", "Code")), "", None, "", html! {
                p.paircode { (code[..4]) " " (code[4..]) }
                p.m { (w(t("在平板上打开本站的 /tablet，输入这八个字。十分钟内有效，只能用一次，只显示这一次。", "On the tablet open /tablet of this site and type these eight signs. Good for ten minutes, once, and shown only now."))) }
            }))
        }
        section.card.pad {
            p.m { (w(t("平板不用登录。配好以后，它只能打开签到这一页：点名字，进屋，出来。名单是全班的，别的什么也看不到。", "The tablet needs no login. Once paired it opens the sign-in page alone: whole classes by name, nothing else."))) }
            (parts::error_summary(lang, &tx_school::common::errors(lang, faults)))
            (parts::form(&form, "", html! {
                div.q { (parts::field(&name)) }
                (parts::chip_group(&group))
                div.two { button.btn.b1 type="submit" { (w(t("要一个配对码", "Give me a code"))) } }
            }))
        }
    };
    let shell = Shell {
        title,
        active: "room",
        ..Shell::default()
    };
    Ok(Reply::page_with(status, shell_with(ctx, shell, body)?))
}

fn make(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let (room, all) = ctx.read(|c| {
        let room = own(c, &scope, id)?;
        let all = classes(c, scope.county, room.school)?;
        Ok((room, all))
    })?;
    rooms::keeps(&scope)?;
    let name = ctx.f("name").trim().to_owned();
    let fault = |field: &str, zh: &str, en: &str| FieldFault {
        field: field.into(),
        reason: say(zh, en),
    };
    let mut bad = Vec::new();
    if name.is_empty() {
        bad.push(fault("name", "给平板起个名字", "name the tablet"));
    }
    if name.chars().count() > 30 || name.chars().any(char::is_control) {
        bad.push(fault("name", "最多 30 个字", "at most 30 characters"));
    }
    let mut classes = Vec::new();
    for word in ctx.f_all("classes") {
        match word.parse::<Id>().ok().filter(|id| all.iter().any(|k| k.0 == *id)) {
            Some(id) => classes.push(id),
            None => bad.push(fault("classes", "没有这个班", "there is no such class")),
        }
    }
    if !bad.is_empty() {
        return page(ctx, 422, &bad, None);
    }
    let code: String = tx_seal::random::<8>()
        .iter()
        .map(|b| LETTERS[usize::from(*b) % 32] as char)
        .collect();
    let (hash, plain) = (tx_seal::token_hash(&code), code.clone());
    let device = Device {
        id: Id::fresh(),
        county: scope.county,
        school: room.school,
        room: room.id,
        name,
        classes,
        code_hash: Some(hash),
        code_until: None,
        token_hash: None,
        made_at: Time(0),
        made_by: scope.shown.clone(),
        used_at: None,
    };
    ctx.db().write(scope.act("room.code"), move |w| {
        let now = w.now();
        let d = Device {
            code_until: Some(now.plus_minutes(CODE_MINUTES)),
            made_at: now,
            ..device.clone()
        };
        d.put(w)?;
        directory::set(w, "room-code", &plain, d.id)?;
        w.note("room.code", "room_devices", Some(d.id), None);
        Ok(())
    })?;
    page(ctx, 200, &[], Some(&code))
}

fn revoke(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, device) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.id("device")?);
    let there = ctx.read(|c| {
        let room = own(c, &scope, id)?;
        by_id(c, scope.county, device).map(|d| d.filter(|d| d.room == room.id))
    })?;
    rooms::keeps(&scope)?;
    there.ok_or(Fault::NotFound)?;
    stop(ctx, &scope, device)
}
fn stop(ctx: &Ctx, scope: &Scope, device: Id) -> Result<Reply> {
    ctx.write_form(scope.act("room.revoke"), move |w| {
        let county = w.county();
        w.drop_rows(&DEVICES, "county_id = ?1 and id = ?2", params![county, device])?;
        forget_code(w, device)?;
        w.note("room.revoke", "room_devices", Some(device), None);
        Ok("/room?stopped=1".into())
    })
}

/// The list of a room's tablets, each with its end.
pub(crate) fn card(ctx: &Ctx, room: &Room, all: &[Device]) -> Markup {
    let lang = ctx.lang;
    let w = |x: Text| x.in_lang(lang).to_owned();
    let next = Link::new(w(t("配一台", "Pair one")), format!("/room/{}/tablet", room.id));
    dashboard::card(
        &w(t("门口的平板", "Tablets")),
        "",
        Some(&next),
        "",
        html! {
            @if all.is_empty() { p.m { (w(t("还没有平板。配一台，孩子自己点名字进出。", "None yet. With one, children sign in and out themselves."))) } }
            @for d in all {
                div.inrow {
                    div.grow {
                        b { (d.name) } " "
                        @if d.token_hash.is_none() { (parts::pill(Pill::Due, &w(t("等配对", "waits")), "")) }
                        p.m3 { (match (lang, d.used_at) {
                            (tx_base::Lang::Zh, Some(u)) => format!("最近用过 {} {}", u.day().zh_short(), u.hour_minute()),
                            (tx_base::Lang::En, Some(u)) => format!("last used {} {}", u.day(), u.hour_minute()),
                            (tx_base::Lang::Zh, None) => format!("{} 要的码", d.made_by),
                            (tx_base::Lang::En, None) => format!("code asked for by {}", d.made_by),
                        }) }
                    }
                    (parts::post_button(&tx_school::common::form(ctx, &format!("/room/{}/tablet/{}/revoke", room.id, d.id), &[]), &w(t("停用", "Stop")), "", parts::Look::Quiet))
                }
            }
        },
    )
}

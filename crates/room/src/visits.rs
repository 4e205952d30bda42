//! Children coming and going: each tap is stored once, whatever is sent twice, late or in vain.

use crate::rooms::Room;
use crate::tables::VISITS;
use serde_json::{Value as Json, json};
use tx_access::Scope;
use tx_base::{Day, Fault, FieldFault, Id, Result, Text, Time, say, t};
use tx_store::{Conn, Row, Value, Write, params, row};

/// What a child does in the room: code (also the sign `a-CODE` of the sprite) and name.
pub const ACTIVITIES: [(&str, Text); 8] = [
    ("read", t("看书", "Read")),
    ("chess", t("下棋", "Chess")),
    ("model", t("做模型", "Models")),
    ("sing", t("唱歌", "Sing")),
    ("call", t("打电话", "Phone")),
    ("draw", t("画画", "Draw")),
    ("computer", t("用电脑", "Computer")),
    ("homework", t("写作业", "Homework")),
];

/// How far back the tablet's word of an earlier tap is taken: longer without a network, and the tap counts from when it arrived.
const LATEST: i64 = 14 * 24 * 3_600_000;

/// A tap at the door.
#[derive(Clone, Debug)]
pub struct Tap {
    /// made by the sender: the same tap sent again is known by it
    pub id: Id,
    pub child: Id,
    pub did: Vec<String>,
    /// milliseconds since the tap; what a tablet says after it was without a network
    pub ago: i64,
}

impl Tap {
    pub fn now(child: Id) -> Tap {
        Tap {
            id: Id::fresh(),
            child,
            did: Vec::new(),
            ago: 0,
        }
    }
    /// When it happened. A claim, kept within what can be.
    fn at(&self, now: Time) -> Time {
        let ago = if (0..=LATEST).contains(&self.ago) { self.ago } else { 0 };
        Time(now.0 - ago)
    }
}

/// A stay in the room.
#[derive(Clone, Debug)]
pub struct Visit {
    pub id: Id,
    pub child: Id,
    pub room: Id,
    pub on: Day,
    pub came: Time,
    pub left: Option<Time>,
    pub did: Vec<String>,
    /// nothing was new in what was asked
    pub already: bool,
}

impl Visit {
    fn from_row(r: &Row) -> Visit {
        let did = r.json(6);
        Visit {
            id: r.id(0),
            child: r.id(1),
            room: r.id(2),
            on: r.day(3),
            came: r.time(4),
            left: r.opt_int(5).map(Time),
            did: did
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|v| v.as_str().map(str::to_owned))
                .collect(),
            already: true,
        }
    }
    pub(crate) fn json(&self) -> Json {
        json!({"id": self.id, "child": self.child, "room": self.room, "on": self.on, "in": self.came.iso(), "out": self.left.map(Time::iso),
            "did": self.did, "already": self.already})
    }
}

const COLS: &str = "v.id, v.child_id, v.room_id, v.on_day, v.in_at, v.out_at, v.did";

fn by(c: &Conn, column: &str, county: Id, id: Id) -> Result<Option<Visit>> {
    let sql = format!("select {COLS} from room_visits v where v.county_id = ?1 and v.{column} = ?2");
    Ok(c.first(&sql, params![county, id])?.map(|r| Visit::from_row(&r)))
}
/// The last visits of a child on a day, the latest first.
fn of_day(c: &Conn, county: Id, child: Id, on: Day) -> Result<Vec<Visit>> {
    let sql = format!(
        "select {COLS} from room_visits v where v.county_id = ?1 and v.child_id = ?2 and v.on_day = ?3 order by v.in_at desc, v.id desc"
    );
    Ok(c.query(&sql, params![county, child, on])?
        .iter()
        .map(Visit::from_row)
        .collect())
}

/// 422 for what nobody does in a room.
pub(crate) fn known(did: &[String]) -> Result<()> {
    match did.iter().find(|d| !ACTIVITIES.iter().any(|a| a.0 == d.as_str())) {
        None => Ok(()),
        Some(d) => Err(Fault::fields(vec![FieldFault {
            field: "did".into(),
            reason: say(format!("没有这样活动：{d}"), format!("there is no such activity: {d}")),
        }])),
    }
}

/// A child comes in. One that is in already stays as it came; one that was left in another room leaves that.
/// The caller has asked whether the child is in scope.
pub fn sign_in(w: &mut Write, room: &Room, tap: &Tap) -> Result<Visit> {
    known(&tap.did)?;
    let (county, now) = (w.county(), w.now());
    if let Some(v) = by(w.conn(), "id", county, tap.id)? {
        let same = v.child == tap.child && v.room == room.id;
        return same
            .then_some(v)
            .ok_or_else(|| Fault::Conflict(say("这个编号已经用过了", "This id stands for another sign-in already")));
    }
    let at = tap.at(now);
    for v in of_day(w.conn(), county, tap.child, at.day())? {
        if v.left.is_some() {
            continue;
        }
        if v.room == room.id {
            return Ok(v);
        }
        w.update(&VISITS, v.id, row!["out_at" => at.max(v.came)])?;
    }
    let did = Json::from(tap.did.clone()).to_string();
    w.insert(
        &VISITS,
        row!["id" => tap.id, "school_id" => room.school, "room_id" => room.id, "child_id" => tap.child, "on_day" => at.day(), "in_at" => at,
            "did" => did, "sent_at" => now],
    )?;
    Ok(Visit {
        id: tap.id,
        child: tap.child,
        room: room.id,
        on: at.day(),
        came: at,
        left: None,
        did: tap.did.clone(),
        already: false,
    })
}

/// A child goes out, and may say now what it did. Out already: the same stay again. Never in on that day: 409.
pub fn sign_out(w: &mut Write, room: &Room, tap: &Tap) -> Result<Visit> {
    known(&tap.did)?;
    let (county, now) = (w.county(), w.now());
    if let Some(v) = by(w.conn(), "out_tap", county, tap.id)? {
        return Ok(v);
    }
    let at = tap.at(now);
    let day = of_day(w.conn(), county, tap.child, at.day())?;
    let here = day.iter().filter(|v| v.room == room.id);
    if let Some(v) = here.clone().find(|v| v.left.is_none()) {
        let left = at.max(v.came);
        let mut did = v.did.clone();
        did.extend(tap.did.iter().filter(|d| !v.did.contains(d)).cloned());
        let written = Json::from(did.clone()).to_string();
        w.update(
            &VISITS,
            v.id,
            row!["out_at" => left, "out_tap" => tap.id, "did" => written],
        )?;
        return Ok(Visit {
            left: Some(left),
            did,
            already: false,
            ..v.clone()
        });
    }
    here.max_by_key(|v| v.came).cloned().ok_or_else(|| {
        Fault::Conflict(say(
            "今天没有进屋的登记，出来就不用登记了",
            "There is no sign-in today, so there is nothing to sign out of",
        ))
    })
}

/// A child with its stay, as a list of the room shows it.
#[derive(Clone, Debug)]
pub(crate) struct Inside {
    pub visit: Visit,
    pub name: String,
    pub class: String,
}

/// The stays of a day in a room whose child is in scope, the first first, and how many there are beside them.
pub(crate) fn seen(c: &Conn, scope: &Scope, room: Id, on: Day) -> Result<(Vec<Inside>, usize)> {
    let mut vals: Vec<Value> = params![scope.county, room, on].to_vec();
    let f = scope.children("c", vals.len());
    vals.extend(f.params);
    let sql = format!(
        "select {COLS}, c.name, coalesce(k.name, '') from room_visits v join children c on c.county_id = v.county_id and c.id = v.child_id and c.deleted_at is null \
         left join classes k on k.county_id = c.county_id and k.id = c.class_id \
         where v.county_id = ?1 and v.room_id = ?2 and v.on_day = ?3 and {} order by v.in_at, v.id",
        f.sql
    );
    let out: Vec<Inside> = c
        .query(&sql, &vals)?
        .iter()
        .map(|r| Inside {
            visit: Visit::from_row(r),
            name: r.text(7),
            class: r.text(8),
        })
        .collect();
    let all = c.count(
        "select count(*) from room_visits where county_id = ?1 and room_id = ?2 and on_day = ?3",
        params![scope.county, room, on],
    )?;
    let more = (all as usize).saturating_sub(out.len());
    Ok((out, more))
}

/// Ids of the children who are in the room.
pub(crate) fn inside(c: &Conn, county: Id, room: Id, on: Day) -> Result<Vec<Id>> {
    let sql = "select child_id from room_visits where county_id = ?1 and room_id = ?2 and on_day = ?3 and out_at is null order by in_at, id";
    Ok(c.query(sql, params![county, room, on])?
        .iter()
        .map(|r| r.id(0))
        .collect())
}

/// What the child did, in words.
pub(crate) fn words(did: &[String], lang: tx_base::Lang) -> String {
    let names = did.iter().filter_map(|d| ACTIVITIES.iter().find(|a| a.0 == d));
    names.map(|a| a.1.in_lang(lang)).collect::<Vec<_>>().join(" ")
}

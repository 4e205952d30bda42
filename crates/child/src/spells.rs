//! Spells on the school's list and parents' stays at home. A spell is closed by a person, never deleted; a second departure opens a new
//! one (domain.md §2).

use crate::new::seal;
use crate::tables::{CHILDREN, EPISODES, RETURNS};
use tx_base::{Day, Fault, Id, Result, Text, say, t};
use tx_store::{Conn, Value, Write, params, row};

/// Why a spell is closed.
pub const REASONS: [(&str, Text); 6] = [
    ("parents_home", t("父母返乡不再外出", "Parents home to stay")),
    ("joined_parents", t("随父母外出", "Joined the parents")),
    ("moved_school", t("转学", "Moved to another school")),
    ("turned_16", t("满16周岁", "Turned 16")),
    ("graduated", t("毕业", "Graduated")),
    ("mistaken", t("误登", "Entered by mistake")),
];
/// A parent at home for so many days: the system proposes to close the spell, a person does (domain.md §2; a county may change it).
pub const HOME_DAYS: i32 = 90;

/// The words of a reason.
pub fn reason(code: &str) -> Option<Text> {
    REASONS.iter().find(|(c, _)| *c == code).map(|(_, t)| *t)
}

/// A new spell since a day. 409 when one is open; 422 when it would reach into an earlier one.
pub fn open(w: &mut Write, child: Id, from: Day, source: &str, today: Day) -> Result<Id> {
    if from > today {
        return Err(Fault::invalid("from", "开始的日子还没到", "It begins in the future"));
    }
    let sql = "select from_day, to_day from left_behind_episodes where county_id = ?1 and child_id = ?2 order by from_day desc, id desc";
    for r in w.conn().query(sql, params![w.county(), child])? {
        match r.opt_day(1) {
            None => {
                return Err(Fault::Conflict(say(
                    format!("从 {} 起已经在名单上", r.day(0)),
                    format!("On the list already since {}", r.day(0)),
                )));
            }
            Some(to) if to >= from => {
                return Err(Fault::invalid(
                    "from",
                    format!("上一段到 {to} 才结束"),
                    format!("The spell before ends on {to}"),
                ));
            }
            Some(_) => {}
        }
    }
    let id = Id::fresh();
    w.insert(
        &EPISODES,
        row!["id" => id, "child_id" => child, "from_day" => from, "source" => source],
    )?;
    Ok(id)
}

/// Closes the open spell; `on` is its last day. A spell entered by mistake ends before it began, so that no day counts.
pub fn close(
    w: &mut Write,
    child: Id,
    on: Day,
    why: &str,
    note: Option<&str>,
    batch: Option<Id>,
    today: Day,
) -> Result<Id> {
    if reason(why).is_none() {
        let codes: Vec<&str> = REASONS.iter().map(|(c, _)| *c).collect();
        return Err(Fault::invalid(
            "reason",
            "请选一个原因".to_owned(),
            format!("choose a reason: {}", codes.join(", ")),
        ));
    }
    let Some((id, from)) = running(w.conn(), w.county(), child)? else {
        return Err(Fault::Conflict(say("现在不在名单上", "Not on the list now")));
    };
    if on > today || on < from.plus(-1) {
        return Err(Fault::invalid(
            "on",
            format!("要在 {from} 到今天之间"),
            format!("between {from} and today"),
        ));
    }
    let last = if why == "mistaken" { from.plus(-1) } else { on };
    let note = seal(w, child, "left_behind_episodes", id, "note", note)?;
    w.update(
        &EPISODES,
        id,
        row!["to_day" => last, "reason" => why, "note" => note, "batch_id" => batch],
    )?;
    Ok(id)
}

/// Opens again the spell that was closed last, as if it had not been closed. 409 when one is open or there is none.
pub fn reopen(w: &mut Write, child: Id) -> Result<Id> {
    if running(w.conn(), w.county(), child)?.is_some() {
        return Err(Fault::Conflict(say("已经在名单上", "On the list already")));
    }
    let sql = "select id from left_behind_episodes where county_id = ?1 and child_id = ?2 order by to_day desc, id desc limit 1";
    let r = w
        .conn()
        .first(sql, params![w.county(), child])?
        .ok_or_else(|| Fault::Conflict(say("没有可以恢复的一段", "There is no spell to open again")))?;
    w.update(
        &EPISODES,
        r.id(0),
        row!["to_day" => Value::Null, "reason" => Value::Null, "note" => Value::Null, "batch_id" => Value::Null],
    )?;
    Ok(r.id(0))
}

/// Says that somebody asked and the child is not on the list.
pub fn not_listed(w: &mut Write, child: Id, on: Day) -> Result<()> {
    w.update(&CHILDREN, child, row!["not_listed_on" => on]).map(|_| ())
}

/// The open spell and its first day.
pub fn running(c: &Conn, county: Id, child: Id) -> Result<Option<(Id, Day)>> {
    let sql = "select id, from_day from left_behind_episodes where county_id = ?1 and child_id = ?2 and to_day is null order by from_day desc, id desc limit 1";
    Ok(c.first(sql, params![county, child])?.map(|r| (r.id(0), r.day(1))))
}

/// A parent's stay at home. It leaves the spell open.
pub fn add_return(w: &mut Write, child: Id, parent: &str, from: Day, to: Option<Day>) -> Result<Id> {
    if !["father", "mother", "both"].contains(&parent) {
        return Err(Fault::invalid(
            "parent",
            "请选父亲、母亲，还是两个人",
            "father, mother or both",
        ));
    }
    if to.is_some_and(|to| to < from) {
        return Err(Fault::invalid("to", "结束早于开始", "it ends before it begins"));
    }
    let id = Id::fresh();
    w.insert(
        &RETURNS,
        row!["id" => id, "child_id" => child, "parent" => parent, "from_day" => from, "to_day" => to],
    )?;
    Ok(id)
}
/// The parent left again; the stay's last day.
pub fn end_return(w: &mut Write, child: Id, id: Id, to: Day) -> Result<()> {
    let sql = "select from_day from parent_returns where county_id = ?1 and id = ?2 and child_id = ?3";
    let from = w
        .conn()
        .first(sql, params![w.county(), id, child])?
        .ok_or(Fault::NotFound)?
        .day(0);
    if to < from {
        return Err(Fault::invalid("to", "结束早于开始", "it ends before it begins"));
    }
    w.update(&RETURNS, id, row!["to_day" => to]).map(|_| ())
}

//! Changing class, leaving and coming back (features B9).

use crate::change;
use crate::spells;
use std::sync::Mutex;
use tx_base::{Day, Fault, Id, Result, Text, say, t};
use tx_store::{Conn, Write, params};

/// Why a child is no longer a pupil here.
pub const FATES: [(&str, Text); 2] = [("left", t("转走", "Moved away")), ("graduated", t("毕业", "Graduated"))];

/// What other crates do when a child leaves, such as ending its pairings, and when that is taken back.
#[derive(Clone, Copy)]
pub struct Bonds {
    /// Ends them. The day is the last one here; the id, where there is one, is that of the promotion or of the deleted file.
    pub end: fn(&mut Write, Id, Day, Option<Id>) -> Result<()>,
    /// Opens again what was ended under this id.
    pub reopen: fn(&mut Write, Id, Id) -> Result<()>,
    /// Follows an answer of the guardian about a helper.
    pub answered: fn(&mut Write, Id) -> Result<()>,
}
static BONDS: Mutex<Vec<Bonds>> = Mutex::new(Vec::new());
/// Tells of one more thing to be done when a child leaves; once at start.
pub fn install(b: Bonds) {
    let mut all = BONDS.lock().expect("no one panics here");
    if !all.iter().any(|a| std::ptr::fn_addr_eq(a.end, b.end)) {
        all.push(b);
    }
}
pub(crate) fn tell_leave(w: &mut Write, child: Id, last: Day, by: Option<Id>) -> Result<()> {
    let all = BONDS.lock().expect("no one panics here").clone();
    all.iter().try_for_each(|b| (b.end)(w, child, last, by))
}
pub(crate) fn tell_back(w: &mut Write, child: Id, by: Id) -> Result<()> {
    let all = BONDS.lock().expect("no one panics here").clone();
    all.iter().try_for_each(|b| (b.reopen)(w, child, by))
}
pub(crate) fn tell_answer(w: &mut Write, child: Id) -> Result<()> {
    let all = BONDS.lock().expect("no one panics here").clone();
    all.iter().try_for_each(|b| (b.answered)(w, child))
}

fn school_of(c: &Conn, county: Id, class: Id) -> Result<Id> {
    let sql = "select school_id from classes where county_id = ?1 and id = ?2";
    Ok(c.first(sql, params![county, class])?.ok_or(Fault::NotFound)?.id(0))
}

/// Puts a child into another class of the school from a day on.
pub fn to_class(w: &mut Write, child: Id, class: Id, on: Day) -> Result<()> {
    let old = change::open(w.conn(), w.keys(), w.county(), child)?.ok_or(Fault::NotFound)?;
    if old.state != "active" {
        return Err(Fault::Conflict(say("已经不在校", "No longer a pupil here")));
    }
    if old.class == Some(class) {
        return Err(Fault::invalid("class", "已经在这个班", "In this class already"));
    }
    if school_of(w.conn(), w.county(), class)? != old.school {
        return Err(Fault::NotFound);
    }
    let mut new = old.clone();
    new.class = Some(class);
    change::change(w, &old, &new, on).map(|_| ())
}

/// The child leaves the school; `last` is the last day here. The spell on the list is closed with it, the key mark and pairings end.
pub fn leave(w: &mut Write, child: Id, last: Day, fate: &str, left_to: Option<&str>, today: Day) -> Result<()> {
    if !FATES.iter().any(|(c, _)| *c == fate) {
        return Err(Fault::invalid("fate", "请选离校还是毕业", "left or graduated"));
    }
    if last > today {
        return Err(Fault::invalid("on", "离校的日子还没到", "The day is in the future"));
    }
    let old = change::open(w.conn(), w.keys(), w.county(), child)?.ok_or(Fault::NotFound)?;
    if old.state != "active" {
        return Err(Fault::Conflict(say("已经不在校", "No longer a pupil here")));
    }
    let mut new = old.clone();
    new.state = fate.into();
    if let Some(to) = left_to.map(str::trim).filter(|s| !s.is_empty()) {
        if to.chars().count() > 200 {
            return Err(Fault::invalid("left_to", "最多 200 个字", "at most 200 characters"));
        }
        new.more.insert("left_to".into(), to.into());
    }
    change::change(w, &old, &new, last.plus(1))?;
    after_leaving(w, child, last, fate, None, today)
}
/// What ends when a child leaves.
pub(crate) fn after_leaving(
    w: &mut Write,
    child: Id,
    last: Day,
    fate: &str,
    batch: Option<Id>,
    today: Day,
) -> Result<()> {
    if let Some((_, from)) = spells::running(w.conn(), w.county(), child)? {
        let why = if fate == "graduated" {
            "graduated"
        } else {
            "moved_school"
        };
        spells::close(w, child, last.max(from), why, None, batch, today.max(last))?;
    }
    tell_leave(w, child, last, batch)
}

/// The child is back, in a class from a day on.
pub fn come_back(w: &mut Write, child: Id, class: Id, on: Day, today: Day) -> Result<()> {
    if on > today {
        return Err(Fault::invalid("on", "回来的日子还没到", "The day is in the future"));
    }
    let old = change::open(w.conn(), w.keys(), w.county(), child)?.ok_or(Fault::NotFound)?;
    if old.state == "active" {
        return Err(Fault::Conflict(say("本来就在校", "A pupil here already")));
    }
    if school_of(w.conn(), w.county(), class)? != old.school {
        return Err(Fault::NotFound);
    }
    let mut new = old.clone();
    new.state = "active".into();
    new.class = Some(class);
    change::change(w, &old, &new, on).map(|_| ())
}

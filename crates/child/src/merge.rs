//! Two files that turn out to be one child, and one file that turns out to be two (features B11).
//!
//! The file that stays takes over what is chosen; records, spells, pairings and whatever else hangs on a child go over to it, sealed under its
//! key. The other file is closed with everything in it, so that parting them again is giving back.

use crate::change::{self, File, Guardian, Parent};
use crate::facts::OF_CHILD;
use crate::file::{self, Spell};
use crate::find::set_not_same;
use crate::import::undo::{Changed, DAYS, versions};
use crate::new::seal;
use crate::patch::{flat, put};
use crate::tables::{CHILDREN, EPISODES, MERGES};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use tx_base::{Day, Fault, Id, Result, Time, say};
use tx_record::merge::Hand;
use tx_store::{Conn, Row, Table, Value, Write, params, row};

/// Which of two values a field gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    /// that of the file that stays
    #[default]
    Kept,
    Other,
    /// of guardians: all of both files
    Both,
}
impl Pick {
    pub fn parse(code: &str) -> Option<Pick> {
        match code {
            "kept" => Some(Pick::Kept),
            "other" => Some(Pick::Other),
            "both" => Some(Pick::Both),
            _ => None,
        }
    }
}
/// A field in which two files are not alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Differs {
    pub field: String,
    /// null where the file that stays says nothing: then the other's value fills the gap
    pub kept: Json,
    pub other: Json,
}

/// A file as what is compared of it: each parent and the class as a field of its own; the spells and the kind of paper are not chosen.
fn sides(f: &File) -> Map<String, Json> {
    let Json::Object(mut all) = flat(f) else {
        return Map::new();
    };
    for p in all
        .remove("parents")
        .as_ref()
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
    {
        let unknown = p["where"] == "unknown" && p["name"].is_null();
        if let Some(who) = p["parent"].as_str().filter(|_| !unknown) {
            all.insert(who.into(), p.clone());
        }
    }
    all.insert("class".into(), json!(f.class));
    all.retain(|name, _| !matches!(name.as_str(), "left_behind" | "id_kind"));
    all
}
fn is_empty(v: &Json) -> bool {
    match v {
        Json::Null => true,
        Json::String(s) => s.trim().is_empty(),
        Json::Array(a) => a.is_empty(),
        _ => false,
    }
}
/// What the other file says otherwise, or alone.
pub fn compare(kept: &File, other: &File) -> Vec<Differs> {
    let mine = sides(kept);
    sides(other)
        .into_iter()
        .filter(|(_, v)| !is_empty(v))
        .filter_map(|(field, other)| {
            let kept = mine.get(&field).filter(|v| !is_empty(v)).cloned().unwrap_or_default();
            (kept != other).then_some(Differs { field, kept, other })
        })
        .collect()
}

/// The file that stays as it will be.
fn joined(kept: &File, other: &File, picks: &BTreeMap<String, Pick>) -> Result<File> {
    let mut new = kept.clone();
    let mut taken = Map::new();
    for d in compare(kept, other) {
        let pick = if d.kept.is_null() {
            Pick::Other
        } else {
            picks.get(&d.field).copied().unwrap_or_default()
        };
        match (d.field.as_str(), pick) {
            ("father" | "mother", Pick::Other) => {
                let Some(p) = other.parents.iter().find(|p| p.parent.code() == d.field) else {
                    continue;
                };
                let at = new.parents.iter().position(|m| m.parent.code() == d.field);
                let id = at.map_or(Id::NIL, |i| new.parents.remove(i).id);
                new.parents.push(Parent { id, ..p.clone() });
            }
            ("guardians", Pick::Both) => {
                for g in &other.guardians {
                    if !new.guardians.iter().any(|m| m.name == g.name) {
                        new.guardians.push(Guardian {
                            id: Id::NIL,
                            ..g.clone()
                        });
                    }
                }
            }
            (_, Pick::Kept) => {}
            (name, _) => {
                if name == "id_no" {
                    taken.insert("id_kind".into(), Json::Null);
                }
                // what a sheet brought under a name of its own
                if !OF_CHILD.iter().any(|f| f.id == name)
                    && let Some(v) = other.more.get(name)
                {
                    new.more.insert(name.to_owned(), v.clone());
                }
                taken.insert(name.to_owned(), Json::Null);
            }
        }
    }
    put(&mut new, other, &taken)?;
    new.household = kept.household.or(other.household);
    new.not_listed_on = kept.not_listed_on.or(other.not_listed_on);
    Ok(new)
}

/// What is needed to part two files again.
#[derive(Debug, Serialize, Deserialize)]
struct Undo {
    /// the file that stays, before and after
    file: Changed,
    /// rows by table
    rows: Vec<(String, Id)>,
    /// lines of records
    lines: Vec<Id>,
}

fn photo(c: &Conn, county: Id, child: Id) -> Result<Option<Id>> {
    let sql = "select photo_id from children where county_id = ?1 and id = ?2";
    Ok(c.first(sql, params![county, child])?.and_then(|r| r.opt_id(0)))
}
fn table(tables: &'static [&'static Table], name: &str) -> Result<&'static Table> {
    let found = tables.iter().copied().find(|t| t.name == name);
    found.ok_or_else(|| Fault::broken(format!("no table {name}")))
}

/// Puts the file `gone` into the file `kept`; `picks` says whose value a differing field gets, by the names of [`compare`]. The caller has asked
/// whether it may and wrote down that class S was read. Gives the id under which they can be parted again for [`DAYS`] days.
pub fn merge(
    w: &mut Write,
    tables: &'static [&'static Table],
    kept: Id,
    gone: Id,
    picks: &BTreeMap<String, Pick>,
    today: Day,
) -> Result<Id> {
    let county = w.county();
    let open = |w: &Write, id: Id| change::open(w.conn(), w.keys(), county, id)?.ok_or(Fault::NotFound);
    let (mine, theirs) = (open(w, kept)?, open(w, gone)?);
    if kept == gone || mine.school != theirs.school {
        return Err(Fault::NotFound);
    }
    if mine.state != "active" && theirs.state == "active" {
        return Err(Fault::Conflict(say(
            "请留下还在校的那一份",
            "Please keep the file of the one who is a pupil here",
        )));
    }
    let before = versions(w.conn(), county, kept)?;
    change::change(w, &mine, &joined(&mine, &theirs, picks)?, today)?;
    let mut rows: Vec<(String, Id)> = Vec::new();
    if photo(w.conn(), county, kept)?.is_none()
        && let Some(id) = photo(w.conn(), county, gone)?
    {
        w.update(&CHILDREN, kept, row!["photo_id" => id])?;
        rows.push(("files".into(), id));
    }
    rows.extend(
        spells(w, kept, gone)?
            .into_iter()
            .map(|id| (EPISODES.name.to_owned(), id)),
    );
    let changed = Changed::since(w, kept, &before)?;
    rows.extend(belongings(w.conn(), tables, county, kept, gone)?);
    let hand = Hand::over(w, gone, kept)?;
    for (name, id) in &rows {
        hand.carry(w, table(tables, name)?, *id)?;
    }
    let lines = hand.lines(w, None)?;
    let now = w.now();
    let why = seal(
        w,
        gone,
        "children",
        gone,
        "deleted_reason",
        Some(&format!("和{}是同一个孩子", mine.name)),
    )?;
    w.update(
        &CHILDREN,
        gone,
        row!["deleted_at" => now, "deleted_reason" => why, "merged_into" => kept],
    )?;
    let (id, by) = (Id::fresh(), w.act().actor.clone());
    let undo = Undo {
        file: changed,
        rows,
        lines,
    };
    let undo = serde_json::to_string(&undo).map_err(Fault::broken)?;
    let undo = w.keys().seal_county(county, "merges", id, "undo", &undo);
    w.insert(
        &MERGES,
        row!["id" => id, "school_id" => mine.school, "kept" => kept, "gone" => gone, "at" => now, "actor_id" => by.id, "actor_name" => by.name, "undo" => undo],
    )?;
    Ok(id)
}

fn meet(a: (Option<Day>, Option<Day>), b: (Option<Day>, Option<Day>)) -> bool {
    let before = |end: Option<Day>, start: Option<Day>| matches!((end, start), (Some(e), Some(s)) if e < s);
    !before(a.1, b.0) && !before(b.1, a.0)
}

/// Spells that meet one of the file that stays widen it; the others, that go over as they are, are given back.
fn spells(w: &mut Write, kept: Id, gone: Id) -> Result<Vec<Id>> {
    let county = w.county();
    let of = |w: &Write, child: Id| -> Result<Vec<Spell>> {
        let mut all = file::spells(w.conn(), w.keys(), county, child)?;
        all.retain(|s| s.reason.as_deref() != Some("mistaken"));
        Ok(all)
    };
    let (mut mine, theirs) = (of(w, kept)?, of(w, gone)?);
    let mut free = Vec::new();
    for s in theirs {
        let same = |m: &&mut Spell| meet((Some(m.from), m.to), (Some(s.from), s.to));
        let Some(m) = mine.iter_mut().find(same) else {
            free.push(s.id);
            continue;
        };
        // the later end holds, with its reason; one that runs on has none
        let later = m.to.is_some() && s.to.is_none_or(|d| m.to.is_some_and(|e| e < d));
        let (from, end) = (m.from.min(s.from), if later { &s } else { &*m });
        let (to, reason, note) = (end.to, end.reason.clone(), end.note.clone());
        if (from, to) != (m.from, m.to) {
            let sealed = seal(w, kept, EPISODES.name, m.id, "note", note.as_deref())?;
            w.update(
                &EPISODES,
                m.id,
                row!["from_day" => from, "to_day" => to, "reason" => reason.as_deref(), "note" => sealed],
            )?;
            (m.from, m.to, m.reason, m.note) = (from, to, reason, note);
        }
    }
    Ok(free)
}

/// Tables whose rows stay with the closed file: what was chosen field by field, the classes it sat in, and duties, whose ids are made of the
/// child's own.
const STAY: [&str; 5] = [
    "guardians",
    "class_stays",
    "left_behind_episodes",
    "duty_facts",
    "files",
];
/// Rows of any table that hang on the child and go over with it. What the other file has for the same person in the same days already, such as
/// a pairing with the same helper, stays behind.
fn belongings(
    c: &Conn,
    tables: &'static [&'static Table],
    county: Id,
    kept: Id,
    gone: Id,
) -> Result<Vec<(String, Id)>> {
    let mut out = Vec::new();
    for t in tables {
        if !t.covered() || t.column("child_id").is_none() || STAY.contains(&t.name) {
            continue;
        }
        let dated = t.column("from_day").is_some() && t.column("to_day").is_some();
        let days = if dated { "from_day, to_day" } else { "null, null" };
        let who: String = ["adult_id", "account_id", "parent", "kind", "post", "held"]
            .iter()
            .filter(|n| t.column(n).is_some())
            .map(|n| format!(", {n}"))
            .collect();
        let only = match t.name {
            // what holds now was chosen; what ended belongs to the past of the one child
            "parent_facts" => " and gone_at is null and to_day is not null",
            // two copies of a field of a file are of that file
            "conflicts" => " and tbl <> 'children'",
            _ => "",
        };
        let sql = format!(
            "select id, {days}{who} from {} where county_id = ?1 and child_id = ?2{only} order by id",
            t.name
        );
        let span = |r: &Row| (r.opt_day(1), r.opt_day(2));
        let mine = c.query(&sql, params![county, kept])?;
        for r in c.query(&sql, params![county, gone])? {
            let double = dated && mine.iter().any(|m| m.0[3..] == r.0[3..] && meet(span(m), span(&r)));
            if !double {
                out.push((t.name.to_owned(), r.id(0)));
            }
        }
    }
    Ok(out)
}

/// Two files that were made one.
#[derive(Clone, Debug)]
pub struct Merged {
    pub id: Id,
    pub kept: Id,
    pub gone: Id,
    /// name in the closed file
    pub name: String,
    pub at: Time,
    pub by: String,
    pub parted: bool,
}
impl Merged {
    /// Whether the two can still be parted.
    pub fn can_part(&self, now: Time) -> bool {
        !self.parted && now.day().since(self.at.day()) <= DAYS
    }
}
const COLS: &str = "m.id, m.kept, m.gone, c.name, m.at, coalesce(a.shown, m.actor_name), m.parted_at from merges m \
    join children c on c.county_id = m.county_id and c.id = m.gone left join accounts a on a.county_id = m.county_id and a.id = m.actor_id";
fn merged(r: &Row) -> Merged {
    Merged {
        id: r.id(0),
        kept: r.id(1),
        gone: r.id(2),
        name: r.text(3),
        at: r.time(4),
        by: r.text(5),
        parted: !r.is_null(6),
    }
}
/// The latest of a school, newest first. The caller sees the whole school.
pub fn recent(c: &Conn, county: Id, school: Id) -> Result<Vec<Merged>> {
    let sql =
        format!("select {COLS} where m.county_id = ?1 and m.school_id = ?2 order by m.at desc, m.id desc limit 100");
    Ok(c.query(&sql, params![county, school])?.iter().map(merged).collect())
}
/// One of a school.
pub fn one(c: &Conn, county: Id, school: Id, id: Id) -> Result<Merged> {
    let sql = format!("select {COLS} where m.county_id = ?1 and m.school_id = ?2 and m.id = ?3");
    let r = c.first(&sql, params![county, school, id])?.ok_or(Fault::NotFound)?;
    Ok(merged(&r))
}

/// Makes two files of one again: what was handed over and still belongs to the file that stayed goes back, and that the two are not the same is
/// remembered. False when the file that stayed was edited since: then it keeps what it took over. The caller has asked whether it may.
pub fn part(w: &mut Write, tables: &'static [&'static Table], m: &Merged) -> Result<bool> {
    let county = w.county();
    if m.parted {
        return Err(Fault::Conflict(say("已经分开了", "They were parted already")));
    }
    if !m.can_part(w.now()) {
        return Err(Fault::Conflict(say(
            format!("过了 {DAYS} 天，不能再分开了"),
            format!("It is more than {DAYS} days ago; they cannot be parted any more"),
        )));
    }
    if change::open(w.conn(), w.keys(), county, m.kept)?.is_none() {
        return Err(Fault::Conflict(say(
            "留下的那份档案已经不在了",
            "The file that stayed is not there any more",
        )));
    }
    let sql = "select undo from merges where county_id = ?1 and id = ?2";
    let sealed = w.conn().first(sql, params![county, m.id])?.ok_or(Fault::NotFound)?;
    let text = w.keys().open_county(county, "merges", m.id, "undo", &sealed.bytes(0));
    let text = text.ok_or_else(|| Fault::broken("the list of what was handed over does not open"))?;
    let undo: Undo = serde_json::from_str(&text).map_err(Fault::broken)?;
    let hand = Hand::over(w, m.kept, m.gone)?;
    for (name, id) in &undo.rows {
        let t = table(tables, name)?;
        let sql = format!("select count(*) from {name} where county_id = ?1 and id = ?2 and child_id = ?3");
        if w.conn().count(&sql, params![county, id, m.kept])? > 0 {
            hand.carry(w, t, *id)?;
        }
    }
    hand.lines(w, Some(&undo.lines))?;
    let back = undo.file.back(w)?;
    if let Some(id) = photo(w.conn(), county, m.kept)?
        && undo.rows.iter().any(|(t, row)| t == "files" && *row == id)
    {
        w.update(&CHILDREN, m.kept, row!["photo_id" => Value::Null])?;
    }
    let none = Value::Null;
    w.update(
        &CHILDREN,
        m.gone,
        row!["deleted_at" => &none, "deleted_reason" => &none, "merged_into" => &none],
    )?;
    set_not_same(w, m.kept, m.gone)?;
    let now = w.now();
    w.update(&MERGES, m.id, row!["parted_at" => now])?;
    Ok(back)
}

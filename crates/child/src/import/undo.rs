//! Taking an import back within 30 days: new files go to the bin, changed ones return to what they were; what was edited since is left and named.

use crate::new::seal;
use crate::tables::{CHILDREN, EPISODES, GUARDIANS, IMPORTS, PARENT_FACTS, STAYS};
use base64::Engine;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tx_base::{Fault, Id, Result, Time, say};
use tx_store::{Conn, Cover, Table, Type, Value, Write, params, row};

/// An import can be taken back for so many days.
pub const DAYS: i32 = 30;

/// The tables that make up a child's file, with the column that names the child.
const OF_FILE: [(&Table, &str); 5] = [
    (&CHILDREN, "id"),
    (&GUARDIANS, "child_id"),
    (&PARENT_FACTS, "child_id"),
    (&EPISODES, "child_id"),
    (&STAYS, "child_id"),
];

/// Versions of all rows of a file by table and id.
pub(crate) type Versions = BTreeMap<(u8, Id), i64>;
pub(crate) fn versions(c: &Conn, county: Id, child: Id) -> Result<Versions> {
    let mut out = Versions::new();
    for (i, (table, column)) in OF_FILE.iter().enumerate() {
        let sql = format!(
            "select id, version from {} where county_id = ?1 and {column} = ?2",
            table.name
        );
        for r in c.query(&sql, params![county, child])? {
            out.insert((i as u8, r.id(0)), r.int(1));
        }
    }
    Ok(out)
}

/// What an import did, row by row.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// new files and how many rows each has
    new: Vec<(Id, usize)>,
    changed: Vec<Changed>,
}
/// How the rows of one file changed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Changed {
    child: Id,
    /// table, row, version before (0 = made by the import) and after
    rows: Vec<(u8, Id, i64, i64)>,
}

impl Changed {
    pub(crate) fn since(w: &Write, child: Id, before: &Versions) -> Result<Changed> {
        let rows = versions(w.conn(), w.county(), child)?
            .into_iter()
            .map(|((t, id), after)| (t, id, before.get(&(t, id)).copied().unwrap_or(0), after))
            .collect();
        Ok(Changed { child, rows })
    }
    /// Gives the file what it was before; false, and nothing is done, when it was edited since.
    pub(crate) fn back(&self, w: &mut Write) -> Result<bool> {
        let now = versions(w.conn(), w.county(), self.child)?;
        let as_left = now.len() == self.rows.len()
            && self
                .rows
                .iter()
                .all(|(t, id, _, after)| now.get(&(*t, *id)) == Some(after));
        if !as_left {
            return Ok(false);
        }
        for (t, id, before, after) in self.rows.iter().filter(|(_, _, before, after)| before != after) {
            debug_assert!(before < after);
            let (table, _) = OF_FILE[usize::from(*t)];
            if *before == 0 {
                withdraw(w, table, *id)?;
            } else {
                restore(w, table, *id, *before)?;
            }
        }
        Ok(true)
    }
}
impl Kept {
    /// A new file: the child itself, its stay, guardians, parents and spell.
    pub(super) fn made(&mut self, n: &crate::File) {
        let rows = 2 + n.guardians.len() + n.parents.len() + usize::from(n.listed.is_some());
        self.new.push((n.id, rows));
    }
    pub(super) fn changed(&mut self, w: &Write, child: Id, before: Versions) -> Result<()> {
        self.changed.push(Changed::since(w, child, &before)?);
        Ok(())
    }
    pub(super) fn to_text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Fault::broken)
    }
}

/// An import as the list shows it.
#[derive(Clone, Debug)]
pub struct Past {
    pub id: Id,
    pub version: i64,
    pub file_name: String,
    pub counts: Json,
    pub at: Option<Time>,
    pub by: String,
    pub actor: Option<Id>,
    pub undone: Option<Time>,
}
impl Past {
    /// Whether it can still be taken back.
    pub fn can_undo(&self, now: Time) -> bool {
        self.undone.is_none() && self.at.is_some_and(|t| now.day().since(t.day()) <= DAYS)
    }
}

/// The latest imports of a school; `mine` narrows them to one account.
pub fn past(c: &Conn, county: Id, school: Id, mine: Option<Id>) -> Result<Vec<Past>> {
    let sql = "select i.id, i.version, i.file_name, i.counts, i.at, coalesce(a.shown, i.actor_name), i.actor_id, i.undone_at from imports i \
        left join accounts a on a.county_id = i.county_id and a.id = i.actor_id where i.county_id = ?1 and i.school_id = ?2 order by i.at desc, i.id desc limit 50";
    let all = c.query(sql, params![county, school])?;
    Ok(all
        .iter()
        .map(|r| Past {
            id: r.id(0),
            version: r.int(1),
            file_name: r.text(2),
            counts: r.json(3),
            at: r.opt_int(4).map(Time),
            by: r.text(5),
            actor: r.opt_id(6),
            undone: r.opt_int(7).map(Time),
        })
        .filter(|p| mine.is_none() || p.actor == mine)
        .collect())
}

/// What came of taking an import back.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Undone {
    /// new files that went to the bin
    pub removed: usize,
    /// changed files that are again as they were
    pub restored: usize,
    /// children whose files were edited since, or of whom something else tells by now (a record, a pairing, a consent): left as they are
    pub left: Vec<Id>,
}

/// Takes an import back. The caller has asked whether it may. A second time is a conflict; after 30 days as well.
pub fn undo(w: &mut Write, import: Id) -> Result<Undone> {
    let county = w.county();
    let sql = "select undo, at, undone_at, counts from imports where county_id = ?1 and id = ?2";
    let r = w.conn().first(sql, params![county, import])?.ok_or(Fault::NotFound)?;
    if !r.is_null(2) {
        return Err(Fault::Conflict(say(
            "这次导入已经撤回了",
            "This import was taken back already",
        )));
    }
    let at = r.opt_int(1).map(Time);
    if !at.is_some_and(|t| w.now().day().since(t.day()) <= DAYS) {
        return Err(Fault::Conflict(say(
            format!("过了 {DAYS} 天，不能撤回了"),
            format!("It is more than {DAYS} days ago and cannot be taken back"),
        )));
    }
    let text = w
        .keys()
        .open_county(county, "imports", import, "undo", &r.bytes(0))
        .ok_or_else(|| Fault::broken("the undo list of an import does not open"))?;
    let kept: Kept = serde_json::from_str(&text).map_err(Fault::broken)?;
    let mut out = Undone::default();
    for (child, rows) in &kept.new {
        let now = versions(w.conn(), county, *child)?;
        if named_elsewhere(w, *child)? || now.len() != *rows || now.values().any(|v| *v != 1) {
            out.left.push(*child);
            continue;
        }
        let at = w.now();
        let why = seal(w, *child, "children", *child, "deleted_reason", Some("撤回导入"))?;
        w.update(&CHILDREN, *child, row!["deleted_at" => at, "deleted_reason" => why])?;
        out.removed += 1;
    }
    for c in &kept.changed {
        if c.back(w)? {
            out.restored += 1;
        } else {
            out.left.push(c.child);
        }
    }
    let now = w.now();
    let mut counts = r.json(3);
    counts["left"] = serde_json::json!(out.left);
    w.update(
        &IMPORTS,
        import,
        row!["undone_at" => now, "counts" => counts.to_string()],
    )?;
    Ok(out)
}

/// Whether any table beside those of the file says something of a child, whichever crate keeps it.
fn named_elsewhere(w: &Write, child: Id) -> Result<bool> {
    let of_file = |t: &Table| OF_FILE.iter().any(|(f, _)| f.name == t.name);
    let says =
        |t: &&&'static Table| t.column("child_id").is_some() && !matches!(t.cover, Cover::Outside) && !of_file(t);
    for t in w.tables().iter().filter(says) {
        let sql = format!(
            "select 1 from {} where county_id = ?1 and child_id = ?2 limit 1",
            t.name
        );
        if w.conn().first(&sql, params![w.county(), child])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A row that the import made in a file that was there before: rows are not removed, it is said never to have been so.
fn withdraw(w: &mut Write, table: &'static Table, id: Id) -> Result<()> {
    let sql = format!(
        "select {} from {} where county_id = ?1 and id = ?2",
        if matches!(table.name, "left_behind_episodes" | "class_stays") {
            "from_day"
        } else {
            "id"
        },
        table.name
    );
    let r = w.conn().first(&sql, params![w.county(), id])?.ok_or(Fault::NotFound)?;
    let now = w.now();
    let sets = match table.name {
        "left_behind_episodes" => row!["to_day" => r.day(0).plus(-1), "reason" => "mistaken"],
        "class_stays" => row!["to_day" => r.day(0).plus(-1)],
        _ => row!["gone_at" => now, "phone_index" => Value::Null, "phone_tail_index" => Value::Null],
    };
    w.update(table, id, sets).map(|_| ())
}

/// Gives a row the content of an earlier version. Sealed values stay sealed: they belong to the same row and column.
fn restore(w: &mut Write, table: &'static Table, id: Id, version: i64) -> Result<()> {
    let sql = "select body from history where county_id = ?1 and row_id = ?2 and row_version = ?3 and tbl = ?4";
    let r = w
        .conn()
        .first(sql, params![w.county(), id, version, table.name])?
        .ok_or_else(|| Fault::broken("an earlier version is missing"))?;
    let body = r.json(0);
    let mut sets = Vec::new();
    for c in table
        .columns
        .iter()
        .filter(|c| !matches!(c.name, "county_id" | "id" | "version"))
    {
        sets.push((c.name, value(c.ty, &body[c.name])?));
    }
    w.update(table, id, sets).map(|_| ())
}
fn value(ty: Type, v: &Json) -> Result<Value> {
    let bad = || Fault::broken("an earlier version cannot be read");
    Ok(match (ty, v) {
        (_, Json::Null) => Value::Null,
        (Type::Bytes, v) => {
            let text = v["b"].as_str().ok_or_else(bad)?;
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(text)
                .map_err(Fault::broken)?;
            Value::Bytes(bytes)
        }
        (Type::Bool, v) => Value::Bool(v.as_bool().or_else(|| v.as_i64().map(|n| n != 0)).ok_or_else(bad)?),
        (Type::Real, v) => Value::Real(v.as_f64().ok_or_else(bad)?),
        (Type::Int | Type::Time, v) => Value::Int(v.as_i64().ok_or_else(bad)?),
        (Type::Id, v) => Value::Id(v.as_str().and_then(|s| s.parse().ok()).ok_or_else(bad)?),
        (Type::Text | Type::Day | Type::Json, v) => Value::Text(v.as_str().ok_or_else(bad)?.into()),
    })
}

//! Two people changed the same thing: what the second may still change is merged, what both changed is kept twice (interfaces.md, "Corrections").
//!
//! General over the covered tables: a crate lays its row out as a flat object of field and value (as it was at the caller's version, as it
//! is now, and what the caller sent), [`merge`]s the three, writes [`Merged::take`] and hands [`Merged::clashes`] to [`keep`]. So that a
//! copy can be taken over later, the crate tells once at start how a field of its table is written: [`install`].

use crate::tables::CONFLICTS;
use serde_json::{Map, Value as Json, json};
use std::sync::Mutex;
use tx_access::Scope;
use tx_base::{Day, Fault, Id, Result, Say, Time, say};
use tx_store::{Conn, Keys, Value, Write, params, row};

/// A field that two people changed: the first writer's value stands, the second one's is kept beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    pub field: String,
    pub kept: Json,
    pub yours: Json,
}

/// What became of a change that was made to an older version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// fields to be written
    pub take: Map<String, Json>,
    pub clashes: Vec<Clash>,
}

/// Merges `yours`, written against `base`, into `now`. A field that nobody touched since is taken; one that says what stands already, or what
/// stood before, changes nothing; any other is a clash. A missing field equals null.
pub fn merge(base: &Map<String, Json>, now: &Map<String, Json>, yours: &Map<String, Json>) -> Merged {
    let mut out = Merged::default();
    for (field, mine) in yours {
        let at = |m: &Map<String, Json>| m.get(field).cloned().unwrap_or(Json::Null);
        let (was, is) = (at(base), at(now));
        if *mine == is || (*mine == was && was != is) {
            continue;
        }
        if was == is {
            out.take.insert(field.clone(), mine.clone());
        } else {
            out.clashes.push(Clash {
                field: field.clone(),
                kept: is,
                yours: mine.clone(),
            });
        }
    }
    out
}

/// The row as it stood at version `base`: an object of its columns, each part table an array under its name, bytes as [`bytes_of`] reads them.
/// `None` when `base` is the version `now` that stands; 422 on `base_version` when there was no such version.
pub fn body_at(c: &Conn, county: Id, table: &str, row: Id, base: i64, now: i64) -> Result<Option<Json>> {
    if base == now {
        return Ok(None);
    }
    // a version that was made and changed in one transaction was never shown: the next one that was stands for it
    let sql = "select body from history where county_id = ?1 and tbl = ?2 and row_id = ?3 and row_version >= ?4 order by row_version limit 1";
    let found = (1..now)
        .contains(&base)
        .then(|| c.first(sql, params![county, table, row, base]))
        .transpose()?
        .flatten();
    match found {
        Some(r) => Ok(Some(r.json(0))),
        None => Err(Fault::invalid(
            "base_version",
            format!("没有第 {base} 版，现在是第 {now} 版"),
            format!("there is no version {base}; it is version {now} now"),
        )),
    }
}

/// The bytes of a sealed column in the body of an earlier version.
pub fn bytes_of(v: &Json) -> Option<Vec<u8>> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(v["b"].as_str()?).ok()
}

/// The row whose fields clashed.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    pub row: Id,
    /// the child whose key seals the copies; without one the county's does
    pub child: Option<Id>,
}

/// Keeps the copies and answers as the API shows them: `[{"field","kept","yours","id"}]`. Call it in the transaction of the change,
/// before the merged fields are written: who wrote last is then who wrote what stands.
pub fn keep(w: &mut Write, place: Place, clashes: &[Clash]) -> Result<Vec<Json>> {
    if clashes.is_empty() {
        return Ok(Vec::new());
    }
    let (county, now, actor) = (w.county(), w.now(), w.act().actor.clone());
    let writers = writers(w, place, clashes)?;
    let mut out = Vec::new();
    for (clash, first) in clashes.iter().zip(writers) {
        let id = Id::fresh();
        let seal = |w: &Write, column: &str, v: &Json| match place.child {
            Some(child) => w
                .keys()
                .seal_child(w.conn(), county, child, "conflicts", id, column, &v.to_string()),
            None => Ok(w.keys().seal_county(county, "conflicts", id, column, &v.to_string())),
        };
        let (kept, yours) = (seal(w, "kept", &clash.kept)?, seal(w, "yours", &clash.yours)?);
        w.insert(
            &CONFLICTS,
            row!["id" => id, "tbl" => place.table, "row_id" => place.row, "child_id" => place.child, "field" => clash.field.as_str(), "kept" => kept, "yours" => yours,
                "made_by" => actor.id, "made_by_name" => actor.name.as_str(), "at" => now,
                "kept_by_name" => first.as_ref().map(|r| r.0.as_str()), "kept_at" => first.as_ref().map(|r| r.1)],
        )?;
        out.push(json!({"field": clash.field, "kept": clash.kept, "yours": clash.yours, "id": id}));
    }
    Ok(out)
}

/// For each clash who last wrote the field, and when: the history is walked back to where the field was another.
fn writers(w: &Write, place: Place, clashes: &[Clash]) -> Result<Vec<Option<(String, Time)>>> {
    let county = w.county();
    let sql = "select actor_name, at, body from history where county_id = ?1 and tbl = ?2 and row_id = ?3 order by row_version desc";
    let rows = w.conn().query(sql, params![county, place.table, place.row])?;
    let mut out: Vec<Option<(String, Time)>> = vec![None; clashes.len()];
    let at = merges(place.table).map(|m| m.at);
    for r in &rows {
        if out.iter().all(Option::is_some) {
            break;
        }
        let Some(before) = at.map(|f| f(w, place.row, &r.json(2))).transpose()?.flatten() else {
            continue;
        };
        for (clash, found) in clashes.iter().zip(&mut out) {
            if found.is_none() && before.get(&clash.field).unwrap_or(&Json::Null) != &clash.kept {
                *found = Some((r.text(0), r.time(1)));
            }
        }
    }
    // what cannot be told apart was written by who wrote last
    let last = rows.first().map(|r| (r.text(0), r.time(1)));
    Ok(out.into_iter().map(|f| f.or_else(|| last.clone())).collect())
}

/// Which of the two is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    Kept,
    Yours,
    /// both texts one under the other, both lists together
    Both,
}

impl Take {
    pub fn parse(code: &str) -> Option<Take> {
        match code {
            "kept" => Some(Take::Kept),
            "yours" => Some(Take::Yours),
            "both" => Some(Take::Both),
            _ => None,
        }
    }
    pub const fn code(self) -> &'static str {
        match self {
            Take::Kept => "kept",
            Take::Yours => "yours",
            Take::Both => "both",
        }
    }
}

/// How a crate writes one field of its table, and what the field is called on a screen.
#[derive(Clone, Copy)]
pub struct Merges {
    pub table: &'static str,
    /// sets `field` of the row; the scope was asked before
    pub apply: fn(&mut Write, Id, &str, &Json, Day) -> Result<()>,
    pub label: fn(&str) -> Say,
    /// the fields of an earlier version of the row, out of its body in the history, by the names that clashes have
    pub at: fn(&Write, Id, &Json) -> Result<Option<Map<String, Json>>>,
}

static TABLES: Mutex<Vec<Merges>> = Mutex::new(Vec::new());

/// Tells how copies of a table are taken over, once at start.
pub fn install(m: Merges) {
    let mut all = TABLES.lock().expect("no one panics here");
    if !all.iter().any(|o| o.table == m.table) {
        all.push(m);
    }
}
pub(crate) fn merges(table: &str) -> Option<Merges> {
    TABLES
        .lock()
        .expect("no one panics here")
        .iter()
        .find(|m| m.table == table)
        .copied()
}

/// A pair of values that waits for someone to choose.
#[derive(Clone, Debug)]
pub struct Conflict {
    pub id: Id,
    pub table: String,
    pub row: Id,
    pub child: Option<Id>,
    pub field: String,
    pub kept: Json,
    pub yours: Json,
    /// who wrote what stands, and when
    pub kept_by: Option<String>,
    pub kept_at: Option<Time>,
    /// who wrote the copy, and when
    pub made_by: Option<Id>,
    pub made_by_name: String,
    pub at: Time,
}

impl Conflict {
    pub fn json(&self) -> Json {
        json!({"id": self.id, "table": self.table, "row": self.row, "child": self.child, "field": self.field, "kept": self.kept, "yours": self.yours,
            "kept_by": self.kept_by, "kept_at": self.kept_at.map(|t| t.iso()), "by": self.made_by_name, "at": self.at.iso()})
    }
    /// What the field is called.
    pub fn label(&self) -> Say {
        merges(&self.table).map_or_else(|| say(&self.field, &self.field), |m| (m.label)(&self.field))
    }
    /// Both values together; `None` when they cannot stand side by side (numbers, days, choices).
    pub fn both(&self) -> Option<Json> {
        match (&self.kept, &self.yours) {
            (Json::String(a), Json::String(b)) => Some(format!("{a}\n{b}").into()),
            (Json::Array(a), Json::Array(b)) => {
                let mut all = a.clone();
                all.extend(b.iter().filter(|v| !a.contains(v)).cloned());
                Some(all.into())
            }
            _ => None,
        }
    }
}

const COLS: &str = "k.id, k.tbl, k.row_id, k.child_id, k.field, k.kept, k.yours, k.kept_by_name, k.kept_at, k.made_by, k.made_by_name, k.at";

/// The open conflicts that this person may settle, oldest first: of a record those who may correct it and those who wrote one of the two,
/// of a file those who may change the file. At most 200.
pub fn list(keys: &Keys, c: &Conn, scope: &Scope, child: Option<Id>, only: Option<Id>) -> Result<Vec<Conflict>> {
    let mut vals: Vec<Value> = vec![scope.county.into()];
    let f = scope.children("c", 1);
    vals.extend(f.params);
    let mut sql = format!(
        "select {COLS} from conflicts k where k.county_id = ?1 and k.resolved_at is null and (k.child_id is null or exists \
         (select 1 from children c where c.county_id = k.county_id and c.id = k.child_id and {}))",
        f.sql
    );
    for (column, v) in [("child_id", child), ("id", only)] {
        if let Some(v) = v {
            vals.push(v.into());
            sql.push_str(&format!(" and k.{column} = ?{}", vals.len()));
        }
    }
    sql.push_str(" order by k.at, k.id limit 200");
    let mut out = Vec::new();
    for r in c.query(&sql, &vals)? {
        let (id, child) = (r.id(0), r.opt_id(3));
        let open = |column: &str, b: Vec<u8>| -> Result<Option<Json>> {
            let text = match child {
                Some(k) => keys.open_child(c, scope.county, k, "conflicts", id, column, &b)?,
                None => keys.open_county(scope.county, "conflicts", id, column, &b),
            };
            Ok(text.and_then(|t| serde_json::from_str(&t).ok()))
        };
        // the child's key is gone: so are both copies
        let (Some(kept), Some(yours)) = (open("kept", r.bytes(5))?, open("yours", r.bytes(6))?) else {
            continue;
        };
        let k = Conflict {
            id,
            table: r.text(1),
            row: r.id(2),
            child,
            field: r.text(4),
            kept,
            yours,
            kept_by: r.opt_text(7),
            kept_at: r.opt_int(8).map(Time),
            made_by: r.opt_id(9),
            made_by_name: r.text(10),
            at: r.time(11),
        };
        if settles(keys, c, scope, &k)? {
            out.push(k);
        }
    }
    Ok(out)
}

/// Puts the names that screens show in the place of the logins of both writers.
pub(crate) fn signed(c: &Conn, county: Id, all: &mut [Conflict]) -> Result<()> {
    let logins: Vec<String> = all
        .iter()
        .flat_map(|k| k.kept_by.iter().chain([&k.made_by_name]))
        .cloned()
        .collect();
    let shown = crate::people::shown(c, county, &logins)?;
    let name = |login: &mut String| {
        if let Some(n) = shown.get(login.as_str()) {
            login.clone_from(n);
        }
    };
    for k in all {
        k.kept_by.iter_mut().for_each(name);
        name(&mut k.made_by_name);
    }
    Ok(())
}

fn settles(keys: &Keys, c: &Conn, scope: &Scope, k: &Conflict) -> Result<bool> {
    if k.table == "records" {
        let found = crate::read::fetch(keys, c, scope, k.row)?;
        return match found {
            Some(r) => Ok(k.made_by == Some(scope.account) || crate::may_change(c, scope, &r)?),
            None => Ok(false),
        };
    }
    match k.child {
        Some(child) => Ok(crate::sight(c, scope, child)?.is_some_and(|s| s.write)),
        None => Ok(false),
    }
}

/// Settles a conflict: writes the chosen value, and closes the pair. Both copies stay in the store's history.
pub fn resolve(w: &mut Write, k: &Conflict, take: Take, today: Day) -> Result<()> {
    let value = match take {
        Take::Kept => None,
        Take::Yours => Some(k.yours.clone()),
        Take::Both => Some(
            k.both()
                .ok_or_else(|| Fault::invalid("take", "这两个只能选一个", "only one of these two can stand"))?,
        ),
    };
    if let Some(v) = value {
        let m = merges(&k.table).ok_or_else(|| Fault::broken(format!("nobody writes {}", k.table)))?;
        (m.apply)(w, k.row, &k.field, &v, today)?;
    }
    let (now, name) = (w.now(), w.act().actor.name.clone());
    w.update(
        &CONFLICTS,
        k.id,
        row!["resolved_at" => now, "taken" => take.code(), "resolved_by_name" => name],
    )
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(v: Json) -> Map<String, Json> {
        v.as_object().cloned().expect("an object")
    }

    #[test]
    fn what_nobody_touched_is_taken_and_what_both_changed_is_kept_twice() {
        let base = map(json!({"text": "甲", "on": "2026-11-01", "place": "校"}));
        let now = map(json!({"text": "乙", "on": "2026-11-01", "place": "家"}));
        let m = merge(
            &base,
            &now,
            &map(json!({"text": "丙", "on": "2026-11-02", "place": "家", "new": 1})),
        );
        assert_eq!(m.take, map(json!({"on": "2026-11-02", "new": 1})));
        let clash = Clash {
            field: "text".into(),
            kept: "乙".into(),
            yours: "丙".into(),
        };
        assert_eq!(m.clashes, [clash]);
    }

    #[test]
    fn sending_back_what_was_read_undoes_nobody() {
        let (base, now) = (map(json!({"text": "甲"})), map(json!({"text": "乙"})));
        assert_eq!(merge(&base, &now, &base), Merged::default());
        // the same deed twice is no conflict, and an emptied field is a change like any other
        assert_eq!(merge(&base, &now, &now), Merged::default());
        assert_eq!(
            merge(&base, &base, &map(json!({"text": null}))).take,
            map(json!({"text": null}))
        );
        assert_eq!(merge(&base, &now, &map(json!({"text": null}))).clashes.len(), 1);
    }

    #[test]
    fn both_texts_and_both_lists_can_stand_numbers_cannot() {
        let pair = |kept: Json, yours: Json| Conflict {
            id: Id::NIL,
            table: "records".into(),
            row: Id::NIL,
            child: None,
            field: "text".into(),
            kept,
            yours,
            kept_by: None,
            kept_at: None,
            made_by: None,
            made_by_name: String::new(),
            at: Time(0),
        };
        assert_eq!(pair(json!("甲"), json!("乙")).both(), Some(json!("甲\n乙")));
        assert_eq!(
            pair(json!(["a", "b"]), json!(["b", "c"])).both(),
            Some(json!(["a", "b", "c"]))
        );
        assert_eq!(pair(json!(1), json!(2)).both(), None);
    }
}

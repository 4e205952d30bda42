//! Adding, correcting and removing records through the door.

use crate::conflicts::{self, Place};
use crate::new::{NewLine, NewRecord};
use crate::own::Declared;
use crate::people;
use crate::read::{Line, Record, fetch_any, from_body};
use crate::seal::{Head, child_key, head_for, split};
use crate::tables::{LINES, RECORDS};
use serde_json::{Map, Value as Json};
use std::collections::HashSet;
use tx_base::{Day, Fault, FieldFault, Id, Result, Say, say};
use tx_store::{Value, Write, aad, params, row};

/// Adds a record with its lines. The children must be in the actor's scope: the caller has asked. Gives the record as [`crate::fetch`] would.
pub fn add(w: &mut Write, r: &NewRecord) -> Result<Record> {
    let children: Vec<Id> = r.lines.iter().filter_map(|l| l.child).collect();
    born(w, &children, r.on)?;
    let head = head_for(w, r.id, &children)?;
    let (county, actor, now) = (w.county(), w.act().actor.clone(), r.written_at.unwrap_or(w.now()));
    let (plain, secret) = split(&r.declared.head, &r.fields);
    let seal = |w: &Write, column: &str, text: &str| head.seal(w.keys(), county, "records", r.id, column, text);
    let text = (!r.text.is_empty()).then(|| seal(w, "text", &r.text));
    let sealed = (!secret.is_empty()).then(|| seal(w, "sealed", &Json::Object(secret).to_string()));
    w.insert(
        &RECORDS,
        row!["id" => r.id, "school_id" => r.school, "class_id" => r.class, "kind" => r.kind.id, "on_day" => r.on, "state" => r.state.as_str(),
            "author" => actor.id, "author_name" => actor.name, "written_at" => now, "child_count" => children.len(),
            "key_kind" => head.code(children.len()), "title" => r.title.as_deref(), "text" => text, "fields" => Json::Object(plain).to_string(), "sealed" => sealed],
    )?;
    let mut lines = Vec::with_capacity(r.lines.len());
    for (i, l) in r.lines.iter().enumerate() {
        let id = add_line(w, r, i as i64, l, &head, children.len())?;
        lines.push(Line::of_new(id, i as i64, l));
    }
    Ok(Record::of_new(r, &w.act().actor, now, head.code(children.len()), lines))
}

/// 422 on `on` when one of these children was not born yet on the day.
fn born(w: &Write, children: &[Id], on: Day) -> Result<()> {
    let mut young: Option<(Day, String)> = None;
    for child in children {
        let k = people::fixed(w.conn(), w.county(), *child)?;
        if let Some(day) = k.birth.filter(|d| *d > on && young.as_ref().is_none_or(|(y, _)| d > y)) {
            young = Some((day, k.name.clone()));
        }
    }
    match young {
        None => Ok(()),
        Some((day, name)) => Err(Fault::invalid(
            "on",
            format!("{on} 那天{name}还没出生（{day}），日期对吗"),
            format!("{name} was born on {day}, after {on}: is the day right?"),
        )),
    }
}

/// The columns of a line that may change, sealed for the row `id`.
fn line_columns(
    w: &Write,
    id: Id,
    declared: &Declared,
    l: &NewLine,
    head: &Head,
) -> Result<Vec<(&'static str, Value)>> {
    let (plain, secret) = split(&declared.line, &l.fields);
    let sealed = if secret.is_empty() {
        None
    } else {
        let words = Json::Object(secret).to_string();
        Some(match l.child {
            Some(child) => tx_seal::seal(
                &child_key(w, child)?,
                child.0.as_bytes(),
                &aad("record_lines", id, "sealed"),
                words.as_bytes(),
            ),
            None => head.seal(w.keys(), w.county(), "record_lines", id, "sealed", &words),
        })
    };
    let outcome = if l.outcome.is_empty() { "met" } else { &l.outcome };
    Ok(
        row!["role" => l.role.as_deref(), "outcome" => outcome, "quantity" => l.quantity, "fields" => Json::Object(plain).to_string(), "sealed" => sealed],
    )
}
/// The record key wrapped for a child, where the record is about several.
fn wrapped(w: &Write, record: Id, child: Option<Id>, head: &Head, shared: bool) -> Result<Option<Vec<u8>>> {
    match (child, head) {
        (Some(child), Head::Key(_, k)) if shared => Ok(Some(tx_seal::wrap(
            &child_key(w, child)?,
            child.0.as_bytes(),
            format!("record key {record}").as_bytes(),
            k,
        ))),
        _ => Ok(None),
    }
}

fn add_line(w: &mut Write, r: &NewRecord, ord: i64, l: &NewLine, head: &Head, children: usize) -> Result<Id> {
    let id = Id::fresh();
    let record_key = wrapped(w, r.id, l.child, head, children > 1)?;
    let mut all = line_columns(w, id, &r.declared, l, head)?;
    all.extend(row!["id" => id, "record_id" => r.id, "ord" => ord, "child_id" => l.child, "adult_id" => l.adult, "item" => l.item.as_deref(), "record_key" => record_key]);
    w.insert(&LINES, all)?;
    Ok(id)
}

/// What became of a correction.
#[derive(Clone, Debug)]
pub struct Corrected {
    pub version: i64,
    /// as the API shows them; the copies are kept
    pub conflicts: Vec<Json>,
}

/// Corrects a record; the earlier text stays in the history. `changes` is the body of `PATCH`: `on state title text fields` as they should be,
/// `children` or `lines` as all that the caller sees of them should be, `reason`. `seen` is the record as the caller's scope shows it: lines
/// beyond it stay untouched. Fields that nobody changed since version `base` are merged; of one that both changed the first stands and the
/// second is kept. The caller has asked the scope about children that are new.
pub fn correct(w: &mut Write, seen: &Record, base: i64, changes: &Map<String, Json>, today: Day) -> Result<Corrected> {
    let id = seen.id;
    let old = fetch_any(w.keys(), w.conn(), w.county(), id)?.ok_or(Fault::NotFound)?;
    let was = match conflicts::body_at(w.conn(), w.county(), "records", id, base, old.version)? {
        None => old.clone(),
        Some(body) => from_body(w.keys(), w.conn(), w.county(), &body)?.ok_or(Fault::NotFound)?,
    };
    let yours = yours(&was, seen, changes)?;
    let merged = conflicts::merge(&was.flat(), &old.flat(), &yours);
    let place = Place {
        table: "records",
        row: id,
        child: old.children().first().copied(),
    };
    let kept = conflicts::keep(w, place, &merged.clashes)?;
    let reason = changes
        .get("reason")
        .and_then(Json::as_str)
        .map(str::trim)
        .filter(|r| !r.is_empty());
    let version = if merged.take.is_empty() {
        old.version
    } else {
        write(w, &old, &merged.take, reason, today)?
    };
    Ok(Corrected {
        version,
        conflicts: kept,
    })
}

/// The caller's changes, each under the name that [`Record::flat`] gives it.
fn yours(was: &Record, seen: &Record, changes: &Map<String, Json>) -> Result<Map<String, Json>> {
    let mut out = Map::new();
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut fault = |field: &str, zh: String, en: String| {
        bad.push(FieldFault {
            field: field.into(),
            reason: say(zh, en),
        })
    };
    let line = |key: &str| was.lines.iter().find(|l| l.key() == key);
    let mut wanted: Option<HashSet<String>> = None;
    for (name, v) in changes {
        match (name.as_str(), v) {
            ("base_version" | "reason", _) => {}
            ("on" | "state" | "text", Json::String(_)) | ("title", Json::String(_) | Json::Null) => {
                out.insert(name.clone(), v.clone());
            }
            ("text", Json::Null) => {
                out.insert(name.clone(), "".into());
            }
            ("fields", Json::Object(o)) => out.extend(o.iter().map(|(n, v)| (format!("fields.{n}"), v.clone()))),
            ("children", Json::Array(all)) => {
                for (i, v) in all.iter().enumerate() {
                    match v.as_str().and_then(|s| s.parse::<Id>().ok()) {
                        Some(child) => {
                            let fresh = Line::of_child(child);
                            let stands = line(&fresh.key()).map_or_else(|| fresh.minimal(), Line::minimal);
                            wanted.get_or_insert_default().insert(fresh.key());
                            out.insert(fresh.key(), stands);
                        }
                        None => fault(&format!("children[{i}]"), "要 UUID".into(), "a UUID is needed".into()),
                    }
                }
                // the list of children says nothing about adults and things
                let others = was.lines.iter().filter(|l| l.child.is_none()).map(Line::key);
                wanted.get_or_insert_default().extend(others);
            }
            ("lines", Json::Array(all)) => {
                for (i, v) in all.iter().enumerate() {
                    let Some(o) = v.as_object() else {
                        fault(
                            &format!("lines[{i}]"),
                            "要一个对象".into(),
                            "an object is needed".into(),
                        );
                        continue;
                    };
                    let of_id = o.get("id").and_then(Json::as_str).and_then(|s| s.parse::<Id>().ok());
                    let of_id = of_id.and_then(|id| was.lines.iter().find(|l| l.id == id));
                    let mut whole = of_id.map_or_else(Map::new, |l| crate::read::object(l.minimal()));
                    let key = key_of(o).or_else(|| of_id.map(Line::key));
                    let Some(key) = key else {
                        fault(
                            &format!("lines[{i}].child"),
                            "一行要有孩子、大人或物品".into(),
                            "a line needs a child, an adult or an item".into(),
                        );
                        continue;
                    };
                    if let Some(l) = line(&key) {
                        whole = crate::read::object(l.minimal());
                    } else if of_id.is_some() {
                        // another child in the same line: whom it was about goes, what it says stays
                        ["child", "adult", "item"].iter().for_each(|n| {
                            whole.remove(*n);
                        });
                    }
                    for (n, v) in o.iter().filter(|(n, _)| *n != "id") {
                        match (whole.get_mut("fields"), n.as_str(), v) {
                            (Some(Json::Object(all)), "fields", Json::Object(more)) => {
                                all.extend(more.clone());
                                all.retain(|_, v| !v.is_null());
                            }
                            _ if v.is_null() => {
                                whole.remove(n);
                            }
                            _ => {
                                whole.insert(n.clone(), v.clone());
                            }
                        }
                    }
                    whole.entry("fields").or_insert_with(|| Map::new().into());
                    whole.entry("outcome").or_insert_with(|| "met".into());
                    wanted.get_or_insert_default().insert(key.clone());
                    out.insert(key, whole.into());
                }
            }
            ("on" | "state" | "text" | "title" | "fields" | "children" | "lines", _) => {
                fault(name, "类型不对".into(), "of the wrong type".into())
            }
            ("id" | "kind" | "school" | "class", _) => fault(
                name,
                "这一项不能改，记错了请删除再记".into(),
                "this cannot be changed; delete the record and write it again".into(),
            ),
            _ => fault(
                name,
                format!("没有 {name} 这个字段"),
                format!("there is no field {name}"),
            ),
        }
    }
    if let Some(wanted) = wanted {
        for l in &was.lines {
            // what the caller does not see is not the caller's to take away
            let shown = seen.lines.iter().any(|s| s.id == l.id);
            if shown && !wanted.contains(&l.key()) {
                out.insert(l.key(), Json::Null);
            }
        }
    }
    if bad.is_empty() {
        Ok(out)
    } else {
        Err(Fault::fields(bad))
    }
}
fn key_of(o: &Map<String, Json>) -> Option<String> {
    let word = |n: &str| o.get(n).and_then(Json::as_str).filter(|s| !s.is_empty());
    let one = |n: &str| word(n).map(|s| format!("lines.{n}:{s}"));
    one("child").or_else(|| one("adult")).or_else(|| one("item"))
}

/// Writes merged fields: the record is checked as it will stand, so that a correction obeys what a new record obeys.
fn write(w: &mut Write, old: &Record, take: &Map<String, Json>, reason: Option<&str>, today: Day) -> Result<i64> {
    let (id, county) = (old.id, w.county());
    let mut whole = Map::new();
    whole.insert("kind".into(), old.kind.id.into());
    let mut fields = old.fields.clone();
    let mut lines: Vec<(String, Json)> = old.lines.iter().map(|l| (l.key(), l.minimal())).collect();
    for name in ["on", "state", "text", "title"] {
        let stands = || old.flat().remove(name).unwrap_or_default();
        whole.insert(name.into(), take.get(name).cloned().unwrap_or_else(stands));
    }
    for (name, v) in take {
        if let Some(f) = name.strip_prefix("fields.") {
            fields.insert(f.to_owned(), v.clone());
        } else if name.starts_with("lines.") {
            lines.retain(|(k, _)| k != name || !v.is_null());
            match lines.iter_mut().find(|(k, _)| k == name) {
                Some((_, l)) => *l = v.clone(),
                None if !v.is_null() => lines.push((name.clone(), v.clone())),
                None => {}
            }
        }
    }
    fields.retain(|_, v| !v.is_null());
    whole.insert("fields".into(), Json::Object(fields));
    whole.insert("lines".into(), lines.iter().map(|(_, l)| l.clone()).collect());
    let declared = Declared::of(w.conn(), county, old.school, old.kind, today)?;
    let new = crate::parse_as(Some(declared), &whole, old.school, today, true)?;
    let children: Vec<Id> = new.lines.iter().filter_map(|l| l.child).collect();
    if new.on != old.on || children != old.children() {
        born(w, &children, new.on)?;
    }
    // whose key the words lie under changes with the children: a record key stays while a child is left
    let (stays, many) = match old.key_kind() {
        "county" => (children.is_empty(), false),
        "child" => (children == old.children(), false),
        _ => (!children.is_empty(), true),
    };
    let head = if stays {
        old.head(w.keys(), w.conn(), county)?.ok_or(Fault::NotFound)?
    } else {
        head_for(w, id, &children)?
    };
    let shared = if stays { many } else { children.len() > 1 };
    let key_kind = if stays {
        old.key_kind().to_owned()
    } else {
        head.code(children.len()).to_owned()
    };
    let (plain, secret) = split(&new.declared.head, &new.fields);
    let seal = |w: &Write, column: &str, text: &str| head.seal(w.keys(), county, "records", id, column, text);
    let text = (!new.text.is_empty()).then(|| seal(w, "text", &new.text));
    let sealed = (!secret.is_empty()).then(|| seal(w, "sealed", &Json::Object(secret).to_string()));
    let reason = reason.map(|r| seal(w, "reason", r));
    let version = w.update(
        &RECORDS,
        id,
        row!["on_day" => new.on, "state" => new.state.as_str(), "title" => new.title.as_deref(), "text" => text, "fields" => Json::Object(plain).to_string(),
            "sealed" => sealed, "child_count" => children.len(), "key_kind" => key_kind, "reason" => reason],
    )?;
    let mut ord = old.lines.iter().map(|l| l.ord).max().unwrap_or(-1);
    for l in old.lines.iter().filter(|l| !lines.iter().any(|(k, _)| *k == l.key())) {
        w.part_remove(&LINES, id, l.id)?;
    }
    for ((key, _), l) in lines.iter().zip(&new.lines) {
        let Some(stood) = old.lines.iter().find(|o| o.key() == *key) else {
            ord += 1;
            add_line(
                w,
                &new.named(id),
                ord,
                l,
                &head,
                if shared { 2 } else { children.len() },
            )?;
            continue;
        };
        let mut set: Vec<(&'static str, Value)> = Vec::new();
        if take.contains_key(key) || (!stays && stood.child.is_none() && stood.has_words()) {
            set.extend(line_columns(w, stood.id, &new.declared, l, &head)?);
        }
        if !stays {
            set.push(("record_key", wrapped(w, id, stood.child, &head, shared)?.into()));
        }
        if !set.is_empty() {
            w.part_update(&LINES, id, stood.id, set)?;
        }
    }
    Ok(version)
}

/// Takes over a kept copy of one field (see [`crate::conflicts::resolve`]).
fn take_over(w: &mut Write, id: Id, field: &str, value: &Json, today: Day) -> Result<()> {
    let old = fetch_any(w.keys(), w.conn(), w.county(), id)?.ok_or(Fault::NotFound)?;
    let take = [(field.to_owned(), value.clone())].into_iter().collect();
    write(w, &old, &take, None, today).map(|_| ())
}
fn label(field: &str) -> Say {
    let plain = match field {
        "text" => tx_base::t("写的话", "Words"),
        "on" => tx_base::t("日期", "Day"),
        "state" => tx_base::t("状态", "State"),
        "title" => tx_base::t("名称", "Title"),
        _ if field.starts_with("lines.") => tx_base::t("名单里的一行", "A line"),
        _ => {
            let id = field.trim_start_matches("fields.");
            let all = crate::all_kinds().iter().flat_map(|k| k.fields);
            return all
                .into_iter()
                .find(|f| f.id == id)
                .map_or_else(|| say(id, id), |f| f.name.into());
        }
    };
    plain.into()
}
/// How copies of records are taken over.
pub static MERGES: conflicts::Merges = conflicts::Merges {
    table: "records",
    apply: take_over,
    label,
    at: |w, _, body| Ok(from_body(w.keys(), w.conn(), w.county(), body)?.map(|r| r.flat())),
};

/// Puts a deleted record back as it was; the deletion and its reason stay in the history. `NotFound` when it is not deleted.
pub(crate) fn restore(w: &mut Write, id: Id) -> Result<()> {
    let sql = "select id from records where county_id = ?1 and id = ?2 and deleted_at is not null";
    w.conn().first(sql, params![w.county(), id])?.ok_or(Fault::NotFound)?;
    let none: Option<Vec<u8>> = None;
    w.update(
        &RECORDS,
        id,
        row!["deleted_at" => None::<tx_base::Time>, "reason" => none],
    )
    .map(|_| ())
}

/// Deletes a record with a reason: it counts nowhere any more, its text stays in the history.
pub fn remove(w: &mut Write, id: Id, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Fault::invalid("reason", "删除要写原因", "A deletion needs a reason"));
    }
    if reason.chars().count() > 500 {
        return Err(Fault::invalid("reason", "最多 500 个字", "at most 500 characters"));
    }
    let (now, county) = (w.now(), w.county());
    let old = fetch_any(w.keys(), w.conn(), county, id)?.ok_or(Fault::NotFound)?;
    let head = old.head(w.keys(), w.conn(), county)?;
    let reason = head.map(|h| h.seal(w.keys(), county, "records", id, "reason", reason));
    w.update(&RECORDS, id, row!["deleted_at" => now, "reason" => reason])
        .map(|_| ())
}

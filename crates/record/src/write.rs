//! Adding, correcting and removing records through the door.

use crate::new::{NewLine, NewRecord};
use crate::read::fetch_any;
use crate::seal::{Head, child_key, head_for, split};
use crate::tables::{LINES, RECORDS};
use serde_json::{Map, Value as Json};
use tx_base::{Fault, Id, Result, say};
use tx_store::{Value, Write, aad, row};

/// Adds a record with its lines. The children must be in the actor's scope: the caller has asked.
pub fn add(w: &mut Write, r: &NewRecord) -> Result<()> {
    let children: Vec<Id> = r.lines.iter().filter_map(|l| l.child).collect();
    let head = head_for(w, r.id, &children)?;
    let (county, actor, now) = (w.county(), w.act().actor.clone(), w.now());
    let (plain, secret) = split(r.kind.fields, &r.fields);
    let text = (!r.text.is_empty()).then(|| head.seal(w.keys(), county, r.id, "text", &r.text));
    let sealed =
        (!secret.is_empty()).then(|| head.seal(w.keys(), county, r.id, "sealed", &Json::Object(secret).to_string()));
    w.insert(
        &RECORDS,
        row!["id" => r.id, "school_id" => r.school, "class_id" => r.class, "kind" => r.kind.id, "on_day" => r.on, "state" => r.state.as_str(),
            "author" => actor.id, "author_name" => actor.name, "written_at" => now, "child_count" => children.len(),
            "key_kind" => head.code(children.len()), "title" => r.title.as_deref(), "text" => text, "fields" => Json::Object(plain).to_string(), "sealed" => sealed],
    )?;
    for (i, l) in r.lines.iter().enumerate() {
        add_line(w, r, i, l, &head, children.len())?;
    }
    Ok(())
}

fn add_line(w: &mut Write, r: &NewRecord, ord: usize, l: &NewLine, head: &Head, children: usize) -> Result<()> {
    let id = Id::fresh();
    let (plain, secret) = split(r.kind.line_fields, &l.fields);
    let (mut sealed, mut record_key) = (None, None);
    if let Some(child) = l.child {
        if !secret.is_empty() || children > 1 {
            let key = child_key(w, child)?;
            if !secret.is_empty() {
                sealed = Some(tx_seal::seal(
                    &key,
                    child.0.as_bytes(),
                    &aad("record_lines", id, "sealed"),
                    Json::Object(secret).to_string().as_bytes(),
                ));
            }
            if let (Head::Key(_, k), true) = (head, children > 1) {
                record_key = Some(tx_seal::wrap(
                    &key,
                    child.0.as_bytes(),
                    format!("record key {}", r.id).as_bytes(),
                    k,
                ));
            }
        }
    }
    let outcome = if l.outcome.is_empty() { "met" } else { &l.outcome };
    w.insert(
        &LINES,
        row!["id" => id, "record_id" => r.id, "ord" => ord, "child_id" => l.child, "adult_id" => l.adult, "item" => l.item.as_deref(), "role" => l.role.as_deref(),
            "outcome" => outcome, "quantity" => l.quantity, "fields" => Json::Object(plain).to_string(), "sealed" => sealed, "record_key" => record_key],
    )
}

/// Corrects a record: the earlier text stays in the history. `changes` has `text`, `on`, `state`, `title`, `fields` as they should be.
/// `Conflict` when somebody changed it since `base`.
pub fn correct(w: &mut Write, id: Id, base: i64, changes: &Map<String, Json>, today: tx_base::Day) -> Result<i64> {
    let old = fetch_any(w.keys(), w.conn(), w.county(), id)?.ok_or(Fault::NotFound)?;
    if old.version != base {
        let now = old.version;
        return Err(Fault::Conflict(say(
            format!("这条记录已经被改到第 {now} 版，请先看过再改"),
            format!("This record was changed meanwhile (version {now}); look at it first"),
        )));
    }
    // the whole is checked again as it will stand, so that a correction obeys what a new record obeys
    let mut whole = Map::new();
    whole.insert("kind".into(), old.kind.id.into());
    whole.insert("on".into(), old.on.to_string().into());
    whole.insert("state".into(), old.state.clone().into());
    whole.insert("text".into(), old.text.clone().unwrap_or_default().into());
    let mut fields = old.fields.clone();
    for (name, v) in changes {
        match (name.as_str(), v) {
            ("fields", Json::Object(o)) => fields.extend(o.clone()),
            _ => {
                whole.insert(name.clone(), v.clone());
            }
        }
    }
    fields.retain(|_, v| !v.is_null());
    whole.insert("fields".into(), Json::Object(fields));
    whole.insert("lines".into(), old.lines.iter().map(|l| l.minimal()).collect());
    whole.remove("base_version");
    let new = crate::parse(&whole, old.school, today)?;
    let head = old.head(w.keys(), w.conn(), w.county())?.ok_or(Fault::NotFound)?;
    let county = w.county();
    let (plain, secret) = split(new.kind.fields, &new.fields);
    let text = (!new.text.is_empty()).then(|| head.seal(w.keys(), county, id, "text", &new.text));
    let sealed =
        (!secret.is_empty()).then(|| head.seal(w.keys(), county, id, "sealed", &Json::Object(secret).to_string()));
    let mut set: Vec<(&'static str, Value)> = row!["on_day" => new.on, "state" => new.state.as_str(), "text" => text, "fields" => Json::Object(plain).to_string(), "sealed" => sealed];
    if changes.contains_key("title") {
        set.push(("title", new.title.into()));
    }
    w.update(&RECORDS, id, set)
}

/// Deletes a record with a reason: it counts nowhere any more, its text stays in the history.
pub fn remove(w: &mut Write, id: Id, reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Fault::invalid("reason", "删除要写原因", "A deletion needs a reason"));
    }
    let now = w.now();
    w.update(&RECORDS, id, row!["deleted_at" => now, "deleted_reason" => reason])
        .map(|_| ())
}

//! Renewing the keys (security.md §2): one transaction wraps everything under new keys, then every sealed value is sealed anew in small
//! transactions. A kill at any point loses nothing: the old keys open what is left, and the next run goes on where the last one stopped.

use crate::conn::Conn;
use crate::db::Db;
use crate::keys::{Keys, NOTICE, aad, generation};
use crate::params;
use crate::schema::{Cover, HISTORY, Table, Type};
use crate::value::{Row, Value};
use crate::write::{Act, ResealRow};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use tx_base::{Fault, Id, Result, say};
use tx_seal::Key;

/// Rows in one transaction.
const BATCH: usize = 200;
/// Passes over the store before giving up on one that keeps writing with the old keys.
const PASSES: usize = 20;

/// Whether a rotation was begun and not finished.
pub fn under_way(c: &Conn) -> Result<bool> {
    Ok(c.first("select value from meta where name = 'rotation'", &[])?
        .is_some())
}

/// Wraps all keys anew under `master`, with a new key for the fields and for each child; the old ones stay beside them until [`finish`] is done.
/// One transaction. `Conflict` while an earlier rotation is unfinished.
pub fn begin(db: &Db, act: Act, master: &Key) -> Result<()> {
    let master = master.clone();
    db.write(act, move |w| {
        let (conn, keys) = (w.conn(), w.keys());
        if under_way(conn)? {
            return Err(Fault::Conflict(say(
                "上一次换钥匙还没做完",
                "An earlier rotation is not finished",
            )));
        }
        let old = keys.fields();
        let fields = Key::fresh();
        let rows = conn.query(
            "select id, purpose, wrapped from data_keys where county_id = ?1 and purpose <> 'child' order by id",
            params![Id::NIL],
        )?;
        for r in &rows {
            let (id, what) = (r.id(0), format!("data key {}", r.text(1)));
            let key = keys.data_key(&r.text(1)).ok_or_else(|| Fault::broken(&what))?;
            let wrapped = tx_seal::wrap(&master, id.0.as_bytes(), what.as_bytes(), &key);
            conn.exec(
                "update data_keys set wrapped = ?3 where county_id = ?1 and id = ?2",
                params![Id::NIL, id, wrapped],
            )?;
        }
        let id = Id::fresh();
        let wrapped = tx_seal::wrap(&master, id.0.as_bytes(), b"data key fields", &fields);
        conn.exec(
            "insert into data_keys (county_id, id, purpose, wrapped) values (?1, ?2, 'fields', ?3)",
            params![Id::NIL, id, wrapped],
        )?;
        rewrap_children(conn, &old, &fields, true)?;
        step(conn)?;
        conn.exec("insert into meta (name, value) values ('rotation', '')", &[])?;
        w.note("key.rotate", "data_keys", None, None);
        Ok(())
    })
}

/// Wraps the children's keys under the new key. With `renew` each gets a new one beside the old; without, only those that a program which
/// had not yet noticed the change has wrapped under the old key.
fn rewrap_children(conn: &Conn, old: &Key, fields: &Key, renew: bool) -> Result<usize> {
    let mut n = 0;
    for r in conn.query("select county_id, id, wrapped from data_keys where purpose = 'child' and wrapped is not null order by county_id, id", &[])? {
        let (county, id, what) = (r.id(0), r.id(1), format!("child key {}", r.id(1)));
        let wrapped = r.bytes(2);
        if !renew && tx_seal::unwrap(&fields.alone(), what.as_bytes(), &wrapped).is_some() {
            continue;
        }
        let was = tx_seal::unwrap(old, what.as_bytes(), &wrapped).ok_or_else(|| Fault::broken(format!("{what} does not open")))?;
        let again = tx_seal::wrap(fields, id.0.as_bytes(), what.as_bytes(), &was);
        let (now, previous) = if renew {
            (tx_seal::wrap(fields, id.0.as_bytes(), what.as_bytes(), &Key::fresh()), Some(again))
        } else {
            (again, None)
        };
        let sql = "update data_keys set wrapped = ?3, previous = coalesce(?4, previous) where county_id = ?1 and id = ?2";
        conn.exec(sql, params![county, id, now, previous])?;
        n += 1;
    }
    Ok(n)
}
fn step(conn: &Conn) -> Result<()> {
    let next = generation(conn)? + 1;
    let sql =
        "insert into meta (name, value) values ('keys', ?1) on conflict (name) do update set value = excluded.value";
    conn.exec(sql, params![next.to_string()]).map(|_| ())
}

/// Seals everything anew that the old keys still hold, then forgets the old keys. `progress` hears the table and how many rows were done in it.
/// `pause` is asked between transactions and ends the run when it says so (tests). Gives the number of rows sealed anew.
pub fn finish(
    db: &Db,
    act: &Act,
    mut progress: impl FnMut(&str, usize),
    mut pause: impl FnMut() -> bool,
) -> Result<usize> {
    let mut all = 0;
    for _ in 0..PASSES {
        // a server beside us looks for new keys this often: by then it seals with them
        std::thread::sleep(NOTICE * 3);
        let mut pass = db.transact({
            let db = db.clone();
            move |c| {
                let keys = db.keys();
                keys.follow_now(c)?;
                let fields = keys.fields();
                fields
                    .elder()
                    .map_or(Ok(0), |old| rewrap_children(c, &old, &fields, false))
            }
        })?;
        let counties: Vec<Id> = db.read(|c| {
            Ok(c.query("select county_id from audit_heads order by county_id", &[])?
                .iter()
                .map(|r| r.id(0))
                .collect())
        })?;
        for table in db.tables().iter().copied().filter(|t| sealed_columns(t).is_some()) {
            let mut done = 0;
            for &county in &counties {
                let mut after = Id::NIL;
                while let Some((last, n)) = batch(db, act, county, table, after)? {
                    after = last;
                    done += n;
                    if n > 0 {
                        progress(table.name, done);
                    }
                    if pause() {
                        return Ok(all + pass + done);
                    }
                }
            }
            pass += done;
        }
        all += pass;
        if pass == 0 {
            db.write(act.clone().named("key.rotated"), |w| {
                let conn = w.conn();
                let rows = conn.query(
                    "select id from data_keys where county_id = ?1 and purpose = 'fields' order by id desc",
                    params![Id::NIL],
                )?;
                for r in rows.iter().skip(1) {
                    conn.exec(
                        "delete from data_keys where county_id = ?1 and id = ?2",
                        params![Id::NIL, r.id(0)],
                    )?;
                }
                conn.exec("update data_keys set previous = null where previous is not null", &[])?;
                conn.exec("delete from meta where name = 'rotation'", &[])?;
                step(conn)?;
                w.note("key.rotated", "data_keys", None, None);
                Ok(())
            })?;
            db.read(|c| db.keys().follow_now(c))?;
            return Ok(all);
        }
    }
    Err(Fault::Conflict(say(
        "换钥匙没有做完：一直有程序在用旧钥匙写；请停下服务再运行一次",
        "The rotation did not end: a program keeps writing with the old keys; stop the server and run it again",
    )))
}

/// The columns that may hold sealed values; `None` for the tables of keys, chains and hashes.
fn sealed_columns(t: &Table) -> Option<Vec<usize>> {
    if matches!(t.name, "data_keys" | "audit_entries" | "audit_heads" | "idempotency")
        || t.key.len() != 2
        || t.key[0] != "county_id"
    {
        return None;
    }
    let at: Vec<usize> = (0..t.columns.len())
        .filter(|i| t.columns[*i].ty == Type::Bytes)
        .collect();
    (!at.is_empty() || t.name == HISTORY.name).then_some(at)
}

/// Seals the next rows of a county's table anew: the last id seen and how many rows changed; `None` at the end.
fn batch(db: &Db, act: &Act, county: Id, table: &'static Table, after: Id) -> Result<Option<(Id, usize)>> {
    let mut act = act.clone().named("key.reseal");
    act.county = county;
    let tables = db.tables();
    db.write(act, move |w| {
        let (conn, key) = (w.conn(), table.key[1]);
        // what is read here is written again: nobody may change it in between
        let tail = if conn.is_pg() { " for update" } else { "" };
        let sql = format!(
            "select {} from {} where county_id = ?1 and {key} > ?2 order by {key} limit {BATCH}{tail}",
            table.list(),
            table.name
        );
        let rows = conn.query(&sql, params![county, after])?;
        let at = |name: &str| table.columns.iter().position(|c| c.name == name);
        let key_at = at(key).ok_or_else(|| Fault::broken("a table without its key"))?;
        let Some(last) = rows.last().map(|r| r.id(key_at)) else {
            return Ok(None);
        };
        let mut n = 0;
        for r in &rows {
            let id = r.id(key_at);
            let whole = match table.cover {
                Cover::PartOf(_, name) => at(name).and_then(|i| r.opt_id(i)),
                _ => None,
            };
            let changes = changes(conn, w.keys(), tables, county, table, id, whole, r)?;
            if !changes.is_empty() {
                w.reseal(table, &ResealRow { id, whole, changes })?;
                n += 1;
            }
        }
        Ok(Some((last, n)))
    })
}

#[allow(clippy::too_many_arguments)]
fn changes(
    conn: &Conn,
    keys: &Keys,
    tables: &[&'static Table],
    county: Id,
    table: &'static Table,
    id: Id,
    whole: Option<Id>,
    r: &Row,
) -> Result<Vec<(&'static str, Value)>> {
    let mut out = Vec::new();
    for at in sealed_columns(table).unwrap_or_default() {
        let name = table.columns[at].name;
        if let Some(old) = r.opt_bytes(at)
            && let Some(new) = again(conn, keys, county, table.name, id, whole, name, &old)?
        {
            out.push((name, Value::Bytes(new)));
        }
    }
    if table.name == HISTORY.name
        && let (Some(tbl), Some(row), Some(body)) = (
            position(table, "tbl"),
            position(table, "row_id"),
            position(table, "body"),
        )
    {
        let (name, row, mut json) = (r.text(tbl), r.id(row), r.json(body));
        let mut changed = bytes_again(conn, keys, county, &name, row, None, &mut json)?;
        for part in tables
            .iter()
            .filter(|t| matches!(t.cover, Cover::PartOf(p, _) if p == name))
        {
            for line in json[part.name].as_array_mut().into_iter().flatten() {
                if let Some(line_id) = line["id"].as_str().and_then(|s| s.parse().ok()) {
                    changed |= bytes_again(conn, keys, county, part.name, line_id, Some(row), line)?;
                }
            }
        }
        if changed {
            out.push(("body", Value::Text(json.to_string())));
        }
    }
    Ok(out)
}
fn position(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|c| c.name == name)
}
/// The sealed values of an earlier version, `{"b":"…"}`.
fn bytes_again(
    conn: &Conn,
    keys: &Keys,
    county: Id,
    table: &str,
    id: Id,
    whole: Option<Id>,
    row: &mut Json,
) -> Result<bool> {
    let mut changed = false;
    for (name, v) in row.as_object_mut().into_iter().flatten() {
        if let Some(old) = v["b"].as_str().and_then(|b| STANDARD.decode(b).ok())
            && let Some(new) = again(conn, keys, county, table, id, whole, name, &old)?
        {
            *v = serde_json::json!({"b": STANDARD.encode(new)});
            changed = true;
        }
    }
    Ok(changed)
}

/// A value under the new key; `None` when it is there already, is no envelope, or its key is gone or no key of ours (a record's own key).
#[allow(clippy::too_many_arguments)]
fn again(
    conn: &Conn,
    keys: &Keys,
    county: Id,
    table: &str,
    id: Id,
    whole: Option<Id>,
    column: &str,
    old: &[u8],
) -> Result<Option<Vec<u8>>> {
    let Some(head) = tx_seal::key_id(old) else {
        return Ok(None);
    };
    let owner = Id(uuid::Uuid::from_bytes(head));
    let key = if head == *county.0.as_bytes() {
        keys.fields().derive(county.0.as_bytes())
    } else {
        match keys.child(conn, county, owner)? {
            Some(k) => k,
            None => return Ok(None),
        }
    };
    let mut places = vec![aad(table, id, column)];
    places.extend(whole.map(|w| format!("record key {w}").into_bytes()));
    for place in &places {
        if tx_seal::open(&key.alone(), place, old).is_some() {
            return Ok(None);
        }
    }
    let Some(elder) = key.elder() else { return Ok(None) };
    for place in &places {
        if let Some(plain) = tx_seal::open(&elder, place, old) {
            return Ok(Some(tx_seal::seal(&key, &head, place, &plain)));
        }
    }
    Err(Fault::broken(format!("{table} {id} {column} opens under no key")))
}

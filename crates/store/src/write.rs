//! The one door for writes. In this order: idempotency key, rows, history, audit entries, the answer kept: one transaction.

use crate::audit::{Entry, Head};
use crate::conn::Conn;
use crate::keys::Keys;
use crate::params;
use crate::schema::{Cover, HISTORY, Table, Type};
use crate::value::Value;
use base64::Engine;
use std::sync::Arc;
use tx_base::{Fault, Id, Result, Time, say};

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// account; none for the console and the program itself
    pub id: Option<Id>,
    /// `console:root`, `system`, or the account's name
    pub name: String,
}

/// What is about to happen, by whom, in which county's chain.
#[derive(Clone, Debug)]
pub struct Act {
    pub county: Id,
    pub actor: Actor,
    /// network address or `console`
    pub address: String,
    /// such as `record.add`
    pub action: String,
    /// why, where a person must say it (correction, deletion)
    pub reason: Option<String>,
}

impl Act {
    /// An act of the program or the console.
    pub fn console(county: Id, name: &str, action: &str) -> Act {
        Act {
            county,
            actor: Actor {
                id: None,
                name: name.into(),
            },
            address: "console".into(),
            action: action.into(),
            reason: None,
        }
    }
    #[must_use]
    pub fn because(mut self, reason: Option<String>) -> Act {
        self.reason = reason;
        self
    }
    #[must_use]
    pub fn named(mut self, action: &str) -> Act {
        self.action = action.into();
        self
    }
}

/// A request that may come again: scope is account + method + path.
#[derive(Clone, Debug)]
pub struct Once {
    pub account: Id,
    /// `POST /api/v1/records`
    pub route: String,
    pub key: String,
    pub body_hash: [u8; 32],
}

/// The answer of a write that may have been given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: u16,
    pub answer: Vec<u8>,
    pub replayed: bool,
}

/// A row of which some values were sealed anew.
pub(crate) struct ResealRow {
    pub id: Id,
    /// of a part: the row it belongs to
    pub whole: Option<Id>,
    pub changes: Vec<(&'static str, Value)>,
}

struct Touched {
    table: &'static Table,
    id: Id,
    version: i64,
    /// parent bytes and parts by id while all of it was made here; `None` = read it back
    fresh: Option<(Vec<u8>, Vec<(Id, Vec<u8>)>)>,
}

/// A transaction that changes something. It cannot be committed without its audit entries, because [`crate::Db`] writes them before the commit.
pub struct Write<'w, 'c> {
    conn: &'w Conn<'c>,
    keys: Arc<Keys>,
    tables: &'static [&'static Table],
    act: Act,
    now: Time,
    touched: Vec<Touched>,
    notes: Vec<(String, String, Option<Id>, Option<String>)>,
}

impl<'w, 'c> Write<'w, 'c> {
    pub(crate) fn new(
        conn: &'w Conn<'c>,
        keys: Arc<Keys>,
        tables: &'static [&'static Table],
        act: Act,
        now: Time,
    ) -> Write<'w, 'c> {
        Write {
            conn,
            keys,
            tables,
            act,
            now,
            touched: Vec::new(),
            notes: Vec::new(),
        }
    }
    pub fn conn(&self) -> &'w Conn<'c> {
        self.conn
    }
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
    pub fn act(&self) -> &Act {
        &self.act
    }
    pub fn county(&self) -> Id {
        self.act.county
    }
    /// All tables of the store.
    pub fn tables(&self) -> &'static [&'static Table] {
        self.tables
    }
    pub fn now(&self) -> Time {
        self.now
    }

    /// Inserts a row; `county_id` and `version` are filled in. Columns left out are null. On PostgreSQL a row that is there already may be told of
    /// only by the next read or at the end of the transaction; it fails either way.
    pub fn insert(&mut self, table: &'static Table, row: Vec<(&'static str, Value)>) -> Result<()> {
        let mut vals = self.ordered(table, row)?;
        let id = match vals.get(1) {
            Some(Value::Id(id)) => *id,
            _ => Id::NIL,
        };
        if let Some(at) = table.columns.iter().position(|c| c.name == "version")
            && vals[at] == Value::Null
        {
            vals[at] = Value::Int(1);
        }
        let content = match table.cover {
            Cover::Outside => return self.conn.insert(table, vals),
            Cover::Rows | Cover::Stream | Cover::PartOf(..) => table.canon(&vals),
        };
        let whole = match table.cover {
            Cover::PartOf(parent, key) => {
                let at = table
                    .columns
                    .iter()
                    .position(|c| c.name == key)
                    .expect("the parent's column");
                let Value::Id(whole) = vals[at] else {
                    return Err(Fault::broken("a part without its whole"));
                };
                let found = self
                    .touched
                    .iter()
                    .rposition(|t| t.id == whole && t.table.name == parent);
                Some(found.ok_or_else(|| Fault::broken(format!("{}: change the {parent} first", table.name)))?)
            }
            _ => None,
        };
        self.conn.insert(table, vals)?;
        self.unsettles(whole.map_or(table, |at| self.touched[at].table));
        match whole {
            Some(at) => {
                if let Some((_, parts)) = &mut self.touched[at].fresh {
                    parts.push((id, content));
                }
            }
            None => self.touched.push(Touched {
                table,
                id,
                version: 1,
                fresh: Some((content, Vec::new())),
            }),
        }
        Ok(())
    }

    /// Changes columns of a covered row: the earlier row goes to the history, the version counts up. Gives the new version.
    /// `NotFound` when there is no such row.
    pub fn update(&mut self, table: &'static Table, id: Id, changes: Vec<(&'static str, Value)>) -> Result<i64> {
        assert!(table.covered(), "{} is no covered table", table.name);
        let county = self.act.county;
        let sql = format!(
            "select {} from {} where county_id = ?1 and id = ?2",
            table.list(),
            table.name
        );
        let old = self.conn.first(&sql, params![county, id])?.ok_or(Fault::NotFound)?;
        let at = table
            .columns
            .iter()
            .position(|c| c.name == "version")
            .expect("covered tables have a version");
        let version = old.int(at);
        // the first version of a row made in this same transaction is nobody's earlier text
        if !self
            .touched
            .iter()
            .any(|t| t.id == id && t.table.name == table.name && t.version == version && t.fresh.is_some())
        {
            let body = self.snapshot(table, id, &old.0)?;
            let (at, actor, name, entry) = (self.now, self.act.actor.id, self.act.actor.name.clone(), Id::fresh());
            let why = self.act.reason.as_deref();
            let why = why.map(|r| self.keys.seal_county(county, HISTORY.name, entry, "why", r));
            self.insert(
                &HISTORY,
                crate::row!["id" => entry, "tbl" => table.name, "row_id" => id, "row_version" => version, "at" => at,
                    "actor" => actor, "actor_name" => name, "why" => why, "body" => body.to_string()],
            )?;
        }
        let mut sets = vec!["version = ?3".to_owned()];
        let mut vals = vec![Value::Id(county), Value::Id(id), Value::Int(version + 1)];
        for (name, v) in changes {
            assert!(table.column(name).is_some(), "{}.{name}", table.name);
            vals.push(v);
            sets.push(format!("{name} = ?{}", vals.len()));
        }
        self.conn.exec(
            &format!(
                "update {} set {} where county_id = ?1 and id = ?2",
                table.name,
                sets.join(", ")
            ),
            &vals,
        )?;
        self.unsettles(table);
        match self
            .touched
            .iter_mut()
            .find(|t| t.id == id && t.table.name == table.name)
        {
            Some(t) => {
                t.version = version + 1;
                t.fresh = None;
            }
            None => self.touched.push(Touched {
                table,
                id,
                version: version + 1,
                fresh: None,
            }),
        }
        Ok(version + 1)
    }

    /// What is kept in memory does not fit this transaction any more.
    fn unsettles(&self, table: &Table) {
        self.conn.changes(!matches!(table.cover, Cover::Stream));
    }

    /// Changes a part of a row; the whole must have been changed before in this transaction.
    pub fn part_update(
        &mut self,
        table: &'static Table,
        whole: Id,
        id: Id,
        changes: Vec<(&'static str, Value)>,
    ) -> Result<()> {
        self.part_of(table, whole)?;
        let mut vals = vec![Value::Id(self.act.county), Value::Id(id)];
        let mut sets = Vec::new();
        for (name, v) in changes {
            vals.push(v);
            sets.push(format!("{name} = ?{}", vals.len()));
        }
        let n = self.conn.exec(
            &format!(
                "update {} set {} where county_id = ?1 and id = ?2",
                table.name,
                sets.join(", ")
            ),
            &vals,
        )?;
        if n == 1 { Ok(()) } else { Err(Fault::NotFound) }
    }
    /// Takes a part away; its text stays in the history of the whole.
    pub fn part_remove(&mut self, table: &'static Table, whole: Id, id: Id) -> Result<()> {
        self.part_of(table, whole)?;
        let n = self.conn.exec(
            &format!("delete from {} where county_id = ?1 and id = ?2", table.name),
            params![self.act.county, id],
        )?;
        if n == 1 { Ok(()) } else { Err(Fault::NotFound) }
    }
    fn part_of(&mut self, table: &'static Table, whole: Id) -> Result<()> {
        let Cover::PartOf(parent, _) = table.cover else {
            panic!("{} is no part", table.name)
        };
        match self
            .touched
            .iter_mut()
            .find(|t| t.id == whole && t.table.name == parent)
        {
            Some(t) => {
                t.fresh = None;
                Ok(())
            }
            None => Err(Fault::broken(format!("{}: change the {parent} first", table.name))),
        }
    }

    /// Puts newly sealed values into a row: its content is the same, so neither version nor history moves, but the chain gets the new digest.
    pub(crate) fn reseal(&mut self, table: &'static Table, row: &ResealRow) -> Result<()> {
        let key = table.key[1];
        let mut vals = vec![Value::Id(self.act.county), Value::Id(row.id)];
        let mut sets = Vec::new();
        for (name, v) in &row.changes {
            vals.push(v.clone());
            sets.push(format!("{name} = ?{}", vals.len()));
        }
        let sql = format!(
            "update {} set {} where county_id = ?1 and {key} = ?2",
            table.name,
            sets.join(", ")
        );
        self.conn.exec(&sql, &vals)?;
        let (whole, id) = match (table.cover, row.whole) {
            (Cover::Outside, _) => return Ok(()),
            (Cover::Rows | Cover::Stream, _) => (table, row.id),
            (Cover::PartOf(parent, _), Some(id)) => {
                let found = self.tables.iter().copied().find(|t| t.name == parent);
                (found.ok_or_else(|| Fault::broken("a part without its whole"))?, id)
            }
            (Cover::PartOf(..), None) => return Err(Fault::broken("a part without its whole")),
        };
        if self.touched.iter().any(|t| t.id == id && t.table.name == whole.name) {
            return Ok(());
        }
        let sql = format!("select version from {} where county_id = ?1 and id = ?2", whole.name);
        let version = self.conn.count(&sql, params![self.act.county, id])?;
        self.unsettles(whole);
        self.touched.push(Touched {
            table: whole,
            id,
            version,
            fresh: None,
        });
        Ok(())
    }

    /// Sets a row of a table outside the chain (sessions, throttles), by its key.
    pub fn put(&mut self, table: &'static Table, row: Vec<(&'static str, Value)>) -> Result<()> {
        assert!(matches!(table.cover, Cover::Outside), "{} is covered", table.name);
        let vals = self.ordered(table, row)?;
        let marks: Vec<String> = (1..=vals.len()).map(|i| format!("?{i}")).collect();
        let sets: Vec<String> = table
            .columns
            .iter()
            .filter(|c| !table.key.contains(&c.name))
            .map(|c| format!("{0} = excluded.{0}", c.name))
            .collect();
        let then = if sets.is_empty() {
            "nothing".into()
        } else {
            format!("update set {}", sets.join(", "))
        };
        let sql = format!(
            "insert into {} ({}) values ({}) on conflict ({}) do {then}",
            table.name,
            table.list(),
            marks.join(", "),
            table.key.join(", ")
        );
        self.conn.exec(&sql, &vals).map(|_| ())
    }
    /// Removes rows of a table outside the chain. `filter` is SQL with `?1` …
    pub fn drop_rows(&mut self, table: &'static Table, filter: &str, vals: &[Value]) -> Result<u64> {
        assert!(matches!(table.cover, Cover::Outside), "{} is covered", table.name);
        self.conn
            .exec(&format!("delete from {} where {filter}", table.name), vals)
    }
    /// An entry for an act that changes no row: a login, a refusal, a reading of sensitive fields, an export. No personal text in `detail`.
    pub fn note(&mut self, action: &str, table: &str, id: Option<Id>, detail: Option<String>) {
        self.notes.push((action.into(), table.into(), id, detail));
    }
    /// Makes the key of a new child.
    pub fn new_child_key(&self, child: Id) -> Result<()> {
        self.keys.new_child(self.conn, self.act.county, child).map(|_| ())
    }

    fn ordered(&self, table: &'static Table, row: Vec<(&'static str, Value)>) -> Result<Vec<Value>> {
        let mut vals = vec![Value::Null; table.columns.len()];
        if table.columns[0].name == "county_id" {
            vals[0] = Value::Id(self.act.county);
        }
        for (name, v) in row {
            let at = table
                .columns
                .iter()
                .position(|c| c.name == name)
                .unwrap_or_else(|| panic!("{}.{name} is not declared", table.name));
            vals[at] = v;
        }
        Ok(vals)
    }

    /// The row with its parts as JSON; bytes as `{"b":"…"}`.
    fn snapshot(&self, table: &Table, id: Id, vals: &[Value]) -> Result<serde_json::Value> {
        let mut body = to_json(table, vals);
        for part in parts_of(self.tables, table) {
            let Cover::PartOf(_, key) = part.cover else { continue };
            let sql = format!(
                "select {} from {} where county_id = ?1 and {key} = ?2 order by id",
                part.list(),
                part.name
            );
            let rows = self.conn.query(&sql, params![self.act.county, id])?;
            body[part.name] = rows.iter().map(|r| to_json(part, &r.0)).collect();
        }
        Ok(body)
    }

    /// Writes the audit entries of everything that happened. Called by the store before the commit.
    pub(crate) fn finish(mut self) -> Result<()> {
        if self.touched.is_empty() && self.notes.is_empty() {
            return Ok(());
        }
        let county = self.act.county;
        let mut head = match Head::read(self.conn, county, true)? {
            Some((head, _)) => head,
            None => {
                let head = Head::empty(county);
                self.conn.exec(
                    "insert into audit_heads (county_id, size, hash, at, mac) values (?1, ?2, ?3, ?4, ?5)",
                    params![county, 0i64, head.hash.as_slice(), head.at, head.mac(&self.keys.audit)],
                )?;
                head
            }
        };
        let touched = std::mem::take(&mut self.touched);
        let settled = touched.iter().any(|t| !matches!(t.table.cover, Cover::Stream));
        for t in touched {
            let mac = match t.fresh {
                Some((parent, mut parts)) => {
                    parts.sort_by_key(|(id, _)| *id);
                    let bodies: Vec<&[u8]> = parts.iter().map(|(_, b)| b.as_slice()).collect();
                    row_mac(&self.keys, t.table, &parent, &tx_seal::digest(&bodies))
                }
                None => stored_mac(self.conn, &self.keys, self.tables, t.table, county, t.id)?,
            };
            self.entry(&self.act.action, t.table.name, Some(t.id), t.version, Some(&mac), None)
                .append(self.conn, &self.keys.audit, &mut head)?;
        }
        for (action, tbl, id, detail) in &self.notes {
            self.entry(action, tbl, *id, 0, None, detail.as_deref())
                .append(self.conn, &self.keys.audit, &mut head)?;
        }
        if settled {
            head.settled = head.size;
        }
        self.conn.exec(
            "update audit_heads set size = ?2, hash = ?3, at = ?4, mac = ?5, settled = ?6 where county_id = ?1",
            params![
                county,
                head.size,
                head.hash.as_slice(),
                head.at,
                head.mac(&self.keys.audit),
                head.settled
            ],
        )?;
        Ok(())
    }
    fn entry<'e>(
        &'e self,
        action: &'e str,
        tbl: &'e str,
        row_id: Option<Id>,
        row_version: i64,
        row_mac: Option<&'e [u8]>,
        detail: Option<&'e str>,
    ) -> Entry<'e> {
        Entry {
            at: self.now,
            actor: self.act.actor.id,
            actor_name: &self.act.actor.name,
            address: &self.act.address,
            action,
            tbl,
            row_id,
            row_version,
            row_mac,
            detail,
        }
    }

    /// Looks an idempotency key up; the kept answer when this very request was answered before.
    pub(crate) fn replay(&self, once: &Once) -> Result<Option<Outcome>> {
        let hash = once.hash();
        let sql = "select body_hash, status, answer from idempotency where county_id = ?1 and key_hash = ?2";
        let Some(r) = self.conn.first(sql, params![self.act.county, hash])? else {
            return Ok(None);
        };
        if r.bytes(0) != once.body_hash {
            return Err(Fault::invalid(
                "Idempotency-Key",
                "这个键已用在别的内容上",
                "This key was used with other content",
            ));
        }
        let answer = self
            .keys
            .open_answer(&hash, &r.bytes(2))
            .ok_or_else(|| Fault::broken("a kept answer does not open"))?;
        Ok(Some(Outcome {
            status: r.int(1) as u16,
            answer,
            replayed: true,
        }))
    }
    pub(crate) fn keep(&mut self, once: &Once, status: u16, answer: &[u8]) -> Result<()> {
        let hash = once.hash();
        let sealed = self.keys.seal_answer(&hash, answer);
        self.conn
            .exec(
                "insert into idempotency (county_id, key_hash, body_hash, status, answer, at) values (?1, ?2, ?3, ?4, ?5, ?6)",
                params![self.act.county, hash, once.body_hash, i64::from(status), sealed, self.now],
            )
            .map(|_| ())
            .map_err(|e| if matches!(e, Fault::Conflict(_)) { Fault::Running } else { e })
    }
}

impl Once {
    fn hash(&self) -> [u8; 32] {
        tx_seal::digest(&[self.account.0.as_bytes(), self.route.as_bytes(), self.key.as_bytes()])
    }
    /// 16–64 visible ASCII characters (interfaces.md).
    pub fn check_key(key: &str) -> Result<()> {
        if (16..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
            return Ok(());
        }
        let s = say(
            "要 16 到 64 个可见的 ASCII 字符",
            "16 to 64 visible ASCII characters are needed",
        );
        Err(Fault::Invalid(
            s.clone(),
            vec![tx_base::FieldFault {
                field: "Idempotency-Key".into(),
                reason: s,
            }],
        ))
    }
}

pub(crate) fn parts_of<'t>(
    tables: &'t [&'static Table],
    whole: &'t Table,
) -> impl Iterator<Item = &'static Table> + 't {
    tables
        .iter()
        .copied()
        .filter(move |t| matches!(t.cover, Cover::PartOf(p, _) if p == whole.name))
}

pub(crate) fn row_mac(keys: &Keys, table: &Table, parent: &[u8], parts: &[u8; 32]) -> [u8; 32] {
    tx_seal::mac(&keys.audit, &[b"row", table.name.as_bytes(), parent, parts])
}

/// The digest of a row as it stands in the database, with its parts in the order of their ids.
pub(crate) fn stored_mac(
    conn: &Conn,
    keys: &Keys,
    tables: &[&'static Table],
    table: &Table,
    county: Id,
    id: Id,
) -> Result<[u8; 32]> {
    let sql = format!(
        "select {} from {} where county_id = ?1 and id = ?2",
        table.list(),
        table.name
    );
    let row = conn.first(&sql, params![county, id])?.ok_or(Fault::NotFound)?;
    let mut bodies = Vec::new();
    for part in parts_of(tables, table) {
        let Cover::PartOf(_, key) = part.cover else { continue };
        let sql = format!(
            "select {} from {} where county_id = ?1 and {key} = ?2 order by id",
            part.list(),
            part.name
        );
        bodies.extend(conn.query(&sql, params![county, id])?.iter().map(|r| part.canon(&r.0)));
    }
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    Ok(row_mac(keys, table, &table.canon(&row.0), &tx_seal::digest(&bodies)))
}

fn to_json(table: &Table, vals: &[Value]) -> serde_json::Value {
    let mut out = serde_json::Map::new();
    for (c, v) in table.columns.iter().zip(vals) {
        let j = match v {
            Value::Null => continue,
            Value::Int(n) => (*n).into(),
            Value::Real(r) => (*r).into(),
            Value::Bool(b) => (*b).into(),
            Value::Text(t) => t.clone().into(),
            Value::Id(id) => id.to_string().into(),
            Value::Bytes(b) if c.ty == Type::Id => uuid::Uuid::from_slice(b).unwrap_or_default().to_string().into(),
            Value::Bytes(b) => serde_json::json!({"b": base64::engine::general_purpose::STANDARD.encode(b)}),
        };
        out.insert(c.name.into(), j);
    }
    out.into()
}

//! What belonged to one child becomes another's: two files turn out to be one child, or one file two (features B11). Everything that was
//! sealed under the one key is sealed under the other; earlier versions stay as they were and open with the key of their time.

use crate::seal::child_key;
use crate::tables::{LINES, RECORDS};
use std::collections::HashMap;
use tx_base::{Fault, Id, Result};
use tx_seal::Key;
use tx_store::{Conn, Table, Type, Value, Write, aad, params, places, row};

/// Both keys of a hand-over from one child to another.
pub struct Hand {
    pub from: Id,
    pub to: Id,
    old: Key,
    new: Key,
}

impl Hand {
    /// `NotFound` when one of the two keys is gone (erasure).
    pub fn over(w: &Write, from: Id, to: Id) -> Result<Hand> {
        Ok(Hand {
            from,
            to,
            old: child_key(w, from)?,
            new: child_key(w, to)?,
        })
    }
    /// A value sealed under the one key for this place, sealed under the other; what lies under another key stays as it is.
    fn again(&self, place: &[u8], sealed: Vec<u8>) -> Result<Vec<u8>> {
        if tx_seal::key_id(&sealed) != Some(*self.from.0.as_bytes()) {
            return Ok(sealed);
        }
        let plain = tx_seal::open(&self.old, place, &sealed)
            .ok_or_else(|| Fault::broken("a value does not open under its child's key"))?;
        Ok(tx_seal::seal(&self.new, self.to.0.as_bytes(), place, &plain))
    }
    fn column(&self, table: &str, row: Id, column: &str, sealed: Option<Vec<u8>>) -> Result<Value> {
        let again = sealed.map(|b| self.again(&aad(table, row, column), b)).transpose()?;
        Ok(again.into())
    }

    /// Hands over a row of a covered table with a `child_id`; its earlier version goes to the history.
    pub fn carry(&self, w: &mut Write, table: &'static Table, id: Id) -> Result<()> {
        let sealed: Vec<&'static str> = table
            .columns
            .iter()
            .filter(|c| c.ty == Type::Bytes)
            .map(|c| c.name)
            .collect();
        let mut sets = row!["child_id" => self.to];
        if !sealed.is_empty() {
            let sql = format!(
                "select {} from {} where county_id = ?1 and id = ?2",
                sealed.join(", "),
                table.name
            );
            let r = w.conn().first(&sql, params![w.county(), id])?.ok_or(Fault::NotFound)?;
            for (i, name) in sealed.into_iter().enumerate() {
                sets.push((name, self.column(table.name, id, name, r.opt_bytes(i))?));
            }
        }
        w.update(table, id, sets).map(|_| ())
    }

    /// Hands over the child's lines, all of them or those named, and gives those that it moved. A record in which the other child stands
    /// too is left as it is: it would name the same child twice.
    pub fn lines(&self, w: &mut Write, only: Option<&[Id]>) -> Result<Vec<Id>> {
        let county = w.county();
        let sql = "select r.id, l.id, r.key_kind, r.text, r.sealed, r.reason, r.deleted_at from record_lines l \
            join records r on r.county_id = l.county_id and r.id = l.record_id where l.county_id = ?1 and l.child_id = ?2 \
            and not exists (select 1 from record_lines o where o.county_id = l.county_id and o.record_id = l.record_id and o.child_id = ?3) \
            order by r.on_day, r.id, l.id";
        let mut moved = Vec::new();
        for r in w.conn().query(sql, params![county, self.from, self.to])? {
            let (record, line) = (r.id(0), r.id(1));
            if only.is_some_and(|o| !o.contains(&line)) {
                continue;
            }
            // the header of a record about one child lies under that child's key; a record key stays as it is
            let head = |name: &str, at: usize| self.column("records", record, name, r.opt_bytes(at));
            let mut sets = row!["text" => head("text", 3)?, "sealed" => head("sealed", 4)?];
            // the reason told why the last version was made; of what is deleted, why it is
            sets.push(("reason", if r.is_null(6) { Value::Null } else { head("reason", 5)? }));
            w.update(&RECORDS, record, sets)?;
            let sql = "select id, child_id, sealed, record_key from record_lines where county_id = ?1 and record_id = ?2 order by id";
            for l in w.conn().query(sql, params![county, record])? {
                let id = l.id(0);
                let words = self.column("record_lines", id, "sealed", l.opt_bytes(2))?;
                if id == line {
                    let place = format!("record key {record}").into_bytes();
                    let key = l.opt_bytes(3).map(|b| self.again(&place, b)).transpose()?;
                    w.part_update(
                        &LINES,
                        record,
                        id,
                        row!["child_id" => self.to, "sealed" => words, "record_key" => key],
                    )?;
                } else if l.opt_id(1).is_none() && !l.is_null(2) {
                    w.part_update(&LINES, record, id, row!["sealed" => words])?;
                }
            }
            moved.push(line);
        }
        Ok(moved)
    }
}

/// Into whose file the files of these children went; only those that went into another.
pub(crate) fn heirs(c: &Conn, county: Id, of: &[Id]) -> Result<HashMap<Id, Id>> {
    let mut step: HashMap<Id, Id> = HashMap::new();
    let mut ask: Vec<Id> = of.to_vec();
    // one file into another into a third
    while !ask.is_empty() {
        let mut vals = vec![Value::from(county)];
        let marks = places(&mut vals, &ask);
        let sql = format!(
            "select id, merged_into from children where county_id = ?1 and merged_into is not null and id in ({marks})"
        );
        let found = c.query(&sql, &vals)?;
        ask = found
            .iter()
            .map(|r| r.id(1))
            .filter(|k| !step.contains_key(k))
            .collect();
        step.extend(found.iter().map(|r| (r.id(0), r.id(1))));
    }
    let end = |child: Id| {
        let mut at = child;
        // no longer than there are steps: a ring cannot be, and would end here
        for _ in 0..step.len() {
            at = step.get(&at).copied().unwrap_or(at);
        }
        at
    };
    Ok(of.iter().map(|k| (*k, end(*k))).filter(|(k, to)| k != to).collect())
}

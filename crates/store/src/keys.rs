//! Data keys under the master key, and a key for each child (security.md §2).

use crate::conn::Conn;
use crate::params;
use std::collections::HashMap;
use std::sync::RwLock;
use tx_base::{Fault, Id, Result};
use tx_seal::Key;

/// The associated data of an encrypted value: its table, row and column.
pub fn aad(table: &str, row: Id, column: &str) -> Vec<u8> {
    format!("{table}|{row}|{column}").into_bytes()
}

/// All keys of a running program. Child keys are opened when first needed and kept in memory only.
#[derive(Debug)]
pub struct Keys {
    fields: Key,
    index: Key,
    pub(crate) audit: Key,
    sessions: Key,
    children: RwLock<HashMap<Id, Key>>,
}

const PURPOSES: [&str; 4] = ["fields", "index", "audit", "sessions"];

impl Keys {
    /// Opens the data keys, or makes them in an empty store.
    pub(crate) fn load(conn: &Conn, master: &Key) -> Result<Keys> {
        let mut found: HashMap<String, Key> = HashMap::new();
        let rows = conn.query(
            "select id, purpose, wrapped from data_keys where county_id = ?1 and purpose <> 'child' order by id",
            params![Id::NIL],
        )?;
        for r in rows {
            let what = format!("data key {}", r.text(1));
            let key = tx_seal::unwrap(master, what.as_bytes(), &r.bytes(2))
                .ok_or_else(|| Fault::broken("the master key does not open this store / 主密钥打不开这份数据"))?;
            found.insert(r.text(1), key);
        }
        for p in PURPOSES {
            if !found.contains_key(p) {
                let (id, key) = (Id::fresh(), Key::fresh());
                let wrapped = tx_seal::wrap(master, id.0.as_bytes(), format!("data key {p}").as_bytes(), &key);
                conn.exec(
                    "insert into data_keys (county_id, id, purpose, wrapped) values (?1, ?2, ?3, ?4)",
                    params![Id::NIL, id, p, wrapped],
                )?;
                found.insert(p.into(), key);
            }
        }
        let mut take = |p: &str| found.remove(p).expect("just made");
        Ok(Keys {
            fields: take("fields"),
            index: take("index"),
            audit: take("audit"),
            sessions: take("sessions"),
            children: RwLock::default(),
        })
    }

    /// Makes and stores the key of a new child.
    pub(crate) fn new_child(&self, conn: &Conn, county: Id, child: Id) -> Result<Key> {
        let key = Key::fresh();
        let wrapped = tx_seal::wrap(
            &self.fields,
            child.0.as_bytes(),
            format!("child key {child}").as_bytes(),
            &key,
        );
        conn.exec(
            "insert into data_keys (county_id, id, purpose, wrapped) values (?1, ?2, 'child', ?3)",
            params![county, child, wrapped],
        )?;
        Ok(key)
    }
    /// The key of a child; `None` after erasure.
    pub fn child(&self, conn: &Conn, county: Id, child: Id) -> Result<Option<Key>> {
        if let Some(k) = self.children.read().expect("key cache").get(&child) {
            return Ok(Some(k.clone()));
        }
        let row = conn.first(
            "select wrapped from data_keys where county_id = ?1 and id = ?2 and purpose = 'child'",
            params![county, child],
        )?;
        let Some(wrapped) = row.and_then(|r| r.opt_bytes(0)) else {
            return Ok(None);
        };
        let key = tx_seal::unwrap(&self.fields, format!("child key {child}").as_bytes(), &wrapped);
        if let Some(k) = &key {
            let mut cache = self.children.write().expect("key cache");
            if cache.len() > 50_000 {
                cache.clear();
            }
            cache.insert(child, k.clone());
        }
        Ok(key)
    }
    /// Encrypts a text that belongs to the school or county and to no one child.
    pub fn seal_county(&self, county: Id, table: &str, row: Id, column: &str, text: &str) -> Vec<u8> {
        tx_seal::seal(
            &self.fields.derive(county.0.as_bytes()),
            county.0.as_bytes(),
            &aad(table, row, column),
            text.as_bytes(),
        )
    }
    pub fn open_county(&self, county: Id, table: &str, row: Id, column: &str, sealed: &[u8]) -> Option<String> {
        open_text(&self.fields.derive(county.0.as_bytes()), table, row, column, sealed)
    }
    /// The blind index of a normalised value: equal values of one county have equal indexes, nothing else can be told.
    pub fn blind(&self, county: Id, what: &str, value: &str) -> Vec<u8> {
        tx_seal::mac(
            &self.index.derive(county.0.as_bytes()),
            &[what.as_bytes(), value.as_bytes()],
        )[..16]
            .to_vec()
    }
    pub fn seal_answer(&self, place: &[u8], answer: &[u8]) -> Vec<u8> {
        tx_seal::seal(&self.sessions, &[0; 16], place, answer)
    }
    pub fn open_answer(&self, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        tx_seal::open(&self.sessions, place, sealed)
    }
    /// A tag over short-lived tokens such as the form token of a session.
    pub fn session_mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        tx_seal::mac(&self.sessions, parts)
    }
    /// Signs a chain head.
    pub fn sign_head(&self, head: &crate::Head) -> [u8; 64] {
        tx_seal::sign(&self.audit, &head.message())
    }
    pub fn head_signed(&self, head: &crate::Head, signature: &[u8]) -> bool {
        tx_seal::signed(&self.audit, &head.message(), signature)
    }
}

/// Encrypts a text of one child under that child's key.
pub(crate) fn seal_text(key: &Key, id: Id, table: &str, row: Id, column: &str, text: &str) -> Vec<u8> {
    tx_seal::seal(key, id.0.as_bytes(), &aad(table, row, column), text.as_bytes())
}
fn open_text(key: &Key, table: &str, row: Id, column: &str, sealed: &[u8]) -> Option<String> {
    String::from_utf8(tx_seal::open(key, &aad(table, row, column), sealed)?).ok()
}

impl Keys {
    /// Opens a text of one child; `None` when the key is gone or the value was moved or bent.
    pub fn open_child(
        &self,
        conn: &Conn,
        county: Id,
        child: Id,
        table: &str,
        row: Id,
        column: &str,
        sealed: &[u8],
    ) -> Result<Option<String>> {
        Ok(self
            .child(conn, county, child)?
            .and_then(|k| open_text(&k, table, row, column, sealed)))
    }
    pub fn seal_child(
        &self,
        conn: &Conn,
        county: Id,
        child: Id,
        table: &str,
        row: Id,
        column: &str,
        text: &str,
    ) -> Result<Vec<u8>> {
        let key = self.child(conn, county, child)?.ok_or(Fault::NotFound)?;
        Ok(seal_text(&key, child, table, row, column, text))
    }
}

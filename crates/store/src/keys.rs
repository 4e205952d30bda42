//! Data keys under the master key, and a key for each child (security.md §2).

use crate::conn::Conn;
use crate::db::Masters;
use crate::params;
use crate::schema::DATA_KEYS;
use crate::value::Value;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};
use tx_base::{Fault, Id, Result, say};
use tx_seal::Key;

/// The associated data of an encrypted value: its table, row and column.
pub fn aad(table: &str, row: Id, column: &str) -> Vec<u8> {
    format!("{table}|{row}|{column}").into_bytes()
}

/// All keys of a running program. Child keys are opened when first needed and kept in memory only.
pub struct Keys {
    /// the only one that a rotation replaces: it wraps the children's keys and seals the county's words
    fields: RwLock<Key>,
    index: Key,
    pub(crate) audit: Key,
    sessions: Key,
    children: RwLock<HashMap<Id, Key>>,
    /// which of the master keys opened the store
    pub(crate) opened_by: usize,
    generation: AtomicI64,
    looked_at: Mutex<Instant>,
    masters: Option<Masters>,
}
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(***)")
    }
}

const PURPOSES: [&str; 4] = ["fields", "index", "audit", "sessions"];
/// How long another process's change of keys may go unnoticed; a rotation waits longer than this before it seals anything anew.
pub(crate) const NOTICE: Duration = Duration::from_millis(500);

/// Counts up with every change of the keys.
pub(crate) fn generation(conn: &Conn) -> Result<i64> {
    let r = conn.first("select value from meta where name = 'keys'", &[])?;
    Ok(r.and_then(|r| r.text(0).parse().ok()).unwrap_or(0))
}

/// The data keys as they lie in the store, opened; which master key did it.
fn opened(conn: &Conn, masters: &[Key]) -> Result<(HashMap<String, Key>, usize)> {
    let sql = "select purpose, wrapped from data_keys where county_id = ?1 and purpose <> 'child' order by id";
    let rows = conn.query(sql, params![Id::NIL])?;
    'masters: for (i, master) in masters.iter().enumerate() {
        let mut found: HashMap<String, Key> = HashMap::new();
        for r in &rows {
            let purpose = r.text(0);
            let Some(key) = tx_seal::unwrap(master, format!("data key {purpose}").as_bytes(), &r.bytes(1)) else {
                continue 'masters;
            };
            // two of one purpose: the later replaces the earlier
            let key = match found.get(&purpose) {
                Some(elder) => key.replacing(elder),
                None => key,
            };
            found.insert(purpose, key);
        }
        return Ok((found, i));
    }
    Err(Fault::Bad(say(
        "主密钥打不开这份数据",
        "The master key does not open this store",
    )))
}

impl Keys {
    /// Opens the data keys, or makes them in an empty store.
    pub(crate) fn load(conn: &Conn, masters: &[Key]) -> Result<Keys> {
        let (mut found, opened_by) = opened(conn, masters)?;
        let master = masters.get(opened_by).ok_or_else(|| Fault::broken("no master key"))?;
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
            fields: RwLock::new(take("fields")),
            index: take("index"),
            audit: take("audit"),
            sessions: take("sessions"),
            children: RwLock::default(),
            opened_by,
            generation: AtomicI64::new(generation(conn)?),
            looked_at: Mutex::new(Instant::now()),
            masters: None,
        })
    }
    pub(crate) fn watching(mut self, masters: Masters) -> Keys {
        self.masters = Some(masters);
        self
    }
    /// Takes up a change of keys that another process made.
    pub(crate) fn follow(&self, conn: &Conn) -> Result<()> {
        {
            let Ok(mut at) = self.looked_at.try_lock() else {
                return Ok(());
            };
            if at.elapsed() < NOTICE {
                return Ok(());
            }
            *at = Instant::now();
        }
        self.follow_now(conn)
    }
    pub(crate) fn follow_now(&self, conn: &Conn) -> Result<()> {
        let now = generation(conn)?;
        if now == self.generation.load(Ordering::Acquire) {
            return Ok(());
        }
        let masters = self.masters.as_ref().ok_or_else(|| Fault::broken("keys changed"))?;
        let (mut found, _) = opened(conn, &masters()?)?;
        let fields = found
            .remove("fields")
            .ok_or_else(|| Fault::broken("no key of the fields"))?;
        *self.fields.write().expect("keys") = fields;
        self.children.write().expect("key cache").clear();
        self.generation.store(now, Ordering::Release);
        Ok(())
    }
    /// A data key by its purpose, for wrapping it anew.
    pub(crate) fn data_key(&self, purpose: &str) -> Option<Key> {
        match purpose {
            "fields" => Some(self.fields().alone()),
            "index" => Some(self.index.clone()),
            "audit" => Some(self.audit.clone()),
            "sessions" => Some(self.sessions.clone()),
            _ => None,
        }
    }
    pub(crate) fn fields(&self) -> Key {
        self.fields.read().expect("keys").clone()
    }

    /// Makes and stores the key of a new child.
    pub(crate) fn new_child(&self, conn: &Conn, county: Id, child: Id) -> Result<Key> {
        let key = Key::fresh();
        let wrapped = tx_seal::wrap(
            &self.fields(),
            child.0.as_bytes(),
            format!("child key {child}").as_bytes(),
            &key,
        );
        conn.insert(
            &DATA_KEYS,
            vec![county.into(), child.into(), "child".into(), wrapped.into(), Value::Null],
        )?;
        // a transaction that runs again makes another key for the same child: the last one is the one that is stored
        self.remember(child, &key);
        Ok(key)
    }
    fn remember(&self, child: Id, key: &Key) {
        let mut cache = self.children.write().expect("key cache");
        if cache.len() > 50_000 {
            cache.clear();
        }
        cache.insert(child, key.clone());
    }
    /// The key of a child; `None` after erasure.
    pub fn child(&self, conn: &Conn, county: Id, child: Id) -> Result<Option<Key>> {
        if let Some(k) = self.children.read().expect("key cache").get(&child) {
            return Ok(Some(k.clone()));
        }
        let row = conn.first(
            "select wrapped, previous from data_keys where county_id = ?1 and id = ?2 and purpose = 'child'",
            params![county, child],
        )?;
        let Some((Some(wrapped), previous)) = row.map(|r| (r.opt_bytes(0), r.opt_bytes(1))) else {
            return Ok(None);
        };
        let (fields, what) = (self.fields(), format!("child key {child}"));
        let elder = previous.and_then(|p| tx_seal::unwrap(&fields, what.as_bytes(), &p));
        let key = tx_seal::unwrap(&fields, what.as_bytes(), &wrapped).map(|k| match &elder {
            Some(elder) => k.replacing(elder),
            None => k,
        });
        if let Some(k) = &key {
            self.remember(child, k);
        }
        Ok(key)
    }
    /// Encrypts a text that belongs to the school or county and to no one child.
    pub fn seal_county(&self, county: Id, table: &str, row: Id, column: &str, text: &str) -> Vec<u8> {
        tx_seal::seal(
            &self.fields().derive(county.0.as_bytes()),
            county.0.as_bytes(),
            &aad(table, row, column),
            text.as_bytes(),
        )
    }
    pub fn open_county(&self, county: Id, table: &str, row: Id, column: &str, sealed: &[u8]) -> Option<String> {
        open_text(&self.fields().derive(county.0.as_bytes()), table, row, column, sealed)
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

//! The audit chain: one for each county and one for the system (security.md §4).

use crate::conn::Conn;
use crate::params;
use crate::schema::{Class, Cover, Table, Type, col, opt};
use crate::value::Value;
use tx_base::{Id, Result, Time};
use tx_seal::Key;

pub static AUDIT_ENTRIES: Table = Table {
    name: "audit_entries",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("seq", Type::Int, Class::O),
        col("at", Type::Time, Class::O),
        opt("actor", Type::Id, Class::O),
        col("actor_name", Type::Text, Class::O),
        col("address", Type::Text, Class::O),
        col("action", Type::Text, Class::O),
        col("tbl", Type::Text, Class::O),
        opt("row_id", Type::Id, Class::O),
        col("row_version", Type::Int, Class::O),
        opt("row_mac", Type::Bytes, Class::O),
        opt("detail", Type::Text, Class::O),
        col("prev", Type::Bytes, Class::O),
        col("hash", Type::Bytes, Class::O),
    ],
    key: &["county_id", "seq"],
    unique: &[],
    index: &[&["county_id", "row_id", "seq"]],
    cover: Cover::Outside,
};
pub static AUDIT_HEADS: Table = Table {
    name: "audit_heads",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("size", Type::Int, Class::O),
        col("hash", Type::Bytes, Class::O),
        col("at", Type::Time, Class::O),
        col("mac", Type::Bytes, Class::O),
        // how long the chain was when a row of a table last changed that is no stream; a help to what is kept in memory, under no seal
        opt("settled", Type::Int, Class::O),
    ],
    key: &["county_id"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub county: Id,
    /// number of entries
    pub size: i64,
    pub hash: Vec<u8>,
    pub at: Time,
    /// number of entries when a row of a table that is no stream last changed
    pub(crate) settled: i64,
}

impl Head {
    pub(crate) fn empty(county: Id) -> Head {
        Head {
            county,
            size: 0,
            hash: vec![0; 32],
            at: Time(0),
            settled: 0,
        }
    }
    pub(crate) fn mac(&self, key: &Key) -> [u8; 32] {
        tx_seal::mac(
            key,
            &[
                b"head",
                self.county.0.as_bytes(),
                &self.size.to_le_bytes(),
                &self.hash,
                &self.at.0.to_le_bytes(),
            ],
        )
    }
    /// What is signed of a head.
    pub fn message(&self) -> Vec<u8> {
        format!(
            "tongxing audit head {} {} {} {}",
            self.county,
            self.size,
            tx_seal::hex(&self.hash),
            self.at.0
        )
        .into_bytes()
    }
    /// The end of a county's chain as it stands.
    pub fn of(conn: &Conn, county: Id) -> Result<Option<Head>> {
        Ok(Head::read(conn, county, false)?.map(|(head, _)| head))
    }
    /// Reads the head, on PostgreSQL with its row locked so that writers of one county queue here.
    pub(crate) fn read(conn: &Conn, county: Id, lock: bool) -> Result<Option<(Head, Vec<u8>)>> {
        let tail = if lock && conn.is_pg() { " for update" } else { "" };
        let sql = format!("select size, hash, at, mac, settled from audit_heads where county_id = ?1{tail}");
        Ok(conn.first(&sql, params![county])?.map(|r| {
            (
                Head {
                    county,
                    size: r.int(0),
                    hash: r.bytes(1),
                    at: r.time(2),
                    settled: r.opt_int(4).unwrap_or_else(|| r.int(0)),
                },
                r.bytes(3),
            )
        }))
    }
}

/// One entry before it is chained.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub at: Time,
    pub actor: Option<Id>,
    pub actor_name: &'a str,
    pub address: &'a str,
    pub action: &'a str,
    pub tbl: &'a str,
    pub row_id: Option<Id>,
    pub row_version: i64,
    pub row_mac: Option<&'a [u8]>,
    pub detail: Option<&'a str>,
}

impl Entry<'_> {
    /// The hash of this entry after `prev` as entry number `seq`.
    pub(crate) fn hash(&self, key: &Key, county: Id, seq: i64, prev: &[u8]) -> [u8; 32] {
        let opt = |id: Option<Id>| id.map(|i| i.to_string()).unwrap_or_default();
        tx_seal::mac(
            key,
            &[
                b"entry",
                county.0.as_bytes(),
                &seq.to_le_bytes(),
                prev,
                &self.at.0.to_le_bytes(),
                opt(self.actor).as_bytes(),
                self.actor_name.as_bytes(),
                self.address.as_bytes(),
                self.action.as_bytes(),
                self.tbl.as_bytes(),
                opt(self.row_id).as_bytes(),
                &self.row_version.to_le_bytes(),
                self.row_mac.unwrap_or_default(),
                self.detail.unwrap_or_default().as_bytes(),
            ],
        )
    }
    /// Appends the entry and moves the head on.
    pub(crate) fn append(&self, conn: &Conn, key: &Key, head: &mut Head) -> Result<()> {
        let seq = head.size + 1;
        let hash = self.hash(key, head.county, seq, &head.hash);
        conn.insert(
            &AUDIT_ENTRIES,
            vec![
                head.county.into(),
                seq.into(),
                self.at.into(),
                self.actor.into(),
                self.actor_name.into(),
                self.address.into(),
                self.action.into(),
                self.tbl.into(),
                self.row_id.into(),
                self.row_version.into(),
                self.row_mac.map_or(Value::Null, Value::from),
                self.detail.into(),
                head.hash.as_slice().into(),
                hash.into(),
            ],
        )?;
        head.size = seq;
        head.hash = hash.to_vec();
        head.at = self.at;
        Ok(())
    }
}

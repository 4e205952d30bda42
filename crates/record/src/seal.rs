//! Whose key seals the words of a record: one child's, a record key wrapped for several children, or the county's.

use serde_json::{Map, Value as Json};
use tx_base::{Fault, Id, Result};
use tx_seal::Key;
use tx_store::{Conn, Keys, Write, aad};

use crate::kind::Field;

/// The key of a record's header while it is written or read.
pub(crate) enum Head {
    County,
    /// a child's own key or the record key
    Key(Id, Key),
}

impl Head {
    pub(crate) fn code(&self, children: usize) -> &'static str {
        match (self, children) {
            (Head::County, _) => "county",
            (Head::Key(..), 1) => "child",
            (Head::Key(..), _) => "record",
        }
    }
    pub(crate) fn seal(&self, keys: &Keys, county: Id, table: &str, row: Id, column: &str, text: &str) -> Vec<u8> {
        match self {
            Head::County => keys.seal_county(county, table, row, column, text),
            Head::Key(id, key) => tx_seal::seal(key, id.0.as_bytes(), &aad(table, row, column), text.as_bytes()),
        }
    }
    pub(crate) fn open(
        &self,
        keys: &Keys,
        county: Id,
        table: &str,
        row: Id,
        column: &str,
        sealed: &[u8],
    ) -> Option<String> {
        match self {
            Head::County => keys.open_county(county, table, row, column, sealed),
            Head::Key(_, key) => String::from_utf8(tx_seal::open(key, &aad(table, row, column), sealed)?).ok(),
        }
    }
}

/// The key for a new header about these children.
pub(crate) fn head_for(w: &Write, record: Id, children: &[Id]) -> Result<Head> {
    Ok(match children {
        [] => Head::County,
        [one] => Head::Key(*one, child_key(w, *one)?),
        _ => Head::Key(record, Key::fresh()),
    })
}
pub(crate) fn child_key(w: &Write, child: Id) -> Result<Key> {
    w.keys().child(w.conn(), w.county(), child)?.ok_or(Fault::NotFound)
}

/// The key of a stored header. `lines` = child and wrapped record key of each line. `None` when every key is gone (erasure).
pub(crate) fn head_of(
    keys: &Keys,
    c: &Conn,
    county: Id,
    record: Id,
    kind: &str,
    lines: &[(Id, Option<Vec<u8>>)],
) -> Result<Option<Head>> {
    match kind {
        "county" => Ok(Some(Head::County)),
        "child" => match lines.first() {
            Some((child, _)) => Ok(keys.child(c, county, *child)?.map(|k| Head::Key(*child, k))),
            None => Ok(None),
        },
        _ => {
            for (child, wrapped) in lines {
                if let (Some(k), Some(wrapped)) = (keys.child(c, county, *child)?, wrapped)
                    && let Some(key) = tx_seal::unwrap(&k, format!("record key {record}").as_bytes(), wrapped)
                {
                    return Ok(Some(Head::Key(record, key)));
                }
            }
            Ok(None)
        }
    }
}

/// Splits values into the plain ones and the sealed ones of a declaration.
pub(crate) fn split(declared: &[Field], given: &Map<String, Json>) -> (Map<String, Json>, Map<String, Json>) {
    let sealed = |name: &str| declared.iter().any(|f| f.id == name && f.sealed());
    let (mut plain, mut secret) = (Map::new(), Map::new());
    for (name, v) in given.iter().filter(|(_, v)| !v.is_null()) {
        if sealed(name) { &mut secret } else { &mut plain }.insert(name.clone(), v.clone());
    }
    (plain, secret)
}

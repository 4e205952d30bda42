//! A new child: stored with its guardians, parents' facts, class stay and spell, everything sealed under its own key.

use crate::change::File;
use std::collections::BTreeMap;
use tx_base::{Day, Id, Result};
use tx_store::{Keys, Write};

/// Facts by the names of [`crate::facts`].
pub type Facts = BTreeMap<String, String>;

pub(crate) fn digits(s: &str) -> String {
    s.chars().filter(char::is_ascii_digit).collect()
}
/// The last four digits of a phone.
pub(crate) fn tail(s: &str) -> String {
    let d = digits(s);
    d[d.len().saturating_sub(4)..].to_owned()
}
/// Blind indexes of a phone: in full and of its last four (security.md §2).
pub fn phone_indexes(keys: &Keys, county: Id, phone: &str) -> (Vec<u8>, Vec<u8>) {
    (
        keys.blind(county, "phone", &digits(phone)),
        keys.blind(county, "phone_tail", &tail(phone)),
    )
}
/// Blind index of an ID number.
pub fn id_index(keys: &Keys, county: Id, id_no: &str) -> Vec<u8> {
    keys.blind(county, "id_no", &id_no.to_uppercase())
}

/// Seals a text of a child's row under the child's key; nothing for nothing.
pub(crate) fn seal(
    w: &Write,
    child: Id,
    table: &str,
    row: Id,
    column: &str,
    v: Option<&str>,
) -> Result<Option<Vec<u8>>> {
    v.map(|v| w.keys().seal_child(w.conn(), w.county(), child, table, row, column, v))
        .transpose()
}
/// Facts as one sealed JSON object; nothing when there are none.
pub(crate) fn seal_facts(
    w: &Write,
    child: Id,
    table: &str,
    row: Id,
    column: &str,
    facts: &Facts,
) -> Result<Option<Vec<u8>>> {
    let text = (!facts.is_empty())
        .then(|| serde_json::to_string(facts))
        .transpose()
        .map_err(tx_base::Fault::broken)?;
    seal(w, child, table, row, column, text.as_deref())
}
/// The facts of a child parted into the personal and the sensitive column.
pub(crate) fn part(facts: &Facts) -> (Facts, Facts) {
    facts
        .clone()
        .into_iter()
        .partition(|(k, _)| !crate::facts::is_sensitive(k))
}

/// Adds the child with its key, guardians, parents, class stay since a day, and spell. The caller has asked whether it may.
pub fn add(w: &mut Write, f: &File, since: Day) -> Result<()> {
    w.new_child_key(f.id)?;
    crate::change::store(w, f, since)
}

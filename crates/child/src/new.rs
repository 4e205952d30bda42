//! A new child: stored with its guardians, parents' facts, class stay and spell, everything sealed under its own key.

use std::collections::BTreeMap;
use tx_base::{Day, Id, Result};
use tx_store::{Keys, Write};

/// Facts by the names of [`crate::facts`].
pub type Facts = BTreeMap<String, String>;

/// Who looks after the child day by day.
#[derive(Clone, Debug, Default)]
pub struct NewGuardian {
    pub name: String,
    /// a code of `tx_sheet::Relation`, or words
    pub relation: String,
    pub phone: Option<String>,
    pub address: Option<String>,
    /// see [`crate::facts::OF_GUARDIAN`]
    pub more: Facts,
}
/// A dated fact about a parent (domain.md §2).
#[derive(Clone, Debug, Default)]
pub struct NewParent {
    /// father, mother
    pub parent: String,
    pub name: Option<String>,
    /// home, away_work, away_other, dead, unknown
    pub whereabouts: String,
    pub from: Option<Day>,
    /// last day on which it was so
    pub to: Option<Day>,
    pub place: Option<String>,
    pub phone: Option<String>,
    /// able, unable
    pub capacity: Option<String>,
    /// why unable, or why away otherwise
    pub cause: Option<String>,
    /// see [`crate::facts::OF_PARENT`]
    pub more: Facts,
    /// where it is known from: form, list, visit
    pub source: Option<String>,
}
/// A child as it comes from the API, a form, a sheet or the demonstration.
#[derive(Clone, Debug)]
pub struct NewChild {
    pub id: Id,
    pub school: Id,
    pub class: Option<Id>,
    pub name: String,
    /// as it was written, for printing; `None` = as `name`
    pub entered_name: Option<String>,
    pub former_name: Option<String>,
    /// f, m
    pub sex: Option<String>,
    pub birth_date: Option<Day>,
    /// day, month, year; `None` = day
    pub birth_precision: Option<String>,
    /// resident, permit, passport, other
    pub id_kind: Option<String>,
    pub id_no: Option<String>,
    pub student_no: Option<String>,
    /// number in the class, 1–999
    pub class_no: Option<i64>,
    /// `土家族`
    pub ethnic: Option<String>,
    /// rural, urban
    pub hukou_kind: Option<String>,
    pub hukou_address: Option<String>,
    pub home_address: Option<String>,
    pub village: Option<String>,
    pub boarder: Option<bool>,
    /// see [`crate::facts::OF_CHILD`]; sensitive ones are parted from the others when it is stored
    pub more: Facts,
    pub guardians: Vec<NewGuardian>,
    pub parents: Vec<NewParent>,
    /// on the school's list since this day; `None` = undetermined or not
    pub left_behind_from: Option<Day>,
    /// asked on this day and not on the list
    pub not_listed_on: Option<Day>,
    /// where the spell comes from: list, form, hand
    pub listed_by: &'static str,
    /// brothers and sisters of one home share it
    pub household: Option<Id>,
    /// of the row that it was imported from
    pub content_hash: Vec<u8>,
    pub import: Option<Id>,
    /// form, api, import, demo
    pub source: Option<String>,
    /// in this class since
    pub since: Day,
}

impl Default for NewChild {
    fn default() -> NewChild {
        NewChild {
            id: Id::NIL,
            school: Id::NIL,
            class: None,
            name: String::new(),
            entered_name: None,
            former_name: None,
            sex: None,
            birth_date: None,
            birth_precision: None,
            id_kind: None,
            id_no: None,
            student_no: None,
            class_no: None,
            ethnic: None,
            hukou_kind: None,
            hukou_address: None,
            home_address: None,
            village: None,
            boarder: None,
            more: Facts::new(),
            guardians: Vec::new(),
            parents: Vec::new(),
            left_behind_from: None,
            not_listed_on: None,
            listed_by: "hand",
            household: None,
            content_hash: Vec::new(),
            import: None,
            source: None,
            since: Day::lit("2000-09-01"),
        }
    }
}

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

/// Adds the child with its key, guardians, parents, class stay and spell. The caller has asked whether it may.
pub fn add(w: &mut Write, n: &NewChild) -> Result<()> {
    w.new_child_key(n.id)?;
    crate::change::store(w, n)
}

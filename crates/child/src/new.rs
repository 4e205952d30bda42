//! A new child: stored with its guardians, parents' facts, class stay and spell, everything sealed under its own key.

use crate::pinyin::syllables;
use crate::tables::{CHILDREN, EPISODES, GUARDIANS, PARENT_FACTS, STAYS};
use std::collections::BTreeMap;
use tx_base::{Day, Id, Result};
use tx_store::{Keys, Value, Write, row};

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

/// Adds a guardian at a place in the order of ringing.
pub(crate) fn add_guardian(w: &mut Write, child: Id, ord: usize, g: &NewGuardian, today: Day) -> Result<Id> {
    let id = Id::fresh();
    let t = "guardians";
    let (phone, address) = (
        seal(w, child, t, id, "phone", g.phone.as_deref())?,
        seal(w, child, t, id, "address", g.address.as_deref())?,
    );
    let more = seal_facts(w, child, t, id, "more", &g.more)?;
    let (index, last) = indexes(w, g.phone.as_deref());
    let by = w.act().actor.name.clone();
    w.insert(
        &GUARDIANS,
        row!["id" => id, "child_id" => child, "ord" => ord, "name" => g.name.as_str(), "relation" => g.relation.as_str(), "phone" => phone, "phone_index" => index,
            "phone_tail_index" => last, "address" => address, "more" => more, "acting" => true, "confirmed_at" => today, "confirmed_by" => by],
    )?;
    Ok(id)
}
fn indexes(w: &Write, phone: Option<&str>) -> (Value, Value) {
    match phone {
        Some(p) => {
            let (a, b) = phone_indexes(w.keys(), w.county(), p);
            (a.into(), b.into())
        }
        None => (Value::Null, Value::Null),
    }
}
/// Adds a fact about a parent.
pub(crate) fn add_parent(w: &mut Write, child: Id, p: &NewParent, today: Day) -> Result<Id> {
    let id = Id::fresh();
    let t = "parent_facts";
    let phone = seal(w, child, t, id, "phone", p.phone.as_deref())?;
    let more = seal_facts(w, child, t, id, "more", &p.more)?;
    let (index, last) = indexes(w, p.phone.as_deref());
    let by = w.act().actor.name.clone();
    w.insert(
        &PARENT_FACTS,
        row!["id" => id, "child_id" => child, "parent" => p.parent.as_str(), "name" => p.name.as_deref(), "whereabouts" => p.whereabouts.as_str(), "from_day" => p.from,
            "to_day" => p.to, "place" => p.place.as_deref(), "capacity" => p.capacity.as_deref(), "cause" => p.cause.as_deref(), "phone" => phone, "phone_index" => index,
            "phone_tail_index" => last, "more" => more, "source" => p.source.as_deref(), "confirmed_at" => today, "confirmed_by" => by],
    )?;
    Ok(id)
}

/// Adds the child with its key, guardians, parents, class stay and spell. The caller has asked whether it may.
pub fn add(w: &mut Write, n: &NewChild) -> Result<()> {
    w.new_child_key(n.id)?;
    let (county, id, t) = (w.county(), n.id, "children");
    let (plain, sensitive) = part(&n.more);
    let id_no = seal(w, id, t, id, "id_no", n.id_no.as_deref())?;
    let address = seal(w, id, t, id, "home_address", n.home_address.as_deref())?;
    let hukou = seal(w, id, t, id, "hukou_address", n.hukou_address.as_deref())?;
    let more = seal_facts(w, id, t, id, "more", &plain)?;
    let sensitive = seal_facts(w, id, t, id, "sensitive", &sensitive)?;
    let index = n.id_no.as_deref().map(|v| id_index(w.keys(), county, v));
    let (pinyin, initials) = syllables(&n.name);
    let precision = n
        .birth_date
        .map(|_| n.birth_precision.clone().unwrap_or_else(|| "day".into()));
    let entered = n.entered_name.as_deref().unwrap_or(&n.name);
    let today = w.now().day();
    w.insert(
        &CHILDREN,
        row!["id" => id, "school_id" => n.school, "class_id" => n.class, "name" => n.name.as_str(), "entered_name" => entered, "former_name" => n.former_name.as_deref(),
            "sex" => n.sex.as_deref(), "birth_date" => n.birth_date, "birth_precision" => precision, "id_kind" => n.id_kind.as_deref(), "id_no" => id_no, "id_no_index" => index,
            "student_no" => n.student_no.as_deref(), "class_no" => n.class_no, "ethnic" => n.ethnic.as_deref(), "hukou_kind" => n.hukou_kind.as_deref(), "hukou_address" => hukou,
            "home_address" => address, "village" => n.village.as_deref(), "boarder" => n.boarder, "pinyin" => pinyin, "initials" => initials, "state" => "active",
            "household_id" => n.household, "more" => more, "sensitive" => sensitive, "not_listed_on" => n.not_listed_on, "content_hash" => n.content_hash.clone(),
            "import_id" => n.import, "source" => n.source.as_deref()],
    )?;
    for (i, g) in n.guardians.iter().enumerate() {
        add_guardian(w, id, i, g, today)?;
    }
    for p in &n.parents {
        add_parent(w, id, p, today)?;
    }
    w.insert(&STAYS, row!["id" => Id::fresh(), "child_id" => id, "school_id" => n.school, "class_id" => n.class, "from_day" => n.since])?;
    if let Some(from) = n.left_behind_from {
        w.insert(
            &EPISODES,
            row!["id" => Id::fresh(), "child_id" => id, "from_day" => from, "source" => n.listed_by],
        )?;
    }
    Ok(())
}

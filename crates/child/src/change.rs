//! A child's whole file, opened, and the writing of whatever differs between what it is and what it shall be.
//! API, form and import change a file through [`change`], so sealing, indexes, order and history are made in one place.

use crate::new::{Facts, id_index, part, phone_indexes, seal, seal_facts};
use crate::pinyin::syllables;
use crate::status::{Parent as Who, Where};
use crate::tables::{CHILDREN, EPISODES, GUARDIANS, PARENT_FACTS, STAYS};
use std::collections::BTreeMap;
use tx_base::{Day, Id, Result};
use tx_store::{Conn, Keys, Table, Value, Write, params, row};

/// A child's file with everything in it opened, or as it comes from the API, a form, a sheet or the demonstration. Sealed columns are `None`
/// after erasure.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    pub id: Id,
    /// 0 for a file that is not stored yet
    pub version: i64,
    pub school: Id,
    pub class: Option<Id>,
    pub name: String,
    /// as it was written, for printing; empty in a new file: as `name`
    pub entered_name: String,
    pub former_name: Option<String>,
    /// f, m
    pub sex: Option<String>,
    pub birth_date: Option<Day>,
    /// day, month, year; `None` in a new file with a date: day
    pub birth_precision: Option<String>,
    /// resident, permit, passport, other
    pub id_kind: Option<String>,
    pub id_no: Option<String>,
    pub student_no: Option<String>,
    pub class_no: Option<i64>,
    pub ethnic: Option<String>,
    /// rural, urban
    pub hukou_kind: Option<String>,
    pub hukou_address: Option<String>,
    pub home_address: Option<String>,
    pub village: Option<String>,
    pub boarder: Option<bool>,
    /// active, left, graduated
    pub state: String,
    /// see [`crate::facts::OF_CHILD`]; sensitive ones are parted from the others when they are stored
    pub more: Facts,
    /// in the order in which one rings them
    pub guardians: Vec<Guardian>,
    /// what holds now; in a new file also what ended
    pub parents: Vec<Parent>,
    /// of a stored file what ended, the last first
    pub ended: Vec<Parent>,
    /// on the school's list since this day, and where that comes from (list, form, hand); [`change`] opens a spell, closing one needs a
    /// reason and is not done here
    pub listed: Option<(Day, String)>,
    /// asked on this day and not on the list
    pub not_listed_on: Option<Day>,
    /// brothers and sisters of one home share it
    pub household: Option<Id>,
    /// of the row that it was imported from
    pub content_hash: Vec<u8>,
    pub import_id: Option<Id>,
    /// form, api, import, demo
    pub source: Option<String>,
}
/// Who looks after the child day by day.
#[derive(Clone, Debug, PartialEq)]
pub struct Guardian {
    /// `Id::NIL` for one that is not stored yet
    pub id: Id,
    pub name: String,
    /// a code of `tx_sheet::Relation`, or the words that were written
    pub relation: String,
    pub phone: Option<String>,
    pub address: Option<String>,
    /// see [`crate::facts::OF_GUARDIAN`]
    pub more: Facts,
    /// `None` for one that is not stored yet
    pub confirmed_on: Option<Day>,
    pub confirmed_by: Option<String>,
}
impl Default for Guardian {
    fn default() -> Guardian {
        Guardian {
            id: Id::NIL,
            name: String::new(),
            relation: String::new(),
            phone: None,
            address: None,
            more: Facts::new(),
            confirmed_on: None,
            confirmed_by: None,
        }
    }
}
impl Guardian {
    /// 奶奶; the words themselves when they are no known relation.
    pub fn relation_in(&self, lang: tx_base::Lang) -> String {
        crate::facts::relation(&self.relation).map_or_else(|| self.relation.clone(), |t| t.in_lang(lang).to_owned())
    }
}
/// A dated fact about a parent (domain.md §2).
#[derive(Clone, Debug, PartialEq)]
pub struct Parent {
    /// `Id::NIL` for one that is not stored yet
    pub id: Id,
    pub parent: Who,
    pub name: Option<String>,
    pub whereabouts: Where,
    pub from: Option<Day>,
    /// last day on which it was so
    pub to: Option<Day>,
    pub place: Option<String>,
    /// able, unable
    pub capacity: Option<String>,
    /// why unable, or why away otherwise
    pub cause: Option<String>,
    pub phone: Option<String>,
    /// see [`crate::facts::OF_PARENT`]
    pub more: Facts,
    /// where it is known from: form, list, visit
    pub source: Option<String>,
    /// `None` for one that is not stored yet
    pub confirmed_on: Option<Day>,
    pub confirmed_by: Option<String>,
}
impl Parent {
    /// Nothing is known yet.
    pub fn new(parent: Who) -> Parent {
        Parent {
            id: Id::NIL,
            parent,
            name: None,
            whereabouts: Where::Unknown,
            from: None,
            to: None,
            place: None,
            capacity: None,
            cause: None,
            phone: None,
            more: Facts::new(),
            source: None,
            confirmed_on: None,
            confirmed_by: None,
        }
    }
}

impl Default for File {
    /// A pupil of whom nothing is known.
    fn default() -> File {
        File {
            id: Id::NIL,
            version: 0,
            school: Id::NIL,
            class: None,
            name: String::new(),
            entered_name: String::new(),
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
            state: "active".into(),
            more: Facts::new(),
            guardians: Vec::new(),
            parents: Vec::new(),
            ended: Vec::new(),
            listed: None,
            not_listed_on: None,
            household: None,
            content_hash: Vec::new(),
            import_id: None,
            source: None,
        }
    }
}
impl File {
    /// Facts about the parents, also those that ended: each parent's running one first.
    pub fn all_parents(&self) -> Vec<Parent> {
        let mut all = [self.parents.as_slice(), &self.ended].concat();
        all.sort_by_key(|p| p.parent);
        all
    }
}

/// Opens a file that is not in the bin. No scope: the caller has asked whether it may.
pub fn open(c: &Conn, keys: &Keys, county: Id, id: Id) -> Result<Option<File>> {
    let sql = "select version, school_id, class_id, name, entered_name, former_name, sex, birth_date, birth_precision, id_kind, id_no, student_no, class_no, ethnic, hukou_kind, hukou_address, \
        home_address, village, boarder, state, more, sensitive, content_hash, import_id, source, not_listed_on, household_id from children where county_id = ?1 and id = ?2 and deleted_at is null";
    let Some(r) = c.first(sql, params![county, id])? else {
        return Ok(None);
    };
    let key = |table: &str, row: Id, column: &str, b: Option<Vec<u8>>| match b {
        Some(b) => keys.open_child(c, county, id, table, row, column, &b),
        None => Ok(None),
    };
    let facts = |table: &str, row: Id, column: &str, b: Option<Vec<u8>>| {
        Ok::<_, tx_base::Fault>(to_facts(key(table, row, column, b)?))
    };
    let mut f = File {
        id,
        version: r.int(0),
        school: r.id(1),
        class: r.opt_id(2),
        name: r.text(3),
        entered_name: r.text(4),
        former_name: r.opt_text(5),
        sex: r.opt_text(6),
        birth_date: r.opt_day(7),
        birth_precision: r.opt_text(8),
        id_kind: r.opt_text(9),
        id_no: key("children", id, "id_no", r.opt_bytes(10))?,
        student_no: r.opt_text(11),
        class_no: r.opt_int(12),
        ethnic: r.opt_text(13),
        hukou_kind: r.opt_text(14),
        hukou_address: key("children", id, "hukou_address", r.opt_bytes(15))?,
        home_address: key("children", id, "home_address", r.opt_bytes(16))?,
        village: r.opt_text(17),
        boarder: r.opt_bool(18),
        state: r.text(19),
        more: facts("children", id, "more", r.opt_bytes(20))?,
        guardians: Vec::new(),
        parents: Vec::new(),
        ended: Vec::new(),
        listed: None,
        not_listed_on: r.opt_day(25),
        household: r.opt_id(26),
        content_hash: r.bytes(22),
        import_id: r.opt_id(23),
        source: r.opt_text(24),
    };
    f.more.append(&mut facts("children", id, "sensitive", r.opt_bytes(21))?);
    let sql = "select id, name, relation, phone, address, more, confirmed_at, confirmed_by from guardians where county_id = ?1 and child_id = ?2 and gone_at is null order by ord, id";
    for r in c.query(sql, params![county, id])? {
        let row = r.id(0);
        f.guardians.push(Guardian {
            id: row,
            name: r.text(1),
            relation: r.text(2),
            phone: key("guardians", row, "phone", r.opt_bytes(3))?,
            address: key("guardians", row, "address", r.opt_bytes(4))?,
            more: facts("guardians", row, "more", r.opt_bytes(5))?,
            confirmed_on: r.opt_day(6),
            confirmed_by: r.opt_text(7),
        });
    }
    let sql = "select id, parent, name, whereabouts, from_day, to_day, place, capacity, cause, phone, more, source, confirmed_at, confirmed_by from parent_facts \
        where county_id = ?1 and child_id = ?2 and gone_at is null order by parent, to_day desc, from_day desc, id";
    for r in c.query(sql, params![county, id])? {
        let row = r.id(0);
        let Some(parent) = Who::parse(r.str(1)) else {
            continue;
        };
        let p = Parent {
            id: row,
            parent,
            name: r.opt_text(2),
            whereabouts: Where::parse(r.str(3)),
            from: r.opt_day(4),
            to: r.opt_day(5),
            place: r.opt_text(6),
            capacity: r.opt_text(7),
            cause: r.opt_text(8),
            phone: key("parent_facts", row, "phone", r.opt_bytes(9))?,
            more: facts("parent_facts", row, "more", r.opt_bytes(10))?,
            source: r.opt_text(11),
            confirmed_on: r.opt_day(12),
            confirmed_by: r.opt_text(13),
        };
        if p.to.is_none() {
            f.parents.push(p);
        } else {
            f.ended.push(p);
        }
    }
    let sql = "select from_day, source from left_behind_episodes where county_id = ?1 and child_id = ?2 and to_day is null order by from_day, id limit 1";
    f.listed = c.first(sql, params![county, id])?.map(|r| (r.day(0), r.text(1)));
    Ok(Some(f))
}

fn to_facts(text: Option<String>) -> Facts {
    let parsed: Option<BTreeMap<String, serde_json::Value>> = text.and_then(|t| serde_json::from_str(&t).ok());
    parsed
        .unwrap_or_default()
        .into_iter()
        .map(|(k, v)| match v {
            serde_json::Value::String(s) => (k, s),
            other => (k, other.to_string()),
        })
        .collect()
}
type Sets = Vec<(&'static str, Value)>;

/// The columns of a row that differ from the old one; all of them when there is none.
struct Differ<'a, 'w, 'c, T> {
    w: &'a Write<'w, 'c>,
    child: Id,
    table: &'static Table,
    row: Id,
    old: Option<&'a T>,
    new: &'a T,
    sets: Sets,
}
impl<T> Differ<'_, '_, '_, T> {
    fn plain(&mut self, column: &'static str, get: impl Fn(&T) -> Value) -> bool {
        let v = get(self.new);
        let differs = self.old.is_none_or(|o| get(o) != v);
        if differs {
            self.sets.push((column, v));
        }
        differs
    }
    fn sealed(&mut self, column: &'static str, get: impl Fn(&T) -> Option<String>) -> Result<bool> {
        let v = get(self.new);
        let differs = self.old.is_none_or(|o| get(o) != v);
        if differs {
            let v = seal(self.w, self.child, self.table.name, self.row, column, v.as_deref())?;
            self.sets.push((column, v.into()));
        }
        Ok(differs)
    }
    fn facts(&mut self, column: &'static str, get: impl Fn(&T) -> Facts) -> Result<()> {
        let v = get(self.new);
        if self.old.is_none_or(|o| get(o) != v) {
            let v = seal_facts(self.w, self.child, self.table.name, self.row, column, &v)?;
            self.sets.push((column, v.into()));
        }
        Ok(())
    }
    fn phone(&mut self, get: impl Fn(&T) -> Option<String>) -> Result<()> {
        if self.sealed("phone", &get)? {
            let (whole, tail) = match get(self.new) {
                Some(p) => {
                    let (a, b) = phone_indexes(self.w.keys(), self.w.county(), &p);
                    (Value::from(a), Value::from(b))
                }
                None => (Value::Null, Value::Null),
            };
            self.sets.push(("phone_index", whole));
            self.sets.push(("phone_tail_index", tail));
        }
        Ok(())
    }
}

fn child_sets(w: &Write, old: Option<&File>, new: &File) -> Result<Sets> {
    let mut d = Differ {
        w,
        child: new.id,
        table: &CHILDREN,
        row: new.id,
        old,
        new,
        sets: Vec::new(),
    };
    d.plain("school_id", |f| f.school.into());
    d.plain("class_id", |f| f.class.into());
    if d.plain("name", |f| (&f.name).into()) {
        let (pinyin, initials) = syllables(&new.name);
        d.sets.push(("pinyin", pinyin.into()));
        d.sets.push(("initials", initials.into()));
    }
    d.plain("entered_name", |f| (&f.entered_name).into());
    d.plain("former_name", |f| f.former_name.as_deref().into());
    d.plain("sex", |f| f.sex.as_deref().into());
    d.plain("birth_date", |f| f.birth_date.into());
    d.plain("birth_precision", |f| f.birth_precision.as_deref().into());
    d.plain("id_kind", |f| f.id_kind.as_deref().into());
    if d.sealed("id_no", |f| f.id_no.clone())? {
        let index = new.id_no.as_deref().map(|n| id_index(w.keys(), w.county(), n));
        d.sets.push(("id_no_index", index.into()));
    }
    d.plain("student_no", |f| f.student_no.as_deref().into());
    d.plain("class_no", |f| f.class_no.into());
    d.plain("ethnic", |f| f.ethnic.as_deref().into());
    d.plain("hukou_kind", |f| f.hukou_kind.as_deref().into());
    d.sealed("hukou_address", |f| f.hukou_address.clone())?;
    d.sealed("home_address", |f| f.home_address.clone())?;
    d.plain("village", |f| f.village.as_deref().into());
    d.plain("boarder", |f| f.boarder.into());
    d.plain("state", |f| (&f.state).into());
    d.facts("more", |f| part(&f.more).0)?;
    d.facts("sensitive", |f| part(&f.more).1)?;
    d.plain("not_listed_on", |f| f.not_listed_on.into());
    d.plain("household_id", |f| f.household.into());
    d.plain("import_id", |f| f.import_id.into());
    d.plain("source", |f| f.source.as_deref().into());
    // not a difference of its own: a file that is otherwise as it was stays as it is
    if !d.sets.is_empty() || old.is_none() {
        d.plain("content_hash", |f| f.content_hash.as_slice().into());
    }
    Ok(d.sets)
}
fn guardian_sets(w: &Write, child: Id, row: Id, old: Option<&Guardian>, new: &Guardian) -> Result<Sets> {
    let mut d = Differ {
        w,
        child,
        table: &GUARDIANS,
        row,
        old,
        new,
        sets: Vec::new(),
    };
    d.plain("name", |g| (&g.name).into());
    d.plain("relation", |g| (&g.relation).into());
    d.phone(|g| g.phone.clone())?;
    d.sealed("address", |g| g.address.clone())?;
    d.facts("more", |g| g.more.clone())?;
    Ok(d.sets)
}
fn parent_sets(w: &Write, child: Id, row: Id, old: Option<&Parent>, new: &Parent) -> Result<Sets> {
    let mut d = Differ {
        w,
        child,
        table: &PARENT_FACTS,
        row,
        old,
        new,
        sets: Vec::new(),
    };
    d.plain("parent", |p| p.parent.code().into());
    d.plain("name", |p| p.name.as_deref().into());
    d.plain("whereabouts", |p| p.whereabouts.code().into());
    d.plain("from_day", |p| p.from.into());
    d.plain("place", |p| p.place.as_deref().into());
    d.plain("capacity", |p| p.capacity.as_deref().into());
    d.plain("cause", |p| p.cause.as_deref().into());
    d.phone(|p| p.phone.clone())?;
    d.facts("more", |p| p.more.clone())?;
    d.plain("source", |p| p.source.as_deref().into());
    Ok(d.sets)
}

fn new_guardian(w: &mut Write, child: Id, ord: usize, g: &Guardian, on: Day) -> Result<()> {
    let (id, by) = (Id::fresh(), w.act().actor.name.clone());
    let mut all = guardian_sets(w, child, id, None, g)?;
    all.extend(row!["id" => id, "child_id" => child, "ord" => ord, "acting" => true, "confirmed_at" => on, "confirmed_by" => by]);
    w.insert(&GUARDIANS, all)
}
fn new_parent(w: &mut Write, child: Id, p: &Parent, on: Day) -> Result<()> {
    let (id, by) = (Id::fresh(), w.act().actor.name.clone());
    let mut all = parent_sets(w, child, id, None, p)?;
    all.extend(row!["id" => id, "child_id" => child, "to_day" => p.to, "confirmed_at" => on, "confirmed_by" => by]);
    w.insert(&PARENT_FACTS, all)
}
fn add_spell(w: &mut Write, child: Id, from: Day, source: &str) -> Result<()> {
    w.insert(
        &EPISODES,
        row!["id" => Id::fresh(), "child_id" => child, "from_day" => from, "source" => source],
    )
}

/// Stores a file that was not there before; its key is there.
pub(crate) fn store(w: &mut Write, f: &File, since: Day) -> Result<()> {
    let (mut f, today) = (f.clone(), w.now().day());
    if f.entered_name.is_empty() {
        f.entered_name.clone_from(&f.name);
    }
    if f.birth_date.is_some() && f.birth_precision.is_none() {
        f.birth_precision = Some("day".into());
    }
    let mut all = child_sets(w, None, &f)?;
    all.extend(row!["id" => f.id]);
    w.insert(&CHILDREN, all)?;
    for (i, g) in f.guardians.iter().enumerate() {
        new_guardian(w, f.id, i, g, today)?;
    }
    for p in &f.parents {
        new_parent(w, f.id, p, today)?;
    }
    w.insert(&STAYS, row!["id" => Id::fresh(), "child_id" => f.id, "school_id" => f.school, "class_id" => f.class, "from_day" => since])?;
    match &f.listed {
        Some((from, source)) => add_spell(w, f.id, *from, source),
        None => Ok(()),
    }
}

/// Writes what differs between the stored file and the wanted one; says whether anything did. Everything else stays untouched.
///
/// Guardians and parents are told apart by their ids: an unknown or `NIL` id is a new one, a missing one is taken off the file. A parent whose
/// whereabouts change keeps the earlier fact, ended the day before `on`. A new class ends the stay in the old one on the day before `on`.
pub fn change(w: &mut Write, old: &File, new: &File, on: Day) -> Result<bool> {
    let mut sets = child_sets(w, Some(old), new)?;
    let (now, county) = (w.now(), w.county());
    let mut any = false;
    let mut touched = false;
    for (i, g) in new.guardians.iter().enumerate() {
        match old.guardians.iter().position(|o| o.id == g.id) {
            Some(at) => {
                let mut cols = guardian_sets(w, new.id, g.id, Some(&old.guardians[at]), g)?;
                if at != i {
                    cols.push(("ord", i.into()));
                }
                if !cols.is_empty() {
                    w.update(&GUARDIANS, g.id, cols)?;
                    touched = true;
                }
            }
            None => {
                new_guardian(w, new.id, i, g, on)?;
                touched = true;
            }
        }
    }
    for o in &old.guardians {
        if !new.guardians.iter().any(|g| g.id == o.id) {
            w.update(
                &GUARDIANS,
                o.id,
                row!["gone_at" => now, "phone_index" => Value::Null, "phone_tail_index" => Value::Null],
            )?;
            touched = true;
        }
    }
    if touched {
        sets.push(("guardians_at", (old.version + 1).into()));
    }
    touched = false;
    for p in &new.parents {
        let was = old.parents.iter().find(|o| o.id == p.id);
        match was {
            // the earlier whereabouts stay on record with the day on which they ended
            Some(o) if o.whereabouts != p.whereabouts && o.whereabouts != Where::Unknown => {
                w.update(
                    &PARENT_FACTS,
                    o.id,
                    row!["to_day" => on.plus(-1), "phone_index" => Value::Null, "phone_tail_index" => Value::Null],
                )?;
                let mut next = p.clone();
                next.from = p.from.filter(|d| o.from != Some(*d)).or(Some(on));
                new_parent(w, new.id, &next, on)?;
                touched = true;
            }
            Some(o) => {
                let cols = parent_sets(w, new.id, p.id, Some(o), p)?;
                if !cols.is_empty() {
                    w.update(&PARENT_FACTS, p.id, cols)?;
                    touched = true;
                }
            }
            None => {
                new_parent(w, new.id, p, on)?;
                touched = true;
            }
        }
    }
    for o in &old.parents {
        if !new.parents.iter().any(|p| p.id == o.id) {
            w.update(
                &PARENT_FACTS,
                o.id,
                row!["gone_at" => now, "phone_index" => Value::Null, "phone_tail_index" => Value::Null],
            )?;
            touched = true;
        }
    }
    if touched {
        sets.push(("parents_at", (old.version + 1).into()));
    }
    if (old.class, old.school, &old.state) != (new.class, new.school, &new.state) {
        move_stay(w, county, new, on)?;
        any = true;
    }
    if let (None, Some((from, source))) = (&old.listed, &new.listed) {
        add_spell(w, new.id, *from, source)?;
        any = true;
    }
    if !sets.is_empty() {
        w.update(&CHILDREN, new.id, sets)?;
        any = true;
    }
    Ok(any)
}

/// Ends the running stay and begins that of the new class; a stay that began on the same day is put right instead.
fn move_stay(w: &mut Write, county: Id, f: &File, on: Day) -> Result<()> {
    let sql = "select id, from_day from class_stays where county_id = ?1 and child_id = ?2 and to_day is null order by from_day desc, id desc";
    let running = w.conn().query(sql, params![county, f.id])?;
    let active = f.state == "active";
    for (i, r) in running.iter().enumerate() {
        if i == 0 && r.day(1) >= on && active {
            w.update(&STAYS, r.id(0), row!["school_id" => f.school, "class_id" => f.class])?;
            return Ok(());
        }
        let fate = if active { "moved" } else { f.state.as_str() };
        w.update(&STAYS, r.id(0), row!["to_day" => on.plus(-1), "fate" => fate])?;
    }
    if active {
        w.insert(
            &STAYS,
            row!["id" => Id::fresh(), "child_id" => f.id, "school_id" => f.school, "class_id" => f.class, "from_day" => on],
        )?;
    }
    Ok(())
}

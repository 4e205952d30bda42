//! What stands around a record when the API shows it: codes of school and class, own fields, who wrote it, where its children were.

use crate::own::{Declared, OwnField, own_fields};
use crate::read::Record;
use serde_json::Value as Json;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use tx_base::{Day, Id, Result};
use tx_store::{Conn, Value, params, places};

/// Codes and own fields of schools, read when a record first asks for them.
pub(crate) struct Around<'a, 'c> {
    c: &'a Conn<'c>,
    county: Id,
    own: OnceCell<Vec<OwnField>>,
    codes: OnceCell<Arc<Codes>>,
    /// the names that screens show for authors
    names: RefCell<HashMap<Id, String>>,
    /// in which class a child was from when to when
    stays: RefCell<HashMap<Id, Vec<Stay>>>,
}
/// Codes of the schools of a county and the classes of one of them.
struct Codes(HashMap<Id, String>);
/// From, last day, class.
type Stay = (Day, Option<Day>, Option<Id>);

impl<'a, 'c> Around<'a, 'c> {
    pub(crate) fn new(c: &'a Conn<'c>, county: Id) -> Around<'a, 'c> {
        Around {
            c,
            county,
            own: OnceCell::new(),
            codes: OnceCell::new(),
            names: RefCell::default(),
            stays: RefCell::default(),
        }
    }
    /// Reads at once what the answers about these records need: who wrote them and where their children were.
    pub(crate) fn learn<'r>(&self, list: impl Iterator<Item = &'r Record> + Clone) -> Result<()> {
        let mut authors: Vec<Id> = list.clone().filter_map(|r| r.author).collect();
        authors.retain(|a| !self.names.borrow().contains_key(a));
        self.names
            .borrow_mut()
            .extend(crate::people::accounts(self.c, self.county, &authors)?);
        let mut children: Vec<Id> = list.filter(|r| r.class.is_none()).flat_map(Record::children).collect();
        children.sort();
        children.dedup();
        let mut stays = self.stays.borrow_mut();
        children.retain(|k| !stays.contains_key(k));
        if let [child] = children[..] {
            stays.insert(child, crate::people::fixed(self.c, self.county, child)?.stays.clone());
            return Ok(());
        }
        if children.is_empty() {
            return Ok(());
        }
        let mut vals: Vec<Value> = vec![self.county.into()];
        let marks = places(&mut vals, &children);
        stays.extend(children.into_iter().map(|k| (k, Vec::new())));
        let sql = format!(
            "select child_id, from_day, to_day, class_id from class_stays where county_id = ?1 and child_id in ({marks}) order by from_day, id"
        );
        self.c.each(&sql, &vals, |r| {
            stays
                .entry(r.id(0))
                .or_default()
                .push((r.day(1), r.opt_day(2), r.opt_id(3)));
            Ok(())
        })
    }
    /// The class of a record: its own, else the one in which all its children were on the day; of a child that came later its first.
    fn class(&self, r: &Record) -> Option<Id> {
        if r.class.is_some() {
            return r.class;
        }
        let stays = self.stays.borrow();
        let of = |k: &Id| {
            let all = stays.get(k)?;
            let then = all.iter().rfind(|s| s.0 <= r.on && s.1.is_none_or(|to| to >= r.on));
            then.or(all.first().filter(|s| s.0 > r.on))?.2
        };
        let children = r.children();
        let first = of(children.first()?)?;
        children.iter().all(|k| of(k) == Some(first)).then_some(first)
    }
    /// All own fields of the record's school; none are read for a record that has none.
    pub(crate) fn own(&self, r: &Record) -> Result<&[OwnField]> {
        if !r.has_own() {
            return Ok(&[]);
        }
        if self.own.get().is_none() {
            let _ = self.own.set(own_fields(self.c, self.county, Some(r.school))?);
        }
        Ok(self.own.get().map_or(&[], Vec::as_slice))
    }
    pub(crate) fn declared(&self, r: &Record) -> Result<Declared> {
        Ok(Declared::with(r.kind, self.own(r)?, r.on))
    }
    /// The record as the API shows it.
    pub(crate) fn json(&self, r: &Record, sensitive: bool) -> Result<Json> {
        if self.codes.get().is_none() {
            let codes = self.c.kept(self.county, &r.school.to_string(), || {
                let mut all = HashMap::new();
                let sql = "select id, code from schools where county_id = ?1 union all select id, code from classes where county_id = ?1 and school_id = ?2 order by 1";
                self.c.each(sql, params![self.county, r.school], |row| {
                    all.insert(row.id(0), row.text(1));
                    Ok(())
                })?;
                Ok(Codes(all))
            })?;
            let _ = self.codes.set(codes);
        }
        self.learn(std::iter::once(r))?;
        let code = |id: Id| self.codes.get().and_then(|m| m.0.get(&id)).map(String::as_str);
        let mut v = r.json(
            code(r.school).unwrap_or_default(),
            self.class(r).and_then(code),
            self.own(r)?,
            sensitive,
        );
        if let Some(name) = r.author.and_then(|a| self.names.borrow().get(&a).cloned()) {
            v["author"] = name.into();
        }
        Ok(v)
    }
}

//! The record book of a school while it is filled: what was written by whom, then stored in one transaction for each writer.

use crate::people::{People, fate};
use crate::town::{Grown, School};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tx_base::{Day, Fault, Id, Result, Time};
use tx_record::{NewLine, NewRecord, find_kind};
use tx_store::{Act, Actor, Db};

pub(crate) struct Book<'s> {
    pub school: &'s School,
    pub people: People,
    pub today: Day,
    by: BTreeMap<Id, (Actor, Vec<NewRecord>)>,
}

/// A record in the making.
pub(crate) struct Draft {
    record: NewRecord,
}
impl Draft {
    pub fn text(mut self, text: impl Into<String>) -> Draft {
        self.record.text = text.into();
        self
    }
    pub fn field(mut self, name: &str, v: impl Into<Json>) -> Draft {
        self.record.fields.insert(name.into(), v.into());
        self
    }
    pub fn class(mut self, id: Id) -> Draft {
        self.record.class = Some(id);
        self
    }
    pub fn planned(mut self) -> Draft {
        self.record.state = "planned".into();
        self
    }
    pub fn child(mut self, id: Id) -> Draft {
        self.record.lines.push(NewLine::child(id));
        self
    }
    pub fn children(mut self, ids: impl IntoIterator<Item = Id>) -> Draft {
        self.record.lines.extend(ids.into_iter().map(NewLine::child));
        self
    }
    pub fn adults<'g>(mut self, all: impl IntoIterator<Item = &'g Grown>) -> Draft {
        self.record.lines.extend(all.into_iter().map(|g| NewLine {
            adult: Some(g.adult),
            ..NewLine::default()
        }));
        self
    }
    pub fn line(mut self, l: NewLine) -> Draft {
        self.record.lines.push(l);
        self
    }
    /// The same quantity on every line of a child.
    pub fn each(mut self, quantity: i64) -> Draft {
        for l in self.record.lines.iter_mut().filter(|l| l.child.is_some()) {
            l.quantity = Some(quantity);
        }
        self
    }
    pub fn outcome(mut self, outcome: &str) -> Draft {
        for l in &mut self.record.lines {
            l.outcome = outcome.into();
        }
        self
    }
}

/// A line of a thing with its fields.
pub(crate) fn thing(item: impl Into<String>, fields: Json) -> NewLine {
    NewLine {
        item: Some(item.into()),
        fields: object(fields),
        ..NewLine::default()
    }
}
pub(crate) fn object(v: Json) -> Map<String, Json> {
    match v {
        Json::Object(o) => o,
        _ => Map::new(),
    }
}

impl<'s> Book<'s> {
    pub fn new(school: &'s School, people: People, today: Day) -> Book<'s> {
        Book {
            school,
            people,
            today,
            by: BTreeMap::new(),
        }
    }
    pub fn draft(&self, kind: &str, on: Day) -> Result<Draft> {
        let kind = find_kind(kind).ok_or_else(|| Fault::broken(format!("no kind {kind}")))?;
        Ok(Draft {
            record: NewRecord::new(kind, self.school.id, on),
        })
    }
    /// Keeps a record as its writer's. What lies after the demonstration's day is left out, unless it is planned.
    pub fn keep(&mut self, who: &Grown, d: Draft) {
        let mut r = d.record;
        if r.on > self.today && r.state == "done" {
            return;
        }
        // most are written the same evening, a few some days later
        let late = if fate(&[
            u64::from(r.on.day() as u8),
            r.lines.len() as u64,
            self.by.len() as u64,
            r.text.len() as u64,
        ]) < 6
        {
            3
        } else {
            0
        };
        let day = r.on.plus(late).min(self.today);
        let evening = 16 * 60 + i64::from(fate(&[r.text.len() as u64, u64::from(r.on.day() as u8)]) as i32) * 3;
        r.written_at = (r.state == "done")
            .then(|| Time(i64::from(day.since(Day::lit("1970-01-01"))) * 86_400_000 + (evening - 8 * 60) * 60_000));
        let id = who.account.unwrap_or(Id::NIL);
        let actor = Actor {
            id: who.account,
            name: who.name.clone(),
        };
        self.by.entry(id).or_insert_with(|| (actor, Vec::new())).1.push(r);
    }
    /// Stores all of it: one transaction for each writer.
    pub fn store(self, db: &Db, county: Id) -> Result<usize> {
        let mut n = 0;
        for (actor, list) in self.by.into_values() {
            n += list.len();
            let list = Arc::new(list);
            let act = Act {
                county,
                actor,
                address: "demo".into(),
                action: "record.add".into(),
                reason: None,
            };
            db.write(act, move |w| {
                list.iter().try_for_each(|r| tx_record::add(w, r).map(|_| ()))
            })?;
        }
        Ok(n)
    }
}

//! Counting: a value with the records that make it.

use crate::list::{Figure, How};
use std::collections::{BTreeMap, BTreeSet};
use tx_access::Scope;
use tx_base::{Day, Id, Result, Span};
use tx_duty::{Ask, State};
use tx_store::{Conn, params};

/// A figure of a school and period.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub value: i64,
    /// the other number of a share
    pub of: Option<i64>,
    /// a split: month, `2025-1`, `2025-1:start`: (value, of)
    pub by: BTreeMap<String, (i64, i64)>,
    pub records: Vec<Id>,
}

/// Counts from the records of the school. The caller may read the school's figures; the names behind the ids are shown by the lists,
/// which ask again.
pub fn count(c: &Conn, scope: &Scope, school: Id, period: Span, f: &Figure) -> Result<Counted> {
    if matches!(f.how, How::Reached) {
        return reached(c, scope, school, period, f);
    }
    let sql = "select r.id, r.fields, l.child_id, l.quantity from records r \
               left join record_lines l on l.county_id = r.county_id and l.record_id = r.id and l.child_id is not null \
               where r.county_id = ?1 and r.school_id = ?2 and r.kind = ?3 and r.state = 'done' and r.deleted_at is null and r.on_day >= ?4 and r.on_day <= ?5 \
               order by r.on_day, r.id, l.ord";
    let mut out = Counted::default();
    let mut children: BTreeSet<Id> = BTreeSet::new();
    c.each(
        sql,
        params![scope.county, school, f.kind, period.from, period.to],
        |r| {
            let fields = r.json(1);
            let fits = |(name, want): (&str, &str)| match &fields[name] {
                serde_json::Value::String(s) => s == want,
                serde_json::Value::Array(all) => all.iter().any(|v| v.as_str() == Some(want)),
                other => other.to_string() == want,
            };
            if !f.only.is_none_or(fits) {
                return Ok(());
            }
            let id = r.id(0);
            let first = out.records.last() != Some(&id);
            if first {
                out.records.push(id);
            }
            let child = r.opt_id(2);
            children.extend(child);
            out.value += match f.how {
                How::Records => i64::from(first),
                How::PersonTimes => i64::from(child.is_some()),
                How::Pieces if child.is_some() => r.opt_int(3).unwrap_or(0),
                How::Sum(field) if first => fields[field].as_i64().unwrap_or(0),
                How::Pieces | How::Sum(_) | How::Persons | How::Reached => 0,
            };
            Ok(())
        },
    )?;
    if matches!(f.how, How::Persons) {
        out.value = children.len() as i64;
    }
    Ok(out)
}

/// Shares: of the children to whom a rule of this kind was owed, those for whom it was done. Excused duties are counted apart.
fn reached(c: &Conn, scope: &Scope, school: Id, period: Span, f: &Figure) -> Result<Counted> {
    let fed = tx_duties::feed(c, scope.county, school, scope.today, None)?;
    let on: Day = period.to.min(scope.today);
    let mut out = Counted::default();
    let (mut owed, mut done): (BTreeMap<String, BTreeSet<Id>>, BTreeMap<String, BTreeSet<Id>>) = Default::default();
    for d in tx_duties::owed(
        &fed,
        &Ask {
            on,
            until: None,
            since: None,
        },
    ) {
        let Some(child) = d.subject.child() else { continue };
        let counts = &*d.kind == f.kind
            && d.is_staff()
            && d.state != State::Excused
            && period.has(d.window.from)
            && d.window.from <= on;
        if !counts {
            continue;
        }
        owed.entry(d.period.to_string()).or_default().insert(child);
        if d.state == State::Done {
            done.entry(d.period.to_string()).or_default().insert(child);
            out.records.extend(d.records.first());
        }
    }
    out.records.sort();
    out.records.dedup();
    for (key, all) in &owed {
        out.by.insert(
            key.clone(),
            (done.get(key).map_or(0, |d| d.len() as i64), all.len() as i64),
        );
    }
    let every = |m: &BTreeMap<String, BTreeSet<Id>>| m.values().flatten().collect::<BTreeSet<_>>().len() as i64;
    out.value = every(&done);
    out.of = Some(every(&owed));
    Ok(out)
}

//! Written facts beside the duties: excused, moved, given to another.

use crate::feed::{assigned, excuse, moved};
use crate::tables::DUTY_FACTS;
use tx_base::{Day, Id, Result};
use tx_duty::Facts;
use tx_store::{Conn, Keys, Write, params, row};

pub(crate) fn load(c: &Conn, county: Id, school: Id) -> Result<Facts> {
    let mut out = Facts::default();
    let sql = "select fact, duty_id, to_day, to_account from duty_facts where county_id = ?1 and school_id = ?2 and undone_at is null order by id";
    for r in c.query(sql, params![county, school])? {
        let duty = r.id(1);
        match (r.str(0), r.opt_day(2), r.opt_id(3)) {
            // the reason stays sealed: who opens the duty's page reads it there
            ("excuse", _, _) => out.excuses.push(excuse(duty, String::new())),
            ("move", Some(to), _) => out.moves.push(moved(duty, to)),
            ("assign", _, Some(owner)) => out.assigns.push(assigned(duty, owner)),
            _ => {}
        }
    }
    Ok(out)
}

/// A fact to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewFact {
    pub school: Id,
    pub duty: Id,
    pub child: Option<Id>,
    pub fact: &'static str,
    pub reason: String,
    pub to_day: Option<Day>,
    pub to_account: Option<Id>,
}
pub(crate) fn add(w: &mut Write, f: &NewFact) -> Result<()> {
    let (id, county) = (Id::fresh(), w.county());
    let reason = match f.child {
        Some(child) => w
            .keys()
            .seal_child(w.conn(), county, child, "duty_facts", id, "reason", &f.reason)?,
        None => w.keys().seal_county(county, "duty_facts", id, "reason", &f.reason),
    };
    w.insert(
        &DUTY_FACTS,
        row!["id" => id, "school_id" => f.school, "duty_id" => f.duty, "child_id" => f.child, "fact" => f.fact, "reason" => reason,
            "to_day" => f.to_day, "to_account" => f.to_account],
    )
}

/// A written fact as the duty's page tells it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub id: Id,
    pub fact: String,
    pub reason: String,
    pub to_day: Option<Day>,
    pub to_account: Option<Id>,
}
/// What was written about a duty, oldest first. The caller has asked whether the duty may be seen.
pub(crate) fn told(keys: &Keys, c: &Conn, county: Id, duty: Id) -> Result<Vec<Told>> {
    let sql = "select id, child_id, fact, reason, to_day, to_account from duty_facts where county_id = ?1 and duty_id = ?2 and undone_at is null order by id";
    let mut out = Vec::new();
    for r in c.query(sql, params![county, duty])? {
        let (id, sealed) = (r.id(0), r.bytes(3));
        let reason = match r.opt_id(1) {
            Some(child) => keys.open_child(c, county, child, "duty_facts", id, "reason", &sealed)?,
            None => keys.open_county(county, "duty_facts", id, "reason", &sealed),
        };
        out.push(Told {
            id,
            fact: r.text(2),
            reason: reason.unwrap_or_default(),
            to_day: r.opt_day(4),
            to_account: r.opt_id(5),
        });
    }
    Ok(out)
}
/// Takes the last written fact about a duty back; the fact stays in the store with the time of its undoing.
pub(crate) fn undo(w: &mut Write, fact: Id) -> Result<()> {
    let now = w.now();
    w.update(&DUTY_FACTS, fact, row!["undone_at" => now]).map(|_| ())
}

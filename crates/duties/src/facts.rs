//! Written facts beside the duties: excused, moved, given to another.

use crate::feed::{assigned, excuse, moved};
use crate::tables::DUTY_FACTS;
use tx_base::{Day, Id, Result};
use tx_duty::Facts;
use tx_store::{Conn, Write, params, row};

pub(crate) fn load(c: &Conn, county: Id, school: Id) -> Result<Facts> {
    let mut out = Facts::default();
    let sql = "select fact, duty_id, reason, to_day, to_account from duty_facts where county_id = ?1 and school_id = ?2 and undone_at is null order by id";
    for r in c.query(sql, params![county, school])? {
        let duty = r.id(1);
        match (r.str(0), r.opt_day(3), r.opt_id(4)) {
            ("excuse", _, _) => out.excuses.push(excuse(duty, r.text(2))),
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
    w.insert(
        &DUTY_FACTS,
        row!["id" => Id::fresh(), "school_id" => f.school, "duty_id" => f.duty, "child_id" => f.child, "fact" => f.fact, "reason" => f.reason.as_str(),
            "to_day" => f.to_day, "to_account" => f.to_account],
    )
}

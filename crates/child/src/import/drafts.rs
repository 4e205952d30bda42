//! A sheet between the first and the fourth step: sealed, seen by the one who sent it, gone after 30 days. Nothing of it is in the children's files.

use super::Choices;
use crate::tables::IMPORT_DRAFTS;
use tx_access::Scope;
use tx_base::{Fault, Id, Result, Time};
use tx_store::{Conn, Keys, Write, params, row};

/// Days for which a sheet is kept (screens.md §5.8).
pub const DAYS: i64 = 30;

#[derive(Clone, Debug)]
pub struct Draft {
    pub id: Id,
    pub at: Time,
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub choices: Choices,
}

fn place(id: Id, column: &str) -> Vec<u8> {
    tx_store::aad("import_drafts", id, column)
}

/// Keeps a draft, or a draft with other choices. Drafts that are too old go.
pub fn keep(w: &mut Write, school: Id, account: Id, d: &Draft) -> Result<()> {
    let old = Time(w.now().0 - DAYS * 86_400_000);
    let county = w.county();
    w.drop_rows(&IMPORT_DRAFTS, "county_id = ?1 and at < ?2", params![county, old])?;
    // the mended sheet takes the place of the one of the same name
    w.drop_rows(
        &IMPORT_DRAFTS,
        "county_id = ?1 and account_id = ?2 and file_name = ?3 and id <> ?4",
        params![county, account, d.file_name.as_str(), d.id],
    )?;
    let choices = serde_json::to_vec(&d.choices).map_err(Fault::broken)?;
    let (file, choices) = (
        w.keys().seal_answer(&place(d.id, "file"), &d.bytes),
        w.keys().seal_answer(&place(d.id, "choices"), &choices),
    );
    w.put(
        &IMPORT_DRAFTS,
        row!["id" => d.id, "school_id" => school, "account_id" => account, "at" => d.at, "file_name" => d.file_name.as_str(), "file" => file, "choices" => choices],
    )
}

/// The own draft; another's is not there.
pub fn open(c: &Conn, keys: &Keys, scope: &Scope, id: Id) -> Result<Draft> {
    let sql = "select at, file_name, file, choices from import_drafts where county_id = ?1 and id = ?2 and account_id = ?3 and school_id = ?4";
    let school = scope.the_school()?.id;
    let r = c
        .first(sql, params![scope.county, id, scope.account, school])?
        .ok_or(Fault::NotFound)?;
    let broken = || Fault::broken("a draft does not open");
    let choices = keys
        .open_answer(&place(id, "choices"), &r.bytes(3))
        .ok_or_else(broken)?;
    Ok(Draft {
        id,
        at: r.time(0),
        file_name: r.text(1),
        bytes: keys.open_answer(&place(id, "file"), &r.bytes(2)).ok_or_else(broken)?,
        choices: serde_json::from_slice(&choices).map_err(Fault::broken)?,
    })
}

/// The own drafts that still wait, the latest first: id, name, time.
pub fn mine(c: &Conn, scope: &Scope) -> Result<Vec<(Id, String, Time)>> {
    let sql = "select id, file_name, at from import_drafts where county_id = ?1 and account_id = ?2 order by at desc, id desc limit 20";
    Ok(c.query(sql, params![scope.county, scope.account])?
        .iter()
        .map(|r| (r.id(0), r.text(1), r.time(2)))
        .collect())
}

pub fn forget(w: &mut Write, id: Id) -> Result<()> {
    let county = w.county();
    w.drop_rows(&IMPORT_DRAFTS, "county_id = ?1 and id = ?2", params![county, id])
        .map(|_| ())
}

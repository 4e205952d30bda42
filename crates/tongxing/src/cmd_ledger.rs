//! `tongxing report ledger`: a ledger as a sheet, beside a running server (interfaces.md, features K3).

use crate::cli::{console, find_school, lang};
use crate::cmd_report::keep;
use std::path::Path;
use tx_access::{SchoolRef, Scope};
use tx_base::{Day, Fault, Result, say};
use tx_reports::ledger::{Ledger, draw};
use tx_store::{Db, params};

/// Writes the ledger; the exit status. The console may take more names than a page, and every ledger is an audit entry.
pub fn run(db: &Db, kind: &str, code: &str, days: (Day, Day), out: &Path) -> Result<i32> {
    let what = Ledger::parse(kind).ok_or_else(|| {
        let all: Vec<&str> = Ledger::all().iter().map(Ledger::code).collect();
        Fault::Bad(say(
            format!("没有台账 {kind}，有：{}", all.join(" ")),
            format!("There is no ledger {kind}; there are: {}", all.join(" ")),
        ))
    })?;
    if !out.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        return Err(Fault::Bad(say("台账写成 .xlsx", "A ledger is written as .xlsx")));
    }
    let period = tx_reports::summary::period(days.0, days.1)?;
    let (county, id) = find_school(db, code)?;
    let name = db
        .read(|c| {
            let sql = "select name from schools where county_id = ?1 and id = ?2";
            Ok(c.first(sql, params![county, id])?.map(|r| r.text(0)))
        })?
        .ok_or(Fault::NotFound)?;
    let school = SchoolRef {
        id,
        code: code.to_owned(),
        name,
    };
    let scope = Scope::console(county, Some(school), db.clock().today(), lang());
    let drawn = db.read(|c| draw(db.keys(), c, &scope, what, period, lang()))?;
    let detail = format!("{}; {} names", what.code(), drawn.names);
    db.write(console(county, "export.ledger"), move |w| {
        w.note("export.ledger", "records", None, Some(detail.clone()));
        Ok(())
    })?;
    keep(out, &tx_sheet::to_xlsx(&[drawn.table]))?;
    eprintln!("{}", out.display());
    Ok(0)
}

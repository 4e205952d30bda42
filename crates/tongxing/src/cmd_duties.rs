//! `tongxing duties`: who owes whom what, of one school or of all (interfaces.md).

use crate::cli::{find_school, lang};
use crate::open::Place;
use crate::out;
use serde_json::json;
use tx_access::{SchoolRef, Scope};
use tx_base::{Day, Id, Result};

/// Without a school those of every school, in the order of their codes.
pub(crate) fn run(place: &Place, school: Option<&str>, on: Option<Day>, as_json: bool) -> Result<i32> {
    let db = place.open()?;
    let today = db.clock().today();
    let schools: Vec<(Id, Id, String)> = match school {
        Some(code) => {
            let (county, id) = find_school(&db, code)?;
            vec![(county, id, code.to_owned())]
        }
        None => db.read(|c| {
            let rows = c.query("select county_id, id, code from schools order by code, id", &[])?;
            Ok(rows.iter().map(|r| (r.id(0), r.id(1), r.text(2))).collect())
        })?,
    };
    let mut all = Vec::new();
    for (county, id, code) in schools {
        let named = SchoolRef {
            id,
            code: code.clone(),
            name: code,
        };
        let scope = Scope::console(county, Some(named), today, lang());
        let items = db.read(|c| tx_duties::items(c, &scope, id, on.unwrap_or(today), None, false))?;
        if as_json {
            all.extend(items.into_iter().map(|(_, v)| v));
            continue;
        }
        for (d, v) in items
            .iter()
            .filter(|(d, _)| d.is_staff() && matches!(d.state, tx_duty::State::Open | tx_duty::State::Overdue))
        {
            out!(
                "{}\t{}\t{}\t{}\t{}",
                d.state.name().in_lang(lang()),
                d.rule,
                d.subject.id(),
                d.window.to,
                v["owner"].as_str().unwrap_or("-")
            );
        }
    }
    if as_json {
        out!("{}", json!({"items": all}));
    }
    Ok(0)
}

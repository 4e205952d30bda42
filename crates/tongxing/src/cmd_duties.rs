//! `tongxing duties`: who owes whom what, of one school or of all (interfaces.md).

use crate::cli::{find_school, lang};
use crate::open::Place;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use tx_access::{SchoolRef, Scope};
use tx_base::{Day, Id, Result, t};
use tx_duty::{State, Subject};
use tx_store::{Conn, Db, params};

/// Schools read side by side, each from a reader of its own.
const SIDE_BY_SIDE: usize = 4;

struct School {
    county: Id,
    id: Id,
    code: String,
}

/// Without a school those of every school, in the order of their codes. Schools are computed side by side and written as they come, so
/// that a county never lies in memory as a whole.
pub(crate) fn run(place: &Place, school: Option<&str>, on: Option<Day>, as_json: bool) -> Result<i32> {
    let db = place.open()?;
    let today = db.clock().today();
    let on = on.unwrap_or(today);
    let schools: Vec<School> = match school {
        Some(code) => {
            let (county, id) = find_school(&db, code)?;
            let code = code.to_owned();
            vec![School { county, id, code }]
        }
        None => db.read(|c| {
            let rows = c.query("select county_id, id, code from schools order by code, id", &[])?;
            Ok(rows
                .iter()
                .map(|r| School {
                    county: r.id(0),
                    id: r.id(1),
                    code: r.text(2),
                })
                .collect())
        })?,
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(SIDE_BY_SIDE);
    let next = AtomicUsize::new(0);
    let (send, got) = mpsc::sync_channel::<(usize, Result<String>)>(threads);
    std::thread::scope(|s| {
        for _ in 0..threads {
            let (send, next, db, schools) = (send.clone(), &next, &db, &schools);
            s.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(school) = schools.get(at) else { return };
                    // nobody listens any more: an earlier school failed, or the reader of the output went away
                    if send.send((at, of_school(db, school, today, on, as_json))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        write_in_order(got, as_json)
    })?;
    Ok(0)
}

fn write_in_order(got: mpsc::Receiver<(usize, Result<String>)>, as_json: bool) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    // a reader that has gone away (`| head`) is no failure
    let mut put = |text: &str| out.write_all(text.as_bytes()).is_ok();
    let head = t("状态\t什么\t谁\t到\t归谁\n", "state\twhat\twho\tby\towner\n");
    put(if as_json { "{\"items\":[" } else { head.in_lang(lang()) });
    let (mut waiting, mut turn, mut first) = (BTreeMap::new(), 0, true);
    for (at, text) in got {
        waiting.insert(at, text?);
        while let Some(text) = waiting.remove(&turn) {
            turn += 1;
            if as_json && !first && !text.is_empty() {
                put(",");
            }
            first &= text.is_empty();
            if !put(&text) {
                return Ok(());
            }
        }
    }
    if as_json {
        put("]}\n");
    }
    Ok(())
}

/// The duties of a school: as JSON all of them, parted by commas; as text those of staff that are open or overdue, a line each.
fn of_school(db: &Db, school: &School, today: Day, on: Day, as_json: bool) -> Result<String> {
    let named = SchoolRef {
        id: school.id,
        code: school.code.clone(),
        name: school.code.clone(),
    };
    let scope = Scope::console(school.county, Some(named), today, lang());
    db.read(|c| {
        let items = tx_duties::items(c, &scope, school.id, on, None, false)?;
        let mut out = String::new();
        if as_json {
            for (_, v) in items {
                if !out.is_empty() {
                    out.push(',');
                }
                let _ = write!(out, "{v}");
            }
            return Ok(out);
        }
        let names = names(c, school)?;
        let live = |s: State| matches!(s, State::Open | State::Overdue);
        for (d, v) in items.iter().filter(|(d, _)| d.is_staff() && live(d.state)) {
            let who = match d.subject {
                Subject::Child(id) | Subject::Class(id) => names.get(&id).map_or("-", String::as_str),
                Subject::School(_) => school.code.as_str(),
            };
            let _ = writeln!(
                out,
                "{}\t{}\t{who}\t{}\t{}",
                d.state.name().in_lang(lang()),
                tx_duties::kind_name(&d.kind, lang()),
                d.window.to,
                v["owner"].as_str().unwrap_or("-")
            );
        }
        Ok(out)
    })
}

/// What a person calls the subjects of a school: children with their class, classes.
fn names(c: &Conn, school: &School) -> Result<HashMap<Id, String>> {
    let mut out = HashMap::new();
    let classes = "select id, name from classes where county_id = ?1 and school_id = ?2 order by id";
    c.each(classes, params![school.county, school.id], |r| {
        out.insert(r.id(0), r.text(1));
        Ok(())
    })?;
    let children = "select k.id, k.name, g.name from children k left join classes g on g.county_id = k.county_id and g.id = k.class_id \
        where k.county_id = ?1 and k.school_id = ?2 order by k.id";
    c.each(children, params![school.county, school.id], |r| {
        let class = r.opt_text(2).map(|g| format!(" {g}")).unwrap_or_default();
        out.insert(r.id(0), format!("{}{class}", r.text(1)));
        Ok(())
    })?;
    Ok(out)
}

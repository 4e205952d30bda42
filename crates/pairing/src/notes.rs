//! What is written down about helpers and pairings by day: points, training, reviews; and the change of a helper (features D2, D6).

use crate::bonds::{self, NewPairing, Pair};
use crate::tables::NOTES;
use tx_base::{Day, Fault, Id, Result, Text, t};
use tx_store::{Conn, Keys, Write, params, row};

/// How a pairing is found at a review.
pub const VERDICTS: [(&str, Text); 3] = [
    ("go_on", t("照这样继续", "Goes on as it is")),
    ("watch", t("再看一阵", "To be watched")),
    ("change", t("该换人", "Needs another helper")),
];
/// Most points of one entry, up or down.
const POINTS: i64 = 100;
/// Most minutes of one training.
const MINUTES: i64 = 40 * 60;

/// A dated entry.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: Id,
    /// points, training, review
    pub sort: String,
    pub on: Day,
    /// points, or minutes
    pub amount: i64,
    pub verdict: Option<String>,
    pub next_on: Option<Day>,
    pub words: Option<String>,
    pub by: String,
}
fn notes(c: &Conn, keys: &Keys, county: Id, column: &str, id: Id) -> Result<Vec<Note>> {
    let sql = format!(
        "select id, sort, child_id, on_day, amount, verdict, next_on, words, by_name from helper_notes where county_id = ?1 and {column} = ?2 order by on_day desc, id desc limit 500"
    );
    let mut out = Vec::new();
    for r in c.query(&sql, params![county, id])? {
        let words = match (r.opt_bytes(7), r.opt_id(2)) {
            (None, _) => None,
            (Some(b), Some(child)) => keys.open_child(c, county, child, "helper_notes", r.id(0), "words", &b)?,
            (Some(b), None) => keys.open_county(county, "helper_notes", r.id(0), "words", &b),
        };
        out.push(Note {
            id: r.id(0),
            sort: r.text(1),
            on: r.day(3),
            amount: r.opt_int(4).unwrap_or_default(),
            verdict: r.opt_text(5),
            next_on: r.opt_day(6),
            words,
            by: r.text(8),
        });
    }
    Ok(out)
}
/// Points and training of a helper, the newest first; the caller has asked whether the helper is of the school. Reviews are the pairing's.
pub fn of_helper(c: &Conn, keys: &Keys, county: Id, adult: Id) -> Result<Vec<Note>> {
    let mut all = notes(c, keys, county, "adult_id", adult)?;
    all.retain(|n| n.sort != "review");
    Ok(all)
}
/// Reviews of a pairing that the caller may see, the newest first.
pub fn of_pair(c: &Conn, keys: &Keys, county: Id, pair: Id) -> Result<Vec<Note>> {
    notes(c, keys, county, "pairing_id", pair)
}
/// Points, and minutes of training.
pub fn sums(all: &[Note]) -> (i64, i64) {
    let sum = |sort: &str| all.iter().filter(|n| n.sort == sort).map(|n| n.amount).sum();
    (sum("points"), sum("training"))
}

fn on_or_before(on: Day, today: Day) -> Result<()> {
    if on > today {
        return Err(Fault::invalid("on", "日子还没到", "the day is in the future"));
    }
    Ok(())
}
/// Points up or down, with their reason.
pub fn points(w: &mut Write, school: Id, adult: Id, on: Day, n: i64, why: &str, today: Day) -> Result<Id> {
    if n == 0 || n.abs() > POINTS {
        return Err(Fault::invalid(
            "amount",
            format!("加分或扣分，从 -{POINTS} 到 {POINTS}，不能是 0"),
            format!("from -{POINTS} to {POINTS}, not 0"),
        ));
    }
    entry(w, school, adult, "points", on, n, why, today)
}
/// Minutes of training; what it was about.
pub fn training(w: &mut Write, school: Id, adult: Id, on: Day, minutes: i64, what: &str, today: Day) -> Result<Id> {
    if !(1..=MINUTES).contains(&minutes) {
        return Err(Fault::invalid(
            "hours",
            "大于 0，最多 40 小时",
            "more than 0, at most 40 hours",
        ));
    }
    entry(w, school, adult, "training", on, minutes, what, today)
}
fn entry(w: &mut Write, school: Id, adult: Id, sort: &str, on: Day, n: i64, words: &str, today: Day) -> Result<Id> {
    on_or_before(on, today)?;
    let words = words.trim();
    if words.is_empty() || words.chars().count() > 200 {
        return Err(Fault::invalid(
            "words",
            "写明原因或内容，200 个字以内",
            "say why or what, at most 200 characters",
        ));
    }
    bonds::fetch_helper(w.conn(), w.county(), school, adult, today)?.ok_or(Fault::NotFound)?;
    let (id, county, by) = (Id::fresh(), w.county(), w.act().actor.name.clone());
    let sealed = w.keys().seal_county(county, "helper_notes", id, "words", words);
    w.insert(
        &NOTES,
        row!["id" => id, "school_id" => school, "adult_id" => adult, "sort" => sort, "on_day" => on, "amount" => n, "words" => sealed, "by_name" => by],
    )?;
    Ok(id)
}

/// A review of a pairing.
#[derive(Clone, Debug)]
pub struct Review {
    pub on: Day,
    /// a code of [`VERDICTS`]
    pub verdict: String,
    pub words: String,
    pub next_on: Option<Day>,
}
/// Writes a review of a pairing that the caller may change.
pub fn review(w: &mut Write, school: Id, p: &Pair, n: &Review, today: Day) -> Result<Id> {
    on_or_before(n.on, today)?;
    if n.on < p.from {
        return Err(Fault::invalid(
            "on",
            format!("{} 才开始结对", p.from),
            format!("the pairing began on {}", p.from),
        ));
    }
    if !VERDICTS.iter().any(|(v, _)| *v == n.verdict) {
        return Err(Fault::invalid("verdict", "选一个结论", "choose how it was found"));
    }
    let words = n.words.trim();
    if words.is_empty() || words.chars().count() > 1000 {
        return Err(Fault::invalid(
            "words",
            "写几句怎么样，1000 个字以内",
            "a few words on how it goes, at most 1000 characters",
        ));
    }
    if n.next_on.is_some_and(|d| d <= n.on || d > n.on.plus_months(13)) {
        return Err(Fault::invalid(
            "next_on",
            "下次要在这次之后一年内",
            "within a year after this one",
        ));
    }
    let (id, county, by) = (Id::fresh(), w.county(), w.act().actor.name.clone());
    let sealed = w
        .keys()
        .seal_child(w.conn(), county, p.child, "helper_notes", id, "words", words)?;
    w.insert(
        &NOTES,
        row!["id" => id, "school_id" => school, "adult_id" => p.helper, "sort" => "review", "pairing_id" => p.id, "child_id" => p.child, "on_day" => n.on,
            "verdict" => n.verdict.as_str(), "next_on" => n.next_on, "words" => sealed, "by_name" => by],
    )?;
    Ok(id)
}
/// Another helper takes over: the pairing ends on `on`, the new one begins the day after, both or neither. Gives the new pairing.
pub fn change(w: &mut Write, school: Id, p: &Pair, helper: Id, on: Day, reason: &str, today: Day) -> Result<Id> {
    if helper == p.helper {
        return Err(Fault::invalid("helper", "还是同一个人", "this is the same helper"));
    }
    bonds::end(w, p.id, on, reason, today)?;
    bonds::pair(
        w,
        &NewPairing {
            id: Id::fresh(),
            school,
            helper,
            child: p.child,
            from: on.plus(1),
            to: None,
            kind: None,
        },
        today,
    )
}

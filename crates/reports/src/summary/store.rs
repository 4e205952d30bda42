//! Drafts in the store: own words, numbers left out, what the figures were; the text itself is drawn anew each time.

use super::draw::Own;
use super::style::Style;
use crate::tables::SUMMARIES;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use tx_access::Scope;
use tx_base::{Fault, Id, Result, Span, Text, Time, say, t};
use tx_paper::Doc;
use tx_store::{Conn, Keys, Row, Value, Write, params, row};

/// How far a summary has come (features K9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Draft,
    Review,
    Approved,
    Final,
}

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Review => "review",
            State::Approved => "approved",
            State::Final => "final",
        }
    }
    pub fn name(self) -> Text {
        match self {
            State::Draft => t("草稿", "Draft"),
            State::Review => t("等校长批", "Waits for the head"),
            State::Approved => t("已批准", "Approved"),
            State::Final => t("定稿", "Final"),
        }
    }
    pub fn parse(s: &str) -> Option<State> {
        [State::Draft, State::Review, State::Approved, State::Final]
            .into_iter()
            .find(|x| x.code() == s)
    }
}

/// The document as it was made final.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Frozen {
    pub doc: Doc,
    /// id, value in short
    pub figures: BTreeMap<String, String>,
    /// ids of the records behind each figure
    pub records: BTreeMap<String, Vec<Id>>,
}

/// A summary of the school.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: Id,
    pub style: Style,
    pub period: Span,
    pub own: Own,
    /// value of each figure when it was last drawn
    pub figures: BTreeMap<String, String>,
    pub drawn_at: Time,
    pub title: String,
    pub state: State,
    /// `[{"to","at","by"}]`
    pub moved: Vec<Json>,
    pub frozen: Option<Frozen>,
    pub hash: Option<String>,
}

const COLS: &str = "id, style, from_day, to_day, own, left_out, figures, drawn_at, title, state, moved, frozen, hash";

fn read(keys: &Keys, county: Id, r: &Row) -> Result<Draft> {
    let id = r.id(0);
    let open = |at: usize, column: &str| {
        r.opt_bytes(at)
            .and_then(|b| keys.open_county(county, SUMMARIES.name, id, column, &b))
    };
    let plain = |at: usize| r.opt_text(at).and_then(|s| serde_json::from_str::<Json>(&s).ok());
    Ok(Draft {
        id,
        style: Style::parse(r.str(1))?,
        period: Span::new(r.day(2), r.day(3)),
        own: Own {
            words: open(4, "own")
                .and_then(|s| serde_json::from_str(&s).ok())
                .unwrap_or_default(),
            left_out: plain(5)
                .and_then(|v| serde_json::from_value(v).ok())
                .unwrap_or_default(),
        },
        figures: serde_json::from_str(r.str(6)).unwrap_or_default(),
        drawn_at: r.time(7),
        title: r.text(8),
        state: r.opt_text(9).and_then(|s| State::parse(&s)).unwrap_or(State::Draft),
        moved: plain(10).and_then(|v| v.as_array().cloned()).unwrap_or_default(),
        frozen: open(11, "frozen").and_then(|s| serde_json::from_str(&s).ok()),
        hash: r.opt_text(12),
    })
}

/// The summaries of the own school, newest first.
pub fn list(keys: &Keys, c: &Conn, scope: &Scope) -> Result<Vec<Draft>> {
    let school = scope.the_school()?.id;
    let sql = format!(
        "select {COLS} from summaries where county_id = ?1 and school_id = ?2 and deleted_at is null order by to_day desc, id desc limit 200"
    );
    c.query(&sql, params![scope.county, school])?
        .iter()
        .map(|r| read(keys, scope.county, r))
        .collect()
}

/// One summary of the own school; `NotFound` otherwise.
pub fn fetch(keys: &Keys, c: &Conn, scope: &Scope, id: Id) -> Result<Draft> {
    let school = scope.the_school()?.id;
    let sql = format!(
        "select {COLS} from summaries where county_id = ?1 and school_id = ?2 and id = ?3 and deleted_at is null"
    );
    let r = c
        .first(&sql, params![scope.county, school, id])?
        .ok_or(Fault::NotFound)?;
    read(keys, scope.county, &r)
}

/// A new draft.
pub struct New {
    pub id: Id,
    pub school: Id,
    pub style: Style,
    pub period: Span,
    pub title: String,
    pub figures: BTreeMap<String, String>,
}

pub fn insert(w: &mut Write, n: &New) -> Result<()> {
    let now = w.now();
    w.insert(
        &SUMMARIES,
        row!["id" => n.id, "school_id" => n.school, "style" => n.style.code(), "from_day" => n.period.from, "to_day" => n.period.to,
            "figures" => json!(n.figures).to_string(), "drawn_at" => now, "title" => n.title.as_str(), "state" => State::Draft.code()],
    )
}

/// Own words of a section; empty words take them away.
pub fn set_words(w: &mut Write, d: &Draft, slot: &str, text: &str) -> Result<()> {
    let mut words = d.own.words.clone();
    let paras: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect();
    if paras.is_empty() {
        words.remove(slot);
    } else {
        words.insert(slot.to_owned(), paras);
    }
    let sealed = (!words.is_empty()).then(|| {
        w.keys()
            .seal_county(w.county(), SUMMARIES.name, d.id, "own", &json!(words).to_string())
    });
    w.update(&SUMMARIES, d.id, row!["own" => sealed]).map(|_| ())
}

/// Leaves a number out of the text, or puts it back.
pub fn set_left_out(w: &mut Write, d: &Draft, figure: &str, out: bool) -> Result<()> {
    let mut left = d.own.left_out.clone();
    if out {
        left.insert(figure.to_owned());
    } else {
        left.remove(figure);
    }
    w.update(&SUMMARIES, d.id, row!["left_out" => json!(left).to_string()])
        .map(|_| ())
}

/// The numbers as they are now become those against which later changes are told.
pub fn redraw(w: &mut Write, d: &Draft, figures: &BTreeMap<String, String>) -> Result<()> {
    let now = w.now();
    w.update(
        &SUMMARIES,
        d.id,
        row!["figures" => json!(figures).to_string(), "drawn_at" => now],
    )
    .map(|_| ())
}

pub fn set_style(w: &mut Write, d: &Draft, style: Style) -> Result<()> {
    w.update(&SUMMARIES, d.id, row!["style" => style.code()]).map(|_| ())
}

pub fn remove(w: &mut Write, d: &Draft) -> Result<()> {
    let now = w.now();
    w.update(&SUMMARIES, d.id, row!["deleted_at" => now]).map(|_| ())
}

/// Moves a summary on or back; made final, it is frozen with its digest.
pub fn set_state(w: &mut Write, d: &Draft, to: State, by: &str, frozen: Option<&Frozen>) -> Result<()> {
    if !moves(d.state).contains(&to) {
        return Err(Fault::Conflict(say(
            format!("现在是{}，不能{}", d.state.name().zh, to.name().zh),
            format!("It is {} now", d.state.name().en),
        )));
    }
    let mut moved = d.moved.clone();
    moved.push(json!({"to": to.code(), "at": w.now().iso(), "by": by}));
    let mut changes: Vec<(&'static str, Value)> = row!["state" => to.code(), "moved" => Json::Array(moved).to_string()];
    if let Some(f) = frozen {
        let text = serde_json::to_string(f).map_err(Fault::broken)?;
        let hash = tx_seal::hex(&tx_seal::digest(&[text.as_bytes()]));
        let sealed = w.keys().seal_county(w.county(), SUMMARIES.name, d.id, "frozen", &text);
        changes.extend(row!["frozen" => sealed, "hash" => hash]);
    }
    w.update(&SUMMARIES, d.id, changes).map(|_| ())
}

/// Where a summary may go from here. Final is final.
pub fn moves(from: State) -> &'static [State] {
    match from {
        State::Draft => &[State::Review],
        State::Review => &[State::Approved, State::Draft],
        State::Approved => &[State::Final, State::Draft],
        State::Final => &[],
    }
}

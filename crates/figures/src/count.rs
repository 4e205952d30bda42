//! Counting: a value with the items that make it.

use crate::figure::{Amount, Bond, By, Counted, Figure, How, Item, Owed, Pair, Seat, Set, Test, What, Who};
use crate::load::{Line, Rec, Source};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashMap, HashSet};
use tx_access::Scope;
use tx_base::{Day, Id, Result, Span};
use tx_calendar::SchoolYear;
use tx_duty::{Duty, State};
use tx_store::{Conn, params};

/// One figure of a school and period. The caller may read the school's figures; the names behind the ids are shown by the lists,
/// which ask again.
pub fn count(c: &Conn, scope: &Scope, school: Id, period: Span, f: &Figure) -> Result<Counted> {
    let kinds: &[&str] = if matches!(f.how, How::InForce) {
        &[]
    } else {
        f.pick.kinds
    };
    one(&Source::new(c, scope, school, period, Some(kinds))?, f)
}

/// Every figure of a school and period, read in one go. Those of outcomes only when it is for the authority (features G3).
pub fn all(
    c: &Conn,
    scope: &Scope,
    school: Id,
    period: Span,
    authority: bool,
) -> Result<Vec<(&'static Figure, Counted)>> {
    let source = Source::new(c, scope, school, period, None)?;
    crate::every()
        .filter(|f| authority || !f.authority)
        .map(|f| Ok((f, one(&source, f)?)))
        .collect()
}

fn one(s: &Source, f: &Figure) -> Result<Counted> {
    let mut items = match f.how {
        How::Reached(owed) => return reached(s, owed),
        How::Last(field) => return last(s, f, field),
        How::Profile(field) => return profile(s, field),
        How::InForce => in_force(s, f)?,
        How::Group(seat) => group(s, seat)?,
        How::Post(code) => posts(s, code)?,
        How::Children(set) => children(s, f, set)?,
        How::Pairs(bond, pair) => pairs(s, bond, pair)?,
        How::Values(field) => values(s, f, field),
        How::Records | How::PersonTimes | How::Pieces | How::People(..) | How::Sum(..) | How::Balance(..) => {
            from_records(s, f)?
        }
    };
    items.shrink_to_fit();
    let sum: i64 = items.iter().map(|i| i.counts).sum();
    let money = matches!(f.how, How::Balance(..));
    let value = if money { Amount::Cents(sum) } else { Amount::Whole(sum) };
    let mut by: BTreeMap<String, (i64, Option<i64>)> = BTreeMap::new();
    for i in items.iter().filter(|_| f.by != By::Nothing) {
        if let Some(k) = &i.key {
            by.entry(k.clone()).or_default().0 += i.in_key;
        }
    }
    Ok(Counted {
        value,
        of: None,
        by,
        records: sources(&items),
        items,
    })
}

/// Ids of what was counted, in order, each once.
fn sources(items: &[Item]) -> Vec<Id> {
    let mut seen = HashSet::new();
    items.iter().map(|i| i.source).filter(|id| seen.insert(*id)).collect()
}

fn item(what: What, source: Id) -> Item {
    Item {
        what,
        source,
        child: None,
        adult: None,
        on: None,
        kind: String::new(),
        key: None,
        counts: 1,
        in_key: 1,
    }
}

fn holds(test: Option<Test>, fields: &Map<String, Json>) -> bool {
    let is = |v: Option<&Json>, want: &str| match v {
        Some(Json::String(s)) => s == want,
        Some(Json::Array(all)) => all.iter().any(|v| v.as_str() == Some(want)),
        _ => false,
    };
    match test {
        None | Some(Test::OfClass) => true,
        Some(Test::Is(f, want)) => is(fields.get(f), want),
        Some(Test::Not(f, these)) => !these.iter().any(|w| is(fields.get(f), w)),
        Some(Test::Yes(f) | Test::YesAndLeftBehind(f)) => fields.get(f) == Some(&Json::Bool(true)),
        Some(Test::Has(f)) => fields.get(f).is_some_and(|v| !v.is_null()),
        Some(Test::Some(f)) => fields.get(f).and_then(Json::as_i64).is_some_and(|n| n >= 1),
    }
}
fn picked<'s>(s: &'s Source, f: &Figure) -> Vec<&'s Rec> {
    let mut all = s.records(f.pick.kinds);
    all.retain(|r| {
        r.state == f.pick.state
            && holds(f.pick.head, &r.fields)
            && (r.class.is_some() || !matches!(f.pick.head, Some(Test::OfClass)))
    });
    all
}
/// Whether a line counts.
fn line_counts(s: &Source, f: &Figure, r: &Rec, l: &Line) -> Result<bool> {
    if !holds(f.pick.line, &l.fields) {
        return Ok(false);
    }
    if let Some(Test::YesAndLeftBehind(_)) = f.pick.line {
        let said = l.fields.get("left_behind") == Some(&Json::Bool(true));
        return Ok(said
            || l.child.is_some_and(|c| {
                s.spells()
                    .is_ok_and(|all| all.iter().any(|e| e.child == c && e.has(r.on)))
            }));
    }
    Ok(true)
}
fn key(s: &Source, by: By, r: &Rec) -> Result<Option<String>> {
    Ok(match by {
        By::Nothing | By::Period => None,
        By::Month => Some(r.on.month_key()),
        By::Term => s.term_key(r.on),
        By::Class => match r.class {
            Some(k) => s.class_codes()?.get(&k).cloned(),
            None => None,
        },
        By::Field(field) => r.fields.get(field).and_then(Json::as_str).map(str::to_owned),
    })
}
/// Yuan in hundredths.
fn cents(v: Option<&Json>) -> i64 {
    v.and_then(Json::as_f64).map_or(0, |x| (x * 100.0).round() as i64)
}

fn from_records(s: &Source, f: &Figure) -> Result<Vec<Item>> {
    let mut out = Vec::new();
    let mut seen: HashSet<Id> = HashSet::new();
    let mut seen_in: HashSet<(Option<String>, Id)> = HashSet::new();
    for r in picked(s, f) {
        let key = key(s, f.by, r)?;
        let make = |n: i64, child: Option<Id>, adult: Option<Id>| Item {
            child,
            adult,
            on: Some(r.on),
            kind: r.kind.clone(),
            key: key.clone(),
            counts: n,
            in_key: n,
            ..item(What::Record, r.id)
        };
        match f.how {
            How::Records => out.push(make(1, None, None)),
            How::Sum(field, or_one) => {
                let n = r.fields.get(field).and_then(Json::as_i64).unwrap_or(i64::from(or_one));
                out.extend((n != 0).then(|| make(n, None, None)));
            }
            How::Balance(plus, minus) => {
                let n = r
                    .lines
                    .iter()
                    .map(|l| cents(l.fields.get(plus)) - cents(l.fields.get(minus)))
                    .sum();
                out.push(make(n, None, None));
            }
            How::PersonTimes => {
                for l in r.lines.iter().filter(|l| l.child.is_some() || f.pick.line.is_some()) {
                    if line_counts(s, f, r, l)? {
                        out.push(make(1, l.child, l.adult));
                    }
                }
            }
            How::Pieces => {
                for l in r.lines.iter().filter(|l| l.child.is_some()) {
                    let n = l.quantity.unwrap_or(0);
                    out.extend((n != 0).then(|| make(n, l.child, None)));
                }
            }
            How::People(who, head) => {
                let named = |l: &&Line| {
                    (who != Who::Adults && l.child.is_some()) || (who != Who::Children && l.adult.is_some())
                };
                let mut any = false;
                for l in r.lines.iter().filter(named) {
                    any = true;
                    let (child, adult) = match who {
                        Who::Children => (l.child, None),
                        Who::Adults => (None, l.adult),
                        Who::Everyone => (l.child, l.adult),
                    };
                    let Some(person) = child.or(adult) else { continue };
                    let mut i = make(1, child, adult);
                    i.counts = i64::from(seen.insert(person));
                    i.in_key = i64::from(seen_in.insert((key.clone(), person)));
                    out.push(i);
                }
                let written = head
                    .filter(|_| !any)
                    .and_then(|h| r.fields.get(h))
                    .and_then(Json::as_i64);
                out.extend(written.filter(|n| *n != 0).map(|n| make(n, None, None)));
            }
            _ => {}
        }
    }
    Ok(out)
}

/// Different values of a choice field: each with the record that has it first.
fn values(s: &Source, f: &Figure, field: &str) -> Vec<Item> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for r in picked(s, f) {
        let found: Vec<String> = match r.fields.get(field) {
            Some(Json::String(v)) => vec![v.clone()],
            Some(Json::Array(all)) => all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        let new = found.into_iter().filter(|v| seen.insert(v.clone())).count() as i64;
        out.push(Item {
            on: Some(r.on),
            kind: r.kind.clone(),
            counts: new,
            in_key: new,
            ..item(What::Record, r.id)
        });
    }
    out
}

/// A field of the last record that has it.
fn last(s: &Source, f: &Figure, field: &str) -> Result<Counted> {
    let Some((r, v)) = picked(s, f)
        .into_iter()
        .rev()
        .find_map(|r| r.fields.get(field).filter(|v| !v.is_null()).map(|v| (r, v)))
    else {
        return Ok(Counted::default());
    };
    let value = match v {
        Json::String(d) => Day::parse(d).map_or(Amount::Nothing, Amount::Day),
        Json::Number(n) if n.as_i64().is_some() => Amount::Whole(n.as_i64().unwrap_or_default()),
        other => Amount::Cents(cents(Some(other))),
    };
    let items = vec![Item {
        on: Some(r.on),
        kind: r.kind.clone(),
        counts: value.whole(),
        in_key: value.whole(),
        ..item(What::Record, r.id)
    }];
    Ok(Counted {
        value,
        records: vec![r.id],
        items,
        ..Counted::default()
    })
}

fn profile(s: &Source, field: &str) -> Result<Counted> {
    let Some((id, body)) = s.profile()? else {
        return Ok(Counted::default());
    };
    // a count of places may be written as their list
    let value = match body.get(field) {
        Some(Json::Number(n)) => n
            .as_i64()
            .map_or_else(|| n.as_f64().map_or(Amount::Nothing, Amount::Real), Amount::Whole),
        Some(Json::String(t)) => t.trim().parse().map_or(Amount::Nothing, Amount::Real),
        Some(Json::Array(all)) => Amount::Whole(all.len() as i64),
        _ => Amount::Nothing,
    };
    if value.is_nothing() {
        return Ok(Counted::default());
    }
    Ok(Counted {
        value,
        records: vec![id],
        items: vec![Item {
            counts: value.whole(),
            in_key: value.whole(),
            ..item(What::Profile, id)
        }],
        ..Counted::default()
    })
}

fn in_force(s: &Source, f: &Figure) -> Result<Vec<Item>> {
    let day = |r: &Rec, name: &str| {
        r.fields
            .get(name)
            .and_then(Json::as_str)
            .and_then(|d| Day::parse(d).ok())
    };
    Ok(s.records_until(f.pick.kinds)?
        .iter()
        .filter(|r| r.state == "done" && holds(f.pick.head, &r.fields))
        .filter(|r| day(r, "in_force_from").unwrap_or(r.on) <= s.at && day(r, "in_force_to").is_none_or(|d| d >= s.at))
        .map(|r| Item {
            on: Some(day(r, "in_force_from").unwrap_or(r.on)),
            kind: r.kind.clone(),
            ..item(What::Record, r.id)
        })
        .collect())
}

fn group(s: &Source, seat: Seat) -> Result<Vec<Item>> {
    let year = i64::from(SchoolYear::of(s.at).first);
    let sql = "select id, adult_id, position, class_id from group_members where county_id = ?1 and school_id = ?2 and year_first = ?3 and removed_at is null order by sort, id";
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for r in s.c.query(sql, params![s.county, s.school, year])? {
        let fits = match seat {
            Seat::Everyone => true,
            Seat::Position(p) => r.str(2) == p,
            Seat::ClassTeachers => !r.is_null(3),
        };
        // one person in two seats is one person
        if fits && seen.insert(r.id(1)) {
            out.push(Item {
                adult: Some(r.id(1)),
                ..item(What::Member, r.id(0))
            });
        }
    }
    Ok(out)
}

fn posts(s: &Source, code: &str) -> Result<Vec<Item>> {
    let sql = "select id, adult_id, from_day from posts where county_id = ?1 and school_id = ?2 and post = ?3 and from_day <= ?4 and (to_day is null or to_day >= ?5) order by from_day, id";
    let mut seen = HashSet::new();
    Ok(s.c
        .query(sql, params![s.county, s.school, code, s.period.to, s.period.from])?
        .iter()
        .filter(|r| seen.insert(r.id(1)))
        .map(|r| Item {
            adult: Some(r.id(1)),
            on: Some(r.day(2)),
            ..item(What::Post, r.id(0))
        })
        .collect())
}

fn children(s: &Source, f: &Figure, set: Set) -> Result<Vec<Item>> {
    let spells = s.spells()?;
    let keys = if matches!(set, Set::Key | Set::KeyWithHelper) {
        s.key_spells()?
    } else {
        Vec::new()
    };
    let stays = if set == Set::Pupils { Some(s.stays()?) } else { None };
    let list: Vec<(Id, Day)> = match set {
        Set::Key => keys
            .iter()
            .filter(|e| e.touches(s.period))
            .map(|e| (e.child, e.from))
            .collect(),
        Set::KeyWithHelper => keys
            .iter()
            .filter(|e| e.touches(s.period) && e.helper.is_some())
            .map(|e| (e.child, e.from))
            .collect(),
        Set::Pupils => stays
            .iter()
            .flat_map(|l| l.iter())
            .filter(|e| e.touches(s.period))
            .map(|e| (e.child, e.from))
            .collect(),
        Set::LeftBehind => spells
            .iter()
            .filter(|e| e.touches(s.period))
            .map(|e| (e.child, e.from))
            .collect(),
        Set::Sex(sex) => spells
            .iter()
            .filter(|e| e.touches(s.period) && e.sex.as_deref() == Some(sex))
            .map(|e| (e.child, e.from))
            .collect(),
        Set::Boarders => spells
            .iter()
            .filter(|e| e.touches(s.period) && e.boarder)
            .map(|e| (e.child, e.from))
            .collect(),
        Set::Joined => spells
            .iter()
            .filter(|e| s.period.has(e.from))
            .map(|e| (e.child, e.from))
            .collect(),
        Set::Left => spells
            .iter()
            .filter_map(|e| e.to.filter(|t| s.period.has(*t)).map(|t| (e.child, t)))
            .collect(),
    };
    let class: HashMap<Id, String> = if f.by == By::Class {
        s.class_of()?
    } else {
        HashMap::new()
    };
    let mut seen = HashSet::new();
    Ok(list
        .into_iter()
        .filter(|(c, _)| seen.insert(*c))
        .map(|(c, from)| Item {
            child: Some(c),
            on: Some(from),
            key: class.get(&c).cloned(),
            ..item(What::Child, c)
        })
        .collect())
}

fn pairs(s: &Source, bond: Bond, pair: Pair) -> Result<Vec<Item>> {
    let mut seen = HashSet::new();
    Ok(s.bonds()?
        .into_iter()
        .filter(|b| match bond {
            Bond::Any => true,
            Bond::Kind(k) => b.kind == k,
            Bond::Adult(k) => b.adult_kind == k,
        })
        .map(|b| {
            let n = i64::from(match pair {
                Pair::Bonds => true,
                Pair::Helpers => seen.insert(b.adult),
                Pair::Children => seen.insert(b.child),
            });
            Item {
                child: Some(b.child),
                adult: Some(b.adult),
                on: Some(b.from),
                counts: n,
                in_key: n,
                ..item(What::Pairing, b.id)
            }
        })
        .collect())
}

/// Shares: of what was owed in the period, what was done. Excused duties are counted apart.
fn reached(s: &Source, owed: Owed) -> Result<Counted> {
    let duties = s.duties()?;
    let month = |p: &str| {
        p.len() == 7 && p.as_bytes()[4] == b'-' && p.bytes().enumerate().all(|(i, b)| i == 4 || b.is_ascii_digit())
    };
    // one item a child and key, though two rules may ask for the same
    let mut found: BTreeMap<(String, Id), (bool, &Duty)> = BTreeMap::new();
    let mut items: Vec<Item> = Vec::new();
    for d in duties
        .iter()
        // what somebody promised is no rule of the scheme: a share says how far the scheme was kept
        .filter(|d| {
            d.is_staff() && &*d.rule != tx_duty::FOLLOW_UP && s.period.has(d.window.from) && d.window.from <= s.at
        })
    {
        let Some(child) = d.subject.child() else { continue };
        let excused = d.state == State::Excused;
        let period = match owed {
            Owed::Monthly(k) if &*d.kind == k && !excused => {
                if month(&d.period) {
                    d.period.to_string()
                } else {
                    d.window.from.month_key()
                }
            }
            Owed::Window(k, part) if &*d.kind == k && !excused => match d.period.split_once(':') {
                Some((term, p)) if p == part => term.to_owned(),
                _ => continue,
            },
            Owed::All(k) if &*d.kind == k && !excused => d.period.to_string(),
            Owed::Everything if !excused => d.kind.to_string(),
            Owed::Excused if excused => d.kind.to_string(),
            _ => continue,
        };
        let done = d.state == State::Done;
        match owed {
            Owed::Everything | Owed::Excused => items.push(of_duty(d, child, period, done || excused)),
            _ => {
                let one = found.entry((period, child)).or_insert((done, d));
                if done && !one.0 {
                    *one = (true, d);
                }
            }
        }
    }
    items.extend(
        found
            .into_iter()
            .map(|((key, child), (done, d))| of_duty(d, child, key, done)),
    );
    let mut by: BTreeMap<String, (i64, Option<i64>)> = BTreeMap::new();
    for i in &items {
        let n = by.entry(i.key.clone().unwrap_or_default()).or_insert((0, Some(0)));
        n.0 += i.counts;
        n.1 = n.1.map(|of| of + 1);
    }
    let value = Amount::Whole(items.iter().map(|i| i.counts).sum());
    let (of, by) = if owed == Owed::Excused {
        (None, by.into_iter().map(|(k, (n, _))| (k, (n, None))).collect())
    } else {
        (Some(items.len() as i64), by)
    };
    let mut seen = HashSet::new();
    let records = items
        .iter()
        .filter(|i| i.what == What::Record)
        .map(|i| i.source)
        .filter(|id| seen.insert(*id))
        .collect();
    Ok(Counted {
        value,
        of,
        by,
        records,
        items,
    })
}
/// A duty that was done is its record; one that was not stays a duty.
fn of_duty(d: &Duty, child: Id, key: String, counts: bool) -> Item {
    let record = d.records.first().filter(|_| d.state == State::Done);
    Item {
        child: Some(child),
        on: d.done_on.or(Some(d.window.to)),
        kind: d.kind.to_string(),
        key: Some(key),
        counts: i64::from(counts),
        in_key: i64::from(counts),
        ..item(
            if record.is_some() { What::Record } else { What::Duty },
            record.copied().unwrap_or(d.id),
        )
    }
}

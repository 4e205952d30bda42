//! What figures count, read once: records with their lines, spells, the sets around them. Each part only when a figure asks for it.

use serde_json::{Map, Value as Json};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;
use tx_access::Scope;
use tx_base::{Day, Id, Result, Span};
use tx_calendar::{Calendar, SchoolYear};
use tx_duty::{Ask, Duty};
use tx_store::{Conn, Value, params};

pub(crate) struct Line {
    pub child: Option<Id>,
    pub adult: Option<Id>,
    pub quantity: Option<i64>,
    pub fields: Map<String, Json>,
}
pub(crate) struct Rec {
    pub id: Id,
    pub kind: String,
    pub on: Day,
    pub state: String,
    pub class: Option<Id>,
    pub fields: Map<String, Json>,
    pub lines: Vec<Line>,
}

/// A spell of a child: on the list, as a key child, in a class.
pub(crate) struct Stretch {
    pub child: Id,
    pub from: Day,
    pub to: Option<Day>,
    /// sex and boarding of the child; the helping teacher of a key child
    pub sex: Option<String>,
    pub boarder: bool,
    pub helper: Option<Id>,
    pub class: Option<Id>,
}
impl Stretch {
    pub fn touches(&self, s: Span) -> bool {
        self.from <= s.to && self.to.is_none_or(|t| t >= s.from)
    }
    pub fn has(&self, d: Day) -> bool {
        self.from <= d && self.to.is_none_or(|t| t >= d)
    }
}
pub(crate) struct Bonded {
    pub id: Id,
    pub adult: Id,
    pub child: Id,
    pub kind: String,
    pub adult_kind: String,
    pub from: Day,
}

/// A school and period being counted.
pub(crate) struct Source<'a, 'c> {
    pub c: &'a Conn<'c>,
    pub county: Id,
    pub school: Id,
    /// the period as asked
    pub period: Span,
    /// its end, or today before it: the day on which things are in force
    pub at: Day,
    today: Day,
    pub calendar: Calendar,
    records: HashMap<String, Vec<Rec>>,
    duties: OnceCell<Rc<Vec<Duty>>>,
    spells: OnceCell<Rc<Vec<Stretch>>>,
    codes: OnceCell<Rc<HashMap<Id, String>>>,
    stays: OnceCell<Rc<Vec<Stretch>>>,
}

impl<'a, 'c> Source<'a, 'c> {
    /// Reads the records of these kinds (all when `None`).
    pub fn new(
        c: &'a Conn<'c>,
        scope: &Scope,
        school: Id,
        period: Span,
        kinds: Option<&[&str]>,
    ) -> Result<Source<'a, 'c>> {
        let mut s = Source {
            c,
            county: scope.county,
            school,
            period,
            at: period.to.min(scope.today),
            today: scope.today,
            calendar: tx_school::calendar(c, scope.county, school, scope.today)?,
            records: HashMap::new(),
            duties: OnceCell::new(),
            spells: OnceCell::new(),
            codes: OnceCell::new(),
            stays: OnceCell::new(),
        };
        if kinds.is_none_or(|k| !k.is_empty()) {
            s.records = s.read(Some(period), kinds)?;
        }
        Ok(s)
    }
    /// The records of these kinds in the period, in the order of their days.
    pub fn records(&self, kinds: &[&str]) -> Vec<&Rec> {
        let mut all: Vec<&Rec> = kinds.iter().filter_map(|k| self.records.get(*k)).flatten().collect();
        if kinds.len() > 1 {
            all.sort_by_key(|r| (r.on, r.id));
        }
        all
    }
    /// The records of these kinds up to the day on which things are in force, however old.
    pub fn records_until(&self, kinds: &[&str]) -> Result<Vec<Rec>> {
        let mut found = self.read(None, Some(kinds))?;
        Ok(kinds.iter().filter_map(|k| found.remove(*k)).flatten().collect())
    }
    fn read(&self, period: Option<Span>, kinds: Option<&[&str]>) -> Result<HashMap<String, Vec<Rec>>> {
        let mut vals: Vec<Value> = vec![self.county.into(), self.school.into()];
        let mut live =
            "r.county_id = ?1 and r.school_id = ?2 and r.deleted_at is null and r.state <> 'cancelled'".to_owned();
        let mut push = |part: &str, v: Value| {
            vals.push(v);
            live.push_str(&part.replace("??", &format!("?{}", vals.len())));
        };
        if let Some(p) = period {
            push(" and r.on_day >= ??", p.from.into());
            push(" and r.on_day <= ??", p.to.into());
        } else {
            push(" and r.on_day <= ??", self.at.into());
        }
        if let Some(kinds) = kinds {
            for (i, k) in kinds.iter().enumerate() {
                push(
                    if i == 0 { " and (r.kind = ??" } else { " or r.kind = ??" },
                    (*k).into(),
                );
            }
            live.push(')');
        }
        let mut out: HashMap<String, Vec<Rec>> = HashMap::new();
        let mut places: HashMap<Id, (String, usize)> = HashMap::new();
        let heads = format!(
            "select r.id, r.kind, r.on_day, r.state, r.class_id, r.fields from records r where {live} order by r.on_day, r.id"
        );
        self.c.each(&heads, &vals, |r| {
            let list = out.entry(r.text(1)).or_default();
            places.insert(r.id(0), (r.text(1), list.len()));
            list.push(Rec {
                id: r.id(0),
                kind: r.text(1),
                on: r.day(2),
                state: r.text(3),
                class: r.opt_id(4),
                fields: object(r.str(5)),
                lines: Vec::new(),
            });
            Ok(())
        })?;
        let lines = format!(
            "select r.id, l.child_id, l.adult_id, l.quantity, l.fields from records r join record_lines l on l.county_id = r.county_id and l.record_id = r.id \
             where {live} order by r.id, l.ord, l.id"
        );
        self.c.each(&lines, &vals, |r| {
            let place = places.get(&r.id(0));
            if let Some(rec) = place.and_then(|(kind, at)| out.get_mut(kind)?.get_mut(*at)) {
                rec.lines.push(Line {
                    child: r.opt_id(1),
                    adult: r.opt_id(2),
                    quantity: r.opt_int(3),
                    fields: object(r.str(4)),
                });
            }
            Ok(())
        })?;
        Ok(out)
    }

    /// The duties whose window began by the end of the period.
    pub fn duties(&self) -> Result<Rc<Vec<Duty>>> {
        once(&self.duties, || {
            let fed = tx_duties::feed(self.c, self.county, self.school, self.today, None)?;
            Ok(tx_duties::owed(
                &fed,
                &Ask {
                    on: self.at,
                    until: None,
                    since: None,
                },
            ))
        })
    }
    /// Spells on the list of the school.
    pub fn spells(&self) -> Result<Rc<Vec<Stretch>>> {
        once(&self.spells, || self.stretches("left_behind_episodes", "null", "null"))
    }
    pub fn key_spells(&self) -> Result<Vec<Stretch>> {
        self.stretches("key_children", "e.helper_id", "null")
    }
    /// Stays of pupils in classes of the school.
    pub fn stays(&self) -> Result<Rc<Vec<Stretch>>> {
        once(&self.stays, || {
            self.c
                .query(
                    "select e.child_id, e.from_day, e.to_day, e.class_id from class_stays e join children c on c.county_id = e.county_id and c.id = e.child_id \
                     where e.county_id = ?1 and e.school_id = ?2 and c.deleted_at is null order by e.from_day, e.id",
                    params![self.county, self.school],
                )
                .map(|rows| {
                    rows.iter()
                        .map(|r| Stretch {
                            child: r.id(0),
                            from: r.day(1),
                            to: r.opt_day(2),
                            sex: None,
                            boarder: false,
                            helper: None,
                            class: r.opt_id(3),
                        })
                        .collect()
                })
        })
    }
    fn stretches(&self, table: &str, helper: &str, class: &str) -> Result<Vec<Stretch>> {
        let sql = format!(
            "select e.child_id, e.from_day, e.to_day, c.sex, c.boarder, {helper}, {class} from {table} e join children c on c.county_id = e.county_id and c.id = e.child_id \
             where e.county_id = ?1 and c.school_id = ?2 and c.deleted_at is null order by c.pinyin, c.id, e.from_day, e.id"
        );
        Ok(self
            .c
            .query(&sql, params![self.county, self.school])?
            .iter()
            .map(|r| Stretch {
                child: r.id(0),
                from: r.day(1),
                to: r.opt_day(2),
                sex: r.opt_text(3),
                boarder: r.bool(4),
                helper: r.opt_id(5),
                class: r.opt_id(6),
            })
            .collect())
    }
    /// The code of each class of the school.
    pub fn class_codes(&self) -> Result<Rc<HashMap<Id, String>>> {
        once(&self.codes, || {
            let rows = self.c.query(
                "select id, code from classes where county_id = ?1 and school_id = ?2",
                params![self.county, self.school],
            )?;
            Ok(rows.iter().map(|r| (r.id(0), r.text(1))).collect())
        })
    }
    /// The class code of each child on the last day, or of its last class before it.
    pub fn class_of(&self) -> Result<HashMap<Id, String>> {
        let codes = self.class_codes()?;
        let mut out = HashMap::new();
        for s in self.stays()?.iter().filter(|s| s.from <= self.at) {
            if let Some(code) = s.class.and_then(|k| codes.get(&k)) {
                out.insert(s.child, code.clone());
            }
        }
        Ok(out)
    }
    /// Pairings that ran in the period.
    pub fn bonds(&self) -> Result<Vec<Bonded>> {
        let sql = "select p.id, p.adult_id, p.child_id, p.kind, a.kind, p.from_day from pairings p join adults a on a.county_id = p.county_id and a.id = p.adult_id \
                   join children c on c.county_id = p.county_id and c.id = p.child_id \
                   where p.county_id = ?1 and p.school_id = ?2 and c.deleted_at is null and p.from_day <= ?3 and (p.to_day is null or p.to_day >= ?4) order by p.from_day, p.id";
        Ok(self
            .c
            .query(sql, params![self.county, self.school, self.period.to, self.period.from])?
            .iter()
            .map(|r| Bonded {
                id: r.id(0),
                adult: r.id(1),
                child: r.id(2),
                kind: r.text(3),
                adult_kind: r.text(4),
                from: r.day(5),
            })
            .collect())
    }
    /// The profile of the school year in which the period ends, or the last one before it: id and body.
    pub fn profile(&self) -> Result<Option<(Id, Map<String, Json>)>> {
        let year = i64::from(SchoolYear::of(self.at).first);
        let sql = "select id, body from school_profiles where county_id = ?1 and school_id = ?2 and year_first <= ?3 order by year_first desc, id limit 1";
        Ok(self
            .c
            .first(sql, params![self.county, self.school, year])?
            .map(|r| (r.id(0), object(r.str(1)))))
    }
    /// The term in which a day lies, or the last one that had begun.
    pub fn term_key(&self, on: Day) -> Option<String> {
        self.calendar
            .terms()
            .iter()
            .rev()
            .find(|t| t.from <= on)
            .map(tx_calendar::Term::key)
    }
}

fn object(text: &str) -> Map<String, Json> {
    // most lines carry nothing
    if text.len() <= 2 {
        return Map::new();
    }
    match serde_json::from_str(text) {
        Ok(Json::Object(o)) => o,
        _ => Map::new(),
    }
}

/// A part that is read when it is first asked for.
fn once<T>(cell: &OnceCell<Rc<T>>, make: impl FnOnce() -> Result<T>) -> Result<Rc<T>> {
    if let Some(v) = cell.get() {
        return Ok(v.clone());
    }
    let made = Rc::new(make()?);
    Ok(cell.get_or_init(|| made).clone())
}

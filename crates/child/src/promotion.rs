//! 升级: all classes go up in one step, every child appears once with a fate, and the step can be undone (features B9, domain.md §4).

use crate::moves::{after_leaving, tell_back};
use crate::tables::{CHILDREN, EPISODES, PROMOTIONS, STAYS};
use serde_json::json;
use std::collections::BTreeMap;
use tx_base::{Day, Fault, Id, Result, Text, say, t};
use tx_calendar::{ClassCode, SchoolYear};
use tx_school::{add_class, class_by_code};
use tx_store::{Conn, Value, Write, params, row};

/// What becomes of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// the same class, one grade up
    Next,
    /// stays in the grade, in the class of the same number
    Stay,
    /// moves to another school
    Leave,
    Graduate,
}
impl Fate {
    pub const ALL: [Fate; 4] = [Fate::Next, Fate::Stay, Fate::Leave, Fate::Graduate];
    pub const fn code(self) -> &'static str {
        match self {
            Fate::Next => "next",
            Fate::Stay => "stay",
            Fate::Leave => "leave",
            Fate::Graduate => "graduate",
        }
    }
    pub const fn name(self) -> Text {
        match self {
            Fate::Next => t("升级", "Goes up"),
            Fate::Stay => t("留级", "Stays"),
            Fate::Leave => t("转走", "Leaves"),
            Fate::Graduate => t("毕业", "Graduates"),
        }
    }
    pub fn parse(code: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|f| f.code() == code)
    }
    /// The word of the stay that ends.
    const fn of_stay(self) -> &'static str {
        match self {
            Fate::Next => "promoted",
            Fate::Stay => "repeated",
            Fate::Leave => "left",
            Fate::Graduate => "graduated",
        }
    }
}

/// A child with the fate that the step proposes.
#[derive(Clone, Debug)]
pub struct Pupil {
    pub id: Id,
    pub name: String,
    pub proposed: Fate,
}
/// A class as it is, with its pupils.
#[derive(Clone, Debug)]
pub struct ClassNow {
    pub code: ClassCode,
    pub pupils: Vec<Pupil>,
    /// the top grade of its stage: its pupils graduate
    pub top: bool,
}
/// The step that a school could take now.
#[derive(Clone, Debug)]
pub struct Plan {
    /// the year of the classes as they are
    pub from: SchoolYear,
    pub into: SchoolYear,
    pub classes: Vec<ClassNow>,
    /// pupils without a class: they are asked for first
    pub without: Vec<Pupil>,
}
impl Plan {
    /// The first day in the new classes.
    pub fn day(&self) -> Day {
        self.into.span().from
    }
    pub fn count(&self) -> usize {
        self.classes.iter().map(|k| k.pupils.len()).sum()
    }
    /// A figure over the names and classes that were seen, so that what is applied is what was looked at.
    pub fn seen(&self) -> String {
        let ids: Vec<String> = self
            .classes
            .iter()
            .flat_map(|k| k.pupils.iter().map(|p| format!("{}{}", k.code.code(), p.id)))
            .collect();
        tx_seal::hex(&tx_seal::digest(&[ids.join(",").as_bytes()])[..8])
    }
}
/// The last grade of the stage that a grade belongs to.
fn top_grade(stage: &str, five_four: bool, grade: u8) -> u8 {
    let primary = if five_four { 5 } else { 6 };
    if stage == "nine_year" || grade > primary {
        9
    } else {
        primary
    }
}

/// The step as it would be: from the newest year in which pupils sit in classes into the next.
pub fn plan(c: &Conn, county: Id, school: Id) -> Result<Option<Plan>> {
    let r = c
        .first(
            "select stage, school_system from schools where county_id = ?1 and id = ?2",
            params![county, school],
        )?
        .ok_or(Fault::NotFound)?;
    let (stage, five_four) = (r.text(0), r.str(1) == "five_four");
    let sql = "select k.grade, k.number, k.year_first, c.id, c.name from children c left join classes k on k.county_id = c.county_id and k.id = c.class_id \
        where c.county_id = ?1 and c.school_id = ?2 and c.deleted_at is null and c.state = 'active' order by k.grade, k.number, c.pinyin, c.id";
    let rows = c.query(sql, params![county, school])?;
    let Some(year) = rows.iter().filter_map(|r| r.opt_int(2)).max() else {
        return Ok(None);
    };
    let from = SchoolYear::new(year as i16);
    let mut out = Plan {
        from,
        into: from.next(),
        classes: Vec::new(),
        without: Vec::new(),
    };
    for r in rows {
        let pupil = |proposed| Pupil {
            id: r.id(3),
            name: r.text(4),
            proposed,
        };
        let code = r
            .opt_int(0)
            .zip(r.opt_int(1))
            .and_then(|(g, n)| ClassCode::new(g as u8, n as u8));
        // a class of an earlier year was forgotten by an earlier step: it goes with the others
        let Some(code) = code else {
            out.without.push(pupil(Fate::Next));
            continue;
        };
        let top = code.grade >= top_grade(&stage, five_four, code.grade);
        let p = pupil(if top { Fate::Graduate } else { Fate::Next });
        match out.classes.iter_mut().find(|k| k.code == code) {
            Some(k) => k.pupils.push(p),
            None => out.classes.push(ClassNow {
                code,
                pupils: vec![p],
                top,
            }),
        }
    }
    Ok(Some(out))
}

/// How many days before 1 September the step may be taken: until then the classes of the old year are at work.
pub const EARLY_DAYS: i32 = 14;

/// Takes the step: classes of the next year are made, each child gets its stay there, all under one batch. `fates` names the children whose
/// fate differs from the proposed one. Gives the batch.
pub fn apply(w: &mut Write, school: Id, plan: &Plan, fates: &BTreeMap<Id, Fate>, today: Day) -> Result<Id> {
    let (county, day) = (w.county(), plan.day());
    if today < day.plus(-EARLY_DAYS) {
        return Err(Fault::Conflict(say(
            format!("{}起才能升到{}", day.plus(-EARLY_DAYS).zh_long(), plan.into.name()),
            format!(
                "The step into {} may be taken from {}",
                plan.into.code(),
                day.plus(-EARLY_DAYS)
            ),
        )));
    }
    let batch = Id::fresh();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for k in &plan.classes {
        for p in &k.pupils {
            let fate = fates.get(&p.id).copied().unwrap_or(p.proposed);
            let target = match fate {
                Fate::Next if k.code.grade < 9 => ClassCode::new(k.code.grade + 1, k.code.number),
                Fate::Next => {
                    return Err(Fault::invalid(
                        &format!("fate_{}", p.id),
                        format!("{}已经在最高年级", p.name),
                        format!("{} is in the top grade", p.name),
                    ));
                }
                Fate::Stay => Some(k.code),
                Fate::Leave | Fate::Graduate => None,
            };
            let class = match target {
                None => None,
                Some(code) => Some(
                    match class_by_code(w.conn(), county, school, &code.code(), plan.into)? {
                        Some(id) => id,
                        None => add_class(w, school, &code.code(), plan.into)?,
                    },
                ),
            };
            *counts.entry(fate.code()).or_default() += 1;
            move_one(w, school, p.id, class, fate, day, batch, today)?;
        }
    }
    w.insert(
        &PROMOTIONS,
        row!["id" => batch, "school_id" => school, "year_first" => i64::from(plan.into.first), "from_day" => day, "counts" => json!(counts).to_string()],
    )?;
    Ok(batch)
}
#[allow(clippy::too_many_arguments)]
fn move_one(
    w: &mut Write,
    school: Id,
    child: Id,
    class: Option<Id>,
    fate: Fate,
    day: Day,
    batch: Id,
    today: Day,
) -> Result<()> {
    let sql = "select id, from_day from class_stays where county_id = ?1 and child_id = ?2 and to_day is null order by from_day, id";
    for r in w.conn().query(sql, params![w.county(), child])? {
        // who came after the first day of the new year was entered into an old class: that stay has no day
        let last = day.plus(-1);
        w.update(
            &STAYS,
            r.id(0),
            row!["to_day" => last, "fate" => fate.of_stay(), "batch_id" => batch],
        )?;
    }
    if let Some(class) = class {
        w.insert(
            &STAYS,
            row!["id" => Id::fresh(), "child_id" => child, "school_id" => school, "class_id" => class, "from_day" => day, "batch_id" => batch],
        )?;
        w.update(&CHILDREN, child, row!["class_id" => class])?;
        return Ok(());
    }
    let state = if fate == Fate::Graduate { "graduated" } else { "left" };
    w.update(&CHILDREN, child, row!["state" => state])?;
    after_leaving(w, child, day.plus(-1), state, Some(batch), today.max(day))
}

/// A step that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub id: Id,
    pub into: SchoolYear,
    /// counts by the codes of [`Fate`]
    pub counts: BTreeMap<String, usize>,
    pub undone: bool,
}
/// The steps of a school, the newest first.
pub fn taken(c: &Conn, county: Id, school: Id) -> Result<Vec<Taken>> {
    let sql = "select id, year_first, counts, undone_at from promotions where county_id = ?1 and school_id = ?2 order by id desc";
    let rows = c.query(sql, params![county, school])?;
    Ok(rows
        .iter()
        .map(|r| Taken {
            id: r.id(0),
            into: SchoolYear::new(r.int(1) as i16),
            counts: serde_json::from_str(r.str(2)).unwrap_or_default(),
            undone: !r.is_null(3),
        })
        .collect())
}

/// Takes the newest step back: every child is again where it was. A child that was moved since stays where it is now. Gives how many went
/// back and how many stayed.
pub fn undo(w: &mut Write, school: Id, batch: Id) -> Result<(usize, usize)> {
    let county = w.county();
    let newest = taken(w.conn(), county, school)?
        .into_iter()
        .find(|p| !p.undone)
        .filter(|p| p.id == batch)
        .ok_or(Fault::NotFound)?;
    let day = newest.into.span().from;
    let sql = "select id, child_id, class_id, from_day, to_day from class_stays where county_id = ?1 and school_id = ?2 and batch_id = ?3 order by child_id, from_day, id";
    let rows = w.conn().query(sql, params![county, school, batch])?;
    let mut by_child: BTreeMap<Id, Vec<&tx_store::Row>> = BTreeMap::new();
    for r in &rows {
        by_child.entry(r.id(1)).or_default().push(r);
    }
    let (mut back, mut stayed) = (0, 0);
    for (child, stays) in by_child {
        let made = stays.iter().find(|r| r.day(3) == day && r.is_null(4));
        let ended: Vec<_> = stays.iter().filter(|r| !r.is_null(4)).collect();
        let sql = "select state, class_id from children where county_id = ?1 and id = ?2";
        let now = w.conn().first(sql, params![county, child])?.ok_or(Fault::NotFound)?;
        let untouched = match made {
            Some(r) => now.str(0) == "active" && now.opt_id(1) == r.opt_id(2),
            None => now.str(0) != "active",
        };
        let Some(before) = ended.last().filter(|_| untouched) else {
            stayed += 1;
            continue;
        };
        if let Some(r) = made {
            w.update(&STAYS, r.id(0), row!["to_day" => day.plus(-1), "fate" => "mistaken"])?;
        }
        w.update(
            &STAYS,
            before.id(0),
            row!["to_day" => Value::Null, "fate" => Value::Null, "batch_id" => Value::Null],
        )?;
        w.update(
            &CHILDREN,
            child,
            row!["class_id" => before.opt_id(2), "state" => "active"],
        )?;
        let sql =
            "select id from left_behind_episodes where county_id = ?1 and child_id = ?2 and batch_id = ?3 order by id";
        for r in w.conn().query(sql, params![county, child, batch])? {
            w.update(
                &EPISODES,
                r.id(0),
                row!["to_day" => Value::Null, "reason" => Value::Null, "batch_id" => Value::Null],
            )?;
        }
        tell_back(w, child, batch)?;
        back += 1;
    }
    let now = w.now();
    w.update(&PROMOTIONS, batch, row!["undone_at" => now])?;
    Ok((back, stayed))
}

//! Which row is which child, and what would be made and changed by it. Reads the children of the school once.

use super::read::Read;
use super::row::{Around, lay_over, new_child};
use crate::change::{File, open};
use crate::new::id_index;
use std::collections::{BTreeSet, HashMap, HashSet};
use tx_base::{Day, Id, Result, Say, say};
use tx_calendar::{ClassCode, SchoolYear};
use tx_sheet::{CellFault, ChildDraft, Roster, RowDraft, SheetReport};
use tx_store::{Conn, Keys, params};

/// Whose children may come in.
#[derive(Clone, Debug)]
pub struct Place {
    pub county: Id,
    pub school: Id,
    pub school_name: String,
    /// only these classes (a class teacher); `None` = the whole school
    pub only: Option<Vec<Id>>,
    pub today: Day,
}

/// What a good row comes to.
#[derive(Debug)]
pub enum What {
    /// with the first day in its class
    New(Box<File>, Day),
    Change {
        old: Box<File>,
        new: Box<File>,
    },
    Same,
}
#[derive(Debug)]
pub struct Item {
    pub sheet: String,
    pub row: u32,
    pub what: What,
}

/// The whole file judged against the school.
#[derive(Debug, Default)]
pub struct Plan {
    pub items: Vec<Item>,
    /// classes that the school lacks, with the id that stands for each in `items`
    pub classes: Vec<(ClassCode, Id)>,
    pub rows: u32,
    pub rejected: u32,
    pub errors: Vec<CellFault>,
    pub warnings: Vec<CellFault>,
    pub tidied: Vec<CellFault>,
}

impl Plan {
    /// Created, updated, unchanged.
    pub fn counts(&self) -> (u32, u32, u32) {
        let n = |f: fn(&What) -> bool| self.items.iter().filter(|i| f(&i.what)).count() as u32;
        (
            n(|w| matches!(w, What::New(..))),
            n(|w| matches!(w, What::Change { .. })),
            n(|w| matches!(w, What::Same)),
        )
    }
}

struct Kid {
    id: Id,
    class: Option<Id>,
    hash: Vec<u8>,
    active: bool,
    has_id: bool,
    name: String,
}
/// What the school has.
struct Known {
    kids: Vec<Kid>,
    by_id: HashMap<Vec<u8>, usize>,
    by_number: HashMap<String, usize>,
    by_name: HashMap<(String, Day), Vec<usize>>,
    classes: HashMap<ClassCode, Id>,
    codes: HashMap<Id, ClassCode>,
}

impl Known {
    fn load(c: &Conn, at: &Place) -> Result<Known> {
        let mut k = Known {
            kids: Vec::new(),
            by_id: HashMap::new(),
            by_number: HashMap::new(),
            by_name: HashMap::new(),
            classes: HashMap::new(),
            codes: HashMap::new(),
        };
        let year = SchoolYear::of(at.today);
        let sql = "select id, code from classes where county_id = ?1 and school_id = ?2 and year_first = ?3";
        for r in c.query(sql, params![at.county, at.school, i64::from(year.first)])? {
            if let Some(code) = ClassCode::from_code(r.str(1)) {
                k.classes.insert(code, r.id(0));
                k.codes.insert(r.id(0), code);
            }
        }
        let sql = "select id, class_id, content_hash, state, id_no_index, student_no, name, birth_date from children \
            where county_id = ?1 and school_id = ?2 and deleted_at is null order by id";
        c.each(sql, params![at.county, at.school], |r| {
            let i = k.kids.len();
            let index = r.opt_bytes(4);
            k.kids.push(Kid {
                id: r.id(0),
                class: r.opt_id(1),
                hash: r.bytes(2),
                active: r.str(3) == "active",
                has_id: index.is_some(),
                name: r.text(6),
            });
            if let Some(index) = index {
                k.by_id.entry(index).or_insert(i);
            }
            if let Some(no) = r.opt_text(5) {
                k.by_number.entry(no).or_insert(i);
            }
            if let Some(day) = r.opt_day(7) {
                k.by_name.entry((r.text(6), day)).or_default().push(i);
            }
            Ok(())
        })?;
        Ok(k)
    }
    /// Same ID number, else same student number, else same name, birth date and class (interfaces.md).
    fn find(&self, keys: &Keys, at: &Place, d: &ChildDraft, class: Option<Id>) -> Result<Option<usize>, Say> {
        if let Some(id) = &d.id_no
            && let Some(i) = self.by_id.get(&id_index(keys, at.county, id.as_str()))
        {
            return Ok(Some(*i));
        }
        if let Some(i) = d.student_no.as_ref().and_then(|n| self.by_number.get(n)) {
            let kid = &self.kids[*i];
            // two ID numbers under one student number: either number may be the wrong one, a person has to say
            if d.id_no.is_some() && kid.has_id && kid.name != d.name {
                return Err(say(
                    "这个学籍号已经是另一个孩子的，身份证号不一样",
                    "this student number belongs to another child with another ID number",
                ));
            }
            return Ok(Some(*i));
        }
        let Some(day) = d.birth_date.filter(|_| !d.birth_estimated) else {
            return Ok(None);
        };
        let all = self
            .by_name
            .get(&(d.name.clone(), day))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let fits: Vec<usize> = all
            .iter()
            .copied()
            .filter(|i| {
                let kid = &self.kids[*i];
                (class.is_none() || kid.class.is_none() || kid.class == class) && !(d.id_no.is_some() && kid.has_id)
            })
            .collect();
        Ok(match fits[..] {
            [one] => Some(one),
            // of several only one in the very class
            _ => fits
                .into_iter()
                .find(|i| self.kids[*i].class == class && class.is_some()),
        })
    }
}

/// The hash of what a row says: an equal second import changes nothing. Keyed, so that nothing can be guessed from it.
fn hash(keys: &Keys, at: &Place, row: &RowDraft, sheet: &SheetReport, class: Option<ClassCode>) -> Vec<u8> {
    let told = serde_json::json!([row.child, sheet.form, sheet.date, class]);
    keys.blind(at.county, "import_row", &told.to_string())
}

/// Judges a file against what the school has. Writes nothing.
pub fn plan(c: &Conn, keys: &Keys, at: &Place, read: &Read) -> Result<Plan> {
    let roster: &Roster = &read.roster;
    let known = Known::load(c, at)?;
    let mut p = Plan {
        rows: roster.total,
        errors: roster.errors.clone(),
        warnings: roster.warnings.clone(),
        tidied: roster.tidied.clone(),
        ..Plan::default()
    };
    let sheets: HashMap<&str, &SheetReport> = roster.sheets.iter().map(|s| (s.name.as_str(), s)).collect();
    let mut classes = known.classes.clone();
    let said: BTreeSet<ClassCode> = roster.rows.iter().filter_map(|r| r.child.class).collect();
    let mut seen: HashMap<Id, usize> = HashMap::new();
    let mut fresh: HashSet<Id> = HashSet::new();
    let year_from = SchoolYear::of(at.today).span().from;
    for row in &roster.rows {
        let Some(sheet) = sheets.get(row.sheet.as_str()) else {
            continue;
        };
        let code = match class_of(&row.child, &known, &said, at) {
            Ok(k) => k,
            Err((reason, proposal)) => {
                p.errors.push(fault(row, sheet, "grade_class", reason, proposal));
                continue;
            }
        };
        let class = code.map(|k| {
            *classes.entry(k).or_insert_with(|| {
                let id = Id::fresh();
                p.classes.push((k, id));
                fresh.insert(id);
                id
            })
        });
        let kid = match known.find(keys, at, &row.child, class.filter(|k| !fresh.contains(k))) {
            Ok(kid) => kid.map(|i| &known.kids[i]),
            Err(reason) => {
                p.errors.push(fault(row, sheet, "student_no", reason, None));
                continue;
            }
        };
        let mine = |k: Option<Id>| at.only.as_ref().is_none_or(|only| k.is_some_and(|k| only.contains(&k)));
        if !mine(class) || kid.is_some_and(|k| !mine(k.class)) {
            let reason = say(
                "不是您带的班，请校长或办公室来导",
                "not a class of yours; the head or the office imports it",
            );
            p.errors.push(fault(row, sheet, "grade_class", reason, None));
            continue;
        }
        let day = sheet.date.filter(|d| *d <= at.today).unwrap_or(at.today);
        let around = Around {
            school: at.school,
            school_name: &at.school_name,
            class,
            form: sheet.form,
            day,
            year_from,
            optional: read.optional,
        };
        let mark = hash(keys, at, row, sheet, code);
        let what = match kid {
            None => {
                let mut n = new_child(&row.child, &around);
                n.content_hash = mark;
                let told = |w: &CellFault| {
                    w.row == row.row && w.sheet == row.sheet && w.field.is_some_and(|f| f.name() == "grade_class")
                };
                if class.is_none() && !p.warnings.iter().any(told) {
                    let reason = say(
                        "没写班级：存得下，可没有班主任，谁也不会收到这孩子的事",
                        "no class: stored, but without a class teacher nobody is told what is due",
                    );
                    p.warnings.push(fault(row, sheet, "grade_class", reason, None));
                }
                What::New(Box::new(n), around.since())
            }
            Some(kid) if kid.hash == mark && kid.active && !seen.contains_key(&kid.id) => What::Same,
            Some(kid) => {
                let n = new_child(&row.child, &around);
                if let Some(first) = seen.get(&kid.id).copied() {
                    let at_row = p.items[first].row;
                    let reason = say(
                        format!("和第{at_row}行对上了同一份档案，已并成一个"),
                        format!("meets the same file as row {at_row}; joined"),
                    );
                    p.warnings.push(fault(row, sheet, "name", reason, None));
                    if let What::Change { new, .. } = &mut p.items[first].what {
                        lay_over(new, &n);
                    }
                    continue;
                }
                let Some(old) = open(c, keys, at.county, kid.id)? else {
                    continue;
                };
                let mut new = old.clone();
                lay_over(&mut new, &n);
                let told = sheet_says(c, at, row, sheet, &old, &mut new, &n)?;
                p.warnings.extend(told);
                if old.name != new.name {
                    let reason = say(
                        format!("档案里叫{}，改成表里的", old.name),
                        format!("the file says {}; taken from the sheet", old.name),
                    );
                    p.warnings.push(fault(row, sheet, "name", reason, None));
                }
                if new == old {
                    What::Same
                } else {
                    new.content_hash = mark;
                    What::Change {
                        old: Box::new(old),
                        new: Box::new(new),
                    }
                }
            }
        };
        if let Some(kid) = kid {
            seen.insert(kid.id, p.items.len());
        }
        p.items.push(Item {
            sheet: row.sheet.clone(),
            row: row.row,
            what,
        });
    }
    // a class is only made for a child that comes into it
    let used: HashSet<Id> = p
        .items
        .iter()
        .filter_map(|i| match &i.what {
            What::New(n, _) => n.class,
            What::Change { new, .. } => new.class,
            What::Same => None,
        })
        .collect();
    p.classes.retain(|(_, id)| used.contains(id));
    p.classes.sort_by_key(|(k, _)| *k);
    let order: HashMap<&str, usize> = roster
        .sheets
        .iter()
        .enumerate()
        .map(|(i, s)| (s.name.as_str(), i))
        .collect();
    let place = |f: &CellFault| (order.get(f.sheet.as_str()).copied(), f.row, f.index);
    p.errors.sort_by_key(place);
    p.warnings.sort_by_key(place);
    let bad: BTreeSet<(&str, u32)> = p.errors.iter().map(|e| (e.sheet.as_str(), e.row)).collect();
    p.rejected = bad.len() as u32;
    Ok(p)
}

/// On or off the school's list, as the sheet says it (domain.md §2); a person ends a spell, never a sheet.
fn sheet_says(
    c: &Conn,
    at: &Place,
    row: &RowDraft,
    sheet: &SheetReport,
    old: &File,
    new: &mut File,
    n: &File,
) -> Result<Option<CellFault>> {
    match (n.listed.as_ref().map(|(from, _)| *from), n.not_listed_on, &old.listed) {
        (Some(from), _, None) => {
            let sql = "select to_day from left_behind_episodes where county_id = ?1 and child_id = ?2 and to_day is not null order by to_day desc limit 1";
            let ended = c.first(sql, params![at.county, old.id])?.and_then(|r| r.opt_day(0));
            // a sheet older than the end of a spell does not open it again
            if ended.is_none_or(|d| d < from) {
                new.listed = Some((from, "list".into()));
                new.not_listed_on = None;
            }
            Ok(None)
        }
        (_, Some(_), Some(_)) => {
            let reason = say(
                "表里说不是留守，名单上还在；要结束请到档案里办",
                "the sheet says no, the list says yes; end it in the child's file",
            );
            Ok(Some(fault(row, sheet, "left_behind", reason, None)))
        }
        (_, Some(day), None) => {
            if old.not_listed_on.is_none_or(|d| d < day) {
                new.not_listed_on = Some(day);
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// The class of a row; a grade alone stands for its only class.
fn class_of(
    d: &ChildDraft,
    known: &Known,
    said: &BTreeSet<ClassCode>,
    at: &Place,
) -> Result<Option<ClassCode>, (Say, Option<String>)> {
    if let Some(k) = d.class {
        return Ok(Some(k));
    }
    if let Some(grade) = d.grade {
        let mut all: BTreeSet<ClassCode> = known.classes.keys().copied().filter(|k| k.grade == grade).collect();
        all.extend(said.iter().copied().filter(|k| k.grade == grade));
        if let Some(only) = &at.only {
            let mine: BTreeSet<ClassCode> = all
                .iter()
                .copied()
                .filter(|k| known.classes.get(k).is_some_and(|id| only.contains(id)))
                .collect();
            if mine.len() == 1 {
                all = mine;
            }
        }
        return match all.len() {
            0 => Ok(ClassCode::new(grade, 1)),
            1 => Ok(all.first().copied()),
            _ => {
                let names: Vec<String> = all
                    .iter()
                    .map(|k| k.screen().trim_end_matches('班').to_owned())
                    .collect();
                let reason = say(
                    format!("有{}，是哪个班", names.join("、")),
                    format!("there are {}; which one", names.join(", ")),
                );
                Err((reason, all.first().map(|k| k.screen())))
            }
        };
    }
    // a class teacher's sheet need not say the class
    Ok(match &at.only {
        Some(only) if only.len() == 1 => known.codes.get(&only[0]).copied(),
        _ => None,
    })
}

fn fault(row: &RowDraft, sheet: &SheetReport, field: &str, reason: Say, proposal: Option<String>) -> CellFault {
    let find = |name: &str| sheet.columns.iter().find(|c| c.field.is_some_and(|f| f.name() == name));
    let d = &row.child;
    let value = match field {
        "grade_class" => d
            .class
            .map(|k| k.screen())
            .or_else(|| d.class_text.clone())
            .unwrap_or_default(),
        "student_no" => d.student_no.clone().unwrap_or_default(),
        "left_behind" => "否".into(),
        _ => d.name_entered.clone(),
    };
    let column = find(field).or_else(|| find("name"));
    CellFault {
        sheet: row.sheet.clone(),
        row: row.row,
        column: column.map(|c| c.header.clone()).unwrap_or_default(),
        index: column.map(|c| c.index),
        field: column.and_then(|c| c.field),
        value,
        reason,
        proposal,
    }
}

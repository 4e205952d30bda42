//! From bytes to rows, with what people have chosen: columns, header rows, mended cells.

use super::plan::Plan;
use crate::tables::MAPPINGS;
use serde::{Deserialize, Serialize};
use std::cell::Cell as Flag;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tx_base::{Day, Fault, FieldFault, Id, Result, Say, say};
use tx_calendar::SchoolSystem;
use tx_sheet::{Book, Cell, Field, Limits, Options as SheetOptions, Roster, Slot};
use tx_store::{Conn, Write, params, row};

thread_local! { static READING: Flag<bool> = const { Flag::new(false) }; }

/// Whether this thread is reading a file just now: a reader of other people's formats may panic, which is caught and said in words,
/// so the panic itself need not be shouted.
pub fn reading() -> bool {
    READING.get()
}

/// What a person chose for a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// header as read → field; `None` leaves the column out
    pub columns: BTreeMap<String, Option<Field>>,
    /// sheet → first row of the header, from 1
    pub header_rows: BTreeMap<String, u32>,
    /// cells put right before anything is stored
    pub mended: Vec<Mended>,
    /// the columns are kept for the school's next file
    pub remember: bool,
}
/// One cell with the value that was meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    pub sheet: String,
    pub row: u32,
    pub column: u16,
    pub value: String,
}

/// What the reader has to know of the school.
#[derive(Clone, Debug)]
pub struct School {
    pub name: String,
    pub system: SchoolSystem,
    pub remembered: BTreeMap<String, Option<Field>>,
    /// keeps also what is off by default (domain.md §7.3)
    pub optional: bool,
}

/// A file as it was read.
#[derive(Debug)]
pub struct Read {
    pub book: Book,
    pub roster: Roster,
    pub choices: Choices,
    pub optional: bool,
}

impl School {
    pub fn load(c: &Conn, county: Id, school: Id) -> Result<School> {
        let sql = "select name, school_system, settings from schools where county_id = ?1 and id = ?2";
        let r = c.first(sql, params![county, school])?.ok_or(Fault::NotFound)?;
        let sql = "select header, field from import_mappings where county_id = ?1 and school_id = ?2 and header <> '' order by header";
        let remembered = c
            .query(sql, params![county, school])?
            .iter()
            .map(|m| (m.text(0), Field::from_name(m.str(1))))
            .collect();
        Ok(School {
            name: r.text(0),
            system: if r.str(1) == "five_four" {
                SchoolSystem::FIVE_FOUR
            } else {
                SchoolSystem::SIX_THREE
            },
            remembered,
            optional: r.json(2)["optional_fields"].as_bool() == Some(true),
        })
    }
}

fn refused(why: Say) -> Fault {
    Fault::Invalid(
        why.clone(),
        vec![FieldFault {
            field: "file".into(),
            reason: why,
        }],
    )
}

/// Reads a file. What cannot be read at all is a 422 with the reason; a wrong row is none.
pub fn read(bytes: &[u8], file_name: &str, today: Day, school: &School, choices: Choices) -> Result<Read> {
    let r = read_any(bytes, file_name, today, school, choices)?;
    match r.roster.unreadable() {
        Some(why) => Err(refused(why)),
        None => Ok(r),
    }
}
/// As [`read`], also when no header was found, so that a person can point at it.
pub fn read_any(bytes: &[u8], file_name: &str, today: Day, school: &School, choices: Choices) -> Result<Read> {
    READING.set(true);
    let out = catch_unwind(AssertUnwindSafe(|| {
        let mut book = tx_sheet::open(bytes, file_name, &Limits::default())?;
        for m in &choices.mended {
            mend(&mut book, m);
        }
        let mut o = SheetOptions::new(today);
        o.system = school.system;
        o.remembered.clone_from(&school.remembered);
        o.remembered.extend(choices.columns.clone());
        o.header_rows.clone_from(&choices.header_rows);
        let roster = tx_sheet::roster(&book, &o);
        Ok((book, roster))
    }));
    READING.set(false);
    let (book, roster) = out
        .unwrap_or_else(|_| {
            Err(say(
                "这个文件读不懂，可能坏了",
                "The file cannot be read; it may be damaged",
            ))
        })
        .map_err(refused)?;
    Ok(Read {
        book,
        roster,
        choices,
        optional: school.optional,
    })
}

fn mend(book: &mut Book, m: &Mended) {
    let Some(sheet) = book.sheets.iter_mut().find(|s| s.name == m.sheet) else {
        return;
    };
    let Ok(at) = sheet.rows.binary_search_by_key(&m.row, |r| r.number) else {
        return;
    };
    let cell = Cell::Text(m.value.as_str().into());
    let cells = &mut sheet.rows[at].cells;
    match cells.binary_search_by_key(&m.column, |s| s.column) {
        Ok(i) => {
            cells[i].cell = cell;
            cells[i].filled = false;
        }
        Err(i) => cells.insert(
            i,
            Slot {
                column: m.column,
                cell,
                filled: false,
            },
        ),
    }
}

impl Read {
    /// The columns that are read and not kept, as their headers (domain.md §7.3).
    pub fn left_out(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for c in self.roster.sheets.iter().flat_map(|s| &s.columns) {
            let off = c.field.is_some_and(|f| super::row::is_optional(&f.name()));
            if off && !self.optional && !out.contains(&c.header) {
                out.push(c.header.clone());
            }
        }
        out
    }
    /// The rejected rows as a sheet that can be mended and sent again.
    pub fn error_sheet(&self, p: &Plan) -> Vec<u8> {
        let told = Roster {
            errors: p.errors.clone(),
            ..self.roster.clone()
        };
        tx_sheet::error_sheet(&self.book, &told)
    }
}

/// Keeps what a person chose for this school's next file.
pub(super) fn remember(w: &mut Write, school: Id, columns: &BTreeMap<String, Option<Field>>) -> Result<()> {
    for (header, field) in columns.iter().filter(|(h, _)| !h.is_empty()) {
        let field = field.map(Field::name).unwrap_or_default();
        w.put(
            &MAPPINGS,
            row!["school_id" => school, "header" => header.as_str(), "field" => field],
        )?;
    }
    Ok(())
}
/// Lets a second import of the same school wait for this one.
pub(super) fn one_at_a_time(w: &mut Write, school: Id) -> Result<()> {
    w.put(&MAPPINGS, row!["school_id" => school, "header" => "", "field" => ""])
}

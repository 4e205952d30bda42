//! From a book to children: finds the header, reads the rows, says what is wrong with which cell.

mod class;
mod family;
mod header;
mod read;
mod row;
mod twice;

use crate::{
    field::Field,
    value::{AwayKind, Boarder, CareRating, Edu, Ethnic, HukouKind, IdKind, IdNumber, Phone, Precision, Relation, Sex},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tx_base::{Day, Say};
use tx_calendar::{ClassCode, SchoolSystem, SchoolYear};

pub use read::roster;

/// What the reader has to know besides the book.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides the century of two-digit years and what lies in the future.
    pub today: Day,
    /// For cohorts (`2024级2班`); [`Options::new`] takes the year of `today`.
    pub school_year: SchoolYear,
    pub system: SchoolSystem,
    /// Header as read ([`Column::header`]) → field chosen by a person before; `None` = leave the column out. Stronger than the table.
    pub remembered: BTreeMap<String, Option<Field>>,
    /// Sheet name → row of the header's first line (from 1), when a person has pointed at it.
    pub header_rows: BTreeMap<String, u32>,
    /// Only these sheets; `None` = all visible ones.
    pub sheets: Option<Vec<String>>,
}

impl Options {
    pub fn new(today: Day) -> Options {
        Options {
            today,
            school_year: SchoolYear::of(today),
            system: SchoolSystem::SIX_THREE,
            remembered: BTreeMap::new(),
            header_rows: BTreeMap::new(),
            sheets: None,
        }
    }
}

/// Which form the sheet follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A school's own roster.
    #[default]
    School,
    /// The ministries' form of 2016 (农村留守儿童基本情况登记表).
    Survey2016,
    /// The national register's template: its 是否留守儿童 only proposes an episode (domain.md §5).
    Register,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// From 0.
    pub index: u16,
    /// As read, rows joined by ` / `.
    pub header: String,
    pub field: Option<Field>,
    /// Up to three values as the person wrote them. They may hold ID numbers: mask before showing in lists.
    pub samples: Vec<String>,
}

/// What was found on a sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SheetReport {
    pub name: String,
    pub form: Form,
    /// The line over the table, if any.
    pub title: Option<String>,
    /// The title says 留守: every row is a left-behind child unless a column says otherwise.
    pub left_behind: bool,
    /// From 填报时间 / 填报日期.
    pub date: Option<Day>,
    /// First and last row of the header, from 1.
    pub header_rows: Option<(u32, u32)>,
    pub columns: Vec<Column>,
    /// Rows of children, good and bad.
    pub rows: u32,
    /// Why nothing was read from this sheet.
    pub problem: Option<Say>,
    /// Class named by the sheet's name or title, for rows without a class column.
    #[serde(skip)]
    pub class: Option<ClassCode>,
}

/// Something to say about one cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellFault {
    pub sheet: String,
    /// As the person sees it, from 1.
    pub row: u32,
    /// The header as read.
    pub column: String,
    /// From 0; `None` when the sheet has no such column.
    pub index: Option<u16>,
    pub field: Option<Field>,
    /// As the person wrote it.
    pub value: String,
    pub reason: Say,
    /// A value that was probably meant, for one tap. Never a changed ID number.
    pub proposal: Option<String>,
}

/// An adult who looks after the child.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuardianDraft {
    pub name: Option<String>,
    /// What the header called the person.
    pub kind: GuardianKind,
    pub relation: Option<Relation>,
    /// As written when it is no known word.
    pub relation_text: Option<String>,
    pub phones: Vec<Phone>,
    pub id_no: Option<IdNumber>,
    pub birth_year: Option<i16>,
    pub edu: Option<Edu>,
    pub job: Option<String>,
    pub address: Option<String>,
    pub health: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardianKind {
    /// 监护人, 家长 and other words.
    #[default]
    Guardian,
    /// 临时监护人, 代管人.
    Acting,
    /// 委托监护人, 受委托人 (law §22).
    Entrusted,
}

/// Father or mother.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parent {
    Father,
    Mother,
}

/// Where a parent is (`ParentFact.where`, domain.md §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    Home,
    AwayWork,
    /// Jail, drug detention, remarried away, missing.
    AwayOther,
    Dead,
    #[default]
    Unknown,
}

/// A parent as the row tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParentDraft {
    pub parent: Parent,
    pub name: Option<String>,
    #[serde(rename = "where")]
    pub whereabouts: Whereabouts,
    pub place: Option<String>,
    pub phones: Vec<Phone>,
    pub job: Option<String>,
    pub birth_year: Option<i16>,
    pub edu: Option<Edu>,
    pub id_no: Option<IdNumber>,
    pub political: Option<String>,
    pub health: Option<String>,
    /// `Some(false)`: named as the one without capacity to care (2016 form).
    pub able: Option<bool>,
    pub away_since: Option<Day>,
}

impl ParentDraft {
    pub fn new(parent: Parent) -> ParentDraft {
        ParentDraft {
            parent,
            name: None,
            whereabouts: Whereabouts::Unknown,
            place: None,
            phones: Vec::new(),
            job: None,
            birth_year: None,
            edu: None,
            id_no: None,
            political: None,
            health: None,
            able: None,
            away_since: None,
        }
    }
}

/// A child as a row tells it. Every field of domain.md §5's table is typed here or, by its name, in `extra`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChildDraft {
    /// Put in order, for matching, search and screens.
    pub name: String,
    /// As entered, for printing.
    pub name_entered: String,
    pub former_name: Option<String>,
    pub sex: Option<Sex>,
    pub birth_date: Option<Day>,
    pub birth_precision: Precision,
    /// The year was reckoned from an age.
    pub birth_estimated: bool,
    pub ethnic: Option<Ethnic>,
    pub id_kind: IdKind,
    pub id_no: Option<IdNumber>,
    pub student_no: Option<String>,
    pub class_no: Option<String>,
    pub school: Option<String>,
    pub class: Option<ClassCode>,
    /// From the class or, when only that is written, alone.
    pub grade: Option<u8>,
    /// As written, when it names no class for certain.
    pub class_text: Option<String>,
    pub hukou_kind: Option<HukouKind>,
    pub hukou_registered: Option<bool>,
    pub hukou_address: Option<String>,
    pub home_address: Option<String>,
    pub village: Option<String>,
    pub town: Option<String>,
    pub boarder: Option<Boarder>,
    pub health: Option<String>,
    /// Of the family, when the column belongs to nobody.
    pub phones: Vec<Phone>,
    pub guardians: Vec<GuardianDraft>,
    pub parents: Vec<ParentDraft>,
    /// `None`: the sheet does not say. In [`Form::Register`] it only proposes.
    pub left_behind: Option<bool>,
    pub away_kind: Option<AwayKind>,
    pub away_since: Option<Day>,
    pub care_rating: Option<CareRating>,
    /// Field name → text, for everything else that was mapped.
    pub extra: BTreeMap<String, String>,
}

/// A good row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowDraft {
    pub sheet: String,
    /// As the person sees it, from 1.
    pub row: u32,
    pub child: ChildDraft,
}

/// What a book says about children.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Roster {
    pub sheets: Vec<SheetReport>,
    /// Good rows; a child given twice stands once, with its first row.
    pub rows: Vec<RowDraft>,
    /// One for each bad row and column, in the order of the sheet. These rows are not in `rows`.
    pub errors: Vec<CellFault>,
    pub warnings: Vec<CellFault>,
    /// What was put in order: 同上, serial dates, two guardians in one cell.
    pub tidied: Vec<CellFault>,
    /// Rows of children in all, good, bad and repeated.
    pub total: u32,
    /// Rows with at least one error.
    pub rejected: u32,
    /// Good rows that repeat a child of another row.
    pub repeated: u32,
}

impl Roster {
    /// Why nothing can be taken from the file at all: no sheet has a header.
    pub fn unreadable(&self) -> Option<Say> {
        if self.sheets.iter().any(|s| s.header_rows.is_some()) {
            return None;
        }
        Some(
            self.sheets
                .iter()
                .find_map(|s| s.problem.clone())
                .unwrap_or_else(|| tx_base::say("表里没有看得见的内容", "The file has no visible content")),
        )
    }
    /// Field by header, to be remembered for the next time.
    pub fn mapping(&self) -> BTreeMap<String, Option<Field>> {
        self.sheets
            .iter()
            .flat_map(|s| s.columns.iter().map(|c| (c.header.clone(), c.field)))
            .collect()
    }
}

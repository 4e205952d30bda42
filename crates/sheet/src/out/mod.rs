//! Tables to XLSX and CSV, and the rejected rows back to the person who sent them.

mod csv;
mod errors;
mod print;
mod xlsx;

use tx_base::Day;

pub use csv::to_csv;
pub use errors::error_sheet;
pub use xlsx::to_xlsx;

/// How a column is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Also numbers that are names: phones, ID numbers, class codes.
    #[default]
    Text,
    Int,
    Number,
    Day,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnOut {
    pub header: String,
    /// In characters of the standard font (a Han character counts two); 0 = from the content.
    pub width: f64,
    pub kind: CellKind,
}

impl ColumnOut {
    pub fn new(header: impl Into<String>, width: f64, kind: CellKind) -> ColumnOut {
        ColumnOut {
            header: header.into(),
            width,
            kind,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum CellOut {
    #[default]
    Empty,
    Text(String),
    Int(i64),
    Number(f64),
    Day(Day),
}

impl From<&str> for CellOut {
    fn from(s: &str) -> CellOut {
        if s.is_empty() {
            CellOut::Empty
        } else {
            CellOut::Text(s.to_string())
        }
    }
}
impl From<String> for CellOut {
    fn from(s: String) -> CellOut {
        if s.is_empty() { CellOut::Empty } else { CellOut::Text(s) }
    }
}
impl From<i64> for CellOut {
    fn from(n: i64) -> CellOut {
        CellOut::Int(n)
    }
}
impl From<Day> for CellOut {
    fn from(d: Day) -> CellOut {
        CellOut::Day(d)
    }
}
impl<T: Into<CellOut>> From<Option<T>> for CellOut {
    fn from(v: Option<T>) -> CellOut {
        v.map_or(CellOut::Empty, Into::into)
    }
}

/// One sheet to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The sheet's tab; made valid and unique.
    pub name: String,
    pub title: String,
    /// Lines under the title (`填报单位：…`).
    pub lines: Vec<String>,
    pub columns: Vec<ColumnOut>,
    pub rows: Vec<Vec<CellOut>>,
    /// Lines under the table.
    pub footer: Vec<String>,
    /// The first columns, which say whose row it is, of a table that is made to be printed: they stand on each sheet when one is not wide
    /// enough, and the widths follow the content. 0 = the widths are as given, and print on one sheet across.
    pub keys: usize,
}

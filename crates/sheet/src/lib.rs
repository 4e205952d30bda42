//! Spreadsheets in and out. Pure: bytes in, values out.
//!
//! In: [`open`] a file under caps, [`roster`] finds the header of a school's messy sheet, maps its columns to fields and reads
//! children with every fault named by row, column, value and reason. Out: [`Table`] to XLSX and CSV, and [`error_sheet`],
//! which gives the rejected rows back so that they can be mended and sent again.

mod book;
mod field;
#[cfg(any(test, feature = "fixtures"))]
pub mod fixtures;
mod out;
mod roster;
#[cfg(test)]
mod tests;
pub mod value;

pub use book::{Book, Cell, Kind, Limits, Merge, Row, Sheet, Slot, open};
pub use field::{Attr, Field, OWN_REASON, OWN_ROW, Plain, Who};
pub use out::{CellKind, CellOut, ColumnOut, Table, error_sheet, to_csv, to_xlsx};
pub use roster::{
    CellFault, ChildDraft, Column, Form, GuardianDraft, GuardianKind, Options, Parent, ParentDraft, Roster, RowDraft,
    SheetReport, Whereabouts, roster,
};
pub use value::{
    AwayKind, Boarder, CareRating, DateFault, Dated, Edu, Ethnic, HukouKind, IdKind, IdNumber, PersonName, Phone,
    Political, Precision, Relation, Sex, parse_away_kind, parse_boarder, parse_care_rating, parse_date, parse_edu,
    parse_hukou_kind, parse_left_behind, parse_name, parse_political, parse_relation, parse_sex, parse_yes_no,
};

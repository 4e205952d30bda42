//! The store: one thin layer over SQLite and PostgreSQL, tables declared once, and the one door for writes.
//!
//! Reads: [`Db::read`] with a plain closure. Writes: [`Db::write`] with an [`Act`]; the closure gets a [`Write`], the only type that can
//! change a covered row, and every change it makes is in the history and the audit chain of the same transaction.

mod audit;
mod conn;
mod db;
mod dump;
mod kept;
mod keys;
mod planner;
mod rotate;
mod schema;
mod value;
mod verify;
mod write;

pub use audit::{AUDIT_ENTRIES, AUDIT_HEADS, Head};
pub use conn::Conn;
pub use db::{Db, Masters, Options, SCHEMA};
pub use dump::{RowOut, dump, load, read_row, write_row};
pub use kept::{About, Made};
pub use keys::{Keys, aad};
pub use rotate::{begin as begin_rotation, finish as finish_rotation, under_way};
pub use schema::{Class, Column, Cover, GROUND, HISTORY, IDEMPOTENCY, META, Table, Type, col, opt};
pub use value::{Row, Value, places};
pub use verify::{Report, verify};
pub use write::{Act, Actor, Once, Outcome, Write};

/// Builds a row or a list of parameters: `row!["name" => name, "on" => day]`.
#[macro_export]
macro_rules! row {
    ($($name:literal => $value:expr),* $(,)?) => { vec![$(($name, $crate::Value::from($value))),*] };
}
/// Builds a list of parameters: `params![county, day]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*][..] };
}

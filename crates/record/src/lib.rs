//! The engine of records: kinds as declarations, field types, records and lines, history.
//!
//! A kind is a plain value ([`Kind`]); from it follow validation, JSON, list and history. What touches children is sealed under their keys.

mod api;
mod kind;
mod new;
mod read;
mod seal;
pub mod tables;
mod write;

pub use api::ROUTES;
pub use kind::{
    About, Field, FieldType, Kind, Opt, all_kinds, choice, choices, count, day, find_kind, install_kinds, long_text,
    money, text, yes,
};
pub use new::{NewLine, NewRecord, OUTCOMES, parse};
pub use read::{Line, Query, Record, fetch, list, versions};
pub use write::{add, correct, remove};

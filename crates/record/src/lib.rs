//! The engine of records: kinds as declarations, field types, records and lines, history.
//!
//! A kind is a plain value ([`Kind`]); from it follow validation, JSON, list and history. What touches children is sealed under their keys.

mod api;
mod around;
mod choose;
pub mod conflicts;
mod edit;
pub mod form;
mod gone;
mod kind;
mod ledger;
pub mod merge;
mod new;
mod own;
mod pages;
pub mod people;
mod read;
mod schemas;
mod seal;
mod settle;
pub mod tables;
mod toast;
mod write;

pub use api::{ROUTES, WRITERS, may_change};
pub use kind::{
    About, Family, Field, FieldType, Kind, NOTE, Opt, Promised, all_kinds, choice, choices, count, day, find_kind,
    install_kinds, long_text, money, number, text, yes,
};
pub use ledger::{Cell, Column, Ledger, cell, ledger, ledger_name, of_line};
pub use new::{NewLine, NewRecord, OUTCOMES, parse, parse_as};
pub use own::{CHILD, Declared, NewOwn, OwnField, add_own, child_fields, end_own, own_fields};
pub use pages::item;
pub use people::sight;
pub use read::{Earlier, Line, Query, Record, all_lines, earlier, fetch, list, of_child, touch_child, versions};
pub use schemas::schemas;
pub use toast::{not_done, saved_toast};
pub use write::{Corrected, MERGES, add, correct, remove};

/// The pages of the engine: every kind from its declaration alone.
pub fn pages() -> Vec<tx_web::Route> {
    [
        pages::ROUTES,
        edit::ROUTES,
        choose::ROUTES,
        settle::ROUTES,
        toast::ROUTES,
        gone::ROUTES,
    ]
    .concat()
}

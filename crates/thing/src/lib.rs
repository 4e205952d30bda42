//! Things: what lasts. A record says what happened on a day; a thing stands from a day in a state until it is over: a room, a box of umbrellas, a delegation of
//! care, a request to the health centre, a document with its versions.
//!
//! A sort of thing is a plain value ([`Sort`]) over the field types of the records; from it follow validation, form, list, page, steps, stock, history, JSON and
//! ledger. What needs a screen of its own (a tablet, a board) builds it beside this and writes through the same door.

mod api;
mod ledger;
mod pages;
mod read;
mod sort;
mod sorts;
pub mod tables;
mod write;

pub use api::schemas;
pub use ledger::{ledger, ledger_name};
pub use read::{Query, Thing, Version, fetch, life, list, may_write};
pub use sort::{
    About, Group, Sort, State, Step, all_sorts, anyone, carers, find_sort, head, install_sorts, leading, room_keepers,
    staff, state, storekeepers,
};
pub use sorts::ALL;
pub use write::{NewThing, add, change, parse, remove, step, stock};

/// Every route of things.
pub fn routes() -> Vec<tx_web::Route> {
    [api::ROUTES, pages::ROUTES].concat()
}

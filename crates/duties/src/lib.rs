//! Who owes which child what: the engine fed from the store, the lists, Today and the record sheet that settles a duty.

mod api;
mod facts;
mod feed;
mod sheet;
pub mod tables;
mod today;

pub use api::{ROUTES, items};
pub use feed::{Fed, feed, owed};
use tx_web::Route;

/// The pages of this crate.
pub fn pages() -> Vec<Route> {
    [today::ROUTES, sheet::ROUTES].concat()
}

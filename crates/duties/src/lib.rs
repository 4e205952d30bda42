//! Who owes which child what: the engine fed from the store, the lists, Today and the record sheet that settles a duty.

mod ahead;
mod api;
mod facts;
mod feed;
mod many;
mod one;
pub mod scheme;
mod sheet;
pub mod tables;
mod today;

pub use api::{ROUTES, items};
pub use feed::{Fed, Ground, feed, ground, owed};
pub use today::{Beside, Read, kind_name, seal_of, today};
use tx_web::Route;

/// The pages of this crate.
pub fn pages() -> Vec<Route> {
    [sheet::ROUTES, many::ROUTES, one::ROUTES]
        .concat()
        .into_iter()
        .chain(scheme::routes())
        .collect()
}

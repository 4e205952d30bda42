//! The binary's parts: what it is made of, its commands, the door, the demonstration.

pub mod cli;
mod door;
pub mod open;
mod schemas;
pub mod serve;

use std::sync::OnceLock;
use tx_store::Table;
use tx_web::Route;

/// Every table of the product, in the order in which they are made.
pub fn tables() -> &'static [&'static Table] {
    static ALL: OnceLock<Vec<&'static Table>> = OnceLock::new();
    ALL.get_or_init(|| {
        [
            tx_store::GROUND,
            tx_access::TABLES,
            tx_school::tables::TABLES,
            tx_child::tables::TABLES,
            tx_record::tables::TABLES,
            tx_pairing::tables::TABLES,
            tx_duties::tables::TABLES,
            tx_reports::tables::TABLES,
        ]
        .concat()
    })
}

/// Every route of the router; there is no other way to serve an address.
pub fn routes() -> &'static [Route] {
    static ALL: OnceLock<Vec<Route>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = [
            door::ROUTES,
            tx_web::assets::ROUTES,
            tx_school::ROUTES,
            tx_child::ROUTES,
            tx_child::PAGES,
            tx_record::ROUTES,
            tx_duties::ROUTES,
            tx_figures::ROUTES,
            tx_board::ROUTES,
        ]
        .concat();
        all.extend(tx_duties::pages());
        all
    })
}

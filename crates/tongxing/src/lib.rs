//! The binary's parts: what it is made of, its commands, the door, the demonstration.

#![recursion_limit = "256"]

mod archive;
pub mod cli;
mod cmd_backup;
mod cmd_duties;
mod cmd_import;
mod cmd_key;
mod cmd_ledger;
mod cmd_people;
mod cmd_report;
mod cmd_synth;
mod county;
mod daily;
mod door;
mod first;
mod me;
pub mod open;
mod rights;
mod schemas;
pub mod second;
pub mod serve;
mod system;

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
            tx_thing::tables::TABLES,
            tx_room::tables::TABLES,
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
            first::ROUTES,
            me::ROUTES,
            second::ROUTES,
            rights::ROUTES,
            system::ROUTES,
            tx_web::assets::ROUTES,
            tx_child::import::ROUTES,
            tx_child::import::PAGES,
            tx_record::ROUTES,
            tx_duties::ROUTES,
        ]
        .concat();
        all.extend(tx_school::routes());
        all.extend(tx_child::routes());
        all.extend(tx_thing::routes());
        all.extend(tx_room::routes());
        all.extend(tx_pairing::routes());
        all.extend(tx_duties::pages());
        all.extend(tx_record::pages());
        all.extend(tx_board::routes());
        all.extend(tx_figures::routes());
        all.extend(tx_reports::routes());
        all
    })
}

/// The path of the first administrator's one-time link, as the first start prints it; none when there is an administrator.
pub fn first_link(place: &open::Place) -> tx_base::Result<Option<String>> {
    tx_school::first_admin_link(&place.open()?)
}

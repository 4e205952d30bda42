//! What comes out: summary, ledgers, dashboard.

pub mod cards;
pub mod ledger;
pub mod summary;
pub mod tables;

use tx_web::Route;

/// Every route of the crate.
pub fn routes() -> Vec<Route> {
    [summary::routes(), ledger::routes(), cards::ROUTES.to_vec()].concat()
}

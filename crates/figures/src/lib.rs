//! Figures: small named things that count records and give back the ids that they counted (schemes.md, "What a figure is, exactly").
//!
//! All are declarations over a few ways of counting, in families, one file each; shares come from the duty engine, so that a summary says
//! what Today said. A value is the sum of its items, so the list behind a number always adds up to it.

mod activities;
mod api;
mod care;
mod children;
mod count;
mod county;
mod figure;
mod load;
mod means;
mod page;
mod rows;
mod school;
mod visits;

pub use count::{all, count};
pub use county::{Cell, LEAST, Masked, masked};
pub use figure::{Amount, Bond, By, Counted, Figure, How, Item, Owed, Pair, Pick, Seat, Set, Test, What, Who};
pub use page::trace_view;
pub use rows::{Row, rows};
use tx_web::Route;

/// The figures in families, in the order in which lists show them.
pub static FAMILIES: &[(tx_base::Text, &[Figure])] = &[
    (tx_base::t("学校和人", "School and people"), school::ALL),
    (tx_base::t("孩子和结对", "Children and pairing"), children::ALL),
    (tx_base::t("日常关爱", "Daily care"), care::ALL),
    (tx_base::t("家访和监护人", "Visits and guardians"), visits::ALL),
    (tx_base::t("活动", "Activities"), activities::ALL),
    (tx_base::t("帮扶和条件", "Help and means"), means::ALL),
];

/// Every figure.
pub fn every() -> impl Iterator<Item = &'static Figure> {
    FAMILIES.iter().flat_map(|(_, list)| list.iter())
}
/// The figure of this id.
pub fn find(id: &str) -> Option<&'static Figure> {
    every().find(|f| f.id == id)
}

/// API and pages.
pub fn routes() -> Vec<Route> {
    [api::ROUTES, page::ROUTES].concat()
}

//! The stories, named by the rows of the feature table.

mod a1_school;
mod a4_scheme;
mod access;
mod b10_import;
mod board;
mod c1_heart_talk;
mod records_generic;
mod c6_many;
mod c10_history;
mod b19_own_fields;
mod commands;
mod k10_figures;
mod k3_ledgers;
mod k1_demo_figures;
mod k1_summary;
mod l1_people;
mod l3_tamper;
mod matrix;
mod ops;
mod rights;

// The samples of the sheet crate by their source: as a feature of it they would have the whole product built a second time.
#[allow(dead_code)]
#[path = "../../../../crates/sheet/src/fixtures.rs"]
mod fixtures;
mod value {
    pub use tx_sheet::{IdNumber, Sex};
}
mod b4_status;
mod b9_promotion;
mod b_child;
mod d1_pairing;

//! The stories, named by the rows of the feature table.

mod a1_school;
mod a4_scheme;
mod access;
mod b10_import;
mod b11_twins;
mod b19_own_fields;
mod board;
mod c10_history;
mod c1_heart_talk;
mod c6_many;
mod commands;
mod k10_figures;
mod k1_demo_figures;
mod k1_summary;
mod k3_ledgers;
mod l1_people;
mod l1_today;
mod l3_tamper;
mod matrix;
mod ops;
mod records_generic;
mod rights;

// The samples of the sheet crate by their source: as a feature of it they would have the whole product built a second time.
#[allow(dead_code)]
#[path = "../../../../crates/sheet/src/fixtures.rs"]
mod fixtures;
mod value {
    pub use tx_sheet::{IdNumber, Sex};
}
mod b16_consent;
mod b4_definitions;
mod b4_status;
mod b9_promotion;
mod b_bin;
mod b_child;
mod board_unclassed;
mod d1_pairing;
mod d3_proposals;
mod daily;
mod disk;
mod door;
mod e_room;
mod kept;
mod limits;
mod newcomer;
mod things;

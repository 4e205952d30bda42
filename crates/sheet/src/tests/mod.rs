//! Whole files in, children out.

mod files;
mod props;
mod rosters;

use crate::{Limits, Options, Roster, open, roster};
use tx_base::Day;

pub const TODAY: &str = "2026-11-24";

pub fn options() -> Options {
    Options::new(Day::lit(TODAY))
}

pub fn read(bytes: &[u8], name: &str) -> Roster {
    let book = open(bytes, name, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {}", e.zh));
    roster(&book, &options())
}

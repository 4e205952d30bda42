//! Figures: small named things that count records and give back the ids that they counted (schemes.md, "What a figure is, exactly").
//!
//! Most are declarations over five ways of counting; shares come from the duty engine, so that a summary says what Today said.

mod api;
mod count;
mod list;

pub use api::ROUTES;
pub use count::{Counted, count};
pub use list::{ALL, Figure, How};

//! The child's file: pupil, family, left-behind spells, class stays; and the list.

mod acts;
mod api;
mod bin;
pub mod change;
pub mod consent;
mod consent_page;
pub mod definition;
mod definition_page;
pub mod facts;
pub mod file;
pub mod find;
mod forms;
pub mod import;
pub mod key;
mod list;
pub mod merge;
pub mod moves;
mod moves_page;
mod new;
mod pages;
mod parse;
pub mod patch;
pub mod photo;
mod pinyin;
pub mod promotion;
mod promotion_page;
mod roster;
mod schemas;
pub mod spells;
pub mod status;
pub mod tables;
mod twins_page;
pub mod views;

pub use acts::OFFICE;
pub use api::note_sensitive;
pub use change::{File, Guardian, Parent};
pub use list::{Child, Page, fetch, list, place, volunteer};
pub use new::{Facts, add, id_index, phone_indexes};
pub use parse::parse;
pub use pinyin::syllables;
pub use roster::{MOST_NAMES, RosterOf, roster_table};
pub use schemas::schemas;

/// Every route of the child's file but those of the import.
pub fn routes() -> Vec<tx_web::Route> {
    [
        api::ROUTES,
        acts::ROUTES,
        pages::ROUTES,
        forms::ROUTES,
        moves_page::ROUTES,
        promotion_page::ROUTES,
        photo::ROUTES,
        consent_page::ROUTES,
        twins_page::ROUTES,
        bin::ROUTES,
        definition_page::ROUTES,
    ]
    .concat()
}

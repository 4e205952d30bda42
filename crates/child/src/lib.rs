//! The child's file: pupil, family, left-behind spells, class stays; and the list.

mod api;
mod file;
mod new;
mod pages;
pub mod tables;

pub use api::ROUTES;
pub use file::{Child, Page, fetch, list, place};
pub use new::{NewChild, NewGuardian, NewParent, add, parse};
pub use pages::ROUTES as PAGES;

//! The school: calendar, classes, people and posts, care scheme.

mod api;
mod found;
mod schemes;
pub mod tables;

pub use api::ROUTES;
pub use found::{
    NewPost, add_adult, add_class, add_post, add_school, calendar, class_by_code, class_named, school_by_code,
};
pub use schemes::{BASES, legal_base, ready_made, scheme};

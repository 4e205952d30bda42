//! What is looked at as a whole: the child's file, the class board with the care calendar, the school's dashboard, search.

mod calendar;
mod cell;
mod child;
mod dashboard;
mod dial;
mod home;
mod place;
mod ribbon;
mod rows;
mod school;
mod search;
mod sensitive;
mod sides;
mod timeline;
mod view;
mod words;

use tx_web::Route;

/// The pages of this crate.
pub fn routes() -> Vec<Route> {
    [
        home::ROUTES,
        child::ROUTES,
        sides::ROUTES,
        dial::ROUTES,
        sensitive::ROUTES,
        calendar::ROUTES,
        cell::ROUTES,
        dashboard::ROUTES,
        rows::ROUTES,
        search::ROUTES,
        view::ROUTES,
    ]
    .concat()
}

//! The work summary (features K1): six styles, written from the figures of a school and period.
//!
//! [`template`] and [`draw`] are pure; [`gather`] asks the store; [`write`] joins them and makes the files.

mod acts;
mod api;
mod before;
pub mod draw;
#[cfg(test)]
mod draw_tests;
mod editor;
mod gather;
mod links;
pub mod numbers;
mod paper;
mod shelf;
mod store;
mod style;
pub mod template;
mod trace;
mod write;

pub use draw::Own;
pub use links::To;
pub use style::Style;
pub use write::{Ask, Format, Written, period, write};

use tx_access::{Post, Role, Scope};
use tx_base::{Fault, Result, t};
use tx_web::{Route, Who};

/// Who may come to the pages of summaries; the office comes in as [`Who::admits`] says. [`may_write`] decides.
const PAPERS: Who = Who::Roles(&[Role::Head, Role::Leader, Role::ClassTeacher]);

/// Head, leading group and office write the school's papers (screens.md §5.20).
fn may_write(scope: &Scope) -> Result<()> {
    if scope.is(Role::Head) || scope.is(Role::Leader) || scope.holds(Post::Office) {
        return Ok(());
    }
    Err(Fault::forbidden(t(
        "总结由校长、领导小组和办公室写",
        "Summaries are written by the head, the leading group and the office",
    )))
}

/// Routes of summaries, API and pages.
pub fn routes() -> Vec<Route> {
    [api::ROUTES, shelf::ROUTES, editor::ROUTES, acts::ROUTES].concat()
}

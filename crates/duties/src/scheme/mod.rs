//! 关爱方案: the scheme editor (features A4, screens.md §5.9): versions, the draft, what it makes of a week, publishing.

mod api;
mod column;
mod edit;
mod page;
mod preview;
mod versions;
mod words;

pub use versions::{Version, draft, publish, versions};

use tx_access::{Post, Role, Scope};
use tx_base::{Fault, Id, Result, t};
use tx_web::{Route, Who};

/// Who may open the editor's acts: the head, and the office, which comes in by `ClassTeacher`; [`may_draft`] decides.
pub(crate) const DRAFTERS: Who = Who::Roles(&[Role::Head, Role::ClassTeacher]);

pub(crate) fn routes() -> Vec<Route> {
    [page::ROUTES, edit::ROUTES, api::ROUTES].concat()
}

fn own(scope: &Scope, school: Id) -> bool {
    scope.school.as_ref().is_some_and(|s| s.id == school)
}
/// Head and office draft.
pub(crate) fn drafts(scope: &Scope, school: Id) -> bool {
    own(scope, school) && (scope.is(Role::Head) || scope.holds(Post::Office))
}
pub(crate) fn may_draft(scope: &Scope, school: Id) -> Result<()> {
    if drafts(scope, school) {
        Ok(())
    } else {
        Err(Fault::forbidden(t(
            "方案由校长和办公室改",
            "The head and the office change the scheme",
        )))
    }
}
/// The head alone publishes.
pub(crate) fn publishes(scope: &Scope, school: Id) -> bool {
    own(scope, school) && scope.is(Role::Head)
}
pub(crate) fn may_publish(scope: &Scope, school: Id) -> Result<()> {
    if publishes(scope, school) {
        Ok(())
    } else {
        Err(Fault::forbidden(t("方案由校长发布", "The head publishes the scheme")))
    }
}

//! Routes as declarations: who may come, which class of fields they carry, what they take.

use crate::ctx::Ctx;
use crate::reply::Reply;
use tx_access::Role;
use tx_base::{Result, Text, t};
use tx_store::Class;

/// Who may call a route at all; what of it each sees is decided by the scope.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    Anyone,
    /// any live account
    SignedIn,
    Roles(&'static [Role]),
}

impl Who {
    /// Whether someone signed in with this scope passes this declaration.
    pub fn admits(self, scope: &tx_access::Scope) -> bool {
        match self {
            Who::Anyone | Who::SignedIn => true,
            Who::Roles(roles) => {
                scope.roles.iter().any(|r| roles.contains(r))
                    || scope.holds(tx_access::Post::Office) && roles.contains(&tx_access::Role::ClassTeacher)
            }
        }
    }
}

/// Roles that work with children.
pub const STAFF: Who = Who::Roles(&[
    Role::Head,
    Role::Leader,
    Role::ClassTeacher,
    Role::Counsellor,
    Role::SubjectTeacher,
    Role::DutyLeader,
]);
/// Staff, volunteers and inspectors: all who see at least one child.
pub const CARERS: Who = Who::Roles(&[
    Role::Head,
    Role::Leader,
    Role::ClassTeacher,
    Role::Counsellor,
    Role::SubjectTeacher,
    Role::DutyLeader,
    Role::Helper,
    Role::Inspector,
]);
/// Heads, leading group, class teachers, counsellors, inspectors: who reads the school's papers.
pub const READERS: Who = Who::Roles(&[
    Role::Head,
    Role::Leader,
    Role::ClassTeacher,
    Role::Counsellor,
    Role::Inspector,
]);

/// What a route takes as its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    /// JSON of this component schema
    Json(&'static str),
    /// an HTML form
    Form,
    /// multipart with a file, up to 20 MiB
    Upload,
}

/// A query parameter: name, JSON type (`string`, `integer`, `boolean`), meaning.
pub type Param = (&'static str, &'static str, Text);

pub type Handler = fn(&Ctx) -> Result<Reply>;

/// One route of the router. There is no other way to serve an address, so the table of access is complete.
#[derive(Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub who: Who,
    pub class: Class,
    pub summary: Text,
    pub query: &'static [Param],
    /// what a multipart body holds beside the file; the type may also be `date`
    pub parts: &'static [Param],
    pub takes: Takes,
    pub run: Handler,
}

impl Route {
    const fn new(
        method: &'static str,
        path: &'static str,
        who: Who,
        class: Class,
        takes: Takes,
        run: Handler,
    ) -> Route {
        Route {
            method,
            path,
            who,
            class,
            summary: t("", ""),
            query: &[],
            parts: &[],
            takes,
            run,
        }
    }
    pub const fn get(path: &'static str, who: Who, class: Class, run: Handler) -> Route {
        Route::new("GET", path, who, class, Takes::Nothing, run)
    }
    /// A page's form.
    pub const fn form(path: &'static str, who: Who, class: Class, run: Handler) -> Route {
        Route::new("POST", path, who, class, Takes::Form, run)
    }
    /// An API write with a JSON body of the named schema.
    pub const fn json(
        method: &'static str,
        path: &'static str,
        who: Who,
        class: Class,
        schema: &'static str,
        run: Handler,
    ) -> Route {
        Route::new(method, path, who, class, Takes::Json(schema), run)
    }
    /// A write with a file.
    pub const fn upload(path: &'static str, who: Who, class: Class, run: Handler) -> Route {
        Route::new("POST", path, who, class, Takes::Upload, run)
    }
    /// An API write that takes nothing.
    pub const fn bare(method: &'static str, path: &'static str, who: Who, class: Class, run: Handler) -> Route {
        Route::new(method, path, who, class, Takes::Nothing, run)
    }
    #[must_use]
    pub const fn says(mut self, summary: Text) -> Route {
        self.summary = summary;
        self
    }
    #[must_use]
    pub const fn query(mut self, query: &'static [Param]) -> Route {
        self.query = query;
        self
    }
    #[must_use]
    pub const fn parts(mut self, parts: &'static [Param]) -> Route {
        self.parts = parts;
        self
    }
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

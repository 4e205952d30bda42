//! The shells of site and API: routes as declarations, sessions, limits, errors in words, the frame and its parts, pictures.

mod app;
pub mod assets;
mod ctx;
mod given;
pub mod openapi;
pub mod pages;
mod reply;
mod route;
mod server;

pub use app::{App, Limit, Settings};
pub use ctx::{Body, Ctx, Part};
pub use given::Given;
pub use pages::shell;
pub use reply::Reply;
pub use route::{CARERS, Handler, Param, READERS, Route, STAFF, Takes, Who};
pub use server::{cookie_name, service, session_cookie};

pub mod parts;
pub mod pictures;

//! The care room: who is in, the tablet at its door, the leader of the week.
//!
//! A room is a thing of the sort `room` (name, place, hours, days); here is what happens in it.

mod api;
mod device;
mod page;
mod rooms;
pub mod tables;
mod tablet;
mod visits;

pub use api::schemas;
pub use rooms::{Room, room, rooms, set_leader};
pub use visits::{ACTIVITIES, Tap, Visit, sign_in, sign_out};

/// Every route of the room.
pub fn routes() -> Vec<tx_web::Route> {
    [api::ROUTES, page::ROUTES, device::ROUTES, tablet::ROUTES].concat()
}

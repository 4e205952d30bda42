//! Words that every crate uses: days, times, ids, the two languages, and the sentence that says what went wrong.
//!
//! Nothing here knows a database, a request or the machine's clock.

mod day;
mod fault;
mod id;
mod text;

pub use day::{Clock, Day, Span, Time};
pub use fault::{Fault, FieldFault, Result};
pub use id::{Id, IdSource};
pub use text::{Lang, Say, Text, say, t};

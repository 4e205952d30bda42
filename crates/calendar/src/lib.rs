//! The school's calendar: school years, terms, weeks, windows, lunar festivals and the names of classes.
//!
//! Pure: everything is computed from data and days, nothing asks the clock. Rules and tables: domain.md §4.

mod calendar;
pub mod class_name;
mod festival;
mod lunar;
mod periods;
mod words;
mod year;

pub use calendar::Calendar;
pub use class_name::{ClassCode, SchoolSystem};
pub use festival::{Festival, festival};
pub use periods::{Period, Window};
pub use words::describe;
pub use year::{SchoolYear, Term};

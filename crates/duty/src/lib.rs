//! Who owes whom what: care schemes as data, and the pure function that derives duties from them.
//!
//! A duty is one rule for one subject (a child, a class, the school) in one period. It is never stored as an order: it
//! follows from the calendar, the scheme, the dated facts about the subject and the lines of what was done. The text that
//! this crate follows is schemes.md, "What a duty is, exactly"; where that is silent, the decision stands at the place
//! that takes it (mostly `engine.rs`). Equal to an independent slow twin in `tests/twin.rs`.

mod case;
mod coverage;
mod days;
mod duty;
mod engine;
mod hours;
mod plan;
mod rule;
mod scheme;

pub use case::{Assign, Case, Child, Class, ClassStay, Excuse, Facts, Given, Line, Move, PostRow, Promise, Spell};
pub use coverage::{Coverage, WeekShare, coverage, coverage_by, in_time_by_week};
pub use duty::{Duty, FOLLOW_UP, State, Subject, duty_id};
pub use engine::{Ask, duties, duties_of};
pub use hours::{Counts, Load, RuleLoad, hours_per_week};
pub use plan::Plan;
pub use rule::{Every, Outcome, Per, Post, Rule, Settles, Source, Whom};
pub use scheme::{Scheme, SchemeVersion, check};

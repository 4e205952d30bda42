//! What the screens are built of: components, and one view struct with one render function for each screen.
//!
//! A handler fills a view with plain strings, numbers and links and never writes markup; a render function reads no
//! database, no clock and no request. All texts in views are already in the reader's language; the few words that
//! belong to a part itself come from [`words`]. Texts are escaped by maud; nothing here takes raw markup but the
//! fields of type `Markup`, which only other parts and [`crate::pictures`] make. Design: screens.md §1–§6.

pub mod assets;
pub mod calendar;
pub mod child;
pub mod dashboard;
pub mod entry;
pub mod forms;
pub mod frame;
pub mod import;
pub mod lists;
pub mod marks;
pub mod notes;
pub mod pairing;
pub mod record;
pub mod records;
pub mod scheme;
pub mod search;
pub mod summary;
pub mod today;
pub mod words;

pub use forms::{
    Check, ChipGroup, Choice, Field, FieldError, FieldKind, Form, Line, Question, chip_group, error_summary, field,
    form, post_button, question, text_area,
};
pub use frame::{Frame, NavItem, Size, Top, bare, frame, nav, top};
pub use lists::{
    BarRow, DutyRow, MonthCard, MonthPebble, Step, StepState, Tab, TableView, TimelineItem, bar_row, definition_list,
    duty_row, filter, month_card, pager, steps, table, tabs, timeline_item,
};
pub use marks::{
    Kind, Link, Look, Mark, Person, Piece, Pill, Seal, SealSize, button, facts, icon, link, num, pebble, pebble_colour,
    pieces, pill, print_button, seal, spark,
};
pub use notes::{Toast, Undo, empty, error_box, strip, toast};

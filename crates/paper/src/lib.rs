//! One source for documents: a small tree, and from it a page, a Word file and a PDF in the shape of Chinese official documents
//! (GB/T 9704-2012, domain.md §8); printed forms likewise. Values in, bytes out: nothing here knows a database, a request or the clock.
//!
//! Text of people is data in all three. Templates are constants, and nothing that a person wrote is ever read as one.

mod clean;
mod docx;
mod fonts;
mod form;
mod html;
mod pdf;
mod svg;
mod tree;

pub use clean::clean;
pub use docx::{forms_docx, to_docx};
pub use form::{CellKind, Contact, ContactCard, Form, FormCell, Part, Person, Seal, contact_card, file_card, roster};
pub use html::{HtmlOpts, PAPER_CSS, forms_html, forms_html_file, to_html, to_html_file};
pub use pdf::{Pdf, forms_pdf, to_pdf};
pub use svg::qr_svg;
pub use tree::{Align, Block, Cell, Column, Doc, Inline, MISSING, Table, chinese_number, heading_number};

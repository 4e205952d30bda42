//! A document as DOCX, PDF or a page that stands alone.

use super::write::Format;
use std::sync::Mutex;
use tx_base::{Fault, Result};
use tx_paper::{Doc, HtmlOpts};

/// The typesetter takes a core for itself: one paper at a time, the others wait.
static PRESS: Mutex<()> = Mutex::new(());

/// The bytes of a document in this form. JSON is not a form of a document.
pub fn file(doc: &Doc, format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Docx => tx_paper::to_docx(doc),
        Format::Pdf => {
            let _one = PRESS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            Ok(tx_paper::to_pdf(doc)?.bytes)
        }
        Format::Html => {
            let opts = HtmlOpts {
                links: false,
                own_mark: false,
                ..HtmlOpts::default()
            };
            Ok(tx_paper::to_html_file(doc, &opts).into_bytes())
        }
        Format::Json => Err(Fault::broken("a document has no JSON form")),
    }
}

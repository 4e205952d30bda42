//! Addresses of a number and of the place where a missing thing is filled in.

use super::draw::Links;
use tx_base::{Id, Span};

/// Where the numbers of a text lead: into the editor of a draft, else to the figure's own list.
#[derive(Clone, Copy, Debug)]
pub struct To {
    pub period: Span,
    pub draft: Option<Id>,
}

impl Links for To {
    fn number(&self, figure: &str) -> String {
        match self.draft {
            Some(id) => format!("/summary/{id}?number={figure}"),
            None => list(figure, self.period),
        }
    }
    fn fill(&self, thing: &str) -> String {
        fill(thing)
    }
}

/// The list of the records behind a figure (features K10).
pub fn list(figure: &str, period: Span) -> String {
    format!("/figures/{figure}?from={}&to={}", period.from, period.to)
}

/// Beginnings of ids and the page on which such things are written down; the first that fits.
const FILL: &[(&str, &str)] = &[
    ("profile:", "/school"),
    ("group:", "/school"),
    ("school.", "/school"),
    ("leading_group.", "/school"),
    ("counsellors", "/people"),
    ("children.", "/children"),
    ("pairing.", "/pairing"),
    ("volunteers.", "/pairing"),
    ("talks.", "/children"),
    ("visits.", "/children"),
    ("letters_calls.", "/children"),
    ("guardian_talks.", "/children"),
    ("activities.", "/activities"),
    ("contest", "/activities"),
    ("outing", "/activities"),
    ("trading.", "/activities"),
    ("lectures.", "/activities"),
];

/// Where a missing thing is filled in; what no page of its own has is written as a record.
pub fn fill(thing: &str) -> String {
    FILL.iter()
        .find(|(start, _)| thing.starts_with(start))
        .map_or("/records", |(_, page)| page)
        .to_owned()
}

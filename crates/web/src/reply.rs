//! What a handler gives back.

use maud::Markup;
use serde_json::Value as Json;

/// An answer before it becomes HTTP.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub kind: &'static str,
    pub body: Vec<u8>,
    pub headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub fn new(status: u16, kind: &'static str, body: Vec<u8>) -> Reply {
        Reply {
            status,
            kind,
            body,
            headers: Vec::new(),
        }
    }
    pub fn page(m: Markup) -> Reply {
        Reply::page_with(200, m)
    }
    pub fn page_with(status: u16, m: Markup) -> Reply {
        Reply::new(status, "text/html; charset=utf-8", m.into_string().into_bytes())
    }
    pub fn json(v: &Json) -> Reply {
        Reply::json_with(200, v)
    }
    pub fn json_with(status: u16, v: &Json) -> Reply {
        Reply::new(status, "application/json", v.to_string().into_bytes())
    }
    /// 303 to an address of this site.
    pub fn see(to: &str) -> Reply {
        Reply::new(303, "text/plain; charset=utf-8", Vec::new()).with("location", local(to))
    }
    /// A file to keep. The name is a label; anything but letters, digits, `-_.` and Han is dropped.
    pub fn file(kind: &'static str, name: &str, body: Vec<u8>) -> Reply {
        let clean: String = name
            .chars()
            .filter(|c| c.is_alphanumeric() || "-_.".contains(*c))
            .collect();
        let mut enc = String::new();
        for b in clean.bytes() {
            if b.is_ascii_alphanumeric() || b"-_.".contains(&b) {
                enc.push(b as char)
            } else {
                enc.push_str(&format!("%{b:02X}"))
            }
        }
        let ascii: String = clean.chars().filter(char::is_ascii).collect();
        Reply::new(200, kind, body).with(
            "content-disposition",
            format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{enc}"),
        )
    }
    #[must_use]
    pub fn with(mut self, name: &'static str, value: String) -> Reply {
        self.headers.push((name, value));
        self
    }
}

/// Redirects stay on the own origin (security.md §7).
fn local(to: &str) -> String {
    let ok = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.chars().any(char::is_control);
    let to = if ok { to } else { "/" };
    // header values are ASCII: percent-encode the rest
    to.bytes()
        .map(|b| {
            if b.is_ascii_graphic() {
                (b as char).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

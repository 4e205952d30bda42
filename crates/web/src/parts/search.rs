//! One box for everything (screens.md §5.24).

use super::marks::{Link, Person, Seal, SealSize, icon, link, pebble, seal};
use maud::{Markup, html};
use tx_base::Lang;

/// A hit says why it is one: 奶奶电话 …5512.
#[derive(Clone, Debug, Default)]
pub struct Hit {
    pub title: String,
    pub why: String,
    pub href: String,
    /// A person's pebble …
    pub person: Option<Person>,
    /// … or a record's seal; a document has neither.
    pub seal: Option<Seal>,
}

#[derive(Clone, Debug, Default)]
pub struct SearchView {
    pub title: String,
    pub query: String,
    /// 孩子, 大人, 记录, 文件; empty groups are left out.
    pub groups: Vec<(String, Vec<Hit>)>,
    /// Said when there is nothing.
    pub empty: String,
    pub all: Option<Link>,
}

fn hit(h: &Hit) -> Markup {
    html! {
        @if let Some(p) = &h.person { (pebble(&p.name, &p.id, "m")) } @else if let Some(s) = &h.seal { (seal(s, SealSize::Middle)) } @else { (icon("doc")) }
        span { b { (h.title) } @if !h.why.is_empty() { small { (h.why) } } }
    }
}

/// The list alone, for `?pop=1`.
pub fn hits(v: &SearchView) -> Markup {
    html! {
        div.hits {
            @if v.groups.iter().all(|(_, h)| h.is_empty()) { @if !v.empty.is_empty() { p.m { (v.empty) } } }
            @for (head, list) in v.groups.iter().filter(|(_, h)| !h.is_empty()) {
                h3 { (head) }
                @for h in list {
                    @if h.href.is_empty() { div.hit { (hit(h)) } } @else { a.hit href=(h.href) { (hit(h)) } }
                }
            }
            @if let Some(a) = &v.all { p { (link(a)) } }
        }
    }
}

pub fn page(lang: Lang, v: &SearchView) -> Markup {
    html! {
        header.top { h1 { (v.title) } }
        div.bigsearch { (super::frame::search_box(lang, &v.query)) }
        section.card { (hits(v)) }
    }
}

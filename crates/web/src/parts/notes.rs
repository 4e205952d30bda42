//! What the program says back: toast, empty, error, strips (mock 18).

use super::marks::{Link, Pill, button, icon, link};
use super::words;
use maud::{Markup, html};
use tx_base::Lang;

/// A real reversal: a form posted to `action`.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    pub action: String,
    /// One-time key of the request.
    pub key: String,
}

/// 存好了：龙俊杰 谈心 **撤回**. Goes after 6 s, stays while focused.
#[derive(Clone, Debug, Default)]
pub struct Toast {
    pub text: String,
    pub undo: Option<Undo>,
}

pub fn toast(lang: Lang, t: &Toast, csrf: &str) -> Markup {
    html! {
        div.toast {
            (icon("ok")) span { (t.text) }
            @if let Some(u) = &t.undo {
                form method="post" action=(u.action) {
                    input type="hidden" name="csrf" value=(csrf);
                    input type="hidden" name="key" value=(u.key);
                    button { (words::UNDO.in_lang(lang)) }
                }
            }
        }
    }
}

/// Nothing here yet, and the next step.
pub fn empty(text: &str, next: Option<&Link>) -> Markup {
    html! { section.card.em { p { (text) } @if let Some(l) = next { (button(l)) } } }
}

/// What happened, what is safe, what to do; `code` is the number to tell the administrator.
pub fn error_box(lang: Lang, title: &str, text: &str, code: &str, actions: &[Link]) -> Markup {
    html! {
        section.er role="alert" {
            b { (icon("warn")) (title) }
            p { (text) @if !code.is_empty() { " " (words::CODE_NO.in_lang(lang)) " " (code) } }
            @if !actions.is_empty() { div.two { @for a in actions { (button(a)) } } }
        }
    }
}

/// A line across the page: no network, the child has left, three things not filled in.
pub fn strip(tone: Pill, ico: &str, text: &str, next: Option<&Link>) -> Markup {
    html! {
        div class={"strip " (tone.class())} {
            @if !ico.is_empty() { (icon(ico)) }
            @if !text.is_empty() { span { (text) } }
            @if let Some(l) = next { (link(l)) }
        }
    }
}

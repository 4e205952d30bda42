//! What may be printed of a text of people: visible characters, spaces and line feeds.

use std::borrow::Cow;

use crate::form::{Form, FormCell};
use crate::tree::{Block, Cell, Doc, Inline};

/// Drops control characters, direction controls and other invisible signs that could make a line read differently from what is
/// stored; a tab becomes a space, every kind of line end one line feed. Everything visible stays as it is.
pub fn clean(s: &str) -> Cow<'_, str> {
    if !s.chars().any(unfit) {
        return Cow::Borrowed(s);
    }
    let mut out = String::with_capacity(s.len());
    let mut chars = s.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\t' => out.push(' '),
            c if unfit(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn unfit(c: char) -> bool {
    match c {
        '\n' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        // soft hyphen, Arabic letter mark, zero width and direction marks, invisible operators, isolates
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' => true,
        '\u{3164}' | '\u{ffa0}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        // variation selectors ask for a shape that no font here has; tags are invisible
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' => true,
        // noncharacters: not allowed in XML
        '\u{fdd0}'..='\u{fdef}' => true,
        c => (c as u32) & 0xfffe == 0xfffe,
    }
}

fn wash(s: &mut String) {
    if let Cow::Owned(new) = clean(s) {
        *s = new;
    }
}
fn wash_line(s: &mut String) {
    wash(s);
    if s.contains('\n') {
        *s = s.replace('\n', " ");
    }
}
fn wash_opt(s: &mut Option<String>) {
    if let Some(s) = s {
        wash_line(s);
    }
}

fn wash_inlines(v: &mut [Inline]) {
    for i in v {
        match i {
            Inline::Text { text } | Inline::Bold { text } => wash(text),
            Inline::Number { text, figure, href } => {
                wash(text);
                wash_line(figure);
                wash_line(href);
            }
            Inline::Missing { label, href } => {
                wash_line(label);
                wash_line(href);
            }
        }
    }
}
fn wash_rows(rows: &mut [Vec<Cell>]) {
    for c in rows.iter_mut().flatten() {
        wash_inlines(&mut c.text);
        c.colspan = c.colspan.max(1);
        c.rowspan = c.rowspan.max(1);
    }
}

/// A copy of the document fit to print.
pub(crate) fn clean_doc(doc: &Doc) -> Doc {
    let mut d = doc.clone();
    wash_line(&mut d.title);
    for s in [&mut d.subtitle, &mut d.org, &mut d.date] {
        wash_opt(s);
    }
    for b in &mut d.blocks {
        match b {
            Block::Heading { level, text } => {
                *level = (*level).clamp(1, 4);
                wash_inlines(text);
            }
            Block::Para { text } | Block::Note { text } => wash_inlines(text),
            Block::List { items, .. } => items.iter_mut().for_each(|i| wash_inlines(i)),
            Block::Table(t) => {
                wash_inlines(&mut t.caption);
                wash_rows(&mut t.head);
                wash_rows(&mut t.rows);
            }
            Block::Picture { svg, alt } => {
                wash_line(alt);
                *svg = crate::svg::plain_svg(svg).unwrap_or_default();
            }
            Block::OwnWords { slot, paras } => {
                wash_line(slot);
                paras.iter_mut().for_each(wash);
                *paras = paras
                    .iter()
                    .flat_map(|p| p.split('\n'))
                    .map(|p| p.trim().to_owned())
                    .filter(|p| !p.is_empty())
                    .collect();
            }
            Block::Signature { org, date } => {
                wash_line(org);
                wash_line(date);
            }
            Block::PageBreak => {}
        }
    }
    d
}

/// A copy of the form fit to print.
pub(crate) fn clean_form(form: &Form) -> Form {
    let mut f = form.clone();
    for s in [
        &mut f.title,
        &mut f.left,
        &mut f.right,
        &mut f.foot_left,
        &mut f.foot_right,
    ] {
        wash_line(s);
    }
    f.signs.iter_mut().for_each(wash_line);
    for p in &mut f.parts {
        wash_line(&mut p.title);
        wash_line(&mut p.note);
        for c in p.rows.iter_mut().flatten() {
            wash_cell(c);
        }
    }
    f
}
fn wash_cell(c: &mut FormCell) {
    wash(&mut c.text);
    c.colspan = c.colspan.max(1);
    c.rowspan = c.rowspan.max(1);
    if c.code.as_ref().is_some_and(|s| s.is_empty()) {
        c.code = None;
    }
}

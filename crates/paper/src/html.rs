//! The document as a page.

use maud::{Markup, PreEscaped, html};
use tx_base::Lang;

use crate::clean::{clean_doc, clean_form};
use crate::form::{CellKind, Form, FormCell, Part, Slot, What, place, shares};
use crate::tree::{Align, Block, Cell, Doc, Inline, MISSING, Table};

/// How a document is drawn as a page.
#[derive(Clone, Debug)]
pub struct HtmlOpts {
    /// Language of the few words that the page adds; the document's own words stay.
    pub lang: Lang,
    /// Numbers and missing things are links. Off for a copy that leaves the site.
    pub links: bool,
    /// Own words carry the tag 自己的话 · 保留.
    pub own_mark: bool,
}

impl Default for HtmlOpts {
    fn default() -> HtmlOpts {
        HtmlOpts {
            lang: Lang::Zh,
            links: true,
            own_mark: true,
        }
    }
}

/// Rules for [`to_html`] and [`forms_html`], on the screen and in print; colours with fallback, so that the file stands alone.
pub const PAPER_CSS: &str = include_str!("paper.css");

/// The document as an `article`. Its title is `h1`, a heading of level n is `h(n+1)`. Links lead inside the site only; others are dropped.
pub fn to_html(doc: &Doc, opts: &HtmlOpts) -> Markup {
    let doc = clean_doc(doc);
    html! {
        article.paper lang="zh-CN" {
            header {
                h1 { (doc.title) }
                @for line in [&doc.subtitle, &doc.org, &doc.date].into_iter().flatten() { p.under { (line) } }
            }
            @for b in &doc.blocks { (block(b, opts)) }
        }
    }
}

/// A whole file that needs nothing beside it. Links are kept only when `opts.links` is set.
pub fn to_html_file(doc: &Doc, opts: &HtmlOpts) -> String {
    file(&crate::clean(&doc.title), to_html(doc, opts))
}

fn file(title: &str, body: Markup) -> String {
    html! {
        (maud::DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(PAPER_CSS)) }
            }
            body.paper-file { (body) }
        }
    }
    .into_string()
}

fn block(b: &Block, opts: &HtmlOpts) -> Markup {
    html! {
        @match b {
            Block::Heading { level, text } => {
                @match level {
                    1 => h2 { (line(text, opts)) },
                    2 => h3 { (line(text, opts)) },
                    3 => h4 { (line(text, opts)) },
                    _ => h5 { (line(text, opts)) },
                }
            }
            Block::Para { text } => p { (line(text, opts)) },
            Block::Note { text } => p.note { (line(text, opts)) },
            Block::List { ordered, items } => {
                @if *ordered { ol { @for i in items { li { (line(i, opts)) } } } }
                @else { ul { @for i in items { li { (line(i, opts)) } } } }
            }
            Block::Table(t) => (table(t, opts)),
            Block::Picture { svg, alt } => {
                figure role="img" aria-label=(alt) {
                    @if svg.is_empty() { p { "〔图：" (alt) "〕" } } @else { (PreEscaped(svg)) }
                }
            }
            Block::OwnWords { slot, paras } => {
                div.own data-slot=(slot) {
                    @if opts.own_mark && !paras.is_empty() {
                        span.own-tag { @match opts.lang { Lang::Zh => "自己的话 · 保留", Lang::En => "own words · kept" } }
                    }
                    @for p in paras { p { (p) } }
                }
            }
            Block::Signature { org, date } => {
                div.sign { div { @if !org.is_empty() { p { (org) } } @if !date.is_empty() { p { (date) } } } }
            }
            Block::PageBreak => hr.break;,
        }
    }
}

fn table(t: &Table, opts: &HtmlOpts) -> Markup {
    let all: Vec<Vec<Cell>> = t.head.iter().chain(&t.rows).cloned().collect();
    let (n, lines) = place(t.columns.len(), t.head.len(), &all, |c| {
        (c.colspan.into(), c.rowspan.into())
    });
    let row = |r: usize, head: bool| {
        html! {
            tr {
                @for s in &lines[r] {
                    @match s.what {
                        What::Covered => "",
                        What::Empty => td {},
                        What::Cell(i, h) => {
                            @let c = &all[r][i];
                            @let (w, h) = spans(s, h);
                            @if head { th scope="col" colspan=[w] rowspan=[h] { (line(&c.text, opts)) } }
                            @else {
                                @let align = t.columns.get(s.col).map(|c| c.align).unwrap_or_default();
                                td class=[align_class(align)] colspan=[w] rowspan=[h] { (line(&c.text, opts)) }
                            }
                        }
                    }
                }
            }
        }
    };
    let declared: Vec<u16> = t.columns.iter().map(|c| c.share).collect();
    html! {
        div.table-wrap {
            table {
                @if !t.caption.is_empty() { caption { (line(&t.caption, opts)) } }
                (columns(&declared, n))
                @if !t.head.is_empty() { thead { @for r in 0..t.head.len() { (row(r, true)) } } }
                tbody { @for r in t.head.len()..all.len() { (row(r, false)) } }
            }
        }
    }
}

fn spans(s: &Slot, h: usize) -> (Option<usize>, Option<usize>) {
    ((s.width > 1).then_some(s.width), (h > 1).then_some(h))
}

fn columns(declared: &[u16], n: usize) -> Markup {
    let shares = shares(declared, n);
    let sum: u32 = shares.iter().sum();
    html! { colgroup { @for s in &shares { col width=(format!("{:.2}%", f64::from(*s) * 100.0 / f64::from(sum))); } } }
}

fn align_class(a: Align) -> Option<&'static str> {
    match a {
        Align::Left => None,
        Align::Center => Some("c"),
        Align::Right => Some("r"),
    }
}

fn words(s: &str) -> Markup {
    html! { @for (i, part) in s.split('\n').enumerate() { @if i > 0 { br; } (part) } }
}

fn line(text: &[Inline], opts: &HtmlOpts) -> Markup {
    html! {
        @for i in text {
            @match i {
                Inline::Text { text } => (words(text)),
                Inline::Bold { text } => b { (words(text)) },
                Inline::Number { text, figure, href } => {
                    @match address(href, opts) {
                        Some(to) => a.num data-fig=(figure) href=(to) { (words(text)) },
                        None => span.num data-fig=(figure) { (words(text)) },
                    }
                }
                Inline::Missing { label, href } => {
                    @match address(href, opts) {
                        Some(to) => a.unfilled href=(to) title=(label) { (MISSING) },
                        None => span.unfilled title=(label) { (MISSING) },
                    }
                }
            }
        }
    }
}

/// A link stays inside the site: path, query or fragment.
fn address<'a>(href: &'a str, opts: &HtmlOpts) -> Option<&'a str> {
    let inside = match href.as_bytes() {
        [b'#' | b'?', ..] => true,
        // `//host` and `/\host` would leave it
        [b'/', next, ..] => !matches!(next, b'/' | b'\\'),
        [b'/'] => true,
        _ => false,
    };
    (opts.links && inside).then_some(href)
}

/// Forms one after another, each on a page of its own in print.
pub fn forms_html(forms: &[Form]) -> Markup {
    html! { @for f in forms { (form(&clean_form(f))) } }
}

/// A whole file with the forms that needs nothing beside it.
pub fn forms_html_file(forms: &[Form]) -> String {
    file(
        &crate::clean(forms.first().map_or("", |f| f.title.as_str())),
        forms_html(forms),
    )
}

fn form(f: &Form) -> Markup {
    html! {
        section.form.wide[f.landscape] lang="zh-CN" {
            h1 { (f.title) }
            div.ends { span { (f.left) } span { (f.right) } }
            @for p in &f.parts { (part(p)) }
            @if !f.signs.is_empty() { div.ends.signs { @for s in &f.signs { span { (s) } } } }
            @if !f.foot_left.is_empty() || !f.foot_right.is_empty() { div.ends.foot { span { (f.foot_left) } span { (f.foot_right) } } }
        }
    }
}

fn part(p: &Part) -> Markup {
    let (n, lines) = place(p.widths.len(), p.head_rows.into(), &p.rows, |c| {
        (c.colspan.into(), c.rowspan.into())
    });
    let head = (p.head_rows as usize).min(p.rows.len());
    let row = |r: usize| {
        html! {
            tr {
                @for s in &lines[r] {
                    @match s.what {
                        What::Covered => "",
                        What::Empty => td {},
                        What::Cell(i, h) => (form_cell(&p.rows[r][i], s, h, r < head)),
                    }
                }
            }
        }
    };
    html! {
        @if !p.title.is_empty() || !p.note.is_empty() { div.ends.part { b { (p.title) } span { (p.note) } } }
        table {
            (columns(&p.widths, n))
            @if head > 0 { thead { @for r in 0..head { (row(r)) } } }
            tbody { @for r in head..p.rows.len() { (row(r)) } }
        }
    }
}

fn form_cell(c: &FormCell, s: &Slot, h: usize, head: bool) -> Markup {
    let (w, h) = spans(s, h);
    let class = match (c.kind, c.code.is_some()) {
        (_, true) => Some("code"),
        (CellKind::Faint, _) => Some("faint"),
        _ => align_class(c.align),
    };
    let inner = html! {
        @if let Some(s) = c.seal { span.sl.owed[!s.done] { (s.sign) } }
        @match c.code.as_deref().map(crate::svg::qr_svg) {
            Some(Some(svg)) => (PreEscaped(svg)),
            Some(None) => "〔码太长〕",
            None => (words(&c.text)),
        }
    };
    html! {
        @if c.kind == CellKind::Label {
            th scope=(if head { "col" } else { "row" }) colspan=[w] rowspan=[h] { (inner) }
        } @else {
            td class=[class] colspan=[w] rowspan=[h] { (inner) }
        }
    }
}

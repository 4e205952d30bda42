//! 导入花名册 in four steps (screens.md §5.8). Nothing is stored before the fourth.

use super::forms::Form;
use super::marks::{Link, Look, Piece, Pill, button, facts, icon, pieces};
use super::{Field, FieldError, Step, Tab, error_summary, field, form, lists, post_button, steps, strip, words};
use maud::{Markup, html};
use tx_base::Lang;

/// Title, file name and steps: the head of each step.
#[derive(Clone, Debug, Default)]
pub struct WizardTop {
    pub title: String,
    /// The file; empty in the first step.
    pub file: String,
    pub steps: Vec<Step>,
}

fn head(t: &WizardTop) -> Markup {
    html! { (super::assets::office()) header.top { h1 { (t.title) } @if !t.file.is_empty() { span.m { (t.file) } } span.grow {} (steps(&t.steps)) } }
}

/// Step 1 选表: the file, or what cannot be read about it.
#[derive(Clone, Debug, Default)]
pub struct ChooseView {
    pub top: WizardTop,
    pub form: Form,
    pub fields: Vec<Field>,
    pub errors: Vec<FieldError>,
    pub button: String,
    /// What it understands, in sentences.
    pub help: Vec<String>,
    /// Earlier imports: words, link.
    pub earlier_title: String,
    pub earlier: Vec<(Vec<String>, Link)>,
}

pub fn choose(lang: Lang, v: &ChooseView) -> Markup {
    html! {
        (head(&v.top))
        (error_summary(lang, &v.errors))
        div.file2 {
            section.card.pad { (form(&v.form, "stack", html! { @for f in &v.fields { (field(f)) } button.btn.b1 { (v.button) } })) }
            section.card.pad { ul.help { @for h in &v.help { li { (h) } } } }
        }
        @if !v.earlier.is_empty() {
            (lists::heading(&v.earlier_title, "", None))
            section.card.its { @for (f, l) in &v.earlier { div.it { span.ic.info { (icon("doc")) } div { (facts(f)) } (button(l)) } } }
        }
    }
}

/// A column of theirs and the field it goes to.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Their header.
    pub header: String,
    /// Three sample values.
    pub samples: Vec<String>,
    /// Name of the select.
    pub name: String,
    /// `(value, label)`; the first is usually 不要这一列.
    pub options: Vec<(String, String)>,
    pub chosen: String,
    pub error: String,
}

/// Step 2 认列.
#[derive(Clone, Debug, Default)]
pub struct ColumnsView {
    pub top: WizardTop,
    pub form: Form,
    pub sentence: Vec<Piece>,
    pub columns: Vec<Column>,
    /// Head cells of the table: theirs, samples, ours.
    pub heads: [String; 3],
    /// Fields that are still missing, in words.
    pub missing: Vec<String>,
    /// Tick: remember for the next time.
    pub remember: Option<Field>,
    pub button: String,
    pub foot: String,
    /// 不要这张表了.
    pub drop: Option<(Form, String)>,
    /// When no header was found: the first rows, each with its row number as a choice in the field `header`.
    pub rows: Vec<(u32, Vec<String>)>,
}

pub fn columns(v: &ColumnsView) -> Markup {
    let body = html! {
        @if !v.sentence.is_empty() { p.say { (pieces(&v.sentence)) } }
        @for m in &v.missing { (strip(Pill::Late, "warn", m, None)) }
        @if !v.rows.is_empty() {
            div.tw tabindex="0" role="region" { table { tbody { @for (n, cells) in &v.rows { tr { td.rn { label { input type="radio" name="header" value=(n); " " (n) } } @for c in cells { td { (c) } } } } } } }
        }
        @if !v.columns.is_empty() {
            div.tw tabindex="0" role="region" aria-label=(v.top.title) {
                table.map {
                    thead { tr { @for h in &v.heads { th scope="col" { (h) } } } }
                    tbody {
                        @for c in &v.columns {
                            tr class=[(!c.error.is_empty()).then_some("bad")] {
                                th scope="row" { (c.header) }
                                td.m { (facts(&c.samples)) }
                                td { select name=(c.name) id={"f-" (c.name)} aria-label=(c.header) { @for (val, l) in &c.options { option value=(val) selected[*val == c.chosen] { (l) } } } @if !c.error.is_empty() { p.bad { (c.error) } } }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(r) = &v.remember { (field(r)) }
        footer.wft { (icon("lock")) span { (v.foot) } span.grow {} button.btn.b1 { (v.button) } }
    };
    html! {
        (head(&v.top))
        (form(&v.form, "wiz", body))
        @if let Some((f, label)) = &v.drop { (post_button(f, label, "", Look::Quiet)) }
    }
}

/// A cell of their own sheet.
#[derive(Clone, Debug, Default)]
pub enum Cell {
    #[default]
    Empty,
    Plain(String),
    /// Must be changed: value, reason, proposal `(name, value, label)` that is taken by one tap.
    Bad {
        value: String,
        why: String,
        take: Option<(String, String, String)>,
    },
    /// Can be stored, but looks odd: value, reason.
    Warn {
        value: String,
        why: String,
    },
    /// Put in order: the lines as they will be stored, and what was done.
    Fixed {
        lines: Vec<String>,
        how: String,
    },
}

/// Step 3 看一遍.
#[derive(Clone, Debug, Default)]
pub struct ReviewView {
    pub top: WizardTop,
    pub rows_all: u32,
    pub good: u32,
    /// 新 82, 更新 5, 没变 3.
    pub good_facts: Vec<String>,
    pub bad: u32,
    pub fixed: u32,
    /// Words after the four numbers: 行, 行可以存, 行要改, 处替您理顺了.
    pub words: [String; 4],
    /// 要看的, 全部 96.
    pub switch: Vec<Tab>,
    pub heads: Vec<String>,
    pub rows: Vec<(u32, Vec<Cell>)>,
    /// Form that takes the proposals; its button's name and value are the proposal's.
    pub take: Form,
    /// 现在什么都还没存…
    pub foot: String,
    pub download: Option<Link>,
    /// 只存 90 行.
    pub keep_good: Option<(Form, String)>,
    /// 存进去.
    pub next: Option<(Form, String)>,
    /// 改好了，再看一遍: back to the first step with the mended sheet.
    pub again: Option<Link>,
    /// 不要这张表了.
    pub drop: Option<(Form, String)>,
    pub before: Option<String>,
    pub after: Option<String>,
}

pub fn review(lang: Lang, v: &ReviewView) -> Markup {
    let table = html! {
        div.tw tabindex="0" role="region" aria-label=(v.top.title) {
            table.imp {
                thead { tr { th scope="col" { (words::ROW.in_lang(lang)) } @for h in &v.heads { th scope="col" { (h) } } } }
                tbody { @for (n, cells) in &v.rows { tr { td.rn { (n) } @for c in cells { (cell(c)) } } } }
            }
        }
    };
    html! {
        (head(&v.top))
        div.st {
            span.card { b { (v.rows_all) } (v.words[0]) }
            span.card.ok { b { (v.good) } span { (v.words[1]) } span.m { (facts(&v.good_facts)) } }
            @if v.bad > 0 { span.card.late { b { (v.bad) } (v.words[2]) } }
            @if v.fixed > 0 { span.card.info { b { (v.fixed) } (v.words[3]) } }
            span.grow {}
            @if !v.switch.is_empty() { (lists::switch(&v.switch)) }
        }
        (form(&v.take, "take", table))
        (super::pager(lang, v.before.as_deref(), v.after.as_deref(), ""))
        footer.wft {
            (icon("lock")) span { (v.foot) } span.grow {}
            @if let Some(d) = &v.download { (button(d)) }
            @if let Some((f, label)) = &v.drop { (post_button(f, label, "", Look::Quiet)) }
            @if let Some((f, label)) = &v.keep_good { (post_button(f, label, "", Look::Second)) }
            @if let Some(a) = &v.again { (button(a)) }
            @if let Some((f, label)) = &v.next { (post_button(f, label, "", Look::First)) }
        }
    }
}

fn cell(c: &Cell) -> Markup {
    html! {
        @match c {
            Cell::Empty => td {},
            Cell::Plain(s) => td { (s) },
            Cell::Fixed { lines, how } => td.fx { @for (i, l) in lines.iter().enumerate() { @if i > 0 { br; } (l) } small { (how) } },
            Cell::Warn { value, why } => td.du { (value) small { (why) } },
            Cell::Bad { value, why, take } => td.bad {
                (value) span.w { (why) }
                @if let Some((n, v, l)) = take { button.f name=(n) value=(v) { (l) } }
            },
        }
    }
}

/// Step 4: what was stored, and the way back.
#[derive(Clone, Debug, Default)]
pub struct StoredView {
    pub top: WizardTop,
    pub sentences: Vec<Vec<Piece>>,
    pub buttons: Vec<Link>,
    /// 撤回这次导入.
    pub undo: Option<(Form, String)>,
}

pub fn stored(v: &StoredView) -> Markup {
    html! {
        (head(&v.top))
        section.card.pad.stored {
            @for s in &v.sentences { p.head { (pieces(s)) } }
            div.two { @for b in &v.buttons { (button(b)) } @if let Some((f, l)) = &v.undo { (post_button(f, l, "redo", Look::Quiet)) } }
        }
    }
}

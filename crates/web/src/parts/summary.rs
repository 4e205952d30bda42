//! The work summary: outline, paper, where a number comes from (screens.md §5.20).

use super::forms::Form;
use super::marks::{Kind, Link, Look, Pill, Seal, SealSize, button, facts, icon, link, num, pill, seal};
use super::{Tab, TableView, lists, table, words};
use crate::pictures::{MonthBars, month_bars};
use maud::{Markup, html};
use tx_base::Lang;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumState {
    #[default]
    Plain,
    /// Its trace is open at the right.
    Open,
    /// Changed since the text was written.
    Changed,
}

/// A piece of a paper's paragraph.
#[derive(Clone, Debug)]
pub enum Word {
    Text(String),
    Num {
        value: String,
        fig: String,
        href: String,
        state: NumState,
    },
    /// 〔未填〕 with the place where it is filled in.
    Missing {
        label: String,
        href: String,
    },
}

/// A block of the paper.
#[derive(Clone, Debug)]
pub enum Block {
    /// Level 1 一、 2 （一） 3 1.
    Heading {
        level: u8,
        text: String,
        id: String,
    },
    Para(Vec<Word>),
    /// Own words: they survive every redraw. `edit` opens their form.
    Own {
        id: String,
        paragraphs: Vec<String>,
        edit: Option<Link>,
    },
    /// A place where own words may be added.
    Add(Link),
    Table(TableView),
    /// A picture of [`crate::pictures`].
    Picture(Markup),
}

#[derive(Clone, Debug, Default)]
pub struct OutlineItem {
    pub label: String,
    pub href: String,
    pub on: bool,
    /// 0 or 1: how far in.
    pub level: u8,
    /// Things missing there; 0 shows none.
    pub missing: u32,
}

/// A record in the trace of a number.
#[derive(Clone, Debug, Default)]
pub struct TraceRow {
    pub seal: Seal,
    pub title: String,
    pub text: String,
    pub date: String,
    pub href: String,
}

/// Where a number comes from; also the pop-over of every `.num`.
#[derive(Clone, Debug, Default)]
pub struct TraceView {
    pub value: String,
    /// 人次.
    pub unit: String,
    /// 辅导学业.
    pub name: String,
    /// 口径 in one sentence.
    pub sentence: String,
    /// Both parts of a share: words and number.
    pub parts: Vec<(String, String)>,
    pub months: Option<MonthBars>,
    pub rows: Vec<TraceRow>,
    /// 看全部 45 条.
    pub all: Option<Link>,
    pub acts: Vec<Link>,
}

/// A button that posts: form, label, icon.
#[derive(Clone, Debug, Default)]
pub struct Post {
    pub form: Form,
    pub label: String,
    pub icon: &'static str,
    pub look: Look,
}

fn post(p: &Post) -> Markup {
    super::forms::post_button(&p.form, &p.label, p.icon, p.look)
}

/// A number that changed since: name, was, is.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    pub name: String,
    pub was: String,
    pub is: String,
}

#[derive(Clone, Debug, Default)]
pub struct SummaryView {
    pub title: String,
    pub period: String,
    pub styles: Vec<Tab>,
    pub status: (Pill, String),
    pub buttons: Vec<Link>,
    /// 导出: its word and the forms of the file.
    pub menu: Option<(String, Vec<Link>)>,
    /// 更新数字, 交审, 定稿 …
    pub posts: Vec<Post>,
    pub outline: Vec<OutlineItem>,
    /// 46 个数字 / 个个有出处.
    pub numbers: u32,
    pub numbers_note: [String; 2],
    pub paper_title: String,
    /// 梅岭小学 2026年10月.
    pub paper_by: String,
    pub blocks: Vec<Block>,
    /// What will not count and why, above the paper.
    pub notes: Vec<(Pill, String, Option<Link>)>,
    pub trace: Option<TraceView>,
    pub trace_posts: Vec<Post>,
    pub changed_title: String,
    pub changed: Vec<Changed>,
    /// Said at the right when no number is open.
    pub hint: String,
}

pub fn editor(lang: Lang, v: &SummaryView) -> Markup {
    html! {
        (super::assets::office())
        div.sumed {
            header.sb {
                h1 { (v.title) } span.m { (v.period) }
                @if !v.styles.is_empty() { span.m { (words::STYLE.in_lang(lang)) } (lists::switch(&v.styles)) }
                span.grow {}
                @if !v.status.1.is_empty() { (pill(v.status.0, &v.status.1, if v.status.0 == Pill::Ok { "ok" } else { "" })) }
                @for b in &v.buttons { (button(b)) }
                @if let Some((word, links)) = &v.menu {
                    details.menu.word { summary.btn.b2 { (icon("down2")) (word) } div.panel { @for l in links { a href=(l.href) { (l.label) } } } }
                }
                @for p in &v.posts { (post(p)) }
            }
            div.cols {
                nav.ol aria-label=(words::OUTLINE.in_lang(lang)) {
                    b { (words::OUTLINE.in_lang(lang)) }
                    @for o in &v.outline { a href=(o.href) class={"l" (o.level) @if o.on { " on" }} { span { (o.label) } @if o.missing > 0 { em { (o.missing) } } } }
                    @if v.numbers > 0 { div.nn { b.num { (v.numbers) } " " (v.numbers_note[0]) br; (v.numbers_note[1]) } }
                }
                div.pw {
                    @for (tone, text, next) in &v.notes { (super::strip(*tone, "", text, next.as_ref())) }
                    (paper(&v.paper_title, &v.paper_by, &v.blocks, lang))
                }
                aside.tr id="trace" {
                    @if let Some(t) = &v.trace { (trace_with(lang, t, &v.trace_posts)) } @else { p.m { (v.hint) } }
                    @if !v.changed.is_empty() {
                        div.chg { b { (v.changed_title) } @for c in &v.changed { div { span { (c.name) } span { s { (c.was) } " → " (c.is) } } } }
                    }
                }
            }
        }
    }
}

/// The sheet of paper itself; alone it is the page that is printed.
pub fn paper(title: &str, by: &str, blocks: &[Block], lang: Lang) -> Markup {
    html! {
        (super::assets::office())
        article.pp {
            h2.ti { (title) }
            @if !by.is_empty() { div.by { (by) } }
            @for b in blocks {
                @match b {
                    Block::Heading { level, text, id } => {
                        @let id = (!id.is_empty()).then_some(id.as_str());
                        @if *level <= 1 { h3 id=[id] { (text) } } @else { h4 id=[id] { (text) } }
                    },
                    Block::Para(list) => p { @for w in list { (word(w)) } },
                    Block::Own { id, paragraphs, edit } => div.own id=(id) {
                        span.tag { (words::OWN_WORDS.in_lang(lang)) i.dt {} (words::KEPT.in_lang(lang)) }
                        @for p in paragraphs { p { (p) } }
                        @if let Some(l) = edit { span.ed { (link(l)) } }
                    },
                    Block::Add(l) => div.addown { (link(l)) },
                    Block::Table(t) => (table(t)),
                    Block::Picture(m) => div.pic { (m) },
                }
            }
        }
    }
}

fn word(w: &Word) -> Markup {
    html! {
        @match w {
            Word::Text(s) => (s),
            Word::Missing { label, href } => a.miss href=(href) { (label) },
            Word::Num { value, fig, href, state } => {
                @let class = match state { NumState::Plain => "v", NumState::Open => "v on", NumState::Changed => "v ch" };
                @if href.is_empty() { span class=(class) { (value) } } @else { a class=(class) href=(href) data-fig=(fig) data-trace { (value) } }
            },
        }
    }
}

/// The fragment for `?pop=1` of a number, and the right column of the editor.
pub fn trace(lang: Lang, t: &TraceView) -> Markup {
    trace_with(lang, t, &[])
}

/// The trace with buttons that post: 省去这个数, 放回.
pub fn trace_with(lang: Lang, t: &TraceView, posts: &[Post]) -> Markup {
    html! {
        (super::assets::office())
        section.trace {
            h2 { (words::WHENCE.in_lang(lang)) }
            div.bigv { (t.value) small { (t.unit) @if !t.unit.is_empty() && !t.name.is_empty() { i.dt {} } (t.name) } }
            p.m { (t.sentence) }
            @if !t.parts.is_empty() { dl.dl.parts { @for (k, n) in &t.parts { div { dt { (k) } dd { b { (n) } } } } } }
            @if let Some(m) = &t.months { (month_bars(m)) }
            @for r in &t.rows {
                div.recl {
                    (seal(&r.seal, SealSize::Small))
                    div { @if r.href.is_empty() { (r.title) } @else { a href=(r.href) { (r.title) } } @if !r.text.is_empty() { br; em { (r.text) } } }
                    em { (r.date) }
                }
            }
            @if let Some(a) = &t.all { p { (num(&a.label, "", &a.href, false)) } }
            @if !t.acts.is_empty() || !posts.is_empty() { div.two { @for a in &t.acts { (button(a)) } @for p in posts { (post(p)) } } }
        }
    }
}

/// A document in the list of summaries.
#[derive(Clone, Debug, Default)]
pub struct PaperCard {
    pub title: String,
    pub facts: Vec<String>,
    pub status: (Pill, String),
    pub href: String,
}

/// 总结与报表: the shelf.
#[derive(Clone, Debug, Default)]
pub struct ShelfView {
    pub top: super::Top,
    pub papers: Vec<PaperCard>,
    pub empty: String,
    /// Other things: ledgers, cards, figures.
    pub groups: Vec<(String, Vec<Link>)>,
    /// Strips above the list: what went wrong, what is new.
    pub notes: Vec<(Pill, String, Option<Link>)>,
    /// A folded form: heading, form, fields, word of the button. A form without token writes nothing: it is sent by GET.
    pub new: Option<(String, Form, Vec<super::Field>, String)>,
}

pub fn shelf(lang: Lang, v: &ShelfView) -> Markup {
    html! {
        (super::assets::office())
        (super::top(lang, &v.top))
        @for (tone, text, next) in &v.notes { (super::strip(*tone, "", text, next.as_ref())) }
        @if let Some((head, f, fields, word)) = &v.new {
            @let body = html! { @for x in fields { (super::field(x)) } button.btn.b1 { (word) } };
            section.card.pad { h2 { (head) } @if f.csrf.is_empty() { form.inline method="get" action=(f.action) { (body) } } @else { (super::form(f, "inline", body)) } }
        }
        @if v.papers.is_empty() && !v.empty.is_empty() { (super::empty(&v.empty, None)) }
        div.shelf {
            @for p in &v.papers { a.card.pad href=(p.href) { (icon("doc")) div { b { (p.title) } div.x { (facts(&p.facts)) } } @if !p.status.1.is_empty() { (pill(p.status.0, &p.status.1, "")) } } }
        }
        @for (head, links) in &v.groups { (lists::heading(head, "", None)) div.tiles2 { @for l in links { (button(l)) } } }
    }
}

/// Before the first draft: what will count, what not and why.
#[derive(Clone, Debug, Default)]
pub struct BeforeView {
    pub top: super::Top,
    /// What will not count and why, with a link to it.
    pub notes: Vec<(Pill, String, Option<Link>)>,
    pub not_title: String,
    /// A heading and its figures: name, value with unit, link.
    pub counts: Vec<(String, Vec<(String, String, String)>)>,
    pub counts_title: String,
    pub missing_title: String,
    /// What is not there yet, with the place where it is filled in.
    pub missing: Vec<Link>,
    pub write: Post,
    /// Said beside the button: nothing is stored yet.
    pub safe: String,
}

pub fn before(lang: Lang, v: &BeforeView) -> Markup {
    html! {
        (super::assets::office())
        (super::top(lang, &v.top))
        div.before {
            section.card.pad {
                h2 { (v.not_title) }
                @for (tone, text, next) in &v.notes { (super::strip(*tone, "", text, next.as_ref())) }
            }
            @if !v.missing.is_empty() {
                section.card.pad { h2 { (v.missing_title) } p.lacks { @for l in &v.missing { (link(l)) " " } } }
            }
            section.card.pad {
                h2 { (v.counts_title) }
                @for (head, list) in &v.counts {
                    h3.m { (head) }
                    dl.dl.figs { @for (name, value, href) in list { div { dt { (name) } dd { (num(value, "", href, false)) } } } }
                }
            }
            div.wft { p.m { (v.safe) } (post(&v.write)) }
        }
    }
}

/// The sheet for own words of a section.
#[derive(Clone, Debug, Default)]
pub struct OwnView {
    pub form: Form,
    /// The section's heading.
    pub title: String,
    pub field: super::Field,
    pub save: String,
    pub close_href: String,
}

pub fn own_words(lang: Lang, v: &OwnView) -> Markup {
    html! {
        div.sheet {
            (super::record::bar(lang, &v.title, &v.close_href, true))
            (super::form(&v.form, "stack", html! { (super::field(&v.field)) button.btn.b1 { (v.save) } }))
        }
    }
}

/// The default colour of a trace's bars.
pub const BAR_KIND: Kind = Kind::Talk;

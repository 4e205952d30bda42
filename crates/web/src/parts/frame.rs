//! The frame of every page: side bar from 1024 px, phone bar below, banner, toast.

use super::marks::{Link, button, icon, pebble};
use super::notes::{Toast, toast};
use super::{assets, words};
use maud::{DOCTYPE, Markup, html};
use tx_base::Lang;

/// The person's choice 字号: the root's size × 1, 1.15, 1.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    #[default]
    Normal,
    Large,
    Largest,
}

impl Size {
    /// From the value of the cookie; anything else is the usual size.
    pub fn of(code: &str) -> Size {
        match code {
            "l" => Size::Large,
            "xl" => Size::Largest,
            _ => Size::Normal,
        }
    }
    /// As [`Size::of`] reads it; empty for the usual size.
    pub fn code(self) -> &'static str {
        self.data().unwrap_or_default()
    }
    fn data(self) -> Option<&'static str> {
        match self {
            Size::Normal => None,
            Size::Large => Some("l"),
            Size::Largest => Some("xl"),
        }
    }
}

/// An entry of the side bar.
#[derive(Clone, Debug, Default)]
pub struct NavItem {
    pub key: String,
    pub label: String,
    /// The word of the phone bar.
    pub short: String,
    pub href: String,
    pub icon: String,
    /// The red count, only at Today; 0 shows none.
    pub count: u32,
}

/// The side bar of someone who may open the keys for which `may` says yes, with the count at Today.
pub fn nav(lang: Lang, may: impl Fn(&str) -> bool, count: u32) -> Vec<NavItem> {
    let item = |n: &words::NavWord| NavItem {
        key: n.key.into(),
        label: n.label.in_lang(lang).into(),
        short: n.short.in_lang(lang).into(),
        href: n.href.into(),
        icon: n.icon.into(),
        count: if n.key == "today" { count } else { 0 },
    };
    words::NAV.iter().filter(|n| may(n.key)).map(item).collect()
}

/// Everything around a page's own content.
pub struct Frame {
    pub lang: Lang,
    pub size: Size,
    /// Title of the document; the product's name is added.
    pub title: String,
    /// Who is signed in.
    pub who: String,
    pub who_id: String,
    pub school: String,
    pub nav: Vec<NavItem>,
    /// Key of the open entry.
    pub active: String,
    /// The form token of the session.
    pub csrf: String,
    /// E.g. 练习学校，记的都不算数.
    pub banner: Option<String>,
    /// Where 记一笔 goes; empty for who may not write.
    pub record_href: String,
    /// Further links under the person's name (people, audit, language …).
    pub more: Vec<Link>,
    pub toast: Option<Toast>,
    /// Hides the phone bar: a sheet, a wizard, a page with its own foot.
    pub plain: bool,
    /// The content takes all of the room, without margins (summary editor).
    pub full: bool,
    /// 孩子在旁 is on from the start.
    pub beside: bool,
    pub body: Markup,
}

impl Default for Frame {
    fn default() -> Frame {
        Frame {
            lang: Lang::Zh,
            size: Size::Normal,
            title: String::new(),
            who: String::new(),
            who_id: String::new(),
            school: String::new(),
            nav: Vec::new(),
            active: String::new(),
            csrf: String::new(),
            banner: None,
            record_href: String::new(),
            more: Vec::new(),
            toast: None,
            plain: false,
            full: false,
            beside: false,
            body: html! {},
        }
    }
}

fn head(lang: Lang, title: &str) -> Markup {
    let product = words::PRODUCT.in_lang(lang);
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width,initial-scale=1";
            meta name="referrer" content="same-origin";
            meta name="format-detection" content="telephone=no";
            title { @if !title.is_empty() { (title) " · " } (product) }
            link rel="icon" href="/a/brand.svg" type="image/svg+xml";
            link rel="stylesheet" href={"/a/app.css?v=" (assets::VERSION)};
            script type="module" src={"/a/app.js?v=" (assets::VERSION)} {}
        }
    }
}

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

fn brand(lang: Lang, school: &str) -> Markup {
    html! {
        div.bd {
            svg.brand width="36" height="36" viewBox="0 0 40 40" aria-hidden="true" { use href="/a/icons.svg#brand" {} }
            b { (words::PRODUCT.in_lang(lang)) @if !school.is_empty() { small { (school) } } }
        }
    }
}

fn account(f: &Frame) -> Markup {
    html! {
        a href="/me" { (icon("gear")) (words::SETTINGS.in_lang(f.lang)) }
        @for l in &f.more { a href=(l.href) { @if !l.icon.is_empty() { (icon(l.icon)) } (l.label) } }
        button.js type="button" data-beside aria-pressed=(f.beside) { (icon("eye")) (words::BESIDE.in_lang(f.lang)) }
        form method="post" action="/logout" {
            input type="hidden" name="csrf" value=(f.csrf);
            button { (icon("right")) (words::LOGOUT.in_lang(f.lang)) }
        }
    }
}

fn side(f: &Frame) -> Markup {
    html! {
        nav.side aria-label=(words::MAIN_MENU.in_lang(f.lang)) {
            a.home href="/" { (brand(f.lang, &f.school)) }
            @for n in &f.nav { (nav_link(n, &f.active, &n.label)) }
            details.me {
                summary { (pebble(&f.who, &f.who_id, "m")) span { (f.who) } }
                (account(f))
            }
        }
    }
}

fn nav_link(n: &NavItem, active: &str, label: &str) -> Markup {
    let on = n.key == active;
    html! {
        a href=(n.href) class=[on.then_some("on")] aria-current=[on.then_some("page")] {
            (icon(&n.icon)) span { (label) }
            @if n.count > 0 { b.c { (n.count) } }
        }
    }
}

fn bar(f: &Frame) -> Markup {
    let pick =
        |keys: &[&str]| -> Vec<&NavItem> { keys.iter().filter_map(|k| f.nav.iter().find(|n| n.key == *k)).collect() };
    let (left, right) = (pick(&["today", "children"]), pick(&["calendar"]));
    html! {
        nav class={"bar n" (left.len() + right.len())} aria-label=(words::MAIN_MENU.in_lang(f.lang)) {
            @for n in &left { (nav_link(n, &f.active, &n.short)) }
            @if !f.record_href.is_empty() {
                a.rec href=(f.record_href) data-sheet { span { (icon("pen")) } (words::RECORD.in_lang(f.lang)) }
            }
            @for n in &right { (nav_link(n, &f.active, &n.short)) }
            details.more {
                summary { (icon("more")) span { (words::MORE.in_lang(f.lang)) } }
                div.panel {
                    div.who { (pebble(&f.who, &f.who_id, "")) div { b { (f.who) } div.m { (f.school) } } }
                    @for n in &f.nav { (nav_link(n, &f.active, &n.label)) }
                    (account(f))
                }
            }
        }
    }
}

/// A whole page for someone signed in.
pub fn frame(f: &Frame) -> Markup {
    let main = if f.full { "main full" } else { "main" };
    let class = if f.plain { "plain" } else { "" };
    html! {
        (DOCTYPE)
        html lang=(code(f.lang)) data-size=[f.size.data()] class=[f.beside.then_some("beside")] {
            (head(f.lang, &f.title))
            body class=(class) data-who=(f.who_id) data-saving=(words::SAVING.in_lang(f.lang)) data-close=(words::CLOSE.in_lang(f.lang)) {
                a.skip href="#main" { (words::SKIP.in_lang(f.lang)) }
                div.app {
                    (side(f))
                    div.page {
                        @if let Some(b) = &f.banner { div.banner role="note" { (b) } }
                        main id="main" class=(main) { (f.body) }
                    }
                }
                @if !f.plain { (bar(f)) }
                div #toasts role="status" { @if let Some(t) = &f.toast { (toast(f.lang, t, &f.csrf)) } }
            }
        }
    }
}

/// A page without a frame: login, first run, a page that is gone.
pub fn bare(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(code(lang)) {
            (head(lang, title))
            body.bare data-saving=(words::SAVING.in_lang(lang)) { main id="main" { (body) } }
        }
    }
}

/// The top of a page: title, words beside it, period switch, search, at most two buttons (screens.md §2).
#[derive(Clone, Debug, Default)]
pub struct Top {
    pub title: String,
    /// Facts beside the title, parted by dots.
    pub sub: Vec<String>,
    pub switch: Vec<super::lists::Tab>,
    pub search: bool,
    pub buttons: Vec<Link>,
    /// Adds a print button.
    pub print: bool,
}

pub fn top(lang: Lang, t: &Top) -> Markup {
    html! {
        header.top {
            // what stands last beside the title leaves room for the lens of the phone
            h1 class=[(t.search && t.sub.is_empty()).then_some("ls")] { (t.title) }
            @if !t.sub.is_empty() { span class={"m" @if t.search { " ls" }} { (super::facts(&t.sub)) } }
            @if !t.switch.is_empty() { (super::lists::switch(&t.switch)) }
            span.grow {}
            @if t.search {
                div.desk { (search_box(lang, "")) }
                a.lens.phone href="/search" aria-label=(words::SEARCH.in_lang(lang)) { (icon("search")) }
            }
            @if t.print { (super::print_button(lang)) }
            @for b in &t.buttons { (button(b)) }
        }
    }
}

/// The search box: a form to `/search`, with suggestions where there is a script.
pub fn search_box(lang: Lang, query: &str) -> Markup {
    html! {
        form.sbox role="search" action="/search" {
            (icon("search"))
            input type="search" name="q" value=(query) placeholder=(words::SEARCH_HINT.in_lang(lang)) aria-label=(words::SEARCH.in_lang(lang))
                autocomplete="off" maxlength="60" data-suggest="/search" data-slash title=(words::SLASH_HINT.in_lang(lang));
        }
    }
}

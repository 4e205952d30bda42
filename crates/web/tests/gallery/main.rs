//! The main screens with made-up people, as the templates of real pages: what every page must keep is checked here, and the
//! pages are written to `target/gallery` to be looked at beside the designs (serve that folder, then open `today.html`).

mod desk;
mod office;
mod phone;

use maud::Markup;
use std::{collections::HashSet, fs, path::Path};
use tx_base::Lang;
use tx_web::parts::{Frame, NavItem, Size, frame, nav};

/// The children of the designs' class.
pub const NAMES: [&str; 18] = [
    "石若曦",
    "吴浩然",
    "田雨桐",
    "杨子轩",
    "向思远",
    "张欣妍",
    "刘宇航",
    "陈梓涵",
    "王嘉豪",
    "李诗语",
    "罗晓彤",
    "黄志强",
    "唐一鸣",
    "彭佳怡",
    "龙俊杰",
    "覃文博",
    "何雨欣",
    "邓家乐",
];

pub fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| s.to_string()).collect()
}

pub fn menu(count: u32) -> Vec<NavItem> {
    nav(Lang::Zh, |_| true, count)
}

pub fn wrap(title: &str, who: &str, school: &str, active: &str, body: Markup) -> Frame {
    Frame {
        title: title.into(),
        who: who.into(),
        who_id: format!("id-{who}"),
        school: school.into(),
        nav: menu(6),
        active: active.into(),
        csrf: "token".into(),
        record_href: "/record".into(),
        body,
        ..Frame::default()
    }
}

/// Every value of an attribute in a page.
fn values<'a>(html: &'a str, attr: &str) -> Vec<&'a str> {
    let lead = format!(" {attr}=\"");
    html.match_indices(&lead)
        .map(|(i, _)| html[i + lead.len()..].split('"').next().unwrap_or_default())
        .collect()
}

fn check(name: &str, html: &str) {
    assert!(
        !html.contains(" style="),
        "{name}: the content policy forbids inline styles"
    );
    assert!(
        !html.contains(" onclick=") && !html.contains("javascript:"),
        "{name}: inline script"
    );
    assert!(
        !html.contains("<style") && html.matches("<script").count() <= 1,
        "{name}: inline blocks"
    );
    let mut seen = HashSet::new();
    for id in values(html, "id") {
        assert!(seen.insert(id), "{name}: id {id} twice");
    }
    for target in values(html, "for") {
        assert!(seen.contains(target), "{name}: label for {target}, which is not there");
    }
    for described in values(html, "aria-describedby") {
        assert!(
            seen.contains(described),
            "{name}: described by {described}, which is not there"
        );
    }
    for form in html
        .split("<form")
        .skip(1)
        .map(|f| f.split("</form>").next().unwrap_or_default())
    {
        if form.split('>').next().unwrap_or_default().contains("method=\"post\"") {
            assert!(
                form.contains("name=\"csrf\""),
                "{name}: a form without its token: {form:.120}"
            );
        }
    }
    let icons = include_str!("../../assets/icons.svg");
    for href in html
        .split("<use href=\"/a/icons.svg#")
        .skip(1)
        .map(|h| h.split('"').next().unwrap_or_default())
    {
        assert!(icons.contains(&format!("id=\"{href}\"")), "{name}: no icon {href}");
    }
    let css = concat!(
        include_str!("../../assets/app.css"),
        include_str!("../../assets/office.css")
    );
    for (open, close) in [
        ("<details", "</details>"),
        ("<section", "</section>"),
        ("<div", "</div>"),
        ("<a ", "</a>"),
        ("<svg", "</svg>"),
    ] {
        assert_eq!(
            html.matches(open).count(),
            html.matches(close).count(),
            "{name}: {open} is not closed"
        );
    }
    for class in values(html, "class")
        .iter()
        .flat_map(|c| c.split_whitespace())
        .filter(|c| c.starts_with("k-") && *c != "k-")
    {
        assert!(css.contains(&format!(".{class}")), "{name}: no colour for {class}");
    }
}

fn all() -> Vec<(&'static str, String)> {
    let page = |f: Frame| frame(&f).into_string();
    let mut list = vec![
        ("today", page(phone::today())),
        ("today-done", page(phone::today_done())),
        ("record", page(phone::record())),
        ("record-fault", page(phone::record_fault())),
        ("many", page(phone::many())),
        ("duty", page(phone::duty())),
        ("child", page(phone::child())),
        ("children", page(phone::children())),
        ("states", page(phone::states())),
        ("calendar", page(desk::calendar())),
        ("dashboard", page(desk::dashboard())),
        ("summary", page(desk::summary())),
        ("import-choose", page(office::choose())),
        ("import-columns", page(office::columns())),
        ("import", page(office::review())),
        ("scheme", page(office::scheme())),
        ("search", page(office::search())),
        ("login", office::login().into_string()),
        ("setup", office::setup().into_string()),
    ];
    for (name, mut f) in [
        ("today-xl", phone::today()),
        ("record-xl", phone::record()),
        ("many-xl", phone::many()),
        ("child-xl", phone::child()),
        ("import-xl", office::review()),
        ("scheme-xl", office::scheme()),
        ("calendar-xl", desk::calendar()),
        ("dashboard-xl", desk::dashboard()),
        ("summary-xl", desk::summary()),
    ] {
        f.size = Size::Largest;
        list.push((name, page(f)));
    }
    let mut english = phone::today();
    english.lang = Lang::En;
    english.nav = nav(Lang::En, |_| true, 6);
    list.push(("today-en", page(english)));
    list
}

#[test]
fn every_screen_keeps_the_rules() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/gallery");
    fs::create_dir_all(target.join("a")).expect("a folder in target");
    for asset in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets")).expect("assets") {
        let asset = asset.expect("an entry");
        fs::copy(asset.path(), target.join("a").join(asset.file_name())).expect("copied");
    }
    for (name, html) in all() {
        fs::write(target.join(format!("{name}.html")), &html).expect("written");
        check(name, &html);
    }
    let fragments = target.join("pop");
    fs::create_dir_all(&fragments).expect("a folder");
    fs::write(fragments.join("cell.html"), desk::cell().into_string()).expect("written");
}

#[test]
fn a_signed_in_page_carries_the_token() {
    let html = frame(&phone::today()).into_string();
    assert!(html.contains(r#"name="csrf" value="token""#));
    assert!(
        frame(&phone::today())
            .into_string()
            .matches("aria-current=\"page\"")
            .count()
            >= 2,
        "side and bar say where one is"
    );
}

/// What people wrote is text on every screen.
#[test]
fn nothing_written_becomes_markup() {
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let mut view = phone::sheet_view();
    view.child.name = evil.into();
    view.form.hidden.push((evil.into(), evil.into()));
    view.note = evil.into();
    let html = tx_web::parts::record::sheet(Lang::Zh, &view).into_string();
    assert!(!html.contains("<img") && html.contains("&lt;img src=x"), "{html}");
    let mut picture = desk::picture();
    picture.label = evil.into();
    picture.rows[0].name = evil.into();
    picture.rows[0].cells[0].href = evil.into();
    picture.rows[0].cells[0].marks[0].title = evil.into();
    let svg = tx_web::pictures::care_calendar(Lang::Zh, &picture, tx_web::pictures::Layout::Wide).into_string();
    assert!(
        !svg.contains("<img") && !svg.contains("x onerror=alert(1)>\""),
        "{svg:.400}"
    );
}

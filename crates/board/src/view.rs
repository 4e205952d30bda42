//! 字号 and language: kept in two cookies of the device, because an old phone and a desk computer want different sizes.

use crate::words::{page, w};
use maud::html;
use tx_base::{Lang, Result, t};
use tx_store::Class;
use tx_web::parts::forms::{Check, ChipGroup, Choice, Form, chip_group, form};
use tx_web::parts::frame::{Size, Top, top};
use tx_web::{Ctx, Reply, Route, Who};

pub static ROUTES: &[Route] = &[
    Route::get("/me/view", Who::SignedIn, Class::O, show).says(t("字号和语言", "Text size and language")),
    Route::form("/me/view", Who::SignedIn, Class::O, save).says(t("换字号和语言", "Change text size and language")),
];

fn show(ctx: &Ctx) -> Result<Reply> {
    let lang = ctx.lang;
    let group = |name: &str, legend, options: Vec<(&str, String, bool)>| {
        chip_group(&ChipGroup {
            name: name.into(),
            legend: w(lang, legend),
            check: Check::Radio,
            columns: 3,
            options: options
                .into_iter()
                .map(|(value, label, on)| Choice {
                    value: value.into(),
                    label,
                    on,
                })
                .collect(),
            ..Default::default()
        })
    };
    let size = |s: Size, name| (s.code(), w(lang, name), ctx.size == s);
    // the names of languages are never translated
    let langs = vec![
        ("zh", "中文".to_owned(), lang == Lang::Zh),
        ("en", "English".to_owned(), lang == Lang::En),
    ];
    let sizes = vec![
        size(Size::Normal, t("标准", "Standard")),
        size(Size::Large, t("大", "Large")),
        size(Size::Largest, t("特大", "Largest")),
    ];
    let body = html! {
        (top(lang, &Top { title: w(lang, t("字号和语言", "Text size and language")), ..Default::default() }))
        (form(&Form { action: "/me/view".into(), csrf: ctx.csrf(), ..Default::default() }, "card pad stack", html! {
            (group("size", t("字号", "Text size"), sizes))
            (group("lang", t("语言", "Language"), langs))
            p.m3 { (w(lang, t("只管这台设备。", "For this device only."))) }
            div.two { button.btn.b1 { (w(lang, t("存好", "Save"))) } }
        }))
    };
    page(ctx, t("字号和语言", "Text size and language"), "", body)
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let secure = if ctx.app.https() { "; Secure" } else { "" };
    let size = Size::of(ctx.f("size")).code();
    let lang = if ctx.f("lang") == "en" { "en" } else { "zh" };
    // a year; the empty size takes its cookie away
    let cookie = |name: &str, value: &str| {
        let age = if value.is_empty() { 0 } else { 31_536_000 };
        format!("{name}={value}; SameSite=Lax; Path=/; Max-Age={age}; HttpOnly{secure}")
    };
    Ok(Reply::see("/me/view")
        .with("set-cookie", cookie("size", size))
        .with("set-cookie", cookie("lang", lang)))
}

//! Pages of the shell itself: what went wrong.

use maud::{DOCTYPE, Markup, html};
use tx_base::{Fault, Lang, t};

/// What happened, what is safe, what to do.
pub fn error(lang: Lang, f: &Fault, request: &str) -> Markup {
    let back = t("回到今天", "Back to Today");
    let number = t("编号", "Number");
    html! {
        (DOCTYPE)
        html lang=(match lang { Lang::Zh => "zh-CN", Lang::En => "en" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (f.status()) }
                link rel="stylesheet" href="/a/app.css";
            }
            body.bare {
                main.card.errorpage {
                    h1 { (f.say().in_lang(lang)) }
                    @if let Fault::Invalid(_, fields) = f {
                        ul { @for e in fields { li { (e.field) "：" (e.reason.in_lang(lang)) } } }
                    }
                    p.m3 { (number.in_lang(lang)) " " (request) }
                    p { a.btn.b1 href="/" { (back.in_lang(lang)) } }
                }
            }
        }
    }
}

/// A page in its frame for the one who is signed in.
pub fn shell(
    ctx: &crate::Ctx,
    title: tx_base::Text,
    active: &str,
    toast: Option<String>,
    body: Markup,
) -> tx_base::Result<Markup> {
    use crate::parts::{self, frame::Frame, notes::Toast};
    let scope = ctx.scope()?;
    let lang = ctx.lang;
    // a sheet has its own foot, so the bar of the phone stays away
    let plain = ctx.route.path == "/record";
    let staff = scope.roles.iter().any(|r| r.is_staff());
    let may = |key: &str| matches!(key, "today" | "children");
    Ok(parts::frame(&Frame {
        lang,
        title: title.in_lang(lang).to_owned(),
        who: scope.shown.clone(),
        who_id: scope.account.to_string(),
        school: scope.school.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
        nav: parts::nav(lang, may, 0),
        active: active.to_owned(),
        csrf: ctx.csrf(),
        banner: ctx.app.banner.map(|b| b.in_lang(lang).to_owned()),
        record_href: if staff { "/children".into() } else { String::new() },
        toast: toast.map(|text| Toast { text, undo: None }),
        plain,
        body,
        ..Frame::default()
    }))
}

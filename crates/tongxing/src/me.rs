//! 密码和设备: one's own password, devices, tokens, and what one holds (screens.md §5.25, security.md §3).

use maud::{Markup, html};
use tx_access::{Session, SessionKind, end_session, open_session, sessions_of};
use tx_base::{Day, Fault, FieldFault, Lang, Result, Text, Time, t};
use tx_store::{Class, params};
use tx_web::parts::forms::{Field, FieldError, FieldKind, Form};
use tx_web::parts::{self, Link, Look, Pill, Top};
use tx_web::{Ctx, Reply, Route, Who, session_cookie};

pub static ROUTES: &[Route] = &[
    Route::get("/me", Who::SignedIn, Class::O, show).says(t("密码和设备", "Password and devices")),
    Route::form("/me/password", Who::SignedIn, Class::S, change).says(t("改密码", "Change the password")),
    Route::form("/me/sessions/{id}/end", Who::SignedIn, Class::O, end_one)
        .says(t("结束一处登录", "End a session or token")),
    Route::form("/me/sessions/end-others", Who::SignedIn, Class::O, end_others)
        .says(t("结束别处的登录", "End the other sessions")),
    Route::form("/me/tokens", Who::SignedIn, Class::S, add_token).says(t("要一个接口令牌", "A token for the API")),
];

const TITLE: Text = t("密码和设备", "Password and devices");

fn form(ctx: &Ctx, action: &str) -> Form {
    Form {
        action: action.into(),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..Form::default()
    }
}
fn field(ctx: &Ctx, faults: &[FieldFault], name: &str, label: Text, kind: FieldKind, auto: &'static str) -> Field {
    Field {
        name: name.into(),
        label: label.in_lang(ctx.lang).into(),
        value: if kind == FieldKind::Password {
            String::new()
        } else {
            ctx.f(name).to_owned()
        },
        error: tx_web::parts::forms::fault_of(ctx.lang, faults, name),
        kind,
        auto,
        ..Field::default()
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[], None)
}

/// The page; `token` is one that was just made and is shown this once.
fn page(ctx: &Ctx, status: u16, faults: &[FieldFault], token: Option<&str>) -> Result<Reply> {
    let (s, lang) = (ctx.scope()?, ctx.lang);
    let (held, all, first) = ctx.read(|c| {
        let first = c
            .first(
                "select password_until from accounts where county_id = ?1 and id = ?2",
                params![s.county, s.account],
            )?
            .is_some_and(|r| !r.is_null(0));
        Ok((
            tx_school::held_by(c, s.county, s.account, s.today)?,
            sessions_of(c, s.county, s.account)?,
            first,
        ))
    })?;
    let (tokens, devices): (Vec<&Session>, Vec<&Session>) = all.iter().partition(|x| x.kind == SessionKind::Token);
    let this = ctx.session.as_ref().map(|x| x.id);
    let top = Top {
        title: s.shown.clone(),
        sub: vec![
            s.name.clone(),
            s.school.as_ref().map(|k| k.name.clone()).unwrap_or_default(),
        ],
        ..Default::default()
    };
    let mut new = field(
        ctx,
        faults,
        "new",
        t("新密码", "New password"),
        FieldKind::Password,
        "new-password",
    );
    new.hint = t(
        "至少 8 个字，随便什么字都行；不要名字、生日和常见的",
        "At least 8 characters of any kind; no names, birthdays or common ones",
    )
    .in_lang(lang)
    .into();
    let passwords = [
        field(
            ctx,
            faults,
            "current",
            t("现在的密码", "Current password"),
            FieldKind::Password,
            "current-password",
        ),
        new,
        field(
            ctx,
            faults,
            "again",
            t("新密码再输一次", "New password once more"),
            FieldKind::Password,
            "new-password",
        ),
    ];
    let errors: Vec<FieldError> = tx_web::parts::forms::errors(lang, faults, |_| String::new());
    let more = [
        (t("第二重验证", "Second factor"), "/me/second", "lock"),
        (t("字号和语言", "Text size and language"), "/me/view", "eye"),
    ];
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        @if first { (parts::strip(Pill::Due, "lock", t("现在用的是首次密码，请换成自己的。", "This is a first password; take one of your own.").in_lang(lang), None)) }
        @if let Some(t) = token { (shown_once(lang, t)) }
        (parts::error_summary(lang, &errors))
        div.halves {
            section.card.pad id="password" {
                h2 { (t("改密码", "Change the password").in_lang(lang)) }
                (parts::form(&form(ctx, "/me/password"), "stack", html! {
                    input type="text" name="username" value=(s.name) autocomplete="username" hidden;
                    @for f in &passwords { (parts::field(f)) }
                    button.btn.b1 { (t("换密码", "Change").in_lang(lang)) }
                    p.m3 { (t("换了以后，别处的登录和令牌都结束。", "Sessions elsewhere and tokens then end.").in_lang(lang)) }
                }))
            }
            section.card.pad {
                h2 { (t("我能看到什么", "What I may see").in_lang(lang)) }
                @for h in &held {
                    p { b { (h.class_name.clone().unwrap_or_default()) @if lang == Lang::En && h.class_name.is_some() { ", " } (h.held.name().in_lang(lang)) } " " span.m { (match (lang, h.to) {
                        (Lang::Zh, Some(d)) => format!("到{}", d.zh_long()),
                        (Lang::En, Some(d)) => format!("until {d}"),
                        (_, None) => String::new(),
                    }) } br; (h.held.sentence().in_lang(lang)) }
                }
                div.two { @for (label, href, ico) in more { @if tx_web::pages::may_open(ctx, href) { (parts::button(&Link::new(label.in_lang(lang), href).icon(ico))) } } }
            }
        }
        (parts::lists::heading(t("登录着的地方", "Where I am signed in").in_lang(lang), &devices.len().to_string(), None))
        section.card.its { @for d in &devices { (row(ctx, d, Some(d.id) == this)) } }
        @if devices.len() > 1 { (parts::post_button(&form(ctx, "/me/sessions/end-others"), t("结束别处的登录", "End the others").in_lang(lang), "x", Look::Second)) }
        (parts::lists::heading(t("接口令牌", "Tokens for the API").in_lang(lang), &tokens.len().to_string(), None))
        @if !tokens.is_empty() { section.card.its { @for d in &tokens { (row(ctx, d, false)) } } }
        details.card.pad open[faults.iter().any(|f| f.field == "label" || f.field == "to")] {
            summary { (parts::icon("plus")) (t("要一个令牌", "A new token").in_lang(lang)) }
            p.m3 { (t("给程序用，能做的和您一样多，最长一年，只显示一次。", "For programs; it may do what you may, lives a year at most and is shown once.").in_lang(lang)) }
            (parts::form(&form(ctx, "/me/tokens"), "inline", html! {
                (parts::field(&Field { max: 40, ..field(ctx, faults, "label", t("给什么用", "What for"), FieldKind::Text, "") }))
                (parts::field(&Field { hint: String::new(), ..field(ctx, faults, "to", t("用到哪天", "Until"), FieldKind::Date, "") }))
                button.btn.b2 { (t("要一个", "Make it").in_lang(lang)) }
            }))
        }
    };
    tx_school::common::page(ctx, status, TITLE, body)
}

fn shown_once(lang: Lang, token: &str) -> Markup {
    html! {
        section.card.pad role="status" {
            h2 { (t("新令牌", "The new token").in_lang(lang)) }
            p { code.long { (token) } }
            p.m3 { (t("只显示这一次，请马上存到要用它的地方。", "Shown this once; keep it where it is needed.").in_lang(lang)) }
        }
    }
}

/// What a browser calls itself, in a few words: nobody reads a whole user agent.
fn device_name(lang: Lang, device: &str) -> String {
    let of = [
        ("MicroMessenger", t("微信", "WeChat")),
        ("Edg", t("Edge 浏览器", "Edge")),
        ("Firefox", t("火狐浏览器", "Firefox")),
        ("Chrome", t("Chrome 浏览器", "Chrome")),
        ("Safari", t("Safari 浏览器", "Safari")),
    ];
    let on = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ];
    let browser = of
        .iter()
        .find(|(k, _)| device.contains(k))
        .map(|(_, n)| n.in_lang(lang).to_owned());
    let system = on
        .iter()
        .find(|(k, _)| device.contains(k))
        .map(|(_, n)| (*n).to_owned());
    match (browser, system) {
        (Some(b), Some(s)) => format!("{b} · {s}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) if device.trim().is_empty() => t("没说是什么", "not named").in_lang(lang).into(),
        (None, None) => device.chars().take(40).collect(),
    }
}
fn moment_zh(at: Time) -> String {
    format!("{} {}", at.day().zh_short(), at.hour_minute())
}
fn moment(at: Time) -> String {
    format!("{} {}", at.day(), at.hour_minute())
}

fn row(ctx: &Ctx, d: &Session, this: bool) -> Markup {
    let lang = ctx.lang;
    let word = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    let facts = [
        word(
            &format!("{} 登录", moment_zh(d.made_at)),
            &format!("since {}", moment(d.made_at)),
        ),
        word(
            &format!("{} 用过", moment_zh(d.used_at)),
            &format!("used {}", moment(d.used_at)),
        ),
        word(
            &format!("到{}为止", d.ends_at.day().zh_long()),
            &format!("ends {}", d.ends_at.day()),
        ),
    ];
    html! {
        div.it {
            span.ic.ok { (parts::icon(if d.kind == SessionKind::Token { "link" } else { "phone" })) }
            div { b { (device_name(lang, &d.device)) @if this { " " (parts::pill(Pill::Ok, t("现在这里", "here").in_lang(lang), "")) } } div.x { (parts::facts(&facts)) } }
            @if !this { (parts::post_button(&form(ctx, &format!("/me/sessions/{}/end", d.id)), t("结束", "End").in_lang(lang), "", Look::Quiet)) }
        }
    }
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let s = ctx.scope()?;
    if ctx.f("new") != ctx.f("again") {
        return page(
            ctx,
            422,
            &[FieldFault {
                field: "again".into(),
                reason: tx_base::say("两次不一样", "The two differ"),
            }],
            None,
        );
    }
    match tx_access::change_password(
        ctx.db(),
        ctx.act("password.change")?,
        s.account,
        ctx.f("current"),
        ctx.f("new"),
        s.school.as_ref().map(|k| k.name.as_str()),
    ) {
        Err(Fault::Invalid(_, faults)) => return page(ctx, 422, &faults, None),
        out => out?,
    }
    // every session ended with the old password; this one goes on as a new one
    let kind = ctx.session.as_ref().map_or(SessionKind::Session, |x| x.kind);
    let (account, device) = (s.account, ctx.device.clone());
    let token = ctx.db().write(ctx.act("session.open")?, move |w| {
        open_session(w, account, kind, &device, None)
    })?;
    Ok(Reply::see("/me?saved=1").with(
        "set-cookie",
        session_cookie(&ctx.app, &token, kind == SessionKind::Phone),
    ))
}
fn end_one(ctx: &Ctx) -> Result<Reply> {
    let (account, id) = (ctx.scope()?.account, ctx.id("id")?);
    if ctx
        .db()
        .write(ctx.act("session.end")?, move |w| end_session(w, account, id))?
    {
        Ok(Reply::see("/me?saved=1"))
    } else {
        Err(Fault::NotFound)
    }
}
fn end_others(ctx: &Ctx) -> Result<Reply> {
    let (s, this) = (ctx.scope()?, ctx.session.as_ref().map(|x| x.id));
    let others: Vec<_> = ctx
        .read(|c| sessions_of(c, s.county, s.account))?
        .into_iter()
        .filter(|x| x.kind != SessionKind::Token && Some(x.id) != this)
        .map(|x| x.id)
        .collect();
    let account = s.account;
    ctx.db().write(ctx.act("session.end")?, move |w| {
        for id in &others {
            end_session(w, account, *id)?;
        }
        Ok(())
    })?;
    Ok(Reply::see("/me?saved=1"))
}
fn add_token(ctx: &Ctx) -> Result<Reply> {
    let (s, label) = (ctx.scope()?, ctx.f("label").trim().to_owned());
    let bad = |field: &str, zh: &str, en: &str| {
        vec![FieldFault {
            field: field.into(),
            reason: tx_base::say(zh, en),
        }]
    };
    if label.is_empty() || label.chars().count() > 40 {
        return page(
            ctx,
            422,
            &bad(
                "label",
                "写一下给什么用，最多 40 个字",
                "Say what it is for, in at most 40 characters",
            ),
            None,
        );
    }
    let ends = match ctx.f("to") {
        "" => None,
        text => match Day::parse(text) {
            Ok(d) if d > s.today && d <= s.today.plus(365) => {
                Some(ctx.now().plus_minutes(i64::from(d.since(s.today)) * 24 * 60))
            }
            _ => {
                return page(
                    ctx,
                    422,
                    &bad("to", "要在明天到一年之内", "From tomorrow to a year from now"),
                    None,
                );
            }
        },
    };
    let account = s.account;
    let token = ctx.db().write(ctx.act("token.add")?, move |w| {
        open_session(w, account, SessionKind::Token, &label, ends)
    })?;
    page(ctx, 200, &[], Some(&token))
}

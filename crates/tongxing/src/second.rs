//! The second step at the door: a time code after the password, its enrolment, recovery codes (security.md §3).
//!
//! `door.rs` calls [`after_password`]; until the code is right the browser holds a session of kind `pending`, which opens `/login/code` and nothing else.

use maud::{Markup, PreEscaped, html};
use tx_access::{
    Account, Scope, Second, SessionKind, begin_second, check_second, confirm_second, drop_second, end_session,
    needs_second, open_session, renew_recovery, second_of,
};
use tx_base::{Fault, Id, Lang, Result, Text, t};
use tx_store::{Act, Class, Write, params};
use tx_web::parts::forms::{Field, FieldKind, Form, field, form};
use tx_web::parts::{self};
use tx_web::{Ctx, Reply, Route, Who, session_cookie};

pub static ROUTES: &[Route] = &[
    Route::get("/login/code", Who::Anyone, Class::O, get_code).says(t("验证码", "The code")),
    Route::form("/login/code", Who::Anyone, Class::O, post_code).says(t("验证码", "The code")),
    Route::get("/me/second", Who::SignedIn, Class::O, get_mine).says(t("第二重验证", "Second factor")),
    Route::form("/me/second", Who::SignedIn, Class::O, post_mine).says(t("第二重验证", "Second factor")),
];

const TITLE: Text = t("第二重验证", "Second factor");

/// After a right password: asks for the code where the role needs one or the account has one, else opens the session and goes on to `next`.
/// `Unknown` with words when the account sleeps or holds no right any more.
pub fn after_password(ctx: &Ctx, account: &Account, keep: bool, next: &str) -> Result<Reply> {
    let (county, id, now) = (account.county, account.id, ctx.now());
    let (asleep, scope, second) = ctx.read(|c| {
        Ok((
            tx_access::asleep(c, county, id, now, ctx.app.settings.sleep_after_days)?,
            Scope::of_account(c, county, id, ctx.today(), ctx.lang, &ctx.address)?,
            second_of(c, county, id)?,
        ))
    })?;
    if asleep {
        return Err(tx_access::asleep_fault());
    }
    let Some(scope) = scope else {
        return Err(Fault::Unknown(tx_base::say(
            "这个账号现在没有任何权限，请找校长",
            "This account holds no right now; ask the head",
        )));
    };
    // the session is made by the one who has just shown the password
    if second == Second::Off && !needs_second(&scope.roles, &ctx.app.settings.second_factor_roles) {
        return open(ctx, county, id, &account.name, keep, next);
    }
    let device = ctx.device.clone();
    let token = ctx
        .db()
        .write(act(ctx, county, id, &account.name, "session.pending"), move |w| {
            // used once: the codes prove the rest
            open_session(w, id, SessionKind::Pending, &device, None)
        })?;
    let to: String = next
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"/-_.".contains(&b) {
                (b as char).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let to = format!("/login/code?next={to}{}", if keep { "&keep=1" } else { "" });
    Ok(Reply::see(&to).with("set-cookie", session_cookie(&ctx.app, &token, false)))
}

fn act(ctx: &Ctx, county: Id, account: Id, name: &str, action: &str) -> Act {
    let mut act = Act::console(county, name, action);
    act.actor.id = Some(account);
    act.address.clone_from(&ctx.address);
    act
}
fn open(ctx: &Ctx, county: Id, id: Id, name: &str, keep: bool, next: &str) -> Result<Reply> {
    let kind = if keep { SessionKind::Phone } else { SessionKind::Session };
    let (device, half) = (
        ctx.device.clone(),
        ctx.session.clone().filter(|s| s.kind == SessionKind::Pending),
    );
    let token = ctx.db().write(act(ctx, county, id, name, "session.open"), move |w| {
        if let Some(half) = &half {
            end_session(w, half.account, half.id)?;
        }
        open_session(w, id, kind, &device, None)
    })?;
    let to = if next.starts_with('/') && !next.starts_with("/login") {
        next
    } else {
        "/"
    };
    Ok(Reply::see(to).with("set-cookie", session_cookie(&ctx.app, &token, keep)))
}

/// The account that has shown its password and not yet its code.
fn half(ctx: &Ctx) -> Result<Option<(Id, Id, String)>> {
    let Some(s) = ctx.session.as_ref().filter(|s| s.kind == SessionKind::Pending) else {
        return Ok(None);
    };
    let sql = "select name from accounts where county_id = ?1 and id = ?2 and disabled_at is null";
    let r = ctx.read(|c| c.first(sql, params![s.county, s.account]))?;
    Ok(r.map(|r| (s.county, s.account, r.text(0))))
}
fn wish(ctx: &Ctx, name: &str) -> String {
    ctx.q(name).map_or_else(|| ctx.f(name).to_owned(), str::to_owned)
}

fn get_code(ctx: &Ctx) -> Result<Reply> {
    let Some((county, id, name)) = half(ctx)? else {
        return Ok(Reply::see("/login"));
    };
    code_page(ctx, county, id, &name, 200, "")
}
fn code_page(ctx: &Ctx, county: Id, id: Id, name: &str, status: u16, error: &str) -> Result<Reply> {
    let on = matches!(ctx.read(|c| second_of(c, county, id))?, Second::On(_));
    let seed = match on {
        true => None,
        false => Some(
            ctx.db()
                .write(act(ctx, county, id, name, "second.begin"), move |w| begin_second(w, id))?,
        ),
    };
    let body = asks(ctx, "/login/code", name, seed.as_deref(), error);
    Ok(Reply::page_with(
        status,
        parts::bare(ctx.lang, TITLE.in_lang(ctx.lang), html! { div.login { (body) } }),
    ))
}
fn post_code(ctx: &Ctx) -> Result<Reply> {
    let Some((county, id, name)) = half(ctx)? else {
        return Ok(Reply::see("/login"));
    };
    let (keep, next) = (wish(ctx, "keep") == "1", wish(ctx, "next"));
    let code = ctx.f("code").trim().to_owned();
    let act = act(ctx, county, id, &name, "second.check");
    if !matches!(ctx.read(|c| second_of(c, county, id))?, Second::On(_)) {
        let given = code.clone();
        let codes = ctx.db().write(act, move |w| confirm_second(w, id, &given))?;
        let Some(codes) = codes else {
            return code_page(ctx, county, id, &name, 401, wrong(ctx.lang));
        };
        let opened = open(ctx, county, id, &name, keep, &next)?;
        let to = opened
            .headers
            .iter()
            .find(|(n, _)| *n == "location")
            .map_or("/", |h| h.1.as_str())
            .to_owned();
        let body = html! { div.login { h1 { (TITLE.in_lang(ctx.lang)) } section.card.pad { (shown_once(ctx.lang, &codes, &to)) } } };
        let mut page = Reply::page(parts::bare(ctx.lang, TITLE.in_lang(ctx.lang), body));
        page.headers
            .extend(opened.headers.into_iter().filter(|(n, _)| *n == "set-cookie"));
        return Ok(page);
    }
    match check_second(ctx.db(), act, id, &code) {
        Ok(()) => open(ctx, county, id, &name, keep, &next),
        Err(Fault::Slow(n)) => {
            let words = match ctx.lang {
                Lang::Zh => format!("请等 {n} 秒再试"),
                Lang::En => format!("Wait {n} s, then try again"),
            };
            Ok(code_page(ctx, county, id, &name, 429, &words)?.with("retry-after", n.to_string()))
        }
        Err(Fault::Unknown(_)) => code_page(ctx, county, id, &name, 401, wrong(ctx.lang)),
        Err(f) => Err(f),
    }
}
const fn wrong(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "验证码不对，或已经用过",
        Lang::En => "The code is wrong or was used already",
    }
}

/// The form for a code; with the seed as a picture and as letters while the phone does not know it yet.
fn asks(ctx: &Ctx, action: &str, user: &str, seed: Option<&str>, error: &str) -> Markup {
    let lang = ctx.lang;
    let say = |zh: &'static str, en: &'static str| t(zh, en).in_lang(lang);
    let f = Form {
        action: action.into(),
        csrf: ctx.csrf(),
        hidden: vec![("next".into(), wish(ctx, "next")), ("keep".into(), wish(ctx, "keep"))],
        ..Form::default()
    };
    let code = Field {
        name: "code".into(),
        label: say("六位验证码", "Six-digit code").into(),
        hint: match seed {
            None => say("手机丢了就填一个恢复码", "Without the phone, enter a recovery code").into(),
            Some(_) => say("填上手机显示的数字", "Enter what the phone shows").into(),
        },
        error: error.into(),
        required: true,
        auto: "one-time-code",
        max: 16,
        ..Field::default()
    };
    html! {
        h1 { (TITLE.in_lang(lang)) }
        @if let Some(seed) = seed {
            p { (say("这个角色登录要多一步：手机上的验证码。用手机里的验证器扫一下。", "This role signs in with one step more: a code from the phone. Scan this with an authenticator.")) }
            // large enough to be read off a desk's screen
            @if let Some(svg) = tx_paper::qr_svg(&address(user, seed)) { div.card.pad { (PreEscaped(svg.replacen("width=\"100\" height=\"100\"", "width=\"200\" height=\"200\"", 1))) } }
            p.m { (say("扫不了就手工输入：", "Or type it in: ")) }
            p { code { (groups(seed)) } }
        }
        (form(&f, "card", html! { (field(&code)) button.btn.b1 { (say("确定", "Confirm")) } }))
    }
}
/// What the authenticator reads.
fn address(user: &str, seed: &str) -> String {
    let user: String = user.bytes().map(|b| format!("%{b:02X}")).collect();
    format!("otpauth://totp/Tongxing:{user}?secret={seed}&issuer=Tongxing")
}
fn groups(seed: &str) -> String {
    seed.as_bytes()
        .chunks(4)
        .map(|c| String::from_utf8_lossy(c).into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
fn shown_once(lang: Lang, codes: &[String], next: &str) -> Markup {
    let say = |zh: &'static str, en: &'static str| t(zh, en).in_lang(lang);
    html! {
        h2 { (say("抄下恢复码", "Write down the recovery codes")) }
        p { (say("手机丢了，凭它们登录；每个用一次，以后不再显示。", "They let you in when the phone is lost; each works once and is not shown again.")) }
        ul { @for c in codes { li { code { (c) } } } }
        a.btn.b1 href=(next) { (say("抄好了", "Done")) }
    }
}

fn get_mine(ctx: &Ctx) -> Result<Reply> {
    mine(ctx, 200, None, "")
}
/// The own second factor. `codes` = new recovery codes, shown this once.
fn mine(ctx: &Ctx, status: u16, codes: Option<&[String]>, error: &str) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?.clone(), ctx.lang);
    let say = |zh: &'static str, en: &'static str| t(zh, en).in_lang(lang);
    let state = ctx.read(|c| second_of(c, scope.county, scope.account))?;
    let needed = needs_second(&scope.roles, &ctx.app.settings.second_factor_roles);
    let password = Field {
        name: "password".into(),
        label: say("现在的密码", "Current password").into(),
        kind: FieldKind::Password,
        required: true,
        auto: "current-password",
        error: error.into(),
        ..Field::default()
    };
    // one password, a button for each thing that it allows
    let ask = |buttons: &[(&str, &'static str)]| {
        let f = Form {
            action: "/me/second".into(),
            csrf: ctx.csrf(),
            ..Form::default()
        };
        form(
            &f,
            "stack",
            html! {
                (field(&password))
                div.two { @for (what, label) in buttons { button.btn.b2 name="what" value=(what) { (label) } } }
            },
        )
    };
    let codes_button = ("codes", say("换一套恢复码", "New recovery codes"));
    let begin = ("on", say("开通", "Turn on"));
    let again = match needed {
        true => ("again", say("换手机", "Another phone")),
        false => ("again", say("关掉", "Turn off")),
    };
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &parts::Top { title: TITLE.in_lang(lang).into(), ..parts::Top::default() }))
        section.card.pad {
            @if let Some(codes) = codes { (shown_once(lang, codes, "/me/second")) }
            @else {
                @match state {
                    Second::On(left) => {
                        p { (say("已开通。还剩恢复码 ", "On. Recovery codes left: ")) (left) (say(" 个。", ".")) }
                        (ask(&[codes_button, again]))
                        p.m3 { (say("换手机或关掉以后要重新登录。", "After a change of phone, or turning it off, you sign in again.")) }
                    }
                    Second::Begun | Second::Off if needed => p { (say("您的角色下次登录时要开通。", "Your role sets it up at the next sign-in.")) },
                    Second::Begun => { p { (say("下次登录时扫码开通。", "To be set up at the next sign-in.")) } (ask(&[("again", say("算了", "Leave it"))])) }
                    Second::Off => { p { (say("没有开通，您的角色不要求。开通后马上重新登录，用手机扫码。", "Off; your role does not need it. Once on, you sign in again and scan with the phone.")) } (ask(&[begin])) }
                }
            }
        }
    };
    Ok(Reply::page_with(status, tx_web::shell(ctx, TITLE, "me", None, body)?))
}
fn post_mine(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let id = scope.account;
    let r = ctx
        .read(|c| {
            c.first(
                "select password from accounts where county_id = ?1 and id = ?2",
                params![scope.county, id],
            )
        })?
        .ok_or(Fault::NotFound)?;
    if !tx_seal::verify_password(ctx.f("password"), Some(r.str(0))) {
        return mine(
            ctx,
            422,
            None,
            t("现在的密码不对", "The current password is wrong").in_lang(ctx.lang),
        );
    }
    match ctx.f("what") {
        "codes" => {
            let codes = ctx
                .db()
                .write(scope.act("second.recovery"), move |w| renew_recovery(w, id))?;
            mine(ctx, 200, Some(&codes), "")
        }
        // rights change: this session ends too, the next one begins with the code
        "again" | "on" => {
            let on = ctx.f("what") == "on";
            ctx.db().write(scope.act("second.change"), move |w| change(w, id, on))?;
            Ok(Reply::see("/login").with("set-cookie", session_cookie(&ctx.app, "", false)))
        }
        _ => mine(ctx, 422, None, ""),
    }
}
fn change(w: &mut Write, account: Id, on: bool) -> Result<()> {
    if on {
        begin_second(w, account)?;
    } else {
        drop_second(w, account)?;
    }
    tx_access::end_sessions(w, account)
}

//! The way in and what belongs to no one subject: login, own account, audit, health, the API's description.

use serde_json::json;
use tx_access::{Role, SessionKind, end_session, login, sessions_of};
use tx_base::{Fault, Id, Lang, Result, t};
use tx_store::{Class, params};
use tx_web::parts::{self, entry, forms};
use tx_web::{Ctx, Reply, Route, Who, session_cookie};

pub static ROUTES: &[Route] = &[
    Route::get("/healthz", Who::Anyone, Class::O, |_| {
        Ok(Reply::new(200, "text/plain", b"ok".to_vec()))
    })
    .says(t("进程活着", "The process lives")),
    Route::get("/readyz", Who::Anyone, Class::O, readyz).says(t("能写", "It can write")),
    Route::get("/login", Who::Anyone, Class::O, get_login).says(t("登录", "Sign in")),
    Route::form("/login", Who::Anyone, Class::O, post_login).says(t("登录", "Sign in")),
    Route::form("/logout", Who::SignedIn, Class::O, post_logout).says(t("退出", "Sign out")),
    Route::get("/api/v1/openapi.json", Who::Anyone, Class::O, |ctx| {
        Ok(Reply::json(&tx_web::openapi::document(&ctx.app)))
    })
    .says(t("接口说明", "This description")),
    Route::get("/api/v1/me", Who::SignedIn, Class::O, me).says(t("我是谁", "Who I am")),
    Route::json(
        "POST",
        "/api/v1/me/password",
        Who::SignedIn,
        Class::S,
        "NewPassword",
        password,
    )
    .says(t("改密码", "Change the password")),
    Route::get("/api/v1/me/sessions", Who::SignedIn, Class::O, sessions).says(t("我的设备", "Own devices")),
    Route::bare(
        "DELETE",
        "/api/v1/me/sessions/{id}",
        Who::SignedIn,
        Class::O,
        delete_session,
    )
    .says(t("结束一个", "End one")),
    Route::bare(
        "POST",
        "/api/v1/users/{id}/disable",
        Who::Roles(&[Role::Admin]),
        Class::O,
        disable,
    )
    .says(t("停用账号", "Disable an account")),
    Route::get(
        "/api/v1/audit",
        Who::Roles(&[Role::Admin, Role::Head, Role::Inspector]),
        Class::O,
        audit,
    )
    .says(t("审计", "Audit"))
    .query(&[
        ("limit", "integer", t("最多几条", "At most this many")),
        ("cursor", "string", t("接着上次", "Go on from here")),
    ]),
    Route::get(
        "/api/v1/audit/head",
        Who::Roles(&[Role::Admin, Role::Head, Role::Inspector]),
        Class::O,
        audit_head,
    )
    .says(t("审计链头", "The head of the chain"))
    .query(&[(
        "county",
        "string",
        t(
            "县的编号或名字，默认自己的县",
            "Id or name of the county; the own one unless said",
        ),
    )]),
];

fn readyz(ctx: &Ctx) -> Result<Reply> {
    Ok(if ctx.app.writable() {
        Reply::new(200, "text/plain", b"ready".to_vec())
    } else {
        Reply::new(503, "text/plain", b"not writable".to_vec())
    })
}

fn login_page(ctx: &Ctx, status: u16, error: String, wait: String) -> Reply {
    let next = ctx.q("next").map_or_else(|| ctx.f("next").to_owned(), str::to_owned);
    let view = entry::LoginView {
        form: forms::Form {
            action: "/login".into(),
            csrf: ctx.csrf(),
            key: String::new(),
            hidden: vec![("next".into(), next)],
            draft: String::new(),
            files: false,
        },
        user: ctx.f("username").to_owned(),
        error,
        wait,
        banner: ctx
            .app
            .banner
            .map(|b| b.in_lang(ctx.lang).to_owned())
            .unwrap_or_default(),
        help: t(
            "忘了密码，请校长或管理员重发一个首次密码。",
            "Forgot it? The head or an administrator gives a new first password.",
        )
        .in_lang(ctx.lang)
        .to_owned(),
        ..Default::default()
    };
    Reply::page_with(
        status,
        parts::bare(
            ctx.lang,
            t("登录", "Sign in").in_lang(ctx.lang),
            entry::login(ctx.lang, &view),
        ),
    )
}
fn get_login(ctx: &Ctx) -> Result<Reply> {
    Ok(login_page(ctx, 200, String::new(), String::new()))
}
fn post_login(ctx: &Ctx) -> Result<Reply> {
    let account = match login(ctx.db(), ctx.f("username").trim(), ctx.f("password"), &ctx.address) {
        Ok(a) => a,
        Err(Fault::Slow(n)) => {
            // more than a minute is said in minutes
            let words = match (ctx.lang, n.div_ceil(60)) {
                (Lang::Zh, 0 | 1) => format!("请等 {n} 秒再试"),
                (Lang::Zh, m) => format!("请等 {m} 分钟再试"),
                (Lang::En, 0 | 1) => format!("Wait {n} s, then try again"),
                (Lang::En, m) => format!("Wait {m} min, then try again"),
            };
            return Ok(login_page(ctx, 429, String::new(), words).with("retry-after", n.to_string()));
        }
        Err(f @ Fault::Unknown(_)) => {
            return Ok(login_page(
                ctx,
                401,
                f.say().in_lang(ctx.lang).to_owned(),
                String::new(),
            ));
        }
        Err(f) => return Err(f),
    };
    let keep = ctx.f("remember") == "1";
    match crate::second::after_password(ctx, &account, keep, ctx.f("next")) {
        Err(f @ Fault::Unknown(_)) => Ok(login_page(
            ctx,
            401,
            f.say().in_lang(ctx.lang).to_owned(),
            String::new(),
        )),
        out => out,
    }
}
fn post_logout(ctx: &Ctx) -> Result<Reply> {
    if let Some(s) = ctx.session.clone() {
        ctx.db()
            .write(ctx.act("session.end")?, move |w| end_session(w, s.account, s.id))?;
    }
    Ok(Reply::see("/login")
        .with("set-cookie", session_cookie(&ctx.app, "", false))
        .with("clear-site-data", "\"cache\"".into()))
}

fn me(ctx: &Ctx) -> Result<Reply> {
    let s = ctx.scope()?;
    let (county, classes) = ctx.read(|c| {
        let county = c
            .first("select name from counties where county_id = ?1", params![s.county])?
            .map(|r| r.text(0));
        let classes = s
            .leads
            .iter()
            .chain(&s.teaches)
            .map(|k| tx_school::class_named(c, s.county, *k).map(|(code, _)| code))
            .collect::<Result<Vec<_>>>()?;
        Ok((county, classes))
    })?;
    Ok(Reply::json(
        &json!({"id": s.account, "name": s.name, "shown": s.shown, "role": s.role(), "roles": s.roles, "posts": s.posts, "county": county,
        "school": s.school.as_ref().map(|k| k.code.clone()), "classes": classes}),
    ))
}
fn password(ctx: &Ctx) -> Result<Reply> {
    let s = ctx.scope()?;
    let word = |n: &str| {
        Ok::<_, Fault>(
            ctx.json()?
                .get(n)
                .and_then(|v| v.as_str())
                .unwrap_or_default()
                .to_owned(),
        )
    };
    tx_access::change_password(
        ctx.db(),
        ctx.act("password.change")?,
        s.account,
        &word("current")?,
        &word("new")?,
        s.school.as_ref().map(|k| k.name.as_str()),
    )?;
    Ok(Reply::json(&json!({"changed": true})))
}
fn sessions(ctx: &Ctx) -> Result<Reply> {
    let s = ctx.scope()?;
    let all = ctx.read(|c| sessions_of(c, s.county, s.account))?;
    let items: Vec<_> = all
        .iter()
        .map(|x| json!({"id": x.id, "kind": if x.kind == SessionKind::Token { "token" } else { "session" }, "made_at": x.made_at.iso(), "used_at": x.used_at.iso(), "ends_at": x.ends_at.iso(), "device": x.device}))
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}
fn delete_session(ctx: &Ctx) -> Result<Reply> {
    let (account, id) = (ctx.scope()?.account, ctx.id("id")?);
    let ended = ctx
        .db()
        .write(ctx.act("session.end")?, move |w| end_session(w, account, id))?;
    if ended {
        Ok(Reply::json(&json!({"ended": true})))
    } else {
        Err(Fault::NotFound)
    }
}
fn disable(ctx: &Ctx) -> Result<Reply> {
    let (id, today) = (ctx.id("id")?, ctx.today());
    ctx.write_json(ctx.act("account.disable")?, move |w| {
        tx_school::keep_an_admin(w.conn(), w.county(), id, today)?;
        tx_access::disable_account(w, id)?;
        Ok((200, json!({"id": id, "disabled": true})))
    })
}

fn audit(ctx: &Ctx) -> Result<Reply> {
    let (scope, limit) = (ctx.scope()?, ctx.limit()?);
    let before = ctx
        .q("cursor")
        .map(|v| {
            v.parse::<i64>()
                .map_err(|_| Fault::invalid("cursor", "cursor 不对", "the cursor is wrong"))
        })
        .transpose()?
        .unwrap_or(i64::MAX);
    // a head sees what people of the own school did
    let school = if scope.is(Role::Admin) {
        None
    } else {
        Some(scope.the_school()?.id)
    };
    let sql = format!(
        "select e.seq, e.at, coalesce(a.shown, e.actor_name), e.address, e.action, e.tbl, e.row_id, e.actor_name from audit_entries e \
         left join accounts a on a.county_id = e.county_id and a.id = e.actor \
         where e.county_id = ?1 and e.seq < ?2 and (?4 = 1 or a.school_id = ?3) order by e.seq desc limit {}",
        limit + 1
    );
    let rows = ctx.read(|c| {
        c.query(
            &sql,
            params![
                scope.county,
                before,
                school.unwrap_or(Id::NIL),
                i64::from(school.is_none())
            ],
        )
    })?;
    let next = (rows.len() > limit).then(|| rows[limit - 1].int(0).to_string());
    let items: Vec<_> = rows
        .iter()
        .take(limit)
        .map(|r| json!({"seq": r.int(0), "at": r.time(1).iso(), "who": r.text(2), "user": r.text(7), "address": r.text(3), "action": r.text(4), "table": r.text(5), "id": r.opt_id(6)}))
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": next})))
}
fn audit_head(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    // another county is not to be told from one that is not there
    if let Some(asked) = ctx.q("county").filter(|v| !v.is_empty()) {
        let sql = "select name from counties where county_id = ?1";
        let name = ctx.read(|c| c.first(sql, params![scope.county]))?.map(|r| r.text(0));
        if asked.parse() != Ok(scope.county) && name.as_deref() != Some(asked) {
            return Err(Fault::NotFound);
        }
    }
    let head = ctx
        .read(|c| tx_store::Head::of(c, scope.county))?
        .ok_or(Fault::NotFound)?;
    Ok(Reply::json(
        &json!({"county": head.county, "size": head.size, "hash": tx_seal::hex(&head.hash), "at": head.at.iso(), "signature": tx_seal::hex(&ctx.db().keys().sign_head(&head))}),
    ))
}

//! 人员: who holds what from when to when, with a sentence of what each role sees; adding, ending, first passwords (screens.md §5.25).

use crate::common::{self, at, schools};
use crate::people::{
    Held, HeldRow, NewPerson, Person, Right, appoint, enable_account, end_right, keep_an_admin, longest, may_appoint,
    people, renew_staff,
};
use crate::people_asked::{add_once, asked, day_of, ending, managed, new_password, one, own_password, right_of};
use maud::{Markup, html};
use tx_access::{Role, SchoolRef};
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, Write};
use tx_web::parts::forms::FieldKind;
use tx_web::parts::{self, Link, Look, Pill, Top};
use tx_web::{Ctx, Reply, Route, Who};

pub(crate) const APPOINTERS: Who = Who::Roles(&[Role::Admin, Role::Head]);

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/people", APPOINTERS, Class::O, show)
        .says(t("人员", "People"))
        .query(&[("school", "string", t("学校代码", "School code"))]),
    Route::get("/people/new", APPOINTERS, Class::O, show_new)
        .says(t("加一个人", "Add a person"))
        .query(&[("school", "string", t("学校代码", "School code"))]),
    Route::form("/people/new", APPOINTERS, Class::O, add).says(t("加一个人", "Add a person")),
    Route::form("/people/renew", APPOINTERS, Class::O, renew)
        .says(t("续到学年底", "Renew to the end of the school year")),
    Route::get("/people/{id}", APPOINTERS, Class::O, show_one).says(t("一个人", "One person")),
    Route::form("/people/{id}/account", APPOINTERS, Class::O, open_account)
        .says(t("给名册上的人开账号", "An account for someone on the list")),
    Route::form("/people/{id}/give", APPOINTERS, Class::O, give).says(t("给一个角色或岗位", "Give a role or post")),
    Route::form("/people/{id}/end", APPOINTERS, Class::O, end).says(t("结束一个角色或岗位", "End a role or post")),
    Route::form("/people/{id}/password", APPOINTERS, Class::S, password)
        .says(t("重发首次密码", "A new first password")),
    Route::form("/people/{id}/disable", APPOINTERS, Class::O, disable).says(t("停用", "Disable")),
    Route::form("/people/{id}/enable", APPOINTERS, Class::O, enable).says(t("重新启用", "Open again")),
    Route::form("/people/{id}/sign-out", APPOINTERS, Class::O, sign_out)
        .says(t("结束他的登录和令牌", "End sessions and tokens")),
];

fn until(lang: Lang, h: &HeldRow) -> String {
    match (lang, h.to) {
        (Lang::Zh, Some(d)) => format!("{}到{}", h.from.zh_long(), d.zh_long()),
        (Lang::Zh, None) => format!("{}起", h.from.zh_long()),
        (Lang::En, Some(d)) => format!("{} to {d}", h.from),
        (Lang::En, None) => format!("from {}", h.from),
    }
}
fn held_name(lang: Lang, h: &HeldRow) -> String {
    let class = h.class_name.clone().unwrap_or_default();
    let gap = if lang == Lang::En && !class.is_empty() {
        ", "
    } else {
        ""
    };
    format!("{class}{gap}{}", h.held.name().in_lang(lang))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, school) = (ctx.scope()?, ctx.lang, asked(ctx)?);
    let (all, others) = ctx.read(|c| {
        let others = if school.is_none() {
            schools(c, scope)?
        } else {
            Vec::new()
        };
        Ok((
            people(c, scope.county, school.as_ref().map(|s| s.id), scope.today)?,
            others,
        ))
    })?;
    let (live, gone): (Vec<&Person>, Vec<&Person>) = all
        .iter()
        .partition(|p| !p.disabled && (!p.held.is_empty() || p.account.is_none()));
    let q = school
        .as_ref()
        .map(|s| format!("?school={}", s.code))
        .unwrap_or_default();
    let top = Top {
        title: t("人员", "People").in_lang(lang).into(),
        sub: vec![
            school.as_ref().map_or_else(
                || t("县里的账号", "Accounts of the county").in_lang(lang).to_owned(),
                |s| s.name.clone(),
            ),
            match lang {
                Lang::Zh => format!("{} 人", live.len()),
                Lang::En => format!("{} people", live.len()),
            },
        ],
        buttons: vec![
            Link::new(t("加一个人", "Add someone").in_lang(lang), format!("/people/new{q}"))
                .icon("plus")
                .first(),
        ],
        ..Default::default()
    };
    let to = longest(Held::Role(Role::Leader), scope.today);
    let short: Vec<&&Person> = live
        .iter()
        .filter(|p| {
            p.held
                .iter()
                .any(|h| h.grant.is_some() && h.to.is_some_and(|d| d < to && d <= scope.today.plus(45)))
        })
        .collect();
    let nobody = if school.is_some() {
        t("还没有人，先加一个。", "Nobody yet; add someone.")
    } else {
        t(
            "县里没有单独的账号，人都在学校里。",
            "The county has no accounts of its own; everyone belongs to a school.",
        )
    };
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        @if let Some(s) = &school { @if !short.is_empty() {
            div.card.pad {
                p { (match lang {
                    Lang::Zh => format!("{} 人的角色 45 天内到期。", short.len()),
                    Lang::En => format!("The roles of {} people end within 45 days.", short.len()),
                }) }
                (parts::post_button(&common::form(ctx, "/people/renew", &[("school", &s.code)]), &match lang {
                    Lang::Zh => format!("全部续到 {to}"),
                    Lang::En => format!("Renew all to {to}"),
                }, "redo", Look::First))
            }
        } }
        @if live.is_empty() { section.card.pad { p.m { (nobody.in_lang(lang)) } } } @else { section.card.its { @for p in &live { (row(lang, p)) } } }
        @if !gone.is_empty() {
            details.card.pad { summary { (t("停用的和到期的", "Disabled and ended").in_lang(lang)) " " (gone.len()) } div.its { @for p in &gone { (row(lang, p)) } } }
        }
        @if !others.is_empty() {
            (parts::lists::heading(t("各校的人员", "People of the schools").in_lang(lang), "", None))
            section.card.its { @for s in &others { div.it { span.ic.ok { (parts::icon("room")) } div { a.ln href={"/people?school=" (s.code)} { b { (s.name) } } div.x { (s.code) } } } } }
        }
        (legend(lang, school.is_some()))
    };
    common::page(ctx, 200, t("人员", "People"), body)
}

fn row(lang: Lang, p: &Person) -> Markup {
    let mut facts: Vec<String> = vec![p.user.clone()];
    if let Some(h) = p.held.iter().find(|h| h.grant.is_some()) {
        facts.push(until(lang, h));
    }
    html! {
        div.it {
            (parts::pebble(&p.name, &p.id.to_string(), "m"))
            div {
                a.ln href={"/people/" (p.id)} { b { (p.name) } }
                @for h in &p.held { " " (parts::pill(Pill::Mute, &held_name(lang, h), "")) }
                @if p.disabled { " " (parts::pill(Pill::Late, t("停用", "Disabled").in_lang(lang), "")) }
                @if p.account.is_none() { " " (parts::pill(Pill::Due, t("没有账号", "No account").in_lang(lang), "")) }
                @if p.first_until.is_some() && !p.disabled { " " (parts::pill(Pill::Due, t("还在用首次密码", "First password not changed").in_lang(lang), "")) }
                div.x { (parts::facts(&facts)) }
                @if let Some(h) = p.held.first() { div.x { (h.held.sentence().in_lang(lang)) } }
            }
        }
    }
}

/// What each role sees, for the whole list.
fn legend(lang: Lang, of_school: bool) -> Markup {
    let rows: Vec<(String, Vec<String>)> = Held::all()
        .into_iter()
        .filter(|h| matches!(h, Held::Role(Role::Admin | Role::County)) != of_school)
        .map(|h| {
            (
                h.name().in_lang(lang).to_owned(),
                vec![h.sentence().in_lang(lang).to_owned()],
            )
        })
        .collect();
    html! { details.card.pad { summary { (t("每个角色看得到什么", "What each role sees").in_lang(lang)) } (parts::definition_list(lang, &rows)) } }
}

/// Fields that say what is to be held.
fn right_fields(
    ctx: &Ctx,
    school: Option<&SchoolRef>,
    faults: &[FieldFault],
    account: Option<Id>,
) -> Result<Vec<parts::Field>> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let options: Vec<(String, String)> = Held::all()
        .into_iter()
        .filter(|h| may_appoint(scope, *h, school.map(|s| s.id), account).is_ok())
        .map(|h| (h.code().to_owned(), h.name().in_lang(lang).to_owned()))
        .collect();
    let mut fields = vec![common::field(
        ctx,
        faults,
        "role",
        t("角色或岗位", "Role or post"),
        FieldKind::Select(options),
        "subject_teacher",
    )];
    if let Some(s) = school {
        let led = ctx.read(|c| crate::led_classes(c, scope.county, s.id, SchoolYear::of(scope.today), scope.today))?;
        let none = (String::new(), t("不分班", "no class").in_lang(lang).to_owned());
        let list = std::iter::once(none)
            .chain(led.into_iter().map(|k| (k.code, k.name)))
            .collect();
        let mut f = common::field(ctx, faults, "class", t("哪个班", "Class"), FieldKind::Select(list), "");
        f.hint = t("班主任和科任教师才要选", "For class and subject teachers only")
            .in_lang(lang)
            .into();
        fields.push(f);
    }
    fields.push(common::field(
        ctx,
        faults,
        "from",
        t("从哪天起", "From"),
        FieldKind::Date,
        &scope.today.to_string(),
    ));
    let mut to = common::field(ctx, faults, "to", t("到哪天", "To"), FieldKind::Date, "");
    to.hint = t(
        "不填：到学年结束；志愿者和检查人员一年",
        "Empty: to the end of the school year; helpers and inspectors a year",
    )
    .in_lang(lang)
    .into();
    fields.push(to);
    Ok(fields)
}

fn show_new(ctx: &Ctx) -> Result<Reply> {
    new_page(ctx, asked(ctx)?, 200, &[])
}
fn new_page(ctx: &Ctx, school: Option<SchoolRef>, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let lang = ctx.lang;
    let sexes = [
        ("", t("不写", "not said")),
        ("f", t("女", "female")),
        ("m", t("男", "male")),
    ];
    let mut fields = vec![
        parts::Field {
            required: true,
            max: 60,
            ..common::field(ctx, faults, "name", t("姓名", "Name"), FieldKind::Text, "")
        },
        common::field(
            ctx,
            faults,
            "sex",
            t("性别", "Sex"),
            FieldKind::Select(sexes.map(|(v, n)| (v.to_owned(), n.in_lang(lang).to_owned())).to_vec()),
            "",
        ),
        parts::Field {
            hint: t("登录时用；不填就用姓名", "For signing in; empty takes the name")
                .in_lang(lang)
                .into(),
            max: 60,
            ..common::field(ctx, faults, "user", t("用户名", "User name"), FieldKind::Text, "")
        },
    ];
    fields.extend(right_fields(ctx, school.as_ref(), faults, None)?);
    let top = Top {
        title: t("加一个人", "Add someone").in_lang(lang).into(),
        sub: vec![school.as_ref().map_or_else(
            || t("县里的账号", "Accounts of the county").in_lang(lang).to_owned(),
            |s| s.name.clone(),
        )],
        ..Default::default()
    };
    let code = school.as_ref().map(|s| s.code.clone()).unwrap_or_default();
    let back = if code.is_empty() {
        "/people".to_owned()
    } else {
        format!("/people?school={code}")
    };
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        (parts::error_summary(lang, &common::errors(lang, faults)))
        section.card.pad {
            (parts::form(&common::form(ctx, "/people/new", &[("school", &code)]), "stack", html! {
                div.fgrid { @for f in &fields { (parts::field(f)) } }
                p.m3 { (t("加好后给出首次密码，只显示一次，24 小时内有效。", "The first password is shown once afterwards and lives 24 hours.").in_lang(lang)) }
                div.two { button.btn.b1 { (t("加上", "Add").in_lang(lang)) } (parts::button(&Link::new(t("不加了", "Leave it").in_lang(lang), back))) }
            }))
        }
        (legend(lang, school.is_some()))
    };
    common::page(ctx, status, t("加一个人", "Add someone"), body)
}

/// Faults of a form; a refusal by right is shown as one too.
fn beside(f: Fault, name: &str) -> Result<Vec<FieldFault>> {
    match f {
        Fault::Conflict(reason) | Fault::Forbidden(reason) => Ok(vec![FieldFault {
            field: name.into(),
            reason,
        }]),
        other => common::field_faults(other),
    }
}

/// What the form of a new account says.
fn typed(ctx: &Ctx, school: Option<&SchoolRef>, adult: Option<Id>, name: &str) -> Result<NewPerson> {
    let scope = ctx.scope()?;
    let right = ctx.read(|c| right_of(c, scope, school, ctx.f("role"), ctx.f("class"), None))?;
    let from = day_of(ctx.f("from"), "from", scope.today)?;
    let to = if ctx.f("to").is_empty() {
        None
    } else {
        Some(day_of(ctx.f("to"), "to", from)?)
    };
    Ok(NewPerson {
        school: school.map(|s| s.id),
        adult,
        name: name.to_owned(),
        sex: Some(ctx.f("sex").to_owned()).filter(|s| !s.is_empty()),
        user: ctx.f("user").to_owned(),
        rights: vec![right],
        from,
        to,
    })
}

fn add(ctx: &Ctx) -> Result<Reply> {
    let school = asked(ctx)?;
    match typed(ctx, school.as_ref(), None, ctx.f("name")).and_then(|new| add_once(ctx, new)) {
        Ok((id, user, password)) => handed(ctx, id, ctx.f("name"), &user, password.as_deref()),
        Err(f) => new_page(ctx, school, 422, &beside(f, "user")?),
    }
}

/// An account for someone who stands on the school's list without one.
fn open_account(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let (p, school) = ctx.read(|c| one(c, scope, id))?;
    if p.account.is_some() {
        return Err(Fault::Conflict(say("已经有账号了", "There is an account already")));
    }
    match typed(ctx, school.as_ref(), p.adult, &p.name).and_then(|new| add_once(ctx, new)) {
        Ok((account, user, password)) => handed(ctx, account, &p.name, &user, password.as_deref()),
        Err(f) => one_page(ctx, 422, &beside(f, "user")?),
    }
}

/// The one time that a first password is shown.
fn handed(ctx: &Ctx, id: Id, name: &str, user: &str, password: Option<&str>) -> Result<Reply> {
    let lang = ctx.lang;
    let top = Top {
        title: name.to_owned(),
        print: password.is_some(),
        ..Default::default()
    };
    let body = html! {
        (parts::top(lang, &top))
        section.card.pad {
            @match password {
                Some(p) => {
                    (parts::definition_list(lang, &[(parts::words::USER.in_lang(lang).into(), vec![user.to_owned()]), (t("首次密码", "First password").in_lang(lang).into(), vec![p.to_owned()])]))
                    p { (t("只显示这一次，24 小时内登录有效。登录后请他自己换一个。", "Shown this once; it works for 24 hours. After signing in one takes another.").in_lang(lang)) }
                }
                None => p { (t("这个人已经加好了。首次密码只显示一次；没抄下来，就重发一个。", "This person was added already. A first password is shown once; if it was not written down, make a new one.").in_lang(lang)) },
            }
            div.two { (parts::button(&Link::new(t("看这个人", "See this person").in_lang(lang), format!("/people/{id}")).first())) }
        }
    };
    common::page(ctx, 200, t("首次密码", "First password"), body)
}

fn show_one(ctx: &Ctx) -> Result<Reply> {
    one_page(ctx, 200, &[])
}
fn one_page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    let (p, school, sessions) = ctx.read(|c| {
        let (p, school) = one(c, scope, id)?;
        let sessions = p
            .account
            .map_or(Ok(Vec::new()), |a| tx_access::sessions_of(c, scope.county, a))?;
        Ok((p, school, sessions))
    })?;
    let tokens = sessions
        .iter()
        .filter(|s| s.kind == tx_access::SessionKind::Token)
        .count();
    let top = Top {
        title: p.name.clone(),
        sub: vec![
            p.user.clone(),
            school.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
        ],
        buttons: vec![Link::new(
            t("人员", "People").in_lang(lang),
            school
                .as_ref()
                .map_or_else(|| "/people".to_owned(), |s| at(ctx, "/people", s, "")),
        )],
        ..Default::default()
    };
    let fields = right_fields(ctx, school.as_ref(), faults, p.account)?;
    let act = |what: &str| common::form(ctx, &format!("/people/{id}/{what}"), &[]);
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        (parts::error_summary(lang, &common::errors(lang, faults)))
        @if p.disabled { (parts::strip(Pill::Late, "lock", t("这个账号停用了，进不来。", "This account is disabled.").in_lang(lang), None)) }
        @if p.account.is_none() { (parts::strip(Pill::Due, "", t("在名册上，没有账号。", "On the list, without an account.").in_lang(lang), None)) }
        section.card.its {
            @for h in &p.held {
                div.it {
                    span.ic.ok { (parts::icon("eye")) }
                    div {
                        b { (held_name(lang, h)) }
                        div.x { (h.held.sentence().in_lang(lang)) }
                        div.x { (parts::facts(&[until(lang, h), h.approved_shown.as_ref().map(|b| match lang { Lang::Zh => format!("{b}批的"), Lang::En => format!("approved by {b}") }).unwrap_or_default()])) }
                        details { summary { (t("不再担任", "End").in_lang(lang)) }
                            (parts::form(&common::form(ctx, &format!("/people/{id}/end"), &[("role", h.held.code()), ("class", &h.class.map(|k| k.to_string()).unwrap_or_default())]), "inline", html! {
                                div.fd { label for={"f-end-" (h.held.code())} { (t("从哪天起", "From").in_lang(lang)) } input id={"f-end-" (h.held.code())} type="date" name="end_from" value=(scope.today); }
                                button.btn.b2 { (t("结束", "End").in_lang(lang)) }
                            }))
                        }
                    }
                }
            }
            @if p.held.is_empty() { p.m { (t("现在没有角色，什么也看不到。", "Holds nothing now and sees nothing.").in_lang(lang)) } }
        }
        @if p.account.is_none() {
            section.card.pad {
                h2 { (t("开账号", "Open an account").in_lang(lang)) }
                (parts::form(&act("account"), "stack", html! {
                    div.fgrid {
                        (parts::field(&parts::Field { hint: t("登录时用；不填就用姓名", "For signing in; empty takes the name").in_lang(lang).into(), max: 60, ..common::field(ctx, faults, "user", t("用户名", "User name"), FieldKind::Text, "") }))
                        @for f in &fields { (parts::field(f)) }
                    }
                    button.btn.b1 { (t("开账号", "Open").in_lang(lang)) }
                }))
            }
        }
        @if p.account.is_some() {
            details.card.pad open[!faults.is_empty()] {
                summary { (parts::icon("plus")) (t("给一个角色或岗位", "Give a role or post").in_lang(lang)) }
                (parts::form(&act("give"), "stack", html! { div.fgrid { @for f in &fields { (parts::field(f)) } } button.btn.b2 { (t("给", "Give").in_lang(lang)) } }))
            }
            section.card.pad {
                p.m { (match lang {
                    Lang::Zh => format!("登录着 {} 处，接口令牌 {tokens} 个。", sessions.len() - tokens),
                    Lang::En => format!("Signed in at {} places, {tokens} API tokens.", sessions.len() - tokens),
                }) }
                div.two {
                    (parts::post_button(&act("password"), t("重发首次密码", "New first password").in_lang(lang), "redo", Look::Second))
                    @if !sessions.is_empty() { (parts::post_button(&act("sign-out"), t("结束他的登录和令牌", "End sessions and tokens").in_lang(lang), "x", Look::Second)) }
                    @if let Some(s) = &school { (parts::post_button(&common::form(ctx, "/people/renew", &[("school", &s.code), ("person", &id.to_string())]), t("续到学年底", "Renew").in_lang(lang), "redo", Look::Second)) }
                    @if p.disabled { (parts::post_button(&act("enable"), t("重新启用", "Open again").in_lang(lang), "ok", Look::Second)) }
                    @else { (parts::post_button(&act("disable"), t("停用", "Disable").in_lang(lang), "lock", Look::Second)) }
                }
                p.m3 { (t("停用后，登录和令牌马上失效；记过的都还在。", "Disabling ends sessions and tokens at once; what was written stays.").in_lang(lang)) }
            }
        }
    };
    common::page(ctx, status, t("人员", "People"), body)
}

/// An act on one person: where it went wrong, the same page says so.
fn act_on(ctx: &Ctx, action: &str, f: impl Fn(&mut Write) -> Result<()> + Send + 'static) -> Result<Reply> {
    let to = format!("/people/{}?saved=1", ctx.id("id")?);
    match ctx.write_form(ctx.act(action)?, move |w| f(w).map(|()| to.clone())) {
        Err(f) => one_page(ctx, 422, &beside(f, "role")?),
        ok => ok,
    }
}
fn give(ctx: &Ctx) -> Result<Reply> {
    let (p, school, account) = managed(ctx)?;
    let scope = ctx.scope()?;
    let work = || -> Result<(Right, Day, Day)> {
        let right = ctx.read(|c| right_of(c, scope, school.as_ref(), ctx.f("role"), ctx.f("class"), Some(account)))?;
        let from = day_of(ctx.f("from"), "from", scope.today)?;
        let to = day_of(ctx.f("to"), "to", longest(right.held, from))?;
        Ok((right, from, to))
    };
    match work() {
        Ok((right, from, to)) => {
            let (school, adult) = (school.map(|s| s.id), p.adult);
            act_on(ctx, "right.give", move |w| {
                appoint(w, school, adult, account, &right, from, to)
            })
        }
        Err(f) => one_page(ctx, 422, &beside(f, "role")?),
    }
}
fn end(ctx: &Ctx) -> Result<Reply> {
    let (p, school, account) = managed(ctx)?;
    let scope = ctx.scope()?;
    let (held, class) = ending(scope, &p, school.as_ref(), account, ctx.f("role"), ctx.f("class"))?;
    match day_of(ctx.f("end_from"), "end_from", scope.today) {
        Ok(from) => act_on(ctx, "right.end", move |w| end_right(w, account, held, class, from)),
        Err(f) => one_page(ctx, 422, &beside(f, "role")?),
    }
}
fn password(ctx: &Ctx) -> Result<Reply> {
    let (p, _, account) = managed(ctx)?;
    if account == ctx.scope()?.account {
        return one_page(
            ctx,
            422,
            &[FieldFault {
                field: "role".into(),
                reason: own_password(),
            }],
        );
    }
    let password = new_password(ctx, account)?;
    handed(ctx, p.id, &p.name, &p.user, Some(&password))
}
fn disable(ctx: &Ctx) -> Result<Reply> {
    let (_, _, account) = managed(ctx)?;
    let (own, today) = (ctx.scope()?.account, ctx.today());
    act_on(ctx, "account.disable", move |w| {
        if account == own {
            return Err(Fault::Conflict(say("不能停用自己", "One cannot disable oneself")));
        }
        keep_an_admin(w.conn(), w.county(), account, today)?;
        tx_access::disable_account(w, account)
    })
}
fn enable(ctx: &Ctx) -> Result<Reply> {
    let (_, _, account) = managed(ctx)?;
    act_on(ctx, "account.enable", move |w| enable_account(w, account))
}
fn sign_out(ctx: &Ctx) -> Result<Reply> {
    let (_, _, account) = managed(ctx)?;
    act_on(ctx, "session.end_all", move |w| tx_access::end_sessions_of(w, account))
}
fn renew(ctx: &Ctx) -> Result<Reply> {
    let (scope, school) = (ctx.scope()?, asked(ctx)?.ok_or(Fault::NotFound)?);
    if !scope.is(Role::Admin) && scope.school.as_ref().is_none_or(|s| s.id != school.id) {
        return Err(Fault::NotFound);
    }
    let only = ctx.f("person").parse::<Id>().ok();
    let to = only.map_or_else(
        || at(ctx, "/people", &school, "saved=1"),
        |p| format!("/people/{p}?saved=1"),
    );
    let (id, today) = (school.id, ctx.today());
    ctx.write_form(ctx.act("right.renew")?, move |w| {
        renew_staff(w, id, only, today).map(|_| to.clone())
    })
}

//! The first administrator: the one-time link of the first start and its page (screens.md §5.1, security.md §3).

use maud::html;
use tx_access::Account;
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, t};
use tx_store::{Act, Class};
use tx_web::parts::forms::{Field, FieldError, FieldKind, Form};
use tx_web::parts::{self, Link, entry};
use tx_web::{Ctx, Reply, Route, Who};

pub static ROUTES: &[Route] = &[
    Route::get("/setup/{token}", Who::Anyone, Class::O, show).says(t("第一名管理员", "The first administrator")),
    Route::form("/setup/{token}", Who::Anyone, Class::S, save)
        .says(t("建第一名管理员", "Make the first administrator")),
];

const TITLE: Text = t("第一名管理员", "The first administrator");

/// Says the link where the server was started: on stderr, beside the address. `base` is the public address, else the one listened on.
pub fn say_link(base: &str, path: &str, lang: Lang) {
    let words = t(
        "还没有管理员。24 小时内打开这个链接建第一名，只能用一次：",
        "No administrator yet. Open this link within 24 hours to make the first; it works once:",
    );
    eprintln!("{}\n{}{path}", words.in_lang(lang), base.trim_end_matches('/'));
}

fn county(ctx: &Ctx) -> Result<Option<Id>> {
    let now = ctx.now();
    ctx.read(|c| tx_school::link_county(c, ctx.param("token"), now))
}
/// Used, too old, or never one: the same page for all three.
fn gone(ctx: &Ctx) -> Reply {
    let lang = ctx.lang;
    let body = entry::gone(
        t("这个链接用过了，或者过期了。", "This link was used or is too old.").in_lang(lang),
        t(
            "已经有管理员的，请直接登录；还没有的，请在装系统的电脑上重新启动一次，会给出新的链接。",
            "If there is an administrator, sign in. If there is none yet, start the program again where it is installed: it gives a new link.",
        )
        .in_lang(lang),
        Some(&Link::new(t("去登录", "Sign in").in_lang(lang), "/login").first()),
    );
    Reply::page_with(410, parts::bare(lang, TITLE.in_lang(lang), body))
}

fn show(ctx: &Ctx) -> Result<Reply> {
    Ok(if county(ctx)?.is_some() {
        page(ctx, 200, &[])
    } else {
        gone(ctx)
    })
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Reply {
    let lang = ctx.lang;
    let fault = |name: &str| tx_web::parts::forms::fault_of(lang, faults, name);
    let field = |name: &str, label: Text, hint: Text, kind: FieldKind, auto: &'static str| Field {
        name: name.into(),
        label: label.in_lang(lang).into(),
        // passwords are typed again
        value: if kind == FieldKind::Password {
            String::new()
        } else {
            ctx.f(name).to_owned()
        },
        hint: hint.in_lang(lang).into(),
        error: fault(name),
        kind,
        required: true,
        auto,
        max: 128,
        ..Field::default()
    };
    let none = t("", "");
    let fields = [
        field("shown", t("您的姓名", "Your name"), none, FieldKind::Text, "name"),
        field(
            "username",
            parts::words::USER,
            t("登录时用", "For signing in"),
            FieldKind::Text,
            "username",
        ),
        field(
            "new",
            parts::words::PASSWORD,
            t(
                "至少 8 个字，随便什么字都行；不要名字、生日和常见的",
                "At least 8 characters of any kind; no names, birthdays or common ones",
            ),
            FieldKind::Password,
            "new-password",
        ),
        field(
            "again",
            t("再输一次", "Once more"),
            none,
            FieldKind::Password,
            "new-password",
        ),
    ];
    let form = Form {
        action: format!("/setup/{}", ctx.param("token")),
        ..Form::default()
    };
    let errors: Vec<FieldError> = tx_web::parts::forms::errors(lang, faults, |_| String::new());
    let body = html! {
        div.login {
            svg.brand width="64" height="64" viewBox="0 0 40 40" aria-hidden="true" { use href="/a/icons.svg#brand" {} }
            h1 { (TITLE.in_lang(lang)) }
            p.m { (t("您来管账号和设置。孩子的档案管理员看不到。", "You keep accounts and settings. An administrator sees no child's file.").in_lang(lang)) }
            (parts::error_summary(lang, &errors))
            (parts::form(&form, "card", html! { @for f in &fields { (parts::field(f)) } button.btn.b1 { (t("建好，开始设置", "Make it and begin").in_lang(lang)) } }))
        }
    };
    Reply::page_with(status, parts::bare(lang, TITLE.in_lang(lang), body))
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let Some(county) = county(ctx)? else {
        return Ok(gone(ctx));
    };
    let (user, shown, password) = (
        ctx.f("username").trim().to_owned(),
        ctx.f("shown").trim().to_owned(),
        ctx.f("new").to_owned(),
    );
    if password != ctx.f("again") {
        return Ok(page(
            ctx,
            422,
            &[FieldFault {
                field: "again".into(),
                reason: tx_base::say("两次不一样", "The two differ"),
            }],
        ));
    }
    let mut act = Act::console(county, "setup link", "admin.first");
    act.address.clone_from(&ctx.address);
    let (name, called) = (user.clone(), shown.clone());
    let made = ctx
        .db()
        .write(act, move |w| tx_school::add_first_admin(w, &name, &called, &password));
    match made {
        Ok(id) => {
            let account = Account {
                county,
                id,
                name: user,
                shown,
                must_change: false,
            };
            crate::second::after_password(ctx, &account, false, "/setup")
        }
        Err(Fault::NotFound) => Ok(gone(ctx)),
        Err(Fault::Invalid(_, faults)) => {
            let named = |f: FieldFault| FieldFault {
                field: if f.field == "name" { "username".into() } else { f.field },
                ..f
            };
            Ok(page(ctx, 422, &faults.into_iter().map(named).collect::<Vec<_>>()))
        }
        Err(Fault::Conflict(reason)) => Ok(page(
            ctx,
            422,
            &[FieldFault {
                field: "username".into(),
                reason,
            }],
        )),
        Err(f) => Err(f),
    }
}

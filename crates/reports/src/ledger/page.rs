//! 台账: the page where one is asked for, with purpose and password, and the file. Every ledger with names is an audit entry (security.md §1).

use super::{Ledger, draw};
use tx_access::{Role, SessionKind};
use tx_base::{Day, Fault, FieldFault, Result, Span, say, t};
use tx_calendar::SchoolYear;
use tx_child::MOST_NAMES;
use tx_sheet::to_xlsx;
use tx_store::Class;
use tx_web::parts::frame::{Top, top};
use tx_web::parts::marks::Look;
use tx_web::parts::{self, Field, FieldKind, Form};
use tx_web::{Ctx, Limit, Reply, Route, Who};

/// Who takes names out of the program; inspectors do not (security.md §1).
const TAKERS: Who = Who::Roles(&[Role::Head, Role::Leader, Role::ClassTeacher, Role::Counsellor]);
/// So long after signing in no password is asked again (security.md §1).
const FRESH_MINUTES: i64 = 5;

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/ledgers", TAKERS, Class::P, ask)
        .says(t("台账", "Ledgers"))
        .query(&[
            ("kind", "string", t("哪一种", "Which one")),
            ("from", "string", t("从", "From day")),
            ("to", "string", t("到", "To day")),
        ]),
    Route::form("/ledgers", TAKERS, Class::P, take).says(t("下载台账", "Download a ledger")),
    Route::get("/records/ledger.xlsx", TAKERS, Class::P, direct)
        .says(t("台账文件", "A ledger as a sheet"))
        .query(&[
            (
                "kind",
                "string",
                t("roster、pairings 或一种记录", "roster, pairings or a kind of record"),
            ),
            ("from", "string", t("从", "From day")),
            ("to", "string", t("到", "To day")),
            ("purpose", "string", t("用途", "Purpose")),
        ]),
];

/// What was asked for, as it was typed.
struct Typed {
    kind: String,
    from: String,
    to: String,
    purpose: String,
}
struct Asked {
    what: Ledger,
    period: Span,
    purpose: String,
}

fn check(ctx: &Ctx, v: &Typed) -> Result<Asked> {
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut fault = |field: &str, zh: &str, en: &str| {
        bad.push(FieldFault {
            field: field.into(),
            reason: say(zh, en),
        });
    };
    let year = SchoolYear::of(ctx.today()).span();
    let what = Ledger::parse(if v.kind.is_empty() { "roster" } else { &v.kind }).filter(|l| l.code() != "admission");
    if what.is_none() {
        fault("kind", "没有这种台账", "There is no such ledger");
    }
    let mut day = |field: &str, text: &str, default: Day| match text {
        "" => default,
        other => Day::parse(other).unwrap_or_else(|_| {
            fault(field, "要日期，如 2026-09-01", "A day is needed, such as 2026-09-01");
            default
        }),
    };
    let (from, to) = (day("from", &v.from, year.from), day("to", &v.to, ctx.today()));
    if from > to {
        fault("to", "结束早于开始", "The end lies before the beginning");
    }
    match (what, bad.is_empty()) {
        (Some(what), true) => Ok(Asked {
            what,
            period: Span::new(from, to),
            purpose: v.purpose.trim().chars().take(100).collect(),
        }),
        _ => Err(Fault::fields(bad)),
    }
}
fn of_query(ctx: &Ctx) -> Typed {
    let q = |n: &str| ctx.q(n).unwrap_or_default().to_owned();
    Typed {
        kind: q("kind"),
        from: q("from"),
        to: q("to"),
        purpose: q("purpose"),
    }
}

fn ask(ctx: &Ctx) -> Result<Reply> {
    page(ctx, &of_query(ctx), &[], 200)
}

fn is_fresh(ctx: &Ctx) -> bool {
    ctx.session
        .as_ref()
        .is_some_and(|s| ctx.now() <= s.made_at.plus_minutes(FRESH_MINUTES) && ctx.now() >= s.made_at)
}

/// The form posts here: purpose and password, then the file.
fn take(ctx: &Ctx) -> Result<Reply> {
    let v = Typed {
        kind: ctx.f("kind").into(),
        from: ctx.f("from").into(),
        to: ctx.f("to").into(),
        purpose: ctx.f("purpose").into(),
    };
    let asked = match check(ctx, &v) {
        Err(Fault::Invalid(_, bad)) => return page(ctx, &v, &bad, 422),
        other => other?,
    };
    let wrong = |field: &str, zh: &str, en: &str| FieldFault {
        field: field.into(),
        reason: say(zh, en),
    };
    if asked.purpose.is_empty() {
        return page(ctx, &v, &[wrong("purpose", "写一句用途", "Say what it is for")], 422);
    }
    if !is_fresh(ctx) {
        let scope = ctx.scope()?;
        match tx_access::login(ctx.db(), &scope.name, ctx.f("password"), &ctx.address) {
            Ok(_) => {}
            Err(slow @ Fault::Slow(_)) => return Err(slow),
            Err(_) => return page(ctx, &v, &[wrong("password", "密码不对", "The password is wrong")], 422),
        }
    }
    file(ctx, &asked)
}

/// For scripts; a person is led to the form, where purpose and password are asked.
fn direct(ctx: &Ctx) -> Result<Reply> {
    let v = of_query(ctx);
    let token = ctx.session.as_ref().is_some_and(|s| s.kind == SessionKind::Token);
    if !token {
        let back: Vec<String> = [("kind", &v.kind), ("from", &v.from), ("to", &v.to)]
            .iter()
            .filter(|(_, x)| x.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)))
            .map(|(n, x)| format!("{n}={x}"))
            .collect();
        return Ok(Reply::see(&format!("/ledgers?{}", back.join("&"))));
    }
    let mut asked = check(ctx, &v)?;
    if asked.purpose.is_empty() {
        asked.purpose = "api".into();
    }
    file(ctx, &asked)
}

fn file(ctx: &Ctx, a: &Asked) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?.clone();
    ctx.app.take(Limit::Export, scope.account)?;
    let mut drawn = ctx.read(|c| draw(ctx.db().keys(), c, scope, a.what, a.period, ctx.lang))?;
    if drawn.names > MOST_NAMES {
        return Err(Fault::forbidden(t(
            "一次最多导出 2000 行姓名，请缩短期间，或在服务器上用命令",
            "At most 2,000 rows of names at once; shorten the period, or use the command on the server",
        )));
    }
    let purpose = &a.purpose;
    drawn.table.footer.push(ctx.exported(purpose)?);
    let detail = format!("{}; {} names; purpose: {purpose}", a.what.code(), drawn.names);
    ctx.db().write(scope.act("export.ledger"), move |w| {
        w.note("export.ledger", "records", None, Some(detail.clone()));
        Ok(())
    })?;
    let name = format!("{}{}{}.xlsx", school.name, a.what.name(ctx.lang), scope.today);
    Ok(Reply::file(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &name,
        to_xlsx(&[drawn.table]),
    ))
}

fn page(ctx: &Ctx, v: &Typed, bad: &[FieldFault], status: u16) -> Result<Reply> {
    let lang = ctx.lang;
    let year = SchoolYear::of(ctx.today()).span();
    let reason = |name: &str| {
        bad.iter()
            .find(|b| b.field == name)
            .map(|b| b.reason.in_lang(lang).to_owned())
            .unwrap_or_default()
    };
    let or = |text: &str, d: Day| {
        if text.is_empty() {
            d.to_string()
        } else {
            text.to_owned()
        }
    };
    let field = |name: &str, label: tx_base::Text, value: String, kind: FieldKind| Field {
        name: name.into(),
        label: label.in_lang(lang).into(),
        value,
        kind,
        error: reason(name),
        required: true,
        ..Field::default()
    };
    let kinds = Ledger::all()
        .iter()
        .map(|l| (l.code().to_owned(), l.name(lang)))
        .collect();
    let mut fields = vec![
        field(
            "kind",
            t("哪一种", "Which one"),
            v.kind.clone(),
            FieldKind::Select(kinds),
        ),
        field("from", t("从", "From"), or(&v.from, year.from), FieldKind::Date),
        field("to", t("到", "To"), or(&v.to, ctx.today()), FieldKind::Date),
        Field {
            hint: t(
                "会印在表的末尾，也记进审计",
                "It is printed below the table and kept in the audit",
            )
            .in_lang(lang)
            .into(),
            max: 100,
            ..field("purpose", t("用途", "Purpose"), v.purpose.clone(), FieldKind::Text)
        },
    ];
    if !is_fresh(ctx) {
        fields.push(Field {
            hint: t(
                "名单要离开系统，请再输一次密码",
                "Names leave the system: your password once more",
            )
            .in_lang(lang)
            .into(),
            auto: "current-password",
            ..field("password", t("密码", "Password"), String::new(), FieldKind::Password)
        });
    }
    let errors = parts::forms::errors(lang, bad, |name| {
        fields
            .iter()
            .find(|f| f.name == name)
            .map_or_else(|| name.to_owned(), |f| f.label.clone())
    });
    let form = Form {
        action: "/ledgers".into(),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..Form::default()
    };
    let body = maud::html! {
        (top(lang, &Top { title: t("台账", "Ledgers").in_lang(lang).into(), sub: vec![t("一种一本，按期间，下载成 Excel", "One for each kind and period, as an Excel file").in_lang(lang).into()], ..Top::default() }))
        div.card.pad {
            (parts::error_summary(lang, &errors))
            (parts::form(&form, "grow", maud::html! {
                @for f in &fields { (parts::field(f)) }
                button class={"btn " (Look::First.class())} type="submit" { (t("下载", "Download").in_lang(lang)) }
            }))
        }
    };
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("台账", "Ledgers"), "summary", None, body)?,
    ))
}

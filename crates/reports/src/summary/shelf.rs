//! 总结与报表: the shelf of summaries, and the page before a first draft.

use super::acts::asked;
use super::api::own_style;
use super::draw::Own;
use super::links::To;
use super::store::{State, list};
use super::style::Style;
use super::write::{Ask, write};
use super::{PAPERS, before, may_write};
use tx_base::{Fault, FieldFault, Result, say, t};
use tx_calendar::SchoolYear;
use tx_store::Class;
use tx_web::pages::may_open;
use tx_web::parts::summary::{BeforeView, PaperCard, Post, ShelfView};
use tx_web::parts::{self, Field, FieldKind, Form, Link, Look, Pill, Top};
use tx_web::{Ctx, READERS, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/reports", READERS, Class::P, shelf).says(t("总结与报表", "Summaries and reports")),
    Route::get("/summary", READERS, Class::P, shelf).says(t("工作总结", "Work summaries")),
    Route::get("/summary/new", PAPERS, Class::P, new)
        .says(t(
            "写之前：什么会算，什么不算",
            "Before writing: what counts and what does not",
        ))
        .query(&[
            ("style", "string", t("体例 S1 到 S6", "Style, S1 to S6")),
            ("from", "string", t("从", "From day")),
            ("to", "string", t("到", "To day")),
        ]),
];

/// Other papers on the shelf, shown where this person may open them.
const OTHERS: &[(tx_base::Text, &[(tx_base::Text, &str)])] = &[
    (
        t("台账和名单", "Ledgers and lists"),
        &[
            (t("台账", "Ledgers"), "/ledgers"),
            (t("联系卡", "Contact cards"), "/cards"),
        ],
    ),
    (
        t("数字", "Figures"),
        &[
            (t("全部数字", "All figures"), "/figures"),
            (t("全校情况", "Dashboard"), "/dashboard"),
            (t("全部记录", "All records"), "/records"),
        ],
    ),
];

fn shelf(ctx: &Ctx) -> Result<Reply> {
    page(ctx, &[], 200)
}

/// The shelf, with what was wrong in the form for a new one.
pub fn page(ctx: &Ctx, bad: &[FieldFault], status: u16) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = scope.the_school()?.clone();
    let writes = may_write(scope).is_ok();
    let drafts = if writes {
        ctx.read(|c| list(ctx.db().keys(), c, scope))?
    } else {
        Vec::new()
    };
    let year = SchoolYear::of(scope.today).span();
    let own = own_style(ctx, scope, &school)?;
    let pick = |name: &str, default: String| match ctx.f(name) {
        "" => default,
        v => v.to_owned(),
    };
    let error = |name: &str| {
        bad.iter()
            .find(|b| b.field == name)
            .map(|b| b.reason.in_lang(lang).to_owned())
            .unwrap_or_default()
    };
    let fields = vec![
        Field {
            name: "style".into(),
            label: t("体例", "Style").in_lang(lang).into(),
            value: pick("style", own.code().into()),
            error: error("style"),
            kind: FieldKind::Select(
                Style::all()
                    .map(|s| (s.code().into(), format!("{} {}", s.number(), s.name().in_lang(lang))))
                    .collect(),
            ),
            ..Field::default()
        },
        Field {
            name: "from".into(),
            label: t("从", "From").in_lang(lang).into(),
            value: pick("from", year.from.to_string()),
            error: error("from"),
            kind: FieldKind::Date,
            ..Field::default()
        },
        Field {
            name: "to".into(),
            label: t("到", "To").in_lang(lang).into(),
            value: pick("to", scope.today.to_string()),
            error: error("to"),
            kind: FieldKind::Date,
            ..Field::default()
        },
    ];
    let view = ShelfView {
        top: Top {
            title: t("总结与报表", "Reports").in_lang(lang).into(),
            sub: vec![school.name.clone()],
            ..Top::default()
        },
        papers: drafts
            .iter()
            .map(|d| PaperCard {
                title: d.title.clone(),
                facts: vec![
                    format!("{} — {}", d.period.from.zh_long(), d.period.to.zh_long()),
                    format!("{} {}", d.style.number(), d.style.name().in_lang(lang)),
                    say(
                        format!("{} 写", d.drawn_at.day().zh_short()),
                        format!("written {}", d.drawn_at.day()),
                    )
                    .in_lang(lang)
                    .to_owned(),
                ],
                status: (
                    match d.state {
                        State::Draft => Pill::Mute,
                        State::Review => Pill::Due,
                        State::Approved | State::Final => Pill::Ok,
                    },
                    d.state.name().in_lang(lang).to_owned(),
                ),
                href: format!("/summary/{}", d.id),
            })
            .collect(),
        empty: if writes {
            t(
                "还没有总结。选体例和时间，先看看什么会算。",
                "No summary yet. Choose style and days, and see first what counts.",
            )
            .in_lang(lang)
            .into()
        } else {
            String::new()
        },
        groups: OTHERS
            .iter()
            .map(|(head, links)| {
                let open = links.iter().filter(|(_, href)| may_open(ctx, href));
                (
                    head.in_lang(lang).to_owned(),
                    open.map(|(name, href)| Link::new(name.in_lang(lang), *href))
                        .collect::<Vec<_>>(),
                )
            })
            .filter(|(_, links)| !links.is_empty())
            .collect(),
        new: writes.then(|| {
            (
                t("写一份工作总结", "Write a work summary").in_lang(lang).to_owned(),
                Form {
                    action: "/summary/new".into(),
                    ..Form::default()
                },
                fields,
                t("先看什么会算", "See what counts").in_lang(lang).to_owned(),
            )
        }),
        ..ShelfView::default()
    };
    let body = parts::summary::shelf(lang, &view);
    let page = tx_web::shell(ctx, t("总结与报表", "Reports"), "reports", None, body)?;
    Ok(Reply::page_with(status, page))
}

/// What will count, what not and why; nothing is stored.
fn new(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    may_write(scope)?;
    let school = scope.the_school()?.clone();
    let q = |name: &str| ctx.q(name).unwrap_or_default();
    let (style, period) = match asked(q("style"), q("from"), q("to")) {
        Ok(v) => v,
        Err(Fault::Invalid(_, bad)) => return page(ctx, &bad, 422),
        Err(other) => return Err(other),
    };
    let ask = Ask {
        school: school.clone(),
        period,
        style,
        authority: false,
    };
    let to = To { period, draft: None };
    let (w, mut notes) = ctx.read(|c| {
        Ok((
            write(c, scope, ask, &Own::default(), to)?,
            before::notes(c, scope, school.id, period, lang)?,
        ))
    })?;
    if notes.is_empty() {
        let fine = t("期内的记录都会算。", "Every record of the period counts.");
        notes.push((Pill::Ok, fine.in_lang(lang).to_owned(), None));
    }
    let form = Form {
        action: "/summary".into(),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden: vec![
            ("style".into(), style.code().into()),
            ("from".into(), period.from.to_string()),
            ("to".into(), period.to.to_string()),
        ],
        ..Form::default()
    };
    let view = BeforeView {
        top: Top {
            title: t("写之前看一眼", "Before writing").in_lang(lang).into(),
            sub: vec![
                format!("{} {}", style.number(), style.name().in_lang(lang)),
                format!("{} — {}", period.from.zh_long(), period.to.zh_long()),
            ],
            ..Top::default()
        },
        notes,
        not_title: t("什么不算，为什么", "What does not count, and why")
            .in_lang(lang)
            .into(),
        counts: before::counts(&w, lang),
        counts_title: t("会写进去的数", "Numbers that will be written").in_lang(lang).into(),
        missing_title: t(
            "还没有的，会印〔未填〕或略去",
            "Not there yet: prints 〔未填〕 or is left out",
        )
        .in_lang(lang)
        .into(),
        missing: before::missing(&w, lang),
        write: Post {
            form,
            label: t("开始写", "Begin").in_lang(lang).into(),
            icon: "pen",
            look: Look::First,
        },
        safe: t("现在什么都还没存。", "Nothing is stored yet.").in_lang(lang).into(),
    };
    let body = parts::summary::before(lang, &view);
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("写之前看一眼", "Before writing"),
        "reports",
        None,
        body,
    )?))
}

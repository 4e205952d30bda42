//! 学校: the profile with its history, by page and API (features A1).

use crate::common::{self, KEEPERS, STAFF_AND_OFFICERS, asked_school, at, keeps, may_keep, school_of, year_of};
use crate::profile::{FIELDS, Profile, ProfileField, Shape, profile, profiles, set_profile};
use maud::html;
use serde_json::{Map, Value as Json, json};
use tx_access::SchoolRef;
use tx_base::{FieldFault, Lang, Result, t};
use tx_calendar::SchoolYear;
use tx_store::Class;
use tx_web::parts::forms::{Field, FieldKind};
use tx_web::parts::{self, Link, Piece, Pill, TableView, Top};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/schools/{code}/profile", STAFF_AND_OFFICERS, Class::O, get_json)
        .says(t("学校概况", "The school's profile"))
        .query(&[(
            "year",
            "string",
            t("学年，如 2026-2027", "School year such as 2026-2027"),
        )]),
    Route::json(
        "PUT",
        "/api/v1/schools/{code}/profile",
        KEEPERS,
        Class::O,
        "Profile",
        put_json,
    )
    .says(t("写这一学年的概况", "Write the profile of a school year"))
    .query(&[(
        "year",
        "string",
        t("学年，如 2026-2027", "School year such as 2026-2027"),
    )]),
    Route::get("/school", STAFF_AND_OFFICERS, Class::O, show)
        .says(t("学校", "School"))
        .query(&[
            ("school", "string", t("学校代码", "School code")),
            ("year", "string", t("学年", "School year")),
            ("edit", "boolean", t("改", "Change")),
        ]),
    Route::form("/school", KEEPERS, Class::O, save).says(t("存学校概况", "Save the profile")),
];

fn get_json(ctx: &Ctx) -> Result<Reply> {
    let (school, year, county) = (school_of(ctx)?, year_of(ctx)?, ctx.scope()?.county);
    let found = ctx.read(|c| profile(c, county, school.id, year.first))?;
    Ok(Reply::json(
        &json!({"school": school.code, "name": school.name, "year": year.code(), "written_for": found.as_ref().map(|p| p.year.code()),
        "profile": found.map(|p| p.body).unwrap_or_default()}),
    ))
}
fn put_json(ctx: &Ctx) -> Result<Reply> {
    let (school, year) = (school_of(ctx)?, year_of(ctx)?);
    may_keep(ctx.scope()?, school.id)?;
    let mut body = ctx.json()?.clone();
    body.remove("school");
    ctx.write_json(ctx.act("school.profile")?, move |w| {
        set_profile(w, school.id, year.first, &body)?;
        let stored = profile(w.conn(), w.county(), school.id, year.first)?;
        Ok((
            200,
            json!({"school": school.code, "year": year.code(), "profile": stored.map(|p| p.body)}),
        ))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let Some(school) = asked_school(ctx)? else {
        return common::choose_school(ctx, "/school", t("学校", "School"));
    };
    let year = year_of(ctx)?;
    if ctx.q("edit").is_some() && keeps(ctx.scope()?, school.id) {
        edit(ctx, &school, year, 200, &[])
    } else {
        view(ctx, &school, year)
    }
}

/// 2026—2027学年度, 2026-2027.
fn year_name(lang: Lang, year: SchoolYear) -> String {
    match lang {
        Lang::Zh => year.name(),
        Lang::En => year.code(),
    }
}

fn view(ctx: &Ctx, school: &SchoolRef, year: SchoolYear) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let all = ctx.read(|c| profiles(c, scope.county, school.id))?;
    let now = SchoolYear::of(ctx.today());
    let mut known: Vec<SchoolYear> = all.iter().map(|p| p.year).chain([now, now.before()]).collect();
    known.sort_unstable();
    known.dedup();
    known.reverse();
    known.truncate(4);
    let holds: Option<&Profile> = all.iter().find(|p| p.year <= year);
    let may = keeps(scope, school.id);
    let mut buttons = Vec::new();
    if may {
        buttons.push(
            Link::new(
                t("改", "Change").in_lang(lang),
                at(ctx, "/school", school, &format!("edit=1&year={}", year.code())),
            )
            .icon("pen")
            .first(),
        );
    }
    let top = Top {
        title: school.name.clone(),
        sub: vec![school.code.clone(), year_name(lang, year)],
        switch: common::years(ctx, "/school", school, &known, year),
        buttons,
        ..Default::default()
    };
    let rows: Vec<(String, Vec<String>)> = FIELDS
        .iter()
        .map(|f| {
            (
                f.name.in_lang(lang).to_owned(),
                holds
                    .map(|p| p.words(f))
                    .unwrap_or_default()
                    .iter()
                    .map(|s| s.in_lang(lang).to_owned())
                    .collect(),
            )
        })
        .collect();
    let (left, right) = rows.split_at(rows.len() / 2);
    let links = [
        (t("领导小组", "Leading group"), "/school/group", "pair"),
        (t("班级", "Classes"), "/classes", "kids"),
        (t("校历", "School calendar"), "/calendar/terms", "cal"),
        (t("关爱方案", "Care scheme"), "/scheme", "doc"),
    ];
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        @match holds {
            None => (parts::strip(Pill::Info, "", t("概况还没填。填了，总结和报表里就有这些数。", "Nothing is filled in yet. Once it is, summaries and reports carry these numbers.").in_lang(lang), None)),
            Some(p) if p.year != year => { (parts::strip(Pill::Due, "", &match lang {
                Lang::Zh => format!("{}还没填，下面是{}的。", year.name(), p.year.name()),
                Lang::En => format!("{} is not filled in yet; below is {}.", year.code(), p.year.code()),
            }, None)) },
            _ => {},
        }
        div.halves {
            section.card.pad { (parts::definition_list(lang, left)) }
            section.card.pad { (parts::definition_list(lang, right)) }
        }
        div.two { @for (label, href, ico) in links { (parts::button(&Link::new(label.in_lang(lang), at(ctx, href, school, "")).icon(ico))) } }
        @if all.len() > 1 {
            (parts::lists::heading(t("历年", "Over the years").in_lang(lang), "", None))
            div.nw { (parts::table(&history(lang, &all))) }
        }
    };
    common::page(ctx, 200, t("学校", "School"), body)
}

/// Numbers over the school years, the newest first.
fn history(lang: Lang, all: &[Profile]) -> TableView {
    let shown: Vec<&ProfileField> = FIELDS
        .iter()
        .filter(|f| {
            matches!(f.shape, Shape::Whole(_) | Shape::Decimal(_)) && all.iter().any(|p| p.body.contains_key(f.id))
        })
        .collect();
    TableView {
        caption: t("历年的数", "Numbers over the years").in_lang(lang).into(),
        head: std::iter::once(t("学年", "School year").in_lang(lang).to_owned())
            .chain(shown.iter().map(|f| f.name.in_lang(lang).to_owned()))
            .collect(),
        rows: all
            .iter()
            .map(|p| {
                let cells = shown.iter().map(|f| {
                    vec![Piece::Text(
                        p.body.get(f.id).map_or_else(|| "—".to_owned(), ToString::to_string),
                    )]
                });
                std::iter::once(vec![Piece::Text(p.year.code())]).chain(cells).collect()
            })
            .collect(),
        right: (1..=shown.len()).collect(),
        hrefs: Vec::new(),
    }
}

/// A stored value as it stands in its field of the form.
fn typed(f: &ProfileField, v: Option<&Json>) -> String {
    let pair = |o: &Json, k: &str| match &o[k] {
        Json::String(s) => s.clone(),
        Json::Null => String::new(),
        n => n.to_string(),
    };
    match v {
        None => String::new(),
        Some(Json::String(s)) => s.clone(),
        Some(Json::Array(list)) => list
            .iter()
            .map(|o| match (f.shape, o) {
                (Shape::Points, o) => format!("{} {}", pair(o, "name"), pair(o, "grades")).trim().to_owned(),
                (Shape::Merged, o) => format!("{} {}", pair(o, "name"), pair(o, "year")).trim().to_owned(),
                (_, Json::String(s)) => s.clone(),
                (_, o) => o.to_string(),
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Some(n) => n.to_string(),
    }
}

pub(crate) fn profile_fields(ctx: &Ctx, holds: Option<&Profile>, faults: &[FieldFault], only: &[&str]) -> Vec<Field> {
    let lang = ctx.lang;
    FIELDS
        .iter()
        .filter(|f| only.is_empty() || only.contains(&f.id))
        .map(|f| {
            let kind = match f.shape {
                Shape::Whole(_) | Shape::Decimal(_) => FieldKind::Number,
                Shape::Year | Shape::Line(_) => FieldKind::Text,
                Shape::Names | Shape::Points | Shape::Merged => FieldKind::Long,
            };
            let hint = match f.shape {
                Shape::Year => t("1947 或 民国36年", "such as 1947").in_lang(lang),
                Shape::Names => t("一行一个", "One a line").in_lang(lang),
                Shape::Points => t(
                    "一行一个，名字后面写年级：洞坪教学点 1-3",
                    "One a line with its grades: Dongping 1-3",
                )
                .in_lang(lang),
                Shape::Merged => t(
                    "一行一个，名字后面写年份：岩脚小学 2009",
                    "One a line with the year: Yanjiao 2009",
                )
                .in_lang(lang),
                _ => f.unit.in_lang(lang),
            };
            Field {
                hint: hint.to_owned(),
                ..common::field(
                    ctx,
                    faults,
                    f.id,
                    f.name,
                    kind,
                    &typed(f, holds.and_then(|p| p.body.get(f.id))),
                )
            }
        })
        .collect()
}

fn edit(ctx: &Ctx, school: &SchoolRef, year: SchoolYear, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let holds = ctx.read(|c| profile(c, scope.county, school.id, year.first))?;
    let fields = profile_fields(ctx, holds.as_ref(), faults, &[]);
    let top = Top {
        title: school.name.clone(),
        sub: vec![year_name(lang, year)],
        ..Default::default()
    };
    let f = common::form(ctx, "/school", &[("school", &school.code), ("year", &year.code())]);
    let back = Link::new(
        t("不改了", "Leave it").in_lang(lang),
        at(ctx, "/school", school, &format!("year={}", year.code())),
    );
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        (parts::error_summary(lang, &common::errors(lang, faults)))
        section.card.pad {
            (parts::form(&f, "stack", html! {
                div.fgrid { @for x in &fields { (parts::field(x)) } }
                div.two { button.btn.b1 { (parts::words::SAVE.in_lang(lang)) } (parts::button(&back)) }
            }))
        }
    };
    common::page(ctx, status, t("学校", "School"), body)
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let (school, year) = (school_of(ctx)?, year_of(ctx)?);
    may_keep(ctx.scope()?, school.id)?;
    let body: Map<String, Json> = FIELDS.iter().map(|f| (f.id.to_owned(), json!(ctx.f(f.id)))).collect();
    let to = at(ctx, "/school", &school, &format!("year={}&saved=1", year.code()));
    let id = school.id;
    match ctx.write_form(ctx.act("school.profile")?, move |w| {
        set_profile(w, id, year.first, &body).map(|()| to.clone())
    }) {
        Err(f) => edit(ctx, &school, year, 422, &common::field_faults(f)?),
        ok => ok,
    }
}

//! 领导小组: who is in it, what each carries, what is missing (features A2).

use crate::common::{self, KEEPERS, STAFF_AND_OFFICERS, asked_school, at, keeps, may_keep, school_of, year_of};
use crate::group::{Member, NewMember, POSITIONS, add_member, gaps, group, join_class_teachers, remove_member};
use crate::people::adults;
use maud::{Markup, html};
use serde_json::{Value as Json, json};
use tx_access::SchoolRef;
use tx_base::{Fault, FieldFault, Id, Lang, Result, t};
use tx_calendar::SchoolYear;
use tx_store::Class;
use tx_web::parts::forms::FieldKind;
use tx_web::parts::{self, Look, Pill, Top};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/schools/{code}/group", STAFF_AND_OFFICERS, Class::O, get_json)
        .says(t("领导小组", "The leading group"))
        .query(&[(
            "year",
            "string",
            t("学年，如 2026-2027", "School year such as 2026-2027"),
        )]),
    Route::json(
        "PUT",
        "/api/v1/schools/{code}/group",
        KEEPERS,
        Class::O,
        "Group",
        put_json,
    )
    .says(t("写领导小组", "Write the leading group"))
    .query(&[(
        "year",
        "string",
        t("学年，如 2026-2027", "School year such as 2026-2027"),
    )]),
    Route::get("/school/group", STAFF_AND_OFFICERS, Class::O, show)
        .says(t("领导小组", "Leading group"))
        .query(&[
            ("school", "string", t("学校代码", "School code")),
            ("year", "string", t("学年", "School year")),
        ]),
    Route::form("/school/group", KEEPERS, Class::O, add).says(t("加一名成员", "Add a member")),
    Route::form("/school/group/teachers", KEEPERS, Class::O, join).says(t("班主任都加进来", "Join all class teachers")),
    Route::form("/school/group/{id}/remove", KEEPERS, Class::O, remove).says(t("退出小组", "Take out of the group")),
];

fn member_json(m: &Member) -> Json {
    json!({"id": m.id, "adult": m.adult, "name": m.name, "position": m.position, "duty": m.duty, "title": m.title, "class": m.class_name})
}
fn get_json(ctx: &Ctx) -> Result<Reply> {
    let (school, year, scope) = (school_of(ctx)?, year_of(ctx)?, ctx.scope()?);
    let (list, g) = ctx.read(|c| {
        Ok((
            group(c, scope.county, school.id, year.first)?,
            gaps(c, scope.county, school.id, year.first, scope.today)?,
        ))
    })?;
    Ok(Reply::json(
        &json!({"school": school.code, "year": year.code(), "members": list.iter().map(member_json).collect::<Vec<_>>(),
        "gaps": {"head": g.no_head, "office_head": g.no_office, "classes_without_teacher": g.no_teacher, "teachers_not_joined": g.not_joined.iter().map(|(k, n)| json!({"class": k, "name": n})).collect::<Vec<_>>()}}),
    ))
}
fn put_json(ctx: &Ctx) -> Result<Reply> {
    let (school, year) = (school_of(ctx)?, year_of(ctx)?);
    may_keep(ctx.scope()?, school.id)?;
    let mut list = Vec::new();
    let sent = ctx.json()?.get("members").and_then(Json::as_array).cloned();
    for (i, v) in sent
        .ok_or_else(|| Fault::invalid("members", "要一列成员", "a list of members is needed"))?
        .iter()
        .enumerate()
    {
        let word = |k: &str| {
            v.get(k)
                .and_then(Json::as_str)
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
        };
        let adult = word("adult").and_then(|s| s.parse::<Id>().ok());
        let adult = adult.ok_or_else(|| {
            Fault::invalid(
                &format!("members[{i}].adult"),
                "要一个人的编号",
                "the id of an adult is needed",
            )
        })?;
        list.push(NewMember {
            adult,
            position: word("position").unwrap_or_default(),
            duty: word("duty"),
            title: word("title"),
            class: None,
        });
    }
    let id = school.id;
    ctx.write_json(ctx.act("group.set")?, move |w| {
        crate::group::set_group(w, id, year.first, &list)?;
        let now = group(w.conn(), w.county(), id, year.first)?;
        Ok((200, json!({"members": now.iter().map(member_json).collect::<Vec<_>>()})))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    match asked_school(ctx)? {
        Some(school) => view(ctx, &school, year_of(ctx)?, 200, &[]),
        None => common::choose_school(ctx, "/school/group", t("领导小组", "Leading group")),
    }
}

fn view(ctx: &Ctx, school: &SchoolRef, year: SchoolYear, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let (members, g, people) = ctx.read(|c| {
        Ok((
            group(c, scope.county, school.id, year.first)?,
            gaps(c, scope.county, school.id, year.first, scope.today)?,
            adults(c, scope.county, school.id, scope.today)?,
        ))
    })?;
    let may = keeps(scope, school.id);
    let now = SchoolYear::of(ctx.today());
    let top = Top {
        title: t("领导小组", "Leading group").in_lang(lang).into(),
        sub: vec![
            school.name.clone(),
            match lang {
                Lang::Zh => format!("{} 人", members.len()),
                Lang::En => format!("{} people", members.len()),
            },
        ],
        switch: common::years(ctx, "/school/group", school, &[now, now.before()], year),
        print: true,
        ..Default::default()
    };
    let hidden = [("school", school.code.as_str()), ("year", &year.code())];
    let options = |list: Vec<(String, String)>| {
        FieldKind::Select(
            std::iter::once((String::new(), t("请选", "Choose").in_lang(lang).to_owned()))
                .chain(list)
                .collect(),
        )
    };
    let fields = [
        common::field(
            ctx,
            faults,
            "adult",
            t("谁", "Who"),
            options(people.iter().map(|a| (a.id.to_string(), a.name.clone())).collect()),
            "",
        ),
        common::field(
            ctx,
            faults,
            "position",
            t("位置", "Position"),
            FieldKind::Select(
                POSITIONS
                    .iter()
                    .map(|(v, n)| ((*v).to_owned(), n.in_lang(lang).to_owned()))
                    .collect(),
            ),
            "member",
        ),
        common::field(ctx, faults, "title", t("职务", "Post"), FieldKind::Text, ""),
        common::field(ctx, faults, "duty", t("分管什么", "Duty carried"), FieldKind::Text, ""),
    ];
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        (gap_strips(lang, &g, members.is_empty()))
        @if members.is_empty() { (parts::empty(t("组里还没有人。先把组长加进来。", "Nobody in the group yet. Begin with its head.").in_lang(lang), None)) }
        @for (code, word) in POSITIONS {
            @let list: Vec<&Member> = members.iter().filter(|m| m.position == code).collect();
            @if !list.is_empty() {
                (parts::lists::heading(word.in_lang(lang), &list.len().to_string(), None))
                section.card.its {
                    @for m in list { (row(ctx, m, may, &hidden)) }
                }
            }
        }
        @if may {
            @if !g.not_joined.is_empty() {
                (parts::post_button(&common::form(ctx, "/school/group/teachers", &hidden), match lang {
                    Lang::Zh => format!("{} 名班主任一步加进来", g.not_joined.len()),
                    Lang::En => format!("Join {} class teachers in one step", g.not_joined.len()),
                }.as_str(), "plus", Look::First))
            }
            details.card.pad open[!faults.is_empty() || members.is_empty()] {
                summary { (parts::icon("plus")) (t("加一个人", "Add someone").in_lang(lang)) }
                (parts::error_summary(lang, &common::errors(lang, faults)))
                (parts::form(&common::form(ctx, "/school/group", &hidden), "stack", html! {
                    div.fgrid { @for f in &fields { (parts::field(f)) } }
                    button.btn.b2 { (parts::words::SAVE.in_lang(lang)) }
                }))
            }
        }
    };
    common::page(ctx, status, t("领导小组", "Leading group"), body)
}

fn row(ctx: &Ctx, m: &Member, may: bool, hidden: &[(&str, &str)]) -> Markup {
    let lang = ctx.lang;
    let carried = m
        .duty
        .clone()
        .unwrap_or_else(|| t("还没写分管什么", "duty not written").in_lang(lang).into());
    let facts = [
        m.title.clone().unwrap_or_default(),
        m.class_name.clone().unwrap_or_default(),
        if m.class.is_some() && m.duty.is_none() {
            String::new()
        } else {
            carried
        },
    ];
    html! {
        div.it {
            (parts::pebble(&m.name, &m.adult.to_string(), "m"))
            div { b { (m.name) } div.x { (parts::facts(&facts)) } }
            @if may { (parts::post_button(&common::form(ctx, &format!("/school/group/{}/remove", m.id), hidden), t("退出", "Take out").in_lang(lang), "", Look::Quiet)) }
        }
    }
}

/// What is missing, in sentences; while nobody is in the group only the classes without a teacher.
fn gap_strips(lang: Lang, g: &crate::group::Gaps, nobody: bool) -> Markup {
    let mut words: Vec<String> = Vec::new();
    if !nobody && g.no_head {
        words.push(t("还没有组长。", "There is no head of the group.").in_lang(lang).into());
    }
    if !nobody && g.no_office {
        words.push(t("还没有办公室主任。", "The office has no head.").in_lang(lang).into());
    }
    if !g.no_teacher.is_empty() {
        words.push(match lang {
            Lang::Zh => format!("{} 还没有班主任。", g.no_teacher.join("、")),
            Lang::En => format!("No class teacher yet: {}.", g.no_teacher.join(", ")),
        });
    }
    if !nobody && !g.not_joined.is_empty() {
        let of = |(k, n): &(String, String)| format!("{k} {n}");
        let names: Vec<String> = g.not_joined.iter().take(6).map(of).collect();
        words.push(match lang {
            Lang::Zh => format!(
                "{} 名班主任不在组里：{}{}",
                g.not_joined.len(),
                names.join("、"),
                if g.not_joined.len() > 6 { " 等。" } else { "。" }
            ),
            Lang::En => format!(
                "{} class teachers are not in the group: {}{}",
                g.not_joined.len(),
                names.join(", "),
                if g.not_joined.len() > 6 { " and others." } else { "." }
            ),
        });
    }
    html! { @for w in &words { (parts::strip(Pill::Due, "", w, None)) } }
}

fn to(ctx: &Ctx, school: &SchoolRef, year: SchoolYear) -> String {
    at(ctx, "/school/group", school, &format!("year={}&saved=1", year.code()))
}
fn add(ctx: &Ctx) -> Result<Reply> {
    let (school, year) = (school_of(ctx)?, year_of(ctx)?);
    may_keep(ctx.scope()?, school.id)?;
    let word = |n: &str| Some(ctx.f(n).trim().to_owned()).filter(|v| !v.is_empty());
    let Ok(adult) = ctx.f("adult").parse::<Id>() else {
        let missing = FieldFault {
            field: "adult".into(),
            reason: tx_base::say("请选一个人", "Choose someone"),
        };
        return view(ctx, &school, year, 422, &[missing]);
    };
    let m = NewMember {
        adult,
        position: ctx.f("position").to_owned(),
        duty: word("duty"),
        title: word("title"),
        class: None,
    };
    let (id, next) = (school.id, to(ctx, &school, year));
    match ctx.write_form(ctx.act("group.add")?, move |w| {
        add_member(w, id, year.first, &m).map(|_| next.clone())
    }) {
        Err(f) => view(ctx, &school, year, 422, &common::field_faults(f)?),
        ok => ok,
    }
}
fn join(ctx: &Ctx) -> Result<Reply> {
    let (school, year, on) = (school_of(ctx)?, year_of(ctx)?, ctx.today());
    may_keep(ctx.scope()?, school.id)?;
    let (id, next) = (school.id, to(ctx, &school, year));
    ctx.write_form(ctx.act("group.teachers")?, move |w| {
        join_class_teachers(w, id, year.first, on).map(|_| next.clone())
    })
}
fn remove(ctx: &Ctx) -> Result<Reply> {
    let (school, year, member) = (school_of(ctx)?, year_of(ctx)?, ctx.id("id")?);
    may_keep(ctx.scope()?, school.id)?;
    let (id, next) = (school.id, to(ctx, &school, year));
    ctx.write_form(ctx.act("group.remove")?, move |w| {
        remove_member(w, id, member).map(|()| next.clone())
    })
}

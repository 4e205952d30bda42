//! 班级: the classes of a school year, their names, places and class teachers (features A1, A2).

use crate::common::{self, KEEPERS, STAFF_AND_OFFICERS, asked_school, at, keeps, may_keep, school_of, year_of};
use crate::found::{add_class, class_by_code};
use crate::group::{Led, led_classes};
use crate::people::{adults, set_class_teacher};
use crate::tables::CLASSES;
use maud::html;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use tx_access::SchoolRef;
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, Write, params, row};
use tx_web::parts::forms::FieldKind;
use tx_web::parts::{self, Pill, Top};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/classes", STAFF_AND_OFFICERS, Class::O, get_json)
        .says(t("班级", "Classes"))
        .query(&[
            ("school", "string", t("学校代码", "School code")),
            (
                "year",
                "string",
                t("学年，如 2026-2027", "School year such as 2026-2027"),
            ),
        ]),
    Route::json("PATCH", "/api/v1/classes/{id}", KEEPERS, Class::O, "ClassChange", patch)
        .says(t("改班名、教学点、班主任", "Change name, place or class teacher")),
    Route::get("/classes", STAFF_AND_OFFICERS, Class::O, show)
        .says(t("班级", "Classes"))
        .query(&[
            ("school", "string", t("学校代码", "School code")),
            ("year", "string", t("学年", "School year")),
        ]),
    Route::form("/classes", KEEPERS, Class::O, add).says(t("加一个班", "Add a class")),
    Route::form("/classes/{id}", KEEPERS, Class::O, change).says(t("改一个班", "Change a class")),
];

fn get_json(ctx: &Ctx) -> Result<Reply> {
    let (scope, school, year) = (ctx.scope()?, school_of(ctx)?, year_of(ctx)?);
    let led = ctx.read(|c| led_classes(c, scope.county, school.id, year, scope.today))?;
    let items: Vec<Json> = led
        .iter()
        .map(|k| json!({"id": k.class, "code": k.code, "name": k.name, "place": k.place, "class_teacher": k.teacher.as_ref().map(|(id, n)| json!({"adult": id, "name": n}))}))
        .collect();
    Ok(Reply::json(
        &json!({"school": school.code, "school_year": year.code(), "items": items, "next": null}),
    ))
}

/// What of a class is to be changed; `None` leaves it.
#[derive(Clone, Debug, Default)]
struct Change {
    name: Option<String>,
    place: Option<String>,
    teacher: Option<(Id, Day)>,
}

fn apply(w: &mut Write, school: Id, class: Id, ch: &Change) -> Result<()> {
    let sql = "select name, place from classes where county_id = ?1 and school_id = ?2 and id = ?3";
    let now = w
        .conn()
        .first(sql, params![w.county(), school, class])?
        .ok_or(Fault::NotFound)?;
    let name = ch.name.as_deref().map(str::trim);
    if name.is_some_and(|n| n.is_empty() || n.chars().count() > 30 || n.chars().any(char::is_control)) {
        return Err(Fault::invalid(
            "name",
            "班名要 1 到 30 个字",
            "A class name has 1 to 30 characters",
        ));
    }
    let place = ch.place.as_deref().map(str::trim);
    if place.is_some_and(|p| p.chars().count() > 60 || p.chars().any(char::is_control)) {
        return Err(Fault::invalid(
            "place",
            "教学点最多 60 个字",
            "A place has at most 60 characters",
        ));
    }
    let new_name = name.map_or_else(|| now.text(0), str::to_owned);
    let new_place = place.map_or_else(|| now.opt_text(1), |p| Some(p.to_owned()).filter(|p| !p.is_empty()));
    if new_name != now.text(0) || new_place != now.opt_text(1) {
        w.update(&CLASSES, class, row!["name" => new_name, "place" => new_place])?;
    }
    match ch.teacher {
        Some((adult, from)) => set_class_teacher(w, school, class, adult, from),
        None => Ok(()),
    }
}

/// The school of a class that the caller keeps.
fn kept_class(ctx: &Ctx) -> Result<(Id, SchoolRef, SchoolYear)> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let found = ctx.read(|c| {
        let r = c
            .first(
                "select school_id, year_first from classes where county_id = ?1 and id = ?2",
                params![scope.county, id],
            )?
            .ok_or(Fault::NotFound)?;
        let school = common::schools(c, scope)?
            .into_iter()
            .find(|s| s.id == r.id(0))
            .ok_or(Fault::NotFound)?;
        Ok((school, SchoolYear::new(i16::try_from(r.int(1)).unwrap_or_default())))
    })?;
    may_keep(scope, found.0.id)?;
    Ok((id, found.0, found.1))
}

fn patch(ctx: &Ctx) -> Result<Reply> {
    let (id, school, _) = kept_class(ctx)?;
    let body = ctx.json()?;
    if let Some(k) = body
        .keys()
        .find(|k| !["name", "place", "class_teacher", "from"].contains(&k.as_str()))
    {
        return Err(Fault::invalid(
            k,
            format!("没有 {k} 这一项"),
            format!("there is no field {k}"),
        ));
    }
    let word = |k: &str| body.get(k).and_then(Json::as_str).map(str::to_owned);
    let teacher = match word("class_teacher") {
        None => None,
        Some(a) => {
            let adult = a
                .parse::<Id>()
                .map_err(|()| Fault::invalid("class_teacher", "要一个人的编号", "the id of an adult is needed"))?;
            let from = word("from").map_or(Ok(ctx.today()), |d| {
                Day::parse(&d).map_err(|e| Fault::invalid("from", e.zh, e.en))
            })?;
            Some((adult, from))
        }
    };
    let ch = Change {
        name: word("name"),
        place: word("place"),
        teacher,
    };
    let school = school.id;
    ctx.write_json(ctx.act("class.change")?, move |w| {
        apply(w, school, id, &ch)?;
        let r = w
            .conn()
            .first(
                "select code, name, place from classes where county_id = ?1 and id = ?2",
                params![w.county(), id],
            )?
            .ok_or(Fault::NotFound)?;
        Ok((
            200,
            json!({"id": id, "code": r.text(0), "name": r.text(1), "place": r.opt_text(2)}),
        ))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    match asked_school(ctx)? {
        Some(school) => view(ctx, &school, year_of(ctx)?, 200, None, &[]),
        None => common::choose_school(ctx, "/classes", t("班级", "Classes")),
    }
}

fn view(
    ctx: &Ctx,
    school: &SchoolRef,
    year: SchoolYear,
    status: u16,
    at_class: Option<Id>,
    faults: &[FieldFault],
) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let now = SchoolYear::of(scope.today);
    let (led, staff, counts) = ctx.read(|c| {
        let sql = "select class_id, count(*) from children where county_id = ?1 and school_id = ?2 and deleted_at is null and state = 'active' and class_id is not null group by class_id order by class_id";
        let counts: HashMap<Id, i64> = c.query(sql, params![scope.county, school.id])?.iter().map(|r| (r.id(0), r.int(1))).collect();
        Ok((led_classes(c, scope.county, school.id, year, scope.today)?, adults(c, scope.county, school.id, scope.today)?, counts))
    })?;
    let may = keeps(scope, school.id);
    let hidden = [("school", school.code.as_str()), ("year", &year.code())];
    let top = Top {
        title: t("班级", "Classes").in_lang(lang).into(),
        sub: vec![
            school.name.clone(),
            match lang {
                Lang::Zh => format!("{} 个班", led.len()),
                Lang::En => format!("{} classes", led.len()),
            },
        ],
        switch: common::years(ctx, "/classes", school, &[now.next(), now, now.before()], year),
        ..Default::default()
    };
    let people: Vec<(String, String)> =
        std::iter::once((String::new(), t("不换", "no change").in_lang(lang).to_owned()))
            .chain(staff.iter().map(|a| (a.id.to_string(), a.name.clone())))
            .collect();
    let of = |k: Option<Id>| if at_class == k { faults } else { &[] };
    let row = |k: &Led| {
        let mine = of(Some(k.class));
        let fields = [
            common::field(ctx, mine, "name", t("班名", "Name"), FieldKind::Text, &k.name),
            common::field(
                ctx,
                mine,
                "place",
                t("教学点", "Teaching point"),
                FieldKind::Text,
                k.place.as_deref().unwrap_or_default(),
            ),
            common::field(
                ctx,
                mine,
                "adult",
                t("换班主任", "New class teacher"),
                FieldKind::Select(people.clone()),
                "",
            ),
            common::field(
                ctx,
                mine,
                "from",
                t("从哪天起", "From"),
                FieldKind::Date,
                &scope.today.to_string(),
            ),
        ];
        // what was typed belongs to the one form that was sent
        let fields = fields.map(|mut f| {
            if at_class.is_some() && at_class != Some(k.class) {
                f.value = match f.name.as_str() {
                    "name" => k.name.clone(),
                    "place" => k.place.clone().unwrap_or_default(),
                    "from" => scope.today.to_string(),
                    _ => String::new(),
                };
            }
            f
        });
        let n = counts.get(&k.class).copied().unwrap_or(0);
        html! {
            div.it {
                span.ic.ok { (parts::icon("kids")) }
                div {
                    b { (k.name) }
                    @if k.teacher.is_none() { " " (parts::pill(Pill::Due, t("没有班主任", "no class teacher").in_lang(lang), "")) }
                    div.x { (parts::facts(&[
                        k.teacher.as_ref().map(|(_, n)| n.clone()).unwrap_or_default(),
                        match lang { Lang::Zh => format!("{n} 名学生"), Lang::En => format!("{n} pupils") },
                        k.place.clone().unwrap_or_default(),
                        k.code.clone(),
                    ])) }
                    @if may {
                        details open[!mine.is_empty()] { summary { (parts::words::MEND.in_lang(lang)) }
                            (parts::error_summary(lang, &common::errors(lang, mine)))
                            (parts::form(&common::form(ctx, &format!("/classes/{}", k.class), &hidden), "stack", html! { div.fgrid { @for f in &fields { (parts::field(f)) } } button.btn.b2 { (parts::words::SAVE.in_lang(lang)) } }))
                        }
                    }
                }
            }
        }
    };
    let new = [
        parts::Field {
            hint: t(
                "年级加班号：301 是三年级 1 班",
                "Grade and number: 301 is grade 3, class 1",
            )
            .in_lang(lang)
            .into(),
            ..common::field(ctx, of(None), "code", t("班级代码", "Code"), FieldKind::Number, "")
        },
        common::field(
            ctx,
            of(None),
            "place",
            t("教学点", "Teaching point"),
            FieldKind::Text,
            "",
        ),
    ];
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        @if led.is_empty() { (parts::empty(&match lang { Lang::Zh => format!("{}还没有班。导入名单时会自己建好，也可以先加。", year.name()), Lang::En => format!("No classes in {} yet. Importing a roster makes them; or add one.", year.code()) }, None)) }
        @else { section.card.its { @for k in &led { (row(k)) } } }
        @if may {
            details.card.pad open[!of(None).is_empty()] {
                summary { (parts::icon("plus")) (t("加一个班", "Add a class").in_lang(lang)) }
                (parts::error_summary(lang, &common::errors(lang, of(None))))
                (parts::form(&common::form(ctx, "/classes", &hidden), "stack", html! { div.fgrid { @for f in &new { (parts::field(f)) } } button.btn.b2 { (t("加上", "Add").in_lang(lang)) } }))
            }
        }
    };
    common::page(ctx, status, t("班级", "Classes"), body)
}

fn to(ctx: &Ctx, school: &SchoolRef, year: SchoolYear) -> String {
    at(ctx, "/classes", school, &format!("year={}&saved=1", year.code()))
}
fn add(ctx: &Ctx) -> Result<Reply> {
    let (school, year) = (school_of(ctx)?, year_of(ctx)?);
    may_keep(ctx.scope()?, school.id)?;
    let (code, place, id, next) = (
        ctx.f("code").trim().to_owned(),
        ctx.f("place").to_owned(),
        school.id,
        to(ctx, &school, year),
    );
    let out = ctx.write_form(ctx.act("class.add")?, move |w| {
        if class_by_code(w.conn(), w.county(), id, &code, year)?.is_some() {
            return Err(Fault::invalid(
                "code",
                format!("{code} 班已经有了"),
                format!("Class {code} exists already"),
            ));
        }
        let class = add_class(w, id, &code, year)?;
        apply(
            w,
            id,
            class,
            &Change {
                place: Some(place.clone()),
                ..Change::default()
            },
        )?;
        Ok(next.clone())
    });
    match out {
        Err(f) => view(ctx, &school, year, 422, None, &common::field_faults(f)?),
        ok => ok,
    }
}
fn change(ctx: &Ctx) -> Result<Reply> {
    let (id, school, year) = kept_class(ctx)?;
    let work = || -> Result<Change> {
        let teacher = match ctx.f("adult").parse::<Id>() {
            Ok(adult) => Some((
                adult,
                Day::parse(ctx.f("from")).map_err(|e| Fault::invalid("from", e.zh, e.en))?,
            )),
            Err(()) => None,
        };
        Ok(Change {
            name: Some(ctx.f("name").to_owned()),
            place: Some(ctx.f("place").to_owned()),
            teacher,
        })
    };
    let (school_id, next) = (school.id, to(ctx, &school, year));
    let act = ctx.act("class.change")?;
    match work().and_then(|ch| ctx.write_form(act, move |w| apply(w, school_id, id, &ch).map(|()| next.clone()))) {
        Err(f) => view(ctx, &school, year, 422, Some(id), &common::field_faults(f)?),
        ok => ok,
    }
}

//! 校历: terms, days off and make-up days of a school, by page and API (domain.md §4).

use crate::common::{self, KEEPERS, STAFF_AND_OFFICERS, asked_school, at, keeps, may_keep, school_of};
use crate::found::calendar;
use crate::tables::CALENDARS;
use maud::html;
use serde_json::{Value as Json, json};
use tx_access::SchoolRef;
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Span, say, t};
use tx_calendar::{Calendar, SchoolYear, Term};
use tx_store::{Class, Write, params, row};
use tx_web::parts::forms::{Field, FieldKind};
use tx_web::parts::{self, Link, Piece, TableView, Top};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/schools/{code}/calendar",
        STAFF_AND_OFFICERS,
        Class::O,
        get_json,
    )
    .says(t("校历", "The school calendar")),
    Route::json(
        "PUT",
        "/api/v1/schools/{code}/calendar",
        KEEPERS,
        Class::O,
        "Calendar",
        put_json,
    )
    .says(t("写校历", "Write the school calendar")),
    Route::get("/calendar/terms", STAFF_AND_OFFICERS, Class::O, show)
        .says(t("校历", "School calendar"))
        .query(&[
            ("school", "string", t("学校代码", "School code")),
            ("edit", "boolean", t("改", "Change")),
        ]),
    Route::form("/calendar/terms", KEEPERS, Class::O, save).says(t("存校历", "Save the calendar")),
];

/// Writes a school's own calendar. What is wrong with it is named by term.
pub fn set_calendar(w: &mut Write, school: Id, calendar: &Calendar) -> Result<()> {
    let faults = calendar.faults();
    if !faults.is_empty() {
        return Err(Fault::fields(faults));
    }
    if calendar.terms().is_empty() {
        return Err(Fault::invalid("terms", "至少要一个学期", "At least one term is needed"));
    }
    let body = serde_json::to_string(calendar).map_err(Fault::broken)?;
    let sql = "select id, body from calendars where county_id = ?1 and school_id = ?2 order by id limit 1";
    match w.conn().first(sql, params![w.county(), school])? {
        Some(r) if r.str(1) == body => Ok(()),
        Some(r) => w.update(&CALENDARS, r.id(0), row!["body" => body]).map(|_| ()),
        None => w.insert(
            &CALENDARS,
            row!["id" => Id::fresh(), "school_id" => school, "body" => body],
        ),
    }
}

/// The calendar with the terms of one school year put in place of those it had.
pub(crate) fn with_year(now: &Calendar, year: SchoolYear, terms: &[Term]) -> Calendar {
    let kept = now.terms().iter().copied().filter(|t| t.year != year);
    Calendar::new(
        kept.chain(terms.iter().copied()).collect(),
        now.holidays().to_vec(),
        now.workdays().to_vec(),
    )
}

/// Names of the four fields of a school year's terms.
pub(crate) fn term_fields(ctx: &Ctx, now: &Calendar, year: SchoolYear, faults: &[FieldFault]) -> Vec<Field> {
    let lang = ctx.lang;
    let mut out = Vec::new();
    for n in [1u8, 2] {
        let term = now.term(year, n);
        for (end, label) in [
            ("from", t("开学", "begins")),
            ("to", t("放假前最后一天", "last school day")),
        ] {
            let name = format!("t{}_{n}_{end}", year.first);
            let stands = term
                .map(|t| if end == "from" { t.from } else { t.to }.to_string())
                .unwrap_or_default();
            let mut f = common::field(ctx, faults, &name, label, FieldKind::Date, &stands);
            let head = if n == 1 {
                t("第一学期", "First term")
            } else {
                t("第二学期", "Second term")
            };
            f.label = format!(
                "{}{}{}",
                head.in_lang(lang),
                if lang == Lang::En { " " } else { "" },
                label.in_lang(lang)
            );
            if let Some(whole) = faults
                .iter()
                .find(|x| x.field == format!("terms.{}-{n}", year.first))
                .filter(|_| end == "from")
            {
                f.error = whole.reason.in_lang(lang).to_owned();
            }
            out.push(f);
        }
    }
    out
}
/// The two terms as they were typed; a term with both days empty is left out.
pub(crate) fn typed_terms(ctx: &Ctx, year: SchoolYear) -> Result<Vec<Term>> {
    let (mut out, mut bad) = (Vec::new(), Vec::new());
    for number in [1u8, 2] {
        let mut day = |end: &str| {
            let name = format!("t{}_{number}_{end}", year.first);
            let v = ctx.f(&name);
            if v.is_empty() {
                return None;
            }
            Day::parse(v)
                .map_err(|reason| {
                    bad.push(FieldFault {
                        field: name.clone(),
                        reason,
                    })
                })
                .ok()
        };
        match (day("from"), day("to")) {
            (Some(from), Some(to)) if from <= to => out.push(Term { year, number, from, to }),
            (Some(_), Some(_)) => bad.push(FieldFault {
                field: format!("t{}_{number}_to", year.first),
                reason: say("最后一天在开学之前", "The last day lies before the first"),
            }),
            (None, None) => {}
            _ => bad.push(FieldFault {
                field: format!("t{}_{number}_to", year.first),
                reason: say("开学和最后一天都要填", "Both days are needed"),
            }),
        }
    }
    if bad.is_empty() {
        Ok(out)
    } else {
        Err(Fault::fields(bad))
    }
}

fn get_json(ctx: &Ctx) -> Result<Reply> {
    let (school, scope) = (school_of(ctx)?, ctx.scope()?);
    let (now, own) = ctx.read(|c| {
        let own = c.count(
            "select count(*) from calendars where county_id = ?1 and school_id = ?2",
            params![scope.county, school.id],
        )? > 0;
        Ok((calendar(c, scope.county, school.id, scope.today)?, own))
    })?;
    let mut v = serde_json::to_value(&now).map_err(Fault::broken)?;
    v["school"] = json!(school.code);
    v["own"] = json!(own);
    Ok(Reply::json(&v))
}
fn put_json(ctx: &Ctx) -> Result<Reply> {
    let school = school_of(ctx)?;
    may_keep(ctx.scope()?, school.id)?;
    let mut body = ctx.json()?.clone();
    body.remove("school");
    body.remove("own");
    if let Some(k) = body
        .keys()
        .find(|k| !["terms", "holidays", "workdays"].contains(&k.as_str()))
    {
        return Err(Fault::invalid(
            k,
            format!("没有 {k} 这一项"),
            format!("there is no field {k}"),
        ));
    }
    let new: Calendar = serde_json::from_value(Json::Object(body)).map_err(|e| {
        Fault::invalid(
            "terms",
            format!("校历读不懂：{e}"),
            format!("the calendar cannot be read: {e}"),
        )
    })?;
    let id = school.id;
    ctx.write_json(ctx.act("calendar.set")?, move |w| {
        set_calendar(w, id, &new)?;
        Ok((200, serde_json::to_value(&new).map_err(Fault::broken)?))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let Some(school) = asked_school(ctx)? else {
        return common::choose_school(ctx, "/calendar/terms", t("校历", "School calendar"));
    };
    if ctx.q("edit").is_some() && keeps(ctx.scope()?, school.id) {
        edit(ctx, &school, 200, &[])
    } else {
        view(ctx, &school)
    }
}

fn span_words(s: Span) -> String {
    if s.from == s.to {
        s.from.to_string()
    } else {
        format!("{} ~ {}", s.from, s.to)
    }
}

/// A stretch as one says it; the field of the form takes the digits of [`span_words`].
fn span_said(lang: Lang, s: Span) -> String {
    match lang {
        Lang::Zh if s.from == s.to => s.from.zh_long(),
        Lang::Zh => format!("{}到{}", s.from.zh_long(), s.to.zh_short()),
        Lang::En if s.from == s.to => s.from.to_string(),
        Lang::En => format!("{} to {}", s.from, s.to),
    }
}

fn view(ctx: &Ctx, school: &SchoolRef) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let now = ctx.read(|c| calendar(c, scope.county, school.id, scope.today))?;
    let year = SchoolYear::of(scope.today);
    let mut buttons = Vec::new();
    if keeps(scope, school.id) {
        buttons.push(
            Link::new(
                t("改", "Change").in_lang(lang),
                at(ctx, "/calendar/terms", school, "edit=1"),
            )
            .icon("pen")
            .first(),
        );
    }
    let week = now.week_of(scope.today).map(|(term, n)| match lang {
        Lang::Zh => format!("今天在{}第 {n} 周", term.name().zh),
        Lang::En => format!("today: {}, week {n}", term.name().en),
    });
    let top = Top {
        title: t("校历", "School calendar").in_lang(lang).into(),
        sub: vec![school.name.clone(), week.unwrap_or_default()],
        buttons,
        ..Default::default()
    };
    let cell = |s: String| vec![Piece::Text(s)];
    let table = TableView {
        caption: t("学期", "Terms").in_lang(lang).into(),
        head: [
            t("学期", "Term"),
            t("开学", "Begins"),
            t("最后一天", "Last day"),
            t("周数", "Weeks"),
            t("上课的天数", "School days"),
        ]
        .map(|h| h.in_lang(lang).to_owned())
        .to_vec(),
        rows: now
            .terms()
            .iter()
            .filter(|t| t.year >= year.before() && t.year <= year.next())
            .map(|t| {
                vec![
                    cell(t.full_name().in_lang(lang).to_owned()),
                    cell(t.from.to_string()),
                    cell(t.to.to_string()),
                    cell(t.weeks_count().to_string()),
                    cell(now.teaching_days(t.span()).to_string()),
                ]
            })
            .collect(),
        right: vec![3, 4],
        hrefs: Vec::new(),
    };
    let around = Span::new(year.span().from, year.next().span().to);
    let off: Vec<String> = now
        .holidays()
        .iter()
        .filter(|h| h.meet(around).is_some())
        .map(|h| span_said(lang, *h))
        .collect();
    let work: Vec<String> = now
        .workdays()
        .iter()
        .filter(|d| around.has(**d))
        .map(|d| span_said(lang, Span::new(*d, *d)))
        .collect();
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        div.nw { (parts::table(&table)) }
        div.halves {
            section.card.pad { h2 { (t("放假", "Days off").in_lang(lang)) } ul.plainlist { @for d in &off { li { (d) } } } @if off.is_empty() { p.m { (t("没有", "None").in_lang(lang)) } } }
            section.card.pad { h2 { (t("周末上课", "Make-up days").in_lang(lang)) } ul.plainlist { @for d in &work { li { (d) } } } @if work.is_empty() { p.m { (t("没有。县里排了调休，就写在这里。", "None. Where the county sets make-up days, they go here.").in_lang(lang)) } } }
        }
    };
    common::page(ctx, 200, t("校历", "School calendar"), body)
}

fn edit(ctx: &Ctx, school: &SchoolRef, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let now = ctx.read(|c| calendar(c, scope.county, school.id, scope.today))?;
    let year = SchoolYear::of(scope.today);
    let lines = |list: Vec<String>| list.join("\n");
    let off = Field {
        hint: t(
            "一行一段：2026-10-01 ~ 2026-10-08，或只写一天",
            "One stretch a line: 2026-10-01 ~ 2026-10-08, or one day",
        )
        .in_lang(lang)
        .into(),
        ..common::field(
            ctx,
            faults,
            "holidays",
            t("放假", "Days off"),
            FieldKind::Long,
            &lines(
                now.holidays()
                    .iter()
                    .filter(|h| h.to >= year.span().from)
                    .map(|h| span_words(*h))
                    .collect(),
            ),
        )
    };
    let work = Field {
        hint: t("一行一天：2026-10-10", "One day a line: 2026-10-10")
            .in_lang(lang)
            .into(),
        ..common::field(
            ctx,
            faults,
            "workdays",
            t("周末上课", "Make-up days"),
            FieldKind::Long,
            &lines(
                now.workdays()
                    .iter()
                    .filter(|d| **d >= year.span().from)
                    .map(ToString::to_string)
                    .collect(),
            ),
        )
    };
    let top = Top {
        title: t("校历", "School calendar").in_lang(lang).into(),
        sub: vec![school.name.clone()],
        ..Default::default()
    };
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        (parts::error_summary(lang, &common::errors(lang, faults)))
        (parts::form(&common::form(ctx, "/calendar/terms", &[("school", &school.code)]), "stack", html! {
            @for y in [year, year.next()] {
                section.card.pad { h2 { (y.name()) } div.fgrid { @for f in term_fields(ctx, &now, y, faults) { (parts::field(&f)) } } }
            }
            section.card.pad { div.fgrid { (parts::field(&off)) (parts::field(&work)) } }
            p.m3 { (t("改了以后，各时段的窗口按新的日子算；记过的都不变。", "Windows then follow the new days; what was recorded stays.").in_lang(lang)) }
            div.two { button.btn.b1 { (parts::words::SAVE.in_lang(lang)) } (parts::button(&Link::new(t("不改了", "Leave it").in_lang(lang), at(ctx, "/calendar/terms", school, "")))) }
        }))
    };
    common::page(ctx, status, t("校历", "School calendar"), body)
}

/// Lines of days or stretches; a line that is none is named.
fn stretches(text: &str, field: &str) -> Result<Vec<Span>> {
    let mut out = Vec::new();
    for (i, line) in text.lines().map(str::trim).enumerate().filter(|(_, l)| !l.is_empty()) {
        let bad = || {
            Fault::invalid(
                field,
                format!("第 {} 行“{line}”不是日子", i + 1),
                format!("line {}: “{line}” is no day", i + 1),
            )
        };
        let ends: Vec<&str> = line
            .split(['~', '～', '至', '—', ' '])
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .collect();
        let (from, to) = match ends.as_slice() {
            [one] => (*one, *one),
            [a, b] => (*a, *b),
            _ => return Err(bad()),
        };
        let (from, to) = (Day::parse(from).map_err(|_| bad())?, Day::parse(to).map_err(|_| bad())?);
        if to < from || to.since(from) > 120 {
            return Err(bad());
        }
        out.push(Span::new(from, to));
    }
    Ok(out)
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let (school, scope) = (school_of(ctx)?, ctx.scope()?);
    may_keep(scope, school.id)?;
    let now = ctx.read(|c| calendar(c, scope.county, school.id, scope.today))?;
    let year = SchoolYear::of(scope.today);
    let work = || -> Result<Calendar> {
        let mut new = now.clone();
        for y in [year, year.next()] {
            new = with_year(&new, y, &typed_terms(ctx, y)?);
        }
        let since = year.span().from;
        let off = now
            .holidays()
            .iter()
            .copied()
            .filter(|h| h.to < since)
            .chain(stretches(ctx.f("holidays"), "holidays")?)
            .collect();
        let days: Vec<Day> = now
            .workdays()
            .iter()
            .copied()
            .filter(|d| *d < since)
            .chain(
                stretches(ctx.f("workdays"), "workdays")?
                    .into_iter()
                    .flat_map(|s| s.days().collect::<Vec<_>>()),
            )
            .collect();
        Ok(Calendar::new(new.terms().to_vec(), off, days))
    };
    let (id, next) = (school.id, at(ctx, "/calendar/terms", &school, "saved=1"));
    let act = ctx.act("calendar.set")?;
    match work().and_then(|new| ctx.write_form(act, move |w| set_calendar(w, id, &new).map(|()| next.clone()))) {
        Err(f) => edit(ctx, &school, 422, &common::field_faults(f)?),
        ok => ok,
    }
}

//! What each step of the first run saves.

use super::{founded, page};
use crate::common;
use crate::found::{add_school, calendar};
use crate::people::{Held, NewPerson, Right, add_person, appoint, longest, rights_for};
use crate::profile::{profile, set_profile};
use crate::schemes::choose_first_scheme;
use crate::staff_list::{StaffLine, staff_lines};
use crate::tables::SCHOOLS;
use crate::terms::{set_calendar, typed_terms, with_year};
use maud::html;
use serde_json::{Map, Value as Json, json};
use tx_access::{Role, SchoolRef};
use tx_base::{Fault, FieldFault, Id, Result, Say, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Write, params, row};
use tx_web::parts::{self, Link, Piece, TableView};
use tx_web::{Ctx, Reply};

fn refused(ctx: &Ctx, step: &str, f: Fault, field: &str) -> Result<Reply> {
    let faults = match f {
        Fault::Conflict(reason) => vec![FieldFault {
            field: field.into(),
            reason,
        }],
        f => common::field_faults(f)?,
    };
    page(ctx, Some(step.to_owned()), 422, &faults)
}

pub(super) fn save_school(ctx: &Ctx) -> Result<Reply> {
    let (scope, today) = (ctx.scope()?, ctx.today());
    let word = |n: &str| ctx.f(n).trim().to_owned();
    let (name, code, stage, is_head) = (word("name"), word("code"), word("stage"), ctx.f("is_head") == "1");
    let mut told: Map<String, Json> = Map::new();
    for k in ["rooms", "village_names"] {
        told.insert(k.into(), json!(ctx.f(k)));
    }
    let (by, shown, year) = (scope.account, scope.shown.clone(), SchoolYear::of(today));
    let out = ctx.write_form(ctx.act("setup.school")?, move |w| {
        let (system, lowest) = match stage.as_str() {
            "junior" => ("six_three", 7),
            "primary" | "nine_year" => ("six_three", 1),
            _ => return Err(Fault::invalid("stage", "请选学段", "Choose the stage")),
        };
        if name.is_empty() || name.chars().count() > 60 {
            return Err(Fault::invalid("name", "学校名要 1 到 60 个字", "A school's name has 1 to 60 characters"));
        }
        let id = match founded(w.conn(), w.county(), by)? {
            Some((s, _)) => s.id,
            None => {
                let id = add_school(w, &code, &name, None, today)?;
                w.update(&SCHOOLS, id, row!["settings" => json!({"founded_by": by}).to_string()])?;
                id
            }
        };
        w.update(&SCHOOLS, id, row!["name" => name.as_str(), "stage" => stage.as_str(), "school_system" => system, "lowest_grade" => lowest])?;
        // what the profile says beside these stays
        let mut body = profile(w.conn(), w.county(), id, year.first)?.map(|p| p.body).unwrap_or_default();
        for (k, v) in &told {
            body.insert(k.clone(), v.clone());
        }
        let villages = told["village_names"].as_str().map_or(0, |s| s.split(['\n', '、', '；']).filter(|l| !l.trim().is_empty()).count());
        if villages > 0 {
            body.insert("villages".into(), json!(villages));
        }
        set_profile(w, id, year.first, &body)?;
        if is_head {
            become_head(w, id, by, &shown, today)?;
        }
        Ok("/setup?step=people#people".into())
    });
    match out {
        Err(f) => refused(ctx, "school", f, "code"),
        ok => ok,
    }
}

/// "I am the head": gives the first administrator that role too, once (security.md §1).
fn become_head(w: &mut Write, school: Id, account: Id, shown: &str, today: tx_base::Day) -> Result<()> {
    let sql = "select count(*) from grants where county_id = ?1 and school_id = ?2 and held = 'role:head'";
    if w.conn().count(sql, params![w.county(), school])? > 0 {
        return Err(Fault::Conflict(say("校长已经有了", "There is a head already")));
    }
    let adult = crate::found::add_adult_of(w, school, shown, None, today)?;
    let held = Held::Role(Role::Head);
    appoint(
        w,
        Some(school),
        Some(adult),
        account,
        &Right { held, class: None },
        today,
        longest(held, today),
    )?;
    w.update(
        &tx_access::ACCOUNTS,
        account,
        row!["school_id" => school, "adult_id" => adult],
    )?;
    w.note("admin.is_head", "accounts", Some(account), None);
    Ok(())
}

fn school_there(ctx: &Ctx) -> Result<SchoolRef> {
    let scope = ctx.scope()?;
    ctx.read(|c| founded(c, scope.county, scope.account))?
        .map(|(s, _)| s)
        .ok_or(Fault::NotFound)
}

pub(super) fn save_people(ctx: &Ctx) -> Result<Reply> {
    let (school, lang, today) = (school_there(ctx)?, ctx.lang, ctx.today());
    let year = SchoolYear::of(today);
    let lines = match staff_lines(ctx.f("staff"), year) {
        Ok(l) if l.is_empty() => {
            return refused(
                ctx,
                "people",
                Fault::invalid("staff", "一个人也没有；没有就以后再填", "Nobody is there; it can wait"),
                "staff",
            );
        }
        Ok(l) => l,
        Err(bad) => return refused(ctx, "people", Fault::Conflict(join(&bad)), "staff"),
    };
    let with: Vec<(StaffLine, String)> = lines.into_iter().map(|l| (l, tx_seal::word_password())).collect();
    let (sent, id) = (with.clone(), school.id);
    let out = ctx.db().write_once(ctx.act("setup.people")?, ctx.once()?, move |w| {
        let mut users = Vec::new();
        for (l, password) in &sent {
            let rights = rights_for(w, Some(id), &l.held, &l.classes, year)?;
            let new = NewPerson {
                school: Some(id),
                adult: None,
                name: l.name.clone(),
                sex: l.sex.clone(),
                user: String::new(),
                rights,
                from: today,
                to: None,
            };
            users.push(add_person(w, &new, password)?.user);
        }
        Ok((201, json!(users).to_string().into_bytes()))
    });
    let out = match out {
        Err(f) => return refused(ctx, "people", f, "staff"),
        Ok(o) => o,
    };
    if out.replayed {
        return Ok(Reply::see("/setup?step=terms#terms"));
    }
    let users: Vec<String> = serde_json::from_slice(&out.answer).map_err(Fault::broken)?;
    let cell = |s: &str| vec![Piece::Text(s.to_owned())];
    let table = TableView {
        caption: t("首次密码", "First passwords").in_lang(lang).into(),
        head: [
            t("姓名", "Name"),
            t("用户名", "User name"),
            t("首次密码", "First password"),
        ]
        .map(|h| h.in_lang(lang).to_owned())
        .to_vec(),
        rows: with
            .iter()
            .zip(&users)
            .map(|((l, p), u)| vec![cell(&l.name), cell(u), cell(p)])
            .collect(),
        ..Default::default()
    };
    let body = html! {
        (parts::assets::office())
        div.setup {
            header { div { h1 { (t("首次密码", "First passwords").in_lang(lang)) } p.m { (t("只显示这一次，24 小时内有效。打印出来剪开，交给每个人。", "Shown this once, good for 24 hours. Print, cut and hand out.").in_lang(lang)) } } }
            (parts::table(&table))
            div.two { (parts::print_button(lang)) (parts::button(&Link::new(t("抄好了，下一步", "Done, go on").in_lang(lang), "/setup?step=terms#terms").first())) }
        }
    };
    Ok(Reply::page(parts::bare(
        lang,
        t("首次密码", "First passwords").in_lang(lang),
        body,
    )))
}
fn join(all: &[Say]) -> Say {
    let of = |f: fn(&Say) -> &str| all.iter().map(f).collect::<Vec<_>>().join("；");
    say(of(|s| &s.zh), of(|s| &s.en))
}
pub(super) fn save_terms(ctx: &Ctx) -> Result<Reply> {
    let (school, scope) = (school_there(ctx)?, ctx.scope()?);
    let year = SchoolYear::of(scope.today);
    let now = ctx.read(|c| calendar(c, scope.county, school.id, scope.today))?;
    let (act, id) = (ctx.act("setup.terms")?, school.id);
    let out = typed_terms(ctx, year).and_then(|terms| {
        let new = with_year(&now, year, &terms);
        ctx.write_form(act, move |w| {
            set_calendar(w, id, &new).map(|()| "/setup?step=scheme#scheme".into())
        })
    });
    match out {
        Err(f) => refused(ctx, "terms", f, "terms"),
        ok => ok,
    }
}
pub(super) fn save_scheme(ctx: &Ctx) -> Result<Reply> {
    let (school, today, base) = (school_there(ctx)?, ctx.today(), ctx.f("scheme").to_owned());
    let id = school.id;
    match ctx.write_form(ctx.act("setup.scheme")?, move |w| {
        choose_first_scheme(w, id, &base, today).map(|()| "/setup?step=children#children".into())
    }) {
        Err(f) => refused(ctx, "scheme", f, "scheme"),
        ok => ok,
    }
}

//! What the editor's forms do: a word changed, a rule added or switched, a ready-made scheme taken, hours written, published.

use super::page::page;
use super::versions::{Version, drop_draft, edit_draft, publish, take_base};
use super::{DRAFTERS, may_draft, may_publish, words};
use serde_json::json;
use std::collections::BTreeMap;
use tx_access::SchoolRef;
use tx_base::{Day, Fault, FieldFault, Result, say, t};
use tx_duty::{Post, Rule, Source, Whom};
use tx_school::common::{at, field_faults, school_of};
use tx_school::tables::SCHOOLS;
use tx_store::{Class, Write, params, row};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::form("/scheme/rule", DRAFTERS, Class::O, rule).says(t("改一条规则的一个词", "Change a word of a rule")),
    Route::form("/scheme/add", DRAFTERS, Class::O, add).says(t("加一条规则", "Add a rule")),
    Route::form("/scheme/choose", DRAFTERS, Class::O, choose)
        .says(t("取一个现成的方案作草稿", "Take a ready-made scheme as draft")),
    Route::form("/scheme/from", DRAFTERS, Class::O, from).says(t("草稿从哪天起", "First day of the draft")),
    Route::form("/scheme/hours", DRAFTERS, Class::O, hours).says(t("每人每周有几小时", "Hours that each has a week")),
    Route::form("/scheme/drop", DRAFTERS, Class::O, drop).says(t("丢掉草稿", "Drop the draft")),
    Route::form("/scheme/publish", DRAFTERS, Class::O, post_publish).says(t("发布方案", "Publish the scheme")),
];

fn school(ctx: &Ctx) -> Result<SchoolRef> {
    let s = school_of(ctx)?;
    may_draft(ctx.scope()?, s.id)?;
    Ok(s)
}
/// Runs the write; what is wrong with it is said on the page.
fn then(ctx: &Ctx, act: &str, to: String, f: impl Fn(&mut Write) -> Result<()> + Send + 'static) -> Result<Reply> {
    match ctx.write_form(ctx.act(act)?, move |w| f(w).map(|()| to.clone())) {
        Err(f) => page(ctx, 422, &field_faults(f)?),
        ok => ok,
    }
}

/// Sets one word of a rule.
pub(crate) fn set_word(r: &mut Rule, name: &str, value: &str) -> Result<()> {
    let no = || Fault::invalid(name, "没有这个选择", "There is no such choice");
    match name {
        "owner" => r.owner = value.parse().ok().filter(|p| *p != Post::Family).ok_or_else(no)?,
        "every" => r.every = words::parse_every(value).ok_or_else(no)?,
        "whom" => r.whom = value.parse().map_err(|()| no())?,
        "minutes" => r.minutes = value.parse().ok().filter(|n| *n <= 600).ok_or_else(no)?,
        "outcome" if words::asks_outcome(&r.kind) && matches!(value, "met" | "phone") => {
            r.outcomes = words::outcomes(&r.kind, value == "phone")
        }
        _ => return Err(no()),
    }
    if r.source != Source::Law {
        r.source = Source::School;
    }
    Ok(())
}

fn rule(ctx: &Ctx) -> Result<Reply> {
    let (s, id, today) = (school(ctx)?, ctx.f("rule").to_owned(), ctx.today());
    let change = ["owner", "every", "whom", "minutes", "outcome", "on"]
        .into_iter()
        .find(|n| !ctx.f(n).is_empty())
        .ok_or(Fault::NotFound)?;
    let value = ctx.f(change).to_owned();
    let to = format!("{}#rule-{id}", at(ctx, "/scheme", &s, ""));
    then(ctx, "scheme.draft", to, move |w| {
        edit_draft(w, s.id, today, &|v: &mut Version| {
            let (from, into) = match (change, value.as_str()) {
                ("on", "0") => (&mut v.rules, &mut v.off),
                ("on", _) => (&mut v.off, &mut v.rules),
                _ => {
                    let r = v
                        .rules
                        .iter_mut()
                        .chain(v.off.iter_mut())
                        .find(|r| r.id == id)
                        .ok_or(Fault::NotFound)?;
                    if r.source == Source::Law {
                        return Err(locked());
                    }
                    return set_word(r, change, &value);
                }
            };
            let i = from.iter().position(|r| r.id == id).ok_or(Fault::NotFound)?;
            if from[i].source == Source::Law {
                return Err(locked());
            }
            into.push(from.remove(i));
            Ok(())
        })
        .map(|_| ())
    })
}
fn locked() -> Fault {
    Fault::Conflict(say(
        "法律规定的一条，不能放宽也不能停用",
        "A rule of law; it cannot be weakened or switched off",
    ))
}

fn add(ctx: &Ctx) -> Result<Reply> {
    let (s, today) = (school(ctx)?, ctx.today());
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut fault = |field: &str| {
        bad.push(FieldFault {
            field: field.into(),
            reason: say("请选一个", "Choose one"),
        })
    };
    let kind = tx_record::find_kind(ctx.f("kind"));
    let owner = ctx.f("owner").parse::<Post>().ok().filter(|p| *p != Post::Family);
    let whom = ctx.f("whom").parse::<Whom>().ok();
    let every = words::parse_every(ctx.f("every"));
    let minutes = ctx.f("minutes").trim().parse::<u16>().ok().filter(|n| *n <= 600);
    if kind.is_none() {
        fault("kind");
    }
    if owner.is_none() {
        fault("owner");
    }
    if whom.is_none() {
        fault("whom");
    }
    if every.is_none() {
        fault("every");
    }
    if minutes.is_none() {
        bad.push(FieldFault {
            field: "minutes".into(),
            reason: say("几分钟，0 到 600", "Minutes from 0 to 600"),
        });
    }
    let (Some(kind), Some(owner), Some(whom), Some(every), Some(minutes)) = (kind, owner, whom, every, minutes) else {
        return page(ctx, 422, &bad);
    };
    let to = format!("{}#rule-", at(ctx, "/scheme", &s, ""));
    let out = ctx.write_form(ctx.act("scheme.draft")?, move |w| {
        let mut made = String::new();
        let v = edit_draft(w, s.id, today, &|v: &mut Version| {
            let taken = |id: &str| v.rules.iter().chain(&v.off).any(|r| r.id == id);
            let id = (1..)
                .map(|n| format!("own_{}_{n}", kind.id))
                .find(|id| !taken(id))
                .expect("a free number");
            v.rules.push(Rule {
                id,
                kind: kind.id.into(),
                name: kind.name.into(),
                owner,
                whom,
                every: every.clone(),
                outcomes: Vec::new(),
                tag: None,
                also_settled_by: Vec::new(),
                source: Source::School,
                law: None,
                minutes,
            });
            Ok(())
        })?;
        made.push_str(v.rules.last().map_or("", |r| r.id.as_str()));
        Ok(format!("{to}{made}"))
    });
    match out {
        Err(f) => page(ctx, 422, &field_faults(f)?),
        ok => ok,
    }
}

fn choose(ctx: &Ctx) -> Result<Reply> {
    let (s, today, base) = (school(ctx)?, ctx.today(), ctx.f("base").to_owned());
    let to = at(ctx, "/scheme", &s, "saved=1");
    then(ctx, "scheme.draft", to, move |w| {
        edit_draft(w, s.id, today, &|v| take_base(v, &base)).map(|_| ())
    })
}

/// The day of the form, not in the past.
fn first_day(ctx: &Ctx) -> Result<Day> {
    let day = Day::parse(ctx.f("from")).map_err(|e| Fault::invalid("from", e.zh, e.en))?;
    if day < ctx.today() {
        return Err(Fault::invalid(
            "from",
            "不能从过去的日子起用，最早今天",
            "It cannot begin in the past; today at the earliest",
        ));
    }
    Ok(day)
}
fn from(ctx: &Ctx) -> Result<Reply> {
    let (s, today) = (school(ctx)?, ctx.today());
    let day = match first_day(ctx) {
        Ok(d) => d,
        Err(f) => return page(ctx, 422, &field_faults(f)?),
    };
    let to = at(ctx, "/scheme", &s, "");
    then(ctx, "scheme.draft", to, move |w| {
        edit_draft(w, s.id, today, &|v| {
            v.from = day;
            Ok(())
        })
        .map(|_| ())
    })
}
fn drop(ctx: &Ctx) -> Result<Reply> {
    let s = school(ctx)?;
    let to = at(ctx, "/scheme", &s, "saved=1");
    then(ctx, "scheme.drop", to, move |w| drop_draft(w, s.id))
}
fn post_publish(ctx: &Ctx) -> Result<Reply> {
    let (s, today) = (school(ctx)?, ctx.today());
    if ctx.f("look") == "1" {
        return from(ctx);
    }
    may_publish(ctx.scope()?, s.id)?;
    let day = match first_day(ctx) {
        Ok(d) => d,
        Err(f) => return page(ctx, 422, &field_faults(f)?),
    };
    let (note, to) = (ctx.f("note").to_owned(), at(ctx, "/scheme", &s, "tab=versions&saved=1"));
    then(ctx, "scheme.publish", to, move |w| {
        publish(w, s.id, day, Some(&note), today).map(|_| ())
    })
}

fn hours(ctx: &Ctx) -> Result<Reply> {
    let s = school(ctx)?;
    let (mut told, mut bad): (BTreeMap<Post, Option<f64>>, Vec<FieldFault>) = Default::default();
    for p in Post::ALL {
        let name = format!("h_{}", p.code());
        if !ctx.form().iter().any(|(n, _)| *n == name) {
            continue;
        }
        let text = ctx.f(&name).trim();
        match text.parse::<f64>() {
            _ if text.is_empty() => {
                told.insert(*p, None);
            }
            Ok(h) if (0.0..=60.0).contains(&h) => {
                told.insert(*p, Some(h));
            }
            _ => bad.push(FieldFault {
                field: name,
                reason: say(
                    format!("{}：要 0 到 60 小时", words::post_word(*p).zh),
                    format!("{}: 0 to 60 hours", words::post_word(*p).en),
                ),
            }),
        }
    }
    if !bad.is_empty() {
        return page(ctx, 422, &bad);
    }
    let to = at(ctx, "/scheme", &s, "saved=1");
    then(ctx, "scheme.hours", to, move |w| {
        let r = w
            .conn()
            .first(
                "select settings from schools where county_id = ?1 and id = ?2",
                params![w.county(), s.id],
            )?
            .ok_or(Fault::NotFound)?;
        let mut settings = r.json(0);
        for (p, h) in &told {
            settings["hours"][p.code()] = json!(h);
        }
        w.update(&SCHOOLS, s.id, row!["settings" => settings.to_string()])
            .map(|_| ())
    })
}

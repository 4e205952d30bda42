//! One thing: what it is, the steps from here, what there is of it, and its life so far.

use super::{active, days, seal_of, staff, title, writes};
use crate::api::{may_step, to_change};
use crate::read::{Thing, Version, fetch, life};
use crate::sort::Step;
use crate::write::{remove, step, stock};
use std::collections::HashMap;
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, Time, t};
use tx_record::form::{Asked, question, shown, values};
use tx_record::people;
use tx_web::pages::{Shell, may_open, shell_with};
use tx_web::parts::forms::{Field, FieldKind, Form, Question};
use tx_web::parts::marks::{Link, Look, Person, Pill};
use tx_web::parts::{Top, records};
use tx_web::{Ctx, Reply};

/// What was wrong with what was sent: the form that sent it, and the faults.
type Wrong<'w> = Option<(&'w str, &'w [FieldFault])>;

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, ctx.id("id")?, 200, None)
}

fn moment(at: Time, lang: Lang) -> String {
    let day = if lang == Lang::Zh {
        at.day().zh_short()
    } else {
        at.day().to_string()
    };
    format!("{day} {}", at.hour_minute())
}

fn page(ctx: &Ctx, id: Id, status: u16, wrong: Wrong) -> Result<Reply> {
    let (scope, lang, on) = (ctx.scope()?, ctx.lang, ctx.today());
    let (x, versions, children, people) = ctx.read(|c| {
        let x = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
        let versions = life(ctx.db().keys(), c, scope, &x)?;
        let ids: Vec<Id> = x.child.into_iter().collect();
        Ok((x, versions, people::children(c, scope, &ids)?, staff(c, scope)?))
    })?;
    let owners: HashMap<Id, String> = people.into_iter().collect();
    let say = |t: Text| t.in_lang(lang).to_owned();
    let sort = x.sort;
    let now = sort.state(&x.state);
    let mut rows = vec![(say(t("状态", "State")), vec![say(now.name)])];
    if let (Some(unit), Some(n)) = (sort.stock, x.stock) {
        rows.push((say(t("现有", "In stock")), vec![format!("{n} {}", say(unit))]));
    }
    rows.extend(days(&x, lang).map(|d| (say(t("时间", "Time")), vec![d])));
    for f in sort.fields {
        if let Some(v) = x.fields.get(f.id) {
            rows.push((say(f.name), vec![shown(f, v, lang)]));
        }
    }
    if let Some((who, when)) = sort.due {
        rows.extend(
            x.owner
                .and_then(|o| owners.get(&o))
                .map(|n| (say(who), vec![n.clone()])),
        );
        rows.extend(x.due.map(|d| (say(when), vec![tx_record::form::day_words(d, lang)])));
    }
    let form = |action: &str, hidden: Vec<(String, String)>| Form {
        action: format!("/things/{id}/{action}"),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden,
        ..Default::default()
    };
    let mut view = records::RecordView {
        top: Top {
            title: title(&x, &children),
            sub: vec![say(sort.name)],
            ..Default::default()
        },
        seal: seal_of(&x, on),
        people: x
            .child
            .and_then(|k| children.get(&k))
            .map(|k| Person {
                id: k.id.to_string(),
                name: k.name.clone(),
                href: format!("/children/{}", k.id),
                ..Default::default()
            })
            .into_iter()
            .collect(),
        rows,
        history_title: say(t("一步一步", "Step by step")),
        history: history(&versions, lang),
        ..Default::default()
    };
    if x.is_late(on) {
        let n = x.due.map_or(0, |d| on.since(d));
        let text = if lang == Lang::Zh {
            format!("晚 {n} 天")
        } else {
            format!("{n} days late")
        };
        view.strips.push((Pill::Late, "warn", text, None));
    }
    if let Some((_, faults)) = wrong {
        let known = |f: &&FieldFault| !f.field.starts_with("fields.") && !["reason", "by"].contains(&f.field.as_str());
        for f in faults.iter().filter(known) {
            view.strips
                .push((Pill::Late, "warn", f.reason.in_lang(lang).to_owned(), None));
        }
    }
    if writes(scope, &x, &children) && may_open(ctx, "/things/{id}/edit") {
        if !now.locked {
            view.top.buttons.push(
                Link::new(say(t("改正", "Correct")), format!("/things/{id}/edit"))
                    .icon("pen")
                    .first(),
            );
        }
        let mut first = true;
        for s in sort
            .steps
            .iter()
            .filter(|s| s.from.contains(&x.state.as_str()) && (s.may)(scope))
        {
            let hidden = vec![("step".to_owned(), s.id.to_owned())];
            if s.asks.is_empty() {
                let look = if std::mem::take(&mut first) {
                    Look::First
                } else {
                    Look::Second
                };
                view.posts.push((form("step", hidden), say(s.name), "", look));
            } else {
                let faults = wrong.filter(|(which, _)| *which == s.id).map_or(&[][..], |w| w.1);
                view.forms.push((
                    say(s.name),
                    form("step", hidden),
                    questions(ctx, &x, s, faults),
                    say(s.name),
                ));
            }
        }
        if let Some(unit) = sort.stock {
            let faults = wrong.filter(|(which, _)| *which == "stock").map_or(&[][..], |w| w.1);
            view.forms.push((
                say(t("入库或出库", "Put in or take out")),
                form("stock", Vec::new()),
                stock_questions(ctx, unit, faults),
                say(t("记下", "Note it")),
            ));
        }
        let faults = wrong.filter(|(which, _)| *which == "delete").map_or(&[][..], |w| w.1);
        view.forms.push((
            say(t("删除", "Delete")),
            form("delete", Vec::new()),
            vec![reason(
                t("为什么删", "Why it is deleted"),
                tx_record::form::fault_of(faults, "reason", lang),
                true,
                lang,
            )],
            say(t("删除", "Delete")),
        ));
    }
    let shell = Shell {
        title: sort.name,
        active: active(sort.group),
        toast: (ctx.q("saved") == Some("1")).then(|| tx_web::parts::Toast {
            text: say(t("存好了", "Saved")),
            undo: None,
        }),
        ..Shell::default()
    };
    Ok(Reply::page_with(
        status,
        shell_with(ctx, shell, records::page(lang, &view))?,
    ))
}

fn reason(label: Text, error: String, required: bool, lang: Lang) -> Question {
    Question::Field(Field {
        name: "reason".into(),
        label: label.in_lang(lang).into(),
        error,
        required,
        max: 500,
        ..Default::default()
    })
}

fn questions(ctx: &Ctx, x: &Thing, s: &Step, faults: &[FieldFault]) -> Vec<Question> {
    let posted = ctx.route.method == "POST" && ctx.f("step") == s.id;
    let fields = s.asks.iter().filter_map(|id| x.sort.field(id));
    fields
        .map(|f| {
            let name = format!("f_{}", f.id);
            let given = if posted {
                ctx.f_all(&name).into_iter().map(str::to_owned).collect()
            } else {
                tx_record::form::given(x.fields.get(f.id))
            };
            let error = tx_record::form::fault_of(faults, &format!("fields.{}", f.id), ctx.lang);
            question(
                f,
                Asked {
                    name,
                    given,
                    error,
                    aside: None,
                },
                ctx.lang,
            )
        })
        .collect()
}

fn stock_questions(ctx: &Ctx, unit: Text, faults: &[FieldFault]) -> Vec<Question> {
    let lang = ctx.lang;
    let fault = |name: &str| tx_record::form::fault_of(faults, name, lang);
    let way = ctx.f("way");
    let say = |t: Text| t.in_lang(lang).to_owned();
    vec![
        Question::Field(Field {
            name: "way".into(),
            label: say(t("入还是出", "In or out")),
            value: way.into(),
            kind: FieldKind::Select(vec![
                ("out".into(), say(t("出库", "out"))),
                ("in".into(), say(t("入库", "in"))),
            ]),
            ..Default::default()
        }),
        Question::Field(Field {
            name: "by".into(),
            label: say(t("多少", "How many")),
            hint: say(unit),
            value: ctx.f("by").into(),
            error: fault("by"),
            kind: FieldKind::Number,
            max: 10,
            ..Default::default()
        }),
        Question::Field(Field {
            name: "why".into(),
            label: say(t("给谁、从哪来", "To whom, from where")),
            value: ctx.f("why").into(),
            max: 500,
            ..Default::default()
        }),
    ]
}

/// Each step with what it changed, the last first.
fn history(versions: &[Version], lang: Lang) -> Vec<records::Before> {
    let words = |x: &Thing| -> Vec<(String, String)> {
        let mut out = vec![(t("状态", "State"), x.sort.state(&x.state).name.in_lang(lang).to_owned())];
        out.extend(x.title.clone().map(|v| (x.sort.title, v)));
        out.extend(days(x, lang).map(|v| (t("时间", "Time"), v)));
        out.extend(x.stock.map(|n| (t("数量", "Number"), n.to_string())));
        let said = x
            .sort
            .fields
            .iter()
            .filter_map(|f| Some((f.name, shown(f, x.fields.get(f.id)?, lang))));
        out.extend(said);
        out.into_iter().map(|(n, v)| (n.in_lang(lang).to_owned(), v)).collect()
    };
    let mut out: Vec<records::Before> = Vec::new();
    let mut before: Vec<(String, String)> = Vec::new();
    for v in versions {
        let now = words(&v.thing);
        let by = if lang == Lang::Zh { "" } else { "by " };
        out.push(records::Before {
            when: format!("{} {by}{}", moment(v.at, lang), v.who),
            why: v.thing.reason.clone().unwrap_or_default(),
            was: now.iter().filter(|p| !before.contains(p)).cloned().collect(),
        });
        before = now;
    }
    out.reverse();
    out
}

pub(super) fn take_step(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.today());
    let x = ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let next = x.sort.step(ctx.f("step")).ok_or(Fault::NotFound)?;
    may_step(&scope, next)?;
    let fields = values(ctx, next.asks.iter().filter_map(|f| x.sort.field(f)), "f_", false);
    let done = ctx.write_form(scope.act("thing.step"), move |w| {
        step(w, id, next, &fields, None, today)?;
        Ok(format!("/things/{id}?saved=1"))
    });
    again(ctx, id, next.id, done)
}

pub(super) fn move_stock(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let n = ctx
        .f("by")
        .trim()
        .parse::<i64>()
        .ok()
        .filter(|n| (1..=1_000_000).contains(n));
    let Some(n) = n else {
        let fault = FieldFault {
            field: "by".into(),
            reason: tx_base::say("要 1 以上的整数", "a whole number above 0 is needed"),
        };
        return page(ctx, id, 422, Some(("stock", &[fault])));
    };
    let by = if ctx.f("way") == "in" { n } else { -n };
    let why = Some(ctx.f("why").trim().to_owned()).filter(|s| !s.is_empty());
    let done = ctx.write_form(scope.act("thing.stock"), move |w| {
        stock(w, id, by, why.as_deref())?;
        Ok(format!("/things/{id}?saved=1"))
    });
    again(ctx, id, "stock", done)
}

pub(super) fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let x = ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let (why, sort) = (ctx.f("reason").to_owned(), x.sort.id);
    let done = ctx.write_form(scope.act("thing.delete"), move |w| {
        remove(w, id, &why)?;
        Ok(format!("/things/list?sort={sort}&gone=1"))
    });
    again(ctx, id, "delete", done)
}

/// The page again with what was wrong, or on.
fn again(ctx: &Ctx, id: Id, which: &str, done: Result<Reply>) -> Result<Reply> {
    match done {
        Err(Fault::Invalid(_, faults) | Fault::Taken(_, faults)) => page(ctx, id, 422, Some((which, &faults))),
        Err(Fault::Conflict(why)) => {
            let fault = FieldFault {
                field: String::new(),
                reason: why,
            };
            page(ctx, id, 409, Some((which, &[fault])))
        }
        other => other,
    }
}

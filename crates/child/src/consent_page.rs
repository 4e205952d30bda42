//! 同意: what was answered for a child, purpose by purpose, and a new answer (features B16).

use crate::api::writable;
use crate::consent::{Answer, Noted, Purpose, answers, note, said};
use serde_json::{Value as Json, json};
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, say, t};
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{Field, FieldKind, Form, Question};
use tx_web::parts::marks::{Kind, Link, Mark, Person, Seal};
use tx_web::parts::{Top, records};
use tx_web::{Ctx, Reply, Route, STAFF};

const PATH: &str = "/children/{id}/consents";

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/children/{id}/consents", STAFF, Class::P, get).says(t("同意过什么", "Consents")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/consents",
        STAFF,
        Class::P,
        "NewConsent",
        post,
    )
    .says(t("记一次回答", "Note an answer")),
    Route::get(PATH, STAFF, Class::P, show).says(t("同意", "Consents")),
    Route::form(PATH, STAFF, Class::P, save).says(t("记一次回答", "Note an answer")),
];

fn item(n: &Noted) -> Json {
    json!({"purpose": n.purpose.code(), "answer": n.answer.code(), "by": n.by, "on": n.on.to_string(), "noted_by": n.noted_by})
}

/// A child whose personal side the caller sees.
fn seen(ctx: &Ctx, id: Id) -> Result<(crate::list::Child, Vec<Noted>)> {
    let scope = ctx.scope()?;
    ctx.read(|c| {
        let child = crate::list::fetch(c, scope, id)?
            .filter(|k| k.sight.personal)
            .ok_or(Fault::NotFound)?;
        Ok((child, answers(c, scope.county, id)?))
    })
}

fn get(ctx: &Ctx) -> Result<Reply> {
    let (_, all) = seen(ctx, ctx.id("id")?)?;
    let items: Vec<Json> = all.iter().map(item).collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

/// What is sent, checked: every field that is wrong by its name.
fn read(ctx: &Ctx, word: impl Fn(&str) -> String) -> Result<(Purpose, Answer, crate::consent::Consent)> {
    let (purpose, answer) = (Purpose::parse(&word("purpose")), Answer::parse(&word("answer")));
    let nobody = say("写是哪位家长或监护人说的", "Which parent or guardian said so?");
    let told = said(&word("by"), &word("on"), ctx.today(), ["by", "on"], nobody);
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut need = |field: &str, there: bool| {
        if !there {
            bad.push(FieldFault {
                field: field.into(),
                reason: say("请选一个", "Choose one"),
            });
        }
    };
    need("purpose", purpose.is_some());
    need("answer", answer.is_some());
    match (purpose, answer, told) {
        (Some(p), Some(a), Ok(c)) => Ok((p, a, c)),
        (_, _, Err(Fault::Invalid(_, more))) => {
            bad.extend(more);
            Err(Fault::fields(bad))
        }
        (_, _, Err(e)) => Err(e),
        _ => Err(Fault::fields(bad)),
    }
}

fn post(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    writable(ctx, id)?;
    let body = ctx.json()?;
    if let Some(name) = body
        .keys()
        .find(|n| !["purpose", "answer", "by", "on"].contains(&n.as_str()))
    {
        return Err(Fault::invalid(
            name,
            format!("没有 {name} 这个字段"),
            format!("there is no field {name}"),
        ));
    }
    let word = |n: &str| body.get(n).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (purpose, answer, told) = read(ctx, word)?;
    ctx.write_json(scope.act("child.consent"), move |w| {
        note(w, id, purpose, answer, &told)?;
        let noted = answers(w.conn(), w.county(), id)?;
        let n = noted.iter().find(|n| n.purpose == purpose).ok_or(Fault::NotFound)?;
        Ok((201, item(n)))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    writable(ctx, id)?;
    let (purpose, answer, told) = match read(ctx, |n| ctx.f(n).to_owned()) {
        Err(Fault::Invalid(_, faults)) => return page(ctx, 422, &faults),
        other => other?,
    };
    ctx.write_form(scope.act("child.consent"), move |w| {
        note(w, id, purpose, answer, &told)?;
        Ok(format!("/children/{id}/consents?saved=1"))
    })
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (lang, id) = (ctx.lang, ctx.id("id")?);
    let (child, all) = seen(ctx, id)?;
    let words = |text: Text| text.in_lang(lang).to_owned();
    let line = |n: &Noted| match lang {
        Lang::Zh => format!("{}：{} {}", n.answer.name().zh, n.by, n.on.zh_long()),
        Lang::En => format!("{} by {} on {}", n.answer.name().en, n.by, n.on),
    };
    let rows = Purpose::ALL
        .iter()
        .map(|p| {
            let last = all.iter().find(|n| n.purpose == *p);
            (
                words(p.name()),
                vec![last.map_or_else(|| words(t("还没问过", "not asked yet")), line)],
            )
        })
        .collect();
    let field = |name: &str, label: Text, kind: FieldKind, usual: &str| {
        let typed = ctx.f(name);
        Question::Field(Field {
            name: name.into(),
            label: words(label),
            value: if typed.is_empty() { usual.into() } else { typed.into() },
            error: tx_web::parts::forms::fault_of(lang, faults, name),
            kind,
            max: 60,
            ..Default::default()
        })
    };
    let choose = |list: Vec<(&str, Text)>| {
        let mut options = vec![(String::new(), "—".to_owned())];
        options.extend(list.into_iter().map(|(code, name)| (code.to_owned(), words(name))));
        FieldKind::Select(options)
    };
    let today = ctx.today().to_string();
    let asked = vec![
        field(
            "purpose",
            t("什么事", "For what"),
            choose(Purpose::ALL.iter().map(|p| (p.code(), p.name())).collect()),
            "",
        ),
        field(
            "answer",
            t("怎么说", "The answer"),
            choose(Answer::ALL.iter().map(|a| (a.code(), a.name())).collect()),
            "",
        ),
        field("by", t("谁说的", "Who said so"), FieldKind::Text, ""),
        field("on", t("哪天", "On which day"), FieldKind::Date, &today),
    ];
    let form = Form {
        action: format!("/children/{id}/consents"),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..Default::default()
    };
    let view = records::RecordView {
        top: Top {
            title: words(t("同意", "Consents")),
            sub: vec![child.name.clone()],
            buttons: vec![Link::new(words(t("回档案", "To the file")), format!("/children/{id}"))],
            ..Default::default()
        },
        seal: Seal::new("同", Kind::of_char("同"), Mark::Done),
        people: vec![Person {
            id: id.to_string(),
            name: child.name.clone(),
            href: format!("/children/{id}"),
            ..Default::default()
        }],
        rows,
        forms: if child.sight.write {
            vec![(
                words(t("记一次回答", "Note an answer")),
                form,
                asked,
                words(t("存好", "Save")),
            )]
        } else {
            Vec::new()
        },
        history_title: words(t("每一次回答", "Every answer")),
        history: all
            .iter()
            .map(|n| records::Before {
                when: line(n),
                was: vec![(words(t("什么事", "For what")), words(n.purpose.name()))],
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    };
    let shell = Shell {
        title: t("同意", "Consents"),
        active: "children",
        toast: (ctx.q("saved") == Some("1")).then(|| tx_web::parts::Toast {
            text: words(t("存好了", "Saved")),
            undo: None,
        }),
        ..Shell::default()
    };
    Ok(Reply::page_with(
        status,
        shell_with(ctx, shell, records::page(lang, &view))?,
    ))
}

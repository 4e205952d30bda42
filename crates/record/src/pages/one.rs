//! One record: its page, its deletion with a reason, planned and done.

use super::read::read;
use super::{back, moment, seal_of, short_day, state_name};
use crate::api::{has_sensitive, must_change, note_sensitive};
use crate::form;
use crate::read::fetch;
use serde_json::json;
use tx_base::{Fault, Id, Lang, Result, Text, t};
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{Field, Form, Question};
use tx_web::parts::marks::{Link, Look, Person, Pill};
use tx_web::parts::{Top, records};
use tx_web::{Ctx, Reply};

pub(super) fn one(ctx: &Ctx) -> Result<Reply> {
    page(ctx, ctx.id("id")?, 200, None)
}

fn page(ctx: &Ctx, id: Id, status: u16, wrong: Option<(&str, String)>) -> Result<Reply> {
    let lang = ctx.lang;
    let read = ctx.read(|c| read(ctx, c, id))?;
    let (r, d) = (&read.record, &read.declared);
    let holds = has_sensitive(d, r) || read.earlier.iter().any(|e| has_sensitive(d, &e.record));
    let sensitive = holds && read.may_see && ctx.q("include") == Some("sensitive");
    if sensitive {
        note_sensitive(ctx, id)?;
    }
    let say = |t: Text| t.in_lang(lang).to_owned();
    let mut rows: Vec<(String, Vec<String>)> = vec![(
        say(t("日期", "Day")),
        vec![if lang == Lang::Zh {
            format!("{} {}", r.on.zh_long(), r.on.zh_weekday())
        } else {
            r.on.to_string()
        }],
    )];
    if let Some(name) = r.class.and_then(|k| read.classes.get(&k)) {
        rows.push((say(t("班级", "Class")), vec![name.clone()]));
    }
    if r.state != "done" {
        rows.push((say(t("状态", "State")), vec![say(state_name(&r.state))]));
    }
    for f in d.head.iter().filter(|f| sensitive || f.class < Class::S) {
        if let Some(v) = r.fields.get(f.id) {
            rows.push((f.name.in_lang(lang).into(), vec![form::shown(f, v, lang)]));
        }
    }
    let author = r
        .author
        .and_then(|a| read.accounts.get(&a))
        .unwrap_or(&r.author_name)
        .clone();
    let mut written = vec![author, moment(r.written_at, lang)];
    written.extend(r.late().map(|_| say(t("补记", "written later"))));
    rows.push((say(t("谁写的", "Written by")), written));
    let mut strips: Vec<(Pill, &'static str, String, Option<Link>)> = Vec::new();
    if let Some((_, why)) = &wrong {
        strips.push((Pill::Late, "warn", why.clone(), None));
    }
    for k in &read.open {
        let text = if lang == Lang::Zh {
            format!("{}也改了“{}”，两份都替您留着", k.made_by_name, k.label().zh)
        } else {
            format!("{} changed “{}” too; both are kept", k.made_by_name, k.label().en)
        };
        strips.push((
            Pill::Due,
            "warn",
            text,
            Some(Link::new(say(t("看", "Look")), format!("/conflicts/{}", k.id))),
        ));
    }
    let people: Vec<Person> = r
        .lines
        .iter()
        .filter(|l| l.child.is_some() || l.adult.is_some())
        .map(|l| Person {
            id: l.child.or(l.adult).unwrap_or(Id::NIL).to_string(),
            name: read.name(l),
            href: l.child.map(|c| format!("/children/{c}")).unwrap_or_default(),
            ..Default::default()
        })
        .collect();
    let form = |action: &str, hidden: Vec<(String, String)>| Form {
        action: format!("/records/{id}/{action}"),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden,
        ..Default::default()
    };
    let mut view = records::RecordView {
        top: Top {
            title: r.name(lang).into(),
            sub: vec![short_day(r.on, lang)],
            ..Default::default()
        },
        close_href: if ctx.q("pop") == Some("1") {
            back(ctx)
        } else {
            String::new()
        },
        strips,
        seal: seal_of(r),
        people,
        text: r.text.clone().unwrap_or_default(),
        rows,
        lines: read.lines(sensitive, lang),
        history_title: say(t("从前的样子", "Earlier versions")),
        history: read.history(sensitive, lang),
        ..Default::default()
    };
    if holds && read.may_see && !sensitive {
        view.links.push(
            Link::new(
                say(t(
                    "看敏感内容（留下谁看过）",
                    "Show sensitive fields (kept in the audit)",
                )),
                format!("/records/{id}?include=sensitive"),
            )
            .icon("lock"),
        );
    }
    if read.may_change {
        view.top.buttons.push(
            Link::new(say(t("改正", "Correct")), format!("/records/{id}/edit"))
                .icon("pen")
                .first(),
        );
        let version = ("base_version".to_owned(), r.version.to_string());
        let to = |state: &str| form("state", vec![version.clone(), ("state".into(), state.into())]);
        match r.state.as_str() {
            "planned" => {
                view.posts.push((to("done"), say(t("做了", "Done")), "ok", Look::First));
                view.posts
                    .push((to("cancelled"), say(t("取消", "Cancel it")), "", Look::Second));
            }
            "cancelled" => view
                .posts
                .push((to("planned"), say(t("还是要做", "Plan it again")), "", Look::Second)),
            _ => {}
        }
        let reason = Field {
            name: "reason".into(),
            label: say(t("为什么删", "Why it is deleted")),
            hint: say(t(
                "删了就哪里都不算数，写过的字留在历史里",
                "It counts nowhere then; its words stay in the history",
            )),
            error: wrong
                .as_ref()
                .filter(|w| w.0 == "reason")
                .map(|w| w.1.clone())
                .unwrap_or_default(),
            required: true,
            max: 500,
            ..Default::default()
        };
        view.forms.push((
            say(t("删除", "Delete")),
            form("delete", Vec::new()),
            vec![Question::Field(reason)],
            say(t("删除", "Delete")),
        ));
    }
    let body = records::page(lang, &view);
    let shell = Shell {
        title: r.kind.name,
        active: "records",
        toast: crate::saved_toast(ctx)?,
        ..Shell::default()
    };
    Ok(Reply::page_with(status, shell_with(ctx, shell, body)?))
}

pub(super) fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, &scope, id)?.ok_or(Fault::NotFound)?;
        must_change(c, &scope, &r)
    })?;
    let reason = ctx.f("reason").to_owned();
    if reason.trim().is_empty() {
        return page(
            ctx,
            id,
            422,
            Some((
                "reason",
                t("删除要写原因", "A deletion needs a reason").in_lang(ctx.lang).into(),
            )),
        );
    }
    ctx.write_form(scope.act("record.delete"), move |w| {
        crate::remove(w, id, &reason)?;
        Ok("/records?gone=1".into())
    })
}

pub(super) fn state(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.today());
    let r = ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, &scope, id)?.ok_or(Fault::NotFound)?;
        must_change(c, &scope, &r)?;
        Ok(r)
    })?;
    let base: i64 = ctx.f("base_version").parse().unwrap_or(r.version);
    let changes = json!({"state": ctx.f("state")})
        .as_object()
        .cloned()
        .unwrap_or_default();
    let db = ctx.db().clone();
    let done = ctx.write_form(scope.act("record.correct"), move |w| {
        let seen = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        crate::correct(w, &seen, base, &changes, today)?;
        Ok(format!("/records/{id}"))
    });
    match done {
        Err(Fault::Invalid(why, _)) => page(ctx, id, 422, Some(("state", why.in_lang(ctx.lang).to_owned()))),
        other => other,
    }
}

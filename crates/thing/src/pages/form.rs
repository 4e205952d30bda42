//! The form of any sort, for a new thing and for a correction.

use super::{active, sort_of, staff, title};
use crate::api::{must_write, to_change};
use crate::read::{Thing, fetch};
use crate::sort::{About, Sort};
use crate::write::{add, change, parse};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, t};
use tx_record::form::{Asked, given, question, values};
use tx_record::people;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{self, FieldKind, Form, Question};
use tx_web::parts::marks::Link;
use tx_web::parts::{Top, records};
use tx_web::{Ctx, Reply};

pub(super) fn show_new(ctx: &Ctx) -> Result<Reply> {
    let sort = sort_of(ctx)?;
    page(ctx, 200, sort, None, &[])
}
pub(super) fn show_edit(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let x = ctx.read(|c| to_change(ctx, c, scope, id))?;
    page(ctx, 200, x.sort, Some(&x), &[])
}

/// What was typed, as the API takes it; of a correction an empty answer takes the value away.
fn body(ctx: &Ctx, sort: &'static Sort, old: Option<&Thing>) -> Map<String, Json> {
    let mut out = Map::new();
    let nulls = old.is_some();
    let mut put = |name: &str, wanted: bool| {
        let v = ctx.f(name).trim();
        if wanted && (nulls || !v.is_empty()) {
            out.insert(name.into(), v.into());
        }
    };
    put("title", sort.about == About::School);
    put("child", sort.about == About::Child && old.is_none());
    for n in ["from", "to"] {
        put(n, sort.span.is_some());
    }
    for n in ["owner", "due"] {
        put(n, sort.due.is_some());
    }
    if sort.stock.is_some() && old.is_none() {
        let v = ctx.f("stock").trim();
        if !v.is_empty() {
            out.insert("stock".into(), v.parse::<i64>().map_or_else(|_| json!(v), |n| json!(n)));
        }
    }
    let fields = asked(sort, old);
    out.insert("fields".into(), values(ctx, fields.iter().copied(), "f_", nulls).into());
    out
}
/// Fields that the form asks: those of a step once they hold something.
fn asked(sort: &'static Sort, old: Option<&Thing>) -> Vec<&'static tx_record::Field> {
    let first: Vec<&str> = sort.asked().map(|f| f.id).collect();
    sort.fields
        .iter()
        .filter(|f| first.contains(&f.id) || old.is_some_and(|o| o.fields.contains_key(f.id)))
        .collect()
}

pub(super) fn save_new(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let sort = sort_of(ctx)?;
    let school = scope.the_school()?.id;
    let mut sent = body(ctx, sort, None);
    let child = ctx.f("child").parse::<Id>().ok();
    ctx.read(|c| must_write(c, &scope, sort, child))?;
    sent.insert("sort".into(), sort.id.into());
    let new = match parse(sort, &sent, school) {
        Ok(new) => new,
        Err(Fault::Invalid(_, faults)) => return page(ctx, 422, sort, None, &faults),
        Err(e) => return Err(e),
    };
    let done = ctx.write_form(scope.act("thing.add"), move |w| {
        must_write(w.conn(), &scope, new.sort, new.child)?;
        add(w, &new)?;
        Ok(format!("/things/{}?saved=1", new.id))
    });
    match done {
        Err(Fault::Invalid(_, faults) | Fault::Taken(_, faults)) => page(ctx, 422, sort, None, &faults),
        other => other,
    }
}

pub(super) fn save_edit(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let x = ctx.read(|c| to_change(ctx, c, &scope, id))?;
    let sent = body(ctx, x.sort, Some(&x));
    let base: i64 = ctx.f("base_version").parse().unwrap_or(x.version);
    let db = ctx.db().clone();
    let done = ctx.write_form(scope.act("thing.change"), move |w| {
        let seen = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        let done = change(w, &seen, base, &sent)?;
        let n = done.conflicts.len();
        Ok(format!(
            "/things/{id}?saved=1{}",
            if n > 0 { format!("&clashes={n}") } else { String::new() }
        ))
    });
    match done {
        Err(Fault::Invalid(_, faults) | Fault::Taken(_, faults)) => page(ctx, 422, x.sort, Some(&x), &faults),
        other => other,
    }
}

fn page(ctx: &Ctx, status: u16, sort: &'static Sort, old: Option<&Thing>, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    if !(sort.writes)(scope) {
        return Err(Fault::forbidden(t(
            "您的账号不管这一种",
            "This account does not keep these",
        )));
    }
    let say = |t: Text| t.in_lang(lang).to_owned();
    let posted = ctx.route.method == "POST";
    let (children, people) = ctx.read(|c| {
        let children = match sort.about {
            About::Child => people::of_class(c, scope, None)?,
            About::School => Vec::new(),
        };
        Ok((children, staff(c, scope)?))
    })?;
    let fault = |name: &str| tx_record::form::fault_of(faults, name, lang);
    let plain = |name: &str, stands: Option<String>| {
        if posted {
            ctx.f(name).to_owned()
        } else {
            stands.unwrap_or_default()
        }
    };
    let line = |name: &str, label: Text, value: String, kind: FieldKind, max: u32| {
        Question::Field(forms::Field {
            name: name.into(),
            label: label.in_lang(lang).into(),
            value,
            error: fault(name),
            kind,
            max,
            ..Default::default()
        })
    };
    let mut questions = Vec::new();
    match sort.about {
        About::School => questions.push(line(
            "title",
            sort.title,
            plain("title", old.and_then(|o| o.title.clone())),
            FieldKind::Text,
            120,
        )),
        About::Child if old.is_none() => {
            let mut all = vec![(String::new(), "—".to_owned())];
            all.extend(
                children
                    .iter()
                    .filter(|k| crate::may_write(scope, sort, Some(k)))
                    .map(|k| {
                        (
                            k.id.to_string(),
                            format!("{} {}", k.name, k.class_name).trim().to_owned(),
                        )
                    }),
            );
            let value = plain("child", ctx.q("child").map(str::to_owned));
            questions.push(line(
                "child",
                t("哪个孩子", "Which child"),
                value,
                FieldKind::Select(all),
                0,
            ));
        }
        About::Child => {}
    }
    if let Some((from, to)) = sort.span {
        let first = old.map_or(Some(ctx.today()), |o| o.from).map(|d| d.to_string());
        questions.push(line("from", from, plain("from", first), FieldKind::Date, 0));
        let last = old.and_then(|o| o.to).map(|d| d.to_string());
        questions.push(line("to", to, plain("to", last), FieldKind::Date, 0));
    }
    for f in asked(sort, old) {
        let name = format!("f_{}", f.id);
        let given = if posted {
            ctx.f_all(&name).into_iter().map(str::to_owned).collect()
        } else {
            given(old.and_then(|o| o.fields.get(f.id)))
        };
        let error = fault(&format!("fields.{}", f.id));
        questions.push(question(
            f,
            Asked {
                name,
                given,
                error,
                aside: None,
            },
            lang,
        ));
    }
    if let (Some(unit), None) = (sort.stock, old) {
        let label = Text {
            zh: "现有多少",
            en: "How many there are",
        };
        let mut q = line("stock", label, plain("stock", None), FieldKind::Number, 20);
        if let Question::Field(f) = &mut q {
            f.hint = say(unit);
        }
        questions.push(q);
    }
    if let Some((who, when)) = sort.due {
        let mut all = vec![(String::new(), "—".to_owned())];
        all.extend(people.iter().map(|(id, name)| (id.to_string(), name.clone())));
        let owner = old.and_then(|o| o.owner).map(|o| o.to_string());
        questions.push(line("owner", who, plain("owner", owner), FieldKind::Select(all), 0));
        let due = old.and_then(|o| o.due).map(|d| d.to_string());
        questions.push(line("due", when, plain("due", due), FieldKind::Date, 0));
    }
    let names: HashMap<Id, people::Named> = children.into_iter().map(|k| (k.id, k)).collect();
    let mut hidden = vec![("sort".to_owned(), sort.id.to_owned())];
    if let Some(o) = old {
        let version = if posted {
            ctx.f("base_version").to_owned()
        } else {
            o.version.to_string()
        };
        hidden.push(("base_version".into(), version));
    }
    let label = |name: &str| {
        let field = name.strip_prefix("fields.").and_then(|id| sort.field(id));
        field
            .map(|f| f.name.in_lang(lang).to_owned())
            .unwrap_or_else(|| match name {
                "title" => say(sort.title),
                _ => String::new(),
            })
    };
    let mut errors = forms::errors(lang, faults, label);
    for e in &mut errors {
        e.name = e.name.replace("fields.", "f_");
    }
    let back = old.map_or_else(
        || format!("/things/list?sort={}", sort.id),
        |o| format!("/things/{}", o.id),
    );
    let head = match (old, lang) {
        (Some(o), _) => title(o, &names),
        (None, Lang::Zh) => format!("登记{}", sort.name.zh),
        (None, Lang::En) => format!("Add: {}", sort.name.en),
    };
    let view = records::FormView {
        top: Top {
            title: head,
            sub: vec![say(sort.says)],
            buttons: vec![Link::new(say(t("回去", "Back")), back)],
            ..Default::default()
        },
        errors,
        form: Form {
            action: old.map_or_else(|| "/things/new".to_owned(), |o| format!("/things/{}/edit", o.id)),
            csrf: ctx.csrf(),
            key: ctx.form_key(),
            hidden,
            ..Default::default()
        },
        questions,
        save: say(t("存好", "Save")),
        ..Default::default()
    };
    let shell = Shell {
        title: sort.name,
        active: active(sort.group),
        ..Shell::default()
    };
    Ok(Reply::page_with(
        status,
        shell_with(ctx, shell, records::edit(lang, &view))?,
    ))
}

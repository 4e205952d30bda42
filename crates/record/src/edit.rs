//! The form of any kind, for a new record and for a correction: every field of the declaration, and the lines by ticks with what each says.

use crate::api::{
    WRITERS, class_of, has_sensitive, may_see_sensitive, may_write_about, may_write_kind, must_change, note_sensitive,
};
use crate::form::{self, Asked, fault_of, given, question};
use crate::kind::{About, Field};
use crate::own::Declared;
use crate::pages::{OUTCOMES, back, seal_of, state_name};
use crate::people::{self, Named};
use crate::read::{Line, Record, fetch};
use crate::{find_kind, parse_as};
use serde_json::{Map, Value as Json, json};
use std::collections::HashSet;
use tx_access::Scope;
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, t};
use tx_store::{Class, Conn};
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{self, FieldKind, Form, Question};
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Kind as Colour, Mark, Pill, Seal};
use tx_web::parts::record::NameTile;
use tx_web::parts::{Top, records};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/records/new", WRITERS, Class::P, show_new)
        .says(t("记一条", "Write a record"))
        .query(&[
            ("kind", "string", t("种类", "Kind")),
            ("class", "string", t("班级代码，all = 全部", "Class code, all = all")),
        ]),
    Route::form("/records/new", WRITERS, Class::P, save_new).says(t("存好", "Save")),
    Route::get("/records/{id}/edit", WRITERS, Class::S, show_edit).says(t("改正", "Correct")),
    Route::form("/records/{id}/edit", WRITERS, Class::S, save_edit).says(t("改好", "Save the correction")),
];

/// What stands in the form: typed again after a fault, else the record that is corrected.
struct Stands<'a> {
    ctx: &'a Ctx,
    posted: bool,
    record: Option<&'a Record>,
    faults: &'a [FieldFault],
}

impl Stands<'_> {
    fn typed(&self, name: &str) -> Vec<String> {
        self.ctx.f_all(name).into_iter().map(str::to_owned).collect()
    }
    fn plain(&self, name: &str, stored: impl Fn(&Record) -> String) -> String {
        if self.posted {
            self.ctx.f(name).to_owned()
        } else {
            self.record.map(stored).unwrap_or_default()
        }
    }
    fn head(&self, f: &Field) -> Question {
        let name = format!("f_{}", f.id);
        let given = if self.posted {
            self.typed(&name)
        } else {
            given(self.record.and_then(|r| r.fields.get(f.id)))
        };
        let error = fault_of(self.faults, &format!("fields.{}", f.id), self.ctx.lang);
        question(
            f,
            Asked {
                name,
                given,
                error,
                aside: None,
            },
            self.ctx.lang,
        )
    }
    fn line(&self, find: impl Fn(&Line) -> bool) -> Option<&Line> {
        self.record.and_then(|r| r.lines.iter().find(|l| find(l)))
    }
}

fn show_new(ctx: &Ctx) -> Result<Reply> {
    new_page(ctx, 200, &[])
}

/// The kind and its fields for the one who writes.
fn new_kind(ctx: &Ctx) -> Result<Declared> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?.id;
    let id = ctx.q("kind").map_or_else(|| ctx.f("kind"), |k| k);
    let kind = find_kind(id).ok_or(Fault::NotFound)?;
    may_write_kind(scope, kind)?;
    ctx.read(|c| Declared::of(c, scope.county, school, kind, ctx.today()))
}

fn new_page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let d = new_kind(ctx)?;
    let stands = Stands {
        ctx,
        posted: ctx.route.method == "POST",
        record: None,
        faults,
    };
    page(ctx, status, &d, &stands, true)
}

fn show_edit(ctx: &Ctx) -> Result<Reply> {
    edit_page(ctx, 200, &[])
}

/// The record to be corrected, its fields, and whether sensitive ones stand in the form.
fn old(ctx: &Ctx) -> Result<(Record, Declared, bool)> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let found = ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, scope, id)?.ok_or(Fault::NotFound)?;
        let d = Declared::of(c, scope.county, r.school, r.kind, ctx.today())?;
        must_change(c, scope, &r)?;
        let sees = may_see_sensitive(c, scope, &r)?;
        Ok((r, d, sees))
    })?;
    Ok(found)
}
fn edit_page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (r, d, sees) = old(ctx)?;
    if sees && has_sensitive(&d, &r) {
        note_sensitive(ctx, r.id)?;
    }
    let stands = Stands {
        ctx,
        posted: ctx.route.method == "POST",
        record: Some(&r),
        faults,
    };
    page(ctx, status, &d, &stands, sees)
}

/// Fields that the form asks: live ones, and in a correction ended ones that hold something.
fn asked<'d>(d: &'d Declared, fields: &'d [Field], stands: impl Fn(&str) -> bool, sensitive: bool) -> Vec<&'d Field> {
    fields
        .iter()
        .filter(|f| (sensitive || f.class < Class::S) && (!d.ended.contains(&f.id) || stands(f.id)))
        .collect()
}
fn head_fields<'d>(d: &'d Declared, r: Option<&Record>, sensitive: bool) -> Vec<&'d Field> {
    asked(d, &d.head, |id| r.is_some_and(|r| r.fields.contains_key(id)), sensitive)
}
fn line_fields<'d>(d: &'d Declared, r: Option<&Record>, sensitive: bool) -> Vec<&'d Field> {
    asked(
        d,
        &d.line,
        |id| r.is_some_and(|r| r.lines.iter().any(|l| l.fields.contains_key(id))),
        sensitive,
    )
}

fn page(ctx: &Ctx, status: u16, d: &Declared, stands: &Stands, sensitive: bool) -> Result<Reply> {
    let (scope, lang, kind, r) = (ctx.scope()?, ctx.lang, d.kind, stands.record);
    let say = |t: Text| t.in_lang(lang).to_owned();
    let code = ctx.q("class").map_or_else(|| ctx.f("class"), |c| c).to_owned();
    let (classes, class, children, adults) = ctx.read(|c| choice(ctx, c, scope, kind.about, r, &code))?;
    let mut questions = vec![
        Question::Field(forms::Field {
            name: "on".into(),
            label: say(t("日期", "Day")),
            value: if stands.posted || r.is_some() {
                stands.plain("on", |r| r.on.to_string())
            } else {
                ctx.today().to_string()
            },
            error: fault_of(stands.faults, "on", lang),
            kind: FieldKind::Date,
            required: true,
            ..Default::default()
        }),
        Question::Chips(forms::ChipGroup {
            name: "state".into(),
            legend: say(t("状态", "State")),
            error: fault_of(stands.faults, "state", lang),
            columns: 3,
            options: {
                let is = if stands.posted || r.is_some() {
                    stands.plain("state", |r| r.state.clone())
                } else {
                    "done".into()
                };
                let all: &[&str] = if r.is_some() {
                    &["done", "planned", "cancelled"]
                } else {
                    &["done", "planned"]
                };
                all.iter()
                    .map(|s| forms::Choice {
                        value: (*s).into(),
                        label: say(state_name(s)),
                        on: is == *s,
                    })
                    .collect()
            },
            ..Default::default()
        }),
    ];
    if kind.about == About::Whole && r.is_none() && !classes.is_empty() {
        // a record of the whole belongs to a class or to the school
        let mut all = vec![(
            String::new(),
            if scope.whole_school() {
                say(t("全校", "The school"))
            } else {
                "—".into()
            },
        )];
        all.extend(classes.iter().map(|(_, code, name)| (code.clone(), name.clone())));
        questions.push(Question::Field(forms::Field {
            name: "of_class".into(),
            label: say(t("哪个班", "Which class")),
            value: if stands.posted {
                ctx.f("of_class").into()
            } else if scope.whole_school() {
                String::new()
            } else {
                class.clone()
            },
            kind: FieldKind::Select(all),
            ..Default::default()
        }));
    }
    questions.extend(head_fields(d, r, sensitive).into_iter().map(|f| stands.head(f)));
    let words = Question::Line(forms::Line {
        name: "text".into(),
        label: say(kind.words),
        hint: say(t("说或写都行", "Spoken or written")),
        value: stands.plain("text", |r| r.text.clone().unwrap_or_default()),
        error: fault_of(stands.faults, "text", lang),
        rows: 3,
        max: 8000,
        aside: None,
    });
    if r.is_some() {
        // what is corrected most often stands first
        questions.insert(0, words);
    } else {
        questions.push(words);
    }
    let fields = line_fields(d, r, sensitive);
    let posted: HashSet<String> = ctx
        .f_all("child")
        .into_iter()
        .chain(ctx.f_all("adult"))
        .map(str::to_owned)
        .collect();
    let tile = |id: Id, name: &str, is: bool| NameTile {
        id: id.to_string(),
        name: name.to_owned(),
        on: if stands.posted {
            posted.contains(&id.to_string())
        } else {
            is || ctx.q("child") == Some(id.to_string().as_str())
        },
        ..Default::default()
    };
    let mut groups = Vec::new();
    let lines_error = ["children", "lines"]
        .iter()
        .map(|f| fault_of(stands.faults, f, lang))
        .find(|e| !e.is_empty())
        .unwrap_or_default();
    if kind.about != About::Adults {
        let link = |code: &str| match r {
            Some(r) => format!("/records/{}/edit?class={code}", r.id),
            None => format!("/records/new?kind={}&class={code}", kind.id),
        };
        let mut tabs: Vec<Tab> = classes
            .iter()
            .map(|(_, code, name)| Tab::new(name.clone(), link(code), *code == class))
            .collect();
        if classes.len() > 1 {
            tabs.push(Tab::new(say(t("全部", "All")), link("all"), class == "all"));
        }
        groups.push(records::People {
            title: say(if kind.about == About::Whole {
                t("参加的孩子", "Children who took part")
            } else {
                t("哪些孩子", "Which children")
            }),
            name: "child".into(),
            tabs,
            tiles: children
                .iter()
                .map(|k| tile(k.id, &k.name, r.is_some_and(|r| r.children().contains(&k.id))))
                .collect(),
            error: if kind.about == About::Children {
                lines_error.clone()
            } else {
                String::new()
            },
            each: say(t("每人各写", "A line for each")),
            lines: children
                .iter()
                .map(|k| {
                    line_form(
                        stands,
                        d,
                        &fields,
                        &k.id.to_string(),
                        &k.name,
                        stands.line(|l| l.child == Some(k.id)),
                    )
                })
                .collect(),
            folded: kind.about == About::Whole,
        });
    }
    if kind.about != About::Children && !adults.is_empty() {
        groups.push(records::People {
            title: say(t("参加的大人", "Adults")),
            name: "adult".into(),
            tiles: adults
                .iter()
                .map(|(id, name)| {
                    tile(
                        *id,
                        name,
                        r.is_some_and(|r| r.lines.iter().any(|l| l.adult == Some(*id))),
                    )
                })
                .collect(),
            error: if kind.about == About::Adults {
                lines_error.clone()
            } else {
                String::new()
            },
            each: say(t("每人各写", "A line for each")),
            lines: adults
                .iter()
                .map(|(id, name)| {
                    line_form(
                        stands,
                        d,
                        &fields,
                        &id.to_string(),
                        name,
                        stands.line(|l| l.adult == Some(*id)),
                    )
                })
                .collect(),
            folded: kind.about == About::Whole,
            ..Default::default()
        });
    }
    let mut last = Vec::new();
    if kind.about == About::Whole {
        last.push(Question::Line(forms::Line {
            name: "items".into(),
            label: say(t("物品", "Things")),
            hint: say(t(
                "一行一样，后面可写数量：跳绳 12",
                "one a line, with a number: skipping ropes 12",
            )),
            value: stands.plain("items", items_of),
            rows: 2,
            max: 4000,
            ..Default::default()
        }));
    }
    if r.is_some() {
        last.push(Question::Field(forms::Field {
            name: "reason".into(),
            label: say(t("为什么改", "Why it is corrected")),
            hint: say(t("改之前的字都留着", "The words before stay")),
            value: ctx.f("reason").into(),
            max: 500,
            ..Default::default()
        }));
    }
    let title = match (r, lang) {
        (None, _) => kind.name.in_lang(lang).to_owned(),
        (Some(_), Lang::Zh) => format!("改正{}", kind.name.zh),
        (Some(_), Lang::En) => format!("Correct: {}", kind.name.en),
    };
    let view = records::FormView {
        top: Top {
            title,
            ..Default::default()
        },
        form: Form {
            action: r.map_or_else(|| "/records/new".to_owned(), |r| format!("/records/{}/edit", r.id)),
            csrf: ctx.csrf(),
            key: ctx.form_key(),
            hidden: vec![
                ("kind".into(), kind.id.into()),
                ("class".into(), class),
                ("back".into(), back(ctx)),
                (
                    "base_version".into(),
                    if stands.posted {
                        ctx.f("base_version").into()
                    } else {
                        r.map(|r| r.version.to_string()).unwrap_or_default()
                    },
                ),
            ],
            draft: r.map_or_else(
                || format!("new:{}", kind.id),
                |r| format!("edit:{}:{}", r.id, r.version),
            ),
            files: false,
        },
        seal: r.map_or_else(|| Seal::new(kind.seal, Colour::of_char(kind.seal), Mark::Done), seal_of),
        strips: if sensitive || !d.head.iter().chain(&d.line).any(|f| f.class >= Class::S) {
            Vec::new()
        } else {
            let text = t(
                "敏感的几项不归您看，改正时它们不动。",
                "Sensitive fields are not yours to see; a correction leaves them as they are.",
            );
            vec![(Pill::Mute, "lock", say(text), None)]
        },
        errors: crate::form::errors(&stands.faults, d, lang),
        questions,
        people: groups,
        last,
        save: say(t("存好", "Save")),
    };
    let shell = Shell {
        title: kind.name,
        active: "records",
        plain: true,
        ..Shell::default()
    };
    Ok(Reply::page_with(
        status,
        shell_with(ctx, shell, records::edit(lang, &view))?,
    ))
}

type Offered = (Vec<people::Class>, String, Vec<Named>, Vec<(Id, String)>);

/// Whom the form offers: the children of the class that was chosen, with those who stand on the record, and the adults of the school.
fn choice(ctx: &Ctx, c: &Conn, scope: &Scope, about: About, r: Option<&Record>, code: &str) -> Result<Offered> {
    let classes = people::classes(c, scope)?;
    let on: Vec<Id> = r.map(Record::children).unwrap_or_default();
    let mut more = on.clone();
    more.extend(ctx.q_id("child")?);
    more.extend(ctx.f_all("child").into_iter().filter_map(|v| v.parse::<Id>().ok()));
    let there = people::children(c, scope, &more)?;
    let first = there.values().next().and_then(|n| n.class);
    let class = if code == "all" {
        None
    } else if code.is_empty() {
        let lead = |id: &Id| first.map_or(scope.leads.contains(id), |f| f == *id);
        classes.iter().find(|(id, ..)| lead(id)).or(classes.first())
    } else {
        Some(classes.iter().find(|(_, k, _)| k == code).ok_or(Fault::NotFound)?)
    };
    let mut children = if about == About::Adults || (classes.is_empty() && code != "all") {
        if about == About::Adults {
            Vec::new()
        } else {
            people::of_class(c, scope, None)?
        }
    } else {
        people::of_class(c, scope, class.map(|k| k.0))?
    };
    let here: HashSet<Id> = children.iter().map(|k| k.id).collect();
    let mut extra: Vec<Named> = there.into_values().filter(|n| !here.contains(&n.id)).collect();
    extra.sort_by(|a, b| a.name.cmp(&b.name));
    children.extend(extra);
    children.retain(|k| k.sight.record || on.contains(&k.id));
    let adults = if about == About::Children {
        Vec::new()
    } else {
        people::adults(c, scope)?
    };
    let shown = class.map_or_else(
        || if code == "all" { "all".to_owned() } else { String::new() },
        |k| k.1.clone(),
    );
    Ok((classes, shown, children, adults))
}

/// The questions of one line: outcome, role, quantity, and the kind's own.
fn line_form(
    stands: &Stands,
    d: &Declared,
    fields: &[&Field],
    id: &str,
    name: &str,
    stored: Option<&Line>,
) -> records::LineForm {
    let lang = stands.ctx.lang;
    let at = |what: &str| format!("l.{id}.{what}");
    let typed = |what: &str, stored: Option<String>| {
        if stands.posted {
            stands.ctx.f(&at(what)).to_owned()
        } else {
            stored.unwrap_or_default()
        }
    };
    let mut questions = vec![Question::Field(forms::Field {
        name: at("outcome"),
        label: t("结果", "Outcome").in_lang(lang).into(),
        value: typed("outcome", stored.map(|l| l.outcome.clone())),
        kind: FieldKind::Select(
            OUTCOMES
                .map(|(v, n)| (v.to_owned(), n.in_lang(lang).to_owned()))
                .to_vec(),
        ),
        ..Default::default()
    })];
    if d.kind.about == About::Whole {
        questions.push(Question::Field(forms::Field {
            name: at("role"),
            label: t("角色", "Role").in_lang(lang).into(),
            value: typed("role", stored.and_then(|l| l.role.clone())),
            max: 50,
            ..Default::default()
        }));
    }
    if let Some(q) = d.kind.quantity {
        questions.push(Question::Field(forms::Field {
            name: at("quantity"),
            label: format!("{}（{}）", t("数量", "Quantity").in_lang(lang), q.in_lang(lang)),
            value: typed("quantity", stored.and_then(|l| l.quantity).map(|n| n.to_string())),
            kind: FieldKind::Number,
            max: 7,
            ..Default::default()
        }));
    }
    questions.extend(fields.iter().map(|f| {
        let name = at(&format!("f_{}", f.id));
        let given = if stands.posted {
            stands.typed(&name)
        } else {
            given(stored.and_then(|l| l.fields.get(f.id)))
        };
        question(
            f,
            Asked {
                name,
                given,
                ..Default::default()
            },
            lang,
        )
    }));
    records::LineForm {
        id: id.into(),
        name: name.into(),
        questions,
    }
}

fn items_of(r: &Record) -> String {
    let lines = r.lines.iter().filter(|l| l.child.is_none() && l.adult.is_none());
    let one = |l: &Line| {
        let item = l.item.clone().unwrap_or_default();
        l.quantity.map_or(item.clone(), |n| format!("{item} {n}"))
    };
    lines.map(one).collect::<Vec<_>>().join("\n")
}
/// `跳绳 12` is twelve skipping ropes.
fn item(line: &str) -> Option<Json> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    Some(match line.rsplit_once([' ', '　']) {
        Some((name, n)) if n.parse::<u32>().is_ok() => {
            json!({"item": name.trim(), "quantity": n.parse::<u32>().unwrap_or_default()})
        }
        _ => json!({"item": line, "quantity": null}),
    })
}

/// The lines of the form as the API takes them. `nulls`: an empty answer takes away what stood (a correction).
fn lines(ctx: &Ctx, d: &Declared, fields: &[&Field], nulls: bool) -> Vec<Json> {
    let mut out = Vec::new();
    for name in ["child", "adult"] {
        for id in ctx.f_all(name) {
            let at = |what: &str| format!("l.{id}.{what}");
            let mut line = Map::new();
            line.insert(name.into(), id.into());
            let outcome = ctx.f(&at("outcome"));
            line.insert(
                "outcome".into(),
                if outcome.is_empty() { "met" } else { outcome }.into(),
            );
            let mut put = |what: &str, v: Option<Json>| match v {
                Some(v) => {
                    line.insert(what.into(), v);
                }
                None if nulls => {
                    line.insert(what.into(), Json::Null);
                }
                None => {}
            };
            if d.kind.about == About::Whole {
                let role = ctx.f(&at("role")).trim().to_owned();
                put("role", Some(role).filter(|s| !s.is_empty()).map(Json::from));
            }
            if d.kind.quantity.is_some() {
                let n = ctx.f(&at("quantity")).trim().to_owned();
                put(
                    "quantity",
                    Some(n)
                        .filter(|s| !s.is_empty())
                        .map(|n| n.parse::<i64>().map_or_else(|_| json!(n), |n| json!(n))),
                );
            }
            let values = form::values(ctx, fields.iter().copied(), &at("f_"), nulls);
            line.insert("fields".into(), values.into());
            out.push(line.into());
        }
    }
    if d.kind.about == About::Whole {
        out.extend(ctx.f("items").lines().filter_map(item).map(|mut v| {
            if !nulls && v["quantity"].is_null() {
                v.as_object_mut().map(|o| o.remove("quantity"));
            }
            v
        }));
    }
    out
}
fn ids(ctx: &Ctx) -> Result<Vec<Id>> {
    ctx.f_all("child")
        .into_iter()
        .map(|v| v.parse().map_err(|()| Fault::NotFound))
        .collect()
}

fn save_new(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.id;
    let d = new_kind(ctx)?;
    let about = ids(ctx)?;
    let of_class = ctx.f("of_class");
    let class = ctx.read(|c| {
        may_write_about(c, &scope, &about)?;
        if of_class.is_empty() {
            Ok(None)
        } else {
            class_of(c, &scope, school, of_class).map(Some)
        }
    })?;
    let fields = form::values(ctx, head_fields(&d, None, true).into_iter(), "f_", false);
    let all = lines(ctx, &d, &line_fields(&d, None, true), false);
    let state = Some(ctx.f("state")).filter(|s| !s.is_empty()).unwrap_or("done");
    let body = json!({"kind": d.kind.id, "on": ctx.f("on"), "state": state, "text": ctx.f("text"), "fields": fields, "lines": all});
    let mut new = match parse_as(
        Some(d),
        body.as_object().expect("an object"),
        school,
        ctx.today(),
        false,
    ) {
        Ok(new) => new,
        Err(Fault::Invalid(_, faults)) => return new_page(ctx, 422, &faults),
        Err(e) => return Err(e),
    };
    new.class = class;
    let to = format!("/records/{}?saved={}", new.id, new.id);
    let done = ctx.write_form(scope.act("record.add"), move |w| {
        crate::add(w, &new)?;
        Ok(to.clone())
    });
    match done {
        Err(Fault::Invalid(_, faults)) => new_page(ctx, 422, &faults),
        other => other,
    }
}

fn save_edit(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let (r, d, sees) = old(ctx)?;
    let (id, today, db) = (r.id, ctx.today(), ctx.db().clone());
    let there = r.children();
    let added: Vec<Id> = ids(ctx)?.into_iter().filter(|k| !there.contains(k)).collect();
    ctx.read(|c| may_write_about(c, &scope, &added))?;
    let base: i64 = ctx.f("base_version").parse().unwrap_or(r.version);
    let fields = form::values(ctx, head_fields(&d, Some(&r), sees).into_iter(), "f_", true);
    let all = lines(ctx, &d, &line_fields(&d, Some(&r), sees), true);
    let changes = json!({"on": ctx.f("on"), "state": ctx.f("state"), "text": ctx.f("text"), "fields": fields, "lines": all, "reason": ctx.f("reason")});
    let changes = changes.as_object().cloned().unwrap_or_default();
    let done = ctx.write_form(scope.act("record.correct"), move |w| {
        let seen = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        crate::correct(w, &seen, base, &changes, today)?;
        // two copies that wait for a choice are said on the record's own page
        Ok(format!("/records/{id}"))
    });
    match done {
        Err(Fault::Invalid(_, faults)) => edit_page(ctx, 422, &faults),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_with_a_number_behind_it_has_a_quantity() {
        assert_eq!(item("跳绳 12"), Some(json!({"item": "跳绳", "quantity": 12})));
        assert_eq!(item("  3号 书包 "), Some(json!({"item": "3号 书包", "quantity": null})));
        assert_eq!(item("篮球"), Some(json!({"item": "篮球", "quantity": null})));
        assert_eq!(item("   "), None);
    }
}

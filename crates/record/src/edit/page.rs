//! The form as it is drawn: what was typed or stands in the record, whom one may tick, and the questions of each line.

use super::lines::items_of;
use super::{head_fields, line_fields};
use crate::form::{Asked, fault_of, given, question};
use crate::kind::{About, Field};
use crate::own::Declared;
use crate::pages::{OUTCOMES, back, seal_of, state_name};
use crate::people::{self, Named};
use crate::read::{Line, Record};
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
use tx_web::{Ctx, Reply};

/// What stands in the form: typed again after a fault, else the record that is corrected.
pub(super) struct Stands<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) posted: bool,
    pub(super) record: Option<&'a Record>,
    pub(super) faults: &'a [FieldFault],
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

pub(super) fn page(ctx: &Ctx, status: u16, d: &Declared, stands: &Stands, sensitive: bool) -> Result<Reply> {
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

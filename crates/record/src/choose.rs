//! 记什么: every kind by its family; and 自定字段, where head and office add fields of their own (features B19).

use crate::api::{WRITERS, may_make_fields};
use crate::kind::Family;
use crate::own::{CHILD, OwnField, TYPES, add_own, end_own, own_fields, parse_own};
use crate::{all_kinds, find_kind};
use serde_json::json;
use tx_base::{Fault, FieldFault, Lang, Result, Text, t};
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{self, Field, FieldKind, Form, Question};
use tx_web::parts::lists::TableView;
use tx_web::parts::marks::{Kind as Colour, Mark, Piece, Seal};
use tx_web::parts::{Top, records};
use tx_web::{Ctx, Reply, Route, STAFF};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/records/kinds", WRITERS, Class::O, kinds).says(t("记什么", "What to write")),
    Route::get("/fields", STAFF, Class::O, fields).says(t("自定字段", "Own fields")),
    Route::form("/fields", STAFF, Class::O, add).says(t("加一个自定字段", "Add an own field")),
    Route::form("/fields/{id}/end", STAFF, Class::O, end).says(t("不再问这个字段", "Ask this field no more")),
];

fn kinds(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let groups = Family::ALL
        .iter()
        .map(|f| {
            let of = all_kinds().iter().filter(|k| k.family == *f && k.writable(scope));
            let kinds = of
                .map(|k| {
                    let seal = Seal::new(k.seal, Colour::of_char(k.seal), Mark::Done);
                    (
                        seal,
                        k.name.in_lang(lang).to_owned(),
                        format!("/records/new?kind={}", k.id),
                    )
                })
                .collect::<Vec<_>>();
            (f.name().in_lang(lang).to_owned(), kinds)
        })
        .filter(|(_, kinds)| !kinds.is_empty())
        .collect();
    let title = t("记什么", "What to write");
    let view = records::KindsView {
        top: Top {
            title: title.in_lang(lang).into(),
            ..Default::default()
        },
        groups,
    };
    let shell = Shell {
        title,
        active: "records",
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, records::kinds(lang, &view))?))
}

const CLASSES: [(&str, Text); 3] = [
    ("O", t("普通：都能看", "Ordinary: all may see it")),
    (
        "P",
        t("个人：管这个孩子的老师看", "Personal: for the child's own teachers"),
    ),
    ("S", t("敏感：看了留审计", "Sensitive: reading it is audited")),
];

fn fields(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = scope.the_school()?.id;
    let may = may_make_fields(scope).is_ok();
    let all = ctx.read(|c| own_fields(c, scope.county, Some(school)))?;
    let say = |t: Text| t.in_lang(lang).to_owned();
    let kind_name = |id: &str| match id {
        CHILD => say(t("孩子档案", "Child's file")),
        _ => find_kind(id).map_or_else(|| id.to_owned(), |k| k.name.in_lang(lang).to_owned()),
    };
    let named = |list: &[(&str, Text)], code: &str| {
        list.iter()
            .find(|(c, _)| *c == code)
            .map(|(_, n)| say(*n))
            .unwrap_or_default()
    };
    let row = |o: &OwnField| {
        let of: Vec<&str> = o.choices.iter().map(|(_, n)| n.as_str()).collect();
        let ty = if of.is_empty() {
            named(TYPES, &o.ty)
        } else {
            format!("{}：{}", named(TYPES, &o.ty), of.join("、"))
        };
        let place = if o.on_lines {
            say(t("每人一行", "each line"))
        } else {
            String::new()
        };
        let state = match (o.ended_on, lang) {
            (None, _) => say(t("在用", "in use")),
            (Some(d), Lang::Zh) => format!("{}起不再问", d.zh_short()),
            (Some(d), Lang::En) => format!("not asked since {d}"),
        };
        let class = json!(o.class);
        let class = named(&CLASSES, class.as_str().unwrap_or_default());
        [
            kind_name(&o.kind),
            o.name.clone(),
            ty,
            place,
            class,
            o.code.clone(),
            state,
        ]
        .map(|s| vec![Piece::Text(s)])
        .to_vec()
    };
    let form = |action: String| Form {
        action,
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..Default::default()
    };
    let error = |name: &str| forms_fault(faults, name, lang);
    let mut kinds = vec![(CHILD.to_owned(), kind_name(CHILD))];
    kinds.extend(
        all_kinds()
            .iter()
            .map(|k| (k.id.to_owned(), k.name.in_lang(lang).to_owned())),
    );
    let pick = |name: &str, label: Text, default: &str, options: Vec<(String, String)>| {
        Question::Field(Field {
            name: name.into(),
            label: say(label),
            value: Some(ctx.f(name)).filter(|v| !v.is_empty()).unwrap_or(default).into(),
            error: error(name),
            kind: FieldKind::Select(options),
            ..Default::default()
        })
    };
    let texts = |list: &[(&str, Text)]| list.iter().map(|(c, n)| ((*c).to_owned(), say(*n))).collect::<Vec<_>>();
    let line = |name: &str, label: Text, hint: Text, max: u32| {
        Question::Field(Field {
            name: name.into(),
            label: say(label),
            hint: say(hint),
            value: ctx.f(name).into(),
            error: error(name),
            max,
            ..Default::default()
        })
    };
    let questions = vec![
        pick("kind", t("加在哪里", "Where"), ctx.q("kind").unwrap_or("child"), kinds),
        line("name", t("叫什么", "Name"), t("1 到 30 个字", "1 to 30 characters"), 30),
        pick("type", t("填什么", "What is filled in"), "text", texts(TYPES)),
        Question::Line(forms::Line {
            name: "choices".into(),
            label: say(t("选项", "Choices")),
            hint: say(t("选一个、选几个时要写，一行一个", "for lists, one a line")),
            value: ctx.f("choices").into(),
            error: error("choices"),
            rows: 3,
            max: 2000,
            ..Default::default()
        }),
        pick("class", t("谁能看", "Who sees it"), "P", texts(&CLASSES)),
        line(
            "code",
            t("代码（可不写）", "Code (may be left out)"),
            t(
                "小写字母和数字，表格和接口里用",
                "lower-case letters and digits, for sheets and scripts",
            ),
            30,
        ),
        Question::Field(Field {
            name: "on_lines".into(),
            label: say(t("每个孩子各填一次", "Once for each child")),
            value: ctx.f("on_lines").into(),
            error: error("on_lines"),
            kind: FieldKind::Tick,
            ..Default::default()
        }),
    ];
    let title = t("自定字段", "Own fields");
    let view = records::TablesView {
        top: Top {
            title: say(title),
            ..Default::default()
        },
        note: say(t(
            "学校自己要记的几项。停用以后写过的都还在，表格和接口里照样有。",
            "What the school wants to keep besides. When one is ended, what was written stays, in sheets and scripts too.",
        )),
        empty: say(t("还没有自定字段。", "No own fields yet.")),
        table: TableView {
            caption: say(title),
            head: [
                t("在哪里", "Where"),
                t("名称", "Name"),
                t("填什么", "What"),
                t("位置", "Place"),
                t("谁能看", "Who sees it"),
                t("代码", "Code"),
                t("状态", "State"),
            ]
            .map(say)
            .to_vec(),
            rows: all.iter().map(row).collect(),
            ..Default::default()
        },
        ends_title: say(t("停用", "End one")),
        ends: all
            .iter()
            .filter(|o| may && o.ended_on.is_none() && o.school == Some(school))
            .map(|o| {
                (
                    format!("{} · {}", kind_name(&o.kind), o.name),
                    form(format!("/fields/{}/end", o.id)),
                    say(t("停用", "End")),
                )
            })
            .collect(),
        errors: tx_web::parts::forms::errors(lang, faults, |_| String::new()),
        new: may.then(|| {
            (
                say(t("加一个字段", "Add a field")),
                form("/fields".into()),
                questions,
                say(t("加上", "Add")),
            )
        }),
    };
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, title, "fields", None, records::tables(lang, &view))?,
    ))
}
fn forms_fault(faults: &[FieldFault], name: &str, lang: Lang) -> String {
    crate::form::fault_of(faults, name, lang)
}

fn add(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = may_make_fields(scope)?;
    let lists = ["choice", "choices"].contains(&ctx.f("type"));
    let choices: Vec<&str> = ctx
        .f("choices")
        .lines()
        .map(str::trim)
        .filter(|l| lists && !l.is_empty())
        .collect();
    let body = json!({"kind": ctx.f("kind"), "name": ctx.f("name"), "type": ctx.f("type"), "class": ctx.f("class"), "code": ctx.f("code"),
        "on_lines": ctx.f("on_lines") == "1", "choices": choices});
    let new = match parse_own(body.as_object().expect("an object"), school) {
        Ok(new) => new,
        Err(Fault::Invalid(_, faults)) => return page(ctx, 422, &faults),
        Err(e) => return Err(e),
    };
    let done = ctx.write_form(scope.act("field.add"), move |w| {
        add_own(w, &new)?;
        Ok("/fields".into())
    });
    match done {
        Err(Fault::Invalid(_, faults)) => page(ctx, 422, &faults),
        Err(Fault::Conflict(reason)) => page(
            ctx,
            422,
            &[FieldFault {
                field: "code".into(),
                reason,
            }],
        ),
        other => other,
    }
}

fn end(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?, ctx.id("id")?, ctx.today());
    let school = may_make_fields(scope)?;
    ctx.write_form(scope.act("field.end"), move |w| {
        end_own(w, school, id, today)?;
        Ok("/fields".into())
    })
}

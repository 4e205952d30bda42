//! 留守口径: the numbers by which a county counts, by page and API (domain.md §2). Heads see them, county and administrator change them.

use crate::definition::{NUMBERS, Shape, json_of, params, parse, set};
use crate::status::Params;
use maud::html;
use serde_json::{Map, Value as Json, json};
use tx_access::Role;
use tx_base::{FieldFault, Lang, Result, Text, t};
use tx_school::common;
use tx_store::Class;
use tx_web::parts::forms::{Field, FieldKind};
use tx_web::parts::{self, Top};
use tx_web::{Ctx, Reply, Route, Who};

const LOOK: Who = Who::Roles(&[Role::Admin, Role::County, Role::Head]);
const CHANGE: Who = Who::Roles(&[Role::Admin, Role::County]);
const TITLE: Text = t("留守口径", "Definitions");

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/definitions", LOOK, Class::O, get_json)
        .says(t("本县三种口径用的数", "The numbers of the county's three definitions")),
    Route::json("PUT", "/api/v1/definitions", CHANGE, Class::O, "Definitions", put_json)
        .says(t("改口径用的数", "Change the numbers of the definitions")),
    Route::get("/definitions", LOOK, Class::O, show).says(TITLE),
    Route::form("/definitions", CHANGE, Class::O, save).says(t("存口径", "Save the definitions")),
];

/// The schema of the body, for the description of the API.
pub(crate) fn schema() -> Json {
    let all: Map<String, Json> = NUMBERS
        .iter()
        .map(|(name, label, _, shape)| {
            let of = match shape {
                Shape::Whole(from, to) => {
                    json!({"type": "integer", "minimum": from, "maximum": to, "description": label.zh})
                }
                Shape::YesNo => json!({"type": "boolean", "description": label.zh}),
            };
            ((*name).to_owned(), of)
        })
        .collect();
    json!({"type": "object", "additionalProperties": false, "properties": all})
}

fn now(ctx: &Ctx) -> Result<Params> {
    let county = ctx.scope()?.county;
    ctx.read(|c| params(c, county))
}
fn get_json(ctx: &Ctx) -> Result<Reply> {
    Ok(Reply::json(&Json::Object(json_of(&now(ctx)?))))
}
fn put_json(ctx: &Ctx) -> Result<Reply> {
    let body = ctx.json()?.clone();
    ctx.write_json(ctx.act("definitions.set")?, move |w| {
        let p = parse(&body, &params(w.conn(), w.county())?)?;
        set(w, &p)?;
        Ok((200, Json::Object(json_of(&p))))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}
fn save(ctx: &Ctx) -> Result<Reply> {
    // a tick that is not set is not sent: all of them are asked for
    let body: Map<String, Json> = NUMBERS.iter().map(|n| (n.0.to_owned(), json!(ctx.f(n.0)))).collect();
    match ctx.write_form(ctx.act("definitions.set")?, move |w| {
        let p = parse(&body, &params(w.conn(), w.county())?)?;
        set(w, &p)?;
        Ok("/definitions?saved=1".into())
    }) {
        Err(f) => page(ctx, 422, &common::field_faults(f)?),
        ok => ok,
    }
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let w = |text: Text| text.in_lang(lang).to_owned();
    let (stands, usual) = (json_of(&now(ctx)?), json_of(&Params::default()));
    let may = scope.is(Role::Admin) || scope.is(Role::County);
    let words = |v: &Json| match v {
        Json::Bool(true) => w(t("是", "yes")),
        Json::Bool(false) => w(t("否", "no")),
        n => n.to_string(),
    };
    let field = |(name, label, hint, shape): &(&str, Text, Text, Shape)| {
        let kind = match shape {
            Shape::Whole(..) => FieldKind::Number,
            Shape::YesNo => FieldKind::Tick,
        };
        let mut f = common::field(ctx, faults, name, *label, kind, &stands[*name].to_string());
        // a tick that was taken away is not sent
        if *shape == Shape::YesNo && !ctx.form().is_empty() {
            f.value = ctx.f(name).to_owned();
        }
        Field {
            hint: match lang {
                Lang::Zh => format!("{}；原来的规定：{}", hint.zh, words(&usual[*name])),
                Lang::En => format!("{}; as it came: {}", hint.en, words(&usual[*name])),
            },
            ..f
        }
    };
    let rows: Vec<(String, Vec<String>)> = NUMBERS
        .iter()
        .map(|(name, label, ..)| (w(*label), vec![words(&stands[*name])]))
        .collect();
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &Top { title: w(TITLE), ..Default::default() }))
        (parts::error_summary(lang, &common::errors(lang, faults)))
        section.card.pad {
            p.m { (w(t("全县的学校都按这些数算。改了以后，名单和三种口径的人数马上按新的数重算；已经记下的事实不变。学校自己的名单不受影响。",
                "All schools of the county count by these. A change counts at once for lists and numbers; what was written down stays, and so do the schools' own lists."))) }
            @if may {
                (parts::form(&common::form(ctx, "/definitions", &[]), "stack", html! {
                    div.fgrid { @for n in &NUMBERS { (parts::field(&field(n))) } }
                    div.two { button.btn.b1 { (parts::words::SAVE.in_lang(lang)) } }
                }))
            } @else {
                (parts::definition_list(lang, &rows))
            }
        }
    };
    common::page(ctx, status, TITLE, body)
}

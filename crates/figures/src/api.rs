//! The API of figures (interfaces.md): value, unit, definition, and the records that were counted.

use crate::count::count;
use crate::list::ALL;
use serde_json::{Value as Json, json};
use tx_base::{Fault, Result, Span, t};
use tx_calendar::SchoolYear;
use tx_store::Class;
use tx_web::{Ctx, READERS, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/api/v1/figures", READERS, Class::O, get)
    .says(t("数字", "Figures"))
    .query(&[
        ("school", "string", t("学校代码", "School code")),
        ("from", "string", t("从", "From day")),
        ("to", "string", t("到", "To day")),
        ("id", "string", t("哪个数", "One figure")),
    ])];

fn get(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?;
    if ctx.q("school").is_some_and(|s| s != school.code) {
        return Err(Fault::NotFound);
    }
    let year = SchoolYear::of(scope.today).span();
    let (from, to) = (
        ctx.q_day("from")?.unwrap_or(year.from),
        ctx.q_day("to")?.unwrap_or(scope.today),
    );
    if from > to {
        return Err(Fault::invalid(
            "to",
            "结束早于开始",
            "the end lies before the beginning",
        ));
    }
    let wanted: Vec<_> = ALL.iter().filter(|f| ctx.q("id").is_none_or(|id| id == f.id)).collect();
    if wanted.is_empty() {
        return Err(Fault::invalid("id", "没有这个数", "there is no such figure"));
    }
    let items = ctx.read(|c| {
        wanted
            .iter()
            .map(|f| {
                let n = count(c, scope, school.id, Span::new(from, to), f)?;
                let mut v = json!({"id": f.id, "name": f.name.in_lang(ctx.lang), "value": n.value, "unit": f.unit.in_lang(ctx.lang), "records": n.records, "definition": f.definition.in_lang(ctx.lang)});
                if let Some(of) = n.of {
                    v["of"] = of.into();
                }
                if !n.by.is_empty() {
                    v["by"] = n.by.iter().map(|(k, (value, of))| (k.clone(), json!({"value": value, "of": of}))).collect::<serde_json::Map<String, Json>>().into();
                }
                Ok(v)
            })
            .collect::<Result<Vec<Json>>>()
    })?;
    Ok(Reply::json(
        &json!({"school": school.code, "from": from, "to": to, "figures": items, "items": items, "next": null}),
    ))
}

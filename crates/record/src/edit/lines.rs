//! The lines of a form: from ticks and answers to what the API takes, and things written one a line.

use crate::form;
use crate::kind::{About, Field};
use crate::own::Declared;
use crate::read::{Line, Record};
use serde_json::{Map, Value as Json, json};
use tx_base::{Fault, Id, Result};
use tx_web::Ctx;

pub(super) fn items_of(r: &Record) -> String {
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
pub(super) fn lines(ctx: &Ctx, d: &Declared, fields: &[&Field], nulls: bool) -> Vec<Json> {
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
pub(super) fn ids(ctx: &Ctx) -> Result<Vec<Id>> {
    ctx.f_all("child")
        .into_iter()
        .map(|v| v.parse().map_err(|()| Fault::NotFound))
        .collect()
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

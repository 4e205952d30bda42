//! The API of schemes: versions, the draft, publishing.

use super::versions::{Version, draft, drop_draft, edit_draft, on, publish, take_base, versions};
use super::{DRAFTERS, drafts, may_draft, may_publish};
use serde_json::{Value as Json, json};
use tx_base::{Day, Fault, Result, t};
use tx_duty::{Rule, SchemeVersion};
use tx_school::common::{STAFF_AND_OFFICERS, school_of};
use tx_school::legal_base;
use tx_store::Class;
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/schemes", STAFF_AND_OFFICERS, Class::O, list)
        .says(t("方案的各版和草稿", "Versions of the scheme and its draft"))
        .query(&[("school", "string", t("学校代码", "School code"))]),
    Route::json("PUT", "/api/v1/schemes/draft", DRAFTERS, Class::O, "SchemeDraft", put).says(t(
        "写草稿：规则，或取一个现成的",
        "Write the draft: rules, or a ready-made base",
    )),
    Route::bare("DELETE", "/api/v1/schemes/draft", DRAFTERS, Class::O, delete).says(t("丢掉草稿", "Drop the draft")),
    Route::json(
        "POST",
        "/api/v1/schemes/publish",
        DRAFTERS,
        Class::O,
        "SchemePublish",
        post,
    )
    .says(t("发布草稿，从某天起用", "Publish the draft from a day on")),
];

fn version(v: &Version) -> Json {
    json!({"id": v.id, "version": v.no, "state": if v.draft { "draft" } else { "published" }, "base": v.base, "name": v.name, "from": v.from, "note": v.note,
        "rules": v.rules.iter().map(|r| {
            let mut o = serde_json::to_value(r).unwrap_or_default();
            o["sentence"] = json!(super::words::plain(r));
            o
        }).collect::<Vec<_>>(),
        "off": v.off.iter().map(|r| r.id.as_str()).collect::<Vec<_>>()})
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let (school, scope) = (school_of(ctx)?, ctx.scope()?);
    let (all, d) = ctx.read(|c| {
        Ok((
            versions(c, scope.county, school.id)?,
            draft(c, scope.county, school.id)?,
        ))
    })?;
    let d = d.filter(|_| drafts(scope, school.id));
    let items: Vec<Json> = all.iter().chain(&d).map(version).collect();
    Ok(Reply::json(
        &json!({"school": school.code, "in_force": on(&all, scope.today).map(|v| v.no), "items": items, "next": null}),
    ))
}

fn put(ctx: &Ctx) -> Result<Reply> {
    let (school, today, body) = (school_of(ctx)?, ctx.today(), ctx.json()?);
    may_draft(ctx.scope()?, school.id)?;
    if let Some(k) = body
        .keys()
        .find(|k| !["school", "base", "from", "rules"].contains(&k.as_str()))
    {
        return Err(Fault::invalid(
            k,
            format!("没有 {k} 这一项"),
            format!("there is no field {k}"),
        ));
    }
    let base = body.get("base").and_then(Json::as_str).map(str::to_owned);
    let from = match body.get("from").and_then(Json::as_str) {
        None => None,
        Some(d) => Some(Day::parse(d).map_err(|e| Fault::invalid("from", e.zh, e.en))?),
    };
    let rules: Option<Vec<Rule>> = match body.get("rules") {
        None => None,
        Some(Json::Array(list)) => {
            let mut out = Vec::new();
            for (i, r) in list.iter().enumerate() {
                let mut r = r.clone();
                // the answer says the sentence; it may come back
                if let Some(o) = r.as_object_mut() {
                    o.remove("sentence");
                }
                let wrong = |e: serde_json::Error| {
                    Fault::invalid(
                        &format!("rules[{i}]"),
                        format!("第 {} 条读不懂：{e}", i + 1),
                        format!("rule {} cannot be read: {e}", i + 1),
                    )
                };
                out.push(serde_json::from_value(r).map_err(wrong)?);
            }
            Some(out)
        }
        Some(_) => return Err(Fault::invalid("rules", "要一列规则", "a list of rules is needed")),
    };
    let id = school.id;
    ctx.write_json(ctx.act("scheme.draft")?, move |w| {
        let v = edit_draft(w, id, today, &|v: &mut Version| {
            if let Some(b) = &base {
                take_base(v, b)?;
            }
            if let Some(list) = &rules {
                v.rules = SchemeVersion {
                    from: v.from,
                    rules: list.clone(),
                }
                .over(legal_base())
                .rules;
                v.off.retain(|o| !v.rules.iter().any(|r| r.id == o.id));
            }
            v.from = from.unwrap_or(v.from);
            Ok(())
        })?;
        Ok((200, version(&v)))
    })
}
fn delete(ctx: &Ctx) -> Result<Reply> {
    let school = school_of(ctx)?;
    may_draft(ctx.scope()?, school.id)?;
    ctx.write_json(ctx.act("scheme.drop")?, move |w| {
        drop_draft(w, school.id).map(|()| (200, json!({"dropped": true})))
    })
}
fn post(ctx: &Ctx) -> Result<Reply> {
    let (school, today, body) = (school_of(ctx)?, ctx.today(), ctx.json()?);
    may_publish(ctx.scope()?, school.id)?;
    let from = Day::parse(body.get("from").and_then(Json::as_str).unwrap_or_default())
        .map_err(|e| Fault::invalid("from", e.zh, e.en))?;
    let note = body.get("note").and_then(Json::as_str).map(str::to_owned);
    let id = school.id;
    ctx.write_json(ctx.act("scheme.publish")?, move |w| {
        Ok((200, version(&publish(w, id, from, note.as_deref(), today)?)))
    })
}

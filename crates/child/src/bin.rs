//! 删了的孩子: files in the bin with who, when and why, for the head and the office, each with the way back (security.md §6).

use crate::acts::office;
use crate::find;
use crate::list::fetch;
use crate::moves::{tell_back, tell_leave};
use crate::new::seal;
use crate::tables::CHILDREN;
use maud::html;
use serde_json::{Value as Json, json};
use tx_access::Scope;
use tx_base::{Fault, Id, Lang, Result, Say, Text, Time, say, t};
use tx_store::{Class, Conn, Keys, Value, Write, row};
use tx_web::parts::forms::{self, FieldError, Form};
use tx_web::parts::marks::Look;
use tx_web::parts::{self, Link, Top};
use tx_web::{Ctx, Given, Reply, Route};

const CURSOR: (&str, &str, Text) = ("cursor", "string", t("接着上次", "Go on from here"));
pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/children/deleted", crate::OFFICE, Class::P, api_list)
        .says(t("删了的孩子", "Deleted children"))
        .query(&[("limit", "integer", t("最多几名", "At most this many")), CURSOR]),
    Route::json(
        "POST",
        "/api/v1/children/{id}/restore",
        crate::OFFICE,
        Class::P,
        "Empty",
        api_restore,
    )
    .says(t("恢复删了的孩子", "Put a deleted child back")),
    Route::get("/children/deleted", crate::OFFICE, Class::P, page)
        .says(TITLE)
        .query(&[CURSOR]),
    Route::form("/children/{id}/restore", crate::OFFICE, Class::P, form_restore)
        .says(t("恢复删了的孩子", "Put a deleted child back")),
];
const TITLE: Text = t("删了的孩子", "Deleted children");
/// Files on one page of the screen.
const PAGE: usize = 100;

/// A file in the bin.
struct Gone {
    id: Id,
    version: i64,
    name: String,
    class_code: Option<String>,
    class_name: Option<String>,
    at: Time,
    by: String,
    /// `None` where it does not open any more
    reason: Option<String>,
}

/// Puts a file into the bin: the child is found nowhere, its pairings end. Everything else stays as it is.
pub(crate) fn put(w: &mut Write, id: Id, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Fault::invalid("reason", "删除要写原因", "A deletion needs a reason"));
    }
    if reason.chars().count() > 500 {
        return Err(Fault::invalid("reason", "最多 500 个字", "at most 500 characters"));
    }
    let now = w.now();
    let sealed = seal(w, id, "children", id, "deleted_reason", Some(reason))?;
    w.update(&CHILDREN, id, row!["deleted_at" => now, "deleted_reason" => sealed])?;
    tell_leave(w, id, now.day(), Some(id))
}

/// Files in the bin of a school, the last first; `only` one, or those after a time and id. A file that went into another is not here: it
/// comes back by parting the two.
fn list(
    c: &Conn,
    keys: &Keys,
    county: Id,
    school: Id,
    only: Option<Id>,
    after: Option<(Time, Id)>,
    limit: usize,
) -> Result<Vec<Gone>> {
    let mut vals: Vec<Value> = vec![county.into(), school.into()];
    // the version before the deletion was replaced by who deleted
    let mut sql = "select c.id, c.version, c.name, k.code, k.name, c.deleted_at, c.deleted_reason, coalesce(a.shown, h.actor_name) from children c \
        left join classes k on k.county_id = c.county_id and k.id = c.class_id \
        left join history h on h.county_id = c.county_id and h.tbl = 'children' and h.row_id = c.id and h.row_version = c.version - 1 \
        left join accounts a on a.county_id = h.county_id and a.id = h.actor \
        where c.county_id = ?1 and c.school_id = ?2 and c.deleted_at is not null and c.merged_into is null"
        .to_owned();
    if let Some(id) = only {
        vals.push(id.into());
        sql.push_str(" and c.id = ?3");
    } else if let Some((at, id)) = after {
        vals.extend([at.into(), id.into()]);
        sql.push_str(" and (c.deleted_at < ?3 or (c.deleted_at = ?3 and c.id > ?4))");
    }
    sql.push_str(&format!(" order by c.deleted_at desc, c.id limit {limit}"));
    c.query(&sql, &vals)?
        .iter()
        .map(|r| {
            let id = r.id(0);
            Ok(Gone {
                id,
                version: r.int(1),
                name: r.text(2),
                class_code: r.opt_text(3),
                class_name: r.opt_text(4),
                at: r.time(5),
                by: r.opt_text(7).unwrap_or_default(),
                reason: r.opt_bytes(6).map_or(Ok(None), |b| {
                    keys.open_child(c, county, id, "children", id, "deleted_reason", &b)
                })?,
            })
        })
        .collect()
}

/// Takes a file out of the bin: records, list, duties and search have it again, and the pairings that the deletion ended run on. `NotFound`
/// when it is not there; 409 when another child of the school has got its ID number meanwhile.
fn restore(w: &mut Write, scope: &Scope, school: Id, id: Id) -> Result<()> {
    let county = w.county();
    if list(w.conn(), w.keys(), county, school, Some(id), None, 1)?.is_empty() {
        return Err(Fault::NotFound);
    }
    find::kept_number(w, scope, id)?;
    w.update(
        &CHILDREN,
        id,
        row!["deleted_at" => Value::Null, "deleted_reason" => Value::Null],
    )?;
    tell_back(w, id, id)
}

fn school(scope: &Scope) -> Result<Id> {
    office(
        scope,
        t(
            "删了的孩子由校长或办公室来看",
            "The head or the office looks after deleted children",
        ),
    )
}
fn after(ctx: &Ctx) -> Result<Option<(Time, Id)>> {
    let bad = || Fault::invalid("cursor", "cursor 不对", "the cursor is wrong");
    let Some(text) = ctx.q("cursor") else { return Ok(None) };
    let (at, id) = text.split_once('.').ok_or_else(bad)?;
    Ok(Some((
        Time(at.parse().map_err(|_| bad())?),
        id.parse().map_err(|()| bad())?,
    )))
}
/// At most `limit` files, and where to go on.
fn some(ctx: &Ctx, school: Id, limit: usize) -> Result<(Vec<Gone>, Option<String>)> {
    let (county, from) = (ctx.scope()?.county, after(ctx)?);
    let mut all = ctx.read(|c| list(c, ctx.db().keys(), county, school, None, from, limit + 1))?;
    let more = all.len() > limit;
    all.truncate(limit);
    let next = all.last().filter(|_| more).map(|g| format!("{}.{}", g.at.0, g.id));
    Ok((all, next))
}

fn api_list(ctx: &Ctx) -> Result<Reply> {
    let school = school(ctx.scope()?)?;
    let (all, next) = some(ctx, school, ctx.limit()?)?;
    let items: Vec<Json> = all
        .iter()
        .map(|g| {
            json!({"id": g.id, "version": g.version, "name": g.name, "class": g.class_code, "at": g.at.iso(), "by": g.by, "reason": g.reason})
        })
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": next})))
}
fn api_restore(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, db) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.db().clone());
    let school = school(&scope)?;
    Given::of(ctx, &[])?.done()?;
    ctx.write_json(scope.act("child.restore"), move |w| {
        restore(w, &scope, school, id)?;
        let back = fetch(w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        Ok((200, back.json(db.keys(), w.conn(), scope.county, false)?))
    })
}

fn page(ctx: &Ctx) -> Result<Reply> {
    show(ctx, 200, None)
}
fn form_restore(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = school(&scope)?;
    let asked = ctx.write_form(scope.act("child.restore"), {
        let scope = scope.clone();
        move |w| {
            restore(w, &scope, school, id)?;
            Ok(format!("/children/{id}?saved=1"))
        }
    });
    match asked {
        Err(Fault::Taken(reason, _)) => show(ctx, 422, Some((id, reason))),
        other => other,
    }
}

/// 11月24日 09:12 周老师删的：登错了.
fn words(g: &Gone, lang: Lang) -> String {
    let why = g.reason.as_deref().map(str::trim).unwrap_or_default();
    let (day, time) = (g.at.day(), g.at.hour_minute());
    let why = if why.is_empty() { "〔未填〕" } else { why };
    say(
        format!("{} {time} {}删的：{why}", day.zh_short(), g.by),
        format!("Deleted on {day} {time} by {}: {why}", g.by),
    )
    .in_lang(lang)
    .to_owned()
}

fn show(ctx: &Ctx, status: u16, wrong: Option<(Id, Say)>) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let (all, next) = some(ctx, school(scope)?, PAGE)?;
    let w = |text: Text| text.in_lang(lang).to_owned();
    let faults: Vec<FieldError> = wrong
        .iter()
        .map(|(id, reason)| FieldError {
            name: format!("restore-{id}"),
            label: all
                .iter()
                .find(|g| g.id == *id)
                .map(|g| g.name.clone())
                .unwrap_or_default(),
            reason: reason.in_lang(lang).to_owned(),
        })
        .collect();
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &Top { title: w(t("孩子", "Children")), sub: vec![w(TITLE)], ..Top::default() }))
        (parts::tabs(&crate::pages::tabs(scope, "deleted", lang)))
        (forms::error_summary(lang, &faults))
        @if all.is_empty() {
            (parts::notes::empty(&w(t("没有删了的孩子。", "No deleted children.")), None))
        } @else {
            p.say { (w(t("恢复以后，档案、记录和结对都和删之前一样。", "Put back, file, records and pairings are as they were."))) }
        }
        div.grid2.childform {
            @for g in &all {
                section.card.pad id={"f-restore-" (g.id)} {
                    p { (parts::pebble(&g.name, &g.id.to_string(), "m")) " " b { (g.name) } " "
                        span.m { (g.class_name.clone().unwrap_or_else(|| w(t("没有班级", "No class")))) } }
                    p { (words(g, lang)) }
                    (forms::post_button(&Form {
                        action: format!("/children/{}/restore", g.id), csrf: ctx.csrf(), key: ctx.form_key(), ..Form::default()
                    }, &w(t("恢复", "Put it back")), "", Look::Second))
                }
            }
        }
        @if let Some(n) = next {
            p { (parts::link(&Link::new(w(t("更早的", "Earlier")), format!("/children/deleted?cursor={n}")))) }
        }
    };
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, TITLE, "children", None, body)?,
    ))
}

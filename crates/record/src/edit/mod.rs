//! The form of any kind, for a new record and for a correction: every field of the declaration, and the lines by ticks with what each says.
//! Here who may, what is asked, and what is stored; [`page`] draws the form, [`lines`] reads what was ticked.

mod lines;
mod page;

use self::lines::{ids, lines};
use self::page::{Stands, page};
use crate::api::{
    WRITERS, class_of, has_sensitive, may_see_sensitive, may_write_about, may_write_kind, must_change, note_sensitive,
};
use crate::find_kind;
use crate::form;
use crate::kind::Field;
use crate::own::Declared;
use crate::read::{Record, fetch};
use serde_json::{Map, Value as Json, json};
use tx_base::{Fault, FieldFault, Id, Result, t};
use tx_store::Class;
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
    let mut new = match form::new_record(d, body.as_object().expect("an object"), school, ctx.today()) {
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
    if let Some(f) = emptied(&d, &r, &changes) {
        return edit_page(ctx, 422, &[f]);
    }
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

/// The fault of a correction that takes away all that a record said. What the form did not ask stays, so it says something still.
fn emptied(d: &Declared, r: &Record, changes: &Map<String, Json>) -> Option<FieldFault> {
    let lines: Vec<Json> = r
        .lines
        .iter()
        .map(|l| json!({"outcome": l.outcome, "fields": l.fields}))
        .collect();
    let before = json!({"text": r.text, "state": r.state, "fields": r.fields, "lines": lines});
    if form::unsaid(d, before.as_object()?).is_some() {
        return None; // it came without words, from a book that was taken over
    }
    let mut after = changes.clone();
    let mut fields = r.fields.clone();
    fields.extend(
        changes
            .get("fields")
            .and_then(Json::as_object)
            .cloned()
            .unwrap_or_default(),
    );
    after.insert("fields".into(), fields.into());
    form::unsaid(d, &after)
}

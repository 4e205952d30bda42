//! 导入花名册 in four steps (screens.md §5.8): 选表, 认列, 看一遍, 存进去. Nothing is stored before the fourth.

use super::api::{IMPORTERS, Turn, place};
use super::drafts::{self, Draft};
use super::{
    Choices, Mended, Options, Past, Place, Plan, Read, School, past, plan, read, read_any, run_in, undo, view,
};
use std::sync::Arc;
use tx_base::{Fault, Id, Lang, Result, say, t};
use tx_sheet::Field;
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::{self, forms, import as parts_import, notes::Toast};
use tx_web::{Ctx, Limit, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/import", IMPORTERS, Class::S, choose).says(t("导入：选表", "Import: choose")),
    Route::upload("/import", IMPORTERS, Class::S, upload).says(t("导入：收表", "Import: take the sheet")),
    Route::get("/import/{id}/columns", IMPORTERS, Class::S, columns).says(t("导入：认列", "Import: columns")),
    Route::form("/import/{id}/columns", IMPORTERS, Class::S, save_columns).says(t("导入：定列", "Import: set columns")),
    Route::get("/import/{id}/rows", IMPORTERS, Class::S, rows)
        .says(t("导入：看一遍", "Import: look"))
        .query(&[
            ("all", "boolean", t("全部行", "All rows")),
            ("sheet", "integer", t("第几张表", "Which sheet")),
            ("page", "integer", t("第几页", "Which page")),
        ]),
    Route::form("/import/{id}/rows", IMPORTERS, Class::S, take).says(t("导入：照提议改", "Import: take a proposal")),
    Route::get("/import/{id}/mend.xlsx", IMPORTERS, Class::S, mend).says(t("要改的行", "Rows to mend")),
    Route::form("/import/{id}/store", IMPORTERS, Class::S, store).says(t("导入：存进去", "Import: store")),
    Route::form("/import/{id}/drop", IMPORTERS, Class::S, forget).says(t("不导了", "Drop the sheet")),
    Route::get("/imports/{id}", IMPORTERS, Class::S, stored).says(t("一次导入", "An import")),
    Route::form("/imports/{id}/undo", IMPORTERS, Class::S, take_back).says(t("撤回导入", "Take an import back")),
];

pub(super) fn words(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> String {
    say(zh, en).in_lang(lang).to_owned()
}
const TITLE: tx_base::Text = t("导入花名册", "Import a roster");

pub(super) fn post_to(ctx: &Ctx, action: String) -> forms::Form {
    forms::Form {
        action,
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..forms::Form::default()
    }
}

fn page(ctx: &Ctx, status: u16, toast: Option<String>, body: maud::Markup) -> Result<Reply> {
    let s = Shell {
        title: TITLE,
        active: "children",
        toast: toast.map(|text| Toast { text, undo: None }),
        plain: true,
        ..Shell::default()
    };
    Ok(Reply::page_with(status, shell_with(ctx, s, body)?))
}

/// Step 1, with what is wrong about the file that was just sent.
fn choose_page(ctx: &Ctx, status: u16, wrong: Option<String>) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let at = place(scope)?;
    let mine = at.only.as_ref().map(|_| scope.account);
    let (waiting, before) = ctx.read(|c| Ok((drafts::mine(c, scope)?, past(c, at.county, at.school, mine)?)))?;
    let mut earlier = Vec::new();
    for (id, name, when) in waiting {
        let facts = vec![name, words(lang, "还没存完", "not stored yet"), when.day().zh_short()];
        let go = parts::Link::new(words(lang, "接着看", "Go on"), format!("/import/{id}/rows"));
        earlier.push((facts, go));
    }
    for p in &before {
        let go = parts::Link::new(words(lang, "看看", "Look"), format!("/imports/{}", p.id));
        earlier.push((past_facts(lang, p), go));
    }
    let label = words(lang, "花名册", "Roster");
    let view = parts_import::ChooseView {
        top: view::top(lang, 0, "", None),
        form: forms::Form {
            files: true,
            ..post_to(ctx, "/import".into())
        },
        fields: vec![forms::Field {
            name: "file".into(),
            label: label.clone(),
            hint: words(lang, "xlsx、xls、csv，20 MB 以内", "xlsx, xls, csv, up to 20 MB"),
            kind: forms::FieldKind::File,
            accept: ".xlsx,.xls,.csv",
            error: wrong.clone().unwrap_or_default(),
            required: true,
            ..forms::Field::default()
        }],
        errors: wrong
            .map(|reason| forms::FieldError {
                name: "file".into(),
                label,
                reason,
            })
            .into_iter()
            .collect(),
        button: words(lang, "看一看", "Look at it"),
        help: view::help(lang, &at),
        earlier_title: words(lang, "以前导过的", "Earlier imports"),
        earlier,
    };
    let toast = ctx.q("same").and_then(|n| n.parse::<u32>().ok()).map(|n| {
        words(
            lang,
            format!("{n} 行都和档案里一样，没有要存的"),
            format!("All {n} rows are as in the files; nothing to store"),
        )
    });
    page(ctx, status, toast, parts_import::choose(lang, &view))
}
fn past_facts(lang: Lang, p: &Past) -> Vec<String> {
    let n = |name: &str| p.counts[name].as_i64().unwrap_or(0);
    let mut out = vec![p.file_name.clone()];
    if let Some(at) = p.at {
        out.push(format!("{} {}", at.day().zh_short(), p.by));
    }
    out.push(words(
        lang,
        format!("新 {}，更新 {}", n("created"), n("updated")),
        format!("{} new, {} updated", n("created"), n("updated")),
    ));
    if p.undone.is_some() {
        out.push(words(lang, "已撤回", "taken back"));
    }
    out
}

fn choose(ctx: &Ctx) -> Result<Reply> {
    choose_page(ctx, 200, None)
}

fn upload(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let at = place(scope)?;
    let file = match ctx.file("file") {
        Ok(f) => f,
        Err(f @ Fault::Invalid(..)) => return choose_page(ctx, 422, Some(f.say().in_lang(lang).to_owned())),
        Err(f) => return Err(f),
    };
    ctx.app.take(Limit::Import, scope.account)?;
    let draft = Draft {
        id: Id::fresh(),
        at: ctx.now(),
        file_name: file
            .file_name
            .as_deref()
            .unwrap_or_default()
            .chars()
            .take(120)
            .collect(),
        bytes: file.bytes.clone(),
        choices: Choices::default(),
    };
    // a file that is no sheet is refused at once; one without a header goes on, so that it can be pointed at
    if let Err(f) = read_draft(ctx, &at, &draft) {
        return match f {
            Fault::Invalid(why, _) => choose_page(ctx, 422, Some(why.in_lang(lang).to_owned())),
            f => Err(f),
        };
    }
    let (school, account) = (at.school, scope.account);
    ctx.write_form(scope.act("import.look"), move |w| {
        drafts::keep(w, school, account, &draft)?;
        Ok(format!("/import/{}/columns", draft.id))
    })
}

fn read_draft(ctx: &Ctx, at: &Place, d: &Draft) -> Result<Read> {
    let _turn = Turn::wait()?;
    let school = ctx.read(|c| School::load(c, at.county, at.school))?;
    read_any(&d.bytes, &d.file_name, at.today, &school, d.choices.clone())
}
/// The draft of this address, read.
fn open(ctx: &Ctx) -> Result<(Place, Draft, Read)> {
    let scope = ctx.scope()?;
    let (at, id) = (place(scope)?, ctx.id("id")?);
    let d = ctx.read(|c| drafts::open(c, ctx.db().keys(), scope, id))?;
    let r = read_draft(ctx, &at, &d)?;
    Ok((at, d, r))
}
fn judge(ctx: &Ctx, at: &Place, r: &Read) -> Result<Plan> {
    ctx.read(|c| plan(c, ctx.db().keys(), at, r))
}

fn columns(ctx: &Ctx) -> Result<Reply> {
    let (at, d, r) = open(ctx)?;
    let body = parts_import::columns(&view::columns(ctx, &at, &d, &r));
    page(ctx, 200, None, body)
}

fn save_columns(ctx: &Ctx) -> Result<Reply> {
    let (at, mut d, r) = open(ctx)?;
    if let Some(n) = ctx.f("header").parse::<u32>().ok().filter(|n| *n > 0) {
        if let Some(sheet) = r.book.sheets.first() {
            d.choices.header_rows.insert(sheet.name.clone(), n);
        }
    }
    for (i, (header, field, _)) in view::headers(&r).into_iter().enumerate() {
        let name = format!("c{i}");
        if !ctx.form().iter().any(|(n, _)| *n == name) {
            continue;
        }
        let chosen =
            match ctx.f(&name) {
                "" => None,
                f => Some(Field::from_name(f).ok_or_else(|| {
                    Fault::invalid(&name, format!("没有 {f} 这一项"), format!("there is no field {f}"))
                })?),
            };
        if chosen != field {
            d.choices.columns.insert(header, chosen);
        }
    }
    d.choices.remember = !ctx.f("remember").is_empty();
    let asked_header = !ctx.f("header").is_empty();
    let scope = ctx.scope()?;
    let (school, account, id) = (at.school, scope.account, d.id);
    ctx.write_form(scope.act("import.columns"), move |w| {
        drafts::keep(w, school, account, &d)?;
        Ok(if asked_header {
            format!("/import/{id}/columns")
        } else {
            format!("/import/{id}/rows")
        })
    })
}

fn rows(ctx: &Ctx) -> Result<Reply> {
    let (at, d, r) = open(ctx)?;
    if r.roster.unreadable().is_some() {
        return Ok(Reply::see(&format!("/import/{}/columns", d.id)));
    }
    let p = judge(ctx, &at, &r)?;
    let body = parts_import::review(ctx.lang, &view::review(ctx, &d, &r, &p));
    page(ctx, 200, None, body)
}

/// A proposal taken: sheet, row, column and value as they stand on the button.
fn take(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let (at, id) = (place(scope)?, ctx.id("id")?);
    let mut d = ctx.read(|c| drafts::open(c, ctx.db().keys(), scope, id))?;
    let r = read_draft(ctx, &at, &d)?;
    let bad = || Fault::invalid("take", "这个提议看不懂", "this proposal cannot be read");
    let parts: Vec<&str> = ctx.f("take").splitn(4, ':').collect();
    let [sheet, row, column, value] = parts[..] else {
        return Err(bad());
    };
    let sheet: usize = sheet.parse().map_err(|_| bad())?;
    let m = Mended {
        sheet: r.book.sheets.get(sheet).ok_or_else(bad)?.name.clone(),
        row: row.parse().map_err(|_| bad())?,
        column: column.parse().map_err(|_| bad())?,
        value: value.chars().take(200).collect(),
    };
    d.choices
        .mended
        .retain(|o| (&o.sheet, o.row, o.column) != (&m.sheet, m.row, m.column));
    d.choices.mended.push(m);
    let (school, account) = (at.school, scope.account);
    ctx.write_form(scope.act("import.mend"), move |w| {
        drafts::keep(w, school, account, &d)?;
        Ok(format!("/import/{id}/rows?sheet={sheet}"))
    })
}

fn mend(ctx: &Ctx) -> Result<Reply> {
    let (at, d, r) = open(ctx)?;
    let p = judge(ctx, &at, &r)?;
    let stem = d.file_name.rsplit_once('.').map_or(d.file_name.as_str(), |(s, _)| s);
    Ok(Reply::file(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &format!("{stem}-要改的.xlsx"),
        r.error_sheet(&p),
    ))
}

fn store(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let (at, id) = (place(scope)?, ctx.id("id")?);
    let d = ctx.read(|c| drafts::open(c, ctx.db().keys(), scope, id))?;
    let _turn = Turn::wait()?;
    let school = ctx.read(|c| School::load(c, at.county, at.school))?;
    let r = Arc::new(read(&d.bytes, &d.file_name, at.today, &school, d.choices.clone())?);
    let o = Options {
        dry_run: false,
        keep_good: !ctx.f("keep").is_empty(),
    };
    ctx.write_form(scope.act("import.children"), move |w| {
        let out = run_in(w, &at, &r, o)?;
        if out.rejected > 0 && !o.keep_good {
            return Ok(format!("/import/{id}/rows"));
        }
        // rows that are still to be mended wait with their sheet
        if out.rejected == 0 {
            drafts::forget(w, id)?;
        }
        Ok(match out.import {
            Some(import) if out.rejected > 0 => format!("/imports/{import}?draft={id}"),
            Some(import) => format!("/imports/{import}"),
            None => format!("/import?same={}", out.unchanged),
        })
    })
}

fn forget(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let id = ctx.id("id")?;
    ctx.read(|c| drafts::open(c, ctx.db().keys(), scope, id))?;
    ctx.write_form(scope.act("import.drop"), move |w| {
        drafts::forget(w, id)?;
        Ok("/import".into())
    })
}

/// An import that this person may see: of the own school; a class teacher only the own ones.
fn one_past(ctx: &Ctx, id: Id) -> Result<Past> {
    let scope = ctx.scope()?;
    let at = place(scope)?;
    let mine = at.only.as_ref().map(|_| scope.account);
    let all = ctx.read(|c| past(c, at.county, at.school, mine))?;
    all.into_iter().find(|p| p.id == id).ok_or(Fault::NotFound)
}

fn stored(ctx: &Ctx) -> Result<Reply> {
    let p = one_past(ctx, ctx.id("id")?)?;
    let scope = ctx.scope()?;
    let mut left = Vec::new();
    for id in p.counts["left"].as_array().into_iter().flatten() {
        if let Some(id) = id.as_str().and_then(|s| s.parse().ok()) {
            left.extend(ctx.read(|c| crate::fetch(c, scope, id))?.map(|k| k.name));
        }
    }
    let draft = ctx.q_id("draft")?;
    let body = parts_import::stored(&view::stored(ctx, &p, &left, draft));
    page(ctx, 200, None, body)
}

fn take_back(ctx: &Ctx) -> Result<Reply> {
    let p = one_past(ctx, ctx.id("id")?)?;
    ctx.write_form(ctx.act("import.undo")?, move |w| {
        undo(w, p.id)?;
        Ok(format!("/imports/{}", p.id))
    })
}

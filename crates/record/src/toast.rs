//! 存好了 with 撤回: what a page says after a record was saved from it (screens.md §3, toast).

use crate::WRITERS;
use crate::people;
use crate::read::{Record, fetch};
use tx_access::Scope;
use tx_base::{Day, Fault, Lang, Result, t};
use tx_store::{Class, Conn};
use tx_web::parts::notes::{Toast, Undo};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] =
    &[Route::form("/records/{id}/undo", WRITERS, Class::P, undo)
        .says(t("撤回刚记的", "Take back what was just written"))];

/// Who wrote it may take it back on the day it was written, while nobody has corrected it.
fn may_undo(scope: &Scope, r: &Record, today: Day) -> bool {
    r.author == Some(scope.account) && r.version == 1 && r.written_at.day() == today
}

/// The children of a record in words: 龙俊杰; 龙俊杰、石若曦; 龙俊杰等 5 人. Empty for a record about none.
pub(crate) fn names(c: &Conn, scope: &Scope, r: &Record, lang: Lang) -> Result<String> {
    let ids = r.children();
    let seen = people::children(c, scope, &ids)?;
    let all: Vec<&str> = ids
        .iter()
        .filter_map(|id| seen.get(id))
        .map(|n| n.name.as_str())
        .collect();
    Ok(match (all.as_slice(), lang) {
        ([], _) => String::new(),
        ([one], _) => (*one).to_owned(),
        ([one, two], Lang::Zh) => format!("{one}、{two}"),
        ([one, two], Lang::En) => format!("{one}, {two}"),
        ([one, ..], Lang::Zh) => format!("{one}等 {} 人", all.len()),
        ([one, ..], Lang::En) => format!("{one} and {} others", all.len() - 1),
    })
}

/// The toast of a page that was asked for with `?saved=ID`: what was saved, with a way back. Nothing when there is no such record.
pub fn saved_toast(ctx: &Ctx) -> Result<Option<Toast>> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let Some(id) = ctx.q("saved").and_then(|v| v.parse().ok()) else {
        return Ok(None);
    };
    ctx.read(|c| {
        let Some(r) = fetch(ctx.db().keys(), c, scope, id)? else {
            return Ok(None);
        };
        let who = names(c, scope, &r, lang)?;
        let head = t("存好了：", "Saved: ").in_lang(lang);
        let undo = may_undo(scope, &r, ctx.today()).then(|| Undo {
            action: format!("/records/{id}/undo"),
            key: ctx.form_key(),
        });
        Ok(Some(Toast {
            text: format!("{head}{who} {}", r.name(lang)).replace("  ", " "),
            undo,
        }))
    })
}

fn undo(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.today());
    let db = ctx.db().clone();
    ctx.write_form(scope.act("record.undo"), move |w| {
        let r = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        if !may_undo(&scope, &r, today) {
            return Err(Fault::forbidden(t(
                "这一条已经改过或过了当天，请打开它删除并写原因",
                "It was corrected or is of an earlier day: open it and delete it with a reason",
            )));
        }
        crate::remove(
            w,
            id,
            t("刚记完就撤回", "Taken back right after it was written").in_lang(scope.lang),
        )?;
        Ok("/".into())
    })
}

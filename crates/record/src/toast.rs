//! 存好了 with 撤回: what a page says after a record was saved from it (screens.md §3, toast).

use crate::WRITERS;
use crate::people;
use crate::read::{Record, fetch};
use tx_access::Scope;
use tx_base::{Day, Fault, Lang, Result, Text, t};
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

/// How one says that a deed of this kind did not come about: 没谈成.
pub const fn not_done(kind: &str) -> Text {
    match kind.as_bytes() {
        b"heart_talk" | b"guardian_talk" => t("没谈成", "not done"),
        b"home_visit" => t("没见着", "nobody there"),
        b"family_call" => t("没打通", "no answer"),
        _ => t("没做成", "not done"),
    }
}
/// Why nothing came of a record that is only a try; none for any other.
fn tried(r: &Record) -> Option<Text> {
    let only = |all: &[&str]| !r.lines.is_empty() && r.lines.iter().all(|l| all.contains(&l.outcome.as_str()));
    if only(&["refused"]) {
        Some(t("不愿意", "refused"))
    } else if only(&["tried", "refused"]) {
        Some(not_done(r.kind.id))
    } else {
        None
    }
}
/// What the record just saved did not make good, from `still` of the address: months of duties that stay overdue, 0 for one without a month.
fn still(ctx: &Ctx) -> String {
    let months: Vec<u8> = ctx
        .q("still")
        .unwrap_or_default()
        .split('-')
        .filter_map(|m| m.parse().ok())
        .filter(|m| *m <= 12)
        .take(12)
        .collect();
    let named: Vec<String> = months.iter().filter(|m| **m > 0).map(|m| format!("{m}月")).collect();
    match (ctx.lang, months.is_empty(), named.is_empty()) {
        (_, true, _) => String::new(),
        (Lang::Zh, _, false) => format!("；{}那次还欠着", named.join("、")),
        (Lang::Zh, _, true) => "；还有一次欠着".into(),
        (Lang::En, ..) => "; an earlier one is still owed".into(),
    }
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
        let (head, tail) = match tried(&r) {
            Some(why) => {
                let comma = if lang == Lang::Zh { "，" } else { ", " };
                (
                    t("记了一次努力：", "Kept as an effort: "),
                    format!("{comma}{}", why.in_lang(lang)),
                )
            }
            None => (t("存好了：", "Saved: "), still(ctx)),
        };
        let head = head.in_lang(lang);
        let undo = may_undo(scope, &r, ctx.today()).then(|| Undo {
            action: format!("/records/{id}/undo"),
            key: ctx.form_key(),
        });
        Ok(Some(Toast {
            text: format!("{head}{who} {}{tail}", r.name(lang)).replace("  ", " "),
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

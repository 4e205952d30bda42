//! 删了的: deleted records with their reasons, for the head, the office and whoever wrote them, each with the way back.

use crate::WRITERS;
use crate::around::Around;
use crate::pages::item;
use crate::people;
use crate::read::{Gone, deleted};
use maud::html;
use tx_access::Scope;
use tx_base::{Fault, Lang, Result, t};
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{self, Form};
use tx_web::parts::lists::{TimelineItem, timeline_item};
use tx_web::parts::marks::{Link, Look, Mark};
use tx_web::parts::{self, Top};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[Route::form("/records/{id}/restore", WRITERS, Class::P, restore)
    .says(t("恢复删了的记录", "Put a deleted record back"))];

/// Whether this person may have deleted records to look at.
pub(crate) fn may_look(scope: &Scope) -> bool {
    crate::pages::may_write(scope)
}

/// `/records?state=deleted`.
pub(crate) fn page(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    if !may_look(scope) {
        return Err(Fault::NotFound);
    }
    let items = ctx.read(|c| {
        let all = deleted(ctx.db().keys(), c, scope, None)?;
        let around = Around::new(c, scope.county);
        let authors: Vec<_> = all.iter().filter_map(|g| g.record.author).collect();
        let authors = people::accounts(c, scope.county, &authors)?;
        let logins: Vec<String> = all.iter().map(|g| g.who.clone()).collect();
        let who = people::shown(c, scope.county, &logins)?;
        all.iter()
            .map(|g| {
                let r = &g.record;
                let author = r.author.and_then(|a| authors.get(&a)).unwrap_or(&r.author_name);
                let mut i = item(c, scope, r, &around.declared(r)?, author, lang)?;
                // the page of a record shows only what stands
                i.href = String::new();
                i.seal.mark = Mark::Excused;
                Ok((i, words(g, who.get(&g.who).unwrap_or(&g.who), lang)))
            })
            .collect::<Result<Vec<(TimelineItem, String)>>>()
    })?;
    let title = t("删了的记录", "Deleted records");
    let restore = t("恢复", "Put it back").in_lang(lang);
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &Top { title: title.in_lang(lang).into(), ..Top::default() }))
        @if items.is_empty() {
            (parts::notes::empty(
                t("没有删了的记录。", "No deleted records.").in_lang(lang),
                Some(&Link::new(t("看全部", "See all").in_lang(lang), "/records"))))
        }
        section.tl {
            @for (i, why) in &items {
                (timeline_item(lang, i))
                section.card.pad {
                    p { (why) }
                    (forms::post_button(&Form {
                        action: format!("/records/{}/restore", i.id), csrf: ctx.csrf(), key: ctx.form_key(), ..Form::default()
                    }, restore, "", Look::Second))
                }
            }
        }
        p { (parts::link(&Link::new(t("回到全部记录", "All records").in_lang(lang), "/records"))) }
    };
    let shell = Shell {
        title,
        active: "records",
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, body)?))
}
/// 11月24日 09:12 周老师删的：记错了孩子.
fn words(g: &Gone, who: &str, lang: Lang) -> String {
    let at = crate::pages::moment(g.at, lang);
    let why = g.record.reason.as_deref().unwrap_or_default();
    match lang {
        Lang::Zh => format!("{at} {who}删的：{why}"),
        Lang::En => format!("Deleted on {at} by {who}: {why}"),
    }
}

fn restore(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, db) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.db().clone());
    if !may_look(&scope) {
        return Err(Fault::NotFound);
    }
    ctx.write_form(scope.act("record.restore"), move |w| {
        if deleted(db.keys(), w.conn(), &scope, Some(id))?.is_empty() {
            return Err(Fault::NotFound);
        }
        crate::write::restore(w, id)?;
        Ok(format!("/records/{id}"))
    })
}

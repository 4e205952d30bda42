//! 全部记录: the list with its filters, a page at a time.

use super::{item, may_write, state_name};
use crate::api::{paged, query};
use crate::around::Around;
use crate::read::list;
use crate::{all_kinds, people};
use tx_base::{Fault, Lang, Result, Text, t};
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{Field, FieldKind};
use tx_web::parts::lists::Filter;
use tx_web::parts::marks::Link;
use tx_web::parts::{Top, records};
use tx_web::{Ctx, Reply};

/// Records on one page of the list.
const PAGE: usize = 30;

fn select(name: &str, label: Text, value: &str, all: Vec<(String, String)>, lang: Lang) -> Field {
    let mut options = vec![(String::new(), t("全部", "All").in_lang(lang).to_owned())];
    options.extend(all);
    Field {
        name: name.into(),
        label: label.in_lang(lang).into(),
        value: value.into(),
        kind: FieldKind::Select(options),
        ..Default::default()
    }
}

pub(super) fn all(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    if ctx.q("state") == Some("deleted") {
        return crate::gone::page(ctx);
    }
    let (items, next, classes, child) = ctx.read(|c| {
        let found = list(ctx.db().keys(), c, scope, &query(ctx, c, PAGE)?)?;
        let (found, next) = paged(found, PAGE);
        let around = Around::new(c, scope.county);
        let authors = people::accounts(
            c,
            scope.county,
            &found.iter().filter_map(|r| r.author).collect::<Vec<_>>(),
        )?;
        let items = found
            .iter()
            .map(|r| {
                let author = r.author.and_then(|a| authors.get(&a)).unwrap_or(&r.author_name);
                item(c, scope, r, &around.declared(r)?, author, lang)
            })
            .collect::<Result<Vec<_>>>()?;
        let child = match ctx.q_id("child")? {
            Some(id) => Some(people::children(c, scope, &[id])?.remove(&id).ok_or(Fault::NotFound)?),
            None => None,
        };
        Ok((items, next, people::classes(c, scope)?, child))
    })?;
    let q = |name: &str| ctx.q(name).unwrap_or_default().to_owned();
    let date = |name: &str, label: Text| Field {
        name: name.into(),
        label: label.in_lang(lang).into(),
        value: q(name),
        kind: FieldKind::Date,
        ..Default::default()
    };
    let kinds = all_kinds()
        .iter()
        .map(|k| (k.id.to_owned(), k.name.in_lang(lang).to_owned()))
        .collect();
    let mut states = ["done", "planned", "cancelled"]
        .map(|s| (s.to_owned(), state_name(s).in_lang(lang).to_owned()))
        .to_vec();
    if crate::gone::may_look(scope) {
        states.push(("deleted".into(), t("删了的", "deleted").in_lang(lang).into()));
    }
    let mut fields = vec![select("kind", t("种类", "Kind"), &q("kind"), kinds, lang)];
    if classes.len() > 1 {
        let all = classes
            .iter()
            .map(|(_, code, name)| (code.clone(), name.clone()))
            .collect();
        fields.push(select("class", t("班级", "Class"), &q("class"), all, lang));
    }
    fields.extend([
        date("from", t("从", "From")),
        date("to", t("到", "To")),
        select("state", t("状态", "State"), &q("state"), states, lang),
    ]);
    let chosen = ["kind", "class", "child", "from", "to", "state"]
        .iter()
        .any(|n| ctx.q(n).is_some());
    let page = |cursor: Option<&str>| {
        let mut parts: Vec<String> = ["kind", "class", "child", "from", "to", "state"]
            .iter()
            .filter_map(|n| ctx.q(n).map(|v| format!("{n}={}", plain(v))))
            .collect();
        parts.extend(cursor.map(|at| format!("cursor={at}")));
        if parts.is_empty() {
            "/records".to_owned()
        } else {
            format!("/records?{}", parts.join("&"))
        }
    };
    let ledger = ctx.q("kind").is_some();
    let view = records::ListView {
        top: Top {
            title: t("全部记录", "All records").in_lang(lang).into(),
            sub: child.iter().map(|k| k.name.clone()).collect(),
            buttons: if may_write(scope) {
                let to = ctx.q("kind").map_or_else(
                    || "/records/kinds".to_owned(),
                    |k| format!("/records/new?kind={}", plain(k)),
                );
                vec![
                    Link::new(t("记一条", "Write one").in_lang(lang), to)
                        .icon("plus")
                        .first(),
                ]
            } else {
                Vec::new()
            },
            print: ledger,
            ..Default::default()
        },
        filter: Filter {
            action: "/records".into(),
            label: t("筛选", "Filter").in_lang(lang).into(),
            fields,
            hidden: ctx
                .q("child")
                .map(|c| ("child".to_owned(), c.to_owned()))
                .into_iter()
                .collect(),
            button: t("看", "Show").in_lang(lang).into(),
            open: chosen,
        },
        empty: if chosen {
            t("没有这样的记录。换个条件看看。", "No such records. Try another filter.")
        } else {
            t(
                "还没有记录。第一条从今天的待办里记。",
                "No records yet. The first one comes from Today.",
            )
        }
        .in_lang(lang)
        .into(),
        empty_next: Some(if chosen {
            Link::new(t("看全部", "See all").in_lang(lang), "/records")
        } else {
            Link::new(t("看今天", "Open Today").in_lang(lang), "/")
        }),
        after: next.map(|at| page(Some(&at))),
        first: ctx.q("cursor").map(|_| page(None)),
        place: String::new(),
        items,
    };
    let toast = (ctx.q("gone") == Some("1")).then(|| tx_web::parts::Toast {
        text: t("删了，写过的字留在历史里", "Deleted; the words stay in the history")
            .in_lang(lang)
            .into(),
        undo: None,
    });
    let toast = match toast {
        Some(t) => Some(t),
        None => crate::saved_toast(ctx)?,
    };
    let shell = Shell {
        title: t("全部记录", "All records"),
        active: "records",
        toast,
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, records::list(lang, &view))?))
}
/// A value of an address: what is neither letter, digit, `-` nor `_` is dropped, since none of the filters has it.
fn plain(v: &str) -> String {
    v.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect()
}

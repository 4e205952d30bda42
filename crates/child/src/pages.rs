//! The list of children on screen.

use crate::file::{Page, list};
use tx_base::{Lang, Result, t};
use tx_store::Class;
use tx_web::parts::{self, child::ChildrenView};
use tx_web::{CARERS, Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/children", CARERS, Class::P, children).says(t("孩子", "Children"))];

fn children(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let found = ctx.read(|c| {
        list(
            c,
            scope,
            &Page {
                q: ctx.q("q").map(str::to_owned),
                limit: 2000,
                ..Page::default()
            },
        )
    })?;
    let mut groups: Vec<(String, Vec<parts::child::ChildRow>)> = Vec::new();
    let mut sorted: Vec<_> = found.iter().collect();
    sorted.sort_by(|a, b| (&a.class_code, &a.name).cmp(&(&b.class_code, &b.name)));
    for k in sorted {
        let heading = k
            .class_name
            .clone()
            .unwrap_or_else(|| t("没有班级", "No class").in_lang(lang).to_owned());
        let sub = if k.sight.personal {
            k.village.clone().unwrap_or_default()
        } else {
            String::new()
        };
        let person = parts::marks::Person {
            id: k.id.to_string(),
            name: k.name.clone(),
            href: format!("/record?child={}", k.id),
            sub,
            key: false,
        };
        let row = parts::child::ChildRow {
            child: person,
            ..Default::default()
        };
        match groups.last_mut().filter(|(h, _)| *h == heading) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((heading, vec![row])),
        }
    }
    let n = found.len();
    let view = ChildrenView {
        top: parts::frame::Top {
            title: t("孩子", "Children").in_lang(lang).to_owned(),
            sub: vec![match lang {
                Lang::Zh => format!("{n} 名"),
                Lang::En => format!("{n}"),
            }],
            ..Default::default()
        },
        groups,
        empty: if n == 0 {
            t("还没有孩子。", "No children yet.").in_lang(lang).to_owned()
        } else {
            String::new()
        },
        ..Default::default()
    };
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("孩子", "Children"),
        "children",
        None,
        parts::child::children(lang, &view),
    )?))
}

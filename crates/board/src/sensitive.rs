//! The part of a file that is opened by itself: ID number, health, hardship, why a child is marked. Each opening is an audit entry
//! (security.md §1).

use crate::words::{day, page, record_href, w};
use maud::html;
use tx_base::{Fault, Id, Lang, Result, t};
use tx_child::file;
use tx_record::{FieldType, Query, Record};
use tx_store::Class;
use tx_web::parts::child::Rows;
use tx_web::parts::frame::{Top, top};
use tx_web::parts::lists::{TableView, heading, table};
use tx_web::parts::marks::{Piece, Pill};
use tx_web::parts::{definition_list, strip};
use tx_web::{Ctx, READERS, Reply, Route};

pub const PATH: &str = "/children/{id}/sensitive";

pub static ROUTES: &[Route] =
    &[Route::get(PATH, READERS, Class::S, show).says(t("敏感内容，打开留审计", "The sensitive part, audited"))];

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    // who may not see it learns nothing, not even that it is there
    ctx.read(|c| tx_child::fetch(c, scope, id))?
        .filter(|k| k.sight.sensitive)
        .ok_or(Fault::NotFound)?;
    // noted before it is shown: what cannot be written down is not opened
    ctx.db().write(scope.act("child.read_sensitive"), move |w| {
        w.note("child.read_sensitive", "children", Some(id), None);
        Ok(())
    })?;
    let (d, checks) = ctx.read(|c| {
        let d = file::fetch(c, ctx.db().keys(), scope, id, true)?.ok_or(Fault::NotFound)?;
        let query = Query {
            child: Some(id),
            kind: Some("health_check".into()),
            state: Some("done".into()),
            limit: 20,
            ..Default::default()
        };
        Ok((d, tx_record::list(ctx.db().keys(), c, scope, &query)?))
    })?;
    let facts: Rows = d
        .sensitive
        .iter()
        .map(|(_, name, v)| (w(lang, *name), vec![v.clone()]))
        .collect();
    let key: Rows = d
        .key
        .iter()
        .flat_map(|k| {
            [
                (w(lang, t("从", "Since")), vec![k.from.to_string()]),
                (w(lang, t("为什么", "Why")), k.reason.iter().cloned().collect()),
                (
                    w(lang, t("帮扶教师", "Helping teacher")),
                    k.helper_name.iter().cloned().collect(),
                ),
                (
                    w(lang, t("复查", "Review")),
                    k.review_on.iter().map(ToString::to_string).collect(),
                ),
            ]
        })
        .collect();
    let hardship = d.hardship.map(|h| {
        vec![(
            w(lang, t("困境儿童", "In difficulty")),
            vec![w(
                lang,
                if h {
                    t("是，按父母情况", "yes, by the parents' situation")
                } else {
                    t("不是", "no")
                },
            )],
        )]
    });
    let body = html! {
        (top(lang, &Top { title: d.child.name.clone(), sub: vec![d.child.class_name.clone().unwrap_or_default(), w(lang, t("敏感内容", "Sensitive part"))], ..Default::default() }))
        (strip(Pill::Sealed, "lock", &w(lang, t("刚才这次打开已经记下。", "This opening has been noted.")), Some(&tx_web::parts::marks::Link::new(w(lang, t("回档案", "Back to the file")), format!("/children/{id}")))))
        section.card.fam.private {
            @if facts.is_empty() { p.m.pad { (w(lang, t("没有填过。", "Nothing is filled in."))) } } @else { (definition_list(lang, &facts)) }
            @if let Some(h) = &hardship { (definition_list(lang, h)) }
        }
        @if !key.is_empty() {
            (heading(&w(lang, t("重点帮扶", "Closer care")), "", None))
            section.card.fam.private { (definition_list(lang, &key)) }
        }
        @if !checks.is_empty() {
            (heading(&w(lang, t("体检", "Health checks")), &w(lang, t("筛查参考，不是诊断", "for screening, no diagnosis")), None))
            div.private { (measured(ctx, id, &checks, lang)) }
        }
    };
    page(ctx, t("敏感内容", "Sensitive part"), "children", body)
}

/// What was measured at each check, in the order of the declaration.
fn measured(ctx: &Ctx, child: Id, list: &[Record], lang: Lang) -> maud::Markup {
    let fields: Vec<&tx_record::Field> = list[0]
        .kind
        .line_fields
        .iter()
        .filter(|f| matches!(f.ty, FieldType::Text | FieldType::Count | FieldType::Number))
        .collect();
    let cell = |v: Option<&serde_json::Value>| match v {
        Some(serde_json::Value::String(s)) => s.clone(),
        Some(serde_json::Value::Number(n)) => n.to_string(),
        _ => String::new(),
    };
    let rows = list.iter().map(|r| {
        let line = r.lines.iter().find(|l| l.child == Some(child));
        let values = fields
            .iter()
            .map(|f| vec![Piece::Text(cell(line.and_then(|l| l.fields.get(f.id))))]);
        std::iter::once(vec![Piece::Text(day(lang, r.on))])
            .chain(values)
            .collect()
    });
    table(&TableView {
        caption: w(lang, t("体检", "Health checks")),
        head: std::iter::once(w(lang, t("日子", "Day")))
            .chain(fields.iter().map(|f| w(lang, f.name)))
            .collect(),
        rows: rows.collect(),
        right: Vec::new(),
        hrefs: list.iter().map(|r| record_href(ctx, r.id)).collect(),
    })
}

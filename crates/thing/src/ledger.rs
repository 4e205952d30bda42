//! A ledger (台账) of one sort: a row for each thing, columns from its declaration (features K3).

use crate::read::{Query, list};
use crate::sort::Sort;
use std::collections::HashMap;
use tx_access::Scope;
use tx_base::{Id, Lang, Result, Span, t};
use tx_record::{Cell, Column, Ledger, cell};
use tx_store::{Class, Conn, Keys, params};

/// 物资台账.
pub fn ledger_name(sort: &Sort, lang: Lang) -> String {
    format!("{}{}", sort.name.in_lang(lang), t("台账", " ledger").in_lang(lang))
}

/// Things of a sort that were there within the period, as far as the scope shows them. Sensitive fields are columns only with `sensitive`, which the caller audits.
pub fn ledger(
    keys: &Keys,
    c: &Conn,
    scope: &Scope,
    sort: &'static Sort,
    period: Span,
    sensitive: bool,
    lang: Lang,
) -> Result<Ledger> {
    let q = Query {
        sort: Some(sort),
        limit: usize::MAX,
        ..Query::default()
    };
    let (mut all, children) = list(keys, c, scope, &q)?;
    all.retain(|x| {
        let from = x.from.unwrap_or(x.made_at.day());
        from <= period.to && x.to.is_none_or(|to| to >= period.from)
    });
    all.reverse();
    let owners: HashMap<Id, String> = c
        .query(
            "select id, shown from accounts where county_id = ?1 order by id",
            params![scope.county],
        )?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect();
    let fields: Vec<_> = sort.fields.iter().filter(|f| sensitive || f.class < Class::S).collect();
    let mut out = Ledger::default();
    let mut add = |id: &str, name: String| out.columns.push(Column { id: id.into(), name });
    let say = |text: tx_base::Text| text.in_lang(lang).to_owned();
    add(
        "who",
        if sort.about == crate::About::Child {
            say(t("姓名", "Name"))
        } else {
            say(sort.title)
        },
    );
    add("state", say(t("状态", "State")));
    if let Some((from, to)) = sort.span {
        add("from", say(from));
        add("to", say(to));
    }
    if let Some(unit) = sort.stock {
        add("stock", format!("{}（{}）", say(t("现有", "In stock")), say(unit)));
    }
    for f in &fields {
        add(f.id, say(f.name));
    }
    if let Some((who, when)) = sort.due {
        add("owner", say(who));
        add("due", say(when));
    }
    let text = |s: String| if s.is_empty() { Cell::Empty } else { Cell::Text(s) };
    let day = |d: Option<tx_base::Day>| d.map_or(Cell::Empty, Cell::Day);
    for x in &all {
        let mut row = vec![
            text(crate::pages::title(x, &children)),
            text(say(sort.state(&x.state).name)),
        ];
        if sort.span.is_some() {
            row.extend([day(x.from), day(x.to)]);
        }
        if sort.stock.is_some() {
            row.push(x.stock.map_or(Cell::Empty, |n| Cell::Number(n as f64)));
        }
        for f in &fields {
            row.push(cell(f, x.fields.get(f.id), lang));
        }
        if sort.due.is_some() {
            row.extend([
                text(x.owner.and_then(|o| owners.get(&o)).cloned().unwrap_or_default()),
                day(x.due),
            ]);
        }
        out.rows.push(row);
        out.records.push(x.id);
    }
    Ok(out)
}

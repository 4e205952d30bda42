//! A ledger (台账) of one kind: columns from its declaration, a row for each line, or for each record of what concerns the whole and says nothing
//! of its lines (features K3).

use crate::kind::{About, FieldType, NOTE};
use crate::own::{Declared, own_fields};
use crate::pages::{outcome_name, state_name};
use crate::people;
use crate::read::{Line, Query, Record, list};
use crate::{Field, Kind, form};
use serde_json::Value as Json;
use std::collections::HashMap;
use tx_access::Scope;
use tx_base::{Day, Id, Lang, Result, Span, t};
use tx_store::{Class, Conn, Keys};

/// A value of a ledger. Text is text: whoever writes a sheet must not make a formula of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Day(Day),
}

/// A column: name for a script, heading for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub columns: Vec<Column>,
    /// oldest first, each as long as `columns`
    pub rows: Vec<Vec<Cell>>,
    /// the record of each row
    pub records: Vec<Id>,
    /// a row for each line; the columns of the record then stand on every line of it
    pub by_line: bool,
}

/// Whether a column says something of the row and not of its record: 数量 and the fields of a line.
pub fn of_line(column: &str) -> bool {
    column == "quantity" || column.starts_with("line.")
}

/// A value of a field as a ledger has it.
pub fn cell(f: &Field, v: Option<&Json>, lang: Lang) -> Cell {
    match (f.ty, v) {
        (_, None | Some(Json::Null)) => Cell::Empty,
        (FieldType::Count | FieldType::Number | FieldType::Money, Some(v)) => {
            v.as_f64().map_or(Cell::Empty, Cell::Number)
        }
        (FieldType::Day, Some(v)) => v.as_str().and_then(|s| s.parse().ok()).map_or(Cell::Empty, Cell::Day),
        (
            FieldType::Text | FieldType::LongText | FieldType::Choice(_) | FieldType::Choices(_) | FieldType::Yes,
            Some(v),
        ) => text(form::shown(f, v, lang)),
    }
}
fn text(s: impl Into<String>) -> Cell {
    let s = s.into();
    if s.is_empty() { Cell::Empty } else { Cell::Text(s) }
}

/// The ledger of a kind in the own school and period, as far as the scope shows it. Sensitive fields are columns only with `sensitive`, which
/// the caller audits. A new kind needs nothing here.
pub fn ledger(
    keys: &Keys,
    c: &Conn,
    scope: &Scope,
    kind: &'static Kind,
    period: Span,
    sensitive: bool,
    lang: Lang,
) -> Result<Ledger> {
    let school = scope.the_school()?.id;
    let d = Declared::with(kind, &own_fields(c, scope.county, Some(school))?, scope.today);
    let shown = |f: &&Field| sensitive || f.class < Class::S;
    let (head, line): (Vec<&Field>, Vec<&Field>) = (
        d.head.iter().filter(shown).collect(),
        d.line.iter().filter(shown).collect(),
    );
    let whole = kind.about == About::Whole;
    // ten groups of a trading day are ten accounts: what is said of each line has a row of its own
    let each = !whole || d.line.iter().any(|f| f.id != NOTE.id);
    let mut out = Ledger {
        by_line: each,
        ..Ledger::default()
    };
    let mut add = |id: &str, zh: &str, en: &str| {
        let name = if lang == Lang::Zh { zh } else { en };
        out.columns.push(Column {
            id: id.into(),
            name: name.into(),
        });
    };
    add("on", "日期", "Day");
    if each {
        if whole {
            add("who", "谁或什么", "Who or what");
        } else {
            add("who", "姓名", "Name");
        }
        add("class", "班级", "Class");
        if !whole {
            add("outcome", "结果", "Outcome");
        }
        if let Some(q) = kind.quantity {
            add(
                "quantity",
                &format!("数量（{}）", q.zh),
                &format!("Quantity ({})", q.en),
            );
        }
    } else {
        add("class", "班级", "Class");
        add("children", "孩子人数", "Children");
        add("names", "孩子", "Which children");
        add("adults", "大人人数", "Adults");
    }
    for f in &head {
        add(f.id, f.name.zh, f.name.en);
    }
    add("text", kind.words.zh, kind.words.en);
    if each {
        for f in &line {
            add(&format!("line.{}", f.id), f.name.zh, f.name.en);
        }
    }
    add("state", "状态", "State");
    add("author", "谁写的", "Written by");
    add("written", "何时写的", "Written on");
    let mut found: Vec<Record> = Vec::new();
    let mut after = None;
    loop {
        let q = Query {
            school: Some(school),
            kind: Some(kind.id.to_owned()),
            from: Some(period.from),
            to: Some(period.to),
            after,
            limit: 200,
            ..Query::default()
        };
        let page = list(keys, c, scope, &q)?;
        let full = page.len() == 200;
        after = page.last().map(|r| (r.on, r.id));
        found.extend(page);
        if !full {
            break;
        }
    }
    found.reverse();
    let accounts = people::accounts(
        c,
        scope.county,
        &found.iter().filter_map(|r| r.author).collect::<Vec<_>>(),
    )?;
    let adults: HashMap<Id, String> = people::adults(c, scope)?.into_iter().collect();
    let classes: HashMap<Id, String> = people::classes(c, scope)?
        .into_iter()
        .map(|(id, _, name)| (id, name))
        .collect();
    let mut children: HashMap<Id, people::Named> = HashMap::new();
    let ids: Vec<Id> = found.iter().flat_map(Record::children).collect();
    for part in ids.chunks(2000) {
        children.extend(people::children(c, scope, part)?);
    }
    for r in &found {
        let class = || text(r.class.and_then(|k| classes.get(&k)).cloned().unwrap_or_default());
        let mut row = |l: Option<&Line>| {
            let mut cells = vec![Cell::Day(r.on)];
            if each {
                let child = l.and_then(|l| l.child).and_then(|id| children.get(&id));
                let name = match l {
                    None => String::new(),
                    Some(l) => child
                        .map(|n| n.name.clone())
                        .or_else(|| l.adult.and_then(|a| adults.get(&a).cloned()))
                        .or_else(|| l.item.clone())
                        .unwrap_or_default(),
                };
                cells.push(text(name));
                cells.push(child.map_or_else(class, |n| text(n.class_name.clone())));
                if !whole {
                    cells.push(l.map_or(Cell::Empty, |l| text(outcome_name(&l.outcome).in_lang(lang))));
                }
                if kind.quantity.is_some() {
                    cells.push(
                        l.and_then(|l| l.quantity)
                            .map_or(Cell::Empty, |n| Cell::Number(n as f64)),
                    );
                }
            } else {
                cells.push(class());
                let count = |of: &dyn Fn(&Line) -> bool| Cell::Number(r.lines.iter().filter(|l| of(l)).count() as f64);
                cells.push(count(&|l| l.child.is_some()));
                let named = r.lines.iter().filter_map(|l| children.get(&l.child?));
                cells.push(text(named.map(|n| n.name.as_str()).collect::<Vec<_>>().join("、")));
                cells.push(count(&|l| l.adult.is_some()));
            }
            cells.extend(head.iter().map(|f| cell(f, r.fields.get(f.id), lang)));
            cells.push(text(r.text.clone().unwrap_or_default()));
            if each {
                cells.extend(line.iter().map(|f| cell(f, l.and_then(|l| l.fields.get(f.id)), lang)));
            }
            cells.push(text(state_name(&r.state).in_lang(lang)));
            cells.push(text(
                r.author
                    .and_then(|a| accounts.get(&a))
                    .unwrap_or(&r.author_name)
                    .clone(),
            ));
            cells.push(Cell::Day(r.written_at.day()));
            out.rows.push(cells);
            out.records.push(r.id);
        };
        if each && !r.lines.is_empty() {
            r.lines.iter().for_each(|l| row(Some(l)));
        } else {
            row(None);
        }
    }
    Ok(out)
}

/// The word for what a ledger of this kind is called: 谈心台账.
pub fn ledger_name(kind: &Kind, lang: Lang) -> String {
    let tail = t("台账", " ledger").in_lang(lang);
    format!("{}{tail}", kind.name.in_lang(lang))
}

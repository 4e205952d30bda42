//! What the page of one record is made of, read at once: the record, who stands on it, its earlier versions in words.

use super::{moment, outcome_name, state_name};
use crate::api::may_see_sensitive;
use crate::form::{self, day_words};
use crate::own::Declared;
use crate::people::{self, Named};
use crate::read::{Earlier, Line, Record, earlier, fetch};
use crate::{conflicts, may_change};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use tx_base::{Fault, Id, Lang, Result, Text, t};
use tx_store::{Class, Conn};
use tx_web::Ctx;
use tx_web::parts::lists::TableView;
use tx_web::parts::marks::Piece;
use tx_web::parts::records;

/// Everything that a record's page needs, read at once.
pub(super) struct Read {
    pub(super) record: Record,
    pub(super) declared: Declared,
    pub(super) children: HashMap<Id, Named>,
    pub(super) adults: HashMap<Id, String>,
    pub(super) accounts: HashMap<Id, String>,
    pub(super) classes: HashMap<Id, String>,
    pub(super) earlier: Vec<Earlier>,
    pub(super) open: Vec<conflicts::Conflict>,
    pub(super) may_see: bool,
    pub(super) may_change: bool,
}

pub(super) fn read(ctx: &Ctx, c: &Conn, id: Id) -> Result<Read> {
    let scope = ctx.scope()?;
    let keys = ctx.db().keys();
    let record = fetch(keys, c, scope, id)?.ok_or(Fault::NotFound)?;
    let earlier = if record.version > 1 {
        earlier(keys, c, scope, &record)?
    } else {
        Vec::new()
    };
    let all = || earlier.iter().map(|e| &e.record).chain([&record]);
    let kids: Vec<Id> = all().flat_map(Record::children).collect();
    let adults: Vec<Id> = all().flat_map(|r| r.lines.iter().filter_map(|l| l.adult)).collect();
    let mut own = Vec::new();
    for r in all() {
        if r.fields
            .keys()
            .chain(r.lines.iter().flat_map(|l| l.fields.keys()))
            .any(|k| k.starts_with("x_"))
        {
            own = crate::own_fields(c, scope.county, Some(record.school))?;
            break;
        }
    }
    let class = match record.class {
        Some(k) => c
            .first(
                "select name from classes where county_id = ?1 and id = ?2",
                tx_store::params![scope.county, k],
            )?
            .map(|r| (k, r.text(0))),
        None => None,
    };
    let mut open: Vec<conflicts::Conflict> = conflicts::list(keys, c, scope, None, None)?
        .into_iter()
        .filter(|k| k.row == id)
        .collect();
    let mut earlier = earlier;
    let logins: Vec<String> = earlier
        .iter()
        .map(|e| e.who.clone())
        .chain(open.iter().map(|k| k.made_by_name.clone()))
        .collect();
    let shown = people::shown(c, scope.county, &logins)?;
    let name = |login: &mut String| {
        if let Some(n) = shown.get(login.as_str()) {
            login.clone_from(n);
        }
    };
    earlier.iter_mut().for_each(|e| name(&mut e.who));
    open.iter_mut().for_each(|k| name(&mut k.made_by_name));
    Ok(Read {
        declared: Declared::with(record.kind, &own, record.on),
        children: people::children(c, scope, &kids)?,
        adults: people::adult_names(c, scope.county, &adults)?,
        accounts: people::accounts(c, scope.county, &record.author.into_iter().collect::<Vec<_>>())?,
        classes: class.into_iter().collect(),
        may_see: may_see_sensitive(c, scope, &record)?,
        may_change: may_change(c, scope, &record)?,
        earlier,
        open,
        record,
    })
}

impl Read {
    pub(super) fn name(&self, l: &Line) -> String {
        match (l.child, l.adult) {
            (Some(id), _) => self.children.get(&id).map(|n| n.name.clone()).unwrap_or_default(),
            (None, Some(id)) => self.adults.get(&id).cloned().unwrap_or_default(),
            (None, None) => l.item.clone().unwrap_or_default(),
        }
    }
    /// The lines as a table, where one says more than a name that was met.
    pub(super) fn lines(&self, sensitive: bool, lang: Lang) -> Option<TableView> {
        let r = &self.record;
        let says = |l: &Line| {
            l.outcome != "met" || l.quantity.is_some() || l.role.is_some() || !l.fields.is_empty() || l.child.is_none()
        };
        if !r.lines.iter().any(says) {
            return None;
        }
        let some = |f: &dyn Fn(&Line) -> bool| r.lines.iter().any(f);
        let fields: Vec<&crate::Field> = self
            .declared
            .line
            .iter()
            .filter(|f| {
                (sensitive || f.class < Class::S) && some(&|l: &Line| l.fields.get(f.id).is_some_and(|v| !v.is_null()))
            })
            .collect();
        let (outcome, quantity, role) = (
            some(&|l| l.outcome != "met"),
            some(&|l| l.quantity.is_some()),
            some(&|l| l.role.is_some()),
        );
        let mut head = vec![t("谁", "Who").in_lang(lang).to_owned()];
        head.extend(role.then(|| t("角色", "Role").in_lang(lang).into()));
        head.extend(outcome.then(|| t("结果", "Outcome").in_lang(lang).into()));
        head.extend(quantity.then(|| r.kind.quantity.unwrap_or(t("数量", "Quantity")).in_lang(lang).into()));
        let right = if quantity { vec![head.len() - 1] } else { Vec::new() };
        head.extend(fields.iter().map(|f| f.name.in_lang(lang).to_owned()));
        let cell = |s: String| vec![Piece::Text(s)];
        let rows = r
            .lines
            .iter()
            .map(|l| {
                let mut row = vec![cell(self.name(l))];
                row.extend(role.then(|| cell(l.role.clone().unwrap_or_default())));
                row.extend(outcome.then(|| cell(outcome_name(&l.outcome).in_lang(lang).into())));
                row.extend(quantity.then(|| cell(l.quantity.map(|n| n.to_string()).unwrap_or_default())));
                row.extend(
                    fields
                        .iter()
                        .map(|f| cell(l.fields.get(f.id).map(|v| form::shown(f, v, lang)).unwrap_or_default())),
                );
                row
            })
            .collect();
        Some(TableView {
            caption: t("每人一行", "A line each").in_lang(lang).into(),
            head,
            rows,
            right,
            hrefs: Vec::new(),
        })
    }
    /// A field of [`Record::flat`] in words: its name and what it said. `None` for what may not be shown.
    fn words(&self, r: &Record, key: &str, v: &Json, sensitive: bool, lang: Lang) -> Option<(String, String)> {
        let text = |t: Text| t.in_lang(lang).to_owned();
        let blank = || t("〔未填〕", "[not filled in]").in_lang(lang).to_owned();
        let full = |s: String| if s.is_empty() { blank() } else { s };
        let word = v.as_str().unwrap_or_default().to_owned();
        Some(match key {
            "text" => (r.kind.words.in_lang(lang).into(), full(word)),
            "on" => (
                text(t("日期", "Day")),
                word.parse().map_or(word, |d| day_words(d, lang)),
            ),
            "state" => (text(t("状态", "State")), text(state_name(&word))),
            "title" => (text(t("名称", "Title")), full(word)),
            _ => match key.strip_prefix("fields.") {
                Some(id) => {
                    let f = self.declared.find(id).filter(|f| sensitive || f.class < Class::S)?;
                    (f.name.in_lang(lang).into(), full(form::shown(f, v, lang)))
                }
                None => {
                    let Some(l) = r.lines.iter().find(|l| l.key() == key) else {
                        // it was not there before: somebody was added
                        let l = self.record.lines.iter().find(|l| l.key() == key)?;
                        return Some((self.name(l), t("原来没有", "was not there").in_lang(lang).into()));
                    };
                    let mut said = vec![outcome_name(&l.outcome).in_lang(lang).to_owned()];
                    said.extend(l.quantity.map(|n| n.to_string()));
                    said.extend(l.role.clone());
                    for f in self.declared.line.iter().filter(|f| sensitive || f.class < Class::S) {
                        said.extend(
                            l.fields
                                .get(f.id)
                                .map(|v| format!("{} {}", f.name.in_lang(lang), form::shown(f, v, lang))),
                        );
                    }
                    (self.name(l), said.join(if lang == Lang::Zh { "，" } else { ", " }))
                }
            },
        })
    }
    pub(super) fn history(&self, sensitive: bool, lang: Lang) -> Vec<records::Before> {
        let after = self
            .earlier
            .iter()
            .skip(1)
            .map(|e| e.record.flat())
            .chain([self.record.flat()]);
        let mut out: Vec<records::Before> = self
            .earlier
            .iter()
            .zip(after)
            .map(|(e, after)| {
                let before = e.record.flat();
                let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                let at = |m: &Map<String, Json>, k: &str| m.get(k).cloned().unwrap_or_default();
                let was = keys
                    .into_iter()
                    .filter(|k| at(&before, k) != at(&after, k))
                    .filter_map(|k| self.words(&e.record, k, &at(&before, k), sensitive, lang))
                    .collect();
                records::Before {
                    when: if lang == Lang::Zh {
                        format!("{} {} 改之前", moment(e.until, lang), e.who)
                    } else {
                        format!("before {} changed it on {}", e.who, moment(e.until, lang))
                    },
                    why: e.why.clone().unwrap_or_default(),
                    was,
                }
            })
            .collect();
        out.reverse();
        out
    }
}

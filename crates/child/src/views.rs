//! Lists over a whole school: the three definitions side by side with the names that make the difference (features B4).

use crate::list::{Child, Page, list};
use crate::status::{Definition, Known, Parent, ParentFact, Status, Where, status};
use std::collections::HashMap;
use tx_access::Scope;
use tx_base::{Id, Result};
use tx_store::{Conn, Keys};

/// A child with its answers by the three definitions, in the order of [`Definition::ALL`].
#[derive(Clone, Debug)]
pub struct Three {
    pub child: Child,
    pub answers: [Status; 3],
}
impl Three {
    /// Whether the definitions do not agree, or one needs an answer first.
    pub fn differs(&self) -> bool {
        let [a, b, c] = &self.answers;
        a.code() != b.code() || b.code() != c.code() || a.code() == "undetermined"
    }
    /// `yny`: one letter a definition.
    pub fn pattern(&self) -> String {
        self.answers.iter().map(|s| &s.code()[..1]).collect()
    }
}

/// All pupils in scope whose personal facts the caller may see, with their answers today.
pub fn three(c: &Conn, keys: &Keys, scope: &Scope) -> Result<Vec<Three>> {
    let mut known: HashMap<Id, Known> = HashMap::new();
    let f = scope.children("c", 0);
    let live = format!("{} and c.deleted_at is null and c.state = 'active'", f.sql);
    let sql = format!("select c.id, c.birth_date, c.hukou_kind, c.more, c.not_listed_on from children c where {live}");
    for r in c.query(&sql, &f.params)? {
        let id = r.id(0);
        let more = match r.opt_bytes(3) {
            Some(b) => keys.open_child(c, scope.county, id, "children", id, "more", &b)?,
            None => None,
        };
        let more: crate::Facts = more.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
        known.insert(
            id,
            Known {
                birth: r.opt_day(1),
                rural: r.opt_text(2).map(|k| k == "rural"),
                with_parents: crate::file::goes_along(&more),
                parents: Vec::new(),
                spells: Vec::new(),
                not_listed: r.opt_day(4),
            },
        );
    }
    let sql = format!(
        "select p.child_id, p.parent, p.whereabouts, p.capacity, p.from_day, p.to_day from parent_facts p join children c on c.county_id = p.county_id and c.id = p.child_id where {live} and p.gone_at is null"
    );
    c.each(&sql, &f.params, |r| {
        if let (Some(k), Some(parent)) = (known.get_mut(&r.id(0)), Parent::parse(r.str(1))) {
            k.parents.push(ParentFact {
                parent,
                whereabouts: Where::parse(r.str(2)),
                able: r.opt_text(3).map(|c| c == "able"),
                from: r.opt_day(4),
                to: r.opt_day(5),
            });
        }
        Ok(())
    })?;
    let sql = format!(
        "select e.child_id, e.from_day, e.to_day from left_behind_episodes e join children c on c.county_id = e.county_id and c.id = e.child_id where {live} and (e.reason is null or e.reason <> 'mistaken')"
    );
    c.each(&sql, &f.params, |r| {
        if let Some(k) = known.get_mut(&r.id(0)) {
            k.spells.push((r.day(1), r.opt_day(2)));
        }
        Ok(())
    })?;
    let p = crate::definition::params(c, scope.county)?;
    let all = list(
        c,
        scope,
        &Page {
            limit: 5000,
            ..Page::default()
        },
    )?;
    Ok(all
        .into_iter()
        .filter(|k| k.sight.personal)
        .filter_map(|child| {
            let k = known.get(&child.id)?;
            let answers = Definition::ALL.map(|d| status(k, scope.today, d, &p));
            Some(Three { child, answers })
        })
        .collect())
}

//! Reading files: the scope in the SQL, each field only to who may see it.

use crate::change;
use serde_json::{Value as Json, json};
use tx_access::{ChildPlace, Role, Scope, Sight};
use tx_base::{Day, Id, Result};
use tx_store::{Conn, Keys, Row, Value};

/// A child as far as the caller may see it.
#[derive(Clone, Debug)]
pub struct Child {
    pub id: Id,
    pub version: i64,
    pub name: String,
    /// syllables, the order of every list
    pub pinyin: String,
    /// f, m
    pub sex: Option<String>,
    /// active, left, graduated
    pub state: String,
    /// code of the school
    pub school: String,
    pub school_id: Id,
    pub class: Option<Id>,
    pub class_code: Option<String>,
    pub class_name: Option<String>,
    pub birth_date: Option<Day>,
    pub village: Option<String>,
    pub boarder: Option<bool>,
    pub student_no: Option<String>,
    /// on the school's list today
    pub left_behind: bool,
    /// asked, or listed earlier: false here and in `left_behind` is undetermined
    pub asked: bool,
    /// marked for closer care today; to be shown only with `sight.sensitive`
    pub key: bool,
    /// seen through a pairing alone
    pub paired: bool,
    pub household: Option<Id>,
    /// shown at `/files/{id}`
    pub photo: Option<Id>,
    pub sight: Sight,
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub class: Option<Id>,
    /// only those without a class
    pub unclassed: bool,
    /// part of the name, its syllables or initials
    pub q: Option<String>,
    /// only those on the school's list today
    pub left_behind: bool,
    /// only those marked for closer care today
    pub key: bool,
    /// active, left, graduated; `None` = active
    pub state: Option<String>,
    /// after these syllables and id
    pub after: Option<(String, Id)>,
    pub limit: usize,
}

const COLS: &str = "c.id, c.version, c.name, c.sex, s.code, c.class_id, k.code, k.name, c.birth_date, c.village, c.boarder, c.student_no, c.school_id, c.pinyin, c.state, \
(select count(*) from left_behind_episodes e where e.county_id = c.county_id and e.child_id = c.id and e.from_day <= ?1 and (e.to_day is null or e.to_day >= ?1)), \
(select count(*) from key_children y where y.county_id = c.county_id and y.child_id = c.id and y.from_day <= ?1 and (y.to_day is null or y.to_day >= ?1)), \
(select count(*) from left_behind_episodes e where e.county_id = c.county_id and e.child_id = c.id and e.from_day <= ?1), c.not_listed_on, c.household_id, \
(case when coalesce((select x.answer from consents x where x.county_id = c.county_id and x.child_id = c.id and x.purpose = 'photo_inside' order by x.on_day desc, x.id desc limit 1), 'given') = 'given' then c.photo_id end)";
const FROM: &str = "from children c join schools s on s.county_id = c.county_id and s.id = c.school_id left join classes k on k.county_id = c.county_id and k.id = c.class_id";

fn child(scope: &Scope, r: &Row) -> Child {
    let class = r.opt_id(5);
    let direct = scope.whole_school() || class.is_some_and(|k| scope.leads.contains(&k) || scope.teaches.contains(&k));
    let place = ChildPlace {
        id: r.id(0),
        school: r.id(12),
        class,
        key: r.int(16) > 0,
        paired: !direct,
    };
    let sight = scope.sight(place);
    Child {
        id: r.id(0),
        version: r.int(1),
        name: r.text(2),
        pinyin: r.text(13),
        sex: r.opt_text(3),
        state: r.text(14),
        school: r.text(4),
        school_id: r.id(12),
        class,
        class_code: r.opt_text(6),
        class_name: r.opt_text(7),
        birth_date: r.opt_day(8),
        village: r.opt_text(9),
        boarder: r.opt_bool(10),
        student_no: r.opt_text(11),
        left_behind: r.int(15) > 0,
        asked: r.int(17) > 0 || !r.is_null(18),
        key: place.key,
        paired: place.paired,
        household: r.opt_id(19),
        photo: r.opt_id(20).filter(|_| sight.personal),
        sight,
    }
}

/// A text for `like`, in lower case, without its signs and without spaces.
pub(crate) fn like(q: &str) -> String {
    q.chars()
        .filter(|c| !"%_\\".contains(*c) && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The children in scope, in the order of their syllables.
pub fn list(c: &Conn, scope: &Scope, p: &Page) -> Result<Vec<Child>> {
    let mut vals: Vec<Value> = vec![scope.today.into()];
    let f = scope.children("c", 1);
    vals.extend(f.params);
    let mut sql = format!("select {COLS} {FROM} where c.deleted_at is null and {}", f.sql);
    let mut and = |part: &str, v: Value| {
        vals.push(v);
        sql.push_str(&part.replace("??", &format!("?{}", vals.len())));
    };
    and(" and c.state = ??", p.state.as_deref().unwrap_or("active").into());
    if let Some(k) = p.class {
        and(" and c.class_id = ??", k.into());
    }
    if let Some(q) = &p.q {
        let like = like(q);
        and(
            " and (c.name like ?? or replace(c.pinyin, ' ', '') like ?? or c.initials like ??)",
            format!("%{like}%").into(),
        );
    }
    if p.left_behind {
        and(
            " and exists (select 1 from left_behind_episodes e where e.county_id = c.county_id and e.child_id = c.id and e.from_day <= ?? and (e.to_day is null or e.to_day >= ??))",
            scope.today.into(),
        );
    }
    if let Some((name, id)) = &p.after {
        vals.push(name.into());
        let n = vals.len();
        vals.push(id.into());
        sql.push_str(&format!(
            " and (c.pinyin > ?{n} or (c.pinyin = ?{n} and c.id > ?{}))",
            n + 1
        ));
    }
    if p.unclassed {
        sql.push_str(" and c.class_id is null");
    }
    if p.key {
        sql.push_str(" and exists (select 1 from key_children y where y.county_id = c.county_id and y.child_id = c.id and y.from_day <= ?1 and (y.to_day is null or y.to_day >= ?1))");
    }
    sql.push_str(&format!(" order by c.pinyin, c.id limit {}", p.limit.clamp(1, 5000)));
    Ok(c.query(&sql, &vals)?.iter().map(|r| child(scope, r)).collect())
}

/// One child in scope, or none.
pub fn fetch(c: &Conn, scope: &Scope, id: Id) -> Result<Option<Child>> {
    let mut vals: Vec<Value> = vec![scope.today.into()];
    let f = scope.children("c", 1);
    vals.extend(f.params);
    vals.push(id.into());
    let sql = format!(
        "select {COLS} {FROM} where c.deleted_at is null and {} and c.id = ?{}",
        f.sql,
        vals.len()
    );
    Ok(c.first(&sql, &vals)?.map(|r| child(scope, &r)))
}

/// Living children of any state in scope for which a condition on `c` holds, with their former names; `??` in it is the value.
pub(crate) fn where_(c: &Conn, scope: &Scope, cond: &str, v: Value, limit: usize) -> Result<Vec<(Child, String)>> {
    let mut vals: Vec<Value> = vec![scope.today.into()];
    let f = scope.children("c", 1);
    vals.extend(f.params);
    vals.push(v);
    let cond = cond.replace("??", &format!("?{}", vals.len()));
    let sql = format!(
        "select {COLS}, c.former_name {FROM} where c.deleted_at is null and {} and {cond} order by c.pinyin, c.id limit {}",
        f.sql,
        limit.clamp(1, 5000)
    );
    Ok(c.query(&sql, &vals)?
        .iter()
        .map(|r| (child(scope, r), r.text(21)))
        .collect())
}

/// School and class of a child in scope.
pub fn place(c: &Conn, scope: &Scope, id: Id) -> Result<Option<(Option<Id>, Sight)>> {
    Ok(fetch(c, scope, id)?.map(|k| (k.class, k.sight)))
}

impl Child {
    /// As the API answers: fields that may not be seen are absent. `sensitive` only when the caller asked for it (and it is audited).
    pub fn json(&self, keys: &Keys, c: &Conn, county: Id, sensitive: bool) -> Result<Json> {
        let mut v = json!({"id": self.id, "version": self.version, "school": self.school, "name": self.name, "sex": self.sex, "class": self.class_code});
        if !self.sight.personal && !self.paired {
            return Ok(v);
        }
        let Some(f) = change::open(c, keys, county, self.id)? else {
            return Ok(v);
        };
        if !self.sight.personal {
            // a volunteer sees what the child likes, and no more (security.md §1)
            v["hobby"] = json!(f.more.get("hobby"));
            return Ok(v);
        }
        let Json::Object(all) = crate::patch::flat(&f) else {
            return Ok(v);
        };
        for (name, value) in all {
            let hidden = ["id_no", "id_kind"].contains(&name.as_str())
                || f.more.contains_key(&name) && crate::facts::is_sensitive(&name);
            if !hidden {
                v[name] = value;
            } else if sensitive && self.sight.sensitive {
                // masked for who sees sensitive fields but not the whole number (domain.md §7.13)
                v[&name] = match (&*name, value.as_str()) {
                    ("id_no", Some(n)) if !self.sight.id_full => masked(n).into(),
                    _ => value,
                };
            }
        }
        v["left_behind"] = match (self.left_behind, self.asked) {
            (true, _) => true.into(),
            (false, true) => false.into(),
            (false, false) => Json::Null,
        };
        v["state"] = self.state.clone().into();
        if let Some(photo) = self.photo {
            v["photo"] = crate::photo::url(photo).into();
        }
        Ok(v)
    }
}

/// A paper's number with its middle hidden.
pub(crate) fn masked(n: &str) -> String {
    let all: Vec<char> = n.chars().collect();
    let keep = if all.len() > 10 { 4 } else { 1 };
    let (head, tail) = (&all[..keep.min(all.len())], &all[all.len().saturating_sub(keep)..]);
    format!(
        "{}{}{}",
        head.iter().collect::<String>(),
        "*".repeat(all.len().saturating_sub(2 * keep).max(4)),
        tail.iter().collect::<String>()
    )
}

/// Whether a volunteer's eyes see this child: for the pages that choose between a file and a card.
pub fn volunteer(scope: &Scope) -> bool {
    scope.roles.iter().all(|r| *r == Role::Helper)
}

//! Reading files: the scope in the SQL, each field only to who may see it.

use serde_json::{Value as Json, json};
use tx_access::{ChildPlace, Scope, Sight};
use tx_base::{Day, Id, Result};
use tx_store::{Conn, Keys, Row, Value, params};

/// A child as far as the caller may see it.
#[derive(Clone, Debug)]
pub struct Child {
    pub id: Id,
    pub version: i64,
    pub name: String,
    pub sex: Option<String>,
    pub school: String,
    pub class: Option<Id>,
    pub class_code: Option<String>,
    pub class_name: Option<String>,
    pub birth_date: Option<Day>,
    pub village: Option<String>,
    pub boarder: Option<bool>,
    pub student_no: Option<String>,
    pub left_behind: bool,
    pub sight: Sight,
    address: Option<Vec<u8>>,
    id_no: Option<Vec<u8>>,
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub class: Option<Id>,
    /// name, or part of it
    pub q: Option<String>,
    /// only those on the school's list today
    pub left_behind: bool,
    /// after this name and id
    pub after: Option<(String, Id)>,
    pub limit: usize,
}

const COLS: &str = "c.id, c.version, c.name, c.sex, s.code, c.class_id, k.code, k.name, c.birth_date, c.village, c.boarder, c.student_no, c.school_id, c.home_address, c.id_no, \
(select count(*) from left_behind_episodes e where e.county_id = c.county_id and e.child_id = c.id and e.from_day <= ?1 and (e.to_day is null or e.to_day >= ?1)), \
(select count(*) from key_children y where y.county_id = c.county_id and y.child_id = c.id and y.from_day <= ?1 and (y.to_day is null or y.to_day >= ?1))";
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
    Child {
        id: r.id(0),
        version: r.int(1),
        name: r.text(2),
        sex: r.opt_text(3),
        school: r.text(4),
        class,
        class_code: r.opt_text(6),
        class_name: r.opt_text(7),
        birth_date: r.opt_day(8),
        village: r.opt_text(9),
        boarder: r.opt_bool(10),
        student_no: r.opt_text(11),
        left_behind: r.int(15) > 0,
        sight: scope.sight(place),
        address: r.opt_bytes(13),
        id_no: r.opt_bytes(14),
    }
}

/// The children in scope, by name.
pub fn list(c: &Conn, scope: &Scope, p: &Page) -> Result<Vec<Child>> {
    let mut vals: Vec<Value> = vec![scope.today.into()];
    let f = scope.children("c", 1);
    vals.extend(f.params);
    let mut sql = format!(
        "select {COLS} {FROM} where c.deleted_at is null and c.state = 'active' and {}",
        f.sql
    );
    let mut and = |part: &str, v: Value| {
        vals.push(v);
        sql.push_str(&part.replace("??", &format!("?{}", vals.len())));
    };
    if let Some(k) = p.class {
        and(" and c.class_id = ??", k.into());
    }
    if let Some(q) = &p.q {
        let like: String = q.chars().filter(|c| !"%_\\".contains(*c)).collect();
        and(" and c.name like ??", format!("%{like}%").into());
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

/// School and class of a child in scope.
pub fn place(c: &Conn, scope: &Scope, id: Id) -> Result<Option<(Option<Id>, Sight)>> {
    Ok(fetch(c, scope, id)?.map(|k| (k.class, k.sight)))
}

impl Child {
    /// As the API answers: fields that may not be seen are absent. `sensitive` only when the caller asked for it (and it is audited).
    pub fn json(&self, keys: &Keys, c: &Conn, county: Id, sensitive: bool) -> Result<Json> {
        let mut v = json!({"id": self.id, "version": self.version, "school": self.school, "name": self.name, "sex": self.sex, "class": self.class_code});
        if !self.sight.personal {
            return Ok(v);
        }
        v["birth_date"] = json!(self.birth_date);
        v["student_no"] = json!(self.student_no);
        v["village"] = json!(self.village);
        v["boarder"] = json!(self.boarder);
        v["left_behind"] = json!(self.left_behind);
        let open = |table: &str, row: Id, column: &str, b: &Option<Vec<u8>>| -> Result<Option<String>> {
            b.as_deref()
                .map_or(Ok(None), |b| keys.open_child(c, county, self.id, table, row, column, b))
        };
        v["home_address"] = json!(open("children", self.id, "home_address", &self.address)?);
        let sql = "select id, name, relation, phone, address from guardians where county_id = ?1 and child_id = ?2 order by ord, id";
        let mut guardians = Vec::new();
        for r in c.query(sql, params![county, self.id])? {
            let id = r.id(0);
            guardians.push(json!({"name": r.text(1), "relation": r.text(2), "phone": open("guardians", id, "phone", &r.opt_bytes(3))?, "address": open("guardians", id, "address", &r.opt_bytes(4))?}));
        }
        v["guardians"] = guardians.into();
        let sql = "select id, parent, name, whereabouts, from_day, place, capacity, phone from parent_facts where county_id = ?1 and child_id = ?2 order by parent, id";
        let mut parents = Vec::new();
        for r in c.query(sql, params![county, self.id])? {
            let id = r.id(0);
            parents.push(json!({"parent": r.text(1), "name": r.opt_text(2), "where": r.text(3), "from": r.opt_day(4), "place": r.opt_text(5), "capacity": r.opt_text(6), "phone": open("parent_facts", id, "phone", &r.opt_bytes(7))?}));
        }
        v["parents"] = parents.into();
        if sensitive && self.sight.sensitive {
            let no = open("children", self.id, "id_no", &self.id_no)?;
            // masked for who sees sensitive fields but not the whole number (domain.md §7.13)
            v["id_no"] = json!(no.map(|n| if self.sight.id_full {
                n
            } else {
                format!("{}**********{}", &n[..4], &n[14..])
            }));
        }
        Ok(v)
    }
}

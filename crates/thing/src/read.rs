//! Reading things: the scope in the SQL, words opened with the keys of those who may be seen.

use crate::sort::{About, Sort, find_sort};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use tx_access::Scope;
use tx_base::{Day, Id, Result, Time};
use tx_record::people::{self, Named};
use tx_store::{Class, Conn, Keys, Row, Value, aad, params};

#[derive(Clone, Debug)]
pub struct Thing {
    pub id: Id,
    pub version: i64,
    pub sort: &'static Sort,
    pub school: Id,
    /// its own name; of a thing about a child none
    pub title: Option<String>,
    pub child: Option<Id>,
    pub state: String,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub owner: Option<Id>,
    pub due: Option<Day>,
    pub stock: Option<i64>,
    pub fields: Map<String, Json>,
    pub made_at: Time,
    pub made_by: Option<Id>,
    /// why this version came to be
    pub reason: Option<String>,
    pub deleted: bool,
}

impl Thing {
    pub fn is_over(&self) -> bool {
        self.sort.state(&self.state).over
    }
    /// Whether it should have been done before this day.
    pub fn is_late(&self, on: Day) -> bool {
        !self.is_over() && self.due.is_some_and(|d| d < on)
    }
    /// Every field by one name each: `title`, `from`, `fields.place`.
    pub(crate) fn flat(&self) -> Map<String, Json> {
        let mut out = Map::new();
        let day = |d: Option<Day>| d.map_or(Json::Null, |d| d.to_string().into());
        out.insert("title".into(), self.title.clone().map_or(Json::Null, Json::from));
        out.insert("from".into(), day(self.from));
        out.insert("to".into(), day(self.to));
        out.insert("owner".into(), self.owner.map_or(Json::Null, |o| o.to_string().into()));
        out.insert("due".into(), day(self.due));
        out.extend(self.fields.iter().map(|(n, v)| (format!("fields.{n}"), v.clone())));
        out
    }
    /// As the API answers.
    pub fn json(&self, school: &str) -> Json {
        let mut out = json!({"id": self.id, "version": self.version, "sort": self.sort.id, "school": school, "state": self.state, "fields": self.fields,
            "made_at": self.made_at.iso()});
        let mut put = |name: &str, v: Option<Json>| {
            if let Some(v) = v {
                out[name] = v;
            }
        };
        put("title", self.title.clone().map(Json::from));
        put("child", self.child.map(|c| c.to_string().into()));
        put("from", self.from.map(|d| d.to_string().into()));
        put("to", self.to.map(|d| d.to_string().into()));
        put("owner", self.owner.map(|o| o.to_string().into()));
        put("due", self.due.map(|d| d.to_string().into()));
        put("stock", self.stock.map(Json::from));
        out
    }
}

/// What is asked of a list.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub sort: Option<&'static Sort>,
    pub child: Option<Id>,
    pub state: Option<String>,
    /// only what is not over
    pub live: bool,
    /// part of the name
    pub q: Option<String>,
    pub owner: Option<Id>,
    /// older than this one
    pub after: Option<Id>,
    /// 1–201
    pub limit: usize,
}

const COLS: &str = "t.id, t.version, t.sort, t.school_id, t.title, t.child_id, t.state, t.from_day, t.to_day, t.owner, t.due_on, t.stock, t.fields, t.sealed, t.made_at, t.made_by, t.reason, t.deleted_at";

/// SQL that holds for the things whose child or school is in scope.
fn in_scope(scope: &Scope, vals: &mut Vec<Value>) -> String {
    vals.push(scope.county.into());
    vals.push(scope.school.as_ref().map_or(Id::NIL, |s| s.id).into());
    let n = vals.len();
    let f = scope.children("c", n);
    vals.extend(f.params);
    format!(
        "t.county_id = ?{} and t.deleted_at is null and ((t.child_id is null and t.school_id = ?{n}) or exists (select 1 from children c where c.county_id = t.county_id \
         and c.id = t.child_id and c.deleted_at is null and {}))",
        n - 1,
        f.sql
    )
}

/// The things in scope that fit, newest first, with the children whom they are about.
pub fn list(keys: &Keys, c: &Conn, scope: &Scope, q: &Query) -> Result<(Vec<Thing>, HashMap<Id, Named>)> {
    let mut vals = Vec::new();
    let mut sql = format!("select {COLS} from things t where {}", in_scope(scope, &mut vals));
    let mut and = |part: &str, v: Value| {
        vals.push(v);
        sql.push_str(&part.replace("??", &format!("?{}", vals.len())));
    };
    if let Some(s) = q.sort {
        and(" and t.sort = ??", s.id.into());
    }
    if let Some(id) = q.child {
        and(" and t.child_id = ??", id.into());
    }
    if let Some(s) = &q.state {
        and(" and t.state = ??", s.into());
    }
    if let Some(id) = q.owner {
        and(" and t.owner = ??", id.into());
    }
    if let Some(id) = q.after {
        and(" and t.id < ??", id.into());
    }
    sql.push_str(" order by t.id desc");
    // what is left out below is not counted against the limit
    let rows = c.query(&sql, &vals)?;
    let (mut out, children) = seen(keys, c, scope, &rows)?;
    let part = q.q.as_deref().unwrap_or_default().trim().to_lowercase();
    out.retain(|t| {
        let name = t
            .title
            .as_deref()
            .or_else(|| children.get(&t.child?).map(|k| k.name.as_str()));
        (!q.live || !t.is_over()) && (part.is_empty() || name.is_some_and(|n| n.to_lowercase().contains(&part)))
    });
    out.truncate(q.limit.max(1));
    Ok((out, children))
}

/// One thing in scope, or none.
pub fn fetch(keys: &Keys, c: &Conn, scope: &Scope, id: Id) -> Result<Option<Thing>> {
    let mut vals = Vec::new();
    let scoped = in_scope(scope, &mut vals);
    vals.push(id.into());
    let sql = format!("select {COLS} from things t where {scoped} and t.id = ?{}", vals.len());
    let rows = c.query(&sql, &vals)?;
    Ok(seen(keys, c, scope, &rows)?.0.pop())
}

/// A thing for the door itself, whose caller has asked [`fetch`] before.
pub(crate) fn fetch_any(keys: &Keys, c: &Conn, county: Id, id: Id) -> Result<Option<Thing>> {
    let sql = format!("select {COLS} from things t where t.county_id = ?1 and t.id = ?2 and t.deleted_at is null");
    c.first(&sql, params![county, id])?
        .and_then(|r| from_row(&r))
        .map(|(t, sealed, reason)| open(keys, c, county, t, sealed, reason))
        .transpose()
}

/// Of these rows what the caller may see, opened.
fn seen(keys: &Keys, c: &Conn, scope: &Scope, rows: &[Row]) -> Result<(Vec<Thing>, HashMap<Id, Named>)> {
    let raw: Vec<_> = rows.iter().filter_map(from_row).collect();
    let ids: Vec<Id> = raw.iter().filter_map(|(t, ..)| t.child).collect();
    let children = people::children(c, scope, &ids)?;
    let mut out = Vec::new();
    for (t, sealed, reason) in raw {
        if may_read(scope, &t, t.child.and_then(|k| children.get(&k))) {
            let writes = may_write(scope, t.sort, t.child.and_then(|k| children.get(&k)));
            let sensitive = writes
                || t.child
                    .and_then(|k| children.get(&k))
                    .is_some_and(|k| k.sight.sensitive);
            let mut t = open(keys, c, scope.county, t, sealed, reason)?;
            let sort = t.sort;
            t.fields
                .retain(|n, _| sensitive || sort.field(n).is_none_or(|f| f.class < Class::S));
            out.push(t);
        }
    }
    Ok((out, children))
}

/// Whether a thing of the own school, or about a child in scope, is shown.
fn may_read(scope: &Scope, t: &Thing, child: Option<&Named>) -> bool {
    match t.sort.about {
        About::School => (t.sort.reads)(scope),
        About::Child => child.is_some_and(|k| sight_fits(t.sort, k)),
    }
}
fn sight_fits(sort: &Sort, k: &Named) -> bool {
    match sort.class {
        Class::O => true,
        Class::P => k.sight.personal,
        Class::S | Class::X => k.sight.sensitive,
    }
}
/// Whether the caller may write a thing of this sort, about this child.
pub fn may_write(scope: &Scope, sort: &Sort, child: Option<&Named>) -> bool {
    (sort.writes)(scope)
        && match sort.about {
            About::School => scope.school.is_some(),
            About::Child => child.is_some_and(|k| sight_fits(sort, k) && k.sight.record),
        }
}

type Raw = (Thing, Option<Vec<u8>>, Option<Vec<u8>>);

/// A row of a sort that this program does not know stays in the store and is not shown.
fn from_row(r: &Row) -> Option<Raw> {
    let t = Thing {
        id: r.id(0),
        version: r.int(1),
        sort: find_sort(r.str(2))?,
        school: r.id(3),
        title: r.opt_text(4),
        child: r.opt_id(5),
        state: r.text(6),
        from: r.opt_day(7),
        to: r.opt_day(8),
        owner: r.opt_id(9),
        due: r.opt_day(10),
        stock: r.opt_int(11),
        fields: object(r.json(12)),
        made_at: r.time(14),
        made_by: r.opt_id(15),
        reason: None,
        deleted: !r.is_null(17),
    };
    Some((t, r.opt_bytes(13), r.opt_bytes(16)))
}

/// An earlier version out of the history.
pub(crate) fn from_body(keys: &Keys, c: &Conn, county: Id, body: &Json) -> Result<Option<Thing>> {
    let text = |n: &str| body[n].as_str().map(str::to_owned);
    let id = |n: &str| body[n].as_str().and_then(|s| s.parse::<Id>().ok());
    let day = |n: &str| body[n].as_str().and_then(|s| s.parse::<Day>().ok());
    let (Some(own), Some(school), Some(sort)) = (id("id"), id("school_id"), body["sort"].as_str().and_then(find_sort))
    else {
        return Ok(None);
    };
    let t = Thing {
        id: own,
        version: body["version"].as_i64().unwrap_or_default(),
        sort,
        school,
        title: text("title"),
        child: id("child_id"),
        state: text("state").unwrap_or_default(),
        from: day("from_day"),
        to: day("to_day"),
        owner: id("owner"),
        due: day("due_on"),
        stock: body["stock"].as_i64(),
        fields: object(
            text("fields")
                .and_then(|s| serde_json::from_str(&s).ok())
                .unwrap_or_default(),
        ),
        made_at: Time(body["made_at"].as_i64().unwrap_or_default()),
        made_by: id("made_by"),
        reason: None,
        deleted: !body["deleted_at"].is_null(),
    };
    let bytes = |n: &str| tx_record::conflicts::bytes_of(&body[n]);
    open(keys, c, county, t, bytes("sealed"), bytes("reason")).map(Some)
}

fn open(
    keys: &Keys,
    c: &Conn,
    county: Id,
    mut t: Thing,
    sealed: Option<Vec<u8>>,
    reason: Option<Vec<u8>>,
) -> Result<Thing> {
    let text = |column: &str, b: &[u8]| -> Result<Option<String>> {
        match t.child {
            Some(child) => Ok(keys
                .child(c, county, child)?
                .and_then(|k| tx_seal::open(&k, &aad("things", t.id, column), b))
                .and_then(|s| String::from_utf8(s).ok())),
            None => Ok(keys.open_county(county, "things", t.id, column, b)),
        }
    };
    let words = sealed.as_deref().map(|b| text("sealed", b)).transpose()?.flatten();
    let reason = reason.as_deref().map(|b| text("reason", b)).transpose()?.flatten();
    t.reason = reason;
    t.fields.extend(object(
        words.and_then(|s| serde_json::from_str(&s).ok()).unwrap_or_default(),
    ));
    Ok(t)
}
fn object(v: Json) -> Map<String, Json> {
    if let Json::Object(o) = v { o } else { Map::new() }
}

/// One version of a thing's life: what it was, who made it so, when, and why.
#[derive(Clone, Debug)]
pub struct Version {
    pub thing: Thing,
    /// the name that screens show for who made it
    pub who: String,
    pub at: Time,
}

/// All versions of a thing, the first first, the one that stands last. The caller has fetched it.
pub fn life(keys: &Keys, c: &Conn, scope: &Scope, now: &Thing) -> Result<Vec<Version>> {
    let sql = "select body from history where county_id = ?1 and tbl = 'things' and row_id = ?2 order by row_version";
    let mut things = Vec::new();
    for r in c.query(sql, params![scope.county, now.id])? {
        things.extend(from_body(keys, c, scope.county, &r.json(0))?);
    }
    things.push(now.clone());
    // who made a version stands in the entry of the chain that made it
    let sql = "select row_version, actor_name, at from audit_entries where county_id = ?1 and row_id = ?2 and tbl = 'things' and row_mac is not null order by seq";
    let made: HashMap<i64, (String, Time)> = c
        .query(sql, params![scope.county, now.id])?
        .iter()
        .map(|r| (r.int(0), (r.text(1), r.time(2))))
        .collect();
    let logins: Vec<String> = made.values().map(|m| m.0.clone()).collect();
    let names = people::shown(c, scope.county, &logins)?;
    let mut out = Vec::new();
    for thing in things {
        // versions of one transaction have one entry, that of the last
        let Some((who, at)) = made.get(&thing.version).cloned() else {
            continue;
        };
        out.push(Version {
            who: names.get(&who).cloned().unwrap_or(who),
            thing,
            at,
        });
    }
    Ok(out)
}

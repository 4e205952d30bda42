//! Reading records: the scope in the SQL, words opened with the keys of the children that may be seen.

use crate::kind::{Kind, find_kind};
use crate::seal::{Head, head_of};
use serde_json::{Map, Value as Json, json};
use tx_access::{Role, Scope};
use tx_base::{Day, Id, Lang, Result, Time};
use tx_store::{Class, Conn, Keys, Row, Value, aad, params};

#[derive(Clone, Debug)]
pub struct Line {
    pub id: Id,
    pub child: Option<Id>,
    pub adult: Option<Id>,
    pub item: Option<String>,
    pub role: Option<String>,
    pub outcome: String,
    pub quantity: Option<i64>,
    pub fields: Map<String, Json>,
    record_key: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
pub struct Record {
    pub id: Id,
    pub version: i64,
    pub kind: &'static Kind,
    pub school: Id,
    pub class: Option<Id>,
    pub on: Day,
    pub state: String,
    pub author: Option<Id>,
    pub author_name: String,
    pub written_at: Time,
    pub title: Option<String>,
    /// `None` when nothing was written or its keys are gone
    pub text: Option<String>,
    pub fields: Map<String, Json>,
    pub lines: Vec<Line>,
    key_kind: String,
}

impl Line {
    pub(crate) fn minimal(&self) -> Json {
        let mut o = Map::new();
        let mut put = |k: &str, v: Option<Json>| {
            if let Some(v) = v {
                o.insert(k.into(), v);
            }
        };
        put("child", self.child.map(|c| c.to_string().into()));
        put("adult", self.adult.map(|c| c.to_string().into()));
        put("item", self.item.clone().map(Json::from));
        put("role", self.role.clone().map(Json::from));
        put("outcome", Some(self.outcome.clone().into()));
        put("quantity", self.quantity.map(Json::from));
        put("fields", Some(Json::Object(self.fields.clone())));
        o.into()
    }
}

impl Record {
    fn owners(&self) -> Vec<(Id, Option<Vec<u8>>)> {
        self.lines
            .iter()
            .filter_map(|l| l.child.map(|c| (c, l.record_key.clone())))
            .collect()
    }
    pub(crate) fn head(&self, keys: &Keys, c: &Conn, county: Id) -> Result<Option<Head>> {
        head_of(keys, c, county, self.id, &self.key_kind, &self.owners())
    }
    /// As the API answers. Sensitive fields only when `sensitive`.
    pub fn json(&self, school: &str, class: Option<&str>, sensitive: bool) -> Json {
        let keep = |declared: &[crate::Field], all: &Map<String, Json>| -> Map<String, Json> {
            all.iter()
                .filter(|(n, _)| sensitive || !declared.iter().any(|f| f.id == n.as_str() && f.class >= Class::S))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect()
        };
        let lines: Vec<Json> = self
            .lines
            .iter()
            .map(|l| {
                let mut v = l.minimal();
                v["id"] = l.id.to_string().into();
                v["fields"] = Json::Object(keep(self.kind.line_fields, &l.fields));
                v
            })
            .collect();
        let mut out = json!({
            "id": self.id, "version": self.version, "kind": self.kind.id, "on": self.on, "state": self.state, "school": school, "author": self.author_name,
            "written_at": self.written_at.iso(), "fields": keep(self.kind.fields, &self.fields), "lines": lines,
        });
        if let Some(t) = &self.text {
            out["text"] = t.clone().into();
        }
        if let Some(t) = &self.title {
            out["title"] = t.clone().into();
        }
        if let Some(c) = class {
            out["class"] = c.into();
        }
        out
    }
    pub fn name(&self, lang: Lang) -> &'static str {
        self.kind.name.in_lang(lang)
    }
}

const COLS: &str = "r.id, r.version, r.kind, r.school_id, r.class_id, r.on_day, r.state, r.author, r.author_name, r.written_at, r.title, r.text, r.fields, r.sealed, r.key_kind";

/// A page of records.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub school: Option<Id>,
    pub child: Option<Id>,
    pub class: Option<Id>,
    pub kind: Option<String>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub state: Option<String>,
    /// after this day and id, newest first
    pub after: Option<(Day, Id)>,
    pub limit: usize,
}

/// SQL that holds for the records in scope: of the own school, and of a child in scope, written by oneself, or about no child.
fn in_scope(scope: &Scope, vals: &mut Vec<Value>) -> String {
    // a parameter that no place names has no type on PostgreSQL: each is added where it is used
    fn next(vals: &mut Vec<Value>, v: Value) -> String {
        vals.push(v);
        format!("?{}", vals.len())
    }
    let county = next(vals, scope.county.into());
    let me = next(vals, scope.account.into());
    let school = Value::from(scope.school.as_ref().map_or(Id::NIL, |s| s.id));
    let live = format!("r.county_id = {county} and r.deleted_at is null");
    if scope.whole_school() && scope.roles != [Role::DutyLeader] {
        let school = next(vals, school);
        return format!("{live} and (r.school_id = {school} or r.author = {me})");
    }
    let staff =
        scope.roles.iter().any(|r| r.is_staff()) || scope.is(Role::Inspector) || scope.holds(tx_access::Post::Office);
    if !staff {
        // volunteers see their own records only
        return format!("{live} and r.author = {me}");
    }
    // a subject teacher sees the names of the classes taught, not what others wrote of the children
    let mut narrow = scope.clone();
    narrow.teaches.clear();
    let f = narrow.children("c", vals.len());
    vals.extend(f.params);
    let school = next(vals, school);
    format!(
        "{live} and (r.author = {me} or (r.child_count = 0 and r.school_id = {school}) or exists (select 1 from record_lines l \
         join children c on c.county_id = l.county_id and c.id = l.child_id where l.county_id = r.county_id and l.record_id = r.id and {}))",
        f.sql
    )
}

/// The records in scope that fit, newest first.
pub fn list(keys: &Keys, c: &Conn, scope: &Scope, q: &Query) -> Result<Vec<Record>> {
    let mut vals: Vec<Value> = Vec::new();
    let mut sql = format!("select {COLS} from records r where {}", in_scope(scope, &mut vals));
    let mut and = |part: &str, v: Value| {
        vals.push(v);
        sql.push_str(&part.replace("??", &format!("?{}", vals.len())));
    };
    if let Some(v) = q.school {
        and(" and r.school_id = ??", v.into());
    }
    if let Some(v) = &q.kind {
        and(" and r.kind = ??", v.into());
    }
    if let Some(v) = &q.state {
        and(" and r.state = ??", v.into());
    }
    if let Some(v) = q.from {
        and(" and r.on_day >= ??", v.into());
    }
    if let Some(v) = q.to {
        and(" and r.on_day <= ??", v.into());
    }
    if let Some(v) = q.child {
        and(
            " and r.id in (select l.record_id from record_lines l where l.county_id = r.county_id and l.child_id = ??)",
            v.into(),
        );
    }
    if let Some(v) = q.class {
        and(
            " and (r.class_id = ?? or r.id in (select l.record_id from record_lines l join children k on k.county_id = l.county_id and k.id = l.child_id where l.county_id = r.county_id and k.class_id = ??))",
            v.into(),
        );
    }
    if let Some((day, id)) = q.after {
        vals.push(day.into());
        let d = vals.len();
        vals.push(id.into());
        sql.push_str(&format!(
            " and (r.on_day < ?{d} or (r.on_day = ?{d} and r.id < ?{}))",
            d + 1
        ));
    }
    sql.push_str(&format!(
        " order by r.on_day desc, r.id desc limit {}",
        q.limit.clamp(1, 201)
    ));
    let rows = c.query(&sql, &vals)?;
    rows.iter()
        .map(|r| full(keys, c, scope, r))
        .filter_map(Result::transpose)
        .collect()
}

/// One record in scope, or none.
pub fn fetch(keys: &Keys, c: &Conn, scope: &Scope, id: Id) -> Result<Option<Record>> {
    let mut vals: Vec<Value> = Vec::new();
    let scoped = in_scope(scope, &mut vals);
    vals.push(id.into());
    let sql = format!("select {COLS} from records r where {scoped} and r.id = ?{}", vals.len());
    c.first(&sql, &vals)?.map_or(Ok(None), |r| full(keys, c, scope, &r))
}

/// A record for the door itself, whose caller has asked [`fetch`] before.
pub(crate) fn fetch_any(keys: &Keys, c: &Conn, county: Id, id: Id) -> Result<Option<Record>> {
    let sql = format!("select {COLS} from records r where r.county_id = ?1 and r.id = ?2 and r.deleted_at is null");
    let Some(r) = c.first(&sql, params![county, id])? else {
        return Ok(None);
    };
    let lines = lines_of(keys, c, county, id, None)?;
    Ok(open(keys, c, county, &r, lines)?)
}

fn full(keys: &Keys, c: &Conn, scope: &Scope, r: &Row) -> Result<Option<Record>> {
    let author = r.opt_id(7).is_some_and(|a| a == scope.account);
    let lines = lines_of(keys, c, scope.county, r.id(0), (!author).then_some(scope))?;
    open(keys, c, scope.county, r, lines)
}

fn open(keys: &Keys, c: &Conn, county: Id, r: &Row, lines: Vec<Line>) -> Result<Option<Record>> {
    // a kind that this program does not know stays in the store and is not shown
    let Some(kind) = find_kind(r.str(2)) else {
        return Ok(None);
    };
    let mut out = Record {
        id: r.id(0),
        version: r.int(1),
        kind,
        school: r.id(3),
        class: r.opt_id(4),
        on: r.day(5),
        state: r.text(6),
        author: r.opt_id(7),
        author_name: r.text(8),
        written_at: r.time(9),
        title: r.opt_text(10),
        text: None,
        fields: object(r.json(12)),
        lines,
        key_kind: r.text(14),
    };
    if let Some(head) = out.head(keys, c, county)? {
        out.text = r
            .opt_bytes(11)
            .and_then(|b| head.open(keys, county, out.id, "text", &b));
        if let Some(s) = r
            .opt_bytes(13)
            .and_then(|b| head.open(keys, county, out.id, "sealed", &b))
        {
            out.fields.extend(object(serde_json::from_str(&s).unwrap_or_default()));
        }
    }
    Ok(Some(out))
}

fn lines_of(keys: &Keys, c: &Conn, county: Id, record: Id, scope: Option<&Scope>) -> Result<Vec<Line>> {
    let mut vals: Vec<Value> = vec![county.into(), record.into()];
    let filter = match scope {
        None => String::new(),
        Some(s) => {
            let f = s.children("c", 2);
            vals.extend(f.params);
            format!(
                " and (l.child_id is null or exists (select 1 from children c where c.county_id = l.county_id and c.id = l.child_id and {}))",
                f.sql
            )
        }
    };
    let sql = format!(
        "select l.id, l.child_id, l.adult_id, l.item, l.role, l.outcome, l.quantity, l.fields, l.sealed, l.record_key from record_lines l where l.county_id = ?1 and l.record_id = ?2{filter} order by l.ord, l.id"
    );
    let mut out = Vec::new();
    for r in c.query(&sql, &vals)? {
        let (id, child) = (r.id(0), r.opt_id(1));
        let mut fields = object(r.json(7));
        if let (Some(child), Some(b)) = (child, r.opt_bytes(8))
            && let Some(key) = keys.child(c, county, child)?
            && let Some(s) = tx_seal::open(&key, &aad("record_lines", id, "sealed"), &b)
        {
            fields.extend(object(serde_json::from_slice(&s).unwrap_or_default()));
        }
        out.push(Line {
            id,
            child,
            adult: r.opt_id(2),
            item: r.opt_text(3),
            role: r.opt_text(4),
            outcome: r.text(5),
            quantity: r.opt_int(6),
            fields,
            record_key: r.opt_bytes(9),
        });
    }
    Ok(out)
}
fn object(v: Json) -> Map<String, Json> {
    if let Json::Object(o) = v { o } else { Map::new() }
}

/// The earlier versions of a record: text, who, when, why (features C10).
pub fn versions(keys: &Keys, c: &Conn, county: Id, now: &Record) -> Result<Vec<Json>> {
    use base64::Engine;
    let head = now.head(keys, c, county)?;
    let sql = "select row_version, at, actor_name, reason, body from history where county_id = ?1 and tbl = 'records' and row_id = ?2 order by row_version";
    let rows = c.query(sql, params![county, now.id])?;
    Ok(rows
        .iter()
        .map(|r| {
            let body = r.json(4);
            let sealed = body["text"]["b"].as_str().and_then(|b| base64::engine::general_purpose::STANDARD.decode(b).ok());
            let text = sealed.and_then(|b| head.as_ref()?.open(keys, county, now.id, "text", &b));
            json!({"version": r.int(0), "text": text, "on": body["on_day"], "state": body["state"], "until": r.time(1).iso(), "who": r.text(2), "why": r.opt_text(3)})
        })
        .collect())
}

//! Reading records: the scope in the SQL, words opened with the keys of the children that may be seen.

use crate::around::Around;
use crate::conflicts::bytes_of;
use crate::kind::{Kind, find_kind};
use crate::new::{NewLine, NewRecord};
use crate::own::{Declared, OwnField};
use crate::seal::{Head, head_of};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use tx_access::{Role, Scope};
use tx_base::{Day, Id, Lang, Result, Time};
use tx_store::{Class, Conn, Keys, Row, Value, aad, params, places};

#[derive(Clone, Debug)]
pub struct Line {
    pub id: Id,
    pub ord: i64,
    pub child: Option<Id>,
    pub adult: Option<Id>,
    pub item: Option<String>,
    pub role: Option<String>,
    pub outcome: String,
    pub quantity: Option<i64>,
    pub fields: Map<String, Json>,
    sealed: Option<Vec<u8>>,
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
    /// why this version came to be
    pub reason: Option<String>,
    pub fields: Map<String, Json>,
    pub lines: Vec<Line>,
    key_kind: String,
}

impl Line {
    /// A line that was just added.
    pub(crate) fn of_new(id: Id, ord: i64, l: &NewLine) -> Line {
        Line {
            id,
            ord,
            child: l.child,
            adult: l.adult,
            item: l.item.clone(),
            role: l.role.clone(),
            outcome: if l.outcome.is_empty() { "met" } else { &l.outcome }.into(),
            quantity: l.quantity,
            fields: told(&l.fields),
            sealed: None,
            record_key: None,
        }
    }
    /// A plain line about a child.
    pub(crate) fn of_child(child: Id) -> Line {
        Line {
            id: Id::NIL,
            ord: 0,
            child: Some(child),
            adult: None,
            item: None,
            role: None,
            outcome: "met".into(),
            quantity: None,
            fields: Map::new(),
            sealed: None,
            record_key: None,
        }
    }
    /// As the API takes and gives it, without the id.
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
    /// Whom or what the line is about, as a name of its own within the record.
    pub(crate) fn key(&self) -> String {
        match (self.child, self.adult, &self.item) {
            (Some(id), ..) => format!("lines.child:{id}"),
            (None, Some(id), _) => format!("lines.adult:{id}"),
            (None, None, item) => format!("lines.item:{}", item.as_deref().unwrap_or_default()),
        }
    }
    pub(crate) fn has_words(&self) -> bool {
        self.sealed.is_some()
    }
}

/// Values that are said: null is none.
fn told(fields: &Map<String, Json>) -> Map<String, Json> {
    let said = fields.iter().filter(|(_, v)| !v.is_null());
    said.map(|(n, v)| (n.clone(), v.clone())).collect()
}

impl Record {
    /// A record that was just added, to be shown; its keys lie in the store.
    pub(crate) fn of_new(
        r: &NewRecord,
        by: &tx_store::Actor,
        written_at: Time,
        key_kind: &str,
        lines: Vec<Line>,
    ) -> Record {
        Record {
            id: r.id,
            version: 1,
            kind: r.kind,
            school: r.school,
            class: r.class,
            on: r.on,
            state: r.state.clone(),
            author: by.id,
            author_name: by.name.clone(),
            written_at,
            title: r.title.clone(),
            text: (!r.text.is_empty()).then(|| r.text.clone()),
            reason: None,
            fields: told(&r.fields),
            lines,
            key_kind: key_kind.into(),
        }
    }
    fn owners(&self) -> Vec<(Id, Option<Vec<u8>>)> {
        self.lines
            .iter()
            .filter_map(|l| l.child.map(|c| (c, l.record_key.clone())))
            .collect()
    }
    pub(crate) fn head(&self, keys: &Keys, c: &Conn, county: Id) -> Result<Option<Head>> {
        head_of(keys, c, county, self.id, &self.key_kind, &self.owners())
    }
    pub(crate) fn key_kind(&self) -> &str {
        &self.key_kind
    }
    pub fn children(&self) -> Vec<Id> {
        self.lines.iter().filter_map(|l| l.child).collect()
    }
    /// The day it was really written, where that is a later one (features C10).
    pub fn late(&self) -> Option<Day> {
        Some(self.written_at.day()).filter(|d| *d > self.on && self.state == "done")
    }
    /// Every field by one name each: `text`, `on`, `state`, `title`, `fields.mood`, `lines.child:ID`.
    pub(crate) fn flat(&self) -> Map<String, Json> {
        let mut out = Map::new();
        out.insert("on".into(), self.on.to_string().into());
        out.insert("state".into(), self.state.clone().into());
        out.insert("text".into(), self.text.clone().unwrap_or_default().into());
        out.insert("title".into(), self.title.clone().map_or(Json::Null, Json::from));
        for (name, v) in &self.fields {
            out.insert(format!("fields.{name}"), v.clone());
        }
        for l in &self.lines {
            out.insert(l.key(), l.minimal());
        }
        out
    }
    /// As the API answers. Sensitive fields only when `sensitive`. `own` = the own fields of its school.
    pub fn json(&self, school: &str, class: Option<&str>, own: &[OwnField], sensitive: bool) -> Json {
        let d = Declared::with(self.kind, own, self.on);
        let keep = |find: &dyn Fn(&str) -> Option<Class>, all: &Map<String, Json>| -> Map<String, Json> {
            all.iter()
                .filter(|(n, _)| sensitive || find(n).is_some_and(|c| c < Class::S))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect()
        };
        let lines: Vec<Json> = self
            .lines
            .iter()
            .map(|l| {
                let mut v = l.minimal();
                v["id"] = l.id.to_string().into();
                v["fields"] = Json::Object(keep(&|n| d.find_line(n).map(|f| f.class), &l.fields));
                v
            })
            .collect();
        let mut out = json!({
            "id": self.id, "version": self.version, "kind": self.kind.id, "on": self.on, "state": self.state, "school": school, "author": self.author_name,
            "written_at": self.written_at.iso(), "fields": keep(&|n| d.find(n).map(|f| f.class), &self.fields), "lines": lines,
        });
        out["text"] = self.text.clone().unwrap_or_default().into();
        if let Some(t) = &self.title {
            out["title"] = t.clone().into();
        }
        if let Some(c) = class {
            out["class"] = c.into();
        }
        if let Some(d) = self.late() {
            out["written_late"] = d.to_string().into();
        }
        out
    }
    pub fn name(&self, lang: Lang) -> &'static str {
        self.kind.name.in_lang(lang)
    }
    /// Whether any value stands in a field that the program itself does not declare.
    pub(crate) fn has_own(&self) -> bool {
        let own = |m: &Map<String, Json>| m.keys().any(|k| k.starts_with("x_"));
        own(&self.fields) || self.lines.iter().any(|l| own(&l.fields))
    }
}

const COLS: &str = "r.id, r.version, r.kind, r.school_id, r.class_id, r.on_day, r.state, r.author, r.author_name, r.written_at, r.title, r.text, r.fields, r.sealed, r.key_kind, r.reason";
const LINE_COLS: &str = "l.record_id, l.id, l.ord, l.child_id, l.adult_id, l.item, l.role, l.outcome, l.quantity, l.fields, l.sealed, l.record_key";

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
    /// with `child`: of the lines only those about that child, not those about the others whom a record touched
    pub own_lines: bool,
    /// of so many, the newest, the words are opened; none = of all
    pub words: Option<usize>,
}

/// Which records are looked for.
#[derive(Clone, Copy)]
enum Of {
    Many,
    /// one, by its id
    One,
    /// those with a line about this child, who must be in scope
    Child(Id),
}

/// SQL that holds for the records in scope (security.md §1): the whole school's for head, leading group, counsellor, inspector and office;
/// for other staff those about a child of their own class or paired to them, and those about no child; for everyone the own ones, while one
/// of their children is in scope.
/// For a list the records of the children are found once, for a single record its own lines are asked.
fn in_scope(scope: &Scope, vals: &mut Vec<Value>, of: Of) -> String {
    // a parameter that no place names has no type on PostgreSQL: each is added where it is used
    fn next(vals: &mut Vec<Value>, v: Value) -> String {
        vals.push(v);
        format!("?{}", vals.len())
    }
    let county = next(vals, scope.county.into());
    let school = next(vals, scope.school.as_ref().map_or(Id::NIL, |s| s.id).into());
    let live = format!("r.county_id = {county} and r.school_id = {school} and r.deleted_at is null");
    let reads = [Role::Head, Role::Leader, Role::Counsellor, Role::Inspector];
    if scope.roles.iter().any(|r| reads.contains(r)) || scope.holds(tx_access::Post::Office) {
        return live;
    }
    let touches = |scope: &Scope, vals: &mut Vec<Value>| {
        let f = scope.children("c", vals.len());
        vals.extend(f.params);
        let from = format!(
            "from record_lines l cross join children c where l.county_id = {county} and c.county_id = l.county_id and c.id = l.child_id"
        );
        match of {
            Of::Many => format!("r.id in (select l.record_id {from} and {})", f.sql),
            Of::One => format!(
                "exists (select 1 {from} and l.county_id = r.county_id and l.record_id = r.id and {})",
                f.sql
            ),
            // asked once, not once a record
            Of::Child(id) => format!(
                "exists (select 1 from children c where c.county_id = {county} and c.id = {} and {})",
                next(vals, id.into()),
                f.sql
            ),
        }
    };
    let me = next(vals, scope.account.into());
    let own = format!("(r.author = {me} and (r.child_count = 0 or {}))", touches(scope, vals));
    if !scope.roles.iter().any(|r| r.is_staff()) {
        return format!("{live} and {own}");
    }
    // a subject teacher sees the names of the classes taught, the leader of the care room those of all pupils, not what others wrote of them
    let mut narrow = scope.clone();
    narrow.teaches.clear();
    narrow.roles.retain(|r| *r != Role::DutyLeader);
    format!("{live} and ({own} or r.child_count = 0 or {})", touches(&narrow, vals))
}

/// The records in scope that fit, newest first; at most 201.
pub fn list(keys: &Keys, c: &Conn, scope: &Scope, q: &Query) -> Result<Vec<Record>> {
    let mut vals: Vec<Value> = Vec::new();
    let scoped = in_scope(scope, &mut vals, q.child.map_or(Of::Many, Of::Child));
    // of one child its lines come first: by the day alone a planner walks the whole school, 3 ms instead of 0.1
    let from = q.child.map_or("records r where".to_owned(), |child| {
        vals.push(child.into());
        format!(
            "(select distinct l.record_id from record_lines l where l.county_id = ?1 and l.child_id = ?{}) m cross join records r where r.id = m.record_id and",
            vals.len()
        )
    });
    let mut sql = format!("select {COLS} from {from} {scoped}");
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
    if let Some(v) = q.class {
        and(
            " and (r.class_id = ?? or r.id in (select l.record_id from record_lines l join children k on k.county_id = l.county_id and k.id = l.child_id where l.county_id = ?1 and k.class_id = ??))",
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
    let ids: Vec<Id> = rows.iter().map(|r| r.id(0)).collect();
    let mut lines = match q.child.filter(|_| q.own_lines) {
        Some(child) => own_lines(c, scope.county, child)?,
        None => lines_of(c, scope.county, &ids, Some(scope))?,
    };
    let mut out = Vec::with_capacity(rows.len());
    for (i, r) in rows.iter().enumerate() {
        let mut raw = from_row(r);
        let mut lines = lines.remove(&raw.record.id).unwrap_or_default();
        if q.words.is_some_and(|n| i >= n) {
            raw.lie_closed();
            lines.iter_mut().for_each(|l| l.sealed = None);
        }
        out.extend(open(keys, c, scope.county, raw, lines)?);
    }
    Ok(out)
}

/// The ids of all records with a line about a child, deleted ones too.
pub fn of_child(c: &Conn, county: Id, child: Id) -> Result<Vec<Id>> {
    let sql = "select distinct record_id from record_lines where county_id = ?1 and child_id = ?2 order by record_id";
    Ok(c.query(sql, params![county, child])?.iter().map(|r| r.id(0)).collect())
}

/// Whether any of these rows is a record with a line about the child.
pub fn touch_child(c: &Conn, county: Id, child: Id, rows: &[Id]) -> Result<bool> {
    let mut vals: Vec<Value> = vec![county.into(), child.into()];
    let marks = places(&mut vals, rows.iter().copied());
    let sql =
        format!("select 1 from record_lines where county_id = ?1 and child_id = ?2 and record_id in ({marks}) limit 1");
    Ok(c.first(&sql, &vals)?.is_some())
}

/// All lines in scope for records that were listed with the own lines of a child.
pub fn all_lines<'r>(
    keys: &Keys,
    c: &Conn,
    scope: &Scope,
    records: impl Iterator<Item = &'r mut Record>,
) -> Result<()> {
    let mut records: Vec<&mut Record> = records.collect();
    let ids: Vec<Id> = records.iter().map(|r| r.id).collect();
    let mut lines = lines_of(c, scope.county, &ids, Some(scope))?;
    for r in &mut records {
        r.lines = lines.remove(&r.id).unwrap_or_default();
        let head = r.head(keys, c, scope.county)?;
        open_lines(keys, c, scope.county, &mut r.lines, head.as_ref())?;
    }
    Ok(())
}

/// One record in scope, or none.
pub fn fetch(keys: &Keys, c: &Conn, scope: &Scope, id: Id) -> Result<Option<Record>> {
    let mut vals: Vec<Value> = Vec::new();
    let scoped = in_scope(scope, &mut vals, Of::One);
    vals.push(id.into());
    let sql = format!("select {COLS} from records r where {scoped} and r.id = ?{}", vals.len());
    let Some(r) = c.first(&sql, &vals)? else {
        return Ok(None);
    };
    let lines = lines_of(c, scope.county, &[id], Some(scope))?
        .remove(&id)
        .unwrap_or_default();
    open(keys, c, scope.county, from_row(&r), lines)
}

/// A record that was deleted.
pub(crate) struct Gone {
    pub record: Record,
    pub at: Time,
    /// the login of who deleted it
    pub who: String,
}

/// Deleted records of the own school, the last first, at most 200: all for head and office, else those one wrote. Their
/// [`Record::reason`] is that of the deletion. Of a record about children at least one is in scope.
pub(crate) fn deleted(keys: &Keys, c: &Conn, scope: &Scope, only: Option<Id>) -> Result<Vec<Gone>> {
    let Some(school) = &scope.school else {
        return Ok(Vec::new());
    };
    let mut vals: Vec<Value> = vec![scope.county.into(), school.id.into()];
    let mut sql = format!(
        "select {COLS}, r.deleted_at, (select h.actor_name from history h where h.county_id = r.county_id and h.tbl = 'records' and h.row_id = r.id \
         and h.row_version = r.version - 1) from records r where r.county_id = ?1 and r.school_id = ?2 and r.deleted_at is not null"
    );
    if !(scope.is(Role::Head) || scope.holds(tx_access::Post::Office)) {
        vals.push(scope.account.into());
        sql.push_str(&format!(" and r.author = ?{}", vals.len()));
    }
    if let Some(id) = only {
        vals.push(id.into());
        sql.push_str(&format!(" and r.id = ?{}", vals.len()));
    }
    sql.push_str(" order by r.deleted_at desc, r.id limit 200");
    let rows = c.query(&sql, &vals)?;
    let ids: Vec<Id> = rows.iter().map(|r| r.id(0)).collect();
    let mut lines = lines_of(c, scope.county, &ids, Some(scope))?;
    let mut out = Vec::new();
    for r in &rows {
        let about = c.count(
            "select count(*) from record_lines where county_id = ?1 and record_id = ?2 and child_id is not null",
            params![scope.county, r.id(0)],
        )?;
        let Some(record) = open(
            keys,
            c,
            scope.county,
            from_row(r),
            lines.remove(&r.id(0)).unwrap_or_default(),
        )?
        else {
            continue;
        };
        if about == 0 || !record.children().is_empty() {
            out.push(Gone {
                record,
                at: r.time(16),
                who: r.opt_text(17).unwrap_or_default(),
            });
        }
    }
    Ok(out)
}

/// A record for the door itself, whose caller has asked [`fetch`] before.
pub(crate) fn fetch_any(keys: &Keys, c: &Conn, county: Id, id: Id) -> Result<Option<Record>> {
    let sql = format!("select {COLS} from records r where r.county_id = ?1 and r.id = ?2 and r.deleted_at is null");
    let Some(r) = c.first(&sql, params![county, id])? else {
        return Ok(None);
    };
    let lines = lines_of(c, county, &[id], None)?.remove(&id).unwrap_or_default();
    open(keys, c, county, from_row(&r), lines)
}

/// A record as stored, nothing opened.
struct Raw {
    kind: String,
    record: Record,
    text: Option<Vec<u8>>,
    sealed: Option<Vec<u8>>,
    reason: Option<Vec<u8>>,
}

impl Raw {
    /// Nothing sealed is to be opened.
    fn lie_closed(&mut self) {
        (self.text, self.sealed, self.reason) = (None, None, None);
    }
    fn is_sealed(&self) -> bool {
        self.text.is_some() || self.sealed.is_some() || self.reason.is_some()
    }
}

fn from_row(r: &Row) -> Raw {
    Raw {
        kind: r.text(2),
        record: Record {
            id: r.id(0),
            version: r.int(1),
            kind: &Kind::PLAIN,
            school: r.id(3),
            class: r.opt_id(4),
            on: r.day(5),
            state: r.text(6),
            author: r.opt_id(7),
            author_name: r.text(8),
            written_at: r.time(9),
            title: r.opt_text(10),
            text: None,
            reason: None,
            fields: object(r.json(12)),
            lines: Vec::new(),
            key_kind: r.text(14),
        },
        text: r.opt_bytes(11),
        sealed: r.opt_bytes(13),
        reason: r.opt_bytes(15),
    }
}

/// An earlier version out of the history, all lines.
pub(crate) fn from_body(keys: &Keys, c: &Conn, county: Id, body: &Json) -> Result<Option<Record>> {
    let id = |v: &Json| v.as_str().and_then(|s| s.parse::<Id>().ok());
    let text = |v: &Json| v.as_str().map(str::to_owned);
    let plain = |v: &Json| {
        object(
            v.as_str()
                .and_then(|s| serde_json::from_str(s).ok())
                .unwrap_or_default(),
        )
    };
    let (Some(own), Some(school), Some(on)) = (
        id(&body["id"]),
        id(&body["school_id"]),
        body["on_day"].as_str().and_then(|d| d.parse().ok()),
    ) else {
        return Ok(None);
    };
    let raw = Raw {
        kind: text(&body["kind"]).unwrap_or_default(),
        record: Record {
            id: own,
            version: body["version"].as_i64().unwrap_or_default(),
            kind: &Kind::PLAIN,
            school,
            class: id(&body["class_id"]),
            on,
            state: text(&body["state"]).unwrap_or_default(),
            author: id(&body["author"]),
            author_name: text(&body["author_name"]).unwrap_or_default(),
            written_at: Time(body["written_at"].as_i64().unwrap_or_default()),
            title: text(&body["title"]),
            text: None,
            reason: None,
            fields: plain(&body["fields"]),
            lines: Vec::new(),
            key_kind: text(&body["key_kind"]).unwrap_or_default(),
        },
        text: bytes_of(&body["text"]),
        sealed: bytes_of(&body["sealed"]),
        reason: bytes_of(&body["reason"]),
    };
    let mut lines: Vec<Line> = body["record_lines"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|l| {
            Some(Line {
                id: id(&l["id"])?,
                ord: l["ord"].as_i64().unwrap_or_default(),
                child: id(&l["child_id"]),
                adult: id(&l["adult_id"]),
                item: text(&l["item"]),
                role: text(&l["role"]),
                outcome: text(&l["outcome"]).unwrap_or_default(),
                quantity: l["quantity"].as_i64(),
                fields: plain(&l["fields"]),
                sealed: bytes_of(&l["sealed"]),
                record_key: bytes_of(&l["record_key"]),
            })
        })
        .collect();
    lines.sort_by_key(|l| (l.ord, l.id));
    open(keys, c, county, raw, lines)
}

fn open(keys: &Keys, c: &Conn, county: Id, raw: Raw, lines: Vec<Line>) -> Result<Option<Record>> {
    // a kind that this program does not know stays in the store and is not shown
    let Some(kind) = find_kind(&raw.kind) else {
        return Ok(None);
    };
    let closed = raw.is_sealed() || lines.iter().any(|l| l.sealed.is_some());
    let mut out = Record {
        kind,
        lines,
        ..raw.record
    };
    let head = if closed { out.head(keys, c, county)? } else { None };
    if let Some(head) = &head {
        let text = |column: &str, b: &Option<Vec<u8>>| {
            b.as_deref()
                .and_then(|b| head.open(keys, county, "records", out.id, column, b))
        };
        let (words, reason, sealed) = (
            text("text", &raw.text),
            text("reason", &raw.reason),
            text("sealed", &raw.sealed),
        );
        (out.text, out.reason) = (words, reason);
        if let Some(s) = sealed {
            out.fields.extend(object(serde_json::from_str(&s).unwrap_or_default()));
        }
    }
    open_lines(keys, c, county, &mut out.lines, head.as_ref())?;
    Ok(Some(out))
}

fn open_lines(keys: &Keys, c: &Conn, county: Id, lines: &mut [Line], head: Option<&Head>) -> Result<()> {
    for l in lines {
        let Some(b) = l.sealed.as_deref() else { continue };
        let opened = match (l.child, head) {
            (Some(child), _) => keys
                .child(c, county, child)?
                .and_then(|k| tx_seal::open(&k, &aad("record_lines", l.id, "sealed"), b))
                .and_then(|s| String::from_utf8(s).ok()),
            (None, Some(head)) => head.open(keys, county, "record_lines", l.id, "sealed", b),
            (None, None) => None,
        };
        l.fields.extend(object(
            opened.and_then(|s| serde_json::from_str(&s).ok()).unwrap_or_default(),
        ));
    }
    Ok(())
}

/// The lines of these records that the scope shows, by record. One query however many records.
fn lines_of(c: &Conn, county: Id, records: &[Id], scope: Option<&Scope>) -> Result<HashMap<Id, Vec<Line>>> {
    let mut out: HashMap<Id, Vec<Line>> = HashMap::new();
    if records.is_empty() {
        return Ok(out);
    }
    let mut vals: Vec<Value> = vec![county.into()];
    let marks = places(&mut vals, records);
    let filter = match scope {
        None => String::new(),
        Some(s) => {
            let f = s.children("c", vals.len());
            vals.extend(f.params);
            format!(
                " and (l.child_id is null or exists (select 1 from children c where c.county_id = l.county_id and c.id = l.child_id and {}))",
                f.sql
            )
        }
    };
    let sql = format!(
        "select {LINE_COLS} from record_lines l where l.county_id = ?1 and l.record_id in ({marks}){filter} order by l.record_id, l.ord, l.id"
    );
    c.each(&sql, &vals, |r| {
        out.entry(r.id(0)).or_default().push(line(&r));
        Ok(())
    })?;
    Ok(out)
}
/// All lines about a child, by record.
fn own_lines(c: &Conn, county: Id, child: Id) -> Result<HashMap<Id, Vec<Line>>> {
    let mut out: HashMap<Id, Vec<Line>> = HashMap::new();
    let sql = format!(
        "select {LINE_COLS} from record_lines l where l.county_id = ?1 and l.child_id = ?2 order by l.record_id, l.ord, l.id"
    );
    c.each(&sql, params![county, child], |r| {
        out.entry(r.id(0)).or_default().push(line(&r));
        Ok(())
    })?;
    Ok(out)
}
fn line(r: &Row) -> Line {
    Line {
        id: r.id(1),
        ord: r.int(2),
        child: r.opt_id(3),
        adult: r.opt_id(4),
        item: r.opt_text(5),
        role: r.opt_text(6),
        outcome: r.text(7),
        quantity: r.opt_int(8),
        fields: object(r.json(9)),
        sealed: r.opt_bytes(10),
        record_key: r.opt_bytes(11),
    }
}
pub(crate) fn object(v: Json) -> Map<String, Json> {
    if let Json::Object(o) = v { o } else { Map::new() }
}

/// An earlier version of a record, with who changed it, when and why (features C10).
#[derive(Clone, Debug)]
pub struct Earlier {
    /// its lines are those of children in scope
    pub record: Record,
    /// who replaced it
    pub who: String,
    pub until: Time,
    pub why: Option<String>,
}

/// The earlier versions of a record, oldest first. What one of them says of children that are all out of scope now is left out.
pub fn earlier(keys: &Keys, c: &Conn, scope: &Scope, now: &Record) -> Result<Vec<Earlier>> {
    let sql = "select at, actor_name, body from history where county_id = ?1 and tbl = 'records' and row_id = ?2 order by row_version";
    let mut out: Vec<Earlier> = Vec::new();
    for r in c.query(sql, params![scope.county, now.id])? {
        if let Some(record) = from_body(keys, c, scope.county, &r.json(2))? {
            out.push(Earlier {
                record,
                who: r.text(1),
                until: r.time(0),
                why: None,
            });
        }
    }
    let ids = |out: &[Earlier]| -> Vec<Id> {
        let mut all: Vec<Id> = out.iter().flat_map(|e| e.record.children()).collect();
        all.sort();
        all.dedup();
        all
    };
    // a child whose file went into another's is that other child now
    let heirs = crate::merge::heirs(c, scope.county, &ids(&out))?;
    for l in out.iter_mut().flat_map(|e| &mut e.record.lines) {
        l.child = l.child.map(|k| heirs.get(&k).copied().unwrap_or(k));
    }
    let seen = crate::people::children(c, scope, &ids(&out))?;
    // the reason of a change stands in the version that it made
    let reasons: Vec<Option<String>> = out
        .iter()
        .skip(1)
        .map(|e| e.record.reason.clone())
        .chain([now.reason.clone()])
        .collect();
    for (e, why) in out.iter_mut().zip(reasons) {
        e.why = why;
        let had = e.record.lines.iter().any(|l| l.child.is_some());
        e.record.lines.retain(|l| l.child.is_none_or(|k| seen.contains_key(&k)));
        if had && e.record.lines.iter().all(|l| l.child.is_none()) {
            (e.record.text, e.why) = (None, None);
            e.record.fields.clear();
        }
    }
    Ok(out)
}

/// [`earlier`] as the API answers.
pub fn versions(keys: &Keys, c: &Conn, scope: &Scope, now: &Record) -> Result<Vec<Json>> {
    let around = Around::new(c, scope.county);
    let all = earlier(keys, c, scope, now)?;
    let logins: Vec<String> = all.iter().map(|e| e.who.clone()).collect();
    let names = crate::people::shown(c, scope.county, &logins)?;
    all.iter()
        .map(|e| {
            let r = &e.record;
            let shown = around.json(r, false)?;
            Ok(json!({"version": r.version, "text": r.text, "on": r.on, "state": r.state, "fields": shown["fields"], "lines": shown["lines"],
                "until": e.until.iso(), "who": names.get(&e.who).unwrap_or(&e.who), "why": e.why}))
        })
        .collect()
}

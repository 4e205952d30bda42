//! Making, changing and moving things through the door.

use crate::read::{Thing, fetch_any, from_body};
use crate::sort::{About, Sort, Step};
use crate::tables::THINGS;
use serde_json::{Map, Value as Json};
use tx_base::{Day, Fault, FieldFault, Id, Result, Say, say};
use tx_record::conflicts::{self, Place};
use tx_record::{Corrected, Field, Kind};
use tx_store::{Write, params, row};

/// A thing before it is stored.
#[derive(Clone, Debug)]
pub struct NewThing {
    pub id: Id,
    pub sort: &'static Sort,
    pub school: Id,
    pub title: Option<String>,
    pub child: Option<Id>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub owner: Option<Id>,
    pub due: Option<Day>,
    pub stock: Option<i64>,
    pub fields: Map<String, Json>,
}

impl NewThing {
    pub fn new(sort: &'static Sort, school: Id) -> NewThing {
        NewThing {
            id: Id::fresh(),
            sort,
            school,
            title: None,
            child: None,
            from: None,
            to: None,
            owner: None,
            due: None,
            stock: sort.stock.map(|_| 0),
            fields: Map::new(),
        }
    }
}

/// Most of one thing that a store holds.
const STOCK_MAX: i64 = 1_000_000;
const TITLE_MAX: usize = 120;

/// What is checked in all that is sent: `title from to owner due stock fields`, each fault by its name.
struct Reader<'b> {
    body: &'b Map<String, Json>,
    bad: Vec<FieldFault>,
}
impl Reader<'_> {
    fn fault(&mut self, field: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.bad.push(FieldFault {
            field: field.into(),
            reason: say(zh, en),
        });
    }
    fn text(&mut self, name: &str) -> Option<String> {
        match self.body.get(name) {
            None | Some(Json::Null) => None,
            Some(Json::String(s)) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
            Some(_) => {
                self.fault(name, "要文字", "text is needed");
                None
            }
        }
    }
    fn day(&mut self, name: &str) -> Option<Day> {
        let text = self.text(name)?;
        match Day::parse(&text) {
            Ok(d) => Some(d),
            Err(e) => {
                self.bad.push(FieldFault {
                    field: name.into(),
                    reason: e,
                });
                None
            }
        }
    }
    fn id(&mut self, name: &str) -> Option<Id> {
        let text = self.text(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            self.fault(name, "要 UUID", "a UUID is needed");
        }
        id
    }
}

/// Reads a new thing. Unknown fields are an error that names them; what the sort does not ask for counts as unknown.
pub fn parse(sort: &'static Sort, body: &Map<String, Json>, school: Id) -> Result<NewThing> {
    let mut r = Reader { body, bad: Vec::new() };
    let mut known = vec!["id", "sort", "school", "fields"];
    match sort.about {
        About::Child => known.push("child"),
        About::School => known.push("title"),
    }
    known.extend(sort.span.map(|_| ["from", "to"]).into_iter().flatten());
    known.extend(sort.due.map(|_| ["owner", "due"]).into_iter().flatten());
    known.extend(sort.stock.map(|_| "stock"));
    for name in body.keys().filter(|n| !known.contains(&n.as_str())) {
        r.fault(
            name,
            format!("没有 {name} 这个字段"),
            format!("there is no field {name}"),
        );
    }
    let mut new = NewThing::new(sort, school);
    new.id = r.id("id").unwrap_or(new.id);
    new.title = r.text("title");
    new.child = r.id("child");
    (new.from, new.to) = (r.day("from"), r.day("to"));
    (new.owner, new.due) = (r.id("owner"), r.day("due"));
    match body.get("stock") {
        None | Some(Json::Null) => {}
        Some(v) => match v.as_i64().filter(|n| (0..=STOCK_MAX).contains(n)) {
            Some(n) => new.stock = Some(n),
            None => r.fault(
                "stock",
                "要 0 到 1000000 的整数",
                "a whole number from 0 to 1,000,000 is needed",
            ),
        },
    }
    match body.get("fields") {
        None | Some(Json::Null) => {}
        Some(Json::Object(o)) => new.fields = o.clone(),
        Some(_) => r.fault("fields", "要一个对象", "an object is needed"),
    }
    if sort.about == About::Child && new.child.is_none() && !r.bad.iter().any(|b| b.field == "child") {
        r.fault("child", "要选一个孩子", "a child is to be chosen");
    }
    let asked: Vec<Field> = sort.asked().copied().collect();
    Kind::check(&asked, &new.fields, "fields.", true, &mut r.bad);
    whole(sort, new.title.as_deref(), new.from, new.to, &new.fields, &mut r.bad);
    if r.bad.is_empty() {
        Ok(new)
    } else {
        Err(Fault::fields(r.bad))
    }
}

/// What must hold of a thing as it will stand.
fn whole(
    sort: &Sort,
    title: Option<&str>,
    from: Option<Day>,
    to: Option<Day>,
    fields: &Map<String, Json>,
    bad: &mut Vec<FieldFault>,
) {
    let mut fault = |field: &str, reason: Say| {
        bad.push(FieldFault {
            field: field.into(),
            reason,
        })
    };
    if sort.about == About::School {
        match title.map(|t| t.chars().count()) {
            None => fault(
                "title",
                say(
                    format!("{}还没填", sort.title.zh),
                    format!("{} is missing", sort.title.en),
                ),
            ),
            Some(n) if n > TITLE_MAX => fault(
                "title",
                say(
                    format!("最多 {TITLE_MAX} 个字"),
                    format!("at most {TITLE_MAX} characters"),
                ),
            ),
            Some(_) => {}
        }
    }
    if let (Some(a), Some(b)) = (from, to)
        && b < a
    {
        fault("to", say("比开始还早", "before it begins"));
    }
    if let Some((field, why)) = (sort.rule)(fields, from, to) {
        let field = if sort.field(field).is_some() {
            format!("fields.{field}")
        } else {
            field.to_owned()
        };
        fault(&field, why.into());
    }
}

fn split(sort: &Sort, fields: &Map<String, Json>) -> (Map<String, Json>, Map<String, Json>) {
    let told = fields
        .iter()
        .filter(|(_, v)| !v.is_null())
        .map(|(n, v)| (n.clone(), v.clone()));
    told.partition(|(n, _)| !sort.field(n).is_some_and(Field::sealed))
}

fn seal(w: &Write, id: Id, child: Option<Id>, column: &str, text: &str) -> Result<Vec<u8>> {
    let county = w.county();
    match child {
        Some(child) => w.keys().seal_child(w.conn(), county, child, "things", id, column, text),
        None => Ok(w.keys().seal_county(county, "things", id, column, text)),
    }
}
fn sealed(w: &Write, id: Id, child: Option<Id>, secret: Map<String, Json>) -> Result<Option<Vec<u8>>> {
    if secret.is_empty() {
        return Ok(None);
    }
    seal(w, id, child, "sealed", &Json::Object(secret).to_string()).map(Some)
}

/// 409 when the school has a live thing of this sort and name already.
fn taken(w: &Write, sort: &Sort, school: Id, title: Option<&str>, but: Id) -> Result<()> {
    if !sort.unique {
        return Ok(());
    }
    let over: Vec<&str> = sort.states.iter().filter(|s| s.over).map(|s| s.id).collect();
    let sql = "select id, state from things where county_id = ?1 and school_id = ?2 and sort = ?3 and title = ?4 and deleted_at is null order by id";
    let all = w.conn().query(sql, params![w.county(), school, sort.id, title])?;
    match all.iter().any(|r| r.id(0) != but && !over.contains(&r.str(1))) {
        false => Ok(()),
        true => Err(Fault::Taken(
            say("这个名字已经有了", "This name is taken"),
            vec![FieldFault {
                field: "title".into(),
                reason: say("这个名字已经有了", "This name is taken"),
            }],
        )),
    }
}

/// 422 when the person in charge is no live account of the county.
fn owned(w: &Write, owner: Option<Id>) -> Result<()> {
    let Some(id) = owner else { return Ok(()) };
    let sql = "select 1 from accounts where county_id = ?1 and id = ?2 and disabled_at is null";
    match w.conn().first(sql, params![w.county(), id])? {
        Some(_) => Ok(()),
        None => Err(Fault::invalid("owner", "没有这个人", "there is no such person")),
    }
}

/// Adds a thing. The caller has asked the scope about its child.
pub fn add(w: &mut Write, new: &NewThing) -> Result<()> {
    taken(w, new.sort, new.school, new.title.as_deref(), new.id)?;
    owned(w, new.owner)?;
    let (plain, secret) = split(new.sort, &new.fields);
    let sealed = sealed(w, new.id, new.child, secret)?;
    let (now, by) = (w.now(), w.act().actor.id);
    w.insert(
        &THINGS,
        row!["id" => new.id, "school_id" => new.school, "sort" => new.sort.id, "title" => new.title.as_deref(), "child_id" => new.child,
            "state" => new.sort.states[0].id, "from_day" => new.from, "to_day" => new.to, "owner" => new.owner, "due_on" => new.due, "stock" => new.stock,
            "fields" => Json::Object(plain).to_string(), "sealed" => sealed, "made_at" => now, "made_by" => by],
    )
}

/// Changes a thing that the caller sees as `seen`. `changes`: `title from to owner due fields reason` as they should be. Fields that nobody changed since
/// version `base` are merged; of one that both changed the first stands and the second is kept.
pub fn change(w: &mut Write, seen: &Thing, base: i64, changes: &Map<String, Json>) -> Result<Corrected> {
    let (id, county) = (seen.id, w.county());
    let old = fetch_any(w.keys(), w.conn(), county, id)?.ok_or(Fault::NotFound)?;
    if old.sort.state(&old.state).locked {
        return Err(Fault::Conflict(say(
            "已经定下来了，不能再改，只能出新的",
            "It is settled and cannot be changed, only followed by another",
        )));
    }
    let was = match conflicts::body_at(w.conn(), county, "things", id, base, old.version)? {
        None => old.clone(),
        Some(body) => from_body(w.keys(), w.conn(), county, &body)?.ok_or(Fault::NotFound)?,
    };
    let mut yours = Map::new();
    let mut bad = Vec::new();
    for (name, v) in changes {
        match (name.as_str(), v) {
            ("base_version" | "reason", _) => {}
            ("title" | "from" | "to" | "owner" | "due", Json::String(s)) if s.trim().is_empty() => {
                yours.insert(name.clone(), Json::Null);
            }
            ("title" | "from" | "to" | "owner" | "due", Json::String(_) | Json::Null) => {
                yours.insert(name.clone(), v.clone());
            }
            ("fields", Json::Object(o)) => yours.extend(o.iter().map(|(n, v)| (format!("fields.{n}"), v.clone()))),
            _ => bad.push(FieldFault {
                field: name.clone(),
                reason: say(
                    format!("没有 {name} 这个字段，或者不能这样改"),
                    format!("there is no field {name}, or it cannot be changed so"),
                ),
            }),
        }
    }
    if !bad.is_empty() {
        return Err(Fault::fields(bad));
    }
    let merged = conflicts::merge(&was.flat(), &old.flat(), &yours);
    let place = Place {
        table: "things",
        row: id,
        child: old.child,
    };
    let kept = conflicts::keep(w, place, &merged.clashes)?;
    let reason = changes
        .get("reason")
        .and_then(Json::as_str)
        .map(str::trim)
        .filter(|s| !s.is_empty());
    let version = if merged.take.is_empty() {
        old.version
    } else {
        write(w, &old, &merged.take, None, reason)?
    };
    Ok(Corrected {
        version,
        conflicts: kept,
    })
}

/// Writes merged fields: the thing is checked as it will stand.
fn write(
    w: &mut Write,
    old: &Thing,
    take: &Map<String, Json>,
    to_state: Option<&str>,
    reason: Option<&str>,
) -> Result<i64> {
    let sort = old.sort;
    let mut flat = old.flat();
    flat.extend(take.iter().map(|(n, v)| (n.clone(), v.clone())));
    let fields: Map<String, Json> = flat
        .iter()
        .filter(|(_, v)| !v.is_null())
        .filter_map(|(n, v)| Some((n.strip_prefix("fields.")?.to_owned(), v.clone())))
        .collect();
    let mut r = Reader {
        body: &flat,
        bad: Vec::new(),
    };
    let (title, from, to) = (r.text("title"), r.day("from"), r.day("to"));
    let (owner, due) = (r.id("owner"), r.day("due"));
    let mut bad = r.bad;
    let said: Map<String, Json> = take
        .iter()
        .filter_map(|(n, v)| Some((n.strip_prefix("fields.")?.to_owned(), v.clone())))
        .collect();
    Kind::check(sort.fields, &said, "fields.", false, &mut bad);
    for f in sort.asked().filter(|f| f.required && !fields.contains_key(f.id)) {
        bad.push(FieldFault {
            field: format!("fields.{}", f.id),
            reason: say(format!("{}还没填", f.name.zh), format!("{} is missing", f.name.en)),
        });
    }
    whole(sort, title.as_deref(), from, to, &fields, &mut bad);
    if !bad.is_empty() {
        return Err(Fault::fields(bad));
    }
    if title != old.title {
        taken(w, sort, old.school, title.as_deref(), old.id)?;
    }
    if owner != old.owner {
        owned(w, owner)?;
    }
    let (plain, secret) = split(sort, &fields);
    let sealed = sealed(w, old.id, old.child, secret)?;
    let reason = reason.map(|r| seal(w, old.id, old.child, "reason", r)).transpose()?;
    let state = to_state.unwrap_or(&old.state).to_owned();
    w.update(
        &THINGS,
        old.id,
        row!["title" => title, "state" => state, "from_day" => from, "to_day" => to, "owner" => owner, "due_on" => due,
            "fields" => Json::Object(plain).to_string(), "sealed" => sealed, "reason" => reason],
    )
}

/// Takes a step of a thing's life. `fields` are what the step asks. 409 when it is not in a state from which the step leads: another was faster.
pub fn step(
    w: &mut Write,
    id: Id,
    step: &Step,
    fields: &Map<String, Json>,
    why: Option<&str>,
    today: Day,
) -> Result<i64> {
    let old = fetch_any(w.keys(), w.conn(), w.county(), id)?.ok_or(Fault::NotFound)?;
    if !step.from.contains(&old.state.as_str()) {
        let now = old.sort.state(&old.state).name;
        return Err(Fault::Conflict(say(
            format!("现在是“{}”，不能{}", now.zh, step.name.zh),
            format!("It is “{}” now: {} is not possible", now.en, step.name.en),
        )));
    }
    let mut bad = Vec::new();
    for name in fields.keys().filter(|n| !step.asks.contains(&n.as_str())) {
        bad.push(FieldFault {
            field: format!("fields.{name}"),
            reason: say(
                format!("这一步不问 {name}"),
                format!("this step does not ask for {name}"),
            ),
        });
    }
    for name in step.needs.iter().filter(|n| fields.get(**n).is_none_or(Json::is_null)) {
        let called = old.sort.field(name).map_or(tx_base::t("这一项", "this"), |f| f.name);
        bad.push(FieldFault {
            field: format!("fields.{name}"),
            reason: say(format!("{}还没填", called.zh), format!("{} is missing", called.en)),
        });
    }
    if !bad.is_empty() {
        return Err(Fault::fields(bad));
    }
    let mut take: Map<String, Json> = fields.iter().map(|(n, v)| (format!("fields.{n}"), v.clone())).collect();
    let sort = old.sort;
    if sort.span.is_some() && sort.state(step.to).over && !old.is_over() && old.to.is_none_or(|d| d > today) {
        // what is over ended today, at the earliest when it began
        take.insert("to".into(), old.from.map_or(today, |f| f.max(today)).to_string().into());
    }
    write(w, &old, &take, Some(step.to), why)
}

/// Puts `by` of it into the store, or takes out what is less than nothing; gives what is left. 409 when there is not enough: nothing goes out then.
pub fn stock(w: &mut Write, id: Id, by: i64, why: Option<&str>) -> Result<i64> {
    let old = fetch_any(w.keys(), w.conn(), w.county(), id)?.ok_or(Fault::NotFound)?;
    let (Some(unit), Some(now)) = (old.sort.stock, old.stock) else {
        return Err(Fault::invalid("by", "这一样不记数量", "this is not counted"));
    };
    let left = now + by;
    if left < 0 {
        return Err(Fault::Conflict(say(
            format!("只剩 {now} {}，不够 {} {}", unit.zh, -by, unit.zh),
            format!("Only {now} {} left, {} are asked for", unit.en, -by),
        )));
    }
    if left > STOCK_MAX {
        return Err(Fault::invalid("by", "太多了", "too many"));
    }
    let reason = why.map(|r| seal(w, id, old.child, "reason", r)).transpose()?;
    w.update(&THINGS, id, row!["stock" => left, "reason" => reason])?;
    Ok(left)
}

/// Deletes a thing with a reason; what it was stays in the history.
pub fn remove(w: &mut Write, id: Id, why: &str) -> Result<()> {
    let why = why.trim();
    if why.is_empty() {
        return Err(Fault::invalid("reason", "删除要写原因", "A deletion needs a reason"));
    }
    if why.chars().count() > 500 {
        return Err(Fault::invalid("reason", "最多 500 个字", "at most 500 characters"));
    }
    let old = fetch_any(w.keys(), w.conn(), w.county(), id)?.ok_or(Fault::NotFound)?;
    let (now, reason) = (w.now(), seal(w, id, old.child, "reason", why)?);
    w.update(&THINGS, id, row!["deleted_at" => now, "reason" => reason])
        .map(|_| ())
}

fn take_over(w: &mut Write, id: Id, field: &str, value: &Json, _: Day) -> Result<()> {
    let old = fetch_any(w.keys(), w.conn(), w.county(), id)?.ok_or(Fault::NotFound)?;
    let take = [(field.to_owned(), value.clone())].into_iter().collect();
    write(w, &old, &take, None, None).map(|_| ())
}
fn label(field: &str) -> Say {
    let plain = match field {
        "title" => tx_base::t("名称", "Name"),
        "from" => tx_base::t("从", "From"),
        "to" => tx_base::t("到", "To"),
        "owner" => tx_base::t("负责人", "In charge"),
        "due" => tx_base::t("哪天前", "By when"),
        _ => {
            let id = field.trim_start_matches("fields.");
            let found = crate::all_sorts().iter().find_map(|s| s.field(id));
            return found.map_or_else(|| say(id, id), |f| f.name.into());
        }
    };
    plain.into()
}
/// How copies of things are taken over.
pub(crate) static MERGES: conflicts::Merges = conflicts::Merges {
    table: "things",
    apply: take_over,
    label,
    at: |w, _, body| Ok(from_body(w.keys(), w.conn(), w.county(), body)?.map(|t| t.flat())),
};

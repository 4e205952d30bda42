//! Corrections by version (interfaces.md, "Corrections"): the file as a flat object of fields, at the caller's version and now.

use crate::change::{self, File, Guardian, Parent};
use crate::facts::OF_CHILD;
use crate::find;
use crate::new::Facts;
use serde_json::{Map, Value as Json, json};
use tx_access::Scope;
use tx_base::{Day, Fault, Id, Result, Say, t};
use tx_record::conflicts::{self, Place, bytes_of};
use tx_store::{Conn, Keys, Write, params};

fn with(mut v: Json, facts: &Facts) -> Json {
    for (k, f) in facts {
        v[k] = f.clone().into();
    }
    v
}

/// The file by the API's names of fields.
pub(crate) fn flat(f: &File) -> Json {
    let guardians: Vec<Json> = f
        .guardians
        .iter()
        .map(|g| {
            with(
                json!({"name": g.name, "relation": g.relation, "phone": g.phone, "address": g.address}),
                &g.more,
            )
        })
        .collect();
    let parents: Vec<Json> = f
        .parents
        .iter()
        .map(|p| {
            with(
                json!({"parent": p.parent.code(), "name": p.name, "where": p.whereabouts.code(), "from": p.from, "place": p.place, "capacity": p.capacity,
                    "cause": p.cause, "phone": p.phone}),
                &p.more,
            )
        })
        .collect();
    let v = json!({"name": f.name, "former_name": f.former_name, "sex": f.sex, "birth_date": f.birth_date, "id_kind": f.id_kind, "id_no": f.id_no,
        "student_no": f.student_no, "class_no": f.class_no, "ethnic": f.ethnic, "hukou_kind": f.hukou_kind, "hukou_address": f.hukou_address,
        "home_address": f.home_address, "village": f.village, "boarder": f.boarder, "left_behind": f.listed.is_some(),
        "guardians": guardians, "parents": parents});
    with(v, &f.more)
}

/// The file as it was in an earlier version; guardians and parents that changed since are null, so that a second change of them clashes.
fn earlier(c: &Conn, keys: &Keys, county: Id, now: &File, base: i64, body: &Json) -> Result<Map<String, Json>> {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let open = |name: &str| -> Result<Option<String>> {
        bytes_of(&body[name]).map_or(Ok(None), |b| {
            keys.open_child(c, county, now.id, "children", now.id, name, &b)
        })
    };
    let mut more = Facts::new();
    for column in ["more", "sensitive"] {
        if let Some(t) = open(column)? {
            let mut part: Facts = serde_json::from_str(&t).unwrap_or_default();
            more.append(&mut part);
        }
    }
    let old = File {
        name: text("name").unwrap_or_default(),
        former_name: text("former_name"),
        sex: text("sex"),
        birth_date: text("birth_date").and_then(|d| Day::parse(&d).ok()),
        id_kind: text("id_kind"),
        id_no: open("id_no")?,
        student_no: text("student_no"),
        class_no: body["class_no"].as_i64(),
        ethnic: text("ethnic"),
        hukou_kind: text("hukou_kind"),
        hukou_address: open("hukou_address")?,
        home_address: open("home_address")?,
        village: text("village"),
        boarder: body["boarder"]
            .as_bool()
            .or_else(|| body["boarder"].as_i64().map(|n| n == 1)),
        more,
        ..now.clone()
    };
    let mut out = flat(&old).as_object().cloned().unwrap_or_default();
    let at = c.first(
        "select guardians_at, parents_at from children where county_id = ?1 and id = ?2",
        params![county, now.id],
    )?;
    if let Some(r) = at {
        for (i, name) in ["guardians", "parents"].into_iter().enumerate() {
            if r.opt_int(i).is_some_and(|v| v > base) {
                out.insert(name.into(), Json::Null);
            }
        }
    }
    Ok(out)
}

/// Puts fields of another file, or of one as it was read, onto a file. `taken` names those that are to be set.
pub(crate) fn put(f: &mut File, n: &File, taken: &Map<String, Json>) -> Result<()> {
    for name in taken.keys() {
        match name.as_str() {
            "name" => {
                f.entered_name = n.entered_name.clone();
                f.name = n.name.clone();
            }
            "former_name" => f.former_name = n.former_name.clone(),
            "sex" => f.sex = n.sex.clone(),
            "birth_date" => {
                f.birth_precision = n.birth_precision.clone();
                f.birth_date = n.birth_date;
            }
            "id_kind" => f.id_kind = n.id_kind.clone(),
            "id_no" => f.id_no = n.id_no.clone(),
            "student_no" => f.student_no = n.student_no.clone(),
            "class_no" => f.class_no = n.class_no,
            "ethnic" => f.ethnic = n.ethnic.clone(),
            "hukou_kind" => f.hukou_kind = n.hukou_kind.clone(),
            "hukou_address" => f.hukou_address = n.hukou_address.clone(),
            "home_address" => f.home_address = n.home_address.clone(),
            "village" => f.village = n.village.clone(),
            "boarder" => f.boarder = n.boarder,
            "class" => f.class = n.class,
            "household" | "sibling" => f.household = n.household,
            "left_behind" => {
                match (taken[name].as_bool(), f.listed.is_some()) {
                    (Some(true), false) => f.listed.clone_from(&n.listed),
                    (Some(false), true) => {
                        return Err(Fault::invalid(
                            "left_behind",
                            "离开名单要写日子和原因，请用“结束这一段”",
                            "Leaving the list needs a day and a reason: POST …/spells/close",
                        ));
                    }
                    _ => {}
                }
                if taken[name].as_bool() == Some(false) {
                    f.not_listed_on = n.not_listed_on;
                }
            }
            "guardians" => f.guardians = guardians(&f.guardians, &n.guardians),
            "parents" => f.parents = parents(&f.parents, &n.parents),
            fact if OF_CHILD.iter().any(|d| d.id == fact) => match n.more.get(fact) {
                Some(v) => {
                    f.more.insert(fact.into(), v.clone());
                }
                None => {
                    f.more.remove(fact);
                }
            },
            _ => {}
        }
    }
    Ok(())
}
/// The wanted guardians with the ids of those who stay: the same name is the same person.
fn guardians(old: &[Guardian], wanted: &[Guardian]) -> Vec<Guardian> {
    let mut left: Vec<&Guardian> = old.iter().collect();
    wanted
        .iter()
        .map(|g| {
            let stays = left.iter().position(|o| o.name == g.name).map(|at| left.remove(at).id);
            Guardian {
                id: stays.unwrap_or(Id::NIL),
                ..g.clone()
            }
        })
        .collect()
}
fn parents(old: &[Parent], wanted: &[Parent]) -> Vec<Parent> {
    let mut left: Vec<&Parent> = old.iter().collect();
    wanted
        .iter()
        .map(|p| {
            let mut new = Parent {
                id: Id::NIL,
                ..p.clone()
            };
            if let Some(at) = left.iter().position(|o| o.parent == p.parent) {
                let was = left.remove(at);
                new.id = was.id;
                new.source = new.source.or_else(|| was.source.clone());
            }
            new
        })
        .collect()
}

/// Corrects a file against the version that the caller saw. `fields` are those named by the caller, `read` what they say. Gives the
/// fields that both changed, as the API answers them; 409 when the ID number is another child's. The caller has asked whether it may.
pub(crate) fn correct(
    w: &mut Write,
    scope: &Scope,
    id: Id,
    base: i64,
    fields: &Map<String, Json>,
    read: &File,
    on: Day,
) -> Result<Vec<Json>> {
    let county = w.county();
    let now = change::open(w.conn(), w.keys(), county, id)?.ok_or(Fault::NotFound)?;
    if fields.contains_key("id_no") {
        find::keeps_number(w, Some(scope), id, read.id_no.as_deref())?;
    }
    // compared as they would be stored: a phone with spaces is the same phone
    let mut wanted = now.clone();
    let all: Map<String, Json> = fields.clone();
    put(&mut wanted, read, &all)?;
    let (is, shall) = (flat(&now), flat(&wanted));
    let mut yours: Map<String, Json> = Map::new();
    for name in fields.keys() {
        match name.as_str() {
            "class" => {
                yours.insert(name.clone(), json!(wanted.class));
            }
            "sibling" | "household" => {
                yours.insert(name.clone(), json!(wanted.household));
            }
            // false says "asked", though nobody is on the list
            "left_behind" => {
                yours.insert(name.clone(), fields[name].clone());
            }
            _ => {
                yours.insert(name.clone(), shall.get(name).cloned().unwrap_or(Json::Null));
            }
        }
    }
    let mut is = is.as_object().cloned().unwrap_or_default();
    is.insert("class".into(), json!(now.class));
    for name in ["sibling", "household"] {
        is.insert(name.into(), json!(now.household));
    }
    let body = conflicts::body_at(w.conn(), county, "children", id, base, now.version)?;
    let was = match &body {
        None => is.clone(),
        Some(b) => {
            let mut m = earlier(w.conn(), w.keys(), county, &now, base, b)?;
            m.insert("class".into(), b["class_id"].clone());
            for name in ["sibling", "household"] {
                m.insert(name.into(), b["household_id"].clone());
            }
            m
        }
    };
    let mut merged = conflicts::merge(&was, &is, &yours);
    if fields.get("left_behind") == Some(&Json::Bool(false)) && now.listed.is_none() {
        merged.take.insert("left_behind".into(), false.into());
    }
    let mut new = now.clone();
    put(&mut new, read, &merged.take)?;
    change::change(w, &now, &new, on)?;
    let place = Place {
        table: "children",
        row: id,
        child: Some(id),
    };
    conflicts::keep(w, place, &merged.clashes)
}

/// Whether a file that is stored says what this new child says, as it would be stored.
pub(crate) fn same(w: &Write, new: &File) -> Result<bool> {
    let Some(now) = change::open(w.conn(), w.keys(), w.county(), new.id)? else {
        return Ok(false);
    };
    Ok(flat(&now) == flat(new) && now.class == new.class)
}

/// Writes one field that a person took over from a conflict.
fn apply(w: &mut Write, id: Id, field: &str, value: &Json, on: Day) -> Result<()> {
    let now = change::open(w.conn(), w.keys(), w.county(), id)?.ok_or(Fault::NotFound)?;
    let mut new = now.clone();
    let mut fields = Map::new();
    fields.insert(field.to_owned(), value.clone());
    let read = match field {
        "class" | "sibling" | "household" => File {
            class: value.as_str().and_then(|s| s.parse().ok()),
            household: value.as_str().and_then(|s| s.parse().ok()),
            ..File::default()
        },
        _ => crate::parse::parse_change(&fields, now.school, now.class, on)?,
    };
    if field == "id_no" {
        find::keeps_number(w, None, id, read.id_no.as_deref())?;
    }
    put(&mut new, &read, &fields)?;
    change::change(w, &now, &new, on).map(|_| ())
}
fn label(field: &str) -> Say {
    label_of(field).into()
}
/// What a field of the file is called.
pub fn label_of(field: &str) -> tx_base::Text {
    match field {
        "name" => t("姓名", "Name"),
        "former_name" => t("曾用名", "Former name"),
        "sex" => t("性别", "Sex"),
        "birth_date" => t("出生日期", "Birth date"),
        "id_kind" => t("证件类型", "Kind of paper"),
        "id_no" => t("身份证号", "ID number"),
        "student_no" => t("学籍号", "Student number"),
        "class" => t("班级", "Class"),
        "class_no" => t("班内学号", "Number in class"),
        "ethnic" => t("民族", "Ethnic group"),
        "hukou_kind" => t("户口性质", "Kind of registration"),
        "hukou_address" => t("户籍所在地", "Registered address"),
        "home_address" => t("家庭住址", "Home address"),
        "village" => t("村", "Village"),
        "boarder" => t("住校", "Boarder"),
        "left_behind" => t("在学校名单上", "On the school's list"),
        "guardians" => t("监护人", "Guardians"),
        "parents" => t("父母", "Parents"),
        "file" => t("照片", "Photo"),
        "consent_by" => t("谁同意的", "Who consented"),
        "consent_on" => t("哪天同意的", "Consented on"),
        "sibling" | "household" => t("同住的兄弟姐妹", "Brothers and sisters"),
        other => crate::facts::label(OF_CHILD, other),
    }
}
/// Tells the conflicts how a field of a file is taken over; once at start.
pub fn install() {
    conflicts::install(conflicts::Merges {
        table: "children",
        apply,
        label,
        at: |w, id, body| {
            let (c, county) = (w.conn(), w.county());
            let Some(now) = change::open(c, w.keys(), county, id)? else {
                return Ok(None);
            };
            let version = body["version"].as_i64().unwrap_or_default();
            let mut m = earlier(c, w.keys(), county, &now, version, body)?;
            m.insert("class".into(), body["class_id"].clone());
            for name in ["sibling", "household"] {
                m.insert(name.into(), body["household_id"].clone());
            }
            Ok(Some(m))
        },
    });
}

//! A new child: checked at the door, sealed under its own key.

use crate::tables::{CHILDREN, EPISODES, GUARDIANS, PARENT_FACTS, STAYS};
use serde_json::{Map, Value as Json};
use tx_base::{Day, Fault, FieldFault, Id, Result, say};
use tx_store::{Write, row};

#[derive(Clone, Debug, Default)]
pub struct NewGuardian {
    pub name: String,
    pub relation: String,
    pub phone: Option<String>,
    pub address: Option<String>,
}
#[derive(Clone, Debug, Default)]
pub struct NewParent {
    /// father, mother
    pub parent: String,
    pub name: Option<String>,
    /// home, away_work, away_other, dead, unknown
    pub whereabouts: String,
    pub from: Option<Day>,
    pub place: Option<String>,
    pub phone: Option<String>,
    pub capacity: Option<String>,
}
/// A child as it comes from the API, a form or the demonstration.
#[derive(Clone, Debug)]
pub struct NewChild {
    pub id: Id,
    pub school: Id,
    pub class: Option<Id>,
    pub name: String,
    /// f, m
    pub sex: Option<String>,
    pub birth_date: Option<Day>,
    pub id_no: Option<String>,
    pub student_no: Option<String>,
    pub home_address: Option<String>,
    pub village: Option<String>,
    pub boarder: Option<bool>,
    pub guardians: Vec<NewGuardian>,
    pub parents: Vec<NewParent>,
    /// on the school's list since this day; `None` = undetermined or not
    pub left_behind_from: Option<Day>,
    /// in this class since
    pub since: Day,
}

/// Reads a child as the API takes it; `class` is found by the caller. Unknown fields are an error that names them.
pub fn parse(body: &Map<String, Json>, school: Id, class: Option<Id>, today: Day) -> Result<NewChild> {
    const KNOWN: &[&str] = &[
        "id",
        "school",
        "class",
        "name",
        "sex",
        "birth_date",
        "id_no",
        "student_no",
        "home_address",
        "village",
        "boarder",
        "guardians",
        "left_behind",
        "parents",
    ];
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut fault = |field: &str, zh: String, en: String| {
        bad.push(FieldFault {
            field: field.into(),
            reason: say(zh, en),
        })
    };
    for name in body.keys().filter(|k| !KNOWN.contains(&k.as_str())) {
        fault(
            name,
            format!("没有 {name} 这个字段"),
            format!("there is no field {name}"),
        );
    }
    let word = |o: &Map<String, Json>, name: &str| {
        o.get(name)
            .and_then(Json::as_str)
            .map(|s| s.trim().to_owned())
            .filter(|s| !s.is_empty())
    };
    let id = match body.get("id") {
        None | Some(Json::Null) => Id::fresh(),
        Some(v) => v.as_str().and_then(|s| s.parse().ok()).unwrap_or_else(|| {
            fault("id", "要 UUID".into(), "a UUID is needed".into());
            Id::NIL
        }),
    };
    let name = word(body, "name").unwrap_or_default();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        fault(
            "name",
            "姓名要 1 到 60 个字".into(),
            "a name has 1 to 60 characters".into(),
        );
    }
    let sex = word(body, "sex");
    if let Some(s) = sex.as_deref().filter(|s| !["f", "m"].contains(s)) {
        fault("sex", format!("性别只能是 f 或 m：{s}"), format!("sex is f or m: {s}"));
    }
    let birth_date = match word(body, "birth_date").map(|s| Day::parse(&s)) {
        Some(Ok(d)) if d > today || d < today.plus_months(-12 * 25) => {
            fault(
                "birth_date",
                format!("{d} 不像学生的出生日期"),
                format!("{d} is no pupil's birth date"),
            );
            None
        }
        Some(Ok(d)) => Some(d),
        Some(Err(e)) => {
            fault("birth_date", e.zh, e.en);
            None
        }
        None => None,
    };
    let id_no = match word(body, "id_no").map(|s| tx_sheet::IdNumber::parse(&s)) {
        Some(Ok(no)) => Some(no.as_str().to_owned()),
        Some(Err(e)) => {
            fault("id_no", e.zh, e.en);
            None
        }
        None => None,
    };
    let objects = |name: &str| {
        body.get(name)
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_object)
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut guardians = Vec::new();
    for (i, o) in objects("guardians").iter().enumerate() {
        let g = NewGuardian {
            name: word(o, "name").unwrap_or_default(),
            relation: word(o, "relation").unwrap_or_default(),
            phone: word(o, "phone"),
            address: word(o, "address"),
        };
        if g.name.is_empty() {
            fault(
                &format!("guardians[{i}].name"),
                "监护人姓名还没填".into(),
                "the guardian's name is missing".into(),
            );
        }
        guardians.push(g);
    }
    let mut parents = Vec::new();
    for (i, o) in objects("parents").iter().enumerate() {
        let p = NewParent {
            parent: word(o, "parent").unwrap_or_default(),
            name: word(o, "name"),
            whereabouts: word(o, "where").unwrap_or_else(|| "unknown".into()),
            from: word(o, "from").and_then(|s| Day::parse(&s).ok()),
            place: word(o, "place"),
            phone: word(o, "phone"),
            capacity: word(o, "capacity"),
        };
        if !["father", "mother"].contains(&p.parent.as_str()) {
            fault(
                &format!("parents[{i}].parent"),
                "只能是 father 或 mother".into(),
                "father or mother".into(),
            );
        }
        if !["home", "away_work", "away_other", "dead", "unknown"].contains(&p.whereabouts.as_str()) {
            fault(
                &format!("parents[{i}].where"),
                "只能是 home away_work away_other dead unknown".into(),
                "one of home away_work away_other dead unknown".into(),
            );
        }
        parents.push(p);
    }
    if !bad.is_empty() {
        return Err(Fault::fields(bad));
    }
    let left = body.get("left_behind").and_then(Json::as_bool) == Some(true);
    Ok(NewChild {
        id,
        school,
        class,
        name,
        sex,
        birth_date,
        id_no,
        student_no: word(body, "student_no"),
        home_address: word(body, "home_address"),
        village: word(body, "village"),
        boarder: body.get("boarder").and_then(Json::as_bool),
        guardians,
        parents,
        left_behind_from: left.then_some(today),
        since: today,
    })
}

fn digits(s: &str) -> String {
    s.chars().filter(char::is_ascii_digit).collect()
}
fn tail(s: &str) -> String {
    let d = digits(s);
    d[d.len().saturating_sub(4)..].to_owned()
}

/// Adds the child with its key, guardians, parents, class stay and spell. The caller has asked whether it may.
pub fn add(w: &mut Write, n: &NewChild) -> Result<()> {
    w.new_child_key(n.id)?;
    let (county, id) = (w.county(), n.id);
    let seal = |w: &Write, table: &str, row: Id, column: &str, v: &Option<String>| -> Result<Option<Vec<u8>>> {
        v.as_deref()
            .map(|v| w.keys().seal_child(w.conn(), county, id, table, row, column, v))
            .transpose()
    };
    let blind = |w: &Write, what: &str, v: &Option<String>| v.as_deref().map(|v| w.keys().blind(county, what, v));
    let pinyin = n.name.clone();
    let (id_no, address) = (
        seal(w, "children", id, "id_no", &n.id_no)?,
        seal(w, "children", id, "home_address", &n.home_address)?,
    );
    let id_index = blind(w, "id_no", &n.id_no);
    w.insert(
        &CHILDREN,
        row!["id" => id, "school_id" => n.school, "class_id" => n.class, "name" => n.name.as_str(), "entered_name" => n.name.as_str(), "sex" => n.sex.as_deref(),
            "birth_date" => n.birth_date, "birth_precision" => n.birth_date.map(|_| "day"), "id_no" => id_no, "id_no_index" => id_index,
            "student_no" => n.student_no.as_deref(), "home_address" => address, "village" => n.village.as_deref(), "boarder" => n.boarder,
            "pinyin" => pinyin, "initials" => "", "state" => "active", "content_hash" => Vec::<u8>::new()],
    )?;
    for (i, g) in n.guardians.iter().enumerate() {
        let gid = Id::fresh();
        let (phone, address) = (
            seal(w, "guardians", gid, "phone", &g.phone)?,
            seal(w, "guardians", gid, "address", &g.address)?,
        );
        let (index, last) = (
            blind(w, "phone", &g.phone.as_deref().map(digits)),
            blind(w, "phone_tail", &g.phone.as_deref().map(tail)),
        );
        w.insert(
            &GUARDIANS,
            row!["id" => gid, "child_id" => id, "ord" => i, "name" => g.name.as_str(), "relation" => g.relation.as_str(), "phone" => phone, "phone_index" => index,
                "phone_tail_index" => last, "address" => address, "acting" => true],
        )?;
    }
    for p in &n.parents {
        let pid = Id::fresh();
        let phone = seal(w, "parent_facts", pid, "phone", &p.phone)?;
        let (index, last) = (
            blind(w, "phone", &p.phone.as_deref().map(digits)),
            blind(w, "phone_tail", &p.phone.as_deref().map(tail)),
        );
        w.insert(
            &PARENT_FACTS,
            row!["id" => pid, "child_id" => id, "parent" => p.parent.as_str(), "name" => p.name.as_deref(), "whereabouts" => p.whereabouts.as_str(), "from_day" => p.from,
                "place" => p.place.as_deref(), "capacity" => p.capacity.as_deref(), "phone" => phone, "phone_index" => index, "phone_tail_index" => last],
        )?;
    }
    w.insert(&STAYS, row!["id" => Id::fresh(), "child_id" => id, "school_id" => n.school, "class_id" => n.class, "from_day" => n.since])?;
    if let Some(from) = n.left_behind_from {
        w.insert(
            &EPISODES,
            row!["id" => Id::fresh(), "child_id" => id, "from_day" => from, "source" => "list"],
        )?;
    }
    Ok(())
}

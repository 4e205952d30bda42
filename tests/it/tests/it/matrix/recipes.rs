//! How a request to a route is made. To add: a line in `PARAMS` when a path's `{…}` follows a segment that is no table's name.

use super::world::{Actor, Place, Town};
use serde_json::{Map, Value as Json, json};
use tx_it::TODAY;
use tx_web::{Route, Takes};

/// What fills `{…}`, by the segment before it. A segment that is the name of a table with `school_id` or `child_id` needs no line.
const PARAMS: &[(&str, Fill)] = &[
    ("children", Fill::Child),
    ("child", Fill::Child),
    ("records", Fill::Record),
    ("record", Fill::Record),
    ("duties", Fill::Duty),
    ("users", Fill::Account),
    ("people", Fill::Account),
    ("accounts", Fill::Account),
    ("sessions", Fill::Nobody),
    ("helpers", Fill::Table("adults")),
    ("adults", Fill::Table("adults")),
    ("family-links", Fill::Table("family_links")),
    ("imports", Fill::Table("imports")),
    ("import", Fill::Table("imports")),
    ("classes", Fill::Table("classes")),
    ("schools", Fill::SchoolCode),
    ("school", Fill::SchoolCode),
    ("a", Fill::Word("app.css")),
    ("figures", Fill::Word("heart_talks")),
    ("g", Fill::Word("aaaaaaaaaaaaaaaaaaaaaa")),
    ("setup", Fill::Word("aaaaaaaaaaaaaaaaaaaaaa")),
    ("setup", Fill::Word("aaaaaaaaaaaaaaaaaaaaaa")),
    ("proposals", Fill::Table("pairing_proposals")),
    ("group", Fill::Table("group_members")),
    ("rooms", Fill::Room),
    ("room", Fill::Room),
    ("tablet", Fill::Table("room_devices")),
];
/// Parameters of any path whose name alone says what they are.
const NAMES: &[(&str, Fill)] = &[
    ("child", Fill::Child),
    ("record", Fill::Record),
    ("school", Fill::SchoolCode),
    ("class", Fill::ClassCode),
    ("kind", Fill::Word("heart_talk")),
    ("what", Fill::Word("leave")),
    ("step", Fill::Word("school")),
    ("style", Fill::Word("S5")),
    ("month", Fill::Word("2026-11")),
    ("year", Fill::Word("2026")),
    ("day", Fill::Word(TODAY)),
    ("date", Fill::Word(TODAY)),
];
/// Writes that end, move or delete what others need; walked last.
const HARMFUL: &[&str] = &[
    "logout", "disable", "end", "erase", "password", "delete", "undo", "merge", "promot", "revoke", "second", "leave",
    "graduat", "remove", "cancel", "bin", "wake", "grants", "rights", "restore",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    Child,
    Record,
    Duty,
    Account,
    SchoolCode,
    ClassCode,
    /// a row of the table that belongs to the place's child or school
    Table(&'static str),
    Word(&'static str),
    /// a thing of the sort `room`
    Room,
    Nobody,
}

/// Whether the request names something of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    None,
    Body,
    Path,
}

pub struct Ask {
    pub path: String,
    pub target: Target,
    /// what it names belongs to a school and to no child or class
    pub school: bool,
    pub body: Body,
}
pub enum Body {
    None,
    Json(Json),
    Form(Vec<(String, String)>),
    Upload,
}

pub fn harmful(r: &Route) -> bool {
    r.method == "DELETE" || HARMFUL.iter().any(|w| r.path.contains(w))
}
/// Answers 503 by design while the store takes no write.
pub fn may_be_unready(r: &Route) -> bool {
    r.path == "/readyz"
}

fn fill_of(before: &str, name: &str) -> Option<Fill> {
    let by_name = NAMES.iter().find(|(n, _)| *n == name).map(|p| p.1);
    let by_segment = PARAMS.iter().find(|(n, _)| *n == before).map(|p| p.1);
    // summary → summaries, promotion → promotions, fields → own_fields
    let word = before.replace('-', "_");
    let names = [
        word.clone(),
        format!("{word}s"),
        format!("{}ies", word.trim_end_matches('y')),
        format!("own_{word}"),
    ];
    let by_table = tongxing::tables()
        .iter()
        .find(|t| names.iter().any(|n| n == t.name) && t.column("id").is_some())
        .map(|t| Fill::Table(t.name));
    by_name.or(by_segment).or(by_table)
}
fn params(r: &Route) -> Vec<(&'static str, &'static str)> {
    let parts: Vec<&'static str> = r.path.split('/').collect();
    (0..parts.len())
        .filter_map(|i| {
            let name = parts[i].split_once('{')?.1.split('}').next()?.trim_start_matches('*');
            Some((if i > 0 { parts[i - 1] } else { "" }, name))
        })
        .collect()
}
/// A route that cannot be asked is a fault of this table.
pub fn known(r: &Route) -> Result<(), String> {
    for (before, name) in params(r) {
        if fill_of(before, name).is_none() {
            return Err(format!(
                "no recipe for {{{name}}} after `{before}`: add a line to PARAMS in tests/it/tests/it/matrix/recipes.rs"
            ));
        }
    }
    Ok(())
}

impl Ask {
    /// The request to a route about what belongs to a place. `full` = with every query parameter.
    pub fn of(town: &Town, r: &Route, place: Place, actor: &Actor, full: bool) -> Ask {
        let (mut path, mut target, mut school) = (String::new(), Target::None, true);
        let fills = params(r);
        let mut next = fills.iter();
        for (i, part) in r.path.split('/').enumerate() {
            if i > 0 {
                path.push('/');
            }
            let Some((head, tail)) = part.split_once('{') else {
                path.push_str(part);
                continue;
            };
            let (before, name) = next.next().expect("one for each brace");
            let (fill, tail) = (
                fill_of(before, name).unwrap_or(Fill::Nobody),
                tail.split_once('}').map_or("", |t| t.1),
            );
            if !matches!(fill, Fill::Word(_)) {
                target = Target::Path;
                school &= of_school(fill);
            }
            path.push_str(head);
            path.push_str(&town.fill(fill, place, actor));
            path.push_str(tail);
        }
        if full && !r.query.is_empty() {
            let mut q = Vec::new();
            for (name, ty, _) in r.query {
                if let Some(v) = query(town, name, ty, place) {
                    let v: String = v
                        .bytes()
                        .map(|b| {
                            if b.is_ascii_alphanumeric() || b"-_.".contains(&b) {
                                (b as char).to_string()
                            } else {
                                format!("%{b:02X}")
                            }
                        })
                        .collect();
                    q.push(format!("{name}={v}"));
                }
            }
            path.push('?');
            path.push_str(&q.join("&"));
        }
        let body = match r.takes {
            Takes::Nothing => Body::None,
            Takes::Json(schema) => {
                let body = town.schemas[schema].clone();
                let (made, names_place) = object(town, &body, place);
                if let (Some(by), Target::None) = (names_place, target) {
                    target = Target::Body;
                    school = by == Target::None;
                }
                Body::Json(made)
            }
            Takes::Form => Body::Form(form(town, place)),
            Takes::Upload => Body::Upload,
        };
        Ask {
            path,
            target,
            school,
            body,
        }
    }
}

fn query(town: &Town, name: &str, ty: &str, place: Place) -> Option<String> {
    Some(match name {
        "school" => town.school_code(place).into(),
        "class" => town.class_code(place).into(),
        "child" => town.child(place).to_string(),
        "from" => "2026-09-01".into(),
        "to" | "on" | "day" | "date" => TODAY.into(),
        "month" => "2026-11".into(),
        "kind" => "heart_talk".into(),
        "style" => "S5".into(),
        "include" => "sensitive".into(),
        // the surname of all of them: an answer may say again what was asked
        "q" => "石".into(),
        "limit" => "50".into(),
        "cursor" | "id" | "state" | "pop" => return None,
        _ => match ty {
            "integer" => "1".into(),
            "boolean" => "true".into(),
            _ => return None,
        },
    })
}

fn of_school(fill: Fill) -> bool {
    match fill {
        Fill::SchoolCode | Fill::Account | Fill::Nobody | Fill::Word(_) | Fill::Room => true,
        Fill::Table(name) => tongxing::tables()
            .iter()
            .any(|t| t.name == name && t.column("child_id").is_none()),
        Fill::Child | Fill::Record | Fill::Duty | Fill::ClassCode => false,
    }
}

/// A body of a schema; whether it names a child of the place (`Body`) or its school (`None`).
fn object(town: &Town, schema: &Json, place: Place) -> (Json, Option<Target>) {
    let mut out = Map::new();
    let mut named = None;
    for (name, s) in schema["properties"].as_object().into_iter().flatten() {
        let v = match name.as_str() {
            "id" => continue,
            "child" => {
                named = Some(Target::Body);
                json!(town.child(place))
            }
            "children" => {
                named = Some(Target::Body);
                json!([town.child(place)])
            }
            "lines" | "guardians" | "parents" | "fields" | "photo" | "mapping" => continue,
            "school" => {
                named = named.or(Some(Target::None));
                json!(town.school_code(place))
            }
            "class" => json!(town.class_code(place)),
            "scheme" | "style" => json!("S5"),
            "kind" => s["enum"]
                .as_array()
                .filter(|e| !e.iter().any(|k| k == "heart_talk"))
                .and_then(|e| e.first().cloned())
                .unwrap_or(json!("heart_talk")),
            "on" | "from" | "to" | "valid_to" | "date" | "birth_date" | "day" => json!(TODAY),
            "code" => json!(format!("9{}", place as u8 + 1)),
            "base_version" => json!(1),
            "helper" | "adult" => json!(town.helper(place)),
            "id_no" | "student_no" | "phone" | "parent_phone" => continue,
            "current" | "new" | "passphrase" => json!("xx"),
            "url" => json!("https://example.org/x"),
            "reason" => json!("因为"),
            _ => match s["type"].as_str() {
                Some("integer" | "number") => json!(1),
                Some("boolean") => json!(true),
                Some("array") => json!([]),
                Some("object") => json!({}),
                _ => s["enum"]
                    .as_array()
                    .and_then(|e| e.first().cloned())
                    .unwrap_or(json!("字")),
            },
        };
        out.insert(name.clone(), v);
    }
    (out.into(), named)
}
fn form(town: &Town, place: Place) -> Vec<(String, String)> {
    let child = town.child(place).to_string();
    [
        ("child", child.as_str()),
        ("children", &child),
        ("c", &child),
        ("school", town.school_code(place)),
        ("class", town.class_code(place)),
        ("kind", "heart_talk"),
        ("on", TODAY),
        ("from", TODAY),
        ("to", TODAY),
        ("state", "done"),
        ("text", "字"),
        ("name", "矩阵"),
        ("reason", "因为"),
        ("outcome", "met"),
        ("key", &tx_base::Id::fresh().to_string()),
    ]
    .iter()
    .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
    .collect()
}

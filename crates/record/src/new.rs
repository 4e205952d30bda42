//! A record before it is stored: parsed and checked at the door.

use crate::kind::{About, Kind, find_kind};
use crate::own::Declared;
use serde_json::{Map, Value as Json};
use tx_base::{Day, Fault, FieldFault, Id, Result, say};

/// Outcomes of a contact (features C11): only `met` settles a duty, and for talks by phone also `phone`.
pub const OUTCOMES: &[&str] = &["met", "tried", "phone", "refused"];
/// A planned day may lie this many days ahead (security.md §5).
const PLAN_AHEAD: i32 = 731;
/// How far back something done with a child may lie when it is written, in years.
const YEARS_BACK: i32 = 10;
const TEXT_MAX: usize = 8000;
const LINES_MAX: usize = 5000;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewLine {
    pub child: Option<Id>,
    pub adult: Option<Id>,
    pub item: Option<String>,
    pub role: Option<String>,
    /// empty = `met`
    pub outcome: String,
    pub quantity: Option<i64>,
    pub fields: Map<String, Json>,
}

impl NewLine {
    pub fn child(id: Id) -> NewLine {
        NewLine {
            child: Some(id),
            outcome: "met".into(),
            ..NewLine::default()
        }
    }
}

#[derive(Clone, Debug)]
pub struct NewRecord {
    pub id: Id,
    pub kind: &'static Kind,
    /// the kind's fields with those of the school
    pub declared: Declared,
    pub school: Id,
    pub class: Option<Id>,
    pub on: Day,
    /// planned, done, cancelled
    pub state: String,
    pub title: Option<String>,
    pub text: String,
    pub fields: Map<String, Json>,
    pub lines: Vec<NewLine>,
    /// when it was written, if not now: what the demonstration and taken-over data bring along
    pub written_at: Option<tx_base::Time>,
}

impl NewRecord {
    pub fn new(kind: &'static Kind, school: Id, on: Day) -> NewRecord {
        NewRecord {
            id: Id::fresh(),
            kind,
            declared: Declared::plain(kind),
            school,
            class: None,
            on,
            state: "done".into(),
            title: None,
            text: String::new(),
            fields: Map::new(),
            lines: Vec::new(),
            written_at: None,
        }
    }
}

impl NewRecord {
    /// The same under the id of a record that stands.
    pub(crate) fn named(&self, id: Id) -> NewRecord {
        NewRecord { id, ..self.clone() }
    }
}

/// Reads a record as the API takes it. Every wrong field is named with its reason; nothing is guessed.
pub fn parse(body: &Map<String, Json>, school: Id, today: Day) -> Result<NewRecord> {
    let kind = body.get("kind").and_then(Json::as_str).and_then(find_kind);
    parse_as(kind.map(Declared::plain), body, school, today, false)
}

/// As [`parse`], with the own fields of the school. `stood` keeps fields that have ended: for records that were written before.
pub fn parse_as(
    declared: Option<Declared>,
    body: &Map<String, Json>,
    school: Id,
    today: Day,
    stood: bool,
) -> Result<NewRecord> {
    const KNOWN: &[&str] = &[
        "id", "kind", "on", "state", "title", "text", "fields", "children", "lines", "class", "school",
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
    let word = |name: &str| body.get(name).and_then(Json::as_str);
    let kind = declared.as_ref().map(|d| d.kind);
    if kind.is_none() {
        fault(
            "kind",
            format!("没有这种记录：{}", word("kind").unwrap_or_default()),
            format!("no such kind: {}", word("kind").unwrap_or_default()),
        );
    }
    let id = match body.get("id") {
        None | Some(Json::Null) => Id::fresh(),
        Some(v) => v.as_str().and_then(|s| s.parse().ok()).unwrap_or_else(|| {
            fault("id", "要 UUID".into(), "a UUID is needed".into());
            Id::NIL
        }),
    };
    let state = word("state").unwrap_or("done").to_owned();
    if !["planned", "done", "cancelled"].contains(&state.as_str()) {
        fault(
            "state",
            format!("没有这个状态：{state}"),
            format!("no such state: {state}"),
        );
    }
    let on = match word("on").map(Day::parse) {
        Some(Ok(d)) => d,
        Some(Err(e)) => {
            fault("on", e.zh, e.en);
            today
        }
        None => today,
    };
    if state == "done" && on > today.plus(1) {
        fault(
            "on",
            format!("{on} 还没到，做过的事不能记在明天以后"),
            format!("{on} has not come; what is done cannot lie after tomorrow"),
        );
    } else if on > today.plus(PLAN_AHEAD) || on < Day::lit("1990-01-01") {
        fault("on", format!("{on} 太远了"), format!("{on} is too far away"));
    } else if !stood && kind.is_some_and(|k| k.about == About::Children) && on < today.plus_months(-12 * YEARS_BACK) {
        // papers and projects of a school may be older; what was done with a child here is not
        fault(
            "on",
            format!("{on} 是 {YEARS_BACK} 年以前了，日期对吗"),
            format!("{on} is more than {YEARS_BACK} years ago: is the day right?"),
        );
    }
    let text = word("text").unwrap_or_default().to_owned();
    if text.chars().count() > TEXT_MAX {
        fault(
            "text",
            format!("最多 {TEXT_MAX} 个字"),
            format!("at most {TEXT_MAX} characters"),
        );
    }
    let fields = match body.get("fields") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(o)) => o.clone(),
        Some(_) => {
            fault("fields", "要一个对象".into(), "an object is needed".into());
            Map::new()
        }
    };
    let mut lines: Vec<NewLine> = Vec::new();
    for (i, v) in body
        .get("children")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        match v.as_str().and_then(|s| s.parse().ok()) {
            Some(id) => lines.push(NewLine::child(id)),
            None => fault(&format!("children[{i}]"), "要 UUID".into(), "a UUID is needed".into()),
        }
    }
    let asked = |all: &[crate::Field], d: &Declared| -> Vec<crate::Field> {
        all.iter()
            .filter(|f| stood || !d.ended.contains(&f.id))
            .copied()
            .collect()
    };
    let line_fields = declared.as_ref().map(|d| asked(&d.line, d)).unwrap_or_default();
    let mut more: Vec<FieldFault> = Vec::new();
    for (i, v) in body
        .get("lines")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        lines.push(parse_line(
            v,
            &format!("lines[{i}]."),
            &line_fields,
            state == "done",
            &mut more,
        ));
    }
    if lines.len() > LINES_MAX {
        fault(
            "lines",
            format!("最多 {LINES_MAX} 行"),
            format!("at most {LINES_MAX} lines"),
        );
    }
    let mut seen = std::collections::HashSet::new();
    let whom = |l: &NewLine| (l.child, l.adult, l.item.clone());
    if let Some(twice) = lines
        .iter()
        .find(|l| whom(l) != (None, None, None) && !seen.insert(whom(l)))
    {
        let (zh, en) = match twice {
            NewLine { child: Some(c), .. } => (
                format!("同一个孩子写了两行：{c}"),
                format!("the same child stands twice: {c}"),
            ),
            NewLine { adult: Some(a), .. } => (
                format!("同一个大人写了两行：{a}"),
                format!("the same adult stands twice: {a}"),
            ),
            other => {
                let item = other.item.as_deref().unwrap_or_default();
                (
                    format!("同一样东西写了两行：{item}"),
                    format!("the same thing stands twice: {item}"),
                )
            }
        };
        fault("lines", zh, en);
    }
    if let Some(d) = &declared {
        let k = d.kind;
        if k.about == About::Children && lines.iter().all(|l| l.child.is_none()) {
            fault(
                "children",
                "要至少一个孩子".into(),
                "at least one child is needed".into(),
            );
        }
        Kind::check(&asked(&d.head, d), &fields, "fields.", state == "done", &mut more);
        if let Some((field, why)) = (k.rule)(&fields, on) {
            more.push(FieldFault {
                field: format!("fields.{field}"),
                reason: why.into(),
            });
        }
    }
    bad.extend(more);
    let (Some(declared), true) = (declared, bad.is_empty()) else {
        return Err(Fault::fields(bad));
    };
    Ok(NewRecord {
        id,
        kind: declared.kind,
        declared,
        school,
        class: None,
        on,
        state,
        title: word("title").map(str::to_owned),
        text,
        fields,
        lines,
        written_at: None,
    })
}

fn parse_line(v: &Json, place: &str, declared: &[crate::Field], done: bool, bad: &mut Vec<FieldFault>) -> NewLine {
    let mut fault = |field: &str, zh: &str, en: &str| {
        bad.push(FieldFault {
            field: format!("{place}{field}"),
            reason: say(zh, en),
        })
    };
    let Some(o) = v.as_object() else {
        fault("", "要一个对象", "an object is needed");
        return NewLine::default();
    };
    for name in o
        .keys()
        .filter(|k| !["id", "child", "adult", "item", "role", "outcome", "quantity", "fields"].contains(&k.as_str()))
    {
        fault(name, "没有这个字段", "there is no such field");
    }
    let mut line = NewLine {
        outcome: "met".into(),
        ..NewLine::default()
    };
    for (name, slot) in [("child", &mut line.child), ("adult", &mut line.adult)] {
        if let Some(v) = o.get(name).filter(|v| !v.is_null()) {
            *slot = v.as_str().and_then(|s| s.parse().ok());
            if slot.is_none() {
                fault(name, "要 UUID", "a UUID is needed");
            }
        }
    }
    let short = |name: &str| {
        o.get(name)
            .and_then(Json::as_str)
            .map(|s| s.chars().take(200).collect::<String>())
    };
    line.item = short("item");
    line.role = short("role");
    if line.child.is_none() && line.adult.is_none() && line.item.is_none() {
        fault(
            "child",
            "一行要有孩子、大人或物品",
            "a line needs a child, an adult or an item",
        );
    }
    if let Some(v) = o.get("outcome") {
        match v.as_str().filter(|s| OUTCOMES.contains(s)) {
            Some(s) => line.outcome = s.into(),
            None => fault(
                "outcome",
                "只能是 met tried phone refused",
                "one of met tried phone refused",
            ),
        }
    }
    if let Some(v) = o.get("quantity").filter(|v| !v.is_null()) {
        match v.as_i64().filter(|n| (0..=1_000_000).contains(n)) {
            Some(n) => line.quantity = Some(n),
            None => fault(
                "quantity",
                "要 0 到 1000000 的整数",
                "a whole number from 0 to 1,000,000",
            ),
        }
    }
    if let Some(f) = o.get("fields").and_then(Json::as_object) {
        line.fields = f.clone();
    }
    Kind::check(declared, &line.fields, &format!("{place}fields."), done, bad);
    line
}

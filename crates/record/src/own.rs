//! Own fields of a school or county (features B19): added by the head or the office, they stand in form, page, list, ledger and JSON beside the
//! declared ones, under a code that begins with `x_`. An ended field is asked no more; what was written in it stays.

use crate::kind::{Field, FieldType, Kind, NOTE, Opt, find_kind};
use crate::tables::OWN_FIELDS;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use std::sync::Mutex;
use tx_base::{Day, Fault, FieldFault, Id, Result, Text, say};
use tx_store::{Class, Conn, Write, params, row};

/// The kind by which own fields of the child's file are kept.
pub const CHILD: &str = "child";
/// Types that an own field may have.
pub const TYPES: &[(&str, Text)] = &[
    ("text", tx_base::t("一行字", "A line of text")),
    ("long_text", tx_base::t("一段话", "Longer text")),
    ("choice", tx_base::t("选一个", "One of a list")),
    ("choices", tx_base::t("选几个", "Some of a list")),
    ("count", tx_base::t("整数", "Whole number")),
    ("number", tx_base::t("小数", "Number")),
    ("money", tx_base::t("金额（元）", "Amount (yuan)")),
    ("day", tx_base::t("日期", "Day")),
    ("yes", tx_base::t("是或否", "Yes or no")),
];
/// Own fields of one kind: more would make no form that anybody fills in.
const MOST: usize = 30;

/// A field that a school added.
#[derive(Clone, Debug)]
pub struct OwnField {
    pub id: Id,
    pub version: i64,
    /// `None` = the whole county
    pub school: Option<Id>,
    /// id of a kind, or [`CHILD`]
    pub kind: String,
    /// begins with `x_`
    pub code: String,
    pub name: String,
    pub ty: String,
    /// id and name
    pub choices: Vec<(String, String)>,
    pub class: Class,
    pub on_lines: bool,
    pub ended_on: Option<Day>,
}

impl OwnField {
    /// As the engine takes it. Declarations hold texts for the length of the program, so each version of an own field is kept once.
    pub fn field(&self) -> Field {
        static KNOWN: Mutex<Option<HashMap<(Id, i64), Field>>> = Mutex::new(None);
        let mut known = KNOWN.lock().expect("no one panics here");
        let all = known.get_or_insert_with(HashMap::new);
        *all.entry((self.id, self.version)).or_insert_with(|| {
            let keep = |s: &str| -> &'static str { Box::leak(s.to_owned().into_boxed_str()) };
            let both = |s: &str| {
                let s = keep(s);
                tx_base::t(s, s)
            };
            let opts = || -> &'static [Opt] {
                let all: Vec<Opt> = self
                    .choices
                    .iter()
                    .map(|(id, name)| Opt {
                        id: keep(id),
                        name: both(name),
                    })
                    .collect();
                Box::leak(all.into_boxed_slice())
            };
            let ty = match self.ty.as_str() {
                "long_text" => FieldType::LongText,
                "choice" => FieldType::Choice(opts()),
                "choices" => FieldType::Choices(opts()),
                "count" => FieldType::Count,
                "number" => FieldType::Number,
                "money" => FieldType::Money,
                "day" => FieldType::Day,
                "yes" => FieldType::Yes,
                _ => FieldType::Text,
            };
            Field {
                id: keep(&self.code),
                name: both(&self.name),
                ty,
                class: self.class,
                required: false,
            }
        })
    }
    pub fn json(&self, school: Option<&str>) -> Json {
        json!({"id": self.id, "kind": self.kind, "code": self.code, "name": self.name, "type": self.ty, "class": self.class, "on_lines": self.on_lines,
            "school": school, "ended_on": self.ended_on,
            "choices": self.choices.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>()})
    }
}

fn class(code: &str) -> Class {
    match code {
        "O" => Class::O,
        "S" => Class::S,
        _ => Class::P,
    }
}

/// The own fields of a school and its county, ended ones too, in the order in which they were added.
pub fn own_fields(c: &Conn, county: Id, school: Option<Id>) -> Result<Vec<OwnField>> {
    let school = school.unwrap_or(Id::NIL);
    Ok((*c.kept(county, &school.to_string(), || all_of(c, county, school))?).clone())
}
fn all_of(c: &Conn, county: Id, school: Id) -> Result<Vec<OwnField>> {
    let sql = "select id, version, school_id, kind, code, name, field_type, choices, class, on_lines, ended_on from own_fields where county_id = ?1 and (school_id is null or school_id = ?2) order by id";
    let rows = c.query(sql, params![county, school])?;
    Ok(rows
        .iter()
        .map(|r| OwnField {
            id: r.id(0),
            version: r.int(1),
            school: r.opt_id(2),
            kind: r.text(3),
            code: r.text(4),
            name: r.text(5),
            ty: r.text(6),
            choices: r
                .json(7)
                .as_array()
                .into_iter()
                .flatten()
                .map(|o| {
                    (
                        o["id"].as_str().unwrap_or_default().to_owned(),
                        o["name"].as_str().unwrap_or_default().to_owned(),
                    )
                })
                .collect(),
            class: class(r.str(8)),
            on_lines: r.bool(9),
            ended_on: r.opt_day(10),
        })
        .collect())
}

/// A kind with everything that a school writes in it: what forms, checks, answers and ledgers go by.
#[derive(Clone, Debug)]
pub struct Declared {
    pub kind: &'static Kind,
    /// fields of the record, own ones last
    pub head: Vec<Field>,
    /// fields of a line, with [`NOTE`], own ones last
    pub line: Vec<Field>,
    /// codes of own fields that are asked no more
    pub ended: Vec<&'static str>,
}

impl Declared {
    /// The kind as the program declares it.
    pub fn plain(kind: &'static Kind) -> Declared {
        let mut line = kind.line_fields.to_vec();
        line.push(NOTE);
        Declared {
            kind,
            head: kind.fields.to_vec(),
            line,
            ended: Vec::new(),
        }
    }
    /// The kind with own fields out of `own`.
    pub fn with(kind: &'static Kind, own: &[OwnField], today: Day) -> Declared {
        let mut out = Declared::plain(kind);
        for o in own.iter().filter(|o| o.kind == kind.id) {
            let f = o.field();
            if o.on_lines { &mut out.line } else { &mut out.head }.push(f);
            if o.ended_on.is_some_and(|d| d <= today) {
                out.ended.push(f.id);
            }
        }
        out
    }
    /// The kind as a school writes it.
    pub fn of(c: &Conn, county: Id, school: Id, kind: &'static Kind, today: Day) -> Result<Declared> {
        Ok(Declared::with(kind, &own_fields(c, county, Some(school))?, today))
    }
    /// Fields that a form asks for.
    pub fn asked(&self) -> impl Iterator<Item = &Field> {
        self.head.iter().filter(|f| !self.ended.contains(&f.id))
    }
    pub fn line_asked(&self) -> impl Iterator<Item = &Field> {
        self.line.iter().filter(|f| !self.ended.contains(&f.id))
    }
    pub fn find(&self, id: &str) -> Option<&Field> {
        self.head.iter().find(|f| f.id == id)
    }
    pub fn find_line(&self, id: &str) -> Option<&Field> {
        self.line.iter().find(|f| f.id == id)
    }
}

/// Own fields of the child's file that are asked for today; `ended` adds those of before.
pub fn child_fields(c: &Conn, county: Id, school: Id, today: Day, ended: bool) -> Result<Vec<Field>> {
    Ok(own_fields(c, county, Some(school))?
        .iter()
        .filter(|o| o.kind == CHILD && (ended || o.ended_on.is_none_or(|d| d > today)))
        .map(OwnField::field)
        .collect())
}

/// An own field as it comes from the API or the page.
#[derive(Clone, Debug)]
pub struct NewOwn {
    pub school: Id,
    pub kind: String,
    /// without `x_`; empty: one is made
    pub code: String,
    pub name: String,
    pub ty: String,
    pub choices: Vec<String>,
    pub class: String,
    pub on_lines: bool,
}

/// Reads an own field. Unknown fields are an error that names them.
pub fn parse_own(body: &Map<String, Json>, school: Id) -> Result<NewOwn> {
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut fault = |field: &str, zh: String, en: String| {
        bad.push(FieldFault {
            field: field.into(),
            reason: say(zh, en),
        })
    };
    for name in body
        .keys()
        .filter(|k| !["kind", "code", "name", "type", "choices", "class", "on_lines", "school"].contains(&k.as_str()))
    {
        fault(
            name,
            format!("没有 {name} 这个字段"),
            format!("there is no field {name}"),
        );
    }
    let word = |name: &str| {
        body.get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let new = NewOwn {
        school,
        kind: word("kind"),
        code: word("code").trim_start_matches("x_").to_owned(),
        name: word("name"),
        ty: word("type"),
        choices: body
            .get("choices")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(|s| s.trim().to_owned())
            .filter(|s| !s.is_empty())
            .collect(),
        class: Some(word("class"))
            .filter(|c| !c.is_empty())
            .unwrap_or_else(|| "P".into()),
        on_lines: body.get("on_lines").and_then(Json::as_bool).unwrap_or_default(),
    };
    if new.kind != CHILD && find_kind(&new.kind).is_none() {
        fault(
            "kind",
            match new.kind.as_str() {
                "" => "请选一种记录".into(),
                kind => format!("没有这种记录：{kind}"),
            },
            format!("no such kind: {}", new.kind),
        );
    }
    if new.name.is_empty() || new.name.chars().count() > 30 {
        fault(
            "name",
            "名称要 1 到 30 个字".into(),
            "a name of 1 to 30 characters is needed".into(),
        );
    }
    if new.code.len() > 30
        || !new
            .code
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        fault(
            "code",
            "代码只用小写字母、数字和下划线，最多 30 个".into(),
            "lower-case letters, digits and _ only, at most 30".into(),
        );
    }
    if !TYPES.iter().any(|(t, _)| *t == new.ty) {
        fault(
            "type",
            match new.ty.as_str() {
                "" => "请选一种类型".into(),
                ty => format!("没有这种类型：{ty}"),
            },
            format!("no such type: {}", new.ty),
        );
    }
    if !["O", "P", "S"].contains(&new.class.as_str()) {
        fault("class", "只能是 O、P 或 S".into(), "one of O, P, S".into());
    }
    let lists = ["choice", "choices"].contains(&new.ty.as_str());
    let mut seen = std::collections::HashSet::new();
    if lists && !(2..=50).contains(&new.choices.len()) {
        fault(
            "choices",
            "要 2 到 50 个选项".into(),
            "2 to 50 choices are needed".into(),
        );
    } else if new.choices.iter().any(|c| c.chars().count() > 30) {
        fault(
            "choices",
            "每个选项最多 30 个字".into(),
            "at most 30 characters a choice".into(),
        );
    } else if let Some(twice) = new.choices.iter().find(|c| !seen.insert(c.as_str())) {
        fault(
            "choices",
            format!("选项写了两遍：{twice}"),
            format!("a choice stands twice: {twice}"),
        );
    }
    if new.kind == CHILD && new.on_lines {
        fault(
            "on_lines",
            "孩子档案没有行".into(),
            "a child's file has no lines".into(),
        );
    }
    if bad.is_empty() {
        Ok(new)
    } else {
        Err(Fault::fields(bad))
    }
}

/// Adds an own field; gives its code. 409 when the code is taken, 422 when the kind has too many.
pub fn add_own(w: &mut Write, new: &NewOwn) -> Result<OwnField> {
    let all = own_fields(w.conn(), w.county(), Some(new.school))?;
    let of_kind = || all.iter().filter(|o| o.kind == new.kind);
    if of_kind().filter(|o| o.ended_on.is_none()).count() >= MOST {
        return Err(Fault::invalid(
            "kind",
            format!("一种记录最多 {MOST} 个自定字段"),
            format!("at most {MOST} own fields a kind"),
        ));
    }
    let taken = |code: &str| of_kind().any(|o| o.code == code);
    let code = if new.code.is_empty() {
        (1..).map(|n| format!("x_{n}")).find(|c| !taken(c)).unwrap_or_default()
    } else {
        format!("x_{}", new.code)
    };
    if taken(&code) {
        return Err(Fault::Conflict(say(
            format!("代码 {code} 已经有了"),
            format!("the code {code} is taken"),
        )));
    }
    if of_kind().any(|o| o.name == new.name && o.ended_on.is_none()) {
        return Err(Fault::invalid(
            "name",
            format!("{}已经有了", new.name),
            format!("{} exists already", new.name),
        ));
    }
    let id = Id::fresh();
    let choices: Vec<(String, String)> = new
        .choices
        .iter()
        .enumerate()
        .map(|(i, n)| (format!("c{}", i + 1), n.clone()))
        .collect();
    let stored: Json = choices
        .iter()
        .map(|(id, name)| json!({"id": id, "name": name}))
        .collect();
    w.insert(
        &OWN_FIELDS,
        row!["id" => id, "school_id" => new.school, "kind" => new.kind.as_str(), "code" => code.as_str(), "name" => new.name.as_str(), "field_type" => new.ty.as_str(),
            "choices" => stored.to_string(), "class" => new.class.as_str(), "on_lines" => new.on_lines],
    )?;
    Ok(OwnField {
        id,
        version: 1,
        school: Some(new.school),
        kind: new.kind.clone(),
        code,
        name: new.name.clone(),
        ty: new.ty.clone(),
        choices,
        class: class(&new.class),
        on_lines: new.on_lines,
        ended_on: None,
    })
}

/// Ends an own field of this school: it is asked no more from today on, what was written stays. `NotFound` for one of another school.
pub fn end_own(w: &mut Write, school: Id, id: Id, today: Day) -> Result<()> {
    let all = own_fields(w.conn(), w.county(), Some(school))?;
    let one = all
        .iter()
        .find(|o| o.id == id && o.school == Some(school))
        .ok_or(Fault::NotFound)?;
    if one.ended_on.is_none() {
        w.update(&OWN_FIELDS, id, row!["ended_on" => today])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(v: Json) -> Map<String, Json> {
        v.as_object().cloned().expect("an object")
    }

    #[test]
    fn what_cannot_be_a_field_is_named() {
        let e = parse_own(
            &body(
                json!({"kind": "child", "name": "", "type": "wish", "code": "Bus", "class": "X", "on_lines": true, "more": 1}),
            ),
            Id::NIL,
        );
        let Err(Fault::Invalid(_, bad)) = e else {
            panic!("{e:?}")
        };
        let names: Vec<&str> = bad.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(names, ["more", "name", "code", "type", "class", "on_lines"]);
        let e = parse_own(
            &body(json!({"kind": "child", "name": "校车", "type": "choice", "choices": ["甲", "甲"]})),
            Id::NIL,
        );
        assert!(matches!(e, Err(Fault::Invalid(_, f)) if f[0].field == "choices"));
    }

    #[test]
    fn a_version_of_an_own_field_is_one_declaration() {
        let f = OwnField {
            id: Id::fresh(),
            version: 1,
            school: None,
            kind: "child".into(),
            code: "x_bus".into(),
            name: "校车".into(),
            ty: "choice".into(),
            choices: vec![("c1".into(), "坐".into()), ("c2".into(), "不坐".into())],
            class: Class::P,
            on_lines: false,
            ended_on: None,
        };
        assert!(std::ptr::eq(f.field().id, f.field().id), "kept once");
        assert!(f.field().check(&json!("c2")).is_ok() && f.field().check(&json!("坐")).is_err());
        assert!(!f.field().sealed(), "a coded choice stays plain for SQL");
    }
}

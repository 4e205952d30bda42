//! Reading a child as the API and the forms send it. Every wrong or unknown field is named.

use crate::change::{File, Guardian, Parent};
use crate::facts::{Fact, OF_CHILD, OF_GUARDIAN, OF_PARENT};
use crate::new::Facts;
use crate::status::{Parent as Who, Where};
use serde_json::{Map, Value as Json};
use tx_base::{Day, Fault, FieldFault, Id, Result, Say, say};
use tx_sheet::{Ethnic, HukouKind, IdKind, IdNumber, Phone, Relation};

type Object = Map<String, Json>;

/// Where a parent is (domain.md §2).
pub const WHEREABOUTS: [&str; 5] = ["home", "away_work", "away_other", "dead", "unknown"];
/// Fields of a child that are not among [`OF_CHILD`].
const FIELDS: &[&str] = &[
    "id",
    "school",
    "class",
    "name",
    "former_name",
    "sex",
    "birth_date",
    "id_kind",
    "id_no",
    "student_no",
    "class_no",
    "ethnic",
    "hukou_kind",
    "hukou_address",
    "home_address",
    "village",
    "boarder",
    "guardians",
    "left_behind",
    "parents",
    "sibling",
];
const WORD_MAX: usize = 200;
const LONG_MAX: usize = 2000;

struct Reader {
    bad: Vec<FieldFault>,
    today: Day,
}

impl Reader {
    fn fault(&mut self, field: &str, reason: Say) {
        self.bad.push(FieldFault {
            field: field.into(),
            reason,
        });
    }
    fn known(&mut self, o: &Object, at: &str, fields: &[&str], facts: &[Fact]) {
        for name in o.keys() {
            if !fields.contains(&name.as_str()) && !facts.iter().any(|f| f.id == name) {
                self.fault(
                    &format!("{at}{name}"),
                    say(format!("没有 {name} 这个字段"), format!("there is no field {name}")),
                );
            }
        }
    }
    /// A text, trimmed; nothing for null, an empty text or a field that is not there.
    fn word(&mut self, o: &Object, at: &str, name: &str, max: usize) -> Option<String> {
        let field = format!("{at}{name}");
        match o.get(name) {
            None | Some(Json::Null) => None,
            Some(Json::String(s)) => {
                let s = s.trim();
                if s.chars().count() > max {
                    self.fault(
                        &field,
                        say(format!("最多 {max} 个字"), format!("at most {max} characters")),
                    );
                }
                if s.chars().any(|c| c.is_control() && !(c == '\n' && max > WORD_MAX)) {
                    self.fault(&field, say("有看不见的控制字符", "there is a control character in it"));
                }
                (!s.is_empty()).then(|| s.to_owned())
            }
            Some(Json::Number(n)) => Some(n.to_string()),
            Some(_) => {
                self.fault(&field, say("要写成文字", "a text is needed"));
                None
            }
        }
    }
    fn one_of(&mut self, o: &Object, at: &str, name: &str, codes: &[&str]) -> Option<String> {
        let v = self.word(o, at, name, WORD_MAX)?;
        if codes.contains(&v.as_str()) {
            return Some(v);
        }
        self.fault(
            &format!("{at}{name}"),
            say(
                format!("只能是 {}", codes.join("、")),
                format!("one of {}", codes.join(", ")),
            ),
        );
        None
    }
    fn yes(&mut self, o: &Object, at: &str, name: &str) -> Option<bool> {
        match o.get(name) {
            None | Some(Json::Null) => None,
            Some(Json::Bool(b)) => Some(*b),
            Some(_) => {
                self.fault(&format!("{at}{name}"), say("只能是 true 或 false", "true or false"));
                None
            }
        }
    }
    fn day(&mut self, o: &Object, at: &str, name: &str) -> Option<Day> {
        let v = self.word(o, at, name, WORD_MAX)?;
        match Day::parse(&v) {
            Ok(d) if d > self.today.plus(366) || d < self.today.plus_months(-12 * 100) => {
                self.fault(
                    &format!("{at}{name}"),
                    say(format!("{d} 这个日期不对"), format!("{d} cannot be the day")),
                );
                None
            }
            Ok(d) => Some(d),
            Err(e) => {
                self.fault(&format!("{at}{name}"), e);
                None
            }
        }
    }
    fn phone(&mut self, o: &Object, at: &str) -> Option<String> {
        let v = self.word(o, at, "phone", WORD_MAX)?;
        match Phone::parse(&v) {
            Ok(p) => Some(p.as_str().to_owned()),
            Err(e) => {
                self.fault(&format!("{at}phone"), e);
                None
            }
        }
    }
    fn facts(&mut self, o: &Object, at: &str, of: &[Fact]) -> Facts {
        let mut out = Facts::new();
        for f in of {
            let max = if f.long { LONG_MAX } else { WORD_MAX };
            if let Some(v) = self.word(o, at, f.id, max) {
                out.insert(f.id.into(), v);
            }
        }
        out
    }
    fn list(&mut self, o: &Object, name: &str) -> Vec<(String, Object)> {
        let bad = say("要一个列表，每项一个对象", "a list of objects is needed");
        match o.get(name) {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Array(a)) if a.len() > 12 => {
                self.fault(name, say("最多 12 项", "at most 12"));
                Vec::new()
            }
            Some(Json::Array(a)) => {
                let mut out = Vec::new();
                for (i, v) in a.iter().enumerate() {
                    match v {
                        Json::Object(o) => out.push((format!("{name}[{i}]."), o.clone())),
                        _ => self.fault(&format!("{name}[{i}]"), bad.clone()),
                    }
                }
                out
            }
            Some(_) => {
                self.fault(name, bad);
                Vec::new()
            }
        }
    }
    fn guardian(&mut self, o: &Object, at: &str) -> Guardian {
        self.known(o, at, &["name", "relation", "phone", "address"], OF_GUARDIAN);
        let name = self.word(o, at, "name", 60).unwrap_or_default();
        if name.is_empty() {
            self.fault(
                &format!("{at}name"),
                say("监护人姓名还没填", "the guardian's name is missing"),
            );
        }
        let relation = self.word(o, at, "relation", 20).unwrap_or_default();
        let relation = Relation::from_code(&relation)
            .or_else(|| tx_sheet::parse_relation(&relation))
            .map_or(relation, |r| r.code().to_owned());
        Guardian {
            name,
            relation,
            phone: self.phone(o, at),
            address: self.word(o, at, "address", WORD_MAX),
            more: self.facts(o, at, OF_GUARDIAN),
            ..Guardian::default()
        }
    }
    fn parent(&mut self, o: &Object, at: &str) -> Parent {
        self.known(
            o,
            at,
            &[
                "parent", "name", "where", "from", "to", "place", "phone", "capacity", "cause",
            ],
            OF_PARENT,
        );
        let parent = self.one_of(o, at, "parent", &["father", "mother"]);
        if parent.is_none() && !self.bad.iter().any(|b| b.field == format!("{at}parent")) {
            self.fault(
                &format!("{at}parent"),
                say("只能是 father 或 mother", "father or mother"),
            );
        }
        let (from, to) = (self.day(o, at, "from"), self.day(o, at, "to"));
        if let (Some(a), Some(b)) = (from, to)
            && b < a
        {
            self.fault(&format!("{at}to"), say("结束早于开始", "it ends before it begins"));
        }
        // an unknown one is among the faults
        let who = parent.as_deref().and_then(Who::parse).unwrap_or(Who::Father);
        Parent {
            name: self.word(o, at, "name", 60),
            whereabouts: self
                .one_of(o, at, "where", &WHEREABOUTS)
                .map_or(Where::Unknown, |w| Where::parse(&w)),
            from,
            to,
            place: self.word(o, at, "place", WORD_MAX),
            phone: self.phone(o, at),
            capacity: self.one_of(o, at, "capacity", &["able", "unable"]),
            cause: self.word(o, at, "cause", WORD_MAX),
            more: self.facts(o, at, OF_PARENT),
            ..Parent::new(who)
        }
    }
    fn id_no(&mut self, o: &Object) -> (Option<String>, Option<String>) {
        let kind = self.one_of(o, "", "id_kind", &["resident", "permit", "passport", "other"]);
        let Some(text) = self.word(o, "", "id_no", 40) else {
            return (kind, None);
        };
        let of = match kind.as_deref() {
            Some("permit") => IdKind::Permit,
            Some("passport") => IdKind::Passport,
            Some("other") => IdKind::Other,
            _ => IdKind::Resident,
        };
        match if kind.is_none() {
            IdNumber::parse(&text)
        } else {
            IdNumber::parse_as(of, &text)
        } {
            Ok(no) => (kind, Some(no.as_str().to_owned())),
            Err(e) => {
                self.fault("id_no", e);
                (kind, None)
            }
        }
    }
}

/// Reads a new child as the API takes it; `class` is found by the caller. Unknown fields are an error that names them.
pub fn parse(body: &Object, school: Id, class: Option<Id>, today: Day) -> Result<File> {
    read(body, school, class, today, true)
}
/// Reads the fields of a correction: what is not named is not looked at.
pub(crate) fn parse_change(body: &Object, school: Id, class: Option<Id>, today: Day) -> Result<File> {
    read(body, school, class, today, body.contains_key("name"))
}

fn read(body: &Object, school: Id, class: Option<Id>, today: Day, named: bool) -> Result<File> {
    let mut r = Reader { bad: Vec::new(), today };
    r.known(body, "", FIELDS, OF_CHILD);
    let id = match body.get("id") {
        None | Some(Json::Null) => Id::fresh(),
        Some(v) => v.as_str().and_then(|s| s.parse().ok()).unwrap_or_else(|| {
            r.fault("id", say("要 UUID", "a UUID is needed"));
            Id::NIL
        }),
    };
    let entered = r.word(body, "", "name", WORD_MAX);
    let mut name = String::new();
    if named {
        match entered
            .as_deref()
            .map_or_else(|| tx_sheet::parse_name(""), tx_sheet::parse_name)
        {
            Ok(n) => name = n.name,
            Err(e) => r.fault("name", e),
        }
    }
    let birth_date = match r.word(body, "", "birth_date", WORD_MAX).map(|s| Day::parse(&s)) {
        Some(Ok(d)) if d > today || d < today.plus_months(-12 * 25) => {
            r.fault(
                "birth_date",
                say(
                    format!("{d} 不像学生的出生日期"),
                    format!("{d} is no pupil's birth date"),
                ),
            );
            None
        }
        Some(Ok(d)) => Some(d),
        Some(Err(e)) => {
            r.fault("birth_date", e);
            None
        }
        None => None,
    };
    let (id_kind, id_no) = r.id_no(body);
    let class_no = match body.get("class_no") {
        None | Some(Json::Null) => None,
        Some(v) => {
            let n = v.as_i64().or_else(|| v.as_str().and_then(|s| s.trim().parse().ok()));
            match n {
                Some(n) if (1..=999).contains(&n) => Some(n),
                _ if v.as_str().is_some_and(|s| s.trim().is_empty()) => None,
                _ => {
                    r.fault("class_no", say("要 1 到 999 的数", "a number from 1 to 999"));
                    None
                }
            }
        }
    };
    let ethnic = r.word(body, "", "ethnic", 20).and_then(|s| match Ethnic::parse(&s) {
        Some(e) => Some(e.name()),
        None => {
            r.fault(
                "ethnic",
                say(format!("没有“{s}”这个民族"), format!("no such people: {s}")),
            );
            None
        }
    });
    let hukou_kind = r.word(body, "", "hukou_kind", 20).and_then(|s| {
        match HukouKind::from_code(&s).or_else(|| tx_sheet::parse_hukou_kind(&s)) {
            Some(k) => Some(k.code().to_owned()),
            None => {
                r.fault("hukou_kind", say("只能是 rural 或 urban", "rural or urban"));
                None
            }
        }
    });
    let student_no = r.word(body, "", "student_no", 30);
    if student_no
        .as_deref()
        .is_some_and(|s| !s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    {
        r.fault(
            "student_no",
            say("学籍号只有字母和数字", "a student number has letters and digits only"),
        );
    }
    let guardians = r
        .list(body, "guardians")
        .iter()
        .map(|(at, o)| r.guardian(o, at))
        .collect();
    let parents = r.list(body, "parents").iter().map(|(at, o)| r.parent(o, at)).collect();
    let left = r.yes(body, "", "left_behind");
    let household = match r.word(body, "", "sibling", WORD_MAX).map(|s| s.parse::<Id>()) {
        Some(Err(())) => {
            r.fault("sibling", say("要孩子的编号", "the id of a child is needed"));
            None
        }
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let new = File {
        id,
        school,
        class,
        entered_name: entered.unwrap_or_default(),
        name,
        former_name: r.word(body, "", "former_name", 60),
        sex: r.one_of(body, "", "sex", &["f", "m"]),
        birth_date,
        birth_precision: birth_date.map(|_| "day".into()),
        id_kind,
        id_no,
        student_no,
        class_no,
        ethnic,
        hukou_kind,
        hukou_address: r.word(body, "", "hukou_address", WORD_MAX),
        home_address: r.word(body, "", "home_address", WORD_MAX),
        village: r.word(body, "", "village", 60),
        boarder: r.yes(body, "", "boarder"),
        more: r.facts(body, "", OF_CHILD),
        guardians,
        parents,
        listed: (left == Some(true)).then(|| (today, "hand".into())),
        not_listed_on: (left == Some(false)).then_some(today),
        // the sibling's id; the caller finds the household
        household,
        source: Some("api".into()),
        ..File::default()
    };
    if r.bad.is_empty() {
        Ok(new)
    } else {
        Err(Fault::fields(r.bad))
    }
}

//! Kinds of records as declarations, over a closed set of field types.

use serde_json::{Map, Value as Json, json};
use std::sync::OnceLock;
use tx_access::Role;
use tx_base::{Day, FieldFault, Say, Text, say};
use tx_store::Class;

/// One choice of a choice field.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    pub id: &'static str,
    pub name: Text,
}

/// What a field holds. Matched without a catch-all, so a new type does not compile until every output knows it.
#[derive(Clone, Copy, Debug)]
pub enum FieldType {
    /// one line, at most 200 characters
    Text,
    /// free words, at most 8,000 characters
    LongText,
    Choice(&'static [Opt]),
    Choices(&'static [Opt]),
    /// a whole number from 0 to 1,000,000
    Count,
    /// a number with at most three decimals, from −1,000,000,000 to 1,000,000,000
    Number,
    /// yuan with at most two decimals
    Money,
    Day,
    Yes,
}

/// A field of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub id: &'static str,
    pub name: Text,
    pub ty: FieldType,
    pub class: Class,
    pub required: bool,
}

macro_rules! makers {
    ($($name:ident => $ty:ident),*) => { $(
        #[doc = concat!("A field of type `", stringify!($ty), "`, class O unless changed.")]
        pub const fn $name(id: &'static str, name: Text) -> Field { Field { id, name, ty: FieldType::$ty, class: Class::O, required: false } }
    )* };
}
makers!(text => Text, long_text => LongText, count => Count, number => Number, money => Money, day => Day, yes => Yes);
/// One of a few.
pub const fn choice(id: &'static str, name: Text, opts: &'static [Opt]) -> Field {
    Field {
        id,
        name,
        ty: FieldType::Choice(opts),
        class: Class::O,
        required: false,
    }
}
/// Some of a few.
pub const fn choices(id: &'static str, name: Text, opts: &'static [Opt]) -> Field {
    Field {
        id,
        name,
        ty: FieldType::Choices(opts),
        class: Class::O,
        required: false,
    }
}

impl Field {
    #[must_use]
    pub const fn class(mut self, class: Class) -> Field {
        self.class = class;
        self
    }
    #[must_use]
    pub const fn required(mut self) -> Field {
        self.required = true;
        self
    }
    /// Whether its value is kept sealed: free words about people and everything sensitive (security.md §2).
    pub const fn sealed(&self) -> bool {
        match self.class {
            Class::O => false,
            Class::P => matches!(self.ty, FieldType::Text | FieldType::LongText),
            Class::S | Class::X => true,
        }
    }
    /// Checks a value that was sent.
    pub fn check(&self, v: &Json) -> Result<(), Say> {
        let limit = |s: &str, n: usize| {
            if s.chars().count() <= n {
                Ok(())
            } else {
                Err(say(format!("最多 {n} 个字"), format!("at most {n} characters")))
            }
        };
        let known = |opts: &[Opt], v: &Json| {
            let id = v.as_str().unwrap_or_default();
            if opts.iter().any(|o| o.id == id) {
                Ok(())
            } else {
                Err(say(format!("没有这个选项：{v}"), format!("no such choice: {v}")))
            }
        };
        match self.ty {
            FieldType::Text => v
                .as_str()
                .map_or_else(|| Err(say("要文字", "text is needed")), |s| limit(s, 200)),
            FieldType::LongText => v
                .as_str()
                .map_or_else(|| Err(say("要文字", "text is needed")), |s| limit(s, 8000)),
            FieldType::Choice(opts) => known(opts, v),
            FieldType::Choices(opts) => match v.as_array() {
                Some(all) => all.iter().try_for_each(|v| known(opts, v)),
                None => Err(say("要一组选项", "a list of choices is needed")),
            },
            FieldType::Count => match v.as_u64() {
                Some(n) if n <= 1_000_000 => Ok(()),
                _ => Err(say(
                    "要 0 到 1000000 的整数",
                    "a whole number from 0 to 1,000,000 is needed",
                )),
            },
            FieldType::Number => match v.as_f64() {
                Some(n) if n.abs() <= 1e9 && ((n * 1e3).round() - n * 1e3).abs() < 1e-4 => Ok(()),
                _ => Err(say(
                    "要数字，最多三位小数",
                    "a number with at most three decimals is needed",
                )),
            },
            FieldType::Money => match v.as_f64() {
                Some(n) if n.abs() <= 1e9 && ((n * 100.0).round() - n * 100.0).abs() < 1e-6 => Ok(()),
                _ => Err(say(
                    "要金额，最多两位小数",
                    "an amount with at most two decimals is needed",
                )),
            },
            FieldType::Day => v
                .as_str()
                .map_or_else(|| Err(say("要日期", "a day is needed")), |s| Day::parse(s).map(|_| ())),
            FieldType::Yes => v
                .as_bool()
                .map(|_| ())
                .ok_or_else(|| say("要是或否", "true or false is needed")),
        }
    }
    /// Its type by name, as own fields and `GET /api/v1/kinds` say it.
    pub const fn type_code(&self) -> &'static str {
        match self.ty {
            FieldType::Text => "text",
            FieldType::LongText => "long_text",
            FieldType::Choice(_) => "choice",
            FieldType::Choices(_) => "choices",
            FieldType::Count => "count",
            FieldType::Number => "number",
            FieldType::Money => "money",
            FieldType::Day => "day",
            FieldType::Yes => "yes",
        }
    }
    /// Its JSON schema.
    pub fn schema(&self) -> Json {
        let ids = |opts: &[Opt]| opts.iter().map(|o| o.id).collect::<Vec<_>>();
        match self.ty {
            FieldType::Text | FieldType::LongText => json!({"type": "string"}),
            FieldType::Choice(o) => json!({"type": "string", "enum": ids(o)}),
            FieldType::Choices(o) => json!({"type": "array", "items": {"type": "string", "enum": ids(o)}}),
            FieldType::Count => json!({"type": "integer", "minimum": 0}),
            FieldType::Number | FieldType::Money => json!({"type": "number"}),
            FieldType::Day => json!({"type": "string", "format": "date"}),
            FieldType::Yes => json!({"type": "boolean"}),
        }
    }
}

/// What the lines of a kind are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Children,
    Adults,
    /// the school or a class as a whole; lines are possible
    Whole,
}

/// What belongs together where a person chooses a kind, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Talks,
    Visits,
    Help,
    Activities,
    Study,
    Body,
    Means,
}

impl Family {
    pub const ALL: [Family; 7] = [
        Family::Talks,
        Family::Visits,
        Family::Help,
        Family::Activities,
        Family::Study,
        Family::Body,
        Family::Means,
    ];
    pub const fn name(self) -> Text {
        match self {
            Family::Talks => tx_base::t("谈心和联系", "Talks and contact"),
            Family::Visits => tx_base::t("走访", "Visits"),
            Family::Help => tx_base::t("帮扶", "Help"),
            Family::Activities => tx_base::t("活动", "Activities"),
            Family::Study => tx_base::t("学习", "Study"),
            Family::Body => tx_base::t("健康", "Health"),
            Family::Means => tx_base::t("制度和保障", "Rules and means"),
        }
    }
}

/// A follow-up that a record promises: what is to be done, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promised {
    /// the kind that keeps the promise
    pub kind: &'static str,
    pub from: Day,
    pub to: Day,
    /// the post that it is handed to; without one it stays with who wrote the record
    pub post: Option<&'static str>,
}

/// A kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub id: &'static str,
    pub name: Text,
    /// the one character of its seal (screens.md)
    pub seal: &'static str,
    pub family: Family,
    pub about: About,
    pub fields: &'static [Field],
    pub line_fields: &'static [Field],
    /// who may write it, beside every staff role on the children in scope
    pub write: &'static [Role],
    /// what a quantity on a line means, if the kind has one
    pub quantity: Option<Text>,
    /// how its main words are named
    pub words: Text,
    /// a deed of this kind is its content: a form does not keep one that says nothing (features C1, C2, C4). Scripts may, since books that are
    /// taken over often have the day alone
    pub says: bool,
    /// marks a line for a rule beside its own, such as training given on a visit
    pub tags: fn(&Map<String, Json>) -> Vec<&'static str>,
    /// what its values must hold together on the day of the record: the field that does not, and why
    pub rule: fn(&Map<String, Json>, Day) -> Option<(&'static str, Text)>,
    /// the follow-up that plain fields promise, given the day of the record
    pub promise: fn(&Map<String, Json>, Day) -> Option<Promised>,
}

fn no_tags(_: &Map<String, Json>) -> Vec<&'static str> {
    Vec::new()
}

fn no_promise(_: &Map<String, Json>, _: Day) -> Option<Promised> {
    None
}

fn no_rule(_: &Map<String, Json>, _: Day) -> Option<(&'static str, Text)> {
    None
}

/// What every line may say beside its kind's own fields: the words that are meant for this one person.
pub const NOTE: Field = long_text("note", tx_base::t("另写一句", "A line of their own")).class(Class::P);

impl Kind {
    /// The plain kind that declarations start from.
    pub const PLAIN: Kind = Kind {
        id: "",
        name: tx_base::t("", ""),
        seal: "动",
        family: Family::Activities,
        about: About::Children,
        fields: &[],
        line_fields: &[],
        write: &[],
        quantity: None,
        words: tx_base::t("一句话", "In a line"),
        says: false,
        tags: no_tags,
        rule: no_rule,
        promise: no_promise,
    };
    /// Whether someone with these roles may write it: staff always, others where the declaration names them. Inspectors never
    /// (security.md §1).
    pub fn writable(&self, scope: &tx_access::Scope) -> bool {
        scope.roles.iter().any(|r| r.is_staff() || self.write.contains(r)) || scope.holds(tx_access::Post::Office)
    }
    /// Checks fields that were sent against the declaration: unknown ones are an error that names them, required ones may not lack.
    pub fn check(declared: &[Field], given: &Map<String, Json>, place: &str, done: bool, out: &mut Vec<FieldFault>) {
        for (name, v) in given {
            let reason = match declared.iter().find(|f| f.id == name) {
                None => Some(say(
                    format!("没有 {name} 这个字段"),
                    format!("there is no field {name}"),
                )),
                Some(f) if !v.is_null() => f.check(v).err(),
                Some(_) => None,
            };
            out.extend(reason.map(|reason| FieldFault {
                field: format!("{place}{name}"),
                reason,
            }));
        }
        for f in declared
            .iter()
            .filter(|f| done && f.required && given.get(f.id).is_none_or(Json::is_null))
        {
            out.push(FieldFault {
                field: format!("{place}{}", f.id),
                reason: say(format!("{}还没填", f.name.zh), format!("{} is missing", f.name.en)),
            });
        }
    }
    /// The declaration as the API shows it, with the fields given: its own or those of a school.
    pub fn describe(&self, fields: &[Field], line_fields: &[Field]) -> Json {
        let field = |f: &Field| {
            let mut v = f.schema();
            v["id"] = f.id.into();
            v["field_type"] = f.type_code().into();
            v["name"] = json!({"zh": f.name.zh, "en": f.name.en});
            v["class"] = json!(f.class);
            v["required"] = f.required.into();
            if let FieldType::Choice(o) | FieldType::Choices(o) = f.ty {
                v["choices"] = o
                    .iter()
                    .map(|o| json!({"id": o.id, "zh": o.name.zh, "en": o.name.en}))
                    .collect();
            }
            v
        };
        json!({
            "id": self.id, "name": {"zh": self.name.zh, "en": self.name.en}, "seal": self.seal,
            "family": {"zh": self.family.name().zh, "en": self.family.name().en},
            "about": match self.about { About::Children => "children", About::Adults => "adults", About::Whole => "whole" },
            "words": {"zh": self.words.zh, "en": self.words.en},
            "quantity": self.quantity.map(|q| json!({"zh": q.zh, "en": q.en})),
            "fields": fields.iter().map(field).collect::<Vec<_>>(), "line_fields": line_fields.iter().map(field).collect::<Vec<_>>(),
        })
    }
}

static KINDS: OnceLock<&'static [&'static Kind]> = OnceLock::new();

/// Tells the engine its kinds, once at start. Panics when an id stands twice or a choice list is empty.
pub fn install_kinds(all: &'static [&'static Kind]) {
    for (i, k) in all.iter().enumerate() {
        assert!(
            !all[..i].iter().any(|o| o.id == k.id),
            "kind {} is declared twice",
            k.id
        );
        for f in k.fields.iter().chain(k.line_fields) {
            assert!(f.id != NOTE.id && !f.id.starts_with("x_"), "{}.{}: taken", k.id, f.id);
            assert!(
                !f.id.is_empty() && !f.name.zh.is_empty() && !f.name.en.is_empty(),
                "{}.{}: both languages",
                k.id,
                f.id
            );
            if let FieldType::Choice(o) | FieldType::Choices(o) = f.ty {
                assert!(o.len() > 1, "{}.{}: choices", k.id, f.id);
            }
        }
    }
    let _ = KINDS.set(all);
    crate::conflicts::install(crate::MERGES);
}
pub fn all_kinds() -> &'static [&'static Kind] {
    KINDS.get().copied().unwrap_or_default()
}
pub fn find_kind(id: &str) -> Option<&'static Kind> {
    all_kinds().iter().copied().find(|k| k.id == id)
}

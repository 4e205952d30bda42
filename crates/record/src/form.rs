//! A declared field as a question of a form, as the form's answer, and as words: one arm for each type in each, so that a new type does not
//! compile until it has all three.

use crate::kind::{Field, FieldType, Opt};
use crate::{Declared, NewRecord, parse_as};
use serde_json::{Map, Value as Json, json};
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, say, t};
use tx_web::Ctx;
use tx_web::parts::forms;
use tx_web::parts::marks::Link;

/// How a field is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// name of the form's field
    pub name: String,
    /// what was given before: several for [`FieldType::Choices`]
    pub given: Vec<String>,
    pub error: String,
    /// the exception at the right end of the legend
    pub aside: Option<Link>,
}

/// Chips in rows that fit a phone: short words four or three in a row, longer ones two.
fn columns(opts: &[(String, String)], lang: Lang) -> u8 {
    let longest = opts.iter().map(|(_, n)| n.chars().count()).max().unwrap_or_default();
    let (short, middle) = if lang == Lang::Zh { (3, 4) } else { (6, 9) };
    match opts.len() {
        4 if longest <= short => 4,
        2 | 4 => 2,
        _ if longest <= middle => 3,
        _ if lang == Lang::Zh && longest <= 8 => 2,
        _ => 0,
    }
}

fn chips(f: &Field, a: Asked, check: forms::Check, opts: Vec<(String, String)>, lang: Lang) -> forms::Question {
    forms::Question::Chips(forms::ChipGroup {
        name: a.name,
        legend: f.name.in_lang(lang).into(),
        hint: if check == forms::Check::Box {
            t("可选几个", "choose some").in_lang(lang).into()
        } else {
            String::new()
        },
        error: a.error,
        check,
        columns: columns(&opts, lang),
        options: opts
            .into_iter()
            .map(|(value, label)| forms::Choice {
                on: a.given.contains(&value),
                value,
                label,
            })
            .collect(),
        aside: a.aside,
    })
}

/// The question of a field.
pub fn question(f: &Field, a: Asked, lang: Lang) -> forms::Question {
    let named = |opts: &[Opt]| {
        opts.iter()
            .map(|o| (o.id.to_owned(), o.name.in_lang(lang).to_owned()))
            .collect::<Vec<_>>()
    };
    let line = |a: Asked, kind: forms::FieldKind, max: u32| {
        forms::Question::Field(forms::Field {
            name: a.name,
            label: f.name.in_lang(lang).into(),
            value: a.given.into_iter().next().unwrap_or_default(),
            error: a.error,
            kind,
            max,
            ..Default::default()
        })
    };
    match f.ty {
        // more than eight would be a wall of chips
        FieldType::Choice(opts) if opts.len() > 8 => {
            let mut all = vec![(String::new(), "—".to_owned())];
            all.extend(named(opts));
            line(a, forms::FieldKind::Select(all), 0)
        }
        FieldType::Choice(opts) => chips(f, a, forms::Check::Radio, named(opts), lang),
        FieldType::Choices(opts) => chips(f, a, forms::Check::Box, named(opts), lang),
        FieldType::Yes => {
            let opts = [("true", t("是", "Yes")), ("false", t("否", "No"))];
            chips(
                f,
                a,
                forms::Check::Radio,
                opts.map(|(v, n)| (v.into(), n.in_lang(lang).into())).to_vec(),
                lang,
            )
        }
        FieldType::LongText => forms::Question::Line(forms::Line {
            name: a.name,
            label: f.name.in_lang(lang).into(),
            value: a.given.into_iter().next().unwrap_or_default(),
            error: a.error,
            rows: 2,
            max: 8000,
            ..Default::default()
        }),
        FieldType::Text => line(a, forms::FieldKind::Text, 200),
        FieldType::Count | FieldType::Number | FieldType::Money => line(a, forms::FieldKind::Number, 20),
        FieldType::Day => line(a, forms::FieldKind::Date, 0),
    }
}

/// The answer of a form as the API would take it; `None` when nothing was given. What is no number stays text, so that its check can say so.
pub fn value_of(f: &Field, given: &[&str]) -> Option<Json> {
    let first = given.iter().map(|s| s.trim()).find(|s| !s.is_empty())?;
    Some(match f.ty {
        FieldType::Choices(_) => json!(
            given
                .iter()
                .map(|s| s.trim())
                .filter(|s| !s.is_empty())
                .collect::<Vec<_>>()
        ),
        FieldType::Yes => match first {
            "true" => json!(true),
            "false" => json!(false),
            other => json!(other),
        },
        FieldType::Count => first.parse::<u64>().map_or_else(|_| json!(first), |n| json!(n)),
        FieldType::Number | FieldType::Money => first.parse::<f64>().map_or_else(|_| json!(first), |n| json!(n)),
        FieldType::Text | FieldType::LongText | FieldType::Choice(_) | FieldType::Day => json!(first),
    })
}

/// All answers of a form to these fields, named with the prefix. With `nulls` an empty answer is a null: a correction takes it away.
pub fn values<'f>(ctx: &Ctx, fields: impl Iterator<Item = &'f Field>, prefix: &str, nulls: bool) -> Map<String, Json> {
    let mut out = Map::new();
    for f in fields {
        match value_of(f, &ctx.f_all(&format!("{prefix}{}", f.id))) {
            Some(v) => {
                out.insert(f.id.into(), v);
            }
            None if nulls => {
                out.insert(f.id.into(), Json::Null);
            }
            None => {}
        }
    }
    out
}

/// A stored value as the form had it.
pub fn given(v: Option<&Json>) -> Vec<String> {
    let one = |v: &Json| match v {
        Json::String(s) => s.clone(),
        other => other.to_string(),
    };
    match v {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(all)) => all.iter().map(one).collect(),
        Some(v) => vec![one(v)],
    }
}

/// A stored value in words.
pub fn shown(f: &Field, v: &Json, lang: Lang) -> String {
    let name = |opts: &[Opt], v: &Json| {
        let id = v.as_str().unwrap_or_default();
        opts.iter()
            .find(|o| o.id == id)
            .map_or_else(|| id.to_owned(), |o| o.name.in_lang(lang).to_owned())
    };
    match (f.ty, v) {
        (_, Json::Null) => String::new(),
        (FieldType::Choice(opts), v) => name(opts, v),
        (FieldType::Choices(opts), v) => {
            let all: Vec<String> = v.as_array().into_iter().flatten().map(|v| name(opts, v)).collect();
            all.join(if lang == Lang::Zh { "、" } else { ", " })
        }
        (FieldType::Yes, v) => if v.as_bool().unwrap_or_default() {
            t("是", "yes")
        } else {
            t("否", "no")
        }
        .in_lang(lang)
        .into(),
        (FieldType::Day, v) => {
            let text = v.as_str().unwrap_or_default();
            text.parse::<Day>()
                .map_or_else(|_| text.to_owned(), |d| day_words(d, lang))
        }
        (
            FieldType::Text | FieldType::LongText | FieldType::Count | FieldType::Number | FieldType::Money,
            Json::String(s),
        ) => s.clone(),
        (FieldType::Text | FieldType::LongText | FieldType::Count | FieldType::Number | FieldType::Money, v) => {
            v.to_string()
        }
    }
}
/// 2026年11月24日, or the ISO day in English.
pub fn day_words(d: Day, lang: Lang) -> String {
    if lang == Lang::Zh { d.zh_long() } else { d.to_string() }
}

/// The sentence for a field among faults of the API; `field` as the API names it.
pub fn fault_of(faults: &[FieldFault], field: &str, lang: Lang) -> String {
    tx_web::parts::forms::fault_of(lang, faults, field)
}

/// A new record as a person wrote it into a form: [`parse_as`], and a kind that [says](crate::Kind::says) something must say it.
pub fn new_record(d: Declared, body: &Map<String, Json>, school: Id, today: Day) -> Result<NewRecord> {
    let unsaid = unsaid(&d, body);
    match (parse_as(Some(d), body, school, today, false), unsaid) {
        (Ok(_), Some(f)) => Err(Fault::fields(vec![f])),
        (Err(Fault::Invalid(_, mut all)), Some(f)) => {
            all.push(f);
            Err(Fault::fields(all))
        }
        (other, None) | (other @ Err(_), _) => other,
    }
}

/// The fault of a deed that says nothing: no words, no answer, no line of its own for whoever was met. A try needs no words, and what follows
/// says nothing of what was said.
pub fn unsaid(d: &Declared, body: &Map<String, Json>) -> Option<FieldFault> {
    let word = |name: &str| body.get(name).and_then(Json::as_str).unwrap_or_default().trim();
    let answered = |v: Option<&Json>| {
        let all = v.and_then(Json::as_object).into_iter().flatten();
        all.filter(|(id, v)| !v.is_null() && !id.starts_with("next")).count() > 0
    };
    let mute =
        |l: &Json| ["", "met"].contains(&l["outcome"].as_str().unwrap_or_default()) && !answered(l.get("fields"));
    let asked = d.kind.says && ["", "done"].contains(&word("state"));
    if !asked || !word("text").is_empty() || answered(body.get("fields")) {
        return None;
    }
    let lines = body.get("lines").and_then(Json::as_array);
    lines.is_some_and(|all| all.iter().any(mute)).then(|| FieldFault {
        field: "text".into(),
        reason: say(
            "还什么都没写：写一句，或点一项都行",
            "Nothing is said yet: write a line, or choose something",
        ),
    })
}

/// The faults of the API for the list at the top of a form, by the names that its fields have there.
pub fn errors(faults: &[FieldFault], declared: &Declared, lang: Lang) -> Vec<tx_web::parts::FieldError> {
    let mut out = tx_web::parts::forms::errors(lang, faults, |name| {
        let field = name.strip_prefix("fields.").and_then(|id| declared.find(id));
        field.map(|f| f.name.in_lang(lang).to_owned()).unwrap_or_default()
    });
    for e in &mut out {
        e.name = e
            .name
            .replace("fields.", "f_")
            .replace("children", "child")
            .replace("lines", "child");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{choice, choices, count, day, money, number, text, yes};

    const OPTS: &[Opt] = &[
        Opt {
            id: "a",
            name: t("甲", "A"),
        },
        Opt {
            id: "b",
            name: t("乙", "B"),
        },
    ];

    #[test]
    fn what_a_form_gives_is_what_the_check_takes_and_what_the_form_shows_again() {
        let n = t("名", "Name");
        let all: [(Field, &[&str]); 8] = [
            (text("f", n), &["谷雨"]),
            (choice("f", n, OPTS), &["b"]),
            (choices("f", n, OPTS), &["a", "b"]),
            (count("f", n), &["12"]),
            (number("f", n), &["4.8"]),
            (money("f", n), &["19.5"]),
            (day("f", n), &["2026-11-24"]),
            (yes("f", n), &["false"]),
        ];
        for (f, typed) in all {
            let v = value_of(&f, typed).expect("a value");
            assert_eq!(f.check(&v), Ok(()), "{f:?}");
            assert_eq!(given(Some(&v)), typed, "{f:?}");
            assert!(!shown(&f, &v, Lang::Zh).is_empty());
            assert_eq!(value_of(&f, &["  "]), None);
        }
    }

    #[test]
    fn words_where_a_number_is_asked_are_refused_not_dropped() {
        for f in [
            count("f", t("数", "N")),
            number("f", t("数", "N")),
            money("f", t("数", "N")),
            yes("f", t("数", "N")),
        ] {
            let v = value_of(&f, &["很多"]).expect("kept");
            assert!(f.check(&v).is_err(), "{f:?}");
        }
        assert!(money("f", t("钱", "M")).check(&json!(1.234)).is_err());
        assert!(number("f", t("数", "N")).check(&json!(1.2345)).is_err());
        assert!(number("f", t("数", "N")).check(&json!(0.1)).is_ok());
    }

    #[test]
    fn a_talk_says_something_and_a_try_need_not() {
        const SAYS: crate::Kind = crate::Kind {
            id: "talk",
            fields: &[
                choice("mood", t("心情", "Mood"), OPTS),
                choice("next", t("接下来", "Next"), OPTS),
            ],
            says: true,
            ..crate::Kind::PLAIN
        };
        static TALK: crate::Kind = SAYS;
        static GIFT: crate::Kind = crate::Kind { says: false, ..SAYS };
        let mute = |kind: &'static crate::Kind, v: Json| {
            unsaid(&Declared::plain(kind), v.as_object().expect("an object")).is_some()
        };
        let met = json!([{"child": 1, "outcome": "met"}]);
        assert!(mute(&TALK, json!({"lines": met})));
        assert!(mute(
            &TALK,
            json!({"lines": met, "text": " \n", "state": "done", "fields": {"mood": null}})
        ));
        assert!(mute(&TALK, json!({"lines": met, "fields": {"next": "a"}})));
        assert!(mute(
            &TALK,
            json!({"lines": [{"outcome": "met", "fields": {"note": "好"}}, {"outcome": "met", "fields": {}}]})
        ));
        for said in [
            json!({"lines": met, "text": "好"}),
            json!({"lines": met, "fields": {"mood": "a"}}),
            json!({"lines": met, "state": "planned"}),
            json!({"lines": [{"outcome": "tried"}, {"outcome": "phone"}]}),
            json!({"lines": [{"outcome": "met", "fields": {"note": "好"}}]}),
        ] {
            assert!(!mute(&TALK, said.clone()), "{said}");
        }
        assert!(!mute(&GIFT, json!({"lines": met})));
    }
}

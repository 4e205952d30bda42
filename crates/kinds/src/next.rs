//! What a talk or a visit promises: the next time and what is to be done then becomes a duty (features C1, C2, C5).

use crate::opt;
use serde_json::{Map, Value};
use tx_base::{Day, Text, t};
use tx_record::{Field, Opt, Promised, choice, day};
use tx_store::Class;

const WHAT: &[Opt] = &[
    opt("heart_talk", "谈心", "heart-talk"),
    opt("home_visit", "家访", "home visit"),
    opt("guardian_talk", "联系监护人", "talk with the guardian"),
    opt("weekly_contact", "联系父母", "reach the parents"),
    opt("medical_visit", "陪同就医", "doctor's visit"),
];

/// The day of the next time.
pub(crate) const fn next_on() -> Field {
    day("next_on", t("下次日期", "Next time on")).class(Class::P)
}
/// What is done then; without it the same again.
pub(crate) const fn next_what() -> Field {
    choice("next_what", t("下次做什么", "What then"), WHAT).class(Class::P)
}

fn next_day(fields: &Map<String, Value>) -> Option<Day> {
    fields
        .get("next_on")
        .and_then(Value::as_str)
        .and_then(|s| s.parse().ok())
}

/// The next time lies after this one, within two years.
pub(crate) fn next_rule(fields: &Map<String, Value>, on: Day) -> Option<(&'static str, Text)> {
    let next = next_day(fields)?;
    let wrong = next <= on || next > on.plus(731);
    wrong.then_some((
        "next_on",
        t(
            "下次要在这一天之后、两年之内",
            "the next time lies after this day, within two years",
        ),
    ))
}

/// The follow-up: on the day that was named, open for a week before it; else what `next` says. `again` is the kind of the record itself.
pub(crate) fn promise(fields: &Map<String, Value>, on: Day, again: &'static str) -> Option<Promised> {
    let word = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    if let Some(to) = next_day(fields).filter(|d| *d > on) {
        let kind = WHAT.iter().find(|o| o.id == word("next_what")).map_or(again, |o| o.id);
        return Some(Promised {
            kind,
            from: to.plus(-6).max(on.plus(1)),
            to,
            post: None,
        });
    }
    let within = |kind, from: i32, to: i32, post| {
        Some(Promised {
            kind,
            from: on.plus(from),
            to: on.plus(to),
            post,
        })
    };
    match word("next") {
        "week" => within("heart_talk", 5, 9, None),
        "parents" => within("weekly_contact", 1, 7, None),
        "counsellor" => within("heart_talk", 1, 10, Some("counsellor")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_day_that_is_named_is_the_last_of_the_window_and_what_follows_otherwise_is_coded() {
        let on = Day::lit("2026-11-24");
        let of = |v: Value| {
            promise(v.as_object().expect("an object"), on, "home_visit")
                .map(|p| (p.kind, p.from.to_string(), p.to.to_string(), p.post))
        };
        let span = |kind, from: &str, to: &str, post| Some((kind, from.to_owned(), to.to_owned(), post));
        assert_eq!(
            of(json!({"next_on": "2026-12-20"})),
            span("home_visit", "2026-12-14", "2026-12-20", None)
        );
        assert_eq!(
            of(json!({"next_on": "2026-11-26", "next_what": "heart_talk"})),
            span("heart_talk", "2026-11-25", "2026-11-26", None)
        );
        assert_eq!(
            of(json!({"next": "counsellor"})),
            span("heart_talk", "2026-11-25", "2026-12-04", Some("counsellor"))
        );
        assert_eq!(of(json!({"next": "none", "next_what": "home_visit"})), None);
        assert_eq!(of(json!({"next_on": "2026-11-24"})), None);
        assert!(next_rule(json!({"next_on": "2026-11-24"}).as_object().unwrap(), on).is_some());
        assert!(next_rule(json!({"next_on": "2026-11-25"}).as_object().unwrap(), on).is_none());
    }
}

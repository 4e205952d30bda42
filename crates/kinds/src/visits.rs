//! Visits to homes and classrooms, and visits that the school receives (features.md A6, C2, C9).

use crate::next::{next_on, next_rule, next_what, promise};
use crate::{FESTIVALS, opt};
use serde_json::{Map, Value};
use tx_access::Role;
use tx_base::{Day, t};
use tx_record::{About, Family, Kind, Opt, Promised, choice, choices, count, long_text, text, yes};
use tx_store::Class;

const MET: &[Opt] = &[
    opt("child", "孩子", "the child"),
    opt("guardian", "监护人", "the guardian"),
    opt("father", "爸爸", "father"),
    opt("mother", "妈妈", "mother"),
    opt("other", "其他人", "others"),
];
const SAFE: &[Opt] = &[
    opt("water", "近水", "water near"),
    opt("road", "路上", "the way to school"),
    opt("fire_power", "用火用电", "fire and power"),
    opt("alone", "无人照看", "left alone"),
    opt("none", "没有发现", "nothing found"),
];
const WINDOWS: &[Opt] = &[
    opt("start", "期初", "start"),
    opt("middle", "期中", "middle"),
    opt("end", "期末", "end"),
];

/// Training on a visit settles the rule of training too (features.md C2).
fn visit_tags(fields: &Map<String, Value>) -> Vec<&'static str> {
    if fields.get("taught") == Some(&Value::Bool(true)) {
        vec!["training"]
    } else {
        Vec::new()
    }
}

fn visit_promise(fields: &Map<String, Value>, on: Day) -> Option<Promised> {
    promise(fields, on, "home_visit")
}

pub static HOME_VISIT: Kind = Kind {
    id: "home_visit",
    name: t("家访", "Home visit"),
    seal: "访",
    fields: &[
        choices("met", t("见到谁", "Who was met"), MET).class(Class::P),
        long_text("seen", t("看到的", "What was seen")).class(Class::P),
        choices("safe", t("安全", "Safety"), SAFE).class(Class::P),
        yes("taught", t("同时培训了监护人", "Guardian taught on the visit")),
        choice("window", t("学期时段", "Part of the term"), WINDOWS),
        choice("festival", t("节日", "Festival"), FESTIVALS),
        next_on(),
        next_what(),
    ],
    words: t("家访情况", "How it went"),
    says: true,
    rule: next_rule,
    promise: visit_promise,
    tags: visit_tags,
    family: Family::Visits,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static VISIT_RECEIVED: Kind = Kind {
    id: "visit_received",
    name: t("来访接待", "Visit received"),
    seal: "访",
    about: About::Whole,
    fields: &[
        text("from", t("来访单位", "From")),
        count("guests", t("来宾人数", "Guests")),
        text("aim", t("来意", "Aim")),
    ],
    family: Family::Visits,
    ..Kind::PLAIN
};
pub static CLASSROOM_OBSERVATION: Kind = Kind {
    id: "classroom_observation",
    name: t("听课抽检", "Classroom observation"),
    seal: "检",
    about: About::Whole,
    fields: &[
        text("subject", t("科目", "Subject")),
        text("teacher", t("授课教师", "Teacher")).class(Class::P),
        long_text("attention", t("对留守儿童的关注", "Attention to these children")).class(Class::P),
    ],
    family: Family::Visits,
    ..Kind::PLAIN
};

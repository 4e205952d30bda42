//! Talks with children, their parents and their guardians (features.md C1, C3, C4, I1, I2).

use crate::next::{next_on, next_rule, next_what, promise};
use crate::opt;
use serde_json::{Map, Value};
use tx_access::Role;
use tx_base::{Day, t};
use tx_record::{About, Family, Kind, Opt, Promised, choice, choices, count, long_text, text, yes};
use tx_store::Class;

const MOODS: &[Opt] = &[
    opt("cheerful", "开朗", "cheerful"),
    opt("steady", "平稳", "steady"),
    opt("low", "低落", "low"),
    opt("unclear", "说不清", "hard to say"),
];
const TOPICS: &[Opt] = &[
    opt("study", "学习", "study"),
    opt("classmates", "同学", "classmates"),
    opt("missing_parents", "想爸妈", "missing parents"),
    opt("body", "身体", "health"),
    opt("home", "家里", "home"),
    opt("future", "以后", "the future"),
];
const NEXT: &[Opt] = &[
    opt("none", "不用跟进", "nothing to follow"),
    opt("week", "一周后再谈", "talk again in a week"),
    opt("parents", "联系父母", "reach the parents"),
    opt("counsellor", "请心理老师看看", "ask the counsellor"),
];
const WITH: &[Opt] = &[
    opt("father", "爸爸", "father"),
    opt("mother", "妈妈", "mother"),
    opt("both", "爸爸妈妈", "both parents"),
    opt("other", "其他亲人", "another relative"),
];
const CALLS: &[Opt] = &[opt("phone", "电话", "phone"), opt("video", "视频", "video")];
const LETTERS: &[Opt] = &[
    opt("letter", "书信", "letter"),
    opt("card", "贺卡", "card"),
    opt("message", "短信", "message"),
];
const HOW: &[Opt] = &[
    opt("school", "到校", "at school"),
    opt("home", "上门", "at home"),
    opt("phone", "电话", "by phone"),
    opt("video", "视频", "by video"),
];
const HEALTH: &[Opt] = &[
    opt("good", "良好", "good"),
    opt("minor", "小毛病", "minor complaints"),
    opt("poor", "不好", "poor"),
    opt("unknown", "不清楚", "unknown"),
];
const CONTACT: &[Opt] = &[
    opt("phone", "电话", "phone"),
    opt("video", "视频", "video"),
    opt("letter", "书信", "letter"),
    opt("visit", "见面", "in person"),
];
const BY: &[Opt] = &[
    opt("guardian", "监护人", "guardian"),
    opt("child", "孩子", "child"),
    opt("teacher", "老师", "teacher"),
];

fn talk_promise(fields: &Map<String, Value>, on: Day) -> Option<Promised> {
    promise(fields, on, "heart_talk")
}
fn guardian_promise(fields: &Map<String, Value>, on: Day) -> Option<Promised> {
    promise(fields, on, "guardian_talk")
}

pub static HEART_TALK: Kind = Kind {
    id: "heart_talk",
    name: t("谈心", "Heart-talk"),
    seal: "谈",
    fields: &[
        choice("mood", t("心情", "Mood"), MOODS).class(Class::P),
        choices("topics", t("说到了", "Topics"), TOPICS).class(Class::P),
        long_text("seen", t("我看到的", "What I saw")).class(Class::P),
        choice("next", t("接下来", "What follows"), NEXT).class(Class::P),
        next_on(),
        next_what(),
    ],
    words: t("一句话", "In a line"),
    says: true,
    rule: next_rule,
    promise: talk_promise,
    family: Family::Talks,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static GUARDIAN_TALK: Kind = Kind {
    id: "guardian_talk",
    name: t("与监护人谈话", "Talk with the guardian"),
    seal: "护",
    fields: &[
        choice("how", t("方式", "How"), HOW),
        long_text("life", t("孩子在家怎样", "How the child lives")).class(Class::P),
        choice("health", t("身体", "Health"), HEALTH).class(Class::S),
        long_text("mind", t("心理", "Mind")).class(Class::S),
        next_on(),
        next_what(),
    ],
    words: t("谈了什么", "What was said"),
    says: true,
    rule: next_rule,
    promise: guardian_promise,
    family: Family::Talks,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static FAMILY_CALL: Kind = Kind {
    id: "family_call",
    name: t("亲情通话", "Call home"),
    seal: "话",
    fields: &[
        choice("with", t("和谁", "With whom"), WITH).class(Class::P),
        choice("by", t("方式", "How"), CALLS),
        count("minutes", t("分钟", "Minutes")),
    ],
    family: Family::Talks,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
// No field for what a letter says: it passes unread by staff (law §63, features.md C3).
pub static FAMILY_LETTER: Kind = Kind {
    id: "family_letter",
    name: t("亲情书信", "Letter home"),
    seal: "信",
    fields: &[
        choice("to", t("写给谁", "To whom"), WITH).class(Class::P),
        choice("form", t("形式", "Form"), LETTERS),
        yes("answered", t("有回信", "Answered")),
    ],
    family: Family::Talks,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static WEEKLY_CONTACT: Kind = Kind {
    id: "weekly_contact",
    name: t("每周联系", "Weekly contact"),
    seal: "信",
    fields: &[
        choice("with", t("和谁", "With whom"), WITH).class(Class::P),
        choice("by", t("方式", "How"), CONTACT),
        choice("told_by", t("谁说的", "Told by"), BY),
    ],
    family: Family::Talks,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static GUARDIANS_MEETING: Kind = Kind {
    id: "guardians_meeting",
    name: t("监护人会", "Guardians' meeting"),
    seal: "会",
    about: About::Whole,
    fields: &[
        text("topic", t("议题", "Topic")),
        text("place", t("地点", "Place")),
        count("invited", t("应到人数", "Invited")),
        count("came", t("实到人数", "Came")),
        long_text("learned", t("了解到的情况", "What was learned")).class(Class::P),
    ],
    family: Family::Talks,
    ..Kind::PLAIN
};
pub static GUARDIANS_TRAINING: Kind = Kind {
    id: "guardians_training",
    name: t("监护人培训", "Guardians' training"),
    seal: "会",
    fields: &[
        text("topic", t("主题", "Topic")),
        text("speaker", t("主讲人", "Speaker")),
        text("place", t("地点", "Place")),
        count("came", t("到场人数", "Came")),
    ],
    family: Family::Talks,
    ..Kind::PLAIN
};

//! Study, surveys and outcomes (features.md B6, F7, G1–G3).

use crate::opt;
use tx_access::Role;
use tx_base::t;
use tx_record::{Family, Kind, Opt, choice, count, long_text, text, yes};
use tx_store::Class;

const SCOPES: &[Opt] = &[
    opt("roster", "名册摸底", "roster"),
    opt("study", "学习调查", "study"),
    opt("full", "五个方面", "all five sides"),
];
const EXAMS: &[Opt] = &[
    opt("half_term", "期中", "half-term"),
    opt("term", "期末", "end of term"),
    opt(
        "monthly",
        "月考（2021年起已禁止，只存历史）",
        "monthly (banned since 2021, history only)",
    ),
];

pub static FREE_ESSAY: Kind = Kind {
    id: "free_essay",
    name: t("随笔", "Free essay"),
    seal: "学",
    fields: &[
        text("title", t("题目", "Title")).class(Class::P),
        yes("read", t("已阅", "Read")),
        yes("awarded", t("获奖", "Awarded")),
    ],
    line_fields: &[long_text("answer", t("老师的回话", "The teacher's answer")).class(Class::P)],
    family: Family::Study,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static EXAM: Kind = Kind {
    id: "exam",
    name: t("考试", "Exam"),
    seal: "考",
    fields: &[
        choice("sort", t("类别", "Sort"), EXAMS),
        text("subject", t("科目", "Subject")),
        count("full_marks", t("满分", "Full marks")),
    ],
    // Marks keep halves as text; being absent is told apart from zero (features.md G1).
    line_fields: &[
        text("marks", t("成绩", "Marks")).class(Class::P),
        yes("absent", t("缺考", "Absent")).class(Class::P),
    ],
    family: Family::Study,
    ..Kind::PLAIN
};
pub static SURVEY: Kind = Kind {
    id: "survey",
    name: t("摸底", "Survey"),
    seal: "检",
    fields: &[
        choice("scope", t("范围", "Scope"), SCOPES),
        long_text("study", t("学习", "Study")).class(Class::P),
        long_text("life", t("生活", "Life")).class(Class::P),
        long_text("mind", t("心理", "Mind")).class(Class::S),
        long_text("safety", t("安全", "Safety")).class(Class::P),
        long_text("health", t("健康", "Health")).class(Class::S),
    ],
    line_fields: &[long_text("changed", t("比上学期的变化", "What changed since last term")).class(Class::P)],
    family: Family::Study,
    ..Kind::PLAIN
};
// Class P: it appears only inside a report to the authority (features.md G3).
pub static ADMISSION: Kind = Kind {
    id: "admission",
    name: t("升学", "Admission"),
    seal: "学",
    fields: &[text("school", t("录取学校", "School")).class(Class::P)],
    line_fields: &[
        yes("key_school", t("重点学校", "Key school")).class(Class::P),
        yes("early", t("提前录取", "Admitted early")).class(Class::P),
        yes("left_behind", t("留守儿童", "Left behind")).class(Class::P),
    ],
    family: Family::Study,
    ..Kind::PLAIN
};

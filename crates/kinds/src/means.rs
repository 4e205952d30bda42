//! Documents, materials, projects, publicity and the training of staff (features.md A3, A5–A7, J1).

use crate::opt;
use tx_base::t;
use tx_record::{About, Family, Kind, Opt, choice, count, day, money, text};

const LEVELS: &[Opt] = &[
    opt("national", "国家级", "national"),
    opt("province", "省级", "province"),
    opt("county", "县级", "county"),
];
const SORTS: &[Opt] = &[
    opt("rule", "制度", "rule"),
    opt("plan", "方案和计划", "plan"),
    opt("other", "其他文件", "other"),
];
const CHANNELS: &[Opt] = &[
    opt("broadcast", "广播", "broadcast"),
    opt("blackboard", "黑板报", "blackboard"),
    opt("themed_meeting", "主题班会", "themed meeting"),
    opt("flag_speech", "国旗下讲话", "flag-raising speech"),
    opt("leaflet", "宣传单", "leaflets"),
    opt("parents_meeting", "家长会", "parents' meeting"),
    opt("other", "其他", "other"),
];

pub static MATERIAL: Kind = Kind {
    id: "material",
    name: t("自编资料", "Own material"),
    seal: "学",
    about: About::Whole,
    fields: &[
        text("title", t("名称", "Title")),
        count("volumes", t("册数", "Volumes")),
    ],
    family: Family::Means,
    ..Kind::PLAIN
};
pub static RULE_DOCUMENT: Kind = Kind {
    id: "rule_document",
    name: t("制度文件", "Rule document"),
    seal: "学",
    about: About::Whole,
    fields: &[
        text("title", t("名称", "Title")),
        // left open it is a rule; plans are documents in force but no rules (schemes.md, rules.in_force)
        choice("sort", t("类别", "Sort"), SORTS),
        text("number", t("文号", "Number")),
        day("in_force_from", t("施行日期", "In force from")),
        day("in_force_to", t("废止日期", "In force to")),
    ],
    family: Family::Means,
    ..Kind::PLAIN
};
pub static PROJECT: Kind = Kind {
    id: "project",
    name: t("课题项目", "Project"),
    seal: "学",
    about: About::Whole,
    fields: &[
        text("title", t("名称", "Title")),
        choice("level", t("级别", "Level"), LEVELS),
        text("donor", t("资助方", "Donor")),
        money("budget", t("经费（元）", "Budget (yuan)")),
    ],
    family: Family::Means,
    ..Kind::PLAIN
};
pub static PUBLICITY: Kind = Kind {
    id: "publicity",
    name: t("宣传", "Publicity"),
    about: About::Whole,
    fields: &[
        text("title", t("题目", "Title")),
        choice("channel", t("渠道", "Channel"), CHANNELS),
    ],
    family: Family::Means,
    ..Kind::PLAIN
};
pub static TRAINING: Kind = Kind {
    id: "training",
    name: t("教师培训", "Staff training"),
    seal: "学",
    about: About::Adults,
    fields: &[text("topic", t("主题", "Topic")), count("hours", t("学时", "Hours"))],
    family: Family::Means,
    ..Kind::PLAIN
};

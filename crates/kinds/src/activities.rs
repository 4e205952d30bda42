//! Activities, contests, practice and lectures (features.md F1–F4, F6, F9).

use crate::opt;
use tx_access::Role;
use tx_base::t;
use tx_record::{About, Kind, Opt, choice, count, day, money, text, yes};

const TOPICS: &[Opt] = &[
    opt("psychology", "心理", "psychology"),
    opt("manners", "礼仪", "manners"),
    opt("gratitude", "感恩", "gratitude"),
    opt("law", "法制", "law"),
    opt("ideals", "理想", "ideals"),
    opt("safety", "安全", "safety"),
    opt("other", "其他", "other"),
];
const SORTS: &[Opt] = &[
    opt("practice", "社会实践", "practice"),
    opt("exhibition", "展览", "exhibition"),
    opt("speech", "演讲", "speeches"),
    opt("show", "演出", "show"),
    opt("other", "其他", "other"),
];
const CONTESTS: &[Opt] = &[
    opt("choir", "合唱", "choir"),
    opt("singing", "歌唱", "singing"),
    opt("essay", "作文", "essay"),
    opt("maths", "数学", "maths"),
    opt("handwriting", "书法", "handwriting"),
    opt("spoken_english", "英语口语", "spoken English"),
    opt("sports", "体育", "sports"),
    opt("table_tennis", "乒乓球", "table tennis"),
    opt("other", "其他", "other"),
];
const HABITS: &[Opt] = &[
    opt("sweeping", "扫地", "sweeping"),
    opt("washing", "洗衣", "washing"),
    opt("quilts", "叠被子", "quilts"),
    opt("other", "其他", "other"),
];

pub static ACTIVITY: Kind = Kind {
    id: "activity",
    name: t("活动", "Activity"),
    about: About::Whole,
    fields: &[
        text("title", t("名称", "Name")),
        choice("sort", t("类别", "Sort"), SORTS),
        text("aim", t("目的", "Aim")),
        text("place", t("地点", "Place")),
        count("guests", t("来宾人数", "Guests")),
        count("groups", t("组数", "Groups")),
        money("budget", t("预算（元）", "Budget (yuan)")),
    ],
    ..Kind::PLAIN
};
pub static CONTEST: Kind = Kind {
    id: "contest",
    name: t("比赛", "Contest"),
    about: About::Whole,
    fields: &[
        text("name", t("名称", "Name")),
        choice("sort", t("项目", "Item"), CONTESTS),
        count("edition", t("第几届", "Edition")),
        count("groups", t("组数", "Groups")),
        text("stage", t("赛段", "Stage")),
        day("held", t("举行日期", "Held on")),
        count("participants", t("参加人数", "Participants")),
    ],
    line_fields: &[
        text("group", t("组别", "Group")),
        text("score", t("得分", "Score")),
        text("award", t("奖项", "Award")),
    ],
    ..Kind::PLAIN
};
pub static HABIT_CONTEST: Kind = Kind {
    id: "habit_contest",
    name: t("习惯比赛", "Habit contest"),
    about: About::Whole,
    fields: &[choice("habit", t("项目", "Habit"), HABITS)],
    line_fields: &[text("award", t("奖项", "Award"))],
    ..Kind::PLAIN
};
pub static OUTING: Kind = Kind {
    id: "outing",
    name: t("外出实践", "Outing"),
    fields: &[
        text("place", t("地点", "Place")),
        count("works_visited", t("参观企业数", "Works visited")),
        count("talks_heard", t("听报告场数", "Talks heard")),
        count("adults", t("带队成人", "Adults")),
    ],
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static TRADING_DAY: Kind = Kind {
    id: "trading_day",
    name: t("经商体验日", "Trading day"),
    about: About::Whole,
    fields: &[
        text("place", t("地点", "Place")),
        count("groups", t("组数", "Groups")),
        count("groups_roving", t("流动组数", "Groups going round")),
        count("groups_stall", t("摆摊组数", "Groups with a stall")),
        money("capital_each", t("每人本金（元）", "Capital for each (yuan)")),
        count("stages", t("环节数", "Stages")),
    ],
    line_fields: &[
        text("group", t("组别", "Group")),
        money("takings", t("收入（元）", "Takings (yuan)")),
        money("advance", t("本金（元）", "Advance (yuan)")),
    ],
    ..Kind::PLAIN
};
pub static LECTURE: Kind = Kind {
    id: "lecture",
    name: t("讲座", "Lecture"),
    seal: "会",
    about: About::Whole,
    fields: &[
        text("title", t("题目", "Title")),
        choice("topic", t("主题", "Topic"), TOPICS),
        text("speaker", t("主讲人", "Speaker")),
        yes("invited", t("校外邀请", "Invited from outside")),
        count("people", t("到场人数", "People")),
    ],
    ..Kind::PLAIN
};
pub static THEMED_MEETING: Kind = Kind {
    id: "themed_meeting",
    name: t("主题班队会", "Themed meeting"),
    seal: "会",
    about: About::Whole,
    fields: &[text("topic", t("主题", "Topic"))],
    ..Kind::PLAIN
};
pub static CARD_HOME: Kind = Kind {
    id: "card_home",
    name: t("寄贺卡回家", "Card sent home"),
    seal: "信",
    fields: &[text("occasion", t("由头", "Occasion"))],
    quantity: Some(t("张", "cards")),
    write: &[Role::Helper],
    ..Kind::PLAIN
};

//! What helpers and the school give: goods, time and company (features.md D4, D5, F5).

use crate::FESTIVALS;
use tx_access::Role;
use tx_base::t;
use tx_record::{About, Family, Kind, choice, count, long_text, money, text, yes};
use tx_store::Class;

pub static GIFT: Kind = Kind {
    id: "gift",
    name: t("赠送物品", "Gift"),
    seal: "礼",
    fields: &[
        text("item", t("物品", "Item")),
        money("worth", t("价值（元）", "Worth (yuan)")),
    ],
    quantity: Some(t("件", "pieces")),
    family: Family::Help,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static FESTIVAL_CARE: Kind = Kind {
    id: "festival_care",
    name: t("节日慰问", "Festival care"),
    seal: "礼",
    fields: &[
        choice("festival", t("节日", "Festival"), FESTIVALS).required(),
        text("item", t("物品", "Item")),
    ],
    quantity: Some(t("件", "pieces")),
    family: Family::Help,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static WEEKEND: Kind = Kind {
    id: "weekend",
    name: t("周末到家", "Weekend at home"),
    seal: "护",
    fields: &[
        text("second_adult", t("在场的另一位成人", "Second adult")).class(Class::P),
        yes("consent", t("监护人已同意", "Guardian consents")),
        yes("returned", t("已平安返回", "Return confirmed")),
    ],
    family: Family::Help,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static TUTORING: Kind = Kind {
    id: "tutoring",
    name: t("辅导功课", "Tutoring"),
    seal: "学",
    fields: &[
        text("subject", t("科目", "Subject")),
        count("minutes", t("分钟", "Minutes")),
    ],
    family: Family::Help,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static MEDICAL_VISIT: Kind = Kind {
    id: "medical_visit",
    name: t("陪同就医", "Doctor's visit"),
    seal: "护",
    fields: &[
        text("place", t("医院", "Where")).class(Class::S),
        long_text("finding", t("诊断", "Finding")).class(Class::S),
        money("paid", t("费用（元）", "Paid (yuan)")),
    ],
    family: Family::Help,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static HAPPY_WEEKEND: Kind = Kind {
    id: "happy_weekend",
    name: t("快乐周末", "Happy weekend"),
    seal: "动",
    fields: &[
        text("place", t("地点", "Place")),
        count("adults", t("成人人数", "Adults")),
    ],
    family: Family::Help,
    write: &[Role::Helper],
    ..Kind::PLAIN
};
pub static CEREMONY: Kind = Kind {
    id: "ceremony",
    name: t("启动仪式", "Ceremony"),
    seal: "会",
    about: About::Whole,
    fields: &[
        text("title", t("名称", "Name")),
        text("place", t("地点", "Place")),
        count("people", t("到场人数", "People")),
    ],
    family: Family::Help,
    ..Kind::PLAIN
};

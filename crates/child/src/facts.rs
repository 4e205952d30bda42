//! Further facts of a file: sealed together in one of two columns of the child, a guardian or a parent, named as in the sheets (domain.md §5).

use tx_base::{Text, t};

/// A fact that is written in words.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// name in the API and in sheets
    pub id: &'static str,
    pub name: Text,
    /// class S: kept in `children.sensitive`, else in `children.more`
    pub sensitive: bool,
    /// asked for in more than one line
    pub long: bool,
}
const fn p(id: &'static str, zh: &'static str, en: &'static str) -> Fact {
    Fact {
        id,
        name: t(zh, en),
        sensitive: false,
        long: false,
    }
}
const fn l(id: &'static str, zh: &'static str, en: &'static str) -> Fact {
    Fact {
        id,
        name: t(zh, en),
        sensitive: false,
        long: true,
    }
}
const fn s(id: &'static str, zh: &'static str, en: &'static str) -> Fact {
    Fact {
        id,
        name: t(zh, en),
        sensitive: true,
        long: false,
    }
}

/// Of the child.
pub static OF_CHILD: &[Fact] = &[
    p("town", "乡镇", "Township"),
    p("hukou_registered", "是否登记户口", "Registered"),
    p("school_state", "就学情况", "School state"),
    p("distance_home", "离校距离", "Distance to school"),
    p("travel_mode", "上学方式", "Way to school"),
    l("study", "学习表现", "Study"),
    l("conduct", "行为表现", "Conduct"),
    p("hobby", "爱好特长", "Hobbies"),
    l("reward_punish", "奖惩情况", "Rewards and punishments"),
    p("character", "性格特点", "Character"),
    p("with_parents", "随父母在外住", "Lives with parents away"),
    p("contact_freq", "和父母多久联系", "How often in contact"),
    p("return_freq", "父母多久回家", "How often parents come home"),
    p("left_to", "去向", "Went to"),
    p("siblings", "兄弟姐妹", "Brothers and sisters"),
    p("emergency", "紧急联系人", "Emergency contact"),
    p("blood", "血型", "Blood type"),
    l("remark", "备注", "Remark"),
    s("health", "健康状况", "Health"),
    s("disability", "残疾", "Disability"),
    s("illness", "病史", "Illness"),
    s("parents_marriage", "父母婚姻状况", "Parents' marriage"),
    s("income_source", "家庭经济来源", "Source of income"),
    s("aid_kind", "救助情况", "Aid"),
    s("hardship_kind", "困境类型", "Hardship"),
    s("care_agreement", "委托照护", "Care agreement"),
    s("need", "需求", "Needs"),
    s("measure", "帮扶措施", "Measures"),
];
/// Of a guardian.
pub static OF_GUARDIAN: &[Fact] = &[
    p("age", "年龄", "Age"),
    p("edu", "文化程度", "Schooling"),
    p("job", "职业", "Work"),
    p("health", "健康状况", "Health"),
    p("care_rating", "监护情况", "Care"),
    p("care_capacity", "监护能力", "Capacity to care"),
    p("income_source", "主要收入来源", "Main income"),
];
/// Of a parent. Income and political status are off (features B2).
pub static OF_PARENT: &[Fact] = &[
    p("birth_year", "出生年", "Birth year"),
    p("job", "职业", "Work"),
    p("edu", "文化程度", "Schooling"),
    p("distance", "离家多远", "Distance from home"),
    p("return_freq", "多久回家", "How often home"),
    p("comes_home", "几时回来", "Comes home"),
    p("leaves_again", "几时又走", "Leaves again"),
];

/// Whether a fact of the child is of class S. What a sheet brought under a name that is not declared here is taken as sensitive.
pub fn is_sensitive(id: &str) -> bool {
    OF_CHILD.iter().find(|f| f.id == id).is_none_or(|f| f.sensitive)
}
/// The words for a fact, or its bare name.
pub fn label(of: &'static [Fact], id: &str) -> Text {
    of.iter().find(|f| f.id == id).map_or(t("另外", "Other"), |f| f.name)
}

/// Relations to the child, as the API and the store write them (domain.md §5).
pub fn relation(code: &str) -> Option<Text> {
    tx_sheet::Relation::from_code(code).map(tx_sheet::Relation::label)
}

//! The figures that stand today, one line each. Ids are those of schemes.md.

use tx_base::{Text, t};

/// A way of counting the done records of a kind in a period.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// records (次)
    Records,
    /// lines on children (人次)
    PersonTimes,
    /// distinct children (人)
    Persons,
    /// the sum of the quantities of child lines (件)
    Pieces,
    /// the sum of a whole number of the record's head
    Sum(&'static str),
    /// of the children to whom it was owed in each period of the duty, those who were reached: value and of
    Reached,
}

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub id: &'static str,
    pub name: Text,
    pub unit: Text,
    pub kind: &'static str,
    pub how: How,
    /// only records whose head says so: field and value
    pub only: Option<(&'static str, &'static str)>,
    /// the sentence of its 口径
    pub definition: Text,
}

const TIMES: Text = t("次", "times");
const PERSON_TIMES: Text = t("人次", "person-times");
const PERSONS: Text = t("名", "persons");

const fn fig(id: &'static str, name: Text, unit: Text, kind: &'static str, how: How) -> Figure {
    let definition = match how {
        How::Records => t("期内做了的记录数", "records done in the period"),
        How::PersonTimes => t(
            "期内做了的记录里孩子的行数",
            "lines on children in records done in the period",
        ),
        How::Persons => t(
            "期内做了的记录里不同的孩子",
            "distinct children in records done in the period",
        ),
        How::Pieces => t(
            "期内做了的记录里孩子各行数量之和",
            "sum of the quantities of child lines in records done in the period",
        ),
        How::Sum(_) => t(
            "期内做了的记录里这一项之和",
            "sum of this field over records done in the period",
        ),
        How::Reached => t(
            "应做的孩子里做到了的；两个数都给",
            "children reached among those to whom it was owed; both numbers",
        ),
    };
    Figure {
        id,
        name,
        unit,
        kind,
        how,
        only: None,
        definition,
    }
}
const fn only(mut f: Figure, field: &'static str, value: &'static str) -> Figure {
    f.only = Some((field, value));
    f
}

pub static ALL: &[Figure] = &[
    fig(
        "talks.times",
        t("谈心次数", "Heart-talks"),
        TIMES,
        "heart_talk",
        How::Records,
    ),
    fig(
        "talks.reached",
        t("谈心覆盖", "Children reached by talks"),
        PERSONS,
        "heart_talk",
        How::Reached,
    ),
    fig(
        "visits.reached",
        t("家访覆盖", "Children reached by visits"),
        PERSONS,
        "home_visit",
        How::Reached,
    ),
    fig(
        "visits.children",
        t("家访到的孩子", "Children visited"),
        PERSONS,
        "home_visit",
        How::Persons,
    ),
    fig(
        "letters_calls.monthly",
        t("书信通话覆盖", "Children reached by letters and calls"),
        PERSONS,
        "family_call",
        How::Reached,
    ),
    fig(
        "guardian_talks.monthly",
        t("监护人联系覆盖", "Children reached by guardian contacts"),
        PERSONS,
        "guardian_talk",
        How::Reached,
    ),
    fig(
        "gifts.pieces",
        t("赠物", "Gifts"),
        t("件", "pieces"),
        "gift",
        How::Pieces,
    ),
    fig(
        "weekends.person_times",
        t("共度周末", "Weekends at home"),
        PERSON_TIMES,
        "weekend",
        How::PersonTimes,
    ),
    fig(
        "tutoring.person_times",
        t("辅导学业", "Tutoring"),
        PERSON_TIMES,
        "tutoring",
        How::PersonTimes,
    ),
    fig(
        "medical.person_times",
        t("看病体检", "Medical visits"),
        PERSON_TIMES,
        "medical_visit",
        How::PersonTimes,
    ),
    only(
        fig(
            "lectures.invited",
            t("外请讲座", "Invited lectures"),
            t("场", "lectures"),
            "lecture",
            How::Records,
        ),
        "invited",
        "true",
    ),
    fig("outings", t("社会实践", "Outings"), TIMES, "outing", How::Records),
    only(
        fig(
            "surveys.study",
            t("学业摸底", "Study surveys"),
            TIMES,
            "survey",
            How::Records,
        ),
        "scope",
        "study",
    ),
    fig(
        "visits_received",
        t("接待参观", "Visits received"),
        t("批", "visits"),
        "visit_received",
        How::Records,
    ),
    fig(
        "materials.volumes",
        t("自编资料", "Own materials"),
        t("册", "volumes"),
        "material",
        How::Sum("volumes"),
    ),
    fig(
        "ceremony.people",
        t("仪式到会", "People at the ceremony"),
        t("人", "people"),
        "ceremony",
        How::Sum("people"),
    ),
    fig(
        "meetings.guardians",
        t("监护人会议", "Guardians' meetings"),
        t("次", "meetings"),
        "guardians_meeting",
        How::Records,
    ),
    fig(
        "essays",
        t("随笔", "Free essays"),
        t("篇", "essays"),
        "free_essay",
        How::PersonTimes,
    ),
];

//! The school itself: its profile, the leading group, people in posts.

use crate::figure::{Figure, How, Seat, plain, unit::*};
use tx_base::{Text, t};

const fn profile(id: &'static str, field: &'static str, name: Text, unit: Text) -> Figure {
    plain(
        id,
        name,
        unit,
        How::Profile(field),
        t(
            "本校概况里期末所在学年的数",
            "from the school's profile of the school year in which the period ends",
        ),
    )
}
const fn group(id: &'static str, name: Text, seat: Seat, definition: Text) -> Figure {
    plain(id, name, PERSONS, How::Group(seat), definition)
}

pub(crate) static ALL: &[Figure] = &[
    profile("school.classes", "classes", t("教学班", "Classes"), t("个", "classes")),
    profile("school.pupils", "pupils", t("在校学生", "Pupils"), t("名", "pupils")),
    profile("school.staff", "staff", t("教职工", "Staff"), PERSONS),
    profile("school.teachers", "teachers", t("教师", "Teachers"), PERSONS),
    profile("school.site_m2", "site_m2", t("占地面积", "Site"), t("平方米", "m²")),
    profile(
        "school.building_m2",
        "building_m2",
        t("建筑面积", "Buildings"),
        t("平方米", "m²"),
    ),
    profile("school.founded", "founded", t("建校年份", "Founded"), t("年", "")),
    profile(
        "school.villages",
        "villages",
        t("服务村", "Villages served"),
        t("个", "villages"),
    ),
    profile(
        "school.radius_km",
        "radius_km",
        t("服务半径", "Service radius"),
        t("公里", "km"),
    ),
    profile("school.villagers", "villagers", t("服务人口", "Villagers"), PERSONS),
    profile(
        "school.farmers_away_percent",
        "farmers_away_percent",
        t("外出务工比例", "Farmers away"),
        t("%", "%"),
    ),
    group(
        "leading_group.people",
        t("领导小组", "Leading group"),
        Seat::Everyone,
        t(
            "期末所在学年领导小组的人",
            "people of the leading group of the school year in which the period ends",
        ),
    ),
    group(
        "leading_group.deputies",
        t("领导小组副组长", "Deputies of the leading group"),
        Seat::Position("deputy"),
        t(
            "期末所在学年领导小组的副组长",
            "deputies of the leading group of the school year in which the period ends",
        ),
    ),
    group(
        "leading_group.members",
        t("领导小组成员", "Members of the leading group"),
        Seat::Position("member"),
        t(
            "期末所在学年领导小组的成员，组长副组长不算",
            "members of the leading group of that school year, without head and deputies",
        ),
    ),
    group(
        "leading_group.class_teachers",
        t("领导小组里的班主任", "Class teachers in the leading group"),
        Seat::ClassTeachers,
        t(
            "期末所在学年领导小组里代表一个班的人",
            "people of the leading group of that school year who stand for a class",
        ),
    ),
    plain(
        "counsellors",
        t("心理辅导教师", "Psychological counsellors"),
        PERSONS,
        How::Post("counsellor"),
        t(
            "期内任心理辅导教师的人，一人算一次",
            "people in the post of psychological counsellor in the period, each once",
        ),
    ),
    plain(
        "class_teachers",
        t("班主任", "Class teachers"),
        PERSONS,
        How::Post("class_teacher"),
        t(
            "期内任班主任的人，一人算一次",
            "people in the post of class teacher in the period, each once",
        ),
    ),
    plain(
        "young_pioneers_counsellors",
        t("少先队辅导员", "Young Pioneers' counsellors"),
        PERSONS,
        How::Post("brigade_counsellor"),
        t(
            "期内任少先队辅导员的人，一人算一次；不是心理辅导教师",
            "people in the post of Young Pioneers' counsellor in the period, each once; not psychological counsellors",
        ),
    ),
];

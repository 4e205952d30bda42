//! What helpers and the school give, and the means of the work: goods, documents, projects, publicity.

use crate::figure::{By, Figure, How, Test, Who, of, unit::*};
use tx_base::t;

const KIDS: How = How::People(Who::Children, None);
const DOCUMENT: &[&str] = &["rule_document"];

pub(crate) static ALL: &[Figure] = &[
    of(
        "gifts.pieces",
        t("赠物", "Gifts"),
        PIECES,
        &["gift"],
        How::Pieces,
        t(
            "期内赠送物品里孩子各行数量之和；节日慰问另算",
            "sum of the quantities of children's lines in gifts of the period; festival care is counted apart",
        ),
    )
    .by(By::Month),
    of(
        "gifts.children",
        t("收到赠物的孩子", "Children given gifts"),
        CHILDREN,
        &["gift"],
        KIDS,
        t(
            "期内收到赠物的孩子，一人算一次",
            "children who received a gift in the period, each once",
        ),
    ),
    of(
        "weekends.person_times",
        t("共度周末", "Weekends at home"),
        PERSON_TIMES,
        &["weekend"],
        How::PersonTimes,
        t(
            "期内周末到家里孩子的行数",
            "children's lines in weekends at home of the period",
        ),
    )
    .by(By::Month),
    of(
        "tutoring.person_times",
        t("辅导学业", "Tutoring"),
        PERSON_TIMES,
        &["tutoring"],
        How::PersonTimes,
        t("期内辅导功课里孩子的行数", "children's lines in tutoring of the period"),
    )
    .by(By::Month),
    of(
        "medical.person_times",
        t("陪同就医", "Doctor's visits"),
        PERSON_TIMES,
        &["medical_visit"],
        How::PersonTimes,
        t(
            "期内陪同就医里孩子的行数",
            "children's lines in doctor's visits of the period",
        ),
    )
    .by(By::Month),
    of(
        "festival_care.kinds",
        t("慰问的节日", "Festivals with care"),
        t("个", "festivals"),
        &["festival_care"],
        How::Values("festival"),
        t(
            "期内做了节日慰问的不同节日",
            "different festivals with care in the period",
        ),
    ),
    of(
        "festival_care.children",
        t("节日慰问的孩子", "Children in festival care"),
        CHILDREN,
        &["festival_care"],
        KIDS,
        t(
            "期内节日慰问到的孩子，一人算一次；每个节日里也一人算一次",
            "children reached by festival care in the period, each once, and once within each festival",
        ),
    )
    .by(By::Field("festival")),
    of(
        "festival_care.pieces",
        t("节日慰问品", "Festival gifts"),
        PIECES,
        &["festival_care"],
        How::Pieces,
        t(
            "期内节日慰问里孩子各行数量之和",
            "sum of the quantities of children's lines in festival care of the period",
        ),
    )
    .by(By::Field("festival")),
    of(
        "happy_weekend.children",
        t("快乐周末的孩子", "Children at the happy weekend"),
        CHILDREN,
        &["happy_weekend"],
        KIDS,
        t(
            "期内参加快乐周末的孩子，一人算一次",
            "children at the happy weekends of the period, each once",
        ),
    ),
    of(
        "happy_weekend.adults",
        t("快乐周末的大人", "Adults at the happy weekend"),
        PERSONS,
        &["happy_weekend"],
        How::People(Who::Adults, Some("adults")),
        t(
            "期内快乐周末名单上的大人，一人算一次；没有名单的按所填人数",
            "adults on the lists of the happy weekends of the period, each once; the number written where there is no list",
        ),
    ),
    of(
        "ceremony.people",
        t("仪式到会", "People at the ceremony"),
        PERSONS,
        &["ceremony"],
        How::Sum("people", false),
        t(
            "期内启动仪式记录所填到场人数之和",
            "sum of the people written in the ceremonies of the period",
        ),
    ),
    of(
        "rules.in_force",
        t("现行制度", "Rules in force"),
        ITEMS,
        DOCUMENT,
        How::InForce,
        t(
            "期末（未到期末按今天）在施行的制度；计划、方案不算",
            "rules in force at the end of the period, or today before it; plans are not rules",
        ),
    )
    .head(Test::Not("sort", &["plan", "other"])),
    of(
        "documents.in_force",
        t("现行文件", "Documents in force"),
        t("份", "documents"),
        DOCUMENT,
        How::InForce,
        t(
            "期末（未到期末按今天）在施行的全部文件：制度、计划、方案",
            "all documents in force at the end of the period, or today before it: rules and plans",
        ),
    ),
    of(
        "materials.volumes",
        t("自编资料", "Own materials"),
        t("册", "volumes"),
        &["material"],
        How::Sum("volumes", true),
        t(
            "期内自编资料册数之和；没填册数的算一册",
            "sum of the volumes of own materials of the period; one where none is written",
        ),
    ),
    of(
        "visits_received",
        t("接待参观", "Visits received"),
        t("批", "visits"),
        &["visit_received"],
        How::Records,
        t("期内接待的来访批数", "visits received in the period"),
    ),
    of(
        "visits_received.guests",
        t("来访人数", "Guests received"),
        PERSON_TIMES,
        &["visit_received"],
        How::Sum("guests", false),
        t(
            "期内来访来宾人数之和",
            "sum of the guests of visits received in the period",
        ),
    ),
    of(
        "projects",
        t("课题项目", "Projects"),
        ITEMS,
        &["project"],
        How::Records,
        t("期内立项的课题项目", "projects begun in the period"),
    )
    .by(By::Field("level")),
    of(
        "projects.national",
        t("国家级课题", "National projects"),
        ITEMS,
        &["project"],
        How::Records,
        t("期内立项的国家级课题项目", "national projects begun in the period"),
    )
    .head(Test::Is("level", "national")),
    of(
        "publicity.times",
        t("宣传", "Publicity"),
        TIMES,
        &["publicity"],
        How::Records,
        t("期内做了的宣传；按渠道分", "publicity of the period; split by channel"),
    )
    .by(By::Field("channel")),
    of(
        "trainings.staff",
        t("教师培训", "Staff training"),
        TIMES,
        &["training"],
        How::Records,
        t("期内做了的教师培训", "training of staff in the period"),
    ),
    of(
        "trainings.staff_people",
        t("受培训的教师", "Staff trained"),
        PERSONS,
        &["training"],
        How::People(Who::Adults, None),
        t(
            "期内教师培训名单上的大人，一人算一次",
            "adults on the lists of staff training of the period, each once",
        ),
    ),
];

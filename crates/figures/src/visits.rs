//! Visits to homes, and meetings and training of guardians.

use crate::figure::{By, Figure, How, Owed, Test, Who, of, plain, unit::*};
use tx_base::t;

const VISIT: &[&str] = &["home_visit"];
const MEETING: &[&str] = &["guardians_meeting"];
const KIDS: How = How::People(Who::Children, None);

pub(crate) static ALL: &[Figure] = &[
    plain(
        "visits.reached",
        t("家访覆盖", "Home visits: children reached"),
        PERSON_TIMES,
        How::Reached(Owed::All("home_visit")),
        t(
            "每个时段应家访的孩子里到过家的；打电话不算",
            "of the children to be visited in each period those who were; a phone call does not count",
        ),
    )
    .by(By::Period),
    plain(
        "visits.start",
        t("期初家访覆盖", "Visits at the start of term"),
        PERSON_TIMES,
        How::Reached(Owed::Window("home_visit", "start")),
        t(
            "期初应家访的孩子里到过家的",
            "of the children to be visited at the start of term those who were",
        ),
    )
    .by(By::Term),
    plain(
        "visits.middle",
        t("期中家访覆盖", "Visits in mid-term"),
        PERSON_TIMES,
        How::Reached(Owed::Window("home_visit", "middle")),
        t(
            "期中应家访的孩子里到过家的",
            "of the children to be visited in mid-term those who were",
        ),
    )
    .by(By::Term),
    plain(
        "visits.end",
        t("期末家访覆盖", "Visits at the end of term"),
        PERSON_TIMES,
        How::Reached(Owed::Window("home_visit", "end")),
        t(
            "期末应家访的孩子里到过家的",
            "of the children to be visited at the end of term those who were",
        ),
    )
    .by(By::Term),
    of(
        "visits.festival.children",
        t("节日家访到的孩子", "Children visited around festivals"),
        CHILDREN,
        VISIT,
        KIDS,
        t(
            "期内写明节日的家访到过的孩子，一人算一次；每个节日里也一人算一次",
            "children visited in the period on visits that name a festival, each once, and once within each festival",
        ),
    )
    .head(Test::Has("festival"))
    .by(By::Field("festival")),
    of(
        "visits.times",
        t("家访次数", "Home visits"),
        TIMES,
        VISIT,
        How::Records,
        t("期内做了的家访记录数", "home visits done in the period"),
    )
    .by(By::Month),
    of(
        "visits.children",
        t("家访到的孩子", "Children visited"),
        CHILDREN,
        VISIT,
        KIDS,
        t(
            "期内家访到过的孩子，一人算一次",
            "children visited in the period, each once",
        ),
    ),
    of(
        "visits.taught",
        t("家访时培训的监护人", "Guardians taught on visits"),
        TIMES,
        VISIT,
        How::Records,
        t(
            "期内写明同时培训了监护人的家访",
            "home visits of the period on which the guardian was taught",
        ),
    )
    .head(Test::Yes("taught")),
    of(
        "meetings.guardians",
        t("监护人会议", "Guardians' meetings"),
        TIMES,
        MEETING,
        How::Records,
        t(
            "期内开了的监护人会议；按学期分",
            "guardians' meetings held in the period; split by term",
        ),
    )
    .by(By::Term),
    of(
        "meetings.by_class",
        t("分班监护人会议", "Guardians' meetings by class"),
        TIMES,
        MEETING,
        How::Records,
        t(
            "期内以班为单位开的监护人会议；按班分",
            "guardians' meetings of a class held in the period; split by class",
        ),
    )
    .head(Test::OfClass)
    .by(By::Class),
    of(
        "meetings.came",
        t("到会的监护人", "Guardians who came"),
        PERSON_TIMES,
        MEETING,
        How::Sum("came", false),
        t(
            "期内监护人会议实到人数之和",
            "sum of those who came to guardians' meetings in the period",
        ),
    )
    .by(By::Term),
    of(
        "trainings.guardians",
        t("监护人培训", "Training of guardians"),
        TIMES,
        &["guardians_training"],
        How::Records,
        t(
            "期内做了的监护人培训；家访时的培训另算",
            "training of guardians held in the period; training on visits is counted apart",
        ),
    )
    .by(By::Term),
    of(
        "trainings.children",
        t("监护人受过培训的孩子", "Children whose guardians were taught"),
        CHILDREN,
        &["guardians_training"],
        KIDS,
        t(
            "期内监护人培训写到的孩子，一人算一次",
            "children named in the training of guardians of the period, each once",
        ),
    ),
    of(
        "observations",
        t("听课抽检", "Classroom observations"),
        TIMES,
        &["classroom_observation"],
        How::Records,
        t("期内做了的听课抽检", "classroom observations of the period"),
    ),
];

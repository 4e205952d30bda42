//! The health check (features.md H1).

use crate::opt;
use tx_base::t;
use tx_record::{Family, Kind, Opt, choices, count, text};
use tx_store::Class;

const ITEMS: &[Opt] = &[
    opt("blood_pressure", "血压", "blood pressure"),
    opt("height", "身高", "height"),
    opt("weight", "体重", "weight"),
    opt("sight", "视力", "sight"),
    opt("lung_capacity", "肺活量", "lung capacity"),
    opt("chest", "胸部", "chest"),
    opt("five_senses", "五官", "eyes, ears, nose, mouth, teeth"),
];

pub static HEALTH_CHECK: Kind = Kind {
    id: "health_check",
    name: t("体检", "Health check"),
    seal: "检",
    fields: &[
        choices("items", t("项目", "Items"), ITEMS),
        text("by", t("检查单位", "Checked by")),
    ],
    line_fields: &[
        count("systolic", t("收缩压（mmHg）", "Systolic (mmHg)")).class(Class::S),
        count("diastolic", t("舒张压（mmHg）", "Diastolic (mmHg)")).class(Class::S),
        text("height", t("身高（cm）", "Height (cm)")).class(Class::S),
        text("weight", t("体重（kg）", "Weight (kg)")).class(Class::S),
        text("sight_left", t("左眼视力", "Sight, left")).class(Class::S),
        text("sight_right", t("右眼视力", "Sight, right")).class(Class::S),
        count("lung_capacity", t("肺活量（ml）", "Lung capacity (ml)")).class(Class::S),
        text("chest", t("胸部", "Chest")).class(Class::S),
        text("five_senses", t("五官", "Eyes, ears, nose, mouth, teeth")).class(Class::S),
    ],
    family: Family::Body,
    ..Kind::PLAIN
};

//! The six schools: how many of what. Quantities are those of schemes.md; the seed changes none of them.

use serde_json::{Value as Json, json};
use tx_base::Day;

/// A school before it is founded.
#[derive(Debug)]
pub(crate) struct Spec {
    pub code: &'static str,
    pub name: &'static str,
    /// first school year of its records
    pub first: i16,
    /// lowest grade, and how many grades
    pub lowest: u8,
    pub span: i16,
    /// school year of entry and number of classes
    pub cohorts: &'static [(i16, u8)],
    /// left-behind and other children on file of a class, by cohort and number
    pub left: fn(i16, u8) -> (usize, usize),
    /// since when the children of a cohort are on the list, given their first day here
    pub listed: fn(i16, Day) -> Day,
    /// classes whose teachers come first among the logins
    pub front: &'static [i16],
    /// all of the staff, and the women among the teachers
    pub teachers: (usize, usize),
    pub deputies: usize,
    pub counsellors: usize,
    pub volunteers: usize,
    pub profile: fn() -> Json,
}

const SIX: &[(i16, u8)] = &[
    (2020, 1),
    (2021, 1),
    (2022, 1),
    (2023, 1),
    (2024, 1),
    (2025, 1),
    (2026, 1),
];
const SIX_TIMES_TWO: &[(i16, u8)] = &[
    (2020, 2),
    (2021, 2),
    (2022, 2),
    (2023, 2),
    (2024, 2),
    (2025, 2),
    (2026, 2),
];
fn before(_: i16, first: Day) -> Day {
    first
}

pub(crate) static ALL: &[Spec] = &[
    Spec {
        code: "S1",
        name: "青石镇中学",
        first: 2025,
        lowest: 7,
        span: 3,
        cohorts: &[(2023, 3), (2024, 3), (2025, 3), (2026, 3)],
        left: |_, _| (10, 10),
        listed: before,
        front: &[701, 801],
        teachers: (26, 14),
        deputies: 3,
        counsellors: 1,
        volunteers: 1,
        profile: || json!({"location": "雾岭县青石镇", "founded": 1958, "site_m2": 21600, "building_m2": 8400, "classes": 9, "pupils": 180, "staff": 26, "teachers": 26, "villages": 7, "villagers": 15200, "farmers_away_percent": 41, "radius_km": 9}),
    },
    Spec {
        code: "S2",
        name: "梅岭小学",
        first: 2024,
        lowest: 1,
        span: 6,
        cohorts: &[
            (2019, 2),
            (2020, 3),
            (2021, 3),
            (2022, 3),
            (2023, 3),
            (2024, 3),
            (2025, 2),
            (2026, 3),
        ],
        // 175 on the list from the first day to the last of the account's two years; who came after them is listed from 2026-09-01
        left: |enter, no| match enter {
            2019 => (0, 0),
            2020..=2024 => (if no == 3 { 11 } else { 12 }, 7),
            _ => (8, 9),
        },
        listed: |enter, first| if enter > 2024 { Day::lit("2026-09-01") } else { first },
        front: &[401, 402],
        teachers: (85, 56),
        deputies: 2,
        counsellors: 2,
        volunteers: 65,
        profile: || json!({"location": "雾岭县县城梅岭路", "founded": 1936, "site_m2": 15079, "building_m2": 9860, "classes": 17, "pupils": 1181, "staff": 85, "teachers": 79, "villages": 3, "villagers": 12800, "farmers_away_percent": 35, "radius_km": 4}),
    },
    Spec {
        code: "S3",
        name: "河湾校区",
        first: 2025,
        lowest: 1,
        span: 6,
        cohorts: SIX_TIMES_TWO,
        left: |_, _| (9, 11),
        listed: before,
        front: &[401, 402],
        teachers: (32, 20),
        deputies: 2,
        counsellors: 1,
        volunteers: 2,
        profile: || json!({"location": "雾岭县河湾镇", "founded": 2009, "site_m2": 26700, "building_m2": 11200, "classes": 12, "pupils": 240, "staff": 32, "teachers": 32, "villages": 11, "villagers": 21300, "farmers_away_percent": 44, "radius_km": 12}),
    },
    Spec {
        code: "S4",
        name: "东坪小学",
        first: 2025,
        lowest: 1,
        span: 6,
        cohorts: SIX,
        left: |_, _| (10, 8),
        listed: before,
        front: &[401, 501],
        teachers: (15, 9),
        deputies: 1,
        counsellors: 1,
        volunteers: 1,
        profile: || json!({"location": "雾岭县东坪乡", "founded": 1962, "site_m2": 7300, "building_m2": 2100, "classes": 6, "pupils": 108, "staff": 15, "teachers": 15, "villages": 5, "villagers": 7600, "farmers_away_percent": 52, "radius_km": 7}),
    },
    Spec {
        code: "S5",
        name: "云溪小学",
        first: 2025,
        lowest: 1,
        span: 6,
        cohorts: &[
            (2020, 1),
            (2021, 1),
            (2022, 1),
            (2023, 2),
            (2024, 1),
            (2025, 1),
            (2026, 1),
        ],
        left: |_, _| (14, 4),
        listed: before,
        front: &[401, 402],
        teachers: (18, 11),
        deputies: 1,
        counsellors: 1,
        volunteers: 4,
        profile: || json!({"location": "雾岭县云溪镇", "founded": 1954, "site_m2": 8900, "building_m2": 3050, "classes": 7, "pupils": 126, "staff": 18, "teachers": 18, "villages": 6, "villagers": 8900, "farmers_away_percent": 49, "radius_km": 6}),
    },
    Spec {
        code: "S6",
        name: "竹坳村小",
        first: 2025,
        lowest: 1,
        span: 6,
        cohorts: SIX,
        left: |_, _| (10, 6),
        listed: before,
        front: &[401, 501],
        // 14 teachers, 8 of them women
        teachers: (14, 8),
        deputies: 1,
        counsellors: 2,
        volunteers: 1,
        profile: || json!({"location": "雾岭县竹坳村", "founded": 1947, "site_m2": 9920, "building_m2": 1140, "classes": 6, "pupils": 351, "staff": 14, "teachers": 14, "villages": 4, "villagers": 9000, "farmers_away_percent": 57, "radius_km": 6}),
    },
];

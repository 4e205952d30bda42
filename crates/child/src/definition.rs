//! The numbers of the three definitions of a county (domain.md §2: parameters are data, county-editable). A county that changed nothing has no row.

use crate::status::Params;
use serde_json::{Map, Value as Json, json};
use tx_base::{Fault, FieldFault, Id, Result, Text, say, t};
use tx_store::{Class, Conn, Cover, Table, Type, Write, col, params as vals, row};

/// One row a county, under the county's own id.
pub static DEFINITIONS: Table = Table {
    name: "definitions",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        // Params
        col("body", Type::Json, Class::O),
    ],
    key: &["county_id", "id"],
    unique: &[],
    index: &[],
    cover: Cover::Rows,
};

/// How a number of the definitions is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// a whole number from–to
    Whole(i32, i32),
    YesNo,
}
/// A number of the definitions: its name in API and form, what it means, its shape.
pub const NUMBERS: [(&str, Text, Text, Shape); 5] = [
    (
        "age_limit",
        t("民政口径：不满几周岁", "Civil affairs: under what age"),
        t("国发〔2016〕13号是 16", "16 in the State Council's text of 2016"),
        Shape::Whole(14, 18),
    ),
    (
        "rural_only",
        t("民政口径：只算农业户口", "Civil affairs: rural registration only"),
        t("2016 年的登记表这样要求", "As the survey form of 2016 asks"),
        Shape::YesNo,
    ),
    (
        "dead_is_unable",
        t(
            "民政口径：一方去世算没有监护能力",
            "Civil affairs: a dead parent counts as one without capacity",
        ),
        t("另一方外出时算留守", "The child counts when the other one is away"),
        Shape::YesNo,
    ),
    (
        "months",
        t("几个月口径：连续外出满几个月", "Months away without a break"),
        t("各地有按 3 个月的，也有按 6 个月的", "3 in some places, 6 in others"),
        Shape::Whole(1, 12),
    ),
    (
        "home_days",
        t(
            "家长回来满多少天，提醒问一问还外出吗",
            "Days at home after which it is asked whether the parent stays",
        ),
        t("只提醒，销不销名单由人定", "It only asks; a person decides"),
        Shape::Whole(30, 365),
    ),
];

/// The numbers that hold in a county.
pub fn params(c: &Conn, county: Id) -> Result<Params> {
    let r = c.first(
        "select body from definitions where county_id = ?1 and id = ?1",
        vals![county],
    )?;
    // a number that a later version knows no more changes nothing
    Ok(r.map_or_else(Params::default, |r| of(&r.json(0))))
}
fn of(body: &Json) -> Params {
    let mut p = Params::default();
    let whole = |name: &str, now: i32| body[name].as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or(now);
    p.age_limit = whole("age_limit", p.age_limit);
    p.months = whole("months", p.months);
    p.home_days = whole("home_days", p.home_days);
    p.rural_only = body["rural_only"].as_bool().unwrap_or(p.rural_only);
    p.dead_is_unable = body["dead_is_unable"].as_bool().unwrap_or(p.dead_is_unable);
    p
}
/// As JSON, with the names of [`NUMBERS`].
pub fn json_of(p: &Params) -> Map<String, Json> {
    let all = json!({"age_limit": p.age_limit, "rural_only": p.rural_only, "dead_is_unable": p.dead_is_unable, "months": p.months, "home_days": p.home_days});
    all.as_object().cloned().unwrap_or_default()
}

/// Reads changed numbers over those that stand: JSON, or the words of a form. Every wrong or unknown one is named.
pub fn parse(body: &Map<String, Json>, stands: &Params) -> Result<Params> {
    let mut out = json_of(stands);
    let mut bad = Vec::new();
    for (name, v) in body {
        let mut wrong = |zh: String, en: String| {
            bad.push(FieldFault {
                field: name.clone(),
                reason: say(zh, en),
            });
        };
        match NUMBERS.iter().find(|n| n.0 == name).map(|n| n.3) {
            None => wrong(format!("没有 {name} 这一项"), format!("there is no {name}")),
            Some(Shape::YesNo) => match v.as_bool().or(match v.as_str() {
                Some("1" | "on" | "true") => Some(true),
                Some("" | "0" | "false") => Some(false),
                _ => None,
            }) {
                Some(b) => {
                    out.insert(name.clone(), b.into());
                }
                None => wrong("只能是是或否".into(), "yes or no".into()),
            },
            Some(Shape::Whole(from, to)) => {
                let n = v
                    .as_i64()
                    .or_else(|| tx_sheet::value::text::squash(v.as_str()?).parse().ok());
                match n.filter(|n| (i64::from(from)..=i64::from(to)).contains(n)) {
                    Some(n) => {
                        out.insert(name.clone(), n.into());
                    }
                    None => wrong(
                        format!("要 {from} 到 {to} 之间的整数"),
                        format!("a whole number from {from} to {to}"),
                    ),
                }
            }
        }
    }
    if bad.is_empty() {
        Ok(of(&Json::Object(out)))
    } else {
        Err(Fault::fields(bad))
    }
}

/// Stores the numbers of the writer's county.
pub fn set(w: &mut Write, p: &Params) -> Result<()> {
    let county = w.county();
    let body = Json::Object(json_of(p)).to_string();
    let known = w.conn().count(
        "select count(*) from definitions where county_id = ?1 and id = ?1",
        vals![county],
    )?;
    if known == 0 {
        w.insert(&DEFINITIONS, row!["id" => county, "body" => body])?;
    } else {
        w.update(&DEFINITIONS, county, row!["body" => body])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(v: Json) -> Map<String, Json> {
        v.as_object().cloned().expect("an object")
    }
    #[test]
    fn numbers_are_read_over_those_that_stand_and_every_wrong_one_is_named() {
        let now = Params {
            months: 6,
            ..Params::default()
        };
        let p = parse(&object(json!({"age_limit": "１８", "rural_only": false})), &now).expect("good");
        assert_eq!(
            (p.age_limit, p.rural_only, p.months, p.dead_is_unable),
            (18, false, 6, true)
        );
        assert_eq!(of(&Json::Object(json_of(&p))), p);
        for (name, v) in [
            ("age_limit", json!(13)),
            ("age_limit", json!("十六")),
            ("home_days", json!(null)),
            ("rural_only", json!("perhaps")),
            ("colour", json!(1)),
        ] {
            let Err(Fault::Invalid(_, faults)) = parse(&object(json!({name: v, "months": 3})), &now) else {
                panic!("{name} was taken");
            };
            assert_eq!(faults.len(), 1);
            assert_eq!(faults[0].field, name);
        }
        assert!(parse(&object(json!({"months": 0})), &now).is_err());
        assert!(parse(&object(json!({"months": 1.5})), &now).is_err());
    }
}

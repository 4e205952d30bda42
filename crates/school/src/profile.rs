//! What a school says of itself, a row a school year (features A1): the declared fields, their checking, and the history.

use crate::tables::PROFILES;
use serde_json::{Map, Number, Value as Json, json};
use tx_base::{Fault, FieldFault, Id, Result, Say, Text, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Conn, Write, params, row};

/// What a field of the profile takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// a whole number of persons, classes, rooms …, 0 up to this
    Whole(i64),
    /// a number with decimals, 0 up to this
    Decimal(f64),
    /// a civil year; `民国36年` is read as 1947
    Year,
    /// text of at most so many characters
    Line(usize),
    /// names, one a line
    Names,
    /// teaching points: `{"name","grades"}`, such as grades `1-3`
    Points,
    /// schools that were merged into this one: `{"name","year"}`
    Merged,
}

/// A field of the profile.
#[derive(Clone, Copy, Debug)]
pub struct ProfileField {
    /// its name in the API; in figures `school.` stands before it
    pub id: &'static str,
    pub name: Text,
    /// measure word or unit, empty where there is none
    pub unit: Text,
    pub shape: Shape,
}

const fn field(id: &'static str, name: Text, unit: Text, shape: Shape) -> ProfileField {
    ProfileField { id, name, unit, shape }
}

/// Every field, in the order of the page.
pub static FIELDS: &[ProfileField] = &[
    field("location", t("地址", "Location"), t("", ""), Shape::Line(120)),
    field("founded", t("建校年份", "Founded"), t("", ""), Shape::Year),
    field(
        "site_m2",
        t("占地面积", "Site"),
        t("平方米", "m²"),
        Shape::Decimal(10_000_000.0),
    ),
    field(
        "building_m2",
        t("建筑面积", "Buildings"),
        t("平方米", "m²"),
        Shape::Decimal(10_000_000.0),
    ),
    field("classes", t("班级", "Classes"), t("个", ""), Shape::Whole(500)),
    field("pupils", t("学生", "Pupils"), t("人", ""), Shape::Whole(50_000)),
    field("staff", t("教职工", "Staff"), t("人", ""), Shape::Whole(5_000)),
    field("teachers", t("教师", "Teachers"), t("人", ""), Shape::Whole(5_000)),
    field(
        "villages",
        t("服务村数", "Villages served"),
        t("个", ""),
        Shape::Whole(500),
    ),
    field(
        "village_names",
        t("哪些村", "Names of the villages"),
        t("", ""),
        Shape::Names,
    ),
    field(
        "villagers",
        t("村民", "Villagers"),
        t("人", ""),
        Shape::Whole(10_000_000),
    ),
    field(
        "farmers_away_percent",
        t("外出务工的农户", "Farmers away"),
        t("%", "%"),
        Shape::Decimal(100.0),
    ),
    field(
        "radius_km",
        t("服务半径", "Service radius"),
        t("公里", "km"),
        Shape::Decimal(500.0),
    ),
    field(
        "rooms",
        t("关爱用房", "Rooms for the care"),
        t("间", ""),
        Shape::Whole(200),
    ),
    field("places", t("教学点", "Teaching points"), t("", ""), Shape::Points),
    field("merged", t("并入的学校", "Merged schools"), t("", ""), Shape::Merged),
];

/// The declared field with this name.
pub fn profile_field(id: &str) -> Option<&'static ProfileField> {
    FIELDS.iter().find(|f| f.id == id)
}

/// A profile as it was written for one school year.
#[derive(Clone, Debug)]
pub struct Profile {
    pub year: SchoolYear,
    /// only declared fields; what is not known is absent
    pub body: Map<String, Json>,
}

impl Profile {
    /// A number of the profile, by the field's name.
    pub fn number(&self, id: &str) -> Option<f64> {
        self.body.get(id).and_then(Json::as_f64)
    }
    /// A text of the profile.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.body.get(id).and_then(Json::as_str)
    }
    /// A field in words: `15079 平方米`, `民国36年（1947年）`, several lines for lists. Empty when it is not filled in.
    pub fn words(&self, f: &ProfileField) -> Vec<Say> {
        let Some(v) = self.body.get(f.id) else {
            return Vec::new();
        };
        let plain = |s: String| say(s.clone(), s);
        let part = |o: &Json, k: &str| match &o[k] {
            Json::String(s) => s.clone(),
            Json::Null => String::new(),
            other => other.to_string(),
        };
        match (f.shape, v) {
            (Shape::Year, v) => v.as_i64().map(founded_words).into_iter().collect(),
            (Shape::Names, Json::Array(list)) => {
                list.iter().filter_map(Json::as_str).map(|s| plain(s.into())).collect()
            }
            (Shape::Points, Json::Array(list)) => list
                .iter()
                .map(|o| {
                    let (n, g) = (part(o, "name"), part(o, "grades"));
                    if g.is_empty() {
                        plain(n)
                    } else {
                        say(
                            format!("{n}（{} 年级）", g.replace('-', "—")),
                            format!("{n} (grades {g})"),
                        )
                    }
                })
                .collect(),
            (Shape::Merged, Json::Array(list)) => list
                .iter()
                .map(|o| {
                    let (n, y) = (part(o, "name"), part(o, "year"));
                    if y.is_empty() {
                        plain(n)
                    } else {
                        say(format!("{n}（{y} 年并入）"), format!("{n} (merged {y})"))
                    }
                })
                .collect(),
            (_, Json::String(s)) => vec![plain(s.clone())],
            (_, v) => vec![say(
                format!("{v} {}", f.unit.zh).trim().to_owned(),
                format!("{v} {}", f.unit.en).trim().to_owned(),
            )],
        }
    }
}

/// A founding year in words. From 1912 to 1949 the year of the Republic stands before it: `民国36年（1947年）` (features A1).
pub fn founded_words(year: i64) -> Say {
    if (1912..=1949).contains(&year) {
        say(
            format!("民国{}年（{year}年）", year - 1911),
            format!("{year} (year {} of the Republic)", year - 1911),
        )
    } else {
        say(format!("{year}年"), year.to_string())
    }
}

/// Digits as people type them: full width, thousands parted by commas, a measure word behind.
fn plain_number(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            '．' | '。' => '.',
            c => c,
        })
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '\u{3000}'))
        .collect::<String>()
        .trim_end_matches("平方米")
        .trim_end_matches(['人', '个', '间', '%', '％', '年'])
        .trim_end_matches("公里")
        .to_owned()
}
fn year_of(text: &str) -> Option<i64> {
    let republic = text
        .trim()
        .strip_prefix("民国")
        .or_else(|| text.trim().strip_prefix("民國"));
    match republic {
        Some("元年") => Some(1912),
        Some(rest) => plain_number(rest)
            .parse::<i64>()
            .ok()
            .filter(|n| (1..=38).contains(n))
            .map(|n| n + 1911),
        None => plain_number(text).parse().ok(),
    }
}
fn number(v: f64) -> Json {
    if v.fract() == 0.0 && v.abs() < 9e15 {
        json!(v as i64)
    } else {
        Number::from_f64(v).map_or(Json::Null, Json::Number)
    }
}

/// One value as it was sent, in its stored form; `None` when it says nothing.
fn parse(f: &ProfileField, v: &Json) -> Result<Option<Json>, Say> {
    let text = match v {
        Json::Null => return Ok(None),
        Json::String(s) if s.trim().is_empty() => return Ok(None),
        Json::String(s) => s.trim().to_owned(),
        Json::Number(n) => n.to_string(),
        Json::Array(a) if a.is_empty() => return Ok(None),
        _ => String::new(),
    };
    let not_a_number = || say("要一个数，如 351", "a number is needed, such as 351");
    match f.shape {
        Shape::Whole(max) => {
            let n: i64 = plain_number(&text)
                .parse()
                .map_err(|_| say("要一个整数，如 351", "a whole number is needed, such as 351"))?;
            if (0..=max).contains(&n) {
                Ok(Some(json!(n)))
            } else {
                Err(say(format!("要在 0 到 {max} 之间"), format!("from 0 to {max}")))
            }
        }
        Shape::Decimal(max) => {
            let n: f64 = plain_number(&text).parse().map_err(|_| not_a_number())?;
            if n.is_finite() && (0.0..=max).contains(&n) {
                Ok(Some(number(n)))
            } else {
                Err(say(format!("要在 0 到 {max} 之间"), format!("from 0 to {max}")))
            }
        }
        Shape::Year => match year_of(&text) {
            Some(y) if (1000..=2200).contains(&y) => Ok(Some(json!(y))),
            _ => Err(say("要一个年份，如 1947 或 民国36年", "a year is needed, such as 1947")),
        },
        Shape::Line(max) => match v {
            Json::String(_) if text.chars().count() <= max && !text.chars().any(char::is_control) => {
                Ok(Some(json!(text)))
            }
            Json::String(_) => Err(say(
                format!("最多 {max} 个字，写一行"),
                format!("one line of at most {max} characters"),
            )),
            _ => Err(say("要一行字", "a line of text is needed")),
        },
        Shape::Names | Shape::Points | Shape::Merged => list(f.shape, v),
    }
}

/// A list field: an array, or lines of text from the form (`洞坪教学点 1-3`, `岩脚小学 2009`).
fn list(shape: Shape, v: &Json) -> Result<Option<Json>, Say> {
    let items: Vec<Json> = match v {
        Json::String(s) => s
            .split(['\n', '、', '；'])
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(|l| json!(l))
            .collect(),
        Json::Array(a) => a.clone(),
        _ => return Err(say("要一列名字", "a list of names is needed")),
    };
    if items.len() > 200 {
        return Err(say("最多 200 行", "at most 200 lines"));
    }
    let (second, wrong) = match shape {
        Shape::Points => ("grades", say("年级要像 1-3", "grades such as 1-3")),
        Shape::Merged => ("year", say("年份要像 2009", "a year such as 2009")),
        _ => ("", say("", "")),
    };
    let mut out = Vec::new();
    for item in &items {
        let (name, tail) = match item {
            Json::String(s) if second.is_empty() => (s.trim().to_owned(), String::new()),
            Json::String(s) => match s.rsplit_once(char::is_whitespace) {
                Some((n, t)) if t.starts_with(|c: char| c.is_ascii_digit()) => {
                    (n.trim().to_owned(), t.trim_end_matches(['年', '级']).to_owned())
                }
                _ => (s.trim().to_owned(), String::new()),
            },
            Json::Object(o) if !second.is_empty() && o.keys().all(|k| k == "name" || k == second) => {
                let word = |k: &str| match o.get(k) {
                    Some(Json::String(s)) => s.trim().to_owned(),
                    Some(Json::Number(n)) => n.to_string(),
                    _ => String::new(),
                };
                (word("name"), word(second))
            }
            _ => return Err(say("每行一个名字", "one name a line")),
        };
        if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
            return Err(say("每个名字 1 到 60 个字", "each name has 1 to 60 characters"));
        }
        out.push(match (shape, tail.is_empty()) {
            (Shape::Names, _) => json!(name),
            (_, true) => json!({"name": name}),
            (Shape::Points, false) => {
                let tail = tail.replace(['—', '–', '－', '~'], "-");
                let ok = |g: &str| matches!(g.parse::<u8>(), Ok(1..=9));
                let good = match tail.split_once('-') {
                    Some((a, b)) => ok(a) && ok(b) && a <= b,
                    None => ok(&tail),
                };
                if !good {
                    return Err(wrong);
                }
                json!({"name": name, "grades": tail})
            }
            (_, false) => match tail.parse::<i64>() {
                Ok(y) if (1000..=2200).contains(&y) => json!({"name": name, "year": y}),
                _ => return Err(wrong),
            },
        });
    }
    Ok((!out.is_empty()).then(|| out.into()))
}

/// Checks a profile as it was sent: every wrong or unknown field is named. Empty values leave their field out.
pub fn check_profile(sent: &Map<String, Json>) -> Result<Map<String, Json>> {
    let (mut out, mut bad) = (Map::new(), Vec::new());
    for (id, v) in sent {
        let Some(f) = profile_field(id) else {
            bad.push(FieldFault {
                field: id.clone(),
                reason: say(format!("没有 {id} 这一项"), format!("there is no field {id}")),
            });
            continue;
        };
        match parse(f, v) {
            Ok(Some(v)) => {
                out.insert(id.clone(), v);
            }
            Ok(None) => {}
            Err(e) => bad.push(FieldFault {
                field: id.clone(),
                reason: say(format!("{}：{}", f.name.zh, e.zh), format!("{}: {}", f.name.en, e.en)),
            }),
        }
    }
    let of = |id: &str| out.get(id).and_then(Json::as_i64);
    if let (Some(staff), Some(teachers)) = (of("staff"), of("teachers"))
        && teachers > staff
    {
        bad.push(FieldFault {
            field: "teachers".into(),
            reason: say("教师比教职工还多", "more teachers than staff"),
        });
    }
    if bad.is_empty() {
        Ok(out)
    } else {
        Err(Fault::fields(bad))
    }
}

/// Writes the profile of a school year whole; fields that are not given are not known. `year_first` is the civil year in
/// which the school year begins.
pub fn set_profile(w: &mut Write, school: Id, year_first: i16, body: &Map<String, Json>) -> Result<()> {
    let body = Json::from(check_profile(body)?).to_string();
    let sql = "select id, body from school_profiles where county_id = ?1 and school_id = ?2 and year_first = ?3";
    match w
        .conn()
        .first(sql, params![w.county(), school, i64::from(year_first)])?
    {
        Some(r) if r.str(1) == body => Ok(()),
        Some(r) => w.update(&PROFILES, r.id(0), row!["body" => body]).map(|_| ()),
        None => w.insert(
            &PROFILES,
            row!["id" => Id::fresh(), "school_id" => school, "year_first" => i64::from(year_first), "body" => body],
        ),
    }
}

/// The profile that holds in a school year: its own, else the latest before it (look at [`Profile::year`]).
pub fn profile(c: &Conn, county: Id, school: Id, year_first: i16) -> Result<Option<Profile>> {
    let sql = "select year_first, body from school_profiles where county_id = ?1 and school_id = ?2 and year_first <= ?3 order by year_first desc limit 1";
    Ok(c.first(sql, params![county, school, i64::from(year_first)])?
        .map(|r| read(r.int(0), r.json(1))))
}

/// Every profile of a school, the newest first.
pub fn profiles(c: &Conn, county: Id, school: Id) -> Result<Vec<Profile>> {
    let sql =
        "select year_first, body from school_profiles where county_id = ?1 and school_id = ?2 order by year_first desc";
    Ok(c.query(sql, params![county, school])?
        .iter()
        .map(|r| read(r.int(0), r.json(1)))
        .collect())
}

fn read(year: i64, body: Json) -> Profile {
    let body = if let Json::Object(o) = body { o } else { Map::new() };
    Profile {
        year: SchoolYear::new(i16::try_from(year).unwrap_or_default()),
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(v: Json) -> Map<String, Json> {
        v.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn years_of_the_republic_are_shown_with_the_civil_year() {
        assert_eq!(founded_words(1947).zh, "民国36年（1947年）");
        assert_eq!(founded_words(1912).zh, "民国1年（1912年）");
        assert_eq!(founded_words(1958).zh, "1958年");
        for (text, year) in [
            ("民国36年", Some(1947)),
            ("民国元年", Some(1912)),
            ("1947年", Some(1947)),
            ("民国99年", None),
            ("旧的", None),
        ] {
            assert_eq!(year_of(text), year, "{text}");
        }
    }

    #[test]
    fn what_people_type_is_understood() {
        let got = check_profile(&map(
            json!({"site_m2": "15,079平方米", "radius_km": "６.5", "pupils": 1181, "founded": "民国36年",
            "places": "洞坪教学点 1-3\n上寨教学点", "merged": [{"name": "岩脚小学", "year": 2009}], "villages": ""}),
        ))
        .expect("all good");
        assert_eq!(
            Json::from(got),
            json!({"site_m2": 15079, "radius_km": 6.5, "pupils": 1181, "founded": 1947,
                "places": [{"name": "洞坪教学点", "grades": "1-3"}, {"name": "上寨教学点"}], "merged": [{"name": "岩脚小学", "year": 2009}]})
        );
    }

    #[test]
    fn every_wrong_field_is_named() {
        let Err(Fault::Invalid(_, bad)) = check_profile(&map(
            json!({"pupils": "很多", "farmers_away_percent": 120, "nonsense": 1, "places": "洞坪 9-1",
            "staff": 10, "teachers": 14, "site_m2": {"a": 1}, "founded": 20260}),
        )) else {
            panic!("refused")
        };
        let mut names: Vec<&str> = bad.iter().map(|f| f.field.as_str()).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "farmers_away_percent",
                "founded",
                "nonsense",
                "places",
                "pupils",
                "site_m2",
                "teachers"
            ]
        );
    }

    #[test]
    fn words_of_lists_and_units() {
        let p = Profile {
            year: SchoolYear::new(2026),
            body: map(json!({"building_m2": 1140, "places": [{"name": "洞坪教学点", "grades": "1-3"}]})),
        };
        let zh = |id: &str| {
            p.words(profile_field(id).expect(id))
                .into_iter()
                .map(|s| s.zh)
                .collect::<Vec<_>>()
        };
        assert_eq!(zh("building_m2"), ["1140 平方米"]);
        assert_eq!(zh("places"), ["洞坪教学点（1—3 年级）"]);
        assert!(zh("pupils").is_empty());
    }
}

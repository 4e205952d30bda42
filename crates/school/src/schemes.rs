//! The six ready-made care schemes and the legal base under them: data in `schemes/`, read once.

use crate::tables::SCHEMES;
use serde::Deserialize;
use serde_json::json;
use std::sync::OnceLock;
use tx_base::{Day, Fault, Id, Result, say};
use tx_calendar::{Calendar, SchoolYear};
use tx_duty::{Counts, Post, Rule, Scheme, SchemeVersion, hours_per_week};
use tx_store::{Conn, Write, params, row};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    rules: Vec<Rule>,
}

/// Code and text of each ready-made scheme.
pub const BASES: [(&str, &str); 6] = [
    ("S1", include_str!("../../../schemes/s1/scheme.toml")),
    ("S2", include_str!("../../../schemes/s2/scheme.toml")),
    ("S3", include_str!("../../../schemes/s3/scheme.toml")),
    ("S4", include_str!("../../../schemes/s4/scheme.toml")),
    ("S5", include_str!("../../../schemes/s5/scheme.toml")),
    ("S6", include_str!("../../../schemes/s6/scheme.toml")),
];
const LEGAL: &str = include_str!("../../../schemes/legal-base/scheme.toml");

fn read(text: &str) -> File {
    toml::from_str(text).expect("a scheme of the product")
}
/// The rules that no school can lower.
pub fn legal_base() -> &'static [Rule] {
    static BASE: OnceLock<Vec<Rule>> = OnceLock::new();
    BASE.get_or_init(|| read(LEGAL).rules)
}
/// Name and rules of a ready-made scheme.
pub fn ready_made(code: &str) -> Option<(String, Vec<Rule>)> {
    BASES
        .iter()
        .find(|(c, _)| *c == code)
        .map(|(_, text)| read(text))
        .map(|f| (f.name, f.rules))
}

/// The published versions of a school's scheme, each over the legal base.
pub fn scheme(c: &Conn, county: Id, school: Id) -> Result<Scheme> {
    let sql = "select from_day, body from schemes where county_id = ?1 and school_id = ?2 and state = 'published' order by from_day, id";
    let mut versions = Vec::new();
    for r in c.query(sql, params![county, school])? {
        let rules: Vec<Rule> = serde_json::from_value(r.json(1)["rules"].clone()).map_err(Fault::broken)?;
        versions.push(SchemeVersion { from: r.day(0), rules }.over(legal_base()));
    }
    if versions.is_empty() {
        versions.push(SchemeVersion {
            from: Day::lit("2000-01-01"),
            rules: legal_base().to_vec(),
        });
    }
    Ok(Scheme::new(versions))
}

/// Takes a ready-made scheme as the first one of a school, from the first day of its school year; taking another one while
/// it stands alone changes it. A school that has published a version of its own goes through the editor.
pub fn choose_first_scheme(w: &mut Write, school: Id, base: &str, today: Day) -> Result<()> {
    let (title, rules) = ready_made(base).ok_or_else(|| Fault::invalid("scheme", "请选一个方案", "Choose a scheme"))?;
    let from = SchoolYear::of(today).span().from;
    let sql =
        "select id from schemes where county_id = ?1 and school_id = ?2 and state = 'published' order by from_day, id";
    let there = w.conn().query(sql, params![w.county(), school])?;
    let body = json!({"rules": rules}).to_string();
    match there.as_slice() {
        [] => w.insert(
            &SCHEMES,
            row!["id" => Id::fresh(), "school_id" => school, "base" => base.to_lowercase(), "name" => title, "state" => "published", "from_day" => from, "body" => body],
        ),
        [one] => w.update(&SCHEMES, one.id(0), row!["base" => base.to_lowercase(), "name" => title, "body" => body]).map(|_| ()),
        _ => Err(Fault::Conflict(say("方案已经发布过几版，请到“关爱方案”里改", "Several versions are published; change it under Care scheme"))),
    }
}

/// Children of a class when a scheme is shown before there are any: the week of its class teacher is said with this number.
pub const SAMPLE_CHILDREN: u32 = 20;

/// Acts and minutes in the week of a class teacher with [`SAMPLE_CHILDREN`] children on the list, of whom a tenth are key
/// children and have helpers.
pub fn sample_week(rules: &[Rule], calendar: &Calendar, year: SchoolYear) -> (f64, f64) {
    let n = SAMPLE_CHILDREN;
    let counts = Counts {
        all_pupils: n * 2,
        left_behind: n,
        key: n / 10,
        paired: n / 10,
        boarders: 0,
        classes: 1,
        schools: 0,
    };
    let version = SchemeVersion {
        from: year.span().from,
        rules: rules.to_vec(),
    };
    let load = hours_per_week(&version, calendar, year, &counts)
        .into_iter()
        .find(|l| l.post == Post::ClassTeacher);
    load.map_or((0.0, 0.0), |l| (l.items, l.minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn the_six_stand_over_the_legal_base() {
        for (code, _) in BASES {
            let (name, rules) = ready_made(code).expect(code);
            assert!(!name.is_empty() && !rules.is_empty(), "{code}");
            let version = SchemeVersion {
                from: Day::lit("2024-09-01"),
                rules,
            }
            .over(legal_base());
            assert_eq!(tx_duty::check(&version, legal_base()), Ok(()), "{code}");
            assert!(version.rules.iter().any(|r| r.id == "weekly_contact"), "{code}");
        }
    }
}

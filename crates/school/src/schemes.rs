//! The six ready-made care schemes and the legal base under them: data in `schemes/`, read once.

use serde::Deserialize;
use std::sync::OnceLock;
use tx_base::{Day, Fault, Id, Result};
use tx_duty::{Rule, Scheme, SchemeVersion};
use tx_store::{Conn, params};

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

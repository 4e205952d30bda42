//! Asks the store for what the text is written from.

use super::numbers::{Number, Numbers};
use super::template::{Template, Thing};
use std::collections::{BTreeMap, BTreeSet};
use tx_access::{SchoolRef, Scope};
use tx_base::{Id, Result, Span};
use tx_calendar::SchoolYear;
use tx_store::{Conn, params};

/// Ids of all figures that a template may name.
#[cfg(test)]
pub fn known_figures() -> Vec<&'static str> {
    tx_figures::every().map(|f| f.id).collect()
}

/// The figures of a school and period; those on admissions only inside a report to the authority (features G3).
fn figures(
    c: &Conn,
    scope: &Scope,
    school: Id,
    period: Span,
    authority: bool,
) -> Result<BTreeMap<&'static str, Number>> {
    let all = tx_figures::all(c, scope, school, period, authority)?;
    Ok(all.into_iter().map(|(f, n)| (f.id, Number { f, n })).collect())
}

/// Everything that this template may ask for.
pub fn gather(
    c: &Conn,
    scope: &Scope,
    school: &SchoolRef,
    period: Span,
    authority: bool,
    t: &Template,
) -> Result<Numbers> {
    let all = figures(c, scope, school.id, period, authority)?;
    let asked: BTreeSet<String> = t
        .things()
        .iter()
        .filter_map(|t| if let Thing::Names(f) = t { Some(f.clone()) } else { None })
        .collect();
    let mut names = BTreeMap::new();
    for (id, n) in all.iter().filter(|(id, _)| asked.contains(**id)) {
        names.insert(*id, titles(c, scope.county, school.id, &n.n.records)?);
    }
    Ok(Numbers {
        names,
        all,
        school: school.name.clone(),
        period: Some(period),
        today: Some(scope.today),
        profile: profile(c, scope.county, school.id, period)?,
        group: group(c, scope.county, school.id, period)?,
    })
}

/// Plain titles of records about no child, in the order of their days; each once.
fn titles(c: &Conn, county: Id, school: Id, records: &[Id]) -> Result<Vec<String>> {
    let sql = "select title, fields from records where county_id = ?1 and school_id = ?2 and id = ?3 and child_count = 0 and deleted_at is null";
    let mut out: Vec<String> = Vec::new();
    // a school has some ten rules in force, so one question each is no burden
    for id in records {
        let Some(r) = c.first(sql, params![county, school, *id])? else {
            continue;
        };
        let fields = r.json(1);
        let title = r
            .opt_text(0)
            .or_else(|| fields["title"].as_str().map(str::to_owned))
            .or_else(|| fields["name"].as_str().map(str::to_owned))
            .map(|s| s.trim_matches(['《', '》', ' ']).to_owned())
            .filter(|s| !s.is_empty());
        if let Some(t) = title
            && !out.contains(&t)
        {
            out.push(t);
        }
    }
    Ok(out)
}

/// The profile that held at the end of the period: field, label, words.
fn profile(c: &Conn, county: Id, school: Id, period: Span) -> Result<Vec<(String, String, String)>> {
    let year = SchoolYear::of(period.to).first;
    let found = tx_school::profile(c, county, school, year)?;
    Ok(tx_school::FIELDS
        .iter()
        .map(|f| {
            let words = found.as_ref().map(|p| p.words(f)).unwrap_or_default();
            let words: Vec<String> = words.into_iter().map(|s| s.zh.replace(' ', "")).collect();
            (f.id.to_owned(), f.name.zh.to_owned(), words.join("、"))
        })
        .collect())
}

/// The leading group of the last school year of the period that has one, in words without names: titles and duties
/// (domain.md §8, "staff names by setting").
fn group(c: &Conn, county: Id, school: Id, period: Span) -> Result<BTreeMap<&'static str, String>> {
    let (first, last) = (SchoolYear::of(period.from).first, SchoolYear::of(period.to).first);
    let mut members = Vec::new();
    for year in (first..=last).rev().take(20) {
        members = tx_school::group(c, county, school, year)?;
        if !members.is_empty() {
            break;
        }
    }
    let titles = |position: &str, default: &str| {
        let mut all: Vec<&str> = Vec::new();
        for m in members.iter().filter(|m| m.position == position) {
            let t = m.title.as_deref().unwrap_or(default);
            if !t.is_empty() && !all.contains(&t) {
                all.push(t);
            }
        }
        all.join("、")
    };
    let mut duties: Vec<String> = Vec::new();
    for m in &members {
        if let Some(d) = &m.duty {
            let who = m.title.as_deref().unwrap_or(match m.position.as_str() {
                "head" => "校长",
                _ => "专人",
            });
            // 校长全面负责, but 副校长负责家校联系
            let d = d.replace('，', "、");
            let verb = if d.contains("负责") { "" } else { "负责" };
            let line = format!("{who}{verb}{d}");
            if !duties.contains(&line) {
                duties.push(line);
            }
        }
    }
    Ok([
        ("head", titles("head", "校长")),
        ("deputies", titles("deputy", "")),
        ("members", titles("member", "")),
        ("office", titles("office_head", "办公室主任")),
        ("duties", duties.join("，")),
    ]
    .into())
}

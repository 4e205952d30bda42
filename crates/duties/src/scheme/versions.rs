//! Versions of a school's scheme and its one draft. The past stays judged by the version that was in force on its first day.

use serde_json::{Value as Json, json};
use tx_base::{Day, Fault, FieldFault, Id, Result, say};
use tx_duty::{Rule, SchemeVersion};
use tx_school::tables::SCHEMES;
use tx_school::{legal_base, ready_made};
use tx_store::{Conn, Row, Write, params, row};

/// A published version, or the draft.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: Id,
    /// 1 is the first; the draft has the number that it would get
    pub no: usize,
    /// `s1` … `s6`, `own`
    pub base: String,
    pub name: String,
    pub draft: bool,
    pub from: Day,
    /// over the legal base
    pub rules: Vec<Rule>,
    /// switched off, kept to be switched on again
    pub off: Vec<Rule>,
    pub note: Option<String>,
}

const COLS: &str =
    "select id, base, name, state, from_day, body, note from schemes where county_id = ?1 and school_id = ?2";

fn read(r: &Row, no: usize) -> Result<Version> {
    let body = r.json(5);
    let rules = |k: &str| -> Result<Vec<Rule>> {
        match &body[k] {
            Json::Null => Ok(Vec::new()),
            v => serde_json::from_value(v.clone()).map_err(Fault::broken),
        }
    };
    let from = r.day(4);
    Ok(Version {
        id: r.id(0),
        no,
        base: r.text(1),
        name: r.text(2),
        draft: r.str(3) == "draft",
        from,
        rules: SchemeVersion {
            from,
            rules: rules("rules")?,
        }
        .over(legal_base())
        .rules,
        off: rules("off")?,
        note: r.opt_text(6),
    })
}

/// The published versions in order of their first days.
pub fn versions(c: &Conn, county: Id, school: Id) -> Result<Vec<Version>> {
    let rows = c.query(
        &format!("{COLS} and state = 'published' order by from_day, id"),
        params![county, school],
    )?;
    rows.iter().enumerate().map(|(i, r)| read(r, i + 1)).collect()
}

/// The draft, if there is one.
pub fn draft(c: &Conn, county: Id, school: Id) -> Result<Option<Version>> {
    let published = c.count(
        "select count(*) from schemes where county_id = ?1 and school_id = ?2 and state = 'published'",
        params![county, school],
    )?;
    let r = c.first(
        &format!("{COLS} and state = 'draft' order by id desc limit 1"),
        params![county, school],
    )?;
    r.map(|r| read(&r, usize::try_from(published).unwrap_or(0) + 1))
        .transpose()
}

/// The version in force on a day.
pub(crate) fn on(all: &[Version], day: Day) -> Option<&Version> {
    all.iter().rev().find(|v| v.from <= day)
}

/// The first day that is offered for a new version: the Monday of next week.
pub(crate) fn offered_from(today: Day) -> Day {
    today.monday().plus(7)
}

/// Changes the draft; where there is none it begins as a copy of the newest version.
pub(crate) fn edit_draft(
    w: &mut Write,
    school: Id,
    today: Day,
    f: &dyn Fn(&mut Version) -> Result<()>,
) -> Result<Version> {
    let county = w.county();
    let found = draft(w.conn(), county, school)?;
    let there = found.is_some();
    let mut v = match found {
        Some(v) => v,
        None => {
            let newest = versions(w.conn(), county, school)?.pop();
            let no = newest.as_ref().map_or(1, |n| n.no + 1);
            let from = newest
                .as_ref()
                .map_or(offered_from(today), |n| n.from.max(offered_from(today)));
            let begin = newest.unwrap_or_else(|| Version {
                id: Id::NIL,
                no,
                base: "own".into(),
                name: String::new(),
                draft: true,
                from,
                rules: legal_base().to_vec(),
                off: Vec::new(),
                note: None,
            });
            Version {
                id: Id::fresh(),
                no,
                draft: true,
                from,
                note: None,
                ..begin
            }
        }
    };
    f(&mut v)?;
    check(&v)?;
    let body = json!({"rules": v.rules, "off": v.off}).to_string();
    if body.len() > 200_000 || v.rules.len() + v.off.len() > 200 {
        return Err(Fault::invalid(
            "rules",
            "规则太多了，最多 200 条",
            "Too many rules, at most 200",
        ));
    }
    if there {
        w.update(
            &SCHEMES,
            v.id,
            row!["base" => v.base.as_str(), "name" => v.name.as_str(), "from_day" => v.from, "body" => body],
        )?;
    } else {
        w.insert(
            &SCHEMES,
            row!["id" => v.id, "school_id" => school, "base" => v.base.as_str(), "name" => v.name.as_str(), "state" => "draft", "from_day" => v.from, "body" => body],
        )?;
    }
    Ok(v)
}

/// The draft with the rules of a ready-made scheme; what the school had switched off goes.
pub(crate) fn take_base(v: &mut Version, code: &str) -> Result<()> {
    let (name, rules) = ready_made(code).ok_or_else(|| {
        Fault::invalid(
            "base",
            format!("没有方案 {code}，只有 S1 到 S6"),
            format!("no scheme {code}; there are S1 to S6"),
        )
    })?;
    v.base = code.to_lowercase();
    v.name = name;
    v.rules = SchemeVersion { from: v.from, rules }.over(legal_base()).rules;
    v.off = Vec::new();
    Ok(())
}

/// Every fault of the rules in words: those of the engine, and kinds of record that do not exist.
pub(crate) fn check(v: &Version) -> Result<()> {
    let mut bad: Vec<FieldFault> = Vec::new();
    for r in v.rules.iter().chain(&v.off) {
        if tx_record::find_kind(&r.kind).is_none() && !legal_base().iter().any(|l| l.id == r.id) {
            bad.push(FieldFault {
                field: format!("rules.{}", r.id),
                reason: say(
                    format!("“{}”：没有 {} 这种记录", r.name.zh, r.kind),
                    format!("“{}”: there is no kind {}", r.name.en, r.kind),
                ),
            });
        }
        let long = |s: &str| s.chars().count() > 60 || s.chars().any(char::is_control);
        if r.id.is_empty() || r.id.len() > 60 || long(&r.name.zh) || long(&r.name.en) || r.minutes > 600 {
            bad.push(FieldFault {
                field: format!("rules.{}", r.id),
                reason: say(
                    "编号、名字最多 60 个字，最多 600 分钟",
                    "ids and names up to 60 characters, at most 600 minutes",
                ),
            });
        }
    }
    let version = SchemeVersion {
        from: v.from,
        rules: v.rules.clone(),
    };
    if let Err(list) = tx_duty::check(&version, legal_base()) {
        bad.extend(list.into_iter().map(|reason| FieldFault {
            field: "rules".into(),
            reason,
        }));
    }
    if bad.is_empty() {
        Ok(())
    } else {
        Err(Fault::fields(bad))
    }
}

/// Puts the draft into force from a day on: never before today, never before a version that is published already, so that
/// no period that has begun is judged anew.
pub fn publish(w: &mut Write, school: Id, from: Day, note: Option<&str>, today: Day) -> Result<Version> {
    let county = w.county();
    let v = draft(w.conn(), county, school)?
        .ok_or_else(|| Fault::Conflict(say("没有草稿，先改点什么", "There is no draft; change something first")))?;
    if from < today {
        return Err(Fault::invalid(
            "from",
            "不能从过去的日子起用，最早今天",
            "It cannot begin in the past; today at the earliest",
        ));
    }
    if from > today.plus(731) {
        return Err(Fault::invalid("from", "最多提前两年", "At most two years ahead"));
    }
    let all = versions(w.conn(), county, school)?;
    if let Some(last) = all.last().filter(|l| l.from > from) {
        return Err(Fault::invalid(
            "from",
            format!("第 {} 版从{}起用，新的一版不能早于它", last.no, last.from.zh_long()),
            format!(
                "Version {} begins on {}; a new one cannot begin before it",
                last.no, last.from
            ),
        ));
    }
    if all.last().is_some_and(|l| l.rules == v.rules) {
        return Err(Fault::Conflict(say(
            "和现在的一版一样，没有可发布的",
            "It equals the present version; there is nothing to publish",
        )));
    }
    if note.is_some_and(|n| n.chars().count() > 200) {
        return Err(Fault::invalid("note", "最多 200 个字", "At most 200 characters"));
    }
    check(&v)?;
    let note = note.map(str::trim).filter(|n| !n.is_empty());
    w.update(
        &SCHEMES,
        v.id,
        row!["state" => "published", "from_day" => from, "note" => note],
    )?;
    Ok(Version {
        from,
        draft: false,
        note: note.map(str::to_owned),
        ..v
    })
}

/// Lets the draft go; its text stays in the history.
pub(crate) fn drop_draft(w: &mut Write, school: Id) -> Result<()> {
    let v = draft(w.conn(), w.county(), school)?.ok_or(Fault::NotFound)?;
    w.update(&SCHEMES, v.id, row!["state" => "dropped"]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tx_base::t;
    use tx_duty::{Every, Post, Source, Whom};

    fn version(rules: Vec<Rule>) -> Version {
        Version {
            id: Id::NIL,
            no: 1,
            base: "own".into(),
            name: String::new(),
            draft: true,
            from: Day::lit("2026-11-30"),
            rules,
            off: Vec::new(),
            note: None,
        }
    }

    #[test]
    fn a_rule_of_law_cannot_be_weakened_and_a_kind_must_exist() {
        tx_record::install_kinds(tx_kinds::ALL);
        assert_eq!(check(&version(legal_base().to_vec())), Ok(()));
        let mut weak = legal_base().to_vec();
        weak[0].every = Every::Month;
        assert!(check(&version(weak)).is_err());
        let mut odd = legal_base().to_vec();
        odd.push(Rule {
            id: "x".into(),
            kind: "no_such_kind".into(),
            name: t("没有", "none").into(),
            owner: Post::Head,
            whom: Whom::School,
            every: Every::Term,
            outcomes: Vec::new(),
            tag: None,
            also_settled_by: Vec::new(),
            source: Source::School,
            law: None,
            minutes: 0,
        });
        assert!(check(&version(odd)).is_err());
    }

    #[test]
    fn each_ready_made_scheme_is_a_good_draft() {
        tx_record::install_kinds(tx_kinds::ALL);
        for (code, _) in tx_school::BASES {
            let mut v = version(Vec::new());
            take_base(&mut v, code).expect(code);
            assert_eq!(check(&v), Ok(()), "{code}");
        }
    }
}

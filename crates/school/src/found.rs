//! Founding a school and what stands in it.

use crate::schemes::ready_made;
use crate::tables::{ADULTS, CLASSES, POSTS, SCHEMES, SCHOOLS};
use serde_json::json;
use tx_access::directory;
use tx_base::{Day, Fault, Id, Result, say};
use tx_calendar::{Calendar, ClassCode, SchoolYear};
use tx_store::{Conn, Write, params, row};

/// First school year that the offered calendar knows, by its first civil year; it reaches two years past the present.
const FIRST_YEAR: i16 = 2023;

/// Adds a school with a ready-made scheme in force from the first day of its present school year.
pub fn add_school(w: &mut Write, code: &str, name: &str, base: Option<&str>, today: Day) -> Result<Id> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if code.is_empty() || code.len() > 20 || !code.chars().all(plain) {
        return Err(Fault::invalid(
            "code",
            "学校代码要 1 到 20 个字母数字",
            "A school code has 1 to 20 letters and digits",
        ));
    }
    if name.trim().is_empty() || name.chars().count() > 60 {
        return Err(Fault::invalid(
            "name",
            "学校名要 1 到 60 个字",
            "A school's name has 1 to 60 characters",
        ));
    }
    if directory::find(w.conn(), "school", code)?.is_some() {
        return Err(Fault::Conflict(say(
            format!("学校代码 {code} 已经有了"),
            format!("The school code {code} exists already"),
        )));
    }
    let scheme = match base {
        None => None,
        Some(b) => Some(ready_made(b).ok_or_else(|| {
            Fault::invalid(
                "scheme",
                format!("没有方案 {b}，只有 S1 到 S6"),
                format!("no scheme {b}; there are S1 to S6"),
            )
        })?),
    };
    let id = Id::fresh();
    w.insert(
        &SCHOOLS,
        row!["id" => id, "code" => code, "name" => name.trim(), "stage" => "primary", "school_system" => "six_three", "definition" => "school_list", "lowest_grade" => 1, "settings" => "{}"],
    )?;
    directory::set(w, "school", code, id)?;
    if let Some((title, rules)) = scheme {
        let from = SchoolYear::of(today).span().from;
        w.insert(
            &SCHEMES,
            row!["id" => Id::fresh(), "school_id" => id, "base" => base.unwrap_or_default().to_lowercase(), "name" => title, "state" => "published", "from_day" => from, "body" => json!({"rules": rules}).to_string()],
        )?;
    }
    Ok(id)
}

/// County and id of a school by its code.
pub fn school_by_code(c: &Conn, code: &str) -> Result<Option<(Id, Id)>> {
    directory::find(c, "school", code)
}

/// Adds a class of a school year. `code` is `301` for grade 3, number 1.
pub fn add_class(w: &mut Write, school: Id, code: &str, year: SchoolYear) -> Result<Id> {
    let Some(k) = ClassCode::from_code(code) else {
        let code: String = code.chars().take(20).collect();
        return Err(Fault::invalid(
            "code",
            format!("{code} 不是班级代码，要像 301").trim_start().to_owned(),
            format!("{code} is no class code; such as 301"),
        ));
    };
    let id = Id::fresh();
    w.insert(
        &CLASSES,
        row!["id" => id, "school_id" => school, "code" => k.code(), "name" => k.screen(), "grade" => i64::from(k.grade), "number" => i64::from(k.number), "year_first" => i64::from(year.first)],
    )?;
    Ok(id)
}
/// The class with this code in a school year.
pub fn class_by_code(c: &Conn, county: Id, school: Id, code: &str, year: SchoolYear) -> Result<Option<Id>> {
    let sql = "select id from classes where county_id = ?1 and school_id = ?2 and code = ?3 and year_first = ?4";
    Ok(c.first(sql, params![county, school, code, i64::from(year.first)])?
        .map(|r| r.id(0)))
}
/// Code and screen name of a class.
pub fn class_named(c: &Conn, county: Id, class: Id) -> Result<(String, String)> {
    let r = c.first(
        "select code, name from classes where county_id = ?1 and id = ?2",
        params![county, class],
    )?;
    Ok(r.map(|r| (r.text(0), r.text(1))).unwrap_or_default())
}

/// Adds a member of staff. `sex` is `f` or `m`.
pub fn add_adult(w: &mut Write, school: Id, name: &str, sex: &str, from: Day) -> Result<Id> {
    add_adult_of(w, school, name, Some(sex), from)
}
/// As [`add_adult`], also where the sex was not said.
pub fn add_adult_of(w: &mut Write, school: Id, name: &str, sex: Option<&str>, from: Day) -> Result<Id> {
    let id = Id::fresh();
    w.insert(
        &ADULTS,
        row!["id" => id, "school_id" => school, "kind" => "teacher", "name" => name, "sex" => sex, "party_member" => false, "from_day" => from, "sort_key" => name],
    )?;
    Ok(id)
}

/// A post to be held: the owner of a duty comes from here.
#[derive(Clone, Copy, Debug)]
pub struct NewPost<'a> {
    pub school: Id,
    pub adult: Id,
    pub account: Option<Id>,
    /// a code of `tx_duty::Post`
    pub post: &'a str,
    pub class: Option<Id>,
    pub from: Day,
}
pub fn add_post(w: &mut Write, p: &NewPost) -> Result<Id> {
    let id = Id::fresh();
    w.insert(
        &POSTS,
        row!["id" => id, "school_id" => p.school, "adult_id" => p.adult, "account_id" => p.account, "post" => p.post, "class_id" => p.class, "from_day" => p.from],
    )?;
    Ok(id)
}

/// The calendar of a school: its own, else the county's, else the offered one.
pub fn calendar(c: &Conn, county: Id, school: Id, today: Day) -> Result<Calendar> {
    let sql = "select body from calendars where county_id = ?1 and (school_id = ?2 or school_id is null) order by school_id nulls last, id limit 1";
    match c.first(sql, params![county, school])? {
        Some(r) => serde_json::from_str(r.str(0)).map_err(Fault::broken),
        None => Ok(Calendar::default_years(
            SchoolYear::new(FIRST_YEAR),
            SchoolYear::new(SchoolYear::of(today).first + 2),
        )),
    }
}

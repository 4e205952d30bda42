//! The leading group of a school year (features A2): who is in it as what, with the duty each carries, and its gaps.

use crate::tables::GROUP_MEMBERS;
use tx_base::{Day, Fault, FieldFault, Id, Result, Text, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Conn, Write, params, row};

/// Position codes in the order of the page, with their words.
pub const POSITIONS: [(&str, Text); 5] = [
    ("head", t("组长", "Head of the group")),
    ("deputy", t("副组长", "Deputy")),
    ("member", t("成员", "Member")),
    ("office_head", t("办公室主任", "Head of the office")),
    ("office_member", t("办公室成员", "Office member")),
];

/// Someone to be put into the group.
#[derive(Clone, Debug)]
pub struct NewMember {
    pub adult: Id,
    /// a code of [`POSITIONS`]
    pub position: String,
    /// the duty carried: 安全和法制, 学习和生活 …
    pub duty: Option<String>,
    /// 副校长, 工会主席, 班主任 …
    pub title: Option<String>,
    /// the class that makes a class teacher a member
    pub class: Option<Id>,
}

/// Someone in the group.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: Id,
    pub adult: Id,
    pub name: String,
    pub position: String,
    pub duty: Option<String>,
    pub title: Option<String>,
    pub class: Option<Id>,
    pub class_name: Option<String>,
}

/// What is missing in a group.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    pub no_head: bool,
    pub no_office: bool,
    /// classes that have no class teacher, by name
    pub no_teacher: Vec<String>,
    /// classes whose class teacher is not in the group: class and teacher
    pub not_joined: Vec<(String, String)>,
}
impl Gaps {
    pub fn none(&self) -> bool {
        !self.no_head && !self.no_office && self.no_teacher.is_empty() && self.not_joined.is_empty()
    }
}

/// Puts someone into the group of a school year.
pub fn add_member(w: &mut Write, school: Id, year_first: i16, m: &NewMember) -> Result<Id> {
    let mut bad = Vec::new();
    let mut fault = |field: &str, zh: &str, en: &str| {
        bad.push(FieldFault {
            field: field.into(),
            reason: say(zh, en),
        })
    };
    let Some(sort) = POSITIONS.iter().position(|(code, _)| *code == m.position) else {
        return Err(Fault::invalid("position", "没有这个位置", "There is no such position"));
    };
    let sql = "select id from adults where county_id = ?1 and school_id = ?2 and id = ?3";
    if w.conn().first(sql, params![w.county(), school, m.adult])?.is_none() {
        fault("adult", "请选本校的一个人", "Choose someone of the school");
    }
    for (name, v) in [("duty", &m.duty), ("title", &m.title)] {
        if v.as_ref()
            .is_some_and(|v| v.chars().count() > 60 || v.chars().any(char::is_control))
        {
            fault(name, "最多 60 个字", "At most 60 characters");
        }
    }
    let now = group(w.conn(), w.county(), school, year_first)?;
    if now
        .iter()
        .any(|k| k.adult == m.adult && k.position == m.position && k.class == m.class)
    {
        fault("adult", "已经在组里了", "Is in the group already");
    }
    if m.position == "head" && now.iter().any(|k| k.position == "head") {
        fault(
            "position",
            "组长已经有了，先请他退出",
            "There is a head already; take that one out first",
        );
    }
    if !bad.is_empty() {
        return Err(Fault::fields(bad));
    }
    let id = Id::fresh();
    let clean = |v: &Option<String>| v.as_deref().map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
    w.insert(
        &GROUP_MEMBERS,
        row!["id" => id, "school_id" => school, "year_first" => i64::from(year_first), "adult_id" => m.adult, "position" => m.position.as_str(),
            "duty" => clean(&m.duty), "title" => clean(&m.title), "class_id" => m.class, "sort" => sort],
    )?;
    Ok(id)
}

/// Makes this list the group of the school year; who is not in it goes out.
pub fn set_group(w: &mut Write, school: Id, year_first: i16, list: &[NewMember]) -> Result<()> {
    for m in group(w.conn(), w.county(), school, year_first)? {
        remove_member(w, school, m.id)?;
    }
    for m in list {
        add_member(w, school, year_first, m)?;
    }
    Ok(())
}

/// Takes someone out; the row stays in the history.
pub fn remove_member(w: &mut Write, school: Id, id: Id) -> Result<()> {
    let sql = "select id from group_members where county_id = ?1 and school_id = ?2 and id = ?3 and removed_at is null";
    w.conn()
        .first(sql, params![w.county(), school, id])?
        .ok_or(Fault::NotFound)?;
    let now = w.now();
    w.update(&GROUP_MEMBERS, id, row!["removed_at" => now]).map(|_| ())
}

/// The leading group of a school year, by position and class.
pub fn group(c: &Conn, county: Id, school: Id, year_first: i16) -> Result<Vec<Member>> {
    let sql = "select g.id, g.adult_id, a.name, g.position, g.duty, g.title, g.class_id, k.name from group_members g \
               join adults a on a.county_id = g.county_id and a.id = g.adult_id left join classes k on k.county_id = g.county_id and k.id = g.class_id \
               where g.county_id = ?1 and g.school_id = ?2 and g.year_first = ?3 and g.removed_at is null order by g.sort, coalesce(k.grade, 0), coalesce(k.number, 0), g.id";
    let rows = c.query(sql, params![county, school, i64::from(year_first)])?;
    Ok(rows
        .iter()
        .map(|r| Member {
            id: r.id(0),
            adult: r.id(1),
            name: r.text(2),
            position: r.text(3),
            duty: r.opt_text(4),
            title: r.opt_text(5),
            class: r.opt_id(6),
            class_name: r.opt_text(7),
        })
        .collect())
}

/// A class of a school year and who leads it on a day.
#[derive(Clone, Debug)]
pub struct Led {
    pub class: Id,
    pub code: String,
    pub name: String,
    pub place: Option<String>,
    pub teacher: Option<(Id, String)>,
}

/// The classes of a school year with the class teacher of a day.
pub fn led_classes(c: &Conn, county: Id, school: Id, year: SchoolYear, on: Day) -> Result<Vec<Led>> {
    let sql = "select k.id, k.code, k.name, k.place, a.id, a.name from classes k \
               left join posts p on p.county_id = k.county_id and p.class_id = k.id and p.post = 'class_teacher' and p.from_day <= ?4 and (p.to_day is null or p.to_day >= ?4) \
               left join adults a on a.county_id = p.county_id and a.id = p.adult_id \
               where k.county_id = ?1 and k.school_id = ?2 and k.year_first = ?3 order by k.grade, k.number, k.id, p.from_day desc, p.id desc";
    let mut out: Vec<Led> = Vec::new();
    for r in c.query(sql, params![county, school, i64::from(year.first), on])? {
        // of two at once the later one leads
        if out.last().is_some_and(|l| l.class == r.id(0)) {
            continue;
        }
        out.push(Led {
            class: r.id(0),
            code: r.text(1),
            name: r.text(2),
            place: r.opt_text(3),
            teacher: r.opt_id(4).map(|a| (a, r.text(5))),
        });
    }
    Ok(out)
}

/// Puts every class teacher of the school year into the group as a member, in one step; how many came.
pub fn join_class_teachers(w: &mut Write, school: Id, year_first: i16, on: Day) -> Result<usize> {
    let led = led_classes(w.conn(), w.county(), school, SchoolYear::new(year_first), on)?;
    let now = group(w.conn(), w.county(), school, year_first)?;
    let mut n = 0;
    for k in led {
        let Some((adult, _)) = k
            .teacher
            .filter(|(a, _)| !now.iter().any(|m| m.adult == *a && m.class == Some(k.class)))
        else {
            continue;
        };
        let m = NewMember {
            adult,
            position: "member".into(),
            duty: None,
            title: Some("班主任".into()),
            class: Some(k.class),
        };
        add_member(w, school, year_first, &m)?;
        n += 1;
    }
    Ok(n)
}

/// What is missing in the group of a school year.
pub fn gaps(c: &Conn, county: Id, school: Id, year_first: i16, on: Day) -> Result<Gaps> {
    let members = group(c, county, school, year_first)?;
    let mut g = Gaps {
        no_head: !members.iter().any(|m| m.position == "head"),
        no_office: !members.iter().any(|m| m.position == "office_head"),
        ..Gaps::default()
    };
    for k in led_classes(c, county, school, SchoolYear::new(year_first), on)? {
        match k.teacher {
            None => g.no_teacher.push(k.name),
            Some((a, name)) if !members.iter().any(|m| m.adult == a) => g.not_joined.push((k.name, name)),
            Some(_) => {}
        }
    }
    Ok(g)
}

//! What a row of a sheet says, as a new child or laid over a file that is there already.

use crate::Facts;
use crate::change::{File, Guardian, Parent};
use crate::status::{Parent as Who, Where};
use tx_base::{Day, Id};
use tx_sheet::{
    AwayKind, Boarder, ChildDraft, Form, GuardianDraft, GuardianKind, IdKind, ParentDraft, Precision, Sex, Whereabouts,
};

/// Whether a column is kept by default. Income, political status and adults' ID numbers are not: not more than needed
/// (domain.md §7.3, features B2); a school's setting takes them in.
pub fn is_optional(field: &str) -> bool {
    field == "parent_income"
        || field == "parent_political"
        || field.ends_with("_income")
        || field.ends_with("_political")
        || field.ends_with("_id")
}

fn precision(p: Precision) -> &'static str {
    match p {
        Precision::Day => "day",
        Precision::Month => "month",
        Precision::Year => "year",
    }
}
fn id_kind(k: IdKind) -> &'static str {
    match k {
        IdKind::Resident => "resident",
        IdKind::Permit => "permit",
        IdKind::Passport => "passport",
        IdKind::Other => "other",
    }
}
fn yes(b: bool) -> String {
    if b { "是" } else { "否" }.into()
}
fn put(facts: &mut Facts, name: &str, text: Option<String>) {
    if let Some(t) = text.filter(|t| !t.trim().is_empty()) {
        facts.insert(name.into(), t);
    }
}
/// The first number and the others in words.
fn numbers(phones: &[tx_sheet::Phone]) -> (Option<String>, Option<String>) {
    let rest: Vec<&str> = phones.iter().skip(1).map(tx_sheet::Phone::as_str).collect();
    (
        phones.first().map(|p| p.as_str().to_owned()),
        (!rest.is_empty()).then(|| rest.join("、")),
    )
}

fn guardian(g: &GuardianDraft) -> Guardian {
    let (phone, others) = numbers(&g.phones);
    let mut more = Facts::new();
    put(&mut more, "phones", others);
    put(&mut more, "birth_year", g.birth_year.map(|y| y.to_string()));
    put(&mut more, "edu", g.edu.map(|e| e.label().zh.into()));
    put(&mut more, "job", g.job.clone());
    put(&mut more, "health", g.health.clone());
    if g.kind == GuardianKind::Entrusted {
        put(&mut more, "kind", Some("委托监护人".into()));
    }
    Guardian {
        name: g.name.clone().unwrap_or_default(),
        relation: g
            .relation
            .map(|r| r.code().to_owned())
            .or_else(|| g.relation_text.clone())
            .unwrap_or_default(),
        phone,
        address: g.address.clone(),
        more,
        ..Guardian::default()
    }
}
fn parent(p: &ParentDraft, optional: bool) -> Parent {
    let (phone, others) = numbers(&p.phones);
    let mut more = Facts::new();
    put(&mut more, "phones", others);
    put(&mut more, "birth_year", p.birth_year.map(|y| y.to_string()));
    put(&mut more, "edu", p.edu.map(|e| e.label().zh.into()));
    put(&mut more, "job", p.job.clone());
    put(&mut more, "health", p.health.clone());
    if optional {
        put(&mut more, "political", p.political.clone());
    }
    let who = match p.parent {
        tx_sheet::Parent::Father => Who::Father,
        tx_sheet::Parent::Mother => Who::Mother,
    };
    Parent {
        name: p.name.clone(),
        whereabouts: match p.whereabouts {
            Whereabouts::Home => Where::Home,
            Whereabouts::AwayWork => Where::AwayWork,
            Whereabouts::AwayOther => Where::AwayOther,
            Whereabouts::Dead => Where::Dead,
            Whereabouts::Unknown => Where::Unknown,
        },
        from: p.away_since,
        place: p.place.clone(),
        phone,
        capacity: p.able.map(|a| if a { "able" } else { "unable" }.into()),
        more,
        source: Some("list".into()),
        ..Parent::new(who)
    }
}

/// What surrounds a row.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    pub school: Id,
    pub school_name: &'a str,
    pub class: Option<Id>,
    pub form: Form,
    /// the sheet's date, not after today
    pub day: Day,
    /// first day of the school year
    pub year_from: Day,
    /// also what is off by default
    pub optional: bool,
}
impl Around<'_> {
    /// The first day in the class.
    pub fn since(&self) -> Day {
        self.day.max(self.year_from)
    }
}

/// The row as a new child. Every mapped column has its place: a column of the file, or a fact under the field's name.
pub fn new_child(d: &ChildDraft, a: &Around) -> File {
    let mut more: Facts = d
        .extra
        .iter()
        .filter(|(k, _)| a.optional || !is_optional(k))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    put(&mut more, "town", d.town.clone());
    put(&mut more, "health", d.health.clone());
    put(&mut more, "hukou_registered", d.hukou_registered.map(yes));
    let phones: Vec<&str> = d.phones.iter().map(tx_sheet::Phone::as_str).collect();
    put(&mut more, "phone", Some(phones.join("、")));
    put(
        &mut more,
        "school",
        d.school
            .clone()
            .filter(|s| s != a.school_name && !s.chars().all(|c| c.is_ascii_digit())),
    );
    put(
        &mut more,
        "away_kind",
        d.away_kind.map(|k: AwayKind| k.label().zh.into()),
    );
    put(&mut more, "away_since", d.away_since.map(|day| day.to_string()));
    if a.class.is_none() {
        put(&mut more, "grade_class", d.class_text.clone());
    }
    if d.birth_estimated {
        put(&mut more, "birth_estimated", Some(yes(true)));
    }
    if d.boarder == Some(Boarder::Lodger) {
        put(&mut more, "boarder", Some(Boarder::Lodger.label().zh.into()));
    }
    // the register's own column only proposes (domain.md §5)
    if a.form == Form::Register {
        put(&mut more, "left_behind", d.left_behind.map(yes));
    }
    let class_no = d.class_no.as_ref().and_then(|n| n.parse::<i64>().ok());
    let class_no = class_no.filter(|n| (1..=999).contains(n));
    if class_no.is_none() {
        put(&mut more, "class_no", d.class_no.clone());
    }
    if a.optional {
        let id = |n: &Option<tx_sheet::IdNumber>| n.as_ref().map(|n| n.as_str().to_owned());
        for (i, g) in d.guardians.iter().enumerate() {
            let name = if i == 0 {
                "guardian_id".into()
            } else {
                format!("guardian{}_id", i + 1)
            };
            put(&mut more, &name, id(&g.id_no));
        }
        for p in &d.parents {
            let name = if p.parent == tx_sheet::Parent::Father {
                "father_id"
            } else {
                "mother_id"
            };
            put(&mut more, name, id(&p.id_no));
        }
    }
    let listed = a.form != Form::Register;
    File {
        id: Id::fresh(),
        school: a.school,
        class: a.class,
        name: d.name.clone(),
        entered_name: d.name_entered.clone(),
        former_name: d.former_name.clone(),
        sex: d.sex.map(|s| if s == Sex::Male { "m" } else { "f" }.into()),
        birth_date: d.birth_date,
        birth_precision: d.birth_date.map(|_| precision(d.birth_precision).into()),
        id_kind: d.id_no.as_ref().map(|_| id_kind(d.id_kind).into()),
        id_no: d.id_no.as_ref().map(|n| n.as_str().to_owned()),
        student_no: d.student_no.clone(),
        class_no,
        ethnic: d.ethnic.map(tx_sheet::Ethnic::name),
        hukou_kind: d.hukou_kind.map(|h| h.code().into()),
        hukou_address: d.hukou_address.clone(),
        home_address: d.home_address.clone(),
        village: d.village.clone(),
        boarder: d.boarder.map(|b| b == Boarder::Boarder),
        more,
        guardians: d.guardians.iter().map(guardian).collect(),
        parents: d.parents.iter().map(|p| parent(p, a.optional)).collect(),
        listed: (listed && d.left_behind == Some(true)).then(|| (a.day, "list".into())),
        not_listed_on: (listed && d.left_behind == Some(false)).then_some(a.day),
        source: Some("import".into()),
        ..File::default()
    }
}

/// Lays what a row says over a file. An empty cell takes nothing away; a guardian who is not named stays.
pub fn lay_over(f: &mut File, n: &File) {
    macro_rules! take { ($($field:ident)+) => { $( if n.$field.is_some() { f.$field.clone_from(&n.$field); } )+ } }
    take!(former_name sex id_no student_no class_no ethnic hukou_kind hukou_address home_address village boarder class);
    if n.id_no.is_some() {
        f.id_kind.clone_from(&n.id_kind);
    }
    if f.name != n.name {
        f.name.clone_from(&n.name);
        f.entered_name.clone_from(&n.entered_name);
    }
    if let Some(day) = n.birth_date {
        // a month or a year does not make a known day less exact
        let rough = n.birth_precision.as_deref() != Some("day");
        let known = f.birth_precision.as_deref() == Some("day");
        let same = f.birth_date.is_some_and(|old| {
            old.year() == day.year() && (n.birth_precision.as_deref() == Some("year") || old.month() == day.month())
        });
        if !(rough && known && same) {
            f.birth_date = Some(day);
            f.birth_precision.clone_from(&n.birth_precision);
        }
    }
    for (k, v) in &n.more {
        f.more.insert(k.clone(), v.clone());
    }
    if f.class.is_some() {
        f.more.remove("grade_class");
    }
    f.school = n.school;
    f.state = "active".into();
    for g in &n.guardians {
        let same = |o: &&mut Guardian| {
            if g.name.is_empty() || o.name.is_empty() {
                o.relation == g.relation
            } else {
                o.name == g.name
            }
        };
        match f.guardians.iter_mut().find(same) {
            Some(o) => guardian_over(o, g),
            None => f.guardians.push(g.clone()),
        }
    }
    for p in &n.parents {
        match f.parents.iter_mut().find(|o| o.parent == p.parent) {
            Some(o) => parent_over(o, p),
            None => f.parents.push(p.clone()),
        }
    }
}
fn guardian_over(o: &mut Guardian, g: &Guardian) {
    for (to, from) in [(&mut o.name, &g.name), (&mut o.relation, &g.relation)] {
        if !from.is_empty() {
            to.clone_from(from);
        }
    }
    for (to, from) in [(&mut o.phone, &g.phone), (&mut o.address, &g.address)] {
        if from.is_some() {
            to.clone_from(from);
        }
    }
    o.more.extend(g.more.clone());
}
fn parent_over(o: &mut Parent, p: &Parent) {
    macro_rules! take { ($($field:ident)+) => { $( if p.$field.is_some() { o.$field.clone_from(&p.$field); } )+ } }
    take!(name from place phone capacity cause);
    if p.whereabouts != Where::Unknown {
        o.whereabouts = p.whereabouts;
    }
    o.more.extend(p.more.clone());
}

#[cfg(test)]
mod tests {
    use super::*;
    use tx_sheet::{Field, IdNumber, Phone};

    fn around() -> Around<'static> {
        Around {
            school: Id::NIL,
            school_name: "竹园小学",
            class: None,
            form: Form::School,
            day: Day::lit("2026-09-10"),
            year_from: Day::lit("2026-09-01"),
            optional: false,
        }
    }
    fn draft() -> ChildDraft {
        ChildDraft {
            name: "石山".into(),
            name_entered: "石 山".into(),
            birth_date: Some(Day::lit("2016-03-12")),
            village: Some("竹园村".into()),
            guardians: vec![GuardianDraft {
                name: Some("石有福".into()),
                phones: vec![
                    Phone::parse("13600008831").expect("a phone"),
                    Phone::parse("13600008832").expect("a phone"),
                ],
                id_no: IdNumber::parse(&IdNumber::with_check_digit("43319019550302001").expect("17 digits")).ok(),
                ..GuardianDraft::default()
            }],
            ..ChildDraft::default()
        }
    }
    fn file(n: &File) -> File {
        let mut f = File {
            id: n.id,
            school: n.school,
            ..File::default()
        };
        lay_over(&mut f, n);
        f
    }

    #[test]
    fn what_is_off_by_default_is_left_out_and_can_be_taken_in() {
        let mut d = draft();
        d.extra.insert("parent_income".into(), "三万".into());
        d.extra.insert("hobby".into(), "画画".into());
        let n = new_child(&d, &around());
        assert_eq!(n.more.get("hobby").map(String::as_str), Some("画画"));
        assert!(!n.more.contains_key("parent_income") && !n.more.contains_key("guardian_id"));
        let all = new_child(
            &d,
            &Around {
                optional: true,
                ..around()
            },
        );
        assert!(all.more.contains_key("parent_income") && all.more.contains_key("guardian_id"));
        // every optional field is one that a column can mean, and the child's own number is none of them
        for name in [
            "parent_income",
            "parent_political",
            "father_id",
            "mother_id",
            "guardian_id",
            "member1_political",
        ] {
            assert!(Field::from_name(name).is_some() && is_optional(name), "{name}");
        }
        assert!(!is_optional("id_no") && !is_optional("id_kind") && !is_optional("student_no"));
    }

    #[test]
    fn an_empty_cell_takes_nothing_away() {
        let f = file(&new_child(&draft(), &around()));
        let mut next = draft();
        next.village = None;
        next.guardians.clear();
        let mut g = f.clone();
        lay_over(&mut g, &new_child(&next, &around()));
        assert_eq!(g, f);
    }

    #[test]
    fn a_rough_date_does_not_make_a_known_day_less_exact() {
        let f = file(&new_child(&draft(), &around()));
        for (day, precision, want) in [
            ("2016-03-01", Precision::Month, "2016-03-12"),
            ("2016-01-01", Precision::Year, "2016-03-12"),
            ("2016-04-01", Precision::Month, "2016-04-01"),
            ("2016-03-13", Precision::Day, "2016-03-13"),
        ] {
            let mut next = draft();
            (next.birth_date, next.birth_precision) = (Some(Day::lit(day)), precision);
            let mut g = f.clone();
            lay_over(&mut g, &new_child(&next, &around()));
            assert_eq!(g.birth_date, Some(Day::lit(want)), "{day}");
        }
    }

    #[test]
    fn a_guardian_is_known_by_name_and_a_second_number_is_kept() {
        let f = file(&new_child(&draft(), &around()));
        assert_eq!(f.guardians[0].phone.as_deref(), Some("13600008831"));
        assert_eq!(
            f.guardians[0].more.get("phones").map(String::as_str),
            Some("13600008832")
        );
        let mut next = draft();
        next.guardians[0].phones = vec![Phone::parse("13700000001").expect("a phone")];
        next.guardians.push(GuardianDraft {
            name: Some("张大英".into()),
            ..GuardianDraft::default()
        });
        let mut g = f.clone();
        lay_over(&mut g, &new_child(&next, &around()));
        assert_eq!(g.guardians.len(), 2);
        assert_eq!(g.guardians[0].phone.as_deref(), Some("13700000001"));
    }

    #[test]
    fn the_register_only_proposes() {
        let mut d = draft();
        d.left_behind = Some(true);
        let listed = new_child(&d, &around());
        assert_eq!(listed.listed, Some((Day::lit("2026-09-10"), "list".into())));
        let n = new_child(
            &d,
            &Around {
                form: Form::Register,
                ..around()
            },
        );
        assert_eq!(
            (n.listed, n.more.get("left_behind").map(String::as_str)),
            (None, Some("是"))
        );
        d.left_behind = Some(false);
        assert_eq!(new_child(&d, &around()).not_listed_on, Some(Day::lit("2026-09-10")));
    }
}

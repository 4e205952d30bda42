//! Who belongs to whom: profile, leading group, key children with their helping teachers, pairings, yearly checks of volunteers.

use crate::people::fate;
use crate::town::{Grown, Kid, School};
use tx_access::{NewGrant, grant};
use tx_base::{Day, Id, Result};
use tx_calendar::SchoolYear;
use tx_child::tables::KEY_CHILDREN;
use tx_pairing::tables::{CHECKS, PAIRINGS};
use tx_school::tables::POSTS;
use tx_school::{NewMember, add_member, set_profile};
use tx_store::{Write, row};

const REASONS: [&str; 5] = [
    "父母三年没有回来，奶奶七十多岁，夜里没人照看。",
    "父亲受伤后家里断了收入，孩子不愿说话。",
    "离校远，要走山路，常常一个人在家。",
    "成绩落得多，有两次没来上学。",
    "跟着叔叔过，换过三个监护人。",
];

/// The door and the demonstration's day.
struct Town<'w, 'a, 'b> {
    w: &'w mut Write<'a, 'b>,
    today: Day,
}

/// Ties the people of a school together, once its children are there.
pub(crate) fn build(w: &mut Write, today: Day, s: &School) -> Result<()> {
    let town = &mut Town { w, today };
    profile(town, s)?;
    group(town, s)?;
    key_children(town, s)?;
    pairings(town, s)?;
    checks(town, s)
}

fn years(town: &Town, s: &School) -> std::ops::RangeInclusive<i16> {
    s.spec.first..=SchoolYear::of(town.today).first
}

fn profile(town: &mut Town, s: &School) -> Result<()> {
    let body = (s.spec.profile)();
    for year in years(town, s) {
        if let Some(o) = body.as_object() {
            set_profile(town.w, s.id, year, o)?;
        }
    }
    Ok(())
}

/// The leading group as each account tells it (schemes.md).
fn group(town: &mut Town, s: &School) -> Result<()> {
    let code = s.spec.code;
    for year in years(town, s) {
        let mut put = |who: &Grown, position: &str, title: &str, duty: &str, class: Option<Id>| {
            add_member(
                town.w,
                s.id,
                year,
                &NewMember {
                    adult: who.adult,
                    position: position.into(),
                    duty: Some(duty.to_owned()).filter(|d| !d.is_empty()),
                    title: Some(title.into()),
                    class,
                },
            )
            .map(|_| ())
        };
        put(
            &s.head,
            "head",
            "校长",
            if code == "S5" {
                "全面负责，安全和法制"
            } else {
                "全面负责"
            },
            None,
        )?;
        for (i, d) in s.deputies.iter().enumerate() {
            let duty = match (code, i) {
                ("S3", 0) => "安全和法制",
                (_, 0) => "日常安排",
                (_, 1) => "家校联系",
                _ => "后勤和关爱室",
            };
            put(d, "deputy", "副校长", duty, None)?;
        }
        if code == "S2" {
            put(&s.office, "deputy", "工会主席", "志愿者和结对", None)?;
        }
        put(
            &s.office,
            "office_head",
            if code == "S2" {
                "工会主席"
            } else {
                "办公室主任"
            },
            "档案和汇总",
            None,
        )?;
        for k in s.classes_of(year) {
            // in S2 one of the seventeen classes has not sent its teacher yet
            if code == "S2" && k.teacher + 1 == s.teachers.len() {
                continue;
            }
            put(&s.teachers[k.teacher], "member", "班主任", "学习和生活", Some(k.id))?;
        }
        if code == "S6" {
            for c in &s.counsellors {
                put(c, "member", "心理辅导教师", "心理", None)?;
            }
            for o in &s.others {
                put(o, "member", "教师", "结对帮扶", None)?;
            }
        }
    }
    Ok(())
}

/// First day here, and last day for one who has graduated.
fn stay(town: &Town, kid: &Kid) -> (Day, Option<Day>) {
    let (first, last) = (
        kid.classes.keys().next().copied().unwrap_or(2025),
        kid.classes.keys().last().copied().unwrap_or(2025),
    );
    let from = SchoolYear::new(first).span().from;
    (from, kid.graduated(town.today).then(|| SchoolYear::new(last).span().to))
}

/// Of those who are here two are due in each school, one of them since last week; the others come one by one.
fn review(today: Day, n: usize) -> Day {
    match n {
        0 => today,
        1 => today.plus(-6),
        n => today.plus(20 + (n as i32 % 30)),
    }
}

fn key_children(town: &mut Town, s: &School) -> Result<()> {
    let each = match s.spec.code {
        "S3" | "S4" => 2,
        _ => 1,
    };
    let mut of_class: std::collections::HashMap<Id, usize> = Default::default();
    let (mut n, mut here) = (0, 0);
    for kid in s.kids.iter().filter(|k| k.left.is_some()) {
        let Some(class) = kid.classes.values().last().copied() else {
            continue;
        };
        let count = of_class.entry(class).or_default();
        if *count >= each {
            continue;
        }
        *count += 1;
        let (from, to) = stay(town, kid);
        let from = kid.left.map_or(from, |(l, _)| l.max(from)).plus(18);
        let teacher = s.class(class).map_or(0, |k| k.teacher);
        // the helping teacher leads another class; two key children of S4 have none yet
        let helper = (s.spec.code != "S4" || n >= 2).then(|| &s.teachers[(teacher + 1) % s.teachers.len()]);
        let id = Id::fresh();
        let county = town.w.county();
        let reason = REASONS[(fate(&[kid.n, 11]) % 5) as usize];
        let sealed = town
            .w
            .keys()
            .seal_child(town.w.conn(), county, kid.id, "key_children", id, "reason", reason)?;
        town.w.insert(
            &KEY_CHILDREN,
            row!["id" => id, "child_id" => kid.id, "from_day" => from, "to_day" => to, "reason" => sealed, "helper_id" => helper.map(|h| h.adult),
                "review_on" => to.is_none().then(|| review(town.today, here))],
        )?;
        if let Some(h) = helper {
            town.w.insert(
                &POSTS,
                row!["id" => Id::fresh(), "school_id" => s.id, "adult_id" => h.adult, "account_id" => h.account, "post" => "helping_teacher", "child_id" => kid.id,
                    "from_day" => from, "to_day" => to],
            )?;
            if matches!(s.spec.code, "S3" | "S4") {
                pair(town, s, h, kid, "helping_teacher", from, to)?;
            }
        }
        n += 1;
        here += usize::from(to.is_none());
    }
    Ok(())
}

fn pair(town: &mut Town, s: &School, who: &Grown, kid: &Kid, kind: &str, from: Day, to: Option<Day>) -> Result<()> {
    let id = Id::fresh();
    town.w.insert(
        &PAIRINGS,
        row!["id" => id, "school_id" => s.id, "adult_id" => who.adult, "child_id" => kid.id, "kind" => kind, "from_day" => from, "to_day" => to, "locked" => false],
    )?;
    if let Some(account) = who.account {
        grant(town.w, &NewGrant::paired(account, kid.id, id, from, to))?;
    }
    Ok(())
}

fn love(who: &Grown) -> &'static str {
    if who.sex == "f" { "love_mother" } else { "love_father" }
}

fn pairings(town: &mut Town, s: &School) -> Result<()> {
    let left: Vec<&Kid> = s.kids.iter().filter(|k| k.left.is_some()).collect();
    let staff: Vec<&Grown> = s.staff().collect();
    let start = |town: &Town, kid: &Kid| {
        let (from, to) = stay(town, kid);
        (kid.left.map_or(from, |(l, _)| l.max(from)).plus(11), to)
    };
    match s.spec.code {
        // all staff, one to one or one to a few
        "S1" | "S2" | "S6" => {
            for (i, kid) in left.iter().enumerate() {
                let (from, to) = start(town, kid);
                let who = staff[i % staff.len()];
                pair(town, s, who, kid, love(who), from, to)?;
            }
        }
        "S5" => {
            for (i, kid) in left.iter().enumerate() {
                let (from, to) = start(town, kid);
                let kind = if i % 3 == 0 { "party_member" } else { "teacher" };
                pair(town, s, staff[i % staff.len()], kid, kind, from, to)?;
            }
        }
        _ => {}
    }
    // volunteers have one child each, of those who are still here
    let stays: Vec<&&Kid> = left
        .iter()
        .filter(|k| !k.graduated(town.today) && k.classes.contains_key(&s.spec.first))
        .collect();
    for (v, kid) in s.volunteers.iter().zip(stays) {
        let (from, _) = start(town, kid);
        let kind = if s.spec.code == "S2" { love(v) } else { "official" };
        pair(town, s, v, kid, kind, from, None)?;
    }
    Ok(())
}

/// The child of each volunteer, in their order: the same choice as above.
pub(crate) fn child_of_volunteer(s: &School, today: Day, n: usize) -> Option<&Kid> {
    s.kids
        .iter()
        .filter(|k| k.left.is_some() && !k.graduated(today) && k.classes.contains_key(&s.spec.first))
        .nth(n)
}

fn checks(town: &mut Town, s: &School) -> Result<()> {
    for year in years(town, s) {
        let begin = SchoolYear::new(year).span().from;
        // renewed before the old one runs out
        let on = if year == s.spec.first {
            begin.plus(2)
        } else {
            begin.plus(-5)
        };
        for v in &s.volunteers {
            town.w.insert(
                &CHECKS,
                row!["id" => Id::fresh(), "adult_id" => v.adult, "on_day" => on, "valid_to" => on.plus(371), "result" => "fit"],
            )?;
        }
    }
    Ok(())
}

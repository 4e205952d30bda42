//! The children of the demonstration with their homes: made up first, then stored by their class teachers, as it goes in schools.

use crate::people::{People, fate};
use crate::schools::Spec;
use crate::town::{Kid, School};
use std::collections::BTreeMap;
use std::sync::Arc;
use tx_base::{Day, Id, Result, Span};
use tx_calendar::SchoolYear;
use tx_child::status::{Parent as Who, Where};
use tx_child::tables::{CHILDREN, EPISODES, STAYS};
use tx_child::{File, Guardian, Parent, moves, spells};
use tx_sheet::IdNumber;
use tx_store::{Act, Actor, Db, Write, params, row};

/// The last day on the list of the children whose parents came home for good, and the day on which a child changed classes.
const HOME_FOR_GOOD: &str = "2026-10-18";
const CHANGED_CLASS: &str = "2026-10-12";

/// A child before it is stored.
#[derive(Clone)]
struct Born {
    new: File,
    /// first day in the last class
    since: Day,
    /// classes of the school years before the last
    earlier: Vec<(Id, Span)>,
    /// left the school at the end of this school year
    graduated: Option<i16>,
    /// the spell was closed on this day
    home: Option<Day>,
    /// a parent is at home for a while, since this day
    visit: Option<Day>,
    moved: Option<(Day, Id)>,
    /// number among the class teachers
    teacher: usize,
}

/// A home in which a younger child may live as well.
struct Home {
    at: usize,
    left: bool,
    enter: i16,
    shared: bool,
}

/// Makes up the children of a school and stores them, one transaction for each class teacher.
pub(crate) fn fill(db: &Db, county: Id, school: &mut School, people: &mut People, today: Day) -> Result<()> {
    let (kids, born) = make(school, people, today);
    school.kids = kids;
    let mut by: BTreeMap<usize, Vec<Born>> = BTreeMap::new();
    for b in born {
        by.entry(b.teacher).or_default().push(b);
    }
    for (teacher, list) in by {
        let who = school.teachers.get(teacher).unwrap_or(&school.head);
        let act = Act {
            county,
            actor: Actor {
                id: who.account,
                name: who.login.clone().unwrap_or_else(|| who.name.clone()),
            },
            address: "demo".into(),
            action: "child.add".into(),
            reason: None,
        };
        let list = Arc::new(list);
        db.write(act, move |w| list.iter().try_for_each(|b| store(w, b, today)))?;
    }
    Ok(())
}

fn make(school: &School, people: &mut People, today: Day) -> (Vec<Kid>, Vec<Born>) {
    let (s, now) = (school.spec, SchoolYear::of(today).first);
    let (mut kids, mut born, mut homes) = (Vec::new(), Vec::new(), Vec::new());
    for (enter, many) in s.cohorts.iter().copied() {
        for no in 1..=many {
            let classes: BTreeMap<i16, Id> = (s.first.max(enter)..=now.min(enter + s.span - 1))
                .filter_map(|year| {
                    let code = format!("{}{no:02}", i16::from(s.lowest) + year - enter);
                    let class = school.classes.iter().find(|k| k.year == year && k.code == code)?;
                    Some((year, class.id))
                })
                .collect();
            if classes.is_empty() {
                continue;
            }
            let (left, mates) = (s.left)(enter, no);
            for seat in 0..left + mates {
                let n = kids.len() as u64;
                let (mut kid, mut b) = child(school, people, &classes, enter, (seat, seat < left), n, today);
                // two parents home for good in each of three schools, the last on the list of their classes; the summaries' years lie before it
                if matches!(s.code, "S3" | "S4" | "S5")
                    && matches!(enter, 2023 | 2024)
                    && no == 1
                    && seat + 1 == left
                    && let Some((from, _)) = kid.left
                {
                    let on = Day::lit(HOME_FOR_GOOD);
                    kid.left = Some((from, Some(on)));
                    come_home(&mut b, on);
                }
                if s.code == "S5" && no == 1 && seat == 5 && matches!(enter, 2022 | 2023) {
                    b.visit = Some(today.plus(-12));
                }
                // one child went over to the class next door
                if s.code == "S5" && enter == 2023 && no == 2 && seat == 3 {
                    let to = school.classes.iter().find(|k| k.year == now && k.code == "401");
                    let on = Day::lit(CHANGED_CLASS);
                    b.moved = to.map(|k| (on, k.id)).filter(|_| on <= today);
                    kid.moved = b.moved;
                }
                brothers_and_sisters(&mut born, &mut b, &mut homes, people, enter, n);
                homes.push(Home {
                    at: born.len(),
                    left: b.new.listed.is_some(),
                    enter,
                    shared: b.new.household.is_some(),
                });
                kids.push(kid);
                born.push(b);
            }
        }
    }
    (kids, born)
}

/// Some younger children live with an elder one: the same parents, guardian, address and household.
fn brothers_and_sisters(born: &mut [Born], b: &mut Born, homes: &mut [Home], people: &mut People, enter: i16, n: u64) {
    if fate(&[n, 13]) >= 9 || b.home.is_some() {
        return;
    }
    let left = b.new.listed.is_some();
    let Some(home) = homes
        .iter_mut()
        .rev()
        .find(|h| !h.shared && h.left == left && (1..=4).contains(&(enter - h.enter)) && born[h.at].home.is_none())
    else {
        return;
    };
    home.shared = true;
    let elder = &mut born[home.at].new;
    let household = *elder.household.get_or_insert_with(Id::fresh);
    let surname = elder.name.chars().next();
    b.new.name = people.sibling(b.new.sex.as_deref().unwrap_or("f"), surname);
    b.new.household = Some(household);
    b.new.parents.clone_from(&elder.parents);
    b.new.guardians.clone_from(&elder.guardians);
    b.new.village.clone_from(&elder.village);
    b.new.home_address.clone_from(&elder.home_address);
}

/// The father found work near home: away until that day, at home since.
fn come_home(b: &mut Born, on: Day) {
    b.home = Some(on);
    let mut more = Vec::new();
    for p in b.new.parents.iter_mut().filter(|p| p.whereabouts == Where::AwayWork) {
        p.to = Some(on);
        more.push(Parent {
            whereabouts: Where::Home,
            from: Some(on.plus(1)),
            to: None,
            place: None,
            more: Default::default(),
            ..p.clone()
        });
    }
    b.new.parents.extend(more);
}

/// A number that fits the child and belongs to nobody: there is no region 99.
fn id_no(s: &Spec, birth: Day, sex: &str, n: u64) -> Option<String> {
    let region = format!("9999{}", s.code.replace('S', "0"));
    let order = (n * 2 + u64::from(sex == "m")) % 1000;
    let day = birth.to_string().replace('-', "");
    IdNumber::with_check_digit(&format!("{region}{day}{order:03}"))
}

fn child(
    school: &School,
    people: &mut People,
    classes: &BTreeMap<i16, Id>,
    enter: i16,
    (seat, left): (usize, bool),
    n: u64,
    today: Day,
) -> (Kid, Born) {
    let (s, now) = (school.spec, SchoolYear::of(today).first);
    let (first, last) = (
        *classes.keys().next().unwrap_or(&enter),
        *classes.keys().last().unwrap_or(&enter),
    );
    let since = SchoolYear::new(last).span().from;
    let listed = (s.listed)(enter, SchoolYear::new(first).span().from);
    let sex = if fate(&[n, 1]) < 48 { "f" } else { "m" };
    let name = people.child(sex);
    let surname = name.chars().next();
    let village = people.village();
    let place = people.place();
    let both = fate(&[n, 2]) < 70;
    let parent = |p: &mut People, who: Who, sex: &str, away: bool| Parent {
        name: Some(p.grown(sex, surname.filter(|_| sex == "m"))),
        whereabouts: if away { Where::AwayWork } else { Where::Home },
        from: away.then(|| listed.plus(-(fate(&[n, 3]) as i32) - 20)),
        place: away.then(|| place.into()),
        phone: Some(p.phone()),
        capacity: Some("able".into()),
        more: if away {
            [("job".to_owned(), p.job().to_owned())].into()
        } else {
            Default::default()
        },
        ..Parent::new(who)
    };
    let parents = vec![
        parent(people, Who::Father, "m", left),
        parent(people, Who::Mother, "f", left && both),
    ];
    let (relation, of) = [
        ("grandmother", "f"),
        ("grandfather", "m"),
        ("maternal_grandmother", "f"),
        ("maternal_grandfather", "m"),
    ][(fate(&[n, 4]) % 4) as usize];
    let keeper = match (left, both) {
        (true, true) => (relation.to_owned(), people.grown(of, None)),
        _ => ("mother".to_owned(), parents[1].name.clone().unwrap_or_default()),
    };
    // drawn in any case, so that who lives with the child moves nobody else's number
    let phone = Some(people.phone());
    let phone = if keeper.0 == "mother" {
        parents[1].phone.clone()
    } else {
        phone
    };
    let age = enter - if s.lowest > 1 { 12 } else { 6 };
    // born in the school year before the cohort turned six or twelve
    let back = people.number(1, 360) as i32;
    let birth = Day::new(age, 8, 31).map_or(Day::lit("2016-05-01"), |d| d.plus(-back));
    let id = Id::fresh();
    let paper = Some(fate(&[n, 14]) < 30)
        .filter(|b| *b)
        .and_then(|_| id_no(s, birth, sex, n));
    // of the others nearly all were asked; a few still have to be
    let asked = last < now || fate(&[n, 15]) >= 7;
    let new = File {
        id,
        school: school.id,
        class: classes.get(&last).copied(),
        name,
        sex: Some(sex.into()),
        birth_date: Some(birth),
        id_kind: paper.is_some().then(|| "resident".into()),
        id_no: paper,
        student_no: Some(format!("{}{}{:04}", s.code, enter, n + 1)),
        class_no: Some(seat as i64 + 1),
        hukou_kind: Some("rural".into()),
        home_address: Some(format!("{village}{}组{}号", people.number(1, 9), people.number(1, 60))),
        village: Some(village.into()),
        boarder: Some(s.lowest > 1 && fate(&[n, 5]) < 60 || fate(&[n, 6]) < 12),
        more: [("hobby".to_owned(), people.hobby().to_owned())].into(),
        guardians: vec![Guardian {
            relation: keeper.0,
            name: keeper.1,
            phone,
            ..Guardian::default()
        }],
        parents,
        listed: left.then(|| (listed, "list".into())),
        not_listed_on: (!left && asked).then_some(since),
        source: Some("demo".into()),
        ..File::default()
    };
    let end = (last < now).then(|| SchoolYear::new(last).span().to);
    let born = Born {
        new,
        since,
        earlier: classes
            .iter()
            .filter(|(y, _)| **y < last)
            .map(|(y, class)| (*class, SchoolYear::new(*y).span()))
            .collect(),
        graduated: (last < now).then_some(last),
        home: None,
        visit: None,
        moved: None,
        teacher: classes
            .get(&last)
            .and_then(|c| school.class(*c))
            .map_or(0, |k| k.teacher),
    };
    let kid = Kid {
        n,
        id,
        left: left.then_some((listed, end)),
        classes: classes.clone(),
        moved: None,
    };
    (kid, born)
}

fn store(w: &mut Write, b: &Born, today: Day) -> Result<()> {
    let id = b.new.id;
    tx_child::add(w, &b.new, b.since)?;
    for (class, span) in &b.earlier {
        w.insert(
            &STAYS,
            row!["id" => Id::fresh(), "child_id" => id, "school_id" => b.new.school, "class_id" => *class, "from_day" => span.from, "to_day" => span.to, "fate" => "promoted"],
        )?;
    }
    if let Some(year) = b.graduated {
        graduate(w, id, year)?;
    }
    if let Some(on) = b.home.filter(|d| *d <= today) {
        let note = "爸爸妈妈都在县里找到了活，不再外出。";
        spells::close(w, id, on, "parents_home", Some(note), None, today)?;
    }
    if let Some(from) = b.visit {
        spells::add_return(w, id, "father", from, None)?;
    }
    if let Some((on, class)) = b.moved {
        moves::to_class(w, id, class, on)?;
    }
    Ok(())
}

/// Left the school at the end of this school year.
fn graduate(w: &mut Write, child: Id, year: i16) -> Result<()> {
    let (county, to) = (w.county(), SchoolYear::new(year).span().to);
    let open = "county_id = ?1 and child_id = ?2 and to_day is null";
    let of = |w: &Write, table: &str| -> Result<Vec<Id>> {
        let rows = w
            .conn()
            .query(&format!("select id from {table} where {open}"), params![county, child])?;
        Ok(rows.iter().map(|r| r.id(0)).collect())
    };
    for id in of(w, "class_stays")? {
        w.update(&STAYS, id, row!["to_day" => to, "fate" => "graduated"])?;
    }
    for id in of(w, "left_behind_episodes")? {
        w.update(&EPISODES, id, row!["to_day" => to, "reason" => "graduated"])?;
    }
    w.update(&CHILDREN, child, row!["state" => "graduated"]).map(|_| ())
}

//! `tongxing synth`: an empty store filled in proportion, through the same door as real data: schools of all six schemes, classes of about 35,
//! families, and years of talks, calls and visits. For measuring; the seed decides who everyone is.

use crate::cli::console;
use crate::open::Place;
use crate::out;
use clap::Args;
use rand::prelude::*;
use rand::rngs::StdRng;
use serde_json::json;
use std::io::IsTerminal;
use tx_access::{COUNTIES, directory};
use tx_base::{Day, Fault, Id, Result, say};
use tx_calendar::SchoolYear;
use tx_child::status::{Parent as Who, Where};
use tx_child::{File, Guardian, Parent};
use tx_record::{NewLine, NewRecord, find_kind};
use tx_school::{NewPost, add_adult, add_class, add_post, add_school};
use tx_store::{Db, Write, row};

#[derive(Args, Debug)]
pub(crate) struct SynthArgs {
    #[arg(long, default_value_t = 10)]
    schools: usize,
    /// children in all
    #[arg(long, default_value_t = 2000)]
    children: usize,
    /// years of records before today
    #[arg(long, default_value_t = 1)]
    years: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Pupils of one class.
const CLASS: usize = 35;
/// Children of one transaction with all their records.
const BATCH: usize = 50;
const SURNAMES: [&str; 20] = [
    "石", "吴", "田", "杨", "向", "张", "刘", "陈", "王", "李", "罗", "黄", "唐", "彭", "龙", "覃", "何", "邓", "周",
    "谭",
];
const GIVEN: [&str; 20] = [
    "若", "浩", "雨", "子", "思", "欣", "宇", "梓", "嘉", "诗", "晓", "志", "一", "佳", "俊", "文", "家", "春", "小",
    "明",
];
const SECOND: [&str; 20] = [
    "曦", "然", "桐", "轩", "远", "妍", "航", "涵", "豪", "语", "彤", "强", "鸣", "怡", "杰", "博", "乐", "燕", "满",
    "姝",
];
const VILLAGES: [&str; 6] = ["洞坪村", "上寨村", "岩脚村", "柳溪村", "竹坳村", "河湾村"];
const PLACES: [&str; 6] = ["东莞", "温州", "佛山", "昆山", "厦门", "长沙"];
const WORDS: [&str; 6] = [
    "说起在外的爸妈，声音轻了下来，约好周末通电话。",
    "数学有些跟不上，愿意放学后留下来问。",
    "和同桌和好了，笑得多了。",
    "奶奶腰疼，自己学着做饭，很懂事。",
    "想当老师，问了师范要考多少分。",
    "家里收了稻子，跟着爷爷晒了两天。",
];
/// Kind, how many a year of each child, in which months they fall.
const YEARLY: [(&str, u32); 3] = [("heart_talk", 4), ("family_call", 2), ("home_visit", 1)];

/// A class to be filled.
#[derive(Clone, Copy)]
struct Room {
    school: Id,
    class: Id,
}

pub(crate) fn run(place: &Place, a: &SynthArgs) -> Result<i32> {
    if a.schools == 0 || a.schools > 5000 || a.children > 1_000_000 || a.years > 20 {
        return Err(Fault::Bad(say(
            "学校 1 到 5000 所，孩子最多 1000000 名，最多 20 年",
            "1 to 5,000 schools, at most 1,000,000 children and 20 years",
        )));
    }
    let db = place.open()?;
    if db.read(|c| c.first("select 1 from counties limit 1", &[]))?.is_some() {
        return Err(Fault::Conflict(say(
            "这里已经有数据；synth 只填空的库",
            "There are data here already; synth fills an empty store only",
        )));
    }
    let county = Id::fresh();
    let rooms = schools(&db, county, a)?;
    let shows = std::io::stderr().is_terminal();
    let (mut done, mut records) = (0, 0);
    while done < a.children {
        let n = BATCH.min(a.children - done);
        // child i sits in class i mod classes: all schools fill evenly
        let batch: Vec<(u64, Room)> = (done..done + n).map(|i| (i as u64, rooms[i % rooms.len()])).collect();
        let (seed, years, today) = (a.seed, a.years, db.clock().today());
        records += db.write(console(county, "synth"), move |w| {
            let mut n = 0;
            for (i, room) in &batch {
                // each child by its own number: the same seed gives the same people in whatever order they are written
                let mut rng = StdRng::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ *i);
                n += one(w, &mut rng, *room, years, today)?;
            }
            Ok(n)
        })?;
        done += n;
        if shows {
            eprint!("\r{done} / {}", a.children);
        }
    }
    if shows {
        eprintln!();
    }
    out!(
        "{}",
        json!({"schools": a.schools, "classes": rooms.len(), "children": done, "records": records})
    );
    Ok(0)
}

fn schools(db: &Db, county: Id, a: &SynthArgs) -> Result<Vec<Room>> {
    let (n, children, seed, today) = (a.schools, a.children, a.seed, db.clock().today());
    db.write(console(county, "synth"), move |w| {
        let mut rng = StdRng::seed_from_u64(seed);
        w.insert(&COUNTIES, row!["id" => county, "name" => "合成县"])?;
        directory::set(w, "county", "合成县", county)?;
        let year = SchoolYear::of(today);
        let each = children.div_ceil(n).div_ceil(CLASS).max(1);
        let mut rooms: Vec<Room> = Vec::new();
        // one class of every school after the other, so that few children still reach all schools
        let mut made = Vec::new();
        for s in 0..n {
            let scheme = s % 6 + 1;
            let village = VILLAGES[s % VILLAGES.len()].trim_end_matches('村');
            let kind = if scheme == 1 { "中学" } else { "小学" };
            let school = add_school(
                w,
                &format!("C{:04}", s + 1),
                &format!("{village}第{}{kind}", s + 1),
                Some(&format!("S{scheme}")),
                today,
            )?;
            post(w, &mut rng, school, "head", None, year)?;
            post(w, &mut rng, school, "counsellor", None, year)?;
            made.push((school, scheme == 1));
        }
        for i in 0..each {
            for (school, junior) in &made {
                let (first, grades) = if *junior { (7, 3) } else { (1, 6) };
                let code = format!("{}{:02}", first + i % grades, i / grades + 1);
                let class = add_class(w, *school, &code, year)?;
                post(w, &mut rng, *school, "class_teacher", Some(class), year)?;
                rooms.push(Room { school: *school, class });
            }
        }
        Ok(rooms)
    })
}
fn name(rng: &mut StdRng) -> String {
    let mut of = |all: &[&'static str]| all[rng.random_range(0..all.len())];
    format!("{}{}{}", of(&SURNAMES), of(&GIVEN), of(&SECOND))
}
fn post(w: &mut Write, rng: &mut StdRng, school: Id, post: &str, class: Option<Id>, year: SchoolYear) -> Result<()> {
    let sex = if rng.random_bool(0.6) { "f" } else { "m" };
    let from = year.span().from;
    let adult = add_adult(w, school, &name(rng), sex, from)?;
    add_post(
        w,
        &NewPost {
            school,
            adult,
            account: None,
            post,
            class,
            from,
        },
    )?;
    Ok(())
}

/// One child and its records; how many records.
fn one(w: &mut Write, rng: &mut StdRng, room: Room, years: u32, today: Day) -> Result<usize> {
    let since = today.plus_months(-12 * years as i32);
    let left = rng.random_bool(0.6);
    let village = *VILLAGES.choose(rng).unwrap_or(&"洞坪村");
    let parent = |rng: &mut StdRng, who: Who| Parent {
        whereabouts: if left { Where::AwayWork } else { Where::Home },
        from: left.then_some(since),
        place: left.then(|| (*PLACES.choose(rng).unwrap_or(&"东莞")).into()),
        ..Parent::new(who)
    };
    let new = File {
        id: Id::fresh(),
        school: room.school,
        class: Some(room.class),
        name: name(rng),
        sex: Some(if rng.random_bool(0.5) { "f" } else { "m" }.into()),
        birth_date: Day::new(
            today.year() - 10 + rng.random_range(-2..=2),
            rng.random_range(1..=12),
            rng.random_range(1..=28),
        ),
        home_address: Some(format!("{village}{}组", rng.random_range(1..12))),
        village: Some(village.into()),
        boarder: Some(rng.random_bool(0.25)),
        guardians: vec![Guardian {
            name: name(rng),
            relation: "grandmother".into(),
            // a range of numbers that is given to nobody
            phone: Some(format!("190000{:05}", rng.random_range(0..100_000))),
            ..Guardian::default()
        }],
        parents: vec![parent(rng, Who::Father), parent(rng, Who::Mother)],
        listed: left.then(|| (since, "hand".into())),
        ..File::default()
    };
    tx_child::add(w, &new, since)?;
    let mut n = 0;
    if left {
        for year in 0..years as i32 {
            for (kind, times) in YEARLY {
                let Some(kind) = find_kind(kind) else { continue };
                for _ in 0..times {
                    let mut r = NewRecord::new(
                        kind,
                        room.school,
                        since.plus_months(12 * year).plus(rng.random_range(0..365)),
                    );
                    if r.on > today {
                        continue;
                    }
                    r.class = Some(room.class);
                    r.text = (*WORDS.choose(rng).unwrap_or(&WORDS[0])).into();
                    r.lines = vec![NewLine::child(new.id)];
                    tx_record::add(w, &r)?;
                    n += 1;
                }
            }
        }
    }
    Ok(n)
}

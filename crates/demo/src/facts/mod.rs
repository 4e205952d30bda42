//! What each school did of its own, with the quantities of schemes.md: contests, festivals, outings, the trading day, gifts, documents, plans.

mod s2;

use crate::book::Book;
use crate::town::{Grown, Kid};
use crate::words::{Of, line};
use serde_json::json;
use tx_base::{Day, Id, Result};
use tx_record::NewLine;

fn day(text: &str) -> Day {
    Day::lit(text)
}

pub(crate) fn fill(b: &mut Book) -> Result<()> {
    match b.school.spec.code {
        "S1" => s1(b),
        "S2" => s2::fill(b),
        "S3" => s3(b),
        "S4" => s4(b),
        "S5" => s5(b),
        _ => s6(b),
    }
}

/// Rules that the school goes by, and plans: (title, is it a rule).
fn documents(b: &mut Book, list: &[(&str, bool)], from: &str) -> Result<()> {
    let head = b.school.head.clone();
    for (i, (title, rule)) in list.iter().enumerate() {
        let on = day(from).plus(i as i32);
        let d = b
            .draft("rule_document", on)?
            .field("title", *title)
            .field("sort", if *rule { "rule" } else { "plan" })
            .field(
                "number",
                format!("{}〔{}〕{}号", short(b.school.spec.name), on.year(), i + 1),
            )
            .field("in_force_from", on.to_string());
        b.keep(&head, d);
    }
    Ok(())
}
fn short(name: &str) -> String {
    name.chars().take(2).collect::<String>() + "发"
}
fn publicity(b: &mut Book, from: &str, times: usize) -> Result<()> {
    let office = b.school.office.clone();
    let what = [
        ("broadcast", "红领巾广播：爸妈的来信"),
        ("blackboard", "黑板报：平安过冬"),
        ("flag_speech", "国旗下讲话：学会感恩"),
        ("leaflet", "宣传单：父母每周一次电话"),
        ("parents_meeting", "家长会：孩子想对您说"),
    ];
    for i in 0..times {
        let (channel, title) = what[i % what.len()];
        let d = b
            .draft("publicity", day(from).plus(i as i32 * 23))?
            .field("title", title)
            .field("channel", channel);
        b.keep(&office, d);
    }
    Ok(())
}
fn staff_training(b: &mut Book, on: &str, topic: &str, hours: u64) -> Result<()> {
    let s = b.school;
    let d = b
        .draft("training", day(on))?
        .field("topic", topic)
        .field("hours", hours)
        .adults(s.staff())
        .text("请县里的老师讲了两个案例，分组练习。");
    b.keep(&s.office, d);
    Ok(())
}

fn s1(b: &mut Book) -> Result<()> {
    let s = b.school;
    documents(
        b,
        &[
            ("关爱留守儿童实施方案", false),
            ("家访制度", true),
            ("结对帮扶制度", true),
            ("成长档案管理办法", true),
        ],
        "2025-09-05",
    )?;
    // the choir of the happy day, held on the 13th: every pupil and all of the staff
    let on = day("2025-12-13");
    let pupils: Vec<Id> = s
        .kids
        .iter()
        .filter(|k| k.class_on(on).is_some())
        .map(|k| k.id)
        .collect();
    let all = pupils.len() + s.staff().count();
    let d = b
        .draft("contest", on)?
        .field("name", "“12·12”快乐日合唱比赛")
        .field("sort", "choir")
        .field("edition", 4)
        .field("groups", 9)
        .field("held", on.to_string())
        .field("participants", all as u64)
        .children(pupils)
        .adults(s.staff())
        .text("九个班一个不少，老师也上了台。");
    b.keep(&s.office, d);
    // all but seven sent a card home
    let on = day("2025-12-12");
    let mut left = 7;
    for k in s.classes_of(2025) {
        let kids: Vec<Id> = s
            .kids
            .iter()
            .filter(|c| c.class_on(on) == Some(k.id) && c.left_on(on))
            .map(|c| c.id)
            .collect();
        let skip = usize::from(left > 0);
        left -= skip;
        let d = b
            .draft("card_home", on)?
            .class(k.id)
            .children(kids.into_iter().skip(skip))
            .each(1)
            .field("occasion", "“12·12”快乐日")
            .text("自己画的卡，写了想说的话。");
        b.keep(&s.teachers[k.teacher], d);
    }
    for (on, title, sort) in [
        ("2025-11-14", "学做一顿饭", "practice"),
        ("2026-03-27", "义务植树", "practice"),
        ("2026-05-22", "书画展", "exhibition"),
        ("2026-10-16", "走进镇农机站", "practice"),
    ] {
        let d = b
            .draft("activity", day(on))?
            .field("title", title)
            .field("sort", sort)
            .field("place", "校内")
            .text("留守的孩子先选。");
        b.keep(&s.office, d);
    }
    for (n, v) in s.teachers.iter().enumerate() {
        helped(b, v, n, 3, "2025-11-01")?;
    }
    staff_training(b, "2025-10-17", "怎么和青春期的孩子谈心", 6)?;
    let next = b
        .draft("contest", day("2026-12-12"))?
        .planned()
        .field("name", "“12·12”快乐日合唱比赛")
        .field("sort", "choir")
        .field("edition", 5);
    b.keep(&s.office, next);
    publicity(b, "2025-10-09", 12)
}

/// Small help of one member of staff for a paired child.
fn helped(b: &mut Book, who: &Grown, n: usize, times: usize, from: &str) -> Result<()> {
    let s = b.school;
    for i in 0..times {
        let on = day(from).plus((n * 17 + i * 71) as i32 % 380);
        let kids: Vec<&Kid> = s.left_on(on);
        let Some(kid) = kids.get((n * 7 + i * 3) % kids.len().max(1)) else {
            continue;
        };
        let text = line(&mut b.people, Of::Help);
        let d = match i % 3 {
            0 => b
                .draft("gift", on)?
                .child(kid.id)
                .each(1 + (n as i64 % 2))
                .field("item", "文具"),
            1 => b
                .draft("tutoring", on)?
                .child(kid.id)
                .field("subject", "数学")
                .field("minutes", 40),
            _ => b
                .draft("weekend", on)?
                .child(kid.id)
                .field("consent", true)
                .field("returned", true),
        };
        b.keep(who, d.text(text));
    }
    Ok(())
}

fn s3(b: &mut Book) -> Result<()> {
    let s = b.school;
    documents(
        b,
        &[
            ("“三优先”实施方案", false),
            ("家访制度", true),
            ("谈心制度", true),
            ("体检制度", true),
        ],
        "2025-09-03",
    )?;
    let on = day("2025-12-22");
    let kids: Vec<Id> = s.left_on(on).iter().step_by(8).take(12).map(|k| k.id).collect();
    let awards = ["一等奖", "二等奖", "二等奖", "三等奖", "三等奖", "三等奖"];
    let mut d = b
        .draft("contest", on)?
        .field("name", "第三届校园歌手赛")
        .field("sort", "singing")
        .field("edition", 3)
        .field("groups", 2)
        .field("held", on.to_string())
        .field("participants", 12)
        .text("十二名选手，低年级和高年级两组，老师当评委。");
    for (i, kid) in kids.iter().enumerate() {
        let group = if i < 6 { "低年级组" } else { "高年级组" };
        d = d.line(NewLine {
            fields: crate::book::object(
                json!({"group": group, "score": format!("{}.{}", 9 - i % 2, 8 - i % 6), "award": awards[i % 6]}),
            ),
            ..NewLine::child(*kid)
        });
    }
    b.keep(&s.office, d);
    for (on, title, sort) in [
        ("2025-10-24", "手工展", "exhibition"),
        ("2025-11-28", "书画展", "exhibition"),
        ("2026-01-09", "元旦演出", "show"),
        ("2026-05-29", "六一演出", "show"),
        ("2026-10-30", "秋天的画展", "exhibition"),
    ] {
        let d = b
            .draft("activity", day(on))?
            .field("title", title)
            .field("sort", sort)
            .field("place", "报告厅")
            .field("guests", 40)
            .text("留守的孩子先选节目和展位。");
        b.keep(&s.office, d);
    }
    for (n, v) in s.teachers.iter().enumerate() {
        helped(b, v, n, 2, "2025-10-10")?;
    }
    staff_training(b, "2025-09-26", "三优先怎么落到课堂", 4)?;
    let next = b
        .draft("contest", day("2026-12-21"))?
        .planned()
        .field("name", "第四届校园歌手赛")
        .field("sort", "singing")
        .field("edition", 4)
        .field("groups", 2);
    b.keep(&s.office, next);
    publicity(b, "2025-09-22", 14)
}

fn s4(b: &mut Book) -> Result<()> {
    let s = b.school;
    documents(
        b,
        &[
            ("关爱工作计划", false),
            ("谈心制度", true),
            ("帮扶制度", true),
            ("监护人会议制度", true),
        ],
        "2025-09-04",
    )?;
    for (on, title, sort) in [
        ("2025-10-17", "重阳演讲", "speech"),
        ("2025-12-19", "手抄报展", "exhibition"),
        ("2026-01-08", "新年演出", "show"),
        ("2026-04-30", "我的家乡演讲", "speech"),
        ("2026-10-15", "秋收作品展", "exhibition"),
    ] {
        let d = b
            .draft("activity", day(on))?
            .field("title", title)
            .field("sort", sort)
            .field("place", "操场")
            .text("人人有份，先让留守的孩子报名。");
        b.keep(&s.office, d);
    }
    for (n, v) in s.teachers.iter().enumerate() {
        helped(b, v, n, 3, "2025-10-10")?;
    }
    staff_training(b, "2025-10-10", "帮扶老师做什么", 4)?;
    publicity(b, "2025-09-25", 10)
}

fn s5(b: &mut Book) -> Result<()> {
    let s = b.school;
    documents(
        b,
        &[
            ("谈心制度", true),
            ("家访制度", true),
            ("结对帮扶制度", true),
            ("家校联系制度", true),
            ("学业管理制度", true),
            ("关爱工作学年计划", false),
        ],
        "2025-09-02",
    )?;
    for (on, title, sort) in [
        ("2025-11-21", "给爸妈画张像", "exhibition"),
        ("2026-05-28", "六一小舞台", "show"),
        ("2026-09-30", "国庆演讲", "speech"),
    ] {
        let d = b
            .draft("activity", day(on))?
            .field("title", title)
            .field("sort", sort)
            .field("place", "操场")
            .text("孩子们自己主持。");
        b.keep(&s.office, d);
    }
    let all: Vec<Grown> = s.staff().cloned().collect();
    for (n, v) in all.iter().enumerate().filter(|(_, v)| v.account.is_some()) {
        helped(b, v, n, 3, "2025-10-01")?;
    }
    for (on, subject, teacher) in [
        ("2025-11-05", "语文", 0),
        ("2026-04-08", "数学", 2),
        ("2026-10-14", "科学", 3),
    ] {
        let name = s.teachers[teacher % s.teachers.len()].name.clone();
        let d = b
            .draft("classroom_observation", day(on))?
            .field("subject", subject)
            .field("teacher", name)
            .field("attention", "点了四个留守孩子回答，两次走到身边。");
        b.keep(&s.head, d);
    }
    staff_training(b, "2025-09-19", "谈心怎么开口", 6)?;
    let d = b
        .draft("visit_received", day("2026-11-06"))?
        .field("from", "县教育局")
        .field("guests", 6)
        .field("aim", "看谈心记录")
        .text("抽了二十份档案。");
    b.keep(&s.office, d);
    publicity(b, "2025-09-18", 12)
}

fn s6(b: &mut Book) -> Result<()> {
    let s = b.school;
    documents(
        b,
        &[
            ("留守儿童之家实施方案", false),
            ("2026年秋季工作计划", false),
            ("谈心制度", true),
            ("家访制度", true),
            ("图书管理制度", true),
            ("设备使用制度", true),
            ("心理辅导教师职责", true),
        ],
        "2025-09-08",
    )?;
    // what inspectors will be told: planned, not done
    for (on, name, sort) in [
        ("2026-12-04", "作文比赛", "essay"),
        ("2026-12-18", "数学竞赛", "maths"),
        ("2027-03-19", "书法比赛", "handwriting"),
        ("2027-04-16", "英语口语比赛", "spoken_english"),
        ("2027-04-30", "运动会", "sports"),
        ("2027-05-21", "乒乓球赛", "table_tennis"),
    ] {
        let d = b
            .draft("contest", day(on))?
            .planned()
            .field("name", name)
            .field("sort", sort)
            .field("held", on);
        b.keep(&s.office, d);
    }
    let d = b
        .draft("activity", day("2027-06-01"))?
        .planned()
        .field("title", "六一文艺演出")
        .field("sort", "show")
        .field("place", "操场");
    b.keep(&s.office, d);
    // the counsellors talk when a child wants it
    for (n, c) in s.counsellors.iter().enumerate() {
        for i in 0..9 {
            let on = day("2026-09-08").plus((i * 8 + n * 3) as i32);
            let kids = s.left_on(on);
            let Some(kid) = kids.get((i * 5 + n * 7) % kids.len().max(1)) else {
                continue;
            };
            let text = line(&mut b.people, Of::Talk);
            let d = b
                .draft("heart_talk", on)?
                .child(kid.id)
                .field("mood", "steady")
                .field("topics", json!(["missing_parents"]))
                .field("next", "none")
                .text(text);
            b.keep(c, d);
        }
    }
    let all: Vec<Grown> = s.staff().cloned().collect();
    for (n, v) in all.iter().enumerate().filter(|(_, v)| v.account.is_some()) {
        helped(b, v, n, 4, "2025-10-12")?;
    }
    staff_training(b, "2026-09-11", "结对和谈心", 4)?;
    publicity(b, "2025-10-10", 12)
}

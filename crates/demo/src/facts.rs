//! What each school did of its own, with the quantities of schemes.md: contests, festivals, outings, the trading day, gifts, documents, plans.

use crate::bonds::child_of_volunteer;
use crate::book::{Book, thing};
use crate::people::fate;
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
        "S2" => s2(b),
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

const FESTIVALS: [(&str, &str, &str); 4] = [
    ("mid_autumn", "月饼一盒", "2024-09-14 2025-09-30 2026-09-23"),
    ("spring_festival", "毛毯和洗漱用品", "2025-01-17 2026-02-06"),
    ("dragon_boat", "雨伞一把", "2025-05-29 2026-06-17"),
    ("childrens_day", "文具一套", "2025-05-30 2026-06-01"),
];

fn s2(b: &mut Book) -> Result<()> {
    let s = b.school;
    documents(
        b,
        &[
            ("结对帮扶制度", true),
            ("谈心制度", true),
            ("家访制度", true),
            ("家校联系制度", true),
            ("关爱室管理制度", true),
            ("档案室管理制度", true),
            ("学业管理制度", true),
            ("“二四五”工作实施方案", false),
        ],
        "2024-09-02",
    )?;
    for (festival, item, days) in FESTIVALS {
        for on in days.split(' ').map(day) {
            let kids: Vec<Id> = s.left_on(on).iter().map(|k| k.id).collect();
            let d = b
                .draft("festival_care", on)?
                .children(kids)
                .each(1)
                .field("festival", festival)
                .field("item", item)
                .text("一个不少，当面交到手上。");
            b.keep(&s.office, d);
        }
    }
    outings(b)?;
    trading(b)?;
    volunteers(b)?;
    for (on, title, topic, speaker, invited) in [
        ("2024-10-18", "和孩子谈情绪", "psychology", "县医院心理科", true),
        ("2025-03-14", "文明从称呼开始", "manners", "县文化馆", true),
        ("2025-04-25", "一封家书", "gratitude", "县妇联", true),
        ("2025-05-09", "书桌怎么收拾", "other", "本校", false),
        ("2025-11-07", "法在身边", "law", "县检察院", true),
        ("2025-12-05", "少年有梦", "ideals", "县关工委", true),
        ("2026-04-17", "水火无情", "safety", "县消防救援大队", true),
        ("2026-05-15", "错题本", "other", "本校", false),
        ("2026-10-23", "我的情绪气球", "psychology", "县医院心理科", true),
    ] {
        let d = b
            .draft("lecture", day(on))?
            .field("title", title)
            .field("topic", topic)
            .field("speaker", speaker)
            .field("invited", invited)
            .field("people", 210 + fate(&[title.len() as u64]) * 2)
            .text("孩子们问了许多，签名册留着。");
        b.keep(&s.office, d);
    }
    for (on, words) in [
        ("2024-10-11", "第一次学习调查：语数两科，和全班比。"),
        ("2025-06-13", "第二次学习调查：进步的有一半。"),
        ("2026-06-12", "第三次学习调查：落后的只剩十二人。"),
    ] {
        let kids: Vec<Id> = s.left_on(day(on)).iter().map(|k| k.id).collect();
        let d = b
            .draft("survey", day(on))?
            .children(kids)
            .field("scope", "study")
            .text(words);
        b.keep(&s.office, d);
    }
    for (on, topic, invited, came) in [
        ("2024-09-20", "名册和联系卡", 175, 151),
        ("2024-12-13", "期末怎么陪", 175, 148),
        ("2025-03-07", "志愿者和孩子见面", 175, 160),
        ("2025-06-06", "暑假安全", 175, 155),
        ("2025-09-19", "新学期作息", 175, 149),
        ("2025-12-12", "怎么通话", 175, 152),
        ("2026-03-13", "学习调查说了什么", 175, 157),
        ("2026-06-05", "暑假去父母身边", 175, 150),
        ("2026-09-18", "认识新班主任", 180, 158),
    ] {
        let d = b
            .draft("guardians_meeting", day(on))?
            .field("topic", topic)
            .field("place", "多功能厅")
            .field("invited", invited)
            .field("came", came)
            .text("到会的听了近况，没到的由班主任打电话。");
        b.keep(&s.office, d);
        let kids: Vec<Id> = s.left_on(day(on)).iter().map(|k| k.id).collect();
        let d = b
            .draft("guardians_training", day(on))?
            .children(kids)
            .field("topic", topic)
            .field("came", came)
            .text("讲课半小时，答问半小时。");
        b.keep(&s.office, d);
    }
    for (i, title) in [
        "留守儿童心理读本",
        "给爸爸妈妈的信",
        "安全一百问",
        "礼仪歌",
        "家乡的故事",
        "随笔选一",
        "随笔选二",
        "小小当家",
        "志愿者手册",
        "班主任谈心录",
        "家长学校讲义",
        "社会实践手册",
    ]
    .iter()
    .enumerate()
    {
        let d = b
            .draft("material", day("2024-10-08").plus(i as i32 * 52))?
            .field("title", *title)
            .field("volumes", 1)
            .text("自编，印了两百本。");
        b.keep(&s.office, d);
    }
    for (on, from, guests, aim) in [
        ("2025-04-11", "邻县教育局", 23, "看关爱室和档案"),
        ("2025-11-20", "市妇联", 12, "看志愿者结对"),
        ("2026-05-20", "省关工委", 17, "座谈项目经验"),
    ] {
        let d = b
            .draft("visit_received", day(on))?
            .field("from", from)
            .field("guests", guests)
            .field("aim", aim)
            .text("听了汇报，看了关爱室，翻了档案。");
        b.keep(&s.office, d);
    }
    for (on, title, level, donor, budget) in [
        ("2024-11-15", "留守儿童关爱模式研究", "national", "公益基金会", 180_000),
        ("2025-09-26", "随笔里的心事", "county", "县教育局", 6_000),
    ] {
        let d = b
            .draft("project", day(on))?
            .field("title", title)
            .field("level", level)
            .field("donor", donor)
            .field("budget", budget)
            .text("立项通知书已存档。");
        b.keep(&s.head, d);
    }
    admissions(b)?;
    for (on, habit) in [
        ("2024-11-08", "sweeping"),
        ("2025-04-30", "washing"),
        ("2025-11-14", "quilts"),
        ("2026-04-24", "sweeping"),
        ("2026-10-30", "washing"),
    ] {
        let kids: Vec<Id> = s
            .left_on(day(on))
            .iter()
            .filter(|k| fate(&[k.n, 91]) < 22)
            .map(|k| k.id)
            .collect();
        let d = b
            .draft("habit_contest", day(on))?
            .children(kids)
            .field("habit", habit)
            .text("看谁又快又干净，人人有奖。");
        b.keep(&s.office, d);
    }
    staff_training(b, "2024-09-27", "建档和谈心", 8)?;
    staff_training(b, "2025-09-12", "怎么写谈心记录", 4)?;
    publicity(b, "2024-09-23", 24)
}

fn outings(b: &mut Book) -> Result<()> {
    let s = b.school;
    for (on, place, share, works, talks, words) in [
        ("2024-11-22", "梅岭茶园", 35, 0, 0, "采茶、炒茶，带回一小包。"),
        (
            "2025-04-18",
            "县工业园",
            100,
            9,
            5,
            "看了九家企业，听了五场报告，见到了在园里上班的老乡。",
        ),
        ("2025-10-31", "县消防救援大队", 33, 0, 0, "学会了用灭火器。"),
        ("2026-04-03", "烈士陵园", 37, 0, 0, "献了花，听了故事。"),
    ] {
        let kids: Vec<Id> = s
            .left_on(day(on))
            .iter()
            .filter(|k| fate(&[k.n, place.len() as u64, 92]) < share)
            .map(|k| k.id)
            .collect();
        let mut d = b
            .draft("outing", day(on))?
            .children(kids)
            .field("place", place)
            .field("adults", 12 + share / 4)
            .text(words);
        if works > 0 {
            d = d.field("works_visited", works).field("talks_heard", talks);
        }
        b.keep(&s.office, d);
    }
    Ok(())
}

/// Ten yuan to each child, ten groups, six that go round and four with a stall; each group's account is a line.
fn trading(b: &mut Book) -> Result<()> {
    let s = b.school;
    let on = day("2025-05-24");
    let kids: Vec<Id> = s.left_on(on).iter().map(|k| k.id).collect();
    let names = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let profits = [86.5, 92.0, 74.0, 103.5, 61.0, 88.0, 120.0, 97.5, 110.0, 79.5];
    let mut d = b
        .draft("trading_day", on)?
        .field("place", "校园操场")
        .field("groups", 10)
        .field("groups_roving", 6)
        .field("groups_stall", 4)
        .field("capital_each", 10)
        .field("stages", 4)
        .text("预支、进货、叫卖、结算，本金当天收回，盈利当奖品。");
    let size = |g: usize| kids.iter().enumerate().filter(|(i, _)| i % names.len() == g).count();
    for (g, name) in names.iter().enumerate() {
        let advance = size(g) as f64 * 10.0;
        d = d.line(thing(
            format!("第{name}组"),
            json!({"group": format!("第{name}组"), "takings": advance + profits[g], "advance": advance}),
        ));
    }
    for (i, kid) in kids.iter().enumerate() {
        let group = format!("第{}组", names[i % names.len()]);
        d = d.line(NewLine {
            fields: crate::book::object(json!({"group": group})),
            ..NewLine::child(*kid)
        });
    }
    b.keep(&s.office, d);
    Ok(())
}

/// 65 volunteers: the ceremony, the happy weekend, 400 pieces, 38 weekends, 45 lessons, 18 doctor's visits in the two years.
fn volunteers(b: &mut Book) -> Result<()> {
    let s = b.school;
    let today = b.today;
    let d = b
        .draft("ceremony", day("2025-03-21"))?
        .field("title", "爱心妈妈爱心爸爸结对启动仪式")
        .field("place", "学校操场")
        .field("people", 823)
        .text("全校师生和志愿者都来了，65 个孩子认了自己的爱心妈妈、爱心爸爸。");
    b.keep(&s.office, d);
    let paired: Vec<Id> = (0..s.volunteers.len())
        .filter_map(|n| child_of_volunteer(s, today, n))
        .map(|k| k.id)
        .collect();
    let d = b
        .draft("happy_weekend", day("2025-05-17"))?
        .children(paired.iter().copied())
        .adults(&s.volunteers)
        .field("place", "县森林公园")
        .field("adults", 65)
        .text("一大一小，做饭、爬山、照相。");
    b.keep(&s.office, d);
    let within = |n: usize, step: usize| day("2025-03-24").plus(((n * step) % 500) as i32);
    let items = ["书包", "课外书", "棉衣", "文具", "运动鞋", "字典", "水杯", "台灯"];
    let mut pieces = 0;
    for (n, kid) in paired.iter().enumerate() {
        // six pieces a child, one more for the first ten
        let parts: [i64; 3] = [2, 1, if n < 10 { 4 } else { 3 }];
        for (i, q) in parts.into_iter().enumerate() {
            pieces += q;
            let d = b
                .draft("gift", within(n * 3 + i, 37))?
                .child(*kid)
                .each(q)
                .adults([&s.volunteers[n]])
                .field("item", items[(n + i) % items.len()])
                .field("worth", 20 + 15 * q)
                .text("孩子自己挑的。");
            b.keep(&s.office, d);
        }
    }
    debug_assert_eq!(pieces, 400);
    for (kind, times, salt) in [("weekend", 38, 41), ("tutoring", 45, 29), ("medical_visit", 18, 53)] {
        for i in 0..times {
            let n = (i * salt) % paired.len().max(1);
            let text = line(&mut b.people, Of::Help);
            let d = b
                .draft(kind, within(i, salt))?
                .child(paired[n])
                .adults([&s.volunteers[n]])
                .text(text);
            let d = match kind {
                "weekend" => d
                    .field("consent", true)
                    .field("returned", true)
                    .field("second_adult", "家中另一位成人"),
                "tutoring" => d.field("subject", ["语文", "数学", "英语"][i % 3]).field("minutes", 60),
                _ => d
                    .field("place", "县人民医院")
                    .field("finding", ["感冒", "龋齿", "视力检查"][i % 3])
                    .field("paid", 40 + 10 * (i as u64 % 5)),
            };
            b.keep(&s.office, d);
        }
    }
    // it went on after the account's two years
    for i in 0..14 {
        let n = (i * 11) % paired.len().max(1);
        let kind = ["gift", "tutoring", "weekend"][i % 3];
        let on = day("2026-09-05").plus(i as i32 * 5);
        let mut d = b
            .draft(kind, on)?
            .child(paired[n])
            .adults([&s.volunteers[n]])
            .text(line(&mut b.people, Of::Help));
        if kind == "gift" {
            d = d.each(1).field("item", items[i % items.len()]);
        }
        b.keep(&s.office, d);
    }
    Ok(())
}

/// The sixth-graders of the second year: 26 to the key school, 5 of them of these children; 12 admitted early.
fn admissions(b: &mut Book) -> Result<()> {
    let s = b.school;
    let on = day("2026-07-08");
    let leaving: Vec<&Kid> = s
        .kids
        .iter()
        .filter(|k| k.graduated(b.today) && k.class_on(on).is_some())
        .collect();
    let (left, other): (Vec<&Kid>, Vec<&Kid>) = leaving.into_iter().partition(|k| k.left_on(on));
    let mut d = b
        .draft("admission", on)?
        .field("school", "县第一中学")
        .text("录取通知书复印件已存档。");
    for (i, kid) in left.iter().take(5).chain(other.iter().take(21)).enumerate() {
        d = d.line(NewLine {
            fields: crate::book::object(
                json!({"key_school": true, "early": i % 2 == 0 && i < 24, "left_behind": i < 5}),
            ),
            ..NewLine::child(kid.id)
        });
    }
    b.keep(&s.office, d);
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

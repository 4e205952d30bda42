//! The foundation's pilot of S2: two years of festivals, outings, the trading day, volunteers, outcomes (schemes.md).

use super::{day, documents, publicity, staff_training};
use crate::bonds::child_of_volunteer;
use crate::book::{Book, thing};
use crate::people::fate;
use crate::town::Kid;
use crate::words::{Of, line};
use serde_json::json;
use tx_base::{Id, Result};
use tx_record::NewLine;

const FESTIVALS: [(&str, &str, &str); 4] = [
    ("mid_autumn", "月饼一盒", "2024-09-14 2025-09-30 2026-09-23"),
    ("spring_festival", "毛毯和洗漱用品", "2025-01-17 2026-02-06"),
    ("dragon_boat", "雨伞一把", "2025-05-29 2026-06-17"),
    ("childrens_day", "文具一套", "2025-05-30 2026-06-01"),
];

pub(super) fn fill(b: &mut Book) -> Result<()> {
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

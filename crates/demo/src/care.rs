//! The care that goes on all year: talks, visits, letters and calls, guardians, surveys, essays, as each scheme asks. Fate leaves some of it undone,
//! so that Today has something to say.

use crate::book::Book;
use crate::people::fate;
use crate::town::{Grown, Kid, School};
use crate::words::{Of, line};
use serde_json::json;
use tx_base::{Day, Id, Result, Span};
use tx_calendar::{Festival, Term};

/// What of the year a school keeps, out of 100.
struct Habits {
    talk: u64,
    guardian: u64,
    call: u64,
    windows: u64,
    term_visit: u64,
    festivals: u64,
}

fn habits(code: &str) -> Habits {
    let none = Habits {
        talk: 0,
        guardian: 0,
        call: 0,
        windows: 0,
        term_visit: 0,
        festivals: 0,
    };
    match code {
        "S1" => Habits {
            festivals: 93,
            talk: 12,
            ..none
        },
        "S2" => Habits {
            guardian: 94,
            term_visit: 95,
            talk: 5,
            ..none
        },
        "S3" => Habits {
            talk: 92,
            guardian: 93,
            call: 91,
            windows: 94,
            ..none
        },
        "S4" => Habits {
            talk: 15,
            guardian: 92,
            call: 90,
            windows: 93,
            ..none
        },
        "S5" => Habits {
            talk: 96,
            guardian: 93,
            call: 92,
            windows: 95,
            ..none
        },
        _ => Habits {
            talk: 14,
            windows: 30,
            call: 25,
            ..none
        },
    }
}

pub(crate) fn fill(b: &mut Book) -> Result<()> {
    let s = b.school;
    let h = habits(s.spec.code);
    let from = tx_calendar::SchoolYear::new(s.spec.first).span().from;
    let terms: Vec<Term> = s
        .calendar
        .terms()
        .iter()
        .filter(|t| t.from >= from.plus(-7) && t.from <= b.today)
        .copied()
        .collect();
    for t in &terms {
        for m in s.calendar.months(t) {
            monthly(b, &h, m.span)?;
        }
        for w in s.calendar.windows(t) {
            windows(b, &h, t, &w.key, w.span)?;
        }
        term(b, &h, t)?;
        weekly(b, t)?;
    }
    if h.festivals > 0 {
        let of = [Festival::SpringFestival, Festival::DragonBoat, Festival::MidAutumn];
        for p in s
            .calendar
            .festival_periods(&of)
            .into_iter()
            .filter(|p| p.span.from >= from)
        {
            festival_visits(b, &h, &p.key, p.span)?;
        }
    }
    contacts(b)
}

/// A day of the span on which there is school, chosen by fate; none when the span has not begun.
fn day_in(b: &Book, span: Span, parts: &[u64], teaching: bool) -> Option<Day> {
    let days: Vec<Day> = span
        .days()
        .filter(|d| *d <= b.today && (!teaching || b.school.calendar.is_teaching_day(*d)))
        .collect();
    let n = fate(parts) as usize * days.len() / 100;
    days.get(n).copied()
}
/// How much of a span has passed, out of 100: what is not over yet is not all done.
fn passed(b: &Book, span: Span) -> u64 {
    let (all, gone) = (span.to.since(span.from).max(1), b.today.since(span.from).max(0));
    if gone >= all { 100 } else { (gone * 75 / all) as u64 }
}

fn monthly(b: &mut Book, h: &Habits, month: Span) -> Result<()> {
    let s = b.school;
    let share = passed(b, month);
    let m = u64::from(month.from.month() as u8) + 12 * month.from.year() as u64;
    for kid in s.left_on(month.from.plus(9)) {
        let Some(class) = kid.class_on(month.from.plus(9)) else {
            continue;
        };
        let Some(teacher) = s.teacher(class) else { continue };
        for (kind, often, salt) in [
            ("heart_talk", h.talk, 21),
            ("guardian_talk", h.guardian, 22),
            ("family_call", h.call, 23),
        ] {
            if fate(&[kid.n, m, salt]) >= often * share / 100 {
                tried(b, kid, teacher, kind, often, month, &[kid.n, m, salt])?;
                continue;
            }
            let Some(on) = day_in(b, month, &[kid.n, m, salt, 1], true) else {
                continue;
            };
            let r = fate(&[kid.n, m, salt, 2]);
            let d = b.draft(kind, on)?.child(kid.id);
            let d = match kind {
                "heart_talk" => {
                    let next =
                        ["none", "none", "none", "week", "parents", "none", "none", "counsellor"][(r % 8) as usize];
                    let mood = ["cheerful", "steady", "steady", "low", "steady"][(r % 5) as usize];
                    let topic = ["study", "classmates", "missing_parents", "home", "future", "body"][(r % 6) as usize];
                    let d = d
                        .field("mood", mood)
                        .field("topics", json!([topic]))
                        .field("next", next)
                        .text(line(&mut b.people, Of::Talk));
                    // of the last weeks: what was promised for a day to come
                    if next == "none" && r % 4 == 1 && on > b.today.plus(-21) {
                        d.field("next_on", b.today.plus(3 + (r % 9) as i32).to_string())
                            .field("next_what", if r % 8 == 1 { "home_visit" } else { "guardian_talk" })
                    } else {
                        d
                    }
                }
                "guardian_talk" => {
                    let how = ["phone", "school", "home", "phone"][(r % 4) as usize];
                    let d = d
                        .field("how", how)
                        .field("health", "good")
                        .text(line(&mut b.people, Of::Guardian));
                    if how == "phone" { d.outcome("phone") } else { d }
                }
                _ => {
                    let with = ["mother", "father", "both"][(r % 3) as usize];
                    d.field("with", with)
                        .field("by", if r % 2 == 0 { "video" } else { "phone" })
                        .field("minutes", 5 + r % 20)
                        .text(line(&mut b.people, Of::Call))
                }
            };
            b.keep(teacher, d);
        }
    }
    Ok(())
}

/// Of the month that runs: some who are still to be reached were tried in vain, a few did not want to.
fn tried(b: &mut Book, kid: &Kid, teacher: &Grown, kind: &str, often: u64, month: Span, parts: &[u64]) -> Result<()> {
    let of = |salt: u64| fate(&[parts, &[salt]].concat());
    if often < 50 || b.today > month.to || of(3) >= 40 {
        return Ok(());
    }
    let Some(on) = day_in(b, month, &[parts, &[4]].concat(), true) else {
        return Ok(());
    };
    let refused = of(5) < 25;
    let words = match (kind, refused) {
        ("heart_talk", false) => "课间找了两次，孩子请假回家了。",
        ("heart_talk", true) => "今天不想说，答应过几天再聊。",
        ("guardian_talk", false) => "电话响了没人接，晚上再打。",
        ("guardian_talk", true) => "正忙着收谷子，说改天。",
        (_, false) => "爸爸在上班，视频没接通。",
        (_, true) => "孩子说等爸爸下了夜班再打。",
    };
    let d = b
        .draft(kind, on)?
        .child(kid.id)
        .outcome(if refused { "refused" } else { "tried" })
        .text(words);
    b.keep(teacher, d);
    Ok(())
}

fn visit(b: &mut Book, kid: &Kid, on: Day, festival: Option<&str>, window: Option<&str>) -> Result<()> {
    let s = b.school;
    let Some(teacher) = kid.class_on(on).and_then(|c| s.teacher(c)) else {
        return Ok(());
    };
    let r = fate(&[kid.n, u64::from(on.day() as u8), on.month() as u64]);
    let met = if festival.is_some() {
        json!(["child", "guardian", "mother"])
    } else {
        json!(["child", "guardian"])
    };
    let mut d = b
        .draft("home_visit", on)?
        .child(kid.id)
        .field("met", met)
        .field(
            "safe",
            ["none", "water", "road", "fire_power", "none"][(r % 5) as usize],
        )
        .field("taught", festival.is_some() || r < 40)
        .text(line(&mut b.people, Of::Visit));
    if let Some(f) = festival {
        d = d.field("festival", f);
    }
    if let Some(w) = window {
        d = d.field("window", w);
    }
    b.keep(teacher, d);
    Ok(())
}

fn windows(b: &mut Book, h: &Habits, t: &Term, key: &str, span: Span) -> Result<()> {
    let s = b.school;
    let part = key.split_once(':').map_or("start", |k| k.1).to_owned();
    let salt = u64::from(t.number) * 100 + t.year.first as u64;
    let share = passed(b, span);
    if h.windows > 0 {
        for kid in s.left_on(span.from.plus(3)) {
            if fate(&[kid.n, salt, part.len() as u64, 31]) >= h.windows * share / 100 {
                continue;
            }
            if let Some(on) = day_in(b, span, &[kid.n, salt, part.len() as u64, 32], false) {
                visit(b, kid, on, None, Some(&part))?;
            }
        }
    }
    // guardians' meetings by class: at the start in S3, after the half-term exam in S4; the training goes with them
    let meets = matches!(
        (s.spec.code, part.as_str()),
        ("S3", "start") | ("S4", "middle") | ("S5", "start")
    );
    if meets {
        let middle = Span::new(span.from.plus(5), span.to);
        for k in s.classes_of(t.year.first) {
            let Some(on) = day_in(b, middle, &[salt, k.teacher as u64, 33], true) else {
                continue;
            };
            let Some(teacher) = s.teachers.get(k.teacher) else {
                continue;
            };
            let kids: Vec<Id> = of_class(s, k.id, on);
            if s.spec.code != "S5" {
                let d = b
                    .draft("guardians_meeting", on)?
                    .class(k.id)
                    .field(
                        "topic",
                        if part == "start" {
                            "新学期怎么陪孩子"
                        } else {
                            "期中之后怎么帮孩子"
                        },
                    )
                    .field("place", "教室")
                    .field("invited", 18)
                    .field("came", 13 + fate(&[salt, k.teacher as u64, 34]) % 5)
                    .text("讲了作息、安全和怎样通话，逐个听了家里的情况。");
                b.keep(teacher, d);
            }
            let d = b
                .draft("guardians_training", on)?
                .class(k.id)
                .children(kids)
                .field("topic", "怎么和孩子说话")
                .field(
                    "speaker",
                    s.counsellors.first().map(|c| c.name.clone()).unwrap_or_default(),
                )
                .field("came", 12 + fate(&[salt, k.teacher as u64, 35]) % 5)
                .text("分组练了听和夸，发了一页纸。");
            b.keep(teacher, d);
        }
    }
    if s.spec.code == "S3" && part == "start" {
        health_check(b, t, span)?;
    }
    Ok(())
}

/// Left-behind children of a class on a day.
fn of_class(s: &School, class: Id, on: Day) -> Vec<Id> {
    s.kids
        .iter()
        .filter(|k| k.class_on(on) == Some(class) && k.left_on(on))
        .map(|k| k.id)
        .collect()
}

fn health_check(b: &mut Book, t: &Term, span: Span) -> Result<()> {
    let s = b.school;
    let Some(nurse) = s.others.first() else { return Ok(()) };
    for k in s.classes_of(t.year.first) {
        let Some(on) = day_in(
            b,
            Span::new(span.from.plus(3), span.from.plus(16)),
            &[k.teacher as u64, t.year.first as u64, 41],
            true,
        ) else {
            continue;
        };
        let grade = i64::from(k.code.as_bytes()[0] - b'0');
        let mut d = b
            .draft("health_check", on)?
            .class(k.id)
            .field(
                "items",
                json!([
                    "blood_pressure",
                    "height",
                    "weight",
                    "sight",
                    "lung_capacity",
                    "chest",
                    "five_senses"
                ]),
            )
            .field("by", "镇卫生院");
        for kid in s.kids.iter().filter(|c| c.class_on(on) == Some(k.id)) {
            let r = fate(&[kid.n, t.year.first as u64, u64::from(t.number), 42]) as i64;
            let fields = json!({
                "systolic": 88 + r % 22, "diastolic": 54 + r % 16, "height": format!("{}.{}", 112 + grade * 6 + r % 11, r % 10),
                "weight": format!("{}.{}", 18 + grade * 3 + r % 9, r % 10), "sight_left": if r % 5 == 0 { "4.7" } else { "5.0" }, "sight_right": if r % 6 == 0 { "4.8" } else { "5.0" },
                "lung_capacity": 900 + grade * 180 + r * 5, "chest": "未见异常", "five_senses": if r % 9 == 0 { "龋齿" } else { "未见异常" },
            });
            d = d.line(tx_record::NewLine {
                fields: crate::book::object(fields),
                ..tx_record::NewLine::child(kid.id)
            });
        }
        b.keep(nurse, d);
    }
    Ok(())
}

fn term(b: &mut Book, h: &Habits, t: &Term) -> Result<()> {
    let s = b.school;
    let salt = u64::from(t.number) * 100 + t.year.first as u64;
    if h.term_visit > 0 {
        let share = passed(b, t.span());
        for kid in s.left_on(t.from.plus(10)) {
            if fate(&[kid.n, salt, 51]) >= h.term_visit * share / 100 {
                continue;
            }
            if let Some(on) = day_in(b, Span::new(t.from.plus(8), t.to.plus(-8)), &[kid.n, salt, 52], false) {
                visit(b, kid, on, None, None)?;
            }
        }
    }
    // the survey of each class
    let (scope, after) = match s.spec.code {
        "S2" => ("roster", 6),
        "S5" => ("full", 8),
        "S1" | "S6" => ("roster", 7),
        _ => ("full", 9),
    };
    for k in s.classes_of(t.year.first) {
        let span = Span::new(t.from.plus(after), t.from.plus(after + 12));
        let Some(on) = day_in(b, span, &[salt, k.teacher as u64, 53], true) else {
            continue;
        };
        let kids = of_class(s, k.id, on);
        if kids.is_empty() {
            continue;
        }
        let words = line(&mut b.people, Of::Survey);
        let d = b
            .draft("survey", on)?
            .class(k.id)
            .children(kids)
            .field("scope", scope)
            .field("study", words)
            .text("逐个问过，变动的已改在名册上。");
        b.keep(&s.teachers[k.teacher], d);
    }
    Ok(())
}

fn weekly(b: &mut Book, t: &Term) -> Result<()> {
    let s = b.school;
    let weeks = s.calendar.week_periods(t);
    for (w, p) in weeks.iter().enumerate() {
        let school_days: Vec<Day> = p
            .span
            .days()
            .filter(|d| *d <= b.today && s.calendar.is_teaching_day(*d))
            .collect();
        let Some(last) = school_days.last().copied() else {
            continue;
        };
        let salt = t.year.first as u64 * 1000 + u64::from(t.number) * 100 + w as u64;
        if s.spec.code == "S2" && school_days.len() >= 3 {
            let on = school_days[school_days.len() - 2];
            for k in s.classes_of(t.year.first) {
                let kids: Vec<&Kid> = s
                    .kids
                    .iter()
                    .filter(|c| c.class_on(on) == Some(k.id) && c.left_on(on))
                    .collect();
                if kids.is_empty() {
                    continue;
                }
                let wrote = kids.iter().filter(|c| fate(&[c.n, salt, 61]) < 93).map(|c| c.id);
                let title = line(&mut b.people, Of::Essay);
                let d = b
                    .draft("free_essay", on)?
                    .class(k.id)
                    .children(wrote)
                    .field("title", title)
                    .field("read", true)
                    .text("收齐看过，每篇写了几句。");
                b.keep(&s.teachers[k.teacher], d);
                // family time: each child once in three weeks
                let turn = kids
                    .iter()
                    .filter(|c| (c.n + w as u64) % 3 == 0)
                    .map(|c| c.id)
                    .collect::<Vec<_>>();
                if !turn.is_empty() {
                    let d = b
                        .draft("family_call", school_days[0])?
                        .class(k.id)
                        .children(turn)
                        .field("by", "video")
                        .field("minutes", 10)
                        .text(line(&mut b.people, Of::Call));
                    b.keep(&s.teachers[k.teacher], d);
                }
            }
        }
        // duty in turn on the themed meetings of the week
        if w % 4 == 1 {
            let k = s.classes_of(t.year.first).nth(w % s.teachers.len().max(1));
            if let Some(k) = k {
                let topic = ["给爸爸妈妈的一封信", "安全过马路", "学会说谢谢", "我们的节日", "防溺水"][w % 5];
                let d = b
                    .draft("themed_meeting", last)?
                    .class(k.id)
                    .field("topic", topic)
                    .text("孩子们自己主持，讲得认真。");
                b.keep(&s.teachers[k.teacher], d);
            }
        }
    }
    Ok(())
}

fn festival_visits(b: &mut Book, h: &Habits, key: &str, span: Span) -> Result<()> {
    let s = b.school;
    let Some((festival, year)) = key.split_once('-') else {
        return Ok(());
    };
    let salt = year.parse::<u64>().unwrap_or(0) * 10 + festival.len() as u64;
    for kid in s.left_on(span.from) {
        if span.from > b.today || fate(&[kid.n, salt, 71]) >= h.festivals {
            continue;
        }
        if let Some(on) = day_in(b, span, &[kid.n, salt, 72], false) {
            visit(b, kid, on, Some(festival), None)?;
        }
    }
    Ok(())
}

/// The ticks of the law's weekly contact: the last six weeks.
fn contacts(b: &mut Book) -> Result<()> {
    let s = b.school;
    if s.spec.code == "S2" {
        return Ok(());
    }
    for back in 0..6 {
        let on = b.today.monday().plus(-7 * back).plus(4).min(b.today);
        for k in s.classes_of(tx_calendar::SchoolYear::of(b.today).first) {
            let kids: Vec<Id> = s
                .kids
                .iter()
                .filter(|c| c.class_on(on) == Some(k.id) && c.left_on(on) && fate(&[c.n, back as u64, 81]) < 88)
                .map(|c| c.id)
                .collect();
            if kids.is_empty() {
                continue;
            }
            let d = b
                .draft("weekly_contact", on)?
                .class(k.id)
                .children(kids)
                .field("by", "video")
                .field("told_by", "child");
            b.keep(&s.teachers[k.teacher], d);
        }
    }
    Ok(())
}

//! What the schools have and keep: rooms, equipment, books, goods, projects, documents, and what lasts about a child.

use crate::people::fate;
use crate::town::School;
use serde_json::{Value as Json, json};
use tx_base::{Day, Fault, Result};
use tx_store::Write;
use tx_thing::{NewThing, add, find_sort, step};

/// Puts the things of a school there, once its children are.
pub(crate) fn build(w: &mut Write, today: Day, s: &School) -> Result<()> {
    let code = s.spec.code;
    let put = |w: &mut Write, sort: &str, title: &str, fields: Json| thing(w, s, sort, title, fields);
    let room = json!({"place": "教学楼一楼东头", "hours": "12:40–13:50，16:00–17:10", "days": ["1", "2", "3", "4", "5"],
        "family_days": ["1", "3", "5"], "seats": 24});
    let room = put(w, "room", if code == "S2" { "阳光小屋" } else { "关爱室" }, room)?;
    if matches!(code, "S2" | "S3") {
        in_the_room(w, today, s, room)?;
    }
    for (title, sort, number) in [
        ("亲情电话机", "phone", "A-01"),
        ("台式电脑", "computer", "A-02"),
        ("象棋五副", "game", "B-01"),
        ("跳绳二十根", "sport", "C-01"),
        ("电子琴", "music", "D-01"),
    ] {
        put(
            w,
            "equipment",
            title,
            json!({"sort": sort, "number": number, "keeper": s.office.name}),
        )?;
    }
    for (i, (title, author)) in [
        ("山那边的来信", "苗青禾"),
        ("石桥下的小船", "向云舟"),
        ("爷爷的玉米地", "覃小满"),
        ("田野里的为什么", "梅岭小学编"),
        ("会写信的风", "彭若谷"),
        ("虫子们的一年", "龙知秋"),
    ]
    .into_iter()
    .enumerate()
    {
        put(
            w,
            "book",
            title,
            json!({"author": author, "number": format!("T{:03}", i + 1)}),
        )?;
    }
    for (title, kind) in [
        ("留守儿童关爱工作实施方案", "plan"),
        ("谈心制度", "rule"),
        ("家访制度", "rule"),
        ("关爱室管理制度", "rule"),
    ] {
        let body = format!(
            "第一条　{}为父母外出务工的孩子做好关爱，制定本{}。\n第二条　领导小组负责，班主任落实。",
            s.spec.name,
            if kind == "plan" { "方案" } else { "制度" }
        );
        let doc = put(w, "document", title, json!({"kind": kind, "body": body}))?;
        for name in ["submit", "publish"] {
            walk(w, "document", doc, name, json!({}), today)?;
        }
    }
    put(
        w,
        "document",
        "本学期工作计划",
        json!({"kind": "term_plan", "body": "第一周　摸底\n第二周　结对"}),
    )?;
    if code == "S2" {
        put(
            w,
            "donor_project",
            "牵手项目",
            json!({"donor": "山里云公益基金会", "budget": 60000, "spent": 41250, "aim": "关爱室、图书和每年一次的开心周末"}),
        )?;
        for n in 1..=12 {
            put(
                w,
                "material",
                &format!("成长册 第{n}册"),
                json!({"author": s.office.name, "volumes": 1, "copies": 200}),
            )?;
        }
    }
    let year = Day::lit("2026-09-01").min(today);
    for k in s.kids.iter().filter(|k| k.left_on(today) && !k.graduated(today)) {
        // every fourth child is in somebody's care in writing, every ninth has a need under way
        let chance = fate(&[k.n, 404]);
        if chance % 4 == 0 {
            let to = ["谭家二姑", "覃家大伯", "向家外婆", "彭家三舅"][(chance / 4 % 4) as usize];
            let mut new = child(s, "delegation", k.id)?;
            (new.from, new.to) = (Some(year), Some(Day::lit("2027-08-31")));
            new.fields = object(
                json!({"to_whom": to, "relation": "亲戚", "in_writing": true, "child_heard": chance % 3 != 0, "school_told": true,
                "village_told": chance % 5 != 0, "suitable": "fit"}),
            );
            add(w, &new)?;
        }
        if chance % 9 == 1 {
            let mut new = child(s, "request", k.id)?;
            let (need, what, asked) = [
                ("health", "看不清黑板，要验光配镜", "health_centre"),
                ("papers", "户口本上名字写错了，医保办不了", "civil_affairs"),
                ("study", "数学跟不上，要人辅导", "school"),
                ("life", "冬天没有厚被子", "women"),
            ][(chance / 9 % 4) as usize];
            new.owner = s.office.account;
            new.due = Some(today.plus(i32::try_from(chance % 20).unwrap_or(0) - 6));
            new.fields = object(json!({"need": [need], "what": what, "asked": asked}));
            add(w, &new)?;
            if chance % 2 == 1 {
                walk(w, "request", new.id, "send", json!({}), today)?;
            }
        }
        if chance % 11 == 2 {
            let mut new = child(s, "aid", k.id)?;
            new.from = Some(year);
            new.fields = object(json!({"ground": "low_income", "programme": "two_free"}));
            add(w, &new)?;
            if chance % 3 != 0 {
                walk(
                    w,
                    "aid",
                    new.id,
                    "receive",
                    json!({"amount": 500, "source": "县教育局"}),
                    today,
                )?;
            }
        }
    }
    Ok(())
}

/// Who came to the room at noon in the last fortnight, and who leads it this week.
fn in_the_room(w: &mut Write, today: Day, s: &School, id: tx_base::Id) -> Result<()> {
    let room = tx_room::room(w.conn(), w.county(), s.id, id)?.ok_or(Fault::NotFound)?;
    tx_room::set_leader(w, &room, today.monday(), s.teachers.first().map(|t| t.adult))?;
    let kids: Vec<_> = s.kids.iter().filter(|k| !k.graduated(today)).collect();
    for back in (1..13).rev().filter(|n| room.opens(today.plus(-n).weekday())) {
        for k in kids.iter().filter(|k| fate(&[k.n, 505, back as u64]) % 6 == 0) {
            let chance = fate(&[k.n, 606, back as u64]);
            let did = tx_room::ACTIVITIES[(chance % 8) as usize].0.to_owned();
            let came = i64::from(back) * 24 * 3_600_000;
            let mut tap = tx_room::Tap {
                did: vec![did],
                ago: came,
                ..tx_room::Tap::now(k.id)
            };
            tx_room::sign_in(w, &room, &tap)?;
            tap = tx_room::Tap {
                ago: came - 20 * 60_000,
                ..tx_room::Tap::now(k.id)
            };
            tx_room::sign_out(w, &room, &tap)?;
        }
    }
    Ok(())
}

fn object(v: Json) -> serde_json::Map<String, Json> {
    v.as_object().cloned().unwrap_or_default()
}
fn new(s: &School, sort: &str) -> Result<NewThing> {
    let sort = find_sort(sort).ok_or_else(|| Fault::broken(format!("no sort {sort}")))?;
    Ok(NewThing::new(sort, s.id))
}
fn child(s: &School, sort: &str, id: tx_base::Id) -> Result<NewThing> {
    Ok(NewThing {
        child: Some(id),
        ..new(s, sort)?
    })
}
fn thing(w: &mut Write, s: &School, sort: &str, title: &str, fields: Json) -> Result<tx_base::Id> {
    let made = NewThing {
        title: Some(title.into()),
        fields: object(fields),
        ..new(s, sort)?
    };
    add(w, &made)?;
    Ok(made.id)
}
fn walk(w: &mut Write, sort: &str, id: tx_base::Id, name: &str, fields: Json, today: Day) -> Result<()> {
    let next = find_sort(sort).and_then(|s| s.step(name));
    let next = next.ok_or_else(|| Fault::broken(format!("no step {name}")))?;
    step(w, id, next, &object(fields), None, today).map(|_| ())
}

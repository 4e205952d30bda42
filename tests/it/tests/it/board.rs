//! B8, B11, C5, A4 on screen: the child's file, the class calendar, the school's page and search show what is there, to whom it may be shown.

use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use tx_base::{Day, Span};
use tx_it::{World, story};

/// A page as a person with this token gets it: status and HTML.
fn page(w: &World, path: &str, token: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut res = agent
        .get(format!("{}{path}", w.address))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .expect("the server answers");
    (
        res.status().as_u16(),
        res.body_mut().read_to_string().unwrap_or_default(),
    )
}

struct School {
    head: String,
    teacher: String,
    other: String,
    child: String,
    second: String,
    strange: String,
}

fn school(w: &World) -> School {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let other = w.user(
        "teacher-b",
        &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
    );
    let head = w.user("head-a", &["--role", "head", "--school", "Y1"]);
    School {
        child: w.child(&teacher, "401", "石若曦"),
        second: w.child(&teacher, "401", "田雨桐"),
        strange: w.child(&other, "402", "龙俊杰"),
        head,
        teacher,
        other,
    }
}

fn record(w: &World, token: &str, body: &Json) -> String {
    let a = w.post("/api/v1/records", token, body);
    assert_eq!(a.status, 201, "{:?}", a.body);
    a.body["id"].as_str().expect("an id").to_owned()
}

/// Every `name="value"` of the marks in the wide picture of a page.
fn marks(html: &str) -> Vec<BTreeMap<String, String>> {
    let wide = html
        .split("class=\"pic cal\"")
        .nth(1)
        .and_then(|s| s.split("</svg>").next())
        .expect("the wide picture");
    wide.split('<')
        .filter(|tag| tag.contains("data-state="))
        .map(|tag| {
            let mut out = BTreeMap::new();
            for name in ["data-child", "data-week", "data-kind", "data-state"] {
                let value = tag
                    .split(&format!("{name}=\""))
                    .nth(1)
                    .and_then(|v| v.split('"').next());
                out.insert(name.to_owned(), value.unwrap_or_default().to_owned());
            }
            out
        })
        .collect()
}

story!(cells_of_the_calendar_are_the_duties, |w: &World| {
    let s = school(w);
    record(
        w,
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "text": "想爸爸了", "children": [s.child]}),
    );
    record(
        w,
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-23", "lines": [{"child": s.second, "outcome": "tried"}]}),
    );
    let open = w.get(&format!("/api/v1/duties?child={}&state=open", s.second), &s.teacher);
    let talk = open.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["kind"] == "guardian_talk")
        .expect("a guardian talk is owed")
        .clone();
    let excused = w.post(
        &format!("/api/v1/duties/{}/excuse", talk["id"].as_str().unwrap()),
        &s.teacher,
        &json!({"reason": "住院"}),
    );
    assert_eq!(excused.status, 200);

    let (status, html) = page(w, "/calendar?class=401", &s.teacher);
    assert_eq!(status, 200, "{html}");
    let drawn = marks(&html);
    let term =
        tx_calendar::Calendar::default_years(tx_calendar::SchoolYear::new(2026), tx_calendar::SchoolYear::new(2026));
    let term = term.term_near(Day::lit(tx_it::TODAY)).expect("a term");
    let monday = term.from.monday();
    let week = |day: &str| (Day::lit(day).since(monday) / 7 + 1).clamp(1, i32::from(term.weeks_count()));
    let all = w.get("/api/v1/duties?class=401&upcoming=true", &s.teacher);
    let duties: Vec<&Json> = all.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["child"].is_string() && d["post"] != "family")
        .collect();
    assert!(!duties.is_empty());
    let count = |child: &str, kind: &str, state: &str| {
        drawn
            .iter()
            .filter(|m| m["data-child"] == child && m["data-kind"] == kind && m["data-state"] == state)
            .count()
    };
    let mut expected: BTreeMap<(String, String, String), Vec<i32>> = BTreeMap::new();
    for d in &duties {
        let window = Span::new(
            Day::lit(d["window"]["from"].as_str().unwrap()),
            Day::lit(d["window"]["to"].as_str().unwrap()),
        );
        let state = d["state"].as_str().unwrap();
        if window.meet(term.span()).is_none() || matches!(state, "done" | "upcoming") {
            continue;
        }
        let key = (
            d["child"].as_str().unwrap().to_owned(),
            d["kind"].as_str().unwrap().to_owned(),
            state.to_owned(),
        );
        expected.entry(key).or_default().push(week(&window.to.to_string()));
    }
    assert!(
        expected.keys().any(|(.., state)| state == "excused") && expected.keys().any(|(.., state)| state == "open")
    );
    for ((child, kind, state), weeks) in &expected {
        assert_eq!(count(child, kind, state), weeks.len(), "{kind} {state}");
        for m in drawn
            .iter()
            .filter(|m| &m["data-child"] == child && &m["data-kind"] == kind && &m["data-state"] == state)
        {
            let at: i32 = m["data-week"].parse().unwrap();
            // a third seal may stand a week before
            assert!(
                weeks.contains(&at) || weeks.contains(&(at + 1)),
                "{kind} {state} in week {at}, not {weeks:?}"
            );
        }
    }
    let live = drawn
        .iter()
        .filter(|m| ["open", "overdue", "missed", "excused"].contains(&m["data-state"].as_str()))
        .count();
    assert_eq!(
        live,
        expected.values().map(Vec::len).sum::<usize>(),
        "nothing is drawn that is not owed"
    );
    assert_eq!(count(&s.child, "heart_talk", "done"), 1);
    assert_eq!(count(&s.second, "heart_talk", "tried"), 1);
    assert_eq!(count(&s.second, "heart_talk", "open"), 1, "a try does not settle it");
    assert!(!html.contains("龙俊杰"), "the other class is not on the page");

    let cell = |child: &str, day: &str, token: &str| {
        page(
            w,
            &format!("/calendar/cell?child={child}&week={}&pop=1", week(day)),
            token,
        )
    };
    let (status, html) = cell(&s.child, "2026-11-20", &s.teacher);
    assert!(
        status == 200 && html.contains("想爸爸了") && !html.contains("<main"),
        "{html}"
    );
    let (status, html) = cell(&s.second, "2026-11-30", &s.teacher);
    assert!(
        status == 200
            && html.contains("免做")
            && !html.contains("住院")
            && html.contains(&format!("/record?child={}&amp;kind=heart_talk", s.second)),
        "{html}"
    );
    assert_eq!(cell(&s.child, "2026-11-20", &s.other).0, 404);
    for bad in [
        "/calendar?class=402",
        "/calendar?class=999",
        "/calendar?term=1999-1",
        "/calendar?kind=nonsense",
        "/calendar?page=9",
        "/calendar/cell?week=1",
        "/calendar/cell?child=x&week=1",
    ] {
        let status = page(w, bad, &s.teacher).0;
        assert!(status == 404 || status == 422, "{bad}: {status}");
    }
    assert_eq!(
        page(w, &format!("/calendar/cell?child={}&week=99", s.child), &s.teacher).0,
        404
    );
});

story!(a_file_shows_what_one_may_see, |w: &World| {
    let s = school(w);
    let first = record(
        w,
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "text": "应用题有进步", "children": [s.child], "fields": {"mood": "steady"}}),
    );
    let a = w.call(
        "PATCH",
        &format!("/api/v1/records/{first}"),
        &s.teacher,
        Some(&json!({"base_version": 1, "text": "应用题有进步，画了全家福"})),
        None,
    );
    assert_eq!(a.status, 200, "{:?}", a.body);
    let at = format!("/children/{}", s.child);
    let (status, html) = page(w, &at, &s.teacher);
    assert_eq!(status, 200, "{html}");
    for has in [
        "石若曦",
        "画了全家福",
        "平稳",
        "改之前",
        &format!("{at}/dial?who="),
        &format!("{at}/side?of=xin"),
        &format!("{at}/sensitive"),
        "石奶奶",
    ] {
        assert!(html.contains(has), "{has}");
    }
    assert!(
        !html.contains("19000012345"),
        "the number itself waits behind the button"
    );
    assert!(
        html.contains(&format!(r#"data-child="{}" data-kind="talk""#, s.child)),
        "the talk is in the ribbon"
    );
    assert!(!html.contains("留守"), "the word is for reports");
    let dial = html
        .split(&format!("{at}/dial?who="))
        .nth(1)
        .and_then(|v| v.split('"').next())
        .expect("whom to ring")
        .to_owned();
    let (status, ring) = page(w, &format!("{at}/dial?who={dial}"), &s.teacher);
    assert!(status == 200 && ring.contains("tel:19000012345"), "{ring}");
    assert!(
        page(w, &format!("{at}/side?of=xin&pop=1"), &s.teacher)
            .1
            .contains("谈心")
    );

    // a second look shows the first; the sensitive part leaves its own trace
    assert!(page(w, &at, &s.head).1.contains("teacher-a"));
    let (status, html) = page(w, &format!("{at}/sensitive"), &s.teacher);
    assert_eq!(status, 200, "{html}");
    assert!(page(w, &at, &s.head).1.contains("看了敏感内容"));
    let audit = w.get("/api/v1/audit", &s.head);
    let reads = audit.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["action"] == "child.read" && e["id"] == s.child.as_str() && e["who"] == "teacher-a")
        .count();
    assert_eq!(reads, 1, "once a day and person");

    let subject = w.user(
        "subject-a",
        &["--role", "subject_teacher", "--school", "Y1", "--class", "401"],
    );
    let (status, html) = page(w, &at, &subject);
    assert_eq!(status, 200, "{html}");
    for hidden in ["石奶奶", "画了全家福", "/dial", "/sensitive", "岁", "data-kind="] {
        assert!(!html.contains(hidden), "{hidden}");
    }
    for (token, paths) in [
        (
            &s.other,
            ["", "/side?of=xin", "/sensitive", &format!("/dial?who={dial}")],
        ),
        (
            &subject,
            ["/side?of=xin", "/sensitive", &format!("/dial?who={dial}"), "/x"],
        ),
    ] {
        for p in paths {
            let status = page(w, &format!("{at}{p}"), token).0;
            assert!(status == 404 || (status == 403 && token == &subject), "{p}: {status}");
        }
    }
    assert_eq!(
        page(w, "/children/0192f3a1-7c00-7000-8000-000000000001", &s.teacher).0,
        404
    );
    assert_eq!(page(w, &format!("{at}?before=nonsense"), &s.teacher).0, 404);
});

story!(a_long_line_goes_on_over_pages, |w: &World| {
    let s = school(w);
    for i in 0..23 {
        let on = Day::lit("2026-10-01").plus(i).to_string();
        record(
            w,
            &s.teacher,
            &json!({"kind": "family_call", "on": on, "children": [s.child]}),
        );
    }
    let at = format!("/children/{}", s.child);
    let mut seen = Vec::new();
    let mut next = Some(at.clone());
    while let Some(path) = next {
        let (status, html) = page(w, &path, &s.teacher);
        assert_eq!(status, 200);
        seen.extend(
            html.split("<article class=\"card")
                .skip(1)
                .filter_map(|a| a.split("id=\"r-").nth(1)?.split('"').next().map(str::to_owned)),
        );
        next = html
            .split("rel=\"next\" href=\"")
            .nth(1)
            .and_then(|v| v.split('"').next())
            .map(|h| h.replace("&amp;", "&").replace("#line", ""));
    }
    let all: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), all.len()), (23, 23), "each record once");
});

story!(numbers_of_the_school_are_their_rows, |w: &World| {
    let s = school(w);
    record(
        w,
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "children": [s.child, s.second]}),
    );
    record(
        w,
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-21", "children": [s.child]}),
    );
    assert_eq!(
        page(w, "/school/board", &s.teacher).0,
        403,
        "a class teacher has the class"
    );
    let (status, html) = page(w, "/school/board", &s.head);
    assert_eq!(status, 200, "{html}");
    let mut checked = 0;
    for part in html.split("class=\"num").skip(1) {
        let Some(href) = part.split("href=\"").nth(1).and_then(|v| v.split('"').next()) else {
            continue;
        };
        let href = href.replace("&amp;", "&");
        let value: usize = part
            .split('>')
            .nth(1)
            .and_then(|v| v.split('<').next())
            .and_then(|v| v.trim().parse().ok())
            .expect("a number");
        let (status, list) = page(w, &href, &s.head);
        assert_eq!(status, 200, "{href}");
        let rows = list.split("<tbody>").nth(1).map_or(0, |t| t.matches("<tr>").count());
        assert_eq!(rows, value, "{href}");
        let (status, few) = page(w, &format!("{href}&pop=1"), &s.head);
        assert!(
            status == 200 && few.contains(&value.to_string()) && !few.contains("<main"),
            "{href}"
        );
        checked += 1;
    }
    assert!(checked >= 2, "the sentences open their rows");
    let talked = page(w, "/school/board/rows?of=talked", &s.head).1;
    assert!(
        talked.contains("石若曦") && talked.contains("田雨桐") && !talked.contains("龙俊杰"),
        "{talked}"
    );
    for bad in [
        "/school/board?p=x",
        "/school/board/rows",
        "/school/board/rows?of=x",
        "/school/board/rows?of=overdue&class=999",
        "/school/board/rows?of=done",
        "/school/board/rows?of=talked&page=7",
    ] {
        assert_eq!(page(w, bad, &s.head).0, 404, "{bad}");
    }
});

story!(search_finds_within_the_scope, |w: &World| {
    let s = school(w);
    record(
        w,
        &s.teacher,
        &json!({"kind": "home_visit", "on": "2026-11-12", "text": "院子里晒着玉米", "children": [s.child]}),
    );
    let find = |q: &str, token: &str| {
        let q: String = q.bytes().map(|b| format!("%{b:02X}")).collect();
        let (status, html) = page(w, &format!("/search?q={q}&pop=1"), token);
        assert_eq!(status, 200, "{html}");
        html
    };
    for q in ["石若", "shiruoxi", "srx", "2345"] {
        let html = find(q, &s.teacher);
        assert!(
            html.contains("石若曦") && html.contains(&format!("/children/{}", s.child)),
            "{q}: {html}"
        );
        assert!(!find(q, &s.other).contains("石若曦"), "{q} from another class");
    }
    assert!(find("2345", &s.teacher).contains("电话 …2345"), "a hit says why");
    for q in ["家访", "11月12日", "2026-11-12"] {
        assert!(find(q, &s.teacher).contains("11月12日"), "{q}");
        assert!(!find(q, &s.other).contains("石若曦"), "{q}");
    }
    assert!(
        !find("玉米", &s.head).contains("石若曦"),
        "sealed words are in no index"
    );
    assert!(find("龙俊杰", &s.head).contains(&s.strange));
    let subject = w.user(
        "subject-a",
        &["--role", "subject_teacher", "--school", "Y1", "--class", "401"],
    );
    assert!(find("石若", &subject).contains("石若曦"));
    assert!(
        !find("2345", &subject).contains("石若曦"),
        "phones are not theirs to find"
    );
    let mut last = 0;
    for _ in 0..70 {
        last = page(w, "/search?q=x&pop=1", &subject).0;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429, "sixty a minute");
});

//! A4: a scheme is changed, looked at, published from a day on; the past stays judged by the version before; law cannot be weakened.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{Answer, World, story};

struct Town {
    head: String,
    office: String,
    teacher: String,
    child: String,
}
fn town(w: &World) -> Town {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let head = w.user("head-a", &["--role", "head", "--school", "Y1"]);
    let office = w.user(
        "office-a",
        &["--role", "subject_teacher", "--post", "office", "--school", "Y1"],
    );
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let child = w.child(&teacher, "401", "石若曦");
    Town {
        head,
        office,
        teacher,
        child,
    }
}
fn put(w: &World, token: &str, body: &Json) -> Answer {
    w.call("PUT", "/api/v1/schemes/draft", token, Some(body), None)
}
/// The rules of the newest version, each changed by `f`.
fn rules(w: &World, token: &str, f: impl Fn(&mut Json)) -> Vec<Json> {
    let all = w.get("/api/v1/schemes", token);
    let mut rules = all.body["items"].as_array().expect("versions").last().expect("one")["rules"]
        .as_array()
        .expect("rules")
        .clone();
    rules.iter_mut().for_each(f);
    rules
}
fn talks(w: &World, token: &str, child: &str, on: &str) -> Vec<(String, String)> {
    let a = w.get(&format!("/api/v1/duties?child={child}&on={on}&upcoming=true"), token);
    assert_eq!(a.status, 200, "{:?}", a.body);
    let window = |d: &Json, end: &str| d["window"][end].as_str().unwrap_or_default().to_owned();
    a.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["rule"] == "talk_monthly")
        .map(|d| (window(d, "from"), window(d, "to")))
        .collect()
}
/// A browser with another head of the school signed in.
fn browser(w: &World, school: &str) -> Browser {
    let user = format!("boss-{school}");
    let (code, password) = w.run(&["user", "add", &user, "--role", "head", "--school", school]);
    assert_eq!(code, 0);
    let mut b = Browser::at(&w.address);
    assert_eq!(
        b.login(&user, password.split_whitespace().last().expect("a password"))
            .status,
        303
    );
    b
}

story!(a_new_version_judges_what_begins_after_it, |w: &World| {
    let t = town(w);
    let before = talks(w, &t.teacher, &t.child, "2026-11-24");
    assert!(
        before.iter().any(|x| x.1 == "2026-11-30") && before.iter().all(|x| x.0.ends_with("-01") || x.0 == before[0].0),
        "monthly: {before:?}"
    );
    let fortnightly = rules(w, &t.head, |r| {
        if r["id"] == "talk_monthly" {
            r["every"] = json!("fortnight");
        }
    });
    let d = put(w, &t.head, &json!({"rules": fortnightly}));
    assert_eq!(
        (d.status, d.body["state"].as_str(), d.body["version"].as_i64()),
        (200, Some("draft"), Some(2)),
        "{:?}",
        d.body
    );
    assert_eq!(
        talks(w, &t.teacher, &t.child, "2026-11-24"),
        before,
        "a draft judges nobody"
    );
    let publish = |token: &str, from: &str| {
        w.post(
            "/api/v1/schemes/publish",
            token,
            &json!({"from": from, "note": "多谈谈"}),
        )
    };
    let past = publish(&t.head, "2026-11-01");
    assert_eq!(
        (past.status, past.body["errors"][0]["field"].as_str()),
        (422, Some("from")),
        "never back-dated"
    );
    assert_eq!(
        publish(&t.office, "2026-11-30").status,
        403,
        "the office drafts, the head publishes"
    );
    let out = publish(&t.head, "2026-11-30");
    assert_eq!(
        (out.status, out.body["state"].as_str()),
        (200, Some("published")),
        "{:?}",
        out.body
    );
    let after = talks(w, &t.teacher, &t.child, "2026-11-24");
    for old in before.iter().filter(|x| x.0.as_str() < "2026-11-30") {
        assert!(after.contains(old), "{old:?} began before and stays as it was");
    }
    let new: Vec<_> = after.iter().filter(|x| x.0.as_str() >= "2026-11-30").collect();
    assert!(
        !new.is_empty() && new.len() > before.iter().filter(|x| x.0.as_str() >= "2026-11-30").count(),
        "fortnights from there on: {after:?}"
    );
    // the next one cannot begin before this one
    let again = rules(w, &t.head, |r| {
        if r["id"] == "talk_monthly" {
            r["every"] = json!("week");
        }
    });
    assert_eq!(put(w, &t.head, &json!({"rules": again})).status, 200);
    assert_eq!(publish(&t.head, "2026-11-25").status, 422);
    let all = w.get("/api/v1/schemes", &t.head).body;
    assert_eq!(
        (all["in_force"].as_i64(), all["items"].as_array().map(Vec::len)),
        (Some(1), Some(3)),
        "until the 30th the first holds"
    );
    assert_eq!(
        w.call("DELETE", "/api/v1/schemes/draft", &t.head, None, None).status,
        200
    );
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(a_rule_of_law_cannot_be_weakened, |w: &World| {
    let t = town(w);
    for weak in [
        json!({"every": "month"}),
        json!({"owner": "class_teacher"}),
        json!({"whom": "key"}),
        json!({"outcomes": ["tried"]}),
    ] {
        let list = rules(w, &t.head, |r| {
            if r["source"] == "law" {
                weak.as_object().unwrap().iter().for_each(|(k, v)| r[k] = v.clone());
            }
        });
        let a = put(w, &t.head, &json!({"rules": list}));
        assert_eq!(
            (a.status, a.body["errors"][0]["field"].as_str()),
            (422, Some("rules")),
            "{weak}: {:?}",
            a.body
        );
    }
    // left out of the list it lies under it all the same
    let without: Vec<Json> = rules(w, &t.head, |_| {})
        .into_iter()
        .filter(|r| r["source"] != "law")
        .collect();
    let a = put(w, &t.head, &json!({"rules": without}));
    assert!(
        a.body["rules"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["id"] == "weekly_contact"),
        "{:?}",
        a.body
    );
    let mut b = browser(w, "Y1");
    for fields in [
        [("rule", "weekly_contact"), ("every", "month")],
        [("rule", "weekly_contact"), ("on", "0")],
    ] {
        let no = b.post("/scheme", "/scheme/rule", &fields);
        assert!(
            no.status == 422 && no.text.contains("法律规定"),
            "{} {:?}",
            no.status,
            fields
        );
    }
    let page = b.get("/scheme").text;
    assert!(
        page.contains("不可放宽") && page.contains("未成年人保护法"),
        "locked, with its article"
    );
});

story!(the_editor_changes_a_word_and_shows_what_follows, |w: &World| {
    let t = town(w);
    let mut b = browser(w, "Y1");
    let load = |page: &str| {
        page.split("班主任</span>")
            .nth(1)
            .and_then(|s| s.split("<b>").nth(1))
            .and_then(|s| s.split("</b>").next())
            .unwrap_or_default()
            .to_owned()
    };
    let before = b.get("/scheme").text;
    assert!(before.contains("第 1 版") && before.contains("这样一来，每人每周") && !before.contains("改了</span>"));
    let changed = b.post(
        "/scheme",
        "/scheme/rule",
        &[("rule", "talk_monthly"), ("every", "fortnight")],
    );
    assert_eq!(
        (changed.status, changed.to.as_str()),
        (303, "/scheme#rule-talk_monthly"),
        "{}",
        changed.text
    );
    let page = b.get("/scheme").text;
    assert!(
        page.contains("第 2 版草稿")
            && page.contains("改了")
            && page.contains("第 1 版是：")
            && page.contains("涉及 1 名")
            && page.contains("没有谁因此变成逾期"),
        "{page}"
    );
    assert_ne!(load(&before), load(&page), "the week of a class teacher follows");
    // switch off, on again, add, hours
    assert_eq!(
        b.post("/scheme", "/scheme/rule", &[("rule", "visits"), ("on", "0")])
            .status,
        303
    );
    let off = w.get("/api/v1/schemes", &t.head).body["items"][1]["off"].clone();
    assert_eq!(off, json!(["visits"]));
    assert_eq!(
        b.post("/scheme", "/scheme/rule", &[("rule", "visits"), ("on", "1")])
            .status,
        303
    );
    let add = [
        ("owner", "head"),
        ("every", "festival:mid_autumn,spring_festival"),
        ("whom", "each_class"),
        ("kind", "lecture"),
        ("minutes", "40"),
    ];
    let added = b.post("/scheme", "/scheme/add", &add);
    assert_eq!(added.to, "/scheme#rule-own_lecture_1", "{}", added.text);
    let bad = b.post(
        "/scheme",
        "/scheme/add",
        &[
            ("owner", "family"),
            ("every", "festival:easter"),
            ("whom", "x"),
            ("kind", "x"),
            ("minutes", "x"),
        ],
    );
    assert_eq!(bad.status, 422);
    assert_eq!(
        b.post(
            "/scheme",
            "/scheme/rule",
            &[("rule", "no_such_rule"), ("every", "month")]
        )
        .status,
        404
    );
    assert_eq!(
        b.post("/scheme", "/scheme/hours", &[("h_class_teacher", "0.01")])
            .status,
        303
    );
    assert!(
        b.get("/scheme").text.contains("班主任每周要"),
        "more is asked than there is, said openly"
    );
    assert_eq!(
        b.post("/scheme", "/scheme/hours", &[("h_class_teacher", "很多")])
            .status,
        422
    );
    let early = b.post("/scheme", "/scheme/publish", &[("from", "2026-11-23")]);
    assert!(
        early.status == 422 && early.text.contains("不能从过去的日子起用"),
        "{}",
        early.status
    );
    assert_eq!(
        b.post("/scheme", "/scheme/publish", &[("from", "2026-11-30"), ("look", "1")])
            .status,
        303
    );
    assert_eq!(
        w.get("/api/v1/schemes", &t.head).body["items"][1]["state"],
        "draft",
        "looking publishes nothing"
    );
    assert_eq!(
        b.post(
            "/scheme",
            "/scheme/publish",
            &[("from", "2026-11-30"), ("note", "谈心加密")]
        )
        .status,
        303
    );
    let list = b.get("/scheme?tab=versions").text;
    assert!(
        list.contains("谈心加密") && list.contains("还没到") && list.contains("在用"),
        "{list}"
    );
    assert!(b.get("/scheme?version=1").text.contains("只能看"));
    // a ready-made one
    assert_eq!(
        b.post("/scheme?tab=choose", "/scheme/choose", &[("base", "S3")]).status,
        303
    );
    assert!(b.get("/scheme").text.contains("由方案三改来"));
    assert_eq!(b.post("/scheme", "/scheme/drop", &[]).status, 303);
});

story!(who_may_draft_and_who_sees, |w: &World| {
    let t = town(w);
    assert_eq!(put(w, &t.teacher, &json!({"base": "S3"})).status, 403);
    assert_eq!(put(w, &t.office, &json!({"base": "S3"})).status, 200);
    let of = |token: &str| w.get("/api/v1/schemes", token).body["items"].as_array().map(Vec::len);
    assert_eq!(
        (of(&t.office), of(&t.head), of(&t.teacher)),
        (Some(2), Some(2), Some(1)),
        "a draft is shown to those who make it"
    );
    assert_eq!(w.run(&["school", "add", "--code", "Y2", "--name", "上寨小学"]).0, 0);
    let far = w.user("head-b", &["--role", "head", "--school", "Y2"]);
    assert_eq!(w.get("/api/v1/schemes?school=Y1", &far).status, 404);
    assert_eq!(put(w, &far, &json!({"school": "Y1", "base": "S3"})).status, 404);
    for (bad, field) in [
        (json!({"base": "S9"}), "base"),
        (json!({"colour": 1}), "colour"),
        (json!({"rules": [{"id": "x"}]}), "rules[0]"),
        (json!({"rules": 7}), "rules"),
        (json!({"from": "soon"}), "from"),
    ] {
        let a = put(w, &t.head, &bad);
        assert_eq!(
            (a.status, a.body["errors"][0]["field"].as_str()),
            (422, Some(field)),
            "{bad}: {:?}",
            a.body
        );
    }
    // a school without any scheme has the legal base
    let bare = w.get("/api/v1/schemes", &far);
    assert_eq!(
        (bare.status, bare.body["items"].as_array().map(Vec::len)),
        (200, Some(0))
    );
    let mut b = browser(w, "Y2");
    assert!(b.get("/scheme").text.contains("未成年人保护法"));
});

//! What somebody who tries the product for the first time stumbles over: a phone that sends twice, a child written twice, a filter that is
//! no filter, a try that says it was saved, a deletion without a way back.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, serve, settings, story};

struct School {
    teacher: String,
    teacher_id: String,
    head: String,
    head_password: String,
    child: String,
}
/// A school whose class teacher is 周敏, login teacher-a.
fn school(w: &World) -> School {
    let add = ["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"];
    assert_eq!(w.run(&add).0, 0);
    let (_, out) = w.run(&["user", "add", "head-a", "--role", "head", "--school", "Y1"]);
    let head_password = out.split_whitespace().last().unwrap_or_default().to_owned();
    let token = |user: &str| {
        let (code, out) = w.run(&["token", "add", "--user", user]);
        assert_eq!(code, 0, "{out}");
        out.split_whitespace().last().expect("a token").to_owned()
    };
    let head = token("head-a");
    w.user(
        "maths",
        &["--role", "subject_teacher", "--school", "Y1", "--class", "401"],
    );
    let made = w.post(
        "/api/v1/users",
        &head,
        &json!({"name": "周敏", "user": "teacher-a", "roles": [{"role": "class_teacher", "class": "401"}]}),
    );
    assert_eq!(made.status, 201, "{:?}", made.body);
    let teacher = token("teacher-a");
    let child = w.child(&teacher, "401", "石若曦");
    School {
        teacher,
        teacher_id: text(&made.body["id"]).to_owned(),
        head,
        head_password,
        child,
    }
}
fn text(v: &Json) -> &str {
    v.as_str().unwrap_or_default()
}
fn reason(a: &tx_it::Answer, field: &str) -> String {
    let all = a.body["errors"].as_array().cloned().unwrap_or_default();
    let found = all.iter().find(|e| e["field"] == field);
    text(&found.unwrap_or_else(|| panic!("no {field} in {:?}", a.body))["reason"]).to_owned()
}

story!(a_child_that_is_sent_twice_is_one_child, |w: &World| {
    let s = school(w);
    let number = tx_sheet::IdNumber::with_check_digit("43310120160501001").expect("a number");
    let id = "0199f3a0-1111-7000-8000-000000000001";
    let mut body = json!({"id": id, "class": "401", "name": "龙俊杰", "sex": "m", "birth_date": "2016-05-01", "id_no": number, "left_behind": true,
        "home_address": "云溪村 3 组", "guardians": [{"name": "龙奶奶", "relation": "奶奶", "phone": "190 0001 2345"}],
        "parents": [{"parent": "father", "where": "away_work", "place": "温州"}]});
    let post = |body: &Json, key: Option<&str>| w.call("POST", "/api/v1/children", &s.teacher, Some(body), key);
    assert_eq!(post(&body, Some("key-number-one-of-two")).status, 201);
    for key in [None, Some("key-number-two-of-two")] {
        let again = post(&body, key);
        assert_eq!((again.status, again.replayed), (200, false), "{:?}", again.body);
        assert_eq!(text(&again.body["id"]), id);
    }
    body["village"] = "云溪村".into();
    assert_eq!(post(&body, None).status, 409, "other content under the same id");

    // the same number without the id is a second file of the same child, unless somebody says it is not
    let mut second = json!({"class": "401", "name": "龙俊洁", "id_no": number});
    let refused = post(&second, None);
    assert_eq!(refused.status, 409, "{:?}", refused.body);
    let why = reason(&refused, "id_no");
    assert!(why.contains("龙俊杰") && why.contains(id), "{why}");
    assert!(text(&refused.body["detail"]).contains("龙俊杰"));
    let other = w.user(
        "teacher-b",
        &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
    );
    second["class"] = "402".into();
    let blind = w.post("/api/v1/children", &other, &second);
    assert_eq!(blind.status, 409);
    let why = reason(&blind, "id_no");
    assert!(
        !why.contains("龙俊杰") && !why.contains(id),
        "not told of a child out of scope: {why}"
    );
    second["class"] = "401".into();
    second["not_same"] = json!([s.child]);
    assert_eq!(post(&second, None).status, 409, "declared of another child");
    second["not_same"] = json!([id]);
    assert_eq!(post(&second, None).status, 201);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(what_stands_is_said_by_whom_and_for_which_class, |w: &World| {
    let s = school(w);
    let empty = w.post(
        "/api/v1/records",
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "children": [s.child]}),
    );
    assert_eq!(empty.status, 201, "{:?}", empty.body);
    assert_eq!(
        (&empty.body["class"], &empty.body["text"], &empty.body["author"]),
        (&json!("401"), &json!(""), &json!("周敏"))
    );
    let id = text(&empty.body["id"]).to_owned();
    let patch = |token: &str, body: Json| {
        let a = w.call("PATCH", &format!("/api/v1/records/{id}"), token, Some(&body), None);
        assert_eq!(a.status, 200, "{:?}", a.body);
        a.body
    };
    patch(
        &s.teacher,
        json!({"base_version": 1, "text": "想妈妈", "reason": "补写"}),
    );
    patch(&s.head, json!({"base_version": 2, "on": "2026-11-19"}));
    let clash = patch(&s.head, json!({"base_version": 1, "text": "想爸爸"}));
    assert_eq!(clash["conflicts"].as_array().map(Vec::len), Some(1));
    let open = w.get("/api/v1/conflicts", &s.teacher).body;
    assert_eq!(
        (&open["items"][0]["kept_by"], &open["items"][0]["by"]),
        (&json!("周敏"), &json!("head-a")),
        "who wrote the field, not who wrote last: {open}"
    );
    let versions = w.get(&format!("/api/v1/records/{id}/versions"), &s.teacher).body;
    let who: Vec<&str> = versions["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|v| text(&v["who"]))
        .collect();
    assert_eq!(who, ["周敏", "head-a"]);
    // the same of a file
    let file = format!("/api/v1/children/{}", s.child);
    let change = |token: &str, body: Json| w.call("PATCH", &file, token, Some(&body), None);
    assert_eq!(
        change(&s.teacher, json!({"base_version": 1, "village": "云溪村"})).status,
        200
    );
    assert_eq!(change(&s.head, json!({"base_version": 2, "ethnic": "苗"})).status, 200);
    let clash = change(&s.head, json!({"base_version": 1, "village": "洞坪村"}));
    assert_eq!(
        clash.body["conflicts"].as_array().map(Vec::len),
        Some(1),
        "{:?}",
        clash.body
    );
    let open = w.get("/api/v1/conflicts", &s.teacher).body;
    let village = open["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|k| k["field"] == "village");
    assert_eq!(village.expect("the village")["kept_by"], "周敏");
});

story!(a_filter_that_is_none_is_named, |w: &World| {
    let s = school(w);
    for (path, field) in [
        ("/api/v1/records?kind=heart_tlak", "kind"),
        ("/api/v1/records?state=finished", "state"),
        ("/api/v1/records?state=deleted", "state"),
        ("/api/v1/duties?state=late", "state"),
        ("/api/v1/duties?limit=0", "limit"),
        ("/api/v1/duties?cursor=x", "cursor"),
    ] {
        let a = w.get(path, &s.teacher);
        assert_eq!(a.status, 422, "{path}: {:?}", a.body);
        assert!(!reason(&a, field).is_empty(), "{path}");
    }
    w.child(&s.teacher, "401", "龙俊杰");
    let ids = |v: &Json| -> Vec<String> {
        let all = v["items"].as_array().expect("items");
        all.iter().map(|d| text(&d["id"]).to_owned()).collect()
    };
    let whole = w.get("/api/v1/duties", &s.head).body;
    let all = ids(&whole);
    assert!(all.len() > 3 && whole["next"].is_null(), "{whole}");
    let (mut found, mut at) = (Vec::new(), String::new());
    for _ in 0..all.len() {
        let page = w.get(&format!("/api/v1/duties?limit=2{at}"), &s.head).body;
        let of = ids(&page);
        assert!(of.len() <= 2);
        found.extend(of);
        match page["next"].as_str() {
            Some(next) => at = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, all, "page by page the same list");

    let own = w.get("/api/v1/audit/head", &s.head);
    assert_eq!(own.status, 200);
    let county = text(&own.body["county"]);
    assert_eq!(
        w.get(&format!("/api/v1/audit/head?county={county}"), &s.head).status,
        200
    );
    assert_eq!(w.get("/api/v1/audit/head?county=nowhere", &s.head).status, 404);
    let described = w.get("/api/v1/openapi.json", "").body;
    let params = described["paths"]["/api/v1/audit/head"]["get"]["parameters"].to_string();
    assert!(params.contains("\"county\""), "{params}");
});

story!(a_kind_or_a_day_that_cannot_be_says_what_can, |w: &World| {
    let s = school(w);
    let helper = w.post(
        "/api/v1/helpers",
        &s.head,
        &json!({"name": "田秀云", "sex": "f", "kind": "teacher"}),
    );
    assert_eq!(helper.status, 201, "{:?}", helper.body);
    let pair = |kind: &str| {
        let body = json!({"helper": helper.body["id"], "child": s.child, "kind": kind});
        w.post("/api/v1/pairings", &s.head, &body)
    };
    for kind in ["friend", "one_to_one"] {
        let a = pair(kind);
        assert_eq!(a.status, 422);
        let why = reason(&a, "kind");
        assert!(why.contains("proxy_parent") && why.contains("big_sister"), "{why}");
        assert_eq!(why.contains("形式"), kind == "one_to_one", "{why}");
    }
    let made = pair("代理家长");
    assert_eq!(
        (made.status, text(&made.body["kind"])),
        (201, "proxy_parent"),
        "{:?}",
        made.body
    );
    let bad = w.post("/api/v1/helpers", &s.head, &json!({"name": "田秀英", "kind": "friend"}));
    assert!(reason(&bad, "kind").contains("love_mother"));

    let record = |body: Json| w.post("/api/v1/records", &s.teacher, &body);
    let care = record(json!({"kind": "festival_care", "children": [s.child]}));
    assert_eq!(care.status, 422);
    assert!(reason(&care, "fields.festival").contains("节日"));
    let care = record(json!({"kind": "festival_care", "children": [s.child], "fields": {"festival": "mid_autumn"}}));
    assert_eq!(care.status, 201, "{:?}", care.body);
    // ten years are the most, the birth (2016-05-01) is the least
    for (on, status) in [("2016-04-30", 422), ("2016-11-23", 422), ("2016-11-24", 201)] {
        let a = record(json!({"kind": "heart_talk", "on": on, "children": [s.child]}));
        assert_eq!(a.status, status, "{on}: {:?}", a.body);
        if status == 422 {
            assert!(reason(&a, "on").contains(on));
        }
    }
    let young = json!({"class": "401", "name": "向小溪", "birth_date": "2019-03-02"});
    let young = text(&w.post("/api/v1/children", &s.teacher, &young).body["id"]).to_owned();
    let early = record(json!({"kind": "heart_talk", "on": "2019-03-01", "children": [s.child, young]}));
    assert_eq!(early.status, 422);
    assert!(reason(&early, "on").contains("向小溪"), "the one who was not born");
    let paper = json!({"kind": "rule_document", "on": "2010-09-01", "fields": {"title": "家访制度"}});
    assert_eq!(
        w.post("/api/v1/records", &s.head, &paper).status,
        201,
        "a paper may be older"
    );
});

story!(the_sheet_says_what_came_of_it, |w: &World| {
    let s = school(w);
    // early in December the talk of November is overdue and that of December open
    let mut place = w.place.clone();
    place.clock = tx_base::Clock::fixed(tx_base::Day::lit("2026-12-01"));
    let site = serve(&place, settings());
    let child = s.child.clone();
    let path = format!("/api/v1/users/{}/password", s.teacher_id);
    let fresh = w.call_at(&site, "POST", &path, &s.head, None);
    let mut b = Browser::at(&site);
    assert_eq!(b.login("teacher-a", text(&fresh.body["password"])).status, 303);
    let duties = w
        .get_at(&site, &format!("/api/v1/duties?child={child}&state=overdue"), &s.head)
        .body;
    let late: Vec<&Json> = duties["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter(|d| d["kind"] == "heart_talk")
        .collect();
    assert_eq!(late.len(), 1, "{duties}");
    let duty = text(&late[0]["id"]).to_owned();
    let from = format!("/record?child={child}&kind=heart_talk&duty={duty}");
    let sheet = b.get(&from).text;
    assert!(
        sheet.contains("11月那次还欠着，再谈一次才补上"),
        "the foot names what stays"
    );
    let save = |b: &mut Browser, kind: &str, more: &[(&str, &str)]| {
        let mut all = vec![
            ("child", child.as_str()),
            ("kind", kind),
            ("back", "/"),
            ("on", "2026-12-01"),
        ];
        all.extend(more);
        let done = b.post(&from, "/record", &all);
        assert_eq!(done.status, 303, "{}", done.text);
        let page = b.get(&done.to).text;
        (page, done.to)
    };
    let (page, _) = save(&mut b, "heart_talk", &[("outcome", "tried"), ("try", "1")]);
    assert!(page.contains("记了一次努力：石若曦 谈心，没谈成"));
    assert!(page.contains("试过 1 次"), "Today counts the try");
    let (page, to) = save(&mut b, "heart_talk", &[("duty", &duty), ("text", "说了开学的事")]);
    assert!(page.contains("存好了：石若曦 谈心；11月那次还欠着"), "{to}");
    let sheet = b.get(&from).text;
    assert!(
        sheet.contains("逾期消去") && !sheet.contains("那次还欠着"),
        "a second talk makes it good"
    );
    let (page, to) = save(&mut b, "heart_talk", &[("f_mood", "steady")]);
    assert!(page.contains("存好了：石若曦 谈心") && !page.contains("还欠着"), "{to}");

    let (page, _) = save(&mut b, "home_visit", &[("outcome", "tried"), ("try", "1")]);
    assert!(page.contains("记了一次努力：石若曦 家访，没见着"));
    assert!(!page.contains("存好了"));
    // a day that cannot be comes back beside the field
    let wrong = b.post(
        &from,
        "/record",
        &[("child", child.as_str()), ("kind", "heart_talk"), ("on", "2016-11-20")],
    );
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("日期对吗"));
});

story!(what_was_deleted_can_be_put_back, |w: &World| {
    let s = school(w);
    let mut head = Browser::at(&w.address);
    assert_eq!(head.login("head-a", &s.head_password).status, 303);
    let made = w.post(
        "/api/v1/records",
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "text": "想妈妈", "children": [s.child]}),
    );
    let id = text(&made.body["id"]).to_owned();
    let edit = head.get(&format!("/records/{id}/edit")).text;
    let (words, day) = (edit.find("name=\"text\""), edit.find("name=\"on\""));
    assert!(words.is_some() && words < day, "the words come first");
    let path = format!("/api/v1/records/{id}");
    let gone = w.call("DELETE", &path, &s.teacher, Some(&json!({"reason": "记错了人"})), None);
    assert_eq!(gone.status, 200);
    let list = head.get("/records?state=deleted").text;
    for word in ["想妈妈", "记错了人", "周敏删的", &format!("/records/{id}/restore")] {
        assert!(list.contains(word), "{word}");
    }
    // a colleague who did not write it is shown nothing
    let (_, out) = w.run(&[
        "user",
        "add",
        "art",
        "--role",
        "subject_teacher",
        "--school",
        "Y1",
        "--class",
        "401",
    ]);
    let mut other = Browser::at(&w.address);
    assert_eq!(
        other
            .login("art", out.split_whitespace().last().unwrap_or_default())
            .status,
        303
    );
    assert!(!other.get("/records?state=deleted").text.contains(&id));
    let restore = format!("/records/{id}/restore");
    assert_eq!(other.post("/records", &restore, &[]).status, 404);
    let done = head.post("/records?state=deleted", &restore, &[]);
    assert_eq!(
        (done.status, done.to.as_str()),
        (303, format!("/records/{id}").as_str())
    );
    let back = w.get(&path, &s.head);
    assert_eq!(back.body["text"], "想妈妈", "{:?}", back.body);
    assert!(!head.get("/records?state=deleted").text.contains(&id));
    assert_eq!(head.post("/records", &restore, &[]).status, 404, "once");
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(a_backup_takes_no_others_place, |w: &World| {
    school(w);
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("a.backup");
    let backup = || {
        let mut c = w.command(&["backup", file.to_str().expect("a path")]);
        let out = c
            .env("TONGXING_BACKUP_PASSPHRASE", "云溪的一个长口令啊啊啊")
            .output()
            .expect("runs");
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    assert_eq!(backup().0, Some(0));
    let before = std::fs::read(&file).expect("the backup");
    let (code, said) = backup();
    assert_eq!(code, Some(1));
    assert!(said.contains("不覆盖"), "{said}");
    assert_eq!(std::fs::read(&file).expect("the backup"), before);
});

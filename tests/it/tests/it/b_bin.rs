//! The bin of security.md §6: a deleted child is listed with who, when and why, and comes back with all that hung on it. And the ID number,
//! which no correction gives to a second child.

use serde_json::{Value as Json, json};
use tx_it::{World, story};

fn text(v: &Json) -> &str {
    v.as_str().unwrap_or_default()
}
fn number(first: &str) -> String {
    tx_sheet::IdNumber::with_check_digit(first).expect("a number")
}
fn ids(a: &tx_it::Answer) -> Vec<String> {
    let all = a.body["items"].as_array().cloned().unwrap_or_default();
    all.iter().map(|k| text(&k["id"]).to_owned()).collect()
}
/// Rights, posts and pairings of the child's helper that run on the day, as the store has them.
fn bonds(w: &World, child: &str) -> Vec<i64> {
    let db = w.place.open().expect("the store opens");
    let child: tx_base::Id = child.parse().expect("an id");
    let today = tx_base::Day::lit("2026-11-26");
    db.read(|c| {
        let (county, _) = tx_school::school_by_code(c, "Y1")?.expect("the school");
        ["pairings", "posts", "grants"]
            .iter()
            .map(|t| {
                let sql = format!(
                    "select count(*) from {t} where county_id = ?1 and child_id = ?2 and (to_day is null or to_day >= ?3)"
                );
                c.count(&sql, tx_store::params![county, child, today])
            })
            .collect()
    })
    .expect("reads")
}

story!(a_deleted_child_is_listed_and_comes_back_whole, |w: &World| {
    let s = w.school();
    let office = w.user(
        "office",
        &["--role", "subject_teacher", "--post", "office", "--school", "Y1"],
    );
    let child = w.child(&s.teacher, "401", "石若曦");
    let other = w.child(&s.teacher, "401", "田雨桐");
    let volunteer = w.user("volunteer", &["--role", "helper", "--school", "Y1"]);
    let helper = w.post(
        "/api/v1/helpers",
        &s.head,
        &json!({"name": "田秀云", "sex": "f", "kind": "volunteer", "user": "volunteer"}),
    );
    let helper = text(&helper.body["id"]).to_owned();
    let checked = w.post(
        &format!("/api/v1/helpers/{helper}/check"),
        &s.head,
        &json!({"on": "2026-11-20", "valid_to": "2027-11-19", "result": "fit"}),
    );
    assert_eq!(checked.status, 201, "{:?}", checked.body);
    let paired = w.post(
        "/api/v1/pairings",
        &s.head,
        &json!({"helper": helper, "child": child, "from": "2026-11-20", "to": "2027-06-30"}),
    );
    assert_eq!(paired.status, 201, "{:?}", paired.body);
    let talk = w.post(
        "/api/v1/records",
        &s.teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "text": "想妈妈", "children": [child]}),
    );
    assert_eq!(talk.status, 201, "{:?}", talk.body);
    let (path, records) = (
        format!("/api/v1/children/{child}"),
        format!("/api/v1/records?child={child}"),
    );
    let duties = || {
        let all = w.get(&format!("/api/v1/duties?child={child}"), &s.head).body["items"].clone();
        all.as_array().map(Vec::len).unwrap_or_default()
    };
    let (owed, before) = (duties(), w.get(&path, &s.head).body);
    assert!(owed > 0, "a child of the list is owed something");
    assert_eq!(bonds(w, &child), [1, 1, 1]);
    let card = format!("/children/{child}");
    assert!(w.page("/search?q=石若曦", &s.head).1.contains(&card));

    let restore = format!("{path}/restore");
    assert_eq!(
        w.post(&restore, &s.head, &json!({})).status,
        404,
        "it is not in the bin"
    );
    let gone = w.call("DELETE", &path, &s.teacher, Some(&json!({"reason": "登错了班"})), None);
    assert_eq!(gone.status, 200, "{:?}", gone.body);
    assert_eq!(w.get(&path, &s.head).status, 404);
    assert_eq!(duties(), 0);
    assert!(!w.page("/search?q=石若曦", &s.head).1.contains(&card));
    assert_eq!(w.get(&format!("/api/v1/children/{child}"), &volunteer).status, 404);
    assert_eq!(bonds(w, &child), [0, 0, 0]);

    // who, when, why; for the head and the office alone
    let list = w.get("/api/v1/children/deleted", &office);
    let item = &list.body["items"][0];
    assert_eq!(ids(&list), [child.clone()], "{:?}", list.body);
    assert_eq!(
        [&item["name"], &item["class"], &item["reason"], &item["by"]].map(text),
        ["石若曦", "401", "登错了班", "teacher-a"]
    );
    assert!(text(&item["at"]).starts_with("2026-11-24"), "{item}");
    assert_eq!(w.get("/api/v1/children/deleted", &s.teacher).status, 403);
    assert_eq!(w.post(&restore, &s.teacher, &json!({})).status, 403);
    assert_eq!(
        w.run(&["school", "add", "--code", "Y2", "--name", "枫溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let far = w.user("far", &["--role", "head", "--school", "Y2"]);
    assert!(ids(&w.get("/api/v1/children/deleted", &far)).is_empty());
    assert_eq!(w.post(&restore, &far, &json!({})).status, 404);
    assert_eq!(
        w.post(&restore, &s.head, &json!({"why": "x"})).status,
        422,
        "an unknown field is named"
    );

    let back = w.post(&restore, &s.head, &json!({}));
    assert_eq!(
        (back.status, text(&back.body["name"])),
        (200, "石若曦"),
        "{:?}",
        back.body
    );
    assert_eq!(w.post(&restore, &s.head, &json!({})).status, 404, "once");
    let now = w.get(&path, &s.head).body;
    for field in ["class", "left_behind", "guardians", "status", "birth_date"] {
        assert_eq!(now[field], before[field], "{field}");
    }
    assert_eq!(ids(&w.get(&records, &s.teacher)).len(), 1, "the talk is there");
    assert_eq!(duties(), owed);
    assert!(w.page("/search?q=石若曦", &s.head).1.contains(&card));
    // the helper sees the child again, to the day that was agreed
    assert_eq!(w.get(&path, &volunteer).status, 200);
    assert_eq!(bonds(w, &child), [1, 1, 1]);
    let pairs = w.get(&format!("/api/v1/pairings?child={child}"), &s.head);
    assert_eq!(pairs.body["items"][0]["to"], "2027-06-30", "{:?}", pairs.body);
    assert!(ids(&w.get("/api/v1/children/deleted", &s.head)).is_empty());
    // pages of the bin follow each other
    for id in [&child, &other] {
        let at = format!("/api/v1/children/{id}");
        assert_eq!(
            w.call("DELETE", &at, &s.head, Some(&json!({"reason": "试"})), None)
                .status,
            200
        );
    }
    let first = w.get("/api/v1/children/deleted?limit=1", &s.head);
    let next = text(&first.body["next"]).to_owned();
    let second = w.get(&format!("/api/v1/children/deleted?limit=1&cursor={next}"), &s.head);
    let mut both = [ids(&first), ids(&second)].concat();
    both.sort();
    let mut wanted = vec![child, other];
    wanted.sort();
    assert_eq!((both, &second.body["next"]), (wanted, &Json::Null));
    assert_eq!(w.get("/api/v1/children/deleted?cursor=x", &s.head).status, 422);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(the_bin_on_screen, |w: &World| {
    let s = w.school();
    let child = w.child(&s.teacher, "401", "石若曦");
    let mut head = w.browser("head-b", &["--role", "head", "--school", "Y1"]);
    assert!(head.get("/children/deleted").text.contains("没有删了的孩子"));
    let moves = format!("/children/{child}/moves");
    let delete = format!("{moves}/delete");
    let empty = head.post(&moves, &delete, &[("reason", "  ")]);
    assert_eq!(
        (empty.status, empty.text.contains("删除要写原因")),
        (422, true),
        "{}",
        empty.text
    );
    let done = head.post(&moves, &delete, &[("reason", "<b>登错了</b>")]);
    assert_eq!((done.status, done.to.as_str()), (303, "/children?saved=deleted"));
    let list = head.get("/children/deleted").text;
    for word in ["石若曦", "四(1)班", "&lt;b&gt;登错了&lt;/b&gt;", "head-b删的"] {
        assert!(list.contains(word), "{word} in {list}");
    }
    assert!(head.get("/children").text.contains("href=\"/children/deleted\""));
    let restore = format!("/children/{child}/restore");
    let back = head.post("/children/deleted", &restore, &[]);
    assert_eq!((back.status, back.to), (303, format!("/children/{child}?saved=1")));
    assert_eq!(head.get(&format!("/children/{child}")).status, 200);
    assert_eq!(head.post("/children/deleted", &restore, &[]).status, 404);
    // the class teacher is told nothing of the bin
    let mut teacher = w.browser(
        "teacher-b",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    assert!(!teacher.get("/children").text.contains("/children/deleted"));
    assert_eq!(teacher.get("/children/deleted").status, 403);
});

story!(a_number_belongs_to_one_child, |w: &World| {
    let s = w.school();
    let add = |name: &str, no: &str| {
        let body = json!({"class": "401", "name": name, "birth_date": "2016-05-01", "id_no": no, "left_behind": true});
        let a = w.post("/api/v1/children", &s.teacher, &body);
        assert_eq!(a.status, 201, "{:?}", a.body);
        text(&a.body["id"]).to_owned()
    };
    let (one, two) = (number("43310120160501001"), number("43310120160501002"));
    let (a, b) = (add("石若曦", &one), add("田雨桐", &two));
    let change = |id: &str, who: &str, body: Json| {
        let at = format!("/api/v1/children/{id}");
        let mut body = body;
        body["base_version"] = w.get(&at, &s.head).body["version"].clone();
        w.call("PATCH", &at, who, Some(&body), None)
    };
    let taken = change(&b, &s.teacher, json!({"id_no": one, "village": "上寨村"}));
    let fault = &taken.body["errors"][0];
    assert_eq!(
        (taken.status, text(&fault["field"])),
        (409, "id_no"),
        "{:?}",
        taken.body
    );
    assert!(
        text(&fault["reason"]).contains("石若曦") && text(&fault["reason"]).contains(&a),
        "{fault}"
    );
    let seen = w.get(&format!("/api/v1/children/{b}?include=sensitive"), &s.head).body;
    assert_eq!(
        (text(&seen["id_no"]), &seen["village"]),
        (two.as_str(), &Json::Null),
        "nothing of it was done"
    );
    // the own number, and one that is free, are no conflict
    assert_eq!(change(&b, &s.teacher, json!({"id_no": two})).status, 200);
    let free = number("43310120160501003");
    assert_eq!(change(&b, &s.teacher, json!({"id_no": free})).status, 200);
    // a teacher of another class is not told whose it is
    let other = w.teacher("teacher-b", "402");
    let c = w.child(&other, "402", "龙俊杰");
    let hidden = change(&c, &other, json!({"id_no": one}));
    let reason = text(&hidden.body["errors"][0]["reason"]).to_owned();
    assert_eq!(hidden.status, 409, "{:?}", hidden.body);
    assert!(!reason.contains("石若曦") && !reason.contains(&a), "{reason}");
    // the form says it beside the field and keeps what was typed
    let mut head = w.browser("head-b", &["--role", "head", "--school", "Y1"]);
    let edit = format!("/children/{b}/edit?include=sensitive");
    let version = w.get(&format!("/api/v1/children/{b}"), &s.head).body["version"].to_string();
    let fields = [
        ("v", version.as_str()),
        ("include", "sensitive"),
        ("name", "田雨桐"),
        ("class", "401"),
        ("id_no", one.as_str()),
        ("village", "岩脚村"),
    ];
    let said = head.post(&edit, &format!("/children/{b}/edit"), &fields);
    assert_eq!(said.status, 422, "{}", said.text);
    for word in ["石若曦也是这个身份证号", "岩脚村", one.as_str()] {
        assert!(said.text.contains(word), "{word}");
    }
    // the new child's form too, for a number that the teacher may not see
    let mut stranger = w.browser(
        "teacher-c",
        &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
    );
    let new = [
        ("name", "向思远"),
        ("class", "402"),
        ("id_no", one.as_str()),
        ("birth_date", "2016-05-01"),
    ];
    let said = stranger.post("/children/new", "/children", &new);
    assert_eq!(
        (said.status, said.text.contains("本校已有孩子是这个身份证号")),
        (422, true),
        "{}",
        said.text
    );
    // declared two, both may have it
    let apart = w.post(&format!("/api/v1/children/{b}/not-same"), &s.head, &json!({"other": a}));
    assert_eq!(apart.status, 200, "{:?}", apart.body);
    assert_eq!(change(&b, &s.head, json!({"id_no": one})).status, 200);
    // and one that was deleted does not come back beside the child who has its number now
    let c_no = number("43310120160501004");
    let first = add("杨子轩", &c_no);
    let at = format!("/api/v1/children/{first}");
    assert_eq!(
        w.call("DELETE", &at, &s.head, Some(&json!({"reason": "登错了"})), None)
            .status,
        200
    );
    add("杨子萱", &c_no);
    let clash = w.post(&format!("{at}/restore"), &s.head, &json!({}));
    assert_eq!(
        (clash.status, clash.body.to_string().contains("杨子萱")),
        (409, true),
        "{:?}",
        clash.body
    );
    let said = head.post("/children/deleted", &format!("/children/{first}/restore"), &[]);
    assert_eq!(
        (said.status, said.text.contains("本校的杨子萱也是这个身份证号")),
        (422, true)
    );
    assert_eq!(w.run(&["verify"]).0, 0);
});

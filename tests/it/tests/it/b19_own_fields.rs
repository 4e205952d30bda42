//! B19: own fields of a school stand beside the declared ones: in the kinds, the check, the answer, the form, the page; an ended one stays readable.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, story};

fn school(w: &World) -> (String, String, String) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let head = w.user("head-a", &["--role", "head", "--school", "Y1"]);
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let child = w.child(&teacher, "401", "石若曦");
    (head, teacher, child)
}
fn fields_of(w: &World, token: &str, kind: &str, which: &str) -> Vec<String> {
    let all = w.get("/api/v1/kinds", token).body["items"]
        .as_array()
        .expect("kinds")
        .clone();
    let k: Json = all.into_iter().find(|k| k["id"] == kind).expect("the kind");
    k[which]
        .as_array()
        .expect("fields")
        .iter()
        .map(|f| f["id"].as_str().unwrap().to_owned())
        .collect()
}

story!(a_field_is_added_checked_shown_and_ended, |w: &World| {
    let (head, teacher, child) = school(w);
    let bus = json!({"kind": "heart_talk", "name": "怎么回家", "code": "way", "type": "choice", "choices": ["走路", "校车"], "class": "P"});
    assert_eq!(
        w.post("/api/v1/fields", &teacher, &bus).status,
        403,
        "the head and the office add fields"
    );
    let made = w.post("/api/v1/fields", &head, &bus);
    assert_eq!(
        (made.status, made.body["code"].as_str()),
        (201, Some("x_way")),
        "{:?}",
        made.body
    );
    assert_eq!(w.post("/api/v1/fields", &head, &bus).status, 409, "the code is taken");
    let dream = w.post(
        "/api/v1/fields",
        &head,
        &json!({"kind": "heart_talk", "name": "悄悄的愿望", "type": "long_text", "class": "S"}),
    );
    assert_eq!(dream.body["code"], "x_1", "{:?}", dream.body);
    let line = w.post("/api/v1/fields", &head, &json!({"kind": "heart_talk", "name": "几分", "code": "mark", "type": "number", "class": "O", "on_lines": true}));
    assert_eq!(line.status, 201, "{:?}", line.body);
    assert!(fields_of(w, &teacher, "heart_talk", "fields").contains(&"x_way".to_owned()));
    assert!(fields_of(w, &teacher, "heart_talk", "line_fields").contains(&"x_mark".to_owned()));
    assert!(
        !fields_of(w, &teacher, "home_visit", "fields").contains(&"x_way".to_owned()),
        "of its kind alone"
    );
    // another school has its own
    assert_eq!(
        w.run(&["school", "add", "--code", "Y2", "--name", "东坪小学", "--scheme", "S5"])
            .0,
        0
    );
    let far = w.user("head-b", &["--role", "head", "--school", "Y2"]);
    assert!(!fields_of(w, &far, "heart_talk", "fields").contains(&"x_way".to_owned()));
    let field = made.body["id"].as_str().unwrap().to_owned();
    assert_eq!(
        w.call("POST", &format!("/api/v1/fields/{field}/end"), &far, None, None)
            .status,
        404
    );

    let talk = |way: &str| {
        let fields = json!({"mood": "steady", "x_way": way, "x_1": "想要一把吉他"});
        w.post("/api/v1/records", &teacher, &json!({"kind": "heart_talk", "on": "2026-11-20", "fields": fields, "lines": [{"child": child, "fields": {"x_mark": 4.5}}]}))
    };
    let bad = talk("飞");
    assert_eq!(
        (bad.status, bad.body["errors"][0]["field"].as_str()),
        (422, Some("fields.x_way"))
    );
    let good = talk("c2");
    assert_eq!(good.status, 201, "{:?}", good.body);
    assert_eq!(
        (
            good.body["fields"]["x_way"].as_str(),
            good.body["lines"][0]["fields"]["x_mark"].as_f64()
        ),
        (Some("c2"), Some(4.5))
    );
    assert_eq!(good.body["fields"].get("x_1"), None, "sensitive until it is asked for");
    let id = good.body["id"].as_str().unwrap().to_owned();
    assert_eq!(
        w.get(&format!("/api/v1/records/{id}?include=sensitive"), &teacher).body["fields"]["x_1"],
        "想要一把吉他"
    );
    if w.place.database.is_none() {
        let words = "想要一把吉他".as_bytes();
        assert!(
            !w.bytes().windows(words.len()).any(|b| b == words),
            "free words are sealed"
        );
    }

    assert_eq!(
        w.call("POST", &format!("/api/v1/fields/{field}/end"), &head, None, None)
            .status,
        200
    );
    assert!(
        !fields_of(w, &teacher, "heart_talk", "fields").contains(&"x_way".to_owned()),
        "asked no more"
    );
    assert_eq!(
        talk("c1").body["errors"][0]["field"],
        "fields.x_way",
        "and taken no more"
    );
    let stays = w.get(&format!("/api/v1/records/{id}"), &teacher);
    assert_eq!(stays.body["fields"]["x_way"], "c2", "what was written stays");
    let patched = w.call(
        "PATCH",
        &format!("/api/v1/records/{id}"),
        &teacher,
        Some(&json!({"base_version": 1, "text": "补一句"})),
        None,
    );
    assert_eq!(
        (patched.status, patched.body["fields"]["x_way"].as_str()),
        (200, Some("c2")),
        "{:?}",
        patched.body
    );
});

story!(the_page_adds_one_and_the_form_asks_for_it, |w: &World| {
    let (_, _, child) = school(w);
    let (code, password) = w.run(&["user", "add", "office-a", "--role", "head", "--school", "Y1"]);
    assert_eq!(code, 0);
    let mut b = Browser::at(&w.address);
    let word = password.split_whitespace().last().unwrap_or_default();
    assert_eq!(b.login("office-a", word).status, 303, "{password}");
    let empty = b.post(
        "/fields",
        "/fields",
        &[("kind", "heart_talk"), ("name", ""), ("type", "text"), ("class", "P")],
    );
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("名称要 1 到 30 个字"), "said beside the field");
    let added = b.post(
        "/fields",
        "/fields",
        &[
            ("kind", "heart_talk"),
            ("name", "最爱的课"),
            ("type", "choice"),
            ("choices", "语文\n体育"),
            ("class", "O"),
            ("code", "lesson"),
        ],
    );
    assert_eq!((added.status, added.to.as_str()), (303, "/fields"));
    assert!(b.get("/fields").text.contains("最爱的课"));
    let form = b.get(&format!("/records/new?kind=heart_talk&child={child}"));
    assert!(
        form.status == 200 && form.text.contains("f_x_lesson") && form.text.contains("体育"),
        "the form asks"
    );
    let saved = b.post(
        "/records/new?kind=heart_talk",
        "/records/new",
        &[
            ("kind", "heart_talk"),
            ("on", "2026-11-24"),
            ("state", "done"),
            ("text", "聊得开心"),
            ("f_x_lesson", "c2"),
            ("child", &child),
        ],
    );
    assert_eq!(saved.status, 303, "{}", saved.text);
    let page = b.get(&saved.to);
    assert!(
        page.text.contains("最爱的课") && page.text.contains("体育") && page.text.contains("聊得开心"),
        "the page shows it"
    );
});

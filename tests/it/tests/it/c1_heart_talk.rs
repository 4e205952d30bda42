//! C1, C5, C6, C10, C11: a talk is recorded; the duty is done; a try does not settle it; a correction keeps the earlier text.

use serde_json::json;
use tx_it::{World, story};

fn school(w: &World) -> (String, String) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let child = w.child(&teacher, "401", "石若曦");
    (teacher, child)
}
fn state(w: &World, token: &str, child: &str) -> (String, usize) {
    let a = w.get(&format!("/api/v1/duties?child={child}"), token);
    assert_eq!(a.status, 200, "{:?}", a.body);
    let of = |rule: &str| {
        a.body["items"]
            .as_array()
            .expect("items")
            .iter()
            .find(|d| d["rule"] == rule && d["window"]["to"] == "2026-11-30")
            .cloned()
    };
    let d = of("talk_monthly").expect("the talk of November is owed");
    (
        d["state"].as_str().expect("a state").to_owned(),
        d["tries"].as_array().map_or(0, Vec::len),
    )
}

story!(a_talk_settles_and_a_try_does_not, |w: &World| {
    let (teacher, child) = school(w);
    assert_eq!(state(w, &teacher, &child), ("open".into(), 0));
    let tried = w.post(
        "/api/v1/records",
        &teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-24", "lines": [{"child": child, "outcome": "tried"}]}),
    );
    assert_eq!(tried.status, 201, "{:?}", tried.body);
    assert_eq!(state(w, &teacher, &child), ("open".into(), 1));
    let met = w.post(
        "/api/v1/records",
        &teacher,
        &json!({"kind": "heart_talk", "on": "2026-11-24", "text": "想爸爸了", "children": [child]}),
    );
    assert_eq!(met.status, 201, "{:?}", met.body);
    assert_eq!(met.body["text"], "想爸爸了");
    assert_eq!(state(w, &teacher, &child).0, "done");

    let id = met.body["id"].as_str().unwrap().to_owned();
    let patched = w.call(
        "PATCH",
        &format!("/api/v1/records/{id}"),
        &teacher,
        Some(&json!({"base_version": 1, "text": "想爸爸，也想妈妈"})),
        None,
    );
    assert_eq!(
        (patched.status, patched.body["version"].as_i64()),
        (200, Some(2)),
        "{:?}",
        patched.body
    );
    let versions = w.get(&format!("/api/v1/records/{id}/versions"), &teacher);
    assert_eq!(versions.body["items"][0]["text"], "想爸爸了");
    // the same field changed from the old version: the first correction stands, the second is kept beside it (c10_history tells more)
    let stale = w.call(
        "PATCH",
        &format!("/api/v1/records/{id}"),
        &teacher,
        Some(&json!({"base_version": 1, "text": "x"})),
        None,
    );
    assert_eq!(
        (stale.status, stale.body["text"].as_str()),
        (200, Some("想爸爸，也想妈妈"))
    );
    assert_eq!(stale.body["conflicts"][0]["yours"], "x");

    let without = w.call(
        "DELETE",
        &format!("/api/v1/records/{id}"),
        &teacher,
        Some(&json!({})),
        None,
    );
    assert_eq!(without.status, 422);
    let gone = w.call(
        "DELETE",
        &format!("/api/v1/records/{id}"),
        &teacher,
        Some(&json!({"reason": "记错了孩子"})),
        None,
    );
    assert_eq!(gone.status, 200);
    assert_eq!(state(w, &teacher, &child).0, "open", "a deleted talk settles nothing");
    assert_eq!(w.get(&format!("/api/v1/records/{id}"), &teacher).status, 404);
});

story!(
    five_children_by_one_record_are_five_lines_and_each_is_settled,
    |w: &World| {
        let (teacher, first) = school(w);
        let mut children = vec![first];
        children.extend(["田雨桐", "杨子轩", "向思远", "龙俊杰"].map(|n| w.child(&teacher, "401", n)));
        let a = w.post(
            "/api/v1/records",
            &teacher,
            &json!({"kind": "heart_talk", "on": "2026-11-24", "text": "一起谈了期中", "children": children}),
        );
        assert_eq!(a.status, 201, "{:?}", a.body);
        assert_eq!(a.body["lines"].as_array().unwrap().len(), 5);
        for c in &children {
            assert_eq!(state(w, &teacher, c).0, "done");
        }
        // the words are sealed under a record key that any of the five opens
        assert_eq!(
            w.get(&format!("/api/v1/records?child={}", children[3]), &teacher).body["items"][0]["text"],
            "一起谈了期中"
        );
    }
);

story!(the_same_request_writes_once, |w: &World| {
    let (teacher, child) = school(w);
    let body = json!({"kind": "heart_talk", "on": "2026-11-24", "text": "好", "children": [child]});
    let key = Some("0123456789abcdef");
    let (one, two) = (
        w.call("POST", "/api/v1/records", &teacher, Some(&body), key),
        w.call("POST", "/api/v1/records", &teacher, Some(&body), key),
    );
    assert_eq!((one.status, one.replayed), (201, false));
    assert_eq!((two.status, two.replayed, &two.body), (201, true, &one.body));
    let other = w.call(
        "POST",
        "/api/v1/records",
        &teacher,
        Some(&json!({"kind": "heart_talk", "children": [child]})),
        key,
    );
    assert_eq!(other.status, 422);
    let mut again = body.clone();
    again["id"] = one.body["id"].clone();
    assert_eq!(
        w.post("/api/v1/records", &teacher, &again).status,
        200,
        "same id and content under another key"
    );
    assert_eq!(
        w.get("/api/v1/records?kind=heart_talk", &teacher).body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
});

story!(bad_input_names_the_field, |w: &World| {
    let (teacher, child) = school(w);
    let bad = w.post(
        "/api/v1/records",
        &teacher,
        &json!({"kind": "heart_talk", "on": "2031-02-30", "mood": 1, "children": [child], "fields": {"nonsense": 1}}),
    );
    assert_eq!((bad.status, bad.kind.as_str()), (422, "application/problem+json"));
    let fields: Vec<&str> = bad.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    for f in ["on", "mood", "fields.nonsense"] {
        assert!(fields.contains(&f), "{f} in {fields:?}");
    }
    let future = w.post(
        "/api/v1/records",
        &teacher,
        &json!({"kind": "heart_talk", "on": "2026-12-24", "children": [child]}),
    );
    assert_eq!(future.status, 422, "what is done cannot lie after tomorrow");
    let id = w.post(
        "/api/v1/children",
        &teacher,
        &json!({"class": "401", "name": "李小满", "id_no": "43112420160903001"}),
    );
    assert_eq!(id.body["errors"][0]["field"], "id_no");
});

story!(excused_moved_and_given_away, |w: &World| {
    let (teacher, child) = school(w);
    let find = || {
        let a = w.get(&format!("/api/v1/duties?child={child}&state=open"), &teacher);
        a.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|d| d["rule"] == "talk_monthly")
            .map(|d| d["id"].as_str().unwrap().to_owned())
    };
    let id = find().expect("open");
    assert_eq!(
        w.post(&format!("/api/v1/duties/{id}/excuse"), &teacher, &json!({}))
            .status,
        422
    );
    assert_eq!(
        w.post(
            &format!("/api/v1/duties/{id}/excuse"),
            &teacher,
            &json!({"reason": "住院"})
        )
        .status,
        200
    );
    assert_eq!(find(), None, "excused is not open");
    assert_eq!(state(w, &teacher, &child).0, "excused");
});

story!(
    a_promised_next_time_is_a_duty_and_the_next_record_keeps_it,
    |w: &World| {
        let (teacher, child) = school(w);
        let promised = || {
            let a = w.get(&format!("/api/v1/duties?child={child}&upcoming=true"), &teacher);
            let all = a.body["items"].as_array().unwrap().clone();
            all.into_iter().find(|d| d["rule"] == "follow_up")
        };
        assert_eq!(promised(), None);
        let too_early = w.post(
        "/api/v1/records",
        &teacher,
        &json!({"kind": "home_visit", "on": "2026-11-23", "children": [child], "fields": {"next_on": "2026-11-23"}}),
    );
        assert_eq!(
            (too_early.status, too_early.body["errors"][0]["field"].as_str()),
            (422, Some("fields.next_on"))
        );
        let visit = w.post(
        "/api/v1/records",
        &teacher,
        &json!({"kind": "home_visit", "on": "2026-11-23", "children": [child], "fields": {"next_on": "2026-11-25", "next_what": "guardian_talk"}}),
    );
        assert_eq!(visit.status, 201, "{:?}", visit.body);
        let d = promised().expect("the next time is owed");
        assert_eq!(
            (d["kind"].as_str(), d["window"]["to"].as_str(), d["state"].as_str()),
            (Some("guardian_talk"), Some("2026-11-25"), Some("open"))
        );
        assert_eq!(d["owner"], "teacher-a", "it stays with who promised");
        let kept = w.post(
            "/api/v1/records",
            &teacher,
            &json!({"kind": "guardian_talk", "on": "2026-11-24", "children": [child]}),
        );
        assert_eq!(kept.status, 201);
        assert_eq!(promised().expect("it stays in the list")["state"], "done");
        // a planned visit promises nothing before it was made
        let gone = w.call(
            "DELETE",
            &format!("/api/v1/records/{}", visit.body["id"].as_str().unwrap()),
            &teacher,
            Some(&json!({"reason": "写错"})),
            None,
        );
        assert_eq!(gone.status, 200);
        assert_eq!(promised(), None, "with the visit goes its promise");
    }
);

story!(
    reasons_lie_sealed_and_a_duty_cannot_be_moved_before_it_begins,
    |w: &World| {
        let (teacher, child) = school(w);
        let id = {
            let a = w.get(&format!("/api/v1/duties?child={child}&state=open"), &teacher);
            let all = a.body["items"].as_array().unwrap().clone();
            all.iter().find(|d| d["rule"] == "talk_monthly").unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let bad = w.post(
            &format!("/api/v1/duties/{id}/move"),
            &teacher,
            &json!({"reason": "下雪封路", "to": "2026-10-01"}),
        );
        assert_eq!((bad.status, bad.body["errors"][0]["field"].as_str()), (422, Some("to")));
        let nobody = w.post(
            &format!("/api/v1/duties/{id}/assign"),
            &teacher,
            &json!({"reason": "下雪封路", "to": "没有这个人"}),
        );
        assert_eq!(
            (nobody.status, nobody.body["errors"][0]["field"].as_str()),
            (422, Some("to"))
        );
        let ok = w.post(
            &format!("/api/v1/duties/{id}/excuse"),
            &teacher,
            &json!({"reason": "孩子在县医院住着"}),
        );
        assert_eq!(ok.status, 200, "{:?}", ok.body);
        let talk = w.post(
            "/api/v1/records",
            &teacher,
            &json!({"kind": "heart_talk", "children": [child], "text": "一句"}),
        );
        let id = talk.body["id"].as_str().unwrap();
        let patch = w.call(
            "PATCH",
            &format!("/api/v1/records/{id}"),
            &teacher,
            Some(&json!({"base_version": 1, "text": "两句", "reason": "写漏了要补"})),
            None,
        );
        assert_eq!(patch.status, 200);
        let gone = w.call(
            "DELETE",
            &format!("/api/v1/records/{id}"),
            &teacher,
            Some(&json!({"reason": "张冠李戴了"})),
            None,
        );
        assert_eq!(gone.status, 200);
        if w.place.database.is_none() {
            let all = w.bytes();
            for words in ["孩子在县医院住着", "写漏了要补", "张冠李戴了"] {
                let open = all.windows(words.len()).any(|b| b == words.as_bytes());
                assert!(!open, "{words} lies open in the store");
            }
        }
    }
);

story!(a_form_keeps_no_talk_that_says_nothing, |w: &World| {
    let (teacher, child) = school(w);
    let second = w.child(&teacher, "401", "田雨桐");
    let mut b = w.browser(
        "teacher-f",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let head = w.user("head-f", &["--role", "head", "--school", "Y1"]);
    let kept = |kind: &str| {
        let a = w.get(&format!("/api/v1/records?kind={kind}"), &head);
        a.body["items"].as_array().map_or(0, Vec::len)
    };
    let why = "还什么都没写：写一句，或点一项都行";
    let sheet = format!("/record?child={child}");
    for kind in ["heart_talk", "home_visit", "guardian_talk"] {
        let of = [("child", child.as_str()), ("kind", kind), ("on", "2026-11-24")];
        // what follows says nothing of the talk, nor do blanks
        for more in [("text", ""), ("text", " \r\n "), ("f_next_on", "2026-11-30")] {
            let mute = b.post(&sheet, "/record", &[of.to_vec(), vec![more]].concat());
            assert_eq!((mute.status, mute.text.contains(why)), (422, true), "{kind} {more:?}");
        }
        assert_eq!(kept(kind), 0, "{kind}");
        let tried = [of.to_vec(), vec![("outcome", "tried"), ("try", "1")]].concat();
        assert_eq!(
            b.post(&sheet, "/record", &tried).status,
            303,
            "a try of {kind} needs no words"
        );
    }
    let mood = [("child", child.as_str()), ("kind", "heart_talk"), ("f_mood", "low")];
    assert_eq!(b.post(&sheet, "/record", &mood).status, 303, "a mood says something");
    // the sheet for many: the same words for all, or a line for each
    let line = format!("line.{child}");
    let many = [
        ("kind", "heart_talk"),
        ("class", "401"),
        ("child", child.as_str()),
        (line.as_str(), "想爸爸"),
    ];
    let one_mute = [many.to_vec(), vec![("child", second.as_str())]].concat();
    let a = b.post("/record/many?kind=heart_talk", "/record/many", &one_mute);
    assert_eq!(
        (a.status, a.text.contains(why), a.text.contains("想爸爸")),
        (422, true, true)
    );
    assert_eq!(
        b.post("/record/many?kind=heart_talk", "/record/many", &many).status,
        303
    );
    // the form of every kind, and a correction that would leave nothing; what is planned has nothing to say yet
    let full = |state: &'static str, text: &'static str| {
        [
            ("kind", "heart_talk"),
            ("on", "2026-11-24"),
            ("state", state),
            ("text", text),
            ("child", child.as_str()),
        ]
    };
    let new = "/records/new?kind=heart_talk";
    let mute = b.post(new, "/records/new", &full("done", ""));
    assert_eq!((mute.status, mute.text.contains(why)), (422, true));
    assert_eq!(b.post(new, "/records/new", &full("planned", "")).status, 303);
    let saved = b.post(new, "/records/new", &full("done", "说了期中"));
    assert_eq!(saved.status, 303, "{}", saved.text);
    let edit = format!("{}/edit", saved.to.split('?').next().unwrap_or_default());
    let blank = b.post(&edit, &edit, &full("done", ""));
    assert_eq!((blank.status, blank.text.contains(why)), (422, true));
    assert_eq!(b.post(&edit, &edit, &full("done", "说了期末")).status, 303);
    // a book that is taken over often has the day alone: a script may bring it, and its day can be corrected without inventing words
    let bare = w.post(
        "/api/v1/records",
        &head,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "children": [second]}),
    );
    assert_eq!(bare.status, 201);
    let edit = format!("/records/{}/edit", bare.body["id"].as_str().unwrap_or_default());
    let moved = [
        ("on", "2026-11-19"),
        ("state", "done"),
        ("text", ""),
        ("child", second.as_str()),
    ];
    assert_eq!(b.post(&edit, &edit, &moved).status, 303);
});

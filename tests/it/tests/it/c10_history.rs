//! C10 and interfaces.md "Corrections": what two people change is merged, what both changed is kept twice until one chooses; earlier texts stay
//! with who, when and why; a late entry says when it was really written.

use serde_json::{Value as Json, json};
use tx_it::{Answer, World, story};

struct School {
    teacher: String,
    head: String,
    child: String,
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
    let head = w.user("head-a", &["--role", "head", "--school", "Y1"]);
    let child = w.child(&teacher, "401", "石若曦");
    School { teacher, head, child }
}
fn talk(w: &World, s: &School) -> String {
    let body = json!({"kind": "heart_talk", "on": "2026-11-20", "text": "想爸爸了", "children": [s.child], "fields": {"mood": "low", "topics": ["home"]}});
    let a = w.post("/api/v1/records", &s.teacher, &body);
    assert_eq!(a.status, 201, "{:?}", a.body);
    a.body["id"].as_str().unwrap().to_owned()
}
fn patch(w: &World, token: &str, id: &str, body: &Json) -> Answer {
    w.call("PATCH", &format!("/api/v1/records/{id}"), token, Some(body), None)
}

story!(
    two_corrections_from_one_version_are_merged_and_the_clash_is_kept_twice,
    |w: &World| {
        let s = school(w);
        let id = talk(w, &s);
        let first = patch(
            w,
            &s.teacher,
            &id,
            &json!({"base_version": 1, "text": "想爸爸，也想妈妈", "reason": "补全"}),
        );
        assert_eq!((first.status, first.body["version"].as_i64()), (200, Some(2)));
        assert_eq!(first.body.get("conflicts"), None, "nobody else wrote");
        // the head still has version 1: another field is merged, the same field is kept twice, what is sent back unchanged undoes nothing
        let second = patch(
            w,
            &s.head,
            &id,
            &json!({"base_version": 1, "text": "想爸爸了，哭了", "on": "2026-11-19", "fields": {"mood": "steady", "topics": ["home"]}}),
        );
        assert_eq!(second.status, 200, "{:?}", second.body);
        assert_eq!(
            (second.body["text"].as_str(), second.body["on"].as_str()),
            (Some("想爸爸，也想妈妈"), Some("2026-11-19"))
        );
        assert_eq!(second.body["fields"], json!({"mood": "steady", "topics": ["home"]}));
        let conflicts = second.body["conflicts"].as_array().expect("one clash").clone();
        assert_eq!(conflicts.len(), 1);
        let c = &conflicts[0];
        assert_eq!(
            (c["field"].as_str(), c["kept"].as_str(), c["yours"].as_str()),
            (Some("text"), Some("想爸爸，也想妈妈"), Some("想爸爸了，哭了"))
        );
        let copy = c["id"].as_str().expect("an id").to_owned();

        let open = w.get(&format!("/api/v1/conflicts?child={}", s.child), &s.teacher);
        assert_eq!(open.body["items"].as_array().unwrap().len(), 1, "{:?}", open.body);
        assert_eq!(
            (
                open.body["items"][0]["kept_by"].as_str(),
                open.body["items"][0]["by"].as_str()
            ),
            (Some("teacher-a"), Some("head-a"))
        );
        // a teacher of another class sees neither the record nor the copy
        let other = w.user(
            "teacher-b",
            &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
        );
        assert_eq!(w.get("/api/v1/conflicts", &other).body["items"], json!([]));
        assert_eq!(
            w.get(&format!("/api/v1/conflicts?child={}", s.child), &other).status,
            404
        );
        assert_eq!(
            w.post(
                &format!("/api/v1/conflicts/{copy}/resolve"),
                &other,
                &json!({"take": "yours"})
            )
            .status,
            404
        );

        assert_eq!(
            w.post(
                &format!("/api/v1/conflicts/{copy}/resolve"),
                &s.teacher,
                &json!({"take": "all"})
            )
            .status,
            422
        );
        let both = w.post(
            &format!("/api/v1/conflicts/{copy}/resolve"),
            &s.teacher,
            &json!({"take": "both"}),
        );
        assert_eq!(both.status, 200, "{:?}", both.body);
        assert_eq!(
            w.get(&format!("/api/v1/records/{id}"), &s.teacher).body["text"],
            "想爸爸，也想妈妈\n想爸爸了，哭了"
        );
        assert_eq!(
            w.get("/api/v1/conflicts", &s.head).body["items"],
            json!([]),
            "settled is gone from the list"
        );
        assert_eq!(
            w.post(
                &format!("/api/v1/conflicts/{copy}/resolve"),
                &s.teacher,
                &json!({"take": "kept"})
            )
            .status,
            404,
            "once"
        );
        if w.place.database.is_none() {
            let all = w.bytes();
            assert!(
                !all.windows(12).any(|b| b == "哭了哭了".as_bytes())
                    && !all.windows("，哭了".len()).any(|b| b == "，哭了".as_bytes()),
                "copies are sealed"
            );
        }
        let (code, out) = w.run(&["verify"]);
        assert_eq!(code, 0, "{out}");
    }
);

story!(earlier_texts_stay_with_who_when_and_why, |w: &World| {
    let s = school(w);
    let id = talk(w, &s);
    assert_eq!(
        patch(
            w,
            &s.teacher,
            &id,
            &json!({"base_version": 1, "text": "想爸爸妈妈", "reason": "写漏了"})
        )
        .status,
        200
    );
    assert_eq!(
        patch(w, &s.head, &id, &json!({"base_version": 2, "fields": {"mood": null}})).status,
        200
    );
    let v = w.get(&format!("/api/v1/records/{id}/versions"), &s.teacher);
    let items = v.body["items"].as_array().expect("items");
    let told = |i: usize| {
        (
            items[i]["version"].as_i64(),
            items[i]["text"].as_str(),
            items[i]["who"].as_str(),
            items[i]["why"].as_str(),
        )
    };
    assert_eq!(told(0), (Some(1), Some("想爸爸了"), Some("teacher-a"), Some("写漏了")));
    assert_eq!(told(1), (Some(2), Some("想爸爸妈妈"), Some("head-a"), None));
    assert_eq!(
        items[1]["fields"]["mood"], "low",
        "what was taken away stands in the version before"
    );
    assert_eq!(
        w.get(&format!("/api/v1/records/{id}"), &s.teacher).body["fields"].get("mood"),
        None
    );
    // there was no such version, and some things cannot be corrected
    assert_eq!(
        patch(w, &s.teacher, &id, &json!({"base_version": 9, "text": "x"})).body["errors"][0]["field"],
        "base_version"
    );
    let wrong = patch(
        w,
        &s.teacher,
        &id,
        &json!({"base_version": 3, "kind": "gift", "mood": "low", "on": 3, "fields": {"mood": "sunny"}}),
    );
    assert_eq!(wrong.status, 422);
    let named: Vec<&str> = wrong.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    for f in ["kind", "mood", "on"] {
        assert!(named.contains(&f), "{f} in {named:?}");
    }
    let choice = patch(
        w,
        &s.teacher,
        &id,
        &json!({"base_version": 3, "fields": {"mood": "sunny"}}),
    );
    assert_eq!(choice.body["errors"][0]["field"], "fields.mood");
    assert_eq!(
        w.get(&format!("/api/v1/records/{id}"), &s.teacher).body["version"],
        3,
        "nothing of it was written"
    );
});

story!(
    children_are_added_taken_away_and_exchanged_and_the_words_stay_readable,
    |w: &World| {
        let s = school(w);
        let (b, c) = (
            w.child(&s.teacher, "401", "田雨桐"),
            w.child(&s.teacher, "401", "杨子轩"),
        );
        let id = talk(w, &s);
        let two = patch(
            w,
            &s.teacher,
            &id,
            &json!({"base_version": 1, "children": [s.child, b]}),
        );
        assert_eq!(
            (two.status, two.body["lines"].as_array().map(Vec::len)),
            (200, Some(2)),
            "{:?}",
            two.body
        );
        assert_eq!(two.body["text"], "想爸爸了", "sealed anew under a key of both");
        let line = two.body["lines"][1]["id"].clone();
        let own = patch(
            w,
            &s.teacher,
            &id,
            &json!({"base_version": 2, "lines": [{"child": s.child}, {"id": line, "outcome": "tried", "fields": {"note": "一直低着头"}}]}),
        );
        assert_eq!(own.status, 200, "{:?}", own.body);
        assert_eq!(
            (
                own.body["lines"][1]["outcome"].as_str(),
                own.body["lines"][1]["fields"]["note"].as_str()
            ),
            (Some("tried"), Some("一直低着头"))
        );
        let swapped = patch(
            w,
            &s.teacher,
            &id,
            &json!({"base_version": 3, "lines": [{"child": s.child}, {"id": line, "child": c}]}),
        );
        assert_eq!(swapped.status, 200, "{:?}", swapped.body);
        assert_eq!(
            (
                swapped.body["lines"][1]["child"].as_str(),
                swapped.body["lines"][1]["fields"]["note"].as_str()
            ),
            (Some(c.as_str()), Some("一直低着头"))
        );
        let one = patch(w, &s.teacher, &id, &json!({"base_version": 4, "children": [c]}));
        assert_eq!(
            (
                one.status,
                one.body["text"].as_str(),
                one.body["lines"].as_array().map(Vec::len)
            ),
            (200, Some("想爸爸了"), Some(1))
        );
        assert_eq!(
            w.get(&format!("/api/v1/records?child={}", s.child), &s.teacher).body["items"],
            json!([])
        );
        assert_eq!(
            patch(w, &s.teacher, &id, &json!({"base_version": 5, "children": []})).status,
            422,
            "a talk is about a child"
        );
        let stranger = "01a20d13-5282-72a1-923a-5107d1565097";
        assert_eq!(
            patch(
                w,
                &s.teacher,
                &id,
                &json!({"base_version": 5, "children": [c, stranger]})
            )
            .status,
            404
        );
        let v = w.get(&format!("/api/v1/records/{id}/versions"), &s.teacher);
        let texts: Vec<&str> = v.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|i| i["text"].as_str())
            .collect();
        assert_eq!(texts, ["想爸爸了"; 4], "each version opens with its own key");
        assert_eq!(v.body["items"][2]["lines"][1]["fields"]["note"], "一直低着头");
        assert_eq!(w.run(&["verify"]).0, 0);
    }
);

story!(two_people_may_change_different_lines_at_once, |w: &World| {
    let s = school(w);
    let b = w.child(&s.teacher, "401", "田雨桐");
    let gift = json!({"kind": "gift", "on": "2026-11-20", "lines": [{"child": s.child, "quantity": 1}, {"child": b, "quantity": 1}]});
    let id = w.post("/api/v1/records", &s.teacher, &gift).body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        patch(
            w,
            &s.teacher,
            &id,
            &json!({"base_version": 1, "lines": [{"child": s.child, "quantity": 3}, {"child": b}]})
        )
        .status,
        200
    );
    let second = patch(
        w,
        &s.head,
        &id,
        &json!({"base_version": 1, "lines": [{"child": s.child}, {"child": b, "quantity": 5}]}),
    );
    assert_eq!(second.body.get("conflicts"), None, "{:?}", second.body);
    let n = |i: usize| second.body["lines"][i]["quantity"].as_i64();
    assert_eq!((n(0), n(1)), (Some(3), Some(5)), "both changes stand");
    let third = patch(
        w,
        &s.head,
        &id,
        &json!({"base_version": 1, "lines": [{"child": s.child, "quantity": 9}, {"child": b, "quantity": 5}]}),
    );
    assert_eq!(third.body["conflicts"][0]["field"], format!("lines.child:{}", s.child));
    assert_eq!(third.body["lines"][0]["quantity"], 3, "the first stands");
    let copy = third.body["conflicts"][0]["id"].as_str().unwrap();
    assert_eq!(
        w.post(
            &format!("/api/v1/conflicts/{copy}/resolve"),
            &s.head,
            &json!({"take": "both"})
        )
        .status,
        422,
        "two numbers cannot both stand"
    );
    assert_eq!(
        w.post(
            &format!("/api/v1/conflicts/{copy}/resolve"),
            &s.head,
            &json!({"take": "yours"})
        )
        .status,
        200
    );
    assert_eq!(
        w.get(&format!("/api/v1/records/{id}"), &s.head).body["lines"][0]["quantity"],
        9
    );
});

story!(planned_then_done_and_a_late_entry_says_so, |w: &World| {
    let s = school(w);
    let plan = json!({"kind": "home_visit", "on": "2026-12-05", "state": "planned", "children": [s.child]});
    let a = w.post("/api/v1/records", &s.teacher, &plan);
    assert_eq!(a.status, 201, "{:?}", a.body);
    assert_eq!(a.body.get("written_late"), None);
    let id = a.body["id"].as_str().unwrap().to_owned();
    let early = patch(w, &s.teacher, &id, &json!({"base_version": 1, "state": "done"}));
    assert_eq!(
        (early.status, early.body["errors"][0]["field"].as_str()),
        (422, Some("on")),
        "what is done cannot lie ahead"
    );
    let done = patch(
        w,
        &s.teacher,
        &id,
        &json!({"base_version": 1, "state": "done", "on": "2026-11-22"}),
    );
    assert_eq!((done.status, done.body["state"].as_str()), (200, Some("done")));
    assert_eq!(done.body["written_late"], "2026-11-24", "two days later");
    let planned = w.get("/api/v1/records?state=planned", &s.teacher);
    assert_eq!(planned.body["items"], json!([]));
});

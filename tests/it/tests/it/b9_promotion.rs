//! B9: changing class, leaving and coming back, and the step of all classes in which every child appears once, with undo.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, story};

fn school(w: &World) -> String {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    w.user("head", &["--role", "head", "--school", "Y1"])
}
fn class(w: &World, head: &str, code: &str) {
    let a = w.post("/api/v1/classes", head, &json!({"school": "Y1", "code": code}));
    assert!([200, 201].contains(&a.status), "{:?}", a.body);
}
fn read(w: &World, head: &str, child: &str) -> Json {
    let a = w.get(&format!("/api/v1/children/{child}"), head);
    assert_eq!(a.status, 200, "{:?}", a.body);
    a.body
}

story!(a_child_changes_class_leaves_and_comes_back, |w: &World| {
    let head = school(w);
    class(w, &head, "401");
    class(w, &head, "402");
    let child = w.child(&head, "401", "石若曦");
    let at = |what: &str| format!("/api/v1/children/{child}/{what}");
    let v = read(w, &head, &child)["version"].clone();
    let moved = w.call(
        "PATCH",
        &format!("/api/v1/children/{child}"),
        &head,
        Some(&json!({"base_version": v, "class": "402"})),
        None,
    );
    assert_eq!(
        (moved.status, moved.body["class"].as_str()),
        (200, Some("402")),
        "{:?}",
        moved.body
    );
    let nowhere = w.call(
        "PATCH",
        &format!("/api/v1/children/{child}"),
        &head,
        Some(&json!({"base_version": 1, "class": "999"})),
        None,
    );
    assert_eq!(nowhere.body["errors"][0]["field"], "class");
    assert_eq!(
        w.post(&at("leave"), &head, &json!({"fate": "flown"})).body["errors"][0]["field"],
        "fate"
    );
    assert_eq!(
        w.post(
            &at("leave"),
            &head,
            &json!({"fate": "left", "on": "2026-11-24", "left_to": "县城一小"})
        )
        .status,
        200
    );
    let gone = read(w, &head, &child);
    assert_eq!(
        (
            gone["state"].as_str(),
            gone["left_behind"].as_bool(),
            gone["left_to"].as_str()
        ),
        (Some("left"), Some(true), Some("县城一小")),
        "{gone}"
    );
    assert_eq!(
        w.get("/api/v1/children", &head).body["items"].as_array().map(Vec::len),
        Some(0),
        "no longer among the pupils"
    );
    assert_eq!(
        w.get("/api/v1/children?state=left", &head).body["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert_eq!(w.post(&at("leave"), &head, &json!({"fate": "left"})).status, 409);
    assert_eq!(w.post(&at("return"), &head, &json!({"class": "401"})).status, 200);
    let back = read(w, &head, &child);
    assert_eq!(
        (back["state"].as_str(), back["class"].as_str()),
        (Some("active"), Some("401"))
    );
    assert_eq!(w.post(&at("return"), &head, &json!({"class": "401"})).status, 409);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(
    every_child_appears_once_with_a_fate_and_undo_brings_all_back,
    |w: &World| {
        let head = school(w);
        let teacher = w.user(
            "teacher-a",
            &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
        );
        class(w, &head, "601");
        let mut names = Vec::new();
        for (code, name) in [
            ("401", "石若曦"),
            ("401", "田雨桐"),
            ("401", "杨子轩"),
            ("601", "向思远"),
            ("601", "龙俊杰"),
        ] {
            names.push((name, w.child(&head, code, name)));
        }
        let id = |name: &str| names.iter().find(|(n, _)| *n == name).expect("a child").1.clone();
        // the classes of this year go up next summer only
        let early = w.post("/api/v1/promotion", &head, &json!({}));
        assert_eq!(early.status, 409, "{:?}", early.body);
        // as it stands in autumn when the summer's step was not taken: the children still sit in the classes of last year
        w.tamper("update classes set year_first = 2025; update class_stays set from_day = '2025-09-01'; update left_behind_episodes set from_day = '2025-09-01'");
        assert_eq!(
            w.get("/api/v1/promotion", &teacher).status,
            403,
            "the head's or the office's step"
        );
        let plan = w.get("/api/v1/promotion", &head).body;
        let all: Vec<String> = plan["plan"]["classes"]
            .as_array()
            .expect("classes")
            .iter()
            .flat_map(|k| {
                k["children"]
                    .as_array()
                    .expect("children")
                    .iter()
                    .map(|c| c["child"].as_str().expect("an id").to_owned())
            })
            .collect();
        assert_eq!(all.len(), 5);
        for (name, child) in &names {
            assert_eq!(all.iter().filter(|c| *c == child).count(), 1, "{name}");
        }
        let fates = json!({id("田雨桐"): "stay", id("杨子轩"): "leave"});
        assert_eq!(
            w.post("/api/v1/promotion", &head, &json!({"fates": {id("田雨桐"): "fly"}}))
                .status,
            422
        );
        assert_eq!(
            w.post("/api/v1/promotion", &head, &json!({"seen": "0", "fates": fates}))
                .status,
            409,
            "somebody came or went meanwhile"
        );
        let done = w.post(
            "/api/v1/promotion",
            &head,
            &json!({"seen": plan["plan"]["seen"], "fates": fates}),
        );
        assert_eq!(
            (done.status, done.body["school_year"].as_str()),
            (201, Some("2026-2027")),
            "{:?}",
            done.body
        );
        let place = |name: &str| {
            let k = read(w, &head, &id(name));
            format!(
                "{} {}",
                k["class"].as_str().unwrap_or("-"),
                k["state"].as_str().unwrap_or_default()
            )
        };
        let after = ["石若曦", "田雨桐", "杨子轩", "向思远", "龙俊杰"].map(place);
        assert_eq!(
            after,
            ["501 active", "401 active", "401 left", "601 graduated", "601 graduated"]
        );
        assert_eq!(
            read(w, &head, &id("向思远"))["left_behind"],
            json!(false),
            "a graduate's spell is closed"
        );
        let batch = done.body["id"].as_str().expect("a batch").to_owned();
        let undone = w.post(&format!("/api/v1/promotion/{batch}/undo"), &head, &json!({}));
        assert_eq!(
            (
                undone.status,
                undone.body["back"].as_u64(),
                undone.body["stayed"].as_u64()
            ),
            (200, Some(5), Some(0)),
            "{:?}",
            undone.body
        );
        let before = ["石若曦", "田雨桐", "杨子轩", "向思远", "龙俊杰"].map(place);
        assert_eq!(
            before,
            ["401 active", "401 active", "401 active", "601 active", "601 active"]
        );
        assert_eq!(read(w, &head, &id("向思远"))["left_behind"], json!(true));
        assert_eq!(
            w.post(&format!("/api/v1/promotion/{batch}/undo"), &head, &json!({}))
                .status,
            404,
            "only once"
        );
        // and the step can be taken again
        let again = w.post("/api/v1/promotion", &head, &json!({}));
        assert_eq!(again.status, 201, "{:?}", again.body);
        assert_eq!(place("田雨桐"), "501 active");
        // who was moved since stays where it is
        let v = read(w, &head, &id("石若曦"))["version"].clone();
        class(w, &head, "502");
        let moved = w.call(
            "PATCH",
            &format!("/api/v1/children/{}", id("石若曦")),
            &head,
            Some(&json!({"base_version": v, "class": "502"})),
            None,
        );
        assert_eq!(moved.status, 200, "{:?}", moved.body);
        let undone = w.post(
            &format!("/api/v1/promotion/{}/undo", again.body["id"].as_str().expect("a batch")),
            &head,
            &json!({}),
        );
        assert_eq!(
            (undone.body["back"].as_u64(), undone.body["stayed"].as_u64()),
            (Some(4), Some(1)),
            "{:?}",
            undone.body
        );
        assert_eq!(place("石若曦"), "502 active");
    }
);

story!(the_page_looks_before_it_leaps_and_keeps_what_was_chosen, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let (code, password) = w.run(&["user", "add", "head", "--role", "head", "--school", "Y1"]);
    assert_eq!(code, 0);
    let password = password.split_whitespace().last().expect("a password").to_owned();
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let child = w.child(&teacher, "401", "石若曦");
    let mut b = Browser::at(&w.address);
    assert_eq!(b.login("head", &password).status, 303);
    let page = b.get("/promotion").text;
    assert!(page.contains("四(1)班") && page.contains("五(1)班"), "{page}");
    let seen = page
        .split("name=\"seen\" value=\"")
        .nth(1)
        .and_then(|s| s.split('"').next())
        .expect("what was seen")
        .to_owned();
    let fate = format!("fate_{child}");
    let step = |b: &mut Browser, step: &str, fate_is: &str| {
        b.post(
            "/promotion",
            "/promotion",
            &[("step", step), ("seen", &seen), (&fate, fate_is)],
        )
    };
    let look = step(&mut b, "look", "stay");
    assert_eq!(
        (look.status, look.text.contains("石若曦 留级")),
        (200, true),
        "{}",
        look.text
    );
    let change = step(&mut b, "change", "stay");
    assert!(
        change.text.contains("value=\"stay\" selected"),
        "the choice is kept: {}",
        change.text
    );
    assert_eq!(step(&mut b, "look", "fly").status, 422);
    let early = step(&mut b, "do", "stay");
    assert_eq!(
        (early.status, early.text.contains("起才能升到")),
        (422, true),
        "{}",
        early.text
    );
    let stale = b.post("/promotion", "/promotion", &[("step", "do"), ("seen", "0")]);
    assert_eq!((stale.status, stale.text.contains("名单刚变过")), (422, true));
});

story!(undo_brings_back_the_pairings_that_the_step_ended, |w: &World| {
    let head = school(w);
    class(w, &head, "601");
    let child = w.child(&head, "601", "向思远");
    let volunteer = w.user("volunteer", &["--role", "helper", "--school", "Y1"]);
    let made = |path: &str, body: Json| {
        let a = w.post(path, &head, &body);
        assert_eq!(a.status, 201, "{:?}", a.body);
        a.body["id"].as_str().unwrap_or_default().to_owned()
    };
    let helper = made(
        "/api/v1/helpers",
        json!({"name": "田秀云", "sex": "f", "kind": "volunteer", "user": "volunteer"}),
    );
    let second = made(
        "/api/v1/helpers",
        json!({"name": "田秀英", "sex": "f", "kind": "volunteer"}),
    );
    for h in [&helper, &second] {
        let check = json!({"on": "2026-06-20", "valid_to": "2027-06-19", "result": "fit"});
        made(&format!("/api/v1/helpers/{h}/check"), check);
    }
    let pair = |h: &str, to: Json| {
        let body = json!({"helper": h, "child": child, "from": "2026-03-02", "to": to});
        made("/api/v1/pairings", body)
    };
    let (open, dated) = (pair(&helper, Json::Null), pair(&second, json!("2027-03-01")));
    // one that a person ended stays ended
    let third = made(
        "/api/v1/helpers",
        json!({"name": "田秀芝", "sex": "f", "kind": "teacher"}),
    );
    let ended = pair(&third, Json::Null);
    let end = json!({"on": "2026-05-01", "reason": "搬家了"});
    assert_eq!(
        w.post(&format!("/api/v1/pairings/{ended}/end"), &head, &end).status,
        200
    );
    let ends = || {
        let all = w.get(&format!("/api/v1/pairings?child={child}"), &head).body["items"].clone();
        let of = |id: &str| {
            let found = all.as_array().expect("pairings").iter().find(|p| p["id"] == id);
            found.expect("the pairing")["to"].clone()
        };
        [of(&open), of(&dated), of(&ended)]
    };
    let before = ends();
    assert_eq!(before, [Json::Null, json!("2027-03-01"), json!("2026-05-01")]);
    assert_eq!(w.get(&format!("/api/v1/children/{child}"), &volunteer).status, 200);
    w.tamper("update classes set year_first = 2025; update class_stays set from_day = '2025-09-01'; update left_behind_episodes set from_day = '2025-09-01'");
    let step = made("/api/v1/promotion", json!({}));
    assert_eq!(
        ends(),
        [json!("2026-08-31"), json!("2026-08-31"), json!("2026-05-01")],
        "a graduate's pairings end with the last day here"
    );
    assert_eq!(w.get(&format!("/api/v1/children/{child}"), &volunteer).status, 404);
    let undone = w.post(&format!("/api/v1/promotion/{step}/undo"), &head, &json!({}));
    assert_eq!(undone.body["back"].as_u64(), Some(1), "{:?}", undone.body);
    assert_eq!(ends(), before);
    assert_eq!(w.get(&format!("/api/v1/children/{child}"), &volunteer).status, 200);
});

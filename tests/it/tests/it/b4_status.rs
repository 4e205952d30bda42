//! B4: spells on the list and the three definitions. Coming home closes nothing by itself; unknown is said.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, story};

fn school(w: &World) -> String {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    )
}
fn made(w: &World, who: &str, body: Json) -> String {
    let a = w.post("/api/v1/children", who, &body);
    assert_eq!(a.status, 201, "{:?}", a.body);
    a.body["id"].as_str().expect("an id").to_owned()
}
fn status(w: &World, who: &str, child: &str) -> [String; 3] {
    let s = w.get(&format!("/api/v1/children/{child}"), who).body["status"].clone();
    ["mca2016", "months3", "school_list"].map(|d| s[d].as_str().unwrap_or_else(|| panic!("{d} in {s}")).to_owned())
}

story!(the_three_definitions_stand_side_by_side, |w: &World| {
    let teacher = school(w);
    let away = |capacity: Option<&str>, hukou: &str, list: Option<bool>| {
        made(
            w,
            &teacher,
            json!({"class": "401", "name": "龙俊杰", "birth_date": "2016-05-01", "hukou_kind": hukou, "left_behind": list,
            "parents": [{"parent": "father", "where": "away_work", "from": "2026-02-20"}, {"parent": "mother", "where": "home", "capacity": capacity}]}),
        )
    };
    for (capacity, hukou, list, expected) in [
        (Some("able"), "rural", Some(true), ["no", "yes", "yes"]),
        (Some("unable"), "rural", Some(false), ["yes", "yes", "no"]),
        (Some("unable"), "urban", Some(true), ["no", "yes", "yes"]),
        (None, "rural", None, ["undetermined", "yes", "undetermined"]),
    ] {
        let child = away(capacity, hukou, list);
        assert_eq!(status(w, &teacher, &child), expected, "{capacity:?} {hukou} {list:?}");
    }
    let nothing = made(w, &teacher, json!({"class": "401", "name": "向思远"}));
    assert_eq!(status(w, &teacher, &nothing), ["undetermined"; 3]);
    assert_eq!(
        w.get(&format!("/api/v1/children/{nothing}"), &teacher).body["left_behind"],
        Json::Null,
        "never guessed"
    );
});

story!(a_spell_is_closed_by_a_person_and_a_second_one_is_new, |w: &World| {
    let teacher = school(w);
    let child = made(
        w,
        &teacher,
        json!({"class": "401", "name": "石若曦", "left_behind": true}),
    );
    let at = |what: &str| format!("/api/v1/children/{child}/{what}");
    let send = |what: &str, body: Json| w.post(&at(what), &teacher, &body);
    assert_eq!(send("spells", json!({})).status, 409, "one is open");
    assert_eq!(
        send(
            "returns",
            json!({"parent": "both", "from": "2026-11-20", "to": "2026-11-23"})
        )
        .status,
        200
    );
    assert_eq!(status(w, &teacher, &child)[2], "yes", "a visit closes nothing");
    assert_eq!(
        send("returns", json!({"parent": "aunt"})).body["errors"][0]["field"],
        "parent"
    );
    assert_eq!(send("spells/close", json!({})).body["errors"][0]["field"], "reason");
    assert_eq!(
        send("spells/close", json!({"reason": "tired"})).body["errors"][0]["field"],
        "reason"
    );
    assert_eq!(
        send("spells/close", json!({"reason": "parents_home", "on": "2027-01-01"})).body["errors"][0]["field"],
        "on"
    );
    assert_eq!(
        send(
            "spells/close",
            json!({"reason": "parents_home", "on": "2026-11-23", "when": 1})
        )
        .body["errors"][0]["field"],
        "when"
    );
    let v = w.get(&format!("/api/v1/children/{child}"), &teacher).body["version"].clone();
    let patched = w.call(
        "PATCH",
        &format!("/api/v1/children/{child}"),
        &teacher,
        Some(&json!({"base_version": v, "left_behind": false})),
        None,
    );
    assert_eq!(
        patched.body["errors"][0]["field"], "left_behind",
        "leaving the list needs a reason: {:?}",
        patched.body
    );
    assert_eq!(send("spells/close", json!({"reason": "mistaken"})).status, 200);
    assert_eq!(
        status(w, &teacher, &child)[2],
        "undetermined",
        "what was entered by mistake never was"
    );
    assert_eq!(send("spells/reopen", json!({})).status, 200);
    assert_eq!(status(w, &teacher, &child)[2], "yes");
    assert_eq!(send("spells/reopen", json!({})).status, 409);
    w.tamper("update left_behind_episodes set from_day = '2026-09-01'");
    assert_eq!(
        send(
            "spells/close",
            json!({"reason": "parents_home", "on": "2026-11-20", "note": "爸爸在镇上开店了"})
        )
        .status,
        200
    );
    assert_eq!(status(w, &teacher, &child)[2], "no");
    assert_eq!(
        send("spells", json!({"from": "2026-11-19"})).body["errors"][0]["field"],
        "from",
        "it would reach into the spell before"
    );
    assert_eq!(send("spells", json!({"from": "2026-11-24"})).status, 200);
    assert_eq!(status(w, &teacher, &child)[2], "yes");
    if w.place.database.is_none() {
        assert!(
            !w.bytes().windows("开店".len()).any(|p| p == "开店".as_bytes()),
            "the words are sealed"
        );
    }
});

story!(the_page_names_those_who_make_the_difference, |w: &World| {
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
    let both = json!([{"parent": "father", "where": "away_work", "from": "2026-02-20"}, {"parent": "mother", "where": "away_work", "from": "2026-02-20"}]);
    let child = |name: &str, hukou: &str| {
        made(
            w,
            &teacher,
            json!({"class": "401", "name": name, "birth_date": "2016-05-01", "hukou_kind": hukou, "left_behind": true, "parents": both}),
        )
    };
    child("石若曦", "rural");
    let odd = child("田雨桐", "urban");
    let mut b = Browser::at(&w.address);
    assert_eq!(b.login("head", &password).status, 303);
    let page = b.get("/children?view=status");
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("田雨桐") && page.text.contains("民政口径不是") && !page.text.contains("石若曦"),
        "{}",
        page.text
    );
    let moves = format!("/children/{odd}/moves");
    let shown = b.get(&moves);
    for part in [
        "民政口径",
        "三个月口径",
        "学校名单",
        "结束这一段名单",
        "列为重点帮扶对象",
    ] {
        assert!(shown.text.contains(part), "{part}");
    }
    let bad = b.post(
        &moves,
        &format!("{moves}/close"),
        &[("reason", ""), ("on", "2026-13-01")],
    );
    assert_eq!(bad.status, 422, "a wrong date gets a sentence: {}", bad.text);
    let good = b.post(
        &moves,
        &format!("{moves}/close"),
        &[("reason", "joined_parents"), ("on", "2026-11-24")],
    );
    assert_eq!(
        (good.status, good.to.as_str()),
        (303, format!("{moves}?saved=1").as_str()),
        "{}",
        good.text
    );
    assert_eq!(b.post(&moves, &format!("{moves}/nothing"), &[]).status, 404);
});

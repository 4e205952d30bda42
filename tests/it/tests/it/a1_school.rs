//! A1, A2: the profile by school year with its history, classes, calendar, the leading group with its gaps.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, story};

fn school(w: &World) -> (String, String) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Z1", "--name", "竹坳村小", "--scheme", "S6"])
            .0,
        0
    );
    let head = w.user("head-a", &["--role", "head", "--school", "Z1"]);
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Z1", "--class", "301"],
    );
    (head, teacher)
}
fn put(w: &World, path: &str, token: &str, body: &Json) -> tx_it::Answer {
    w.call("PUT", path, token, Some(body), None)
}
fn fields(a: &tx_it::Answer) -> Vec<String> {
    let mut all: Vec<String> = a.body["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| e["field"].as_str().unwrap_or_default().to_owned())
        .collect();
    all.sort();
    all
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

story!(a_profile_is_kept_by_school_year, |w: &World| {
    let (head, teacher) = school(w);
    let said = json!({"founded": "民国36年", "site_m2": 9920, "building_m2": 1140, "teachers": 14, "pupils": 351, "villages": 4, "radius_km": 6,
        "villagers": 9000, "farmers_away_percent": 52, "places": [{"name": "洞坪教学点", "grades": "1-3"}], "merged": [{"name": "岩脚小学", "year": 2009}]});
    let a = put(w, "/api/v1/schools/Z1/profile?year=2026-2027", &head, &said);
    assert_eq!(a.status, 200, "{:?}", a.body);
    assert_eq!(
        a.body["profile"]["founded"], 1947,
        "a year of the Republic is stored as the civil year"
    );
    let bad = put(
        w,
        "/api/v1/schools/Z1/profile?year=2026-2027",
        &head,
        &json!({"pupils": "许多", "nonsense": 1, "radius_km": -3}),
    );
    assert_eq!(
        (bad.status, fields(&bad)),
        (422, vec!["nonsense".to_owned(), "pupils".into(), "radius_km".into()])
    );
    assert_eq!(
        w.get("/api/v1/schools/Z1/profile", &head).body["profile"]["pupils"],
        351,
        "nothing of a wrong profile was stored"
    );

    // the next year begins from this one until it is written, and this one stays as it was
    let next = w.get("/api/v1/schools/Z1/profile?year=2027-2028", &teacher);
    assert_eq!(
        (
            next.body["written_for"].as_str(),
            next.body["profile"]["pupils"].as_i64()
        ),
        (Some("2026-2027"), Some(351))
    );
    assert_eq!(
        put(
            w,
            "/api/v1/schools/Z1/profile?year=2027-2028",
            &head,
            &json!({"pupils": 340})
        )
        .status,
        200
    );
    assert_eq!(
        w.get("/api/v1/schools/Z1/profile?year=2027-2028", &teacher).body["profile"],
        json!({"pupils": 340})
    );
    assert_eq!(
        w.get("/api/v1/schools/Z1/profile?year=2026-2027", &teacher).body["profile"]["pupils"],
        351
    );
    assert_eq!(
        w.get("/api/v1/schools/Z1/profile?year=2020-2021", &teacher).body["profile"],
        json!({}),
        "before the first nothing is known"
    );

    assert_eq!(
        put(w, "/api/v1/schools/Z1/profile", &teacher, &json!({"pupils": 1})).status,
        403,
        "a class teacher reads"
    );
    assert_eq!(w.get("/api/v1/schools/Z1/profile?year=often", &head).status, 422);
    assert_eq!(w.run(&["school", "add", "--code", "Z2", "--name", "上寨小学"]).0, 0);
    let far = w.user("head-b", &["--role", "head", "--school", "Z2"]);
    let (no, none) = (
        w.get("/api/v1/schools/Z1/profile", &far),
        w.get("/api/v1/schools/Z9/profile", &far),
    );
    assert_eq!(
        (no.status, &no.body["detail"]),
        (404, &none.body["detail"]),
        "another school looks like none"
    );
});

story!(
    the_page_shows_the_founding_year_and_keeps_what_was_typed,
    |w: &World| {
        let _ = school(w);
        let mut b = browser(w, "Z1");
        assert!(b.get("/school").text.contains("概况还没填"));
        let wrong = b.post(
            "/school?edit=1",
            "/school",
            &[("founded", "民国36年"), ("pupils", "三百五"), ("villagers", "9,000")],
        );
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.text.contains("三百五") && wrong.text.contains("9,000") && wrong.text.contains("要一个整数"),
            "typed words stay, the reason stands beside"
        );
        let good = b.post(
            "/school?edit=1",
            "/school",
            &[
                ("founded", "民国36年"),
                ("pupils", "351"),
                ("villagers", "9,000"),
                ("places", "洞坪教学点 1-3"),
            ],
        );
        assert_eq!(good.status, 303, "{}", good.text);
        let page = b.get("/school").text;
        for part in [
            "民国36年（1947年）",
            "351 人",
            "9000 人",
            "洞坪教学点（1—3 年级）",
            "〔未填〕",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }
);

story!(classes_have_teachers_from_a_day_on, |w: &World| {
    let (head, teacher) = school(w);
    w.user("teacher-b", &["--role", "subject_teacher", "--school", "Z1"]);
    let all = w.get("/api/v1/classes?school=Z1", &head);
    let class = &all.body["items"][0];
    assert_eq!(
        (class["code"].as_str(), class["class_teacher"]["name"].as_str()),
        (Some("301"), Some("teacher-a"))
    );
    let people = w.get("/api/v1/users", &head).body;
    let of = |user: &str| {
        people["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["user"] == user)
            .expect("there")["adult"]
            .as_str()
            .expect("an adult")
            .to_owned()
    };
    let id = class["id"].as_str().unwrap();
    let child = w.child(&teacher, "301", "龙小满");
    let patch = |token: &str, body: &Json| w.call("PATCH", &format!("/api/v1/classes/{id}"), token, Some(body), None);
    assert_eq!(patch(&teacher, &json!({"name": "星星班"})).status, 403);
    assert_eq!(
        patch(&head, &json!({"name": "星星班", "place": "洞坪教学点"})).status,
        200
    );
    let bad = patch(&head, &json!({"colour": "red"}));
    assert_eq!((bad.status, fields(&bad)), (422, vec!["colour".to_owned()]));
    assert_eq!(
        patch(&head, &json!({"class_teacher": of("teacher-b"), "from": "2026-11-24"})).status,
        200
    );
    let now = &w.get("/api/v1/classes?school=Z1", &head).body["items"][0];
    assert_eq!(
        (
            now["name"].as_str(),
            now["place"].as_str(),
            now["class_teacher"]["name"].as_str()
        ),
        (Some("星星班"), Some("洞坪教学点"), Some("teacher-b"))
    );
    // who led it before sees its children no more, at the next request
    assert_ne!(w.get(&format!("/api/v1/children/{child}"), &teacher).status, 200);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(a_calendar_is_checked_and_moves_the_windows, |w: &World| {
    let (head, teacher) = school(w);
    let now = w.get("/api/v1/schools/Z1/calendar", &teacher);
    assert_eq!(now.body["own"], false, "offered until it is written");
    let mut cal = json!({"terms": now.body["terms"], "holidays": now.body["holidays"], "workdays": ["2026-10-10"]});
    let at = cal["terms"]
        .as_array()
        .unwrap()
        .iter()
        .position(|t| t["year"] == "2026-2027" && t["number"] == 1)
        .expect("this term");
    cal["terms"][at]["to"] = json!("2026-09-01");
    cal["terms"][at]["from"] = json!("2026-08-30");
    let bad = put(w, "/api/v1/schools/Z1/calendar", &head, &cal);
    assert_eq!(
        (bad.status, fields(&bad).iter().any(|f| f.starts_with("terms."))),
        (422, true),
        "{:?}",
        bad.body
    );
    cal["terms"][at]["from"] = json!("2026-09-07");
    cal["terms"][at]["to"] = json!("2027-01-22");
    assert_eq!(put(w, "/api/v1/schools/Z1/calendar", &teacher, &cal).status, 403);
    assert_eq!(put(w, "/api/v1/schools/Z1/calendar", &head, &cal).status, 200);
    let now = w.get("/api/v1/schools/Z1/calendar", &head);
    assert_eq!(
        (&now.body["own"], &now.body["workdays"], &now.body["terms"][at]["from"]),
        (&json!(true), &json!(["2026-10-10"]), &json!("2026-09-07"))
    );
    let mut b = browser(w, "Z1");
    let wrong = b.post(
        "/calendar/terms?edit=1",
        "/calendar/terms",
        &[
            ("t2026_1_from", "2026-09-07"),
            ("t2026_1_to", "2026-02-01"),
            ("holidays", "国庆那几天"),
        ],
    );
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("最后一天在开学之前"), "the reason stands there");
});

story!(the_group_is_joined_in_one_step_and_shows_its_gaps, |w: &World| {
    let (head, teacher) = school(w);
    w.user(
        "teacher-b",
        &["--role", "class_teacher", "--school", "Z1", "--class", "302"],
    );
    let post_class = |code: &str| {
        w.post("/api/v1/classes", &head, &json!({"school": "Z1", "code": code}))
            .status
    };
    assert_eq!(post_class("303"), 201);
    let people = w.get("/api/v1/users", &head).body;
    let of = |user: &str| {
        people["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["user"] == user)
            .expect("there")["adult"]
            .as_str()
            .expect("an adult")
            .to_owned()
    };
    let set = put(
        w,
        "/api/v1/schools/Z1/group",
        &head,
        &json!({"members": [{"adult": of("head-a"), "position": "head", "title": "校长", "duty": "安全和法制"}, {"adult": of("head-a"), "position": "office_head"}]}),
    );
    assert_eq!(set.status, 200, "{:?}", set.body);
    let gaps = |token: &str| w.get("/api/v1/schools/Z1/group", token).body["gaps"].clone();
    assert_eq!(
        gaps(&teacher)["classes_without_teacher"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(gaps(&teacher)["teachers_not_joined"].as_array().map(Vec::len), Some(2));
    let mut b = browser(w, "Z1");
    assert!(b.get("/school/group").text.contains("2 名班主任一步加进来"));
    assert_eq!(b.post("/school/group", "/school/group/teachers", &[]).status, 303);
    let all = w.get("/api/v1/schools/Z1/group", &head).body;
    assert_eq!(all["members"].as_array().map(Vec::len), Some(4));
    assert_eq!(all["gaps"]["teachers_not_joined"], json!([]));
    let page = b.get("/school/group").text;
    assert!(
        page.contains("安全和法制") && page.contains("还没有班主任"),
        "duty and gap are shown"
    );
    // twice changes nothing, and a second head is refused beside the field
    assert_eq!(b.post("/school/group", "/school/group/teachers", &[]).status, 303);
    assert_eq!(
        w.get("/api/v1/schools/Z1/group", &head).body["members"]
            .as_array()
            .map(Vec::len),
        Some(4)
    );
    let two = b.post(
        "/school/group",
        "/school/group",
        &[("adult", &of("teacher-b")), ("position", "head")],
    );
    assert!(two.status == 422 && two.text.contains("组长已经有了"), "{}", two.status);
    let member = all["members"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        b.post("/school/group", &format!("/school/group/{member}/remove"), &[])
            .status,
        303
    );
    assert_eq!(w.get("/api/v1/schools/Z1/group", &head).body["gaps"]["head"], true);
    assert_eq!(w.run(&["verify"]).0, 0);
});

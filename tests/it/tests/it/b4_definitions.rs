//! B4, domain.md §2: the numbers of the definitions are the county's to change, and count at once.

use serde_json::{Value as Json, json};
use tx_it::{World, story};

const AT: &str = "/api/v1/definitions";

story!(a_county_changes_its_numbers, |w: &World| {
    let s = w.school();
    let county = w.user("officer", &["--role", "county"]);
    let made = w.post(
        "/api/v1/children",
        &s.teacher,
        &json!({"class": "401", "name": "龙俊杰", "birth_date": "2012-01-10", "hukou_kind": "urban",
            "parents": [{"parent": "father", "where": "away_work", "from": "2026-07-01"}, {"parent": "mother", "where": "home", "capacity": "unable"}]}),
    );
    assert_eq!(made.status, 201, "{:?}", made.body);
    let child = made.body["id"].as_str().expect("an id").to_owned();
    let status = || {
        let v = w.get(&format!("/api/v1/children/{child}"), &s.teacher).body["status"].clone();
        (v["mca2016"].clone(), v["months3"].clone())
    };
    let usual = json!({"age_limit": 16, "rural_only": true, "dead_is_unable": true, "months": 3, "home_days": 90});
    for who in [&county, &s.head] {
        assert_eq!(w.get(AT, who).body, usual);
    }
    assert_eq!(
        status(),
        (json!("no"), json!("yes")),
        "registered in town; away for four months"
    );
    let put = |who: &str, body: Json| w.call("PUT", AT, who, Some(&body), None);
    for who in [&s.head, &s.teacher] {
        assert_eq!(put(who, json!({"months": 6})).status, 403);
    }
    assert_eq!(w.get(AT, &s.teacher).status, 403);
    for (field, v) in [
        ("months", json!(13)),
        ("age_limit", json!("十六")),
        ("rural_only", json!(null)),
        ("month", json!(3)),
    ] {
        let a = put(&county, json!({field: v}));
        assert_eq!(
            (a.status, &a.body["errors"][0]["field"]),
            (422, &json!(field)),
            "{:?}",
            a.body
        );
    }
    assert_eq!(w.get(AT, &county).body, usual, "nothing of these was stored");
    let a = put(&county, json!({"months": 6, "rural_only": false}));
    assert_eq!((a.status, &a.body["months"]), (200, &json!(6)), "{:?}", a.body);
    assert_eq!(status(), (json!("yes"), json!("no")));
    let list = w.page("/children?view=status", &s.teacher).1;
    assert!(
        list.contains("民政口径 <b>1</b>"),
        "the lists count by them as well: {list}"
    );
    // another county counts as before
    assert_eq!(
        w.run(&[
            "school",
            "add",
            "--code",
            "Z1",
            "--name",
            "河坪小学",
            "--county",
            "云溪县"
        ])
        .0,
        0
    );
    let far = w.user("head-z", &["--role", "head", "--school", "Z1"]);
    assert_eq!(w.get(AT, &far).body, usual);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(the_page_of_the_definitions, |w: &World| {
    let s = w.school();
    let mut b = w.browser("officer", &["--role", "county"]);
    let p = b.get("/definitions");
    assert!(
        p.status == 200 && p.text.contains("name=\"months\"") && p.text.contains("民政口径"),
        "{}",
        p.text
    );
    let all = [
        ("age_limit", "１４"),
        ("months", "6"),
        ("home_days", "60"),
        ("rural_only", "1"),
    ];
    let mut wrong = all;
    wrong[1].1 = "六";
    let p = b.post("/definitions", "/definitions", &wrong);
    assert_eq!(p.status, 422);
    assert!(
        p.text.contains("1 到 12") && p.text.contains("value=\"六\"") && p.text.contains("value=\"１４\""),
        "{}",
        p.text
    );
    let p = b.post("/definitions", "/definitions", &all);
    assert_eq!((p.status, p.to.as_str()), (303, "/definitions?saved=1"));
    let want = json!({"age_limit": 14, "rural_only": true, "dead_is_unable": false, "months": 6, "home_days": 60});
    assert_eq!(w.get(AT, &s.head).body, want, "a tick that was taken away is no");
    let (status, text) = w.page("/definitions", &s.head);
    assert!(
        status == 200 && !text.contains("name=\"months\""),
        "the head looks only"
    );
    assert_eq!(w.page("/definitions", &s.teacher).0, 403);
    assert_eq!(w.run(&["verify"]).0, 0);
});

//! E1, E2: the care room, its leader of the week, who is in, and the tablet at its door.

use crate::b10_import::agent;
use serde_json::{Value as Json, json};
use tx_it::{World, story};

fn room(w: &World, token: &str) -> String {
    let made = w.post("/api/v1/rooms", token, &json!({"school": "Y1", "name": "阳光小屋"}));
    assert_eq!(made.status, 201, "{:?}", made.body);
    made.body["id"].as_str().expect("an id").to_owned()
}
fn inside(w: &World, token: &str) -> i64 {
    w.get("/api/v1/rooms", token).body["items"][0]["inside"]
        .as_i64()
        .expect("a number")
}

story!(children_come_in_and_go_out_once, |w: &World| {
    let s = w.school();
    let other = w.teacher("teacher-b", "402");
    assert_eq!(
        w.post("/api/v1/rooms", &s.teacher, &json!({"school": "Y1", "name": "小屋"}))
            .status,
        403,
        "a class teacher keeps no room"
    );
    let room = room(w, &s.head);
    let (a, b) = (
        w.child(&s.teacher, "401", "石若曦"),
        w.child(&s.teacher, "401", "龙俊杰"),
    );
    let sign = |way: &str, token: &str, body: Json| w.post(&format!("/api/v1/rooms/{room}/sign-{way}"), token, &body);
    assert_eq!(
        sign("out", &s.teacher, json!({"child": a})).status,
        409,
        "never in today"
    );
    assert_eq!(sign("in", &other, json!({"child": a})).status, 404, "another class");
    assert_eq!(
        sign("in", &s.teacher, json!({"child": a, "did": ["flying"]})).status,
        422
    );
    assert_eq!(sign("in", &s.teacher, json!({})).status, 422);
    let first = sign("in", &s.teacher, json!({"child": a, "did": ["read"]}));
    assert_eq!(first.status, 201, "{:?}", first.body);
    let again = sign("in", &s.teacher, json!({"child": a}));
    assert_eq!(
        (again.status, &again.body["id"]),
        (200, &first.body["id"]),
        "in already"
    );
    assert_eq!(sign("in", &s.teacher, json!({"child": b})).status, 201);
    assert_eq!(inside(w, &s.head), 2);
    let (_, page) = w.page("/room", &s.head);
    assert!(
        page.contains("现在屋里 2 人") && page.contains("石若曦") && page.contains("看书"),
        "{page}"
    );
    let (_, page) = w.page("/room", &other);
    assert!(
        page.contains("现在屋里 2 人") && !page.contains("石若曦"),
        "another class sees how many"
    );
    let out = sign("out", &s.teacher, json!({"child": a, "did": ["chess"]}));
    assert_eq!((out.status, &out.body["did"]), (200, &json!(["read", "chess"])));
    assert_eq!(sign("out", &s.teacher, json!({"child": a})).status, 200, "out already");
    assert_eq!(inside(w, &s.head), 1);
    let visits = w.get(&format!("/api/v1/rooms/{room}/visits"), &s.head).body;
    assert_eq!(visits["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(a_tablet_opens_nothing_but_the_door, |w: &World| {
    let s = w.school();
    let room = room(w, &s.head);
    let (a, b) = (
        w.child(&s.teacher, "401", "石若曦"),
        w.child(&s.teacher, "401", "龙俊杰"),
    );
    let mut head = w.browser("head-b", &["--role", "head", "--school", "Y1"]);
    let at = format!("/room/{room}/tablet");
    assert_eq!(head.post(&at, &at, &[("name", "")]).status, 422);
    let made = head.post(&at, &at, &[("name", "门口")]);
    let code: String = made
        .text
        .split("class=\"paircode\">")
        .nth(1)
        .and_then(|s| s.split('<').next())
        .expect("the code, once")
        .split_whitespace()
        .collect();
    let ask = |method: &str, path: &str, cookie: &str, body: &str, kind: &str| {
        let mut req = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", w.address))
            .header("content-type", kind);
        if !cookie.is_empty() {
            req = req.header("cookie", cookie);
        }
        let mut res = agent()
            .run(req.body(body.to_owned()).expect("a request"))
            .expect("answers");
        let set = res
            .headers()
            .get("set-cookie")
            .and_then(|c| c.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        (
            res.status().as_u16(),
            res.body_mut().read_to_string().unwrap_or_default(),
            set,
        )
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(ask("POST", "/tablet/pair", "", "code=AAAA2222", form).0, 422);
    let (status, _, set) = ask("POST", "/tablet/pair", "", &format!("code={code}"), form);
    assert_eq!(status, 303);
    let cookie = set.split(';').next().expect("a cookie").to_owned();
    assert!(set.contains("HttpOnly") && set.contains("Path=/tablet"), "{set}");
    assert_eq!(
        ask("POST", "/tablet/pair", "", &format!("code={code}"), form).0,
        422,
        "a code works once"
    );
    let (_, page, _) = ask("GET", "/tablet", &cookie, "", form);
    assert!(page.contains("石若曦") && page.contains("龙俊杰"));
    for word in ["留守", "谈心", "重点", "逾期", "家访"] {
        assert!(!page.contains(word), "{word} on the tablet");
    }
    // it opens nothing else
    for path in ["/", "/children", "/room", "/api/v1/children", "/api/v1/me"] {
        let (status, text, _) = ask("GET", path, &cookie, "", form);
        assert!(status == 303 || status == 401, "{path}: {status}");
        assert!(!text.contains("石若曦"), "{path}");
    }
    let token = page
        .split("data-token=\"")
        .nth(1)
        .and_then(|s| s.split('"').next())
        .expect("a token")
        .to_owned();
    let taps = |list: Json| {
        let body = json!({"token": token, "taps": list}).to_string();
        let (status, text, _) = ask("POST", "/tablet/taps", &cookie, &body, "application/json");
        (status, serde_json::from_str::<Json>(&text).unwrap_or_default())
    };
    // two minutes without a network, then all of it twice: nobody missing, nobody double
    let (one, two) = (tx_base::Id::fresh(), tx_base::Id::fresh());
    let list = json!([{"id": one, "child": a, "act": "in", "did": ["read"], "ago": 120_000}, {"id": two, "child": b, "act": "in", "ago": 90_000},
        {"id": tx_base::Id::fresh(), "child": tx_base::Id::fresh(), "act": "in"}]);
    for _ in 0..2 {
        let (status, v) = taps(list.clone());
        assert_eq!((status, v["done"].as_array().map(Vec::len)), (200, Some(2)), "{v}");
        assert_eq!(
            v["refused"].as_array().map(Vec::len),
            Some(1),
            "one who is no pupil here: {v}"
        );
    }
    assert_eq!(inside(w, &s.head), 2);
    let visits = w.get(&format!("/api/v1/rooms/{room}/visits"), &s.head).body;
    assert_eq!(visits["items"].as_array().map(Vec::len), Some(2), "{visits}");
    let forged = json!({"token": "x", "taps": []}).to_string();
    assert_eq!(ask("POST", "/tablet/taps", &cookie, &forged, "application/json").0, 403);
    // stopped, it is a stranger again
    let list = head.get("/room").text;
    let stop = list
        .split("action=\"")
        .find(|s| s.contains("/revoke"))
        .and_then(|s| s.split('"').next())
        .expect("an address")
        .to_owned();
    assert_eq!(head.post("/room", &stop, &[]).status, 303);
    assert!(!ask("GET", "/tablet", &cookie, "", form).1.contains("石若曦"));
    assert_eq!(taps(json!([])).0, 401);
    assert_eq!(w.run(&["verify"]).0, 0);
});

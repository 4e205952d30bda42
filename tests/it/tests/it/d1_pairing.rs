//! D1, D2 and security.md §1: helpers, checks, pairings, and what a volunteer sees while both run.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, story};

struct Town {
    head: String,
    teacher: String,
    volunteer: String,
    helper: String,
    child: String,
}
fn town(w: &World) -> Town {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let head = w.user("head", &["--role", "head", "--school", "Y1"]);
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let volunteer = w.user("volunteer", &["--role", "helper", "--school", "Y1"]);
    let a = w.post(
        "/api/v1/children",
        &teacher,
        &json!({"class": "401", "name": "石若曦", "sex": "f", "birth_date": "2016-05-01", "hobby": "画画", "village": "洞坪村", "left_behind": true,
            "guardians": [{"name": "石奶奶", "relation": "grandmother", "phone": "19000012345"}]}),
    );
    assert_eq!(a.status, 201, "{:?}", a.body);
    let h = w.post(
        "/api/v1/helpers",
        &head,
        &json!({"name": "田秀云", "sex": "f", "kind": "volunteer", "user": "volunteer"}),
    );
    assert_eq!(h.status, 201, "{:?}", h.body);
    let text = |v: &Json| v["id"].as_str().expect("an id").to_owned();
    Town {
        head,
        teacher,
        volunteer,
        helper: text(&h.body),
        child: text(&a.body),
    }
}
impl Town {
    fn check(&self, w: &World, on: &str, to: &str, result: &str) -> u16 {
        w.post(
            &format!("/api/v1/helpers/{}/check", self.helper),
            &self.head,
            &json!({"on": on, "valid_to": to, "result": result}),
        )
        .status
    }
    fn sees(&self, w: &World) -> u16 {
        w.get(&format!("/api/v1/children/{}", self.child), &self.volunteer)
            .status
    }
}

story!(no_valid_check_no_child, |w: &World| {
    let t = town(w);
    let pair = || {
        w.post(
            "/api/v1/pairings",
            &t.head,
            &json!({"helper": t.helper, "child": t.child, "from": "2026-11-24"}),
        )
    };
    assert_eq!(
        (pair().status, pair().body["errors"][0]["field"].as_str()),
        (422, Some("helper")),
        "not checked yet"
    );
    assert_eq!(
        t.check(w, "2026-11-20", "2028-01-01", "fit"),
        422,
        "a check is good for a year at most"
    );
    assert_eq!(t.check(w, "2026-11-25", "2027-01-01", "fit"), 422, "not in the future");
    assert_eq!(t.check(w, "2026-11-20", "2027-11-19", "perhaps"), 422);
    assert_eq!(t.check(w, "2026-11-20", "2027-11-19", "fit"), 201);
    assert_eq!(t.sees(w), 404, "a check alone shows nobody");
    let made = pair();
    assert_eq!(
        (made.status, made.body["kind"].as_str()),
        (201, Some("love_mother")),
        "{:?}",
        made.body
    );
    assert_eq!(pair().status, 409, "the same two twice");
    let seen = w.get(&format!("/api/v1/children/{}", t.child), &t.volunteer);
    assert_eq!(
        (
            seen.status,
            seen.body["name"].as_str(),
            seen.body["class"].as_str(),
            seen.body["hobby"].as_str()
        ),
        (200, Some("石若曦"), Some("401"), Some("画画"))
    );
    for hidden in [
        "guardians",
        "parents",
        "village",
        "birth_date",
        "home_address",
        "left_behind",
        "study",
    ] {
        assert!(
            seen.body.get(hidden).is_none(),
            "{hidden} is not for a volunteer: {}",
            seen.body
        );
    }
    assert_eq!(
        w.get("/api/v1/children", &t.volunteer).body["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let talk = w.post(
        "/api/v1/records",
        &t.volunteer,
        &json!({"kind": "tutoring", "text": "一起做了算术", "children": [t.child]}),
    );
    assert_eq!(talk.status, 201, "{:?}", talk.body);
    // an unfit helper sees nobody from that moment, a new check brings the child back
    assert_eq!(t.check(w, "2026-11-24", "2027-11-23", "unfit"), 201);
    assert_eq!(t.sees(w), 404);
    assert_eq!(t.check(w, "2026-11-24", "2027-11-23", "fit"), 201);
    assert_eq!(t.sees(w), 200);
    assert_eq!(
        t.check(w, "2026-11-24", "2026-11-24", "fit"),
        201,
        "it runs out tonight"
    );
    assert_eq!(t.sees(w), 200);
    w.tamper("update grants set to_day = '2026-11-23' where held = 'paired'");
    assert_eq!(t.sees(w), 404, "the right ends with its day");
});

story!(the_end_of_a_pairing_has_a_reason_and_ends_what_is_seen, |w: &World| {
    let t = town(w);
    assert_eq!(t.check(w, "2026-11-01", "2027-10-31", "fit"), 201);
    let made = w.post(
        "/api/v1/pairings",
        &t.teacher,
        &json!({"helper": t.helper, "child": t.child, "from": "2026-11-01", "kind": "proxy_parent"}),
    );
    assert_eq!(
        made.status, 201,
        "the class teacher pairs the own children: {:?}",
        made.body
    );
    let end = format!("/api/v1/pairings/{}/end", made.body["id"].as_str().expect("an id"));
    assert_eq!(
        w.get(&format!("/api/v1/pairings?child={}", t.child), &t.head).body["items"][0]["helper_name"],
        "田秀云"
    );
    assert_eq!(
        w.post(&end, &t.head, &json!({"on": "2026-11-23"})).body["errors"][0]["field"],
        "reason"
    );
    assert_eq!(
        w.post(&end, &t.head, &json!({"on": "2025-01-01", "reason": "x"})).body["errors"][0]["field"],
        "on"
    );
    assert_eq!(w.post(&end, &t.volunteer, &json!({"reason": "x"})).status, 403);
    assert_eq!(
        w.post(&end, &t.head, &json!({"on": "2026-11-23", "reason": "她搬去外省了"}))
            .status,
        200
    );
    assert_eq!(t.sees(w), 404);
    assert_eq!(
        w.post(&end, &t.head, &json!({"on": "2026-11-22", "reason": "又一次"}))
            .status,
        409
    );
    // a new bond, and the child leaves the school: both end
    let again = w.post(
        "/api/v1/pairings",
        &t.head,
        &json!({"helper": t.helper, "child": t.child, "from": "2026-11-24"}),
    );
    assert_eq!((again.status, t.sees(w)), (201, 200), "{:?}", again.body);
    assert_eq!(
        w.post(
            &format!("/api/v1/children/{}/leave", t.child),
            &t.head,
            &json!({"fate": "left", "on": "2026-11-23"})
        )
        .status,
        200
    );
    assert_eq!(t.sees(w), 404);
    let bad = w.post(
        "/api/v1/pairings",
        &t.head,
        &json!({"helper": t.helper, "kind": "cousin", "from": "soon", "colour": 1}),
    );
    let fields: Vec<&str> = bad.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|e| e["field"].as_str())
        .collect();
    for f in ["child", "kind", "from", "colour"] {
        assert!(fields.contains(&f), "{f} in {fields:?}");
    }
    let far = w.user("far", &["--role", "class_teacher", "--school", "Y1", "--class", "402"]);
    assert_eq!(
        w.post("/api/v1/pairings", &far, &json!({"helper": t.helper, "child": t.child}))
            .status,
        404
    );
    assert_eq!(w.post("/api/v1/helpers", &far, &json!({"name": "某某"})).status, 403);
    assert_eq!(w.run(&["verify"]).0, 0);
    // last of all: reading the files beside the server in one process lets go of its locks
    if w.place.database.is_none() {
        assert!(
            !w.bytes().windows("搬去外省".len()).any(|p| p == "搬去外省".as_bytes()),
            "the reason is sealed"
        );
    }
});

story!(pairing_by_hand_on_the_board, |w: &World| {
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
    assert!(b.get("/pairing").text.contains("石若曦"));
    let made = b.post(
        "/pairing",
        "/pairing/helpers",
        &[
            ("name", "吴大海"),
            ("sex", "m"),
            ("kind", "volunteer"),
            ("unit", "县妇联"),
        ],
    );
    assert_eq!(made.status, 303, "{}", made.text);
    let helper = made.to.rsplit('/').next().expect("an id").to_owned();
    assert!(
        b.get("/pairing").text.contains("还没核查"),
        "nobody can be paired with him yet"
    );
    let early = b.post("/pairing", "/pairing", &[("child", &child), ("helper", &helper)]);
    assert_eq!((early.status, early.text.contains("还没有核查结果")), (422, true));
    let check = format!("/pairing/helpers/{helper}");
    let bad = b.post(&check, &format!("{check}/check"), &[("result", "fit"), ("on", "x")]);
    assert_eq!(bad.status, 422);
    let ok = b.post(
        &check,
        &format!("{check}/check"),
        &[("result", "fit"), ("on", "2026-11-24"), ("valid_to", "2027-08-31")],
    );
    assert_eq!(ok.status, 303, "{}", ok.text);
    assert_eq!(
        b.post("/pairing", "/pairing", &[("helper", &helper)]).status,
        422,
        "no child was tapped"
    );
    let paired = b.post("/pairing", "/pairing", &[("child", &child), ("helper", &helper)]);
    assert_eq!(paired.status, 303, "{}", paired.text);
    let board = b.get("/pairing");
    assert!(
        board.text.contains("爱心爸爸") && board.text.contains("核查到 2027.8"),
        "{}",
        board.text
    );
    let pair = board
        .text
        .split("href=\"/pairing/")
        .find_map(|s| s.split('"').next().filter(|p| p.len() == 36))
        .expect("the pair's page")
        .to_owned();
    let end = format!("/pairing/{pair}");
    assert_eq!(b.post(&end, &format!("{end}/end"), &[("reason", "")]).status, 422);
    assert_eq!(
        b.post(
            &end,
            &format!("{end}/end"),
            &[("reason", "他调走了"), ("on", "2026-11-24")]
        )
        .status,
        303
    );
    assert!(b.get("/pairing?view=ended").text.contains("吴大海") || b.get("/pairing").text.contains("吴大海"));
});

//! D2, D3, D6: proposals with their reasons, locks and approval; wishes and consent; training, points, review, change; the night in which a check
//! lapses.

use serde_json::{Value as Json, json};
use tx_base::{Clock, Day};
use tx_it::{World, serve, settings, story};

fn made(w: &World, path: &str, token: &str, body: &Json) -> Json {
    let a = w.post(path, token, body);
    assert!(matches!(a.status, 200 | 201), "{path}: {} {:?}", a.status, a.body);
    a.body
}
fn id(v: &Json) -> String {
    v["id"].as_str().expect("an id").to_owned()
}
fn fields(v: &Json) -> Vec<&str> {
    v["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|e| e["field"].as_str())
        .collect()
}
fn kid(w: &World, teacher: &str, name: &str, sex: &str, village: &str, hobby: &str) -> String {
    id(&made(
        w,
        "/api/v1/children",
        teacher,
        &json!({"class": "401", "name": name, "sex": sex, "birth_date": "2016-05-01", "hobby": hobby, "village": village, "left_behind": true}),
    ))
}
/// A volunteer whose check runs to the end of the year.
fn helper(w: &World, head: &str, name: &str, sex: &str) -> String {
    let h = id(&made(
        w,
        "/api/v1/helpers",
        head,
        &json!({"name": name, "sex": sex, "kind": "volunteer"}),
    ));
    made(
        w,
        &format!("/api/v1/helpers/{h}/check"),
        head,
        &json!({"on": "2026-11-20", "valid_to": "2026-12-31", "result": "fit"}),
    );
    h
}
fn consent(w: &World, token: &str, child: &str, answer: &str) {
    made(
        w,
        &format!("/api/v1/children/{child}/consents"),
        token,
        &json!({"purpose": "helper", "answer": answer, "by": "石桂香", "on": "2026-11-20"}),
    );
}
fn proposals(w: &World, token: &str) -> Json {
    let a = w.get("/api/v1/pairings/proposals", token);
    assert_eq!(a.status, 200, "{:?}", a.body);
    a.body
}
fn of_child<'a>(all: &'a Json, child: &str) -> &'a Json {
    all["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|p| p["child"] == child)
        .unwrap_or(&Json::Null)
}
fn codes<'a>(p: &'a Json, what: &str) -> Vec<&'a str> {
    p[what]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|r| r["code"].as_str())
        .collect()
}

story!(a_proposal_has_its_reasons_and_locked_pairs_stay, |w: &World| {
    let s = w.school();
    let a = kid(w, &s.teacher, "石若曦", "f", "洞坪村", "喜欢画画、唱歌");
    let b = kid(w, &s.teacher, "龙俊杰", "m", "竹坳村", "打篮球");
    let c = kid(w, &s.teacher, "彭佳怡", "f", "洞坪村", "画画");
    let tan = helper(w, &s.head, "谭丽", "f");
    let wu = helper(w, &s.head, "吴大海", "m");
    let feng = id(&made(
        w,
        "/api/v1/helpers",
        &s.head,
        &json!({"name": "冯春", "sex": "f", "kind": "volunteer"}),
    ));
    let facts = |h: &str, body: Json| made(w, &format!("/api/v1/helpers/{h}/facts"), &s.head, &body);
    facts(
        &tan,
        json!({"most": 1, "village": "洞坪村", "hobbies": "画画", "dialects": "苗语"}),
    );
    facts(
        &wu,
        json!({"most": 2, "near": "竹坳村、洞坪村", "hobbies": "篮球", "wants_sex": "m"}),
    );
    facts(&feng, json!({"most": 5, "village": "洞坪村", "hobbies": "画画"}));
    let bad = w.post(
        &format!("/api/v1/helpers/{tan}/facts"),
        &s.head,
        &json!({"most": 9, "colour": 1}),
    );
    assert_eq!((bad.status, fields(&bad.body)), (422, vec!["colour"]));
    assert_eq!(
        fields(
            &w.post(&format!("/api/v1/helpers/{tan}/facts"), &s.head, &json!({"most": 9}))
                .body
        ),
        ["most"]
    );
    made(
        w,
        &format!("/api/v1/children/{a}/pairing"),
        &s.teacher,
        &json!({"kind": "love_mother", "dialects": "苗语"}),
    );
    let wish = w.get(&format!("/api/v1/children/{a}/pairing"), &s.head).body;
    assert_eq!(
        (wish["kind"].as_str(), wish["consent"].as_str()),
        (Some("love_mother"), Some("open"))
    );
    for child in [&a, &b] {
        consent(w, &s.teacher, child, "given");
    }

    // the class teacher reads, the head and the office propose
    let propose = |body: Json| w.post("/api/v1/pairings/propose", &s.head, &body);
    assert_eq!(w.post("/api/v1/pairings/propose", &s.teacher, &json!({})).status, 403);
    assert_eq!(fields(&propose(json!({"rule": "by_moon"})).body), ["rule"]);
    let first = propose(json!({}));
    assert_eq!(
        (first.status, &first.body["proposed"], &first.body["left"]),
        (200, &json!(3), &json!(0)),
        "{:?}",
        first.body
    );
    let all = proposals(w, &s.head);
    let p = of_child(&all, &a);
    assert_eq!(p["helper"], json!(tan), "wish, village, dialect and hobby: {p}");
    assert_eq!(codes(p, "for"), ["wished_kind", "same_village", "dialect", "hobby"]);
    assert_eq!(p["for"][3]["zh"], "都爱画画");
    assert_eq!(p["ready"], true);
    assert_eq!(of_child(&all, &b)["helper"], json!(wu));
    assert!(codes(of_child(&all, &b), "for").contains(&"helper_wish"));
    // she takes one, so the third goes to him; nobody was asked yet, and who has no check is not proposed at all
    let third = of_child(&all, &c);
    assert_eq!(
        (third["helper"].clone(), codes(third, "against"), &third["ready"]),
        (json!(wu), vec!["consent_open"], &json!(false))
    );

    // locked, and everything else changes around it
    let lock = format!("/api/v1/pairings/proposals/{}/lock", id(of_child(&all, &c)));
    assert_eq!(w.post(&lock, &s.teacher, &json!({})).status, 403);
    made(w, &lock, &s.head, &json!({"locked": true}));
    facts(&tan, json!({"most": 3, "village": "洞坪村", "hobbies": "画画"}));
    facts(&wu, json!({"most": 1}));
    let again = propose(json!({"rule": "fit"}));
    assert_eq!(
        (again.body["proposed"].as_u64(), again.body["locked"].as_u64()),
        (Some(3), Some(1)),
        "{:?}",
        again.body
    );
    let all = proposals(w, &s.head);
    assert_eq!(
        of_child(&all, &c)["helper"],
        json!(wu),
        "locked: he keeps her, though she now fits another better"
    );
    let elsewhere = of_child(&all, &b)["helper"].clone();
    assert!(
        elsewhere != json!(wu) && elsewhere.is_string(),
        "his one place is taken by the locked pair"
    );

    // taken apart: these two are not proposed again until that is forgotten
    let part = format!("/api/v1/pairings/proposals/{}/part", id(of_child(&all, &a)));
    made(w, &part, &s.head, &json!({}));
    assert_eq!(w.post(&part, &s.head, &json!({})).status, 409, "settled already");
    assert_eq!(
        w.post(
            "/api/v1/pairings/proposals/00000000-0000-7000-8000-000000000000/part",
            &s.head,
            &json!({})
        )
        .status,
        404
    );
    propose(json!({}));
    let apart = of_child(&proposals(w, &s.head), &a)["helper"].clone();
    assert!(
        apart != json!(tan) && apart.is_string(),
        "someone else, though nobody fits her better: {apart}"
    );

    propose(json!({"forget": true}));
    let all = proposals(w, &s.head);
    assert_eq!(of_child(&all, &a)["helper"], json!(tan));

    // approved: one transaction; what waits for consent goes on waiting, locked as it was
    let done = made(w, "/api/v1/pairings/approve", &s.head, &json!({}));
    assert_eq!((done["made"].as_u64(), done["left"].as_u64()), (Some(2), Some(1)));
    let pairs = w.get("/api/v1/pairings", &s.head).body["items"]
        .as_array()
        .expect("items")
        .len();
    assert_eq!(pairs, 2);
    let none = w.post("/api/v1/pairings/approve", &s.head, &json!({}));
    assert_eq!(none.status, 422, "{:?}", none.body);
    let all = proposals(w, &s.head);
    assert_eq!(
        (all["items"].as_array().map(Vec::len), &of_child(&all, &c)["locked"]),
        (Some(1), &json!(true))
    );
    consent(w, &s.teacher, &c, "withheld");
    assert_eq!(of_child(&proposals(w, &s.head), &c)["barred"]["code"], "withheld");
    let by_hand = w.post("/api/v1/pairings", &s.head, &json!({"helper": wu, "child": c}));
    assert_eq!(
        (by_hand.status, fields(&by_hand.body)),
        (422, vec!["child"]),
        "the guardian said no"
    );
    consent(w, &s.teacher, &c, "given");
    let foreign = w.post(
        "/api/v1/pairings/approve",
        &s.head,
        &json!({"ids": ["00000000-0000-7000-8000-000000000000"]}),
    );
    assert_eq!(foreign.status, 404);
    assert_eq!(
        made(
            w,
            "/api/v1/pairings/approve",
            &s.head,
            &json!({"ids": [id(of_child(&all, &c))]})
        )["made"],
        1
    );
    // he takes one, and has one
    let d = kid(w, &s.teacher, "罗晓彤", "f", "洞坪村", "");
    let full = w.post("/api/v1/pairings", &s.head, &json!({"helper": wu, "child": d}));
    assert_eq!(
        (full.status, fields(&full.body)),
        (422, vec!["helper"]),
        "{:?}",
        full.body
    );
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(by_rule_all_children_are_spread_over_all_staff, |w: &World| {
    let s = w.school();
    let staff: Vec<(String, &str)> = [("周敏", "f"), ("谭丽", "f"), ("石建国", "m")]
        .into_iter()
        .map(|(name, sex)| {
            (
                id(&made(
                    w,
                    "/api/v1/helpers",
                    &s.head,
                    &json!({"name": name, "sex": sex, "kind": "teacher"}),
                )),
                sex,
            )
        })
        .collect();
    // a volunteer is no staff, whatever room there is
    helper(w, &s.head, "吴大海", "m");
    for name in ["石若曦", "龙俊杰", "彭佳怡", "罗晓彤", "覃文博", "向思远", "唐一鸣"] {
        kid(w, &s.teacher, name, "f", "洞坪村", "");
    }
    let done = made(w, "/api/v1/pairings/propose", &s.head, &json!({"rule": "by_sex"}));
    assert_eq!(done["proposed"], 7);
    let all = proposals(w, &s.head)["items"].clone();
    let all = all.as_array().expect("items");
    let known = |h: &str| staff.iter().find(|(i, _)| i == h);
    let mut loads = std::collections::BTreeMap::new();
    for p in all {
        let h = p["helper"].as_str().expect("a helper");
        *loads.entry(h.to_owned()).or_insert(0) += 1;
        if let Some((_, sex)) = known(h) {
            assert_eq!(
                p["kind"],
                if *sex == "f" { "love_mother" } else { "love_father" },
                "{p}"
            );
        }
        assert_eq!(p["ready"], true, "staff need no consent of their own: {p}");
    }
    // the teacher and the head that the school has anyway have no sex, so they are left out
    let mut counts: Vec<i32> = loads.values().copied().collect();
    counts.sort_unstable();
    assert_eq!(counts, [2, 2, 3], "{loads:?}");
    assert!(loads.keys().all(|h| known(h).is_some()));
    // all staff: everybody takes part, still as evenly as can be
    made(w, "/api/v1/pairings/propose", &s.head, &json!({"rule": "all_staff"}));
    let all = proposals(w, &s.head);
    let mut loads = std::collections::BTreeMap::new();
    for p in all["items"].as_array().expect("items") {
        *loads
            .entry(p["helper"].as_str().expect("a helper").to_owned())
            .or_insert(0) += 1;
    }
    let (least, most) = (loads.values().min().expect("some"), loads.values().max().expect("some"));
    assert!(most - least <= 1, "{loads:?}");
    assert_eq!(
        made(w, "/api/v1/pairings/approve", &s.head, &json!({"from": "2026-11-24"}))["made"],
        7
    );
    assert_eq!(proposals(w, &s.head)["items"], json!([]));
});

story!(training_points_review_and_change, |w: &World| {
    let s = w.school();
    let leader = w.user("leader", &["--role", "leader", "--school", "Y1"]);
    let child = kid(w, &s.teacher, "石若曦", "f", "洞坪村", "画画");
    let (tan, wu) = (helper(w, &s.head, "谭丽", "f"), helper(w, &s.head, "吴大海", "m"));
    let pair = id(&made(
        w,
        "/api/v1/pairings",
        &s.head,
        &json!({"helper": tan, "child": child, "from": "2026-11-01"}),
    ));
    let at = |h: &str, what: &str| format!("/api/v1/helpers/{h}/{what}");
    made(
        w,
        &at(&tan, "training"),
        &s.head,
        &json!({"on": "2026-11-10", "hours": 1.5, "words": "怎么和孩子说话"}),
    );
    made(
        w,
        &at(&tan, "training"),
        &s.head,
        &json!({"on": "2026-11-17", "hours": 2, "words": "儿童保护"}),
    );
    assert_eq!(
        fields(
            &w.post(&at(&tan, "training"), &s.head, &json!({"hours": 99, "words": "x"}))
                .body
        ),
        ["hours"]
    );
    made(
        w,
        &at(&tan, "points"),
        &s.head,
        &json!({"amount": 5, "words": "连着四周都来了"}),
    );
    made(
        w,
        &at(&tan, "points"),
        &leader,
        &json!({"amount": -2, "words": "两次没打招呼就没来"}),
    );
    for (body, field) in [
        (json!({"amount": 0, "words": "x"}), "amount"),
        (json!({"amount": 101, "words": "x"}), "amount"),
        (json!({"amount": 1}), "words"),
        (json!({"amount": 1, "words": "x", "on": "2026-11-25"}), "on"),
    ] {
        assert_eq!(
            fields(&w.post(&at(&tan, "points"), &s.head, &body).body),
            [field],
            "{body}"
        );
    }
    assert_eq!(
        w.post(&at(&tan, "points"), &s.teacher, &json!({"amount": 1, "words": "x"}))
            .status,
        403
    );
    let seen = |token: &str| w.get(&format!("/api/v1/helpers/{tan}"), token).body;
    assert_eq!(
        (&seen(&s.head)["points"], &seen(&s.head)["training_hours"]),
        (&json!(3), &json!(3.5))
    );
    assert_eq!(seen(&leader)["point_entries"][0]["words"], "两次没打招呼就没来");
    assert!(
        seen(&s.teacher).get("points").is_none(),
        "points are for the head and the leading group: {}",
        seen(&s.teacher)
    );
    assert_eq!(seen(&s.teacher)["training"][0]["words"], "儿童保护");

    let review = format!("/api/v1/pairings/{pair}/review");
    made(
        w,
        &review,
        &s.teacher,
        &json!({"verdict": "watch", "words": "孩子还有点怕生，再处一个月看看", "next_on": "2026-12-24"}),
    );
    for (body, field) in [
        (json!({"verdict": "fine", "words": "x"}), "verdict"),
        (json!({"verdict": "go_on"}), "words"),
        (json!({"verdict": "go_on", "words": "x", "on": "2026-10-31"}), "on"),
        (
            json!({"verdict": "go_on", "words": "x", "next_on": "2026-11-24"}),
            "next_on",
        ),
    ] {
        assert_eq!(fields(&w.post(&review, &s.head, &body).body), [field], "{body}");
    }
    let other = w.teacher("teacher-b", "402");
    assert_eq!(
        w.post(&review, &other, &json!({"verdict": "go_on", "words": "x"}))
            .status,
        404
    );
    let all = w.get(&format!("/api/v1/pairings/{pair}/reviews"), &s.head).body;
    assert_eq!(
        (&all["items"][0]["words"], &all["items"][0]["next_on"]),
        (&json!("孩子还有点怕生，再处一个月看看"), &json!("2026-12-24"))
    );

    // another takes over: both or neither
    let change = format!("/api/v1/pairings/{pair}/change");
    let body = |h: &str| json!({"helper": h, "on": "2026-11-23", "reason": "她要搬去外省了"});
    assert_eq!(
        fields(&w.post(&change, &s.head, &body(&tan)).body),
        ["helper"],
        "the same helper"
    );
    let feng = id(&made(
        w,
        "/api/v1/helpers",
        &s.head,
        &json!({"name": "冯春", "kind": "volunteer"}),
    ));
    assert_eq!(
        fields(&w.post(&change, &s.head, &body(&feng)).body),
        ["helper"],
        "no check"
    );
    let still = w.get(&format!("/api/v1/pairings?child={child}"), &s.head).body;
    assert_eq!(
        (still["items"].as_array().map(Vec::len), &still["items"][0]["to"]),
        (Some(1), &Json::Null),
        "nothing ended"
    );
    let new = made(w, &change, &s.head, &body(&wu));
    assert_eq!(
        (&new["helper_name"], &new["from"]),
        (&json!("吴大海"), &json!("2026-11-24"))
    );
    let all = w.get(&format!("/api/v1/pairings?child={child}"), &s.head).body;
    assert_eq!(
        (&all["items"][1]["helper_name"], &all["items"][1]["to"]),
        (&json!("谭丽"), &json!("2026-11-23")),
        "history stays"
    );
    assert_eq!(w.run(&["verify"]).0, 0);
    if w.place.database.is_none() {
        let bytes = w.bytes();
        for secret in ["怕生", "没打招呼", "搬去外省"] {
            assert!(
                !bytes.windows(secret.len()).any(|p| p == secret.as_bytes()),
                "{secret} is sealed"
            );
        }
    }
});

story!(the_board_proposes_locks_parts_and_approves, |w: &World| {
    let s = w.school();
    let mut b = w.browser("office-head", &["--role", "head", "--school", "Y1"]);
    let child = kid(w, &s.teacher, "石若曦", "f", "洞坪村", "画画");
    let other = kid(w, &s.teacher, "龙俊杰", "m", "竹坳村", "");
    let tan = helper(w, &s.head, "谭丽", "f");
    let page = format!("/pairing/helpers/{tan}");
    let sent = b.post(
        &page,
        &format!("{page}/facts"),
        &[("most", "2"), ("village", "洞坪村"), ("hobbies", "画画，唱歌")],
    );
    assert_eq!(sent.status, 303, "{}", sent.text);
    let bad = b.post(
        &page,
        &format!("{page}/facts"),
        &[("most", "2"), ("hobbies", "一二三四五六七八九十一二三四五")],
    );
    assert_eq!((bad.status, bad.text.contains("最多 6 个词")), (422, true));
    let early = b.post("/pairing", "/pairing/approve", &[]);
    assert_eq!((early.status, early.text.contains("没有等着批的提议")), (422, true));
    let kid_page = format!("/pairing/children/{child}");
    assert_eq!(
        b.post(&kid_page, &kid_page, &[("want", "love_mother"), ("dialects", "苗语")])
            .status,
        303
    );
    assert_eq!(b.post(&kid_page, &kid_page, &[("want", "cousin")]).status, 422);
    assert!(b.get("/pairing").text.contains("想要爱心妈妈"));
    for c in [&child, &other] {
        consent(w, &s.teacher, c, "given");
    }
    assert_eq!(b.post("/pairing", "/pairing/propose", &[("rule", "fit")]).status, 303);
    let board = b.get("/pairing").text;
    for words in ["同在洞坪村", "都爱画画", "批 2 对", "孩子想要爱心妈妈"] {
        assert!(board.contains(words), "{words}: {board}");
    }
    let row = id(of_child(&proposals(w, &s.head), &child));
    let act = |b: &mut tx_it::browser::Browser, what: &str| {
        b.post("/pairing", &format!("/pairing/proposals/{row}"), &[("act", what)])
            .status
    };
    assert_eq!((act(&mut b, "lock"), act(&mut b, "fold")), (303, 422));
    assert!(b.get("/pairing").text.contains("不锁了"));
    assert_eq!((act(&mut b, "unlock"), act(&mut b, "part")), (303, 303));
    assert_eq!(act(&mut b, "lock"), 422, "it is apart already, and the board says so");
    assert!(b.get("/pairing").text.contains("批 1 对"));
    assert_eq!(b.post("/pairing", "/pairing/approve", &[]).status, 303);
    let running = b.get("/pairing?view=running").text;
    assert!(
        running.contains("龙俊杰") && !running.contains("石若曦</b></a><div class=\"x\">四"),
        "{running}"
    );
    // a pair's page: reviewed, changed
    let pair = w.get("/api/v1/pairings", &s.head).body["items"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let at = format!("/pairing/{pair}");
    let sent = b.post(
        &at,
        &format!("{at}/review"),
        &[
            ("verdict", "go_on"),
            ("words", "处得好"),
            ("day", "2026-11-24"),
            ("next_on", "2027-02-24"),
        ],
    );
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(b.get(&at).text.contains("处得好"));
    let bad = b.post(
        &at,
        &format!("{at}/review"),
        &[("verdict", "go_on"), ("words", ""), ("day", "x")],
    );
    assert_eq!(bad.status, 422);
    assert_eq!(b.post(&at, &format!("{at}/change"), &[("helper", "")]).status, 422);
    let sent = b.post(
        &page,
        &format!("{page}/points"),
        &[("amount", "+3"), ("words", "每周都来"), ("day", "2026-11-24")],
    );
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_eq!(
        b.post(&page, &format!("{page}/training"), &[("hours", "两个"), ("words", "x")])
            .status,
        422
    );
    assert!(b.get(&page).text.contains("一共 +3 分"));
});

story!(a_check_lapses_at_midnight_and_the_head_is_told, |w: &World| {
    let s = w.school();
    let volunteer = w.user("volunteer", &["--role", "helper", "--school", "Y1"]);
    let child = kid(w, &s.teacher, "石若曦", "f", "洞坪村", "画画");
    let h = id(&made(
        w,
        "/api/v1/helpers",
        &s.head,
        &json!({"name": "田秀云", "sex": "f", "kind": "volunteer", "user": "volunteer"}),
    ));
    made(
        w,
        &format!("/api/v1/helpers/{h}/check"),
        &s.head,
        &json!({"on": "2026-11-20", "valid_to": "2026-11-24", "result": "fit"}),
    );
    made(
        w,
        "/api/v1/pairings",
        &s.head,
        &json!({"helper": h, "child": child, "from": "2026-11-01"}),
    );
    made(
        w,
        "/api/v1/records",
        &volunteer,
        &json!({"kind": "tutoring", "text": "一起做了算术", "children": [child], "on": "2026-11-23"}),
    );

    // every address that a helper may open, those that name a child with this one, and where one searches, with her name
    let paths: Vec<String> = tongxing::routes()
        .iter()
        .filter(|r| r.method == "GET" && !r.path.contains("{*"))
        .map(|r| {
            let path: Vec<&str> = r
                .path
                .split('/')
                .map(|p| if p.starts_with('{') { child.as_str() } else { p })
                .collect();
            format!("{}?q=%E7%9F%B3%E8%8B%A5%E6%9B%A6&child={child}", path.join("/"))
        })
        .collect();
    // a search says again what was asked, in its box and in its sentence
    let shown = |site: &str| -> Vec<String> {
        let shows = |p: &&String| {
            let text = w.page_at(site, p, &volunteer).1;
            let text = text.replace("value=\"石若曦\"", "").replace("“石若曦”", "");
            ["石若曦", "洞坪", "一起做了算术"].iter().any(|x| text.contains(x))
        };
        paths.iter().filter(shows).cloned().collect()
    };
    let today = shown(&w.address);
    for part in ["/children/", "/api/v1/children?", "/search?", "/api/v1/records?"] {
        assert!(
            today.iter().any(|p| p.starts_with(part)),
            "{part} shows her today: {today:?}"
        );
    }
    let next = tongxing::open::Place {
        clock: Clock::fixed(Day::lit("2026-11-25")),
        ..w.place.clone()
    };
    let site = serve(&next, settings());
    assert_eq!(
        w.get_at(&site, &format!("/api/v1/children/{child}"), &volunteer).status,
        404
    );
    assert_eq!(w.get_at(&site, "/api/v1/children", &volunteer).body["items"], json!([]));
    let after = shown(&site);
    assert!(after.is_empty(), "the night after nothing shows her: {after:?}");

    // the head is told before and after, on Today, and the board says why nobody can be paired
    let before = w.page("/", &s.head).1;
    assert!(before.contains("田秀云") && before.contains("到今天为止"), "{before}");
    let told = w.page_at(&site, "/", &s.head).1;
    assert!(
        told.contains("田秀云的核查过期了") && told.contains("看不到 1 个孩子"),
        "{told}"
    );
    assert!(w.page_at(&site, "/pairing", &s.head).1.contains("现在看不到孩子"));
    let no = w.call_at(
        &site,
        "POST",
        "/api/v1/pairings",
        &s.head,
        Some(&json!({"helper": h, "child": kid(w, &s.teacher, "龙俊杰", "m", "", "")})),
    );
    assert_eq!((no.status, fields(&no.body)), (422, vec!["helper"]));
});

story!(a_guardian_who_takes_back_the_consent_is_obeyed_at_once, |w: &World| {
    let s = w.school();
    let volunteer = w.user("volunteer", &["--role", "helper", "--school", "Y1"]);
    let child = kid(w, &s.teacher, "石若曦", "f", "洞坪村", "画画");
    let h = id(&made(
        w,
        "/api/v1/helpers",
        &s.head,
        &json!({"name": "田秀云", "sex": "f", "kind": "volunteer", "user": "volunteer"}),
    ));
    let check = format!("/api/v1/helpers/{h}/check");
    let fit = json!({"on": "2026-11-20", "valid_to": "2027-10-31", "result": "fit"});
    made(w, &check, &s.head, &fit);
    consent(w, &s.teacher, &child, "given");
    made(
        w,
        "/api/v1/pairings",
        &s.head,
        &json!({"helper": h, "child": child, "from": "2026-11-01"}),
    );
    let sees = || w.get(&format!("/api/v1/children/{child}"), &volunteer).status;
    assert_eq!(sees(), 200);
    consent(w, &s.teacher, &child, "withdrawn");
    assert_eq!(sees(), 404, "taken back: she sees the child no more");
    made(w, &check, &s.head, &fit);
    assert_eq!(sees(), 404, "a new check does not bring back what the guardian refused");
    consent(w, &s.teacher, &child, "given");
    assert_eq!(sees(), 200);
});

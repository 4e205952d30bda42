//! What lasts: delegated care (B13), aid (B17), needs (C13), remarks (C17), goods (J2), documents (A3), all by the one mechanism of things.

use serde_json::{Value as Json, json};
use tx_it::{Answer, World, story};

fn add(w: &World, token: &str, body: Json) -> Answer {
    w.post("/api/v1/things", token, &body)
}
fn id(a: &Answer) -> String {
    assert_eq!(a.status, 201, "{:?}", a.body);
    a.body["id"].as_str().expect("an id").to_owned()
}
fn step(w: &World, token: &str, id: &str, step: &str, fields: Json) -> Answer {
    w.post(
        &format!("/api/v1/things/{id}/step"),
        token,
        &json!({"step": step, "fields": fields}),
    )
}
/// The fields that an answer names as wrong.
fn wrong(a: &Answer) -> Vec<&str> {
    assert_eq!(a.status, 422, "{:?}", a.body);
    let all = a.body["errors"].as_array().expect("errors");
    all.iter().filter_map(|e| e["field"].as_str()).collect()
}

story!(delegated_care_has_a_life, |w: &World| {
    let s = w.school();
    let child = w.child(&s.teacher, "401", "石若曦");
    let other = w.teacher("teacher-b", "402");
    let body = json!({"sort": "delegation", "child": child, "from": "2026-09-01", "to": "2027-01-31",
        "fields": {"to_whom": "谭二姑", "relation": "姑妈", "phone": "19000055555", "in_writing": true, "suitable": "fit"}});
    // nobody else's class; bad input names every field
    assert_eq!(add(w, &other, body.clone()).status, 404);
    let mut bad = body.clone();
    bad["from"] = "2026-02-30".into();
    bad["colour"] = "red".into();
    bad["fields"] = json!({"in_writing": "maybe", "suitable": "fit", "nonsense": 1});
    let a = add(w, &s.teacher, bad);
    assert_eq!(
        wrong(&a),
        [
            "colour",
            "from",
            "fields.in_writing",
            "fields.nonsense",
            "fields.to_whom"
        ]
    );
    let mut unfit = body.clone();
    unfit["fields"]["suitable"] = "unfit".into();
    assert_eq!(wrong(&add(w, &s.teacher, unfit)), ["fields.suitable"]);
    let mut back = body.clone();
    back["to"] = "2026-08-01".into();
    assert_eq!(wrong(&add(w, &s.teacher, back)), ["to"]);
    let made = add(w, &s.teacher, body);
    let thing = id(&made);
    assert_eq!(made.body["state"], "running");
    let list = w.get(&format!("/api/v1/things?sort=delegation&child={child}"), &s.head);
    assert_eq!(list.body["items"][0]["fields"]["to_whom"], "谭二姑");
    assert_eq!(w.get(&format!("/api/v1/things/{thing}"), &other).status, 404);
    assert_eq!(w.get("/api/v1/things?sort=delegation", &other).body["items"], json!([]));
    // two correct the same field: the first stands, both are kept
    let path = format!("/api/v1/things/{thing}");
    let first = json!({"base_version": 1, "fields": {"relation": "小姑"}});
    assert_eq!(w.call("PATCH", &path, &s.teacher, Some(&first), None).status, 200);
    let second = json!({"base_version": 1, "fields": {"relation": "大姑", "village_told": true}});
    let a = w.call("PATCH", &path, &s.head, Some(&second), None);
    assert_eq!((a.status, &a.body["fields"]["relation"]), (200, &json!("小姑")));
    assert_eq!(
        a.body["fields"]["village_told"], true,
        "what nobody else touched is taken"
    );
    assert_eq!(a.body["conflicts"][0]["yours"], "大姑");
    // it ends with a reason, today, once
    assert_eq!(
        wrong(&step(w, &s.teacher, &thing, "end", json!({}))),
        ["fields.why_over"]
    );
    let a = step(w, &s.teacher, &thing, "end", json!({"why_over": "parent_home"}));
    assert_eq!(
        (a.status, &a.body["state"], &a.body["to"]),
        (200, &json!("over"), &json!("2026-11-24"))
    );
    assert_eq!(
        step(w, &s.teacher, &thing, "end", json!({"why_over": "expired"})).status,
        409
    );
    let life = w.get(&format!("{path}/versions"), &s.head).body;
    let who: Vec<&str> = life["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|v| v["who"].as_str())
        .collect();
    assert_eq!(who, ["teacher-a", "teacher-a", "head", "teacher-a"]);
    // pages
    let (status, page) = w.page(&format!("/things/{thing}"), &s.teacher);
    assert_eq!(status, 200);
    for words in ["谭二姑", "石若曦", "父母回来了", "一步一步"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(
        w.page("/things/list?sort=delegation&state=over", &s.teacher)
            .1
            .contains("石若曦")
    );
    assert_eq!(w.page(&format!("/things/{thing}"), &other).0, 404);
    // the words lie sealed, the chain covers it
    if !w.place.database.is_some() {
        let bytes = w.bytes();
        for secret in ["谭二姑", "19000055555"] {
            assert!(
                !bytes.windows(secret.len()).any(|b| b == secret.as_bytes()),
                "{secret} lies open"
            );
        }
    }
    assert_eq!(w.run(&["verify"]).0, 0);
    w.tamper("update things set state = 'running'");
    assert_eq!(w.run(&["verify"]).0, 1);
});

story!(stock_is_never_below_zero, |w: &World| {
    let s = w.school();
    let keepers: Vec<String> = ["keeper-a", "keeper-b"]
        .iter()
        .map(|n| w.user(n, &["--role", "subject_teacher", "--post", "store", "--school", "Y1"]))
        .collect();
    let goods = json!({"sort": "goods", "title": "雨伞", "stock": 10, "fields": {"donor": "县妇联"}});
    assert_eq!(
        add(w, &s.teacher, goods.clone()).status,
        403,
        "a class teacher keeps no store"
    );
    let umbrellas = id(&add(w, &keepers[0], goods.clone()));
    assert_eq!(add(w, &keepers[1], goods).status, 409, "the name is taken");
    let take = |token: &str, n: i64| {
        let a = w.post(
            &format!("/api/v1/things/{umbrellas}/stock"),
            token,
            &json!({"by": -n, "reason": "给四年级"}),
        );
        (a.status, a.body["detail"].as_str().unwrap_or_default().to_owned())
    };
    // the last ten at the same moment: ten go out, one clear refusal
    let both: Vec<(u16, String)> = std::thread::scope(|sc| {
        let hands: Vec<_> = keepers.iter().map(|k| sc.spawn(|| take(k, 10))).collect();
        hands.into_iter().map(|h| h.join().expect("a hand")).collect()
    });
    let mut status: Vec<u16> = both.iter().map(|b| b.0).collect();
    status.sort();
    assert_eq!(status, [200, 409], "{both:?}");
    assert!(both.iter().any(|b| b.1.contains("只剩 0 件")), "{both:?}");
    let stock = |n: i64| assert_eq!(w.get(&format!("/api/v1/things/{umbrellas}"), &s.head).body["stock"], n);
    stock(0);
    assert_eq!(
        w.post(
            &format!("/api/v1/things/{umbrellas}/stock"),
            &keepers[0],
            &json!({"by": 10})
        )
        .status,
        200
    );
    // twelve hands for ten umbrellas, one each
    let given: usize = std::thread::scope(|sc| {
        let hands: Vec<_> = (0..12)
            .map(|i| {
                let (take, keeper) = (&take, &keepers[i % 2]);
                sc.spawn(move || usize::from(take(keeper, 1).0 == 200))
            })
            .collect();
        hands.into_iter().map(|h| h.join().expect("a hand")).sum()
    });
    assert_eq!(given, 10);
    stock(0);
    assert_eq!(
        wrong(&w.post(
            &format!("/api/v1/things/{umbrellas}/stock"),
            &keepers[0],
            &json!({"by": 0})
        )),
        ["by"]
    );
});

story!(what_is_published_is_followed_not_changed, |w: &World| {
    let s = w.school();
    let office = w.user(
        "office",
        &["--role", "subject_teacher", "--post", "office", "--school", "Y1"],
    );
    let plan = json!({"sort": "document", "title": "关爱工作实施方案", "fields": {"kind": "plan", "body": "第一条"}});
    assert_eq!(add(w, &s.teacher, plan.clone()).status, 403);
    let doc = id(&add(w, &office, plan));
    let path = format!("/api/v1/things/{doc}");
    assert_eq!(
        step(w, &office, &doc, "publish", json!({})).status,
        403,
        "the head approves"
    );
    assert_eq!(
        step(w, &s.head, &doc, "publish", json!({})).status,
        409,
        "it was not submitted"
    );
    assert_eq!(step(w, &office, &doc, "submit", json!({})).status, 200);
    assert_eq!(
        step(w, &s.head, &doc, "return", json!({"why_back": "缺第二条"})).status,
        200
    );
    let now = w.get(&path, &office).body["version"].clone();
    let change = json!({"base_version": now, "fields": {"body": "第一条\n第二条"}});
    assert_eq!(w.call("PATCH", &path, &office, Some(&change), None).status, 200);
    assert_eq!(step(w, &office, &doc, "submit", json!({})).status, 200);
    assert_eq!(step(w, &s.head, &doc, "publish", json!({})).status, 200);
    let now = w.get(&path, &office).body["version"].clone();
    let change = json!({"base_version": now, "fields": {"body": "改了"}});
    assert_eq!(w.call("PATCH", &path, &office, Some(&change), None).status, 409);
    // all staff read it
    assert_eq!(w.get(&path, &s.teacher).body["fields"]["body"], "第一条\n第二条");
    assert!(
        w.page("/things/list?sort=document", &s.teacher)
            .1
            .contains("关爱工作实施方案")
    );
});

story!(a_need_walks_to_its_result, |w: &World| {
    let s = w.school();
    let child = w.child(&s.teacher, "401", "石若曦");
    let me = w.get("/api/v1/me", &s.teacher).body["id"].clone();
    let need = json!({"sort": "request", "child": child, "owner": me, "due": "2026-11-20",
        "fields": {"need": ["health"], "what": "配一副眼镜", "asked": "health_centre"}});
    let ask = id(&add(w, &s.teacher, need.clone()));
    assert!(w.page(&format!("/things/{ask}"), &s.teacher).1.contains("晚 4 天"));
    assert!(w.page("/things", &s.teacher).1.contains("晚了 1 件"));
    for (name, fields) in [
        ("send", json!({})),
        ("refuse", json!({"why_refused": "没有镜片"})),
        ("send", json!({})),
        ("accept", json!({})),
        ("finish", json!({"result": "配好了"})),
    ] {
        let a = step(w, &s.teacher, &ask, name, fields);
        assert_eq!(a.status, 200, "{name}: {:?}", a.body);
    }
    let (_, page) = w.page(&format!("/things/{ask}"), &s.teacher);
    assert!(page.contains("配好了") && page.contains("没有镜片") && !page.contains("晚 4 天"));
    // an owner who is nobody; a thing that is deleted is gone, with a reason
    let mut nobody = need;
    nobody["owner"] = tx_base::Id::fresh().to_string().into();
    assert_eq!(wrong(&add(w, &s.teacher, nobody)), ["owner"]);
    let path = format!("/api/v1/things/{ask}");
    assert_eq!(
        wrong(&w.call("DELETE", &path, &s.teacher, Some(&json!({"reason": " "})), None)),
        ["reason"]
    );
    assert_eq!(
        w.call("DELETE", &path, &s.teacher, Some(&json!({"reason": "记错了"})), None)
            .status,
        200
    );
    assert_eq!(w.get(&path, &s.teacher).status, 404);
});

story!(forms_keep_what_was_typed, |w: &World| {
    w.bare_school();
    let mut b = w.browser("head", &["--role", "head", "--school", "Y1"]);
    let shelf = b.get("/things");
    assert!(shelf.text.contains("物资") && shelf.text.contains("方案和制度"));
    let at = "/things/new?sort=donor_project";
    let fields = [
        ("sort", "donor_project"),
        ("title", "阳光计划"),
        ("f_donor", ""),
        ("f_budget", "很多"),
        ("f_aim", "建图书角 =1+1 <b>"),
    ];
    let page = b.post(at, "/things/new", &fields);
    assert_eq!(page.status, 422);
    for words in ["阳光计划", "很多", "建图书角 =1+1 &lt;b&gt;", "捐赠人还没填"] {
        assert!(page.text.contains(words), "{words}");
    }
    let fields = [
        ("sort", "donor_project"),
        ("title", "阳光计划"),
        ("f_donor", "阳光基金会"),
        ("f_budget", "5000"),
        ("f_spent", "6000"),
    ];
    let page = b.post(at, "/things/new", &fields);
    assert!(page.status == 422 && page.text.contains("比预算还多"));
    let fields = [
        ("sort", "donor_project"),
        ("title", "阳光计划"),
        ("f_donor", "阳光基金会"),
        ("f_budget", "5000"),
        ("f_spent", "600"),
    ];
    assert_eq!(b.post(at, "/things/new", &fields).status, 303);
    assert!(b.get("/things/list?sort=donor_project").text.contains("阳光计划"));
    let out = w.place.data.join("projects.xlsx");
    let (code, _) = w.run(&[
        "report",
        "ledger",
        "donor_project",
        "--school",
        "Y1",
        "--from",
        "2026-09-01",
        "--to",
        "2026-11-30",
        "--out",
        out.to_str().expect("a path"),
    ]);
    assert_eq!(code, 0);
    assert!(std::fs::metadata(out).expect("a sheet").len() > 1000);
});

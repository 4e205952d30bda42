//! L1: the one-time link, five steps, and who may hold what: nobody appoints itself, the last administrator stays.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, story};

/// The link that the first start prints.
fn link(w: &World) -> Option<String> {
    tongxing::first_link(&w.place).expect("the store opens")
}
fn first_admin(w: &World) -> Browser {
    let path = link(w).expect("there is no administrator yet");
    let mut b = Browser::at(&w.address);
    let made = b.post(
        &path,
        &path,
        &[
            ("shown", "石校长"),
            ("username", "shi"),
            ("new", "shanjian qingquan"),
            ("again", "shanjian qingquan"),
        ],
    );
    assert_eq!((made.status, made.to.as_str()), (303, "/setup"), "{}", made.text);
    b
}
/// The text after a heading of a definition list.
fn shown_password(page: &str) -> String {
    page.split("首次密码</dt><dd>")
        .nth(1)
        .and_then(|s| s.split('<').next())
        .unwrap_or_default()
        .trim()
        .to_owned()
}

story!(the_link_works_once, |w: &World| {
    let old = link(w).expect("a link");
    let path = link(w).expect("a new one at the next start");
    assert_ne!(old, path);
    let mut b = Browser::at(&w.address);
    assert_eq!(b.get(&old).status, 410, "the earlier link is dead");
    assert_eq!(b.get("/setup/nonsense").status, 410);
    let form = b.get(&path);
    assert!(form.status == 200 && form.text.contains("第一名管理员"));
    for (fields, why) in [
        (
            [
                ("shown", "石校长"),
                ("username", "shi"),
                ("new", "12345678"),
                ("again", "12345678"),
            ],
            "太常见",
        ),
        (
            [
                ("shown", "石校长"),
                ("username", "shi"),
                ("new", "shanjian qingquan"),
                ("again", "shanjian"),
            ],
            "两次不一样",
        ),
        (
            [
                ("shown", "石校长"),
                ("username", ""),
                ("new", "shanjian qingquan"),
                ("again", "shanjian qingquan"),
            ],
            "1 到 60 个字",
        ),
    ] {
        let no = b.post(&path, &path, &fields);
        assert!(
            no.status == 422 && no.text.contains(why),
            "{why}: {} {}",
            no.status,
            no.text
        );
    }
    let made = b.post(
        &path,
        &path,
        &[
            ("shown", "石校长"),
            ("username", "shi"),
            ("new", "shanjian qingquan"),
            ("again", "shanjian qingquan"),
        ],
    );
    assert_eq!(made.status, 303, "{}", made.text);
    let again = Browser::at(&w.address).get(&path);
    assert!(
        again.status == 410 && again.text.contains("用过了"),
        "the second use says so"
    );
    assert_eq!(link(w), None, "with an administrator there is no link");
    assert!(
        !String::from_utf8_lossy(&w.bytes()).contains(path.trim_start_matches("/setup/")),
        "the token is stored hashed"
    );
});

story!(five_steps_each_saved_and_back_keeps_all, |w: &World| {
    let mut b = first_admin(w);
    assert!(b.get("/setup").text.contains("第一次用童行"));
    let bad = b.post(
        "/setup",
        "/setup/steps/school",
        &[("name", "云溪小学"), ("code", "云"), ("stage", "primary")],
    );
    assert!(
        bad.status == 422 && bad.text.contains("云溪小学") && bad.text.contains("学校代码要"),
        "{}",
        bad.status
    );
    let good = b.post(
        "/setup",
        "/setup/steps/school",
        &[
            ("name", "云溪小学"),
            ("code", "Y1"),
            ("stage", "primary"),
            ("rooms", "2"),
            ("village_names", "洞坪村\n上寨村"),
            ("is_head", "1"),
        ],
    );
    assert_eq!(
        (good.status, good.to.as_str()),
        (303, "/setup?step=people#people"),
        "{}",
        good.text
    );
    let people = b.post(
        "/setup?step=people",
        "/setup/steps/people",
        &[("staff", "周梅 女 班主任 401\n田维国 男 科任 401\n何静 心理")],
    );
    assert!(
        people.status == 200 && people.text.contains("周梅") && people.text.contains("首次密码"),
        "{} {}",
        people.status,
        people.text
    );
    let unknown = b.post("/setup?step=people", "/setup/steps/people", &[("staff", "龙飞 火箭手")]);
    assert!(
        unknown.status == 422 && unknown.text.contains("火箭手"),
        "what is not understood is said"
    );
    let terms = b.post(
        "/setup?step=terms",
        "/setup/steps/terms",
        &[
            ("t2026_1_from", "2026-09-07"),
            ("t2026_1_to", "2027-01-22"),
            ("t2026_2_from", "2027-02-22"),
            ("t2026_2_to", "2027-07-02"),
        ],
    );
    assert_eq!(terms.status, 303, "{}", terms.text);
    assert!(
        b.get("/setup?step=scheme").text.contains("20 名孩子的班主任，每周"),
        "each card says the week it makes"
    );
    assert_eq!(
        b.post("/setup?step=scheme", "/setup/steps/scheme", &[("scheme", "S5")])
            .status,
        303
    );
    // back: what was saved stands there
    let back = b.get("/setup?step=school").text;
    assert!(
        back.contains("云溪小学") && back.contains("洞坪村\n上寨村") && back.contains("value=\"2\""),
        "back keeps all"
    );
    assert!(b.get("/setup?step=terms").text.contains("2026-09-07"));
    let end = b.get("/setup?step=end").text;
    assert!(end.contains("今天要做的三件事") && end.contains("花名册"), "{end}");

    // I am the head: that role too, once, and audited
    let token = w.run(&["token", "add", "--user", "shi"]).1;
    let me = w.get("/api/v1/me", &token);
    assert_eq!(
        (me.body["roles"].clone(), me.body["school"].as_str()),
        (json!(["admin", "head"]), Some("Y1")),
        "{:?}",
        me.body
    );
    assert!(
        w.get("/api/v1/audit?limit=200", &token).body["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|e| e["action"] == "admin.is_head")
    );
    let again = b.post(
        "/setup?step=school",
        "/setup/steps/school",
        &[("name", "云溪小学"), ("stage", "primary"), ("is_head", "1")],
    );
    assert!(
        again.status == 422 && again.text.contains("校长已经有了"),
        "{}",
        again.status
    );
    let p = w.get("/api/v1/schools/Y1/profile", &token).body["profile"].clone();
    assert_eq!((p["rooms"].as_i64(), p["villages"].as_i64()), (Some(2), Some(2)));
    assert_eq!(w.get("/api/v1/schemes", &token).body["items"][0]["base"], "s5");
    assert_eq!(
        w.get("/api/v1/classes", &token).body["items"][0]["class_teacher"]["name"],
        "周梅"
    );
    assert_eq!(w.run(&["verify"]).0, 0);
});

/// A school with its head and an administrator; people by user name.
struct Staff {
    admin: String,
    head: String,
    teacher: String,
}
fn staff(w: &World) -> Staff {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    Staff {
        admin: w.user("admin-a", &["--role", "admin"]),
        head: w.user("head-a", &["--role", "head", "--school", "Y1"]),
        teacher: w.user(
            "teacher-a",
            &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
        ),
    }
}
fn id_of(w: &World, token: &str) -> String {
    w.get("/api/v1/me", token).body["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}
fn held(w: &World, token: &str, query: &str, user: &str) -> Vec<String> {
    let all = w.get(&format!("/api/v1/users{query}"), token);
    let p = all.body["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{:?}", all.body))
        .iter()
        .find(|p| p["user"] == user)
        .cloned()
        .unwrap_or_default();
    p["held"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|h| h["held"].as_str().unwrap_or_default().to_owned())
        .collect()
}

story!(a_person_is_added_and_the_password_shown_once, |w: &World| {
    let s = staff(w);
    let body = json!({"name": "何静", "sex": "f", "roles": ["counsellor", "nurse", {"role": "subject_teacher", "class": "401"}]});
    let key = Some("people-key-0123456789");
    let one = w.call("POST", "/api/v1/users", &s.head, Some(&body), key);
    assert_eq!(one.status, 201, "{:?}", one.body);
    let password = one.body["password"].as_str().expect("shown now").to_owned();
    let two = w.call("POST", "/api/v1/users", &s.head, Some(&body), key);
    assert_eq!(
        (two.status, &two.body["id"], &two.body["password"]),
        (201, &one.body["id"], &Json::Null),
        "the same request adds nobody and shows nothing"
    );
    assert_eq!(held(w, &s.head, "", "何静"), ["counsellor", "nurse", "subject_teacher"]);
    assert!(
        !String::from_utf8_lossy(&w.bytes()).contains(&password),
        "a first password lies nowhere"
    );
    let mut b = Browser::at(&w.address);
    assert_eq!(b.login("何静", &password).status, 303);
    assert!(b.get("/me").text.contains("首次密码"), "asks for a change");
    let changed = b.post(
        "/me",
        "/me/password",
        &[
            ("current", &password),
            ("new", "xiaoshan gaojian"),
            ("again", "xiaoshan gaojian"),
        ],
    );
    assert_eq!(changed.status, 303, "{}", changed.text);
    assert!(
        !b.get("/me").text.contains("现在用的是首次密码"),
        "and is signed in still"
    );
    for (bad, field) in [
        (json!({"name": "", "roles": ["nurse"]}), "name"),
        (json!({"name": "甲乙", "roles": []}), "role"),
        (json!({"name": "甲乙", "roles": ["king"]}), "role"),
        (json!({"name": "甲乙", "roles": ["class_teacher"]}), "class"),
        (json!({"name": "甲乙", "roles": ["nurse"], "to": "2031-01-01"}), "to"),
        (json!({"name": "甲乙", "roles": ["nurse"], "age": 40}), "age"),
    ] {
        let a = w.post("/api/v1/users", &s.head, &bad);
        assert_eq!(
            (a.status, a.body["errors"][0]["field"].as_str()),
            (422, Some(field)),
            "{bad} {:?}",
            a.body
        );
    }
    assert_eq!(w.post("/api/v1/users", &s.teacher, &body).status, 403);
});

story!(nobody_appoints_itself_and_heads_keep_to_their_school, |w: &World| {
    let s = staff(w);
    let (admin, head, teacher) = (id_of(w, &s.admin), id_of(w, &s.head), id_of(w, &s.teacher));
    let give = |token: &str, who: &str, role: &str| {
        w.post(&format!("/api/v1/users/{who}/rights"), token, &json!({"role": role}))
            .status
    };
    assert_eq!(
        give(&s.admin, &admin, "county"),
        403,
        "an administrator gives itself nothing"
    );
    assert_eq!(give(&s.head, &head, "counsellor"), 403);
    assert_eq!(
        give(&s.head, &teacher, "head"),
        403,
        "a head is appointed by an administrator"
    );
    assert_eq!(give(&s.head, &teacher, "admin"), 403);
    assert_eq!(give(&s.head, &teacher, "office"), 201);
    assert_eq!(give(&s.head, &teacher, "office"), 409, "it is held already");
    assert_eq!(
        give(&s.head, &admin, "leader"),
        404,
        "an account of the county is not there for a head"
    );
    assert_eq!(w.run(&["school", "add", "--code", "Y2", "--name", "上寨小学"]).0, 0);
    let far = w.user("head-b", &["--role", "head", "--school", "Y2"]);
    assert_eq!(give(&far, &teacher, "office"), 404);
    let all = w.get("/api/v1/users", &s.head).body;
    let office = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["user"] == "teacher-a")
        .unwrap()["held"]
        .as_array()
        .unwrap()
        .iter()
        .find(|h| h["held"] == "office")
        .unwrap()
        .clone();
    assert_eq!(
        (office["approved_by"].as_str(), office["to"].as_str()),
        (Some("head-a"), Some("2027-08-31")),
        "who approved it, and until when"
    );
    // ending works at the next request
    let end =
        |token: &str, who: &str, body: Json| w.post(&format!("/api/v1/users/{who}/rights/end"), token, &body).status;
    assert_eq!(end(&s.head, &teacher, json!({"role": "class_teacher"})), 200);
    assert_eq!(
        end(&s.head, &teacher, json!({"role": "class_teacher"})),
        404,
        "it is over"
    );
    assert_eq!(held(w, &s.head, "", "teacher-a"), ["office"]);
    assert_eq!(w.get("/api/v1/me", &s.teacher).body["classes"], json!([]));
});

story!(the_last_administrator_stays, |w: &World| {
    let s = staff(w);
    let admin = id_of(w, &s.admin);
    assert_eq!(
        w.call("POST", &format!("/api/v1/users/{admin}/disable"), &s.admin, None, None)
            .status,
        409
    );
    assert_eq!(
        w.post(
            &format!("/api/v1/users/{admin}/rights/end"),
            &s.admin,
            &json!({"role": "admin"})
        )
        .status,
        409
    );
    let second = w.user("admin-b", &["--role", "admin"]);
    assert_eq!(
        w.post(
            &format!("/api/v1/users/{admin}/rights/end"),
            &second,
            &json!({"role": "admin"})
        )
        .status,
        200
    );
    assert_eq!(
        w.get("/api/v1/me", &s.admin).status,
        401,
        "without any right the token opens nothing"
    );
});

story!(disabling_and_a_new_first_password, |w: &World| {
    let s = staff(w);
    let teacher = id_of(w, &s.teacher);
    assert_eq!(
        w.call(
            "POST",
            &format!("/api/v1/users/{}/password", id_of(w, &s.head)),
            &s.head,
            None,
            None
        )
        .status,
        409,
        "one's own password is changed, not made anew"
    );
    let again = w.call(
        "POST",
        &format!("/api/v1/users/{teacher}/password"),
        &s.head,
        None,
        None,
    );
    assert_eq!(again.status, 200, "{:?}", again.body);
    assert_eq!(w.get("/api/v1/me", &s.teacher).status, 401, "sessions and tokens ended");
    let password = again.body["password"].as_str().unwrap().to_owned();
    let mut b = Browser::at(&w.address);
    assert_eq!(b.login("teacher-a", &password).status, 303);
    let boss = w.call(
        "POST",
        &format!("/api/v1/users/{}/password", id_of(w, &s.head)),
        &s.admin,
        None,
        None,
    );
    let mut h = Browser::at(&w.address);
    assert_eq!(h.login("head-a", boss.body["password"].as_str().unwrap()).status, 303);
    let page = h.get("/people").text;
    assert!(
        page.contains("teacher-a") && page.contains("看不到别的班"),
        "each with the sentence of what it sees"
    );
    let off = h.post(
        &format!("/people/{teacher}"),
        &format!("/people/{teacher}/disable"),
        &[],
    );
    assert_eq!(off.status, 303, "{}", off.text);
    assert_eq!(b.get("/me").status, 303, "the session is dead at once");
    assert_eq!(Browser::at(&w.address).login("teacher-a", &password).status, 401);
    assert_eq!(
        h.post(&format!("/people/{teacher}"), &format!("/people/{teacher}/enable"), &[])
            .status,
        303
    );
    assert_eq!(Browser::at(&w.address).login("teacher-a", &password).status, 303);
    let reissued = h.post(
        &format!("/people/{teacher}"),
        &format!("/people/{teacher}/password"),
        &[],
    );
    let shown = shown_password(&reissued.text);
    assert!(
        reissued.status == 200 && !shown.is_empty(),
        "shown on the page: {}",
        reissued.text
    );
    assert_eq!(
        Browser::at(&w.address).login("teacher-a", &password).status,
        401,
        "the old one is gone"
    );
    assert_eq!(Browser::at(&w.address).login("teacher-a", &shown).status, 303);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(own_devices_and_tokens, |w: &World| {
    let s = staff(w);
    let p = w.call(
        "POST",
        &format!("/api/v1/users/{}/password", id_of(w, &s.teacher)),
        &s.head,
        None,
        None,
    );
    let password = p.body["password"].as_str().unwrap().to_owned();
    let (mut a, mut b) = (Browser::at(&w.address), Browser::at(&w.address));
    a.login("teacher-a", &password);
    b.login("teacher-a", &password);
    let wrong = a.post(
        "/me",
        "/me/password",
        &[
            ("current", "wrong"),
            ("new", "xiaoshan gaojian"),
            ("again", "xiaoshan gaojian"),
        ],
    );
    assert!(wrong.status == 422 && wrong.text.contains("现在的密码不对"));
    let made = a.post("/me", "/me/tokens", &[("label", "导出脚本"), ("to", "2026-12-31")]);
    let token = made
        .text
        .split("<code class=\"long\">")
        .nth(1)
        .and_then(|t| t.split('<').next())
        .expect("shown once")
        .to_owned();
    assert_eq!(w.get("/api/v1/me", &token).body["name"], "teacher-a");
    assert!(!a.get("/me").text.contains(&token), "and never again");
    let far = a.post("/me", "/me/tokens", &[("label", "x"), ("to", "2031-12-31")]);
    assert_eq!(far.status, 422);
    assert_eq!(a.post("/me", "/me/sessions/end-others", &[]).status, 303);
    assert_eq!((a.get("/me").status, b.get("/me").status), (200, 303));
});

story!(page_and_console_renew_by_the_same_rule, |w: &World| {
    let s = staff(w);
    let to = |user: &str| {
        let all = w.get("/api/v1/users", &s.head).body["items"].clone();
        all.as_array()
            .into_iter()
            .flatten()
            .find(|p| p["user"] == user)
            .map(|p| p["held"][0]["to"].clone())
            .unwrap_or_default()
    };
    assert_eq!(to("teacher-a"), "2027-08-31");
    let on = |day: &str, args: &[&str]| {
        let out = w.command(args).env("TONGXING_TODAY", day).output().expect("runs");
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    };
    let renew = ["user", "renew", "--school", "Y1"];
    assert_eq!(
        on("2027-06-30", &renew),
        "0 2027-08-31",
        "in June there is nothing to do"
    );
    // the classes of the new year are there: the right for the old class goes no further, the head's does
    let class = w.post(
        "/api/v1/classes",
        &s.head,
        &json!({"school": "Y1", "code": "501", "school_year": "2027-2028"}),
    );
    assert_eq!(class.status, 201, "{:?}", class.body);
    assert_eq!(on("2027-08-20", &renew), "1 2028-08-31");
    assert_eq!(
        (to("head-a"), to("teacher-a")),
        (json!("2028-08-31"), json!("2027-08-31"))
    );
});

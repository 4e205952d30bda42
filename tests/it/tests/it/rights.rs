//! security.md §1 and §3: the second factor, grants with an end, accounts that sleep, samples of inspectors, who read a file.

use serde_json::json;
use tx_base::{Clock, Day};
use tx_it::browser::Browser;
use tx_it::{World, serve, settings, story};

fn school(w: &World) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
}
fn password_of(w: &World, args: &[&str]) -> String {
    let (code, out) = w.run(args);
    assert_eq!(code, 0, "{args:?}");
    out.split_whitespace().last().expect("a password").to_owned()
}
fn actions(w: &World, token: &str) -> Vec<String> {
    let a = w.get("/api/v1/audit?limit=200", token);
    a.body["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|e| e["action"].as_str().unwrap_or_default().to_owned())
        .collect()
}
/// The time code of a seed, `ahead` steps from now.
fn code(w: &World, seed: &str, ahead: i64) -> String {
    let step = w.place.clock.now().0 / 30_000 + ahead;
    tx_seal::totp(&tx_seal::from_base32(seed).expect("base32"), step as u64)
}
fn marked(text: &str) -> Vec<String> {
    text.split("<code>")
        .skip(1)
        .filter_map(|s| s.split("</code>").next())
        .map(|s| s.replace(' ', ""))
        .collect()
}

story!(a_head_signs_in_with_a_second_step, |w: &World| {
    school(w);
    let password = password_of(w, &["user", "add", "tan", "--role", "head", "--school", "Y1"]);
    let teacher = password_of(
        w,
        &[
            "user",
            "add",
            "shi",
            "--role",
            "class_teacher",
            "--school",
            "Y1",
            "--class",
            "401",
        ],
    );
    let (_, token) = w.run(&["token", "add", "--user", "tan"]);
    let site = serve(
        &w.place,
        tongxing::serve::Settings {
            second_factor_roles: "admin,head".into(),
            ..settings()
        },
    );
    // a role that needs none goes straight in, until the person wants it
    let mut b = Browser::at(&site);
    assert_eq!(b.login("shi", &teacher).to, "/");
    assert_eq!(b.get("/children").status, 200);
    assert_eq!(
        b.post("/me/second", "/me/second", &[("what", "on"), ("password", &teacher)])
            .to,
        "/login"
    );
    assert!(b.login("shi", &teacher).to.starts_with("/login/code"));
    let mut b = Browser::at(&site);
    let p = b.login("tan", &password);
    assert!(p.status == 303 && p.to.starts_with("/login/code"), "{p:?}");
    // the password alone opens nothing
    assert!(b.get("/children").to.starts_with("/login"));
    assert_eq!(b.get("/api/v1/me").status, 401);
    let page = b.get("/login/code");
    let seed = marked(&page.text).first().cloned().expect("the seed in letters");
    assert!(page.text.contains("<svg") && seed.len() == 32, "{seed}");
    assert_eq!(b.post("/login/code", "/login/code", &[("code", "000000")]).status, 401);
    let first = code(w, &seed, 0);
    let p = b.post("/login/code", "/login/code", &[("code", &first)]);
    let recovery = marked(&p.text);
    assert_eq!((p.status, recovery.len()), (200, 10));
    assert_eq!(b.get("/children").status, 200);
    // the seed is not shown a second time, a code works once, a recovery code too
    let mut c = Browser::at(&site);
    c.login("tan", &password);
    assert!(!c.get("/login/code").text.contains(&seed[..8]));
    assert_eq!(
        c.post("/login/code", "/login/code", &[("code", &first)]).status,
        401,
        "used"
    );
    assert_eq!(c.post("/login/code", "/login/code", &[("code", &recovery[0])]).to, "/");
    let mut d = Browser::at(&site);
    d.login("tan", &password);
    assert_eq!(
        d.post("/login/code", "/login/code", &[("code", &recovery[0])]).status,
        401,
        "used"
    );
    assert_eq!(
        d.post("/login/code", "/login/code", &[("code", &code(w, &seed, 1))]).to,
        "/"
    );
    // guessing is slowed down
    let mut e = Browser::at(&site);
    e.login("tan", &password);
    let last = (0..8)
        .map(|_| e.post("/login/code", "/login/code", &[("code", "000000")]).status)
        .last();
    assert_eq!(last, Some(429));
    // tokens need none; the seed lies sealed
    assert_eq!(
        w.get("/api/v1/me", token.split_whitespace().last().expect("a token"))
            .status,
        200
    );
    if w.place.database.is_none() {
        let bytes = w.bytes();
        assert!(!bytes.windows(seed.len()).any(|b| b == seed.as_bytes()));
    }
});

story!(another_phone_begins_anew, |w: &World| {
    school(w);
    let password = password_of(w, &["user", "add", "tan", "--role", "head", "--school", "Y1"]);
    let site = serve(
        &w.place,
        tongxing::serve::Settings {
            second_factor_roles: "head".into(),
            ..settings()
        },
    );
    let mut b = Browser::at(&site);
    b.login("tan", &password);
    let seed = marked(&b.get("/login/code").text)[0].clone();
    b.post("/login/code", "/login/code", &[("code", &code(w, &seed, 0))]);
    assert_eq!(
        b.post("/me/second", "/me/second", &[("what", "codes"), ("password", "wrong")])
            .status,
        422
    );
    let p = b.post(
        "/me/second",
        "/me/second",
        &[("what", "codes"), ("password", &password)],
    );
    assert_eq!((p.status, marked(&p.text).len()), (200, 10));
    assert_eq!(
        b.post(
            "/me/second",
            "/me/second",
            &[("what", "again"), ("password", &password)]
        )
        .to,
        "/login"
    );
    assert!(b.get("/children").to.starts_with("/login"), "the session has ended");
    b.login("tan", &password);
    let again = marked(&b.get("/login/code").text)[0].clone();
    assert_ne!(again, seed);
});

story!(an_account_unused_for_sixty_days_sleeps, |w: &World| {
    school(w);
    let token = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    assert_eq!(w.get("/api/v1/me", &token).status, 200);
    let later = |day: &str| {
        let mut place = w.place.clone();
        place.clock = Clock::fixed(Day::lit(day));
        serve(&place, settings())
    };
    assert_eq!(
        w.get_at(&later("2027-01-22"), "/api/v1/me", &token).status,
        200,
        "59 days, and used anew by this"
    );
    let site = later("2027-03-25");
    assert_eq!(w.get_at(&site, "/api/v1/me", &token).status, 401);
    let woken = w
        .command(&["user", "wake", "t"])
        .env("TONGXING_TODAY", "2027-03-25")
        .output()
        .expect("runs");
    assert!(woken.status.success());
    assert_eq!(w.get_at(&site, "/api/v1/me", &token).status, 200);
});

story!(
    rights_end_with_the_school_year_and_are_renewed_in_one_step,
    |w: &World| {
        school(w);
        let head = w.user("h", &["--role", "head", "--school", "Y1"]);
        let teacher = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
        let grants = w.get("/api/v1/grants", &head);
        let items = grants.body["items"].as_array().expect("items");
        assert_eq!(items.len(), 2);
        assert!(
            items
                .iter()
                .all(|g| g["approved_by"].as_str().is_some_and(|b| b.starts_with("console:")) && g["to"].is_string()),
            "{items:?}"
        );
        let on = |day: &str| {
            let mut place = w.place.clone();
            place.clock = Clock::fixed(Day::lit(day));
            serve(
                &place,
                tongxing::serve::Settings {
                    sleep_after_days: 0,
                    ..settings()
                },
            )
        };
        assert_eq!(
            w.get_at(&on("2027-09-10"), "/api/v1/me", &teacher).status,
            401,
            "the year is over"
        );
        let june = on("2027-08-20");
        assert_eq!(
            w.call_at(&june, "POST", "/api/v1/grants/renew", &teacher, None).status,
            403
        );
        let a = w.call_at(&june, "POST", "/api/v1/grants/renew", &head, None);
        assert_eq!((a.status, a.body["renewed"].as_i64()), (200, Some(2)), "{:?}", a.body);
        assert_eq!(w.get_at(&on("2027-09-10"), "/api/v1/me", &teacher).status, 200);
        let items = w.get("/api/v1/grants", &head).body["items"].clone();
        assert!(
            items
                .as_array()
                .is_some_and(|i| i.iter().all(|g| g["approved_by"] == "h")),
            "who renews approves: {items}"
        );
        // when all have ended, the console still can
        let late = w
            .command(&["user", "renew", "--school", "Y1"])
            .env("TONGXING_TODAY", "2028-10-01")
            .output()
            .expect("runs");
        assert_eq!(String::from_utf8_lossy(&late.stdout).trim(), "2 2029-08-31");
    }
);

story!(an_inspector_sees_a_sample_of_thirty_files, |w: &World| {
    school(w);
    let t = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let head = w.user("h", &["--role", "head", "--school", "Y1"]);
    let i = w.user("i", &["--role", "inspector", "--school", "Y1"]);
    let children: Vec<String> = (0..31).map(|n| w.child(&t, "401", &format!("石小{n}"))).collect();
    let shows = |id: &str| {
        let list = w.get("/api/v1/children?limit=200", &i);
        let items = list.body["items"].as_array().expect("items").clone();
        items
            .iter()
            .find(|c| c["id"] == *id)
            .expect("named")
            .get("birth_date")
            .is_some()
    };
    assert!(!shows(&children[0]), "the list alone carries no personal field");
    let one = w.get(&format!("/api/v1/children/{}", children[0]), &i);
    assert_eq!((one.status, one.body["birth_date"].as_str()), (200, Some("2016-05-01")));
    assert!(shows(&children[0]) && !shows(&children[1]));
    for c in &children[1..30] {
        assert_eq!(w.get(&format!("/api/v1/children/{c}"), &i).status, 200);
    }
    assert_eq!(
        w.get(&format!("/api/v1/children/{}", children[30]), &i).status,
        403,
        "the sample is full"
    );
    assert_eq!(
        w.get(&format!("/api/v1/children/{}", children[4]), &i).status,
        200,
        "what is in it stays open"
    );
    let seen = actions(w, &head);
    assert_eq!(
        seen.iter().filter(|a| *a == "file.sample").count(),
        30,
        "each is logged"
    );
    assert!(seen.iter().any(|a| a == "refused"));
});

story!(the_last_readers_and_the_hundred_and_first_file, |w: &World| {
    school(w);
    let t = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let head = w.user("h", &["--role", "head", "--school", "Y1"]);
    let far = w.user("s", &["--role", "subject_teacher", "--school", "Y1", "--class", "402"]);
    let children: Vec<String> = (0..101).map(|n| w.child(&t, "401", &format!("石小{n}"))).collect();
    for c in &children[..100] {
        assert_eq!(w.get(&format!("/api/v1/children/{c}"), &head).status, 200);
    }
    w.get(&format!("/api/v1/children/{}", children[0]), &head);
    assert!(
        !actions(w, &head).iter().any(|a| a == "file.many"),
        "a hundred, one of them twice"
    );
    w.get(&format!("/api/v1/children/{}?include=sensitive", children[100]), &head);
    assert_eq!(actions(w, &head).iter().filter(|a| *a == "file.many").count(), 1);
    let path = format!("/api/v1/children/{}/readers", children[100]);
    let read = w.get(&path, &t);
    let what: Vec<_> = read.body["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|r| json!([r["who"], r["role"], r["what"]]))
        .collect();
    assert!(
        what.contains(&json!(["h", "head", "file"])) && what.contains(&json!(["h", "head", "sensitive"])),
        "{what:?}"
    );
    assert!(matches!(w.get(&path, &far).status, 403 | 404));
});

story!(guessable_passwords_are_refused, |w: &World| {
    school(w);
    let password = password_of(
        w,
        &[
            "user",
            "add",
            "tianqiuhe",
            "--role",
            "class_teacher",
            "--school",
            "Y1",
            "--class",
            "401",
        ],
    );
    let (_, token) = w.run(&["token", "add", "--user", "tianqiuhe"]);
    let token = token.split_whitespace().last().expect("a token").to_owned();
    for bad in [
        "12345678",
        "woaini1314",
        "20160501",
        "tianqiuhe-2026",
        "云溪小学的老师",
        "short",
    ] {
        let a = w.post("/api/v1/me/password", &token, &json!({"current": password, "new": bad}));
        assert_eq!(
            (a.status, a.body["errors"][0]["field"].as_str()),
            (422, Some("new")),
            "{bad}"
        );
    }
    let a = w.post(
        "/api/v1/me/password",
        &token,
        &json!({"current": password, "new": "山里的星星会亮的"}),
    );
    assert_eq!(a.status, 200, "{:?}", a.body);
});

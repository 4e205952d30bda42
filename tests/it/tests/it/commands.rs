//! The commands of interfaces.md that stand today.

use tx_it::{World, story};

story!(names_are_unique_and_faults_are_sentences, |w: &World| {
    let add = ["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"];
    assert_eq!(w.run(&add).0, 0);
    assert_eq!(w.run(&add).0, 1, "the code is taken");
    assert_eq!(
        w.run(&["school", "add", "--code", "Y2", "--name", "x", "--scheme", "S9"])
            .0,
        1
    );
    assert_eq!(w.run(&["user", "add", "a", "--role", "king"]).0, 1);
    assert_eq!(
        w.run(&["user", "add", "a", "--role", "head"]).0,
        1,
        "a head has a school"
    );
    let (code, password) = w.run(&["user", "add", "a", "--role", "head", "--school", "Y1"]);
    assert_eq!((code, password.split_whitespace().last().map(str::len)), (0, Some(17)));
    assert_eq!(
        w.run(&["user", "add", "a", "--role", "head", "--school", "Y1"]).0,
        1,
        "the name is taken"
    );
    let (code, out) = w.run(&["duties", "--school", "Y1", "--json"]);
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<serde_json::Value>(&out).expect("JSON")["items"].is_array());
    let (_, routes) = w.run(&["routes", "--json"]);
    let routes: serde_json::Value = serde_json::from_str(&routes).expect("JSON");
    assert_eq!(routes.as_array().map(Vec::len), Some(tongxing::routes().len()));
});

story!(a_user_of_the_console_is_one_of_the_page, |w: &World| {
    let add = ["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"];
    assert_eq!(w.run(&add).0, 0);
    let head = w.user("head-a", &["--role", "head", "--school", "Y1"]);
    let first = w.user("zhou", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let child = w.child(&first, "401", "石若曦");
    let second = w.user(
        "tian",
        &[
            "--role",
            "class_teacher",
            "--school",
            "Y1",
            "--class",
            "401",
            "--class",
            "402",
            "--post",
            "office",
            "--post",
            "office",
        ],
    );
    assert_eq!(
        w.get("/api/v1/me", &first).status,
        401,
        "a class has one class teacher, and this one holds nothing else"
    );
    let me = w.get("/api/v1/me", &second).body;
    assert_eq!(
        (me["classes"].clone(), me["posts"].clone()),
        (serde_json::json!(["401", "402"]), serde_json::json!(["office"]))
    );
    let duties = w.get(&format!("/api/v1/duties?child={child}"), &second).body["items"].clone();
    let owners: Vec<&str> = duties
        .as_array()
        .into_iter()
        .flatten()
        .filter(|d| d["kind"] == "heart_talk")
        .filter_map(|d| d["owner"].as_str())
        .collect();
    assert!(
        !owners.is_empty() && owners.iter().all(|o| *o == "tian"),
        "who leads the class now owes the talks: {duties}"
    );
    // a volunteer and an inspector are no staff of the school
    for (name, role) in [("v", "helper"), ("i", "inspector")] {
        w.user(name, &["--role", role, "--school", "Y1"]);
    }
    let all = w.get("/api/v1/users", &head).body["items"].clone();
    let of = |user: &str| {
        all.as_array()
            .into_iter()
            .flatten()
            .find(|p| p["user"] == user)
            .cloned()
            .unwrap_or_default()
    };
    assert!(of("v")["adult"].is_null() && of("i")["adult"].is_null() && of("tian")["adult"].is_string());
    assert_eq!(of("v")["held"][0]["to"], "2027-11-23", "a year at most");
    assert!(of("tian")["first_password_until"].is_string(), "a first password dies");
    for (args, why) in [
        (vec!["--role", "admin", "--post", "office"], "a post needs a school"),
        (vec!["--role", "admin", "--class", "401"], "a class needs a school"),
        (
            vec!["--role", "class_teacher", "--school", "Y1", "--class", "四一"],
            "no class code",
        ),
    ] {
        let all = [vec!["user", "add", "x"], args].concat();
        assert_eq!(w.run(&all).0, 1, "{why}");
    }
    assert_eq!(w.run(&["user", "disable", "x"]).0, 1, "nothing of it was written");
    assert_eq!(w.run(&["user", "disable", "tian"]).0, 0);
    assert_eq!(w.get("/api/v1/me", &second).status, 401);
    assert_eq!(w.run(&["verify"]).0, 0);
});

#[test]
fn what_is_typed_wrong_gets_a_sentence_and_1() {
    let w = World::sqlite();
    for (typed, words) in [
        (&["duties", "--school", "Y1", "--on", "2026-13-01"][..], "2026-13-01"),
        (&["duties", "--colour", "red"], "没有 --colour 这个选项"),
        (&["dutties"], "没有 dutties 这个命令"),
        (&["report", "summary", "--school", "Y1"], "还缺"),
    ] {
        let out = w.command(typed).env("LANG", "zh_CN.UTF-8").output().expect("runs");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(1), "{typed:?}: {said}");
        assert!(said.contains(words) && said.lines().count() == 1, "{typed:?}: {said}");
    }
    assert_eq!(w.command(&["--help"]).output().expect("runs").status.code(), Some(0));
}

#[test]
fn the_demonstration_fills_and_holds() {
    let w = World::sqlite();
    let (code, out) = w.run(&["demo", "--fill-only", "--seed", "2"]);
    assert_eq!(code, 0);
    for role in ["admin", "county", "head", "class_teacher", "counsellor", "leader"] {
        assert!(out.lines().any(|l| l.starts_with(role)), "a login for {role}");
    }
    assert_eq!(w.run(&["verify"]).0, 0);
}

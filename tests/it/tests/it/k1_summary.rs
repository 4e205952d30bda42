//! K1: the work summary in six styles, by command and API; numbers follow the records; what is missing is named; own words stay.

use serde_json::{Value as Json, json};
use std::path::Path;
use tx_it::{World, browser::Browser, story};

const STYLES: [&str; 6] = ["S1", "S2", "S3", "S4", "S5", "S6"];

fn school(w: &World) -> (String, String) {
    let made = w.run(&["school", "add", "--code", "Y1", "--name", "梅岭小学", "--scheme", "S5"]);
    assert_eq!(made.0, 0);
    let head = w.user(
        "h",
        &[
            "--role",
            "head",
            "--role",
            "class_teacher",
            "--school",
            "Y1",
            "--class",
            "401",
        ],
    );
    let child = w.child(&head, "401", "石若曦");
    (head, child)
}
fn summary(w: &World, token: &str, style: &str) -> Json {
    let a = w.get(
        &format!("/api/v1/summary?school=Y1&from=2026-09-01&to=2026-11-24&style={style}"),
        token,
    );
    assert_eq!(a.status, 200, "{:?}", a.body);
    a.body
}
fn figure<'a>(s: &'a Json, id: &str) -> &'a Json {
    let all = s["figures"].as_array().expect("figures");
    all.iter().find(|f| f["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}
fn file(w: &World, style: &str, name: &str, dir: &Path, more: &[&str]) -> Vec<u8> {
    let out = dir.join(name).display().to_string();
    let mut args = vec![
        "report",
        "summary",
        "--school",
        "Y1",
        "--from",
        "2026-09-01",
        "--to",
        "2026-11-24",
        "--style",
        style,
        "--out",
        &out,
    ];
    args.extend(more);
    assert_eq!(w.run(&args).0, 0, "{style} {name}");
    std::fs::read(out).expect("the file is there")
}

/// The words of a page without its marks.
fn words(html: &[u8]) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in String::from_utf8_lossy(html).chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

story!(the_json_of_command_and_api_is_the_contract, |w: &World| {
    let (head, child) = school(w);
    let talk = json!({"kind": "heart_talk", "on": "2026-11-20", "children": [child]});
    let made = w.post("/api/v1/records", &head, &talk);
    assert_eq!(made.status, 201, "{:?}", made.body);
    let s = summary(w, &head, "S5");
    let mut keys: Vec<&String> = s.as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(keys, ["figures", "from", "missing", "school", "style", "to"]);
    assert_eq!(
        (&s["school"], &s["from"], &s["to"], &s["style"]),
        (&json!("Y1"), &json!("2026-09-01"), &json!("2026-11-24"), &json!("S5"))
    );
    for f in s["figures"].as_array().expect("figures") {
        for key in ["id", "name", "value", "unit", "records", "definition"] {
            assert!(f.get(key).is_some(), "{key} of {f}");
        }
    }
    let talks = figure(&s, "talks.times");
    assert_eq!(
        (&talks["value"], &talks["records"]),
        (&json!(1), &json!([made.body["id"]]))
    );
    let reached = figure(&s, "talks.reached");
    assert!(reached["of"].as_i64().is_some_and(|of| of >= 1), "{reached}");
    assert!(
        s["missing"]
            .as_array()
            .is_some_and(|m| m.iter().any(|m| m["id"] == "rules.in_force"))
    );

    let dir = tempfile::tempdir().expect("a folder");
    let bytes = file(w, "S5", "s.json", dir.path(), &[]);
    let same: Json = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(same, s, "command and API say the same");

    // taken back, it is no longer counted
    let id = made.body["id"].as_str().expect("an id");
    let gone = w.call(
        "DELETE",
        &format!("/api/v1/records/{id}"),
        &head,
        Some(&json!({"reason": "记错"})),
        None,
    );
    assert_eq!(gone.status, 200);
    assert_eq!(figure(&summary(w, &head, "S5"), "talks.times")["value"], 0);
});

story!(every_style_prints_an_empty_school, |w: &World| {
    let (head, _) = school(w);
    let dir = tempfile::tempdir().expect("a folder");
    for style in STYLES {
        let s = summary(w, &head, style);
        assert!(!s["missing"].as_array().expect("a list").is_empty(), "{style}");
        let html = String::from_utf8(file(w, style, "s.html", dir.path(), &[])).expect("text");
        assert!(html.contains("〔未填〕") && html.contains("梅岭小学"), "{style}");
        assert!(file(w, style, "s.docx", dir.path(), &[]).starts_with(b"PK"), "{style}");
    }
    assert!(file(w, "S6", "s.pdf", dir.path(), &[]).starts_with(b"%PDF"));
    let bad = w.run(&[
        "report",
        "summary",
        "--school",
        "Y1",
        "--from",
        "2026-09-01",
        "--to",
        "2026-11-24",
        "--style",
        "S1",
        "--out",
        "x.odt",
    ]);
    assert_eq!(bad.0, 1);
    let bad = w.run(&[
        "report",
        "summary",
        "--school",
        "Y1",
        "--from",
        "2026-11-24",
        "--to",
        "2026-09-01",
        "--style",
        "S1",
        "--out",
        "x.pdf",
    ]);
    assert_eq!(bad.0, 1);
});

story!(admissions_stand_only_in_a_report_to_the_authority, |w: &World| {
    let (head, child) = school(w);
    let a = json!({"kind": "admission", "on": "2026-09-02", "lines": [{"child": child, "fields": {"key_school": true, "early": true}}]});
    assert_eq!(w.post("/api/v1/records", &head, &a).status, 201);
    let dir = tempfile::tempdir().expect("a folder");
    let plain = words(&file(w, "S2", "a.html", dir.path(), &[]));
    assert!(!plain.contains("重点学校"));
    let above = words(&file(w, "S2", "b.html", dir.path(), &["--for", "authority"]));
    assert!(above.contains("考入重点学校1名"), "{above}");
    let ids = |v: &Json| {
        v["figures"]
            .as_array()
            .expect("figures")
            .iter()
            .any(|f| f["id"] == "admissions.early")
    };
    assert!(!ids(&summary(w, &head, "S2")));
    let json: Json =
        serde_json::from_slice(&file(w, "S2", "c.json", dir.path(), &["--for", "authority"])).expect("JSON");
    assert!(ids(&json));
});

story!(another_school_is_not_found_and_the_county_gets_counts, |w: &World| {
    let (head, child) = school(w);
    let talk = json!({"kind": "heart_talk", "on": "2026-11-20", "children": [child]});
    assert_eq!(w.post("/api/v1/records", &head, &talk).status, 201);
    assert_eq!(
        w.run(&["school", "add", "--code", "Y2", "--name", "云溪小学", "--scheme", "S1"])
            .0,
        0
    );
    let other = w.user("o", &["--role", "head", "--school", "Y2"]);
    let path = "/api/v1/summary?school=Y1&from=2026-09-01&to=2026-11-24&style=S1";
    assert_eq!(w.get(path, &other).status, 404);
    let county = w.user("c", &["--role", "county"]);
    let seen = w.get(path, &county);
    assert_eq!(seen.status, 200, "{:?}", seen.body);
    let talks = figure(&seen.body, "talks.times");
    assert_eq!(
        (&talks["value"], &talks["under"], talks.get("records")),
        (&json!(null), &json!(5), None)
    );
    for (bad, status) in [
        ("style=S9", 422),
        ("from=2026-12-01&to=2026-11-01", 422),
        ("for=everyone", 422),
        ("from=x", 422),
    ] {
        assert_eq!(
            w.get(&format!("/api/v1/summary?school=Y1&{bad}"), &head).status,
            status,
            "{bad}"
        );
    }
});

story!(
    own_words_survive_numbers_and_style_and_a_final_copy_stands,
    |w: &World| {
        let (head, child) = school(w);
        let (code, said) = w.run(&["user", "add", "h2", "--role", "head", "--school", "Y1"]);
        assert_eq!(code, 0);
        let mut b = Browser::at(&w.address);
        b.login("h2", said.split_whitespace().last().expect("a password"));
        let talk = |on: &str| {
            let made = w.post(
                "/api/v1/records",
                &head,
                &json!({"kind": "heart_talk", "on": on, "children": [child]}),
            );
            assert_eq!(made.status, 201, "{:?}", made.body);
        };
        talk("2026-10-20");
        let draft = [("style", "S5"), ("from", "2026-09-01"), ("to", "2026-11-24")];
        let before = b.get("/summary/new?style=S5&from=2026-09-01&to=2026-11-24");
        assert!(
            before.status == 200 && before.text.contains("谈心次数"),
            "{}",
            before.text
        );
        assert_eq!(b.get("/summary/new?style=S9&from=x&to=2026-11-24").status, 422);
        let page = b.post("/reports", "/summary", &draft).to;
        assert!(page.starts_with("/summary/"), "{page}");

        // own words, that look like a template and are none
        let said = "最难忘的是十二月。{figure:talks.times}<b>";
        let kept = b.post(&page, &format!("{page}/words"), &[("slot", "talks"), ("text", said)]);
        assert_eq!(kept.status, 303, "{}", kept.text);
        assert!(words(b.get(&page).text.as_bytes()).contains("最难忘的是十二月。{figure:talks.times}&lt;b&gt;"));
        let long = "字".repeat(4001);
        let refused = b.post(&page, &format!("{page}/words"), &[("slot", "talks"), ("text", &long)]);
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains(&long), "what was typed is kept");

        // a number changes: it is told, and taken on demand
        talk("2026-11-20");
        assert!(words(b.get(&page).text.as_bytes()).contains("上次写好以后"));
        assert_eq!(b.post(&page, &format!("{page}/redraw"), &[]).status, 303);
        assert!(!words(b.get(&page).text.as_bytes()).contains("上次写好以后"));

        // a style without that section keeps the words too
        assert_eq!(b.post(&page, &format!("{page}/style"), &[("style", "S1")]).status, 303);
        assert!(words(b.get(&page).text.as_bytes()).contains("最难忘的是十二月"));

        // a number left out takes its sentence along
        let there = |b: &mut Browser| words(b.get(&page).text.as_bytes()).contains("老师与孩子谈心");
        assert!(there(&mut b));
        let leave = |b: &mut Browser, out: &str| {
            b.post(
                &page,
                &format!("{page}/leave"),
                &[("figure", "talks.times"), ("out", out)],
            )
        };
        assert_eq!(leave(&mut b, "1").status, 303);
        assert!(!there(&mut b));
        assert_eq!(leave(&mut b, "0").status, 303);
        assert!(there(&mut b));

        // frozen: a later record changes nothing in it, and is told
        for to in ["review", "approved", "final"] {
            assert_eq!(
                b.post(&page, &format!("{page}/state"), &[("to", to)]).status,
                303,
                "{to}"
            );
        }
        assert_eq!(
            b.post(&page, &format!("{page}/words"), &[("slot", "talks"), ("text", "x")])
                .status,
            409
        );
        talk("2026-11-22");
        let last = words(b.get(&page).text.as_bytes());
        assert!(
            last.contains("谈心2次") && last.contains("定稿以后") && last.contains("校验码"),
            "{last}"
        );
        assert_eq!(b.get(&format!("{page}/export?as=docx")).status, 200);
        assert_eq!(w.run(&["verify"]).0, 0);

        // not for another school, nor for a teacher without the post
        assert_eq!(
            w.run(&["school", "add", "--code", "Y2", "--name", "云溪小学", "--scheme", "S1"])
                .0,
            0
        );
        for (name, args, status) in [
            ("o2", ["--role", "head", "--school", "Y2"], 404),
            ("t2", ["--role", "counsellor", "--school", "Y1"], 403),
        ] {
            let (code, said) = w.run(&[&["user", "add", name], &args[..]].concat());
            assert_eq!(code, 0);
            let mut other = Browser::at(&w.address);
            let come = other.login(name, said.split_whitespace().last().expect("a password"));
            assert_eq!((come.status, come.to.as_str()), (303, "/"), "{name}: {}", come.text);
            let seen = other.get(&page);
            assert_eq!(seen.status, status, "{name}: {}", seen.to);
        }
        // last of all: reading the files lets go of the locks that this process holds on them
        assert!(
            !String::from_utf8_lossy(&w.bytes()).contains("最难忘的是十二月"),
            "they lie sealed"
        );
    }
);

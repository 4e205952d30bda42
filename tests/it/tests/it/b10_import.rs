//! B10: sheets as schools have them come in whole or not at all, twice without doubles, and can be taken back.

use crate::fixtures;
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tx_it::{World, story};
use tx_sheet::{CellKind, CellOut, ColumnOut, Limits, Table, to_xlsx};

fn school(w: &World) -> String {
    let add = ["school", "add", "--code", "Z1", "--name", "竹园小学", "--scheme", "S2"];
    assert_eq!(w.run(&add).0, 0);
    w.user("head-a", &["--role", "head", "--school", "Z1"])
}
fn put(w: &World, name: &str, bytes: &[u8]) -> PathBuf {
    let path = w.place.data.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}
/// Runs the command: exit status and its JSON.
fn import(w: &World, file: &std::path::Path, more: &[&str]) -> (i32, Json) {
    let mut args = vec!["import", "children", file.to_str().expect("a path"), "--school", "Z1"];
    args.extend(more);
    let (code, out) = w.run(&args);
    assert_eq!(out.lines().count(), 1, "one line: {out}");
    (code, serde_json::from_str(&out).expect("JSON"))
}
fn counts(v: &Json) -> [i64; 5] {
    ["rows", "created", "updated", "unchanged", "rejected"].map(|n| v[n].as_i64().expect(n))
}
/// All children that this token sees, by name.
fn children(w: &World, token: &str) -> Vec<Json> {
    let mut out = Vec::new();
    let mut at = "/api/v1/children?limit=200".to_owned();
    loop {
        let a = w.get(&at, token);
        assert_eq!(a.status, 200, "{:?}", a.body);
        out.extend(a.body["items"].as_array().expect("items").clone());
        match a.body["next"].as_str() {
            Some(next) => at = format!("/api/v1/children?limit=200&cursor={}", encode(next)),
            None => return out,
        }
    }
}
fn encode(s: &str) -> String {
    s.bytes().map(|b| format!("%{b:02X}")).collect()
}
fn named<'j>(all: &'j [Json], name: &str) -> &'j Json {
    all.iter()
        .find(|k| k["name"] == name)
        .unwrap_or_else(|| panic!("no {name}"))
}
fn whole(w: &World, token: &str, child: &Json) -> Json {
    let id = child["id"].as_str().expect("an id");
    w.get(&format!("/api/v1/children/{id}?include=sensitive"), token).body
}
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
}
/// A multipart body of one file and fields.
pub(crate) fn multipart(file: Option<(&str, &[u8])>, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (n, v) in fields {
        out.extend(format!("--QQ\r\nContent-Disposition: form-data; name=\"{n}\"\r\n\r\n{v}\r\n").bytes());
    }
    if let Some((name, bytes)) = file {
        out.extend(
            format!("--QQ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .bytes(),
        );
        out.extend(bytes);
        out.extend(b"\r\n");
    }
    out.extend(b"--QQ--\r\n");
    out
}
/// `POST /api/v1/import/children`.
fn send(w: &World, token: &str, query: &str, file: &[u8]) -> (u16, Json) {
    let mut res = agent()
        .post(format!("{}/api/v1/import/children?{query}", w.address))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "multipart/form-data; boundary=QQ")
        .send(&multipart(Some(("a.xlsx", file)), &[])[..])
        .expect("the server answers");
    let status = res.status().as_u16();
    let text = res.body_mut().read_to_string().unwrap_or_default();
    (status, serde_json::from_str(&text).unwrap_or(Json::Null))
}

story!(a_messy_sheet_is_refused_whole_or_taken_in_part, |w: &World| {
    let head = school(w);
    let messy = fixtures::messy_roster(3);
    let file = put(w, "messy.xlsx", &messy.bytes);
    let mend = w.place.data.join("mend.xlsx");
    let (code, v) = import(w, &file, &["--errors", mend.to_str().expect("a path")]);
    assert_eq!(code, 2);
    let bad_rows: std::collections::BTreeSet<u32> = messy.bad.iter().map(|b| b.0).collect();
    assert_eq!(counts(&v), [messy.total.into(), 0, 0, 0, bad_rows.len() as i64]);
    let mut told: Vec<(i64, String)> = Vec::new();
    for e in v["errors"].as_array().expect("errors") {
        assert_eq!(e["sheet"], "留守儿童");
        told.push((
            e["row"].as_i64().expect("a row"),
            e["column"].as_str().expect("a column").into(),
        ));
        let want = messy
            .bad
            .iter()
            .find(|b| i64::from(b.0) == e["row"] && e["column"] == b.1);
        let want = want.unwrap_or_else(|| panic!("{e} is no fault of the sheet"));
        assert!(
            e["reason"].as_str().expect("a reason").contains(want.2),
            "{e} says {}",
            want.2
        );
    }
    assert_eq!(told.len(), messy.bad.len(), "one entry for each bad row and column");
    assert_eq!(v["classes_created"], json!([]));
    assert_eq!(children(w, &head).len(), 0, "nothing is written when a row is rejected");

    let (code, v) = import(w, &file, &["--keep-good", "--dry-run"]);
    assert_eq!((code, counts(&v)[1]), (2, messy.good.len() as i64));
    assert_eq!(children(w, &head).len(), 0, "a dry run writes nothing");

    let (code, v) = import(w, &file, &["--keep-good"]);
    assert_eq!(code, 2);
    let n = messy.good.len() as i64;
    assert_eq!(counts(&v), [17, n, 0, 0, 7]);
    assert!(
        v["warnings"].to_string().contains("同一个孩子"),
        "the child given twice: {}",
        v["warnings"]
    );
    let all = children(w, &head);
    assert_eq!(all.len(), messy.good.len());
    for p in &messy.good {
        let k = named(&all, &p.name);
        assert_eq!(k["class"], p.class_code(), "{}", p.name);
        assert_eq!(k["birth_date"], p.birth.to_string());
        assert_eq!(k["left_behind"], true, "the title says so");
    }
    // two guardians of one cell
    let two = whole(w, &head, named(&all, &messy.good[4].name));
    let g = &two["guardians"];
    assert_eq!(
        (&g[0]["name"], &g[0]["relation"], &g[0]["phone"]),
        (&json!("吴老三"), &json!("grandfather"), &json!("13600002217"))
    );
    assert_eq!(
        (&g[1]["name"], &g[1]["relation"], &g[1]["phone"]),
        (&json!("李桂花"), &json!("grandmother"), &json!("13700003328"))
    );
    // 同上 is the guardian of the row above
    let above = whole(w, &head, named(&all, &messy.good[1].name));
    let ditto = whole(w, &head, named(&all, &messy.good[2].name));
    assert_eq!(above["guardians"][0]["name"], ditto["guardians"][0]["name"]);
    assert_eq!(above["guardians"][0]["phone"], ditto["guardians"][0]["phone"]);
    // full-width figures are figures
    assert_eq!(above["id_no"], messy.good[1].id_no);

    let (code, v) = import(w, &file, &["--keep-good"]);
    assert_eq!(
        (code, counts(&v)),
        (2, [17, 0, 0, n, 7]),
        "the second run changes nothing"
    );

    // the sheet of rejected rows, mended, goes through
    let (code, v) = import(
        w,
        &put(w, "mended.xlsx", &mended(&mend, &fixtures::pupils(16, 3), &messy)),
        &[],
    );
    assert_eq!((code, counts(&v)), (0, [7, 7, 0, 0, 0]), "{v}");
    assert_eq!(children(w, &head).len(), 16);
    assert_eq!(w.run(&["verify"]).0, 0);
});

/// The sheet of rejected rows with the right values in the bad cells.
fn mended(file: &std::path::Path, pupils: &[fixtures::Pupil], messy: &fixtures::Messy) -> Vec<u8> {
    let bytes = std::fs::read(file).expect("the sheet of errors");
    let book = tx_sheet::open(&bytes, "mend.xlsx", &Limits::default()).expect("it opens");
    let sheet = &book.sheets[0];
    let head = sheet
        .rows
        .iter()
        .position(|r| r.cells.iter().any(|c| c.cell.shown() == "原行号"))
        .expect("a header");
    let headers: Vec<(u16, String)> = sheet.rows[head]
        .cells
        .iter()
        .map(|c| (c.column, c.cell.shown()))
        .collect();
    let own = headers.iter().find(|(_, h)| h == "原行号").expect("the row number").0;
    let rows: Vec<Vec<CellOut>> = sheet.rows[head + 1..]
        .iter()
        .map(|r| {
            let number: u32 = r.get(own).expect("a number").shown().parse().expect("a number");
            // rows 5 to 12 are pupils 0 to 7, then comes a subtotal
            let i = if number <= 12 { number - 5 } else { number - 6 };
            let p = &pupils[i as usize];
            let cell = |(column, header): &(u16, String)| {
                let bad = messy.bad.iter().any(|b| b.0 == number && b.1 == header);
                CellOut::from(match header.as_str() {
                    "姓名" if bad => p.name.clone(),
                    "出生年月" if bad => p.birth.to_string(),
                    "公民身份证号码*" if bad => p.id_no.clone(),
                    _ => r.get(*column).map(|c| c.shown()).unwrap_or_default(),
                })
            };
            headers.iter().map(cell).collect()
        })
        .collect();
    let title = sheet.rows[0].cells[0].cell.shown();
    to_xlsx(&[Table {
        keys: 0,
        name: "留守儿童".into(),
        title,
        lines: vec!["填报时间：2026.9.10".into()],
        columns: headers
            .iter()
            .map(|(_, h)| ColumnOut::new(h.clone(), 0.0, CellKind::Text))
            .collect(),
        rows,
        footer: Vec::new(),
    }])
}

story!(a_plain_roster_fills_the_files, |w: &World| {
    let head = school(w);
    let pupils = fixtures::pupils(30, 7);
    let file = put(w, "roster.xlsx", &fixtures::school_roster_of(&pupils));
    let (code, v) = import(w, &file, &[]);
    assert_eq!((code, counts(&v)), (0, [30, 30, 0, 0, 0]), "{v}");
    assert_eq!((&v["errors"], &v["warnings"]), (&json!([]), &json!([])));
    let mut classes: Vec<String> = pupils.iter().map(fixtures::Pupil::class_code).collect();
    classes.sort();
    classes.dedup();
    assert_eq!(v["classes_created"], json!(classes));
    let all = children(w, &head);
    for p in &pupils {
        let k = whole(w, &head, named(&all, &p.name));
        assert_eq!(k["sex"], if p.sex == tx_sheet::Sex::Male { "m" } else { "f" });
        assert_eq!(
            (&k["id_no"], &k["village"], &k["boarder"]),
            (&json!(p.id_no), &json!(p.village), &json!(p.boarder))
        );
        assert_eq!(k["guardians"][0]["name"], p.guardian);
        assert_eq!(k["guardians"][0]["phone"], p.guardian_phone);
        let father = k["parents"]
            .as_array()
            .expect("parents")
            .iter()
            .find(|x| x["parent"] == "father")
            .expect("a father");
        assert_eq!(
            (&father["name"], &father["phone"], &father["place"], &father["where"]),
            (
                &json!(p.father),
                &json!(p.father_phone),
                &json!(p.father_place),
                &json!("away_work")
            )
        );
    }
    let (code, v) = import(w, &file, &[]);
    assert_eq!((code, counts(&v)), (0, [30, 0, 0, 30, 0]));

    // one phone differs, one child is new: the others stay as they are
    let mut next = pupils.clone();
    next[3].guardian_phone = "13911112222".into();
    next.push(fixtures::pupils(31, 7).pop().expect("one more"));
    let (code, v) = import(w, &put(w, "next.xlsx", &fixtures::school_roster_of(&next)), &[]);
    assert_eq!((code, counts(&v)), (0, [31, 1, 1, 29, 0]), "{v}");
    let k = whole(w, &head, named(&children(w, &head), &pupils[3].name));
    assert_eq!(
        k["guardians"].as_array().map(Vec::len),
        Some(1),
        "the number is changed, not added"
    );
    assert_eq!(k["guardians"][0]["phone"], "13911112222");

    // nobody's phone, address or number lies open in the store
    if w.place.database.is_none() {
        let bytes = w.bytes();
        for word in [&pupils[0].id_no, &pupils[0].guardian_phone, &pupils[1].father_phone] {
            assert!(
                !bytes.windows(word.len()).any(|b| b == word.as_bytes()),
                "{word} lies open"
            );
        }
    }
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(the_forms_of_ministries_and_other_programs, |w: &World| {
    let head = school(w);
    let again = |name: &str| {
        let (code, v) = import(w, &w.place.data.join(name), &[]);
        assert_eq!((code, counts(&v)[1], counts(&v)[2]), (0, 0, 0), "{name} again: {v}");
    };
    // the national register: 71 columns, its column only proposes
    let (code, v) = import(w, &put(w, "register.xlsx", &fixtures::national_register(12, 5)), &[]);
    assert_eq!((code, counts(&v)), (0, [12, 12, 0, 0, 0]), "{v}");
    again("register.xlsx");
    let pupils = fixtures::pupils(12, 5);
    let all = children(w, &head);
    assert!(
        all.iter().all(|k| k["left_behind"] != true),
        "the register opens no spell"
    );
    let k = whole(w, &head, named(&all, &pupils[0].name));
    assert_eq!(
        k["class"],
        pupils[0].class_code(),
        "grade and class stand in two columns"
    );
    assert_eq!(k["parents"][0]["name"], pupils[0].father);
    // the form of 2016 of the same children, without classes: the same files, now on the list
    let (code, v) = import(w, &put(w, "2016.xlsx", &fixtures::survey_2016(12, 5)), &[]);
    assert_eq!((code, counts(&v)), (0, [12, 0, 12, 0, 0]), "{v}");
    again("2016.xlsx");
    let all = children(w, &head);
    assert_eq!(all.len(), 12);
    assert!(all.iter().all(|k| k["left_behind"] == true));
    let k = whole(w, &head, named(&all, &pupils[1].name));
    assert_eq!(k["class"], pupils[1].class_code(), "what the form does not say stays");
    // a text file of an older program, with a name of four bytes
    let (code, v) = import(w, &put(w, "old.csv", &fixtures::gb18030_csv(20, 9)), &[]);
    assert_eq!((code, counts(&v)), (0, [20, 20, 0, 0, 0]), "{v}");
    again("old.csv");
    named(&children(w, &head), fixtures::RARE_NAME);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(an_import_is_taken_back_but_for_what_was_edited_since, |w: &World| {
    let head = school(w);
    let pupils = fixtures::pupils(6, 2);
    let first = fixtures::school_roster_of(&pupils);
    assert_eq!(send(w, &head, "school=Z1", &first).0, 200);
    let before = children(w, &head);
    let mut next = fixtures::pupils(9, 2);
    next[0].guardian_phone = "13911112222".into();
    next[1].village = "别处村".into();
    let (status, v) = send(w, &head, "school=Z1", &fixtures::school_roster_of(&next));
    assert_eq!((status, counts(&v)), (200, [9, 3, 2, 4, 0]), "{v}");
    let all = children(w, &head);
    // one of the new ones gets a record, one of the changed ones is edited by hand
    let kept = named(&all, &next[6].name)["id"].as_str().expect("an id").to_owned();
    let talk = w.post(
        "/api/v1/records",
        &head,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "text": "说了些话", "children": [kept]}),
    );
    assert_eq!(talk.status, 201, "{:?}", talk.body);
    let edited = named(&all, &next[1].name);
    let path = format!("/api/v1/children/{}", edited["id"].as_str().expect("an id"));
    let a = w.call(
        "PATCH",
        &path,
        &head,
        Some(&json!({"base_version": edited["version"], "home_address": "竹园村1组"})),
        None,
    );
    assert_eq!(a.status, 200, "{:?}", a.body);

    let page = Pages::sign_in(w, "head-b");
    let (_, list) = page.get("/import");
    let import = list
        .split("/imports/")
        .nth(1)
        .and_then(|s| s.get(..36))
        .expect("the latest import")
        .to_owned();
    let (status, to) = page.post(&format!("/imports/{import}"), &format!("/imports/{import}/undo"), &[]);
    assert_eq!(status, 303, "{to}");
    let (_, done) = page.get(&to);
    assert!(done.contains("已经撤回"), "{done}");
    assert!(
        done.contains(&next[6].name) && done.contains(&next[1].name),
        "those edited since are named"
    );
    assert!(!done.contains(&next[7].name), "the others are not");
    let now = children(w, &head);
    let names = |all: &[Json]| {
        all.iter()
            .map(|k| k["name"].as_str().expect("a name").to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    let mut want = names(&before);
    want.insert(next[6].name.clone());
    assert_eq!(names(&now), want);
    let phone = |who: usize| whole(w, &head, named(&now, &next[who].name))["guardians"][0]["phone"].clone();
    assert_eq!(phone(0), pupils[0].guardian_phone, "as it was");
    assert_eq!(
        whole(w, &head, named(&now, &next[1].name))["village"],
        "别处村",
        "left as it is"
    );
    // a second time is refused in words
    let (status, _) = page.post("/import", &format!("/imports/{import}/undo"), &[]);
    assert_eq!(status, 409);
    // and the same sheet comes in again
    let (status, v) = send(w, &head, "", &fixtures::school_roster_of(&next));
    assert_eq!((status, counts(&v)[4]), (200, 0), "{v}");
    assert_eq!(children(w, &head).len(), 9);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(an_import_is_not_taken_back_over_what_was_done_since, |w: &World| {
    let head = school(w);
    let (status, v) = send(w, &head, "", &fixtures::school_roster(6, 1));
    assert_eq!((status, counts(&v)[1]), (200, 6), "{v}");
    let all = children(w, &head);
    let name = all[2]["name"].as_str().expect("a name").to_owned();
    let path = format!("/api/v1/children/{}/consents", all[2]["id"].as_str().expect("an id"));
    let answer = json!({"purpose": "donor", "answer": "withheld", "by": "奶奶", "on": "2026-11-20"});
    assert_eq!(w.post(&path, &head, &answer).status, 201);
    let page = Pages::sign_in(w, "head-c");
    let (_, list) = page.get("/import");
    let import = list
        .split("/imports/")
        .nth(1)
        .and_then(|s| s.get(..36))
        .expect("the latest import");
    let (status, to) = page.post(&format!("/imports/{import}"), &format!("/imports/{import}/undo"), &[]);
    assert_eq!(status, 303, "{to}");
    assert!(
        page.get(&to).1.contains(&name),
        "who is told of elsewhere is left and named"
    );
    let left = children(w, &head);
    assert_eq!((left.len(), left[0]["name"].as_str()), (1, Some(name.as_str())));
});

story!(who_may_import_what, |w: &World| {
    let head = school(w);
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Z1", "--class", "101"],
    );
    let file = fixtures::school_roster(12, 4);
    let (status, v) = send(w, &teacher, "", &file);
    assert_eq!(
        (status, counts(&v)),
        (200, [12, 0, 0, 0, 11]),
        "only one pupil is of class 101: {v}"
    );
    assert!(
        v["errors"][0]["reason"]
            .as_str()
            .expect("a reason")
            .contains("不是您带的班")
    );
    let (status, v) = send(w, &teacher, "keep_good=true", &file);
    assert_eq!((status, counts(&v)), (200, [12, 1, 0, 0, 11]));
    assert_eq!(v["classes_created"], json!([]), "no class of others is made");
    assert_eq!(children(w, &head).len(), 1);
    // the head has the rest; then the teacher may not touch a child of another class by its number
    assert_eq!(counts(&send(w, &head, "", &file).1), [12, 11, 0, 1, 0]);
    let mut stolen = fixtures::pupils(2, 4);
    stolen[1].grade = 1;
    let (_, v) = send(w, &teacher, "keep_good=1", &fixtures::school_roster_of(&stolen));
    assert_eq!(counts(&v), [2, 0, 0, 1, 1], "{v}");

    let other = ["school", "add", "--code", "Z2", "--name", "河坪小学"];
    assert_eq!(w.run(&other).0, 0);
    let stranger = w.user("head-z2", &["--role", "head", "--school", "Z2"]);
    assert_eq!(send(w, &stranger, "school=Z1", &file).0, 404);
    assert_eq!(
        send(w, &stranger, "school=nowhere", &file).0,
        404,
        "the same as one that is not there"
    );
    for (name, role) in [
        ("sub", "subject_teacher"),
        ("lea", "leader"),
        ("cou", "counsellor"),
        ("dut", "duty_leader"),
        ("ins", "inspector"),
    ] {
        let token = w.user(name, &["--role", role, "--school", "Z1"]);
        assert_eq!(send(w, &token, "school=Z1", &file).0, 403, "{role}");
    }
    let admin = w.user("adm", &["--role", "admin"]);
    assert_eq!(send(w, &admin, "school=Z1", &file).0, 403, "the administrator never");
    let office = w.user(
        "off",
        &["--role", "subject_teacher", "--post", "office", "--school", "Z1"],
    );
    assert_eq!(
        send(w, &office, "school=Z1&dry_run=true", &file).0,
        200,
        "the office may"
    );
    assert_eq!(send(w, &head, "dry_run=perhaps", &file).0, 422);
});

story!(what_is_no_sheet_is_refused_in_words, |w: &World| {
    let head = school(w);
    let good = fixtures::school_roster(3, 1);
    let files: [(&str, Vec<u8>); 8] = [
        ("empty.xlsx", Vec::new()),
        ("noise.xlsx", (0..4000u32).map(|i| (i * 7919 % 251) as u8).collect()),
        ("cut.xlsx", good[..good.len() / 2].to_vec()),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("old.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".repeat(90)),
        ("bomb.xlsx", fixtures::bomb(40)),
        ("corner.xlsx", fixtures::far_corner()),
        ("text.csv", "今天天气很好\n大家都去操场了\n".into()),
    ];
    for (name, bytes) in &files {
        let file = put(w, name, bytes);
        let out = w
            .command(&["import", "children", file.to_str().expect("a path"), "--school", "Z1"])
            .output()
            .expect("runs");
        let err = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{name}: {err}");
        assert!(out.stdout.is_empty(), "{name}");
        assert!(
            !err.trim().is_empty() && err.trim().lines().count() == 1,
            "{name}: a sentence: {err}"
        );
        assert!(!err.contains("panicked") && !err.contains(".rs:"), "{name}: {err}");
        let (status, v) = send(w, &head, "", bytes);
        assert!((400..500).contains(&status), "{name}: {status}");
        assert!(v["detail"].as_str().is_some_and(|d| !d.is_empty()), "{name}: {v}");
    }
    let (code, out) = w.run(&["import", "children", "/nowhere/at/all.xlsx", "--school", "Z1"]);
    assert_eq!((code, out.as_str()), (1, ""));
    let file = put(w, "good.xlsx", &good);
    assert_eq!(
        w.run(&["import", "children", file.to_str().expect("a path"), "--school", "ZZ"])
            .0,
        1,
        "no such school"
    );
    assert_eq!(send(w, &head, "", &vec![b'x'; 23 << 20]).0, 413);
    assert_eq!(w.post("/api/v1/import/children", &head, &json!({})).status, 415);
    assert_eq!(children(w, &head).len(), 0);
});

/// The program is killed while it writes: nothing of the file is there, and the store holds.
#[test]
fn a_kill_in_the_middle_leaves_nothing() {
    let w = World::sqlite();
    let head = school(&w);
    let file = put(&w, "big.xlsx", &fixtures::school_roster(2500, 6));
    let mut child = w
        .command(&["import", "children", file.to_str().expect("a path"), "--school", "Z1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let db = rusqlite::Connection::open(w.place.data.join("tongxing.db")).expect("opens");
    db.busy_timeout(Duration::ZERO).expect("no waiting");
    // whoever holds the write lock for longer than any other write of this store is the import
    let busy = || db.execute_batch("begin immediate; rollback").is_err();
    let mut held = 0;
    while held < 10 {
        assert!(
            child.try_wait().expect("alive").is_none(),
            "the import ended before it could be killed"
        );
        std::thread::sleep(Duration::from_millis(10));
        held = if busy() { held + 1 } else { 0 };
    }
    child.kill().expect("kill -9");
    let status = child.wait().expect("dead");
    assert_eq!(status.code(), None, "ended by the signal");
    drop(db);
    assert_eq!(children(&w, &head).len(), 0);
    assert_eq!(w.run(&["verify"]).0, 0);
    // and the store takes it afterwards
    let small = put(&w, "small.xlsx", &fixtures::school_roster(20, 6));
    assert_eq!(counts(&import(&w, &small, &[]).1), [20, 20, 0, 0, 0]);
}

story!(the_roster_goes_out_and_comes_back, |w: &World| {
    let head = school(w);
    let mut pupils = fixtures::pupils(8, 11);
    pupils[0].village = "=1+1".into();
    assert_eq!(send(w, &head, "", &fixtures::school_roster_of(&pupils)).0, 200);
    let get = |token: &str, query: &str| {
        let mut res = agent()
            .get(format!("{}/api/v1/export/children.xlsx?{query}", w.address))
            .header("authorization", format!("Bearer {token}"))
            .call()
            .expect("answers");
        (res.status().as_u16(), res.body_mut().read_to_vec().unwrap_or_default())
    };
    let (status, bytes) = get(&head, "school=Z1&purpose=%E6%B5%8B%E8%AF%95");
    assert_eq!(status, 200);
    let book = tx_sheet::open(&bytes, "out.xlsx", &Limits::default()).expect("opens");
    let text: String = book.sheets[0]
        .rows
        .iter()
        .flat_map(|r| &r.cells)
        .map(|c| c.cell.shown() + "\t")
        .collect();
    for p in &pupils {
        assert!(text.contains(&p.name) && text.contains(&p.guardian_phone));
        assert!(!text.contains(&p.id_no), "ID numbers only when asked for");
    }
    assert!(text.contains("=1+1"), "a text stays a text");
    let (_, with) = get(&head, "include=sensitive");
    let book = tx_sheet::open(&with, "out.xlsx", &Limits::default()).expect("opens");
    assert!(
        book.sheets[0]
            .rows
            .iter()
            .flat_map(|r| &r.cells)
            .any(|c| c.cell.shown() == pupils[0].id_no)
    );
    let (status, v) = send(w, &head, "", &with);
    assert_eq!(
        (status, counts(&v)),
        (200, [8, 0, 0, 8, 0]),
        "what went out comes back as it is: {v}"
    );

    let teacher = w.user(
        "teacher-b",
        &["--role", "class_teacher", "--school", "Z1", "--class", "101"],
    );
    let (status, bytes) = get(&teacher, "");
    assert_eq!(status, 200);
    let book = tx_sheet::open(&bytes, "out.xlsx", &Limits::default()).expect("opens");
    let text: String = book.sheets[0]
        .rows
        .iter()
        .flat_map(|r| &r.cells)
        .map(|c| c.cell.shown() + "\t")
        .collect();
    for p in &pupils {
        assert_eq!(
            text.contains(&p.name),
            p.class_code() == "101",
            "only the own class: {}",
            p.name
        );
    }
    let inspector = w.user("ins", &["--role", "inspector", "--school", "Z1"]);
    assert_eq!(get(&inspector, "").0, 403);
    assert_eq!(get(&head, "school=Z9").0, 404);
    let place = &w.place;
    let db = place.open().expect("opens");
    let n = db
        .read(|c| {
            c.count(
                "select count(*) from audit_entries where action like 'export.children%'",
                &[],
            )
        })
        .expect("reads");
    assert_eq!(n, 3, "each export is in the audit");
});

/// The wizard as a browser without script.
struct Pages<'w> {
    w: &'w World,
    cookie: String,
}
impl<'w> Pages<'w> {
    /// A new head of the school, signed in.
    fn sign_in(w: &'w World, name: &str) -> Pages<'w> {
        let (code, out) = w.run(&["user", "add", name, "--role", "head", "--school", "Z1"]);
        assert_eq!(code, 0);
        let password = out.split_whitespace().last().expect("a password").to_owned();
        let res = agent()
            .post(format!("{}/login", w.address))
            .content_type("application/x-www-form-urlencoded")
            .send(format!("username={name}&password={}", encode(&password)).as_bytes())
            .expect("answers");
        assert_eq!(res.status().as_u16(), 303, "signed in");
        let cookie = res.headers()["set-cookie"].to_str().expect("a cookie");
        let cookie = cookie.split(';').next().expect("a value").to_owned();
        Pages { w, cookie }
    }
    fn get(&self, path: &str) -> (u16, String) {
        let mut res = agent()
            .get(format!("{}{path}", self.w.address))
            .header("cookie", &self.cookie)
            .call()
            .expect("answers");
        (
            res.status().as_u16(),
            res.body_mut().read_to_string().unwrap_or_default(),
        )
    }
    /// Sends the form as it stands on the page `from`; status and where to (or the page).
    fn post(&self, from: &str, to: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let (_, page) = self.get(from);
        let value = |name: &str| hidden(&page, name);
        let mut body = format!("csrf={}&key={}", value("csrf"), value("key"));
        for (n, v) in fields {
            body.push_str(&format!("&{}={}", encode(n), encode(v)));
        }
        let req = agent()
            .post(format!("{}{to}", self.w.address))
            .header("cookie", &self.cookie)
            .content_type("application/x-www-form-urlencoded");
        self.answer(req.send(body.as_bytes()))
    }
    fn upload(&self, name: &str, bytes: &[u8]) -> (u16, String) {
        let (_, page) = self.get("/import");
        let fields = [("csrf", hidden(&page, "csrf")), ("key", hidden(&page, "key"))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let req = agent()
            .post(format!("{}/import", self.w.address))
            .header("cookie", &self.cookie)
            .content_type("multipart/form-data; boundary=QQ");
        self.answer(req.send(&multipart(Some((name, bytes)), &fields)[..]))
    }
    fn answer(&self, res: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> (u16, String) {
        let mut res = res.expect("answers");
        let to = res
            .headers()
            .get("location")
            .and_then(|l| l.to_str().ok())
            .map(str::to_owned);
        let text = res.body_mut().read_to_string().unwrap_or_default();
        (res.status().as_u16(), to.unwrap_or(text))
    }
}
/// The value of the last hidden field of this name: forms of the page's own come after those of the frame.
fn hidden(page: &str, name: &str) -> String {
    let at = page
        .rfind(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no {name}"));
    page[at..].split('"').nth(3).expect("a value").to_owned()
}

story!(the_wizard_in_four_steps_without_script, |w: &World| {
    let head = school(w);
    let page = Pages::sign_in(w, "head-b");
    let (status, text) = page.upload("照片.xlsx", b"\x89PNG\r\n\x1a\n");
    assert_eq!(status, 422);
    assert!(text.contains("花名册") && !text.contains("panicked"));

    // a column with a header of their own
    let pupils = fixtures::pupils(4, 8);
    let table = |twist: &str| {
        let heads = ["姓名", "出生日期", "身份证号", "班级", "绰绰有余", "临时监护人", "关系"];
        Table {
            keys: 0,
            name: "名单".into(),
            title: "竹园小学留守儿童名单".into(),
            lines: Vec::new(),
            columns: heads.iter().map(|h| ColumnOut::new(*h, 0.0, CellKind::Text)).collect(),
            rows: pupils
                .iter()
                .enumerate()
                .map(|(i, p)| {
                    let birth = if i == 1 && !twist.is_empty() {
                        twist.to_owned()
                    } else {
                        p.birth.to_string()
                    };
                    [
                        &p.name,
                        &birth,
                        &p.id_no,
                        &p.class_text(0),
                        &p.village,
                        &p.guardian,
                        &p.relation.to_owned(),
                    ]
                    .map(|s| CellOut::from(s.as_str()))
                    .to_vec()
                })
                .collect(),
            footer: Vec::new(),
        }
    };
    let (status, to) = page.upload("名单.xlsx", &to_xlsx(&[table("2015年2月30日")]));
    assert_eq!(status, 303, "{to}");
    assert!(to.ends_with("/columns"), "{to}");
    let draft = to.trim_end_matches("/columns").to_owned();
    let (_, text) = page.get(&to);
    assert!(
        text.contains("绰绰有余") && text.contains(&pupils[0].village),
        "their header with sample values"
    );
    assert!(!text.contains(&pupils[0].id_no), "ID numbers are masked");
    let (status, to) = page.post(&to, &to, &[("c4", "village"), ("remember", "1")]);
    assert_eq!((status, to.clone()), (303, format!("{draft}/rows")));
    let (_, text) = page.get(&to);
    assert!(text.contains("2月没有30日"), "the reason stands in the cell");
    assert_eq!(children(w, &head).len(), 0, "nothing is stored before the fourth step");
    // the sheet of what is to be mended
    let res = agent()
        .get(format!("{}{draft}/mend.xlsx", w.address))
        .header("cookie", &page.cookie)
        .call()
        .expect("answers");
    assert_eq!(res.status().as_u16(), 200);
    // a proposal taken by one tap: the date inside the ID number
    let take = text
        .split("name=\"take\" value=\"")
        .nth(1)
        .and_then(|s| s.split('"').next())
        .expect("a proposal")
        .to_owned();
    let (status, to) = page.post(&to, &to, &[("take", &take)]);
    assert_eq!(status, 303, "{to}");
    let (_, text) = page.get(&to);
    assert!(!text.contains("2月没有30日"), "mended");
    // storing
    let (status, to) = page.post(&to, &format!("{draft}/store"), &[]);
    assert_eq!(status, 303);
    assert!(to.starts_with("/imports/"), "{to}");
    let (_, text) = page.get(&to);
    assert!(text.contains("新加 4 名") && text.contains("撤回"), "{text}");
    let all = children(w, &head);
    assert_eq!(all.len(), 4);
    assert_eq!(
        whole(w, &head, named(&all, &pupils[0].name))["village"],
        pupils[0].village,
        "the chosen column"
    );
    assert_eq!(
        page.get(&format!("{draft}/rows")).0,
        404,
        "the sheet is gone with its end"
    );
    // the next file, by command: the column is remembered, and nothing differs
    let next = put(w, "next.xlsx", &to_xlsx(&[table("")]));
    let (code, v) = import(w, &next, &[]);
    assert_eq!((code, counts(&v)[1], counts(&v)[4]), (0, 0, 0), "{v}");

    // another's draft is not there, nor for another role
    let (_, to) = page.upload("名单2.xlsx", &to_xlsx(&[table("2015年2月30日")]));
    let other = Pages::sign_in(w, "head-c");
    assert_eq!(other.get(&to).0, 404);
    // only the good rows: the sheet waits with the others
    let draft = to.trim_end_matches("/columns").to_owned();
    let (_, to) = page.post(&format!("{draft}/rows"), &format!("{draft}/store"), &[("keep", "1")]);
    assert!(to.starts_with("/import"), "{to}");
    assert_eq!(page.get(&format!("{draft}/rows")).0, 200);
    let (status, to) = page.post(&format!("{draft}/rows"), &format!("{draft}/drop"), &[]);
    assert_eq!((status, to.as_str()), (303, "/import"));
    assert_eq!(page.get(&format!("{draft}/rows")).0, 404);
});

story!(a_grade_alone_is_its_only_class, |w: &World| {
    school(w);
    let sheet = |rows: &[(&str, &str, &str)]| {
        let mut t = Table {
            keys: 0,
            name: "全校".into(),
            columns: ["姓名", "出生日期", "年级"]
                .map(|h| ColumnOut::new(h, 0.0, CellKind::Text))
                .to_vec(),
            ..Table::default()
        };
        t.rows = rows
            .iter()
            .map(|(a, b, c)| [*a, *b, *c].map(CellOut::from).to_vec())
            .collect();
        to_xlsx(&[t])
    };
    let (_, v) = import(
        w,
        &put(
            w,
            "a.xlsx",
            &sheet(&[("石一", "2017-03-01", "三年级"), ("石二", "2018-03-01", "二年级")]),
        ),
        &[],
    );
    assert_eq!((counts(&v)[1], &v["classes_created"]), (2, &json!(["201", "301"])));
    let (code, v) = import(
        w,
        &put(
            w,
            "b.xlsx",
            &sheet(&[("石三", "2017-04-01", "三(2)班"), ("石四", "2017-05-01", "三年级")]),
        ),
        &[],
    );
    assert_eq!((code, counts(&v)[4]), (2, 1), "three (1) or three (2): {v}");
    assert!(
        v["errors"][0]["reason"]
            .as_str()
            .expect("a reason")
            .contains("三(1)、三(2)")
    );
});

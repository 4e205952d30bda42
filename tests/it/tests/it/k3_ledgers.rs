//! K3: a ledger for each kind, the roster and the pairings, as sheets: by command, and by address with a purpose in the audit.

use serde_json::json;
use tx_it::{World, story};
use tx_sheet::{Limits, open};

/// The cells of a sheet as text, row by row, and the raw XML of the sheet and of its texts.
fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let book = open(bytes, "台账.xlsx", &Limits::default()).expect("a sheet");
    let sheet = &book.sheets[0];
    sheet
        .rows
        .iter()
        .map(|r| r.cells.iter().map(|c| c.cell.text()).collect())
        .collect()
}
/// Status and bytes of an address.
fn fetch(w: &World, path: &str, token: &str) -> (u16, Vec<u8>) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut res = agent
        .get(format!("{}{path}", w.address))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .expect("the server answers");
    (res.status().as_u16(), res.body_mut().read_to_vec().unwrap_or_default())
}
fn total(rows: &[Vec<String>]) -> Vec<String> {
    rows.iter()
        .find(|r| r.iter().any(|c| c == "合计"))
        .cloned()
        .expect("a row of totals")
}

story!(a_ledger_of_gifts_with_totals, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "L1", "--name", "梅岭小学", "--scheme", "S2"])
            .0,
        0
    );
    let t = w.user(
        "l-teacher",
        &["--role", "class_teacher", "--school", "L1", "--class", "401"],
    );
    let (a, b) = (w.child(&t, "401", "石若曦"), w.child(&t, "401", "龙俊杰"));
    for (on, state, lines) in [
        (
            "2026-10-08",
            "done",
            json!([{"child": a, "quantity": 2}, {"child": b, "quantity": 4}]),
        ),
        ("2026-11-01", "done", json!([{"child": b, "quantity": 3}])),
        ("2026-12-01", "planned", json!([{"child": b, "quantity": 50}])),
        ("2026-08-01", "done", json!([{"child": b, "quantity": 9}])),
    ] {
        let body = json!({"kind": "gift", "on": on, "state": state, "text": "=1+1", "fields": {"item": "@书包", "worth": 12.5}, "lines": lines});
        let made = w.post("/api/v1/records", &t, &body);
        assert_eq!(made.status, 201, "{:?}", made.body);
    }
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name).display().to_string();
    let args = |kind: &str, out: &str| -> i32 {
        w.run(&[
            "report",
            "ledger",
            kind,
            "--school",
            "L1",
            "--from",
            "2026-09-01",
            "--to",
            "2026-12-31",
            "--out",
            out,
        ])
        .0
    };
    let out = path("gift.xlsx");
    assert_eq!(args("gift", &out), 0);
    let bytes = std::fs::read(&out).expect("the file");
    let rows = read(&bytes);
    let all = rows.iter().flatten().cloned().collect::<Vec<_>>().join("|");
    for want in [
        "梅岭小学赠送物品台账",
        "2026年9月1日",
        "口径",
        "石若曦",
        "龙俊杰",
        "=1+1",
        "@书包",
        "2026-12-01",
    ] {
        assert!(all.contains(want), "{want}: {all}");
    }
    assert!(!all.contains("2026-08-01"), "outside of the period");
    let sum = total(&rows);
    assert!(
        sum.iter().any(|c| c == "9"),
        "2 + 4 + 3, without what is planned: {sum:?}"
    );
    assert!(
        sum.iter().any(|c| c == "2 次") && sum.iter().any(|c| c == "3 人次"),
        "{sum:?}"
    );
    // text of people is never a formula
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("a package");
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("xl/worksheets/sheet1.xml").expect("a sheet"), &mut xml)
        .expect("text");
    assert!(!xml.contains("<f>") && !xml.contains("<f "), "no formula");

    for kind in ["roster", "pairings", "home_visit", "lecture", "free_essay"] {
        let out = path(&format!("{kind}.xlsx"));
        assert_eq!(args(kind, &out), 0, "{kind}");
        total(&read(&std::fs::read(&out).expect("the file")));
    }
    assert_eq!(args("no_such", &path("x.xlsx")), 1);
    assert_eq!(args("gift", &path("x.csv")), 1);
    assert!(!dir.path().join("x.xlsx").exists());
});

story!(by_address_with_a_purpose_and_only_the_own_children, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "L2", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let t = w.user(
        "m-teacher",
        &["--role", "class_teacher", "--school", "L2", "--class", "401"],
    );
    let other = w.user(
        "m-other",
        &["--role", "class_teacher", "--school", "L2", "--class", "402"],
    );
    let helper = w.user("m-inspector", &["--role", "inspector", "--school", "L2"]);
    let a = w.child(&t, "401", "石若曦");
    assert_eq!(
        w.post(
            "/api/v1/records",
            &t,
            &json!({"kind": "heart_talk", "on": "2026-11-20", "text": "想妈妈", "children": [a]})
        )
        .status,
        201
    );
    let ledger = |token: &str, q: &str| fetch(w, &format!("/records/ledger.xlsx?{q}"), token);
    let (status, bytes) = ledger(
        &t,
        "kind=heart_talk&from=2026-11-01&to=2026-11-24&purpose=%E7%9D%A3%E5%AF%BC",
    );
    assert_eq!(status, 200);
    let all = read(&bytes).into_iter().flatten().collect::<Vec<_>>().join("|");
    assert!(
        all.contains("石若曦") && all.contains("想妈妈") && all.contains("督导"),
        "{all}"
    );
    let (status, bytes) = ledger(&other, "kind=heart_talk&from=2026-11-01&to=2026-11-24");
    assert_eq!(status, 200);
    let all = read(&bytes).into_iter().flatten().collect::<Vec<_>>().join("|");
    assert!(
        !all.contains("石若曦") && !all.contains("想妈妈"),
        "another class: {all}"
    );
    for (q, want) in [
        ("kind=no_such", 422),
        ("kind=heart_talk&from=2026-13-01", 422),
        ("kind=heart_talk&from=2026-11-02&to=2026-11-01", 422),
        ("kind=admission", 422),
    ] {
        assert_eq!(ledger(&t, q).0, want, "{q}");
    }
    assert_eq!(ledger(&helper, "kind=roster").0, 403, "inspectors take no names out");
    let db = w.place.open().expect("the store");
    let noted = db
        .read(|c| {
            c.count(
                "select count(*) from audit_entries where action = 'export.ledger' and detail is not null",
                &[],
            )
        })
        .expect("a count");
    assert_eq!(noted, 2, "each ledger is in the audit");
});

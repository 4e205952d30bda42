//! K3: a ledger for each kind, the roster and the pairings, as sheets: by command, and by address with a purpose in the audit.

use serde_json::json;
use tx_base::{Day, Id};
use tx_child::File;
use tx_it::{World, story};
use tx_sheet::{Limits, open};
use tx_store::{Act, params};

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
    assert!(
        sum.iter().any(|c| c == "25"),
        "12.5 twice: what a record says is added once, not for each of its lines: {sum:?}"
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

story!(the_ten_groups_of_a_trading_day_have_a_row_each, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "L3", "--name", "梅岭小学", "--scheme", "S2"])
            .0,
        0
    );
    let head = w.user("n-head", &["--role", "head", "--school", "L3"]);
    let t = w.user(
        "n-teacher",
        &["--role", "class_teacher", "--school", "L3", "--class", "401"],
    );
    let other = w.user(
        "n-other",
        &["--role", "class_teacher", "--school", "L3", "--class", "402"],
    );
    let (a, b) = (w.child(&t, "401", "石若曦"), w.child(&other, "402", "龙俊杰"));
    let lines: Vec<_> = (1..=10)
        .map(|n| {
            let sort = if n <= 6 { "流动" } else { "摆摊" };
            json!({"item": format!("第{n}组"), "fields": {"group": sort, "takings": 20.5 + f64::from(n), "advance": 20}})
        })
        .collect();
    let day = json!({"kind": "trading_day", "on": "2026-10-24", "fields": {"place": "集市", "groups": 10, "stages": 4}, "lines": lines});
    let lecture = |on: &str, people: i64, of: Vec<&String>| json!({"kind": "lecture", "on": on, "fields": {"title": "防溺水", "people": people}, "children": of});
    for body in [
        day,
        lecture("2026-10-10", 40, vec![&a, &b]),
        lecture("2026-10-17", 52, vec![&a]),
    ] {
        let made = w.post("/api/v1/records", &head, &body);
        assert_eq!(made.status, 201, "{:?}", made.body);
    }
    let ledger = |token: &str, kind: &str| {
        let (status, bytes) = fetch(
            w,
            &format!("/records/ledger.xlsx?kind={kind}&from=2026-10-01&to=2026-10-31"),
            token,
        );
        assert_eq!(status, 200);
        read(&bytes)
    };
    let rows = ledger(&head, "trading_day");
    let groups: Vec<&Vec<String>> = rows
        .iter()
        .filter(|r| r.iter().any(|c| c.starts_with('第') && c.ends_with('组')))
        .collect();
    assert_eq!(groups.len(), 10, "{rows:?}");
    for (n, row) in (1..=10).zip(groups) {
        let want = [
            format!("第{n}组"),
            format!("{}", 20.5 + f64::from(n)),
            "20".into(),
            "集市".into(),
        ];
        for cell in want {
            assert!(row.contains(&cell), "{cell}: {row:?}");
        }
    }
    let sum = total(&rows);
    for cell in ["1 次", "10 行", "260", "200"] {
        assert!(sum.iter().any(|c| c == cell), "{cell}: {sum:?}");
    }
    assert!(
        !sum.iter().any(|c| c == "10" || c == "100" || c == "40"),
        "how many groups and stages there are is no sum: {sum:?}"
    );
    // nothing is said of each line: one row a record, with the children's names as far as the reader sees them
    let rows = ledger(&head, "lecture");
    let found: Vec<&Vec<String>> = rows.iter().filter(|r| r.iter().any(|c| c == "防溺水")).collect();
    assert_eq!(found.len(), 2);
    assert!(found[0].contains(&"石若曦、龙俊杰".to_owned()) || found[0].contains(&"龙俊杰、石若曦".to_owned()));
    assert!(found[1].contains(&"石若曦".to_owned()));
    let sum = total(&rows);
    assert!(
        sum.contains(&"92".to_owned()) && sum.contains(&"2 次".to_owned()),
        "{sum:?}"
    );
    let all = ledger(&other, "lecture")
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("|");
    assert!(!all.contains("石若曦"), "another class: {all}");
});

story!(the_roster_of_a_day_gone_by, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "L4", "--name", "东坪小学", "--scheme", "S4"])
            .0,
        0
    );
    let head = w.user("r-head", &["--role", "head", "--school", "L4"]);
    let t = w.user(
        "r-teacher",
        &["--role", "class_teacher", "--school", "L4", "--class", "401"],
    );
    let class = w.post(
        "/api/v1/classes",
        &head,
        &json!({"school": "L4", "code": "402", "grade": 4, "school_year": "2026-2027"}),
    );
    assert_eq!(class.status, 201, "{:?}", class.body);
    assert_eq!(w.child(&t, "401", "滕云怡").len(), 36, "came today");
    // two since September: one in the other class since October and off the list since November, one who left
    let db = w.place.open().expect("the store");
    let (county, school, from, to) = db
        .read(|c| {
            let s = c
                .first("select county_id, id from schools where code = 'L4'", &[])?
                .expect("a school");
            let class = |code: &str| -> tx_base::Result<Id> {
                let sql = "select id from classes where county_id = ?1 and school_id = ?2 and code = ?3";
                Ok(c.first(sql, params![s.id(0), s.id(1), code])?.expect("a class").id(0))
            };
            Ok((s.id(0), s.id(1), class("401")?, class("402")?))
        })
        .expect("a school with two classes");
    db.write(Act::console(county, "story", "story"), move |w| {
        let (begin, today) = (Day::lit("2026-09-01"), Day::lit("2026-11-24"));
        let one = |name: &str| File {
            id: Id::fresh(),
            school,
            class: Some(from),
            name: name.into(),
            listed: Some((begin, "hand".into())),
            ..File::default()
        };
        let (moved, left) = (one("石若曦"), one("龙俊杰"));
        tx_child::add(w, &moved, begin)?;
        tx_child::add(w, &left, begin)?;
        tx_child::moves::to_class(w, moved.id, to, Day::lit("2026-10-20"))?;
        tx_child::spells::close(w, moved.id, Day::lit("2026-11-01"), "parents_home", None, None, today)?;
        tx_child::moves::leave(w, left.id, Day::lit("2026-10-31"), "left", None, today)
    })
    .expect("written");
    let roster = |to: &str| {
        let (status, bytes) = fetch(
            w,
            &format!("/records/ledger.xlsx?kind=roster&from=2026-09-01&to={to}"),
            &head,
        );
        assert_eq!(status, 200);
        let rows = read(&bytes);
        let mine = rows.iter().find(|r| r.contains(&"石若曦".to_owned())).cloned();
        (mine.unwrap_or_default(), total(&rows))
    };
    for (to, class, names, listed) in [
        ("2026-11-24", "四(2)班", "2 名", "1 名留守"),
        ("2026-10-19", "四(1)班", "2 名", "2 名留守"),
        ("2026-11-01", "四(2)班", "1 名", "1 名留守"),
        ("2026-11-02", "四(2)班", "1 名", "0 名留守"),
    ] {
        let (row, sum) = roster(to);
        assert!(row.contains(&class.to_owned()), "{to}: {row:?}");
        assert!(
            sum.contains(&names.to_owned()) && sum.contains(&listed.to_owned()),
            "{to}: {sum:?}"
        );
    }
});

//! security.md §2 and §6: backup and restore with every row equal, keys renewed through kills, an empty store filled.

use base64::Engine;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tongxing::open::Place;
use tx_it::{World, serve, settings, story};
use tx_store::{Act, Value};

const WORDS: &str = "夜里想妈妈睡不着";
const PASSPHRASE: &str = "乡亲们都要好好的呀一起";

/// What a filled store holds, for looking again later.
struct Filled {
    token: String,
    child: String,
    record: String,
    shared: String,
}
fn filled(w: &World) -> Filled {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let token = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let (child, other) = (w.child(&token, "401", "石若曦"), w.child(&token, "401", "龙俊杰"));
    let talk = |children: &[&String]| {
        let a = w.post(
            "/api/v1/records",
            &token,
            &json!({"kind": "heart_talk", "text": WORDS, "children": children}),
        );
        assert_eq!(a.status, 201, "{:?}", a.body);
        a.body["id"].as_str().expect("an id").to_owned()
    };
    let (record, shared) = (talk(&[&child]), talk(&[&child, &other]));
    let a = w.call(
        "PATCH",
        &format!("/api/v1/records/{record}"),
        &token,
        Some(&json!({"base_version": 1, "text": "改过的话"})),
        None,
    );
    assert_eq!(a.status, 200, "{:?}", a.body);
    Filled {
        token,
        child,
        record,
        shared,
    }
}
impl Filled {
    /// Everything sealed opens: a child's fields, a record of one, of several, an earlier version.
    fn opens(&self, w: &World, site: &str) {
        let c = w.get_at(site, &format!("/api/v1/children/{}", self.child), &self.token);
        assert_eq!(c.body["guardians"][0]["phone"], "19000012345", "{:?}", c.body);
        let r = w.get_at(site, &format!("/api/v1/records/{}", self.record), &self.token);
        assert_eq!(r.body["text"], "改过的话", "{:?}", r.body);
        let r = w.get_at(site, &format!("/api/v1/records/{}", self.shared), &self.token);
        assert_eq!(r.body["text"], WORDS, "{:?}", r.body);
        let v = w.get_at(site, &format!("/api/v1/records/{}/versions", self.record), &self.token);
        assert!(v.body["items"].to_string().contains(WORDS), "{:?}", v.body);
    }
}

/// All rows by table, in words that are the same for both databases.
fn rows(place: &Place) -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    let db = place.open().expect("opens");
    let mut all: BTreeMap<&'static str, Vec<Vec<u8>>> = BTreeMap::new();
    tx_store::dump(&db, &mut |t, row| {
        let plain: Vec<Value> = row
            .iter()
            .map(|v| match v {
                Value::Id(id) => Value::Text(id.to_string()),
                Value::Bool(b) => Value::Int((*b).into()),
                other => other.clone(),
            })
            .collect();
        let mut out = Vec::new();
        tx_store::write_row(&plain, &mut out);
        if t.name != "meta" {
            all.entry(t.name).or_default().push(out);
        }
        Ok(())
    })
    .expect("dumps");
    all.values_mut().for_each(|v| v.sort());
    all
}
fn run(w: &World, data: &Path, database: Option<&str>, args: &[&str], passphrase: &str) -> i32 {
    let mut c = w.command(args);
    // the last --data wins nothing: it is given once, so the program is called anew
    let mut plain = std::process::Command::new(c.get_program());
    plain
        .arg("--data")
        .arg(data)
        .args(args)
        .env("TONGXING_TODAY", tx_it::TODAY)
        .env("TONGXING_BACKUP_PASSPHRASE", passphrase)
        .env_remove("TONGXING_DATABASE");
    if let Some(url) = database {
        plain.env("TONGXING_DATABASE", url);
    }
    c = plain;
    c.output().expect("runs").status.code().unwrap_or(-1)
}

story!(a_backup_restores_with_every_row_equal, |w: &World| {
    let f = filled(w);
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("a.backup");
    std::fs::create_dir_all(w.place.data.join("files/ab")).expect("a folder");
    std::fs::write(w.place.data.join("files/ab/photo"), vec![9; 700_000]).expect("a file");
    let before = rows(&w.place);
    let name = file.to_str().expect("a path");
    let own = w.place.database.as_deref();
    assert_eq!(
        run(w, &w.place.data, own, &["backup", name], "short"),
        1,
        "the passphrase is too short"
    );
    assert_eq!(run(w, &w.place.data, own, &["backup", name], PASSPHRASE), 0);
    let bytes = std::fs::read(&file).expect("the backup");
    let key = std::fs::read(w.place.data.join("master.key")).expect("the master key");
    for open in [WORDS.as_bytes(), "石若曦".as_bytes(), &key] {
        assert!(
            !bytes.windows(open.len()).any(|b| b == open),
            "nothing lies open in the file"
        );
    }
    // into SQLite from either database, and into an empty store of the same kind
    let mut places = vec![Place {
        data: dir.path().join("lite"),
        database: None,
        clock: w.place.clock.clone(),
    }];
    if own.is_some() {
        let empty = World::postgres().expect("a fresh database");
        places.push(Place {
            data: dir.path().join("pg"),
            database: empty.place.database.clone(),
            clock: w.place.clock.clone(),
        });
    }
    for place in &places {
        let url = place.database.as_deref();
        assert_eq!(
            run(w, &place.data, url, &["restore", name], "不是这个口令不是"),
            1,
            "another passphrase"
        );
        let mut bent = bytes.clone();
        let at = bent.len() / 2;
        bent[at] ^= 1;
        let bad = dir.path().join("bent.backup");
        std::fs::write(&bad, &bent).expect("written");
        assert_eq!(
            run(
                w,
                &place.data,
                url,
                &["restore", bad.to_str().expect("a path")],
                PASSPHRASE
            ),
            1,
            "a bent byte"
        );
        assert!(!place.data.join("tongxing.db").exists(), "nothing has landed");
        assert_eq!(run(w, &place.data, url, &["restore", name], PASSPHRASE), 0);
        let after = rows(place);
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (table, all) in &before {
            assert!(
                all == &after[table],
                "{table} differs: {} and {} rows",
                all.len(),
                after[table].len()
            );
        }
        assert_eq!(
            std::fs::read(place.data.join("files/ab/photo")).map(|b| b.len()).ok(),
            Some(700_000)
        );
        f.opens(w, &serve(place, settings()));
        assert_eq!(
            run(w, &place.data, url, &["restore", name], PASSPHRASE),
            1,
            "only into an empty store"
        );
        assert_eq!(run(w, &place.data, url, &["verify"], ""), 0);
    }
    assert_eq!(
        run(w, &w.place.data, own, &["restore", name], PASSPHRASE),
        1,
        "its own store is not empty"
    );
});

fn old_keys(w: &World) -> (i64, i64) {
    let db = w.place.open().expect("opens");
    db.read(|c| {
        let fields = c.count("select count(*) from data_keys where purpose = 'fields'", &[])?;
        Ok((
            fields,
            c.count("select count(*) from data_keys where previous is not null", &[])?,
        ))
    })
    .expect("reads")
}

story!(the_keys_are_renewed_beside_a_running_server, |w: &World| {
    let f = filled(w);
    let (key, before) = (
        std::fs::read(w.place.data.join("master.key")).expect("a key"),
        rows(&w.place),
    );
    assert_eq!(w.run(&["key", "rotate"]).0, 0);
    assert_ne!(std::fs::read(w.place.data.join("master.key")).expect("a key"), key);
    assert!(!w.place.data.join("master.key.new").exists());
    assert_eq!(old_keys(w), (1, 0), "the old keys are gone");
    assert_eq!(w.run(&["verify"]).0, 0);
    // the server that ran all the time, and one that starts now
    f.opens(w, &w.address);
    f.opens(w, &serve(&w.place, settings()));
    let after = rows(&w.place);
    for sealed in ["guardians", "data_keys"] {
        assert!(
            before[sealed].iter().all(|r| !after[sealed].contains(r)),
            "{sealed} is sealed anew, all of it"
        );
    }
    // the key from before opens nothing any more
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("master.key"), key).expect("written");
    let database = w.place.database.clone().or(Some(w.place.url()));
    assert!(
        Place {
            data: dir.path().to_owned(),
            database,
            clock: w.place.clock.clone()
        }
        .open()
        .is_err()
    );
});

story!(a_killed_rotation_loses_nothing_and_goes_on, |w: &World| {
    let f = filled(w);
    // killed after the commit and before the new master key took its name, then in the midst of sealing
    let db = w.place.open().expect("opens");
    let key = tx_seal::Key::fresh();
    std::fs::write(
        w.place.data.join("master.key.new"),
        base64::engine::general_purpose::STANDARD.encode(key.bytes()),
    )
    .expect("written");
    let act = Act::console(tx_base::Id::NIL, "console:test", "key.rotate");
    tx_store::begin_rotation(&db, act.clone(), &key).expect("begins");
    assert!(
        tx_store::begin_rotation(&db, act.clone(), &key).is_err(),
        "one at a time"
    );
    let mut left = 3;
    tx_store::finish_rotation(
        &db,
        &act,
        |_, _| {},
        || {
            left -= 1;
            left == 0
        },
    )
    .expect("stops");
    drop(db);
    assert!(old_keys(w).0 == 2, "half way");
    f.opens(w, &serve(&w.place, settings()));
    f.opens(w, &w.address);
    assert_eq!(w.run(&["verify"]).0, 0);
    assert!(
        !w.place.data.join("master.key.new").exists(),
        "taken up when the store was opened"
    );
    // what is written meanwhile is kept as well
    let a = w.post(
        "/api/v1/records",
        &f.token,
        &json!({"kind": "heart_talk", "text": "半路上记的", "children": [f.child]}),
    );
    // real kills, then one run to the end
    for wait in [300, 1200, 1700] {
        let mut child = w
            .command(&["key", "rotate"])
            .stderr(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("runs");
        std::thread::sleep(Duration::from_millis(wait));
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(w.run(&["verify"]).0, 0);
    }
    assert_eq!(w.run(&["key", "rotate"]).0, 0);
    assert_eq!(old_keys(w), (1, 0));
    assert_eq!(w.run(&["verify"]).0, 0);
    f.opens(w, &w.address);
    let r = w.get(
        &format!("/api/v1/records/{}", a.body["id"].as_str().expect("an id")),
        &f.token,
    );
    assert_eq!(r.body["text"], "半路上记的");
});

story!(synth_fills_an_empty_store_in_proportion, |w: &World| {
    let (code, out) = w.run(&[
        "synth",
        "--schools",
        "3",
        "--children",
        "60",
        "--years",
        "1",
        "--seed",
        "4",
    ]);
    assert_eq!(code, 0, "{out}");
    let v: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((v["schools"].as_i64(), v["children"].as_i64()), (Some(3), Some(60)));
    assert!(v["records"].as_i64().is_some_and(|n| n > 100), "{v}");
    let db = w.place.open().expect("opens");
    let of = |sql: &str| db.read(|c| c.count(sql, &[])).expect("counts");
    assert_eq!(of("select count(*) from children"), 60);
    assert_eq!(
        of("select count(distinct school_id) from children"),
        3,
        "all schools have some"
    );
    assert_eq!(w.run(&["verify"]).0, 0);
    let (code, out) = w.run(&["duties", "--school", "C0001", "--json"]);
    assert!(code == 0 && out.contains("\"rule\""), "{out}");
    assert_eq!(
        w.run(&["synth", "--schools", "1", "--children", "1"]).0,
        1,
        "not into a store that holds something"
    );
});

story!(a_rolled_back_store_fails_the_anchor, |w: &World| {
    let f = filled(w);
    let head = w.user("h", &["--role", "head", "--school", "Y1"]);
    let dir = tempfile::tempdir().expect("a folder");
    let (file, anchor) = (dir.path().join("a.backup"), dir.path().join("head.json"));
    assert_eq!(
        run(
            w,
            &w.place.data,
            w.place.database.as_deref(),
            &["backup", file.to_str().expect("a path")],
            PASSPHRASE
        ),
        0
    );
    w.child(&f.token, "401", "田春燕");
    std::fs::write(&anchor, w.get("/api/v1/audit/head", &head).body.to_string()).expect("written");
    let anchor = anchor.to_str().expect("a path");
    assert_eq!(w.run(&["verify", "--anchor", anchor]).0, 0);
    let back = dir.path().join("back");
    assert_eq!(
        run(w, &back, None, &["restore", file.to_str().expect("a path")], PASSPHRASE),
        0
    );
    assert_eq!(run(w, &back, None, &["verify"], ""), 0);
    assert_eq!(
        run(w, &back, None, &["verify", "--anchor", anchor], ""),
        1,
        "last week's store lacks the head"
    );
});

//! security.md §6: a backup each day while the server runs, each restored once, old ones thinned out, and one that failed said to the administrator.

use serde_json::Value as Json;
use std::path::Path;
use std::time::Duration;
use tx_it::browser::Browser;
use tx_it::served::Served;
use tx_it::{TODAY, World, story};

const PASSPHRASE: &str = "乡亲们都要好好的呀一起";

fn serve(w: &World, env: &[(&str, &str)]) -> Served {
    let mut c = w.serving();
    c.envs(env.iter().copied());
    Served::start(c)
}
/// What the administrator's page says, once `f` holds of it.
fn once(w: &World, site: &str, admin: &str, f: impl Fn(&Json) -> bool) -> Json {
    let mut last = Json::Null;
    for _ in 0..600 {
        let a = w.get_at(site, "/api/v1/system", admin);
        assert_eq!(a.status, 200, "{:?}", a.body);
        last = a.body["backups"].clone();
        if f(&last) {
            return last;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("never came: {last}");
}
fn files(dir: &Path) -> Vec<String> {
    let mut all: Vec<String> = std::fs::read_dir(dir)
        .expect("the folder")
        .flatten()
        .map(|f| f.file_name().to_string_lossy().into_owned())
        .collect();
    all.sort();
    all
}

story!(a_server_backs_itself_up_each_day, |w: &World| {
    let s = w.school();
    w.child(&s.teacher, "401", "石若曦");
    let admin = w.user("boss", &["--role", "admin"]);
    let folder = w.place.data.join("backups");
    std::fs::create_dir_all(&folder).expect("a folder");
    for day in 1..=20 {
        std::fs::write(folder.join(format!("tongxing-2026-11-{day:02}.backup")), b"old").expect("a file");
    }
    std::fs::write(folder.join("tongxing-notes.backup"), b"somebody's own").expect("a file");
    let server = serve(w, &[("TONGXING_BACKUP_PASSPHRASE", PASSPHRASE)]);
    let name = format!("tongxing-{TODAY}.backup");
    let b = once(w, &server.site, &admin, |b| {
        b["kept"][0]["day"] == TODAY && b["running"] == false
    });
    assert_eq!((&b["daily"], &b["failed"]), (&Json::Bool(true), &Json::Null));
    // seven days, four weeks, twelve months; what is not ours is left alone, and nothing of the trial stays
    let mut want: Vec<String> = [8, 15, 16, 17, 18, 19, 20, 24]
        .iter()
        .map(|d| format!("tongxing-2026-11-{d:02}.backup"))
        .collect();
    want.push("tongxing-notes.backup".into());
    assert_eq!(files(&folder), want);
    // it opens with the passphrase into an empty place, with everything
    let back = tempfile::tempdir().expect("a folder");
    let file = folder.join(name);
    let mut c = std::process::Command::new(w.command(&[]).get_program());
    let out = c
        .args([
            "--data",
            back.path().to_str().expect("a path"),
            "restore",
            file.to_str().expect("a path"),
        ])
        .env_remove("TONGXING_DATABASE")
        .env("TONGXING_BACKUP_PASSPHRASE", PASSPHRASE)
        .output()
        .expect("runs");
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let db = rusqlite::Connection::open(back.path().join("tongxing.db")).expect("opens");
    let n: i64 = db
        .query_row("select count(*) from children", [], |r| r.get(0))
        .expect("counts");
    assert_eq!(n, 1);
    // the administrator sees it, the head does not
    let page = w.page_at(&server.site, "/system", &admin);
    assert!(page.0 == 200 && page.1.contains("2026年11月24日"), "{}", page.1);
    assert_eq!(w.page_at(&server.site, "/system", &s.head).0, 403);
    assert_eq!(w.get_at(&server.site, "/api/v1/system", &s.head).status, 403);
    let noted = "select count(*) from audit_entries where action = 'backup.daily'";
    let db = w.place.open().expect("opens");
    assert_eq!(db.read(|c| c.count(noted, &[])).expect("counts"), 1);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(a_backup_that_failed_is_said_until_one_is_good, |w: &World| {
    let (code, out) = w.run(&["user", "add", "boss", "--role", "admin"]);
    assert_eq!(code, 0);
    let password = out.split_whitespace().last().expect("a password").to_owned();
    let (_, token) = w.run(&["token", "add", "--user", "boss"]);
    // a file stands where the folder should be
    let folder = w.place.data.join("elsewhere");
    std::fs::write(&folder, b"in the way").expect("a file");
    let path = folder.to_str().expect("a path");
    let server = serve(
        w,
        &[
            ("TONGXING_BACKUP_PASSPHRASE", PASSPHRASE),
            ("TONGXING_BACKUP_FOLDER", path),
        ],
    );
    let b = once(w, &server.site, &token, |b| !b["failed"].is_null());
    assert!(
        b["failed"]["reason"].as_str().is_some_and(|r| r.contains("备份文件夹")),
        "{b}"
    );
    let mut page = Browser::at(&server.site);
    assert_eq!(page.login("boss", &password).status, 303);
    for at in ["/", "/system"] {
        let p = page.get(at);
        assert!(p.text.contains("今天的备份没有做成"), "{at}: {}", p.text);
    }
    std::fs::remove_file(&folder).expect("out of the way");
    assert_eq!(page.post("/system", "/system/backup", &[]).status, 303);
    once(w, &server.site, &token, |b| b["kept"][0]["day"] == TODAY);
    once(w, &server.site, &token, |b| {
        b["failed"].is_null() && b["running"] == false
    });
    assert!(!page.get("/").text.contains("没有做成"));
});

#[test]
fn without_a_passphrase_there_is_none_and_it_is_said() {
    let w = World::sqlite();
    let admin = w.user("boss", &["--role", "admin"]);
    let server = serve(&w, &[]);
    let b = w.get_at(&server.site, "/api/v1/system", &admin).body["backups"].clone();
    assert_eq!(b["daily"], false);
    assert!(w.page_at(&server.site, "/system", &admin).1.contains("没有每日备份"));
    assert!(!w.place.data.join("backups").exists());
    // one that is too short stops the start: it would be found out when the backup is needed
    let mut c = w.command(&["serve"]);
    let out = c.env("TONGXING_BACKUP_PASSPHRASE", "short").output().expect("runs");
    assert_eq!(out.status.code(), Some(1));
}

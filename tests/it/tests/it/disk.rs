//! security.md §6: a full disk. A write is refused whole with 507, reading goes on, and nobody has to start anything anew.
//!
//! On SQLite the disk is full for one server: the system lets that process make no file larger (`RLIMIT_FSIZE`, which `prlimit` sets and
//! lifts while it runs), so each write of the database fails as it does on a full disk. PostgreSQL writes elsewhere; there triggers raise the
//! error that it raises when its own disk is full.

use serde_json::json;
use std::process::Command;
use tx_it::browser::Browser;
use tx_it::served::Served;
use tx_it::{World, story};

/// A server of the program's own, and the disk under it.
struct Disk<'w> {
    w: &'w World,
    site: String,
    server: Option<Served>,
}
impl Disk<'_> {
    fn under(w: &World) -> Disk<'_> {
        if w.place.database.is_some() {
            w.tamper(
                "create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no space left' using errcode = '53100'; end $$",
            );
            let site = w.address.clone();
            return Disk { w, site, server: None };
        }
        let own = w.serving();
        let mut c = Command::new("sh");
        // a write beyond the limit is then an error and no signal
        c.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(own.get_program())
            .args(own.get_args());
        for (name, value) in own.get_envs() {
            match value {
                Some(v) => c.env(name, v),
                None => c.env_remove(name),
            };
        }
        let server = Served::start(c);
        let site = server.site.clone();
        Disk {
            w,
            site,
            server: Some(server),
        }
    }
    fn limit(&self, bytes: &str) {
        let pid = self.server.as_ref().expect("a server").pid().to_string();
        let out = Command::new("prlimit")
            .args(["--pid", &pid, &format!("--fsize={bytes}:")])
            .status();
        assert!(out.expect("prlimit, of util-linux").success());
    }
    fn fill(&self) {
        if self.server.is_some() {
            self.limit("1");
        } else {
            for t in FULL {
                self.w.tamper(&format!(
                    "create trigger full_{t} before insert or update on {t} for each row execute function no_room()"
                ));
            }
        }
    }
    fn make_room(&self) {
        if self.server.is_some() {
            self.limit("unlimited");
        } else {
            for t in FULL {
                self.w.tamper(&format!("drop trigger full_{t} on {t}"));
            }
        }
    }
}

/// Where the story writes.
const FULL: [&str; 4] = ["children", "meta", "audit_entries", "file_views"];
const NOTE: &str = "磁盘满了";

story!(a_full_disk_refuses_whole_and_recovers, |w: &World| {
    let s = w.school();
    let child = w.child(&s.teacher, "401", "石若曦");
    let (code, out) = w.run(&["user", "add", "head-b", "--role", "head", "--school", "Y1"]);
    assert_eq!(code, 0);
    let disk = Disk::under(w);
    let mut page = Browser::at(&disk.site);
    assert_eq!(
        page.login("head-b", out.split_whitespace().last().expect("a password"))
            .status,
        303
    );
    assert_eq!(page.get("/readyz").status, 200);
    let body = json!({"class": "401", "name": "龙俊杰", "sex": "m", "birth_date": "2016-05-01", "left_behind": true,
        "guardians": [{"name": "龙奶奶", "relation": "grandmother", "phone": "19000012345"}]});
    let post = |key: &str| w.call_keyed(&disk.site, "POST", "/api/v1/children", &s.teacher, &body, key);
    let names = || {
        let a = w.get_at(&disk.site, "/api/v1/children?limit=200", &s.teacher);
        assert_eq!(a.status, 200, "{:?}", a.body);
        a.body["items"].as_array().map(Vec::len).unwrap_or_default()
    };
    assert_eq!(names(), 1);
    // opened while there is room: opening a store writes to it
    let db = w.place.open().expect("opens");
    let count = |sql: &str| db.read(|c| c.count(sql, &[])).expect("counts");
    let all = || {
        [
            "children",
            "guardians",
            "class_stays",
            "left_behind_episodes",
            "audit_entries",
            "idempotency",
        ]
        .map(|t| count(&format!("select count(*) from {t}")))
    };

    disk.fill();
    let before = all();
    for key in ["first-try-of-the-phone", "second-try-of-the-phone"] {
        let a = post(key);
        assert_eq!(
            (a.status, a.kind.as_str()),
            (507, "application/problem+json"),
            "{:?}",
            a.body
        );
        assert_eq!(a.body["status"], 507);
        assert!(
            a.body["detail"]
                .as_str()
                .is_some_and(|d| d.contains(NOTE) || d.contains("写不进去")),
            "{:?}",
            a.body
        );
        assert!(!a.body.to_string().contains("sqlite"), "no word of the database");
    }
    assert_eq!(page.get("/readyz").status, 503);
    assert_eq!(page.get("/healthz").status, 200);
    // reading goes on: the list, the file, pages; and these say why nothing can be stored
    assert_eq!(names(), 1);
    assert_eq!(
        w.get_at(&disk.site, &format!("/api/v1/children/{child}"), &s.teacher)
            .status,
        200
    );
    for path in ["/children".to_owned(), format!("/children/{child}"), "/".to_owned()] {
        let p = page.get(&path);
        assert_eq!(p.status, 200, "{path}");
        assert!(p.text.contains(NOTE), "{path} says it");
    }
    assert_eq!(all(), before, "nothing is half written");

    disk.make_room();
    // the phone sends the same again, and there is room
    let a = post("first-try-of-the-phone");
    assert_eq!((a.status, a.replayed), (201, false), "{:?}", a.body);
    assert_eq!(page.get("/readyz").status, 200);
    assert_eq!(names(), 2);
    let p = page.get("/children");
    assert!(p.status == 200 && !p.text.contains(NOTE), "the note goes by itself");
    assert_eq!(w.run(&["verify"]).0, 0);
});

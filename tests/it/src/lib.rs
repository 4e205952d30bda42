//! Stories told from outside, each on a real SQLite file and on a real PostgreSQL server.
//!
//! PostgreSQL is the server of `TONGXING_TEST_POSTGRES`, which `cargo xtask test` starts; without it those stories say so and end.

pub mod browser;
pub mod served;

use serde_json::{Value as Json, json};
use std::process::Command;
use std::sync::mpsc;
use tongxing::open::Place;
use tx_base::{Clock, Day};

/// The day on which the stories happen.
pub const TODAY: &str = "2026-11-24";

/// A running installation with nothing in it.
pub struct World {
    pub address: String,
    pub place: Place,
    dir: tempfile::TempDir,
}

/// The school of most stories: Y1, 云溪小学, with scheme S5.
pub struct School {
    /// tokens
    pub head: String,
    /// class teacher of 401
    pub teacher: String,
}

/// An answer: status, body, whether it was replayed.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Json,
    pub replayed: bool,
    pub kind: String,
}

impl World {
    pub fn sqlite() -> World {
        World::start(None)
    }
    /// A fresh database on the test server, or none when there is no server.
    pub fn postgres() -> Option<World> {
        let Ok(server) = std::env::var("TONGXING_TEST_POSTGRES") else {
            eprintln!("no TONGXING_TEST_POSTGRES: this story was not told on PostgreSQL");
            return None;
        };
        let name = format!("t{}", uuid::Uuid::now_v7().simple());
        let mut c = postgres::Client::connect(&server, postgres::NoTls).expect("the test server answers");
        c.batch_execute(&format!("create database {name}"))
            .expect("a fresh database");
        let (base, tail) = server.split_once('?').unwrap_or((&server, ""));
        let root = match base.rfind('/').filter(|at| *at > base.find("://").map_or(0, |p| p + 2)) {
            Some(at) => &base[..at],
            None => base,
        };
        Some(World::start(Some(
            format!("{root}/{name}?{tail}").trim_end_matches('?').to_owned(),
        )))
    }
    fn start(database: Option<String>) -> World {
        let dir = tempfile::tempdir().expect("a folder");
        let place = Place {
            data: dir.path().to_owned(),
            database,
            clock: Clock::fixed(Day::lit(TODAY)),
        };
        World {
            address: serve(&place, settings()),
            place,
            dir,
        }
    }
    /// Runs a command of the binary beside the server; status and stdout.
    pub fn run(&self, args: &[&str]) -> (i32, String) {
        let out = self.command(args).output().expect("the program runs");
        (
            out.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&out.stdout).trim().to_owned(),
        )
    }
    /// The same, to be started by the story itself.
    pub fn command(&self, args: &[&str]) -> Command {
        let bin = std::env::var("TONGXING_BIN").unwrap_or_else(|_| {
            let mut p = std::env::current_exe().expect("the test knows itself");
            p.pop();
            p.pop();
            p.join("tongxing").display().to_string()
        });
        let mut c = Command::new(&bin);
        c.arg("--data")
            .arg(self.dir.path())
            .args(args)
            .env("TONGXING_TODAY", TODAY)
            .env("LANG", "zh_CN.UTF-8")
            .env_remove("TONGXING_DATABASE");
        if let Some(url) = &self.place.database {
            c.env("TONGXING_DATABASE", url);
        }
        c
    }
    /// The command that serves this store on a port of its own, without second factors and daily backups.
    pub fn serving(&self) -> Command {
        let mut c = self.command(&["serve"]);
        c.env("TONGXING_LISTEN", "127.0.0.1:0")
            .env("TONGXING_SECOND_FACTOR_ROLES", "")
            .env_remove("TONGXING_BACKUP_PASSPHRASE");
        c
    }
    /// Adds the school Y1 without people.
    pub fn bare_school(&self) {
        let add = ["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"];
        assert_eq!(self.run(&add).0, 0);
    }
    /// Adds the school Y1 with its head (`head`) and the class teacher of 401 (`teacher-a`).
    pub fn school(&self) -> School {
        self.bare_school();
        School {
            head: self.user("head", &["--role", "head", "--school", "Y1"]),
            teacher: self.teacher("teacher-a", "401"),
        }
    }
    /// Adds a class teacher of Y1, with the class where it is missing, and gives a token.
    pub fn teacher(&self, name: &str, class: &str) -> String {
        self.user(name, &["--role", "class_teacher", "--school", "Y1", "--class", class])
    }
    /// Adds a user by command and signs in with a browser.
    pub fn browser(&self, name: &str, args: &[&str]) -> browser::Browser {
        let mut all = vec!["user", "add", name];
        all.extend(args);
        let (code, out) = self.run(&all);
        assert_eq!(code, 0, "user {name}");
        let mut b = browser::Browser::at(&self.address);
        let password = out.split_whitespace().last().expect("a password");
        assert_eq!(b.login(name, password).status, 303);
        b
    }
    /// A page as a person with this token gets it: status and HTML.
    pub fn page(&self, path: &str, token: &str) -> (u16, String) {
        self.page_at(&self.address, path, token)
    }
    /// The same at another server of the store.
    pub fn page_at(&self, site: &str, path: &str, token: &str) -> (u16, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut res = agent
            .get(format!("{site}{path}"))
            .header("authorization", format!("Bearer {token}"))
            .call()
            .expect("the server answers");
        (
            res.status().as_u16(),
            res.body_mut().read_to_string().unwrap_or_default(),
        )
    }
    /// Adds a user by command and gives a token.
    pub fn user(&self, name: &str, args: &[&str]) -> String {
        let mut all = vec!["user", "add", name];
        all.extend(args);
        assert_eq!(self.run(&all).0, 0, "user {name}");
        let (code, token) = self.run(&["token", "add", "--user", name]);
        assert_eq!(code, 0, "token of {name}");
        token.split_whitespace().last().expect("a token").to_owned()
    }
    /// An API call. `key` is the idempotency key.
    pub fn call(&self, method: &str, path: &str, token: &str, body: Option<&Json>, key: Option<&str>) -> Answer {
        self.send(&self.address, method, path, token, body, key)
    }
    /// The same at another server of the store.
    pub fn call_at(&self, site: &str, method: &str, path: &str, token: &str, body: Option<&Json>) -> Answer {
        self.send(site, method, path, token, body, None)
    }
    /// The same with an idempotency key.
    pub fn call_keyed(&self, site: &str, method: &str, path: &str, token: &str, body: &Json, key: &str) -> Answer {
        self.send(site, method, path, token, Some(body), Some(key))
    }
    pub fn get_at(&self, site: &str, path: &str, token: &str) -> Answer {
        self.send(site, "GET", path, token, None, None)
    }
    fn send(
        &self,
        site: &str,
        method: &str,
        path: &str,
        token: &str,
        body: Option<&Json>,
        key: Option<&str>,
    ) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .into();
        let mut req = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{site}{path}"));
        if !token.is_empty() {
            req = req.header("authorization", format!("Bearer {token}"));
        }
        if let Some(k) = key {
            req = req.header("idempotency-key", k);
        }
        let sent = match body {
            Some(b) => agent.run(
                req.header("content-type", "application/json")
                    .body(b.to_string())
                    .expect("a request"),
            ),
            None => agent.run(req.body(()).expect("a request")),
        };
        let mut res = sent.expect("the server answers");
        let head = |n: &str| {
            res.headers()
                .get(n)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let (replayed, kind) = (head("idempotency-replayed") == "true", head("content-type"));
        let status = res.status().as_u16();
        let text = res.body_mut().read_to_string().unwrap_or_default();
        Answer {
            status,
            body: serde_json::from_str(&text).unwrap_or(Json::Null),
            replayed,
            kind,
        }
    }
    pub fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, None, None)
    }
    pub fn post(&self, path: &str, token: &str, body: &Json) -> Answer {
        self.call("POST", path, token, Some(body), None)
    }
    /// Adds a child on the school's list and gives its id.
    pub fn child(&self, token: &str, class: &str, name: &str) -> String {
        let body = json!({"class": class, "name": name, "sex": "f", "birth_date": "2016-05-01", "left_behind": true,
            "guardians": [{"name": "石奶奶", "relation": "grandmother", "phone": "19000012345"}]});
        let a = self.post("/api/v1/children", token, &body);
        assert_eq!(a.status, 201, "{:?}", a.body);
        a.body["id"].as_str().expect("an id").to_owned()
    }
    /// Runs a statement beside the program, as a tool that tampers would.
    pub fn tamper(&self, sql: &str) {
        match &self.place.database {
            Some(url) => postgres::Client::connect(url, postgres::NoTls)
                .expect("connects")
                .batch_execute(sql)
                .expect("the statement runs"),
            None => rusqlite::Connection::open(self.dir.path().join("tongxing.db"))
                .expect("opens")
                .execute_batch(sql)
                .expect("the statement runs"),
        }
    }
    /// All bytes of the store, where it is a folder. Another process reads them: closing a file that the server of this process has open
    /// as its database would let go of the locks that it holds on it.
    pub fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.dir.path()).expect("the folder").flatten();
        let files = files.map(|f| f.path()).filter(|f| f.is_file());
        let out = Command::new("cat").arg("--").args(files).output().expect("cat runs");
        assert!(!out.stdout.is_empty(), "the store has bytes");
        out.stdout
    }
}

/// Serves a store on a free port until the test ends; the address.
pub fn serve(place: &Place, settings: tongxing::serve::Settings) -> String {
    let db = place.open().expect("the store opens");
    let (tx, rx) = mpsc::channel();
    std::thread::spawn(move || {
        let out = tongxing::serve::run(db, settings, None, |at| tx.send(at.to_owned()).expect("someone waits"));
        if let Err(e) = out {
            panic!("the server ended: {e}");
        }
    });
    rx.recv().expect("the server listens")
}

/// The settings of the stories: any free port, no limits in the way.
pub fn settings() -> tongxing::serve::Settings {
    tongxing::serve::Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        limit_requests_per_second: 10_000,
        limit_burst: 10_000,
        limit_imports_per_hour: 10_000,
        limit_exports_per_hour: 10_000,
        limit_stranger_requests_per_second: 10_000,
        limit_stranger_burst: 10_000,
        // the stories about the second factor set it themselves
        second_factor_roles: String::new(),
        ..Default::default()
    }
}

/// Tells a story on both databases.
#[macro_export]
macro_rules! story {
    ($name:ident, $f:expr) => {
        mod $name {
            use super::*;
            #[test]
            fn on_sqlite() {
                ($f)(&$crate::World::sqlite());
            }
            #[test]
            fn on_postgres() {
                if let Some(w) = $crate::World::postgres() {
                    ($f)(&w);
                }
            }
        }
    };
}

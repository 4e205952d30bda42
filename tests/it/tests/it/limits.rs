//! What the installation refuses: more at once than it has room for, more names than may leave, strangers in a hurry, slips at the console
//! (security.md §1, §7).

use crate::b10_import::{agent, multipart};
use crate::fixtures;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tx_it::{World, serve, settings, story};

/// Status, `Retry-After` and body of a call with a token, or without one.
fn ask(site: &str, path: &str, token: &str) -> (u16, Option<u32>, String) {
    let mut req = agent().get(format!("{site}{path}"));
    if !token.is_empty() {
        req = req.header("authorization", format!("Bearer {token}"));
    }
    let mut res = req.call().expect("answers");
    let wait = res
        .headers()
        .get("retry-after")
        .and_then(|v| v.to_str().ok()?.parse().ok());
    let body = res.body_mut().read_to_vec().unwrap_or_default();
    (res.status().as_u16(), wait, String::from_utf8_lossy(&body).into_owned())
}
fn import(site: &str, token: &str, query: &str, file: &[u8]) -> (u16, Option<u32>) {
    let res = agent()
        .post(format!("{site}/api/v1/import/children?{query}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "multipart/form-data; boundary=QQ")
        .send(&multipart(Some(("a.xlsx", file)), &[])[..])
        .expect("answers");
    let wait = res
        .headers()
        .get("retry-after")
        .and_then(|v| v.to_str().ok()?.parse().ok());
    (res.status().as_u16(), wait)
}

/// Holds up every write of an import until it is dropped.
enum Hold {
    Lite(rusqlite::Connection),
    Pg(postgres::Client),
}
impl Hold {
    fn take(w: &World) -> Hold {
        match &w.place.database {
            None => {
                let c = rusqlite::Connection::open(w.place.data.join("tongxing.db")).expect("opens");
                c.busy_timeout(Duration::from_secs(20)).expect("waits");
                c.execute_batch("begin immediate").expect("the write lock");
                Hold::Lite(c)
            }
            Some(url) => {
                let mut c = postgres::Client::connect(url, postgres::NoTls).expect("connects");
                c.batch_execute("begin; lock table children in exclusive mode")
                    .expect("the lock");
                Hold::Pg(c)
            }
        }
    }
    fn release(self) {
        match self {
            Hold::Lite(c) => c.execute_batch("rollback").expect("let go"),
            Hold::Pg(mut c) => c.batch_execute("rollback").expect("let go"),
        }
    }
}

story!(a_third_import_at_once_is_told_to_wait, |w: &World| {
    let head = w.school().head;
    let (one, two) = (fixtures::school_roster(4, 1), fixtures::school_roster(4, 2));
    let small = fixtures::school_roster(2, 3);
    let hold = Hold::take(w);
    let stop = AtomicBool::new(false);
    let send = |file: &[u8]| {
        // the third may have had the place just then
        loop {
            let (status, _) = import(&w.address, &head, "", file);
            if status != 429 || stop.load(Ordering::Relaxed) {
                return status;
            }
        }
    };
    std::thread::scope(|s| {
        let (a, b) = (s.spawn(|| send(&one)), s.spawn(|| send(&two)));
        // two are held up in their transactions; a third, which would write nothing, finds no place
        let refused = (0..2000).find_map(|_| {
            let (status, wait) = import(&w.address, &head, "dry_run=true", &small);
            assert!(matches!(status, 200 | 429), "{status}");
            std::thread::sleep(Duration::from_millis(5));
            (status == 429).then_some(wait)
        });
        stop.store(refused.is_none(), Ordering::Relaxed);
        hold.release();
        assert!(
            matches!(refused, Some(Some(1..))),
            "the third is refused and told when to come again: {refused:?}"
        );
        assert_eq!((a.join().expect("ends"), b.join().expect("ends")), (200, 200));
    });
    assert_eq!(
        import(&w.address, &head, "dry_run=true", &small).0,
        200,
        "the places are free again"
    );
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(imports_and_exports_of_an_hour_are_counted, |w: &World| {
    let head = w.school().head;
    let few = tongxing::serve::Settings {
        limit_imports_per_hour: 2,
        limit_exports_per_hour: 1,
        ..settings()
    };
    let site = serve(&w.place, few);
    let small = fixtures::school_roster(2, 3);
    let all: Vec<(u16, Option<u32>)> = (0..3).map(|_| import(&site, &head, "dry_run=true", &small)).collect();
    assert_eq!(all.iter().map(|a| a.0).collect::<Vec<_>>(), [200, 200, 429]);
    assert!(all[2].1.is_some_and(|n| n > 60), "half an hour, not a second: {all:?}");
    assert_eq!(ask(&site, "/api/v1/export/children.xlsx", &head).0, 200);
    let (status, wait, body) = ask(&site, "/api/v1/export/children.xlsx", &head);
    assert_eq!(status, 429, "{body}");
    assert!(wait.is_some() && body.contains("\"status\":429"), "{body}");
});

story!(more_than_two_thousand_names_leave_by_the_console_alone, |w: &World| {
    let head = w.school().head;
    let file = w.place.data.join("many.xlsx");
    std::fs::write(&file, fixtures::school_roster(2001, 6)).expect("a file");
    let file = file.to_str().expect("a path");
    let (code, out) = w.run(&["import", "children", file, "--school", "Y1"]);
    assert_eq!(code, 0, "{out}");
    let period = "from=2026-09-01&to=2027-01-31";
    for path in [
        "/api/v1/export/children.xlsx?purpose=x".to_owned(),
        format!("/records/ledger.xlsx?kind=roster&{period}"),
    ] {
        let (status, _, body) = ask(&w.address, &path, &head);
        assert_eq!(status, 403, "{path}");
        assert!(body.contains("2000"), "says how many: {body}");
    }
    let mut browser = w.browser("head-b", &["--role", "head", "--school", "Y1"]);
    let printed = browser.post(
        "/classes/all/cards",
        "/classes/all/cards",
        &[("kind", "roster"), ("how", "page"), ("purpose", "x"), ("password", "x")],
    );
    assert!(
        matches!(printed.status, 403 | 422) && !printed.text.contains("19000"),
        "{}",
        printed.status
    );
    // a class is no whole school
    assert_eq!(ask(&w.address, "/api/v1/export/children.xlsx?class=301", &head).0, 200);
    let to = w.place.data.join("out.xlsx");
    let (code, out) = w.run(&[
        "report",
        "ledger",
        "roster",
        "--school",
        "Y1",
        "--from",
        "2026-09-01",
        "--to",
        "2027-01-31",
        "--out",
        to.to_str().expect("a path"),
    ]);
    assert_eq!(code, 0, "{out}");
    let book = tx_sheet::open(
        &std::fs::read(&to).expect("the ledger"),
        "out.xlsx",
        &tx_sheet::Limits::default(),
    );
    assert!(book.expect("a sheet").sheets[0].rows.len() > 2001, "all of them");
});

story!(strangers_of_one_address_share_one_measure, |w: &World| {
    let head = w.school().head;
    let few = tongxing::serve::Settings {
        limit_stranger_requests_per_second: 1,
        limit_stranger_burst: 6,
        ..settings()
    };
    let site = serve(&w.place, few);
    let refused = (0..60)
        .map(|_| ask(&site, "/login", ""))
        .find(|a| a.0 == 429)
        .expect("refused in the end");
    assert!(refused.1.is_some_and(|n| n >= 1), "and told when to come again");
    // a token that is none is a stranger's as well
    let bogus = (0..60)
        .map(|_| ask(&site, "/api/v1/me", "tx_nothing"))
        .find(|a| a.0 != 401)
        .expect("refused");
    assert_eq!(bogus.0, 429);
    assert!(bogus.2.contains("\"title\":\"Too Many Requests\""), "{}", bogus.2);
    // who is signed in behind the same address is not meant, nor is the one who looks whether it lives
    for _ in 0..20 {
        assert_eq!(ask(&site, "/api/v1/me", &head).0, 200);
        assert_eq!(ask(&site, "/healthz", "").0, 200);
        assert_eq!(ask(&site, "/readyz", "").0, 200);
    }
});

#[test]
fn an_office_of_thirty_phones_passes_with_the_usual_measure() {
    let w = World::sqlite();
    let usual = tongxing::serve::Settings::default();
    let site = serve(
        &w.place,
        tongxing::serve::Settings {
            listen: ([127, 0, 0, 1], 0).into(),
            ..usual
        },
    );
    // each of thirty opens the page of the login with what belongs to it
    for _ in 0..30 {
        for path in ["/login", "/a/app.css", "/a/app.js", "/a/icons.svg", "/a/brand.svg"] {
            assert_eq!(ask(&site, path, "").0, 200, "{path}");
        }
    }
}

story!(a_disabled_user_gets_no_token, |w: &World| {
    let head = w.school().head;
    assert_eq!(w.run(&["user", "disable", "head"]).0, 0);
    assert_eq!(w.get("/api/v1/me", &head).status, 401);
    let out = w.command(&["token", "add", "--user", "head"]).output().expect("runs");
    assert_eq!(out.status.code(), Some(1));
    assert!(out.stdout.is_empty(), "no token");
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("head") && said.contains("停用"), "{said}");
    assert_eq!(w.run(&["token", "add", "--user", "nobody"]).0, 1);
    assert_eq!(w.run(&["token", "add", "--user", "teacher-a"]).0, 0);
});

story!(a_county_is_not_made_by_a_slip, |w: &World| {
    let add = |args: &[&str]| {
        let out = w.command(args).output().expect("runs");
        (
            out.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    };
    let school =
        |code: &str, county: &[&str]| add(&[&["school", "add", "--code", code, "--name", "云溪小学"], county].concat());
    let counties = || {
        let db = w.place.open().expect("opens");
        db.read(|c| c.count("select count(*) from counties", &[]))
            .expect("counts")
    };
    let (code, said) = school("Y1", &["--county", "雾岭县"]);
    assert!(code == 0 && said.contains("新建了县：雾岭县"), "{said}");
    let (code, said) = school("Y2", &["--county", "雾岭县"]);
    assert!(code == 0 && !said.contains("新建"), "{said}");
    for slip in ["雾岭", "务岭县", "雾 岭县"] {
        let (code, said) = school("Y3", &["--county", slip]);
        assert_eq!(code, 1, "{slip}");
        assert!(
            said.contains("雾岭县") && said.contains("--new-county"),
            "names what there is: {said}"
        );
        let (code, _) = add(&["user", "add", "zhou", "--role", "county", "--county", slip]);
        assert_eq!(code, 1, "{slip}");
    }
    assert_eq!(school("Y3", &["--county", " "]).0, 1);
    assert_eq!(counties(), 1, "nothing was made");
    let (code, said) = school("Y3", &["--county", "雾玲县", "--new-county"]);
    assert!(code == 0 && said.contains("已有：雾岭县"), "{said}");
    assert_eq!(
        school("Y4", &["--county", "云溪县"]).0,
        0,
        "another name is another county"
    );
    assert_eq!(counties(), 3);
    let (code, said) = school("Y5", &[]);
    assert!(
        code == 1 && said.contains("云溪县") && said.contains("雾岭县"),
        "{said}"
    );
    assert_eq!(w.run(&["verify"]).0, 0);
});

#[test]
fn an_unknown_variable_stops_the_start() {
    let w = World::sqlite();
    let dir = tempfile::tempdir().expect("a folder");
    let start = |name: &str, value: &str| {
        let mut c = w.command(&["serve"]);
        let mut fresh = std::process::Command::new(c.get_program());
        fresh.args(["--data", dir.path().join("new").to_str().expect("a path"), "serve"]);
        c = fresh;
        let out = c
            .env("LANG", "zh_CN.UTF-8")
            .env_remove("TONGXING_DATABASE")
            .env(name, value)
            .output()
            .expect("runs");
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let (code, said) = start("TONGXING_LIMIT_BURSTS", "3");
    assert_eq!(code, Some(1));
    assert!(
        said.contains("TONGXING_LIMIT_BURSTS") && said.contains("是不是 TONGXING_LIMIT_BURST？"),
        "{said}"
    );
    assert!(!dir.path().join("new").exists(), "nothing was made");
    // one that is known is read, and a wrong value of it is named
    let (code, said) = start("TONGXING_LIMIT_BURST", "many");
    assert!(code == Some(1) && said.contains("limit_burst"), "{said}");
}

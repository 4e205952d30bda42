//! L1 and security.md §1: who sees what; what is beyond the scope is not found.

use serde_json::json;
use tx_it::{World, story};

story!(another_class_another_school_and_nobody_see_nothing, |w: &World| {
    for (code, name) in [("Y1", "云溪小学"), ("Y2", "东坪小学")] {
        assert_eq!(
            w.run(&["school", "add", "--code", code, "--name", name, "--scheme", "S5"])
                .0,
            0
        );
    }
    let own = w.user("own", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let others = [
        w.user(
            "next-door",
            &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
        ),
        w.user("far", &["--role", "head", "--school", "Y2"]),
        w.user("volunteer", &["--role", "helper", "--school", "Y1"]),
    ];
    let head = w.user("head", &["--role", "head", "--school", "Y1"]);
    let admin = w.user("admin", &["--role", "admin"]);
    let child = w.child(&own, "401", "石若曦");
    let talk = w.post(
        "/api/v1/records",
        &own,
        &json!({"kind": "heart_talk", "text": "悄悄话", "children": [child]}),
    );
    let record = talk.body["id"].as_str().unwrap().to_owned();
    let paths = [
        format!("/api/v1/children/{child}"),
        format!("/api/v1/records/{record}"),
        format!("/api/v1/records/{record}/versions"),
    ];
    for p in &paths {
        assert_eq!(w.get(p, &own).status, 200, "{p}");
        assert_eq!(w.get(p, &head).status, 200, "{p}");
        for o in &others {
            let a = w.get(p, o);
            let nothing = w.get(&p.replace(&p[p.len().saturating_sub(4)..], "ffff"), o);
            assert_eq!(
                (a.status, a.body["detail"].clone()),
                (404, nothing.body["detail"].clone()),
                "{p}"
            );
        }
        assert_eq!(w.get(p, &admin).status, 403, "{p}");
        assert_eq!(w.get(p, "").status, 401, "{p}");
    }
    for o in &others {
        assert_eq!(
            w.get("/api/v1/records", o).body["items"].as_array().map(Vec::len),
            Some(0)
        );
        let write = w.post(
            "/api/v1/records",
            o,
            &json!({"kind": "heart_talk", "children": [child]}),
        );
        assert_eq!(write.status, 404, "nobody else writes about the child");
    }
    // fields of the sensitive class are absent until they are asked for
    assert!(w.get(&paths[0], &own).body.get("id_no").is_none());
});

story!(every_route_asks_who_comes, |w: &World| {
    for r in tongxing::routes() {
        let path = r
            .path
            .replace("{id}", "01a20d13-5282-72a1-923a-5107d1565097")
            .replace("{name}", "app.css");
        let a = w.call(r.method, &path, "", None, None);
        let open = matches!(
            path.as_str(),
            "/healthz"
                | "/readyz"
                | "/login"
                | "/api/v1/openapi.json"
                | "/a/app.css"
                // asks for the code of a tablet, and its shell
                | "/tablet"
                | "/tablet/pair"
                | "/tablet/worker.js"
        );
        if !open {
            let refused = if r.is_api() {
                a.status == 401
            } else {
                // a page sends to the login; one by a link says that the link has ended
                matches!(a.status, 303 | 401 | 404 | 410)
            };
            assert!(refused, "{} {path} answers a stranger with {}", r.method, a.status);
            assert!(!r.is_api() || a.kind == "application/problem+json", "{path}");
        }
    }
    let lost = w.get("/api/v1/nothing", "");
    assert_eq!((lost.status, lost.kind.as_str()), (404, "application/problem+json"));
    assert_eq!(w.call("DELETE", "/api/v1/kinds", "", None, None).status, 405);
});

story!(a_disabled_user_is_out_at_once, |w: &World| {
    assert_eq!(w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学"]).0, 0);
    let t = w.user("t", &["--role", "head", "--school", "Y1"]);
    assert_eq!(w.get("/api/v1/me", &t).body["role"], "head");
    assert_eq!(w.run(&["user", "disable", "t"]).0, 0);
    assert_eq!(w.get("/api/v1/me", &t).status, 401);
});

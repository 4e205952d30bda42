//! K10 and schemes.md: a figure counts records, gives their ids, and follows each one that is added or deleted.

use serde_json::{Value as Json, json};
use tx_it::{World, story};

fn figure(w: &World, token: &str, id: &str) -> Json {
    let a = w.get(
        &format!("/api/v1/figures?school=Y1&from=2026-09-01&to=2026-11-24&id={id}"),
        token,
    );
    assert_eq!(a.status, 200, "{:?}", a.body);
    a.body["figures"][0].clone()
}

story!(three_pieces_more_are_counted_and_taken_back, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "梅岭小学", "--scheme", "S2"])
            .0,
        0
    );
    let t = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let (a, b) = (w.child(&t, "401", "石若曦"), w.child(&t, "401", "龙俊杰"));
    assert_eq!(
        figure(w, &t, "gifts.pieces")["value"],
        0,
        "an empty period counts nothing"
    );
    let gift = json!({"kind": "gift", "on": "2026-10-08", "lines": [{"child": a, "quantity": 2}, {"child": b, "quantity": 4}]});
    assert_eq!(w.post("/api/v1/records", &t, &gift).status, 201);
    let planned =
        json!({"kind": "gift", "on": "2026-10-09", "state": "planned", "lines": [{"child": a, "quantity": 50}]});
    assert_eq!(w.post("/api/v1/records", &t, &planned).status, 201);
    assert_eq!(
        figure(w, &t, "gifts.pieces")["value"],
        6,
        "planned is never counted as done"
    );
    let three = w.post(
        "/api/v1/records",
        &t,
        &json!({"kind": "gift", "on": "2026-11-01", "lines": [{"child": b, "quantity": 3}]}),
    );
    let id = three.body["id"].as_str().expect("an id").to_owned();
    let now = figure(w, &t, "gifts.pieces");
    assert_eq!(
        (now["value"].as_i64(), now["records"].as_array().map(Vec::len)),
        (Some(9), Some(2))
    );
    assert!(now["records"].as_array().expect("records").contains(&json!(id)));
    let gone = w.call(
        "DELETE",
        &format!("/api/v1/records/{id}"),
        &t,
        Some(&json!({"reason": "记重了"})),
        None,
    );
    assert_eq!(gone.status, 200);
    assert_eq!(figure(w, &t, "gifts.pieces")["value"], 6);
});

story!(a_share_has_both_numbers, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let t = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let (a, _) = (w.child(&t, "401", "石若曦"), w.child(&t, "401", "龙俊杰"));
    let none = figure(w, &t, "talks.reached");
    assert_eq!((none["value"].as_i64(), none["of"].as_i64()), (Some(0), Some(2)));
    assert_eq!(
        w.post(
            "/api/v1/records",
            &t,
            &json!({"kind": "heart_talk", "on": "2026-11-24", "children": [a]})
        )
        .status,
        201
    );
    let one = figure(w, &t, "talks.reached");
    assert_eq!(
        (
            one["value"].as_i64(),
            one["of"].as_i64(),
            one["by"]["2026-11"]["value"].as_i64()
        ),
        (Some(1), Some(2), Some(1))
    );
});

/// A page as the bearer of a token sees it.
fn page(w: &World, path: &str, token: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut res = agent
        .get(format!("{}{path}", w.address))
        .header("authorization", format!("Bearer {token}"))
        .header("accept-language", "zh-CN")
        .call()
        .expect("the server answers");
    (
        res.status().as_u16(),
        res.body_mut().read_to_string().unwrap_or_default(),
    )
}

story!(the_list_behind_a_number_shows_names_by_scope, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "梅岭小学", "--scheme", "S2"])
            .0,
        0
    );
    let t = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let u = w.user("u", &["--role", "class_teacher", "--school", "Y1", "--class", "402"]);
    let helper = w.user("h", &["--role", "helper", "--school", "Y1"]);
    let (a, b) = (w.child(&t, "401", "石若曦"), w.child(&u, "402", "龙俊杰"));
    for (token, child, pieces) in [(&t, &a, 2), (&u, &b, 7)] {
        let gift = json!({"kind": "gift", "on": "2026-10-08", "lines": [{"child": child, "quantity": pieces}]});
        assert_eq!(w.post("/api/v1/records", token, &gift).status, 201);
    }
    let list = "/figures/gifts.pieces?from=2026-09-01&to=2026-11-24";
    for (token, own, other) in [(&t, "石若曦", "龙俊杰"), (&u, "龙俊杰", "石若曦")] {
        let (status, text) = page(w, list, token);
        assert_eq!(status, 200);
        assert!(
            text.contains(own) && !text.contains(other),
            "names of the own class alone"
        );
        assert!(
            text.contains("9 件") && text.contains(">2<") && text.contains(">7<"),
            "all rows add up"
        );
        let (status, text) = page(w, &format!("{list}&pop=1"), token);
        assert_eq!(status, 200);
        assert!(text.contains(own) && !text.contains(other) && text.contains("看全部 2 条"));
        assert!(!text.contains("<html"), "the pop-over alone");
    }
    for (path, want) in [
        ("/figures", 200),
        ("/figures/gifts.pieces?by=2026-10", 200),
        ("/figures/gifts.pieces?by=nothing", 422),
        ("/figures/gifts.pieces?page=x", 422),
        ("/figures/gifts.pieces?page=900", 200),
        ("/figures/gifts.pieces?from=heute", 422),
        ("/figures/cards_home.children", 200),
        ("/figures/contest.choir.held_on", 200),
        ("/figures/admissions.early", 404),
        ("/figures/no.such", 404),
    ] {
        assert_eq!(page(w, path, &t).0, want, "{path}");
    }
    assert_eq!(
        page(w, list, &helper).0,
        403,
        "volunteers read no figures of the school"
    );
});

story!(the_county_sees_counts_and_nothing_under_five, |w: &World| {
    for (code, name) in [("Y1", "梅岭小学"), ("Y2", "云溪小学"), ("Y3", "竹坳村小")] {
        assert_eq!(
            w.run(&["school", "add", "--code", code, "--name", name, "--scheme", "S5"])
                .0,
            0
        );
    }
    let county = w.user("county", &["--role", "county"]);
    let mut records = Vec::new();
    for (code, class, many) in [("Y1", "401", 7), ("Y1", "402", 3), ("Y2", "401", 2), ("Y3", "401", 6)] {
        let t = w.user(
            &format!("t{code}{class}"),
            &["--role", "class_teacher", "--school", code, "--class", class],
        );
        for n in 0..many {
            let child = w.child(
                &t,
                class,
                &format!("石若{}", ["曦", "桐", "涵", "彤", "怡", "燕", "禾"][n]),
            );
            let talk = json!({"kind": "heart_talk", "on": "2026-11-20", "children": [child]});
            let made = w.post("/api/v1/records", &t, &talk);
            assert_eq!(made.status, 201, "{:?}", made.body);
            records.push(made.body["id"].as_str().expect("an id").to_owned());
            records.push(child);
        }
    }
    let own = w.user("head", &["--role", "head", "--school", "Y1"]);
    let ask = |token: &str, q: &str| w.get(&format!("/api/v1/figures?from=2026-09-01&to=2026-11-24&{q}"), token);
    let one = |token: &str, school: &str, id: &str| {
        let a = ask(token, &format!("school={school}&id={id}"));
        assert_eq!(a.status, 200, "{:?}", a.body);
        a.body["figures"][0].clone()
    };
    // the head sees both classes and what stands behind them
    let mine = one(&own, "Y1", "children.left_behind");
    assert_eq!(
        (&mine["value"], &mine["by"]),
        (&json!(10), &json!({"401": 7, "402": 3}))
    );
    assert_eq!(mine["records"].as_array().map(Vec::len), Some(10));
    // the county sees the whole; the class of three is hidden, and the other one as well, or it could be worked out
    let theirs = one(&county, "Y1", "children.left_behind");
    assert_eq!(theirs["value"], 10);
    assert_eq!(
        theirs["by"],
        json!({"401": {"value": null, "held": true}, "402": {"value": null, "under": 5}})
    );
    let small = one(&county, "Y2", "children.left_behind");
    assert_eq!((&small["value"], &small["under"]), (&Json::Null, &json!(5)));
    assert_eq!(one(&county, "Y3", "talks.times")["value"], 6);
    let share = one(&county, "Y2", "talks.reached");
    assert!(share["value"].is_null() && share["of"].is_null(), "{share}");
    // no figure of any school names a record or a child, or shows a count from 0 to 4
    for school in ["Y1", "Y2", "Y3"] {
        let a = ask(&county, &format!("school={school}"));
        assert_eq!(a.status, 200, "{:?}", a.body);
        let text = a.body.to_string();
        assert!(records.iter().all(|id| !text.contains(id.as_str())), "no ids");
        let all = a.body["figures"].as_array().expect("figures");
        assert!(all.len() > 60);
        // money is no count
        for f in all.iter().filter(|f| f["unit"] != "元") {
            let small = |v: &Json| v.as_i64().is_some_and(|n| (0..5).contains(&n));
            let parts = f["by"].as_object().into_iter().flatten().map(|(_, v)| v);
            let cells = parts
                .flat_map(|p| [p, &p["value"], &p["of"]])
                .chain([&f["value"], &f["of"]]);
            assert!(
                f.get("records").is_none() && cells.into_iter().all(|v| !small(v)),
                "{f}"
            );
        }
    }
    // the same on the pages
    let (status, text) = page(w, "/figures?from=2026-09-01&to=2026-11-24", &county);
    assert_eq!(status, 200);
    for want in ["梅岭小学", "云溪小学", "竹坳村小", "全县", ">10<", "&lt;5", ">18<"] {
        assert!(text.contains(want), "{want}");
    }
    assert!(
        !text.contains("石若") && !text.contains(">2<") && !text.contains(">6<"),
        "{text}"
    );
    let (status, text) = page(w, "/figures?school=Y2", &county);
    assert!(status == 200 && text.contains("&lt;5") && !text.contains("石若"));
    let (status, text) = page(w, "/figures/children.left_behind?school=Y1", &county);
    assert!(status == 200 && text.contains("10 名") && text.contains("&lt;5") && text.contains("—"));
    assert!(!text.contains("石若") && !text.contains(">7<") && !text.contains(">3<"));
    for (path, want) in [
        ("/api/v1/figures", 422),
        ("/api/v1/figures?school=Y9", 404),
        ("/api/v1/figures?school=Y1&id=admissions.key_school", 403),
        ("/figures?school=Y9", 404),
        ("/figures/children.left_behind?school=Y1&pop=1", 200),
    ] {
        assert_eq!(page(w, path, &county).0, want, "{path}");
    }
    // another county's school is not there, and a head sees no other school
    assert_eq!(
        w.run(&[
            "school",
            "add",
            "--code",
            "Z1",
            "--name",
            "邻县小学",
            "--scheme",
            "S1",
            "--county",
            "邻县"
        ])
        .0,
        0
    );
    assert_eq!(page(w, "/api/v1/figures?school=Z1", &county).0, 404);
    assert_eq!(page(w, "/api/v1/figures?school=Y2", &own).0, 404);
});

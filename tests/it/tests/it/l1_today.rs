//! 今天 by role: who leads hears of what waits, an administrator finds the places, a teacher the own duties and nothing of the school.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, serve, settings, story};

/// The page of today as this person's browser gets it, on a later day.
fn today(w: &World, day: &str, token: &str) -> String {
    let mut place = w.place.clone();
    place.clock = tx_base::Clock::fixed(tx_base::Day::lit(day));
    let site = serve(
        &place,
        tongxing::serve::Settings {
            sleep_after_days: 0,
            ..settings()
        },
    );
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut res = agent
        .get(format!("{site}/"))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .expect("the server answers");
    assert_eq!(res.status().as_u16(), 200);
    res.body_mut().read_to_string().unwrap_or_default()
}
fn school(w: &World) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
}

story!(who_leads_hears_of_what_waits, |w: &World| {
    school(w);
    let head = w.user("谭文福", &["--role", "head", "--school", "Y1"]);
    let leader = w.user("田主任", &["--role", "leader", "--school", "Y1"]);
    let teacher = w.user("周梅", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let empty = today(w, "2026-11-24", &head);
    for word in ["还没有孩子的名单", "href=\"/import\"", "今天 1 件"] {
        assert!(
            empty.contains(word),
            "an empty school says what it lacks: {word}: {empty}"
        );
    }
    let page = today(w, "2026-11-24", &leader);
    assert!(
        page.contains("还没有孩子的名单") && !page.contains("href=\"/import\""),
        "no way there for who may not import: {page}"
    );
    for name in ["石若曦", "田雨桐", "龙俊杰", "向思远"] {
        w.child(&teacher, "401", name);
    }
    assert!(today(w, "2026-11-24", &head).contains("没有要您处理的。"));
    // early in December the talks of November are late
    let of = |token: &str| today(w, "2026-12-03", token);
    let late: Vec<Json> = {
        let mut place = w.place.clone();
        place.clock = tx_base::Clock::fixed(tx_base::Day::lit("2026-12-03"));
        let site = serve(&place, settings());
        let a = w.get_at(&site, "/api/v1/duties?state=overdue", &head);
        a.body["items"].as_array().expect("items").clone()
    };
    assert!(late.len() >= 4, "{} overdue", late.len());
    for token in [&head, &leader] {
        let page = of(token);
        assert!(
            page.contains("请您处理")
                && page.contains(&format!("四(1)班 {} 件逾期", late.len()))
                && page.contains("班主任 周梅"),
            "{page}"
        );
        assert!(page.contains("/calendar?class=401"), "with the way there");
    }
    let page = of(&teacher);
    assert!(
        !page.contains("请您处理") && page.contains("石若曦") && page.contains("/record?child="),
        "a teacher has the own duties: {page}"
    );
});

story!(an_administrator_finds_the_places_and_no_child, |w: &World| {
    school(w);
    assert_eq!(w.run(&["school", "add", "--code", "Y2", "--name", "上寨小学"]).0, 0);
    let teacher = w.user("周梅", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    w.user("谭文福", &["--role", "head", "--school", "Y1"]);
    w.child(&teacher, "401", "石若曦");
    let (admin, county) = (
        w.user("石管理", &["--role", "admin"]),
        w.user("县教育局", &["--role", "county"]),
    );
    let page = today(w, "2026-11-24", &admin);
    for word in [
        "看不到任何孩子的档案",
        "href=\"/people\"",
        "href=\"/setup\"",
        "href=\"/people?school=Y2\"",
        "还没有校长",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert_eq!(page.matches("还没有校长").count(), 1, "Y1 has one");
    let page = today(w, "2026-11-24", &county);
    assert!(
        page.contains("href=\"/school?school=Y1\"") && !page.contains("\"/people") && !page.contains("\"/setup"),
        "only what may be opened: {page}"
    );
    assert!(!page.contains("石若曦"));
});

story!(a_counsellor_has_the_key_children_beside, |w: &World| {
    school(w);
    let teacher = w.user("周梅", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let head = w.user("谭文福", &["--role", "head", "--school", "Y1"]);
    let counsellor = w.user("何静", &["--role", "counsellor", "--school", "Y1"]);
    assert!(today(w, "2026-11-24", &counsellor).contains("现在没有重点帮扶对象。"));
    let child = w.child(&teacher, "401", "石若曦");
    let marked = w.post(
        &format!("/api/v1/children/{child}/key"),
        &head,
        &json!({"from": "2026-11-20", "reason": "爷爷住院", "review_on": "2026-12-20"}),
    );
    assert_eq!(marked.status, 200, "{:?}", marked.body);
    let page = today(w, "2026-11-24", &counsellor);
    assert!(
        page.contains("石若曦") && page.contains("12月20日 复查") && page.contains(&format!("/children/{child}")),
        "{page}"
    );
    assert!(!page.contains("爷爷住院"), "the reason stays in the file");
    assert!(today(w, "2026-12-21", &head).contains("1 名重点孩子该复查了"));
});

story!(the_first_page_after_signing_in_opens_for_everyone, |w: &World| {
    school(w);
    for role in tx_access::Role::ALL {
        let name = format!("u-{}", role.code());
        let mut args = vec!["user", "add", &name, "--role", role.code()];
        if role.of_a_school() {
            args.extend(["--school", "Y1"]);
        }
        let (code, said) = w.run(&args);
        assert_eq!(code, 0, "{name}");
        let mut b = Browser::at(&w.address);
        assert_eq!(
            b.login(&name, said.split_whitespace().last().expect("a password"))
                .status,
            303
        );
        let page = b.get("/");
        assert!(
            page.status == 200 && page.text.contains(&name),
            "{name}: {}",
            page.status
        );
    }
});

story!(a_quiet_day_says_what_comes_next_and_when, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y6", "--name", "竹坳村小", "--scheme", "S6"])
            .0,
        0
    );
    let teacher = w.user(
        "吴丽香",
        &["--role", "class_teacher", "--school", "Y6", "--class", "401"],
    );
    for name in ["石若曦", "田雨桐"] {
        w.child(&teacher, "401", name);
    }
    let page = today(w, "2026-11-24", &teacher);
    let next = page.split("接下来").nth(1).unwrap_or_default();
    for word in ["摸底", "2月22日起", "+1"] {
        assert!(next.contains(word), "{word}: {page}");
    }
    assert!(
        page.contains("今天没有要做的。") && !next.contains("/record/many?kind=survey"),
        "what has not begun is not recorded yet: {page}"
    );
});

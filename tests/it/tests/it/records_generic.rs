//! Every kind from its declaration alone: list, page, form, ledger; and who may write what.

use serde_json::{Value as Json, json};
use tx_it::browser::Browser;
use tx_it::{World, story};

fn school(w: &World) -> (String, String) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let child = w.child(&teacher, "401", "石若曦");
    (teacher, child)
}
fn signed_in(w: &World, user: &str, role: &[&str]) -> Browser {
    let mut args = vec!["user", "add", user];
    args.extend(role);
    let (code, out) = w.run(&args);
    assert_eq!(code, 0, "{out}");
    let mut b = Browser::at(&w.address);
    assert_eq!(
        b.login(user, out.split_whitespace().last().unwrap_or_default()).status,
        303,
        "{out}"
    );
    b
}
/// A value that fits a declared field.
fn sample(f: &Json) -> Json {
    match f["field_type"].as_str().expect("a type") {
        "choice" => f["choices"][0]["id"].clone(),
        "choices" => json!([f["choices"][0]["id"], f["choices"][1]["id"]]),
        "count" => json!(7),
        "number" | "money" => json!(12.5),
        // the next time lies after the record
        "day" => json!("2026-11-26"),
        "yes" => json!(true),
        _ => json!("谷雨那天"),
    }
}

story!(
    every_kind_is_written_read_listed_and_corrected_from_its_declaration,
    |w: &World| {
        let (teacher, child) = school(w);
        let mut b = signed_in(w, "head-b", &["--role", "head", "--school", "Y1"]);
        let kinds = w.get("/api/v1/kinds", &teacher).body["items"]
            .as_array()
            .expect("kinds")
            .clone();
        assert!(kinds.len() > 25);
        for k in &kinds {
            let id = k["id"].as_str().unwrap();
            let bag = |which: &str| -> Json {
                k[which]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|f| (f["id"].as_str().unwrap().to_owned(), sample(f)))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            };
            let mut body =
                json!({"kind": id, "on": "2026-11-24", "text": format!("{id} 的话"), "fields": bag("fields")});
            let mut line = json!({"child": child, "outcome": "met", "fields": bag("line_fields")});
            if !k["quantity"].is_null() {
                line["quantity"] = json!(3);
            }
            if k["about"] != "adults" {
                body["lines"] = json!([line]);
            }
            let a = w.post("/api/v1/records", &teacher, &body);
            assert_eq!(a.status, 201, "{id}: {:?}", a.body);
            let record = a.body["id"].as_str().unwrap().to_owned();
            let read = w.get(&format!("/api/v1/records/{record}?include=sensitive"), &teacher);
            assert_eq!(
                read.body["fields"], body["fields"],
                "{id}: what was written is what is read"
            );
            if k["about"] != "adults" {
                assert_eq!(read.body["lines"][0]["fields"], line["fields"], "{id}");
            }
            let page = b.get(&format!("/records/{record}"));
            assert!(
                page.status == 200 && page.text.contains(&format!("{id} 的话")),
                "{id}: the page"
            );
            let form = b.get(&format!("/records/{record}/edit"));
            assert_eq!(form.status, 200, "{id}: the form");
            for f in k["fields"].as_array().unwrap() {
                assert!(
                    form.text.contains(&format!("name=\"f_{}\"", f["id"].as_str().unwrap())),
                    "{id}: the form asks for {}",
                    f["id"]
                );
            }
            assert!(
                b.get(&format!("/records/new?kind={id}")).status == 200,
                "{id}: a new one"
            );
            let listed = b.get(&format!("/records?kind={id}"));
            assert!(listed.text.contains(&format!("/records/{record}")), "{id}: the list");
            let gone = w.call(
                "DELETE",
                &format!("/api/v1/records/{record}"),
                &teacher,
                Some(&json!({"reason": "样子"})),
                None,
            );
            assert_eq!(gone.status, 200, "{id}");
            assert_eq!(
                b.get(&format!("/records/{record}")).status,
                404,
                "{id}: a deleted one is not there"
            );
        }
        assert_eq!(w.run(&["verify"]).0, 0);
    }
);

story!(a_form_is_saved_corrected_and_deleted_with_a_reason, |w: &World| {
    let (teacher, child) = school(w);
    let other = w.child(&teacher, "401", "田雨桐");
    let mut b = signed_in(w, "head-b", &["--role", "head", "--school", "Y1"]);
    let nobody = b.post(
        "/records/new?kind=gift",
        "/records/new",
        &[
            ("kind", "gift"),
            ("on", "2026-11-20"),
            ("state", "done"),
            ("text", "一人一个书包"),
        ],
    );
    assert_eq!(nobody.status, 422);
    assert!(
        nobody.text.contains("要至少一个孩子") && nobody.text.contains("一人一个书包"),
        "what was typed is kept"
    );
    let wrong = b.post(
        "/records/new?kind=gift",
        "/records/new",
        &[
            ("kind", "gift"),
            ("on", "明天"),
            ("state", "done"),
            ("f_worth", "很贵"),
            ("child", &child),
        ],
    );
    assert!(
        wrong.status == 422 && wrong.text.contains("要金额") && wrong.text.contains("很贵"),
        "{}",
        wrong.status
    );
    let (q, q2) = (format!("l.{child}.quantity"), format!("l.{other}.quantity"));
    let saved = b.post(
        "/records/new?kind=gift",
        "/records/new",
        &[
            ("kind", "gift"),
            ("on", "2026-11-20"),
            ("state", "done"),
            ("f_item", "书包"),
            ("f_worth", "38.5"),
            ("child", &child),
            ("child", &other),
            (&q, "1"),
            (&q2, "2"),
        ],
    );
    assert_eq!(saved.status, 303, "{}", saved.text);
    let id = saved
        .to
        .trim_start_matches("/records/")
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let read = w.get(&format!("/api/v1/records/{id}"), &teacher).body;
    assert_eq!(
        (
            read["fields"]["worth"].as_f64(),
            read["lines"][1]["quantity"].as_i64(),
            read["written_late"].as_str()
        ),
        (Some(38.5), Some(2), Some("2026-11-24"))
    );
    let edit = format!("/records/{id}/edit");
    let form = b.get(&edit);
    assert!(
        form.text.contains("value=\"书包\"") && form.text.contains("38.5"),
        "the form holds what stands"
    );
    // the child that is not ticked any more is taken away, the emptied field too
    let changed = b.post(
        &edit,
        &edit,
        &[
            ("base_version", "1"),
            ("on", "2026-11-20"),
            ("state", "done"),
            ("text", ""),
            ("f_item", "书包和笔"),
            ("f_worth", ""),
            ("child", &child),
            (&q, "4"),
            ("reason", "数错了"),
        ],
    );
    assert_eq!(changed.status, 303, "{}", changed.text);
    let read = w.get(&format!("/api/v1/records/{id}"), &teacher).body;
    assert_eq!(
        (
            read["fields"].clone(),
            read["lines"].as_array().map(Vec::len),
            read["lines"][0]["quantity"].as_i64()
        ),
        (json!({"item": "书包和笔"}), Some(1), Some(4))
    );
    let page = b.get(&format!("/records/{id}")).text;
    for words in ["从前的样子", "数错了", "38.5", "补记", "田雨桐"] {
        assert!(page.contains(words), "{words}");
    }
    let empty = b.post(
        &format!("/records/{id}"),
        &format!("/records/{id}/delete"),
        &[("reason", " ")],
    );
    assert!(empty.status == 422 && empty.text.contains("删除要写原因"));
    let gone = b.post(
        &format!("/records/{id}"),
        &format!("/records/{id}/delete"),
        &[("reason", "重复")],
    );
    assert_eq!(gone.to, "/records?gone=1");
    assert_eq!(w.get(&format!("/api/v1/records/{id}"), &teacher).status, 404);
});

story!(what_is_saved_can_be_taken_back_on_the_same_day, |w: &World| {
    let (_, child) = school(w);
    let mut b = signed_in(
        w,
        "teacher-c",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let saved = b.post(
        &format!("/record?child={child}"),
        "/record",
        &[
            ("child", &child),
            ("kind", "heart_talk"),
            ("on", "2026-11-24"),
            ("text", "记错人了"),
            ("back", "/?saved=x"),
        ],
    );
    assert!(
        saved.status == 303 && saved.to.starts_with("/?saved=") && saved.to.len() > 40,
        "{}",
        saved.to
    );
    let today = b.get(&saved.to).text;
    assert!(
        today.contains("存好了：石若曦 谈心") && today.contains("撤回"),
        "the toast says whose and offers the way back"
    );
    let id = saved.to.trim_start_matches("/?saved=").to_owned();
    let mut other = signed_in(w, "head-c", &["--role", "head", "--school", "Y1"]);
    assert_eq!(
        other.post("/", &format!("/records/{id}/undo"), &[]).status,
        403,
        "only who wrote it takes it back"
    );
    assert_eq!(b.post(&saved.to, &format!("/records/{id}/undo"), &[]).status, 303);
    // the class has one class teacher at a time: the one who came last
    let (_, out) = w.run(&["token", "add", "--user", "teacher-c"]);
    let token = out.split_whitespace().last().expect("a token");
    assert_eq!(
        w.get(&format!("/api/v1/records?child={child}"), token).body["items"],
        json!([])
    );
    assert_eq!(b.post("/", &format!("/records/{id}/undo"), &[]).status, 404, "once");
});

story!(who_may_write_what, |w: &World| {
    let (teacher, child) = school(w);
    let inspector = w.user("inspector-a", &["--role", "inspector", "--school", "Y1"]);
    let helper = w.user("helper-a", &["--role", "helper", "--school", "Y1"]);
    let whole = json!({"kind": "rule_document", "fields": {"title": "家访制度"}});
    assert_eq!(
        w.post("/api/v1/records", &inspector, &whole).status,
        403,
        "an inspector writes nothing"
    );
    assert_eq!(
        w.post("/api/v1/records", &helper, &whole).status,
        403,
        "a volunteer writes no rules"
    );
    let made = w.post("/api/v1/records", &teacher, &whole);
    assert_eq!(made.status, 201);
    let id = made.body["id"].as_str().unwrap();
    let change = w.call(
        "PATCH",
        &format!("/api/v1/records/{id}"),
        &inspector,
        Some(&json!({"base_version": 1, "text": "x"})),
        None,
    );
    assert_eq!(change.status, 403);
    // the leader of the care room sees the pupils, not what others wrote of them
    let room = w.user("room-a", &["--role", "duty_leader", "--school", "Y1"]);
    let talk = w.post(
        "/api/v1/records",
        &teacher,
        &json!({"kind": "heart_talk", "text": "家里的事", "children": [child]}),
    );
    assert_eq!(
        w.get(&format!("/api/v1/records/{}", talk.body["id"].as_str().unwrap()), &room)
            .status,
        404
    );
    assert_eq!(w.get("/api/v1/records?kind=heart_talk", &room).body["items"], json!([]));
});

story!(the_list_pages_and_filters, |w: &World| {
    let (teacher, child) = school(w);
    for day in 1..=5 {
        let on = format!("2026-11-0{day}");
        let kind = if day == 3 { "home_visit" } else { "heart_talk" };
        assert_eq!(
            w.post(
                "/api/v1/records",
                &teacher,
                &json!({"kind": kind, "on": on, "children": [child]})
            )
            .status,
            201
        );
    }
    let days = |q: &str| -> (Vec<String>, Json) {
        let a = w.get(&format!("/api/v1/records?{q}"), &teacher);
        assert_eq!(a.status, 200, "{q}: {:?}", a.body);
        (
            a.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r["on"].as_str().unwrap()[8..].to_owned())
                .collect(),
            a.body["next"].clone(),
        )
    };
    let (first, next) = days("limit=2");
    assert_eq!(first, ["05", "04"]);
    let (second, next) = days(&format!("limit=2&cursor={}", next.as_str().expect("there is more")));
    assert_eq!(second, ["03", "02"]);
    let (last, end) = days(&format!("limit=2&cursor={}", next.as_str().expect("there is more")));
    assert_eq!((last, end), (vec!["01".to_owned()], Json::Null));
    assert_eq!(days("kind=home_visit").0, ["03"]);
    assert_eq!(days("from=2026-11-02&to=2026-11-04").0, ["04", "03", "02"]);
    assert_eq!(days(&format!("child={child}&class=401&state=done")).0.len(), 5);
    assert_eq!(w.get("/api/v1/records?class=999", &teacher).status, 404);
    assert_eq!(w.get("/api/v1/records?cursor=x", &teacher).status, 422);
    let mut b = signed_in(
        w,
        "teacher-d",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let page = b.get("/records?kind=home_visit&from=2026-11-01");
    assert_eq!((page.status, page.text.matches("<article").count()), (200, 1));
    assert!(
        b.get("/records?kind=gift").text.contains("没有这样的记录"),
        "an empty list says what to do"
    );
    assert_eq!(b.get("/records?from=gestern").status, 422);
});

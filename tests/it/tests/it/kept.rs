//! What is kept in memory is never older than the store: a child's page shows at once what was changed here, by another process or about another child.

use serde_json::{Value as Json, json};
use tx_it::served::Served;
use tx_it::{World, story};

fn talk(w: &World, site: &str, token: &str, text: &str, children: &[&str]) -> (String, Json) {
    let body = json!({"kind": "heart_talk", "on": "2026-11-20", "text": text, "children": children});
    let made = w.call_at(site, "POST", "/api/v1/records", token, Some(&body));
    assert_eq!(made.status, 201, "{:?}", made.body);
    (made.body["id"].as_str().expect("an id").to_owned(), made.body)
}

story!(a_childs_page_shows_every_change_at_once, |w: &World| {
    let s = w.school();
    let (a, b) = (
        w.child(&s.teacher, "401", "石若曦"),
        w.child(&s.teacher, "401", "龙俊杰"),
    );
    let page = |child: &str, token: &str| {
        let (status, html) = w.page(&format!("/children/{child}"), token);
        assert_eq!(status, 200);
        html
    };
    // both readers stand among the readers before anything is compared
    for _ in 0..2 {
        page(&a, &s.head);
        page(&a, &s.teacher);
    }
    let still = page(&a, &s.teacher);
    let here = &w.address;
    talk(w, here, &s.teacher, "只和龙俊杰说的话", &[&b]);
    assert_eq!(
        page(&a, &s.teacher),
        still,
        "what is about another child changes nothing"
    );
    assert!(page(&b, &s.teacher).contains("只和龙俊杰说的话"));

    talk(w, here, &s.teacher, "想妈妈", &[&a]);
    assert!(page(&a, &s.teacher).contains("想妈妈"));
    let (both, made) = talk(w, here, &s.teacher, "两个人一起说的", &[&a, &b]);
    assert_eq!(
        w.get(&format!("/api/v1/records/{both}"), &s.teacher).body,
        made,
        "what a save answers is what stands"
    );
    for (child, token) in [(&a, &s.teacher), (&a, &s.head), (&b, &s.teacher)] {
        assert!(page(child, token).contains("两个人一起说的"));
    }
    // taken out of the record by a correction
    let out = json!({"base_version": 1, "children": [b], "reason": "记错了人"});
    let path = format!("/api/v1/records/{both}");
    assert_eq!(w.call("PATCH", &path, &s.teacher, Some(&out), None).status, 200);
    assert!(
        !page(&a, &s.teacher).contains("两个人一起说的"),
        "no longer about this child"
    );
    assert!(page(&b, &s.teacher).contains("两个人一起说的"));

    // another process
    let other = Served::start(w.serving());
    let (gone, _) = talk(w, &other.site, &s.head, "另一个程序记的", &[&a]);
    assert!(page(&a, &s.teacher).contains("另一个程序记的"));
    let why = json!({"reason": "重复"});
    let path = format!("/api/v1/records/{gone}");
    assert_eq!(w.call_at(&other.site, "DELETE", &path, &s.head, Some(&why)).status, 200);
    assert!(!page(&a, &s.teacher).contains("另一个程序记的"));
    drop(other);

    // the file, the readers, the rights
    let file = w.get(&format!("/api/v1/children/{a}"), &s.teacher).body;
    let change = json!({"base_version": file["version"], "village": "青龙村"});
    assert_eq!(
        w.call(
            "PATCH",
            &format!("/api/v1/children/{a}"),
            &s.teacher,
            Some(&change),
            None
        )
        .status,
        200
    );
    assert!(page(&a, &s.teacher).contains("青龙村"));
    let office = w.user(
        "office",
        &["--role", "subject_teacher", "--post", "office", "--school", "Y1"],
    );
    assert!(!page(&a, &s.head).contains(">office<"));
    page(&a, &office);
    assert!(page(&a, &s.head).contains(">office<"), "who has read it");
    let id = w.get("/api/v1/me", &s.teacher).body["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let end = json!({"role": "class_teacher"});
    let ended = w.post(&format!("/api/v1/users/{id}/rights/end"), &s.head, &end);
    assert_eq!(ended.status, 200, "{:?}", ended.body);
    let (_, html) = w.page(&format!("/children/{a}"), &s.teacher);
    assert!(!html.contains("青龙村"), "nothing kept outlives a right: {html}");
});

#[test]
fn a_store_of_schema_1_is_taken_over() {
    let w = World::sqlite();
    let s = w.school();
    let child = w.child(&s.teacher, "401", "石若曦");
    let (talk, _) = talk(&w, &w.address, &s.teacher, "想妈妈", &[&child]);
    let before = w.get("/api/v1/records", &s.teacher).body;
    // as the program of schema 1 left it: ids as text
    let db = rusqlite::Connection::open(w.place.data.join("tongxing.db")).expect("opens");
    let text = |c: &str| {
        let part = |from: u8, n: u8| format!("substr(hex({c}), {from}, {n})");
        let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ");
        format!("{c} = case when {c} is null then null else lower({parts}) end")
    };
    for t in tongxing::tables() {
        let ids = t.columns.iter().filter(|c| c.ty == tx_store::Type::Id);
        let sets: Vec<String> = ids.map(|c| text(c.name)).collect();
        if !sets.is_empty() {
            db.execute_batch(&format!("update {} set {}", t.name, sets.join(", ")))
                .expect("rows as text");
        }
    }
    db.execute_batch("update meta set value = '1' where name = 'schema'")
        .expect("the number");
    let n: i64 = db
        .query_row(
            "select count(*) from records where typeof(id) = 'text' and length(id) = 36",
            [],
            |r| r.get(0),
        )
        .expect("counts");
    assert_eq!(n, 1);
    let other = Served::start(w.serving());
    assert_eq!(w.get_at(&other.site, "/api/v1/records", &s.teacher).body, before);
    assert!(
        w.page_at(&other.site, &format!("/children/{child}"), &s.teacher)
            .1
            .contains("想妈妈")
    );
    assert_eq!(
        w.get_at(&other.site, &format!("/api/v1/records/{talk}"), &s.teacher)
            .status,
        200
    );
    assert_eq!(w.run(&["verify"]).0, 0);
}

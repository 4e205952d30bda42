//! L3 and security.md §2, §4: words are sealed on disk, and `verify` finds what another tool did.

use serde_json::json;
use tx_it::{World, story};

fn filled(w: &World) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let t = w.user("t", &["--role", "class_teacher", "--school", "Y1", "--class", "401"]);
    let a = w.child(&t, "401", "石若曦");
    let b = w.child(&t, "401", "龙俊杰");
    let r = w.post(
        "/api/v1/records",
        &t,
        &json!({"kind": "heart_talk", "text": "夜里想妈妈睡不着", "children": [a, b]}),
    );
    assert_eq!(r.status, 201);
}

#[test]
fn no_word_and_no_phone_lies_open_in_the_file() {
    let w = World::sqlite();
    filled(&w);
    let bytes = w.bytes();
    let has = |s: &str| bytes.windows(s.len()).any(|b| b == s.as_bytes());
    assert!(has("石若曦"), "names are plain for SQL");
    for secret in ["夜里想妈妈睡不着", "19000012345"] {
        assert!(!has(secret), "{secret} lies open");
    }
}

story!(verify_holds_until_someone_meddles, |w: &World| {
    filled(w);
    assert_eq!(w.run(&["verify"]).0, 0);
    let (_, json) = w.run(&["verify", "--json"]);
    let v: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (v["holds"].as_bool(), v["tables"]["record_lines"].as_str()),
        (Some(true), Some("covered"))
    );
});

macro_rules! meddling {
    ($($name:ident: $sql:literal),* $(,)?) => { $( story!($name, |w: &World| {
        filled(w);
        w.tamper($sql);
        assert_eq!(w.run(&["verify"]).0, 1, "{}", $sql);
    }); )* };
}
meddling! {
    a_row_changed: "update children set name = '石大曦' where name = '石若曦'",
    a_line_removed: "delete from record_lines where ord = 1",
    a_line_changed: "update record_lines set outcome = 'tried' where ord = 0",
    a_row_removed: "delete from left_behind_episodes",
    an_entry_removed: "delete from audit_entries where action = 'record.add'",
    an_entry_changed: "update audit_entries set actor_name = 'someone' where action = 'record.add'",
    the_log_emptied: "delete from audit_entries",
    log_and_heads_emptied: "delete from audit_entries; delete from audit_heads",
}

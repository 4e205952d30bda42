//! C5 on screen: pupils without a class stand on the boards as a group of their own, for who sees the whole school.

use serde_json::json;
use tx_it::{World, story};

story!(who_has_no_class_is_on_the_boards, |w: &World| {
    let s = w.school();
    w.child(&s.teacher, "401", "石若曦");
    for path in ["/calendar", "/school/board"] {
        assert!(
            !w.page(path, &s.head).1.contains("未分班"),
            "{path}: everybody has a class"
        );
    }
    assert_eq!(w.page("/calendar?class=none", &s.head).0, 404);
    let made = w.post(
        "/api/v1/children",
        &s.head,
        &json!({"name": "龙俊杰", "sex": "m", "birth_date": "2016-05-01", "left_behind": true}),
    );
    assert_eq!(made.status, 201, "{:?}", made.body);
    let child = made.body["id"].as_str().expect("an id");
    let talk = w.post(
        "/api/v1/records",
        &s.head,
        &json!({"kind": "heart_talk", "on": "2026-11-20", "text": "想妈妈", "children": [child]}),
    );
    assert_eq!(talk.status, 201, "{:?}", talk.body);
    let (_, calendar) = w.page("/calendar", &s.head);
    assert!(calendar.contains("href=\"/calendar?class=none\"") && calendar.contains("未分班"));
    assert!(!calendar.contains("龙俊杰"), "the first class is shown first");
    let (status, own) = w.page("/calendar?class=none", &s.head);
    assert_eq!(status, 200);
    assert!(own.contains("龙俊杰") && !own.contains("石若曦"));
    assert!(own.contains("data-kind=\"heart_talk\""), "what was done is drawn");
    assert!(!own.contains("/record/many?class=none"));
    let (status, cell) = w.page(&format!("/calendar/cell?child={child}&week=12"), &s.head);
    assert_eq!((status, cell.contains("想妈妈")), (200, true), "{cell}");
    // as it stands when both are on the list since September and nobody saw to the rest
    w.tamper("update left_behind_episodes set from_day = '2026-09-01'; update class_stays set from_day = '2026-09-01'");
    let (_, board) = w.page("/school/board", &s.head);
    assert!(
        board.contains("未分班") && board.contains("1 名孩子还没有分班"),
        "{board}"
    );
    let (_, rows) = w.page("/school/board/rows?of=children", &s.head);
    assert!(rows.contains("龙俊杰") && rows.contains("未分班"));
    let late = w.page("/school/board/rows?of=overdue&class=none", &s.head);
    assert_eq!(
        (late.0, late.1.contains("石若曦")),
        (200, false),
        "the group has a code of its own"
    );
    // a class teacher sees the own class only
    assert!(!w.page("/calendar", &s.teacher).1.contains("未分班"));
    assert_eq!(w.page("/calendar?class=none", &s.teacher).0, 404);
    assert_eq!(
        w.page(&format!("/calendar/cell?child={child}&week=12"), &s.teacher).0,
        404
    );
});

//! C6: one record for many children from the sheet: a line each, a line of their own for some, one taken back leaves the rest.

use serde_json::json;
use tx_it::browser::Browser;
use tx_it::{World, story};

story!(
    five_children_by_one_sheet_are_five_lines_and_taking_one_back_leaves_four,
    |w: &World| {
        assert_eq!(
            w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
                .0,
            0
        );
        let (code, out) = w.run(&[
            "user",
            "add",
            "teacher-a",
            "--role",
            "class_teacher",
            "--school",
            "Y1",
            "--class",
            "401",
        ]);
        assert_eq!(code, 0, "{out}");
        let (_, token) = w.run(&["token", "add", "--user", "teacher-a"]);
        let token = token.split_whitespace().last().expect("a token").to_owned();
        let names = ["石若曦", "田雨桐", "杨子轩", "向思远", "龙俊杰", "彭佳怡"];
        let children: Vec<String> = names.iter().map(|n| w.child(&token, "401", n)).collect();
        let mut b = Browser::at(&w.address);
        assert_eq!(
            b.login("teacher-a", out.split_whitespace().last().unwrap_or_default())
                .status,
            303,
            "{out}"
        );
        let owed = || -> usize {
            let a = w.get("/api/v1/duties?class=401", &token);
            let all = a.body["items"].as_array().unwrap().clone();
            all.iter()
                .filter(|d| d["rule"] == "talk_monthly" && d["window"]["to"] == "2026-11-30" && d["state"] == "open")
                .count()
        };
        assert_eq!(owed(), 6);
        let sheet = b.get("/record/many?kind=heart_talk&class=401");
        assert!(
            sheet.status == 200 && sheet.text.contains("还差 6") && sheet.text.contains("全班 6"),
            "the tabs count"
        );
        let none = b.post(
            "/record/many?kind=heart_talk",
            "/record/many",
            &[("kind", "heart_talk"), ("class", "401"), ("text", "一起谈了期中")],
        );
        assert!(none.status == 422 && none.text.contains("还没有选孩子") && none.text.contains("一起谈了期中"));
        let own = format!("line.{}", children[1]);
        let mut form: Vec<(&str, &str)> = vec![
            ("kind", "heart_talk"),
            ("class", "401"),
            ("on", "2026-11-24"),
            ("text", "一起谈了期中"),
            (&own, "她先哭后笑"),
            ("key", "0123456789abcdef0123"),
        ];
        form.extend(children[..5].iter().map(|c| ("child", c.as_str())));
        let saved = b.post("/record/many?kind=heart_talk", "/record/many", &form);
        assert_eq!(saved.status, 303, "{}", saved.text);
        assert_eq!(
            b.post("/record/many?kind=heart_talk", "/record/many", &form).to,
            saved.to,
            "the same tap twice is one record"
        );
        let list = w.get("/api/v1/records?kind=heart_talk", &token);
        assert_eq!(list.body["items"].as_array().map(Vec::len), Some(1), "one record");
        let r = &list.body["items"][0];
        assert_eq!(
            (r["lines"].as_array().map(Vec::len), r["text"].as_str()),
            (Some(5), Some("一起谈了期中"))
        );
        let of = |c: &str| {
            r["lines"]
                .as_array()
                .unwrap()
                .iter()
                .find(|l| l["child"] == c)
                .cloned()
                .unwrap()
        };
        assert_eq!(
            (
                of(&children[1])["fields"]["note"].as_str(),
                of(&children[0])["fields"].get("note")
            ),
            (Some("她先哭后笑"), None)
        );
        assert_eq!(owed(), 1);
        // those who have it show so, and the tab counts the one who is left
        let again = b.get("/record/many?kind=heart_talk&class=401");
        assert_eq!(
            (
                again.text.matches("class=\"done\"").count(),
                again.text.contains("还差 1")
            ),
            (5, true)
        );
        // one line taken back leaves four, and that child's talk is owed again
        let id = r["id"].as_str().unwrap();
        let four: Vec<&String> = children[..5].iter().filter(|c| **c != children[2]).collect();
        let back = w.call(
            "PATCH",
            &format!("/api/v1/records/{id}"),
            &token,
            Some(&json!({"base_version": 1, "children": four})),
            None,
        );
        assert_eq!(
            (back.status, back.body["lines"].as_array().map(Vec::len)),
            (200, Some(4)),
            "{:?}",
            back.body
        );
        assert_eq!(owed(), 2);
        assert_eq!(
            back.body["lines"][1]["fields"]["note"], "她先哭后笑",
            "the others keep their own line"
        );
        let v = w.get(&format!("/api/v1/records/{id}/versions"), &token);
        assert_eq!(
            v.body["items"][0]["lines"].as_array().map(Vec::len),
            Some(5),
            "the five stay in the history"
        );
        // a child of another class is not there to be ticked
        let other = w.user(
            "teacher-b",
            &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
        );
        let far = w.child(&other, "402", "覃文博");
        let cheat = b.post(
            "/record/many?kind=heart_talk",
            "/record/many",
            &[("kind", "heart_talk"), ("child", &far)],
        );
        assert_eq!(cheat.status, 404);
        assert_eq!(b.get("/record/many?kind=heart_talk&class=402").status, 404);
    }
);

story!(a_gift_for_many_counts_its_pieces, |w: &World| {
    let s = w.school();
    let (a, b) = (
        w.child(&s.teacher, "401", "石若曦"),
        w.child(&s.teacher, "401", "龙俊杰"),
    );
    let mut page = w.browser(
        "teacher-c",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let at = "/record/many?kind=gift&class=401";
    assert!(page.get(at).text.contains("每人几件"));
    let fields = |each: &str| {
        [
            ("kind", "gift"),
            ("class", "401"),
            ("on", "2026-11-20"),
            ("text", "书包"),
            ("each", each),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
    };
    let send = |page: &mut tx_it::browser::Browser, each: &str| {
        let mut all: Vec<(String, String)> = fields(each).into();
        all.extend([&a, &b].map(|id| ("child".to_owned(), id.clone())));
        let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        page.post(at, "/record/many", &all)
    };
    let wrong = send(&mut page, "三个");
    assert!(wrong.status == 422 && wrong.text.contains("要 1 以上的整数") && wrong.text.contains("value=\"三个\""));
    assert_eq!(send(&mut page, "3").status, 303);
    let figures = w
        .get(
            "/api/v1/figures?school=Y1&from=2026-09-01&to=2026-11-30&id=gifts.pieces",
            &s.head,
        )
        .body;
    assert_eq!(figures["items"][0]["value"], 6, "{figures}");
});

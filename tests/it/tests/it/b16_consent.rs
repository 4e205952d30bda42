//! B16: consent by purpose. No photo of a child without a parent's consent, who gave it and on which day; it is asked for once, and what is taken back is obeyed.

use crate::b_child::dot;
use crate::b10_import::{agent, multipart};
use serde_json::{Value as Json, json};
use tx_it::{World, story};

fn send(w: &World, token: &str, child: &str, fields: &[(&str, &str)]) -> (u16, Json) {
    let mut res = agent()
        .post(format!("{}/api/v1/children/{child}/photo", w.address))
        .header("authorization", format!("Bearer {token}"))
        .content_type("multipart/form-data; boundary=QQ")
        .send(&multipart(Some(("a.png", &dot())), fields)[..])
        .expect("answers");
    let text = res.body_mut().read_to_string().unwrap_or_default();
    (res.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
}
fn fields(v: &Json) -> Vec<&str> {
    let all = v["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|e| e["field"].as_str()).collect()
}

story!(no_photo_without_a_consent_and_its_day, |w: &World| {
    let s = w.school();
    let child = w.child(&s.teacher, "401", "石若曦");
    for (given, wrong) in [
        (&[("consent_by", "石奶奶")][..], &["consent_on"][..]),
        (&[("consent_on", "2026-11-20")], &["consent_by"]),
        (
            &[("consent_by", "石奶奶"), ("consent_on", "2026-11-25")],
            &["consent_on"],
        ),
        (&[("consent_by", "石奶奶"), ("consent_on", "昨天")], &["consent_on"]),
        (&[("consent_by", "   "), ("consent_on", "2026-11-20")], &["consent_by"]),
    ] {
        let (status, v) = send(w, &s.teacher, &child, given);
        assert_eq!((status, fields(&v)), (422, wrong.to_vec()), "{given:?}: {v}");
    }
    assert!(
        w.get(&format!("/api/v1/children/{child}"), &s.teacher)
            .body
            .get("photo")
            .is_none(),
        "nothing was kept"
    );
    let edit = format!("/children/{child}/edit");
    let form = w.page(&edit, &s.teacher).1;
    assert!(form.contains("name=\"consent_by\"") && form.contains("name=\"consent_on\""));
    let (status, v) = send(
        w,
        &s.teacher,
        &child,
        &[("consent_by", "石奶奶"), ("consent_on", "2026-11-20")],
    );
    assert_eq!(status, 201, "{v}");
    // it stands: said on the form, and not asked for again
    let form = w.page(&edit, &s.teacher).1;
    assert!(form.contains("石奶奶 2026年11月20日同意"), "{form}");
    assert!(!form.contains("name=\"consent_by\""));
    assert_eq!(send(w, &s.teacher, &child, &[]).0, 201);
    let other = w.child(&s.teacher, "401", "田雨桐");
    assert_eq!(
        send(w, &s.teacher, &other, &[]).0,
        201,
        "a program that says nothing of it"
    );
    let form = w.page(&format!("/children/{other}/edit"), &s.teacher).1;
    assert!(
        form.contains("name=\"consent_by\""),
        "a person is asked: each child has its own"
    );
    // the last answer holds: what was taken back has to be given again
    w.tamper("update consents set answer = 'withdrawn'");
    assert_eq!(fields(&send(w, &s.teacher, &child, &[]).1).len(), 2);
    assert_ne!(w.run(&["verify"]).0, 0, "and the row is covered");
});

story!(what_is_taken_back_is_obeyed, |w: &World| {
    let s = w.school();
    let other = w.teacher("teacher-b", "402");
    let child = w.child(&s.teacher, "401", "石若曦");
    let path = format!("/api/v1/children/{child}/consents");
    let given = [("consent_by", "石奶奶"), ("consent_on", "2026-11-01")];
    let (status, v) = send(w, &s.teacher, &child, &given);
    assert_eq!(status, 201, "{v}");
    let photo = v["url"].as_str().expect("an address").to_owned();
    let shown = || {
        let file = w.get(&format!("/api/v1/children/{child}"), &s.teacher).body;
        let page = w.page(&format!("/children/{child}"), &s.head).1;
        (
            file.get("photo").is_some(),
            page.contains(&photo),
            w.page(&photo, &s.teacher).0,
        )
    };
    assert_eq!(shown(), (true, true, 200));
    // nobody else's class, nothing unknown, every wrong field by its name
    let answer =
        |answer: &str, on: &str| json!({"purpose": "photo_inside", "answer": answer, "by": "石奶奶", "on": on});
    assert_eq!(w.post(&path, &other, &answer("withdrawn", "2026-11-20")).status, 404);
    let bad = json!({"purpose": "everything", "answer": "maybe", "by": " ", "on": "2026-13-01"});
    let a = w.post(&path, &s.teacher, &bad);
    assert_eq!(
        (a.status, fields(&a.body)),
        (422, vec!["purpose", "answer", "by", "on"])
    );
    // taken back: gone from file, page and address at once; given again it is back
    assert_eq!(
        w.post(&path, &s.teacher, &answer("withdrawn", "2026-11-20")).status,
        201
    );
    assert_eq!(shown(), (false, false, 404));
    assert_eq!(
        fields(&send(w, &s.teacher, &child, &[]).1).len(),
        2,
        "a new photo is asked about"
    );
    assert_eq!(w.post(&path, &s.teacher, &answer("given", "2026-11-22")).status, 201);
    assert_eq!(shown(), (true, true, 200));
    let all = w.get(&path, &s.head).body;
    let answers: Vec<&str> = all["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|n| n["answer"].as_str())
        .collect();
    assert_eq!(answers, ["given", "withdrawn", "given"]);
    // by the page
    let mut b = w.browser(
        "office",
        &["--role", "subject_teacher", "--post", "office", "--school", "Y1"],
    );
    let at = format!("/children/{child}/consents");
    let wrong = b.post(
        &at,
        &at,
        &[
            ("purpose", "donor"),
            ("answer", ""),
            ("by", "石奶奶"),
            ("on", "2026-11-24"),
        ],
    );
    assert!(wrong.status == 422 && wrong.text.contains("请选一个") && wrong.text.contains("value=\"石奶奶\""));
    let ok = b.post(
        &at,
        &at,
        &[
            ("purpose", "donor"),
            ("answer", "withheld"),
            ("by", "石奶奶"),
            ("on", "2026-11-24"),
        ],
    );
    assert_eq!(ok.status, 303);
    assert!(b.get(&at).text.contains("不同意：石奶奶 2026年11月24日"));
    assert_eq!(w.run(&["verify"]).0, 0);
});

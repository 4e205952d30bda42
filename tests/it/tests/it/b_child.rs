//! B1–B3, B5, B7, B11: the file of a child over API and form, corrections by two people, twins, key children, search.

use serde_json::{Value as Json, json};
use tx_access::{SchoolRef, Scope};
use tx_base::{Day, Id, Lang};
use tx_child::find::Why;
use tx_it::browser::Browser;
use tx_it::{TODAY, World, story};

fn school(w: &World) -> (String, String) {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let head = w.user("head", &["--role", "head", "--school", "Y1"]);
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    (head, teacher)
}
pub(crate) fn id(v: &Json) -> String {
    v["id"].as_str().unwrap_or_else(|| panic!("an id in {v}")).to_owned()
}
/// Reads the store as the console sees the school.
pub(crate) fn reads<T>(w: &World, f: impl FnOnce(&tx_store::Conn, &tx_store::Keys, &Scope) -> tx_base::Result<T>) -> T {
    let db = w.place.open().expect("the store opens");
    let (county, school) = db
        .read(|c| tx_school::school_by_code(c, "Y1"))
        .expect("reads")
        .expect("the school");
    let here = SchoolRef {
        id: school,
        code: "Y1".into(),
        name: "云溪小学".into(),
    };
    let scope = Scope::console(county, Some(here), Day::lit(TODAY), Lang::Zh);
    db.read(|c| f(c, db.keys(), &scope)).expect("reads")
}

story!(a_whole_file_goes_in_and_comes_out_and_nothing_lies_open, |w: &World| {
    let (head, teacher) = school(w);
    let body = json!({"school": "Y1", "class": "401", "name": "单 小满", "former_name": "满妹", "sex": "f", "birth_date": "2016-05-01",
        "id_no": "433101201605010023", "student_no": "G433101201605010023", "class_no": 7, "ethnic": "土家", "hukou_kind": "rural",
        "hukou_address": "洞坪村二组", "home_address": "洞坪村二组十一号", "village": "洞坪村", "boarder": false, "left_behind": true,
        "hobby": "画画", "study": "语文好", "health": "哮喘", "aid_kind": "低保",
        "guardians": [{"name": "石桂香", "relation": "奶奶", "phone": "190 0001 2345", "address": "洞坪村", "age": "66", "care_rating": "较好"}],
        "parents": [{"parent": "father", "name": "单大海", "where": "away_work", "from": "2026-02-20", "place": "广东东莞", "phone": "19000054321", "job": "电工"},
            {"parent": "mother", "where": "home", "capacity": "able"}]});
    // the check digit of the number is not right: the field is named
    let wrong = w.post("/api/v1/children", &teacher, &body);
    assert_eq!(
        (wrong.status, wrong.body["errors"][0]["field"].as_str()),
        (422, Some("id_no")),
        "{:?}",
        wrong.body
    );
    let mut body = body;
    let number = tx_sheet::IdNumber::with_check_digit("43310120160501002").expect("a number");
    body["id_no"] = number.clone().into();
    let made = w.post("/api/v1/children", &teacher, &body);
    assert_eq!(made.status, 201, "{:?}", made.body);
    let child = id(&made.body);
    let seen = w.get(&format!("/api/v1/children/{child}"), &teacher).body;
    for (field, value) in [
        ("name", json!("单小满")),
        ("former_name", json!("满妹")),
        ("ethnic", json!("土家族")),
        ("class_no", json!(7)),
        ("hukou_kind", json!("rural")),
        ("hukou_address", json!("洞坪村二组")),
        ("home_address", json!("洞坪村二组十一号")),
        ("village", json!("洞坪村")),
        ("left_behind", json!(true)),
        ("hobby", json!("画画")),
        ("study", json!("语文好")),
        ("boarder", json!(false)),
        ("class", json!("401")),
    ] {
        assert_eq!(seen[field], value, "{field}");
    }
    assert_eq!(seen["guardians"][0]["relation"], "grandmother");
    assert_eq!(seen["guardians"][0]["phone"], "19000012345");
    assert_eq!(seen["parents"].as_array().map(Vec::len), Some(2), "{seen}");
    assert_eq!(seen["status"]["mca2016"], "no", "the mother is at home and able");
    assert_eq!(seen["status"]["months3"], "yes");
    assert!(
        seen.get("id_no").is_none() && seen.get("health").is_none() && seen.get("aid_kind").is_none(),
        "{seen}"
    );
    let whole = w
        .get(&format!("/api/v1/children/{child}?include=sensitive"), &head)
        .body;
    assert_eq!(
        (whole["id_no"].as_str(), whole["health"].as_str()),
        (Some(number.as_str()), Some("哮喘"))
    );

    let unknown = w.post(
        "/api/v1/children",
        &teacher,
        &json!({"class": "401", "name": "龙俊杰", "shoe": 34,
        "guardians": [{"name": "", "phone": "12"}], "parents": [{"parent": "uncle", "where": "moon"}]}),
    );
    let named: Vec<&str> = unknown.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|e| e["field"].as_str())
        .collect();
    for field in [
        "shoe",
        "guardians[0].name",
        "guardians[0].phone",
        "parents[0].parent",
        "parents[0].where",
    ] {
        assert!(named.contains(&field), "{field} in {named:?}");
    }
    let no_reason = w.call(
        "DELETE",
        &format!("/api/v1/children/{child}"),
        &teacher,
        Some(&json!({})),
        None,
    );
    assert_eq!(no_reason.status, 422);
    let gone = w.call(
        "DELETE",
        &format!("/api/v1/children/{child}"),
        &teacher,
        Some(&json!({"reason": "重复登记了两次"})),
        None,
    );
    assert_eq!(gone.status, 200, "{:?}", gone.body);
    assert_eq!(w.get(&format!("/api/v1/children/{child}"), &head).status, 404);
    assert_eq!(w.run(&["verify"]).0, 0);
    // last of all: reading the files beside the server in one process lets go of its locks
    if w.place.database.is_none() {
        let bytes = w.bytes();
        for word in [
            "哮喘",
            "重复登记了两次",
            "19000012345",
            "洞坪村二组十一号",
            "电工",
            number.as_str(),
        ] {
            assert!(
                !bytes.windows(word.len()).any(|p| p == word.as_bytes()),
                "{word} lies open"
            );
        }
    }
});

story!(two_people_correct_one_file, |w: &World| {
    let (head, teacher) = school(w);
    let child = w.child(&teacher, "401", "石若曦");
    let at = format!("/api/v1/children/{child}");
    let change = |who: &str, body: Json| w.call("PATCH", &at, who, Some(&body), None);
    assert_eq!(
        change(&teacher, json!({"village": "上寨村"})).status,
        422,
        "the version is needed"
    );
    assert_eq!(change(&teacher, json!({"base_version": 1, "id": child})).status, 422);
    let first = change(
        &teacher,
        json!({"base_version": 1, "village": "上寨村", "hobby": "跳绳",
        "guardians": [{"name": "石奶奶", "relation": "grandmother", "phone": "19000099999"}]}),
    );
    assert_eq!(first.status, 200, "{:?}", first.body);
    assert_eq!(first.body["conflicts"], json!([]));
    // the head had seen version 1 too: what nobody touched is taken, what both changed keeps the first
    let second = change(
        &head,
        json!({"base_version": 1, "village": "岩脚村", "study": "算术好",
        "guardians": [{"name": "石奶奶", "relation": "grandmother", "phone": "19000088888"}]}),
    );
    assert_eq!(second.status, 200, "{:?}", second.body);
    let clashes: Vec<&str> = second.body["conflicts"]
        .as_array()
        .expect("conflicts")
        .iter()
        .filter_map(|c| c["field"].as_str())
        .collect();
    assert_eq!(
        (
            clashes.len(),
            clashes.contains(&"village"),
            clashes.contains(&"guardians")
        ),
        (2, true, true),
        "{clashes:?}"
    );
    let seen = w.get(&at, &head).body;
    assert_eq!(
        (seen["village"].as_str(), seen["study"].as_str(), seen["hobby"].as_str()),
        (Some("上寨村"), Some("算术好"), Some("跳绳"))
    );
    assert_eq!(seen["guardians"][0]["phone"], "19000099999");
    assert_eq!(
        seen["guardians"].as_array().map(Vec::len),
        Some(1),
        "the same guardian, not a second one"
    );
    let waiting = w.get(&format!("/api/v1/conflicts?child={child}"), &head);
    assert_eq!(
        waiting.body["items"].as_array().map(Vec::len),
        Some(2),
        "{:?}",
        waiting.body
    );
    // the same again says nothing new
    let again = change(&head, json!({"base_version": seen["version"], "village": "上寨村"}));
    assert_eq!(
        (again.status, again.body["version"].clone()),
        (200, seen["version"].clone())
    );
    // a field may be emptied, a wrong one is named, another's child is not there
    assert_eq!(
        change(&head, json!({"base_version": seen["version"], "hobby": null})).body["hobby"],
        Json::Null
    );
    assert_eq!(
        change(&head, json!({"base_version": seen["version"], "sex": "x"})).body["errors"][0]["field"],
        "sex"
    );
    let next = w.user(
        "next-door",
        &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
    );
    assert_eq!(change(&next, json!({"base_version": 1, "village": "x"})).status, 404);
    assert_eq!(w.run(&["verify"]).0, 0);
});

story!(found_by_what_a_person_remembers, |w: &World| {
    let (_, teacher) = school(w);
    let make = |name: &str, phone: &str, village: &str| {
        id(&w
            .post(
                "/api/v1/children",
                &teacher,
                &json!({"class": "401", "name": name, "village": village, "student_no": format!("G{phone}"),
            "guardians": [{"name": "爷爷", "relation": "grandfather", "phone": phone}]}),
            )
            .body)
    };
    let shan = make("单小满", "19000015512", "洞坪村");
    make("石若曦", "19000020000", "上寨村");
    let found = |text: &str| -> Vec<(String, String)> {
        reads(w, |c, keys, scope| {
            Ok(tx_child::find::find(c, keys, scope, text, 10)?
                .into_iter()
                .map(|h| {
                    (
                        h.child.id.to_string(),
                        match h.why {
                            Why::Phone(whose, last) => format!("{whose} {last}"),
                            other => other.words(Lang::Zh),
                        },
                    )
                })
                .collect())
        })
    };
    for (text, why) in [
        ("单小", ""),
        ("shanxiao", ""),
        ("SXM", ""),
        ("xiaoman", ""),
        ("洞坪", "洞坪村"),
        ("5512", "爷爷 5512"),
        ("190-0001-5512", "爷爷 5512"),
        ("g19000015512", "学籍号"),
    ] {
        assert_eq!(found(text), [(shan.clone(), why.to_owned())], "{text}");
    }
    assert_eq!(found("四(1)班").len(), 2);
    assert_eq!(found("401").len(), 2);
    assert!(found("danxiao").is_empty(), "the surname is read as a surname");
    for nobody in ["", "%", "没有这个人", "19000099999", "_"] {
        assert!(found(nobody).is_empty(), "{nobody}");
    }
    // the list asks the same way, in the order of the syllables
    let names = |q: &str| -> Vec<String> {
        let a = w.get(&format!("/api/v1/children?q={q}"), &teacher);
        a.body["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|k| k["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(names("srx"), ["石若曦"]);
    assert_eq!(names(""), ["单小满", "石若曦"]);
    let first = w.get("/api/v1/children?limit=1", &teacher).body;
    let next = w
        .get(
            &format!(
                "/api/v1/children?limit=1&cursor={}",
                first["next"].as_str().expect("more")
            ),
            &teacher,
        )
        .body;
    assert_eq!(
        (first["items"][0]["name"].as_str(), next["items"][0]["name"].as_str()),
        (Some("单小满"), Some("石若曦"))
    );
    assert_eq!(next["next"], Json::Null);
});

story!(a_form_keeps_what_was_typed_and_asks_about_twins, |w: &World| {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let (code, password) = w.run(&[
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
    assert_eq!(code, 0);
    let password = password.split_whitespace().last().expect("a password").to_owned();
    let mut b = Browser::at(&w.address);
    assert_eq!(b.login("teacher-a", &password).status, 303);
    let fields = |extra: &[(&'static str, &'static str)]| -> Vec<(&'static str, &'static str)> {
        let mut all = vec![
            ("name", "石若曦"),
            ("class", "401"),
            ("birth_date", "2016-05-01"),
            ("sex", "f"),
            ("left_behind", "yes"),
            ("father.where", "away_work"),
            ("father.place", "温州"),
            ("father.from", "2026-02-20"),
            ("g1.name", "石奶奶"),
            ("g1.relation", "grandmother"),
        ];
        all.extend(extra);
        all
    };
    let bad = b.post(
        "/children/new",
        "/children",
        &fields(&[("g1.phone", "12"), ("ethnic", "火星")]),
    );
    assert_eq!(bad.status, 422);
    for part in ["石若曦", "温州", "火星", "f-g1.phone", "f-ethnic"] {
        assert!(bad.text.contains(part), "{part} is kept");
    }
    let good = b.post("/children/new", "/children", &fields(&[("g1.phone", "19000012345")]));
    assert_eq!(
        (good.status, good.to.starts_with("/children/")),
        (303, true),
        "{}",
        good.text
    );
    let child = good.to["/children/".len()..]
        .split('?')
        .next()
        .expect("an id")
        .to_owned();
    // the same name and birth date: asked first, and remembered when they are two
    let twin = b.post("/children/new", "/children", &fields(&[]));
    assert_eq!(
        (twin.status, twin.text.contains(&child)),
        (422, true),
        "the other is shown"
    );
    let sure = b.post("/children/new", "/children", &fields(&[("sure", "1")]));
    assert_eq!(sure.status, 303);
    let other = sure.to["/children/".len()..]
        .split('?')
        .next()
        .expect("an id")
        .to_owned();
    let (a, o): (Id, Id) = (child.parse().expect("an id"), other.parse().expect("an id"));
    assert_eq!(
        reads(w, |c, _, scope| tx_child::find::not_same(c, scope.county, a)),
        [o]
    );

    let edit = format!("/children/{child}/edit");
    let page = b.get(&edit);
    assert!(
        page.text.contains("19000012345") && page.text.contains("温州") && !page.text.contains("f-id_no"),
        "sensitive fields wait"
    );
    let version = page
        .text
        .split("name=\"v\" value=\"")
        .nth(1)
        .and_then(|s| s.split('"').next())
        .expect("a version")
        .to_owned();
    let saved = b.post(
        &edit,
        &edit,
        &[
            ("v", &version),
            ("name", "石若曦"),
            ("class", "401"),
            ("birth_date", "2016-05-01"),
            ("sex", "f"),
            ("village", "上寨村"),
            ("father.where", "home"),
            ("g1.name", "石奶奶"),
            ("g1.relation", "grandmother"),
            ("g1.phone", "19000012345"),
        ],
    );
    assert_eq!(saved.status, 303, "{}", saved.text);
    let token = w
        .run(&["token", "add", "--user", "teacher-a"])
        .1
        .split_whitespace()
        .last()
        .expect("a token")
        .to_owned();
    let seen = w.get(&format!("/api/v1/children/{child}"), &token).body;
    assert_eq!(
        (seen["village"].as_str(), seen["parents"][0]["where"].as_str()),
        (Some("上寨村"), Some("home")),
        "{seen}"
    );
    // where the father was before stays on record
    let facts = reads(w, |c, keys, scope| {
        Ok(tx_child::file::fetch(c, keys, scope, a, false)?
            .expect("the file")
            .parents)
    });
    assert_eq!(facts.iter().filter(|f| f.to.is_some()).count(), 1, "{facts:?}");
});

story!(a_key_child_has_a_reason_a_teacher_and_a_review, |w: &World| {
    let (head, teacher) = school(w);
    let child = w.child(&teacher, "401", "石若曦");
    let at = format!("/api/v1/children/{child}/key");
    assert_eq!(w.post(&at, &teacher, &json!({})).body["errors"][0]["field"], "reason");
    assert_eq!(
        w.post(&at, &teacher, &json!({"reason": "x", "review_on": "2026-01-01"}))
            .body["errors"][0]["field"],
        "review_on"
    );
    let helper = id(&w
        .post(
            "/api/v1/helpers",
            &head,
            &json!({"name": "周敏", "sex": "f", "kind": "teacher"}),
        )
        .body);
    let made = w.post(
        &at,
        &teacher,
        &json!({"reason": "奶奶病重，常独自在家", "helper": helper, "review_on": "2027-01-15"}),
    );
    assert_eq!(made.status, 200, "{:?}", made.body);
    assert_eq!(w.post(&at, &teacher, &json!({"reason": "又一次"})).status, 409);
    let k: Id = child.parse().expect("an id");
    let mark = reads(w, |c, keys, scope| {
        Ok(tx_child::file::fetch(c, keys, scope, k, true)?.expect("the file").key)
    })
    .expect("the mark");
    assert_eq!(
        (mark.reason.as_deref(), mark.helper_name.as_deref()),
        (Some("奶奶病重，常独自在家"), Some("周敏"))
    );
    assert_eq!(
        w.post(&format!("{at}/end"), &teacher, &json!({"on": "2026-11-23"}))
            .body["errors"][0]["field"],
        "reason"
    );
    assert_eq!(
        w.post(
            &format!("{at}/end"),
            &teacher,
            &json!({"on": "2026-11-23", "reason": "奶奶好了"})
        )
        .status,
        200
    );
    assert!(
        reads(w, |c, keys, scope| Ok(tx_child::file::fetch(c, keys, scope, k, true)?
            .expect("the file")
            .key))
        .is_none()
    );
    let subject = w.user(
        "subject",
        &["--role", "subject_teacher", "--school", "Y1", "--class", "401"],
    );
    assert_eq!(
        w.post(&at, &subject, &json!({"reason": "x"})).status,
        403,
        "who may not change the file marks nobody"
    );
    assert_eq!(w.run(&["verify"]).0, 0);
    // last of all: reading the files beside the server in one process lets go of its locks
    if w.place.database.is_none() {
        assert!(
            !w.bytes().windows("奶奶病重".len()).any(|p| p == "奶奶病重".as_bytes()),
            "the reason is sealed"
        );
    }
});

story!(cards_go_home_without_talks_and_only_from_the_own_class, |w: &World| {
    let (head, teacher) = school(w);
    let child = w.child(&teacher, "401", "石若曦");
    for (kind, text) in [("heart_talk", "悄悄说想妈妈"), ("guardian_talk", "奶奶腰疼")] {
        let a = w.post(
            "/api/v1/records",
            &teacher,
            &json!({"kind": kind, "text": text, "children": [child]}),
        );
        assert_eq!(a.status, 201, "{:?}", a.body);
    }
    let page = |path: &str, who: &str| -> (u16, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut res = agent
            .get(format!("{}{path}", w.address))
            .header("authorization", format!("Bearer {who}"))
            .call()
            .expect("the server answers");
        let body = res.body_mut().read_to_vec().unwrap_or_default();
        (res.status().as_u16(), String::from_utf8_lossy(&body).into_owned())
    };
    let (status, card) = page(&format!("/children/{child}/card?form=contact"), &teacher);
    assert_eq!(status, 200);
    for part in ["家校联系卡", "石若曦", "石奶奶", "19000012345", "监护人联系"] {
        assert!(card.contains(part), "{part}");
    }
    assert!(
        !card.contains("谈心") && !card.contains("悄悄说想妈妈") && !card.contains("奶奶腰疼"),
        "words stay in the school"
    );
    // a mother who is the guardian too is rung once: twice in the form itself, once where it says whom to ring
    let own = w.post(
        "/api/v1/children",
        &teacher,
        &json!({"class": "401", "name": "田雨桐", "left_behind": true,
            "guardians": [{"name": "田妈妈", "relation": "mother", "phone": "19000054321"}],
            "parents": [{"parent": "mother", "name": "田妈妈", "where": "home", "phone": "19000054321"}]}),
    );
    assert_eq!(own.status, 201, "{:?}", own.body);
    let id = own.body["id"].as_str().expect("an id");
    let (_, twice) = page(&format!("/children/{id}/card?form=contact"), &teacher);
    assert_eq!(
        twice.matches("19000054321").count(),
        3,
        "guardian, mother, and one to ring"
    );
    let (_, empty) = page(&format!("/children/{child}/card?form=contact&empty=1"), &teacher);
    assert!(
        empty.contains("石若曦") && !empty.contains("19000012345"),
        "an empty form has the name and its code"
    );
    for form in ["file", "contact"] {
        for how in ["html", "docx"] {
            assert_eq!(
                page(&format!("/children/{child}/card?form={form}&as={how}"), &teacher).0,
                200,
                "{form} {how}"
            );
        }
    }
    assert_eq!(page(&format!("/children/{child}/card?as=exe"), &teacher).0, 422);
    assert_eq!(page(&format!("/children/{child}/card?form=poster"), &teacher).0, 422);
    let next = w.user(
        "next-door",
        &["--role", "class_teacher", "--school", "Y1", "--class", "402"],
    );
    assert_eq!(page(&format!("/children/{child}/card"), &next).0, 404);
    assert_eq!(page("/classes/401/cards?form=roster&as=html", &next).0, 404);
    let (status, roster) = page("/classes/all/cards?form=roster&as=html", &head);
    assert_eq!((status, roster.contains("石若曦")), (200, true));
    assert_eq!(
        page("/classes/402/cards?form=contact&as=html", &head).0,
        409,
        "nobody in it"
    );
});

/// A photo of one dot, as PNG.
pub(crate) fn dot() -> Vec<u8> {
    use base64::Engine;
    let text = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}
/// Sends a photo over the API; status and answer.
pub(crate) fn send_photo(w: &World, token: &str, child: &str, name: &str, bytes: &[u8]) -> (u16, Json) {
    let mut res = crate::b10_import::agent()
        .post(format!("{}/api/v1/children/{child}/photo", w.address))
        .header("authorization", format!("Bearer {token}"))
        .content_type("multipart/form-data; boundary=QQ")
        .send(
            &crate::b10_import::multipart(
                Some((name, bytes)),
                &[("consent_by", "石奶奶"), ("consent_on", "2026-11-20")],
            )[..],
        )
        .expect("answers");
    let text = res.body_mut().read_to_string().unwrap_or_default();
    (res.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
}

story!(a_photo_is_made_anew_sealed_and_shown_to_who_may_see_it, |w: &World| {
    let (head, teacher) = school(w);
    let other = w.user(
        "teacher-b",
        &["--role", "class_teacher", "--school", "Y1", "--class", "501"],
    );
    let child = w.child(&teacher, "401", "石若曦");
    for (name, bytes) in [
        (
            "a.svg",
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"[..],
        ),
        ("a.jpg", b"<!doctype html><script>1</script>"),
        ("a.png", b"GIF89a"),
    ] {
        let (status, v) = send_photo(w, &teacher, &child, name, bytes);
        assert_eq!(status, 415, "{name}: {v}");
        assert!(v.to_string().contains("JPEG"), "the sentence says what is taken: {v}");
    }
    assert_eq!(
        send_photo(w, &teacher, &child, "a.png", &dot()[..40]).0,
        422,
        "half a file"
    );
    assert_eq!(send_photo(w, &other, &child, "a.png", &dot()).0, 404);
    let (status, first) = send_photo(w, &teacher, &child, "../../a.png", &dot());
    assert_eq!(status, 201, "{first}");
    let url = first["url"].as_str().expect("an address").to_owned();
    assert_eq!(url, format!("/files/{}", id(&first)));
    let fetch = |url: &str, token: &str| {
        let mut res = crate::b10_import::agent()
            .get(format!("{}{url}", w.address))
            .header("authorization", format!("Bearer {token}"))
            .call()
            .expect("answers");
        let head = |n: &str| {
            res.headers()
                .get(n)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let heads = [
            head("content-type"),
            head("x-content-type-options"),
            head("content-security-policy"),
        ];
        (
            res.status().as_u16(),
            heads,
            res.body_mut().read_to_vec().unwrap_or_default(),
        )
    };
    let (status, heads, bytes) = fetch(&url, &head);
    assert_eq!(
        (status, heads[0].as_str(), heads[1].as_str()),
        (200, "image/jpeg", "nosniff")
    );
    assert!(heads[2].contains("sandbox"), "{heads:?}");
    assert!(bytes.starts_with(&[0xFF, 0xD8]), "a JPEG");
    let lies_open = |b: &[u8]| b.windows(24).any(|x| x == &bytes[..24]);
    assert!(
        w.place.database.is_some() || !lies_open(&w.bytes()),
        "sealed in the store"
    );
    assert_eq!(fetch(&url, &other).0, 404);
    assert_eq!(
        w.get(&format!("/api/v1/children/{child}"), &teacher).body["photo"].as_str(),
        Some(url.as_str())
    );
    // another photo takes its place; the first is shown no more
    let (_, second) = send_photo(w, &teacher, &child, "b.png", &dot());
    assert_eq!(fetch(&url, &teacher).0, 404);
    let url = second["url"].as_str().expect("an address").to_owned();
    assert_eq!(fetch(&url, &teacher).0, 200);

    let (_, out) = w.run(&["user", "add", "head-b", "--role", "head", "--school", "Y1"]);
    let mut b = Browser::at(&w.address);
    assert_eq!(
        b.login("head-b", out.split_whitespace().last().unwrap_or_default())
            .status,
        303
    );
    for page in [format!("/children/{child}"), format!("/children/{child}/edit")] {
        assert!(b.get(&page).text.contains(&format!("src=\"{url}\"")), "{page} shows it");
    }
    let edit = format!("/children/{child}/edit");
    assert_eq!(
        b.post(
            &edit,
            &format!("/children/{child}/photo/remove"),
            &[("key", &Id::fresh().to_string())]
        )
        .status,
        303
    );
    assert_eq!(fetch(&url, &teacher).0, 404);
    assert!(!b.get(&edit).text.contains("/files/"));
    assert_eq!(w.run(&["verify"]).0, 0);
});

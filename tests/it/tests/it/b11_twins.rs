//! B11: two files that are one child: found, seen side by side, made one with all that hangs on them, parted again, or declared two.

use crate::b_child::{dot, id, reads, send_photo};
use serde_json::{Value as Json, json};
use tx_base::Id;
use tx_it::browser::{Browser, Page};
use tx_it::{World, story};

struct Town {
    teacher: String,
    volunteer: String,
    head: Browser,
    /// the helper, checked
    helper: String,
    token: String,
}
fn town(w: &World) -> Town {
    assert_eq!(
        w.run(&["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let (_, out) = w.run(&["user", "add", "head", "--role", "head", "--school", "Y1"]);
    let mut head = Browser::at(&w.address);
    let password = out.split_whitespace().last().unwrap_or_default();
    assert_eq!(head.login("head", password).status, 303);
    let (_, token) = w.run(&["token", "add", "--user", "head"]);
    let token = token.split_whitespace().last().expect("a token").to_owned();
    let teacher = w.user(
        "teacher-a",
        &["--role", "class_teacher", "--school", "Y1", "--class", "401"],
    );
    let volunteer = w.user("volunteer", &["--role", "helper", "--school", "Y1"]);
    let made = w.post(
        "/api/v1/helpers",
        &token,
        &json!({"name": "田秀云", "sex": "f", "kind": "volunteer", "user": "volunteer"}),
    );
    let helper = id(&made.body);
    let check = w.post(
        &format!("/api/v1/helpers/{helper}/check"),
        &token,
        &json!({"on": "2026-11-20", "valid_to": "2027-11-19", "result": "fit"}),
    );
    assert_eq!(check.status, 201, "{:?}", check.body);
    Town {
        teacher,
        volunteer,
        head,
        helper,
        token,
    }
}
impl Town {
    fn child(&self, w: &World, more: Json) -> String {
        let mut body = json!({"class": "401", "name": "龙俊杰", "sex": "m", "birth_date": "2016-05-01"});
        for (k, v) in more.as_object().expect("an object") {
            body[k] = v.clone();
        }
        let a = w.post("/api/v1/children", &self.teacher, &body);
        assert_eq!(a.status, 201, "{:?}", a.body);
        id(&a.body)
    }
    fn talk(&self, w: &World, children: &[&str], text: &str) -> String {
        let body = json!({"kind": "heart_talk", "on": "2026-11-20", "text": text, "children": children});
        let a = w.post("/api/v1/records", &self.teacher, &body);
        assert_eq!(a.status, 201, "{:?}", a.body);
        id(&a.body)
    }
    /// Words of the records about a child, in order.
    fn words(&self, w: &World, child: &str) -> Vec<String> {
        let a = w.get(&format!("/api/v1/records?child={child}"), &self.teacher);
        let mut all: Vec<String> = a.body["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|r| r["text"].as_str().unwrap_or("sealed").to_owned())
            .collect();
        all.sort();
        all
    }
    fn file(&self, w: &World, child: &str) -> Json {
        w.get(&format!("/api/v1/children/{child}"), &self.teacher).body
    }
    fn sees(&self, w: &World, child: &str) -> u16 {
        w.get(&format!("/api/v1/children/{child}"), &self.volunteer).status
    }
    fn merge(&mut self, kept: &str, gone: &str, take: &[(&str, &str)]) -> Page {
        let page = format!("/children/{kept}/twin/{gone}");
        let text = self.head.get(&page).text;
        let hidden = |name: &str| {
            let at = text
                .find(&format!("name=\"{name}\" value=\""))
                .unwrap_or_else(|| panic!("no {name} in {text}"));
            text[at..].split('"').nth(3).expect("a value").to_owned()
        };
        let (va, vb, key) = (hidden("va"), hidden("vb"), Id::fresh().to_string());
        let mut fields = vec![("va", va.as_str()), ("vb", &vb), ("key", &key)];
        fields.extend(take);
        self.head.post(&page, &format!("{page}/merge"), &fields)
    }
    /// Parts what was made one last.
    fn part(&mut self) -> Page {
        let list = self.head.get("/children/twins").text;
        let at = list.find("/children/merges/").expect("a pair that was made one");
        let path = list[at..].split('"').next().expect("an address").to_owned();
        let key = Id::fresh().to_string();
        self.head.post(&path, &format!("{path}/split"), &[("key", &key)])
    }
}

story!(
    two_files_become_one_with_all_that_hangs_on_them_and_part_again,
    |w: &World| {
        let mut t = town(w);
        let kept = t.child(
        w,
        json!({"village": "洞坪村", "guardians": [{"name": "石桂香", "relation": "grandmother", "phone": "19000012345"}]}),
    );
        let gone = t.child(
            w,
            json!({"village": "云溪村", "hobby": "画画", "health": "哮喘", "left_behind": true,
            "guardians": [{"name": "龙大山", "relation": "grandfather", "phone": "19000054321"}],
            "parents": [{"parent": "father", "name": "龙小海", "where": "away_work", "place": "东莞"}]}),
        );
        let third = w.child(&t.teacher, "401", "单小满");
        t.talk(w, &[&kept], "甲说的话");
        let own = t.talk(w, &[&gone], "乙先说的话");
        let changed = w.call(
            "PATCH",
            &format!("/api/v1/records/{own}"),
            &t.teacher,
            Some(&json!({"base_version": 1, "text": "乙说的话", "reason": "记错了"})),
            None,
        );
        assert_eq!(changed.status, 200, "{:?}", changed.body);
        t.talk(w, &[&gone, &third], "乙和小满说的话");
        t.talk(w, &[&kept, &gone], "一次记了两份的话");
        let pair = w.post(
            "/api/v1/pairings",
            &t.token,
            &json!({"helper": t.helper, "child": gone, "from": "2026-11-24"}),
        );
        assert_eq!(pair.status, 201, "{:?}", pair.body);
        let (status, photo) = send_photo(w, &t.teacher, &gone, "a.png", &dot());
        assert_eq!(status, 201);
        let url = photo["url"].as_str().expect("an address").to_owned();
        let (before, there) = (t.file(w, &kept), t.file(w, &gone));

        let list = t.head.get("/children/twins");
        assert!(
            list.status == 200 && list.text.contains(&format!("/children/{kept}/twin/{gone}")),
            "the pair is found: {}",
            list.text
        );
        let both = t.head.get(&format!("/children/{kept}/twin/{gone}")).text;
        for seen in [
            "洞坪村",
            "云溪村",
            "画画",
            "哮喘",
            "石桂香",
            "龙大山",
            "19000054321",
            "东莞",
        ] {
            assert!(both.contains(seen), "{seen} on the page of both");
        }
        let done = t.merge(&kept, &gone, &[("take.village", "other"), ("take.guardians", "both")]);
        assert_eq!(
            (done.status, done.to.as_str()),
            (303, format!("/children/{kept}?saved=1").as_str()),
            "{}",
            done.text
        );

        assert_eq!(w.get(&format!("/api/v1/children/{gone}"), &t.teacher).status, 404);
        let one = t.file(w, &kept);
        assert_eq!(
            (
                one["village"].as_str(),
                one["hobby"].as_str(),
                one["left_behind"].as_bool()
            ),
            (Some("云溪村"), Some("画画"), Some(true)),
            "{one}"
        );
        assert_eq!(one["guardians"].as_array().map(Vec::len), Some(2), "{one}");
        assert_eq!(one["parents"][0]["place"], "东莞", "{one}");
        assert_eq!(one["photo"].as_str(), Some(url.as_str()));
        assert_eq!(w.get(&url, &t.teacher).status, 200, "the photo came along");
        let all = ["一次记了两份的话", "乙和小满说的话", "乙说的话", "甲说的话"];
        assert_eq!(t.words(w, &kept), all);
        assert_eq!(t.words(w, &third).first().map(String::as_str), Some("乙和小满说的话"));
        let versions = w.get(&format!("/api/v1/records/{own}/versions"), &t.teacher).body;
        assert!(
            versions.to_string().contains("乙先说的话"),
            "earlier words stay readable: {versions}"
        );
        assert_eq!(
            (t.sees(w, &kept), t.sees(w, &gone)),
            (200, 404),
            "the pairing came along"
        );
        let health = w
            .get(&format!("/api/v1/children/{kept}?include=sensitive"), &t.token)
            .body;
        assert_eq!(health["health"], "哮喘");
        assert_eq!(w.run(&["verify"]).0, 0);

        let parted = t.part();
        assert_eq!(
            (parted.status, parted.to.as_str()),
            (303, "/children/twins?saved=parted"),
            "{}",
            parted.text
        );
        let (mut after, mut back) = (t.file(w, &kept), t.file(w, &gone));
        let (mut before, mut there) = (before, there);
        for v in [&mut after, &mut back, &mut before, &mut there] {
            v["version"] = Json::Null;
        }
        assert_eq!((after, back), (before, there), "both as they were");
        assert_eq!(t.words(w, &kept), ["一次记了两份的话", "甲说的话"]);
        assert_eq!(t.words(w, &gone), ["一次记了两份的话", "乙和小满说的话", "乙说的话"]);
        assert_eq!((t.sees(w, &kept), t.sees(w, &gone)), (404, 200));
        assert_eq!(w.get(&url, &t.teacher).status, 200);
        assert_eq!(w.run(&["verify"]).0, 0);
        let list = t.head.get("/children/twins").text;
        assert!(
            !list.contains("/twin/") && !list.contains("/children/merges/"),
            "the two are known to be two"
        );
    }
);

story!(
    what_was_written_after_the_merging_stays_where_it_was_written,
    |w: &World| {
        let mut t = town(w);
        let number = tx_sheet::IdNumber::with_check_digit("43310120160501001").expect("a number");
        let kept = t.child(w, json!({"village": "洞坪村"}));
        let gone = t.child(
            w,
            json!({"name": "龙俊洁", "village": "云溪村", "student_no": "G4331", "id_no": number}),
        );
        for (child, from) in [(&kept, "2026-09-10"), (&gone, "2026-03-01")] {
            let a = w.post(
                &format!("/api/v1/children/{child}/spells"),
                &t.teacher,
                &json!({"from": from}),
            );
            assert_eq!(a.status, 200, "{:?}", a.body);
        }
        let talk = t.talk(w, &[&gone], "乙说的话");
        assert_eq!(
            t.merge(&kept, &gone, &[("take.name", "zzz")]).status,
            422,
            "no such choice"
        );
        assert_eq!(t.merge(&kept, &gone, &[]).status, 303);
        let child: Id = kept.parse().expect("an id");
        let spells = |w: &World| {
            let file = reads(w, |c, keys, scope| tx_child::file::fetch(c, keys, scope, child, false));
            let spells = file.expect("the file").spells;
            spells.iter().map(|s| (s.from.to_string(), s.to)).collect::<Vec<_>>()
        };
        assert_eq!(spells(w), [("2026-03-01".to_owned(), None)], "two that meet are one");
        // afterwards the file is edited, and the talk is corrected
        let version = t.file(w, &kept)["version"].clone();
        let edit = w.call(
            "PATCH",
            &format!("/api/v1/children/{kept}"),
            &t.teacher,
            Some(&json!({"base_version": version, "hobby": "下棋"})),
            None,
        );
        assert_eq!(edit.status, 200, "{:?}", edit.body);
        let now = w.get(&format!("/api/v1/records/{talk}"), &t.teacher).body["version"].clone();
        let edit = w.call(
            "PATCH",
            &format!("/api/v1/records/{talk}"),
            &t.teacher,
            Some(&json!({"base_version": now, "text": "乙说的话，补了一句"})),
            None,
        );
        assert_eq!(edit.status, 200, "{:?}", edit.body);
        t.talk(w, &[&kept], "合并以后说的话");
        let parted = t.part();
        assert_eq!(
            (parted.status, parted.to.as_str()),
            (303, "/children/twins?saved=kept"),
            "{}",
            parted.text
        );
        assert_eq!(t.file(w, &kept)["hobby"], "下棋");
        assert_eq!(t.file(w, &gone)["village"], "云溪村");
        assert_eq!(t.words(w, &kept), ["合并以后说的话"]);
        assert_eq!(t.words(w, &gone), ["乙说的话，补了一句"]);
        assert_eq!(w.run(&["verify"]).0, 0);
    }
);

story!(twins_are_the_business_of_head_and_office, |w: &World| {
    let mut t = town(w);
    let number = tx_sheet::IdNumber::with_check_digit("43310120160501001").expect("a number");
    let one = t.child(w, json!({"id_no": number, "student_no": "G4331"}));
    // neither a new child nor a correction gets a number that another has; files from before that was so may have the same
    let other = t.child(w, json!({"name": "龙俊捷", "birth_date": null}));
    let version = t.file(w, &other)["version"].clone();
    let body = json!({"base_version": version, "id_no": number});
    let path = format!("/api/v1/children/{other}");
    assert_eq!(w.call("PATCH", &path, &t.teacher, Some(&body), None).status, 409);
    w.tamper("update children set id_no_index = (select x.id_no_index from children x where x.name = '龙俊杰') where name = '龙俊捷'");
    let third = t.child(
        w,
        json!({"name": "田小满", "birth_date": "2016-06-01", "student_no": "G4331"}),
    );
    let list = t.head.get("/children/twins").text;
    for (a, b) in [(&one, &other), (&one, &third)] {
        assert!(list.contains(&format!("/children/{a}/twin/{b}")), "{a} {b}");
    }
    assert!(list.contains("身份证号相同") && list.contains("学籍号相同"));
    let apart = format!("/children/{one}/twin/{other}");
    let done = t
        .head
        .post(&apart, &format!("{apart}/apart"), &[("key", &Id::fresh().to_string())]);
    assert_eq!((done.status, done.to.as_str()), (303, "/children/twins?saved=apart"));
    assert!(!t.head.get("/children/twins").text.contains(&other), "remembered");
    // the same twice, and a child with itself
    assert_eq!(t.head.get(&format!("/children/{one}/twin/{one}")).status, 404);
    assert_eq!(t.head.get(&format!("/children/{one}/twin/{}", Id::fresh())).status, 404);

    assert_eq!(
        w.run(&["school", "add", "--code", "Y2", "--name", "石溪小学", "--scheme", "S5"])
            .0,
        0
    );
    let (_, out) = w.run(&["user", "add", "far", "--role", "head", "--school", "Y2"]);
    let mut far = Browser::at(&w.address);
    far.login("far", out.split_whitespace().last().unwrap_or_default());
    assert_eq!(far.get(&format!("/children/{one}/twin/{third}")).status, 404);
    assert!(!far.get("/children/twins").text.contains("龙俊"));
    let (_, out) = w.run(&[
        "user",
        "add",
        "teacher-c",
        "--role",
        "class_teacher",
        "--school",
        "Y1",
        "--class",
        "401",
    ]);
    let mut teacher = Browser::at(&w.address);
    teacher.login("teacher-c", out.split_whitespace().last().unwrap_or_default());
    assert_eq!(teacher.get("/children/twins").status, 403);
    assert_eq!(teacher.get(&format!("/children/{one}/twin/{third}")).status, 403);
    assert!(
        !teacher.get("/children").text.contains("/children/twins"),
        "no tab where it may not go"
    );
    assert!(t.head.get("/children").text.contains("/children/twins"));
});

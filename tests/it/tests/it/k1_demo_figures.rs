//! schemes.md, "Figures that a summary must bring out": each of them, from the records of the demonstration, for two seeds.

use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use tx_access::{SchoolRef, Scope};
use tx_base::{Day, Id, Lang, Span};
use tx_it::{TODAY, World};
use tx_store::{Db, params};

type Figures = BTreeMap<&'static str, Json>;

fn fill(w: &World, seed: &str) -> Db {
    let (code, out) = w.run(&["demo", "--fill-only", "--seed", seed]);
    assert_eq!(code, 0, "{out}");
    w.place.open().expect("the store opens")
}
fn figures(db: &Db, code: &str, from: &str, to: &str) -> (Figures, Id) {
    db.read(|c| {
        let (county, id) = tx_school::school_by_code(c, code)?.expect("a school of the demonstration");
        let school = SchoolRef {
            id,
            code: code.into(),
            name: code.into(),
        };
        let scope = Scope::console(county, Some(school), Day::lit(TODAY), Lang::Zh);
        let all = tx_figures::all(c, &scope, id, Span::new(Day::lit(from), Day::lit(to)), true)?;
        for (f, n) in &all {
            let sum: i64 = n.items.iter().map(|i| i.counts).sum();
            match n.value {
                tx_figures::Amount::Whole(v) | tx_figures::Amount::Cents(v) => {
                    assert_eq!(sum, v, "{code} {}: the rows add up to the number", f.id)
                }
                _ => assert!(n.of.is_none(), "{code} {}", f.id),
            }
            for (key, (v, of)) in &n.by {
                let part: i64 = n
                    .items
                    .iter()
                    .filter(|i| i.key.as_ref() == Some(key))
                    .map(|i| i.in_key)
                    .sum();
                assert_eq!(part, *v, "{code} {} {key}", f.id);
                assert!(of.is_none_or(|of| of >= *v), "{code} {} {key}", f.id);
            }
            assert!(n.of.is_none_or(|of| of >= n.value.whole()), "{code} {}", f.id);
            let unique: std::collections::BTreeSet<_> = n.records.iter().collect();
            assert_eq!(unique.len(), n.records.len(), "{code} {}: each id once", f.id);
            assert!(!f.definition.zh.is_empty() && !f.definition.en.is_empty(), "{}", f.id);
        }
        Ok((all.iter().map(|(f, n)| (f.id, n.json(f, Lang::Zh))).collect(), id))
    })
    .expect("figures")
}
fn rows(db: &Db, sql: &str, school: Id) -> i64 {
    db.read(|c| c.count(sql, params![school])).expect("a count")
}
/// The value is this and something was counted.
fn is(f: &Figures, id: &str, want: impl Into<Json>) {
    let n = &f[id];
    assert_eq!(n["value"], want.into(), "{id}: {n}");
    assert!(
        n["records"].as_array().is_some_and(|r| !r.is_empty()),
        "{id} names what it counts: {n}"
    );
}
fn share(f: &Figures, id: &str) {
    let (v, of) = (
        f[id]["value"].as_i64().expect("a value"),
        f[id]["of"].as_i64().expect("both numbers"),
    );
    assert!(0 < v && v < of, "{id}: {v} of {of}");
}

fn all_of_them(db: &Db) {
    s1(db);
    s2(db);
    s3(db);
    s4(db);
    s5(db);
    s6(db);
}
fn s1(db: &Db) {
    let (f, id) = figures(db, "S1", "2025-09-01", "2026-07-15");
    let classes = rows(
        db,
        "select count(*) from classes where school_id = ?1 and year_first = 2025",
        id,
    );
    is(&f, "leading_group.deputies", 3);
    is(&f, "leading_group.members", classes);
    is(&f, "contest.choir.held_on", "2025-12-13");
    let pupils = rows(
        db,
        "select count(*) from class_stays s join classes k on k.county_id = s.county_id and k.id = s.class_id where s.school_id = ?1 and k.year_first = 2025",
        id,
    );
    let staff = rows(
        db,
        "select count(*) from adults where school_id = ?1 and kind = 'teacher'",
        id,
    );
    is(&f, "contest.choir.participants", pupils + staff);
    assert_eq!(f["school.pupils"]["value"], pupils);
    assert_eq!(f["school.staff"]["value"], staff);
    let left = f["children.left_behind"]["value"].as_i64().expect("a number");
    is(&f, "cards_home.children", left - 7);
    let by = f["visits.festival.children"]["by"]
        .as_object()
        .expect("by festival")
        .clone();
    assert_eq!(
        by.keys().map(String::as_str).collect::<Vec<_>>(),
        ["dragon_boat", "mid_autumn", "spring_festival"]
    );
    assert!(
        by.values()
            .all(|n| n.as_i64().is_some_and(|n| n > left / 2 && n <= left)),
        "{by:?}"
    );
}
fn s2(db: &Db) {
    let (f, _) = figures(db, "S2", "2024-09-01", "2026-08-31");
    for (id, want) in [
        ("children.left_behind", 175),
        ("school.classes", 17),
        ("school.pupils", 1181),
        ("school.staff", 85),
        ("school.site_m2", 15079),
        ("leading_group.class_teachers", 16),
        ("rules.in_force", 7),
        ("lectures.invited", 6),
        ("surveys.study", 3),
        ("festival_care.kinds", 4),
        ("festival_care.children", 175),
        ("outings", 4),
        ("outing.works_visited", 9),
        ("outing.talks_heard", 5),
        ("outing.children", 175),
        ("trading.groups", 10),
        ("trading.groups_roving", 6),
        ("trading.groups_stall", 4),
        ("trading.capital_each", 10),
        ("trading.stages", 4),
        ("volunteers.paired", 65),
        ("volunteers.children", 65),
        ("ceremony.people", 823),
        ("happy_weekend.children", 65),
        ("happy_weekend.adults", 65),
        ("gifts.pieces", 400),
        ("weekends.person_times", 38),
        ("tutoring.person_times", 45),
        ("medical.person_times", 18),
        ("materials.volumes", 12),
        ("visits_received", 3),
        ("projects.national", 1),
        ("admissions.key_school", 26),
        ("admissions.key_school_left_behind", 5),
        ("admissions.early", 12),
        ("meetings.guardians", 8),
    ] {
        is(&f, id, want);
    }
    let care: Vec<i64> = f["festival_care.children"]["by"]
        .as_object()
        .expect("by festival")
        .values()
        .filter_map(Json::as_i64)
        .collect();
    assert_eq!(care, [175; 4]);
    assert_eq!(
        f["meetings.guardians"]["by"],
        json!({"2024-1": 2, "2024-2": 2, "2025-1": 2, "2025-2": 2})
    );
    assert!(
        f["essays"]["value"].as_i64().is_some_and(|n| n > 10_000),
        "weekly, as recorded: {}",
        f["essays"]["value"]
    );
    // the profit is the sum of the accounts: what the ten groups took less what they were lent
    let profit: f64 = db
        .read(|c| {
            let sql = "select l.fields from record_lines l join records r on r.county_id = l.county_id and r.id = l.record_id where r.kind = 'trading_day'";
            let mut sum = 0.0;
            for r in c.query(sql, &[])? {
                let v = r.json(0);
                sum += v["takings"].as_f64().unwrap_or(0.0) - v["advance"].as_f64().unwrap_or(0.0);
            }
            Ok(sum)
        })
        .expect("accounts");
    assert!(profit > 0.0);
    assert_eq!(f["trading.profit"]["value"].as_f64(), Some(profit));
    // the same 175 throughout
    for (from, to) in [
        ("2024-09-01", "2024-09-30"),
        ("2025-05-01", "2025-05-31"),
        ("2026-06-01", "2026-08-31"),
    ] {
        is(&figures(db, "S2", from, to).0, "children.left_behind", 175);
    }
}
fn s3(db: &Db) {
    let (f, id) = figures(db, "S3", "2025-09-01", "2026-01-31");
    is(&f, "contest.singing.edition", 3);
    is(&f, "contest.singing.entrants", 12);
    is(&f, "contest.singing.groups", 2);
    is(&f, "contest.singing.held_on", "2025-12-22");
    let pupils = rows(
        db,
        "select count(*) from class_stays s join classes k on k.county_id = s.county_id and k.id = s.class_id where s.school_id = ?1 and k.year_first = 2025",
        id,
    );
    is(&f, "health_check.pupils", pupils);
    assert!(f["health_check.items"]["value"].as_i64().is_some_and(|n| n >= 6));
    for id in [
        "visits.start",
        "visits.middle",
        "visits.end",
        "letters_calls.monthly",
        "guardian_talks.monthly",
    ] {
        share(&f, id);
    }
    let left = f["children.left_behind"]["value"].clone();
    assert_eq!(
        f["visits.start"]["of"], left,
        "visits are owed to every left-behind child"
    );
}
fn s4(db: &Db) {
    let (f, id) = figures(db, "S4", "2025-09-01", "2026-01-31");
    let classes = rows(
        db,
        "select count(*) from classes where school_id = ?1 and year_first = 2025",
        id,
    );
    is(&f, "meetings.by_class", classes);
    assert!(
        f["meetings.by_class"]["by"]
            .as_object()
            .is_some_and(|by| by.len() as i64 == classes && by.values().all(|n| *n == 1))
    );
    let (key, helped) = (
        f["children.key"]["value"].as_i64().expect("a number"),
        f["children.key_with_helper"]["value"].as_i64().expect("a number"),
    );
    assert!(key > 2);
    assert_eq!(helped, key - 2);
}
fn s5(db: &Db) {
    let (f, _) = figures(db, "S5", "2025-09-01", "2026-01-31");
    for id in ["talks.reached", "visits.start", "visits.middle", "visits.end"] {
        share(&f, id);
    }
    let months = f["talks.reached"]["by"].as_object().expect("month by month").clone();
    assert_eq!(
        months.keys().map(String::as_str).collect::<Vec<_>>(),
        ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01"]
    );
    let left = f["children.left_behind"]["value"].clone();
    assert!(
        months
            .values()
            .all(|m| m["of"] == left && m["value"].as_i64().is_some()),
        "{months:?}"
    );
    is(&f, "rules.in_force", 5);
}
fn s6(db: &Db) {
    let (f, id) = figures(db, "S6", "2026-09-01", "2027-07-10");
    for (id, want) in [
        ("school.teachers", 14),
        ("school.pupils", 351),
        ("school.site_m2", 9920),
        ("school.building_m2", 1140),
        ("school.founded", 1947),
        ("school.villages", 4),
        ("school.radius_km", 6),
        ("school.villagers", 9000),
        ("counsellors", 2),
        ("documents.in_force", 7),
        ("activities.planned", 7),
        ("contests.planned", 6),
    ] {
        is(&f, id, want);
    }
    for (figure, sex) in [("pairing.love_mothers", "f"), ("pairing.love_fathers", "m")] {
        let n = rows(
            db,
            &format!("select count(*) from adults where school_id = ?1 and kind = 'teacher' and sex = '{sex}'"),
            id,
        );
        assert!(n > 0);
        is(&f, figure, n);
    }
    let late = rows(
        db,
        "select count(*) from records where school_id = ?1 and state = 'planned' and on_day > '2026-11-24'",
        id,
    );
    assert_eq!(late, 7, "all of them lie ahead");
    assert_eq!(f["contests.done"]["value"], 0, "planned is not done");
}

mod seeds {
    use super::*;
    #[test]
    fn one_on_sqlite() {
        all_of_them(&fill(&World::sqlite(), "1"));
    }
    #[test]
    fn two_on_sqlite() {
        let w = World::sqlite();
        all_of_them(&fill(&w, "2"));
        assert_eq!(
            w.run(&["verify"]).0,
            0,
            "the audit chain covers all of the demonstration"
        );
    }
    #[test]
    fn one_on_postgres() {
        if let Some(w) = World::postgres() {
            all_of_them(&fill(&w, "1"));
        }
    }
}

/// The same counting runs on PostgreSQL in `k10_figures`; filling it once more would only take time.
#[test]
fn a_gift_of_three_more_and_back() {
    let w = &World::sqlite();
    fill(w, "1");
    let token = |user: &str| {
        w.run(&["token", "add", "--user", user])
            .1
            .split_whitespace()
            .last()
            .expect("a token")
            .to_owned()
    };
    let head = token("s2-head");
    let pieces = || {
        let a = w.get(
            "/api/v1/figures?school=S2&from=2024-09-01&to=2026-08-31&id=gifts.pieces",
            &head,
        );
        assert_eq!(a.status, 200, "{:?}", a.body);
        a.body["figures"][0]["value"].as_i64()
    };
    assert_eq!(pieces(), Some(400));
    let child = w.get("/api/v1/children?school=S2&limit=1", &head).body["items"][0]["id"]
        .as_str()
        .expect("a child")
        .to_owned();
    let three = w.post(
        "/api/v1/records",
        &head,
        &json!({"kind": "gift", "on": "2026-05-20", "lines": [{"child": child, "quantity": 3}]}),
    );
    assert_eq!(three.status, 201, "{:?}", three.body);
    assert_eq!(pieces(), Some(403));
    let id = three.body["id"].as_str().expect("an id");
    let gone = w.call(
        "DELETE",
        &format!("/api/v1/records/{id}"),
        &head,
        Some(&json!({"reason": "记重了"})),
        None,
    );
    assert_eq!(gone.status, 200, "{:?}", gone.body);
    assert_eq!(pieces(), Some(400));
    // outcomes stand in no list and no answer but a report to the authority
    let all = w.get("/api/v1/figures?school=S2&from=2024-09-01&to=2026-08-31", &head);
    assert!(all.body["figures"].as_array().is_some_and(|l| {
        l.len() > 60
            && l.iter()
                .all(|f| !f["id"].as_str().unwrap_or_default().starts_with("admissions."))
    }));
    assert_eq!(w.get("/api/v1/figures?id=admissions.key_school", &head).status, 403);
    assert_eq!(w.get("/api/v1/figures?id=no.such", &head).status, 422);
    assert_eq!(w.get("/api/v1/figures?school=S1", &head).status, 404);
    assert_eq!(
        w.get("/api/v1/figures?from=2026-09-01&to=2026-01-01", &head).status,
        422
    );
}

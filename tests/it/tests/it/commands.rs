//! The commands of interfaces.md that stand today.

use tx_it::{World, story};

story!(names_are_unique_and_faults_are_sentences, |w: &World| {
    let add = ["school", "add", "--code", "Y1", "--name", "云溪小学", "--scheme", "S5"];
    assert_eq!(w.run(&add).0, 0);
    assert_eq!(w.run(&add).0, 1, "the code is taken");
    assert_eq!(
        w.run(&["school", "add", "--code", "Y2", "--name", "x", "--scheme", "S9"])
            .0,
        1
    );
    assert_eq!(w.run(&["user", "add", "a", "--role", "king"]).0, 1);
    assert_eq!(
        w.run(&["user", "add", "a", "--role", "head"]).0,
        1,
        "a head has a school"
    );
    let (code, password) = w.run(&["user", "add", "a", "--role", "head", "--school", "Y1"]);
    assert_eq!((code, password.split_whitespace().last().map(str::len)), (0, Some(17)));
    assert_eq!(
        w.run(&["user", "add", "a", "--role", "head", "--school", "Y1"]).0,
        1,
        "the name is taken"
    );
    let (code, out) = w.run(&["duties", "--school", "Y1", "--json"]);
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<serde_json::Value>(&out).expect("JSON")["items"].is_array());
    let (_, routes) = w.run(&["routes", "--json"]);
    let routes: serde_json::Value = serde_json::from_str(&routes).expect("JSON");
    assert_eq!(routes.as_array().map(Vec::len), Some(tongxing::routes().len()));
});

#[test]
fn the_demonstration_fills_and_holds() {
    let w = World::sqlite();
    let (code, out) = w.run(&["demo", "--fill-only", "--seed", "2"]);
    assert_eq!(code, 0);
    for role in ["admin", "county", "head", "class_teacher", "counsellor", "leader"] {
        assert!(out.lines().any(|l| l.starts_with(role)), "a login for {role}");
    }
    assert_eq!(w.run(&["verify"]).0, 0);
}

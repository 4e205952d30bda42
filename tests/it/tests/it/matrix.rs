//! security.md §9: every route of the router × every role × {own, other class, other school, nobody}.
//!
//! Nothing is listed by hand but how a path's parameter is filled (`recipes.rs`): routes, roles, bodies and queries come from the declarations, so a
//! new route is walked from the day it exists. What each role may see is written here a second time, from security.md §1, not taken from the code.

mod recipes;
mod world;

use recipes::{Ask, Target};
use std::collections::BTreeMap;
use std::sync::Mutex;
use tx_it::{World, story};
use world::{Actor, Place, Town};

/// What went wrong, each kind of wrong once a route and role.
#[derive(Default)]
struct Faults(Mutex<BTreeMap<String, String>>);

impl Faults {
    fn add(&self, key: String, what: String) {
        self.0.lock().expect("faults").entry(key).or_insert(what);
    }
}

story!(nobody_sees_or_does_what_is_not_theirs, |w: &World| {
    let town = Town::build(w);
    let faults = Faults::default();
    for r in tongxing::routes() {
        if let Err(why) = recipes::known(r) {
            faults.add(format!("{} {}", r.method, r.path), why);
        }
    }
    let only = std::env::var("MATRIX_ONLY").unwrap_or_default();
    let (reads, writes): (Vec<&tx_web::Route>, Vec<_>) = tongxing::routes()
        .iter()
        .filter(|r| r.path.contains(&only))
        .partition(|r| r.method == "GET");
    // the heads make one of everything, so that there is something to be found
    let mut gentle: Vec<_> = writes.iter().copied().filter(|r| !recipes::harmful(r)).collect();
    gentle.sort_by_key(|r| r.path.matches('{').count());
    for head in town.actors.iter().filter(|a| a.name == "head" || a.name == "far-head") {
        let place = if head.name == "head" { Place::Own } else { Place::Far };
        for r in gentle.iter().filter(|r| r.is_api()) {
            let ask = Ask::of(&town, r, place, head, true);
            town.send(head, r, &ask);
        }
    }
    std::thread::scope(|s| {
        for some in town.actors.chunks(town.actors.len().div_ceil(4)) {
            let (town, faults, reads) = (&town, &faults, &reads);
            s.spawn(move || {
                for actor in some {
                    for r in reads {
                        walk(town, faults, r, actor);
                    }
                }
            });
        }
    });
    // the least right first, what ends something last
    let (harmful, gentle): (Vec<&tx_web::Route>, Vec<_>) = writes.into_iter().partition(|r| recipes::harmful(r));
    for r in gentle {
        for actor in town.actors.iter().rev() {
            walk(&town, &faults, r, actor);
        }
    }
    for r in harmful {
        for actor in town.actors.iter().rev() {
            // one of these may end the session that asks
            walk(&town, &faults, r, &town.afresh(actor));
        }
    }
    let all = faults.0.into_inner().expect("faults");
    assert!(
        all.is_empty(),
        "{} faults:\n{}",
        all.len(),
        all.into_iter()
            .map(|(k, v)| format!("  {k}: {v}"))
            .collect::<Vec<_>>()
            .join("\n")
    );
});

fn walk(town: &Town, faults: &Faults, r: &tx_web::Route, actor: &Actor) {
    let admitted = actor.passes(r);
    let own = Ask::of(town, r, Place::Own, actor, true);
    // what names nothing is the same everywhere
    let same = own.target == Target::None && own.path == Ask::of(town, r, Place::Far, actor, true).path;
    let places: &[Place] = if admitted && !same { &Place::ALL } else { &[Place::Own] };
    let mut answers: Vec<(Place, bool, u16, String)> = Vec::new();
    for &place in places {
        for full in [false, true] {
            if full && r.query.is_empty() && r.method == "GET" {
                continue;
            }
            if full && !admitted {
                continue;
            }
            // a write is asked once, with all it takes; what has a query is asked without it at one place only
            if !full && admitted && (r.method != "GET" || !r.query.is_empty() && place != Place::Own) {
                continue;
            }
            let ask = Ask::of(town, r, place, actor, full);
            let (status, text) = town.send(actor, r, &ask);
            let key = format!("{} {} as {}", r.method, r.path, actor.name);
            let at = format!("{place:?} {} → {status}", ask.path);
            if status >= 500 && status != 507 && !recipes::may_be_unready(r) {
                faults.add(
                    format!("{key} [500]"),
                    format!("{at} {}", text.chars().take(200).collect::<String>()),
                );
            }
            if !admitted && !actor.refused(status) {
                faults.add(
                    format!("{key} [role]"),
                    format!("{at}: the declaration does not admit this role"),
                );
            }
            if admitted && ask.target != Target::None && !actor.reaches(place, ask.school) {
                let foreign_id = ask.target == Target::Path;
                let done = (200..400).contains(&status);
                if (foreign_id || r.method != "GET") && done {
                    faults.add(
                        format!("{key} [foreign]"),
                        format!("{at}: beyond the scope, and it was done"),
                    );
                }
                if foreign_id && r.method == "GET" && !matches!(status, 403 | 404) {
                    faults.add(format!("{key} [shape]"), format!("{at}: beyond the scope is not found"));
                }
            }
            for leak in town.leaks(actor, &text) {
                faults.add(format!("{key} [leak]"), format!("{at} shows {leak}"));
            }
            if ask.target == Target::Path && r.is_api() && r.method == "GET" {
                answers.push((place, full, status, world::detail(&text)));
            }
        }
    }
    // out of scope and not there at all look alike
    for (place, full, status, detail) in &answers {
        if actor.reaches(*place, own.school) || *place == Place::Nobody {
            continue;
        }
        if let Some((.., s, d)) = answers.iter().find(|(p, f, ..)| *p == Place::Nobody && f == full)
            && (s, d) != (status, detail)
        {
            faults.add(
                format!("{} {} as {} [alike]", r.method, r.path, actor.name),
                format!("{place:?} {status} {detail} but nobody {s} {d}"),
            );
        }
    }
}

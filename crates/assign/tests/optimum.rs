//! The proposal is the optimum: against every way there is on small cases, against an independent solver on larger ones.

use pathfinding::prelude::{Matrix, kuhn_munkres};
use proptest::prelude::*;
use tx_assign::{Gains, Helper, Kid, Rule, Sex, Task, best, judge, propose};

type Case = (Vec<Vec<Option<i64>>>, Vec<usize>, i64);

fn case(kids: usize, helpers: usize, seats: usize) -> impl Strategy<Value = Case> {
    (0..=kids, 0..=helpers).prop_flat_map(move |(k, h)| {
        (
            // few distinct gains: ties are where mistakes hide
            prop::collection::vec(prop::collection::vec(prop::option::weighted(0.7, -3i64..12), h), k),
            prop::collection::vec(0..=seats, h),
            0i64..6,
        )
    })
}
fn gains(g: &[Vec<Option<i64>>], helpers: usize) -> Gains {
    Gains::new(g.len(), helpers, |k, h| g[k][h])
}
/// Number placed and sum, or none where the plan breaks a rule.
fn worth(g: &[Vec<Option<i64>>], seats: &[usize], step: i64, plan: &[Option<usize>]) -> Option<(usize, i64)> {
    let mut taken = vec![0usize; seats.len()];
    let (mut n, mut sum) = (0, 0);
    for (k, h) in plan.iter().enumerate() {
        if let Some(h) = h {
            sum += g[k][*h]? - step * taken[*h] as i64;
            taken[*h] += 1;
            n += 1;
            if taken[*h] > seats[*h] {
                return None;
            }
        }
    }
    Some((n, sum))
}
fn brute(g: &[Vec<Option<i64>>], seats: &[usize], step: i64) -> (usize, i64) {
    let (kids, base) = (g.len(), seats.len() + 1);
    (0..base.pow(kids as u32))
        .filter_map(|mut code| {
            let plan: Vec<Option<usize>> = (0..kids)
                .map(|_| {
                    let h = code % base;
                    code /= base;
                    (h < seats.len()).then_some(h)
                })
                .collect();
            worth(g, seats, step, &plan)
        })
        .max()
        .expect("nobody placed is a plan")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn equals_every_way_tried((g, seats, step) in case(5, 4, 3)) {
        let plan = best(&gains(&g, seats.len()), &seats, |_, n| step * n as i64);
        prop_assert_eq!(worth(&g, &seats, step, &plan), Some(brute(&g, &seats, step)));
    }
}
proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn equals_another_solver((g, seats, step) in case(28, 9, 5)) {
        let plan = best(&gains(&g, seats.len()), &seats, |_, n| step * n as i64);
        let (n, sum) = worth(&g, &seats, step, &plan).expect("no rule is broken");
        if !g.is_empty() {
            // a column a seat, and one a child for being left over
            const PLACED: i64 = 100_000;
            let chairs: Vec<(usize, usize)> = seats.iter().enumerate().flat_map(|(h, n)| (0..*n).map(move |s| (h, s))).collect();
            let m = Matrix::from_fn(g.len(), chairs.len() + g.len(), |(k, c)| {
                chairs.get(c).map_or(0, |(h, s)| g[k][*h].map_or(0, |x| PLACED + x - step * *s as i64))
            });
            prop_assert_eq!(kuhn_munkres(&m).0, PLACED * n as i64 + sum);
        }
    }
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(
        prop::sample::select(vec!["画画", "篮球", "打篮球", "唱歌"]).prop_map(str::to_owned),
        0..3,
    )
}
fn sex() -> impl Strategy<Value = Option<Sex>> {
    prop::sample::select(vec![None, Some(Sex::F), Some(Sex::M)])
}
fn village() -> impl Strategy<Value = Option<String>> {
    prop::sample::select(vec![None, Some("洞坪村".to_owned()), Some("竹坳村".to_owned())])
}
fn kid() -> impl Strategy<Value = Kid> {
    (sex(), village(), words(), sex(), 0..5u8).prop_map(|(sex, village, hobbies, wants_sex, c)| Kid {
        sex,
        village,
        hobbies,
        wants_sex,
        consent: if c == 0 {
            tx_assign::Consent::Withheld
        } else {
            tx_assign::Consent::Given
        },
        ..Kid::default()
    })
}
fn helper() -> impl Strategy<Value = Helper> {
    (sex(), village(), words(), 1..3usize, 0..3usize, 0..5u8).prop_map(|(sex, village, hobbies, seats, taken, c)| {
        Helper {
            sex,
            village,
            hobbies,
            seats,
            taken,
            bar: (c == 0).then_some(tx_assign::Bar::NotChecked),
            ..Helper::default()
        }
    })
}
fn people() -> impl Strategy<Value = (Vec<Kid>, Vec<Helper>, Vec<(usize, usize)>)> {
    (
        prop::collection::vec(kid(), 1..6),
        prop::collection::vec(helper(), 1..4),
    )
        .prop_flat_map(|(k, h)| {
            let pair = (0..k.len(), 0..h.len());
            (Just(k), Just(h), prop::collection::vec(pair, 0..3))
        })
}

/// Points of a whole plan as [`propose`] counts them.
fn total(t: &Task, plan: &[Option<usize>]) -> Option<(usize, i64)> {
    let mut taken: Vec<usize> = t.helpers.iter().map(|h| h.taken).collect();
    for (_, h) in t.locked {
        taken[*h] += 1;
    }
    let (mut n, mut sum) = (0, 0);
    for (k, h) in plan.iter().enumerate() {
        if let Some((_, l)) = t.locked.iter().find(|(c, _)| *c == k) {
            if *h != Some(*l) {
                return None;
            }
            continue;
        }
        let Some(h) = h else { continue };
        let j = judge(&t.kids[k], &t.helpers[*h]);
        if j.bar.is_some() || t.parted.contains(&(k, *h)) || taken[*h] >= t.helpers[*h].seats {
            return None;
        }
        sum += j.points - 30 * taken[*h] as i64;
        taken[*h] += 1;
        n += 1;
    }
    Some((n, sum))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]
    #[test]
    fn a_proposal_is_the_best_there_is_keeps_locks_and_makes_nothing_forbidden((kids, helpers, pairs) in people(), split in 0..3usize) {
        let (a, b) = pairs.split_at(split.min(pairs.len()));
        let mut locked: Vec<(usize, usize)> = Vec::new();
        for p in a {
            if !locked.iter().any(|(k, _)| *k == p.0) {
                locked.push(*p);
            }
        }
        let t = Task { kids: &kids, helpers: &helpers, locked: &locked, parted: b, rule: Rule::Fit };
        let plan = propose(&t);
        let base = helpers.len() + 1;
        let top = (0..base.pow(kids.len() as u32)).filter_map(|mut code| {
            let plan: Vec<Option<usize>> = (0..kids.len()).map(|_| { let h = code % base; code /= base; (h < helpers.len()).then_some(h) }).collect();
            total(&t, &plan)
        }).max();
        prop_assert_eq!(total(&t, &plan), top);
        prop_assert!(total(&t, &plan).is_some(), "no rule is broken and every lock kept");
    }

    #[test]
    fn evenly_means_that_no_two_differ_by_more_than_one(kids in prop::collection::vec(kid(), 0..30), n in 1..7usize) {
        let kids: Vec<Kid> = kids.into_iter().map(|k| Kid { consent: tx_assign::Consent::Given, ..k }).collect();
        let helpers = vec![Helper { seats: 1, ..Helper::default() }; n];
        let plan = propose(&Task { kids: &kids, helpers: &helpers, rule: Rule::Even, ..Task::default() });
        prop_assert!(plan.iter().all(Option::is_some));
        let load = |h: usize| plan.iter().filter(|x| **x == Some(h)).count();
        let loads: Vec<usize> = (0..n).map(load).collect();
        prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{:?}", loads);
    }
}

/// A county's worth: it ends, breaks no rule, and no single move or exchange makes it better.
#[test]
fn two_thousand_children_and_four_hundred_helpers() {
    let (kids, helpers) = tx_assign_crowd::crowd(2000, 400);
    let t = Task {
        kids: &kids,
        helpers: &helpers,
        ..Task::default()
    };
    let plan = propose(&t);
    let (n, _) = total(&t, &plan).expect("no rule is broken");
    let room: usize = helpers
        .iter()
        .filter(|h| h.bar.is_none())
        .map(|h| h.seats - h.taken)
        .sum();
    assert_eq!(n, room.min(2000), "every seat is filled or every child placed");
    let points = |k: usize, h: usize| judge(&kids[k], &helpers[h]).points;
    for (a, x) in plan.iter().enumerate().step_by(7) {
        for (b, y) in plan.iter().enumerate().skip(a + 1).step_by(5) {
            if let (Some(x), Some(y)) = (x, y) {
                assert!(
                    points(a, *x) + points(b, *y) >= points(a, *y) + points(b, *x),
                    "{a} and {b} would change places"
                );
            }
        }
    }
}
#[path = "../examples/crowd/mod.rs"]
mod tx_assign_crowd;

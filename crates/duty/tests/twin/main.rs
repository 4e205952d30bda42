//! The engine against its slow twin on random schools. `TX_TWIN_CASES` (default 10 000 over all parts) and `TX_TWIN_SEED`
//! (default 1) choose how many and which.

mod random;
mod slow;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::sync::Mutex;
use tx_duty::{Duty, State, Subject, duties, duties_of};

const PARTS: u32 = 4;

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

fn sorted(mut list: Vec<Duty>) -> Vec<Duty> {
    list.sort_by(|a, b| (a.subject, &a.rule, &a.period).cmp(&(b.subject, &b.rule, &b.period)));
    list
}

fn part(n: u32) {
    let cases = number("TX_TWIN_CASES", 10_000).div_ceil(PARTS);
    let mut seed = [0u8; 32];
    seed[..4].copy_from_slice(&number("TX_TWIN_SEED", 1).to_le_bytes());
    seed[4..8].copy_from_slice(&n.to_le_bytes());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let seen: Mutex<BTreeMap<&'static str, u32>> = Mutex::new(BTreeMap::new());
    let outcome = runner.run(&random::world(), |world| {
        let case = world.noted();
        let fast = sorted(duties(&case, world.on, world.upcoming));
        let slow = sorted(slow::slow(&case, world.on, world.upcoming));
        for (a, b) in fast.iter().zip(&slow) {
            if a != b {
                return Err(TestCaseError::fail(format!(
                    "on {}\nengine {a:#?}\n  twin {b:#?}",
                    world.on
                )));
            }
        }
        if fast.len() != slow.len() {
            return Err(TestCaseError::fail(format!(
                "on {}: engine {} duties, twin {}",
                world.on,
                fast.len(),
                slow.len()
            )));
        }
        for child in &case.children {
            let subject = Subject::Child(child.id);
            let own = sorted(duties_of(&case, subject, world.on, world.upcoming));
            let all: Vec<&Duty> = fast.iter().filter(|d| d.subject == subject).collect();
            if own.iter().collect::<Vec<_>>() != all {
                return Err(TestCaseError::fail(
                    "one child asked alone differs from the same child among all",
                ));
            }
        }
        let mut seen = seen.lock().unwrap();
        for d in &fast {
            *seen.entry(d.state.code()).or_default() += 1;
            *seen.entry("late").or_default() += u32::from(d.late);
            *seen.entry("moved").or_default() += u32::from(d.moved);
            *seen.entry("tried").or_default() += u32::from(!d.tries.is_empty());
            *seen.entry("promised").or_default() += u32::from(&*d.rule == "follow_up");
            *seen.entry("owned").or_default() += u32::from(d.owner.is_some());
            *seen.entry("further records").or_default() += u32::from(d.records.len() > 1);
        }
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
    // agreement on empty lists would prove nothing
    let seen = seen.into_inner().unwrap();
    println!("{cases} cases: {seen:?}");
    let wanted =
        State::ALL
            .iter()
            .map(|s| s.code())
            .chain(["late", "moved", "tried", "promised", "owned", "further records"]);
    for what in wanted {
        assert!(
            cases < 500 || seen.get(what).is_some_and(|n| *n >= cases / 50),
            "hardly any {what}: {seen:?}"
        );
    }
}

#[test]
fn twin_1() {
    part(1);
}
#[test]
fn twin_2() {
    part(2);
}
#[test]
fn twin_3() {
    part(3);
}
#[test]
fn twin_4() {
    part(4);
}

//! Children to helpers, the best way: pure functions without database and clock (features D3).

mod fit;
mod flow;

pub use fit::{Against, Bar, Consent, For, Helper, Judged, Kid, Sex, WEIGHTS, Weights, judge};
pub use flow::{Gains, best};

/// By what a proposal is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// wishes, sex, village, dialect, hobbies; nobody more than wished
    #[default]
    Fit,
    /// all children over all these helpers, as evenly as can be whatever each takes; among even ways the one that fits best
    Even,
}

/// A proposal to be made.
#[derive(Clone, Debug, Default)]
pub struct Task<'a> {
    pub kids: &'a [Kid],
    pub helpers: &'a [Helper],
    /// pairs (child, helper) that stay
    pub locked: &'a [(usize, usize)],
    /// pairs that are not made again
    pub parted: &'a [(usize, usize)],
    pub rule: Rule,
}

/// One more child weighs more than any fit when children are spread evenly.
const EVEN: i64 = 1_000_000;

/// The helper of each child. Locked pairs stand as they are, also where something speaks against them now; they take their seats. Of the
/// others as many are placed as can be, in the way with the most points.
pub fn propose(t: &Task) -> Vec<Option<usize>> {
    let mut out = vec![None; t.kids.len()];
    let mut taken: Vec<usize> = t.helpers.iter().map(|h| h.taken).collect();
    for (k, h) in t.locked {
        out[*k] = Some(*h);
        taken[*h] += 1;
    }
    let rest: Vec<usize> = (0..t.kids.len()).filter(|k| out[*k].is_none()).collect();
    let parted: std::collections::HashSet<(usize, usize)> = t.parted.iter().copied().collect();
    let gains = Gains::new(rest.len(), t.helpers.len(), |k, h| {
        let j = judge(&t.kids[rest[k]], &t.helpers[h]);
        (j.bar.is_none() && !parted.contains(&(rest[k], h))).then_some(j.points)
    });
    let seats: Vec<usize> = t
        .helpers
        .iter()
        .zip(&taken)
        .map(|(h, n)| match t.rule {
            Rule::Fit => h.seats.saturating_sub(*n),
            Rule::Even => rest.len(),
        })
        .collect();
    let step = match t.rule {
        Rule::Fit => WEIGHTS.each_child,
        Rule::Even => EVEN,
    };
    let found = best(&gains, &seats, |h, n| step * (taken[h] + n) as i64);
    for (k, h) in rest.into_iter().zip(found) {
        out[k] = h;
    }
    out
}

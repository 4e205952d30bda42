//! The exact optimum: every child to at most one helper, every helper at most as many as there are seats.
//!
//! It is a min-cost flow, solved by shortest augmenting paths with potentials (the capacitated form of Jonker and Volgenant's algorithm): one
//! child after the other is added, and the children before it move wherever that makes the whole better. Two things keep it small without
//! leaving anything out. Seats of one helper are not told apart: a helper is one node with a count, so 400 helpers with five seats are 400
//! nodes and not 2,000. And no edge is pruned: every allowed pair is looked at, which is why the result is the optimum and not a guess at it.

/// What pairs are worth: one row a child, one column a helper. `None` = never.
#[derive(Clone, Debug)]
pub struct Gains {
    wide: usize,
    cells: Vec<i64>,
}
/// Stands in a cell for a pair that is never made.
const NEVER: i64 = i64::MIN;
/// Farther than any path: a quarter, so that sums of it do not overflow.
const FAR: i64 = i64::MAX / 4;

impl Gains {
    /// Asks for each pair once. Gains may be negative; their size is bounded by about 10⁹.
    pub fn new(kids: usize, helpers: usize, of: impl Fn(usize, usize) -> Option<i64>) -> Gains {
        let cells = (0..kids)
            .flat_map(|k| (0..helpers).map(move |h| (k, h)))
            .map(|(k, h)| of(k, h).unwrap_or(NEVER))
            .collect();
        Gains { wide: helpers, cells }
    }
    pub fn kids(&self) -> usize {
        self.cells.len().checked_div(self.wide).unwrap_or(0)
    }
    pub fn get(&self, kid: usize, helper: usize) -> Option<i64> {
        Some(self.cells[kid * self.wide + helper]).filter(|g| *g != NEVER)
    }
    fn row(&self, kid: usize) -> &[i64] {
        &self.cells[kid * self.wide..(kid + 1) * self.wide]
    }
}

/// Places as many children as can be placed, and among all ways to do that takes one with the highest sum of gains less the prices of the seats.
/// `price(helper, n)` is what the helper's seat after `n` taken ones costs; it is not negative and never falls with `n` (then the cheapest
/// seats are those taken first, and the sum is the same whoever sits where). Equal input gives equal output: ties go to the lower index.
pub fn best(gains: &Gains, seats: &[usize], price: impl Fn(usize, usize) -> i64) -> Vec<Option<usize>> {
    let (kids, helpers) = (gains.kids(), gains.wide);
    // costs from zero up: the best pair costs nothing
    let top = gains.cells.iter().copied().filter(|g| *g != NEVER).max().unwrap_or(0);
    let low = gains.cells.iter().copied().filter(|g| *g != NEVER).min().unwrap_or(0);
    let dear = (0..helpers)
        .filter(|h| seats[*h] > 0)
        .map(|h| price(h, seats[h].min(kids.max(1)) - 1))
        .max()
        .unwrap_or(0);
    // to be left over costs more than everything else together: the number placed comes before how well
    let left = (top - low + dear + 1) * (kids as i64 + 1);
    let nobody = helpers;
    let mut with = vec![nobody; kids];
    let mut who: Vec<Vec<usize>> = vec![Vec::new(); helpers];
    // potentials of the helpers, of being left over, and of the end
    let (mut p, mut p_left, mut p_end) = (vec![0i64; helpers], 0i64, 0i64);
    let (mut dist, mut via, mut done) = (vec![FAR; helpers], vec![0; helpers], vec![false; helpers]);
    for kid in 0..kids {
        let row = gains.row(kid);
        // any start that makes the first step not negative will do
        let start = (0..helpers)
            .filter(|h| row[*h] != NEVER)
            .map(|h| p[h] - (top - row[h]))
            .fold(p_left - left, i64::max);
        for h in 0..helpers {
            (dist[h], via[h], done[h]) = match row[h] {
                NEVER => (FAR, kid, false),
                g => (top - g + start - p[h], kid, false),
            };
        }
        let (mut dist_left, mut via_left) = (left + start - p_left, kid);
        // the cheapest end so far: being left over always is one
        let (mut end, mut end_at) = (dist_left + p_left - p_end, nobody);
        while let Some(h) = (0..helpers).filter(|h| !done[*h]).min_by_key(|h| dist[*h]) {
            if dist[h] >= end {
                break;
            }
            done[h] = true;
            let taken = who[h].len();
            if taken < seats[h] {
                let here = dist[h] + price(h, taken) + p[h] - p_end;
                if here < end {
                    (end, end_at) = (here, h);
                }
            }
            // or one of those who sit here moves on
            for &j in &who[h] {
                let row = gains.row(j);
                let from = dist[h] + p[h] - (top - row[h]);
                for to in 0..helpers {
                    if done[to] || row[to] == NEVER {
                        continue;
                    }
                    let d = from + (top - row[to]) - p[to];
                    if d < dist[to] {
                        (dist[to], via[to]) = (d, j);
                    }
                }
                let d = from + left - p_left;
                if d < dist_left {
                    (dist_left, via_left) = (d, j);
                    if d + p_left - p_end < end {
                        (end, end_at) = (d + p_left - p_end, nobody);
                    }
                }
            }
        }
        for h in 0..helpers {
            p[h] += dist[h].min(end);
        }
        p_left += dist_left.min(end);
        p_end += end;
        // everyone on the path takes the place that the path leads to
        let mut to = end_at;
        loop {
            let j = if to == nobody { via_left } else { via[to] };
            let before = std::mem::replace(&mut with[j], to);
            if to != nobody {
                who[to].push(j);
            }
            if j == kid {
                break;
            }
            who[before].retain(|x| *x != j);
            to = before;
        }
    }
    with.into_iter().map(|h| Some(h).filter(|h| *h != nobody)).collect()
}

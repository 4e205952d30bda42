//! How long a proposal takes: `cargo run -p tx-assign --example county [children] [helpers]`.

mod crowd;

fn main() {
    let mut args = std::env::args().skip(1).filter_map(|a| a.parse().ok());
    let (kids, helpers) = (args.next().unwrap_or(2000), args.next().unwrap_or(400));
    let (kids, helpers) = crowd::crowd(kids, helpers);
    for rule in [tx_assign::Rule::Fit, tx_assign::Rule::Even] {
        let begin = std::time::Instant::now();
        let plan = tx_assign::propose(&tx_assign::Task {
            kids: &kids,
            helpers: &helpers,
            rule,
            ..Default::default()
        });
        let placed = plan.iter().flatten().count();
        println!(
            "{rule:?}: {} children, {} helpers, {placed} placed, {:.3} s",
            kids.len(),
            helpers.len(),
            begin.elapsed().as_secs_f64()
        );
    }
}

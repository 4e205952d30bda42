fn main() {
    let bytes = tx_sheet::fixtures::school_roster(5000, 1);
    let reg = tx_sheet::fixtures::national_register(5000, 1);
    for (name, bytes) in [("school", bytes), ("register", reg)] {
        let t = std::time::Instant::now();
        let book = tx_sheet::open(&bytes, "a.xlsx", &tx_sheet::Limits::default()).unwrap();
        let t1 = t.elapsed();
        let r = tx_sheet::roster(&book, &tx_sheet::Options::new(tx_base::Day::lit("2026-11-24")));
        println!(
            "{name} {} rows {} bytes open {:?} all {:?}",
            r.rows.len(),
            bytes.len(),
            t1,
            t.elapsed()
        );
    }
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", s.lines().find(|l| l.starts_with("VmHWM")).unwrap());
}

//! What comes out: summary, ledgers, dashboard.

pub mod tables;

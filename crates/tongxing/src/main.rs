//! 童行 Tongxing.

use clap::Parser;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

/// SQLite, C as it is, is served by it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // a person sees a sentence, never a trace; what a reader of other people's files panics about is caught and said in words
    set_hook(Box::new(|p| {
        if !tx_child::import::reading() {
            let at = p
                .location()
                .map(|l| format!("{}:{}", l.file().rsplit("crates/").next().unwrap_or(l.file()), l.line()));
            let why = p
                .payload()
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| p.payload().downcast_ref::<&str>().map(|s| (*s).to_owned()));
            eprintln!("{}", serde_json::json!({"level": "error", "at": at, "why": why}));
        }
    }));
    let cli = match tongxing::cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => std::process::exit(tongxing::cli::misunderstood(&e)),
    };
    let code = catch_unwind(AssertUnwindSafe(|| tongxing::cli::run(cli))).unwrap_or_else(|_| {
        eprintln!("程序出了错，停下了；没有存到一半的东西 / The program broke and stopped; nothing is half stored");
        1
    });
    std::process::exit(code);
}

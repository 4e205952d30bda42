//! 童行 Tongxing.

use clap::Parser;

fn main() {
    std::process::exit(tongxing::cli::run(tongxing::cli::Cli::parse()));
}

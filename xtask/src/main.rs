//! The workspace's own commands, run as `cargo xtask NAME`. They use nothing but the standard library,
//! so that the first of them starts seconds after a fresh clone.

mod bench;
mod need;
mod postgres;
mod shell;
mod shots;
mod test;
mod tidy;

use std::process::ExitCode;

/// What went wrong, as one sentence for the person at the terminal.
pub type Outcome<T> = Result<T, String>;

const HELP: &str = "\
cargo xtask test  [--only NAME]   tidy, then every test; installs and starts what is needed
                                  NAME: tidy, rust, browser, a crate's folder,
                                  or a part of a test's or test file's name
cargo xtask bench [--only NAME]   builds the release and prints times and sizes beside their targets
cargo xtask shots [--only NAME]   pictures of the demo's pages in target/shots
cargo xtask tidy                  house rules: file size, SQL, layering, paths, format
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test"] => test::run(None),
        ["test", "--only", name] => test::run(Some(name)),
        ["bench"] => bench::run(None),
        ["bench", "--only", name] => bench::run(Some(name)),
        ["shots"] => shots::run(None),
        ["shots", "--only", name] => shots::run(Some(name)),
        ["tidy"] => tidy::run(),
        [] | ["--help" | "-h" | "help"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("There is no such command: {}\n{HELP}", other.join(" "))),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

//! `cargo xtask test`: the house rules, the Rust tests on both databases, the pages in a real browser,
//! and one closing line with the sum.

use crate::need::{self, CHROMIUM, FONTS, POPPLER, POSTGRES, WRITER};
use crate::postgres::Server;
use crate::shell::{self, cargo, command, say, watched, which};
use crate::{Outcome, tidy};
use std::path::PathBuf;
use std::process::Command;

/// Tests that ran, as their runners counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
    /// A runner that ended with an error although it counted no failure did not get as far as counting.
    fn settled(mut self, ended_well: bool) -> Count {
        if !ended_well && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

/// What of the tests is asked for.
struct Choice<'a> {
    tidy: bool,
    rust: bool,
    browser: Vec<PathBuf>,
    /// The one package whose Rust tests are asked for.
    package: Option<String>,
    /// A part of the names of the Rust tests.
    filter: Option<&'a str>,
}

impl<'a> Choice<'a> {
    fn of(only: Option<&'a str>) -> Outcome<Choice<'a>> {
        let files = browser_files()?;
        let none = Choice {
            tidy: false,
            rust: false,
            browser: Vec::new(),
            package: None,
            filter: None,
        };
        Ok(match only {
            None => Choice {
                tidy: true,
                rust: true,
                browser: files,
                ..none
            },
            Some("tidy") => Choice { tidy: true, ..none },
            Some("rust") => Choice { rust: true, ..none },
            Some("browser") => Choice { browser: files, ..none },
            Some(name) => {
                let named = |file: &PathBuf| file.file_name().is_some_and(|f| f.to_string_lossy().contains(name));
                let browser: Vec<PathBuf> = files.into_iter().filter(named).collect();
                let package = package(name);
                let filter = if package.is_none() { Some(name) } else { None };
                // Where a browser test goes by the name, no crate has to be built for a Rust test of it.
                let rust = package.is_some() || browser.is_empty();
                Choice {
                    rust,
                    browser,
                    package,
                    filter,
                    ..none
                }
            }
        })
    }
}

/// The package that a folder of the workspace holds.
fn package(folder: &str) -> Option<String> {
    let root = shell::root();
    let manifest = ["crates", "tests", ""]
        .iter()
        .map(|above| root.join(above).join(folder).join("Cargo.toml"));
    let text = manifest.filter_map(|file| std::fs::read_to_string(file).ok()).next()?;
    let line = text.lines().find(|line| line.starts_with("name = "))?;
    Some(line.trim_start_matches("name = ").trim_matches('"').to_owned())
}

/// Runs the tests; `Ok(false)` when any failed.
pub fn run(only: Option<&str>) -> Outcome<bool> {
    let choice = Choice::of(only)?;
    let mut all = Count::default();
    if choice.tidy {
        say("tidy");
        let findings = tidy::findings()?;
        findings.iter().for_each(|finding| eprintln!("{finding}"));
        all.failed += u32::from(!findings.is_empty());
    }
    let mut needs = Vec::new();
    // Whoever brings a server along needs none from us.
    let own_server = std::env::var_os("TONGXING_TEST_POSTGRES").is_some();
    if choice.rust {
        needs.extend([&POPPLER, &WRITER, &FONTS]);
        if !own_server {
            needs.push(&POSTGRES);
        }
    }
    if !choice.browser.is_empty() {
        needs.extend([&CHROMIUM, &FONTS, &POPPLER]);
    }
    need::see_to(&needs)?;
    if !choice.browser.is_empty() {
        need::browser_libraries()?;
    }
    let work = shell::target().join("xtask-tmp");
    shell::empty(&work)?;
    let done = run_chosen(&choice, own_server, &work, &mut all);
    shell::remove(&work)?;
    done?;
    if choice.rust || !choice.browser.is_empty() {
        if all.passed + all.failed == 0 {
            return Err("No test was run.".to_owned());
        }
        println!("{} passed, {} failed", all.passed, all.failed);
    }
    Ok(all.failed == 0)
}

fn run_chosen(choice: &Choice, own_server: bool, work: &std::path::Path, all: &mut Count) -> Outcome<()> {
    let binary = shell::target().join("debug/tongxing");
    let mut built = true;
    // The stories start the binary too, as the browser tests do; the tests of one crate do without.
    let alone = choice.browser.is_empty() && choice.package.as_ref().is_some_and(|name| name != "tx-it");
    if !alone && (choice.rust || !choice.browser.is_empty()) {
        say("building");
        built = build(choice.rust && choice.filter.is_none() && choice.package.is_none())?;
        all.failed += u32::from(!built);
    }
    if choice.rust && built {
        let server = if own_server { None } else { Some(Server::start()?) };
        let mut tests = rust_tests(choice);
        tests.env("TMPDIR", work).env("TONGXING_BIN", &binary);
        if let Some(server) = &server {
            tests.env("TONGXING_TEST_POSTGRES", &server.url);
        }
        say("Rust tests");
        let mut count = Count::default();
        let ended_well = watched(&mut tests, "the Rust tests", &mut |line| count.add(rust_line(line)))?;
        all.add(count.settled(ended_well));
    }
    if !choice.browser.is_empty() && built {
        say("browser tests");
        shell::remove(&shell::target().join("browser-failures"))?;
        let mut tests = command("node");
        tests
            .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
            .args(&choice.browser);
        tests
            .env("TONGXING_BIN", &binary)
            .env("TMPDIR", work)
            .env("TONGXING_BROWSER_DIR", work.join("browser"));
        if let Some(chromium) = need::chromium() {
            tests.env("CHROMIUM", chromium);
        }
        let mut count = Count::default();
        let ended_well = watched(&mut tests, "the browser tests", &mut |line| count.add(node_line(line)))?;
        all.add(count.settled(ended_well));
    }
    Ok(())
}

/// Builds the binary, and with it all tests in the same resolution of features: built apart, cargo would
/// compile the libraries that they share twice.
fn build(with_tests: bool) -> Outcome<bool> {
    let mut build = cargo();
    build.args(["build", "--workspace", "--bins"]);
    if with_tests {
        build.arg("--tests");
    }
    let status = build
        .status()
        .map_err(|e| format!("cargo could not be started: {e}."))?;
    Ok(status.success())
}

fn rust_tests(choice: &Choice) -> Command {
    let mut tests = cargo();
    let next = which("cargo-nextest").is_some();
    tests.args(if next { &["nextest", "run"][..] } else { &["test"] });
    match &choice.package {
        // A package alone may have no library, and cargo refuses to be asked for one then.
        Some(package) => tests.args(["-p", package]),
        None => tests.args(["--workspace", "--lib", "--bins", "--tests"]),
    };
    tests.arg("--no-fail-fast");
    if next {
        tests.arg("--no-tests=pass");
    }
    tests.args(choice.filter);
    tests
}

/// The test files of the browser. They are named one by one because Node's versions differ in what they
/// find in a folder.
fn browser_files() -> Outcome<Vec<PathBuf>> {
    let dir = shell::root().join("tests/browser");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&dir)
        .map_err(|e| format!("{}: {e}.", dir.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    Ok(files)
}

/// The number before each word of a line such as `12 passed (1 flaky), 3 failed`.
fn number_before(line: &str, word: &str) -> u32 {
    let Some(at) = line.find(word) else { return 0 };
    let digits: String = line[..at]
        .trim_end()
        .chars()
        .rev()
        .take_while(char::is_ascii_digit)
        .collect::<Vec<_>>()
        .iter()
        .rev()
        .collect();
    digits.parse().unwrap_or(0)
}

/// Reads the closing line of nextest (`Summary [ 0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped`) or
/// one of `cargo test` (`test result: ok. 2 passed; 0 failed; 1 ignored; …`).
fn rust_line(line: &str) -> Count {
    let plain = without_colours(line);
    let text = plain.trim_start();
    if text.starts_with("Summary [") {
        let bad = [" failed", " timed out", " exec failed"].map(|word| number_before(text, word));
        let failed = if text.contains("exec failed") {
            bad[1] + bad[2]
        } else {
            bad[0] + bad[1]
        };
        Count {
            passed: number_before(text, " passed"),
            failed,
            skipped: number_before(text, " skipped"),
        }
    } else if text.starts_with("test result:") {
        Count {
            passed: number_before(text, " passed"),
            failed: number_before(text, " failed"),
            skipped: number_before(text, " ignored"),
        }
    } else {
        Count::default()
    }
}

/// Reads one of the closing lines of Node's runner: `ℹ pass 12`, in another format `# pass 12`.
fn node_line(line: &str) -> Count {
    let plain = without_colours(line);
    let Some(text) = plain.strip_prefix("ℹ ").or_else(|| plain.strip_prefix("# ")) else {
        return Count::default();
    };
    let mut words = text.split_whitespace();
    let (name, number) = (words.next(), words.next().and_then(|n| n.parse().ok()).unwrap_or(0));
    match name {
        Some("pass") => Count {
            passed: number,
            ..Count::default()
        },
        Some("fail" | "cancelled") => Count {
            failed: number,
            ..Count::default()
        },
        Some("skipped" | "todo") => Count {
            skipped: number,
            ..Count::default()
        },
        _ => Count::default(),
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..at]);
        rest = rest[at..].find('m').map_or("", |end| &rest[at + end + 1..]);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u32, failed: u32, skipped: u32) -> Count {
        Count {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn closing_lines_are_read() {
        let table = [
            (
                "     Summary [   0.004s] 3 tests run: 3 passed, 0 skipped",
                count(3, 0, 0),
            ),
            (
                "     Summary [  12.1s] 9 tests run: 6 passed (1 flaky), 2 failed, 1 timed out, 4 skipped",
                count(6, 3, 4),
            ),
            (
                "\u{1b}[31m     Summary\u{1b}[0m [ 1s] 20/30 tests run: 19 passed, 1 exec failed, 0 skipped",
                count(19, 1, 0),
            ),
            (
                "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out",
                count(12, 1, 2),
            ),
            (
                "        PASS [   0.004s] tx-base day::tests::twelve_passed",
                count(0, 0, 0),
            ),
        ];
        for (line, want) in table {
            assert_eq!(rust_line(line), want, "{line}");
        }
        let node = [
            "ℹ tests 5",
            "ℹ pass 3",
            "\u{1b}[34mℹ fail 1\u{1b}[39m",
            "ℹ cancelled 1",
            "ℹ skipped 2",
            "# pass 4",
        ];
        let mut sum = Count::default();
        node.iter().for_each(|line| sum.add(node_line(line)));
        assert_eq!(sum, count(7, 2, 2));
    }

    #[test]
    fn a_runner_that_breaks_off_counts_as_a_failure() {
        assert_eq!(count(0, 0, 0).settled(false), count(0, 1, 0));
        assert_eq!(count(4, 2, 0).settled(false), count(4, 2, 0));
        assert_eq!(count(4, 0, 0).settled(true), count(4, 0, 0));
    }
}

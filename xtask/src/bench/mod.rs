//! `cargo xtask bench`: times and sizes of the release build beside the targets they should meet. It
//! prints and asserts nothing: a figure depends on the machine and on what else that machine does.

mod commands;
mod http;
mod measure;
mod serving;

use crate::Outcome;
use crate::shell::{self, cargo, command, must, say};
use measure::Demo;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One figure, or a few that are measured together.
struct Bench {
    /// For `--only`.
    name: &'static str,
    /// What the figure should be, in words.
    target: &'static str,
    /// Measures and says the figure in words.
    run: fn(&mut Stage) -> Outcome<String>,
}

/// All benches in the order in which they run.
fn benches() -> Vec<Bench> {
    vec![
        Bench {
            name: "demo-ready",
            target: "under 10 s",
            run: commands::demo_ready,
        },
        Bench {
            name: "import-5000",
            target: "under 5 s and 256 MiB",
            run: commands::import,
        },
        Bench {
            name: "summary-pdf",
            target: "3 pages in under 1 s",
            run: commands::summary_pdf,
        },
        Bench {
            name: "summary-docx",
            target: "none; for comparison",
            run: commands::summary_docx,
        },
        Bench {
            name: "contact-cards",
            target: "175 cards in under 3 s",
            run: serving::contact_cards,
        },
        Bench {
            name: "duties-20000",
            target: "one day of the county in under 2 s",
            run: commands::duties,
        },
        Bench {
            name: "today",
            target: "none; for comparison",
            run: serving::today,
        },
        Bench {
            name: "child-page",
            target: "at least 40 % of the bare server (goal: 60 %)",
            run: serving::child_page,
        },
        Bench {
            name: "save-record",
            target: "at least as many as the bare server (goal: 2 ×)",
            run: serving::save_record,
        },
    ]
}

/// What the benches share.
struct Stage {
    /// The folder with the release binary and the helpers.
    release: PathBuf,
    /// A temporary folder for data and papers.
    work: PathBuf,
    /// The demonstration, once a bench has asked for it.
    demo: Option<Demo>,
}

impl Stage {
    /// The product's own program, with its data in the named folder of the stage.
    fn tongxing(&self, data: &Path, args: &[&str]) -> Command {
        let mut made = command(self.release.join("tongxing"));
        made.args(args).arg("--data").arg(data);
        made.env_remove("TONGXING_DATABASE").env("LANG", "C.UTF-8");
        // Limits protect against strangers; here the load is the point. A burst of a second, or a thread that waited a moment between looking at
        // the clock and counting is refused.
        made.env("TONGXING_LIMIT_REQUESTS_PER_SECOND", "1000000")
            .env("TONGXING_LIMIT_BURST", "1000000")
            .env("TONGXING_LIMIT_IMPORTS_PER_HOUR", "1000000");
        made
    }

    /// One of the helpers in `xtask/examples`.
    fn helper(&self, name: &str) -> Command {
        command(self.release.join("examples").join(name))
    }

    /// A new folder.
    fn dir(&self, name: &str) -> Outcome<PathBuf> {
        let dir = self.work.join(name);
        shell::empty(&dir)?;
        Ok(dir)
    }

    /// The running demonstration, started when it is asked for first.
    fn demo(&mut self) -> Outcome<&Demo> {
        if self.demo.is_none() {
            let data = self.dir("demo")?;
            self.demo = Some(Demo::start(self, &data)?);
        }
        self.demo
            .as_ref()
            .ok_or_else(|| "The demonstration is not there.".to_owned())
    }
}

/// Runs the benches, or the one of that name; `Ok(false)` when one could not be measured.
pub fn run(only: Option<&str>) -> Outcome<bool> {
    let chosen: Vec<Bench> = benches()
        .into_iter()
        .filter(|b| only.is_none_or(|name| b.name == name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = benches().iter().map(|b| b.name).collect();
        return Err(format!("There is no such bench; there are: {}.", names.join(", ")));
    }
    say("building the release");
    // In one call, so that the libraries are compiled once with the same features for all three.
    let mut build = cargo();
    build.args([
        "build",
        "--release",
        "-p",
        "tongxing",
        "-p",
        "xtask",
        "--bin",
        "tongxing",
    ]);
    build.args(["--example", "bare", "--example", "roster"]);
    must(&mut build, "The release build")?;
    let work = shell::target().join("bench-tmp");
    shell::empty(&work)?;
    let mut stage = Stage {
        release: shell::target().join("release"),
        work: work.clone(),
        demo: None,
    };
    let mut all_measured = true;
    for bench in chosen {
        let (figure, measured) = match (bench.run)(&mut stage) {
            Ok(figure) => (figure, true),
            Err(why) => (format!("not measured: {why}"), false),
        };
        all_measured &= measured;
        println!("{:<14} {figure}  [target: {}]", bench.name, bench.target);
    }
    drop(stage);
    shell::remove(&work)?;
    Ok(all_measured)
}

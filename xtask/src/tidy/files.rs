//! Rules about single files: size, paths of one machine, hosts of registries, format.

use crate::Outcome;
use crate::shell::{self, cargo};

/// Beyond this a file has a second theme that deserves its own.
const MOST_LINES: usize = 900;

/// Folders of one person's machine. Written in halves, or this file would be a finding.
const MACHINE_PATHS: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// Lock files and settings must work with whatever registry a machine is set up for.
const REGISTRY_HOSTS: [&str; 5] = [
    concat!("registry.", "npmjs.org"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("deb.", "debian.org"),
    concat!("files.", "pythonhosted.org"),
];

/// The findings in one file.
pub fn findings(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.lines().count();
    if name.ends_with(".rs") && lines > MOST_LINES {
        found.push(format!(
            "{name}:{MOST_LINES}: the file has {lines} lines, {MOST_LINES} at most are allowed."
        ));
    }
    for (at, line) in text.lines().enumerate() {
        let place = at + 1;
        for path in MACHINE_PATHS.iter().filter(|path| stands_alone(line, path)) {
            found.push(format!("{name}:{place}: the path {path} is of one machine."));
        }
        for host in REGISTRY_HOSTS.iter().filter(|host| line.contains(**host)) {
            found.push(format!(
                "{name}:{place}: {host} is the host of a registry; a lock file does without."
            ));
        }
    }
    if name == "Cargo.lock" {
        let copies = text.lines().filter(|line| *line == "name = \"libsqlite3-sys\"").count();
        if copies > 1 {
            found.push(format!(
                "{name}:1: libsqlite3-sys occurs {copies} times; it may be linked once."
            ));
        }
    }
    found
}

/// Whether the path occurs as the beginning of a path and not inside an address such as `/a/work/1`.
fn stands_alone(line: &str, path: &str) -> bool {
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-}*)/".contains(before)))
}

/// The places that rustfmt would write differently.
pub fn unformatted() -> Outcome<Vec<String>> {
    let done = cargo()
        .args(["fmt", "--all", "--check"])
        .output()
        .map_err(|e| format!("cargo fmt could not be started: {e}."))?;
    if done.status.success() {
        return Ok(Vec::new());
    }
    let root = format!("{}/", shell::root().display());
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let mut found: Vec<String> = Vec::new();
    for place in text.lines().filter_map(|line| line.strip_prefix("Diff in ")) {
        let place = place.trim_end_matches(':').replacen(" at line ", ":", 1);
        let place = place.strip_prefix(&root).unwrap_or(&place);
        let file = place.split(':').next().unwrap_or(place);
        // One sentence for each file: rustfmt mends all its places at once.
        if !found.iter().any(|one| one.starts_with(&format!("{file}:"))) {
            found.push(format!(
                "{place}: rustfmt writes this differently; run rustfmt on the file."
            ));
        }
    }
    if found.is_empty() {
        found.push(format!(
            "Cargo.toml:1: cargo fmt fails: {}",
            String::from_utf8_lossy(&done.stderr).trim()
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_paths_and_hosts_are_found() {
        let long = "//\n".repeat(MOST_LINES + 1);
        assert_eq!(findings("a.rs", &long).len(), 1);
        assert!(findings("a.rs", &"//\n".repeat(MOST_LINES)).is_empty());
        assert!(findings("a.md", &long).is_empty(), "only source has a limit");
        let [folder, ..] = MACHINE_PATHS;
        let found = findings("a.md", &format!("one\nin {folder}main is\n"));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("a.md:2: "), "{found:?}");
        assert!(findings("a.md", &format!("GET /api{folder}1")).is_empty());
        assert_eq!(
            findings("package-lock.json", &format!("\"https://{}/x\"", REGISTRY_HOSTS[0])).len(),
            1
        );
        let twice = "name = \"libsqlite3-sys\"\n".repeat(2);
        assert_eq!(findings("Cargo.lock", &twice).len(), 1);
    }
}

//! The order of the crates: an import may only point upwards.

use crate::Outcome;
use std::path::Path;

/// The crates from the ground up; `ARCHITECTURE.md` says why. A new crate is put here at its place.
const ORDER: [&str; 23] = [
    "base", "calendar", "duty", "assign", "sheet", "paper", "seal", "store", "access", "web", "record", "school",
    "child", "thing", "kinds", "pairing", "room", "duties", "figures", "reports", "board", "demo", "tongxing",
];

/// Slices of the work: they stand beside each other and know nothing of each other.
const SLICES: [&str; 3] = ["kinds", "pairing", "room"];

/// The findings in all manifests.
pub fn findings(root: &Path) -> Outcome<Vec<String>> {
    let dir = root.join("crates");
    let entries = std::fs::read_dir(&dir).map_err(|e| format!("{}: {e}.", dir.display()))?;
    let mut found = Vec::new();
    let mut seen = Vec::new();
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        match std::fs::read_to_string(entry.path().join("Cargo.toml")) {
            Ok(manifest) => found.extend(of_manifest(&name, &manifest)),
            Err(_) => found.push(format!("crates/{name}/Cargo.toml:1: the folder holds no crate.")),
        }
        seen.push(name);
    }
    for name in ORDER.iter().filter(|name| !seen.iter().any(|there| there == *name)) {
        found.push(format!(
            "crates/{name}/Cargo.toml:1: the crate is in the order of the layout, but not there."
        ));
    }
    Ok(found)
}

fn of_manifest(name: &str, manifest: &str) -> Vec<String> {
    let file = format!("crates/{name}/Cargo.toml");
    let Some(own) = ORDER.iter().position(|one| *one == name) else {
        return vec![format!(
            "{file}:1: the crate {name} has no place yet in the order of xtask/src/tidy/layout.rs."
        )];
    };
    let mut found = Vec::new();
    let mut section = "";
    for (at, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
            continue;
        }
        let key: &str = line.split(['=', '.', ' ']).next().unwrap_or("").trim_matches('"');
        let Some(other) = key.strip_prefix("tx-").or_else(|| (key == "tongxing").then_some(key)) else {
            continue;
        };
        if !section.ends_with("dependencies") || section == "workspace.dependencies" {
            continue;
        }
        let place = format!("{file}:{}", at + 1);
        match ORDER.iter().position(|one| *one == other) {
            None => found.push(format!("{place}: there is no crate {other} in the layout.")),
            Some(position) if position >= own => {
                found.push(format!(
                    "{place}: {name} may not import {other}, which stands below it in the layout."
                ));
            }
            Some(_) if SLICES.contains(&name) && SLICES.contains(&other) => {
                found.push(format!(
                    "{place}: the slices {name} and {other} may not import each other."
                ));
            }
            Some(_) => {}
        }
    }
    if !manifest.contains("[lints]") {
        found.push(format!("{file}:1: the crate does not take over the workspace's lints."));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_point_upwards_only() {
        let lints = "[lints]\nworkspace = true\n";
        let of = |name: &str, rest: &str| of_manifest(name, &format!("{lints}{rest}")).len();
        assert_eq!(
            of(
                "store",
                "[dependencies]\ntx-base.workspace = true\ntx-seal = { workspace = true }\n"
            ),
            0
        );
        assert_eq!(of("store", "[dependencies]\ntx-web.workspace = true\n"), 1);
        assert_eq!(of("seal", "[dev-dependencies]\ntx-store.workspace = true\n"), 1);
        assert_eq!(of("pairing", "[dependencies]\ntx-kinds.workspace = true\n"), 1);
        assert_eq!(
            of(
                "duties",
                "[dependencies]\ntx-kinds.workspace = true\ntx-pairing.workspace = true\n"
            ),
            0
        );
        assert_eq!(
            of("web", "[dependencies]\ntx-web.workspace = true\n"),
            1,
            "not itself either"
        );
        assert_eq!(of("cellar", ""), 1, "a crate without a place");
        assert_eq!(of_manifest("base", "[package]\n").len(), 1, "without the lints");
    }
}

//! `cargo xtask tidy`: house rules that a compiler does not know. Each finding is a sentence that begins
//! with the place, `file:line: …`. A line that breaks a rule for a good reason carries, on itself or on the
//! line above, a comment `tidy: REASON`.

mod files;
mod layout;
mod source;
mod sql;

use crate::Outcome;
use crate::shell;
use std::path::Path;

/// Prints the findings; `Ok(false)` when there are any.
pub fn run() -> Outcome<bool> {
    let findings = findings()?;
    findings.iter().for_each(|finding| println!("{finding}"));
    if !findings.is_empty() {
        println!("{} findings", findings.len());
    }
    Ok(findings.is_empty())
}

/// All findings in the workspace, in the order of the files.
pub fn findings() -> Outcome<Vec<String>> {
    let root = shell::root();
    let names = project_files(&root)?;
    let mut found = Vec::new();
    let mut rust = Vec::new();
    for name in &names {
        // What is no text is nobody's prose: fonts, pictures, sheets.
        let Ok(text) = std::fs::read_to_string(root.join(name)) else {
            continue;
        };
        found.extend(files::findings(name, &text));
        if name.starts_with("crates/") && (name.ends_with(".rs") || name.ends_with(".sql")) {
            rust.push((name.clone(), text));
        }
    }
    let shared = sql::shared_tables(&rust);
    for (name, text) in &rust {
        found.extend(sql::findings(name, text, &shared));
    }
    found.extend(layout::findings(&root)?);
    found.sort();
    found.extend(files::unformatted()?);
    Ok(found)
}

/// The project's files, without what is built or ignored, relative to the root and sorted.
fn project_files(root: &Path) -> Outcome<Vec<String>> {
    let listed = shell::output("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let mut names: Vec<String> = match listed {
        Ok(list) => list
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        // Sources without their repository, as from an archive.
        Err(_) => {
            let mut names = Vec::new();
            walk(root, root, &mut names)?;
            names
        }
    };
    names.retain(|name| root.join(name).is_file());
    names.sort();
    names.dedup();
    Ok(names)
}

fn walk(root: &Path, dir: &Path, names: &mut Vec<String>) -> Outcome<()> {
    let entries = std::fs::read_dir(dir).map_err(|e| format!("{}: {e}.", dir.display()))?;
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if !["target", "node_modules", ".git", "data"]
                .iter()
                .any(|skip| name == *skip)
            {
                walk(root, &path, names)?;
            }
        } else if let Ok(inside) = path.strip_prefix(root) {
            names.push(inside.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

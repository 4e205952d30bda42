//! What the tests need from the machine: found, installed where this process may install, or named.

use crate::Outcome;
use crate::postgres;
use crate::shell::{self, command, must, say, which};
use std::path::{Path, PathBuf};

/// One thing that Debian packages bring.
pub struct Need {
    /// As a person calls it.
    what: &'static str,
    /// The package of Debian that brings it.
    package: &'static str,
    found: fn() -> bool,
}

/// The database server of the second half of the stories.
pub const POSTGRES: Need = Need {
    what: "PostgreSQL server",
    package: "postgresql",
    found: || postgres::programs().is_some(),
};
/// The browser of the page tests.
pub const CHROMIUM: Need = Need {
    what: "Chromium",
    package: "chromium",
    found: || chromium().is_some(),
};
/// Chinese glyphs for the browser's pictures and for LibreOffice.
pub const FONTS: Need = Need {
    what: "Noto CJK fonts",
    package: "fonts-noto-cjk",
    found: has_fonts,
};
/// `pdftotext`, `pdffonts`, `pdftoppm`: the second opinion on our PDF.
pub const POPPLER: Need = Need {
    what: "poppler's tools",
    package: "poppler-utils",
    found: || which("pdftotext").is_some(),
};
/// The second opinion on our DOCX.
pub const WRITER: Need = Need {
    what: "LibreOffice Writer",
    package: "libreoffice-writer-nogui",
    found: has_writer,
};

/// The browser: `CHROMIUM`, else the first of the usual names in `PATH`.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|file| shell::is_program(file));
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| which(name))
}

fn has_fonts() -> bool {
    Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists()
        || shell::output("fc-list", [":lang=zh-cn", "family"]).is_ok_and(|list| list.contains("CJK SC"))
}

fn has_writer() -> bool {
    // The program alone may be there without Writer: each part of the suite is its own package.
    let parts = Path::new("/usr/lib/libreoffice/program");
    which("soffice").is_some() && (!parts.exists() || parts.join("libswlo.so").exists())
}

/// Sees to it that all of these are there. Root installs what is missing; anybody else is told what is.
pub fn see_to(needs: &[&Need]) -> Outcome<()> {
    let missing: Vec<&&Need> = needs.iter().filter(|need| !(need.found)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    if !shell::is_root() || which("apt-get").is_none() {
        return Err(format!(
            "Missing for the tests: {}. On Debian: sudo apt-get install {}",
            names.join(", "),
            packages.join(" ")
        ));
    }
    say(&format!("installing {}", packages.join(" ")));
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-q", "-o", "DPkg::Lock::Timeout=300"]);
        apt
    };
    must(apt().arg("update"), "apt-get update")?;
    must(
        apt().args(["install", "-y", "--no-install-recommends"]).args(&packages),
        "apt-get install",
    )?;
    match missing.iter().find(|need| !(need.found)()) {
        Some(need) => Err(format!(
            "{} was installed for {}, and it is still not found.",
            need.package, need.what
        )),
        None => Ok(()),
    }
}

/// Installs the libraries of `tests/browser` as its lock file names them, when they are not there already.
pub fn browser_libraries() -> Outcome<()> {
    let node = shell::output("node", ["--version"]).unwrap_or_default();
    let major: u32 = node
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    if major < 20 || which("npm").is_none() {
        return Err(format!(
            "The browser tests need Node.js 20 or newer with npm; found: {}.",
            if node.is_empty() { "none" } else { node.trim() }
        ));
    }
    let dir = shell::root().join("tests/browser");
    let lock = std::fs::read(dir.join("package-lock.json"))
        .map_err(|e| format!("tests/browser/package-lock.json cannot be read: {e}."))?;
    // A copy of the lock file beside the installed libraries says for which of its states they stand.
    let stamp = dir.join("node_modules/.installed-for");
    if std::fs::read(&stamp).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    say("npm ci in tests/browser");
    let mut npm = command("npm");
    npm.current_dir(&dir)
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    must(&mut npm, "npm ci")?;
    std::fs::write(&stamp, lock).map_err(|e| format!("{}: {e}.", stamp.display()))
}

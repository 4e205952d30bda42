//! `cargo xtask shots`: what the pages look like, on a phone and on a desktop.

use crate::Outcome;
use crate::need::{self, CHROMIUM, FONTS};
use crate::shell::{self, cargo, command, must};

/// Takes the pictures listed in `tests/browser/pages.json`, or the one of that name.
pub fn run(only: Option<&str>) -> Outcome<bool> {
    need::see_to(&[&CHROMIUM, &FONTS])?;
    need::browser_libraries()?;
    must(cargo().args(["build", "--workspace", "--bins"]), "The build")?;
    let out = shell::target().join("shots");
    if only.is_none() {
        shell::empty(&out)?;
    }
    let mut node = command("node");
    node.arg("tests/browser/shots.mjs").arg(&out).args(only);
    node.env("TONGXING_BIN", shell::target().join("debug/tongxing"));
    if let Some(chromium) = need::chromium() {
        node.env("CHROMIUM", chromium);
    }
    must(&mut node, "Taking the pictures")?;
    println!("{}", out.display());
    Ok(true)
}

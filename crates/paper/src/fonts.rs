//! The fonts that every printed paper carries (fonts/README.md), and those of the machine for what they lack.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};

pub(crate) static SERIF: &[u8] = include_bytes!("../fonts/NotoSerifSC-Regular.ttf");
pub(crate) static SANS_BOLD: &[u8] = include_bytes!("../fonts/NotoSansSC-Bold-GB2312.ttf");

/// The two embedded fonts, serif first.
pub(crate) static OWN: LazyLock<Vec<Font>> = LazyLock::new(|| {
    [SERIF, SANS_BOLD]
        .into_iter()
        .filter_map(|data| Font::new(Bytes::new(data), 0))
        .collect()
});

/// Characters that none of the embedded fonts can draw.
pub(crate) fn uncovered(chars: &BTreeSet<char>) -> BTreeSet<char> {
    let has = |c: char| OWN.iter().any(|f| f.info().coverage.contains(c as u32));
    chars
        .iter()
        .copied()
        .filter(|c| !matches!(c, '\n' | ' ') && !has(*c))
        .collect()
}

struct Found {
    path: PathBuf,
    index: u32,
    info: FontInfo,
}

/// Fonts installed on the machine, read once and only when something is missing: the coverage stays in memory, the files do not.
static INSTALLED: LazyLock<Vec<Found>> = LazyLock::new(|| {
    let mut dirs: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .map(PathBuf::from)
    .into();
    if let Some(home) = std::env::var_os("HOME") {
        dirs.extend([".fonts", ".local/share/fonts", "Library/Fonts"].map(|d| Path::new(&home).join(d)));
    }
    let mut files = Vec::new();
    dirs.iter().for_each(|d| list(d, 0, &mut files));
    files.sort();
    let mut found = Vec::new();
    for path in files {
        let Ok(data) = std::fs::read(&path) else { continue };
        let infos = FontInfo::iter(&data).enumerate();
        found.extend(infos.map(|(i, info)| Found {
            path: path.clone(),
            index: i as u32,
            info,
        }));
    }
    found
});

fn list(dir: &Path, depth: usize, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for e in entries.flatten() {
        let path = e.path();
        let kind = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        if path.is_dir() {
            if depth < 6 {
                list(&path, depth + 1, out);
            }
        } else if matches!(kind.as_deref(), Some("ttf" | "otf" | "ttc" | "otc")) && out.len() < 4000 {
            out.push(path);
        }
    }
}

/// Fonts of the machine that draw `wanted`, as few as do, best first; and what none of them has.
pub(crate) fn installed_for(mut wanted: BTreeSet<char>) -> (Vec<Font>, BTreeSet<char>) {
    let mut fonts = Vec::new();
    while !wanted.is_empty() {
        let covers = |f: &Found| wanted.iter().filter(|c| f.info.coverage.contains(**c as u32)).count();
        let best = INSTALLED
            .iter()
            .map(|f| (covers(f), likeness(&f.info), f))
            .filter(|(n, ..)| *n > 0)
            .max_by_key(|(n, like, _)| (*n, *like));
        let Some((_, _, best)) = best else { break };
        let font = std::fs::read(&best.path)
            .ok()
            .and_then(|data| Font::new(Bytes::new(data), best.index));
        wanted.retain(|c| !best.info.coverage.contains(*c as u32) || font.is_none());
        match font {
            Some(f) => fonts.push(f),
            // the file went away since it was listed
            None => break,
        }
    }
    (fonts, wanted)
}

/// How well a font goes with the serif of the body.
fn likeness(info: &FontInfo) -> u32 {
    let name = info.family.to_lowercase();
    let weight = info.variant.weight.to_number();
    u32::from((350..=500).contains(&weight)) * 4
        + u32::from(name.contains("serif") || name.contains("song") || name.contains("ming")) * 2
        + u32::from(name.ends_with(" sc") || name.contains("simsun"))
}

//! The version of the files that every page asks for; the shell serves them.

/// A number that changes with the style sheet or the script: pages ask for `/a/app.css?v=VERSION`, so that a phone with an
/// older copy fetches the new one at once.
pub const VERSION: u32 = {
    let files: [&[u8]; 5] = [
        include_bytes!("../../assets/app.css"),
        include_bytes!("../../assets/office.css"),
        include_bytes!("../../assets/room.css"),
        include_bytes!("../../assets/app.js"),
        include_bytes!("../../assets/room.js"),
    ];
    let (mut hash, mut i) = (0x811C_9DC5, 0);
    while i < files.len() {
        hash = mix(hash, files[i]);
        i += 1;
    }
    hash
};

fn sheet(name: &str) -> maud::Markup {
    maud::html! { link rel="stylesheet" href={"/a/" (name) ".css?v=" (VERSION)}; }
}
/// The second style sheet: pictures and the screens of the office. Their render functions ask for it themselves, so that a
/// page or a fragment without them stays light.
pub fn office() -> maud::Markup {
    sheet("office")
}
/// FNV-1a, to tell versions apart and nothing else.
const fn mix(mut hash: u32, bytes: &[u8]) -> u32 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    /// screens.md §1: CSS ≤ 30 kB, script ≤ 40 kB, and what the oldest browser does not know.
    #[test]
    fn sizes_and_floor() {
        let (css, js) = (
            include_str!("../../assets/app.css"),
            include_str!("../../assets/app.js"),
        );
        assert!(css.len() <= 30_000, "{}", css.len());
        assert!(js.len() <= 40_000, "{}", js.len());
        let css = &format!(
            "{css}{}{}",
            include_str!("../../assets/office.css"),
            include_str!("../../assets/room.css")
        );
        for new in [
            ":has(",
            "aspect-ratio",
            "color-mix",
            "subgrid",
            "dvh",
            "@container",
            "@layer",
            "inset:",
        ] {
            assert!(!css.contains(new), "{new} is unknown to Chrome 87 or 86");
        }
        assert!(!css.contains("http"), "nothing from elsewhere");
        assert_eq!(css.matches('{').count(), css.matches('}').count());
    }

    #[test]
    fn sprite_has_no_style() {
        assert!(!include_str!("../../assets/icons.svg").contains("style="));
    }
}

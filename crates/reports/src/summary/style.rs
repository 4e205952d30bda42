//! The six styles, one for each account of a school (features K1): data in `schemes/`, read once.

use super::template::{Template, parse};
use std::sync::OnceLock;
use tx_base::{Fault, Result, Text, t};

/// A way of writing the summary. Any school may take any of them: it changes the text, never the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Style(u8);

const ALL: [(&str, Text, &str); 6] = [
    (
        "S1",
        t("乡镇中学", "Township school"),
        include_str!("../../../../schemes/s1/summary.md"),
    ),
    (
        "S2",
        t("项目试点", "Pilot project"),
        include_str!("../../../../schemes/s2/summary.md"),
    ),
    (
        "S3",
        t("三个优先", "Three priorities"),
        include_str!("../../../../schemes/s3/summary.md"),
    ),
    (
        "S4",
        t("农村小学", "Rural primary"),
        include_str!("../../../../schemes/s4/summary.md"),
    ),
    (
        "S5",
        t("用心谈", "Heart-talk"),
        include_str!("../../../../schemes/s5/summary.md"),
    ),
    (
        "S6",
        t("汇报", "Briefing"),
        include_str!("../../../../schemes/s6/summary.md"),
    ),
];

impl Style {
    pub fn all() -> impl Iterator<Item = Style> {
        (0..6).map(Style)
    }
    /// `S1` … `S6`, in small letters too.
    pub fn parse(code: &str) -> Result<Style> {
        ALL.iter()
            .position(|(c, ..)| c.eq_ignore_ascii_case(code))
            .map(|n| Style(n as u8))
            .ok_or_else(|| Fault::invalid("style", "体例只有 S1 到 S6", "The styles are S1 to S6"))
    }
    pub fn code(self) -> &'static str {
        ALL[usize::from(self.0)].0
    }
    pub fn name(self) -> Text {
        ALL[usize::from(self.0)].1
    }
    /// 一 … 六
    pub fn number(self) -> String {
        tx_paper::chinese_number(u32::from(self.0) + 1)
    }
    pub fn template(self) -> &'static Template {
        static READ: OnceLock<Vec<Template>> = OnceLock::new();
        let all = READ.get_or_init(|| {
            ALL.iter()
                .map(|(code, _, text)| parse(text).unwrap_or_else(|e| panic!("{code}: {e:?}")))
                .collect()
        });
        &all[usize::from(self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::template::Thing;

    #[test]
    fn every_placeholder_of_every_style_is_known() {
        let known: Vec<&str> = crate::summary::gather::known_figures();
        for s in Style::all() {
            for thing in s.template().things() {
                if let Some(f) = thing.figure() {
                    assert!(known.contains(&f), "{}: there is no figure {f}", s.code());
                }
                if let Thing::Profile(k) = &thing {
                    assert!(tx_school::profile_field(k).is_some(), "{}: profile:{k}", s.code());
                }
            }
        }
    }

    #[test]
    fn six_styles_are_six_texts() {
        let mut titles_and_outlines = std::collections::BTreeSet::new();
        for s in Style::all() {
            let t = s.template();
            assert!(t.things().len() >= 10, "{}", s.code());
            assert!(titles_and_outlines.insert(format!("{t:?}")), "{}", s.code());
            assert_eq!(Style::parse(s.code()), Ok(s));
        }
        assert!(Style::parse("S7").is_err());
    }
}

//! The document tree: what a summary, a briefing or a set of rules is before it becomes a page, a Word file or a PDF.
//!
//! Every string is text of people and is printed as it stands; none is markup, formula or template.

use serde::{Deserialize, Serialize};

/// A whole document. The lines under the title are left out when they are `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doc {
    /// Printed in 2号 in the middle of the first lines.
    pub title: String,
    /// Under the title in brackets of the writer's own, e.g. `（2025年9月1日至2026年7月15日）`.
    #[serde(default)]
    pub subtitle: Option<String>,
    /// Who writes, in the middle under the title.
    #[serde(default)]
    pub org: Option<String>,
    /// The day in words, in the middle under the org; a summary puts it at the foot instead, in [`Block::Signature`].
    #[serde(default)]
    pub date: Option<String>,
    #[serde(default)]
    pub blocks: Vec<Block>,
}

/// One part of a document, from top to bottom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// Level 1 to 4 (others are drawn as the nearest). The number stands in the text, see [`heading_number`].
    Heading {
        level: u8,
        text: Vec<Inline>,
    },
    Para {
        text: Vec<Inline>,
    },
    List {
        ordered: bool,
        items: Vec<Vec<Inline>>,
    },
    Table(Table),
    /// An SVG drawn by the program itself. What is not plain drawing (script, links, foreign content) prints as its `alt`.
    Picture {
        svg: String,
        alt: String,
    },
    /// Words that a person wrote, kept when the document is drawn again. `slot` names the place in the outline.
    OwnWords {
        slot: String,
        paras: Vec<String>,
    },
    /// At the right, four characters in (GB/T 9704). `date` in Arabic figures without leading zeros.
    Signature {
        org: String,
        date: String,
    },
    PageBreak,
    /// Small print: the definition behind a table, a source.
    Note {
        text: Vec<Inline>,
    },
}

/// A table of text. Rows may be shorter than the columns; the rest of the row stays empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub columns: Vec<Column>,
    /// Repeated at the top of each page.
    #[serde(default)]
    pub head: Vec<Vec<Cell>>,
    pub rows: Vec<Vec<Cell>>,
    #[serde(default)]
    pub caption: Vec<Inline>,
}

/// A column: its share of the width (any unit, 0 counts as 1) and where its text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub share: u16,
    #[serde(default)]
    pub align: Align,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

/// A cell, over one column or more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    pub text: Vec<Inline>,
    #[serde(default = "one")]
    pub colspan: u16,
    #[serde(default = "one")]
    pub rowspan: u16,
}

fn one() -> u16 {
    1
}

/// A piece of a line. A line feed inside a text is a line break; other control characters are dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "inline", rename_all = "snake_case", deny_unknown_fields)]
pub enum Inline {
    Text {
        text: String,
    },
    Bold {
        text: String,
    },
    /// A number with its trace: `figure` is the figure's id, `href` the list of the records that it counts.
    Number {
        text: String,
        figure: String,
        href: String,
    },
    /// Prints 〔未填〕; `label` says what is missing, `href` where it can be filled in.
    Missing {
        label: String,
        href: String,
    },
}

impl Inline {
    pub fn text(text: impl Into<String>) -> Inline {
        Inline::Text { text: text.into() }
    }
    pub fn bold(text: impl Into<String>) -> Inline {
        Inline::Bold { text: text.into() }
    }
    pub fn number(text: impl Into<String>, figure: impl Into<String>, href: impl Into<String>) -> Inline {
        Inline::Number {
            text: text.into(),
            figure: figure.into(),
            href: href.into(),
        }
    }
    pub fn missing(label: impl Into<String>, href: impl Into<String>) -> Inline {
        Inline::Missing {
            label: label.into(),
            href: href.into(),
        }
    }
    /// The words on paper.
    pub fn plain(&self) -> &str {
        match self {
            Inline::Text { text } | Inline::Bold { text } | Inline::Number { text, .. } => text,
            Inline::Missing { .. } => MISSING,
        }
    }
}

impl From<&str> for Inline {
    fn from(s: &str) -> Inline {
        Inline::text(s)
    }
}
impl From<String> for Inline {
    fn from(s: String) -> Inline {
        Inline::text(s)
    }
}

/// What stands where something has not been filled in (screens.md §4).
pub const MISSING: &str = "〔未填〕";

impl Cell {
    pub fn new(text: Vec<Inline>) -> Cell {
        Cell {
            text,
            colspan: 1,
            rowspan: 1,
        }
    }
    pub fn span(mut self, columns: u16, rows: u16) -> Cell {
        self.colspan = columns.max(1);
        self.rowspan = rows.max(1);
        self
    }
}
impl From<&str> for Cell {
    fn from(s: &str) -> Cell {
        Cell::new(vec![s.into()])
    }
}
impl From<String> for Cell {
    fn from(s: String) -> Cell {
        Cell::new(vec![s.into()])
    }
}
impl From<Inline> for Cell {
    fn from(i: Inline) -> Cell {
        Cell::new(vec![i])
    }
}
impl From<Vec<Inline>> for Cell {
    fn from(v: Vec<Inline>) -> Cell {
        Cell::new(v)
    }
}

impl Column {
    pub fn new(share: u16, align: Align) -> Column {
        Column { share, align }
    }
}

impl Doc {
    pub fn new(title: impl Into<String>) -> Doc {
        Doc {
            title: title.into(),
            ..Doc::default()
        }
    }
    /// Level 1 to 4.
    pub fn heading(&mut self, level: u8, text: impl Into<String>) -> &mut Doc {
        self.push(Block::Heading {
            level,
            text: vec![Inline::text(text)],
        })
    }
    pub fn para(&mut self, text: Vec<Inline>) -> &mut Doc {
        self.push(Block::Para { text })
    }
    pub fn push(&mut self, block: Block) -> &mut Doc {
        self.blocks.push(block);
        self
    }
    /// Everything that is missing, in the order of the document: label and address.
    pub fn missing(&self) -> Vec<(&str, &str)> {
        self.inlines()
            .filter_map(|i| {
                if let Inline::Missing { label, href } = i {
                    Some((label.as_str(), href.as_str()))
                } else {
                    None
                }
            })
            .collect()
    }
    /// Ids of the figures, in order, repeated as often as they stand in the text.
    pub fn figures(&self) -> Vec<&str> {
        self.inlines()
            .filter_map(|i| {
                if let Inline::Number { figure, .. } = i {
                    Some(figure.as_str())
                } else {
                    None
                }
            })
            .collect()
    }
    fn inlines(&self) -> impl Iterator<Item = &Inline> {
        self.blocks.iter().flat_map(|b| -> Vec<&Inline> {
            match b {
                Block::Heading { text, .. } | Block::Para { text } | Block::Note { text } => text.iter().collect(),
                Block::List { items, .. } => items.iter().flatten().collect(),
                Block::Table(t) => t
                    .caption
                    .iter()
                    .chain(t.head.iter().chain(&t.rows).flatten().flat_map(|c| &c.text))
                    .collect(),
                Block::Picture { .. } | Block::OwnWords { .. } | Block::Signature { .. } | Block::PageBreak => {
                    Vec::new()
                }
            }
        })
    }
}

/// The number of a heading in the order of GB/T 9704: `一、` · `（一）` · `1. ` · `（1）` (domain.md §8).
/// `n` counts from 1.
pub fn heading_number(level: u8, n: u32) -> String {
    match level {
        0 | 1 => format!("{}、", chinese_number(n)),
        2 => format!("（{}）", chinese_number(n)),
        3 => format!("{n}. "),
        _ => format!("（{n}）"),
    }
}

/// 1 to 99 in Chinese figures; beyond that in Arabic ones.
pub fn chinese_number(n: u32) -> String {
    const D: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let d = |i: u32| D[(i % 10) as usize];
    match n {
        0..=9 => d(n).into(),
        10 => "十".into(),
        11..=19 => format!("十{}", d(n)),
        20..=99 if n.is_multiple_of(10) => format!("{}十", d(n / 10)),
        20..=99 => format!("{}十{}", d(n / 10), d(n)),
        _ => n.to_string(),
    }
}

/// About how wide a line is, in characters: half for what is narrow, and the quarter that stands between Chinese and Latin.
pub(crate) fn ems(s: &str) -> f32 {
    let mut width = 0.0;
    let mut narrow_before = None;
    for c in s.chars() {
        width += if c.is_ascii() { 0.55 } else { 1.0 };
        let (narrow, word) = (c.is_ascii(), c.is_alphanumeric());
        if word && narrow_before == Some(!narrow) {
            width += 0.25;
        }
        narrow_before = word.then_some(narrow);
    }
    width
}

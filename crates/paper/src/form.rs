//! Printed forms: contact card, file card, roster. A form is a grid of labels and values as schools know it on paper.

use serde::{Deserialize, Serialize};

use crate::tree::Align;

/// One form. A roster may run over several pages; cards fit one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    pub title: String,
    /// Under the title at the left: school and class.
    pub left: String,
    /// Under the title at the right: the term.
    pub right: String,
    pub parts: Vec<Part>,
    /// Places to sign, spread over the width: `监护人签字：＿＿＿＿`.
    pub signs: Vec<String>,
    /// At the foot of each page, left.
    pub foot_left: String,
    /// At the foot of each page, right, before `page / pages`: when it was printed.
    pub foot_right: String,
    pub landscape: bool,
}

/// A grid with an optional line above it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    pub title: String,
    /// At the right of the title.
    pub note: String,
    /// Shares of the width, any unit; one for each column.
    pub widths: Vec<u16>,
    /// That many first rows are repeated on each page.
    pub head_rows: u16,
    pub rows: Vec<Vec<FormCell>>,
    /// Least height of a row in tenths of a millimetre; 0 = 95 (9.5 mm).
    pub row_height: u16,
}

/// A cell of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormCell {
    pub text: String,
    pub kind: CellKind,
    pub align: Align,
    pub colspan: u16,
    pub rowspan: u16,
    /// The one-character sign of a kind of record before the text, and whether it is done (solid) or owed (dashed).
    pub seal: Option<Seal>,
    /// Draws this text as a QR code instead of words.
    pub code: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// Bold on a light ground, in the middle.
    Label,
    #[default]
    Value,
    /// Grey: arranged, not yet done.
    Faint,
}

/// See screens.md "一字一事": shape says the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    pub sign: char,
    pub done: bool,
}

impl Default for FormCell {
    fn default() -> FormCell {
        FormCell {
            text: String::new(),
            kind: CellKind::Value,
            align: Align::Left,
            colspan: 1,
            rowspan: 1,
            seal: None,
            code: None,
        }
    }
}

impl FormCell {
    pub fn label(text: impl Into<String>) -> FormCell {
        FormCell {
            text: text.into(),
            kind: CellKind::Label,
            align: Align::Center,
            ..FormCell::default()
        }
    }
    pub fn value(text: impl Into<String>) -> FormCell {
        FormCell {
            text: text.into(),
            ..FormCell::default()
        }
    }
    pub fn center(text: impl Into<String>) -> FormCell {
        FormCell {
            text: text.into(),
            align: Align::Center,
            ..FormCell::default()
        }
    }
    pub fn faint(text: impl Into<String>) -> FormCell {
        FormCell {
            text: text.into(),
            kind: CellKind::Faint,
            ..FormCell::default()
        }
    }
    pub fn qr(payload: impl Into<String>) -> FormCell {
        FormCell {
            code: Some(payload.into()),
            align: Align::Center,
            ..FormCell::default()
        }
    }
    pub fn sealed(sign: char, done: bool, text: impl Into<String>) -> FormCell {
        FormCell {
            text: text.into(),
            seal: Some(Seal { sign, done }),
            ..FormCell::default()
        }
    }
    pub fn span(mut self, columns: u16, rows: u16) -> FormCell {
        self.colspan = columns.max(1);
        self.rowspan = rows.max(1);
        self
    }
}

/// A person to ring.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    pub name: String,
    /// Relation or post, e.g. 奶奶.
    pub role: String,
    pub phone: String,
    /// Where a parent works.
    pub place: String,
}

/// A line of the contact records of the term. Empty fields are printed as a line to fill in by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// 九月; empty when the same as in the line above.
    pub month: String,
    pub day: String,
    pub seal: Option<Seal>,
    pub kind: String,
    pub text: String,
    pub by: String,
}

/// What a contact card (联系卡, B5) says. What is unknown stays empty, so that it can be filled in by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactCard {
    pub school: String,
    pub class: String,
    pub term: String,
    pub child: String,
    pub sex: String,
    pub born: String,
    pub address: String,
    pub guardian: Person,
    pub teacher: Person,
    pub helper: Person,
    pub father: Person,
    pub mother: Person,
    pub home_again: String,
    pub siblings: String,
    /// Whom to ring first, in order.
    pub urgent: Vec<Person>,
    pub contacts: Vec<Contact>,
    /// Empty lines after the contacts, to fill in by hand.
    pub blank_lines: u16,
    /// Payload of the QR code by which a photographed card finds its child; no code when `None`.
    pub code: Option<String>,
    /// `2026年10月21日 12:45 打印`
    pub printed: String,
}

/// The contact card in the shape of mock 17.
pub fn contact_card(c: &ContactCard) -> Form {
    use FormCell as F;
    let l = |s: &str| F::label(s);
    let v = |s: &str| F::value(s);
    let code = match &c.code {
        Some(p) => F::qr(p.clone()),
        None => F::value(""),
    };
    let urgent = c.urgent.iter().enumerate().map(|(i, p)| {
        let mark = char::from_u32(0x2460 + i.min(19) as u32).unwrap_or('·');
        [p.role.as_str(), p.name.as_str(), p.phone.as_str()]
            .into_iter()
            .filter(|s| !s.is_empty())
            .fold(mark.to_string(), |a, s| a + " " + s)
    });
    let face = Part {
        widths: vec![84, 130, 66, 66, 84, 131, 112],
        rows: vec![
            vec![
                l("姓　名"),
                v(&c.child),
                l("性别"),
                v(&c.sex),
                l("出生年月"),
                v(&c.born),
                code.span(1, 4),
            ],
            vec![l("住　址"), v(&c.address).span(5, 1)],
            vec![
                l("监护人"),
                v(&c.guardian.name),
                l("关系"),
                v(&c.guardian.role),
                l("电　话"),
                v(&c.guardian.phone),
            ],
            vec![
                l("班主任"),
                v(&c.teacher.name),
                l("帮扶教师").span(2, 1),
                v(&c.helper.name),
                v(&c.helper.phone),
            ],
            vec![
                l("父　亲"),
                v(&c.father.name),
                l("务工地点").span(2, 1),
                v(&c.father.place).span(2, 1),
                v(&c.father.phone),
            ],
            vec![
                l("母　亲"),
                v(&c.mother.name),
                l("务工地点").span(2, 1),
                v(&c.mother.place).span(2, 1),
                v(&c.mother.phone),
            ],
            vec![
                l("回家时间"),
                v(&c.home_again).span(3, 1),
                l("兄弟姐妹"),
                v(&c.siblings).span(2, 1),
            ],
            vec![l("急时找"), v(&urgent.collect::<Vec<_>>().join("　")).span(6, 1)],
        ],
        ..Part::default()
    };
    let mut rows = vec![
        ["月份", "日期", "方式", "情况", "联系人"]
            .into_iter()
            .map(l)
            .collect::<Vec<_>>(),
    ];
    for k in &c.contacts {
        let owed = k.seal.is_some_and(|s| !s.done);
        let text = if owed { F::faint(&k.text) } else { v(&k.text) };
        rows.push(vec![
            F::center(&k.month),
            F::center(&k.day),
            F {
                seal: k.seal,
                ..v(&k.kind)
            },
            text,
            F::center(&k.by),
        ]);
    }
    rows.extend((0..c.blank_lines).map(|_| vec![v(""); 5]));
    let done = c.contacts.iter().filter(|k| k.seal.is_none_or(|s| s.done)).count();
    let records = Part {
        title: "本学期联系记录".into(),
        note: if done == 0 {
            String::new()
        } else {
            format!("系统所记，共 {done} 条")
        },
        widths: vec![80, 66, 136, 308, 84],
        head_rows: 1,
        rows,
        ..Part::default()
    };
    Form {
        title: "家校联系卡".into(),
        left: format!("{}　{}", c.school, c.class),
        right: c.term.clone(),
        parts: if c.contacts.is_empty() && c.blank_lines == 0 {
            vec![face]
        } else {
            vec![face, records]
        },
        signs: ["监护人签字：＿＿＿＿＿＿", "班主任签字：＿＿＿＿＿＿", "学校（盖章）"]
            .map(String::from)
            .into(),
        foot_left: if c.code.is_some() {
            "手写的行，拍照时对准右上方的码，自动归到本人档案".into()
        } else {
            String::new()
        },
        foot_right: c.printed.clone(),
        landscape: false,
    }
}

/// A file card (档案卡, B12): groups of label and value, two pairs to a row; a long value (over 12 characters) takes the whole row.
/// Each group is a part with its own title. `code` as in [`ContactCard::code`].
pub fn file_card(
    title: &str,
    left: &str,
    right: &str,
    groups: &[(String, Vec<(String, String)>)],
    code: Option<&str>,
) -> Form {
    let mut parts = Vec::new();
    for (g, (name, pairs)) in groups.iter().enumerate() {
        let mut rows: Vec<Vec<FormCell>> = Vec::new();
        let mut waiting: Option<(&String, &String)> = None;
        let single = |(l, v): (&String, &String)| vec![FormCell::label(l), FormCell::value(v).span(3, 1)];
        for (label, value) in pairs {
            let long = value.chars().count() > 12 || value.contains('\n');
            match (waiting.take(), long) {
                (None, false) => waiting = Some((label, value)),
                (Some(w), false) => rows.push(vec![
                    FormCell::label(w.0),
                    FormCell::value(w.1),
                    FormCell::label(label),
                    FormCell::value(value),
                ]),
                (w, true) => {
                    rows.extend(w.map(single));
                    rows.push(single((label, value)));
                }
            }
        }
        rows.extend(waiting.map(single));
        let mut widths = vec![90, 220, 90, 220];
        if g == 0
            && let Some(code) = code
        {
            let n = rows.len().max(4);
            rows.resize(n, vec![FormCell::value("").span(4, 1)]);
            rows[0].push(FormCell::qr(code).span(1, n as u16));
            widths = vec![84, 168, 84, 168, 116];
        }
        parts.push(Part {
            title: name.clone(),
            widths,
            rows,
            ..Part::default()
        });
    }
    Form {
        title: title.into(),
        left: left.into(),
        right: right.into(),
        parts,
        ..Form::default()
    }
}

/// A roster or any other list: `columns` are header and share of the width; rows are text, printed in the middle where short.
pub fn roster(
    title: &str,
    left: &str,
    right: &str,
    columns: &[(String, u16)],
    rows: &[Vec<String>],
    landscape: bool,
) -> Form {
    let mut all = vec![columns.iter().map(|c| FormCell::label(&c.0)).collect::<Vec<_>>()];
    all.extend(rows.iter().map(|r| {
        r.iter()
            .map(|t| {
                if t.chars().count() <= 6 {
                    FormCell::center(t)
                } else {
                    FormCell::value(t)
                }
            })
            .collect::<Vec<_>>()
    }));
    let part = Part {
        widths: columns.iter().map(|c| c.1).collect(),
        head_rows: 1,
        rows: all,
        row_height: 75,
        ..Part::default()
    };
    Form {
        title: title.into(),
        left: left.into(),
        right: right.into(),
        parts: vec![part],
        landscape,
        ..Form::default()
    }
}

/// Where each cell of a table stands once the spans are laid out. The number of columns grows until every cell has its place: a
/// text too many is printed in a column of its own rather than lost. The first `head` rows are the head.
pub(crate) fn place<C>(
    columns: usize,
    head: usize,
    rows: &[Vec<C>],
    span: impl Fn(&C) -> (usize, usize),
) -> (usize, Vec<Vec<Slot>>) {
    let mut columns = columns.max(1);
    loop {
        match place_in(columns, head.min(rows.len()), rows, &span) {
            Ok(lines) => return (columns, lines),
            Err(left_over) => columns += left_over,
        }
    }
}

fn place_in<C>(
    columns: usize,
    head: usize,
    rows: &[Vec<C>],
    span: &impl Fn(&C) -> (usize, usize),
) -> Result<Vec<Vec<Slot>>, usize> {
    // for each column: rows still covered from above, and the width of the covering cell at its first column
    let mut busy = vec![(0usize, 1usize); columns];
    let mut out = Vec::with_capacity(rows.len());
    for (r, row) in rows.iter().enumerate() {
        let mut line = Vec::new();
        let (mut next, mut col) = (0, 0);
        while col < columns {
            if busy[col].0 > 0 {
                let width = busy[col].1;
                busy[col..col + width].iter_mut().for_each(|b| b.0 -= 1);
                line.push(Slot {
                    col,
                    width,
                    what: What::Covered,
                });
                col += width;
                continue;
            }
            let Some(cell) = row.get(next) else {
                line.push(Slot {
                    col,
                    width: 1,
                    what: What::Empty,
                });
                col += 1;
                continue;
            };
            let free = busy[col..].iter().take_while(|b| b.0 == 0).count();
            let (w, h) = span(cell);
            // a span cannot reach beyond the last column, the head that is repeated, or the last row
            let end = if r < head { head } else { rows.len() };
            let (w, h) = (w.clamp(1, free), h.clamp(1, end - r));
            line.push(Slot {
                col,
                width: w,
                what: What::Cell(next, h),
            });
            busy[col..col + w].fill((h - 1, 1));
            busy[col].1 = w;
            next += 1;
            col += w;
        }
        if next < row.len() {
            return Err(row.len() - next);
        }
        out.push(line);
    }
    Ok(out)
}

/// One place of a drawn row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub col: usize,
    pub width: usize,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Index into the row and height in rows.
    Cell(usize, usize),
    /// Taken by a cell of a row above.
    Covered,
    /// The row was shorter than the columns.
    Empty,
}

/// The shares of `columns` columns, none of them 0; what is not declared is as wide as an average one.
pub(crate) fn shares(declared: &[u16], columns: usize) -> Vec<u32> {
    let known: Vec<u32> = declared.iter().map(|w| u32::from((*w).max(1))).collect();
    let mean = if known.is_empty() {
        1
    } else {
        (known.iter().sum::<u32>() / known.len() as u32).max(1)
    };
    (0..columns).map(|i| known.get(i).copied().unwrap_or(mean)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_column_of_every_row_is_taken_once(spans in prop::collection::vec(prop::collection::vec((1usize..6, 1usize..6), 0..6), 0..7), columns in 0usize..6, head in 0usize..4) {
            let (n, lines) = place(columns, head, &spans, |s| *s);
            prop_assert!(n >= columns);
            let mut owner = vec![vec![None; n]; lines.len()];
            for (r, line) in lines.iter().enumerate() {
                let mut col = 0;
                let mut seen = 0;
                for s in line {
                    prop_assert_eq!(s.col, col);
                    col += s.width;
                    if let What::Cell(i, h) = s.what {
                        prop_assert!(r >= head || r + h <= head.min(lines.len()), "a cell hangs out of the head");
                        prop_assert_eq!(i, seen);
                        seen += 1;
                        for (down, row) in owner[r..r + h].iter_mut().enumerate() {
                            for place in &mut row[s.col..s.col + s.width] {
                                prop_assert!(place.is_none(), "two cells on one place, {} rows down", down);
                                *place = Some((r, i));
                            }
                        }
                    }
                }
                prop_assert_eq!(col, n);
                prop_assert_eq!(seen, spans[r].len(), "a cell is lost");
            }
            for (r, line) in lines.iter().enumerate() {
                for s in line.iter().filter(|s| s.what == What::Covered) {
                    prop_assert!(owner[r][s.col..s.col + s.width].iter().all(|o| o.is_some_and(|(from, _)| from < r)));
                }
            }
        }
    }
}

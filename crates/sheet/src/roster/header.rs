//! Finds the rows of the header and what each column means.

use super::Options;
use crate::{
    book::{Cell, Merge, Sheet, Slot},
    field::{Attr, Field, Plain, Who, bare_attr, fold, join, of_header},
};
use std::collections::BTreeSet;

/// A header that was found: places in [`Sheet::rows`], ends inside.
pub struct Found {
    pub first: usize,
    pub last: usize,
    pub columns: Vec<Mapped>,
}

#[derive(Clone, Debug)]
pub struct Mapped {
    pub index: u16,
    pub header: String,
    pub field: Option<Field>,
}

/// How far down a header is looked for.
const LOOK: usize = 60;
/// A header has at most three rows (2016 form).
const DEEP: usize = 3;

/// The best header of the sheet: most fields, fewest rows, highest up. Without a name column there is none, unless a person pointed at it.
pub fn find(sheet: &Sheet, opts: &Options) -> Option<Found> {
    if let Some(number) = opts.header_rows.get(&sheet.name) {
        let first = sheet.rows.iter().position(|r| r.number >= *number)?;
        return best_from(sheet, first, opts).map(|(_, f)| f);
    }
    let mut best: Option<(usize, Found)> = None;
    for first in 0..sheet.rows.len().min(LOOK) {
        let Some((score, found)) = best_from(sheet, first, opts) else {
            continue;
        };
        let named = found.columns.iter().any(|c| c.field == Some(Field::Plain(Plain::Name)));
        if !named || (score < 2 && sheet.rows[first].cells.len() > 2) {
            continue;
        }
        // with as many fields, fewer rows: a title above is no part of the header
        let rows = |f: &Found| f.last - f.first;
        if best
            .as_ref()
            .is_none_or(|(s, b)| score > *s || (score == *s && rows(&found) < rows(b)))
        {
            best = Some((score, found));
        }
    }
    best.map(|(_, f)| f)
}

/// Whether a row below the header is a header again (a new printed page, another block).
pub fn again(sheet: &Sheet, at: usize, opts: &Options) -> Option<Found> {
    // cheap first: the word for a name stands near the left
    let name = |s: &Slot| {
        s.cell
            .as_str()
            .is_some_and(|t| t.len() <= 60 && of_header(&[t]) == Some(Field::Plain(Plain::Name)))
    };
    if !sheet.rows[at].own().take(6).any(name) {
        return None;
    }
    let texts = sheet.rows[at]
        .own()
        .filter(|s| s.cell.as_str().is_some_and(|t| of_header(&[t]).is_some()))
        .count();
    if texts < 3 {
        return None;
    }
    let (score, found) = best_from(sheet, at, opts)?;
    (score >= 3 && found.columns.iter().any(|c| c.field == Some(Field::Plain(Plain::Name)))).then_some(found)
}

fn best_from(sheet: &Sheet, first: usize, opts: &Options) -> Option<(usize, Found)> {
    let mut best: Option<(usize, Found)> = None;
    for deep in 1..=DEEP {
        let last = first + deep - 1;
        if last >= sheet.rows.len() || sheet.rows[last].number - sheet.rows[first].number > deep as u32 + 1 {
            break;
        }
        let columns = map(sheet, first, last, opts);
        if deep > 1 && !continues(sheet, last, &columns) {
            break;
        }
        let score = columns.iter().filter_map(|c| c.field).collect::<BTreeSet<_>>().len();
        if score > 0 && best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, Found { first, last, columns }));
        }
    }
    best
}

/// Whether a row looks like the lower part of a header rather than the first child.
fn continues(sheet: &Sheet, at: usize, columns: &[Mapped]) -> bool {
    let (mut own, mut words) = (0, 0);
    for slot in sheet.rows[at].own() {
        let Cell::Text(text) = &slot.cell else { return false };
        if text.chars().count() > 40 || text.chars().filter(char::is_ascii_digit).count() >= 6 {
            return false;
        }
        own += 1;
        let mapped = columns.iter().any(|c| c.index == slot.column && c.field.is_some());
        if (mapped && (of_header(&[text]).is_some() || bare_attr(text).is_some()))
            || text.contains("一方外出")
            || text.contains("双方")
        {
            words += 1;
        }
    }
    own > 0 && words * 2 >= own
}

fn map(sheet: &Sheet, first: usize, last: usize, opts: &Options) -> Vec<Mapped> {
    let rows = &sheet.rows[first..=last];
    let merges: Vec<&Merge> = sheet
        .merges
        .iter()
        .filter(|m| m.columns.1 > m.columns.0 && m.rows.0 <= rows[rows.len() - 1].number && m.rows.1 >= rows[0].number)
        .collect();
    let indexes: BTreeSet<u16> = rows.iter().flat_map(|r| r.cells.iter().map(|s| s.column)).collect();
    let mut out: Vec<(u16, Vec<String>)> = Vec::new();
    for &column in &indexes {
        let mut parts: Vec<String> = Vec::new();
        for (level, row) in rows.iter().enumerate() {
            let text = match row.get(column) {
                Some(cell) => cell.text(),
                None => match merges.iter().find(|m| {
                    m.columns.0 < column && column <= m.columns.1 && m.rows.0 <= row.number && row.number <= m.rows.1
                }) {
                    Some(m) => row.get(m.columns.0).map(Cell::text).unwrap_or_default(),
                    // without merges (CSV): a group's word stands over its first column only
                    None if level + 1 < rows.len() && rows[level + 1..].iter().any(|r| r.get(column).is_some()) => row
                        .cells
                        .iter()
                        .rev()
                        .find(|s| s.column < column)
                        .filter(|s| {
                            rows[level + 1..]
                                .iter()
                                .any(|r| r.get(s.column).is_some_and(|c| *c != s.cell))
                        })
                        .map(|s| s.cell.text())
                        .unwrap_or_default(),
                    None => String::new(),
                },
            };
            if !text.trim().is_empty() && parts.last() != Some(&text) {
                parts.push(text);
            }
        }
        if !parts.is_empty() {
            out.push((column, parts));
        }
    }
    assign(out, opts)
}

/// Fields that several columns of a sheet may share.
fn shared(f: Field) -> bool {
    use Plain::*;
    match f {
        Field::Plain(p) => matches!(
            p,
            GradeClass
                | AwayKind
                | Phone
                | AidKind
                | HardshipKind
                | HomeAddress
                | Siblings
                | Disability
                | Emergency
                | ClassTeacher
                | Helper
                | Remark
                | LeftBehind
                | School
                | Village
                | CareAgreement
        ),
        Field::Person(_, a) => matches!(a, Attr::Phone | Attr::Age),
    }
}

/// Gives each column its field. A bare word (联系电话, 年龄) belongs to the person of the columns before it, else to the family or the child.
fn assign(columns: Vec<(u16, Vec<String>)>, opts: &Options) -> Vec<Mapped> {
    let mut taken: BTreeSet<Field> = BTreeSet::new();
    let mut near: Option<Who> = None;
    let mut out = Vec::with_capacity(columns.len());
    for (index, parts) in columns {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let header = join(&parts);
        let mut field = match opts.remembered.get(&header) {
            Some(chosen) => {
                out.push(Mapped {
                    index,
                    header,
                    field: *chosen,
                });
                taken.extend(*chosen);
                near = match chosen {
                    Some(Field::Person(w, _)) => Some(*w),
                    _ => None,
                };
                continue;
            }
            None => of_header(&parts),
        };
        let last = parts.last().copied().unwrap_or_default();
        let inner = bare_attr(last).filter(|a| *a != Attr::Name || field.is_none());
        let has = |p: Plain| taken.contains(&Field::Plain(p));
        if let (Some(who), Some(attr)) = (near, inner) {
            let own = Field::Person(who, attr);
            field = match field {
                None => Some(own),
                Some(Field::Plain(Plain::Phone)) => Some(own),
                Some(Field::Plain(Plain::Age)) if has(Plain::Age) || has(Plain::BirthDate) => Some(own),
                Some(Field::Plain(Plain::ParentsPlace | Plain::AwaySince))
                    if matches!(who, Who::Father | Who::Mother) =>
                {
                    Some(own)
                }
                Some(f @ Field::Plain(_)) if taken.contains(&f) && !shared(f) => Some(own),
                // 关系 after the second guardian
                Some(Field::Person(Who::Guardian(1), Attr::Relation)) if matches!(who, Who::Guardian(_)) => Some(own),
                other => other,
            };
        }
        if let Some(f) = field
            && taken.contains(&f)
            && !shared(f)
        {
            field = match f {
                Field::Person(Who::Guardian(1), a) if !taken.contains(&Field::Person(Who::Guardian(2), a)) => {
                    Some(Field::Person(Who::Guardian(2), a))
                }
                _ => None,
            };
        }
        near = match field {
            Some(Field::Person(w, _)) => Some(w),
            Some(Field::Plain(Plain::HomeAddress | Plain::Village | Plain::Town | Plain::Remark)) => near,
            _ => None,
        };
        taken.extend(field);
        out.push(Mapped { index, header, field });
    }
    out
}

/// 学号 is the number in class when it has one or two digits (domain.md §5).
pub fn settle_numbers(columns: &mut [Mapped], samples: impl Fn(u16) -> Vec<String>) {
    for c in columns {
        if c.field == Some(Field::Plain(Plain::StudentNo))
            && fold(c.header.rsplit(" / ").next().unwrap_or_default()) == "学号"
        {
            let s = samples(c.index);
            if !s.is_empty() && s.iter().all(|v| v.trim().len() <= 2) {
                c.field = Some(Field::Plain(Plain::ClassNo));
            }
        }
    }
}

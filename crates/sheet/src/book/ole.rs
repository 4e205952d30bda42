//! The older compound files: XLS (BIFF), and XLSX behind a password. The BIFF records are measured before calamine reads
//! them, because it builds dense ranges and believes declared dimensions.

use super::{Budget, Cell, Gather, Sheet, damaged, package::password, wrong_type, xlsx::merge_of};
use calamine::{Data, Reader, SheetVisible, Xls};
use std::io::{Cursor, Read};
use std::sync::Arc;
use tx_base::{Say, say};

/// Reads the visible sheets of an XLS; the second part names the hidden ones.
pub fn read(bytes: &[u8], budget: &mut Budget) -> Result<(Vec<Sheet>, Vec<String>), Say> {
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    if container.exists("/EncryptedPackage") || container.exists("/EncryptionInfo") {
        return Err(password());
    }
    let path = ["/Workbook", "/Book"].into_iter().find(|p| container.is_stream(p));
    let Some(path) = path else {
        return Err(if container.exists("/WordDocument") {
            wrong_type("Word文档", "a Word document")
        } else if container.exists("/PowerPoint Document") {
            wrong_type("幻灯片", "a slide show")
        } else {
            damaged()
        });
    };
    let mut stream = Vec::new();
    container
        .open_stream(path)
        .map_err(|_| damaged())?
        .take(budget.limits.file as u64 + 1)
        .read_to_end(&mut stream)
        .map_err(|_| damaged())?;
    measure(&stream, budget)?;
    drop(stream);
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|e| {
        if matches!(e, calamine::XlsError::Password) {
            password()
        } else {
            damaged()
        }
    })?;
    let epoch = if book.has_1904_epoch() { 1462.0 } else { 0.0 };
    let (mut sheets, mut hidden) = (Vec::new(), Vec::new());
    for meta in book.sheets_metadata().to_vec() {
        if meta.visible != SheetVisible::Visible {
            hidden.push(meta.name);
            continue;
        }
        let Ok(range) = book.worksheet_range(&meta.name) else {
            continue;
        };
        let merges = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        let merges = merges.iter().filter_map(|d| merge_of(d, budget)).collect();
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut sheet = Gather::new(&meta.name);
        for (r, c, value) in range.used_cells() {
            let (row, column) = (top + r as u32, left + c as u32);
            let cell = match value {
                Data::Empty | Data::Error(_) | Data::DurationIso(_) => continue,
                Data::String(s) | Data::DateTimeIso(s) => {
                    if s.trim().is_empty() {
                        continue;
                    }
                    budget.text(&meta.name, row, s)?;
                    Cell::Text(Arc::from(s.as_str()))
                }
                Data::Int(n) => Cell::Number {
                    value: *n as f64,
                    general: true,
                },
                Data::Float(n) => Cell::Number {
                    value: *n,
                    general: true,
                },
                Data::Bool(b) => Cell::Bool(*b),
                Data::DateTime(d) if d.is_datetime() => Cell::Date(d.as_f64() + epoch),
                Data::DateTime(d) => Cell::Number {
                    value: d.as_f64(),
                    general: false,
                },
            };
            budget.cell(&meta.name, row, column)?;
            sheet.put(row, column, cell);
        }
        sheets.push(sheet.finish(merges, budget)?);
    }
    Ok((sheets, hidden))
}

/// Walks the records as the reader will and adds up the dense area of all sheets.
fn measure(stream: &[u8], budget: &Budget) -> Result<(), Say> {
    let mut positions = Vec::new();
    for (kind, data) in (Records { rest: stream }) {
        match kind {
            0x0085 => positions.push(u32_at(data, 0).ok_or_else(damaged)? as usize),
            0x000A => break,
            _ => {}
        }
    }
    if positions.len() > budget.limits.entries {
        return Err(say("文件里的表太多了", "The file has too many sheets"));
    }
    let mut area = 0u64;
    for at in positions {
        let rest = stream.get(at..).ok_or_else(damaged)?;
        let mut cells = Extent::default();
        let mut formulas = Extent::default();
        for (kind, data) in (Records { rest }) {
            let place = || Some((u16_at(data, 0)?, u16_at(data, 2)?));
            match kind {
                // number, label, rich label, bool or error, RK, shared label
                0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD => cells.add(place().ok_or_else(damaged)?),
                0x00BD => {
                    let (row, first) = place().ok_or_else(damaged)?;
                    let last = u16_at(data, data.len().saturating_sub(2)).ok_or_else(damaged)?;
                    cells.add((row, first));
                    cells.add((row, last.max(first)));
                }
                0x0006 => {
                    let p = place().ok_or_else(damaged)?;
                    cells.add(p);
                    formulas.add(p);
                }
                // the declared extent: the reader makes room for it
                0x0200 => {
                    let (rows, columns) = match data.len() {
                        10 => (
                            u64::from(u16_at(data, 2).unwrap_or(0)),
                            u64::from(u16_at(data, 6).unwrap_or(0)),
                        ),
                        _ => (
                            u64::from(u32_at(data, 4).unwrap_or(0)),
                            u64::from(u16_at(data, 10).unwrap_or(0)),
                        ),
                    };
                    let first = if data.len() == 10 {
                        u64::from(u16_at(data, 0).unwrap_or(0))
                    } else {
                        u64::from(u32_at(data, 0).unwrap_or(0))
                    };
                    if rows > 65_536 || columns > 257 || first > rows {
                        return Err(damaged());
                    }
                }
                0x000A => break,
                _ => {}
            }
            budget.clock()?;
        }
        area += cells.area() + formulas.area();
        if area > budget.limits.cells {
            return Err(say(
                format!(
                    "表的范围超过了 {} 格；请另存为 .xlsx，或删去远处的空格子",
                    budget.limits.cells
                ),
                format!(
                    "The sheets reach over more than {} cells; save as .xlsx or delete stray cells far away",
                    budget.limits.cells
                ),
            ));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Extent(Option<(u16, u16, u16, u16)>);

impl Extent {
    fn add(&mut self, (row, column): (u16, u16)) {
        let (r0, r1, c0, c1) = self.0.unwrap_or((row, row, column, column));
        self.0 = Some((r0.min(row), r1.max(row), c0.min(column), c1.max(column)));
    }
    fn area(&self) -> u64 {
        self.0.map_or(0, |(r0, r1, c0, c1)| {
            (u64::from(r1 - r0) + 1) * (u64::from(c1 - c0) + 1)
        })
    }
}

struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);
    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.rest, 0)?;
        let len = usize::from(u16_at(self.rest, 2)?);
        let data = self.rest.get(4..4 + len)?;
        self.rest = &self.rest[4 + len..];
        Some((kind, data))
    }
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

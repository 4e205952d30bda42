//! XLSX through calamine's streaming cell reader: nothing dense, no declared size believed.

use super::{Budget, Cell, Gather, Merge, Sheet, damaged};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use std::{collections::HashMap, io::Cursor, sync::Arc};
use tx_base::{Say, say};

/// Days between the 1900 and the 1904 date system.
const OFFSET_1904: f64 = 1462.0;

/// Reads the visible worksheets; the second part names the hidden ones. The package has been checked.
pub fn read(bytes: &[u8], budget: &mut Budget) -> Result<(Vec<Sheet>, Vec<String>), Say> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| refuse(&e))?;
    let epoch = if book.has_1904_epoch() { OFFSET_1904 } else { 0.0 };
    let (mut sheets, mut hidden) = (Vec::new(), Vec::new());
    let listed = book.sheets_metadata().to_vec();
    for meta in listed {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        if meta.visible != SheetVisible::Visible {
            hidden.push(meta.name);
            continue;
        }
        let merges = book.merge_cells_by_sheet_name(&meta.name).map_err(|e| refuse(&e))?;
        let merges = merges.iter().filter_map(|d| merge_of(d, budget)).collect();
        let mut reader = book.worksheet_cells_reader(&meta.name).map_err(|e| refuse(&e))?;
        let general: Vec<bool> = reader
            .styles()
            .iter()
            .map(|s| {
                s.number_format
                    .as_ref()
                    .is_none_or(|f| f.format_code.eq_ignore_ascii_case("general"))
            })
            .collect();
        // equal shared strings are kept once, however many cells refer to them
        let mut shared: HashMap<usize, Arc<str>> = HashMap::new();
        let mut sheet = Gather::new(&meta.name);
        let mut seen = 0u64;
        while let Some((found, style)) = reader.next_cell_with_style_id().map_err(|e| refuse(&e))? {
            let (row, column) = found.get_position();
            seen += 1;
            if seen.is_multiple_of(65_536) {
                budget.clock()?;
            }
            let cell = match found.get_value() {
                DataRef::Empty | DataRef::Error(_) | DataRef::DurationIso(_) => continue,
                DataRef::SharedString(s) => {
                    if s.trim().is_empty() {
                        continue;
                    }
                    budget.text(&meta.name, row, s)?;
                    Cell::Text(
                        shared
                            .entry(s.as_ptr() as usize)
                            .or_insert_with(|| Arc::from(*s))
                            .clone(),
                    )
                }
                DataRef::String(s) | DataRef::DateTimeIso(s) => {
                    if s.trim().is_empty() {
                        continue;
                    }
                    budget.text(&meta.name, row, s)?;
                    Cell::Text(Arc::from(s.as_str()))
                }
                DataRef::Int(n) => Cell::Number {
                    value: *n as f64,
                    general: general.get(style).copied().unwrap_or(true),
                },
                DataRef::Float(n) => Cell::Number {
                    value: *n,
                    general: general.get(style).copied().unwrap_or(true),
                },
                DataRef::Bool(b) => Cell::Bool(*b),
                DataRef::DateTime(d) if d.is_datetime() => Cell::Date(d.as_f64() + epoch),
                DataRef::DateTime(d) => Cell::Number {
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

pub(super) fn merge_of(d: &calamine::Dimensions, budget: &Budget) -> Option<Merge> {
    let fits = d.start.0 <= d.end.0
        && d.start.1 <= d.end.1
        && d.start.0 < budget.limits.rows
        && d.start.1 < u32::from(budget.limits.columns);
    fits.then(|| Merge {
        rows: (d.start.0 + 1, d.end.0.min(budget.limits.rows - 1) + 1),
        columns: (
            d.start.1 as u16,
            d.end.1.min(u32::from(budget.limits.columns) - 1) as u16,
        ),
    })
}

fn refuse(e: &calamine::XlsxError) -> Say {
    use calamine::XlsxError as E;
    match e {
        E::Password => super::package::password(),
        E::RowNumberOverflow | E::ColumnNumberOverflow => say(
            "表里的行号或列号不对，文件可能损坏了",
            "Row or column numbers are wrong; the file may be damaged",
        ),
        _ => damaged(),
    }
}

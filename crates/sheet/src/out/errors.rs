//! The rejected rows with their own headers and words, the bad cells coloured, the reasons at the right: mended in place it
//! goes through as it is.

use super::xlsx::{Look, across, clip, page, tab_name, wide};
use crate::{
    book::{Book, Sheet},
    field::{OWN_REASON, OWN_ROW, Plain},
    roster::{CellFault, Roster, SheetReport},
    value::text::is_ditto,
};
use rust_xlsxwriter::{Color, Workbook, Worksheet, XlsxError};
use std::collections::{BTreeMap, HashSet};

/// Builds the sheet of rejected rows. A book without errors gives an empty sheet with a line that says so.
pub fn error_sheet(book: &Book, roster: &Roster) -> Vec<u8> {
    let mut out = Workbook::new();
    let mut used = HashSet::new();
    let mut any = false;
    for report in &roster.sheets {
        let mut rows: BTreeMap<u32, Vec<&CellFault>> = BTreeMap::new();
        for e in roster.errors.iter().filter(|e| e.sheet == report.name) {
            rows.entry(e.row).or_default().push(e);
        }
        let Some(sheet) = book
            .sheets
            .iter()
            .find(|s| s.name == report.name)
            .filter(|_| !rows.is_empty())
        else {
            continue;
        };
        any = true;
        let mut page = Worksheet::new();
        let _ = page.set_name(tab_name(&report.name, &mut used));
        let _ = fill(&mut page, sheet, report, &rows);
        out.push_worksheet(page);
    }
    if !any {
        let page = out.add_worksheet();
        let _ = page.write_string(0, 0, "没有要改的行 / No rows to mend");
    }
    out.save_to_buffer().unwrap_or_default()
}

fn fill(
    page_: &mut Worksheet,
    sheet: &Sheet,
    report: &SheetReport,
    rows: &BTreeMap<u32, Vec<&CellFault>>,
) -> Result<(), XlsxError> {
    let look = Look::new();
    let bad = look
        .text
        .clone()
        .set_background_color(Color::RGB(0xFB_E6_DC))
        .set_border_color(Color::RGB(0xA8_3A_10));
    let reason = look.text.clone().set_font_color(Color::RGB(0xA8_3A_10));
    let columns: Vec<_> = report
        .columns
        .iter()
        .filter(|c| c.header != OWN_ROW && c.header != OWN_REASON)
        .collect();
    let mut headers: Vec<String> = columns.iter().map(|c| c.header.clone()).collect();
    // what only the sheet's name or title said has to be said in the row now
    let class = report.class.filter(|_| {
        !columns
            .iter()
            .any(|c| c.field == Some(crate::Field::Plain(Plain::GradeClass)))
    });
    if class.is_some() {
        headers.push("班级".into());
    }
    let own = headers.len() as u16;
    headers.extend([OWN_ROW.to_string(), OWN_REASON.to_string()]);
    let last = headers.len() as u16 - 1;
    let mut row = 0;
    if let Some(title) = &report.title {
        across(page_, row, last, title, &look.title)?;
        page_.set_row_height(row, 28)?;
        row += 1;
    }
    if let Some(day) = report.date {
        across(page_, row, last, &format!("填报时间：{}", day.zh_long()), &look.line)?;
        row += 1;
    }
    let head = row;
    for (i, h) in headers.iter().enumerate() {
        page_.write_string_with_format(head, i as u16, clip(h), &look.head)?;
        let width = if i as u16 == last {
            44.0
        } else {
            columns
                .get(i)
                .map_or(8.0, |c| c.samples.iter().map(|s| wide(s)).fold(wide(h), f64::max) + 2.0)
                .clamp(6.0, 30.0)
        };
        page_.set_column_width(i as u16, width)?;
    }
    row += 1;
    for (number, faults) in rows {
        let at = sheet.rows.binary_search_by_key(number, |r| r.number).unwrap_or(0);
        for (i, c) in columns.iter().enumerate() {
            let mut text = sheet
                .rows
                .get(at)
                .and_then(|r| r.get(c.index))
                .map(|v| v.shown())
                .unwrap_or_default();
            // the row above is not here any more
            if is_ditto(&text) {
                text = sheet.rows[..at]
                    .iter()
                    .rev()
                    .filter_map(|r| r.get(c.index))
                    .map(|v| v.shown())
                    .find(|t| !is_ditto(t))
                    .unwrap_or(text);
            }
            let wrong = faults.iter().any(|f| f.index == Some(c.index));
            page_.write_string_with_format(row, i as u16, clip(&text), if wrong { &bad } else { &look.text })?;
        }
        if let Some(class) = class {
            page_.write_string_with_format(row, own - 1, class.screen(), &look.text)?;
        }
        page_.write_string_with_format(row, own, number.to_string(), &look.text)?;
        let words: Vec<String> = faults
            .iter()
            .map(|f| format!("{}：{}", f.column, f.reason.zh))
            .collect();
        page_.write_string_with_format(row, last, clip(&words.join("；")), &reason)?;
        row += 1;
    }
    page(page_, head, last, row - 1)
}

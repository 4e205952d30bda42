use super::print::Print;
use super::{CellKind, CellOut, Table};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::collections::HashSet;

/// A4 landscape, header frozen, filtered and repeated on each page; texts only ever as string cells (security.md §7).
/// An empty list gives a book with one empty sheet.
pub fn to_xlsx(tables: &[Table]) -> Vec<u8> {
    let mut book = Workbook::new();
    let mut used = HashSet::new();
    for table in tables {
        let mut sheet = Worksheet::new();
        let _ = sheet.set_name(tab_name(&table.name, &mut used));
        // the only failures are places outside the sheet: such rows are left out, the book stays whole
        let _ = fill(&mut sheet, table);
        book.push_worksheet(sheet);
    }
    if tables.is_empty() {
        book.add_worksheet();
    }
    book.save_to_buffer().unwrap_or_default()
}

pub(super) struct Look {
    pub title: Format,
    pub line: Format,
    pub head: Format,
    pub text: Format,
    int: Format,
    number: Format,
    day: Format,
}

impl Look {
    pub(super) fn new() -> Look {
        let base = Format::new()
            .set_font_name("宋体")
            .set_font_size(10.5)
            .set_align(FormatAlign::VerticalCenter);
        let cell = base
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xC9_C2_B2));
        Look {
            title: base
                .clone()
                .set_font_name("黑体")
                .set_font_size(16)
                .set_align(FormatAlign::Center),
            line: base.clone().set_font_color(Color::RGB(0x46_53_4E)),
            head: cell
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0xE0_ED_E5))
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            text: cell.clone().set_num_format("@").set_text_wrap(),
            int: cell.clone().set_num_format("0"),
            number: cell.clone().set_num_format("0.0#"),
            day: cell.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        }
    }
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let look = Look::new();
    let last = (table.columns.len().max(1) - 1) as u16;
    let print = (table.keys > 0).then(|| Print::of(table));
    // title and lines stand on the first sheet across
    let side = print.as_ref().map_or(last, |p| (p.first().max(1) - 1) as u16);
    let wrapped = look.line.clone().set_text_wrap();
    let line = |sheet: &mut Worksheet, row: u32, text: &str| -> Result<(), XlsxError> {
        let Some(p) = &print else {
            return across(sheet, row, side, text, &look.line);
        };
        across(sheet, row, side, text, &wrapped)?;
        sheet.set_row_height(row, 15 * p.lines(text).min(10) as u32)?;
        Ok(())
    };
    let mut row = 0u32;
    if !table.title.is_empty() {
        across(sheet, row, side, &table.title, &look.title)?;
        sheet.set_row_height(row, 30)?;
        row += 1;
    }
    for text in &table.lines {
        line(sheet, row, text)?;
        row += 1;
    }
    let head = row;
    for (i, c) in table.columns.iter().enumerate() {
        sheet.write_string_with_format(head, i as u16, clip(&c.header), &look.head)?;
        let given = if c.width > 0.0 { c.width } else { width_of(table, i) };
        sheet.set_column_width(i as u16, print.as_ref().map_or(given, |p| p.widths[i]))?;
    }
    sheet.set_row_height(head, print.as_ref().map_or(24, |p| 9 + 15 * p.head_lines.min(4) as u32))?;
    row += 1;
    for cells in &table.rows {
        if let Some(n @ 2..) = print.as_ref().map(|p| p.tallest(cells)) {
            sheet.set_row_height(row, 14 * n.min(29) as u32)?;
        }
        for (i, cell) in cells.iter().enumerate().take(table.columns.len()) {
            let column = i as u16;
            match cell {
                CellOut::Empty => sheet.write_blank(row, column, &look.text)?,
                CellOut::Text(s) => sheet.write_string_with_format(row, column, clip(s), &look.text)?,
                // 15 figures are all that a number cell keeps
                CellOut::Int(n)
                    if n.unsigned_abs() >= 1_000_000_000_000_000 || table.columns[i].kind == CellKind::Text =>
                {
                    sheet.write_string_with_format(row, column, n.to_string(), &look.text)?
                }
                CellOut::Int(n) => sheet.write_number_with_format(row, column, *n as f64, &look.int)?,
                CellOut::Number(n) => sheet.write_number_with_format(row, column, *n, &look.number)?,
                CellOut::Day(d) => match ExcelDateTime::from_ymd(d.year() as u16, d.month() as u8, d.day() as u8) {
                    Ok(day) => sheet.write_datetime_with_format(row, column, &day, &look.day)?,
                    Err(_) => sheet.write_string_with_format(row, column, d.to_string(), &look.text)?,
                },
            };
        }
        row += 1;
    }
    for text in &table.footer {
        line(sheet, row, text)?;
        row += 1;
    }
    page(sheet, head, last, head + table.rows.len() as u32)?;
    if let Some(p) = print.filter(|p| !p.breaks.is_empty()) {
        // a fit to the page would put the breaks aside
        sheet
            .set_print_fit_to_pages(0, 0)
            .set_print_scale(p.scale)
            .set_page_order(true)
            .set_repeat_columns(0, (table.keys - 1) as u16)?
            .set_vertical_page_breaks(&p.breaks)?;
    }
    Ok(())
}

/// Paper, print titles, frozen header, filter.
pub(super) fn page(sheet: &mut Worksheet, head: u32, last_column: u16, last_row: u32) -> Result<(), XlsxError> {
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_footer("&C第 &P 页，共 &N 页");
    sheet.set_freeze_panes(head + 1, 0)?;
    sheet.set_repeat_rows(head, head)?;
    sheet.autofilter(head, 0, last_row.max(head), last_column)?;
    Ok(())
}

pub(super) fn across(sheet: &mut Worksheet, row: u32, last: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if last == 0 {
        sheet.write_string_with_format(row, 0, clip(text), format)?;
    } else {
        sheet.merge_range(row, 0, row, last, "", format)?;
        sheet.write_string_with_format(row, 0, clip(text), format)?;
    }
    Ok(())
}

/// A cell takes 32,767 UTF-16 units.
pub(super) fn clip(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= 32_767
        })
        .collect()
}

/// Width of a text in characters of the standard font.
pub(super) fn wide(text: &str) -> f64 {
    text.lines()
        .map(|l| l.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>())
        .fold(0.0, f64::max)
}

fn width_of(table: &Table, i: usize) -> f64 {
    (content(table, i).max(wide(&table.columns[i].header)) + 2.0).clamp(6.0, 40.0)
}

/// Width of the longest cell of a column, of the first 200 rows.
pub(super) fn content(table: &Table, i: usize) -> f64 {
    let cells = table.rows.iter().take(200).filter_map(|r| r.get(i)).map(|c| match c {
        CellOut::Text(s) => wide(s),
        CellOut::Day(_) => 10.0,
        CellOut::Int(n) => n.to_string().len() as f64,
        CellOut::Number(_) => 8.0,
        CellOut::Empty => 0.0,
    });
    cells.fold(0.0, f64::max)
}

/// A tab's name: at most 31 characters, none of `[ ] : * ? / \`, unique without regard to case.
pub(super) fn tab_name(name: &str, used: &mut HashSet<String>) -> String {
    let clean: String = name
        .chars()
        .map(|c| {
            if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim().trim_matches('\'').trim();
    let base = if clean.is_empty() || clean.eq_ignore_ascii_case("history") {
        "表"
    } else {
        clean
    };
    let short = |max: usize| {
        let mut n = 0;
        base.chars()
            .take_while(|c| {
                n += c.len_utf16();
                n <= max
            })
            .collect::<String>()
    };
    for i in 1..1000 {
        let candidate = if i == 1 {
            short(31)
        } else {
            format!("{} {i}", short(27))
        };
        if used.insert(candidate.to_lowercase()) {
            return candidate;
        }
    }
    short(20)
}

#[cfg(test)]
mod tests {
    use super::super::ColumnOut;
    use super::*;
    use crate::{Cell, Limits, open};
    use tx_base::Day;

    #[test]
    fn what_is_written_comes_back() {
        let table = Table {
            name: "名册/一".into(),
            title: "竹园小学花名册".into(),
            lines: vec!["填报单位：竹园小学".into()],
            columns: vec![
                ColumnOut::new("姓名", 10.0, CellKind::Text),
                ColumnOut::new("电话", 0.0, CellKind::Text),
                ColumnOut::new("次数", 6.0, CellKind::Int),
                ColumnOut::new("出生日期", 12.0, CellKind::Day),
                ColumnOut::new("身高", 6.0, CellKind::Number),
            ],
            rows: vec![
                vec![
                    "=HYPERLINK(\"http://x\")".into(),
                    "13600002217".into(),
                    CellOut::Int(3),
                    CellOut::Day(Day::lit("2014-09-03")),
                    CellOut::Number(132.5),
                ],
                vec![
                    "𬱖龙".into(),
                    CellOut::Empty,
                    CellOut::Int(0),
                    CellOut::Empty,
                    CellOut::Empty,
                ],
            ],
            footer: vec!["注：共2人".into()],
            keys: 0,
        };
        let bytes = to_xlsx(&[table.clone(), table]);
        let book = open(&bytes, "a.xlsx", &Limits::default()).unwrap();
        assert_eq!(
            book.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(),
            ["名册 一", "名册 一 2"]
        );
        let s = &book.sheets[0];
        assert_eq!(s.rows[0].get(0), Some(&Cell::Text("竹园小学花名册".into())));
        let first = &s.rows[3];
        assert_eq!(first.get(0), Some(&Cell::Text("=HYPERLINK(\"http://x\")".into())));
        assert_eq!(first.get(1), Some(&Cell::Text("13600002217".into())));
        assert_eq!(
            first.get(2),
            Some(&Cell::Number {
                value: 3.0,
                general: false
            })
        );
        assert_eq!(first.get(3).unwrap().shown(), "2014-09-03");
        assert_eq!(s.rows[4].get(0), Some(&Cell::Text("𬱖龙".into())));
    }

    #[test]
    fn odd_tables_do_not_break_the_book() {
        assert!(open(&to_xlsx(&[]), "a.xlsx", &Limits::default()).is_ok());
        let one = Table {
            name: "".into(),
            columns: vec![ColumnOut::new("长", 0.0, CellKind::Text)],
            rows: vec![vec!["长".repeat(40_000).into()], vec![], vec!["\u{1}控制".into()]],
            title: "题".into(),
            ..Table::default()
        };
        let book = open(&to_xlsx(&[one]), "a.xlsx", &Limits::default()).unwrap();
        assert_eq!(book.sheets[0].rows[2].get(0).unwrap().text().chars().count(), 32_767);
    }
}

//! A spreadsheet as read: visible sheets, sparse rows, cells as text, number, date or truth.
//!
//! [`open`] finds out by content what a file is, holds it against the caps of security.md §7 and reads it. Whatever is
//! wrong with a file is said in a sentence; no bytes make it panic or take memory beyond the caps.

mod csv;
mod ole;
mod package;
mod xlsx;

use crate::value::date::from_serial;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tx_base::{Say, say};

/// Caps for one file (security.md §7). Sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub file: usize,
    pub unpacked: u64,
    /// Unpacked to packed, looked at above 10 MiB.
    pub ratio: u64,
    pub entries: usize,
    pub rows: u32,
    pub columns: u16,
    pub cells: u64,
    /// Characters of one cell.
    pub chars: usize,
    /// All text as the cells refer to it, in bytes.
    pub text: u64,
    pub merges: usize,
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file: 20 << 20,
            unpacked: 200 << 20,
            ratio: 200,
            entries: 200,
            rows: 100_000,
            columns: 500,
            cells: 2_000_000,
            chars: 32_767,
            text: 64 << 20,
            merges: 100_000,
            time: Duration::from_secs(30),
        }
    }
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(Arc<str>),
    /// A number. `general` when the sheet shows it in the program's own way, which writes long ones as `4.31E+17`.
    Number {
        value: f64,
        general: bool,
    },
    /// A serial number that the sheet shows as a day, in the 1900 system.
    Date(f64),
    Bool(bool),
}

impl Cell {
    /// The cell as the person sees it in the spreadsheet program, or nearly: long general numbers in powers of ten, days as `2014-09-03`.
    pub fn shown(&self) -> String {
        match self {
            Cell::Number { value, general: true } if value.abs() >= 1e11 => scientific(*value),
            other => other.text(),
        }
    }
    /// The cell's content for reading a value: numbers with all their digits.
    pub fn text(&self) -> String {
        match self {
            Cell::Text(s) => s.to_string(),
            Cell::Number { value, .. } => format!("{value}"),
            Cell::Date(serial) => from_serial(*serial).map_or_else(|| format!("{serial}"), |d| d.to_string()),
            Cell::Bool(true) => "是".into(),
            Cell::Bool(false) => "否".into(),
        }
    }
    pub fn as_str(&self) -> Option<&str> {
        if let Cell::Text(s) = self { Some(s) } else { None }
    }
}

/// `4.31023E+17`, six figures as the programs show it.
fn scientific(value: f64) -> String {
    let s = format!("{value:.5E}");
    match s.split_once('E') {
        Some((head, exp)) => {
            let head = if head.contains('.') {
                head.trim_end_matches('0').trim_end_matches('.')
            } else {
                head
            };
            match exp.strip_prefix('-') {
                Some(e) => format!("{head}E-{e:0>2}"),
                None => format!("{head}E+{exp:0>2}"),
            }
        }
        None => s,
    }
}

/// A cell that is not empty and its column, from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    pub column: u16,
    pub cell: Cell,
    /// Repeated downwards from a merged cell above.
    pub filled: bool,
}

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// As the person sees it, from 1.
    pub number: u32,
    /// By column.
    pub cells: Vec<Slot>,
}

impl Row {
    pub fn slot(&self, column: u16) -> Option<&Slot> {
        self.cells
            .binary_search_by_key(&column, |s| s.column)
            .ok()
            .map(|i| &self.cells[i])
    }
    pub fn get(&self, column: u16) -> Option<&Cell> {
        self.slot(column).map(|s| &s.cell)
    }
    /// Cells of the row's own, without those repeated from above.
    pub fn own(&self) -> impl Iterator<Item = &Slot> {
        self.cells.iter().filter(|s| !s.filled)
    }
}

/// A merged range; rows from 1, columns from 0, ends inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    pub rows: (u32, u32),
    pub columns: (u16, u16),
}

/// A visible sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
    pub merges: Vec<Merge>,
}

/// What kind of file it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    Xls,
    /// Text only: a cell's kind is not known.
    Csv,
}

/// A file that could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    pub file_name: String,
    pub kind: Kind,
    pub sheets: Vec<Sheet>,
    /// Names of hidden sheets, which are not read.
    pub hidden: Vec<String>,
}

/// Reads a file. Errors are sentences for the person who chose it.
pub fn open(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Book, Say> {
    if bytes.is_empty() {
        return Err(say("这是一个空文件", "The file is empty"));
    }
    if bytes.len() > limits.file {
        let (mb, max) = (bytes.len() / (1 << 20) + 1, limits.file >> 20);
        return Err(say(
            format!("文件约 {mb} MB，超过了 {max} MB；请把表拆开，或去掉图片"),
            format!("The file has about {mb} MB, more than {max} MB; split it or take the pictures out"),
        ));
    }
    let mut budget = Budget::new(limits);
    let (kind, sheets, hidden) = if bytes.starts_with(b"PK") {
        package::check(bytes, limits, &budget)?;
        let (sheets, hidden) = guarded(|| xlsx::read(bytes, &mut budget))?;
        (Kind::Xlsx, sheets, hidden)
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let (sheets, hidden) = guarded(|| ole::read(bytes, &mut budget))?;
        (Kind::Xls, sheets, hidden)
    } else {
        not_a_sheet(bytes)?;
        (Kind::Csv, vec![csv::read(bytes, file_name, &mut budget)?], Vec::new())
    };
    let file_name = file_name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    Ok(Book {
        file_name,
        kind,
        sheets,
        hidden,
    })
}

/// The sentence for a file that cannot be made sense of.
fn damaged() -> Say {
    say(
        "文件打不开，可能损坏了；请在Excel或WPS里打开，另存为 .xlsx 再试",
        "The file cannot be read; it may be damaged. Open it in Excel or WPS, save it as .xlsx and try again",
    )
}

fn wrong_type(zh: &str, en: &str) -> Say {
    say(
        format!("这是{zh}，不是表格；请选 .xlsx、.xls 或 .csv 文件"),
        format!("This is {en}, not a spreadsheet; choose an .xlsx, .xls or .csv file"),
    )
}

/// The reading libraries may panic on bytes that nobody wrote with a spreadsheet program: that is a damaged file.
fn guarded<T>(read: impl FnOnce() -> Result<T, Say>) -> Result<T, Say> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged()))
}

fn not_a_sheet(bytes: &[u8]) -> Result<(), Say> {
    let head = &bytes[..bytes.len().min(1024)];
    for (magic, zh, en) in [
        (&b"%PDF"[..], "PDF", "a PDF"),
        (b"\x89PNG", "图片", "a picture"),
        (b"\xFF\xD8\xFF", "图片", "a picture"),
        (b"GIF8", "图片", "a picture"),
        (b"Rar!", "压缩包", "an archive"),
        (b"7z\xBC\xAF", "压缩包", "an archive"),
        (b"\x1F\x8B", "压缩包", "an archive"),
        (b"{\\rtf", "Word文档", "a text document"),
        (b"MZ", "程序", "a program"),
    ] {
        if head.starts_with(magic) {
            return Err(wrong_type(zh, en));
        }
    }
    let text = String::from_utf8_lossy(head).to_lowercase();
    let start = text.trim_start_matches(['\u{FEFF}', ' ', '\r', '\n', '\t']);
    if start.starts_with("<html")
        || start.starts_with("<!doctype html")
        || start.starts_with("<table")
        || start.starts_with("<meta")
        || start.starts_with("<style")
        || start.starts_with("mime-version")
    {
        return Err(say(
            "这其实是网页（HTML），只是名字叫表格；请在Excel或WPS里打开，另存为 .xlsx 再试",
            "This is a web page (HTML) with the name of a spreadsheet; open it in Excel or WPS, save it as .xlsx and try again",
        ));
    }
    if start.starts_with("<?xml") || start.starts_with("<workbook") {
        return Err(say(
            "这是XML，不是表格；请在Excel或WPS里打开，另存为 .xlsx 再试",
            "This is XML, not a spreadsheet; open it in Excel or WPS, save it as .xlsx and try again",
        ));
    }
    Ok(())
}

/// What may still be read, over all sheets of the file.
struct Budget {
    limits: Limits,
    cells: u64,
    text: u64,
    merges: usize,
    until: Instant,
}

impl Budget {
    fn new(limits: &Limits) -> Budget {
        Budget {
            limits: *limits,
            cells: 0,
            text: 0,
            merges: 0,
            until: Instant::now() + limits.time,
        }
    }
    fn clock(&self) -> Result<(), Say> {
        if Instant::now() > self.until {
            let s = self.limits.time.as_secs();
            return Err(say(
                format!("读了 {s} 秒还没读完，请把表拆开"),
                format!("Not read after {s} s; split the file"),
            ));
        }
        Ok(())
    }
    /// Takes note of one cell. `row` and `column` from 0.
    fn cell(&mut self, sheet: &str, row: u32, column: u32) -> Result<(), Say> {
        let l = &self.limits;
        if row >= l.rows {
            return Err(say(
                format!("表“{sheet}”第 {} 行还有字，超过了 {} 行", row.saturating_add(1), l.rows),
                format!(
                    "Sheet “{sheet}” has text in row {}, beyond {} rows",
                    row.saturating_add(1),
                    l.rows
                ),
            ));
        }
        if column >= u32::from(l.columns) {
            return Err(say(
                format!(
                    "表“{sheet}”第 {} 列还有字，超过了 {} 列",
                    column.saturating_add(1),
                    l.columns
                ),
                format!(
                    "Sheet “{sheet}” has text in column {}, beyond {} columns",
                    column.saturating_add(1),
                    l.columns
                ),
            ));
        }
        self.cells += 1;
        if self.cells > l.cells {
            return Err(say(
                format!("有字的格子超过了 {} 个，请把表拆开", l.cells),
                format!("More than {} cells; split the file", l.cells),
            ));
        }
        if self.cells.is_multiple_of(8192) {
            self.clock()
        } else {
            Ok(())
        }
    }
    fn text(&mut self, sheet: &str, row: u32, text: &str) -> Result<(), Say> {
        let max = self.limits.chars;
        if text.len() > max && text.chars().count() > max {
            return Err(say(
                format!("表“{sheet}”第 {} 行有一格超过了 {max} 个字", row.saturating_add(1)),
                format!(
                    "Sheet “{sheet}”, row {}: a cell has more than {max} characters",
                    row.saturating_add(1)
                ),
            ));
        }
        self.text += text.len() as u64;
        if self.text > self.limits.text {
            return Err(say("表里的字太多了，请把表拆开", "Too much text in the file; split it"));
        }
        Ok(())
    }
}

/// Collects cells in any order into a sheet.
struct Gather {
    name: String,
    rows: BTreeMap<u32, Vec<Slot>>,
}

impl Gather {
    fn new(name: &str) -> Gather {
        Gather {
            name: name.chars().filter(|c| !c.is_control()).take(100).collect(),
            rows: BTreeMap::new(),
        }
    }
    /// `row` and `column` from 0, checked by the budget before.
    fn put(&mut self, row: u32, column: u32, cell: Cell) {
        let column = column as u16;
        let cells = self.rows.entry(row).or_default();
        let slot = Slot {
            column,
            cell,
            filled: false,
        };
        match cells.last() {
            Some(last) if last.column >= column => match cells.binary_search_by_key(&column, |s| s.column) {
                Ok(i) => cells[i] = slot,
                Err(i) => cells.insert(i, slot),
            },
            _ => cells.push(slot),
        }
    }
    /// Ends the sheet: merged cells repeat downwards in their first column.
    fn finish(mut self, merges: Vec<Merge>, budget: &mut Budget) -> Result<Sheet, Say> {
        budget.merges += merges.len();
        if budget.merges > budget.limits.merges {
            return Err(say("合并的格子太多了", "Too many merged cells"));
        }
        let mut work = 0u64;
        for m in &merges {
            let (from, to, column) = (m.rows.0 - 1, m.rows.1 - 1, m.columns.0);
            if to <= from {
                continue;
            }
            let Some(cell) = self.rows.get(&from).and_then(|r| {
                r.binary_search_by_key(&column, |s| s.column)
                    .ok()
                    .map(|i| r[i].cell.clone())
            }) else {
                continue;
            };
            for (_, cells) in self.rows.range_mut(from + 1..=to) {
                work += 1;
                if let Err(i) = cells.binary_search_by_key(&column, |s| s.column) {
                    cells.insert(
                        i,
                        Slot {
                            column,
                            cell: cell.clone(),
                            filled: true,
                        },
                    );
                    budget.cells += 1;
                }
            }
            if work > budget.limits.cells || budget.cells > budget.limits.cells {
                return Err(say("合并的格子太多了", "Too many merged cells"));
            }
        }
        let rows = self
            .rows
            .into_iter()
            .map(|(n, cells)| Row { number: n + 1, cells })
            .collect();
        Ok(Sheet {
            name: self.name,
            rows,
            merges,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_seen() {
        let general = |value| Cell::Number { value, general: true }.shown();
        assert_eq!(general(4.310_232_014_031_5e17), "4.31023E+17");
        assert_eq!(general(13_600_002_217.0), "13600002217");
        assert_eq!(general(3.2), "3.2");
        assert_eq!(
            Cell::Number {
                value: 431_023_201_403_150_000.0,
                general: false
            }
            .shown(),
            "431023201403150000"
        );
        assert_eq!(Cell::Date(41885.0).shown(), "2014-09-03");
    }

    #[test]
    fn other_files_are_named() {
        let say = |b: &[u8]| open(b, "名单.xls", &Limits::default()).unwrap_err().zh;
        assert!(say(b"%PDF-1.7 ...").contains("PDF"));
        assert!(say(b"\x89PNG\r\n").contains("图片"));
        assert!(say(b"\xEF\xBB\xBF  <HTML><table>").contains("网页"));
        assert!(say(b"<?xml version=\"1.0\"?><Workbook/>").contains("XML"));
        assert!(say(b"").contains("空文件"));
        assert!(say(b"PK\x03\x04 broken").contains("损坏"));
        assert!(say(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 broken").contains("损坏"));
        assert!(say(&vec![b'a'; (20 << 20) + 1]).contains("20 MB"));
    }
}

//! CSV and other separated text: encoding by mark, then UTF-8, then GB 18030 (four-byte characters too), then a guess.

use super::{Budget, Cell, Gather, Sheet};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::{borrow::Cow, sync::Arc};
use tx_base::{Say, say};

/// Reads a text file as one sheet named after the file.
pub fn read(bytes: &[u8], file_name: &str, budget: &mut Budget) -> Result<Sheet, Say> {
    let text = decode(bytes)?;
    let delimiter = delimiter_of(&text);
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = stem.rsplit_once('.').map_or(stem, |(s, _)| s);
    let mut sheet = Gather::new(if name.is_empty() { "CSV" } else { name });
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut line = Lines::default();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(_) => return Err(super::damaged()),
        }
        // rows as a spreadsheet program numbers them: a record with line breaks in quotes is one row, an empty line is one too
        let row = line.row_of(&text, record.position());
        for (column, value) in record.iter().enumerate() {
            let value = unquote(value);
            if value.trim().is_empty() {
                continue;
            }
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            budget.cell(name, row, column)?;
            budget.text(name, row, value)?;
            sheet.put(row, column, Cell::Text(Arc::from(value)));
        }
    }
    sheet.finish(Vec::new(), budget)
}

/// Counts the rows: the csv reader skips empty lines, a spreadsheet program does not.
#[derive(Default)]
struct Lines {
    byte: usize,
    row: u32,
    begun: bool,
}

impl Lines {
    fn row_of(&mut self, text: &str, at: Option<&csv::Position>) -> u32 {
        let start = at.map_or(self.byte, |p| p.byte() as usize).min(text.len());

        // empty lines stand between the end of the last record and the start of this one: the reader reports the position before them
        let bytes = text.as_bytes();
        let mut byte = start;
        // the second half of the last record's CRLF
        if self.begun && byte > 0 && bytes[byte - 1] == b'\r' && bytes.get(byte) == Some(&b'\n') {
            byte += 1;
        }
        if self.begun {
            self.row = self.row.saturating_add(1);
        }
        self.begun = true;
        loop {
            match bytes.get(byte) {
                Some(b'\r') if bytes.get(byte + 1) == Some(&b'\n') => byte += 2,
                Some(b'\r' | b'\n') => byte += 1,
                _ => break,
            }
            self.row = self.row.saturating_add(1);
        }
        self.byte = byte;
        self.row
    }
}

/// `="0123"` is how some programs keep digits as text; a leading `'` is how [`crate::to_csv`] keeps a text from being a formula.
fn unquote(value: &str) -> &str {
    let v = value.trim_matches('\u{FEFF}');
    if let Some(inner) = v.strip_prefix("=\"").and_then(|r| r.strip_suffix('"')) {
        return inner;
    }
    match v.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) => rest,
        _ => v,
    }
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Say> {
    let unknown = || {
        say(
            "看不出文件用的是什么文字编码；请在Excel或WPS里另存为 .xlsx 再试",
            "The file's text encoding is not known; save it as .xlsx in Excel or WPS and try again",
        )
    };
    let marked = Encoding::for_bom(bytes);
    let utf16 = marked.is_some_and(|(e, _)| e != UTF_8);
    if !utf16 && bytes.contains(&0) {
        return Err(say(
            "这不是表格文件；请选 .xlsx、.xls 或 .csv 文件",
            "This is not a spreadsheet; choose an .xlsx, .xls or .csv file",
        ));
    }
    if let Some((encoding, skip)) = marked {
        let (text, bad) = encoding.decode_without_bom_handling(&bytes[skip..]);
        return if bad { Err(unknown()) } else { Ok(text) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector
        .guess(Some(b"cn"), Utf8Detection::Allow)
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(unknown)
}

/// The separator that most evenly divides the first lines.
fn delimiter_of(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(30).collect();
    let score = |d: char| {
        let mut quoted = false;
        let mut counts: Vec<usize> = Vec::new();
        for line in &lines {
            let n = line
                .chars()
                .filter(|c| {
                    if *c == '"' {
                        quoted = !quoted;
                    }
                    !quoted && *c == d
                })
                .count();
            counts.push(n);
        }
        counts.sort_unstable();
        // how many lines share the commonest count, times that count
        counts
            .chunk_by(|a, b| a == b)
            .filter(|c| c[0] > 0)
            .map(|c| c.len() * 100 + c[0].min(99))
            .max()
            .unwrap_or(0)
    };
    [',', '\t', ';', '|']
        .into_iter()
        .rev()
        .max_by_key(|d| score(*d))
        .map_or(b',', |d| d as u8)
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, open};
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let book = open(bytes, "名单.csv", &Limits::default()).unwrap();
        book.sheets[0]
            .rows
            .iter()
            .map(|r| (r.number, r.cells.iter().map(|s| s.cell.text()).collect()))
            .collect()
    }

    #[test]
    fn encodings() {
        let text = "姓名,性别\r\n𬱖龙㛃,男\r\n";
        let (gb, _, bad) = GB18030.encode(text);
        assert!(
            !bad && gb.windows(4).any(|w| w[0] >= 0x81 && (0x30..=0x39).contains(&w[1])),
            "holds a four-byte character"
        );
        let want = vec![
            (1, vec!["姓名".to_string(), "性别".into()]),
            (2, vec!["𬱖龙㛃".into(), "男".into()]),
        ];
        assert_eq!(cells(&gb), want);
        assert_eq!(cells(text.as_bytes()), want);
        assert_eq!(cells(format!("\u{FEFF}{text}").as_bytes()), want);
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(cells(&utf16), want);
    }

    #[test]
    fn separators_quotes_and_empty_lines() {
        assert_eq!(cells("姓名\t性别\n张三\t男".as_bytes())[1].1, ["张三", "男"]);
        assert_eq!(cells("姓名;备注\n张三;一,二".as_bytes())[1].1, ["张三", "一,二"]);
        assert_eq!(
            cells("姓名,备注\n\n\"张\n三\",\"a,b\"\n李四,=\"0123\"".as_bytes()),
            vec![
                (1, vec!["姓名".into(), "备注".into()]),
                (3, vec!["张\n三".into(), "a,b".into()]),
                (4, vec!["李四".into(), "0123".into()]),
            ]
        );
    }

    #[test]
    fn refusals() {
        let say = |b: &[u8]| open(b, "a.csv", &Limits::default()).unwrap_err().zh;
        assert!(say(b"a\0b").contains("不是表格"));
        let long = format!("姓名\n\"{}\"", "长".repeat(32_768));
        assert!(say(long.as_bytes()).contains("32767"));
        assert!(say("x,".repeat(600).as_bytes()).contains("500 列"));
        assert!(say("x\n".repeat(100_001).as_bytes()).contains("100000 行"));
    }
}

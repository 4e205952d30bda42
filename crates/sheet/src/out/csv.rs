use super::{CellOut, Table};

/// UTF-8 with mark and CRLF, so that Excel on a Chinese Windows reads it. Headers and rows only, for other programs.
/// A text that a spreadsheet program could take for a formula gets a leading `'` (security.md §7).
pub fn to_csv(table: &Table) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    // writing to memory cannot fail
    let _ = out.write_record(table.columns.iter().map(|c| safe(&c.header)));
    for row in &table.rows {
        let _ = out.write_record(row.iter().map(|cell| match cell {
            CellOut::Empty => String::new(),
            CellOut::Text(s) => safe(s),
            CellOut::Int(n) => n.to_string(),
            CellOut::Number(n) => n.to_string(),
            CellOut::Day(d) => d.to_string(),
        }));
    }
    out.into_inner().unwrap_or_default()
}

fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CellKind, ColumnOut};
    use super::*;
    use crate::{Limits, open};

    #[test]
    fn no_formula_and_back() {
        let texts = [
            "=1+1", "+86", "-", "@x", "\tt", "＝A1", "－1", "平常", "a,b\"c", "多\n行",
        ];
        let table = Table {
            columns: vec![
                ColumnOut::new("文字", 10.0, CellKind::Text),
                ColumnOut::new("数", 5.0, CellKind::Int),
            ],
            rows: texts
                .iter()
                .map(|t| vec![CellOut::from(*t), CellOut::Int(-5)])
                .collect(),
            ..Table::default()
        };
        let bytes = to_csv(&table);
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with('\u{FEFF}') && text.contains("\r\n"));
        for line in text.trim_start_matches('\u{FEFF}').split("\r\n") {
            assert!(
                !line
                    .trim_start_matches('"')
                    .starts_with(['=', '+', '@', '\t', '＝', '＋']),
                "{line:?}"
            );
        }
        let book = open(&bytes, "a.csv", &Limits::default()).unwrap();
        let back: Vec<String> = book.sheets[0].rows[1..]
            .iter()
            .map(|r| r.get(0).unwrap().text())
            .collect();
        assert_eq!(back, texts);
    }
}

//! How a ledger lies on paper: columns as narrow as their content lets them, long texts wrapped; what is still too wide goes over several
//! sheets side by side, with the columns that say whose row it is on each of them.

use super::xlsx::{content, wide};
use super::{CellKind, CellOut, Table};

/// Points across A4 landscape inside the margins, a little kept back for the rounding of programs.
const PAGE: f64 = 755.0;
/// The smallest scale: 10.5 points print as 7.5, which is still read at arm's length.
const LEAST: f64 = 0.72;
/// To so many characters a column of long texts is squeezed before the table is parted.
const NARROW: f64 = 16.0;
const WIDEST: f64 = 40.0;

/// The columns on paper.
pub(super) struct Print {
    /// in characters
    pub widths: Vec<f64>,
    /// per cent
    pub scale: u16,
    /// First columns of the second and further sheets across; empty when one is wide enough.
    pub breaks: Vec<u32>,
    /// lines of the tallest heading
    pub head_lines: usize,
}

impl Print {
    pub fn of(table: &Table) -> Print {
        let mut widths: Vec<f64> = (0..table.columns.len()).map(|i| width(table, i)).collect();
        let room = PAGE / LEAST;
        let mut breaks = Vec::new();
        let mut used = total(&widths);
        if used > room {
            let spare: f64 = widths.iter().map(|w| points(*w) - points(w.min(NARROW))).sum();
            if spare >= used - room {
                let part = (used - room) / spare;
                for w in widths.iter_mut().filter(|w| **w > NARROW) {
                    *w -= (*w - NARROW) * part;
                }
                used = total(&widths);
            } else {
                let keys = table.keys.min(widths.len());
                let key = total(&widths[..keys]);
                (breaks, used) = parts(&widths, keys, room - key);
                used += key;
            }
        }
        let head_lines = table.columns.iter().zip(&widths);
        Print {
            scale: ((PAGE / used.max(1.0) * 100.0).floor() as u16).clamp(10, 100),
            breaks,
            head_lines: head_lines.map(|(c, w)| lines(&c.header, *w)).max().unwrap_or(1),
            widths,
        }
    }
    /// Columns of the first sheet.
    pub fn first(&self) -> usize {
        self.breaks.first().map_or(self.widths.len(), |b| *b as usize)
    }
    /// Lines of the tallest cell of a row: not every program makes room for wrapped text by itself.
    pub fn tallest(&self, row: &[CellOut]) -> usize {
        let lines = row.iter().zip(&self.widths).map(|(cell, w)| match cell {
            CellOut::Text(s) => s.lines().map(|l| lines(l, *w)).sum(),
            _ => 1,
        });
        lines.max().unwrap_or(1)
    }
    /// Lines that a text takes across the first sheet.
    pub fn lines(&self, text: &str) -> usize {
        lines(text, self.widths[..self.first()].iter().sum())
    }
}

/// A column of so many characters, with the margins of its cells, in points (Excel: 7 pixels a character and 5 more).
fn points(width: f64) -> f64 {
    width * 5.25 + 3.75
}
fn total(widths: &[f64]) -> f64 {
    widths.iter().map(|w| points(*w)).sum()
}
fn lines(text: &str, width: f64) -> usize {
    ((wide(text) / (width - 1.0).max(1.0)).ceil() as usize).max(1)
}

/// As wide as the content; a heading of more than four characters takes two lines.
fn width(table: &Table, i: usize) -> f64 {
    let head = wide(&table.columns[i].header);
    let head = if head > 8.0 { (head / 2.0).ceil().max(8.0) } else { head };
    // a day or a number must stand in one line, words may wrap
    let least = if table.columns[i].kind == CellKind::Day {
        10.0
    } else {
        0.0
    };
    (content(table, i).max(head).max(least) + 2.0).clamp(5.0, WIDEST)
}

/// Cuts the columns after the keys into as few parts as fit, of about the same width: where each but the first begins, and the widest of them.
fn parts(widths: &[f64], keys: usize, room: f64) -> (Vec<u32>, f64) {
    let cut = |most: f64| {
        let (mut breaks, mut widest, mut now) = (Vec::new(), 0.0_f64, 0.0);
        for (i, w) in widths.iter().enumerate().skip(keys) {
            if now > 0.0 && now + points(*w) > most {
                breaks.push(i as u32);
                now = 0.0;
            }
            now += points(*w);
            widest = widest.max(now);
        }
        (breaks, widest)
    };
    let fewest = cut(room);
    let body = total(&widths[keys..]);
    let mut most = body / (fewest.0.len() + 1) as f64;
    while most < room {
        let even = cut(most);
        if even.0.len() <= fewest.0.len() {
            return even;
        }
        most += 5.0;
    }
    fewest
}

#[cfg(test)]
mod tests {
    use super::super::ColumnOut;
    use super::*;

    fn table(columns: &[(&str, &str)]) -> Table {
        Table {
            columns: columns
                .iter()
                .map(|(h, _)| ColumnOut::new(*h, 14.0, CellKind::Text))
                .collect(),
            rows: vec![columns.iter().map(|(_, v)| CellOut::from(*v)).collect()],
            keys: 2,
            ..Table::default()
        }
    }
    fn fits(p: &Print, keys: usize) {
        let mut ends: Vec<usize> = p.breaks.iter().map(|b| *b as usize).collect();
        ends.push(p.widths.len());
        let mut from = 0;
        for end in ends {
            let again = if from == 0 { 0.0 } else { total(&p.widths[..keys]) };
            let used = again + total(&p.widths[from..end]);
            assert!(
                used * f64::from(p.scale) / 100.0 <= PAGE + 1.0,
                "columns {from} to {end}"
            );
            from = end;
        }
        assert!(p.scale >= 70, "{} per cent is too small to read", p.scale);
    }

    #[test]
    fn a_small_table_is_printed_as_it_is() {
        let p = Print::of(&table(&[("序号", "1"), ("姓名", "石若曦"), ("班级", "四(1)班")]));
        assert_eq!((p.scale, p.breaks.len(), p.head_lines), (100, 0, 1));
        assert!(p.widths.iter().all(|w| *w < 11.0), "{:?}", p.widths);
    }

    #[test]
    fn long_texts_give_way_before_the_table_is_parted() {
        let long = "说了很久，说到爸爸什么时候回来，也说到数学".repeat(3);
        let mut all = vec![("序号", "1"), ("姓名", "石若曦")];
        all.extend([("一句话", long.as_str()); 7]);
        let p = Print::of(&table(&all));
        assert!(p.breaks.is_empty() && p.widths[3] < WIDEST && p.widths[3] > NARROW);
        assert!((4..12).contains(&p.tallest(&[CellOut::Empty, CellOut::Int(1), CellOut::from(long.as_str())])));
        fits(&p, 2);
    }

    #[test]
    fn what_is_too_wide_goes_over_sheets_that_each_say_whose_row_it_is() {
        let mut all = vec![("序号", "1"), ("姓名", "石若曦")];
        all.extend([("父亲电话", "13600002217"); 23]);
        let p = Print::of(&table(&all));
        assert!(!p.breaks.is_empty() && p.first() > 2);
        fits(&p, 2);
        let none = Print::of(&Table {
            keys: 1,
            ..Table::default()
        });
        assert_eq!((none.widths.len(), none.scale), (0, 100));
    }
}

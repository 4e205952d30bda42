//! No bytes make the reader panic or hang, and what is written can be read.

use super::{options, read};
use crate::{Limits, error_sheet, fixtures::*, open, roster};
use proptest::prelude::*;

fn survives(bytes: &[u8], name: &str) {
    if let Ok(book) = open(bytes, name, &Limits::default()) {
        let r = roster(&book, &options());
        let bad: std::collections::BTreeSet<_> = r.errors.iter().map(|e| (&e.sheet, e.row)).collect();
        // every row is good, bad or a repetition, and no bad row comes in
        assert_eq!(
            r.total as usize,
            r.rows.len() + r.rejected as usize + r.repeated as usize
        );
        assert!(
            r.rows
                .iter()
                .all(|row| !bad.contains(&(&row.sheet, row.row)) && !row.child.name.is_empty())
        );
        assert!(!error_sheet(&book, &r).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        survives(&bytes, "x");
    }

    #[test]
    fn any_text(head in prop::sample::select(vec!["姓名,性别,出生日期,身份证号,班级,监护人,关系,电话,父亲,父亲电话", "序号,姓名,年龄,外出情况,是否留守"]), body in "\\PC{0,400}") {
        survives(format!("{head}\n{body}").as_bytes(), "x.csv");
    }

    #[test]
    fn any_cells(cells in prop::collection::vec(prop::collection::vec("[0-9年月日.\\-/（）()、 \\n同上无张三和爷奶外公婆Xx号E+]{0,20}", 10), 1..6)) {
        let mut text = String::from("姓名,性别,出生日期,身份证号,班级,监护人,关系,电话,父亲,父亲电话\n");
        for row in &cells {
            text.push_str(&row.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        survives(text.as_bytes(), "x.csv");
    }

    #[test]
    fn broken_packages(seed in 0u64..4, at in any::<prop::sample::Index>(), byte in any::<u8>(), n in 1usize..40) {
        let mut bytes = school_roster(6, seed);
        let i = at.index(bytes.len());
        for k in 0..n {
            let len = bytes.len();
            bytes[(i + k * 7) % len] ^= byte;
        }
        survives(&bytes, "x.xlsx");
    }
}

#[test]
fn reading_is_the_same_twice() {
    let file = school_roster(60, 3);
    assert_eq!(read(&file, "a.xlsx"), read(&file, "a.xlsx"));
}

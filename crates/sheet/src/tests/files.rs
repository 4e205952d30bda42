//! Bombs, damage and wrong kinds: each refused in words.

use crate::{Limits, fixtures::*, open};

fn refused(bytes: &[u8]) -> String {
    let e = open(bytes, "名单.xlsx", &Limits::default()).expect_err("must be refused");
    assert!(!e.zh.is_empty() && !e.en.is_empty() && !e.en.contains("panick"));
    e.zh
}

#[test]
fn a_far_corner_takes_no_memory() {
    let file = far_corner();
    assert!(file.len() < 2_000);
    let said = refused(&file);
    assert!(said.contains("超过了 100000 行"), "{said}");
    let wide = hand_made(
        r#"<sheetData><row r="1"><c r="ZZ1" t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#,
        None,
    );
    assert!(refused(&wide).contains("500 列"));
}

#[test]
fn bombs() {
    let ratio = bomb(12);
    assert!(ratio.len() < 100_000, "{}", ratio.len());
    let said = refused(&ratio);
    assert!(said.contains("不正常"), "{said}");
    // below the ratio's threshold, above the unpacked cap of a smaller setting
    let limits = Limits {
        unpacked: 4 << 20,
        ..Limits::default()
    };
    assert!(
        open(&bomb(8), "a.xlsx", &limits)
            .unwrap_err()
            .zh
            .contains("解开后超过了 4 MB")
    );
    let many: Vec<(String, Vec<u8>)> = (0..201).map(|i| (format!("xl/x{i}.xml"), b"<a/>".to_vec())).collect();
    let parts: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    assert!(refused(&package(&parts)).contains("201 个部分"));
    let cells = Limits {
        cells: 1_000,
        ..Limits::default()
    };
    assert!(
        open(&school_roster(100, 1), "a.xlsx", &cells)
            .unwrap_err()
            .zh
            .contains("1000 个")
    );
}

#[test]
fn declared_sizes_are_not_believed() {
    let sheet = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>"#;
    let strings = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="99999999999"><si><t>姓名</t></si></sst>"#;
    assert!(refused(&hand_made(sheet, Some(strings))).contains("不正常"));
    // one long text referred to a million times
    let long = format!(
        r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>"#,
        "长".repeat(30_000)
    );
    let rows: String = (1..=2_000)
        .map(|r| format!(r#"<row r="{r}"><c t="s"><v>0</v></c></row>"#))
        .collect();
    assert!(refused(&hand_made(&format!("<sheetData>{rows}</sheetData>"), Some(&long))).contains("字太多"));
}

#[test]
fn declarations_and_long_cells() {
    let sheet = r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData>"#;
    let made = hand_made(sheet, None);
    assert!(open(&made, "a.xlsx", &Limits::default()).is_err());
    let strings = format!(
        r#"<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaa">]><sst><si><t>{}</t></si></sst>"#,
        " ".repeat(200)
    );
    assert!(refused(&hand_made("<sheetData></sheetData>", Some(&strings))).contains("DTD"));
    let long = format!(
        r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>"#,
        "长".repeat(32_768)
    );
    assert!(refused(&hand_made(&long, None)).contains("32767"));
    let huge = format!(
        r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>"#,
        "长x".repeat(120_000)
    );
    assert!(refused(&hand_made(&huge, None)).contains("字太多"));
}

#[test]
fn damage() {
    let good = school_roster(20, 1);
    for cut in [10, good.len() / 3, good.len() / 2, good.len() - 30] {
        assert!(refused(&good[..cut]).contains("损坏"), "cut at {cut}");
    }
    let word = package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    assert!(refused(&word).contains("Word"));
    assert!(refused(&package(&[("a.txt", b"hello")])).contains("压缩包"));
    assert!(
        refused(&package(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", b"<x/>")
        ]))
        .contains("ods")
    );
}

/// A compound file with the given streams.
fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    for (name, body) in streams {
        file.create_stream(name).unwrap().write_all(body).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// A BIFF8 workbook with one sheet of label cells.
fn biff(cells: &[(u16, u16, &str)], dimension: Option<(u32, u16)>) -> Vec<u8> {
    let bof = |kind: u16| {
        record(
            0x0809,
            &[&0x0600u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat(),
        )
    };
    let utf16 = |s: &str| s.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut globals = bof(5);
    let name = utf16("表1");
    let bound_len = 4 + 8 + name.len();
    let at = globals.len() + bound_len + 4 + 4;
    let mut bound = (at as u32 - 4).to_le_bytes().to_vec();
    bound.extend([0, 0, 2, 1]);
    bound.extend(&name);
    // position of the sheet: after this record and the end of the globals
    let pos = globals.len() + 4 + bound.len() + 4;
    bound[..4].copy_from_slice(&(pos as u32).to_le_bytes());
    globals.extend(record(0x0085, &bound));
    globals.extend(record(0x000A, &[]));
    assert_eq!(globals.len(), pos);
    let mut sheet = bof(0x10);
    if let Some((rows, columns)) = dimension {
        sheet.extend(record(
            0x0200,
            &[
                &0u32.to_le_bytes()[..],
                &rows.to_le_bytes(),
                &0u16.to_le_bytes(),
                &columns.to_le_bytes(),
                &[0, 0],
            ]
            .concat(),
        ));
    }
    for (row, column, text) in cells {
        let chars = utf16(text);
        let mut data = [
            &row.to_le_bytes()[..],
            &column.to_le_bytes(),
            &[0, 0],
            &(chars.len() as u16 / 2).to_le_bytes(),
            &[1],
        ]
        .concat();
        data.extend(chars);
        sheet.extend(record(0x0204, &data));
    }
    sheet.extend(record(0x000A, &[]));
    compound(&[("/Workbook", &[globals, sheet].concat())])
}

#[test]
fn old_files() {
    let book = open(
        &biff(
            &[(0, 0, "姓名"), (0, 1, "性别"), (1, 0, "罗小溪"), (1, 1, "女")],
            Some((2, 2)),
        ),
        "名单.xls",
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(book.sheets[0].name, "表1");
    assert_eq!(book.sheets[0].rows[1].get(0).unwrap().text(), "罗小溪");
    let said = refused(&biff(&[(0, 0, "姓名"), (65_535, 255, "x")], None));
    assert!(said.contains("2000000 格"), "{said}");
    assert!(refused(&biff(&[(0, 0, "姓名")], Some((4_000_000_000, 256)))).contains("损坏"));
    assert!(refused(&compound(&[("/EncryptedPackage", b"..."), ("/EncryptionInfo", b"...")])).contains("密码"));
    assert!(refused(&compound(&[("/WordDocument", b"...")])).contains("Word"));
    assert!(refused(&compound(&[("/Other", b"...")])).contains("损坏"));
}

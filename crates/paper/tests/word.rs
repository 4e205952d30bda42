//! The document as a Word file.

mod sample;

use std::io::{Cursor, Read};
use std::process::Command;

use quick_xml::events::Event;
use tx_paper::*;

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..zip.len())
        .map(|i| {
            let mut f = zip.by_index(i).expect("an entry");
            let mut data = Vec::new();
            f.read_to_end(&mut data).expect("its bytes");
            (f.name().expect("a name").into_owned(), data)
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let (_, data) = parts(bytes)
        .into_iter()
        .find(|(n, _)| n == name)
        .unwrap_or_else(|| panic!("no {name}"));
    String::from_utf8(data).expect("UTF-8")
}

/// Reads the XML to its end, checks that tags match, and gives back the words of `w:t`.
fn words(xml: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut out, mut inside, mut depth) = (String::new(), false, 0i32);
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|e| panic!("not well-formed: {e} at {}", reader.error_position()))
        {
            Event::Eof => break,
            Event::Start(e) => {
                depth += 1;
                e.attributes().for_each(|a| drop(a.expect("an attribute")));
                inside = e.name().as_ref() == b"w:t";
            }
            Event::Empty(e) => {
                e.attributes().for_each(|a| drop(a.expect("an attribute")));
                if e.name().as_ref() == b"w:br" {
                    out.push('\n');
                }
            }
            Event::End(e) => {
                depth -= 1;
                inside = false;
                if e.name().as_ref() == b"w:p" {
                    out.push('\n');
                }
            }
            Event::Text(t) if inside => out += &t.decode().expect("text"),
            Event::GeneralRef(r) if inside => match r.resolve_char_ref().expect("a reference") {
                Some(c) => out.push(c),
                None => {
                    out += quick_xml::escape::resolve_predefined_entity(&r.decode().expect("a name"))
                        .expect("a known entity")
                }
            },
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    out
}

fn well_formed(bytes: &[u8]) {
    let all = parts(bytes);
    for (name, data) in &all {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            words(std::str::from_utf8(data).expect("UTF-8"));
        }
    }
    // every picture that is referred to is there
    let rels = String::from_utf8(
        all.iter()
            .find(|(n, _)| n == "word/_rels/document.xml.rels")
            .expect("relations")
            .1
            .clone(),
    )
    .expect("UTF-8");
    for target in rels.split("Target=\"media/").skip(1) {
        let file = format!("word/media/{}", target.split('"').next().expect("a name"));
        assert!(
            all.iter().any(|(n, d)| *n == file && d.starts_with(b"\x89PNG")),
            "{file} is missing"
        );
    }
}

/// A short document for the snapshot.
fn short() -> Doc {
    let mut d = Doc::new("工作总结");
    d.subtitle = Some("（2025年9月1日至2026年1月31日）".into());
    d.heading(1, "一、组织领导")
        .heading(2, "（一）分工")
        .heading(3, "1. 校长")
        .heading(4, "（1）安全");
    d.para(vec![
        Inline::text("现有"),
        sample::num("175", "children.left_behind"),
        Inline::text("名，电话"),
        Inline::missing("电话", "/x"),
        Inline::bold("要紧"),
    ]);
    d.push(Block::Table(Table {
        columns: vec![Column::new(1, Align::Left), Column::new(2, Align::Right)],
        head: vec![vec!["月".into(), "次".into()]],
        rows: vec![vec!["九月".into(), "12".into()], vec!["十月".into()]],
        caption: vec!["谈心".into()],
    }));
    d.push(Block::Signature {
        org: "东坪小学".into(),
        date: "2026年2月1日".into(),
    });
    d
}

#[test]
fn the_xml_of_a_short_document() {
    let docx = to_docx(&short()).expect("docx");
    insta::assert_snapshot!(part(&docx, "word/document.xml").replace("><", ">\n<"));
}

#[test]
fn shape_of_the_standard() {
    let docx = to_docx(&sample::summary()).expect("docx");
    well_formed(&docx);
    let xml = part(&docx, "word/document.xml");
    // 37, 26, 35, 28 mm in twips on A4
    assert!(xml.contains(r#"w:w="11906" w:h="16838""#));
    for margin in [
        r#"w:top="2098""#,
        r#"w:right="1474""#,
        r#"w:bottom="1984""#,
        r#"w:left="1588""#,
    ] {
        assert!(xml.contains(margin), "{margin}");
    }
    let styles = part(&docx, "word/styles.xml");
    for font in ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"] {
        assert!(
            xml.contains(&format!("w:eastAsia=\"{font}\"")) && styles.contains(font),
            "{font}"
        );
    }
    assert!(styles.contains(r#"w:line="579" w:lineRule="exact""#), "exact 28.95 pt");
    assert!(styles.contains(r#"w:firstLineChars="200""#));
    assert_eq!(
        xml.matches("<w:tblHeader />").count(),
        2,
        "both rows of the head are repeated"
    );
    assert!(xml.contains("descr=\"三种联系的人次\""));
    // odd pages right, even pages left
    assert!(part(&docx, "word/settings.xml").contains("evenAndOddHeaders"));
    assert!(part(&docx, "word/footer1.xml").contains("PAGE") && part(&docx, "word/footer2.xml").contains("PAGE"));
    assert!(part(&docx, "word/fontTable.xml").contains(r#"<w:altName w:val="仿宋"/>"#));
    let core = part(&docx, "docProps/core.xml");
    assert!(
        core.contains("<dc:title>农村留守儿童关爱工作总结</dc:title>") && core.contains("2026-09-05T00:00:00Z"),
        "{core}"
    );
    let text = words(&xml);
    assert!(
        text.contains("现有17个教学班、1181名学生，其中留守儿童175名")
            && text.contains("联系电话〔未填〕")
            && text.contains("㛃䶮𬱖")
    );
}

#[test]
fn hostile_words_are_words() {
    let docx = to_docx(&sample::hostile()).expect("docx");
    well_formed(&docx);
    let text = words(&part(&docx, "word/document.xml"));
    for h in sample::HOSTILE {
        assert!(text.matches(h).count() >= 5, "{h} is not printed as it stands");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(
        to_docx(&sample::summary()).expect("docx"),
        to_docx(&sample::summary()).expect("docx")
    );
    let f = [contact_card(&sample::card(1)), sample::file()];
    assert_eq!(forms_docx(&f).expect("docx"), forms_docx(&f).expect("docx"));
}

#[test]
fn forms_hold_their_grid() {
    let docx = forms_docx(&[
        contact_card(&sample::card(1)),
        contact_card(&sample::card(2)),
        sample::file(),
    ])
    .expect("docx");
    well_formed(&docx);
    let xml = part(&docx, "word/document.xml");
    assert_eq!(xml.matches("<wp:docPr ").count(), 3);
    assert_eq!(
        xml.matches("<w:tblHeader />").count(),
        2,
        "the heads of the two lists of contacts"
    );
    assert_eq!(
        xml.matches(r#"<w:vMerge w:val="restart" />"#).count(),
        3,
        "the cells of the codes"
    );
    let text = words(&xml);
    assert!(
        text.contains("彭佳怡1")
            && text.contains("彭佳怡2")
            && text.contains("每月谈心一次\n期初、期中、期末各家访一次")
    );
    // each row of a table fills the width of its grid, or Word repairs the file
    for table in xml.split("<w:tbl>").skip(1) {
        let columns = table
            .split("</w:tblGrid>")
            .next()
            .expect("a grid")
            .matches("<w:gridCol ")
            .count();
        for row in table.split("<w:tr>").skip(1) {
            let row = row.split("</w:tr>").next().expect("a row");
            let width: usize = row
                .split("<w:tc>")
                .skip(1)
                .map(|c| {
                    c.split("<w:gridSpan w:val=\"").nth(1).map_or(1, |s| {
                        s.split('"').next().and_then(|n| n.parse().ok()).expect("a number")
                    })
                })
                .sum();
            assert_eq!(width, columns);
        }
    }
}

#[test]
fn nothing_at_all_is_still_a_file() {
    for docx in [
        to_docx(&Doc::default()).expect("docx"),
        forms_docx(&[]).expect("docx"),
        forms_docx(&[Form {
            parts: vec![Part::default()],
            ..Form::default()
        }])
        .expect("docx"),
    ] {
        well_formed(&docx);
    }
}

#[test]
fn libreoffice_opens_it() {
    if Command::new("soffice").arg("--version").output().is_err() {
        eprintln!("left out: soffice (Debian package libreoffice-writer) is not on this machine");
        return;
    }
    let dir = std::env::temp_dir().join(format!("tx-paper-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder");
    for (name, bytes, wanted) in [
        ("summary", to_docx(&sample::summary()).expect("docx"), "其中留守儿童"),
        (
            "card",
            forms_docx(&[contact_card(&sample::card(1))]).expect("docx"),
            "家校联系卡",
        ),
    ] {
        let file = dir.join(format!("{name}.docx"));
        std::fs::write(&file, bytes).expect("written");
        let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
        let run = Command::new("soffice")
            .args([
                &profile,
                "--headless",
                "--convert-to",
                "txt:Text (encoded):UTF8",
                "--outdir",
            ])
            .arg(&dir)
            .arg(&file)
            .output();
        let run = run.expect("soffice runs");
        let text = std::fs::read_to_string(dir.join(format!("{name}.txt")))
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&run.stderr)));
        assert!(text.contains(wanted), "{text}");
    }
    std::fs::remove_dir_all(&dir).expect("cleared away");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn any_words_and_any_spans_make_a_sound_file(
        s in "[<>&\"'{}#*=\u{0}-\u{20}\u{202e}\u{fffe}一-龥a-z𬱖]{1,30}",
        spans in proptest::collection::vec(proptest::collection::vec((1u16..5, 1u16..5), 0..5), 0..5),
        columns in 0usize..4,
    ) {
        let rows: Vec<Vec<Cell>> = spans.iter().map(|r| r.iter().map(|(w, h)| Cell::from(s.clone()).span(*w, *h)).collect()).collect();
        let cells = rows.iter().flatten().count();
        let mut d = Doc::new(s.clone());
        d.push(Block::Table(Table { columns: vec![Column::new(1, Align::Left); columns], head: vec![], rows, caption: vec![] }));
        let docx = to_docx(&d).expect("docx");
        well_formed(&docx);
        let text = words(&part(&docx, "word/document.xml"));
        let visible: String = clean(&s).into_owned();
        if !visible.trim().is_empty() && !visible.contains('\n') {
            proptest::prop_assert!(text.matches(&visible).count() > cells, "a cell is lost");
        }
    }
}

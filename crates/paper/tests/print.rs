//! The document as a PDF.

mod sample;

use std::io::Write;
use std::process::{Command, Stdio};

use tx_paper::*;

/// What a tool of poppler says of the PDF; `None` with a word of it when the tool is not there.
fn poppler(tool: &str, args: &[&str], pdf: &[u8]) -> Option<String> {
    let child = Command::new(tool)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("left out: {tool} (Debian package poppler-utils) is not on this machine");
        return None;
    };
    child.stdin.take().expect("a pipe").write_all(pdf).expect("written");
    let out = child.wait_with_output().expect("it ends");
    assert!(out.status.success(), "{tool} refuses the file");
    Some(String::from_utf8(out.stdout).expect("UTF-8"))
}

fn text(pdf: &[u8]) -> Option<String> {
    poppler("pdftotext", &["-enc", "UTF-8", "-layout", "-", "-"], pdf)
}

fn squeezed(s: &str) -> String {
    s.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn a_summary_in_print() {
    let pdf = to_pdf(&sample::summary()).expect("pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert!(pdf.archival && pdf.missing.is_empty());
    assert_eq!(pdf.pages, 3);
    let Some(words) = text(&pdf.bytes) else { return };
    let words = squeezed(&words);
    for w in [
        "农村留守儿童关爱工作总结",
        "其中留守儿",
        "㛃䶮𬱖",
        "〔未填〕",
        "—1—",
        "—2—",
        "2026年9月5日",
        "各年级留守儿童人数",
        "山路远，冬天的家访还不够",
    ] {
        assert!(words.contains(w), "{w} is not on paper: {words}");
    }
    assert_eq!(
        words.matches("男女").count(),
        2,
        "the head of the table stands on both pages"
    );
}

#[test]
fn fonts_are_inside() {
    let pdf = to_pdf(&sample::summary()).expect("pdf");
    let Some(fonts) = poppler("pdffonts", &["-"], &pdf.bytes) else {
        return;
    };
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(rows.len() >= 2, "{fonts}");
    for row in rows {
        assert!(row.contains("NotoSerifSC") || row.contains("NotoSansSC"), "{row}");
        assert!(
            row.contains(" yes yes yes "),
            "not embedded as a subset with its letters: {row}"
        );
    }
}

#[test]
fn hostile_words_are_words() {
    let pdf = to_pdf(&sample::hostile()).expect("pdf");
    assert!(pdf.archival && pdf.missing.is_empty());
    let Some(words) = text(&pdf.bytes) else { return };
    let words = squeezed(&words);
    for h in sample::HOSTILE {
        assert!(
            words.matches(&squeezed(h)).count() >= 5,
            "{h} is not printed as it stands"
        );
    }
    let mut card = sample::card(1);
    card.child = sample::HOSTILE[0].into();
    card.address = sample::HOSTILE[7].into();
    let pdf = forms_pdf(&[contact_card(&card)]).expect("pdf");
    let words = squeezed(&text(&pdf.bytes).unwrap_or_default());
    assert!(
        words.contains(&squeezed(sample::HOSTILE[0])) && words.contains(&squeezed(sample::HOSTILE[7])),
        "{words}"
    );
}

#[test]
fn a_missing_glyph_is_never_a_silent_box() {
    // an unassigned sign: no font can have it
    let mut d = Doc::new("名\u{378}单");
    d.para(vec![Inline::text("王\u{378}芳、李\u{10fffd}明")]);
    let pdf = to_pdf(&d).expect("pdf");
    assert!(pdf.missing.contains(&'\u{378}'), "{:?}", pdf.missing);
    let Some(words) = text(&pdf.bytes) else { return };
    assert!(squeezed(&words).contains("王〓芳"), "{words}");
}

#[test]
fn fonts_of_the_machine_help_out() {
    // Tibetan, Yi and Korean letters are in neither embedded font; each is drawn by the machine or named
    let letters = ['བ', 'ꆈ', '한', 'Ж'];
    let mut d = Doc::new("名单");
    d.para(letters.iter().map(|c| Inline::text(c.to_string())).collect());
    let pdf = to_pdf(&d).expect("pdf");
    let Some(words) = text(&pdf.bytes) else { return };
    for c in letters {
        assert!(
            words.contains(c) != pdf.missing.contains(&c),
            "{c} is neither drawn nor named, or both: {words} {:?}",
            pdf.missing
        );
    }
    assert_eq!(words.matches('〓').count(), pdf.missing.len());
}

#[test]
fn each_form_on_its_page() {
    let cards: Vec<Form> = (1..=4).map(|n| contact_card(&sample::card(n))).collect();
    let pdf = forms_pdf(&cards).expect("pdf");
    assert_eq!(pdf.pages, 4);
    assert!(pdf.archival && pdf.missing.is_empty());
    let Some(words) = text(&pdf.bytes) else { return };
    let pages: Vec<String> = words.split('\u{c}').map(squeezed).collect();
    for (n, page) in (1..=4).zip(&pages) {
        assert!(
            page.contains(&format!("彭佳怡{n}")) && page.contains("1/1") && page.contains("约好的，待补"),
            "{page}"
        );
    }
}

#[test]
fn a_roster_repeats_its_head() {
    let pdf = forms_pdf(&[sample::long_roster(60), sample::file()]).expect("pdf");
    assert_eq!(pdf.pages, 4);
    let Some(words) = text(&pdf.bytes) else { return };
    let pages: Vec<String> = words.split('\u{c}').map(squeezed).collect();
    for (n, page) in (1..=3).zip(&pages) {
        assert!(page.contains("序号姓名性别班级"), "{page}");
        assert!(page.contains(&format!("打印{n}/3")), "{page}");
    }
    assert!(
        pages[3].contains("1/1") && pages[3].contains("期初、期中、期末各家访一次"),
        "{}",
        pages[3]
    );
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(
        to_pdf(&sample::summary()).expect("pdf"),
        to_pdf(&sample::summary()).expect("pdf")
    );
}

#[test]
fn nothing_at_all_is_still_a_page() {
    assert_eq!(to_pdf(&Doc::default()).expect("pdf").pages, 1);
    assert_eq!(forms_pdf(&[Form::default()]).expect("pdf").pages, 1);
    forms_pdf(&[]).expect("pdf");
    let mut d = Doc::new("");
    d.push(Block::Table(Table::default()))
        .push(Block::Signature {
            org: String::new(),
            date: String::new(),
        })
        .push(Block::PageBreak);
    d.push(Block::Heading { level: 9, text: vec![] }).push(Block::Picture {
        svg: "no".into(),
        alt: String::new(),
    });
    d.push(Block::List {
        ordered: true,
        items: vec![vec![]],
    })
    .push(Block::OwnWords {
        slot: String::new(),
        paras: vec![],
    });
    to_pdf(&d).expect("pdf");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]
    #[test]
    fn any_spans_can_be_set(
        spans in proptest::collection::vec(proptest::collection::vec((1u16..5, 1u16..5), 0..5), 0..5),
        columns in 0usize..4,
        head in 0u16..3,
    ) {
        let rows: Vec<Vec<FormCell>> = spans.iter().map(|r| r.iter().map(|(w, h)| FormCell::value("字").span(*w, *h)).collect()).collect();
        let widths = vec![1; columns];
        let part = Part { widths, rows, head_rows: head, ..Part::default() };
        forms_pdf(&[Form { parts: vec![part], ..Form::default() }]).expect("pdf");
        let rows = |from: usize, to: usize| spans[from..to].iter().map(|r| r.iter().map(|(w, h)| Cell::from("字").span(*w, *h)).collect()).collect();
        let cut = (head as usize).min(spans.len());
        let mut d = Doc::new("表");
        d.push(Block::Table(Table { columns: vec![], head: rows(0, cut), rows: rows(cut, spans.len()), caption: vec![] }));
        to_pdf(&d).expect("pdf");
    }
}

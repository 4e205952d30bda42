//! The document as a page.

mod sample;

use tx_paper::*;

fn one(text: Vec<Inline>) -> Doc {
    let mut d = Doc::new("试");
    d.para(text);
    d
}

/// Words as a reader sees them: tags away, entities back.
fn visible(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[test]
fn a_summary_as_a_page() {
    let page = to_html(&sample::summary(), &HtmlOpts::default()).into_string();
    insta::assert_snapshot!(page.replace("><", ">\n<"));
}

#[test]
fn a_card_as_a_page() {
    let page = forms_html(&[contact_card(&sample::card(1))]).into_string();
    // the code is a long path that says nothing to a reader of the snapshot
    let at = page.find("<path d=").expect("a code");
    let end = at
        + page[at..]
            .find("/>")
            .or(page[at..].find("></path>"))
            .expect("the end of the path");
    insta::assert_snapshot!(format!("{}<path{}", &page[..at], &page[end..]).replace("><", ">\n<"));
}

#[test]
fn hostile_words_are_words() {
    for page in [
        to_html(&sample::hostile(), &HtmlOpts::default()).into_string(),
        to_html_file(&sample::hostile(), &HtmlOpts::default()),
    ] {
        assert!(!page.contains("<script"), "markup of a person came through");
        assert!(!page.contains(" onload=\""), "an attribute of a person came through");
        let body = &page[page.find("<article").expect("an article")..];
        for h in sample::HOSTILE {
            assert!(visible(body).matches(h).count() >= 5, "{h} is not printed as it stands");
        }
    }
}

#[test]
fn links_stay_inside_the_site() {
    let table: [(&str, bool); 12] = [
        ("/figures/a?x=1", true),
        ("/", true),
        ("#here", true),
        ("?id=1", true),
        ("//evil.example", false),
        ("/\\evil.example", false),
        ("https://evil.example", false),
        ("javascript:alert(1)", false),
        ("data:text/html,x", false),
        (" /figures", false),
        ("figures", false),
        ("", false),
    ];
    for (href, kept) in table {
        let d = one(vec![Inline::number("3", "a", href), Inline::missing("x", href)]);
        let page = to_html(&d, &HtmlOpts::default()).into_string();
        assert_eq!(page.matches("href=").count(), if kept { 2 } else { 0 }, "{href}");
        assert!(page.contains("data-fig=\"a\"") && page.contains(MISSING));
        assert!(
            !to_html(
                &d,
                &HtmlOpts {
                    links: false,
                    ..HtmlOpts::default()
                }
            )
            .into_string()
            .contains("href=")
        );
    }
}

#[test]
fn no_inline_style_or_script_in_a_page() {
    for page in [
        to_html(&sample::summary(), &HtmlOpts::default()).into_string(),
        forms_html(&[contact_card(&sample::card(1)), sample::file()]).into_string(),
    ] {
        assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains("<script"));
    }
    let file = to_html_file(
        &sample::summary(),
        &HtmlOpts {
            links: false,
            ..HtmlOpts::default()
        },
    );
    assert!(file.starts_with("<!DOCTYPE html>") && file.contains("<style>"));
    assert!(
        !file.contains("href=") && !file.contains("src=") && !file.contains("@import") && !file.contains("url("),
        "the file needs something outside"
    );
}

#[test]
fn a_drawing_is_only_a_drawing() {
    let draw = |inner: &str| {
        let mut d = Doc::new("画");
        d.push(Block::Picture {
            svg: format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\" onload=\"a()\">{inner}</svg>"
            ),
            alt: "画的字".into(),
        });
        to_html(&d, &HtmlOpts::default()).into_string()
    };
    let page = draw("<rect width=\"4\" height=\"4\" fill=\"#123456\"/><text>三 &amp; 四</text>");
    assert!(
        page.contains("<rect")
            && page.contains("#123456")
            && page.contains("三 &amp; 四")
            && page.contains("aria-label=\"画的字\"")
    );
    for bad in [
        "<script>x</script>",
        "<foreignObject><p>x</p></foreignObject>",
        "<image href=\"https://x.example/a.png\"/>",
        "<a href=\"https://x.example\"><text>x</text></a>",
        "<style>rect{fill:url(https://x.example)}</style>",
        "<rect fill=\"url( 'https://x.example')\"/>",
        "<use xlink:href=\"https://x.example#a\"/>",
        "<rect onclick=\"a()\" ONLOAD=\"b()\" style=\"fill:red\"/>",
        "<set attributeName=\"href\" to=\"x.example\"/>",
    ] {
        let page = draw(bad);
        for word in ["script", "foreign", "x.example", "onload", "ONLOAD", "onclick", "style"] {
            assert!(!page.contains(word), "{word} of {bad} came through: {page}");
        }
    }
    for broken in ["<rect>", "</g>", "<rect a=b/>"] {
        assert!(draw(broken).contains("〔图：画的字〕"), "{broken}");
    }
    let mut d = Doc::new("画");
    d.push(Block::Picture {
        svg: "<!DOCTYPE svg [<!ENTITY a \"aaaa\">]><svg>&a;</svg>".into(),
        alt: "无".into(),
    });
    assert!(to_html(&d, &HtmlOpts::default()).into_string().contains("〔图：无〕"));
}

#[test]
fn a_document_survives_storage() {
    for d in [sample::summary(), sample::hostile()] {
        let text = serde_json::to_string(&d).expect("json");
        assert_eq!(serde_json::from_str::<Doc>(&text).expect("read back"), d);
    }
    let f = contact_card(&sample::card(2));
    assert_eq!(
        serde_json::from_str::<Form>(&serde_json::to_string(&f).expect("json")).expect("read back"),
        f
    );
}

#[test]
fn what_is_missing_and_what_is_counted() {
    let d = sample::summary();
    assert_eq!(d.missing(), [("校长电话", "/school#phone"), ("说明", "/grades/3")]);
    assert_eq!(d.figures().iter().filter(|f| **f == "children.left_behind").count(), 1);
}

#[test]
fn numbers_of_headings() {
    let table = [
        (1, 1, "一、"),
        (1, 10, "十、"),
        (1, 12, "十二、"),
        (1, 20, "二十、"),
        (1, 31, "三十一、"),
        (1, 100, "100、"),
        (2, 3, "（三）"),
        (3, 4, "4. "),
        (4, 5, "（5）"),
    ];
    for (level, n, text) in table {
        assert_eq!(heading_number(level, n), text);
    }
}

#[test]
fn invisible_signs_are_dropped() {
    let table = [
        ("平常的字 A", "平常的字 A"),
        ("一\u{202e}二\u{2066}三\u{200f}", "一二三"),
        ("a\tb\r\nc\rd\u{2028}e", "a b\nc\nd\ne"),
        ("\u{0}\u{1b}[31m红\u{7f}\u{85}", "[31m红\n"),
        ("\u{feff}王\u{200b}芳\u{ad}", "王芳"),
        ("\u{fffe}\u{fdd0}\u{10ffff}龙", "龙"),
        ("葛\u{e0100}", "葛"),
    ];
    for (from, to) in table {
        assert_eq!(clean(from), to, "{from:?}");
    }
    assert!(matches!(clean("没有要改的\n"), std::borrow::Cow::Borrowed(_)));
}

proptest::proptest! {
    #[test]
    fn cleaning_is_final_and_keeps_what_is_visible(s in "\\PC*|(.|\n){0,40}") {
        let once = clean(&s).into_owned();
        proptest::prop_assert_eq!(clean(&once), once.as_str());
        proptest::prop_assert!(once.chars().all(|c| c == '\n' || !c.is_control()));
        let han = |s: &str| s.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
        proptest::prop_assert_eq!(han(&once), han(&s));
    }

    #[test]
    fn any_words_stand_in_the_page(s in "[<>&\"'{}#*=一-龥a-z]{1,30}") {
        let page = to_html(&one(vec![Inline::text(s.clone()), Inline::bold(s.clone()), Inline::number(s.clone(), s.clone(), "/x")]), &HtmlOpts::default()).into_string();
        proptest::prop_assert_eq!(visible(&page).matches(&s).count() >= 3, true);
    }
}

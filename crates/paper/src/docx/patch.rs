//! What the library leaves out, put into the finished XML: repeated table heads, indents counted in characters, alternative fonts,
//! names of pictures, title and writer. The parts are text that the library escaped, so a tag found in them is a tag.

use docx_rs::Docx;
use tx_base::{Day, Fault, Result};

/// What is known of the document beside its XML.
#[derive(Default)]
pub(super) struct Parts {
    /// For each table in order, how many first rows are repeated on each page.
    pub head_rows: Vec<usize>,
    /// For each picture in order, its words.
    pub alts: Vec<String>,
    pub title: String,
    pub org: String,
    pub day: Option<Day>,
}

pub(super) fn finish(mut docx: Docx, parts: Parts) -> Result<Vec<u8>> {
    let day = parts.day.map_or_else(|| "2000-01-01".to_owned(), |d| d.to_string());
    let moment = format!("{day}T00:00:00Z");
    docx = docx.created_at(&moment).updated_at(&moment);
    let mut xml = docx.build();
    let document = String::from_utf8(xml.document).map_err(Fault::broken)?;
    let document = repeat_heads(&document, &parts.head_rows);
    let document = name_pictures(&document, &parts.alts);
    xml.document = in_order(&count_indents(&plain_ids(&document))).into();
    let styles = std::str::from_utf8(&xml.styles).map_err(Fault::broken)?;
    xml.styles = in_order(&count_indents(styles)).into();
    for f in &mut xml.footers {
        *f = in_order(&plain_ids(std::str::from_utf8(f).map_err(Fault::broken)?)).into();
    }
    let core = String::from_utf8(xml.doc_props.core).map_err(Fault::broken)?;
    let who = escape(if parts.org.is_empty() { "童行" } else { &parts.org });
    xml.doc_props.core = core
        .replace(
            "<dc:creator>unknown</dc:creator>",
            &format!(
                "<dc:creator>{who}</dc:creator><dc:title>{}</dc:title>",
                escape(&parts.title)
            ),
        )
        .replace("<cp:lastModifiedBy>unknown<", &format!("<cp:lastModifiedBy>{who}<"))
        .into();
    xml.font_table = FONT_TABLE.into();
    let mut out = std::io::Cursor::new(Vec::new());
    xml.pack(&mut out).map_err(Fault::broken)?;
    Ok(out.into_inner())
}

/// Names of the standard first, then what stands in for them on a machine without them.
const FONT_TABLE: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
    r#"<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>"#,
    r#"<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>"#,
    r#"<w:font w:name="楷体_GB2312"><w:altName w:val="楷体"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>"#,
    r#"<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>"#,
    r#"<w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>"#,
    r#"<w:font w:name="宋体"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>"#,
    "</w:fonts>"
);

fn escape(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The first-line indent in characters, so that it follows a change of size.
fn count_indents(xml: &str) -> String {
    xml.replace(" w:firstLine=\"640\"", " w:firstLineChars=\"200\" w:firstLine=\"640\"")
}

/// Marks the first rows of each table as repeated.
fn repeat_heads(xml: &str, heads: &[usize]) -> String {
    let mut out = String::with_capacity(xml.len() + 64 * heads.len());
    for (t, piece) in xml.split("<w:tbl>").enumerate() {
        if t == 0 {
            out += piece;
            continue;
        }
        out += "<w:tbl>";
        let n = heads.get(t - 1).copied().unwrap_or(0);
        let mut rest = piece;
        for _ in 0..n {
            let Some(at) = rest.find("</w:trPr>") else { break };
            out += &rest[..at];
            out += "<w:tblHeader /></w:trPr>";
            rest = &rest[at + "</w:trPr>".len()..];
        }
        out += rest;
    }
    out
}

/// Gives each picture a number of its own and its words, which a screen reader speaks.
fn name_pictures(xml: &str, alts: &[String]) -> String {
    const ANY: &str = r#"<wp:docPr id="1" name="Figure" />"#;
    let mut out = String::with_capacity(xml.len());
    for (i, piece) in xml.split(ANY).enumerate() {
        if i > 0 {
            let alt = escape(alts.get(i - 1).map_or("", String::as_str)).replace('"', "&quot;");
            out += &format!(r#"<wp:docPr id="{i}" name="图 {i}" descr="{alt}" />"#);
        }
        out += piece;
    }
    out
}

/// Drops the paragraph ids, which the library counts over the life of the process: the same document gives the same bytes.
fn plain_ids(xml: &str) -> String {
    const ID: &str = " w14:paraId=\"";
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(at) = rest.find(ID) {
        out += &rest[..at];
        let after = &rest[at + ID.len()..];
        rest = after.find('"').map_or("", |end| &after[end + 1..]);
    }
    out + rest
}

/// Properties and the order of their parts in the schema (ISO/IEC 29500-1, 17.3–17.6), as far as they occur here. The library writes
/// them in an order of its own, and Word offers to repair what it takes for wrong.
const ORDER: [(&str, &[&str]); 5] = [
    (
        "w:rPr",
        &[
            "w:rStyle",
            "w:rFonts",
            "w:b",
            "w:bCs",
            "w:i",
            "w:iCs",
            "w:color",
            "w:spacing",
            "w:w",
            "w:kern",
            "w:sz",
            "w:szCs",
            "w:highlight",
            "w:u",
            "w:bdr",
            "w:shd",
            "w:vertAlign",
        ],
    ),
    (
        "w:pPr",
        &[
            "w:pStyle",
            "w:keepNext",
            "w:keepLines",
            "w:pageBreakBefore",
            "w:widowControl",
            "w:numPr",
            "w:shd",
            "w:tabs",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:textAlignment",
            "w:outlineLvl",
            "w:rPr",
            "w:sectPr",
        ],
    ),
    (
        "w:tcPr",
        &["w:tcW", "w:gridSpan", "w:vMerge", "w:tcBorders", "w:shd", "w:vAlign"],
    ),
    (
        "w:tblPr",
        &[
            "w:tblStyle",
            "w:tblW",
            "w:jc",
            "w:tblInd",
            "w:tblBorders",
            "w:tblLayout",
            "w:tblCellMar",
            "w:tblLook",
        ],
    ),
    (
        "w:sectPr",
        &[
            "w:headerReference",
            "w:footerReference",
            "w:pgSz",
            "w:pgMar",
            "w:pgNumType",
            "w:cols",
            "w:titlePg",
            "w:docGrid",
        ],
    ),
];

/// Puts the parts of each property into the order of the schema; an empty `w:rPr` of a paragraph goes.
fn in_order(xml: &str) -> String {
    let mut xml = xml.replace("<w:pPr><w:rPr />", "<w:pPr>");
    for (tag, order) in ORDER {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let mut out = String::with_capacity(xml.len());
        let mut rest = xml.as_str();
        while let Some(at) = rest.find(&open) {
            let inner = at + open.len();
            let Some(end) = rest[inner..].find(&close) else { break };
            let mut parts = elements(&rest[inner..inner + end]);
            parts.sort_by_key(|p| {
                let name = p[1..].split([' ', '>', '/']).next().unwrap_or_default();
                order.iter().position(|o| *o == name).unwrap_or(order.len())
            });
            out += &rest[..inner];
            parts.iter().for_each(|p| out += p);
            rest = &rest[inner + end..];
        }
        xml = out + rest;
    }
    xml
}

/// The elements that stand side by side in a piece of XML without text between them.
fn elements(xml: &str) -> Vec<&str> {
    let (mut out, mut depth, mut from) = (Vec::new(), 0usize, 0);
    for (at, _) in xml.match_indices('>') {
        let start = xml[..at].rfind('<').unwrap_or(from);
        let tag = &xml[start..=at];
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.ends_with("/>") {
            depth += 1;
        }
        if depth == 0 {
            out.push(&xml[from..=at]);
            from = at + 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_in_the_order_of_the_schema() {
        let table = [
            (
                r#"<w:p><w:pPr><w:rPr /><w:jc w:val="center" /><w:pStyle w:val="A" /><w:tabs><w:tab w:val="left" /></w:tabs></w:pPr><w:r>x</w:r></w:p>"#,
                r#"<w:p><w:pPr><w:pStyle w:val="A" /><w:tabs><w:tab w:val="left" /></w:tabs><w:jc w:val="center" /></w:pPr><w:r>x</w:r></w:p>"#,
            ),
            (
                r#"<w:rPr><w:sz w:val="1" /><w:b /><w:rFonts /></w:rPr>"#,
                r#"<w:rPr><w:rFonts /><w:b /><w:sz w:val="1" /></w:rPr>"#,
            ),
            (
                r#"<w:tcPr><w:odd /><w:vAlign /><w:tcW /></w:tcPr>"#,
                r#"<w:tcPr><w:tcW /><w:vAlign /><w:odd /></w:tcPr>"#,
            ),
            ("<w:t>&lt;w:rPr&gt;</w:t>", "<w:t>&lt;w:rPr&gt;</w:t>"),
            ("<w:pPr></w:pPr>", "<w:pPr></w:pPr>"),
        ];
        for (from, to) in table {
            assert_eq!(in_order(from), to);
        }
    }

    #[test]
    fn heads_are_marked_table_by_table() {
        let xml = "<w:tbl><w:tr><w:trPr></w:trPr></w:tr><w:tr><w:trPr></w:trPr></w:tr></w:tbl><w:tbl><w:tr><w:trPr></w:trPr></w:tr></w:tbl>";
        let out = repeat_heads(xml, &[1, 0]);
        assert_eq!(out.matches("tblHeader").count(), 1);
        assert!(out.starts_with("<w:tbl><w:tr><w:trPr><w:tblHeader /></w:trPr>"));
        assert_eq!(repeat_heads(xml, &[]), xml);
    }
}

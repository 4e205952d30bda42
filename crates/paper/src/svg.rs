//! Drawings: what may stand in one, how it becomes pixels for Word, and QR codes.

use std::sync::{Arc, LazyLock};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use resvg::{tiny_skia, usvg};

const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "pattern",
    "symbol",
    "use",
];

/// The drawing with nothing in it but shapes and words: script, style, links, foreign content and handlers are left out. `None` when
/// it is not well-formed XML with `svg` at its root.
pub(crate) fn plain_svg(svg: &str) -> Option<String> {
    let mut reader = Reader::from_str(svg.trim());
    reader.config_mut().expand_empty_elements = false;
    let mut writer = Writer::new(Vec::new());
    // depth inside an element that is left out; depth of the elements kept
    let (mut skipping, mut depth, mut rooted) = (0usize, 0usize, false);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(e) if skipping > 0 || !allowed(&e) => {
                drop(e);
                skipping += 1;
            }
            Event::End(_) if skipping > 0 => skipping -= 1,
            Event::Empty(e) if skipping > 0 || !allowed(&e) => {}
            Event::Start(e) => {
                if depth == 0 && (rooted || e.name().as_ref() != b"svg") {
                    return None;
                }
                rooted = true;
                depth += 1;
                writer.write_event(Event::Start(filtered(&e)?)).ok()?;
            }
            Event::Empty(e) => {
                if depth == 0 {
                    return None;
                }
                writer.write_event(Event::Empty(filtered(&e)?)).ok()?;
            }
            Event::End(e) => {
                depth -= 1;
                writer.write_event(Event::End(e)).ok()?;
            }
            Event::Text(t) if skipping == 0 && depth > 0 => writer.write_event(Event::Text(t)).ok()?,
            Event::GeneralRef(r) if skipping == 0 && depth > 0 => {
                let name: &[u8] = r.as_ref();
                let predefined = [&b"amp"[..], b"lt", b"gt", b"quot", b"apos"].contains(&name);
                if predefined || r.is_char_ref() {
                    writer.write_event(Event::GeneralRef(r)).ok()?;
                }
            }
            Event::DocType(_) => return None,
            _ => {}
        }
    }
    if !rooted || depth != 0 {
        return None;
    }
    String::from_utf8(writer.into_inner())
        .ok()
        .map(|s| crate::clean(&s).into_owned())
}

fn allowed(e: &BytesStart) -> bool {
    std::str::from_utf8(e.name().as_ref()).is_ok_and(|n| ELEMENTS.contains(&n))
}

fn filtered<'a>(e: &BytesStart) -> Option<BytesStart<'a>> {
    let name = std::str::from_utf8(e.name().as_ref()).ok()?.to_owned();
    let mut out = BytesStart::new(name);
    for a in e.attributes() {
        let a = a.ok()?;
        let key = std::str::from_utf8(a.key.as_ref()).ok()?.to_owned();
        let value = std::str::from_utf8(&a.value).ok()?.to_owned();
        let low = key.to_ascii_lowercase();
        let squeezed: String = value
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase();
        let fine = match low.as_str() {
            // the page's policy forbids inline style, and it could load things
            "style" => false,
            "href" | "xlink:href" => squeezed.starts_with('#'),
            "xmlns" => value == "http://www.w3.org/2000/svg",
            "xmlns:xlink" => value == "http://www.w3.org/1999/xlink",
            k => !k.starts_with("on") && !k.starts_with("xml"),
        };
        let outside = squeezed
            .match_indices("url(")
            .any(|(i, _)| !squeezed[i + 4..].trim_start_matches(['\'', '"']).starts_with('#'));
        if fine && !outside && !squeezed.contains('\\') && !squeezed.contains("javascript:") {
            out.push_attribute((key.as_bytes(), value.as_bytes()));
        }
    }
    Some(out)
}

static DRAWING_FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut db = usvg::fontdb::Database::new();
    for font in [crate::fonts::SERIF, crate::fonts::SANS_BOLD] {
        db.load_font_source(usvg::fontdb::Source::Binary(Arc::new(font)));
    }
    db.set_serif_family("Noto Serif SC");
    db.set_sans_serif_family("Noto Serif SC");
    Arc::new(db)
});

fn parse(svg: &str) -> Option<usvg::Tree> {
    let options = usvg::Options {
        fontdb: DRAWING_FONTS.clone(),
        font_family: "Noto Serif SC".into(),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options).ok()
}

/// Width and height in CSS pixels (1/96 inch).
pub(crate) fn size(svg: &str) -> Option<(f32, f32)> {
    let s = parse(svg)?.size();
    Some((s.width(), s.height()))
}

/// The drawing as PNG, `scale` pixels for each CSS pixel, with its size in CSS pixels. At most 4,000 pixels either way.
pub(crate) fn png(svg: &str, scale: f32) -> Option<(Vec<u8>, f32, f32)> {
    let tree = parse(svg)?;
    let (w, h) = (tree.size().width(), tree.size().height());
    let scale = scale.min(4000.0 / w).min(4000.0 / h);
    let mut map = tiny_skia::Pixmap::new((w * scale).ceil().max(1.0) as u32, (h * scale).ceil().max(1.0) as u32)?;
    map.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut map.as_mut());
    Some((map.encode_png().ok()?, w, h))
}

/// A QR code (error correction M) with two modules of white around it; `None` when the text is too long for one (over 2,331 bytes).
pub fn qr_svg(payload: &str) -> Option<String> {
    let code = fast_qr::QRBuilder::new(payload).ecl(fast_qr::ECL::M).build().ok()?;
    let n = code.size;
    let mut path = String::new();
    for y in 0..n {
        let mut x = 0;
        while x < n {
            let from = x;
            while x < n && code[y][x].value() {
                x += 1;
            }
            if x > from {
                // runs of dark modules as one rectangle: a third of the size of single squares
                path += &format!("M{} {}h{}v1h-{}z", from + 2, y + 2, x - from, x - from);
            }
            x += 1;
        }
    }
    let side = n + 4;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" class="qr" width="100" height="100" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path}"/></svg>"##
    ))
}

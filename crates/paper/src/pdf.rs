//! The document as PDF/A-2b with its fonts inside, set by typst: constant templates, the data as one virtual file.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};
use tx_base::{Day, Fault, Result};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::clean::{clean_doc, clean_form};
use crate::fonts::{OWN, installed_for, uncovered};
use crate::form::{Form, FormCell, Part, What, place, shares};
use crate::tree::{Block, Cell, Doc, Inline, Table, ems};

/// A finished PDF.
#[derive(Clone, Debug, PartialEq)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    /// Characters that neither the embedded fonts nor those of the machine have; 〓 stands in their place. Tell the person which.
    pub missing: Vec<char>,
    /// It keeps to PDF/A-2b. Not when a font of the machine had to help that the standard does not take.
    pub archival: bool,
    pub pages: usize,
}

/// Tables beyond so many rows go without the tags for screen readers, which cost 150 kB of memory a row.
const TAGGED_ROWS: usize = 1000;

fn rows(doc: &Doc) -> usize {
    doc.blocks
        .iter()
        .map(|b| if let Block::Table(t) = b { t.rows.len() } else { 0 })
        .sum()
}

/// Stands where a character cannot be drawn.
const GETA: char = '〓';

/// The document in the shape of GB/T 9704. Blocks the thread for some 10 ms a page-full: call it off the request's worker, one or two at
/// a time. Errors: only when the template itself breaks, which no text can cause.
pub fn to_pdf(doc: &Doc) -> Result<Pdf> {
    let doc = clean_doc(doc);
    let data = doc_data(&doc);
    print(&DOC, data, printed_day(&doc), rows(&doc) <= TAGGED_ROWS)
}

/// The forms one after another, each on a new page. As [`to_pdf`].
pub fn forms_pdf(forms: &[Form]) -> Result<Pdf> {
    let forms: Vec<Form> = forms.iter().map(clean_form).collect();
    let day = forms.first().and_then(|f| day_in(&f.foot_right));
    let data = json!({ "title": forms.first().map_or("", |f| f.title.as_str()), "forms": forms.iter().map(form_data).collect::<Vec<_>>() });
    let rows: usize = forms.iter().flat_map(|f| &f.parts).map(|p| p.rows.len()).sum();
    print(&FORMS, data, day, rows <= TAGGED_ROWS)
}

static DOC: LazyLock<Source> = LazyLock::new(|| Source::new(file_id("/doc.typ"), include_str!("doc.typ").into()));
static FORMS: LazyLock<Source> = LazyLock::new(|| Source::new(file_id("/forms.typ"), include_str!("forms.typ").into()));
static DATA: LazyLock<FileId> = LazyLock::new(|| file_id("/data.json"));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

fn file_id(path: &str) -> FileId {
    // the three paths above are fine by construction
    RootedPath::new(
        VirtualRoot::Project,
        VirtualPath::new(path).unwrap_or_else(|_| unreachable!("a constant path")),
    )
    .intern()
}

/// All that a template may see: itself, the data and the fonts. No files, no packages, no clock.
struct Desk {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    data: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }
    fn main(&self) -> FileId {
        self.main.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            Ok(self.main.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *DATA {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn print(template: &Source, mut data: Value, day: Option<Day>, tagged: bool) -> Result<Pdf> {
    let mut chars = BTreeSet::new();
    each_text(&mut data, &mut |s| chars.extend(s.chars()));
    let lacking = uncovered(&chars);
    let (extra, missing) = if lacking.is_empty() {
        (Vec::new(), lacking)
    } else {
        installed_for(lacking)
    };
    if !missing.is_empty() {
        each_text(&mut data, &mut |s| {
            if s.chars().any(|c| missing.contains(&c)) {
                *s = s.chars().map(|c| if missing.contains(&c) { GETA } else { c }).collect();
            }
        });
    }
    let mut families: Vec<String> = extra.iter().map(|f| f.info().family.to_string()).collect();
    families.dedup();
    data["fonts"] = json!(families);
    let fonts: Vec<Font> = OWN.iter().cloned().chain(extra).collect();
    let desk = Desk {
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        main: template.clone(),
        data: Bytes::from_string(data.to_string()),
    };
    let out = set(&desk, day, tagged).map(|(bytes, archival, pages)| Pdf {
        bytes,
        missing: missing.into_iter().collect(),
        archival,
        pages,
    });
    // what the typesetter remembers of earlier papers would grow without end
    typst::comemo::evict(10);
    out
}

fn set(desk: &Desk, day: Option<Day>, tagged: bool) -> Result<(Vec<u8>, bool, usize)> {
    let told =
        |e: &[SourceDiagnostic]| Fault::broken(e.iter().map(|d| d.message.as_str()).collect::<Vec<_>>().join("; "));
    let compiled = typst::compile::<PagedDocument>(desk);
    let document = compiled.output.map_err(|e| told(&e))?;
    debug_assert!(compiled.warnings.is_empty(), "{:?}", compiled.warnings);
    let (y, m, d) = day.map_or((2000, 1, 1), |d| (i32::from(d.year()), d.month() as u8, d.day() as u8));
    let stamp = Datetime::from_ymd_hms(y, m, d, 0, 0, 0).map(Timestamp::new_utc);
    let options = |standards: PdfStandards| PdfOptions {
        creator: Smart::Custom(None),
        timestamp: stamp,
        standards,
        tagged,
        ..PdfOptions::default()
    };
    let archival = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|e| Fault::broken(e.message()))?;
    match typst_pdf::pdf(&document, &options(archival)) {
        Ok(bytes) => Ok((bytes, true, document.pages().len())),
        Err(_) => {
            let bytes = typst_pdf::pdf(&document, &options(PdfStandards::default())).map_err(|e| told(&e))?;
            Ok((bytes, false, document.pages().len()))
        }
    }
}

/// Every string of the data, keys aside.
fn each_text(v: &mut Value, act: &mut impl FnMut(&mut String)) {
    match v {
        Value::String(s) => act(s),
        Value::Array(a) => a.iter_mut().for_each(|v| each_text(v, act)),
        Value::Object(o) => o.values_mut().for_each(|v| each_text(v, act)),
        _ => {}
    }
}

/// The day that the document itself bears: under its title or in its signature.
pub(crate) fn printed_day(doc: &Doc) -> Option<Day> {
    let signed = doc.blocks.iter().rev().find_map(|b| {
        if let Block::Signature { date, .. } = b {
            day_in(date)
        } else {
            None
        }
    });
    signed.or_else(|| doc.date.as_deref().and_then(day_in))
}

/// The first `2026年11月24日` in a text.
pub(crate) fn day_in(s: &str) -> Option<Day> {
    let (before, after) = s.split_once('年')?;
    let digits: String = before
        .chars()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let (month, rest) = after.split_once('月')?;
    let (day, _) = rest.split_once('日')?;
    let (month, day): (u8, u8) = (month.trim().parse().ok()?, day.trim().parse().ok()?);
    format!("{digits}-{month:02}-{day:02}").parse().ok()
}

fn inlines(text: &[Inline]) -> Value {
    text.iter()
        .map(|i| json!({ "t": i.plain(), "b": matches!(i, Inline::Bold { .. }) }))
        .collect()
}

fn doc_data(doc: &Doc) -> Value {
    let mut blocks: Vec<Value> = doc.blocks.iter().flat_map(block).collect();
    for i in 1..blocks.len() {
        // the signature never stands on a page without words above it
        if blocks[i]["block"] == "signature" && blocks[i - 1]["block"] == "para" {
            blocks[i - 1]["block"] = json!("last");
        }
    }
    let under: Vec<&String> = [&doc.subtitle, &doc.org, &doc.date].into_iter().flatten().collect();
    json!({ "title": doc.title, "author": doc.org.as_deref().unwrap_or_default(), "under": under, "blocks": blocks })
}

fn block(b: &Block) -> Vec<Value> {
    let one = |v: Value| vec![v];
    match b {
        Block::Heading { level, text } => one(json!({ "block": "heading", "level": level, "text": inlines(text) })),
        Block::Para { text } => one(json!({ "block": "para", "text": inlines(text) })),
        Block::Note { text } => one(json!({ "block": "note", "text": inlines(text) })),
        Block::List { ordered, items } => items
            .iter()
            .enumerate()
            .map(|(i, item)| {
                let mark = if *ordered { format!("{}. ", i + 1) } else { "· ".into() };
                let mut text = vec![Inline::Text { text: mark }];
                text.extend(item.iter().cloned());
                json!({ "block": "para", "text": inlines(&text) })
            })
            .collect(),
        Block::Table(t) => one(table(t)),
        Block::Picture { svg, alt } => {
            // CSS pixels to points, not wider or higher than the type area
            let size =
                crate::svg::size(svg).map(|(w, h)| w * 0.75 * (442.0 / (w * 0.75)).min(600.0 / (h * 0.75)).min(1.0));
            let svg = if size.is_some() { svg.as_str() } else { "" };
            one(json!({ "block": "picture", "svg": svg, "alt": alt, "width": size.unwrap_or(1.0) }))
        }
        Block::OwnWords { paras, .. } => paras
            .iter()
            .map(|p| json!({ "block": "para", "text": [{ "t": p, "b": false }] }))
            .collect(),
        Block::Signature { org, date } => {
            let lines: Vec<&String> = [org, date].into_iter().filter(|s| !s.is_empty()).collect();
            if lines.is_empty() {
                Vec::new()
            } else {
                one(json!({ "block": "signature", "lines": lines }))
            }
        }
        Block::PageBreak => one(json!({ "block": "break" })),
    }
}

fn table(t: &Table) -> Value {
    let all: Vec<Vec<Cell>> = t.head.iter().chain(&t.rows).cloned().collect();
    let (n, lines) = place(t.columns.len(), t.head.len(), &all, |c| {
        (c.colspan.into(), c.rowspan.into())
    });
    let declared: Vec<u16> = t.columns.iter().map(|c| c.share).collect();
    let (mut head, mut rows) = (Vec::new(), Vec::new());
    for (r, line) in lines.iter().enumerate() {
        for s in line {
            let cell = match s.what {
                What::Covered => continue,
                What::Empty => json!({ "x": s.col, "y": r, "w": 1, "h": 1, "a": "left", "t": [] }),
                What::Cell(i, h) => {
                    let align = t.columns.get(s.col).map(|c| c.align).unwrap_or_default();
                    json!({ "x": s.col, "y": r, "w": s.width, "h": h, "a": align, "t": inlines(&all[r][i].text) })
                }
            };
            if r < t.head.len() {
                head.push(cell)
            } else {
                rows.push(cell)
            }
        }
    }
    json!({ "block": "table", "columns": shares(&declared, n), "head": head, "rows": rows, "caption": inlines(&t.caption) })
}

fn form_data(f: &Form) -> Value {
    // A4 less 16 mm at both sides, in points
    let width = if f.landscape { 841.9 } else { 595.3 } - 2.0 * 16.0 * MM;
    json!({
        "title": f.title, "left": f.left, "right": f.right, "signs": f.signs, "landscape": f.landscape,
        "foot_left": f.foot_left, "foot_right": f.foot_right,
        "parts": f.parts.iter().map(|p| part(p, width)).collect::<Vec<_>>(),
    })
}

/// Points in a millimetre.
const MM: f32 = 2.8346;
/// Size of the words in a form, in points.
const FORM_EM: f32 = 11.25;

fn part(p: &Part, width: f32) -> Value {
    let (n, lines) = place(p.widths.len(), p.head_rows.into(), &p.rows, |c| {
        (c.colspan.into(), c.rowspan.into())
    });
    let columns = shares(&p.widths, n);
    let unit = width / columns.iter().sum::<u32>() as f32;
    let least = f32::from(if p.row_height == 0 { 95 } else { p.row_height }) / 10.0 * MM;
    let mut heights = vec![least; lines.len()];
    let empty = FormCell::default();
    let (mut head, mut rows) = (Vec::new(), Vec::new());
    for (r, line) in lines.iter().enumerate() {
        for s in line {
            let (c, h) = match s.what {
                What::Covered => continue,
                What::Empty => (&empty, 1),
                What::Cell(i, h) => (&p.rows[r][i], h),
            };
            let room = columns[s.col..s.col + s.width].iter().sum::<u32>() as f32 * unit;
            let code = c.code.as_deref().map(crate::svg::qr_svg);
            let text = if code == Some(None) { "〔码太长〕" } else { &c.text };
            // a code is as large as its cell; one under 18 mm is hard to photograph, so the rows make room for it
            let high = least * h as f32 - 8.0;
            let side = (room - 8.0)
                .min(if high < 18.0 * MM { 25.0 * MM } else { high })
                .max(8.0);
            if if code.is_some() {
                high < 18.0 * MM
            } else {
                wraps(c, text, room)
            } {
                heights[r..r + h].fill(0.0);
            }
            let cell = json!({
                "x": s.col, "y": r, "w": s.width, "h": h, "text": text, "kind": c.kind, "align": c.align,
                "seal": c.seal, "code": code.flatten(), "side": side, "strut": 0.0,
            });
            if r < p.head_rows as usize {
                head.push(cell)
            } else {
                rows.push(cell)
            }
        }
    }
    // in a row that is as high as it needs, the first cell of one row keeps it from being lower than the others
    for r in (0..heights.len()).filter(|r| heights[*r] == 0.0) {
        if let Some(cell) = head
            .iter_mut()
            .chain(&mut rows)
            .find(|c| c["y"] == r && c["h"] == 1 && c["code"].is_null())
        {
            cell["strut"] = json!(least - 6.0);
        }
    }
    json!({ "title": p.title, "note": p.note, "columns": columns, "head": head, "rows": rows, "heights": heights })
}

/// Whether the words may need a second line in `room` points; when in doubt, yes.
fn wraps(c: &FormCell, text: &str, room: f32) -> bool {
    let seal = if c.seal.is_some() { 1.9 } else { 0.0 };
    text.contains('\n') || (ems(text) + seal) * FORM_EM > room - 12.0
}

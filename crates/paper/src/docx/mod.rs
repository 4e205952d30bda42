//! The document as a Word file in the shape of GB/T 9704-2012 (domain.md §8).

mod form;
mod patch;

pub use form::forms_docx;

use docx_rs::{
    AlignmentType, BreakType, DocGrid, DocGridType, Docx, FieldCharType, Footer, InstrPAGE, InstrText, LineSpacing,
    LineSpacingType, PageMargin, Paragraph, Pic, Run, RunFonts, SpecialIndentType, Style, StyleType,
    Table as WordTable, TableAlignmentType, TableCell, TableLayoutType, TableRow, VAlignType, VMergeType, WidthType,
};
use tx_base::Result;

use crate::clean::clean_doc;
use crate::form::{What, place, shares};
use crate::svg;
use crate::tree::{Align, Block, Cell, Doc, Inline, Table, ems};
use patch::{Parts, finish};

/// Fonts as the standard names them; the alternatives stand in the font table, see [`patch`].
const FANGSONG: &str = "仿宋_GB2312";
const HEI: &str = "黑体";
const KAI: &str = "楷体_GB2312";
const XIAOBIAOSONG: &str = "方正小标宋简体";
const SONG: &str = "宋体";

/// Sizes in half-points.
const NO_2: usize = 44;
const NO_3: usize = 32;
const NO_4: usize = 28;
const SMALL_4: usize = 24;

/// Twips (1/20 pt).
const LINE: i32 = 579; // 28.95 pt: 22 lines on 225 mm
const EM: i32 = 320; // a character of 3号
const WIDTH: usize = 8844; // 156 mm
/// 28 characters on 156 mm: 16 pt less 0.2 pt each. The character grid would do it in Word, but other programs stretch it.
const TIGHT: i32 = -4;
const EMU_PER_PX: f32 = 9525.0;

fn fonts(east: &str) -> RunFonts {
    // the hint keeps quotation marks and dashes, which both scripts have, in the Chinese font
    RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .east_asia(east)
        .hint("eastAsia")
}

fn exact(twips: i32) -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(twips)
        .before(0)
        .after(0)
}

fn align(a: Align) -> AlignmentType {
    match a {
        Align::Left => AlignmentType::Left,
        Align::Center => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
    }
}

/// Font and size of the words of one place.
#[derive(Clone, Copy)]
struct Hand {
    east: &'static str,
    size: usize,
    bold: bool,
}

impl Hand {
    const BODY: Hand = Hand {
        east: FANGSONG,
        size: NO_3,
        bold: false,
    };
    const TABLE: Hand = Hand {
        east: FANGSONG,
        size: SMALL_4,
        bold: false,
    };

    fn run(self, text: &str) -> Run {
        let mut run = self.empty();
        for (i, part) in text.split('\n').enumerate() {
            if i > 0 {
                run = run.add_break(BreakType::TextWrapping);
            }
            if !part.is_empty() {
                run = run.add_text(part);
            }
        }
        run
    }

    fn empty(self) -> Run {
        let mut run = Run::new().fonts(fonts(self.east)).size(self.size);
        if self.size == NO_3 {
            run = run.character_spacing(TIGHT);
        }
        if self.bold { run.bold() } else { run }
    }

    /// A field that the reader's program counts, with what it shows until then: each piece a run, or some programs lose its size.
    fn field(self, mut p: Paragraph, instruction: InstrText) -> Paragraph {
        for run in [
            self.empty().add_field_char(FieldCharType::Begin, false),
            self.empty().add_instr_text(instruction),
            self.empty().add_field_char(FieldCharType::Separate, false),
            self.empty().add_text("1"),
            self.empty().add_field_char(FieldCharType::End, false),
        ] {
            p = p.add_run(run);
        }
        p
    }

    fn write(self, mut p: Paragraph, text: &[Inline]) -> Paragraph {
        for i in text {
            let hand = if matches!(i, Inline::Bold { .. }) {
                Hand { bold: true, ..self }
            } else {
                self
            };
            p = p.add_run(hand.run(i.plain()));
        }
        p
    }
}

fn styles(docx: Docx) -> Docx {
    let base = |id: &str, name: &str, hand: Hand| {
        let s = Style::new(id, StyleType::Paragraph)
            .name(name)
            .based_on("Normal")
            .q_format(true)
            .fonts(fonts(hand.east))
            .size(hand.size);
        if hand.bold { s.bold() } else { s }
    };
    let indented = |s: Style| {
        s.indent(None, Some(SpecialIndentType::FirstLine(2 * EM)), None, None)
            .line_spacing(exact(LINE))
    };
    let heading = |level: usize, east: &'static str, bold: bool| {
        let s = base(
            &format!("Heading{level}"),
            &format!("heading {level}"),
            Hand { east, size: NO_3, bold },
        );
        indented(s).next("Body").outline_lvl(level - 1)
    };
    docx.default_fonts(fonts(FANGSONG))
        .default_size(NO_3)
        .add_style(
            base(
                "Title",
                "Title",
                Hand {
                    east: XIAOBIAOSONG,
                    size: NO_2,
                    bold: false,
                },
            )
            .align(AlignmentType::Center)
            .line_spacing(exact(700)),
        )
        .add_style(
            base(
                "Under",
                "标题下",
                Hand {
                    east: KAI,
                    size: NO_3,
                    bold: false,
                },
            )
            .align(AlignmentType::Center)
            .line_spacing(exact(LINE)),
        )
        .add_style(indented(base("Body", "正文缩进", Hand::BODY)).align(AlignmentType::Both))
        .add_style(heading(1, HEI, false))
        .add_style(heading(2, KAI, false))
        .add_style(heading(3, FANGSONG, true))
        .add_style(heading(4, FANGSONG, false))
        .add_style(
            base("Signature", "落款", Hand::BODY)
                .align(AlignmentType::Right)
                .line_spacing(exact(LINE)),
        )
        .add_style(base("TableText", "表文", Hand::TABLE).line_spacing(exact(400)))
        .add_style(base("Note", "附注", Hand::TABLE).line_spacing(exact(400)))
}

/// Where the page number stands: 4号 half-width Arabic figures between dashes, odd pages right, even pages left, one character in.
fn page_number(right: bool) -> Footer {
    let hand = Hand {
        east: SONG,
        size: NO_4,
        bold: false,
    };
    let p = hand
        .field(
            Paragraph::new().add_run(hand.run("— ")),
            InstrText::PAGE(InstrPAGE::new()),
        )
        .add_run(hand.run(" —"));
    Footer::new().add_paragraph(if right {
        p.align(AlignmentType::Right).indent(None, None, Some(280), None)
    } else {
        p.align(AlignmentType::Left).indent(Some(280), None, None, None)
    })
}

/// The document as a Word file: A4, margins 37 · 28 · 35 · 26 mm, 22 lines of 28 characters. Numbers stand as plain text, missing
/// things as 〔未填〕. Errors: only when the archive cannot be written.
pub fn to_docx(doc: &Doc) -> Result<Vec<u8>> {
    let doc = clean_doc(doc);
    let mut docx = styles(Docx::new())
        .page_size(11906, 16838)
        .page_margin(
            PageMargin::new()
                .top(2098)
                .right(1474)
                .bottom(1984)
                .left(1588)
                .header(851)
                .footer(1417)
                .gutter(0),
        )
        .footer(page_number(true))
        .even_footer(page_number(false));
    docx.document = docx
        .document
        .doc_grid(DocGrid::new().grid_type(DocGridType::Lines).line_pitch(LINE as usize));
    let mut parts = Parts::default();
    docx = docx.add_paragraph(
        Paragraph::new().style("Title").add_run(
            Hand {
                east: XIAOBIAOSONG,
                size: NO_2,
                bold: false,
            }
            .run(&doc.title),
        ),
    );
    for line in [&doc.subtitle, &doc.org, &doc.date].into_iter().flatten() {
        docx = docx.add_paragraph(
            Paragraph::new().style("Under").add_run(
                Hand {
                    east: KAI,
                    size: NO_3,
                    bold: false,
                }
                .run(line),
            ),
        );
    }
    docx = docx.add_paragraph(blank());
    for (i, b) in doc.blocks.iter().enumerate() {
        // the signature never stands on a page without words above it
        let signed_next = matches!(doc.blocks.get(i + 1), Some(Block::Signature { .. }));
        docx = block(docx, b, signed_next, &mut parts);
    }
    parts.title = doc.title.clone();
    parts.org = doc
        .org
        .clone()
        .or_else(|| signed(&doc).map(|s| s.0.to_owned()))
        .unwrap_or_default();
    parts.day = crate::pdf::printed_day(&doc);
    finish(docx, parts)
}

fn signed(doc: &Doc) -> Option<(&str, &str)> {
    doc.blocks.iter().rev().find_map(|b| {
        if let Block::Signature { org, date } = b {
            Some((org.as_str(), date.as_str()))
        } else {
            None
        }
    })
}

fn blank() -> Paragraph {
    Paragraph::new().style("Body").indent(None, None, None, None)
}

fn body(text: &[Inline]) -> Paragraph {
    Hand::BODY.write(Paragraph::new().style("Body"), text)
}

fn block(mut docx: Docx, b: &Block, keep: bool, parts: &mut Parts) -> Docx {
    match b {
        Block::Heading { level, text } => {
            let hand = match level {
                1 => Hand {
                    east: HEI,
                    ..Hand::BODY
                },
                2 => Hand {
                    east: KAI,
                    ..Hand::BODY
                },
                3 => Hand {
                    bold: true,
                    ..Hand::BODY
                },
                _ => Hand::BODY,
            };
            docx.add_paragraph(hand.write(Paragraph::new().style(&format!("Heading{level}")).keep_next(true), text))
        }
        Block::Para { text } => docx.add_paragraph(body(text).keep_next(keep)),
        Block::Note { text } => docx.add_paragraph(Hand::TABLE.write(Paragraph::new().style("Note"), text)),
        Block::List { ordered, items } => {
            for (i, item) in items.iter().enumerate() {
                let mark = if *ordered { format!("{}. ", i + 1) } else { "· ".into() };
                let mut line = vec![Inline::Text { text: mark }];
                line.extend(item.iter().cloned());
                docx = docx.add_paragraph(body(&line).keep_next(keep && i + 1 == items.len()));
            }
            docx
        }
        Block::Table(t) => {
            if !t.caption.is_empty() {
                let hand = Hand {
                    east: HEI,
                    ..Hand::TABLE
                };
                docx = docx.add_paragraph(
                    hand.write(
                        Paragraph::new()
                            .style("TableText")
                            .align(AlignmentType::Center)
                            .keep_next(true),
                        &t.caption,
                    ),
                );
            }
            parts.head_rows.push(t.head.len());
            docx.add_table(table(t))
                // Word joins two tables that touch
                .add_paragraph(Paragraph::new().style("TableText").line_spacing(exact(200)))
        }
        Block::Picture { svg, alt } => docx.add_paragraph(picture(svg, alt, 589.0, parts)),
        Block::OwnWords { paras, .. } => {
            for (i, p) in paras.iter().enumerate() {
                docx = docx
                    .add_paragraph(body(&[Inline::Text { text: p.clone() }]).keep_next(keep && i + 1 == paras.len()));
            }
            docx
        }
        Block::Signature { org, date } => {
            docx = docx
                .add_paragraph(blank().keep_next(true))
                .add_paragraph(blank().keep_next(true));
            let wide = ems(org).max(ems(date));
            for (line, last) in [(org, false), (date, true)] {
                if !line.is_empty() {
                    // the shorter line stands in the middle over or under the longer one, which ends four characters in
                    let indent = 4.0 + (wide - ems(line)) / 2.0;
                    let p = Paragraph::new()
                        .style("Signature")
                        .indent(None, None, Some((indent * EM as f32) as i32), None)
                        .keep_next(!last);
                    docx = docx.add_paragraph(p.add_run(Hand::BODY.run(line)));
                }
            }
            docx
        }
        Block::PageBreak => docx.add_paragraph(Paragraph::new().add_run(Run::new().add_break(BreakType::Page))),
    }
}

/// A drawing as a paragraph of its own; `alt` in brackets when it cannot be drawn. `most` is the greatest width in CSS pixels.
fn picture(drawing: &str, alt: &str, most: f32, parts: &mut Parts) -> Paragraph {
    let p = Paragraph::new().align(AlignmentType::Center);
    match svg::png(drawing, 2.5) {
        Some((png, w, h)) => {
            let fit = (most / w).min(800.0 / h).min(1.0);
            parts.alts.push(alt.to_owned());
            let pic = Pic::new_with_dimensions(png, w.ceil() as u32, h.ceil() as u32)
                .id(format!("rIdImage{}", parts.alts.len()))
                .size((w * fit * EMU_PER_PX) as u32, (h * fit * EMU_PER_PX) as u32);
            p.add_run(Run::new().add_image(pic))
        }
        None => p.style("TableText").add_run(Hand::TABLE.run(&format!("〔图：{alt}〕"))),
    }
}

fn grid(shares: &[u32], width: usize) -> Vec<usize> {
    let sum: u32 = shares.iter().sum();
    shares.iter().map(|s| width * *s as usize / sum as usize).collect()
}

/// The width of `n` columns from `col` on.
fn span_width(grid: &[usize], col: usize, n: usize) -> usize {
    grid[col..col + n].iter().sum()
}

fn table(t: &Table) -> WordTable {
    let all: Vec<Vec<Cell>> = t.head.iter().chain(&t.rows).cloned().collect();
    let (n, lines) = place(t.columns.len(), t.head.len(), &all, |c| {
        (c.colspan.into(), c.rowspan.into())
    });
    let declared: Vec<u16> = t.columns.iter().map(|c| c.share).collect();
    let grid = grid(&shares(&declared, n), WIDTH);
    let rows = lines.iter().enumerate().map(|(r, line)| {
        let head = r < t.head.len();
        let cells = line.iter().map(|s| {
            let cell = cell_frame(&grid, s.col, s.width);
            match s.what {
                What::Covered => cell
                    .vertical_merge(VMergeType::Continue)
                    .add_paragraph(Paragraph::new().style("TableText")),
                What::Empty => cell.add_paragraph(Paragraph::new().style("TableText")),
                What::Cell(i, h) => {
                    let c = &all[r][i];
                    let column = t.columns.get(s.col).map(|c| c.align).unwrap_or_default();
                    let (hand, place) = if head {
                        (
                            Hand {
                                east: HEI,
                                ..Hand::TABLE
                            },
                            Align::Center,
                        )
                    } else {
                        (Hand::TABLE, column)
                    };
                    let p = hand.write(Paragraph::new().style("TableText").align(align(place)), &c.text);
                    let cell = cell.add_paragraph(p);
                    if h > 1 {
                        cell.vertical_merge(VMergeType::Restart)
                    } else {
                        cell
                    }
                }
            }
        });
        TableRow::new(cells.collect()).cant_split()
    });
    WordTable::new(rows.collect())
        .set_grid(grid.clone())
        .width(WIDTH, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
}

fn cell_frame(grid: &[usize], col: usize, width: usize) -> TableCell {
    let cell = TableCell::new()
        .width(span_width(grid, col, width), WidthType::Dxa)
        .vertical_align(VAlignType::Center);
    if width > 1 { cell.grid_span(width) } else { cell }
}

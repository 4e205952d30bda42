//! Forms as a Word file: the same grid as on paper, to be filled in or corrected by hand.

use docx_rs::{
    AlignmentType, BorderType, Docx, Footer, HeightRule, InstrNUMPAGES, InstrPAGE, InstrText, LineSpacing,
    LineSpacingType, PageMargin, PageOrientationType, Paragraph, Run, Shading, ShdType, Tab, TabValueType,
    Table as WordTable, TableAlignmentType, TableCell, TableLayoutType, TableRow, TextBorder, VMergeType, WidthType,
};
use tx_base::Result;

use super::patch::{Parts, finish};
use super::{HEI, Hand, SONG, XIAOBIAOSONG, align, cell_frame, exact, grid, picture, styles};
use crate::clean::clean_form;
use crate::form::{CellKind, Form, FormCell, Part, What, place, shares};
use crate::svg;

const TEXT: Hand = Hand {
    east: SONG,
    size: 22,
    bold: false,
};
const SMALL: Hand = Hand {
    east: SONG,
    size: 18,
    bold: false,
};

/// Forms one after another, each on a new page. All pages lie as the first form does, and carry its line at the foot.
/// Errors: only when the archive cannot be written.
pub fn forms_docx(forms: &[Form]) -> Result<Vec<u8>> {
    let forms: Vec<Form> = forms.iter().map(clean_form).collect();
    let first = forms.first().cloned().unwrap_or_default();
    let (w, h) = if first.landscape {
        (16838, 11906)
    } else {
        (11906, 16838)
    };
    let width = w as usize - 2 * 907;
    let mut docx = styles(Docx::new()).page_size(w, h).page_margin(
        PageMargin::new()
            .top(737)
            .right(907)
            .bottom(964)
            .left(907)
            .header(400)
            .footer(482)
            .gutter(0),
    );
    if first.landscape {
        docx = docx.page_orient(PageOrientationType::Landscape);
    }
    let foot = ends(&first.foot_left, &format!("{}　", first.foot_right), SMALL, width);
    let foot = SMALL
        .field(foot, InstrText::PAGE(InstrPAGE::new()))
        .add_run(SMALL.run(" / "));
    let foot = SMALL.field(foot, InstrText::NUMPAGES(InstrNUMPAGES::new()));
    docx = docx.footer(Footer::new().add_paragraph(foot));
    let mut parts = Parts {
        title: first.title.clone(),
        day: crate::pdf::day_in(&first.foot_right),
        ..Parts::default()
    };
    for (i, f) in forms.iter().enumerate() {
        let title = Paragraph::new()
            .style("Title")
            .page_break_before(i > 0)
            .line_spacing(exact(640))
            .align(AlignmentType::Center);
        docx = docx.add_paragraph(
            title.add_run(
                Hand {
                    east: XIAOBIAOSONG,
                    size: 40,
                    bold: false,
                }
                .run(&f.title)
                .character_spacing(60),
            ),
        );
        if !f.left.is_empty() || !f.right.is_empty() {
            docx = docx.add_paragraph(ends(&f.left, &f.right, TEXT, width));
        }
        for p in &f.parts {
            docx = docx.add_paragraph(ends_bold(&p.title, &p.note, width));
            parts.head_rows.push((p.head_rows as usize).min(p.rows.len()));
            docx = docx.add_table(part(p, width, &mut parts));
        }
        if !f.signs.is_empty() {
            docx = docx
                .add_paragraph(Paragraph::new().line_spacing(exact(240)))
                .add_paragraph(spread(&f.signs, width));
        }
    }
    finish(docx, parts)
}

/// Two texts at the two ends of a line.
fn ends(left: &str, right: &str, hand: Hand, width: usize) -> Paragraph {
    line(width)
        .add_run(hand.run(left))
        .add_run(Run::new().add_tab())
        .add_run(hand.run(right))
}

fn ends_bold(left: &str, right: &str, width: usize) -> Paragraph {
    if left.is_empty() && right.is_empty() {
        // tables must not touch; the line is as low as Word allows
        return Paragraph::new().line_spacing(exact(40));
    }
    let bold = Hand {
        east: HEI,
        size: 24,
        bold: false,
    };
    line(width)
        .add_run(bold.run(left))
        .add_run(Run::new().add_tab())
        .add_run(TEXT.run(right))
        .keep_next(true)
        .line_spacing(
            LineSpacing::new()
                .line_rule(LineSpacingType::Exact)
                .line(400)
                .before(200)
                .after(60),
        )
}

fn line(width: usize) -> Paragraph {
    Paragraph::new()
        .style("TableText")
        .add_tab(Tab::new().val(TabValueType::Right).pos(width))
}

fn spread(texts: &[String], width: usize) -> Paragraph {
    let mut p = Paragraph::new().style("TableText");
    let gaps = texts.len().saturating_sub(1).max(1);
    for (i, t) in texts.iter().enumerate() {
        if i > 0 {
            let kind = if i == gaps {
                TabValueType::Right
            } else {
                TabValueType::Center
            };
            p = p
                .add_tab(Tab::new().val(kind).pos(width * i / gaps))
                .add_run(Run::new().add_tab());
        }
        p = p.add_run(TEXT.run(t));
    }
    p
}

fn part(p: &Part, width: usize, parts: &mut Parts) -> WordTable {
    let (n, lines) = place(p.widths.len(), p.head_rows.into(), &p.rows, |c| {
        (c.colspan.into(), c.rowspan.into())
    });
    let grid = grid(&shares(&p.widths, n), width);
    let height = if p.row_height == 0 { 95 } else { p.row_height };
    let rows = lines.iter().enumerate().map(|(r, line)| {
        let cells = line.iter().map(|s| {
            let frame = cell_frame(&grid, s.col, s.width);
            match s.what {
                What::Covered => frame
                    .vertical_merge(VMergeType::Continue)
                    .add_paragraph(Paragraph::new().style("TableText")),
                What::Empty => frame.add_paragraph(Paragraph::new().style("TableText")),
                What::Cell(i, h) => {
                    let room = super::span_width(&grid, s.col, s.width) as f32 / 15.0 - 14.0;
                    let cell = fill(frame, &p.rows[r][i], room, parts);
                    if h > 1 {
                        cell.vertical_merge(VMergeType::Restart)
                    } else {
                        cell
                    }
                }
            }
        });
        // tenths of a millimetre to twips
        TableRow::new(cells.collect())
            .cant_split()
            .row_height(f32::from(height) * 5.669)
            .height_rule(HeightRule::AtLeast)
    });
    WordTable::new(rows.collect())
        .set_grid(grid.clone())
        .width(width, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
}

/// `room`: the width inside the cell in CSS pixels.
fn fill(cell: TableCell, c: &FormCell, room: f32, parts: &mut Parts) -> TableCell {
    if let Some(code) = &c.code {
        let drawing = svg::qr_svg(code).unwrap_or_default();
        return cell.add_paragraph(picture(&drawing, "二维码", room.max(40.0), parts));
    }
    let (hand, place) = match c.kind {
        CellKind::Label => (Hand { east: HEI, ..TEXT }, crate::tree::Align::Center),
        _ => (TEXT, c.align),
    };
    let mut p = Paragraph::new().style("TableText").align(align(place));
    if let Some(seal) = c.seal {
        let run = Hand {
            east: HEI,
            size: 20,
            bold: true,
        }
        .run(&seal.sign.to_string());
        let run = if seal.done {
            run.color("FFFFFF")
                .shading(Shading::new().shd_type(ShdType::Clear).color("auto").fill("222222"))
        } else {
            run.text_border(
                TextBorder::new()
                    .border_type(BorderType::Dashed)
                    .size(6)
                    .color("000000")
                    .space(0),
            )
        };
        p = p.add_run(run).add_run(TEXT.run(" "));
    }
    let run = hand.run(&c.text);
    p = p.add_run(if c.kind == CellKind::Faint {
        run.color("555555")
    } else {
        run
    });
    let cell = cell.add_paragraph(p);
    if c.kind == CellKind::Label {
        cell.shading(Shading::new().shd_type(ShdType::Clear).color("auto").fill("F2F2F2"))
    } else {
        cell
    }
}

//! What the four steps show.

use super::drafts::Draft;
use super::pages::{post_to, words};
use super::{Past, Place, Plan, Read};
use std::collections::{BTreeMap, BTreeSet};
use tx_base::{Id, Lang};
use tx_sheet::{CellFault, Field};
use tx_web::Ctx;
use tx_web::parts::import::{Cell, Column, ColumnsView, ReviewView, StoredView, WizardTop};
use tx_web::parts::{self, Link, Piece, Step, StepState, Tab, forms};

/// Title, file and the four steps; earlier ones lead back.
pub fn top(lang: Lang, now: usize, file: &str, draft: Option<Id>) -> WizardTop {
    let names = [
        ("选表", "Choose"),
        ("认列", "Columns"),
        ("看一遍", "Look"),
        ("存进去", "Store"),
    ];
    let steps = names.iter().enumerate().map(|(i, (zh, en))| Step {
        label: words(lang, *zh, *en),
        state: match i.cmp(&now) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Now,
            std::cmp::Ordering::Greater => StepState::Later,
        },
        href: match (i < now && now < 3, i, draft) {
            (true, 0, _) => "/import".into(),
            (true, 1, Some(id)) => format!("/import/{id}/columns"),
            _ => String::new(),
        },
    });
    WizardTop {
        title: words(lang, "导入花名册", "Import a roster"),
        file: file.into(),
        steps: steps.collect(),
    }
}

pub fn help(lang: Lang, at: &Place) -> Vec<String> {
    let mut out = vec![
        words(
            lang,
            "您自己的表就行，不用先改成我们的样子。",
            "Your own sheet will do; it need not be changed first.",
        ),
        words(
            lang,
            "两行表头、合计行、“同上”、全角数字都认得。",
            "Two-row headers, totals, ditto marks and full-width figures are understood.",
        ),
        words(
            lang,
            "同一张表再导一次，不会多出孩子。",
            "The same sheet sent twice makes no child twice.",
        ),
        words(
            lang,
            "现在什么都不存，第四步才存；存了 30 天内还能撤回。",
            "Nothing is stored before the fourth step, and 30 days long it can be taken back.",
        ),
    ];
    if at.only.is_some() {
        out.insert(
            0,
            words(
                lang,
                "您导自己班的孩子；别的班请校长或办公室导。",
                "You import your own class.",
            ),
        );
    }
    out
}

/// Headers of all sheets, each once: header, field as read, samples.
pub fn headers(r: &Read) -> Vec<(String, Option<Field>, Vec<String>)> {
    let mut out: Vec<(String, Option<Field>, Vec<String>)> = Vec::new();
    for c in r.roster.sheets.iter().flat_map(|s| &s.columns) {
        if !c.header.is_empty() && !out.iter().any(|(h, ..)| *h == c.header) {
            out.push((c.header.clone(), c.field, c.samples.clone()));
        }
    }
    out
}

fn is_id(field: Option<Field>) -> bool {
    field.is_some_and(|f| {
        let n = f.name();
        n == "id_no" || n.ends_with("_id")
    })
}
/// ID numbers stand masked in tables (domain.md §7.13).
fn shown(field: Option<Field>, value: &str) -> String {
    let number = (15..=20).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_id(field) || number {
        crate::list::masked(value)
    } else {
        value.to_owned()
    }
}

pub fn columns(ctx: &Ctx, at: &Place, d: &Draft, r: &Read) -> ColumnsView {
    let lang = ctx.lang;
    let heads = headers(r);
    let known = heads.iter().filter(|(_, f, _)| f.is_some()).count();
    let mut options = vec![(String::new(), words(lang, "不要这一列", "Leave it out"))];
    options.extend(
        Field::choices()
            .into_iter()
            .map(|f| (f.name(), f.label().in_lang(lang).to_owned())),
    );
    let columns = heads
        .iter()
        .enumerate()
        .map(|(i, (header, field, samples))| {
            let mut options = options.clone();
            let chosen = field.map(Field::name).unwrap_or_default();
            if let Some(f) = field.filter(|f| !options.iter().any(|(v, _)| *v == f.name())) {
                options.push((f.name(), f.label().in_lang(lang).to_owned()));
            }
            Column {
                header: header.clone(),
                samples: samples.iter().map(|s| shown(*field, s)).collect(),
                name: format!("c{i}"),
                options,
                chosen,
                error: String::new(),
            }
        })
        .collect();
    let has = |name: &str| heads.iter().any(|(_, f, _)| f.is_some_and(|f| f.name() == name));
    let mut missing = Vec::new();
    let unreadable = r.roster.unreadable();
    if let Some(why) = &unreadable {
        missing.push(why.in_lang(lang).to_owned());
        missing.push(words(
            lang,
            "请点出表头在哪一行（两行表头点上面一行）。",
            "Point at the row of the header (of two rows the upper one).",
        ));
    } else {
        let own_class = at.only.as_ref().is_some_and(|only| only.len() == 1);
        let titled = r
            .roster
            .sheets
            .iter()
            .all(|s| s.class.is_some() || s.header_rows.is_none());
        if !has("grade_class") && !own_class && !titled {
            missing.push(words(
                lang,
                "没有班级这一列：新来的孩子先不进班。",
                "No class column: new children come into no class yet.",
            ));
        }
        let out = r.left_out();
        if !out.is_empty() {
            missing.push(words(
                lang,
                format!("这几列默认不收，不会存：{}。", out.join("、")),
                format!(
                    "These columns are off by default and are not stored: {}.",
                    out.join(", ")
                ),
            ));
        }
        for s in r.roster.sheets.iter().filter(|s| s.problem.is_some()) {
            let why = s
                .problem
                .as_ref()
                .map(|p| p.in_lang(lang).to_owned())
                .unwrap_or_default();
            missing.push(format!("{}：{why}", s.name));
        }
    }
    // what the program itself wrote beside rejected rows
    let own = |h: &str| h == tx_sheet::OWN_ROW || h == tx_sheet::OWN_REASON;
    let open = heads.iter().filter(|(h, f, _)| f.is_none() && !own(h)).count();
    let sentence = if heads.is_empty() {
        Vec::new()
    } else if open == 0 {
        vec![Piece::Text(words(
            lang,
            format!("{known} 列都认出来了。"),
            format!("All {known} columns are understood."),
        ))]
    } else {
        vec![
            Piece::Text(words(
                lang,
                format!("认出 {known} 列，还有 "),
                format!("{known} columns understood, "),
            )),
            Piece::Strong(words(lang, format!("{open} 列"), format!("{open}"))),
            Piece::Text(words(
                lang,
                " 没有认出来，不选就不存。",
                " not; without a choice they are left out.",
            )),
        ]
    };
    let first_rows = |r: &Read| {
        let rows = r.book.sheets.first().map(|s| s.rows.as_slice()).unwrap_or_default();
        rows.iter()
            .take(15)
            .map(|row| {
                let cells = row
                    .cells
                    .iter()
                    .take(12)
                    .map(|c| shown(None, &c.cell.shown()))
                    .collect();
                (row.number, cells)
            })
            .collect::<Vec<(u32, Vec<String>)>>()
    };
    ColumnsView {
        top: top(lang, 1, &d.file_name, Some(d.id)),
        form: post_to(ctx, format!("/import/{}/columns", d.id)),
        sentence,
        remember: (!heads.is_empty()).then(|| forms::Field {
            name: "remember".into(),
            label: words(lang, "下次照这样认", "Remember this for the next time"),
            kind: forms::FieldKind::Tick,
            value: "1".into(),
            ..forms::Field::default()
        }),
        columns,
        heads: [
            words(lang, "您的表头", "Your header"),
            words(lang, "前几行", "First rows"),
            words(lang, "存到", "Goes to"),
        ],
        missing,
        button: if unreadable.is_some() {
            words(lang, "就是这一行", "It is this row")
        } else {
            words(lang, "看一遍", "Look it over")
        },
        foot: words(lang, "现在什么都还没存。", "Nothing is stored yet."),
        drop: Some(drop(ctx, d)),
        rows: if unreadable.is_some() {
            first_rows(r)
        } else {
            Vec::new()
        },
    }
}

fn drop(ctx: &Ctx, d: &Draft) -> (forms::Form, String) {
    (
        post_to(ctx, format!("/import/{}/drop", d.id)),
        words(ctx.lang, "不要这张表了", "Drop this sheet"),
    )
}

/// Rows on a page of the third step.
const ROWS: usize = 60;

pub fn review(ctx: &Ctx, d: &Draft, r: &Read, p: &Plan) -> ReviewView {
    let lang = ctx.lang;
    let all = ctx.q("all") == Some("1");
    let number = |name: &str| ctx.q(name).and_then(|v| v.parse::<usize>().ok()).unwrap_or(0);
    let sheets: Vec<usize> = (0..r.roster.sheets.len())
        .filter(|i| r.roster.sheets[*i].header_rows.is_some())
        .collect();
    let chosen = sheets.iter().copied().find(|i| *i == number("sheet"));
    let which = chosen.or_else(|| sheets.first().copied()).unwrap_or(0);
    let report = &r.roster.sheets[which];
    let here = |f: &&CellFault| f.sheet == report.name;
    let by_cell = |list: &'_ [CellFault]| -> BTreeMap<(u32, Option<u16>), CellFault> {
        let mut out = BTreeMap::new();
        for f in list.iter().filter(here) {
            out.entry((f.row, f.index)).or_insert_with(|| f.clone());
        }
        out
    };
    let (errors, warnings, tidied) = (by_cell(&p.errors), by_cell(&p.warnings), by_cell(&p.tidied));
    let mut rows: BTreeSet<u32> = errors
        .keys()
        .chain(warnings.keys())
        .chain(tidied.keys())
        .map(|k| k.0)
        .collect();
    let to_see = rows.len();
    if all {
        rows.extend(r.roster.rows.iter().filter(|x| x.sheet == report.name).map(|x| x.row));
    }
    let pages = rows.len().div_ceil(ROWS).max(1);
    let page = number("page").min(pages - 1);
    let columns: Vec<&tx_sheet::Column> = report.columns.iter().filter(|c| c.field.is_some()).collect();
    let sheet = r.book.sheets.iter().find(|s| s.name == report.name);
    let sheet_at = r.book.sheets.iter().position(|s| s.name == report.name).unwrap_or(0);
    let shown_rows = rows
        .iter()
        .skip(page * ROWS)
        .take(ROWS)
        .map(|n| {
            let row = sheet.and_then(|s| s.rows.binary_search_by_key(n, |x| x.number).ok().map(|i| &s.rows[i]));
            // what concerns no column of the sheet stands at the name
            let name_at = columns
                .iter()
                .position(|c| c.field.is_some_and(|f| f.name() == "name"))
                .unwrap_or(0);
            let cells = columns
                .iter()
                .enumerate()
                .map(|(i, c)| {
                    let find = |m: &'_ BTreeMap<(u32, Option<u16>), CellFault>| {
                        m.get(&(*n, Some(c.index)))
                            .or_else(|| (i == name_at).then(|| m.get(&(*n, None))).flatten())
                            .cloned()
                    };
                    let value = row.and_then(|x| x.get(c.index)).map(|v| v.shown()).unwrap_or_default();
                    let empty = || words(lang, "（空）", "(empty)");
                    if let Some(f) = find(&errors) {
                        let take = f.proposal.as_ref().zip(f.index).map(|(v, index)| {
                            (
                                "take".to_owned(),
                                format!("{sheet_at}:{n}:{index}:{v}"),
                                format!("{v} ？"),
                            )
                        });
                        Cell::Bad {
                            value: if f.value.is_empty() { empty() } else { f.value.clone() },
                            why: f.reason.in_lang(lang).to_owned(),
                            take,
                        }
                    } else if let Some(f) = find(&warnings) {
                        Cell::Warn {
                            value: if value.is_empty() {
                                empty()
                            } else {
                                shown(c.field, &value)
                            },
                            why: f.reason.in_lang(lang).to_owned(),
                        }
                    } else if let Some(f) = find(&tidied) {
                        Cell::Fixed {
                            lines: vec![shown(c.field, &value)]
                                .into_iter()
                                .filter(|v| !v.is_empty())
                                .collect(),
                            how: f.reason.in_lang(lang).to_owned(),
                        }
                    } else if value.is_empty() {
                        Cell::Empty
                    } else {
                        Cell::Plain(shown(c.field, &value))
                    }
                })
                .collect();
            (*n, cells)
        })
        .collect();
    let base = format!("/import/{}/rows", d.id);
    let total = p.rows;
    let mut switch = vec![
        Tab::new(words(lang, "要看的", "To see"), format!("{base}?sheet={which}"), !all),
        Tab::new(
            words(lang, format!("全部 {}", report.rows), format!("All {}", report.rows)),
            format!("{base}?sheet={which}&all=1"),
            all,
        ),
    ];
    if sheets.len() > 1 {
        for i in &sheets {
            let name = &r.roster.sheets[*i].name;
            let href = format!("{base}?sheet={i}{}", if all { "&all=1" } else { "" });
            switch.push(Tab::new(name.clone(), href, *i == which));
        }
    }
    let (new, changed, same) = p.counts();
    let good = total.saturating_sub(p.rejected);
    let bad = p.rejected;
    let turn = |to: usize| format!("{base}?sheet={which}&page={to}{}", if all { "&all=1" } else { "" });
    let store = |keep: bool| {
        let mut f = post_to(ctx, format!("/import/{}/store", d.id));
        if keep {
            f.hidden.push(("keep".into(), "1".into()));
        }
        f
    };
    let foot = if to_see == 0 && !all {
        words(
            lang,
            "没有要看的，可以存了。现在什么都还没存。",
            "Nothing needs a look; it can be stored. Nothing is stored yet.",
        )
    } else {
        words(
            lang,
            "现在什么都还没存。没改完也不要紧，表会替您留 30 天。",
            "Nothing is stored yet. The sheet is kept for you for 30 days.",
        )
    };
    ReviewView {
        top: top(lang, 2, &d.file_name, Some(d.id)),
        rows_all: total,
        good,
        good_facts: vec![
            words(lang, format!("新 {new}"), format!("{new} new")),
            words(lang, format!("更新 {changed}"), format!("{changed} updated")),
            words(lang, format!("没变 {same}"), format!("{same} unchanged")),
        ],
        bad,
        fixed: p.tidied.len() as u32,
        words: [
            words(lang, "行", "rows"),
            words(lang, "行可以存", "can be stored"),
            words(lang, "行要改", "to mend"),
            words(lang, "处替您理顺了", "put in order"),
        ],
        switch,
        heads: columns.iter().map(|c| c.header.clone()).collect(),
        rows: shown_rows,
        take: post_to(ctx, base.clone()),
        foot,
        download: (bad > 0).then(|| {
            Link::new(
                words(lang, format!("下载要改的 {bad} 行"), format!("Download the {bad} rows")),
                format!("/import/{}/mend.xlsx", d.id),
            )
            .icon("down2")
        }),
        keep_good: (bad > 0 && good > 0).then(|| {
            (
                store(true),
                words(lang, format!("只存 {good} 行"), format!("Store only {good} rows")),
            )
        }),
        next: (bad == 0).then(|| (store(false), words(lang, "存进去", "Store"))),
        again: (bad > 0)
            .then(|| parts::Link::new(words(lang, "改好了，再看一遍", "Mended: look again"), "/import").first()),
        drop: Some(drop(ctx, d)),
        before: (page > 0).then(|| turn(page - 1)),
        after: (page + 1 < pages).then(|| turn(page + 1)),
    }
}

pub fn stored(ctx: &Ctx, p: &Past, left: &[String], draft: Option<Id>) -> StoredView {
    let lang = ctx.lang;
    let n = |name: &str| p.counts[name].as_i64().unwrap_or(0);
    let text = |zh: String, en: String| vec![Piece::Text(words(lang, zh, en))];
    let mut sentences = Vec::new();
    if p.undone.is_some() {
        sentences.push(text("这次导入已经撤回。".into(), "This import was taken back.".into()));
        if !left.is_empty() {
            sentences.push(text(
                format!("后来改过或有了记录的没有动：{}。", left.join("、")),
                format!("Edited or written about since, left as they are: {}.", left.join(", ")),
            ));
        }
    } else {
        sentences.push(text(
            format!(
                "存好了：新加 {} 名，更新 {} 名，没变 {} 名。",
                n("created"),
                n("updated"),
                n("unchanged")
            ),
            format!(
                "Stored: {} new, {} updated, {} unchanged.",
                n("created"),
                n("updated"),
                n("unchanged")
            ),
        ));
    }
    let classes: Vec<String> = p.counts["classes_created"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|c| c.as_str())
        .map(|c| tx_calendar::ClassCode::from_code(c).map_or_else(|| c.to_owned(), |k| k.screen()))
        .collect();
    if !classes.is_empty() {
        sentences.push(text(
            format!("新建了班：{}。", classes.join("、")),
            format!("Classes made: {}.", classes.join(", ")),
        ));
    }
    let mut buttons = vec![
        Link::new(words(lang, "去看孩子", "See the children"), "/children").first(),
        Link::new(words(lang, "再导一张表", "Import another"), "/import"),
    ];
    if let Some(id) = draft.filter(|_| n("rejected") > 0) {
        sentences.push(text(
            format!("还有 {} 行要改，没有存，表替您留着。", n("rejected")),
            format!("{} rows are still to be mended; the sheet is kept.", n("rejected")),
        ));
        buttons.push(Link::new(
            words(lang, "接着改", "Go on mending"),
            format!("/import/{id}/rows"),
        ));
    }
    let can = p.can_undo(ctx.now());
    if can {
        sentences.push(text(
            format!("{} 天内可以撤回；后来改过的孩子会留下并列出名字。", super::DAYS),
            format!(
                "It can be taken back for {} days; children edited since are left and named.",
                super::DAYS
            ),
        ));
    }
    StoredView {
        top: top(lang, 3, &p.file_name, None),
        sentences,
        buttons,
        undo: can.then(|| {
            (
                post_to(ctx, format!("/imports/{}/undo", p.id)),
                words(lang, "撤回这次导入", "Take this import back"),
            )
        }),
    }
}

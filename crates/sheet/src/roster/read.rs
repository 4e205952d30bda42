//! Walks the rows of each sheet: what is a child, what is a title, a total, a note or a signature.

use super::{
    CellFault, ChildDraft, Column, Form, Options, Roster, RowDraft, SheetReport, class, family, header, row, twice,
};
use crate::{
    book::{Book, Cell, Kind, Row, Sheet},
    field::{Attr, Field, Plain, Who, fold},
    value::{
        date::parse_date,
        text::{is_blank_mark, is_ditto, squash, tidy},
    },
};
use std::collections::{BTreeSet, HashMap};
use tx_base::{Day, Say, say};

/// Reads all children of a book. Never fails: what is wrong stands in the result.
pub fn roster(book: &Book, opts: &Options) -> Roster {
    let mut out = Roster::default();
    for sheet in &book.sheets {
        if opts.sheets.as_ref().is_some_and(|chosen| !chosen.contains(&sheet.name)) {
            continue;
        }
        if sheet.rows.is_empty() {
            out.sheets.push(SheetReport {
                name: sheet.name.clone(),
                problem: Some(say("这张表是空的", "This sheet is empty")),
                ..SheetReport::default()
            });
            continue;
        }
        Reader {
            book,
            sheet,
            opts,
            out: &mut out,
        }
        .read();
    }
    twice::join(&mut out);
    let bad: BTreeSet<(&str, u32)> = out.errors.iter().map(|e| (e.sheet.as_str(), e.row)).collect();
    out.rejected = bad.len() as u32;
    out
}

/// One cell of a row with its column, `同上` resolved.
pub struct Got<'a> {
    pub column: &'a header::Mapped,
    pub field: Field,
    pub cell: Cell,
    pub text: String,
    /// As the person wrote it.
    pub shown: String,
}

/// Collects what is said about one row.
pub struct Report<'a> {
    pub sheet: &'a str,
    pub row: u32,
    pub errors: Vec<CellFault>,
    pub warnings: Vec<CellFault>,
    pub tidied: Vec<CellFault>,
}

impl Report<'_> {
    fn fault(&self, got: &Got, reason: Say, proposal: Option<String>) -> CellFault {
        CellFault {
            sheet: self.sheet.to_string(),
            row: self.row,
            column: got.column.header.clone(),
            index: Some(got.column.index),
            field: Some(got.field),
            value: got.shown.chars().take(200).collect(),
            reason,
            proposal,
        }
    }
    pub fn error(&mut self, got: &Got, reason: Say, proposal: Option<String>) {
        let f = self.fault(got, reason, proposal);
        // one entry for each bad row and column
        if !self.errors.iter().any(|e| e.index == f.index) {
            self.errors.push(f);
        }
    }
    pub fn warn(&mut self, got: &Got, reason: Say, proposal: Option<String>) {
        let f = self.fault(got, reason, proposal);
        self.warnings.push(f);
    }
    pub fn tidy(&mut self, got: &Got, reason: Say) {
        let f = self.fault(got, reason, None);
        self.tidied.push(f);
    }
    /// About a field whose cell is empty; `columns` tells where it would stand.
    pub fn empty(&self, columns: &[header::Mapped], field: Field, reason: Say, proposal: Option<String>) -> CellFault {
        let column = columns.iter().find(|c| c.field == Some(field));
        CellFault {
            sheet: self.sheet.to_string(),
            row: self.row,
            column: column.map_or_else(|| field.label().zh, |c| c.header.clone()),
            index: column.map(|c| c.index),
            field: Some(field),
            value: String::new(),
            reason,
            proposal,
        }
    }
}

struct Reader<'a> {
    book: &'a Book,
    sheet: &'a Sheet,
    opts: &'a Options,
    out: &'a mut Roster,
}

impl Reader<'_> {
    fn read(mut self) {
        let mut report = SheetReport {
            name: self.sheet.name.clone(),
            ..SheetReport::default()
        };
        let Some(mut found) = header::find(self.sheet, self.opts) else {
            report.problem = Some(say(
                "没找到表头：表里要有一行写着“姓名”等列名",
                "No header found: one row must say “姓名” and other names of columns",
            ));
            self.out.sheets.push(report);
            return;
        };
        self.above(&mut report, found.first);
        report.header_rows = Some((self.sheet.rows[found.first].number, self.sheet.rows[found.last].number));
        let samples = |index: u16, after: usize, n: usize| -> Vec<String> {
            self.sheet.rows[after + 1..]
                .iter()
                .filter_map(|r| r.get(index))
                .map(Cell::shown)
                .filter(|s| !is_blank_mark(s))
                .take(n)
                .map(|s| s.chars().take(60).collect())
                .collect()
        };
        header::settle_numbers(&mut found.columns, |i| samples(i, found.last, 20));
        report.columns = found
            .columns
            .iter()
            .map(|c| Column {
                index: c.index,
                header: c.header.clone(),
                field: c.field,
                samples: samples(c.index, found.last, 3),
            })
            .collect();
        report.form = form_of(&found.columns, report.title.as_deref().unwrap_or_default());
        if report.date.is_none() {
            report.date = self
                .sheet
                .rows
                .iter()
                .rev()
                .take(12)
                .find_map(|r| r.own().find_map(|s| dated(&s.cell.text(), self.opts.today)));
        }
        self.rows(&mut report, found);
        self.out.sheets.push(report);
    }

    /// Titles and lines over the header.
    fn above(&self, report: &mut SheetReport, first: usize) {
        for r in &self.sheet.rows[..first] {
            for slot in r.own() {
                let text = tidy(&slot.cell.text());
                report.date = report.date.or_else(|| dated(&text, self.opts.today));
                let label = text.contains(':') || text.contains("填报") || text.contains("制表");
                if !label && report.title.is_none() && text.chars().count() >= 3 && slot.cell.as_str().is_some() {
                    report.title = Some(text.clone());
                }
                if report.class.is_none() {
                    report.class = class::inside(&text, self.opts);
                }
            }
        }
        if report.class.is_none() {
            report.class =
                class::parse(&self.sheet.name, self.opts).or_else(|| class::inside(&self.sheet.name, self.opts));
        }
        let title = match &report.title {
            Some(t) => format!("{t} {}", self.sheet.name),
            None if self.book.kind == Kind::Csv => self.sheet.name.clone(),
            None => format!("{} {}", self.sheet.name, self.book.file_name),
        };
        report.left_behind = title_says(&title);
    }

    fn rows(&mut self, report: &mut SheetReport, found: header::Found) {
        let sheet = self.sheet;
        let mut columns = found.columns;
        let mut block_class = report.class;
        let mut before: HashMap<u16, Cell> = HashMap::new();
        let mut last_good = false;
        let mut blocks = 0;
        let mut at = found.last + 1;
        while at < sheet.rows.len() {
            let row = &sheet.rows[at];
            at += 1;
            if blocks < MAX_BLOCKS
                && let Some(next) = header::again(sheet, at - 1, self.opts)
            {
                blocks += 1;
                at = next.last + 1;
                columns = next.columns;
                before.clear();
                continue;
            }
            let name_at = columns
                .iter()
                .find(|c| c.field == Some(Field::Plain(Plain::Name)))
                .map(|c| c.index);
            match what(row, &columns, name_at) {
                What::Child => {}
                What::Nothing => continue,
                What::Line(text) => {
                    block_class = class::inside(&text, self.opts)
                        .or_else(|| class::parse(&text, self.opts))
                        .or(block_class);
                    continue;
                }
            }
            let mut rep = Report {
                sheet: &sheet.name,
                row: row.number,
                errors: Vec::new(),
                warnings: Vec::new(),
                tidied: Vec::new(),
            };
            let gots = self.resolve(row, &columns, &before, &mut rep);
            let continued = name_at.and_then(|c| row.slot(c)).is_some_and(|s| s.filled);
            if continued {
                // a child over two rows: the second holds another adult
                if last_good && let Some(last) = self.out.rows.last_mut() {
                    let mut more = ChildDraft::default();
                    family::read(
                        &gots,
                        &columns,
                        &mut more,
                        report.date.unwrap_or(self.opts.today),
                        &mut rep,
                    );
                    twice::family_into(&mut last.child, more);
                }
                self.out.warnings.append(&mut rep.warnings);
                self.out.tidied.append(&mut rep.tidied);
                continue;
            }
            report.rows += 1;
            self.out.total += 1;
            let mut child = row::child(&gots, &columns, report, self.book.kind, self.opts, &mut rep);
            if child.class.is_none() && child.class_text.is_none() {
                child.class = block_class;
                child.grade = child.grade.or(block_class.map(|c| c.grade));
            }
            before = gots.iter().map(|g| (g.column.index, g.cell.clone())).collect();
            rep.errors.sort_by_key(|e| e.index);
            last_good = rep.errors.is_empty();
            if last_good {
                self.out.rows.push(RowDraft {
                    sheet: sheet.name.clone(),
                    row: row.number,
                    child,
                });
            }
            self.out.errors.append(&mut rep.errors);
            self.out.warnings.append(&mut rep.warnings);
            self.out.tidied.append(&mut rep.tidied);
        }
    }

    /// The mapped cells of a row; `同上` takes the cell of the child above.
    fn resolve<'c>(
        &self,
        row: &Row,
        columns: &'c [header::Mapped],
        before: &HashMap<u16, Cell>,
        rep: &mut Report,
    ) -> Vec<Got<'c>> {
        let mut out = Vec::with_capacity(columns.len());
        for column in columns {
            let (Some(field), Some(cell)) = (column.field, row.get(column.index)) else {
                continue;
            };
            let text = cell.text();
            if text.trim().is_empty() {
                continue;
            }
            let mut got = Got {
                column,
                field,
                shown: cell.shown(),
                text,
                cell: cell.clone(),
            };
            let unique = matches!(
                field,
                Field::Plain(Plain::Name | Plain::IdNo | Plain::StudentNo | Plain::RowNo | Plain::ClassNo)
            );
            if !unique && is_ditto(&got.text) {
                match before.get(&column.index) {
                    Some(above) => {
                        got.cell = above.clone();
                        got.text = above.text();
                        let seen = got.text.clone();
                        rep.tidy(
                            &got,
                            say(format!("由“同上”补全：{seen}"), format!("“as above”: {seen}")),
                        );
                    }
                    None => {
                        rep.warn(
                            &got,
                            say(
                                "写着“同上”，但上面没有可以照抄的",
                                "It says “as above”, but nothing stands above",
                            ),
                            None,
                        );
                        continue;
                    }
                }
            }
            out.push(got);
        }
        out
    }
}

/// Headers within one sheet: one for each printed page or class.
const MAX_BLOCKS: u32 = 500;

enum What {
    Child,
    Nothing,
    /// A line across the table, such as the next class's name.
    Line(String),
}

/// What a row below the header is.
fn what(row: &Row, columns: &[header::Mapped], name_at: Option<u16>) -> What {
    let own: Vec<(u16, String)> = row
        .own()
        .map(|s| (s.column, s.cell.text()))
        .filter(|(_, t)| !t.trim().is_empty())
        .collect();
    let Some((_, first)) = own.first() else {
        return What::Nothing;
    };
    let first = squash(first);
    let name = name_at
        .and_then(|c| row.get(c))
        .map(|c| squash(&c.text()))
        .unwrap_or_default();
    let sum = |t: &str| {
        let bare = t.trim_matches(|c: char| matches!(c, ':' | '(' | ')'));
        matches!(
            bare,
            "合计" | "小计" | "总计" | "共计" | "累计" | "总数" | "汇总" | "本页合计" | "本页小计" | "总人数"
        ) || ((t.starts_with("合计") || t.starts_with("小计") || t.starts_with("总计") || t.starts_with("共计"))
            && t.chars().count() <= 12)
    };
    if sum(&first) || sum(&name) || own.iter().take(3).any(|(_, t)| sum(&squash(t))) {
        return What::Nothing;
    }
    if own.len() <= 6 && (note(&first) || signature(&first) && !plausible(&name)) {
        return What::Nothing;
    }
    let fields = |i: u16| columns.iter().find(|c| c.index == i).and_then(|c| c.field);
    // rows numbered or filled in beforehand, with no child in them
    let empty = |f: Option<Field>| {
        matches!(
            f,
            None | Some(Field::Plain(
                Plain::RowNo
                    | Plain::GradeClass
                    | Plain::School
                    | Plain::Town
                    | Plain::Village
                    | Plain::Ethnic
                    | Plain::ClassTeacher
            ))
        )
    };
    if name.is_empty() {
        let telling = own
            .iter()
            .filter(|(i, t)| !empty(fields(*i)) && !is_blank_mark(t))
            .count();
        if own.len() == 1
            && (telling == 0 || own[0].0 == columns.first().map_or(0, |c| c.index) || first.chars().count() > 12)
        {
            return if matches!(fields(own[0].0), Some(Field::Plain(Plain::RowNo)))
                && first.chars().all(|c| c.is_ascii_digit())
            {
                What::Nothing
            } else {
                What::Line(first)
            };
        }
        if telling == 0 || own.iter().any(|(_, t)| signature(&squash(t))) {
            return What::Nothing;
        }
        return What::Child;
    }
    if own.len() == 1
        && (note(&name)
            || name.chars().count() > 12
            || name.contains('班')
                && name
                    .chars()
                    .any(|c| c.is_ascii_digit() || "一二三四五六七八九".contains(c)))
    {
        return What::Line(name);
    }
    if own.len() <= 2 && (name.starts_with('共') && name.contains('人') || signature(&name)) {
        return What::Nothing;
    }
    What::Child
}

fn plausible(name: &str) -> bool {
    (2..=4).contains(&name.chars().count()) && !name.contains(':')
}

fn note(t: &str) -> bool {
    [
        "注:",
        "注1",
        "注意",
        "备注:",
        "说明:",
        "填表说明",
        "填报说明",
        "附:",
        "注.",
        "提示:",
        "填写说明",
        "要求:",
    ]
    .iter()
    .any(|w| t.starts_with(w))
        || t.starts_with('注') && t.chars().count() > 8
}

fn signature(t: &str) -> bool {
    [
        "填表人",
        "填报人",
        "审核人",
        "复核人",
        "单位负责人",
        "负责人",
        "校长",
        "签字",
        "签名",
        "盖章",
        "制表",
        "经办人",
        "填报单位",
        "填表单位",
        "填报时间",
        "填报日期",
        "填表时间",
        "填表日期",
        "班主任签",
        "学校负责人",
        "学校(盖章)",
        "学校盖章",
    ]
    .iter()
    .any(|w| t.starts_with(w) && (t.contains(':') || t.contains('(') || t.chars().count() <= w.chars().count() + 8))
}

/// Whether a title makes every row a left-behind child.
fn title_says(title: &str) -> bool {
    let t = squash(title);
    let Some(at) = t.find("留守") else { return false };
    let before = &t[..at];
    !before.ends_with('非') && !before.ends_with('含') && !before.ends_with("包括") && !before.ends_with("是否")
}

/// The day of `填报时间：2026年9月5日` and its like.
fn dated(text: &str, today: Day) -> Option<Day> {
    let t = tidy(text);
    for word in [
        "填报时间",
        "填报日期",
        "填表时间",
        "填表日期",
        "统计时间",
        "统计日期",
        "截止时间",
        "截至日期",
        "截至",
        "制表时间",
        "制表日期",
        "上报时间",
        "时间:",
        "日期:",
    ] {
        let Some(at) = t.find(word) else { continue };
        let rest = t[at + word.len()..].trim_start_matches([':', ' ', '(', ')']);
        let end = rest
            .char_indices()
            .take_while(|(_, c)| c.is_ascii_digit() || " -./年月日号〇零○一二三四五六七八九十".contains(*c))
            .last()
            .map_or(0, |(i, c)| i + c.len_utf8());
        if let Ok(d) = parse_date(rest[..end].trim(), today)
            && d.day <= today.plus(366)
        {
            return Some(d.day);
        }
    }
    None
}

fn form_of(columns: &[header::Mapped], title: &str) -> Form {
    let has = |f: Field| columns.iter().any(|c| c.field == Some(f));
    if has(Field::Person(Who::Member(1), Attr::Name)) || has(Field::Person(Who::Member(1), Attr::IsGuardian)) {
        return Form::Register;
    }
    let away = columns
        .iter()
        .filter(|c| c.field == Some(Field::Plain(Plain::AwayKind)))
        .any(|c| fold(&c.header).contains("双方同时外出"));
    if away || (squash(title).contains("基本情况登记表") && has(Field::Plain(Plain::HukouRegistered))) {
        Form::Survey2016
    } else {
        Form::School
    }
}

//! (a) The care calendar: a class and a term in one picture.

use super::{Layout, Svg, esc, n};
use crate::parts::words;
use crate::parts::{Kind, Mark};
use maud::{Markup, html};
use tx_base::{Day, Lang, Span};

/// One deed or duty in the calendar.
#[derive(Clone, Debug, Default)]
pub struct MarkIn {
    /// The seal's character.
    pub ch: String,
    pub kind: Kind,
    /// Name of the kind of record, e.g. `heart_talk`.
    pub name: String,
    pub mark: Mark,
    /// 谈心 9月14日; 约定家访，晚 5 天.
    pub title: String,
    /// The earliest week (1-based) where it may stand: the first of its window. Equal to the cell's for what is done.
    pub earliest: usize,
}

/// What stands in one week of a child: done in the week when it happened, due in the last week of its window.
#[derive(Clone, Debug, Default)]
pub struct CalendarCell {
    /// 1-based.
    pub week: usize,
    /// What a click opens.
    pub href: String,
    pub marks: Vec<MarkIn>,
}

/// A child's row, or a heading of a group (village, helper) when `head` is set.
#[derive(Clone, Debug, Default)]
pub struct CalendarRow {
    pub id: String,
    pub name: String,
    pub href: String,
    pub bold: bool,
    pub late: u32,
    pub due: u32,
    pub cells: Vec<CalendarCell>,
    pub head: bool,
}

/// A stretch without school: a sand band.
#[derive(Clone, Debug)]
pub struct Holiday {
    pub span: Span,
    /// 国庆; may be empty.
    pub name: String,
}

/// A festival or an exam at the head.
#[derive(Clone, Debug)]
pub struct DayWord {
    pub day: Day,
    pub name: String,
    /// `Kind::Exam`, `Kind::Gift` for festivals.
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub struct CalendarPicture {
    /// The sentence that the picture says.
    pub label: String,
    /// Monday of week `first_week`.
    pub first_monday: Day,
    /// 20–22.
    pub weeks: usize,
    /// Number of the first week shown; 1 for a whole term.
    pub first_week: usize,
    pub today: Day,
    pub holidays: Vec<Holiday>,
    pub words: Vec<DayWord>,
    pub rows: Vec<CalendarRow>,
    /// Records in each week shown.
    pub totals: Vec<u32>,
}

impl Default for CalendarPicture {
    fn default() -> CalendarPicture {
        let day = Day::lit("2026-08-31");
        CalendarPicture {
            label: String::new(),
            first_monday: day,
            weeks: 20,
            first_week: 1,
            today: day,
            holidays: Vec::new(),
            words: Vec::new(),
            rows: Vec::new(),
            totals: Vec::new(),
        }
    }
}

impl CalendarPicture {
    /// `weeks` weeks from week number `from`, for the phone.
    pub fn part(&self, from: usize, weeks: usize) -> CalendarPicture {
        let last = self.first_week + self.weeks - 1;
        let from = from.clamp(self.first_week, (last + 1).saturating_sub(weeks).max(self.first_week));
        let skip = from - self.first_week;
        let mut p = self.clone();
        p.first_monday = self.first_monday.plus(7 * skip as i32);
        p.first_week = from;
        p.weeks = weeks.min(self.weeks);
        p.totals = self.totals.iter().skip(skip).take(p.weeks).copied().collect();
        p
    }

    /// The place of a day, in weeks from the left edge of the picture.
    fn at(&self, day: Day) -> f64 {
        f64::from(day.since(self.first_monday)) / 7.0
    }
}

/// Order in a cell: done, tried, due, overdue; then 访 谈 话 护 others.
fn order(m: &MarkIn) -> (u8, u8) {
    let state = match m.mark {
        Mark::Done => 0,
        Mark::Tried => 1,
        Mark::Excused => 2,
        Mark::Open => 3,
        Mark::Overdue | Mark::Missed => 4,
        Mark::Ahead => 5,
    };
    let kind = match m.kind {
        Kind::Visit => 0,
        Kind::Talk => 1,
        Kind::Call => 2,
        Kind::Guardian => 3,
        _ => 4,
    };
    (state, kind)
}

/// A cell as it is drawn: at most two seals, dots of the future, how many more there are.
struct Drawn<'a> {
    week: usize,
    href: &'a str,
    seals: Vec<&'a MarkIn>,
    dots: Vec<&'a MarkIn>,
    rest: Vec<&'a MarkIn>,
}

/// A third seal stands in the week before if its window allows; done things never move.
fn lay(row: &CalendarRow) -> Vec<Drawn<'_>> {
    let mut cells: Vec<Drawn<'_>> = Vec::new();
    let mut sorted: Vec<&CalendarCell> = row.cells.iter().collect();
    sorted.sort_by_key(|c| c.week);
    for c in sorted {
        let (dots, mut seals): (Vec<&MarkIn>, Vec<&MarkIn>) = c.marks.iter().partition(|m| m.mark == Mark::Ahead);
        seals.sort_by_key(|m| order(m));
        let mut rest = seals.split_off(seals.len().min(2));
        if !rest.is_empty() && c.week > 1 {
            let movable =
                |m: &MarkIn| matches!(m.mark, Mark::Open | Mark::Overdue | Mark::Missed) && m.earliest < c.week;
            if let Some(i) = rest.iter().position(|m| movable(m)) {
                match cells.iter_mut().find(|d| d.week == c.week - 1) {
                    Some(d) if d.seals.len() < 2 && d.dots.is_empty() => d.seals.push(rest.remove(i)),
                    Some(_) => {}
                    None => {
                        let m = rest.remove(i);
                        cells.push(Drawn {
                            week: c.week - 1,
                            href: &c.href,
                            seals: vec![m],
                            dots: vec![],
                            rest: vec![],
                        });
                    }
                }
            }
        }
        cells.push(Drawn {
            week: c.week,
            href: &c.href,
            seals,
            dots,
            rest,
        });
    }
    cells
}

/// Draws the picture; on a phone the part of five weeks with bigger cells.
pub fn care_calendar(lang: Lang, p: &CalendarPicture, layout: Layout) -> Markup {
    let g = Grid::new(p, layout);
    let mut s = Svg::linked(
        if layout == Layout::Wide { "cal" } else { "cal ph" },
        g.width,
        g.height(p),
        &p.label,
    );
    head(&mut s, lang, p, &g);
    for (i, row) in p.rows.iter().enumerate() {
        let y = g.top + i as f64 * g.row;
        s.path(&format!("M0 {}H{}", n(y + g.row), n(g.width)), "rl");
        if row.head {
            s.text(4.0, y + g.row / 2.0 + 5.0, "hd", &row.name);
            continue;
        }
        let class = if row.bold { "nm b" } else { "nm" };
        s.open(
            &row.href,
            &row.name,
            &format!(r#" class="who" data-child="{}""#, esc(&row.id)),
        );
        s.text(4.0, y + g.row / 2.0 + 5.5, class, &short(&row.name, layout));
        if !g.wide {
            s.rect(0.0, y, g.left, g.row, 0.0, "hit");
        }
        s.shut(&row.href);
        for c in lay(row) {
            cell(&mut s, p, &g, row, i, &c);
        }
        if layout == Layout::Wide {
            let right = g.left + p.weeks as f64 * g.cell;
            s.text(right + 36.0, y + 21.0, "ct l", &some(row.late));
            s.text(right + 92.0, y + 21.0, "ct d", &some(row.due));
        } else if row.late > 0 {
            s.text(g.width - 4.0, y + g.row / 2.0 + 5.0, "ct l e", &some(row.late));
        }
    }
    if p.rows.iter().all(|r| r.head) {
        s.text(g.left + 8.0, g.top + 24.0, "nm", words::NOBODY_YET.in_lang(lang));
    }
    foot(&mut s, lang, p, &g);
    s.end()
}

/// A long name is cut so that it does not run into the first week; the whole one is in the title.
fn short(name: &str, layout: Layout) -> String {
    let most = if layout == Layout::Wide { 5 } else { 4 };
    if name.is_ascii() {
        let most = most * 2;
        return if name.len() > most {
            format!("{}…", &name[..most - 1])
        } else {
            name.into()
        };
    }
    if name.chars().count() > most {
        name.chars().take(most - 1).chain(['…']).collect()
    } else {
        name.into()
    }
}

fn some(v: u32) -> String {
    if v == 0 { String::new() } else { v.to_string() }
}

struct Grid {
    left: f64,
    cell: f64,
    top: f64,
    row: f64,
    width: f64,
    bottom: f64,
    wide: bool,
}

impl Grid {
    fn new(p: &CalendarPicture, layout: Layout) -> Grid {
        let wide = layout == Layout::Wide;
        let (left, cell, row) = if wide { (92.0, 45.0, 31.0) } else { (76.0, 48.0, 44.0) };
        let right = if wide { 134.0 } else { 12.0 };
        let width = left + p.weeks as f64 * cell + right;
        Grid {
            left,
            cell,
            top: 54.0,
            row,
            width,
            bottom: 54.0 + p.rows.len().max(1) as f64 * row,
            wide,
        }
    }
    fn height(&self, _: &CalendarPicture) -> f64 {
        self.bottom + 40.0
    }
    fn x(&self, weeks: f64) -> f64 {
        self.left + weeks * self.cell
    }
}

fn head(s: &mut Svg, lang: Lang, p: &CalendarPicture, g: &Grid) {
    let end = p.weeks as f64;
    for h in &p.holidays {
        let (a, b) = (
            p.at(h.span.from).clamp(0.0, end),
            p.at(h.span.to.plus(1)).clamp(0.0, end),
        );
        if b > a {
            s.rect(g.x(a), 22.0, (b - a) * g.cell, g.bottom - 22.0, 0.0, "hol");
        }
    }
    let now = p.at(p.today);
    let this = (0.0..end).contains(&now).then_some(now.floor());
    if let Some(w) = this {
        s.rect(g.x(w), 20.0, g.cell, g.height(p) - 20.0, 8.0, "now");
    }
    // the month at the left edge, then each that begins inside
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut month = p.first_monday.plus(6).first_of_month();
    let last = p.first_monday.plus(7 * p.weeks as i32 - 1);
    while month <= last {
        let at = p.at(month);
        let x = if at < 0.2 { g.x(0.0) } else { g.x(at) };
        if at >= 0.2 {
            s.path(&format!("M{x} 2V17M{x} 54V{}", n(g.bottom - 2.0), x = n(x)), "mo");
        }
        let name = month_name(lang, month.month());
        let right = x + 6.0 + width(&name, 14.0);
        // a month that begins in the last days has no room for its name
        if right <= g.x(end) + 20.0 {
            s.text(x + 6.0, 14.0, "mn", &name);
            taken.push((x, right));
        }
        month = month.plus_months(1);
    }
    let words = p
        .words
        .iter()
        .map(|w| (p.at(w.day) + 0.5 / 7.0, w.name.as_str(), w.kind.class()));
    let names = p.holidays.iter().filter(|h| !h.name.is_empty()).map(|h| {
        (
            (p.at(h.span.from) + p.at(h.span.to.plus(1))) / 2.0,
            h.name.as_str(),
            "mute",
        )
    });
    for (at, name, class) in words.chain(names) {
        if !(0.0..end).contains(&at) || name.is_empty() {
            continue;
        }
        let w = width(name, 13.0);
        let mut x = g.x(at) - w / 2.0;
        for (a, b) in &taken {
            if x < *b + 6.0 && x + w > *a - 4.0 {
                // beside the month's name, on the side where the day is
                x = if g.x(at) < *a + 2.0 { a - w - 4.0 } else { b + 8.0 };
            }
        }
        if taken.iter().all(|(a, b)| x >= *b + 2.0 || x + w <= *a - 2.0) && x + w <= g.x(end) + 20.0 {
            s.text(x, 14.0, &format!("dw {class}"), name);
            taken.push((x, x + w));
        }
    }
    for w in 0..p.weeks {
        let x = g.x(w as f64 + 0.5);
        let monday = p.first_monday.plus(7 * w as i32);
        let (a, b) = if this == Some(w as f64) {
            ("wk n", "wd n")
        } else {
            ("wk", "wd")
        };
        let name = if this == Some(w as f64) {
            words::THIS_WEEK.in_lang(lang).to_string()
        } else {
            (p.first_week + w).to_string()
        };
        s.text(x, 34.0, a, &name);
        s.text(x, 47.0, b, &format!("{}/{}", monday.month(), monday.day()));
    }
    if g.wide {
        let right = g.x(end);
        s.text(right + 36.0, 44.0, "ch l", words::OVERDUE.in_lang(lang));
        s.text(right + 92.0, 44.0, "ch d", words::DUE.in_lang(lang));
    }
}

fn cell(s: &mut Svg, p: &CalendarPicture, g: &Grid, row: &CalendarRow, i: usize, c: &Drawn<'_>) {
    let Some(w) = c.week.checked_sub(p.first_week).filter(|w| *w < p.weeks) else {
        return;
    };
    let cx = g.x(w as f64 + 0.5);
    let cy = g.top + (i as f64 + 0.5) * g.row;
    let data = |m: &MarkIn, class: &str| {
        format!(
            r#" class="{class}" data-child="{}" data-week="{}" data-kind="{}" data-state="{}""#,
            esc(&row.id),
            c.week,
            esc(&m.name),
            m.mark.state()
        )
    };
    let count = c.seals.len();
    let mut x = cx - if count == 2 { 21.0 } else { 10.0 };
    for m in &c.seals {
        s.open(
            c.href,
            &m.title,
            &data(m, &format!("m {} {}", m.kind.class(), m.mark.class())),
        );
        seal(s, x, cy - 10.0, m);
        if !g.wide {
            let half = if count == 2 { g.cell / 2.0 } else { g.cell };
            s.rect(
                if count == 2 { x - 3.0 } else { cx - half / 2.0 },
                cy - 22.0,
                half,
                44.0,
                0.0,
                "hit",
            );
        }
        s.shut(c.href);
        x += 22.0;
    }
    if !c.rest.is_empty() {
        let titles: Vec<&str> = c.rest.iter().map(|m| m.title.as_str()).collect();
        let title = format!("+{} {}", c.rest.len(), titles.join("；"));
        s.open(c.href, &title, r#" class="rest""#);
        for m in &c.rest {
            s.raw(format_args!("<g{}/>", data(m, "")));
        }
        s.text(cx + 22.0, cy - 5.0, "pl", &format!("+{}", c.rest.len()));
        s.shut(c.href);
    }
    // beside seals the dots have no room: they are counted with the rest of the cell's page
    let shown = if count == 0 { c.dots.as_slice() } else { &[] };
    let mut x = cx - 4.5 * (shown.len() as f64 - 1.0);
    for m in shown {
        s.open(c.href, &m.title, &data(m, "ah"));
        s.dot(x, cy, 2.8, "");
        s.shut(c.href);
        x += 9.0;
    }
}

/// A seal of 20 px; the shape is the state.
fn seal(s: &mut Svg, x: f64, y: f64, m: &MarkIn) {
    match m.mark {
        Mark::Overdue => {
            s.rect(x + 0.9, y + 0.9, 18.2, 18.2, 5.0, "");
            s.path(&format!("M{} {}h4a4 4 0 0 1 4 4v4z", n(x + 12.0), n(y)), "f");
        }
        Mark::Open | Mark::Tried | Mark::Missed => s.rect(x + 0.8, y + 0.8, 18.4, 18.4, 5.0, ""),
        Mark::Done | Mark::Excused | Mark::Ahead => s.rect(x, y, 20.0, 20.0, 5.5, ""),
    }
    s.raw(format_args!(
        r#"<text x="{}" y="{}">{}</text>"#,
        n(x + 10.0),
        n(y + 14.6),
        esc(&m.ch)
    ));
    match m.mark {
        Mark::Tried => s.dot(x + 18.5, y + 18.5, 3.5, "f"),
        Mark::Excused => s.path(&format!("M{} {}l14 -14", n(x + 3.0), n(y + 17.0)), "f"),
        Mark::Missed => s.path(&format!("M{} {}h16", n(x + 2.0), n(y + 10.0)), "f"),
        _ => {}
    }
}

fn foot(s: &mut Svg, lang: Lang, p: &CalendarPicture, g: &Grid) {
    let most = p.totals.iter().copied().max().unwrap_or(0).max(1);
    let base = g.bottom + 38.0;
    s.text(4.0, base - 12.0, "ft", words::WEEKLY.in_lang(lang));
    let now = p.at(p.today).floor();
    for (w, total) in p.totals.iter().take(p.weeks).enumerate().filter(|(_, t)| **t > 0) {
        let h = (f64::from(*total) / f64::from(most) * 17.0).max(2.0);
        let x = g.x(w as f64 + 0.5);
        s.rect(
            x - 13.5,
            base - h,
            27.0,
            h,
            3.0,
            if w as f64 == now { "wb n" } else { "wb" },
        );
        s.text(x, base - h - 4.0, "wt", &total.to_string());
    }
}

fn month_name(lang: Lang, month: i8) -> String {
    let i = (month - 1) as usize;
    match lang {
        Lang::Zh => format!(
            "{}月",
            [
                "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"
            ][i]
        ),
        Lang::En => [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ][i]
            .into(),
    }
}

/// About how wide a text is: a Chinese character is as wide as high, others about half.
fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.58 } else { 1.0 }).sum::<f64>() * size
}

/// The table twin of the calendar, behind 看表格.
pub fn care_table(lang: Lang, p: &CalendarPicture) -> Markup {
    let said = |m: &MarkIn| match m.mark {
        Mark::Done => m.ch.clone(),
        Mark::Tried => format!("{}试", m.ch),
        Mark::Open => format!("{}待", m.ch),
        Mark::Overdue => format!("{}晚", m.ch),
        Mark::Missed => format!("{}没做上", m.ch),
        Mark::Excused => format!("{}免", m.ch),
        Mark::Ahead => format!("{}以后", m.ch),
    };
    html! {
        details.twin {
            summary { (words::SEE_TABLE.in_lang(lang)) }
            div.tw tabindex="0" role="region" aria-label=(p.label) {
                table {
                    thead { tr { th scope="col" { (words::CHILD.in_lang(lang)) } @for w in 0..p.weeks { th scope="col" { (p.first_week + w) } } th scope="col" { (words::OVERDUE.in_lang(lang)) } th scope="col" { (words::DUE.in_lang(lang)) } } }
                    tbody {
                        @for r in p.rows.iter().filter(|r| !r.head) {
                            tr {
                                th scope="row" { (r.name) }
                                @for w in 0..p.weeks {
                                    td { @for c in r.cells.iter().filter(|c| c.week == p.first_week + w) { @for (i, m) in c.marks.iter().enumerate() { @if i > 0 { " " } (said(m)) } } }
                                }
                                td.r { (r.late) } td.r { (r.due) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(kind: Kind, state: Mark, earliest: usize) -> MarkIn {
        MarkIn {
            ch: kind.char().into(),
            kind,
            name: "heart_talk".into(),
            mark: state,
            title: "谈心 <9月>".into(),
            earliest,
        }
    }

    fn row(cells: Vec<CalendarCell>) -> CalendarRow {
        CalendarRow {
            id: "c1".into(),
            name: "石若曦".into(),
            cells,
            ..CalendarRow::default()
        }
    }

    #[test]
    fn a_third_seal_goes_back_only_within_its_window() {
        let three = |earliest| {
            row(vec![CalendarCell {
                week: 4,
                href: "/x".into(),
                marks: vec![
                    mark(Kind::Talk, Mark::Done, 4),
                    mark(Kind::Call, Mark::Done, 4),
                    mark(Kind::Visit, Mark::Open, earliest),
                ],
            }])
        };
        let free = three(2);
        let drawn = lay(&free);
        assert_eq!(
            drawn
                .iter()
                .map(|d| (d.week, d.seals.len(), d.rest.len()))
                .collect::<Vec<_>>(),
            [(3, 1, 0), (4, 2, 0)]
        );
        let bound = three(4);
        assert_eq!(
            lay(&bound)
                .iter()
                .map(|d| (d.week, d.seals.len(), d.rest.len()))
                .collect::<Vec<_>>(),
            [(4, 2, 1)]
        );
    }

    #[test]
    fn order_in_a_cell() {
        let r = row(vec![CalendarCell {
            week: 1,
            href: String::new(),
            marks: vec![mark(Kind::Talk, Mark::Overdue, 1), mark(Kind::Guardian, Mark::Done, 1)],
        }]);
        let kinds: Vec<Kind> = lay(&r)[0].seals.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [Kind::Guardian, Kind::Talk]);
        let r = row(vec![CalendarCell {
            week: 1,
            href: String::new(),
            marks: vec![mark(Kind::Talk, Mark::Done, 1), mark(Kind::Visit, Mark::Done, 1)],
        }]);
        assert_eq!(lay(&r)[0].seals[0].kind, Kind::Visit);
    }

    #[test]
    fn every_mark_is_there_once_and_at_its_place() {
        let marks = [
            Mark::Done,
            Mark::Tried,
            Mark::Open,
            Mark::Overdue,
            Mark::Missed,
            Mark::Excused,
            Mark::Ahead,
        ];
        let cells: Vec<CalendarCell> = marks
            .iter()
            .enumerate()
            .map(|(i, m)| CalendarCell {
                week: i + 1,
                href: "/c?x=1&y=2".into(),
                marks: vec![mark(Kind::Talk, *m, i + 1)],
            })
            .collect();
        let p = CalendarPicture {
            rows: vec![row(cells)],
            totals: vec![3, 0, 5],
            ..CalendarPicture::default()
        };
        let svg = care_calendar(Lang::Zh, &p, Layout::Wide).into_string();
        for (i, m) in marks.iter().enumerate() {
            let data = format!(
                r#"data-child="c1" data-week="{}" data-kind="heart_talk" data-state="{}""#,
                i + 1,
                m.state()
            );
            assert_eq!(svg.matches(&data).count(), 1, "{data}");
        }
        // week 1: x = 92, centre 114.5, a single seal begins 10 to the left; the first row's middle is 69.5
        assert!(
            svg.contains(r#"<rect x="104.5" y="59.5" width="20" height="20" rx="5.5""#),
            "{svg}"
        );
        assert!(svg.contains(r#"viewBox="0 0 1126 125""#));
        assert!(!svg.contains("style=") && !svg.contains("<9月>") && !svg.contains("NaN"));
    }

    #[test]
    fn the_part_for_a_phone_stays_inside_the_term() {
        let p = CalendarPicture {
            totals: (1..=20).collect(),
            ..CalendarPicture::default()
        };
        for (from, first) in [(0, 1), (1, 1), (8, 8), (16, 16), (19, 16), (40, 16)] {
            let part = p.part(from, 5);
            assert_eq!(
                (part.first_week, part.weeks, part.totals[0] as usize),
                (first, 5, first)
            );
            assert_eq!(part.first_monday, p.first_monday.plus(7 * (first as i32 - 1)));
        }
    }

    /// Forty children and a full term stay within what a page may weigh (screens.md §5.7).
    #[test]
    fn forty_children_are_light() {
        let rows = (0..40)
            .map(|c| CalendarRow {
                id: format!("0192f3a1-7c00-7000-8000-{c:012}"),
                name: "石若曦".into(),
                href: format!("/children/0192f3a1-7c00-7000-8000-{c:012}"),
                cells: (1..=12)
                    .map(|w| CalendarCell {
                        week: w,
                        href: format!("?cell={c}.{w}"),
                        marks: vec![mark(Kind::Talk, Mark::Done, w)],
                    })
                    .collect(),
                ..CalendarRow::default()
            })
            .collect();
        let svg = care_calendar(
            Lang::Zh,
            &CalendarPicture {
                rows,
                ..CalendarPicture::default()
            },
            Layout::Wide,
        )
        .into_string();
        assert!(svg.len() < 200_000, "{}", svg.len());
    }
}

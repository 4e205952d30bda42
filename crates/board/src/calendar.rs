//! 关爱日历: a class and its term in one picture (screens.md §5.7).

use crate::cell;
use crate::place::{Deed, Placed, What, place, week_of};
use crate::words::{child_href, day, mark, pick, standing, w};
use std::collections::{BTreeMap, HashMap, HashSet};
use tx_access::Scope;
use tx_base::{Day, Fault, Id, Lang, Result, Span, t};
use tx_calendar::{Calendar, Festival, SchoolYear, Term};
use tx_child::Child;
use tx_duty::{Ask, Duty, State, Subject};
use tx_record::{all_kinds, find_kind};
use tx_store::{Class, Conn, params};
use tx_web::pages::may_open;
use tx_web::parts::calendar::{BoardView, board};
use tx_web::parts::frame::Top;
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Kind as Colour, Link, Mark, Seal};
use tx_web::pictures::{CalendarCell, CalendarPicture, CalendarRow, DayWord, Holiday, MarkIn};
use tx_web::{Ctx, READERS, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/calendar", READERS, Class::P, show)
    .says(t("关爱日历", "Care calendar"))
    .query(&[
        ("class", "string", t("班级代码", "Class code")),
        ("term", "string", t("学期，如 2026-1", "Term, such as 2026-1")),
        ("kind", "string", t("只看一种", "One kind only")),
        ("order", "string", t("late = 逾期多的在前", "late = most overdue first")),
        ("page", "integer", t("第几页", "Page")),
        ("from", "integer", t("手机上从第几周看", "First week on a phone")),
    ])];

/// Children on one page (screens.md §6a).
const ROWS: usize = 40;
/// Weeks that a phone shows at once.
const PHONE_WEEKS: usize = 5;
/// Kinds offered as filters beside 全部.
const FILTERS: usize = 6;

/// A class that the reader may look at, or the pupils without one.
#[derive(Clone, Debug)]
pub struct ClassRef {
    /// [`NO_CLASS`] for those without a class
    pub id: Id,
    pub code: String,
    pub name: String,
}
/// Stands in the place of a class's id for pupils without one.
pub const NO_CLASS: Id = Id::NIL;
/// What those are called.
pub const NO_CLASS_NAME: tx_base::Text = t("未分班", "No class");

impl ClassRef {
    pub fn is_class(&self) -> bool {
        self.id != NO_CLASS
    }
}

/// The classes of the present school year in scope, by code; after them, for who sees the whole school, the pupils without a class if there
/// are any.
pub fn classes(c: &Conn, scope: &Scope, school: Id) -> Result<Vec<ClassRef>> {
    let year = SchoolYear::of(scope.today);
    let sql = "select id, code, name from classes where county_id = ?1 and school_id = ?2 and year_first = ?3 order by code, id";
    let rows = c.query(sql, params![scope.county, school, i64::from(year.first)])?;
    let all = rows.iter().map(|r| ClassRef {
        id: r.id(0),
        code: r.text(1),
        name: r.text(2),
    });
    let mut all: Vec<ClassRef> = all
        .filter(|k| scope.whole_school() || scope.leads.contains(&k.id))
        .collect();
    let one = tx_child::Page {
        unclassed: true,
        limit: 1,
        ..Default::default()
    };
    if scope.whole_school() && !tx_child::list(c, scope, &one)?.is_empty() {
        all.push(ClassRef {
            id: NO_CLASS,
            code: "none".into(),
            name: w(scope.lang, NO_CLASS_NAME),
        });
    }
    Ok(all)
}

/// A child with what stands in its row.
pub struct Row {
    pub child: Child,
    pub placed: Vec<Placed>,
}

impl Row {
    fn count(&self, state: State) -> u32 {
        let here = |p: &&Placed| matches!(&p.what, What::Duty(d) if d.state == state);
        self.placed.iter().filter(here).count() as u32
    }
}

/// A class in a term.
pub struct Board {
    pub class: ClassRef,
    pub term: Term,
    pub weeks: Vec<Span>,
    pub calendar: std::sync::Arc<Calendar>,
    pub rows: Vec<Row>,
}

/// Reads a class: its children by roster, their duties and their deeds in the term. `only` one child, for its cell.
pub fn read(
    c: &Conn,
    scope: &Scope,
    school: Id,
    class: &ClassRef,
    term: Option<&str>,
    only: Option<Id>,
) -> Result<Option<Board>> {
    let on = scope.today;
    let mut fed = tx_duties::feed(c, scope.county, school, on, only)?;
    let term = match term {
        Some(key) => Some(fed.calendar.term_by_key(key).ok_or(Fault::NotFound)?),
        None => fed.calendar.term_near(on),
    };
    let Some(term) = term else { return Ok(None) };
    let page = tx_child::Page {
        class: class.is_class().then_some(class.id),
        unclassed: !class.is_class(),
        limit: 5000,
        ..Default::default()
    };
    let mut children = tx_child::list(c, scope, &page)?;
    children.retain(|k| only.is_none_or(|id| id == k.id));
    let numbers: HashMap<Id, i64> = c
        .query(
            "select id, class_no from children where county_id = ?1 and class_id = ?2 and class_no is not null order by id",
            params![scope.county, class.id],
        )?
        .iter()
        .map(|r| (r.id(0), r.int(1)))
        .collect();
    // by the number on the roster; those without one after them, by name
    children.sort_by_key(|k| numbers.get(&k.id).copied().unwrap_or(i64::MAX));
    let wanted: HashSet<Id> = children.iter().map(|k| k.id).collect();
    fed.keep(|id| wanted.contains(&id));
    let ask = Ask {
        on,
        until: Some(fed.calendar.horizon(on)),
        since: Some(term.from),
    };
    let mut duties: HashMap<Id, Vec<Duty>> = HashMap::new();
    for d in tx_duties::owed(&fed, &ask) {
        if let Subject::Child(id) = d.subject {
            duties.entry(id).or_default().push(d);
        }
    }
    let weeks = fed.calendar.weeks(&term);
    let mut deeds = deeds(c, scope.county, school, class.id, term.span())?;
    let rows = children
        .into_iter()
        .map(|child| {
            let (mine, done) = (duties.remove(&child.id), deeds.remove(&child.id));
            let placed = place(&mine.unwrap_or_default(), &done.unwrap_or_default(), &weeks);
            Row { child, placed }
        })
        // a pupil who owes nothing and is on no list would be an empty row
        .filter(|r| r.child.left_behind || !r.placed.is_empty())
        .collect();
    Ok(Some(Board {
        class: class.clone(),
        term,
        weeks,
        calendar: fed.calendar.clone(),
        rows,
    }))
}

/// Lines of done records on the children of a class: days, kinds and outcomes only, no words.
fn deeds(c: &Conn, county: Id, school: Id, class: Id, span: Span) -> Result<HashMap<Id, Vec<Deed>>> {
    let mut out: HashMap<Id, Vec<Deed>> = HashMap::new();
    let (whose, of) = if class == NO_CLASS {
        ("k.class_id is null and k.school_id = ?3", school)
    } else {
        ("k.class_id = ?3", class)
    };
    let sql = format!(
        "select l.child_id, r.id, r.kind, r.on_day, l.outcome from records r \
         join record_lines l on l.county_id = r.county_id and l.record_id = r.id \
         join children k on k.county_id = l.county_id and k.id = l.child_id \
         where r.county_id = ?1 and r.school_id = ?2 and {whose} and r.state = 'done' and r.deleted_at is null \
         and r.on_day >= ?4 and r.on_day <= ?5 order by r.on_day, r.id, l.ord"
    );
    c.each(&sql, params![county, school, of, span.from, span.to], |r| {
        if let Some(kind) = find_kind(r.str(2)) {
            out.entry(r.id(0)).or_default().push(Deed {
                record: r.id(1),
                kind,
                day: r.day(3),
                tried: matches!(r.str(4), "tried" | "refused"),
            });
        }
        Ok(())
    })?;
    Ok(out)
}

/// What was asked of the page, and the address of the same page with one thing changed.
struct Asked {
    class: String,
    term: Option<String>,
    kind: Option<String>,
    late: bool,
    page: usize,
}

impl Asked {
    fn href(&self, change: &[(&str, String)]) -> String {
        let mut all: BTreeMap<&str, String> = BTreeMap::new();
        all.insert("class", self.class.clone());
        all.extend(self.term.clone().map(|v| ("term", v)));
        all.extend(self.kind.clone().map(|v| ("kind", v)));
        all.extend(self.late.then(|| ("order", "late".to_owned())));
        for (name, value) in change {
            if value.is_empty() {
                all.remove(name);
            } else {
                all.insert(name, value.clone());
            }
        }
        let list: Vec<String> = all.iter().map(|(k, v)| format!("{k}={v}")).collect();
        format!("/calendar?{}", list.join("&"))
    }
}

fn number(ctx: &Ctx, name: &str, least: usize) -> Result<usize> {
    match ctx.q(name).map(str::parse::<usize>) {
        None => Ok(least),
        Some(Ok(n)) if (least..=1000).contains(&n) => Ok(n),
        Some(_) => Err(Fault::invalid(name, "要一个整数", "a whole number is needed")),
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = scope.the_school()?.clone();
    let (page, from) = (number(ctx, "page", 1)?, number(ctx, "from", 0)?);
    if let Some(kind) = ctx.q("kind") {
        find_kind(kind).ok_or(Fault::NotFound)?;
    }
    let (all, found) = ctx.read(|c| {
        let all = classes(c, scope, school.id)?;
        let class = match ctx.q("class") {
            Some(code) => Some(all.iter().find(|k| k.code == code).ok_or(Fault::NotFound)?),
            None => all.first(),
        };
        let found = match class {
            Some(k) => read(c, scope, school.id, k, ctx.q("term"), None)?.map(|b| exams(c, scope, &b).map(|e| (b, e))),
            None => None,
        };
        Ok((all, found.transpose()?))
    })?;
    let title = t("关爱日历", "Care calendar");
    let Some((mut b, exams)) = found else {
        let empty = t(
            "还没有班级，或者校历里没有学期。",
            "There is no class yet, or no term in the calendar.",
        );
        let view = BoardView {
            top: Top {
                title: w(lang, title),
                ..Default::default()
            },
            empty: w(lang, empty),
            ..Default::default()
        };
        return crate::words::page(ctx, title, "calendar", board(lang, &view));
    };
    let asked = Asked {
        class: b.class.code.clone(),
        term: ctx.q("term").map(str::to_owned),
        kind: ctx.q("kind").map(str::to_owned),
        late: ctx.q("order") == Some("late"),
        page,
    };
    let used: HashSet<String> = b
        .rows
        .iter()
        .flat_map(|r| &r.placed)
        .map(|p| p.kind().to_owned())
        .collect();
    for r in &mut b.rows {
        r.placed
            .retain(|p| asked.kind.as_deref().map_or(!p.aside, |kind| p.kind() == kind));
    }
    if asked.late {
        b.rows.sort_by_key(|r| std::cmp::Reverse(r.count(State::Overdue)));
    }
    let view = view(ctx, &b, &asked, &all, &used, &exams, from)?;
    crate::words::page(ctx, title, "calendar", board(lang, &view))
}

/// Days of term exams of the class, for the head of the picture.
fn exams(c: &Conn, scope: &Scope, b: &Board) -> Result<Vec<(Day, String)>> {
    let sql = "select distinct r.on_day, r.fields from records r where r.county_id = ?1 and r.kind = 'exam' and r.state <> 'cancelled' and r.deleted_at is null \
        and r.on_day >= ?2 and r.on_day <= ?3 and (r.class_id = ?4 or r.id in (select l.record_id from record_lines l \
        join children k on k.county_id = l.county_id and k.id = l.child_id where l.county_id = ?1 and k.class_id = ?4)) order by r.on_day, r.fields";
    let rows = c.query(sql, params![scope.county, b.term.from, b.term.to, b.class.id])?;
    let mut out: Vec<(Day, String)> = Vec::new();
    for r in rows {
        let word = match r.json(1)["sort"].as_str() {
            Some("half_term") => t("期中", "half-term"),
            Some("term") => t("期末", "finals"),
            _ => continue,
        };
        // several subjects on neighbouring days are one word
        let word = w(scope.lang, word);
        if !out.iter().any(|(day, name)| *name == word && r.day(0).since(*day) < 10) {
            out.push((r.day(0), word));
        }
    }
    Ok(out)
}

fn view(
    ctx: &Ctx,
    b: &Board,
    asked: &Asked,
    all: &[ClassRef],
    used: &HashSet<String>,
    exams: &[(Day, String)],
    from: usize,
) -> Result<BoardView> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let pages = b.rows.len().div_ceil(ROWS).max(1);
    if asked.page > pages {
        return Err(Fault::NotFound);
    }
    let shown = &b.rows[(asked.page - 1) * ROWS..(asked.page * ROWS).min(b.rows.len())];
    let now = week_of(&b.weeks, scope.today);
    let last = (b.weeks.len() + 1).saturating_sub(PHONE_WEEKS).max(1);
    // the week before this one comes first, so that what is late is still on the screen
    let phone_from = if from > 0 {
        from
    } else {
        now.unwrap_or(1).saturating_sub(2).max(1)
    }
    .min(last);
    let n = b.rows.len();
    let filters = std::iter::once(Tab::new(
        w(lang, t("全部", "All")),
        asked.href(&[("kind", String::new())]),
        asked.kind.is_none(),
    ))
    .chain(
        all_kinds()
            .iter()
            .filter(|k| used.contains(k.id))
            .take(FILTERS)
            .map(|k| Tab {
                label: w(lang, k.name),
                href: asked.href(&[("kind", k.id.into())]),
                on: asked.kind.as_deref() == Some(k.id),
                seal: Some(Seal::new(k.seal, Colour::of_char(k.seal), Mark::Done)),
            }),
    )
    .chain(terms(b, scope.today, asked, lang))
    .collect();
    let picture = picture(ctx, b, shown, exams);
    let month = picture.first_monday.plus(7 * (phone_from as i32 + 1));
    let step = |to: usize| Some(asked.href(&[("from", to.to_string())]));
    Ok(BoardView {
        top: Top {
            title: pick(
                lang,
                format!("{} 关爱日历", b.class.name),
                format!("Care calendar, {}", b.class.name),
            ),
            sub: vec![
                term_name(&b.term, lang),
                pick(lang, format!("{n} 名孩子"), format!("{n} children")),
            ],
            switch: order_tabs(asked, lang),
            search: true,
            print: true,
            buttons: (b.class.is_class() && may_open(ctx, "/record/many"))
                .then(|| {
                    let href = format!("/record/many?class={}", b.class.code);
                    Link::new(w(lang, t("记一笔", "Record")), href)
                        .icon("pen")
                        .first()
                        .sheet()
                })
                .into_iter()
                .collect(),
        },
        filters,
        classes: all
            .iter()
            .map(|k| Tab::new(&k.name, asked.href(&[("class", k.code.clone())]), k.id == b.class.id))
            .collect(),
        picture,
        phone_from,
        phone_before: (phone_from > 1)
            .then(|| step(phone_from.saturating_sub(PHONE_WEEKS).max(1)))
            .flatten(),
        phone_after: (phone_from < last)
            .then(|| step((phone_from + PHONE_WEEKS).min(last)))
            .flatten(),
        phone_title: pick(lang, format!("{}月", month.month()), month.month_key()),
        before: (asked.page > 1).then(|| asked.href(&[("page", (asked.page - 1).to_string())])),
        after: (asked.page < pages).then(|| asked.href(&[("page", (asked.page + 1).to_string())])),
        place: if pages > 1 {
            format!("{} / {pages}", asked.page)
        } else {
            String::new()
        },
        open: None,
        empty: if n == 0 {
            let empty = if b.class.is_class() {
                t(
                    "这个班还没有要关爱的孩子。名单在“孩子”里加。",
                    "No child of this class is on the list yet; add them under Children.",
                )
            } else {
                t(
                    "没分班的孩子里没有要关爱的。",
                    "No child without a class is on the list.",
                )
            };
            w(lang, empty)
        } else {
            String::new()
        },
    })
}

fn order_tabs(asked: &Asked, lang: Lang) -> Vec<Tab> {
    let tab = |name, value: &str, on| Tab::new(w(lang, name), asked.href(&[("order", value.to_owned())]), on);
    vec![
        tab(t("按名单", "Roster"), "", !asked.late),
        tab(t("逾期多的在前", "Most overdue"), "late", asked.late),
    ]
}

fn term_name(term: &Term, lang: Lang) -> String {
    let (year, spring) = (term.year.first, term.number == 2);
    match (lang, spring) {
        (Lang::Zh, false) => format!("{year} 秋季学期"),
        (Lang::Zh, true) => format!("{} 春季学期", year + 1),
        (Lang::En, false) => format!("autumn {year}"),
        (Lang::En, true) => format!("spring {}", year + 1),
    }
}

/// The terms of this school year that have begun; nothing when there is only one.
fn terms(b: &Board, on: Day, asked: &Asked, lang: Lang) -> Vec<Tab> {
    let begun: Vec<&Term> = b
        .calendar
        .terms()
        .iter()
        .filter(|t| t.year == b.term.year && t.from <= on)
        .collect();
    if begun.len() < 2 {
        return Vec::new();
    }
    begun
        .iter()
        .map(|t| {
            Tab::new(
                term_name(t, lang),
                asked.href(&[("term", t.key())]),
                t.key() == b.term.key(),
            )
        })
        .collect()
}

fn picture(ctx: &Ctx, b: &Board, shown: &[Row], exams: &[(Day, String)]) -> CalendarPicture {
    let (lang, on) = (ctx.lang, ctx.today());
    let term = b.term.span();
    let mut records: HashSet<(usize, Id)> = HashSet::new();
    for p in shown.iter().flat_map(|r| &r.placed) {
        if let What::Deed(d) = &p.what {
            records.insert((p.week, d.record));
        }
    }
    let totals = (1..=b.weeks.len())
        .map(|w| records.iter().filter(|(at, _)| *at == w).count() as u32)
        .collect();
    let festivals: Vec<(Festival, Day)> = Festival::ALL
        .into_iter()
        .flat_map(|f| {
            [term.from.year(), term.to.year()]
                .into_iter()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .filter_map(move |y| f.day(y).map(|d| (f, d)))
        })
        .filter(|(_, d)| term.has(*d))
        .collect();
    let holidays: Vec<Holiday> = b
        .calendar
        .holidays()
        .iter()
        .filter_map(|h| h.meet(term))
        .filter(|h| h.from != h.to)
        .map(|span| Holiday {
            span,
            name: festivals
                .iter()
                .find(|(_, d)| span.has(*d))
                .map(|(f, _)| w(lang, f.name()))
                .unwrap_or_default(),
        })
        .collect();
    let words = festivals
        .iter()
        .filter(|(f, d)| {
            !matches!(f, Festival::TeachersDay | Festival::FamilyEducationDay)
                && !holidays.iter().any(|h| h.span.has(*d))
        })
        .map(|(f, d)| (*d, w(lang, f.name()), Colour::Gift))
        .chain(exams.iter().map(|(d, name)| (*d, name.clone(), Colour::Exam)))
        .map(|(day, name, kind)| DayWord { day, name, kind })
        .collect();
    let term_key = ctx.q("term").map(|k| format!("&term={k}")).unwrap_or_default();
    let (late, open) = (
        shown.iter().map(|r| r.count(State::Overdue)).sum::<u32>(),
        shown.iter().map(|r| r.count(State::Open)).sum::<u32>(),
    );
    CalendarPicture {
        label: pick(
            lang,
            format!(
                "{}关爱日历：{} 名孩子，逾期 {late} 件，待办 {open} 件",
                b.class.name,
                shown.len()
            ),
            format!(
                "Care calendar of {}: {} children, {late} overdue, {open} due",
                b.class.name,
                shown.len()
            ),
        ),
        first_monday: b.weeks.first().map_or(term.from, |w| w.from),
        weeks: b.weeks.len(),
        first_week: 1,
        today: on,
        holidays,
        words,
        rows: shown.iter().map(|r| row(ctx, r, on, &term_key)).collect(),
        totals,
    }
}

fn row(ctx: &Ctx, r: &Row, on: Day, term: &str) -> CalendarRow {
    let lang = ctx.lang;
    let mut cells: Vec<CalendarCell> = Vec::new();
    for p in &r.placed {
        let m = mark_in(p, on, lang);
        match cells.last_mut().filter(|c| c.week == p.week) {
            Some(c) => c.marks.push(m),
            None => cells.push(CalendarCell {
                week: p.week,
                href: format!("{}?child={}&week={}{term}", cell::PATH, r.child.id, p.week),
                marks: vec![m],
            }),
        }
    }
    let late = r.count(State::Overdue);
    CalendarRow {
        id: r.child.id.to_string(),
        name: r.child.name.clone(),
        href: child_href(ctx, r.child.id),
        bold: late > 0,
        late,
        due: r.count(State::Open),
        cells,
        head: false,
    }
}

fn mark_in(p: &Placed, on: Day, lang: Lang) -> MarkIn {
    let kind = find_kind(p.kind());
    let ch = kind.map_or("动", |k| k.seal);
    let name = tx_duties::kind_name(p.kind(), lang);
    let (mark, said) = match &p.what {
        What::Deed(d) if d.tried => (
            Mark::Tried,
            pick(
                lang,
                format!("{} 试过", day(lang, d.day)),
                format!("tried {}", day(lang, d.day)),
            ),
        ),
        What::Deed(d) => (Mark::Done, day(lang, d.day)),
        What::Duty(d) => (mark(d), standing(d, on, lang)),
    };
    MarkIn {
        ch: ch.into(),
        kind: Colour::of_char(ch),
        name: p.kind().to_owned(),
        mark,
        title: format!("{name} {said}"),
        earliest: p.earliest,
    }
}

/// The button 记 for a duty, where this reader may write.
pub fn record_link(ctx: &Ctx, child: &Child, d: &Duty) -> Option<Link> {
    if !child.sight.record || !may_open(ctx, "/record") || !d.state.is_live() {
        return None;
    }
    let name = tx_duties::kind_name(&d.kind, ctx.lang);
    let href = format!("/record?child={}&kind={}&duty={}", child.id, d.kind, d.id);
    Some(
        Link::new(pick(ctx.lang, format!("记{name}"), format!("Record {name}")), href)
            .first()
            .sheet(),
    )
}

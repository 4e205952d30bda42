//! Ledgers (台账): roster, pairings, and one for each kind of record, as sheets with the period, the 口径 and a row of totals (features K3).

mod page;

use std::collections::HashSet;
use tx_access::Scope;
use tx_base::{Id, Lang, Result, Span, t};
use tx_child::RosterOf;
use tx_record::{About, Cell, FieldType, Kind, all_kinds, find_kind, ledger, of_line};
use tx_sheet::{CellKind, CellOut, ColumnOut, Table};
use tx_store::{Class, Conn, Keys, params};
use tx_thing::Sort;
use tx_web::Route;

pub(crate) use page::ROUTES;

/// What a ledger is of.
#[derive(Clone, Copy, Debug)]
pub enum Ledger {
    Roster,
    Pairings,
    Of(&'static Kind),
    /// things of a sort
    Things(&'static Sort),
}

impl Ledger {
    /// `roster`, `pairings`, the id of a kind of record or of a sort of thing.
    pub fn parse(code: &str) -> Option<Ledger> {
        match code {
            "roster" => Some(Ledger::Roster),
            "pairings" => Some(Ledger::Pairings),
            other => find_kind(other)
                .map(Ledger::Of)
                .or_else(|| tx_thing::find_sort(other).map(Ledger::Things)),
        }
    }
    pub fn code(&self) -> &'static str {
        match self {
            Ledger::Roster => "roster",
            Ledger::Pairings => "pairings",
            Ledger::Of(k) => k.id,
            Ledger::Things(s) => s.id,
        }
    }
    /// 花名册, 结对台账, 谈心台账.
    pub fn name(&self, lang: Lang) -> String {
        match (self, lang) {
            (Ledger::Roster, _) => t("花名册", "Roster").in_lang(lang).to_owned(),
            (Ledger::Pairings, _) => t("结对台账", "Ledger of pairings").in_lang(lang).to_owned(),
            (Ledger::Of(k), Lang::Zh) => format!("{}台账", k.name.zh),
            (Ledger::Of(k), Lang::En) => format!("Ledger: {}", k.name.en),
            (Ledger::Things(s), Lang::Zh) => format!("{}台账", s.name.zh),
            (Ledger::Things(s), Lang::En) => format!("Ledger: {}", s.name.en),
        }
    }
    /// Every ledger that there is. Admissions stand only in a report to the authority (features G3).
    pub fn all() -> Vec<Ledger> {
        [Ledger::Roster, Ledger::Pairings]
            .into_iter()
            .chain(
                all_kinds()
                    .iter()
                    .filter(|k| k.id != "admission")
                    .map(|k| Ledger::Of(k)),
            )
            .chain(tx_thing::all_sorts().iter().map(|s| Ledger::Things(s)))
            .collect()
    }
}

/// A ledger drawn: the sheet, and how many rows name somebody.
pub struct Drawn {
    pub table: Table,
    pub names: usize,
}

/// Draws a ledger of the own school as far as the scope shows it. Sensitive fields are no columns of it.
pub fn draw(keys: &Keys, c: &Conn, scope: &Scope, what: Ledger, period: Span, lang: Lang) -> Result<Drawn> {
    let school = scope.the_school()?.clone();
    let mut drawn = match what {
        Ledger::Roster => roster(keys, c, scope, period, lang)?,
        Ledger::Pairings => pairings(c, scope, period, lang)?,
        Ledger::Of(kind) => of_kind(keys, c, scope, kind, period, lang)?,
        Ledger::Things(sort) => of_sort(keys, c, scope, sort, period, lang)?,
    };
    let name = what.name(lang);
    drawn.table.name = name.chars().take(28).collect();
    drawn.table.title = match lang {
        Lang::Zh => format!("{}{name}", school.name),
        Lang::En => format!("{}, {name}", school.name),
    };
    let mut lines = match lang {
        Lang::Zh => vec![format!(
            "填报单位：{}　期间：{}至{}　制表：{}",
            school.name,
            period.from.zh_long(),
            period.to.zh_long(),
            scope.today.zh_long()
        )],
        Lang::En => vec![format!(
            "{}; from {} to {}; drawn on {}",
            school.name, period.from, period.to, scope.today
        )],
    };
    lines.append(&mut drawn.table.lines);
    drawn.table.lines = lines;
    // number and name, or number, day and name
    drawn.table.keys = match what {
        Ledger::Roster | Ledger::Pairings | Ledger::Things(_) => 2,
        Ledger::Of(_) => 3,
    };
    Ok(drawn)
}

/// The head of the sheet says what a row is.
fn rule(zh: &str, en: &str, lang: Lang) -> Vec<String> {
    vec![match lang {
        Lang::Zh => format!("口径：{zh}"),
        Lang::En => format!("What a row is: {en}"),
    }]
}
fn total_word(lang: Lang) -> CellOut {
    t("合计", "Total").in_lang(lang).into()
}
fn count_words(n: usize, zh: &str, en: &str, lang: Lang) -> CellOut {
    match lang {
        Lang::Zh => format!("{n} {zh}").into(),
        Lang::En => format!("{n} {en}").into(),
    }
}

/// The roster on the last day of the period, or today when that lies ahead.
fn roster(keys: &Keys, c: &Conn, scope: &Scope, period: Span, lang: Lang) -> Result<Drawn> {
    let on = Some(period.to).filter(|d| *d < scope.today);
    let of = RosterOf {
        on,
        ..RosterOf::default()
    };
    let mut table = tx_child::roster_table(c, keys, scope, of)?;
    let names = table.rows.len();
    let at = |header: &str| table.columns.iter().position(|k| k.header == header);
    let (who, left) = (at("姓名").unwrap_or(0), at("是否留守儿童"));
    let listed = left.map_or(0, |i| {
        table
            .rows
            .iter()
            .filter(|r| r.get(i) == Some(&CellOut::Text("是".into())))
            .count()
    });
    let mut total = vec![CellOut::Empty; table.columns.len()];
    total[0] = total_word(lang);
    if let Some(cell) = total.get_mut(who) {
        *cell = count_words(names, "名", "children", lang);
    }
    if let Some(cell) = left.and_then(|i| total.get_mut(i)) {
        *cell = count_words(listed, "名留守", "left-behind", lang);
    }
    // the first column of the roster is a number; a word stands there as well
    table.columns[0].kind = CellKind::Text;
    table.rows.push(total);
    table.lines = match on {
        None => rule(
            "制表当天在校的孩子，一人一行",
            "children at the school on the day of drawing, one each",
            lang,
        ),
        Some(_) => rule(
            "期间最后一天在校的孩子，一人一行；班级和是否留守按那一天，其余按制表当天",
            "children at the school on the last day of the period, one each; class and list as on that day, all else as on the day of drawing",
            lang,
        ),
    };
    Ok(Drawn { table, names })
}

fn pairings(c: &Conn, scope: &Scope, period: Span, lang: Lang) -> Result<Drawn> {
    let school = scope.the_school()?.id;
    let f = scope.children("c", 4);
    let mut vals = params![scope.county, school, period.to, period.from].to_vec();
    vals.extend(f.params);
    let sql = format!(
        "select c.name, k.name, a.name, a.kind, p.kind, a.unit, p.from_day, p.to_day, c.id, p.adult_id, \
         (select max(h.valid_to) from helper_checks h where h.county_id = a.county_id and h.adult_id = a.id and h.result = 'fit') from pairings p \
         join children c on c.county_id = p.county_id and c.id = p.child_id join adults a on a.county_id = p.county_id and a.id = p.adult_id \
         left join classes k on k.county_id = c.county_id and k.id = c.class_id \
         where p.county_id = ?1 and p.school_id = ?2 and p.from_day <= ?3 and (p.to_day is null or p.to_day >= ?4) and c.deleted_at is null and {} \
         order by k.code, c.pinyin, p.from_day, p.id",
        f.sql
    );
    let heads = [
        (t("序号", "No."), 6.0, CellKind::Text),
        (t("孩子", "Child"), 12.0, CellKind::Text),
        (t("班级", "Class"), 10.0, CellKind::Text),
        (t("结对人", "Helper"), 12.0, CellKind::Text),
        (t("身份", "Who"), 10.0, CellKind::Text),
        (t("类别", "Kind"), 12.0, CellKind::Text),
        (t("单位", "Unit"), 18.0, CellKind::Text),
        (t("开始", "From"), 12.0, CellKind::Day),
        (t("结束", "To"), 12.0, CellKind::Day),
        (t("审查有效至", "Check valid to"), 12.0, CellKind::Day),
    ];
    let mut rows: Vec<Vec<CellOut>> = Vec::new();
    let (mut children, mut adults) = (HashSet::new(), HashSet::new());
    // a pairing is personal: whoever sees only names of the class gets none of them (security.md §1)
    let sees = scope.roles.iter().any(|r| {
        use tx_access::Role;
        matches!(r, Role::Head | Role::Leader | Role::ClassTeacher | Role::Counsellor)
    }) || scope.holds(tx_access::Post::Office);
    for r in c.query(&sql, &vals)?.iter().filter(|_| sees) {
        children.insert(r.id(8));
        adults.insert(r.id(9));
        rows.push(vec![
            (rows.len() + 1).to_string().into(),
            r.text(0).into(),
            r.text(1).into(),
            r.text(2).into(),
            tx_pairing::kind_name(r.str(3)).in_lang(lang).into(),
            tx_pairing::kind_name(r.str(4)).in_lang(lang).into(),
            r.text(5).into(),
            r.day(6).into(),
            r.opt_day(7).into(),
            r.opt_day(10).into(),
        ]);
    }
    let names = rows.len();
    let mut total = vec![CellOut::Empty; heads.len()];
    total[0] = total_word(lang);
    total[1] = count_words(children.len(), "名孩子", "children", lang);
    total[3] = count_words(adults.len(), "位大人", "adults", lang);
    total[5] = count_words(names, "对", "pairings", lang);
    rows.push(total);
    Ok(Drawn {
        table: Table {
            columns: heads
                .iter()
                .map(|(h, w, k)| ColumnOut::new(h.in_lang(lang), *w, *k))
                .collect(),
            rows,
            lines: rule(
                "期内有效过的结对，一对一行",
                "pairings that ran in the period, one each",
                lang,
            ),
            ..Table::default()
        },
        names,
    })
}

/// The columns of a ledger as a sheet has them, after a number for each row: what the cells hold says of what kind each is.
fn columns_of(made: &tx_record::Ledger, lang: Lang) -> Vec<ColumnOut> {
    let mut columns = vec![ColumnOut::new(t("序号", "No.").in_lang(lang), 6.0, CellKind::Text)];
    for (i, k) in made.columns.iter().enumerate() {
        let cells = || made.rows.iter().filter_map(|r| r.get(i));
        let kind = if cells().any(|v| matches!(v, Cell::Number(_))) {
            CellKind::Number
        } else if cells().any(|v| matches!(v, Cell::Day(_))) {
            CellKind::Day
        } else {
            CellKind::Text
        };
        let width = match k.id.as_str() {
            "text" | "names" => 40.0,
            "who" | "on" | "written" => 12.0,
            _ => 14.0,
        };
        columns.push(ColumnOut::new(&k.name, width, kind));
    }
    columns
}
fn rows_of(made: &tx_record::Ledger) -> Vec<Vec<CellOut>> {
    let cell = |v: &Cell| match v {
        Cell::Empty => CellOut::Empty,
        Cell::Text(s) => s.clone().into(),
        Cell::Number(n) => number_of(*n),
        Cell::Day(d) => (*d).into(),
    };
    let numbered = made.rows.iter().enumerate();
    numbered
        .map(|(i, r)| {
            std::iter::once((i + 1).to_string().into())
                .chain(r.iter().map(cell))
                .collect()
        })
        .collect()
}

/// What lasts: a row for each thing that was there within the period.
fn of_sort(keys: &Keys, c: &Conn, scope: &Scope, sort: &'static Sort, period: Span, lang: Lang) -> Result<Drawn> {
    let made = tx_thing::ledger(keys, c, scope, sort, period, false, lang)?;
    let columns = columns_of(&made, lang);
    let mut rows = rows_of(&made);
    let names = if sort.about == tx_thing::About::Child {
        rows.len()
    } else {
        0
    };
    let mut total = vec![CellOut::Empty; columns.len()];
    total[0] = total_word(lang);
    total[1] = count_words(rows.len(), "件", "in all", lang);
    rows.push(total);
    Ok(Drawn {
        table: Table {
            columns,
            rows,
            lines: rule("期内登记着的，一件一行", "what stood within the period, one each", lang),
            ..Table::default()
        },
        names,
    })
}

/// Numbers that say which or how large, not how many: their sum would mean nothing.
const NO_SUMS: &[&str] = &[
    "edition",
    "stages",
    "capital_each",
    "full_marks",
    "groups",
    "groups_roving",
    "groups_stall",
];

fn of_kind(keys: &Keys, c: &Conn, scope: &Scope, kind: &'static Kind, period: Span, lang: Lang) -> Result<Drawn> {
    let made = ledger(keys, c, scope, kind, period, false, lang)?;
    let each = made.by_line;
    let done = done_records(c, scope, kind, period)?;
    // what a record says stands on each of its rows and is summed once
    let mut seen: HashSet<Id> = HashSet::new();
    let counted: Vec<(bool, bool)> = made
        .records
        .iter()
        .map(|id| (done.contains(id), done.contains(id) && seen.insert(*id)))
        .collect();
    let columns = columns_of(&made, lang);
    let mut total = vec![total_word(lang)];
    for (i, k) in made.columns.iter().enumerate() {
        let number = matches!(columns[i + 1].kind, CellKind::Number);
        let name = k.id.strip_prefix("line.").unwrap_or(&k.id);
        total.push(if number && sums(kind, name) {
            let sum: f64 = made
                .rows
                .iter()
                .zip(&counted)
                .filter(|(_, (row, record))| if of_line(&k.id) { *row } else { *record })
                .filter_map(|(r, _)| {
                    if let Some(Cell::Number(n)) = r.get(i) {
                        Some(*n)
                    } else {
                        None
                    }
                })
                .sum();
            number_of((sum * 100.0).round() / 100.0)
        } else {
            CellOut::Empty
        });
    }
    let records: HashSet<Id> = made.records.iter().copied().filter(|id| done.contains(id)).collect();
    if let Some(cell) = total.get_mut(1) {
        *cell = count_words(records.len(), "次", "records", lang);
    }
    let who = made.columns.iter().position(|k| k.id == "who");
    if let Some(cell) = who.and_then(|i| total.get_mut(i + 1)) {
        *cell = match person_times(c, scope, kind, period)? {
            // lines of groups, prizes or things
            0 if kind.about == About::Whole => {
                let rows = counted.iter().filter(|(row, _)| *row).count();
                count_words(rows, "行", "rows", lang)
            }
            n => count_words(n, "人次", "person-times", lang),
        };
    }
    let mut rows = rows_of(&made);
    let at = |id: &str| made.columns.iter().position(|k| k.id == id);
    let names = match (at("who"), at("names")) {
        (Some(_), _) => rows.len(),
        (None, Some(i)) => made
            .rows
            .iter()
            .map(|r| match &r[i] {
                Cell::Text(all) => all.split('、').count(),
                _ => 0,
            })
            .sum(),
        (None, None) => 0,
    };
    rows.push(total);
    let lines = if each {
        rule(
            "期内的记录，每个人、每一组或每样东西一行；合计只算做了的，计划和取消的不算，一次记录里的总数只加一遍；敏感项不在台账里",
            "records of the period, a row for each person, group or thing; totals are of what was done, what a record says of itself is added once; sensitive fields are left out",
            lang,
        )
    } else {
        rule(
            "期内的记录，一次一行；合计只算做了的，计划和取消的不算",
            "records of the period, one each; totals are of what was done",
            lang,
        )
    };
    Ok(Drawn {
        table: Table {
            columns,
            rows,
            lines,
            ..Table::default()
        },
        names,
    })
}
fn number_of(n: f64) -> CellOut {
    if n.fract() == 0.0 && n.abs() < 1e15 {
        CellOut::Int(n as i64)
    } else {
        CellOut::Number(n)
    }
}
fn sums(kind: &Kind, field: &str) -> bool {
    let declared = kind.fields.iter().chain(kind.line_fields).find(|f| f.id == field);
    !NO_SUMS.contains(&field)
        && declared.is_none_or(|f| f.class == Class::O && matches!(f.ty, FieldType::Count | FieldType::Money))
}
fn done_records(c: &Conn, scope: &Scope, kind: &Kind, period: Span) -> Result<HashSet<Id>> {
    let sql = "select id from records where county_id = ?1 and school_id = ?2 and kind = ?3 and state = 'done' and deleted_at is null and on_day >= ?4 and on_day <= ?5";
    let school = scope.the_school()?.id;
    let rows = c.query(sql, params![scope.county, school, kind.id, period.from, period.to])?;
    Ok(rows.iter().map(|r| r.id(0)).collect())
}

/// Lines on children in scope in what was done (schemes.md, person-times).
fn person_times(c: &Conn, scope: &Scope, kind: &Kind, period: Span) -> Result<usize> {
    let f = scope.children("c", 5);
    let mut vals = params![scope.county, scope.the_school()?.id, kind.id, period.from, period.to].to_vec();
    vals.extend(f.params);
    let sql = format!(
        "select count(*) from records r join record_lines l on l.county_id = r.county_id and l.record_id = r.id \
         join children c on c.county_id = l.county_id and c.id = l.child_id \
         where r.county_id = ?1 and r.school_id = ?2 and r.kind = ?3 and r.state = 'done' and r.deleted_at is null and r.on_day >= ?4 and r.on_day <= ?5 and {}",
        f.sql
    );
    Ok(usize::try_from(c.count(&sql, &vals)?).unwrap_or(0))
}

/// Pages of this part.
pub(crate) fn routes() -> Vec<Route> {
    ROUTES.to_vec()
}

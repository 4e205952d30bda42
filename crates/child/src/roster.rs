//! The roster as a table: what the reader may see of each child, as a sheet that can be imported again.

use crate::change;
use crate::list::{Page, list};
use std::collections::{HashMap, HashSet};
use tx_access::{Role, Scope};
use tx_base::{Day, Fault, Id, Result, t};
use tx_calendar::SchoolYear;
use tx_sheet::{CellKind, CellOut, ColumnOut, Relation, Table, to_xlsx};
use tx_store::{Conn, Keys, params};
use tx_web::{Ctx, Limit, Reply, Who};

/// Who takes names out of the program; inspectors do not (security.md §1).
pub(crate) const READERS: Who = Who::Roles(&[Role::Head, Role::Leader, Role::ClassTeacher, Role::Counsellor]);
/// More names leave only by the console (security.md §1).
pub const MOST_NAMES: usize = 2000;

/// What of the roster is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct RosterOf {
    pub class: Option<Id>,
    /// with ID numbers where the reader may see them; the caller writes the audit entry
    pub sensitive: bool,
    /// who was in a class of the school on this day gone by, in the class of that day, on the list or not on that day; all else is as it is now
    pub on: Option<Day>,
}

const HEADS: [(&str, f64); 23] = [
    ("序号", 6.0),
    ("姓名", 12.0),
    ("性别", 6.0),
    ("出生日期", 12.0),
    ("民族", 8.0),
    ("学籍号", 22.0),
    ("班级", 10.0),
    ("是否住校", 9.0),
    ("家庭住址", 26.0),
    ("村", 12.0),
    ("监护人姓名", 12.0),
    ("与学生关系", 10.0),
    ("监护人电话", 14.0),
    ("监护人2姓名", 12.0),
    ("监护人2关系", 10.0),
    ("监护人2电话", 14.0),
    ("父亲姓名", 12.0),
    ("父亲电话", 14.0),
    ("父亲务工地点", 16.0),
    ("母亲姓名", 12.0),
    ("母亲电话", 14.0),
    ("母亲务工地点", 16.0),
    ("是否留守儿童", 12.0),
];

/// A day gone by: who was in which class, and who was on the list.
struct Past {
    on: Day,
    /// code and name of the class
    classes: HashMap<Id, (Option<String>, Option<String>)>,
    listed: HashSet<Id>,
}
impl Past {
    fn read(c: &Conn, scope: &Scope, school: Id, on: Day) -> Result<Past> {
        let sql = "select s.child_id, k.code, k.name from class_stays s left join classes k on k.county_id = s.county_id and k.id = s.class_id \
             where s.county_id = ?1 and s.school_id = ?2 and s.from_day <= ?3 and (s.to_day is null or s.to_day >= ?3)";
        let stays = c.query(sql, params![scope.county, school, on])?;
        let sql = "select child_id from left_behind_episodes where county_id = ?1 and from_day <= ?2 and (to_day is null or to_day >= ?2)";
        let spells = c.query(sql, params![scope.county, on])?;
        Ok(Past {
            on,
            classes: stays
                .iter()
                .map(|r| (r.id(0), (r.opt_text(1), r.opt_text(2))))
                .collect(),
            listed: spells.iter().map(|r| r.id(0)).collect(),
        })
    }
}

/// The children in scope, by class and name. Fields that the reader may not see are empty. Texts become string cells.
pub fn roster_table(c: &Conn, keys: &Keys, scope: &Scope, of: RosterOf) -> Result<Table> {
    let school = scope.the_school()?;
    let past = of
        .on
        .filter(|d| *d < scope.today)
        .map(|d| Past::read(c, scope, school.id, d))
        .transpose()?;
    // who has left since then was here on that day
    let states: &[&str] = if past.is_some() {
        &["active", "left", "graduated"]
    } else {
        &["active"]
    };
    let mut all = Vec::new();
    for state in states {
        let page = Page {
            class: of.class,
            state: Some((*state).to_owned()),
            limit: 5000,
            ..Page::default()
        };
        all.extend(list(c, scope, &page)?);
    }
    if let Some(p) = &past {
        all.retain(|k| p.classes.contains_key(&k.id));
        all.sort_by(|a, b| (&a.pinyin, a.id).cmp(&(&b.pinyin, b.id)));
        for k in &mut all {
            (k.class_code, k.class_name) = p.classes.get(&k.id).cloned().unwrap_or_default();
        }
    }
    // by name already; a stable sort keeps that within the class
    all.sort_by(|a, b| (a.class_code.is_none(), &a.class_code).cmp(&(b.class_code.is_none(), &b.class_code)));
    let mut columns: Vec<ColumnOut> = HEADS
        .iter()
        .map(|(h, w)| {
            ColumnOut::new(
                *h,
                *w,
                if *h == "出生日期" {
                    CellKind::Day
                } else {
                    CellKind::Text
                },
            )
        })
        .collect();
    columns[0].kind = CellKind::Int;
    if of.sensitive {
        columns.insert(4, ColumnOut::new("身份证号", 20.0, CellKind::Text));
    }
    let word = |code: &str| Relation::from_code(code).map_or_else(|| code.to_owned(), |r| r.label().zh.to_owned());
    let yes = |b: bool| if b { "是" } else { "否" };
    let mut rows = Vec::with_capacity(all.len());
    for (i, k) in all.iter().enumerate() {
        let mut row: Vec<CellOut> = vec![CellOut::Empty; HEADS.len()];
        let mut id_no = CellOut::Empty;
        row[0] = (i as i64 + 1).into();
        row[1] = k.name.clone().into();
        row[2] = match k.sex.as_deref() {
            Some("f") => "女".into(),
            Some("m") => "男".into(),
            _ => CellOut::Empty,
        };
        row[6] = k.class_name.clone().into();
        let file = if k.sight.personal {
            change::open(c, keys, scope.county, k.id)?
        } else {
            None
        };
        if let Some(f) = file {
            // only an exact day is a day
            row[3] = match (f.birth_date, f.birth_precision.as_deref()) {
                (Some(d), Some("month")) => format!("{}年{}月", d.year(), d.month()).into(),
                (Some(d), Some("year")) => format!("{}年", d.year()).into(),
                (d, _) => d.into(),
            };
            row[4] = f.ethnic.into();
            row[5] = f.student_no.into();
            row[7] = f.boarder.map(yes).into();
            row[8] = f.home_address.into();
            row[9] = f.village.into();
            for (g, at) in f.guardians.iter().zip([10, 13]) {
                row[at] = g.name.clone().into();
                row[at + 1] = word(&g.relation).into();
                row[at + 2] = g.phone.clone().into();
            }
            for p in &f.parents {
                let at = if p.parent == crate::status::Parent::Father {
                    16
                } else {
                    19
                };
                row[at] = p.name.clone().into();
                row[at + 1] = p.phone.clone().into();
                row[at + 2] = p.place.clone().into();
            }
            let (listed, asked) = match &past {
                Some(p) => (p.listed.contains(&k.id), f.not_listed_on.filter(|d| *d <= p.on)),
                None => (f.listed.is_some(), f.not_listed_on),
            };
            row[22] = match (listed, asked) {
                (true, _) => "是".into(),
                (false, Some(_)) => "否".into(),
                (false, None) => CellOut::Empty,
            };
            if k.sight.sensitive {
                id_no = f
                    .id_no
                    .map(|n| if k.sight.id_full { n } else { crate::list::masked(&n) })
                    .into();
            }
        }
        if of.sensitive {
            row.insert(4, id_no);
        }
        rows.push(row);
    }
    Ok(Table {
        name: "花名册".into(),
        title: format!("{}学生花名册", school.name),
        lines: vec![format!(
            "填报单位：{}　填报时间：{}",
            school.name,
            scope.today.zh_long()
        )],
        columns,
        rows,
        footer: Vec::new(),
        keys: 2,
    })
}

/// `GET /api/v1/export/children.xlsx`: every export of names is an audit entry with its purpose.
pub(crate) fn export(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let own = scope.the_school()?.clone();
    if ctx.q("school").is_some_and(|s| s != own.code) {
        return Err(Fault::NotFound);
    }
    ctx.app.take(Limit::Export, scope.account)?;
    let class = match ctx.q("class") {
        None => None,
        Some(code) => {
            let year = SchoolYear::of(scope.today);
            let found = ctx.read(|c| tx_school::class_by_code(c, scope.county, own.id, code, year))?;
            Some(found.ok_or(Fault::NotFound)?)
        }
    };
    let of = RosterOf {
        class,
        sensitive: ctx.q("include") == Some("sensitive"),
        on: None,
    };
    let mut table = ctx.read(|c| roster_table(c, ctx.db().keys(), scope, of))?;
    let names = table.rows.len();
    if names > MOST_NAMES && !scope.is_console() {
        return Err(Fault::forbidden(t(
            "一次最多导出 2000 名，请按班导出，或在服务器上用命令",
            "At most 2,000 names at once; export by class, or by command on the server",
        )));
    }
    let purpose: String = ctx.q("purpose").unwrap_or("api").chars().take(100).collect();
    table.footer.push(ctx.exported(&purpose)?);
    let action = if of.sensitive {
        "export.children_sensitive"
    } else {
        "export.children"
    };
    let detail = format!("{names} names; purpose: {purpose}");
    ctx.db().write(scope.act(action), move |w| {
        w.note(action, "children", None, Some(detail.clone()));
        Ok(())
    })?;
    let name = format!("{}花名册{}.xlsx", own.name, scope.today);
    Ok(Reply::file(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &name,
        to_xlsx(&[table]),
    ))
}

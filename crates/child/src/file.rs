//! A child's whole file as far as the caller may see it: what the file page, the cards and the lists to work off are made from.

use crate::change;
pub use crate::change::{Guardian, Parent as ParentRow};
use crate::facts::{OF_CHILD, is_sensitive, label};
use crate::list::Child;
use crate::new::Facts;
use crate::status::{Ask, Definition, Known, Parent, ParentFact, Status, Where, hardship, status};
use tx_access::Scope;
use tx_base::{Day, Id, Result, Text, t};
use tx_store::{Conn, Keys, Row, params};

/// A spell on the school's list.
#[derive(Clone, Debug)]
pub struct Spell {
    pub id: Id,
    pub from: Day,
    pub to: Option<Day>,
    /// a code of `spells::REASONS`
    pub reason: Option<String>,
    pub note: Option<String>,
    /// list, form, hand
    pub source: String,
}
/// A parent's stay at home, which leaves the spell open.
#[derive(Clone, Debug)]
pub struct Return {
    pub id: Id,
    /// father, mother, both
    pub parent: String,
    pub from: Day,
    pub to: Option<Day>,
}
/// A stay in a class.
#[derive(Clone, Debug)]
pub struct Stay {
    pub class: Option<Id>,
    pub class_name: Option<String>,
    /// school year of the class by its first civil year
    pub year_first: Option<i64>,
    pub from: Day,
    pub to: Option<Day>,
    /// promoted, moved, left, graduated, repeated
    pub fate: Option<String>,
}
/// The mark for closer care (重点帮扶对象). Only with `sight.sensitive`.
#[derive(Clone, Debug)]
pub struct KeyMark {
    pub id: Id,
    pub from: Day,
    pub to: Option<Day>,
    pub reason: Option<String>,
    pub helper: Option<Id>,
    pub helper_name: Option<String>,
    pub review_on: Option<Day>,
}
/// A brother or sister of the same home who is in the caller's scope.
#[derive(Clone, Debug)]
pub struct Sibling {
    pub id: Id,
    pub name: String,
    pub class_name: Option<String>,
}

/// Everything of a child that the caller may see; what may not be seen is empty.
#[derive(Clone, Debug)]
pub struct Dossier {
    pub child: Child,
    pub former_name: Option<String>,
    pub birth_precision: Option<String>,
    pub class_no: Option<i64>,
    pub ethnic: Option<String>,
    /// rural, urban
    pub hukou_kind: Option<String>,
    pub hukou_address: Option<String>,
    pub home_address: Option<String>,
    /// what a volunteer may see too
    pub hobby: Option<String>,
    /// personal facts in the order of [`OF_CHILD`], with their words
    pub facts: Vec<(&'static str, Text, String)>,
    /// sensitive facts and the number of the paper: only when asked for, which is audited by the caller
    pub sensitive: Vec<(&'static str, Text, String)>,
    pub guardians: Vec<Guardian>,
    pub parents: Vec<ParentRow>,
    pub spells: Vec<Spell>,
    pub returns: Vec<Return>,
    pub stays: Vec<Stay>,
    /// by each definition, today
    pub statuses: Vec<(Definition, Status)>,
    /// a child in difficulty by what is known of the parents
    pub hardship: Option<bool>,
    /// after so many days at home it is asked whether a parent stays
    pub home_days: i32,
    pub key: Option<KeyMark>,
    pub siblings: Vec<Sibling>,
    /// what is missing or stale, to be worked off (features B18)
    pub missing: Vec<Missing>,
}
/// One thing that the file lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// the field of the form where it is filled in
    pub field: &'static str,
    pub name: Text,
}

/// Facts about parents older than this many days are stale (a school year's half).
pub const STALE_DAYS: i32 = 183;

fn open(
    c: &Conn,
    keys: &Keys,
    county: Id,
    child: Id,
    table: &str,
    row: Id,
    column: &str,
    b: Option<Vec<u8>>,
) -> Result<Option<String>> {
    b.map_or(Ok(None), |b| keys.open_child(c, county, child, table, row, column, &b))
}

/// The file of a child in scope. `sensitive` opens class S where the caller may see it; the caller writes the audit entry.
pub fn fetch(c: &Conn, keys: &Keys, scope: &Scope, id: Id, sensitive: bool) -> Result<Option<Dossier>> {
    let Some(child) = crate::list::fetch(c, scope, id)? else {
        return Ok(None);
    };
    of(c, keys, scope, child, sensitive).map(Some)
}

/// The file of a child that was fetched through the scope.
pub fn of(c: &Conn, keys: &Keys, scope: &Scope, child: Child, sensitive: bool) -> Result<Dossier> {
    let (county, id, sight) = (scope.county, child.id, child.sight);
    let mut d = Dossier {
        former_name: None,
        birth_precision: None,
        class_no: None,
        ethnic: None,
        hukou_kind: None,
        hukou_address: None,
        home_address: None,
        hobby: None,
        facts: Vec::new(),
        sensitive: Vec::new(),
        guardians: Vec::new(),
        parents: Vec::new(),
        spells: Vec::new(),
        returns: Vec::new(),
        stays: Vec::new(),
        statuses: Vec::new(),
        hardship: None,
        home_days: crate::spells::HOME_DAYS,
        key: None,
        siblings: Vec::new(),
        missing: Vec::new(),
        child,
    };
    if !sight.personal && !d.child.paired {
        return Ok(d);
    }
    let Some(f) = change::open(c, keys, county, id)? else {
        return Ok(d);
    };
    d.hobby = f.more.get("hobby").cloned();
    if !sight.personal {
        return Ok(d);
    }
    d.guardians.clone_from(&f.guardians);
    d.parents = f.all_parents();
    d.spells = spells(c, keys, county, id)?;
    d.returns = returns(c, county, id)?;
    d.stays = stays(c, county, id)?;
    let known = known(&f, &d);
    let p = crate::definition::params(c, county)?;
    d.home_days = p.home_days;
    d.statuses = Definition::ALL
        .into_iter()
        .map(|def| (def, status(&known, scope.today, def, &p)))
        .collect();
    d.hardship = hardship(&known, scope.today, &p);
    d.missing = missing(&f, &d, scope.today);
    for fact in OF_CHILD {
        let Some(v) = f.more.get(fact.id) else { continue };
        if !fact.sensitive {
            d.facts.push((fact.id, fact.name, v.clone()));
        } else if sensitive && sight.sensitive {
            d.sensitive.push((fact.id, fact.name, v.clone()));
        }
    }
    if sensitive && sight.sensitive {
        if let Some(no) = &f.id_no {
            let no = if sight.id_full {
                no.clone()
            } else {
                crate::list::masked(no)
            };
            d.sensitive.insert(0, ("id_no", t("身份证号", "ID number"), no));
        }
        // what a sheet brought under a name of its own
        for (k, v) in &f.more {
            if is_sensitive(k) && !OF_CHILD.iter().any(|f| f.id == k) {
                d.sensitive
                    .push(("other", label(OF_CHILD, k), format!("{}：{v}", words_of(k, scope.lang))));
            }
        }
    }
    if sight.sensitive {
        d.key = key(c, keys, county, id, scope.today)?;
    }
    if let Some(h) = d.child.household {
        d.siblings = siblings(c, scope, h, id)?;
    }
    d.former_name = f.former_name;
    d.birth_precision = f.birth_precision;
    d.class_no = f.class_no;
    d.ethnic = f.ethnic;
    d.hukou_kind = f.hukou_kind;
    d.hukou_address = f.hukou_address;
    d.home_address = f.home_address;
    Ok(d)
}
fn words_of(field: &str, lang: tx_base::Lang) -> String {
    tx_sheet::Field::from_name(field).map_or_else(|| field.to_owned(), |f| f.label().in_lang(lang).to_owned())
}

pub(crate) fn spells(c: &Conn, keys: &Keys, county: Id, child: Id) -> Result<Vec<Spell>> {
    let sql = "select id, from_day, to_day, reason, note, source from left_behind_episodes where county_id = ?1 and child_id = ?2 order by from_day desc, id desc";
    c.query(sql, params![county, child])?
        .iter()
        .map(|r| {
            Ok(Spell {
                id: r.id(0),
                from: r.day(1),
                to: r.opt_day(2),
                reason: r.opt_text(3),
                note: open(
                    c,
                    keys,
                    county,
                    child,
                    "left_behind_episodes",
                    r.id(0),
                    "note",
                    r.opt_bytes(4),
                )?,
                source: r.text(5),
            })
        })
        .collect()
}
pub(crate) fn returns(c: &Conn, county: Id, child: Id) -> Result<Vec<Return>> {
    let sql = "select id, parent, from_day, to_day from parent_returns where county_id = ?1 and child_id = ?2 order by from_day desc, id desc";
    let rows = c.query(sql, params![county, child])?;
    Ok(rows
        .iter()
        .map(|r| Return {
            id: r.id(0),
            parent: r.text(1),
            from: r.day(2),
            to: r.opt_day(3),
        })
        .collect())
}
pub(crate) fn stays(c: &Conn, county: Id, child: Id) -> Result<Vec<Stay>> {
    let sql = "select s.class_id, k.name, k.year_first, s.from_day, s.to_day, s.fate from class_stays s left join classes k on k.county_id = s.county_id and k.id = s.class_id \
        where s.county_id = ?1 and s.child_id = ?2 and (s.fate is null or s.fate <> 'mistaken') order by s.from_day desc, s.id desc";
    let rows = c.query(sql, params![county, child])?;
    Ok(rows
        .iter()
        .map(|r| Stay {
            class: r.opt_id(0),
            class_name: r.opt_text(1),
            year_first: r.opt_int(2),
            from: r.day(3),
            to: r.opt_day(4),
            fate: r.opt_text(5),
        })
        .collect())
}
pub(crate) fn key(c: &Conn, keys: &Keys, county: Id, child: Id, today: Day) -> Result<Option<KeyMark>> {
    let sql = "select y.id, y.from_day, y.to_day, y.reason, y.helper_id, a.name, y.review_on from key_children y left join adults a on a.county_id = y.county_id and a.id = y.helper_id \
        where y.county_id = ?1 and y.child_id = ?2 and y.from_day <= ?3 and (y.to_day is null or y.to_day >= ?3) order by y.from_day desc, y.id desc limit 1";
    let Some(r) = c.first(sql, params![county, child, today])? else {
        return Ok(None);
    };
    Ok(Some(KeyMark {
        id: r.id(0),
        from: r.day(1),
        to: r.opt_day(2),
        reason: open(
            c,
            keys,
            county,
            child,
            "key_children",
            r.id(0),
            "reason",
            r.opt_bytes(3),
        )?,
        helper: r.opt_id(4),
        helper_name: r.opt_text(5),
        review_on: r.opt_day(6),
    }))
}
fn siblings(c: &Conn, scope: &Scope, household: Id, but: Id) -> Result<Vec<Sibling>> {
    let f = scope.children("c", 0);
    let mut vals = f.params;
    vals.extend([household.into(), but.into()]);
    let n = vals.len();
    let sql = format!(
        "select c.id, c.name, k.name from children c left join classes k on k.county_id = c.county_id and k.id = c.class_id \
         where {} and c.household_id = ?{} and c.id <> ?{n} and c.deleted_at is null and c.state = 'active' order by c.pinyin, c.id",
        f.sql,
        n - 1
    );
    let one = |r: &Row| Sibling {
        id: r.id(0),
        name: r.text(1),
        class_name: r.opt_text(2),
    };
    Ok(c.query(&sql, &vals)?.iter().map(one).collect())
}

/// What the definitions are computed from.
fn known(f: &change::File, d: &Dossier) -> Known {
    Known {
        birth: f.birth_date,
        rural: f.hukou_kind.as_deref().map(|k| k == "rural"),
        with_parents: goes_along(&f.more),
        parents: d
            .parents
            .iter()
            .map(|p| ParentFact {
                parent: p.parent,
                whereabouts: p.whereabouts,
                able: p.capacity.as_deref().map(|c| c == "able"),
                from: p.from,
                to: p.to,
            })
            .collect(),
        spells: d
            .spells
            .iter()
            .filter(|s| s.reason.as_deref() != Some("mistaken"))
            .map(|s| (s.from, s.to))
            .collect(),
        not_listed: f.not_listed_on,
    }
}
/// Whether the file says that the child lives with the parents where they work.
pub(crate) fn goes_along(more: &Facts) -> bool {
    more.get("with_parents")
        .is_some_and(|v| tx_sheet::parse_yes_no(v).unwrap_or(true))
}

fn missing(f: &change::File, d: &Dossier, today: Day) -> Vec<Missing> {
    let mut out = Vec::new();
    let mut need = |empty: bool, field: &'static str, name: Text| {
        if empty {
            out.push(Missing { field, name });
        }
    };
    need(f.sex.is_none(), "sex", t("性别", "Sex"));
    need(f.birth_date.is_none(), "birth_date", t("出生日期", "Birth date"));
    need(f.id_no.is_none(), "id_no", t("身份证号", "ID number"));
    need(f.class.is_none(), "class", t("班级", "Class"));
    need(
        f.hukou_kind.is_none(),
        "hukou_kind",
        t("户口性质", "Kind of registration"),
    );
    need(f.village.is_none(), "village", t("村", "Village"));
    need(f.home_address.is_none(), "home_address", t("家庭住址", "Home address"));
    need(
        f.boarder.is_none(),
        "boarder",
        t("住校还是走读", "Boarder or day pupil"),
    );
    need(d.guardians.is_empty(), "guardians", t("监护人", "Guardian"));
    need(
        !d.guardians.is_empty() && d.guardians.iter().all(|g| g.phone.is_none()),
        "guardians",
        t("监护人电话", "Guardian's phone"),
    );
    for (p, field) in [(Parent::Father, "father"), (Parent::Mother, "mother")] {
        let now = d.parents.iter().find(|r| r.parent == p && r.to.is_none());
        let place = now.is_none_or(|r| r.whereabouts == Where::Unknown);
        need(place, field, Ask::Whereabouts(p).name());
        let old = now.is_some_and(|r| r.confirmed_on.is_some_and(|d| today.since(d) > STALE_DAYS));
        need(
            old && !place,
            field,
            match p {
                Parent::Father => t("父亲情况半年没核对", "Father's facts not confirmed for half a year"),
                Parent::Mother => t("母亲情况半年没核对", "Mother's facts not confirmed for half a year"),
            },
        );
    }
    need(
        f.listed.is_none() && f.not_listed_on.is_none() && d.spells.is_empty(),
        "left_behind",
        t("在不在学校名单上", "Whether on the school's list"),
    );
    out
}

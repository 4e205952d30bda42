//! Names for the pages of records: children and adults as far as the scope shows them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tx_access::{ChildPlace, Scope, Sight};
use tx_base::{Day, Id, Result};
use tx_store::{Conn, Row, Value, params, places};

/// A child as a record's page names it.
#[derive(Clone, Debug)]
pub struct Named {
    pub id: Id,
    pub name: String,
    pub class: Option<Id>,
    pub class_name: String,
    pub class_code: String,
    /// shown to those who see personal fields
    pub village: String,
    pub household: Option<Id>,
    pub sight: Sight,
}

/// What of a child changes rarely and every save asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fixed {
    pub name: String,
    pub birth: Option<Day>,
    /// from, last day, class, the first first
    pub stays: Vec<(Day, Option<Day>, Option<Id>)>,
}

/// [`Fixed`] of any child of the county; empty for one that is not there.
pub(crate) fn fixed(c: &Conn, county: Id, child: Id) -> Result<Arc<Fixed>> {
    c.kept(county, &child.to_string(), || {
        let sql = "select name, birth_date from children where county_id = ?1 and id = ?2";
        let Some(r) = c.first(sql, params![county, child])? else {
            return Ok(Fixed::default());
        };
        let sql =
            "select from_day, to_day, class_id from class_stays where county_id = ?1 and child_id = ?2 order by from_day, id";
        let stays = c.query(sql, params![county, child])?;
        Ok(Fixed {
            name: r.text(0),
            birth: r.opt_day(1),
            stays: stays.iter().map(|r| (r.day(0), r.opt_day(1), r.opt_id(2))).collect(),
        })
    })
}

/// Whether the caller may write about each of these children.
pub(crate) fn may_write(c: &Conn, scope: &Scope, ids: &[Id]) -> Result<bool> {
    for id in ids {
        let key = format!("{} {} {id}", scope.account, scope.today);
        let may = c.kept(scope.county, &key, || {
            Ok(MayWrite(sight(c, scope, *id)?.is_some_and(|s| s.record)))
        })?;
        if !may.0 {
            return Ok(false);
        }
    }
    Ok(true)
}
struct MayWrite(bool);

const COLS: &str = "c.id, c.name, c.school_id, c.class_id, k.name, c.village, c.household_id, k.code";
const FROM: &str = "from children c left join classes k on k.county_id = c.county_id and k.id = c.class_id";

fn named(scope: &Scope, r: &Row) -> Named {
    let class = r.opt_id(3);
    // a child that is in scope through no class or school is in it through a pairing
    let direct = scope.whole_school() || class.is_some_and(|k| scope.leads.contains(&k) || scope.teaches.contains(&k));
    let sight = scope.sight(ChildPlace {
        id: r.id(0),
        school: r.id(2),
        class,
        key: false,
        paired: !direct,
    });
    Named {
        id: r.id(0),
        name: r.text(1),
        class,
        class_name: r.text(4),
        class_code: r.text(7),
        village: if sight.personal { r.text(5) } else { String::new() },
        household: r.opt_id(6).filter(|_| sight.personal),
        sight,
    }
}

/// What this person may see of a child; `None` when it is out of scope or gone.
pub fn sight(c: &Conn, scope: &Scope, child: Id) -> Result<Option<Sight>> {
    Ok(children(c, scope, &[child])?.remove(&child).map(|n| n.sight))
}

/// The children in scope among these.
pub fn children(c: &Conn, scope: &Scope, ids: &[Id]) -> Result<HashMap<Id, Named>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let f = scope.children("c", 0);
    let mut vals = f.params;
    let marks = places(&mut vals, ids.iter().copied());
    let sql = format!(
        "select {COLS} {FROM} where c.deleted_at is null and {} and c.id in ({marks}) order by c.id",
        f.sql
    );
    Ok(c.query(&sql, &vals)?
        .iter()
        .map(|r| (r.id(0), named(scope, r)))
        .collect())
}

/// The children of a class that are in scope, by name; without a class all in scope, at most 5,000.
pub fn of_class(c: &Conn, scope: &Scope, class: Option<Id>) -> Result<Vec<Named>> {
    let f = scope.children("c", 0);
    let mut vals: Vec<Value> = f.params;
    let mut sql = format!(
        "select {COLS} {FROM} where c.deleted_at is null and c.state = 'active' and {}",
        f.sql
    );
    if let Some(k) = class {
        vals.push(k.into());
        sql.push_str(&format!(" and c.class_id = ?{}", vals.len()));
    }
    sql.push_str(" order by c.pinyin, c.id limit 5000");
    Ok(c.query(&sql, &vals)?.iter().map(|r| named(scope, r)).collect())
}

/// A class that this person may choose: id, code, name.
pub type Class = (Id, String, String);

/// The classes of the own school in this school year that hold children in scope: all for those who see the whole school.
pub fn classes(c: &Conn, scope: &Scope) -> Result<Vec<Class>> {
    let Some(school) = &scope.school else {
        return Ok(Vec::new());
    };
    let year = i64::from(tx_calendar::SchoolYear::of(scope.today).span().from.year());
    let sql = "select id, code, name from classes where county_id = ?1 and school_id = ?2 and year_first = ?3 order by code, id";
    let whole = scope.whole_school();
    Ok(c.query(sql, params![scope.county, school.id, year])?
        .iter()
        .map(|r| (r.id(0), r.text(1), r.text(2)))
        .filter(|(id, ..)| whole || scope.leads.contains(id) || scope.teaches.contains(id))
        .collect())
}

/// Names of adults of the own school who are there today, by name: staff and helpers alike are of the ordinary class.
pub fn adults(c: &Conn, scope: &Scope) -> Result<Vec<(Id, String)>> {
    let Some(school) = &scope.school else {
        return Ok(Vec::new());
    };
    let sql = "select id, name from adults where county_id = ?1 and school_id = ?2 and (to_day is null or to_day >= ?3) order by sort_key, id";
    Ok(c.query(sql, params![scope.county, school.id, scope.today])?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect())
}

/// Names of these adults.
pub fn adult_names(c: &Conn, county: Id, ids: &[Id]) -> Result<HashMap<Id, String>> {
    named_by(c, county, ids, "select id, name from adults")
}

/// The names of these accounts as screens show them.
pub fn accounts(c: &Conn, county: Id, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let mut out = HashMap::new();
    for id in ids.iter().copied().collect::<BTreeSet<_>>() {
        let name = c.kept(county, &id.to_string(), || {
            let sql = "select shown from accounts where county_id = ?1 and id = ?2";
            Ok(Shown(c.first(sql, params![county, id])?.map(|r| r.text(0))))
        })?;
        out.extend(name.0.clone().map(|name| (id, name)));
    }
    Ok(out)
}
struct Shown(Option<String>);

fn named_by(c: &Conn, county: Id, ids: &[Id], what: &str) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut vals: Vec<Value> = vec![county.into()];
    let marks = places(&mut vals, ids.iter().copied().collect::<BTreeSet<_>>());
    let sql = format!("{what} where county_id = ?1 and id in ({marks}) order by id");
    Ok(c.query(&sql, &vals)?.iter().map(|r| (r.id(0), r.text(1))).collect())
}

/// The names that screens show for these logins; a login that is no account (the console) stands for itself.
pub fn shown(c: &Conn, county: Id, logins: &[String]) -> Result<HashMap<String, String>> {
    let mut out: HashMap<String, String> = logins.iter().map(|l| (l.clone(), l.clone())).collect();
    if out.is_empty() {
        return Ok(out);
    }
    let mut vals: Vec<Value> = vec![county.into()];
    let marks = places(&mut vals, out.keys());
    let sql = format!("select name, shown from accounts where county_id = ?1 and name in ({marks}) order by id");
    c.each(&sql, &vals, |r| {
        out.insert(r.text(0), r.text(1));
        Ok(())
    })?;
    Ok(out)
}

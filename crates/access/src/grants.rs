//! Grants: what an account holds, from when, until when, approved by whom.

use crate::role::{Post, Role};
use crate::tables::GRANTS;
use tx_base::{Day, Id, Result};
use tx_store::{Conn, Write, params, row};

/// A right to be given. `held` is `role:head`, `post:office` or `paired`.
#[derive(Clone, Debug)]
pub struct NewGrant {
    pub account: Id,
    pub held: String,
    pub school: Option<Id>,
    pub class: Option<Id>,
    pub child: Option<Id>,
    pub source: Option<Id>,
    pub from: Day,
    pub to: Option<Day>,
}

impl NewGrant {
    pub fn role(
        account: Id,
        role: Role,
        school: Option<Id>,
        class: Option<Id>,
        from: Day,
        to: Option<Day>,
    ) -> NewGrant {
        NewGrant {
            account,
            held: format!("role:{}", role.code()),
            school,
            class,
            child: None,
            source: None,
            from,
            to,
        }
    }
    pub fn post(account: Id, post: Post, school: Id, from: Day, to: Option<Day>) -> NewGrant {
        NewGrant {
            account,
            held: format!("post:{}", post.code()),
            school: Some(school),
            class: None,
            child: None,
            source: None,
            from,
            to,
        }
    }
    pub fn paired(account: Id, child: Id, source: Id, from: Day, to: Option<Day>) -> NewGrant {
        NewGrant {
            account,
            held: "paired".into(),
            school: None,
            class: None,
            child: Some(child),
            source: Some(source),
            from,
            to,
        }
    }
}

/// Gives a right; the actor of the write is who approved it.
pub fn grant(w: &mut Write, g: &NewGrant) -> Result<Id> {
    let (id, by) = (Id::fresh(), w.act().actor.name.clone());
    w.insert(
        &GRANTS,
        row!["id" => id, "account_id" => g.account, "held" => g.held.as_str(), "school_id" => g.school, "class_id" => g.class,
            "child_id" => g.child, "source_id" => g.source, "from_day" => g.from, "to_day" => g.to, "approved_by" => by],
    )?;
    Ok(id)
}
/// Ends a right on a day (that day still counts).
pub fn end_grant(w: &mut Write, id: Id, on: Day) -> Result<()> {
    w.update(&GRANTS, id, row!["to_day" => on]).map(|_| ())
}
/// Ends every right that follows from a pairing or post; a right that ends earlier stays as it is.
pub fn end_grants_for(w: &mut Write, source: Id, on: Day) -> Result<()> {
    let sql =
        "select id from grants where county_id = ?1 and source_id = ?2 and (to_day is null or to_day > ?3) order by id";
    for r in w.conn().query(sql, params![w.county(), source, on])? {
        end_grant(w, r.id(0), on)?;
    }
    Ok(())
}
/// Sets the last day of every right that follows from a pairing or post, also forward.
pub fn renew(w: &mut Write, source: Id, to: Option<Day>) -> Result<()> {
    let sql = "select id from grants where county_id = ?1 and source_id = ?2 order by id";
    for r in w.conn().query(sql, params![w.county(), source])? {
        w.update(&GRANTS, r.id(0), row!["to_day" => to])?;
    }
    Ok(())
}
/// A right as the list of rights shows it.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: Id,
    pub account: Id,
    pub user: String,
    pub shown: String,
    /// role:head, post:office, paired
    pub held: String,
    pub class: Option<String>,
    pub from: Day,
    pub to: Option<Day>,
    pub approved_by: String,
}
/// The rights that stand in a school (or of the county's own accounts), also those that ended since a day.
pub fn held_in(c: &Conn, county: Id, school: Option<Id>, since: Day) -> Result<Vec<Held>> {
    let sql = "select g.id, g.account_id, a.name, a.shown, g.held, k.code, g.from_day, g.to_day, g.approved_by from grants g \
               join accounts a on a.county_id = g.county_id and a.id = g.account_id left join classes k on k.county_id = g.county_id and k.id = g.class_id \
               where g.county_id = ?1 and coalesce(a.school_id, ?2) = ?2 and (a.school_id is null) = (?2 = ?3) and (g.to_day is null or g.to_day >= ?4) \
               order by a.name, g.from_day, g.id";
    let rows = c.query(sql, params![county, school.unwrap_or(Id::NIL), Id::NIL, since])?;
    Ok(rows
        .iter()
        .map(|r| Held {
            id: r.id(0),
            account: r.id(1),
            user: r.text(2),
            shown: r.text(3),
            held: r.text(4),
            class: r.opt_text(5),
            from: r.day(6),
            to: r.opt_day(7),
            approved_by: r.text(8),
        })
        .collect())
}

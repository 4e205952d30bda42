//! Grants: what an account holds, from when, until when, approved by whom.

use crate::role::{Post, Role};
use crate::tables::GRANTS;
use tx_base::{Day, Id, Result};
use tx_store::{Write, params, row};

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

//! Children marked for closer care (重点帮扶对象, features B7): reason, helping teacher, review date.

use crate::new::seal;
use crate::tables::KEY_CHILDREN;
use tx_access::{NewGrant, end_grants_for, grant};
use tx_base::{Day, Fault, Id, Result, say};
use tx_school::{NewPost, add_post};
use tx_store::{Conn, Write, params, row};

/// A mark to be set.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub child: Id,
    pub school: Id,
    pub from: Day,
    /// why; sealed
    pub reason: String,
    /// the helping teacher, an adult of the school
    pub helper: Option<Id>,
    /// when it is looked at again
    pub review_on: Option<Day>,
}

/// Marks a child. The helping teacher then owns the duties of key children, and sees this child.
pub fn mark(w: &mut Write, n: &NewKey) -> Result<Id> {
    let reason = n.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Fault::invalid(
            "reason",
            "原因要写 1 到 500 个字",
            "A reason of 1 to 500 characters is needed",
        ));
    }
    if n.review_on.is_some_and(|d| d <= n.from) {
        return Err(Fault::invalid(
            "review_on",
            "复查的日子要在今天之后",
            "The review comes after today",
        ));
    }
    let sql =
        "select count(*) from key_children where county_id = ?1 and child_id = ?2 and (to_day is null or to_day >= ?3)";
    if w.conn().count(sql, params![w.county(), n.child, n.from])? > 0 {
        return Err(Fault::Conflict(say("已经是重点帮扶对象", "Marked already")));
    }
    let id = Id::fresh();
    let sealed = seal(w, n.child, "key_children", id, "reason", Some(reason))?;
    w.insert(
        &KEY_CHILDREN,
        row!["id" => id, "child_id" => n.child, "from_day" => n.from, "reason" => sealed, "helper_id" => n.helper, "review_on" => n.review_on],
    )?;
    if let Some(adult) = n.helper {
        let account = account_of(w.conn(), w.county(), n.school, adult)?;
        let post = add_post(
            w,
            &NewPost {
                school: n.school,
                adult,
                account,
                post: "helping_teacher",
                class: None,
                from: n.from,
            },
        )?;
        w.update(&tx_school::tables::POSTS, post, row!["child_id" => n.child])?;
        if let Some(account) = account {
            grant(
                w,
                &NewGrant::paired(account, n.child, id, n.from, Some(year_after(n.from))),
            )?;
        }
    }
    Ok(id)
}
/// A right that follows from a bond runs a year at most (security.md §1).
fn year_after(from: Day) -> Day {
    from.plus_months(12).plus(-1)
}
/// The login of an adult of the school, if there is one. `NotFound` when the adult is not of this school.
pub fn account_of(c: &Conn, county: Id, school: Id, adult: Id) -> Result<Option<Id>> {
    let sql = "select a.id, k.id from adults a left join accounts k on k.county_id = a.county_id and k.adult_id = a.id and k.disabled_at is null \
        where a.county_id = ?1 and a.id = ?2 and (a.school_id = ?3 or a.school_id is null) order by k.id limit 1";
    let r = c
        .first(sql, params![county, adult, school])?
        .ok_or_else(|| Fault::invalid("helper", "没有这位老师", "There is no such person"))?;
    let linked = r.opt_id(1);
    if linked.is_some() {
        return Ok(linked);
    }
    // older accounts are tied to their adult by a post
    let sql = "select account_id from posts where county_id = ?1 and adult_id = ?2 and account_id is not null order by from_day desc, id desc limit 1";
    Ok(c.first(sql, params![county, adult])?.and_then(|r| r.opt_id(0)))
}

/// Ends the mark; `on` is its last day. The reason is sealed.
pub fn end(w: &mut Write, child: Id, on: Day, why: &str, today: Day) -> Result<()> {
    let why = why.trim();
    if why.is_empty() || why.chars().count() > 500 {
        return Err(Fault::invalid(
            "reason",
            "原因要写 1 到 500 个字",
            "A reason of 1 to 500 characters is needed",
        ));
    }
    let sql = "select id, from_day, helper_id from key_children where county_id = ?1 and child_id = ?2 and to_day is null order by from_day desc, id desc limit 1";
    let Some(r) = w.conn().first(sql, params![w.county(), child])? else {
        return Err(Fault::Conflict(say("现在不是重点帮扶对象", "Not marked now")));
    };
    let (id, from, helper) = (r.id(0), r.day(1), r.opt_id(2));
    if on > today || on < from.plus(-1) {
        return Err(Fault::invalid(
            "on",
            format!("要在 {from} 到今天之间"),
            format!("between {from} and today"),
        ));
    }
    let sealed = seal(w, child, "key_children", id, "end_reason", Some(why))?;
    w.update(&KEY_CHILDREN, id, row!["to_day" => on, "end_reason" => sealed])?;
    end_grants_for(w, id, on)?;
    if let Some(adult) = helper {
        let sql = "select id from posts where county_id = ?1 and adult_id = ?2 and child_id = ?3 and post = 'helping_teacher' and to_day is null order by id";
        for r in w.conn().query(sql, params![w.county(), adult, child])? {
            w.update(&tx_school::tables::POSTS, r.id(0), row!["to_day" => on])?;
        }
    }
    Ok(())
}

//! When an account was last used, and which files it opened: accounts that sleep, more than 100 files a day, an inspector's sample
//! (security.md §1).

use crate::role::Role;
use crate::scope::Scope;
use crate::tables::{ACCOUNT_USE, FILE_VIEWS};
use tx_base::{Fault, Id, Result, Time, say};
use tx_store::{Conn, Db, Write, params, row};

/// Days without use after which an account sleeps.
pub const SLEEP_DAYS: u32 = 60;
/// Files opened by one account in a day, above which an audit entry says so.
pub const MANY_FILES: i64 = 100;
/// Files that an inspector may open in a term.
pub const SAMPLE: usize = 30;

const DAY: i64 = 24 * 60 * 60_000;

/// Notes that an account was used just now.
pub(crate) fn used(w: &mut Write, account: Id) -> Result<()> {
    let now = w.now();
    w.put(&ACCOUNT_USE, row!["account_id" => account, "used_at" => now])
}
/// Wakes an account that sleeps.
pub fn wake(w: &mut Write, account: Id) -> Result<()> {
    used(w, account)?;
    w.note("account.wake", "accounts", Some(account), None);
    Ok(())
}
/// When an account was last used; `None` for one that was never noted.
pub fn last_used(c: &Conn, county: Id, account: Id) -> Result<Option<Time>> {
    let sql = "select used_at from account_use where county_id = ?1 and account_id = ?2";
    Ok(c.first(sql, params![county, account])?.map(|r| r.time(0)))
}
/// Whether an account sleeps: unused for `days`; 0 = accounts never sleep.
pub fn asleep(c: &Conn, county: Id, account: Id, now: Time, days: u32) -> Result<bool> {
    if days == 0 {
        return Ok(false);
    }
    Ok(last_used(c, county, account)?.is_some_and(|t| now.0 - t.0 > i64::from(days) * DAY))
}
/// What one whose account sleeps is told.
pub fn asleep_fault() -> Fault {
    Fault::Unknown(say(
        "这个账号很久没用，已经休眠；请校长或管理员唤醒",
        "This account was unused for long and sleeps; the head or the administrator wakes it",
    ))
}

/// Whether nothing but the role of an inspector opens files here.
pub(crate) fn samples(roles: &[Role]) -> bool {
    roles.contains(&Role::Inspector) && !roles.iter().any(|r| r.is_staff())
}
/// The files that an inspector has opened since the term began.
pub(crate) fn sample_of(c: &Conn, county: Id, account: Id, since: tx_base::Day) -> Result<Vec<Id>> {
    let sql = "select distinct child_id from file_views where county_id = ?1 and account_id = ?2 and on_day >= ?3 order by child_id";
    Ok(c.query(sql, params![county, account, since])?
        .iter()
        .map(|r| r.id(0))
        .collect())
}

/// An inspector opens a file: it joins the sample, logged, or is refused when the sample is full. Others pass.
/// A child out of scope changes nothing: the handler answers that it is not there.
pub fn open_sample(db: &Db, scope: &mut Scope, child: Id) -> Result<()> {
    if !samples(&scope.roles) || scope.sample.contains(&child) {
        return Ok(());
    }
    let f = scope.children("c", 1);
    let sql = format!(
        "select 1 from children c where c.deleted_at is null and c.id = ?1 and {}",
        f.sql
    );
    let mut vals = vec![child.into()];
    vals.extend(f.params);
    if db.read(|c| c.first(&sql, &vals))?.is_none() {
        return Ok(());
    }
    if scope.sample.len() >= SAMPLE {
        refuse(db, scope, child)?;
        return Err(Fault::Forbidden(say(
            format!("抽查的 {SAMPLE} 份档案已经看满"),
            format!("The sample of {SAMPLE} files is full"),
        )));
    }
    let (account, today, role) = (scope.account, scope.today, scope.role().code());
    db.write(scope.act("file.sample"), move |w| {
        view(w, account, child, today, role)?;
        w.note("file.sample", "children", Some(child), None);
        Ok(())
    })?;
    scope.sample.push(child);
    Ok(())
}
fn refuse(db: &Db, scope: &Scope, child: Id) -> Result<()> {
    db.write(scope.act("refused"), move |w| {
        w.note("refused", "children", Some(child), Some("sample".into()));
        Ok(())
    })
}
fn view(w: &mut Write, account: Id, child: Id, on: tx_base::Day, role: &str) -> Result<()> {
    let now = w.now();
    w.put(
        &FILE_VIEWS,
        row!["account_id" => account, "child_id" => child, "on_day" => on, "at" => now, "role" => role],
    )
}

/// Notes that a file was opened: once for each account, child and day. The hundred-and-first of a day is an audit entry.
pub fn opened(db: &Db, scope: &Scope, child: Id) -> Result<()> {
    if scope.is_console() {
        return Ok(());
    }
    let (county, account, today) = (scope.county, scope.account, scope.today);
    let known = db.for_good(format!("opened {county} {account} {child} {today}"), |c| {
        let sql = "select 1 from file_views where county_id = ?1 and account_id = ?2 and on_day = ?3 and child_id = ?4";
        Ok(c.first(sql, params![county, account, today, child])?.is_some())
    })?;
    if known {
        return Ok(());
    }
    let role = scope.role().code();
    db.write(scope.act("file.open"), move |w| {
        view(w, account, child, today, role)?;
        let sql = "select count(*) from file_views where county_id = ?1 and account_id = ?2 and on_day = ?3";
        let n = w.conn().count(sql, params![county, account, today])?;
        if n == MANY_FILES + 1 {
            w.note(
                "file.many",
                "accounts",
                Some(account),
                Some(format!("more than {MANY_FILES} files on {today}")),
            );
        }
        Ok(())
    })
}

/// One reading of a child's file.
#[derive(Clone, Debug)]
pub struct Reader {
    pub who: String,
    pub role: String,
    pub at: Time,
    /// file, sensitive, or the audited action
    pub what: String,
}

/// The last readers of a child, newest first: who opened the file, and who read sensitive or sealed parts of it.
pub fn readers(c: &Conn, county: Id, child: Id, limit: usize) -> Result<Vec<Reader>> {
    let views = format!(
        "select a.shown, v.role, v.at from file_views v join accounts a on a.county_id = v.county_id and a.id = v.account_id \
         where v.county_id = ?1 and v.child_id = ?2 order by v.at desc, a.id limit {limit}"
    );
    let mut out: Vec<Reader> = c
        .query(&views, params![county, child])?
        .iter()
        .map(|r| Reader {
            who: r.text(0),
            role: r.text(1),
            at: r.time(2),
            what: "file".into(),
        })
        .collect();
    // entries without a row digest are readings, exports and refusals: those that changed a row carry one
    let acts = format!(
        "select coalesce((select a.shown from accounts a where a.county_id = e.county_id and a.id = e.actor), e.actor_name), e.at, e.action, (select min(g.held) from grants g where g.county_id = e.county_id and g.account_id = e.actor and g.held like 'role:%') \
         from audit_entries e where e.county_id = ?1 and e.row_id = ?2 and e.tbl = 'children' and e.row_mac is null and e.action not in ('refused', 'file.sample') \
         order by e.seq desc limit {limit}"
    );
    out.extend(c.query(&acts, params![county, child])?.iter().map(|r| {
        let action = r.text(2);
        Reader {
            who: r.text(0),
            role: r.text(3).replace("role:", ""),
            at: r.time(1),
            what: if action == "child.read_sensitive" {
                "sensitive".into()
            } else {
                action
            },
        }
    }));
    out.sort_by_key(|r| std::cmp::Reverse(r.at));
    out.truncate(limit);
    Ok(out)
}

//! Accounts, passwords and the throttle at the door (security.md §3).

use crate::directory;
use crate::tables::{ACCOUNTS, THROTTLES};
use tx_base::{Fault, Id, Result, Time, say};
use tx_store::{Act, Conn, Db, Write, params, row};

const MINUTE: i64 = 60_000;
/// Failures before the delay begins.
const FREE_FAILS: i64 = 5;
const LONGEST: i64 = 15 * MINUTE;
/// The commonest passwords; a longer bundled list belongs here.
const COMMON: &str = include_str!("common-passwords.txt");

#[derive(Clone, Debug)]
pub struct Account {
    pub county: Id,
    pub id: Id,
    pub name: String,
    pub shown: String,
    pub must_change: bool,
}

/// A new account; its first password is random and lives 24 hours.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub name: String,
    pub shown: String,
    pub school: Option<Id>,
    pub adult: Option<Id>,
    /// a password that needs no change (the demonstration's); otherwise a random first one
    pub password: Option<String>,
}

/// Adds an account and gives its id and first password.
pub fn add_account(w: &mut Write, a: &NewAccount) -> Result<(Id, String)> {
    let name = a.name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(Fault::invalid(
            "name",
            "账号名要 1 到 60 个字",
            "A user name has 1 to 60 characters",
        ));
    }
    if directory::find(w.conn(), "user", name)?.is_some() {
        return Err(Fault::Conflict(say(
            format!("账号 {name} 已经有了"),
            format!("The user {name} exists already"),
        )));
    }
    let (id, password) = (Id::fresh(), a.password.clone().unwrap_or_else(tx_seal::word_password));
    let until = a.password.is_none().then(|| w.now().plus_minutes(24 * 60));
    w.insert(
        &ACCOUNTS,
        row!["id" => id, "name" => name, "shown" => a.shown.as_str(), "school_id" => a.school, "adult_id" => a.adult,
            "password" => tx_seal::hash_password(&password), "password_until" => until],
    )?;
    directory::set(w, "user", name, id)?;
    Ok((id, password))
}

pub fn find_account(c: &Conn, name: &str) -> Result<Option<Account>> {
    let Some((county, id)) = directory::find(c, "user", name)? else {
        return Ok(None);
    };
    let r = c.first(
        "select name, shown, password_until from accounts where county_id = ?1 and id = ?2",
        params![county, id],
    )?;
    Ok(r.map(|r| Account {
        county,
        id,
        name: r.text(0),
        shown: r.text(1),
        must_change: !r.is_null(2),
    }))
}

/// Whether no administrator exists in the whole installation yet.
pub fn no_admin_yet(c: &Conn) -> Result<bool> {
    Ok(c.count("select count(*) from grants where held = 'role:admin'", &[])? == 0)
}

/// Refuses weak passwords in words.
fn check_password(password: &str, names: &[&str]) -> Result<()> {
    let n = password.chars().count();
    let lower = password.to_lowercase();
    let bad = |zh: &str, en: &str| Err(Fault::invalid("new", zh, en));
    if n < 8 {
        return bad("密码至少 8 个字", "A password has at least 8 characters");
    }
    if n > 128 {
        return bad("密码最多 128 个字", "A password has at most 128 characters");
    }
    if COMMON.lines().any(|c| c == lower) {
        return bad("这个密码太常见，请换一个", "This password is too common; take another");
    }
    if names
        .iter()
        .any(|n| n.chars().count() >= 2 && lower.contains(&n.to_lowercase()))
    {
        return bad(
            "密码里不要有自己或学校的名字",
            "The password must not hold your name or the school's",
        );
    }
    Ok(())
}

/// Changes a password; other sessions end.
pub fn change_password(db: &Db, act: Act, account: Id, current: &str, new: &str, school: Option<&str>) -> Result<()> {
    let county = act.county;
    let r = db
        .read(|c| {
            c.first(
                "select password, name, shown from accounts where county_id = ?1 and id = ?2",
                params![county, account],
            )
        })?
        .ok_or(Fault::NotFound)?;
    if !tx_seal::verify_password(current, Some(r.str(0))) {
        return Err(Fault::invalid(
            "current",
            "现在的密码不对",
            "The current password is wrong",
        ));
    }
    check_password(new, &[r.str(1), r.str(2), school.unwrap_or_default()])?;
    let hash = tx_seal::hash_password(new);
    db.write(act.named("password.change"), move |w| {
        w.update(
            &ACCOUNTS,
            account,
            row!["password" => hash.as_str(), "password_until" => None::<Time>],
        )?;
        crate::end_sessions_of(w, account)
    })
}

/// Disables an account: its sessions and tokens end with it.
pub fn disable_account(w: &mut Write, account: Id) -> Result<()> {
    let now = w.now();
    w.update(&ACCOUNTS, account, row!["disabled_at" => now])?;
    crate::end_sessions_of(w, account)
}

fn throttle_key(kind: &str, name: &str) -> Vec<u8> {
    tx_seal::digest(&[b"throttle", kind.as_bytes(), name.as_bytes()]).to_vec()
}
fn wait_of(c: &Conn, keys: &[Vec<u8>], now: Time) -> Result<Option<u32>> {
    let mut wait = None;
    for k in keys {
        if let Some(r) = c.first("select until from throttles where name = ?1", params![k.as_slice()])?
            && r.int(0) > now.0
        {
            wait = wait.max(Some(((r.int(0) - now.0) / 1000 + 1) as u32));
        }
    }
    Ok(wait)
}

/// Checks name and password. The same answer and the same work for an unknown name; after five failures a delay that doubles to 15 minutes.
/// `Unknown` when wrong, `Slow` while waiting.
pub fn login(db: &Db, name: &str, password: &str, address: &str) -> Result<Account> {
    let now = db.clock().now();
    // an address has ten times the patience: thirty teachers sit behind one
    let keys = [throttle_key("user", name), throttle_key("address", address)];
    if let Some(wait) = db.read(|c| wait_of(c, &keys, now))? {
        return Err(Fault::Slow(wait));
    }
    let found = db.read(|c| {
        let Some(a) = find_account(c, name)? else {
            return Ok(None);
        };
        c.first(
            "select password, password_until, disabled_at from accounts where county_id = ?1 and id = ?2",
            params![a.county, a.id],
        )
        .map(|r| r.map(|r| (a, r)))
    })?;
    let hash = found.as_ref().map(|(_, r)| r.text(0));
    let right = tx_seal::verify_password(password, hash.as_deref());
    let live = found.filter(|(_, r)| right && r.is_null(2) && r.opt_int(1).is_none_or(|until| until > now.0));
    let county = live.as_ref().map_or(Id::NIL, |(a, _)| a.county);
    let ok = live.is_some();
    let who = live
        .as_ref()
        .map_or_else(|| "unknown".to_owned(), |(a, _)| a.name.clone());
    let address = address.to_owned();
    let act = Act {
        county,
        actor: tx_store::Actor {
            id: live.as_ref().map(|(a, _)| a.id),
            name: who,
        },
        address,
        action: "login".into(),
        reason: None,
    };
    db.write(act, move |w| {
        if ok {
            w.drop_rows(&THROTTLES, "name = ?1", params![keys[0].as_slice()])?;
            w.note("login", "accounts", w.act().actor.id, None);
            return Ok(());
        }
        w.note("login.refused", "accounts", None, None);
        for (k, free) in [(&keys[0], FREE_FAILS), (&keys[1], FREE_FAILS * 10)] {
            let fails = w
                .conn()
                .count("select fails from throttles where name = ?1", params![k.as_slice()])?
                + 1;
            let delay = if fails >= free {
                (1000i64 << (fails - free).min(20)).saturating_mul(15).min(LONGEST)
            } else {
                0
            };
            w.put(
                &THROTTLES,
                row!["name" => k.as_slice(), "fails" => fails, "until" => Time(now.0 + delay)],
            )?;
        }
        Ok(())
    })?;
    match live {
        Some((a, _)) => Ok(a),
        None => Err(Fault::Unknown(say("名字或密码不对", "Wrong name or password"))),
    }
}

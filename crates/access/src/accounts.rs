//! Accounts, passwords and the throttle at the door (security.md §3).

use crate::directory;
use crate::tables::{ACCOUNTS, THROTTLES};
use tx_base::{Fault, Id, Result, Time, say};
use tx_store::{Act, Conn, Db, Write, params, row};

const MINUTE: i64 = 60_000;
/// Failures before the delay begins.
pub(crate) const FREE_FAILS: i64 = 5;
const LONGEST: i64 = 15 * MINUTE;

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
    let password = a.password.clone().unwrap_or_else(tx_seal::word_password);
    let id = add_account_hashed(w, a, &tx_seal::hash_password(&password))?;
    Ok((id, password))
}
/// As [`add_account`] where the password was hashed before: the demonstration gives one to all, and a hash is slow on purpose.
pub fn add_account_hashed(w: &mut Write, a: &NewAccount, hash: &str) -> Result<Id> {
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
    let id = Id::fresh();
    let until = a.password.is_none().then(|| w.now().plus_minutes(24 * 60));
    w.insert(
        &ACCOUNTS,
        row!["id" => id, "name" => name, "shown" => a.shown.as_str(), "school_id" => a.school, "adult_id" => a.adult,
            "password" => hash, "password_until" => until],
    )?;
    directory::set(w, "user", name, id)?;
    crate::usage::used(w, id)?;
    Ok(id)
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

/// Changes a password; other sessions end.
pub fn change_password(db: &Db, act: Act, account: Id, current: &str, new: &str, school: Option<&str>) -> Result<()> {
    let county = act.county;
    let r = db
        .read(|c| {
            c.first(
                "select a.password, a.name, a.shown, d.id, d.phone from accounts a left join adults d on d.county_id = a.county_id and d.id = a.adult_id \
                 where a.county_id = ?1 and a.id = ?2",
                params![county, account],
            )
        })?
        .ok_or(Fault::NotFound)?;
    let phone = match (r.opt_id(3), r.opt_bytes(4)) {
        (Some(adult), Some(sealed)) => db.keys().open_county(county, "adults", adult, "phone", &sealed),
        _ => None,
    };
    if !tx_seal::verify_password(current, Some(r.str(0))) {
        return Err(Fault::invalid(
            "current",
            "现在的密码不对",
            "The current password is wrong",
        ));
    }
    crate::passwords::check(new, &[r.str(1), r.str(2), school.unwrap_or_default()], phone.as_deref())?;
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

pub(crate) fn throttle_key(kind: &str, name: &str) -> Vec<u8> {
    tx_seal::digest(&[b"throttle", kind.as_bytes(), name.as_bytes()]).to_vec()
}
pub(crate) fn wait_of(c: &Conn, keys: &[Vec<u8>], now: Time) -> Result<Option<u32>> {
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
        count_failure(w, &keys[0], FREE_FAILS)?;
        count_failure(w, &keys[1], FREE_FAILS * 10)
    })?;
    match live {
        Some((a, _)) => Ok(a),
        None => Err(Fault::Unknown(say("名字或密码不对", "Wrong name or password"))),
    }
}

/// Counts a failure; from the `free`-th on a delay that doubles to 15 minutes.
pub(crate) fn count_failure(w: &mut Write, key: &[u8], free: i64) -> Result<()> {
    let sql = "select fails from throttles where name = ?1";
    let fails = w.conn().count(sql, params![key])? + 1;
    let delay = if fails >= free {
        (1000i64 << (fails - free).min(20)).saturating_mul(15).min(LONGEST)
    } else {
        0
    };
    let until = Time(w.now().0 + delay);
    w.put(&THROTTLES, row!["name" => key, "fails" => fails, "until" => until])
}

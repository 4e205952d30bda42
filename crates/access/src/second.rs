//! The second factor: a time code (TOTP, RFC 6238), ten one-time recovery codes (security.md §3).

use crate::role::Role;
use crate::tables::{SECOND_FACTORS, THROTTLES};
use tx_base::{Fault, Id, Result, Time, say};
use tx_store::{Conn, Db, Keys, Row, Write, params, row};

/// Seconds that one code stands.
const STEP: i64 = 30;
const RECOVERY: usize = 10;

/// Where an account stands with its second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    Off,
    /// begun, and to be confirmed at the next sign-in
    Begun,
    /// on, with this many recovery codes left
    On(usize),
}

/// Whether one of these roles needs a second factor. `setting` = role codes with commas.
pub fn needs_second(roles: &[Role], setting: &str) -> bool {
    setting.split(',').any(|s| roles.iter().any(|r| r.code() == s.trim()))
}

struct Kept {
    seed: Vec<u8>,
    made_at: Time,
    confirmed_at: Option<Time>,
    last_step: i64,
    recovery: Vec<String>,
}
fn kept(c: &Conn, county: Id, account: Id) -> Result<Option<Kept>> {
    let sql = "select seed, made_at, confirmed_at, last_step, recovery from second_factors where county_id = ?1 and account_id = ?2";
    Ok(c.first(sql, params![county, account])?.map(|r: Row| Kept {
        seed: r.bytes(0),
        made_at: r.time(1),
        confirmed_at: r.opt_int(2).map(Time),
        last_step: r.int(3),
        recovery: serde_json::from_value(r.json(4)).unwrap_or_default(),
    }))
}
fn put(w: &mut Write, account: Id, k: &Kept) -> Result<()> {
    let recovery = serde_json::to_string(&k.recovery).map_err(Fault::broken)?;
    w.put(
        &SECOND_FACTORS,
        row!["account_id" => account, "seed" => k.seed.as_slice(), "made_at" => k.made_at, "confirmed_at" => k.confirmed_at,
            "last_step" => k.last_step, "recovery" => recovery],
    )
}
fn seed_of(keys: &Keys, county: Id, account: Id, sealed: &[u8]) -> Result<String> {
    keys.open_county(county, "second_factors", account, "seed", sealed)
        .ok_or_else(|| Fault::broken("a second factor's seed does not open"))
}

/// Where this account stands.
pub fn second_of(c: &Conn, county: Id, account: Id) -> Result<Second> {
    Ok(match kept(c, county, account)? {
        Some(k) if k.confirmed_at.is_some() => Second::On(k.recovery.len()),
        Some(_) => Second::Begun,
        None => Second::Off,
    })
}
/// The seed in base32 to be put into the phone, while it is not confirmed yet: made when there is none.
/// `NotFound` when the factor is on already: the seed is never shown again.
pub fn begin_second(w: &mut Write, account: Id) -> Result<String> {
    let county = w.county();
    match kept(w.conn(), county, account)? {
        Some(k) if k.confirmed_at.is_some() => Err(Fault::NotFound),
        Some(k) => seed_of(w.keys(), county, account, &k.seed),
        None => {
            let seed = tx_seal::base32(&tx_seal::random::<20>());
            let sealed = w.keys().seal_county(county, "second_factors", account, "seed", &seed);
            let k = Kept {
                seed: sealed,
                made_at: w.now(),
                confirmed_at: None,
                last_step: 0,
                recovery: Vec::new(),
            };
            put(w, account, &k)?;
            w.note("second.begin", "accounts", Some(account), None);
            Ok(seed)
        }
    }
}
/// Turns the factor on with the first right code; the recovery codes, shown once. `None` when the code is wrong.
pub fn confirm_second(w: &mut Write, account: Id, code: &str) -> Result<Option<Vec<String>>> {
    let county = w.county();
    let Some(mut k) = kept(w.conn(), county, account)?.filter(|k| k.confirmed_at.is_none()) else {
        return Ok(None);
    };
    let seed = seed_of(w.keys(), county, account, &k.seed)?;
    let Some(step) = step_of(&seed, code, w.now(), 0) else {
        return Ok(None);
    };
    k.confirmed_at = Some(w.now());
    k.last_step = step;
    let codes = fresh(&mut k);
    put(w, account, &k)?;
    w.note("second.on", "accounts", Some(account), None);
    Ok(Some(codes))
}
/// Ten new recovery codes; the old ones end.
pub fn renew_recovery(w: &mut Write, account: Id) -> Result<Vec<String>> {
    let county = w.county();
    let mut k = kept(w.conn(), county, account)?
        .filter(|k| k.confirmed_at.is_some())
        .ok_or(Fault::NotFound)?;
    let codes = fresh(&mut k);
    put(w, account, &k)?;
    w.note("second.recovery", "accounts", Some(account), None);
    Ok(codes)
}
/// Takes the factor away: another phone, or help by an administrator.
pub fn drop_second(w: &mut Write, account: Id) -> Result<()> {
    let county = w.county();
    w.drop_rows(
        &SECOND_FACTORS,
        "county_id = ?1 and account_id = ?2",
        params![county, account],
    )?;
    w.note("second.off", "accounts", Some(account), None);
    Ok(())
}
fn fresh(k: &mut Kept) -> Vec<String> {
    let codes: Vec<String> = (0..RECOVERY)
        .map(|_| tx_seal::word_password()[..11].to_owned())
        .collect();
    k.recovery = codes.iter().map(|c| tx_seal::hex(&tx_seal::token_hash(c))).collect();
    codes
}
/// The step of which this is the code, within ±1 of now and after the last used one.
fn step_of(seed: &str, code: &str, now: Time, last: i64) -> Option<i64> {
    let seed = tx_seal::from_base32(seed)?;
    let at = now.0 / 1000 / STEP;
    (at - 1..=at + 1).find(|s| *s > last && tx_seal::same(tx_seal::totp(&seed, *s as u64).as_bytes(), code.as_bytes()))
}

/// Checks a time code or a recovery code; each works once. Wrong ones slow the next try down as at the password. `Unknown` when wrong.
pub fn check_second(db: &Db, act: tx_store::Act, account: Id, code: &str) -> Result<()> {
    let code: String = code
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect::<String>()
        .to_lowercase();
    let key = crate::accounts::throttle_key("second", &account.to_string());
    let now = db.clock().now();
    let waited = key.clone();
    if let Some(wait) = db.read(|c| crate::accounts::wait_of(c, &[waited], now))? {
        return Err(Fault::Slow(wait));
    }
    let right = db.write(act.named("second.check"), move |w| {
        let county = w.county();
        let Some(mut k) = kept(w.conn(), county, account)?.filter(|k| k.confirmed_at.is_some()) else {
            return Ok(false);
        };
        let seed = seed_of(w.keys(), county, account, &k.seed)?;
        let hash = tx_seal::hex(&tx_seal::token_hash(&code));
        let (how, ok) = if let Some(step) = step_of(&seed, &code, w.now(), k.last_step) {
            k.last_step = step;
            ("second.code", true)
        } else if let Some(at) = k.recovery.iter().position(|r| *r == hash) {
            k.recovery.remove(at);
            ("second.recovery_used", true)
        } else {
            ("second.refused", false)
        };
        w.note(how, "accounts", Some(account), None);
        if ok {
            put(w, account, &k)?;
            w.drop_rows(&THROTTLES, "name = ?1", params![key.as_slice()])?;
        } else {
            crate::accounts::count_failure(w, &key, crate::accounts::FREE_FAILS)?;
        }
        Ok(ok)
    })?;
    if right {
        Ok(())
    } else {
        Err(Fault::Unknown(say(
            "验证码不对，或已经用过",
            "The code is wrong or was used already",
        )))
    }
}

//! Sessions, API tokens and one-time links (security.md §3).

use crate::tables::SESSIONS;
use tx_base::{Id, Result, Time};
use tx_store::{Conn, Db, Row, Write, params, row};

const MINUTE: i64 = 60_000;
/// Idle limit of a session: 30 minutes; absolute 12 hours. On a remembered phone 12 hours and 30 days.
const IDLE: i64 = 30 * MINUTE;
const ABSOLUTE: i64 = 12 * 60 * MINUTE;
const PHONE_ABSOLUTE: i64 = 30 * 24 * 60 * MINUTE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    Session,
    /// a session on a remembered phone
    Phone,
    /// an API token
    Token,
    /// the first administrator's link
    FirstAdmin,
    /// the password was right, the second factor is still to come; opens nothing but its page
    Pending,
}
impl SessionKind {
    const fn code(self) -> &'static str {
        match self {
            SessionKind::Session => "session",
            SessionKind::Phone => "phone",
            SessionKind::Token => "token",
            SessionKind::FirstAdmin => "first_admin",
            SessionKind::Pending => "pending",
        }
    }
    fn parse(code: &str) -> SessionKind {
        match code {
            "phone" => SessionKind::Phone,
            "token" => SessionKind::Token,
            "first_admin" => SessionKind::FirstAdmin,
            "pending" => SessionKind::Pending,
            _ => SessionKind::Session,
        }
    }
    const fn idle(self) -> i64 {
        match self {
            SessionKind::Session | SessionKind::Pending => IDLE,
            SessionKind::Phone => ABSOLUTE,
            SessionKind::Token | SessionKind::FirstAdmin => i64::MAX / 4,
        }
    }
}

/// A session as it stands.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Id,
    pub kind: SessionKind,
    pub county: Id,
    pub account: Id,
    pub made_at: Time,
    pub used_at: Time,
    pub ends_at: Time,
    pub device: String,
    pub hash: Vec<u8>,
}

impl Session {
    /// Opened or used within the last minute, which also says that its account does not sleep.
    pub fn just_used(&self, now: Time) -> bool {
        now.0 - self.used_at.0 < MINUTE
    }
}

/// Opens a session and gives its token, which is shown once and kept only as a hash.
pub fn open_session(
    w: &mut Write,
    account: Id,
    kind: SessionKind,
    device: &str,
    ends_at: Option<Time>,
) -> Result<String> {
    let secret = tx_seal::new_token();
    let token = if kind == SessionKind::Token {
        format!("tx_{secret}")
    } else {
        secret
    };
    let now = w.now();
    let life = match kind {
        SessionKind::Session => ABSOLUTE,
        SessionKind::Phone => PHONE_ABSOLUTE,
        SessionKind::Token => 365 * 24 * 60 * MINUTE,
        SessionKind::FirstAdmin => 24 * 60 * MINUTE,
        SessionKind::Pending => 10 * MINUTE,
    };
    let ends = ends_at.unwrap_or(Time(now.0 + life));
    let county = w.county();
    let device: String = device.chars().filter(|c| !c.is_control()).take(120).collect();
    w.put(
        &SESSIONS,
        row!["token_hash" => tx_seal::token_hash(&token), "id" => Id::fresh(), "kind" => kind.code(), "county" => county, "account_id" => account,
            "made_at" => now, "used_at" => now, "ends_at" => ends, "device" => device],
    )?;
    w.note("session.open", "sessions", Some(account), Some(kind.code().into()));
    Ok(token)
}

const COLS: &str = "id, kind, county, account_id, made_at, used_at, ends_at, device, token_hash";
fn session(r: &Row) -> Session {
    Session {
        id: r.id(0),
        kind: SessionKind::parse(r.str(1)),
        county: r.id(2),
        account: r.id(3),
        made_at: r.time(4),
        used_at: r.time(5),
        ends_at: r.time(6),
        device: r.text(7),
        hash: r.bytes(8),
    }
}

/// The live session behind a token.
pub fn look_up(c: &Conn, token: &str, now: Time) -> Result<Option<Session>> {
    let sql = format!("select {COLS} from sessions where token_hash = ?1");
    let s = c.first(&sql, params![tx_seal::token_hash(token)])?.map(|r| session(&r));
    Ok(s.filter(|s| now < s.ends_at && now.0 - s.used_at.0 < s.kind.idle()))
}
/// Notes that a session was used; at most once a minute, so that reading pages does not write.
pub fn touch(db: &Db, s: &Session, now: Time) -> Result<()> {
    if s.just_used(now) {
        return Ok(());
    }
    let s = s.clone();
    db.write(tx_store::Act::console(s.county, "system", "session.touch"), move |w| {
        crate::usage::used(w, s.account)?;
        w.put(
            &SESSIONS,
            row!["token_hash" => s.hash.as_slice(), "id" => s.id, "kind" => s.kind.code(), "county" => s.county, "account_id" => s.account,
                "made_at" => s.made_at, "used_at" => now, "ends_at" => s.ends_at, "device" => s.device.as_str()],
        )
    })
}
/// The sessions and tokens of an account, newest first.
pub fn sessions_of(c: &Conn, county: Id, account: Id) -> Result<Vec<Session>> {
    let sql = format!(
        "select {COLS} from sessions where county = ?1 and account_id = ?2 and kind not in ('first_admin', 'pending') order by made_at desc, id"
    );
    Ok(c.query(&sql, params![county, account])?.iter().map(session).collect())
}
pub fn end_session(w: &mut Write, account: Id, id: Id) -> Result<bool> {
    let n = w.drop_rows(&SESSIONS, "account_id = ?1 and id = ?2", params![account, id])?;
    w.note("session.end", "sessions", Some(account), None);
    Ok(n > 0)
}
/// Ends the sessions of an account; its tokens live on.
pub fn end_sessions(w: &mut Write, account: Id) -> Result<()> {
    w.drop_rows(&SESSIONS, "account_id = ?1 and kind <> 'token'", params![account])?;
    w.note("session.end_all", "sessions", Some(account), None);
    Ok(())
}
/// Ends sessions and tokens of an account.
pub fn end_sessions_of(w: &mut Write, account: Id) -> Result<()> {
    w.drop_rows(&SESSIONS, "account_id = ?1", params![account])?;
    w.note("session.end_all", "sessions", Some(account), None);
    Ok(())
}

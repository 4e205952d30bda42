//! The first administrator: the one-time link and the account that it makes (security.md §3).

use tx_access::{
    COUNTIES, NewAccount, NewGrant, Role, SessionKind, add_account, directory, grant, no_admin_yet, open_session,
};
use tx_base::{Fault, Id, Result};
use tx_store::{Act, Conn, Db, Write, params, row};

/// A one-time link for the first administrator: its path, or none when there is one. An earlier link dies. It lives 24 hours and is
/// stored hashed (security.md §3).
pub fn first_admin_link(db: &Db) -> Result<Option<String>> {
    if !db.read(no_admin_yet)? {
        return Ok(None);
    }
    let county = db
        .read(|c| c.first("select id from counties order by name, id limit 1", &[]))?
        .map(|r| r.id(0));
    let fresh = Id::fresh();
    let token = db.write(
        Act::console(county.unwrap_or(fresh), "console", "setup.link"),
        move |w| {
            if county.is_none() {
                w.insert(&COUNTIES, row!["id" => fresh, "name" => "默认"])?;
                directory::set(w, "county", "默认", fresh)?;
            }
            w.drop_rows(&tx_access::SESSIONS, "kind = ?1", params!["first_admin"])?;
            open_session(w, Id::NIL, SessionKind::FirstAdmin, "setup", None)
        },
    )?;
    Ok(Some(format!("/setup/{token}")))
}

/// The county that a live link makes its administrator for.
pub fn link_county(c: &Conn, token: &str, now: tx_base::Time) -> Result<Option<Id>> {
    if !no_admin_yet(c)? {
        return Ok(None);
    }
    Ok(tx_access::look_up(c, token, now)?
        .filter(|s| s.kind == SessionKind::FirstAdmin)
        .map(|s| s.county))
}

/// Makes the first administrator; the link dies with it. Of two at once one wins.
pub fn add_first_admin(w: &mut Write, user: &str, shown: &str, password: &str) -> Result<Id> {
    if !no_admin_yet(w.conn())? {
        return Err(Fault::NotFound);
    }
    if shown.trim().is_empty() || shown.chars().count() > 60 {
        return Err(Fault::invalid(
            "shown",
            "姓名要 1 到 60 个字",
            "A name has 1 to 60 characters",
        ));
    }
    tx_access::check_password(password, &[user, shown], None)?;
    let new = NewAccount {
        name: user.into(),
        shown: shown.trim().into(),
        school: None,
        adult: None,
        password: Some(password.into()),
    };
    let (id, _) = add_account(w, &new)?;
    let today = w.now().day();
    // without an end: the right to give rights may not run out while there is nobody else
    grant(w, &NewGrant::role(id, Role::Admin, None, None, today, None))?;
    w.drop_rows(&tx_access::SESSIONS, "kind = ?1", params!["first_admin"])?;
    Ok(id)
}

//! Who may see and do what: accounts, roles, grants, sessions, and the one function that decides.

mod accounts;
mod grants;
mod passwords;
mod role;
mod scope;
mod second;
mod sessions;
mod tables;
mod usage;

pub use accounts::{
    Account, NewAccount, add_account, add_account_hashed, change_password, disable_account, find_account, login,
    no_admin_yet,
};
pub use grants::{Held, NewGrant, end_grant, end_grants_for, grant, held_in, renew};
pub use passwords::check as check_password;
pub use role::{Post, Role};
pub use scope::{ChildPlace, Filter, SchoolRef, Scope, Sight};
pub use second::{
    Second, begin_second, check_second, confirm_second, drop_second, needs_second, renew_recovery, second_of,
};
pub use sessions::{
    Session, SessionKind, end_session, end_sessions, end_sessions_of, look_up, open_session, sessions_of, touch,
};
pub use tables::{ACCOUNTS, COUNTIES, DIRECTORY, GRANTS, SESSIONS, SHARED_TABLES, TABLES, THROTTLES};
pub use usage::{
    MANY_FILES, Reader, SAMPLE, SLEEP_DAYS, asleep, asleep_fault, last_used, open_sample, opened, readers, wake,
};

/// Ids by a readable name: user names, school codes, family links. Shared by all counties.
pub mod directory {
    use crate::tables::DIRECTORY;
    use tx_base::{Id, Result};
    use tx_store::{Conn, Write, params, row};

    fn hash(kind: &str, name: &str) -> Vec<u8> {
        tx_seal::digest(&[b"directory", kind.as_bytes(), name.as_bytes()]).to_vec()
    }
    /// The county and the id that a name stands for.
    pub fn find(c: &Conn, kind: &str, name: &str) -> Result<Option<(Id, Id)>> {
        let r = c.first(
            "select county, target from directory where kind = ?1 and hash = ?2",
            params![kind, hash(kind, name)],
        )?;
        Ok(r.map(|r| (r.id(0), r.id(1))))
    }
    pub fn set(w: &mut Write, kind: &str, name: &str, target: Id) -> Result<()> {
        let county = w.county();
        w.put(
            &DIRECTORY,
            row!["kind" => kind, "hash" => hash(kind, name), "county" => county, "target" => target],
        )
    }
}

//! Tables of who may what.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

pub static COUNTIES: Table = Table {
    name: "counties",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("name", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[],
    cover: Cover::Rows,
};
pub static ACCOUNTS: Table = Table {
    name: "accounts",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("name", Type::Text, Class::O),
        col("shown", Type::Text, Class::O),
        opt("school_id", Type::Id, Class::O),
        col("password", Type::Text, Class::S),
        // a first password dies at this time unless changed
        opt("password_until", Type::Time, Class::O),
        opt("disabled_at", Type::Time, Class::O),
        opt("adult_id", Type::Id, Class::O),
    ],
    key: KEY,
    unique: &[&["county_id", "name"]],
    index: &[],
    cover: Cover::Rows,
};
/// `grants(account, target, right, from, to)`: a role in a school or class, a post, a pairing with a child.
pub static GRANTS: Table = Table {
    name: "grants",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("account_id", Type::Id, Class::O),
        // role:head, post:office, paired
        col("held", Type::Text, Class::O),
        opt("school_id", Type::Id, Class::O),
        opt("class_id", Type::Id, Class::O),
        opt("child_id", Type::Id, Class::P),
        // the pairing, post or hand-over that this follows from
        opt("source_id", Type::Id, Class::O),
        col("from_day", Type::Day, Class::O),
        opt("to_day", Type::Day, Class::O),
        col("approved_by", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "account_id"], &["county_id", "source_id"]],
    cover: Cover::Rows,
};
/// Names of the whole installation and where they lead; no personal data, only hashes.
pub static DIRECTORY: Table = Table {
    name: "directory",
    columns: &[
        col("kind", Type::Text, Class::O),
        col("hash", Type::Bytes, Class::O),
        col("county", Type::Id, Class::O),
        col("target", Type::Id, Class::O),
    ],
    key: &["kind", "hash"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};
/// Sessions, API tokens and one-time links: opaque, stored hashed.
pub static SESSIONS: Table = Table {
    name: "sessions",
    columns: &[
        col("token_hash", Type::Bytes, Class::O),
        col("id", Type::Id, Class::O),
        // session, token, first_admin
        col("kind", Type::Text, Class::O),
        col("county", Type::Id, Class::O),
        col("account_id", Type::Id, Class::O),
        col("made_at", Type::Time, Class::O),
        col("used_at", Type::Time, Class::O),
        col("ends_at", Type::Time, Class::O),
        col("device", Type::Text, Class::O),
    ],
    key: &["token_hash"],
    unique: &[],
    index: &[&["county", "account_id"]],
    cover: Cover::Outside,
};
/// Failed attempts by account and by address; survive a restart.
pub static THROTTLES: Table = Table {
    name: "throttles",
    columns: &[
        col("name", Type::Bytes, Class::O),
        col("fails", Type::Int, Class::O),
        col("until", Type::Time, Class::O),
    ],
    key: &["name"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};

/// When each account was last used; one unused for 60 days sleeps.
pub static ACCOUNT_USE: Table = Table {
    name: "account_use",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("account_id", Type::Id, Class::O),
        col("used_at", Type::Time, Class::O),
    ],
    key: &["county_id", "account_id"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};
/// Time codes and recovery codes of an account.
pub static SECOND_FACTORS: Table = Table {
    name: "second_factors",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("account_id", Type::Id, Class::O),
        // sealed
        col("seed", Type::Bytes, Class::X),
        col("made_at", Type::Time, Class::O),
        // off until the first right code
        opt("confirmed_at", Type::Time, Class::O),
        // the step of the last code: a code works once
        col("last_step", Type::Int, Class::O),
        // hashes of the recovery codes that are left
        col("recovery", Type::Json, Class::S),
    ],
    key: &["county_id", "account_id"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};
/// Who opened which child's file on which day, for the limits and the last readers.
pub static FILE_VIEWS: Table = Table {
    name: "file_views",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("account_id", Type::Id, Class::O),
        col("child_id", Type::Id, Class::P),
        col("on_day", Type::Day, Class::O),
        col("at", Type::Time, Class::O),
        col("role", Type::Text, Class::O),
    ],
    key: &["county_id", "account_id", "on_day", "child_id"],
    unique: &[],
    index: &[&["county_id", "child_id"]],
    cover: Cover::Outside,
};

pub static TABLES: &[&Table] = &[
    &COUNTIES,
    &ACCOUNTS,
    &GRANTS,
    &DIRECTORY,
    &SESSIONS,
    &THROTTLES,
    &ACCOUNT_USE,
    &SECOND_FACTORS,
    &FILE_VIEWS,
];

/// Tables that all counties share: only hashes and times, referring to nothing (stack.md, SQL rule 1).
pub const SHARED_TABLES: &[&str] = &["directory", "sessions", "throttles"];

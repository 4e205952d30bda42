//! Tables of pairing.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

/// A dated bond of helper and child (features D1).
pub static PAIRINGS: Table = Table {
    name: "pairings",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("adult_id", Type::Id, Class::P),
        col("child_id", Type::Id, Class::P),
        // love_mother, love_father, big_sister, party_member, teacher, official, partner_pupil, proxy_parent, helping_teacher
        col("kind", Type::Text, Class::P),
        col("from_day", Type::Day, Class::P),
        opt("to_day", Type::Day, Class::P),
        // sealed
        opt("end_reason", Type::Bytes, Class::P),
        // the promotion or deletion that ended it, for the way back, and the last day that it had before
        opt("ended_by", Type::Id, Class::O),
        opt("was_to", Type::Day, Class::P),
        col("locked", Type::Bool, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "school_id"],
        &["county_id", "adult_id"],
        &["county_id", "child_id"],
    ],
    cover: Cover::Rows,
};
/// Yearly checks of helpers: outcome and dates only (law §62).
pub static CHECKS: Table = Table {
    name: "helper_checks",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("adult_id", Type::Id, Class::O),
        col("on_day", Type::Day, Class::O),
        col("valid_to", Type::Day, Class::O),
        // fit, unfit; never what the record said (domain.md §2)
        col("result", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "adult_id"]],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[&PAIRINGS, &CHECKS];

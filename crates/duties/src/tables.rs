//! Written facts beside the derived duties.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

/// Excuses, postponements, reassignments (features C5, C11).
pub static DUTY_FACTS: Table = Table {
    name: "duty_facts",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("duty_id", Type::Id, Class::O),
        opt("child_id", Type::Id, Class::O),
        // excuse, move, assign
        col("fact", Type::Text, Class::O),
        // sealed under the child's key, else the county's
        opt("reason", Type::Bytes, Class::P),
        opt("to_day", Type::Day, Class::O),
        opt("to_account", Type::Id, Class::O),
        opt("to_adult", Type::Id, Class::O),
        opt("undone_at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"], &["county_id", "duty_id"]],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[&DUTY_FACTS];

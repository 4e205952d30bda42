//! The table of things.

use tx_store::{Class, Cover, Table, Type, col, opt};

/// What lasts: from a day, in a state, until it is over.
pub static THINGS: Table = Table {
    name: "things",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("sort", Type::Text, Class::O),
        // its own name; of a thing about a child none
        opt("title", Type::Text, Class::O),
        opt("child_id", Type::Id, Class::P),
        col("state", Type::Text, Class::O),
        opt("from_day", Type::Day, Class::O),
        opt("to_day", Type::Day, Class::O),
        // who is in charge of it, and until when
        opt("owner", Type::Id, Class::O),
        opt("due_on", Type::Day, Class::O),
        // what there is of it, never below zero
        opt("stock", Type::Int, Class::O),
        // coded values and counts
        col("fields", Type::Json, Class::O),
        // free words about people and sensitive values, sealed JSON
        opt("sealed", Type::Bytes, Class::S),
        col("made_at", Type::Time, Class::O),
        opt("made_by", Type::Id, Class::O),
        opt("deleted_at", Type::Time, Class::O),
        // why it was deleted or changed; sealed
        opt("reason", Type::Bytes, Class::P),
    ],
    key: &["county_id", "id"],
    unique: &[],
    index: &[
        &["county_id", "school_id", "sort"],
        &["county_id", "child_id"],
        &["county_id", "owner"],
    ],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[&THINGS];

//! Tables of what comes out.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

/// Drafts of work summaries: only own words and what the figures were; the text itself is drawn anew (features K1).
pub static SUMMARIES: Table = Table {
    name: "summaries",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        // S1 … S6
        col("style", Type::Text, Class::O),
        col("from_day", Type::Day, Class::O),
        col("to_day", Type::Day, Class::O),
        // own words by section, sealed: a person may name a child in them
        opt("own", Type::Bytes, Class::P),
        // figures that were left out
        opt("left_out", Type::Json, Class::O),
        // value of each figure when it was last drawn, to show what changed since
        col("figures", Type::Json, Class::O),
        col("drawn_at", Type::Time, Class::O),
        col("title", Type::Text, Class::O),
        // draft, review, approved, final
        opt("state", Type::Text, Class::O),
        // who asked for review, approved, made it final, and when
        opt("moved", Type::Json, Class::O),
        // the document and its figures as they were made final, sealed, and their digest
        opt("frozen", Type::Bytes, Class::P),
        opt("hash", Type::Text, Class::O),
        opt("deleted_at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"]],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[&SUMMARIES];

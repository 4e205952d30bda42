//! Tables of the engine: records, their lines, a school's own fields, conflict copies.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

/// One happening (architecture: a voucher).
pub static RECORDS: Table = Table {
    name: "records",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        opt("class_id", Type::Id, Class::O),
        col("kind", Type::Text, Class::O),
        col("on_day", Type::Day, Class::O),
        opt("ends_on", Type::Day, Class::O),
        // planned, done, cancelled
        col("state", Type::Text, Class::O),
        opt("author", Type::Id, Class::O),
        col("author_name", Type::Text, Class::O),
        col("written_at", Type::Time, Class::O),
        col("child_count", Type::Int, Class::O),
        // county, child, record: whose key seals the words
        col("key_kind", Type::Text, Class::O),
        // plain heading of kinds about no child
        opt("title", Type::Text, Class::O),
        // the main words, sealed
        opt("text", Type::Bytes, Class::P),
        // coded values, counts and plain headings
        col("fields", Type::Json, Class::O),
        // free words and sensitive values, sealed JSON
        opt("sealed", Type::Bytes, Class::S),
        opt("import_id", Type::Id, Class::O),
        opt("deleted_at", Type::Time, Class::O),
        // why this version came to be: of a correction or, where `deleted_at` stands, of the deletion; sealed
        opt("reason", Type::Bytes, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "school_id", "kind", "on_day"],
        &["county_id", "school_id", "on_day"],
        &["county_id", "author", "on_day"],
    ],
    cover: Cover::Stream,
};
/// One person or thing that a record touched.
pub static LINES: Table = Table {
    name: "record_lines",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("record_id", Type::Id, Class::O),
        col("ord", Type::Int, Class::O),
        opt("child_id", Type::Id, Class::O),
        opt("adult_id", Type::Id, Class::O),
        opt("item", Type::Text, Class::O),
        opt("role", Type::Text, Class::O),
        // met, tried, phone, refused
        col("outcome", Type::Text, Class::O),
        opt("quantity", Type::Int, Class::O),
        col("fields", Type::Json, Class::O),
        opt("sealed", Type::Bytes, Class::S),
        // the record key wrapped under the key of this line's child
        opt("record_key", Type::Bytes, Class::X),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "record_id"],
        &["county_id", "child_id"],
        &["county_id", "adult_id"],
    ],
    cover: Cover::PartOf("records", "record_id"),
};
/// Own fields of a school or county on a kind (features B19).
pub static OWN_FIELDS: Table = Table {
    name: "own_fields",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        // empty = the whole county
        opt("school_id", Type::Id, Class::O),
        // a kind of record, or child
        col("kind", Type::Text, Class::O),
        col("code", Type::Text, Class::O),
        col("name", Type::Text, Class::O),
        // text, long_text, choice, choices, count, number, money, day, yes
        col("field_type", Type::Text, Class::O),
        col("choices", Type::Json, Class::O),
        // O, P, S
        col("class", Type::Text, Class::O),
        col("on_lines", Type::Bool, Class::O),
        opt("ended_on", Type::Day, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[],
    cover: Cover::Rows,
};
/// What two people wrote into one field: the first stands, the second is kept until one resolves it.
pub static CONFLICTS: Table = Table {
    name: "conflicts",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("tbl", Type::Text, Class::O),
        col("row_id", Type::Id, Class::O),
        opt("child_id", Type::Id, Class::O),
        col("field", Type::Text, Class::O),
        col("kept", Type::Bytes, Class::S),
        col("yours", Type::Bytes, Class::S),
        opt("made_by", Type::Id, Class::O),
        col("made_by_name", Type::Text, Class::O),
        col("at", Type::Time, Class::O),
        // who wrote what stands, and when
        opt("kept_by_name", Type::Text, Class::O),
        opt("kept_at", Type::Time, Class::O),
        opt("resolved_at", Type::Time, Class::O),
        // kept, yours, both
        opt("taken", Type::Text, Class::O),
        opt("resolved_by_name", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "row_id"], &["county_id", "child_id"]],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[&RECORDS, &LINES, &OWN_FIELDS, &CONFLICTS];

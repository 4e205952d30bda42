//! Tables of the care room. The room itself, its place, hours and days, is a thing of the sort `room`.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

/// One stay of a child in a room: in, out, what it did (features E2). Of a child no more than the ordinary class (security.md §1).
pub static VISITS: Table = Table {
    name: "room_visits",
    columns: &[
        col("county_id", Type::Id, Class::O),
        // made by whoever sent it: a tap that comes again is the same row
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("room_id", Type::Id, Class::O),
        col("child_id", Type::Id, Class::O),
        col("on_day", Type::Day, Class::O),
        // when the child tapped; without a network that is earlier than `sent_at`, and the tablet's word
        col("in_at", Type::Time, Class::O),
        opt("out_at", Type::Time, Class::O),
        // the tap that ended it, so that it is known when it comes again
        opt("out_tap", Type::Id, Class::O),
        // codes of activities
        col("did", Type::Json, Class::O),
        col("sent_at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "room_id", "on_day"],
        &["county_id", "child_id", "on_day"],
        &["county_id", "out_tap"],
    ],
    cover: Cover::Stream,
};
/// Who leads the room in a week: 值周 (features E1). The id follows from room and Monday, so that two people who fill in a week meet.
pub static WEEKS: Table = Table {
    name: "room_weeks",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("room_id", Type::Id, Class::O),
        col("monday", Type::Day, Class::O),
        // none: taken back
        opt("adult_id", Type::Id, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "room_id", "monday"]],
    cover: Cover::Rows,
};
/// Paired tablets: code and token are kept as hashes.
pub static DEVICES: Table = Table {
    name: "room_devices",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("school_id", Type::Id, Class::O),
        col("room_id", Type::Id, Class::O),
        col("name", Type::Text, Class::O),
        // ids of the classes that it shows; empty = all
        col("classes", Type::Json, Class::O),
        opt("code_hash", Type::Bytes, Class::S),
        opt("code_until", Type::Time, Class::O),
        opt("token_hash", Type::Bytes, Class::S),
        col("made_at", Type::Time, Class::O),
        col("made_by", Type::Text, Class::O),
        opt("used_at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "room_id"]],
    cover: Cover::Outside,
};

pub static TABLES: &[&Table] = &[&VISITS, &WEEKS, &DEVICES];

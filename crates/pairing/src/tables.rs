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

/// A pair that is proposed and waits for approval (features D3). One row a child in the state `proposed`; pairs taken apart stay as rows of
/// their own, so that they are not proposed again.
pub static PROPOSALS: Table = Table {
    name: "pairing_proposals",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("adult_id", Type::Id, Class::P),
        col("child_id", Type::Id, Class::P),
        // kind that the pairing will have
        col("kind", Type::Text, Class::P),
        // fit, by_sex, all_staff: only `fit` minds how many a helper takes
        col("rule", Type::Text, Class::O),
        // stays when it is proposed anew
        col("locked", Type::Bool, Class::P),
        // proposed, parted, approved, dropped
        col("state", Type::Text, Class::O),
        col("made_on", Type::Day, Class::O),
        // the approval it went with
        opt("round_id", Type::Id, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"], &["county_id", "child_id"]],
    cover: Cover::Rows,
};
/// An approval of proposals: who, when, how many became pairs and how many were left.
pub static ROUNDS: Table = Table {
    name: "pairing_rounds",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("on_day", Type::Day, Class::O),
        col("made", Type::Int, Class::O),
        col("left_over", Type::Int, Class::O),
        col("by_name", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"]],
    cover: Cover::Rows,
};
/// What a helper brings along and wishes for; the id is the adult's. Lists are words with 、 between them.
pub static HELPER_FACTS: Table = Table {
    name: "helper_facts",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        // children at most, 1–5
        opt("most", Type::Int, Class::O),
        opt("village", Type::Text, Class::P),
        opt("near", Type::Text, Class::P),
        opt("dialects", Type::Text, Class::P),
        opt("hobbies", Type::Text, Class::P),
        // f, m: would rather help a girl, a boy
        opt("wants_sex", Type::Text, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"]],
    cover: Cover::Rows,
};
/// What a child wishes of a helper.
pub static WISHES: Table = Table {
    name: "pairing_wishes",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("child_id", Type::Id, Class::P),
        // a kind of pairing
        opt("kind", Type::Text, Class::P),
        opt("sex", Type::Text, Class::P),
        opt("dialects", Type::Text, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"], &["county_id", "child_id"]],
    cover: Cover::Rows,
};
/// Dated entries about a helper or a pairing: points, hours of training, reviews (features D2, D6).
pub static NOTES: Table = Table {
    name: "helper_notes",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("adult_id", Type::Id, Class::P),
        // points, training, review
        col("sort", Type::Text, Class::O),
        opt("pairing_id", Type::Id, Class::P),
        opt("child_id", Type::Id, Class::P),
        col("on_day", Type::Day, Class::P),
        // points, from -100 to 100; minutes of training
        opt("amount", Type::Int, Class::P),
        // of a review: go_on, watch, change
        opt("verdict", Type::Text, Class::P),
        opt("next_on", Type::Day, Class::P),
        // sealed, under the child's key where it is about a child
        opt("words", Type::Bytes, Class::P),
        col("by_name", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "adult_id"],
        &["county_id", "pairing_id"],
        &["county_id", "child_id"],
    ],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[&PAIRINGS, &CHECKS, &PROPOSALS, &ROUNDS, &HELPER_FACTS, &WISHES, &NOTES];

//! Tables of the child: file, parents, guardians, class stays, left-behind episodes, key marks, imports.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

/// A pupil; not every one is left-behind (domain.md §2).
pub static CHILDREN: Table = Table {
    name: "children",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        opt("class_id", Type::Id, Class::O),
        col("name", Type::Text, Class::O),
        // as it was written, for printing
        col("entered_name", Type::Text, Class::O),
        opt("former_name", Type::Text, Class::P),
        opt("sex", Type::Text, Class::O),
        opt("birth_date", Type::Day, Class::P),
        // day, month, year
        opt("birth_precision", Type::Text, Class::P),
        opt("id_kind", Type::Text, Class::S),
        opt("id_no", Type::Bytes, Class::S),
        opt("id_no_index", Type::Bytes, Class::S),
        opt("student_no", Type::Text, Class::P),
        opt("class_no", Type::Int, Class::O),
        opt("ethnic", Type::Text, Class::P),
        opt("hukou_kind", Type::Text, Class::P),
        opt("hukou_address", Type::Bytes, Class::P),
        opt("home_address", Type::Bytes, Class::P),
        opt("village", Type::Text, Class::P),
        opt("boarder", Type::Bool, Class::P),
        opt("photo_id", Type::Id, Class::P),
        // syllables without tones, for search and order
        col("pinyin", Type::Text, Class::O),
        col("initials", Type::Text, Class::O),
        // active, left, graduated
        col("state", Type::Text, Class::O),
        // brothers and sisters share one
        opt("household_id", Type::Id, Class::P),
        // sealed JSON: study, conduct, hobby, reward_punish, character, distance_home …
        opt("more", Type::Bytes, Class::P),
        // sealed JSON: health, disability, illness, hardship_kind, aid_kind, income_source, need, measure …
        opt("sensitive", Type::Bytes, Class::S),
        // of what was imported, so that an equal second import changes nothing
        col("content_hash", Type::Bytes, Class::O),
        opt("import_id", Type::Id, Class::O),
        opt("source", Type::Text, Class::O),
        opt("deleted_at", Type::Time, Class::O),
        // sealed
        opt("deleted_reason", Type::Bytes, Class::P),
        // the version at which guardians, and parents' facts, were last changed: their rows are apart, a correction merges them as one field
        opt("guardians_at", Type::Int, Class::O),
        opt("parents_at", Type::Int, Class::O),
        // asked on this day: not on the school's list
        opt("not_listed_on", Type::Day, Class::P),
        // the child that this file was found to be the same as
        opt("merged_into", Type::Id, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "school_id", "pinyin"],
        &["county_id", "class_id"],
        &["county_id", "id_no_index"],
        &["county_id", "student_no"],
        &["county_id", "household_id"],
    ],
    cover: Cover::Rows,
};
/// Guardians and acting guardians of a child, in the order in which one rings them.
pub static GUARDIANS: Table = Table {
    name: "guardians",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::P),
        col("ord", Type::Int, Class::P),
        col("name", Type::Text, Class::P),
        col("relation", Type::Text, Class::P),
        opt("phone", Type::Bytes, Class::P),
        opt("phone_index", Type::Bytes, Class::P),
        opt("phone_tail_index", Type::Bytes, Class::P),
        opt("address", Type::Bytes, Class::P),
        // sealed JSON: age, edu, job, health, care_rating, income
        opt("more", Type::Bytes, Class::P),
        col("acting", Type::Bool, Class::P),
        opt("confirmed_at", Type::Day, Class::P),
        opt("confirmed_by", Type::Text, Class::P),
        // taken off the file; rows are not removed
        opt("gone_at", Type::Time, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "child_id", "ord"],
        &["county_id", "phone_index"],
        &["county_id", "phone_tail_index"],
    ],
    cover: Cover::Rows,
};
/// Dated facts about both parents; the status under each definition is computed from them (domain.md §2).
pub static PARENT_FACTS: Table = Table {
    name: "parent_facts",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::P),
        // father, mother
        col("parent", Type::Text, Class::P),
        opt("name", Type::Text, Class::P),
        // home, away_work, away_other, dead, unknown
        col("whereabouts", Type::Text, Class::P),
        opt("from_day", Type::Day, Class::P),
        opt("to_day", Type::Day, Class::P),
        opt("place", Type::Text, Class::P),
        // able, unable
        opt("capacity", Type::Text, Class::P),
        opt("cause", Type::Text, Class::P),
        opt("phone", Type::Bytes, Class::P),
        opt("phone_index", Type::Bytes, Class::P),
        opt("phone_tail_index", Type::Bytes, Class::P),
        // sealed JSON: job, edu, age, id, income
        opt("more", Type::Bytes, Class::P),
        opt("source", Type::Text, Class::P),
        opt("confirmed_by", Type::Text, Class::P),
        opt("confirmed_at", Type::Day, Class::P),
        // a fact that was never so; what ended has a `to_day`
        opt("gone_at", Type::Time, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[
        &["county_id", "child_id"],
        &["county_id", "phone_index"],
        &["county_id", "phone_tail_index"],
    ],
    cover: Cover::Rows,
};
/// Spells on the school list; closed, never deleted.
pub static EPISODES: Table = Table {
    name: "left_behind_episodes",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::P),
        col("from_day", Type::Day, Class::P),
        opt("to_day", Type::Day, Class::P),
        // why it was closed: parents_home, joined_parents, moved_school, turned_16, graduated, mistaken
        opt("reason", Type::Text, Class::P),
        // sealed words beside it
        opt("note", Type::Bytes, Class::P),
        // the promotion that closed it, for undo
        opt("batch_id", Type::Id, Class::O),
        // list, form, hand
        col("source", Type::Text, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "child_id"]],
    cover: Cover::Rows,
};
/// A parent's stay at home: a visit, which leaves the spell open (domain.md §2).
pub static RETURNS: Table = Table {
    name: "parent_returns",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::P),
        // father, mother, both
        col("parent", Type::Text, Class::P),
        col("from_day", Type::Day, Class::P),
        opt("to_day", Type::Day, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "child_id"]],
    cover: Cover::Rows,
};
/// Which class a child was in, from when to when.
pub static STAYS: Table = Table {
    name: "class_stays",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::O),
        col("school_id", Type::Id, Class::O),
        opt("class_id", Type::Id, Class::O),
        col("from_day", Type::Day, Class::O),
        opt("to_day", Type::Day, Class::O),
        // promoted, moved, left, graduated, repeated, mistaken
        opt("fate", Type::Text, Class::O),
        // the promotion that made it, for undo
        opt("batch_id", Type::Id, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "child_id"], &["county_id", "class_id"]],
    cover: Cover::Rows,
};
/// Children marked for closer care (重点帮扶对象, features B7).
pub static KEY_CHILDREN: Table = Table {
    name: "key_children",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::S),
        col("from_day", Type::Day, Class::S),
        opt("to_day", Type::Day, Class::S),
        // sealed
        col("reason", Type::Bytes, Class::S),
        // the helping teacher (adults)
        opt("helper_id", Type::Id, Class::S),
        opt("review_on", Type::Day, Class::S),
        // sealed
        opt("end_reason", Type::Bytes, Class::S),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "child_id"]],
    cover: Cover::Rows,
};
/// A promotion of all classes of a school, kept so that it can be undone (features B9).
pub static PROMOTIONS: Table = Table {
    name: "promotions",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        // the school year that it leads into, by its first civil year
        col("year_first", Type::Int, Class::O),
        // first day in the new classes
        col("from_day", Type::Day, Class::O),
        // promoted, repeated, left, graduated
        col("counts", Type::Json, Class::O),
        opt("undone_at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"]],
    cover: Cover::Rows,
};
/// Imports, kept so that each can be undone for 30 days (features B10).
pub static IMPORTS: Table = Table {
    name: "imports",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("file_name", Type::Text, Class::O),
        // rows, created, updated, unchanged, rejected, classes_created
        col("counts", Type::Json, Class::O),
        // header -> field as it was read
        col("mapping", Type::Json, Class::O),
        opt("undone_at", Type::Time, Class::O),
        // sealed list of rows made and changed
        col("undo", Type::Bytes, Class::S),
        opt("at", Type::Time, Class::O),
        // account; none for the console
        opt("actor_id", Type::Id, Class::O),
        opt("actor_name", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id", "at"]],
    cover: Cover::Rows,
};
/// Sheets between upload and the fourth step of the wizard, seen by the one who sent them, gone after 30 days.
pub static IMPORT_DRAFTS: Table = Table {
    name: "import_drafts",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("school_id", Type::Id, Class::O),
        col("account_id", Type::Id, Class::O),
        col("at", Type::Time, Class::O),
        col("file_name", Type::Text, Class::O),
        // sealed: the file
        col("file", Type::Bytes, Class::S),
        // sealed JSON: columns chosen, header rows, cells mended
        col("choices", Type::Bytes, Class::S),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "account_id"]],
    cover: Cover::Outside,
};

/// Header words of a school's sheets and the fields they meant, remembered for the next time.
pub static MAPPINGS: Table = Table {
    name: "import_mappings",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("school_id", Type::Id, Class::O),
        col("header", Type::Text, Class::O),
        // empty = the column is left out
        col("field", Type::Text, Class::O),
    ],
    key: &["county_id", "school_id", "header"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};
/// Photos, sealed under the key of their child. A photo that was replaced stays and is shown no more.
pub static FILES: Table = Table {
    name: "files",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::P),
        // photo
        col("kind", Type::Text, Class::O),
        col("mime", Type::Text, Class::O),
        // sealed
        col("bytes", Type::Bytes, Class::P),
        col("at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "child_id"]],
    cover: Cover::Rows,
};
/// Answers to the question whether something may be done with a child's data or picture (domain.md §7.1): one dated answer a row, the latest
/// for a purpose holds, so that taking it back is one more row.
pub static CONSENTS: Table = Table {
    name: "consents",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("child_id", Type::Id, Class::P),
        // photo_inside
        col("purpose", Type::Text, Class::P),
        // given
        col("answer", Type::Text, Class::P),
        // the parent or guardian who said so
        col("by_name", Type::Text, Class::P),
        col("on_day", Type::Day, Class::P),
        // who wrote it down
        col("noted_by", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "child_id"]],
    cover: Cover::Rows,
};
/// Two files that were found to be one child, kept so that they can be parted again (features B11).
pub static MERGES: Table = Table {
    name: "merges",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        // the file that stays
        col("kept", Type::Id, Class::P),
        // the file that went into it
        col("gone", Type::Id, Class::P),
        col("at", Type::Time, Class::O),
        // account; none for the console
        opt("actor_id", Type::Id, Class::O),
        col("actor_name", Type::Text, Class::O),
        // sealed list of rows and lines that were handed over, and of versions of the file that stays
        col("undo", Type::Bytes, Class::S),
        opt("parted_at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id", "at"]],
    cover: Cover::Rows,
};
/// Pairs that a person declared to be two children.
pub static NOT_SAME: Table = Table {
    name: "not_same_children",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("a", Type::Id, Class::P),
        col("b", Type::Id, Class::P),
    ],
    key: KEY,
    unique: &[],
    index: &[],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[
    &CHILDREN,
    &GUARDIANS,
    &PARENT_FACTS,
    &EPISODES,
    &RETURNS,
    &STAYS,
    &KEY_CHILDREN,
    &PROMOTIONS,
    &IMPORTS,
    &IMPORT_DRAFTS,
    &MAPPINGS,
    &NOT_SAME,
    &FILES,
    &CONSENTS,
    &crate::definition::DEFINITIONS,
    &MERGES,
];

//! Tables of the school: profile, calendar, classes, people and their posts, leading group, care scheme.

use tx_store::{Class, Cover, Table, Type, col, opt};

const KEY: &[&str] = &["county_id", "id"];

/// A school. Its code is unique in the installation through the directory.
pub static SCHOOLS: Table = Table {
    name: "schools",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("code", Type::Text, Class::O),
        col("name", Type::Text, Class::O),
        // primary, junior, nine_year
        col("stage", Type::Text, Class::O),
        // six_three, five_four
        col("school_system", Type::Text, Class::O),
        // school_list, mca2016, months3: whom the duties follow
        col("definition", Type::Text, Class::O),
        col("lowest_grade", Type::Int, Class::O),
        // own words of the school: room names, first-run steps done
        col("settings", Type::Json, Class::O),
    ],
    key: KEY,
    unique: &[&["county_id", "code"]],
    index: &[],
    cover: Cover::Rows,
};
/// What a school says of itself, a row a school year (features A1).
pub static PROFILES: Table = Table {
    name: "school_profiles",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        // school year by its first civil year
        col("year_first", Type::Int, Class::O),
        // the fields that profile.rs declares
        col("body", Type::Json, Class::O),
    ],
    key: KEY,
    unique: &[&["county_id", "school_id", "year_first"]],
    index: &[],
    cover: Cover::Rows,
};
/// A class of one school year.
pub static CLASSES: Table = Table {
    name: "classes",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        // 301 = grade 3, number 1
        col("code", Type::Text, Class::O),
        col("name", Type::Text, Class::O),
        col("grade", Type::Int, Class::O),
        col("number", Type::Int, Class::O),
        col("year_first", Type::Int, Class::O),
        // teaching point, if not at the main school
        opt("place", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[&["county_id", "school_id", "year_first", "code"]],
    index: &[],
    cover: Cover::Rows,
};
/// School years, terms, holidays, make-up days.
pub static CALENDARS: Table = Table {
    name: "calendars",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        // empty = the county default
        opt("school_id", Type::Id, Class::O),
        // tx_calendar::Calendar
        col("body", Type::Json, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id"]],
    cover: Cover::Rows,
};
/// Staff of a school, volunteers, officials, experts: adults who act.
pub static ADULTS: Table = Table {
    name: "adults",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        opt("school_id", Type::Id, Class::O),
        // teacher, staff, volunteer, official, expert
        col("kind", Type::Text, Class::O),
        col("name", Type::Text, Class::O),
        opt("sex", Type::Text, Class::O),
        opt("phone", Type::Bytes, Class::P),
        opt("phone_index", Type::Bytes, Class::P),
        col("party_member", Type::Bool, Class::O),
        // love_mother, love_father, big_sister, party_member, teacher, official, partner_pupil
        opt("helper_kind", Type::Text, Class::O),
        opt("unit", Type::Text, Class::O),
        col("from_day", Type::Day, Class::O),
        opt("to_day", Type::Day, Class::O),
        col("sort_key", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id", "sort_key"]],
    cover: Cover::Rows,
};
/// Who holds which post for what, from when: the owner of a duty comes from here.
pub static POSTS: Table = Table {
    name: "posts",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("adult_id", Type::Id, Class::O),
        opt("account_id", Type::Id, Class::O),
        // tx_duty::Post code
        col("post", Type::Text, Class::O),
        opt("class_id", Type::Id, Class::O),
        opt("child_id", Type::Id, Class::P),
        col("from_day", Type::Day, Class::O),
        opt("to_day", Type::Day, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id", "post"], &["county_id", "adult_id"]],
    cover: Cover::Rows,
};
/// The leading group of a school year with the duty each carries (features A2).
pub static GROUP_MEMBERS: Table = Table {
    name: "group_members",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        col("year_first", Type::Int, Class::O),
        col("adult_id", Type::Id, Class::O),
        // a code of group::POSITIONS
        col("position", Type::Text, Class::O),
        opt("duty", Type::Text, Class::O),
        // deputy head, union chair, class teacher …
        opt("title", Type::Text, Class::O),
        opt("class_id", Type::Id, Class::O),
        col("sort", Type::Int, Class::O),
        // taken out; the row stays for the history
        opt("removed_at", Type::Time, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id", "year_first"]],
    cover: Cover::Rows,
};
/// Versions of the care scheme; the published one with the latest first day before a period judges it.
pub static SCHEMES: Table = Table {
    name: "schemes",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("school_id", Type::Id, Class::O),
        // s1 … s6, own
        col("base", Type::Text, Class::O),
        col("name", Type::Text, Class::O),
        // draft, published
        col("state", Type::Text, Class::O),
        col("from_day", Type::Day, Class::O),
        // {"rules":[tx_duty::Rule…]}
        col("body", Type::Json, Class::O),
        opt("note", Type::Text, Class::O),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "school_id", "from_day"]],
    cover: Cover::Rows,
};

pub static TABLES: &[&Table] = &[
    &SCHOOLS,
    &PROFILES,
    &CLASSES,
    &CALENDARS,
    &ADULTS,
    &POSTS,
    &GROUP_MEMBERS,
    &SCHEMES,
];

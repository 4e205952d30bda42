//! Values that check themselves once, for form, API and sheet alike (domain.md §5, "Importer facts" and "Values").

pub mod date;
pub mod id;
pub mod name;
pub mod phone;
pub mod text;
pub mod words;

pub use date::{DateFault, Dated, Precision, parse_date};
pub use id::{IdKind, IdNumber};
pub use name::{PersonName, parse_name};
pub use phone::Phone;
pub use words::{
    AwayKind, Boarder, CareRating, Edu, Ethnic, HukouKind, Political, Relation, Sex, parse_away_kind, parse_boarder,
    parse_care_rating, parse_edu, parse_hukou_kind, parse_left_behind, parse_political, parse_relation, parse_sex,
    parse_yes_no,
};

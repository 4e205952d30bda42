//! The school: calendar, classes, people and posts, care scheme.

mod api;
mod classes;
pub mod common;
mod first_admin;
mod found;
mod group;
mod group_page;
mod people;
mod people_api;
mod people_asked;
mod people_page;
mod profile;
mod profile_page;
mod scheme_card;
mod schemes;
mod setup;
mod staff_list;
pub mod tables;
mod terms;

pub use first_admin::{add_first_admin, first_admin_link, link_county};
pub use found::{
    NewPost, add_adult, add_adult_of, add_class, add_post, add_school, calendar, class_by_code, class_named,
    school_by_code,
};
pub use group::{
    Gaps, Led, Member, NewMember, POSITIONS, add_member, gaps, group, join_class_teachers, led_classes, remove_member,
    set_group,
};
pub use people::{
    Added, AdultRef, Held, HeldRow, NewPerson, Person, Right, add_person, adults, appoint, enable_account, end_right,
    held_by, keep_an_admin, longest, may_appoint, people, reissue_password, renew_staff, rights_for, set_class_teacher,
};
pub use profile::{
    FIELDS, Profile, ProfileField, Shape, check_profile, founded_words, profile, profile_field, profiles, set_profile,
};
pub use scheme_card::{scheme_card, time_words};
pub use schemes::{BASES, SAMPLE_CHILDREN, choose_first_scheme, legal_base, ready_made, sample_week, scheme};
pub use terms::set_calendar;

/// Every route of this crate.
pub fn routes() -> Vec<tx_web::Route> {
    [
        api::ROUTES,
        profile_page::ROUTES,
        group_page::ROUTES,
        classes::ROUTES,
        people_page::ROUTES,
        people_api::ROUTES,
        terms::ROUTES,
        setup::ROUTES,
    ]
    .concat()
}

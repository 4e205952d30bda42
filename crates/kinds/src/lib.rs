//! The kinds of records that schools keep, as declarations, one file for each family (features.md §§A–J).

mod activities;
mod body;
mod gifts;
mod means;
mod next;
mod study;
mod talks;
mod visits;
mod wishes;

use tx_base::t;
use tx_record::{Kind, Opt};

/// A choice in both languages.
const fn opt(id: &'static str, zh: &'static str, en: &'static str) -> Opt {
    Opt { id, name: t(zh, en) }
}

/// Around which festival; the ids are the keys of figures (schemes.md, "What a figure is, exactly").
const FESTIVALS: &[Opt] = &[
    opt("spring_festival", "春节", "Spring Festival"),
    opt("dragon_boat", "端午", "Dragon Boat"),
    opt("mid_autumn", "中秋", "Mid-Autumn"),
    opt("childrens_day", "六一", "Children's Day"),
];

/// Every kind, in the order in which lists show them.
pub static ALL: &[&Kind] = &[
    &talks::HEART_TALK,
    &visits::HOME_VISIT,
    &talks::GUARDIAN_TALK,
    &talks::FAMILY_CALL,
    &talks::FAMILY_LETTER,
    &talks::WEEKLY_CONTACT,
    &talks::GUARDIANS_MEETING,
    &talks::GUARDIANS_TRAINING,
    &visits::CLASSROOM_OBSERVATION,
    &visits::VISIT_RECEIVED,
    &gifts::GIFT,
    &gifts::FESTIVAL_CARE,
    &gifts::WEEKEND,
    &gifts::TUTORING,
    &gifts::MEDICAL_VISIT,
    &gifts::HAPPY_WEEKEND,
    &gifts::CEREMONY,
    &wishes::WISH,
    &activities::ACTIVITY,
    &activities::CONTEST,
    &activities::HABIT_CONTEST,
    &activities::OUTING,
    &activities::TRADING_DAY,
    &activities::LECTURE,
    &activities::THEMED_MEETING,
    &activities::CARD_HOME,
    &study::FREE_ESSAY,
    &study::EXAM,
    &study::SURVEY,
    &study::ADMISSION,
    &body::HEALTH_CHECK,
    &means::MATERIAL,
    &means::RULE_DOCUMENT,
    &means::PROJECT,
    &means::PUBLICITY,
    &means::TRAINING,
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn kinds_install_and_those_that_scripts_name_exist() {
        tx_record::install_kinds(ALL);
        // interfaces.md, "Kinds that scripts use by name"
        let named = "heart_talk home_visit family_call family_letter guardian_talk gift weekend tutoring medical_visit \
            lecture contest outing trading_day guardians_meeting guardians_training free_essay festival_care survey \
            visit_received publicity weekly_contact rule_document admission project";
        for id in named.split_whitespace() {
            assert!(tx_record::find_kind(id).is_some(), "{id}");
        }
    }

    #[test]
    fn every_seal_is_one_character_and_no_field_stands_twice() {
        for k in ALL {
            assert_eq!(k.seal.chars().count(), 1, "{}", k.id);
            assert!(!k.name.zh.is_empty() && !k.name.en.is_empty(), "{}", k.id);
            for fields in [k.fields, k.line_fields] {
                for (i, f) in fields.iter().enumerate() {
                    assert!(!fields[..i].iter().any(|o| o.id == f.id), "{}.{}", k.id, f.id);
                }
            }
        }
    }

    #[test]
    fn a_visit_counts_as_training_only_when_the_guardian_was_taught() {
        for (taught, tags) in [
            (json!(true), vec!["training"]),
            (json!(false), vec![]),
            (json!(null), vec![]),
        ] {
            let fields = [("taught".to_owned(), taught)].into_iter().collect();
            assert_eq!((visits::HOME_VISIT.tags)(&fields), tags);
        }
    }
}

//! Component schemas of this crate's bodies, from the declared facts.

use crate::facts::{Fact, OF_CHILD, OF_GUARDIAN, OF_PARENT};
use crate::spells::REASONS;
use serde_json::{Map, Value as Json, json};

fn with(own: Json, facts: &[Fact]) -> Json {
    let mut o = own.as_object().cloned().unwrap_or_default();
    for f in facts {
        o.insert(f.id.into(), json!({"type": "string", "description": f.name.zh}));
    }
    o.into()
}
/// Schemas by name.
pub fn schemas() -> Json {
    let text = json!({"type": "string"});
    let day = json!({"type": "string", "format": "date"});
    let id = json!({"type": "string", "format": "uuid"});
    let one_of = |codes: &[&str]| json!({"type": "string", "enum": codes});
    let guardian = with(
        json!({"name": text, "relation": text, "phone": text, "address": text}),
        OF_GUARDIAN,
    );
    let parent = with(
        json!({"parent": one_of(&["father", "mother"]), "name": text, "where": one_of(&crate::parse::WHEREABOUTS), "from": day, "to": day, "place": text,
            "phone": text, "capacity": one_of(&["able", "unable"]), "cause": text}),
        OF_PARENT,
    );
    let list = |of: &Json| json!({"type": "array", "items": {"type": "object", "properties": of}});
    let child = with(
        json!({"id": id, "school": text, "class": text, "name": text, "former_name": text, "sex": one_of(&["f", "m"]), "birth_date": day,
            "id_kind": one_of(&["resident", "permit", "passport", "other"]), "id_no": text, "student_no": text, "class_no": {"type": "integer"}, "ethnic": text,
            "hukou_kind": one_of(&["rural", "urban"]), "hukou_address": text, "home_address": text, "village": text, "boarder": {"type": "boolean"},
            "left_behind": {"type": "boolean"}, "sibling": id, "guardians": list(&guardian), "parents": list(&parent)}),
        OF_CHILD,
    );
    let mut change: Map<String, Json> = child.as_object().cloned().unwrap_or_default();
    change.remove("id");
    change.remove("school");
    change.insert("base_version".into(), json!({"type": "integer"}));
    let mut child = child;
    child["not_same"] = json!({"type": "array", "items": id});
    let reasons: Vec<&str> = REASONS.iter().map(|(c, _)| *c).collect();
    json!({
        "Definitions": crate::definition_page::schema(),
        "NewChild": {"type": "object", "required": ["name"], "properties": child},
        "NewConsent": {"type": "object", "required": ["purpose", "answer", "by", "on"], "properties": {"purpose": one_of(&crate::consent::Purpose::ALL.map(|p| p.code())),
            "answer": one_of(&crate::consent::Answer::ALL.map(|a| a.code())), "by": text, "on": day}},
        "ChildChange": {"type": "object", "required": ["base_version"], "properties": change},
        "Empty": {"type": "object"},
        "Spell": {"type": "object", "properties": {"from": day}},
        "SpellEnd": {"type": "object", "required": ["reason"], "properties": {"on": day, "reason": one_of(&reasons), "note": text}},
        "ParentReturn": {"type": "object", "required": ["parent"], "properties": {"parent": one_of(&["father", "mother", "both"]), "from": day, "to": day}},
        "KeyMark": {"type": "object", "required": ["reason"], "properties": {"reason": text, "helper": id, "review_on": day, "from": day}},
        "Leave": {"type": "object", "required": ["fate"], "properties": {"on": day, "fate": one_of(&["left", "graduated"]), "left_to": text}},
        "ComeBack": {"type": "object", "required": ["class"], "properties": {"on": day, "class": text}},
        "NotSame": {"type": "object", "required": ["other"], "properties": {"other": id}},
        "Promotion": {"type": "object", "properties": {"seen": text, "fates": {"type": "object", "additionalProperties": one_of(&["next", "stay", "leave", "graduate"])}}},
    })
}

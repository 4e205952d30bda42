//! Component schemas of the OpenAPI document; those of records come from the kinds.

use serde_json::{Map, Value as Json, json};

pub fn all() -> Json {
    let text = json!({"type": "string"});
    let day = json!({"type": "string", "format": "date"});
    let id = json!({"type": "string", "format": "uuid"});
    let kinds: Vec<&str> = tx_record::all_kinds().iter().map(|k| k.id).collect();
    let mut fields: Map<String, Json> = Map::new();
    for f in tx_record::all_kinds().iter().flat_map(|k| k.fields) {
        // one name may have two types in two kinds: then any of them fits
        fields.entry(f.id).or_insert_with(|| json!({}));
    }
    json!({
        "Reason": {"type": "object", "required": ["reason"], "properties": {"reason": text}},
        "Excuse": {"type": "object", "required": ["reason"], "properties": {"reason": text}},
        "MoveDuty": {"type": "object", "required": ["reason", "to"], "properties": {"reason": text, "to": day}},
        "AssignDuty": {"type": "object", "required": ["reason", "to"], "properties": {"reason": text, "to": text}},
        "NewSchool": {"type": "object", "required": ["code", "name"], "properties": {"code": text, "name": text, "scheme": {"type": "string", "enum": ["S1", "S2", "S3", "S4", "S5", "S6"]}}},
        "NewClass": {"type": "object", "required": ["school", "code"], "properties": {"school": text, "code": text, "name": text, "grade": {"type": "integer"}, "school_year": text}},
        "NewPassword": {"type": "object", "required": ["current", "new"], "properties": {"current": text, "new": text}},
        "NewChild": {"type": "object", "required": ["name"], "properties": {
            "id": id, "school": text, "class": text, "name": text, "sex": {"type": "string", "enum": ["f", "m"]}, "birth_date": day, "id_no": text, "student_no": text,
            "home_address": text, "village": text, "boarder": {"type": "boolean"}, "left_behind": {"type": "boolean"},
            "guardians": {"type": "array", "items": {"type": "object", "properties": {"name": text, "relation": text, "phone": text, "address": text}}},
            "parents": {"type": "array", "items": {"type": "object", "properties": {"parent": {"type": "string", "enum": ["father", "mother"]}, "name": text, "where": text, "from": day, "place": text, "phone": text, "capacity": text}}}}},
        "NewRecord": {"type": "object", "required": ["kind"], "properties": {
            "id": id, "kind": {"type": "string", "enum": kinds}, "on": day, "state": {"type": "string", "enum": ["planned", "done", "cancelled"]}, "title": text, "text": text, "class": text,
            "fields": {"type": "object", "properties": fields}, "children": {"type": "array", "items": id},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"child": id, "adult": id, "item": text, "role": text, "outcome": {"type": "string", "enum": tx_record::OUTCOMES}, "quantity": {"type": "integer"}, "fields": {"type": "object"}}}}}},
        "RecordChange": {"type": "object", "required": ["base_version"], "properties": {"base_version": {"type": "integer"}, "on": day, "state": text, "title": text, "text": text, "fields": {"type": "object"}}},
    })
}

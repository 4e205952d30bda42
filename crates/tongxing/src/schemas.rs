//! Component schemas of the OpenAPI document; those of records come from the kinds.

use serde_json::{Value as Json, json};

pub fn all() -> Json {
    let text = json!({"type": "string"});
    let day = json!({"type": "string", "format": "date"});
    let id = json!({"type": "string", "format": "uuid"});
    let profile: serde_json::Map<String, Json> = tx_school::FIELDS
        .iter()
        .map(|f| {
            let shape = match f.shape {
                tx_school::Shape::Whole(_) | tx_school::Shape::Year => json!({"type": "integer"}),
                tx_school::Shape::Decimal(_) => json!({"type": "number"}),
                tx_school::Shape::Line(_) => text.clone(),
                _ => json!({"type": "array"}),
            };
            (f.id.to_owned(), shape)
        })
        .collect();
    let held: Vec<&str> = tx_school::Held::all().iter().map(|h| h.code()).collect();
    let mut all = json!({
        "Reason": {"type": "object", "required": ["reason"], "properties": {"reason": text}},
        "Excuse": {"type": "object", "required": ["reason"], "properties": {"reason": text}},
        "MoveDuty": {"type": "object", "required": ["reason", "to"], "properties": {"reason": text, "to": day}},
        "AssignDuty": {"type": "object", "required": ["reason", "to"], "properties": {"reason": text, "to": text}},
        "NewSchool": {"type": "object", "required": ["code", "name"], "properties": {"code": text, "name": text, "scheme": {"type": "string", "enum": ["S1", "S2", "S3", "S4", "S5", "S6"]}}},
        "NewClass": {"type": "object", "required": ["school", "code"], "properties": {"school": text, "code": text, "name": text, "grade": {"type": "integer"}, "school_year": text}},
        "Profile": {"type": "object", "properties": profile},
        "Group": {"type": "object", "required": ["members"], "properties": {"members": {"type": "array", "items": {"type": "object", "required": ["adult", "position"],
            "properties": {"adult": id, "position": {"type": "string", "enum": tx_school::POSITIONS.map(|p| p.0)}, "duty": text, "title": text}}}}},
        "ClassChange": {"type": "object", "properties": {"name": text, "place": text, "class_teacher": id, "from": day}},
        "Calendar": {"type": "object", "required": ["terms"], "properties": {
            "terms": {"type": "array", "items": {"type": "object", "required": ["year", "number", "from", "to"], "properties": {"year": text, "number": {"type": "integer", "enum": [1, 2]}, "from": day, "to": day}}},
            "holidays": {"type": "array", "items": {"type": "object", "required": ["from", "to"], "properties": {"from": day, "to": day}}},
            "workdays": {"type": "array", "items": day}}},
        "NewUser": {"type": "object", "required": ["name", "roles"], "properties": {"school": text, "name": text, "sex": {"type": "string", "enum": ["f", "m"]}, "user": text, "from": day, "to": day,
            "roles": {"type": "array", "items": {"oneOf": [{"type": "string", "enum": held}, {"type": "object", "required": ["role"], "properties": {"role": {"type": "string", "enum": held}, "class": text}}]}}}},
        "NewRight": {"type": "object", "required": ["role"], "properties": {"role": {"type": "string", "enum": held}, "class": text, "from": day, "to": day}},
        "EndRight": {"type": "object", "required": ["role"], "properties": {"role": {"type": "string", "enum": held}, "class": text, "from": day}},
        "SchemeDraft": {"type": "object", "properties": {"school": text, "base": {"type": "string", "enum": ["S1", "S2", "S3", "S4", "S5", "S6"]}, "from": day, "rules": {"type": "array", "items": {"type": "object"}}}},
        "SchemePublish": {"type": "object", "required": ["from"], "properties": {"school": text, "from": day, "note": text}},
        "NewPassword": {"type": "object", "required": ["current", "new"], "properties": {"current": text, "new": text}},
    });
    for more in [
        tx_record::schemas(),
        tx_child::schemas(),
        tx_thing::schemas(),
        tx_room::schemas(),
        tx_pairing::schemas(),
    ] {
        for (name, schema) in more.as_object().into_iter().flatten() {
            all[name] = schema.clone();
        }
    }
    all
}

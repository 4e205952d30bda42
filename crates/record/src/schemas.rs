//! Component schemas of this crate's bodies for the OpenAPI document; fields come from the kinds.

use crate::own::TYPES;
use crate::{NOTE, OUTCOMES, all_kinds};
use serde_json::{Map, Value as Json, json};

/// The schemas by name.
pub fn schemas() -> Json {
    let text = json!({"type": "string"});
    let day = json!({"type": "string", "format": "date"});
    let id = json!({"type": "string", "format": "uuid"});
    let kinds: Vec<&str> = all_kinds().iter().map(|k| k.id).collect();
    // one name may have two types in two kinds: then any of them fits
    let of = |all: &mut dyn Iterator<Item = &crate::Field>| {
        let mut found: Map<String, Json> = Map::new();
        for f in all {
            let list = found.entry(f.id).or_insert_with(|| json!({"anyOf": []}));
            if let Some(any) = list["anyOf"].as_array_mut()
                && !any.contains(&f.schema())
            {
                any.push(f.schema());
            }
        }
        Json::Object(found)
    };
    let fields = of(&mut all_kinds().iter().flat_map(|k| k.fields));
    let line_fields = of(&mut all_kinds().iter().flat_map(|k| k.line_fields).chain([&NOTE]));
    let own = json!({"^x_": {"description": "own fields of the school"}});
    let state = json!({"type": "string", "enum": ["planned", "done", "cancelled"]});
    let bag = |properties: &Json| json!({"type": "object", "properties": properties, "patternProperties": own});
    let line = json!({"type": "object", "properties": {"id": id, "child": id, "adult": id, "item": text, "role": text, "outcome": {"type": "string", "enum": OUTCOMES},
        "quantity": {"type": "integer", "minimum": 0}, "fields": bag(&line_fields)}});
    json!({
        "NewRecord": {"type": "object", "required": ["kind"], "properties": {
            "id": id, "kind": {"type": "string", "enum": kinds}, "on": day, "state": state, "title": text, "text": text, "class": text, "school": text,
            "fields": bag(&fields), "children": {"type": "array", "items": id}, "lines": {"type": "array", "items": line}}},
        "RecordChange": {"type": "object", "required": ["base_version"], "properties": {
            "base_version": {"type": "integer"}, "on": day, "state": state, "title": text, "text": text, "reason": text,
            "fields": bag(&fields), "children": {"type": "array", "items": id}, "lines": {"type": "array", "items": line}}},
        "Take": {"type": "object", "required": ["take"], "properties": {"take": {"type": "string", "enum": ["kept", "yours", "both"]}}},
        "NewField": {"type": "object", "required": ["kind", "name", "type"], "properties": {
            "kind": {"type": "string", "description": "id of a kind, or child"}, "code": text, "name": text,
            "type": {"type": "string", "enum": TYPES.iter().map(|t| t.0).collect::<Vec<_>>()},
            "choices": {"type": "array", "items": text}, "class": {"type": "string", "enum": ["O", "P", "S"]}, "on_lines": {"type": "boolean"}}},
    })
}

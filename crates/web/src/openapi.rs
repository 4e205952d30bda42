//! The OpenAPI 3.1 document, from the declared routes and schemas.

use crate::app::App;
use crate::route::{Takes, Who};
use serde_json::{Map, Value as Json, json};

/// Describes every API route with its path and query parameters.
pub fn document(app: &App) -> Json {
    let mut paths: Map<String, Json> = Map::new();
    for r in app.routes.iter().filter(|r| r.is_api()) {
        let mut params: Vec<Json> = r
            .path
            .split('/')
            .filter_map(|p| p.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        params.extend(r.query.iter().map(|(name, ty, what)| json!({"name": name, "in": "query", "required": false, "description": what.en, "schema": {"type": ty}})));
        if r.method != "GET" {
            params.push(json!({"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "minLength": 16, "maxLength": 64}}));
        }
        let mut op = json!({
            "summary": r.summary.en, "description": r.summary.zh, "operationId": format!("{}{}", r.method.to_lowercase(), r.path.replace(['/', '{', '}', '.', '-'], "_")),
            "parameters": params,
            "x-field-class": r.class,
            "responses": {
                "2XX": {"description": "done"},
                "default": {"description": "problem", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
            }
        });
        match r.takes {
            Takes::Json(schema) => {
                op["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}}})
            }
            Takes::Upload => {
                let mut fields = json!({"file": {"type": "string", "contentMediaType": "application/octet-stream"}});
                for (name, ty, says) in r.parts {
                    fields[*name] = match *ty {
                        "date" => json!({"type": "string", "format": "date", "description": says.zh}),
                        ty => json!({"type": ty, "description": says.zh}),
                    };
                }
                op["requestBody"] = json!({"required": true, "content": {"multipart/form-data": {"schema": {"type": "object", "properties": fields, "required": ["file"]}}}})
            }
            Takes::Form | Takes::Nothing => {}
        }
        if !matches!(r.who, Who::Anyone) {
            op["security"] = json!([{"bearer": []}]);
        }
        paths.entry(r.path.to_owned()).or_insert_with(|| json!({}))[r.method.to_lowercase()] = op;
    }
    let mut schemas = json!({"Problem": {"type": "object", "required": ["type", "title", "status", "detail", "instance"], "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}, "instance": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {"field": {"type": "string"}, "reason": {"type": "string"}}}}}}});
    if let (Some(all), Some(more)) = (schemas.as_object_mut(), app.schemas.as_object()) {
        all.extend(more.clone());
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "童行 Tongxing", "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
    })
}

//! Pairing of helpers and children, and the yearly check of helpers.

mod api;
mod bonds;
mod pages;
pub mod tables;

pub use bonds::{
    ADULT_KINDS, Helper, KINDS, NewHelper, NewPairing, Pair, USUAL_LOAD, add_helper, check, end, fetch_helper, follow,
    helpers, kind_by_sex, kind_name, list, pair,
};

/// What becomes of pairings when a child leaves, and when that is taken back.
pub const BONDS: tx_child::moves::Bonds = tx_child::moves::Bonds {
    end: bonds::end_all,
    reopen: bonds::reopen_all,
};

/// Every route of pairing.
pub fn routes() -> Vec<tx_web::Route> {
    [api::ROUTES, pages::ROUTES].concat()
}
/// Pairings of one child in scope, the newest first.
pub fn of_child(c: &tx_store::Conn, scope: &tx_access::Scope, child: tx_base::Id) -> tx_base::Result<Vec<Pair>> {
    list(c, scope, Some(child), None)
}
/// Component schemas of this crate's bodies.
pub fn schemas() -> serde_json::Value {
    let text = serde_json::json!({"type": "string"});
    let day = serde_json::json!({"type": "string", "format": "date"});
    let id = serde_json::json!({"type": "string", "format": "uuid"});
    let kinds: Vec<&str> = ADULT_KINDS.iter().chain(&KINDS).map(|(c, _)| *c).collect();
    let bonds: Vec<&str> = KINDS.iter().map(|(c, _)| *c).collect();
    serde_json::json!({
        "NewHelper": {"type": "object", "required": ["name"], "properties": {"id": id, "name": text, "sex": {"type": "string", "enum": ["f", "m"]},
            "kind": {"type": "string", "enum": kinds}, "user": text, "unit": text}},
        "HelperCheck": {"type": "object", "required": ["result"], "properties": {"on": day, "valid_to": day, "result": {"type": "string", "enum": ["fit", "unfit"]}}},
        "NewPairing": {"type": "object", "required": ["helper", "child"], "properties": {"id": id, "helper": id, "child": id, "from": day, "to": day,
            "kind": {"type": "string", "enum": bonds}}},
        "EndWithReason": {"type": "object", "required": ["reason"], "properties": {"on": day, "reason": text}},
    })
}

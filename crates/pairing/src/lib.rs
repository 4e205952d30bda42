//! Pairing of helpers and children, and the yearly check of helpers.

mod api;
mod board;
mod bonds;
mod more_api;
mod notes;
mod pages;
mod pair_page;
mod people;
mod propose;
pub mod tables;

pub use bonds::{
    ADULT_KINDS, Helper, KINDS, NewHelper, NewPairing, Pair, USUAL_LOAD, add_helper, check, end, fetch_helper, follow,
    helpers, kind_by_sex, kind_name, list, pair,
};

pub use notes::{Review, points, review, training};
pub use people::{Facts, Lapse, Wish, lapses, set_facts, set_wish};
pub use propose::{Approved, Made, RULES, approve, lock, propose};

/// What becomes of pairings when a child leaves, and when that is taken back.
pub const BONDS: tx_child::moves::Bonds = tx_child::moves::Bonds {
    end: bonds::end_all,
    reopen: bonds::reopen_all,
    answered: bonds::follow_child,
};

/// Every route of pairing.
pub fn routes() -> Vec<tx_web::Route> {
    [
        api::ROUTES,
        more_api::ROUTES,
        board::ROUTES,
        pages::ROUTES,
        pair_page::ROUTES,
    ]
    .concat()
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
        "ProposePairs": {"type": "object", "properties": {"rule": {"type": "string", "enum": ["fit", "by_sex", "all_staff"]}, "forget": {"type": "boolean"}}},
        "ApprovePairs": {"type": "object", "properties": {"ids": {"type": "array", "items": id}, "from": day}},
        "LockProposal": {"type": "object", "properties": {"locked": {"type": "boolean"}}},
        "PartProposal": {"type": "object", "properties": {}},
        "HelperFacts": {"type": "object", "properties": {"most": {"type": "integer", "minimum": 1, "maximum": 5}, "village": text, "near": text, "dialects": text,
            "hobbies": text, "wants_sex": {"type": "string", "enum": ["f", "m"]}}},
        "HelperPoints": {"type": "object", "required": ["amount", "words"], "properties": {"on": day, "amount": {"type": "integer", "minimum": -100, "maximum": 100},
            "words": text}},
        "HelperTraining": {"type": "object", "required": ["hours", "words"], "properties": {"on": day, "hours": {"type": "number", "exclusiveMinimum": 0, "maximum": 40},
            "words": text}},
        "PairingReview": {"type": "object", "required": ["verdict", "words"], "properties": {"on": day, "verdict": {"type": "string", "enum": ["go_on", "watch", "change"]},
            "words": text, "next_on": day}},
        "PairingChange": {"type": "object", "required": ["helper", "reason"], "properties": {"helper": id, "on": day, "reason": text}},
        "PairingWishes": {"type": "object", "properties": {"kind": {"type": "string", "enum": bonds}, "sex": {"type": "string", "enum": ["f", "m"]}, "dialects": text}},
        "EndWithReason": {"type": "object", "required": ["reason"], "properties": {"on": day, "reason": text}},
    })
}

//! The API of proposals, of what helpers bring along and children wish, of reviews, changes, training and points.

use crate::api::{changeable, helper_json, keeper, may_not, pair_json};
use crate::bonds;
use crate::notes::{self, Note, Review};
use crate::people::{self, Facts, Ground, Wish};
use crate::propose::{self, Proposal};
use serde_json::{Value as Json, json};
use tx_access::{Role, Scope};
use tx_assign::{Consent, Judged};
use tx_base::{Fault, Id, Lang, Result, say, t};
use tx_store::Class;
use tx_web::{Ctx, Given, Reply, Route, STAFF, Who};

/// Who keeps pairing, and the leading group, who reads it.
pub(crate) const WATCH: Who = Who::Roles(&[Role::Head, Role::ClassTeacher, Role::Leader]);
/// Points are for the head and the leading group.
const LEADING: Who = Who::Roles(&[Role::Head, Role::Leader]);

pub static ROUTES: &[Route] = &[
    Route::get("/api/v1/pairings/proposals", tx_child::OFFICE, Class::P, get_proposals)
        .says(t("提议的结对，说得出理由", "Proposed pairs with their reasons")),
    Route::json(
        "POST",
        "/api/v1/pairings/propose",
        tx_child::OFFICE,
        Class::P,
        "ProposePairs",
        post_propose,
    )
    .says(t("重新提议，锁住的不动", "Propose anew; locked ones stay")),
    Route::json(
        "POST",
        "/api/v1/pairings/approve",
        tx_child::OFFICE,
        Class::P,
        "ApprovePairs",
        post_approve,
    )
    .says(t("批提议的结对", "Approve proposed pairs")),
    Route::json(
        "POST",
        "/api/v1/pairings/proposals/{id}/lock",
        tx_child::OFFICE,
        Class::P,
        "LockProposal",
        post_lock,
    )
    .says(t("锁住一对提议", "Lock a proposed pair")),
    Route::json(
        "POST",
        "/api/v1/pairings/proposals/{id}/part",
        tx_child::OFFICE,
        Class::P,
        "PartProposal",
        post_part,
    )
    .says(t("拆开一对提议", "Take a proposed pair apart")),
    Route::get("/api/v1/pairings/{id}/reviews", tx_child::OFFICE, Class::P, get_reviews)
        .says(t("一对的评议", "Reviews of a pairing")),
    Route::json(
        "POST",
        "/api/v1/pairings/{id}/review",
        STAFF,
        Class::P,
        "PairingReview",
        post_review,
    )
    .says(t("写评议", "Write a review")),
    Route::json(
        "POST",
        "/api/v1/pairings/{id}/change",
        STAFF,
        Class::P,
        "PairingChange",
        post_change,
    )
    .says(t("换一位帮扶人", "Change the helper")),
    Route::get("/api/v1/helpers/{id}", WATCH, Class::P, get_helper).says(t("一位帮扶人", "One helper")),
    Route::json(
        "POST",
        "/api/v1/helpers/{id}/facts",
        tx_child::OFFICE,
        Class::P,
        "HelperFacts",
        post_facts,
    )
    .says(t("帮扶人的情况和意愿", "What a helper brings along and wishes")),
    Route::json(
        "POST",
        "/api/v1/helpers/{id}/training",
        tx_child::OFFICE,
        Class::P,
        "HelperTraining",
        post_training,
    )
    .says(t("记培训", "Write down training")),
    Route::json(
        "POST",
        "/api/v1/helpers/{id}/points",
        LEADING,
        Class::P,
        "HelperPoints",
        post_points,
    )
    .says(t("加分或扣分", "Points up or down")),
    Route::get("/api/v1/children/{id}/pairing", tx_child::OFFICE, Class::P, get_wishes)
        .says(t("孩子对结对的意愿", "A child's wishes for a helper")),
    Route::json(
        "POST",
        "/api/v1/children/{id}/pairing",
        tx_child::OFFICE,
        Class::P,
        "PairingWishes",
        post_wishes,
    )
    .says(t("写意愿", "Write the wishes")),
];

/// The head and the leading group see and give points.
pub(crate) fn sees_points(scope: &Scope) -> bool {
    scope.is(Role::Head) || scope.is(Role::Leader)
}

fn reason_json(code: &str, words: [String; 2]) -> Json {
    json!({"code": code, "zh": words[0], "en": words[1]})
}
fn both(f: impl Fn(Lang) -> String) -> [String; 2] {
    [f(Lang::Zh), f(Lang::En)]
}
fn proposal_json(g: &Ground, p: &Proposal, j: &Judged) -> Json {
    let kid = g.free_at(p.child).map(|at| &g.kids[g.free[at].0]);
    json!({"id": p.id, "child": p.child, "child_name": kid.map(|k| &k.name), "class": kid.and_then(|k| k.class_code.as_ref()),
        "helper": p.helper, "helper_name": g.helper_at(p.helper).map(|h| &g.helpers[h].name), "kind": p.kind, "rule": p.rule, "locked": p.locked,
        "points": j.points, "ready": j.ready(),
        "for": j.fors.iter().map(|r| reason_json(r.code(), both(|l| r.words(l)))).collect::<Vec<_>>(),
        "against": j.against.iter().map(|r| reason_json(r.code(), both(|l| r.words(l)))).collect::<Vec<_>>(),
        "barred": j.bar.map(|b| reason_json(b.code(), both(|l| b.text().in_lang(l).to_owned())))})
}

fn get_proposals(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?.id;
    let out = ctx.read(|c| {
        let g = Ground::read(c, ctx.db().keys(), scope, school)?;
        let all = propose::in_state(c, scope.county, school, "proposed")?;
        // children of other classes are not in the ground of a class teacher
        let seen: Vec<(&Proposal, Judged)> = all.iter().filter_map(|p| Some((p, propose::look(&g, p)?))).collect();
        let items: Vec<Json> = seen.iter().map(|(p, j)| proposal_json(&g, p, j)).collect();
        let left: Vec<Json> = g
            .free
            .iter()
            .map(|(i, _)| &g.kids[*i])
            .filter(|k| !seen.iter().any(|(p, _)| p.child == k.id))
            .map(|k| json!({"child": k.id, "child_name": k.name, "class": k.class_code}))
            .collect();
        Ok(json!({"items": items, "left": left, "next": null}))
    })?;
    Ok(Reply::json(&out))
}
fn post_propose(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = keeper(&scope)?;
    let mut b = Given::of(ctx, &["rule", "forget"])?;
    let rule = b.text("rule", 20).unwrap_or_else(|| "fit".into());
    let forget = flag(&mut b, "forget").unwrap_or(false);
    b.done()?;
    ctx.write_json(scope.act("pairing.propose"), move |w| {
        let m = propose::propose(w, &scope, school, &rule, forget)?;
        Ok((200, json!({"proposed": m.proposed, "locked": m.kept, "left": m.left})))
    })
}
fn flag(b: &mut Given, name: &str) -> Option<bool> {
    match b.all.get(name) {
        None | Some(Json::Null) => None,
        Some(Json::Bool(v)) => Some(*v),
        Some(_) => {
            b.fault(name, say("只能是 true 或 false", "true or false"));
            None
        }
    }
}
fn whole(b: &mut Given, name: &str) -> Option<i64> {
    match b.all.get(name) {
        None | Some(Json::Null) => None,
        Some(v) => v.as_i64().or_else(|| {
            b.fault(name, say("要一个整数", "a whole number"));
            None
        }),
    }
}
fn list(b: &mut Given, name: &str) -> Vec<String> {
    let typed = b.text(name, 120).unwrap_or_default();
    people::words(&typed).unwrap_or_else(|e| {
        b.fault(name, e);
        Vec::new()
    })
}
fn post_approve(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = keeper(&scope)?;
    let mut b = Given::of(ctx, &["ids", "from"])?;
    let from = b.day("from").unwrap_or(scope.today);
    let ids: Option<Vec<Id>> = match b.all.get("ids") {
        None | Some(Json::Null) => None,
        Some(v) => {
            let ids = v
                .as_array()
                .and_then(|a| a.iter().map(|x| x.as_str()?.parse().ok()).collect());
            if ids.is_none() {
                b.fault("ids", say("要一列 UUID", "a list of UUIDs"));
            }
            ids
        }
    };
    b.done()?;
    ctx.write_json(scope.act("pairing.approve"), move |w| {
        let a = propose::approve(w, &scope, school, ids.as_deref(), from)?;
        Ok((200, json!({"id": a.round, "made": a.made, "left": a.left})))
    })
}
fn post_lock(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = keeper(&scope)?;
    let mut b = Given::of(ctx, &["locked"])?;
    let locked = flag(&mut b, "locked").unwrap_or(true);
    b.done()?;
    ctx.write_json(scope.act("pairing.lock"), move |w| {
        propose::lock(w, school, id, locked)?;
        Ok((200, json!({"id": id, "locked": locked})))
    })
}
fn post_part(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = keeper(&scope)?;
    Given::of(ctx, &[])?.done()?;
    ctx.write_json(scope.act("pairing.part"), move |w| {
        propose::part(w, school, id)?;
        Ok((200, json!({"id": id, "state": "parted"})))
    })
}

fn note_json(n: &Note) -> Json {
    let mut v = json!({"id": n.id, "sort": n.sort, "on": n.on, "words": n.words, "by": n.by});
    match n.sort.as_str() {
        "training" => v["hours"] = json!(n.amount as f64 / 60.0),
        "points" => v["amount"] = json!(n.amount),
        _ => {
            v["verdict"] = json!(n.verdict);
            v["next_on"] = json!(n.next_on);
        }
    }
    v
}
fn get_reviews(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let all = ctx.read(|c| {
        changeable(c, scope, id)?;
        notes::of_pair(c, ctx.db().keys(), scope.county, id)
    })?;
    let items: Vec<Json> = all.iter().map(note_json).collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}
fn post_review(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let p = ctx.read(|c| changeable(c, &scope, id))?;
    let school = scope.the_school()?.id;
    let mut b = Given::of(ctx, &["on", "verdict", "words", "next_on"])?;
    let new = Review {
        on: b.day("on").unwrap_or(scope.today),
        verdict: b.needed("verdict", 20),
        words: b.words("words", 1000).unwrap_or_default(),
        next_on: b.day("next_on"),
    };
    b.done()?;
    ctx.write_json(scope.act("pairing.review"), move |w| {
        let id = notes::review(w, school, &p, &new, scope.today)?;
        Ok((
            201,
            json!({"id": id, "pairing": p.id, "on": new.on, "verdict": new.verdict}),
        ))
    })
}
fn post_change(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let p = ctx.read(|c| changeable(c, &scope, id))?;
    let school = scope.the_school()?.id;
    let mut b = Given::of(ctx, &["helper", "on", "reason"])?;
    let helper = b.id("helper");
    if helper.is_none() {
        b.fault("helper", say("还没选帮扶人", "no helper is named"));
    }
    let on = b.day("on").unwrap_or_else(|| scope.today.plus(-1));
    let reason = b.needed("reason", 500);
    b.done()?;
    let helper = helper.unwrap_or(Id::NIL);
    ctx.write_json(scope.act("pairing.change"), move |w| {
        let new = notes::change(w, school, &p, helper, on, &reason, scope.today)?;
        let made = bonds::list(w.conn(), &scope, Some(p.child), None)?;
        let made = made.iter().find(|x| x.id == new).ok_or(Fault::NotFound)?;
        Ok((201, pair_json(made)))
    })
}

fn get_helper(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let school = scope.the_school()?.id;
    let out = ctx.read(|c| {
        let h = bonds::fetch_helper(c, scope.county, school, id, scope.today)?.ok_or(Fault::NotFound)?;
        let f = people::facts_of(c, scope.county, school, id)?;
        let all = notes::of_helper(c, ctx.db().keys(), scope.county, id)?;
        let (points, minutes) = notes::sums(&all);
        let of = |sort: &str| all.iter().filter(|n| n.sort == sort).map(note_json).collect::<Vec<_>>();
        let mut v = helper_json(&h, scope.today);
        v["village"] = json!(f.village);
        v["near"] = json!(f.near);
        v["dialects"] = json!(f.dialects);
        v["hobbies"] = json!(f.hobbies);
        v["wants_sex"] = json!(f.wants_sex);
        v["training_hours"] = json!(minutes as f64 / 60.0);
        v["training"] = json!(of("training"));
        if sees_points(scope) {
            v["points"] = json!(points);
            v["point_entries"] = json!(of("points"));
        }
        Ok(v)
    })?;
    Ok(Reply::json(&out))
}
/// The helper's school, once it is known that the helper is of it.
fn of_mine(ctx: &Ctx, scope: &Scope, id: Id) -> Result<Id> {
    let school = scope.the_school()?.id;
    ctx.read(|c| bonds::fetch_helper(c, scope.county, school, id, scope.today))?
        .map(|_| school)
        .ok_or(Fault::NotFound)
}
fn post_facts(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    keeper(&scope)?;
    let school = of_mine(ctx, &scope, id)?;
    let mut b = Given::of(ctx, &["most", "village", "near", "dialects", "hobbies", "wants_sex"])?;
    let new = Facts {
        most: whole(&mut b, "most").map(|n| usize::try_from(n).unwrap_or(0)),
        village: b.text("village", 30),
        near: list(&mut b, "near"),
        dialects: list(&mut b, "dialects"),
        hobbies: list(&mut b, "hobbies"),
        wants_sex: b.text("wants_sex", 1),
    };
    b.done()?;
    ctx.write_json(scope.act("helper.facts"), move |w| {
        people::set_facts(w, school, id, &new)?;
        let h = bonds::fetch_helper(w.conn(), scope.county, school, id, scope.today)?.ok_or(Fault::NotFound)?;
        Ok((200, helper_json(&h, scope.today)))
    })
}
fn post_training(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    keeper(&scope)?;
    let school = of_mine(ctx, &scope, id)?;
    let mut b = Given::of(ctx, &["on", "hours", "words"])?;
    let on = b.day("on").unwrap_or(scope.today);
    let minutes = b
        .all
        .get("hours")
        .and_then(Json::as_f64)
        .map(|h| (h * 60.0).round() as i64);
    if minutes.is_none() {
        b.fault("hours", say("写几个小时，例如 1.5", "how many hours, such as 1.5"));
    }
    let words = b.needed("words", 200);
    b.done()?;
    ctx.write_json(scope.act("helper.training"), move |w| {
        let note = notes::training(w, school, id, on, minutes.unwrap_or(0), &words, scope.today)?;
        Ok((
            201,
            json!({"id": note, "helper": id, "on": on, "hours": minutes.unwrap_or(0) as f64 / 60.0}),
        ))
    })
}
fn post_points(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = of_mine(ctx, &scope, id)?;
    let mut b = Given::of(ctx, &["on", "amount", "words"])?;
    let on = b.day("on").unwrap_or(scope.today);
    let n = whole(&mut b, "amount").unwrap_or(0);
    let words = b.needed("words", 200);
    b.done()?;
    ctx.write_json(scope.act("helper.points"), move |w| {
        let note = notes::points(w, school, id, on, n, &words, scope.today)?;
        Ok((201, json!({"id": note, "helper": id, "on": on, "amount": n})))
    })
}

fn consent_code(c: Consent) -> &'static str {
    match c {
        Consent::Given => "given",
        Consent::Open => "open",
        Consent::Withheld => "withheld",
    }
}
/// A child that the caller may change.
pub(crate) fn mine(ctx: &Ctx, scope: &Scope, id: Id) -> Result<tx_child::Child> {
    let k = ctx.read(|c| tx_child::fetch(c, scope, id))?.ok_or(Fault::NotFound)?;
    if k.sight.write { Ok(k) } else { Err(may_not()) }
}
fn get_wishes(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    mine(ctx, scope, id)?;
    let (w, consent) = ctx.read(|c| {
        Ok((
            people::wish_of(c, scope.county, id)?,
            people::consent_of(c, scope.county, id)?,
        ))
    })?;
    Ok(Reply::json(&wish_json(id, &w, consent)))
}
fn wish_json(child: Id, w: &Wish, consent: Consent) -> Json {
    json!({"child": child, "kind": w.kind, "sex": w.sex, "dialects": w.dialects, "consent": consent_code(consent)})
}
fn post_wishes(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = mine(ctx, &scope, id)?.school_id;
    let mut b = Given::of(ctx, &["kind", "sex", "dialects"])?;
    let new = Wish {
        kind: b.text("kind", 30),
        sex: b.text("sex", 1),
        dialects: list(&mut b, "dialects"),
    };
    b.done()?;
    ctx.write_json(scope.act("pairing.wishes"), move |w| {
        people::set_wish(w, school, id, &new)?;
        Ok((
            200,
            wish_json(id, &new, people::consent_of(w.conn(), scope.county, id)?),
        ))
    })
}

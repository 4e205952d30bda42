//! Proposals: made by a rule or by what fits, locked, taken apart, approved all at once (features D3).

use crate::bonds::{self, NewPairing, kind_by_sex};
use crate::people::Ground;
use crate::tables::{PROPOSALS, ROUNDS};
use std::collections::HashMap;
use tx_access::Scope;
use tx_assign::{Bar, Judged, Task, judge};
use tx_base::{Day, Fault, Id, Result, Text, say, t};
use tx_store::{Conn, Write, params, row};

/// The rules, with their words.
pub const RULES: [(&str, Text); 3] = [
    ("fit", t("按意愿和远近", "By wishes and distance")),
    (
        "by_sex",
        t(
            "女教师当爱心妈妈，男教师当爱心爸爸",
            "Women teachers as love mothers, men as love fathers",
        ),
    ),
    ("all_staff", t("平均分给全体教职工", "Evenly over all staff")),
];

/// A pair that waits.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub id: Id,
    pub helper: Id,
    pub child: Id,
    pub kind: String,
    pub rule: String,
    pub locked: bool,
}

/// Those of a school in a state, in the order in which they were made.
pub fn in_state(c: &Conn, county: Id, school: Id, state: &str) -> Result<Vec<Proposal>> {
    let sql = "select id, adult_id, child_id, kind, rule, locked from pairing_proposals where county_id = ?1 and school_id = ?2 and state = ?3 order by id";
    Ok(c.query(sql, params![county, school, state])?
        .iter()
        .map(|r| Proposal {
            id: r.id(0),
            helper: r.id(1),
            child: r.id(2),
            kind: r.text(3),
            rule: r.text(4),
            locked: r.bool(5),
        })
        .collect())
}

/// What a proposal is worth today, seen again: checks run out, guardians answer, others are paired by hand. `None` when the child is not one
/// of those in the ground who have nobody.
pub fn look(g: &Ground, p: &Proposal) -> Option<Judged> {
    let kid = &g.free[g.free_at(p.child)?].1;
    let Some(at) = g.helper_at(p.helper) else {
        return Some(Judged {
            bar: Some(Bar::Ended),
            ..Judged::default()
        });
    };
    let mut hand = g.hands[at].clone();
    hand.kind.clone_from(&p.kind);
    let mut j = judge(kid, &hand);
    if j.bar.is_none() && p.rule == "fit" && hand.taken >= hand.seats {
        j.bar = Some(Bar::Full);
    }
    Some(j)
}

/// What a proposal came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    pub proposed: usize,
    /// of them locked before
    pub kept: usize,
    /// children for whom there is nobody
    pub left: usize,
}

/// Proposes a helper for every child that has nobody. Locked proposals stay as they are; `forget` lets pairs that were taken apart be
/// proposed again.
pub fn propose(w: &mut Write, scope: &Scope, school: Id, rule: &str, forget: bool) -> Result<Made> {
    if !RULES.iter().any(|(r, _)| *r == rule) {
        return Err(Fault::invalid(
            "rule",
            "规则只有 fit、by_sex、all_staff",
            "one of fit, by_sex, all_staff",
        ));
    }
    let county = scope.county;
    let parted = in_state(w.conn(), county, school, "parted")?;
    if forget {
        for p in &parted {
            w.update(&PROPOSALS, p.id, row!["state" => "dropped"])?;
        }
    }
    let mut g = Ground::read(w.conn(), w.keys(), scope, school)?;
    // rules are for the staff; the kind is then the rule's
    if rule != "fit" {
        for (h, hand) in g.helpers.iter().zip(&mut g.hands) {
            if h.needs_check() || rule == "by_sex" && (h.kind != "teacher" || h.sex.is_none()) {
                hand.bar = Some(Bar::Ended);
            }
            if rule == "by_sex" {
                hand.kind = kind_by_sex(h.sex.as_deref()).to_owned();
            }
        }
    }
    let waiting = in_state(w.conn(), county, school, "proposed")?;
    // two files that became one may have brought two
    let before: HashMap<Id, &Proposal> = waiting.iter().map(|p| (p.child, p)).collect();
    let at = |p: &Proposal| Some((g.free_at(p.child)?, g.helper_at(p.helper)?));
    let mut locked: Vec<(usize, usize)> = before.values().filter(|p| p.locked).filter_map(|p| at(p)).collect();
    locked.sort_unstable();
    let apart: Vec<(usize, usize)> = if forget {
        Vec::new()
    } else {
        parted.iter().filter_map(at).collect()
    };
    let fits: Vec<tx_assign::Kid> = g.free.iter().map(|(_, k)| k.clone()).collect();
    let plan = tx_assign::propose(&Task {
        kids: &fits,
        helpers: &g.hands,
        locked: &locked,
        parted: &apart,
        rule: if rule == "fit" {
            tx_assign::Rule::Fit
        } else {
            tx_assign::Rule::Even
        },
    });
    let mut made = Made {
        kept: locked.len(),
        ..Made::default()
    };
    let mut kept = std::collections::HashSet::new();
    for ((i, _), h) in g.free.iter().zip(plan) {
        let (child, old) = (g.kids[*i].id, before.get(&g.kids[*i].id));
        let Some(h) = h else {
            made.left += 1;
            continue;
        };
        kept.extend(old.map(|p| p.id));
        made.proposed += 1;
        let (helper, kind) = (g.helpers[h].id, g.hands[h].kind.as_str());
        match old {
            Some(p) if p.locked || p.helper == helper && p.kind == kind && p.rule == rule => {}
            Some(p) => {
                w.update(&PROPOSALS, p.id, row!["adult_id" => helper, "kind" => kind, "rule" => rule, "made_on" => scope.today])?;
            }
            None => w.insert(
                &PROPOSALS,
                row!["id" => Id::fresh(), "school_id" => school, "adult_id" => helper, "child_id" => child, "kind" => kind, "rule" => rule,
                    "locked" => false, "state" => "proposed", "made_on" => scope.today],
            )?,
        }
    }
    for p in waiting.iter().filter(|p| !kept.contains(&p.id)) {
        w.update(&PROPOSALS, p.id, row!["state" => "dropped"])?;
    }
    Ok(made)
}

fn waiting(c: &Conn, county: Id, school: Id, id: Id) -> Result<Proposal> {
    let sql = "select state from pairing_proposals where county_id = ?1 and id = ?2 and school_id = ?3";
    let state = c.first(sql, params![county, id, school])?.ok_or(Fault::NotFound)?;
    if state.str(0) != "proposed" {
        return Err(Fault::Conflict(say(
            "这条提议已经不在了",
            "This proposal is settled already",
        )));
    }
    in_state(c, county, school, "proposed")?
        .into_iter()
        .find(|p| p.id == id)
        .ok_or(Fault::NotFound)
}
/// Locks a proposal, or lets go of it again.
pub fn lock(w: &mut Write, school: Id, id: Id, locked: bool) -> Result<()> {
    let p = waiting(w.conn(), w.county(), school, id)?;
    w.update(&PROPOSALS, p.id, row!["locked" => locked]).map(|_| ())
}
/// Takes a proposed pair apart; the two are not proposed for each other again.
pub fn part(w: &mut Write, school: Id, id: Id) -> Result<()> {
    let p = waiting(w.conn(), w.county(), school, id)?;
    w.update(&PROPOSALS, p.id, row!["locked" => false, "state" => "parted"])
        .map(|_| ())
}

/// What an approval came to: pairs made, proposals that still wait.
#[derive(Clone, Copy, Debug)]
pub struct Approved {
    pub round: Id,
    pub made: usize,
    pub left: usize,
}
/// Makes pairings of the proposals, all or those named: one transaction, one round. Left waiting is what is forbidden today or wants for
/// consent; 422 when that is all of them.
pub fn approve(w: &mut Write, scope: &Scope, school: Id, only: Option<&[Id]>, from: Day) -> Result<Approved> {
    let today = scope.today;
    if from > today.plus(366) {
        return Err(Fault::invalid("from", "太远了", "too far ahead"));
    }
    let mut g = Ground::read(w.conn(), w.keys(), scope, school)?;
    let all = in_state(w.conn(), scope.county, school, "proposed")?;
    if only.is_some_and(|ids| ids.iter().any(|id| !all.iter().any(|p| p.id == *id))) {
        return Err(Fault::NotFound);
    }
    let round = Id::fresh();
    let (mut made, mut left) = (0, 0);
    for p in &all {
        let asked = only.is_none_or(|ids| ids.contains(&p.id));
        if !asked || !look(&g, p).is_some_and(|j| j.ready()) {
            left += 1;
            continue;
        }
        bonds::join(
            w,
            &NewPairing {
                id: Id::fresh(),
                school,
                helper: p.helper,
                child: p.child,
                from,
                to: None,
                kind: Some(p.kind.clone()),
            },
            today,
        )?;
        w.update(
            &PROPOSALS,
            p.id,
            row!["state" => "approved", "locked" => false, "round_id" => round],
        )?;
        if let Some(h) = g.helper_at(p.helper) {
            g.hands[h].taken += 1;
        }
        made += 1;
    }
    if made == 0 {
        return Err(Fault::invalid(
            "ids",
            if left == 0 {
                "没有等着批的提议"
            } else {
                "这些提议现在都不能批，看每对下面的原因"
            },
            if left == 0 {
                "no proposal waits"
            } else {
                "none of these can be approved now; see the reasons"
            },
        ));
    }
    let by = w.act().actor.name.clone();
    w.insert(
        &ROUNDS,
        row!["id" => round, "school_id" => school, "on_day" => today, "made" => made as i64, "left_over" => left as i64, "by_name" => by],
    )?;
    Ok(Approved { round, made, left })
}
/// Approvals of a school, the newest first: day, pairs, who.
pub fn rounds(c: &Conn, county: Id, school: Id) -> Result<Vec<(Day, i64, String)>> {
    let sql = "select on_day, made, by_name from pairing_rounds where county_id = ?1 and school_id = ?2 order by on_day desc, id desc limit 20";
    Ok(c.query(sql, params![county, school])?
        .iter()
        .map(|r| (r.day(0), r.int(1), r.text(2)))
        .collect())
}

//! The board of 结对 (screens.md §5.10): children who have nobody, what is proposed or runs, helpers.

use crate::api::keeper;
use crate::bonds::{self, ADULT_KINDS, Helper, KINDS, NewHelper, NewPairing, Pair, kind_name};
use crate::pages::{against, choices, day, faults_of, field, form, helper_facts, pick, w};
use crate::people::Ground;
use crate::propose::{self, RULES};
use tx_access::Scope;
use tx_assign::{Against, Judged};
use tx_base::{Fault, FieldFault, Id, Lang, Result, t};
use tx_store::Class;
use tx_web::parts::Top;
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Link, Person, Piece};
use tx_web::parts::pairing::{self, FreeChild, HelperCard, PairRow, PairingView};
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/pairing", tx_child::OFFICE, Class::P, show)
        .says(t("结对", "Pairing"))
        .query(&[(
            "view",
            "string",
            t(
                "proposed = 提议，running = 结对中，ended = 结束的",
                "proposed, running or ended",
            ),
        )]),
    Route::form("/pairing", tx_child::OFFICE, Class::P, pair).says(t("配成一对", "Pair")),
    Route::form("/pairing/helpers", tx_child::OFFICE, Class::P, new_helper).says(t("加一位帮扶人", "Add a helper")),
    Route::form("/pairing/propose", tx_child::OFFICE, Class::P, propose_now).says(t("重新提议", "Propose anew")),
    Route::form("/pairing/approve", tx_child::OFFICE, Class::P, approve_now).says(t("批提议", "Approve proposals")),
    Route::form("/pairing/proposals/{id}", tx_child::OFFICE, Class::P, act)
        .says(t("锁住或拆开一对提议", "Lock a proposal or take it apart")),
];
/// Rows shown at once; what stands behind them comes up as those before are settled.
const ROWS: usize = 300;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Proposed,
    Running,
    Ended,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    board(ctx, 200, &[], &[])
}

fn free_child(ctx: &Ctx, k: &tx_child::Child, fit: &tx_assign::Kid) -> FreeChild {
    let mut facts: Vec<String> = [k.class_name.clone(), k.village.clone()]
        .into_iter()
        .flatten()
        .collect();
    if let Some((_, name)) = &fit.wants_kind {
        facts.push(pick(
            ctx.lang,
            format!("想要{}", name.zh),
            format!("wishes for: {}", name.en),
        ));
    }
    facts.extend(
        fit.dialects
            .first()
            .map(|d| pick(ctx.lang, format!("说{d}"), format!("speaks {d}"))),
    );
    if fit.consent == tx_assign::Consent::Withheld {
        facts.push(w(ctx.lang, tx_assign::Bar::Withheld.text()));
    }
    let id = k.id.to_string();
    FreeChild {
        on: ctx.f("child") == id || ctx.q("child") == Some(&id),
        href: format!("/pairing/children/{id}"),
        child: Person {
            id,
            name: k.name.clone(),
            ..Person::default()
        },
        facts,
    }
}
fn card(ctx: &Ctx, h: &Helper) -> HelperCard {
    let (lang, today) = (ctx.lang, ctx.today());
    let full = h.most.is_some_and(|m| h.load >= m);
    let mut bad = against(h, today, lang);
    if bad.is_empty() && full {
        bad = w(lang, tx_assign::Bar::Full.text());
    }
    HelperCard {
        id: h.id.to_string(),
        name: h.name.clone(),
        href: format!("/pairing/helpers/{}", h.id),
        facts: helper_facts(h, today, lang),
        bad,
        load: h.load,
        usual: h.seats(),
        load_words: pick(
            lang,
            format!("帮 {} 个，最多 {} 个", h.load, h.seats()),
            format!("helps {} of {}", h.load, h.seats()),
        ),
        on: ctx.f("helper") == h.id.to_string(),
    }
}

/// A running or ended pair.
fn pair_row(ctx: &Ctx, g: &Ground, p: &Pair, ended: bool) -> PairRow {
    let (lang, today) = (ctx.lang, ctx.today());
    let h = g.helpers.iter().find(|h| h.id == p.helper);
    let mut facts = vec![w(lang, kind_name(&p.kind)), w(lang, kind_name(&p.helper_is))];
    facts.dedup();
    facts.extend(p.unit.clone());
    facts.push(match (p.to, lang) {
        (None, Lang::Zh) => format!("{}起", p.from.zh_short()),
        (None, Lang::En) => format!("since {}", p.from),
        (Some(to), Lang::Zh) => format!("{}到{}", p.from.zh_long(), to.zh_long()),
        (Some(to), Lang::En) => format!("{} to {to}", p.from),
    });
    let bad = h
        .filter(|_| !ended)
        .map(|h| against(h, today, lang))
        .unwrap_or_default();
    PairRow {
        child: Person {
            id: p.child.to_string(),
            name: p.child_name.clone(),
            href: format!("/children/{}", p.child),
            sub: p.class_name.clone().unwrap_or_default(),
            key: false,
        },
        helper: p.helper_name.clone(),
        facts,
        bad: if bad.is_empty() {
            bad
        } else {
            pick(
                lang,
                format!("{bad}，现在看不到孩子"),
                format!("{bad}: sees no child now"),
            )
        },
        // a teacher sees the pair of a child that she helps in another class, and cannot change it
        act: g
            .kids
            .iter()
            .find(|k| k.id == p.child)
            .is_none_or(|k| k.sight.write)
            .then(|| Link::new(w(lang, t("打开", "Open")), format!("/pairing/{}", p.id)).sheet()),
        ..PairRow::default()
    }
}
/// A proposal with its reasons. `keeps`: the reader may lock it and take it apart.
fn proposal_row(ctx: &Ctx, g: &Ground, p: &propose::Proposal, j: &Judged, keeps: bool) -> Option<PairRow> {
    let lang = ctx.lang;
    let kid = &g.kids[g.free[g.free_at(p.child)?].0];
    let h = g.helper_at(p.helper).map(|at| &g.helpers[at]);
    let comma = pick(lang, "，", ", ");
    let mut facts = vec![w(lang, kind_name(&p.kind))];
    facts.extend(h.map(|h| w(lang, kind_name(&h.kind))));
    facts.dedup();
    facts.extend(h.and_then(|h| h.unit.clone()));
    let soft: Vec<String> = j
        .against
        .iter()
        .filter(|a| **a != Against::ConsentOpen)
        .map(|a| a.words(lang))
        .collect();
    let hard = j.bar.map(|b| w(lang, b.text()));
    let open = j
        .against
        .contains(&Against::ConsentOpen)
        .then(|| Against::ConsentOpen.words(lang));
    Some(PairRow {
        child: Person {
            id: p.child.to_string(),
            name: kid.name.clone(),
            href: format!("/children/{}", p.child),
            sub: kid.class_name.clone().unwrap_or_default(),
            key: false,
        },
        helper: h.map_or_else(
            || w(lang, t("已经离开的人", "someone who has left")),
            |h| h.name.clone(),
        ),
        facts,
        good: j.fors.iter().map(|r| r.words(lang)).collect::<Vec<_>>().join(&comma),
        soft: soft.join(&comma),
        bad: hard.into_iter().chain(open).collect::<Vec<_>>().join(&comma),
        act: None,
        form: keeps.then(|| form(ctx, format!("/pairing/proposals/{}", p.id))),
        proposed: true,
        locked: p.locked,
    })
}

/// Numbers of the sentence at the top.
struct Count {
    free: usize,
    ready: usize,
    running: usize,
    proposed: usize,
    waits: usize,
}
fn sentence(n: &Count, lang: Lang) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut put = |n: usize, zh: &str, en: &str| {
        out.push(Piece::Strong(n.to_string()));
        out.push(Piece::Text(pick(lang, zh, en)));
    };
    put(n.free, " 名孩子还没结对，", " children have nobody yet, ");
    put(n.ready, " 位帮扶人有空。", " helpers have room. ");
    if n.proposed == 0 {
        put(n.running, " 对在结对中。", " pairs run.");
    } else {
        put(n.proposed, " 对在提议中", " pairs are proposed");
        if n.waits > 0 {
            out.push(Piece::Text(pick(lang, "，", ", ")));
            out.push(Piece::Strong(n.waits.to_string()));
            out.push(Piece::Text(pick(
                lang,
                " 对现在还不能批",
                " of them cannot be approved yet",
            )));
        }
        out.push(Piece::Text(pick(lang, "。", ".")));
    }
    out
}

pub(crate) fn board(ctx: &Ctx, status: u16, faults: &[FieldFault], new_faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang, today) = (ctx.scope()?, ctx.lang, ctx.today());
    let school = scope.the_school()?.id;
    let keeps = keeper(scope).is_ok();
    let (g, waiting, rounds, apart) = ctx.read(|c| {
        Ok((
            Ground::read(c, ctx.db().keys(), scope, school)?,
            propose::in_state(c, scope.county, school, "proposed")?,
            if keeps {
                propose::rounds(c, scope.county, school)?
            } else {
                Vec::new()
            },
            propose::in_state(c, scope.county, school, "parted")?.len(),
        ))
    })?;
    let mut looked: Vec<(&propose::Proposal, Judged)> = waiting
        .iter()
        .filter_map(|p| Some((p, propose::look(&g, p)?)))
        .collect();
    // what somebody decided comes first, then what wants a look, then what fits best
    looked.sort_by_key(|(p, j)| (!p.locked, j.ready(), std::cmp::Reverse(j.points)));
    let (gone, running): (Vec<&Pair>, Vec<&Pair>) = g.pairs.iter().partition(|p| !p.runs(today) && p.from <= today);
    let part = match ctx.q("view") {
        Some("ended") => Part::Ended,
        Some("running") => Part::Running,
        Some("proposed") => Part::Proposed,
        _ if looked.is_empty() => Part::Running,
        _ => Part::Proposed,
    };
    let ready = looked.iter().filter(|(_, j)| j.ready()).count();
    let proposed: std::collections::HashSet<Id> = looked.iter().map(|(p, _)| p.child).collect();
    let free: Vec<FreeChild> = g
        .free
        .iter()
        .filter(|(i, _)| !proposed.contains(&g.kids[*i].id))
        .map(|(i, fit)| free_child(ctx, &g.kids[*i], fit))
        .collect();
    let mut rows: Vec<PairRow> = match part {
        Part::Proposed => looked
            .iter()
            .filter_map(|(p, j)| proposal_row(ctx, &g, p, j, keeps))
            .collect(),
        Part::Running => running.iter().map(|p| pair_row(ctx, &g, p, false)).collect(),
        Part::Ended => gone.iter().map(|p| pair_row(ctx, &g, p, true)).collect(),
    };
    let all = rows.len();
    rows.truncate(ROWS);
    let mut foot = Vec::new();
    if all > ROWS {
        foot.push(pick(
            lang,
            format!("这里是前 {ROWS} 对，一共 {all} 对。"),
            format!("These are the first {ROWS} of {all} pairs."),
        ));
    }
    if part == Part::Proposed {
        foot.extend(rounds.iter().take(3).map(|(on, n, by)| {
            pick(
                lang,
                format!("{} {by} 批了 {n} 对。", on.zh_long()),
                format!("{by} approved {n} pairs on {on}."),
            )
        }));
    }
    let count = Count {
        free: g.free.len(),
        ready: g.hands.iter().filter(|h| h.bar.is_none() && h.taken < h.seats).count(),
        running: running.len(),
        proposed: looked.len(),
        waits: looked.len() - ready,
    };
    let view = PairingView {
        top: Top {
            title: w(lang, t("结对", "Pairing")),
            switch: [
                (Part::Proposed, t("提议", "Proposed"), looked.len(), "proposed"),
                (Part::Running, t("结对中", "Running"), running.len(), "running"),
                (Part::Ended, t("结束的", "Ended"), gone.len(), "ended"),
            ]
            .into_iter()
            .map(|(p, name, n, view)| {
                Tab::new(
                    format!("{} {n}", w(lang, name)),
                    format!("/pairing?view={view}"),
                    p == part,
                )
            })
            .collect(),
            search: true,
            ..Top::default()
        },
        sentence: sentence(&count, lang),
        errors: tx_web::parts::forms::errors(lang, faults.iter().chain(new_faults), |_| String::new()),
        acts: if keeps {
            acts(ctx, &count, ready, apart)
        } else {
            Vec::new()
        },
        form: form(ctx, "/pairing".into()),
        kids_head: (
            if looked.is_empty() {
                w(lang, t("还没结对", "Nobody yet"))
            } else {
                w(lang, t("还没配上", "Not placed"))
            },
            free.len().to_string(),
        ),
        kids_empty: if g.free.is_empty() {
            w(lang, t("名单上的孩子都结对了。", "Every child on the list is paired."))
        } else {
            w(lang, t("都配上了，等着批。", "All are placed and wait for approval."))
        },
        kids: free,
        pairs_head: match part {
            Part::Proposed => (
                w(lang, t("提议", "Proposed")),
                w(
                    lang,
                    t(
                        "按意愿、性别、方言、远近、每人几个，整体最合适",
                        "the best as a whole by wishes, sex, dialect, distance and load",
                    ),
                ),
            ),
            Part::Running => (w(lang, t("结对中", "Pairs")), all.to_string()),
            Part::Ended => (w(lang, t("结束的", "Ended")), all.to_string()),
        },
        pairs_empty: if part == Part::Proposed {
            w(
                lang,
                t(
                    "还没有提议。点“提议一次”，就按意愿和远近配好。",
                    "Nothing is proposed. “Propose” pairs by wishes and distance.",
                ),
            )
        } else {
            w(lang, t("还没有。", "None yet."))
        },
        pairs: rows,
        foot,
        helpers_head: (
            w(lang, t("帮扶人", "Helpers")),
            w(lang, t("圆点是每人几个", "Dots: how many")),
        ),
        helpers_empty: w(lang, t("还没有帮扶人，先加一位。", "No helpers yet; add one first.")),
        helpers: g.helpers.iter().map(|h| card(ctx, h)).collect(),
        fields: hand_fields(ctx, faults),
        hint: w(
            lang,
            t(
                "先点孩子，再点人。配不上的人会说为什么。",
                "Tap a child, then a person. Who cannot be chosen says why.",
            ),
        ),
        save: w(lang, t("配成一对", "Pair")),
        new: keeps.then(|| new_form(ctx, new_faults)),
    };
    let toast = match ctx.q("saved") {
        Some("1") => Some(w(lang, t("存好了", "Saved"))),
        Some("approved") => Some(w(lang, t("批好了", "Approved"))),
        Some("proposed") => Some(w(lang, t("提议好了", "Proposed"))),
        _ => None,
    };
    let body = pairing::board(lang, &view);
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("结对", "Pairing"), "pairing", toast, body)?,
    ))
}

/// What the keeper does with all at once.
fn acts(ctx: &Ctx, n: &Count, ready: usize, apart: usize) -> Vec<(Form, String, &'static str, bool)> {
    let lang = ctx.lang;
    let with = |action: &str, hidden: &[(&str, &str)]| Form {
        hidden: hidden.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        ..form(ctx, action.into())
    };
    let mut out = Vec::new();
    if ready > 0 {
        let word = pick(lang, format!("批 {ready} 对"), format!("Approve {ready} pairs"));
        out.push((with("/pairing/approve", &[]), word, "ok", true));
    }
    if n.free > 0 {
        let again = if n.proposed > 0 {
            t("重新提议", "Propose anew")
        } else {
            t("提议一次", "Propose")
        };
        out.push((
            with("/pairing/propose", &[("rule", "fit")]),
            w(lang, again),
            "redo",
            ready == 0,
        ));
        for (rule, words) in RULES.iter().skip(1) {
            out.push((with("/pairing/propose", &[("rule", rule)]), w(lang, *words), "", false));
        }
        if apart > 0 {
            let word = pick(
                lang,
                format!("拆开的 {apart} 对也重新算"),
                format!("Count the {apart} taken apart again"),
            );
            out.push((
                with("/pairing/propose", &[("rule", "fit"), ("forget", "1")]),
                word,
                "",
                false,
            ));
        }
    }
    out
}
fn hand_fields(ctx: &Ctx, faults: &[FieldFault]) -> Vec<Field> {
    let lang = ctx.lang;
    let mut kinds = vec![(
        String::new(),
        w(lang, t("按性别：妈妈或爸爸", "By sex: mother or father")),
    )];
    kinds.extend(choices(lang, &KINDS));
    vec![
        field(ctx, faults, "kind", t("哪一种", "Kind"), FieldKind::Select(kinds), ""),
        field(
            ctx,
            faults,
            "from",
            t("从哪天起", "Since"),
            FieldKind::Date,
            &ctx.today().to_string(),
        ),
    ]
}
fn new_form(ctx: &Ctx, faults: &[FieldFault]) -> (String, Form, Vec<Field>, String) {
    let lang = ctx.lang;
    let sexes = [
        ("", t("请选", "Choose")),
        ("f", t("女", "Woman")),
        ("m", t("男", "Man")),
    ];
    let (sexes, kinds) = (choices(lang, &sexes), choices(lang, &ADULT_KINDS));
    (
        w(lang, t("加一位帮扶人", "Add a helper")),
        form(ctx, "/pairing/helpers".into()),
        vec![
            field(ctx, faults, "name", t("姓名", "Name"), FieldKind::Text, ""),
            field(ctx, faults, "sex", t("性别", "Sex"), FieldKind::Select(sexes), ""),
            field(
                ctx,
                faults,
                "kind",
                t("是哪一类", "Kind"),
                FieldKind::Select(kinds),
                "volunteer",
            ),
            field(ctx, faults, "unit", t("单位", "Unit"), FieldKind::Text, ""),
            field(
                ctx,
                faults,
                "user",
                t("账号（没有就空着）", "Login (if any)"),
                FieldKind::Text,
                "",
            ),
        ],
        w(lang, t("加上", "Add")),
    )
}

fn pair(ctx: &Ctx) -> Result<Reply> {
    or_board(ctx, pair_now(ctx, ctx.scope()?.clone()), "helper")
}
/// The answer, or the board with what was wrong.
fn or_board(ctx: &Ctx, done: Result<Reply>, field: &str) -> Result<Reply> {
    match done.as_ref().err().and_then(|e| faults_of(e, field)) {
        Some(f) => board(ctx, 422, &f, &[]),
        None => done,
    }
}
fn pair_now(ctx: &Ctx, scope: Scope) -> Result<Reply> {
    let school = scope.the_school()?.id;
    let pick = |name: &str, zh: &str, en: &str| -> Result<Id> {
        ctx.f(name).parse().map_err(|()| Fault::invalid(name, zh, en))
    };
    let child = pick("child", "先点一个孩子", "tap a child first")?;
    let helper = pick("helper", "再点一位帮扶人", "then tap a helper")?;
    crate::more_api::mine(ctx, &scope, child)?;
    let new = NewPairing {
        id: Id::fresh(),
        school,
        helper,
        child,
        from: day(ctx, "from")?.unwrap_or(scope.today),
        to: None,
        kind: Some(ctx.f("kind").to_owned()).filter(|k| !k.is_empty()),
    };
    ctx.write_form(scope.act("pairing.add"), move |w| {
        bonds::pair(
            w,
            &NewPairing {
                id: Id::fresh(),
                ..new.clone()
            },
            scope.today,
        )?;
        Ok("/pairing?view=running&saved=1".into())
    })
}
fn propose_now(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = keeper(&scope)?;
    let (rule, forget) = (ctx.f("rule").to_owned(), ctx.f("forget") == "1");
    let done = ctx.write_form(scope.act("pairing.propose"), move |w| {
        propose::propose(w, &scope, school, &rule, forget)?;
        Ok("/pairing?view=proposed&saved=proposed".into())
    });
    or_board(ctx, done, "rule")
}
fn approve_now(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = keeper(&scope)?;
    let done = ctx.write_form(scope.act("pairing.approve"), move |w| {
        propose::approve(w, &scope, school, None, scope.today)?;
        Ok("/pairing?view=running&saved=approved".into())
    });
    or_board(ctx, done, "ids")
}
fn act(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = keeper(&scope)?;
    let what = ctx.f("act").to_owned();
    let done = ctx.write_form(
        scope.act(if what == "part" { "pairing.part" } else { "pairing.lock" }),
        move |w| {
            match what.as_str() {
                "part" => propose::part(w, school, id)?,
                "lock" => propose::lock(w, school, id, true)?,
                "unlock" => propose::lock(w, school, id, false)?,
                _ => return Err(Fault::invalid("act", "点锁住或拆开", "lock or take apart")),
            }
            Ok("/pairing?view=proposed&saved=1".into())
        },
    );
    or_board(ctx, done, "act")
}

fn new_helper(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = keeper(&scope)?;
    let name = match tx_sheet::parse_name(ctx.f("name")) {
        Ok(n) => n.name,
        Err(reason) => {
            return board(
                ctx,
                422,
                &[],
                &[FieldFault {
                    field: "name".into(),
                    reason,
                }],
            );
        }
    };
    let text = |n: &str| Some(ctx.f(n).trim().to_owned()).filter(|s| !s.is_empty());
    let new = NewHelper {
        id: Id::fresh(),
        school,
        name,
        sex: text("sex").filter(|s| ["f", "m"].contains(&s.as_str())),
        kind: text("kind").unwrap_or_else(|| "volunteer".into()),
        unit: text("unit").map(|u| u.chars().take(60).collect()),
        user: text("user"),
    };
    let done = ctx.write_form(scope.act("helper.add"), move |w| {
        let id = bonds::add_helper(w, &new, scope.today)?;
        Ok(format!("/pairing/helpers/{id}"))
    });
    match done.as_ref().err().and_then(|e| faults_of(e, "name")) {
        Some(f) => board(ctx, 422, &[], &f),
        None => done,
    }
}

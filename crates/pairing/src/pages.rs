//! 结对 on screen: the board, a helper with checks, a pair with its end.

use crate::api::{changeable, keeper};
use crate::bonds::{self, ADULT_KINDS, Helper, KINDS, NewHelper, NewPairing, USUAL_LOAD, kind_name};
use tx_access::Scope;
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Text, say, t};
use tx_store::Class;
use tx_web::parts::Top;
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Kind, Link, Person, Piece, Seal};
use tx_web::parts::pairing::{self, FreeChild, HelperCard, PairRow, PairingView};
use tx_web::parts::record::{self, DutyView};
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/pairing", tx_child::OFFICE, Class::P, show)
        .says(t("结对", "Pairing"))
        .query(&[("view", "string", t("ended = 结束的", "ended = those that ended"))]),
    Route::form("/pairing", tx_child::OFFICE, Class::P, pair).says(t("配成一对", "Pair")),
    Route::form("/pairing/helpers", tx_child::OFFICE, Class::P, new_helper).says(t("加一位帮扶人", "Add a helper")),
    Route::get("/pairing/helpers/{id}", tx_child::OFFICE, Class::P, one_helper).says(t("一位帮扶人", "One helper")),
    Route::form("/pairing/helpers/{id}/check", tx_child::OFFICE, Class::O, check)
        .says(t("写核查结果", "Outcome of a check")),
    Route::get("/pairing/{id}", tx_child::OFFICE, Class::P, one_pair).says(t("一对", "One pair")),
    Route::form("/pairing/{id}/end", tx_child::OFFICE, Class::P, end).says(t("结束结对", "End a pairing")),
];

fn month(d: Day, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}.{}", d.year(), d.month()),
        Lang::En => d.month_key(),
    }
}
/// Why nobody can be paired with this helper now; empty when somebody can.
fn against(h: &Helper, today: Day, lang: Lang) -> String {
    if h.valid_to(today).is_some() {
        return String::new();
    }
    let (zh, en) = match h.check {
        None => ("还没核查".to_owned(), "not checked yet".to_owned()),
        Some((_, _, false)) => ("核查没通过".to_owned(), "the check was not passed".to_owned()),
        Some((_, to, true)) => (
            format!("核查到 {} 就过期了", month(to, Lang::Zh)),
            format!("the check ran out in {}", month(to, Lang::En)),
        ),
    };
    say(zh, en).in_lang(lang).to_owned()
}
fn helper_facts(h: &Helper, today: Day, lang: Lang) -> Vec<String> {
    let mut out = vec![
        kind_name(h.helper_kind.as_deref().unwrap_or(&h.kind))
            .in_lang(lang)
            .to_owned(),
    ];
    out.extend(h.unit.clone());
    if let (true, Some(to)) = (h.needs_check(), h.valid_to(today)) {
        out.push(match lang {
            Lang::Zh => format!("核查到 {}", month(to, lang)),
            Lang::En => format!("checked to {}", month(to, lang)),
        });
    }
    out
}
fn w(lang: Lang, text: Text) -> String {
    text.in_lang(lang).to_owned()
}
fn form(ctx: &Ctx, action: String) -> Form {
    Form {
        action,
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..Form::default()
    }
}
/// A field with what was typed, and the reason when it is wrong.
fn field(ctx: &Ctx, faults: &[FieldFault], name: &str, label: Text, kind: FieldKind, value: &str) -> Field {
    let typed = ctx.f(name);
    Field {
        name: name.into(),
        label: w(ctx.lang, label),
        value: if typed.is_empty() { value.into() } else { typed.into() },
        error: tx_web::parts::forms::fault_of(ctx.lang, faults, name),
        kind,
        auto: "off",
        ..Field::default()
    }
}
fn choices(lang: Lang, list: &[(&str, Text)]) -> Vec<(String, String)> {
    list.iter().map(|(c, l)| ((*c).to_owned(), w(lang, *l))).collect()
}

fn show(ctx: &Ctx) -> Result<Reply> {
    board(ctx, 200, &[], &[])
}

fn board(ctx: &Ctx, status: u16, faults: &[FieldFault], new_faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang, today) = (ctx.scope()?, ctx.lang, ctx.today());
    let school = scope.the_school()?.id;
    let ended = ctx.q("view") == Some("ended");
    let (pairs, helpers, kids) = ctx.read(|c| {
        let page = tx_child::Page {
            limit: 5000,
            ..tx_child::Page::default()
        };
        Ok((
            bonds::list(c, scope, None, None)?,
            bonds::helpers(c, scope.county, school, today)?,
            tx_child::list(c, scope, &page)?,
        ))
    })?;
    let running: Vec<_> = pairs.iter().filter(|p| p.runs(today) || p.from > today).collect();
    // those on the school's list come first; who is not on it owes and is owed nothing here
    let free: Vec<FreeChild> = kids
        .iter()
        .filter(|k| k.sight.write && k.left_behind && !running.iter().any(|p| p.child == k.id))
        .map(|k| FreeChild {
            child: Person {
                id: k.id.to_string(),
                name: k.name.clone(),
                ..Person::default()
            },
            facts: [k.class_name.clone(), k.village.clone()]
                .into_iter()
                .flatten()
                .collect(),
            on: ctx.f("child") == k.id.to_string() || ctx.q("child") == Some(&k.id.to_string()),
        })
        .collect();
    let cards: Vec<HelperCard> = helpers
        .iter()
        .map(|h| HelperCard {
            id: h.id.to_string(),
            name: h.name.clone(),
            href: format!("/pairing/helpers/{}", h.id),
            facts: helper_facts(h, today, lang),
            bad: against(h, today, lang),
            load: h.load,
            usual: USUAL_LOAD,
            load_words: match lang {
                Lang::Zh => format!("帮 {} 个", h.load),
                Lang::En => format!("helps {}", h.load),
            },
            on: ctx.f("helper") == h.id.to_string(),
        })
        .collect();
    let gone: Vec<_> = pairs.iter().filter(|p| !p.runs(today) && p.from <= today).collect();
    let shown = if ended { &gone } else { &running };
    let rows: Vec<PairRow> = shown
        .iter()
        .map(|p| {
            let h = helpers.iter().find(|h| h.id == p.helper);
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
                    match lang {
                        Lang::Zh => format!("{bad}，现在看不到孩子"),
                        Lang::En => format!("{bad}: sees no child now"),
                    }
                },
                // a teacher sees the pair of a child that she helps in another class, and cannot end it
                act: (!ended && kids.iter().find(|k| k.id == p.child).is_none_or(|k| k.sight.write))
                    .then(|| Link::new(w(lang, t("结束", "End")), format!("/pairing/{}", p.id)).sheet()),
            }
        })
        .collect();
    let ready = helpers.iter().filter(|h| h.valid_to(today).is_some()).count();
    let sentence = match lang {
        Lang::Zh => vec![
            Piece::Strong(free.len().to_string()),
            Piece::Text(" 名孩子还没结对，".into()),
            Piece::Strong(ready.to_string()),
            Piece::Text(" 位帮扶人可以结对，已经结对 ".into()),
            Piece::Strong(running.len().to_string()),
            Piece::Text(" 对。".into()),
        ],
        Lang::En => vec![
            Piece::Strong(free.len().to_string()),
            Piece::Text(" children have nobody yet, ".into()),
            Piece::Strong(ready.to_string()),
            Piece::Text(" helpers may be paired, ".into()),
            Piece::Strong(running.len().to_string()),
            Piece::Text(" pairs run.".into()),
        ],
    };
    let mut kinds = vec![(
        String::new(),
        w(lang, t("按性别：妈妈或爸爸", "By sex: mother or father")),
    )];
    kinds.extend(choices(lang, &KINDS));
    let keeps = keeper(scope).is_ok();
    let new = keeps.then(|| {
        (
            w(lang, t("加一位帮扶人", "Add a helper")),
            form(ctx, "/pairing/helpers".into()),
            vec![
                field(ctx, new_faults, "name", t("姓名", "Name"), FieldKind::Text, ""),
                field(
                    ctx,
                    new_faults,
                    "sex",
                    t("性别", "Sex"),
                    FieldKind::Select(choices(
                        lang,
                        &[
                            ("", t("请选", "Choose")),
                            ("f", t("女", "Woman")),
                            ("m", t("男", "Man")),
                        ],
                    )),
                    "",
                ),
                field(
                    ctx,
                    new_faults,
                    "kind",
                    t("是哪一类", "Kind"),
                    FieldKind::Select(choices(lang, &ADULT_KINDS)),
                    "volunteer",
                ),
                field(ctx, new_faults, "unit", t("单位", "Unit"), FieldKind::Text, ""),
                field(
                    ctx,
                    new_faults,
                    "user",
                    t("账号（没有就空着）", "Login (if any)"),
                    FieldKind::Text,
                    "",
                ),
            ],
            w(lang, t("加上", "Add")),
        )
    });
    let count = |n: usize| n.to_string();
    let view = PairingView {
        top: Top {
            title: w(lang, t("结对", "Pairing")),
            switch: vec![
                Tab::new(
                    format!("{} {}", w(lang, t("结对中", "Running")), running.len()),
                    "/pairing",
                    !ended,
                ),
                Tab::new(
                    format!("{} {}", w(lang, t("结束的", "Ended")), gone.len()),
                    "/pairing?view=ended",
                    ended,
                ),
            ],
            search: true,
            ..Top::default()
        },
        sentence,
        errors: tx_web::parts::forms::errors(lang, faults.iter().chain(new_faults), |_| String::new()),
        form: form(ctx, "/pairing".into()),
        kids_head: (w(lang, t("还没结对", "Nobody yet")), count(free.len())),
        kids_empty: w(lang, t("名单上的孩子都结对了。", "Every child on the list is paired.")),
        kids: free,
        pairs_head: (
            w(
                lang,
                if ended {
                    t("结束的", "Ended")
                } else {
                    t("结对中", "Pairs")
                },
            ),
            count(rows.len()),
        ),
        pairs_empty: w(lang, t("还没有。", "None yet.")),
        pairs: rows,
        helpers_head: (
            w(lang, t("帮扶人", "Helpers")),
            w(lang, t("圆点是帮几个", "Dots: how many")),
        ),
        helpers_empty: w(lang, t("还没有帮扶人，先加一位。", "No helpers yet; add one first.")),
        helpers: cards,
        fields: vec![
            field(ctx, faults, "kind", t("哪一种", "Kind"), FieldKind::Select(kinds), ""),
            field(
                ctx,
                faults,
                "from",
                t("从哪天起", "Since"),
                FieldKind::Date,
                &today.to_string(),
            ),
        ],
        hint: w(lang, t("先点孩子，再点人。", "Tap a child, then a person.")),
        save: w(lang, t("配成一对", "Pair")),
        new,
    };
    let toast = (ctx.q("saved") == Some("1")).then(|| w(lang, t("存好了", "Saved")));
    let body = pairing::board(lang, &view);
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("结对", "Pairing"), "pairing", toast, body)?,
    ))
}

fn day(ctx: &Ctx, name: &str) -> Result<Option<Day>> {
    let v = ctx.f(name).trim();
    if v.is_empty() {
        return Ok(None);
    }
    Day::parse(v).map(Some).map_err(|reason| {
        Fault::fields(vec![FieldFault {
            field: name.into(),
            reason,
        }])
    })
}
/// A fault of a form as what stands beside its fields.
fn faults_of(e: &Fault, field: &str) -> Option<Vec<FieldFault>> {
    match e {
        Fault::Invalid(_, f) => Some(f.clone()),
        Fault::Conflict(reason) => Some(vec![FieldFault {
            field: field.into(),
            reason: reason.clone(),
        }]),
        _ => None,
    }
}

fn pair(ctx: &Ctx) -> Result<Reply> {
    let done = pair_now(ctx, ctx.scope()?.clone());
    match done.as_ref().err().and_then(|e| faults_of(e, "helper")) {
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
    let k = ctx
        .read(|c| tx_child::fetch(c, &scope, child))?
        .ok_or(Fault::NotFound)?;
    if !k.sight.write {
        return Err(Fault::forbidden(t("您不能改这份档案", "You may not change this file")));
    }
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
        Ok("/pairing?saved=1".into())
    })
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

fn one_helper(ctx: &Ctx) -> Result<Reply> {
    helper_page(ctx, 200, &[])
}
fn helper_page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang, today, id) = (ctx.scope()?, ctx.lang, ctx.today(), ctx.id("id")?);
    let school = scope.the_school()?.id;
    let (h, pairs) = ctx.read(|c| {
        Ok((
            bonds::fetch_helper(c, scope.county, school, id, today)?.ok_or(Fault::NotFound)?,
            bonds::list(c, scope, None, Some(id))?,
        ))
    })?;
    let mut rows = vec![(w(lang, t("是", "Is")), helper_facts(&h, today, lang))];
    if h.needs_check() {
        let words = match (&h.check, against(&h, today, lang)) {
            (Some((on, to, true)), bad) if bad.is_empty() => match lang {
                Lang::Zh => vec![format!("{}核查", on.zh_long()), format!("管到{}", to.zh_long())],
                Lang::En => vec![format!("checked on {on}"), format!("valid to {to}")],
            },
            (_, bad) => vec![bad],
        };
        rows.push((w(lang, t("核查", "Check")), words));
    }
    for p in &pairs {
        let when = match (p.to, lang) {
            (None, Lang::Zh) => format!("{}起", p.from.zh_long()),
            (None, Lang::En) => format!("since {}", p.from),
            (Some(to), Lang::Zh) => format!("{}到{}", p.from.zh_long(), to.zh_long()),
            (Some(to), Lang::En) => format!("{} to {to}", p.from),
        };
        rows.push((
            p.child_name.clone(),
            vec![
                p.class_name.clone().unwrap_or_default(),
                w(lang, kind_name(&p.kind)),
                when,
            ],
        ));
    }
    let forms = if keeper(scope).is_ok() && h.needs_check() {
        vec![(
            w(lang, t("写核查结果", "Outcome of a check")),
            form(ctx, format!("/pairing/helpers/{id}/check")),
            vec![
                field(
                    ctx,
                    faults,
                    "result",
                    t("结果（只记合适不合适）", "Outcome (fit or unfit, no more)"),
                    FieldKind::Select(choices(
                        lang,
                        &[("fit", t("合适", "Fit")), ("unfit", t("不合适", "Unfit"))],
                    )),
                    "fit",
                ),
                field(
                    ctx,
                    faults,
                    "on",
                    t("核查日期", "Checked on"),
                    FieldKind::Date,
                    &today.to_string(),
                ),
                field(
                    ctx,
                    faults,
                    "valid_to",
                    t("管到哪天（最多一年）", "Valid to (a year at most)"),
                    FieldKind::Date,
                    &today.plus_months(12).plus(-1).to_string(),
                ),
            ],
            w(lang, t("存好", "Save")),
        )]
    } else {
        Vec::new()
    };
    let view = DutyView {
        child: Person {
            id: id.to_string(),
            name: h.name.clone(),
            sub: w(lang, kind_name(&h.kind)),
            ..Person::default()
        },
        seal: Seal::of(Kind::Guardian),
        title: w(lang, t("帮扶人", "Helper")),
        rows,
        open: forms
            .first()
            .filter(|_| h.valid_to(today).is_none())
            .map(|f| f.0.clone())
            .unwrap_or_default(),
        forms,
        ..DutyView::default()
    };
    let body = record::duty(lang, &view, "/pairing");
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("帮扶人", "Helper"), "pairing", None, body)?,
    ))
}
fn check(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let (school, id) = (keeper(&scope)?, ctx.id("id")?);
    let run = || -> Result<Reply> {
        let on = day(ctx, "on")?.unwrap_or(scope.today);
        let to = day(ctx, "valid_to")?.unwrap_or_else(|| on.plus_months(12).plus(-1));
        let (result, today) = (ctx.f("result").to_owned(), scope.today);
        ctx.write_form(scope.act("helper.check"), move |w| {
            bonds::check(w, school, id, on, to, &result, today)?;
            Ok("/pairing?saved=1".into())
        })
    };
    let done = run();
    match done.as_ref().err().and_then(|e| faults_of(e, "on")) {
        Some(f) => helper_page(ctx, 422, &f),
        None => done,
    }
}

fn one_pair(ctx: &Ctx) -> Result<Reply> {
    pair_page(ctx, 200, &[])
}
fn pair_page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang, today) = (ctx.scope()?, ctx.lang, ctx.today());
    let id = ctx.id("id")?;
    let p = ctx.read(|c| changeable(c, scope, id))?;
    let view = DutyView {
        child: Person {
            id: p.child.to_string(),
            name: p.child_name.clone(),
            href: format!("/children/{}", p.child),
            sub: p.class_name.clone().unwrap_or_default(),
            key: false,
        },
        seal: Seal::of(Kind::Guardian),
        title: w(lang, t("结对", "Pairing")),
        rows: vec![
            (
                w(lang, t("帮扶人", "Helper")),
                vec![p.helper_name.clone(), w(lang, kind_name(&p.kind))],
            ),
            (
                w(lang, t("从", "Since")),
                vec![match lang {
                    Lang::Zh => p.from.zh_long(),
                    Lang::En => p.from.to_string(),
                }],
            ),
        ],
        forms: vec![(
            w(lang, t("结束结对", "End the pairing")),
            form(ctx, format!("/pairing/{id}/end")),
            vec![
                field(
                    ctx,
                    faults,
                    "reason",
                    t("为什么（密封保存）", "Why (kept sealed)"),
                    FieldKind::Long,
                    "",
                ),
                field(
                    ctx,
                    faults,
                    "on",
                    t("最后一天", "Last day"),
                    FieldKind::Date,
                    &today.to_string(),
                ),
            ],
            w(lang, t("结束", "End")),
        )],
        open: w(lang, t("结束结对", "End the pairing")),
        ..DutyView::default()
    };
    let body = record::duty(lang, &view, "/pairing");
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("结对", "Pairing"), "pairing", None, body)?,
    ))
}
fn end(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| changeable(c, &scope, id))?;
    let run = || -> Result<Reply> {
        let (on, reason, today) = (
            day(ctx, "on")?.unwrap_or(scope.today),
            ctx.f("reason").to_owned(),
            scope.today,
        );
        ctx.write_form(scope.act("pairing.end"), move |w| {
            bonds::end(w, id, on, &reason, today)?;
            Ok("/pairing?saved=1".into())
        })
    };
    let done = run();
    match done.as_ref().err().and_then(|e| faults_of(e, "on")) {
        Some(f) => pair_page(ctx, 422, &f),
        None => done,
    }
}

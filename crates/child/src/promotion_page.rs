//! 升级 on screen: each child with a fate, a look before it is done, the step itself, and the way back.

use crate::acts::{OFFICE, changed_since, may_promote};
use crate::promotion::{self, Fate, Plan};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tx_base::{Fault, Id, Lang, Result, Text, say, t};
use tx_calendar::ClassCode;
use tx_store::Class;
use tx_web::parts::forms::Form;
use tx_web::parts::lists::TableView;
use tx_web::parts::marks::{Look, Piece, Pill};
use tx_web::parts::{self, Link, Top};
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/promotion", OFFICE, Class::O, show).says(t("升级", "Promotion")),
    Route::form("/promotion", OFFICE, Class::O, step).says(t("看一遍或升级", "Look, or take the step")),
    Route::form("/promotion/{id}/undo", OFFICE, Class::O, undo).says(t("撤回升级", "Take the promotion back")),
];

/// Fates of the form that differ from the proposed ones.
fn fates(ctx: &Ctx, plan: &Plan) -> Result<BTreeMap<Id, Fate>> {
    let mut out = BTreeMap::new();
    for p in plan.classes.iter().flat_map(|k| &k.pupils) {
        let v = ctx.f(&format!("fate_{}", p.id));
        if v.is_empty() {
            continue;
        }
        let fate = Fate::parse(v).ok_or_else(|| {
            Fault::invalid(
                &format!("fate_{}", p.id),
                format!("{}的去向没选对", p.name),
                format!("choose what becomes of {}", p.name),
            )
        })?;
        if fate != p.proposed {
            out.insert(p.id, fate);
        }
    }
    Ok(out)
}
fn goes_to(code: ClassCode, fate: Fate) -> Option<ClassCode> {
    match fate {
        Fate::Next => ClassCode::new(code.grade + 1, code.number),
        Fate::Stay => Some(code),
        Fate::Leave | Fate::Graduate => None,
    }
}

fn load(ctx: &Ctx) -> Result<(Id, Option<Plan>, Vec<promotion::Taken>)> {
    let scope = ctx.scope()?;
    let school = may_promote(scope)?;
    ctx.read(|c| {
        Ok((
            school,
            promotion::plan(c, scope.county, school)?,
            promotion::taken(c, scope.county, school)?,
        ))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    choose(ctx, 200, None)
}
fn choose(ctx: &Ctx, status: u16, fault: Option<String>) -> Result<Reply> {
    let lang = ctx.lang;
    let w = |text: Text| text.in_lang(lang).to_owned();
    let (_, plan, taken) = load(ctx)?;
    let toast = match ctx.q("done") {
        Some("1") => Some(w(t("升级好了", "Promoted"))),
        Some("undone") => Some(w(t("都回到原来的班了", "Everybody is back"))),
        _ => None,
    };
    let form = Form {
        action: "/promotion".into(),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden: vec![
            ("step".into(), "look".into()),
            ("seen".into(), plan.as_ref().map(Plan::seen).unwrap_or_default()),
        ],
        ..Form::default()
    };
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &Top { title: w(t("升级", "Promotion")), sub: plan.as_ref().map(|p| match lang {
            Lang::Zh => format!("{} → {}", p.from.name(), p.into.name()),
            Lang::En => format!("{} → {}", p.from.code(), p.into.code()),
        }).into_iter().collect(), ..Top::default() }))
        @if let Some(f) = &fault { (parts::strip(Pill::Late, "warn", f, None)) }
        @match &plan {
            None => (parts::empty(&w(t("还没有班级里的孩子。", "There are no children in classes yet.")), Some(&Link::new(w(t("看孩子", "Children")), "/children")))),
            Some(p) => {
                p.say { (pieces_of(p, lang)) }
                @if !p.without.is_empty() {
                    (parts::strip(Pill::Due, "warn", &match lang {
                        Lang::Zh => format!("{} 名孩子没有班级，先分好班：{}", p.without.len(), p.without.iter().map(|k| k.name.as_str()).collect::<Vec<_>>().join("、")),
                        Lang::En => format!("{} children have no class; place them first: {}", p.without.len(), p.without.iter().map(|k| k.name.as_str()).collect::<Vec<_>>().join(", ")),
                    }, None))
                }
                (parts::form(&form, "childform", html! {
                    @for k in &p.classes { (class_part(ctx, k, lang)) }
                    div.two.foot2 { button.btn.b1 { (w(t("看一遍", "Look it over"))) } }
                }))
            }
        }
        (earlier(ctx, &taken, lang))
    };
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("升级", "Promotion"), "children", toast, body)?,
    ))
}
fn pieces_of(p: &Plan, lang: Lang) -> Markup {
    let n = Piece::Strong(p.count().to_string());
    parts::pieces(&match lang {
        Lang::Zh => vec![n, Piece::Text(" 名孩子，每人一个去向。不用改的就照下面这样。".into())],
        Lang::En => vec![
            n,
            Piece::Text(" children, each with a fate. What need not be changed stays as below.".into()),
        ],
    })
}
fn class_part(ctx: &Ctx, k: &promotion::ClassNow, lang: Lang) -> Markup {
    let w = |text: Text| text.in_lang(lang).to_owned();
    let to = match goes_to(k.code, k.pupils[0].proposed) {
        Some(c) => c.screen(),
        None => w(Fate::Graduate.name()),
    };
    html! {
        details.fold.card {
            summary { b { (k.code.screen()) } " → " (to) span.m { " " (match lang { Lang::Zh => format!("{} 人", k.pupils.len()), Lang::En => k.pupils.len().to_string() }) } (parts::icon("down")) }
            div.fates {
                @for p in &k.pupils {
                    @let now = Some(ctx.f(&format!("fate_{}", p.id))).filter(|v| !v.is_empty()).unwrap_or(p.proposed.code());
                    label { span { (parts::pebble(&p.name, &p.id.to_string(), "s")) " " (p.name) }
                        select name={"fate_" (p.id)} { @for f in Fate::ALL.into_iter().filter(|f| *f != Fate::Next || k.code.grade < 9) { option value=(f.code()) selected[f.code() == now] { (w(f.name())) } } } }
                }
            }
        }
    }
}
fn earlier(ctx: &Ctx, taken: &[promotion::Taken], lang: Lang) -> Markup {
    let w = |text: Text| text.in_lang(lang).to_owned();
    let newest = taken.iter().find(|p| !p.undone).map(|p| p.id);
    html! {
        @if !taken.is_empty() {
            (parts::lists::heading(&w(t("做过的升级", "Steps taken")), "", None))
            section.card.list {
                @for p in taken {
                    div.row { div.b {
                        div.n { (match lang { Lang::Zh => p.into.name(), Lang::En => p.into.code() }) @if p.undone { (parts::pill(Pill::Mute, &w(t("已撤回", "Taken back")), "")) } }
                        div.x { (parts::facts(&p.counts.iter().filter_map(|(k, n)| Fate::parse(k).map(|f| format!("{} {n}", w(f.name())))).collect::<Vec<_>>())) }
                    }
                    @if newest == Some(p.id) {
                        (parts::forms::post_button(&Form { action: format!("/promotion/{}/undo", p.id), csrf: ctx.csrf(), key: ctx.form_key(), ..Form::default() }, &w(t("撤回", "Undo")), "", Look::Second))
                    } }
                }
            }
        }
    }
}

fn step(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let (school, plan, _) = load(ctx)?;
    let lang = ctx.lang;
    let plan = plan.ok_or_else(|| Fault::Conflict(say("还没有班级里的孩子", "There are no children in classes")))?;
    if ctx.f("seen") != plan.seen() {
        return choose(ctx, 422, Some(changed_since().say().in_lang(lang).to_owned()));
    }
    let fates = match fates(ctx, &plan) {
        Ok(f) => f,
        Err(e) => return choose(ctx, 422, Some(e.say().in_lang(lang).to_owned())),
    };
    match ctx.f("step") {
        "do" => {}
        // back to the choice with what was chosen
        "change" => return choose(ctx, 200, None),
        _ => return look(ctx, &plan, &fates),
    }
    let seen = plan.seen();
    let done = ctx.write_form(scope.act("school.promote"), move |w| {
        let now = promotion::plan(w.conn(), scope.county, school)?
            .filter(|p| p.seen() == seen)
            .ok_or_else(changed_since)?;
        promotion::apply(w, school, &now, &fates, scope.today)?;
        Ok("/promotion?done=1".into())
    });
    match done {
        Err(e @ (Fault::Conflict(_) | Fault::Invalid(..))) => choose(ctx, 422, Some(e.say().in_lang(lang).to_owned())),
        other => other,
    }
}
fn look(ctx: &Ctx, plan: &Plan, fates: &BTreeMap<Id, Fate>) -> Result<Reply> {
    let lang = ctx.lang;
    let w = |text: Text| text.in_lang(lang).to_owned();
    let fate_of = |p: &promotion::Pupil| fates.get(&p.id).copied().unwrap_or(p.proposed);
    let mut head = vec![w(t("班级", "Class"))];
    head.extend(Fate::ALL.map(|f| w(f.name())));
    let rows = plan
        .classes
        .iter()
        .map(|k| {
            let n = |f: Fate| k.pupils.iter().filter(|p| fate_of(p) == f).count();
            let mut row = vec![vec![Piece::Text(
                match goes_to(k.code, Fate::Next).filter(|_| n(Fate::Next) > 0) {
                    Some(to) => format!("{} → {}", k.code.screen(), to.screen()),
                    None => k.code.screen(),
                },
            )]];
            row.extend(Fate::ALL.map(|f| {
                vec![match n(f) {
                    0 => Piece::Text("—".into()),
                    n => Piece::Text(n.to_string()),
                }]
            }));
            row
        })
        .collect();
    let odd: Vec<String> = plan
        .classes
        .iter()
        .flat_map(|k| k.pupils.iter().map(move |p| (k, p)))
        .filter(|(_, p)| fate_of(p) != p.proposed)
        .map(|(k, p)| format!("{} {} {}", k.code.screen(), p.name, w(fate_of(p).name())))
        .collect();
    let mut hidden = vec![("step".to_owned(), "do".to_owned()), ("seen".to_owned(), plan.seen())];
    hidden.extend(fates.iter().map(|(id, f)| (format!("fate_{id}"), f.code().to_owned())));
    let form = Form {
        action: "/promotion".into(),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden,
        ..Form::default()
    };
    let back = {
        let mut f = form.clone();
        f.key = ctx.form_key();
        for (_, v) in f.hidden.iter_mut().filter(|(n, _)| n == "step") {
            *v = "change".into();
        }
        f
    };
    let early = plan.day().plus(-promotion::EARLY_DAYS);
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &Top { title: w(t("看一遍", "Look it over")), sub: vec![match lang { Lang::Zh => plan.into.name(), Lang::En => plan.into.code() }], ..Top::default() }))
        @if ctx.today() < early {
            (parts::strip(Pill::Due, "warn", &match lang {
                Lang::Zh => format!("{}起才能升级，旧班还要用到那时。", early.zh_long()),
                Lang::En => format!("The step may be taken from {early}; until then the old classes are at work."),
            }, None))
        }
        section.card.pad { (parts::table(&TableView { head, rows, right: vec![1, 2, 3, 4], ..TableView::default() })) }
        @if !odd.is_empty() { section.card.pad { h2 { (w(t("和别人不一样的", "Other than proposed"))) } ul { @for o in &odd { li { (o) } } } } }
        p.m3 { (w(t("下一学年的班会建好，班主任要再定。做错了可以撤回。", "Classes of the next year are made; their class teachers are to be named. It can be taken back."))) }
        div.two.foot2 {
            (parts::forms::post_button(&back, &w(t("再改改", "Change something")), "", Look::Second))
            @if ctx.today() >= early { (parts::forms::post_button(&form, &w(t("升级", "Promote")), "", Look::First)) }
        }
    };
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("升级", "Promotion"),
        "children",
        None,
        body,
    )?))
}

fn undo(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let (school, id) = (may_promote(&scope)?, ctx.id("id")?);
    ctx.write_form(scope.act("school.promote_undo"), move |w| {
        promotion::undo(w, school, id)?;
        Ok("/promotion?done=undone".into())
    })
}

//! A duty's own sheet: why it is due, and 改日子, 免做, 交给别人 (screens.md §3, §5.3; features C5, C11).

use crate::api::{items, may_steer};
use crate::facts::{self, NewFact, Told};
use crate::feed::feed;
use crate::sheet::{asked, back, reply};
use crate::today::{mark, seal_of};
use tx_access::Scope;
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Text, t};
use tx_duty::{Duty, Subject};
use tx_record::find_kind;
use tx_record::form::fault_of;
use tx_store::{Class, Conn, params};
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::marks::{Link, Person};
use tx_web::parts::record;
use tx_web::{Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/duties/{id}", STAFF, Class::P, show).says(t("这件事", "This duty")),
    Route::form("/duties/{id}", STAFF, Class::P, save).says(t("改日子、免做、交给别人", "Move, excuse, give away")),
];

const MOVE: Text = t("改日子", "Another day");
const EXCUSE: Text = t("免做", "Excuse");
const ASSIGN: Text = t("交给别人", "Give to another");

/// Links of a row's menu.
pub(crate) fn menu(d: &Duty, lang: Lang) -> Vec<Link> {
    let child = d.subject.child().map(|c| format!("&child={c}")).unwrap_or_default();
    [("move", MOVE), ("excuse", EXCUSE), ("assign", ASSIGN)]
        .map(|(what, name)| Link::new(name.in_lang(lang), format!("/duties/{}?do={what}{child}", d.id)).sheet())
        .to_vec()
}
/// The duty's own address.
pub(crate) fn href(d: &Duty) -> String {
    d.subject.child().map_or_else(
        || format!("/duties/{}", d.id),
        |c| format!("/duties/{}?child={c}", d.id),
    )
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

/// The duty, if the scope shows it. With the child named only that child's duties are asked for.
fn find(ctx: &Ctx, c: &Conn) -> Result<Duty> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let child = asked(ctx, "child").parse().ok();
    let all = items(c, scope, scope.the_school()?.id, scope.today, child, true)?;
    all.into_iter()
        .map(|(d, _)| d)
        .find(|d| d.id == id)
        .ok_or(Fault::NotFound)
}
/// People of the school who may be given a duty: id, login, shown name.
fn staff(c: &Conn, scope: &Scope, school: Id) -> Result<Vec<(Id, String, String)>> {
    let sql = "select distinct a.id, a.name, a.shown from accounts a join grants g on g.county_id = a.county_id and g.account_id = a.id \
               where a.county_id = ?1 and g.school_id = ?2 and a.disabled_at is null and g.from_day <= ?3 and (g.to_day is null or g.to_day >= ?3) \
               and g.held in ('role:head', 'role:leader', 'role:class_teacher', 'role:counsellor', 'role:subject_teacher', 'role:duty_leader') order by a.shown, a.id";
    Ok(c.query(sql, params![scope.county, school, scope.today])?
        .iter()
        .map(|r| (r.id(0), r.text(1), r.text(2)))
        .collect())
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = scope.the_school()?.id;
    let (d, rule, last, told, people, child) = ctx.read(|c| {
        let d = find(ctx, c)?;
        let fed = feed(c, scope.county, school, scope.today, d.subject.child())?;
        let last = d
            .subject
            .child()
            .and_then(|k| fed.last(scope.today).get(&(k, d.kind.clone())).copied());
        let child = d
            .subject
            .child()
            .map(|k| tx_child::fetch(c, scope, k))
            .transpose()?
            .flatten();
        let rule = fed.rule(&d).map(|r| (r.sentence(), r.law.clone()));
        Ok((
            d.clone(),
            rule,
            last,
            facts::told(ctx.db().keys(), c, scope.county, d.id)?,
            staff(c, scope, school)?,
            child,
        ))
    })?;
    let kind = find_kind(&d.kind);
    let name = |id: Id| {
        people
            .iter()
            .find(|p| p.0 == id)
            .map(|p| p.2.clone())
            .unwrap_or_default()
    };
    let say = |t: Text| t.in_lang(lang).to_owned();
    let mut rows: Vec<(String, Vec<String>)> = vec![
        (
            say(t("为什么", "Why")),
            rule.map_or_else(
                || vec![say(t("上次约好的", "It was promised"))],
                |(s, law)| {
                    [
                        // staff screens say 孩子 (screens.md §4)
                        Some(s.in_lang(lang).replace("留守儿童", "孩子")),
                        law,
                    ]
                    .into_iter()
                    .flatten()
                    .collect()
                },
            ),
        ),
        (
            say(t("什么时候", "When")),
            vec![
                d.state.name().in_lang(lang).into(),
                tx_calendar::describe(d.window, scope.today, lang),
                span(&d, lang),
            ],
        ),
        (
            say(t("谁来做", "Whose")),
            vec![
                d.post.name().in_lang(lang).into(),
                d.owner.map(name).unwrap_or_default(),
            ],
        ),
        (
            say(t("上次", "Last time")),
            vec![
                last.map(|d| day(d, lang))
                    .unwrap_or_else(|| say(t("还没有", "none yet"))),
            ],
        ),
    ];
    if !d.tries.is_empty() {
        let n = d.tries.len();
        rows.push((
            say(t("试过", "Tried")),
            vec![if lang == Lang::Zh {
                format!("{n} 次")
            } else {
                n.to_string()
            }],
        ));
    }
    rows.extend(told.iter().map(|f| fact_row(f, &people, lang)));
    let whole = match d.subject {
        Subject::School(_) => t("全校", "The school"),
        _ => t("全班", "The class"),
    };
    let person = Person {
        id: d.subject.id().to_string(),
        name: child.as_ref().map_or_else(|| say(whole), |k| k.name.clone()),
        sub: child.as_ref().and_then(|k| k.class_name.clone()).unwrap_or_default(),
        ..Default::default()
    };
    let may = may_steer(scope, &d);
    let open = asked(ctx, "do");
    let mut view = record::DutyView {
        seal: seal_of(&d.kind, mark(&d)),
        title: kind.map_or_else(|| d.kind.to_string(), |k| k.name.in_lang(lang).into()),
        rows,
        act: d.subject.child().filter(|_| d.state.is_live()).map(|c| {
            Link::new(
                say(t("记", "Record")),
                format!("/record?child={c}&kind={}&duty={}", d.kind, d.id),
            )
            .sheet()
        }),
        child: person,
        links: child
            .iter()
            .map(|k| {
                Link::new(
                    if lang == Lang::Zh {
                        format!("打开{}", k.name)
                    } else {
                        format!("Open {}", k.name)
                    },
                    format!("/children/{}", k.id),
                )
            })
            .collect(),
        open: match open.as_str() {
            "move" => say(MOVE),
            "excuse" => say(EXCUSE),
            "assign" => say(ASSIGN),
            _ => String::new(),
        },
        ..Default::default()
    };
    if may {
        let form = |what: &str| Form {
            action: format!("/duties/{}", d.id),
            csrf: ctx.csrf(),
            key: ctx.form_key(),
            hidden: vec![
                ("do".into(), what.into()),
                (
                    "child".into(),
                    d.subject.child().map(|c| c.to_string()).unwrap_or_default(),
                ),
                ("back".into(), back(ctx)),
            ],
            ..Default::default()
        };
        let why = |what: &str| Field {
            name: format!("reason_{what}"),
            label: say(t("原因", "Reason")),
            value: ctx.f(&format!("reason_{what}")).into(),
            hint: say(t("家里和孩子看不到", "Not shown to families and children")),
            error: if open == what {
                fault_of(faults, "reason", lang)
            } else {
                String::new()
            },
            max: 200,
            ..Default::default()
        };
        let to = |kind: FieldKind, label: Text, what: &str, value: String| Field {
            name: format!("to_{what}"),
            label: say(label),
            value: Some(ctx.f(&format!("to_{what}")))
                .filter(|v| !v.is_empty())
                .map_or(value, str::to_owned),
            error: if open == what {
                fault_of(faults, "to", lang)
            } else {
                String::new()
            },
            kind,
            ..Default::default()
        };
        let mut choices = vec![(String::new(), "—".to_owned())];
        choices.extend(
            people
                .iter()
                .filter(|p| Some(p.0) != d.owner)
                .map(|p| (p.1.clone(), p.2.clone())),
        );
        let later = d.window.to.max(scope.today).plus(7).to_string();
        view.forms = vec![
            (
                say(MOVE),
                form("move"),
                vec![
                    to(FieldKind::Date, t("改到哪天以前", "By which day"), "move", later),
                    why("move"),
                ],
                say(t("改好", "Move")),
            ),
            (
                say(EXCUSE),
                form("excuse"),
                vec![why("excuse")],
                say(t("免做", "Excuse")),
            ),
            (
                say(ASSIGN),
                form("assign"),
                vec![
                    to(
                        FieldKind::Select(choices),
                        t("交给谁", "To whom"),
                        "assign",
                        String::new(),
                    ),
                    why("assign"),
                ],
                say(t("交给", "Give")),
            ),
        ];
        if !told.is_empty() {
            view.forms.push((
                say(t("撤回上一次改动", "Take the last change back")),
                form("undo"),
                Vec::new(),
                say(t("撤回", "Take back")),
            ));
        }
    }
    reply(ctx, status, t("待办", "Duty"), record::duty(lang, &view, &back(ctx)))
}

fn day(d: Day, lang: Lang) -> String {
    if lang == Lang::Zh { d.zh_short() } else { d.to_string() }
}
fn span(d: &Duty, lang: Lang) -> String {
    if lang == Lang::Zh {
        format!("{}到{}", d.window.from.zh_short(), d.window.to.zh_short())
    } else {
        format!("{} to {}", d.window.from, d.window.to)
    }
}
fn fact_row(f: &Told, people: &[(Id, String, String)], lang: Lang) -> (String, Vec<String>) {
    let name = match f.fact.as_str() {
        "excuse" => EXCUSE,
        "move" => MOVE,
        _ => ASSIGN,
    };
    let to = f
        .to_account
        .and_then(|id| people.iter().find(|p| p.0 == id))
        .map(|p| p.2.clone());
    let facts = [to, f.to_day.map(|d| day(d, lang)), Some(f.reason.clone())];
    (
        name.in_lang(lang).into(),
        facts.into_iter().flatten().filter(|s| !s.is_empty()).collect(),
    )
}

/// What a form or the API writes about a duty, checked. `to` is a day or a login.
pub(crate) fn fact(c: &Conn, scope: &Scope, d: &Duty, what: &str, reason: &str, to: &str) -> Result<NewFact> {
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut fault = |field: &str, zh: &str, en: &str| {
        bad.push(FieldFault {
            field: field.into(),
            reason: tx_base::say(zh, en),
        })
    };
    let reason = reason.trim();
    if reason.is_empty() {
        fault("reason", "要写原因", "A reason is needed");
    } else if reason.chars().count() > 500 {
        fault("reason", "最多 500 个字", "at most 500 characters");
    }
    let school = scope.the_school()?.id;
    let mut new = NewFact {
        school,
        duty: d.id,
        child: d.subject.child(),
        fact: "excuse",
        reason: reason.into(),
        to_day: None,
        to_account: None,
    };
    match what {
        "excuse" => {}
        "move" => {
            new.fact = "move";
            match Day::parse(to) {
                Ok(day) if day < d.window.from => {
                    fault("to", "要在这件事开始以后", "it cannot lie before the window begins")
                }
                Ok(day) if day > scope.today.plus(731) => fault("to", "太远了", "too far away"),
                Ok(day) => new.to_day = Some(day),
                Err(e) => fault("to", &e.zh, &e.en),
            }
        }
        "assign" => {
            new.fact = "assign";
            match staff(c, scope, school)?.into_iter().find(|p| p.1 == to) {
                Some((id, ..)) => new.to_account = Some(id),
                None if to.is_empty() => fault("to", "要选一个人", "choose a person"),
                None => fault(
                    "to",
                    &format!("本校没有能接手的账号 {to}"),
                    &format!("no user {to} of this school can take it"),
                ),
            }
        }
        _ => return Err(Fault::NotFound),
    }
    if bad.is_empty() {
        Ok(new)
    } else {
        Err(Fault::fields(bad))
    }
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let what = ctx.f("do").to_owned();
    let to = back(ctx);
    let d = ctx.read(|c| find(ctx, c))?;
    if !may_steer(scope, &d) {
        return Err(Fault::forbidden(t("这件事不归您", "This duty is not yours")));
    }
    if what == "undo" {
        let last = ctx
            .read(|c| facts::told(ctx.db().keys(), c, scope.county, d.id))?
            .pop()
            .ok_or(Fault::NotFound)?;
        return ctx.write_form(scope.act("duty.undo"), move |w| {
            facts::undo(w, last.id)?;
            Ok(to.clone())
        });
    }
    let (reason, whom) = (ctx.f(&format!("reason_{what}")), ctx.f(&format!("to_{what}")));
    match ctx.read(|c| fact(c, scope, &d, &what, reason, whom)) {
        Ok(new) => ctx.write_form(scope.act(&format!("duty.{what}")), move |w| {
            facts::add(w, &new)?;
            Ok(to.clone())
        }),
        Err(Fault::Invalid(_, faults)) => page(ctx, 422, &faults),
        Err(e) => Err(e),
    }
}

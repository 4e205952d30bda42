//! 结对 on screen beside the board: a helper with check, training and points, a child's wishes.

use crate::api::keeper;
use crate::bonds::{self, Helper, KINDS, kind_name};
use crate::more_api::{WATCH, mine, sees_points};
use crate::notes::{self, Note, VERDICTS};
use crate::people::{self, Facts, Wish};
use tx_assign::Consent;
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Text, say, t};
use tx_store::Class;
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::marks::{Kind, Link, Person, Seal};
use tx_web::parts::record::{self, DutyView};
use tx_web::{Ctx, Reply, Route, Who};

/// Points are written by the head and the leading group.
const LEADING: Who = Who::Roles(&[tx_access::Role::Head, tx_access::Role::Leader]);

pub static ROUTES: &[Route] = &[
    Route::get("/pairing/helpers/{id}", WATCH, Class::P, one_helper).says(t("一位帮扶人", "One helper")),
    Route::form("/pairing/helpers/{id}/check", tx_child::OFFICE, Class::O, check)
        .says(t("写核查结果", "Outcome of a check")),
    Route::form("/pairing/helpers/{id}/facts", tx_child::OFFICE, Class::P, facts)
        .says(t("帮扶人的情况和意愿", "What a helper brings along and wishes")),
    Route::form("/pairing/helpers/{id}/training", tx_child::OFFICE, Class::P, training).says(t("记培训", "Training")),
    Route::form("/pairing/helpers/{id}/points", LEADING, Class::P, points).says(t("加分或扣分", "Points")),
    Route::get("/pairing/children/{id}", tx_child::OFFICE, Class::P, one_child)
        .says(t("孩子对结对的意愿", "A child's wishes for a helper")),
    Route::form("/pairing/children/{id}", tx_child::OFFICE, Class::P, wishes).says(t("写意愿", "Write the wishes")),
];

fn month(d: Day, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}.{}", d.year(), d.month()),
        Lang::En => d.month_key(),
    }
}
/// Why nobody can be paired with this helper now; empty when somebody can.
pub(crate) fn against(h: &Helper, today: Day, lang: Lang) -> String {
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
pub(crate) fn helper_facts(h: &Helper, today: Day, lang: Lang) -> Vec<String> {
    let mut out = vec![
        kind_name(h.helper_kind.as_deref().unwrap_or(&h.kind))
            .in_lang(lang)
            .to_owned(),
    ];
    out.extend(h.unit.clone().filter(|u| !out.contains(u)));
    if let (true, Some(to)) = (h.needs_check(), h.valid_to(today)) {
        out.push(match lang {
            Lang::Zh => format!("核查到 {}", month(to, lang)),
            Lang::En => format!("checked to {}", month(to, lang)),
        });
    }
    out
}
pub(crate) fn w(lang: Lang, text: Text) -> String {
    text.in_lang(lang).to_owned()
}
pub(crate) fn form(ctx: &Ctx, action: String) -> Form {
    Form {
        action,
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..Form::default()
    }
}
/// A field with what was typed, and the reason when it is wrong.
pub(crate) fn field(ctx: &Ctx, faults: &[FieldFault], name: &str, label: Text, kind: FieldKind, value: &str) -> Field {
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
pub(crate) fn choices(lang: Lang, list: &[(&str, Text)]) -> Vec<(String, String)> {
    list.iter().map(|(c, l)| ((*c).to_owned(), w(lang, *l))).collect()
}

pub(crate) fn day(ctx: &Ctx, name: &str) -> Result<Option<Day>> {
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
pub(crate) fn faults_of(e: &Fault, field: &str) -> Option<Vec<FieldFault>> {
    match e {
        Fault::Invalid(_, f) => Some(f.clone()),
        Fault::Conflict(reason) => Some(vec![FieldFault {
            field: field.into(),
            reason: reason.clone(),
        }]),
        _ => None,
    }
}

pub(crate) type Fold = (String, Form, Vec<Field>, String);

pub(crate) fn long(d: Day, lang: Lang) -> String {
    pick(lang, d.zh_long(), d.to_string())
}
pub(crate) fn pick(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> String {
    say(zh, en).in_lang(lang).to_owned()
}
fn hours(minutes: i64, lang: Lang) -> String {
    let h = minutes as f64 / 60.0;
    let h = if minutes % 60 == 0 {
        format!("{}", minutes / 60)
    } else {
        format!("{h:.1}")
    };
    pick(lang, format!("{h} 小时"), format!("{h} h"))
}
fn signed(n: i64) -> String {
    if n > 0 { format!("+{n}") } else { n.to_string() }
}
/// An entry as a row: the day, what was written and by whom.
pub(crate) fn entry(n: &Note, lang: Lang) -> (String, Vec<String>) {
    let mut out = vec![match n.sort.as_str() {
        "points" => pick(
            lang,
            format!("{} 分", signed(n.amount)),
            format!("{} points", signed(n.amount)),
        ),
        "training" => hours(n.amount, lang),
        _ => VERDICTS
            .iter()
            .find(|(v, _)| Some(*v) == n.verdict.as_deref())
            .map(|(_, t)| w(lang, *t))
            .unwrap_or_default(),
    }];
    out.extend(n.words.clone());
    if let Some(d) = n.next_on {
        out.push(pick(lang, format!("下次 {}", long(d, lang)), format!("next on {d}")));
    }
    out.push(n.by.clone());
    (long(n.on, lang), out)
}

fn one_helper(ctx: &Ctx) -> Result<Reply> {
    helper_page(ctx, 200, &[], "")
}
/// `open` = the form that was sent and refused.
fn helper_page(ctx: &Ctx, status: u16, faults: &[FieldFault], open: &str) -> Result<Reply> {
    let (scope, lang, today, id) = (ctx.scope()?, ctx.lang, ctx.today(), ctx.id("id")?);
    let school = scope.the_school()?.id;
    let (h, pairs, f, all, said) = ctx.read(|c| {
        let h = bonds::fetch_helper(c, scope.county, school, id, today)?.ok_or(Fault::NotFound)?;
        let pairs = bonds::list(c, scope, None, Some(id))?;
        let mut said = Vec::new();
        for p in &pairs {
            said.push(people::consent_of(c, scope.county, p.child)?);
        }
        Ok((
            h,
            pairs,
            people::facts_of(c, scope.county, school, id)?,
            notes::of_helper(c, ctx.db().keys(), scope.county, id)?,
            said,
        ))
    })?;
    let keeps = keeper(scope).is_ok();
    let mut rows = vec![(w(lang, t("是", "Is")), helper_facts(&h, today, lang))];
    if h.needs_check() {
        let words = match (&h.check, against(&h, today, lang)) {
            (Some((on, to, true)), bad) if bad.is_empty() => match lang {
                Lang::Zh => vec![format!("{}核查", on.zh_long()), format!("管到{}", to.zh_long())],
                Lang::En => vec![format!("checked on {on}"), format!("valid to {to}")],
            },
            (_, bad) if h.load > 0 => {
                vec![
                    bad,
                    pick(
                        lang,
                        format!("现在看不到 {} 个孩子", h.load),
                        format!("sees none of {} children", h.load),
                    ),
                ]
            }
            (_, bad) => vec![bad],
        };
        rows.push((w(lang, t("核查", "Check")), words));
    }
    let mut brings = vec![pick(
        lang,
        format!("最多帮 {} 个", h.seats()),
        format!("takes {} at most", h.seats()),
    )];
    brings.extend(f.village.clone());
    brings.extend(
        f.near
            .iter()
            .map(|v| pick(lang, format!("离{v}近"), format!("near {v}"))),
    );
    brings.extend(
        f.dialects
            .iter()
            .map(|d| pick(lang, format!("会说{d}"), format!("speaks {d}"))),
    );
    brings.extend(f.hobbies.iter().map(|x| pick(lang, format!("爱{x}"), x.clone())));
    brings.extend(f.wants_sex.as_deref().map(|s| match s {
        "f" => w(lang, t("愿意帮女孩", "would rather help a girl")),
        _ => w(lang, t("愿意帮男孩", "would rather help a boy")),
    }));
    rows.push((w(lang, t("情况", "Brings")), brings));
    let (sum, minutes) = notes::sums(&all);
    let trained = all.iter().filter(|n| n.sort == "training");
    if minutes > 0 {
        let n = trained.clone().count();
        let head = pick(
            lang,
            format!("一共 {}", hours(minutes, lang)),
            format!("{} in all", hours(minutes, lang)),
        );
        rows.push((
            w(lang, t("培训", "Training")),
            vec![head, pick(lang, format!("{n} 次"), format!("{n} times"))],
        ));
        rows.extend(trained.take(5).map(|n| entry(n, lang)));
    } else if h.needs_check() {
        rows.push((w(lang, t("培训", "Training")), vec![w(lang, t("还没记过", "none yet"))]));
    }
    if sees_points(scope) {
        let given: Vec<&Note> = all.iter().filter(|n| n.sort == "points").collect();
        let head = pick(
            lang,
            format!("一共 {} 分", signed(sum)),
            format!("{} points in all", signed(sum)),
        );
        rows.push((
            w(lang, t("积分", "Points")),
            vec![if given.is_empty() {
                w(lang, t("还没有", "none yet"))
            } else {
                head
            }],
        ));
        rows.extend(given.into_iter().take(8).map(|n| entry(n, lang)));
    }
    for (p, consent) in pairs.iter().zip(&said) {
        let when = match (p.to, lang) {
            (None, Lang::Zh) => format!("{}起", p.from.zh_long()),
            (None, Lang::En) => format!("since {}", p.from),
            (Some(to), Lang::Zh) => format!("{}到{}", p.from.zh_long(), to.zh_long()),
            (Some(to), Lang::En) => format!("{} to {to}", p.from),
        };
        let mut words = vec![
            p.class_name.clone().unwrap_or_default(),
            w(lang, kind_name(&p.kind)),
            when,
        ];
        // who is of the staff needs no consent of its own
        if h.needs_check() && p.runs(today) {
            words.push(consent_words(*consent, lang));
        }
        rows.push((p.child_name.clone(), words));
    }
    let mut forms: Vec<Fold> = Vec::new();
    if keeps {
        if h.needs_check() {
            forms.push(check_form(ctx, faults, id, today));
        }
        forms.push(facts_form(ctx, faults, id, &f, open == "facts"));
        forms.push(noted_form(ctx, faults, id, "training"));
    }
    if sees_points(scope) {
        forms.push(noted_form(ctx, faults, id, "points"));
    }
    let check = forms
        .first()
        .filter(|_| keeps && h.valid_to(today).is_none())
        .map(|f| f.0.clone())
        .unwrap_or_default();
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
        open: match open {
            "facts" => w(lang, FACTS),
            "training" => w(lang, TRAINING),
            "points" => w(lang, POINTS),
            _ => check,
        },
        forms,
        ..DutyView::default()
    };
    let close = if tx_web::pages::may_open(ctx, "/pairing") {
        "/pairing"
    } else {
        "/"
    };
    let body = record::duty(lang, &view, close);
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("帮扶人", "Helper"), "pairing", saved(ctx), body)?,
    ))
}
pub(crate) fn saved(ctx: &Ctx) -> Option<String> {
    (ctx.q("saved") == Some("1")).then(|| w(ctx.lang, t("存好了", "Saved")))
}
fn consent_words(c: Consent, lang: Lang) -> String {
    w(
        lang,
        match c {
            Consent::Given => t("监护人同意了", "the guardian consented"),
            Consent::Open => t("还缺监护人的同意", "the guardian's consent is still missing"),
            Consent::Withheld => t("监护人没同意", "the guardian did not consent"),
        },
    )
}
const FACTS: Text = t("情况和意愿", "What they bring along and wish");
const TRAINING: Text = t("记一次培训", "Write down a training");
const POINTS: Text = t("加分或扣分", "Points up or down");

fn check_form(ctx: &Ctx, faults: &[FieldFault], id: Id, today: Day) -> Fold {
    let lang = ctx.lang;
    let results = choices(lang, &[("fit", t("合适", "Fit")), ("unfit", t("不合适", "Unfit"))]);
    let last = today.plus_months(12).plus(-1).to_string();
    (
        w(lang, t("写核查结果", "Outcome of a check")),
        form(ctx, format!("/pairing/helpers/{id}/check")),
        vec![
            field(
                ctx,
                faults,
                "result",
                t("结果（只记合适不合适）", "Outcome (fit or unfit, no more)"),
                FieldKind::Select(results),
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
                &last,
            ),
        ],
        w(lang, t("存好", "Save")),
    )
}
/// `typed`: the form was sent, so what was left empty is empty.
fn facts_form(ctx: &Ctx, faults: &[FieldFault], id: Id, f: &Facts, typed: bool) -> Fold {
    let lang = ctx.lang;
    let most: Vec<(String, String)> = (1..=5).map(|n| (n.to_string(), n.to_string())).collect();
    let sexes = choices(
        lang,
        &[
            ("", t("都行", "Either")),
            ("f", t("女孩", "A girl")),
            ("m", t("男孩", "A boy")),
        ],
    );
    let words = |list: &[String]| if typed { String::new() } else { list.join("、") };
    let village = f.village.clone().filter(|_| !typed).unwrap_or_default();
    let one = |name: &str, label: Text, kind: FieldKind, value: &str| field(ctx, faults, name, label, kind, value);
    (
        w(lang, FACTS),
        form(ctx, format!("/pairing/helpers/{id}/facts")),
        vec![
            one(
                "most",
                t("最多帮几个", "Children at most"),
                FieldKind::Select(most),
                &f.most.unwrap_or(bonds::USUAL_LOAD).to_string(),
            ),
            one(
                "wants_sex",
                t("愿意帮", "Would rather help"),
                FieldKind::Select(sexes),
                f.wants_sex.as_deref().unwrap_or_default(),
            ),
            one(
                "village",
                t("住在哪个村", "Lives in the village"),
                FieldKind::Text,
                &village,
            ),
            one(
                "near",
                t("离哪些村近（顿号隔开）", "Near which villages"),
                FieldKind::Text,
                &words(&f.near),
            ),
            one(
                "dialects",
                t("会说什么话", "Speaks"),
                FieldKind::Text,
                &words(&f.dialects),
            ),
            one("hobbies", t("爱好", "Likes"), FieldKind::Text, &words(&f.hobbies)),
        ],
        w(lang, t("存好", "Save")),
    )
}
fn noted_form(ctx: &Ctx, faults: &[FieldFault], id: Id, sort: &str) -> Fold {
    let lang = ctx.lang;
    let points = sort == "points";
    let (name, label) = if points {
        ("amount", t("几分（扣分写负数）", "How many (less than 0 takes away)"))
    } else {
        ("hours", t("几个小时", "Hours"))
    };
    let words = if points {
        t("为什么", "Why")
    } else {
        t("学了什么", "What about")
    };
    (
        w(lang, if points { POINTS } else { TRAINING }),
        form(ctx, format!("/pairing/helpers/{id}/{sort}")),
        vec![
            field(ctx, faults, name, label, FieldKind::Text, ""),
            field(
                ctx,
                faults,
                "day",
                t("哪天", "On"),
                FieldKind::Date,
                &ctx.today().to_string(),
            ),
            field(ctx, faults, "words", words, FieldKind::Text, ""),
        ],
        w(lang, t("存好", "Save")),
    )
}

/// The answer, or the helper's page with what was wrong.
fn or_helper(ctx: &Ctx, done: Result<Reply>, field: &str, open: &str) -> Result<Reply> {
    match done.as_ref().err().and_then(|e| faults_of(e, field)) {
        Some(mut f) => {
            // the day of an entry is a field of its own beside the day of the check
            f.iter_mut()
                .filter(|x| x.field == "on" && open != "check")
                .for_each(|x| x.field = "day".into());
            helper_page(ctx, 422, &f, open)
        }
        None => done,
    }
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
    or_helper(ctx, run(), "on", "check")
}
/// The school of the helper, when the caller keeps pairing there.
fn kept(ctx: &Ctx, scope: &tx_access::Scope, id: Id) -> Result<Id> {
    let school = scope.the_school()?.id;
    ctx.read(|c| bonds::fetch_helper(c, scope.county, school, id, scope.today))?
        .map(|_| school)
        .ok_or(Fault::NotFound)
}
fn list(ctx: &Ctx, name: &str) -> Result<Vec<String>> {
    people::words(ctx.f(name)).map_err(|reason| {
        Fault::fields(vec![FieldFault {
            field: name.into(),
            reason,
        }])
    })
}
pub(crate) fn text(ctx: &Ctx, name: &str) -> Option<String> {
    Some(ctx.f(name).trim().to_owned()).filter(|s| !s.is_empty())
}
fn facts(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    keeper(&scope)?;
    let school = kept(ctx, &scope, id)?;
    let run = || -> Result<Reply> {
        let new = Facts {
            most: text(ctx, "most").map(|n| n.parse().unwrap_or(0)),
            village: text(ctx, "village"),
            near: list(ctx, "near")?,
            dialects: list(ctx, "dialects")?,
            hobbies: list(ctx, "hobbies")?,
            wants_sex: text(ctx, "wants_sex"),
        };
        ctx.write_form(scope.act("helper.facts"), move |w| {
            people::set_facts(w, school, id, &new)?;
            Ok(format!("/pairing/helpers/{id}?saved=1"))
        })
    };
    or_helper(ctx, run(), "most", "facts")
}
fn training(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    keeper(&scope)?;
    let school = kept(ctx, &scope, id)?;
    let run = || -> Result<Reply> {
        let on = day(ctx, "day")?.unwrap_or(scope.today);
        let hours: f64 = ctx.f("hours").trim().parse().unwrap_or(0.0);
        let (minutes, what, today) = ((hours * 60.0).round() as i64, ctx.f("words").to_owned(), scope.today);
        ctx.write_form(scope.act("helper.training"), move |w| {
            notes::training(w, school, id, on, minutes, &what, today)?;
            Ok(format!("/pairing/helpers/{id}?saved=1"))
        })
    };
    or_helper(ctx, run(), "hours", "training")
}
fn points(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = kept(ctx, &scope, id)?;
    let run = || -> Result<Reply> {
        let on = day(ctx, "day")?.unwrap_or(scope.today);
        let n: i64 = ctx.f("amount").trim().trim_start_matches('+').parse().unwrap_or(0);
        let (why, today) = (ctx.f("words").to_owned(), scope.today);
        ctx.write_form(scope.act("helper.points"), move |w| {
            notes::points(w, school, id, on, n, &why, today)?;
            Ok(format!("/pairing/helpers/{id}?saved=1"))
        })
    };
    or_helper(ctx, run(), "amount", "points")
}

fn one_child(ctx: &Ctx) -> Result<Reply> {
    child_page(ctx, 200, &[])
}
fn child_page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    let k = mine(ctx, scope, id)?;
    let (wish, consent, noted) = ctx.read(|c| {
        Ok((
            people::wish_of(c, scope.county, id)?,
            people::consent_of(c, scope.county, id)?,
            people::consent_noted(c, scope.county, id)?,
        ))
    })?;
    let mut words = vec![consent_words(consent, lang)];
    words.extend(noted.map(|n| {
        pick(
            lang,
            format!("{}，{}", n.by, n.on.zh_long()),
            format!("{}, {}", n.by, n.on),
        )
    }));
    let mut kinds = vec![(String::new(), w(lang, t("都行", "Any")))];
    kinds.extend(choices(lang, &KINDS));
    let sexes = choices(
        lang,
        &[
            ("", t("都行", "Either")),
            ("f", t("女的", "A woman")),
            ("m", t("男的", "A man")),
        ],
    );
    let typed = status != 200;
    let or = |v: Option<&str>| {
        if typed {
            String::new()
        } else {
            v.unwrap_or_default().to_owned()
        }
    };
    let one = |name: &str, label: Text, kind: FieldKind, value: &str| field(ctx, faults, name, label, kind, value);
    let view = DutyView {
        child: Person {
            id: id.to_string(),
            name: k.name.clone(),
            href: format!("/children/{id}"),
            sub: k.class_name.clone().unwrap_or_default(),
            key: false,
        },
        seal: Seal::of(Kind::Guardian),
        title: w(lang, t("想要什么样的帮扶人", "Wishes for a helper")),
        rows: vec![(w(lang, t("监护人", "Guardian")), words)],
        open: w(lang, WISHES),
        forms: vec![(
            w(lang, WISHES),
            form(ctx, format!("/pairing/children/{id}")),
            vec![
                one(
                    "want",
                    t("想要哪一类人", "Which kind of helper"),
                    FieldKind::Select(kinds),
                    &or(wish.kind.as_deref()),
                ),
                one(
                    "sex",
                    t("想要男的还是女的", "A man or a woman"),
                    FieldKind::Select(sexes),
                    &or(wish.sex.as_deref()),
                ),
                one(
                    "dialects",
                    t("家里说什么话（顿号隔开）", "Spoken at home"),
                    FieldKind::Text,
                    &or(Some(&wish.dialects.join("、"))),
                ),
            ],
            w(lang, t("存好", "Save")),
        )],
        links: vec![Link::new(
            w(lang, t("记监护人的回答", "Note the guardian's answer")),
            format!("/children/{id}/consents"),
        )],
        ..DutyView::default()
    };
    let body = record::duty(lang, &view, "/pairing");
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("结对意愿", "Wishes for a helper"), "pairing", saved(ctx), body)?,
    ))
}
const WISHES: Text = t("孩子的意愿", "What the child wishes");
fn wishes(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = mine(ctx, &scope, id)?.school_id;
    let run = || -> Result<Reply> {
        let new = Wish {
            kind: text(ctx, "want"),
            sex: text(ctx, "sex"),
            dialects: list(ctx, "dialects")?,
        };
        ctx.write_form(scope.act("pairing.wishes"), move |w| {
            people::set_wish(w, school, id, &new)?;
            Ok("/pairing?saved=1".into())
        })
    };
    let done = run();
    match done.as_ref().err().and_then(|e| faults_of(e, "want")) {
        Some(mut f) => {
            f.iter_mut()
                .filter(|x| x.field == "kind")
                .for_each(|x| x.field = "want".into());
            child_page(ctx, 422, &f)
        }
        None => done,
    }
}

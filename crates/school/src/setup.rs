//! The first run: the first administrator's link, and five steps down one page, each saved by itself (screens.md §5.1).

use crate::common;
use crate::found::{add_school, calendar};
use crate::people::{Held, NewPerson, Right, add_person, appoint, longest};
use crate::profile::{profile, set_profile};
use crate::schemes::{BASES, SAMPLE_CHILDREN, choose_first_scheme, ready_made, sample_week};
use crate::staff_list::{StaffLine, staff_lines};
use crate::tables::SCHOOLS;
use crate::terms::{set_calendar, term_fields, typed_terms, with_year};
use maud::html;
use serde_json::{Map, Value as Json, json};
use tx_access::{Role, SchoolRef};
use tx_base::{Fault, FieldFault, Id, Lang, Result, Say, Text, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, Conn, Write, params, row};
use tx_web::parts::entry::{SetupStep, SetupView, setup};
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::lists::StepState;
use tx_web::parts::scheme::SchemeCard;
use tx_web::parts::{self, Link, Piece, TableView};
use tx_web::{Ctx, Reply, Route, Who};

const ADMIN: Who = Who::Roles(&[Role::Admin]);

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/setup", ADMIN, Class::O, show)
        .says(t("首次设置", "First set-up"))
        .query(&[("step", "string", t("哪一步", "Which step"))]),
    Route::form("/setup/steps/school", ADMIN, Class::O, save_school).says(t("存学校", "Save the school")),
    Route::form("/setup/steps/people", ADMIN, Class::S, save_people).says(t("存人员", "Save the people")),
    Route::form("/setup/steps/terms", ADMIN, Class::O, save_terms).says(t("存学期", "Save the terms")),
    Route::form("/setup/steps/scheme", ADMIN, Class::O, save_scheme).says(t("选方案", "Choose the scheme")),
];

const STEPS: [(&str, Text, Text); 5] = [
    (
        "school",
        t("学校", "School"),
        t(
            "叫什么，办哪一段，服务哪些村。",
            "Its name, its stage, the villages it serves.",
        ),
    ),
    (
        "people",
        t("人", "People"),
        t(
            "把教职工名单粘进来，账号一次建好。",
            "Paste the list of staff; their accounts are made at once.",
        ),
    ),
    (
        "terms",
        t("学期", "Terms"),
        t(
            "哪天开学，哪天放假。已按历法排好，改成县里定的就行。",
            "First and last days. They are worked out; change them to the county's.",
        ),
    ),
    (
        "scheme",
        t("方案", "Scheme"),
        t(
            "谁多久为孩子做什么。先选一个，以后随时能改。",
            "Who does what for a child how often. Choose one now, change it any time.",
        ),
    ),
    (
        "children",
        t("孩子", "Children"),
        t("把花名册导进来，或以后再导。", "Import the roster, now or later."),
    ),
];

/// What has been set up so far.
struct So {
    school: Option<SchoolRef>,
    stage: String,
    people: i64,
    own_calendar: bool,
    scheme: Option<String>,
    base: String,
    children: i64,
}

/// The school of this first run: the one whose settings say that this administrator founded it.
fn founded(c: &Conn, county: Id, by: Id) -> Result<Option<(SchoolRef, String)>> {
    for r in c.query(
        "select id, code, name, stage, settings from schools where county_id = ?1 order by id",
        params![county],
    )? {
        if r.json(4)["founded_by"].as_str() == Some(&by.to_string()) {
            return Ok(Some((
                SchoolRef {
                    id: r.id(0),
                    code: r.text(1),
                    name: r.text(2),
                },
                r.text(3),
            )));
        }
    }
    Ok(None)
}

fn so_far(c: &Conn, county: Id, by: Id) -> Result<So> {
    let Some((school, stage)) = founded(c, county, by)? else {
        return Ok(So {
            school: None,
            stage: "primary".into(),
            people: 0,
            own_calendar: false,
            scheme: None,
            base: String::new(),
            children: 0,
        });
    };
    let v = params![county, school.id];
    let scheme = c.first("select name, base from schemes where county_id = ?1 and school_id = ?2 and state = 'published' order by from_day desc, id desc limit 1", v)?;
    Ok(So {
        people: c.count("select count(*) from adults where county_id = ?1 and school_id = ?2", v)?,
        own_calendar: c.count(
            "select count(*) from calendars where county_id = ?1 and school_id = ?2",
            v,
        )? > 0,
        children: c.count(
            "select count(*) from children where county_id = ?1 and school_id = ?2 and deleted_at is null",
            v,
        )?,
        base: scheme.as_ref().map(|r| r.text(1)).unwrap_or_default(),
        scheme: scheme.map(|r| r.text(0)),
        school: Some(school),
        stage,
    })
}
impl So {
    fn done(&self, step: &str) -> bool {
        match step {
            "school" => self.school.is_some(),
            "people" => self.people > 0,
            "terms" => self.own_calendar,
            "scheme" => self.scheme.is_some(),
            _ => self.children > 0,
        }
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, ctx.q("step").map(str::to_owned), 200, &[])
}

fn page(ctx: &Ctx, step: Option<String>, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let so = ctx.read(|c| so_far(c, scope.county, scope.account))?;
    // nothing can be saved before the school is there
    let now = match step.filter(|_| so.school.is_some()) {
        Some(s) => s,
        None => STEPS
            .iter()
            .find(|(id, ..)| !so.done(id))
            .map_or("end", |s| s.0)
            .to_owned(),
    };
    let steps = STEPS
        .iter()
        .enumerate()
        .map(|(i, (id, title, hint))| {
            step_view(
                ctx,
                &so,
                i,
                id,
                *title,
                *hint,
                *id == now,
                if *id == now { faults } else { &[] },
            )
        })
        .collect::<Result<Vec<_>>>()?;
    let ended = now == "end";
    let view = SetupView {
        title: t("第一次用童行", "Setting up Tongxing").in_lang(lang).into(),
        sub: t(
            "五步，每一步自己存好；没有的以后再填。",
            "Five steps, each saved by itself; what is missing can wait.",
        )
        .in_lang(lang)
        .into(),
        steps,
        end_title: if ended {
            t("今天要做的三件事", "Three things for today").in_lang(lang).into()
        } else {
            String::new()
        },
        end: if ended {
            three_things(lang, &so, scope.is(Role::Head))
        } else {
            Vec::new()
        },
        next: ended.then(|| Link::new(t("到今天", "Go to Today").in_lang(lang), "/").first()),
    };
    Ok(Reply::page_with(
        status,
        parts::bare(lang, t("首次设置", "First set-up").in_lang(lang), setup(lang, &view)),
    ))
}

/// What is still to be done, as far as the steps say.
fn three_things(lang: Lang, so: &So, head: bool) -> Vec<Vec<Piece>> {
    let w = |zh: &str, en: &str| {
        Piece::Text(match lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        })
    };
    let link = |word: Text, href: &str| Piece::Num {
        value: word.in_lang(lang).to_owned(),
        fig: String::new(),
        href: href.to_owned(),
        bad: false,
    };
    let school = so.school.as_ref().map(|s| s.code.clone()).unwrap_or_default();
    let mut all = Vec::new();
    all.push(if so.people == 0 {
        vec![
            w("把教职工加进来：", "Add the staff: "),
            link(t("加人", "add people"), "/setup?step=people"),
        ]
    } else {
        vec![
            w(
                "把首次密码交给每个人，24 小时内登录；丢了就",
                "Hand each their first password, good for 24 hours; lost ones are ",
            ),
            link(t("重发", "made anew"), &format!("/people?school={school}")),
        ]
    });
    all.push(match (so.children, head) {
        (0, true) => vec![
            w("把花名册导进来：", "Import the roster: "),
            link(t("导入名单", "import"), "/import"),
        ],
        (0, false) => vec![w(
            "请校长或办公室登录，把花名册导进来。",
            "Have the head or the office sign in and import the roster.",
        )],
        _ => vec![
            w("看看名单齐不齐：", "See whether the roster is complete: "),
            link(t("孩子", "children"), "/children"),
        ],
    });
    all.push(if so.scheme.is_none() {
        vec![
            w("选一个关爱方案：", "Choose a care scheme: "),
            link(t("方案", "scheme"), "/setup?step=scheme"),
        ]
    } else {
        vec![
            w(
                "和班主任们看一遍方案，哪里不合适就改：",
                "Go through the scheme with the class teachers: ",
            ),
            link(t("关爱方案", "care scheme"), &format!("/scheme?school={school}")),
        ]
    });
    all
}

#[allow(clippy::too_many_arguments)]
fn step_view(
    ctx: &Ctx,
    so: &So,
    i: usize,
    id: &str,
    title: Text,
    hint: Text,
    now: bool,
    faults: &[FieldFault],
) -> Result<SetupStep> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let state = if now {
        StepState::Now
    } else if so.done(id) {
        StepState::Done
    } else {
        StepState::Later
    };
    let mut s = SetupStep {
        id: id.to_owned(),
        title: title.in_lang(lang).into(),
        hint: hint.in_lang(lang).into(),
        state,
        form: Form {
            action: format!("/setup/steps/{id}"),
            csrf: ctx.csrf(),
            key: ctx.form_key(),
            ..Form::default()
        },
        errors: common::errors(lang, faults),
        button: t("存好，下一步", "Save and go on").in_lang(lang).into(),
        edit_href: if so.school.is_some() && !now {
            format!("/setup?step={id}#{id}")
        } else {
            String::new()
        },
        ..Default::default()
    };
    if id != "school" {
        let next = STEPS.get(i + 1).map_or("end", |n| n.0);
        s.later = Some(Link::new(
            if id == "scheme" {
                t("先不选", "Not now")
            } else {
                t("以后再填", "Later")
            }
            .in_lang(lang),
            format!("/setup?step={next}#{next}"),
        ));
    }
    let year = SchoolYear::of(scope.today);
    match id {
        "school" => {
            s.saved = so
                .school
                .as_ref()
                .map(|k| vec![k.name.clone(), k.code.clone()])
                .unwrap_or_default();
            if now {
                s.fields = school_fields(ctx, so, faults)?;
            }
        }
        "people" => {
            s.saved = vec![match lang {
                Lang::Zh => format!("{} 人", so.people),
                Lang::En => format!("{} people", so.people),
            }];
            if now {
                s.fields = vec![Field {
                    hint: t("一行一人，姓名在前：周梅 女 班主任 401 · 田维国 校长 办公室 · 何静 心理辅导教师。只写姓名的算科任教师。", "One a line, name first, then sex, role, class: Zhou Mei 女 班主任 401").in_lang(lang).into(),
                    ..common::field(ctx, faults, "staff", t("教职工名单", "Staff"), FieldKind::Long, "")
                }];
                s.button = t("建账号，下一步", "Make the accounts").in_lang(lang).into();
            }
        }
        "terms" => {
            if let Some(school) = &so.school {
                let cal = ctx.read(|c| calendar(c, scope.county, school.id, scope.today))?;
                s.saved = cal
                    .terms()
                    .iter()
                    .filter(|t| t.year == year)
                    .map(|t| format!("{} {} ~ {}", t.name().in_lang(lang), t.from, t.to))
                    .collect();
                if now {
                    s.fields = term_fields(ctx, &cal, year, faults);
                }
            }
        }
        "scheme" => {
            s.saved = so.scheme.clone().into_iter().collect();
            if let Some(school) = so.school.as_ref().filter(|_| now) {
                let cal = ctx.read(|c| calendar(c, scope.county, school.id, scope.today))?;
                s.schemes = BASES
                    .iter()
                    .filter_map(|(code, _)| scheme_card(lang, code, &cal, year, code.eq_ignore_ascii_case(&so.base)))
                    .collect();
                s.button = t("用这个，下一步", "Take it").in_lang(lang).into();
            }
        }
        _ => {
            s.saved = vec![match lang {
                Lang::Zh => format!("{} 名孩子", so.children),
                Lang::En => format!("{} children", so.children),
            }];
            // a roster is taken in by head, office or class teacher, never by an administrator (security.md §1)
            s.button = String::new();
            if now && scope.is(Role::Head) {
                s.go = Some(Link::new(t("导入名单", "Import the roster").in_lang(lang), "/import").first());
                s.later = Some(Link::new(t("以后再导", "Later").in_lang(lang), "/setup?step=end"));
            } else if now {
                s.hint = t(
                    "孩子的名单由校长或办公室登录后导入，管理员看不到。",
                    "The head or the office imports the roster after signing in; an administrator sees no children.",
                )
                .in_lang(lang)
                .into();
            }
        }
    }
    Ok(s)
}

/// A ready-made scheme in three lines and the week it makes.
pub fn scheme_card(
    lang: Lang,
    code: &str,
    cal: &tx_calendar::Calendar,
    year: SchoolYear,
    on: bool,
) -> Option<SchemeCard> {
    let (title, rules) = ready_made(code)?;
    let lines = rules
        .iter()
        .filter(|r| r.source != tx_duty::Source::Default)
        .chain(rules.iter().filter(|r| r.source == tx_duty::Source::Default))
        .take(3);
    let (items, minutes) = sample_week(&rules, cal, year);
    let n = code.trim_start_matches('S');
    let roman = ["一", "二", "三", "四", "五", "六"].get(n.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(SchemeCard {
        value: code.to_owned(),
        title: match lang {
            Lang::Zh => format!("方案{roman} {title}"),
            Lang::En => format!("Scheme {n}"),
        },
        lines: lines
            .map(|r| {
                let e = r.every.name();
                match lang {
                    Lang::Zh => format!("{} {}", r.name.zh, e.zh),
                    Lang::En => format!("{}: {}", r.name.en, e.en),
                }
            })
            .collect(),
        week: match lang {
            Lang::Zh => format!(
                "{SAMPLE_CHILDREN} 名孩子的班主任，每周 {} 件，{}",
                round(items),
                time_words(lang, minutes)
            ),
            Lang::En => format!(
                "A class teacher with {SAMPLE_CHILDREN} children: {} a week, {}",
                round(items),
                time_words(lang, minutes)
            ),
        },
        on,
    })
}
fn round(v: f64) -> String {
    if v > 0.0 && v < 1.0 {
        "1".into()
    } else {
        format!("{v:.0}")
    }
}
/// Minutes as people say them: 50 分, 2 小时, 2.5 小时.
pub fn time_words(lang: Lang, minutes: f64) -> String {
    let (h, m) = match lang {
        Lang::Zh => ("小时", "分"),
        Lang::En => ("h", "min"),
    };
    if minutes < 59.5 {
        return format!("{minutes:.0} {m}");
    }
    let halves = (minutes / 30.0).round() / 2.0;
    if halves.fract() == 0.0 {
        format!("{halves:.0} {h}")
    } else {
        format!("{halves:.1} {h}")
    }
}

fn school_fields(ctx: &Ctx, so: &So, faults: &[FieldFault]) -> Result<Vec<Field>> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let year = SchoolYear::of(scope.today);
    let p = match &so.school {
        Some(k) => ctx.read(|c| profile(c, scope.county, k.id, year.first))?,
        None => None,
    };
    let stages = [
        ("primary", t("小学", "primary")),
        ("junior", t("初中", "junior")),
        ("nine_year", t("九年一贯", "nine years")),
    ];
    let mut all = vec![Field {
        required: true,
        max: 60,
        ..common::field(
            ctx,
            faults,
            "name",
            t("校名", "Name"),
            FieldKind::Text,
            so.school.as_ref().map_or("", |k| &k.name),
        )
    }];
    if so.school.is_none() {
        all.push(Field {
            required: true,
            max: 20,
            hint: t(
                "几个字母或数字，报表和接口里用，以后不变",
                "A few letters or digits, used in reports; it stays",
            )
            .in_lang(lang)
            .into(),
            ..common::field(ctx, faults, "code", t("学校代码", "Code"), FieldKind::Text, "")
        });
    }
    all.push(common::field(
        ctx,
        faults,
        "stage",
        t("学段", "Stage"),
        FieldKind::Select(stages.map(|(v, n)| (v.to_owned(), n.in_lang(lang).to_owned())).to_vec()),
        &so.stage,
    ));
    all.extend(crate::profile_page::profile_fields(
        ctx,
        p.as_ref(),
        faults,
        &["rooms", "village_names"],
    ));
    if !scope.is(Role::Head) {
        all.push(common::field(
            ctx,
            faults,
            "is_head",
            t(
                "我就是校长（同时给我校长的权限，记入审计）",
                "I am the head (gives me that role too, once, audited)",
            ),
            FieldKind::Tick,
            "",
        ));
    }
    Ok(all)
}

fn refused(ctx: &Ctx, step: &str, f: Fault, field: &str) -> Result<Reply> {
    let faults = match f {
        Fault::Conflict(reason) => vec![FieldFault {
            field: field.into(),
            reason,
        }],
        f => common::field_faults(f)?,
    };
    page(ctx, Some(step.to_owned()), 422, &faults)
}

fn save_school(ctx: &Ctx) -> Result<Reply> {
    let (scope, today) = (ctx.scope()?, ctx.today());
    let word = |n: &str| ctx.f(n).trim().to_owned();
    let (name, code, stage, is_head) = (word("name"), word("code"), word("stage"), ctx.f("is_head") == "1");
    let mut told: Map<String, Json> = Map::new();
    for k in ["rooms", "village_names"] {
        told.insert(k.into(), json!(ctx.f(k)));
    }
    let (by, shown, year) = (scope.account, scope.shown.clone(), SchoolYear::of(today));
    let out = ctx.write_form(ctx.act("setup.school")?, move |w| {
        let (system, lowest) = match stage.as_str() {
            "junior" => ("six_three", 7),
            "primary" | "nine_year" => ("six_three", 1),
            _ => return Err(Fault::invalid("stage", "请选学段", "Choose the stage")),
        };
        if name.is_empty() || name.chars().count() > 60 {
            return Err(Fault::invalid("name", "学校名要 1 到 60 个字", "A school's name has 1 to 60 characters"));
        }
        let id = match founded(w.conn(), w.county(), by)? {
            Some((s, _)) => s.id,
            None => {
                let id = add_school(w, &code, &name, None, today)?;
                w.update(&SCHOOLS, id, row!["settings" => json!({"founded_by": by}).to_string()])?;
                id
            }
        };
        w.update(&SCHOOLS, id, row!["name" => name.as_str(), "stage" => stage.as_str(), "school_system" => system, "lowest_grade" => lowest])?;
        // what the profile says beside these stays
        let mut body = profile(w.conn(), w.county(), id, year.first)?.map(|p| p.body).unwrap_or_default();
        for (k, v) in &told {
            body.insert(k.clone(), v.clone());
        }
        let villages = told["village_names"].as_str().map_or(0, |s| s.split(['\n', '、', '；']).filter(|l| !l.trim().is_empty()).count());
        if villages > 0 {
            body.insert("villages".into(), json!(villages));
        }
        set_profile(w, id, year.first, &body)?;
        if is_head {
            become_head(w, id, by, &shown, today)?;
        }
        Ok("/setup?step=people#people".into())
    });
    match out {
        Err(f) => refused(ctx, "school", f, "code"),
        ok => ok,
    }
}

/// "I am the head": gives the first administrator that role too, once (security.md §1).
fn become_head(w: &mut Write, school: Id, account: Id, shown: &str, today: tx_base::Day) -> Result<()> {
    let sql = "select count(*) from grants where county_id = ?1 and school_id = ?2 and held = 'role:head'";
    if w.conn().count(sql, params![w.county(), school])? > 0 {
        return Err(Fault::Conflict(say("校长已经有了", "There is a head already")));
    }
    let adult = crate::found::add_adult_of(w, school, shown, None, today)?;
    let held = Held::Role(Role::Head);
    appoint(
        w,
        Some(school),
        Some(adult),
        account,
        &Right { held, class: None },
        today,
        longest(held, today),
    )?;
    w.update(
        &tx_access::ACCOUNTS,
        account,
        row!["school_id" => school, "adult_id" => adult],
    )?;
    w.note("admin.is_head", "accounts", Some(account), None);
    Ok(())
}

fn school_there(ctx: &Ctx) -> Result<SchoolRef> {
    let scope = ctx.scope()?;
    ctx.read(|c| founded(c, scope.county, scope.account))?
        .map(|(s, _)| s)
        .ok_or(Fault::NotFound)
}

fn save_people(ctx: &Ctx) -> Result<Reply> {
    let (school, lang, today) = (school_there(ctx)?, ctx.lang, ctx.today());
    let year = SchoolYear::of(today);
    let lines = match staff_lines(ctx.f("staff"), year) {
        Ok(l) if l.is_empty() => {
            return refused(
                ctx,
                "people",
                Fault::invalid("staff", "一个人也没有；没有就以后再填", "Nobody is there; it can wait"),
                "staff",
            );
        }
        Ok(l) => l,
        Err(bad) => return refused(ctx, "people", Fault::Conflict(join(&bad)), "staff"),
    };
    let with: Vec<(StaffLine, String)> = lines.into_iter().map(|l| (l, tx_seal::word_password())).collect();
    let (sent, id) = (with.clone(), school.id);
    let out = ctx.db().write_once(ctx.act("setup.people")?, ctx.once()?, move |w| {
        let mut users = Vec::new();
        for (l, password) in &sent {
            let rights = rights_of(w, id, l, year)?;
            let new = NewPerson {
                school: Some(id),
                adult: None,
                name: l.name.clone(),
                sex: l.sex.clone(),
                user: String::new(),
                rights,
                from: today,
                to: None,
            };
            users.push(add_person(w, &new, password)?.user);
        }
        Ok((201, json!(users).to_string().into_bytes()))
    });
    let out = match out {
        Err(f) => return refused(ctx, "people", f, "staff"),
        Ok(o) => o,
    };
    if out.replayed {
        return Ok(Reply::see("/setup?step=terms#terms"));
    }
    let users: Vec<String> = serde_json::from_slice(&out.answer).map_err(Fault::broken)?;
    let cell = |s: &str| vec![Piece::Text(s.to_owned())];
    let table = TableView {
        caption: t("首次密码", "First passwords").in_lang(lang).into(),
        head: [
            t("姓名", "Name"),
            t("用户名", "User name"),
            t("首次密码", "First password"),
        ]
        .map(|h| h.in_lang(lang).to_owned())
        .to_vec(),
        rows: with
            .iter()
            .zip(&users)
            .map(|((l, p), u)| vec![cell(&l.name), cell(u), cell(p)])
            .collect(),
        ..Default::default()
    };
    let body = html! {
        (parts::assets::office())
        div.setup {
            header { div { h1 { (t("首次密码", "First passwords").in_lang(lang)) } p.m { (t("只显示这一次，24 小时内有效。打印出来剪开，交给每个人。", "Shown this once, good for 24 hours. Print, cut and hand out.").in_lang(lang)) } } }
            (parts::table(&table))
            div.two { (parts::print_button(lang)) (parts::button(&Link::new(t("抄好了，下一步", "Done, go on").in_lang(lang), "/setup?step=terms#terms").first())) }
        }
    };
    Ok(Reply::page(parts::bare(
        lang,
        t("首次密码", "First passwords").in_lang(lang),
        body,
    )))
}
fn join(all: &[Say]) -> Say {
    let of = |f: fn(&Say) -> &str| all.iter().map(f).collect::<Vec<_>>().join("；");
    say(of(|s| &s.zh), of(|s| &s.en))
}
/// What a line of the list gives; classes that the school lacks are made.
fn rights_of(w: &mut Write, school: Id, l: &StaffLine, year: SchoolYear) -> Result<Vec<Right>> {
    let mut classes = Vec::new();
    for code in &l.classes {
        let county = w.county();
        classes.push(match crate::class_by_code(w.conn(), county, school, code, year)? {
            Some(k) => k,
            None => crate::add_class(w, school, code, year)?,
        });
    }
    let mut out = Vec::new();
    for held in &l.held {
        if held.of_class() && !classes.is_empty() {
            out.extend(classes.iter().map(|k| Right {
                held: *held,
                class: Some(*k),
            }));
        } else {
            out.push(Right {
                held: *held,
                class: None,
            });
        }
    }
    Ok(out)
}

fn save_terms(ctx: &Ctx) -> Result<Reply> {
    let (school, scope) = (school_there(ctx)?, ctx.scope()?);
    let year = SchoolYear::of(scope.today);
    let now = ctx.read(|c| calendar(c, scope.county, school.id, scope.today))?;
    let (act, id) = (ctx.act("setup.terms")?, school.id);
    let out = typed_terms(ctx, year).and_then(|terms| {
        let new = with_year(&now, year, &terms);
        ctx.write_form(act, move |w| {
            set_calendar(w, id, &new).map(|()| "/setup?step=scheme#scheme".into())
        })
    });
    match out {
        Err(f) => refused(ctx, "terms", f, "terms"),
        ok => ok,
    }
}
fn save_scheme(ctx: &Ctx) -> Result<Reply> {
    let (school, today, base) = (school_there(ctx)?, ctx.today(), ctx.f("scheme").to_owned());
    let id = school.id;
    match ctx.write_form(ctx.act("setup.scheme")?, move |w| {
        choose_first_scheme(w, id, &base, today).map(|()| "/setup?step=children#children".into())
    }) {
        Err(f) => refused(ctx, "scheme", f, "scheme"),
        ok => ok,
    }
}

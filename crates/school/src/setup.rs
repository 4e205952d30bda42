//! The first run: the first administrator's link, and five steps down one page, each saved by itself (screens.md §5.1).

mod save;

use crate::common;
use crate::found::calendar;
use crate::profile::profile;
use crate::scheme_card::scheme_card;
use crate::schemes::BASES;
use crate::terms::term_fields;
use tx_access::{Role, SchoolRef};
use tx_base::{FieldFault, Id, Lang, Result, Text, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, Conn, params};
use tx_web::parts::entry::{SetupStep, SetupView, setup};
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::lists::StepState;
use tx_web::parts::{self, Link, Piece};
use tx_web::{Ctx, Reply, Route, Who};

const ADMIN: Who = Who::Roles(&[Role::Admin]);

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/setup", ADMIN, Class::O, show)
        .says(t("首次设置", "First set-up"))
        .query(&[("step", "string", t("哪一步", "Which step"))]),
    Route::form("/setup/steps/school", ADMIN, Class::O, save::save_school).says(t("存学校", "Save the school")),
    Route::form("/setup/steps/people", ADMIN, Class::S, save::save_people).says(t("存人员", "Save the people")),
    Route::form("/setup/steps/terms", ADMIN, Class::O, save::save_terms).says(t("存学期", "Save the terms")),
    Route::form("/setup/steps/scheme", ADMIN, Class::O, save::save_scheme).says(t("选方案", "Choose the scheme")),
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
                    hint: t("一行一人，姓名在前：周梅 女 班主任 401 · 田维国 校长 办公室 · 何静 心理辅导教师。只写姓名的算科任教师。", "One a line: Zhou Mei, f, class_teacher, 401 · Tian Weiguo, m, head, office. A name alone is a subject teacher.").in_lang(lang).into(),
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
                    .map(|t| match lang {
                        Lang::Zh => format!("{}{}到{}", t.name().zh, t.from.zh_short(), t.to.zh_short()),
                        Lang::En => format!("{} {} to {}", t.name().en, t.from, t.to),
                    })
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

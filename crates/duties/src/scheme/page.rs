//! The editor's page: rules as sentences at the left, what they make of a week at the right (mock 16).

use super::versions::{Version, draft, offered_from, on, versions};
use super::{drafts, publishes, words};
use crate::today::seal_of;
use maud::html;
use tx_access::SchoolRef;
use tx_base::{Day, FieldFault, Id, Lang, Result, Text, t};
use tx_calendar::SchoolYear;
use tx_duty::{Every, Post, Rule, Source, Whom};
use tx_school::common::{self, STAFF_AND_OFFICERS, asked_school, at};
use tx_store::Class;
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Link, Mark, Piece, Pill};
use tx_web::parts::scheme::{RuleRow, SchemeView, VersionRow, editor, scheme_cards, versions as version_list};
use tx_web::parts::{self, Top};
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[Route::get("/scheme", STAFF_AND_OFFICERS, Class::O, show)
    .says(t("关爱方案", "Care scheme"))
    .query(&[
        ("school", "string", t("学校代码", "School code")),
        (
            "tab",
            "string",
            t(
                "versions compare choose，不写是规则",
                "versions compare choose; without it the rules",
            ),
        ),
        ("version", "integer", t("看第几版", "Version to look at")),
        ("class", "string", t("看哪个班的每周", "Class whose weeks are shown")),
    ])];

const TITLE: Text = t("关爱方案", "Care scheme");

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

/// 方案五, 本校自定.
fn base_name(lang: Lang, base: &str) -> String {
    let n = base
        .strip_prefix('s')
        .and_then(|n| n.parse::<usize>().ok())
        .filter(|n| (1..=6).contains(n));
    match (lang, n) {
        (Lang::Zh, Some(n)) => format!("由方案{}改来", ["一", "二", "三", "四", "五", "六"][n - 1]),
        (Lang::En, Some(n)) => format!("from scheme {n}"),
        (Lang::Zh, None) => "本校自定".into(),
        (Lang::En, None) => "the school's own".into(),
    }
}
/// 第 3 版.
pub(crate) fn number(lang: Lang, no: usize) -> String {
    match lang {
        Lang::Zh => format!("第 {no} 版"),
        Lang::En => format!("version {no}"),
    }
}
pub(crate) fn day(lang: Lang, d: Day) -> String {
    match lang {
        Lang::Zh => d.zh_short(),
        Lang::En => d.to_string(),
    }
}

/// All that the page says, read at once.
pub(crate) struct Stand {
    pub(crate) school: SchoolRef,
    pub(crate) published: Vec<Version>,
    pub(crate) draft: Option<Version>,
    /// in force today
    pub(crate) now: Option<Version>,
}

/// The page; with faults of a form it says them on top.
pub(crate) fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let scope = ctx.scope()?;
    let Some(school) = asked_school(ctx)? else {
        return common::choose_school(ctx, "/scheme", TITLE);
    };
    let (published, own) = ctx.read(|c| {
        Ok((
            versions(c, scope.county, school.id)?,
            draft(c, scope.county, school.id)?,
        ))
    })?;
    // a draft is the business of those who make it
    let draft = own.filter(|_| drafts(scope, school.id));
    let now = on(&published, scope.today).or(published.first()).cloned();
    let s = Stand {
        school,
        published,
        draft,
        now,
    };
    match ctx.q("tab") {
        Some("versions") => list(ctx, &s),
        Some("compare") => compare(ctx, &s),
        Some("choose") => choose(ctx, &s, status, faults),
        _ => rules(ctx, &s, status, faults),
    }
}

fn tabs(ctx: &Ctx, s: &Stand, active: &str) -> Vec<Tab> {
    let lang = ctx.lang;
    [
        (t("规则", "Rules"), "/scheme", ""),
        (t("分工", "Who does what"), "/school/group", "group"),
        (t("以前各版", "Versions"), "/scheme", "versions"),
    ]
    .map(|(label, path, tab)| {
        let more = if tab.is_empty() || tab == "group" {
            String::new()
        } else {
            format!("tab={tab}")
        };
        Tab::new(label.in_lang(lang), at(ctx, path, &s.school, &more), tab == active)
    })
    .to_vec()
}
fn head(ctx: &Ctx, s: &Stand, active: &str) -> Top {
    let lang = ctx.lang;
    let shown = s.draft.as_ref().or(s.now.as_ref());
    let mut sub = vec![shown.map_or_else(
        || t("还没有方案", "no scheme yet").in_lang(lang).into(),
        |v| base_name(lang, &v.base),
    )];
    if let Some(d) = &s.draft {
        sub.push(match lang {
            Lang::Zh => format!("{}草稿", number(lang, d.no)),
            Lang::En => format!("draft of {}", number(lang, d.no)),
        });
    } else if let Some(v) = &s.now {
        sub.push(match lang {
            Lang::Zh => format!("{}，{}起用", number(lang, v.no), v.from.zh_long()),
            Lang::En => format!("{}, in force since {}", number(lang, v.no), v.from),
        });
    }
    Top {
        title: TITLE.in_lang(lang).into(),
        sub,
        switch: tabs(ctx, s, active),
        ..Default::default()
    }
}

fn rules(ctx: &Ctx, s: &Stand, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let may = drafts(scope, s.school.id);
    let wanted = ctx.q("version").and_then(|v| v.parse::<usize>().ok());
    let old = wanted.and_then(|n| s.published.iter().find(|v| v.no == n));
    let shown: Version = match old.or(s.draft.as_ref()).or(s.now.as_ref()) {
        Some(v) => v.clone(),
        // nothing published and no draft: the legal base alone
        None => Version {
            id: Id::NIL,
            no: 1,
            base: "own".into(),
            name: String::new(),
            draft: false,
            from: offered_from(scope.today),
            rules: tx_school::legal_base().to_vec(),
            off: Vec::new(),
            note: None,
        },
    };
    let editable = may && old.is_none();
    let before = s.draft.as_ref().and_then(|_| s.published.last());
    let mut view = SchemeView {
        top: head(ctx, s, ""),
        ..Default::default()
    };
    if let Some(v) = old {
        let words = match lang {
            Lang::Zh => format!("这是{}，{}起用，只能看。", number(lang, v.no), v.from.zh_long()),
            Lang::En => format!("This is {}, from {}; read only.", number(lang, v.no), v.from),
        };
        view.strips.push((
            Pill::Mute,
            words,
            Some(Link::new(
                t("回到现在的", "Back").in_lang(lang),
                at(ctx, "/scheme", &s.school, ""),
            )),
        ));
    }
    for f in faults {
        view.strips.push((Pill::Late, f.reason.in_lang(lang).to_owned(), None));
    }
    if let Some(next) = s.published.last().filter(|v| v.from > scope.today) {
        view.strips.push((
            Pill::Info,
            match lang {
                Lang::Zh => format!(
                    "{}从{}起用，在那之前按{}算。",
                    number(lang, next.no),
                    next.from.zh_long(),
                    s.now.as_ref().map(|v| number(lang, v.no)).unwrap_or_default()
                ),
                Lang::En => format!(
                    "Version {} begins on {}; until then the present one holds.",
                    next.no, next.from
                ),
            },
            None,
        ));
    }
    if s.draft.is_some() && may && !publishes(scope, s.school.id) {
        view.strips.push((
            Pill::Due,
            t(
                "草稿存好了，请校长来看、发布。",
                "The draft is kept; the head looks at it and publishes.",
            )
            .in_lang(lang)
            .into(),
            None,
        ));
    }
    view.rules = shown
        .rules
        .iter()
        .map(|r| rule_row(ctx, s, r, true, before, editable))
        .chain(shown.off.iter().map(|r| rule_row(ctx, s, r, false, before, editable)))
        .collect();
    if editable {
        view.top.buttons.push(
            Link::new(
                t("换一个现成的", "Another ready-made").in_lang(lang),
                at(ctx, "/scheme", &s.school, "tab=choose"),
            )
            .icon("doc"),
        );
        if let Some(b) = before {
            view.top.buttons.push(Link::new(
                match lang {
                    Lang::Zh => format!("同{}比", number(lang, b.no)),
                    Lang::En => format!("Compare with {}", number(lang, b.no)),
                },
                at(ctx, "/scheme", &s.school, "tab=compare"),
            ));
        }
        view.add = Some(add_form(ctx, s, faults));
    }
    if let Some(d) = s.draft.as_ref().filter(|_| editable) {
        let from = if d.from < scope.today {
            offered_from(scope.today)
        } else {
            d.from
        };
        let hidden = [("school", s.school.code.as_str())];
        let fields = vec![
            common::field(
                ctx,
                faults,
                "from",
                t("从哪天起用", "From which day"),
                FieldKind::Date,
                &from.to_string(),
            ),
            Field {
                max: 200,
                ..common::field(
                    ctx,
                    faults,
                    "note",
                    t("为什么改（可不填）", "Why (optional)"),
                    FieldKind::Text,
                    "",
                )
            },
        ];
        if publishes(scope, s.school.id) {
            let word = match lang {
                Lang::Zh => format!("{}起用", from.zh_short()),
                Lang::En => format!("In force from {from}"),
            };
            view.top.buttons.push(Link::new(word, "#publish").first());
            view.publish = Some((
                common::form(ctx, "/scheme/publish", &hidden),
                fields,
                t("发布", "Publish").in_lang(lang).into(),
            ));
            view.look = t("先看看", "Look first").in_lang(lang).into();
        } else {
            view.publish = Some((
                common::form(ctx, "/scheme/from", &hidden),
                fields.into_iter().take(1).collect(),
                t("先看看", "Look").in_lang(lang).into(),
            ));
        }
        view.drop = Some((
            common::form(ctx, "/scheme/drop", &hidden),
            t("丢掉草稿", "Drop the draft").in_lang(lang).into(),
        ));
    }
    super::column::right_column(ctx, s, &shown, &mut view)?;
    common::page(ctx, status, TITLE, editor(lang, &view))
}

fn rule_row(ctx: &Ctx, s: &Stand, r: &Rule, used: bool, before: Option<&Version>, editable: bool) -> RuleRow {
    let lang = ctx.lang;
    let law = r.source == Source::Law;
    let old = before.and_then(|b| b.rules.iter().find(|x| x.id == r.id));
    let was_off = before.is_some_and(|b| old.is_none() && b.off.iter().any(|x| x.id == r.id));
    let (mut pill, mut note) = (None, words::note(lang, r));
    let mut says = |tone: Pill, word: Text| pill = Some((tone, word.in_lang(lang).to_owned()));
    match (before, old) {
        (Some(_), None) if used && !was_off => says(Pill::Due, t("新加", "new")),
        (Some(_), None) if used => says(Pill::Due, t("又用了", "on again")),
        (Some(_), Some(_)) if !used => says(Pill::Due, t("停用", "off")),
        (Some(b), Some(o)) if o != r => {
            says(Pill::Due, parts::words::CHANGED);
            let was = words::plain(o);
            note = match lang {
                Lang::Zh => format!("{}是：{}", number(lang, b.no), was.zh),
                Lang::En => format!("{} said: {}", number(lang, b.no), was.en),
            };
        }
        _ => {}
    }
    let form = if editable {
        Form {
            action: "/scheme/rule".into(),
            csrf: ctx.csrf(),
            // setting a word twice is the same as once, and several buttons share the form
            key: String::new(),
            hidden: vec![("school".into(), s.school.code.clone()), ("rule".into(), r.id.clone())],
            ..Form::default()
        }
    } else {
        Form::default()
    };
    RuleRow {
        id: r.id.clone(),
        seal: seal_of(&r.kind, if used { Mark::Done } else { Mark::Excused }),
        words: words::sentence(lang, r, old),
        note,
        pill,
        locked: if law {
            r.law
                .clone()
                .unwrap_or_else(|| t("法律规定", "law").in_lang(lang).into())
        } else {
            String::new()
        },
        on: used,
        form: if law { Form::default() } else { form },
    }
}

fn add_form(ctx: &Ctx, s: &Stand, faults: &[FieldFault]) -> (String, Form, Vec<Field>, String) {
    let lang = ctx.lang;
    let pick = |list: Vec<(String, String)>| FieldKind::Select(list);
    let kinds = tx_record::all_kinds()
        .iter()
        .map(|k| (k.id.to_owned(), k.name.in_lang(lang).to_owned()))
        .collect();
    let owners = Post::ALL
        .iter()
        .filter(|p| **p != Post::Family)
        .map(|p| (p.code().to_owned(), words::post_word(*p).in_lang(lang).to_owned()))
        .collect();
    let whoms = Whom::ALL
        .iter()
        .map(|w| (w.code().to_owned(), words::whom_word(*w).in_lang(lang).to_owned()))
        .collect();
    let oftens: Vec<Every> = words::every_choices(None);
    let oftens = oftens
        .iter()
        .map(|e| (words::every_code(e), e.name().in_lang(lang).to_owned()))
        .collect();
    let fields = vec![
        common::field(ctx, faults, "owner", t("谁做", "Who"), pick(owners), "class_teacher"),
        common::field(ctx, faults, "every", t("多久一次", "How often"), pick(oftens), "month"),
        common::field(ctx, faults, "whom", t("为谁", "For whom"), pick(whoms), "left_behind"),
        common::field(ctx, faults, "kind", t("做什么", "What"), pick(kinds), "heart_talk"),
        Field {
            hint: t("一次大约要几分钟", "About how long one takes").in_lang(lang).into(),
            ..common::field(ctx, faults, "minutes", t("几分钟", "Minutes"), FieldKind::Number, "15")
        },
    ];
    (
        t("加一条", "Add a rule").in_lang(lang).into(),
        common::form(ctx, "/scheme/add", &[("school", &s.school.code)]),
        fields,
        t("加上", "Add").in_lang(lang).into(),
    )
}

fn list(ctx: &Ctx, s: &Stand) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let now = s.now.as_ref().map(|v| v.id);
    let rows: Vec<VersionRow> = s
        .published
        .iter()
        .rev()
        .map(|v| VersionRow {
            title: format!(
                "{}{}",
                number(lang, v.no),
                if v.name.is_empty() {
                    String::new()
                } else {
                    format!(" {}", v.name)
                }
            ),
            facts: vec![
                match lang {
                    Lang::Zh => format!("{}起用", v.from.zh_long()),
                    Lang::En => format!("from {}", v.from),
                },
                match lang {
                    Lang::Zh => format!("{} 条规则", v.rules.len()),
                    Lang::En => format!("{} rules", v.rules.len()),
                },
                v.note.clone().unwrap_or_default(),
            ],
            pill: if Some(v.id) == now {
                Some((Pill::Ok, t("在用", "in force").in_lang(lang).into()))
            } else if v.from > scope.today {
                Some((Pill::Info, t("还没到", "to come").in_lang(lang).into()))
            } else {
                Some((Pill::Mute, t("过去的", "past").in_lang(lang).into()))
            },
            act: Some(Link::new(
                t("看", "See").in_lang(lang),
                at(ctx, "/scheme", &s.school, &format!("version={}", v.no)),
            )),
        })
        .collect();
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &head(ctx, s, "versions")))
        @if rows.is_empty() { (parts::empty(t("还没有发布过方案。", "No scheme was published yet.").in_lang(lang), None)) } @else { (version_list(&rows)) }
        p.m3 { (t("每个时段按它第一天那一版算，改版不会倒回去。", "Each period is judged by the version of its first day; a new one never reaches back.").in_lang(lang)) }
    };
    common::page(ctx, 200, TITLE, body)
}

fn compare(ctx: &Ctx, s: &Stand) -> Result<Reply> {
    let lang = ctx.lang;
    let mut rows: Vec<Vec<Vec<Piece>>> = Vec::new();
    let cell = |r: Option<&Rule>| {
        vec![Piece::Text(r.map_or_else(
            || "—".to_owned(),
            |r| words::plain(r).in_lang(lang).to_owned(),
        ))]
    };
    let back = Link::new(
        t("回到草稿", "Back to the draft").in_lang(lang),
        at(ctx, "/scheme", &s.school, ""),
    );
    let mut heads = vec![t("规则", "Rule").in_lang(lang).to_owned()];
    if let (Some(d), Some(b)) = (&s.draft, s.published.last()) {
        heads.push(number(lang, b.no));
        heads.push(t("草稿", "Draft").in_lang(lang).into());
        let ids = b
            .rules
            .iter()
            .chain(d.rules.iter().filter(|r| !b.rules.iter().any(|x| x.id == r.id)));
        for r in ids {
            let (old, new) = (
                b.rules.iter().find(|x| x.id == r.id),
                d.rules.iter().find(|x| x.id == r.id),
            );
            let head = if old == new {
                Piece::Text(r.name.in_lang(lang).into())
            } else {
                Piece::Strong(format!("{} *", r.name.in_lang(lang)))
            };
            rows.push(vec![vec![head], cell(old), cell(new)]);
        }
    }
    let table = parts::TableView {
        caption: t("两版对照，带 * 的改了", "The two versions; * changed")
            .in_lang(lang)
            .into(),
        head: heads,
        rows,
        ..Default::default()
    };
    let mut top = head(ctx, s, "");
    top.buttons = vec![back];
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        @if table.rows.is_empty() { (parts::empty(t("没有草稿可比。", "There is no draft to compare.").in_lang(lang), None)) } @else { (parts::table(&table)) p.m3 { (table.caption) } }
    };
    common::page(ctx, 200, TITLE, body)
}

fn choose(ctx: &Ctx, s: &Stand, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    super::may_draft(scope, s.school.id)?;
    let cal = ctx.read(|c| tx_school::calendar(c, scope.county, s.school.id, scope.today))?;
    let base = s
        .draft
        .as_ref()
        .or(s.now.as_ref())
        .map(|v| v.base.clone())
        .unwrap_or_default();
    let cards: Vec<_> = tx_school::BASES
        .iter()
        .filter_map(|(code, _)| {
            tx_school::scheme_card(
                lang,
                code,
                &cal,
                SchoolYear::of(scope.today),
                code.eq_ignore_ascii_case(&base),
            )
        })
        .collect();
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &head(ctx, s, "")))
        (parts::error_summary(lang, &common::errors(lang, faults)))
        section.card.pad {
            p { (t("选一个现成的作草稿。草稿里原来改的会换掉，在用的一版不动。", "Take one as the draft. What the draft held goes; the version in force stays.").in_lang(lang)) }
            (parts::form(&common::form(ctx, "/scheme/choose", &[("school", &s.school.code)]), "stack", html! {
                (scheme_cards("base", &cards))
                div.two { button.btn.b1 { (t("作草稿", "Take as draft").in_lang(lang)) } (parts::button(&Link::new(t("不换了", "Leave it").in_lang(lang), at(ctx, "/scheme", &s.school, "")))) }
            }))
        }
    };
    common::page(ctx, status, TITLE, body)
}

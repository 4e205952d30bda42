//! 数字: the page of all figures of a period, the list behind each, and its pop-over (features K10).

use crate::api::{Asked, COUNTERS, asked, period};
use crate::county;
use crate::figure::{Amount, Counted, Figure};
use crate::rows::{Row, rows, shown, words};
use tx_base::{Fault, Lang, Result, Span, t};
use tx_store::Class;
use tx_web::parts::frame::{Top, top};
use tx_web::parts::lists::{self, Tab, TableView};
use tx_web::parts::marks::{Kind as Colour, Link, Mark, Piece, Pill, Seal};
use tx_web::parts::summary::{TraceRow, TraceView};
use tx_web::parts::{self, notes};
use tx_web::pictures::MonthBars;
use tx_web::{Ctx, Reply, Route};

const SCHOOL: tx_web::Param = ("school", "string", t("学校代码", "School code"));
const FROM: tx_web::Param = ("from", "string", t("从", "From day"));
const TO: tx_web::Param = ("to", "string", t("到", "To day"));
pub static ROUTES: &[Route] = &[
    Route::get("/figures", COUNTERS, Class::O, index)
        .says(t("数字", "Figures"))
        .query(&[SCHOOL, FROM, TO]),
    Route::get("/figures/{id}", COUNTERS, Class::P, one)
        .says(t("一个数字算了什么", "What a figure counts"))
        .query(&[
            SCHOOL,
            FROM,
            TO,
            ("by", "string", t("只看其中一份", "One part of its split")),
            ("page", "integer", t("第几页", "Page")),
            ("pop", "string", t("只要小窗", "The pop-over alone")),
        ]),
];

const PAGE: usize = 100;
const FIRST: usize = 5;

pub(crate) fn days(p: Span, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}—{}", p.from.zh_long(), p.to.zh_long()),
        Lang::En => format!("{} to {}", p.from, p.to),
    }
}
fn href(f: &Figure, p: Span, by: Option<&str>) -> String {
    let by = by.map(|k| format!("&by={k}")).unwrap_or_default();
    format!("/figures/{}?from={}&to={}{by}", f.id, p.from, p.to)
}
fn value(n: &Counted, lang: Lang) -> String {
    match n.of {
        Some(of) => format!("{} / {of}", n.value.text(lang)),
        None => n.value.text(lang),
    }
}

/// All figures of the period. Those of outcomes stand only in a report to the authority.
fn index(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = match asked(ctx)? {
        Asked::Own(s) => s.id,
        Asked::Counts(s) => return county::one_school(ctx, &s),
        Asked::Which => return county::all_schools(ctx),
    };
    let p = period(ctx)?;
    let all = ctx.read(|c| crate::all(c, scope, school, p, false))?;
    let mut body = top(
        lang,
        &Top {
            title: t("数字", "Figures").in_lang(lang).into(),
            sub: vec![days(p, lang)],
            switch: periods(ctx, p, "/figures"),
            ..Top::default()
        },
    )
    .into_string();
    body.push_str(&tx_web::parts::assets::office().into_string());
    for (family, list) in crate::FAMILIES {
        let table = TableView {
            caption: family.in_lang(lang).into(),
            head: [t("名称", "Name"), t("数", "Number"), t("怎么算", "How it is counted")]
                .map(|h| h.in_lang(lang).to_owned())
                .to_vec(),
            rows: all
                .iter()
                .filter(|(f, _)| list.iter().any(|g| g.id == f.id))
                .map(|(f, n)| {
                    vec![
                        vec![Piece::Text(f.name.in_lang(lang).into())],
                        vec![
                            Piece::Num {
                                value: value(n, lang),
                                fig: f.id.into(),
                                href: href(f, p, None),
                                bad: false,
                            },
                            Piece::Text(format!(" {}", f.unit.in_lang(lang))),
                        ],
                        vec![Piece::Text(f.definition.in_lang(lang).into())],
                    ]
                })
                .collect(),
            ..TableView::default()
        };
        body.push_str(&lists::heading(family.in_lang(lang), "", None).into_string());
        body.push_str(&lists::table(&table).into_string());
    }
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("数字", "Figures"),
        "summary",
        None,
        markup(body),
    )?))
}

fn markup(s: String) -> maud::Markup {
    maud::PreEscaped(s)
}

/// This school year, the one before, this term.
pub(crate) fn periods(ctx: &Ctx, now: Span, path: &str) -> Vec<Tab> {
    use tx_calendar::SchoolYear;
    let today = ctx.today();
    // a code that stands in an address as it is
    let plain = |s: &&str| s.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let school = ctx
        .q("school")
        .filter(plain)
        .map(|s| format!("school={s}&"))
        .unwrap_or_default();
    let year = SchoolYear::of(today);
    let month = Span::new(today.first_of_month(), today.last_of_month());
    [
        (t("本月", "This month"), month),
        (t("本学年", "This school year"), year.span()),
        (t("上学年", "Last school year"), year.before().span()),
    ]
    .into_iter()
    .map(|(name, s)| {
        Tab::new(
            name.in_lang(ctx.lang),
            format!("{path}?{school}from={}&to={}", s.from, s.to),
            s == now,
        )
    })
    .collect()
}

/// The list behind a number; with `?pop=1` where it comes from, in short.
fn one(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let f = crate::find(ctx.param("id"))
        .filter(|f| !f.authority)
        .ok_or(Fault::NotFound)?;
    let school = match asked(ctx)? {
        Asked::Own(s) => s.id,
        Asked::Counts(s) => return county::one_figure(ctx, &s, f),
        Asked::Which => return Ok(Reply::see("/figures")),
    };
    let p = period(ctx)?;
    let by = ctx.q("by");
    let page = match ctx.q("page").map(str::parse::<usize>) {
        None => 1,
        Some(Ok(n)) if (1..=100_000).contains(&n) => n,
        Some(_) => return Err(Fault::invalid("page", "页数不对", "The page is wrong")),
    };
    let pop = ctx.q("pop") == Some("1");
    let (n, list) = ctx.read(|c| {
        let n = crate::count(c, scope, school, p, f)?;
        if by.is_some_and(|k| !n.by.contains_key(k)) {
            return Err(Fault::invalid("by", "没有这一份", "There is no such part"));
        }
        let (from, many) = if pop { (0, FIRST) } else { ((page - 1) * PAGE, PAGE) };
        let list = rows(c, scope, f, &n, by, from, many, lang)?;
        Ok((n, list))
    })?;
    let total = shown(f, &n, by).len();
    if pop {
        return Ok(Reply::page(parts::summary::trace(
            lang,
            &trace(ctx, f, &n, by, p, &list, total),
        )));
    }
    let (v, of) = part(&n, by);
    let mut sub = vec![
        days(p, lang),
        format!(
            "{} {}",
            of.map_or_else(|| v.text(lang), |of| format!("{} / {of}", v.text(lang))),
            f.unit.in_lang(lang)
        ),
    ];
    sub.extend(by.map(|k| words(f, k, lang)));
    let mut body = top(
        lang,
        &Top {
            title: f.name.in_lang(lang).into(),
            sub,
            switch: periods(ctx, p, &format!("/figures/{}", f.id)),
            ..Top::default()
        },
    )
    .into_string();
    if n.by.len() > 1 {
        let mut tabs = vec![Tab::new(t("全部", "All").in_lang(lang), href(f, p, None), by.is_none())];
        tabs.extend(n.by.iter().map(|(k, (v, of))| {
            let number = of.map_or_else(|| cents(&n, *v).text(lang), |of| format!("{v}/{of}"));
            Tab::new(
                format!("{} {number}", words(f, k, lang)),
                href(f, p, Some(k)),
                by == Some(k.as_str()),
            )
        }));
        let chips = lists::filters(&tabs);
        // many months would push the list off a phone
        let drawn = if tabs.len() > 9 {
            maud::html! { details open[by.is_some()] { summary.m { (t("分份看", "By part").in_lang(lang)) } (chips) } }
        } else {
            chips
        };
        body.push_str(&drawn.into_string());
    }
    body.push_str(&notes::strip(Pill::Mute, "", &rules(f, &n, lang), None).into_string());
    if list.is_empty() {
        let none = t("期内没有算进来的记录。", "No record of this period is counted.");
        body.push_str(&notes::empty(none.in_lang(lang), None).into_string());
    } else {
        body.push_str(&lists::table(&table(ctx, &n, &list)).into_string());
        let at = |n: usize| format!("{}&page={n}", href(f, p, by));
        let before = (page > 1).then(|| at(page - 1));
        let after = (page * PAGE < total).then(|| at(page + 1));
        let place = match lang {
            Lang::Zh => format!("{}—{} / {total}", (page - 1) * PAGE + 1, (page - 1) * PAGE + list.len()),
            Lang::En => format!(
                "{}–{} of {total}",
                (page - 1) * PAGE + 1,
                (page - 1) * PAGE + list.len()
            ),
        };
        body.push_str(&lists::pager(lang, before.as_deref(), after.as_deref(), &place).into_string());
    }
    Ok(Reply::page(tx_web::shell(ctx, f.name, "summary", None, markup(body))?))
}

/// The number itself, or one part of its split.
fn part(n: &Counted, by: Option<&str>) -> (Amount, Option<i64>) {
    match by.and_then(|k| n.by.get(k)) {
        Some((v, of)) => (cents(n, *v), *of),
        None => (n.value, n.of),
    }
}
/// A part in the same unit as the whole.
fn cents(n: &Counted, v: i64) -> Amount {
    if matches!(n.value, Amount::Cents(_)) {
        Amount::Cents(v)
    } else {
        Amount::Whole(v)
    }
}
fn rules(f: &Figure, n: &Counted, lang: Lang) -> String {
    let mut s = f.definition.in_lang(lang).to_owned();
    if n.items.iter().any(|i| i.counts == 0 && n.of.is_none() && i.in_key != 0) {
        s.push_str(t("。各份相加会多于总数", ". The parts add up to more than the whole").in_lang(lang));
    }
    s
}

/// Where a row leads, if there is such a page.
fn opens(ctx: &Ctx, r: &Row) -> String {
    let there = |path: &str| {
        ctx.app
            .routes
            .iter()
            .any(|x| x.method == "GET" && x.path == path && ctx.scope().is_ok_and(|s| x.who.admits(s)))
    };
    match (r.record, r.child) {
        (Some(id), _) if there("/records/{id}") => format!("/records/{id}"),
        (_, Some(id)) if there("/children/{id}") => format!("/children/{id}"),
        _ if !r.place.is_empty() && there(r.place) => r.place.to_owned(),
        _ => String::new(),
    }
}
fn day(r: &Row, lang: Lang) -> String {
    r.on.map(|d| if lang == Lang::Zh { d.zh_long() } else { d.to_string() })
        .unwrap_or_default()
}

fn table(ctx: &Ctx, n: &Counted, list: &[Row]) -> TableView {
    let lang = ctx.lang;
    let keyed = list.iter().any(|r| !r.key.is_empty());
    let mut head = vec![t("谁", "Who"), t("什么", "What"), t("日期", "Day")];
    if keyed {
        head.push(t("归在", "Part"));
    }
    head.push(t("算", "Counts"));
    TableView {
        caption: String::new(),
        head: head.iter().map(|h| h.in_lang(lang).to_owned()).collect(),
        rows: list
            .iter()
            .map(|r| {
                let first = if r.who.is_empty() {
                    r.what.clone()
                } else {
                    r.who.clone()
                };
                let mut cells = vec![first, r.what.clone(), day(r, lang)];
                if keyed {
                    cells.push(r.key.clone());
                }
                cells.push(if r.missed {
                    t("没做到", "not done").in_lang(lang).to_owned()
                } else if n.value.is_nothing() || list.len() == 1 && matches!(n.value, Amount::Day(_) | Amount::Real(_))
                {
                    n.value.text(lang)
                } else {
                    r.adds.text(lang)
                });
                cells.into_iter().map(|c| vec![Piece::Text(c)]).collect()
            })
            .collect(),
        right: vec![head.len() - 1],
        hrefs: list.iter().map(|r| opens(ctx, r)).collect(),
    }
}

fn trace(ctx: &Ctx, f: &Figure, n: &Counted, by: Option<&str>, p: Span, list: &[Row], total: usize) -> TraceView {
    let lang = ctx.lang;
    let (v, of) = part(n, by);
    let parts = of.map_or_else(Vec::new, |of| {
        vec![
            (t("做到了", "Reached").in_lang(lang).to_owned(), v.text(lang)),
            (t("应做", "Owed").in_lang(lang).to_owned(), of.to_string()),
        ]
    });
    let months: Vec<(String, u32)> =
        n.by.iter()
            .filter(|(k, _)| k.len() == 7 && k.as_bytes().get(4) == Some(&b'-'))
            .map(|(k, (v, _))| {
                (
                    k[5..].trim_start_matches('0').to_owned(),
                    u32::try_from(*v).unwrap_or(0),
                )
            })
            .collect();
    TraceView {
        value: v.text(lang),
        unit: f.unit.in_lang(lang).into(),
        name: by.map_or_else(
            || f.name.in_lang(lang).to_owned(),
            |k| format!("{} {}", f.name.in_lang(lang), words(f, k, lang)),
        ),
        sentence: rules(f, n, lang),
        parts,
        months: (by.is_none() && (2..=24).contains(&months.len())).then(|| MonthBars {
            label: f.name.in_lang(lang).into(),
            months,
        }),
        rows: list
            .iter()
            .map(|r| TraceRow {
                seal: if r.seal.is_empty() {
                    Seal::default()
                } else {
                    Seal::new(
                        &r.seal,
                        Colour::of_char(&r.seal),
                        if r.missed { Mark::Missed } else { Mark::Done },
                    )
                },
                title: if r.who.is_empty() {
                    r.what.clone()
                } else {
                    r.who.clone()
                },
                text: if r.who.is_empty() {
                    String::new()
                } else {
                    r.what.clone()
                },
                date: day(r, lang),
                href: opens(ctx, r),
            })
            .collect(),
        all: (total > 0).then(|| {
            let label = match lang {
                Lang::Zh => format!("看全部 {total} 条"),
                Lang::En => format!("All {total}"),
            };
            Link::new(label, href(f, p, by))
        }),
        acts: Vec::new(),
    }
}

/// Where a number comes from, for a page that shows it beside its text: definition, months, the first rows, the whole list.
pub fn trace_view(ctx: &Ctx, c: &tx_store::Conn, f: &Figure, n: &Counted, p: Span) -> Result<TraceView> {
    let list = rows(c, ctx.scope()?, f, n, None, 0, FIRST, ctx.lang)?;
    Ok(trace(ctx, f, n, None, p, &list, shown(f, n, None).len()))
}

//! The rows behind a number of the school's page: they come from the same reading, so that they always add up to it.

use crate::dashboard::{WHO, period_name};
use crate::school::{Period, School, quiet, read, reviews, talked};
use crate::words::{child_href, day, mark, page, pick, record_href, standing, w};
use maud::html;
use std::collections::HashSet;
use tx_access::{Role, Scope};
use tx_base::{Fault, Id, Lang, Result, t};
use tx_duty::{Duty, State, Subject};
use tx_store::{Class, Conn};
use tx_web::parts::frame::{Top, top};
use tx_web::parts::lists::{TableView, pager, table};
use tx_web::parts::marks::{Link, Mark, Piece, Seal};
use tx_web::parts::summary::{TraceRow, TraceView, trace};
use tx_web::{Ctx, Reply, Route};

pub const PATH: &str = "/school/board/rows";

pub static ROUTES: &[Route] = &[Route::get(PATH, WHO, Class::P, show)
    .says(t("这个数是哪些", "The rows behind a number"))
    .query(&[
        (
            "of",
            "string",
            t(
                "children talked overdue quiet nobody review done",
                "children talked overdue quiet nobody review done",
            ),
        ),
        (
            "p",
            "string",
            t("m 本月，t 本学期，y 本学年", "m month, t term, y school year"),
        ),
        ("class", "string", t("班级代码，逗号分开", "Class codes, by commas")),
        ("rule", "string", t("方案里的一条", "A rule of the scheme")),
        ("kind", "string", t("种类", "Kind")),
        ("page", "integer", t("第几页", "Page")),
    ])];

/// Rows of a pop-over, and of a page.
const FEW: usize = 5;
const MANY: usize = 50;

struct Item {
    child: String,
    class: String,
    seal: Seal,
    what: String,
    date: String,
    href: String,
}

struct Found {
    name: String,
    unit: String,
    sentence: String,
    items: Vec<Item>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = scope.the_school()?.id;
    let period = Period::parse(ctx.q("p"))?;
    let at = match ctx.q("page").map(str::parse::<usize>) {
        None => 1,
        Some(Ok(n)) if n > 0 => n,
        Some(_) => return Err(Fault::NotFound),
    };
    let of = ctx.q("of").ok_or(Fault::NotFound)?.to_owned();
    // who is a key child is sensitive: an inspector is not told by a list
    let sensitive = [Role::Head, Role::Leader, Role::Counsellor]
        .iter()
        .any(|r| scope.is(*r));
    let found = ctx.read(|c| {
        let s = read(c, scope, school, period)?;
        let listed: HashSet<Id> = s.listed().map(|k| k.id).collect();
        let child = |id: Id, seal: Seal, what: String, date: String| {
            let k = s.child(id)?;
            Some(Item {
                child: k.name.clone(),
                class: k.class_name.clone().unwrap_or_else(|| w(lang, crate::calendar::NO_CLASS_NAME)),
                seal,
                what,
                date,
                href: child_href(ctx, id),
            })
        };
        let name = period_name(&s, period, lang);
        let kids = w(lang, t("名", "children"));
        Ok(match of.as_str() {
            "children" => Found {
                name: w(lang, t("要关爱的孩子", "Children on the list")),
                unit: kids,
                sentence: w(lang, t("今天在学校名单上的孩子。", "Children on the school's list today.")),
                items: listed_items(&s, &child),
            },
            "talked" => Found {
                name: pick(lang, format!("{name}已谈心"), format!("Talked with in {name}")),
                unit: kids,
                sentence: w(lang, t("名单上的孩子里，期内当面谈过的；一名只数一次。", "Of the children on the list, those met for a talk in the period, each counted once.")),
                items: talked(c, scope, school, s.span, &listed)?
                    .into_iter()
                    .filter_map(|(id, last, n)| child(id, tx_duties::seal_of("heart_talk", Mark::Done), pick(lang, format!("谈心 {n} 次"), format!("{n} talks")), day(lang, last)))
                    .collect(),
            },
            "quiet" => Found {
                name: w(lang, t("超过 45 天没和父母说上话", "Over 45 days without speaking with the parents")),
                unit: kids,
                sentence: w(lang, t("名单上的孩子里，最近一次亲情通话或每周联系在 45 天以前；从没有过的，从上名单那天算。", "The last call or weekly contact lies over 45 days back; without one, counted from the day on the list.")),
                items: quiet(c, scope, school, &listed)?
                    .into_iter()
                    .filter_map(|q| {
                        let last = q.last.map_or_else(|| w(lang, t("还没有过", "never yet")), |d| day(lang, d));
                        child(q.child, tx_duties::seal_of("family_call", Mark::Overdue), pick(lang, format!("{} 天", q.days), format!("{} days", q.days)), last)
                    })
                    .collect(),
            },
            "review" if sensitive => Found {
                name: w(lang, t("该复查的重点孩子", "Key children to be reviewed")),
                unit: kids,
                sentence: w(lang, t("复查日子到了的重点帮扶对象。", "Key children whose day of review has come.")),
                items: reviews(c, scope, school)?
                    .into_iter()
                    .filter_map(|(id, on)| child(id, tx_duties::seal_of("heart_talk", Mark::Open), w(lang, t("复查", "Review")), day(lang, on)))
                    .collect(),
            },
            "done" if !sensitive && for_key(c, scope, school, ctx)? => return Err(Fault::NotFound),
            "overdue" | "nobody" | "done" => duties(ctx, &s, &of, &name)?,
            _ => return Err(Fault::NotFound),
        })
    })?;
    let title = t("这个数是哪些", "The rows behind a number");
    let href = |n: usize| {
        let keep: Vec<String> = ctx
            .query
            .iter()
            .filter(|(k, _)| !matches!(k.as_str(), "pop" | "page"))
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        format!("{PATH}?{}&page={n}", keep.join("&"))
    };
    let total = found.items.len();
    if ctx.q("pop") == Some("1") {
        let rows = found.items.iter().take(FEW).map(|i| TraceRow {
            seal: i.seal.clone(),
            title: format!("{} {}", i.child, i.what),
            text: i.class.clone(),
            date: i.date.clone(),
            href: i.href.clone(),
        });
        let view = TraceView {
            value: total.to_string(),
            unit: found.unit,
            name: found.name,
            sentence: found.sentence,
            rows: rows.collect(),
            all: Some(Link::new(
                pick(lang, format!("看全部 {total}"), format!("See all {total}")),
                href(1),
            )),
            ..Default::default()
        };
        return page(ctx, title, "board", trace(lang, &view));
    }
    let pages = total.div_ceil(MANY).max(1);
    if at > pages {
        return Err(Fault::NotFound);
    }
    let shown = &found.items[(at - 1) * MANY..(at * MANY).min(total)];
    // a list of children has nothing to say of what and when
    let whole = found.items.iter().any(|i| !i.what.is_empty() || !i.date.is_empty());
    let wide = if whole { 4 } else { 2 };
    let view = TableView {
        caption: found.name.clone(),
        head: [
            t("孩子", "Child"),
            t("班级", "Class"),
            t("事", "What"),
            t("日子", "Day"),
        ]
        .into_iter()
        .take(wide)
        .map(|head| w(lang, head))
        .collect(),
        rows: shown
            .iter()
            .map(|i| {
                [&i.child, &i.class, &i.what, &i.date]
                    .into_iter()
                    .take(wide)
                    .map(|v| vec![Piece::Text(v.clone())])
                    .collect()
            })
            .collect(),
        right: Vec::new(),
        hrefs: shown.iter().map(|i| i.href.clone()).collect(),
    };
    let body = html! {
        (top(lang, &Top { title: found.name, sub: vec![format!("{total} {}", found.unit)], print: true, ..Default::default() }))
        p.m { (found.sentence) }
        (table(&view))
        (pager(lang, (at > 1).then(|| href(at - 1)).as_deref(), (at < pages).then(|| href(at + 1)).as_deref(), &format!("{at} / {pages}")))
    };
    page(ctx, title, "board", body)
}

/// Whether the rule that was asked for is one for key children.
fn for_key(c: &Conn, scope: &Scope, school: Id, ctx: &Ctx) -> Result<bool> {
    let rules = crate::cell::rules(c, scope.county, school, scope.today, ctx.lang)?;
    Ok(ctx.q("rule").and_then(|id| rules.get(id)).is_some_and(|r| r.key))
}

type OfChild<'a> = dyn Fn(Id, Seal, String, String) -> Option<Item> + 'a;

fn listed_items(s: &School, child: &OfChild<'_>) -> Vec<Item> {
    s.listed()
        .filter_map(|k| {
            child(
                k.id,
                tx_duties::seal_of("heart_talk", Mark::Done),
                String::new(),
                String::new(),
            )
        })
        .collect()
}

fn duties(ctx: &Ctx, s: &School, of: &str, period: &str) -> Result<Found> {
    let lang = ctx.lang;
    let class_of = s.class_of();
    let mut wanted: Option<HashSet<Id>> = None;
    if let Some(codes) = ctx.q("class") {
        let ids: Option<HashSet<Id>> = codes
            .split(',')
            .map(|code| s.classes.iter().find(|k| k.code == code).map(|k| k.id))
            .collect();
        wanted = Some(ids.ok_or(Fault::NotFound)?);
    }
    let class = |d: &Duty| match d.subject {
        Subject::Child(id) => class_of.get(&id).copied(),
        Subject::Class(id) => Some(id),
        Subject::School(_) => None,
    };
    let rule = ctx.q("rule");
    let mut list: Vec<&Duty> = match of {
        "done" => {
            let rule = rule.ok_or(Fault::NotFound)?;
            s.of_period()
                .filter(|d| d.state == State::Done && &*d.rule == rule && ctx.q("kind").is_none_or(|k| &*d.kind == k))
                .collect()
        }
        _ => s.overdue().filter(|d| of == "overdue" || d.owner.is_none()).collect(),
    };
    list.retain(|d| wanted.as_ref().is_none_or(|k| class(d).is_some_and(|c| k.contains(&c))));
    // as a school reads: by class, by name, what was due first
    let place = |d: &Duty| {
        let code = class(d)
            .and_then(|id| s.classes.iter().find(|k| k.id == id))
            .map(|k| k.code.as_str());
        let child = d.subject.child().and_then(|id| s.child(id)).map(|k| k.pinyin.as_str());
        (code, child, d.window.to, d.id)
    };
    list.sort_by(|a, b| place(a).cmp(&place(b)));
    let items = list
        .iter()
        .map(|d| {
            let (child, href) = match d.subject {
                Subject::Child(id) => (
                    s.child(id).map(|k| k.name.clone()).unwrap_or_default(),
                    child_href(ctx, id),
                ),
                Subject::Class(_) => (w(lang, t("全班", "Class")), String::new()),
                Subject::School(_) => (w(lang, t("全校", "School")), String::new()),
            };
            let name = tx_duties::kind_name(&d.kind, lang);
            let done = d.state == State::Done;
            Item {
                child,
                class: class(d)
                    .and_then(|id| s.classes.iter().find(|k| k.id == id))
                    .map(|k| k.name.clone())
                    .unwrap_or_default(),
                seal: tx_duties::seal_of(&d.kind, mark(d)),
                what: if done {
                    name
                } else {
                    format!("{name} {}", standing(d, s.on, lang))
                },
                date: day(lang, d.done_on.unwrap_or(d.window.to)),
                href: d
                    .records
                    .first()
                    .filter(|_| done)
                    .map(|r| record_href(ctx, r))
                    .filter(|h| !h.is_empty())
                    .unwrap_or(href),
            }
        })
        .collect();
    let (name, sentence) = match (of, lang) {
        ("overdue", _) => (
            w(lang, t("逾期的", "Overdue")),
            t(
                "日子过了还没做的；下一个时段开始以后算没做上，不再催。",
                "Past its window and not done; after the next window begins it counts as missed.",
            ),
        ),
        ("nobody", _) => (
            w(lang, t("逾期又没有人负责的", "Overdue with nobody in the post")),
            t(
                "日子过了，方案里该做的岗位上没有人。",
                "Past its window, and nobody holds the post that owes it.",
            ),
        ),
        (_, Lang::Zh) => (format!("{period}做了的"), t("期内到期的事里做了的。", "")),
        (_, Lang::En) => (
            format!("Done in {period}"),
            t("", "Of what falls due in the period, what is done."),
        ),
    };
    Ok(Found {
        name,
        unit: w(lang, t("件", "items")),
        sentence: w(lang, sentence),
        items,
    })
}

//! Pages of things, for every sort from its declaration: the shelf, a list, one with its life, form, steps.

mod form;
mod one;

use crate::api::query;
use crate::read::{Thing, list, may_write};
use crate::sort::{About, Group, Sort, all_sorts, find_sort};
use std::collections::HashMap;
use tx_access::Scope;
use tx_base::{Day, Fault, Id, Lang, Result, Text, t};
use tx_record::form::shown;
use tx_record::people::Named;
use tx_store::{Class, Conn, params};
use tx_web::pages::{Shell, may_open, shell_with};
use tx_web::parts::forms::{Field, FieldKind};
use tx_web::parts::lists::{Filter, TimelineItem};
use tx_web::parts::marks::{Kind as Colour, Link, Mark, Pill, Seal};
use tx_web::parts::today::NoteRow;
use tx_web::parts::{Top, records};
use tx_web::{CARERS, Ctx, Reply, Route, STAFF};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/things", CARERS, Class::P, shelf)
        .says(t("登记", "Things"))
        .query(&[("group", "string", t("哪一类", "Which group"))]),
    Route::get("/things/list", CARERS, Class::S, of_sort)
        .says(t("一种登记", "Things of a sort"))
        .query(&[
            ("sort", "string", t("种类", "Sort")),
            ("state", "string", t("状态", "State")),
            ("q", "string", t("名称里有", "Part of the name")),
            ("child", "string", t("孩子", "Child")),
            ("cursor", "string", t("接着上次", "Go on from here")),
        ]),
    Route::get("/things/new", STAFF, Class::S, form::show_new)
        .says(t("登记一样", "Add a thing"))
        .query(&[
            ("sort", "string", t("种类", "Sort")),
            ("child", "string", t("孩子", "Child")),
        ]),
    Route::form("/things/new", STAFF, Class::S, form::save_new).says(t("存好", "Save")),
    Route::get("/things/{id}", CARERS, Class::S, one::show).says(t("一样登记", "One thing")),
    Route::get("/things/{id}/edit", STAFF, Class::S, form::show_edit).says(t("改正", "Correct")),
    Route::form("/things/{id}/edit", STAFF, Class::S, form::save_edit).says(t("改好", "Save the correction")),
    Route::form("/things/{id}/step", STAFF, Class::S, one::take_step).says(t("走下一步", "Take a step")),
    Route::form("/things/{id}/stock", STAFF, Class::S, one::move_stock).says(t("入库出库", "Put in or take out")),
    Route::form("/things/{id}/delete", STAFF, Class::S, one::delete).says(t("删除，要写原因", "Delete, with a reason")),
];

fn say(t: Text, lang: Lang) -> String {
    t.in_lang(lang).to_owned()
}

pub(crate) fn seal_of(x: &Thing, on: Day) -> Seal {
    let mark = match x.sort.state(&x.state).tone {
        _ if x.is_late(on) => Mark::Overdue,
        Pill::Ok => Mark::Done,
        Pill::Mute if x.is_over() => Mark::Excused,
        Pill::Due | Pill::Late | Pill::Info | Pill::Mute | Pill::Sealed => Mark::Open,
    };
    Seal::new(x.sort.seal, Colour::of_char(x.sort.seal), mark)
}

/// Whether a sort has anything to show or to do for this person.
fn concerns(scope: &Scope, sort: &Sort) -> bool {
    match sort.about {
        About::School => (sort.reads)(scope),
        About::Child => (sort.reads)(scope) || (sort.writes)(scope),
    }
}

/// The entry of the side bar that a group belongs to.
fn active(group: Group) -> &'static str {
    match group {
        Group::Child => "children",
        Group::Family => "family",
        Group::Room => "room",
        Group::Activity => "activities",
        Group::Means | Group::Papers => "things",
    }
}

/// What belongs together, each sort with how many are under way.
fn shelf(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, on) = (ctx.scope()?, ctx.lang, ctx.today());
    let all = ctx.read(|c| {
        let q = crate::Query {
            live: true,
            limit: 201,
            ..Default::default()
        };
        Ok(list(ctx.db().keys(), c, scope, &q)?.0)
    })?;
    let group = ctx.q("group").unwrap_or_default();
    let mut rows: Vec<NoteRow> = Vec::new();
    for sort in all_sorts().iter().filter(|s| concerns(scope, s)) {
        if !group.is_empty() && format!("{:?}", sort.group).to_lowercase() != group {
            continue;
        }
        let mine: Vec<&Thing> = all.iter().filter(|t| t.sort.id == sort.id).collect();
        let late = mine.iter().filter(|t| t.is_late(on)).count();
        let counts = match (lang, late) {
            (Lang::Zh, 0) => format!("{} 件", mine.len()),
            (Lang::Zh, n) => format!("{} 件，晚了 {n} 件", mine.len()),
            (Lang::En, 0) => mine.len().to_string(),
            (Lang::En, n) => format!("{}, {n} late", mine.len()),
        };
        rows.push(NoteRow {
            icon: "doc",
            tone: if late > 0 { Pill::Late } else { Pill::Mute },
            title: say(sort.name, lang),
            text: format!("{} · {counts}", say(sort.says, lang)),
            act: Some(Link::new(
                say(t("看", "See"), lang),
                format!("/things/list?sort={}", sort.id),
            )),
        });
    }
    let body = maud::html! {
        (tx_web::parts::assets::office())
        (tx_web::parts::frame::top(lang, &Top { title: say(t("登记", "Registers"), lang), ..Top::default() }))
        @if rows.is_empty() { (tx_web::parts::empty(t("这里没有您管的事。", "Nothing here is yours.").in_lang(lang), None)) }
        section.card.its { @for r in &rows { (tx_web::parts::today::note_row(r)) } }
    };
    let shell = Shell {
        title: t("登记", "Registers"),
        active: "things",
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, body)?))
}

/// The sort that an address names; 404 for one that is not this person's.
fn sort_of(ctx: &Ctx) -> Result<&'static Sort> {
    let id = ctx.q("sort").map_or_else(|| ctx.f("sort"), |s| s);
    find_sort(id)
        .filter(|s| ctx.scope().is_ok_and(|k| concerns(k, s)))
        .ok_or(Fault::NotFound)
}

/// How a thing is called.
pub(crate) fn title(t: &Thing, children: &HashMap<Id, Named>) -> String {
    let child = t.child.and_then(|k| children.get(&k)).map(|k| k.name.clone());
    t.title.clone().or(child).unwrap_or_default()
}
fn days(t: &Thing, lang: Lang) -> Option<String> {
    let w = |d: Day| if lang == Lang::Zh { d.zh_short() } else { d.to_string() };
    match (t.from, t.to, lang) {
        (None, None, _) => None,
        (Some(a), Some(b), Lang::Zh) => Some(format!("{}到{}", w(a), w(b))),
        (Some(a), Some(b), Lang::En) => Some(format!("{} to {}", w(a), w(b))),
        (Some(a), None, Lang::Zh) => Some(format!("{}起", w(a))),
        (Some(a), None, Lang::En) => Some(format!("since {}", w(a))),
        (None, Some(b), Lang::Zh) => Some(format!("到{}", w(b))),
        (None, Some(b), Lang::En) => Some(format!("until {}", w(b))),
    }
}

/// A thing in a list.
fn item(x: &Thing, children: &HashMap<Id, Named>, owners: &HashMap<Id, String>, on: Day, lang: Lang) -> TimelineItem {
    let mut facts = vec![say(x.sort.state(&x.state).name, lang)];
    if let (Some(unit), Some(n)) = (x.sort.stock, x.stock) {
        facts.push(format!("{n} {}", say(unit, lang)));
    }
    facts.extend(days(x, lang));
    facts.extend(x.owner.and_then(|o| owners.get(&o)).cloned());
    if let Some(due) = x.due.filter(|_| !x.is_over()) {
        let late = on.since(due);
        facts.push(match (lang, late > 0) {
            (Lang::Zh, true) => format!("晚 {late} 天"),
            (Lang::Zh, false) => format!("{}前", due.zh_short()),
            (Lang::En, true) => format!("{late} days late"),
            (Lang::En, false) => format!("by {due}"),
        });
    }
    for id in x.sort.brief {
        if let (Some(f), Some(v)) = (x.sort.field(id), x.fields.get(*id)) {
            facts.push(shown(f, v, lang));
        }
    }
    facts.retain(|f| !f.is_empty());
    TimelineItem {
        id: x.id.to_string(),
        seal: seal_of(x, on),
        title: title(x, children),
        date: if lang == Lang::Zh {
            x.made_at.day().zh_short()
        } else {
            x.made_at.day().to_string()
        },
        facts,
        href: format!("/things/{}", x.id),
        private: x.child.is_some(),
        ..Default::default()
    }
}

/// Accounts of the own school who may be in charge of something, by name.
fn staff(c: &Conn, scope: &Scope) -> Result<Vec<(Id, String)>> {
    let Some(school) = &scope.school else {
        return Ok(Vec::new());
    };
    let sql = "select id, shown from accounts where county_id = ?1 and school_id = ?2 and disabled_at is null order by shown, id";
    Ok(c.query(sql, params![scope.county, school.id])?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect())
}

/// Things on one page of a list.
const PAGE: usize = 40;

fn of_sort(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, on, sort) = (ctx.scope()?, ctx.lang, ctx.today(), sort_of(ctx)?);
    let mut q = query(ctx, PAGE)?;
    let any = ctx.q("state") == Some("all");
    if any {
        q.state = None;
    }
    q.live = q.state.is_none() && !any;
    let (mut found, children, owners) = ctx.read(|c| {
        let (found, children) = list(ctx.db().keys(), c, scope, &q)?;
        let owners: HashMap<Id, String> = staff(c, scope)?.into_iter().collect();
        Ok((found, children, owners))
    })?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let filters = |cursor: Option<&str>| {
        let mut parts = form_urlencoded::Serializer::new(String::new());
        for n in ["sort", "state", "q", "child"] {
            if let Some(v) = ctx.q(n) {
                parts.append_pair(n, v);
            }
        }
        if let Some(at) = cursor {
            parts.append_pair("cursor", at);
        }
        format!("/things/list?{}", parts.finish())
    };
    let after = found.last().filter(|_| more).map(|t| filters(Some(&t.id.to_string())));
    let mut states = vec![(String::new(), say(t("没完的", "Not over"), lang))];
    states.extend(sort.states.iter().map(|s| (s.id.to_owned(), say(s.name, lang))));
    states.push(("all".into(), say(t("全部", "All"), lang)));
    let writes = (sort.writes)(scope) && may_open(ctx, "/things/new");
    let chosen = ctx.q("state").is_some() || ctx.q("q").is_some();
    let view = records::ListView {
        top: Top {
            title: say(sort.name, lang),
            sub: vec![say(sort.says, lang)],
            buttons: writes
                .then(|| {
                    let child = ctx.q("child").map(|c| format!("&child={c}")).unwrap_or_default();
                    Link::new(
                        say(t("登记", "Add"), lang),
                        format!("/things/new?sort={}{child}", sort.id),
                    )
                    .icon("plus")
                    .first()
                })
                .into_iter()
                .collect(),
            print: true,
            ..Default::default()
        },
        filter: Filter {
            action: "/things/list".into(),
            label: say(t("筛选", "Filter"), lang),
            fields: vec![
                Field {
                    name: "state".into(),
                    label: say(t("状态", "State"), lang),
                    value: ctx.q("state").unwrap_or_default().into(),
                    kind: FieldKind::Select(states),
                    ..Default::default()
                },
                Field {
                    name: "q".into(),
                    label: say(t("名称里有", "Name has"), lang),
                    value: ctx.q("q").unwrap_or_default().into(),
                    ..Default::default()
                },
            ],
            hidden: ["sort", "child"]
                .iter()
                .filter_map(|n| ctx.q(n).map(|v| ((*n).to_owned(), v.to_owned())))
                .collect(),
            button: say(t("看", "Show"), lang),
            open: chosen,
        },
        items: found.iter().map(|x| item(x, &children, &owners, on, lang)).collect(),
        empty: if chosen {
            say(
                t("没有这样的。换个条件看看。", "None like this. Try another filter."),
                lang,
            )
        } else if lang == Lang::Zh {
            format!("还没有登记{}。", sort.name.zh)
        } else {
            format!("Nothing here yet: {}.", sort.name.en)
        },
        empty_next: writes.then(|| {
            Link::new(
                say(t("登记第一样", "Add the first"), lang),
                format!("/things/new?sort={}", sort.id),
            )
        }),
        after,
        first: ctx.q("cursor").map(|_| filters(None)),
        place: String::new(),
    };
    let shell = Shell {
        title: sort.name,
        active: active(sort.group),
        toast: (ctx.q("gone") == Some("1")).then(|| tx_web::parts::Toast {
            text: say(
                t(
                    "删了，从前的样子留在历史里",
                    "Deleted; what it was stays in the history",
                ),
                lang,
            ),
            undo: None,
        }),
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, records::list(lang, &view))?))
}

/// Whether the caller may write this thing.
fn writes(scope: &Scope, x: &Thing, children: &HashMap<Id, Named>) -> bool {
    may_write(scope, x.sort, x.child.and_then(|k| children.get(&k)))
}

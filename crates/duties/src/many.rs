//! One record for many children (features C6, screens.md §5.5): the class as tiles, those who have it already in sand, the same words for all,
//! then a line for each who needs one.

use crate::feed::{feed, owed};
use crate::sheet::{asked, back, back_saved, body, each_count, kind_asked, line, questions, reply, tabs, when};
use crate::today::seal_of;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashSet};
use tx_access::Scope;
use tx_base::{Fault, FieldFault, Id, Lang, Result, t};
use tx_duty::{Ask, State};
use tx_record::people::{self, Named};
use tx_record::{About, Declared, Kind, WRITERS};
use tx_store::{Class, Conn, params};
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Mark, Piece};
use tx_web::parts::{forms, record};
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/record/many", WRITERS, Class::P, show)
        .says(t("一次记几个孩子", "Many children at once"))
        .query(&[
            ("kind", "string", t("种类", "Kind")),
            ("class", "string", t("班级代码", "Class code")),
            ("child", "string", t("从这个孩子来", "Come from this child")),
            (
                "tab",
                "string",
                t("owed class paired village", "owed, class, paired or village"),
            ),
        ]),
    Route::form("/record/many", WRITERS, Class::P, save).says(t("存好", "Save")),
];
/// Prefix of the fields with a line for one child.
const EACH: &str = "line.";

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

/// What the sheet offers.
struct Offer {
    classes: Vec<people::Class>,
    class: Option<people::Class>,
    /// of the class, and those of other classes who belong to the choice (siblings, pairs)
    children: Vec<Named>,
    /// household of the child that one came from
    siblings: HashSet<Id>,
    /// children paired with the one who writes
    paired: HashSet<Id>,
    owing: HashSet<Id>,
    done: HashSet<Id>,
}

fn ids(c: &Conn, sql: &str, vals: &[tx_store::Value]) -> Result<HashSet<Id>> {
    Ok(c.query(sql, vals)?.iter().map(|r| r.id(0)).collect())
}

fn offer(ctx: &Ctx, c: &Conn, scope: &Scope, kind: &Kind) -> Result<Offer> {
    let school = scope.the_school()?.id;
    let from: Option<Id> = asked(ctx, "child").parse().ok();
    let classes = people::classes(c, scope)?;
    let of_child = match from {
        Some(id) => people::children(c, scope, &[id])?.remove(&id).and_then(|n| n.class),
        None => None,
    };
    let code = asked(ctx, "class");
    let class = classes
        .iter()
        .find(|(id, k, _)| {
            if code.is_empty() {
                of_child.map_or(scope.leads.contains(id), |o| o == *id)
            } else {
                *k == code
            }
        })
        .or_else(|| classes.first().filter(|_| code.is_empty()))
        .cloned();
    if class.is_none() && !code.is_empty() {
        return Err(Fault::NotFound);
    }
    let paired = match scope.adult {
        Some(adult) => ids(
            c,
            "select child_id from pairings where county_id = ?1 and adult_id = ?2 and from_day <= ?3 and (to_day is null or to_day >= ?3)",
            params![scope.county, adult, scope.today],
        )?,
        None => HashSet::new(),
    };
    let siblings = match from {
        Some(id) => ids(
            c,
            "select s.id from children s join children c on c.county_id = s.county_id and c.household_id = s.household_id where s.county_id = ?1 and c.id = ?2 and s.deleted_at is null",
            params![scope.county, id],
        )?,
        None => HashSet::new(),
    };
    let mut children = match &class {
        Some((id, ..)) => people::of_class(c, scope, Some(*id))?,
        None => Vec::new(),
    };
    let here: HashSet<Id> = children.iter().map(|k| k.id).collect();
    let elsewhere: Vec<Id> = paired
        .iter()
        .chain(&siblings)
        .chain(from.iter())
        .filter(|id| !here.contains(id))
        .copied()
        .collect();
    let mut more: Vec<Named> = people::children(c, scope, &elsewhere)?.into_values().collect();
    more.sort_by(|a, b| (&a.class_name, &a.name).cmp(&(&b.class_name, &b.name)));
    children.extend(more);
    children.retain(|k| k.sight.record);
    let shown: HashSet<Id> = children.iter().map(|k| k.id).collect();
    let (mut owing, mut done): (HashSet<Id>, HashSet<Id>) = Default::default();
    let fed = feed(c, scope.county, school, scope.today, None)?;
    for d in owed(
        &fed,
        &Ask {
            on: scope.today,
            until: None,
            since: Some(scope.today),
        },
    ) {
        let asked = d.is_staff() && *d.kind == *kind.id;
        let Some(child) = d.subject.child().filter(|k| asked && shown.contains(k)) else {
            continue;
        };
        match d.state {
            State::Open | State::Overdue => owing.insert(child),
            State::Done if d.window.has(scope.today) => done.insert(child),
            _ => false,
        };
    }
    if owing.is_empty() && done.is_empty() {
        // a kind that no rule asks for: those who have it today already
        done = ids(
            c,
            "select distinct l.child_id from records r join record_lines l on l.county_id = r.county_id and l.record_id = r.id where r.county_id = ?1 and r.school_id = ?2 and r.kind = ?3 and r.on_day = ?4 and r.state = 'done' and r.deleted_at is null and l.child_id is not null",
            params![scope.county, school, kind.id, scope.today],
        )?;
    }
    done.retain(|id| !owing.contains(id));
    Ok(Offer {
        classes,
        class,
        siblings,
        paired: paired.into_iter().filter(|id| shown.contains(id)).collect(),
        children,
        owing,
        done,
    })
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let kind = kind_asked(ctx)?;
    if kind.about == About::Adults {
        return Err(Fault::NotFound);
    }
    let (o, declared) = ctx.read(|c| {
        let declared = Declared::of(c, scope.county, scope.the_school()?.id, kind, scope.today)?;
        Ok((offer(ctx, c, scope, kind)?, declared))
    })?;
    let code = o.class.as_ref().map(|(_, k, _)| k.clone()).unwrap_or_default();
    let from: Option<Id> = asked(ctx, "child").parse().ok();
    let of_class = |k: &&Named| o.class.as_ref().is_some_and(|(id, ..)| k.class == Some(*id));
    let in_class = o.children.iter().filter(of_class).count();
    let short = asked(ctx, "tab");
    let tab = match short.as_str() {
        "class" | "paired" | "village" => short.as_str(),
        _ if o.owing.is_empty() => "class",
        _ => "owed",
    };
    let posted = ctx.route.method == "POST";
    let ticked: HashSet<Id> = ctx
        .f_all("tick")
        .into_iter()
        .chain(ctx.f_all("child"))
        .filter_map(|v| v.parse().ok())
        .collect();
    // the child that one came from with brothers and sisters; on their own tabs the pair, and the whole class that has it not yet
    let on = |k: &Named| match tab {
        _ if posted => ticked.contains(&k.id),
        _ if Some(k.id) == from || (from.is_some() && o.siblings.contains(&k.id)) => true,
        "paired" => o.paired.contains(&k.id),
        "class" if from.is_none() && short == "class" => of_class(&k) && !o.done.contains(&k.id),
        _ => false,
    };
    let tile = |k: &Named| record::NameTile {
        id: k.id.to_string(),
        name: k.name.clone(),
        on: on(k),
        done: o.done.contains(&k.id),
        line: ctx.f(&format!("{EACH}{}", k.id)).to_owned(),
        ..Default::default()
    };
    let with = from.map(|c| format!("&child={c}")).unwrap_or_default();
    let link = |kind: &str, class: &str, tab: &str| format!("/record/many?kind={kind}&class={class}&tab={tab}{with}");
    let count = |zh: &str, en: &str, n: usize| {
        if lang == Lang::Zh {
            format!("{zh} {n}")
        } else {
            format!("{en} {n}")
        }
    };
    let mut tab_list = Vec::new();
    if !o.owing.is_empty() {
        tab_list.push(Tab::new(
            count("还差", "Owed", o.owing.len()),
            link(kind.id, &code, "owed"),
            tab == "owed",
        ));
    }
    if in_class > 0 {
        tab_list.push(Tab::new(
            count("全班", "Class", in_class),
            link(kind.id, &code, "class"),
            tab == "class",
        ));
    }
    if !o.paired.is_empty() {
        tab_list.push(Tab::new(
            count("结对", "Paired", o.paired.len()),
            link(kind.id, &code, "paired"),
            tab == "paired",
        ));
    }
    if o.children.iter().any(|k| !k.village.is_empty()) {
        tab_list.push(Tab::new(
            t("按村", "By village").in_lang(lang),
            link(kind.id, &code, "village"),
            tab == "village",
        ));
    }
    let view = record::ManyView {
        form: forms::Form {
            action: "/record/many".into(),
            csrf: ctx.csrf(),
            key: ctx.form_key(),
            hidden: vec![
                ("kind".into(), kind.id.into()),
                ("class".into(), code.clone()),
                ("tab".into(), tab.into()),
                ("back".into(), back(ctx)),
            ],
            draft: format!(
                "many:{}:{code}:{tab}:{}",
                kind.id,
                from.map(|c| c.to_string()).unwrap_or_default()
            ),
            files: false,
        },
        title: t("一次记几个孩子", "Several children at once").in_lang(lang).into(),
        close_href: back(ctx),
        when: when(ctx, faults),
        classes: if o.classes.len() > 1 {
            o.classes
                .iter()
                .map(|(_, k, name)| Tab::new(name.clone(), link(kind.id, k, ""), *k == code))
                .collect()
        } else {
            Vec::new()
        },
        tabs: tab_list,
        kinds: tabs(ctx, kind, |k| link(k, &code, tab)),
        errors: tx_record::form::errors(faults, &declared, lang),
        note: if o.children.is_empty() {
            t("这里没有您能记的孩子。", "No children here that you may write about.")
                .in_lang(lang)
                .into()
        } else {
            String::new()
        },
        tiles: groups(&o, tab, from, lang, tile),
        filter: o.children.len() > 60,
        questions: questions(
            ctx,
            &declared,
            faults,
            None,
            forms::Line {
                label: t("同样的话，写一次", "The same words, written once")
                    .in_lang(lang)
                    .into(),
                hint: t("之后可给每人各加一句", "then a line for each").in_lang(lang).into(),
                ..line(ctx, &declared, faults)
            },
        ),
        each: EACH.into(),
        settles: Some((
            seal_of(kind.id, Mark::Done),
            vec![Piece::Text(match lang {
                Lang::Zh => format!("记成一条{}，每个孩子一行", kind.name.zh),
                Lang::En => format!("One {}, a line for each child", kind.name.en),
            })],
        )),
        save: t("存好", "Save").in_lang(lang).into(),
        save_count: t("存好 {n} 人", "Save for {n}").in_lang(lang).into(),
        ..Default::default()
    };
    reply(
        ctx,
        status,
        t("一次记几个孩子", "Several children"),
        record::many(lang, &view),
    )
}

/// Tiles in their groups: one's own brothers and sisters and pairs from other classes stand apart, by village where that was asked for.
fn groups(
    o: &Offer,
    tab: &str,
    from: Option<Id>,
    lang: Lang,
    tile: impl Fn(&Named) -> record::NameTile,
) -> Vec<(String, Vec<record::NameTile>)> {
    let mut out: BTreeMap<(u8, String), Vec<record::NameTile>> = BTreeMap::new();
    for k in &o.children {
        let here = o.class.as_ref().is_some_and(|(id, ..)| k.class == Some(*id));
        let key = match tab {
            // those whom it concerns: who owes it, who has it already, and whoever one came from with brothers and sisters
            "owed"
                if !o.owing.contains(&k.id)
                    && !o.done.contains(&k.id)
                    && from != Some(k.id)
                    && !(from.is_some() && o.siblings.contains(&k.id)) =>
            {
                continue;
            }
            "paired" if !o.paired.contains(&k.id) => continue,
            "paired" => (0, String::new()),
            "village" if k.village.is_empty() => (2, t("没写村", "No village").in_lang(lang).to_owned()),
            "village" => (1, k.village.clone()),
            _ if here => (0, String::new()),
            _ if o.siblings.contains(&k.id) => {
                (1, t("一家的兄弟姐妹", "Brothers and sisters").in_lang(lang).to_owned())
            }
            _ => (2, t("结对的孩子", "Paired").in_lang(lang).to_owned()),
        };
        out.entry(key).or_default().push(tile(k));
    }
    out.into_iter().map(|((_, head), tiles)| (head, tiles)).collect()
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.id;
    let kind = kind_asked(ctx)?;
    let chosen: Vec<Id> = ctx
        .f_all("child")
        .into_iter()
        .map(|v| v.parse().map_err(|()| Fault::NotFound))
        .collect::<Result<_>>()?;
    let (declared, mut children) = ctx.read(|c| {
        let seen = people::children(c, &scope, &chosen)?;
        if chosen.iter().any(|id| seen.get(id).is_none_or(|n| !n.sight.record)) {
            return Err(Fault::NotFound);
        }
        let declared = Declared::of(c, scope.county, school, kind, scope.today)?;
        Ok((declared, chosen.clone()))
    })?;
    let mut seen = HashSet::new();
    children.retain(|k| seen.insert(*k));
    let mut faults: Vec<FieldFault> = Vec::new();
    if children.is_empty() {
        let reason = tx_base::say("还没有选孩子", "No child is chosen");
        faults.push(FieldFault {
            field: "children".into(),
            reason,
        });
    }
    let each = each_count(ctx, kind, &mut faults);
    let lines: Vec<Json> = children
        .iter()
        .map(|id| {
            let own = ctx.f(&format!("{EACH}{id}")).trim();
            let fields = if own.is_empty() {
                json!({})
            } else {
                json!({"note": own})
            };
            let mut line = json!({"child": id, "outcome": "met", "fields": fields});
            if let Some(n) = each {
                line["quantity"] = n.into();
            }
            line
        })
        .collect();
    let body = body(ctx, &declared, lines.into());
    let parsed = tx_record::form::new_record(declared, &body, school, scope.today);
    let new = match parsed {
        Ok(new) if faults.is_empty() => new,
        Ok(_) => return page(ctx, 422, &faults),
        Err(Fault::Invalid(_, more)) => {
            faults.extend(
                more.into_iter()
                    .filter(|f| f.field != "children" || !children.is_empty()),
            );
            return page(ctx, 422, &faults);
        }
        Err(e) => return Err(e),
    };
    let to = back_saved(ctx, new.id);
    crate::sheet::keep(ctx, new, to, page)
}

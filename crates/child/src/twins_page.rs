//! 可能重复: pairs of files that look like one child, both sides in view, made one, parted again, or declared two (features B11).

use crate::acts::{changed_since, office};
use crate::api::note_sensitive;
use crate::change::{self, File};
use crate::list::{Child, masked};
use crate::merge::{self, Differs, Merged, Pick};
use crate::patch::label_of;
use crate::status::Where;
use crate::{find, list, photo};
use maud::{Markup, html};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tx_access::Scope;
use tx_base::{Fault, Id, Lang, Result, Text, t};
use tx_store::{Class, params};
use tx_web::parts::child::{ChildRow, ChildrenView};
use tx_web::parts::forms::{ChipGroup, Choice, Form};
use tx_web::parts::marks::{Look, Person, face};
use tx_web::parts::{self, Link, Top, forms};
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/children/twins", crate::OFFICE, Class::P, pairs).says(t("可能重复的档案", "Files that may be double")),
    Route::get("/children/{id}/twin/{child}", crate::OFFICE, Class::S, both)
        .says(t("两份档案对着看", "Two files side by side")),
    Route::form("/children/{id}/twin/{child}/merge", crate::OFFICE, Class::S, join)
        .says(t("是同一个孩子，并成一份", "The same child: make one file of two")),
    Route::form("/children/{id}/twin/{child}/apart", crate::OFFICE, Class::P, apart)
        .says(t("不是同一个孩子", "Not the same child")),
    Route::get("/children/merges/{id}", crate::OFFICE, Class::P, ask_part)
        .says(t("并过的两份档案", "Two files that were made one")),
    Route::form("/children/merges/{id}/split", crate::OFFICE, Class::S, split).says(t("再分开", "Part them again")),
];
const HOME: &str = "/children/twins";
const TITLE: Text = t("可能重复", "May be double");

fn school(scope: &Scope) -> Result<Id> {
    office(
        scope,
        t("并档案由校长或办公室来做", "The head or the office puts files together"),
    )
}
fn words(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> String {
    tx_base::say(zh, en).in_lang(lang).to_owned()
}
/// 四(2)班, 2016-05-01: enough to tell two of one name apart.
fn facts(k: &Child, lang: Lang) -> Vec<String> {
    let none = || t("没有班级", "No class").in_lang(lang).to_owned();
    let mut out = vec![k.class_name.clone().unwrap_or_else(none)];
    out.extend(k.birth_date.map(|d| d.to_string()));
    out.extend(k.village.clone());
    out
}

fn pairs(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = school(scope)?;
    let (found, past) = ctx.read(|c| {
        let past: Vec<(Merged, Option<Child>)> = merge::recent(c, scope.county, school)?
            .into_iter()
            .filter(|m| m.can_part(ctx.now()))
            .map(|m| Ok((m.clone(), list::fetch(c, scope, m.kept)?)))
            .collect::<Result<_>>()?;
        Ok((find::pairs(c, scope)?, past))
    })?;
    let n = found.len();
    let mut groups: Vec<(String, Vec<ChildRow>)> = Vec::new();
    for (a, b, why) in found {
        let heading = why.in_lang(lang).to_owned();
        let person = Person {
            id: a.id.to_string(),
            name: a.name.clone(),
            href: format!("/children/{}", a.id),
            ..Person::default()
        };
        let mut other = facts(&b, lang);
        other[0] = words(
            lang,
            format!("和 {} {}", b.name, other[0]),
            format!("and {} {}", b.name, other[0]),
        );
        let row = ChildRow {
            child: person,
            facts: [facts(&a, lang), other].concat(),
            act: Some(Link::new(
                words(lang, "比一比", "Compare"),
                format!("/children/{}/twin/{}", a.id, b.id),
            )),
            ..ChildRow::default()
        };
        match groups.iter_mut().find(|(h, _)| *h == heading) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((heading, vec![row])),
        }
    }
    let rows = past
        .into_iter()
        .filter_map(|(m, k)| {
            let k = k?;
            Some(ChildRow {
                child: Person {
                    id: k.id.to_string(),
                    name: k.name.clone(),
                    href: format!("/children/{}", k.id),
                    ..Person::default()
                },
                facts: vec![
                    words(lang, format!("并进了 {}", m.name), format!("took in {}", m.name)),
                    m.at.day().to_string(),
                    m.by,
                ],
                act: Some(Link::new(
                    words(lang, "分开", "Part"),
                    format!("/children/merges/{}", m.id),
                )),
                ..ChildRow::default()
            })
        })
        .collect();
    groups.push((
        words(lang, "并过的，30 天内可以分开", "Made one; can be parted for 30 days"),
        rows,
    ));
    let page = ChildrenView {
        top: Top {
            title: TITLE.in_lang(lang).into(),
            sub: vec![words(
                lang,
                format!("{n} 对"),
                format!("{n} {}", if n == 1 { "pair" } else { "pairs" }),
            )],
            ..Top::default()
        },
        tabs: crate::pages::tabs(scope, "twins", lang),
        groups,
        empty: words(lang, "没有看起来重复的档案。", "No files look double."),
        ..ChildrenView::default()
    };
    let toast = match ctx.q("saved") {
        Some("apart") => Some(words(lang, "记下了：不是同一个孩子", "Noted: not the same child")),
        Some("parted") => Some(words(lang, "分开了，两份都在", "Parted; both files are there")),
        Some("kept") => Some(words(
            lang,
            "分开了；留下的那份后来改过，没有退回，请看一遍",
            "Parted; the file that stayed was edited since and keeps what it took over, please look through it",
        )),
        _ => None,
    };
    let body = parts::child::children(lang, &page);
    Ok(Reply::page(tx_web::shell(ctx, TITLE, "children", toast, body)?))
}

/// The two of the address, both in scope; the first is the one that stays.
fn two(ctx: &Ctx) -> Result<(Child, Child)> {
    let (scope, kept, gone) = (ctx.scope()?, ctx.id("id")?, ctx.id("child")?);
    let found = ctx.read(|c| Ok((list::fetch(c, scope, kept)?, list::fetch(c, scope, gone)?)))?;
    let (Some(a), Some(b)) = found else {
        return Err(Fault::NotFound);
    };
    if kept == gone || a.school_id != b.school_id {
        return Err(Fault::NotFound);
    }
    school(scope)?;
    Ok((a, b))
}

struct Side<'a> {
    child: &'a Child,
    file: File,
    records: i64,
}

fn side<'a>(ctx: &Ctx, child: &'a Child) -> Result<Side<'a>> {
    let county = ctx.scope()?.county;
    ctx.read(|c| {
        let file = change::open(c, ctx.db().keys(), county, child.id)?.ok_or(Fault::NotFound)?;
        let sql = "select count(*) from record_lines l join records r on r.county_id = l.county_id and r.id = l.record_id \
            where l.county_id = ?1 and l.child_id = ?2 and r.deleted_at is null";
        let records = c.count(sql, params![county, child.id])?;
        Ok(Side { child, file, records })
    })
}

fn both(ctx: &Ctx) -> Result<Reply> {
    let lang = ctx.lang;
    let (a, b) = two(ctx)?;
    for k in [&a, &b] {
        note_sensitive(ctx, k.id)?;
    }
    let (a, b) = (side(ctx, &a)?, side(ctx, &b)?);
    let full = a.child.sight.id_full && b.child.sight.id_full;
    let all = merge::compare(&a.file, &b.file);
    let (gaps, differ): (Vec<&Differs>, Vec<&Differs>) = all.iter().partition(|d| d.kept.is_null());
    let shown = |d: &Differs, v: &Json, k: &Child| match (d.field.as_str(), v) {
        ("class", _) => k.class_name.clone().unwrap_or_default(),
        ("id_no", Json::String(no)) if !full => masked(no),
        (_, v) => value(&d.field, v, lang),
    };
    let at = |path: &str| format!("/children/{}/twin/{}{path}", a.child.id, b.child.id);
    let form = |path: &str| Form {
        action: at(path),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden: vec![
            ("va".into(), a.file.version.to_string()),
            ("vb".into(), b.file.version.to_string()),
        ],
        ..Form::default()
    };
    let card = |s: &Side, title: Text| -> Markup {
        let k = s.child;
        let photo = k.photo.map(photo::url).unwrap_or_default();
        html! {
            section.card.pad {
                p.m { (title.in_lang(lang)) }
                p { (face(&k.name, &k.id.to_string(), "m", &photo)) " " a.ln href={"/children/" (k.id)} { (k.name) } }
                (parts::facts(&[facts(k, lang), vec![words(lang, format!("{} 条记录", s.records), format!("{} records", s.records))]].concat()))
            }
        }
    };
    let gaps: Vec<(String, Vec<String>)> = gaps
        .iter()
        .map(|d| {
            (
                field_name(&d.field).in_lang(lang).into(),
                vec![shown(d, &d.other, b.child)],
            )
        })
        .collect();
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &Top { title: words(lang, "是同一个孩子吗？", "The same child?"), ..Top::default() }))
        div.grid2.childform {
            (card(&a, t("留下这份", "This file stays")))
            (card(&b, t("并过去的", "This one goes into it")))
        }
        (parts::form(&form("/merge"), "childform", html! {
            section.card.pad {
                @if differ.is_empty() { p { (words(lang, "两份写的没有不一样的。", "Nothing in the two is unlike.")) } }
                @else { h2 { (words(lang, "不一样的，留哪个", "Unlike: which stays")) } }
                @for d in &differ {
                    (forms::chip_group(&ChipGroup {
                        name: format!("take.{}", d.field),
                        legend: field_name(&d.field).in_lang(lang).into(),
                        columns: 2,
                        options: choices(d, shown(d, &d.kept, a.child), shown(d, &d.other, b.child), lang),
                        ..ChipGroup::default()
                    }))
                }
                @if !gaps.is_empty() {
                    h2 { (words(lang, "只有那份写了，会补上", "Only the other says; taken over")) }
                    (parts::definition_list(lang, &gaps))
                }
            }
            p.m { (words(lang,
                "那份的记录、名单、结对和重点都移到留下的这份；那份档案收起来，30 天内可以再分开。",
                "Its records, spells, pairings and mark go over to the file that stays; it is closed, and for 30 days the two can be parted again.")) }
            div.two.foot2 {
                a.btn.b2 href={"/children/" (b.child.id) "/twin/" (a.child.id)} { (words(lang, "留另一份", "Keep the other")) }
                button.btn.b1 { (words(lang, "是同一个，并成一份", "The same: make one file")) }
            }
        }))
        (forms::post_button(&form("/apart"), &words(lang, "不是同一个孩子", "Not the same child"), "", Look::Second))
    };
    let title = t("是同一个孩子吗", "The same child?");
    Ok(Reply::page(tx_web::shell(ctx, title, "children", None, body)?))
}
fn choices(d: &Differs, kept: String, other: String, lang: Lang) -> Vec<Choice> {
    let choice = |value: &str, label: String, on: bool| Choice {
        value: value.into(),
        label,
        on,
    };
    if d.field == "guardians" {
        return vec![
            choice("kept", kept, false),
            choice("other", other, false),
            choice("both", words(lang, "都留", "Both"), true),
        ];
    }
    vec![choice("kept", kept, true), choice("other", other, false)]
}
fn field_name(field: &str) -> Text {
    match field {
        "father" => t("父亲", "Father"),
        "mother" => t("母亲", "Mother"),
        other => label_of(other),
    }
}
/// A value of the file in words.
fn value(field: &str, v: &Json, lang: Lang) -> String {
    let text = |v: &Json| v.as_str().unwrap_or_default().to_owned();
    let word = |t: Text| t.in_lang(lang).to_owned();
    let line = |all: Vec<String>| {
        let all: Vec<String> = all.into_iter().filter(|s| !s.is_empty()).collect();
        all.join(" ")
    };
    match (field, v) {
        ("sex", v) if v == "f" => word(t("女", "Girl")),
        ("sex", _) => word(t("男", "Boy")),
        ("boarder", v) if *v == true => word(t("住校", "Boarder")),
        ("boarder", _) => word(t("走读", "Day pupil")),
        ("hukou_kind", v) if v == "rural" => word(t("农业", "Rural")),
        ("hukou_kind", _) => word(t("非农业", "Urban")),
        ("guardians", Json::Array(all)) => {
            let one = |g: &Json| {
                let relation = text(&g["relation"]);
                let relation = crate::facts::relation(&relation).map_or(relation, word);
                line(vec![text(&g["name"]), relation, text(&g["phone"]), text(&g["address"])])
            };
            all.iter().map(one).collect::<Vec<_>>().join("；")
        }
        ("father" | "mother", p) => line(vec![
            text(&p["name"]),
            word(Where::parse(&text(&p["where"])).name()),
            text(&p["place"]),
            text(&p["phone"]),
        ]),
        (_, Json::String(s)) => s.clone(),
        (_, v) => v.to_string(),
    }
}

fn join(ctx: &Ctx) -> Result<Reply> {
    let (a, b) = two(ctx)?;
    let mut picks: BTreeMap<String, Pick> = BTreeMap::new();
    for (name, v) in ctx.form() {
        let Some(field) = name.strip_prefix("take.") else {
            continue;
        };
        let pick = Pick::parse(v).ok_or_else(|| Fault::invalid(name, "请选一个", "Choose one"))?;
        picks.insert(field.to_owned(), pick);
    }
    let seen: Vec<i64> = ["va", "vb"].iter().filter_map(|n| ctx.f(n).parse().ok()).collect();
    let (tables, today, kept, gone) = (ctx.db().tables(), ctx.today(), a.id, b.id);
    ctx.write_form(ctx.act("child.merge")?, move |w| {
        let version = |id: Id| {
            let sql = "select version from children where county_id = ?1 and id = ?2";
            w.conn().count(sql, params![w.county(), id])
        };
        if seen != [version(kept)?, version(gone)?] {
            return Err(changed_since());
        }
        merge::merge(w, tables, kept, gone, &picks, today)?;
        Ok(format!("/children/{kept}?saved=1"))
    })
}
fn apart(ctx: &Ctx) -> Result<Reply> {
    let (a, b) = two(ctx)?;
    ctx.write_form(ctx.act("child.not_same")?, move |w| {
        find::set_not_same(w, a.id, b.id)?;
        Ok(format!("{HOME}?saved=apart"))
    })
}

fn ask_part(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    let school = school(scope)?;
    let (m, kept) = ctx.read(|c| {
        let m = merge::one(c, scope.county, school, id)?;
        let kept = list::fetch(c, scope, m.kept)?.ok_or(Fault::NotFound)?;
        Ok((m, kept))
    })?;
    let day = m.at.day();
    let form = Form {
        action: format!("/children/merges/{id}/split"),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        ..Form::default()
    };
    let can = m.can_part(ctx.now());
    let body = html! {
        (parts::top(lang, &Top { title: words(lang, "再分开", "Part again"), ..Top::default() }))
        section.card.pad {
            p { (words(lang, format!("{day}，{} 把 {} 并进了 {}。", m.by, m.name, kept.name), format!("{day}: {} put {} into {}.", m.by, m.name, kept.name))) }
            @if can {
                p.m { (words(lang,
                    format!("分开以后，移过来的记录、名单和结对回到 {}；后来新写的留在 {}。", m.name, kept.name),
                    format!("What was handed over goes back to {}; what was written since stays with {}.", m.name, kept.name))) }
                (forms::post_button(&form, &words(lang, "分成两份", "Make two files again"), "", Look::First))
            } @else if m.parted {
                p.m { (words(lang, "已经分开了。", "They were parted already.")) }
            } @else {
                p.m { (words(lang, "过了 30 天，不能再分开了。", "It is more than 30 days ago; they cannot be parted any more.")) }
            }
        }
        p { (parts::link(&Link::new(words(lang, "回到可能重复", "Back"), HOME))) }
    };
    let title = t("并过的两份档案", "Two files that were made one");
    Ok(Reply::page(tx_web::shell(ctx, title, "children", None, body)?))
}
fn split(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let school = school(&scope)?;
    let tables = ctx.db().tables();
    ctx.write_form(scope.act("child.part"), move |w| {
        let m = merge::one(w.conn(), scope.county, school, id)?;
        let back = merge::part(w, tables, &m)?;
        Ok(format!("{HOME}?saved={}", if back { "parted" } else { "kept" }))
    })
}

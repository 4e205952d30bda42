//! 全部记录 and one record, for every kind from its declaration. Here what list and page have in common: seals, names of states and outcomes,
//! a record as an item of a list.

mod list;
mod one;
mod read;

use crate::WRITERS;
use crate::all_kinds;
use crate::form;
use crate::kind::FieldType;
use crate::own::Declared;
use crate::read::Record;
use serde_json::Value as Json;
use tx_access::Scope;
use tx_base::{Day, Lang, Result, Text, Time, t};
use tx_store::{Class, Conn};
use tx_web::parts::lists::TimelineItem;
use tx_web::parts::marks::{Kind as Colour, Mark, Seal};
use tx_web::{CARERS, Ctx, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/records", CARERS, Class::P, list::all)
        .says(t("全部记录", "All records"))
        .query(&[
            ("kind", "string", t("种类", "Kind")),
            ("class", "string", t("班级代码", "Class code")),
            ("child", "string", t("孩子", "Child")),
            ("from", "string", t("从", "From day")),
            ("to", "string", t("到", "To day")),
            ("state", "string", t("状态", "State")),
            ("cursor", "string", t("接着上次", "Go on from here")),
        ]),
    Route::get("/records/{id}", CARERS, Class::S, one::one).says(t("一条记录", "One record")),
    Route::form("/records/{id}/delete", WRITERS, Class::P, one::delete)
        .says(t("删除，要写原因", "Delete, with a reason")),
    Route::form("/records/{id}/state", WRITERS, Class::P, one::state)
        .says(t("计划做了或取消", "Planned: done or cancelled")),
];

pub(crate) fn seal_of(r: &Record) -> Seal {
    let tried = !r.lines.is_empty()
        && r.lines
            .iter()
            .all(|l| ["tried", "refused"].contains(&l.outcome.as_str()));
    let mark = match r.state.as_str() {
        "planned" => Mark::Open,
        "cancelled" => Mark::Excused,
        _ if tried => Mark::Tried,
        _ => Mark::Done,
    };
    Seal::new(r.kind.seal, Colour::of_char(r.kind.seal), mark)
}
pub(crate) const fn state_name(code: &str) -> Text {
    match code.as_bytes() {
        b"planned" => t("计划", "planned"),
        b"cancelled" => t("取消", "cancelled"),
        _ => t("做了", "done"),
    }
}
pub(crate) const OUTCOMES: [(&str, Text); 4] = [
    ("met", t("见到了", "met")),
    ("phone", t("改电话", "by phone instead")),
    ("tried", t("没碰上", "tried, not met")),
    ("refused", t("不愿意", "refused")),
];
pub(crate) fn outcome_name(code: &str) -> Text {
    OUTCOMES.iter().find(|o| o.0 == code).map_or(OUTCOMES[0].1, |o| o.1)
}
fn short_day(d: Day, lang: Lang) -> String {
    if lang == Lang::Zh { d.zh_short() } else { d.to_string() }
}
pub(crate) fn moment(at: Time, lang: Lang) -> String {
    format!("{} {}", short_day(at.day(), lang), at.hour_minute())
}

/// A record in a list: its words cut, two or three coded values, who wrote it and when it was really written.
pub fn item(c: &Conn, scope: &Scope, r: &Record, d: &Declared, author: &str, lang: Lang) -> Result<TimelineItem> {
    let names = crate::toast::names(c, scope, r, lang)?;
    let coded = |f: &&crate::Field| f.class < Class::S && !matches!(f.ty, FieldType::LongText);
    let mut facts: Vec<String> = d
        .head
        .iter()
        .filter(coded)
        .filter_map(|f| r.fields.get(f.id).map(|v| brief(f, v, lang)))
        .filter(|s| !s.is_empty())
        .take(3)
        .collect();
    let tries = r.lines.iter().filter(|l| l.outcome != "met").count();
    if tries > 0 {
        let first = r
            .lines
            .iter()
            .find(|l| l.outcome != "met")
            .map(|l| outcome_name(&l.outcome))
            .unwrap_or_default();
        facts.insert(0, first.in_lang(lang).into());
    }
    if r.state != "done" {
        facts.insert(0, state_name(&r.state).in_lang(lang).into());
    }
    facts.push(author.to_owned());
    facts.extend(r.late().map(|d| late_words(d, lang)));
    let text: String = r.text.as_deref().unwrap_or_default().chars().take(160).collect();
    let title = r.title.clone().or_else(|| {
        r.fields
            .get("title")
            .or_else(|| r.fields.get("name"))
            .and_then(Json::as_str)
            .map(str::to_owned)
    });
    let title = title.unwrap_or(names);
    Ok(TimelineItem {
        id: r.id.to_string(),
        seal: seal_of(r),
        title: if title.is_empty() {
            r.name(lang).to_owned()
        } else {
            format!("{title} · {}", r.name(lang))
        },
        date: short_day(r.on, lang),
        text,
        facts,
        href: format!("/records/{}", r.id),
        private: true,
        ..Default::default()
    })
}
/// A value that stands without its name: a yes is the name itself, a number has it before it.
fn brief(f: &crate::Field, v: &Json, lang: Lang) -> String {
    let name = f.name.in_lang(lang);
    match f.ty {
        FieldType::Yes if v.as_bool() == Some(true) => name.to_owned(),
        FieldType::Yes => String::new(),
        FieldType::Count | FieldType::Number | FieldType::Money | FieldType::Day => {
            format!("{name} {}", form::shown(f, v, lang))
        }
        FieldType::Text | FieldType::LongText | FieldType::Choice(_) | FieldType::Choices(_) => form::shown(f, v, lang),
    }
}
fn late_words(d: Day, lang: Lang) -> String {
    if lang == Lang::Zh {
        format!("{} 补记", d.zh_short())
    } else {
        format!("written on {d}")
    }
}

pub(crate) fn may_write(scope: &Scope) -> bool {
    all_kinds().iter().any(|k| k.writable(scope))
}

/// Where × goes: an address of this site.
pub(crate) fn back(ctx: &Ctx) -> String {
    let at = ctx.q("back").map_or_else(|| ctx.f("back"), |b| b);
    Some(at)
        .filter(|b| b.starts_with('/') && !b.starts_with("//"))
        .unwrap_or("/records")
        .to_owned()
}

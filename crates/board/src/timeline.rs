//! Records as items of the timeline: facts by the declaration of the kind, words as far as this reader may read them.

use crate::words::{day, pick, record_href, w};
use std::collections::HashMap;
use tx_access::Scope;
use tx_base::{Day, Id, Lang, Result, t};
use tx_child::Child;
use tx_record::{Field, FieldType, Record};
use tx_store::{Class, Conn};
use tx_web::Ctx;
use tx_web::parts::lists::TimelineItem;
use tx_web::parts::marks::Mark;

/// Records on a page.
pub const PAGE: usize = 20;

/// Where the next page begins: the day and id of the last record shown.
pub fn cursor(r: &Record) -> String {
    format!("{}_{}", r.on, r.id)
}

pub fn parse_cursor(text: &str) -> Option<(Day, Id)> {
    let (day, id) = text.split_once('_')?;
    Some((Day::parse(day).ok()?, id.parse().ok()?))
}

/// The words before the last correction, of records that were corrected.
pub fn earlier(c: &Conn, ctx: &Ctx, scope: &Scope, list: &[Record]) -> Result<HashMap<Id, String>> {
    let mut out = HashMap::new();
    for r in list.iter().filter(|r| r.version > 1) {
        let all = tx_record::versions(ctx.db().keys(), c, scope, r)?;
        let was = all
            .iter()
            .rev()
            .filter_map(|v| v["text"].as_str())
            .find(|text| r.text.as_deref() != Some(*text));
        out.extend(was.map(|text| (r.id, text.to_owned())));
    }
    Ok(out)
}

pub fn items(ctx: &Ctx, child: &Child, list: &[Record], earlier: &HashMap<Id, String>) -> Vec<TimelineItem> {
    list.iter()
        .map(|r| item(ctx, child, r, earlier.get(&r.id).cloned().unwrap_or_default()))
        .collect()
}

fn item(ctx: &Ctx, child: &Child, r: &Record, earlier: String) -> TimelineItem {
    let lang = ctx.lang;
    let line = r.lines.iter().find(|l| l.child == Some(child.id));
    let tried = line.is_some_and(|l| matches!(l.outcome.as_str(), "tried" | "refused"));
    let (mark, word) = match r.state.as_str() {
        "planned" => (Mark::Open, w(lang, t("计划", "planned"))),
        "cancelled" => (Mark::Excused, w(lang, t("取消了", "cancelled"))),
        _ if tried => (Mark::Tried, w(lang, t("试过", "tried"))),
        _ => (Mark::Done, String::new()),
    };
    let title = [r.name(lang), r.title.as_deref().unwrap_or_default(), &word]
        .iter()
        .filter(|v| !v.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    let text = r.text.clone().unwrap_or_default();
    let mut facts = said(r.kind.fields, &r.fields, lang);
    if let Some(l) = line {
        facts.extend(said(r.kind.line_fields, &l.fields, lang));
        facts.extend(
            l.quantity
                .zip(r.kind.quantity)
                .map(|(n, unit)| format!("{n} {}", w(lang, unit))),
        );
    }
    facts.push(r.author_name.clone());
    facts.extend(r.late().map(|on| {
        pick(
            lang,
            format!("{} 补记", day(lang, on)),
            format!("written {}", day(lang, on)),
        )
    }));
    TimelineItem {
        id: r.id.to_string(),
        seal: tx_duties::seal_of(r.kind.id, mark),
        title,
        date: day_or_year(r.on, ctx.today(), lang),
        // earlier notes are hidden while a child stands beside
        private: !text.is_empty(),
        text,
        facts,
        href: record_href(ctx, r.id),
        earlier,
    }
}

/// 10月12日; of another year with the year.
fn day_or_year(on: Day, today: Day, lang: Lang) -> String {
    if on.year() == today.year() {
        day(lang, on)
    } else {
        pick(lang, on.zh_long(), on.to_string())
    }
}

/// Chosen values and counts in words; free words have their own place, sensitive values their own page.
fn said(declared: &[Field], values: &serde_json::Map<String, serde_json::Value>, lang: Lang) -> Vec<String> {
    let name = |opts: &[tx_record::Opt], id: &str| opts.iter().find(|o| o.id == id).map(|o| w(lang, o.name));
    let mut out = Vec::new();
    for f in declared.iter().filter(|f| f.class < Class::S) {
        let Some(v) = values.get(f.id) else { continue };
        match f.ty {
            FieldType::Choice(opts) => out.extend(v.as_str().and_then(|id| name(opts, id))),
            FieldType::Choices(opts) => out.extend(
                v.as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|v| name(opts, v.as_str()?)),
            ),
            FieldType::Count | FieldType::Number => out.extend(v.as_f64().map(|n| counted(n, &w(lang, f.name)))),
            FieldType::Yes if v.as_bool() == Some(true) => out.push(w(lang, f.name)),
            FieldType::Yes | FieldType::Text | FieldType::LongText | FieldType::Money | FieldType::Day => {}
        }
    }
    out
}

/// 16 分钟; a longer name stands before its number: 到场人数 15.
fn counted(n: f64, name: &str) -> String {
    if name.chars().count() <= 2 || name == "Minutes" {
        format!("{n} {name}")
    } else {
        format!("{name} {n}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors() {
        let id: Id = "0192f3a1-7c00-7000-8000-000000000001".parse().expect("an id");
        assert_eq!(
            parse_cursor(&format!("2026-11-24_{id}")),
            Some((Day::lit("2026-11-24"), id))
        );
        for bad in [
            "",
            "_",
            "2026-11-24",
            "2026-11-24_x",
            "2026-02-30_0192f3a1-7c00-7000-8000-000000000001",
        ] {
            assert_eq!(parse_cursor(bad), None, "{bad}");
        }
    }
}

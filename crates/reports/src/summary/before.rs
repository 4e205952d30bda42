//! Before the first draft: what will count, what will not and why (screens.md §5.20).

use super::links;
use super::write::Written;
use std::collections::BTreeMap;
use tx_access::Scope;
use tx_base::{Id, Lang, Result, Span, say};
use tx_record::FieldType;
use tx_store::{Class, Conn, params};
use tx_web::parts::{Link, Pill};

/// What will not count, or counts with a gap: sentence in the reader's language and where to look.
pub fn notes(
    c: &Conn,
    scope: &Scope,
    school: Id,
    period: Span,
    lang: Lang,
) -> Result<Vec<(Pill, String, Option<Link>)>> {
    let mut out = Vec::new();
    let look = |state: &str| {
        let href = format!("/records?from={}&to={}{state}", period.from, period.to);
        Some(Link::new(say("看看", "Look").in_lang(lang), href))
    };
    let mut say_it = |tone: Pill, zh: String, en: String, link: Option<Link>| {
        out.push((tone, say(zh, en).in_lang(lang).to_owned(), link));
    };
    let (mut planned, mut cancelled, mut no_place) = (0u32, 0u32, 0u32);
    let mut past: u32 = 0;
    let sql = "select kind, state, on_day, fields from records where county_id = ?1 and school_id = ?2 and deleted_at is null and on_day >= ?3 and on_day <= ?4";
    c.each(sql, params![scope.county, school, period.from, period.to], |r| {
        match r.str(1) {
            "planned" => {
                planned += 1;
                past += u32::from(r.day(2) < scope.today);
            }
            "cancelled" => cancelled += 1,
            _ => {
                // only where the place is an ordinary field of the kind: that of a home or a hospital is nobody's business here
                let asks = tx_record::find_kind(r.str(0)).is_some_and(|k| {
                    k.fields
                        .iter()
                        .any(|f| f.id == "place" && f.class == Class::O && matches!(f.ty, FieldType::Text))
                });
                let empty = || r.json(3)["place"].as_str().is_none_or(|s| s.trim().is_empty());
                no_place += u32::from(asks && empty());
            }
        }
        Ok(())
    })?;
    let tries = c.count(
        "select count(*) from record_lines l join records r on r.county_id = l.county_id and r.id = l.record_id \
         where r.county_id = ?1 and r.school_id = ?2 and r.deleted_at is null and r.state = 'done' and l.outcome in ('tried', 'refused') and r.on_day >= ?3 and r.on_day <= ?4",
        params![scope.county, school, period.from, period.to],
    )?;
    let deleted = c.count(
        "select count(*) from records r where r.county_id = ?1 and r.school_id = ?2 and r.deleted_at is not null and r.on_day >= ?3 and r.on_day <= ?4",
        params![scope.county, school, period.from, period.to],
    )?;
    if planned > 0 {
        say_it(
            Pill::Info,
            format!("{planned} 条还是计划，不算做了。"),
            format!("{planned} are planned: planned is not done."),
            look("&state=planned"),
        );
    }
    if past > 0 {
        say_it(
            Pill::Due,
            format!("其中 {past} 条日子已经过了，做了的请改成做了。"),
            format!("The day of {past} of them has passed: mark what was done."),
            look("&state=planned"),
        );
    }
    if cancelled > 0 {
        say_it(
            Pill::Mute,
            format!("{cancelled} 条取消了，不算。"),
            format!("{cancelled} were cancelled and do not count."),
            look("&state=cancelled"),
        );
    }
    if tries > 0 {
        say_it(
            Pill::Info,
            format!("{tries} 次试过、没见到，不算覆盖。"),
            format!("{tries} tries met nobody: they do not count as reached."),
            look(""),
        );
    }
    if no_place > 0 {
        say_it(
            Pill::Due,
            format!("{no_place} 条没写地点，不影响次数。"),
            format!("{no_place} name no place; they count all the same."),
            look("&state=done"),
        );
    }
    if deleted > 0 {
        say_it(
            Pill::Mute,
            format!("{deleted} 条删除了，不算。"),
            format!("{deleted} were deleted and do not count."),
            None,
        );
    }
    if period.to > scope.today {
        say_it(
            Pill::Info,
            format!("期末 {} 还没到，数字算到今天。", period.to.zh_long()),
            format!("{} lies ahead: the numbers go up to today.", period.to),
            None,
        );
    }
    Ok(out)
}

/// Headings, each with its figures that have something behind them: name, value with unit, address.
pub type Counts = Vec<(String, Vec<(String, String, String)>)>;

/// The figures of this style that have something behind them, by family.
pub fn counts(w: &Written, lang: Lang) -> Counts {
    let asked: BTreeMap<String, ()> = w
        .ask
        .style
        .template()
        .things()
        .iter()
        .filter_map(|t| t.figure().map(|f| (f.to_owned(), ())))
        .collect();
    tx_figures::FAMILIES
        .iter()
        .map(|(family, list)| {
            let rows = list
                .iter()
                .filter(|f| asked.contains_key(f.id))
                .filter_map(|f| w.numbers.all.get(f.id).filter(|n| n.is_recorded()))
                .map(|n| {
                    let value = match n.n.of {
                        Some(of) => format!("{}/{of}", n.words()),
                        None => format!("{} {}", n.words(), n.f.unit.in_lang(lang)).trim().to_owned(),
                    };
                    (
                        n.f.name.in_lang(lang).to_owned(),
                        value,
                        links::list(n.f.id, w.ask.period),
                    )
                })
                .collect::<Vec<_>>();
            (family.in_lang(lang).to_owned(), rows)
        })
        .filter(|(_, rows)| !rows.is_empty())
        .collect()
}

/// What the style asks for and nobody has recorded, with the place where it is filled in; each once.
pub fn missing(w: &Written, lang: Lang) -> Vec<Link> {
    let mut seen: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for l in &w.drawn.missing {
        if seen.contains(&l.id.as_str()) {
            continue;
        }
        seen.push(&l.id);
        let figure = tx_figures::find(&l.id).map(|f| f.name);
        let field = || {
            l.id.strip_prefix("profile:")
                .and_then(tx_school::profile_field)
                .map(|f| f.name)
        };
        let name = figure.or_else(field).map_or(l.name.as_str(), |n| n.in_lang(lang));
        out.push(Link::new(name, l.href.clone()));
    }
    out
}

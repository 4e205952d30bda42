//! One box for everything: children, adults, records, papers (screens.md §5.24). The scope stands in each query, so what lies
//! outside is neither shown nor counted; nothing sealed is looked at.

use crate::words::{child_href, day, page, pick, record_href, signed, w};
use std::collections::{HashMap, HashSet};
use tx_access::Scope;
use tx_base::{Day, Id, Lang, Result, t};
use tx_child::Child;
use tx_record::{Query, Record, all_kinds};
use tx_store::{Class, Conn, Value, params};
use tx_web::pages::may_open;
use tx_web::parts::marks::{Link, Mark, Person};
use tx_web::parts::search::{Hit, SearchView, hits, page as whole};
use tx_web::{CARERS, Ctx, Limit, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/search", CARERS, Class::P, show)
    .says(t("搜索", "Search"))
    .query(&[(
        "q",
        "string",
        t(
            "姓名、拼音、首字母、班级、村、电话后四位、日子、哪种记录",
            "Name, pinyin, initials, class, village, last four of a phone, day, kind of record",
        ),
    )])];

/// Longest query, as the box allows.
const LONGEST: usize = 60;
/// Hits of each group under the box, and on the page.
const FEW: usize = 5;
const MANY: usize = 30;

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let q: String = ctx
        .q("q")
        .unwrap_or_default()
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect();
    let pop = ctx.q("pop") == Some("1");
    let most = if pop { FEW } else { MANY };
    let mut groups = Vec::new();
    if !q.is_empty() {
        ctx.app.take(Limit::Search, scope.account)?;
        groups = ctx.read(|c| {
            let children = children(c, ctx, scope, &q, most)?;
            Ok(vec![
                (w(lang, t("孩子", "Children")), children),
                (w(lang, t("大人", "Adults")), adults(c, ctx, scope, &q, most)?),
                (w(lang, t("记录", "Records")), records(c, ctx, scope, &q, most)?),
                (w(lang, t("文件", "Papers")), papers(c, ctx, scope, &q, most)?),
            ])
        })?;
    }
    let more = pop && groups.iter().any(|(_, g)| g.len() == most);
    let view = SearchView {
        title: w(lang, t("搜索", "Search")),
        empty: if q.is_empty() {
            w(
                lang,
                t(
                    "写姓名、拼音首字母、班级、村名、电话后四位、日子，或者“家访”这样的词。",
                    "Type a name, pinyin initials, a class, a village, the last four digits of a phone, a day or a kind of record.",
                ),
            )
        } else {
            pick(lang, format!("没有找到“{q}”。"), format!("Nothing found for “{q}”."))
        },
        all: more.then(|| Link::new(w(lang, t("看全部", "See all")), format!("/search?q={}", encode(&q)))),
        query: q,
        groups,
    };
    let body = if pop { hits(&view) } else { whole(lang, &view) };
    page(ctx, t("搜索", "Search"), "", body)
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                (b as char).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// For `like`: without its signs.
fn like(q: &str) -> String {
    format!("%{}%", q.chars().filter(|c| !"%_\\".contains(*c)).collect::<String>())
}

fn child_hit(ctx: &Ctx, k: &Child, why: String) -> Hit {
    let href = child_href(ctx, k.id);
    Hit {
        title: k.name.clone(),
        why,
        person: Some(Person {
            id: k.id.to_string(),
            name: k.name.clone(),
            href: href.clone(),
            ..Default::default()
        }),
        href,
        seal: None,
    }
}

/// Class and village, as far as they may be seen.
fn place(k: &Child) -> String {
    let village = k.village.as_deref().filter(|_| k.sight.personal);
    [k.class_name.as_deref(), village]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

fn children(c: &Conn, ctx: &Ctx, scope: &Scope, q: &str, most: usize) -> Result<Vec<Hit>> {
    let lang = ctx.lang;
    let mut seen: HashSet<Id> = HashSet::new();
    let mut out = Vec::new();
    let mut add = |k: &Child, why: String, out: &mut Vec<Hit>| {
        if out.len() < most && seen.insert(k.id) {
            out.push(child_hit(ctx, k, why));
        }
    };
    // by name, syllables or initials; those who have left last
    for state in ["active", "left", "graduated"] {
        let p = tx_child::Page {
            q: Some(q.to_owned()),
            state: Some(state.to_owned()),
            limit: most,
            ..Default::default()
        };
        for k in tx_child::list(c, scope, &p)? {
            let away = match state {
                "left" => pick(lang, " · 已离校", " · has left"),
                "graduated" => pick(lang, " · 已毕业", " · graduated"),
                _ => String::new(),
            };
            add(&k, place(&k) + &away, &mut out);
        }
    }
    for (id, why) in by_more(c, ctx, scope, q, most)? {
        if let Some(k) = tx_child::fetch(c, scope, id)?.filter(|k| k.sight.personal || why.open) {
            add(&k, why.text, &mut out);
        }
    }
    Ok(out)
}

struct Why {
    text: String,
    /// Of the ordinary class: shown to who sees no personal fields.
    open: bool,
}

/// Children of a class or village, and those whose family has this phone.
fn by_more(c: &Conn, ctx: &Ctx, scope: &Scope, q: &str, most: usize) -> Result<Vec<(Id, Why)>> {
    let lang = ctx.lang;
    let mut out = Vec::new();
    let scoped = |more: &str, vals: Vec<Value>| -> Result<Vec<(Id, String, String)>> {
        let f = scope.children("k", vals.len());
        let all: Vec<Value> = vals.into_iter().chain(f.params).collect();
        let sql = format!(
            "{more} and k.deleted_at is null and k.state = 'active' and {} order by k.pinyin, k.id limit {most}",
            f.sql
        );
        Ok(c.query(&sql, &all)?
            .iter()
            .map(|r| {
                (
                    r.id(0),
                    r.opt_text(1).unwrap_or_default(),
                    r.opt_text(2).unwrap_or_default(),
                )
            })
            .collect())
    };
    let named = "select k.id, s.name, '' from children k join classes s on s.county_id = k.county_id and s.id = k.class_id where (s.name like ?1 or s.code = ?2)";
    // 四2 and 四（2）班 mean 四(2)班
    let plain: String = q
        .chars()
        .map(|ch| match ch {
            '（' => '(',
            '）' => ')',
            ch => ch,
        })
        .collect();
    for (id, class, _) in scoped(named, vec![like(&plain).into(), plain.as_str().into()])? {
        out.push((
            id,
            Why {
                text: class,
                open: true,
            },
        ));
    }
    let village = "select k.id, k.village, '' from children k where k.village like ?1";
    for (id, village, _) in scoped(village, vec![like(q).into()])? {
        out.push((
            id,
            Why {
                text: village,
                open: false,
            },
        ));
    }
    let digits: String = q.chars().filter(char::is_ascii_digit).collect();
    let phone = digits.len() >= 4 && q.chars().all(|ch| ch.is_ascii_digit() || " -+".contains(ch));
    if phone {
        let (what, column) = if digits.len() == 4 {
            ("phone_tail", "phone_tail_index")
        } else {
            ("phone", "phone_index")
        };
        let index = ctx.db().keys().blind(scope.county, what, &digits);
        let tail = &digits[digits.len() - 4..];
        let guardian = format!(
            "select k.id, g.relation, g.name from guardians g join children k on k.county_id = g.county_id and k.id = g.child_id where g.{column} = ?1 and g.gone_at is null"
        );
        for (id, relation, _) in scoped(&guardian, vec![index.clone().into()])? {
            let who = tx_child::facts::relation(&relation).map_or(relation, |r| w(lang, r));
            out.push((
                id,
                Why {
                    text: pick(lang, format!("{who}电话 …{tail}"), format!("{who}'s phone …{tail}")),
                    open: false,
                },
            ));
        }
        let parent = format!(
            "select k.id, p.parent, p.name from parent_facts p join children k on k.county_id = p.county_id and k.id = p.child_id where p.{column} = ?1 and p.gone_at is null"
        );
        for (id, who, _) in scoped(&parent, vec![index.into()])? {
            let who = w(
                lang,
                if who == "father" {
                    t("爸爸", "father")
                } else {
                    t("妈妈", "mother")
                },
            );
            out.push((
                id,
                Why {
                    text: pick(lang, format!("{who}电话 …{tail}"), format!("{who}'s phone …{tail}")),
                    open: false,
                },
            ));
        }
    }
    Ok(out)
}

/// Adults of the own school, for its staff.
fn adults(c: &Conn, ctx: &Ctx, scope: &Scope, q: &str, most: usize) -> Result<Vec<Hit>> {
    let Some(school) = scope
        .school
        .as_ref()
        .filter(|_| scope.roles.iter().any(|r| r.is_staff()))
    else {
        return Ok(Vec::new());
    };
    let posts = posts(c, scope, school.id, ctx.lang)?;
    let sql = "select id, name from adults where county_id = ?1 and school_id = ?2 and (to_day is null or to_day >= ?3) order by sort_key, id";
    let asked = q.to_lowercase().replace(' ', "");
    let href = if may_open(ctx, "/people") { "/people" } else { "" };
    let rows = c.query(sql, params![scope.county, school.id, scope.today])?;
    let found = rows.iter().filter_map(|r| {
        let (id, name) = (r.id(0), r.text(1));
        let (syllables, initials) = tx_child::syllables(&name);
        let hit = name.contains(&asked) || syllables.replace(' ', "").contains(&asked) || initials.contains(&asked);
        hit.then(|| Hit {
            why: posts.get(&id).cloned().unwrap_or_default(),
            person: Some(Person {
                id: id.to_string(),
                name: name.clone(),
                ..Default::default()
            }),
            title: name,
            href: href.into(),
            seal: None,
        })
    });
    Ok(found.take(most).collect())
}

/// The posts of each adult in words: 班主任 四(2)班.
fn posts(c: &Conn, scope: &Scope, school: Id, lang: Lang) -> Result<HashMap<Id, String>> {
    let sql = "select p.adult_id, p.post, k.name from posts p left join classes k on k.county_id = p.county_id and k.id = p.class_id \
        where p.county_id = ?1 and p.school_id = ?2 and p.child_id is null and p.from_day <= ?3 and (p.to_day is null or p.to_day >= ?3) order by p.from_day, p.id";
    let mut out: HashMap<Id, String> = HashMap::new();
    for r in c.query(sql, params![scope.county, school, scope.today])? {
        let Ok(post) = r.str(1).parse::<tx_duty::Post>() else {
            continue;
        };
        let said = [w(lang, post.name()), r.opt_text(2).unwrap_or_default()].join(" ");
        let all = out.entry(r.id(0)).or_default();
        if !all.is_empty() {
            all.push_str(" · ");
        }
        all.push_str(said.trim());
    }
    Ok(out)
}

/// A day as people write it: 2026-11-12, 11月12日, 11.12, 11-12; without a year the last such day.
fn day_of(q: &str, today: Day) -> Option<Day> {
    if let Ok(day) = Day::parse(q) {
        return Some(day);
    }
    let parts: Vec<&str> = q
        .split(['月', '.', '-', '/'])
        .map(|p| p.trim_end_matches(['日', '号']))
        .collect();
    let [month, day] = parts[..] else { return None };
    let (month, day) = (month.trim().parse().ok()?, day.trim().parse().ok()?);
    let this = Day::new(today.year(), month, day)?;
    if this > today {
        Day::new(today.year() - 1, month, day)
    } else {
        Some(this)
    }
}

/// Records by kind, day, author and plain title; those of a child stand in the child's own file.
fn records(c: &Conn, ctx: &Ctx, scope: &Scope, q: &str, most: usize) -> Result<Vec<Hit>> {
    let (lang, keys) = (ctx.lang, ctx.db().keys());
    let mut found: Vec<Record> = Vec::new();
    let base = Query {
        limit: most,
        ..Default::default()
    };
    if let Some(on) = day_of(q, scope.today) {
        let one = Query {
            from: Some(on),
            to: Some(on),
            ..base.clone()
        };
        found.extend(tx_record::list(keys, c, scope, &one)?);
    }
    let low = q.to_lowercase();
    for k in all_kinds()
        .iter()
        .filter(|k| k.name.zh.contains(q) || k.name.en.to_lowercase().contains(&low))
        .take(3)
    {
        let one = Query {
            kind: Some(k.id.to_owned()),
            ..base.clone()
        };
        found.extend(tx_record::list(keys, c, scope, &one)?);
    }
    if let Some(school) = &scope.school {
        // candidates by what lies open; each is then fetched within the scope
        let sql = "select id from records where county_id = ?1 and school_id = ?2 and deleted_at is null and (author_name like ?3 or title like ?3 \
            or author in (select a.id from accounts a where a.county_id = ?1 and a.shown like ?3)) order by on_day desc, id desc limit 200";
        for r in c.query(sql, params![scope.county, school.id, like(q)])? {
            if found.len() >= most * 2 {
                break;
            }
            found.extend(tx_record::fetch(keys, c, scope, r.id(0))?);
        }
    }
    found.sort_by_key(|r| (std::cmp::Reverse(r.on), r.id));
    found.dedup_by_key(|r| r.id);
    signed(c, scope.county, found.iter_mut().take(most))?;
    let mut names: HashMap<Id, String> = HashMap::new();
    let mut out = Vec::new();
    for r in found.iter().take(most) {
        let ids: Vec<Id> = r.lines.iter().filter_map(|l| l.child).collect();
        let mut who = Vec::new();
        for id in ids.iter().take(2) {
            if !names.contains_key(id) {
                names.insert(*id, tx_child::fetch(c, scope, *id)?.map(|k| k.name).unwrap_or_default());
            }
            who.extend(names.get(id).filter(|n| !n.is_empty()).cloned());
        }
        if ids.len() > 2 {
            who.push(pick(
                lang,
                format!("等 {} 名", ids.len()),
                format!("and others, {} in all", ids.len()),
            ));
        }
        who.push(r.author_name.clone());
        let title = r
            .title
            .clone()
            .filter(|t| !t.is_empty())
            .map(|t| format!(" {t}"))
            .unwrap_or_default();
        out.push(Hit {
            title: format!("{} {}{title}", r.name(lang), day(lang, r.on)),
            why: who.join(" · "),
            href: record_href(ctx, r.id),
            person: None,
            seal: Some(tx_duties::seal_of(
                r.kind.id,
                if r.state == "planned" { Mark::Open } else { Mark::Done },
            )),
        });
    }
    Ok(out)
}

/// Summaries of the own school by their plain titles.
fn papers(c: &Conn, ctx: &Ctx, scope: &Scope, q: &str, most: usize) -> Result<Vec<Hit>> {
    let Some(school) = scope.school.as_ref().filter(|_| may_open(ctx, "/reports")) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "select id, title, from_day, to_day from summaries where county_id = ?1 and school_id = ?2 and title like ?3 order by to_day desc, id limit {most}"
    );
    let rows = c.query(&sql, params![scope.county, school.id, like(q)])?;
    Ok(rows
        .iter()
        .map(|r| Hit {
            title: r.text(1),
            why: format!("{} — {}", r.day(2), r.day(3)),
            href: if may_open(ctx, "/summary/{id}") {
                format!("/summary/{}", r.id(0))
            } else {
                "/reports".into()
            },
            person: None,
            seal: None,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_write_them() {
        let today = Day::lit("2026-11-24");
        for (text, day) in [
            ("2026-11-12", Some("2026-11-12")),
            ("11月12日", Some("2026-11-12")),
            ("11月12号", Some("2026-11-12")),
            ("11.12", Some("2026-11-12")),
            ("12-31", Some("2025-12-31")),
            ("2月30日", None),
            ("石若曦", None),
            ("5512", None),
        ] {
            assert_eq!(day_of(text, today), day.map(Day::lit), "{text}");
        }
    }

    #[test]
    fn a_query_goes_into_an_address() {
        assert_eq!(encode("石 a&b"), "%E7%9F%B3%20a%26b");
    }
}

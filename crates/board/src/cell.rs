//! One cell of the care calendar: what was done, or why something is due, with its buttons.

use crate::calendar::{NO_CLASS, classes, read, record_link};
use crate::place::{Deed, What};
use crate::words::{child_href, day, mark, page, pick, record_href, signed, standing, w};
use std::collections::HashMap;
use tx_base::{Day, Fault, Id, Lang, Result, t};
use tx_duty::{Duty, FOLLOW_UP};
use tx_store::{Class, Conn, params};
use tx_web::pages::may_open;
use tx_web::parts::calendar::{CellLine, CellView, cell};
use tx_web::parts::marks::{Link, Mark, Person};
use tx_web::{Ctx, READERS, Reply, Route};

/// The address of a cell.
pub const PATH: &str = "/calendar/cell";

pub static ROUTES: &[Route] = &[Route::get(PATH, READERS, Class::P, show)
    .says(t("关爱日历的一格", "A cell of the care calendar"))
    .query(&[
        ("child", "string", t("孩子", "Child")),
        ("week", "integer", t("第几周", "Week of the term")),
        ("term", "string", t("学期", "Term")),
    ])];

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = scope.the_school()?.id;
    let id = ctx.q_id("child")?.ok_or(Fault::NotFound)?;
    let week: usize = ctx.q("week").and_then(|v| v.parse().ok()).ok_or(Fault::NotFound)?;
    let (row, records, owners, rules, place) = ctx.read(|c| {
        let child = tx_child::fetch(c, scope, id)?.ok_or(Fault::NotFound)?;
        let all = classes(c, scope, school)?;
        let class = all
            .iter()
            .find(|k| k.id == child.class.unwrap_or(NO_CLASS))
            .ok_or(Fault::NotFound)?;
        let b = read(c, scope, school, class, ctx.q("term"), Some(id))?.ok_or(Fault::NotFound)?;
        let span = *b.weeks.get(week.wrapping_sub(1)).ok_or(Fault::NotFound)?;
        let row = b.rows.into_iter().next();
        let query = tx_record::Query {
            school: Some(school),
            child: Some(id),
            from: Some(span.from),
            to: Some(span.to),
            limit: 50,
            ..Default::default()
        };
        // words only of what this reader may read
        let mut records = tx_record::list(ctx.db().keys(), c, scope, &query)?;
        signed(c, scope.county, records.iter_mut())?;
        let records: HashMap<Id, tx_record::Record> = records.into_iter().map(|r| (r.id, r)).collect();
        let place = child.village.clone().filter(|_| child.sight.personal);
        Ok((
            row,
            records,
            accounts(c, scope.county, school)?,
            rules(c, scope.county, school, scope.today, lang)?,
            place,
        ))
    })?;
    let row = row.ok_or(Fault::NotFound)?;
    let mut rules = rules;
    rules.retain(|_, r| row.child.sight.sensitive || !r.key);
    let mut here: Vec<_> = row.placed.iter().filter(|p| p.week == week).collect();
    // what waits stands first
    here.sort_by_key(|p| match &p.what {
        What::Duty(d) if d.state == tx_duty::State::Overdue => 0,
        What::Duty(d) if d.state == tx_duty::State::Open => 1,
        _ => 2,
    });
    let lines: Vec<CellLine> = here
        .iter()
        .map(|p| match &p.what {
            What::Deed(d) => deed(ctx, d, records.get(&d.record)),
            What::Duty(d) => {
                let owner = d.owner.and_then(|o| owners.get(&o));
                let mut line = duty(ctx, d, owner, &rules, place.as_deref());
                line.acts.extend(record_link(ctx, &row.child, d));
                if may_open(ctx, "/duties/{id}") && d.state.is_live() {
                    line.acts
                        .push(Link::new(w(lang, t("改日子", "Move")), format!("/duties/{}", d.id)).sheet());
                }
                line
            }
        })
        .collect();
    let name = &row.child.name;
    let href = child_href(ctx, row.child.id);
    let empty = lines.is_empty();
    let view = CellView {
        late: row
            .placed
            .iter()
            .any(|p| p.week == week && matches!(&p.what, What::Duty(d) if d.state == tx_duty::State::Overdue)),
        child: Person {
            id: row.child.id.to_string(),
            name: name.clone(),
            href: href.clone(),
            ..Default::default()
        },
        lines: if empty {
            vec![CellLine {
                title: w(
                    lang,
                    t(
                        "这一周没有记录，也没有要做的。",
                        "Nothing was done or due in this week.",
                    ),
                ),
                ..Default::default()
            }]
        } else {
            lines
        },
        acts: if href.is_empty() {
            Vec::new()
        } else {
            vec![Link::new(
                pick(lang, format!("打开{name}"), format!("Open {name}")),
                href,
            )]
        },
    };
    page(ctx, t("关爱日历", "Care calendar"), "calendar", cell(&view))
}

fn deed(ctx: &Ctx, d: &Deed, record: Option<&tx_record::Record>) -> CellLine {
    let lang = ctx.lang;
    let name = w(lang, d.kind.name);
    let href = record_href(ctx, d.record);
    CellLine {
        seal: tx_duties::seal_of(d.kind.id, if d.tried { Mark::Tried } else { Mark::Done }),
        title: if d.tried {
            pick(
                lang,
                format!("{name} 试过 {}", day(lang, d.day)),
                format!("{name}, tried {}", day(lang, d.day)),
            )
        } else {
            format!("{name} {}", day(lang, d.day))
        },
        text: record.and_then(|r| r.text.clone()).unwrap_or_default(),
        facts: record.map(|r| vec![r.author_name.clone()]).unwrap_or_default(),
        acts: if record.is_some() && !href.is_empty() {
            vec![Link::new(w(lang, t("看这条", "See it")), href).sheet()]
        } else {
            Vec::new()
        },
    }
}

fn duty(
    ctx: &Ctx,
    d: &Duty,
    owner: Option<&String>,
    rules: &HashMap<String, RuleWords>,
    place: Option<&str>,
) -> CellLine {
    let (lang, on) = (ctx.lang, ctx.today());
    let name = duty_name(rules, &d.rule, &d.kind, lang);
    let rule = rules.get(&*d.rule);
    let why = match rule {
        // why it is excused is sealed and stands on the duty's own page
        _ if d.state == tx_duty::State::Excused => String::new(),
        Some(r) => r.sentence.clone(),
        None if &*d.rule == FOLLOW_UP => w(lang, t("上次答应过的", "Promised last time")),
        None => String::new(),
    };
    let who = match (owner, lang) {
        (Some(o), Lang::Zh) => format!("该由{o}做"),
        (Some(o), Lang::En) => format!("owed by {o}"),
        (None, _) => w(lang, t("还没有人负责", "nobody holds this post")),
    };
    let moved = d.moved.then(|| w(lang, t("改过日子", "moved")));
    CellLine {
        seal: tx_duties::seal_of(&d.kind, mark(d)),
        title: format!("{name} {}", standing(d, on, lang)),
        text: why,
        facts: [Some(who), moved, place.map(str::to_owned)]
            .into_iter()
            .flatten()
            .collect(),
        acts: Vec::new(),
    }
}

/// Shown names of the school's accounts.
pub fn accounts(c: &Conn, county: Id, school: Id) -> Result<HashMap<Id, String>> {
    let sql = "select id, shown from accounts where county_id = ?1 and school_id = ?2 order by id";
    Ok(c.query(sql, params![county, school])?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect())
}

/// A rule in words.
#[derive(Clone, Debug)]
pub struct RuleWords {
    pub name: String,
    pub sentence: String,
    /// For whom it is, e.g. 重点孩子.
    pub whom: String,
    /// For key children: that a child is one is sensitive (security.md §1).
    pub key: bool,
}

/// 谈心, 约定家访: the name of what is owed.
pub fn duty_name(rules: &HashMap<String, RuleWords>, rule: &str, kind: &str, lang: Lang) -> String {
    let name = tx_duties::kind_name(kind, lang);
    match rules.get(rule) {
        Some(r) => r.name.clone(),
        None if rule == FOLLOW_UP => match lang {
            Lang::Zh => format!("约定{name}"),
            Lang::En => format!("{name} as promised"),
        },
        None => name,
    }
}

/// The rules by id, in the words of the version that is in force today; a rule that it lacks in those of the last version that had it.
pub fn rules(c: &Conn, county: Id, school: Id, today: Day, lang: Lang) -> Result<HashMap<String, RuleWords>> {
    let key = format!("{school} {today} {lang:?}");
    let kept = c.kept(county, &key, || words_of(c, county, school, today, lang))?;
    Ok((*kept).clone())
}
fn words_of(c: &Conn, county: Id, school: Id, today: Day, lang: Lang) -> Result<HashMap<String, RuleWords>> {
    let scheme = tx_school::scheme(c, county, school)?;
    let (gone, ahead): (Vec<_>, Vec<_>) = scheme.versions.iter().partition(|v| v.from <= today);
    // the word is for reports and forms; a screen says 孩子 (screens.md, idea 5)
    let plain = |text: &str| {
        text.replace("留守儿童", "孩子")
            .replace("left-behind ", "")
            .replace("Left-behind ", "")
    };
    let mut out = HashMap::new();
    // what comes later overwrites
    for r in ahead.into_iter().chain(gone).flat_map(|v| &v.rules) {
        let words = RuleWords {
            name: plain(r.name.in_lang(lang)),
            sentence: plain(r.sentence().in_lang(lang)),
            whom: plain(r.whom.name().in_lang(lang)),
            key: r.whom == tx_duty::Whom::Key,
        };
        out.insert(r.id.clone(), words);
    }
    Ok(out)
}

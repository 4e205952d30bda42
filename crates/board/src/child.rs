//! The child's file on screen (screens.md §5.6): who it is, whom to ring, what is due, twelve months, five sides, home, and all
//! that happened. What the reader may not see is not there.

use crate::cell::{RuleWords, duty_name, rules};
use crate::ribbon::{ribbon, since};
use crate::timeline::{PAGE, cursor, items, parse_cursor};
use crate::words::{day, mark, pick, signed, standing, w};
use crate::{sides, timeline};
use std::sync::Arc;
use tx_access::{Role, Scope};
use tx_base::{Day, Fault, Id, Lang, Result, Time, t};
use tx_child::Child;
use tx_child::file::{Dossier, Guardian, ParentRow};
use tx_child::status::{Parent, Status, Where};
use tx_duty::{Ask, Duty, FOLLOW_UP, State, Subject};
use tx_record::{Query, Record};
use tx_store::{About, Class, Conn, Made, params};
use tx_web::pages::may_open;
use tx_web::parts::child::{CallButton, DueStrip, FileView, Rows, file};
use tx_web::parts::marks::{Link, Person};
use tx_web::{CARERS, Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/children/{id}", CARERS, Class::P, show)
    .says(t("孩子的档案", "A child's file"))
    .query(&[("before", "string", t("接着往前看", "Go on with earlier records"))])];

/// Strips of what is due; the rest is in the calendar.
const DUES: usize = 4;
/// Readers shown.
const READERS: usize = 8;

/// All that the page is drawn from.
struct Read {
    file: Dossier,
    duties: Vec<Duty>,
    rules: std::collections::HashMap<String, RuleWords>,
    /// Twelve months, newest first.
    year: Vec<Record>,
    /// A page of the timeline, with one more than it shows.
    line: Vec<Record>,
    earlier: std::collections::HashMap<Id, String>,
    all: i64,
    calendar: Arc<tx_calendar::Calendar>,
    pairs: Vec<(String, Day, Option<Day>)>,
    readers: Vec<(String, Time, bool)>,
    /// When home was last confirmed, and the shown name of whoever did it; without one when it was no person (an import by a command).
    confirmed: Option<(Day, Option<String>)>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    let after = ctx
        .q("before")
        .map(|v| parse_cursor(v).ok_or(Fault::NotFound))
        .transpose()?;
    let body = ctx.read(|c| drawn(c, ctx, scope, id, after))?;
    seen(ctx, scope, id)?;
    let title = tx_base::t("孩子的档案", "A child's file");
    let clashes = ctx.q("clashes").and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
    let toast = (ctx.q("saved") == Some("1")).then(|| match clashes {
        0 => w(lang, t("存好了", "Saved")),
        n => pick(
            lang,
            format!("存好了；{n} 处别人也改了，两份都替您留着"),
            format!("Saved; {n} fields were changed by another too, both are kept"),
        ),
    });
    let body = maud::PreEscaped((*body).clone());
    Ok(Reply::page(tx_web::shell(ctx, title, "children", toast, body)?))
}

/// The file as this reader sees it today, drawn once and given again until something changes that stands on it.
fn drawn(c: &Conn, ctx: &Ctx, scope: &Scope, id: Id, after: Option<(Day, Id)>) -> Result<Arc<String>> {
    let before = ctx.q("before").unwrap_or_default();
    // what an inspector has opened stands outside the chain
    let sampled = scope.sampled(id);
    let key = format!(
        "{} {id} {} {:?} {sampled} {before}",
        scope.account, scope.today, ctx.lang
    );
    let about = About {
        id,
        key: &key,
        touched: &|rows| tx_record::touch_child(c, scope.county, id, rows),
    };
    c.kept_of(scope.county, &about, || {
        let r = read(c, ctx, scope, id, after)?;
        Ok(Made {
            thing: file(ctx.lang, &view(ctx, scope, &r, after.is_some())).into_string(),
            from: tx_record::of_child(c, scope.county, id)?,
        })
    })
}

fn read(c: &Conn, ctx: &Ctx, scope: &Scope, id: Id, after: Option<(Day, Id)>) -> Result<Read> {
    let (keys, on) = (ctx.db().keys(), scope.today);
    let child = tx_child::fetch(c, scope, id)?.ok_or(Fault::NotFound)?;
    let school = child.school_id;
    // this child alone: a page never waits for the whole school
    let fed = tx_duties::feed(c, scope.county, school, on, Some(id))?;
    let ask = Ask {
        on,
        until: None,
        since: Some(on.first_of_month()),
    };
    let mut duties = tx_duties::owed(&fed, &ask);
    duties.retain(|d| d.is_staff() && d.state.is_live() && d.subject == Subject::Child(id));
    duties.sort_by_key(|d| (d.state != State::Overdue, d.window.to));
    let whole = child.sight.personal;
    let mut words = rules(c, scope.county, school, scope.today, ctx.lang)?;
    words.retain(|_, r| child.sight.sensitive || !r.key);
    let base = Query {
        child: Some(id),
        limit: PAGE + 1,
        own_lines: true,
        ..Default::default()
    };
    // one look for the ribbon's year and the timeline's first page
    let newest = tx_record::list(
        keys,
        c,
        scope,
        &Query {
            limit: 201,
            words: Some(if after.is_none() { PAGE + 1 } else { 0 }),
            ..base.clone()
        },
    )?;
    let mut line = match after {
        None => newest[..newest.len().min(PAGE + 1)].to_vec(),
        Some(_) => tx_record::list(keys, c, scope, &Query { after, ..base })?,
    };
    let first = since(on);
    let mut year: Vec<Record> = newest.into_iter().filter(|r| r.on >= first).collect();
    // a paper is compared with those of the others
    tx_record::all_lines(keys, c, scope, year.iter_mut().filter(|r| r.kind.id == "exam"))?;
    signed(c, scope.county, line.iter_mut())?;
    let file = tx_child::file::of(c, keys, scope, child, false)?;
    Ok(Read {
        confirmed: confirmed(c, scope.county, &file)?,
        year,
        earlier: timeline::earlier(c, ctx, scope, &line)?,
        line,
        all: if whole { count(c, scope.county, id)? } else { 0 },
        duties: if whole { duties } else { Vec::new() },
        rules: words,
        calendar: fed.calendar.clone(),
        pairs: if whole { pairs(c, scope.county, id)? } else { Vec::new() },
        readers: if whole {
            readers(c, scope.county, id)?
        } else {
            Vec::new()
        },
        file,
    })
}

fn count(c: &Conn, county: Id, child: Id) -> Result<i64> {
    let sql = "select count(*) from records r where r.county_id = ?1 and r.deleted_at is null and r.id in \
        (select l.record_id from record_lines l where l.county_id = ?1 and l.child_id = ?2)";
    c.count(sql, params![county, child])
}

fn pairs(c: &Conn, county: Id, child: Id) -> Result<Vec<(String, Day, Option<Day>)>> {
    let sql = "select a.name, p.from_day, p.to_day from pairings p join adults a on a.county_id = p.county_id and a.id = p.adult_id \
        where p.county_id = ?1 and p.child_id = ?2 order by p.from_day desc, p.id desc limit 8";
    Ok(c.query(sql, params![county, child])?
        .iter()
        .map(|r| (r.text(0), r.day(1), r.opt_day(2)))
        .collect())
}

/// Who opened this file last, from the audit: shown name, when, and whether the sensitive part.
fn readers(c: &Conn, county: Id, child: Id) -> Result<Vec<(String, Time, bool)>> {
    let sql = format!(
        "select e.actor_name, a.shown, e.at, e.action from audit_entries e left join accounts a on a.county_id = e.county_id and a.id = e.actor \
         where e.county_id = ?1 and e.row_id = ?2 and e.action in ('child.read', 'child.read_sensitive') order by e.seq desc limit {READERS}"
    );
    let rows = c.query(&sql, params![county, child])?;
    Ok(rows
        .iter()
        .map(|r| {
            (
                r.opt_text(1).unwrap_or_else(|| r.text(0)),
                r.time(2),
                r.str(3) == "child.read_sensitive",
            )
        })
        .collect())
}

/// Notes once a day that this person opened the file (security.md §1: a file shows its last readers).
fn seen(ctx: &Ctx, scope: &Scope, id: Id) -> Result<()> {
    let today = scope.today;
    let known = ctx
        .db()
        .for_good(format!("read {} {} {id} {today}", scope.county, scope.account), |c| {
            let sql = "select at from audit_entries where county_id = ?1 and row_id = ?2 and actor = ?3 and action = 'child.read' order by seq desc limit 1";
            let last = c.first(sql, params![scope.county, id, scope.account])?;
            Ok(last.is_some_and(|r| r.time(0).day() == today))
        })?;
    if known {
        return Ok(());
    }
    let noted = ctx.db().write(scope.act("child.read"), move |w| {
        w.note("child.read", "children", Some(id), None);
        Ok(())
    });
    ctx.app.by_the_way(noted)
}

fn view(ctx: &Ctx, scope: &Scope, r: &Read, paged: bool) -> FileView {
    let (lang, on) = (ctx.lang, ctx.today());
    let (k, d) = (&r.file.child, &r.file);
    let whole = k.sight.personal;
    let id = k.id;
    let key = k.key && k.sight.sensitive;
    let shown = &r.line[..r.line.len().min(PAGE)];
    let missing: Vec<String> = d.missing.iter().map(|m| w(lang, m.name)).collect();
    let n = missing.len();
    let missing = (n > 0 && k.sight.write).then(|| {
        let all = missing.join(pick(lang, "、", ", ").as_str());
        Link::new(
            pick(
                lang,
                format!("没填的 {n} 项：{all}"),
                format!("{n} not filled in: {all}"),
            ),
            edit_href(ctx, k),
        )
    });
    FileView {
        child: Person {
            id: id.to_string(),
            name: k.name.clone(),
            key,
            ..Default::default()
        },
        photo: k.photo.map(tx_child::photo::url).unwrap_or_default(),
        back_href: "/children".into(),
        facts: facts(k, on, lang),
        tags: [k.village.clone().filter(|_| whole), d.hobby.clone()]
            .into_iter()
            .flatten()
            .filter(|v| !v.is_empty())
            .collect(),
        key_word: if key {
            w(lang, t("重点", "Key child"))
        } else {
            String::new()
        },
        record: (k.sight.record && k.state == "active" && may_open(ctx, "/record")).then(|| {
            Link::new(w(lang, t("记一笔", "Record")), format!("/record?child={id}"))
                .icon("pen")
                .first()
                .sheet()
        }),
        print: cards(ctx, k).into_iter().next(),
        more: more(ctx, k),
        left: left(d, lang),
        missing,
        calls: calls(ctx, d),
        dues: r.duties.iter().take(DUES).map(|duty| due(ctx, k, duty, r)).collect(),
        ribbon: whole.then(|| ribbon(ctx, d, &r.year, &r.duties, &r.calendar)),
        ribbon_title: w(lang, t("十二个月", "Twelve months")),
        ribbon_note: w(lang, t("点一点看那条记录", "tap a mark to see its record")),
        five_title: w(lang, t("五个方面", "Five sides")),
        five_note: w(
            lang,
            t(
                "本学期，数的是证据，不打分",
                "this term; evidence is counted, nobody is scored",
            ),
        ),
        five: if whole {
            sides::rows(ctx, d, &r.year, &r.calendar)
        } else {
            Vec::new()
        },
        home_title: w(lang, t("家里", "Home")),
        home_note: if whole { confirmed_note(r, lang) } else { String::new() },
        home: if whole { home(d, lang) } else { Vec::new() },
        edit: (k.sight.write && may_open(ctx, EDIT)).then(|| Link::new(w(lang, t("改", "Change")), edit_href(ctx, k))),
        lists: if whole { lists(r, lang) } else { Vec::new() },
        private: (k.sight.sensitive && may_open(ctx, crate::sensitive::PATH)).then(|| {
            let href = format!("/children/{id}/sensitive");
            (
                w(
                    lang,
                    t(
                        "身份证号、健康、困难这些另放。打开会记下是谁看的。",
                        "ID number, health, hardship lie apart. Opening them is noted.",
                    ),
                ),
                Link::new(w(lang, t("打开", "Open")), href),
            )
        }),
        line_title: w(lang, t("一路走来", "All along")),
        all: (r.all > 0 && may_open(ctx, "/records")).then(|| {
            Link::new(
                pick(lang, format!("全部 {} 条", r.all), format!("all {}", r.all)),
                format!("/records?child={id}"),
            )
        }),
        items: items(ctx, k, shown, &r.earlier),
        empty: w(lang, t("还没有记录。", "No records yet.")),
        before: paged.then(|| format!("/children/{id}#line")),
        after: (r.line.len() > PAGE)
            .then(|| {
                shown
                    .last()
                    .map(|l| format!("/children/{id}?before={}#line", cursor(l)))
            })
            .flatten(),
        readers_title: w(lang, t("谁看过", "Who has read it")),
        readers: readers_rows(&r.readers, scope, lang),
    }
}

/// 10 岁, 四(2)班, 走读; of others than staff with the right only the class.
fn facts(k: &Child, on: Day, lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    if k.sight.personal
        && let Some(born) = k.birth_date
    {
        let n = born.age_on(on);
        out.push(pick(lang, format!("{n} 岁"), format!("{n} years")));
    }
    out.extend(k.class_name.clone());
    if k.sight.personal
        && let Some(boards) = k.boarder
    {
        out.push(w(
            lang,
            if boards {
                t("住校", "boarder")
            } else {
                t("走读", "day pupil")
            },
        ));
    }
    out
}

const EDIT: &str = "/children/{id}/edit";
const CARD: &str = "/children/{id}/card";

fn edit_href(ctx: &Ctx, k: &Child) -> String {
    if may_open(ctx, EDIT) {
        format!("/children/{}/edit", k.id)
    } else {
        format!("/children/{}#home", k.id)
    }
}

fn cards(ctx: &Ctx, k: &Child) -> Vec<Link> {
    if !k.sight.personal || !may_open(ctx, CARD) {
        return Vec::new();
    }
    [
        ("contact", t("打印联系卡", "Print the contact card")),
        ("file", t("打印档案卡", "Print the file card")),
    ]
    .map(|(form, name)| Link::new(w(ctx.lang, name), format!("/children/{}/card?form={form}", k.id)))
    .to_vec()
}

/// The menu of a file: cards, changes, readers.
fn more(ctx: &Ctx, k: &Child) -> Vec<Link> {
    let (lang, id) = (ctx.lang, k.id);
    let mut out = cards(ctx, k);
    if k.sight.write {
        for (path, name, tail) in [
            (EDIT, t("改档案", "Change the file"), "edit"),
            (
                "/children/{id}/moves",
                t("变动：名单、重点、离校", "Lists, closer care, leaving"),
                "moves",
            ),
            ("/children/{id}/consents", t("同意", "Consents"), "consents"),
        ] {
            if may_open(ctx, path) {
                out.push(Link::new(w(lang, name), format!("/children/{id}/{tail}")));
            }
        }
    }
    if k.sight.personal {
        out.push(Link::new(
            w(lang, t("谁看过", "Who has read it")),
            format!("/children/{id}#readers"),
        ));
    }
    out
}

/// The grey strip of a child who has left.
fn left(d: &Dossier, lang: Lang) -> String {
    let state = match d.child.state.as_str() {
        "left" => t("已离校", "Has left the school"),
        "graduated" => t("已毕业", "Has graduated"),
        _ => return String::new(),
    };
    let when = d
        .stays
        .first()
        .and_then(|s| s.to)
        .map(|to| day(lang, to))
        .unwrap_or_default();
    format!("{} {when}", w(lang, state)).trim_end().to_owned()
}

/// Up to three people to ring: the guardian first.
fn calls(ctx: &Ctx, d: &Dossier) -> Vec<CallButton> {
    let (lang, id) = (ctx.lang, d.child.id);
    if !d.child.sight.personal {
        return Vec::new();
    }
    let guardians = d.guardians.iter().filter(|g| g.phone.is_some()).map(|g| CallButton {
        title: relation_word(g, lang),
        sub: g.name.clone(),
        href: crate::dial::href(id, g.id),
        icon: "phone",
    });
    // a parent who is the guardian too is one button, unless there is a second number
    let second = |p: &&ParentRow| !d.guardians.iter().any(|g| is_parent(g, p.parent) && g.phone == p.phone);
    let known = |p: &&ParentRow| p.to.is_none() && p.phone.is_some();
    let parents = d.parents.iter().filter(known).filter(second).map(|p| CallButton {
        title: parent_word(p.parent, lang),
        sub: if d.guardians.iter().any(|g| is_parent(g, p.parent) && g.phone.is_some()) {
            w(lang, t("另一个号", "another number"))
        } else {
            whereabouts(p, lang)
        },
        href: crate::dial::href(id, p.id),
        icon: "phone",
    });
    guardians.chain(parents).take(3).collect()
}

/// The guardian is this parent.
fn is_parent(g: &Guardian, parent: Parent) -> bool {
    matches!(
        (g.relation.as_str(), parent),
        ("mother", Parent::Mother) | ("father", Parent::Father)
    )
}

/// 奶奶; of a parent 爸爸 or 妈妈, as everywhere on the page.
pub fn relation_word(g: &Guardian, lang: Lang) -> String {
    Parent::BOTH
        .into_iter()
        .find(|p| is_parent(g, *p))
        .map_or_else(|| g.relation_in(lang), |p| parent_word(p, lang))
}

/// 爸爸, 妈妈.
pub fn parent_word(p: Parent, lang: Lang) -> String {
    w(
        lang,
        match p {
            Parent::Father => t("爸爸", "Father"),
            Parent::Mother => t("妈妈", "Mother"),
        },
    )
}

fn whereabouts(p: &ParentRow, lang: Lang) -> String {
    match (&p.place, p.whereabouts) {
        (Some(place), Where::AwayWork | Where::AwayOther) if !place.is_empty() => place.clone(),
        (_, at) => w(lang, at.name()),
    }
}

fn due(ctx: &Ctx, k: &Child, d: &Duty, r: &Read) -> DueStrip {
    let (lang, on) = (ctx.lang, ctx.today());
    let rule = r.rules.get(&*d.rule);
    let name = duty_name(&r.rules, &d.rule, &d.kind, lang);
    let text = match rule {
        Some(r) => r.sentence.clone(),
        None if &*d.rule == FOLLOW_UP => w(lang, t("上次答应过的", "Promised last time")),
        None => String::new(),
    };
    let can = k.sight.record && may_open(ctx, "/record");
    DueStrip {
        id: d.id.to_string(),
        seal: tx_duties::seal_of(&d.kind, mark(d)),
        title: format!("{name} {}", standing(d, on, lang)),
        text,
        late: d.state == State::Overdue,
        act: if can {
            Link::new(
                w(lang, t("记", "Record")),
                format!("/record?child={}&kind={}&duty={}", k.id, d.kind, d.id),
            )
            .first()
            .sheet()
        } else {
            Link::default()
        },
        href: if may_open(ctx, "/duties/{id}") {
            format!("/duties/{}", d.id)
        } else {
            String::new()
        },
    }
}

/// The last confirmation of guardians and parents. The rows keep a login name, which is nothing to show.
fn confirmed(c: &Conn, county: Id, d: &Dossier) -> Result<Option<(Day, Option<String>)>> {
    let all = d
        .guardians
        .iter()
        .map(|g| (g.confirmed_on, &g.confirmed_by))
        .chain(d.parents.iter().map(|p| (p.confirmed_on, &p.confirmed_by)));
    let Some((on, by)) = all
        .filter_map(|(on, by)| Some((on?, by.clone().unwrap_or_default())))
        .max_by_key(|(on, _)| *on)
    else {
        return Ok(None);
    };
    let sql = "select shown from accounts where county_id = ?1 and name = ?2";
    Ok(Some((on, c.first(sql, params![county, by])?.map(|r| r.text(0)))))
}

/// 9月18日 周敏核对过.
fn confirmed_note(r: &Read, lang: Lang) -> String {
    match &r.confirmed {
        Some((on, Some(by))) => pick(
            lang,
            format!("{} {by}核对过", day(lang, *on)),
            format!("confirmed {} by {by}", day(lang, *on)),
        ),
        Some((on, None)) => pick(
            lang,
            format!("{}核对过", day(lang, *on)),
            format!("confirmed {}", day(lang, *on)),
        ),
        None => w(lang, t("还没核对过", "not confirmed yet")),
    }
}

fn home(d: &Dossier, lang: Lang) -> Rows {
    let mut out: Rows = Vec::new();
    for g in &d.guardians {
        let age = g
            .more
            .get("age")
            .map(|a| pick(lang, format!("{} 岁", a.trim_end_matches('岁')), format!("{a} years")));
        let words = ["health", "job", "care_capacity"]
            .into_iter()
            .map(|f| g.more.get(f).cloned());
        let values = [Some(format!("{} {}", relation_word(g, lang), g.name)), age]
            .into_iter()
            .chain(words)
            .flatten()
            .collect();
        out.push((w(lang, t("跟谁住", "Lives with")), values));
    }
    if d.guardians.is_empty() {
        out.push((w(lang, t("跟谁住", "Lives with")), Vec::new()));
    }
    for p in Parent::BOTH {
        let Some(f) = d.parents.iter().find(|r| r.parent == p && r.to.is_none()) else {
            out.push((parent_word(p, lang), Vec::new()));
            continue;
        };
        let since = f
            .from
            .filter(|_| f.whereabouts == Where::AwayWork)
            .map(|on| pick(lang, format!("{}起", on.zh_long()), format!("since {on}")));
        let words = ["job", "comes_home", "return_freq"]
            .into_iter()
            .map(|k| f.more.get(k).cloned());
        let values = [f.name.clone(), Some(whereabouts(f, lang)), since]
            .into_iter()
            .chain(words)
            .flatten()
            .filter(|v| !v.is_empty())
            .collect();
        out.push((parent_word(p, lang), values));
    }
    if !d.siblings.is_empty() {
        let names = d
            .siblings
            .iter()
            .map(|s| {
                format!("{} {}", s.name, s.class_name.as_deref().unwrap_or_default())
                    .trim()
                    .to_owned()
            })
            .collect();
        out.push((w(lang, t("兄弟姐妹", "Siblings")), names));
    }
    out.push((w(lang, t("住址", "Address")), d.home_address.iter().cloned().collect()));
    let hukou = d.hukou_kind.as_deref().map(|k| {
        w(
            lang,
            if k == "rural" {
                t("农村", "rural")
            } else {
                t("城镇", "urban")
            },
        )
    });
    out.push((
        w(lang, t("户口", "Registration")),
        [hukou, d.hukou_address.clone()].into_iter().flatten().collect(),
    ));
    out
}

fn span(from: Day, to: Option<Day>, lang: Lang) -> String {
    match to {
        Some(to) => pick(
            lang,
            format!("{}到{}", from.zh_long(), to.zh_long()),
            format!("{from} to {to}"),
        ),
        None => pick(lang, format!("{}起", from.zh_long()), format!("since {from}")),
    }
}

fn lists(r: &Read, lang: Lang) -> Vec<(String, Rows)> {
    let d = &r.file;
    let mut out: Vec<(String, Rows)> = Vec::new();
    let mut by: Rows = d
        .statuses
        .iter()
        .map(|(definition, status)| {
            let asks = match status {
                Status::Undetermined(asks) => {
                    let all: Vec<String> = asks.iter().map(|a| w(lang, a.name())).collect();
                    pick(
                        lang,
                        format!("要问：{}", all.join("、")),
                        format!("to ask: {}", all.join(", ")),
                    )
                }
                _ => String::new(),
            };
            (
                w(lang, definition.name()).trim_end_matches("口径").to_owned(),
                vec![w(lang, status.name()), asks],
            )
        })
        .collect();
    by.extend(
        d.spells
            .iter()
            .map(|s| (w(lang, t("在名单上", "On the list")), vec![span(s.from, s.to, lang)])),
    );
    out.push((w(lang, t("三个口径", "Three definitions")), by));
    let told: Rows = d
        .facts
        .iter()
        .filter(|(id, ..)| *id != "hobby")
        .map(|(_, name, v)| (w(lang, *name), vec![v.clone()]))
        .collect();
    if !told.is_empty() {
        out.push((w(lang, t("平时", "In general")), told));
    }
    if !r.pairs.is_empty() {
        let rows = r
            .pairs
            .iter()
            .map(|(name, from, to)| (name.clone(), vec![span(*from, *to, lang)]))
            .collect();
        out.push((w(lang, t("结对", "Pairing")), rows));
    }
    let stays: Rows = d
        .stays
        .iter()
        .map(|s| {
            (
                s.class_name
                    .clone()
                    .unwrap_or_else(|| w(lang, t("没有班级", "No class"))),
                vec![span(s.from, s.to, lang)],
            )
        })
        .collect();
    if !stays.is_empty() {
        out.push((w(lang, t("在校", "At school")), stays));
    }
    out
}

fn readers_rows(list: &[(String, Time, bool)], scope: &Scope, lang: Lang) -> Rows {
    // who is read about is the school's matter: an inspector sees no other readers
    if scope.roles == [Role::Inspector] {
        return Vec::new();
    }
    list.iter()
        .map(|(who, at, sensitive)| {
            let when = format!("{} {}", day(lang, at.day()), at.hour_minute());
            let what = if *sensitive {
                w(lang, t("看了敏感内容", "the sensitive part"))
            } else {
                w(lang, t("看了档案", "the file"))
            };
            (who.clone(), vec![when, what])
        })
        .collect()
}

//! 全部记录 and one record, for every kind from its declaration: list, page, deletion, planned and done.

use crate::WRITERS;
use crate::api::{has_sensitive, may_see_sensitive, must_change, note_sensitive, paged, query};
use crate::form::{self, day_words};
use crate::kind::FieldType;
use crate::own::Declared;
use crate::people::{self, Named};
use crate::read::{Around, Earlier, Line, Record, earlier, fetch, list};
use crate::{all_kinds, conflicts, may_change};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use tx_access::Scope;
use tx_base::{Day, Fault, Id, Lang, Result, Text, Time, t};
use tx_store::{Class, Conn};
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::lists::{Filter, TableView, TimelineItem};
use tx_web::parts::marks::{Kind as Colour, Link, Look, Mark, Person, Piece, Pill, Seal};
use tx_web::parts::{Top, records};
use tx_web::{CARERS, Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/records", CARERS, Class::P, all)
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
    Route::get("/records/{id}", CARERS, Class::S, one).says(t("一条记录", "One record")),
    Route::form("/records/{id}/delete", WRITERS, Class::P, delete).says(t("删除，要写原因", "Delete, with a reason")),
    Route::form("/records/{id}/state", WRITERS, Class::P, state)
        .says(t("计划做了或取消", "Planned: done or cancelled")),
];
/// Records on one page of the list.
const PAGE: usize = 30;

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

fn select(name: &str, label: Text, value: &str, all: Vec<(String, String)>, lang: Lang) -> Field {
    let mut options = vec![(String::new(), t("全部", "All").in_lang(lang).to_owned())];
    options.extend(all);
    Field {
        name: name.into(),
        label: label.in_lang(lang).into(),
        value: value.into(),
        kind: FieldKind::Select(options),
        ..Default::default()
    }
}

fn all(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    if ctx.q("state") == Some("deleted") {
        return crate::gone::page(ctx);
    }
    let (items, next, classes, child) = ctx.read(|c| {
        let found = list(ctx.db().keys(), c, scope, &query(ctx, c, PAGE)?)?;
        let (found, next) = paged(found, PAGE);
        let around = Around::new(c, scope.county);
        let authors = people::accounts(
            c,
            scope.county,
            &found.iter().filter_map(|r| r.author).collect::<Vec<_>>(),
        )?;
        let items = found
            .iter()
            .map(|r| {
                let author = r.author.and_then(|a| authors.get(&a)).unwrap_or(&r.author_name);
                item(c, scope, r, &around.declared(r)?, author, lang)
            })
            .collect::<Result<Vec<_>>>()?;
        let child = match ctx.q_id("child")? {
            Some(id) => Some(people::children(c, scope, &[id])?.remove(&id).ok_or(Fault::NotFound)?),
            None => None,
        };
        Ok((items, next, people::classes(c, scope)?, child))
    })?;
    let q = |name: &str| ctx.q(name).unwrap_or_default().to_owned();
    let date = |name: &str, label: Text| Field {
        name: name.into(),
        label: label.in_lang(lang).into(),
        value: q(name),
        kind: FieldKind::Date,
        ..Default::default()
    };
    let kinds = all_kinds()
        .iter()
        .map(|k| (k.id.to_owned(), k.name.in_lang(lang).to_owned()))
        .collect();
    let mut states = ["done", "planned", "cancelled"]
        .map(|s| (s.to_owned(), state_name(s).in_lang(lang).to_owned()))
        .to_vec();
    if crate::gone::may_look(scope) {
        states.push(("deleted".into(), t("删了的", "deleted").in_lang(lang).into()));
    }
    let mut fields = vec![select("kind", t("种类", "Kind"), &q("kind"), kinds, lang)];
    if classes.len() > 1 {
        let all = classes
            .iter()
            .map(|(_, code, name)| (code.clone(), name.clone()))
            .collect();
        fields.push(select("class", t("班级", "Class"), &q("class"), all, lang));
    }
    fields.extend([
        date("from", t("从", "From")),
        date("to", t("到", "To")),
        select("state", t("状态", "State"), &q("state"), states, lang),
    ]);
    let chosen = ["kind", "class", "child", "from", "to", "state"]
        .iter()
        .any(|n| ctx.q(n).is_some());
    let page = |cursor: Option<&str>| {
        let mut parts: Vec<String> = ["kind", "class", "child", "from", "to", "state"]
            .iter()
            .filter_map(|n| ctx.q(n).map(|v| format!("{n}={}", plain(v))))
            .collect();
        parts.extend(cursor.map(|at| format!("cursor={at}")));
        if parts.is_empty() {
            "/records".to_owned()
        } else {
            format!("/records?{}", parts.join("&"))
        }
    };
    let ledger = ctx.q("kind").is_some();
    let view = records::ListView {
        top: Top {
            title: t("全部记录", "All records").in_lang(lang).into(),
            sub: child.iter().map(|k| k.name.clone()).collect(),
            buttons: if may_write(scope) {
                let to = ctx.q("kind").map_or_else(
                    || "/records/kinds".to_owned(),
                    |k| format!("/records/new?kind={}", plain(k)),
                );
                vec![
                    Link::new(t("记一条", "Write one").in_lang(lang), to)
                        .icon("plus")
                        .first(),
                ]
            } else {
                Vec::new()
            },
            print: ledger,
            ..Default::default()
        },
        filter: Filter {
            action: "/records".into(),
            label: t("筛选", "Filter").in_lang(lang).into(),
            fields,
            hidden: ctx
                .q("child")
                .map(|c| ("child".to_owned(), c.to_owned()))
                .into_iter()
                .collect(),
            button: t("看", "Show").in_lang(lang).into(),
            open: chosen,
        },
        empty: if chosen {
            t("没有这样的记录。换个条件看看。", "No such records. Try another filter.")
        } else {
            t(
                "还没有记录。第一条从今天的待办里记。",
                "No records yet. The first one comes from Today.",
            )
        }
        .in_lang(lang)
        .into(),
        empty_next: Some(if chosen {
            Link::new(t("看全部", "See all").in_lang(lang), "/records")
        } else {
            Link::new(t("看今天", "Open Today").in_lang(lang), "/")
        }),
        after: next.map(|at| page(Some(&at))),
        first: ctx.q("cursor").map(|_| page(None)),
        place: String::new(),
        items,
    };
    let toast = (ctx.q("gone") == Some("1")).then(|| tx_web::parts::Toast {
        text: t("删了，写过的字留在历史里", "Deleted; the words stay in the history")
            .in_lang(lang)
            .into(),
        undo: None,
    });
    let toast = match toast {
        Some(t) => Some(t),
        None => crate::saved_toast(ctx)?,
    };
    let shell = Shell {
        title: t("全部记录", "All records"),
        active: "records",
        toast,
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, records::list(lang, &view))?))
}
/// A value of an address: what is neither letter, digit, `-` nor `_` is dropped, since none of the filters has it.
fn plain(v: &str) -> String {
    v.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect()
}
pub(crate) fn may_write(scope: &Scope) -> bool {
    all_kinds().iter().any(|k| k.writable(scope))
}

/// Everything that a record's page needs, read at once.
struct Read {
    record: Record,
    declared: Declared,
    children: HashMap<Id, Named>,
    adults: HashMap<Id, String>,
    accounts: HashMap<Id, String>,
    classes: HashMap<Id, String>,
    earlier: Vec<Earlier>,
    open: Vec<conflicts::Conflict>,
    may_see: bool,
    may_change: bool,
}

fn read(ctx: &Ctx, c: &Conn, id: Id) -> Result<Read> {
    let scope = ctx.scope()?;
    let keys = ctx.db().keys();
    let record = fetch(keys, c, scope, id)?.ok_or(Fault::NotFound)?;
    let earlier = if record.version > 1 {
        earlier(keys, c, scope, &record)?
    } else {
        Vec::new()
    };
    let all = || earlier.iter().map(|e| &e.record).chain([&record]);
    let kids: Vec<Id> = all().flat_map(Record::children).collect();
    let adults: Vec<Id> = all().flat_map(|r| r.lines.iter().filter_map(|l| l.adult)).collect();
    let mut own = Vec::new();
    for r in all() {
        if r.fields
            .keys()
            .chain(r.lines.iter().flat_map(|l| l.fields.keys()))
            .any(|k| k.starts_with("x_"))
        {
            own = crate::own_fields(c, scope.county, Some(record.school))?;
            break;
        }
    }
    let class = match record.class {
        Some(k) => c
            .first(
                "select name from classes where county_id = ?1 and id = ?2",
                tx_store::params![scope.county, k],
            )?
            .map(|r| (k, r.text(0))),
        None => None,
    };
    let mut open: Vec<conflicts::Conflict> = conflicts::list(keys, c, scope, None, None)?
        .into_iter()
        .filter(|k| k.row == id)
        .collect();
    let mut earlier = earlier;
    let logins: Vec<String> = earlier
        .iter()
        .map(|e| e.who.clone())
        .chain(open.iter().map(|k| k.made_by_name.clone()))
        .collect();
    let shown = people::shown(c, scope.county, &logins)?;
    let name = |login: &mut String| {
        if let Some(n) = shown.get(login.as_str()) {
            login.clone_from(n);
        }
    };
    earlier.iter_mut().for_each(|e| name(&mut e.who));
    open.iter_mut().for_each(|k| name(&mut k.made_by_name));
    Ok(Read {
        declared: Declared::with(record.kind, &own, record.on),
        children: people::children(c, scope, &kids)?,
        adults: people::adult_names(c, scope.county, &adults)?,
        accounts: people::accounts(c, scope.county, &record.author.into_iter().collect::<Vec<_>>())?,
        classes: class.into_iter().collect(),
        may_see: may_see_sensitive(c, scope, &record)?,
        may_change: may_change(c, scope, &record)?,
        earlier,
        open,
        record,
    })
}

impl Read {
    fn name(&self, l: &Line) -> String {
        match (l.child, l.adult) {
            (Some(id), _) => self.children.get(&id).map(|n| n.name.clone()).unwrap_or_default(),
            (None, Some(id)) => self.adults.get(&id).cloned().unwrap_or_default(),
            (None, None) => l.item.clone().unwrap_or_default(),
        }
    }
    /// The lines as a table, where one says more than a name that was met.
    fn lines(&self, sensitive: bool, lang: Lang) -> Option<TableView> {
        let r = &self.record;
        let says = |l: &Line| {
            l.outcome != "met" || l.quantity.is_some() || l.role.is_some() || !l.fields.is_empty() || l.child.is_none()
        };
        if !r.lines.iter().any(says) {
            return None;
        }
        let some = |f: &dyn Fn(&Line) -> bool| r.lines.iter().any(f);
        let fields: Vec<&crate::Field> = self
            .declared
            .line
            .iter()
            .filter(|f| {
                (sensitive || f.class < Class::S) && some(&|l: &Line| l.fields.get(f.id).is_some_and(|v| !v.is_null()))
            })
            .collect();
        let (outcome, quantity, role) = (
            some(&|l| l.outcome != "met"),
            some(&|l| l.quantity.is_some()),
            some(&|l| l.role.is_some()),
        );
        let mut head = vec![t("谁", "Who").in_lang(lang).to_owned()];
        head.extend(role.then(|| t("角色", "Role").in_lang(lang).into()));
        head.extend(outcome.then(|| t("结果", "Outcome").in_lang(lang).into()));
        head.extend(quantity.then(|| r.kind.quantity.unwrap_or(t("数量", "Quantity")).in_lang(lang).into()));
        let right = if quantity { vec![head.len() - 1] } else { Vec::new() };
        head.extend(fields.iter().map(|f| f.name.in_lang(lang).to_owned()));
        let cell = |s: String| vec![Piece::Text(s)];
        let rows = r
            .lines
            .iter()
            .map(|l| {
                let mut row = vec![cell(self.name(l))];
                row.extend(role.then(|| cell(l.role.clone().unwrap_or_default())));
                row.extend(outcome.then(|| cell(outcome_name(&l.outcome).in_lang(lang).into())));
                row.extend(quantity.then(|| cell(l.quantity.map(|n| n.to_string()).unwrap_or_default())));
                row.extend(
                    fields
                        .iter()
                        .map(|f| cell(l.fields.get(f.id).map(|v| form::shown(f, v, lang)).unwrap_or_default())),
                );
                row
            })
            .collect();
        Some(TableView {
            caption: t("每人一行", "A line each").in_lang(lang).into(),
            head,
            rows,
            right,
            hrefs: Vec::new(),
        })
    }
    /// A field of [`Record::flat`] in words: its name and what it said. `None` for what may not be shown.
    fn words(&self, r: &Record, key: &str, v: &Json, sensitive: bool, lang: Lang) -> Option<(String, String)> {
        let text = |t: Text| t.in_lang(lang).to_owned();
        let blank = || t("〔未填〕", "[not filled in]").in_lang(lang).to_owned();
        let full = |s: String| if s.is_empty() { blank() } else { s };
        let word = v.as_str().unwrap_or_default().to_owned();
        Some(match key {
            "text" => (r.kind.words.in_lang(lang).into(), full(word)),
            "on" => (
                text(t("日期", "Day")),
                word.parse().map_or(word, |d| day_words(d, lang)),
            ),
            "state" => (text(t("状态", "State")), text(state_name(&word))),
            "title" => (text(t("名称", "Title")), full(word)),
            _ => match key.strip_prefix("fields.") {
                Some(id) => {
                    let f = self.declared.find(id).filter(|f| sensitive || f.class < Class::S)?;
                    (f.name.in_lang(lang).into(), full(form::shown(f, v, lang)))
                }
                None => {
                    let Some(l) = r.lines.iter().find(|l| l.key() == key) else {
                        // it was not there before: somebody was added
                        let l = self.record.lines.iter().find(|l| l.key() == key)?;
                        return Some((self.name(l), t("原来没有", "was not there").in_lang(lang).into()));
                    };
                    let mut said = vec![outcome_name(&l.outcome).in_lang(lang).to_owned()];
                    said.extend(l.quantity.map(|n| n.to_string()));
                    said.extend(l.role.clone());
                    for f in self.declared.line.iter().filter(|f| sensitive || f.class < Class::S) {
                        said.extend(
                            l.fields
                                .get(f.id)
                                .map(|v| format!("{} {}", f.name.in_lang(lang), form::shown(f, v, lang))),
                        );
                    }
                    (self.name(l), said.join(if lang == Lang::Zh { "，" } else { ", " }))
                }
            },
        })
    }
    fn history(&self, sensitive: bool, lang: Lang) -> Vec<records::Before> {
        let after = self
            .earlier
            .iter()
            .skip(1)
            .map(|e| e.record.flat())
            .chain([self.record.flat()]);
        let mut out: Vec<records::Before> = self
            .earlier
            .iter()
            .zip(after)
            .map(|(e, after)| {
                let before = e.record.flat();
                let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                let at = |m: &Map<String, Json>, k: &str| m.get(k).cloned().unwrap_or_default();
                let was = keys
                    .into_iter()
                    .filter(|k| at(&before, k) != at(&after, k))
                    .filter_map(|k| self.words(&e.record, k, &at(&before, k), sensitive, lang))
                    .collect();
                records::Before {
                    when: if lang == Lang::Zh {
                        format!("{} {} 改之前", moment(e.until, lang), e.who)
                    } else {
                        format!("before {} changed it on {}", e.who, moment(e.until, lang))
                    },
                    why: e.why.clone().unwrap_or_default(),
                    was,
                }
            })
            .collect();
        out.reverse();
        out
    }
}

fn one(ctx: &Ctx) -> Result<Reply> {
    page(ctx, ctx.id("id")?, 200, None)
}

fn page(ctx: &Ctx, id: Id, status: u16, wrong: Option<(&str, String)>) -> Result<Reply> {
    let lang = ctx.lang;
    let read = ctx.read(|c| read(ctx, c, id))?;
    let (r, d) = (&read.record, &read.declared);
    let holds = has_sensitive(d, r) || read.earlier.iter().any(|e| has_sensitive(d, &e.record));
    let sensitive = holds && read.may_see && ctx.q("include") == Some("sensitive");
    if sensitive {
        note_sensitive(ctx, id)?;
    }
    let say = |t: Text| t.in_lang(lang).to_owned();
    let mut rows: Vec<(String, Vec<String>)> = vec![(
        say(t("日期", "Day")),
        vec![if lang == Lang::Zh {
            format!("{} {}", r.on.zh_long(), r.on.zh_weekday())
        } else {
            r.on.to_string()
        }],
    )];
    if let Some(name) = r.class.and_then(|k| read.classes.get(&k)) {
        rows.push((say(t("班级", "Class")), vec![name.clone()]));
    }
    if r.state != "done" {
        rows.push((say(t("状态", "State")), vec![say(state_name(&r.state))]));
    }
    for f in d.head.iter().filter(|f| sensitive || f.class < Class::S) {
        if let Some(v) = r.fields.get(f.id) {
            rows.push((f.name.in_lang(lang).into(), vec![form::shown(f, v, lang)]));
        }
    }
    let author = r
        .author
        .and_then(|a| read.accounts.get(&a))
        .unwrap_or(&r.author_name)
        .clone();
    let mut written = vec![author, moment(r.written_at, lang)];
    written.extend(r.late().map(|_| say(t("补记", "written later"))));
    rows.push((say(t("谁写的", "Written by")), written));
    let mut strips: Vec<(Pill, &'static str, String, Option<Link>)> = Vec::new();
    if let Some((_, why)) = &wrong {
        strips.push((Pill::Late, "warn", why.clone(), None));
    }
    for k in &read.open {
        let text = if lang == Lang::Zh {
            format!("{}也改了“{}”，两份都替您留着", k.made_by_name, k.label().zh)
        } else {
            format!("{} changed “{}” too; both are kept", k.made_by_name, k.label().en)
        };
        strips.push((
            Pill::Due,
            "warn",
            text,
            Some(Link::new(say(t("看", "Look")), format!("/conflicts/{}", k.id))),
        ));
    }
    let people: Vec<Person> = r
        .lines
        .iter()
        .filter(|l| l.child.is_some() || l.adult.is_some())
        .map(|l| Person {
            id: l.child.or(l.adult).unwrap_or(Id::NIL).to_string(),
            name: read.name(l),
            href: l.child.map(|c| format!("/children/{c}")).unwrap_or_default(),
            ..Default::default()
        })
        .collect();
    let form = |action: &str, hidden: Vec<(String, String)>| Form {
        action: format!("/records/{id}/{action}"),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden,
        ..Default::default()
    };
    let mut view = records::RecordView {
        top: Top {
            title: r.name(lang).into(),
            sub: vec![short_day(r.on, lang)],
            ..Default::default()
        },
        close_href: if ctx.q("pop") == Some("1") {
            back(ctx)
        } else {
            String::new()
        },
        strips,
        seal: seal_of(r),
        people,
        text: r.text.clone().unwrap_or_default(),
        rows,
        lines: read.lines(sensitive, lang),
        history_title: say(t("从前的样子", "Earlier versions")),
        history: read.history(sensitive, lang),
        ..Default::default()
    };
    if holds && read.may_see && !sensitive {
        view.links.push(
            Link::new(
                say(t(
                    "看敏感内容（留下谁看过）",
                    "Show sensitive fields (kept in the audit)",
                )),
                format!("/records/{id}?include=sensitive"),
            )
            .icon("lock"),
        );
    }
    if read.may_change {
        view.top.buttons.push(
            Link::new(say(t("改正", "Correct")), format!("/records/{id}/edit"))
                .icon("pen")
                .first(),
        );
        let version = ("base_version".to_owned(), r.version.to_string());
        let to = |state: &str| form("state", vec![version.clone(), ("state".into(), state.into())]);
        match r.state.as_str() {
            "planned" => {
                view.posts.push((to("done"), say(t("做了", "Done")), "ok", Look::First));
                view.posts
                    .push((to("cancelled"), say(t("取消", "Cancel it")), "", Look::Second));
            }
            "cancelled" => view
                .posts
                .push((to("planned"), say(t("还是要做", "Plan it again")), "", Look::Second)),
            _ => {}
        }
        let reason = Field {
            name: "reason".into(),
            label: say(t("为什么删", "Why it is deleted")),
            hint: say(t(
                "删了就哪里都不算数，写过的字留在历史里",
                "It counts nowhere then; its words stay in the history",
            )),
            error: wrong
                .as_ref()
                .filter(|w| w.0 == "reason")
                .map(|w| w.1.clone())
                .unwrap_or_default(),
            required: true,
            max: 500,
            ..Default::default()
        };
        view.forms.push((
            say(t("删除", "Delete")),
            form("delete", Vec::new()),
            vec![reason],
            say(t("删除", "Delete")),
        ));
    }
    let body = records::page(lang, &view);
    let shell = Shell {
        title: r.kind.name,
        active: "records",
        toast: crate::saved_toast(ctx)?,
        ..Shell::default()
    };
    Ok(Reply::page_with(status, shell_with(ctx, shell, body)?))
}
/// Where × goes: an address of this site.
pub(crate) fn back(ctx: &Ctx) -> String {
    let at = ctx.q("back").map_or_else(|| ctx.f("back"), |b| b);
    Some(at)
        .filter(|b| b.starts_with('/') && !b.starts_with("//"))
        .unwrap_or("/records")
        .to_owned()
}

fn delete(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, &scope, id)?.ok_or(Fault::NotFound)?;
        must_change(c, &scope, &r)
    })?;
    let reason = ctx.f("reason").to_owned();
    if reason.trim().is_empty() {
        return page(
            ctx,
            id,
            422,
            Some((
                "reason",
                t("删除要写原因", "A deletion needs a reason").in_lang(ctx.lang).into(),
            )),
        );
    }
    ctx.write_form(scope.act("record.delete"), move |w| {
        crate::remove(w, id, &reason)?;
        Ok("/records?gone=1".into())
    })
}

fn state(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.today());
    let r = ctx.read(|c| {
        let r = fetch(ctx.db().keys(), c, &scope, id)?.ok_or(Fault::NotFound)?;
        must_change(c, &scope, &r)?;
        Ok(r)
    })?;
    let base: i64 = ctx.f("base_version").parse().unwrap_or(r.version);
    let changes = json!({"state": ctx.f("state")})
        .as_object()
        .cloned()
        .unwrap_or_default();
    let db = ctx.db().clone();
    let done = ctx.write_form(scope.act("record.correct"), move |w| {
        let seen = fetch(db.keys(), w.conn(), &scope, id)?.ok_or(Fault::NotFound)?;
        crate::correct(w, &seen, base, &changes, today)?;
        Ok(format!("/records/{id}"))
    });
    match done {
        Err(Fault::Invalid(why, _)) => page(ctx, id, 422, Some(("state", why.in_lang(ctx.lang).to_owned()))),
        other => other,
    }
}

//! The list of children on screen, and what can be asked of it.

use crate::list::{Child, Page, list};
use crate::moves_page::status_words;
use crate::status::Definition;
use crate::views::{Three, three};
use std::collections::BTreeMap;
use tx_access::{Post, Role, Scope};
use tx_base::{Lang, Result, Text, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, params};
use tx_web::parts::child::{ChildRow, ChildrenView};
use tx_web::parts::lists::Tab;
use tx_web::parts::marks::{Person, Piece, Pill};
use tx_web::parts::{self, Link, Top};
use tx_web::{CARERS, Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/children", CARERS, Class::P, children)
    .says(t("孩子", "Children"))
    .query(&[
        ("q", "string", t("姓名、拼音或首字母", "Name, pinyin or initials")),
        ("class", "string", t("班级代码", "Class code")),
        (
            "view",
            "string",
            t(
                "list 名单上的、key 重点、status 三种口径、gone 离校的",
                "list, key, status or gone",
            ),
        ),
    ])];

fn person(k: &Child, sub: String) -> Person {
    Person {
        id: k.id.to_string(),
        name: k.name.clone(),
        href: format!("/children/{}", k.id),
        sub,
        key: false,
    }
}
/// Whether the caller may look at the list of children marked for closer care.
fn sees_key(scope: &Scope) -> bool {
    [Role::Head, Role::Leader, Role::Counsellor, Role::ClassTeacher]
        .iter()
        .any(|r| scope.is(*r))
        || scope.holds(Post::Office)
}

fn children(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let w = |text: Text| text.in_lang(lang).to_owned();
    let view = ctx.q("view").unwrap_or_default();
    if view == "status" {
        return status(ctx);
    }
    let (codes, found) = ctx.read(|c| {
        let codes: Vec<(String, String, tx_base::Id)> = match &scope.school {
            None => Vec::new(),
            Some(s) => {
                let sql = "select id, code, name from classes where county_id = ?1 and school_id = ?2 and year_first = ?3 order by grade, number";
                let year = i64::from(SchoolYear::of(scope.today).first);
                let rows = c.query(sql, params![scope.county, s.id, year])?;
                rows.iter()
                    .map(|r| (r.text(1), r.text(2), r.id(0)))
                    .filter(|(.., id)| scope.whole_school() || scope.leads.contains(id) || scope.teaches.contains(id))
                    .collect()
            }
        };
        let class = ctx
            .q("class")
            .map(|code| codes.iter().find(|(k, ..)| k == code).map(|(.., id)| *id).ok_or(tx_base::Fault::NotFound))
            .transpose()?;
        let page = Page {
            q: ctx.q("q").map(str::to_owned),
            class,
            left_behind: view == "list",
            key: view == "key" && sees_key(scope),
            limit: 5000,
            ..Page::default()
        };
        let mut found = Vec::new();
        if view == "gone" {
            for state in ["left", "graduated"] {
                found.extend(list(c, scope, &Page { state: Some(state.into()), ..page.clone() })?);
            }
        } else {
            found = list(c, scope, &page)?;
        }
        if page.key {
            found.retain(|k| k.sight.sensitive);
        }
        let hobbies = ctx.db().keys();
        let found = found
            .into_iter()
            .map(|k| {
                // a volunteer's list: the child and what it likes
                let hobby = if k.paired && !k.sight.personal {
                    crate::change::open(c, hobbies, scope.county, k.id)?.and_then(|f| f.more.get("hobby").cloned())
                } else {
                    None
                };
                Ok((k, hobby))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok((codes, found))
    })?;
    let n = found.len();
    let mut groups: Vec<(String, Vec<ChildRow>)> = Vec::new();
    let mut sorted: Vec<_> = found.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| (&a.class_code, &a.pinyin, a.id).cmp(&(&b.class_code, &b.pinyin, b.id)));
    for (k, hobby) in sorted {
        let heading = k.class_name.clone().unwrap_or_else(|| w(t("没有班级", "No class")));
        let mut facts: Vec<String> = Vec::new();
        if k.sight.personal {
            facts.extend(k.village.clone());
            if k.boarder == Some(true) {
                facts.push(w(t("住校", "Boarder")));
            }
        }
        facts.extend(hobby.clone());
        let mut pills = Vec::new();
        if k.sight.personal && k.state == "active" && !k.left_behind && !k.asked {
            pills.push((Pill::Due, w(t("要问", "To ask"))));
        }
        if k.state != "active" {
            let word = if k.state == "graduated" {
                t("毕业", "Graduated")
            } else {
                t("转走", "Left")
            };
            pills.push((Pill::Mute, w(word)));
        }
        let row = ChildRow {
            child: person(k, String::new()),
            facts,
            pills,
            act: (k.sight.record && k.state == "active")
                .then(|| Link::new(w(t("记", "Record")), format!("/record?child={}", k.id)).sheet()),
        };
        match groups.last_mut().filter(|(h, _)| *h == heading) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((heading, vec![row])),
        }
    }
    let q = ctx.q("q").unwrap_or_default();
    let may_add = match &scope.school {
        Some(s) => scope.may_enrol(s.id, None) || !scope.leads.is_empty(),
        None => false,
    };
    let mut buttons = Vec::new();
    if scope.is(Role::Head) || scope.holds(Post::Office) {
        buttons.push(Link::new(w(t("升级", "Promotion")), "/promotion"));
    }
    if n > 0
        && scope
            .roles
            .iter()
            .any(|r| matches!(r, Role::Head | Role::Leader | Role::ClassTeacher | Role::Counsellor))
    {
        let only = codes
            .first()
            .filter(|_| codes.len() == 1)
            .map(|(code, ..)| code.as_str());
        let of = ctx.q("class").or(only).unwrap_or("all");
        buttons.push(Link::new(w(t("打印", "Print")), format!("/classes/{of}/cards")).icon("print"));
    }
    if may_add {
        buttons.push(
            Link::new(w(t("新增孩子", "New child")), "/children/new")
                .icon("plus")
                .first(),
        );
    }
    let of_class = |code: &str| {
        let mut at = format!("/children?class={code}");
        if !view.is_empty() {
            at.push_str(&format!("&view={view}"));
        }
        at
    };
    let mut filters = Vec::new();
    if codes.len() > 1 {
        let all = if view.is_empty() {
            "/children".to_owned()
        } else {
            format!("/children?view={view}")
        };
        filters.push(Tab::new(w(t("全部", "All")), all, ctx.q("class").is_none()));
        for (code, name, _) in &codes {
            filters.push(Tab::new(name.clone(), of_class(code), ctx.q("class") == Some(code)));
        }
    }
    let empty = match (q.is_empty(), view) {
        (false, _) => match lang {
            Lang::Zh => format!("没有找到“{q}”。"),
            Lang::En => format!("Nobody found for “{q}”."),
        },
        (_, "key") => w(t("没有重点帮扶的孩子。", "No child is marked for closer care.")),
        (_, "list") => w(t("名单上还没有孩子。", "Nobody is on the list yet.")),
        (_, "gone") => w(t("没有离校的孩子。", "Nobody has left.")),
        _ if crate::volunteer(scope) => w(t("还没有和您结对的孩子。", "No child is paired with you yet.")),
        _ => w(t("还没有孩子。", "No children yet.")),
    };
    let page = ChildrenView {
        top: Top {
            title: w(t("孩子", "Children")),
            sub: vec![match lang {
                Lang::Zh => format!("{n} 名"),
                Lang::En => format!("{n}"),
            }],
            search: true,
            buttons,
            ..Top::default()
        },
        tabs: tabs(scope, view, lang),
        filters,
        groups,
        empty,
        empty_next: may_add.then(|| Link::new(w(t("新增孩子", "New child")), "/children/new")),
        ..ChildrenView::default()
    };
    let body = parts::child::children(lang, &page);
    let toast = match ctx.q("saved") {
        Some("1") => Some(w(t("存好了", "Saved"))),
        Some("deleted") => Some(w(t(
            "删了；登错了可以请校长或办公室恢复",
            "Deleted; the head or the office can put it back",
        ))),
        _ => None,
    };
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("孩子", "Children"),
        "children",
        toast,
        body,
    )?))
}

pub(crate) fn tabs(scope: &Scope, view: &str, lang: Lang) -> Vec<Tab> {
    if crate::volunteer(scope) {
        return Vec::new();
    }
    let mut all = vec![("", t("在校", "Pupils")), ("list", t("名单上", "On the list"))];
    if sees_key(scope) {
        all.push(("key", t("重点", "Closer care")));
    }
    if scope
        .roles
        .iter()
        .any(|r| !matches!(r, Role::SubjectTeacher | Role::DutyLeader))
    {
        all.push(("status", t("三种口径", "Definitions")));
    }
    all.push(("gone", t("离校", "Gone")));
    if scope.is(Role::Head) || scope.holds(Post::Office) {
        all.push(("twins", t("可能重复", "May be double")));
        all.push(("deleted", t("删了的", "Deleted")));
    }
    all.into_iter()
        .map(|(code, name)| {
            let at = match code {
                "" => "/children".to_owned(),
                "twins" | "deleted" => format!("/children/{code}"),
                code => format!("/children?view={code}"),
            };
            Tab::new(name.in_lang(lang), at, view == code)
        })
        .collect()
}

/// The names that make the difference between the three definitions.
fn status(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let w = |text: Text| text.in_lang(lang).to_owned();
    let all = ctx.read(|c| three(c, ctx.db().keys(), scope))?;
    let count = |i: usize, code: &str| all.iter().filter(|k| k.answers[i].code() == code).count().to_string();
    let mut sentence = Vec::new();
    for (i, d) in Definition::ALL.iter().enumerate() {
        sentence.push(Piece::Text(format!("{} ", w(d.name()))));
        sentence.push(Piece::Strong(count(i, "yes")));
        sentence.push(Piece::Text(match lang {
            Lang::Zh => format!(
                " 名（{} 名还不清楚）{}",
                count(i, "undetermined"),
                if i < 2 { "，" } else { "。" }
            ),
            Lang::En => format!(
                " ({} not known yet){}",
                count(i, "undetermined"),
                if i < 2 { ", " } else { "." }
            ),
        }));
    }
    let mut by: BTreeMap<String, Vec<&Three>> = BTreeMap::new();
    for k in all.iter().filter(|k| k.differs()) {
        by.entry(k.pattern()).or_default().push(k);
    }
    // those who count somewhere first, the merely unknown last
    let mut order: Vec<(String, Vec<&Three>)> = by.into_iter().collect();
    order.sort_by_key(|(p, _)| (!p.contains('y'), p.contains('u'), p.clone()));
    let groups =
        order
            .into_iter()
            .map(|(_, kids)| {
                let heading: Vec<String> = Definition::ALL
                    .iter()
                    .zip(&kids[0].answers)
                    .map(|(d, s)| match lang {
                        Lang::Zh => format!("{}{}", w(d.name()), w(s.name())),
                        Lang::En => format!("{}: {}", w(d.name()), w(s.name())),
                    })
                    .collect();
                let rows =
                    kids.iter()
                        .map(|k| {
                            let mut facts = vec![k.child.class_name.clone().unwrap_or_default()];
                            let mut asks: Vec<String> = k
                                .answers
                                .iter()
                                .flat_map(|s| status_words(s, lang).into_iter().skip(1))
                                .collect();
                            asks.dedup();
                            facts.extend(asks);
                            ChildRow {
                                child: person(&k.child, String::new()),
                                facts,
                                pills: Vec::new(),
                                act: k.child.sight.write.then(|| {
                                    Link::new(w(t("填", "Fill in")), format!("/children/{}/edit", k.child.id))
                                }),
                            }
                        })
                        .collect();
                (heading.join(if lang == Lang::Zh { "，" } else { ", " }), rows)
            })
            .collect();
    let page = ChildrenView {
        top: Top {
            title: w(t("孩子", "Children")),
            sub: vec![w(t("三种口径差在谁", "Where the definitions differ"))],
            ..Top::default()
        },
        tabs: tabs(scope, "status", lang),
        sentence,
        groups,
        empty: w(t("三种口径说的一样。", "The three definitions agree.")),
        ..ChildrenView::default()
    };
    let body = parts::child::children(lang, &page);
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("三种口径", "Definitions"),
        "children",
        None,
        body,
    )?))
}

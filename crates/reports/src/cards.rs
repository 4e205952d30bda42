//! Cards on paper: contact card, file card, roster, each filled or empty, for one child, a class or the school (features B5, B12).
//! What goes home carries no heart-talk and nothing of the sensitive class.

use std::sync::Mutex;
use tx_access::{Role, Scope, SessionKind};
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Span, Text, say, t};
use tx_calendar::{ClassCode, SchoolYear};
use tx_child::file::Dossier;
use tx_child::status::{Parent, Where};
use tx_child::{Child, MOST_NAMES, Page};
use tx_paper::{Contact, ContactCard, Form as Paper, Person};
use tx_store::{Class, Conn, Keys, params};
use tx_web::parts::frame::{Top, top};
use tx_web::parts::marks::Look;
use tx_web::parts::{self, Field, FieldError, FieldKind, Form, forms};
use tx_web::{Ctx, Limit, Reply, Route, Who};

/// Who prints: those who see addresses and phones.
const PRINTERS: Who = Who::Roles(&[Role::Head, Role::Leader, Role::ClassTeacher, Role::Counsellor]);
/// So long after signing in no password is asked again (security.md §1).
const FRESH_MINUTES: i64 = 5;
/// Contacts with the family; talks with the child stay in the school.
const HOME_KINDS: [(&str, Text); 4] = [
    ("home_visit", t("家访", "Home visit")),
    ("family_call", t("亲情通话", "Call")),
    ("family_letter", t("亲情书信", "Letter")),
    ("guardian_talk", t("监护人联系", "Guardian")),
];
/// The typesetter takes a core for itself: one paper at a time, the others wait.
static PRESS: Mutex<()> = Mutex::new(());

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/children/{id}/card", PRINTERS, Class::P, one)
        .says(t("联系卡、档案卡", "Contact card, file card"))
        .query(&[
            ("form", "string", t("contact 或 file", "contact or file")),
            ("as", "string", t("html、docx 或 pdf", "html, docx or pdf")),
            ("empty", "boolean", t("空表，手填", "Empty, to be filled by hand")),
        ]),
    Route::get("/classes/{id}/cards", PRINTERS, Class::P, ask)
        .says(t("一个班的卡；all 是全校", "Cards of a class; all is the school"))
        .query(&[
            (
                "form",
                "string",
                t("contact、file 或 roster", "contact, file or roster"),
            ),
            (
                "as",
                "string",
                t("pdf、docx 或 html（令牌可用）", "pdf, docx or html (with a token)"),
            ),
            ("empty", "boolean", t("空表，手填", "Empty, to be filled by hand")),
            ("purpose", "string", t("用途", "Purpose")),
        ]),
    Route::get("/paper.css", Who::SignedIn, Class::O, sheet).says(t("纸样的样式", "Style of papers")),
    Route::form("/classes/{id}/cards", PRINTERS, Class::P, take)
        .says(t("打印一个班的卡", "Print the cards of a class")),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Contact,
    File,
    Roster,
}
impl Kind {
    const ALL: [Kind; 3] = [Kind::Contact, Kind::File, Kind::Roster];
    const fn code(self) -> &'static str {
        match self {
            Kind::Contact => "contact",
            Kind::File => "file",
            Kind::Roster => "roster",
        }
    }
    const fn name(self) -> Text {
        match self {
            Kind::Contact => t("联系卡", "Contact card"),
            Kind::File => t("档案卡", "File card"),
            Kind::Roster => t("花名册", "Roster"),
        }
    }
    fn parse(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.code() == code)
    }
}

/// What stands on every card of a school.
struct Around {
    school: String,
    term: Option<Span>,
    term_name: String,
    printed: String,
    empty: bool,
}

fn around(c: &Conn, ctx: &Ctx, scope: &Scope, empty: bool) -> Result<Around> {
    let school = scope.the_school()?;
    let term = tx_school::calendar(c, scope.county, school.id, scope.today)?.term_near(scope.today);
    let now = ctx.now();
    Ok(Around {
        school: school.name.clone(),
        term_name: term.as_ref().map(|t| t.full_name().zh).unwrap_or_default(),
        term: term.map(|t| t.span()),
        printed: format!("{} {} 打印　{}", now.day().zh_long(), now.hour_minute(), scope.shown),
        empty,
    })
}
/// The code by which a photographed form finds its child.
fn code(id: Id) -> String {
    format!("TX:{id}")
}
fn class_words(k: &Child) -> String {
    k.class_code
        .as_deref()
        .and_then(ClassCode::from_code)
        .map(ClassCode::print)
        .or_else(|| k.class_name.clone())
        .unwrap_or_default()
}
fn parent(d: &Dossier, who: Parent) -> Person {
    let Some(p) = d.parents.iter().find(|p| p.parent == who && p.to.is_none()) else {
        return Person::default();
    };
    let place = match p.whereabouts {
        Where::Dead => {
            return Person {
                name: "—".into(),
                ..Person::default()
            };
        }
        Where::Home => "在家".to_owned(),
        _ => p.place.clone().unwrap_or_default(),
    };
    Person {
        name: p.name.clone().unwrap_or_default(),
        role: who.name().zh.into(),
        phone: p.phone.clone().unwrap_or_default(),
        place,
    }
}
/// The class teacher of a class on a day.
fn teacher(c: &Conn, county: Id, class: Option<Id>, today: Day) -> Result<Person> {
    let sql = "select a.name from posts p join adults a on a.county_id = p.county_id and a.id = p.adult_id where p.county_id = ?1 and p.class_id = ?2 and p.post = 'class_teacher' \
        and p.from_day <= ?3 and (p.to_day is null or p.to_day >= ?3) order by p.from_day desc, p.id desc limit 1";
    let r = c.first(sql, params![county, class, today])?;
    Ok(Person {
        name: r.map(|r| r.text(0)).unwrap_or_default(),
        ..Person::default()
    })
}
/// Contacts with the family in the term, the earliest first.
fn contacts(c: &Conn, county: Id, child: Id, span: Span) -> Result<Vec<Contact>> {
    let sql = "select r.kind, r.on_day, l.outcome, k.shown from records r join record_lines l on l.county_id = r.county_id and l.record_id = r.id \
        left join accounts k on k.county_id = r.county_id and k.id = r.author \
        where r.county_id = ?1 and l.child_id = ?2 and r.on_day >= ?3 and r.on_day <= ?4 and r.state = 'done' and r.deleted_at is null \
        and r.kind in ('home_visit', 'family_call', 'family_letter', 'guardian_talk') order by r.on_day desc, r.id desc limit 12";
    let mut rows = c.query(sql, params![county, child, span.from, span.to])?;
    rows.reverse();
    let mut month = 0;
    Ok(rows
        .iter()
        .map(|r| {
            let day = r.day(1);
            let first = day.month() != month;
            month = day.month();
            let tried = matches!(r.str(2), "tried" | "refused");
            Contact {
                month: if first {
                    format!("{}月", day.month())
                } else {
                    String::new()
                },
                day: format!("{}日", day.day()),
                seal: None,
                kind: HOME_KINDS
                    .iter()
                    .find(|(k, _)| *k == r.str(0))
                    .map(|(_, n)| n.zh.to_owned())
                    .unwrap_or_default(),
                text: if tried { "没联系上".into() } else { String::new() },
                by: r.text(3),
            }
        })
        .collect())
}

fn contact(c: &Conn, scope: &Scope, a: &Around, d: &Dossier) -> Result<Paper> {
    let k = &d.child;
    let mut card = ContactCard {
        school: a.school.clone(),
        class: class_words(k),
        term: a.term_name.clone(),
        child: k.name.clone(),
        blank_lines: 6,
        code: Some(code(k.id)),
        printed: a.printed.clone(),
        ..ContactCard::default()
    };
    if a.empty {
        return Ok(tx_paper::contact_card(&card));
    }
    card.sex = sex(k);
    card.born = k
        .birth_date
        .map(|b| format!("{}年{}月", b.year(), b.month()))
        .unwrap_or_default();
    card.address = [k.village.clone(), d.home_address.clone()]
        .into_iter()
        .flatten()
        .reduce(|a, b| if b.starts_with(&a) { b } else { a + &b })
        .unwrap_or_default();
    let people: Vec<Person> = d
        .guardians
        .iter()
        .map(|g| Person {
            name: g.name.clone(),
            role: g.relation_in(Lang::Zh),
            phone: g.phone.clone().unwrap_or_default(),
            place: String::new(),
        })
        .collect();
    card.guardian = people.first().cloned().unwrap_or_default();
    card.teacher = teacher(c, scope.county, k.class, scope.today)?;
    if let Some(p) = tx_pairing::of_child(c, scope, k.id)?
        .into_iter()
        .find(|p| p.runs(scope.today))
    {
        card.helper.name = p.helper_name;
    }
    card.father = parent(d, Parent::Father);
    card.mother = parent(d, Parent::Mother);
    card.home_again = d
        .facts
        .iter()
        .find(|(id, ..)| *id == "return_freq")
        .map(|(.., v)| v.clone())
        .unwrap_or_default();
    let kin: Vec<String> = d
        .siblings
        .iter()
        .map(|s| {
            format!("{} {}", s.name, s.class_name.clone().unwrap_or_default())
                .trim()
                .to_owned()
        })
        .collect();
    card.siblings = if kin.is_empty() {
        d.facts
            .iter()
            .find(|(id, ..)| *id == "siblings")
            .map(|(.., v)| v.clone())
            .unwrap_or_default()
    } else {
        kin.join("、")
    };
    // a parent who is the guardian too is rung once
    let mut rung = std::collections::HashSet::new();
    card.urgent = people
        .into_iter()
        .chain([card.father.clone(), card.mother.clone()])
        .filter(|p| !p.phone.is_empty() && rung.insert(p.phone.clone()))
        .take(3)
        .collect();
    if let Some(span) = a.term {
        card.contacts = contacts(c, scope.county, k.id, span)?;
    }
    Ok(tx_paper::contact_card(&card))
}
fn sex(k: &Child) -> String {
    match k.sex.as_deref() {
        Some("f") => "女".into(),
        Some("m") => "男".into(),
        _ => String::new(),
    }
}
fn file_card(a: &Around, d: &Dossier) -> Paper {
    let k = &d.child;
    let or = |v: Option<String>| if a.empty { String::new() } else { v.unwrap_or_default() };
    let row = |l: &str, v: Option<String>| (l.to_owned(), or(v));
    let fact = |id: &str| d.facts.iter().find(|(f, ..)| *f == id).map(|(.., v)| v.clone());
    let mut groups = vec![(
        "孩子".to_owned(),
        vec![
            ("姓名".to_owned(), k.name.clone()),
            row("性别", Some(sex(k))),
            row("出生日期", k.birth_date.map(Day::zh_long)),
            row("民族", d.ethnic.clone()),
            row("班级", Some(class_words(k))),
            row("学籍号", k.student_no.clone()),
            row(
                "户口",
                d.hukou_kind
                    .as_deref()
                    .map(|h| if h == "rural" { "农业" } else { "非农业" }.to_owned()),
            ),
            row(
                "住校还是走读",
                k.boarder.map(|b| if b { "住校" } else { "走读" }.to_owned()),
            ),
            row("户籍所在地", d.hukou_address.clone()),
            row("家庭住址", d.home_address.clone()),
            row("村", k.village.clone()),
            row("爱好特长", fact("hobby")),
            row("性格特点", fact("character")),
            row("学习表现", fact("study")),
            row("奖惩情况", fact("reward_punish")),
        ],
    )];
    for who in Parent::BOTH {
        let p = d.parents.iter().find(|p| p.parent == who && p.to.is_none());
        groups.push((
            who.name().zh.to_owned(),
            vec![
                row("姓名", p.and_then(|p| p.name.clone())),
                row("现在", p.map(|p| p.whereabouts.name().zh.to_owned())),
                row("务工地点", p.and_then(|p| p.place.clone())),
                row("从哪天起", p.and_then(|p| p.from).map(Day::zh_long)),
                row("电话", p.and_then(|p| p.phone.clone())),
                row("职业", p.and_then(|p| p.more.get("job").cloned())),
            ],
        ));
    }
    let shown = if a.empty { 2 } else { d.guardians.len().max(1) };
    for i in 0..shown {
        let g = d.guardians.get(i);
        groups.push((
            "监护人".to_owned(),
            vec![
                row("姓名", g.map(|g| g.name.clone())),
                row("关系", g.map(|g| g.relation_in(Lang::Zh))),
                row("电话", g.and_then(|g| g.phone.clone())),
                row("年龄", g.and_then(|g| g.more.get("age").cloned())),
                row("住址", g.and_then(|g| g.address.clone())),
            ],
        ));
    }
    let mut form = tx_paper::file_card(
        "学生档案卡",
        &format!("{}　{}", a.school, class_words(k)),
        &a.term_name,
        &groups,
        Some(&code(k.id)),
    );
    form.foot_right.clone_from(&a.printed);
    form
}
fn roster(a: &Around, title: &str, all: &[Dossier]) -> Paper {
    let columns: Vec<(String, u16)> = [
        ("序号", 44),
        ("姓名", 84),
        ("性别", 44),
        ("班级", 84),
        ("出生日期", 112),
        ("村", 92),
        ("监护人", 84),
        ("关系", 66),
        ("电话", 116),
        ("父母在外", 150),
    ]
    .map(|(h, s)| (h.to_owned(), s))
    .into();
    let rows: Vec<Vec<String>> = all
        .iter()
        .enumerate()
        .map(|(i, d)| {
            let k = &d.child;
            let mut row = vec![(i + 1).to_string(), k.name.clone()];
            if a.empty {
                row.resize(10, String::new());
                return row;
            }
            let g = d.guardians.first();
            let away: Vec<String> = d
                .parents
                .iter()
                .filter(|p| p.to.is_none() && p.whereabouts == Where::AwayWork)
                .map(|p| {
                    format!(
                        "{}{}",
                        if p.parent == Parent::Father { "父 " } else { "母 " },
                        p.place.clone().unwrap_or_default()
                    )
                })
                .collect();
            row.extend([
                sex(k),
                class_words(k),
                k.birth_date.map(|b| b.to_string()).unwrap_or_default(),
                k.village.clone().unwrap_or_default(),
                g.map(|g| g.name.clone()).unwrap_or_default(),
                g.map(|g| g.relation_in(Lang::Zh)).unwrap_or_default(),
                g.and_then(|g| g.phone.clone()).unwrap_or_default(),
                away.join("，"),
            ]);
            row
        })
        .collect();
    let mut form = tx_paper::roster(
        &format!("{title}花名册"),
        &a.school,
        &format!("{} 人", rows.len()),
        &columns,
        &rows,
        true,
    );
    form.foot_right.clone_from(&a.printed);
    form
}

/// The forms in a kind of file.
fn reply(papers: &[Paper], how: &str, name: &str) -> Result<Reply> {
    match how {
        // the site's policy knows no style inside a page: the sheet of the papers has an address of its own
        "" | "html" => Ok(Reply::page(maud::html! {
            (maud::DOCTYPE)
            html lang="zh-CN" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (name) }
                    link rel="icon" href="/a/brand.svg" type="image/svg+xml";
                    link rel="stylesheet" href="/paper.css";
                }
                body.paper-file { (tx_paper::forms_html(papers)) }
            }
        })),
        "docx" => Ok(Reply::file(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            &format!("{name}.docx"),
            tx_paper::forms_docx(papers)?,
        )),
        "pdf" => {
            let _one = PRESS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            Ok(Reply::file(
                "application/pdf",
                &format!("{name}.pdf"),
                tx_paper::forms_pdf(papers)?.bytes,
            ))
        }
        other => Err(Fault::invalid(
            "as",
            format!("没有 {other} 这种文件，只有 html、docx、pdf"),
            format!("there is no {other}; html, docx or pdf"),
        )),
    }
}
fn sheet(_: &Ctx) -> Result<Reply> {
    Ok(Reply::new(
        200,
        "text/css; charset=utf-8",
        tx_paper::PAPER_CSS.as_bytes().to_vec(),
    ))
}
fn yes(v: Option<&str>) -> bool {
    matches!(v, Some("1" | "true" | "on"))
}
fn kind_of(code: &str) -> Result<Kind> {
    Kind::parse(if code.is_empty() { "contact" } else { code }).ok_or_else(|| {
        Fault::invalid(
            "form",
            format!("没有 {code} 这种卡"),
            format!("there is no form {code}"),
        )
    })
}

fn one(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let d = ctx
        .read(|c| tx_child::file::fetch(c, ctx.db().keys(), scope, id, false))?
        .filter(|d| d.child.sight.personal)
        .ok_or(Fault::NotFound)?;
    let kind = kind_of(ctx.q("form").unwrap_or_default())?;
    let paper = ctx.read(|c| {
        let a = around(c, ctx, scope, yes(ctx.q("empty")))?;
        match kind {
            Kind::Contact => contact(c, scope, &a, &d),
            Kind::File => Ok(file_card(&a, &d)),
            Kind::Roster => Ok(roster(&a, &d.child.name, std::slice::from_ref(&d))),
        }
    })?;
    note(ctx, Some(id), format!("{}; 1 name", kind.code()))?;
    reply(
        &[paper],
        ctx.q("as").unwrap_or("html"),
        &format!("{}{}", d.child.name, kind.name().zh),
    )
}
fn note(ctx: &Ctx, id: Option<Id>, detail: String) -> Result<()> {
    ctx.db().write(ctx.act("print.card")?, move |w| {
        w.note("print.card", "children", id, Some(detail.clone()));
        Ok(())
    })
}

/// What was asked of a class.
struct Asked {
    class: Option<Id>,
    title: String,
}
fn class(ctx: &Ctx) -> Result<Asked> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?;
    let code = ctx.param("id");
    if code == "all" {
        return Ok(Asked {
            class: None,
            title: school.name.clone(),
        });
    }
    let year = SchoolYear::of(scope.today);
    let id = ctx
        .read(|c| tx_school::class_by_code(c, scope.county, school.id, code, year))?
        .filter(|id| scope.whole_school() || scope.leads.contains(id))
        .ok_or(Fault::NotFound)?;
    Ok(Asked {
        class: Some(id),
        title: ClassCode::from_code(code).map(ClassCode::print).unwrap_or_default(),
    })
}
fn print(ctx: &Ctx, a: &Asked, kind: Kind, how: &str, empty: bool, purpose: &str) -> Result<Reply> {
    let scope = ctx.scope()?;
    ctx.app.take(Limit::Export, scope.account)?;
    let papers = ctx.read(|c| papers(c, ctx, scope, a, kind, empty))?;
    let (papers, names) = papers;
    if names == 0 {
        return Err(Fault::Conflict(say("这里还没有孩子", "There are no children here yet")));
    }
    note(
        ctx,
        a.class,
        format!(
            "{}; {names} names; purpose: {}",
            kind.code(),
            purpose.chars().take(100).collect::<String>()
        ),
    )?;
    reply(&papers, how, &format!("{}{}{}", a.title, kind.name().zh, scope.today))
}
fn papers(c: &Conn, ctx: &Ctx, scope: &Scope, a: &Asked, kind: Kind, empty: bool) -> Result<(Vec<Paper>, usize)> {
    let keys: &Keys = ctx.db().keys();
    let page = Page {
        class: a.class,
        limit: MOST_NAMES + 1,
        ..Page::default()
    };
    let mut kids = tx_child::list(c, scope, &page)?;
    kids.retain(|k| k.sight.personal);
    if kids.len() > MOST_NAMES {
        return Err(Fault::forbidden(t(
            "一次最多印 2000 人，请一个班一个班来",
            "At most 2,000 at once; take class by class",
        )));
    }
    kids.sort_by(|x, y| (&x.class_code, &x.pinyin, x.id).cmp(&(&y.class_code, &y.pinyin, y.id)));
    let around = around(c, ctx, scope, empty)?;
    let all = kids
        .into_iter()
        .map(|k| tx_child::file::of(c, keys, scope, k, false))
        .collect::<Result<Vec<Dossier>>>()?;
    let n = all.len();
    let out = match kind {
        Kind::Roster => vec![roster(&around, &a.title, &all)],
        Kind::Contact => all
            .iter()
            .map(|d| contact(c, scope, &around, d))
            .collect::<Result<_>>()?,
        Kind::File => all.iter().map(|d| file_card(&around, d)).collect(),
    };
    Ok((out, n))
}

/// The page where purpose and form are asked; a script with a token gets the file at once.
fn ask(ctx: &Ctx) -> Result<Reply> {
    let a = class(ctx)?;
    let token = ctx.session.as_ref().is_some_and(|s| s.kind == SessionKind::Token);
    if token {
        let kind = kind_of(ctx.q("form").unwrap_or_default())?;
        let how = ctx.q("as").unwrap_or("pdf");
        return print(
            ctx,
            &a,
            kind,
            how,
            yes(ctx.q("empty")),
            ctx.q("purpose").unwrap_or("api"),
        );
    }
    show(ctx, &a, 200, &[])
}
fn is_fresh(ctx: &Ctx) -> bool {
    ctx.session
        .as_ref()
        .is_some_and(|s| ctx.now() <= s.made_at.plus_minutes(FRESH_MINUTES) && ctx.now() >= s.made_at)
}
fn take(ctx: &Ctx) -> Result<Reply> {
    let a = class(ctx)?;
    let wrong = |field: &str, zh: &str, en: &str| FieldFault {
        field: field.into(),
        reason: say(zh, en),
    };
    let kind = match kind_of(ctx.f("form")) {
        Ok(k) => k,
        Err(_) => return show(ctx, &a, 422, &[wrong("form", "请选一种", "choose one")]),
    };
    let purpose = ctx.f("purpose").trim();
    if purpose.is_empty() {
        return show(ctx, &a, 422, &[wrong("purpose", "写一句用途", "Say what it is for")]);
    }
    if !is_fresh(ctx) {
        match tx_access::login(ctx.db(), &ctx.scope()?.name, ctx.f("password"), &ctx.address) {
            Ok(_) => {}
            Err(slow @ Fault::Slow(_)) => return Err(slow),
            Err(_) => return show(ctx, &a, 422, &[wrong("password", "密码不对", "The password is wrong")]),
        }
    }
    match print(ctx, &a, kind, ctx.f("as"), yes(Some(ctx.f("empty"))), purpose) {
        Err(Fault::Invalid(_, f)) => show(ctx, &a, 422, &f),
        Err(Fault::Conflict(reason)) => show(
            ctx,
            &a,
            422,
            &[FieldFault {
                field: "form".into(),
                reason,
            }],
        ),
        other => other,
    }
}
fn show(ctx: &Ctx, a: &Asked, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let lang = ctx.lang;
    let w = |text: Text| text.in_lang(lang).to_owned();
    let typed = |name: &str, default: &str| {
        let v = ctx.f(name);
        if v.is_empty() {
            ctx.q(name).unwrap_or(default).to_owned()
        } else {
            v.to_owned()
        }
    };
    let field = |name: &str, label: Text, value: String, kind: FieldKind| Field {
        name: name.into(),
        label: w(label),
        value,
        error: tx_web::parts::forms::fault_of(lang, faults, name),
        kind,
        ..Field::default()
    };
    let kinds = Kind::ALL.iter().map(|k| (k.code().to_owned(), w(k.name()))).collect();
    let files = vec![
        ("pdf".to_owned(), "PDF".to_owned()),
        ("docx".to_owned(), "Word".to_owned()),
        ("html".to_owned(), w(t("网页", "Web page"))),
    ];
    let mut fields = vec![
        field(
            "form",
            t("印哪一种", "Which form"),
            typed("form", "contact"),
            FieldKind::Select(kinds),
        ),
        field("as", t("什么文件", "As"), typed("as", "pdf"), FieldKind::Select(files)),
        field(
            "empty",
            t("空表，手填", "Empty, to be filled by hand"),
            typed("empty", ""),
            FieldKind::Tick,
        ),
        field("purpose", t("用途", "Purpose"), typed("purpose", ""), FieldKind::Text),
    ];
    if !is_fresh(ctx) {
        fields.push(field(
            "password",
            t("再输一次密码", "Your password again"),
            String::new(),
            FieldKind::Password,
        ));
    }
    let form = Form {
        action: ctx.path.clone(),
        csrf: ctx.csrf(),
        ..Form::default()
    };
    let errors: Vec<FieldError> = tx_web::parts::forms::errors(lang, faults, |_| String::new());
    let body = maud::html! {
        (top(lang, &Top { title: w(t("打印卡片", "Print cards")), sub: vec![a.title.clone()], ..Top::default() }))
        (forms::error_summary(lang, &errors))
        section.card.pad {
            (parts::form(&form, "stack", maud::html! { @for f in &fields { (forms::field(f)) } button class=(Look::First.class()) { (w(t("打印", "Print"))) } }))
        }
        p.m3 { (w(t("印的人和用途会留记录。", "Who printed and what for is recorded."))) }
    };
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, t("打印卡片", "Print cards"), "children", None, body)?,
    ))
}

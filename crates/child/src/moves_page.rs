//! 变动: what a file counts as by each definition, and everything that happens to it — the list, parents at home, the mark for closer
//! care, class, leaving, brothers and sisters — as small forms on one page.

use crate::api::{class_for, writable};
use crate::file::{self, Dossier};
use crate::key::NewKey;
use crate::list::Child;
use crate::spells::REASONS;
use crate::status::Status;
use crate::{forms as child_forms, key, moves, spells};
use tx_access::Scope;
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Text, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, Conn, params};
use tx_web::parts::forms::{Field, FieldKind, Form};
use tx_web::parts::marks::{Kind, Person, Seal};
use tx_web::parts::record::{self, DutyView};
use tx_web::{Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/children/{id}/moves", STAFF, Class::P, show)
        .says(t("名单、班级、离校和重点", "List, class, leaving, closer care"))
        .query(&[("open", "string", t("打开哪张表", "Which form is open"))]),
    Route::form("/children/{id}/moves/{what}", STAFF, Class::P, save).says(t("存下变动", "Save a change")),
];

fn day_words(d: Day, lang: Lang) -> String {
    match lang {
        Lang::Zh => d.zh_long(),
        Lang::En => d.to_string(),
    }
}
/// 是；还不清楚，要问：父亲在哪里.
pub(crate) fn status_words(s: &Status, lang: Lang) -> Vec<String> {
    let mut out = vec![s.name().in_lang(lang).to_owned()];
    if let Status::Undetermined(asks) = s {
        let all: Vec<&str> = asks.iter().map(|a| a.name().in_lang(lang)).collect();
        out.push(match lang {
            Lang::Zh => format!("要问：{}", all.join("、")),
            Lang::En => format!("to ask: {}", all.join(", ")),
        });
    }
    out
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, ctx.q("open").unwrap_or_default(), &[])
}

/// Staff of the school for the choice of a helping teacher.
fn staff(c: &Conn, county: Id, school: Id, today: Day) -> Result<Vec<(String, String)>> {
    let sql = "select id, name from adults where county_id = ?1 and school_id = ?2 and kind in ('teacher', 'staff') and (to_day is null or to_day >= ?3) order by sort_key, id";
    Ok(c.query(sql, params![county, school, today])?
        .iter()
        .map(|r| (r.id(0).to_string(), r.text(1)))
        .collect())
}
fn classes(c: &Conn, scope: &Scope, school: Id, but: Option<Id>) -> Result<Vec<(String, String)>> {
    let sql = "select id, code, name from classes where county_id = ?1 and school_id = ?2 and year_first = ?3 order by grade, number";
    let year = i64::from(SchoolYear::of(scope.today).first);
    Ok(c.query(sql, params![scope.county, school, year])?
        .iter()
        .filter(|r| Some(r.id(0)) != but && scope.may_enrol(school, Some(r.id(0))))
        .map(|r| (r.text(1), r.text(2)))
        .collect())
}
/// Children in scope whose guardian or parent has the same phone, and are not of the same home yet.
fn kin(c: &Conn, scope: &Scope, child: &Child) -> Result<Vec<(String, String)>> {
    let sql = "select phone_index from guardians where county_id = ?1 and child_id = ?2 and gone_at is null and phone_index is not null \
        union select phone_index from parent_facts where county_id = ?1 and child_id = ?2 and gone_at is null and phone_index is not null";
    let mut out: Vec<(String, String)> = Vec::new();
    for r in c.query(sql, params![scope.county, child.id])? {
        for table in ["guardians", "parent_facts"] {
            let cond = format!(
                "exists (select 1 from {table} g where g.county_id = c.county_id and g.child_id = c.id and g.gone_at is null and g.phone_index = ??)"
            );
            for (k, _) in crate::list::where_(c, scope, &cond, r.bytes(0).into(), 20)? {
                let same = k.household.is_some() && k.household == child.household;
                if k.id != child.id && !same && k.sight.write && !out.iter().any(|(id, _)| *id == k.id.to_string()) {
                    let class = k.class_name.clone().unwrap_or_default();
                    out.push((k.id.to_string(), format!("{} {class}", k.name)));
                }
            }
        }
    }
    Ok(out)
}

struct Shown<'a> {
    ctx: &'a Ctx,
    child: &'a Child,
    faults: &'a [FieldFault],
    open: &'a str,
}
impl Shown<'_> {
    fn w(&self, text: Text) -> String {
        text.in_lang(self.ctx.lang).to_owned()
    }
    fn field(&self, what: &str, name: &str, label: Text, kind: FieldKind, value: &str) -> Field {
        let mine = self.open == what;
        let typed = self.ctx.f(name);
        Field {
            name: name.into(),
            label: self.w(label),
            value: if mine && !typed.is_empty() {
                typed.into()
            } else {
                value.into()
            },
            error: self
                .faults
                .iter()
                .filter(|_| mine)
                .find(|f| f.field == name)
                .map(|f| f.reason.in_lang(self.ctx.lang).to_owned())
                .unwrap_or_default(),
            kind,
            auto: "off",
            ..Field::default()
        }
    }
    fn form(&self, what: &str, hidden: &[(&str, String)]) -> Form {
        Form {
            action: format!("/children/{}/moves/{what}", self.child.id),
            csrf: self.ctx.csrf(),
            key: self.ctx.form_key(),
            hidden: hidden.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect(),
            ..Form::default()
        }
    }
    fn choices(&self, list: &[(&str, Text)]) -> FieldKind {
        FieldKind::Select(list.iter().map(|(c, l)| ((*c).to_owned(), self.w(*l))).collect())
    }
    fn forms(
        &self,
        d: &Dossier,
        staff: &[(String, String)],
        classes: &[(String, String)],
        kin: &[(String, String)],
    ) -> Vec<(String, Form, Vec<Field>, String)> {
        let today = self.ctx.today().to_string();
        let save = self.w(t("存好", "Save"));
        let date = || FieldKind::Date;
        let mut out = Vec::new();
        let remove = (
            self.w(t("登错了，删掉这份档案", "Entered by mistake: delete the file")),
            self.form("delete", &[]),
            vec![self.field(
                "delete",
                "reason",
                t("为什么删", "Why it is deleted"),
                FieldKind::Long,
                "",
            )],
            self.w(t("删掉", "Delete")),
        );
        if d.child.state != "active" {
            if !classes.is_empty() {
                out.push((
                    self.w(t("回校", "Back at school")),
                    self.form("return", &[]),
                    vec![
                        self.field(
                            "return",
                            "class",
                            t("到哪个班", "Class"),
                            FieldKind::Select(classes.to_vec()),
                            "",
                        ),
                        self.field("return", "on", t("从哪天起", "Since"), date(), &today),
                    ],
                    save,
                ));
            }
            out.push(remove);
            return out;
        }
        let running = d.spells.iter().find(|s| s.to.is_none());
        if running.is_some() {
            let mut reasons: Vec<(&str, Text)> = vec![("", t("请选", "Choose"))];
            reasons.extend(REASONS);
            out.push((
                self.w(t("结束这一段名单", "Off the school's list")),
                self.form("close", &[]),
                vec![
                    self.field("close", "reason", t("为什么", "Why"), self.choices(&reasons), ""),
                    self.field("close", "on", t("最后一天", "Last day"), date(), &today),
                    self.field("close", "note", t("再写几句", "A few words"), FieldKind::Long, ""),
                ],
                save.clone(),
            ));
        } else {
            out.push((
                self.w(t("进入学校名单", "Onto the school's list")),
                self.form("open", &[]),
                vec![self.field("open", "from", t("从哪天起", "Since"), date(), &today)],
                save.clone(),
            ));
            if !d.spells.is_empty() {
                out.push((
                    self.w(t("恢复刚结束的一段", "Open the last spell again")),
                    self.form("reopen", &[]),
                    Vec::new(),
                    self.w(t("恢复", "Open again")),
                ));
            } else if !d.child.asked {
                out.push((
                    self.w(t("问过了，不在名单上", "Asked: not on the list")),
                    self.form("not-listed", &[]),
                    Vec::new(),
                    self.w(t("记下", "Note it")),
                ));
            }
        }
        match d.returns.iter().find(|r| r.to.is_none()) {
            Some(r) => out.push((
                self.w(t("父母又外出了", "The parent left again")),
                self.form("left-again", &[("return", r.id.to_string())]),
                vec![self.field(
                    "left-again",
                    "to",
                    t("在家最后一天", "Last day at home"),
                    date(),
                    &today,
                )],
                save.clone(),
            )),
            None => out.push((
                self.w(t("父母回家住几天", "A parent is home for a while")),
                self.form("home", &[]),
                vec![
                    self.field(
                        "home",
                        "parent",
                        t("谁", "Who"),
                        self.choices(&[
                            ("both", t("父母都回来", "Both")),
                            ("father", t("父亲", "Father")),
                            ("mother", t("母亲", "Mother")),
                        ]),
                        "both",
                    ),
                    self.field("home", "from", t("到家的日子", "Home since"), date(), &today),
                    self.field(
                        "home",
                        "to",
                        t("走的日子（不知道就空着）", "Leaves on (if known)"),
                        date(),
                        "",
                    ),
                ],
                save.clone(),
            )),
        }
        if d.child.sight.sensitive {
            if d.key.is_some() {
                out.push((
                    self.w(t("不再是重点帮扶对象", "End the mark for closer care")),
                    self.form("key-end", &[]),
                    vec![
                        self.field("key-end", "reason", t("为什么", "Why"), FieldKind::Long, ""),
                        self.field("key-end", "on", t("最后一天", "Last day"), date(), &today),
                    ],
                    save.clone(),
                ));
            } else {
                let mut who = vec![(String::new(), self.w(t("先不定", "Nobody yet")))];
                who.extend(staff.iter().cloned());
                out.push((
                    self.w(t("列为重点帮扶对象", "Mark for closer care")),
                    self.form("key", &[]),
                    vec![
                        self.field(
                            "key",
                            "reason",
                            t("为什么（密封保存）", "Why (kept sealed)"),
                            FieldKind::Long,
                            "",
                        ),
                        self.field(
                            "key",
                            "helper",
                            t("帮扶教师", "Helping teacher"),
                            FieldKind::Select(who),
                            "",
                        ),
                        self.field("key", "review_on", t("哪天复查", "Review on"), date(), ""),
                    ],
                    save.clone(),
                ));
            }
        }
        if !classes.is_empty() {
            out.push((
                self.w(t("换班", "Change class")),
                self.form("class", &[]),
                vec![
                    self.field(
                        "class",
                        "class",
                        t("到哪个班", "Class"),
                        FieldKind::Select(classes.to_vec()),
                        "",
                    ),
                    self.field("class", "on", t("从哪天起", "Since"), date(), &today),
                ],
                save.clone(),
            ));
        }
        if !kin.is_empty() {
            out.push((
                self.w(t("是一家的兄弟姐妹", "Brothers and sisters")),
                self.form("sibling", &[]),
                vec![self.field(
                    "sibling",
                    "sibling",
                    t("电话相同的孩子", "Children with the same phone"),
                    FieldKind::Select(kin.to_vec()),
                    "",
                )],
                self.w(t("是一家", "The same home")),
            ));
        }
        out.push((
            self.w(t("离校", "Leave the school")),
            self.form("leave", &[]),
            vec![
                self.field(
                    "leave",
                    "fate",
                    t("怎么离校", "How"),
                    self.choices(&moves::FATES),
                    "left",
                ),
                self.field("leave", "on", t("最后一天", "Last day"), date(), &today),
                self.field("leave", "left_to", t("去哪里", "Where to"), FieldKind::Text, ""),
            ],
            save,
        ));
        out.push(remove);
        out
    }
}

fn page(ctx: &Ctx, status: u16, open: &str, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let child = writable(ctx, ctx.id("id")?)?;
    let (d, staff, classes, kin) = ctx.read(|c| {
        Ok((
            file::of(c, ctx.db().keys(), scope, child.clone(), false)?,
            staff(c, scope.county, child.school_id, scope.today)?,
            classes(
                c,
                scope,
                child.school_id,
                child.class.filter(|_| child.state == "active"),
            )?,
            kin(c, scope, &child)?,
        ))
    })?;
    let shown = Shown {
        ctx,
        child: &child,
        faults,
        open,
    };
    let forms = shown.forms(&d, &staff, &classes, &kin);
    let title = t("名单和变动", "List and changes");
    let view = DutyView {
        child: Person {
            id: child.id.to_string(),
            name: child.name.clone(),
            href: format!("/children/{}", child.id),
            sub: child.class_name.clone().unwrap_or_default(),
            key: false,
        },
        seal: Seal::of(Kind::Guardian),
        title: title.in_lang(lang).into(),
        rows: rows(&d, scope.today, lang),
        open: forms
            .iter()
            .find(|(_, f, _, _)| !open.is_empty() && f.action.ends_with(&format!("/moves/{open}")))
            .map(|(h, ..)| h.clone())
            .unwrap_or_default(),
        forms,
        ..DutyView::default()
    };
    let mut body = record::duty(lang, &view, &format!("/children/{}", child.id));
    // a fault that belongs to no field of the form stands above it
    let loose: Vec<_> = faults
        .iter()
        .filter(|f| {
            !view
                .forms
                .iter()
                .any(|(.., fields, _)| fields.iter().any(|x| x.name == f.field))
        })
        .map(|f| tx_web::parts::FieldError {
            name: f.field.clone(),
            label: String::new(),
            reason: f.reason.in_lang(lang).to_owned(),
        })
        .collect();
    if !loose.is_empty() {
        body = maud::html! { (tx_web::parts::forms::error_summary(lang, &loose)) (body) };
    }
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, title, "children", None, body)?,
    ))
}

fn rows(d: &Dossier, today: Day, lang: Lang) -> Vec<(String, Vec<String>)> {
    let w = |text: Text| text.in_lang(lang).to_owned();
    let span = |from: Day, to: Option<Day>| match (to, lang) {
        (None, Lang::Zh) => format!("{}起", day_words(from, lang)),
        (None, Lang::En) => format!("since {from}"),
        (Some(to), Lang::Zh) => format!("{}到{}", day_words(from, lang), day_words(to, lang)),
        (Some(to), Lang::En) => format!("{from} to {to}"),
    };
    let mut out: Vec<(String, Vec<String>)> = d
        .statuses
        .iter()
        .map(|(def, s)| (w(def.name()), status_words(s, lang)))
        .collect();
    if d.hardship == Some(true) {
        out.push((
            w(t("困境儿童", "In difficulty")),
            vec![w(t("父母都不能照护", "Neither parent can care"))],
        ));
    }
    for s in &d.spells {
        let mut words = vec![if s.reason.as_deref() == Some("mistaken") {
            day_words(s.from, lang)
        } else {
            span(s.from, s.to)
        }];
        words.extend(s.reason.as_deref().and_then(spells::reason).map(w));
        words.extend(s.note.clone());
        out.push((w(t("名单", "List")), words));
    }
    for r in &d.returns {
        let who = match r.parent.as_str() {
            "father" => t("父亲在家", "Father home"),
            "mother" => t("母亲在家", "Mother home"),
            _ => t("父母在家", "Parents home"),
        };
        let mut words = vec![span(r.from, r.to)];
        if r.to.is_none() && today.since(r.from) >= d.home_days {
            words.push(match lang {
                Lang::Zh => format!("满 {} 天了，还外出吗？", d.home_days),
                Lang::En => format!("{} days: still to leave?", d.home_days),
            });
        }
        out.push((w(who), words));
    }
    if let Some(k) = &d.key {
        let mut words = vec![span(k.from, k.to)];
        words.extend(k.helper_name.as_ref().map(|n| match lang {
            Lang::Zh => format!("帮扶教师 {n}"),
            Lang::En => format!("helped by {n}"),
        }));
        words.extend(k.review_on.map(|r| match lang {
            Lang::Zh => format!("{}复查", day_words(r, lang)),
            Lang::En => format!("review {r}"),
        }));
        out.push((w(t("重点帮扶", "Closer care")), words));
    }
    for s in d.stays.iter().filter(|s| s.to.is_none_or(|to| to >= s.from)) {
        let mut words = vec![
            s.class_name.clone().unwrap_or_else(|| w(t("没有班级", "No class"))),
            span(s.from, s.to),
        ];
        words.extend(s.fate.as_deref().map(|f| {
            w(match f {
                "promoted" => t("升级", "went up"),
                "repeated" => t("留级", "stayed"),
                "graduated" => t("毕业", "graduated"),
                "left" => t("转走", "left"),
                _ => t("换班", "changed class"),
            })
        }));
        out.push((w(t("班级", "Class")), words));
    }
    for s in &d.siblings {
        out.push((
            w(t("一家的", "Of the same home")),
            vec![s.name.clone(), s.class_name.clone().unwrap_or_default()],
        ));
    }
    out
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let what = ctx.param("what").to_owned();
    match act(ctx, &what) {
        Err(Fault::Invalid(_, faults)) => page(ctx, 422, &what, &faults),
        // what stands already is said on the page, not on a page of its own
        Err(Fault::Conflict(reason)) => page(
            ctx,
            422,
            &what,
            &[FieldFault {
                field: "on".into(),
                reason,
            }],
        ),
        other => other,
    }
}
fn day(ctx: &Ctx, name: &str) -> Result<Option<Day>> {
    let v = ctx.f(name).trim();
    if v.is_empty() {
        return Ok(None);
    }
    Day::parse(v).map(Some).map_err(|reason| {
        Fault::fields(vec![FieldFault {
            field: name.into(),
            reason,
        }])
    })
}
fn act(ctx: &Ctx, what: &str) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let child = writable(ctx, ctx.id("id")?)?;
    let (id, today) = (child.id, scope.today);
    let on = |name: &str| -> Result<Day> { Ok(day(ctx, name)?.unwrap_or(today)) };
    let text = |name: &str| ctx.f(name).trim().to_owned();
    let pick = |name: &str| -> Result<Option<Id>> {
        match ctx.f(name) {
            "" => Ok(None),
            v => v.parse().map(Some).map_err(|()| {
                Fault::fields(vec![FieldFault {
                    field: name.into(),
                    reason: say("请选一个", "choose one"),
                }])
            }),
        }
    };
    let back = format!("/children/{id}/moves?saved=1");
    match what {
        "open" => {
            let from = on("from")?;
            ctx.write_form(scope.act("child.list"), move |w| {
                spells::open(w, id, from, "form", today)?;
                Ok(back.clone())
            })
        }
        "close" => {
            let (last, why, note) = (on("on")?, text("reason"), text("note"));
            ctx.write_form(scope.act("child.unlist"), move |w| {
                spells::close(
                    w,
                    id,
                    last,
                    &why,
                    Some(note.as_str()).filter(|n| !n.is_empty()),
                    None,
                    today,
                )?;
                Ok(back.clone())
            })
        }
        "reopen" => ctx.write_form(scope.act("child.relist"), move |w| {
            spells::reopen(w, id)?;
            Ok(back.clone())
        }),
        "not-listed" => ctx.write_form(scope.act("child.not_listed"), move |w| {
            spells::not_listed(w, id, today)?;
            Ok(back.clone())
        }),
        "home" => {
            let (parent, from, to) = (text("parent"), on("from")?, day(ctx, "to")?);
            ctx.write_form(scope.act("child.parent_home"), move |w| {
                spells::add_return(w, id, &parent, from, to)?;
                Ok(back.clone())
            })
        }
        "left-again" => {
            let (stay, to) = (pick("return")?.ok_or(Fault::NotFound)?, on("to")?);
            ctx.write_form(scope.act("child.parent_left"), move |w| {
                spells::end_return(w, id, stay, to)?;
                Ok(back.clone())
            })
        }
        "key" => {
            let new = NewKey {
                child: id,
                school: child.school_id,
                from: today,
                reason: text("reason"),
                helper: pick("helper")?,
                review_on: day(ctx, "review_on")?,
            };
            if !child.sight.sensitive {
                return Err(Fault::NotFound);
            }
            ctx.write_form(scope.act("child.key"), move |w| {
                key::mark(w, &new)?;
                Ok(back.clone())
            })
        }
        "key-end" => {
            let (last, why) = (on("on")?, text("reason"));
            if !child.sight.sensitive {
                return Err(Fault::NotFound);
            }
            ctx.write_form(scope.act("child.key_end"), move |w| {
                key::end(w, id, last, &why, today)?;
                Ok(back.clone())
            })
        }
        "class" | "return" => {
            let class = class_for(ctx, &scope, child.school_id, &text("class"))?;
            let (since, returns) = (on("on")?, what == "return");
            if since > today {
                return Err(Fault::invalid("on", "日子还没到", "the day is in the future"));
            }
            ctx.write_form(scope.act("child.class"), move |w| {
                if returns {
                    moves::come_back(w, id, class, since, today)?;
                } else {
                    moves::to_class(w, id, class, since)?;
                }
                Ok(back.clone())
            })
        }
        "leave" => {
            let (last, fate, to) = (on("on")?, text("fate"), text("left_to"));
            ctx.write_form(scope.act("child.leave"), move |w| {
                moves::leave(w, id, last, &fate, Some(&to), today)?;
                Ok(back.clone())
            })
        }
        "sibling" => {
            let other = pick("sibling")?.ok_or_else(|| Fault::invalid("sibling", "请选一个", "choose one"))?;
            ctx.write_form(scope.act("child.same_home"), {
                let scope = scope.clone();
                move |w| {
                    child_forms::same_home(w, &scope, id, other)?;
                    Ok(back.clone())
                }
            })
        }
        "delete" => {
            let why = text("reason");
            ctx.write_form(scope.act("child.delete"), move |w| {
                crate::bin::put(w, id, &why)?;
                Ok("/children?saved=deleted".into())
            })
        }
        _ => Err(Fault::NotFound),
    }
}

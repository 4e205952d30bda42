//! A new child and a file to be corrected, as forms: child, parents with dated facts, guardians (features B1–B3). Bad input comes back as
//! it was typed, with the reason beside the field.

use crate::api::{class_for, household_of, may_not_enrol, note_sensitive, writable};
use crate::change;
use crate::consent::{self, Consent, Purpose};
use crate::facts::{Fact, OF_CHILD, OF_GUARDIAN, OF_PARENT};
use crate::find;
use crate::new::add;
use crate::parse::{parse, parse_change};
use crate::patch::label_of;
use crate::tables::CHILDREN;
use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use tx_access::Scope;
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, t};
use tx_calendar::SchoolYear;
use tx_store::{Class, Conn, params, row};
use tx_web::parts::forms::{Check, ChipGroup, Choice, Field, FieldKind, Form};
use tx_web::parts::marks::{Look, face};
use tx_web::parts::{self, Link, Top, forms};
use tx_web::{Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/children/new", STAFF, Class::P, new_page).says(t("新增孩子", "New child")),
    Route::form("/children", STAFF, Class::S, save_new).says(t("存下新孩子", "Save a new child")),
    Route::get("/children/{id}/edit", STAFF, Class::P, edit_page)
        .says(t("改档案", "Change the file"))
        .query(&[(
            "include",
            "string",
            t(
                "sensitive = 连敏感内容，留审计",
                "sensitive = with sensitive fields, audited",
            ),
        )]),
    Route::form("/children/{id}/edit", STAFF, Class::S, save_edit).says(t("存下档案", "Save the file")),
];

/// Values by the names of the form's fields.
type Filled = BTreeMap<String, String>;

/// Fields of the child that the form always asks for; the facts come after them.
const FIRST: [&str; 11] = [
    "name",
    "sex",
    "birth_date",
    "class",
    "student_no",
    "class_no",
    "ethnic",
    "village",
    "home_address",
    "boarder",
    "left_behind",
];
const MORE: [&str; 3] = ["former_name", "hukou_kind", "hukou_address"];
const PARENT: [&str; 7] = ["where", "name", "from", "place", "phone", "capacity", "cause"];
const GUARDIAN: [&str; 4] = ["name", "relation", "phone", "address"];
/// Places for guardians on the form; a file with more shows them all.
const GUARDIANS: usize = 2;

/// How the form stands.
struct Page<'a> {
    ctx: &'a Ctx,
    /// the file that is corrected; none for a new child
    child: Option<&'a crate::list::Child>,
    filled: Filled,
    faults: Vec<FieldFault>,
    /// class S is asked for too
    sensitive: bool,
    /// other children who look the same, and why
    twins: Vec<(crate::list::Child, Text)>,
    version: i64,
    listed: bool,
}

/// Classes of this school year into which the caller may take children: code and name.
fn classes(c: &Conn, scope: &Scope, school: Id) -> Result<Vec<(String, String)>> {
    let sql = "select id, code, name from classes where county_id = ?1 and school_id = ?2 and year_first = ?3 order by grade, number";
    let year = i64::from(SchoolYear::of(scope.today).first);
    Ok(c.query(sql, params![scope.county, school, year])?
        .iter()
        .filter(|r| scope.may_enrol(school, Some(r.id(0))))
        .map(|r| (r.text(1), r.text(2)))
        .collect())
}

/// The API's name of a wrong field in the form's words: `guardians[0].phone` → `g1.phone`, `parents[1].from` → `mother.from`.
fn form_name(field: &str, body: &Map<String, Json>) -> String {
    let part = |prefix: &str| -> Option<(usize, &str)> {
        let rest = field.strip_prefix(prefix)?.strip_prefix('[')?;
        let (at, name) = rest.split_once("].")?;
        Some((at.parse().ok()?, name))
    };
    if let Some((at, name)) = part("guardians") {
        let slot = body["guardians"][at]["slot"].as_u64().unwrap_or(at as u64 + 1);
        return format!("g{slot}.{name}");
    }
    if let Some((at, name)) = part("parents") {
        return format!("{}.{name}", body["parents"][at]["parent"].as_str().unwrap_or("father"));
    }
    field.to_owned()
}

/// What was typed, as the API would take it. Only fields that the form has are named. Guardians carry their place in `slot`.
fn body_of(filled: &Filled) -> Map<String, Json> {
    let mut out = Map::new();
    let text = |name: &str| filled.get(name).map(|v| v.trim().to_owned());
    let yes = |v: &str| match v {
        "yes" => Json::Bool(true),
        "no" => Json::Bool(false),
        _ => Json::Null,
    };
    let names = FIRST
        .iter()
        .chain(&MORE)
        .chain(&["id_no"])
        .copied()
        .chain(OF_CHILD.iter().map(|f| f.id));
    for name in names {
        let Some(v) = text(name) else { continue };
        let v = match name {
            "boarder" => yes(&v),
            "left_behind" if v.is_empty() => continue,
            "left_behind" => yes(&v),
            "class" if v.is_empty() => continue,
            _ if v.is_empty() => Json::Null,
            _ => v.into(),
        };
        out.insert(name.into(), v);
    }
    let group = |prefix: &str, fields: &[&str], facts: &[Fact]| -> Map<String, Json> {
        fields
            .iter()
            .copied()
            .chain(facts.iter().map(|f| f.id))
            .filter_map(|n| {
                Some((
                    n.to_owned(),
                    text(&format!("{prefix}.{n}")).filter(|v| !v.is_empty())?.into(),
                ))
            })
            .collect()
    };
    let mut guardians = Vec::new();
    for slot in 1..=12 {
        let mut g = group(&format!("g{slot}"), &GUARDIAN, OF_GUARDIAN);
        // a relation alone, chosen by the browser, is nobody
        if g.keys().any(|k| k != "relation") {
            g.insert("slot".into(), slot.into());
            guardians.push(Json::Object(g));
        }
    }
    let mut parents = Vec::new();
    for who in ["father", "mother"] {
        let mut p = group(who, &PARENT, OF_PARENT);
        if !p.is_empty() {
            p.insert("parent".into(), who.into());
            parents.push(Json::Object(p));
        }
    }
    out.insert("guardians".into(), guardians.into());
    out.insert("parents".into(), parents.into());
    out
}
/// The body without the places of guardians, as [`parse`] takes it.
fn clean(body: &Map<String, Json>) -> Map<String, Json> {
    let mut b = body.clone();
    if let Some(Json::Array(all)) = b.get_mut("guardians") {
        for g in all.iter_mut().filter_map(Json::as_object_mut) {
            g.remove("slot");
        }
    }
    b
}

/// A stored file as the form's values.
fn filled_of(f: &change::File, class: Option<&str>, sensitive: bool) -> Filled {
    let mut out = Filled::new();
    let flat = crate::patch::flat(f);
    let text = |v: &Json| match v {
        Json::Null => String::new(),
        Json::String(s) => s.clone(),
        Json::Bool(true) => "yes".into(),
        Json::Bool(false) => "no".into(),
        other => other.to_string(),
    };
    for name in FIRST.iter().chain(&MORE) {
        out.insert((*name).into(), text(&flat[*name]));
    }
    out.insert("class".into(), class.unwrap_or_default().into());
    out.insert(
        "left_behind".into(),
        match (f.listed.is_some(), f.not_listed_on.is_some()) {
            (true, _) => "yes",
            (false, true) => "no",
            (false, false) => "",
        }
        .into(),
    );
    for fact in OF_CHILD.iter().filter(|x| sensitive || !x.sensitive) {
        out.insert(fact.id.into(), f.more.get(fact.id).cloned().unwrap_or_default());
    }
    if sensitive {
        out.insert("id_no".into(), f.id_no.clone().unwrap_or_default());
    }
    let groups = [("guardians", "g"), ("parents", "")];
    for (name, prefix) in groups {
        for (i, v) in flat[name].as_array().into_iter().flatten().enumerate() {
            let at = if prefix.is_empty() {
                text(&v["parent"])
            } else {
                format!("g{}", i + 1)
            };
            for (k, v) in v.as_object().into_iter().flatten() {
                out.insert(format!("{at}.{k}"), text(v));
            }
        }
    }
    out
}

impl Page<'_> {
    fn lang(&self) -> Lang {
        self.ctx.lang
    }
    fn w(&self, text: Text) -> String {
        text.in_lang(self.lang()).to_owned()
    }
    fn value(&self, name: &str) -> String {
        self.filled.get(name).cloned().unwrap_or_default()
    }
    fn error(&self, name: &str) -> String {
        tx_web::parts::forms::fault_of(self.lang(), &self.faults, name)
    }
    fn input(&self, name: &str, label: Text, kind: FieldKind) -> Markup {
        let kind = if kind == FieldKind::Long {
            return html! { div.wide { (forms::field(&self.field(name, label, FieldKind::Long))) } };
        } else {
            kind
        };
        forms::field(&self.field(name, label, kind))
    }
    fn field(&self, name: &str, label: Text, kind: FieldKind) -> Field {
        Field {
            name: name.into(),
            label: self.w(label),
            value: self.value(name),
            error: self.error(name),
            required: name == "name",
            auto: "off",
            kind,
            ..Field::default()
        }
    }
    fn select(&self, name: &str, label: Text, options: Vec<(String, String)>) -> Markup {
        self.input(name, label, FieldKind::Select(options))
    }
    fn chips(&self, name: &str, label: Text, options: &[(&str, Text)]) -> Markup {
        let now = self.value(name);
        forms::chip_group(&ChipGroup {
            name: name.into(),
            legend: self.w(label),
            error: self.error(name),
            check: Check::Radio,
            columns: 0,
            options: options
                .iter()
                .map(|(v, l)| Choice {
                    value: (*v).into(),
                    label: self.w(*l),
                    on: now == *v,
                })
                .collect(),
            ..ChipGroup::default()
        })
    }
    fn facts(&self, prefix: &str, of: &[Fact]) -> Markup {
        html! {
            @for f in of {
                (self.input(&format!("{prefix}{}", f.id), f.name, if f.long { FieldKind::Long } else { FieldKind::Text }))
            }
        }
    }
    fn fold(&self, label: Text, open: bool, body: Markup) -> Markup {
        html! { details.fold.wide open[open] { summary { (self.w(label)) (parts::icon("down")) } div.grid2 { (body) } } }
    }
    fn child_part(&self, classes: &[(String, String)]) -> Markup {
        let none = (String::new(), self.w(t("先不分班", "No class yet")));
        let mut options: Vec<(String, String)> = classes.to_vec();
        if self.child.is_none_or(|k| k.class.is_none()) {
            options.insert(0, none);
        }
        // a child whose class the caller may not fill keeps it
        let code = self.value("class");
        if !code.is_empty() && !options.iter().any(|(c, _)| *c == code) {
            let name = self
                .child
                .and_then(|k| k.class_name.clone())
                .unwrap_or_else(|| code.clone());
            options.push((code, name));
        }
        let (plain, sensitive): (Vec<Fact>, Vec<Fact>) = OF_CHILD.iter().copied().partition(|f| !f.sensitive);
        let typed = |of: &[Fact]| of.iter().any(|f| !self.error(f.id).is_empty());
        html! {
            h2 { (self.w(t("孩子", "Child"))) }
            div.grid2 {
                (self.input("name", label_of("name"), FieldKind::Text))
                (self.select("class", label_of("class"), options))
                (self.chips("sex", label_of("sex"), &[("f", t("女", "Girl")), ("m", t("男", "Boy"))]))
                (self.input("birth_date", label_of("birth_date"), FieldKind::Date))
                @if self.sensitive { (self.input("id_no", label_of("id_no"), FieldKind::Text)) }
                (self.input("student_no", label_of("student_no"), FieldKind::Text))
                (self.input("class_no", label_of("class_no"), FieldKind::Number))
                (self.input("ethnic", label_of("ethnic"), FieldKind::Text))
                (self.input("village", label_of("village"), FieldKind::Text))
                (self.input("home_address", label_of("home_address"), FieldKind::Text))
                (self.chips("boarder", t("住校还是走读", "Boarder or day pupil"), &[("yes", t("住校", "Boarder")), ("no", t("走读", "Day pupil"))]))
                @if !self.listed {
                    (self.chips("left_behind", t("在学校名单上吗", "On the school's list?"), &[("yes", t("在", "Yes")), ("no", t("不在", "No")), ("", t("还没问", "Not asked yet"))]))
                }
                (self.fold(t("户籍、学习、爱好和别的", "Registration, study, hobbies and more"), typed(&plain), html! {
                    (self.select("hukou_kind", label_of("hukou_kind"), vec![(String::new(), self.w(t("还没填", "Not filled in"))), ("rural".into(), self.w(t("农业", "Rural"))), ("urban".into(), self.w(t("非农业", "Urban")))]))
                    (self.input("hukou_address", label_of("hukou_address"), FieldKind::Text))
                    (self.input("former_name", label_of("former_name"), FieldKind::Text))
                    (self.facts("", &plain))
                }))
                @if self.sensitive {
                    (self.fold(t("敏感内容：健康、救助、困难", "Sensitive: health, aid, hardship"), typed(&sensitive), self.facts("", &sensitive)))
                } @else if let Some(k) = self.child {
                    p.wide.m3 { (parts::link(&Link::new(self.w(t("身份证号、健康、救助也要改：打开会留记录", "ID number, health and aid too: opening them is recorded")), format!("/children/{}/edit?include=sensitive", k.id)))) }
                }
            }
        }
    }
    fn parent_part(&self, who: &str, title: Text) -> Markup {
        let n = |f: &str| format!("{who}.{f}");
        let open = OF_PARENT.iter().any(|f| !self.error(&n(f.id)).is_empty());
        html! {
            h2 { (self.w(title)) }
            div.grid2 {
                div.wide { (self.chips(&n("where"), t("现在在哪里", "Where now"), &[
                    ("home", t("在家", "At home")), ("away_work", t("外出务工", "Away at work")), ("away_other", t("因故不在家", "Away otherwise")),
                    ("dead", t("去世", "Dead")), ("unknown", t("不清楚", "Not known"))])) }
                (self.input(&n("name"), t("姓名", "Name"), FieldKind::Text))
                (self.input(&n("phone"), t("电话", "Phone"), FieldKind::Phone))
                (self.input(&n("place"), t("在外地点", "Place"), FieldKind::Text))
                (self.input(&n("from"), t("从哪天起", "Since"), FieldKind::Date))
                (self.chips(&n("capacity"), t("能不能照护孩子", "Able to care"), &[("able", t("能", "Able")), ("unable", t("不能", "Unable"))]))
                (self.input(&n("cause"), t("为什么", "Why"), FieldKind::Text))
                (self.fold(t("职业、文化、回家", "Work, schooling, coming home"), open, self.facts(&format!("{who}."), OF_PARENT)))
            }
        }
    }
    fn guardian_part(&self, slot: usize) -> Markup {
        let n = |f: &str| format!("g{slot}.{f}");
        let mut relations = vec![(String::new(), self.w(t("请选", "Choose")))];
        relations.extend(
            tx_sheet::Relation::ALL
                .iter()
                .map(|r| (r.code().to_owned(), self.w(r.label()))),
        );
        let now = self.value(&n("relation"));
        if !now.is_empty() && !relations.iter().any(|(c, _)| *c == now) {
            relations.push((now.clone(), now));
        }
        let open = OF_GUARDIAN.iter().any(|f| !self.error(&n(f.id)).is_empty());
        html! {
            h2 { (self.w(t("监护人", "Guardian"))) @if slot > 1 { " " (slot) } }
            div.grid2 {
                (self.input(&n("name"), t("姓名", "Name"), FieldKind::Text))
                (self.select(&n("relation"), t("是孩子的", "Is the child's"), relations))
                (self.input(&n("phone"), t("电话", "Phone"), FieldKind::Phone))
                (self.input(&n("address"), t("住址", "Address"), FieldKind::Text))
                (self.fold(t("年龄、健康、收入来源", "Age, health, income"), open, self.facts(&format!("g{slot}."), OF_GUARDIAN)))
            }
        }
    }
    fn twins_part(&self) -> Markup {
        html! {
            @if !self.twins.is_empty() {
                section.card.pad.twins {
                    h2 { (self.w(t("是不是已经有了？", "Already here?"))) }
                    @for (k, why) in &self.twins {
                        p { (parts::pebble(&k.name, &k.id.to_string(), "m")) " " a.ln href={"/children/" (k.id)} { (k.name) } " "
                            span.m { (k.class_name.clone().unwrap_or_default()) " · " (self.w(*why)) } }
                    }
                    (forms::field(&Field { name: "sure".into(), label: self.w(t("不是同一个孩子，照样存", "Not the same child; save anyway")), kind: FieldKind::Tick, ..Field::default() }))
                }
            }
        }
    }
    fn photo_part(&self, k: &crate::list::Child, consent: Option<&Consent>) -> Markup {
        let form = |path: &str, files: bool| Form {
            action: format!("/children/{}/photo{path}", k.id),
            csrf: self.ctx.csrf(),
            key: self.ctx.form_key(),
            files,
            ..Form::default()
        };
        html! {
            section.card.pad #photo {
                h2 { (self.w(t("照片", "Photo"))) }
                @if let Some(p) = k.photo { p { (face(&k.name, &k.id.to_string(), "xl", &crate::photo::url(p))) } }
                (parts::form(&form("", true), "", html! {
                    (forms::field(&Field {
                        hint: self.w(t("JPEG、PNG 或 WebP，最多 20 MB；拍摄的时间和地点不会留下", "JPEG, PNG or WebP, at most 20 MB; when and where it was taken is not kept")),
                        required: true,
                        accept: "image/jpeg,image/png,image/webp",
                        ..self.field("file", if k.photo.is_some() { t("换一张", "Another one") } else { t("选一张", "Choose one") }, FieldKind::File)
                    }))
                    @if let Some(c) = consent {
                        p.m { (c.words(self.lang())) }
                    } @else {
                        p { (self.w(t(
                            "照片要家长或监护人同意，只在校内用：档案、名单和卡片。不同意也不影响孩子得到的关爱。",
                            "A parent or guardian has to consent; the photo is used inside the school only: file, lists, cards. Without it a child is cared for all the same.",
                        ))) }
                        div.grid2 {
                            @for (name, kind) in [("consent_by", FieldKind::Text), ("consent_on", FieldKind::Date)] {
                                (forms::field(&Field { required: true, ..self.field(name, label_of(name), kind) }))
                            }
                        }
                    }
                    div.two { button.btn.b2 { (self.w(t("存照片", "Save the photo"))) } }
                }))
                @if k.photo.is_some() { (forms::post_button(&form("/remove", false), &self.w(t("拿掉照片", "Take the photo off")), "", Look::Quiet)) }
            }
        }
    }
    fn show(&self, status: u16) -> Result<Reply> {
        let (ctx, lang) = (self.ctx, self.lang());
        let scope = ctx.scope()?;
        let school = self
            .child
            .map_or_else(|| scope.the_school().map(|s| s.id), |k| Ok(k.school_id))?;
        let (classes, consent) = ctx.read(|c| {
            let consent = match self.child {
                Some(k) => consent::standing(c, scope.county, k.id, Purpose::PhotoInside)?,
                None => None,
            };
            Ok((classes(c, scope, school)?, consent))
        })?;
        let (title, action, back) = match self.child {
            None => (
                t("新增孩子", "New child"),
                "/children".to_owned(),
                "/children".to_owned(),
            ),
            Some(k) => (
                t("改档案", "Change the file"),
                format!("/children/{}/edit", k.id),
                format!("/children/{}", k.id),
            ),
        };
        let slots = (1..=12)
            .rev()
            .find(|s| GUARDIAN.iter().any(|f| !self.value(&format!("g{s}.{f}")).is_empty()))
            .map_or(GUARDIANS, |last| (last + 1).max(GUARDIANS).min(12));
        let errors = tx_web::parts::forms::errors(lang, &self.faults, |name| label_in(name, lang));
        let mut hidden = vec![("v".to_owned(), self.version.to_string())];
        if self.sensitive && self.child.is_some() {
            hidden.push(("include".into(), "sensitive".into()));
        }
        let form = Form {
            action,
            csrf: ctx.csrf(),
            key: ctx.form_key(),
            hidden,
            ..Form::default()
        };
        let body = html! {
            (parts::top(lang, &Top { title: self.child.map_or_else(|| self.w(title), |k| k.name.clone()), sub: self.child.map(|_| self.w(title)).into_iter().collect(), ..Top::default() }))
            (forms::error_summary(lang, &errors))
            (parts::assets::office())
            (parts::form(&form, "childform", html! {
                (self.twins_part())
                section.card.pad { (self.child_part(&classes)) }
                section.card.pad { (self.parent_part("father", t("父亲", "Father"))) }
                section.card.pad { (self.parent_part("mother", t("母亲", "Mother"))) }
                @for slot in 1..=slots { section.card.pad { (self.guardian_part(slot)) } }
                div.two.foot2 { a.btn.b2 href=(back) { (self.w(t("不改了", "Cancel"))) } button.btn.b1 { (self.w(t("存好", "Save"))) } }
            }))
            @if let Some(k) = self.child { (self.photo_part(k, consent.as_ref())) }
        };
        Ok(Reply::page_with(
            status,
            tx_web::shell(ctx, title, "children", None, body)?,
        ))
    }
}
/// What a wrong field of the form is called: 监护人 电话.
fn label_in(field: &str, lang: Lang) -> String {
    let (group, name) = match field.split_once('.') {
        Some((g, n)) => (g, n),
        None => return label_of(field).in_lang(lang).to_owned(),
    };
    let group = match group {
        "father" => t("父亲", "Father"),
        "mother" => t("母亲", "Mother"),
        _ => t("监护人", "Guardian"),
    };
    let name = match name {
        "where" => t("在哪里", "where"),
        "name" => t("姓名", "name"),
        "from" => t("从哪天起", "since"),
        "place" => t("地点", "place"),
        "phone" => t("电话", "phone"),
        "capacity" => t("照护能力", "capacity"),
        "cause" => t("原因", "cause"),
        "relation" => t("关系", "relation"),
        "address" => t("住址", "address"),
        other => crate::facts::label(OF_GUARDIAN, other),
    };
    format!("{} {}", group.in_lang(lang), name.in_lang(lang))
}

fn typed(ctx: &Ctx) -> Filled {
    ctx.form().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
}

fn new_page(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let school = scope.the_school()?.id;
    let own = ctx.read(|c| classes(c, scope, school))?;
    if own.is_empty() && !scope.may_enrol(school, None) {
        return Err(may_not_enrol());
    }
    let mut filled = Filled::new();
    if let Some((code, _)) = own
        .iter()
        .find(|(c, _)| Some(c.as_str()) == ctx.q("class"))
        .or(own.first().filter(|_| own.len() == 1))
    {
        filled.insert("class".into(), code.clone());
    }
    if let Some(name) = ctx.q("name") {
        filled.insert("name".into(), name.into());
    }
    Page {
        ctx,
        child: None,
        filled,
        faults: Vec::new(),
        sensitive: true,
        twins: Vec::new(),
        version: 0,
        listed: false,
    }
    .show(200)
}

fn save_new(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.id;
    let filled = typed(ctx);
    let again = |faults: Vec<FieldFault>, twins| {
        Page {
            ctx,
            child: None,
            filled: filled.clone(),
            faults,
            sensitive: true,
            twins,
            version: 0,
            listed: false,
        }
        .show(422)
    };
    let body = body_of(&filled);
    let class = match body.get("class").and_then(Json::as_str) {
        None if scope.may_enrol(school, None) => None,
        None => return Err(may_not_enrol()),
        Some(code) => match class_for(ctx, &scope, school, code) {
            Ok(id) => Some(id),
            Err(Fault::Invalid(_, faults)) => return again(faults, Vec::new()),
            Err(e) => return Err(e),
        },
    };
    let mut new = match parse(&clean(&body), school, class, scope.today) {
        Ok(new) => new,
        Err(Fault::Invalid(_, faults)) => return again(renamed(faults, &body), Vec::new()),
        Err(e) => return Err(e),
    };
    new.source = Some("form".into());
    let twins = ctx.read(|c| {
        find::twins(
            c,
            ctx.db().keys(),
            &scope,
            &new.name,
            new.birth_date,
            new.id_no.as_deref(),
            new.student_no.as_deref(),
            None,
        )
    })?;
    if !twins.is_empty() && ctx.f("sure") != "1" {
        return again(Vec::new(), twins);
    }
    let others: Vec<Id> = twins.iter().map(|(k, _)| k.id).collect();
    let seen = scope.clone();
    let asked = ctx.write_form(scope.act("child.add"), move |w| {
        // a child whom the caller may not see was not among those asked about
        find::unused_number(w, &seen, &new, &others)?;
        add(w, &new, seen.today)?;
        for other in &others {
            find::set_not_same(w, new.id, *other)?;
        }
        Ok(format!("/children/{}?saved=1", new.id))
    });
    match asked {
        Err(Fault::Taken(_, faults)) => again(faults, Vec::new()),
        other => other,
    }
}
fn renamed(faults: Vec<FieldFault>, body: &Map<String, Json>) -> Vec<FieldFault> {
    faults
        .into_iter()
        .map(|f| FieldFault {
            field: form_name(&f.field, body),
            reason: f.reason,
        })
        .collect()
}

fn edit_page(ctx: &Ctx) -> Result<Reply> {
    let child = writable(ctx, ctx.id("id")?)?;
    let sensitive = ctx.q("include") == Some("sensitive") && child.sight.sensitive;
    if sensitive {
        note_sensitive(ctx, child.id)?;
    }
    as_it_stands(ctx, &child, sensitive, 200, Vec::new())
}
/// The file's form again, with what was wrong with the photo that was sent.
pub(crate) fn with_photo_faults(
    ctx: &Ctx,
    child: &crate::list::Child,
    status: u16,
    faults: Vec<FieldFault>,
) -> Result<Reply> {
    as_it_stands(ctx, child, false, status, faults)
}
/// The form with what is stored.
fn as_it_stands(
    ctx: &Ctx,
    child: &crate::list::Child,
    sensitive: bool,
    status: u16,
    faults: Vec<FieldFault>,
) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, child.id);
    let file = ctx
        .read(|c| change::open(c, ctx.db().keys(), scope.county, id))?
        .ok_or(Fault::NotFound)?;
    let mut filled = filled_of(&file, child.class_code.as_deref(), sensitive);
    for (name, ..) in consent::PARTS {
        filled.insert((*name).into(), ctx.f(name).into());
    }
    Page {
        ctx,
        child: Some(child),
        filled,
        faults,
        sensitive,
        twins: Vec::new(),
        version: file.version,
        listed: file.listed.is_some(),
    }
    .show(status)
}

fn save_edit(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let child = writable(ctx, id)?;
    let filled = typed(ctx);
    let base: i64 = ctx.f("v").parse().map_err(|_| Fault::NotFound)?;
    let sensitive = ctx.f("include") == "sensitive" && child.sight.sensitive;
    let again = |faults: Vec<FieldFault>| {
        Page {
            ctx,
            child: Some(&child),
            filled: filled.clone(),
            faults,
            sensitive,
            twins: Vec::new(),
            version: base,
            listed: child.left_behind,
        }
        .show(422)
    };
    let mut body = body_of(&filled);
    if !sensitive {
        body.remove("id_no");
        for f in OF_CHILD.iter().filter(|f| f.sensitive) {
            body.remove(f.id);
        }
    }
    let class = match body.get("class").and_then(Json::as_str) {
        Some(code) if Some(code) == child.class_code.as_deref() => {
            body.remove("class");
            None
        }
        None => None,
        Some(code) => match class_for(ctx, &scope, child.school_id, code) {
            Ok(id) => Some(id),
            Err(Fault::Invalid(_, faults)) => return again(faults),
            Err(e) => return Err(e),
        },
    };
    let fields = clean(&body);
    let read = match parse_change(&fields, child.school_id, class, scope.today) {
        Ok(r) => r,
        Err(Fault::Invalid(_, faults)) => return again(renamed(faults, &body)),
        Err(e) => return Err(e),
    };
    let seen = scope.clone();
    let asked = ctx.write_form(scope.act("child.change"), move |w| {
        let clashes = crate::patch::correct(w, &seen, id, base, &fields, &read, scope.today)?;
        Ok(if clashes.is_empty() {
            format!("/children/{id}?saved=1")
        } else {
            format!("/children/{id}?saved=1&clashes={}", clashes.len())
        })
    });
    match asked {
        Err(Fault::Invalid(_, faults) | Fault::Taken(_, faults)) => again(faults),
        other => other,
    }
}

/// Puts two files into one household; for the page of moves.
pub(crate) fn same_home(w: &mut tx_store::Write, scope: &Scope, child: Id, sibling: Id) -> Result<()> {
    let (home, fresh) = household_of(w.conn(), scope, sibling)?;
    if fresh {
        w.update(&CHILDREN, sibling, row!["household_id" => home])?;
    }
    w.update(&CHILDREN, child, row!["household_id" => home])?;
    w.note(
        "child.same_home",
        "children",
        Some(child),
        Some(json!({"with": sibling}).to_string()),
    );
    Ok(())
}

//! Finding children by what a person remembers: name, syllables, initials, class, village, a phone or its last four, student number
//! (features B11). Each hit says why it is one.

use crate::list::{Child, Page, like, list};
use crate::new::{digits, tail};
use tx_access::Scope;
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, say, t};
use tx_calendar::{SchoolYear, class_name};
use tx_store::{Conn, Keys, Value};

/// Why a child was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    Name,
    FormerName(String),
    Pinyin,
    Initials,
    Class,
    Village(String),
    StudentNo,
    IdNo,
    /// whose phone, and its last four
    Phone(String, String),
}
impl Why {
    /// In words for the second line of a hit; empty where the name itself says it.
    pub fn words(&self, lang: Lang) -> String {
        let w = |t: Text| t.in_lang(lang).to_owned();
        match self {
            Why::Name | Why::Pinyin | Why::Initials | Why::Class => String::new(),
            Why::FormerName(n) => format!("{} {n}", w(t("曾用名", "Former name"))),
            Why::Village(v) => v.clone(),
            Why::StudentNo => w(t("学籍号", "Student number")),
            Why::IdNo => w(t("身份证号", "ID number")),
            Why::Phone(whose, last) => match lang {
                Lang::Zh => format!("{whose}电话 …{last}"),
                Lang::En => format!("{whose}: phone …{last}"),
            },
        }
    }
}
/// A child and why it was found.
#[derive(Clone, Debug)]
pub struct Hit {
    pub child: Child,
    pub why: Why,
}

struct Search<'a, 'c> {
    c: &'a Conn<'c>,
    scope: &'a Scope,
    hits: Vec<Hit>,
    limit: usize,
}

/// The children in scope that a text means, best first, at most `limit`. What a field of a child may not show, it does not find either.
pub fn find(c: &Conn, keys: &Keys, scope: &Scope, text: &str, limit: usize) -> Result<Vec<Hit>> {
    let text = text.trim();
    let flat = like(&tx_sheet::value::text::nfkc(text));
    if flat.is_empty() || flat.chars().count() > 40 {
        return Ok(Vec::new());
    }
    let mut s = Search {
        c,
        scope,
        hits: Vec::new(),
        limit,
    };
    let figures = digits(&flat);
    let only_figures = figures.len() == flat.chars().filter(|c| *c != '-').count();
    if only_figures && figures.len() == 4 {
        s.phones(
            "phone_tail_index",
            keys.blind(scope.county, "phone_tail", &tail(&figures)),
            &figures,
        )?;
    }
    if only_figures && (7..=13).contains(&figures.len()) {
        s.phones(
            "phone_index",
            keys.blind(scope.county, "phone", &figures),
            &tail(&figures),
        )?;
    }
    if flat.len() == 18 && flat.is_ascii() {
        let index = crate::new::id_index(keys, scope.county, &flat);
        s.rows("c.id_no_index = ??", index.into(), |k, _| {
            k.sight.sensitive.then_some(Why::IdNo)
        })?;
    }
    if flat.is_ascii() && flat.len() >= 4 && figures.len() >= 3 {
        s.rows("lower(c.student_no) like ??", format!("%{flat}").into(), |k, _| {
            k.sight.personal.then_some(Why::StudentNo)
        })?;
    }
    if flat.chars().any(|c| c.is_ascii_digit()) || flat.ends_with('班') {
        s.class(text)?;
    }
    if flat.is_ascii() && flat.chars().any(char::is_alphabetic) {
        s.rows(
            "replace(c.pinyin, ' ', '') like ??",
            format!("{flat}%").into(),
            |_, _| Some(Why::Pinyin),
        )?;
        s.rows("c.initials like ??", format!("{flat}%").into(), |_, _| {
            Some(Why::Initials)
        })?;
        if flat.len() >= 3 {
            s.rows(
                "replace(c.pinyin, ' ', '') like ??",
                format!("%{flat}%").into(),
                |_, _| Some(Why::Pinyin),
            )?;
        }
    }
    if !only_figures {
        s.rows("lower(c.name) like ??", format!("%{flat}%").into(), |_, _| {
            Some(Why::Name)
        })?;
        s.rows(
            "lower(c.former_name) like ??",
            format!("%{flat}%").into(),
            |k, former| k.sight.personal.then(|| Why::FormerName(former.to_owned())),
        )?;
        if !flat.is_ascii() && flat.chars().count() >= 2 {
            s.rows("c.village like ??", format!("%{flat}%").into(), |k, _| {
                k.village.clone().filter(|_| k.sight.personal).map(Why::Village)
            })?;
        }
    }
    Ok(s.hits)
}

impl Search<'_, '_> {
    fn full(&self) -> bool {
        self.hits.len() >= self.limit
    }
    fn push(&mut self, child: Child, why: Why) {
        if !self.full() && !self.hits.iter().any(|h| h.child.id == child.id) {
            self.hits.push(Hit { child, why });
        }
    }
    /// Children in scope for which a condition on `c` holds (`??` is the value).
    fn rows(&mut self, cond: &str, v: Value, why: impl Fn(&Child, &str) -> Option<Why>) -> Result<()> {
        if self.full() {
            return Ok(());
        }
        let found = crate::list::where_(self.c, self.scope, cond, v, 4 * self.limit)?;
        for (child, former) in found {
            if let Some(w) = why(&child, &former) {
                self.push(child, w);
            }
        }
        Ok(())
    }
    fn phones(&mut self, column: &str, index: Vec<u8>, last: &str) -> Result<()> {
        let lang = self.scope.lang;
        for (table, whose) in [("guardians", "g.relation"), ("parent_facts", "g.parent")] {
            let cond = format!(
                "exists (select 1 from {table} g where g.county_id = c.county_id and g.child_id = c.id and g.gone_at is null and g.{column} = ??)"
            );
            let found = crate::list::where_(self.c, self.scope, &cond, index.clone().into(), 4 * self.limit)?;
            for (child, _) in found {
                if !child.sight.personal {
                    continue;
                }
                let sql = format!(
                    "select {whose} from {table} g where g.county_id = ?1 and g.child_id = ?2 and g.gone_at is null and g.{column} = ?3 order by g.id limit 1"
                );
                let vals = [self.scope.county.into(), child.id.into(), Value::from(index.clone())];
                let word = self.c.first(&sql, &vals)?.map(|r| r.text(0)).unwrap_or_default();
                let whose = crate::facts::relation(&word).map_or(word, |t| t.in_lang(lang).to_owned());
                self.push(child, Why::Phone(whose, last.to_owned()));
            }
        }
        Ok(())
    }
    fn class(&mut self, text: &str) -> Result<()> {
        let (scope, Some(school)) = (self.scope, self.scope.school.as_ref()) else {
            return Ok(());
        };
        let system = class_name::SchoolSystem {
            primary_years: 6,
            lowest: 1,
        };
        let Some(code) = class_name::parse(text, SchoolYear::of(scope.today), system) else {
            return Ok(());
        };
        let id = tx_school::class_by_code(
            self.c,
            scope.county,
            school.id,
            &code.code(),
            SchoolYear::of(scope.today),
        )?;
        let Some(class) = id else { return Ok(()) };
        let page = Page {
            class: Some(class),
            limit: self.limit.max(1),
            ..Page::default()
        };
        for child in list(self.c, scope, &page)? {
            self.push(child, Why::Class);
        }
        Ok(())
    }
}

/// What makes two files look like one child, as a condition on `a` and `b`.
const SAME: [(&str, Text); 4] = [
    ("b.id_no_index = a.id_no_index", t("身份证号相同", "The same ID number")),
    (
        "b.student_no = a.student_no",
        t("学籍号相同", "The same student number"),
    ),
    (
        "b.pinyin = a.pinyin and b.name = a.name and b.birth_date = a.birth_date",
        t("姓名和生日相同", "The same name and birth date"),
    ),
    // 邓佳怡 and 邓佳宜: one was heard, not read
    (
        "b.pinyin = a.pinyin and b.name <> a.name and b.birth_date = a.birth_date",
        t("名字同音，生日相同", "Names that sound alike, the same birth date"),
    ),
];
/// Most pairs that are shown at once.
const MOST_PAIRS: usize = 200;
/// Pairs of the school in scope that look like one child, each once with the strongest reason, but for those declared two.
pub fn pairs(c: &Conn, scope: &Scope) -> Result<Vec<(Child, Child, Text)>> {
    let mut out: Vec<(Child, Child, Text)> = Vec::new();
    for (same, why) in SAME {
        let (mut vals, mut seen) = (Vec::new(), Vec::new());
        for k in ["a", "b"] {
            let f = scope.children(k, vals.len());
            vals.extend(f.params);
            seen.push(f.sql);
        }
        let sql = format!(
            "select a.id, b.id from children a join children b on b.county_id = a.county_id and b.school_id = a.school_id and {same} \
             where a.id < b.id and a.deleted_at is null and b.deleted_at is null and {} and not exists (select 1 from not_same_children n \
             where n.county_id = a.county_id and (n.a = a.id and n.b = b.id or n.a = b.id and n.b = a.id)) order by a.pinyin, a.id, b.id limit {MOST_PAIRS}",
            seen.join(" and ")
        );
        for r in c.query(&sql, &vals)? {
            let (a, b) = (r.id(0), r.id(1));
            if out.len() >= MOST_PAIRS || out.iter().any(|(x, y, _)| (x.id, y.id) == (a, b)) {
                continue;
            }
            if let (Some(a), Some(b)) = (crate::list::fetch(c, scope, a)?, crate::list::fetch(c, scope, b)?) {
                out.push((a, b, why));
            }
        }
    }
    Ok(out)
}

/// Children in scope with the same ID or student number, or the same birth date and a name that is or sounds the same: perhaps the same child. `but` is left out.
pub fn twins(
    c: &Conn,
    keys: &Keys,
    scope: &Scope,
    name: &str,
    birth: Option<tx_base::Day>,
    id_no: Option<&str>,
    student_no: Option<&str>,
    but: Option<Id>,
) -> Result<Vec<(Child, Text)>> {
    let mut out: Vec<(Child, Text)> = Vec::new();
    let mut add = |found: Vec<(Child, String)>, why: Text, fits: &dyn Fn(&Child) -> bool| {
        for (k, _) in found {
            if Some(k.id) != but && fits(&k) && !out.iter().any(|(o, _)| o.id == k.id) {
                out.push((k, why));
            }
        }
    };
    if let Some(no) = id_no {
        let index = crate::new::id_index(keys, scope.county, no);
        add(
            crate::list::where_(c, scope, "c.id_no_index = ??", index.into(), 20)?,
            SAME[0].1,
            &|_| true,
        );
    }
    if let Some(no) = student_no.filter(|n| !n.is_empty()) {
        add(
            crate::list::where_(c, scope, "c.student_no = ??", no.into(), 20)?,
            SAME[1].1,
            &|_| true,
        );
    }
    if let Some(b) = birth.filter(|_| !name.is_empty()) {
        add(
            crate::list::where_(c, scope, "c.name = ??", name.into(), 50)?,
            SAME[2].1,
            &|k| k.birth_date == Some(b),
        );
        let (sound, _) = crate::syllables(name);
        add(
            crate::list::where_(c, scope, "c.pinyin = ??", sound.into(), 50)?,
            SAME[3].1,
            &|k| k.birth_date == Some(b),
        );
    }
    if let Some(me) = but {
        let kept = not_same(c, scope.county, me)?;
        out.retain(|(k, _)| !kept.contains(&k.id));
    }
    Ok(out)
}
/// Another child of a school with this ID number, by its blind index: id and name. Children in `apart` are passed over.
fn number_of(c: &Conn, county: Id, school: Id, index: &[u8], apart: &[Id]) -> Result<Option<(Id, String)>> {
    let sql = "select id, name from children where county_id = ?1 and school_id = ?2 and id_no_index = ?3 and deleted_at is null order by id";
    let rows = c.query(sql, tx_store::params![county, school, index])?;
    let other = rows.iter().find(|r| !apart.contains(&r.id(0)));
    Ok(other.map(|r| (r.id(0), r.text(1))))
}
/// What to do about a number that is another child's.
const CHECK: Text = t(
    "同一个孩子就用那份档案，不是就请核对",
    "use that file for the same child, else check the number",
);
const DECLARE: Text = t(
    "真是两个孩子，就在 not_same 里写上这个编号",
    "if they are two children, name that id in not_same",
);
/// 409 at the field of the number. Only who may see the other child's number is told whose it is, and what to `advise`.
fn taken(c: &Conn, scope: Option<&Scope>, (id, name): (Id, String), advise: Text) -> Result<Fault> {
    let seen = match scope {
        Some(scope) => crate::list::fetch(c, scope, id)?.is_some_and(|k| k.sight.sensitive),
        None => false,
    };
    let reason = if seen {
        say(
            format!("本校的{name}也是这个身份证号（{id}）；{}", advise.zh),
            format!("{name} of this school has this ID number ({id}); {}", advise.en),
        )
    } else {
        say(
            "本校已有孩子是这个身份证号，请问校长或办公室",
            "A child of this school has this ID number; ask the head or the office",
        )
    };
    let field = FieldFault {
        field: "id_no".into(),
        reason: reason.clone(),
    };
    Ok(Fault::Taken(reason, vec![field]))
}
/// 409 when a file that is changed would get the ID number of another child of its school. A number that stays as it was is not asked about.
/// Without a scope nobody is named.
pub(crate) fn keeps_number(w: &tx_store::Write, scope: Option<&Scope>, child: Id, id_no: Option<&str>) -> Result<()> {
    let (c, county) = (w.conn(), w.county());
    let Some(index) = id_no.map(|no| crate::new::id_index(w.keys(), county, no)) else {
        return Ok(());
    };
    let (school, now) = number_now(c, county, child)?;
    if now.as_ref() == Some(&index) {
        return Ok(());
    }
    unused(c, county, scope, school, child, &index)
}
/// 409 when another child has got the ID number of a file meanwhile that is to come back out of the bin.
pub(crate) fn kept_number(w: &tx_store::Write, scope: &Scope, child: Id) -> Result<()> {
    let (c, county) = (w.conn(), w.county());
    let (school, now) = number_now(c, county, child)?;
    now.map_or(Ok(()), |index| unused(c, county, Some(scope), school, child, &index))
}
/// 409 when a child of the school has the number who is neither this one nor one that it was declared not to be.
fn unused(c: &Conn, county: Id, scope: Option<&Scope>, school: Id, child: Id, index: &[u8]) -> Result<()> {
    let mut apart = not_same(c, county, child)?;
    apart.push(child);
    match number_of(c, county, school, index, &apart)? {
        None => Ok(()),
        Some(other) => Err(taken(c, scope, other, CHECK)?),
    }
}
/// A child's school and the blind index of its ID number.
fn number_now(c: &Conn, county: Id, child: Id) -> Result<(Id, Option<Vec<u8>>)> {
    let sql = "select school_id, id_no_index from children where county_id = ?1 and id = ?2";
    let r = c.first(sql, tx_store::params![county, child])?.ok_or(Fault::NotFound)?;
    Ok((r.id(0), r.opt_bytes(1)))
}
/// 409 when a child of the same school has the ID number of the new one, but for those that it is declared not to be. One whom the caller
/// may see is named with its id.
pub(crate) fn unused_number(w: &tx_store::Write, scope: &Scope, new: &crate::change::File, apart: &[Id]) -> Result<()> {
    let Some(no) = &new.id_no else { return Ok(()) };
    let index = crate::new::id_index(w.keys(), w.county(), no);
    match number_of(w.conn(), w.county(), new.school, &index, apart)? {
        None => Ok(()),
        Some(other) => Err(taken(w.conn(), Some(scope), other, DECLARE)?),
    }
}
/// Children that a person declared not to be this one.
pub fn not_same(c: &Conn, county: Id, child: Id) -> Result<Vec<Id>> {
    let sql = "select a, b from not_same_children where county_id = ?1 and (a = ?2 or b = ?2) order by id";
    let rows = c.query(sql, tx_store::params![county, child])?;
    Ok(rows
        .iter()
        .map(|r| if r.id(0) == child { r.id(1) } else { r.id(0) })
        .collect())
}
/// Remembers that two files are two children.
pub fn set_not_same(w: &mut tx_store::Write, one: Id, other: Id) -> Result<()> {
    if not_same(w.conn(), w.county(), one)?.contains(&other) {
        return Ok(());
    }
    let (a, b) = (one.min(other), one.max(other));
    w.insert(
        &crate::tables::NOT_SAME,
        tx_store::row!["id" => Id::fresh(), "a" => a, "b" => b],
    )
}

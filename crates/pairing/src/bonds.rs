//! Helpers, their yearly checks, and pairings. What a volunteer sees follows from both: the right runs to the end of the pairing, the
//! end of the check, or a year, whichever comes first (security.md §1, law §62).

use crate::tables::{CHECKS, PAIRINGS};
use tx_access::{NewGrant, Post, Role, Scope, end_grants_for, find_account, grant, renew};
use tx_base::{Day, Fault, Id, Result, Text, say, t};
use tx_school::tables::{ADULTS, POSTS};
use tx_school::{NewPost, add_post};
use tx_store::{Conn, Value, Write, params, row};

/// Kinds of helper (features D1).
pub const KINDS: [(&str, Text); 9] = [
    ("proxy_parent", t("代理家长", "Proxy parent")),
    ("love_mother", t("爱心妈妈", "Love mother")),
    ("love_father", t("爱心爸爸", "Love father")),
    ("big_sister", t("知心姐姐", "Big sister")),
    ("party_member", t("党员", "Party member")),
    ("teacher", t("教师", "Teacher")),
    ("official", t("干部", "Official")),
    ("partner_pupil", t("心连心伙伴", "Partner pupil")),
    ("helping_teacher", t("帮扶教师", "Helping teacher")),
];
/// Kinds of adult (`adults.kind`).
pub const ADULT_KINDS: [(&str, Text); 5] = [
    ("teacher", t("教师", "Teacher")),
    ("staff", t("职工", "Staff")),
    ("volunteer", t("志愿者", "Volunteer")),
    ("official", t("干部", "Official")),
    ("expert", t("专家", "Expert")),
];
/// How many children a helper takes who has not said how many; a pair made by hand may go beyond it.
pub const USUAL_LOAD: usize = 3;

/// The words of a kind of helper.
pub fn kind_name(code: &str) -> Text {
    KINDS
        .iter()
        .chain(&ADULT_KINDS)
        .find(|(c, _)| *c == code)
        .map_or(t("帮扶人", "Helper"), |(_, t)| *t)
}
/// The kind of pairing that a word means: a code or a name of [`KINDS`]; `None` for what a helper is and no kind of pairing ([`ADULT_KINDS`]):
/// then the kind follows from the helper. The error names the choices.
pub fn parse_kind(word: &str) -> std::result::Result<Option<&'static str>, tx_base::Say> {
    let is =
        |(code, name): &&(&'static str, Text)| *code == word || name.zh == word || name.en.eq_ignore_ascii_case(word);
    if let Some((code, _)) = KINDS.iter().find(is) {
        return Ok(Some(code));
    }
    if ADULT_KINDS.iter().any(|k| is(&k)) {
        return Ok(None);
    }
    let codes = KINDS.map(|(c, _)| c).join("、");
    let form = ["one_to_one", "one_to_many", "many_to_one", "一对一", "一对多", "多对一"].contains(&word);
    let (zh, en) = if form {
        ("是结对的形式，不是种类", "is a form of pairing, no kind")
    } else {
        ("不是结对的种类", "is no kind of pairing")
    };
    Err(say(
        format!("{word} {zh}；种类有 {codes}，不写就看帮扶人"),
        format!(
            "{word} {en}; one of {}, or none to go by the helper",
            codes.replace('、', ", ")
        ),
    ))
}
/// Women are 爱心妈妈, men 爱心爸爸 (S6); else a proxy parent.
pub fn kind_by_sex(sex: Option<&str>) -> &'static str {
    match sex {
        Some("f") => "love_mother",
        Some("m") => "love_father",
        _ => "proxy_parent",
    }
}

/// Someone who may help.
#[derive(Clone, Debug)]
pub struct Helper {
    pub id: Id,
    pub name: String,
    /// f, m
    pub sex: Option<String>,
    /// a code of [`ADULT_KINDS`]
    pub kind: String,
    /// a code of [`KINDS`]
    pub helper_kind: Option<String>,
    pub unit: Option<String>,
    /// the newest check: day, last valid day, fit
    pub check: Option<(Day, Day, bool)>,
    /// children paired with now
    pub load: usize,
    /// children taken at most, as the helper said (1–5)
    pub most: Option<usize>,
}
impl Helper {
    /// Children taken at most by a proposal.
    pub fn seats(&self) -> usize {
        self.most.unwrap_or(USUAL_LOAD)
    }
    /// What forbids every pairing with this helper now.
    pub fn bar(&self, today: Day) -> Option<tx_assign::Bar> {
        if self.valid_to(today).is_some() {
            return None;
        }
        Some(match self.check {
            None => tx_assign::Bar::NotChecked,
            Some((_, _, false)) => tx_assign::Bar::CheckFailed,
            Some((_, _, true)) => tx_assign::Bar::CheckOver,
        })
    }
    /// Staff are checked when they are hired; everyone else every year.
    pub fn needs_check(&self) -> bool {
        !matches!(self.kind.as_str(), "teacher" | "staff")
    }
    /// Last day on which a child may be shown; `None` without a valid check.
    pub fn valid_to(&self, today: Day) -> Option<Day> {
        if !self.needs_check() {
            return Some(today.plus_months(12).plus(-1));
        }
        self.check
            .filter(|(_, to, fit)| *fit && *to >= today)
            .map(|(_, to, _)| to)
    }
    /// The kind of pairing offered for this helper.
    pub fn pairing_kind(&self) -> String {
        self.helper_kind
            .clone()
            .unwrap_or_else(|| kind_by_sex(self.sex.as_deref()).to_owned())
    }
}

const HELPER: &str = "a.id, a.name, a.sex, a.kind, a.helper_kind, a.unit, \
    (select count(*) from pairings p where p.county_id = a.county_id and p.adult_id = a.id and p.from_day <= ?2 and (p.to_day is null or p.to_day >= ?2)), \
    (select f.most from helper_facts f where f.county_id = a.county_id and f.id = a.id)";

fn helper(c: &Conn, county: Id, r: &tx_store::Row) -> Result<Helper> {
    let sql = "select on_day, valid_to, result from helper_checks where county_id = ?1 and adult_id = ?2 order by on_day desc, id desc limit 1";
    let check = c.first(sql, params![county, r.id(0)])?;
    Ok(Helper {
        id: r.id(0),
        name: r.text(1),
        sex: r.opt_text(2),
        kind: r.text(3),
        helper_kind: r.opt_text(4),
        unit: r.opt_text(5),
        check: check.map(|k| (k.day(0), k.day(1), k.str(2) == "fit")),
        load: usize::try_from(r.int(6)).unwrap_or_default(),
        most: r.opt_int(7).and_then(|n| usize::try_from(n).ok()),
    })
}
/// An adult of the school, or none.
pub fn fetch_helper(c: &Conn, county: Id, school: Id, id: Id, today: Day) -> Result<Option<Helper>> {
    let sql = format!("select {HELPER} from adults a where a.county_id = ?1 and a.id = ?3 and a.school_id = ?4");
    c.first(&sql, params![county, today, id, school])?
        .map(|r| helper(c, county, &r))
        .transpose()
}
/// All adults of the school who are here on the day, in the order of their names.
pub fn helpers(c: &Conn, county: Id, school: Id, today: Day) -> Result<Vec<Helper>> {
    let sql = format!(
        "select {HELPER} from adults a where a.county_id = ?1 and a.school_id = ?3 and (a.to_day is null or a.to_day >= ?2) order by a.sort_key, a.id"
    );
    c.query(&sql, params![county, today, school])?
        .iter()
        .map(|r| helper(c, county, r))
        .collect()
}

/// A helper to be added.
#[derive(Clone, Debug)]
pub struct NewHelper {
    pub id: Id,
    pub school: Id,
    pub name: String,
    pub sex: Option<String>,
    /// a code of [`ADULT_KINDS`] or of [`KINDS`]
    pub kind: String,
    pub unit: Option<String>,
    /// name of a login of this school
    pub user: Option<String>,
}

/// The codes that a new helper may have.
fn helper_kinds() -> Vec<&'static str> {
    let mut all: Vec<&str> = ADULT_KINDS.iter().chain(&KINDS).map(|(c, _)| *c).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|c| seen.insert(*c));
    all
}

/// Adds an adult who may be paired, tied to a login if one is named. A login that belongs to an adult already gives that adult.
pub fn add_helper(w: &mut Write, n: &NewHelper, today: Day) -> Result<Id> {
    let (kind, helper_kind) = match n.kind.as_str() {
        k if ADULT_KINDS.iter().any(|(c, _)| *c == k) => (k, None),
        "party_member" | "partner_pupil" | "proxy_parent" | "love_mother" | "love_father" | "big_sister" => {
            ("volunteer", Some(n.kind.as_str()))
        }
        "helping_teacher" => ("teacher", Some("helping_teacher")),
        other => {
            return Err(Fault::invalid(
                "kind",
                format!("没有 {other} 这一类帮扶人；可以是 {}", helper_kinds().join("、")),
                format!(
                    "there is no kind of helper {other}; one of {}",
                    helper_kinds().join(", ")
                ),
            ));
        }
    };
    let account = match &n.user {
        None => None,
        Some(name) => {
            let wrong = || Fault::invalid("user", "本校没有这个账号", "there is no such login in this school");
            let a = find_account(w.conn(), name)?
                .filter(|a| a.county == w.county())
                .ok_or_else(wrong)?;
            let sql = "select a.adult_id, a.school_id from accounts a where a.county_id = ?1 and a.id = ?2";
            let r = w.conn().first(sql, params![w.county(), a.id])?.ok_or_else(wrong)?;
            if r.opt_id(1).is_some_and(|s| s != n.school) {
                return Err(wrong());
            }
            Some((a.id, r.opt_id(0)))
        }
    };
    if let Some((_, Some(adult))) = account {
        w.update(&ADULTS, adult, row!["kind" => kind, "helper_kind" => helper_kind])?;
        return Ok(adult);
    }
    let (pinyin, _) = tx_child::syllables(&n.name);
    w.insert(
        &ADULTS,
        row!["id" => n.id, "school_id" => n.school, "kind" => kind, "name" => n.name.as_str(), "sex" => n.sex.as_deref(), "party_member" => n.kind == "party_member",
            "helper_kind" => helper_kind, "unit" => n.unit.as_deref(), "from_day" => today, "sort_key" => pinyin],
    )?;
    if let Some((account, None)) = account {
        w.update(&tx_access::ACCOUNTS, account, row!["adult_id" => n.id])?;
    }
    Ok(n.id)
}

/// Writes the outcome of a check: outcome and dates only. Rights of the helper's pairings follow at once.
pub fn check(w: &mut Write, school: Id, adult: Id, on: Day, valid_to: Day, result: &str, today: Day) -> Result<Id> {
    if !["fit", "unfit"].contains(&result) {
        return Err(Fault::invalid("result", "只能是 fit 或 unfit", "fit or unfit"));
    }
    if on > today {
        return Err(Fault::invalid("on", "核查的日子还没到", "the day is in the future"));
    }
    if valid_to < on || valid_to > on.plus_months(12) {
        return Err(Fault::invalid(
            "valid_to",
            "从核查那天算起，最多一年",
            "within a year of the check",
        ));
    }
    fetch_helper(w.conn(), w.county(), school, adult, today)?.ok_or(Fault::NotFound)?;
    let id = Id::fresh();
    w.insert(
        &CHECKS,
        row!["id" => id, "adult_id" => adult, "on_day" => on, "valid_to" => valid_to, "result" => result],
    )?;
    follow(w, school, adult, today)?;
    Ok(id)
}

/// A pairing to be made.
#[derive(Clone, Debug)]
pub struct NewPairing {
    pub id: Id,
    pub school: Id,
    pub helper: Id,
    pub child: Id,
    pub from: Day,
    pub to: Option<Day>,
    /// a code of [`KINDS`]; `None` = by the helper's kind or sex
    pub kind: Option<String>,
}

/// Pairs a helper and a child. 422 for a volunteer without a valid check, for one who has as many children as wished and where the guardian
/// said no; 409 when the two are paired already. The caller has asked whether it may change this child.
pub fn pair(w: &mut Write, n: &NewPairing, today: Day) -> Result<Id> {
    if let Some(h) = fetch_helper(w.conn(), w.county(), n.school, n.helper, today)?
        && h.most.is_some_and(|m| h.load >= m)
    {
        return Err(Fault::invalid(
            "helper",
            format!("{}最多帮 {} 个，已经够数了", h.name, h.load),
            format!("{} has {} children already, as many as wished", h.name, h.load),
        ));
    }
    join(w, n, today)
}
/// As [`pair`], however many children the helper has.
pub(crate) fn join(w: &mut Write, n: &NewPairing, today: Day) -> Result<Id> {
    let h = fetch_helper(w.conn(), w.county(), n.school, n.helper, today)?
        .ok_or_else(|| Fault::invalid("helper", "没有这位帮扶人", "there is no such helper"))?;
    if h.valid_to(today).is_none() {
        return Err(Fault::invalid(
            "helper",
            match h.check {
                None => format!("{}还没有核查结果，不能结对", h.name),
                Some((_, _, false)) => format!("{}核查没有通过，不能结对", h.name),
                Some((_, to, true)) => format!("{}的核查到 {to} 为止，要先重新核查", h.name),
            },
            format!("{} has no valid check and cannot be paired", h.name),
        ));
    }
    if crate::people::consent_of(w.conn(), w.county(), n.child)? == tx_assign::Consent::Withheld {
        return Err(Fault::invalid(
            "child",
            "监护人没同意结对",
            "the guardian did not consent to a pairing",
        ));
    }
    if n.to.is_some_and(|to| to < n.from) {
        return Err(Fault::invalid("to", "结束早于开始", "it ends before it begins"));
    }
    if n.from > today.plus(366) {
        return Err(Fault::invalid("from", "太远了", "too far ahead"));
    }
    let kind = match &n.kind {
        Some(k) => parse_kind(k)
            .map_err(|e| Fault::invalid("kind", e.zh, e.en))?
            .map_or_else(|| h.pairing_kind(), str::to_owned),
        None => h.pairing_kind(),
    };
    let sql = "select count(*) from pairings where county_id = ?1 and adult_id = ?2 and child_id = ?3 and (to_day is null or to_day >= ?4)";
    if w.conn().count(sql, params![w.county(), n.helper, n.child, n.from])? > 0 {
        return Err(Fault::Conflict(say("这两位已经结对", "These two are paired already")));
    }
    w.insert(
        &PAIRINGS,
        row!["id" => n.id, "school_id" => n.school, "adult_id" => n.helper, "child_id" => n.child, "kind" => kind, "from_day" => n.from, "to_day" => n.to, "locked" => false],
    )?;
    follow(w, n.school, n.helper, today)?;
    Ok(n.id)
}

/// Ends a pairing; `on` is its last day. The reason is sealed under the child's key.
pub fn end(w: &mut Write, id: Id, on: Day, reason: &str, today: Day) -> Result<()> {
    let sql = "select child_id, from_day, to_day, adult_id, school_id from pairings where county_id = ?1 and id = ?2";
    let r = w.conn().first(sql, params![w.county(), id])?.ok_or(Fault::NotFound)?;
    let (child, from) = (r.id(0), r.day(1));
    if r.opt_day(2).is_some_and(|to| to < today) {
        return Err(Fault::Conflict(say("已经结束了", "It has ended already")));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Fault::invalid(
            "reason",
            "原因要写 1 到 500 个字",
            "A reason of 1 to 500 characters is needed",
        ));
    }
    if on > today.plus(366) || on < from.plus(-1) {
        return Err(Fault::invalid(
            "on",
            format!("不能早于 {from}"),
            format!("not before {from}"),
        ));
    }
    finish(w, id, child, r.id(3), on, reason)
}
fn finish(w: &mut Write, id: Id, child: Id, adult: Id, on: Day, reason: &str) -> Result<()> {
    let sealed = w
        .keys()
        .seal_child(w.conn(), w.county(), child, "pairings", id, "end_reason", reason)?;
    w.update(&PAIRINGS, id, row!["to_day" => on, "end_reason" => sealed])?;
    end_grants_for(w, id, on)?;
    end_posts(w, adult, child, on)
}
fn end_posts(w: &mut Write, adult: Id, child: Id, on: Day) -> Result<()> {
    let sql = "select id from posts where county_id = ?1 and adult_id = ?2 and child_id = ?3 and post = 'helper' and (to_day is null or to_day > ?4) order by id";
    for r in w.conn().query(sql, params![w.county(), adult, child, on])? {
        w.update(&POSTS, r.id(0), row!["to_day" => on])?;
    }
    Ok(())
}

/// Brings the rights of a helper's running pairings up to what pairing and check allow.
pub fn follow(w: &mut Write, school: Id, adult: Id, today: Day) -> Result<()> {
    let county = w.county();
    let h = fetch_helper(w.conn(), county, school, adult, today)?.ok_or(Fault::NotFound)?;
    let account = tx_child::key::account_of(w.conn(), county, school, adult)?;
    let sql = "select id, child_id, from_day, to_day from pairings where county_id = ?1 and adult_id = ?2 and (to_day is null or to_day >= ?3) order by id";
    for r in w.conn().query(sql, params![county, adult, today])? {
        let (id, child, from, to) = (r.id(0), r.id(1), r.day(2), r.opt_day(3));
        // without a valid check nothing is shown any more
        let last = match h.valid_to(today) {
            Some(valid) => [to, Some(valid), Some(from.max(today).plus_months(12).plus(-1))]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(valid),
            None => today.plus(-1),
        };
        // nor to who is not of the staff once the guardian has said no
        let refused =
            h.needs_check() && crate::people::consent_of(w.conn(), county, child)? == tx_assign::Consent::Withheld;
        let last = if refused { today.plus(-1) } else { last };
        let held = "select count(*) from grants where county_id = ?1 and source_id = ?2";
        if w.conn().count(held, params![county, id])? > 0 {
            renew(w, id, Some(last))?;
        } else if let Some(account) = account.filter(|_| last >= from) {
            grant(w, &NewGrant::paired(account, child, id, from, Some(last)))?;
        }
        let posted = "select count(*) from posts where county_id = ?1 and adult_id = ?2 and child_id = ?3 and post = 'helper' and (to_day is null or to_day >= ?4)";
        if account.is_some() && w.conn().count(posted, params![county, adult, child, today])? == 0 {
            let post = add_post(
                w,
                &NewPost {
                    school,
                    adult,
                    account,
                    post: "helper",
                    class: None,
                    from,
                },
            )?;
            w.update(&POSTS, post, row!["child_id" => child, "to_day" => to])?;
        }
    }
    Ok(())
}

/// Brings the rights of all who help a child up to what the guardian answered.
pub(crate) fn follow_child(w: &mut Write, child: Id) -> Result<()> {
    let today = w.now().day();
    let sql = "select distinct school_id, adult_id from pairings where county_id = ?1 and child_id = ?2 and (to_day is null or to_day >= ?3) order by adult_id, school_id";
    for r in w.conn().query(sql, params![w.county(), child, today])? {
        follow(w, r.id(0), r.id(1), today)?;
    }
    Ok(())
}

/// Ends all running pairings of a child that leaves. `by` is the step with which they are opened again.
pub(crate) fn end_all(w: &mut Write, child: Id, last: Day, by: Option<Id>) -> Result<()> {
    let sql = "select id, from_day, to_day, adult_id from pairings where county_id = ?1 and child_id = ?2 and (to_day is null or to_day > ?3) order by id";
    for r in w.conn().query(sql, params![w.county(), child, last])? {
        let on = last.max(r.day(1).plus(-1));
        finish(w, r.id(0), child, r.id(3), on, "离校")?;
        if by.is_some() {
            w.update(&PAIRINGS, r.id(0), row!["ended_by" => by, "was_to" => r.opt_day(2)])?;
        }
    }
    Ok(())
}
/// Opens again what a step ended, with its posts and rights, as if it had not. Two who were paired anew since keep that pairing alone.
pub(crate) fn reopen_all(w: &mut Write, child: Id, by: Id) -> Result<()> {
    let (county, today) = (w.county(), w.now().day());
    let sql = "select id, adult_id, school_id, from_day, to_day, was_to from pairings where county_id = ?1 and child_id = ?2 and ended_by = ?3 order by id";
    for r in w.conn().query(sql, params![county, child, by])? {
        let (id, adult, ended, to) = (r.id(0), r.id(1), r.day(4), r.opt_day(5));
        let anew = "select count(*) from pairings where county_id = ?1 and adult_id = ?2 and child_id = ?3 and id <> ?4 and (to_day is null or to_day > ?5)";
        if w.conn().count(anew, params![county, adult, child, id, ended])? > 0 {
            continue;
        }
        w.update(
            &PAIRINGS,
            id,
            row!["to_day" => to, "end_reason" => Value::Null, "ended_by" => Value::Null, "was_to" => Value::Null],
        )?;
        let posts = "select id from posts where county_id = ?1 and adult_id = ?2 and child_id = ?3 and post = 'helper' and to_day = ?4 order by id";
        for p in w.conn().query(posts, params![county, adult, child, ended])? {
            w.update(&POSTS, p.id(0), row!["to_day" => to])?;
        }
        follow(w, r.id(2), adult, today)?;
    }
    Ok(())
}

/// A pairing as it is shown.
#[derive(Clone, Debug)]
pub struct Pair {
    pub id: Id,
    pub version: i64,
    pub helper: Id,
    pub helper_name: String,
    /// a code of [`ADULT_KINDS`]
    pub helper_is: String,
    pub unit: Option<String>,
    pub child: Id,
    pub child_name: String,
    pub class_name: Option<String>,
    pub class_code: Option<String>,
    /// a code of [`KINDS`]
    pub kind: String,
    pub from: Day,
    pub to: Option<Day>,
}
impl Pair {
    pub fn runs(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| to >= day)
    }
}

/// Pairings of children in scope, the newest first; of one child or one helper if asked.
pub fn list(c: &Conn, scope: &Scope, child: Option<Id>, helper: Option<Id>) -> Result<Vec<Pair>> {
    let f = scope.children("c", 0);
    let mut vals = f.params;
    let mut sql = format!(
        "select p.id, p.version, a.id, a.name, a.kind, a.unit, c.id, c.name, k.name, k.code, p.kind, p.from_day, p.to_day \
         from pairings p join children c on c.county_id = p.county_id and c.id = p.child_id join adults a on a.county_id = p.county_id and a.id = p.adult_id \
         left join classes k on k.county_id = c.county_id and k.id = c.class_id where {} and c.deleted_at is null",
        f.sql
    );
    for (column, v) in [("p.child_id", child), ("p.adult_id", helper)] {
        if let Some(v) = v {
            vals.push(v.into());
            sql.push_str(&format!(" and {column} = ?{}", vals.len()));
        }
    }
    // pairing is of class P: who sees only names sees only the own bonds
    let whole = scope.holds(Post::Office)
        || [Role::Head, Role::Leader, Role::Counsellor]
            .iter()
            .any(|r| scope.is(*r));
    if !whole {
        let mut any = Vec::new();
        vals.push(scope.adult.unwrap_or(Id::NIL).into());
        any.push(format!("p.adult_id = ?{}", vals.len()));
        for class in &scope.leads {
            vals.push((*class).into());
            any.push(format!("c.class_id = ?{}", vals.len()));
        }
        sql.push_str(&format!(" and ({})", any.join(" or ")));
    }
    sql.push_str(" order by p.from_day desc, p.id desc limit 5000");
    Ok(c.query(&sql, &vals)?
        .iter()
        .map(|r| Pair {
            id: r.id(0),
            version: r.int(1),
            helper: r.id(2),
            helper_name: r.text(3),
            helper_is: r.text(4),
            unit: r.opt_text(5),
            child: r.id(6),
            child_name: r.text(7),
            class_name: r.opt_text(8),
            class_code: r.opt_text(9),
            kind: r.text(10),
            from: r.day(11),
            to: r.opt_day(12),
        })
        .collect())
}

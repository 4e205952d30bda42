//! Everything that a proposal looks at: the children without a helper with their wishes, the helpers with what they bring along.

use crate::bonds::{self, Helper, KINDS, Pair};
use crate::tables::{HELPER_FACTS, WISHES};
use std::collections::HashMap;
use tx_access::Scope;
use tx_assign::{Consent, Kid, Sex};
use tx_base::{Day, Fault, Id, Result, say};
use tx_child::Child;
use tx_child::consent::{Answer, Noted, Purpose};
use tx_store::{Conn, Keys, Value, Write, params, row};

/// Words of one list.
const WORDS: usize = 6;
/// Characters of one word.
const WORD: usize = 12;

/// A list of short words as it is typed: 画画、篮球. The error says what is wrong with it.
pub fn words(text: &str) -> std::result::Result<Vec<String>, tx_base::Say> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split(['、', ',', '，', ';', '；', '/', ' ', '\n', '\t', '\r']) {
        let word = word.trim();
        if !word.is_empty() && !out.iter().any(|w| w == word) {
            out.push(word.to_owned());
        }
    }
    let long = out
        .iter()
        .any(|w| w.chars().count() > WORD || w.chars().any(char::is_control));
    if long || out.len() > WORDS {
        return Err(say(
            format!("最多 {WORDS} 个词，每个 {WORD} 个字以内，用顿号隔开"),
            format!("at most {WORDS} words of {WORD} characters, with commas between them"),
        ));
    }
    Ok(out)
}
/// What a file says of hobbies, cut into words; longer phrases are left whole and shortened nowhere.
fn hobbies(text: &str) -> Vec<String> {
    text.split(|c: char| "、,，;；/。和 ".contains(c) || c.is_whitespace())
        .map(|w| w.trim().trim_start_matches("喜欢").trim_start_matches('爱'))
        .filter(|w| !w.is_empty() && w.chars().count() <= WORD)
        .map(str::to_owned)
        .collect()
}
fn list(text: Option<String>) -> Vec<String> {
    text.map(|t| t.split('、').filter(|w| !w.is_empty()).map(str::to_owned).collect())
        .unwrap_or_default()
}
fn joined(list: &[String]) -> Option<String> {
    (!list.is_empty()).then(|| list.join("、"))
}

/// What a helper brings along and wishes for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// 1–5
    pub most: Option<usize>,
    pub village: Option<String>,
    pub near: Vec<String>,
    pub dialects: Vec<String>,
    pub hobbies: Vec<String>,
    /// f, m
    pub wants_sex: Option<String>,
}
const FACTS: &str = "id, most, village, near, dialects, hobbies, wants_sex";
fn facts(r: &tx_store::Row) -> (Id, Facts) {
    let f = Facts {
        most: r.opt_int(1).and_then(|n| usize::try_from(n).ok()),
        village: r.opt_text(2),
        near: list(r.opt_text(3)),
        dialects: list(r.opt_text(4)),
        hobbies: list(r.opt_text(5)),
        wants_sex: r.opt_text(6),
    };
    (r.id(0), f)
}
/// Of one helper of a school.
pub fn facts_of(c: &Conn, county: Id, school: Id, adult: Id) -> Result<Facts> {
    let sql = format!("select {FACTS} from helper_facts where county_id = ?1 and id = ?2 and school_id = ?3");
    Ok(c.first(&sql, params![county, adult, school])?
        .map(|r| facts(&r).1)
        .unwrap_or_default())
}
/// Writes them down; the caller has asked whether the helper is of the school.
pub fn set_facts(w: &mut Write, school: Id, adult: Id, f: &Facts) -> Result<()> {
    if f.most.is_some_and(|n| !(1..=5).contains(&n)) {
        return Err(Fault::invalid("most", "1 到 5 个", "from 1 to 5"));
    }
    if f.village.as_ref().is_some_and(|v| v.chars().count() > 30) {
        return Err(Fault::invalid("village", "最多 30 个字", "at most 30 characters"));
    }
    if f.wants_sex.as_deref().is_some_and(|s| Sex::parse(s).is_none()) {
        return Err(Fault::invalid("wants_sex", "只能是 f 或 m", "f or m"));
    }
    let most = f.most.map(|n| n as i64);
    let cells = row!["most" => most, "village" => f.village.as_deref(), "near" => joined(&f.near), "dialects" => joined(&f.dialects),
        "hobbies" => joined(&f.hobbies), "wants_sex" => f.wants_sex.as_deref()];
    let there = "select count(*) from helper_facts where county_id = ?1 and id = ?2";
    if w.conn().count(there, params![w.county(), adult])? > 0 {
        w.update(&HELPER_FACTS, adult, cells)?;
    } else {
        w.insert(
            &HELPER_FACTS,
            [row!["id" => adult, "school_id" => school], cells].concat(),
        )?;
    }
    Ok(())
}

/// What a child wishes of a helper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// a code of [`KINDS`]
    pub kind: Option<String>,
    /// f, m
    pub sex: Option<String>,
    pub dialects: Vec<String>,
}
fn wish(r: &tx_store::Row) -> (Id, Wish) {
    let w = Wish {
        kind: r.opt_text(1),
        sex: r.opt_text(2),
        dialects: list(r.opt_text(3)),
    };
    (r.id(0), w)
}
/// Of one child; the caller has asked whether it may see this child.
pub fn wish_of(c: &Conn, county: Id, child: Id) -> Result<Wish> {
    let sql = "select child_id, kind, sex, dialects from pairing_wishes where county_id = ?1 and child_id = ?2 order by id desc limit 1";
    Ok(c.first(sql, params![county, child])?
        .map(|r| wish(&r).1)
        .unwrap_or_default())
}
/// Writes them down; the caller has asked whether it may change this child.
pub fn set_wish(w: &mut Write, school: Id, child: Id, n: &Wish) -> Result<()> {
    if n.kind.as_ref().is_some_and(|k| !KINDS.iter().any(|(c, _)| c == k)) {
        return Err(Fault::invalid(
            "kind",
            "没有这一类帮扶人",
            "there is no such kind of helper",
        ));
    }
    if n.sex.as_deref().is_some_and(|s| Sex::parse(s).is_none()) {
        return Err(Fault::invalid("sex", "只能是 f 或 m", "f or m"));
    }
    let cells = row!["kind" => n.kind.as_deref(), "sex" => n.sex.as_deref(), "dialects" => joined(&n.dialects)];
    let there = "select id from pairing_wishes where county_id = ?1 and child_id = ?2 order by id desc limit 1";
    if let Some(r) = w.conn().first(there, params![w.county(), child])? {
        w.update(&WISHES, r.id(0), cells)?;
    } else {
        w.insert(
            &WISHES,
            [
                row!["id" => Id::fresh(), "school_id" => school, "child_id" => child],
                cells,
            ]
            .concat(),
        )?;
    }
    Ok(())
}

fn said(a: Answer) -> Consent {
    if a == Answer::Given {
        Consent::Given
    } else {
        Consent::Withheld
    }
}
/// What the guardian last said to a helper for this child.
pub fn consent_of(c: &Conn, county: Id, child: Id) -> Result<Consent> {
    Ok(consent_noted(c, county, child)?.map_or(Consent::Open, |n| said(n.answer)))
}
/// The same as it was noted.
pub fn consent_noted(c: &Conn, county: Id, child: Id) -> Result<Option<Noted>> {
    let all = tx_child::consent::answers(c, county, child)?;
    Ok(all.into_iter().find(|n| n.purpose == Purpose::Helper))
}

/// The school as a proposal sees it. Children are those of the caller's scope.
pub struct Ground {
    /// every child of the scope that is here
    pub kids: Vec<Child>,
    /// those of them who have nobody and may be changed by the caller, as indexes of `kids`, and what fits them
    pub free: Vec<(usize, Kid)>,
    pub helpers: Vec<Helper>,
    /// what fits each helper, in the same order
    pub hands: Vec<tx_assign::Helper>,
    pub pairs: Vec<Pair>,
}
impl Ground {
    pub fn read(c: &Conn, keys: &Keys, scope: &Scope, school: Id) -> Result<Ground> {
        let (county, today) = (scope.county, scope.today);
        let page = tx_child::Page {
            limit: 5000,
            ..tx_child::Page::default()
        };
        let kids = tx_child::list(c, scope, &page)?;
        let pairs = bonds::list(c, scope, None, None)?;
        let helpers = bonds::helpers(c, county, school, today)?;
        let now: Vec<&Pair> = pairs.iter().filter(|p| p.to.is_none_or(|to| to >= today)).collect();
        let paired: std::collections::HashSet<Id> = now.iter().map(|p| p.child).collect();
        let homes: HashMap<Id, u128> = kids
            .iter()
            .filter_map(|k| Some((k.id, k.household?.0.as_u128())))
            .collect();

        let sql = "select child_id, kind, sex, dialects from pairing_wishes where county_id = ?1 and school_id = ?2 order by id";
        let wishes: HashMap<Id, Wish> = c.query(sql, params![county, school])?.iter().map(wish).collect();
        let sql = "select x.child_id, x.answer from consents x join children c on c.county_id = x.county_id and c.id = x.child_id \
            where x.county_id = ?1 and c.school_id = ?2 and x.purpose = ?3 order by x.on_day, x.id";
        let consents: HashMap<Id, Consent> = c
            .query(sql, params![county, school, Purpose::Helper.code()])?
            .iter()
            .filter_map(|r| Some((r.id(0), said(Answer::parse(r.str(1))?))))
            .collect();
        // those on the school's list: who is not on it owes and is owed nothing here
        let open = |k: &Child| k.sight.write && k.left_behind && !paired.contains(&k.id);
        let mut liked: HashMap<Id, Vec<String>> = HashMap::new();
        let f = scope.children("c", 0);
        let sql = format!(
            "select c.id, c.more from children c where {} and c.deleted_at is null and c.state = 'active' and c.more is not null",
            f.sql
        );
        let wanted: std::collections::HashSet<Id> = kids.iter().filter(|k| open(k)).map(|k| k.id).collect();
        if !wanted.is_empty() {
            for r in c.query(&sql, &f.params)?.iter().filter(|r| wanted.contains(&r.id(0))) {
                let Some(sealed) = r.opt_bytes(1) else { continue };
                let more = keys.open_child(c, county, r.id(0), "children", r.id(0), "more", &sealed)?;
                let more: tx_child::Facts = more.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
                if let Some(h) = more.get("hobby") {
                    liked.insert(r.id(0), hobbies(h));
                }
            }
        }
        let free = kids
            .iter()
            .enumerate()
            .filter(|(_, k)| open(k))
            .map(|(i, k)| {
                let wish = wishes.get(&k.id).cloned().unwrap_or_default();
                let fit = Kid {
                    sex: k.sex.as_deref().and_then(Sex::parse),
                    village: k.village.clone(),
                    dialects: wish.dialects,
                    hobbies: liked.remove(&k.id).unwrap_or_default(),
                    wants_kind: wish
                        .kind
                        .map(|code| (bonds::kind_name(&code), code))
                        .map(|(name, code)| (code, name)),
                    wants_sex: wish.sex.as_deref().and_then(Sex::parse),
                    consent: consents.get(&k.id).copied().unwrap_or_default(),
                    household: homes.get(&k.id).copied(),
                };
                (i, fit)
            })
            .collect();

        let sql = format!("select {FACTS} from helper_facts where county_id = ?1 and school_id = ?2");
        let mut brought: HashMap<Id, Facts> = c.query(&sql, params![county, school])?.iter().map(facts).collect();
        let mut known: HashMap<Id, Vec<u128>> = HashMap::new();
        for p in &now {
            if let Some(home) = homes.get(&p.child) {
                known.entry(p.helper).or_default().push(*home);
            }
        }
        let hands = helpers
            .iter()
            .map(|h| {
                let f = brought.remove(&h.id).unwrap_or_default();
                tx_assign::Helper {
                    kind: h.pairing_kind(),
                    sex: h.sex.as_deref().and_then(Sex::parse),
                    village: f.village,
                    near: f.near,
                    dialects: f.dialects,
                    hobbies: f.hobbies,
                    wants_sex: f.wants_sex.as_deref().and_then(Sex::parse),
                    seats: h.seats(),
                    taken: h.load,
                    outside: h.needs_check(),
                    bar: h.bar(today),
                    households: known.remove(&h.id).unwrap_or_default(),
                }
            })
            .collect();
        Ok(Ground {
            kids,
            free,
            helpers,
            hands,
            pairs,
        })
    }
    /// The place of a child among those who have nobody.
    pub fn free_at(&self, child: Id) -> Option<usize> {
        self.free.iter().position(|(i, _)| self.kids[*i].id == child)
    }
    pub fn helper_at(&self, adult: Id) -> Option<usize> {
        self.helpers.iter().position(|h| h.id == adult)
    }
}

/// A helper whose check is over, or is over soon, and who has children.
#[derive(Clone, Debug)]
pub struct Lapse {
    pub helper: Id,
    pub name: String,
    /// last valid day; `None` = there is none any more
    pub valid_to: Option<Day>,
    /// children paired with
    pub children: usize,
}
/// Days before the end of a check in which the head is told.
const AHEAD: i32 = 30;
/// Checks that are over or will be soon, those over first (law §62): the head is told on Today.
pub fn lapses(c: &Conn, county: Id, school: Id, today: Day) -> Result<Vec<Lapse>> {
    let sql = "select distinct a.id from adults a join pairings p on p.county_id = a.county_id and p.adult_id = a.id where a.county_id = ?1 and a.school_id = ?2 \
        and a.kind not in ('teacher', 'staff') and p.from_day <= ?3 and (p.to_day is null or p.to_day >= ?3) order by a.id";
    let vals: &[Value] = params![county, school, today];
    let mut out = Vec::new();
    for r in c.query(sql, vals)? {
        let Some(h) = bonds::fetch_helper(c, county, school, r.id(0), today)? else {
            continue;
        };
        let valid_to = h.valid_to(today);
        if valid_to.is_none_or(|d| d <= today.plus(AHEAD)) {
            out.push(Lapse {
                helper: h.id,
                name: h.name,
                valid_to,
                children: h.load,
            });
        }
    }
    out.sort_by_key(|l| l.valid_to);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_into_words() {
        assert_eq!(
            words(" 画画，篮球、画画 "),
            Ok(vec!["画画".to_owned(), "篮球".to_owned()])
        );
        assert_eq!(words("、 ，"), Ok(Vec::new()));
        assert!(words("一、二、三、四、五、六、七").is_err(), "seven");
        assert!(words("一二三四五六七八九十一二三").is_err(), "a sentence");
    }
    #[test]
    fn what_a_file_says_of_hobbies_gives_its_words_and_no_sentence() {
        assert_eq!(hobbies("喜欢画画、爱唱歌和打篮球。"), ["画画", "唱歌", "打篮球"]);
        assert!(hobbies("放学以后一个人在河边坐着看别人钓鱼").is_empty());
        assert!(hobbies("").is_empty());
    }
}

//! The list behind a number: exactly the records, children or pairings that it counts, each with what it adds (features K10).

use crate::figure::{Amount, Counted, Figure, How, Item, Set, What};
use std::collections::{HashMap, HashSet};
use tx_access::{ChildPlace, Scope, Sight};
use tx_base::{Day, Id, Lang, Result, t};
use tx_record::find_kind;
use tx_store::{Class, Conn, Value, params};

/// One row of the list. Names stand only where this person may see them; counts and days always.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// 谈心, 结对, 概况
    pub what: String,
    /// one character of a seal
    pub seal: String,
    /// who or what: names and plain titles; empty when they may not be seen
    pub who: String,
    pub on: Option<Day>,
    /// its place in the split, in words
    pub key: String,
    /// what it adds to the number
    pub adds: Amount,
    /// 没做到 of a share
    pub missed: bool,
    pub record: Option<Id>,
    pub child: Option<Id>,
    /// `/pairing`, `/school` and such, for what is no record
    pub place: &'static str,
}

/// The items of a number that show as rows: those that add to it, and of a share those that were not reached.
pub(crate) fn shown<'n>(f: &Figure, n: &'n Counted, key: Option<&str>) -> Vec<&'n Item> {
    let share = matches!(f.how, How::Reached(_));
    n.items
        .iter()
        .filter(|i| match key {
            None => share || i.counts != 0,
            Some(k) => i.key.as_deref() == Some(k) && (share || i.in_key != 0),
        })
        .collect()
}

/// Rows `from` … `from + many` of the list behind a number, or behind one key of its split.
pub fn rows(
    c: &Conn,
    scope: &Scope,
    f: &Figure,
    n: &Counted,
    key: Option<&str>,
    from: usize,
    many: usize,
    lang: Lang,
) -> Result<Vec<Row>> {
    let items = shown(f, n, key);
    let page: Vec<&&Item> = items.iter().skip(from).take(many).collect();
    let names = Names::load(c, scope, f)?;
    let money = matches!(n.value, Amount::Cents(_));
    page.iter()
        .map(|i| {
            let adds = if key.is_some() { i.in_key } else { i.counts };
            let mut row = Row {
                on: i.on,
                // the day says the month already
                key: i
                    .key
                    .as_deref()
                    .filter(|_| f.by != crate::By::Month)
                    .map(|k| words(f, k, lang))
                    .unwrap_or_default(),
                adds: if money {
                    Amount::Cents(adds)
                } else {
                    Amount::Whole(adds)
                },
                missed: matches!(f.how, How::Reached(_)) && adds == 0,
                child: i.child.filter(|c| names.child(*c).is_some()),
                ..Row::default()
            };
            let kind = find_kind(&i.kind);
            row.what = kind.map(|k| k.name.in_lang(lang).to_owned()).unwrap_or_default();
            row.seal = kind.map(|k| k.seal.to_owned()).unwrap_or_default();
            let mut who: Vec<String> = Vec::new();
            who.extend(i.child.map(|c| {
                names
                    .child(c)
                    .map_or_else(|| t("一个孩子", "a child").in_lang(lang).to_owned(), str::to_owned)
            }));
            if let Some(a) = i.adult.filter(|_| i.what != What::Pairing || row.child.is_some()) {
                who.extend(names.adults.get(&a).cloned());
            }
            match i.what {
                What::Record => {
                    let (title, about) = record_words(c, scope, i.source)?;
                    if names.may_open(i.source, about) {
                        row.record = Some(i.source);
                        who.extend(title.filter(|_| about == 0 || i.child.is_none()));
                        if about > 0 && i.child.is_none() && i.adult.is_none() {
                            who.push(names.of_record(c, scope, i.source, about, lang)?);
                        }
                    }
                }
                What::Pairing => {
                    (row.what, row.seal, row.place) =
                        (t("结对", "Pairing").in_lang(lang).into(), "护".into(), "/pairing")
                }
                What::Member => {
                    (row.what, row.place) = (t("领导小组", "Leading group").in_lang(lang).into(), "/school/group")
                }
                What::Post => (row.what, row.place) = (t("岗位", "Post").in_lang(lang).into(), "/people"),
                What::Profile => {
                    (row.what, row.place) = (t("学校概况", "Profile of the school").in_lang(lang).into(), "/school")
                }
                What::Child => row.what = t("孩子", "Child").in_lang(lang).into(),
                What::Duty => {}
            }
            row.who = who.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join("，");
            Ok(row)
        })
        .collect()
}

/// A key of a split in words: 2025年9月, 2025—2026学年度第一学期, 中秋, 四(1)班.
pub(crate) fn words(f: &Figure, key: &str, lang: Lang) -> String {
    if let Ok(d) = Day::parse(&format!("{key}-01")) {
        return match lang {
            Lang::Zh => format!("{}年{}月", d.year(), d.month()),
            Lang::En => key.to_owned(),
        };
    }
    if let Some((year, n @ ("1" | "2"))) = key.split_once('-')
        && year.len() == 4
    {
        return match lang {
            Lang::Zh => format!("{year}学年{}学期", if n == "1" { "上" } else { "下" }),
            Lang::En => format!("{year}, term {n}"),
        };
    }
    let choice = f.pick.kinds.iter().filter_map(|k| find_kind(k)).find_map(|k| {
        let crate::By::Field(name) = f.by else { return None };
        match k.fields.iter().find(|d| d.id == name)?.ty {
            tx_record::FieldType::Choice(o) | tx_record::FieldType::Choices(o) => {
                o.iter().find(|o| o.id == key).map(|o| o.name)
            }
            _ => None,
        }
    });
    if let Some(name) = choice.or_else(|| find_kind(key).map(|k| k.name)) {
        return name.in_lang(lang).to_owned();
    }
    if let Some(code) = tx_calendar::ClassCode::from_code(key) {
        return match lang {
            Lang::Zh => code.screen(),
            Lang::En => code.english(),
        };
    }
    key.to_owned()
}

/// A plain title of a record and how many children it is about.
fn record_words(c: &Conn, scope: &Scope, id: Id) -> Result<(Option<String>, i64)> {
    let r = c.first(
        "select title, fields, kind, child_count from records where county_id = ?1 and id = ?2",
        params![scope.county, id],
    )?;
    let Some(r) = r else { return Ok((None, 0)) };
    let fields = r.json(1);
    // the first plain word of the head: a name, a title, a place
    let named = find_kind(r.str(2)).and_then(|k| {
        k.fields
            .iter()
            .filter(|f| f.class == Class::O && matches!(f.ty, tx_record::FieldType::Text))
            .find_map(|f| fields[f.id].as_str().filter(|s| !s.is_empty()).map(str::to_owned))
    });
    Ok((r.opt_text(0).or(named), r.int(3)))
}

/// Names that this person may see beside a figure.
struct Names {
    children: HashMap<Id, String>,
    adults: HashMap<Id, String>,
    /// records that touch a child in scope
    records: HashSet<Id>,
    whole: bool,
}

impl Names {
    fn load(c: &Conn, scope: &Scope, f: &Figure) -> Result<Names> {
        // that a child is a key child is sensitive; that it was visited, paired or left-behind is personal (security.md §1)
        let class = if matches!(f.how, How::Children(Set::Key | Set::KeyWithHelper)) {
            Class::S
        } else {
            Class::P
        };
        let sql_of = |n: usize| scope.children("c", n);
        let key = "exists (select 1 from key_children k where k.county_id = c.county_id and k.child_id = c.id and k.to_day is null)";
        let f = sql_of(0);
        let mut children = HashMap::new();
        let whole = scope.whole_school();
        c.each(
            &format!(
                "select c.id, c.name, c.school_id, c.class_id, {key} from children c where c.deleted_at is null and {}",
                f.sql
            ),
            &f.params,
            |r| {
                let class_id = r.opt_id(3);
                let direct = whole || class_id.is_some_and(|k| scope.leads.contains(&k) || scope.teaches.contains(&k));
                let sight: Sight = scope.sight(ChildPlace {
                    id: r.id(0),
                    school: r.id(2),
                    class: class_id,
                    key: r.int(4) != 0,
                    paired: !direct,
                });
                if sight.shows(class) {
                    children.insert(r.id(0), r.text(1));
                }
                Ok(())
            },
        )?;
        let mut adults = HashMap::new();
        let school = scope.school.as_ref().map_or(Id::NIL, |s| s.id);
        c.each(
            "select id, name from adults where county_id = ?1 and school_id = ?2",
            params![scope.county, school],
            |r| {
                adults.insert(r.id(0), r.text(1));
                Ok(())
            },
        )?;
        let mut records = HashSet::new();
        if !whole {
            let f = sql_of(1);
            let mut vals: Vec<Value> = vec![scope.county.into()];
            vals.extend(f.params);
            let sql = format!(
                "select distinct l.record_id from record_lines l join children c on c.county_id = l.county_id and c.id = l.child_id where l.county_id = ?1 and {}",
                f.sql
            );
            c.each(&sql, &vals, |r| {
                records.insert(r.id(0));
                Ok(())
            })?;
        }
        Ok(Names {
            children,
            adults,
            records,
            whole,
        })
    }
    fn child(&self, id: Id) -> Option<&str> {
        self.children.get(&id).map(String::as_str)
    }
    fn may_open(&self, record: Id, about: i64) -> bool {
        self.whole || about == 0 || self.records.contains(&record)
    }
    /// The first names of a record's children: 石若曦、龙俊杰等 12 人.
    fn of_record(&self, c: &Conn, scope: &Scope, record: Id, about: i64, lang: Lang) -> Result<String> {
        let sql = "select child_id from record_lines where county_id = ?1 and record_id = ?2 and child_id is not null order by ord, id limit 3";
        let first: Vec<&str> = c
            .query(sql, params![scope.county, record])?
            .iter()
            .filter_map(|r| self.child(r.id(0)))
            .collect();
        let more = about > first.len() as i64;
        Ok(match (lang, more) {
            (Lang::Zh, true) if first.is_empty() => format!("{about} 人"),
            (Lang::Zh, true) => format!("{}等 {about} 人", first.join("、")),
            (Lang::Zh, false) => first.join("、"),
            (Lang::En, true) => format!("{} of {about} children", first.join(", ")),
            (Lang::En, false) => first.join(", "),
        })
    }
}

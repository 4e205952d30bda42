//! From the store to the engine: dated episodes, stays, posts, lines and written facts of one school.

use std::collections::HashMap;
use std::sync::Arc;
use tx_base::{Day, Id, Result};
use tx_calendar::Calendar;
use tx_duty::{
    Ask, Assign, Child, Class, ClassStay, Duty, Excuse, Given, Line, Move, Outcome, Plan, PostRow, Promise, Scheme,
    Spell, Subject,
};
use tx_record::{Promised, find_kind};
use tx_store::{Conn, Value, params};

/// What the engine needs of a school.
pub struct Fed {
    pub school: Id,
    ground: Arc<Ground>,
    children: Vec<Child>,
    lines: Vec<Line>,
    /// the written facts of the ground, with what records promise
    facts: tx_duty::Facts,
}

/// What the duties of a school follow from besides its children and records. It changes rarely, so it is read and worked out once.
pub struct Ground {
    pub calendar: Arc<Calendar>,
    pub scheme: Scheme,
    pub plan: Plan,
    classes: Vec<Class>,
    posts: Vec<PostRow>,
    facts: tx_duty::Facts,
}

impl std::ops::Deref for Fed {
    type Target = Ground;
    fn deref(&self) -> &Ground {
        &self.ground
    }
}

/// The ground of a school's duties.
pub fn ground(c: &Conn, county: Id, school: Id, today: Day) -> Result<Arc<Ground>> {
    // a school without a calendar of its own has the usual one of the years around today
    let year = tx_calendar::SchoolYear::of(today).first;
    c.kept(county, &format!("{school} {year}"), || {
        let (calendar, scheme) = (
            tx_school::calendar(c, county, school, today)?,
            tx_school::scheme(c, county, school)?,
        );
        let mut classes = Vec::new();
        c.each(
            "select id, year_first from classes where county_id = ?1 and school_id = ?2 order by code, id",
            params![county, school],
            |r| {
                let span = tx_calendar::SchoolYear::new(r.int(1) as i16).span();
                classes.push(Class {
                    id: r.id(0),
                    from: span.from,
                    to: Some(span.to),
                });
                Ok(())
            },
        )?;
        let mut posts = Vec::new();
        let sql = "select post, account_id, child_id, class_id, from_day, to_day from posts where county_id = ?1 and school_id = ?2 and account_id is not null order by from_day, id";
        c.each(sql, params![county, school], |r| {
            if let Ok(post) = r.str(0).parse() {
                posts.push(PostRow {
                    post,
                    account: r.id(1),
                    child: r.opt_id(2),
                    class: r.opt_id(3),
                    from: r.day(4),
                    to: r.opt_day(5),
                });
            }
            Ok(())
        })?;
        Ok(Ground {
            plan: Plan::new(&calendar, &scheme),
            calendar: calendar.into(),
            scheme,
            classes,
            posts,
            facts: crate::facts::load(c, county, school)?,
        })
    })
}

impl Fed {
    /// Adds a record that is only thought of: what would be settled if it were saved.
    pub(crate) fn suppose(&mut self, child: Id, day: Day, kind: &str, outcome: Outcome) {
        self.lines.push(Line {
            record: Id::fresh(),
            subject: Subject::Child(child),
            day,
            kind: Arc::from(kind),
            outcome,
            tags: Vec::new(),
        });
    }
    /// The last day on which something of this kind was done with a child, before or on `on`; tries do not count.
    pub(crate) fn last(&self, on: Day) -> HashMap<(Id, Arc<str>), Day> {
        let mut out: HashMap<(Id, Arc<str>), Day> = HashMap::new();
        for l in self.lines.iter().filter(|l| !l.outcome.is_try() && l.day <= on) {
            if let Subject::Child(id) = l.subject {
                let at = out.entry((id, l.kind.clone())).or_insert(l.day);
                *at = l.day.max(*at);
            }
        }
        out
    }
    /// The rule of a duty as it was in force at the end of its window; none for a promised follow-up.
    pub(crate) fn rule(&self, d: &Duty) -> Option<&tx_duty::Rule> {
        self.scheme
            .on(d.window.to)
            .or_else(|| self.scheme.on(d.window.from))?
            .rules
            .iter()
            .find(|r| *r.id == *d.rule)
    }
    /// What is owed, in words: 11月谈心, 约定谈心.
    pub(crate) fn rule_name(&self, d: &Duty, today: Day, lang: tx_base::Lang) -> String {
        use tx_base::Lang;
        let kind = find_kind(&d.kind).map_or("", |k| k.name.in_lang(lang));
        let name = self.rule(d).map_or_else(
            || {
                if lang == Lang::Zh {
                    format!("约定的{kind}")
                } else {
                    format!("promised {kind}")
                }
            },
            |r| r.name.in_lang(lang).to_owned(),
        );
        // months are named, other periods by their rule alone
        let month = (d.window.from.month_key() == *d.period).then_some(*d.period == *today.month_key());
        match (lang, month) {
            (Lang::Zh, Some(true)) => format!("本月{name}"),
            (Lang::Zh, Some(false)) => format!("{}月{name}", d.window.from.month()),
            (Lang::En, Some(false)) => format!("{name} of {}", d.period),
            (_, None) | (Lang::En, Some(true)) => name,
        }
    }
}

fn spells(c: &Conn, sql: &str, vals: &[Value]) -> Result<HashMap<Id, Vec<Spell>>> {
    let mut out: HashMap<Id, Vec<Spell>> = HashMap::new();
    c.each(sql, vals, |r| {
        out.entry(r.id(0)).or_default().push(Spell::new(r.day(1), r.opt_day(2)));
        Ok(())
    })?;
    Ok(out)
}

impl Fed {
    fn given(&self) -> Given<'_> {
        Given {
            school: self.school,
            children: &self.children,
            classes: &self.ground.classes,
            posts: &self.ground.posts,
            lines: &self.lines,
            facts: &self.facts,
        }
    }
    /// The duties as they would stand under another scheme.
    pub(crate) fn owed_under(&self, scheme: &Scheme, ask: &Ask) -> Vec<Duty> {
        Plan::new(&self.calendar, scheme).ask(self.given(), ask)
    }
    /// Leaves out the children that are not wanted, so that a class's board judges its own class only.
    pub fn keep(&mut self, wanted: impl Fn(Id) -> bool) {
        self.children.retain(|k| wanted(k.id));
        self.lines.retain(|l| l.subject.child().is_none_or(&wanted));
    }
}

/// Reads a school, or one child of it (`only`), so that a child's page never waits for all.
pub fn feed(c: &Conn, county: Id, school: Id, today: Day, only: Option<Id>) -> Result<Fed> {
    let (mut one, mut vals) = (String::new(), vec![Value::from(county), Value::from(school)]);
    if let Some(id) = only {
        vals.push(id.into());
        one = " and c.id = ?3".into();
    }
    let of = |table: &str| {
        format!(
            "select e.child_id, e.from_day, e.to_day from {table} e join children c on c.county_id = e.county_id and c.id = e.child_id where e.county_id = ?1 and c.school_id = ?2 and c.deleted_at is null{one} order by e.from_day, e.id"
        )
    };
    let (mut left, mut key, mut paired) = (
        spells(c, &of("left_behind_episodes"), &vals)?,
        spells(c, &of("key_children"), &vals)?,
        spells(c, &of("pairings"), &vals)?,
    );
    let mut stays: HashMap<Id, Vec<ClassStay>> = HashMap::new();
    let sql = format!(
        "select e.child_id, e.class_id, e.from_day, e.to_day from class_stays e join children c on c.county_id = e.county_id and c.id = e.child_id where e.county_id = ?1 and e.school_id = ?2 and c.deleted_at is null and e.class_id is not null{one} order by e.from_day, e.id"
    );
    c.each(&sql, &vals, |r| {
        stays.entry(r.id(0)).or_default().push(ClassStay {
            class: r.id(1),
            from: r.day(2),
            to: r.opt_day(3),
        });
        Ok(())
    })?;
    let mut children = Vec::new();
    let sql = format!(
        "select c.id, c.boarder from children c where c.county_id = ?1 and c.school_id = ?2 and c.deleted_at is null{one} order by c.pinyin, c.id"
    );
    c.each(&sql, &vals, |r| {
        let mut k = Child::new(r.id(0));
        k.classes = stays.remove(&k.id).unwrap_or_default();
        k.left_behind = left.remove(&k.id).unwrap_or_default();
        k.key = key.remove(&k.id).unwrap_or_default();
        k.paired = paired.remove(&k.id).unwrap_or_default();
        if r.bool(1) {
            k.boarder = vec![Spell::new(Day::lit("2000-01-01"), None)];
        }
        children.push(k);
        Ok(())
    })?;
    let ground = ground(c, county, school, today)?;
    let mut facts = ground.facts.clone();
    let lines = lines(c, county, school, only, &ground.posts, &mut facts.promises)?;
    Ok(Fed {
        school,
        ground,
        children,
        lines,
        facts,
    })
}

/// Lines of done records; a record without children is about its class or the school. What they promise goes to `promises`.
fn lines(
    c: &Conn,
    county: Id,
    school: Id,
    only: Option<Id>,
    posts: &[PostRow],
    promises: &mut Vec<Promise>,
) -> Result<Vec<Line>> {
    let mut kinds: HashMap<String, Arc<str>> = HashMap::new();
    let mut kind = |id: &str| kinds.entry(id.to_owned()).or_insert_with(|| Arc::from(id)).clone();
    let mut out = Vec::new();
    let (mut one, mut vals) = (String::new(), vec![Value::from(county), Value::from(school)]);
    let (mut from, mut and) = ("records r join record_lines l on", "where");
    if let Some(id) = only {
        vals.push(id.into());
        one = " and l.child_id = ?3".into();
        // the child's lines first, never the school's records
        (from, and) = ("record_lines l cross join records r where", "and");
    }
    let live = "r.county_id = ?1 and r.school_id = ?2 and r.state = 'done' and r.deleted_at is null";
    let sql = format!(
        "select r.id, l.child_id, r.on_day, r.kind, l.outcome, r.fields, r.author from {from} l.county_id = r.county_id and l.record_id = r.id {and} {live} and l.child_id is not null{one} order by r.on_day, r.id, l.ord"
    );
    c.each(&sql, &vals, |r| {
        let (record, child, day) = (r.id(0), r.id(1), r.day(2));
        let (tags, promised) = told(r.str(3), r.str(5), day);
        if let Some(p) = promised {
            let held = |post: &str| {
                posts
                    .iter()
                    .find(|x| x.post.code() == post && x.from <= day && x.to.is_none_or(|t| t >= day))
            };
            promises.push(Promise {
                id: record,
                child,
                kind: kind(p.kind),
                from: p.from,
                to: p.to,
                record,
                owner: p.post.and_then(held).map(|x| x.account).or_else(|| r.opt_id(6)),
            });
        }
        out.push(Line {
            record,
            subject: Subject::Child(child),
            day,
            kind: kind(r.str(3)),
            outcome: outcome(r.str(4)),
            tags,
        });
        Ok(())
    })?;
    if only.is_none() {
        let sql = format!(
            "select r.id, r.class_id, r.on_day, r.kind, r.fields from records r where {live} and r.child_count = 0 order by r.on_day, r.id"
        );
        c.each(&sql, &vals, |r| {
            let subject = r.opt_id(1).map_or(Subject::School(school), Subject::Class);
            out.push(Line {
                record: r.id(0),
                subject,
                day: r.day(2),
                kind: kind(r.str(3)),
                outcome: Outcome::Met,
                tags: told(r.str(3), r.str(4), r.day(2)).0,
            });
            Ok(())
        })?;
    }
    Ok(out)
}
fn outcome(code: &str) -> Outcome {
    match code {
        "phone" => Outcome::Phone,
        "tried" => Outcome::Tried,
        "refused" => Outcome::Refused,
        _ => Outcome::Met,
    }
}
/// The marks of a record's plain fields, and the follow-up that they promise.
fn told(kind: &str, fields: &str, on: Day) -> (Vec<String>, Option<Promised>) {
    let Some(k) = find_kind(kind).filter(|_| fields != "{}") else {
        return (Vec::new(), None);
    };
    let Ok(serde_json::Value::Object(o)) = serde_json::from_str(fields) else {
        return (Vec::new(), None);
    };
    (
        (k.tags)(&o).into_iter().map(str::to_owned).collect(),
        (k.promise)(&o, on),
    )
}

/// Duties of what was fed, as they stand on a day.
pub fn owed(fed: &Fed, ask: &Ask) -> Vec<Duty> {
    fed.plan.ask(fed.given(), ask)
}

pub(crate) fn excuse(duty: Id, reason: String) -> Excuse {
    Excuse { duty, reason }
}
pub(crate) fn moved(duty: Id, to: Day) -> Move {
    Move { duty, to }
}
pub(crate) fn assigned(duty: Id, owner: Id) -> Assign {
    Assign { duty, owner }
}

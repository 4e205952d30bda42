//! What a scheme makes of a week: hours of each post beside the hours there are, and what one class would owe (features A4).

use super::versions::Version;
use crate::feed::{Fed, feed};
use crate::today::seal_of;
use std::collections::{BTreeMap, HashMap, HashSet};
use tx_base::{Day, Id, Lang, Result, Span};
use tx_calendar::{Calendar, SchoolYear};
use tx_duty::{Ask, Counts, Duty, Load, Post, Scheme, SchemeVersion, State, Subject, hours_per_week};
use tx_store::{Conn, params};
use tx_web::parts::marks::{Kind as Colour, Mark};
use tx_web::pictures::{StackPart, StackWeek, WeekStacks};

/// How many there are of each whom in the school today.
pub(crate) fn counts(c: &Conn, county: Id, school: Id, today: Day) -> Result<Counts> {
    let live = "c.county_id = ?1 and c.school_id = ?2 and c.deleted_at is null and c.state = 'active'";
    let n = |sql: String| -> Result<u32> { Ok(u32::try_from(c.count(&sql, params![county, school])?).unwrap_or(0)) };
    let during = |table: &str| -> Result<u32> {
        let sql = format!(
            "select count(distinct e.child_id) from {table} e join children c on c.county_id = e.county_id and c.id = e.child_id where {live} and e.from_day <= ?3 and (e.to_day is null or e.to_day >= ?3)"
        );
        Ok(u32::try_from(c.count(&sql, params![county, school, today])?).unwrap_or(0))
    };
    let year = i64::from(SchoolYear::of(today).first);
    let classes = c.count(
        "select count(*) from classes where county_id = ?1 and school_id = ?2 and year_first = ?3",
        params![county, school, year],
    )?;
    Ok(Counts {
        all_pupils: n(format!("select count(*) from children c where {live}"))?,
        left_behind: during("left_behind_episodes")?,
        key: during("key_children")?,
        paired: during("pairings")?,
        boarders: n(format!("select count(*) from children c where {live} and c.boarder"))?,
        classes: u32::try_from(classes).unwrap_or(0),
        schools: 1,
    })
}

/// How many hold each post today.
pub(crate) fn holders(c: &Conn, county: Id, school: Id, today: Day) -> Result<HashMap<Post, u32>> {
    let sql = "select post, count(distinct account_id) from posts where county_id = ?1 and school_id = ?2 and account_id is not null \
               and from_day <= ?3 and (to_day is null or to_day >= ?3) group by post order by post";
    let rows = c.query(sql, params![county, school, today])?;
    Ok(rows
        .iter()
        .filter_map(|r| Some((r.str(0).parse().ok()?, u32::try_from(r.int(1)).ok()?)))
        .collect())
}

/// Hours a week that one holder of each post has for this work, as the school wrote them.
pub(crate) fn hours(c: &Conn, county: Id, school: Id) -> Result<BTreeMap<Post, f64>> {
    let Some(r) = c.first(
        "select settings from schools where county_id = ?1 and id = ?2",
        params![county, school],
    )?
    else {
        return Ok(BTreeMap::new());
    };
    let v = r.json(0);
    let Some(o) = v["hours"].as_object() else {
        return Ok(BTreeMap::new());
    };
    Ok(o.iter()
        .filter_map(|(k, v)| Some((k.parse().ok()?, v.as_f64()?)))
        .collect())
}

/// One post's week for one of its holders, under the version in force and under the draft.
#[derive(Clone, Debug)]
pub(crate) struct PostWeek {
    pub post: Post,
    /// how many share it; 0 where nobody holds the post, and then the whole stands for one
    pub holders: u32,
    pub now_minutes: f64,
    pub minutes: f64,
    pub items: f64,
    /// hours there are, if the school wrote them
    pub has: Option<f64>,
}

/// Weeks of the posts, the fullest first. The family's own rules are nobody's work.
pub(crate) fn post_weeks(
    now: Option<&SchemeVersion>,
    then: &SchemeVersion,
    calendar: &Calendar,
    year: SchoolYear,
    counts: &Counts,
    holders: &HashMap<Post, u32>,
    hours: &BTreeMap<Post, f64>,
) -> Vec<PostWeek> {
    let loads = |v: &SchemeVersion| -> BTreeMap<Post, Load> {
        hours_per_week(v, calendar, year, counts)
            .into_iter()
            .map(|l| (l.post, l))
            .collect()
    };
    let (before, after) = (now.map(loads).unwrap_or_default(), loads(then));
    let posts: std::collections::BTreeSet<Post> = before
        .keys()
        .chain(after.keys())
        .copied()
        .filter(|p| *p != Post::Family)
        .collect();
    let mut out: Vec<PostWeek> = posts
        .into_iter()
        .map(|post| {
            let n = holders.get(&post).copied().unwrap_or(0);
            let share = f64::from(n.max(1));
            let of = |m: &BTreeMap<Post, Load>, f: fn(&Load) -> f64| m.get(&post).map_or(0.0, f) / share;
            PostWeek {
                post,
                holders: n,
                now_minutes: of(&before, |l| l.minutes),
                minutes: of(&after, |l| l.minutes),
                items: of(&after, |l| l.items),
                has: hours.get(&post).copied(),
            }
        })
        .filter(|p| p.items > 0.0 || p.now_minutes > 0.0)
        .collect();
    out.sort_by(|a, b| b.minutes.total_cmp(&a.minutes).then(a.post.cmp(&b.post)));
    out
}

/// A class whose weeks are shown.
#[derive(Clone, Debug)]
pub(crate) struct ClassOf {
    pub id: Id,
    pub code: String,
    pub name: String,
    /// children on the list
    pub listed: i64,
}
/// The classes of this school year, as a school names them: the lowest first.
pub(crate) fn classes(c: &Conn, county: Id, school: Id, today: Day) -> Result<Vec<ClassOf>> {
    let sql = "select k.id, k.code, k.name, (select count(*) from children c join left_behind_episodes e on e.county_id = c.county_id and e.child_id = c.id \
               where c.county_id = k.county_id and c.class_id = k.id and c.deleted_at is null and e.to_day is null) \
               from classes k where k.county_id = ?1 and k.school_id = ?2 and k.year_first = ?3 order by k.code, k.id";
    let rows = c.query(sql, params![county, school, i64::from(SchoolYear::of(today).first)])?;
    Ok(rows
        .iter()
        .map(|r| ClassOf {
            id: r.id(0),
            code: r.text(1),
            name: r.text(2),
            listed: r.int(3),
        })
        .collect())
}

/// What a class owes week by week, and what the draft changes.
pub(crate) struct ClassWeeks {
    pub class: ClassOf,
    pub weeks: WeekStacks,
    /// kinds in the picture: colour, character, name
    pub kinds: Vec<(Colour, String, String)>,
    /// duties that stand late on the draft's first day and would not without it
    pub newly_late: usize,
}

/// The scheme with the draft behind its versions.
pub(crate) fn with_draft(published: &[Version], draft: Option<&Version>) -> Scheme {
    let of = |v: &Version| SchemeVersion {
        from: v.from,
        rules: v.rules.clone(),
    };
    let mut all: Vec<SchemeVersion> = published.iter().map(of).collect();
    all.extend(draft.map(of));
    Scheme::new(all)
}

/// Judges one class under the published versions and with the draft behind them, over the term in which the draft begins.
pub(crate) fn class_weeks(
    c: &Conn,
    county: Id,
    school: Id,
    class: ClassOf,
    published: &[Version],
    draft: Option<&Version>,
    today: Day,
    lang: Lang,
) -> Result<Option<ClassWeeks>> {
    let mut fed = feed(c, county, school, today, None)?;
    let from = draft.map_or(today, |d| d.from);
    let Some(term) = fed.calendar.term_near(from) else {
        return Ok(None);
    };
    let in_class: HashSet<Id> = c
        .query(
            "select id from children where county_id = ?1 and class_id = ?2 and deleted_at is null order by id",
            params![county, class.id],
        )?
        .iter()
        .map(|r| r.id(0))
        .collect();
    fed.keep(|k| in_class.contains(&k));
    let mine = |d: &Duty| {
        // promised follow-ups come from records, not from a scheme
        d.is_staff()
            && *d.rule != *tx_duty::FOLLOW_UP
            && match d.subject {
                Subject::Child(id) => in_class.contains(&id),
                Subject::Class(id) => id == class.id,
                Subject::School(_) => false,
            }
    };
    let weeks = fed.calendar.weeks(&term);
    let last = weeks.last().map_or(term.to, |w| w.to);
    let ask = |fed: &Fed, scheme: Scheme, on: Day| -> Vec<Duty> {
        fed.owed_under(
            &scheme,
            &Ask {
                on,
                until: Some(last),
                since: None,
            },
        )
        .into_iter()
        .filter(|d| mine(d))
        .collect()
    };
    let now = ask(&fed, with_draft(published, None), today);
    let then = if draft.is_some() {
        ask(&fed, with_draft(published, draft), today)
    } else {
        now.clone()
    };
    let late = |d: &Duty| matches!(d.state, State::Overdue | State::Missed);
    let newly_late = if draft.is_some() {
        let before: HashSet<Id> = ask(&fed, with_draft(published, None), from)
            .iter()
            .filter(|d| late(d))
            .map(|d| d.id)
            .collect();
        ask(&fed, with_draft(published, draft), from)
            .iter()
            .filter(|d| late(d) && !before.contains(&d.id))
            .count()
    } else {
        0
    };
    let (a, b) = (by_week(&now, &weeks), by_week(&then, &weeks));
    let mut kinds: Vec<(Colour, String, String)> = Vec::new();
    for d in now
        .iter()
        .chain(&then)
        .filter(|d| weeks.iter().any(|w| w.has(d.window.to)))
    {
        let seal = seal_of(&d.kind, Mark::Done);
        if !kinds.iter().any(|k| k.1 == seal.ch) {
            kinds.push((seal.kind, seal.ch, crate::today::kind_name(&d.kind, lang)));
        }
    }
    let first = weeks.iter().position(|w| w.to >= from);
    let stacks = weeks
        .iter()
        .enumerate()
        .map(|(i, w)| {
            let past = draft.is_some() && w.to < from;
            let (mut parts, mut extra): (BTreeMap<&str, StackPart>, u32) = Default::default();
            for (ch, count) in &b[i] {
                let was = a[i].get(ch).copied().unwrap_or(0);
                extra += count.saturating_sub(was);
                let seen = (*count).min(was);
                if seen > 0 {
                    parts.insert(
                        ch,
                        StackPart {
                            kind: Colour::of_char(ch),
                            count: seen,
                        },
                    );
                }
            }
            let n = i + 1;
            let holiday = fed.calendar.teaching_days(*w) == 0;
            let name = match (n == 1 || n % 5 == 0 || n == weeks.len(), holiday) {
                (_, true) => {
                    if lang == Lang::Zh {
                        "假".to_owned()
                    } else {
                        "off".to_owned()
                    }
                }
                (true, _) => n.to_string(),
                _ => String::new(),
            };
            StackWeek {
                name,
                parts: parts.into_values().collect(),
                extra,
                past,
            }
        })
        .collect();
    let sentence = match lang {
        Lang::Zh => format!("{}这学期每周要做的件数", class.name),
        Lang::En => format!("What {} owes week by week this term", class.name),
    };
    let begins = draft.and(first).map(|i| {
        let words = match lang {
            Lang::Zh => format!("{} 起", from.zh_short()),
            Lang::En => format!("from {from}"),
        };
        (i, words)
    });
    Ok(Some(ClassWeeks {
        class,
        weeks: WeekStacks {
            label: sentence,
            weeks: stacks,
            from: begins,
        },
        kinds,
        newly_late,
    }))
}

/// Duties by the week in which their window ends, by the character of their seal.
fn by_week(duties: &[Duty], weeks: &[Span]) -> Vec<BTreeMap<String, u32>> {
    let mut out = vec![BTreeMap::new(); weeks.len()];
    for d in duties {
        if let Some(i) = weeks.iter().position(|w| w.has(d.window.to)) {
            *out[i].entry(seal_of(&d.kind, Mark::Done).ch).or_insert(0) += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_often_is_more_minutes_and_is_shared_by_the_holders() {
        let rules = tx_school::ready_made("S5").expect("S5").1;
        let year = SchoolYear::new(2026);
        let cal = Calendar::default_years(year, year);
        let counts = Counts {
            left_behind: 20,
            all_pupils: 40,
            classes: 2,
            schools: 1,
            ..Counts::default()
        };
        let now = SchemeVersion {
            from: year.span().from,
            rules: rules.clone(),
        };
        let mut then = now.clone();
        then.rules
            .iter_mut()
            .filter(|r| r.id == "talk_monthly")
            .for_each(|r| r.every = tx_duty::Every::Fortnight);
        let hours = BTreeMap::from([(Post::ClassTeacher, 2.0)]);
        let of = |n: u32| {
            let all = post_weeks(
                Some(&now),
                &then,
                &cal,
                year,
                &counts,
                &HashMap::from([(Post::ClassTeacher, n)]),
                &hours,
            );
            all.into_iter()
                .find(|p| p.post == Post::ClassTeacher)
                .expect("class teachers owe")
        };
        let (one, two) = (of(1), of(2));
        assert!(one.minutes > one.now_minutes, "{one:?}");
        assert!((one.minutes - 2.0 * two.minutes).abs() < 1e-9);
        assert_eq!(one.has, Some(2.0));
    }
}

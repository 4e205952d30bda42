//! 今天: what is to be done now, each row with its one button (screens.md §5.3).

use crate::ahead;
use crate::feed::{Fed, feed, owed};
use maud::Markup;
use std::collections::HashMap;
use tx_access::Role;
use tx_base::{Day, Id, Lang, Result, Text, t};
use tx_duty::{Ask, Duty, State, Subject};
use tx_record::find_kind;
use tx_record::people::{self, Named};
use tx_store::{Conn, params};
use tx_web::pages::Shell;
use tx_web::parts::marks::{Kind as Colour, Link, Mark, Person, Piece, Pill, Seal};
use tx_web::parts::today::NoteRow;
use tx_web::parts::{lists, today};
use tx_web::{Ctx, Reply};

/// What stands on Today beside the own duties; who knows it gives it.
#[derive(Default)]
pub struct Beside {
    /// Sentences under the title.
    pub lead: Vec<Vec<Piece>>,
    pub title: Text,
    pub notes: Vec<NoteRow>,
    /// How many of the notes wait for this reader: they count with the duties.
    pub waiting: usize,
    /// Said where notes belong and there are none; empty = nothing is said.
    pub none: Text,
    /// With what others owe to the school as a whole.
    pub school: bool,
    /// How it stands, below the duties; with it nobody has to be told that there are none.
    pub below: Option<Markup>,
    /// The school, where it had to be read for what stands here: it is not read again.
    pub read: Option<Read>,
}

/// A school that was read already.
pub struct Read {
    pub fed: Fed,
    /// Duties of the staff, settled ones at least from the beginning of the month.
    pub duties: Vec<Duty>,
}

impl Read {
    /// Reads a school: what is owed on a day, and what was settled in its month.
    fn of(c: &Conn, county: Id, school: Id, on: Day) -> Result<Read> {
        let fed = feed(c, county, school, on, None)?;
        let since = Some(on.first_of_month());
        let mut duties = owed(&fed, &Ask { on, until: None, since });
        duties.retain(Duty::is_staff);
        Ok(Read { fed, duties })
    }
}

/// Days within which something owed to the whole school is worth a look now.
const SOON: i32 = 31;
/// Rows of one group before the rest is folded behind a link.
const ROWS: usize = 40;

/// The seal of a kind of record; a kind that is gone is drawn as 动.
pub fn seal_of(kind: &str, mark: Mark) -> Seal {
    let ch = find_kind(kind).map_or("动", |k| k.seal);
    Seal::new(ch, Colour::of_char(ch), mark)
}
/// How a duty's seal is drawn.
pub(crate) fn mark(d: &Duty) -> Mark {
    match d.state {
        State::Done => Mark::Done,
        State::Excused => Mark::Excused,
        State::Overdue => Mark::Overdue,
        State::Missed => Mark::Missed,
        State::Open if !d.tries.is_empty() => Mark::Tried,
        State::Open => Mark::Open,
        State::Upcoming => Mark::Ahead,
    }
}
/// The name of a kind of record in a language.
pub fn kind_name(kind: &str, lang: Lang) -> String {
    find_kind(kind).map_or_else(|| kind.to_owned(), |k| k.name.in_lang(lang).to_owned())
}

/// The page of whoever is signed in.
pub fn today(ctx: &Ctx, mut beside: Beside) -> Result<Reply> {
    let (scope, lang, on) = (ctx.scope()?, ctx.lang, ctx.today());
    let title = t("今天", "Today");
    let date = match lang {
        Lang::Zh => vec![on.zh_short() + " " + on.zh_weekday()],
        Lang::En => vec![on.to_string()],
    };
    let notes = Notes::new(&beside, lang);
    let Some(school) = &scope.school else {
        let view = today::TodayView {
            no_search: !tx_web::pages::may_open(ctx, "/search"),
            date,
            title: scope.shown.clone(),
            lead: beside.lead,
            notes_title: notes.title,
            notes: beside.notes,
            notes_first: true,
            below: beside.below,
            ..Default::default()
        };
        return Ok(Reply::page(tx_web::shell(
            ctx,
            title,
            "today",
            None,
            today::page(lang, &view),
        )?));
    };
    let read = beside.read.take();
    let (duties, school_wide, names, week, about, ahead) = ctx.read(|c| {
        let Read { fed, mut duties } = match read {
            Some(r) => r,
            None => Read::of(c, scope.county, school.id, on)?,
        };
        let of_school = |d: &Duty| matches!(d.subject, Subject::School(_)) && d.owner != Some(scope.account);
        let school_wide: Vec<Duty> = duties
            .iter()
            .filter(|d| beside.school && of_school(d))
            .cloned()
            .collect();
        duties.retain(|d| d.owner == Some(scope.account));
        let owners = if school_wide.is_empty() {
            HashMap::new()
        } else {
            owners(c, scope.county, school.id)?
        };
        let idle = beside.below.is_none() && !duties.iter().any(|d| d.state.is_live());
        let ahead = idle
            .then(|| ahead::next(&fed, scope.account, on, lang))
            .unwrap_or_default();
        let last = fed.last(on);
        let about: HashMap<Id, About> = duties
            .iter()
            .chain(&school_wide)
            .map(|d| {
                let last = d.subject.child().and_then(|k| last.get(&(k, d.kind.clone())).copied());
                let name = fed.rule(d).is_none().then(|| fed.rule_name(d, on, lang));
                let nobody = || t("没有人负责", "nobody in the post").in_lang(lang).to_owned();
                let owner = matches!(d.subject, Subject::School(_)).then(|| {
                    d.owner
                        .map_or_else(nobody, |a| owners.get(&a).cloned().unwrap_or_default())
                });
                (d.id, About { last, name, owner })
            })
            .collect();
        let names: HashMap<Id, Named> = people::of_class(c, scope, None)?
            .into_iter()
            .map(|k| (k.id, k))
            .collect();
        Ok((
            duties,
            school_wide,
            names,
            fed.calendar.week_of(on).map(|(_, n)| n),
            about,
            ahead,
        ))
    })?;
    let mut late: Vec<&Duty> = duties.iter().filter(|d| d.state == State::Overdue).collect();
    late.sort_by_key(|d| d.window.to);
    let (soon, later): (Vec<&Duty>, Vec<&Duty>) = duties
        .iter()
        .filter(|d| d.state == State::Open)
        .partition(|d| d.window.to <= on.monday().plus(6));
    let mut whole: Vec<&Duty> = school_wide.iter().filter(|d| d.state.is_live()).collect();
    whole.sort_by_key(|d| (d.state != State::Overdue, d.window.to));
    let far = |d: &&Duty| d.state == State::Open && d.window.to > on.plus(SOON);
    let whole_later = whole.iter().all(far);
    let own = late.len() + soon.len();
    let count = own + beside.waiting;
    let group = |key: &str, title: tx_base::Text, list: &[&Duty], is_late: bool, folded: bool| today::DutyGroup {
        key: key.into(),
        title: title.in_lang(lang).into(),
        late: is_late,
        folded,
        rows: rows(list, is_late, &names, &about, on, lang),
        all: None,
        count: list.len(),
    };
    let mut dates = date;
    dates.extend(week.map(|n| match lang {
        Lang::Zh => format!("第{n}周"),
        Lang::En => format!("week {n}"),
    }));
    let board = tx_web::pages::may_open(ctx, "/school/board");
    let see = board.then(|| Link::new(t("看全校", "See the school").in_lang(lang), "/school/board"));
    let did = duties.iter().any(|d| d.state == State::Done);
    let done = match lang {
        _ if scope.role() == Role::Inspector => Role::Inspector.sentence().in_lang(lang).to_owned(),
        _ if later.is_empty() => match (did, ahead.is_empty()) {
            (true, _) => t("今天都做完了。", "All done for today."),
            (false, false) => t("今天没有要做的。", "Nothing is due today."),
            (false, true) => t(
                "今天没有要做的，往后也没有排给您的事。",
                "Nothing is due today, and nothing is planned for you.",
            ),
        }
        .in_lang(lang)
        .to_owned(),
        Lang::Zh => format!("今天都做完了。往后还有 {} 件", later.len()),
        Lang::En => format!("All done for today. {} to come", later.len()),
    };
    let next = (!ahead.is_empty()).then(|| ahead::card(&ahead, &names, lang));
    let view = today::TodayView {
        date: dates,
        title: match lang {
            Lang::Zh => format!("{}，今天 {count} 件", scope.shown),
            Lang::En => format!("{}, {count} today", scope.shown),
        },
        month: month(&duties, &names, on, lang),
        groups: vec![
            group("overdue", t("逾期", "Overdue"), &late, true, false),
            group("week", t("本周", "This week"), &soon, false, false),
            group("later", t("往后", "Later"), &later, false, own > 0),
            group(
                "school",
                t("全校的事", "For the whole school"),
                &whole,
                false,
                whole_later,
            ),
        ],
        done: (own == 0 && beside.below.is_none()).then_some((done, see)),
        below: beside.below.or(next),
        lead: beside.lead,
        notes_title: notes.title,
        notes: if beside.notes.is_empty() {
            notes.none
        } else {
            beside.notes
        },
        notes_first: true,
        ..Default::default()
    };
    Ok(Reply::page(tx_web::pages::shell_with(
        ctx,
        Shell {
            title,
            active: "today",
            toast: tx_record::saved_toast(ctx)?,
            due: count as u32,
            ..Shell::default()
        },
        today::page(lang, &view),
    )?))
}

/// Title and empty state of the notes.
struct Notes {
    title: String,
    none: Vec<NoteRow>,
}
impl Notes {
    fn new(b: &Beside, lang: Lang) -> Notes {
        let none = b.none.in_lang(lang);
        Notes {
            title: match (b.title.in_lang(lang), b.waiting, lang) {
                (title, 0, _) => title.to_owned(),
                (title, n, Lang::Zh) => format!("{title} {n} 件"),
                (title, n, Lang::En) => format!("{title}: {n}"),
            },
            none: (!none.is_empty())
                .then(|| NoteRow {
                    icon: "ok",
                    tone: Pill::Ok,
                    title: none.to_owned(),
                    ..NoteRow::default()
                })
                .into_iter()
                .collect(),
        }
    }
}

/// Who owns a duty, by account.
fn owners(c: &Conn, county: Id, school: Id) -> Result<HashMap<Id, String>> {
    let sql = "select id, shown from accounts where county_id = ?1 and school_id = ?2 order by id";
    Ok(c.query(sql, params![county, school])?
        .iter()
        .map(|r| (r.id(0), r.text(1)))
        .collect())
}

/// What a row says beside the duty itself.
struct About {
    /// who owes it, where it is owed to the school
    owner: Option<String>,
    /// when the same was last done with this child
    last: Option<Day>,
    /// the name of a promised follow-up
    name: Option<String>,
}

/// The rows of a group: three children or more who owe the same on the same day stand in one row, which opens the sheet for many.
fn rows(
    list: &[&Duty],
    late: bool,
    names: &HashMap<Id, Named>,
    about: &HashMap<Id, About>,
    on: Day,
    lang: Lang,
) -> Vec<lists::DutyRow> {
    let mut out: Vec<lists::DutyRow> = Vec::new();
    let mut taken: Vec<(&str, Day)> = Vec::new();
    for d in list {
        let key = (&*d.kind, d.window.to);
        if taken.contains(&key) {
            continue;
        }
        let same: Vec<&Duty> = list
            .iter()
            .filter(|o| (&*o.kind, o.window.to) == key && o.subject.child().is_some() && &*o.rule != tx_duty::FOLLOW_UP)
            .copied()
            .collect();
        let mut one = row(d, names, about.get(&d.id), on, lang);
        if !late && same.len() >= 3 && &*d.rule != tx_duty::FOLLOW_UP && d.subject.child().is_some() {
            taken.push(key);
            one.others = same
                .iter()
                .filter(|o| o.id != d.id)
                .map(|o| person(o, names, lang))
                .collect();
            one.facts = vec![tx_calendar::describe(d.window, on, lang)];
            one.child.sub = String::new();
            (one.more, one.href) = (Vec::new(), String::new());
            let class = d
                .subject
                .child()
                .and_then(|k| names.get(&k))
                .map(|k| k.class_code.clone())
                .unwrap_or_default();
            one.act.href = format!("/record/many?kind={}&class={class}&tab=owed", d.kind);
        }
        out.push(one);
        if out.len() == ROWS {
            break;
        }
    }
    out
}

pub(crate) fn person(d: &Duty, names: &HashMap<Id, Named>, lang: Lang) -> Person {
    let whole = match d.subject {
        Subject::School(_) => t("全校", "School"),
        _ => t("全班", "Class"),
    };
    let child = d.subject.child();
    Person {
        id: d.subject.id().to_string(),
        name: child
            .and_then(|id| names.get(&id))
            .map_or_else(|| whole.in_lang(lang).to_owned(), |k| k.name.clone()),
        href: child.map(|id| format!("/children/{id}")).unwrap_or_default(),
        ..Default::default()
    }
}

fn row(d: &Duty, names: &HashMap<Id, Named>, about: Option<&About>, on: Day, lang: Lang) -> lists::DutyRow {
    let child = d.subject.child();
    let days = on.since(d.window.to);
    // what is owed to a class or the school is written on the page of its kind, what is owed to a child on the sheet
    let (href, sheet) = match child {
        Some(id) => (format!("/record?child={id}&kind={}&duty={}", d.kind, d.id), true),
        None => (format!("/records/new?kind={}", d.kind), false),
    };
    let last = about.and_then(|a| a.last).map(|d| match lang {
        Lang::Zh => format!("上次 {}", d.zh_short()),
        Lang::En => format!("last {d}"),
    });
    let village = child.and_then(|id| names.get(&id)).map(|k| k.village.clone());
    lists::DutyRow {
        id: d.id.to_string(),
        child: person(d, names, lang),
        seal: seal_of(&d.kind, mark(d)),
        what: about
            .and_then(|a| a.name.clone())
            .unwrap_or_else(|| kind_name(&d.kind, lang)),
        late: match (d.state == State::Overdue, lang) {
            (true, Lang::Zh) => format!("晚 {days} 天"),
            (true, Lang::En) => format!("{days} days late"),
            (false, _) => String::new(),
        },
        facts: [
            tried(d, lang),
            (d.state == State::Open).then(|| tx_calendar::describe(d.window, on, lang)),
            about.and_then(|a| a.owner.clone()),
            last,
            village,
        ]
        .into_iter()
        .flatten()
        .filter(|f| !f.is_empty())
        .take(3)
        .collect(),
        href: crate::one::href(d),
        act: Link {
            sheet,
            ..Link::new(t("记", "Record").in_lang(lang), href).first()
        },
        more: crate::one::menu(d, lang),
        ..Default::default()
    }
}

/// 试过 1 次; none where nobody tried.
fn tried(d: &Duty, lang: Lang) -> Option<String> {
    let n = d.tries.len();
    (n > 0).then(|| match lang {
        Lang::Zh => format!("试过 {n} 次"),
        Lang::En => format!("tried {n} times"),
    })
}

/// The month in one card: one pebble a child for the talk of this month.
fn month(duties: &[Duty], names: &HashMap<Id, Named>, on: Day, lang: Lang) -> Option<lists::MonthCard> {
    let this: Vec<&Duty> = duties
        .iter()
        .filter(|d| &*d.kind == "heart_talk" && *d.period == *on.month_key())
        .collect();
    if this.is_empty() {
        return None;
    }
    let done = this.iter().filter(|d| d.state == State::Done).count();
    let left = on.last_of_month().since(on);
    let pebbles = this
        .iter()
        .filter_map(|d| {
            let id = d.subject.child()?;
            let name = names.get(&id)?.name.clone();
            let label = format!("{name}，{}", d.state.name().in_lang(lang));
            Some(lists::MonthPebble {
                id: id.to_string(),
                name,
                mark: mark(d),
                href: format!("/record?child={id}&kind=heart_talk"),
                label,
            })
        })
        .collect();
    let (title, facts) = match lang {
        Lang::Zh => (
            format!("{}月谈心", on.month()),
            vec![format!("{} 人已谈 {done}", this.len()), format!("还有 {left} 天")],
        ),
        Lang::En => (
            format!("Heart-talks, {}", on.month_key()),
            vec![format!("{done} of {}", this.len()), format!("{left} days left")],
        ),
    };
    Some(lists::MonthCard { title, facts, pebbles })
}

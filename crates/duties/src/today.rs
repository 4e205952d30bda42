//! 今天: what is to be done now, each row with its one button (screens.md §5.3).

use crate::feed::{feed, owed};
use std::collections::HashMap;
use tx_base::{Day, Id, Lang, Result, t};
use tx_duty::{Ask, Duty, State, Subject};
use tx_record::find_kind;
use tx_store::Class;
use tx_web::parts::marks::{Kind as Colour, Link, Mark, Person, Seal};
use tx_web::parts::{lists, today};
use tx_web::{Ctx, Reply, Route, Who};

pub static ROUTES: &[Route] = &[Route::get("/", Who::SignedIn, Class::P, today).says(t("今天", "Today"))];

/// Rows of one group before the rest is folded behind a link.
const ROWS: usize = 40;

pub(crate) fn seal_of(kind: &str, mark: Mark) -> Seal {
    let ch = find_kind(kind).map_or("动", |k| k.seal);
    Seal::new(ch, Colour::of_char(ch), mark)
}
fn mark(d: &Duty) -> Mark {
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
pub(crate) fn kind_name(kind: &str, lang: Lang) -> String {
    find_kind(kind).map_or_else(|| kind.to_owned(), |k| k.name.in_lang(lang).to_owned())
}

fn today(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, on) = (ctx.scope()?, ctx.lang, ctx.today());
    let title = t("今天", "Today");
    let date = match lang {
        Lang::Zh => vec![on.zh_short() + " " + on.zh_weekday()],
        Lang::En => vec![on.to_string()],
    };
    let Some(school) = &scope.school else {
        let view = today::TodayView {
            date,
            title: scope.shown.clone(),
            done: Some((scope.role().sentence().in_lang(lang).to_owned(), None)),
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
    let (duties, names, week) = ctx.read(|c| {
        let fed = feed(c, scope.county, school.id, on, None)?;
        let mut duties = owed(
            &fed,
            &Ask {
                on,
                until: None,
                since: Some(on.first_of_month()),
            },
        );
        duties.retain(|d| d.is_staff() && d.owner == Some(scope.account));
        let names: HashMap<Id, (String, String)> = tx_child::list(
            c,
            scope,
            &tx_child::Page {
                limit: 5000,
                ..Default::default()
            },
        )?
        .into_iter()
        .map(|k| {
            (
                k.id,
                (k.name, k.village.filter(|_| k.sight.personal).unwrap_or_default()),
            )
        })
        .collect();
        Ok((duties, names, fed.calendar.week_of(on).map(|(_, n)| n)))
    })?;
    let mut late: Vec<&Duty> = duties.iter().filter(|d| d.state == State::Overdue).collect();
    late.sort_by_key(|d| d.window.to);
    let (soon, later): (Vec<&Duty>, Vec<&Duty>) = duties
        .iter()
        .filter(|d| d.state == State::Open)
        .partition(|d| d.window.to <= on.monday().plus(6));
    let count = late.len() + soon.len();
    let group = |key: &str, title: tx_base::Text, list: &[&Duty], is_late: bool, folded: bool| today::DutyGroup {
        key: key.into(),
        title: title.in_lang(lang).into(),
        late: is_late,
        folded,
        rows: list.iter().take(ROWS).map(|d| row(d, &names, on, lang)).collect(),
        all: None,
        count: list.len(),
    };
    let mut dates = date;
    dates.extend(week.map(|n| match lang {
        Lang::Zh => format!("第{n}周"),
        Lang::En => format!("week {n}"),
    }));
    let done = match lang {
        Lang::Zh if later.is_empty() => "今天都做完了。".to_owned(),
        Lang::Zh => format!("今天都做完了。往后还有 {} 件", later.len()),
        Lang::En => format!("All done for today. {} to come", later.len()),
    };
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
            group("later", t("往后", "Later"), &later, false, count > 0),
        ],
        done: (count == 0).then_some((done, None)),
        ..Default::default()
    };
    let toast = (ctx.q("saved") == Some("1")).then(|| t("存好了", "Saved").in_lang(lang).to_owned());
    Ok(Reply::page(tx_web::shell(
        ctx,
        title,
        "today",
        toast,
        today::page(lang, &view),
    )?))
}

fn row(d: &Duty, names: &HashMap<Id, (String, String)>, on: Day, lang: Lang) -> lists::DutyRow {
    let child = d.subject.child();
    let (name, village) = child.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| {
        let whole = if matches!(d.subject, Subject::School(_)) {
            t("全校", "School")
        } else {
            t("全班", "Class")
        };
        (whole.in_lang(lang).to_owned(), String::new())
    });
    let days = on.since(d.window.to);
    let record = child
        .map(|id| format!("/record?child={id}&kind={}&duty={}", d.kind, d.id))
        .unwrap_or_default();
    lists::DutyRow {
        id: d.id.to_string(),
        child: Person {
            id: d.subject.id().to_string(),
            name,
            ..Default::default()
        },
        seal: seal_of(&d.kind, mark(d)),
        what: kind_name(&d.kind, lang),
        late: if d.state == State::Overdue {
            if lang == Lang::Zh {
                format!("晚 {days} 天")
            } else {
                format!("{days} days late")
            }
        } else {
            String::new()
        },
        facts: [
            (d.state == State::Open).then(|| tx_calendar::describe(d.window, on, lang)),
            Some(village).filter(|v| !v.is_empty()),
        ]
        .into_iter()
        .flatten()
        .collect(),
        act: Link {
            sheet: !record.is_empty(),
            ..Link::new(t("记", "Record").in_lang(lang), record).first()
        },
        ..Default::default()
    }
}

/// The month in one card: one pebble a child for the talk of this month.
fn month(duties: &[Duty], names: &HashMap<Id, (String, String)>, on: Day, lang: Lang) -> Option<lists::MonthCard> {
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
            let name = names.get(&id)?.0.clone();
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

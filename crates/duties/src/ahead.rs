//! What comes next for someone who owes nothing now, so that a quiet day is no empty page (screens.md §5.3).

use crate::feed::{Fed, owed};
use crate::today::{person, seal_of};
use maud::{Markup, html};
use std::collections::{HashMap, HashSet};
use tx_base::{Day, Id, Lang, t};
use tx_duty::{Ask, Duty, State};
use tx_record::people::Named;
use tx_web::parts::lists::{DutyRow, duty_row};
use tx_web::parts::marks::{Mark, Person};

/// Rules that are named: the next time of each.
const RULES: usize = 6;

/// The next time of a rule.
pub(crate) struct Next {
    duty: Duty,
    name: String,
    /// in the words of the calendar
    days: String,
    /// the other children who owe it in the same window
    others: Vec<Id>,
}

/// The next duties of an account, one of each rule, until the end of the term that follows the running one.
pub(crate) fn next(fed: &Fed, account: Id, on: Day, lang: Lang) -> Vec<Next> {
    let cal = &fed.calendar;
    let ask = Ask {
        on,
        until: Some(cal.horizon(cal.horizon(on).plus(1))),
        since: Some(on),
    };
    let mut all = owed(fed, &ask);
    all.retain(|d| d.state == State::Upcoming && d.owner == Some(account) && d.is_staff());
    all.sort_by_key(|d| (d.window.from, d.window.to));
    let mut seen: HashSet<&str> = HashSet::new();
    all.iter()
        .filter(|d| seen.insert(&d.rule))
        .take(RULES)
        .map(|d| Next {
            name: fed.rule_name(d, on, lang),
            days: cal.describe(d.window, on, lang),
            others: all
                .iter()
                .filter(|o| o.id != d.id && o.rule == d.rule && o.window == d.window)
                .filter_map(|o| o.subject.child())
                .collect(),
            duty: d.clone(),
        })
        .collect()
}

/// 接下来: each with its first day.
pub(crate) fn card(list: &[Next], names: &HashMap<Id, Named>, lang: Lang) -> Markup {
    html! {
        div.sec { h2 { (t("接下来", "Coming next").in_lang(lang)) } }
        section.card.list { @for n in list { (duty_row(lang, &row(n, names, lang))) } }
    }
}

fn row(n: &Next, names: &HashMap<Id, Named>, lang: Lang) -> DutyRow {
    let d = &n.duty;
    let named = |id: &Id| Person {
        id: id.to_string(),
        name: names.get(id).map(|k| k.name.clone()).unwrap_or_default(),
        ..Person::default()
    };
    let others: Vec<Person> = n.others.iter().map(named).collect();
    let href = if others.is_empty() {
        crate::one::href(d)
    } else {
        String::new()
    };
    // the words of a festival and of a few days name the first of them
    let from = d.window.from;
    let (said, first) = match lang {
        Lang::Zh => (
            n.days.contains(&format!("{}日", from.day())),
            format!("{}起", from.zh_short()),
        ),
        Lang::En => (n.days.contains(char::is_numeric), format!("from {from}")),
    };
    let first = if said { String::new() } else { first };
    DutyRow {
        id: d.id.to_string(),
        child: person(d, names, lang),
        others,
        seal: seal_of(&d.kind, Mark::Ahead),
        what: n.name.clone(),
        facts: vec![first, n.days.clone()],
        href,
        ..DutyRow::default()
    }
}

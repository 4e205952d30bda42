//! Windows in the words of a staff room: 11月内都可以, 月底前, 晚 8 天.

use crate::periods::Named;
use crate::{Calendar, Window};
use tx_base::{Day, Lang, Span};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A window as seen from `today`, without a calendar: `晚 8 天`, `今天`, `本周内`, `11月内都可以`, `月底前`, `12月5日前`, or both
/// days when it has not begun. A year other than today's is written.
pub fn describe(span: Span, today: Day, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let late = today.since(span.to);
    if late > 0 {
        return match (zh, late) {
            (true, _) => format!("晚 {late} 天"),
            (false, 1) => "1 day late".into(),
            (false, _) => format!("{late} days late"),
        };
    }
    let month_whole = span.from == span.from.first_of_month() && span.to == span.from.last_of_month();
    if today < span.from {
        if month_whole {
            return in_month(span.from, today, zh);
        }
        return if span.from == span.to {
            date(span.from, today, zh)
        } else {
            both(span, today, zh)
        };
    }
    if span.to == today {
        return if zh { "今天".into() } else { "today".into() };
    }
    if span.to <= today.monday().plus(6) {
        return if zh { "本周内".into() } else { "this week".into() };
    }
    // early in a month there is room, late in it there is an end
    if month_whole && today.day() <= 20 {
        return in_month(span.from, today, zh);
    }
    if span.to == today.last_of_month() {
        return if zh {
            "月底前".into()
        } else {
            "by the end of the month".into()
        };
    }
    if zh {
        format!("{}前", date(span.to, today, true))
    } else {
        format!("by {}", date(span.to, today, false))
    }
}

impl Calendar {
    /// As [`describe`], with the names that the calendar knows: `开学四周内`, `期中这四周`, `期末前四周内`, `端午前后`.
    pub fn describe(&self, span: Span, today: Day, lang: Lang) -> String {
        if today >= span.to || (today >= span.from && span.to <= today.monday().plus(6)) {
            return describe(span, today, lang);
        }
        let zh = lang == Lang::Zh;
        match self.name_of(span) {
            Some(Named::Window(w)) => match (w, zh) {
                (Window::Start, true) => "开学四周内".into(),
                (Window::Start, false) => "in the first four weeks of term".into(),
                (Window::Middle, true) => "期中四周内（第9—12周）".into(),
                (Window::Middle, false) => "in weeks 9–12".into(),
                (Window::End, true) => "期末四周内".into(),
                (Window::End, false) => "in the last four weeks of term".into(),
            },
            Some(Named::Festival(f)) => {
                if zh {
                    format!("{}前后，{}", f.name().zh, both(span, today, true))
                } else {
                    format!("around {}, {}", f.name().en, both(span, today, false))
                }
            }
            None => describe(span, today, lang),
        }
    }
}

fn month_en(day: Day) -> &'static str {
    MONTHS[usize::from(day.month().unsigned_abs()) - 1]
}

fn in_month(first: Day, today: Day, zh: bool) -> String {
    let same = first.year() == today.year();
    match (zh, same) {
        (true, true) => format!("{}月内都可以", first.month()),
        (true, false) => format!("{}年{}月内都可以", first.year(), first.month()),
        (false, true) => format!("any day in {}", month_en(first)),
        (false, false) => format!("any day in {} {}", month_en(first), first.year()),
    }
}

fn date(day: Day, today: Day, zh: bool) -> String {
    let same = day.year() == today.year();
    match (zh, same) {
        (true, true) => day.zh_short(),
        (true, false) => day.zh_long(),
        (false, true) => format!("{} {}", day.day(), month_en(day)),
        (false, false) => format!("{} {} {}", day.day(), month_en(day), day.year()),
    }
}

fn both(span: Span, today: Day, zh: bool) -> String {
    let dash = if zh { "—" } else { " – " };
    format!("{}{dash}{}", date(span.from, today, zh), date(span.to, today, zh))
}

//! Words and small parts that the big screens share.

use tx_base::{Day, Id, Lang, Result, Text, t};
use tx_duty::{Duty, State};
use tx_record::Record;
use tx_store::Conn;
use tx_web::parts::marks::Mark;
use tx_web::{Ctx, pages::may_open};

/// `zh` or `en` by the reader's language, for sentences with numbers in them.
pub fn pick(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> String {
    match lang {
        Lang::Zh => zh.into(),
        Lang::En => en.into(),
    }
}

/// A constant in the reader's language.
pub fn w(lang: Lang, text: Text) -> String {
    text.in_lang(lang).to_owned()
}

/// 9月14日; in English the date itself.
pub fn day(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => day.zh_short(),
        Lang::En => day.to_string(),
    }
}

/// How a duty is drawn. A try is a deed of its own in the calendar, so an open duty stays open here.
pub fn mark(d: &Duty) -> Mark {
    match d.state {
        State::Done => Mark::Done,
        State::Excused => Mark::Excused,
        State::Overdue => Mark::Overdue,
        State::Missed => Mark::Missed,
        State::Open => Mark::Open,
        State::Upcoming => Mark::Ahead,
    }
}

/// 晚 8 天, 月底前, 11月内都可以, 免做, 没做上.
pub fn standing(d: &Duty, on: Day, lang: Lang) -> String {
    match d.state {
        State::Overdue => late(d, on, lang),
        State::Missed => w(lang, t("没做上", "missed")),
        State::Excused => w(lang, t("免做", "excused")),
        State::Done => w(lang, t("做了", "done")),
        State::Open | State::Upcoming => tx_calendar::describe(d.window, on, lang),
    }
}

fn late(d: &Duty, on: Day, lang: Lang) -> String {
    let days = on.since(d.window.to);
    pick(lang, format!("晚 {days} 天"), format!("{days} days late"))
}

/// Puts the names that screens show in the place of the login names under which these records were written.
pub fn signed<'a>(c: &Conn, county: Id, list: impl Iterator<Item = &'a mut Record>) -> Result<()> {
    let list: Vec<&mut Record> = list.collect();
    let ids: Vec<Id> = list.iter().filter_map(|r| r.author).collect();
    let names = tx_record::people::accounts(c, county, &ids)?;
    for r in list {
        if let Some(name) = r.author.and_then(|a| names.get(&a)) {
            r.author_name.clone_from(name);
        }
    }
    Ok(())
}

/// The page of a record, where this reader may open one.
pub fn record_href(ctx: &Ctx, id: impl std::fmt::Display) -> String {
    if may_open(ctx, "/records/{id}") {
        format!("/records/{id}")
    } else {
        String::new()
    }
}

/// The page of a child, where this reader may open one.
pub fn child_href(ctx: &Ctx, id: impl std::fmt::Display) -> String {
    if may_open(ctx, "/children/{id}") {
        format!("/children/{id}")
    } else {
        String::new()
    }
}

/// A page in its frame, or the bare fragment when it was asked for with `?pop=1`.
pub fn page(ctx: &Ctx, title: Text, active: &'static str, body: maud::Markup) -> Result<tx_web::Reply> {
    Ok(tx_web::Reply::page(tx_web::shell(ctx, title, active, None, body)?))
}

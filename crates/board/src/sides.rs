//! 德学体劳心: for each side the evidence of the term is counted and the last of it named. Nobody is scored; a curve is drawn
//! only for what is measured (features B8).

use crate::words::{day, page, pick, record_href, w};
use tx_base::{Day, Fault, Result, Text, t};
use tx_calendar::Calendar;
use tx_child::file::Dossier;
use tx_record::{Query, Record};
use tx_store::Class;
use tx_web::pages::may_open;
use tx_web::parts::child::FiveRow;
use tx_web::parts::marks::{Kind as Colour, Link, Mark};
use tx_web::parts::summary::{TraceRow, TraceView, trace};
use tx_web::{Ctx, READERS, Reply, Route};

const PATH: &str = "/children/{id}/side";

pub static ROUTES: &[Route] = &[Route::get(PATH, READERS, Class::P, show)
    .says(t("一个方面的证据", "Evidence of a side"))
    .query(&[("of", "string", t("de xue ti lao xin", "de xue ti lao xin"))])];

struct Side {
    code: &'static str,
    ch: Text,
    name: Text,
    /// Kinds of records that are evidence of it.
    kinds: &'static [&'static str],
    /// The fact of the file that says it in words.
    fact: &'static str,
    colour: Colour,
}

const SIDES: [Side; 5] = [
    Side {
        code: "de",
        ch: t("德", "C"),
        name: t("品行", "Character"),
        kinds: &["themed_meeting", "activity", "festival_care", "ceremony"],
        fact: "conduct",
        colour: Colour::Talk,
    },
    Side {
        code: "xue",
        ch: t("学", "S"),
        name: t("学习", "Study"),
        kinds: &["exam", "free_essay", "tutoring", "admission"],
        fact: "study",
        colour: Colour::Exam,
    },
    Side {
        code: "ti",
        ch: t("体", "H"),
        name: t("身体", "Health"),
        kinds: &["health_check", "medical_visit", "contest"],
        fact: "",
        colour: Colour::Check,
    },
    Side {
        code: "lao",
        ch: t("劳", "W"),
        name: t("劳动", "Work habits"),
        kinds: &["habit_contest", "trading_day", "outing"],
        fact: "",
        colour: Colour::Talk,
    },
    Side {
        code: "xin",
        ch: t("心", "M"),
        name: t("心里", "Mind"),
        kinds: &["heart_talk", "happy_weekend", "weekend"],
        fact: "character",
        colour: Colour::Talk,
    },
];

fn of_term<'r>(
    side: &'static Side,
    year: &'r [Record],
    calendar: &Calendar,
    on: Day,
) -> impl Iterator<Item = &'r Record> {
    // in the holidays the term before still counts: the next one has nothing yet
    let from = calendar.terms().iter().map(|t| t.from).filter(|f| *f <= on).max();
    year.iter()
        .filter(move |r| r.state == "done" && from.is_none_or(|f| r.on >= f) && side.kinds.contains(&r.kind.id))
}

pub fn rows(ctx: &Ctx, d: &Dossier, year: &[Record], calendar: &Calendar) -> Vec<FiveRow> {
    let (lang, on) = (ctx.lang, ctx.today());
    SIDES
        .iter()
        .map(|side| {
            let list: Vec<&Record> = of_term(side, year, calendar, on).collect();
            let n = list.len();
            let told = d
                .facts
                .iter()
                .find(|(id, ..)| *id == side.fact)
                .map(|(.., v)| v.clone());
            let last = list.first().map(|r| {
                let title = r.title.as_deref().filter(|t| !t.is_empty());
                format!("{} {}", title.unwrap_or(r.name(lang)), day(lang, r.on))
            });
            let none = || {
                pick(
                    lang,
                    format!("{}：这学期还没有记", side.name.zh),
                    format!("{}: nothing this term", side.name.en),
                )
            };
            FiveRow {
                ch: w(lang, side.ch),
                text: told.or(last).unwrap_or_else(none),
                count: (n > 0 && may_open(ctx, PATH)).then(|| {
                    let href = format!("/children/{}/side?of={}", d.child.id, side.code);
                    Link::new(pick(lang, format!("{n} 条"), n.to_string()), href)
                }),
                curve: Vec::new(),
                kind: side.colour,
            }
        })
        .collect()
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    let side = SIDES
        .iter()
        .find(|s| Some(s.code) == ctx.q("of"))
        .ok_or(Fault::NotFound)?;
    let (child, list) = ctx.read(|c| {
        let child = tx_child::fetch(c, scope, id)?
            .filter(|k| k.sight.personal)
            .ok_or(Fault::NotFound)?;
        let calendar = tx_school::calendar(c, scope.county, child.school_id, scope.today)?;
        let query = Query {
            child: Some(id),
            from: Some(crate::ribbon::since(scope.today)),
            limit: 201,
            ..Default::default()
        };
        let year = tx_record::list(ctx.db().keys(), c, scope, &query)?;
        let mut list: Vec<Record> = of_term(side, &year, &calendar, scope.today).cloned().collect();
        crate::words::signed(c, scope.county, list.iter_mut())?;
        Ok((child, list))
    })?;
    let rows = list.iter().map(|r| TraceRow {
        seal: tx_duties::seal_of(r.kind.id, Mark::Done),
        title: r
            .title
            .clone()
            .filter(|t| !t.is_empty())
            .unwrap_or_else(|| r.name(lang).to_owned()),
        text: r.author_name.clone(),
        date: day(lang, r.on),
        href: record_href(ctx, r.id),
    });
    let kinds: Vec<String> = side.kinds.iter().map(|k| tx_duties::kind_name(k, lang)).collect();
    let view = TraceView {
        value: list.len().to_string(),
        unit: w(lang, t("条", "records")),
        name: format!("{} {}", child.name, w(lang, side.name)),
        sentence: pick(
            lang,
            format!("本学期的{}记录，只数条数，不打分。", kinds.join("、")),
            format!("Records of this term: {}. Counted, not scored.", kinds.join(", ")),
        ),
        rows: rows.collect(),
        ..Default::default()
    };
    page(
        ctx,
        t("一个方面的证据", "Evidence of a side"),
        "children",
        trace(lang, &view),
    )
}

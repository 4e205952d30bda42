//! 记一笔: the record sheet of one child, made from the declaration of the kind (screens.md §5.4).

use crate::feed::{feed, owed};
use crate::today::seal_of;
use serde_json::{Map, Value as Json, json};
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, t};
use tx_duty::{Ask, Outcome, State};
use tx_record::form::{self, Asked, fault_of};
use tx_record::{Declared, Field, FieldType, Kind, WRITERS, find_kind};
use tx_store::{Class, Conn};
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::marks::{Link, Mark, Person, Piece};
use tx_web::parts::{forms, record};
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/record", WRITERS, Class::P, show)
        .says(t("记一笔", "Record"))
        .query(&[
            ("child", "string", t("孩子", "Child")),
            ("kind", "string", t("种类", "Kind")),
        ]),
    Route::form("/record", WRITERS, Class::P, save).says(t("存好", "Save")),
];
/// The five kinds at the top of the sheet, by the short words of screens.md §5.4.
pub(crate) const TABS: [(&str, tx_base::Text); 5] = [
    ("heart_talk", t("谈心", "Talk")),
    ("home_visit", t("家访", "Visit")),
    ("family_call", t("通话", "Call")),
    ("guardian_talk", t("监护人", "Carer")),
    ("family_letter", t("写信", "Letter")),
];

/// A value of the request, from the query or from the form.
pub(crate) fn asked(ctx: &Ctx, name: &str) -> String {
    ctx.q(name).map_or_else(|| ctx.f(name).to_owned(), str::to_owned)
}
/// Where one goes back to: an address of this site, without what an earlier save left in it.
pub(crate) fn back(ctx: &Ctx) -> String {
    let at = asked(ctx, "back");
    let at = Some(at.as_str())
        .filter(|b| b.starts_with('/') && !b.starts_with("//"))
        .unwrap_or("/");
    let (path, query) = at.split_once('?').unwrap_or((at, ""));
    let rest: Vec<&str> = query
        .split('&')
        .filter(|p| !p.is_empty() && !["saved=", "still=", "pop="].iter().any(|gone| p.starts_with(gone)))
        .collect();
    if rest.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", rest.join("&"))
    }
}
/// [`back`] with the record that was saved, so that the page says so.
pub(crate) fn back_saved(ctx: &Ctx, id: Id) -> String {
    let to = back(ctx);
    format!("{to}{}saved={id}", if to.contains('?') { '&' } else { '?' })
}
/// Bare over another page, in its frame otherwise.
pub(crate) fn reply(ctx: &Ctx, status: u16, title: tx_base::Text, body: maud::Markup) -> Result<Reply> {
    if ctx.q("pop") == Some("1") || ctx.f("pop") == "1" {
        return Ok(Reply::page_with(status, body));
    }
    let shell = Shell {
        title,
        active: "today",
        plain: true,
        ..Shell::default()
    };
    Ok(Reply::page_with(status, shell_with(ctx, shell, body)?))
}
/// The kind asked for, else heart-talk.
pub(crate) fn kind_asked(ctx: &Ctx) -> Result<&'static Kind> {
    let id = asked(ctx, "kind");
    let kind = find_kind(if id.is_empty() { "heart_talk" } else { &id }).ok_or(Fault::NotFound)?;
    if kind.writable(ctx.scope()?) {
        Ok(kind)
    } else {
        Err(Fault::NotFound)
    }
}
pub(crate) fn tabs(ctx: &Ctx, kind: &Kind, link: impl Fn(&str) -> String) -> Vec<record::KindTab> {
    let mut all: Vec<(&str, &str)> = TABS.iter().map(|(id, name)| (*id, name.in_lang(ctx.lang))).collect();
    if !all.iter().any(|(id, _)| *id == kind.id) {
        // a kind that is none of the five takes the last place
        *all.last_mut().expect("five kinds") = (kind.id, kind.name.in_lang(ctx.lang));
    }
    all.into_iter()
        .map(|(id, name)| record::KindTab {
            seal: seal_of(id, Mark::Done),
            label: name.into(),
            href: link(id),
            on: id == kind.id,
        })
        .collect()
}
/// The questions of a kind: chips first, then the one line, then what follows, then the rest behind one tap. `first` stands at the right of the
/// first question.
/// The form's field that says how much each line counts.
pub(crate) const EACH_COUNT: &str = "each";

/// How much each line counts, where the kind counts at all; a page that does not ask counts one.
pub(crate) fn each_count(ctx: &Ctx, kind: &Kind, faults: &mut Vec<FieldFault>) -> Option<i64> {
    kind.quantity?;
    let typed = ctx.f(EACH_COUNT).trim();
    if typed.is_empty() {
        return Some(1);
    }
    let n = typed.parse::<i64>().ok().filter(|n| (1..=1_000_000).contains(n));
    if n.is_none() {
        faults.push(FieldFault {
            field: EACH_COUNT.into(),
            reason: tx_base::say("要 1 以上的整数", "a whole number above 0 is needed"),
        });
    }
    n
}

pub(crate) fn questions(
    ctx: &Ctx,
    d: &Declared,
    faults: &[FieldFault],
    mut first: Option<Link>,
    line: forms::Line,
) -> Vec<forms::Question> {
    let lang = ctx.lang;
    let ask = |f: &Field, aside: Option<Link>| {
        let name = format!("f_{}", f.id);
        let given = ctx.f_all(&name).into_iter().map(str::to_owned).collect();
        form::question(
            f,
            Asked {
                given,
                error: fault_of(faults, &format!("fields.{}", f.id), lang),
                aside,
                name,
            },
            lang,
        )
    };
    let chips = |f: &&Field| matches!(f.ty, FieldType::Choice(_) | FieldType::Choices(_) | FieldType::Yes);
    // what follows is asked after the line; its further fields are typed, so they wait behind a tap
    let later = |f: &&Field| f.id.starts_with("next");
    let mut out: Vec<forms::Question> = d
        .asked()
        .filter(|f| chips(f) && !later(f))
        .take(4)
        .map(|f| ask(f, first.take()))
        .collect();
    let shown: Vec<&str> = d
        .asked()
        .filter(|f| chips(f) && !later(f))
        .take(4)
        .map(|f| f.id)
        .collect();
    // pieces, hours: what is counted of each line
    if let Some(unit) = d.kind.quantity {
        let typed = ctx.f(EACH_COUNT);
        out.push(forms::Question::Field(forms::Field {
            name: EACH_COUNT.into(),
            label: match lang {
                Lang::Zh => format!("每人几{}", unit.zh),
                Lang::En => format!("How many each ({})", unit.en),
            },
            value: if typed.is_empty() { "1".into() } else { typed.into() },
            error: fault_of(faults, EACH_COUNT, lang),
            kind: forms::FieldKind::Number,
            max: 7,
            ..Default::default()
        }));
    }
    out.push(forms::Question::Line(forms::Line {
        aside: first.take(),
        ..line
    }));
    out.extend(d.asked().filter(|f| f.id == "next").map(|f| ask(f, None)));
    let rest: Vec<&Field> = d.asked().filter(|f| !shown.contains(&f.id) && f.id != "next").collect();
    if !rest.is_empty() {
        let open = rest
            .iter()
            .any(|f| !fault_of(faults, &format!("fields.{}", f.id), lang).is_empty());
        let list = rest.into_iter().map(|f| ask(f, None)).collect();
        if open {
            out.extend::<Vec<forms::Question>>(list);
        } else {
            out.push(forms::Question::Folded(
                t("再写几项", "More").in_lang(lang).into(),
                list,
            ));
        }
    }
    out
}
/// The day of the record, changeable in place; a day that has passed says 补记.
pub(crate) fn when(ctx: &Ctx, faults: &[FieldFault]) -> record::When {
    let (today, lang) = (ctx.today(), ctx.lang);
    let on = Some(asked(ctx, "on"))
        .filter(|d| !d.is_empty())
        .unwrap_or_else(|| today.to_string());
    let words = match on.parse::<Day>() {
        Ok(d) if d != today && lang == Lang::Zh => format!("补记 {}", d.zh_short()),
        Ok(d) if d != today => format!("for {d}"),
        _ => format!("{} {}", t("今天", "Today").in_lang(lang), ctx.now().hour_minute()),
    };
    record::When {
        words,
        on,
        at: String::new(),
        error: fault_of(faults, "on", lang),
        latest: today.to_string(),
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

fn page(ctx: &Ctx, status: u16, faults: &[FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let id: Id = asked(ctx, "child").parse().map_err(|()| Fault::NotFound)?;
    let kind = kind_asked(ctx)?;
    let outcome = asked(ctx, "outcome");
    let tried = asked(ctx, "try") == "1" || ["tried", "refused", "phone"].contains(&outcome.as_str());
    let (child, declared, settled) = ctx.read(|c| {
        let child = tx_child::fetch(c, scope, id)?
            .filter(|k| k.sight.record)
            .ok_or(Fault::NotFound)?;
        let school = scope.the_school()?.id;
        let declared = Declared::of(c, scope.county, school, kind, scope.today)?;
        let settled = settles(c, ctx, school, id, kind)?.0;
        Ok((child, declared, settled))
    })?;
    let duty = asked(ctx, "duty");
    let keep = if duty.is_empty() {
        String::new()
    } else {
        format!("&duty={duty}")
    };
    let link = |kind: &str, extra: &str| format!("/record?child={id}&kind={kind}{extra}");
    let back = back(ctx);
    let mut note = String::new();
    let list = if tried {
        note = t(
            "算一次努力，这件事还欠着；改电话的，看方案认不认",
            "Counts as an effort; the duty stays. Whether a phone call settles it is for the scheme",
        )
        .in_lang(lang)
        .into();
        let opts = [
            ("tried", t("没碰上", "Not met")),
            ("phone", t("改电话", "By phone")),
            ("refused", t("不愿谈", "Refused")),
        ];
        let chosen = if outcome.is_empty() { "tried" } else { outcome.as_str() };
        let aside = Link::new(t("其实谈成了", "It was done").in_lang(lang), link(kind.id, &keep));
        let mut list = vec![forms::Question::Chips(forms::ChipGroup {
            name: "outcome".into(),
            legend: t("怎么了", "What happened").in_lang(lang).into(),
            columns: 3,
            options: opts
                .map(|(v, n)| forms::Choice {
                    value: v.into(),
                    label: n.in_lang(lang).into(),
                    on: v == chosen,
                })
                .to_vec(),
            aside: Some(aside),
            ..Default::default()
        })];
        list.push(forms::Question::Line(line(ctx, &declared, faults)));
        list
    } else {
        let aside = Link::new(not_done(kind.id, lang), link(kind.id, &format!("&try=1{keep}")));
        questions(ctx, &declared, faults, Some(aside), line(ctx, &declared, faults))
    };
    let view = record::SheetView {
        form: forms::Form {
            action: "/record".into(),
            csrf: ctx.csrf(),
            key: ctx.form_key(),
            hidden: vec![
                ("child".into(), id.to_string()),
                ("kind".into(), kind.id.into()),
                ("back".into(), back.clone()),
                ("duty".into(), duty.clone()),
                ("try".into(), if tried { "1" } else { "" }.into()),
            ],
            draft: format!("{}:{id}", kind.id),
            files: false,
        },
        title: t("记一笔", "Record").in_lang(lang).into(),
        close_href: back,
        child: Person {
            id: id.to_string(),
            name: child.name.clone(),
            sub: child.class_name.clone().unwrap_or_default(),
            ..Default::default()
        },
        when: when(ctx, faults),
        add_href: format!("/record/many?kind={}&child={id}", kind.id),
        kinds: tabs(ctx, kind, |k| link(k, if k == kind.id { &keep } else { "" })),
        errors: tx_record::form::errors(faults, &declared, lang),
        note,
        questions: list,
        settles: Some((
            seal_of(kind.id, if tried { Mark::Tried } else { Mark::Done }),
            if tried {
                vec![Piece::Text(t("记成一次努力", "Kept as an effort").in_lang(lang).into())]
            } else {
                settled
            },
        )),
        save: t("存好", "Save").in_lang(lang).into(),
        duty,
        ..Default::default()
    };
    reply(ctx, status, kind.name, record::sheet(lang, &view))
}

/// The question that leads from a deed to a try: 没谈成？
fn not_done(kind: &str, lang: Lang) -> String {
    let words = tx_record::not_done(kind).in_lang(lang);
    match lang {
        Lang::Zh => format!("{words}？"),
        Lang::En => format!("{}{}?", words[..1].to_uppercase(), &words[1..]),
    }
}

/// The one line of a kind.
pub(crate) fn line(ctx: &Ctx, d: &Declared, faults: &[FieldFault]) -> forms::Line {
    forms::Line {
        name: "text".into(),
        label: d.kind.words.in_lang(ctx.lang).into(),
        hint: t("说或写都行", "Spoken or written").in_lang(ctx.lang).into(),
        value: ctx.f("text").into(),
        error: fault_of(faults, "text", ctx.lang),
        rows: 2,
        max: 8000,
        aside: None,
    }
}

/// What saving settles, asked of the duty engine itself: the duties of this child as they would stand with such a record. A line settles the
/// period of its day first (schemes.md), so one that stays overdue is named: in the words, and by its month (0 = it has none).
fn settles(c: &Conn, ctx: &Ctx, school: Id, child: Id, kind: &Kind) -> Result<(Vec<Piece>, Vec<i8>)> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let on = asked(ctx, "on").parse().unwrap_or(scope.today);
    let mut fed = feed(c, scope.county, school, scope.today, Some(child))?;
    let ask = Ask {
        on: scope.today,
        until: None,
        since: None,
    };
    let live: Vec<tx_duty::Duty> = owed(&fed, &ask).into_iter().filter(|d| d.state.is_live()).collect();
    fed.suppose(child, on, kind.id, Outcome::Met);
    let after = owed(&fed, &ask);
    let done: Vec<&tx_duty::Duty> = live
        .iter()
        .filter(|d| after.iter().any(|a| a.id == d.id && a.state == State::Done))
        .collect();
    let text = |zh: String, en: String| Piece::Text(if lang == Lang::Zh { zh } else { en });
    let mut left: Vec<&tx_duty::Duty> = live
        .iter()
        .filter(|d| d.state == State::Overdue && *d.kind == *kind.id)
        .filter(|d| after.iter().any(|a| a.id == d.id && a.state == State::Overdue))
        .collect();
    left.sort_by_key(|d| d.window.to);
    let still: Vec<i8> = left.iter().map(|d| month_of(d)).collect();
    let rest = (!left.is_empty()).then(|| {
        let named: Vec<String> = left
            .iter()
            .map(|d| match month_of(d) {
                0 => fed.rule_name(d, scope.today, Lang::Zh),
                m => format!("{m}月那次"),
            })
            .collect();
        let again = match kind.id {
            "heart_talk" | "guardian_talk" => "再谈一次",
            "family_call" => "再打一次",
            "home_visit" => "再去一次",
            _ => "再做一次",
        };
        let en: Vec<String> = left.iter().map(|d| fed.rule_name(d, scope.today, Lang::En)).collect();
        text(
            format!("；{}还欠着，{again}才补上", named.join("、")),
            format!("; still owed: {}, made good by one more", en.join(", ")),
        )
    });
    if done.is_empty() {
        let (zh, en) = (kind.name.zh, kind.name.en);
        let mut said = vec![text(
            format!("这个时段的{zh}不欠，照样记下"),
            format!("No {en} is owed now; it is kept all the same"),
        )];
        said.extend(rest);
        return Ok((said, still));
    }
    let mut names: Vec<String> = done.iter().map(|d| fed.rule_name(d, scope.today, lang)).collect();
    names.dedup();
    let late = done.iter().any(|d| d.state == State::Overdue);
    let mut said = vec![
        text("存好后，".into(), "Saving settles: ".into()),
        Piece::Strong(names.join(if lang == Lang::Zh { "、" } else { ", " })),
        match (lang, late) {
            (Lang::Zh, false) => Piece::Text("了结".into()),
            (Lang::Zh, true) => Piece::Text("了结，逾期消去".into()),
            (Lang::En, false) => Piece::Text(String::new()),
            (Lang::En, true) => Piece::Text(", and it is late no more".into()),
        },
    ];
    said.extend(rest);
    Ok((said, still))
}
/// The month that a duty is owed for; 0 when its period is no month.
fn month_of(d: &tx_duty::Duty) -> i8 {
    if d.window.from.month_key() == *d.period {
        i8::try_from(d.window.from.month()).unwrap_or_default()
    } else {
        0
    }
}

/// The form as the API would take it.
pub(crate) fn body(ctx: &Ctx, d: &Declared, lines: Json) -> Map<String, Json> {
    let fields = form::values(ctx, d.asked(), "f_", false);
    let mut body = json!({"kind": d.kind.id, "text": ctx.f("text"), "fields": fields, "lines": lines});
    if !ctx.f("on").is_empty() {
        body["on"] = ctx.f("on").into();
    }
    body.as_object().cloned().unwrap_or_default()
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.id;
    let id: Id = ctx.f("child").parse().map_err(|()| Fault::NotFound)?;
    let kind = kind_asked(ctx)?;
    let (declared, still) = ctx.read(|c| {
        tx_record::sight(c, &scope, id)?
            .filter(|s| s.record)
            .ok_or(Fault::NotFound)?;
        let declared = Declared::of(c, scope.county, school, kind, scope.today)?;
        Ok((declared, settles(c, ctx, school, id, kind)?.1))
    })?;
    let outcome = Some(ctx.f("outcome")).filter(|o| !o.is_empty()).unwrap_or("met");
    let mut wrong = Vec::new();
    let each = each_count(ctx, kind, &mut wrong);
    let mut line = json!({"child": id, "outcome": outcome});
    if let Some(n) = each {
        line["quantity"] = n.into();
    }
    let body = body(ctx, &declared, json!([line]));
    let new = match form::new_record(declared, &body, school, scope.today) {
        Ok(new) if wrong.is_empty() => new,
        Ok(_) => return page(ctx, 422, &wrong),
        Err(Fault::Invalid(_, faults)) => {
            wrong.extend(faults);
            return page(ctx, 422, &wrong);
        }
        Err(e) => return Err(e),
    };
    let mut to = back_saved(ctx, new.id);
    if !still.is_empty() {
        let months: Vec<String> = still.iter().map(i8::to_string).collect();
        to.push_str(&format!("&still={}", months.join("-")));
    }
    keep(ctx, new, to, page)
}

/// Stores a new record and goes on to `to`; a refusal comes back in the form, with what was typed.
pub(crate) fn keep(
    ctx: &Ctx,
    new: tx_record::NewRecord,
    to: String,
    page: impl FnOnce(&Ctx, u16, &[FieldFault]) -> Result<Reply>,
) -> Result<Reply> {
    let done = ctx.write_form(ctx.act("record.add")?, move |w| {
        tx_record::add(w, &new)?;
        Ok(to.clone())
    });
    match done {
        Err(Fault::Invalid(_, faults)) => page(ctx, 422, &faults),
        other => other,
    }
}

//! 记一笔: the record sheet of one child, made from the declaration of the kind (screens.md §5.4).

use crate::today::seal_of;
use serde_json::{Map, Value as Json, json};
use tx_base::{Fault, Lang, Result, t};
use tx_record::{Field, FieldType, Kind, find_kind};
use tx_store::Class;
use tx_web::parts::marks::{Link, Mark, Person, Piece};
use tx_web::parts::{forms, record};
use tx_web::{Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::get("/record", STAFF, Class::P, show).says(t("记一笔", "Record")),
    Route::form("/record", STAFF, Class::P, save).says(t("存好", "Save")),
];
/// The five kinds at the top of the sheet.
const TABS: [&str; 5] = [
    "heart_talk",
    "home_visit",
    "family_call",
    "guardian_talk",
    "family_letter",
];

fn asked(ctx: &Ctx, name: &str) -> String {
    ctx.q(name).map_or_else(|| ctx.f(name).to_owned(), str::to_owned)
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

fn page(ctx: &Ctx, status: u16, faults: &[tx_base::FieldFault]) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let id = asked(ctx, "child").parse().map_err(|()| Fault::NotFound)?;
    let child = ctx
        .read(|c| tx_child::fetch(c, scope, id))?
        .filter(|k| k.sight.record)
        .ok_or(Fault::NotFound)?;
    let kind = find_kind(
        Some(asked(ctx, "kind"))
            .filter(|k| !k.is_empty())
            .as_deref()
            .unwrap_or("heart_talk"),
    )
    .ok_or(Fault::NotFound)?;
    let tried = asked(ctx, "outcome") == "tried";
    let link = |kind: &str, extra: &str| format!("/record?child={id}&kind={kind}{extra}");
    let back = Some(asked(ctx, "back"))
        .filter(|b| b.starts_with('/') && !b.starts_with("//"))
        .unwrap_or_else(|| "/".into());
    let (mut questions, mut folded): (Vec<forms::Question>, Vec<forms::Question>) = Default::default();
    if tried {
        let opts = [
            ("tried", t("没碰上", "Not met")),
            ("refused", t("不愿谈", "Refused")),
            ("phone", t("改电话", "By phone instead")),
        ];
        questions.push(chips(
            "outcome",
            t("怎么了", "What happened"),
            forms::Check::Radio,
            opts.map(|(v, n)| (v, n, v == "tried")).to_vec(),
            None,
            lang,
        ));
    }
    let given = |name: &str| ctx.f_all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
    for f in kind.fields.iter().filter(|_| !tried) {
        let first = questions.is_empty();
        let aside = first.then(|| {
            Link::new(
                t("没谈成？", "Not done?").in_lang(lang),
                link(kind.id, "&outcome=tried"),
            )
        });
        let asked = question(f, &given(&format!("f_{}", f.id)), aside, lang);
        // chips cost one tap; what has to be typed waits behind one
        if matches!(f.ty, FieldType::Choice(_) | FieldType::Choices(_) | FieldType::Yes) {
            &mut questions
        } else {
            &mut folded
        }
        .push(asked);
    }
    questions.push(forms::Question::Line(forms::Line {
        name: "text".into(),
        label: kind.words.in_lang(lang).into(),
        hint: t("说或写都行", "Spoken or written").in_lang(lang).into(),
        value: ctx.f("text").into(),
        rows: 2,
        max: 8000,
        ..Default::default()
    }));
    if !folded.is_empty() {
        questions.push(forms::Question::Folded(
            t("再写几项", "More").in_lang(lang).into(),
            folded,
        ));
    }
    let day = Some(ctx.f("on"))
        .filter(|d| !d.is_empty())
        .map_or_else(|| ctx.today().to_string(), str::to_owned);
    let on_error = faults
        .iter()
        .find(|f| f.field == "on")
        .map(|f| f.reason.in_lang(lang).to_owned())
        .unwrap_or_default();
    let settles = match lang {
        Lang::Zh if tried => "算一次努力，这件事还欠着".to_owned(),
        Lang::Zh => format!("存好后，这个时段的{}了结", kind.name.zh),
        Lang::En if tried => "Counts as an effort; the duty stays".to_owned(),
        Lang::En => format!("Saving settles the {} of this period", kind.name.en),
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
        when: record::When {
            words: format!("{} {}", t("今天", "Today").in_lang(lang), ctx.now().hour_minute()),
            on: day,
            at: String::new(),
            error: on_error,
            latest: ctx.today().to_string(),
        },
        kinds: TABS
            .iter()
            .filter_map(|k| find_kind(k))
            .map(|k| record::KindTab {
                seal: seal_of(k.id, Mark::Done),
                label: k.name.in_lang(lang).into(),
                href: link(k.id, ""),
                on: k.id == kind.id,
            })
            .collect(),
        errors: faults
            .iter()
            .map(|f| forms::FieldError {
                name: f.field.replace("fields.", "f_"),
                label: String::new(),
                reason: f.reason.in_lang(lang).into(),
            })
            .collect(),
        questions,
        settles: Some((
            seal_of(kind.id, if tried { Mark::Tried } else { Mark::Done }),
            vec![Piece::Text(settles)],
        )),
        save: t("存好", "Save").in_lang(lang).into(),
        duty: asked(ctx, "duty"),
        ..Default::default()
    };
    let body = record::sheet(lang, &view);
    if ctx.q("pop") == Some("1") || ctx.f("pop") == "1" {
        return Ok(Reply::page_with(status, body));
    }
    Ok(Reply::page_with(
        status,
        tx_web::shell(ctx, kind.name, "today", None, body)?,
    ))
}

fn chips(
    name: &str,
    legend: tx_base::Text,
    check: forms::Check,
    opts: Vec<(&str, tx_base::Text, bool)>,
    aside: Option<Link>,
    lang: Lang,
) -> forms::Question {
    forms::Question::Chips(forms::ChipGroup {
        name: name.into(),
        legend: legend.in_lang(lang).into(),
        check,
        options: opts
            .into_iter()
            .map(|(v, n, on)| forms::Choice {
                value: v.into(),
                label: n.in_lang(lang).into(),
                on,
            })
            .collect(),
        aside,
        ..Default::default()
    })
}

/// The question of a field; one arm for each type, so that a new type does not compile until it has one.
fn question(f: &'static Field, given: &[String], aside: Option<Link>, lang: Lang) -> forms::Question {
    let name = format!("f_{}", f.id);
    let has = |id: &str| given.iter().any(|g| g == id);
    let value = given.first().cloned().unwrap_or_default();
    let line = |kind: forms::FieldKind| {
        forms::Question::Field(forms::Field {
            name: name.clone(),
            label: f.name.in_lang(lang).into(),
            value: value.clone(),
            kind,
            ..Default::default()
        })
    };
    match f.ty {
        FieldType::Choice(opts) => chips(
            &name,
            f.name,
            forms::Check::Radio,
            opts.iter().map(|o| (o.id, o.name, has(o.id))).collect(),
            aside,
            lang,
        ),
        FieldType::Choices(opts) => chips(
            &name,
            f.name,
            forms::Check::Box,
            opts.iter().map(|o| (o.id, o.name, has(o.id))).collect(),
            aside,
            lang,
        ),
        FieldType::Yes => chips(
            &name,
            f.name,
            forms::Check::Radio,
            vec![
                ("true", t("是", "Yes"), has("true")),
                ("false", t("否", "No"), has("false")),
            ],
            aside,
            lang,
        ),
        FieldType::LongText => forms::Question::Line(forms::Line {
            name,
            label: f.name.in_lang(lang).into(),
            value,
            rows: 2,
            max: 8000,
            ..Default::default()
        }),
        FieldType::Text => line(forms::FieldKind::Text),
        FieldType::Count | FieldType::Money => line(forms::FieldKind::Number),
        FieldType::Day => line(forms::FieldKind::Date),
    }
}

/// Values of the form as the API would take them.
fn fields(ctx: &Ctx, kind: &Kind) -> Map<String, Json> {
    let mut out = Map::new();
    for f in kind.fields {
        let all = ctx.f_all(&format!("f_{}", f.id));
        let Some(first) = all.first().map(|s| s.trim()).filter(|s| !s.is_empty()) else {
            continue;
        };
        let v = match f.ty {
            FieldType::Choices(_) => json!(all),
            FieldType::Yes => json!(first == "true"),
            FieldType::Count => first.parse::<u64>().map_or_else(|_| json!(first), |n| json!(n)),
            FieldType::Money => first.parse::<f64>().map_or_else(|_| json!(first), |n| json!(n)),
            FieldType::Text | FieldType::LongText | FieldType::Choice(_) | FieldType::Day => json!(first),
        };
        out.insert(f.id.into(), v);
    }
    out
}

fn save(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    let school = scope.the_school()?.id;
    let id = ctx.f("child").parse().map_err(|()| Fault::NotFound)?;
    let child = ctx
        .read(|c| tx_child::fetch(c, &scope, id))?
        .filter(|k| k.sight.record)
        .ok_or(Fault::NotFound)?;
    let kind = find_kind(ctx.f("kind")).ok_or(Fault::NotFound)?;
    let outcome = Some(ctx.f("outcome"))
        .filter(|o| !o.is_empty())
        .unwrap_or("met")
        .to_owned();
    let mut body = json!({"kind": kind.id, "text": ctx.f("text"), "fields": fields(ctx, kind), "lines": [{"child": child.id, "outcome": outcome}]});
    if !ctx.f("on").is_empty() {
        body["on"] = ctx.f("on").into();
    }
    let body = body.as_object().cloned().unwrap_or_default();
    let new = match tx_record::parse(&body, school, scope.today) {
        Ok(new) => new,
        Err(Fault::Invalid(_, faults)) => return page(ctx, 422, &faults),
        Err(e) => return Err(e),
    };
    let back = Some(ctx.f("back"))
        .filter(|b| b.starts_with('/') && !b.starts_with("//"))
        .unwrap_or("/")
        .to_owned();
    let to = if back == "/" { "/?saved=1".to_owned() } else { back };
    ctx.write_form(scope.act("record.add"), move |w| {
        tx_record::add(w, &new)?;
        Ok(to.clone())
    })
}

//! The editor: outline, paper, where a number comes from (screens.md §5.20). Also the files that leave it.

use super::draw::{Bit, MORE, PREFACE};
use super::links::To;
use super::numbers::Number;
use super::store::{Draft, State, fetch, moves};
use super::style::Style;
use super::write::{Ask, Format, Written, write};
use super::{PAPERS, may_write, paper, trace};
use std::collections::BTreeMap;
use tx_access::Role;
use tx_base::{Fault, Lang, Result, Say, say, t};
use tx_paper::Inline;
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::summary::{Block, Changed, NumState, OutlineItem, OwnView, Post, SummaryView, Word};
use tx_web::parts::{self, Field, FieldKind, Form, Link, Look, Piece, Pill, Tab, TableView};
use tx_web::{Ctx, Limit, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::get("/summary/{id}", PAPERS, Class::P, show)
        .says(t("写总结", "Writing a summary"))
        .query(&[
            ("style", "string", t("看看另一种体例", "Look at another style")),
            ("number", "string", t("这个数从哪来", "Where this number comes from")),
            ("pop", "string", t("只要小窗", "The pop-over alone")),
        ]),
    Route::get("/summary/{id}/words", PAPERS, Class::P, words)
        .says(t("自己的话", "Own words"))
        .query(&[
            ("slot", "string", t("哪一节", "Which section")),
            ("back", "string", t("回到哪", "Back to")),
        ]),
    Route::get("/summary/{id}/export", PAPERS, Class::P, export)
        .says(t("导出总结", "Export a summary"))
        .query(&[
            ("as", "string", t("docx pdf html json", "docx pdf html json")),
            (
                "for",
                "string",
                t("authority = 供上级", "authority = for the authority"),
            ),
        ]),
];

/// A draft with its present text.
pub struct Open {
    pub draft: Draft,
    pub written: Written,
}

/// Opens a draft of the own school for someone who may write it.
pub fn open(ctx: &Ctx, style: Option<Style>, authority: bool) -> Result<Open> {
    let scope = ctx.scope()?;
    may_write(scope)?;
    let (id, school) = (ctx.id("id")?, scope.the_school()?.clone());
    ctx.read(|c| {
        let draft = fetch(ctx.db().keys(), c, scope, id)?;
        let ask = Ask {
            school,
            period: draft.period,
            style: style.unwrap_or(draft.style),
            authority,
        };
        let to = To {
            period: draft.period,
            draft: Some(id),
        };
        let written = write(c, scope, ask, &draft.own, to)?;
        Ok(Open { draft, written })
    })
}

/// What the numbers are now, as a draft keeps them.
pub fn shorts(w: &Written) -> BTreeMap<String, String> {
    w.numbers.all.values().map(|n| (n.f.id.to_owned(), n.short())).collect()
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let lang = ctx.lang;
    let style = ctx.q("style").map(Style::parse).transpose()?;
    if let (Some(f), Some("1")) = (ctx.q("number"), ctx.q("pop")) {
        return pop(ctx, f);
    }
    let o = open(ctx, style, false)?;
    let number = match ctx.q("number") {
        None => None,
        Some(f) => Some(o.written.numbers.all.get(f).ok_or(Fault::NotFound)?),
    };
    let v = view(ctx, &o, number)?;
    Ok(Reply::page(shell_with(
        ctx,
        Shell {
            title: t("工作总结", "Work summary"),
            active: "reports",
            full: true,
            ..Shell::default()
        },
        parts::summary::editor(lang, &v),
    )?))
}

/// The trace of one number alone, without the rest being counted.
fn pop(ctx: &Ctx, figure: &str) -> Result<Reply> {
    let scope = ctx.scope()?;
    may_write(scope)?;
    let (id, school) = (ctx.id("id")?, scope.the_school()?.id);
    let f = tx_figures::find(figure)
        .filter(|f| !f.authority)
        .ok_or(Fault::NotFound)?;
    let (d, n, v) = ctx.read(|c| {
        let d = fetch(ctx.db().keys(), c, scope, id)?;
        let n = Number {
            f,
            n: tx_figures::count(c, scope, school, d.period, f)?,
        };
        let v = trace::view(ctx, c, &n, d.period)?;
        Ok((d, n, v))
    })?;
    Ok(Reply::page(parts::summary::trace_with(
        ctx.lang,
        &v,
        &number_posts(ctx, &d, &n),
    )))
}

fn form(ctx: &Ctx, d: &Draft, act: &str, hidden: &[(&str, &str)]) -> Form {
    Form {
        action: format!("/summary/{}/{act}", d.id),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden: hidden.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        ..Form::default()
    }
}

/// Leaves a number out, or puts it back.
fn number_posts(ctx: &Ctx, d: &Draft, n: &Number) -> Vec<Post> {
    if d.state != State::Draft {
        return Vec::new();
    }
    let out = d.own.left_out.contains(n.f.id);
    let label = if out {
        t("放回文中", "Put back")
    } else {
        t("文中不写", "Leave out")
    };
    vec![Post {
        form: form(
            ctx,
            d,
            "leave",
            &[("figure", n.f.id), ("out", if out { "0" } else { "1" })],
        ),
        label: label.in_lang(ctx.lang).to_owned(),
        icon: "",
        look: Look::Quiet,
    }]
}

fn view(ctx: &Ctx, o: &Open, number: Option<&Number>) -> Result<SummaryView> {
    let (lang, d, w) = (ctx.lang, &o.draft, &o.written);
    let word = |zh: &str, en: &str| say(zh, en).in_lang(lang).to_owned();
    let base = format!("/summary/{}", d.id);
    let now = shorts(w);
    let before = d.frozen.as_ref().map_or(&d.figures, |f| &f.figures);
    let changed: Vec<(&Number, &str)> = w
        .drawn
        .used
        .iter()
        .filter_map(|f| w.numbers.all.get(f.as_str()))
        .filter_map(|n| {
            let was = before.get(n.f.id)?;
            (now.get(n.f.id) != Some(was)).then_some((n, was.as_str()))
        })
        .collect();
    let frozen = d.frozen.as_ref();
    let other = w.ask.style != d.style;
    let posts = posts(ctx, d, !changed.is_empty(), other.then_some(w.ask.style))?;
    let mut notes: Vec<(Pill, String, Option<Link>)> = Vec::new();
    if other {
        notes.push((
            Pill::Info,
            word(
                "这是另一种体例的样子，还没改。数字和自己的话不变。",
                "A look at another style; nothing is changed yet. Numbers and own words stay.",
            ),
            Some(Link::new(word("回到原来的", "Back"), base.clone())),
        ));
    }
    if !d.own.left_out.is_empty() && frozen.is_none() {
        let first = d.own.left_out.iter().next().cloned().unwrap_or_default();
        let n = d.own.left_out.len();
        notes.push((
            Pill::Mute,
            say(format!("有 {n} 个数没写进文中。"), format!("{n} numbers are left out."))
                .in_lang(lang)
                .to_owned(),
            Some(Link::new(word("看看", "Look"), format!("{base}?number={first}"))),
        ));
    }
    if frozen.is_none() && !w.drawn.missing.is_empty() {
        let n = w.drawn.missing.iter().filter(|m| m.printed).count();
        if n > 0 {
            notes.push((
                Pill::Due,
                say(
                    format!("有 {n} 处〔未填〕，点开去填；不填也能导出。"),
                    format!("{n} things are not filled in; the file can be made all the same."),
                )
                .in_lang(lang)
                .to_owned(),
                None,
            ));
        }
    }
    let states: BTreeMap<&str, NumState> = changed
        .iter()
        .map(|(n, _)| (n.f.id, NumState::Changed))
        .chain(number.map(|n| (n.f.id, NumState::Open)))
        .collect();
    let trace = match number {
        Some(n) => Some(ctx.read(|c| trace::view(ctx, c, n, d.period))?),
        None => None,
    };
    let used = u32::try_from(w.drawn.used.len()).unwrap_or(u32::MAX);
    let status = match d.state {
        State::Draft => (Pill::Ok, word("草稿已存", "Draft kept")),
        State::Review => (Pill::Due, d.state.name().in_lang(lang).to_owned()),
        State::Approved | State::Final => (Pill::Ok, d.state.name().in_lang(lang).to_owned()),
    };
    Ok(SummaryView {
        title: word("工作总结", "Work summary"),
        period: months(d),
        styles: if frozen.is_some() {
            Vec::new()
        } else {
            styles(w.ask.style, &base, lang)
        },
        status,
        buttons: Vec::new(),
        menu: Some((word("导出", "Export"), exports(ctx, d, lang))),
        posts,
        outline: match frozen {
            Some(f) => frozen_outline(f),
            None => outline(w),
        },
        numbers: used,
        numbers_note: [word("个数字", "numbers"), word("个个有出处", "each with its records")],
        paper_title: frozen.map_or_else(|| w.drawn.title.clone(), |f| f.doc.title.clone()),
        paper_by: format!(
            "{}　{}",
            w.numbers.school,
            frozen.and_then(|f| f.doc.subtitle.clone()).unwrap_or_else(|| format!(
                "{}至{}",
                d.period.from.zh_long(),
                d.period.to.zh_long()
            ))
        ),
        blocks: match frozen {
            Some(f) => frozen_blocks(f, d, &states),
            None => blocks(w, d, &states, lang),
        },
        notes,
        trace,
        trace_posts: number.map(|n| number_posts(ctx, d, n)).unwrap_or_default(),
        changed_title: if frozen.is_some() {
            say(
                format!("定稿以后，{} 个数变了", changed.len()),
                format!("{} numbers changed since", changed.len()),
            )
        } else {
            say(
                format!("上次写好以后，{} 个数变了", changed.len()),
                format!("{} numbers changed since it was written", changed.len()),
            )
        }
        .in_lang(lang)
        .to_owned(),
        changed: changed
            .iter()
            .map(|(n, was)| {
                let with = |v: &str| match (n.n.of, v.is_empty()) {
                    (_, true) => word("没有", "none"),
                    (Some(_), _) => v.to_owned(),
                    (None, _) => format!("{v} {}", n.f.unit.in_lang(lang)).trim().to_owned(),
                };
                Changed {
                    name: n.f.name.in_lang(lang).to_owned(),
                    was: with(was),
                    is: with(&n.short()),
                }
            })
            .collect(),
        hint: word(
            "点文中的数，看它从哪来。",
            "Tap a number in the text to see where it comes from.",
        ),
    })
}

fn months(d: &Draft) -> String {
    let m = |d: tx_base::Day| format!("{}.{}", d.year(), d.month());
    format!("{} — {}", m(d.period.from), m(d.period.to))
}

fn styles(on: Style, base: &str, lang: Lang) -> Vec<Tab> {
    Style::all()
        .map(|s| {
            let label = match (lang, s == on) {
                (Lang::Zh, true) => format!("{} {}", s.number(), s.name().zh),
                (Lang::Zh, false) => s.number(),
                (Lang::En, true) => format!("{} {}", s.code(), s.name().en),
                (Lang::En, false) => s.code().to_owned(),
            };
            Tab::new(label, format!("{base}?style={}", s.code()), s == on)
        })
        .collect()
}

fn exports(ctx: &Ctx, d: &Draft, lang: Lang) -> Vec<Link> {
    let at = |f: &str, more: &str| format!("/summary/{}/export?as={f}{more}", d.id);
    let mut out = vec![
        Link::new("Word（DOCX）", at("docx", "")),
        Link::new("PDF", at("pdf", "")),
        Link::new(t("网页（HTML）", "Web page (HTML)").in_lang(lang), at("html", "")),
        Link::new(t("数字（JSON）", "Numbers (JSON)").in_lang(lang), at("json", "")),
    ];
    let head = ctx.scope().is_ok_and(|s| s.is(Role::Head));
    if d.frozen.is_none() && head {
        let above = t("供上级（DOCX，含升学）", "For the authority (DOCX, with admissions)");
        out.push(Link::new(above.in_lang(lang), at("docx", "&for=authority")));
    }
    out
}

/// What may be done now.
fn posts(ctx: &Ctx, d: &Draft, changed: bool, style: Option<Style>) -> Result<Vec<Post>> {
    let lang = ctx.lang;
    let head = ctx.scope()?.is(Role::Head);
    let mut out = Vec::new();
    let mut add = |act: &str, hidden: &[(&str, &str)], label: Say, icon: &'static str, look: Look| {
        out.push(Post {
            form: form(ctx, d, act, hidden),
            label: label.in_lang(lang).to_owned(),
            icon,
            look,
        });
    };
    if d.state == State::Draft {
        if let Some(s) = style {
            let label = say(format!("改用体例{}", s.number()), format!("Use style {}", s.code()));
            add("style", &[("style", s.code())], label, "", Look::First);
            return Ok(out);
        }
        if changed {
            add(
                "redraw",
                &[],
                say("更新数字", "Take the new numbers"),
                "redo",
                Look::Second,
            );
        }
    }
    for to in moves(d.state) {
        let (label, look) = match to {
            State::Review => (say("交审", "Send for review"), Look::First),
            State::Approved if head => (say("批准", "Approve"), Look::First),
            State::Final => (say("定稿", "Make final"), Look::First),
            State::Draft => (say("退回再改", "Back to draft"), Look::Second),
            State::Approved => continue,
        };
        add("state", &[("to", to.code())], label, "", look);
    }
    Ok(out)
}

fn outline(w: &Written) -> Vec<OutlineItem> {
    w.drawn
        .sections
        .iter()
        .filter(|s| s.level > 0)
        .map(|s| OutlineItem {
            label: s.label.clone(),
            href: format!("#s-{}", s.slot),
            level: s.level.saturating_sub(1).min(1),
            missing: s.missing,
            ..OutlineItem::default()
        })
        .collect()
}

fn line(text: &[Inline], states: &BTreeMap<&str, NumState>) -> Vec<Word> {
    text.iter()
        .map(|i| match i {
            Inline::Text { text } | Inline::Bold { text } => Word::Text(text.clone()),
            Inline::Number { text, figure, href } => Word::Num {
                value: text.clone(),
                fig: figure.clone(),
                href: href.clone(),
                state: states.get(figure.as_str()).copied().unwrap_or_default(),
            },
            Inline::Missing { href, .. } => Word::Missing {
                label: tx_paper::MISSING.to_owned(),
                href: href.clone(),
            },
        })
        .collect()
}

fn blocks(w: &Written, d: &Draft, states: &BTreeMap<&str, NumState>, lang: Lang) -> Vec<Block> {
    let may_edit = d.state == State::Draft && w.ask.style == d.style;
    let edit = |slot: &str| format!("/summary/{}/words?slot={slot}", d.id);
    w.drawn
        .bits
        .iter()
        .filter_map(|b| {
            Some(match b {
                Bit::Heading { level, text, slot } => Block::Heading {
                    level: *level,
                    text: text.clone(),
                    id: format!("s-{slot}"),
                },
                Bit::Para(l) => Block::Para(line(l, states)),
                Bit::Item(l) => {
                    let mut l = line(l, states);
                    l.insert(0, Word::Text("· ".into()));
                    Block::Para(l)
                }
                Bit::Table(t) => Block::Table(table(t, states)),
                Bit::Own { slot, paras } if paras.is_empty() => {
                    if !may_edit {
                        return None;
                    }
                    let add = t("＋ 自己的话", "+ Own words").in_lang(lang);
                    Block::Add(Link::new(add, edit(slot)).sheet())
                }
                Bit::Own { slot, paras } => Block::Own {
                    id: format!("own-{slot}"),
                    paragraphs: paras.clone(),
                    edit: (may_edit && slot != MORE)
                        .then(|| Link::new(t("改", "Change").in_lang(lang), edit(slot)).sheet()),
                },
            })
        })
        .collect()
}

fn table(t: &tx_paper::Table, states: &BTreeMap<&str, NumState>) -> TableView {
    let plain = |text: &[Inline]| text.iter().map(Inline::plain).collect::<String>();
    TableView {
        caption: plain(&t.caption),
        head: t.head.first().into_iter().flatten().map(|c| plain(&c.text)).collect(),
        rows: t
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|c| {
                        c.text
                            .iter()
                            .map(|i| match i {
                                Inline::Number { text, figure, href } => Piece::Num {
                                    value: text.clone(),
                                    fig: figure.clone(),
                                    href: href.clone(),
                                    bad: states.get(figure.as_str()) == Some(&NumState::Changed),
                                },
                                other => Piece::Text(other.plain().to_owned()),
                            })
                            .collect()
                    })
                    .collect()
            })
            .collect(),
        right: t
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| c.align == tx_paper::Align::Right)
            .map(|(i, _)| i)
            .collect(),
        ..TableView::default()
    }
}

fn frozen_outline(f: &super::store::Frozen) -> Vec<OutlineItem> {
    let headings = f.doc.blocks.iter().enumerate().filter_map(|(i, b)| match b {
        tx_paper::Block::Heading { level, text } => Some((i, *level, text)),
        _ => None,
    });
    headings
        .map(|(i, level, text)| OutlineItem {
            label: text.iter().map(Inline::plain).collect(),
            href: format!("#s-{i}"),
            level: level.saturating_sub(1).min(1),
            ..OutlineItem::default()
        })
        .collect()
}

/// The frozen text: its numbers open their records as they are now.
fn frozen_blocks(f: &super::store::Frozen, d: &Draft, states: &BTreeMap<&str, NumState>) -> Vec<Block> {
    let mut out = Vec::new();
    for (i, b) in f.doc.blocks.iter().enumerate() {
        match b {
            tx_paper::Block::Heading { level, text } => out.push(Block::Heading {
                level: *level,
                text: text.iter().map(Inline::plain).collect(),
                id: format!("s-{i}"),
            }),
            tx_paper::Block::Para { text } | tx_paper::Block::Note { text } => {
                out.push(Block::Para(line(text, states)));
            }
            tx_paper::Block::List { items, .. } => {
                out.extend(items.iter().map(|i| Block::Para(line(i, states))));
            }
            tx_paper::Block::Table(t) => out.push(Block::Table(table(t, states))),
            tx_paper::Block::OwnWords { slot, paras } => out.push(Block::Own {
                id: format!("own-{slot}"),
                paragraphs: paras.clone(),
                edit: None,
            }),
            tx_paper::Block::Signature { org, date } => {
                out.push(Block::Para(vec![Word::Text(format!("{org}　{date}"))]));
            }
            tx_paper::Block::Picture { .. } | tx_paper::Block::PageBreak => {}
        }
    }
    if let Some(h) = &d.hash {
        out.push(Block::Para(vec![Word::Text(format!("校验码 {h}"))]));
    }
    out
}

/// The sheet for own words of a section.
fn words(ctx: &Ctx) -> Result<Reply> {
    let o = open(ctx, None, false)?;
    let slot = ctx.q("slot").unwrap_or(PREFACE).to_owned();
    words_page(ctx, &o, &slot, None, "", 200)
}

/// The same with what was typed and why it was not taken.
pub fn words_page(ctx: &Ctx, o: &Open, slot: &str, typed: Option<&str>, error: &str, status: u16) -> Result<Reply> {
    let (lang, d) = (ctx.lang, &o.draft);
    let section = o
        .written
        .drawn
        .sections
        .iter()
        .find(|s| s.slot == slot)
        .ok_or(Fault::NotFound)?;
    let value = match typed {
        Some(v) => v.to_owned(),
        None => d.own.words.get(slot).map(|p| p.join("\n")).unwrap_or_default(),
    };
    let mut f = form(ctx, d, "words", &[("slot", slot)]);
    f.draft = format!("summary:{}:{slot}", d.id);
    let v = OwnView {
        form: f,
        title: section.label.clone(),
        field: Field {
            name: "text".into(),
            label: t("自己的话", "Own words").in_lang(lang).into(),
            hint: t(
                "写在这一节后面，每行一段。数字变了、体例换了，这些话都在。不写孩子的名字。",
                "They stand at the end of this section, a paragraph a line, and stay when numbers or style change. No names of children.",
            )
            .in_lang(lang)
            .into(),
            value,
            error: error.to_owned(),
            kind: FieldKind::Long,
            max: MAX_WORDS,
            ..Field::default()
        },
        save: t("存好", "Save").in_lang(lang).into(),
        close_href: format!("/summary/{}", d.id),
    };
    let body = parts::summary::own_words(lang, &v);
    let page = shell_with(
        ctx,
        Shell {
            title: t("自己的话", "Own words"),
            active: "reports",
            plain: true,
            ..Shell::default()
        },
        body,
    )?;
    Ok(Reply::page_with(status, page))
}

/// Characters of own words of one section.
pub const MAX_WORDS: u32 = 4000;

/// A file of the summary; who made it stands in the audit.
fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::parse(ctx.q("as").unwrap_or("docx"))?;
    let authority = super::api::authority(ctx)?;
    if authority && !ctx.scope()?.is(Role::Head) {
        return Err(Fault::forbidden(t(
            "供上级的由校长导出",
            "What goes to the authority is exported by the head",
        )));
    }
    let o = open(ctx, None, authority)?;
    ctx.app.take(Limit::Export, ctx.scope()?.account)?;
    let bytes = match (&o.draft.frozen, format) {
        (Some(f), Format::Docx | Format::Pdf | Format::Html) if !authority => paper::file(&f.doc, format)?,
        _ => o.written.file(format, ctx.lang, ctx.now())?,
    };
    let id = o.draft.id;
    let act = if authority {
        "summary.export_for_authority"
    } else {
        "summary.export"
    };
    ctx.db().write(ctx.act(act)?, move |w| {
        w.note(act, "summaries", Some(id), Some(format.ending().to_owned()));
        Ok(())
    })?;
    let name = format!(
        "{}-{}-{}.{}",
        o.written.ask.school.code,
        o.written.numbers.school,
        o.draft.title,
        format.ending()
    );
    Ok(Reply::file(format.mime(), &name, bytes))
}

//! What is done to a draft: made, own words, a number left out, numbers taken anew, style, review, approval, final.

use super::draw::Own;
use super::editor::{MAX_WORDS, Open, open, shorts, words_page};
use super::links::To;
use super::store::{self, Frozen, New, State};
use super::style::Style;
use super::write::{Ask, period, write};
use super::{PAPERS, may_write};
use tx_access::Role;
use tx_base::{Day, Fault, FieldFault, Id, Result, say, t};
use tx_store::Class;
use tx_web::{Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[
    Route::form("/summary", PAPERS, Class::P, make).says(t("开始写总结", "Begin a summary")),
    Route::form("/summary/{id}/words", PAPERS, Class::P, words).says(t("存自己的话", "Keep own words")),
    Route::form("/summary/{id}/leave", PAPERS, Class::P, leave).says(t("文中不写这个数", "Leave a number out")),
    Route::form("/summary/{id}/redraw", PAPERS, Class::P, redraw).says(t("更新数字", "Take the new numbers")),
    Route::form("/summary/{id}/style", PAPERS, Class::P, style).says(t("改用体例", "Change the style")),
    Route::form("/summary/{id}/state", PAPERS, Class::P, state).says(t("交审、批准、定稿", "Review, approval, final")),
    Route::form("/summary/{id}/delete", PAPERS, Class::P, delete).says(t("删掉草稿", "Delete a draft")),
];

/// Style and days from a form or a query: every wrong one is named.
pub fn asked(style: &str, from: &str, to: &str) -> Result<(Style, tx_base::Span)> {
    let mut bad = Vec::new();
    let mut day = |name: &str, v: &str| match Day::parse(v.trim()) {
        Ok(d) => Some(d),
        Err(_) => {
            bad.push(FieldFault {
                field: name.into(),
                reason: say("请选一个日期", "Choose a day"),
            });
            None
        }
    };
    let (from, to) = (day("from", from), day("to", to));
    let style = Style::parse(style).inspect_err(|_| {
        bad.push(FieldFault {
            field: "style".into(),
            reason: say("请选一种体例", "Choose a style"),
        });
    });
    match (style, from, to) {
        (Ok(s), Some(from), Some(to)) => Ok((s, period(from, to)?)),
        _ => Err(Fault::fields(bad)),
    }
}

fn make(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?.clone();
    may_write(&scope)?;
    let school = scope.the_school()?.clone();
    let (style, period) = match asked(ctx.f("style"), ctx.f("from"), ctx.f("to")) {
        Ok(v) => v,
        Err(Fault::Invalid(_, bad)) => return super::shelf::page(ctx, &bad, 422),
        Err(other) => return Err(other),
    };
    let ask = Ask {
        school: school.clone(),
        period,
        style,
        authority: false,
    };
    let to = To { period, draft: None };
    let written = ctx.read(|c| write(c, &scope, ask, &Own::default(), to))?;
    let (figures, title) = (shorts(&written), written.drawn.title.clone());
    ctx.write_form(ctx.act("summary.add")?, move |w| {
        let id = Id::fresh();
        store::insert(
            w,
            &New {
                id,
                school: school.id,
                style,
                period,
                title: title.clone(),
                figures: figures.clone(),
            },
        )?;
        Ok(format!("/summary/{id}"))
    })
}

/// A draft that may still be changed.
fn draft(ctx: &Ctx) -> Result<Open> {
    let o = open(ctx, None, false)?;
    if o.draft.state != State::Draft {
        return Err(Fault::Conflict(say(
            format!("现在是{}，先退回再改", o.draft.state.name().zh),
            format!("It is {} now; take it back first", o.draft.state.name().en),
        )));
    }
    Ok(o)
}

fn words(ctx: &Ctx) -> Result<Reply> {
    let o = draft(ctx)?;
    let (slot, text) = (ctx.f("slot").to_owned(), ctx.f("text").to_owned());
    if !o.written.drawn.sections.iter().any(|s| s.slot == slot) {
        return Err(Fault::NotFound);
    }
    let too_long = text.chars().count() > MAX_WORDS as usize;
    let strange = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if too_long || strange {
        let why = if too_long {
            say(
                format!("一节最多 {MAX_WORDS} 个字"),
                format!("At most {MAX_WORDS} characters a section"),
            )
        } else {
            say("里面有看不见的控制字符", "There are control characters in it")
        };
        return words_page(ctx, &o, &slot, Some(&text), why.in_lang(ctx.lang), 422);
    }
    let d = o.draft;
    let to = format!("/summary/{}#own-{slot}", d.id);
    ctx.write_form(ctx.act("summary.words")?, move |w| {
        store::set_words(w, &d, &slot, &text)?;
        Ok(to.clone())
    })
}

fn leave(ctx: &Ctx) -> Result<Reply> {
    let o = draft(ctx)?;
    let (figure, out) = (ctx.f("figure").to_owned(), ctx.f("out") == "1");
    if !o.written.numbers.all.contains_key(figure.as_str()) {
        return Err(Fault::NotFound);
    }
    let d = o.draft;
    ctx.write_form(ctx.act("summary.leave_out")?, move |w| {
        store::set_left_out(w, &d, &figure, out)?;
        Ok(format!("/summary/{}", d.id))
    })
}

fn redraw(ctx: &Ctx) -> Result<Reply> {
    let o = draft(ctx)?;
    let (figures, d) = (shorts(&o.written), o.draft);
    ctx.write_form(ctx.act("summary.redraw")?, move |w| {
        store::redraw(w, &d, &figures)?;
        Ok(format!("/summary/{}", d.id))
    })
}

fn style(ctx: &Ctx) -> Result<Reply> {
    let (d, style) = (draft(ctx)?.draft, Style::parse(ctx.f("style"))?);
    ctx.write_form(ctx.act("summary.style")?, move |w| {
        store::set_style(w, &d, style)?;
        Ok(format!("/summary/{}", d.id))
    })
}

fn state(ctx: &Ctx) -> Result<Reply> {
    let o = open(ctx, None, false)?;
    let to = State::parse(ctx.f("to")).ok_or_else(|| Fault::invalid("to", "没有这个状态", "There is no such state"))?;
    let scope = ctx.scope()?;
    if to == State::Approved && !scope.is(Role::Head) {
        return Err(Fault::forbidden(t("由校长批准", "The head approves")));
    }
    let frozen = (to == State::Final).then(|| Frozen {
        doc: o.written.doc(ctx.now()),
        figures: shorts(&o.written),
        records: o
            .written
            .numbers
            .all
            .values()
            .map(|n| (n.f.id.to_owned(), n.n.records.clone()))
            .collect(),
    });
    let (d, by) = (o.draft, scope.shown.clone());
    let action = match to {
        State::Draft => "summary.back",
        State::Review => "summary.review",
        State::Approved => "summary.approve",
        State::Final => "summary.final",
    };
    ctx.write_form(ctx.act(action)?, move |w| {
        store::set_state(w, &d, to, &by, frozen.as_ref())?;
        Ok(format!("/summary/{}", d.id))
    })
}

fn delete(ctx: &Ctx) -> Result<Reply> {
    let d = draft(ctx)?.draft;
    ctx.write_form(ctx.act("summary.delete")?, move |w| {
        store::remove(w, &d)?;
        Ok("/reports".to_owned())
    })
}

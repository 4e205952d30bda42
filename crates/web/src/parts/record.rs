//! 记一笔: the record sheet for one child and for many (screens.md §5.4, §5.5).
//!
//! Both are fragments: as a page they stand in a frame with `plain`, over another page they are fetched with `?pop=1`.
//! The day and the time are fields `on` and `at`; the children of the many-sheet are ticks named `child`.

use super::forms::save_foot;
use super::marks::{Link, Mark, Person, Piece, Seal, SealSize, icon, link, pebble, seal};
use super::{FieldError, Form, Question, Tab, error_summary, form, question, tabs, words};
use maud::{Markup, html};
use tx_base::Lang;

/// The day and time of the record, filled in; both can be changed in place.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// 今天 12:40, or 补记 10月16日.
    pub words: String,
    /// `YYYY-MM-DD`, in the field `on`.
    pub on: String,
    /// `HH:MM`, in the field `at`; empty asks for no time.
    pub at: String,
    pub error: String,
    /// The last day that may be written, `YYYY-MM-DD`.
    pub latest: String,
}

/// A kind at the top of the sheet; choosing one is a link, answers of the same names stay.
#[derive(Clone, Debug, Default)]
pub struct KindTab {
    pub seal: Seal,
    pub label: String,
    pub href: String,
    pub on: bool,
}

#[derive(Clone, Debug, Default)]
pub struct SheetView {
    pub form: Form,
    pub title: String,
    /// Where × and 返回 go.
    pub close_href: String,
    pub child: Person,
    /// The others that were added; their lines say the same.
    pub others: Vec<Person>,
    pub when: When,
    /// 加人 opens the sheet for many.
    pub add_href: String,
    pub kinds: Vec<KindTab>,
    pub errors: Vec<FieldError>,
    /// A sentence above the questions: 补记 shows the day it is written; a try says what it counts as.
    pub note: String,
    pub questions: Vec<Question>,
    /// What saving settles: seal and sentence.
    pub settles: Option<(Seal, Vec<Piece>)>,
    /// 存好.
    pub save: String,
    pub photo: Option<Link>,
    /// Id of the duty that the record answers, so that its row goes when it is saved over Today.
    pub duty: String,
}

pub(super) fn bar(lang: Lang, title: &str, close: &str, back: bool) -> Markup {
    html! {
        header.tb {
            a href=(close) data-close aria-label=(if back { words::BACK } else { words::CLOSE }.in_lang(lang)) { (icon(if back { "left" } else { "x" })) }
            h1.t { (title) }
            @if back { span.w44 {} } @else {
                button.hide.js type="button" data-beside aria-pressed="false" { (icon("eye")) (words::BESIDE.in_lang(lang)) }
            }
        }
    }
}

fn when(lang: Lang, w: &When) -> Markup {
    html! {
        details.when open[!w.error.is_empty()] {
            summary { (w.words) }
            div.panel {
                label { (words::DAY.in_lang(lang)) input type="date" name="on" id="f-on" value=(w.on) max=[(!w.latest.is_empty()).then_some(w.latest.as_str())] aria-invalid=[(!w.error.is_empty()).then_some("true")]; }
                @if !w.at.is_empty() { label { (words::TIME.in_lang(lang)) input type="time" name="at" id="f-at" value=(w.at); } }
                @if !w.error.is_empty() { p.bad { (w.error) } }
            }
        }
    }
}

fn kinds(list: &[KindTab]) -> Markup {
    html! {
        @if !list.is_empty() {
            nav.kinds {
                @for k in list { a href=(k.href) class=[k.on.then_some("on")] aria-current=[k.on.then_some("true")] data-swap { (seal(&k.seal, SealSize::Middle)) (k.label) } }
            }
        }
    }
}

/// One child.
pub fn sheet(lang: Lang, v: &SheetView) -> Markup {
    let body = html! {
        (bar(lang, &v.title, &v.close_href, false))
        div.who {
            (pebble(&v.child.name, &v.child.id, "l"))
            div {
                b { (v.child.name) @for o in &v.others { "、" (o.name) } }
                div.x { @if !v.child.sub.is_empty() { (v.child.sub) i.dt {} } (when(lang, &v.when)) }
            }
            @if !v.add_href.is_empty() { a.add href=(v.add_href) data-swap { (icon("plus")) (words::ADD_PERSON.in_lang(lang)) } }
        }
        (kinds(&v.kinds))
        (error_summary(lang, &v.errors))
        @if !v.note.is_empty() { p.note { (v.note) } }
        @for q in &v.questions { (question(q)) }
        (save_foot(v.settles.as_ref(), &v.save, "", v.photo.as_ref(), lang))
    };
    html! { div.sheet data-duty=[(!v.duty.is_empty()).then_some(v.duty.as_str())] data-for=(v.child.id) { (form(&v.form, "rec", body)) } }
}

/// A name tile of the many-sheet.
#[derive(Clone, Debug, Default)]
pub struct NameTile {
    pub id: String,
    pub name: String,
    pub on: bool,
    /// Has it already in this period: sand, still tappable.
    pub done: bool,
    /// The line of one's own, kept when the sheet comes back with a fault.
    pub line: String,
}

#[derive(Clone, Debug, Default)]
pub struct ManyView {
    pub form: Form,
    pub title: String,
    pub close_href: String,
    pub when: When,
    /// Classes, where there are several to choose from.
    pub classes: Vec<Tab>,
    /// 还差 13, 全班 18, 结对 3, 按村.
    pub tabs: Vec<Tab>,
    pub kinds: Vec<KindTab>,
    pub errors: Vec<FieldError>,
    pub note: String,
    /// Groups of tiles with their heading (village); one without a heading is the rule.
    pub tiles: Vec<(String, Vec<NameTile>)>,
    /// Shows a box that narrows the names, for more than a class.
    pub filter: bool,
    pub questions: Vec<Question>,
    /// Prefix of the fields with a line for one child: `line.` gives `line.ID`; empty offers none.
    pub each: String,
    /// 亲情时间 16:10 · 视频 · 各 10 分钟.
    pub settles: Option<(Seal, Vec<Piece>)>,
    /// 存好.
    pub save: String,
    /// 存好 {n} 人, with the count where there is a script.
    pub save_count: String,
    pub photo: Option<Link>,
}

/// Many children, the same words.
pub fn many(lang: Lang, v: &ManyView) -> Markup {
    let all = || v.tiles.iter().flat_map(|(_, t)| t.iter());
    let body = html! {
        (bar(lang, &v.title, &v.close_href, true))
        @if !v.when.on.is_empty() { div.whenline { (when(lang, &v.when)) } }
        (kinds(&v.kinds))
        @if !v.classes.is_empty() { (super::lists::switch(&v.classes)) }
        (tabs(&v.tabs))
        (error_summary(lang, &v.errors))
        @if !v.note.is_empty() { p.note { (v.note) } }
        @if v.filter { div.q.js { input type="search" data-filter="#tiles label" aria-label=(words::SEARCH.in_lang(lang)) placeholder=(words::SEARCH_HINT.in_lang(lang)); } }
        div #tiles {
            @for (head, tiles) in &v.tiles {
                fieldset.tiles {
                    legend class=[head.is_empty().then_some("sr")] { @if head.is_empty() { (words::CHILD.in_lang(lang)) } @else { (head) } }
                    @for t in tiles {
                        label class=[t.done.then_some("done")] {
                            input type="checkbox" name="child" value=(t.id) checked[t.on];
                            span { (pebble(&t.name, &t.id, "s")) (icon("ok")) i { (t.name) } }
                        }
                    }
                }
            }
        }
        @for q in &v.questions { (question(q)) }
        @if !v.each.is_empty() {
            details.fold open[all().any(|t| !t.line.is_empty())] {
                summary { (words::EACH_ONE.in_lang(lang)) (icon("down")) }
                @for t in all() { div.each data-each=(t.id) { label for={"f-" (v.each) (t.id)} { (t.name) } input id={"f-" (v.each) (t.id)} name={(v.each) (t.id)} value=(t.line) maxlength="500"; } }
            }
        }
        (save_foot(v.settles.as_ref(), &v.save, &v.save_count, v.photo.as_ref(), lang))
    };
    html! { div.sheet { (form(&v.form, "rec", body)) } }
}

/// What the sheet's foot asks after a call: 打通了吗.
#[derive(Clone, Debug, Default)]
pub struct DialView {
    pub child: Person,
    /// Who is rung: 爸爸 彭建国.
    pub whom: String,
    /// Shown number, masked where it must be.
    pub shown: String,
    /// `tel:` address.
    pub tel: String,
    pub question: String,
    /// 打通了, 没接, 空号.
    pub answers: Vec<Link>,
}

/// Dialling: the number, then the outcome question; it is there when one comes back from the call.
pub fn dial(lang: Lang, v: &DialView, close_href: &str) -> Markup {
    html! {
        div.sheet {
            (bar(lang, &v.whom, close_href, true))
            div.who { (pebble(&v.child.name, &v.child.id, "l")) div { b { (v.child.name) } div.x { (v.child.sub) } } }
            div.dial { a.btn.b1 href=(v.tel) { (icon("phone")) (v.shown) } h2 { (v.question) } div.two { @for a in &v.answers { (super::button(a)) } } }
        }
    }
}

/// A duty's own page and sheet: why it is due, and 改日子, 免做, 交给别人 as forms.
#[derive(Clone, Debug, Default)]
pub struct DutyView {
    pub child: Person,
    pub seal: Seal,
    pub title: String,
    /// Rule, window, owner, last time: term and words.
    pub rows: Vec<(String, Vec<String>)>,
    pub act: Option<Link>,
    /// Each is a folded form: heading, form, fields, word of the button.
    pub forms: Vec<(String, Form, Vec<super::Field>, String)>,
    /// The heading of the form that stands open.
    pub open: String,
    pub links: Vec<Link>,
}

pub fn duty(lang: Lang, v: &DutyView, close_href: &str) -> Markup {
    html! {
        div.sheet {
            (bar(lang, &v.title, close_href, false))
            div.who { (pebble(&v.child.name, &v.child.id, "l")) div { b { (v.child.name) } div.x { (v.child.sub) } } span.grow {} (seal(&v.seal, SealSize::Large)) }
            div.q { (super::definition_list(lang, &v.rows)) }
            @if let Some(a) = &v.act { div.q { (super::button(&a.clone().first())) } }
            @for (head, f, fields, word) in &v.forms {
                details.fold open[*head == v.open || fields.iter().any(|f| !f.error.is_empty())] {
                    summary { (head) (icon("down")) }
                    (form(f, "stack", html! { @for x in fields { (super::field(x)) } button.btn.b2 { (word) } }))
                }
            }
            @for l in &v.links { p.q { (link(l)) } }
        }
    }
}

/// The seal of a state, for the foot: solid, as it will be.
pub fn settled(s: &Seal) -> Seal {
    s.clone().with(Mark::Done)
}

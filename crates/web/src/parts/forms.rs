//! Forms: the token and the one-time key, fields with their faults, choice chips. All work without a script.

use super::marks::{Link, Look, Seal, SealSize, icon, seal};
use super::words;
use maud::{Markup, html};
use tx_base::{FieldFault, Lang};

/// Where a form goes and what makes it safe to send twice.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub action: String,
    pub csrf: String,
    /// One-time key: the same key is the same request.
    pub key: String,
    /// Further hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Name under which the device keeps what is typed until it is saved; empty keeps nothing.
    pub draft: String,
    /// Sends files too.
    pub files: bool,
}

/// `<form method="post">` with token, key and hidden fields around `body`. `class` may be empty.
pub fn form(f: &Form, class: &str, body: Markup) -> Markup {
    html! {
        form method="post" action=(f.action) class=[(!class.is_empty()).then_some(class)] data-once novalidate
            enctype=[f.files.then_some("multipart/form-data")] data-draft=[(!f.draft.is_empty()).then_some(f.draft.as_str())] {
            input type="hidden" name="csrf" value=(f.csrf);
            input type="hidden" name="key" value=(f.key);
            @for (n, v) in &f.hidden { input type="hidden" name=(n) value=(v); }
            (body)
        }
    }
}

/// A single button that posts.
pub fn post_button(f: &Form, label: &str, ico: &str, look: Look) -> Markup {
    form(
        f,
        "one",
        html! { button class=(look.class()) { @if !ico.is_empty() { (icon(ico)) } (label) } },
    )
}

/// One wrong field, for the list at the top.
#[derive(Clone, Debug, Default)]
pub struct FieldError {
    /// The field's name; the list links to `#f-NAME`.
    pub name: String,
    pub label: String,
    pub reason: String,
}

/// What was refused, for the list at the top; `label` says how a field is called, empty for a sentence that names it itself.
pub fn errors<'a>(
    lang: Lang,
    faults: impl IntoIterator<Item = &'a FieldFault>,
    label: impl Fn(&str) -> String,
) -> Vec<FieldError> {
    faults
        .into_iter()
        .map(|f| FieldError {
            name: f.field.clone(),
            label: label(&f.field),
            reason: f.reason.in_lang(lang).to_owned(),
        })
        .collect()
}
/// What is wrong with one field, to stand beside it; empty when nothing is.
pub fn fault_of(lang: Lang, faults: &[FieldFault], name: &str) -> String {
    faults
        .iter()
        .find(|f| f.field == name)
        .map(|f| f.reason.in_lang(lang).to_owned())
        .unwrap_or_default()
}

/// The list of what must be mended; empty errors draw nothing.
pub fn error_summary(lang: Lang, errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.er.sum role="alert" tabindex="-1" data-errors {
                b { (icon("warn")) (words::TO_MEND.in_lang(lang)) }
                ul { @for e in errors { li { a href={"#f-" (e.name)} { @if !e.label.is_empty() { (e.label) "：" } (e.reason) } } } }
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    #[default]
    Text,
    Long,
    Date,
    Time,
    Month,
    /// Whole or decimal number: the phone's number pad, still text for the server.
    Number,
    Phone,
    Password,
    File,
    /// A tick with the label beside it; `value` "1" or "on" is ticked.
    Tick,
    /// `(value, label)`.
    Select(Vec<(String, String)>),
}

/// A field with label, hint and fault.
#[derive(Clone, Debug, Default)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub value: String,
    pub hint: String,
    pub error: String,
    pub kind: FieldKind,
    pub required: bool,
    /// `autocomplete` token for password managers, e.g. `username`.
    pub auto: &'static str,
    /// 0 = no limit.
    pub max: u32,
    /// Accepted files, e.g. `.xlsx,.xls,.csv`.
    pub accept: &'static str,
}

pub fn field(f: &Field) -> Markup {
    let id = format!("f-{}", f.name);
    let note = (!f.hint.is_empty() || !f.error.is_empty()).then(|| format!("n-{}", f.name));
    let bad = (!f.error.is_empty()).then_some("true");
    let auto = (!f.auto.is_empty()).then_some(f.auto);
    let max = (f.max > 0).then_some(f.max);
    let input = |kind: &'static str, mode: Option<&'static str>| {
        html! {
            input id=(id) name=(f.name) type=(kind) value=(f.value) inputmode=[mode] required[f.required] autocomplete=[auto] maxlength=[max]
                aria-invalid=[bad] aria-describedby=[note.as_deref()];
        }
    };
    html! {
        div class={"fd" @if bad.is_some() { " bad" } @if f.kind == FieldKind::Tick { " tick" }} {
            @if f.kind == FieldKind::Tick {
                label { input id=(id) name=(f.name) type="checkbox" value="1" checked[matches!(f.value.as_str(), "1" | "on" | "true")]; span { (f.label) } }
            } @else {
                label for=(id) { (f.label) @if f.required { span.req aria-hidden="true" { "＊" } } }
            }
            @match &f.kind {
                FieldKind::Tick => {},
                FieldKind::Text => (input("text", None)),
                FieldKind::Date => (input("date", None)),
                FieldKind::Time => (input("time", None)),
                FieldKind::Month => (input("month", None)),
                FieldKind::Number => (input("text", Some("decimal"))),
                FieldKind::Phone => (input("tel", None)),
                FieldKind::Password => (input("password", None)),
                FieldKind::File => { input id=(id) name=(f.name) type="file" accept=[(!f.accept.is_empty()).then_some(f.accept)] aria-invalid=[bad] aria-describedby=[note.as_deref()]; },
                FieldKind::Long => { textarea id=(id) name=(f.name) rows="4" aria-invalid=[bad] aria-describedby=[note.as_deref()] { (f.value) } },
                FieldKind::Select(options) => {
                    select id=(id) name=(f.name) aria-invalid=[bad] aria-describedby=[note.as_deref()] {
                        @for (v, l) in options { option value=(v) selected[*v == f.value] { (l) } }
                    }
                },
            }
            @if let Some(n) = &note {
                div id=(n) { @if !f.error.is_empty() { p.bad { (icon("warn")) (f.error) } } @if !f.hint.is_empty() { p.hint { (f.hint) } } }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// One of them.
    #[default]
    Radio,
    /// Several.
    Box,
}

#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub on: bool,
}

/// Two to six chips of one question; a radio or a tick lies under each.
#[derive(Clone, Debug, Default)]
pub struct ChipGroup {
    pub name: String,
    pub legend: String,
    pub hint: String,
    pub error: String,
    pub check: Check,
    /// 2, 3 or 4 in a row; 0 lets them flow.
    pub columns: u8,
    pub options: Vec<Choice>,
    /// The exception at the right end of the legend: 没谈成？
    pub aside: Option<Link>,
}

pub fn chip_group(g: &ChipGroup) -> Markup {
    let kind = if g.check == Check::Radio { "radio" } else { "checkbox" };
    html! {
        fieldset.q id={"f-" (g.name)} tabindex="-1" {
            legend { span { (g.legend) @if !g.hint.is_empty() { em { (g.hint) } } } }
            @if let Some(a) = &g.aside { a.ln href=(a.href) data-swap { (a.label) } }
            @if !g.error.is_empty() { p.bad { (icon("warn")) (g.error) } }
            div class={"ch c" (g.columns)} {
                @for o in &g.options {
                    label { input type=(kind) name=(g.name) value=(o.value) checked[o.on]; span { (o.label) } }
                }
            }
        }
    }
}

/// A line of text: what was said.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub error: String,
    /// Rows at the start; it grows.
    pub rows: u8,
    pub max: u32,
    /// A small link below, e.g. 不宜写在这里.
    pub aside: Option<Link>,
}

pub fn text_area(l: &Line) -> Markup {
    html! {
        div.q class=[(!l.error.is_empty()).then_some("bad")] {
            label for={"f-" (l.name)} { (l.label) @if !l.hint.is_empty() { em { (l.hint) } } }
            textarea.ta id={"f-" (l.name)} name=(l.name) rows=(l.rows.max(2)) data-grow
                aria-invalid=[(!l.error.is_empty()).then_some("true")] { (l.value) }
            @if !l.error.is_empty() { p.bad { (icon("warn")) (l.error) } }
            @if let Some(a) = &l.aside { p.hint { a.ln href=(a.href) data-swap { (a.label) } } }
        }
    }
}

/// What a sheet asks.
#[derive(Clone, Debug)]
pub enum Question {
    Chips(ChipGroup),
    Line(Line),
    Field(Field),
    /// Lesser questions behind one tap.
    Folded(String, Vec<Question>),
}

impl Question {
    /// What is wrong with what was answered; empty when nothing is.
    pub fn error(&self) -> &str {
        match self {
            Question::Chips(g) => &g.error,
            Question::Line(l) => &l.error,
            Question::Field(f) => &f.error,
            Question::Folded(_, list) => list
                .iter()
                .map(Question::error)
                .find(|e| !e.is_empty())
                .unwrap_or_default(),
        }
    }
}

pub fn question(q: &Question) -> Markup {
    html! {
        @match q {
            Question::Chips(g) => (chip_group(g)),
            Question::Line(l) => (text_area(l)),
            Question::Field(f) => div.q { (field(f)) },
            Question::Folded(label, list) => details.fold { summary { (label) (icon("down")) } @for q in list { (question(q)) } },
        }
    }
}

/// The foot of a sheet: what it settles, the big button.
pub(crate) fn save_foot(
    settles: Option<&(Seal, Vec<super::Piece>)>,
    label: &str,
    count_label: &str,
    photo: Option<&Link>,
    lang: Lang,
) -> Markup {
    html! {
        footer.ft {
            @if let Some((s, words)) = settles { div.n { (seal(s, SealSize::Small)) span { (super::pieces(words)) } } }
            div.sv {
                button.btn.b1 type="submit" data-count=[(!count_label.is_empty()).then_some(count_label)] { (label) }
                @if let Some(p) = photo { a.btn.b2 href=(p.href) aria-label=(words::CAMERA.in_lang(lang)) { (icon("cam")) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_carries_token_and_key() {
        let shown = form(
            &Form {
                action: "/x".into(),
                csrf: "T\"".into(),
                key: "K".into(),
                ..Form::default()
            },
            "",
            html! {},
        )
        .into_string();
        assert!(
            shown.contains(r#"name="csrf" value="T&quot;""#) && shown.contains(r#"name="key" value="K""#),
            "{shown}"
        );
    }

    #[test]
    fn a_fault_stands_at_its_field() {
        let f = Field {
            name: "day".into(),
            label: "日期".into(),
            error: "还没到".into(),
            kind: FieldKind::Date,
            ..Field::default()
        };
        let shown = field(&f).into_string();
        for part in [
            r#"id="f-day""#,
            r#"aria-invalid="true""#,
            r#"aria-describedby="n-day""#,
            r#"id="n-day""#,
            "还没到",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }
}

//! The way in: login, and the first administrator's set-up (screens.md §5.1, §5.2).

use super::forms::Form;
use super::marks::{Link, Piece, Pill, button, icon, pieces};
use super::scheme::{SchemeCard, scheme_cards};
use super::{Field, FieldError, StepState, error_summary, field, form, strip, words};
use maud::{Markup, html};
use tx_base::Lang;

/// Fields `username`, `password`, `code` when asked for, `remember`; hidden `csrf` and what stands in `form.hidden` (e.g. `next`).
#[derive(Clone, Debug, Default)]
pub struct LoginView {
    pub form: Form,
    /// School or county; empty before it is known.
    pub school: String,
    pub user: String,
    /// The same words for a wrong name and a wrong password.
    pub error: String,
    /// 请等 3 分钟再试.
    pub wait: String,
    /// A second factor is asked for.
    pub code: bool,
    pub remember: bool,
    /// Practice school: the banner.
    pub banner: String,
    /// What to do when one cannot get in.
    pub help: String,
}

/// Goes into [`super::bare`].
pub fn login(lang: Lang, v: &LoginView) -> Markup {
    let body = html! {
        div.fd { label for="f-username" { (words::USER.in_lang(lang)) } input id="f-username" name="username" value=(v.user) autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus[v.user.is_empty()]; }
        div.fd {
            label for="f-password" { (words::PASSWORD.in_lang(lang)) }
            div.pwbox {
                input id="f-password" name="password" type="password" autocomplete="current-password" required;
                button.js type="button" data-show="#f-password" aria-pressed="false" aria-label=(words::SHOW.in_lang(lang)) { (icon("eye")) }
            }
        }
        @if v.code { div.fd { label for="f-code" { (words::CODE.in_lang(lang)) } input id="f-code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8"; } }
        div.fd.tick { label { input type="checkbox" name="remember" value="1" checked[v.remember]; span { (words::REMEMBER.in_lang(lang)) } } }
        button.btn.b1 { (words::SIGN_IN.in_lang(lang)) }
    };
    html! {
        @if !v.banner.is_empty() { div.banner role="note" { (v.banner) } }
        div.login {
            svg.brand width="64" height="64" viewBox="0 0 40 40" aria-hidden="true" { use href="/a/icons.svg#brand" {} }
            h1 { (words::PRODUCT.in_lang(lang)) }
            @if !v.school.is_empty() { p.m { (v.school) } }
            @if !v.wait.is_empty() { div.er role="alert" { b { (icon("lock")) (v.wait) } } }
            @else if !v.error.is_empty() { div.er role="alert" { b { (icon("warn")) (v.error) } } }
            (form(&v.form, "card", body))
            @if !v.help.is_empty() { p.m3 { (v.help) } }
        }
    }
}

/// One of the five steps: 学校 人 学期 方案 孩子. Each has its own form and is saved by itself.
#[derive(Clone, Debug, Default)]
pub struct SetupStep {
    pub id: String,
    pub title: String,
    /// What it is for, in one sentence.
    pub hint: String,
    pub state: StepState,
    /// What was saved, shown when it is done.
    pub saved: Vec<String>,
    pub form: Form,
    pub fields: Vec<Field>,
    /// The cards of step 方案, named `scheme`.
    pub schemes: Vec<SchemeCard>,
    pub errors: Vec<FieldError>,
    pub button: String,
    /// 以后再填, 先不选.
    pub later: Option<Link>,
    /// Opens a step that is done or was left for later.
    pub edit_href: String,
    /// A page that does this step, in place of a form.
    pub go: Option<Link>,
}

#[derive(Clone, Debug, Default)]
pub struct SetupView {
    pub title: String,
    pub sub: String,
    pub steps: Vec<SetupStep>,
    /// 今天要做的三件事, when all is done.
    pub end_title: String,
    pub end: Vec<Vec<Piece>>,
    pub next: Option<Link>,
}

/// Goes into [`super::bare`]: five steps down one page.
pub fn setup(lang: Lang, v: &SetupView) -> Markup {
    html! {
        (super::assets::office())
        div.setup {
            header { svg.brand width="44" height="44" viewBox="0 0 40 40" aria-hidden="true" { use href="/a/icons.svg#brand" {} } div { h1 { (v.title) } p.m { (v.sub) } } }
            @for (i, s) in v.steps.iter().enumerate() { (setup_step(lang, i + 1, s)) }
            @if !v.end.is_empty() {
                section.card.pad.now { h2 { (v.end_title) } ol.help { @for e in &v.end { li { (pieces(e)) } } } @if let Some(n) = &v.next { (button(n)) } }
            }
        }
    }
}

fn setup_step(lang: Lang, n: usize, s: &SetupStep) -> Markup {
    let class = match s.state {
        StepState::Done => "card pad done",
        StepState::Now => "card pad now",
        StepState::Later => "card pad later",
    };
    html! {
        section class=(class) id=(s.id) {
            div.sh {
                span.c { @if s.state == StepState::Done { (icon("ok")) } @else { (n) } }
                div { h2 { (s.title) } @if s.state == StepState::Done { p.m { (super::facts(&s.saved)) } } @else { p.m { (s.hint) } } }
                @if !s.edit_href.is_empty() { a.ln href=(s.edit_href) { (if s.state == StepState::Done { words::MEND } else { words::FILL }.in_lang(lang)) } }
            }
            @if s.state == StepState::Now {
                (error_summary(lang, &s.errors))
                @if let Some(go) = &s.go { div.two { (button(go)) @if let Some(l) = &s.later { (button(l)) } } }
                @else if s.button.is_empty() { div.two { @if let Some(l) = &s.later { (button(l)) } } }
                @else { (form(&s.form, "stack", html! {
                    @for f in &s.fields { (field(f)) }
                    @if !s.schemes.is_empty() { (scheme_cards("scheme", &s.schemes)) }
                    div.two { button.btn.b1 { (s.button) } @if let Some(l) = &s.later { (button(l)) } }
                })) }
            }
        }
    }
}

/// The link was used or is old: what happened and what to do.
pub fn gone(title: &str, text: &str, next: Option<&Link>) -> Markup {
    html! { div.login { (strip(Pill::Mute, "warn", title, None)) section.card.em { p { (text) } @if let Some(l) = next { (button(l)) } } } }
}

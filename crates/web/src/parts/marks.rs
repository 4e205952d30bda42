//! The small marks: pebble, seal, pill, number, icon, link.

use super::words;
use maud::{Markup, html};
use tx_base::Lang;

/// An icon of the sprite by its name without `i-`. Decoration: a lone icon's link carries the label.
pub fn icon(name: &str) -> Markup {
    html! { svg.i aria-hidden="true" { use href={"/a/icons.svg#i-" (name)} {} } }
}

/// The colour of a person's pebble, 0–7: a hash of the id, never of sex (screens.md §1).
pub fn pebble_colour(id: &str) -> u32 {
    id.bytes()
        .fold(0x811C_9DC5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
        >> 7
        & 7
}

/// The last character of a name, that stands on the pebble.
pub fn last_char(name: &str) -> String {
    name.trim().chars().last().map(String::from).unwrap_or_default()
}

/// A person's round mark: 44 px, and `s` 26, `m` 30, `l` 48, `xl` 68 px by `size`.
pub fn pebble(name: &str, id: &str, size: &str) -> Markup {
    html! { span class={"peb p" (pebble_colour(id)) " " (size)} aria-hidden="true" { (last_char(name)) } }
}

/// A person's photo at this address; the pebble where it is empty. The name stands beside it.
pub fn face(name: &str, id: &str, size: &str, photo: &str) -> Markup {
    if photo.is_empty() {
        return pebble(name, id, size);
    }
    html! { img class={"peb " (size)} src=(photo) alt=""; }
}

/// A child or an adult on a screen.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub id: String,
    pub name: String,
    /// Their page; empty when it cannot be opened.
    pub href: String,
    /// Class, village or post; may be empty.
    pub sub: String,
    /// One of the three priorities: a pine dot before the name, on staff lists only.
    pub key: bool,
}

/// The colours of the kinds (screens.md §1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 谈
    #[default]
    Talk,
    /// 访
    Visit,
    /// 话
    Call,
    /// 信
    Letter,
    /// 护
    Guardian,
    /// 会
    Meeting,
    /// 动
    Activity,
    /// 检
    Check,
    /// 考
    Exam,
    /// 学
    Study,
    /// 礼
    Gift,
    /// 密
    Sealed,
}

impl Kind {
    /// The class that sets the colour `--k`.
    pub fn class(self) -> &'static str {
        match self {
            Kind::Talk => "k-tan",
            Kind::Visit => "k-fang",
            Kind::Call => "k-hua",
            Kind::Letter => "k-xin",
            Kind::Guardian => "k-hu",
            Kind::Meeting => "k-hui",
            Kind::Activity => "k-dong",
            Kind::Check => "k-jian",
            Kind::Exam => "k-kao",
            Kind::Study => "k-xue",
            Kind::Gift => "k-li",
            Kind::Sealed => "k-mi",
        }
    }
    /// Its usual character.
    pub fn char(self) -> &'static str {
        match self {
            Kind::Talk => "谈",
            Kind::Visit => "访",
            Kind::Call => "话",
            Kind::Letter => "信",
            Kind::Guardian => "护",
            Kind::Meeting => "会",
            Kind::Activity => "动",
            Kind::Check => "检",
            Kind::Exam => "考",
            Kind::Study => "学",
            Kind::Gift => "礼",
            Kind::Sealed => "密",
        }
    }
    /// The kind's colour by the character of a seal; unknown characters are activities.
    pub fn of_char(ch: &str) -> Kind {
        use Kind::*;
        [
            Talk, Visit, Call, Letter, Guardian, Meeting, Activity, Check, Exam, Study, Gift, Sealed,
        ]
        .into_iter()
        .find(|k| k.char() == ch)
        .unwrap_or(Activity)
    }
}

/// What a seal's shape says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    #[default]
    Done,
    Tried,
    /// Due: its window is open.
    Open,
    Overdue,
    /// Its period has passed, and nobody owes it any more: struck through.
    Missed,
    Excused,
    /// Its window has not begun: a dot in the calendar.
    Ahead,
}

impl Mark {
    /// The state as `duties --json` names it; a try is `tried`.
    pub fn state(self) -> &'static str {
        match self {
            Mark::Done => "done",
            Mark::Tried => "tried",
            Mark::Open => "open",
            Mark::Ahead => "upcoming",
            Mark::Overdue => "overdue",
            Mark::Missed => "missed",
            Mark::Excused => "excused",
        }
    }
    /// The class that gives the shape.
    pub fn class(self) -> &'static str {
        match self {
            Mark::Done => "done",
            Mark::Tried => "tried",
            Mark::Open => "owed",
            Mark::Overdue => "late",
            Mark::Missed => "missed",
            Mark::Excused => "off",
            Mark::Ahead => "ahead",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SealSize {
    /// 22 px
    Small,
    /// 28 px
    #[default]
    Middle,
    /// 40 px
    Large,
}

/// One character, one deed (screens.md §3).
#[derive(Clone, Debug, Default)]
pub struct Seal {
    pub ch: String,
    pub kind: Kind,
    pub mark: Mark,
    /// Read aloud, e.g. "谈心，晚 8 天"; empty when the same words stand beside it.
    pub label: String,
}

impl Seal {
    pub fn new(ch: &str, kind: Kind, mark: Mark) -> Seal {
        Seal {
            ch: ch.into(),
            kind,
            mark,
            label: String::new(),
        }
    }
    /// A solid seal of a kind with its usual character.
    pub fn of(kind: Kind) -> Seal {
        Seal::new(kind.char(), kind, Mark::Done)
    }
    pub fn with(mut self, mark: Mark) -> Seal {
        self.mark = mark;
        self
    }
    pub fn labelled(mut self, label: impl Into<String>) -> Seal {
        self.label = label.into();
        self
    }
}

pub fn seal(s: &Seal, size: SealSize) -> Markup {
    let size = match size {
        SealSize::Small => " s",
        SealSize::Middle => "",
        SealSize::Large => " l",
    };
    let class = format!("seal {} {}{size}", s.kind.class(), s.mark.class());
    html! {
        @if s.label.is_empty() { span class=(class) aria-hidden="true" { (s.ch) } }
        @else { span class=(class) role="img" aria-label=(s.label) title=(s.label) { (s.ch) } }
    }
}

/// The tone of pills, strips and boxes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pill {
    Ok,
    Due,
    Late,
    Info,
    #[default]
    Mute,
    Sealed,
}

impl Pill {
    pub fn class(self) -> &'static str {
        match self {
            Pill::Ok => "ok",
            Pill::Due => "due",
            Pill::Late => "late",
            Pill::Info => "info",
            Pill::Mute => "mute",
            Pill::Sealed => "seald",
        }
    }
}

/// A status in a word, with an icon or without (`""`).
pub fn pill(tone: Pill, text: &str, ico: &str) -> Markup {
    html! { span class={"pill " (tone.class())} { @if !ico.is_empty() { (icon(ico)) } (text) } }
}

/// A number that opens its records. `fig` is the figure's name, for the tests and the pop-over; without `href` it is plain.
pub fn num(value: &str, fig: &str, href: &str, bad: bool) -> Markup {
    let class = if bad { "num bad" } else { "num" };
    html! {
        @if href.is_empty() { b class=(class) { (value) } }
        @else { a class=(class) href=(href) data-fig=(fig) data-pop { (value) } }
    }
}

/// A piece of a sentence.
#[derive(Clone, Debug)]
pub enum Piece {
    Text(String),
    Strong(String),
    /// A number and its figure.
    Num {
        value: String,
        fig: String,
        href: String,
        bad: bool,
    },
    /// What was before, struck through.
    Was(String),
    Break,
}

impl From<&str> for Piece {
    fn from(s: &str) -> Piece {
        Piece::Text(s.into())
    }
}

pub fn pieces(list: &[Piece]) -> Markup {
    html! {
        @for p in list {
            @match p {
                Piece::Text(s) => (s),
                Piece::Strong(s) => b { (s) },
                Piece::Num { value, fig, href, bad } => (num(value, fig, href, *bad)),
                Piece::Was(s) => s { (s) },
                Piece::Break => br;,
            }
        }
    }
}

/// Short facts in a row, parted by dots; empty ones are left out.
pub fn facts(list: &[String]) -> Markup {
    html! {
        @for (i, f) in list.iter().filter(|f| !f.is_empty()).enumerate() {
            @if i > 0 { i.dt {} }
            (f)
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one filled button of a page.
    First,
    #[default]
    Second,
    Quiet,
}

impl Look {
    pub fn class(self) -> &'static str {
        match self {
            Look::First => "btn b1",
            Look::Second => "btn b2",
            Look::Quiet => "btn b3",
        }
    }
}

/// Somewhere to go: a link or a button that is one.
#[derive(Clone, Debug, Default)]
pub struct Link {
    pub label: String,
    pub href: String,
    /// Icon name; empty for none.
    pub icon: &'static str,
    pub look: Look,
    /// Opens as a sheet over the page where there is a script (`data-sheet`).
    pub sheet: bool,
}

impl Link {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Link {
        Link {
            label: label.into(),
            href: href.into(),
            ..Link::default()
        }
    }
    pub fn icon(mut self, name: &'static str) -> Link {
        self.icon = name;
        self
    }
    pub fn first(mut self) -> Link {
        self.look = Look::First;
        self
    }
    pub fn quiet(mut self) -> Link {
        self.look = Look::Quiet;
        self
    }
    pub fn sheet(mut self) -> Link {
        self.sheet = true;
        self
    }
}

/// A link that looks like a button.
pub fn button(l: &Link) -> Markup {
    html! { a class=(l.look.class()) href=(l.href) data-sheet[l.sheet] { @if !l.icon.is_empty() { (icon(l.icon)) } (l.label) } }
}

/// A link in a line of text.
pub fn link(l: &Link) -> Markup {
    html! { a.ln href=(l.href) data-sheet[l.sheet] { @if !l.icon.is_empty() { (icon(l.icon)) } (l.label) } }
}

/// Prints the page; without a script the browser's own command does the same, so it is shown only where it works.
pub fn print_button(lang: Lang) -> Markup {
    html! { button.btn.b2.js type="button" data-print { (icon("print")) (words::PRINT.in_lang(lang)) } }
}

/// A small line of values with its last point solid, 66 × 28; the words beside it say the same.
pub fn spark(values: &[f64], kind: Kind) -> Markup {
    let (lo, hi) = values
        .iter()
        .fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
    let span = if hi > lo { hi - lo } else { 1.0 };
    let step = if values.len() > 1 {
        56.0 / (values.len() - 1) as f64
    } else {
        0.0
    };
    let at = |i: usize, v: f64| (4.0 + i as f64 * step, 22.0 - 16.0 * (v - lo) / span);
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(i, v)| at(i, *v))
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    html! {
        @if let Some(last) = values.last() {
            @let (x, y) = at(values.len() - 1, *last);
            svg class={"spark " (kind.class())} width="66" height="28" viewBox="0 0 66 28" aria-hidden="true" {
                polyline points=(points.join(" ")) {}
                circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3.5" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_spread_and_stay() {
        let mut seen = [0; 8];
        for n in 0..800 {
            let id = format!("0192f3a1-7c00-7000-8000-{n:012}");
            assert_eq!(pebble_colour(&id), pebble_colour(&id));
            seen[pebble_colour(&id) as usize] += 1;
        }
        assert!(seen.iter().all(|n| *n > 40), "{seen:?}");
    }

    #[test]
    fn names_are_never_markup() {
        let shown = pebble("<b>", "x", "").into_string() + &num("<i>", "f", "\"><script>", false).into_string();
        assert!(!shown.contains("<i>") && !shown.contains("<script>"), "{shown}");
    }
}

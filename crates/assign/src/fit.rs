//! How well a child and a helper fit, in whole points, and why, as data that is put into words.
//!
//! The weights are one table ([`WEIGHTS`]): what the child wishes weighs most, then who is known to the family, then where both live, how they
//! speak and what they like; what the helper wishes comes last. Points are added; what speaks against a pair takes none away but forbids it
//! ([`Bar`]) or stands beside it to be weighed by a person ([`Against`]).

use tx_base::{Lang, Text, say, t};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    F,
    M,
}
impl Sex {
    pub fn parse(code: &str) -> Option<Sex> {
        match code {
            "f" => Some(Sex::F),
            "m" => Some(Sex::M),
            _ => None,
        }
    }
}

/// What the guardian said to a helper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Consent {
    Given,
    /// Nobody has asked yet.
    #[default]
    Open,
    Withheld,
}

/// A child that has nobody yet.
#[derive(Clone, Debug, Default)]
pub struct Kid {
    pub sex: Option<Sex>,
    pub village: Option<String>,
    /// what is spoken at home: 苗语, 土家话
    pub dialects: Vec<String>,
    pub hobbies: Vec<String>,
    /// the kind of helper wished for, with its name
    pub wants_kind: Option<(String, Text)>,
    pub wants_sex: Option<Sex>,
    pub consent: Consent,
    /// brothers and sisters share one
    pub household: Option<u128>,
}

/// Why nobody can be paired with a helper now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// the yearly check (law §62) is not there yet
    NotChecked,
    CheckFailed,
    CheckOver,
    /// no longer a helper
    Ended,
    /// as many children as the helper takes
    Full,
    /// the guardian said no
    Withheld,
    /// these two were taken apart
    Parted,
}

/// Someone who may help.
#[derive(Clone, Debug, Default)]
pub struct Helper {
    /// kind of helper that a pairing with this one would be
    pub kind: String,
    pub sex: Option<Sex>,
    pub village: Option<String>,
    /// villages that are near or on the way
    pub near: Vec<String>,
    pub dialects: Vec<String>,
    pub hobbies: Vec<String>,
    /// would rather help a girl, or a boy
    pub wants_sex: Option<Sex>,
    /// children taken at most
    pub seats: usize,
    /// children helped already
    pub taken: usize,
    /// not of the staff: the guardian must have consented
    pub outside: bool,
    pub bar: Option<Bar>,
    /// homes of the children helped already
    pub households: Vec<u128>,
}

/// Points of each reason.
pub struct Weights {
    pub wished_kind: i64,
    pub wished_sex: i64,
    /// a brother or sister is helped already
    pub known: i64,
    pub same_village: i64,
    pub near: i64,
    pub dialect: i64,
    /// each, two at most
    pub hobby: i64,
    pub helper_wish: i64,
    /// taken away for each child that the helper has already: among equals the one with fewer
    pub each_child: i64,
}
pub const WEIGHTS: Weights = Weights {
    wished_kind: 400,
    wished_sex: 300,
    known: 300,
    same_village: 250,
    near: 120,
    dialect: 200,
    hobby: 100,
    helper_wish: 80,
    each_child: 30,
};
/// Hobbies in common beyond these count no more.
const HOBBIES: usize = 2;
/// From this many children on it is said that a helper has many.
const MANY: usize = 3;

/// What speaks for a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    WishedKind(Text),
    WishedSex(Sex),
    Known,
    SameVillage(String),
    Near(String),
    Dialect(String),
    Hobby(String),
    HelperWish(Sex),
    /// nothing else does: the helper has room
    Room(usize),
}
/// What speaks against a pair without forbidding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// nobody has asked the guardian
    ConsentOpen,
    OtherKind(Text),
    OtherSex(Sex),
    NotNear,
    OtherDialect(String),
    Many(usize),
}

/// A pair looked at.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub points: i64,
    pub fors: Vec<For>,
    pub against: Vec<Against>,
    pub bar: Option<Bar>,
}

/// The word that two lists share: equal, or one within the other (打篮球 and 篮球).
fn shared<'a>(one: &'a [String], other: &'a [String]) -> impl Iterator<Item = &'a str> {
    one.iter().filter_map(|a| {
        let hit = |b: &&String| a == *b || b.chars().count() > 1 && a.contains(b.as_str());
        let within = |b: &&String| a.chars().count() > 1 && b.contains(a.as_str());
        let b = other.iter().find(|b| hit(b) || within(b))?;
        Some(if a.len() <= b.len() { a.as_str() } else { b.as_str() })
    })
}

/// Points and reasons of a pair. Load and partings are not asked here: they follow from the whole.
pub fn judge(k: &Kid, h: &Helper) -> Judged {
    let mut j = Judged {
        bar: h.bar.or((k.consent == Consent::Withheld).then_some(Bar::Withheld)),
        ..Judged::default()
    };
    let w = &WEIGHTS;
    match &k.wants_kind {
        Some((code, name)) if *code == h.kind => j.add(w.wished_kind, For::WishedKind(*name)),
        Some((_, name)) => j.against.push(Against::OtherKind(*name)),
        None => {}
    }
    match (k.wants_sex, h.sex) {
        (Some(want), Some(is)) if want == is => j.add(w.wished_sex, For::WishedSex(want)),
        (Some(want), _) => j.against.push(Against::OtherSex(want)),
        _ => {}
    }
    if k.household.is_some_and(|x| h.households.contains(&x)) {
        j.add(w.known, For::Known);
    }
    if let Some(v) = &k.village {
        if h.village.as_ref() == Some(v) {
            j.add(w.same_village, For::SameVillage(v.clone()));
        } else if h.near.contains(v) {
            j.add(w.near, For::Near(v.clone()));
        } else if h.village.is_some() {
            j.against.push(Against::NotNear);
        }
    }
    if let Some(d) = shared(&k.dialects, &h.dialects).next() {
        j.add(w.dialect, For::Dialect(d.to_owned()));
    } else if let (Some(d), false) = (k.dialects.first(), h.dialects.is_empty()) {
        j.against.push(Against::OtherDialect(d.clone()));
    }
    for x in shared(&k.hobbies, &h.hobbies).take(HOBBIES) {
        j.add(w.hobby, For::Hobby(x.to_owned()));
    }
    if let (Some(want), true) = (h.wants_sex, k.sex.is_some() && k.sex == h.wants_sex) {
        j.add(w.helper_wish, For::HelperWish(want));
    }
    if h.outside && k.consent == Consent::Open {
        j.against.push(Against::ConsentOpen);
    }
    if h.taken >= MANY {
        j.against.push(Against::Many(h.taken));
    }
    if j.fors.is_empty() && h.seats > h.taken {
        j.fors.push(For::Room(h.seats - h.taken));
    }
    j
}
impl Judged {
    fn add(&mut self, points: i64, why: For) {
        self.points += points;
        self.fors.push(why);
    }
    /// Nothing forbids it, and nobody has to be asked first.
    pub fn ready(&self) -> bool {
        self.bar.is_none() && !self.against.contains(&Against::ConsentOpen)
    }
}

fn pick(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> String {
    say(zh, en).in_lang(lang).to_owned()
}
impl For {
    pub fn code(&self) -> &'static str {
        match self {
            For::WishedKind(_) => "wished_kind",
            For::WishedSex(_) => "wished_sex",
            For::Known => "known",
            For::SameVillage(_) => "same_village",
            For::Near(_) => "near",
            For::Dialect(_) => "dialect",
            For::Hobby(_) => "hobby",
            For::HelperWish(_) => "helper_wish",
            For::Room(_) => "room",
        }
    }
    pub fn words(&self, lang: Lang) -> String {
        match self {
            For::WishedKind(k) => pick(
                lang,
                format!("孩子想要{}", k.zh),
                format!("the child wished for: {}", k.en),
            ),
            For::WishedSex(Sex::F) => pick(lang, "孩子想要女的来帮", "the child wished for a woman"),
            For::WishedSex(Sex::M) => pick(lang, "孩子想要男的来帮", "the child wished for a man"),
            For::Known => pick(
                lang,
                "已经帮着家里另一个孩子",
                "helps another child of the home already",
            ),
            For::SameVillage(v) => pick(lang, format!("同在{v}"), format!("both live in {v}")),
            For::Near(v) => pick(lang, format!("离{v}近"), format!("near {v}")),
            For::Dialect(d) => pick(lang, format!("会说{d}"), format!("both speak {d}")),
            For::Hobby(x) => pick(lang, format!("都爱{x}"), format!("both like {x}")),
            For::HelperWish(Sex::F) => pick(lang, "愿意帮女孩", "would rather help a girl"),
            For::HelperWish(Sex::M) => pick(lang, "愿意帮男孩", "would rather help a boy"),
            For::Room(n) => pick(lang, format!("还能帮 {n} 个"), format!("has room for {n}")),
        }
    }
}
impl Against {
    pub fn code(&self) -> &'static str {
        match self {
            Against::ConsentOpen => "consent_open",
            Against::OtherKind(_) => "other_kind",
            Against::OtherSex(_) => "other_sex",
            Against::NotNear => "not_near",
            Against::OtherDialect(_) => "other_dialect",
            Against::Many(_) => "many",
        }
    }
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Against::ConsentOpen => pick(lang, "还缺监护人的同意", "the guardian's consent is still missing"),
            Against::OtherKind(k) => pick(
                lang,
                format!("孩子想要的是{}", k.zh),
                format!("the child wished for: {}", k.en),
            ),
            Against::OtherSex(Sex::F) => pick(lang, "孩子想要女的来帮", "the child wished for a woman"),
            Against::OtherSex(Sex::M) => pick(lang, "孩子想要男的来帮", "the child wished for a man"),
            Against::NotNear => pick(lang, "住得不近", "they do not live near each other"),
            Against::OtherDialect(d) => pick(lang, format!("不说{d}"), format!("does not speak {d}")),
            Against::Many(n) => pick(lang, format!("已经帮着 {n} 个"), format!("helps {n} already")),
        }
    }
}
impl Bar {
    pub fn code(self) -> &'static str {
        match self {
            Bar::NotChecked => "not_checked",
            Bar::CheckFailed => "check_failed",
            Bar::CheckOver => "check_over",
            Bar::Ended => "ended",
            Bar::Full => "full",
            Bar::Withheld => "withheld",
            Bar::Parted => "parted",
        }
    }
    pub fn text(self) -> Text {
        match self {
            Bar::NotChecked => t("还没核查", "not checked yet"),
            Bar::CheckFailed => t("核查没通过", "the check was not passed"),
            Bar::CheckOver => t("核查过期了", "the check has run out"),
            Bar::Ended => t("已经不帮了", "helps no more"),
            Bar::Full => t("帮的孩子够数了", "has as many children as wished"),
            Bar::Withheld => t("监护人没同意", "the guardian did not consent"),
            Bar::Parted => t("刚拆开过", "these two were taken apart"),
        }
    }
}

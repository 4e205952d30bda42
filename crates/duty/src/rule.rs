//! A rule of a care scheme: who owes whom what, how often, and what counts.

use serde::{Deserialize, Serialize};
use tx_base::{Say, Text, t};
use tx_calendar::{Festival, Window};

/// What came of a contact (features.md C11). The order matters only where one record carries several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Face to face, or whatever the kind asks for.
    #[default]
    Met,
    /// By phone instead.
    Phone,
    /// Tried and not met.
    Tried,
    Refused,
}

impl Outcome {
    pub const ALL: [Outcome; 4] = [Outcome::Met, Outcome::Phone, Outcome::Tried, Outcome::Refused];
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::Phone => "phone",
            Outcome::Tried => "tried",
            Outcome::Refused => "refused",
        }
    }
    pub const fn name(self) -> Text {
        match self {
            Outcome::Met => t("见到了", "met"),
            Outcome::Phone => t("改为电话", "by phone instead"),
            Outcome::Tried => t("没见到", "tried, not met"),
            Outcome::Refused => t("不愿意", "refused"),
        }
    }
    /// An effort that settles nothing.
    pub const fn is_try(self) -> bool {
        matches!(self, Outcome::Tried | Outcome::Refused)
    }
}

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $zh:literal $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $code)] $variant),+ }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word in data files and the API.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }
            pub const fn name(self) -> Text {
                match self { $($name::$variant => t($zh, $en)),+ }
            }
        }
        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(s: &str) -> Result<$name, ()> {
                $name::ALL.iter().copied().find(|x| x.code() == s).ok_or(())
            }
        }
    };
}

coded! {
    /// The post whose holder owes what a rule asks.
    Post {
        ClassTeacher "class_teacher" "班主任" "class teacher",
        SubjectTeacher "subject_teacher" "科任教师" "subject teacher",
        HelpingTeacher "helping_teacher" "帮扶教师" "helping teacher",
        Helper "helper" "结对人" "paired helper",
        Counsellor "counsellor" "心理辅导教师" "psychological counsellor",
        Head "head" "校长" "head",
        Deputy "deputy" "副校长" "deputy head",
        SafetyDeputy "safety_deputy" "分管安全副校长" "deputy head for safety",
        BrigadeCounsellor "brigade_counsellor" "少先队大队辅导员" "Young Pioneers' counsellor",
        TeachingOffice "teaching_office" "教务处" "teaching office",
        Office "office" "留守儿童工作办公室" "office for left-behind children",
        Organiser "organiser" "活动负责人" "organiser",
        Nurse "nurse" "校医" "school nurse",
        Room "room" "关爱室管理员" "care-room keeper",
        Store "store" "物资管理员" "store keeper",
        DutyLeader "duty_leader" "值周领导" "leader on duty",
        Family "family" "家庭" "family",
    }
}

coded! {
    /// For whom a rule asks. Only the last two ask for a class or the school as a whole.
    Whom {
        LeftBehind "left_behind" "每名留守儿童" "every left-behind child",
        Key "key" "每名重点儿童" "every key child",
        Paired "paired" "每名结对儿童" "every paired child",
        Boarders "boarders" "每名寄宿生" "every boarder",
        AllPupils "all_pupils" "每名学生" "every pupil",
        EachClass "each_class" "每个班" "each class",
        School "school" "全校" "the school",
    }
}

coded! {
    /// Where a rule comes from (schemes.md).
    Source {
        Account "account" "学校做法" "the school's account",
        Default "default" "产品默认" "default of the product",
        Law "law" "法律规定" "law",
        Inferred "inferred" "推定" "inferred",
        School "school" "本校自定" "the school's own",
    }
}

coded! {
    /// The stretch that a number of times is counted in.
    Per {
        Week "week" "周" "week",
        Month "month" "月" "month",
        HalfTerm "half_term" "半期" "half-term",
        Term "term" "学期" "term",
        SchoolYear "school_year" "学年" "school year",
    }
}

/// How often. In a file: `every = "month"`, `every = { window = "start" }`, `every = { festival = ["mid_autumn"] }`,
/// `every = { times = { n = 3, per = "school_year" } }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Week,
    Fortnight,
    /// Each calendar month with at least 10 teaching days.
    Month,
    HalfTerm,
    Term,
    SchoolYear,
    /// Start, middle and end of each term.
    Windows,
    /// One of the three.
    Window(Window),
    /// Around each of the festivals, once a year.
    Festival(Vec<Festival>),
    /// `n` (1–20) times in each stretch.
    Times {
        n: u8,
        per: Per,
    },
}

impl Every {
    /// About how many times in a school year: only to compare two rules of law and to weigh a plan, never for duties.
    pub fn about_per_year(&self) -> u32 {
        let per = |p: Per| match p {
            Per::Week => 40,
            Per::Month => 10,
            Per::HalfTerm => 4,
            Per::Term => 2,
            Per::SchoolYear => 1,
        };
        match self {
            Every::Week => 40,
            Every::Fortnight => 20,
            Every::Month => 10,
            Every::Windows => 6,
            Every::HalfTerm => 4,
            Every::Term | Every::Window(_) => 2,
            Every::SchoolYear => 1,
            Every::Festival(list) => u32::try_from(list.len()).unwrap_or(u32::MAX),
            Every::Times { n, per: p } => u32::from(*n) * per(*p),
        }
    }
    /// `每月`, `each month`; festivals by name.
    pub fn name(&self) -> Say {
        let fixed = |zh: &str, en: &str| Say {
            zh: zh.into(),
            en: en.into(),
        };
        match self {
            Every::Week => fixed("每周", "each week"),
            Every::Fortnight => fixed("每两周", "each fortnight"),
            Every::Month => fixed("每月", "each month"),
            Every::HalfTerm => fixed("每半期", "each half-term"),
            Every::Term => fixed("每学期", "each term"),
            Every::SchoolYear => fixed("每学年", "each school year"),
            Every::Windows => fixed("期初、期中、期末", "at the start, middle and end of term"),
            Every::Window(w) => Say {
                zh: w.name().zh.into(),
                en: format!("at the {}", w.name().en),
            },
            Every::Festival(list) => Say {
                zh: list.iter().map(|f| f.name().zh).collect::<Vec<_>>().join("、"),
                en: format!(
                    "around {}",
                    list.iter().map(|f| f.name().en).collect::<Vec<_>>().join(", ")
                ),
            },
            Every::Times { n, per } => Say {
                zh: format!("每{}{n}次", per.name().zh),
                en: format!("{n} times a {}", per.name().en),
            },
        }
    }
}

/// Another kind of line that settles a rule, as a visit by phone settles a talk with the guardian.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settles {
    pub kind: String,
    #[serde(default)]
    pub outcome: Outcome,
    /// The line must carry this tag, as `teaching` for a visit on which the guardian was taught.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// One rule of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable over versions: part of a duty's identity.
    pub id: String,
    /// The kind of record asked for.
    pub kind: String,
    pub name: Say,
    pub owner: Post,
    pub whom: Whom,
    pub every: Every,
    /// Outcomes of the own kind that settle. Empty = the usual: `met`, and for `guardian_talk` and `family_call` also
    /// `phone`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    /// A line of the own kind must carry this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Other kinds that settle, beside those that always do (see [`Rule::settlers`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_settled_by: Vec<Settles>,
    pub source: Source,
    /// The article, as `未成年人保护法第二十三条`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Expected minutes of work for each act; 0 = not counted.
    #[serde(default)]
    pub minutes: u16,
}

impl Rule {
    /// Every (kind, outcome, tag) that settles this rule: the own kind, what always settles it (schemes.md: a home visit by
    /// phone settles `guardian_talk`, a visit with teaching `guardians_training`, a call or letter `weekly_contact`), and
    /// what the scheme adds.
    pub fn settlers(&self) -> Vec<Settles> {
        let mut all: Vec<Settles> = Vec::new();
        let mut add = |kind: &str, outcome, tag: Option<&str>| {
            all.push(Settles {
                kind: kind.into(),
                outcome,
                tag: tag.map(Into::into),
            });
        };
        let by_phone = matches!(self.kind.as_str(), "guardian_talk" | "family_call");
        match self.outcomes.as_slice() {
            [] => {
                add(&self.kind, Outcome::Met, self.tag.as_deref());
                if by_phone {
                    add(&self.kind, Outcome::Phone, self.tag.as_deref());
                }
            }
            // a try changes no state, whatever a scheme says
            some => some
                .iter()
                .filter(|o| !o.is_try())
                .for_each(|&o| add(&self.kind, o, self.tag.as_deref())),
        }
        match self.kind.as_str() {
            "guardian_talk" => add("home_visit", Outcome::Phone, None),
            "guardians_training" => add("home_visit", Outcome::Met, Some("teaching")),
            "weekly_contact" => {
                add("family_call", Outcome::Met, None);
                add("family_call", Outcome::Phone, None);
                add("family_letter", Outcome::Met, None);
            }
            _ => {}
        }
        all.extend(self.also_settled_by.iter().filter(|s| !s.outcome.is_try()).cloned());
        all
    }
    /// The rule as a sentence: `班主任 每月 与每名留守儿童 谈心`.
    pub fn sentence(&self) -> Say {
        let every = self.every.name();
        Say {
            zh: format!(
                "{}：{}，{}，{}",
                self.owner.name().zh,
                every.zh,
                self.whom.name().zh,
                self.name.zh
            ),
            en: format!(
                "{}: {}, {}, {}",
                self.owner.name().en,
                every.en,
                self.whom.name().en,
                self.name.en
            ),
        }
    }
}

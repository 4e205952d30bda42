//! Whether a child is left-behind on a day, by three definitions side by side (domain.md §2). A pure function of dated facts: what is
//! not known is said, never guessed.

use serde::{Deserialize, Serialize};
use tx_base::{Day, Text, t};

/// By which rule it is counted (口径).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Definition {
    /// 国发〔2016〕13号
    Mca2016,
    /// three months running or more
    Months3,
    /// the list that the school keeps
    SchoolList,
}
impl Definition {
    pub const ALL: [Definition; 3] = [Definition::Mca2016, Definition::Months3, Definition::SchoolList];
    pub const fn code(self) -> &'static str {
        match self {
            Definition::Mca2016 => "mca2016",
            Definition::Months3 => "months3",
            Definition::SchoolList => "school_list",
        }
    }
    pub const fn name(self) -> Text {
        match self {
            Definition::Mca2016 => t("民政口径", "Civil affairs, 2016"),
            Definition::Months3 => t("三个月口径", "Three months"),
            Definition::SchoolList => t("学校名单", "School's list"),
        }
    }
    pub fn parse(code: &str) -> Option<Definition> {
        Definition::ALL.into_iter().find(|d| d.code() == code)
    }
}

/// Whose fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parent {
    Father,
    Mother,
}
impl Parent {
    pub const BOTH: [Parent; 2] = [Parent::Father, Parent::Mother];
    pub const fn code(self) -> &'static str {
        match self {
            Parent::Father => "father",
            Parent::Mother => "mother",
        }
    }
    pub const fn name(self) -> Text {
        match self {
            Parent::Father => t("父亲", "Father"),
            Parent::Mother => t("母亲", "Mother"),
        }
    }
    pub fn parse(code: &str) -> Option<Parent> {
        match code {
            "father" => Some(Parent::Father),
            "mother" => Some(Parent::Mother),
            _ => None,
        }
    }
}

/// Where a parent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    Home,
    AwayWork,
    /// jail, drug detention, remarried away, missing
    AwayOther,
    Dead,
    Unknown,
}
impl Where {
    pub fn parse(code: &str) -> Where {
        match code {
            "home" => Where::Home,
            "away_work" => Where::AwayWork,
            "away_other" => Where::AwayOther,
            "dead" => Where::Dead,
            _ => Where::Unknown,
        }
    }
    pub const fn code(self) -> &'static str {
        match self {
            Where::Home => "home",
            Where::AwayWork => "away_work",
            Where::AwayOther => "away_other",
            Where::Dead => "dead",
            Where::Unknown => "unknown",
        }
    }
    pub const fn name(self) -> Text {
        match self {
            Where::Home => t("在家", "At home"),
            Where::AwayWork => t("外出务工", "Away at work"),
            Where::AwayOther => t("因故不在家", "Away otherwise"),
            Where::Dead => t("去世", "Dead"),
            Where::Unknown => t("不清楚", "Not known"),
        }
    }
}

/// A dated fact about one parent.
#[derive(Clone, Copy, Debug)]
pub struct ParentFact {
    pub parent: Parent,
    pub whereabouts: Where,
    /// able to care; `None` = nobody asked
    pub able: Option<bool>,
    /// `None` = since when is not known
    pub from: Option<Day>,
    /// last day on which it was so
    pub to: Option<Day>,
}

/// What is known of a child.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub birth: Option<Day>,
    /// rural household registration
    pub rural: Option<bool>,
    /// lives with the parents where they work
    pub with_parents: bool,
    pub parents: Vec<ParentFact>,
    /// spells on the school's list, with their last days
    pub spells: Vec<(Day, Option<Day>)>,
    /// asked on this day and not on the list
    pub not_listed: Option<Day>,
}

/// The numbers of the definitions, which a county may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// under this age in completed years (`mca2016`)
    pub age_limit: i32,
    /// only rural household registration (`mca2016`)
    pub rural_only: bool,
    /// months away without a break (`months3`)
    pub months: i32,
    /// a dead parent counts as one without capacity
    pub dead_is_unable: bool,
    /// a parent at home for so many days: it is asked whether the spell is over
    pub home_days: i32,
}
impl Default for Params {
    fn default() -> Params {
        Params {
            age_limit: 16,
            rural_only: true,
            months: 3,
            dead_is_unable: true,
            home_days: crate::spells::HOME_DAYS,
        }
    }
}

/// What would have to be asked to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    Birth,
    Hukou,
    Whereabouts(Parent),
    Capacity(Parent),
    Since(Parent),
    List,
}
impl Ask {
    pub const fn name(self) -> Text {
        match self {
            Ask::Birth => t("出生日期", "birth date"),
            Ask::Hukou => t("户口性质", "kind of registration"),
            Ask::Whereabouts(Parent::Father) => t("父亲在哪里", "where the father is"),
            Ask::Whereabouts(Parent::Mother) => t("母亲在哪里", "where the mother is"),
            Ask::Capacity(Parent::Father) => t("父亲能不能照护", "whether the father can care"),
            Ask::Capacity(Parent::Mother) => t("母亲能不能照护", "whether the mother can care"),
            Ask::Since(Parent::Father) => t("父亲何时外出", "since when the father is away"),
            Ask::Since(Parent::Mother) => t("母亲何时外出", "since when the mother is away"),
            Ask::List => t("在不在学校名单上", "whether on the school's list"),
        }
    }
}

/// The answer of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Yes,
    No,
    /// listed for survey, with what is to be asked
    Undetermined(Vec<Ask>),
}
impl Status {
    pub fn code(&self) -> &'static str {
        match self {
            Status::Yes => "yes",
            Status::No => "no",
            Status::Undetermined(_) => "undetermined",
        }
    }
    pub fn name(&self) -> Text {
        match self {
            Status::Yes => t("是", "Yes"),
            Status::No => t("不是", "No"),
            Status::Undetermined(_) => t("还不清楚", "Not known yet"),
        }
    }
}

/// A condition: holds, does not, or needs answers first.
enum Holds {
    Yes,
    No,
    Ask(Vec<Ask>),
}

/// A parent as the definition of 2016 sees one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    Away,
    Unable,
    Able,
    /// at home, and nobody asked whether able
    Home,
    Unknown,
}

impl Known {
    /// The fact that holds for a parent on a day: the one that began last.
    fn on(&self, parent: Parent, day: Day) -> Option<&ParentFact> {
        self.parents
            .iter()
            .filter(|f| f.parent == parent && f.from.is_none_or(|d| d <= day) && f.to.is_none_or(|d| d >= day))
            .max_by_key(|f| f.from)
    }
    fn care(&self, parent: Parent, day: Day, p: &Params) -> Care {
        let Some(f) = self.on(parent, day) else {
            return Care::Unknown;
        };
        match (f.whereabouts, f.able) {
            (Where::AwayWork, _) => Care::Away,
            (Where::AwayOther, _) => Care::Unable,
            (Where::Dead, _) if p.dead_is_unable => Care::Unable,
            (Where::Dead, _) => Care::Able,
            (Where::Home, Some(true)) => Care::Able,
            (Where::Home, Some(false)) => Care::Unable,
            (Where::Home, None) => Care::Home,
            (Where::Unknown, _) => Care::Unknown,
        }
    }
    /// Both away, or one away and the other without capacity.
    fn mca_parents(&self, day: Day, p: &Params) -> Holds {
        let [f, m] = Parent::BOTH.map(|w| (w, self.care(w, day, p)));
        match (f.1, m.1) {
            (Care::Away, Care::Away | Care::Unable) | (Care::Unable, Care::Away) => Holds::Yes,
            (Care::Able, _) | (_, Care::Able) => Holds::No,
            (Care::Unable | Care::Home, Care::Unable | Care::Home) => Holds::No,
            _ => Holds::Ask(
                [f, m]
                    .into_iter()
                    .filter_map(|(w, c)| match c {
                        Care::Unknown => Some(Ask::Whereabouts(w)),
                        Care::Home => Some(Ask::Capacity(w)),
                        Care::Away | Care::Unable | Care::Able => None,
                    })
                    .collect(),
            ),
        }
    }
    /// At least one away at work for the months.
    fn months_parents(&self, day: Day, p: &Params) -> Holds {
        let mut ask = Vec::new();
        for w in Parent::BOTH {
            match self.on(w, day) {
                Some(f) if f.whereabouts == Where::AwayWork => match f.from {
                    Some(from) if from.plus_months(p.months) <= day => return Holds::Yes,
                    Some(_) => {}
                    None => ask.push(Ask::Since(w)),
                },
                Some(f) if f.whereabouts != Where::Unknown => {}
                _ => ask.push(Ask::Whereabouts(w)),
            }
        }
        if ask.is_empty() { Holds::No } else { Holds::Ask(ask) }
    }
}

fn all(conditions: Vec<Holds>) -> Status {
    let mut ask = Vec::new();
    for c in conditions {
        match c {
            Holds::No => return Status::No,
            Holds::Yes => {}
            Holds::Ask(more) => ask.extend(more),
        }
    }
    if ask.is_empty() {
        Status::Yes
    } else {
        Status::Undetermined(ask)
    }
}

/// Whether the child counts on a day by a definition.
pub fn status(known: &Known, day: Day, definition: Definition, p: &Params) -> Status {
    let along = if known.with_parents { Holds::No } else { Holds::Yes };
    match definition {
        Definition::Mca2016 => {
            let age = match known.birth {
                Some(b) if b.age_on(day) < p.age_limit => Holds::Yes,
                Some(_) => Holds::No,
                None => Holds::Ask(vec![Ask::Birth]),
            };
            let hukou = match known.rural {
                _ if !p.rural_only => Holds::Yes,
                Some(true) => Holds::Yes,
                Some(false) => Holds::No,
                None => Holds::Ask(vec![Ask::Hukou]),
            };
            all(vec![along, age, hukou, known.mca_parents(day, p)])
        }
        Definition::Months3 => all(vec![along, known.months_parents(day, p)]),
        Definition::SchoolList => {
            if known
                .spells
                .iter()
                .any(|(from, to)| *from <= day && to.is_none_or(|to| to >= day))
            {
                Status::Yes
            } else if known.not_listed.is_some_and(|d| d <= day)
                || known.spells.iter().any(|(_, to)| to.is_some_and(|to| to < day))
            {
                Status::No
            } else {
                Status::Undetermined(vec![Ask::List])
            }
        }
    }
}

/// Whether neither parent can care and none is merely away at work: a child in difficulty (困境儿童), who needs more than this list.
/// `None` when it is not known of both.
pub fn hardship(known: &Known, day: Day, p: &Params) -> Option<bool> {
    let [f, m] = Parent::BOTH.map(|w| known.care(w, day, p));
    match (f, m) {
        (Care::Unable, Care::Unable) => Some(true),
        (Care::Unknown | Care::Home, _) | (_, Care::Unknown | Care::Home) => None,
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(parent: Parent, whereabouts: Where, able: Option<bool>) -> ParentFact {
        ParentFact {
            parent,
            whereabouts,
            able,
            from: Some(Day::lit("2026-02-20")),
            to: None,
        }
    }
    fn known(f: (Where, Option<bool>), m: (Where, Option<bool>)) -> Known {
        Known {
            birth: Some(Day::lit("2016-05-01")),
            rural: Some(true),
            parents: vec![fact(Parent::Father, f.0, f.1), fact(Parent::Mother, m.0, m.1)],
            ..Known::default()
        }
    }
    /// y, n or u for the three definitions.
    fn three(k: &Known, day: &str) -> String {
        Definition::ALL
            .map(|d| status(k, Day::lit(day), d, &Params::default()).code()[..1].to_owned())
            .join("")
    }

    /// The cases of domain.md §2, one a line.
    #[test]
    fn the_cases_of_the_domain() {
        use Where::{AwayOther, AwayWork, Dead, Home, Unknown};
        let day = "2026-11-24";
        let away = (AwayWork, None);
        for (case, k, expected) in [
            ("both away", known(away, away), "yyu"),
            ("one away, other able", known(away, (Home, Some(true))), "nyu"),
            ("one away, other gravely ill", known((Home, Some(false)), away), "yyu"),
            ("one dead, other away", known((Dead, None), away), "yyu"),
            ("both dead", known((Dead, None), (Dead, None)), "nnu"),
            ("one in jail, other away", known((AwayOther, None), away), "yyu"),
            ("both at home", known((Home, Some(true)), (Home, None)), "nnu"),
            ("one away, other's capacity not asked", known(away, (Home, None)), "uyu"),
            ("one not known, other away", known((Unknown, None), away), "uyu"),
            ("nothing known", Known::default(), "uuu"),
        ] {
            assert_eq!(three(&k, day), expected, "{case}");
        }
        let along = Known {
            with_parents: true,
            ..known(away, away)
        };
        assert_eq!(three(&along, day), "nnu", "the child went along");
        let urban = Known {
            rural: Some(false),
            spells: vec![(Day::lit("2026-09-01"), None)],
            ..known(away, away)
        };
        assert_eq!(three(&urban, day), "nyy", "urban registration");
        let grown = Known {
            birth: Some(Day::lit("2010-11-25")),
            ..known(away, away)
        };
        assert_eq!(three(&grown, "2026-11-24"), "yyu", "15 years and 364 days");
        assert_eq!(three(&grown, "2026-11-25"), "nyu", "16 years and 0 days");
        let dead = known((Dead, None), (Dead, None));
        assert_eq!(hardship(&dead, Day::lit(day), &Params::default()), Some(true));
        assert_eq!(
            hardship(&known(away, away), Day::lit(day), &Params::default()),
            Some(false)
        );
        assert_eq!(hardship(&Known::default(), Day::lit(day), &Params::default()), None);
    }

    #[test]
    fn days_decide_which_fact_holds() {
        let away = (Where::AwayWork, None);
        let mut k = known(away, away);
        assert_eq!(three(&k, "2026-05-19"), "ynu", "not yet three months");
        assert_eq!(three(&k, "2026-05-20"), "yyu", "three months to the day");
        assert_eq!(three(&k, "2026-02-19"), "uuu", "before anything is known");
        for f in &mut k.parents {
            f.to = Some(Day::lit("2026-06-30"));
        }
        k.parents.push(ParentFact {
            from: Some(Day::lit("2026-07-01")),
            ..fact(Parent::Mother, Where::Home, Some(true))
        });
        assert_eq!(three(&k, "2026-06-30"), "yyu");
        assert_eq!(
            three(&k, "2026-07-01"),
            "nuu",
            "the mother is home; the father's fact has ended"
        );
        let since = Known {
            parents: vec![
                ParentFact {
                    from: None,
                    ..fact(Parent::Father, Where::AwayWork, None)
                },
                fact(Parent::Mother, Where::Home, Some(true)),
            ],
            ..k
        };
        assert_eq!(three(&since, "2026-07-01"), "nuu", "since when is not known");
    }

    #[test]
    fn the_list_says_so_by_its_spells() {
        let mut k = Known::default();
        let list = |k: &Known, day: &str| status(k, Day::lit(day), Definition::SchoolList, &Params::default());
        assert_eq!(list(&k, "2026-11-24"), Status::Undetermined(vec![Ask::List]));
        k.not_listed = Some(Day::lit("2026-09-01"));
        assert_eq!(list(&k, "2026-11-24"), Status::No);
        k.spells = vec![
            (Day::lit("2025-09-01"), Some(Day::lit("2026-02-10"))),
            (Day::lit("2026-03-01"), None),
        ];
        assert_eq!(list(&k, "2026-02-10"), Status::Yes, "the last day counts");
        assert_eq!(list(&k, "2026-02-11"), Status::No);
        assert_eq!(list(&k, "2026-03-01"), Status::Yes, "a second departure is a new spell");
    }
}

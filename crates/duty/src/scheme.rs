//! Care schemes: versions of rules over a legal base that no school can lower.

use crate::{Every, Rule, Source, Whom};
use serde::{Deserialize, Serialize};
use tx_base::{Day, Say, say};

/// The rules from a first day on, until the next version's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeVersion {
    pub from: Day,
    pub rules: Vec<Rule>,
}

/// All versions of a school's scheme; order does not matter. Of two with the same first day the later one in the list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    pub versions: Vec<SchemeVersion>,
}

impl Scheme {
    pub fn new(versions: Vec<SchemeVersion>) -> Scheme {
        Scheme { versions }
    }
    /// The version in force on a day; `None` before the first.
    pub fn on(&self, day: Day) -> Option<&SchemeVersion> {
        self.versions.iter().filter(|v| v.from <= day).max_by_key(|v| v.from)
    }
    /// The newest text of a rule, also of one no longer in force.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let with: Vec<_> = self
            .versions
            .iter()
            .filter_map(|v| Some((v.from, v.rules.iter().find(|r| r.id == id)?)))
            .collect();
        with.into_iter().max_by_key(|(from, _)| *from).map(|(_, rule)| rule)
    }
}

impl SchemeVersion {
    /// The same with each rule of the legal base that is missing laid under it.
    pub fn over(mut self, legal_base: &[Rule]) -> SchemeVersion {
        for rule in legal_base {
            if !self.rules.iter().any(|r| r.id == rule.id) {
                self.rules.push(rule.clone());
            }
        }
        self
    }
}

/// Whether a version may be published over the legal base: one sentence for each thing wrong. A rule of law may be asked
/// more often or of more children, never less, and nothing more may settle it.
pub fn check(version: &SchemeVersion, legal_base: &[Rule]) -> Result<(), Vec<Say>> {
    let mut wrong: Vec<Say> = Vec::new();
    for (i, rule) in version.rules.iter().enumerate() {
        let name = &rule.name;
        if rule.id.is_empty() || rule.kind.is_empty() {
            wrong.push(say(
                format!("第 {} 条规则缺少编号或记录种类", i + 1),
                format!("rule {} lacks its id or its kind of record", i + 1),
            ));
        }
        if version.rules[..i].iter().any(|r| r.id == rule.id) {
            wrong.push(say(
                format!("“{}”的编号 {} 用了两次", name.zh, rule.id),
                format!("the id {} of “{}” is used twice", rule.id, name.en),
            ));
        }
        match &rule.every {
            Every::Times { n, .. } if !(1..=20).contains(n) => {
                wrong.push(say(
                    format!("“{}”：次数要在 1 到 20 之间", name.zh),
                    format!("“{}”: the number of times must be 1 to 20", name.en),
                ));
            }
            Every::Festival(list) if list.is_empty() => {
                wrong.push(say(
                    format!("“{}”：没有选节日", name.zh),
                    format!("“{}”: no festival is chosen", name.en),
                ));
            }
            _ => {}
        }
        if !rule.outcomes.is_empty() && rule.outcomes.iter().all(|o| o.is_try()) {
            wrong.push(say(
                format!("“{}”：没见到或不愿意不能算完成", name.zh),
                format!("“{}”: a try or a refusal cannot settle it", name.en),
            ));
        }
        if rule.source == Source::Law && !legal_base.iter().any(|r| r.id == rule.id) {
            wrong.push(say(
                format!("“{}”不是法律底线里的规则", name.zh),
                format!("“{}” is no rule of the legal base", name.en),
            ));
        }
    }
    for law in legal_base {
        let article = law.law.as_deref().map(|a| format!("（{a}）")).unwrap_or_default();
        let mut lowered = |zh: &str, en: &str| {
            wrong.push(say(
                format!("“{}”是法律规定{article}，{zh}", law.name.zh),
                format!("“{}” is required by law: {en}", law.name.en),
            ));
        };
        let Some(rule) = version.rules.iter().find(|r| r.id == law.id) else {
            lowered("不能去掉", "it cannot be removed");
            continue;
        };
        if rule.kind != law.kind || rule.owner != law.owner || rule.source != Source::Law || rule.law != law.law {
            lowered(
                "记录种类、责任人和出处不能改",
                "its kind, owner and source cannot be changed",
            );
        }
        if !as_often(&rule.every, &law.every) {
            lowered("不能减少次数", "it cannot be asked less often");
        }
        if rule.whom != law.whom && !(rule.whom == Whom::AllPupils && of_children(law.whom)) {
            lowered("不能缩小对象", "it cannot be asked for fewer children");
        }
        let allowed = law.settlers();
        if rule.settlers().iter().any(|s| !allowed.contains(s)) {
            lowered("不能用别的方式代替", "nothing else may settle it");
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn of_children(whom: Whom) -> bool {
    !matches!(whom, Whom::EachClass | Whom::School)
}

/// Whether `now` asks at least as often as `law`, in stretches that are no longer.
fn as_often(now: &Every, law: &Every) -> bool {
    match (now, law) {
        (a, b) if a == b => true,
        (Every::Festival(a), Every::Festival(b)) => b.iter().all(|f| a.contains(f)),
        // festivals and windows leave long gaps: they stand in for nothing else
        (Every::Festival(_) | Every::Windows | Every::Window(_), _) => matches!(
            (now, law),
            (Every::Windows, Every::Window(_) | Every::Term | Every::SchoolYear)
        ),
        (_, Every::Festival(_) | Every::Windows | Every::Window(_)) => false,
        (Every::Times { n, per }, Every::Times { n: m, per: q }) if per == q => n >= m,
        (a, b) => length(a) <= length(b) && a.about_per_year() >= b.about_per_year(),
    }
}

/// Rank of the stretch in which one act is free to lie.
fn length(every: &Every) -> u8 {
    use crate::Per;
    match every {
        Every::Week | Every::Times { per: Per::Week, .. } => 1,
        Every::Fortnight => 2,
        Every::Month | Every::Times { per: Per::Month, .. } => 3,
        Every::HalfTerm | Every::Times { per: Per::HalfTerm, .. } => 4,
        Every::Term | Every::Windows | Every::Window(_) | Every::Times { per: Per::Term, .. } => 5,
        Every::SchoolYear
        | Every::Festival(_)
        | Every::Times {
            per: Per::SchoolYear, ..
        } => 6,
    }
}

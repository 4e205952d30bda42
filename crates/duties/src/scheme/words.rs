//! A rule as a sentence with changeable words, and the words as codes (screens.md §5.9).

use tx_base::{Lang, Say, Text, t};
use tx_calendar::{Festival, Window};
use tx_duty::{Every, Outcome, Per, Post, Rule, Source, Whom};
use tx_record::find_kind;
use tx_web::parts::scheme::RuleWord;

/// Minutes of work that are offered for one act.
pub(crate) const MINUTES: [u16; 9] = [0, 5, 10, 15, 20, 30, 45, 60, 90];

/// How often, as one word: `month`, `window:start`, `festival:spring_festival,dragon_boat`, `times:3:school_year`.
pub(crate) fn every_code(e: &Every) -> String {
    match e {
        Every::Week => "week".into(),
        Every::Fortnight => "fortnight".into(),
        Every::Month => "month".into(),
        Every::HalfTerm => "half_term".into(),
        Every::Term => "term".into(),
        Every::SchoolYear => "school_year".into(),
        Every::Windows => "windows".into(),
        Every::Window(w) => format!("window:{}", w.code()),
        Every::Festival(list) => format!(
            "festival:{}",
            list.iter().map(|f| f.code()).collect::<Vec<_>>().join(",")
        ),
        Every::Times { n, per } => format!("times:{n}:{}", per.code()),
    }
}
pub(crate) fn parse_every(code: &str) -> Option<Every> {
    if let Some(w) = code.strip_prefix("window:") {
        return Window::ALL.into_iter().find(|x| x.code() == w).map(Every::Window);
    }
    if let Some(list) = code.strip_prefix("festival:") {
        let list: Option<Vec<Festival>> = list.split(',').map(|f| f.parse().ok()).collect();
        return list.filter(|l| !l.is_empty()).map(Every::Festival);
    }
    if let Some(rest) = code.strip_prefix("times:") {
        let (n, per) = rest.split_once(':')?;
        let n: u8 = n.parse().ok().filter(|n| (1..=20).contains(n))?;
        return per.parse::<Per>().ok().map(|per| Every::Times { n, per });
    }
    Some(match code {
        "week" => Every::Week,
        "fortnight" => Every::Fortnight,
        "month" => Every::Month,
        "half_term" => Every::HalfTerm,
        "term" => Every::Term,
        "school_year" => Every::SchoolYear,
        "windows" => Every::Windows,
        _ => return None,
    })
}

/// The choices of how often, with the rule's own one among them.
pub(crate) fn every_choices(own: Option<&Every>) -> Vec<Every> {
    use Festival::{ChildrensDay, DragonBoat, MidAutumn, SpringFestival};
    let mut all = vec![
        Every::Week,
        Every::Fortnight,
        Every::Month,
        Every::HalfTerm,
        Every::Term,
        Every::SchoolYear,
        Every::Windows,
    ];
    all.extend(Window::ALL.map(Every::Window));
    all.push(Every::Festival(vec![SpringFestival, DragonBoat, MidAutumn]));
    all.push(Every::Festival(vec![
        MidAutumn,
        SpringFestival,
        DragonBoat,
        ChildrensDay,
    ]));
    all.extend([SpringFestival, DragonBoat, MidAutumn, ChildrensDay].map(|f| Every::Festival(vec![f])));
    all.extend(
        [
            (2, Per::Month),
            (2, Per::Term),
            (3, Per::Term),
            (2, Per::SchoolYear),
            (3, Per::SchoolYear),
        ]
        .map(|(n, per)| Every::Times { n, per }),
    );
    if let Some(e) = own.filter(|e| !all.contains(e)) {
        all.insert(0, e.clone());
    }
    all
}

/// Whom a rule asks for, as staff screens say it: 孩子.
pub(crate) fn whom_word(w: Whom) -> Text {
    match w {
        Whom::LeftBehind => t("每名孩子", "every child on the list"),
        Whom::Key => t("每名重点孩子", "every key child"),
        Whom::Paired => t("每名结对孩子", "every paired child"),
        other => other.name(),
    }
}
pub(crate) fn post_word(p: Post) -> Text {
    match p {
        Post::Office => t("办公室", "office"),
        other => other.name(),
    }
}

/// What stands before and after whom it is for.
fn around(kind: &str) -> (Text, Text) {
    match kind {
        "heart_talk" | "weekly_contact" => (t("与", "with"), t("", "")),
        "home_visit" => (t("到", "to"), t("家", "")),
        "family_call" | "family_letter" => (t("帮", "helps"), t("与父母", "")),
        "free_essay" => (t("让", "lets"), t("写", "write a")),
        "guardians_meeting" | "guardians_training" | "lecture" | "contest" | "outing" | "trading_day" => {
            (t("为", "for"), t("办", ""))
        }
        "festival_care" | "gift" => (t("给", "to"), t("", "")),
        _ => (t("为", "for"), t("做", "")),
    }
}

/// Kinds for which a call may count in place of a meeting.
pub(crate) fn asks_outcome(kind: &str) -> bool {
    matches!(kind, "heart_talk" | "guardian_talk" | "family_call")
}
/// Whether a call settles the rule.
pub(crate) fn by_phone(r: &Rule) -> bool {
    r.settlers()
        .iter()
        .any(|s| s.kind == r.kind && s.outcome == Outcome::Phone)
}
/// The outcomes that say whether a call counts.
pub(crate) fn outcomes(kind: &str, phone: bool) -> Vec<Outcome> {
    let usual = matches!(kind, "guardian_talk" | "family_call");
    match (usual, phone) {
        (true, true) | (false, false) => Vec::new(),
        (true, false) => vec![Outcome::Met],
        (false, true) => vec![Outcome::Met, Outcome::Phone],
    }
}

/// The words of a rule's sentence. `before` is the same rule in the version in force; without it everything is new and nothing is marked.
pub(crate) fn sentence(lang: Lang, r: &Rule, before: Option<&Rule>) -> Vec<RuleWord> {
    let word = |s: &str| s.to_owned();
    let locked = r.source == Source::Law;
    let text = |t: Text| RuleWord::Text(t.in_lang(lang).to_owned());
    let choice = |name: &str, shown: String, options: Vec<(String, String)>, changed: bool| {
        if locked {
            RuleWord::Fixed(shown)
        } else {
            RuleWord::Choice {
                name: name.to_owned(),
                shown,
                options,
                changed,
            }
        }
    };
    let changed = |f: fn(&Rule, &Rule) -> bool| before.is_some_and(|b| f(r, b));
    let owners = Post::ALL
        .iter()
        .filter(|p| **p != Post::Family)
        .map(|p| (word(p.code()), word(post_word(*p).in_lang(lang))))
        .collect();
    let oftens = every_choices(Some(&r.every))
        .iter()
        .map(|e| (every_code(e), e.name().in_lang(lang).to_owned()))
        .collect();
    let whoms = Whom::ALL
        .iter()
        .map(|w| (word(w.code()), word(whom_word(*w).in_lang(lang))))
        .collect();
    let (pre, post) = around(&r.kind);
    // the one rule of families: 父母 每周 与 每名孩子 联系 一次
    let by_parents = r.owner == Post::Family;
    let owner = if by_parents {
        t("父母", "parents")
    } else {
        post_word(r.owner)
    };
    let mut out = vec![
        choice(
            "owner",
            word(owner.in_lang(lang)),
            owners,
            changed(|a, b| a.owner != b.owner),
        ),
        choice(
            "every",
            r.every.name().in_lang(lang).to_owned(),
            oftens,
            changed(|a, b| a.every != b.every),
        ),
        text(pre),
        choice(
            "whom",
            word(whom_word(r.whom).in_lang(lang)),
            whoms,
            changed(|a, b| a.whom != b.whom),
        ),
    ];
    if !post.in_lang(lang).is_empty() {
        out.push(text(post));
    }
    let what = if by_parents && r.kind == "weekly_contact" {
        t("联系", "contact").in_lang(lang)
    } else {
        r.name.in_lang(lang)
    };
    out.push(RuleWord::Fixed(what.to_owned()));
    if !matches!(r.every, Every::Times { .. }) {
        out.push(text(t("一次", "once")));
    }
    if asks_outcome(&r.kind) {
        let shown = |phone: bool| {
            if phone {
                t("电话也算", "by phone counts")
            } else {
                t("要当面", "face to face")
            }
            .in_lang(lang)
            .to_owned()
        };
        let options = vec![("met".to_owned(), shown(false)), ("phone".to_owned(), shown(true))];
        out.push(choice(
            "outcome",
            shown(by_phone(r)),
            options,
            changed(|a, b| by_phone(a) != by_phone(b)),
        ));
    }
    if r.owner != Post::Family {
        let minutes = |n: u16| match (lang, n) {
            (Lang::Zh, 0) => "不计时间".to_owned(),
            (Lang::En, 0) => "time not counted".to_owned(),
            (Lang::Zh, n) => format!("约 {n} 分"),
            (Lang::En, n) => format!("about {n} min"),
        };
        let mut offered: Vec<u16> = MINUTES.to_vec();
        if !offered.contains(&r.minutes) {
            offered.push(r.minutes);
            offered.sort_unstable();
        }
        let options = offered.iter().map(|n| (n.to_string(), minutes(*n))).collect();
        out.push(choice(
            "minutes",
            minutes(r.minutes),
            options,
            changed(|a, b| a.minutes != b.minutes),
        ));
    }
    out
}

/// What else counts and where the rule comes from, in one line.
pub(crate) fn note(lang: Lang, r: &Rule) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut seen: Vec<(String, Outcome)> = Vec::new();
    for s in r.settlers().into_iter().filter(|s| s.kind != r.kind) {
        if seen.iter().any(|(k, _)| *k == s.kind && s.tag.is_none()) {
            continue;
        }
        seen.push((s.kind.clone(), s.outcome));
        let kind = find_kind(&s.kind).map_or_else(|| s.kind.clone(), |k| k.name.in_lang(lang).to_owned());
        parts.push(match (lang, s.outcome, s.tag.is_some()) {
            (Lang::Zh, Outcome::Phone, _) => format!("{kind}改成电话的也算"),
            (Lang::Zh, _, true) => format!("{kind}时讲过也算"),
            (Lang::Zh, ..) => format!("{kind}也算"),
            (Lang::En, Outcome::Phone, _) => format!("a {kind} by phone counts too"),
            (Lang::En, _, true) => format!("teaching on a {kind} counts too"),
            (Lang::En, ..) => format!("{kind} counts too"),
        });
    }
    let sentence = parts.join(if lang == Lang::Zh { "；" } else { "; " });
    let from = match r.source {
        Source::Law => r.law.clone().unwrap_or_default(),
        Source::Account => String::new(),
        other => other.name().in_lang(lang).to_owned(),
    };
    [sentence, from]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// A rule in plain words, for lists and comparisons.
pub(crate) fn plain(r: &Rule) -> Say {
    let w = |lang: Lang| {
        sentence(lang, r, None)
            .into_iter()
            .map(|w| match w {
                RuleWord::Text(s) | RuleWord::Fixed(s) => s,
                RuleWord::Choice { shown, .. } => shown,
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    Say {
        zh: w(Lang::Zh),
        en: w(Lang::En),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_often_is_read_back() {
        for e in every_choices(None) {
            assert_eq!(parse_every(&every_code(&e)), Some(e.clone()), "{}", every_code(&e));
        }
        for bad in [
            "",
            "often",
            "window:noon",
            "festival:",
            "festival:easter",
            "times:0:term",
            "times:21:term",
            "times:3:century",
        ] {
            assert_eq!(parse_every(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_outcome_says_what_settles() {
        for kind in ["heart_talk", "guardian_talk", "family_call"] {
            for phone in [true, false] {
                let mut r = tx_school::ready_made("S5").expect("S5").1.remove(0);
                r.kind = kind.into();
                r.outcomes = outcomes(kind, phone);
                assert_eq!(by_phone(&r), phone, "{kind} {phone}");
            }
        }
    }
}

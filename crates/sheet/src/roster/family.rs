//! The adults of a row: parents, guardians, the register's members; several in one cell are taken apart.

use super::{
    ChildDraft, GuardianDraft, GuardianKind, Parent, ParentDraft, Whereabouts,
    header::Mapped,
    read::{Got, Report},
    row::keep,
};
use crate::{
    book::Cell,
    field::{Attr, Field, Plain, Who},
    value::{
        AwayKind, IdKind, IdNumber, Phone, Relation, date,
        name::{NamedKin, close_up, split_people},
        parse_edu, parse_relation, parse_yes_no,
        phone::{PhonePart, split_phones},
        text::{is_blank_mark, squash, tidy},
    },
};
use tx_base::{Day, Say, say};

/// Reads all adults into the child.
pub fn read(gots: &[Got], columns: &[Mapped], c: &mut ChildDraft, sheet_day: Day, rep: &mut Report) {
    for (who, parent) in [(Who::Father, Parent::Father), (Who::Mother, Parent::Mother)] {
        let p = parent_of(gots, who, parent, c, sheet_day, rep);
        c.parents.extend(p);
    }
    for g in gots.iter().filter(|g| !is_blank_mark(&g.text)) {
        match g.field {
            Field::Plain(Plain::ParentsName) => {
                let people = split_people(&g.text);
                let both = [Parent::Father, Parent::Mother];
                if people.len() == 2 {
                    for (i, person) in people.into_iter().enumerate() {
                        let parent = match person.relation {
                            Some(Relation::Father) => Parent::Father,
                            Some(Relation::Mother) => Parent::Mother,
                            _ => both[i],
                        };
                        let slot = slot(c, parent);
                        slot.name = slot.name.take().or(person.name);
                    }
                } else {
                    keep(c, g);
                }
            }
            Field::Plain(Plain::Phone | Plain::ParentsPhone) => {
                let (good, bad) = phones(&split_phones(&g.text), g, rep);
                for (p, _) in good {
                    if !c.phones.contains(&p) {
                        c.phones.push(p);
                    }
                }
                if bad {
                    keep(c, g);
                }
            }
            Field::Plain(Plain::ParentsJob) => keep(c, g),
            Field::Person(
                Who::Grandfather | Who::Grandmother | Who::MaternalGrandfather | Who::MaternalGrandmother,
                _,
            ) => keep(c, g),
            _ => {}
        }
    }
    for n in 1..=4 {
        guardians_of(gots, columns, n, c, sheet_day, rep);
    }
    for n in 1..=9 {
        member(gots, n, c, sheet_day, rep);
    }
    places(gots, c);
}

fn slot(c: &mut ChildDraft, parent: Parent) -> &mut ParentDraft {
    let at = c.parents.iter().position(|p| p.parent == parent).unwrap_or_else(|| {
        c.parents.push(ParentDraft::new(parent));
        c.parents.len() - 1
    });
    &mut c.parents[at]
}

/// What a cell about a parent says of where the parent is.
fn whereabouts(text: &str) -> Option<Whereabouts> {
    let s = squash(text);
    let any = |words: &[&str]| words.iter().any(|w| s.contains(w));
    if any(&["去世", "死亡", "病故", "亡故", "已故", "身亡", "过世", "离世", "已亡"]) || s == "亡" || s == "故"
    {
        Some(Whereabouts::Dead)
    } else if any(&[
        "服刑",
        "监狱",
        "戒毒",
        "坐牢",
        "羁押",
        "失踪",
        "失联",
        "改嫁",
        "离家出走",
        "出走",
        "下落不明",
        "联系不上",
    ]) {
        Some(Whereabouts::AwayOther)
    } else if matches!(
        s.as_str(),
        "在家"
            | "家"
            | "本村"
            | "本地"
            | "家里"
            | "家中"
            | "家务"
            | "务农"
            | "家务农"
            | "在家务农"
            | "本乡"
            | "本镇"
            | "未外出"
            | "没有外出"
    ) || s.starts_with("在家")
    {
        Some(Whereabouts::Home)
    } else {
        None
    }
}

fn parent_of(
    gots: &[Got],
    who: Who,
    parent: Parent,
    c: &mut ChildDraft,
    sheet_day: Day,
    rep: &mut Report,
) -> Option<ParentDraft> {
    let mut p = ParentDraft::new(parent);
    let mut any = false;
    for g in gots {
        let Field::Person(w, attr) = g.field else { continue };
        if w != who {
            continue;
        }
        if is_blank_mark(&g.text) {
            if attr == Attr::Name {
                let (zh, en) = if parent == Parent::Father {
                    ("父亲", "father")
                } else {
                    ("母亲", "mother")
                };
                rep.warn(
                    g,
                    say(
                        format!("{zh}一格写着“{}”：是没有，还是去世？请在档案里写明", g.shown.trim()),
                        format!("“{}” for the {en}: none, or dead? Say so in the file", g.shown.trim()),
                    ),
                    None,
                );
            }
            continue;
        }
        any = true;
        match attr {
            Attr::Name => {
                let (text, note) = crate::value::text::split_bracket(&crate::value::text::nfkc(&g.text));
                let state = whereabouts(&text).or_else(|| note.as_deref().and_then(whereabouts));
                if let Some(s) = state {
                    p.whereabouts = s;
                }
                if whereabouts(&text).is_none() {
                    let name = close_up(&text);
                    if name.chars().any(char::is_alphabetic) {
                        p.name = Some(name.chars().take(50).collect());
                    }
                    // 父亲: 张三 13600002217
                    if text.chars().filter(char::is_ascii_digit).count() >= 7 {
                        let (good, _) = phones(&split_phones(&text), g, rep);
                        p.phones.extend(good.into_iter().map(|(p, _)| p));
                        p.name = p
                            .name
                            .map(|n| {
                                n.chars()
                                    .filter(|c| !c.is_ascii_digit())
                                    .collect::<String>()
                                    .trim()
                                    .to_string()
                            })
                            .filter(|n| !n.is_empty());
                    }
                }
            }
            Attr::Phone => {
                let (good, bad) = phones(&split_phones(&g.text), g, rep);
                for (n, _) in good {
                    if !p.phones.contains(&n) {
                        p.phones.push(n);
                    }
                }
                if bad {
                    keep(c, g);
                }
            }
            Attr::Place => {
                let work = ["务工", "打工", "外出", "地点"]
                    .iter()
                    .any(|w| g.column.header.contains(w));
                match whereabouts(&g.text) {
                    Some(s) => p.whereabouts = s,
                    None if work && p.whereabouts == Whereabouts::Unknown => p.whereabouts = Whereabouts::AwayWork,
                    None => {}
                }
                p.place = Some(tidy(&g.text));
            }
            Attr::Away => match (whereabouts(&g.text), parse_yes_no(&g.text)) {
                (Some(s), _) => p.whereabouts = s,
                (None, Some(yes)) => {
                    p.whereabouts = if yes != g.column.header.contains("在家") {
                        Whereabouts::AwayWork
                    } else {
                        Whereabouts::Home
                    }
                }
                _ if g.text.contains("外出") || g.text.contains("务工") || g.text.contains("打工") => {
                    p.whereabouts = Whereabouts::AwayWork
                }
                _ => keep(c, g),
            },
            Attr::Job => {
                p.job = Some(tidy(&g.text));
                if p.whereabouts == Whereabouts::Unknown {
                    p.whereabouts = whereabouts(&g.text).unwrap_or_default();
                }
            }
            Attr::Age => p.birth_year = birth_year(g, sheet_day),
            Attr::Edu => {
                p.edu = parse_edu(&g.text);
                if p.edu.is_none() {
                    keep(c, g);
                }
            }
            Attr::Id => p.id_no = adult_id(g, rep),
            Attr::Political => p.political = Some(tidy(&g.text)),
            Attr::Health => p.health = Some(tidy(&g.text)),
            Attr::AwaySince => p.away_since = date::parse_date(&g.text, sheet_day).ok().map(|d| d.day),
            Attr::CareCapacity => p.able = parse_yes_no(&g.text),
            _ => keep(c, g),
        }
    }
    any.then_some(p)
}

/// A year of birth from a date or an age.
fn birth_year(g: &Got, sheet_day: Day) -> Option<i16> {
    if let Cell::Date(s) = g.cell {
        return date::from_serial(s).map(Day::year);
    }
    let s = squash(&g.text);
    let digits: String = s.chars().take_while(char::is_ascii_digit).collect();
    match digits.parse::<i16>() {
        Ok(n) if (10..=110).contains(&n) && (digits.len() == s.len() || s.ends_with('岁')) => {
            Some(sheet_day.year() - n)
        }
        _ => date::parse_date(&g.text, sheet_day).ok().map(|d| d.day.year()),
    }
}

/// An adult's ID number: a wrong one warns and is not taken, it does not reject the child's row.
fn adult_id(g: &Got, rep: &mut Report) -> Option<IdNumber> {
    if is_blank_mark(&g.text) {
        return None;
    }
    let read = match g.cell {
        Cell::Number { value, .. } if value.abs() >= 1e15 => Err(crate::value::id::damaged()),
        _ => IdNumber::parse(&g.text).or_else(|e| {
            IdNumber::parse_as(IdKind::Other, &g.text)
                .ok()
                .filter(|n| n.as_str().starts_with(|c: char| c.is_ascii_alphabetic()))
                .ok_or(e)
        }),
    };
    match read {
        Ok(n) => Some(n),
        Err(reason) => {
            rep.warn(
                g,
                say(
                    format!("{}；这个号码没有存", reason.zh),
                    format!("{}; this number was not taken", reason.en),
                ),
                None,
            );
            None
        }
    }
}

/// Checks the numbers of a cell; the second part says that one was wrong. Each wrong one warns.
fn phones(parts: &[PhonePart], g: &Got, rep: &mut Report) -> (Vec<(Phone, Option<String>)>, bool) {
    let mut good = Vec::new();
    let mut wrong: Option<Say> = None;
    for part in parts {
        match Phone::parse(&part.text) {
            Ok(p) => good.push((p, part.whose.clone())),
            Err(e) => wrong = wrong.or(Some(e)),
        }
    }
    if parts.is_empty() && !is_blank_mark(&g.text) {
        wrong = Some(say("不是电话号码", "not a telephone number"));
    }
    let bad = wrong.is_some();
    if let Some(e) = wrong {
        rep.warn(
            g,
            say(
                format!(
                    "电话{}",
                    if e.zh.starts_with('不') {
                        "看不懂".to_string()
                    } else {
                        e.zh.clone()
                    }
                ),
                format!("phone: {}", e.en),
            ),
            None,
        );
    }
    (good, bad)
}

fn relations_of(text: &str) -> Vec<Option<Relation>> {
    let s = squash(&text.replace(['\n', '\r', ' '], "、"));
    let parts: Vec<&str> = s
        .split(['、', '/', ',', ';', '，', '；', '和'])
        .filter(|p| !p.is_empty())
        .collect();
    parts.iter().map(|p| parse_relation(p)).collect()
}

fn guardians_of(gots: &[Got], columns: &[Mapped], n: u8, c: &mut ChildDraft, sheet_day: Day, rep: &mut Report) {
    let of = |a: Attr| {
        gots.iter()
            .find(move |g| g.field == Field::Person(Who::Guardian(n), a) && !is_blank_mark(&g.text))
    };
    let mut people = of(Attr::Name).map(|g| split_people(&g.text)).unwrap_or_default();
    let kind = columns
        .iter()
        .find(|c| c.field == Some(Field::Person(Who::Guardian(n), Attr::Name)))
        .map_or(GuardianKind::Guardian, |c| {
            if c.header.contains("临时") || c.header.contains("代管") {
                GuardianKind::Acting
            } else if c.header.contains("委托") {
                GuardianKind::Entrusted
            } else {
                GuardianKind::Guardian
            }
        });
    let relation = of(Attr::Relation);
    let mut relations = relation.map(|g| relations_of(&g.text)).unwrap_or_default();
    let whole = relation.and_then(|g| parse_relation(&g.text));
    if people.len() == 2 && relations.len() < 2 {
        // 爷爷奶奶 for two names
        let maternal = relation.is_some_and(|g| g.text.contains('外') || g.text.contains('姥'));
        if whole == Some(Relation::Grandparents) {
            relations = if maternal {
                vec![Some(Relation::MaternalGrandfather), Some(Relation::MaternalGrandmother)]
            } else {
                vec![Some(Relation::Grandfather), Some(Relation::Grandmother)]
            };
        }
    }
    // numbers of this person: every phone column with this field
    let mut numbers = Vec::new();
    for g in gots
        .iter()
        .filter(|g| g.field == Field::Person(Who::Guardian(n), Attr::Phone) && !is_blank_mark(&g.text))
    {
        let (good, bad) = phones(&split_phones(&g.text), g, rep);
        numbers.extend(good);
        if bad {
            keep(c, g);
        }
    }
    if people.is_empty() {
        if relations.iter().any(Option::is_some) {
            people = if relations.len() == 1 {
                vec![NamedKin {
                    relation: relations[0],
                    ..NamedKin::default()
                }]
            } else {
                relations
                    .iter()
                    .map(|r| NamedKin {
                        relation: *r,
                        ..NamedKin::default()
                    })
                    .collect()
            };
        } else if relation.is_some() || of(Attr::Address).is_some() || of(Attr::Id).is_some() {
            people = vec![NamedKin::default()];
        } else {
            // a number of nobody belongs to the family
            for (p, _) in numbers {
                if !c.phones.contains(&p) {
                    c.phones.push(p);
                }
            }
            return;
        }
    }
    if people.len() > 1
        && let Some(g) = of(Attr::Name).or(relation)
    {
        let names: Vec<String> = people.iter().filter_map(|p| p.name.clone()).collect();
        let k = people.len();
        let word = if k == 2 {
            "拆成两人".to_string()
        } else {
            format!("拆成{k}人")
        };
        rep.tidy(
            g,
            say(
                format!("{word}：{}", names.join("、")),
                format!("taken apart into {k} people: {}", names.join(", ")),
            ),
        );
    }
    let many = people.len();
    let mut drafts: Vec<GuardianDraft> = Vec::new();
    for (i, person) in people.into_iter().enumerate() {
        let mut d = GuardianDraft {
            name: person.name,
            kind,
            relation: person.relation,
            relation_text: person.note,
            ..GuardianDraft::default()
        };
        if d.relation.is_none() {
            d.relation = relations
                .get(i)
                .copied()
                .flatten()
                .or(if many == 1 { whole } else { None });
        }
        if d.relation.is_none() && i == 0 && d.relation_text.is_none() {
            d.relation_text = relation.map(|g| tidy(&g.text));
        }
        // 母亲 as the guardian's name: the mother's own
        if d.name.is_none() {
            let parent = match d.relation {
                Some(Relation::Father) => Some(Parent::Father),
                Some(Relation::Mother) => Some(Parent::Mother),
                _ => None,
            };
            d.name = parent
                .and_then(|p| c.parents.iter().find(|x| x.parent == p))
                .and_then(|p| p.name.clone());
        }
        drafts.push(d);
    }
    for (i, (phone, whose)) in numbers.into_iter().enumerate() {
        let by_word = whose.as_deref().and_then(|w| {
            let r = parse_relation(w);
            drafts
                .iter()
                .position(|d| (r.is_some() && d.relation == r) || d.name.as_deref() == Some(w))
        });
        let at = by_word
            .or(if many > 1 && i < many { Some(i) } else { Some(0) })
            .unwrap_or(0);
        if let Some(d) = drafts.get_mut(at)
            && !d.phones.contains(&phone)
        {
            d.phones.push(phone);
        }
    }
    if let Some(first) = drafts.first_mut() {
        first.id_no = of(Attr::Id).and_then(|g| adult_id(g, rep));
        first.birth_year = of(Attr::Age).and_then(|g| birth_year(g, sheet_day));
        first.edu = of(Attr::Edu).and_then(|g| parse_edu(&g.text));
        first.job = of(Attr::Job).or_else(|| of(Attr::Place)).map(|g| tidy(&g.text));
        first.health = of(Attr::Health).map(|g| tidy(&g.text));
    }
    for d in &mut drafts {
        d.address = of(Attr::Address).map(|g| tidy(&g.text));
    }
    for g in gots.iter().filter(|g| {
        g.field == Field::Person(Who::Guardian(n), Attr::CareCapacity)
            || g.field == Field::Person(Who::Guardian(n), Attr::Political)
            || g.field == Field::Person(Who::Guardian(n), Attr::Income)
    }) {
        keep(c, g);
    }
    c.guardians.extend(drafts);
}

/// A member of the national register's family block.
fn member(gots: &[Got], n: u8, c: &mut ChildDraft, sheet_day: Day, rep: &mut Report) {
    let of = |a: Attr| {
        gots.iter()
            .find(move |g| g.field == Field::Person(Who::Member(n), a) && !is_blank_mark(&g.text))
    };
    let Some(name) = of(Attr::Name) else { return };
    let relation = of(Attr::Relation)
        .and_then(|g| parse_relation(&g.text))
        .or_else(|| of(Attr::RelationNote).and_then(|g| parse_relation(&g.text)));
    let guards = of(Attr::IsGuardian).and_then(|g| parse_yes_no(&g.text));
    let mut draft = GuardianDraft {
        name: Some(close_up(&name.text).chars().take(50).collect()),
        relation,
        relation_text: of(Attr::Relation).filter(|_| relation.is_none()).map(|g| tidy(&g.text)),
        id_no: of(Attr::Id).and_then(|g| adult_id(g, rep)),
        birth_year: of(Attr::Age).and_then(|g| birth_year(g, sheet_day)),
        job: of(Attr::Job).map(|g| tidy(&g.text)),
        address: of(Attr::Address).map(|g| tidy(&g.text)),
        ..GuardianDraft::default()
    };
    if let Some(g) = of(Attr::Phone) {
        let (good, bad) = phones(&split_phones(&g.text), g, rep);
        draft.phones = good.into_iter().map(|(p, _)| p).collect();
        if bad {
            keep(c, g);
        }
    }
    let parent = match relation {
        Some(Relation::Father) => Some(Parent::Father),
        Some(Relation::Mother) => Some(Parent::Mother),
        _ => None,
    };
    if let Some(parent) = parent {
        let p = slot(c, parent);
        p.name = p.name.take().or_else(|| draft.name.clone());
        p.phones.extend(draft.phones.iter().cloned());
        p.job = p.job.take().or_else(|| draft.job.clone());
        p.place = p.place.take().or_else(|| of(Attr::Place).map(|g| tidy(&g.text)));
        p.id_no = p.id_no.take().or_else(|| draft.id_no.clone());
        p.birth_year = p.birth_year.or(draft.birth_year);
    }
    match (guards, parent) {
        (Some(true), _) | (None, None) => c.guardians.push(draft),
        (Some(false), None) => {
            let r = of(Attr::Relation).map(|g| tidy(&g.text)).unwrap_or_default();
            c.extra.insert(
                format!("member{n}"),
                format!("{} {r}", tidy(&name.text)).trim().to_string(),
            );
        }
        _ => {}
    }
}

/// Puts the family's words about who is away onto the parents.
fn places(gots: &[Got], c: &mut ChildDraft) {
    let place = gots
        .iter()
        .find(|g| g.field == Field::Plain(Plain::ParentsPlace) && !is_blank_mark(&g.text))
        .map(|g| tidy(&g.text));
    let away = match c.away_kind {
        Some(AwayKind::Both) => &[Parent::Father, Parent::Mother][..],
        Some(AwayKind::Father) => &[Parent::Father],
        Some(AwayKind::Mother) => &[Parent::Mother],
        _ => &[],
    };
    for parent in away {
        let p = slot(c, *parent);
        if p.whereabouts == Whereabouts::Unknown {
            p.whereabouts = Whereabouts::AwayWork;
        }
        if p.place.is_none() {
            p.place = place.clone();
        }
    }
    // one away, as told: the other is at home unless the row says otherwise
    let other = match c.away_kind {
        Some(AwayKind::Father) => Some(Parent::Mother),
        Some(AwayKind::Mother) => Some(Parent::Father),
        _ => None,
    };
    if let Some(p) = other.and_then(|o| c.parents.iter_mut().find(|p| p.parent == o))
        && p.whereabouts == Whereabouts::Unknown
    {
        p.whereabouts = Whereabouts::Home;
    }
    if let (true, Some(text)) = (away.is_empty(), place) {
        c.extra.insert("parents_place".into(), text);
    }
    if let Some(text) = c.extra.get("unable_parent").cloned() {
        for (word, parent) in [('父', Parent::Father), ('母', Parent::Mother)] {
            if text.contains(word) {
                slot(c, parent).able = Some(false);
            }
        }
    }
    if let Some(since) = c.away_since {
        for p in c.parents.iter_mut().filter(|p| p.whereabouts == Whereabouts::AwayWork) {
            p.away_since = p.away_since.or(Some(since));
        }
    }
}

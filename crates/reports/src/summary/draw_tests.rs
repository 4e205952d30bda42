//! What the text does with numbers that are there, missing, zero, left out; and with people's words.

use super::draw::{Bit, Drawn, Links, MORE, Own, draw};
use super::numbers::{Number, Numbers};
use super::template::parse;
use std::collections::BTreeMap;
use tx_base::{Day, Id, Span};
use tx_figures::{Amount, Counted, find};
use tx_paper::{Block, Inline, MISSING};

struct Plain;
impl Links for Plain {
    fn number(&self, f: &str) -> String {
        format!("/n/{f}")
    }
    fn fill(&self, t: &str) -> String {
        format!("/fill/{t}")
    }
}

fn numbers(list: &[(&str, i64, Option<i64>, &[(&str, i64)])]) -> Numbers {
    let mut all = BTreeMap::new();
    for (id, value, of, by) in list {
        let f = find(id).expect("a figure");
        let n = Counted {
            value: Amount::Whole(*value),
            of: *of,
            by: by.iter().map(|(k, v)| ((*k).to_owned(), (*v, None))).collect(),
            records: (0..*value).map(|_| Id::fresh()).collect(),
            items: Vec::new(),
        };
        all.insert(f.id, Number { f, n });
    }
    Numbers {
        all,
        school: "梅岭小学".into(),
        period: Some(Span::new(Day::lit("2025-09-01"), Day::lit("2026-07-15"))),
        today: Some(Day::lit("2026-11-24")),
        ..Numbers::default()
    }
}
fn text(d: &Drawn) -> Vec<String> {
    d.bits
        .iter()
        .filter_map(|b| match b {
            Bit::Heading { text, .. } => Some(text.clone()),
            Bit::Para(l) | Bit::Item(l) => Some(l.iter().map(Inline::plain).collect()),
            Bit::Own { paras, .. } if !paras.is_empty() => Some(paras.join("|")),
            _ => None,
        })
        .collect()
}
fn drawn(template: &str, n: &Numbers, own: &Own) -> Drawn {
    draw(&parse(template).expect("a template"), n, own, &Plain)
}

#[test]
fn numbers_stand_in_their_sentences_with_both_parts_of_a_share() {
    let n = numbers(&[
        ("gifts.pieces", 400, None, &[]),
        ("visits.start", 168, Some(175), &[]),
        (
            "visits.festival.children",
            6,
            None,
            &[("dragon_boat", 4), ("mid_autumn", 2)],
        ),
    ]);
    let d = drawn(
        "# 总结\n{period.years}{school.name}赠物{figure:gifts.pieces}件。\n\n## 家访 {#visits}\n应访{figure:visits.start.of}人次，实访{figure:visits.start}人次，覆盖率{share:visits.start}；{each:visits.festival.children}；端午{by:visits.festival.children:dragon_boat}名。",
        &n,
        &Own::default(),
    );
    assert_eq!(
        text(&d),
        [
            "2025—2026学年梅岭小学赠物400件。",
            "一、家访",
            "应访175人次，实访168人次，覆盖率96.0%；端午节4名、中秋节2名；端午4名。"
        ]
    );
    assert!(d.missing.is_empty());
    assert_eq!(d.used.len(), 3);
}

#[test]
fn what_is_missing_prints_a_link_or_is_left_out_and_is_listed() {
    let n = numbers(&[("gifts.pieces", 3, None, &[]), ("talks.times", 0, None, &[])]);
    let t = "# 总结\n赠物{figure:gifts.pieces}件[，谈心{figure:talks.times}次]，书{figure:materials.volumes}册。\n\n## 甲 {#a}\n谈心{figure:talks.times}次。\n\n随笔{figure:essays}篇。\n\n[optional] 课题{figure:projects}项。\n\n没有数的一段。\n\n## 乙 {#b}\n{group:head}任组长。";
    let d = drawn(t, &n, &Own::default());
    assert_eq!(
        text(&d),
        [
            format!("赠物3件，书{MISSING}册。"),
            "一、甲".into(),
            format!("谈心次数{MISSING}，随笔{MISSING}。"),
            "没有数的一段。".into(),
            "二、乙".into(),
            format!("领导小组组长{MISSING}。"),
        ]
    );
    let listed: Vec<(&str, &str, bool)> = d
        .missing
        .iter()
        .map(|m| (m.id.as_str(), m.section.as_str(), m.printed))
        .collect();
    assert_eq!(
        listed,
        [
            ("talks.times", "开头", false),
            ("materials.volumes", "开头", true),
            ("talks.times", "一、甲", true),
            ("essays", "一、甲", true),
            ("projects", "一、甲", false),
            ("group:head", "二、乙", true),
        ]
    );
    assert_eq!(d.sections[1].missing, 2);
    let doc = d.doc(&n, &["口径".into()]);
    assert_eq!(doc.missing().len(), 4);
}

#[test]
fn a_number_left_out_takes_its_sentence_or_clause_along() {
    let n = numbers(&[
        ("gifts.pieces", 3, None, &[]),
        ("essays", 9, None, &[]),
        ("exams", 2, None, &[]),
    ]);
    let t = "# 总结\n赠物{figure:gifts.pieces}件；随笔{figure:essays}篇[，考试{figure:exams}次]。\n\n只有{figure:exams}次。";
    let of = |ids: &[&str]| {
        let own = Own {
            left_out: ids.iter().map(|s| (*s).to_owned()).collect(),
            ..Own::default()
        };
        text(&drawn(t, &n, &own))
    };
    assert_eq!(of(&[]), ["赠物3件；随笔9篇，考试2次。", "只有2次。"]);
    assert_eq!(of(&["exams"]), ["赠物3件；随笔9篇。"]);
    assert_eq!(of(&["essays"]), ["赠物3件。", "只有2次。"]);
    assert_eq!(of(&["gifts.pieces"]), ["随笔9篇，考试2次。", "只有2次。"]);
}

#[test]
fn own_words_survive_another_style_and_are_never_read_as_a_template() {
    let n = numbers(&[("gifts.pieces", 3, None, &[])]);
    let words = "{figure:gifts.pieces} [x] # <b>=1+1";
    let own = Own {
        words: [
            ("a".to_owned(), vec![words.to_owned(), "𠮷㛃䶮".to_owned()]),
            ("gone".to_owned(), vec!["旧体例里写的".to_owned()]),
        ]
        .into(),
        ..Own::default()
    };
    let one = drawn(
        "# 一\n## 甲 {#a}\n赠物{figure:gifts.pieces}件。\n\n## 乙 {#b}\n完。",
        &n,
        &own,
    );
    assert_eq!(
        text(&one),
        [
            "一、甲",
            "赠物3件。",
            format!("{words}|𠮷㛃䶮").as_str(),
            "二、乙",
            "完。",
            "旧体例里写的"
        ]
    );
    assert_eq!(one.sections.last().map(|s| s.slot.as_str()), Some(MORE));
    let other = drawn("# 二\n## 别的 {#z}\n完。", &n, &own);
    assert_eq!(
        text(&other),
        ["一、别的", "完。", format!("{words}|𠮷㛃䶮|旧体例里写的").as_str()]
    );
    let doc = one.doc(&n, &[]);
    assert!(
        doc.blocks
            .iter()
            .any(|b| matches!(b, Block::OwnWords { paras, .. } if paras[0] == words))
    );
}

#[test]
fn a_split_becomes_a_table() {
    let n = numbers(&[("talks.times", 5, None, &[("2026-09", 2), ("2026-10", 3)])]);
    let d = drawn("# 总结\n{table:talks.times}\n\n{table:essays}", &n, &Own::default());
    let Some(Bit::Table(t)) = d.bits.first() else {
        panic!("{:?}", d.bits)
    };
    let first: String = t.rows[0].iter().flat_map(|c| &c.text).map(Inline::plain).collect();
    assert_eq!((t.rows.len(), first.as_str()), (2, "2026年9月2"));
    assert_eq!(text(&d), [format!("随笔{MISSING}。")]);
}

/// Every style writes itself for a school that has recorded nothing at all.
#[test]
fn every_style_prints_with_nothing() {
    for s in super::Style::all() {
        let n = numbers(&[]);
        let d = draw(s.template(), &n, &Own::default(), &Plain);
        assert!(!d.missing.is_empty(), "{}", s.code());
        assert!(text(&d).len() > 8, "{}: {:?}", s.code(), text(&d));
        assert!(
            text(&d).iter().all(|p| !p.contains(['{', '}', '[', ']'])),
            "{}",
            s.code()
        );
    }
}

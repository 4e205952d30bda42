//! The templates of summaries: Markdown with a closed list of placeholders, no code, no loops (security.md §7).
//!
//! ```text
//! # Title
//! ## Heading {#slot}        levels ## ### ####, numbered by the program; `## ! Heading` stays without a number
//! A paragraph.              a blank line ends it; lines are joined
//! [optional] A paragraph    left out when none of its things is recorded, instead of printing 〔未填〕
//! - an item                 of a list
//! {table:figure}            alone on a line: the split of a figure as a table; `{table:profile}` the school's profile
//! [words {figure:x} words]  a clause: left out when one of its things is not recorded
//! ```
//!
//! A paragraph none of whose things is recorded shrinks to one plain line with 〔未填〕 (domain.md §8).

use tx_base::{Say, say};

/// Something that a template asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// the value of a figure; days in words
    Figure(String),
    /// the other number of a share
    Of(String),
    /// the share in per cent, one decimal
    Share(String),
    /// one part of a split
    By(String, String),
    /// the whole split in words: 春节168户、端午…
    Each(String),
    /// a number that is not exact, never above the truth: 823 as 800余
    Over(String),
    /// the titles of what a figure counts, in 《》
    Names(String),
    /// a line of the school's own profile
    Profile(String),
    /// the leading group: head, deputies, members, office, duties
    Group(String),
    School,
    Period,
    /// the school years of the period: 2025—2026学年
    Years,
    Today,
}

impl Thing {
    /// The figure that it asks for.
    pub fn figure(&self) -> Option<&str> {
        match self {
            Thing::Figure(f)
            | Thing::Of(f)
            | Thing::Share(f)
            | Thing::By(f, _)
            | Thing::Each(f)
            | Thing::Over(f)
            | Thing::Names(f) => Some(f),
            _ => None,
        }
    }
    /// Whether there may be nothing behind it.
    pub fn may_lack(&self) -> bool {
        !matches!(self, Thing::School | Thing::Period | Thing::Years | Thing::Today)
    }
}

/// The keys of `{group:…}`.
pub const GROUP: &[&str] = &["head", "deputies", "members", "office", "duties"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Thing(Thing),
    /// left out as a whole when one of its things is not recorded
    Clause(Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// level 1–3; `slot` is the name under which own words of this section are kept
    Heading {
        level: u8,
        numbered: bool,
        slot: String,
        text: String,
    },
    Para {
        optional: bool,
        pieces: Vec<Piece>,
    },
    Item(Vec<Piece>),
    /// a figure's split, or `profile`
    Table(String),
}

/// A parsed template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    pub title: String,
    pub parts: Vec<Part>,
}

impl Template {
    /// Every thing of the template, in order, also inside clauses.
    pub fn things(&self) -> Vec<Thing> {
        fn walk(pieces: &[Piece], out: &mut Vec<Thing>) {
            for p in pieces {
                match p {
                    Piece::Text(_) => {}
                    Piece::Thing(t) => out.push(t.clone()),
                    Piece::Clause(inner) => walk(inner, out),
                }
            }
        }
        let mut out = Vec::new();
        for part in &self.parts {
            match part {
                Part::Heading { .. } => {}
                Part::Para { pieces, .. } | Part::Item(pieces) => walk(pieces, &mut out),
                Part::Table(id) if id == "profile" => {}
                Part::Table(id) => out.push(Thing::Each(id.clone())),
            }
        }
        out
    }
}

/// What is wrong in a template, and in which line (counted from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub line: usize,
    pub why: Say,
}

/// Reads a template. All faults are told, not only the first.
pub fn parse(text: &str) -> Result<Template, Vec<Wrong>> {
    let mut out = Template::default();
    let mut wrong: Vec<Wrong> = Vec::new();
    let mut slots: Vec<String> = Vec::new();
    // a paragraph in the making: its first line and its text
    let mut open: Option<(usize, String)> = None;
    let close = |open: &mut Option<(usize, String)>, out: &mut Template, wrong: &mut Vec<Wrong>| {
        let Some((line, text)) = open.take() else { return };
        let (optional, body) = match text.strip_prefix("[optional]") {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text.as_str()),
        };
        match pieces(body) {
            Ok(p) if p.is_empty() => wrong.push(Wrong {
                line,
                why: say("这一段是空的", "this paragraph is empty"),
            }),
            Ok(pieces) => out.parts.push(Part::Para { optional, pieces }),
            Err(why) => wrong.push(Wrong { line, why }),
        }
    };
    for (i, raw) in text.lines().enumerate() {
        let (line, s) = (i + 1, raw.trim());
        let special = s.is_empty() || s.starts_with('#') || s.starts_with("- ") || s.starts_with("{table:");
        if special {
            close(&mut open, &mut out, &mut wrong);
        }
        if s.is_empty() {
            continue;
        }
        if let Some(rest) = s.strip_prefix("- ") {
            match pieces(rest) {
                Ok(p) => out.parts.push(Part::Item(p)),
                Err(why) => wrong.push(Wrong { line, why }),
            }
        } else if let Some(id) = s.strip_prefix("{table:") {
            match id.strip_suffix('}').filter(|id| plain(id)) {
                Some(id) => out.parts.push(Part::Table(id.to_owned())),
                None => wrong.push(Wrong {
                    line,
                    why: say("表要独占一行：{table:名}", "a table stands alone: {table:ID}"),
                }),
            }
        } else if s.starts_with('#') {
            match heading(s) {
                Ok(Head::Title(t)) if out.title.is_empty() && out.parts.is_empty() => out.title = t,
                Ok(Head::Title(_)) => wrong.push(Wrong {
                    line,
                    why: say("只能有一个标题，在最前面", "one title, before all else"),
                }),
                Ok(Head::Part(level, numbered, slot, text)) => {
                    if slots.contains(&slot) {
                        wrong.push(Wrong {
                            line,
                            why: say(format!("{slot} 用过了"), format!("the slot {slot} stands twice")),
                        });
                    }
                    slots.push(slot.clone());
                    out.parts.push(Part::Heading {
                        level,
                        numbered,
                        slot,
                        text,
                    });
                }
                Err(why) => wrong.push(Wrong { line, why }),
            }
        } else {
            match &mut open {
                Some((_, text)) => text.push_str(s),
                None => open = Some((line, s.to_owned())),
            }
        }
    }
    close(&mut open, &mut out, &mut wrong);
    if out.title.is_empty() {
        wrong.push(Wrong {
            line: 1,
            why: say("缺标题：# 标题", "the title is missing: # Title"),
        });
    }
    if wrong.is_empty() { Ok(out) } else { Err(wrong) }
}

enum Head {
    Title(String),
    Part(u8, bool, String, String),
}

fn heading(s: &str) -> Result<Head, Say> {
    let level = s.chars().take_while(|c| *c == '#').count();
    let rest = s[level..].trim();
    if level == 1 {
        return match rest {
            "" => Err(say("标题是空的", "the title is empty")),
            t => Ok(Head::Title(t.to_owned())),
        };
    }
    if level > 4 {
        return Err(say("标题最多三级：## ### ####", "three levels at most: ## ### ####"));
    }
    let (text, slot) = rest
        .strip_suffix('}')
        .and_then(|r| r.rsplit_once("{#"))
        .filter(|(_, slot)| plain(slot))
        .ok_or_else(|| say("标题后面要写 {#名}", "a heading ends with {#slot}"))?;
    let (numbered, text) = match text.trim().strip_prefix('!') {
        Some(t) => (false, t.trim()),
        None => (true, text.trim()),
    };
    if text.is_empty() || text.contains(['{', '}', '[', ']']) {
        return Err(say("标题里只能是字", "a heading holds plain words"));
    }
    Ok(Head::Part(level as u8 - 1, numbered, slot.to_owned(), text.to_owned()))
}

fn plain(id: &str) -> bool {
    !id.is_empty()
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
}

fn pieces(text: &str) -> Result<Vec<Piece>, Say> {
    let mut all: Vec<Piece> = Vec::new();
    let mut clause: Option<Vec<Piece>> = None;
    let mut words = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let put = |words: &mut String, to: &mut Vec<Piece>| {
            if !words.is_empty() {
                to.push(Piece::Text(std::mem::take(words)));
            }
        };
        rest = &rest[c.len_utf8()..];
        match c {
            '[' if clause.is_some() => return Err(say("方括号里不能再有方括号", "no clause inside a clause")),
            '[' => {
                put(&mut words, &mut all);
                clause = Some(Vec::new());
            }
            ']' => {
                let Some(mut inner) = clause.take() else {
                    return Err(say("多了一个 ]", "a ] too many"));
                };
                put(&mut words, &mut inner);
                if !inner.iter().any(|p| matches!(p, Piece::Thing(t) if t.may_lack())) {
                    return Err(say("方括号里没有数", "a clause without a number"));
                }
                all.push(Piece::Clause(inner));
            }
            '{' => {
                let (inside, after) = rest.split_once('}').ok_or_else(|| say("缺 }", "a } is missing"))?;
                let t = thing(inside)?;
                let to = clause.as_mut().unwrap_or(&mut all);
                put(&mut words, to);
                to.push(Piece::Thing(t));
                rest = after;
            }
            '}' => return Err(say("多了一个 }", "a } too many")),
            c => words.push(c),
        }
    }
    if clause.is_some() {
        return Err(say("缺 ]", "a ] is missing"));
    }
    if !words.is_empty() {
        all.push(Piece::Text(words));
    }
    Ok(all)
}

fn thing(s: &str) -> Result<Thing, Say> {
    let unknown = || {
        say(
            format!("没有 {{{s}}} 这种写法"),
            format!("there is no placeholder {{{s}}}"),
        )
    };
    let id = |v: &str| {
        if plain(v) { Ok(v.to_owned()) } else { Err(unknown()) }
    };
    Ok(match s.split_once(':') {
        None => match s {
            "school.name" => Thing::School,
            "period" => Thing::Period,
            "period.years" => Thing::Years,
            "today" => Thing::Today,
            _ => return Err(unknown()),
        },
        Some(("figure", v)) => match v.strip_suffix(".of") {
            Some(v) => Thing::Of(id(v)?),
            None => Thing::Figure(id(v)?),
        },
        Some(("share", v)) => Thing::Share(id(v)?),
        Some(("each", v)) => Thing::Each(id(v)?),
        Some(("over", v)) => Thing::Over(id(v)?),
        Some(("names", v)) => Thing::Names(id(v)?),
        Some(("profile", v)) => Thing::Profile(id(v)?),
        Some(("group", v)) if GROUP.contains(&v) => Thing::Group(v.to_owned()),
        Some(("by", v)) => match v.split_once(':') {
            Some((f, key)) if !key.is_empty() => Thing::By(id(f)?, key.to_owned()),
            _ => return Err(unknown()),
        },
        Some(_) => return Err(unknown()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read() {
        let t = parse("# 总结\n\n前言{period}，\n{figure:a.b}名[，其中{figure:c.of}名]。\n\n## 组织 {#group}\n\n[optional] {group:head}\n\n- {by:x:2025-1}\n\n{table:x}\n### ! 附 {#annex}\n").expect("fine");
        assert_eq!(t.title, "总结");
        assert_eq!(
            t.parts[0],
            Part::Para {
                optional: false,
                pieces: vec![
                    Piece::Text("前言".into()),
                    Piece::Thing(Thing::Period),
                    Piece::Text("，".into()),
                    Piece::Thing(Thing::Figure("a.b".into())),
                    Piece::Text("名".into()),
                    Piece::Clause(vec![
                        Piece::Text("，其中".into()),
                        Piece::Thing(Thing::Of("c".into())),
                        Piece::Text("名".into())
                    ]),
                    Piece::Text("。".into()),
                ]
            }
        );
        assert!(
            matches!(&t.parts[1], Part::Heading { level: 1, numbered: true, slot, text } if slot == "group" && text == "组织")
        );
        assert!(matches!(&t.parts[2], Part::Para { optional: true, .. }));
        assert!(matches!(&t.parts[3], Part::Item(_)));
        assert_eq!(t.parts[4], Part::Table("x".into()));
        assert!(matches!(
            &t.parts[5],
            Part::Heading {
                level: 2,
                numbered: false,
                ..
            }
        ));
        assert_eq!(t.things().len(), 6);
    }

    #[test]
    fn faults_name_their_lines() {
        let bad = "# 总结\n\n{figure:}\n\n## 没有名\n\n好[没有数]\n\n{system:rm}\n多\n\n坏]\n\n[一[二{figure:a}]]\n\n# 又一个\n\n## 甲 {#a}\n## 乙 {#a}\n";
        let lines: Vec<usize> = parse(bad).expect_err("wrong").iter().map(|w| w.line).collect();
        assert_eq!(lines, [3, 5, 7, 9, 12, 14, 16, 19]);
        assert_eq!(parse("只有字").expect_err("no title")[0].line, 1);
    }
}

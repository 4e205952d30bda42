//! People's names: spaces taken out, middle dots made one, the bracket read as a former name.

use super::text::{is_han, nfkc, split_bracket, tidy};
use super::words::{Relation, Sex, parse_relation, parse_sex, relation_word};
use tx_base::{Say, say};

/// A child's name as read from a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    /// For searching, matching and showing: NFKC, middle dot U+00B7, `张 三` → `张三`.
    pub name: String,
    /// From a bracket: `张三(小名)` or `张三(曾用名:李三)`.
    pub former: Option<String>,
    /// From a bracket `(女)`.
    pub sex: Option<Sex>,
}

/// Longest name that is taken, in characters.
pub const NAME_MAX: usize = 50;

/// Reads a name. Errors: empty, no letter in it, too long.
pub fn parse_name(text: &str) -> Result<PersonName, Say> {
    let (outside, inside) = split_bracket(&nfkc(text));
    let name = close_up(&outside);
    if name.is_empty() {
        return Err(say("没有姓名", "the name is missing"));
    }
    if !name.chars().any(char::is_alphabetic) {
        return Err(say(
            format!("“{name}”不像姓名"),
            format!("“{name}” does not look like a name"),
        ));
    }
    if name.chars().count() > NAME_MAX {
        return Err(say(
            format!("姓名超过{NAME_MAX}个字"),
            format!("the name is longer than {NAME_MAX} characters"),
        ));
    }
    let sex = inside.as_deref().and_then(parse_sex);
    let former = inside
        .filter(|_| sex.is_none())
        .map(|f| former_name(&f))
        .filter(|f| !f.is_empty() && f.chars().count() <= 20);
    Ok(PersonName { name, former, sex })
}

/// `小名:三娃` → `三娃`.
pub fn former_name(text: &str) -> String {
    let t = tidy(text);
    let mut rest = t.as_str();
    for word in ["曾用名", "小名", "乳名", "原名", "别名", "又名", "原来叫", "也叫", "叫"] {
        if let Some(r) = rest.strip_prefix(word) {
            let r = r.trim_start_matches([':', ' ', '：']);
            if !r.is_empty() {
                rest = r;
            }
            break;
        }
    }
    close_up(rest)
}

/// [`close_spaces`] without marks at the ends.
pub fn close_up(text: &str) -> String {
    close_spaces(text).trim_matches(['·', '.', '*', ':', ' ']).to_string()
}

/// Takes out spaces next to Han characters and dots, keeps one between Latin words.
pub fn close_spaces(text: &str) -> String {
    let t = tidy(text);
    let chars: Vec<char> = t.chars().collect();
    let mut out = String::with_capacity(t.len());
    for (i, &c) in chars.iter().enumerate() {
        let near = |j: usize| chars.get(j).is_some_and(|c| is_han(*c) || *c == '·');
        if c == ' ' && (near(i + 1) || (i > 0 && near(i - 1))) {
            continue;
        }
        out.push(c);
    }
    out
}

/// One adult of a cell: a name, or only what the person is to the child.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedKin {
    pub name: Option<String>,
    pub relation: Option<Relation>,
    /// The bracket's words when they are no kinship.
    pub note: Option<String>,
}

/// Compound surnames, so that `欧阳 娜娜` is one person.
const COMPOUND: [&str; 16] = [
    "欧阳", "上官", "司马", "诸葛", "尉迟", "万俟", "皇甫", "慕容", "令狐", "司徒", "东方", "公孙", "夏侯", "端木",
    "长孙", "南宫",
];

/// Takes a cell with one or more adults apart: `吴老三、李桂花`, `吴老三（爷爷）李桂花(奶奶)`, `爷爷吴老三`, `爷爷奶奶`.
pub fn split_people(text: &str) -> Vec<NamedKin> {
    let s = nfkc(text);
    let mut pieces: Vec<String> = Vec::new();
    let mut depth = 0;
    let mut piece = String::new();
    let chars: Vec<char> = s.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        match c {
            '(' | '[' | '【' => {
                depth += 1;
                piece.push('(');
            }
            ')' | ']' | '】' => {
                depth = 0;
                piece.push(')');
                // 吴老三(爷爷)李桂花(奶奶)
                if chars[i + 1..].iter().any(|c| is_han(*c)) {
                    pieces.push(std::mem::take(&mut piece));
                }
            }
            '、' | '/' | ',' | ';' | '，' | '；' | '\n' | '\r' | '|' | '\\' | '。' | '&' if depth == 0 => {
                pieces.push(std::mem::take(&mut piece))
            }
            '和' | '与' | '及' if depth == 0 => {
                // 和 is also a surname and part of names: part only two whole names
                let left = piece.chars().filter(|c| is_han(*c)).count();
                let right = chars[i + 1..].iter().take_while(|c| is_han(**c)).count();
                if left >= 2 && right >= 2 {
                    pieces.push(std::mem::take(&mut piece))
                } else {
                    piece.push(c)
                }
            }
            c => piece.push(c),
        }
    }
    pieces.push(piece);
    pieces
        .iter()
        .flat_map(|p| at_spaces(p))
        .filter_map(|p| one_person(&p))
        .collect()
}

fn at_spaces(piece: &str) -> Vec<String> {
    let (outside, _) = split_bracket(piece);
    let words: Vec<&str> = outside.split_whitespace().collect();
    let han = |w: &&str| w.chars().count() >= 2 && w.chars().all(is_han);
    if words.len() >= 2 && words.iter().all(han) && !COMPOUND.contains(&words[0]) && relation_word(words[0]).is_none() {
        // the bracket, if any, belongs to the last
        let bracket = piece.find('(').map(|i| piece[i..].to_string()).unwrap_or_default();
        let n = words.len();
        return words
            .iter()
            .enumerate()
            .map(|(i, w)| {
                if i + 1 == n {
                    format!("{w}{bracket}")
                } else {
                    (*w).to_string()
                }
            })
            .collect();
    }
    vec![piece.to_string()]
}

fn one_person(piece: &str) -> Option<NamedKin> {
    let (outside, inside) = split_bracket(piece);
    let mut name = close_up(&outside.replace(':', " "));
    let mut relation = inside.as_deref().and_then(parse_relation);
    let mut note = inside.filter(|_| relation.is_none());
    if name.is_empty() && relation.is_none() {
        return None;
    }
    if relation.is_none() {
        if let Some(r) = relation_word(&name) {
            return Some(NamedKin {
                name: None,
                relation: Some(r),
                note,
            });
        }
        // 爷爷吴老三
        for word in [
            "外祖父",
            "外祖母",
            "爷爷",
            "奶奶",
            "外公",
            "外婆",
            "姥姥",
            "姥爷",
            "祖父",
            "祖母",
            "父亲",
            "母亲",
            "爸爸",
            "妈妈",
            "叔叔",
            "伯伯",
            "舅舅",
            "姑姑",
            "阿姨",
            "婶婶",
        ] {
            if let Some(rest) = name.strip_prefix(word) {
                if rest.chars().count() >= 2 {
                    relation = parse_relation(word);
                    name = close_up(rest);
                }
                break;
            }
        }
        // 孩子的外婆
        relation = relation.or_else(|| parse_relation(&name));
    }
    if !name.chars().any(char::is_alphabetic) {
        if name.is_empty() {
            return relation.map(|r| NamedKin {
                name: None,
                relation: Some(r),
                note,
            });
        }
        return None;
    }
    if name.chars().count() > NAME_MAX {
        name = name.chars().take(NAME_MAX).collect();
        note.get_or_insert_with(String::new);
    }
    Some(NamedKin {
        name: Some(name),
        relation,
        note: note.filter(|n| !n.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, name, former) in [
            ("张 三", "张三", None),
            (" 张\u{3000}三 ", "张三", None),
            ("张三(小名)", "张三", Some("小名")),
            ("张三（小名：三娃）", "张三", Some("三娃")),
            ("阿依古丽•买买提", "阿依古丽·买买提", None),
            ("阿依古丽 · 买买提", "阿依古丽·买买提", None),
            ("𬱖龙", "𬱖龙", None),
            ("John  Smith", "John Smith", None),
        ] {
            let got = parse_name(text).unwrap();
            assert_eq!((got.name.as_str(), got.former.as_deref()), (name, former), "{text}");
        }
        assert_eq!(parse_name("张三(女)").unwrap().sex, Some(Sex::Female));
        for bad in ["", "  ", "123", "—", "(小名)", &"长".repeat(51)] {
            assert!(parse_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn people_of_a_cell() {
        let names = |s: &str| {
            split_people(s)
                .into_iter()
                .map(|p| (p.name.unwrap_or_default(), p.relation))
                .collect::<Vec<_>>()
        };
        let pair = |a, b| vec![("吴老三".to_string(), a), ("李桂花".to_string(), b)];
        for s in [
            "吴老三、李桂花",
            "吴老三/李桂花",
            "吴老三 李桂花",
            "吴老三\n李桂花",
            "吴老三和李桂花",
            "吴老三，李桂花",
        ] {
            assert_eq!(names(s), pair(None, None), "{s}");
        }
        assert_eq!(
            names("吴老三（爷爷）、李桂花（奶奶）"),
            pair(Some(Relation::Grandfather), Some(Relation::Grandmother))
        );
        assert_eq!(
            names("吴老三(爷爷)李桂花(奶奶)"),
            pair(Some(Relation::Grandfather), Some(Relation::Grandmother))
        );
        assert_eq!(
            names("爷爷吴老三 奶奶李桂花"),
            pair(Some(Relation::Grandfather), Some(Relation::Grandmother))
        );
        assert_eq!(names("爷爷奶奶"), vec![(String::new(), Some(Relation::Grandparents))]);
        assert_eq!(names("李和平"), vec![("李和平".to_string(), None)]);
        assert_eq!(names("和志强"), vec![("和志强".to_string(), None)]);
        assert_eq!(names("张 三"), vec![("张三".to_string(), None)]);
        assert_eq!(names("欧阳 娜娜"), vec![("欧阳娜娜".to_string(), None)]);
        assert!(names("").is_empty() && names("—").is_empty());
    }
}

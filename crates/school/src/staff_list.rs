//! A pasted list of staff, read line by line (screens.md §5.1).

use crate::people::Held;
use tx_access::{Post, Role};
use tx_base::{Say, say};
use tx_calendar::SchoolYear;

/// A line of a pasted list of staff: `周梅 女 班主任 401 办公室`. Name first; the rest in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLine {
    pub name: String,
    pub sex: Option<String>,
    pub held: Vec<Held>,
    /// class codes such as `401`
    pub classes: Vec<String>,
}

/// Reads a pasted list of staff, line by line; what is not understood is said with its line.
pub fn staff_lines(text: &str, year: SchoolYear) -> Result<Vec<StaffLine>, Vec<Say>> {
    let (mut out, mut bad) = (Vec::new(), Vec::new());
    for (i, line) in text.lines().enumerate() {
        let (latin, rest) = latin_name(line);
        let mut words = rest
            .split(|c: char| c.is_whitespace() || ",，、;；\t|".contains(c))
            .map(str::trim)
            .filter(|w| !w.is_empty());
        let Some(name) = latin.or_else(|| words.next()) else {
            continue;
        };
        if matches!(name, "姓名" | "名字" | "教师姓名") {
            continue;
        }
        let mut l = StaffLine {
            name: name.to_owned(),
            sex: None,
            held: Vec::new(),
            classes: Vec::new(),
        };
        for word in words {
            if matches!(word, "男" | "m" | "女" | "f") {
                l.sex = Some(if matches!(word, "男" | "m") { "m" } else { "f" }.into());
            } else if let Some(h) = staff_word(word) {
                if !l.held.contains(&h) {
                    l.held.push(h);
                }
            } else if let Some(k) = tx_calendar::class_name::parse(word, year, tx_calendar::SchoolSystem::SIX_THREE) {
                l.classes.push(k.code());
            } else {
                bad.push(say(
                    format!("第 {} 行“{word}”看不懂", i + 1),
                    format!("line {}: “{word}” is not understood", i + 1),
                ));
            }
        }
        if l.held.is_empty() {
            l.held.push(Held::Role(if l.classes.is_empty() {
                Role::SubjectTeacher
            } else {
                Role::ClassTeacher
            }));
        }
        out.push(l);
    }
    if bad.is_empty() { Ok(out) } else { Err(bad) }
}

/// A name in Latin letters may have spaces when a comma or tab ends it; it and what follows.
fn latin_name(line: &str) -> (Option<&str>, &str) {
    match line.split_once([',', '\t']) {
        Some((name, rest))
            if name.trim().contains(' ') && name.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') =>
        {
            (Some(name.trim()), rest)
        }
        _ => (None, line),
    }
}

fn staff_word(word: &str) -> Option<Held> {
    let more: &[(&str, Held)] = &[
        ("科任", Held::Role(Role::SubjectTeacher)),
        ("任课", Held::Role(Role::SubjectTeacher)),
        ("任课教师", Held::Role(Role::SubjectTeacher)),
        ("教师", Held::Role(Role::SubjectTeacher)),
        ("老师", Held::Role(Role::SubjectTeacher)),
        ("心理", Held::Role(Role::Counsellor)),
        ("心理老师", Held::Role(Role::Counsellor)),
        ("领导小组", Held::Role(Role::Leader)),
        ("关爱室", Held::Post(Post::Room)),
        ("值班", Held::Role(Role::DutyLeader)),
        ("辅导员", Held::Duty(tx_duty::Post::BrigadeCounsellor)),
        ("教导处", Held::Duty(tx_duty::Post::TeachingOffice)),
        ("副校长", Held::Duty(tx_duty::Post::Deputy)),
    ];
    Held::all()
        .into_iter()
        .filter(|h| {
            !matches!(
                h,
                Held::Role(Role::Admin | Role::County | Role::Helper | Role::Inspector)
            )
        })
        .find(|h| h.name().zh == word || h.code() == word)
        .or_else(|| more.iter().find(|(w, _)| *w == word).map(|(_, h)| *h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_read_too() {
        let got = staff_lines("Zhou Mei, f, class_teacher, 401\nTian, m", SchoolYear::new(2026)).expect("understood");
        assert_eq!(
            (got[0].name.as_str(), got[0].sex.as_deref(), got[0].classes.clone()),
            ("Zhou Mei", Some("f"), vec!["401".to_owned()])
        );
        assert_eq!(
            (got[1].name.as_str(), got[1].held.clone()),
            ("Tian", vec![Held::Role(Role::SubjectTeacher)])
        );
    }

    #[test]
    fn a_pasted_list_is_read() {
        let got = staff_lines(
            "姓名 职务\n周梅\t女\t班主任\t四(1)班\n田维国，男，校长、办公室\n\n何静 心理\n石老三",
            SchoolYear::new(2026),
        )
        .expect("understood");
        let held = |i: usize| got[i].held.iter().map(|h| h.code()).collect::<Vec<_>>();
        assert_eq!(got.len(), 4);
        assert_eq!(
            (held(0), got[0].classes.clone(), got[0].sex.as_deref()),
            (vec!["class_teacher"], vec!["401".to_owned()], Some("f"))
        );
        assert_eq!(held(1), ["head", "office"]);
        assert_eq!(held(2), ["counsellor"]);
        assert_eq!(held(3), ["subject_teacher"], "a name alone is a teacher");
    }

    #[test]
    fn what_is_not_understood_names_its_line() {
        let bad = staff_lines("周梅 班主任 401\n何静 火箭手", SchoolYear::new(2026)).expect_err("a word nobody knows");
        assert_eq!(bad.len(), 1);
        assert!(
            bad[0].zh.contains("第 2 行") && bad[0].zh.contains("火箭手"),
            "{:?}",
            bad[0]
        );
    }
}

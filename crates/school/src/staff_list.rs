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
        let (spaced, rest) = spaced_name(line);
        let mut words = rest
            .split(|c: char| c.is_whitespace() || ",，、;；\t|".contains(c))
            .map(str::trim)
            .filter(|w| !w.is_empty());
        let Some(name) = spaced.or_else(|| words.next().map(str::to_owned)) else {
            continue;
        };
        if matches!(name.as_str(), "姓名" | "名字" | "教师姓名") {
            continue;
        }
        if !name.chars().all(|c| c.is_alphabetic() || " ·.-'’".contains(c)) {
            bad.push(say(
                format!("第 {} 行“{name}”不像姓名；一行先写姓名", i + 1),
                format!("line {}: “{name}” is no name; a line begins with the name", i + 1),
            ));
            continue;
        }
        let mut l = StaffLine {
            name,
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
                    format!("第 {} 行“{word}”看不懂；可以写男、女、班主任、校长、办公室、心理、值班这些，或班级 401", i + 1),
                    format!(
                        "line {}: “{word}” is not understood; write m, f, a role such as class_teacher, head or office, or a class such as 401",
                        i + 1
                    ),
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

/// A name with spaces in it, and what follows: 熊 秀英 as schools set short names, or one in Latin letters that a comma or tab ends.
fn spaced_name(line: &str) -> (Option<String>, &str) {
    let han = |w: &str| !w.is_empty() && w.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    if let Some((head, rest)) = line.split_once([',', '，', '、', '\t']) {
        let name = head.trim();
        if name.contains(char::is_whitespace) {
            if name.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') {
                return (Some(name.to_owned()), rest);
            }
            let parts: Vec<&str> = name.split_whitespace().collect();
            if parts.len() == 2 && parts.iter().all(|p| han(p)) && is_given(parts[1]) && parts[0].chars().count() <= 2 {
                return (Some(parts.concat()), rest);
            }
        }
        return (None, line);
    }
    // without a comma only a surname of one character is surely no name by itself
    let line = line.trim_start();
    let Some((surname, rest)) = line.split_once(char::is_whitespace) else {
        return (None, line);
    };
    let rest = rest.trim_start();
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let given = &rest[..end];
    if han(surname) && surname.chars().count() == 1 && han(given) && is_given(given) {
        return (Some(format!("{surname}{given}")), &rest[end..]);
    }
    (None, line)
}
/// One or two characters that are no word of this list.
fn is_given(word: &str) -> bool {
    word.chars().count() <= 2 && !matches!(word, "男" | "女") && staff_word(word).is_none()
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
    fn short_names_are_set_with_a_space() {
        let year = SchoolYear::new(2026);
        let got = staff_lines(
            "熊 秀英，女，班主任，401\n向 敏 女 校长\n田　刚\n欧阳 慧\t女\n石老三 校长",
            year,
        )
        .expect("understood");
        let names: Vec<&str> = got.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["熊秀英", "向敏", "田刚", "欧阳慧", "石老三"]);
        assert_eq!(got[0].classes, ["401"]);
        let bad = staff_lines("=1+1 女\n周梅 女 班主人", year).expect_err("refused");
        assert!(
            bad[0].zh.contains("不像姓名") && bad[1].zh.contains("班主任"),
            "{bad:?}"
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

//! Which county a command means. A county begins with the first school or user that names it, so a name that looks like a slip of the
//! fingers for one that exists is refused: a second county is its own world, with its own people and its own chain.

use crate::cli::{console, lang};
use tx_access::{COUNTIES, directory};
use tx_base::{Fault, Id, Lang, Result, say};
use tx_store::{Db, row};

/// The county of `--county`: the only one when none is named, made as `默认` when there is none at all (interfaces.md). One that does not
/// exist yet is made and named on stderr; a name that is nearly that of another only with `new`.
pub(crate) fn county_of(db: &Db, name: Option<&str>, new: bool) -> Result<Id> {
    let all = db.read(|c| c.query("select id, name from counties order by name, id", &[]))?;
    let names: Vec<&str> = all.iter().map(|r| r.str(1)).collect();
    match name.map(str::trim) {
        Some("") => Err(Fault::Bad(say("--county 后面要写县名", "--county wants a name"))),
        Some(n) => {
            if let Some(r) = all.iter().find(|r| r.str(1) == n) {
                return Ok(r.id(0));
            }
            match names.iter().find(|known| alike(known, n)) {
                Some(known) if !new => Err(Fault::Bad(say(
                    format!(
                        "没有「{n}」这个县，有：{}。是不是「{known}」？真要另建一个县，请加 --new-county",
                        names.join("、")
                    ),
                    format!(
                        "There is no county {n}; there are: {}. Was {known} meant? To make another one add --new-county",
                        names.join(", ")
                    ),
                ))),
                _ => make(db, n, &names),
            }
        }
        None => match all.as_slice() {
            [] => make(db, "默认", &[]),
            [one] => Ok(one.id(0)),
            _ => Err(Fault::Bad(say(
                format!("有几个县，请用 --county 说明：{}", names.join("、")),
                format!(
                    "There are several counties, name one with --county: {}",
                    names.join(", ")
                ),
            ))),
        },
    }
}

fn make(db: &Db, name: &str, others: &[&str]) -> Result<Id> {
    let (id, stored) = (Id::fresh(), name.to_owned());
    db.write(console(id, "county.add"), move |w| {
        w.insert(&COUNTIES, row!["id" => id, "name" => stored.as_str()])?;
        directory::set(w, "county", &stored, id)?;
        Ok(())
    })?;
    eprintln!(
        "{}",
        match (lang(), others) {
            (Lang::Zh, []) => format!("新建了县：{name}"),
            (Lang::Zh, _) => format!("新建了县：{name}（已有：{}）", others.join("、")),
            (Lang::En, []) => format!("Made the county {name}"),
            (Lang::En, _) => format!("Made the county {name} (beside: {})", others.join(", ")),
        }
    );
    Ok(id)
}

/// The name without blanks, wide letters, case and the word for county.
fn bare(name: &str) -> String {
    let plain = tx_sheet::value::text::squash(name).to_lowercase();
    let short = plain.trim_end_matches(['县', '市', '区', '旗']);
    if short.is_empty() { plain } else { short.to_owned() }
}

/// Whether two names are probably meant to be one: alike but for blanks and 县, sounding alike, or with one letter more, less or in the
/// other place. Another letter in a place is another name (甲县, 乙县), and so is another number (县1, 县12).
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (bare(a), bare(b));
    if a == b {
        return true;
    }
    let sound = |n: &str| tx_child::syllables(n).0;
    let han = |n: &str| n.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    if han(&a) && han(&b) && sound(&a) == sound(&b) {
        return true;
    }
    let digits = |n: &str| n.chars().filter(char::is_ascii_digit).collect::<String>();
    let (n, m) = (a.chars().count(), b.chars().count());
    if digits(&a) != digits(&b) || n.min(m) < 2 || strsim::osa_distance(&a, &b) != 1 {
        return false;
    }
    // of one length: neighbours that changed places, not another letter
    n != m || strsim::levenshtein(&a, &b) == 2
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_slip_is_told_from_another_county() {
        for (a, b) in [
            ("雾岭县", "雾岭"),
            ("雾岭县", " 雾岭 县"),
            ("雾岭县", "务岭县"),
            ("雾岭县", "岭雾县"),
            ("Wuling", "wuling"),
            ("Wuling", "Wulling"),
            ("Wuling", "Wulnig"),
        ] {
            assert!(alike(a, b) && alike(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("甲县", "乙县"),
            ("雾岭县", "云溪县"),
            ("县1", "县12"),
            ("A", "B"),
            ("County A", "County B"),
            ("默认", "雾岭县"),
            ("C1", "C2"),
        ] {
            assert!(!alike(a, b) && !alike(b, a), "{a} {b}");
        }
    }
}

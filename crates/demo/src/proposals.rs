//! What waits on the board of 结对: facts of helpers and wishes of children, proposals in one school, training, points and reviews.

use crate::people::{VILLAGES, fate};
use crate::town::{Grown, School};
use tx_access::{SchoolRef, Scope};
use tx_base::{Day, Id, Lang, Result};
use tx_child::consent::{Answer, Consent, Purpose, note};
use tx_pairing::{Facts, Review, Wish, list, lock, points, propose, review, set_facts, set_wish, training};
use tx_store::{Write, params};

const HOBBIES: [&str; 5] = ["画画", "篮球", "唱歌", "下棋", "看书"];
const SPOKEN: [&str; 2] = ["苗语", "土家话"];

/// The proposals are made in S3, where only the key children have somebody; the rest in the schools with volunteers.
pub(crate) fn build(w: &mut Write, today: Day, s: &School) -> Result<()> {
    if s.spec.code == "S3" {
        waiting(w, today, s)?;
    }
    helpers(w, today, s)
}

fn facts(n: u64) -> Facts {
    let one = |list: &[&str], salt: u64| list[(fate(&[n, salt]) % list.len() as u64) as usize].to_owned();
    Facts {
        most: Some(1 + (fate(&[n, 41]) % 3) as usize),
        village: Some(one(&VILLAGES, 42)),
        near: vec![one(&VILLAGES, 43)],
        dialects: vec![one(&SPOKEN, 44)],
        hobbies: vec![one(&HOBBIES, 45)],
        wants_sex: None,
    }
}

fn waiting(w: &mut Write, today: Day, s: &School) -> Result<()> {
    for (n, who) in s.staff().enumerate() {
        set_facts(w, s.id, who.adult, &facts(n as u64))?;
    }
    for kid in s.kids.iter().filter(|k| k.left_on(today)) {
        let wish = Wish {
            kind: (kid.n % 3 == 0).then(|| "love_mother".to_owned()),
            sex: (kid.n % 5 == 1).then(|| "m".to_owned()),
            dialects: vec![SPOKEN[(kid.n % 2) as usize].to_owned()],
        };
        set_wish(w, s.id, kid.id, &wish)?;
        if kid.n % 4 == 0 {
            let by = Consent {
                by: "监护人".into(),
                on: today.plus(-12),
            };
            note(w, kid.id, Purpose::Helper, Answer::Given, &by)?;
        }
    }
    let scope = scope(w, today, s);
    propose(w, &scope, s.id, "fit", false)?;
    let sql = "select id from pairing_proposals where county_id = ?1 and school_id = ?2 and state = 'proposed' order by id limit 2";
    for r in w.conn().query(sql, params![w.county(), s.id])? {
        lock(w, s.id, r.id(0), true)?;
    }
    Ok(())
}
fn scope(w: &Write, today: Day, s: &School) -> Scope {
    let school = SchoolRef {
        id: s.id,
        code: s.spec.code.into(),
        name: s.spec.name.into(),
    };
    Scope::console(w.county(), Some(school), today, Lang::Zh)
}

fn helpers(w: &mut Write, today: Day, s: &School) -> Result<()> {
    // the guardians of the volunteers' children were asked; one has not answered yet
    let whole = scope(w, today, s);
    for (n, v) in s.volunteers.iter().enumerate() {
        for p in list(w.conn(), &whole, None, Some(v.adult))?
            .iter()
            .filter(|p| p.runs(today) && n != 3)
        {
            let by = Consent {
                by: "监护人".into(),
                on: p.from.plus(-5),
            };
            note(w, p.child, Purpose::Helper, Answer::Given, &by)?;
        }
    }
    let some: Vec<&Grown> = s.volunteers.iter().take(8).collect();
    for (n, v) in some.iter().enumerate() {
        set_facts(
            w,
            s.id,
            v.adult,
            &Facts {
                most: Some(3),
                ..facts(n as u64 + 20)
            },
        )?;
        let on = today.plus(-70 + n as i32);
        training(w, s.id, v.adult, on, 120, "怎么和孩子说话，遇到事情找谁", today)?;
        if n % 2 == 0 {
            training(w, s.id, v.adult, on.plus(21), 90, "儿童保护和强制报告", today)?;
        }
        points(w, s.id, v.adult, today.plus(-20), 5, "连着四周都来了", today)?;
        if n % 3 == 1 {
            points(w, s.id, v.adult, today.plus(-6), -2, "没打招呼就没来", today)?;
        }
    }
    if some.is_empty() {
        return Ok(());
    }
    let scope = scope(w, today, s);
    for (n, v) in some.iter().take(3).enumerate() {
        for p in list(w.conn(), &scope, None, Some(v.adult))?
            .iter()
            .filter(|p| p.runs(today))
            .take(1)
        {
            let found = Review {
                on: today.plus(-15).max(p.from),
                verdict: if n == 1 { "watch" } else { "go_on" }.into(),
                words: if n == 1 {
                    "孩子还有点怕生，再处一个月看看。"
                } else {
                    "每周都见，孩子愿意说话了。"
                }
                .into(),
                next_on: Some(today.plus(30 + n as i32)),
            };
            let _: Id = review(w, s.id, p, &found, today)?;
        }
    }
    Ok(())
}

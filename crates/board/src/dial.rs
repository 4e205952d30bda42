//! Ringing someone at home: the number, then what came of it (screens.md §5.3: 拨号, then 打通了吗).

use crate::child::{parent_word, relation_word};
use crate::words::{page, w};
use tx_base::{Fault, Id, Result, t};
use tx_child::file;
use tx_store::Class;
use tx_web::pages::may_open;
use tx_web::parts::marks::{Link, Person};
use tx_web::parts::record::{DialView, dial};
use tx_web::{CARERS, Ctx, Reply, Route};

pub static ROUTES: &[Route] = &[Route::get("/children/{id}/dial", CARERS, Class::P, show)
    .says(t("拨号", "Ring"))
    .query(&[("who", "string", t("打给家里谁", "Whom of the family"))])];

/// The page that rings a guardian or a parent by the row's id.
pub fn href(child: Id, who: Id) -> String {
    format!("/children/{child}/dial?who={who}")
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, id) = (ctx.scope()?, ctx.lang, ctx.id("id")?);
    let who = ctx.q_id("who")?.ok_or(Fault::NotFound)?;
    let d = ctx
        .read(|c| file::fetch(c, ctx.db().keys(), scope, id, false))?
        .filter(|d| d.child.sight.personal)
        .ok_or(Fault::NotFound)?;
    let guardian = d.guardians.iter().find(|g| g.id == who);
    let parent = d.parents.iter().find(|p| p.id == who && p.to.is_none());
    let (whom, phone) = match (guardian, parent) {
        (Some(g), _) => (format!("{} {}", relation_word(g, lang), g.name), &g.phone),
        (None, Some(p)) => (
            format!(
                "{} {}",
                parent_word(p.parent, lang),
                p.name.as_deref().unwrap_or_default()
            ),
            &p.phone,
        ),
        (None, None) => return Err(Fault::NotFound),
    };
    let phone = phone.as_deref().filter(|p| !p.is_empty()).ok_or(Fault::NotFound)?;
    let dialled: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let record =
        |label, tail: &str| Link::new(w(lang, label), format!("/record?child={id}&kind=guardian_talk{tail}")).sheet();
    let answers = if d.child.sight.record && may_open(ctx, "/record") {
        vec![
            record(t("打通了，记一笔", "Reached; record it"), "&f_how=phone").first(),
            record(t("没接", "No answer"), "&outcome=tried"),
        ]
    } else {
        Vec::new()
    };
    let view = DialView {
        child: Person {
            id: id.to_string(),
            name: d.child.name.clone(),
            sub: d.child.class_name.clone().unwrap_or_default(),
            ..Default::default()
        },
        whom: whom.trim().to_owned(),
        shown: grouped(&dialled),
        tel: format!("tel:{dialled}"),
        question: w(lang, t("打通了吗？", "Did you get through?")),
        answers,
    };
    let body = dial(lang, &view, &format!("/children/{id}"));
    page(ctx, t("拨号", "Ring"), "children", body)
}

/// A mobile number as one reads it aloud: 190 0001 2345.
fn grouped(digits: &str) -> String {
    match digits.len() {
        11 if digits.starts_with('1') => format!("{} {} {}", &digits[..3], &digits[3..7], &digits[7..]),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_read_in_groups() {
        for (from, to) in [
            ("19000012345", "190 0001 2345"),
            ("07448223344", "07448223344"),
            ("8223344", "8223344"),
            ("", ""),
        ] {
            assert_eq!(super::grouped(from), to);
        }
    }
}

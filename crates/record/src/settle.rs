//! 两份都在: the pages where someone chooses between two copies of one field (mock 18).

use crate::conflicts::{self, Conflict, Take};
use crate::people;
use serde_json::Value as Json;
use tx_base::{Fault, Lang, Result, Time, t};
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::Form;
use tx_web::parts::lists::TableView;
use tx_web::parts::marks::{Person, Piece};
use tx_web::parts::{Top, records};
use tx_web::{CARERS, Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/conflicts", CARERS, Class::S, all).says(t("两份都在的", "Two copies of one field")),
    Route::get("/conflicts/{id}", CARERS, Class::S, one).says(t("选一份", "Choose one")),
    Route::form("/conflicts/{id}", CARERS, Class::S, settle).says(t("用这份，或两句都要", "Use this one, or both")),
];

fn words(v: &Json) -> String {
    match v {
        Json::Null => String::new(),
        Json::String(s) => s.clone(),
        Json::Array(all) => all.iter().map(words).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}
fn moment(at: Time, lang: Lang, today: tx_base::Day) -> String {
    let day = at.day();
    match lang {
        _ if day == today => at.hour_minute(),
        Lang::Zh => format!("{} {}", day.zh_short(), at.hour_minute()),
        Lang::En => format!("{day} {}", at.hour_minute()),
    }
}

fn all(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let (list, names) = ctx.read(|c| {
        let list = conflicts::list(ctx.db().keys(), c, scope, None, None)?;
        let ids: Vec<tx_base::Id> = list.iter().filter_map(|k| k.child).collect();
        Ok((list, people::children(c, scope, &ids)?))
    })?;
    let cut = |v: &Json| words(v).chars().take(40).collect::<String>();
    let title = t("两份都在的", "Two copies");
    let view = records::TablesView {
        top: Top {
            title: title.in_lang(lang).into(),
            ..Default::default()
        },
        empty: t(
            "没有要选的。两个人改了同一句时，两份都会留在这里。",
            "Nothing to choose. When two people change the same words, both are kept here.",
        )
        .in_lang(lang)
        .into(),
        table: TableView {
            caption: title.in_lang(lang).into(),
            head: [
                t("孩子", "Child"),
                t("哪一项", "Field"),
                t("先写的", "First"),
                t("后写的", "Second"),
            ]
            .map(|t| t.in_lang(lang).to_owned())
            .to_vec(),
            rows: list
                .iter()
                .map(|k| {
                    let name = k
                        .child
                        .and_then(|c| names.get(&c))
                        .map(|n| n.name.clone())
                        .unwrap_or_else(|| "—".into());
                    [name, k.label().in_lang(lang).to_owned(), cut(&k.kept), cut(&k.yours)]
                        .map(|s| vec![Piece::Text(s)])
                        .to_vec()
                })
                .collect(),
            hrefs: list.iter().map(|k| format!("/conflicts/{}", k.id)).collect(),
            ..Default::default()
        },
        ..Default::default()
    };
    Ok(Reply::page(tx_web::shell(
        ctx,
        title,
        "records",
        None,
        records::tables(lang, &view),
    )?))
}

fn find(ctx: &Ctx) -> Result<Conflict> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let found = ctx.read(|c| conflicts::list(ctx.db().keys(), c, scope, None, Some(id)))?;
    found.into_iter().next().ok_or(Fault::NotFound)
}

fn one(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let mut k = find(ctx)?;
    ctx.read(|c| conflicts::signed(c, scope.county, std::slice::from_mut(&mut k)))?;
    let name = match k.child {
        Some(id) => ctx
            .read(|c| people::children(c, scope, &[id]))?
            .remove(&id)
            .map(|n| n.name)
            .unwrap_or_default(),
        None => String::new(),
    };
    let (left, right) = (words(&k.kept), words(&k.yours));
    let (a, b) = differing(&left, &right);
    let form = |take: Take| Form {
        action: format!("/conflicts/{}", k.id),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden: vec![("take".into(), take.code().into())],
        ..Default::default()
    };
    let button = t("用这份", "Use this one").in_lang(lang);
    let person = |who: &str| Person {
        id: who.into(),
        name: who.into(),
        ..Default::default()
    };
    let kept_by = k
        .kept_by
        .clone()
        .unwrap_or_else(|| t("先写的", "First").in_lang(lang).into());
    let mine = k.made_by == Some(scope.account);
    let other = if mine { kept_by.clone() } else { k.made_by_name.clone() };
    let at = |when: Option<Time>| when.map(|w| moment(w, lang, scope.today)).unwrap_or_default();
    let back = if k.table == "records" {
        format!("/records/{}", k.row)
    } else {
        k.child.map_or("/conflicts".into(), |c| format!("/children/{c}"))
    };
    let title = t("两份都在", "Both are kept");
    let view = records::ConflictView {
        title: title.in_lang(lang).into(),
        close_href: back,
        note: match lang {
            Lang::Zh => format!(
                "{other} {} 也改了这一条，两份都替您留着。",
                at(if mine { k.kept_at } else { Some(k.at) })
            ),
            Lang::En => format!("{other} changed this too; both are kept for you."),
        },
        about: vec![name, k.label().in_lang(lang).to_owned()],
        copies: vec![
            records::Copy {
                who: person(&kept_by),
                when: at(k.kept_at),
                words: a,
                form: form(Take::Kept),
                button: button.into(),
            },
            records::Copy {
                who: person(if mine {
                    t("您", "You").in_lang(lang)
                } else {
                    &k.made_by_name
                }),
                when: at(Some(k.at)),
                words: b,
                form: form(Take::Yours),
                button: button.into(),
            },
        ],
        both: k
            .both()
            .map(|_| (form(Take::Both), t("两句都要", "Keep both").in_lang(lang).into())),
        foot: t(
            "没选以前，日历和总结按先写的那份算，次数只算一次。",
            "Until someone chooses, calendar and summary go by the first; it counts once.",
        )
        .in_lang(lang)
        .into(),
    };
    let shell = Shell {
        title,
        active: "records",
        plain: true,
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, records::conflict(lang, &view))?))
}

fn settle(ctx: &Ctx) -> Result<Reply> {
    let (scope, today) = (ctx.scope()?, ctx.today());
    let k = find(ctx)?;
    let take = Take::parse(ctx.f("take")).ok_or_else(|| Fault::invalid("take", "要选一份", "choose one"))?;
    let to = if k.table == "records" {
        format!("/records/{}", k.row)
    } else {
        k.child.map_or("/conflicts".into(), |c| format!("/children/{c}"))
    };
    ctx.write_form(scope.act("conflict.resolve"), move |w| {
        conflicts::resolve(w, &k, take, today)?;
        Ok(to.clone())
    })
}

type Words = Vec<(String, bool)>;

/// Both texts in pieces, those marked that the other does not have: the longest common run of characters is found, then the same on both sides
/// of it. Texts beyond 2,000 characters are compared at their ends alone.
fn differing(a: &str, b: &str) -> (Words, Words) {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (mut x, mut y) = (Words::new(), Words::new());
    parts(&a, &b, &mut x, &mut y);
    (x, y)
}
fn push(out: &mut Words, s: &[char], differs: bool) {
    if !s.is_empty() {
        out.push((s.iter().collect(), differs));
    }
}
fn parts(a: &[char], b: &[char], x: &mut Words, y: &mut Words) {
    let head = a.iter().zip(b).take_while(|(p, q)| p == q).count();
    push(x, &a[..head], false);
    push(y, &b[..head], false);
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(p, q)| p == q).count();
    let (ma, mb) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    match if ma.len() <= 2000 && mb.len() <= 2000 {
        run(ma, mb)
    } else {
        None
    } {
        Some((i, j, _)) => {
            parts(&ma[..i], &mb[..j], x, y);
            parts(&ma[i..], &mb[j..], x, y);
        }
        None => {
            push(x, ma, true);
            push(y, mb, true);
        }
    }
    push(x, &a[a.len() - tail..], false);
    push(y, &b[b.len() - tail..], false);
}
/// The longest run of at least two characters that both hold, and where.
fn run(a: &[char], b: &[char]) -> Option<(usize, usize, usize)> {
    let mut best = (0, 0, 0);
    let mut row = vec![0usize; b.len() + 1];
    for (i, p) in a.iter().enumerate() {
        let mut before = 0;
        for (j, q) in b.iter().enumerate() {
            let up = row[j + 1];
            row[j + 1] = if p == q { before + 1 } else { 0 };
            if row[j + 1] > best.2 {
                best = (i + 1 - row[j + 1], j + 1 - row[j + 1], row[j + 1]);
            }
            before = up;
        }
    }
    (best.2 >= 2).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_marked_and_nothing_is_lost() {
        let (a, b) = (
            "和妈妈视频 16 分钟，说了运动会，妈妈答应元旦回家。",
            "和妈妈视频一刻钟，说了运动会，她笑了好几回。",
        );
        let (x, y) = differing(a, b);
        let join = |w: &Words| w.iter().map(|(s, _)| s.as_str()).collect::<String>();
        assert_eq!((join(&x), join(&y)), (a.to_owned(), b.to_owned()));
        assert!(x.iter().any(|(s, d)| !d && s.contains("说了运动会")), "{x:?}");
        assert!(y.iter().any(|(s, d)| *d && s.contains("她笑了好几")), "{y:?}");
        assert_eq!(differing("同", "同").0, [("同".to_owned(), false)]);
        assert_eq!(differing("", "甲").1, [("甲".to_owned(), true)]);
    }
}

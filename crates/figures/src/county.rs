//! What a county officer sees of a school's figures: the counts, every cell under five held back, no ids, no names (security.md §1).

use crate::api::period;
use crate::figure::{Amount, Counted, Figure};
use crate::page::{days, periods};
use crate::rows::words;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use tx_access::SchoolRef;
use tx_base::{Lang, Result, t};
use tx_store::params;
use tx_web::parts::frame::{Top, top};
use tx_web::parts::lists::{self, TableView};
use tx_web::parts::marks::{Piece, Pill};
use tx_web::parts::notes;
use tx_web::{Ctx, Reply};

/// A count under this stands as `<5`.
pub const LEAST: i64 = 5;

/// One number as the county sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    Shown(Amount),
    /// a count under [`LEAST`]
    Under,
    /// held back so that the one cell under five beside it cannot be worked out from the whole
    Held,
}
impl Cell {
    fn of(v: Amount) -> Cell {
        match v {
            Amount::Whole(n) if n < LEAST => Cell::Under,
            other => Cell::Shown(other),
        }
    }
    /// `12`, `<5`, `—`.
    pub fn text(self, lang: Lang) -> String {
        match self {
            Cell::Shown(v) => v.text(lang),
            Cell::Under => format!("<{LEAST}"),
            Cell::Held => "—".into(),
        }
    }
    fn json(self) -> Json {
        match self {
            Cell::Shown(v) => v.json(),
            Cell::Under | Cell::Held => Json::Null,
        }
    }
    /// `"under": 5` or `"held": true` beside the null.
    fn say(self, v: &mut Json) {
        match self {
            Cell::Shown(_) => {}
            Cell::Under => v["under"] = LEAST.into(),
            Cell::Held => v["held"] = true.into(),
        }
    }
}

/// A figure as counts alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Masked {
    pub value: Cell,
    pub of: Option<Cell>,
    pub by: BTreeMap<String, (Cell, Option<Cell>)>,
}

/// Holds back the cells under five. Where just one part of a whole would stay hidden, the smallest of the others is held back as well.
pub fn masked(n: &Counted) -> Masked {
    let part = |v: i64| match n.value {
        Amount::Cents(_) => Amount::Cents(v),
        _ => Amount::Whole(v),
    };
    let mut values: Vec<Cell> = n.by.values().map(|(v, _)| Cell::of(part(*v))).collect();
    let mut owed: Vec<Option<Cell>> =
        n.by.values()
            .map(|(_, of)| of.map(|of| Cell::of(Amount::Whole(of))))
            .collect();
    let sum: i64 = n.by.values().map(|(v, _)| v).sum();
    if n.value == Amount::Whole(sum) {
        let mut cells: Vec<&mut Cell> = values.iter_mut().collect();
        second(&mut cells);
    }
    let sum: i64 = n.by.values().filter_map(|(_, of)| *of).sum();
    if n.of == Some(sum) {
        let mut cells: Vec<&mut Cell> = owed.iter_mut().flatten().collect();
        second(&mut cells);
    }
    Masked {
        value: Cell::of(n.value),
        of: n.of.map(|of| Cell::of(Amount::Whole(of))),
        by: n.by.keys().cloned().zip(values.into_iter().zip(owed)).collect(),
    }
}
fn second(cells: &mut [&mut Cell]) {
    if cells.iter().filter(|c| ***c == Cell::Under).count() != 1 {
        return;
    }
    let size = |c: &Cell| match c {
        Cell::Shown(v) => Some(v.whole()),
        _ => None,
    };
    if let Some(least) = cells.iter_mut().filter(|c| size(c).is_some()).min_by_key(|c| size(c)) {
        **least = Cell::Held;
    }
}

impl Masked {
    /// As [`Counted::json`], without records.
    pub fn json(&self, f: &Figure, lang: Lang) -> Json {
        let mut v = json!({"id": f.id, "name": f.name.in_lang(lang), "value": self.value.json(), "unit": f.unit.in_lang(lang), "definition": f.definition.in_lang(lang)});
        self.value.say(&mut v);
        if let Some(of) = self.of {
            v["of"] = of.json();
            of.say(&mut v);
        }
        if !self.by.is_empty() {
            let one = |(value, of): &(Cell, Option<Cell>)| match (value, of) {
                (Cell::Shown(v), None) => v.json(),
                (value, of) => {
                    let mut part = json!({"value": value.json()});
                    value.say(&mut part);
                    if let Some(of) = of {
                        part["of"] = of.json();
                        of.say(&mut part);
                    }
                    part
                }
            };
            v["by"] = self
                .by
                .iter()
                .map(|(k, n)| (k.clone(), one(n)))
                .collect::<serde_json::Map<_, _>>()
                .into();
        }
        v
    }
    /// `12`, `12 / 30`, `<5 / 30`.
    fn text(&self, lang: Lang) -> String {
        pair(self.value, self.of, lang)
    }
}
fn pair(v: Cell, of: Option<Cell>, lang: Lang) -> String {
    match of {
        Some(of) => format!("{} / {}", v.text(lang), of.text(lang)),
        None => v.text(lang),
    }
}

/// The schools of the county, by code.
fn schools(ctx: &Ctx) -> Result<Vec<SchoolRef>> {
    let county = ctx.scope()?.county;
    ctx.read(|c| {
        let sql = "select id, code, name from schools where county_id = ?1 order by code";
        Ok(c.query(sql, params![county])?
            .iter()
            .map(|r| SchoolRef {
                id: r.id(0),
                code: r.text(1),
                name: r.text(2),
            })
            .collect())
    })
}
/// A school of the county by its code.
pub(crate) fn school(ctx: &Ctx, code: &str) -> Result<SchoolRef> {
    let found = schools(ctx)?.into_iter().find(|s| s.code == code);
    found.ok_or(tx_base::Fault::NotFound)
}

/// What stands beside every school in the first table.
const FIRST: [&str; 5] = [
    "children.left_behind",
    "children.key",
    "pairing.children",
    "talks.children",
    "children.joined",
];

fn rule(lang: Lang) -> String {
    t(
        "只有数，没有姓名；不到 5 的写作 <5，— 是为了不让人推算出来",
        "Counts without names; under 5 stands as <5, — is held back so that it cannot be worked out",
    )
    .in_lang(lang)
    .to_owned()
}
fn text(s: impl Into<String>) -> Vec<Piece> {
    vec![Piece::Text(s.into())]
}

/// All schools side by side.
pub(crate) fn all_schools(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang, p) = (ctx.scope()?, ctx.lang, period(ctx)?);
    let list = schools(ctx)?;
    let figures: Vec<&Figure> = FIRST.iter().filter_map(|id| crate::find(id)).collect();
    // the schools are parts of the county: the same rule holds back what the sum would give away
    let columns = ctx.read(|c| {
        figures
            .iter()
            .map(|f| {
                let mut all = Counted::default();
                let mut sum = 0;
                for s in &list {
                    let n = crate::count(c, scope, s.id, p, f)?.value.whole();
                    sum += n;
                    all.by.insert(s.code.clone(), (n, None));
                }
                all.value = Amount::Whole(sum);
                Ok(masked(&all))
            })
            .collect::<Result<Vec<Masked>>>()
    })?;
    let mut rows: Vec<Vec<Vec<Piece>>> = list
        .iter()
        .map(|s| {
            let cells = columns
                .iter()
                .map(|m| text(m.by.get(&s.code).map_or_else(String::new, |(v, _)| v.text(lang))));
            std::iter::once(text(s.name.clone())).chain(cells).collect()
        })
        .collect();
    let mut hrefs: Vec<String> = list
        .iter()
        .map(|s| format!("/figures?school={}&from={}&to={}", s.code, p.from, p.to))
        .collect();
    if list.len() > 1 {
        let cells = columns.iter().map(|m| text(m.value.text(lang)));
        rows.push(
            std::iter::once(text(t("全县", "The county").in_lang(lang)))
                .chain(cells)
                .collect(),
        );
        hrefs.push(String::new());
    }
    let head = std::iter::once(t("学校", "School"))
        .chain(figures.iter().map(|f| f.name))
        .map(|h| h.in_lang(lang).to_owned())
        .collect();
    let table = TableView {
        caption: t("各校的数", "Counts by school").in_lang(lang).into(),
        head,
        right: (1..=figures.len()).collect(),
        rows,
        hrefs,
    };
    let body = maud::html! {
        (top(lang, &Top { title: t("各校的数", "Counts by school").in_lang(lang).into(), sub: vec![days(p, lang)], switch: periods(ctx, p, "/figures"), ..Top::default() }))
        (notes::strip(Pill::Mute, "", &rule(lang), None))
        @if list.is_empty() {
            (notes::empty(t("还没有学校。", "There is no school yet.").in_lang(lang), None))
        } @else { (lists::table(&table)) }
    };
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("各校的数", "Counts by school"),
        "summary",
        None,
        body,
    )?))
}

/// All figures of one school.
pub(crate) fn one_school(ctx: &Ctx, s: &SchoolRef) -> Result<Reply> {
    let (scope, lang, p) = (ctx.scope()?, ctx.lang, period(ctx)?);
    let all = ctx.read(|c| crate::all(c, scope, s.id, p, false))?;
    let table = |family: tx_base::Text, list: &[Figure]| {
        let of: Vec<_> = all.iter().filter(|(f, _)| list.iter().any(|g| g.id == f.id)).collect();
        TableView {
            caption: family.in_lang(lang).into(),
            head: [t("名称", "Name"), t("数", "Number"), t("怎么算", "How it is counted")]
                .map(|h| h.in_lang(lang).to_owned())
                .to_vec(),
            rows: of
                .iter()
                .map(|(f, n)| {
                    vec![
                        text(f.name.in_lang(lang)),
                        text(format!("{} {}", masked(n).text(lang), f.unit.in_lang(lang))),
                        text(f.definition.in_lang(lang)),
                    ]
                })
                .collect(),
            hrefs: of
                .iter()
                .map(|(f, n)| {
                    if n.by.len() > 1 {
                        format!("/figures/{}?school={}&from={}&to={}", f.id, s.code, p.from, p.to)
                    } else {
                        String::new()
                    }
                })
                .collect(),
            ..TableView::default()
        }
    };
    let body = maud::html! {
        (top(lang, &Top { title: s.name.clone(), sub: vec![days(p, lang)], switch: periods(ctx, p, "/figures"), ..Top::default() }))
        (notes::strip(Pill::Mute, "", &rule(lang), None))
        @for (family, list) in crate::FAMILIES {
            (lists::heading(family.in_lang(lang), "", None))
            (lists::table(&table(*family, list)))
        }
    };
    Ok(Reply::page(tx_web::shell(
        ctx,
        t("数字", "Figures"),
        "summary",
        None,
        body,
    )?))
}

/// One figure of a school with its parts; there is no list behind it for the county.
pub(crate) fn one_figure(ctx: &Ctx, s: &SchoolRef, f: &Figure) -> Result<Reply> {
    let (scope, lang, p) = (ctx.scope()?, ctx.lang, period(ctx)?);
    let m = masked(&ctx.read(|c| crate::count(c, scope, s.id, p, f))?);
    let parts = TableView {
        caption: f.name.in_lang(lang).into(),
        head: [t("归在", "Part"), t("数", "Number")]
            .map(|h| h.in_lang(lang).to_owned())
            .to_vec(),
        rows: m
            .by
            .iter()
            .map(|(k, (v, of))| vec![text(words(f, k, lang)), text(pair(*v, *of, lang))])
            .collect(),
        right: vec![1],
        ..TableView::default()
    };
    let number = format!("{} {}", m.text(lang), f.unit.in_lang(lang));
    let said = match lang {
        Lang::Zh => format!("{}。{}", f.definition.zh, rule(lang)),
        Lang::En => format!("{}. {}", f.definition.en, rule(lang)),
    };
    let body = maud::html! {
        (top(lang, &Top { title: f.name.in_lang(lang).into(), sub: vec![s.name.clone(), days(p, lang), number], switch: periods(ctx, p, &format!("/figures/{}", f.id)), ..Top::default() }))
        (notes::strip(Pill::Mute, "", &said, None))
        @if !m.by.is_empty() { (lists::table(&parts)) }
    };
    Ok(Reply::page(tx_web::shell(ctx, f.name, "summary", None, body)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(value: i64, of: Option<i64>, by: &[(&str, i64, Option<i64>)]) -> Counted {
        Counted {
            value: Amount::Whole(value),
            of,
            by: by.iter().map(|(k, v, of)| ((*k).to_owned(), (*v, *of))).collect(),
            ..Counted::default()
        }
    }

    #[test]
    fn no_cell_under_five_stands_or_can_be_worked_out() {
        let shown = |n: i64| Cell::Shown(Amount::Whole(n));
        for n in 0..LEAST {
            assert_eq!(masked(&counted(n, None, &[])).value, Cell::Under);
        }
        assert_eq!(masked(&counted(5, None, &[])).value, shown(5));
        // one small part of a whole that is shown: a second one goes with it, the smallest
        let m = masked(&counted(31, None, &[("a", 20, None), ("b", 3, None), ("c", 8, None)]));
        assert_eq!(m.by["a"].0, shown(20));
        assert_eq!((m.by["b"].0, m.by["c"].0), (Cell::Under, Cell::Held));
        // two small ones hide each other
        let m = masked(&counted(24, None, &[("a", 20, None), ("b", 3, None), ("c", 1, None)]));
        assert_eq!(
            (m.by["a"].0, m.by["b"].0, m.by["c"].0),
            (shown(20), Cell::Under, Cell::Under)
        );
        // parts that add up to more than the whole give nothing away
        let m = masked(&counted(20, None, &[("a", 20, None), ("b", 3, None)]));
        assert_eq!((m.by["a"].0, m.by["b"].0), (shown(20), Cell::Under));
        let m = masked(&counted(9, Some(40), &[("a", 4, Some(30)), ("b", 5, Some(10))]));
        assert_eq!(m.by["a"], (Cell::Under, Some(shown(30))));
        assert_eq!(m.by["b"], (Cell::Held, Some(shown(10))));
    }
    #[test]
    fn a_hidden_count_is_null_and_says_why() {
        let f = crate::find("children.left_behind").expect("a figure");
        let v = masked(&counted(31, None, &[("a", 20, None), ("b", 3, None), ("c", 8, None)])).json(f, Lang::En);
        assert_eq!(
            v["by"],
            json!({"a": 20, "b": {"value": null, "under": 5}, "c": {"value": null, "held": true}})
        );
        assert!(v.get("records").is_none());
        let v = masked(&counted(2, None, &[])).json(f, Lang::En);
        assert_eq!((&v["value"], &v["under"]), (&Json::Null, &json!(5)));
    }
    /// Money, days and what nobody filled in are no counts.
    #[test]
    fn what_is_no_count_stands() {
        for v in [Amount::Cents(300), Amount::Nothing, Amount::Real(4.0)] {
            let n = Counted {
                value: v,
                ..Counted::default()
            };
            assert_eq!(masked(&n).value, Cell::Shown(v));
        }
    }
}

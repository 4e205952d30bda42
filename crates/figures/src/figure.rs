//! What a figure is: a name, a unit, a way of counting and the sentence of its 口径.

use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use tx_base::{Day, Id, Lang, Text, t};

/// A value as it is written: `value` in the JSON of interfaces.md.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Amount {
    /// the school has no such record or left the field open
    #[default]
    Nothing,
    Whole(i64),
    /// yuan in hundredths
    Cents(i64),
    /// what a profile holds, such as a radius in km
    Real(f64),
    Day(Day),
}

impl Amount {
    /// A whole number where it is one, a day as an ISO string, null for nothing.
    pub fn json(self) -> Json {
        match self {
            Amount::Nothing => Json::Null,
            Amount::Whole(n) => n.into(),
            Amount::Cents(n) if n % 100 == 0 => (n / 100).into(),
            Amount::Cents(n) => json!(n as f64 / 100.0),
            Amount::Real(x) if x.fract() == 0.0 && x.abs() < 1e15 => (x as i64).into(),
            Amount::Real(x) => json!(x),
            Amount::Day(d) => d.to_string().into(),
        }
    }
    /// As it stands in a sentence; nothing prints 〔未填〕.
    pub fn text(self, lang: Lang) -> String {
        match (self, lang) {
            (Amount::Nothing, _) => t("〔未填〕", "〔not filled in〕").in_lang(lang).to_owned(),
            (Amount::Day(d), Lang::Zh) => d.zh_long(),
            (Amount::Day(d), Lang::En) => d.to_string(),
            (other, _) => other.json().to_string(),
        }
    }
    /// As a whole number; 0 for nothing and for days.
    pub fn whole(self) -> i64 {
        match self {
            Amount::Whole(n) => n,
            Amount::Cents(n) => n / 100,
            Amount::Real(x) => x as i64,
            Amount::Nothing | Amount::Day(_) => 0,
        }
    }
    pub fn is_nothing(self) -> bool {
        self == Amount::Nothing
    }
}

/// What one counted thing is, so that its row opens the right page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Record,
    Child,
    /// a duty of a child in a period: reached or not
    Duty,
    Pairing,
    Member,
    Post,
    Profile,
}

/// One thing that a number counts. The items of a figure add up to it, unfiltered and within each key.
#[derive(Clone, Debug)]
pub struct Item {
    pub what: What,
    /// the row behind it: a record, a child, a pairing …
    pub source: Id,
    pub child: Option<Id>,
    pub adult: Option<Id>,
    pub on: Option<Day>,
    /// the kind of the record, where it is one
    pub kind: String,
    /// its place in the split
    pub key: Option<String>,
    /// how much it adds to the value, in the value's smallest unit
    pub counts: i64,
    /// how much it adds within its key: a child counts once in each festival
    pub in_key: i64,
}

/// A figure of a school and period.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub value: Amount,
    /// the other number of a share: what was owed
    pub of: Option<i64>,
    /// a split by month, `2025-1`, festival or class code: (value, of)
    pub by: BTreeMap<String, (i64, Option<i64>)>,
    /// ids of the records or files that were counted
    pub records: Vec<Id>,
    pub items: Vec<Item>,
}

impl Counted {
    /// As the API and the report write it, without names.
    pub fn json(&self, f: &Figure, lang: Lang) -> Json {
        let mut v = json!({"id": f.id, "name": f.name.in_lang(lang), "value": self.value.json(), "unit": f.unit.in_lang(lang),
            "records": self.records, "definition": f.definition.in_lang(lang)});
        if let Some(of) = self.of {
            v["of"] = of.into();
        }
        if !self.by.is_empty() {
            let one = |(value, of): &(i64, Option<i64>)| match of {
                Some(of) => json!({"value": value, "of": of}),
                None => Json::from(*value),
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
}

/// Which records a figure looks at.
#[derive(Clone, Copy, Debug)]
pub struct Pick {
    pub kinds: &'static [&'static str],
    /// `done` or `planned`: what is planned is never counted as done
    pub state: &'static str,
    /// what the head must say
    pub head: Option<Test>,
    /// what a line must say to be counted
    pub line: Option<Test>,
}
/// A condition on the plain fields of a head or a line.
#[derive(Clone, Copy, Debug)]
pub enum Test {
    /// a choice, or one of several choices
    Is(&'static str, &'static str),
    /// none of these choices; a field left open is none of them
    Not(&'static str, &'static [&'static str]),
    Yes(&'static str),
    /// the field is filled in
    Has(&'static str),
    /// a whole number of at least one
    Some(&'static str),
    /// both on a line: the field, and the child left-behind on that day (or the line says so)
    YesAndLeftBehind(&'static str),
    /// a record of one class
    OfClass,
}

/// Whom the lines name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Children,
    Adults,
    Everyone,
}

/// Whose spells count as a set of children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    LeftBehind,
    /// of the left-behind: girls, boys
    Sex(&'static str),
    /// of the left-behind: boarders
    Boarders,
    /// joined the list, left it in the period
    Joined,
    Left,
    Key,
    KeyWithHelper,
    /// in a class of the school at some time of the period
    Pupils,
}

/// What pairings count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// pairings themselves
    Bonds,
    Helpers,
    Children,
}
/// Which pairings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    Any,
    /// of this kind
    Kind(&'static str),
    /// whose helper is this kind of adult
    Adult(&'static str),
}

/// The duties behind a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// of a kind, one for each child and month
    Monthly(&'static str),
    /// of a kind, in this part of each term
    Window(&'static str, &'static str),
    /// of a kind, one for each child and period of its rule
    All(&'static str),
    /// every duty of staff about a child
    Everything,
    /// the excused ones, which shares leave out
    Excused,
}

/// A way of counting.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// records (次)
    Records,
    /// lines on children (人次)
    PersonTimes,
    /// the sum of the quantities of child lines (件)
    Pieces,
    /// distinct people of the lines; a record whose lines name nobody of them counts with this field of its head
    People(Who, Option<&'static str>),
    /// the sum of a whole number of the heads; `1` where a head leaves it open, when so said
    Sum(&'static str, bool),
    /// a field of the last record: a number, money or a day
    Last(&'static str),
    /// the different values of a choice field of the heads
    Values(&'static str),
    /// one field of the lines less another, in yuan
    Balance(&'static str, &'static str),
    /// records in force at the end of the period
    InForce,
    /// what the school's profile of the school year says
    Profile(&'static str),
    /// members of the leading group of the school year with this position
    Group(Seat),
    /// people in this post
    Post(&'static str),
    Children(Set),
    Pairs(Bond, Pair),
    /// share: reached among those to whom it was owed
    Reached(Owed),
}
/// A seat in the leading group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    Position(&'static str),
    ClassTeachers,
    Everyone,
}

/// How a figure is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Nothing,
    Month,
    Term,
    Class,
    /// a choice field of the head
    Field(&'static str),
    /// the period of the duty
    Period,
}

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub id: &'static str,
    pub name: Text,
    pub unit: Text,
    pub pick: Pick,
    pub how: How,
    pub by: By,
    /// only inside a report to the authority (features G3)
    pub authority: bool,
    /// the sentence of its 口径
    pub definition: Text,
}

const NONE: Pick = Pick {
    kinds: &[],
    state: "done",
    head: None,
    line: None,
};
/// A figure over done records of one kind or several.
pub(crate) const fn of(
    id: &'static str,
    name: Text,
    unit: Text,
    kinds: &'static [&'static str],
    how: How,
    definition: Text,
) -> Figure {
    Figure {
        id,
        name,
        unit,
        pick: Pick { kinds, ..NONE },
        how,
        by: By::Nothing,
        authority: false,
        definition,
    }
}
/// A figure that looks at no record.
pub(crate) const fn plain(id: &'static str, name: Text, unit: Text, how: How, definition: Text) -> Figure {
    of(id, name, unit, &[], how, definition)
}
impl Figure {
    pub(crate) const fn by(mut self, by: By) -> Figure {
        self.by = by;
        self
    }
    pub(crate) const fn head(mut self, test: Test) -> Figure {
        self.pick.head = Some(test);
        self
    }
    pub(crate) const fn line(mut self, test: Test) -> Figure {
        self.pick.line = Some(test);
        self
    }
    pub(crate) const fn planned(mut self) -> Figure {
        self.pick.state = "planned";
        self
    }
    pub(crate) const fn authority(mut self) -> Figure {
        self.authority = true;
        self
    }
}

pub(crate) mod unit {
    use tx_base::{Text, t};
    pub const TIMES: Text = t("次", "times");
    pub const PERSON_TIMES: Text = t("人次", "person-times");
    pub const PERSONS: Text = t("人", "persons");
    pub const CHILDREN: Text = t("名", "children");
    pub const PIECES: Text = t("件", "pieces");
    pub const GROUPS: Text = t("组", "groups");
    pub const YUAN: Text = t("元", "yuan");
    pub const ITEMS: Text = t("项", "items");
    pub const PAIRS: Text = t("对", "pairs");
    pub const DAY: Text = t("", "");
}

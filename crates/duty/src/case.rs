//! What the engine is given: dated facts, and nothing that it could not be given again tomorrow.

use crate::{Outcome, Post, Scheme, Subject};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tx_base::{Day, Id};
use tx_calendar::Calendar;

/// Days from `from` to `to`, both inside; without `to` for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spell {
    pub from: Day,
    pub to: Option<Day>,
}

impl Spell {
    pub fn new(from: Day, to: Option<Day>) -> Spell {
        Spell { from, to }
    }
    pub fn has(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A child in a class of this school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClassStay {
    pub class: Id,
    pub from: Day,
    pub to: Option<Day>,
}

/// A child's dated facts. The child is in scope of a rule on the days of the rule's spells on which it is also in some
/// class of the school; spells may touch and overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    pub id: Id,
    /// Stays do not overlap; of two that do, the one that began later is the class.
    pub classes: Vec<ClassStay>,
    /// Left-behind by the school's chosen definition.
    pub left_behind: Vec<Spell>,
    pub key: Vec<Spell>,
    pub paired: Vec<Spell>,
    pub boarder: Vec<Spell>,
}

impl Child {
    pub fn new(id: Id) -> Child {
        Child {
            id,
            classes: Vec::new(),
            left_behind: Vec::new(),
            key: Vec::new(),
            paired: Vec::new(),
            boarder: Vec::new(),
        }
    }
    /// The class on a day.
    pub fn class_on(&self, day: Day) -> Option<Id> {
        let there = self.classes.iter().filter(|s| Spell::new(s.from, s.to).has(day));
        there.max_by_key(|s| (s.from, s.class)).map(|s| s.class)
    }
}

/// A class as a subject of its own, on the days on which it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    pub id: Id,
    pub from: Day,
    pub to: Option<Day>,
}

/// Who holds a post, for one child, one class or (neither) the school. The most particular row holds: child, then the
/// child's class, then the school; among equals the one that began last, then the lowest account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRow {
    pub post: Post,
    pub account: Id,
    #[serde(default)]
    pub child: Option<Id>,
    #[serde(default)]
    pub class: Option<Id>,
    pub from: Day,
    #[serde(default)]
    pub to: Option<Day>,
}

/// One line of a record that was done: planned and cancelled records give none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub record: Id,
    pub subject: Subject,
    /// The day on which it happened, not the one on which it was written.
    pub day: Day,
    pub kind: Arc<str>,
    #[serde(default)]
    pub outcome: Outcome,
    /// What a rule may ask beside kind and outcome, as `teaching`.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// 免做: excused with a reason. Counted apart; a line that settles the duty all the same makes it done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    pub duty: Id,
    pub reason: String,
}

/// 改日子: another last day for the window. A day before the window's first is taken as the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub duty: Id,
    pub to: Day,
}

/// 交给别人.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assign {
    pub duty: Id,
    pub owner: Id,
}

/// A follow-up that a record promised ("come again in mid-October"): a duty of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub id: Id,
    pub child: Id,
    pub kind: Arc<str>,
    pub from: Day,
    pub to: Day,
    /// The record that promised; it does not settle its own promise.
    pub record: Id,
    /// Who promised; without one the class teacher.
    #[serde(default)]
    pub owner: Option<Id>,
}

/// Written facts beside the derived duties. Of several for one duty the last in the list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    #[serde(default)]
    pub excuses: Vec<Excuse>,
    #[serde(default)]
    pub moves: Vec<Move>,
    #[serde(default)]
    pub assigns: Vec<Assign>,
    #[serde(default)]
    pub promises: Vec<Promise>,
}

/// Everything that duties follow from. For one child's page load that child's facts and lines alone.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    pub calendar: &'a Calendar,
    pub scheme: &'a Scheme,
    pub school: Id,
    pub children: Vec<Child>,
    pub classes: Vec<Class>,
    pub posts: Vec<PostRow>,
    pub lines: Vec<Line>,
    pub facts: Facts,
}

impl<'a> Case<'a> {
    /// A case with nobody in it yet.
    pub fn new(calendar: &'a Calendar, scheme: &'a Scheme, school: Id) -> Case<'a> {
        let (children, classes, posts, lines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Case {
            calendar,
            scheme,
            school,
            children,
            classes,
            posts,
            lines,
            facts: Facts::default(),
        }
    }
}

/// What a [`Plan`](crate::Plan) is asked about: a case without calendar and scheme, borrowed from wherever it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub school: Id,
    pub children: &'a [Child],
    pub classes: &'a [Class],
    pub posts: &'a [PostRow],
    pub lines: &'a [Line],
    pub facts: &'a Facts,
}

impl<'a> From<&'a Case<'_>> for Given<'a> {
    fn from(case: &'a Case<'_>) -> Given<'a> {
        Given {
            school: case.school,
            children: &case.children,
            classes: &case.classes,
            posts: &case.posts,
            lines: &case.lines,
            facts: &case.facts,
        }
    }
}

//! Sorts of things as declarations, over the field types of the records.

use serde_json::{Map, Value as Json, json};
use std::sync::OnceLock;
use tx_access::{Post, Role, Scope};
use tx_base::{Day, Text, t};
use tx_record::Field;
use tx_store::Class;
use tx_web::parts::marks::Pill;

/// Where a sort is found: the entry of the side bar that its things belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Child,
    Family,
    Room,
    Activity,
    Means,
    Papers,
}

impl Group {
    pub const ALL: [Group; 6] = [
        Group::Child,
        Group::Family,
        Group::Room,
        Group::Activity,
        Group::Means,
        Group::Papers,
    ];
    pub const fn name(self) -> Text {
        match self {
            Group::Child => t("孩子的事", "About a child"),
            Group::Family => t("家庭", "Family"),
            Group::Room => t("关爱室", "Care room"),
            Group::Activity => t("活动", "Activities"),
            Group::Means => t("项目和物资", "Means"),
            Group::Papers => t("制度和资料", "Papers"),
        }
    }
}

/// Whom a thing belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// the school; it has a name of its own
    School,
    /// one child: it is called by the child's name and lies under the child's key
    Child,
}

/// One state of a thing's life.
#[derive(Clone, Copy, Debug)]
pub struct State {
    pub id: &'static str,
    pub name: Text,
    pub tone: Pill,
    /// nothing is to be done any more
    pub over: bool,
    /// what it says cannot be changed any more, only steps can be taken
    pub locked: bool,
}

pub const fn state(id: &'static str, name: Text, tone: Pill) -> State {
    State {
        id,
        name,
        tone,
        over: false,
        locked: false,
    }
}

impl State {
    #[must_use]
    pub const fn locked(mut self) -> State {
        self.locked = true;
        self
    }
    #[must_use]
    pub const fn over(mut self) -> State {
        self.over = true;
        self
    }
}

/// A step from one state to the next.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub id: &'static str,
    /// the word of its button
    pub name: Text,
    pub from: &'static [&'static str],
    pub to: &'static str,
    /// fields of the sort that are asked with this step and not before
    pub asks: &'static [&'static str],
    /// those that may not be left empty
    pub needs: &'static [&'static str],
    /// who may, beside what the sort says of writers
    pub may: fn(&Scope) -> bool,
}

impl Step {
    pub const PLAIN: Step = Step {
        id: "",
        name: t("", ""),
        from: &[],
        to: "",
        asks: &[],
        needs: &[],
        may: anyone,
    };
}

/// A sort of thing.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub id: &'static str,
    pub name: Text,
    /// the one character of its seal
    pub seal: &'static str,
    pub group: Group,
    /// what it is for, in a sentence
    pub says: Text,
    pub about: About,
    /// how its own name is asked for
    pub title: Text,
    /// one live thing of a name in a school
    pub unique: bool,
    pub fields: &'static [Field],
    /// fields that a list shows
    pub brief: &'static [&'static str],
    /// how its first and last day are asked for, if it has them
    pub span: Option<(Text, Text)>,
    /// how the person in charge and the day by which it is to be done are asked for, if it has them
    pub due: Option<(Text, Text)>,
    /// the unit of what there is of it, if it is counted: never below zero
    pub stock: Option<Text>,
    /// the first is that of a new thing
    pub states: &'static [State],
    pub steps: &'static [Step],
    /// of a thing about a child: what of the child one must be allowed to see
    pub class: Class,
    pub reads: fn(&Scope) -> bool,
    pub writes: fn(&Scope) -> bool,
    /// what its values must hold together: the field that does not, and why
    pub rule: fn(&Map<String, Json>, Option<Day>, Option<Day>) -> Option<(&'static str, Text)>,
}

/// Anybody who may write at all.
pub fn anyone(_: &Scope) -> bool {
    true
}
/// All staff of the school, and who only looks.
pub fn staff(scope: &Scope) -> bool {
    scope.roles.iter().any(|r| r.is_staff() || *r == Role::Inspector) || scope.holds(Post::Office)
}
/// Staff who work with the children.
pub fn carers(scope: &Scope) -> bool {
    scope.roles.iter().any(|r| r.is_staff()) || scope.holds(Post::Office)
}
/// Head, leading group and office.
pub fn leading(scope: &Scope) -> bool {
    scope.is(Role::Head) || scope.is(Role::Leader) || scope.holds(Post::Office)
}
/// The head, who approves.
pub fn head(scope: &Scope) -> bool {
    scope.is(Role::Head)
}
/// Who keeps the store, beside those who lead.
pub fn storekeepers(scope: &Scope) -> bool {
    scope.holds(Post::Store) || leading(scope)
}
/// Who looks after the care room, beside those who lead.
pub fn room_keepers(scope: &Scope) -> bool {
    scope.holds(Post::Room) || scope.is(Role::DutyLeader) || storekeepers(scope)
}
fn no_rule(_: &Map<String, Json>, _: Option<Day>, _: Option<Day>) -> Option<(&'static str, Text)> {
    None
}

/// There and gone: what has no life but that it exists.
pub const THERE: &[State] = &[
    state("there", t("在用", "in use"), Pill::Ok),
    state("gone", t("不用了", "no longer"), Pill::Mute).over(),
];
pub const PUT_AWAY: &[Step] = &[
    Step {
        id: "put_away",
        name: t("不用了", "Put away"),
        from: &["there"],
        to: "gone",
        ..Step::PLAIN
    },
    Step {
        id: "take_back",
        name: t("还用", "Take it back"),
        from: &["gone"],
        to: "there",
        ..Step::PLAIN
    },
];

impl Sort {
    /// The plain sort that declarations start from.
    pub const PLAIN: Sort = Sort {
        id: "",
        name: t("", ""),
        seal: "物",
        group: Group::Means,
        says: t("", ""),
        about: About::School,
        title: t("名称", "Name"),
        unique: false,
        fields: &[],
        brief: &[],
        span: None,
        due: None,
        stock: None,
        states: THERE,
        steps: PUT_AWAY,
        class: Class::P,
        reads: staff,
        writes: leading,
        rule: no_rule,
    };
    pub fn state(&self, id: &str) -> &State {
        self.states.iter().find(|s| s.id == id).unwrap_or(&self.states[0])
    }
    pub fn step(&self, id: &str) -> Option<&'static Step> {
        self.steps.iter().find(|s| s.id == id)
    }
    pub fn field(&self, id: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.id == id)
    }
    /// Fields that are asked when it is written: those of a later step come with that step.
    pub fn asked(&self) -> impl Iterator<Item = &'static Field> {
        let steps = self.steps;
        self.fields
            .iter()
            .filter(move |f| !steps.iter().any(|s| s.asks.contains(&f.id)))
    }
    /// As `GET /api/v1/sorts` shows it.
    pub fn describe(&self) -> Json {
        let both = |t: Text| json!({"zh": t.zh, "en": t.en});
        let fields: Vec<Json> = self
            .fields
            .iter()
            .map(|f| json!({"id": f.id, "name": both(f.name), "type": f.type_code(), "schema": f.schema()}))
            .collect();
        let states: Vec<Json> = self
            .states
            .iter()
            .map(|s| json!({"id": s.id, "name": both(s.name), "over": s.over}))
            .collect();
        let steps: Vec<Json> = self
            .steps
            .iter()
            .map(|s| json!({"id": s.id, "name": both(s.name), "from": s.from, "to": s.to, "asks": s.asks, "needs": s.needs}))
            .collect();
        json!({"id": self.id, "name": both(self.name), "about": if self.about == About::Child { "child" } else { "school" },
            "fields": fields, "states": states, "steps": steps, "span": self.span.is_some(), "due": self.due.is_some(), "stock": self.stock.map(both)})
    }
}

static SORTS: OnceLock<&'static [&'static Sort]> = OnceLock::new();

/// Tells the program which sorts there are, once at its start. Panics on a declaration that contradicts itself.
pub fn install_sorts(all: &'static [&'static Sort]) {
    for (i, s) in all.iter().enumerate() {
        assert!(
            !all[..i].iter().any(|o| o.id == s.id),
            "sort {} is declared twice",
            s.id
        );
        let known = |f: &&str| s.field(f).is_some();
        assert!(
            s.brief.iter().all(|f| known(&f)),
            "{}: brief names an unknown field",
            s.id
        );
        for step in s.steps {
            assert!(
                step.asks.iter().chain(step.needs).all(|f| known(&f)),
                "{}.{}: unknown field",
                s.id,
                step.id
            );
            let state = |id: &&str| s.states.iter().any(|x| x.id == *id);
            assert!(
                step.from.iter().chain([&step.to]).all(|x| state(&x)),
                "{}.{}: unknown state",
                s.id,
                step.id
            );
        }
    }
    tx_record::conflicts::install(crate::write::MERGES);
    SORTS.get_or_init(|| all);
}
/// All sorts.
pub fn all_sorts() -> &'static [&'static Sort] {
    SORTS.get().copied().unwrap_or_default()
}
pub fn find_sort(id: &str) -> Option<&'static Sort> {
    all_sorts().iter().copied().find(|s| s.id == id)
}

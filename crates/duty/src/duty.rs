//! What the engine gives back.

use crate::Post;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tx_base::{Day, Id, Span, Text, t};

/// The rule id of duties that a record promised; their period key is the promise's id.
pub const FOLLOW_UP: &str = "follow_up";

/// For whom something is owed, and whom a line touches. In JSON `{"child": id}` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Child(Id),
    Class(Id),
    School(Id),
}

impl Subject {
    pub const fn id(self) -> Id {
        match self {
            Subject::Child(id) | Subject::Class(id) | Subject::School(id) => id,
        }
    }
    pub const fn child(self) -> Option<Id> {
        match self {
            Subject::Child(id) => Some(id),
            _ => None,
        }
    }
}

/// Where a duty stands on a day (schemes.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not begun; only on request.
    Upcoming,
    /// The window has begun, nothing has settled it.
    Open,
    Done,
    Excused,
    /// The window is over, the next window of the rule is not (30 days where there is none).
    Overdue,
    /// After that: counted, out of the nag list.
    Missed,
}

impl State {
    pub const ALL: [State; 6] = [
        State::Upcoming,
        State::Open,
        State::Done,
        State::Excused,
        State::Overdue,
        State::Missed,
    ];
    pub const fn code(self) -> &'static str {
        match self {
            State::Upcoming => "upcoming",
            State::Open => "open",
            State::Done => "done",
            State::Excused => "excused",
            State::Overdue => "overdue",
            State::Missed => "missed",
        }
    }
    pub const fn name(self) -> Text {
        match self {
            State::Upcoming => t("还没到", "not yet begun"),
            State::Open => t("待办", "open"),
            State::Done => t("完成", "done"),
            State::Excused => t("免做", "excused"),
            State::Overdue => t("逾期", "overdue"),
            State::Missed => t("未做", "missed"),
        }
    }
    /// Still to be acted on: open or overdue.
    pub const fn is_live(self) -> bool {
        matches!(self, State::Open | State::Overdue)
    }
}

/// One rule for one subject in one period, as it stands on the day asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// Derived from subject, rule and period: the same duty always has the same id.
    pub id: Id,
    #[serde(flatten)]
    pub subject: Subject,
    /// The rule's id, or [`FOLLOW_UP`].
    pub rule: Arc<str>,
    /// The kind of record that is asked for.
    pub kind: Arc<str>,
    /// `2026-11`, `2025-1`, `2025-1:start`, `2025-1:w03`, `dragon_boat-2026`, `2025-1#2`.
    pub period: Arc<str>,
    /// The days on which it can be done: the period, clipped to the scope, its end moved where someone moved it.
    pub window: Span,
    pub state: State,
    /// Settled after its window.
    pub late: bool,
    /// The day of the line that settled it.
    pub done_on: Option<Day>,
    /// The post that owes it. `Family` is no work of the staff: leave it out of Today and of coverage.
    pub post: Post,
    /// The account that owes it; `None` where nobody holds the post, and for the family.
    pub owner: Option<Id>,
    /// Someone gave it another last day.
    pub moved: bool,
    /// Why it is excused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excuse: Option<String>,
    /// The record that settled it first, then others of the same window that had nothing left to settle.
    pub records: Vec<Id>,
    /// Records of tries and refusals made while it was open or overdue.
    pub tries: Vec<Id>,
}

impl Duty {
    /// In the work of the staff: not the family's.
    pub fn is_staff(&self) -> bool {
        self.post != Post::Family
    }
}

/// The id of a duty. 128 bits of a plain mixing hash, written as a UUID of version 8: stable over releases, not a secret.
pub fn duty_id(subject: Subject, rule: &str, period: &str) -> Id {
    id_from(subject, text_hash(rule, period))
}

/// FNV-1a of 128 bits over both texts, parted by a byte that no UTF-8 text holds.
pub(crate) fn text_hash(rule: &str, period: &str) -> u128 {
    let mut h: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for b in rule.bytes().chain([0xff]).chain(period.bytes()) {
        h = (h ^ u128::from(b)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    h
}

pub(crate) fn id_from(subject: Subject, text: u128) -> Id {
    let tag = match subject {
        Subject::Child(_) => 1u64,
        Subject::Class(_) => 2,
        Subject::School(_) => 3,
    };
    let who = subject.id().0.as_u128();
    let (mut a, mut b) = (0x9E37_79B9_7F4A_7C15u64, 0xD1B5_4A32_D192_ED03u64);
    let half = |x: u128, high: bool| u64::try_from(if high { x >> 64 } else { x & u128::from(u64::MAX) }).unwrap_or(0);
    for word in [
        tag,
        half(who, true),
        half(who, false),
        half(text, true),
        half(text, false),
    ] {
        a = mix(a ^ word);
        b = mix(b.rotate_left(23) ^ word.wrapping_mul(0xBF58_476D_1CE4_E5B9) ^ a);
    }
    Id::of(((u128::from(a) << 64) | u128::from(b)).to_be_bytes())
}

/// The finisher of splitmix64.
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

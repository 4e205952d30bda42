//! What can go wrong, in words for the person who must act on it.

use crate::{Say, Text, say};

pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// One wrong field: its name in the API and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub field: String,
    pub reason: Say,
}

/// Every refusal of the program. Each has one HTTP status and a sentence; none carries SQL, paths or another's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 404: it is not there, or not for this person: the two look alike.
    NotFound,
    /// 401: who is asking is not known.
    Unknown(Say),
    /// 403: known, and not allowed this act.
    Forbidden(Say),
    /// 422: fields are wrong; the sentence sums up, the list says where.
    Invalid(Say, Vec<FieldFault>),
    /// 400: the request itself cannot be read.
    Bad(Say),
    /// 409: it meets something that stands already.
    Conflict(Say),
    /// 409 with the fields that meet something that stands already.
    Taken(Say, Vec<FieldFault>),
    /// 409 with `Retry-After`: the same request is still running.
    Running,
    /// 413, 415 and their like, by number.
    Limit(u16, Say),
    /// 429 with seconds to wait.
    Slow(u32),
    /// 507: the disk does not take the write.
    Full,
    /// 500: the cause goes to the log, the person gets a number.
    Broken(String),
}

impl Fault {
    pub fn invalid(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        let reason = say(zh, en);
        Fault::Invalid(
            reason.clone(),
            vec![FieldFault {
                field: field.into(),
                reason,
            }],
        )
    }
    /// Several wrong fields at once.
    pub fn fields(errors: Vec<FieldFault>) -> Fault {
        let n = errors.len();
        let first = errors
            .first()
            .map(|e| e.reason.clone())
            .unwrap_or_else(|| say("有误", "wrong"));
        let sum = if n == 1 {
            first
        } else {
            say(
                format!("有 {n} 处要改：{}", first.zh),
                format!("{n} places to mend: {}", first.en),
            )
        };
        Fault::Invalid(sum, errors)
    }
    pub fn forbidden(t: Text) -> Fault {
        Fault::Forbidden(t.into())
    }
    pub fn broken(cause: impl std::fmt::Display) -> Fault {
        Fault::Broken(cause.to_string())
    }
    pub fn status(&self) -> u16 {
        match self {
            Fault::NotFound => 404,
            Fault::Unknown(_) => 401,
            Fault::Forbidden(_) => 403,
            Fault::Invalid(..) => 422,
            Fault::Bad(_) => 400,
            Fault::Conflict(_) | Fault::Taken(..) | Fault::Running => 409,
            Fault::Limit(n, _) => *n,
            Fault::Slow(_) => 429,
            Fault::Full => 507,
            Fault::Broken(_) => 500,
        }
    }
    pub fn say(&self) -> Say {
        match self {
            Fault::NotFound => say("没有这个，或不归您看", "Not found, or not yours to see"),
            Fault::Unknown(s)
            | Fault::Forbidden(s)
            | Fault::Bad(s)
            | Fault::Conflict(s)
            | Fault::Taken(s, _)
            | Fault::Limit(_, s)
            | Fault::Invalid(s, _) => s.clone(),
            Fault::Running => say(
                "同一个请求还在办，请稍等",
                "The same request is still running; wait a moment",
            ),
            Fault::Slow(n) => say(
                format!("太快了，请等 {n} 秒再试"),
                format!("Too fast; try again in {n} s"),
            ),
            Fault::Full => say(
                "磁盘写不进去了，刚才的没有存上；已有的都还在",
                "The disk takes no more; nothing of this was stored, all else is safe",
            ),
            Fault::Broken(_) => say(
                "系统出了错，没有存上，请再试一次",
                "Something broke; nothing was stored, please try again",
            ),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Broken(why) => write!(f, "{why}"),
            other => write!(f, "{}", other.say().en),
        }
    }
}
impl std::error::Error for Fault {}

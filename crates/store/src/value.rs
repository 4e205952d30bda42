//! Values and rows as they pass between the program and either database.

use tx_base::{Day, Id, Time};

/// One value of a column. Days travel as ISO text, times as milliseconds, JSON as text (stack.md, SQL rule 4).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
    Id(Id),
}

macro_rules! from {
    ($($ty:ty => |$v:ident| $make:expr),* $(,)?) => { $(impl From<$ty> for Value { fn from($v: $ty) -> Value { $make } })* };
}
from! {
    i64 => |v| Value::Int(v), i32 => |v| Value::Int(v.into()), u32 => |v| Value::Int(v.into()), usize => |v| Value::Int(v as i64),
    f64 => |v| Value::Real(v), bool => |v| Value::Bool(v), &str => |v| Value::Text(v.into()), String => |v| Value::Text(v), &String => |v| Value::Text(v.clone()),
    Vec<u8> => |v| Value::Bytes(v), &[u8] => |v| Value::Bytes(v.to_vec()), [u8; 32] => |v| Value::Bytes(v.to_vec()),
    Id => |v| Value::Id(v), &Id => |v| Value::Id(*v), Day => |v| Value::Text(v.to_string()), Time => |v| Value::Int(v.0), &Value => |v| v.clone(),
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Value {
        v.map_or(Value::Null, Into::into)
    }
}

/// A row that was read; columns by position in the `select`. A wrong type is a fault of the program and panics.
#[derive(Clone, Debug)]
pub struct Row(pub Vec<Value>);

impl Row {
    pub fn is_null(&self, i: usize) -> bool {
        matches!(self.0[i], Value::Null)
    }
    pub fn int(&self, i: usize) -> i64 {
        self.opt_int(i)
            .unwrap_or_else(|| panic!("column {i} is no number: {:?}", self.0[i]))
    }
    pub fn opt_int(&self, i: usize) -> Option<i64> {
        match &self.0[i] {
            Value::Int(n) => Some(*n),
            Value::Bool(b) => Some((*b).into()),
            Value::Real(r) => Some(*r as i64),
            _ => None,
        }
    }
    pub fn real(&self, i: usize) -> Option<f64> {
        match &self.0[i] {
            Value::Int(n) => Some(*n as f64),
            Value::Real(r) => Some(*r),
            _ => None,
        }
    }
    pub fn bool(&self, i: usize) -> bool {
        matches!(&self.0[i], Value::Bool(true) | Value::Int(1))
    }
    pub fn opt_bool(&self, i: usize) -> Option<bool> {
        (!self.is_null(i)).then(|| self.bool(i))
    }
    pub fn text(&self, i: usize) -> String {
        match &self.0[i] {
            Value::Text(t) => t.clone(),
            Value::Null => String::new(),
            other => panic!("column {i} is no text: {other:?}"),
        }
    }
    pub fn str(&self, i: usize) -> &str {
        match &self.0[i] {
            Value::Text(t) => t,
            Value::Null => "",
            other => panic!("column {i} is no text: {other:?}"),
        }
    }
    pub fn opt_text(&self, i: usize) -> Option<String> {
        (!self.is_null(i)).then(|| self.text(i))
    }
    pub fn bytes(&self, i: usize) -> Vec<u8> {
        match &self.0[i] {
            Value::Bytes(b) => b.clone(),
            Value::Null => Vec::new(),
            other => panic!("column {i} is no bytes: {other:?}"),
        }
    }
    pub fn opt_bytes(&self, i: usize) -> Option<Vec<u8>> {
        (!self.is_null(i)).then(|| self.bytes(i))
    }
    pub fn id(&self, i: usize) -> Id {
        self.opt_id(i)
            .unwrap_or_else(|| panic!("column {i} is no id: {:?}", self.0[i]))
    }
    pub fn opt_id(&self, i: usize) -> Option<Id> {
        match &self.0[i] {
            Value::Id(id) => Some(*id),
            // SQLite has no type for ids and gives their 16 bytes
            Value::Bytes(b) => Some(Id(uuid::Uuid::from_slice(b).ok()?)),
            Value::Text(t) => t.parse().ok(),
            _ => None,
        }
    }
    pub fn day(&self, i: usize) -> Day {
        self.opt_day(i)
            .unwrap_or_else(|| panic!("column {i} is no day: {:?}", self.0[i]))
    }
    pub fn opt_day(&self, i: usize) -> Option<Day> {
        match &self.0[i] {
            Value::Text(t) => t.parse().ok(),
            _ => None,
        }
    }
    pub fn time(&self, i: usize) -> Time {
        Time(self.int(i))
    }
    pub fn json(&self, i: usize) -> serde_json::Value {
        match &self.0[i] {
            Value::Text(t) => serde_json::from_str(t).unwrap_or(serde_json::Value::Null),
            _ => serde_json::Value::Null,
        }
    }
}

/// Adds `items` to the parameters and gives their places, for `… in ({places})`. No items give `null`, which nothing equals, so that an empty
/// list finds nothing instead of being an error. The last one is repeated up to a power of two, so that few texts of a query are made, which the
/// databases keep ready.
pub fn places<V: Into<Value>>(params: &mut Vec<Value>, items: impl IntoIterator<Item = V>) -> String {
    let before = params.len();
    params.extend(items.into_iter().map(Into::into));
    let Some(last) = params[before..].last().cloned() else {
        return "null".into();
    };
    let full = (params.len() - before).next_power_of_two();
    params.resize(before + full, last);
    let all: Vec<String> = (before + 1..=params.len()).map(|i| format!("?{i}")).collect();
    all.join(", ")
}

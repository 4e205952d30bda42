//! Small JSON bodies read field by field: every field is declared, and all that is wrong is named at once.

use crate::Ctx;
use serde_json::{Map, Value as Json};
use tx_base::{Day, Fault, FieldFault, Id, Result, Say, say};

/// A body under way. What is wrong is gathered; [`Given::done`] says it.
pub struct Given<'a> {
    /// the body as it was sent, for fields of another shape
    pub all: &'a Map<String, Json>,
    bad: Vec<FieldFault>,
}

impl<'a> Given<'a> {
    /// The body of a request that may have these fields and no others.
    pub fn of(ctx: &'a Ctx, known: &[&str]) -> Result<Given<'a>> {
        let all = ctx.json()?;
        let mut g = Given { all, bad: Vec::new() };
        for k in all.keys().filter(|k| !known.contains(&k.as_str())) {
            g.fault(k, say(format!("没有 {k} 这个字段"), format!("there is no field {k}")));
        }
        Ok(g)
    }
    pub fn fault(&mut self, field: &str, reason: Say) {
        self.bad.push(FieldFault {
            field: field.into(),
            reason,
        });
    }
    /// One line of at most `max` characters; empty counts as not given.
    pub fn text(&mut self, name: &str, max: usize) -> Option<String> {
        self.string(name, max, |c| c.is_control())
    }
    /// Words that may have several lines.
    pub fn words(&mut self, name: &str, max: usize) -> Option<String> {
        self.string(name, max, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    }
    fn string(&mut self, name: &str, max: usize, barred: fn(char) -> bool) -> Option<String> {
        match self.all.get(name) {
            None | Some(Json::Null) => None,
            Some(Json::String(s)) if s.trim().chars().count() <= max && !s.chars().any(barred) => {
                Some(s.trim().to_owned()).filter(|s| !s.is_empty())
            }
            Some(_) => {
                let reason = say(
                    format!("要写 {max} 个字以内的文字"),
                    format!("a text of at most {max} characters"),
                );
                self.fault(name, reason);
                None
            }
        }
    }
    /// As [`Given::text`], and a fault when it is missing.
    pub fn needed(&mut self, name: &str, max: usize) -> String {
        let before = self.bad.len();
        let v = self.text(name, max);
        if v.is_none() && self.bad.len() == before {
            self.fault(name, say("还没填", "missing"));
        }
        v.unwrap_or_default()
    }
    pub fn day(&mut self, name: &str) -> Option<Day> {
        match Day::parse(&self.text(name, 20)?) {
            Ok(d) => Some(d),
            Err(reason) => {
                self.fault(name, reason);
                None
            }
        }
    }
    pub fn id(&mut self, name: &str) -> Option<Id> {
        match self.text(name, 40)?.parse() {
            Ok(id) => Some(id),
            Err(()) => {
                self.fault(name, say("要 UUID", "a UUID is needed"));
                None
            }
        }
    }
    /// 422 with all that was wrong.
    pub fn done(self) -> Result<()> {
        if self.bad.is_empty() {
            Ok(())
        } else {
            Err(Fault::fields(self.bad))
        }
    }
}

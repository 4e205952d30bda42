//! One request as a handler sees it: who asks, what was sent, and the way to the door.

use crate::app::App;
use crate::reply::Reply;
use crate::route::Route;
use serde_json::Value as Json;
use std::sync::Arc;
use tx_access::{Scope, Session};
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Time, say};
use tx_store::{Act, Conn, Db, Once, Write};

/// The body as it was sent.
#[derive(Debug)]
pub enum Body {
    Empty,
    Json(Json),
    Form(Vec<(String, String)>),
    Parts(Vec<Part>),
    /// the content type is not one that this route takes
    Wrong(u16),
}
/// One part of a multipart body.
#[derive(Debug)]
pub struct Part {
    pub name: String,
    pub file_name: Option<String>,
    pub bytes: Vec<u8>,
}

pub struct Ctx {
    pub app: Arc<App>,
    pub route: &'static Route,
    pub path: String,
    pub params: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
    pub body: Body,
    pub body_hash: [u8; 32],
    pub lang: Lang,
    /// 字号, the reader's choice
    pub size: crate::parts::frame::Size,
    pub address: String,
    pub request: String,
    pub key: Option<String>,
    pub(crate) scope: Option<Scope>,
    pub session: Option<Session>,
    pub device: String,
    /// the `Cookie` header as it came
    pub(crate) cookies: String,
}

impl Ctx {
    pub fn db(&self) -> &Db {
        &self.app.db
    }
    pub fn today(&self) -> Day {
        self.app.db.clock().today()
    }
    pub fn now(&self) -> Time {
        self.app.db.clock().now()
    }
    /// Who asks. Routes for anyone may have nobody.
    pub fn scope(&self) -> Result<&Scope> {
        self.scope
            .as_ref()
            .ok_or_else(|| Fault::Unknown(say("请先登录", "Please sign in first")))
    }
    /// The account that asks, for the log.
    pub(crate) fn account(&self) -> Option<String> {
        self.scope.as_ref().map(|s| s.account.to_string())
    }
    pub fn maybe_scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }
    pub fn read<T>(&self, f: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        self.app.db.read(f)
    }
    /// A cookie of this name that is not empty, such as that of a family's link. Sessions are found by the server, not by it.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.cookies.split(';').filter_map(|c| c.trim().split_once('='));
        pairs
            .into_iter()
            .find(|(k, v)| *k == name && !v.is_empty())
            .map(|(_, v)| v)
    }
    /// A part of the path, `{id}`.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
    /// An id in the path; what is no id is not found.
    pub fn id(&self, name: &str) -> Result<Id> {
        self.param(name).parse().map_err(|()| Fault::NotFound)
    }
    /// A query parameter that is not empty.
    pub fn q(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
            .filter(|v| !v.is_empty())
    }
    /// A query parameter as a day.
    pub fn q_day(&self, name: &str) -> Result<Option<Day>> {
        self.q(name)
            .map(|v| {
                Day::parse(v).map_err(|e| {
                    Fault::Invalid(
                        e.clone(),
                        vec![FieldFault {
                            field: name.into(),
                            reason: e,
                        }],
                    )
                })
            })
            .transpose()
    }
    pub fn q_id(&self, name: &str) -> Result<Option<Id>> {
        self.q(name)
            .map(|v| {
                v.parse()
                    .map_err(|()| Fault::invalid(name, format!("{v} 不是编号"), format!("{v} is no id")))
            })
            .transpose()
    }
    /// `?limit=` (1–200, default 50).
    pub fn limit(&self) -> Result<usize> {
        match self.q("limit").map(str::parse::<usize>) {
            None => Ok(50),
            Some(Ok(n)) if (1..=200).contains(&n) => Ok(n),
            Some(_) => Err(Fault::invalid(
                "limit",
                "limit 要在 1 到 200 之间",
                "limit must be from 1 to 200",
            )),
        }
    }
    /// The JSON object that was sent.
    pub fn json(&self) -> Result<&serde_json::Map<String, Json>> {
        match &self.body {
            Body::Json(Json::Object(o)) => Ok(o),
            Body::Wrong(415) => Err(Fault::Limit(
                415,
                say("这里只收 application/json", "Only application/json is taken here"),
            )),
            Body::Wrong(_) => Err(Fault::Bad(say("JSON 读不懂", "The JSON cannot be read"))),
            _ => Err(Fault::Bad(say("要一个 JSON 对象", "A JSON object is needed"))),
        }
    }
    /// A field of a form or multipart body; empty when it was not sent.
    pub fn f(&self, name: &str) -> &str {
        match &self.body {
            Body::Form(fields) => fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v),
            Body::Parts(parts) => parts
                .iter()
                .find(|p| p.name == name && p.file_name.is_none())
                .map_or("", |p| std::str::from_utf8(&p.bytes).unwrap_or_default()),
            _ => "",
        }
    }
    /// All values of a form field of this name.
    pub fn f_all(&self, name: &str) -> Vec<&str> {
        match &self.body {
            Body::Form(fields) => fields
                .iter()
                .filter(|(n, _)| n == name)
                .map(|(_, v)| v.as_str())
                .collect(),
            Body::Parts(parts) => parts
                .iter()
                .filter(|p| p.name == name && p.file_name.is_none())
                .filter_map(|p| std::str::from_utf8(&p.bytes).ok())
                .collect(),
            _ => Vec::new(),
        }
    }
    /// All fields of a form.
    pub fn form(&self) -> &[(String, String)] {
        match &self.body {
            Body::Form(fields) => fields,
            _ => &[],
        }
    }
    /// The uploaded file.
    pub fn file(&self, name: &str) -> Result<&Part> {
        match &self.body {
            Body::Parts(parts) => parts
                .iter()
                .find(|p| p.name == name && p.file_name.is_some() && !p.bytes.is_empty())
                .ok_or_else(|| Fault::invalid(name, "请选一个文件", "Choose a file")),
            _ => Err(Fault::Limit(
                415,
                say("这里要用 multipart 上传文件", "A multipart upload is needed here"),
            )),
        }
    }
    /// This request's act, for the door.
    pub fn act(&self, action: &str) -> Result<Act> {
        Ok(self.scope()?.act(action))
    }
    /// The idempotency key of an API call or the one-time key of a form.
    pub fn once(&self) -> Result<Option<Once>> {
        let form_key = Some(self.f("key")).filter(|k| !k.is_empty());
        let Some(key) = self.key.as_deref().or(form_key) else {
            return Ok(None);
        };
        Once::check_key(key)?;
        let account = self.scope()?.account;
        Ok(Some(Once {
            account,
            route: format!("{} {}", self.route.method, self.path),
            key: key.into(),
            body_hash: self.body_hash,
        }))
    }
    /// An API write: status and JSON of `f`, once for each key.
    pub fn write_json(
        &self,
        act: Act,
        f: impl Fn(&mut Write) -> Result<(u16, Json)> + Send + 'static,
    ) -> Result<Reply> {
        let out = self.app.db.write_once(act, self.once()?, move |w| {
            f(w).map(|(status, v)| (status, v.to_string().into_bytes()))
        })?;
        let mut reply = Reply::new(out.status, "application/json", out.answer);
        if out.replayed {
            reply = reply.with("idempotency-replayed", "true".into());
        }
        Ok(reply)
    }
    /// A form's write: `f` gives where to go next, once for each one-time key.
    pub fn write_form(&self, act: Act, f: impl Fn(&mut Write) -> Result<String> + Send + 'static) -> Result<Reply> {
        let out = self
            .app
            .db
            .write_once(act, self.once()?, move |w| f(w).map(|to| (303, to.into_bytes())))?;
        Ok(Reply::see(&String::from_utf8_lossy(&out.answer)))
    }
    /// What stands under everything that leaves with names (security.md §1): who took it out, when and what for.
    pub fn exported(&self, purpose: &str) -> Result<String> {
        let (who, at) = (&self.scope()?.shown, self.now());
        let (day, time) = (at.day(), at.hour_minute());
        Ok(match self.lang {
            Lang::Zh => format!("注：{who} {day} {time} 导出，用途：{purpose}"),
            Lang::En => format!("注：exported by {who} on {day} {time}, for: {purpose}"),
        })
    }
    /// The form token of this session.
    pub fn csrf(&self) -> String {
        self.session
            .as_ref()
            .map(|s| csrf_of(&self.app.db, &s.hash))
            .unwrap_or_default()
    }
    /// A fresh one-time key for a form.
    pub fn form_key(&self) -> String {
        tx_seal::hex(&tx_seal::random::<16>())
    }
}

pub(crate) fn csrf_of(db: &Db, hash: &[u8]) -> String {
    tx_seal::hex(&db.keys().session_mac(&[b"form token", hash])[..16])
}

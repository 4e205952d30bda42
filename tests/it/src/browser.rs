//! Pages as a browser asks for them: a cookie, forms with the token of the page, no redirects followed.

/// One browser with its cookie.
pub struct Browser {
    address: String,
    cookie: String,
}
/// An answer with what a browser looks at.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub text: String,
    /// where a redirect leads
    pub to: String,
}

impl Browser {
    pub fn at(address: &str) -> Browser {
        Browser {
            address: address.to_owned(),
            cookie: String::new(),
        }
    }
    fn send(&mut self, method: &str, path: &str, body: Option<String>) -> Page {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let mut req = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address));
        if !self.cookie.is_empty() {
            req = req.header("cookie", &self.cookie);
        }
        let sent = match body {
            Some(b) => agent.run(
                req.header("content-type", "application/x-www-form-urlencoded")
                    .header("origin", &self.address)
                    .body(b)
                    .expect("a request"),
            ),
            None => agent.run(req.body(()).expect("a request")),
        };
        let mut res = sent.expect("the server answers");
        if let Some(c) = res.headers().get("set-cookie").and_then(|v| v.to_str().ok()) {
            self.cookie = c.split(';').next().unwrap_or_default().to_owned();
        }
        let to = res
            .headers()
            .get("location")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Page {
            status: res.status().as_u16(),
            text: res.body_mut().read_to_string().unwrap_or_default(),
            to,
        }
    }
    pub fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, None)
    }
    /// Posts a form; the token comes from the page at `from`.
    pub fn post(&mut self, from: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(from).text;
        let csrf = page
            .split("name=\"csrf\" value=\"")
            .nth(1)
            .and_then(|s| s.split('"').next())
            .unwrap_or_default()
            .to_owned();
        let escape = |v: &str| v.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let mut body: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={}", escape(v))).collect();
        body.push(format!("csrf={csrf}"));
        self.send("POST", action, Some(body.join("&")))
    }
    pub fn login(&mut self, user: &str, password: &str) -> Page {
        self.post("/login", "/login", &[("username", user), ("password", password)])
    }
}

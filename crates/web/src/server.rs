//! From HTTP to a handler and back: routing, session, form token, limits, headers, errors in words.

use crate::app::{App, Limit};
use crate::ctx::{Body, Ctx, Part, csrf_of};
use crate::parts::frame::Size;
use crate::reply::Reply;
use crate::route::{Route, Takes, Who};
use axum::body::Body as HttpBody;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tx_access::{Scope, SessionKind};
use tx_base::{Fault, Lang, Result, say, t};

const MIB: usize = 1 << 20;
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; \
connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// The session cookie's name.
pub fn cookie_name(app: &App) -> &'static str {
    if app.https() { "__Host-tx" } else { "tx" }
}

/// The cookie that carries a session, or takes it away when `token` is empty.
pub fn session_cookie(app: &App, token: &str, keep: bool) -> String {
    let mut c = format!("{}={token}; HttpOnly; SameSite=Lax; Path=/", cookie_name(app));
    if app.https() {
        c.push_str("; Secure");
    }
    if token.is_empty() {
        c.push_str("; Max-Age=0");
    } else if keep {
        c.push_str("; Max-Age=2592000");
    }
    c
}

struct Table {
    paths: matchit::Router<usize>,
    methods: Vec<Vec<&'static Route>>,
}
struct Shared {
    app: Arc<App>,
    table: Table,
}

/// The service of all declared routes. Fails when two routes claim one address.
pub fn service(app: Arc<App>) -> Result<axum::Router> {
    let mut table = Table {
        paths: matchit::Router::new(),
        methods: Vec::new(),
    };
    let mut seen: Vec<&'static str> = Vec::new();
    for r in app.routes {
        match seen.iter().position(|p| *p == r.path) {
            Some(at) => {
                if table.methods[at].iter().any(|k| k.method == r.method) {
                    return Err(Fault::broken(format!("{} {} is declared twice", r.method, r.path)));
                }
                table.methods[at].push(r);
            }
            None => {
                table.paths.insert(r.path, seen.len()).map_err(Fault::broken)?;
                seen.push(r.path);
                table.methods.push(vec![r]);
            }
        }
    }
    let shared = Arc::new(Shared { app, table });
    Ok(axum::Router::new().fallback(answer).with_state(shared))
}

async fn answer(State(s): State<Arc<Shared>>, ConnectInfo(from): ConnectInfo<SocketAddr>, req: Request) -> Response {
    let start = std::time::Instant::now();
    let request = tx_seal::hex(&tx_seal::random::<6>());
    let (parts, body) = req.into_parts();
    let api = parts.uri.path().starts_with("/api/");
    let method = parts.method.clone();
    let mut body = Some(body);
    let (reply, route, account) = one(&s, &parts, &mut body, from, &request).await;
    // refused before the body was asked for: what is still on the way must not meet a closed door, or the answer is lost with it
    if let Some(body) = body {
        let rest = take_body(body, UNASKED);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), rest).await;
    }
    let (reply, broken) = match reply {
        Ok(r) => (r, None),
        Err(f) => {
            if f == Fault::Full {
                s.app.note_full();
            }
            let why = if let Fault::Broken(why) = &f {
                Some(why.clone())
            } else {
                None
            };
            (
                refuse(
                    &s.app,
                    &f,
                    api,
                    lang_of(&parts.headers, &parts.uri),
                    &request,
                    parts.uri.path_and_query().map_or("/", |p| p.as_str()),
                ),
                why,
            )
        }
    };
    if let Some(why) = broken {
        eprintln!(
            "{}",
            serde_json::json!({"level": "error", "id": request, "route": route, "why": why})
        );
    }
    if s.app.settings.log_requests {
        let ms = start.elapsed().as_millis() as u64;
        eprintln!(
            "{}",
            serde_json::json!({"id": request, "method": method.as_str(), "route": route, "status": reply.status, "ms": ms, "user": account})
        );
    }
    let shrink = text(&parts.headers, "accept-encoding").is_some_and(|a| a.contains("gzip"));
    finish(&s.app, if shrink { shrunk(reply) } else { reply }, &method)
}

/// Bytes of a body that nobody asked for, read and thrown away.
const UNASKED: usize = 64 * 1024;

async fn one(
    s: &Shared,
    parts: &axum::http::request::Parts,
    body: &mut Option<HttpBody>,
    from: SocketAddr,
    request: &str,
) -> (Result<Reply>, &'static str, Option<String>) {
    let path = parts.uri.path();
    let Ok(found) = s.table.paths.at(path) else {
        return (Err(Fault::NotFound), "", None);
    };
    let wanted = if parts.method == Method::HEAD {
        "GET"
    } else {
        parts.method.as_str()
    };
    let Some(route) = s.table.methods[*found.value].iter().find(|r| r.method == wanted) else {
        let allow: Vec<&str> = s.table.methods[*found.value].iter().map(|r| r.method).collect();
        return (
            Err(Fault::Limit(
                405,
                say(
                    format!("这里只收 {}", allow.join("、")),
                    format!("Only {} is taken here", allow.join(", ")),
                ),
            )),
            "",
            None,
        );
    };
    let params = found.params.iter().map(|(k, v)| (k.to_owned(), percent(v))).collect();
    let address = address_of(&s.app, from, &parts.headers);
    let mut ctx = Ctx {
        app: s.app.clone(),
        route,
        path: path.to_owned(),
        params,
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        body: Body::Empty,
        body_hash: [0; 32],
        lang: lang_of(&parts.headers, &parts.uri),
        size: cookie(&parts.headers, "size").map(|v| Size::of(&v)).unwrap_or_default(),
        address,
        request: request.to_owned(),
        key: text(&parts.headers, "idempotency-key").map(str::to_owned),
        scope: None,
        session: None,
        device: text(&parts.headers, "user-agent").unwrap_or_default().to_owned(),
        cookies: text(&parts.headers, "cookie").unwrap_or_default().to_owned(),
    };
    // a request without a body is answered in one piece: each piece hands the other connections over to another thread
    if body.as_ref().is_some_and(axum::body::HttpBody::is_end_stream) {
        *body = None;
        ctx.body_hash = tx_seal::digest(&[]);
        let out = tokio::task::block_in_place(|| {
            let by_cookie = admit(&mut ctx, &parts.headers)?;
            perform(&mut ctx, &parts.headers, by_cookie)
        });
        return (out, route.path, ctx.account());
    }
    let by_cookie = match tokio::task::block_in_place(|| admit(&mut ctx, &parts.headers)) {
        Ok(by_cookie) => by_cookie,
        Err(f) => return (Err(f), route.path, ctx.account()),
    };
    let limit = if route.takes == Takes::Upload { 21 * MIB } else { MIB };
    let Some(bytes) = take_body(body.take().unwrap_or_default(), limit).await else {
        return (Err(too_large(limit)), route.path, ctx.account());
    };
    ctx.body_hash = tx_seal::digest(&[&bytes]);
    ctx.body = read_body(route, text(&parts.headers, "content-type").unwrap_or_default(), bytes).await;
    let out = tokio::task::block_in_place(|| perform(&mut ctx, &parts.headers, by_cookie));
    (out, route.path, ctx.account())
}

/// Who calls and whether he may, before the body is looked at; tells whether a cookie said it.
fn admit(ctx: &mut Ctx, headers: &HeaderMap) -> Result<bool> {
    let signed = sign_in(ctx, headers);
    if ctx.scope.is_none() && !matches!(ctx.route.path, "/healthz" | "/readyz") {
        ctx.app.take_stranger(&ctx.address)?;
    }
    let by_cookie = signed?;
    allowed(ctx)?;
    Ok(by_cookie)
}

/// The handler, between what goes for every route before and after it.
fn perform(ctx: &mut Ctx, headers: &HeaderMap, by_cookie: bool) -> Result<Reply> {
    let get = ctx.route.method == "GET";
    if by_cookie && !get {
        same_origin(ctx, headers)?;
    }
    let child = child_of(ctx);
    if let (Some(child), Some(scope)) = (child, ctx.scope.as_mut()) {
        tx_access::open_sample(&ctx.app.db, scope, child)?;
    }
    let out = catch_unwind(AssertUnwindSafe(|| (ctx.route.run)(&*ctx))).unwrap_or_else(|e| {
        let why = e
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| e.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        Err(Fault::broken(why.unwrap_or_else(|| "panic".into())))
    });
    if let (Some(child), Some(scope), Ok(Reply { status: 200, .. }), true) = (child, &ctx.scope, &out, get) {
        ctx.app.by_the_way(tx_access::opened(&ctx.app.db, scope, child))?;
    }
    out
}

/// The child whose file this address opens: `…/children/{id}…`.
fn child_of(ctx: &Ctx) -> Option<tx_base::Id> {
    let name = ctx.route.path.split_once("/children/{")?.1.split('}').next()?;
    ctx.param(name).parse().ok()
}

/// Who calls: the peer, or what a configured proxy says of it (security.md §7).
fn address_of(app: &App, from: SocketAddr, headers: &HeaderMap) -> String {
    let peer = from.ip().to_string();
    if !app.settings.trusted_proxies.split(',').any(|p| p.trim() == peer) {
        return peer;
    }
    // the last one was written by the proxy itself; those before it by anyone
    let said = text(headers, "x-forwarded-for")
        .and_then(|v| v.rsplit(',').next())
        .map(str::trim);
    said.and_then(|v| v.parse::<std::net::IpAddr>().ok())
        .map_or(peer, |ip| ip.to_string())
}

/// The body up to `limit`. Of a larger one the rest is read and thrown away, up to a bound: who is still sending does not read an answer.
async fn take_body(body: HttpBody, limit: usize) -> Option<axum::body::Bytes> {
    use futures_util::StreamExt;
    let (mut kept, mut size) = (Vec::new(), 0usize);
    let mut body = body.into_data_stream();
    while let Some(data) = body.next().await {
        let data = data.ok()?;
        size += data.len();
        if size > limit {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&data);
        }
        // four times what is allowed, and no upload of an allowed size breaks off in the middle
        if size > 4 * limit.max(16 * MIB) || limit == UNASKED && size > UNASKED {
            return None;
        }
    }
    (size <= limit).then(|| kept.into())
}

fn too_large(limit: usize) -> Fault {
    Fault::Limit(
        413,
        say(
            format!("太大了，最多 {} MB", limit / MIB),
            format!("Too large; at most {} MB", limit / MIB),
        ),
    )
}

/// Finds the session of a bearer token or cookie; tells whether it was a cookie.
fn sign_in(ctx: &mut Ctx, headers: &HeaderMap) -> Result<bool> {
    let bearer = text(headers, "authorization").and_then(|a| a.strip_prefix("Bearer "));
    let cookie = cookie(headers, cookie_name(&ctx.app));
    let (token, by_cookie) = match (bearer, cookie) {
        (Some(t), _) => (t.trim().to_owned(), false),
        (None, Some(t)) => (t, true),
        (None, None) => return Ok(false),
    };
    let now = ctx.now();
    let kind_fits = |k: SessionKind| {
        if by_cookie {
            matches!(k, SessionKind::Session | SessionKind::Phone | SessionKind::Pending)
        } else {
            k == SessionKind::Token
        }
    };
    let (today, lang, days) = (ctx.today(), ctx.lang, ctx.app.settings.sleep_after_days);
    // who calls, in one look
    let (session, who) = ctx.app.db.read(|c| {
        let found = tx_access::look_up(c, &token, now)?.filter(|s| kind_fits(s.kind));
        let who = match &found {
            Some(s) if s.kind == SessionKind::Pending => Caller::HalfIn,
            Some(s) if !s.just_used(now) && tx_access::asleep(c, s.county, s.account, now, days)? => Caller::Asleep,
            Some(s) => Scope::of_account(c, s.county, s.account, today, lang, &ctx.address)?
                .map_or(Caller::Nobody, |s| Caller::Known(Box::new(s))),
            None => Caller::Nobody,
        };
        Ok((found, who))
    })?;
    let unknown = |f: Fault| if by_cookie { Ok(false) } else { Err(f) };
    match (session, who) {
        (Some(session), Caller::Known(scope)) => {
            ctx.app.by_the_way(tx_access::touch(&ctx.app.db, &session, now))?;
            ctx.scope = Some(*scope);
            ctx.session = Some(session);
            Ok(by_cookie)
        }
        // half signed in: the form token works, no scope does
        (Some(session), Caller::HalfIn) => {
            ctx.session = Some(session);
            Ok(true)
        }
        (_, Caller::Asleep) => unknown(tx_access::asleep_fault()),
        _ => unknown(Fault::Unknown(say(
            "令牌不对或已失效",
            "The token is wrong or has ended",
        ))),
    }
}

/// What a token turned out to be.
enum Caller {
    Nobody,
    /// signed in but for the second factor
    HalfIn,
    Asleep,
    Known(Box<Scope>),
}

/// Whether this account may call the route at all, before its body is looked at.
fn allowed(ctx: &Ctx) -> Result<()> {
    let who = ctx.route.who;
    if matches!(who, Who::Anyone) {
        return Ok(());
    }
    let scope = ctx.scope()?;
    ctx.app.take(Limit::Request, scope.account)?;
    if !who.admits(scope) {
        let route = format!("{} {}", ctx.route.method, ctx.route.path);
        ctx.app.db.write(scope.act("refused"), move |w| {
            w.note("refused", "routes", None, Some(route.clone()));
            Ok(())
        })?;
        return Err(Fault::forbidden(t("您的角色不能做这个", "Your role may not do this")));
    }
    Ok(())
}

/// Unsafe methods with a cookie: same origin and a form token (security.md §3).
fn same_origin(ctx: &Ctx, headers: &HeaderMap) -> Result<()> {
    let no = || {
        Fault::forbidden(t(
            "页面过期了，请刷新再试",
            "The page has expired; reload and try again",
        ))
    };
    if text(headers, "sec-fetch-site").is_some_and(|s| !matches!(s, "same-origin" | "none")) {
        return Err(no());
    }
    let host = text(headers, "host").unwrap_or_default();
    if let Some(origin) = text(headers, "origin")
        && origin.split("://").nth(1) != Some(host)
        && ctx.app.settings.public_url.as_deref() != Some(origin)
    {
        return Err(no());
    }
    let Some(session) = &ctx.session else { return Ok(()) };
    let want = csrf_of(&ctx.app.db, &session.hash);
    let given = text(headers, "x-csrf-token").unwrap_or_else(|| ctx.f("csrf"));
    if tx_seal::same(want.as_bytes(), given.as_bytes()) {
        Ok(())
    } else {
        Err(no())
    }
}

async fn read_body(route: &Route, kind: &str, bytes: axum::body::Bytes) -> Body {
    let mime = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match mime.as_str() {
        "application/json" if depth_ok(&bytes) => serde_json::from_slice(&bytes).map_or(Body::Wrong(400), Body::Json),
        "application/json" => Body::Wrong(400),
        "application/x-www-form-urlencoded" if !matches!(route.takes, Takes::Json(_)) => Body::Form(pairs(&bytes)),
        "multipart/form-data" => match multer::parse_boundary(kind) {
            Ok(boundary) => parts_of(bytes, boundary).await.map_or(Body::Wrong(400), Body::Parts),
            Err(_) => Body::Wrong(400),
        },
        _ if bytes.is_empty() => Body::Empty,
        _ => Body::Wrong(415),
    }
}
/// JSON nests at most 32 deep (security.md §7).
fn depth_ok(bytes: &[u8]) -> bool {
    let (mut depth, mut quoted, mut skip) = (0u32, false, false);
    for b in bytes {
        match b {
            _ if skip => skip = false,
            b'\\' if quoted => skip = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                if depth > 32 {
                    return false;
                }
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}
async fn parts_of(bytes: axum::body::Bytes, boundary: String) -> Option<Vec<Part>> {
    let stream = futures_util::stream::once(async move { Ok::<_, std::convert::Infallible>(bytes) });
    let mut multi = multer::Multipart::new(stream, boundary);
    let mut out = Vec::new();
    while let Some(field) = multi.next_field().await.ok()? {
        let (name, file_name) = (
            field.name().unwrap_or_default().to_owned(),
            field.file_name().map(str::to_owned),
        );
        out.push(Part {
            name,
            file_name,
            bytes: field.bytes().await.ok()?.to_vec(),
        });
        if out.len() > 200 {
            return None;
        }
    }
    Some(out)
}

fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().collect()
}
fn percent(v: &str) -> String {
    form_urlencoded::parse(format!("v={}", v.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default()
}
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|c| {
            let (k, v) = c.trim().split_once('=')?;
            (k == name && !v.is_empty()).then(|| v.to_owned())
        })
}
fn lang_of(headers: &HeaderMap, uri: &axum::http::Uri) -> Lang {
    let asked = pairs(uri.query().unwrap_or_default().as_bytes())
        .into_iter()
        .find(|(k, _)| k == "lang")
        .map(|(_, v)| v);
    let asked = asked.or_else(|| cookie(headers, "lang")).or_else(|| {
        // a browser's first language; without one it is Chinese
        let first = text(headers, "accept-language")?
            .split([',', ';'])
            .next()?
            .trim()
            .to_ascii_lowercase();
        Some(first)
    });
    if asked.is_some_and(|a| a.starts_with("en")) {
        Lang::En
    } else {
        Lang::Zh
    }
}

/// An error as problem+json (RFC 9457) or as a page.
fn refuse(app: &App, f: &Fault, api: bool, lang: Lang, request: &str, asked: &str) -> Reply {
    let (status, words) = (f.status(), f.say());
    let mut reply = if api {
        let title = match status {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            409 => "Conflict",
            413 => "Content Too Large",
            415 => "Unsupported Media Type",
            422 => "Unprocessable Content",
            429 => "Too Many Requests",
            507 => "Insufficient Storage",
            _ => "Internal Server Error",
        };
        let mut body = serde_json::json!({
            "type": format!("/problems/{status}"), "title": title, "status": status, "detail": words.in_lang(lang), "instance": request,
        });
        if let Fault::Invalid(_, fields) | Fault::Taken(_, fields) = f {
            body["errors"] = fields
                .iter()
                .map(|e| serde_json::json!({"field": e.field, "reason": e.reason.in_lang(lang)}))
                .collect();
        }
        Reply::new(status, "application/problem+json", body.to_string().into_bytes())
    } else if status == 401 && asked.split('?').next() != Some("/login") {
        let next: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        Reply::see(&format!("/login?next={next}"))
    } else {
        let _ = app;
        Reply::page_with(status, crate::pages::error(lang, f, request))
    };
    if let Fault::Slow(n) = f {
        reply = reply.with("retry-after", n.to_string());
    }
    if matches!(f, Fault::Running) {
        reply = reply.with("retry-after", "1".into());
    }
    reply
}

/// Texts of more than a packet go compressed. Requests from other sites carry no cookie (`SameSite=Lax`), so nobody can measure
/// what stands in a page beside words of his own.
fn shrunk(mut reply: Reply) -> Reply {
    use std::io::Write;
    let texts = [
        "text/html",
        "text/css",
        "text/javascript",
        "application/json",
        "image/svg",
    ];
    if reply.body.len() < 1400 || !texts.iter().any(|t| reply.kind.starts_with(t)) {
        return reply;
    }
    let mut out = flate2::write::GzEncoder::new(Vec::with_capacity(reply.body.len() / 4), flate2::Compression::new(5));
    if out.write_all(&reply.body).is_ok()
        && let Ok(body) = out.finish()
    {
        reply.body = body;
        return reply
            .with("content-encoding", "gzip".into())
            .with("vary", "accept-encoding".into());
    }
    reply
}

fn finish(app: &App, reply: Reply, method: &Method) -> Response {
    let mut res = Response::new(if method == Method::HEAD {
        HttpBody::empty()
    } else {
        HttpBody::from(reply.body)
    });
    *res.status_mut() =
        axum::http::StatusCode::from_u16(reply.status).unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    let h = res.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(v) = HeaderValue::from_str(value) {
            h.insert(name, v);
        }
    };
    set("content-type", reply.kind);
    set("cache-control", "no-store");
    set("content-security-policy", CSP);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set(
        "permissions-policy",
        "camera=(self), microphone=(self), geolocation=(self)",
    );
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    if app.https() {
        set("strict-transport-security", "max-age=31536000; includeSubDomains");
    }
    for (name, value) in &reply.headers {
        if *name == "set-cookie" {
            if let Ok(v) = HeaderValue::from_str(value) {
                res.headers_mut().append("set-cookie", v);
            }
        } else if let Ok(v) = HeaderValue::from_str(value) {
            res.headers_mut().insert(*name, v);
        }
    }
    res
}

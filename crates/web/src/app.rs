//! The running program as the handlers see it, and its settings.

use crate::route::Route;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use tx_base::Id;
use tx_store::Db;

/// Every key of `tongxing.toml`, with its default. `TONGXING_` + the key in capitals overrides the file; unknown keys are an error.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// address and port to listen on
    pub listen: SocketAddr,
    /// public address; `https://…` switches HSTS, `Secure` and `__Host-` on
    pub public_url: Option<String>,
    /// roles that need a second factor, with commas; empty = none
    pub second_factor_roles: String,
    /// days without use after which an account sleeps; 0 = never
    pub sleep_after_days: u32,
    /// addresses of proxies whose `X-Forwarded-For` counts, with commas; empty = none
    pub trusted_proxies: String,
    /// searches of one user in a minute
    pub limit_searches_per_minute: u32,
    /// requests per second of one user
    pub limit_requests_per_second: u32,
    /// burst of one user
    pub limit_burst: u32,
    /// imports of one user in an hour
    pub limit_imports_per_hour: u32,
    /// exports of one user in an hour
    pub limit_exports_per_hour: u32,
    /// one JSON line for each request on stderr
    pub log_requests: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            second_factor_roles: "admin,county,head,counsellor".into(),
            sleep_after_days: tx_access::SLEEP_DAYS,
            trusted_proxies: String::new(),
            limit_searches_per_minute: 60,
            limit_requests_per_second: 20,
            limit_burst: 60,
            limit_imports_per_hour: 30,
            limit_exports_per_hour: 10,
            log_requests: false,
        }
    }
}

type Bucket = governor::DefaultKeyedRateLimiter<Id>;

/// What the handlers share.
pub struct App {
    pub db: Db,
    pub settings: Settings,
    pub routes: &'static [Route],
    /// component schemas of the OpenAPI document
    pub schemas: serde_json::Value,
    /// banner of every page, such as that of the practice school
    pub banner: Option<tx_base::Text>,
    requests: Bucket,
    imports: Bucket,
    exports: Bucket,
    searches: Bucket,
}

/// What a token bucket is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Request,
    Import,
    Export,
    Search,
}

impl App {
    pub fn new(db: Db, settings: Settings, routes: &'static [Route], schemas: serde_json::Value) -> App {
        let n = |n: u32| NonZeroU32::new(n.max(1)).expect("at least one");
        let second =
            governor::Quota::per_second(n(settings.limit_requests_per_second)).allow_burst(n(settings.limit_burst));
        let imports = governor::Quota::per_hour(n(settings.limit_imports_per_hour));
        let searches = governor::Quota::per_minute(n(settings.limit_searches_per_minute));
        let exports = governor::Quota::per_hour(n(settings.limit_exports_per_hour));
        App {
            db,
            settings,
            routes,
            schemas,
            banner: None,
            requests: Bucket::keyed(second),
            imports: Bucket::keyed(imports),
            exports: Bucket::keyed(exports),
            searches: Bucket::keyed(searches),
        }
    }
    /// Takes one from the bucket of an account; `Slow` with the seconds to wait when it is empty.
    pub fn take(&self, limit: Limit, account: Id) -> tx_base::Result<()> {
        use governor::clock::{Clock, DefaultClock};
        let bucket = match limit {
            Limit::Request => &self.requests,
            Limit::Import => &self.imports,
            Limit::Export => &self.exports,
            Limit::Search => &self.searches,
        };
        bucket.check_key(&account).map_err(|not| {
            let wait = not.wait_time_from(DefaultClock::default().now());
            tx_base::Fault::Slow(wait.as_secs() as u32 + 1)
        })
    }
    pub fn https(&self) -> bool {
        self.settings
            .public_url
            .as_deref()
            .is_some_and(|u| u.starts_with("https://"))
    }
}

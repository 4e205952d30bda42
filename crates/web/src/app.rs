//! The running program as the handlers see it, and its settings.

use crate::route::Route;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tx_base::{Id, Say};
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
    /// requests per second of one address that is not signed in; an office of 30 phones must pass
    pub limit_stranger_requests_per_second: u32,
    /// burst of one address that is not signed in
    pub limit_stranger_burst: u32,
    /// folder of the daily backups; empty = `backups` in the data folder
    pub backup_folder: String,
    /// file with the passphrase of the daily backups; empty = `TONGXING_BACKUP_PASSPHRASE`, and without that there are none
    pub backup_passphrase_file: String,
    /// of how many days, weeks and months the last backup is kept
    pub backup_keep_days: u32,
    pub backup_keep_weeks: u32,
    pub backup_keep_months: u32,
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
            limit_stranger_requests_per_second: 100,
            limit_stranger_burst: 1000,
            backup_folder: String::new(),
            backup_passphrase_file: String::new(),
            backup_keep_days: 7,
            backup_keep_weeks: 4,
            backup_keep_months: 12,
            log_requests: false,
        }
    }
}

type Bucket = governor::DefaultKeyedRateLimiter<Id>;

/// Addresses in memory above which those that asked nothing lately are forgotten.
const MANY_ADDRESSES: usize = 10_000;

/// What the handlers share.
pub struct App {
    pub db: Db,
    pub settings: Settings,
    pub routes: &'static [Route],
    /// the GET routes by their declared path, asked for every link of a page
    pages: HashMap<&'static str, &'static Route>,
    /// component schemas of the OpenAPI document
    pub schemas: serde_json::Value,
    /// banner of every page, such as that of the practice school
    pub banner: Option<tx_base::Text>,
    requests: Bucket,
    imports: Bucket,
    exports: Bucket,
    searches: Bucket,
    strangers: governor::DefaultKeyedRateLimiter<IpAddr>,
    /// a write met a full disk, and none has got through since
    full: AtomicBool,
    warnings: Mutex<BTreeMap<&'static str, Say>>,
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
        let strangers = governor::Quota::per_second(n(settings.limit_stranger_requests_per_second))
            .allow_burst(n(settings.limit_stranger_burst));
        let exports = governor::Quota::per_hour(n(settings.limit_exports_per_hour));
        App {
            db,
            settings,
            routes,
            pages: routes
                .iter()
                .filter(|r| r.method == "GET")
                .map(|r| (r.path, r))
                .collect(),
            schemas,
            banner: None,
            requests: Bucket::keyed(second),
            imports: Bucket::keyed(imports),
            exports: Bucket::keyed(exports),
            searches: Bucket::keyed(searches),
            strangers: governor::DefaultKeyedRateLimiter::keyed(strangers),
            full: AtomicBool::new(false),
            warnings: Mutex::default(),
        }
    }
    /// The GET route with this declared path.
    pub fn page(&self, path: &str) -> Option<&'static Route> {
        self.pages.get(path).copied()
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
    /// Takes one from the bucket of an address whose request brought no live session (security.md §7); `Slow` when it is empty.
    /// Addresses of IPv6 count by their network of 64 bits, since one machine has all of it.
    pub fn take_stranger(&self, address: &str) -> tx_base::Result<()> {
        use governor::clock::{Clock, DefaultClock};
        let key = match address.parse() {
            Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
                Some(v4) => v4.into(),
                None => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
            },
            Ok(v4) => v4,
            Err(_) => IpAddr::from([0, 0, 0, 0]),
        };
        // who asks from ever new addresses fills no memory
        if self.strangers.len() > MANY_ADDRESSES {
            self.strangers.retain_recent();
        }
        self.strangers.check_key(&key).map_err(|not| {
            let wait = not.wait_time_from(DefaultClock::default().now());
            tx_base::Fault::Slow(wait.as_secs() as u32 + 1)
        })
    }
    /// Notes that a write met a full disk.
    pub fn note_full(&self) {
        self.full.store(true, Ordering::Relaxed);
    }
    /// What is only noted by the way, such as when a session was last used, keeps nobody from reading when the disk is full (security.md §6).
    /// Readings that are acts of their own (sensitive fields) write their entry in the handler, and are refused without it.
    pub fn by_the_way(&self, noted: tx_base::Result<()>) -> tx_base::Result<()> {
        match noted {
            Err(tx_base::Fault::Full) => {
                self.note_full();
                Ok(())
            }
            other => other,
        }
    }
    /// Whether the disk takes writes; after one that failed it is tried again here, so that the answer recovers by itself.
    pub fn writable(&self) -> bool {
        let ok = self.db.writable().is_ok();
        self.full.store(!ok, Ordering::Relaxed);
        ok
    }
    /// Whether people are to be told that nothing can be stored just now. Asks the disk only after a write has failed.
    pub fn disk_full(&self) -> bool {
        self.full.load(Ordering::Relaxed) && !self.writable()
    }
    /// Says on every page of an administrator what is wrong with the installation, by its cause; `None` takes it back.
    pub fn warn(&self, cause: &'static str, words: Option<Say>) {
        let mut all = self.warnings.lock().expect("warnings");
        match words {
            Some(w) => all.insert(cause, w),
            None => all.remove(cause),
        };
    }
    /// What [`App::warn`] was told, in the order of the causes.
    pub fn warnings(&self) -> Vec<Say> {
        self.warnings.lock().expect("warnings").values().cloned().collect()
    }
    pub fn https(&self) -> bool {
        self.settings
            .public_url
            .as_deref()
            .is_some_and(|u| u.starts_with("https://"))
    }
}

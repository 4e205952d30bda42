//! Serving site and API until Ctrl-C or SIGTERM.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use tx_base::{Fault, Result, Text, say};
use tx_store::Db;
use tx_web::App;
pub use tx_web::Settings;

/// Settings from `tongxing.toml`, overridden by `TONGXING_*`. An unknown key is an error that names it.
pub fn settings() -> Result<Settings> {
    let text = match std::fs::read_to_string("tongxing.toml") {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => {
            return Err(Fault::Bad(say(
                format!("tongxing.toml 读不了：{e}"),
                format!("tongxing.toml cannot be read: {e}"),
            )));
        }
    };
    let names = std::env::vars_os().map(|(n, _)| n.to_string_lossy().into_owned());
    known_variables(names)?;
    settings_of(&text, |name| std::env::var(name).ok())
}

/// What stands in the environment beside the settings.
const BESIDE: [&str; 8] = [
    "TONGXING_DATABASE",
    "TONGXING_TODAY",
    "TONGXING_BACKUP_PASSPHRASE",
    "TONGXING_MASTER_KEY",
    "TONGXING_MASTER_KEY_FILE",
    "TONGXING_MASTER_KEY_NEW",
    "TONGXING_MASTER_KEY_NEW_FILE",
    // of the hooks that are to come: who set it beforehand is not kept from starting
    "TONGXING_WEBHOOK_HOSTS",
];
/// Variables of the tests, which also stand around a server that a test starts.
const OF_TESTS: [&str; 3] = ["TONGXING_BIN", "TONGXING_BROWSER_DIR", "TONGXING_TEST_"];

/// A variable `TONGXING_…` that means nothing is an error: a limit with a slip in its name would not hold and nobody would know.
fn known_variables(names: impl Iterator<Item = String>) -> Result<()> {
    let of_settings: Vec<String> = defaults()?.keys().map(|k| variable(k)).collect();
    let known = || of_settings.iter().map(String::as_str).chain(BESIDE);
    for name in names.filter(|n| n.starts_with("TONGXING_")) {
        if known().any(|k| k == name) || OF_TESTS.iter().any(|t| name.starts_with(t)) {
            continue;
        }
        let meant = nearest(&name, known()).unwrap_or_default();
        return Err(Fault::Bad(say(
            format!("没有 {name} 这个环境变量；是不是 {meant}？"),
            format!("There is no variable {name}; was {meant} meant?"),
        )));
    }
    Ok(())
}
/// The known word that is nearest to one that means nothing.
fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known.into_iter().min_by_key(|k| strsim::osa_distance(word, k))
}
/// The variable of a setting.
fn variable(key: &str) -> String {
    format!("TONGXING_{}", key.to_uppercase())
}

/// Every key with its default, `public_url` as the empty text that means none.
fn defaults() -> Result<toml::Table> {
    toml::Table::try_from(Settings {
        public_url: Some(String::new()),
        ..Settings::default()
    })
    .map_err(Fault::broken)
}

/// The settings of a file's text and an environment.
fn settings_of(text: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Settings> {
    let mut table = text.parse::<toml::Table>().map_err(|e| {
        Fault::Bad(say(
            format!("tongxing.toml 读不懂：{e}"),
            format!("tongxing.toml cannot be read: {e}"),
        ))
    })?;
    let defaults = defaults()?;
    if let Some(unknown) = table.keys().find(|k| !defaults.contains_key(*k)) {
        let meant = nearest(unknown, defaults.keys().map(String::as_str)).unwrap_or_default();
        return Err(Fault::Bad(say(
            format!("tongxing.toml 里没有 {unknown} 这个设置；是不是 {meant}？"),
            format!("tongxing.toml: there is no setting {unknown}; was {meant} meant?"),
        )));
    }
    for (key, like) in &defaults {
        let Some(v) = environment(&variable(key)) else {
            continue;
        };
        let value = match like {
            toml::Value::Integer(_) => v.trim().parse().map(toml::Value::Integer).map_err(|_| {
                Fault::invalid(
                    key,
                    format!("{key} 要整数：{v}"),
                    format!("{key} is a whole number: {v}"),
                )
            })?,
            toml::Value::Boolean(_) => match v.trim() {
                "true" | "1" => toml::Value::Boolean(true),
                "false" | "0" | "" => toml::Value::Boolean(false),
                _ => {
                    return Err(Fault::invalid(
                        key,
                        format!("{key} 只能是 true 或 false：{v}"),
                        format!("{key} is true or false: {v}"),
                    ));
                }
            },
            _ => toml::Value::String(v),
        };
        table.insert(key.clone(), value);
    }
    let mut settings: Settings = table
        .try_into()
        .map_err(|e: toml::de::Error| Fault::Bad(say(format!("设置有误：{e}"), format!("A setting is wrong: {e}"))))?;
    settings.public_url = settings.public_url.filter(|u| !u.is_empty());
    let codes = settings
        .second_factor_roles
        .split(',')
        .map(str::trim)
        .filter(|r| !r.is_empty());
    if let Some(unknown) = codes.into_iter().find(|r| tx_access::Role::parse(r).is_none()) {
        return Err(Fault::invalid(
            "second_factor_roles",
            format!("second_factor_roles 里没有 {unknown} 这个角色"),
            format!("second_factor_roles: there is no role {unknown}"),
        ));
    }
    Ok(settings)
}

/// Keeps a second server away from the same data; the lock goes with the process.
pub fn lock(data: &Path) -> Result<File> {
    let io = |e: std::io::Error| {
        Fault::Bad(say(
            format!("数据文件夹用不了：{e}"),
            format!("The data folder cannot be used: {e}"),
        ))
    };
    std::fs::create_dir_all(data).map_err(io)?;
    let f = File::create(data.join("serve.lock")).map_err(io)?;
    f.try_lock().map_err(|_| {
        Fault::Bad(say(
            "这份数据已有一个服务在用",
            "Another server already uses these data",
        ))
    })?;
    Ok(f)
}

/// Listens and serves; `ready` is called with the address when the port is open.
pub fn run(db: Db, settings: Settings, banner: Option<Text>, ready: impl FnOnce(&str)) -> Result<()> {
    run_with(db, settings, banner, |_| Ok(()), ready)
}

/// As [`run`]; `begin` starts, once the port is open, what works beside the server.
pub fn run_with(
    db: Db,
    settings: Settings,
    banner: Option<Text>,
    begin: impl FnOnce(&Arc<App>) -> Result<()>,
    ready: impl FnOnce(&str),
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Fault::broken)?;
    let listen = settings.listen;
    let mut app = App::new(db, settings, crate::routes(), crate::schemas::all());
    app.banner = banner;
    let app = Arc::new(app);
    let router = tx_web::service(app.clone())?;
    let shared = &app;
    let out = runtime.block_on(async move {
        let socket = tokio::net::TcpListener::bind(listen).await.map_err(|e| {
            Fault::Bad(say(
                format!("{listen} 用不了：{e}"),
                format!("{listen} cannot be used: {e}"),
            ))
        })?;
        begin(shared)?;
        ready(&format!("http://{}", socket.local_addr().map_err(Fault::broken)?));
        axum::serve(
            socket,
            router.into_make_service_with_connect_info::<std::net::SocketAddr>(),
        )
        .with_graceful_shutdown(stopped())
        .await
        .map_err(Fault::broken)
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    // held until here: clients of PostgreSQL may not be dropped inside the runtime
    drop(app);
    out
}

async fn stopped() {
    let term = async {
        #[cfg(unix)]
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut s) => {
                s.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = term => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../tongxing.example.toml");

    #[test]
    fn the_example_names_every_key_with_its_default_and_a_comment() {
        let table: toml::Table = EXAMPLE.parse().expect("TOML");
        assert_eq!(table, defaults().expect("defaults"));
        assert_eq!(settings_of(EXAMPLE, |_| None).expect("settings"), Settings::default());
        for block in EXAMPLE
            .split("\n\n")
            .filter(|b| b.lines().any(|l| !l.starts_with('#') && !l.trim().is_empty()))
        {
            assert!(block.trim_start().starts_with('#'), "no comment: {block}");
        }
    }
    #[test]
    fn an_unknown_key_is_named_and_the_environment_wins() {
        let f = settings_of("limit_bursts = 3", |_| None).expect_err("unknown");
        assert!(
            f.say().en.contains("limit_bursts") && f.say().en.contains("limit_burst meant"),
            "{}",
            f.say().en
        );
        let f = known_variables(
            ["PATH", "TONGXING_LISTEN", "TONGXING_LIMIT_BURTS"]
                .map(str::to_owned)
                .into_iter(),
        );
        let f = f.expect_err("unknown").say().en;
        assert!(
            f.contains("TONGXING_LIMIT_BURTS") && f.contains("TONGXING_LIMIT_BURST meant"),
            "{f}"
        );
        let all = BESIDE
            .map(str::to_owned)
            .into_iter()
            .chain(["TONGXING_TEST_POSTGRES".to_owned()]);
        assert!(known_variables(all.chain(defaults().expect("defaults").keys().map(|k| variable(k)))).is_ok());
        let given = |name: &str| match name {
            "TONGXING_LIMIT_BURST" => Some("7".into()),
            "TONGXING_SECOND_FACTOR_ROLES" => Some(String::new()),
            _ => None,
        };
        let s = settings_of("limit_burst = 3\nlog_requests = true", given).expect("settings");
        assert_eq!(
            (s.limit_burst, s.log_requests, s.second_factor_roles.as_str()),
            (7, true, "")
        );
        assert!(settings_of("limit_burst = \"many\"", |_| None).is_err());
        assert!(settings_of("", |n| (n == "TONGXING_SECOND_FACTOR_ROLES").then(|| "king".into())).is_err());
    }
}

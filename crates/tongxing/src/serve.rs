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
    let mut table = match std::fs::read_to_string("tongxing.toml") {
        Ok(text) => text.parse::<toml::Table>().map_err(|e| {
            Fault::Bad(say(
                format!("tongxing.toml 读不懂：{e}"),
                format!("tongxing.toml cannot be read: {e}"),
            ))
        })?,
        Err(_) => toml::Table::new(),
    };
    let defaults = toml::Table::try_from(Settings {
        public_url: Some(String::new()),
        ..Settings::default()
    })
    .map_err(Fault::broken)?;
    for (key, like) in &defaults {
        let Ok(v) = std::env::var(format!("TONGXING_{}", key.to_uppercase())) else {
            continue;
        };
        let value = match like {
            toml::Value::Integer(_) => v.parse().map(toml::Value::Integer).map_err(|_| {
                Fault::invalid(
                    key,
                    format!("{key} 要整数：{v}"),
                    format!("{key} is a whole number: {v}"),
                )
            })?,
            toml::Value::Boolean(_) => toml::Value::Boolean(v == "true" || v == "1"),
            _ => toml::Value::String(v),
        };
        table.insert(key.clone(), value);
    }
    table
        .try_into()
        .map_err(|e: toml::de::Error| Fault::Bad(say(format!("设置有误：{e}"), format!("A setting is wrong: {e}"))))
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Fault::broken)?;
    let listen = settings.listen;
    let mut app = App::new(db, settings, crate::routes(), crate::schemas::all());
    app.banner = banner;
    let router = tx_web::service(Arc::new(app))?;
    let out = runtime.block_on(async move {
        let socket = tokio::net::TcpListener::bind(listen).await.map_err(|e| {
            Fault::Bad(say(
                format!("{listen} 用不了：{e}"),
                format!("{listen} cannot be used: {e}"),
            ))
        })?;
        ready(&format!("http://{}", socket.local_addr().map_err(Fault::broken)?));
        axum::serve(
            socket,
            router.into_make_service_with_connect_info::<std::net::SocketAddr>(),
        )
        .with_graceful_shutdown(stopped())
        .await
        .map_err(Fault::broken)
    });
    // clients of PostgreSQL may not be dropped inside the runtime
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
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

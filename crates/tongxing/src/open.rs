//! Opening the store of a command: data folder, database, master key.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use tx_base::{Clock, Fault, Result, say};
use tx_seal::Key;
use tx_store::{Db, Options};

/// Where the data are.
#[derive(Clone, Debug)]
pub struct Place {
    pub data: PathBuf,
    /// `sqlite:…` or `postgres://…`; without it SQLite in the data folder
    pub database: Option<String>,
    pub clock: Clock,
}

impl Place {
    pub fn url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("tongxing.db").display()))
    }
    /// Opens the store and tells the engine its kinds.
    pub fn open(&self) -> Result<Db> {
        tx_record::install_kinds(tx_kinds::ALL);
        let master = master_key(&self.data)?;
        Db::open(Options {
            url: self.url(),
            master,
            tables: crate::tables(),
            clock: self.clock.clone(),
        })
    }
}

/// `TONGXING_MASTER_KEY_FILE`, else `TONGXING_MASTER_KEY` (base64), else `DATA/master.key`, made at first start (security.md §2).
fn master_key(data: &Path) -> Result<Key> {
    use base64::Engine;
    let wrong = |what: &str| {
        Fault::Bad(say(
            format!("主密钥不对：{what}"),
            format!("The master key is wrong: {what}"),
        ))
    };
    let raw = |bytes: &[u8], what: &str| {
        let text = std::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .ok()
            .and_then(|b| Key::from_slice(&b))
            .ok_or_else(|| wrong(what))
    };
    if let Ok(file) = std::env::var("TONGXING_MASTER_KEY_FILE") {
        return raw(
            &std::fs::read(&file).map_err(|_| wrong("TONGXING_MASTER_KEY_FILE"))?,
            "TONGXING_MASTER_KEY_FILE",
        );
    }
    if let Ok(text) = std::env::var("TONGXING_MASTER_KEY") {
        return raw(text.as_bytes(), "TONGXING_MASTER_KEY");
    }
    let path = data.join("master.key");
    if let Ok(bytes) = std::fs::read(&path) {
        return raw(&bytes, "master.key");
    }
    let io = |e: std::io::Error| {
        Fault::Bad(say(
            format!("数据文件夹写不进去：{e}"),
            format!("The data folder takes no file: {e}"),
        ))
    };
    std::fs::create_dir_all(data).map_err(io)?;
    let key = Key::fresh();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut f = options.open(&path).map_err(io)?;
    f.write_all(base64::engine::general_purpose::STANDARD.encode(key.bytes()).as_bytes())
        .and_then(|()| f.sync_all())
        .map_err(io)?;
    Ok(key)
}

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
        tx_child::patch::install();
        tx_thing::install_sorts(tx_thing::ALL);
        tx_child::moves::install(tx_pairing::BONDS);
        let data = self.data.clone();
        let db = Db::open(Options {
            url: self.url(),
            masters: Box::new(move || masters(&data)),
            tables: crate::tables(),
            clock: self.clock.clone(),
        })?;
        // a rotation was killed between the commit and the renaming of its key
        if db.opened_by() > 0 && given()?.is_none() {
            adopt_new_master(&self.data)?;
        }
        Ok(db)
    }
}

fn wrong(what: &str) -> Fault {
    Fault::Bad(say(
        format!("主密钥不对：{what}"),
        format!("The master key is wrong: {what}"),
    ))
}
pub(crate) fn parse(bytes: &[u8], what: &str) -> Result<Key> {
    use base64::Engine;
    let text = std::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .ok()
        .and_then(|b| Key::from_slice(&b))
        .ok_or_else(|| wrong(what))
}
fn from_environment(name: &str) -> Result<Option<Key>> {
    let file = format!("{name}_FILE");
    if let Ok(path) = std::env::var(&file) {
        return parse(&std::fs::read(path).map_err(|_| wrong(&file))?, &file).map(Some);
    }
    match std::env::var(name) {
        Ok(text) => parse(text.as_bytes(), name).map(Some),
        Err(_) => Ok(None),
    }
}
/// The master key of the environment: `TONGXING_MASTER_KEY_FILE`, else `TONGXING_MASTER_KEY` (base64).
pub(crate) fn given() -> Result<Option<Key>> {
    from_environment("TONGXING_MASTER_KEY")
}
/// The key that a rotation goes to where the master key comes from the environment: `TONGXING_MASTER_KEY_NEW_FILE`, else `TONGXING_MASTER_KEY_NEW`.
pub(crate) fn given_next() -> Result<Option<Key>> {
    from_environment("TONGXING_MASTER_KEY_NEW")
}

/// The master keys that may open the store: that of the environment, else `DATA/master.key`, made at first start (security.md §2); beside it
/// the one that a rotation goes to.
fn masters(data: &Path) -> Result<Vec<Key>> {
    if let Some(key) = given()? {
        return Ok([Some(key), given_next()?].into_iter().flatten().collect());
    }
    let mut all = Vec::new();
    for name in ["master.key", "master.key.new"] {
        if let Ok(bytes) = std::fs::read(data.join(name)) {
            all.push(parse(&bytes, name)?);
        }
    }
    if all.is_empty() {
        let key = Key::fresh();
        write_master(data, "master.key", &key)?;
        all.push(key);
    }
    Ok(all)
}

/// The master key of the data folder, of a store that was opened.
pub(crate) fn stored(data: &Path) -> Result<Key> {
    parse(
        &std::fs::read(data.join("master.key")).map_err(|_| wrong("master.key"))?,
        "master.key",
    )
}

/// Writes a master key as a file of its owner alone; the file must not exist.
pub(crate) fn write_master(data: &Path, name: &str, key: &Key) -> Result<()> {
    use base64::Engine;
    let io = |e: std::io::Error| {
        Fault::Bad(say(
            format!("数据文件夹写不进去：{e}"),
            format!("The data folder takes no file: {e}"),
        ))
    };
    std::fs::create_dir_all(data).map_err(io)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut f = options.open(data.join(name)).map_err(io)?;
    f.write_all(base64::engine::general_purpose::STANDARD.encode(key.bytes()).as_bytes())
        .and_then(|()| f.sync_all())
        .map_err(io)
}
/// The new master key takes the place of the old one.
pub(crate) fn adopt_new_master(data: &Path) -> Result<()> {
    std::fs::rename(data.join("master.key.new"), data.join("master.key")).map_err(Fault::broken)?;
    sync_folder(data);
    Ok(())
}
/// Makes a renaming in a folder durable, where the system can.
pub(crate) fn sync_folder(dir: &Path) {
    if let Ok(d) = std::fs::File::open(if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    }) {
        let _ = d.sync_all();
    }
}

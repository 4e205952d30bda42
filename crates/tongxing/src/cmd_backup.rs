//! `tongxing backup FILE` and `tongxing restore FILE` (security.md §6). The rows are dumped the same way from both databases, in one
//! snapshot while others write, so a backup of SQLite also restores into PostgreSQL and the other way round.

use crate::archive::{Reader, Writer, check};
use crate::cli::lang;
use crate::open::{self, Place};
use crate::out;
use serde_json::json;
use std::fs::File;
use std::io::{BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use tx_base::{Fault, Result, say};
use tx_seal::Key;
use tx_store::{Table, Value};

/// Folder of `DATA` with files beside the database.
const FILES: &str = "files";
const ROWS: usize = 256 << 10;

fn cannot(path: &Path, e: &std::io::Error) -> Fault {
    Fault::Bad(say(
        format!("{} 用不了：{e}", path.display()),
        format!("{} cannot be used: {e}", path.display()),
    ))
}

/// A passphrase that is too short to keep anything.
pub(crate) fn long_enough(passphrase: &str) -> Result<()> {
    if passphrase.chars().count() < 10 {
        return Err(Fault::Bad(say(
            "备份口令至少 10 个字",
            "The passphrase of a backup has at least 10 characters",
        )));
    }
    Ok(())
}

/// `TONGXING_BACKUP_PASSPHRASE`, or asked for when there is a terminal.
fn passphrase(new: bool) -> Result<String> {
    let given = match std::env::var("TONGXING_BACKUP_PASSPHRASE") {
        Ok(p) => p,
        Err(_) if std::io::stdin().is_terminal() => {
            eprint!("{}", say("备份口令：", "Passphrase of the backup: ").in_lang(lang()));
            rpassword::read_password().map_err(Fault::broken)?
        }
        Err(_) => {
            return Err(Fault::Bad(say(
                "要备份口令：TONGXING_BACKUP_PASSPHRASE",
                "A passphrase is needed: TONGXING_BACKUP_PASSPHRASE",
            )));
        }
    };
    if new {
        long_enough(&given)?;
    }
    Ok(given)
}

/// The master key that now opens this store.
fn master(place: &Place) -> Result<Key> {
    match open::given()? {
        Some(k) => Ok(k),
        None => open::stored(&place.data),
    }
}

pub(crate) fn backup(place: &Place, file: &Path) -> Result<i32> {
    // an older backup is worth more than a new one under its name
    if file.exists() {
        return Err(Fault::Bad(say(
            format!("{} 已经在了，不覆盖；请换个文件名", file.display()),
            format!(
                "{} is there already and is not overwritten; choose another name",
                file.display()
            ),
        )));
    }
    let passphrase = passphrase(true)?;
    let db = place.open()?;
    let m = write(place, &db, file, &passphrase)?;
    db.write(crate::cli::console(tx_base::Id::NIL, "backup"), |w| {
        w.note("backup", "backups", None, None);
        Ok(())
    })?;
    out!(
        "{}",
        json!({"rows": m["rows"], "entries": m["entries"].as_array().map(Vec::len), "made_at": m["made_at"]})
    );
    Ok(0)
}

/// Writes a backup beside whatever else is going on: to a name ending in `.part`, read back from the disk, then renamed. Gives the manifest;
/// after a failure there is no file.
pub(crate) fn write(place: &Place, db: &tx_store::Db, file: &Path, passphrase: &str) -> Result<serde_json::Value> {
    use base64::Engine;
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let made = || -> Result<serde_json::Value> {
        let out = File::create(&part).map_err(|e| cannot(&part, &e))?;
        let mut w = Writer::new(BufWriter::new(out), passphrase)?;
        w.entry("master.key")?;
        w.put(
            base64::engine::general_purpose::STANDARD
                .encode(master(place)?.bytes())
                .as_bytes(),
        )?;
        let (mut now, mut rows, mut count) = ("", Vec::new(), 0u64);
        let schema = tx_store::dump(db, &mut |t, row| {
            if now != t.name {
                w.put(&rows)?;
                rows.clear();
                w.entry(&format!("tables/{}", t.name))?;
                now = t.name;
            }
            tx_store::write_row(row, &mut rows);
            count += 1;
            if rows.len() > ROWS {
                w.put(&rows)?;
                rows.clear();
            }
            Ok(())
        })?;
        w.put(&rows)?;
        let mut files = Vec::new();
        list(&place.data.join(FILES), &mut files);
        for path in files {
            let name = path
                .strip_prefix(&place.data)
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            w.entry(&name)?;
            let mut f = File::open(&path).map_err(|e| cannot(&path, &e))?;
            let mut piece = vec![0; ROWS];
            loop {
                let n = f.read(&mut piece).map_err(|e| cannot(&path, &e))?;
                if n == 0 {
                    break;
                }
                w.put(&piece[..n])?;
            }
        }
        let about = json!({"made_at": db.clock().now().iso(), "version": env!("CARGO_PKG_VERSION"), "schema": schema, "rows": count, "columns": columns()});
        let (manifest, out) = w.finish(about)?;
        let out = out.into_inner().map_err(|_| Fault::Full)?;
        out.sync_all().map_err(|_| Fault::Full)?;
        // read back what is on the disk before it takes the name
        check(
            BufReader::new(File::open(&part).map_err(|e| cannot(&part, &e))?),
            passphrase,
        )?;
        std::fs::rename(&part, file).map_err(|e| cannot(file, &e))?;
        open::sync_folder(file.parent().unwrap_or(Path::new(".")));
        Ok(manifest)
    };
    made().inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })
}
fn list(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut all: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    all.sort();
    for p in all {
        if p.is_dir() { list(&p, out) } else { out.push(p) }
    }
}

pub(crate) fn restore(place: &Place, file: &Path) -> Result<i32> {
    let (manifest, report) = restore_into(place, file, &passphrase(false)?)?;
    if let Some(bad) = report.bad {
        eprintln!("{}", bad.in_lang(lang()));
        return Ok(1);
    }
    out!(
        "{}",
        json!({"rows": manifest["rows"], "entries": report.entries, "made_at": manifest["made_at"], "holds": true})
    );
    Ok(0)
}

/// Brings a backup into an empty place and verifies what is there then: the manifest and what `verify` found.
pub(crate) fn restore_into(
    place: &Place,
    file: &Path,
    passphrase: &str,
) -> Result<(serde_json::Value, tx_store::Report)> {
    let _lock = crate::serve::lock(&place.data)?;
    let open_file = || File::open(file).map(BufReader::new).map_err(|e| cannot(file, &e));
    // everything is checked before the first byte lands
    let manifest = check(open_file()?, passphrase)?;
    if manifest["schema"].as_i64().is_none_or(|n| n > tx_store::SCHEMA) {
        return Err(Fault::Bad(say(
            "这份备份是更新的版本做的，请用新版程序恢复",
            "A newer version made this backup; restore it with that",
        )));
    }
    let mut reader = Reader::new(open_file()?, passphrase)?;
    let mut first = Vec::new();
    let mut carried = None;
    while let Some((name, piece)) = reader.piece()? {
        if name == "master.key" {
            first.extend(piece);
        } else {
            carried = Some(name);
            break;
        }
    }
    let key = open::parse(&first, "master.key")?;
    if let Some(given) = open::given()?
        && given.bytes() != key.bytes()
    {
        return Err(Fault::Bad(say(
            "环境变量里的主密钥不是这份备份的",
            "The master key of the environment is not that of this backup",
        )));
    }
    if open::given()?.is_none() {
        // beside the old name until the rows are in: whichever way this ends, one of the two opens what is there
        let _ = std::fs::remove_file(place.data.join("master.key.new"));
        open::write_master(&place.data, "master.key.new", &key)?;
    }
    let mut source = Source {
        columns: manifest["columns"].clone(),
        reader,
        table: carried.as_deref().and_then(table_of).transpose()?,
        rows: Vec::new(),
        at: 0,
        file: None,
        files: Vec::new(),
        data: place.data.clone(),
    };
    tx_store::load(&place.url(), crate::tables(), &mut || source.next())?;
    source.rest()?;
    if open::given()?.is_none() {
        open::adopt_new_master(&place.data)?;
    }
    open::sync_folder(&place.data);
    let report = tx_store::verify(&place.open()?, &[])?;
    Ok((manifest, report))
}

/// The columns of each table in the order in which rows hold them: a later program may have more.
fn columns() -> serde_json::Value {
    crate::tables()
        .iter()
        .map(|t| {
            (
                t.name.to_owned(),
                json!(t.columns.iter().map(|c| c.name).collect::<Vec<_>>()),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn table_of(name: &str) -> Option<Result<&'static Table>> {
    let table = name.strip_prefix("tables/")?;
    Some(
        crate::tables()
            .iter()
            .copied()
            .find(|t| t.name == table)
            .ok_or_else(|| {
                Fault::Bad(say(
                    format!("备份里有不认识的表 {table}"),
                    format!("The backup holds an unknown table, {table}"),
                ))
            }),
    )
}

/// Rows out of the pieces of an archive; the files after them land in the data folder.
struct Source<R: Read> {
    reader: Reader<R>,
    columns: serde_json::Value,
    table: Option<&'static Table>,
    rows: Vec<u8>,
    at: usize,
    file: Option<File>,
    files: Vec<PathBuf>,
    data: PathBuf,
}
impl<R: Read> Source<R> {
    fn next(&mut self) -> Result<Option<(&'static Table, Vec<Value>)>> {
        loop {
            if let Some(t) = self.table
                && self.at < self.rows.len()
            {
                let mut left = &self.rows[self.at..];
                let said = self.columns[t.name].as_array();
                let row = tx_store::read_row(&mut left).filter(|r| Some(r.len()) == said.map(Vec::len));
                let row = row.map(|r| {
                    let of = |c: &tx_store::Column| said?.iter().position(|s| s == c.name).map(|i| r[i].clone());
                    t.columns
                        .iter()
                        .map(|c| of(c).unwrap_or(Value::Null))
                        .collect::<Vec<_>>()
                });
                let row = row.ok_or_else(|| {
                    Fault::Bad(say(
                        format!("备份里 {} 的一行读不懂", t.name),
                        format!("A row of {} in the backup makes no sense", t.name),
                    ))
                })?;
                self.at = self.rows.len() - left.len();
                return Ok(Some((t, row)));
            }
            match self.reader.piece()? {
                None => return Ok(None),
                Some((name, piece)) if piece.is_empty() => match table_of(&name) {
                    Some(t) => {
                        self.table = Some(t?);
                        (self.rows, self.at) = (Vec::new(), 0);
                    }
                    None => {
                        self.table = None;
                        self.begin(&name)?;
                        return Ok(None);
                    }
                },
                Some((_, piece)) => (self.rows, self.at) = (piece, 0),
            }
        }
    }
    /// What comes after the rows.
    fn rest(&mut self) -> Result<()> {
        while let Some((name, piece)) = self.reader.piece()? {
            if piece.is_empty() {
                self.begin(&name)?;
            } else if let (Some(f), Some(path)) = (&mut self.file, self.files.last()) {
                f.write_all(&piece).map_err(|e| cannot(path, &e))?;
            }
        }
        if let Some(f) = self.file.take() {
            f.sync_all().map_err(|_| Fault::Full)?;
        }
        Ok(())
    }
    fn begin(&mut self, name: &str) -> Result<()> {
        if let Some(f) = self.file.take() {
            f.sync_all().map_err(|_| Fault::Full)?;
        }
        // names come from our own backup, and still lead nowhere else
        let inside = name.strip_prefix("files/").is_some_and(|n| {
            n.split('/')
                .all(|p| !p.is_empty() && p != "." && p != ".." && !p.contains('\\'))
        });
        if !inside {
            return Ok(());
        }
        let path = self.data.join(name);
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).map_err(|e| cannot(dir, &e))?;
        }
        self.file = Some(File::create(&path).map_err(|e| cannot(&path, &e))?);
        self.files.push(path);
        Ok(())
    }
}

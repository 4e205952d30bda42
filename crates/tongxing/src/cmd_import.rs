//! `import children`: a school's sheet into the files (features B10, interfaces.md).

use crate::cli::{console, find_school, lang};
use crate::open::Place as Store;
use crate::out;
use std::path::{Path, PathBuf};
use tx_base::{Fault, Result, say};
use tx_child::import::{Choices, Options, Place, School, plan, read, run};

/// What is imported.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum ImportCommand {
    /// children of a school from a sheet: XLSX, XLS or CSV / 花名册
    Children {
        file: PathBuf,
        #[arg(long)]
        school: String,
        /// look only, store nothing / 只看不存
        #[arg(long)]
        dry_run: bool,
        /// store the good rows although others are rejected / 有错也存对的行
        #[arg(long)]
        keep_good: bool,
        /// the rejected rows as a sheet to be mended / 要改的行存到这里
        #[arg(long, value_name = "OUT.xlsx")]
        errors: Option<PathBuf>,
    },
}

/// More than any sheet may have; the reader itself refuses above 20 MiB (security.md §7).
const MOST_BYTES: u64 = 21 << 20;

fn bytes_of(file: &Path) -> Result<Vec<u8>> {
    let name = file.display();
    let cannot = |e: std::io::Error| Fault::Bad(say(format!("打不开 {name}：{e}"), format!("Cannot open {name}: {e}")));
    let found = std::fs::metadata(file).map_err(cannot)?;
    if !found.is_file() {
        return Err(Fault::Bad(say(
            format!("{name} 不是文件"),
            format!("{name} is no file"),
        )));
    }
    if found.len() > MOST_BYTES {
        return Err(Fault::Bad(say(
            format!("{name} 太大了，最多 20 MB"),
            format!("{name} is too large; at most 20 MB"),
        )));
    }
    std::fs::read(file).map_err(cannot)
}

/// Runs the command: 0 all rows taken, 2 some rejected; what cannot be read is a failure, 1.
pub(crate) fn import(store: &Store, what: ImportCommand) -> Result<i32> {
    let ImportCommand::Children {
        file,
        school,
        dry_run,
        keep_good,
        errors,
    } = what;
    let bytes = bytes_of(&file)?;
    let db = store.open()?;
    let (county, id) = find_school(&db, &school)?;
    let known = db.read(|c| School::load(c, county, id))?;
    let at = Place {
        county,
        school: id,
        school_name: known.name.clone(),
        only: None,
        today: db.clock().today(),
    };
    let name = file
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let o = Options { dry_run, keep_good };
    // judged before anything is stored: afterwards the rows would meet themselves
    if let Some(to) = &errors {
        let r = read(&bytes, &name, at.today, &known, Choices::default())?;
        let p = db.read(|c| plan(c, db.keys(), &at, &r))?;
        std::fs::write(to, r.error_sheet(&p)).map_err(|e| {
            Fault::Bad(say(
                format!("写不了 {}：{e}", to.display()),
                format!("Cannot write {}: {e}", to.display()),
            ))
        })?;
    }
    let (done, r) = run(
        &db,
        console(county, "import.children"),
        at,
        &bytes,
        &name,
        Choices::default(),
        o,
    )?;
    let left_out = r.left_out();
    if !left_out.is_empty() {
        let words = say(
            format!("默认不收、没有存的列：{}", left_out.join("、")),
            format!(
                "Columns that are off by default and were not kept: {}",
                left_out.join(", ")
            ),
        );
        eprintln!("{}", words.in_lang(lang()));
    }
    out!("{}", done.json(lang()));
    Ok(if done.rejected > 0 { 2 } else { 0 })
}

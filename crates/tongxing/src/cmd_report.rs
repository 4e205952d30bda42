//! `tongxing report summary`: a work summary as a file, beside a running server (interfaces.md).

use crate::cli::{console, find_school, lang};
use clap::{Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use tx_access::{SchoolRef, Scope};
use tx_base::{Day, Fault, Result, say};
use tx_reports::summary::{Ask, Format, Own, Style, To, period, write};
use tx_store::{Db, params};

/// For whom a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// the authority above the school: with admissions
    Authority,
}

#[derive(Subcommand, Debug)]
pub enum ReportCommand {
    /// the work summary of a school and period / 工作总结
    Summary {
        #[arg(long)]
        school: String,
        #[arg(long)]
        from: Day,
        #[arg(long)]
        to: Day,
        /// S1 … S6
        #[arg(long)]
        style: String,
        #[arg(long = "for", value_enum)]
        reader: Option<Reader>,
        /// .docx .pdf .html .json
        #[arg(long)]
        out: PathBuf,
    },
    /// roster, pairings, or the records of one kind / 台账
    Ledger {
        /// roster, pairings or a kind of record
        kind: String,
        #[arg(long)]
        school: String,
        #[arg(long)]
        from: Day,
        #[arg(long)]
        to: Day,
        /// .xlsx
        #[arg(long)]
        out: PathBuf,
    },
}

/// Runs it; the exit status.
pub fn run(db: &Db, what: ReportCommand) -> Result<i32> {
    match what {
        ReportCommand::Summary {
            school,
            from,
            to,
            style,
            reader,
            out,
        } => summary(db, &school, (from, to), &style, reader.is_some(), &out),
        ReportCommand::Ledger {
            kind,
            school,
            from,
            to,
            out,
        } => crate::cmd_ledger::run(db, &kind, &school, (from, to), &out),
    }
}

fn summary(db: &Db, code: &str, days: (Day, Day), style: &str, authority: bool, out: &Path) -> Result<i32> {
    let ending = out.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let (format, style, span) = (Format::parse(ending)?, Style::parse(style)?, period(days.0, days.1)?);
    let (county, id) = find_school(db, code)?;
    let name = db.read(|c| {
        let sql = "select name from schools where county_id = ?1 and id = ?2";
        Ok(c.first(sql, params![county, id])?.map(|r| r.text(0)))
    })?;
    let school = SchoolRef {
        id,
        code: code.to_owned(),
        name: name.ok_or(Fault::NotFound)?,
    };
    let scope = Scope::console(county, Some(school.clone()), db.clock().today(), lang());
    let ask = Ask {
        school,
        period: span,
        style,
        authority,
    };
    let to = To {
        period: span,
        draft: None,
    };
    let written = db.read(|c| write(c, &scope, ask, &Own::default(), to))?;
    let bytes = written.file(format, lang(), db.clock().now())?;
    let action = if authority {
        "summary.export_for_authority"
    } else {
        "summary.export"
    };
    db.write(console(county, action), move |w| {
        w.note(action, "schools", Some(id), Some(format.ending().to_owned()));
        Ok(())
    })?;
    keep(out, &bytes)?;
    eprintln!("{}", out.display());
    Ok(0)
}

/// Writes beside and renames, so that no half file is left under the name.
pub(crate) fn keep(out: &Path, bytes: &[u8]) -> Result<()> {
    let told = |e: std::io::Error| {
        Fault::Bad(say(
            format!("写不了 {}：{e}", out.display()),
            format!("{} cannot be written: {e}", out.display()),
        ))
    };
    let mut beside = out.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    std::fs::write(&beside, bytes).map_err(told)?;
    std::fs::rename(&beside, out).map_err(|e| {
        let _ = std::fs::remove_file(&beside);
        told(e)
    })
}

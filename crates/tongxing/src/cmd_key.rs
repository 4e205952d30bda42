//! `tongxing key rotate`: everything under new keys (security.md §2), beside a running server, to be run again after a kill.

use crate::cli::{console, lang};
use crate::open::{self, Place};
use crate::out;
use clap::Subcommand;
use std::io::IsTerminal;
use tx_base::{Fault, Id, Result, say};
use tx_seal::Key;

#[derive(Subcommand, Debug)]
pub(crate) enum KeyCommand {
    /// wraps and seals everything anew / 换钥匙
    Rotate,
}

pub(crate) fn run(place: &Place, what: &KeyCommand) -> Result<i32> {
    let KeyCommand::Rotate = what;
    let db = place.open()?;
    let act = console(Id::NIL, "key.rotate");
    if !db.read(tx_store::under_way)? {
        let by_environment = open::given()?.is_some();
        let master = match (by_environment, open::given_next()?) {
            (false, None) => {
                // the new key is on disk before anything is wrapped under it; one that a killed run left was never used
                let _ = std::fs::remove_file(place.data.join("master.key.new"));
                let key = Key::fresh();
                open::write_master(&place.data, "master.key.new", &key)?;
                key
            }
            (true, Some(key)) => key,
            (true, None) => {
                return Err(Fault::Bad(say(
                    "主密钥来自环境变量：请把新钥匙放进 TONGXING_MASTER_KEY_NEW 或 TONGXING_MASTER_KEY_NEW_FILE",
                    "The master key comes from the environment: give the new one as TONGXING_MASTER_KEY_NEW or TONGXING_MASTER_KEY_NEW_FILE",
                )));
            }
            (false, Some(_)) => {
                return Err(Fault::Bad(say(
                    "主密钥在数据文件夹里，不用 TONGXING_MASTER_KEY_NEW",
                    "The master key lies in the data folder; TONGXING_MASTER_KEY_NEW is not for it",
                )));
            }
        };
        tx_store::begin_rotation(&db, act.clone(), &master)?;
        if !by_environment {
            open::adopt_new_master(&place.data)?;
        }
    }
    let shows = std::io::stderr().is_terminal();
    let n = tx_store::finish_rotation(
        &db,
        &act,
        |table, n| {
            if shows {
                eprint!("\r{table} {n}      ");
            }
        },
        || false,
    )?;
    if shows {
        eprintln!();
    }
    out!(
        "{}",
        say(
            format!("钥匙换好了，重新加密 {n} 行"),
            format!("The keys are new; {n} rows were sealed anew")
        )
        .in_lang(lang())
    );
    Ok(0)
}

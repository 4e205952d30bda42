//! The commands (interfaces.md). Results go to stdout, everything else to stderr; a failure is a sentence and exit 1.

use crate::open::Place;
use crate::serve;
use clap::{Args, Parser, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use tx_access::Role;
use tx_base::{Clock, Day, Fault, Id, Lang, Result, say, t};
use tx_store::{Act, Conn, Db, params};

/// A line of the result. A reader that has gone away (`| head`) is no failure.
#[macro_export]
macro_rules! out {
    ($($t:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($t)*);
    }};
}

/// 童行: care for children whose parents work away.
#[derive(Parser, Debug)]
#[command(name = "tongxing", version)]
pub struct Cli {
    /// folder of the data / 数据文件夹
    #[arg(long, global = true, default_value = "./data")]
    data: PathBuf,
    /// sqlite:… or postgres://…
    #[arg(long, global = true, env = "TONGXING_DATABASE")]
    database: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// serves site and API / 提供网站和接口
    Serve,
    /// six invented schools to try / 六所示范学校
    Demo(DemoArgs),
    /// schools / 学校
    School {
        #[command(subcommand)]
        what: crate::cmd_people::SchoolCommand,
    },
    /// accounts / 账号
    User {
        #[command(subcommand)]
        what: crate::cmd_people::UserCommand,
    },
    /// API tokens / 接口令牌
    Token {
        #[command(subcommand)]
        what: TokenCommand,
    },
    /// brings sheets in / 导入
    Import {
        #[command(subcommand)]
        what: crate::cmd_import::ImportCommand,
    },
    /// who owes whom what / 该做的
    Duties {
        /// without it those of every school
        #[arg(long)]
        school: Option<String>,
        #[arg(long)]
        on: Option<Day>,
        #[arg(long)]
        json: bool,
    },
    /// what comes out: summaries / 总结
    Report {
        #[command(subcommand)]
        what: crate::cmd_report::ReportCommand,
    },
    /// does the store hold / 核对数据
    Verify {
        #[arg(long)]
        json: bool,
        /// JSON of an audit head that the chain must still contain
        #[arg(long)]
        anchor: Option<PathBuf>,
    },
    /// an encrypted backup, also beside a running server / 备份
    Backup { file: PathBuf },
    /// a backup into an empty store / 恢复
    Restore { file: PathBuf },
    /// keys / 钥匙
    Key {
        #[command(subcommand)]
        what: crate::cmd_key::KeyCommand,
    },
    /// fills an empty store in proportion / 造数据
    Synth(crate::cmd_synth::SynthArgs),
    /// every route of the router / 全部地址
    Routes {
        #[arg(long)]
        json: bool,
    },
}
#[derive(Args, Debug)]
struct DemoArgs {
    /// the demonstration's day
    #[arg(long, default_value = "2026-11-24")]
    today: Day,
    /// changes the people
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// fills and exits
    #[arg(long)]
    fill_only: bool,
}
#[derive(Subcommand, Debug)]
enum TokenCommand {
    /// adds a token; it is the last word on stdout
    Add {
        #[arg(long)]
        user: String,
    },
}

/// The language of the terminal, by `LANG`.
/// What was typed is no command: help goes out as it is (0); anything else is one sentence (1), in the reader's language where it is about a value.
pub fn misunderstood(e: &clap::Error) -> i32 {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if !e.use_stderr() {
        let _ = e.print();
        return 0;
    }
    let text = |kind: ContextKind| match e.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(all)) => all.join(" "),
        _ => String::new(),
    };
    let (what, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let why = std::error::Error::source(e).and_then(|s| s.downcast_ref::<tx_base::Say>());
    let words = match e.kind() {
        ErrorKind::ValueValidation if why.is_some() => {
            let why = why.cloned().unwrap_or_else(|| say("", ""));
            say(
                format!("{what} {value}：{}", why.zh),
                format!("{what} {value}: {}", why.en),
            )
        }
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => say(
            format!("{what} 的值“{value}”用不了；日期写成 2026-11-24 这样，用法看 --help"),
            format!("The value “{value}” of {what} is of no use; days are written like 2026-11-24, see --help"),
        ),
        ErrorKind::UnknownArgument => say(
            format!("没有 {what} 这个选项；看 --help"),
            format!("There is no option {what}; see --help"),
        ),
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand);
            say(
                format!("没有 {name} 这个命令；看 --help"),
                format!("There is no command {name}; see --help"),
            )
        }
        ErrorKind::MissingRequiredArgument => say(
            format!("还缺 {what}；看 --help"),
            format!("{what} is missing; see --help"),
        ),
        _ => {
            let plain = e.to_string();
            let first = plain
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            say(
                format!("看不懂这条命令：{first}"),
                format!("The command cannot be read: {first}"),
            )
        }
    };
    eprintln!("{}", words.in_lang(lang()));
    1
}

pub(crate) fn lang() -> Lang {
    if std::env::var("LANG").is_ok_and(|l| l.starts_with("en")) {
        Lang::En
    } else {
        Lang::Zh
    }
}
pub(crate) fn console(county: Id, action: &str) -> Act {
    let user = std::env::var("USER").unwrap_or_else(|_| "root".into());
    Act::console(county, &format!("console:{user}"), action)
}

/// Runs a command; the exit status.
pub fn run(cli: Cli) -> i32 {
    match act(cli) {
        Ok(code) => code,
        Err(f) => {
            eprintln!("{}", f.say().in_lang(lang()));
            if let Fault::Broken(why) = f {
                eprintln!("{why}");
            }
            1
        }
    }
}

fn act(cli: Cli) -> Result<i32> {
    let clock = match std::env::var("TONGXING_TODAY") {
        Ok(d) => Clock::fixed(Day::parse(&d).map_err(Fault::Bad)?),
        Err(_) => Clock::machine(),
    };
    let place = Place {
        data: cli.data.clone(),
        database: cli.database.clone(),
        clock,
    };
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            // a slip in a setting is said before anything is made
            let settings = serve::settings()?;
            let daily = crate::daily::begin(&place, &settings, lang())?;
            let _lock = serve::lock(&place.data)?;
            let db = place.open()?;
            let link = tx_school::first_admin_link(&db)?;
            let public = settings.public_url.clone();
            let begin = |app: &std::sync::Arc<tx_web::App>| daily.map_or(Ok(()), |d| d.run(app.clone()));
            serve::run_with(db, settings, None, begin, |at| {
                eprintln!("{at}");
                if let Some(path) = &link {
                    crate::first::say_link(public.as_deref().unwrap_or(at), path, lang());
                }
            })?;
            Ok(0)
        }
        Command::Demo(a) => run_demo(&cli.data, cli.database, &a),
        Command::School { what } => crate::cmd_people::school(&place.open()?, what),
        Command::User { what } => crate::cmd_people::user(&place.open()?, what),
        Command::Token {
            what: TokenCommand::Add { user },
        } => crate::cmd_people::token(&place.open()?, &user),
        Command::Import { what } => crate::cmd_import::import(&place, what),
        Command::Duties { school, on, json } => crate::cmd_duties::run(&place, school.as_deref(), on, json),
        Command::Report { what } => crate::cmd_report::run(&place.open()?, what),
        Command::Verify { json, anchor } => verify(&place.open()?, json, anchor),
        Command::Backup { file } => crate::cmd_backup::backup(&place, &file),
        Command::Restore { file } => crate::cmd_backup::restore(&place, &file),
        Command::Key { what } => crate::cmd_key::run(&place, &what),
        Command::Synth(a) => crate::cmd_synth::run(&place, &a),
        Command::Routes { json } => {
            let all: Vec<_> = crate::routes()
                .iter()
                .map(|r| json!({"method": r.method, "path": r.path, "roles": roles(r.who), "class": r.class}))
                .collect();
            if json {
                out!("{}", serde_json::Value::from(all));
            } else {
                crate::routes()
                    .iter()
                    .for_each(|r| out!("{}\t{}\t{:?}", r.method, r.path, r.class));
            }
            Ok(0)
        }
    }
}

fn roles(who: tx_web::Who) -> Vec<&'static str> {
    match who {
        tx_web::Who::Anyone => vec!["anyone"],
        tx_web::Who::SignedIn => Role::ALL.iter().map(|r| r.code()).collect(),
        tx_web::Who::Roles(all) => all.iter().map(|r| r.code()).collect(),
    }
}

fn run_demo(data: &std::path::Path, database: Option<String>, a: &DemoArgs) -> Result<i32> {
    let given = data != std::path::Path::new("./data");
    let data = if given {
        data.to_owned()
    } else {
        std::env::temp_dir().join(format!("tongxing-demo-{}", std::process::id()))
    };
    let mut settings = serve::settings()?;
    if std::env::var_os("TONGXING_SECOND_FACTOR_ROLES").is_none() {
        settings.second_factor_roles.clear();
    }
    // its day stands still or jumps, so nobody sleeps
    settings.sleep_after_days = 0;
    if !settings.listen.ip().is_loopback() {
        return Err(Fault::Bad(say(
            "示范只在本机上开：127.0.0.1",
            "The demonstration listens on loopback only",
        )));
    }
    let _lock = serve::lock(&data)?;
    let db = Place {
        data: data.clone(),
        database,
        clock: Clock::fixed(a.today),
    }
    .open()?;
    let filled = db.read(|c| Ok(c.count("select count(*) from schools", &[])? > 0))?;
    if !filled {
        tx_demo::fill(&db, a.seed, a.today)?;
    } else if db.read(|c| Ok(c.count("select count(*) from audit_entries where action = 'demo.fill'", &[])? == 0))? {
        return Err(Fault::Bad(say(
            "这里已有真的学校；示范要放在空文件夹里",
            "Real schools are kept here; the demonstration wants an empty folder",
        )));
    }
    eprintln!(
        "{}",
        t(
            "示范登录（角色  学校  用户名  密码）；没有第二重验证，密码不过期，只在本机上开",
            "Logins (role  school  user  password); no second factor, passwords do not expire, loopback only"
        )
        .in_lang(lang())
    );
    let logins = db.read(logins)?;
    for (role, school, user) in &logins {
        out!(
            "{role}  {school}{}{user}  {}",
            if school.is_empty() { "" } else { "  " },
            tx_demo::PASSWORD
        );
    }
    let banner = if settings.second_factor_roles.is_empty() {
        t(
            "示范学校，记的都不算数；没有第二重验证",
            "Demonstration: nothing counts; no second factor",
        )
    } else {
        t("示范学校，记的都不算数", "Demonstration: nothing counts")
    };
    let out = if a.fill_only {
        Ok(())
    } else {
        serve::run(db, settings, Some(banner), |at| out!("{at}"))
    };
    if !given {
        let _ = std::fs::remove_dir_all(&data);
    }
    out.map(|()| 0)
}

/// Role, school and user of every account, for the list that the demonstration prints.
fn logins(c: &Conn) -> Result<Vec<(String, String, String)>> {
    let sql = "select g.held, s.code, a.name from accounts a join grants g on g.county_id = a.county_id and g.account_id = a.id left join schools s on s.county_id = a.county_id and s.id = a.school_id \
               where g.held like 'role:%' order by a.id, g.id";
    // one login for each role of each school: a school has many class teachers
    let mut seen = std::collections::HashSet::new();
    Ok(c.query(sql, &[])?
        .iter()
        .map(|r| (r.str(0).replace("role:", ""), r.text(1), r.text(2)))
        .filter(|(role, school, _)| seen.insert((role.clone(), school.clone())))
        .collect())
}

pub(crate) fn find_school(db: &Db, code: &str) -> Result<(Id, Id)> {
    db.read(|c| tx_school::school_by_code(c, code))?
        .ok_or_else(|| Fault::Bad(say(format!("没有学校 {code}"), format!("There is no school {code}"))))
}
pub(crate) fn no_user(name: &str) -> Fault {
    Fault::Bad(say(format!("没有账号 {name}"), format!("There is no user {name}")))
}

fn verify(db: &Db, as_json: bool, anchor: Option<PathBuf>) -> Result<i32> {
    let mut anchors = Vec::new();
    if let Some(path) = anchor {
        let bad = || Fault::Bad(say("锚点文件读不懂", "The anchor file cannot be read"));
        let v: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).map_err(|_| bad())?).map_err(|_| bad())?;
        let county = match v["county"].as_str() {
            Some(c) => c.parse().map_err(|()| bad())?,
            None => db
                .read(|c| c.first("select id from counties order by id limit 1", params![]))?
                .ok_or_else(bad)?
                .id(0),
        };
        let hex = v["hash"].as_str().ok_or_else(bad)?;
        let hash = (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(hex.get(i * 2..i * 2 + 2).unwrap_or("zz"), 16).map_err(|_| bad()))
            .collect::<Result<Vec<u8>>>()?;
        anchors.push((county, v["size"].as_i64().ok_or_else(bad)?, hash));
    }
    let report = tx_store::verify(db, &anchors)?;
    if as_json {
        let tables: serde_json::Map<String, serde_json::Value> = report
            .tables
            .iter()
            .map(|(n, c)| ((*n).to_owned(), (*c).into()))
            .collect();
        out!(
            "{}",
            json!({"holds": report.bad.is_none(), "entries": report.entries, "tables": tables, "bad": report.bad.as_ref().map(|b| b.in_lang(lang()))})
        );
    }
    match report.bad {
        Some(bad) => {
            eprintln!("{}", bad.in_lang(lang()));
            Ok(1)
        }
        None => {
            if !as_json {
                out!(
                    "{}",
                    say(
                        format!("都对得上，审计 {} 条", report.entries),
                        format!("All holds, {} audit entries", report.entries)
                    )
                    .in_lang(lang())
                );
            }
            Ok(0)
        }
    }
}

//! Opening a store, reading from it, and queueing writes.

use crate::conn::{Conn, PgTx, lite, pg_fault};
use crate::kept::Kept;
use crate::keys::Keys;
use crate::schema::{Column, Table};
use crate::write::{Act, Once, Outcome, Write};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;
use tx_base::{Clock, Fault, Result, say};
use tx_seal::Key;

/// The schema's number: counts up when a table gains a column or a new table appears. A store with a newer one is refused.
pub const SCHEMA: i64 = 1;
/// Writers of SQLite share a commit of at most this many (stack.md: 4.4 times the durable writes).
const GROUP: usize = 64;
const PG_CLIENTS: usize = 10;
const PG_RETRIES: u32 = 8;

/// Gives the master keys that may open the store, the likeliest first: while a rotation changes the key there are two.
pub type Masters = Box<dyn Fn() -> Result<Vec<Key>> + Send + Sync>;

/// How a store is opened.
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`
    pub url: String,
    /// asked again when another process has changed the keys
    pub masters: Masters,
    pub tables: &'static [&'static Table],
    pub clock: Clock,
}

/// A handle on the store; cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    keys: Arc<Keys>,
    kept: Arc<Kept>,
    tables: &'static [&'static Table],
    clock: Clock,
}

enum Engine {
    Sqlite {
        queue: Mutex<mpsc::Sender<Job>>,
        readers: Mutex<Vec<rusqlite::Connection>>,
        path: PathBuf,
    },
    Pg {
        url: String,
        pool: Mutex<PgPool>,
        freed: Condvar,
    },
}
#[derive(Default)]
struct PgPool {
    idle: Vec<PgClient>,
    out: usize,
}
pub(crate) struct PgClient {
    pub(crate) client: postgres::Client,
    pub(crate) cache: HashMap<String, postgres::Statement>,
}

type Reply = Box<dyn FnOnce(Result<()>) + Send>;
/// What is to be done in a transaction; without one it is not done, and the reply says why.
type Job = Box<dyn FnOnce(Option<&Conn>) -> Reply + Send>;

impl Db {
    /// Opens a store and brings its tables up to the declarations: missing tables and columns are added, nothing is taken away.
    pub fn open(o: Options) -> Result<Db> {
        let kept = Arc::<Kept>::default();
        let (engine, keys) = if let Some(path) = o.url.strip_prefix("sqlite:") {
            open_sqlite(Path::new(path), &o, kept.clone())?
        } else if o.url.starts_with("postgres://") || o.url.starts_with("postgresql://") {
            open_pg(&o)?
        } else {
            return Err(Fault::Bad(say(
                format!("数据库地址要以 sqlite: 或 postgres:// 开头：{}", o.url),
                format!("A database address begins with sqlite: or postgres://: {}", o.url),
            )));
        };
        let keys = keys.watching(o.masters);
        Ok(Db(Arc::new(Inner {
            engine,
            keys: Arc::new(keys),
            kept,
            tables: o.tables,
            clock: o.clock,
        })))
    }
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    pub fn tables(&self) -> &'static [&'static Table] {
        self.0.tables
    }
    /// Which of the master keys opened the store, by its place in the list.
    pub fn opened_by(&self) -> usize {
        self.0.keys.opened_by
    }
    pub fn is_pg(&self) -> bool {
        matches!(self.0.engine, Engine::Pg { .. })
    }

    /// Reads in one transaction.
    pub fn read<T>(&self, f: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        match &self.0.engine {
            Engine::Sqlite { readers, path, .. } => {
                let idle = readers.lock().expect("readers").pop();
                let conn = match idle {
                    Some(c) => c,
                    None => sqlite_reader(path)?,
                };
                say_lite(&conn, "begin")?;
                let out = {
                    let c = Conn::sqlite(&conn, Some(&self.0.kept));
                    self.0.keys.follow(&c).and_then(|()| f(&c))
                };
                say_lite(&conn, "commit")?;
                readers.lock().expect("readers").push(conn);
                out
            }
            Engine::Pg { .. } => self.with_pg(|c| {
                let mut builder = c.client.build_transaction().read_only(true);
                builder = builder.isolation_level(postgres::IsolationLevel::RepeatableRead);
                let tx = builder.start().map_err(pg_fault)?;
                let conn = Conn::pg(PgTx::new(tx, &mut c.cache), Some(&self.0.kept));
                self.0.keys.follow(&conn)?;
                f(&conn)
            }),
        }
    }

    /// Writes in one transaction, with its audit entries. The closure may run again (PostgreSQL's serialisation failures), so it touches
    /// nothing but the database. Returns only when the commit is on disk.
    pub fn write<T: Send + 'static>(
        &self,
        act: Act,
        f: impl Fn(&mut Write) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (keys, tables, clock) = (self.0.keys.clone(), self.0.tables, self.0.clock.clone());
        self.transact(move |conn| {
            keys.follow(conn)?;
            let mut w = Write::new(conn, keys.clone(), tables, act.clone(), clock.now());
            let out = f(&mut w)?;
            w.finish()?;
            Ok(out)
        })
    }

    /// Writes once: a request that comes again gets the kept answer, and nothing is written twice.
    /// The closure gives status and body; only success (status < 300) and its body are kept.
    pub fn write_once(
        &self,
        act: Act,
        once: Option<Once>,
        f: impl Fn(&mut Write) -> Result<(u16, Vec<u8>)> + Send + 'static,
    ) -> Result<Outcome> {
        self.write(act, move |w| {
            if let Some(once) = &once
                && let Some(kept) = w.replay(once)?
            {
                return Ok(kept);
            }
            let (status, answer) = f(w)?;
            if let Some(once) = &once {
                w.keep(once, status, &answer)?;
            }
            Ok(Outcome {
                status,
                answer,
                replayed: false,
            })
        })
    }

    pub(crate) fn transact<T: Send + 'static>(&self, f: impl Fn(&Conn) -> Result<T> + Send + 'static) -> Result<T> {
        match &self.0.engine {
            Engine::Sqlite { queue, .. } => {
                let (tx, rx) = mpsc::sync_channel::<Result<T>>(1);
                let job: Job = Box::new(move |c| {
                    let out = c.map_or(Err(Fault::Full), |c| savepoint(c, &f));
                    Box::new(move |committed| {
                        let _ = tx.send(committed.and(out));
                    })
                });
                queue
                    .lock()
                    .expect("queue")
                    .send(job)
                    .map_err(|_| Fault::broken("the writer has ended"))?;
                rx.recv().map_err(|_| Fault::broken("the writer has ended"))?
            }
            Engine::Pg { .. } => {
                let mut n = 0;
                loop {
                    let out = self.with_pg(|c| {
                        let tx = c.client.transaction().map_err(pg_fault)?;
                        let conn = Conn::pg(PgTx::new(tx, &mut c.cache), Some(&self.0.kept));
                        let out = catch_unwind(AssertUnwindSafe(|| f(&conn))).unwrap_or_else(|e| Err(panicked(&e)));
                        let pg = conn.into_pg();
                        match out {
                            Ok(v) => pg.commit().map(|()| v),
                            Err(e) => {
                                let _ = pg.tx.rollback();
                                Err(e)
                            }
                        }
                    });
                    n += 1;
                    match out {
                        Err(Fault::Running) if n < PG_RETRIES => {
                            let jitter = u64::from(tx_seal::random::<1>()[0]);
                            std::thread::sleep(Duration::from_millis((4 << n) + jitter / 8));
                        }
                        out => return out,
                    }
                }
            }
        }
    }

    fn with_pg<T>(&self, f: impl FnOnce(&mut PgClient) -> Result<T>) -> Result<T> {
        let Engine::Pg { url, pool, freed } = &self.0.engine else {
            return Err(Fault::broken("not PostgreSQL"));
        };
        let mut guard = pool.lock().expect("pool");
        while guard.idle.is_empty() && guard.out >= PG_CLIENTS {
            guard = freed.wait(guard).expect("pool");
        }
        guard.out += 1;
        let idle = guard.idle.pop();
        drop(guard);
        let got = match idle {
            Some(c) if !c.client.is_closed() => Ok(c),
            _ => pg_client(url),
        };
        let (out, back) = match got {
            Ok(mut c) => {
                let out = f(&mut c);
                (out, (!c.client.is_closed()).then_some(c))
            }
            Err(e) => (Err(e), None),
        };
        let mut guard = pool.lock().expect("pool");
        guard.out -= 1;
        guard.idle.extend(back);
        freed.notify_one();
        out
    }

    /// Whether a write would get through just now.
    pub fn writable(&self) -> Result<()> {
        let at = self.0.clock.now().0.to_string();
        self.transact(move |c| {
            c.exec("insert into meta (name, value) values ('probe', ?1) on conflict (name) do update set value = excluded.value", crate::params![at.as_str()])
                .map(|_| ())
        })
    }
}

fn panicked(e: &Box<dyn std::any::Any + Send>) -> Fault {
    let why = e
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| e.downcast_ref::<&str>().copied())
        .unwrap_or("panic");
    Fault::broken(format!("panic in a transaction: {why}"))
}

fn savepoint<T>(c: &Conn, f: &impl Fn(&Conn) -> Result<T>) -> Result<T> {
    c.exec("savepoint job", &[])?;
    let out = catch_unwind(AssertUnwindSafe(|| f(c))).unwrap_or_else(|e| Err(panicked(&e)));
    if out.is_err() {
        c.exec("rollback to job", &[])?;
    }
    c.exec("release job", &[])?;
    out
}

/// `begin` and its like, parsed once a connection.
fn say_lite(c: &rusqlite::Connection, sql: &str) -> Result<()> {
    c.prepare_cached(sql)
        .and_then(|mut stmt| stmt.raw_execute())
        .map(|_| ())
        .map_err(lite)
}

pub(crate) fn sqlite_pragmas(c: &rusqlite::Connection) -> Result<()> {
    c.set_prepared_statement_cache_capacity(1000);
    // Without the planner's guarantee of stability a statement is planned anew whenever another value is bound to it, since the bundled SQLite is built with
    // STAT4: most of the time of a page went there. The numbers that the planner needs are fixed (planner.rs).
    c.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(lite)?;
    c.busy_timeout(Duration::from_secs(30)).map_err(lite)?;
    c.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -16000").map_err(lite)
}
fn sqlite_reader(path: &Path) -> Result<rusqlite::Connection> {
    let c = rusqlite::Connection::open(path).map_err(lite)?;
    sqlite_pragmas(&c)?;
    c.execute_batch("pragma query_only = on").map_err(lite)?;
    Ok(c)
}

fn open_sqlite(path: &Path, o: &Options, kept: Arc<Kept>) -> Result<(Engine, Keys)> {
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::create_dir_all(dir).map_err(|e| {
            Fault::Bad(say(
                format!("建不了文件夹 {}：{e}", dir.display()),
                format!("Cannot make the folder {}: {e}", dir.display()),
            ))
        })?;
    }
    let writer = rusqlite::Connection::open(path).map_err(lite)?;
    sqlite_pragmas(&writer)?;
    let check: String = writer
        .query_row("pragma quick_check(1)", [], |r| r.get(0))
        .map_err(|_| damaged())?;
    if check != "ok" {
        return Err(damaged());
    }
    writer.execute_batch("begin immediate").map_err(lite)?;
    let keys = {
        let conn = Conn::sqlite(&writer, None);
        migrate(&conn, o.tables).and_then(|()| Keys::load(&conn, &(o.masters)()?))
    };
    writer
        .execute_batch(if keys.is_ok() { "commit" } else { "rollback" })
        .map_err(lite)?;
    let (tx, rx) = mpsc::channel::<Job>();
    std::thread::Builder::new()
        .name("writer".into())
        .spawn(move || write_loop(&writer, &kept, &rx))
        .map_err(Fault::broken)?;
    Ok((
        Engine::Sqlite {
            queue: Mutex::new(tx),
            readers: Mutex::default(),
            path: path.to_owned(),
        },
        keys?,
    ))
}
fn damaged() -> Fault {
    Fault::Bad(say(
        "数据库文件损坏，没有打开；请从备份恢复",
        "The database file is damaged and was not opened; restore it from a backup",
    ))
}

/// The one writer: takes what is queued, each in its savepoint, commits all at once, and only then answers.
fn write_loop(c: &rusqlite::Connection, kept: &Kept, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        // a transaction of its own for each: what one has changed, the next one asks for again
        let run = |job: Job| job(Some(&Conn::sqlite(c, Some(kept))));
        if let Err(e) = say_lite(c, "begin immediate") {
            first(None)(Err(e));
            continue;
        }
        let mut replies = vec![run(first)];
        while replies.len() < GROUP
            && let Ok(job) = queue.try_recv()
        {
            replies.push(run(job));
        }
        let done = say_lite(c, "commit");
        if done.is_err() {
            let _ = c.execute_batch("rollback");
            kept.forget();
        }
        for r in replies {
            r(done.clone());
        }
    }
}

pub(crate) fn pg_client(url: &str) -> Result<PgClient> {
    let client = postgres::Client::connect(url, postgres::NoTls).map_err(|e| {
        Fault::Bad(say(
            format!("连不上数据库：{e}"),
            format!("Cannot reach the database: {e}"),
        ))
    })?;
    Ok(PgClient {
        client,
        cache: HashMap::new(),
    })
}
fn open_pg(o: &Options) -> Result<(Engine, Keys)> {
    let mut c = pg_client(&o.url)?;
    let sync: String = c
        .client
        .query_one("show synchronous_commit", &[])
        .and_then(|r| r.try_get(0))
        .map_err(pg_fault)?;
    if sync == "off" {
        return Err(Fault::Bad(say(
            "PostgreSQL 的 synchronous_commit 关着，存上不等于落盘，请打开",
            "synchronous_commit is off in PostgreSQL: saved would not mean on disk; switch it on",
        )));
    }
    let keys = {
        let tx = c.client.transaction().map_err(pg_fault)?;
        let conn = Conn::pg(PgTx::new(tx, &mut c.cache), None);
        let keys = migrate(&conn, o.tables).and_then(|()| Keys::load(&conn, &(o.masters)()?))?;
        conn.into_pg().commit()?;
        keys
    };
    let pool = PgPool { idle: vec![c], out: 0 };
    Ok((
        Engine::Pg {
            url: o.url.clone(),
            pool: Mutex::new(pool),
            freed: Condvar::new(),
        },
        keys,
    ))
}

/// Additive, by declaration: tables that are missing are made, columns that are missing are added as nullable.
pub(crate) fn migrate(conn: &Conn, tables: &[&'static Table]) -> Result<()> {
    for t in tables {
        let ddl = t.ddl(conn.is_pg());
        conn.exec(&ddl[0], &[])?;
        let sql = if conn.is_pg() {
            "select column_name from information_schema.columns where table_name = ?1 and table_schema = current_schema() order by ordinal_position"
        } else {
            "select name from pragma_table_info(?1) order by cid"
        };
        let have: Vec<String> = conn
            .query(sql, crate::params![t.name])?
            .iter()
            .map(|r| r.text(0))
            .collect();
        for c in t.columns.iter().filter(|c| !have.iter().any(|h| h == c.name)) {
            let Column { name, .. } = c;
            let ty = t.ddl(conn.is_pg())[0]
                .split(&format!("{name} "))
                .nth(1)
                .and_then(|s| s.split([',', ')']).next())
                .unwrap_or("text")
                .replace(" not null", "");
            conn.exec(&format!("alter table {} add column {name} {ty}", t.name), &[])?;
        }
        for index in &ddl[1..] {
            conn.exec(index, &[])?;
        }
    }
    let found = conn
        .first("select value from meta where name = 'schema'", &[])?
        .and_then(|r| r.text(0).parse::<i64>().ok());
    if found.is_some_and(|n| n > SCHEMA) {
        return Err(Fault::Bad(say(
            "这份数据是更新的版本写的，请用新版程序打开",
            "A newer version wrote this store; open it with that",
        )));
    }
    conn.exec(
        "insert into meta (name, value) values ('schema', ?1) on conflict (name) do update set value = excluded.value",
        crate::params![SCHEMA.to_string()],
    )?;
    if !conn.is_pg() {
        crate::planner::tell(conn, tables)?;
    }
    Ok(())
}

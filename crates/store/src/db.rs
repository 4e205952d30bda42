//! Opening a store, reading from it, and queueing writes.

use crate::conn::{Conn, PgTx, lite, pg_fault};
use crate::kept::Kept;
use crate::keys::Keys;
use crate::schema::{Column, Table, Type};
use crate::write::{Act, Once, Outcome, Write};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;
use tx_base::{Clock, Fault, Result, say};
use tx_seal::Key;

/// The schema's number: counts up when a table gains a column or a new table appears. A store with a newer one is refused.
/// 2: SQLite holds ids as 16 bytes, no longer as text of 36.
pub const SCHEMA: i64 = 2;
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
        queue: Mutex<mpsc::Sender<Box<dyn Job>>>,
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

    /// Whether something is so that stays so once it is, such as that a file was opened today: `find` asks the store, until it once was.
    pub fn for_good(&self, fact: String, find: impl FnOnce(&Conn) -> Result<bool>) -> Result<bool> {
        if self.0.kept.holds(&fact) {
            return Ok(true);
        }
        let so = self.read(find)?;
        if so {
            self.0.kept.hold(fact);
        }
        Ok(so)
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
            // writers of a county come one after the other, as on SQLite: what one reads stands until it commits, so nothing is given out twice
            if conn.is_pg() {
                crate::audit::Head::read(conn, act.county, true)?;
            }
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
                let work = Work { f, out: None, tx };
                queue
                    .lock()
                    .expect("queue")
                    .send(Box::new(work))
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

fn caught<T>(c: &Conn, f: &impl Fn(&Conn) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| f(c))).unwrap_or_else(|e| Err(panicked(&e)))
}

/// What waits for the writer of SQLite.
trait Job: Send {
    /// Runs inside the transaction, again after one that was rolled back; whether it may be committed.
    fn run(&mut self, c: &Conn) -> bool;
    /// Tells whoever waits, once it is known what became of the transaction.
    fn answer(self: Box<Self>, committed: Result<()>);
}
struct Work<T, F> {
    f: F,
    out: Option<Result<T>>,
    tx: mpsc::SyncSender<Result<T>>,
}
impl<T: Send, F: Fn(&Conn) -> Result<T> + Send> Job for Work<T, F> {
    fn run(&mut self, c: &Conn) -> bool {
        self.out.insert(caught(c, &self.f)).is_ok()
    }
    fn answer(self: Box<Self>, committed: Result<()>) {
        // a job that failed says itself why; one that never ran, why not
        let out = match (committed, self.out) {
            (_, Some(Err(e))) | (Err(e), _) => Err(e),
            (Ok(()), Some(out)) => out,
            (Ok(()), None) => Err(Fault::broken("a job that never ran")),
        };
        let _ = self.tx.send(out);
    }
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
    c.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -16000; pragma wal_autocheckpoint = 4000").map_err(lite)
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
    let (tx, rx) = mpsc::channel::<Box<dyn Job>>();
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

/// The one writer: takes what is queued, commits it all at once, and only then answers. A job that fails takes the transaction with it: those before it run
/// again without it, which is rarer and cheaper than a savepoint for each.
fn write_loop(c: &rusqlite::Connection, kept: &Kept, queue: &mpsc::Receiver<Box<dyn Job>>) {
    while let Ok(first) = queue.recv() {
        let (mut group, mut failed): (Vec<Box<dyn Job>>, Vec<Box<dyn Job>>) = (vec![first], Vec::new());
        let done = loop {
            if group.is_empty() {
                break Ok(());
            }
            if let Err(e) = say_lite(c, "begin immediate") {
                break Err(e);
            }
            let whole = failed.is_empty();
            match run_group(c, kept, &mut group, || whole.then(|| queue.try_recv().ok()).flatten()) {
                Some(at) => {
                    let _ = c.execute_batch("rollback");
                    failed.push(group.remove(at));
                }
                None => {
                    let done = say_lite(c, "commit");
                    if done.is_err() {
                        let _ = c.execute_batch("rollback");
                    }
                    break done;
                }
            }
        };
        for job in group.into_iter().chain(failed) {
            job.answer(done.clone());
        }
    }
}

/// Runs jobs in one transaction, and those that come meanwhile; gives the place of one that failed.
fn run_group(
    c: &rusqlite::Connection,
    kept: &Kept,
    group: &mut Vec<Box<dyn Job>>,
    mut next: impl FnMut() -> Option<Box<dyn Job>>,
) -> Option<usize> {
    // nothing may be kept that follows from what is not committed
    let (mut at, mut keeps) = (0, true);
    loop {
        let conn = Conn::sqlite(c, Some(kept));
        conn.keeps(keeps);
        if !group[at].run(&conn) {
            return Some(at);
        }
        keeps &= !conn.has_changed();
        at += 1;
        if at == group.len() {
            group.extend(next().filter(|_| at < GROUP));
        }
        if at == group.len() {
            return None;
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

/// From schema 1 to 2 on SQLite: every table is made anew. The digests of the chain are over the text of an id whatever holds it, so they stay as they are.
fn ids_as_bytes(conn: &Conn, tables: &[&'static Table]) -> Result<()> {
    for t in tables {
        let have = columns_of(conn, t)?;
        if have.is_empty() {
            continue;
        }
        let old = format!("{}_of_schema_1", t.name);
        let take = t.columns.iter().filter(|c| have.iter().any(|h| h == c.name));
        let (names, values): (Vec<&str>, Vec<String>) = take
            .map(|c| match c.ty {
                Type::Id => (c.name, format!("unhex(replace({}, '-', ''))", c.name)),
                _ => (c.name, c.name.to_owned()),
            })
            .unzip();
        conn.exec(&format!("alter table {} rename to {old}", t.name), &[])?;
        conn.exec(&t.ddl(false)[0], &[])?;
        let (names, values) = (names.join(", "), values.join(", "));
        conn.exec(
            &format!("insert into {} ({names}) select {values} from {old}", t.name),
            &[],
        )?;
        conn.exec(&format!("drop table {old}"), &[])?;
    }
    Ok(())
}

/// The columns that a table has in this store; none when it is not there.
fn columns_of(conn: &Conn, t: &Table) -> Result<Vec<String>> {
    let sql = if conn.is_pg() {
        "select column_name from information_schema.columns where table_name = ?1 and table_schema = current_schema() order by ordinal_position"
    } else {
        "select name from pragma_table_info(?1) order by cid"
    };
    Ok(conn
        .query(sql, crate::params![t.name])?
        .iter()
        .map(|r| r.text(0))
        .collect())
}

/// The schema's number that a store says; none for a new one.
fn schema_of(conn: &Conn) -> Result<Option<i64>> {
    if columns_of(conn, &crate::schema::META)?.is_empty() {
        return Ok(None);
    }
    let row = conn.first("select value from meta where name = 'schema'", &[])?;
    Ok(row.and_then(|r| r.text(0).parse::<i64>().ok()))
}

/// Additive, by declaration: tables that are missing are made, columns that are missing are added as nullable.
pub(crate) fn migrate(conn: &Conn, tables: &[&'static Table]) -> Result<()> {
    let found = schema_of(conn)?;
    if found.is_some_and(|n| n > SCHEMA) {
        return Err(Fault::Bad(say(
            "这份数据是更新的版本写的，请用新版程序打开",
            "A newer version wrote this store; open it with that",
        )));
    }
    if found.is_some_and(|n| n < 2) && !conn.is_pg() {
        ids_as_bytes(conn, tables)?;
    }
    for t in tables {
        let ddl = t.ddl(conn.is_pg());
        conn.exec(&ddl[0], &[])?;
        let have = columns_of(conn, t)?;
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
    conn.exec(
        "insert into meta (name, value) values ('schema', ?1) on conflict (name) do update set value = excluded.value",
        crate::params![SCHEMA.to_string()],
    )?;
    if !conn.is_pg() {
        crate::planner::tell(conn, tables)?;
    }
    Ok(())
}

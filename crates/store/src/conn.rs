//! One connection inside one transaction, the same for both databases.

use crate::kept::{About, Kept, LOOK, Made, OfRow, Stamp};
use crate::schema::{Table, Type};
use crate::value::{Row, Value};
use postgres::types::{IsNull, ToSql, Type as PgType, to_sql_checked};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use tx_base::{Fault, Id, Result, say};

/// A transaction of either database. SQL is written once, with `?1`, `?2` … as parameters.
pub struct Conn<'a> {
    on: On<'a>,
    kept: Option<&'a Kept>,
    /// how long the chains were when this transaction first asked
    stamps: RefCell<Vec<(Id, Stamp)>>,
    /// this transaction has changed something settled that no chain tells of yet
    changed: Cell<bool>,
    /// the same of any row
    stirred: Cell<bool>,
    /// what is made here may be kept
    keeps: Cell<bool>,
}

enum On<'a> {
    Sqlite(&'a rusqlite::Connection),
    Pg(RefCell<PgTx<'a>>),
}

/// Rows of one table that wait to go to PostgreSQL together are at most this many.
const TOGETHER: usize = 1000;

pub struct PgTx<'a> {
    pub(crate) tx: postgres::Transaction<'a>,
    cache: &'a mut HashMap<String, postgres::Statement>,
    /// new rows that PostgreSQL has not seen: they go before anything else is asked, and before the commit
    waiting: Vec<(&'static Table, Vec<Vec<Value>>)>,
    /// a statement failed: nothing of this transaction can be committed
    failed: Option<Fault>,
}

thread_local! {
    /// The statement that puts a row into a table of SQLite, made once: the one writer is one thread.
    static INSERTS: RefCell<HashMap<*const Table, Rc<str>>> = RefCell::default();
}

impl<'a> Conn<'a> {
    pub(crate) fn sqlite(c: &'a rusqlite::Connection, kept: Option<&'a Kept>) -> Conn<'a> {
        Conn::new(On::Sqlite(c), kept)
    }
    pub(crate) fn pg(tx: PgTx<'a>, kept: Option<&'a Kept>) -> Conn<'a> {
        Conn::new(On::Pg(RefCell::new(tx)), kept)
    }
    fn new(on: On<'a>, kept: Option<&'a Kept>) -> Conn<'a> {
        Conn {
            on,
            kept,
            stamps: RefCell::default(),
            changed: Cell::new(false),
            stirred: Cell::new(false),
            keeps: Cell::new(true),
        }
    }
    /// The transaction of PostgreSQL, to end it.
    pub(crate) fn into_pg(self) -> PgTx<'a> {
        match self.on {
            On::Pg(cell) => cell.into_inner(),
            On::Sqlite(_) => unreachable!("made as one of PostgreSQL"),
        }
    }
    pub fn is_pg(&self) -> bool {
        matches!(self.on, On::Pg(_))
    }
    /// Something of a table was changed here: what is kept does not fit this transaction any more. `settled`: the table is no stream.
    pub(crate) fn changes(&self, settled: bool) {
        self.stirred.set(true);
        self.changed.set(self.changed.get() || settled);
    }
    /// For the writer of SQLite, whose transaction others share: whether what follows from the settled tables may be kept here. What follows from streams
    /// may not, since those before may yet be rolled back.
    pub(crate) fn keeps(&self, settled: bool) {
        self.keeps.set(settled);
        self.stirred.set(true);
    }
    pub(crate) fn has_changed(&self) -> bool {
        self.changed.get()
    }
    /// What follows from the settled tables of a county alone (calendar, scheme, classes, posts, rights, files; no records): made once, and given again until
    /// one of their rows changes. `key` names the thing among those of its type, with all that it depends on besides the store: a school, a day.
    pub fn kept<T: Send + Sync + 'static>(
        &self,
        county: Id,
        key: &str,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let Some(kept) = self.kept.filter(|_| !self.changed.get()) else {
            return make().map(Arc::new);
        };
        let stamp = self.stamp(county)?.settled;
        if let Some(thing) = kept.get(county, key, stamp) {
            return Ok(thing);
        }
        let thing = Arc::new(make()?);
        if self.keeps.get() {
            kept.put(county, key, stamp, Arc::clone(&thing));
        }
        Ok(thing)
    }
    /// What follows from one row, the settled tables and those rows of streams that concern it: made once, and given again until the chain tells of a change
    /// that it may follow from.
    pub fn kept_of<T: Send + Sync + 'static>(
        &self,
        county: Id,
        about: &About,
        make: impl FnOnce() -> Result<Made<T>>,
    ) -> Result<Arc<T>> {
        let Some(kept) = self.kept.filter(|_| !self.stirred.get()) else {
            return Ok(Arc::new(make()?.thing));
        };
        let stamp = self.stamp(county)?;
        if let Some(row) = kept.get_row::<T>(county, about.key)
            && let Some(thing) = row.thing::<T>()
            && self.unchanged(county, about, &row, stamp)?
        {
            if row.stamp != stamp {
                kept.put_row::<T>(county, about.key, OfRow { stamp, ..row });
            }
            return Ok(thing);
        }
        let (row, thing) = OfRow::new(stamp, make()?);
        if self.keeps.get() {
            kept.put_row::<T>(county, about.key, row);
        }
        Ok(thing)
    }
    /// Whether the chain tells of nothing since that a kept thing may follow from.
    fn unchanged(&self, county: Id, about: &About, row: &OfRow, now: Stamp) -> Result<bool> {
        if row.stamp.settled != now.settled || !(0..=LOOK).contains(&(now.all - row.stamp.all)) {
            return Ok(false);
        }
        if row.stamp.all == now.all {
            return Ok(true);
        }
        let sql =
            "select row_id, row_mac is not null from audit_entries where county_id = ?1 and seq > ?2 and seq <= ?3";
        let (mut rows, mut same) = (Vec::new(), true);
        self.each(sql, crate::params![county, row.stamp.all, now.all], |r| {
            if let Some(id) = r.opt_id(0) {
                same &= id != about.id && !row.from.contains(&id);
                if r.bool(1) {
                    rows.push(id);
                }
            }
            Ok(())
        })?;
        Ok(same && (rows.is_empty() || !(about.touched)(&rows)?))
    }
    fn stamp(&self, county: Id) -> Result<Stamp> {
        let known = self
            .stamps
            .borrow()
            .iter()
            .find(|(id, _)| *id == county)
            .map(|(_, s)| *s);
        if let Some(stamp) = known {
            return Ok(stamp);
        }
        let sql = "select size, settled from audit_heads where county_id = ?1";
        let stamp = self.first(sql, crate::params![county])?.map(|r| Stamp {
            all: r.int(0),
            settled: r.opt_int(1).unwrap_or_else(|| r.int(0)),
        });
        let stamp = stamp.unwrap_or_default();
        self.stamps.borrow_mut().push((county, stamp));
        Ok(stamp)
    }
    /// All rows of a query.
    pub fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let mut out = Vec::new();
        self.each(sql, params, |row| {
            out.push(row);
            Ok(())
        })?;
        Ok(out)
    }
    /// The first row, if any.
    pub fn first(&self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }
    /// One number, 0 where there is none.
    pub fn count(&self, sql: &str, params: &[Value]) -> Result<i64> {
        Ok(self.first(sql, params)?.and_then(|r| r.opt_int(0)).unwrap_or(0))
    }
    /// Calls `f` for each row without keeping them.
    pub fn each(&self, sql: &str, params: &[Value], mut f: impl FnMut(Row) -> Result<()>) -> Result<()> {
        match &self.on {
            On::Sqlite(c) => {
                let mut stmt = c.prepare_cached(sql).map_err(lite)?;
                let n = stmt.column_count();
                for (i, p) in params.iter().enumerate() {
                    stmt.raw_bind_parameter(i + 1, p).map_err(lite)?;
                }
                let mut rows = stmt.raw_query();
                while let Some(r) = rows.next().map_err(lite)? {
                    let mut vals = Vec::with_capacity(n);
                    for i in 0..n {
                        use rusqlite::types::ValueRef::*;
                        vals.push(match r.get_ref(i).map_err(lite)? {
                            Null => Value::Null,
                            Integer(v) => Value::Int(v),
                            Real(v) => Value::Real(v),
                            Text(t) => Value::Text(String::from_utf8_lossy(t).into_owned()),
                            Blob(b) => Value::Bytes(b.to_vec()),
                        });
                    }
                    f(Row(vals))?;
                }
                Ok(())
            }
            On::Pg(cell) => {
                let rows = cell.borrow_mut().run(|pg| {
                    pg.flush()?;
                    let stmt = pg.prepare(sql)?;
                    let refs: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
                    pg.tx.query(&stmt, &refs).map_err(pg_fault)
                })?;
                for r in rows {
                    f(pg_row(&r)?)?;
                }
                Ok(())
            }
        }
    }
    /// Runs a statement, gives the number of rows it touched.
    pub(crate) fn exec(&self, sql: &str, params: &[Value]) -> Result<u64> {
        match &self.on {
            On::Sqlite(c) => {
                let mut stmt = c.prepare_cached(sql).map_err(lite)?;
                for (i, p) in params.iter().enumerate() {
                    stmt.raw_bind_parameter(i + 1, p).map_err(lite)?;
                }
                Ok(stmt.raw_execute().map_err(lite)? as u64)
            }
            On::Pg(cell) => cell.borrow_mut().run(|pg| {
                pg.flush()?;
                let stmt = pg.prepare(sql)?;
                let refs: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
                pg.tx.execute(&stmt, &refs).map_err(pg_fault)
            }),
        }
    }
    /// Puts a row with a value for each column into a table. On PostgreSQL the row may wait, so that many travel in one statement: a row that does
    /// not fit then fails the next statement of the transaction, or its commit.
    pub(crate) fn insert(&self, table: &'static Table, row: Vec<Value>) -> Result<()> {
        match &self.on {
            On::Sqlite(_) => {
                let sql = INSERTS.with_borrow_mut(|all| {
                    let make = || {
                        let marks: Vec<String> = (1..=table.columns.len()).map(|i| format!("?{i}")).collect();
                        format!(
                            "insert into {} ({}) values ({})",
                            table.name,
                            table.list(),
                            marks.join(", ")
                        )
                        .into()
                    };
                    Rc::clone(all.entry(std::ptr::from_ref(table)).or_insert_with(make))
                });
                self.exec(&sql, &row).map(|_| ())
            }
            On::Pg(cell) => cell.borrow_mut().run(|pg| pg.insert(table, row)),
        }
    }
}

impl<'a> PgTx<'a> {
    pub(crate) fn new(tx: postgres::Transaction<'a>, cache: &'a mut HashMap<String, postgres::Statement>) -> PgTx<'a> {
        PgTx {
            tx,
            cache,
            waiting: Vec::new(),
            failed: None,
        }
    }
    /// Sends what waits and commits. Nothing is committed after a statement that failed, whoever may have overlooked it: PostgreSQL itself
    /// answers such a commit with a rollback that looks like success.
    pub(crate) fn commit(mut self) -> Result<()> {
        self.run(PgTx::flush)?;
        match self.failed {
            None => self.tx.commit().map_err(pg_fault),
            Some(e) => {
                let _ = self.tx.rollback();
                Err(e)
            }
        }
    }
    fn run<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let out = f(self);
        if let Err(e) = &out
            && self.failed.is_none()
        {
            self.failed = Some(e.clone());
        }
        out
    }
    fn insert(&mut self, table: &'static Table, row: Vec<Value>) -> Result<()> {
        let rows = match self.waiting.iter().position(|(t, _)| t.name == table.name) {
            Some(i) => &mut self.waiting[i].1,
            None => {
                self.waiting.push((table, Vec::new()));
                &mut self.waiting.last_mut().expect("just pushed").1
            }
        };
        rows.push(row);
        if rows.len() >= TOGETHER { self.flush() } else { Ok(()) }
    }
    /// Sends the rows that wait: one statement a table, a list of values for each column, so that the statement is the same for any number of rows.
    fn flush(&mut self) -> Result<()> {
        for (table, rows) in std::mem::take(&mut self.waiting) {
            let lists: Vec<String> = table
                .columns
                .iter()
                .enumerate()
                .map(|(i, c)| {
                    let ty = match c.ty {
                        Type::Id => "uuid",
                        Type::Text | Type::Json | Type::Day => "text",
                        Type::Int | Type::Time => "bigint",
                        Type::Real => "double precision",
                        Type::Bool => "boolean",
                        Type::Bytes => "bytea",
                    };
                    format!("?{}::{ty}[]", i + 1)
                })
                .collect();
            let names = table.list();
            let sql = format!(
                "insert into {} ({names}) select * from unnest({})",
                table.name,
                lists.join(", ")
            );
            let columns: Vec<Vec<&Value>> = (0..table.columns.len())
                .map(|i| rows.iter().map(|r| &r[i]).collect())
                .collect();
            let refs: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|c| c as &(dyn ToSql + Sync)).collect();
            let stmt = self.prepare(&sql)?;
            self.tx.execute(&stmt, &refs).map_err(pg_fault)?;
        }
        Ok(())
    }
    fn prepare(&mut self, sql: &str) -> Result<postgres::Statement> {
        if let Some(s) = self.cache.get(sql) {
            return Ok(s.clone());
        }
        let stmt = self.tx.prepare(&dollars(sql)).map_err(pg_fault)?;
        if self.cache.len() > 400 {
            self.cache.clear();
        }
        self.cache.insert(sql.to_owned(), stmt.clone());
        Ok(stmt)
    }
}

/// `?3` → `$3`, outside of quoted text.
fn dollars(sql: &str) -> String {
    let mut quoted = false;
    sql.chars()
        .map(|c| {
            quoted ^= c == '\'';
            if c == '?' && !quoted { '$' } else { c }
        })
        .collect()
}

fn pg_row(r: &postgres::Row) -> Result<Row> {
    let mut vals = Vec::with_capacity(r.len());
    for (i, c) in r.columns().iter().enumerate() {
        let v = match *c.type_() {
            PgType::BOOL => r.try_get::<_, Option<bool>>(i).map(Value::from),
            PgType::INT8 => r.try_get::<_, Option<i64>>(i).map(Value::from),
            PgType::INT4 => r.try_get::<_, Option<i32>>(i).map(Value::from),
            PgType::FLOAT8 => r.try_get::<_, Option<f64>>(i).map(Value::from),
            PgType::BYTEA => r.try_get::<_, Option<Vec<u8>>>(i).map(Value::from),
            PgType::UUID => r.try_get::<_, Option<RawId>>(i).map(|v| v.map(|v| v.0).into()),
            _ => r.try_get::<_, Option<String>>(i).map(Value::from),
        };
        vals.push(v.map_err(pg_fault)?);
    }
    Ok(Row(vals))
}

struct RawId(Id);
impl<'a> postgres::types::FromSql<'a> for RawId {
    fn from_sql(_: &PgType, raw: &'a [u8]) -> std::result::Result<RawId, Box<dyn std::error::Error + Sync + Send>> {
        Ok(RawId(Id(uuid::Uuid::from_slice(raw)?)))
    }
    fn accepts(ty: &PgType) -> bool {
        *ty == PgType::UUID
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value as V, ValueRef};
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(V::Null),
            Value::Int(n) => ToSqlOutput::Owned(V::Integer(*n)),
            Value::Real(r) => ToSqlOutput::Owned(V::Real(*r)),
            Value::Bool(b) => ToSqlOutput::Owned(V::Integer((*b).into())),
            Value::Text(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
            Value::Bytes(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Value::Id(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.0.as_bytes())),
        })
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &PgType,
        out: &mut bytes::BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) if *ty == PgType::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Int(n) if *ty == PgType::FLOAT8 => (*n as f64).to_sql(ty, out),
            Value::Int(n) if *ty == PgType::BOOL => (*n != 0).to_sql(ty, out),
            Value::Int(n) => n.to_sql(ty, out),
            Value::Real(r) => r.to_sql(ty, out),
            Value::Bool(b) => b.to_sql(ty, out),
            Value::Text(t) if *ty == PgType::UUID => {
                out.extend_from_slice(t.parse::<uuid::Uuid>()?.as_bytes());
                Ok(IsNull::No)
            }
            // PostgreSQL has no zero byte in text; drop it rather than fail a person's save
            Value::Text(t) if t.contains('\0') => t.replace('\0', "").to_sql(ty, out),
            Value::Text(t) => t.to_sql(ty, out),
            Value::Bytes(b) => b.to_sql(ty, out),
            Value::Id(id) if *ty == PgType::UUID => {
                out.extend_from_slice(id.0.as_bytes());
                Ok(IsNull::No)
            }
            Value::Id(id) => id.to_string().to_sql(ty, out),
        }
    }
    fn accepts(_: &PgType) -> bool {
        true
    }
    to_sql_checked!();
}

/// An error of SQLite in words.
pub(crate) fn lite(e: rusqlite::Error) -> Fault {
    use rusqlite::ErrorCode::*;
    match e.sqlite_error_code() {
        Some(DiskFull | SystemIoFailure | ReadOnly | CannotOpen) => Fault::Full,
        Some(DatabaseBusy | DatabaseLocked) => Fault::Slow(2),
        Some(ConstraintViolation) if e.to_string().contains("UNIQUE") => {
            Fault::Conflict(say("已经有同样的一条", "One like this exists already"))
        }
        _ => Fault::broken(format!("sqlite: {e}")),
    }
}
/// An error of PostgreSQL in words; `Fault::Running` asks the caller to run the transaction again.
pub(crate) fn pg_fault(e: postgres::Error) -> Fault {
    match e.code().map(|c| c.code()) {
        Some("40001" | "40P01") => Fault::Running,
        Some("23505") => Fault::Conflict(say("已经有同样的一条", "One like this exists already")),
        Some("53100" | "58030") => Fault::Full,
        _ => {
            use std::error::Error;
            let cause = e.source().map(ToString::to_string).unwrap_or_default();
            Fault::broken(format!("postgres: {e} {cause}"))
        }
    }
}

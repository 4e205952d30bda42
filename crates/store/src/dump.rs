//! All rows of all tables out of one snapshot, and into an empty store: the inside of a backup. The same bytes for both databases, so a
//! backup of one restores into the other.

use crate::conn::{Conn, PgTx, lite, pg_fault};
use crate::db::{Db, SCHEMA, migrate, pg_client, sqlite_pragmas};
use crate::params;
use crate::schema::Table;
use crate::value::Value;
use tx_base::{Fault, Id, Result, say};

/// Takes a table's name and a row, in the order of the declared columns.
pub type RowOut<'a> = &'a mut dyn FnMut(&'static Table, &[Value]) -> Result<()>;

/// Gives every row of every table, all as of one moment, while others go on writing. The schema's number.
pub fn dump(db: &Db, out: RowOut) -> Result<i64> {
    db.read(|c| {
        for t in db.tables() {
            // a cursor would be kinder to PostgreSQL's memory, but a county's largest table fits
            c.each(
                &format!("select {} from {} order by {}", t.list(), t.name, t.key.join(", ")),
                &[],
                |mut r| {
                    t.typed(&mut r.0);
                    out(t, &r.0)
                },
            )?;
        }
        Ok(SCHEMA)
    })
}

/// Puts rows into an empty store in one transaction: all of them or none. `next` gives them table by table as they came out.
/// `Conflict` when the store holds anything already.
pub fn load(
    url: &str,
    tables: &'static [&'static Table],
    next: &mut dyn FnMut() -> Result<Option<(&'static Table, Vec<Value>)>>,
) -> Result<()> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        if let Some(dir) = std::path::Path::new(path)
            .parent()
            .filter(|d| !d.as_os_str().is_empty())
        {
            std::fs::create_dir_all(dir).map_err(|_| Fault::Full)?;
        }
        let c = rusqlite::Connection::open(path).map_err(lite)?;
        sqlite_pragmas(&c)?;
        c.execute_batch("begin immediate").map_err(lite)?;
        let out = fill(&Conn::sqlite(&c, None), tables, next);
        c.execute_batch(if out.is_ok() { "commit" } else { "rollback" })
            .map_err(lite)?;
        out
    } else {
        let mut c = pg_client(url)?;
        let tx = c.client.transaction().map_err(pg_fault)?;
        let conn = Conn::pg(PgTx::new(tx, &mut c.cache), None);
        let out = fill(&conn, tables, next);
        let pg = conn.into_pg();
        match out {
            Ok(()) => pg.commit(),
            Err(e) => {
                let _ = pg.tx.rollback();
                Err(e)
            }
        }
    }
}

/// Tables that an opened but unused store may hold rows in: its keys, which the backup's take the place of.
const OWN: [&str; 2] = ["meta", "data_keys"];

fn fill(
    c: &Conn,
    tables: &'static [&'static Table],
    next: &mut dyn FnMut() -> Result<Option<(&'static Table, Vec<Value>)>>,
) -> Result<()> {
    migrate(c, tables)?;
    for t in tables {
        if OWN.contains(&t.name) {
            c.exec(&format!("delete from {}", t.name), &[])?;
        } else if c.first(&format!("select 1 from {} limit 1", t.name), &[])?.is_some() {
            return Err(Fault::Conflict(say(
                "这里已经有数据；恢复只能进一个空的地方",
                "There are data here already; a restore goes into an empty store only",
            )));
        }
    }
    while let Some((t, mut vals)) = next()? {
        t.typed(&mut vals);
        c.insert(t, vals)?;
    }
    // the tables are those of this program, whichever wrote the rows
    let sql =
        "insert into meta (name, value) values ('schema', ?1) on conflict (name) do update set value = excluded.value";
    c.exec(sql, params![SCHEMA.to_string()]).map(|_| ())
}

/// A row as bytes: the count of values, each with its kind.
pub fn write_row(vals: &[Value], out: &mut Vec<u8>) {
    out.extend_from_slice(&(vals.len() as u16).to_le_bytes());
    for v in vals {
        match v {
            Value::Null => out.push(0),
            Value::Int(n) => {
                out.push(1);
                out.extend_from_slice(&n.to_le_bytes());
            }
            Value::Real(r) => {
                out.push(2);
                out.extend_from_slice(&r.to_bits().to_le_bytes());
            }
            Value::Bool(b) => out.extend_from_slice(&[3, u8::from(*b)]),
            Value::Text(t) => long(4, t.as_bytes(), out),
            Value::Bytes(b) => long(5, b, out),
            Value::Id(id) => {
                out.push(6);
                out.extend_from_slice(id.0.as_bytes());
            }
        }
    }
}
fn long(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}
/// Reads a row from the front of `bytes` and moves on; `None` when they end in the middle or make no sense.
pub fn read_row(bytes: &mut &[u8]) -> Option<Vec<Value>> {
    fn take<'b, const N: usize>(b: &mut &'b [u8]) -> Option<[u8; N]> {
        let (head, rest) = b.split_first_chunk::<N>()?;
        *b = rest;
        Some(*head)
    }
    fn some<'b>(b: &mut &'b [u8]) -> Option<&'b [u8]> {
        let n = u32::from_le_bytes(take(b)?) as usize;
        let (head, rest) = b.split_at_checked(n)?;
        *b = rest;
        Some(head)
    }
    let n = u16::from_le_bytes(take(bytes)?);
    (0..n)
        .map(|_| {
            Some(match take::<1>(bytes)?[0] {
                0 => Value::Null,
                1 => Value::Int(i64::from_le_bytes(take(bytes)?)),
                2 => Value::Real(f64::from_bits(u64::from_le_bytes(take(bytes)?))),
                3 => Value::Bool(take::<1>(bytes)?[0] != 0),
                4 => Value::Text(String::from_utf8(some(bytes)?.to_vec()).ok()?),
                5 => Value::Bytes(some(bytes)?.to_vec()),
                6 => Value::Id(Id(uuid::Uuid::from_bytes(take(bytes)?))),
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn rows_come_back_and_torn_ones_do_not() {
        let row = vec![
            Value::Null,
            Value::Int(-7),
            Value::Real(0.1),
            Value::Bool(true),
            Value::Text("石若曦".into()),
            Value::Bytes(vec![0, 255]),
            Value::Id(Id::NIL),
        ];
        let mut out = Vec::new();
        write_row(&row, &mut out);
        assert_eq!(read_row(&mut out.as_slice()), Some(row));
        for n in 0..out.len() {
            assert_eq!(read_row(&mut &out[..n]), None, "cut at {n}");
        }
    }
}

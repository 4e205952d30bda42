//! What SQLite's planner has to know of the tables. Without numbers it takes the first column of a key to be nearly unique; here that is
//! the county, which all rows share, so that a join of records and lines read the whole table for each record. The numbers are those
//! of a large store, not counted ones: plans stay the same while a store grows.

use crate::conn::Conn;
use crate::schema::Table;
use tx_base::Result;

/// Rows of a large table.
const ROWS: u64 = 1_000_000;
/// Rows that share all columns of an index that is not unique; each column more divides by `NARROWS`.
const SAME: u64 = 20;
const NARROWS: u64 = 30;

/// Writes the numbers of every index. SQLite alone; PostgreSQL counts for itself.
pub(crate) fn tell(conn: &Conn, tables: &[&'static Table]) -> Result<()> {
    // makes the table of numbers where it is missing
    conn.exec("analyze sqlite_schema", &[])?;
    conn.exec("delete from sqlite_stat1", &[])?;
    for t in tables {
        let key = if t.has_rowid() {
            format!("sqlite_autoindex_{}_1", t.name)
        } else {
            t.name.to_owned()
        };
        let mut all = vec![(key, t.key.len(), true)];
        for (i, u) in t.unique.iter().enumerate() {
            all.push((format!("sqlite_autoindex_{}_{}", t.name, i + 2), u.len(), true));
        }
        for i in t.index {
            all.push((format!("{}_by_{}", t.name, i[1..].join("_")), i.len(), false));
        }
        for (name, columns, unique) in all {
            conn.exec(
                "insert into sqlite_stat1 (tbl, idx, stat) values (?1, ?2, ?3)",
                crate::params![t.name, name, stat(columns, unique)],
            )?;
        }
    }
    // has this connection read them; those opened later do so by themselves
    conn.exec("analyze sqlite_schema", &[])?;
    Ok(())
}

/// `rows`, then how many rows share the first column, the first two …
fn stat(columns: usize, unique: bool) -> String {
    let mut shares = vec![if unique { 1 } else { SAME }];
    while shares.len() + 1 < columns {
        shares.push((shares[shares.len() - 1] * NARROWS).min(ROWS));
    }
    if columns > 1 {
        // the county
        shares.push(ROWS);
    }
    let shares: Vec<String> = shares.iter().rev().map(u64::to_string).collect();
    format!("{ROWS} {}", shares.join(" "))
}

#[cfg(test)]
mod tests {
    use super::stat;

    #[test]
    fn the_first_column_tells_nothing_apart() {
        assert_eq!(stat(1, true), "1000000 1");
        assert_eq!(stat(2, true), "1000000 1000000 1");
        assert_eq!(stat(2, false), "1000000 1000000 20");
        assert_eq!(stat(4, false), "1000000 1000000 18000 600 20");
    }
}

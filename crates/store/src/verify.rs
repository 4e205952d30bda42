//! Does the store still say what was written into it? Walks every chain and every covered row (security.md §4).

use crate::audit::{Entry, Head};
use crate::conn::Conn;
use crate::db::Db;
use crate::params;
use crate::schema::Cover;
use crate::write::{parts_of, row_mac};
use std::collections::HashMap;
use tx_base::{Id, Result, Say, say};

/// What the walk found.
#[derive(Debug)]
pub struct Report {
    /// entries of all chains
    pub entries: i64,
    /// each table and whether the chain covers it
    pub tables: Vec<(&'static str, &'static str)>,
    /// the first bad place, if any
    pub bad: Option<Say>,
}

/// Checks everything, and that the chains still contain each anchor (county, size, hash).
pub fn verify(db: &Db, anchors: &[(Id, i64, Vec<u8>)]) -> Result<Report> {
    let tables = db
        .tables()
        .iter()
        .map(|t| {
            (
                t.name,
                if matches!(t.cover, Cover::Outside) {
                    "outside"
                } else {
                    "covered"
                },
            )
        })
        .collect();
    let mut report = Report {
        entries: 0,
        tables,
        bad: None,
    };
    report.bad = db.read(|c| walk(db, c, anchors, &mut report.entries))?;
    Ok(report)
}

type Last = HashMap<(String, Id, Id), (i64, Vec<u8>)>;

fn walk(db: &Db, c: &Conn, anchors: &[(Id, i64, Vec<u8>)], entries: &mut i64) -> Result<Option<Say>> {
    let keys = db.keys();
    let mut last: Last = HashMap::new();
    let mut counties: Vec<Id> = c
        .query("select county_id from audit_heads order by county_id", &[])?
        .iter()
        .map(|r| r.id(0))
        .collect();
    let orphans = c.query("select distinct county_id from audit_entries order by county_id", &[])?;
    for r in orphans {
        if !counties.contains(&r.id(0)) {
            return Ok(Some(say(
                format!("县 {} 的审计链没有链头", r.id(0)),
                format!("The audit chain of county {} has lost its head", r.id(0)),
            )));
        }
    }
    counties.sort();
    for county in counties {
        if let Some(bad) = chain(c, keys, county, anchors, entries, &mut last)? {
            return Ok(Some(bad));
        }
    }
    for (county, size, _) in anchors {
        if Head::read(c, *county, false)?.is_none() {
            return Ok(Some(say(
                format!("锚点里的县 {county} 没有审计链（{size} 条都不见了）"),
                format!("County {county} of the anchor has no chain: all {size} entries are gone"),
            )));
        }
    }
    rows(db, c, &mut last)
}

fn chain(
    c: &Conn,
    keys: &crate::Keys,
    county: Id,
    anchors: &[(Id, i64, Vec<u8>)],
    entries: &mut i64,
    last: &mut Last,
) -> Result<Option<Say>> {
    let Some((head, mac)) = Head::read(c, county, false)? else {
        return Ok(None);
    };
    if !tx_seal::same(&head.mac(&keys.audit), &mac) {
        return Ok(Some(say(
            format!("县 {county} 的链头被改过"),
            format!("The head of county {county}'s chain was changed"),
        )));
    }
    let (mut seq, mut prev, mut bad) = (0i64, vec![0u8; 32], None);
    c.each(
        "select seq, at, actor, actor_name, address, action, tbl, row_id, row_version, row_mac, detail, prev, hash from audit_entries where county_id = ?1 order by seq",
        params![county],
        |r| {
            if bad.is_some() {
                return Ok(());
            }
            seq += 1;
            let (row_mac, detail) = (r.opt_bytes(9), r.opt_text(10));
            let e = Entry {
                at: r.time(1), actor: r.opt_id(2), actor_name: r.str(3), address: r.str(4), action: r.str(5), tbl: r.str(6),
                row_id: r.opt_id(7), row_version: r.int(8), row_mac: row_mac.as_deref(), detail: detail.as_deref(),
            };
            let hash = e.hash(&keys.audit, county, seq, &prev);
            if r.int(0) != seq || r.bytes(11) != prev || r.bytes(12) != hash {
                bad = Some(say(format!("审计第 {seq} 条对不上：改过、少了或换了次序"), format!("Audit entry {seq} does not hold: changed, missing or out of order")));
                return Ok(());
            }
            prev = hash.to_vec();
            if anchors.iter().any(|(k, size, hash)| *k == county && *size == seq && *hash != prev) {
                bad = Some(say(format!("审计第 {seq} 条与锚点不符"), format!("Audit entry {seq} differs from the anchor")));
            }
            if let (Some(id), Some(mac)) = (e.row_id, row_mac.clone()) {
                last.insert((e.tbl.to_owned(), county, id), (seq, mac));
            }
            Ok(())
        },
    )?;
    if bad.is_some() {
        return Ok(bad);
    }
    *entries += seq;
    if seq != head.size || prev != head.hash {
        return Ok(Some(say(
            format!("审计链末尾少了：应有 {} 条，只有 {seq} 条", head.size),
            format!("The chain was cut: {} entries expected, {seq} found", head.size),
        )));
    }
    if let Some((_, size, _)) = anchors.iter().find(|(k, size, _)| *k == county && *size > seq) {
        return Ok(Some(say(
            format!("锚点有 {size} 条，现在只有 {seq} 条：数据退回到了从前"),
            format!("The anchor has {size} entries, now there are {seq}: the store was rolled back"),
        )));
    }
    Ok(None)
}

fn rows(db: &Db, c: &Conn, last: &mut Last) -> Result<Option<Say>> {
    let keys = db.keys();
    let mut bad = None;
    for table in db.tables().iter().filter(|t| t.covered()) {
        // digest of the parts of each whole, in the order of their ids
        let mut parts: HashMap<Id, Vec<Vec<u8>>> = HashMap::new();
        for part in parts_of(db.tables(), table) {
            let Cover::PartOf(_, key) = part.cover else { continue };
            let at = part
                .columns
                .iter()
                .position(|k| k.name == key)
                .expect("the parent's column");
            c.each(
                &format!(
                    "select {} from {} order by county_id, {key}, id",
                    part.list(),
                    part.name
                ),
                &[],
                |r| {
                    // a part's canonical bytes are only needed as a digest of their sequence
                    parts.entry(r.id(at)).or_default().push(part.canon(&r.0));
                    Ok(())
                },
            )?;
        }
        c.each(
            &format!("select {} from {} order by county_id, id", table.list(), table.name),
            &[],
            |r| {
                if bad.is_some() {
                    return Ok(());
                }
                let (county, id) = (r.id(0), r.id(1));
                let bodies = parts.remove(&id).unwrap_or_default();
                let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
                let mac = row_mac(keys, table, &table.canon(&r.0), &tx_seal::digest(&bodies));
                match last.remove(&(table.name.to_owned(), county, id)) {
                    None => {
                        bad = Some(say(
                            format!("{} 里的 {id} 没有审计记录：是从外面加进来的", table.name),
                            format!("{} {id} has no audit entry: it was added from outside", table.name),
                        ))
                    }
                    Some((seq, want)) if want != mac => {
                        bad = Some(say(
                            format!("{} 里的 {id} 与审计第 {seq} 条不符：被改过", table.name),
                            format!(
                                "{} {id} differs from audit entry {seq}: it was changed from outside",
                                table.name
                            ),
                        ));
                    }
                    Some(_) => {}
                }
                Ok(())
            },
        )?;
        if bad.is_some() {
            return Ok(bad);
        }
        if let Some(id) = parts.keys().next() {
            return Ok(Some(say(
                format!("{} 的附行指着不存在的 {id}", table.name),
                format!("A part points to {} {id}, which does not exist", table.name),
            )));
        }
    }
    if let Some((tbl, _, id)) = last.keys().next() {
        return Ok(Some(say(
            format!("{tbl} 里的 {id} 不见了：是从外面删的"),
            format!("{tbl} {id} is gone: it was removed from outside"),
        )));
    }
    Ok(None)
}

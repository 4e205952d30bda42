//! The door for writes: what fails in a transaction takes all of it back, on both databases, also where rows travel together.

use tx_access::COUNTIES;
use tx_base::{Fault, Id};
use tx_it::{World, story};
use tx_school::tables::ADULTS;
use tx_store::{Act, Db, Value, params, row};

fn count(db: &Db, sql: &'static str, county: Id) -> i64 {
    db.read(|c| c.count(sql, params![county])).expect("a count")
}
const ADULTS_OF: &str = "select count(*) from adults where county_id = ?1";
const ENTRIES: &str = "select count(*) from audit_entries where county_id = ?1";

fn adult(school: Id, id: Id, name: &str) -> Vec<(&'static str, Value)> {
    row!["id" => id, "school_id" => school, "kind" => "teacher", "name" => name, "sex" => "f", "party_member" => false,
        "from_day" => "2026-09-01", "sort_key" => name]
}

story!(one_row_too_many_and_nothing_is_written, |w: &World| {
    let db = w.place.open().expect("the store");
    let county = Id::fresh();
    let act = || Act::console(county, "door", "door.try");
    let school = Id::fresh();
    // the same row twice, then others: whenever the database tells of it, the transaction fails
    let twice = Id::fresh();
    let out = db.write(act(), move |w| {
        w.insert(&COUNTIES, row!["id" => county, "name" => "门县"])?;
        for id in [twice, Id::fresh(), twice, Id::fresh()] {
            w.insert(&ADULTS, adult(school, id, "石秀英"))?;
        }
        Ok(())
    });
    assert!(matches!(out, Err(Fault::Conflict(_))), "{out:?}");
    assert_eq!((count(&db, ADULTS_OF, county), count(&db, ENTRIES, county)), (0, 0));
    // a text with quotes, an empty one, nothing, a number, bytes: all as they were, in many rows at once
    let ids: Vec<Id> = (0..2500).map(|_| Id::fresh()).collect();
    let first = ids[0];
    let seen = db
        .write(act(), move |w| {
            w.insert(&COUNTIES, row!["id" => county, "name" => "门'县\"{},\\"])?;
            for id in &ids {
                w.insert(&ADULTS, adult(school, *id, "龙{a,b}\\N"))?;
            }
            // what was written is read in the same transaction, before and after a change
            w.update(&ADULTS, ids[0], row!["name" => ""])?;
            let sql = "select count(*) from adults where county_id = ?1 and unit is null";
            w.conn().count(sql, params![county])
        })
        .expect("written");
    assert_eq!(seen, 2500);
    assert_eq!(count(&db, ADULTS_OF, county), 2500);
    let names = db
        .read(|c| {
            let n = c.first(
                "select name from counties where county_id = ?1 and id = ?1",
                params![county],
            )?;
            let a = c.first(
                "select name from adults where county_id = ?1 and id = ?2",
                params![county, first],
            )?;
            let b = c.first(
                "select name from adults where county_id = ?1 and id <> ?2 limit 1",
                params![county, first],
            )?;
            Ok([n, a, b].map(|r| r.expect("a row").text(0)))
        })
        .expect("names");
    assert_eq!(names, ["门'县\"{},\\", "", "龙{a,b}\\N"]);
    assert_eq!(count(&db, ENTRIES, county), 2501, "one entry a row");
    assert_eq!(w.run(&["verify"]).0, 0, "and the chain covers them");
});

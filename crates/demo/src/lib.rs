//! The demonstration: six invented schools under one county, one for each care scheme. Everything goes through the same door as real data.

mod bonds;
mod book;
mod care;
mod facts;
mod kids;
mod people;
mod proposals;
mod schools;
mod things;
mod town;
mod words;

use book::Book;
use people::People;
use std::sync::Arc;
pub use town::Login;
use tx_base::{Day, Id, Result};
use tx_store::{Act, Db};

/// The password of every demonstration login. The demonstration listens on loopback only.
pub const PASSWORD: &str = "shanli-de-xingxing";

/// Fills an empty store: the ground in one transaction, then children and records, one transaction for each who wrote them.
/// The seed changes the people, not the quantities (schemes.md).
pub fn fill(db: &Db, seed: u64, today: Day) -> Result<Vec<Login>> {
    let county = Id::fresh();
    let hash = tx_seal::hash_password(PASSWORD);
    let (schools, logins) = db.write(Act::console(county, "demo", "demo.fill"), move |w| {
        town::build(w, seed, today, &hash)
    })?;
    let mut families = People::new(seed.wrapping_mul(17));
    for (i, mut school) in schools.into_iter().enumerate() {
        kids::fill(db, county, &mut school, &mut families, today)?;
        let school = Arc::new(school);
        let whole = school.clone();
        db.write(Act::console(county, "demo", "demo.fill"), move |w| {
            bonds::build(w, today, &whole)?;
            proposals::build(w, today, &whole)?;
            things::build(w, today, &whole)
        })?;
        let mut book = Book::new(
            &school,
            People::new(seed.wrapping_mul(31).wrapping_add(i as u64 + 1)),
            today,
        );
        facts::fill(&mut book)?;
        care::fill(&mut book)?;
        book.store(db, county)?;
    }
    Ok(logins)
}

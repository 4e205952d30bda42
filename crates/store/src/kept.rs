//! What follows from the store and is kept in memory until a row changes that it may follow from.
//!
//! The end of a county's chain ([`AUDIT_HEADS`](crate::AUDIT_HEADS)) says how long the chain is, and how long it was when a row last changed that does not come all day
//! ([`Cover::Stream`](crate::Cover::Stream)). Both numbers stand in the store and are read in the transaction that asks, so what another process has changed counts as well, and
//! nothing is ever given that an earlier state of the store said.

use hashlink::LruCache;
use std::any::{Any, TypeId};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use tx_base::{Id, Result};

/// Things kept at most; the one that was not asked for longest goes first.
const MOST: usize = 4096;

/// Things of one row kept at most ([`Conn::kept_of`](crate::Conn::kept_of)), and facts that hold for good.
const MOST_ROWS: usize = 1024;
const MOST_FACTS: usize = 65_536;
/// Entries of the chain looked through for one kept thing; after more it is made again.
pub(crate) const LOOK: i64 = 200;

/// How long the chain of a county is, now and when something settled last changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub all: i64,
    pub settled: i64,
}

/// What is kept about one row, such as a child's page: it follows from what is settled, from the row, and from those rows of streams that concern it.
pub struct About<'f> {
    /// the row itself
    pub id: Id,
    /// names the thing among those of its type, with all that it depends on besides the store
    pub key: &'f str,
    /// whether any of these rows of streams, changed since, concerns the row now; those that did when the thing was made are known already
    pub touched: &'f dyn Fn(&[Id]) -> Result<bool>,
}

/// A thing made from a row and these rows of streams.
pub struct Made<T> {
    pub thing: T,
    /// the rows of streams that concerned the row: when one of them changes, it may concern it no more
    pub from: Vec<Id>,
}

type Key = (TypeId, Id, String);
type Thing = Arc<dyn Any + Send + Sync>;

/// Of one row: the stamp up to which nothing has changed, what it was made from, the thing.
#[derive(Clone)]
pub(crate) struct OfRow {
    pub stamp: Stamp,
    pub from: Arc<HashSet<Id>>,
    pub thing: Thing,
}

impl OfRow {
    pub(crate) fn new<T: Send + Sync + 'static>(stamp: Stamp, made: Made<T>) -> (OfRow, Arc<T>) {
        let thing = Arc::new(made.thing);
        let from = Arc::new(made.from.into_iter().collect());
        (
            OfRow {
                stamp,
                from,
                thing: thing.clone(),
            },
            thing,
        )
    }
    pub(crate) fn thing<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(&self.thing).downcast().ok()
    }
}

pub(crate) struct Kept {
    settled: Mutex<LruCache<Key, (i64, Thing)>>,
    rows: Mutex<LruCache<Key, OfRow>>,
    facts: Mutex<LruCache<String, ()>>,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept {
            settled: Mutex::new(LruCache::new(MOST)),
            rows: Mutex::new(LruCache::new(MOST_ROWS)),
            facts: Mutex::new(LruCache::new(MOST_FACTS)),
        }
    }
}

impl Kept {
    pub(crate) fn get<T: Send + Sync + 'static>(&self, county: Id, key: &str, stamp: i64) -> Option<Arc<T>> {
        let key = (TypeId::of::<T>(), county, key.to_owned());
        let mut all = self.settled.lock().expect("kept");
        let (at, thing) = all.get(&key)?;
        (*at == stamp).then(|| Arc::clone(thing))?.downcast().ok()
    }
    pub(crate) fn put<T: Send + Sync + 'static>(&self, county: Id, key: &str, stamp: i64, thing: Arc<T>) {
        let key = (TypeId::of::<T>(), county, key.to_owned());
        self.settled.lock().expect("kept").insert(key, (stamp, thing));
    }
    pub(crate) fn get_row<T: 'static>(&self, county: Id, key: &str) -> Option<OfRow> {
        let key = (TypeId::of::<T>(), county, key.to_owned());
        self.rows.lock().expect("kept").get(&key).cloned()
    }
    pub(crate) fn put_row<T: 'static>(&self, county: Id, key: &str, row: OfRow) {
        let key = (TypeId::of::<T>(), county, key.to_owned());
        self.rows.lock().expect("kept").insert(key, row);
    }
    /// Whether something that stays true once it is true was found true before.
    pub(crate) fn holds(&self, fact: &str) -> bool {
        self.facts.lock().expect("kept").get(fact).is_some()
    }
    pub(crate) fn hold(&self, fact: String) {
        self.facts.lock().expect("kept").insert(fact, ());
    }
}

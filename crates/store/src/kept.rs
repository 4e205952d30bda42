//! What follows from the store and is kept in memory until a row changes that it may follow from.
//!
//! The end of a county's chain ([`AUDIT_HEADS`](crate::AUDIT_HEADS)) says how long the chain is, and how long it was when a row last changed that does not come all day
//! ([`Cover::Stream`](crate::Cover::Stream)). Both numbers stand in the store and are read in the transaction that asks, so what another process has changed counts as well, and
//! nothing is ever given that an earlier state of the store said.

use hashlink::LruCache;
use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex};
use tx_base::Id;

/// Things kept at most; the one that was not asked for longest goes first.
const MOST: usize = 4096;

/// How long the chain of a county is, now and when something settled last changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub all: i64,
    pub settled: i64,
}

/// What a kept thing follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// tables whose rows change rarely: calendar, scheme, classes, posts, rights, files; no records
    Settled,
    /// everything in the county's covered tables
    All,
}

impl Stamp {
    pub(crate) fn of(self, from: Follows) -> i64 {
        match from {
            Follows::Settled => self.settled,
            Follows::All => self.all,
        }
    }
}

type Key = (TypeId, Id, String);

pub(crate) struct Kept(Mutex<LruCache<Key, (i64, Arc<dyn Any + Send + Sync>)>>);

impl Default for Kept {
    fn default() -> Kept {
        Kept(Mutex::new(LruCache::new(MOST)))
    }
}

impl Kept {
    pub(crate) fn get<T: Send + Sync + 'static>(&self, county: Id, key: &str, stamp: i64) -> Option<Arc<T>> {
        let key = (TypeId::of::<T>(), county, key.to_owned());
        let mut all = self.0.lock().expect("kept");
        let (at, thing) = all.get(&key)?;
        (*at == stamp).then(|| Arc::clone(thing))?.downcast().ok()
    }
    pub(crate) fn put<T: Send + Sync + 'static>(&self, county: Id, key: &str, stamp: i64, thing: Arc<T>) {
        let key = (TypeId::of::<T>(), county, key.to_owned());
        self.0.lock().expect("kept").insert(key, (stamp, thing));
    }
    /// After a commit that failed: what was computed inside it may follow from rows that never were.
    pub(crate) fn forget(&self) {
        self.0.lock().expect("kept").clear();
    }
}

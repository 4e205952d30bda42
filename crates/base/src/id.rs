//! Identifiers: UUIDv7, made by the program or by the phone.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A UUID, version 7 for everything new. Sorts by the time it was made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub uuid::Uuid);

impl Id {
    /// A fresh id from the machine's clock and random source.
    pub fn fresh() -> Id {
        Id(uuid::Uuid::now_v7())
    }
    /// The id of nobody: the system's own chain and actor.
    pub const NIL: Id = Id(uuid::Uuid::nil());
    /// An id derived from a text: the same text gives the same id (version 8 layout).
    pub fn of(hash: [u8; 16]) -> Id {
        Id(uuid::Uuid::new_v8(hash))
    }
}
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl FromStr for Id {
    type Err = ();
    fn from_str(s: &str) -> Result<Id, ()> {
        // only the hyphenated form, so that one id has one spelling
        if s.len() == 36 {
            s.parse().map(Id).map_err(|_| ())
        } else {
            Err(())
        }
    }
}

/// Where the demonstration's ids come from: repeatable for a seed, in the order they are asked for.
#[derive(Debug)]
pub struct IdSource {
    milli: u64,
    state: u64,
}

impl IdSource {
    pub fn seeded(seed: u64, milli: u64) -> IdSource {
        IdSource {
            milli,
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03,
        }
    }
    pub fn next(&mut self) -> Id {
        self.milli += 1;
        let mut bytes = [0u8; 10];
        for chunk in bytes.chunks_mut(8) {
            // splitmix64: only to tell ids apart, not for secrets
            self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Id(uuid::Builder::from_unix_timestamp_millis(self.milli, &bytes).into_uuid())
    }
}

//! The envelope: authenticated encryption with XChaCha20-Poly1305, padded, bound to its place.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

const VERSION: u8 = 1;
/// Algorithm ids: 1 = XChaCha20-Poly1305; 2 is kept for SM4-GCM.
const XCHACHA: u8 = 1;
/// Short values are padded to steps of this many bytes, so that the length tells little (security.md §2).
const STEP: usize = 16;

/// A 32-byte key that does not print and is wiped when dropped. While keys are being renewed it also knows its elder, which opens what is
/// not yet sealed anew; sealing always takes the younger.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32], Option<[u8; 32]>);

impl Key {
    pub fn new(bytes: [u8; 32]) -> Key {
        Key(bytes, None)
    }
    pub fn fresh() -> Key {
        Key(crate::random(), None)
    }
    pub fn from_slice(bytes: &[u8]) -> Option<Key> {
        bytes.try_into().ok().map(|b| Key(b, None))
    }
    /// The raw bytes, for wrapping only.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// A key for one purpose derived from this one (HKDF-SHA-256).
    pub fn derive(&self, purpose: &[u8]) -> Key {
        let expand = |from: &[u8; 32]| {
            let mut out = [0u8; 32];
            Hkdf::<Sha256>::new(None, from)
                .expand(purpose, &mut out)
                .expect("32 bytes are a valid length");
            out
        };
        Key(expand(&self.0), self.1.as_ref().map(expand))
    }
    /// This key with an elder that it replaces.
    #[must_use]
    pub fn replacing(mut self, elder: &Key) -> Key {
        self.1 = Some(elder.0);
        self
    }
    /// The elder, while there is one.
    pub fn elder(&self) -> Option<Key> {
        self.1.map(|b| Key(b, None))
    }
    /// Only the younger.
    #[must_use]
    pub fn alone(&self) -> Key {
        Key(self.0, None)
    }
}
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(***)")
    }
}

/// Names the key in the envelope's head: the id of the child, record or data key.
pub type KeyId = [u8; 16];

/// Encrypts `plain` for the place `aad` (table, row, column).
pub fn seal(key: &Key, id: &KeyId, aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut padded = Vec::with_capacity(plain.len() + STEP + 4);
    padded.extend_from_slice(&(plain.len() as u32).to_le_bytes());
    padded.extend_from_slice(plain);
    padded.resize(padded.len().next_multiple_of(STEP), 0);
    let nonce: [u8; 24] = crate::random();
    let cipher = XChaCha20Poly1305::new((&key.0).into());
    let body = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: &padded, aad })
        .expect("in-memory encryption");
    padded.zeroize();
    let mut out = Vec::with_capacity(18 + 24 + body.len());
    out.push(VERSION);
    out.push(XCHACHA);
    out.extend_from_slice(id);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&body);
    out
}

/// Opens an envelope; `None` when the key, the place or a byte is not right.
pub fn open(key: &Key, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    if sealed.len() < 18 + 24 + 16 || sealed[0] != VERSION || sealed[1] != XCHACHA {
        return None;
    }
    open_with(&key.0, aad, sealed).or_else(|| open_with(key.1.as_ref()?, aad, sealed))
}
fn open_with(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let nonce: [u8; 24] = sealed[18..42].try_into().ok()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let mut plain = cipher
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &sealed[42..],
                aad,
            },
        )
        .ok()?;
    let n = u32::from_le_bytes(plain.get(..4)?.try_into().ok()?) as usize;
    let out = plain.get(4..4 + n)?.to_vec();
    plain.zeroize();
    Some(out)
}

/// The key that an envelope names in its head; `None` for bytes that are no envelope.
pub fn key_id(sealed: &[u8]) -> Option<KeyId> {
    (sealed.len() >= 18 + 24 + 16 && sealed[0] == VERSION && sealed[1] == XCHACHA)
        .then(|| sealed[2..18].try_into().ok())?
}

/// Wraps a key under another.
pub fn wrap(under: &Key, id: &KeyId, what: &[u8], key: &Key) -> Vec<u8> {
    seal(under, id, what, key.bytes())
}
/// Unwraps what [`wrap`] made.
pub fn unwrap(under: &Key, what: &[u8], wrapped: &[u8]) -> Option<Key> {
    Key::from_slice(&open(under, what, wrapped)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_value_opens_only_at_its_place() {
        let key = Key::fresh();
        let sealed = seal(&key, &[7; 16], b"children|1|phone", "13800000000".as_bytes());
        assert_eq!(
            open(&key, b"children|1|phone", &sealed).as_deref(),
            Some("13800000000".as_bytes())
        );
        assert_eq!(open(&key, b"children|2|phone", &sealed), None);
        assert_eq!(open(&Key::fresh(), b"children|1|phone", &sealed), None);
        for i in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[i] ^= 1;
            // the key id in the head only names the key; everything else is under the seal
            if !(2..18).contains(&i) {
                assert_eq!(open(&key, b"children|1|phone", &bent), None, "byte {i}");
            }
        }
        assert_eq!(
            seal(&key, &[0; 16], b"", b"a").len(),
            seal(&key, &[0; 16], b"", b"abcdefgh").len()
        );
    }
    #[test]
    fn a_younger_key_opens_what_its_elder_sealed() {
        let (elder, young) = (Key::fresh(), Key::fresh());
        let old = seal(&elder.derive(b"x"), &[1; 16], b"p", b"word");
        let both = young.clone().replacing(&elder);
        assert_eq!(open(&both.derive(b"x"), b"p", &old).as_deref(), Some(&b"word"[..]));
        assert_eq!(open(&both.alone().derive(b"x"), b"p", &old), None);
        let new = seal(&both.derive(b"x"), &[1; 16], b"p", b"word");
        assert_eq!(open(&young.derive(b"x"), b"p", &new).as_deref(), Some(&b"word"[..]));
        assert_eq!((key_id(&old), key_id(b"word")), (Some([1; 16]), None));
    }
    #[test]
    fn keys_wrap() {
        let (master, child) = (Key::fresh(), Key::fresh());
        let w = wrap(&master, &[1; 16], b"child", &child);
        assert_eq!(unwrap(&master, b"child", &w).unwrap().bytes(), child.bytes());
        assert!(unwrap(&master, b"other", &w).is_none());
        assert_eq!(format!("{child:?}"), "Key(***)");
    }
}

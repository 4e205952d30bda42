//! Encryption, blind index, hash chain, passwords and tokens. Pure: bytes in, bytes out; only random bytes come from the machine.
//!
//! security.md §2–§4. Every ciphertext carries `version ‖ algorithm ‖ key id ‖ nonce`; the associated data name the table, row and
//! column, so a value moved elsewhere does not open.

mod envelope;
mod pass;
mod totp;

pub use envelope::{Key, KeyId, key_id, open, seal, unwrap, wrap};
pub use pass::{hash_password, key_of_passphrase, new_token, token_hash, verify_password, word_password};
pub use totp::{base32, from_base32, totp};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// HMAC-SHA-256 over parts, each preceded by its length, so that no two lists of parts read alike.
pub fn mac(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut m = <Hmac<Sha256> as KeyInit>::new_from_slice(key.bytes()).expect("any key length");
    for p in parts {
        m.update(&(p.len() as u64).to_le_bytes());
        m.update(p);
    }
    m.finalize().into_bytes().into()
}

/// SHA-256 over parts with their lengths.
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut d = Sha256::new();
    for p in parts {
        d.update((p.len() as u64).to_le_bytes());
        d.update(p);
    }
    d.finalize().into()
}

/// Compares secrets in constant time.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    a.ct_eq(b).into()
}

/// Random bytes of the machine.
pub fn random<const N: usize>() -> [u8; N] {
    let mut out = [0u8; N];
    getrandom::fill(&mut out).expect("the machine's random source");
    out
}

/// Signs a chain head with the Ed25519 key derived from the audit key.
pub fn sign(audit: &Key, message: &[u8]) -> [u8; 64] {
    use ed25519_dalek::Signer;
    let seed = audit.derive(b"head signature");
    ed25519_dalek::SigningKey::from_bytes(seed.bytes())
        .sign(message)
        .to_bytes()
}

/// Whether `signature` over `message` was made with this audit key.
pub fn signed(audit: &Key, message: &[u8], signature: &[u8]) -> bool {
    let Ok(sig) = <[u8; 64]>::try_from(signature) else {
        return false;
    };
    same(&sign(audit, message), &sig)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

//! Passwords and tokens (security.md §3).

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Argon2id, 19 MiB, two passes: OWASP's floor, since rural servers are small.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

fn derive(password: &str, salt: &[u8]) -> [u8; 32] {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).expect("constant parameters");
    let mut out = [0u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut out)
        .expect("argon2 with constant parameters");
    out
}

/// `a1$salt$hash`; `a1` names the parameters, so that they can be raised later and old hashes still verify.
pub fn hash_password(password: &str) -> String {
    let salt: [u8; 16] = crate::random();
    format!(
        "a1${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(derive(password, &salt))
    )
}

/// Whether the password is the one behind the hash. A missing hash costs the same time and is never right.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    let parts: Vec<&str> = hash.unwrap_or("a1$AAAAAAAAAAAAAAAAAAAAAA$").split('$').collect();
    let [_, salt, want] = parts[..] else { return false };
    let (Ok(salt), Ok(want)) = (STANDARD_NO_PAD.decode(salt), STANDARD_NO_PAD.decode(want)) else {
        return false;
    };
    crate::same(&derive(password, &salt), &want)
}

/// A key from a passphrase that people keep (backups): Argon2id with 64 MiB and three passes, slower than a login.
pub fn key_of_passphrase(passphrase: &str, salt: &[u8; 16]) -> crate::Key {
    let params = Params::new(64 * 1024, 3, 1, Some(32)).expect("constant parameters");
    let mut out = [0u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut out)
        .expect("argon2 with constant parameters");
    crate::Key::new(out)
}

/// 256 random bits as URL-safe text.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(crate::random::<32>())
}

/// What the store keeps of a token.
pub fn token_hash(token: &str) -> Vec<u8> {
    crate::digest(&[b"token", token.as_bytes()]).to_vec()
}

/// A first password that can be read out over the telephone: 15 letters and digits without look-alikes, 74 bits.
pub fn word_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789a";
    let bytes: [u8; 15] = crate::random();
    let mut out = String::with_capacity(17);
    for (i, b) in bytes.iter().enumerate() {
        if i > 0 && i % 5 == 0 {
            out.push('-');
        }
        out.push(LETTERS[(b & 31) as usize] as char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn passwords() {
        let h = hash_password("山里的孩子2026");
        assert!(verify_password("山里的孩子2026", Some(&h)));
        assert!(!verify_password("山里的孩子2025", Some(&h)));
        assert!(!verify_password("", None));
        assert_ne!(new_token(), new_token());
    }
}

//! Time codes (RFC 6238: HMAC-SHA-1, 6 digits) and base32 (RFC 4648) for the phone's authenticator.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The six digits of a step of 30 seconds.
pub fn totp(seed: &[u8], step: u64) -> String {
    let mut m = <Hmac<Sha1> as KeyInit>::new_from_slice(seed).expect("any key length");
    m.update(&step.to_be_bytes());
    let h = m.finalize().into_bytes();
    let at = usize::from(h[19] & 15);
    let n = u32::from_be_bytes([h[at] & 0x7f, h[at + 1], h[at + 2], h[at + 3]]);
    format!("{:06}", n % 1_000_000)
}

/// Base32 without padding.
pub fn base32(bytes: &[u8]) -> String {
    let (mut out, mut acc, mut bits) = (String::new(), 0u32, 0);
    for b in bytes {
        acc = (acc << 8) | u32::from(*b);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(LETTERS[(acc >> bits & 31) as usize] as char);
        }
    }
    if bits > 0 {
        out.push(LETTERS[(acc << (5 - bits) & 31) as usize] as char);
    }
    out
}
/// Reads what [`base32`] wrote; `None` for another letter.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut acc, mut bits) = (Vec::new(), 0u32, 0);
    for c in text.bytes() {
        acc = (acc << 5) | LETTERS.iter().position(|l| *l == c.to_ascii_uppercase())? as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((acc >> bits & 255) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn the_vectors_of_the_rfc() {
        let seed = b"12345678901234567890";
        // RFC 6238 appendix B gives eight digits; six are their tail
        for (time, code) in [
            (59u64, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp(seed, time / 30), code, "{time}");
        }
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(from_base32("MZXW6YTBOI").as_deref(), Some(&b"foobar"[..]));
        assert_eq!(from_base32("M!"), None);
    }
}

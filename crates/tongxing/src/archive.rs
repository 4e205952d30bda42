//! The file of a backup: entries in a stream of encrypted blocks, the last entry a manifest with the SHA-256 of every other (security.md §6).
//!
//! `TXBACKUP1` ‖ salt ‖ blocks. A block is a length and an envelope under the passphrase's key; its place in the row, and whether it is the
//! last, are bound to it, so that a block changed, left out, moved or cut off at the end does not open. Inside: entries, each a name and pieces.

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use tx_base::{Fault, Result, say};
use tx_seal::Key;

const MAGIC: &[u8; 10] = b"TXBACKUP1\n";
const BLOCK: usize = 1 << 20;
const MANIFEST: &str = "manifest.json";

fn place(n: u64, last: bool) -> Vec<u8> {
    format!("tongxing backup block {n} {last}").into_bytes()
}
fn full(_: std::io::Error) -> Fault {
    Fault::Full
}
fn torn() -> Fault {
    Fault::Bad(say(
        "备份打不开：口令不对，或文件坏了、不完整",
        "The backup does not open: the passphrase is wrong, or the file is damaged or cut off",
    ))
}

/// Writes an archive.
pub struct Writer<W: Write> {
    out: W,
    key: Key,
    n: u64,
    block: Vec<u8>,
    entries: Vec<Json>,
    open: Option<(String, Sha256, u64)>,
}

impl<W: Write> Writer<W> {
    pub fn new(mut out: W, passphrase: &str) -> Result<Writer<W>> {
        let salt: [u8; 16] = tx_seal::random();
        out.write_all(MAGIC).and_then(|()| out.write_all(&salt)).map_err(full)?;
        Ok(Writer {
            out,
            key: tx_seal::key_of_passphrase(passphrase, &salt),
            n: 0,
            block: Vec::new(),
            entries: Vec::new(),
            open: None,
        })
    }
    /// Begins an entry; what is put then belongs to it.
    pub fn entry(&mut self, name: &str) -> Result<()> {
        self.close()?;
        self.bytes(&(name.len() as u16).to_le_bytes())?;
        self.bytes(name.as_bytes())?;
        self.open = Some((name.to_owned(), Sha256::new(), 0));
        Ok(())
    }
    pub fn put(&mut self, piece: &[u8]) -> Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        if let Some((_, hash, n)) = &mut self.open {
            hash.update(piece);
            *n += piece.len() as u64;
        }
        self.bytes(&(piece.len() as u32).to_le_bytes())?;
        self.bytes(piece)
    }
    fn close(&mut self) -> Result<()> {
        if let Some((name, hash, n)) = self.open.take() {
            self.bytes(&0u32.to_le_bytes())?;
            self.entries
                .push(json!({"name": name, "bytes": n, "sha256": tx_seal::hex(&hash.finalize())}));
        }
        Ok(())
    }
    fn bytes(&mut self, b: &[u8]) -> Result<()> {
        self.block.extend_from_slice(b);
        while self.block.len() > BLOCK {
            let rest = self.block.split_off(BLOCK);
            let block = std::mem::replace(&mut self.block, rest);
            self.flush(&block, false)?;
        }
        Ok(())
    }
    fn flush(&mut self, block: &[u8], last: bool) -> Result<()> {
        let sealed = tx_seal::seal(&self.key, &[0; 16], &place(self.n, last), block);
        self.n += 1;
        let n = (sealed.len() as u32).to_le_bytes();
        self.out
            .write_all(&n)
            .and_then(|()| self.out.write_all(&sealed))
            .map_err(full)
    }
    /// Writes the manifest and the last block; gives the manifest and the writer below.
    pub fn finish(mut self, mut about: Json) -> Result<(Json, W)> {
        self.close()?;
        about["entries"] = std::mem::take(&mut self.entries).into();
        self.entry(MANIFEST)?;
        self.put(about.to_string().as_bytes())?;
        self.close()?;
        let block = std::mem::take(&mut self.block);
        self.flush(&block, true)?;
        self.out.flush().map_err(full)?;
        Ok((about, self.out))
    }
}

/// The passphrase's key and the rest of an archive.
struct Blocks<R: Read> {
    from: R,
    key: Key,
    n: u64,
    ended: bool,
    block: Vec<u8>,
    at: usize,
}
impl<R: Read> Blocks<R> {
    fn next(&mut self) -> Result<()> {
        if self.ended {
            return Err(torn());
        }
        let mut n = [0u8; 4];
        self.from.read_exact(&mut n).map_err(|_| torn())?;
        let n = u32::from_le_bytes(n) as usize;
        if n > BLOCK + 4096 {
            return Err(torn());
        }
        let mut sealed = vec![0; n];
        self.from.read_exact(&mut sealed).map_err(|_| torn())?;
        let open = |last| tx_seal::open(&self.key, &place(self.n, last), &sealed);
        (self.block, self.ended) = match open(false) {
            Some(b) => (b, false),
            None => (open(true).ok_or_else(torn)?, true),
        };
        self.n += 1;
        self.at = 0;
        Ok(())
    }
    fn take(&mut self, n: usize) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(n.min(BLOCK));
        while out.len() < n {
            if self.at == self.block.len() {
                self.next()?;
            }
            let some = (n - out.len()).min(self.block.len() - self.at);
            out.extend_from_slice(&self.block[self.at..self.at + some]);
            self.at += some;
        }
        Ok(out)
    }
    fn done(&self) -> bool {
        self.ended && self.at == self.block.len()
    }
}

/// Reads an archive piece by piece.
pub struct Reader<R: Read> {
    blocks: Blocks<R>,
    entry: Option<String>,
}
impl<R: Read> Reader<R> {
    pub fn new(mut from: R, passphrase: &str) -> Result<Reader<R>> {
        let (mut magic, mut salt) = ([0u8; 10], [0u8; 16]);
        from.read_exact(&mut magic)
            .and_then(|()| from.read_exact(&mut salt))
            .map_err(|_| torn())?;
        if &magic != MAGIC {
            return Err(Fault::Bad(say("这不是童行的备份文件", "This is no backup of Tongxing")));
        }
        let key = tx_seal::key_of_passphrase(passphrase, &salt);
        let blocks = Blocks {
            from,
            key,
            n: 0,
            ended: false,
            block: Vec::new(),
            at: 0,
        };
        Ok(Reader { blocks, entry: None })
    }
    /// The next piece with the name of its entry; an empty piece begins one. `None` at the end.
    pub fn piece(&mut self) -> Result<Option<(String, Vec<u8>)>> {
        loop {
            match self.entry.clone() {
                None => {
                    if self.blocks.done() {
                        return Ok(None);
                    }
                    let n = u16::from_le_bytes(self.blocks.take(2)?.try_into().map_err(|_| torn())?);
                    let name = String::from_utf8(self.blocks.take(n.into())?).map_err(|_| torn())?;
                    self.entry = Some(name.clone());
                    return Ok(Some((name, Vec::new())));
                }
                Some(name) => {
                    let n = u32::from_le_bytes(self.blocks.take(4)?.try_into().map_err(|_| torn())?);
                    if n == 0 {
                        self.entry = None;
                        continue;
                    }
                    return Ok(Some((name, self.blocks.take(n as usize)?)));
                }
            }
        }
    }
}

/// Reads an archive to its end and holds every entry against the manifest.
pub fn check<R: Read>(from: R, passphrase: &str) -> Result<Json> {
    let mut reader = Reader::new(from, passphrase)?;
    let mut found: Vec<(String, Sha256, u64)> = Vec::new();
    let mut manifest = Vec::new();
    while let Some((name, piece)) = reader.piece()? {
        if name == MANIFEST {
            manifest.extend(piece);
            continue;
        }
        if piece.is_empty() {
            found.push((name, Sha256::new(), 0));
        } else if let Some((_, hash, n)) = found.last_mut() {
            hash.update(&piece);
            *n += piece.len() as u64;
        }
    }
    let manifest: Json = serde_json::from_slice(&manifest).map_err(|_| torn())?;
    let said = manifest["entries"].as_array().cloned().unwrap_or_default();
    let is: Vec<Json> = found
        .into_iter()
        .map(|(name, hash, n)| json!({"name": name, "bytes": n, "sha256": tx_seal::hex(&hash.finalize())}))
        .collect();
    match said.iter().zip(&is).find(|(a, b)| a != b) {
        None if said.len() == is.len() => Ok(manifest),
        bad => {
            let name = bad.map_or("", |(a, _)| a["name"].as_str().unwrap_or_default());
            Err(Fault::Bad(say(
                format!("备份与清单不符：{name}"),
                format!("The backup differs from its manifest: {name}"),
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let mut w = Writer::new(Vec::new(), "山里的星星会亮").expect("writes");
        w.entry("a").expect("an entry");
        w.put(&vec![7; BLOCK + 5]).expect("put");
        w.entry("empty").expect("an entry");
        w.entry("b").expect("an entry");
        w.put("石若曦".as_bytes()).expect("put");
        w.finish(json!({"schema": 1})).expect("ends").1
    }
    #[test]
    fn what_was_put_comes_out_and_any_bent_byte_is_found() {
        let file = sample();
        let manifest = check(file.as_slice(), "山里的星星会亮").expect("holds");
        assert_eq!(
            (
                manifest["entries"].as_array().map(Vec::len),
                manifest["entries"][0]["bytes"].as_u64()
            ),
            (Some(3), Some(BLOCK as u64 + 5))
        );
        assert!(!file.windows(9).any(|w| w == "石若曦".as_bytes()), "nothing lies open");
        assert!(check(file.as_slice(), "山里的星星不亮").is_err());
        // a key from a passphrase is slow to make: some places, not all
        for at in [0, 12, 30, 100, BLOCK, file.len() - 1] {
            let mut bent = file.clone();
            bent[at] ^= 1;
            assert!(check(bent.as_slice(), "山里的星星会亮").is_err(), "byte {at}");
        }
        for n in [0, 20, 27, BLOCK + 100, file.len() - 1] {
            assert!(check(&file[..n], "山里的星星会亮").is_err(), "cut at {n}");
        }
    }
}

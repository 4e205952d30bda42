//! Looks through a zip package before any reader touches it: what it is, how large it really is, and whether its XML could
//! make a reader take memory out of proportion (bombs, declared counts, endless cells).

use super::{Budget, Limits, damaged, wrong_type};
use std::io::{Cursor, Read};
use tx_base::{Say, say};

const MIB: u64 = 1 << 20;
/// Bytes without `<` before a text is longer than any cell: 32,767 characters, each at most 10 bytes as a reference.
const RUN: usize = 400_000;
/// Distinct texts, cell formats and merged ranges that a roster can have; more is a bomb.
const STRINGS: u64 = 1_000_000;
const FORMATS: u64 = 70_000;
const STYLE_TAGS: u64 = 600_000;

/// Refuses what is no XLSX, and what is beyond the caps when actually unpacked. Sizes in the directory are not believed.
pub fn check(bytes: &[u8], limits: &Limits, budget: &Budget) -> Result<(), Say> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if zip.len() > limits.entries {
        return Err(say(
            format!("文件里有 {} 个部分，超过了 {} 个", zip.len(), limits.entries),
            format!("The file has {} parts, more than {}", zip.len(), limits.entries),
        ));
    }
    let names: Vec<String> = zip
        .file_names()
        .map(|n| n.map(|n| n.to_lowercase().replace('\\', "/")).unwrap_or_default())
        .collect();
    kind_of(&names)?;
    let mut scan = Scan::new(limits);
    let mut total = 0u64;
    let mut buf = vec![0u8; 64 << 10];
    for i in 0..zip.len() {
        let entry = zip.by_index(i).map_err(|e| match e {
            zip::result::ZipError::UnsupportedArchive(m) if m.to_lowercase().contains("password") => password(),
            _ => damaged(),
        })?;
        let packed = entry.compressed_size().max(1);
        let name = entry.name().map(|n| n.to_lowercase()).unwrap_or_default();
        // only these are ever read as XML by their own names; every other part may be named as XML too, so it is scanned the same
        let picture = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".bin", ".tiff"]
            .iter()
            .any(|e| name.ends_with(e));
        scan.begin(name.ends_with("styles.xml"));
        let mut size = 0u64;
        let mut reader = entry.take(limits.unpacked.saturating_sub(total) + 1);
        loop {
            let n = reader.read(&mut buf).map_err(|_| damaged())?;
            if n == 0 {
                break;
            }
            size += n as u64;
            if total + size > limits.unpacked {
                let mb = limits.unpacked >> 20;
                return Err(say(
                    format!("文件解开后超过了 {mb} MB，不能读"),
                    format!("Unpacked, the file has more than {mb} MB and cannot be read"),
                ));
            }
            if size > 10 * MIB && size / packed > limits.ratio {
                return Err(bomb());
            }
            if picture && size > 20 * MIB {
                return Err(say(
                    "表里的图片太大了，请去掉图片再试",
                    "A picture in the file is too large; take it out and try again",
                ));
            }
            if !picture || size <= n as u64 && buf.first() == Some(&b'<') {
                scan.feed(&buf[..n])?;
            }
            budget.clock()?;
        }
        total += size;
        if total > 10 * MIB && total / (bytes.len() as u64).max(1) > limits.ratio {
            return Err(bomb());
        }
    }
    Ok(())
}

fn bomb() -> Say {
    say(
        "文件解开后大得不正常，不能读",
        "Unpacked, the file is abnormally large and cannot be read",
    )
}

pub fn password() -> Say {
    say(
        "文件加了密码；请在Excel或WPS里去掉打开密码，再试一次",
        "The file has a password; take it off in Excel or WPS and try again",
    )
}

fn kind_of(names: &[String]) -> Result<(), Say> {
    let has = |end: &str| names.iter().any(|n| n.ends_with(end));
    let starts = |start: &str| names.iter().any(|n| n.starts_with(start));
    if has("workbook.xml") {
        Ok(())
    } else if has("workbook.bin") {
        Err(say(
            "这是 .xlsb 文件；请在Excel里另存为 .xlsx 再试",
            "This is an .xlsb file; save it as .xlsx in Excel and try again",
        ))
    } else if starts("word/") {
        Err(wrong_type("Word文档", "a Word document"))
    } else if starts("ppt/") {
        Err(wrong_type("幻灯片", "a slide show"))
    } else if names.iter().any(|n| n == "mimetype" || n == "content.xml") {
        Err(say(
            "这是 .ods 文件；请在WPS或LibreOffice里另存为 .xlsx 再试",
            "This is an .ods file; save it as .xlsx in WPS or LibreOffice and try again",
        ))
    } else if starts("xl/") || has("[content_types].xml") {
        Err(damaged())
    } else {
        Err(wrong_type("压缩包", "an archive"))
    }
}

/// Walks XML bytes without building anything.
struct Scan {
    carry: Vec<u8>,
    run: usize,
    styles: bool,
    /// Bytes of this part, and whether it holds a comment, which a reader takes in whole.
    size: u64,
    comment: bool,
    strings: u64,
    merges: u64,
    formats: u64,
    style_tags: u64,
    max_merges: u64,
}

/// Longest mark that is looked for behind a `<`, with room for white space and digits after `uniqueCount`.
const LOOK: usize = 64;

impl Scan {
    fn new(limits: &Limits) -> Scan {
        Scan {
            carry: Vec::new(),
            run: 0,
            styles: false,
            size: 0,
            comment: false,
            strings: 0,
            merges: 0,
            formats: 0,
            style_tags: 0,
            max_merges: limits.merges as u64,
        }
    }
    fn begin(&mut self, styles: bool) {
        self.carry.clear();
        self.run = 0;
        self.size = 0;
        self.comment = false;
        self.styles = styles;
    }
    fn feed(&mut self, chunk: &[u8]) -> Result<(), Say> {
        let seen = self.carry.len();
        self.size += chunk.len() as u64;
        if self.comment && self.size > 32 * MIB {
            return Err(bomb());
        }
        let mut data = std::mem::take(&mut self.carry);
        data.extend_from_slice(chunk);
        // marks that began in the carry were looked at as far as LOOK bytes allow; a mark is counted once, where its `<`
        // has LOOK bytes behind it or the chunk ends
        let end = data.len().saturating_sub(LOOK);
        let mut last = 0;
        for at in memchr::memchr_iter(b'<', &data[..end]) {
            self.run_to(at - last)?;
            self.run = 0;
            last = at;
            self.mark(&data[at + 1..(at + LOOK).min(data.len())])?;
        }
        self.run_to(end - last.min(end))?;
        if end > 0 || seen == 0 {
            self.declared(&data)?;
        }
        self.carry = data[end..].to_vec();
        Ok(())
    }
    fn run_to(&mut self, bytes: usize) -> Result<(), Say> {
        self.run += bytes;
        if self.run > RUN {
            return Err(say("有一格里的字太多了，不能读", "A cell holds too much text"));
        }
        Ok(())
    }
    fn mark(&mut self, tag: &[u8]) -> Result<(), Say> {
        if tag.starts_with(b"!") {
            let head = tag[..tag.len().min(9)].to_ascii_uppercase();
            if head.starts_with(b"!--") {
                self.comment = true;
            } else {
                return Err(say(
                    "文件里有不该有的声明（DTD），不能读",
                    "The file holds a declaration (DTD) that does not belong there",
                ));
            }
        }
        let local = tag
            .iter()
            .position(|b| *b == b':')
            .filter(|i| tag[..*i].iter().all(u8::is_ascii_alphanumeric))
            .map_or(tag, |i| &tag[i + 1..]);
        let is = |name: &[u8]| {
            local.starts_with(name)
                && local
                    .get(name.len())
                    .is_none_or(|b| matches!(b, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n'))
        };
        if is(b"si") {
            self.strings += 1;
        } else if is(b"mergeCell") {
            self.merges += 1;
        } else if is(b"xf") {
            self.formats += 1;
        }
        if self.styles {
            self.style_tags += 1;
        }
        if self.merges > self.max_merges {
            return Err(say("合并的格子太多了", "Too many merged cells"));
        }
        if self.strings > STRINGS || self.formats > 2 * FORMATS || self.style_tags > STYLE_TAGS {
            return Err(bomb());
        }
        Ok(())
    }
    /// A reader makes room for the declared number of strings: a large declaration alone would take the memory.
    fn declared(&self, data: &[u8]) -> Result<(), Say> {
        for at in memchr::memmem::find_iter(data, b"uniqueCount") {
            let rest = &data[at + 11..(at + 11 + LOOK).min(data.len())];
            let digits = rest
                .iter()
                .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'' | b'+'))
                .take_while(|b| b.is_ascii_digit());
            let n = digits.fold(0u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
            if n > STRINGS {
                return Err(bomb());
            }
        }
        Ok(())
    }
}

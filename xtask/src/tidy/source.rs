//! The string literals of a Rust file. Just enough of the language to tell strings from comments,
//! characters and lifetimes; a parser would be a dependency.

/// A literal: the line on which it begins, counted from 1, and its text with the escapes resolved.
#[derive(Debug, PartialEq)]
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// All string literals in order of occurrence.
pub fn literals(source: &str) -> Vec<Literal> {
    let chars: Vec<char> = source.chars().collect();
    let mut reader = Reader {
        chars: &chars,
        at: 0,
        line: 1,
    };
    let mut found = Vec::new();
    while let Some(c) = reader.peek(0) {
        match c {
            '/' if reader.peek(1) == Some('/') => reader.skip_line(),
            '/' if reader.peek(1) == Some('*') => reader.skip_comment(),
            '"' => found.push(reader.plain()),
            '\'' => reader.skip_char_or_lifetime(),
            // A word is read whole, so that the r of `for"` is not taken for the sign of a raw string.
            c if c.is_alphanumeric() || c == '_' => {
                let word = reader.word();
                let raw = ["r", "br", "cr"].contains(&word.as_str());
                if raw && matches!(reader.peek(0), Some('"' | '#')) {
                    found.extend(reader.raw());
                }
            }
            _ => reader.step(),
        }
    }
    found
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    line: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self) {
        self.line += usize::from(self.peek(0) == Some('\n'));
        self.at += 1;
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.step();
        }
    }

    fn skip_comment(&mut self) {
        let mut depth = 0;
        while self.peek(0).is_some() {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                _ => {
                    self.step();
                    continue;
                }
            }
            self.step();
            self.step();
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_char_or_lifetime(&mut self) {
        self.step();
        match (self.peek(0), self.peek(1)) {
            (Some('\\'), _) => {
                self.step();
                self.step();
                while self.peek(0).is_some_and(|c| c != '\'') {
                    self.step();
                }
                self.step();
            }
            (Some(_), Some('\'')) => {
                self.step();
                self.step();
            }
            _ => {}
        }
    }

    fn word(&mut self) -> String {
        let begin = self.at;
        while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.step();
        }
        self.chars[begin..self.at].iter().collect()
    }

    fn plain(&mut self) -> Literal {
        let line = self.line;
        let mut text = String::new();
        self.step();
        while let Some(c) = self.peek(0) {
            self.step();
            match c {
                '"' => break,
                '\\' => {
                    let escaped = self.peek(0);
                    self.step();
                    match escaped {
                        Some('"' | '\\' | '\'') => text.extend(escaped),
                        // A line end, written or escaped, parts words as a space does.
                        _ => text.push(' '),
                    }
                }
                c => text.push(c),
            }
        }
        Literal { line, text }
    }

    /// A raw string after its prefix; `None` for a raw identifier such as `r#type`.
    fn raw(&mut self) -> Option<Literal> {
        let line = self.line;
        let mut hashes = 0;
        while self.peek(hashes) == Some('#') {
            hashes += 1;
        }
        if self.peek(hashes) != Some('"') {
            return None;
        }
        self.at += hashes + 1;
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            self.step();
            if c == '"' && (0..hashes).all(|n| self.peek(n) == Some('#')) {
                self.at += hashes;
                break;
            }
            text.push(c);
        }
        Some(Literal { line, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_told_from_all_else() {
        let source = concat!(
            "// \"no\"\n",
            "/* \"no\" /* \"no\" */ \"no\" */ let a = \"one \\\"1\\\"\";\n",
            "let b: &'static str = r#\"two \"2\" \\n\"#; let q = '\"'; let e = '\\''; let n = '\\u{4e00}';\n",
            "let r#type = b\"three\"; for\"four\";\n",
            "let long = \"select a \\\n    from b\";\n",
            "\"last\"\n",
        );
        let found: Vec<(usize, String)> = literals(source).into_iter().map(|l| (l.line, l.text)).collect();
        let want = [
            (2, "one \"1\""),
            (3, "two \"2\" \\n"),
            (4, "three"),
            (4, "four"),
            (5, "select a      from b"),
            (7, "last"),
        ];
        assert_eq!(found, want.map(|(line, text)| (line, text.to_owned())));
    }
}

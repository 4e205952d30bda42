//! Putting text in order before it is compared: full-width forms, spaces, middle dots, marks for "nothing".

use unicode_normalization::UnicodeNormalization;

/// NFKC with the look-alike middle dots as U+00B7 and without what cannot be seen (zero-width, bidi, control).
pub fn nfkc(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            // mapped before NFKC, which would turn U+30FB's half-width form and others into different dots
            '\u{2022}' | '\u{30FB}' | '\u{FF65}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{25CF}' => '\u{B7}',
            '\u{3000}' | '\u{A0}' => ' ',
            c => c,
        })
        .filter(|c| !unseen(*c))
        .nfkc()
        .collect()
}

fn unseen(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
        || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

/// [`nfkc`], trimmed, every run of white space one space (line breaks too).
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in nfkc(text).split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// [`nfkc`] without any white space.
pub fn squash(text: &str) -> String {
    let mut s = nfkc(text);
    s.retain(|c| !c.is_whitespace());
    s
}

/// Whether a cell says "nothing": empty, `/`, `-`, `—`, `无`, `空` and their like (domain.md §5, "Importer facts").
pub fn is_blank_mark(text: &str) -> bool {
    let s = squash(text);
    s.is_empty()
        || s.chars().all(|c| {
            matches!(
                c,
                '/' | '\\' | '-' | '—' | '–' | '―' | '─' | '_' | '.' | '。' | '*' | '~' | '·' | '、' | ',' | '|'
            )
        })
        || matches!(
            s.to_lowercase().as_str(),
            "无" | "空" | "(空)" | "暂无" | "n/a" | "na" | "none" | "null" | "#n/a" | "nan"
        )
}

/// Whether a cell says "as above".
pub fn is_ditto(text: &str) -> bool {
    matches!(
        squash(text).as_str(),
        "同上" | "同前" | "〃" | "″" | "\"" | "''" | "′′" | "\"\"" | "”" | "“" | "ditto" | "々"
    )
}

/// A Han character (all planes), the iteration mark and 〇.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '\u{F900}'..='\u{FAFF}' | '々' | '〇')
}

/// The bracketed part of a text and the text without it: `138…(爷爷)` → `("138…", Some("爷爷"))`. Expects [`nfkc`] text.
pub fn split_bracket(text: &str) -> (String, Option<String>) {
    let Some(open) = text.find(['(', '[', '【', '〔', '<', '《']) else {
        return (text.trim().to_string(), None);
    };
    let rest = &text[open..];
    let inner_at = rest.chars().next().map_or(1, char::len_utf8);
    let (inner, after) = match rest.find([')', ']', '】', '〕', '>', '》']) {
        Some(close) => {
            let len = rest[close..].chars().next().map_or(1, char::len_utf8);
            (&rest[inner_at..close.max(inner_at)], &rest[close + len..])
        }
        None => (&rest[inner_at..], ""),
    };
    let outside = format!("{}{}", &text[..open], after);
    let inner = inner.trim();
    (
        outside.trim().to_string(),
        (!inner.is_empty()).then(|| inner.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        for s in ["", "  ", "/", "－", "——", "无", " 空", "／", "N/A", "\u{3000}"] {
            assert!(is_blank_mark(s), "{s:?}");
        }
        for s in ["无名", "0", "同上", "空军", "否"] {
            assert!(!is_blank_mark(s), "{s:?}");
        }
        assert!(is_ditto("同 上") && is_ditto("〃") && !is_ditto("同上一年"));
    }

    #[test]
    fn forms() {
        assert_eq!(nfkc("４３１（１）"), "431(1)");
        assert_eq!(nfkc("阿依古丽•买买提"), "阿依古丽·买买提");
        assert_eq!(nfkc("阿依古丽・买买提"), "阿依古丽·买买提");
        assert_eq!(tidy(" 张\u{3000}三\n "), "张 三");
        assert_eq!(squash("张\u{200B} 三"), "张三");
        assert_eq!(
            split_bracket("13800000000(爷爷)"),
            ("13800000000".into(), Some("爷爷".into()))
        );
        assert_eq!(split_bracket("张三(小名"), ("张三".into(), Some("小名".into())));
        assert_eq!(split_bracket(")("), (")".into(), None));
        assert_eq!(split_bracket("张三"), ("张三".into(), None));
    }
}

//! Words that were probably meant: for a sentence that names what there is when somebody types what there is not.

/// How many letters must be put in, left out or changed to make one word of the other.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let here = (before + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            before = row[j + 1];
            row[j + 1] = here;
        }
    }
    row[b.len()]
}

/// The known word that is nearest to `word`, the first of several.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known.into_iter().min_by_key(|k| distance(word, k))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn letters_are_counted() {
        for (a, b, n) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("雾岭县", "雾岭", 1),
            ("雾岭县", "雾玲县", 1),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (n, n), "{a} {b}");
        }
        assert_eq!(
            nearest("LIMIT_BURSTS", ["LISTEN", "LIMIT_BURST", "TODAY"]),
            Some("LIMIT_BURST")
        );
        assert_eq!(nearest("x", []), None);
    }
}

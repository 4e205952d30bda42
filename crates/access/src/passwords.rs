//! Which passwords are refused (security.md §3): no rules of composition, only length, the common ones, and what anyone can guess of a person.

use std::collections::HashSet;
use std::sync::OnceLock;
use tx_base::{Day, Fault, Result};

/// Common passwords of 8 characters and more: pinyin and number kinds made by rule, and the frequent ones of leaks (NOTICE).
const COMMON: &str = include_str!("common-passwords.txt");

fn common(lower: &str) -> bool {
    static ALL: OnceLock<HashSet<&'static str>> = OnceLock::new();
    ALL.get_or_init(|| COMMON.lines().collect()).contains(lower)
}

/// Eight digits that are a day between 1930 and 2039: birthdays are the commonest passwords of all.
fn is_a_day(password: &str) -> bool {
    password.len() == 8
        && password.is_ascii()
        && (1930..=2039).contains(&password[..4].parse::<i16>().unwrap_or(0))
        && Day::new(
            password[..4].parse().unwrap_or(0),
            password[4..6].parse().unwrap_or(0),
            password[6..].parse().unwrap_or(0),
        )
        .is_some()
}

/// Refuses weak passwords in words. `names` = login name, shown name, school; `phone` = digits.
pub fn check(password: &str, names: &[&str], phone: Option<&str>) -> Result<()> {
    let n = password.chars().count();
    let lower = password.to_lowercase();
    let bad = |zh: &str, en: &str| Err(Fault::invalid("new", zh, en));
    if n < 8 {
        return bad("密码至少 8 个字", "A password has at least 8 characters");
    }
    if n > 128 {
        return bad("密码最多 128 个字", "A password has at most 128 characters");
    }
    if common(&lower) || is_a_day(&lower) {
        return bad("这个密码太常见，请换一个", "This password is too common; take another");
    }
    let mut all: Vec<String> = names.iter().map(|n| n.trim().to_lowercase()).collect();
    // 云溪小学 is also found as 云溪
    for tail in ["小学", "中学", "学校", "校区"] {
        let short: Vec<String> = all
            .iter()
            .filter_map(|n| n.strip_suffix(tail).map(str::to_owned))
            .collect();
        all.extend(short);
    }
    if all.iter().any(|n| n.chars().count() >= 2 && lower.contains(n.as_str())) {
        return bad(
            "密码里不要有自己或学校的名字",
            "The password must not hold your name or the school's",
        );
    }
    if phone.is_some_and(|p| p.len() >= 7 && lower.contains(p)) {
        return bad("密码里不要有自己的电话", "The password must not hold your phone number");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(p: &str) -> bool {
        check(p, &["shi-laoshi", "石老师", "云溪小学"], Some("19000012345")).is_err()
    }
    #[test]
    fn the_guessable_are_refused() {
        assert!(COMMON.lines().count() >= 10_000);
        let pinyin = [
            "woaini1314",
            "laoshi123456",
            "Xuexiao2026",
            "zhangwei123",
            "mima12345",
            "woaini520",
        ];
        let numbers = [
            "12345678",
            "123456789",
            "88888888",
            "11223344",
            "20100501",
            "87654321",
            "1qaz2wsx",
        ];
        for p in pinyin.iter().chain(&numbers).chain(&[
            "password1",
            "PASSWORD123",
            "short",
            "我是石老师没错",
            "云溪云溪云溪云溪",
            "tel19000012345x",
        ]) {
            assert!(refused(p), "{p}");
        }
        assert!(refused(&"长".repeat(129)));
        for p in [
            "山里的星星都会亮",
            "correct horse",
            "shanli-de-xingxing",
            "20101399",
            "k7m-q2x-p9w",
        ] {
            assert!(!refused(p), "{p}");
        }
    }
}

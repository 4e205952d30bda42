//! Invented children and helpers in any number.

use tx_assign::{Consent, Helper, Kid, Sex};
use tx_base::t;

/// Always the same people for the same numbers: a small congruential generator is chance enough here.
pub fn crowd(kids: usize, helpers: usize) -> (Vec<Kid>, Vec<Helper>) {
    let mut state = 20_261_124u64;
    let mut roll = move |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    const HOBBIES: [&str; 8] = ["画画", "篮球", "唱歌", "下棋", "跳绳", "看书", "跑步", "手工"];
    const KINDS: [&str; 4] = ["love_mother", "love_father", "big_sister", "party_member"];
    const SPOKEN: [&str; 3] = ["苗语", "土家话", "客家话"];
    let sex = |n: u64| Some(if n == 0 { Sex::F } else { Sex::M });
    let village = |n: u64| Some(format!("{n}村"));
    let all_kids = (0..kids)
        .map(|_| Kid {
            sex: sex(roll(2)),
            village: village(roll(60)),
            dialects: vec![SPOKEN[roll(3) as usize].into()],
            hobbies: vec![HOBBIES[roll(8) as usize].into()],
            wants_kind: (roll(3) == 0).then(|| (KINDS[roll(4) as usize].to_owned(), t("这一类", "this kind"))),
            wants_sex: if roll(3) == 0 { sex(roll(2)) } else { None },
            consent: Consent::Given,
            household: None,
        })
        .collect();
    let all_helpers = (0..helpers)
        .map(|_| Helper {
            kind: KINDS[roll(4) as usize].into(),
            sex: sex(roll(2)),
            village: village(roll(60)),
            near: vec![format!("{}村", roll(60)), format!("{}村", roll(60))],
            dialects: vec![SPOKEN[roll(3) as usize].into()],
            hobbies: vec![HOBBIES[roll(8) as usize].into(), HOBBIES[roll(8) as usize].into()],
            wants_sex: None,
            seats: 1 + roll(5) as usize,
            ..Helper::default()
        })
        .collect();
    (all_kids, all_helpers)
}

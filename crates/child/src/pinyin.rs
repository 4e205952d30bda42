//! Names in syllables, for search and order. Characters read otherwise as a surname have a table of their own.

use pinyin::ToPinyin;

/// Surnames whose reading as a surname differs from the common one (现代汉语词典 第7版, entries marked 姓; 覃 as read in Hunan and Guangxi).
const SURNAMES: &[(&str, &str)] = &[
    ("万俟", "mo qi"),
    ("尉迟", "yu chi"),
    ("长孙", "zhang sun"),
    ("澹台", "tan tai"),
    ("令狐", "ling hu"),
    ("单于", "chan yu"),
    ("宰父", "zai fu"),
    ("单", "shan"),
    ("仇", "qiu"),
    ("曾", "zeng"),
    ("解", "xie"),
    ("区", "ou"),
    ("查", "zha"),
    ("朴", "piao"),
    ("盖", "ge"),
    ("乐", "yue"),
    ("翟", "zhai"),
    ("缪", "miao"),
    ("召", "shao"),
    ("折", "she"),
    ("员", "yun"),
    ("覃", "qin"),
    ("谌", "chen"),
    ("洗", "xian"),
    ("冼", "xian"),
    ("黑", "he"),
    ("秘", "bi"),
    ("繁", "po"),
    ("种", "chong"),
    ("重", "chong"),
    ("祭", "zhai"),
    ("能", "nai"),
    ("佴", "nai"),
    ("晟", "cheng"),
    ("句", "gou"),
    ("逄", "pang"),
    ("阚", "kan"),
    ("郗", "xi"),
    ("沈", "shen"),
    ("石", "shi"),
    ("贾", "jia"),
    ("车", "che"),
    ("尹", "yin"),
    ("叶", "ye"),
    ("牟", "mu"),
    ("乜", "nie"),
    ("莘", "shen"),
    ("燕", "yan"),
    ("宿", "su"),
    ("藏", "zang"),
    ("褚", "chu"),
    ("卜", "bu"),
    ("柏", "bai"),
];

/// Syllables without tones, parted by spaces (`shan xiao man`; ü is v), and their first letters (`sxm`). Letters that are no Han
/// characters stay as they are in lower case; marks are left out.
pub fn syllables(name: &str) -> (String, String) {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = name.trim();
    if let Some((han, read)) = SURNAMES.iter().find(|(han, _)| rest.starts_with(han))
        // a name of one character alone is no surname
        && rest.len() > han.len()
    {
        parts.extend(read.split(' ').map(str::to_owned));
        rest = &rest[han.len()..];
    }
    let mut latin = String::new();
    for c in rest.chars() {
        if let Some(p) = c.to_pinyin() {
            if !latin.is_empty() {
                parts.push(std::mem::take(&mut latin));
            }
            parts.push(p.plain().replace('ü', "v"));
        } else if c.is_alphanumeric() {
            latin.extend(c.to_lowercase());
        } else if !latin.is_empty() {
            parts.push(std::mem::take(&mut latin));
        }
    }
    if !latin.is_empty() {
        parts.push(latin);
    }
    let initials = parts.iter().filter_map(|p| p.chars().next()).collect();
    (parts.join(" "), initials)
}

#[cfg(test)]
mod tests {
    use super::syllables;

    #[test]
    fn surnames_are_read_as_surnames_and_only_in_front() {
        for (name, pinyin, initials) in [
            ("单小满", "shan xiao man", "sxm"),
            ("仇一鸣", "qiu yi ming", "qym"),
            ("曾简单", "zeng jian dan", "zjd"),
            ("覃佳怡", "qin jia yi", "qjy"),
            ("石若曦", "shi ruo xi", "srx"),
            ("欧阳娜", "ou yang na", "oyn"),
            ("尉迟云", "yu chi yun", "ycy"),
            ("吕绿", "lv lv", "ll"),
            ("买买提·吐尔逊", "mai mai ti tu er xun", "mmttex"),
            ("李Tom", "li tom", "lt"),
            ("单", "dan", "d"),
            ("", "", ""),
        ] {
            assert_eq!(syllables(name), (pinyin.to_owned(), initials.to_owned()), "{name}");
        }
    }
}

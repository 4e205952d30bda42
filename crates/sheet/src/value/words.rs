//! Coded words of forms: sex, yes and no, kinship, boarding, schooling, who is away (domain.md §5, "Values").

use super::text::squash;
use serde::{Deserialize, Serialize};
use tx_base::{Text, t};

/// Declares an enum of codes with its words for the screen. `code()` is what the API and the database write.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            pub const fn label(self) -> Text { match self { $($name::$variant => t($zh, $en)),+ } }
            pub fn from_code(code: &str) -> Option<$name> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }
    };
}

codes! { /// Sex as registered.
Sex { Male = "male", "男", "Male"; Female = "female", "女", "Female"; } }

codes! { /// Where the child sleeps on weekdays.
Boarder { Boarder = "boarder", "住校", "Boarder"; Day = "day_pupil", "走读", "Day pupil"; /** 借宿: with others near the school. */ Lodger = "lodger", "借宿", "Lodger"; } }

codes! { /// 户口性质.
HukouKind { Rural = "rural", "农业", "Rural"; Urban = "urban", "非农业", "Urban"; } }

codes! { /// Who of the parents is away.
AwayKind {
    Both = "both", "父母双方外出", "Both parents away"; Father = "father", "父亲外出", "Father away";
    Mother = "mother", "母亲外出", "Mother away"; /** One of them; which is to be asked. */ One = "one", "一方外出", "One parent away"; } }

codes! { /// What an adult is to the child.
Relation {
    Grandfather = "grandfather", "爷爷", "Grandfather"; Grandmother = "grandmother", "奶奶", "Grandmother";
    MaternalGrandfather = "maternal_grandfather", "外公", "Maternal grandfather"; MaternalGrandmother = "maternal_grandmother", "外婆", "Maternal grandmother";
    Father = "father", "父亲", "Father"; Mother = "mother", "母亲", "Mother"; Uncle = "uncle", "叔伯舅", "Uncle"; Aunt = "aunt", "姑姨婶", "Aunt";
    Brother = "brother", "兄弟", "Brother"; Sister = "sister", "姐妹", "Sister";
    /** Two people named in one cell. */ Grandparents = "grandparents", "祖父母", "Grandparents";
    OtherKin = "other_kin", "亲戚", "Other kin"; Neighbour = "neighbour", "邻居", "Neighbour"; Teacher = "teacher", "教师", "Teacher"; None = "none", "无人监护", "Nobody"; } }

codes! { /// Schooling of an adult (GB/T 4658, shortened).
Edu {
    None = "none", "文盲", "None"; Primary = "primary", "小学", "Primary"; Junior = "junior", "初中", "Junior middle"; Senior = "senior", "高中", "Senior middle";
    Vocational = "vocational", "中专", "Vocational"; College = "college", "大专", "College"; Bachelor = "bachelor", "本科", "Bachelor"; Graduate = "graduate", "研究生", "Graduate"; } }

codes! { /// 政治面貌.
Political {
    Party = "party", "中共党员", "Party member"; Probationary = "probationary", "预备党员", "Probationary member"; League = "league", "共青团员", "Youth League";
    Democratic = "democratic", "民主党派", "Other party"; Masses = "masses", "群众", "None"; } }

codes! { /// The official three-step rating of care, with the 2016 form's two worst states.
CareRating { Good = "good", "较好", "Good"; Fair = "fair", "一般", "Fair"; Poor = "poor", "差", "Poor"; Unable = "unable", "无监护能力", "Unable"; Nobody = "none", "无人监护", "Nobody"; } }

/// `男 M 1 male 男性` / `女 F 2 female 女性`, with the sign of a child's word (男孩, 女生).
pub fn parse_sex(text: &str) -> Option<Sex> {
    match squash(text).to_lowercase().as_str() {
        "男" | "m" | "1" | "male" | "男性" | "男孩" | "男生" | "男童" | "boy" | "♂" | "1-男" | "1男" => {
            Some(Sex::Male)
        }
        "女" | "f" | "2" | "female" | "女性" | "女孩" | "女生" | "女童" | "girl" | "♀" | "2-女" | "2女" => {
            Some(Sex::Female)
        }
        _ => None,
    }
}

/// `是 有 √ ✓ 1 Y 对` / `否 无 × 0 N 没有`.
pub fn parse_yes_no(text: &str) -> Option<bool> {
    match squash(text).to_lowercase().as_str() {
        "是" | "有" | "√" | "✓" | "✔" | "☑" | "v" | "1" | "y" | "yes" | "对" | "true" | "是的" | "已" | "享受"
        | "需要" | "已签" | "已签订" | "o" | "○" => Some(true),
        "否" | "无" | "×" | "✗" | "✘" | "x" | "0" | "n" | "no" | "没有" | "false" | "不是" | "未" | "不" | "没"
        | "不需要" | "未签" | "未签订" | "不享受" => Some(false),
        _ => None,
    }
}

/// The kinship that a word names; `None` for an unknown word.
pub fn parse_relation(text: &str) -> Option<Relation> {
    relation_word(text).or_else(|| guess(&squash(text)))
}

/// The kinship of a word that is nothing but that.
pub fn relation_word(text: &str) -> Option<Relation> {
    use Relation::*;
    let s = squash(text);
    let s = s.trim_start_matches("系").trim_start_matches("其");
    let s = s.strip_suffix("关系").unwrap_or(s);
    Some(match s {
        "爷爷" | "祖父" | "公公" | "公" | "爷" | "阿公" | "爹爹" | "阿爷" | "祖孙(爷爷)" => {
            Grandfather
        }
        "奶奶" | "祖母" | "婆婆" | "阿婆" | "婆" | "奶" | "阿嫲" | "娭毑" | "娘娘" => Grandmother,
        "外公" | "姥爷" | "外祖父" | "家公" | "外爷" | "姥姥爷" | "嘎公" => MaternalGrandfather,
        "外婆" | "姥姥" | "外祖母" | "家婆" | "姥娘" | "外奶" | "外奶奶" | "嘎婆" => {
            MaternalGrandmother
        }
        "父" | "爸" | "父亲" | "爸爸" | "父子" | "父女" | "继父" | "养父" | "生父" | "父女(子)" | "父子(女)" => {
            Father
        }
        "母" | "妈" | "母亲" | "妈妈" | "母子" | "母女" | "继母" | "养母" | "生母" | "母女(子)" | "母子(女)" => {
            Mother
        }
        "祖父母"
        | "爷爷奶奶"
        | "爷奶"
        | "祖孙"
        | "外祖父母"
        | "外公外婆"
        | "爷爷、奶奶"
        | "祖父祖母"
        | "外祖父外祖母"
        | "姥姥姥爷"
        | "祖父母或外祖父母"
        | "隔代" => Grandparents,
        "叔" | "伯" | "舅" | "叔叔" | "伯伯" | "伯父" | "大伯" | "舅舅" | "舅父" | "叔父" | "姑父" | "姨父"
        | "姑丈" | "姨丈" | "姑爷" | "幺叔" | "满叔" | "小叔" | "二叔" | "三叔" | "二伯" | "叔侄" | "伯侄" | "堂叔"
        | "表叔" | "大舅" | "二舅" | "小舅" => Uncle,
        "姑" | "姨" | "婶" | "姑姑" | "姨妈" | "姨母" | "姑妈" | "姑母" | "婶婶" | "婶娘" | "婶子" | "伯母"
        | "伯娘" | "大娘" | "舅妈" | "舅母" | "舅娘" | "阿姨" | "大姨" | "二姨" | "小姨" | "大姑" | "二姑" | "小姑"
        | "婶母" => Aunt,
        "哥" | "弟" | "哥哥" | "弟弟" | "兄" | "兄弟" | "堂哥" | "表哥" | "兄妹" | "兄长" => Brother,
        "姐" | "妹" | "姐姐" | "妹妹" | "姐妹" | "姐弟" | "堂姐" | "表姐" | "姊妹" | "姊" => Sister,
        "亲戚" | "其他亲属" | "亲属" | "其他亲戚" | "亲友" | "其他" | "近亲" | "曾祖父" | "曾祖母" | "太公"
        | "太婆" | "太奶" | "嫂子" | "姐夫" | "其他血亲" | "姑婆" | "姨婆" | "叔公" => OtherKin,
        "邻居" | "邻里" | "邻" => Neighbour,
        "老师" | "教师" | "班主任" | "师生" | "代理家长" => Teacher,
        "无人监护" | "独居" | "无人" | "自己" | "本人" | "无监护人" => None,
        _ => return Option::None,
    })
}

/// Longer words that hold a known one: `亲爷爷`, `孩子的外婆`, `爷爷(临时)`.
fn guess(s: &str) -> Option<Relation> {
    if s.chars().count() > 8 {
        return None;
    }
    let has = |w: &str| s.contains(w);
    let (grandpa, grandma) = (
        has("爷爷") || has("祖父") || has("外公") || has("姥爷"),
        has("奶奶") || has("祖母") || has("外婆") || has("姥姥"),
    );
    Some(match () {
        _ if grandpa && grandma => Relation::Grandparents,
        _ if has("外公") || has("姥爷") || has("外祖父") => Relation::MaternalGrandfather,
        _ if has("外婆") || has("姥姥") || has("外祖母") => Relation::MaternalGrandmother,
        _ if grandpa => Relation::Grandfather,
        _ if grandma => Relation::Grandmother,
        _ if has("父亲") || has("爸爸") => Relation::Father,
        _ if has("母亲") || has("妈妈") => Relation::Mother,
        _ if has("叔") || has("舅舅") || has("伯父") || has("姑父") || has("姨父") => Relation::Uncle,
        _ if has("姑") || has("姨") || has("婶") || has("舅妈") || has("伯母") => Relation::Aunt,
        _ if has("亲戚") || has("亲属") => Relation::OtherKin,
        _ if has("邻居") => Relation::Neighbour,
        _ => return None,
    })
}

/// `住校 住宿 寄宿 内宿 是 / 走读 通学 外宿 否 / 借宿`.
pub fn parse_boarder(text: &str) -> Option<Boarder> {
    let s = squash(text);
    match s.as_str() {
        "住校" | "住宿" | "寄宿" | "内宿" | "住校生" | "寄宿生" | "住宿生" | "内宿生" | "住读" | "全托" => {
            Some(Boarder::Boarder)
        }
        "走读" | "通学" | "外宿" | "走读生" | "通学生" | "不住校" | "不寄宿" | "非寄宿" | "非寄宿生" | "非住校"
        | "不住宿" => Some(Boarder::Day),
        "借宿" | "借住" => Some(Boarder::Lodger),
        _ => parse_yes_no(&s).map(|yes| if yes { Boarder::Boarder } else { Boarder::Day }),
    }
}

/// `both` 双亲外出, `father` 单亲(父), `mother`, `one` 单亲留守.
pub fn parse_away_kind(text: &str) -> Option<AwayKind> {
    let s = squash(text);
    let has = |w: &str| s.contains(w);
    if s.is_empty()
        || has("均在家")
        || has("都在家")
        || has("无外出")
        || has("未外出")
        || has("没有外出")
        || has("非留守")
        || has("不留守")
    {
        return None;
    }
    if has("双") || has("父母都") || has("父母均") || has("都外出") || has("均外出") || has("父母外出") || s == "父母"
    {
        return Some(AwayKind::Both);
    }
    let father = has("父") || has("爸");
    let mother = has("母") || has("妈");
    match (father, mother) {
        (true, true) if has("在家") => Some(
            if s.find(['父', '爸']) < s.find(['母', '妈']) && s.find("在家") > s.find(['母', '妈']) {
                AwayKind::Father
            } else {
                AwayKind::Mother
            },
        ),
        (true, true) => Some(AwayKind::Both),
        (true, false) if has("在家") => Some(AwayKind::Mother),
        (false, true) if has("在家") => Some(AwayKind::Father),
        (true, false) => Some(AwayKind::Father),
        (false, true) => Some(AwayKind::Mother),
        _ if has("单") || has("一方") => Some(AwayKind::One),
        _ => None,
    }
}

/// Whether a word says that the child is left behind (是, 双亲留守, 非留守儿童 …), and who is away if it says that too.
pub fn parse_left_behind(text: &str) -> Option<(bool, Option<AwayKind>)> {
    let s = squash(text);
    if let Some(yes) = parse_yes_no(&s) {
        return Some((yes, None));
    }
    if s.contains('非') || s.contains('不') || s.contains('否') || s.contains("未留守") {
        return Some((false, None));
    }
    if s.contains("留守") || s.starts_with('是') || s.contains("外出") {
        return Some((true, parse_away_kind(&s)));
    }
    None
}

/// `文盲 小学 初中 高中 中专 大专 本科 研究生` and their usual longer forms.
pub fn parse_edu(text: &str) -> Option<Edu> {
    let s = squash(text);
    let has = |w: &str| s.contains(w);
    Some(match () {
        _ if s.is_empty() => return None,
        _ if has("文盲") || has("未上学") || has("没上学") || has("不识字") => Edu::None,
        _ if has("研究生") || has("硕士") || has("博士") => Edu::Graduate,
        _ if has("本科") || s == "大学" || has("学士") => Edu::Bachelor,
        _ if has("大专") || has("专科") || has("高职") => Edu::College,
        _ if has("中专") || has("中职") || has("技校") || has("职高") || has("职中") => Edu::Vocational,
        _ if has("高中") => Edu::Senior,
        _ if has("初中") || s == "中学" => Edu::Junior,
        _ if has("小学") => Edu::Primary,
        _ => return None,
    })
}

/// 政治面貌; a pupil's 少先队员 counts as 群众 in the national register.
pub fn parse_political(text: &str) -> Option<Political> {
    let s = squash(text);
    Some(match () {
        _ if s.contains("预备") => Political::Probationary,
        _ if s.contains("党员") && s.contains("民主") => Political::Democratic,
        _ if s.contains("民主党") || s.contains("九三") || s.contains("民盟") => Political::Democratic,
        _ if s.contains("党员") => Political::Party,
        _ if s.contains("团员") => Political::League,
        _ if s.contains("群众") || s.contains("少先队") || s == "无" => Political::Masses,
        _ => return None,
    })
}

pub fn parse_care_rating(text: &str) -> Option<CareRating> {
    let s = squash(text);
    Some(match () {
        _ if s.contains("无人监护") => CareRating::Nobody,
        _ if s.contains("无监护能力") => CareRating::Unable,
        _ if s.contains("能力不足") || s.contains('差') || s.contains("较弱") => CareRating::Poor,
        _ if s.contains("一般") => CareRating::Fair,
        _ if s.contains('好') || s.contains("良") || s == "有" || s.contains("强") => CareRating::Good,
        _ => return None,
    })
}

pub fn parse_hukou_kind(text: &str) -> Option<HukouKind> {
    let s = squash(text);
    if s.contains("非农") || s.contains("城镇") || s.contains("城市") || s.contains("居民户") {
        Some(HukouKind::Urban)
    } else if s.contains('农') {
        Some(HukouKind::Rural)
    } else {
        None
    }
}

/// The 56 peoples in the order of GB/T 3304 (code = place in the list, from 01), then 97 and 98.
pub const ETHNIC: [&str; 56] = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
];

/// A people by its code of GB/T 3304 (1–56, 97 other, 98 foreign descent).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ethnic(pub u8);

impl Ethnic {
    /// With or without 族, or by its number (`15`, `15-土家族`).
    pub fn parse(text: &str) -> Option<Ethnic> {
        let s = squash(text);
        let named = s.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '、'));
        let name = named.strip_suffix('族').unwrap_or(named);
        if name.is_empty() {
            return s.parse().ok().filter(|n| matches!(n, 1..=56 | 97 | 98)).map(Ethnic);
        }
        if let Some(i) = ETHNIC.iter().position(|e| *e == name) {
            return Some(Ethnic(i as u8 + 1));
        }
        match name {
            "其他" | "其它" => Some(Ethnic(97)),
            "外国血统" | "外国血统中国籍人士" => Some(Ethnic(98)),
            _ => None,
        }
    }
    /// `土家族`.
    pub fn name(self) -> String {
        match self.0 {
            97 => "其他".into(),
            98 => "外国血统".into(),
            n => ETHNIC
                .get(usize::from(n).wrapping_sub(1))
                .map(|e| format!("{e}族"))
                .unwrap_or_default(),
        }
    }
    pub fn all() -> impl Iterator<Item = Ethnic> {
        (1..=56).chain([97, 98]).map(Ethnic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sexes_and_answers() {
        for (t, w) in [
            ("男", Some(Sex::Male)),
            ("Ｆ", Some(Sex::Female)),
            ("女 ", Some(Sex::Female)),
            ("1", Some(Sex::Male)),
            ("男性", Some(Sex::Male)),
            ("?", None),
            ("", None),
        ] {
            assert_eq!(parse_sex(t), w, "{t}");
        }
        for (t, w) in [
            ("是", Some(true)),
            ("√", Some(true)),
            ("ｙ", Some(true)),
            ("否", Some(false)),
            ("没有", Some(false)),
            ("×", Some(false)),
            ("也许", None),
        ] {
            assert_eq!(parse_yes_no(t), w, "{t}");
        }
    }

    #[test]
    fn kin() {
        use Relation::*;
        for (t, w) in [
            ("爷爷", Grandfather),
            ("公", Grandfather),
            ("阿婆", Grandmother),
            ("家公", MaternalGrandfather),
            ("姥姥", MaternalGrandmother),
            ("父子", Father),
            ("母女", Mother),
            ("大伯", Uncle),
            ("姨父", Uncle),
            ("舅妈", Aunt),
            ("姐", Sister),
            ("哥哥", Brother),
            ("爷爷奶奶", Grandparents),
            ("祖父母", Grandparents),
            ("邻居", Neighbour),
            ("独居", Relation::None),
            ("孩子的外婆", MaternalGrandmother),
            ("亲戚", OtherKin),
        ] {
            assert_eq!(parse_relation(t), Some(w), "{t}");
        }
        assert_eq!(parse_relation("13600002217"), Option::None);
        for r in Relation::ALL {
            assert_eq!(Relation::from_code(r.code()), Some(*r));
        }
    }

    #[test]
    fn away() {
        for (t, w) in [
            ("双亲外出", Some(AwayKind::Both)),
            ("父母双方外出", Some(AwayKind::Both)),
            ("父母都外出", Some(AwayKind::Both)),
            ("双留守", Some(AwayKind::Both)),
            ("父亲外出", Some(AwayKind::Father)),
            ("单亲（父）", Some(AwayKind::Father)),
            ("母亲外出", Some(AwayKind::Mother)),
            ("一方外出", Some(AwayKind::One)),
            ("单亲留守", Some(AwayKind::One)),
            ("父亲外出，母亲在家", Some(AwayKind::Father)),
            ("父亲在家，母亲外出", Some(AwayKind::Mother)),
            ("父母均在家", None),
            ("", None),
        ] {
            assert_eq!(parse_away_kind(t), w, "{t}");
        }
        assert_eq!(parse_left_behind("非留守儿童"), Some((false, None)));
        assert_eq!(parse_left_behind("双亲留守"), Some((true, Some(AwayKind::Both))));
        assert_eq!(parse_left_behind("是"), Some((true, None)));
    }

    #[test]
    fn peoples() {
        assert_eq!(Ethnic::parse("土家"), Some(Ethnic(15)));
        assert_eq!(Ethnic::parse("土家族"), Some(Ethnic(15)));
        assert_eq!(Ethnic::parse("06"), Some(Ethnic(6)));
        assert_eq!(Ethnic::parse("火星族"), None);
        for e in Ethnic::all() {
            assert_eq!(Ethnic::parse(&e.name()), Some(e));
        }
    }

    #[test]
    fn other_words() {
        assert_eq!(parse_boarder("内宿"), Some(Boarder::Boarder));
        assert_eq!(parse_boarder("否"), Some(Boarder::Day));
        assert_eq!(parse_edu("大学本科"), Some(Edu::Bachelor));
        assert_eq!(parse_edu("普通高中"), Some(Edu::Senior));
        assert_eq!(parse_political("少先队员"), Some(Political::Masses));
        assert_eq!(parse_care_rating("受委托人能力不足"), Some(CareRating::Poor));
        assert_eq!(parse_care_rating("父或母无监护能力"), Some(CareRating::Unable));
        assert_eq!(parse_hukou_kind("非农业户口"), Some(HukouKind::Urban));
        assert_eq!(parse_hukou_kind("农业"), Some(HukouKind::Rural));
    }
}

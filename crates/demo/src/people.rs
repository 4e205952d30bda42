//! Invented people. The seed changes who they are, never how many.

use rand::prelude::*;
use rand::rngs::StdRng;

const SURNAMES: &str = "石吴田杨向张刘陈王李罗黄唐彭龙覃何邓周谭滕麻姚熊";
const GIRL: [&str; 2] = [
    "若雨欣梓诗晓佳春静秋思语婷心依可小冬子云",
    "曦桐妍涵语彤怡燕姝禾琪瑶梅兰雪芳玲萱月溪",
];
const BOY: [&str; 2] = [
    "浩子宇嘉志一俊文家明云思建承立新天春小学",
    "然轩航豪强鸣杰博乐远开泽阳峰林涛松志成安",
];
const GROWN: [[&str; 2]; 2] = [
    ["秀春玉桂金丽小素红腊月冬", "英兰梅香莲芳珍玲琴娥花枝"],
    ["建国志文明永德光新正家大", "华军平强云兴生全忠福贵林"],
];
pub(crate) const VILLAGES: [&str; 5] = ["洞坪村", "上寨村", "岩脚村", "柳溪村", "茶园坳村"];
const PLACES: [&str; 8] = ["东莞", "温州", "佛山", "昆山", "宁波", "中山", "厦门", "义乌"];
const JOBS: [&str; 6] = ["电子厂", "鞋厂", "建筑工地", "服装厂", "快递", "餐馆"];
const HOBBIES: [&str; 8] = ["画画", "唱歌", "打篮球", "下象棋", "看书", "跳绳", "剪纸", "乒乓球"];

/// Where a people's chance comes from.
pub(crate) struct People {
    rng: StdRng,
    used: std::collections::HashSet<String>,
}

impl People {
    pub fn new(seed: u64) -> People {
        People {
            rng: StdRng::seed_from_u64(seed),
            used: std::collections::HashSet::new(),
        }
    }
    pub fn one_of<'t, T: ?Sized>(&mut self, list: &[&'t T]) -> &'t T {
        list[self.rng.random_range(0..list.len())]
    }
    fn letter(&mut self, of: &str) -> char {
        let n = self.rng.random_range(0..of.chars().count());
        of.chars().nth(n).unwrap_or('小')
    }
    /// A name that nobody here has yet.
    fn name(&mut self, surname: Option<char>, given: [&str; 2]) -> String {
        loop {
            let name: String = [
                surname.unwrap_or_else(|| self.letter(SURNAMES)),
                self.letter(given[0]),
                self.letter(given[1]),
            ]
            .iter()
            .collect();
            if name.chars().nth(1) != name.chars().nth(2) && self.used.insert(name.clone()) {
                return name;
            }
        }
    }
    pub fn child(&mut self, sex: &str) -> String {
        self.name(None, if sex == "f" { GIRL } else { BOY })
    }
    /// A brother or sister of a child with this surname.
    pub fn sibling(&mut self, sex: &str, surname: Option<char>) -> String {
        self.name(surname, if sex == "f" { GIRL } else { BOY })
    }
    pub fn grown(&mut self, sex: &str, surname: Option<char>) -> String {
        // grown-ups may share a name, as they do
        let given = GROWN[usize::from(sex == "m")];
        [
            surname.unwrap_or_else(|| self.letter(SURNAMES)),
            self.letter(given[0]),
            self.letter(given[1]),
        ]
        .iter()
        .collect()
    }
    pub fn village(&mut self) -> &'static str {
        self.one_of(&VILLAGES)
    }
    pub fn place(&mut self) -> &'static str {
        self.one_of(&PLACES)
    }
    pub fn job(&mut self) -> &'static str {
        self.one_of(&JOBS)
    }
    pub fn hobby(&mut self) -> &'static str {
        self.one_of(&HOBBIES)
    }
    pub fn number(&mut self, from: u32, below: u32) -> u32 {
        self.rng.random_range(from..below)
    }
    /// Of a range of numbers that is given to nobody.
    pub fn phone(&mut self) -> String {
        format!("1900000{:04}", self.rng.random_range(0..10_000))
    }
}

/// Decides what happens to whom, the same for every seed: a number from 0 to 99.
pub(crate) fn fate(parts: &[u64]) -> u64 {
    let mut h: u64 = 0x9e37_79b9_7f4a_7c15;
    for p in parts {
        h = (h ^ p).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        h ^= h >> 29;
    }
    h % 100
}

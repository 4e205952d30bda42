//! Sample workbooks of invented people, as schools have them. For tests and benches.
//!
//! The place codes 433190 to 433199 of the ID numbers belong to no county, so no number is anybody's.

use crate::value::{IdNumber, Sex};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tx_base::Day;

/// An invented pupil.
#[derive(Clone, Debug)]
pub struct Pupil {
    pub name: String,
    pub sex: Sex,
    pub birth: Day,
    pub id_no: String,
    pub student_no: String,
    /// 1–6.
    pub grade: u8,
    /// 1–4.
    pub class: u8,
    pub village: String,
    pub father: String,
    pub father_phone: String,
    pub father_place: String,
    pub mother: String,
    pub mother_phone: String,
    pub guardian: String,
    /// 爷爷, 奶奶, 外公 or 外婆.
    pub relation: &'static str,
    pub guardian_phone: String,
    pub boarder: bool,
}

/// Repeatable numbers (splitmix64), only to vary the samples.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }
    /// 0 to `n` − 1.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
    fn name(&mut self, surname: &str) -> String {
        let given = [
            "小", "秀", "志", "晓", "春", "雨", "明", "玉", "文", "建", "思", "佳", "子", "梦", "永",
        ];
        let last = [
            "溪", "川", "山", "霞", "帆", "天", "丽", "强", "芳", "军", "梅", "峰", "燕", "林", "兰", "松", "荷", "波",
        ];
        format!("{surname}{}{}", self.of(&given), self.of(&last))
    }
    fn phone(&mut self) -> String {
        format!(
            "1{}{:04}{:04}",
            self.of(&["36", "37", "58", "87", "50"]),
            self.below(10_000),
            self.below(10_000)
        )
    }
}

const SURNAMES: [&str; 20] = [
    "罗", "石", "梁", "杨", "吴", "彭", "邓", "田", "向", "龙", "麻", "滕", "张", "李", "王", "刘", "陈", "周", "黄",
    "欧阳",
];
const VILLAGES: [&str; 6] = ["竹园村", "河坪村", "岩脚村", "桐油坪村", "新寨村", "茶林村"];
const PLACES: [&str; 6] = [
    "广东省东莞市",
    "浙江省义乌市",
    "福建省泉州市",
    "广东省佛山市",
    "江苏省苏州市",
    "湖南省长沙市",
];

/// `n` pupils, all different, in the classes of a primary school of 2026—2027.
pub fn pupils(n: usize, seed: u64) -> Vec<Pupil> {
    let mut dice = Dice::new(seed);
    (0..n)
        .map(|i| {
            let surname = dice.of(&SURNAMES);
            let grade = (i % 6 + 1) as u8;
            let class = (i / 6 % 4 + 1) as u8;
            let sex = if dice.below(2) == 0 { Sex::Male } else { Sex::Female };
            let birth = Day::new(2020 - i16::from(grade), 9, 1)
                .map_or(Day::lit("2015-09-01"), |d| d.plus(dice.below(364) as i32));
            // the order digits run with the index, so that no two of 20,000 numbers are equal; none ends in three zeros
            let k = i / 6;
            let last = if sex == Sex::Male { [1, 3, 5, 7] } else { [2, 4, 6, 8] }[k / 990 % 4];
            let digits = format!(
                "4331{:02}{}{:02}{last}",
                90 + k / 99 % 10,
                birth.to_string().replace('-', ""),
                k % 99 + 1
            );
            let id_no = IdNumber::with_check_digit(&digits).unwrap_or_default();
            Pupil {
                name: dice.name(surname),
                sex,
                birth,
                student_no: format!("G{id_no}"),
                id_no,
                grade,
                class,
                village: dice.of(&VILLAGES).to_string(),
                father: dice.name(surname),
                father_phone: dice.phone(),
                father_place: dice.of(&PLACES).to_string(),
                mother: {
                    let s = dice.of(&SURNAMES);
                    dice.name(s)
                },
                mother_phone: dice.phone(),
                guardian: dice.name(surname),
                relation: dice.of(&["爷爷", "奶奶", "外公", "外婆"]),
                guardian_phone: dice.phone(),
                boarder: dice.below(3) == 0,
            }
        })
        .collect()
}

const FIGURES: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

impl Pupil {
    /// The class in one of the spellings that schools mix.
    pub fn class_text(&self, style: usize) -> String {
        let g = FIGURES[usize::from(self.grade) - 1];
        let n = self.class;
        match style % 5 {
            0 => format!("{g}（{n}）班"),
            1 => format!("{g}年级{n}班"),
            2 => format!("{g}({n})"),
            3 => format!("{}0{n}", self.grade),
            _ => format!("{g}{n}班"),
        }
    }
    /// `401`.
    pub fn class_code(&self) -> String {
        format!("{}{:02}", self.grade, self.class)
    }
    /// The birth date in one of the spellings that schools mix.
    pub fn birth_text(&self, style: usize) -> String {
        let (y, m, d) = (self.birth.year(), self.birth.month(), self.birth.day());
        match style % 6 {
            0 => format!("{y}-{m}-{d}"),
            1 => format!("{y}.{m:02}.{d:02}"),
            2 => format!("{y}{m:02}{d:02}"),
            3 => format!("{y}年{m}月{d}日"),
            4 => format!("{y}/{m}/{d}"),
            _ => format!("{:02}.{m}.{d}", y % 100),
        }
    }
}

/// Full-width forms of ASCII letters and digits.
pub fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_graphic() {
                char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

fn save(mut book: Workbook) -> Vec<u8> {
    book.save_to_buffer().unwrap_or_default()
}

fn sheet(name: &str) -> Worksheet {
    let mut s = Worksheet::new();
    let _ = s.set_name(name);
    s
}

fn put(s: &mut Worksheet, row: u32, cells: &[&str]) {
    for (i, c) in cells.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
        let _ = s.write_string(row, i as u16, *c);
    }
}

fn merge(s: &mut Worksheet, from: (u32, u16), to: (u32, u16), text: &str) -> Result<(), XlsxError> {
    s.merge_range(from.0, from.1, to.0, to.1, text, &Format::new())?;
    Ok(())
}

/// A plain roster of `n` good rows: title, reporting unit, one header row, total, signature. All left-behind.
pub fn school_roster(n: usize, seed: u64) -> Vec<u8> {
    school_roster_of(&pupils(n, seed))
}

/// [`school_roster`] of given pupils.
pub fn school_roster_of(pupils: &[Pupil]) -> Vec<u8> {
    let mut s = sheet("花名册");
    let heads = [
        "序号",
        "姓名",
        "性别",
        "出生日期",
        "身份证号",
        "班级",
        "村组",
        "是否住校",
        "父亲姓名",
        "父亲电话",
        "父亲务工地点",
        "母亲姓名",
        "母亲电话",
        "临时监护人",
        "与学生关系",
        "联系电话",
        "备注",
    ];
    let _ = merge(
        &mut s,
        (0, 0),
        (0, heads.len() as u16 - 1),
        "竹园小学2026年秋季留守儿童花名册",
    );
    put(&mut s, 1, &["填报单位：竹园小学", "", "", "填报时间：2026年9月10日"]);
    put(&mut s, 2, &heads);
    for (i, p) in pupils.iter().enumerate() {
        let number = (i + 1).to_string();
        let (birth, class) = (p.birth_text(i), p.class_text(i));
        let cells: [&str; 17] = [
            &number,
            &p.name,
            p.sex.label().zh,
            &birth,
            &p.id_no,
            &class,
            &p.village,
            if p.boarder { "是" } else { "否" },
            &p.father,
            &p.father_phone,
            &p.father_place,
            &p.mother,
            &p.mother_phone,
            &p.guardian,
            p.relation,
            &p.guardian_phone,
            "",
        ];
        put(&mut s, 3 + i as u32, &cells);
    }
    let end = 3 + pupils.len() as u32;
    put(&mut s, end, &["合计", &format!("{}人", pupils.len())]);
    put(&mut s, end + 1, &["填表人：", "", "", "复核人："]);
    let mut book = Workbook::new();
    book.push_worksheet(s);
    save(book)
}

/// What [`messy_roster`] holds.
#[derive(Clone, Debug)]
pub struct Messy {
    pub bytes: Vec<u8>,
    /// Rows of children.
    pub total: u32,
    /// Children that come in.
    pub good: Vec<Pupil>,
    /// Row, header and a word of the reason of every bad cell.
    pub bad: Vec<(u32, &'static str, &'static str)>,
}

/// Everything that goes wrong in a school's sheet: title, two-row header, full-width digits, mixed spellings of classes, 同上,
/// date serials, two guardians in a cell, the same child twice, damaged and wrong ID numbers, impossible dates, a missing
/// name, totals, notes, signatures, and a hidden sheet.
pub fn messy_roster(seed: u64) -> Messy {
    let all = pupils(16, seed);
    let mut s = sheet("留守儿童");
    let _ = merge(&mut s, (0, 0), (0, 14), "2026年秋季农村留守儿童花名册");
    put(
        &mut s,
        1,
        &["填报单位（盖章）：竹园小学", "", "", "", "填报时间：2026.9.10"],
    );
    for (column, text) in [
        (0u16, "序号"),
        (1, "姓 名"),
        (2, "性别"),
        (3, "出生\n年月"),
        (4, "公民身份证号码*"),
        (5, "班级"),
    ] {
        let _ = merge(&mut s, (2, column), (3, column), text);
    }
    let _ = merge(&mut s, (2, 6), (2, 8), "父亲");
    let _ = merge(&mut s, (2, 9), (2, 11), "母亲");
    let _ = merge(&mut s, (2, 12), (2, 14), "监护人情况");
    put(
        &mut s,
        3,
        &[
            "",
            "",
            "",
            "",
            "",
            "",
            "姓名",
            "联系电话",
            "务工地点",
            "姓名",
            "联系电话",
            "务工地点",
            "姓名",
            "关系",
            "联系电话",
        ],
    );
    let mut good = Vec::new();
    let mut bad = Vec::new();
    let mut row = 4u32;
    let line = |s: &mut Worksheet, row: u32, p: &Pupil, i: usize, change: &[(usize, &str)]| {
        let number = (i + 1).to_string();
        let (birth, class) = (p.birth_text(i), p.class_text(i));
        let mut cells: Vec<&str> = vec![
            &number,
            &p.name,
            p.sex.label().zh,
            &birth,
            &p.id_no,
            &class,
            &p.father,
            &p.father_phone,
            &p.father_place,
            &p.mother,
            &p.mother_phone,
            &p.father_place,
            &p.guardian,
            p.relation,
            &p.guardian_phone,
        ];
        for (at, text) in change {
            cells[*at] = text;
        }
        put(s, row, &cells);
    };
    for (i, p) in all.iter().enumerate() {
        let mut p = p.clone();
        let seen = row + 1;
        match i {
            0 => line(&mut s, row, &p, i, &[]),
            1 => line(
                &mut s,
                row,
                &p,
                i,
                &[(4, &full_width(&p.id_no)), (14, &full_width(&p.guardian_phone))],
            ),
            2 => {
                p.guardian.clone_from(&all[1].guardian);
                p.guardian_phone.clone_from(&all[1].guardian_phone);
                line(&mut s, row, &p, i, &[(12, "同上"), (14, "〃")]);
            }
            3 => {
                // a serial number in a cell of the general format
                line(&mut s, row, &p, i, &[(3, "")]);
                let _ = s.write_number(
                    row,
                    3,
                    f64::from(
                        p.birth
                            .since(Day::new(1899, 12, 30).expect("the day before the first serial")),
                    ),
                );
            }
            4 => line(
                &mut s,
                row,
                &p,
                i,
                &[
                    (12, "吴老三、李桂花"),
                    (13, "爷爷、奶奶"),
                    (14, "13600002217（爷爷）、13700003328（奶奶）"),
                ],
            ),
            5 => {
                line(&mut s, row, &p, i, &[(4, "")]);
                let _ = s.write_number(
                    row,
                    4,
                    p.id_no
                        .trim_end_matches('X')
                        .parse::<f64>()
                        .unwrap_or(4.33e17)
                        .max(1e17),
                );
                bad.push((seen, "公民身份证号码*", "Excel"));
            }
            6 => {
                line(&mut s, row, &p, i, &[(4, "4.33199E+17")]);
                bad.push((seen, "公民身份证号码*", "Excel"));
            }
            7 => {
                let short = p.id_no[..17].to_string();
                line(&mut s, row, &p, i, &[(4, &short)]);
                bad.push((seen, "公民身份证号码*", "17位"));
            }
            8 => {
                let wrong: String = p.id_no[..16]
                    .chars()
                    .chain(if &p.id_no[16..17] == "7" {
                        "3".chars()
                    } else {
                        "7".chars()
                    })
                    .chain(p.id_no[17..].chars())
                    .collect();
                line(&mut s, row, &p, i, &[(4, &wrong)]);
                bad.push((seen, "公民身份证号码*", "校验位"));
            }
            9 => {
                line(&mut s, row, &p, i, &[(3, "2016年2月30日")]);
                bad.push((seen, "出生年月", "2月没有30日"));
            }
            10 => {
                line(&mut s, row, &p, i, &[(1, "")]);
                bad.push((seen, "姓名", "没有姓名"));
            }
            11 => {
                line(&mut s, row, &p, i, &[(3, "农历2015年八月初十"), (4, &p.id_no[..15])]);
                bad.push((seen, "出生年月", "农历"));
                bad.push((seen, "公民身份证号码*", "15位"));
            }
            12 => line(
                &mut s,
                row,
                &p,
                i,
                &[(
                    1,
                    &format!(
                        "{} {}",
                        p.name.chars().next().unwrap_or_default(),
                        p.name.chars().skip(1).collect::<String>()
                    ),
                )],
            ),
            13 => line(&mut s, row, &p, i, &[(4, "无户口"), (10, "/")]),
            _ => line(&mut s, row, &p, i, &[]),
        }
        if !bad.iter().any(|b| b.0 == seen) {
            good.push(p);
        }
        row += 1;
        if i == 7 {
            put(&mut s, row, &["小计", "8人"]);
            row += 1;
        }
    }
    // the first child again
    line(&mut s, row, &all[0], 16, &[]);
    row += 1;
    // numbered beforehand, nobody in it
    put(&mut s, row, &["18"]);
    put(&mut s, row + 1, &["合 计", "17人"]);
    put(&mut s, row + 2, &["注：本表一式两份，监护人指实际照看孩子的人。"]);
    put(
        &mut s,
        row + 3,
        &["单位负责人：", "", "", "复核人：", "", "", "填表人："],
    );
    let mut hidden = sheet("旧表");
    put(&mut hidden, 0, &["姓名", "性别", "身份证号"]);
    put(&mut hidden, 1, &["不该读", "男", "123"]);
    hidden.set_hidden(true);
    let mut book = Workbook::new();
    book.push_worksheet(s);
    book.push_worksheet(hidden);
    Messy {
        bytes: save(book),
        total: 17,
        good,
        bad,
    }
}

/// The ministries' form of 2016 (农村留守儿童基本情况登记表), two header rows, `n` children.
pub fn survey_2016(n: usize, seed: u64) -> Vec<u8> {
    let mut s = sheet("Sheet1");
    let single = [
        "姓名",
        "性别",
        "民族",
        "出生日期",
        "公民身份证号码",
        "是否登记户口",
        "户籍所在地",
        "现居住地",
        "身体情况（健康/残疾/患病）",
        "残疾类别及等级",
        "患病类型",
        "是否学校寄宿",
        "就学情况（幼儿园/未入园/小学/初中/高中/中职/辍学/不在学）",
    ];
    let groups: [(&str, &[&str]); 6] = [
        ("祖父", &["姓名", "出生日期"]),
        ("祖母", &["姓名", "出生日期"]),
        ("外祖父", &["姓名", "出生日期"]),
        ("外祖母", &["姓名", "出生日期"]),
        ("父亲", &["姓名", "出生日期", "当前务工地点", "联系电话", "身份证号码"]),
        ("母亲", &["姓名", "出生日期", "当前务工地点", "联系电话", "身份证号码"]),
    ];
    let tail: [(&str, &[&str]); 3] = [
        (
            "父母外出情况",
            &["父母双方同时外出", "一方外出另一方无监护能力", "无监护能力者"],
        ),
        (
            "委托监护情况",
            &[
                "有无委托其他监护人",
                "委托监护人姓名",
                "委托监护人电话",
                "委托监护人身份证",
                "与儿童关系",
                "委托监护人地址",
            ],
        ),
        (
            "其他",
            &[
                "监护类型（无人监护/父或母无监护能力/受委托人能力不足/一般/较好）",
                "家庭经济来源（打工/种养殖/政府救助/亲朋接济/其他）",
                "救助情况（低保/临时/医疗/住房/其他）",
            ],
        ),
    ];
    let width: usize = single.len() + groups.iter().chain(&tail).map(|g| g.1.len()).sum::<usize>();
    let _ = merge(&mut s, (0, 0), (0, width as u16 - 1), "农村留守儿童基本情况登记表");
    put(
        &mut s,
        1,
        &["填报单位（盖章）：竹园乡", "", "", "", "填报日期：2026年9月10日"],
    );
    for (i, h) in single.iter().enumerate() {
        let _ = merge(&mut s, (2, i as u16), (3, i as u16), h);
    }
    let mut column = single.len() as u16;
    for (name, parts) in groups.iter().chain(&tail) {
        let _ = merge(&mut s, (2, column), (2, column + parts.len() as u16 - 1), name);
        for p in *parts {
            let _ = s.write_string(3, column, *p);
            column += 1;
        }
    }
    for (i, p) in pupils(n, seed).iter().enumerate() {
        let one = i % 3 == 2;
        let birth = p.birth.to_string();
        let mut cells: Vec<&str> = vec![
            &p.name,
            p.sex.label().zh,
            "土家族",
            &birth,
            &p.id_no,
            "是",
            "湖南省湘西州",
            &p.village,
            "健康",
            "—",
            "—",
            if p.boarder { "是" } else { "否" },
            "小学",
        ];
        cells.extend([p.guardian.as_str(), "1955-03-02", "—", "—", "—", "—", "—", "—"]);
        cells.extend([p.father.as_str(), "1988-05-06", &p.father_place, &p.father_phone, ""]);
        cells.extend([
            p.mother.as_str(),
            "1990-07-08",
            if one { "在家" } else { &p.father_place },
            &p.mother_phone,
            "",
        ]);
        cells.extend(if one {
            ["否", "是", "母亲"]
        } else {
            ["是", "否", "—"]
        });
        cells.extend([
            "有",
            &p.guardian,
            &p.guardian_phone,
            "",
            p.relation,
            &p.village,
            "一般",
            "打工",
            "低保",
        ]);
        put(&mut s, 4 + i as u32, &cells);
    }
    put(&mut s, 4 + n as u32, &["单位负责人：", "", "复核人：", "", "填表人："]);
    let mut book = Workbook::new();
    book.push_worksheet(s);
    save(book)
}

/// The 71 columns of the national register's template, as far as they matter here, in its order.
pub const REGISTER_COLUMNS: [&str; 71] = [
    "姓名",
    "性别",
    "出生日期",
    "出生地行政区划代码",
    "籍贯",
    "民族",
    "国籍/地区",
    "身份证件类型",
    "身份证件号",
    "港澳台侨外",
    "政治面貌",
    "健康状况",
    "照片",
    "姓名拼音",
    "曾用名",
    "身份证件有效期",
    "户口所在地行政区划",
    "户口性质",
    "特长",
    "学籍辅号",
    "班内学号",
    "年级",
    "班级",
    "入学年月",
    "入学方式",
    "就读方式",
    "学生来源",
    "现住址",
    "通信地址",
    "家庭地址",
    "联系电话",
    "邮政编码",
    "电子信箱",
    "主页地址",
    "是否独生子女",
    "是否受过学前教育",
    "是否留守儿童",
    "是否进城务工人员随迁子女",
    "是否孤儿",
    "是否烈士或优抚子女",
    "随班就读",
    "残疾人类型",
    "是否由政府购买学位",
    "是否需要申请资助",
    "是否享受一补",
    "上下学距离",
    "上下学方式",
    "成员1姓名",
    "成员1关系",
    "成员1关系说明",
    "成员1民族",
    "成员1工作单位",
    "成员1现住址",
    "成员1户口所在地行政区划",
    "成员1联系电话",
    "成员1是否监护人",
    "成员1身份证件类型",
    "成员1身份证件号",
    "成员1职务",
    "成员2姓名",
    "成员2关系",
    "成员2关系说明",
    "成员2民族",
    "成员2工作单位",
    "成员2现住址",
    "成员2户口所在地行政区划",
    "成员2联系电话",
    "成员2是否监护人",
    "成员2身份证件类型",
    "成员2身份证件号",
    "成员2职务",
];

/// The national register's template with `n` pupils: header in the first row, every third left behind.
pub fn national_register(n: usize, seed: u64) -> Vec<u8> {
    let mut s = sheet("学生基本信息");
    put(&mut s, 0, &REGISTER_COLUMNS);
    for (i, p) in pupils(n, seed).iter().enumerate() {
        let (birth, grade, class) = (
            p.birth.to_string().replace('-', ""),
            format!("{}年级", FIGURES[usize::from(p.grade) - 1]),
            format!("{}班", p.class),
        );
        for (at, head) in REGISTER_COLUMNS.iter().enumerate() {
            let text = match *head {
                "姓名" => p.name.as_str(),
                "性别" => p.sex.label().zh,
                "出生日期" => &birth,
                "民族" => "土家族",
                "国籍/地区" => "中国",
                "身份证件类型" => "居民身份证",
                "身份证件号" => &p.id_no,
                "政治面貌" => "群众",
                "健康状况" => "健康或良好",
                "户口性质" => "农业户口",
                "年级" => &grade,
                "班级" => &class,
                "入学年月" => "202609",
                "就读方式" => {
                    if p.boarder {
                        "住校"
                    } else {
                        "走读"
                    }
                }
                "现住址" | "通信地址" | "家庭地址" => &p.village,
                "联系电话" => &p.father_phone,
                "是否留守儿童" => {
                    if i % 3 == 0 {
                        "双亲留守儿童"
                    } else {
                        "非留守儿童"
                    }
                }
                "是否独生子女" | "是否孤儿" | "是否享受一补" => "否",
                "上下学距离" => "3",
                "成员1姓名" => &p.father,
                "成员1关系" => "父亲",
                "成员1联系电话" => &p.father_phone,
                "成员1是否监护人" => "是",
                "成员1工作单位" => &p.father_place,
                "成员2姓名" => &p.guardian,
                "成员2关系" => p.relation,
                "成员2联系电话" => &p.guardian_phone,
                "成员2是否监护人" => "是",
                _ => "",
            };
            if !text.is_empty() {
                let _ = s.write_string(1 + i as u32, at as u16, text);
            }
        }
    }
    let mut book = Workbook::new();
    book.push_worksheet(s);
    save(book)
}

/// A name whose second character has four bytes in GB 18030 and lies beyond the BMP.
pub const RARE_NAME: &str = "龙𬱖㛃";

/// A GB 18030 CSV with `n` pupils; the first is called [`RARE_NAME`].
pub fn gb18030_csv(n: usize, seed: u64) -> Vec<u8> {
    let mut text = String::from("姓名,性别,出生日期,身份证号,班级,监护人,与学生关系,监护人电话,是否留守儿童\r\n");
    for (i, p) in pupils(n, seed).iter().enumerate() {
        let name = if i == 0 { RARE_NAME } else { &p.name };
        text.push_str(&format!(
            "{name},{},{},{},{},{},{},{},是\r\n",
            p.sex.label().zh,
            p.birth_text(i),
            p.id_no,
            p.class_text(i),
            p.guardian,
            p.relation,
            p.guardian_phone
        ));
    }
    encoding_rs::GB18030.encode(&text).0.into_owned()
}

/// A package of the given parts, deflated.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(9));
    for (name, body) in parts {
        let _ = zip.start_file(*name, options);
        let _ = zip.write_all(body);
    }
    zip.finish().map(std::io::Cursor::into_inner).unwrap_or_default()
}

/// A hand-made XLSX with one sheet of the given XML inside `<worksheet>` and the given shared strings part, if any.
pub fn hand_made(sheet: &str, strings: Option<&str>) -> Vec<u8> {
    let types = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    let rels = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let book = br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let book_rels = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{sheet}</worksheet>"#
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types),
        ("_rels/.rels", rels),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", book_rels),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    if let Some(s) = strings {
        parts.push(("xl/sharedStrings.xml", s.as_bytes()));
    }
    package(&parts)
}

/// 1.5 kB with a text in A1 and one in XFD1048576: a dense reader would need gigabytes.
pub fn far_corner() -> Vec<u8> {
    hand_made(
        r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#,
        None,
    )
}

/// A small package that unpacks to `mib` MiB of one part.
pub fn bomb(mib: usize) -> Vec<u8> {
    let rows = format!("<row{}/>", " ".repeat(250)).repeat(mib * (1 << 20) / 256);
    hand_made(&format!("<sheetData>{rows}</sheetData>"), None)
}

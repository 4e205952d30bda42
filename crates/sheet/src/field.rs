//! The fields that a sheet's columns can mean, and the headers that name them (the table of domain.md §5).

use crate::value::text::nfkc;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{collections::HashMap, sync::LazyLock};
use tx_base::{Say, Text, say, t};

macro_rules! plain {
    ($($(#[$doc:meta])* $variant:ident $name:literal, $zh:literal, $en:literal, [$($header:literal),*];)+) => {
        /// A field of the child or its household. Names as in domain.md §5.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Plain { $($(#[$doc])* $variant,)+ }
        impl Plain {
            pub const ALL: &'static [Plain] = &[$(Plain::$variant),+];
            pub const fn name(self) -> &'static str { match self { $(Plain::$variant => $name),+ } }
            pub const fn label(self) -> Text { match self { $(Plain::$variant => t($zh, $en)),+ } }
            const fn headers(self) -> &'static [&'static str] { match self { $(Plain::$variant => &[$($header),*]),+ } }
        }
    };
}

plain! {
    RowNo "row_no", "序号", "Row number", ["序号", "编号", "顺序号", "no", "排号", "序列", "序列号", "行号", "no."];
    Name "name", "姓名", "Name", ["姓名", "学生姓名", "儿童姓名", "留守儿童姓名", "孩子姓名", "幼儿姓名", "学生名字", "名字", "留守学生姓名", "未成年人姓名", "学生", "儿童"];
    FormerName "former_name", "曾用名", "Former name", ["曾用名", "别名", "小名", "乳名"];
    NamePinyin "name_pinyin", "姓名拼音", "Name in pinyin", ["姓名拼音", "拼音"];
    Sex "sex", "性别", "Sex", ["性别", "男/女", "男女"];
    BirthDate "birth_date", "出生日期", "Birth date", ["出生日期", "出生年月", "出生年月日", "出生时间", "生日", "生年月", "出生", "出生日", "出生日期年月日"];
    Age "age", "年龄", "Age", ["年龄", "周岁", "岁数", "实足年龄"];
    Ethnic "ethnic", "民族", "Ethnic group", ["民族", "族别"];
    IdKind "id_kind", "证件类型", "Kind of paper", ["身份证件类型", "证件类型", "身份证类型", "证件种类"];
    IdNo "id_no", "身份证号", "ID number", ["身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "身份证件号", "证件号码", "身份证", "身份证件号码", "公民身份证号", "身份号码", "证件号", "居民身份证号", "居民身份证号码"];
    StudentNo "student_no", "学籍号", "Student number", ["学籍号", "全国学籍号", "学号", "学生编码", "学籍号码", "全国学籍号码", "学籍编号", "国网学籍号"];
    StudentNoAux "student_no_aux", "学籍辅号", "Second student number", ["学籍辅号"];
    ClassNo "class_no", "班内学号", "Number in class", ["班内学号", "座号", "座位号", "班内序号", "班级学号"];
    School "school", "学校", "School", ["学校", "学校名称", "就读学校", "所在学校", "学校标识码", "校名"];
    GradeClass "grade_class", "班级", "Class", ["班级", "年级班级", "所在班级", "年级", "班号", "班级名称", "就读年级", "年班", "年级班", "所在年级", "班别", "就读班级", "班级号", "所读年级", "年级及班级", "年级/班级", "班", "现就读年级", "就读年级班级"];
    HukouAddress "hukou_address", "户籍所在地", "Registered address", ["户籍所在地", "户口所在地", "户籍地址", "户口所在地行政区划", "户籍地", "户口地址"];
    HukouKind "hukou_kind", "户口性质", "Kind of registration", ["户口性质", "户籍性质", "户口类别", "户口类型"];
    HukouRegistered "hukou_registered", "是否登记户口", "Registered", ["是否登记户口", "是否上户", "有无户口", "是否有户口"];
    HomeAddress "home_address", "家庭住址", "Home address", ["家庭住址", "家庭地址", "现住址", "现居住地", "通信地址", "通讯地址", "详细住址", "居住地址", "住址", "家庭详细住址", "现居住地址", "家庭现住址", "详细地址", "现家庭住址"];
    Village "village", "村", "Village", ["村", "村组", "行政村", "村居", "自然村", "所在村", "村名", "村民小组", "村/社区", "村社区", "组"];
    Town "town", "乡镇", "Township", ["乡镇", "镇", "乡镇街道", "乡", "所在乡镇", "乡/镇"];
    Boarder "boarder", "是否住校", "Boarder", ["是否寄宿", "是否住校", "住宿情况", "就读方式", "是否学校寄宿", "住校/走读", "是否寄宿生", "寄宿/走读", "是否住宿", "是否在校寄宿", "住校或走读"];
    SchoolState "school_state", "就学情况", "School state", ["就学情况", "就读情况", "在读状态", "学生状态"];
    DistanceHome "distance_home", "离校距离", "Distance to school", ["上下学距离", "离校距离", "家校距离", "家庭与学校距离", "离家距离"];
    TravelMode "travel_mode", "上学方式", "Way to school", ["上下学方式", "上学方式", "交通方式", "上下学交通方式"];
    Photo "photo", "照片", "Photo", ["照片", "相片"];
    Health "health", "健康状况", "Health", ["健康状况", "身体情况", "身体状况", "健康情况"];
    Disability "disability", "残疾", "Disability", ["残疾类别及等级", "残疾类型", "是否残疾", "残疾证号", "残疾人类型", "残疾情况", "残疾类别", "残疾等级"];
    Illness "illness", "病史", "Illness", ["患病类型", "病史", "既往病史", "疾病名称", "患病情况"];
    Study "study", "学习表现", "Study", ["学习表现", "学习情况", "学业情况", "学习成绩", "成绩"];
    Conduct "conduct", "行为表现", "Conduct", ["行为表现", "品行表现", "思想品德", "在校表现"];
    Hobby "hobby", "爱好特长", "Hobbies", ["爱好特长", "兴趣爱好", "特长", "爱好", "特长爱好"];
    RewardPunish "reward_punish", "奖惩情况", "Rewards", ["个人奖惩", "奖惩情况", "获奖情况"];
    Character "character", "性格特点", "Character", ["性格特点", "性格特征", "性格"];
    LeftBehind "left_behind", "是否留守儿童", "Left behind", ["是否留守儿童", "留守类型", "是否留守", "留守情况", "是否为留守儿童", "是否属于留守儿童", "是否农村留守儿童"];
    AwayKind "away_kind", "外出情况", "Who is away", ["外出情况", "父母外出情况", "父母双方同时外出", "双亲外出/单亲外出", "留守类别", "一方外出另一方无监护能力", "父母外出务工情况", "外出务工情况", "双亲/单亲外出", "父母外出类型", "父母一方外出另一方无监护能力"];
    UnableParent "unable_parent", "无监护能力者", "Parent unable to care", ["无监护能力者", "无监护能力一方", "无监护能力方"];
    AwaySince "away_since", "外出时间", "Away since", ["外出时间", "外出务工时间", "何时外出", "外出起始时间", "父母外出时间", "父母外出务工时间"];
    ParentsName "parents_name", "父母姓名", "Parents' names", ["父母姓名", "父母亲姓名"];
    ParentsPlace "parents_place", "父母务工地点", "Parents' place of work", ["父母务工地点", "务工地点", "打工地点", "外出地点", "父母打工地点", "父母务工地", "务工地", "外出务工地点", "父母外出地点", "父母外出务工地点", "当前务工地点"];
    ParentsJob "parents_job", "父母职业", "Parents' work", ["父母职业", "父母从事工作"];
    ParentsPhone "parents_phone", "父母电话", "Parents' phone", ["父母电话", "父母联系电话", "父母联系方式", "父母手机"];
    ParentIncome "parent_income", "年收入", "Income", ["年收入", "家庭年收入", "父母年收入", "家庭人均年收入", "人均年收入"];
    ParentPolitical "parent_political", "政治面貌", "Political status", ["政治面貌", "父母政治面貌"];
    ParentsMarriage "parents_marriage", "父母婚姻状况", "Parents' marriage", ["父母婚姻状况", "婚姻状况", "是否单亲", "家庭类型", "父母婚姻"];
    ContactFreq "contact_freq", "联系频率", "How often in contact", ["联系频率", "多久联系一次", "与父母联系情况", "联系方式及次数", "与父母联系频率"];
    ReturnFreq "return_freq", "回家次数", "How often home", ["回家次数", "多久回家", "返乡情况", "一年回家几次", "父母回家次数"];
    Phone "phone", "联系电话", "Phone", ["联系电话", "联系方式", "家庭电话", "手机号码", "电话", "手机", "手机号", "家庭联系电话", "电话号码", "联系号码", "家长电话", "家长联系电话", "家长联系方式"];
    CareRating "care_rating", "监护情况", "Care rating", ["监护情况", "监护类型", "监护情况评估", "监护能力", "监护状况"];
    CareAgreement "care_agreement", "委托照护", "Care agreement", ["是否签订委托协议", "有无委托其他监护人", "委托照护协议", "责任书", "有无委托", "是否委托监护", "是否签订责任书", "是否签订委托监护协议"];
    IncomeSource "income_source", "经济来源", "Source of income", ["家庭经济来源", "主要经济来源", "经济来源", "家庭主要经济来源"];
    AidKind "aid_kind", "救助情况", "Aid", ["救助情况", "救助帮扶情况", "享受低保", "是否低保", "资助情况", "是否享受一补", "是否需要申请资助", "救助", "受助情况", "是否享受低保"];
    HardshipKind "hardship_kind", "困境类型", "Hardship", ["困境类型", "家庭困难类型", "是否孤儿", "是否建档立卡", "是否事实无人抚养", "困难类型", "是否贫困户", "困境儿童类型"];
    Siblings "siblings", "兄弟姐妹", "Siblings", ["兄弟姐妹", "是否独生子女", "同校兄妹", "同校兄弟姐妹"];
    Emergency "emergency", "紧急联系人", "Emergency contact", ["紧急联系人", "紧急联系电话", "应急联系人", "紧急联系人电话"];
    Helper "helper", "帮扶教师", "Helper", ["帮扶教师", "帮扶人", "代理家长", "结对教师", "包保教师", "责任教师", "帮扶责任人", "代理家长姓名", "帮扶教师姓名", "爱心妈妈"];
    ClassTeacher "class_teacher", "班主任", "Class teacher", ["班主任", "班主任姓名", "班主任电话"];
    Need "need", "需求", "Needs", ["需求", "主要困难", "存在问题", "帮扶需求", "心理状况"];
    Measure "measure", "帮扶措施", "Measures", ["帮扶措施", "采取措施", "关爱措施"];
    Native "native_place", "籍贯", "Native place", ["籍贯"];
    BirthPlace "birth_place", "出生地", "Birth place", ["出生地", "出生地行政区划", "出生地行政区划代码"];
    Nationality "nationality", "国籍/地区", "Nationality", ["国籍/地区", "国籍", "国籍地区"];
    Overseas "overseas", "港澳台侨外", "Overseas", ["港澳台侨外"];
    IdValid "id_valid", "证件有效期", "Paper valid until", ["身份证件有效期", "身份证有效期", "证件有效期"];
    EntryMonth "entry_month", "入学年月", "Entered school", ["入学年月", "入学时间", "入学日期"];
    EntryMode "entry_mode", "入学方式", "Way of entry", ["入学方式"];
    Source "student_source", "学生来源", "Came from", ["学生来源"];
    Postcode "postcode", "邮政编码", "Postcode", ["邮政编码", "邮编"];
    Email "email", "电子信箱", "E-mail", ["电子信箱", "电子邮箱", "邮箱"];
    HomePage "home_page", "主页地址", "Home page", ["主页地址"];
    Preschool "preschool", "是否受过学前教育", "Preschool", ["是否受过学前教育", "学前教育"];
    Migrant "migrant", "随迁子女", "Migrant child", ["是否进城务工人员随迁子女", "是否随迁子女", "随迁子女"];
    Martyr "martyr", "烈士或优抚子女", "Child of a martyr", ["是否烈士或优抚子女"];
    Inclusive "inclusive", "随班就读", "Inclusive class", ["随班就读", "是否随班就读"];
    BoughtPlace "bought_place", "政府购买学位", "Place paid by the state", ["是否由政府购买学位", "是否政府购买学位"];
    SchoolBus "school_bus", "校车", "School bus", ["是否乘坐校车", "是否需要乘坐校车"];
    Blood "blood", "血型", "Blood type", ["血型"];
    Remark "remark", "备注", "Remark", ["备注", "说明", "其他"];
}

/// Whose column it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    Father,
    Mother,
    /// Guardian 1 or 2 of the row.
    Guardian(u8),
    Grandfather,
    Grandmother,
    MaternalGrandfather,
    MaternalGrandmother,
    /// Member 1–9 of the national register's family block.
    Member(u8),
}

impl Who {
    fn name(self) -> String {
        match self {
            Who::Father => "father".into(),
            Who::Mother => "mother".into(),
            Who::Guardian(0 | 1) => "guardian".into(),
            Who::Guardian(n) => format!("guardian{n}"),
            Who::Grandfather => "grandfather".into(),
            Who::Grandmother => "grandmother".into(),
            Who::MaternalGrandfather => "maternal_grandfather".into(),
            Who::MaternalGrandmother => "maternal_grandmother".into(),
            Who::Member(n) => format!("member{n}"),
        }
    }
    fn from_name(name: &str) -> Option<Who> {
        Some(match name {
            "father" => Who::Father,
            "mother" => Who::Mother,
            "guardian" => Who::Guardian(1),
            "grandfather" => Who::Grandfather,
            "grandmother" => Who::Grandmother,
            "maternal_grandfather" => Who::MaternalGrandfather,
            "maternal_grandmother" => Who::MaternalGrandmother,
            _ => {
                let digit = |rest: &str| rest.parse::<u8>().ok().filter(|n| (1..=9).contains(n));
                if let Some(rest) = name.strip_prefix("guardian") {
                    Who::Guardian(digit(rest)?)
                } else {
                    Who::Member(digit(name.strip_prefix("member")?)?)
                }
            }
        })
    }
    fn label(self) -> Text {
        match self {
            Who::Father => t("父亲", "Father's"),
            Who::Mother => t("母亲", "Mother's"),
            Who::Guardian(_) => t("监护人", "Guardian's"),
            Who::Grandfather => t("祖父", "Grandfather's"),
            Who::Grandmother => t("祖母", "Grandmother's"),
            Who::MaternalGrandfather => t("外祖父", "Maternal grandfather's"),
            Who::MaternalGrandmother => t("外祖母", "Maternal grandmother's"),
            Who::Member(_) => t("家庭成员", "Family member's"),
        }
    }
}

macro_rules! attrs {
    ($($variant:ident $name:literal, $zh:literal, $en:literal, [$($header:literal),*];)+) => {
        /// What a column says about an adult.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Attr { $($variant,)+ }
        impl Attr {
            const ALL: &'static [Attr] = &[$(Attr::$variant),+];
            const fn name(self) -> &'static str { match self { $(Attr::$variant => $name),+ } }
            const fn label(self) -> Text { match self { $(Attr::$variant => t($zh, $en)),+ } }
            const fn headers(self) -> &'static [&'static str] { match self { $(Attr::$variant => &[$($header),*]),+ } }
        }
    };
}

attrs! {
    Name "name", "姓名", "name", ["", "姓名", "名字", "名称", "姓名及称呼"];
    Relation "relation", "关系", "relation", ["关系", "与儿童关系", "与学生关系", "与被监护人关系", "与孩子关系", "与本人关系", "称谓", "与监护人关系", "与留守儿童关系", "与留守学生关系", "与该生关系", "与其关系", "与幼儿关系"];
    RelationNote "relation_note", "关系说明", "relation note", ["关系说明"];
    Phone "phone", "电话", "phone", ["电话", "联系电话", "联系方式", "手机", "手机号", "手机号码", "电话号码", "联系号码", "手机电话"];
    Place "place", "务工地点", "place of work", ["务工地点", "打工地点", "外出地点", "当前务工地点", "外出务工地点", "务工地", "打工地", "地点", "所在地", "务工地址", "工作地点", "外出务工地", "去向", "工作单位", "单位", "外出务工地址", "现务工地点", "务工所在地", "打工地址", "务工城市"];
    Job "job", "职业", "work", ["职业", "从事工作", "职务", "工作", "从事职业", "工种", "从事行业", "务工行业"];
    Age "age", "年龄", "age", ["年龄", "周岁", "岁数", "出生日期", "出生年月", "出生年份", "出生年", "出生年月日"];
    Edu "edu", "文化程度", "schooling", ["文化程度", "学历", "受教育程度", "文化"];
    Id "id", "身份证号", "ID number", ["身份证号", "身份证号码", "公民身份证号码", "公民身份号码", "身份证件号", "身份证", "身份证件号码", "证件号码", "公民身份证号", "身份证件号码"];
    IdKind "id_kind", "证件类型", "kind of paper", ["身份证件类型", "证件类型"];
    Address "address", "住址", "address", ["住址", "家庭住址", "地址", "现住址", "居住地地址", "居住地址", "家庭地址", "现居住地", "居住地"];
    HukouAddress "hukou_address", "户口所在地", "registered address", ["户口所在地", "户口所在地行政区划", "户籍所在地"];
    Health "health", "健康状况", "health", ["健康状况", "身体状况", "身体情况", "健康情况", "身体健康状况"];
    IsGuardian "is_guardian", "是否监护人", "is guardian", ["是否监护人"];
    Ethnic "ethnic", "民族", "ethnic group", ["民族"];
    Political "political", "政治面貌", "political status", ["政治面貌"];
    Income "income", "收入", "income", ["收入", "年收入", "月收入"];
    Sex "sex", "性别", "sex", ["性别"];
    Away "away", "外出情况", "away", ["是否外出", "外出情况", "是否务工", "是否外出务工", "务工情况", "是否在家", "外出务工情况", "情况"];
    AwaySince "away_since", "外出时间", "away since", ["外出时间", "务工时间", "外出务工时间"];
    CareCapacity "care_capacity", "监护能力", "capacity to care", ["监护能力", "有无监护能力"];
}

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Plain(Plain),
    Person(Who, Attr),
}

impl Field {
    /// `birth_date`, `father_phone`, `guardian2_name`, `member1_is_guardian` …
    pub fn name(self) -> String {
        match self {
            Field::Plain(p) => p.name().to_string(),
            Field::Person(w, a) => format!("{}_{}", w.name(), a.name()),
        }
    }
    pub fn from_name(name: &str) -> Option<Field> {
        if let Some(p) = Plain::ALL.iter().find(|p| p.name() == name) {
            return Some(Field::Plain(*p));
        }
        // the longest attribute first: member1_is_guardian, father_away_since
        let mut attrs: Vec<Attr> = Attr::ALL.to_vec();
        attrs.sort_by_key(|a| std::cmp::Reverse(a.name().len()));
        attrs.into_iter().find_map(|a| {
            Some(Field::Person(
                Who::from_name(name.strip_suffix(a.name())?.strip_suffix('_')?)?,
                a,
            ))
        })
    }
    pub fn label(self) -> Say {
        match self {
            Field::Plain(p) => p.label().into(),
            Field::Person(Who::Member(n), a) => say(
                format!("成员{n}{}", a.label().zh),
                format!("Member {n}'s {}", a.label().en),
            ),
            Field::Person(w, a) => say(
                format!("{}{}", w.label().zh, a.label().zh),
                format!("{} {}", w.label().en, a.label().en),
            ),
        }
    }
    /// The fields that a person can choose for a column in the wizard, in the order of the forms.
    pub fn choices() -> Vec<Field> {
        let person = |w: Who| {
            [
                Attr::Name,
                Attr::Relation,
                Attr::Phone,
                Attr::Place,
                Attr::Job,
                Attr::Age,
                Attr::Edu,
                Attr::Id,
                Attr::Address,
                Attr::Health,
            ]
            .into_iter()
            .filter(move |a| !(matches!(w, Who::Father | Who::Mother) && *a == Attr::Relation))
            .map(move |a| Field::Person(w, a))
        };
        let mut all: Vec<Field> = Plain::ALL.iter().map(|p| Field::Plain(*p)).collect();
        for w in [Who::Guardian(1), Who::Guardian(2), Who::Father, Who::Mother] {
            all.extend(person(w));
        }
        all
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.name())
    }
}
impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Field, D::Error> {
        let name = String::deserialize(d)?;
        Field::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown field {name}")))
    }
}

static PLAIN: LazyLock<HashMap<&'static str, Plain>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for p in Plain::ALL {
        for h in p.headers() {
            map.entry(*h).or_insert(*p);
        }
    }
    map
});
static ATTRS: LazyLock<HashMap<&'static str, Attr>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for a in Attr::ALL {
        for h in a.headers() {
            map.entry(*h).or_insert(*a);
        }
    }
    map
});

/// Headers that the program itself writes beside rejected rows; on the way back they mean nothing.
pub const OWN_ROW: &str = "原行号";
/// See [`OWN_ROW`].
pub const OWN_REASON: &str = "原因";

/// Words before an attribute that name a person, longest first within a kind.
const PREFIXES: &[(&str, Who)] = &[
    ("受委托监护人", Who::Guardian(1)),
    ("委托监护人", Who::Guardian(1)),
    ("临时监护人", Who::Guardian(1)),
    ("代理监护人", Who::Guardian(1)),
    ("实际监护人", Who::Guardian(1)),
    ("法定监护人", Who::Guardian(1)),
    ("主要监护人", Who::Guardian(1)),
    ("第一监护人", Who::Guardian(1)),
    ("第二监护人", Who::Guardian(2)),
    ("现监护人", Who::Guardian(1)),
    ("其他监护人", Who::Guardian(2)),
    ("受委托人", Who::Guardian(1)),
    ("被委托人", Who::Guardian(1)),
    ("代管人", Who::Guardian(1)),
    ("监护人", Who::Guardian(1)),
    ("看护人", Who::Guardian(1)),
    ("照料人", Who::Guardian(1)),
    ("抚养人", Who::Guardian(1)),
    ("照护人", Who::Guardian(1)),
    ("家长", Who::Guardian(1)),
    ("外祖父", Who::MaternalGrandfather),
    ("外公", Who::MaternalGrandfather),
    ("外祖母", Who::MaternalGrandmother),
    ("外婆", Who::MaternalGrandmother),
    ("祖父", Who::Grandfather),
    ("爷爷", Who::Grandfather),
    ("祖母", Who::Grandmother),
    ("奶奶", Who::Grandmother),
    ("父亲", Who::Father),
    ("爸爸", Who::Father),
    ("父方", Who::Father),
    ("母亲", Who::Mother),
    ("妈妈", Who::Mother),
    ("母方", Who::Mother),
    ("父", Who::Father),
    ("母", Who::Mother),
];

/// Folds a header for comparison: half-width, no spaces, marks, units or notes in brackets;
/// a bracket that names a person goes to the front (`当前务工地点(父)` → `父当前务工地点`).
pub fn fold(header: &str) -> String {
    let s = nfkc(header);
    let mut front = String::new();
    let mut out = String::new();
    let mut inside: Option<String> = None;
    for c in s.chars() {
        match c {
            '(' | '[' | '【' | '〔' | '<' | '《' => inside = Some(String::new()),
            ')' | ']' | '】' | '〕' | '>' | '》' => {
                if let Some(note) = inside.take()
                    && matches!(note.as_str(), "父" | "母" | "父亲" | "母亲" | "监护人" | "临时监护人")
                {
                    front = note;
                }
            }
            c if c.is_whitespace()
                || matches!(
                    c,
                    '*' | '★' | '☆' | '※' | '#' | ':' | '：' | '·' | '。' | '、' | '"' | '\'' | '_' | '-'
                ) => {}
            c => match &mut inside {
                Some(note) => note.push(c),
                None => out.push(c),
            },
        }
    }
    let out = out.trim_matches('/').to_lowercase();
    // 1.姓名, A03姓名: a numbering of columns (its point is already gone)
    let unnumbered = out.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.');
    let out = if unnumbered.is_empty() || out.starts_with("no") {
        out.as_str()
    } else {
        unnumbered
    };
    format!("{front}{out}")
}

fn plain(s: &str) -> Option<Plain> {
    if let Some(p) = PLAIN.get(s) {
        return Some(*p);
    }
    let bare = [
        "留守儿童",
        "留守学生",
        "被监护人",
        "学生",
        "儿童",
        "孩子",
        "幼儿",
        "本人",
    ]
    .iter()
    .find_map(|w| s.strip_prefix(w))
    .unwrap_or(s);
    let bare = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    PLAIN
        .get(bare.strip_prefix('的').unwrap_or(bare))
        .copied()
        .filter(|_| !bare.is_empty())
}

fn person(s: &str) -> Option<Field> {
    if let Some(rest) = s.strip_prefix("家庭成员").or_else(|| s.strip_prefix("成员")) {
        let n = rest.chars().next().and_then(number)?;
        let rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        return ATTRS.get(rest).map(|a| Field::Person(Who::Member(n), *a));
    }
    // 与监护人关系 names no prefix but a person
    if matches!(
        s,
        "与儿童关系"
            | "与学生关系"
            | "与被监护人关系"
            | "与监护人关系"
            | "与留守儿童关系"
            | "与孩子关系"
            | "与留守学生关系"
            | "称谓"
            | "关系"
            | "与该生关系"
            | "与幼儿关系"
    ) {
        return Some(Field::Person(Who::Guardian(1), Attr::Relation));
    }
    let (who, rest) = PREFIXES.iter().find_map(|(p, w)| s.strip_prefix(p).map(|r| (*w, r)))?;
    // 监护人1姓名, 监护人二电话, and 父亲姓名1
    let (who, rest) = match (who, rest.chars().next().and_then(number)) {
        (Who::Guardian(_), Some(n)) if n <= 4 => {
            (Who::Guardian(n), &rest[rest.chars().next().map_or(0, char::len_utf8)..])
        }
        _ => (who, rest),
    };
    let rest = rest.strip_prefix('的').unwrap_or(rest);
    let attr = ATTRS
        .get(rest)
        .or_else(|| ATTRS.get(rest.trim_end_matches(|c: char| c.is_ascii_digit())))?;
    Some(Field::Person(who, *attr))
}

fn number(c: char) -> Option<u8> {
    match c {
        '1'..='9' => Some(c as u8 - b'0'),
        '一' => Some(1),
        '二' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        _ => None,
    }
}

fn one(s: &str) -> Option<Field> {
    if s.is_empty() || s == OWN_ROW || s == OWN_REASON {
        return None;
    }
    plain(s).map(Field::Plain).or_else(|| person(s))
}

/// The person whom a group header names: `父亲基本情况` → father.
pub fn group(header: &str) -> Option<Who> {
    match one(group_words(&fold(header)))? {
        Field::Person(w, Attr::Name | Attr::Away) => Some(w),
        _ => None,
    }
}

fn group_words(folded: &str) -> &str {
    ["基本情况", "基本信息", "相关信息", "情况", "信息", "状况", "资料"]
        .iter()
        .find_map(|w| folded.strip_suffix(w))
        .unwrap_or(folded)
}

/// What a header means; several parts are the rows of a header from top to bottom (`父亲` over `姓名`). A text that holds
/// ` / ` (as [`join`] writes it) is taken apart again.
pub fn of_header(parts: &[&str]) -> Option<Field> {
    let mut parts: Vec<&str> = parts.iter().flat_map(|p| p.split(" / ")).collect();
    parts.dedup();
    let folded: Vec<String> = parts.iter().map(|p| fold(p)).filter(|f| !f.is_empty()).collect();
    let last = folded.last()?;
    if last == OWN_ROW || last == OWN_REASON {
        return None;
    }
    if folded.len() == 1 {
        return one(last);
    }
    let above = &folded[..folded.len() - 1];
    let group_who = above.iter().rev().find_map(|g| group(g));
    // the nearest part first, then further ones
    for parent in above.iter().rev() {
        let trimmed = group_words(parent);
        for candidate in [format!("{parent}{last}"), format!("{trimmed}{last}")] {
            if let Some(f) = one(&candidate) {
                // 学生 + 姓名 is plain; a whole word such as 村 + 组 too
                return Some(f);
            }
        }
    }
    match (group_who, one(last)) {
        // 父亲 / 备注 is not the child's remark
        (Some(_), Some(Field::Plain(_))) => None,
        (Some(w), Some(Field::Person(Who::Guardian(1), Attr::Relation))) => Some(Field::Person(w, Attr::Relation)),
        (_, found) => found,
    }
}

/// The header as shown to a person: rows joined by ` / `, spaces and line breaks closed up.
pub fn join(parts: &[&str]) -> String {
    let mut shown: Vec<String> = Vec::new();
    for p in parts.iter().flat_map(|p| p.split(" / ")) {
        let one = crate::value::name::close_spaces(p);
        if !one.is_empty() && shown.last() != Some(&one) {
            shown.push(one);
        }
    }
    shown.join(" / ")
}

/// The attribute that a bare header (`联系电话`, `年龄`) would be inside a person's group.
pub fn bare_attr(header: &str) -> Option<Attr> {
    let s = fold(header);
    if s.is_empty() {
        None
    } else {
        ATTRS
            .get(s.as_str())
            .or_else(|| ATTRS.get(s.trim_end_matches(|c: char| c.is_ascii_digit())))
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(parts: &[&str]) -> String {
        of_header(parts).map(Field::name).unwrap_or_default()
    }

    #[test]
    fn the_table_of_the_domain() {
        for (header, want) in [
            ("序号", "row_no"),
            ("No", "row_no"),
            ("儿童姓名", "name"),
            ("留守儿童姓名", "name"),
            ("姓 名*", "name"),
            ("★学生\n姓名", "name"),
            ("乳名", "former_name"),
            ("男/女", "sex"),
            ("出生年月", "birth_date"),
            ("实足年龄", "age"),
            ("族别", "ethnic"),
            ("证件类型", "id_kind"),
            ("公民身份证号码", "id_no"),
            ("身份证件号", "id_no"),
            ("全国学籍号", "student_no"),
            ("学籍辅号", "student_no_aux"),
            ("座位号", "class_no"),
            ("学校标识码", "school"),
            ("年级班级", "grade_class"),
            ("户口所在地行政区划", "hukou_address"),
            ("户口类别(农业/非农业)", "hukou_kind"),
            ("是否上户", "hukou_registered"),
            ("现居住地", "home_address"),
            ("村(居)", "village"),
            ("乡镇(街道)", "town"),
            ("住校/走读", "boarder"),
            ("是否学校寄宿", "boarder"),
            ("就学情况(幼儿园/未入园/小学)", "school_state"),
            ("家校距离(公里)", "distance_home"),
            ("身体情况(健康/残疾/患病)", "health"),
            ("残疾类别及等级", "disability"),
            ("双亲外出/单亲外出", "away_kind"),
            ("父母双方同时外出", "away_kind"),
            ("父亲", "father_name"),
            ("父", "father_name"),
            ("爸爸姓名", "father_name"),
            ("父亲手机", "father_phone"),
            ("当前务工地点(父)", "father_place"),
            ("父亲工作单位", "father_place"),
            ("父亲职务", "father_job"),
            ("父亲出生日期", "father_age"),
            ("父亲学历", "father_edu"),
            ("父亲公民身份证号码", "father_id"),
            ("妈妈姓名", "mother_name"),
            ("母亲打工地点", "mother_place"),
            ("家庭年收入（元）", "parent_income"),
            ("代管人", "guardian_name"),
            ("委托监护人姓名", "guardian_name"),
            ("受委托监护人电话", "guardian_phone"),
            ("与被监护人关系", "guardian_relation"),
            ("称谓", "guardian_relation"),
            ("联系电话", "phone"),
            ("监护人身份证件号码", "guardian_id"),
            ("监护人居住地地址", "guardian_address"),
            ("监护人健康状况", "guardian_health"),
            ("监护类型", "care_rating"),
            ("有无委托", "care_agreement"),
            ("是否享受一补", "aid_kind"),
            ("是否事实无人抚养", "hardship_kind"),
            ("成员1姓名", "member1_name"),
            ("成员2是否监护人", "member2_is_guardian"),
            ("成员1关系说明", "member1_relation_note"),
            ("备注", "remark"),
            ("1.姓名", "name"),
            ("学生性别", "sex"),
            ("监护人2姓名", "guardian2_name"),
            ("原行号", ""),
            ("原因", ""),
            ("", ""),
            ("随便什么", ""),
            ("父母婚姻状况", "parents_marriage"),
            ("父母姓名", "parents_name"),
            ("无监护能力者", "unable_parent"),
            ("班主任电话", "class_teacher"),
            ("监护人 / 关系", "guardian_relation"),
        ] {
            assert_eq!(name(&[header]), want, "{header}");
        }
    }

    #[test]
    fn two_rows() {
        for (parts, want) in [
            (&["父亲", "姓名"][..], "father_name"),
            (&["父亲基本情况", "联系电话"], "father_phone"),
            (&["母亲情况", "务工地点"], "mother_place"),
            (&["学生基本信息", "姓名"], "name"),
            (&["监护人", "与儿童关系"], "guardian_relation"),
            (&["祖父", "出生日期"], "grandfather_age"),
            (&["外祖母", "姓名"], "maternal_grandmother_name"),
            (&["姓名", "姓名"], "name"),
            (&["父母外出情况", "父母双方同时外出"], "away_kind"),
            (&["家庭情况", "家庭住址"], "home_address"),
            (&["父亲", "备注"], ""),
            (&["父亲", "公民身份证号码"], "father_id"),
            (&["父亲", "当前务工地点"], "father_place"),
            (&["父母情况", "父亲", "姓名"], "father_name"),
            (&["父亲 / 姓名"], "father_name"),
            (&["委托监护人", "电话"], "guardian_phone"),
        ] {
            assert_eq!(name(parts), want, "{parts:?}");
        }
        assert_eq!(join(&["父 亲", "姓\n名"]), "父亲 / 姓名");
        assert_eq!(join(&["姓名", "姓名"]), "姓名");
    }

    #[test]
    fn names_come_back() {
        for f in Field::choices() {
            assert_eq!(Field::from_name(&f.name()), Some(f), "{}", f.name());
        }
        assert_eq!(
            Field::from_name("member1_is_guardian"),
            Some(Field::Person(Who::Member(1), Attr::IsGuardian))
        );
        assert_eq!(Field::from_name("nonsense"), None);
    }
}

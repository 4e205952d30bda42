//! Import, scheme, search and the way in.

use super::desk::num;
use super::phone::person;
use super::{words, wrap};
use maud::Markup;
use tx_base::Lang;
use tx_web::parts::{self, *};
use tx_web::pictures::*;

fn wizard(now: usize, file: &str) -> import::WizardTop {
    let step = |(i, label): (usize, &&str)| Step {
        label: label.to_string(),
        state: if i < now {
            StepState::Done
        } else if i == now {
            StepState::Now
        } else {
            StepState::Later
        },
        href: String::new(),
    };
    import::WizardTop {
        title: "导入花名册".into(),
        file: file.into(),
        steps: ["选表", "认列", "看一遍", "存进去"]
            .iter()
            .enumerate()
            .map(step)
            .collect(),
    }
}

fn post(action: &str) -> Form {
    Form {
        action: action.into(),
        csrf: "token".into(),
        key: format!("k-{action}"),
        ..Form::default()
    }
}

pub fn choose() -> Frame {
    let v = import::ChooseView {
        top: wizard(0, ""),
        form: Form {
            files: true,
            ..post("/import")
        },
        fields: vec![Field {
            name: "file".into(),
            label: "花名册".into(),
            hint: "xlsx、xls、csv，5 MB 以内".into(),
            kind: FieldKind::File,
            accept: ".xlsx,.xls,.csv",
            error: "这个文件打不开，像是照片改了名字。".into(),
            ..Field::default()
        }],
        errors: vec![FieldError {
            name: "file".into(),
            label: "花名册".into(),
            reason: "这个文件打不开".into(),
        }],
        button: "看一看".into(),
        help: words(&[
            "您自己的表就行，不用先改成我们的样子。",
            "两行表头、合计行、“同上”、全角数字都认得。",
            "现在什么都不存，第四步才存。",
        ]),
        earlier_title: "以前导过的".into(),
        earlier: vec![(
            words(&["2026春花名册.xls", "3月2日 韦丽", "91 行"]),
            Link::new("撤回", "/import/1"),
        )],
    };
    wrap("导入", "韦丽", "竹园村小学", "children", import::choose(Lang::Zh, &v))
}

pub fn columns() -> Frame {
    let options: Vec<(String, String)> = [
        ("", "不要这一列"),
        ("name", "姓名"),
        ("born", "出生日期"),
        ("class", "班级"),
    ]
    .map(|(a, b)| (a.to_string(), b.to_string()))
    .to_vec();
    let col = |i: usize, h: &str, s: &[&str], c: &str| import::Column {
        header: h.into(),
        samples: words(s),
        name: format!("col{i}"),
        options: options.clone(),
        chosen: c.into(),
        error: String::new(),
    };
    let v = import::ColumnsView {
        top: wizard(1, "2026秋留守儿童花名册（竹园）.xls"),
        form: post("/import/1/columns"),
        sentence: vec![
            "认出 9 列，还有 ".into(),
            Piece::Strong("1 列".into()),
            " 要您看一眼。".into(),
        ],
        columns: vec![
            col(0, "姓名", &["罗小溪", "罗小川", "石山"], "name"),
            col(1, "出生年月", &["2016-03-12", "2018-05-06", "42461"], "born"),
            import::Column {
                error: "看不出是哪一项".into(),
                ..col(2, "备注2", &["走读", "住校"], "")
            },
        ],
        heads: ["您的表头".into(), "前几行".into(), "存到".into()],
        missing: vec!["没有班级这一列。选一列，或全部放进一个班。".into()],
        remember: Some(Field {
            name: "remember".into(),
            label: "下次照这样认".into(),
            kind: FieldKind::Tick,
            value: "1".into(),
            ..Field::default()
        }),
        button: "看一遍".into(),
        foot: "现在什么都还没存。".into(),
        drop: None,
        rows: vec![],
    };
    let mut f = wrap("导入", "韦丽", "竹园村小学", "children", import::columns(&v));
    f.plain = true;
    f
}

pub fn review() -> Frame {
    use import::Cell;
    let p = |s: &str| Cell::Plain(s.into());
    let bad = |v: &str, why: &str, take: &str| Cell::Bad {
        value: v.into(),
        why: why.into(),
        take: (!take.is_empty()).then(|| ("take".into(), format!("x:{take}"), take.into())),
    };
    let fix = |lines: &[&str], how: &str| Cell::Fixed {
        lines: words(lines),
        how: how.into(),
    };
    let v = import::ReviewView {
        top: wizard(2, "2026秋留守儿童花名册（竹园）.xls"),
        rows_all: 96,
        good: 90,
        good_facts: words(&["新 82", "更新 5", "没变 3"]),
        bad: 6,
        fixed: 41,
        words: ["行".into(), "行可以存".into(), "行要改".into(), "处替您理顺了".into()],
        switch: vec![Tab::new("要看的", "?all=0", true), Tab::new("全部 96", "?all=1", false)],
        heads: words(&[
            "序号",
            "姓名",
            "性别",
            "出生日期",
            "身份证号",
            "班级",
            "临时监护人",
            "关系",
            "联系电话",
        ]),
        rows: vec![
            (
                4,
                vec![
                    p("1"),
                    p("罗小溪"),
                    p("女"),
                    p("2016-03-12"),
                    p("5227**********0023"),
                    p("三(1)"),
                    p("杨秀芝"),
                    p("外婆"),
                    p("13600002217"),
                ],
            ),
            (
                5,
                vec![
                    p("2"),
                    p("罗小川"),
                    p("男"),
                    p("2018-05-06"),
                    p("5227**********0035"),
                    p("一(1)"),
                    fix(&["杨秀芝"], "由“同上”补全"),
                    p("外婆"),
                    fix(&["13600002217"], "由“同上”补全"),
                ],
            ),
            (
                11,
                vec![
                    p("8"),
                    p("石山"),
                    p("男"),
                    bad("2016年2月30日", "2月没有30日", "2016-02-29 ？"),
                    p("5227**********0071"),
                    p("三(1)"),
                    p("石有福"),
                    p("爷爷"),
                    p("13600008831"),
                ],
            ),
            (
                19,
                vec![
                    p("16"),
                    p("梁晓霞"),
                    p("女"),
                    p("2015.11.2"),
                    bad("5.22701E+17", "变成科学计数，尾数丢了", ""),
                    p("四(1)"),
                    p("梁正国"),
                    p("爷爷"),
                    p("13600004419"),
                ],
            ),
            (
                33,
                vec![
                    p("30"),
                    p("吴天"),
                    p("男"),
                    fix(&["2016-04-01"], "日期序号 42461"),
                    p("5227**********0149"),
                    p("三(2)"),
                    fix(&["吴老三", "李桂花"], "拆成两人"),
                    p("爷爷 奶奶"),
                    p("13600006602"),
                ],
            ),
            (
                58,
                vec![
                    p("55"),
                    bad("彭丽", "像是已有的彭莉：生日、电话都同", "并到彭莉"),
                    p("女"),
                    p("2014-1-30"),
                    p("5227**********0203"),
                    p("五(1)"),
                    p("彭开明"),
                    p("爷爷"),
                    bad("1360000771", "少 1 位", ""),
                ],
            ),
            (
                71,
                vec![
                    p("68"),
                    p("邓小雨"),
                    p("女"),
                    Cell::Empty,
                    p("5227**********0256"),
                    p("六(1)"),
                    p("邓国平"),
                    p("伯父"),
                    p("13600009930"),
                ],
            ),
        ],
        take: post("/import/1/take"),
        foot: "现在什么都还没存。没改完也不要紧，表会替您留 30 天。".into(),
        download: Some(Link::new("下载要改的 6 行", "/import/1/errors.xlsx").icon("down2")),
        keep_good: Some((post("/import/1/keep"), "只存 90 行".into())),
        next: None,
        again: Some(Link::new("改好了，再看一遍", "/import").first()),
        drop: Some((post("/import/1/drop"), "不要了".into())),
        before: None,
        after: None,
        ..Default::default()
    };
    let mut f = wrap(
        "导入花名册",
        "韦丽",
        "竹园村小学",
        "children",
        import::review(Lang::Zh, &v),
    );
    f.plain = true;
    f
}

pub fn scheme() -> Frame {
    use parts::scheme::*;
    let t = |s: &str| RuleWord::Text(s.into());
    let c = |s: &str, changed| RuleWord::Choice {
        name: "every".into(),
        shown: s.into(),
        options: [("week", "周"), ("two_weeks", "两周"), ("month", "月")]
            .map(|(a, b)| (a.to_string(), b.to_string()))
            .to_vec(),
        changed,
    };
    let rule = |id: &str, k, words: Vec<RuleWord>, note: &str| RuleRow {
        id: id.into(),
        seal: Seal::of(k),
        words,
        note: note.into(),
        on: true,
        form: post(&format!("/scheme/rules/{id}")),
        ..RuleRow::default()
    };
    let load = |who: &str, base, extra, facts: &[&str]| LoadRow {
        who: who.into(),
        base,
        extra,
        facts: words(facts),
    };
    let part = |k, n| StackPart { kind: k, count: n };
    let weeks = (1..=20).map(|w: u32| StackWeek {
        name: match w {
            1 | 9 | 14 | 20 => w.to_string(),
            5 => "国庆".into(),
            _ => String::new(),
        },
        parts: if w == 5 {
            vec![]
        } else {
            vec![
                part(Kind::Talk, w % 4 * 2),
                part(Kind::Visit, w % 3 * 2),
                part(Kind::Call, w % 5),
                part(Kind::Guardian, 3),
            ]
        },
        extra: if w > 9 && w.is_multiple_of(3) { 2 } else { 0 },
        past: w < 10,
    });
    let v = SchemeView {
        top: Top {
            title: "关爱方案".into(),
            sub: words(&["由方案五改来", "第 4 版草稿"]),
            switch: vec![
                Tab::new("规则", "?t=1", true),
                Tab::new("分工", "?t=2", false),
                Tab::new("以前各版", "?t=3", false),
            ],
            buttons: vec![
                Link::new("加一条", "#add").icon("plus"),
                Link::new("同第 3 版比", "?diff=3"),
                Link::new("11月2日起用", "#publish").first(),
            ],
            ..Top::default()
        },
        rules: vec![
            rule(
                "1",
                Kind::Talk,
                vec![
                    c("班主任", false),
                    t("每"),
                    c("月", false),
                    t("与"),
                    c("每名孩子", false),
                    RuleWord::Fixed("谈心".into()),
                    t("一次"),
                ],
                "当面才算；重点孩子另有一条",
            ),
            RuleRow {
                pill: Some((Pill::Due, "改了".into())),
                ..rule(
                    "2",
                    Kind::Talk,
                    vec![
                        c("帮扶教师", false),
                        t("每"),
                        c("两周", true),
                        t("与"),
                        c("重点孩子", false),
                        RuleWord::Fixed("谈心".into()),
                        t("一次"),
                    ],
                    "原来是每月。从 11月2日 起",
                )
            },
            rule(
                "3",
                Kind::Visit,
                vec![
                    c("班主任", false),
                    t("在"),
                    c("期初、期中、期末", false),
                    t("各"),
                    RuleWord::Fixed("家访".into()),
                    c("每名孩子", false),
                    t("一次"),
                ],
                "兄弟姐妹一趟都算；电话家访不算",
            ),
            rule(
                "4",
                Kind::Call,
                vec![
                    c("班主任", false),
                    t("每"),
                    c("月", false),
                    t("帮"),
                    c("每名孩子", false),
                    t("与父母"),
                    c("通话或写信", false),
                    t("一次"),
                ],
                "通了才算，没接通记作试过",
            ),
            RuleRow {
                locked: "未成年人保护法第二十二条".into(),
                ..rule(
                    "5",
                    Kind::Guardian,
                    vec![
                        c("班主任", false),
                        t("每"),
                        c("月", false),
                        t("与"),
                        c("临时监护人", false),
                        t("联系一次"),
                    ],
                    "家访时问过也算",
                )
            },
            RuleRow {
                on: false,
                seal: Seal::of(Kind::Study).with(Mark::Excused),
                ..rule(
                    "8",
                    Kind::Study,
                    vec![
                        c("每名孩子", false),
                        t("每"),
                        c("周", false),
                        t("写"),
                        c("随笔", false),
                        t("一篇"),
                    ],
                    "方案二里有，本校没用",
                )
            },
        ],
        add: Some((
            "加一条".into(),
            post("/scheme/add"),
            vec![Field {
                name: "rule".into(),
                label: "从现成的里选".into(),
                kind: FieldKind::Select(vec![("x".into(), "每学期谈一次升学".into())]),
                ..Field::default()
            }],
            "加上".into(),
        )),
        publish: Some((
            post("/scheme/publish"),
            vec![Field {
                name: "from".into(),
                label: "从哪天起用".into(),
                kind: FieldKind::Date,
                value: "2026-11-02".into(),
                ..Field::default()
            }],
            "起用".into(),
        )),
        load_title: "这样一来，每人每周".into(),
        load_note: "黄色是多出来的".into(),
        load: vec![
            load("班主任", 120.0, 0.0, &["7 件", "2 小时"]),
            load("帮扶教师", 30.0, 30.0, &["2 件", "30 分"]),
            load("心理老师", 20.0, 0.0, &["1 件", "20 分"]),
            load("值周领导", 30.0, 0.0, &["2 件", "30 分"]),
        ],
        week_title: "四(2)班这学期".into(),
        week_note: "每周件数".into(),
        weeks: Some(WeekStacks {
            label: "四(2)班每周要做的件数".into(),
            weeks: weeks.collect(),
            from: Some((9, "11月2日起".into())),
        }),
        diff_title: "用了新版以后".into(),
        diff: vec![
            vec![
                "重点孩子谈心 ".into(),
                Piece::Was("每月".into()),
                " → ".into(),
                Piece::Strong("两周".into()),
                "，涉及 ".into(),
                num("22", false),
                " 名".into(),
            ],
            vec!["10月31日前的，仍按第 3 版算".into()],
            vec!["没有谁因此变成逾期".into()],
        ],
        ..SchemeView::default()
    };
    wrap("关爱方案", "田维国", "东坪小学", "reports", editor(Lang::Zh, &v))
}

pub fn search() -> Frame {
    let hit = |name: &str, why: &str| search::Hit {
        title: name.into(),
        why: why.into(),
        href: "/children/1".into(),
        person: Some(person(name)),
        seal: None,
    };
    let v = search::SearchView {
        title: "搜索".into(),
        query: "pjy".into(),
        groups: vec![
            (
                "孩子".into(),
                vec![hit("彭佳怡", "拼音 · 四(2)班"), hit("彭佳乐", "弟弟 · 一(1)班")],
            ),
            (
                "记录".into(),
                vec![search::Hit {
                    title: "和妈妈视频".into(),
                    why: "10月12日 彭佳怡".into(),
                    href: "/records/1".into(),
                    person: None,
                    seal: Some(Seal::of(Kind::Call)),
                }],
            ),
        ],
        ..search::SearchView::default()
    };
    wrap("搜索", "周敏", "东坪小学", "", search::page(Lang::Zh, &v))
}

pub fn login() -> Markup {
    let v = entry::LoginView {
        form: Form {
            action: "/login".into(),
            csrf: "token".into(),
            hidden: vec![("next".into(), "/".into())],
            ..Form::default()
        },
        school: "东坪小学".into(),
        user: "zhoumin".into(),
        error: "用户名或密码不对".into(),
        help: "忘了密码，找学校管理员。".into(),
        ..entry::LoginView::default()
    };
    bare(Lang::Zh, "登录", entry::login(Lang::Zh, &v))
}

pub fn setup() -> Markup {
    let step = |id: &str, title: &str, hint: &str, state| entry::SetupStep {
        id: id.into(),
        title: title.into(),
        hint: hint.into(),
        state,
        form: post(&format!("/setup/{id}")),
        button: "存好".into(),
        ..entry::SetupStep::default()
    };
    let card = |v: &str, t: &str| parts::scheme::SchemeCard {
        value: v.into(),
        title: t.into(),
        lines: words(&["每月谈心一次", "期初、期中、期末家访", "每月和父母通话"]),
        week: "班主任每周 7 件，2 小时".into(),
        on: v == "s1",
    };
    let v = entry::SetupView {
        title: "把学校安顿下来".into(),
        sub: "五步，每步都存，随时可以停。".into(),
        steps: vec![
            entry::SetupStep {
                saved: words(&["东坪小学", "小学", "6 个年级 12 个班"]),
                edit_href: "?step=school".into(),
                ..step("school", "学校", "", StepState::Done)
            },
            entry::SetupStep {
                fields: vec![Field {
                    name: "staff".into(),
                    label: "把老师名单贴进来".into(),
                    hint: "一行一个：姓名，职务，班级".into(),
                    kind: FieldKind::Long,
                    ..Field::default()
                }],
                later: Some(Link::new("以后再填", "?skip=staff").quiet()),
                ..step("staff", "人", "从别的表里复制就行。", StepState::Now)
            },
            step("term", "学期", "日子从校历来，改一改就好。", StepState::Later),
            entry::SetupStep {
                schemes: vec![card("s1", "方案一"), card("s2", "方案二"), card("s3", "方案三")],
                button: "就用这个".into(),
                later: Some(Link::new("先不选", "?skip=scheme").quiet()),
                ..step("scheme", "方案", "六个学校的做法，选一个再改。", StepState::Now)
            },
            step("children", "孩子", "导入花名册，或以后再说。", StepState::Later),
        ],
        ..entry::SetupView::default()
    };
    bare(Lang::Zh, "安顿学校", entry::setup(Lang::Zh, &v))
}

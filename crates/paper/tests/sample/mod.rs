//! Papers for the tests and for looking at: an invented school in the shape of its real kind.
#![allow(dead_code)] // each test file uses a part

use tx_paper::*;

pub fn num(t: &str, fig: &str) -> Inline {
    Inline::number(t, fig, format!("/figures/{fig}?school=S2"))
}

/// A work summary of about four pages with everything that a document can hold.
pub fn summary() -> Doc {
    let t = Inline::text;
    let mut d = Doc::new("农村留守儿童关爱工作总结");
    d.subtitle = Some("（2024年9月1日至2026年8月31日）".into());
    d.org = Some("东坪镇中心小学".into());
    d.para(vec![
        t("我校地处山区，现有"),
        num("17", "school.classes"),
        t("个教学班、"),
        num("1181", "school.pupils"),
        t("名学生，其中留守儿童"),
        num("175", "children.left_behind"),
        t("名。两年来，学校高度重视，摸清底数，责任到人，家校合力，使留守儿童关爱工作逐步走上常态化的轨道。现总结如下："),
    ]);
    d.heading(1, format!("{}组织领导", heading_number(1, 1)));
    d.para(vec![
        t("学校成立留守儿童关爱工作领导小组，校长任组长，副校长、工会主席任副组长，"),
        num("16", "leading_group.class_teachers"),
        t("名班主任为成员，办公室设在工会。"),
    ]);
    d.heading(1, format!("{}摸底建档", heading_number(1, 2)));
    d.heading(2, format!("{}基本情况", heading_number(2, 1)));
    d.para(vec![
        t("应访"),
        num("175", "visits.due"),
        t("人，实访"),
        num("168", "visits.done"),
        t("人，覆盖率96.0%。联系电话"),
        Inline::missing("校长电话", "/school#phone"),
        t("。"),
    ]);
    d.heading(3, format!("{}档案", heading_number(3, 1)));
    d.para(vec![
        t("一人一档，一生一策，共建立"),
        num("175", "files"),
        t("份。特殊姓名照原字登记：㛃䶮𬱖。"),
    ]);
    d.heading(4, format!("{}重点帮扶", heading_number(4, 1)));
    d.para(vec![Inline::bold("重点帮扶对象"), t("由班主任和帮扶教师共同负责。")]);
    d.push(Block::Table(Table {
        columns: vec![
            Column::new(3, Align::Left),
            Column::new(2, Align::Right),
            Column::new(2, Align::Right),
            Column::new(5, Align::Left),
        ],
        head: vec![
            vec![
                Cell::from("年级").span(1, 2),
                Cell::from("留守儿童").span(2, 1),
                Cell::from("说明").span(1, 2),
            ],
            vec!["男".into(), "女".into()],
        ],
        rows: (1..=6)
            .map(|g| {
                vec![
                    format!("{}年级", chinese_number(g)).into(),
                    format!("{}", 12 + g).into(),
                    format!("{}", 13 + g % 3).into(),
                    if g == 3 {
                        Inline::missing("说明", "/grades/3").into()
                    } else {
                        "祖父母监护为主".into()
                    },
                ]
            })
            .collect(),
        caption: vec![t("各年级留守儿童人数")],
    }));
    d.push(Block::Note {
        text: vec![t("口径：学校名册，2026年8月31日。")],
    });
    d.heading(1, format!("{}具体做法", heading_number(1, 3)));
    for i in 1..=3 {
        d.heading(
            2,
            format!(
                "{}{}",
                heading_number(2, i),
                ["建好关爱室", "开好监护人会议", "抓好结对帮扶"][i as usize - 1]
            ),
        );
        d.para(vec![
            t("关爱室每天中午和放学后开放，由值周领导负责，每周一、三、五放学后为亲情时间。孩子们在这里读书、下棋、写信，也和远在广东、浙江的父母通话。先后开展实践活动"),
            num("4", "outings"),
            t("次，走访企业"),
            num("9", "outing.works_visited"),
            t("家，听讲座"),
            num("5", "outing.talks_heard"),
            t("场。志愿者结对"),
            num("65", "volunteers.paired"),
            t("人，"),
            num("800余", "ceremony.people"),
            t("人参加结对仪式，社会各界捐赠物品"),
            num("400", "gifts.pieces"),
            t("件。"),
        ]);
    }
    d.push(Block::List {
        ordered: true,
        items: vec![
            vec![t("每月与监护人联系一次，填写联系卡；")],
            vec![t("期初、期中、期末各家访一次；")],
            vec![t("每学期召开两次监护人会议。")],
        ],
    });
    d.push(Block::Picture {
        svg: r##"<svg xmlns="http://www.w3.org/2000/svg" width="480" height="150" viewBox="0 0 480 150"><rect x="20" y="60" width="60" height="70" fill="#1c5a4b"/><rect x="110" y="40" width="60" height="90" fill="#7d4c17"/><rect x="200" y="20" width="60" height="110" fill="#265a89"/><text x="20" y="148" font-size="14" font-family="PingFang SC, sans-serif">谈心</text><text x="110" y="148" font-size="14">家访</text><text x="200" y="148" font-size="14">通话</text><line x1="10" y1="130" x2="470" y2="130" stroke="#000"/></svg>"##.into(),
        alt: "三种联系的人次".into(),
    });
    d.heading(1, format!("{}不足与打算", heading_number(1, 4)));
    d.push(Block::OwnWords {
        slot: "closing".into(),
        paras: vec!["山路远，冬天的家访还不够。我们想在放寒假以前，把最远的三个村再走一遍。".into()],
    });
    d.para(vec![t("今后，我校将一如既往，让每一个孩子进得来、留得住、学得好。")]);
    d.push(Block::Signature {
        org: "东坪镇中心小学".into(),
        date: "2026年9月5日".into(),
    });
    d
}

/// Words that other programs would take for something else than words.
pub const HOSTILE: &[&str] = &[
    "#eval(\"1+1\")",
    "*粗* _斜_ $x^2$ `代码`",
    "<script>alert(1)</script>",
    "{{姓名}} {% for %} ${x}",
    "=cmd|'/c calc'!A0",
    "]]> &amp; </w:t></w:r>",
    "\\u{41} \\n // 注释 /* x */",
    "= 标题 <label> @ref #[x]",
];

pub fn hostile() -> Doc {
    let mut d = Doc::new(format!("{}{}", HOSTILE[0], HOSTILE[2]));
    d.org = Some(HOSTILE[3].into());
    d.subtitle = Some(HOSTILE[1].into());
    for h in HOSTILE {
        d.heading(1, *h).para(vec![Inline::text(*h)]);
        d.para(vec![Inline::bold(*h)]);
        d.push(Block::List {
            ordered: false,
            items: vec![vec![Inline::text(*h)]],
        });
    }
    d.push(Block::OwnWords {
        slot: "x\" onload=\"y".into(),
        paras: HOSTILE.iter().map(|s| s.to_string()).collect(),
    });
    d.push(Block::Table(Table {
        columns: vec![Column::new(1, Align::Left)],
        head: vec![vec![HOSTILE[0].into()]],
        rows: HOSTILE.iter().map(|h| vec![(*h).into()]).collect(),
        caption: vec![HOSTILE[2].into()],
    }));
    d.push(Block::Signature {
        org: HOSTILE[2].into(),
        date: HOSTILE[0].into(),
    });
    d
}

pub fn card(n: u32) -> ContactCard {
    let p = |name: &str, role: &str, phone: &str, place: &str| Person {
        name: name.into(),
        role: role.into(),
        phone: phone.into(),
        place: place.into(),
    };
    let k = |month: &str, day: &str, sign: char, done: bool, kind: &str, text: &str, by: &str| Contact {
        month: month.into(),
        day: day.into(),
        seal: Some(Seal { sign, done }),
        kind: kind.into(),
        text: text.into(),
        by: by.into(),
    };
    ContactCard {
        school: "东坪小学".into(),
        class: "四(2)班".into(),
        term: "2026—2027学年度第一学期".into(),
        child: format!("彭佳怡{n}"),
        sex: "女".into(),
        born: "2016年9月".into(),
        address: "洞坪村 3 组 14 号".into(),
        guardian: p("田秀英", "奶奶", "138****5512", ""),
        teacher: p("周敏", "", "136****0927", ""),
        helper: p("周敏", "", "136****0927", ""),
        father: p("彭建国", "", "139****7206", "广东东莞，电子厂"),
        mother: p("向小梅", "", "137****3381", "广东东莞，同一个厂"),
        home_again: "春节；今年元旦".into(),
        siblings: "弟弟 彭佳乐　一(1)班".into(),
        urgent: vec![
            p("田秀英", "", "138****5512", ""),
            p("石大成", "村主任", "135****8840", ""),
            p("周敏", "", "136****0927", ""),
        ],
        contacts: vec![
            k(
                "九月",
                "9日",
                '话',
                true,
                "亲情通话",
                "和爸爸通话 12 分钟，问了开学",
                "王芳",
            ),
            k("", "11日", '访', true, "家访", "见到奶奶，写作业的灯换亮了", "周敏"),
            k(
                "",
                "18日",
                '会',
                true,
                "监护人会议",
                "奶奶来了，核对了电话和住址",
                "周敏",
            ),
            k(
                "",
                "29日",
                '护',
                true,
                "监护人联系",
                "奶奶说晚上早睡，腿疼好些了",
                "周敏",
            ),
            k(
                "十月",
                "10日",
                '信',
                true,
                "亲情书信",
                "给爸妈寄了一张全家福的画",
                "周敏",
            ),
            k("", "12日", '话', true, "亲情通话", "和妈妈视频 16 分钟", "王芳"),
            k("", "16日", '访', false, "家访", "约好的，待补", ""),
        ],
        blank_lines: 5,
        code: Some(format!("tx:card:0198f3a2-7c1d-7e55-9b1e-{n:012}")),
        printed: "2026年10月21日 12:45 打印".into(),
    }
}

pub fn file() -> Form {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let mut f = file_card(
        "留守儿童档案卡",
        "东坪小学　四(2)班",
        "2026年10月21日",
        &[
            (
                "一、基本情况".into(),
                vec![
                    pair("姓　名", "彭佳怡"),
                    pair("性　别", "女"),
                    pair("出生日期", "2016年9月3日"),
                    pair("民　族", "土家族"),
                    pair("家庭住址", "东坪镇洞坪村 3 组 14 号"),
                    pair("学籍号", ""),
                ],
            ),
            (
                "二、父母情况".into(),
                vec![
                    pair("父　亲", "彭建国"),
                    pair("电　话", "139****7206"),
                    pair("务工地点", "广东省东莞市长安镇某电子厂，每年春节回家"),
                    pair("母　亲", "向小梅"),
                    pair("电　话", "137****3381"),
                ],
            ),
            (
                "三、帮扶情况".into(),
                vec![
                    pair("帮扶教师", "周敏"),
                    pair("结对时间", "2026年9月"),
                    pair("帮扶措施", "每月谈心一次\n期初、期中、期末各家访一次"),
                ],
            ),
        ],
        Some("tx:file:0198f3a2"),
    );
    f.signs = vec!["填表人：＿＿＿＿".into(), "复核人：＿＿＿＿".into()];
    f
}

pub fn long_roster(n: usize) -> Form {
    let columns = [
        ("序号", 5),
        ("姓名", 9),
        ("性别", 5),
        ("班级", 8),
        ("监护人", 9),
        ("关系", 7),
        ("联系电话", 14),
        ("住址", 24),
    ]
    .map(|(a, b)| (a.to_owned(), b));
    let rows: Vec<Vec<String>> = (1..=n)
        .map(|i| {
            vec![
                i.to_string(),
                format!("李小{}", chinese_number(i as u32 % 90 + 1)),
                "男".into(),
                "三(1)班".into(),
                "王大山".into(),
                "外公".into(),
                "138****0000".into(),
                format!("东坪镇洞坪村 {i} 组"),
            ]
        })
        .collect();
    let mut f = roster(
        "留守儿童花名册",
        "东坪小学",
        "2026—2027学年度第一学期",
        &columns,
        &rows,
        true,
    );
    f.foot_right = "2026年10月21日 12:45 打印".into();
    f
}

//! The screens of a class teacher's phone.

use super::{NAMES, words, wrap};
use maud::html;
use tx_base::{Day, Lang, Span};
use tx_web::parts::{self, *};
use tx_web::pictures::{Call, Check as Growth, Gap, Holiday, RibbonPicture, Score, Talk, Visit};

fn id(name: &str) -> String {
    format!("id-{name}")
}
pub fn person(name: &str) -> Person {
    Person {
        id: id(name),
        name: name.into(),
        href: format!("/children/{}", id(name)),
        sub: "四(2)班".into(),
        key: false,
    }
}
fn late(k: Kind) -> Seal {
    Seal::of(k).with(Mark::Overdue)
}
fn owed(k: Kind) -> Seal {
    Seal::of(k).with(Mark::Open)
}
fn row(name: &str, seal: Seal, what: &str, late: &str, facts: &[&str], act: Link) -> DutyRow {
    DutyRow {
        id: format!("{name}-{what}"),
        child: person(name),
        seal,
        what: what.into(),
        late: late.into(),
        facts: words(facts),
        href: "/duties/1".into(),
        act,
        more: vec![
            Link::new("改日子", "/duties/1/move").sheet(),
            Link::new("免做", "/duties/1/excuse").sheet(),
        ],
        ..DutyRow::default()
    }
}
fn note() -> Link {
    Link::new("记", "/record?duty=1").sheet()
}

fn month() -> MonthCard {
    let order = [
        "石若曦",
        "吴浩然",
        "田雨桐",
        "杨子轩",
        "向思远",
        "张欣妍",
        "刘宇航",
        "陈梓涵",
        "王嘉豪",
        "李诗语",
        "罗晓彤",
        "黄志强",
        "彭佳怡",
        "唐一鸣",
        "龙俊杰",
        "覃文博",
        "何雨欣",
        "邓家乐",
    ];
    let state = |n: usize| {
        if n < 13 {
            Mark::Done
        } else if n == 14 {
            Mark::Overdue
        } else {
            Mark::Open
        }
    };
    MonthCard {
        title: "十月谈心".into(),
        facts: words(&["18 人已谈 13", "还有 10 天"]),
        pebbles: order
            .iter()
            .enumerate()
            .map(|(n, name)| MonthPebble {
                id: id(name),
                name: name.to_string(),
                mark: state(n),
                href: "/record?child=1".into(),
                label: format!("{name}，已谈"),
            })
            .collect(),
    }
}

pub fn today() -> Frame {
    let group = |key: &str, title: &str, late, folded, rows| today::DutyGroup {
        key: key.into(),
        title: title.into(),
        late,
        folded,
        rows,
        all: None,
        count: 0,
    };
    let view = today::TodayView {
        date: words(&["10月21日 星期三", "第8周"]),
        title: "周老师，今天 6 件".into(),
        notices_href: "/notices".into(),
        strips: vec![(Pill::Info, "off", "没有网络 · 2 条已存在手机，有网自动交".into(), None)],
        month: Some(month()),
        groups: vec![
            group(
                "overdue",
                "逾期",
                true,
                false,
                vec![
                    row(
                        "龙俊杰",
                        late(Kind::Talk),
                        "谈心",
                        "晚 8 天",
                        &["上次 9月29日"],
                        note().first(),
                    ),
                    row(
                        "彭佳怡",
                        late(Kind::Visit),
                        "约定家访",
                        "晚 5 天",
                        &["洞坪村 3 组"],
                        note().first(),
                    ),
                ],
            ),
            group(
                "today",
                "今天",
                false,
                false,
                vec![
                    row(
                        "罗晓彤",
                        owed(Kind::Call),
                        "与父母通话",
                        "",
                        &["爸爸在东莞", "12:30 后"],
                        Link::new("拨号", "/dial/1").icon("phone").sheet(),
                    ),
                    row(
                        "覃文博",
                        owed(Kind::Guardian),
                        "问爷爷近况",
                        "",
                        &["月底前", "上次 9月18日"],
                        note(),
                    ),
                    row(
                        "石若曦",
                        Seal::of(Kind::Call),
                        "亲情时间",
                        "",
                        &["16:10", "和吴浩然、田雨桐"],
                        Link::new("看", "/slots/1"),
                    ),
                ],
            ),
            group(
                "week",
                "本周",
                false,
                true,
                vec![DutyRow {
                    others: vec![person("唐一鸣"), person("邓家乐")],
                    ..row("何雨欣", owed(Kind::Talk), "谈心", "", &["10月31日前"], note())
                }],
            ),
        ],
        notes_title: "这几天".into(),
        notes: vec![today::NoteRow {
            icon: "sun",
            tone: Pill::Due,
            title: "田雨桐 明天过生日".into(),
            text: "10 岁".into(),
            act: None,
        }],
        ..today::TodayView::default()
    };
    wrap("今天", "周敏", "东坪小学", "today", today::page(Lang::Zh, &view))
}

pub fn today_done() -> Frame {
    let view = today::TodayView {
        date: words(&["10月21日 星期三", "第8周"]),
        title: "周老师，今天 0 件".into(),
        asks: vec![today::AskCard {
            title: "谁没来".into(),
            text: "36 人，点一下没来的。".into(),
            buttons: vec![Link::new("都来了", "/x").first(), Link::new("有人没来", "/y")],
        }],
        month: Some(month()),
        done: Some((
            "今天都做完了。本周还有 3 件。".into(),
            Some(Link::new("看本周", "/?week")),
        )),
        ..today::TodayView::default()
    };
    let mut f = wrap("今天", "周敏", "东坪小学", "today", today::page(Lang::Zh, &view));
    f.banner = Some("练习学校，记的都不算数".into());
    f.toast = Some(Toast {
        text: "存好了：龙俊杰 谈心".into(),
        undo: Some(Undo {
            action: "/records/1/undo".into(),
            key: "k1".into(),
        }),
    });
    f
}

fn chips(name: &str, legend: &str, check: Check, columns: u8, list: &[(&str, bool)]) -> ChipGroup {
    ChipGroup {
        name: name.into(),
        legend: legend.into(),
        check,
        columns,
        hint: if check == Check::Box {
            "可选几个".into()
        } else {
            String::new()
        },
        options: list
            .iter()
            .map(|(l, on)| Choice {
                value: l.to_string(),
                label: l.to_string(),
                on: *on,
            })
            .collect(),
        ..ChipGroup::default()
    }
}

pub fn sheet_view() -> record::SheetView {
    let tab = |k: Kind, label: &str, on| record::KindTab {
        seal: Seal::of(k),
        label: label.into(),
        href: format!("/record?kind={label}"),
        on,
    };
    let mood = ChipGroup {
        aside: Some(Link::new("没谈成？", "/record?tried=1")),
        ..chips(
            "mood",
            "心情",
            Check::Radio,
            4,
            &[("开朗", false), ("平稳", true), ("低落", false), ("说不清", false)],
        )
    };
    record::SheetView {
        form: Form {
            action: "/record".into(),
            csrf: "token".into(),
            key: "k-1".into(),
            draft: "heart_talk:id-龙俊杰".into(),
            hidden: vec![("kind".into(), "heart_talk".into()), ("child".into(), id("龙俊杰"))],
            ..Form::default()
        },
        title: "记一笔".into(),
        close_href: "/".into(),
        child: person("龙俊杰"),
        when: record::When {
            words: "今天 12:40".into(),
            on: "2026-10-21".into(),
            at: "12:40".into(),
            ..record::When::default()
        },
        add_href: "/record/many".into(),
        kinds: vec![
            tab(Kind::Talk, "谈心", true),
            tab(Kind::Visit, "家访", false),
            tab(Kind::Call, "通话", false),
            tab(Kind::Guardian, "监护人", false),
            tab(Kind::Letter, "写信", false),
        ],
        questions: vec![
            Question::Chips(mood),
            Question::Chips(chips(
                "topics",
                "说到了",
                Check::Box,
                3,
                &[
                    ("学习", true),
                    ("同学", false),
                    ("想爸妈", true),
                    ("身体", false),
                    ("家里", false),
                    ("以后", false),
                ],
            )),
            Question::Line(Line {
                name: "text".into(),
                label: "一句话".into(),
                hint: "说或写都行".into(),
                value: "数学应用题看不懂，想让爸爸晚上打电话讲。".into(),
                ..Line::default()
            }),
            Question::Chips(chips(
                "next",
                "接下来",
                Check::Radio,
                2,
                &[
                    ("不用跟进", false),
                    ("一周后再谈", false),
                    ("联系父母", true),
                    ("请心理老师看看", false),
                ],
            )),
        ],
        settles: Some((
            Seal::of(Kind::Talk),
            vec![
                Piece::Text("存好后，".into()),
                Piece::Strong("两周一谈".into()),
                Piece::Text("了结，逾期消去".into()),
            ],
        )),
        save: "存好".into(),
        photo: Some(Link::new("照片", "/record/photo")),
        duty: "龙俊杰-谈心".into(),
        ..record::SheetView::default()
    }
}

pub fn record() -> Frame {
    let mut f = wrap(
        "记一笔",
        "周敏",
        "东坪小学",
        "today",
        record::sheet(Lang::Zh, &sheet_view()),
    );
    f.plain = true;
    f
}

pub fn record_fault() -> Frame {
    let mut v = sheet_view();
    v.errors = vec![FieldError {
        name: "mood".into(),
        label: "心情".into(),
        reason: "选一个".into(),
    }];
    if let Question::Chips(g) = &mut v.questions[0] {
        g.error = "选一个".into();
        g.options.iter_mut().for_each(|o| o.on = false);
    }
    v.questions.push(Question::Folded(
        "再说几样".into(),
        vec![Question::Field(Field {
            name: "place".into(),
            label: "在哪里".into(),
            hint: "教室、操场、路上".into(),
            ..Field::default()
        })],
    ));
    v.note = "补记：写下的日子是 10月21日。".into();
    let mut f = wrap("记一笔", "周敏", "东坪小学", "today", record::sheet(Lang::Zh, &v));
    f.plain = true;
    f
}

pub fn many() -> Frame {
    let tile = |(n, name): (usize, &&str)| record::NameTile {
        id: id(name),
        name: name.to_string(),
        on: matches!(n, 0..=3 | 8 | 10 | 11),
        done: matches!(n, 4..=7 | 9),
        line: String::new(),
    };
    let v = record::ManyView {
        form: Form {
            action: "/record/many".into(),
            csrf: "token".into(),
            key: "k-2".into(),
            draft: "family_call:many".into(),
            ..Form::default()
        },
        title: "一次记几个孩子".into(),
        close_href: "/".into(),
        tabs: vec![
            Tab::new("还差 13", "?t=1", true),
            Tab::new("全班 18", "?t=2", false),
            Tab::new("结对 3", "?t=3", false),
            Tab::new("按村", "?t=4", false),
        ],
        tiles: vec![(String::new(), NAMES.iter().enumerate().map(tile).collect())],
        questions: vec![Question::Line(Line {
            name: "text".into(),
            label: "同样的话，写一次".into(),
            hint: "之后可给每人各加一句".into(),
            value: "在关爱室和爸爸妈妈视频，聊了运动会。".into(),
            ..Line::default()
        })],
        each: "line.".into(),
        settles: Some((Seal::of(Kind::Call), vec!["亲情时间 16:10 · 视频 · 各 10 分钟".into()])),
        save: "存好".into(),
        save_count: "存好 {n} 人".into(),
        photo: Some(Link::new("照片", "/record/photo")),
        ..record::ManyView::default()
    };
    let mut f = wrap(
        "一次记几个孩子",
        "周敏",
        "东坪小学",
        "today",
        record::many(Lang::Zh, &v),
    );
    f.plain = true;
    f
}

pub fn duty() -> Frame {
    let form = |a: &str| Form {
        action: a.into(),
        csrf: "token".into(),
        key: "k".into(),
        ..Form::default()
    };
    let v = record::DutyView {
        child: person("彭佳怡"),
        seal: late(Kind::Visit),
        title: "约定家访".into(),
        rows: vec![
            ("为什么".into(), words(&["9月11日答应奶奶再去"])),
            ("什么时候".into(), words(&["10月中旬", "晚 5 天"])),
            ("该谁".into(), words(&["周敏"])),
        ],
        act: Some(Link::new("记家访", "/record").sheet()),
        forms: vec![
            (
                "改日子".into(),
                form("/duties/1/move"),
                vec![
                    Field {
                        name: "until".into(),
                        label: "改到".into(),
                        kind: FieldKind::Date,
                        ..Field::default()
                    },
                    Field {
                        name: "reason".into(),
                        label: "为什么".into(),
                        ..Field::default()
                    },
                ],
                "改好".into(),
            ),
            (
                "免做".into(),
                form("/duties/1/excuse"),
                vec![Field {
                    name: "why".into(),
                    label: "为什么".into(),
                    ..Field::default()
                }],
                "免做".into(),
            ),
        ],
        links: vec![Link::new("打开佳怡", "/children/1")],
        ..Default::default()
    };
    let mut f = wrap("约定家访", "周敏", "东坪小学", "today", record::duty(Lang::Zh, &v, "/"));
    f.plain = true;
    f
}

fn ribbon() -> RibbonPicture {
    let d = Day::lit;
    let talk = |s: &str| Talk {
        day: d(s),
        href: format!("/records/{s}"),
        title: format!("谈心 {s}"),
    };
    let visit = |s: &str, due| Visit {
        day: d(s),
        due,
        href: format!("/records/v{s}"),
        title: format!("家访 {s}"),
    };
    let call = |s: &str, minutes| Call {
        day: d(s),
        minutes,
        href: format!("/records/c{s}"),
        title: format!("通话 {s}，{minutes} 分钟"),
    };
    let score = |s: &str, value| Score {
        day: d(s),
        value,
        mean: Some(82.0),
        href: format!("/exams/{s}"),
        title: format!("数学 {value}"),
    };
    RibbonPicture {
        label: "彭佳怡十二个月：谈心、家访、通话、成绩、身高".into(),
        today: d("2026-10-21"),
        child: id("彭佳怡"),
        talks: [
            "2025-11-10",
            "2025-11-25",
            "2025-12-13",
            "2026-01-10",
            "2026-03-07",
            "2026-03-22",
            "2026-04-15",
            "2026-05-09",
            "2026-06-12",
            "2026-09-05",
            "2026-09-17",
            "2026-10-10",
        ]
        .map(talk)
        .to_vec(),
        visits: vec![
            visit("2025-11-15", false),
            visit("2025-12-28", false),
            visit("2026-02-08", false),
            visit("2026-04-18", false),
            visit("2026-06-17", false),
            visit("2026-09-11", false),
            visit("2026-10-16", true),
        ],
        calls: [
            ("2025-11-13", 14),
            ("2025-12-04", 18),
            ("2025-12-28", 11),
            ("2026-01-15", 16),
            ("2026-02-06", 26),
            ("2026-03-13", 9),
            ("2026-04-06", 14),
            ("2026-05-12", 10),
            ("2026-06-02", 15),
            ("2026-07-01", 13),
            ("2026-09-02", 14),
            ("2026-09-16", 13),
            ("2026-10-01", 11),
            ("2026-10-12", 16),
        ]
        .map(|(s, m)| call(s, m))
        .to_vec(),
        scores: vec![
            score("2025-11-13", 76.0),
            score("2026-01-12", 74.0),
            score("2026-04-28", 71.0),
            score("2026-06-30", 78.0),
        ],
        checks: vec![
            Growth {
                day: d("2026-03-05"),
                words: "131 cm".into(),
                href: "/checks/1".into(),
                title: "体检".into(),
            },
            Growth {
                day: d("2026-09-04"),
                words: "135".into(),
                href: "/checks/2".into(),
                title: "体检".into(),
            },
        ],
        gap: Some(Gap {
            span: Span::new(d("2026-07-02"), d("2026-09-01")),
            words: "62 天没通话".into(),
        }),
        holidays: vec![
            Holiday {
                span: Span::new(d("2026-01-23"), d("2026-02-22")),
                name: "寒假".into(),
            },
            Holiday {
                span: Span::new(d("2026-07-01"), d("2026-08-31")),
                name: "暑假".into(),
            },
        ],
        home: vec![],
    }
}

pub fn child() -> Frame {
    let five = |ch: &str, text: &str, n: u32, curve: &[f64], kind| parts::child::FiveRow {
        ch: ch.into(),
        text: text.into(),
        count: (n > 0).then(|| Link::new(format!("{n} 条"), "/x")),
        curve: curve.to_vec(),
        kind,
    };
    let item = |id: &str, k, title: &str, date: &str, text: &str, facts: &[&str]| TimelineItem {
        id: id.into(),
        seal: Seal::of(k),
        title: title.into(),
        date: date.into(),
        text: text.into(),
        facts: words(facts),
        href: "/records/1".into(),
        ..TimelineItem::default()
    };
    let home = |k: &str, v: &[&str]| (k.to_string(), words(v));
    let v = parts::child::FileView {
        child: person("彭佳怡"),
        back_href: "/children".into(),
        facts: words(&["10 岁", "四(2)班", "走读"]),
        tags: words(&["洞坪村 3 组", "爱画画"]),
        record: Some(Link::new("记一笔", "/record").icon("pen").first().sheet()),
        print: Some(Link::new("打印", "/children/1/print")),
        more: vec![
            Link::new("联系卡", "/a"),
            Link::new("谁看过", "/b"),
            Link::new("急用卡", "/c"),
        ],
        calls: vec![
            parts::child::CallButton {
                title: "奶奶".into(),
                sub: "在家".into(),
                href: "/dial/1".into(),
                icon: "phone",
            },
            parts::child::CallButton {
                title: "爸爸".into(),
                sub: "东莞".into(),
                href: "/dial/2".into(),
                icon: "phone",
            },
            parts::child::CallButton {
                title: "妈妈".into(),
                sub: "东莞".into(),
                href: "/dial/3".into(),
                icon: "video",
            },
        ],
        dues: vec![parts::child::DueStrip {
            id: "d1".into(),
            seal: late(Kind::Visit),
            title: "约定家访 晚 5 天".into(),
            text: "9月11日答应奶奶再去".into(),
            late: true,
            act: Link::new("记", "/record").first().sheet(),
            href: "/duties/1".into(),
        }],
        ribbon: Some(ribbon()),
        ribbon_title: "十二个月".into(),
        ribbon_note: "点一点看那条记录".into(),
        five_title: "五个方面".into(),
        five_note: "本学期".into(),
        five: vec![
            five("德", "拾金不昧，当了路队长", 3, &[], Kind::Talk),
            five("学", "数学期末 78，升 7 分", 0, &[76.0, 74.0, 71.0, 78.0], Kind::Exam),
            five("体", "135 cm，视力 4.9", 0, &[128.0, 131.0, 135.0], Kind::Check),
            five("劳", "会煮饭叠被，值日组长", 4, &[], Kind::Talk),
            five("心", "暑假后话多了，爱画家里人", 5, &[], Kind::Talk),
        ],
        home_title: "家里".into(),
        home_note: "9月18日 奶奶核对过".into(),
        home: vec![
            home("跟谁住", &["奶奶 田秀英，63 岁，身体尚好"]),
            home("爸爸", &["彭建国", "东莞电子厂", "春节回"]),
            home("妈妈", &["向小梅", "东莞，同一个厂"]),
            home("弟弟", &["彭佳乐", "一(1)班"]),
            home("户口", &[]),
        ],
        line_title: "一路走来".into(),
        all: Some(Link::new("全部 41 条", "/records?child=1")),
        items: vec![
            item(
                "1",
                Kind::Call,
                "和妈妈视频",
                "10月12日",
                "说了运动会，妈妈答应元旦回家。",
                &["关爱室", "16 分钟", "王芳"],
            ),
            TimelineItem {
                earlier: "应用题有进步。".into(),
                private: true,
                ..item(
                    "2",
                    Kind::Talk,
                    "谈心",
                    "10月10日",
                    "应用题有进步，画了一张全家福。",
                    &["平稳", "学习", "想妈妈", "周敏"],
                )
            },
            item(
                "3",
                Kind::Visit,
                "开学家访",
                "9月11日",
                "见到奶奶。写作业的桌子在窗边，灯换亮了。",
                &["照片 3", "周敏、李强"],
            ),
        ],
        ..parts::child::FileView::default()
    };
    wrap(
        "彭佳怡",
        "周敏",
        "东坪小学",
        "children",
        parts::child::file(Lang::Zh, &v),
    )
}

pub fn children() -> Frame {
    let row = |n: &&str| parts::child::ChildRow {
        child: Person {
            key: n.starts_with('石'),
            ..person(n)
        },
        facts: words(&["洞坪村 3 组", "跟奶奶住"]),
        pills: vec![],
        act: Some(Link::new("记", "/record").sheet()),
    };
    let v = parts::child::ChildrenView {
        top: Top {
            title: "孩子".into(),
            sub: words(&["四(2)班", "18 名"]),
            search: true,
            buttons: vec![
                Link::new("加孩子", "/children/new").icon("plus"),
                Link::new("导入", "/import").icon("up"),
            ],
            ..Top::default()
        },
        tabs: vec![Tab::new("四(2)班", "?c=1", true), Tab::new("五(1)班", "?c=2", false)],
        groups: vec![
            ("洞坪村".into(), NAMES[..7].iter().map(row).collect()),
            ("白岩村".into(), NAMES[7..12].iter().map(row).collect()),
        ],
        ..parts::child::ChildrenView::default()
    };
    wrap(
        "孩子",
        "周敏",
        "东坪小学",
        "children",
        parts::child::children(Lang::Zh, &v),
    )
}

pub fn states() -> Frame {
    let body = html! {
        (top(Lang::Zh, &Top { title: "家访".into(), ..Top::default() }))
        (empty("这学期还没有家访。第一趟从近的村开始。", Some(&Link::new("看路线", "/routes"))))
        (error_box(Lang::Zh, "没存上，字还在", "学校的电脑没有回话。", "7K2F", &[Link::new("再存一次", "/x").first(), Link::new("先放手机里", "/y")]))
        (strip(Pill::Due, "warn", "王芳 12:31 也改了这一条，两份都替您留着。", None))
        (strip(Pill::Sealed, "lock", "密封，何静可看", None))
        p { (pill(Pill::Ok, "做了", "ok")) " " (pill(Pill::Late, "晚 5 天", "")) " " (pill(Pill::Info, "等网络", "")) }
        (lists::legend(Lang::Zh, true))
        (table(&TableView { caption: "台账".into(), head: words(&["日子", "孩子", "分钟"]), rows: vec![vec![vec!["10月12日".into()], vec!["彭佳怡".into()], vec![Piece::Num { value: "16".into(), fig: "x".into(), href: "/f".into(), bad: false }]]], right: vec![2], hrefs: vec!["/r/1".into()] }))
        (form(&Form { action: "/x".into(), csrf: "token".into(), key: "k".into(), ..Form::default() }, "card pad", html! {
            (field(&Field { name: "name".into(), label: "姓名".into(), required: true, ..Field::default() }))
            (field(&Field { name: "born".into(), label: "出生日期".into(), value: "2031-02-30".into(), error: "2月没有30日".into(), kind: FieldKind::Text, hint: "例如 2016-03-12".into(), ..Field::default() }))
            (field(&Field { name: "class".into(), label: "班级".into(), kind: FieldKind::Select(vec![("1".into(), "四(1)班".into()), ("2".into(), "四(2)班".into())]), value: "2".into(), ..Field::default() }))
            (field(&Field { name: "key".into(), label: "重点帮扶对象".into(), kind: FieldKind::Tick, value: "1".into(), ..Field::default() }))
            (field(&Field { name: "words".into(), label: "备注".into(), kind: FieldKind::Long, ..Field::default() }))
            button.btn.b1 { "存好" }
        }))
        (pager(Lang::Zh, Some("?p=1"), Some("?p=3"), "2 / 5"))
    };
    wrap("家访", "周敏", "东坪小学", "family", body)
}

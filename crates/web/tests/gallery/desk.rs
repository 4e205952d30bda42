//! The screens of the office.

use super::phone::person;
use super::{NAMES, words, wrap};
use maud::Markup;
use tx_base::{Day, Lang, Span};
use tx_web::parts::{self, *};
use tx_web::pictures::*;

pub fn num(v: &str, bad: bool) -> Piece {
    Piece::Num {
        value: v.into(),
        fig: "fig".into(),
        href: format!("/figures/{v}"),
        bad,
    }
}

/// The calendar of the design: `week:seals` of each child, then what is due in week 9.
const DONE: [&str; 18] = [
    "3:访话 4:谈护 7:谈护|话",
    "1:访 3:话 4:谈护 6:谈话 7:动|护",
    "3:访护 4:谈话 6:谈 7:护|话",
    "2:访 3:谈护 4:话 7:话 8:谈|护",
    "2:访话 3:护 4:谈 7:护动 8:谈|话",
    "2:访话 3:谈 4:护 6:谈话 8:护|",
    "2:谈话 3:访护 6:话 7:谈 8:护|",
    "2:谈 3:访 4:话护 7:谈话 8:护|",
    "1:访 2:话 3:谈护 6:谈 7:护 8:话|",
    "3:访谈 4:话护 7:动 8:谈护|话",
    "2:访谈 3:话 4:护 6:谈 8:话|护",
    "1:访 2:谈话 4:护 7:话 8:谈|护",
    "2:谈话 3:访护 7:话 8:护|谈",
    "2:访话 4:谈 5:护 6:谈 7:话!访|护",
    "3:访谈 4:话护 5:谈 7:护!谈|话",
    "1:话 2:访 3:谈 4:护 8:?护|谈话",
    "2:谈护 3:访话 6:话|谈护",
    "2:访 3:谈 4:话 5:护 7:护 8:话|谈",
];

pub fn picture() -> CalendarPicture {
    let d = Day::lit;
    let mark = |ch: char, mark: Mark, week: usize| {
        let ch = ch.to_string();
        MarkIn {
            kind: Kind::of_char(&ch),
            name: "heart_talk".into(),
            mark,
            title: format!("{ch} 第{week}周"),
            earliest: week,
            ch,
        }
    };
    let row = |(i, name): (usize, &&str)| {
        let (done, due) = DONE[i].split_once('|').unwrap_or((DONE[i], ""));
        let mut late = 0;
        let mut cells: Vec<CalendarCell> = done
            .split(' ')
            .map(|part| {
                let (week, seals) = part.split_once(':').expect("week:seals");
                let week: usize = week.parse().expect("a week");
                let mut state = Mark::Done;
                let mut marks = Vec::new();
                for ch in seals.chars() {
                    match ch {
                        '!' => state = Mark::Overdue,
                        '?' => state = Mark::Open,
                        ch => marks.push(mark(ch, state, week)),
                    }
                }
                late += marks.iter().filter(|m| m.mark == Mark::Overdue).count() as u32;
                CalendarCell {
                    week,
                    href: format!("/pop/cell.html?c={i}.{week}"),
                    marks,
                }
            })
            .collect();
        cells.push(CalendarCell {
            week: 9,
            href: format!("/pop/cell.html?c={i}.9"),
            marks: due.chars().map(|c| mark(c, Mark::Open, 9)).collect(),
        });
        for (week, n) in [(11, 1), (13, 3), (17, 3), (20, 2)] {
            cells.push(CalendarCell {
                week,
                href: format!("/pop/cell.html?c={i}.{week}"),
                marks: (0..n).map(|_| mark('谈', Mark::Ahead, week)).collect(),
            });
        }
        let due = cells
            .iter()
            .flat_map(|c| &c.marks)
            .filter(|m| m.mark == Mark::Open)
            .count() as u32;
        CalendarRow {
            id: format!("id-{name}"),
            name: name.to_string(),
            href: format!("/children/{i}"),
            bold: i == 13,
            late,
            due,
            cells,
            head: false,
        }
    };
    CalendarPicture {
        label: "四(2)班关爱日历，18 名孩子，20 周".into(),
        first_monday: d("2026-08-31"),
        weeks: 20,
        first_week: 1,
        today: d("2026-10-21"),
        holidays: vec![Holiday {
            span: Span::new(d("2026-10-01"), d("2026-10-08")),
            name: "国庆".into(),
        }],
        words: vec![
            DayWord {
                day: d("2026-09-25"),
                name: "中秋".into(),
                kind: Kind::Gift,
            },
            DayWord {
                day: d("2026-11-12"),
                name: "期中".into(),
                kind: Kind::Exam,
            },
            DayWord {
                day: d("2027-01-01"),
                name: "元旦".into(),
                kind: Kind::Gift,
            },
            DayWord {
                day: d("2027-01-14"),
                name: "期末".into(),
                kind: Kind::Exam,
            },
        ],
        rows: NAMES.iter().enumerate().map(row).collect(),
        totals: vec![4, 21, 25, 20, 3, 10, 17, 12],
    }
}

fn cell_view() -> calendar::CellView {
    calendar::CellView {
        child: person("彭佳怡"),
        late: true,
        lines: vec![calendar::CellLine {
            seal: Seal::of(Kind::Visit).with(Mark::Overdue),
            title: "约定家访 晚 5 天".into(),
            text: "9月11日答应奶奶，十月中旬再来一趟。".into(),
            facts: words(&["该由周敏去", "洞坪村 3 组", "走 25 分钟"]),
            acts: vec![
                Link::new("记家访", "/record").first().sheet(),
                Link::new("改日子", "/duties/1").sheet(),
                Link::new("打开佳怡", "/children/1"),
            ],
        }],
        acts: vec![],
    }
}

pub fn cell() -> Markup {
    calendar::cell(&cell_view())
}

pub fn calendar() -> Frame {
    let filter = |label: &str, k: Option<Kind>, on| Tab {
        label: label.into(),
        href: "?k".into(),
        on,
        seal: k.map(Seal::of),
    };
    let v = calendar::BoardView {
        top: Top {
            title: "四(2)班 关爱日历".into(),
            sub: words(&["2026 秋季学期", "18 名孩子"]),
            search: true,
            print: true,
            buttons: vec![Link::new("记一笔", "/record").icon("pen").first().sheet()],
            ..Top::default()
        },
        filters: vec![
            filter("全部", None, true),
            filter("谈心", Some(Kind::Talk), false),
            filter("家访", Some(Kind::Visit), false),
            filter("通话", Some(Kind::Call), false),
            filter("监护人", Some(Kind::Guardian), false),
        ],
        picture: picture(),
        phone_from: 5,
        phone_before: Some("?from=1".into()),
        phone_after: Some("?from=10".into()),
        phone_title: "十月".into(),
        ..calendar::BoardView::default()
    };
    wrap(
        "关爱日历",
        "周敏",
        "东坪小学",
        "calendar",
        calendar::board(Lang::Zh, &v),
    )
}

pub fn dashboard() -> Frame {
    let classes = [
        ("一(1)班", 12, 94.0, 1),
        ("一(2)班", 13, 100.0, 0),
        ("二(1)班", 14, 88.0, 1),
        ("二(2)班", 12, 92.0, 1),
        ("三(1)班", 15, 64.0, 4),
        ("三(2)班", 14, 90.0, 1),
        ("四(1)班", 13, 96.0, 1),
        ("四(2)班", 18, 86.0, 2),
        ("五(1)班", 13, 91.0, 1),
        ("五(2)班", 14, 69.0, 3),
        ("六(1)班", 13, 100.0, 0),
        ("六(2)班", 13, 83.0, 2),
    ];
    let grow = |end: f64| {
        [0.37, 0.61, 0.76, 0.83, 0.9, 0.88, 0.97, 1.0]
            .map(|s| Some(s * end))
            .to_vec()
    };
    let panels = classes
        .iter()
        .map(|(n, c, v, late)| ClassPanel {
            id: n.to_string(),
            name: n.to_string(),
            count: format!("{c} 人"),
            points: grow(*v),
            value: format!("{v}%"),
            late: *late,
            href: "/calendar".into(),
        })
        .collect();
    let ask = |icon, tone, title: &str, text: &str, act: Link| today::NoteRow {
        icon,
        tone,
        title: title.into(),
        text: text.into(),
        act: Some(act),
    };
    let bar = |k, label: &str, done| BarRow {
        seal: Seal::of(k),
        label: label.into(),
        done,
        of: 164,
        href: "/f".into(),
        fig: "f".into(),
    };
    let heat = |list: [u32; 6], family: [bool; 6]| {
        list.iter()
            .zip(family)
            .map(|(n, f)| Some((*n, f, "/room".to_string())))
            .collect::<Vec<_>>()
    };
    let (no, some) = ([false; 6], [false, false, false, true, true, false]);
    let v = dashboard::DashView {
        top: Top {
            title: "东坪小学".into(),
            sub: words(&["10月21日", "第8周"]),
            switch: vec![
                Tab::new("本月", "?p=m", true),
                Tab::new("本学期", "?p=t", false),
                Tab::new("本学年", "?p=y", false),
            ],
            search: true,
            buttons: vec![Link::new("写总结", "/reports/new").icon("doc")],
            print: false,
        },
        sentences: vec![
            vec![
                num("164", false),
                " 名孩子，十月已谈心 ".into(),
                num("131", false),
                " 名。".into(),
                num("17", true),
                " 件逾期，".into(),
                num("7", true),
                " 件在三(1)、五(2)两个班。".into(),
            ],
            vec![
                num("3", true),
                " 名孩子超过 45 天没和父母说上话，".into(),
                num("2", false),
                " 名已约好本周视频。".into(),
            ],
        ],
        coverage_title: "各班完成率".into(),
        coverage_note: "本学期逐周，虚线是全校中位".into(),
        coverage_order: Some(Link::new("逾期多的在前", "?order=late")),
        coverage: CoveragePicture {
            label: "十二个班的关爱完成率".into(),
            panels,
            median: grow(90.0),
        },
        asks_title: "请您处理".into(),
        asks_note: "5 件".into(),
        asks: vec![
            ask(
                "warn",
                Pill::Late,
                "三(1)班 两次提醒没办",
                "4 件逾期 · 刘建国老师",
                Link::new("找他", "/x").first(),
            ),
            ask(
                "bell",
                Pill::Due,
                "覃文博 48 天没通话",
                "已约周五 16:10 视频",
                Link::new("看", "/x"),
            ),
            ask(
                "lock",
                Pill::Sealed,
                "心理老师请您会商",
                "只您与何静老师可见",
                Link::new("看", "/x"),
            ),
            ask(
                "pair",
                Pill::Ok,
                "3 份结对待您批准",
                "材料齐，培训已参加",
                Link::new("批", "/x"),
            ),
            ask(
                "doc",
                Pill::Info,
                "《家访制度》新版待发布",
                "李强 10月19日 交",
                Link::new("看", "/x"),
            ),
        ],
        heat_title: "关爱室人数".into(),
        heat_note: "十月各时段平均".into(),
        heat: Some(HeatPicture {
            label: "关爱室各时段平均人数".into(),
            hours: words(&["12:00", "12:30", "13:00", "16:00", "16:30", "17:00"]),
            gap: 3,
            rows: vec![
                ("周一".into(), heat([14, 22, 9, 18, 12, 4], some)),
                ("周二".into(), heat([11, 19, 7, 9, 6, 2], no)),
                ("周三".into(), heat([16, 24, 10, 21, 15, 5], some)),
                ("周四".into(), heat([10, 17, 8, 8, 5, 1], no)),
                ("周五".into(), heat([13, 20, 9, 24, 19, 8], some)),
            ],
        }),
        far_title: "十月做到哪了".into(),
        far_note: "虚线是今天".into(),
        far: vec![
            bar(Kind::Talk, "谈心", 131),
            bar(Kind::Call, "亲情通话", 112),
            bar(Kind::Guardian, "监护人联系", 97),
            BarRow {
                of: 22,
                ..bar(Kind::Talk, "重点孩子两周一谈", 19)
            },
        ],
        far_today: Some(21.0 / 31.0),
        week_title: "本周".into(),
        week: [
            ("周三", "亲情时间，9 个孩子约了"),
            ("周四", "五年级“晒晒我的被子”"),
            ("周五", "家长学校：怎样打电话"),
            ("周五", "关爱室值周 李强"),
            ("下周一", "十月月报，自动写好"),
        ]
        .map(|(a, b)| (a.to_string(), b.to_string()))
        .to_vec(),
        ..dashboard::DashView::default()
    };
    wrap("东坪小学", "田维国", "东坪小学", "today", dashboard::page(Lang::Zh, &v))
}

pub fn summary() -> Frame {
    use parts::summary::*;
    let n = |v: &str, state| Word::Num {
        value: v.into(),
        fig: "fig".into(),
        href: format!("?fig={v}"),
        state,
    };
    let (plain, w) = (NumState::Plain, |s: &str| Word::Text(s.into()));
    let out = |label: &str, level, on, missing| OutlineItem {
        label: label.into(),
        href: "#s4".into(),
        on,
        level,
        missing,
    };
    let rec = |title: &str, text: &str, date: &str| TraceRow {
        seal: Seal::of(Kind::Activity),
        title: title.into(),
        text: text.into(),
        date: date.into(),
        href: "/records/1".into(),
    };
    let v = SummaryView {
        title: "工作总结".into(),
        period: "2024.9 — 2026.10".into(),
        styles: [
            ("一", false),
            ("二 项目试点", true),
            ("三", false),
            ("四", false),
            ("五", false),
            ("六", false),
        ]
        .map(|(l, on)| Tab::new(l, "?style", on))
        .to_vec(),
        status: (Pill::Ok, "草稿已存".into()),
        buttons: vec![
            Link::new("更新数字", "/x").icon("redo"),
            Link::new("导出", "/y").icon("down2"),
            Link::new("交审", "/z").first(),
        ],
        outline: vec![
            out("一、提高认识", 0, false, 0),
            out("二、前期工作", 0, false, 0),
            out("三、六项重要工作", 0, false, 0),
            out("1 关爱室", 1, false, 0),
            out("2 心理与慰问", 1, false, 3),
            out("3 社会实践", 1, false, 0),
            out("四、结对帮扶", 0, true, 0),
            out("五、四个变化", 0, false, 0),
            out("六、体会", 0, false, 0),
        ],
        numbers: 46,
        numbers_note: ["个数字".into(), "个个有出处".into()],
        paper_title: "关爱留守儿童工作总结".into(),
        paper_by: "梅岭小学　2026年10月".into(),
        notes: vec![(
            Pill::Due,
            "12 条没写地点，不影响次数。".into(),
            Some(Link::new("看这 12 条", "/x")),
        )],
        blocks: vec![
            Block::Heading {
                level: 1,
                text: "四、以结对帮扶营造关爱氛围".into(),
                id: "s4".into(),
            },
            Block::Para(vec![
                w("我校联合县妇联面向社会招募“爱心妈妈”“知心姐姐” "),
                n("65", plain),
                w(" 名，与 "),
                n("65", plain),
                w(" 名留守儿童结成对子。结对启动仪式到会 "),
                n("812", plain),
                w(" 人。全校教职工 "),
                n("85", plain),
                w(" 人与 "),
                n("175", plain),
                w(" 名留守儿童全部结对。"),
            ]),
            Block::Para(vec![
                w("结对以来，赠物 "),
                n("400", plain),
                w(" 件，接到家里共度周末 "),
                n("38", plain),
                w(" 人次，来校辅导学业 "),
                n("45", NumState::Open),
                w(" 人次，带孩子看病体检 "),
                n("18", plain),
                w(" 人次，印发资料 "),
                Word::Missing {
                    label: "〔未填〕".into(),
                    href: "/materials".into(),
                },
                w(" 册。"),
            ]),
            Block::Own {
                id: "own1".into(),
                paragraphs: words(&[
                    "最难忘的是十二月那个周末。孩子们和“大朋友”一起包饺子，有个孩子说，这是她第一次在别人家里觉得不拘束。",
                ]),
                edit: Some(Link::new("改", "?own=1")),
            },
            Block::Heading {
                level: 1,
                text: "五、四个变化".into(),
                id: "s5".into(),
            },
            Block::Para(vec![
                w("孩子变了。问卷中“遇到难事愿意告诉老师”的由 "),
                n("41%", plain),
                w(" 升至 "),
                n("73%", plain),
                w("；监护人每月与学校联系的由 "),
                n("36%", plain),
                w(" 升至 "),
                n("88%", NumState::Changed),
                w("。"),
            ]),
            Block::Add(Link::new("加一段自己的话", "?own=new")),
        ],
        trace: Some(TraceView {
            value: "45".into(),
            unit: "人次".into(),
            name: "辅导学业".into(),
            sentence: "26 位帮扶人，31 名孩子，每次一条记录".into(),
            months: Some(MonthBars {
                label: "按月".into(),
                months: [
                    ("11", 3),
                    ("12", 5),
                    ("1", 4),
                    ("2", 2),
                    ("3", 0),
                    ("4", 3),
                    ("5", 6),
                    ("6", 5),
                    ("7", 4),
                    ("8", 3),
                    ("9", 5),
                    ("10", 5),
                ]
                .map(|(m, n)| (m.to_string(), n))
                .to_vec(),
            }),
            rows: vec![
                rec("田秀云 辅导 杨小果", "数学，县图书馆", "10月18日"),
                rec("谭丽 辅导 石晓雨", "作文，来校", "10月15日"),
                rec("周桂芳 辅导 向阳", "英语，来校", "10月11日"),
            ],
            all: Some(Link::new("看全部 45 条", "/records")),
            ..TraceView::default()
        }),
        changed_title: "上次写好以后，3 个数变了".into(),
        changed: [
            ("监护人联系", "86%", "88%"),
            ("专题讲座", "5", "6 场"),
            ("节日慰问", "3", "4 次"),
        ]
        .map(|(n, a, b)| Changed {
            name: n.into(),
            was: a.into(),
            is: b.into(),
        })
        .to_vec(),
        ..SummaryView::default()
    };
    let mut f = wrap("工作总结", "彭世安", "梅岭小学", "reports", editor(Lang::Zh, &v));
    f.full = true;
    f
}

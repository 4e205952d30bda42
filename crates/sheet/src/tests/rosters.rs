//! The sheets that schools have.

use super::{options, read};
use crate::fixtures::{self, *};
use crate::*;
use tx_base::Day;

fn same_child(c: &ChildDraft, p: &Pupil) {
    assert_eq!(c.name, p.name);
    assert_eq!(c.sex, Some(p.sex), "{}", p.name);
    assert_eq!(c.birth_date, Some(p.birth), "{}", p.name);
    assert_eq!(c.class.map(|k| k.code()), Some(p.class_code()), "{}", p.name);
}

#[test]
fn a_plain_roster() {
    let people = pupils(60, 1);
    let r = read(&school_roster(60, 1), "名册.xlsx");
    assert_eq!((r.total, r.rejected, r.repeated, r.rows.len()), (60, 0, 0, 60));
    assert_eq!(r.errors, []);
    assert_eq!(r.warnings, []);
    let s = &r.sheets[0];
    assert_eq!(
        (s.left_behind, s.date, s.header_rows, s.form),
        (true, Some(Day::lit("2026-09-10")), Some((3, 3)), Form::School)
    );
    assert_eq!(s.columns[15].field.map(Field::name).as_deref(), Some("guardian_phone"));
    assert_eq!(s.columns[1].samples.len(), 3);
    for (row, p) in r.rows.iter().zip(&people) {
        let c = &row.child;
        same_child(c, p);
        assert_eq!(c.id_no.as_ref().map(IdNumber::as_str), Some(p.id_no.as_str()));
        assert_eq!(c.left_behind, Some(true));
        assert_eq!(c.guardians[0].phones[0].as_str(), p.guardian_phone);
        assert_eq!(c.guardians[0].kind, GuardianKind::Acting);
        assert_eq!(c.parents[0].whereabouts, Whereabouts::AwayWork);
        assert_eq!(c.boarder, Some(if p.boarder { Boarder::Boarder } else { Boarder::Day }));
    }
    assert_eq!(r.rows[0].row, 4);
}

#[test]
fn a_messy_roster() {
    for seed in [1, 2] {
        let m = messy_roster(seed);
        let book = open(&m.bytes, "2026秋.xlsx", &Limits::default()).unwrap();
        assert_eq!(book.hidden, ["旧表"]);
        let r = roster(&book, &options());
        let got: Vec<(u32, &str, &str)> = r
            .errors
            .iter()
            .map(|e| (e.row, e.column.as_str(), e.reason.zh.as_str()))
            .collect();
        assert_eq!(got.len(), m.bad.len(), "{got:#?}");
        for ((row, column, reason), want) in got.iter().zip(&m.bad) {
            assert_eq!((*row, *column), (want.0, want.1));
            assert!(reason.contains(want.2), "{reason} / {}", want.2);
        }
        assert_eq!((r.total, r.repeated), (m.total, 1));
        assert_eq!(r.rows.len(), m.good.len());
        for (row, p) in r.rows.iter().zip(&m.good) {
            same_child(&row.child, p);
            assert_eq!(row.child.left_behind, Some(true));
        }
        let s = &r.sheets[0];
        assert_eq!((s.header_rows, s.date), (Some((3, 4)), Some(Day::lit("2026-09-10"))));
        assert_eq!(s.columns[7].header, "父亲 / 联系电话");
        let twice: Vec<_> = r
            .warnings
            .iter()
            .filter(|w| w.reason.zh.contains("同一个孩子"))
            .collect();
        assert_eq!(twice.len(), 1);
        assert_eq!((twice[0].row, twice[0].reason.zh.contains("第5行")), (22, true));
        // 同上
        assert_eq!(r.rows[2].child.guardians[0].name, r.rows[1].child.guardians[0].name);
        assert_eq!(r.rows[2].child.guardians[0].phones, r.rows[1].child.guardians[0].phones);
        // two guardians in a cell
        let g = &r.rows[4].child.guardians;
        assert_eq!(
            g.iter()
                .map(|g| (g.name.as_deref().unwrap(), g.relation, g.phones[0].as_str()))
                .collect::<Vec<_>>(),
            [
                ("吴老三", Some(Relation::Grandfather), "13600002217"),
                ("李桂花", Some(Relation::Grandmother), "13700003328"),
            ]
        );
        let tidied: Vec<&str> = r.tidied.iter().map(|t| t.reason.zh.as_str()).collect();
        for word in ["由“同上”补全", "日期序号", "拆成两人"] {
            assert!(tidied.iter().any(|t| t.contains(word)), "{word}: {tidied:?}");
        }
    }
}

#[test]
fn the_error_sheet_goes_through_once_mended() {
    let m = messy_roster(1);
    let book = open(&m.bytes, "a.xlsx", &Limits::default()).unwrap();
    let first = roster(&book, &options());
    let sheet = error_sheet(&book, &first);
    // sent back as it is: the same faults, the own columns mean nothing, title and date live on
    let again = open(&sheet, "要改的.xlsx", &Limits::default()).unwrap();
    let second = roster(&again, &options());
    let brief = |r: &Roster| {
        r.errors
            .iter()
            .map(|e| (e.column.clone(), e.reason.zh.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(brief(&second), brief(&first));
    assert_eq!((second.total, second.rejected), (first.rejected, first.rejected));
    assert!(second.sheets[0].left_behind);
    assert_eq!(second.sheets[0].date, first.sheets[0].date);
    let numbers: Vec<String> = first.errors.iter().map(|e| e.row.to_string()).collect();
    let own = again.sheets[0]
        .rows
        .iter()
        .filter(|r| r.cells.iter().any(|c| numbers.contains(&c.cell.text())))
        .count();
    assert!(own as u32 >= first.rejected);
    // mended: put the right values where the faults are
    let mut mended = again.clone();
    let people = pupils(16, 1);
    for (row, p) in mended.sheets[0].rows.iter_mut().skip(3).zip(people[5..=11].iter()) {
        for slot in &mut row.cells {
            match slot.column {
                3 => slot.cell = Cell::Text(p.birth.to_string().into()),
                4 => slot.cell = Cell::Text(p.id_no.as_str().into()),
                _ => {}
            }
        }
        if row.get(1).is_none() {
            row.cells.push(Slot {
                column: 1,
                cell: Cell::Text(p.name.as_str().into()),
                filled: false,
            });
            row.cells.sort_by_key(|s| s.column);
        }
    }
    let third = roster(&mended, &options());
    assert_eq!((third.rejected, third.rows.len()), (0, 7), "{:#?}", third.errors);
    for (row, p) in third.rows.iter().zip(&people[5..=11]) {
        same_child(&row.child, p);
    }
    // nothing wrong: nothing to mend
    let clean = open(&school_roster(3, 1), "a.xlsx", &Limits::default()).unwrap();
    let none = error_sheet(&clean, &roster(&clean, &options()));
    assert!(
        roster(&open(&none, "b.xlsx", &Limits::default()).unwrap(), &options())
            .rows
            .is_empty()
    );
}

#[test]
fn the_ministries_form() {
    let people = pupils(9, 2);
    let r = read(&survey_2016(9, 2), "登记表.xlsx");
    assert_eq!((r.total, r.rejected), (9, 0), "{:#?}", r.errors);
    assert_eq!(r.sheets[0].form, Form::Survey2016);
    assert!(r.sheets[0].left_behind);
    assert!(
        r.sheets[0].columns.iter().all(|c| c.field.is_some()),
        "{:#?}",
        r.sheets[0]
            .columns
            .iter()
            .filter(|c| c.field.is_none())
            .collect::<Vec<_>>()
    );
    for (i, (row, p)) in r.rows.iter().zip(&people).enumerate() {
        let c = &row.child;
        assert_eq!(
            (&c.name, c.birth_date, c.left_behind, c.hukou_registered),
            (&p.name, Some(p.birth), Some(true), Some(true))
        );
        assert_eq!(c.ethnic.map(Ethnic::name).as_deref(), Some("土家族"));
        let one = i % 3 == 2;
        assert_eq!(c.away_kind, Some(if one { AwayKind::Father } else { AwayKind::Both }));
        assert_eq!(c.parents[0].phones[0].as_str(), p.father_phone);
        assert_eq!(
            c.parents[1].whereabouts,
            if one { Whereabouts::Home } else { Whereabouts::AwayWork }
        );
        assert_eq!(c.parents[1].able, one.then_some(false));
        assert_eq!(c.parents[0].birth_year, Some(1988));
        assert_eq!(
            (c.guardians.len(), c.guardians[0].name.as_deref(), c.guardians[0].kind),
            (1, Some(p.guardian.as_str()), GuardianKind::Entrusted)
        );
        assert_eq!(c.guardians[0].phones[0].as_str(), p.guardian_phone);
        assert_eq!(c.care_rating, Some(CareRating::Fair));
        assert_eq!(c.extra.get("grandfather_name"), Some(&p.guardian));
        assert_eq!(c.extra.get("income_source").map(String::as_str), Some("打工"));
    }
}

#[test]
fn the_national_register() {
    let people = pupils(30, 3);
    let r = read(&national_register(30, 3), "学生基本信息表.xlsx");
    assert_eq!((r.total, r.rejected, r.rows.len()), (30, 0, 30), "{:#?}", r.errors);
    assert_eq!(r.sheets[0].form, Form::Register);
    assert_eq!(r.sheets[0].columns.len(), 71);
    assert!(
        r.sheets[0].columns.iter().all(|c| c.field.is_some()),
        "{:?}",
        r.sheets[0]
            .columns
            .iter()
            .filter(|c| c.field.is_none())
            .map(|c| &c.header)
            .collect::<Vec<_>>()
    );
    for (i, (row, p)) in r.rows.iter().zip(&people).enumerate() {
        let c = &row.child;
        same_child(c, p);
        assert_eq!(c.left_behind, Some(i % 3 == 0));
        assert_eq!(c.away_kind, (i % 3 == 0).then_some(AwayKind::Both));
        let father = c.parents.iter().find(|x| x.parent == Parent::Father).unwrap();
        assert_eq!(
            (father.name.as_deref(), father.phones[0].as_str()),
            (Some(p.father.as_str()), p.father_phone.as_str())
        );
        assert_eq!(
            c.guardians
                .iter()
                .map(|g| g.name.as_deref().unwrap())
                .collect::<Vec<_>>(),
            [p.father.as_str(), p.guardian.as_str()]
        );
        assert_eq!(c.hukou_kind, Some(HukouKind::Rural));
        assert_eq!(c.phones[0].as_str(), p.father_phone);
        assert_eq!(c.home_address.as_deref(), Some(p.village.as_str()));
    }
}

#[test]
fn a_gb18030_csv() {
    let people = pupils(12, 4);
    let r = read(&gb18030_csv(12, 4), "留守儿童.csv");
    assert_eq!((r.total, r.rejected, r.rows.len()), (12, 0, 12), "{:#?}", r.errors);
    assert_eq!(r.rows[0].child.name, RARE_NAME);
    assert_eq!(r.rows[0].row, 2);
    for (row, p) in r.rows.iter().zip(&people).skip(1) {
        same_child(&row.child, p);
        assert_eq!(row.child.guardians[0].phones[0].as_str(), p.guardian_phone);
    }
}

fn csv(text: &str) -> Roster {
    read(text.as_bytes(), "学生.csv")
}

fn id(first17: &str) -> String {
    IdNumber::with_check_digit(first17).unwrap()
}

#[test]
fn disagreement_warns_and_changes_nothing() {
    let n = id("43319920150301012");
    let strange = id("99319920150301012");
    let r = csv(&format!(
        "姓名,性别,出生日期,身份证号,班级\n罗小溪,男,2015-03-02,{n},四(1)班\n石山,女,2015年3月,{strange},401\n"
    ));
    assert_eq!(r.rejected, 0);
    let c = &r.rows[0].child;
    assert_eq!((c.sex, c.birth_date), (Some(Sex::Male), Some(Day::lit("2015-03-02"))));
    let said: Vec<(u32, &str)> = r.warnings.iter().map(|w| (w.row, w.column.as_str())).collect();
    assert_eq!(said, [(2, "性别"), (2, "出生日期"), (3, "身份证号")]);
    assert_eq!(r.warnings[1].proposal.as_deref(), Some("2015-03-01"));
    assert_eq!(
        (r.rows[1].child.birth_date, r.rows[1].child.birth_precision),
        (Some(Day::lit("2015-03-01")), Precision::Day)
    );
}

#[test]
fn csv_numbers_that_excel_rounded() {
    let r = csv("姓名,身份证号\n罗小溪,433199201503010000\n石山,4.33E+17\n梁霞,\n");
    assert_eq!(
        r.errors
            .iter()
            .map(|e| (e.row, e.reason.zh.contains("Excel")))
            .collect::<Vec<_>>(),
        [(2, true), (3, true)]
    );
    assert_eq!(r.rows.len(), 1);
}

#[test]
fn papers_other_than_the_id_card() {
    let permit = id("81000020150301012");
    let r = csv(&format!(
        "姓名,证件类型,证件号码\n罗小溪,护照,E12345678\n石山,居民身份证,E12345678\n梁霞,,{permit}\n"
    ));
    assert_eq!(r.errors.iter().map(|e| e.row).collect::<Vec<_>>(), [3]);
    assert_eq!(r.rows[0].child.id_kind, IdKind::Passport);
    assert_eq!(r.rows[1].child.id_kind, IdKind::Permit);
}

#[test]
fn ages_months_and_empty_dates() {
    let n = id("43319920150301012");
    let r = csv(&format!(
        "填报时间：2026-09-01\n姓名,出生年月,年龄,身份证号\n罗小溪,,10,\n石山,2015年3月,,\n梁霞,,,{n}\n杨帆,,,\n"
    ));
    let c: Vec<_> = r
        .rows
        .iter()
        .map(|r| {
            (
                r.child.birth_date.map(|d| d.to_string()).unwrap_or_default(),
                r.child.birth_precision,
                r.child.birth_estimated,
            )
        })
        .collect();
    assert_eq!(
        c,
        [
            ("2016-01-01".to_string(), Precision::Year, true),
            ("2015-03-01".to_string(), Precision::Month, false),
            ("2015-03-01".to_string(), Precision::Day, false),
            (String::new(), Precision::Day, false),
        ]
    );
    assert!(r.tidied.iter().any(|t| t.row == 3 && t.reason.zh.contains("估")));
    assert!(
        r.warnings
            .iter()
            .any(|w| w.row == 6 && w.reason.zh.contains("没填出生日期"))
    );
}

#[test]
fn impossible_dates_name_their_cell() {
    let r = csv("姓名,出生日期\n罗小溪,2015-02-29\n石山,2031-01-01\n梁霞,9/3/2014\n杨帆,不知道\n");
    assert_eq!(
        r.errors
            .iter()
            .map(|e| (e.row, e.value.as_str(), e.proposal.as_deref()))
            .collect::<Vec<_>>(),
        [
            (2, "2015-02-29", Some("2015-02-28")),
            (3, "2031-01-01", None),
            (4, "9/3/2014", Some("2014-09-03")),
            (5, "不知道", None),
        ]
    );
}

#[test]
fn a_csv_with_two_header_rows() {
    let r = csv(
        "竹园小学花名册,,,,,,\n姓名,性别,父亲,,母亲,,备注\n,,姓名,电话,姓名,电话,\n罗小溪,女,罗志强,13600002217,石秀梅,13700003328,爱画画\n合计,1人,,,,,\n",
    );
    assert_eq!(r.sheets[0].header_rows, Some((2, 3)), "{:#?}", r.sheets[0].columns);
    let c = &r.rows[0].child;
    assert_eq!(
        c.parents
            .iter()
            .map(|p| (p.name.as_deref().unwrap(), p.phones[0].as_str()))
            .collect::<Vec<_>>(),
        [("罗志强", "13600002217"), ("石秀梅", "13700003328")]
    );
    assert_eq!(c.extra.get("remark").map(String::as_str), Some("爱画画"));
    assert_eq!((r.total, c.left_behind), (1, None));
}

#[test]
fn whose_phone_it_is() {
    let name = |r: &Roster, i: usize| r.sheets[0].columns[i].field.map(Field::name).unwrap_or_default();
    let r = csv("姓名,家庭住址,联系电话,监护人,关系\n罗小溪,竹园村,13600002217,杨秀芝,外婆\n");
    assert_eq!(name(&r, 2), "phone");
    assert_eq!(r.rows[0].child.phones[0].as_str(), "13600002217");
    let r = csv(
        "姓名,父亲姓名,联系电话,母亲姓名,联系电话,监护人,年龄,与学生关系,联系电话\n罗小溪,罗志强,13600002217,石秀梅,13700003328,杨秀芝,66,外婆,13800004439\n",
    );
    assert_eq!(
        (name(&r, 2), name(&r, 4), name(&r, 8)),
        ("father_phone".into(), "mother_phone".into(), "guardian_phone".into())
    );
    let r = csv("姓名,学号,监护人,监护人电话\n罗小溪,12,杨秀芝,1360000771\n");
    assert_eq!(name(&r, 1), "class_no");
    assert!(
        r.warnings
            .iter()
            .any(|w| w.reason.zh.contains("少 1 位") && w.value == "1360000771")
    );
    assert_eq!(
        r.rows[0].child.extra.get("guardian_phone").map(String::as_str),
        Some("1360000771")
    );
}

#[test]
fn dead_parents_and_empty_marks() {
    let r = csv(
        "姓名,父亲,父亲务工地点,母亲,母亲务工地点,监护人\n罗小溪,罗志强（已故）,,—,,无\n石山,石志军,在家,向春梅,广东东莞,石有福(爷爷)\n",
    );
    let c = &r.rows[0].child;
    assert_eq!(
        (c.parents.len(), c.parents[0].whereabouts, c.parents[0].name.as_deref()),
        (1, Whereabouts::Dead, Some("罗志强"))
    );
    assert!(c.guardians.is_empty());
    assert!(r.warnings.iter().any(|w| w.row == 2 && w.column == "母亲"));
    let c = &r.rows[1].child;
    assert_eq!(
        (c.parents[0].whereabouts, c.parents[1].whereabouts),
        (Whereabouts::Home, Whereabouts::AwayWork)
    );
    assert_eq!(c.guardians[0].relation, Some(Relation::Grandfather));
}

#[test]
fn class_cells_merged_and_classes_from_titles() {
    let mut s = rust_xlsxwriter::Worksheet::new();
    for (i, h) in ["班级", "姓名", "性别"].iter().enumerate() {
        s.write_string(0, i as u16, *h).unwrap();
    }
    s.merge_range(1, 0, 3, 0, "四（1）班", &rust_xlsxwriter::Format::new())
        .unwrap();
    for (i, n) in ["罗小溪", "石山", "梁霞"].iter().enumerate() {
        s.write_string(1 + i as u32, 1, *n).unwrap();
        s.write_string(1 + i as u32, 2, "女").unwrap();
    }
    s.write_string(4, 0, "四年级2班").unwrap();
    s.write_string(4, 1, "杨帆").unwrap();
    s.write_string(4, 2, "男").unwrap();
    let mut second = rust_xlsxwriter::Worksheet::new();
    second.set_name("五(2)班").unwrap();
    for (r, cells) in [["姓名", "性别"], ["彭丽", "女"], ["", "男"]].iter().enumerate() {
        for (c, t) in cells.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            second.write_string(r as u32, c as u16, *t).unwrap();
        }
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    book.push_worksheet(s);
    book.push_worksheet(second);
    let bytes = book.save_to_buffer().unwrap();
    let r = read(&bytes, "a.xlsx");
    assert_eq!(
        r.rows.iter().map(|r| r.child.class.unwrap().code()).collect::<Vec<_>>(),
        ["401", "401", "401", "402", "502"]
    );
    assert_eq!(
        r.errors.iter().map(|e| (e.sheet.as_str(), e.row)).collect::<Vec<_>>(),
        [("五(2)班", 3)]
    );
    // the error sheet says the class that only the tab had said
    let opened = open(&bytes, "a.xlsx", &Limits::default()).unwrap();
    let back = read(&error_sheet(&opened, &r), "b.xlsx");
    assert!(
        back.sheets[0]
            .columns
            .iter()
            .any(|c| c.field.map(Field::name).as_deref() == Some("grade_class"))
    );
}

#[test]
fn several_blocks_on_a_sheet() {
    let r = csv(
        "三年级1班,,\n姓名,性别,出生日期\n罗小溪,女,2017-10-01\n小计,1人,\n三年级2班,,\n姓名,性别,出生日期\n石山,男,2017-11-02\n",
    );
    assert_eq!(
        r.rows
            .iter()
            .map(|r| (r.child.name.as_str(), r.child.class.unwrap().code()))
            .collect::<Vec<_>>(),
        [("罗小溪", "301".to_string()), ("石山", "302".to_string())]
    );
    assert_eq!((r.total, r.rejected), (2, 0));
}

#[test]
fn the_same_child_by_number_and_by_name() {
    let r = csv(
        "姓名,学籍号,出生日期,班级,监护人\n罗小溪,G433199201503010121,2015-03-01,401,杨秀芝\n罗小溪,G433199201503010121,2015-03-01,401,罗大山\n石山,,2015-04-01,401,\n石山,,2015-04-01,401,\n石山,,2015-04-01,402,\n",
    );
    assert_eq!((r.total, r.repeated, r.rows.len()), (5, 2, 3));
    assert_eq!(r.rows[0].child.guardians.len(), 2);
}

#[test]
fn what_a_person_chose_before_counts_more() {
    let book = open(
        "姓名,代号,备注\n罗小溪,三娃,好\n".as_bytes(),
        "a.csv",
        &Limits::default(),
    )
    .unwrap();
    let mut opts = options();
    opts.remembered
        .insert("代号".into(), Some(Field::Plain(Plain::FormerName)));
    opts.remembered.insert("备注".into(), None);
    let r = roster(&book, &opts);
    assert_eq!(r.rows[0].child.former_name.as_deref(), Some("三娃"));
    assert!(r.rows[0].child.extra.is_empty());
    assert_eq!(r.mapping().get("代号"), Some(&Some(Field::Plain(Plain::FormerName))));
}

#[test]
fn no_header() {
    let book = open("甲,乙\n1,2\n".as_bytes(), "a.csv", &Limits::default()).unwrap();
    let r = roster(&book, &options());
    assert!(r.unreadable().unwrap().zh.contains("没找到表头"));
    let book = open("大名,乙\n罗小溪,2\n".as_bytes(), "a.csv", &Limits::default()).unwrap();
    let mut opts = options();
    opts.header_rows.insert("a".into(), 1);
    opts.remembered.insert("大名".into(), Some(Field::Plain(Plain::Name)));
    assert_eq!(roster(&book, &opts).rows.len(), 1);
}

#[test]
fn titles_that_mean_left_behind_and_those_that_do_not() {
    for (title, want) in [
        ("2026年留守儿童花名册", Some(true)),
        ("在校学生花名册（含留守儿童）", None),
        ("学生花名册", None),
        ("非留守儿童名单", None),
    ] {
        let r = csv(&format!("{title},\n姓名,性别\n罗小溪,女\n"));
        assert_eq!(r.rows[0].child.left_behind, want, "{title}");
    }
    let r = csv("留守儿童花名册,\n姓名,是否留守儿童\n罗小溪,否\n石山,是\n梁霞,\n");
    assert_eq!(
        r.rows.iter().map(|r| r.child.left_behind).collect::<Vec<_>>(),
        [Some(false), Some(true), Some(true)]
    );
}

#[test]
fn a_child_over_two_rows() {
    let mut s = rust_xlsxwriter::Worksheet::new();
    for (i, h) in ["姓名", "性别", "监护人", "关系", "电话"].iter().enumerate() {
        s.write_string(0, i as u16, *h).unwrap();
    }
    s.merge_range(1, 0, 2, 0, "罗小溪", &rust_xlsxwriter::Format::new())
        .unwrap();
    s.merge_range(1, 1, 2, 1, "女", &rust_xlsxwriter::Format::new())
        .unwrap();
    for (r, cells) in [["杨秀芝", "外婆", "13600002217"], ["石大川", "外公", "13700003328"]]
        .iter()
        .enumerate()
    {
        for (c, t) in cells.iter().enumerate() {
            s.write_string(1 + r as u32, 2 + c as u16, *t).unwrap();
        }
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    book.push_worksheet(s);
    let r = read(&book.save_to_buffer().unwrap(), "a.xlsx");
    assert_eq!((r.total, r.rows.len(), r.repeated), (1, 1, 0));
    assert_eq!(
        r.rows[0]
            .child
            .guardians
            .iter()
            .map(|g| g.name.as_deref().unwrap())
            .collect::<Vec<_>>(),
        ["杨秀芝", "石大川"]
    );
}

#[test]
fn samples_are_all_different() {
    let people = fixtures::pupils(5_000, 1);
    let ids: std::collections::HashSet<_> = people.iter().map(|p| &p.id_no).collect();
    assert_eq!(ids.len(), 5_000);
}

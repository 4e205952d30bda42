//! One row to one child: every value read, held against the ID number, and everything odd said.

use super::{
    ChildDraft, Form, Options, SheetReport, class, family,
    header::Mapped,
    read::{Got, Report},
};
use crate::{
    book::{Cell, Kind},
    field::{Field, Plain},
    value::{
        AwayKind, Ethnic, IdKind, IdNumber, Precision, Sex, date, id,
        name::{former_name, parse_name},
        parse_away_kind, parse_boarder, parse_care_rating, parse_hukou_kind, parse_left_behind, parse_sex,
        parse_yes_no,
        text::{is_blank_mark, squash, tidy},
    },
};
use tx_base::{Day, say};

pub fn child(
    gots: &[Got],
    columns: &[Mapped],
    sheet: &SheetReport,
    kind: Kind,
    opts: &Options,
    rep: &mut Report,
) -> ChildDraft {
    let mut c = ChildDraft::default();
    let of = |p: Plain| gots.iter().find(move |g| g.field == Field::Plain(p));
    let filled = |p: Plain| of(p).filter(|g| !is_blank_mark(&g.text));

    name(&mut c, of(Plain::Name), columns, rep);
    if let Some(g) = filled(Plain::IdKind) {
        match IdKind::parse(&g.text) {
            Some(k) => c.id_kind = k,
            None => rep.warn(g, say("不认得的证件类型", "unknown kind of paper"), None),
        }
    }
    if let Some(g) = of(Plain::IdNo) {
        id_number(&mut c, g, kind, opts.today, rep);
    }
    sex(&mut c, filled(Plain::Sex), columns, rep);
    birth(
        &mut c,
        filled(Plain::BirthDate),
        filled(Plain::Age),
        columns,
        sheet.date.unwrap_or(opts.today),
        opts.today,
        rep,
    );
    school(&mut c, gots, opts, rep);

    if let Some(g) = filled(Plain::FormerName) {
        c.former_name = Some(former_name(&g.text)).filter(|f| !f.is_empty());
    }
    if let Some(g) = filled(Plain::Ethnic) {
        c.ethnic = Ethnic::parse(&g.text);
        if c.ethnic.is_none() {
            rep.warn(g, say("不认得的民族", "unknown ethnic group"), None);
            keep(&mut c, g);
        }
    }
    if let Some(g) = filled(Plain::HukouKind) {
        c.hukou_kind = parse_hukou_kind(&g.text);
        if c.hukou_kind.is_none() {
            keep(&mut c, g);
        }
    }
    if let Some(g) = of(Plain::HukouRegistered) {
        c.hukou_registered = parse_yes_no(&g.text).or_else(|| {
            if g.text.contains('未') || g.text.contains('无') {
                Some(false)
            } else {
                None
            }
        });
    }
    let words = |p: Plain| filled(p).map(|g| tidy(&g.text));
    c.hukou_address = words(Plain::HukouAddress);
    // of several address columns the home comes first
    c.home_address = gots
        .iter()
        .filter(|g| g.field == Field::Plain(Plain::HomeAddress) && !is_blank_mark(&g.text))
        .min_by_key(|g| !g.column.header.contains("家庭"))
        .map(|g| tidy(&g.text));
    c.village = words(Plain::Village);
    c.town = words(Plain::Town);
    c.health = words(Plain::Health);
    c.school = words(Plain::School);
    if let Some(g) = filled(Plain::Boarder) {
        c.boarder = parse_boarder(&g.text);
        if c.boarder.is_none() {
            rep.warn(
                g,
                say("看不出是住校还是走读", "cannot tell boarder from day pupil"),
                None,
            );
            keep(&mut c, g);
        }
    }
    if let Some(g) = filled(Plain::CareRating) {
        c.care_rating = parse_care_rating(&g.text);
        keep(&mut c, g);
    }
    away(&mut c, gots, sheet, opts.today, rep);
    family::read(gots, columns, &mut c, sheet.date.unwrap_or(opts.today), rep);
    rest(&mut c, gots);
    c
}

fn name(c: &mut ChildDraft, got: Option<&Got>, columns: &[Mapped], rep: &mut Report) {
    let Some(g) = got.filter(|g| !is_blank_mark(&g.text) && !crate::value::text::is_ditto(&g.text)) else {
        let fault = rep.empty(
            columns,
            Field::Plain(Plain::Name),
            say("没有姓名", "the name is missing"),
            None,
        );
        let value = got.map(|g| g.shown.clone()).unwrap_or_default();
        rep.errors.push(super::CellFault { value, ..fault });
        return;
    };
    match parse_name(&g.text) {
        Ok(n) => {
            c.name_entered = g.text.trim().to_string();
            if n.name != c.name_entered {
                let name = n.name.clone();
                rep.tidy(g, say(format!("姓名写作：{name}"), format!("name as {name}")));
            }
            c.name = n.name;
            c.former_name = n.former;
            c.sex = n.sex;
        }
        Err(reason) => rep.error(g, reason, None),
    }
}

fn id_number(c: &mut ChildDraft, g: &Got, kind: Kind, today: Day, rep: &mut Report) {
    let text = squash(&g.text);
    if is_blank_mark(&text)
        || [
            "无户口",
            "未上户",
            "没有",
            "未办",
            "没办",
            "无身份证",
            "没户口",
            "未登记",
            "无证",
        ]
        .iter()
        .any(|w| text.starts_with(w))
    {
        if text.contains("户口") || text.contains("未上户") {
            c.hukou_registered = Some(false);
        }
        return;
    }
    let paper = matches!(c.id_kind, IdKind::Passport | IdKind::Other);
    if let Cell::Number { value, .. } = g.cell {
        // a number keeps 15 digits, so a whole ID number in it is lost
        if value.abs() >= 1e15 {
            return rep.error(g, id::damaged(), None);
        }
    }
    if !paper && id::is_scientific(&text) {
        return rep.error(g, id::damaged(), None);
    }
    let digits = text.len() == 18 && text.bytes().all(|b| b.is_ascii_digit());
    let parsed = match IdNumber::parse_as(c.id_kind, &g.text) {
        // in a text file nothing shows that a number was rounded but its end
        Ok(_) if !paper && kind == Kind::Csv && digits && text.ends_with("000") => Err(id::damaged()),
        Err(_) if !paper && digits && text.ends_with("000") => Err(id::damaged()),
        other => other,
    };
    match parsed {
        Ok(n) => {
            if c.id_kind == IdKind::Resident && matches!(&n.as_str()[..2], "81" | "82" | "83") {
                c.id_kind = IdKind::Permit;
            }
            if !paper && n.birth().is_some_and(|b| b > today) {
                return rep.error(
                    g,
                    say(
                        "身份证号里的出生日期在今天以后",
                        "the birth date inside the ID number lies in the future",
                    ),
                    None,
                );
            }
            if !paper && !n.region_known() {
                rep.warn(
                    g,
                    say(
                        format!("身份证号开头 {} 不是已知的地区", &n.as_str()[..6]),
                        format!("the ID number begins with an unknown region {}", &n.as_str()[..6]),
                    ),
                    None,
                );
            }
            c.id_no = Some(n);
        }
        Err(reason) => rep.error(g, reason, None),
    }
}

fn sex(c: &mut ChildDraft, got: Option<&Got>, columns: &[Mapped], rep: &mut Report) {
    let inside: Option<Sex> = c
        .id_no
        .as_ref()
        .filter(|_| matches!(c.id_kind, IdKind::Resident | IdKind::Permit))
        .and_then(IdNumber::sex);
    match got {
        Some(g) => match (parse_sex(&g.text), inside) {
            (Some(s), Some(i)) if s != i => {
                rep.warn(
                    g,
                    say(
                        format!("性别和身份证号不一致，身份证号里是{}", i.label().zh),
                        format!("the ID number says {}", i.label().en),
                    ),
                    Some(i.label().zh.into()),
                );
                c.sex = Some(s);
            }
            (Some(s), _) => c.sex = Some(s),
            (None, i) => {
                rep.warn(
                    g,
                    say("性别要写男或女", "sex is 男 or 女"),
                    i.map(|i| i.label().zh.into()),
                );
                c.sex = c.sex.or(i);
            }
        },
        None => {
            if let (None, Some(i)) = (c.sex, inside) {
                c.sex = Some(i);
                let f = rep.empty(
                    columns,
                    Field::Plain(Plain::Sex),
                    say(
                        format!("没填，身份证号里是{}", i.label().zh),
                        format!("empty; the ID number says {}", i.label().en),
                    ),
                    None,
                );
                rep.tidied.push(f);
            }
        }
    }
}

fn birth(
    c: &mut ChildDraft,
    got: Option<&Got>,
    age: Option<&Got>,
    columns: &[Mapped],
    sheet_day: Day,
    today: Day,
    rep: &mut Report,
) {
    let inside = c
        .id_no
        .as_ref()
        .filter(|_| matches!(c.id_kind, IdKind::Resident | IdKind::Permit))
        .and_then(IdNumber::birth);
    if let Some(g) = got {
        let read = match &g.cell {
            Cell::Date(serial) => date::from_serial(*serial)
                .map(|day| date::Dated {
                    day,
                    precision: Precision::Day,
                    serial: false,
                    doubtful: false,
                })
                .ok_or_else(|| date::DateFault {
                    reason: say("不是日期", "not a date"),
                    proposal: None,
                }),
            Cell::Number { value, .. } => date::parse_number(*value, today),
            _ => date::parse_date(&g.text, today),
        };
        let from_id = inside.map(|d| d.to_string());
        match read {
            Err(f) => rep.error(g, f.reason, f.proposal.or(from_id)),
            Ok(d) if d.day > today => rep.error(
                g,
                say("出生日期在今天以后", "the birth date lies in the future"),
                from_id,
            ),
            Ok(d) => {
                c.birth_date = Some(d.day);
                c.birth_precision = d.precision;
                if d.serial {
                    rep.tidy(
                        g,
                        say(
                            format!("日期序号 {}，就是 {}", g.shown, d.day),
                            format!("date serial {} is {}", g.shown, d.day),
                        ),
                    );
                }
                if d.doubtful {
                    rep.warn(
                        g,
                        say(
                            "是1月还是10月？数字格子里 2014.10 会变成 2014.1",
                            "January or October? In a number cell 2014.10 turns into 2014.1",
                        ),
                        from_id.clone(),
                    );
                }
                let same = inside.is_none_or(|i| match d.precision {
                    Precision::Day => i == d.day,
                    Precision::Month => (i.year(), i.month()) == (d.day.year(), d.day.month()),
                    Precision::Year => i.year() == d.day.year(),
                });
                if let (false, Some(i)) = (same, inside) {
                    rep.warn(
                        g,
                        say(
                            format!("出生日期和身份证号不一致，身份证号里是 {i}"),
                            format!("the ID number says {i}"),
                        ),
                        from_id,
                    );
                } else if let (Some(i), true) = (inside, d.precision != Precision::Day) {
                    // the number tells the day, and both agree
                    c.birth_date = Some(i);
                    c.birth_precision = Precision::Day;
                    rep.tidy(
                        g,
                        say(
                            format!("由身份证号补到日：{i}"),
                            format!("day taken from the ID number: {i}"),
                        ),
                    );
                } else if d.day.age_on(today) > 25 {
                    rep.warn(
                        g,
                        say(
                            format!("{}岁，不像在校学生", d.day.age_on(today)),
                            format!("aged {}, hardly a pupil", d.day.age_on(today)),
                        ),
                        None,
                    );
                }
            }
        }
        return;
    }
    if let Some(i) = inside {
        c.birth_date = Some(i);
        let f = rep.empty(
            columns,
            Field::Plain(Plain::BirthDate),
            say(
                format!("没填，身份证号里是 {i}"),
                format!("empty; the ID number says {i}"),
            ),
            None,
        );
        rep.tidied.push(f);
        return;
    }
    if let Some(g) = age {
        let digits: String = squash(&g.text).chars().take_while(char::is_ascii_digit).collect();
        match digits
            .parse::<i16>()
            .ok()
            .filter(|n| (1..=25).contains(n))
            .and_then(|n| Day::new(sheet_day.year() - n, 1, 1))
        {
            Some(day) => {
                c.birth_date = Some(day);
                c.birth_precision = Precision::Year;
                c.birth_estimated = true;
                rep.tidy(
                    g,
                    say(
                        format!("只有岁数，出生年估为 {}", day.year()),
                        format!("only an age: birth year estimated as {}", day.year()),
                    ),
                );
            }
            None => rep.warn(g, say("看不懂的岁数", "an age that cannot be read"), None),
        }
        return;
    }
    if columns.iter().any(|c| c.field == Some(Field::Plain(Plain::BirthDate))) && rep.errors.is_empty() {
        let f = rep.empty(
            columns,
            Field::Plain(Plain::BirthDate),
            say("没填出生日期", "the birth date is empty"),
            None,
        );
        rep.warnings.push(f);
    }
}

fn school(c: &mut ChildDraft, gots: &[Got], opts: &Options, rep: &mut Report) {
    let of = |p: Plain| {
        gots.iter()
            .find(move |g| g.field == Field::Plain(p) && !is_blank_mark(&g.text))
    };
    if let Some(g) = of(Plain::StudentNo) {
        let s: String = squash(&g.text).to_ascii_uppercase();
        let lost = matches!(g.cell, Cell::Number { value, .. } if value.abs() >= 1e15) || id::is_scientific(&s);
        if lost {
            rep.warn(
                g,
                say(
                    "学籍号被Excel改成了数字，没有存",
                    "Excel turned the student number into a quantity; it was not taken",
                ),
                None,
            );
        } else {
            c.student_no = Some(s.trim_matches(|ch| matches!(ch, '\'' | '`')).to_string());
        }
    }
    if let Some(g) = of(Plain::ClassNo) {
        c.class_no = Some(squash(&g.text));
    }
    let cells: Vec<&Got> = gots
        .iter()
        .filter(|g| g.field == Field::Plain(Plain::GradeClass) && !is_blank_mark(&g.text))
        .collect();
    let read = class::read(&cells.iter().map(|g| &g.cell).collect::<Vec<_>>(), opts);
    if let (true, Some(k), Some(g)) = (read.from_day, read.class, cells.first()) {
        rep.tidy(
            g,
            say(
                format!("被Excel改成了日期，读作{}", k.screen()),
                format!("Excel had made a date of it; read as {}", k.screen()),
            ),
        );
    }
    if let (None, None, Some(g)) = (read.class, read.grade, cells.first()) {
        rep.warn(g, say("看不懂的班级", "a class that cannot be read"), None);
    }
    (c.class, c.grade, c.class_text) = (read.class, read.grade, read.text);
}

fn away(c: &mut ChildDraft, gots: &[Got], sheet: &SheetReport, today: Day, rep: &mut Report) {
    for g in gots.iter().filter(|g| g.field == Field::Plain(Plain::AwayKind)) {
        let header = squash(&g.column.header);
        let asks_both = header.contains("双方同时") || header.ends_with("双方外出");
        let asks_one = header.contains("一方外出");
        let found = match (parse_yes_no(&g.text), asks_both, asks_one) {
            (Some(true), true, _) => Some(AwayKind::Both),
            (Some(true), _, true) => Some(AwayKind::One),
            (Some(false), ..) => None,
            _ if is_blank_mark(&g.text) => None,
            _ => {
                let k = parse_away_kind(&g.text);
                if k.is_none() {
                    keep(c, g);
                }
                k
            }
        };
        c.away_kind = c.away_kind.or(found);
    }
    if let Some(g) = gots
        .iter()
        .find(|g| g.field == Field::Plain(Plain::UnableParent) && !is_blank_mark(&g.text))
    {
        keep(c, g);
        // the one who is named stays; so the other is the one away
        if c.away_kind == Some(AwayKind::One) {
            let (f, m) = (
                g.text.contains('父') || g.text.contains('爸'),
                g.text.contains('母') || g.text.contains('妈'),
            );
            c.away_kind = match (f, m) {
                (true, false) => Some(AwayKind::Mother),
                (false, true) => Some(AwayKind::Father),
                _ => c.away_kind,
            };
        }
    }
    for g in gots.iter().filter(|g| g.field == Field::Plain(Plain::LeftBehind)) {
        if squash(&g.text).is_empty() || matches!(squash(&g.text).as_str(), "/" | "-" | "—" | "——") {
            continue;
        }
        match parse_left_behind(&g.text) {
            Some((yes, kind)) => {
                c.left_behind = Some(c.left_behind.unwrap_or(false) || yes);
                c.away_kind = c.away_kind.or(kind);
            }
            None => rep.warn(
                g,
                say("看不出是不是留守儿童", "cannot tell whether the child is left behind"),
                None,
            ),
        }
    }
    if c.left_behind.is_none() && sheet.left_behind && sheet.form != Form::Register {
        c.left_behind = Some(true);
    }
    if let Some(g) = gots
        .iter()
        .find(|g| g.field == Field::Plain(Plain::AwaySince) && !is_blank_mark(&g.text))
    {
        let read = match &g.cell {
            Cell::Date(s) => date::from_serial(*s),
            Cell::Number { value, .. } => date::parse_number(*value, today).ok().map(|d| d.day),
            _ => date::parse_date(&g.text, today).ok().map(|d| d.day),
        };
        match read.filter(|d| *d <= today) {
            Some(d) => c.away_since = Some(d),
            None => keep(c, g),
        }
    }
}

/// Everything mapped that has no place of its own, under its field's name.
fn rest(c: &mut ChildDraft, gots: &[Got]) {
    use Plain::*;
    for g in gots {
        let Field::Plain(p) = g.field else { continue };
        let typed = matches!(
            p,
            RowNo
                | Name
                | FormerName
                | Sex
                | BirthDate
                | Ethnic
                | IdKind
                | IdNo
                | StudentNo
                | ClassNo
                | School
                | GradeClass
                | HukouAddress
                | HukouKind
                | HukouRegistered
                | HomeAddress
                | Village
                | Town
                | Boarder
                | Health
                | LeftBehind
                | AwayKind
                | UnableParent
                | AwaySince
                | ParentsName
                | ParentsPlace
                | ParentsPhone
                | ParentsJob
                | Phone
                | CareRating
        );
        // 否 and 无 are answers to a question that the header asks
        let asks = g.column.header.contains("是否") || g.column.header.contains("有无");
        if !typed && (!is_blank_mark(&g.text) || asks) {
            keep(c, g);
        }
    }
}

/// Keeps a text under its field's name; a second column of the same field is added with its header.
pub fn keep(c: &mut ChildDraft, g: &Got) {
    let text = tidy(&g.text);
    let asks = parse_yes_no(&text).is_some() && g.column.header != g.field.label().zh;
    let text = if asks {
        format!("{}：{text}", g.column.header)
    } else {
        text
    };
    let slot = c.extra.entry(g.field.name()).or_default();
    if slot.is_empty() {
        *slot = text;
    } else if *slot != text {
        slot.push('；');
        slot.push_str(&text);
    }
}

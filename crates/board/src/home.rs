//! 今天 by role: who leads sees what waits for a decision beside the own duties, a counsellor the key children, an administrator
//! the places to go to; everyone else the plain Today (screens.md §5.3, §5.19).

use crate::dashboard::{asks, look, sentences, standing};
use crate::school::{Period, keys, read};
use crate::words::{child_href, day, pick, w};
use maud::html;
use std::collections::HashMap;
use tx_access::Role;
use tx_base::{Id, Result, Text, t};
use tx_duties::Beside;
use tx_store::{Class, Conn, params};
use tx_web::pages::may_open;
use tx_web::parts::dashboard::{coverage_card, week_card};
use tx_web::parts::marks::{Link, Piece, Pill};
use tx_web::parts::today::{NoteRow, note_row};
use tx_web::{Ctx, Reply, Route, Who};

pub static ROUTES: &[Route] = &[Route::get("/", Who::SignedIn, Class::P, show).says(t("今天", "Today"))];

/// Key children beside a counsellor's duties.
const KEYS: usize = 8;

fn show(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    let beside = match (&scope.school, scope.role()) {
        (None, _) => places(ctx)?,
        (Some(k), Role::Head | Role::Leader) => leading(ctx, k.id)?,
        (Some(k), Role::Counsellor) => counselling(ctx, k.id)?,
        // an administrator who holds nothing else in the school
        (Some(_), Role::Admin | Role::County) if scope.roles.len() == 1 => places(ctx)?,
        (Some(k), Role::Admin | Role::County) if scope.is(Role::Head) => leading(ctx, k.id)?,
        _ => Beside::default(),
    };
    tx_duties::today(ctx, beside)
}

fn leading(ctx: &Ctx, school: Id) -> Result<Beside> {
    let (s, b) = ctx.read(|c| look(ctx, c, school, Period::Month))?;
    let notes = asks(ctx, &s, &b)?;
    let mut view = standing(&s, &b, Period::Month, false, ctx.lang);
    view.coverage_order = Some(Link::new(
        w(ctx.lang, t("看全校", "See the school")),
        crate::dashboard::PATH,
    ));
    Ok(Beside {
        lead: sentences(&s, &b, Period::Month, ctx.lang),
        title: t("请您处理", "For you"),
        waiting: notes.len(),
        none: t("没有要您处理的。", "Nothing waits for you."),
        notes,
        school: true,
        below: Some(html! { (coverage_card(ctx.lang, &view)) (week_card(&view)) }),
        read: Some(s.read()),
    })
}

fn counselling(ctx: &Ctx, school: Id) -> Result<Beside> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let (s, all) = ctx.read(|c| Ok((read(c, scope, school, Period::Month)?, keys(c, scope, school)?)))?;
    let seen = all.iter().filter_map(|(id, on)| Some((s.child(*id)?, *on)));
    let seen: Vec<_> = seen.filter(|(k, _)| k.sight.sensitive).collect();
    let mut notes: Vec<NoteRow> = seen
        .iter()
        .take(KEYS)
        .map(|(k, on)| {
            let due = on.is_some_and(|d| d <= s.on);
            let review = on.map(|d| match due {
                true => w(lang, t("该复查了", "to be reviewed")),
                false => pick(lang, format!("{} 复查", day(lang, d)), format!("review on {d}")),
            });
            NoteRow {
                icon: "kids",
                tone: if due { Pill::Due } else { Pill::Info },
                title: k.name.clone(),
                text: [k.class_name.clone(), review]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · "),
                act: see(ctx, child_href(ctx, k.id)),
            }
        })
        .collect();
    if seen.len() > KEYS {
        notes.push(NoteRow {
            icon: "kids",
            tone: Pill::Ok,
            title: pick(
                lang,
                format!("重点孩子一共 {} 名", seen.len()),
                format!("{} key children in all", seen.len()),
            ),
            text: String::new(),
            act: see(ctx, "/children?view=key".into()),
        });
    }
    Ok(Beside {
        title: t("重点孩子", "Key children"),
        none: t("现在没有重点帮扶对象。", "No key children at present."),
        notes,
        read: Some(s.read()),
        ..Beside::default()
    })
}

fn see(ctx: &Ctx, href: String) -> Option<Link> {
    (!href.is_empty()).then(|| Link::new(w(ctx.lang, t("看", "See")), href))
}

/// Where an administrator or officer of the county can go.
const PLACES: [(&str, &str, Text, Text); 9] = [
    (
        "/figures",
        "chart",
        t("各校的数", "Counts by school"),
        t("只有数，没有姓名", "Counts without names"),
    ),
    (
        "/people",
        "fam",
        t("人员", "People"),
        t("加人、给角色、重发首次密码", "Accounts, roles, first passwords"),
    ),
    (
        "/school",
        "room",
        t("学校", "Schools"),
        t("概况、领导小组和班级", "Profile, leading group, classes"),
    ),
    (
        "/calendar/terms",
        "cal",
        t("学期", "Terms"),
        t("开学、放假和调休", "First and last days, holidays"),
    ),
    (
        "/scheme",
        "doc",
        t("关爱方案", "Care scheme"),
        t("谁多久为孩子做什么", "Who does what for a child how often"),
    ),
    (
        "/setup",
        "flag",
        t("首次设置", "First set-up"),
        t("建一所学校的五步", "Five steps for a new school"),
    ),
    (
        "/definitions",
        "kids",
        t("留守口径", "Definitions"),
        t("全县按什么数算", "By which numbers the county counts"),
    ),
    (
        "/system",
        "gear",
        t("系统和备份", "System and backups"),
        t("最近一次备份、磁盘、主密钥", "Last backup, disk, master key"),
    ),
    (
        "/me",
        "lock",
        t("密码和设备", "Password and devices"),
        t("自己的密码、第二重验证和登录", "Your password, second factor, sign-ins"),
    ),
];

/// A school in a line: how many people have an account, and whether someone leads it.
struct Line {
    code: String,
    name: String,
    accounts: i64,
    head: bool,
}

fn lines(c: &Conn, county: Id, on: tx_base::Day) -> Result<Vec<Line>> {
    let sql = "select school_id, count(*) from accounts where county_id = ?1 and school_id is not null and disabled_at is null group by school_id order by school_id";
    let counts: HashMap<Id, i64> = c
        .query(sql, params![county])?
        .iter()
        .map(|r| (r.id(0), r.int(1)))
        .collect();
    let sql = "select distinct school_id from grants where county_id = ?1 and held = 'role:head' and school_id is not null and from_day <= ?2 \
        and (to_day is null or to_day >= ?2) order by school_id";
    let led: Vec<Id> = c.query(sql, params![county, on])?.iter().map(|r| r.id(0)).collect();
    let sql = "select id, code, name from schools where county_id = ?1 order by code, id";
    Ok(c.query(sql, params![county])?
        .iter()
        .map(|r| Line {
            code: r.text(1),
            name: r.text(2),
            accounts: counts.get(&r.id(0)).copied().unwrap_or(0),
            head: led.contains(&r.id(0)),
        })
        .collect())
}

fn places(ctx: &Ctx) -> Result<Beside> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let all = ctx.read(|c| lines(c, scope.county, scope.today))?;
    let people = may_open(ctx, "/people");
    let notes: Vec<NoteRow> = PLACES
        .iter()
        .filter(|(href, ..)| may_open(ctx, href))
        .map(|(href, icon, name, text)| NoteRow {
            icon,
            tone: Pill::Info,
            title: w(lang, *name),
            text: w(lang, *text),
            act: Some(Link::new(w(lang, t("打开", "Open")), *href)),
        })
        .collect();
    let schools = all.iter().map(|k| {
        let count = pick(
            lang,
            format!("{} 个账号", k.accounts),
            format!("{} accounts", k.accounts),
        );
        NoteRow {
            icon: "room",
            tone: if k.head { Pill::Ok } else { Pill::Due },
            title: k.name.clone(),
            text: [
                k.code.clone(),
                count,
                if k.head {
                    String::new()
                } else {
                    w(lang, t("还没有校长", "no head yet"))
                },
            ]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
            act: see(
                ctx,
                format!("{}?school={}", if people { "/people" } else { "/school" }, k.code),
            ),
        }
    });
    let below = html! {
        div.sec { h2 { (w(lang, t("各校", "The schools"))) } }
        section.card.its { @for n in schools { (note_row(&n)) } }
    };
    let stop = Piece::Text(pick(lang, "。", "."));
    let mut lead = vec![vec![Piece::Text(w(lang, scope.role().sentence())), stop]];
    if all.is_empty() {
        lead.push(vec![Piece::Text(w(
            lang,
            t(
                "还没有学校，从首次设置开始。",
                "There is no school yet; begin with the first set-up.",
            ),
        ))]);
    } else {
        lead.push(vec![
            Piece::Strong(all.len().to_string()),
            Piece::Text(pick(lang, " 所学校，", " schools, ")),
            Piece::Strong(all.iter().map(|k| k.accounts).sum::<i64>().to_string()),
            Piece::Text(pick(lang, " 个账号。", " accounts.")),
        ]);
    }
    Ok(Beside {
        lead,
        title: t("去哪里", "Where to"),
        notes,
        below: (!all.is_empty()).then_some(below),
        ..Beside::default()
    })
}

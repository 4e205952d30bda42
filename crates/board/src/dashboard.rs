//! 全校一览: the school in two sentences, its classes, what waits for the head (screens.md §5.19). Classes stand beside each
//! other; teachers are never ranked.

use crate::calendar::NO_CLASS;
use crate::cell::{RuleWords, accounts, duty_name, rules};
use crate::school::{Period, School, calls_planned, quiet, read, reviews, talked};
use crate::words::{child_href, day, pick, w};
use std::collections::{BTreeMap, HashMap, HashSet};
use tx_access::Role;
use tx_base::{Day, Id, Lang, Result, Span, t};
use tx_calendar::Festival;
use tx_duty::{Duty, Subject, coverage_by, in_time_by_week};
use tx_store::{Class, Conn, params};
use tx_web::pages::may_open;
use tx_web::parts::dashboard::{DashView, page};
use tx_web::parts::frame::Top;
use tx_web::parts::lists::{BarRow, Tab};
use tx_web::parts::marks::{Link, Mark, Piece, Pill};
use tx_web::parts::today::NoteRow;
use tx_web::pictures::{ClassPanel, CoveragePicture};
use tx_web::{Ctx, Reply, Route, Who};

/// The page of the whole school.
pub const PATH: &str = "/school/board";

/// Who looks at the whole school.
pub const WHO: Who = Who::Roles(&[Role::Head, Role::Leader, Role::Counsellor, Role::Inspector]);

pub static ROUTES: &[Route] = &[Route::get(PATH, WHO, Class::P, show)
    .says(t("全校一览", "The school at a glance"))
    .query(&[
        (
            "p",
            "string",
            t("m 本月，t 本学期，y 本学年", "m month, t term, y school year"),
        ),
        ("order", "string", t("late = 逾期多的在前", "late = most overdue first")),
    ])];

/// Bars of how far.
const BARS: usize = 6;
/// Overdue duties of one class from which the head hears of it.
const MANY: usize = 3;

/// What stands beside the reading of the school.
pub(crate) struct Beside {
    talked: usize,
    quiet: Vec<crate::school::Quiet>,
    planned: usize,
    reviews: usize,
    drafts: i64,
    teachers: HashMap<Id, String>,
    week: Vec<(Day, String)>,
    /// The rules of the scheme in words.
    rules: HashMap<String, RuleWords>,
}

/// Reads the school and what stands beside it.
pub(crate) fn look(ctx: &Ctx, c: &Conn, school: Id, period: Period) -> Result<(School, Beside)> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let s = read(c, scope, school, period)?;
    let listed: HashSet<Id> = s.listed().map(|k| k.id).collect();
    let quiet = quiet(c, scope, school, &listed)?;
    let planned = calls_planned(c, scope, school)?;
    let b = Beside {
        talked: talked(c, scope, school, s.span, &listed)?.len(),
        planned: quiet.iter().filter(|q| planned.contains(&q.child)).count(),
        quiet,
        reviews: reviews(c, scope, school)?.len(),
        drafts: c.count(
            "select count(*) from schemes where county_id = ?1 and school_id = ?2 and state = 'draft'",
            params![scope.county, school],
        )?,
        teachers: teachers(c, scope.county, school, s.on)?,
        week: week(c, scope.county, school, &s, lang)?,
        rules: rules(c, scope.county, school, scope.today, lang)?,
    };
    Ok((s, b))
}

fn address(p: Period, late_first: bool) -> String {
    format!("{PATH}?p={}{}", p.code(), if late_first { "&order=late" } else { "" })
}

/// How the classes stand and what the week brings: on this page and on Today.
pub(crate) fn standing(s: &School, b: &Beside, period: Period, late_first: bool, lang: Lang) -> DashView {
    let panels = panels(s, late_first, lang);
    let started = panels.panels.iter().any(|p| p.points.iter().any(Option::is_some));
    DashView {
        coverage_title: w(lang, t("各班完成率", "In time, by class")),
        coverage_note: w(
            lang,
            t(
                "本学期逐周，虚线是全校中位",
                "by week of this term; dashed: the school's median",
            ),
        ),
        coverage_order: Some(if late_first {
            Link::new(w(lang, t("按班级", "By class")), address(period, false))
        } else {
            Link::new(w(lang, t("逾期多的在前", "Most overdue first")), address(period, true))
        }),
        coverage_empty: if started { String::new() } else { not_yet(s, lang) },
        coverage: panels,
        week_title: w(lang, t("本周", "This week")),
        week: week_rows(&b.week, lang),
        ..Default::default()
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let school = scope.the_school()?.clone();
    let period = Period::parse(ctx.q("p"))?;
    let late_first = ctx.q("order") == Some("late");
    let (s, b) = ctx.read(|c| look(ctx, c, school.id, period))?;
    let tab = |p, name| Tab::new(w(lang, name), address(p, late_first), p == period);
    let mut asks = asks(ctx, &s, &b)?;
    asks.extend(own(ctx, &s)?);
    let weeks = s
        .calendar
        .week_of(s.on)
        .map(|(_, n)| pick(lang, format!("第{n}周"), format!("week {n}")));
    let view = DashView {
        top: Top {
            title: school.name.clone(),
            sub: [Some(day(lang, s.on)), weeks].into_iter().flatten().collect(),
            switch: vec![
                tab(Period::Month, t("本月", "Month")),
                tab(Period::Term, t("本学期", "Term")),
                tab(Period::Year, t("本学年", "School year")),
            ],
            search: true,
            buttons: may_open(ctx, "/reports")
                .then(|| Link::new(w(lang, t("写总结", "Write a summary")), "/reports").icon("doc"))
                .into_iter()
                .collect(),
            print: true,
        },
        sentences: sentences(&s, &b, period, lang),
        asks_title: w(lang, t("请您处理", "For you")),
        asks_note: if asks.is_empty() {
            String::new()
        } else {
            pick(lang, format!("{} 件", asks.len()), asks.len().to_string())
        },
        asks,
        asks_empty: w(lang, t("没有要您处理的。", "Nothing waits for you.")),
        far_title: pick(
            lang,
            format!("{}做到哪了", period_name(&s, period, lang)),
            format!("How far, {}", period_name(&s, period, lang)),
        ),
        far_note: if period == Period::Month {
            w(lang, t("虚线是今天", "dashed: today"))
        } else {
            String::new()
        },
        far: far(&s, &b, period, lang),
        far_today: (period == Period::Month).then(|| f64::from(s.on.day()) / f64::from(s.on.last_of_month().day())),
        ..standing(&s, &b, period, late_first, lang)
    };
    crate::words::page(ctx, t("全校一览", "The school at a glance"), "board", page(lang, &view))
}

/// The list behind a number.
fn rows(of: &str, period: Period) -> String {
    format!("{}?of={of}&p={}", crate::rows::PATH, period.code())
}

fn num(value: usize, of: &str, period: Period, bad: bool) -> Piece {
    Piece::Num {
        value: value.to_string(),
        fig: of.split('&').next().unwrap_or_default().into(),
        href: if value > 0 { rows(of, period) } else { String::new() },
        bad: bad && value > 0,
    }
}

pub fn period_name(s: &School, period: Period, lang: Lang) -> String {
    match (period, lang) {
        (Period::Month, Lang::Zh) => {
            let months = [
                "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
            ];
            format!("{}月", months[(s.on.month() - 1) as usize])
        }
        (Period::Month, Lang::En) => s.on.month_key(),
        (Period::Term, _) => w(lang, t("本学期", "this term")),
        (Period::Year, _) => w(lang, t("本学年", "this school year")),
    }
}

fn by_class(s: &School) -> Vec<(usize, usize)> {
    let class_of = s.class_of();
    let mut out: Vec<(usize, usize)> = (0..s.classes.len()).map(|i| (i, 0)).collect();
    for d in s.overdue() {
        let class = match d.subject {
            Subject::Child(id) => class_of.get(&id).copied(),
            Subject::Class(id) => Some(id),
            Subject::School(_) => None,
        };
        if let Some(i) = class.and_then(|k| s.classes.iter().position(|c| c.id == k)) {
            out[i].1 += 1;
        }
    }
    out
}

pub(crate) fn sentences(s: &School, b: &Beside, period: Period, lang: Lang) -> Vec<Vec<Piece>> {
    let text = |zh: &str, en: &str| Piece::Text(pick(lang, zh, en));
    let late = s.overdue().count();
    let name = period_name(s, period, lang);
    let mut first = vec![
        num(s.listed().count(), "children", period, false),
        Piece::Text(pick(
            lang,
            format!(" 名孩子，{name}已谈心 "),
            format!(" children; talked with in {name}: "),
        )),
        num(b.talked, "talked", period, false),
        text(" 名。", ". "),
    ];
    if late == 0 {
        first.push(text("没有逾期的。", "Nothing is overdue."));
    } else {
        first.push(num(late, "overdue", period, true));
        first.push(text(" 件逾期", " overdue"));
        let mut worst = by_class(s);
        worst.sort_by_key(|(i, n)| (std::cmp::Reverse(*n), *i));
        let some: Vec<(usize, usize)> = worst
            .iter()
            .copied()
            .filter(|(i, n)| *n > 0 && s.classes[*i].is_class())
            .collect();
        let (two, sum) = (
            &some[..some.len().min(2)],
            some.iter().take(2).map(|(_, n)| n).sum::<usize>(),
        );
        // worth saying only when the rest is spread over other classes
        if some.len() > 2 && sum * 5 >= late * 2 {
            let codes: Vec<&str> = two.iter().map(|(i, _)| s.classes[*i].code.as_str()).collect();
            let names: Vec<&str> = two
                .iter()
                .map(|(i, _)| s.classes[*i].name.trim_end_matches('班'))
                .collect();
            first.push(text("，", ", "));
            first.push(num(sum, &format!("overdue&class={}", codes.join(",")), period, true));
            first.push(Piece::Text(pick(
                lang,
                format!(" 件在{}两个班。", names.join("、")),
                format!(" of them in {}.", names.join(", ")),
            )));
        } else {
            first.push(text("。", "."));
        }
    }
    let mut second = vec![
        num(b.quiet.len(), "quiet", period, true),
        text(
            " 名孩子超过 45 天没和父母说上话",
            " children have not spoken with their parents for over 45 days",
        ),
    ];
    if b.planned > 0 {
        second.push(text("，", ", "));
        second.push(Piece::Strong(b.planned.to_string()));
        second.push(text(" 名已约好本周通话", " of them have a call planned this week"));
    }
    second.push(text("。", "."));
    vec![first, second]
}

fn not_yet(s: &School, lang: Lang) -> String {
    match &s.term {
        Some(term) if term.from > s.on => pick(
            lang,
            format!("放假了。下学期{}开始。", term.from.zh_short()),
            format!("Holidays. The next term begins on {}.", term.from),
        ),
        Some(_) if s.listed().next().is_none() => {
            w(lang, t("名单上还没有孩子。", "There are no children on the list yet."))
        }
        Some(_) => w(
            lang,
            t(
                "这学期才开始，还没有到期的事。",
                "The term has just begun; nothing has fallen due.",
            ),
        ),
        None => w(lang, t("校历里没有学期。", "The calendar has no term.")),
    }
}

fn panels(s: &School, late_first: bool, lang: Lang) -> CoveragePicture {
    let Some(term) = s.term.as_ref().filter(|t| t.from <= s.on) else {
        return CoveragePicture::default();
    };
    let weeks: Vec<Span> = s.calendar.weeks(term);
    let class_of = s.class_of();
    let mut by: HashMap<Id, Vec<&Duty>> = HashMap::new();
    for d in &s.duties {
        let class = match d.subject {
            Subject::Child(id) => class_of.get(&id).copied(),
            Subject::Class(id) => Some(id),
            Subject::School(_) => None,
        };
        if let Some(class) = class {
            by.entry(class).or_default().push(d);
        }
    }
    let late = by_class(s);
    let mut order: Vec<usize> = (0..s.classes.len()).collect();
    if late_first {
        order.sort_by_key(|i| std::cmp::Reverse(late[*i].1));
    }
    let panels: Vec<ClassPanel> = order
        .into_iter()
        .map(|i| {
            let k = &s.classes[i];
            let points: Vec<Option<f64>> = in_time_by_week(by.get(&k.id).into_iter().flatten().copied(), &weeks, s.on)
                .iter()
                .map(|w| (w.owed > 0).then(|| 100.0 * f64::from(w.done) / f64::from(w.owed)))
                .collect();
            let n = s.listed().filter(|c| c.class.unwrap_or(NO_CLASS) == k.id).count();
            ClassPanel {
                id: k.code.clone(),
                name: k.name.clone(),
                count: pick(lang, format!("{n} 人"), n.to_string()),
                value: points
                    .iter()
                    .rev()
                    .flatten()
                    .next()
                    .map(|v| format!("{v:.0}%"))
                    .unwrap_or_default(),
                points,
                late: late[i].1 as u32,
                href: format!("/calendar?class={}", k.code),
            }
        })
        .collect();
    let length = panels.iter().map(|p| p.points.len()).max().unwrap_or(0);
    let median = (0..length)
        .map(|w| median(panels.iter().filter_map(|p| *p.points.get(w)?).collect()))
        .collect();
    let count = s.classes.iter().filter(|k| k.is_class()).count();
    CoveragePicture {
        label: pick(
            lang,
            format!("{count} 个班的关爱完成率"),
            format!("Duties done in time in {count} classes"),
        ),
        panels,
        median,
    }
}

/// The middle value; of an even number the mean of the two in the middle.
fn median(mut list: Vec<f64>) -> Option<f64> {
    list.sort_by(f64::total_cmp);
    let n = list.len();
    match n {
        0 => None,
        n if n % 2 == 1 => Some(list[n / 2]),
        n => Some((list[n / 2 - 1] + list[n / 2]) / 2.0),
    }
}

fn far(s: &School, b: &Beside, period: Period, lang: Lang) -> Vec<BarRow> {
    let by: BTreeMap<(String, String), tx_duty::Coverage> =
        coverage_by(s.of_period(), |d| Some((d.rule.to_string(), d.kind.to_string())));
    let mut list: Vec<_> = by.into_iter().collect();
    list.sort_by_key(|(_, c)| std::cmp::Reverse(c.owed));
    list.truncate(BARS);
    let name = |rule: &str, kind: &str| duty_name(&b.rules, rule, kind, lang);
    let names: Vec<String> = list.iter().map(|((rule, kind), _)| name(rule, kind)).collect();
    let one = |(i, ((rule, kind), c)): (usize, ((String, String), tx_duty::Coverage))| {
        // two rules of one name are told apart by whom they are for
        let twice = names.iter().filter(|n| **n == names[i]).count() > 1;
        let whom = b.rules.get(&rule).filter(|_| twice).map(|r| r.whom.as_str());
        BarRow {
            seal: tx_duties::seal_of(&kind, Mark::Done),
            label: [Some(names[i].as_str()), whom]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            done: c.done,
            of: c.owed,
            href: if c.done > 0 {
                // one rule may ask for several kinds: what was promised
                rows(&format!("done&rule={rule}&kind={kind}"), period)
            } else {
                String::new()
            },
            fig: rule,
        }
    };
    list.into_iter().enumerate().map(one).collect()
}

/// Class teachers today, by class.
fn teachers(c: &Conn, county: Id, school: Id, on: Day) -> Result<HashMap<Id, String>> {
    let names = accounts(c, county, school)?;
    let sql = "select class_id, account_id from posts where county_id = ?1 and school_id = ?2 and post = 'class_teacher' and class_id is not null \
        and account_id is not null and from_day <= ?3 and (to_day is null or to_day >= ?3) order by from_day, id";
    let rows = c.query(sql, params![county, school, on])?;
    Ok(rows
        .iter()
        .filter_map(|r| Some((r.id(0), names.get(&r.id(1))?.clone())))
        .collect())
}

/// What waits for who leads; nobody else has something to settle.
pub(crate) fn asks(ctx: &Ctx, s: &School, b: &Beside) -> Result<Vec<NoteRow>> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    if !scope.is(Role::Head) && !scope.is(Role::Leader) {
        return Ok(Vec::new());
    }
    let see = |href: String| Link::new(w(lang, t("看", "See")), href);
    let row = |icon, tone, title: String, text: String, act: Option<Link>| NoteRow {
        icon,
        tone,
        title,
        text,
        act: act.filter(|a| !a.href.is_empty()),
    };
    let mut out = Vec::new();
    // what a school lacks comes first: without it nothing else is owed
    if s.children.is_empty() {
        let import = may_open(ctx, "/import");
        out.push(row(
            "kids",
            Pill::Due,
            w(lang, t("还没有孩子的名单", "There are no children yet")),
            w(lang, t("把花名册导进来", "Import the roster")),
            import.then(|| Link::new(w(lang, t("导入", "Import")), "/import")),
        ));
    }
    if b.rules.is_empty() {
        out.push(row(
            "doc",
            Pill::Due,
            w(lang, t("还没有关爱方案", "There is no care scheme yet")),
            w(lang, t("选一个，该做的就排出来了", "Choose one, and duties follow")),
            may_open(ctx, "/scheme").then(|| see("/scheme".into())),
        ));
    }
    let without: Vec<&str> = s
        .classes
        .iter()
        .filter(|k| k.is_class() && !b.teachers.contains_key(&k.id))
        .map(|k| k.name.as_str())
        .collect();
    if !without.is_empty() {
        out.push(row(
            "fam",
            Pill::Due,
            pick(
                lang,
                format!("{} 个班还没有班主任", without.len()),
                format!("{} classes have no class teacher", without.len()),
            ),
            without[..without.len().min(3)].join(&pick(lang, "、", ", ")),
            may_open(ctx, "/classes").then(|| see("/classes".into())),
        ));
    }
    let unclassed = s.unclassed();
    if unclassed > 0 {
        out.push(row(
            "room",
            Pill::Due,
            pick(
                lang,
                format!("{unclassed} 名孩子还没有分班"),
                format!("{unclassed} children have no class"),
            ),
            w(
                lang,
                t("分了班，该做的才有人负责", "In a class, someone owes what is due"),
            ),
            Some(see("/calendar?class=none".into())),
        ));
    }
    let mut worst = by_class(s);
    worst.retain(|(i, _)| s.classes[*i].is_class());
    worst.sort_by_key(|(i, n)| (std::cmp::Reverse(*n), *i));
    for (i, n) in worst.into_iter().filter(|(_, n)| *n >= MANY).take(3) {
        let k = &s.classes[i];
        let who = b
            .teachers
            .get(&k.id)
            .map(|t| pick(lang, format!("班主任 {t}"), format!("class teacher {t}")));
        out.push(row(
            "warn",
            Pill::Late,
            pick(
                lang,
                format!("{} {n} 件逾期", k.name),
                format!("{}: {n} overdue", k.name),
            ),
            who.unwrap_or_else(|| w(lang, t("还没有班主任", "no class teacher yet"))),
            Some(see(format!("/calendar?class={}&order=late", k.code))),
        ));
    }
    for q in b.quiet.iter().take(3) {
        let Some(k) = s.child(q.child) else { continue };
        out.push(row(
            "bell",
            Pill::Due,
            pick(
                lang,
                format!("{} {} 天没通话", k.name, q.days),
                format!("{}: {} days without a call", k.name, q.days),
            ),
            k.class_name.clone().unwrap_or_default(),
            Some(see(child_href(ctx, k.id))),
        ));
    }
    let nobody = s.overdue().filter(|d| d.owner.is_none()).count();
    if nobody > 0 {
        out.push(row(
            "fam",
            Pill::Due,
            pick(
                lang,
                format!("{nobody} 件逾期没有人负责"),
                format!("{nobody} overdue with nobody in the post"),
            ),
            w(lang, t("把岗位派给人，就有人收到", "Give the post to someone")),
            Some(see(rows("nobody", Period::Month))),
        ));
    }
    if b.reviews > 0 {
        out.push(row(
            "kids",
            Pill::Info,
            pick(
                lang,
                format!("{} 名重点孩子该复查了", b.reviews),
                format!("{} key children to be reviewed", b.reviews),
            ),
            String::new(),
            Some(see(rows("review", Period::Month))),
        ));
    }
    for l in ctx
        .read(|c| tx_pairing::lapses(c, scope.county, scope.the_school()?.id, scope.today))?
        .iter()
        .take(5)
    {
        let (name, n) = (&l.name, l.children);
        let title = match l.valid_to {
            None => pick(
                lang,
                format!("{name}的核查过期了"),
                format!("The check of {name} has run out"),
            ),
            Some(to) if to == scope.today => pick(
                lang,
                format!("{name}的核查到今天为止"),
                format!("The check of {name} ends today"),
            ),
            Some(to) => pick(
                lang,
                format!("{name}的核查到{}为止", to.zh_short()),
                format!("The check of {name} ends on {to}"),
            ),
        };
        let text = match l.valid_to {
            None => pick(
                lang,
                format!("现在看不到 {n} 个孩子"),
                format!("sees none of {n} children now"),
            ),
            Some(_) => pick(
                lang,
                format!("过后看不到 {n} 个孩子，先重新核查"),
                format!("then sees none of {n} children; check again before"),
            ),
        };
        let tone = if l.valid_to.is_none() { Pill::Late } else { Pill::Due };
        out.push(row(
            "lock",
            tone,
            title,
            text,
            Some(see(format!("/pairing/helpers/{}", l.helper))),
        ));
    }
    if b.drafts > 0 && may_open(ctx, "/scheme") {
        let text = w(lang, t("改好了，还没发布", "changed, not published"));
        out.push(row(
            "doc",
            Pill::Info,
            w(lang, t("关爱方案有草稿", "The care scheme has a draft")),
            text,
            Some(see("/scheme".into())),
        ));
    }
    Ok(out)
}

/// The reader's own duties, which stand on Today.
fn own(ctx: &Ctx, s: &School) -> Result<Option<NoteRow>> {
    let (scope, lang) = (ctx.scope()?, ctx.lang);
    let mine = |d: &&Duty| d.state.is_live() && d.owner == Some(scope.account);
    let n = s.duties.iter().filter(mine).count();
    Ok((n > 0).then(|| NoteRow {
        icon: "sun",
        tone: Pill::Ok,
        title: pick(lang, format!("您自己还有 {n} 件"), format!("{n} of your own")),
        text: w(lang, t("在“今天”里", "on Today")),
        act: Some(Link::new(w(lang, t("看", "See")), "/")),
    }))
}

/// What this week brings: planned records, festivals, birthdays, what falls due.
fn week(c: &Conn, county: Id, school: Id, s: &School, lang: Lang) -> Result<Vec<(Day, String)>> {
    let (monday, sunday) = (s.on.monday(), s.on.monday().plus(6));
    let mut out = Vec::new();
    let sql = "select r.on_day, r.kind, r.title, r.child_count from records r where r.county_id = ?1 and r.school_id = ?2 and r.state = 'planned' \
        and r.deleted_at is null and r.on_day >= ?3 and r.on_day <= ?4 order by r.on_day, r.id limit 12";
    for r in c.query(sql, params![county, school, monday, sunday])? {
        let name = tx_duties::kind_name(r.str(1), lang);
        let what = match (r.opt_text(2), r.int(3)) {
            (Some(title), _) if !title.is_empty() => format!("{name} {title}"),
            (_, 0) => name,
            (_, n) => pick(lang, format!("{name}，{n} 个孩子"), format!("{name}, {n} children")),
        };
        out.push((r.day(0), what));
    }
    for f in Festival::ALL {
        for year in [monday.year(), sunday.year()].into_iter().collect::<HashSet<_>>() {
            if let Some(d) = f.day(year).filter(|d| (monday..=sunday).contains(d)) {
                out.push((d, w(lang, f.name())));
            }
        }
    }
    for k in s.listed().filter(|k| k.sight.personal) {
        let Some(born) = k.birth_date else { continue };
        let same = (0..7)
            .map(|i| monday.plus(i))
            .find(|d| (d.month(), d.day()) == (born.month(), born.day()));
        if let Some(d) = same {
            out.push((
                d,
                pick(lang, format!("{}生日", k.name), format!("{}'s birthday", k.name)),
            ));
        }
    }
    let mut due: BTreeMap<(Day, &str), usize> = BTreeMap::new();
    for d in s
        .duties
        .iter()
        .filter(|d| d.state == tx_duty::State::Open && (s.on..=sunday).contains(&d.window.to))
    {
        *due.entry((d.window.to, &*d.kind)).or_default() += 1;
    }
    for ((day, kind), n) in due {
        let name = tx_duties::kind_name(kind, lang);
        out.push((
            day,
            pick(lang, format!("{name}到期 {n} 件"), format!("{name}: {n} fall due")),
        ));
    }
    out.sort_by_key(|(d, _)| *d);
    out.truncate(8);
    Ok(out)
}

fn week_rows(list: &[(Day, String)], lang: Lang) -> Vec<(String, String)> {
    if list.is_empty() {
        return vec![(
            String::new(),
            w(lang, t("本周没有安排。", "Nothing is planned this week.")),
        )];
    }
    list.iter()
        .map(|(d, what)| {
            let weekday = match lang {
                Lang::Zh => d.zh_weekday().replace("星期", "周"),
                Lang::En => {
                    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][d.since(d.monday()) as usize % 7].to_owned()
                }
            };
            (weekday, what.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0]), Some(3.0));
        assert_eq!(median(vec![9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 100.0]), Some(3.0));
    }
}

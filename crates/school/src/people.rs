//! The people of a school: adults, their accounts, roles and posts with who approved them and until when (features L1, security.md §1).

use crate::tables::POSTS;
use std::collections::HashMap;
use tx_access::{ACCOUNTS, GRANTS, NewAccount, NewGrant, Post, Role, Scope, add_account, directory, grant};
use tx_base::{Day, Fault, FieldFault, Id, Result, Say, Text, Time, say, t};
use tx_calendar::SchoolYear;
use tx_store::{Conn, Write, params, row};

/// Something to hold: a role, a post with rights, or a post that only owns duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Role(Role),
    Post(Post),
    /// owns duties of the scheme and opens nothing
    Duty(tx_duty::Post),
}

impl Held {
    /// By its code: of a role, of a post, of a post of duties.
    pub fn parse(code: &str) -> Option<Held> {
        Role::parse(code)
            .map(Held::Role)
            .or_else(|| Post::parse(code).map(Held::Post))
            .or_else(|| code.parse().ok().filter(|p| DUTY_POSTS.contains(p)).map(Held::Duty))
    }
    pub fn code(self) -> &'static str {
        match self {
            Held::Role(r) => r.code(),
            Held::Post(p) => p.code(),
            Held::Duty(p) => p.code(),
        }
    }
    pub fn name(self) -> Text {
        match self {
            Held::Role(r) => r.name(),
            Held::Post(p) => p.name(),
            Held::Duty(p) => p.name(),
        }
    }
    /// What it lets one see and do, in a sentence.
    pub fn sentence(self) -> Text {
        match self {
            Held::Role(r) => r.sentence(),
            Held::Post(Post::Office) => t(
                "管名单、校历、方案草稿和总结，看全校的孩子",
                "Keeps roster, calendar, draft scheme and summaries; sees the school's children",
            ),
            Held::Post(Post::Nurse) => t("记体检和健康，看不到谈心", "Writes health checks; sees no talks"),
            Held::Post(Post::Store) => t(
                "管物品、图书和发放，不看孩子的档案",
                "Keeps goods, books and gifts; no children's files",
            ),
            Held::Post(Post::Room) => t("管关爱室的开放和签到", "Keeps the care room and its sign-in"),
            Held::Post(Post::Organiser) => t("办活动，看名单，不看档案", "Runs activities; sees lists, no files"),
            Held::Duty(_) => t(
                "只是方案里该做的事归他，不多看什么",
                "Owns duties of the scheme; opens nothing more",
            ),
        }
    }
    /// The post that owns duties, if it is one. Who helps which child is said by the pairing, so the role alone owns nothing.
    fn duty(self) -> Option<tx_duty::Post> {
        match self {
            Held::Role(Role::Helper) => None,
            _ => self.code().parse().ok(),
        }
    }
    /// Whether holding it makes someone one of the school's staff: volunteers are entered with their pairing, inspectors come from outside.
    fn of_staff(self) -> bool {
        !matches!(
            self,
            Held::Role(Role::Admin | Role::County | Role::Helper | Role::Inspector)
        )
    }
    /// Held for a class.
    pub fn of_class(self) -> bool {
        matches!(self, Held::Role(Role::ClassTeacher | Role::SubjectTeacher))
    }
    /// Everything that can be held, in the order of lists.
    pub fn all() -> Vec<Held> {
        let roles = Role::ALL.iter().map(|r| Held::Role(*r));
        let posts = Post::ALL.iter().map(|p| Held::Post(*p));
        roles
            .chain(posts)
            .chain(DUTY_POSTS.iter().map(|p| Held::Duty(*p)))
            .collect()
    }
}

/// Posts of duties that are neither a role nor a post with rights.
const DUTY_POSTS: [tx_duty::Post; 4] = [
    tx_duty::Post::Deputy,
    tx_duty::Post::SafetyDeputy,
    tx_duty::Post::BrigadeCounsellor,
    tx_duty::Post::TeachingOffice,
];

/// Something to be held by someone.
#[derive(Clone, Debug)]
pub struct Right {
    pub held: Held,
    pub class: Option<Id>,
}

/// The rights that codes of roles and of classes make: what is held by class once for each class, the rest once. Classes that the
/// school lacks are made.
pub fn rights_for(
    w: &mut Write,
    school: Option<Id>,
    held: &[Held],
    classes: &[String],
    year: SchoolYear,
) -> Result<Vec<Right>> {
    let mut of = Vec::new();
    for code in classes {
        let school = school.ok_or_else(|| Fault::Bad(say("班级要有学校", "A class needs a school")))?;
        let county = w.county();
        of.push(match crate::class_by_code(w.conn(), county, school, code, year)? {
            Some(k) => k,
            None => crate::add_class(w, school, code, year)?,
        });
    }
    let mut out: Vec<Right> = Vec::new();
    for held in held {
        if held.of_class() && !of.is_empty() {
            out.extend(of.iter().map(|k| Right {
                held: *held,
                class: Some(*k),
            }));
        } else {
            out.push(Right {
                held: *held,
                class: None,
            });
        }
    }
    Ok(out)
}

/// The latest last day: staff to the end of the school year (from July on of the next), helpers and inspectors a year at most.
pub fn longest(held: Held, from: Day) -> Day {
    match held {
        Held::Role(Role::Helper | Role::Inspector) => from.plus(364),
        _ if matches!(from.month(), 7 | 8) => SchoolYear::of(from).next().span().to,
        _ => SchoolYear::of(from).span().to,
    }
}

/// Whether this person may give or take this right in this school, to this account (`None` for one that is being made).
/// Heads appoint the staff of the own school; administrators everyone; nobody gives a role to itself (security.md §1).
pub fn may_appoint(scope: &Scope, held: Held, school: Option<Id>, account: Option<Id>) -> Result<()> {
    let no = |zh: &'static str, en: &'static str| Err(Fault::forbidden(t(zh, en)));
    if account == Some(scope.account) && !scope.is_console() && matches!(held, Held::Role(_)) {
        return no(
            "不能给自己角色，请另一位管理员或校长来办",
            "Nobody gives a role to itself; another administrator or the head does",
        );
    }
    let of_school = !matches!(held, Held::Role(Role::Admin | Role::County));
    if of_school != school.is_some() && !(school.is_some() && matches!(held, Held::Role(Role::Admin))) {
        return Err(Fault::invalid(
            "role",
            "这个角色要有学校，县里的角色不要学校",
            "This role needs a school; those of the county need none",
        ));
    }
    if scope.is(Role::Admin) {
        return Ok(());
    }
    let here = scope.school.as_ref().map(|s| s.id);
    if !scope.is(Role::Head) || here.is_none() || school != here {
        return no("由校长或管理员任命", "The head or an administrator appoints");
    }
    match held {
        Held::Role(Role::Admin | Role::County | Role::Head) => {
            no("这个角色由管理员任命", "An administrator appoints this role")
        }
        _ => Ok(()),
    }
}

/// Gives a right: the grant with its end, and the post that owns duties. The actor of the write approves.
pub fn appoint(
    w: &mut Write,
    school: Option<Id>,
    adult: Option<Id>,
    account: Id,
    right: &Right,
    from: Day,
    to: Day,
) -> Result<()> {
    let wrong = |field: &str, zh: &str, en: &str| Err(Fault::invalid(field, zh, en));
    if to < from {
        return wrong("to", "最后一天在第一天之前", "The last day lies before the first");
    }
    if to > longest(right.held, from) {
        return wrong(
            "to",
            "最多到学年结束，志愿者和检查人员最多一年",
            "At most to the end of the school year; helpers and inspectors a year",
        );
    }
    if right.class.is_some() && !right.held.of_class() {
        return wrong(
            "class",
            "只有班主任和科任教师要选班",
            "Only class and subject teachers have a class",
        );
    }
    let county = w.county();
    if let (Some(class), Some(school)) = (right.class, school) {
        let sql = "select id from classes where county_id = ?1 and school_id = ?2 and id = ?3";
        if w.conn().first(sql, params![county, school, class])?.is_none() {
            return wrong("class", "本校没有这个班", "The school has no such class");
        }
    }
    let running = held_by(w.conn(), county, account, from)?;
    if running
        .iter()
        .any(|h| h.held == right.held && h.class == right.class && h.grant.is_some())
    {
        return Err(Fault::Conflict(say("这个已经有了", "This is held already")));
    }
    let adult = match (adult, school) {
        (None, Some(school)) if right.held.duty().is_some() => Some(adult_of(w, school, account, from)?),
        _ => adult,
    };
    let source = match (right.held.duty(), school, adult) {
        (Some(post), Some(school), Some(adult)) => {
            if right.held == Held::Role(Role::ClassTeacher)
                && let Some(class) = right.class
            {
                end_posts_of_class(w, class, from.plus(-1))?;
            }
            let id = Id::fresh();
            let since = answers_since(w.conn(), county, school, post.code(), right.class, from)?;
            w.insert(
                &POSTS,
                row!["id" => id, "school_id" => school, "adult_id" => adult, "account_id" => account, "post" => post.code(), "class_id" => right.class, "from_day" => since],
            )?;
            Some(id)
        }
        _ => None,
    };
    let mut g = match right.held {
        Held::Role(role) => NewGrant::role(account, role, school, right.class, from, Some(to)),
        Held::Post(post) => {
            let school = school.ok_or_else(|| Fault::invalid("school", "岗位要有学校", "A post needs a school"))?;
            NewGrant::post(account, post, school, from, Some(to))
        }
        Held::Duty(_) => return Ok(()),
    };
    g.source = source;
    grant(w, &g).map(|_| ())
}

/// From which day someone who gets a post on `from` answers for what its duties owe. The first who is entered for a post (of a class) in a
/// school year answers from that year's first day: a school that starts in the middle of a term has a class teacher already, and what is
/// overdue would have no owner otherwise, since a duty belongs to who held the post on the last day of its window (schemes.md). The right to
/// see and write still begins on `from`.
fn answers_since(c: &Conn, county: Id, school: Id, post: &str, class: Option<Id>, from: Day) -> Result<Day> {
    let begin = SchoolYear::of(from).span().from;
    let sql = "select class_id from posts where county_id = ?1 and school_id = ?2 and post = ?3 and (to_day is null or to_day >= ?4) order by id";
    let held = c.query(sql, params![county, school, post, begin])?;
    Ok(if held.iter().any(|r| r.opt_id(0) == class) {
        from
    } else {
        begin.min(from)
    })
}

/// The adult behind an account; one who came from outside joins the staff with the first post.
fn adult_of(w: &mut Write, school: Id, account: Id, from: Day) -> Result<Id> {
    let sql = "select shown, adult_id from accounts where county_id = ?1 and id = ?2";
    let r = w
        .conn()
        .first(sql, params![w.county(), account])?
        .ok_or(Fault::NotFound)?;
    if let Some(adult) = r.opt_id(1) {
        return Ok(adult);
    }
    let adult = crate::found::add_adult_of(w, school, r.str(0), None, from)?;
    w.update(&ACCOUNTS, account, row!["adult_id" => adult])?;
    Ok(adult)
}

/// Ends who leads the class: posts and the rights that follow from them.
fn end_posts_of_class(w: &mut Write, class: Id, on: Day) -> Result<()> {
    let sql = "select id, account_id, from_day from posts where county_id = ?1 and class_id = ?2 and post = 'class_teacher' and (to_day is null or to_day > ?3) order by id";
    for r in w.conn().query(sql, params![w.county(), class, on])? {
        w.update(&POSTS, r.id(0), row!["to_day" => on])?;
    }
    let sql = "select id from grants where county_id = ?1 and class_id = ?2 and held = 'role:class_teacher' and (to_day is null or to_day > ?3) order by id";
    for r in w.conn().query(sql, params![w.county(), class, on])? {
        w.update(&GRANTS, r.id(0), row!["to_day" => on])?;
    }
    Ok(())
}

/// Makes someone the class teacher from a day on; who led the class before ends the day before.
pub fn set_class_teacher(w: &mut Write, school: Id, class: Id, adult: Id, from: Day) -> Result<()> {
    let sql = "select account_id from posts where county_id = ?1 and school_id = ?2 and adult_id = ?3 and account_id is not null order by from_day desc, id desc limit 1";
    let by_post = w
        .conn()
        .first(sql, params![w.county(), school, adult])?
        .map(|r| r.id(0));
    let account = match by_post {
        Some(a) => Some(a),
        None => w
            .conn()
            .first("select id from accounts where county_id = ?1 and adult_id = ?2 and disabled_at is null order by id limit 1", params![w.county(), adult])?
            .map(|r| r.id(0)),
    };
    let account =
        account.ok_or_else(|| Fault::invalid("adult", "这个人还没有账号", "This person has no account yet"))?;
    let held = Held::Role(Role::ClassTeacher);
    let right = Right {
        held,
        class: Some(class),
    };
    appoint(w, Some(school), Some(adult), account, &right, from, longest(held, from))
}

/// Ends a right from a day on, with its post. The last administrator stays.
pub fn end_right(w: &mut Write, account: Id, held: Held, class: Option<Id>, from: Day) -> Result<()> {
    if held == Held::Role(Role::Admin) {
        keep_an_admin(w.conn(), w.county(), account, from)?;
    }
    let last = from.plus(-1);
    let found: Vec<HeldRow> = held_by(w.conn(), w.county(), account, last)?
        .into_iter()
        .filter(|h| h.held == held && h.class == class)
        .collect();
    if found.is_empty() {
        return Err(Fault::NotFound);
    }
    for h in found {
        if let Some(id) = h.grant {
            w.update(&GRANTS, id, row!["to_day" => last])?;
        }
        if let Some(id) = h.post {
            w.update(&POSTS, id, row!["to_day" => last])?;
        }
    }
    Ok(())
}

/// Refuses when no other live administrator would be left.
pub fn keep_an_admin(c: &Conn, county: Id, without: Id, on: Day) -> Result<()> {
    let sql = "select count(*) from grants g join accounts a on a.county_id = g.county_id and a.id = g.account_id \
               where g.county_id = ?1 and g.held = 'role:admin' and g.from_day <= ?3 and (g.to_day is null or g.to_day >= ?3) and a.disabled_at is null and a.id <> ?2";
    if c.count(sql, params![county, without, on])? > 0 {
        return Ok(());
    }
    Err(Fault::Conflict(say(
        "这是最后一名系统管理员，不能拿掉",
        "This is the last administrator and cannot be removed",
    )))
}

/// Rights that ended within this many days wake up too: the summer must not lock a school out.
const LATE: i32 = 183;

/// Carries the rights of a school's staff to the end of the school year (in July and August of the next), in one step; how many, and to
/// which day. Who does it approves them. Helpers and inspectors stay as they are, and so do rights for a class of an earlier year once
/// the school has the classes of the new one.
pub fn renew_staff(w: &mut Write, school: Id, only: Option<Id>, today: Day) -> Result<(usize, Day)> {
    let to = longest(Held::Role(Role::Leader), today);
    let (county, first) = (w.county(), i64::from(SchoolYear::of(to).first));
    let sql = "select count(*) from classes where county_id = ?1 and school_id = ?2 and year_first = ?3";
    let moved_up = w.conn().count(sql, params![county, school, first])? > 0;
    let sql = "select g.id, g.account_id, k.year_first from grants g left join classes k on k.county_id = g.county_id and k.id = g.class_id \
               where g.county_id = ?1 and g.school_id = ?2 and g.held <> 'paired' and g.held <> 'role:helper' and g.held <> 'role:inspector' \
               and g.to_day is not null and g.to_day < ?3 and g.to_day >= ?4 order by g.id";
    let by = w.act().actor.name.clone();
    let mut n = 0;
    for r in w.conn().query(sql, params![county, school, to, today.plus(-LATE)])? {
        let over = moved_up && r.opt_int(2).is_some_and(|y| y < first);
        if !over && only.is_none_or(|a| a == r.id(1)) {
            w.update(&GRANTS, r.id(0), row!["to_day" => to, "approved_by" => by.as_str()])?;
            n += 1;
        }
    }
    Ok((n, to))
}

/// What someone holds.
#[derive(Clone, Debug)]
pub struct HeldRow {
    pub held: Held,
    pub class: Option<Id>,
    pub class_name: Option<String>,
    pub from: Day,
    pub to: Option<Day>,
    pub approved_by: Option<String>,
    /// who approved it as screens show them; none when it was a command
    pub approved_shown: Option<String>,
    pub grant: Option<Id>,
    pub post: Option<Id>,
}

fn merge(grants: &[tx_store::Row], posts: &[tx_store::Row]) -> Vec<(Id, HeldRow)> {
    let mut out: Vec<(Id, HeldRow)> = Vec::new();
    for r in grants {
        let code = r
            .str(2)
            .trim_start_matches("role:")
            .trim_start_matches("post:")
            .to_owned();
        let Some(held) = Held::parse(&code) else { continue };
        out.push((
            r.id(0),
            HeldRow {
                held,
                class: r.opt_id(3),
                class_name: r.opt_text(4),
                from: r.day(5),
                to: r.opt_day(6),
                approved_by: r.opt_text(7),
                approved_shown: r.opt_text(8),
                grant: Some(r.id(1)),
                post: None,
            },
        ));
    }
    for r in posts {
        let Some(held) = Held::parse(r.str(2)) else { continue };
        let (account, class) = (r.id(0), r.opt_id(3));
        match out
            .iter_mut()
            .find(|(a, h)| *a == account && h.held == held && h.class == class && h.post.is_none())
        {
            Some((_, h)) => h.post = Some(r.id(1)),
            // of a role the grant alone counts: a post without it is over
            None if matches!(held, Held::Duty(_)) => out.push((
                account,
                HeldRow {
                    held,
                    class,
                    class_name: r.opt_text(4),
                    from: r.day(5),
                    to: r.opt_day(6),
                    approved_by: None,
                    approved_shown: None,
                    grant: None,
                    post: Some(r.id(1)),
                },
            )),
            None => {}
        }
    }
    out
}

const GRANT_COLS: &str = "select g.account_id, g.id, g.held, g.class_id, k.name, g.from_day, g.to_day, g.approved_by, giver.shown from grants g \
                          left join accounts giver on giver.county_id = g.county_id and giver.name = g.approved_by \
                          left join classes k on k.county_id = g.county_id and k.id = g.class_id";
const POST_COLS: &str = "select p.account_id, p.id, p.post, p.class_id, k.name, p.from_day, p.to_day from posts p \
                         left join classes k on k.county_id = p.county_id and k.id = p.class_id";

/// What an account holds on a day or will hold after it.
pub fn held_by(c: &Conn, county: Id, account: Id, on: Day) -> Result<Vec<HeldRow>> {
    let grants = c.query(
        &format!("{GRANT_COLS} where g.county_id = ?1 and g.account_id = ?2 and g.held <> 'paired' and (g.to_day is null or g.to_day >= ?3) order by g.id"),
        params![county, account, on],
    )?;
    let posts = c.query(
        &format!("{POST_COLS} where p.county_id = ?1 and p.account_id = ?2 and (p.to_day is null or p.to_day >= ?3) order by p.id"),
        params![county, account, on],
    )?;
    Ok(merge(&grants, &posts).into_iter().map(|(_, h)| h).collect())
}

/// A person of the list.
#[derive(Clone, Debug)]
pub struct Person {
    /// the account, else the adult
    pub id: Id,
    pub account: Option<Id>,
    pub adult: Option<Id>,
    pub user: String,
    pub name: String,
    pub disabled: bool,
    /// the first password that waits to be changed dies at this time
    pub first_until: Option<Time>,
    pub held: Vec<HeldRow>,
}

/// The people of a school, or with `None` the accounts that belong to no school.
pub fn people(c: &Conn, county: Id, school: Option<Id>, on: Day) -> Result<Vec<Person>> {
    let (of, vals) = match school {
        Some(id) => (" and a.school_id = ?2", params![county, id].to_vec()),
        None => (" and a.school_id is null", params![county].to_vec()),
    };
    let sql = format!(
        "select a.id, a.name, a.shown, a.adult_id, a.disabled_at, a.password_until from accounts a where a.county_id = ?1{of} order by a.shown, a.id"
    );
    let accounts = c.query(&sql, &vals)?;
    let day = format!("?{}", vals.len() + 1);
    let mut with_day = vals.clone();
    with_day.push(on.into());
    let grants = c.query(
        &format!("{GRANT_COLS} join accounts a on a.county_id = g.county_id and a.id = g.account_id where g.county_id = ?1{of} and g.held <> 'paired' and (g.to_day is null or g.to_day >= {day}) order by g.id"),
        &with_day,
    )?;
    let posts = c.query(
        &format!("{POST_COLS} join accounts a on a.county_id = p.county_id and a.id = p.account_id where p.county_id = ?1{of} and (p.to_day is null or p.to_day >= {day}) order by p.id"),
        &with_day,
    )?;
    let mut held: HashMap<Id, Vec<HeldRow>> = HashMap::new();
    for (a, h) in merge(&grants, &posts) {
        held.entry(a).or_default().push(h);
    }
    let mut adult_of: HashMap<Id, Id> = HashMap::new();
    if let Some(school) = school {
        for r in c.query("select account_id, adult_id from posts where county_id = ?1 and school_id = ?2 and account_id is not null order by from_day, id", params![county, school])? {
            adult_of.insert(r.id(0), r.id(1));
        }
    }
    let mut out: Vec<Person> = accounts
        .iter()
        .map(|r| Person {
            id: r.id(0),
            account: Some(r.id(0)),
            adult: r.opt_id(3).or_else(|| adult_of.get(&r.id(0)).copied()),
            user: r.text(1),
            name: r.text(2),
            disabled: !r.is_null(4),
            first_until: r.opt_int(5).map(Time),
            held: held.remove(&r.id(0)).unwrap_or_default(),
        })
        .collect();
    if let Some(school) = school {
        for a in adults(c, county, school, on)? {
            if !out.iter().any(|p| p.adult == Some(a.id)) {
                out.push(Person {
                    id: a.id,
                    account: None,
                    adult: Some(a.id),
                    user: String::new(),
                    name: a.name,
                    disabled: false,
                    first_until: None,
                    held: Vec::new(),
                });
            }
        }
    }
    Ok(out)
}

/// An adult of a school.
#[derive(Clone, Debug)]
pub struct AdultRef {
    pub id: Id,
    pub name: String,
    pub sex: Option<String>,
}
/// The staff of a school on a day: teachers and others who work there, no volunteers.
pub fn adults(c: &Conn, county: Id, school: Id, on: Day) -> Result<Vec<AdultRef>> {
    let sql = "select id, name, sex from adults where county_id = ?1 and school_id = ?2 and kind in ('teacher', 'staff') and (to_day is null or to_day >= ?3) order by sort_key, id";
    Ok(c.query(sql, params![county, school, on])?
        .iter()
        .map(|r| AdultRef {
            id: r.id(0),
            name: r.text(1),
            sex: r.opt_text(2),
        })
        .collect())
}

/// Someone new: adult, account and rights in one.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub school: Option<Id>,
    /// someone of the school's list who gets an account; `None` adds a new adult
    pub adult: Option<Id>,
    pub name: String,
    /// `f` or `m`, if it was said
    pub sex: Option<String>,
    /// login name; empty = the name itself, with a number behind it if that is taken
    pub user: String,
    pub rights: Vec<Right>,
    pub from: Day,
    pub to: Option<Day>,
}
/// Who was added.
#[derive(Clone, Debug)]
pub struct Added {
    pub account: Id,
    pub adult: Option<Id>,
    pub user: String,
}

/// Adds a person. `password` is the random first one, made by the caller so that no kept answer holds it; it lives 24 hours.
pub fn add_person(w: &mut Write, p: &NewPerson, password: &str) -> Result<Added> {
    let name = p.name.trim();
    let mut bad: Vec<FieldFault> = Vec::new();
    let mut fault = |field: &str, reason: Say| {
        bad.push(FieldFault {
            field: field.into(),
            reason,
        })
    };
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        fault("name", say("姓名要 1 到 60 个字", "A name has 1 to 60 characters"));
    }
    if p.sex.as_deref().is_some_and(|s| s != "f" && s != "m") {
        fault("sex", say("f 或 m", "f or m"));
    }
    if p.rights.is_empty() {
        fault("role", say("至少要一个角色或岗位", "At least one role or post"));
    }
    if !bad.is_empty() {
        return Err(Fault::fields(bad));
    }
    let user = match p.user.trim() {
        "" => free_name(w.conn(), name)?,
        given => given.to_owned(),
    };
    let adult = match p.school {
        Some(school) if p.adult.is_some() => {
            let sql = "select id from adults where county_id = ?1 and school_id = ?2 and id = ?3";
            Some(
                w.conn()
                    .first(sql, params![w.county(), school, p.adult])?
                    .ok_or(Fault::NotFound)?
                    .id(0),
            )
        }
        Some(school) if p.rights.iter().any(|r| r.held.of_staff()) => {
            Some(crate::found::add_adult_of(w, school, name, p.sex.as_deref(), p.from)?)
        }
        _ => None,
    };
    let (account, _) = add_account(
        w,
        &NewAccount {
            name: user.clone(),
            shown: name.to_owned(),
            school: p.school,
            adult,
            password: Some(password.to_owned()),
        },
    )?;
    first_password_until(w, account)?;
    for r in &p.rights {
        appoint(
            w,
            p.school,
            adult,
            account,
            r,
            p.from,
            p.to.unwrap_or_else(|| longest(r.held, p.from)),
        )?;
    }
    Ok(Added { account, adult, user })
}

/// The account's present password is a first one from now on: it dies in 24 hours.
fn first_password_until(w: &mut Write, account: Id) -> Result<()> {
    let until = w.now().plus_minutes(24 * 60);
    w.update(&ACCOUNTS, account, row!["password_until" => until])
        .map(|_| ())
}

/// The name, or the name with the first free number behind it.
fn free_name(c: &Conn, name: &str) -> Result<String> {
    if directory::find(c, "user", name)?.is_none() {
        return Ok(name.to_owned());
    }
    for n in 2..1000 {
        let with = format!("{name}{n}");
        if directory::find(c, "user", &with)?.is_none() {
            return Ok(with);
        }
    }
    Err(Fault::invalid("user", "请另起一个账号名", "Take another user name"))
}

/// A new first password for someone who lost theirs; sessions and tokens end.
pub fn reissue_password(w: &mut Write, account: Id, password: &str) -> Result<()> {
    w.update(&ACCOUNTS, account, row!["password" => tx_seal::hash_password(password)])?;
    first_password_until(w, account)?;
    tx_access::end_sessions_of(w, account)
}

/// Opens a disabled account again; its rights are those that still run.
pub fn enable_account(w: &mut Write, account: Id) -> Result<()> {
    w.update(&ACCOUNTS, account, row!["disabled_at" => None::<Time>])
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_end_with_the_school_year_and_helpers_after_a_year() {
        let staff = Held::Role(Role::ClassTeacher);
        assert_eq!(longest(staff, Day::lit("2026-11-24")).to_string(), "2027-08-31");
        assert_eq!(longest(staff, Day::lit("2027-07-20")).to_string(), "2028-08-31");
        assert_eq!(
            longest(Held::Role(Role::Helper), Day::lit("2026-11-24")).to_string(),
            "2027-11-23"
        );
    }

    #[test]
    fn every_code_is_read_back() {
        for h in Held::all() {
            assert_eq!(Held::parse(h.code()), Some(h), "{}", h.code());
        }
    }
}

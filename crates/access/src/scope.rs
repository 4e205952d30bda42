//! What a request may see. The scope stands in the SQL; nothing is filtered after it (security.md §1).

use crate::role::{Post, Role};
use tx_base::{Day, Fault, Id, Lang, Result, t};
use tx_store::{Act, Actor, Class, Conn, Value, params};

/// A school as a scope knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolRef {
    pub id: Id,
    pub code: String,
    pub name: String,
}

/// Who asks, with everything that decides what is shown. Made anew for each request, so a lost right works at the next one.
#[derive(Clone, Debug)]
pub struct Scope {
    pub county: Id,
    /// `Id::NIL` for the console
    pub account: Id,
    /// the account's adult in the school, if it is one
    pub adult: Option<Id>,
    /// login name
    pub name: String,
    /// name shown on screens
    pub shown: String,
    pub roles: Vec<Role>,
    pub posts: Vec<Post>,
    /// signed in with a first password: the pages ask for a change and refuse nothing
    pub first_password: bool,
    pub school: Option<SchoolRef>,
    /// classes led as class teacher, and classes taught
    pub leads: Vec<Id>,
    pub teaches: Vec<Id>,
    pub address: String,
    pub today: Day,
    pub lang: Lang,
    /// the files that an inspector has opened: of these alone the personal fields show
    pub(crate) sample: Vec<Id>,
    console: bool,
}

/// Where a child is, as far as rights depend on it.
#[derive(Clone, Copy, Debug)]
pub struct ChildPlace {
    pub id: Id,
    pub school: Id,
    pub class: Option<Id>,
    pub key: bool,
    /// a running pairing with the one who asks
    pub paired: bool,
}

/// What of a child may be seen and done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub ordinary: bool,
    pub personal: bool,
    pub sensitive: bool,
    /// the ID number in full
    pub id_full: bool,
    /// may change the file
    pub write: bool,
    /// may write records on the child
    pub record: bool,
}

impl Sight {
    /// Whether a field of this class may be shown. Sealed matters never come through here.
    pub fn shows(self, class: Class) -> bool {
        match class {
            Class::O => self.ordinary,
            Class::P => self.personal,
            Class::S => self.sensitive,
            Class::X => false,
        }
    }
}

/// A piece of SQL with its parameters, numbered on from those before it.
#[derive(Clone, Debug)]
pub struct Filter {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Scope {
    /// The console: the right of the head in the named school (security.md §1), audited as `console:USER`.
    pub fn console(county: Id, school: Option<SchoolRef>, today: Day, lang: Lang) -> Scope {
        let user = std::env::var("USER")
            .or_else(|_| std::env::var("LOGNAME"))
            .unwrap_or_else(|_| "root".into());
        let name = format!("console:{user}");
        Scope {
            county,
            account: Id::NIL,
            adult: None,
            shown: name.clone(),
            name,
            roles: vec![Role::Head],
            posts: vec![Post::Office],
            first_password: false,
            school,
            leads: Vec::new(),
            teaches: Vec::new(),
            address: "console".into(),
            today,
            lang,
            sample: Vec::new(),
            console: true,
        }
    }
    /// The scope of an account on a day, from its grants that run on it. `None` when the account is disabled or holds nothing.
    pub fn of_account(
        c: &Conn,
        county: Id,
        account: Id,
        today: Day,
        lang: Lang,
        address: &str,
    ) -> Result<Option<Scope>> {
        // grants and accounts change rarely, the files that an inspector has opened do not
        let key = format!("{account} {today}");
        let kept = c.kept(county, &key, || Scope::granted(c, county, account, today))?;
        let Some((mut s, term)) = (*kept).clone() else {
            return Ok(None);
        };
        if let Some(term) = term {
            s.sample = crate::usage::sample_of(c, county, account, term)?;
        }
        (s.lang, s.address) = (lang, address.into());
        Ok(Some(s))
    }
    /// The scope but for language and address; of an inspector the day since which files count, too.
    fn granted(c: &Conn, county: Id, account: Id, today: Day) -> Result<Option<(Scope, Option<Day>)>> {
        let Some(a) = c.first(
            "select name, shown, school_id, adult_id, disabled_at, password_until from accounts where county_id = ?1 and id = ?2",
            params![county, account],
        )?
        else {
            return Ok(None);
        };
        if !a.is_null(4) {
            return Ok(None);
        }
        let grants = c.query(
            "select held, school_id, class_id, from_day from grants where county_id = ?1 and account_id = ?2 and from_day <= ?3 and (to_day is null or to_day >= ?3) order by id",
            params![county, account, today],
        )?;
        let mut s = Scope {
            county,
            account,
            adult: a.opt_id(3),
            name: a.text(0),
            shown: a.text(1),
            roles: Vec::new(),
            posts: Vec::new(),
            first_password: !a.is_null(5),
            school: None,
            leads: Vec::new(),
            teaches: Vec::new(),
            address: String::new(),
            today,
            lang: Lang::Zh,
            sample: Vec::new(),
            console: false,
        };
        let mut school = a.opt_id(2);
        for g in &grants {
            let held = g.str(0);
            if let Some(role) = held.strip_prefix("role:").and_then(Role::parse) {
                if !s.roles.contains(&role) {
                    s.roles.push(role);
                }
                match (role, g.opt_id(2)) {
                    (Role::ClassTeacher, Some(class)) => s.leads.push(class),
                    (Role::SubjectTeacher, Some(class)) => s.teaches.push(class),
                    _ => {}
                }
            } else if let Some(post) = held.strip_prefix("post:").and_then(Post::parse)
                && !s.posts.contains(&post)
            {
                s.posts.push(post);
            }
            school = school.or(g.opt_id(1));
        }
        s.roles.sort();
        let since = grants.iter().filter(|g| g.str(0) == "role:inspector").map(|g| g.day(3));
        let term = crate::usage::samples(&s.roles).then(|| since.min().unwrap_or(today));
        if let Some(id) = school {
            let r = c.first(
                "select code, name from schools where county_id = ?1 and id = ?2",
                params![county, id],
            )?;
            s.school = r.map(|r| SchoolRef {
                id,
                code: r.text(0),
                name: r.text(1),
            });
        }
        Ok((!s.roles.is_empty() || !s.posts.is_empty() || !grants.is_empty()).then_some((s, term)))
    }

    /// The main role.
    pub fn role(&self) -> Role {
        self.roles.first().copied().unwrap_or(Role::Helper)
    }
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
    pub fn holds(&self, post: Post) -> bool {
        self.posts.contains(&post)
    }
    /// Whether the child is one of those whose files this inspector has opened.
    pub fn sampled(&self, child: Id) -> bool {
        self.sample.contains(&child)
    }
    pub fn is_console(&self) -> bool {
        self.console
    }
    /// Sees every child of the school by role.
    pub fn whole_school(&self) -> bool {
        self.roles.iter().any(|r| {
            matches!(
                r,
                Role::Head | Role::Leader | Role::Counsellor | Role::Inspector | Role::DutyLeader
            )
        }) || self.holds(Post::Office)
    }
    /// The school, or words for one who has none.
    pub fn the_school(&self) -> Result<&SchoolRef> {
        self.school
            .as_ref()
            .ok_or_else(|| Fault::forbidden(t("这个账号不属于任何学校", "This account belongs to no school")))
    }
    /// Whether a school is the own one; for county and administrator every school is within the ordinary class.
    pub fn sees_school(&self, school: Id) -> bool {
        self.is(Role::County) || self.is(Role::Admin) || self.school.as_ref().is_some_and(|s| s.id == school)
    }
    /// An act of this person, for the door.
    pub fn act(&self, action: &str) -> Act {
        let id = (!self.console).then_some(self.account);
        Act {
            county: self.county,
            actor: Actor {
                id,
                name: self.name.clone(),
            },
            address: self.address.clone(),
            action: action.into(),
            reason: None,
        }
    }

    /// SQL that holds for the children in scope; `c` is the alias of `children`, `n` parameters are taken already.
    pub fn children(&self, c: &str, n: usize) -> Filter {
        let mut params: Vec<Value> = Vec::new();
        let mut next = |v: Value| {
            params.push(v);
            format!("?{}", n + params.len())
        };
        let county = next(self.county.into());
        let mut any: Vec<String> = Vec::new();
        match (&self.school, self.whole_school()) {
            (Some(s), true) => any.push(format!("{c}.school_id = {}", next(s.id.into()))),
            _ => {
                let marks: Vec<String> = self
                    .leads
                    .iter()
                    .chain(&self.teaches)
                    .map(|k| next((*k).into()))
                    .collect();
                if !marks.is_empty() {
                    any.push(format!("{c}.class_id in ({})", marks.join(", ")));
                }
            }
        }
        if !self.console && !self.is(Role::Admin) && !self.is(Role::County) {
            let (a, day) = (next(self.account.into()), next(self.today.into()));
            any.push(format!(
                "{c}.id in (select g.child_id from grants g where g.county_id = {county} and g.account_id = {a} and g.held = 'paired' and g.from_day <= {day} and (g.to_day is null or g.to_day >= {day}))"
            ));
        }
        let any = if any.is_empty() {
            "1 = 0".to_owned()
        } else {
            any.join(" or ")
        };
        Filter {
            sql: format!("({c}.county_id = {county} and ({any}))"),
            params,
        }
    }

    /// What of this child may be seen: the table of security.md §1.
    pub fn sight(&self, child: ChildPlace) -> Sight {
        let mut s = Sight::default();
        let mut add = |o: bool, p: bool, v: bool, w: bool, r: bool| {
            s.ordinary |= o;
            s.personal |= p;
            s.sensitive |= v;
            s.write |= w;
            s.record |= r;
        };
        let here = self.school.as_ref().is_some_and(|k| k.id == child.school);
        let leads = child.class.is_some_and(|k| self.leads.contains(&k));
        let teaches = child.class.is_some_and(|k| self.teaches.contains(&k));
        for role in &self.roles {
            match role {
                Role::Head if here => add(true, true, true, true, true),
                Role::Leader if here => add(true, true, child.key, false, true),
                Role::Counsellor if here => add(true, true, true, false, true),
                Role::ClassTeacher if leads => add(true, true, true, true, true),
                Role::SubjectTeacher if teaches => add(true, false, false, false, true),
                Role::DutyLeader if here => add(true, false, false, false, true),
                Role::Inspector if here => add(true, self.sample.contains(&child.id), false, false, false),
                Role::Helper if child.paired => add(true, false, false, false, true),
                _ => {}
            }
        }
        if here && self.holds(Post::Office) {
            add(true, true, true, true, true);
        }
        if child.paired && self.roles.iter().any(|r| r.is_staff()) {
            add(true, true, false, false, true);
        }
        s.id_full = s.sensitive && !self.is(Role::Leader) && !self.is(Role::Inspector);
        s
    }
    /// Whether the caller may take new children into this school or class.
    pub fn may_enrol(&self, school: Id, class: Option<Id>) -> bool {
        let here = self.school.as_ref().is_some_and(|s| s.id == school);
        here && (self.is(Role::Head) || self.holds(Post::Office) || class.is_some_and(|k| self.leads.contains(&k)))
    }
}

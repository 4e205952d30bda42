//! The ground of the demonstration: schools with their classes, people and accounts. Children are in `kids.rs`, what happens in `care.rs` and `facts/`.

use crate::people::People;
use crate::schools::Spec;
use std::collections::BTreeMap;
use tx_access::{COUNTIES, NewAccount, NewGrant, Post, Role, add_account_hashed, directory, grant};
use tx_base::{Day, Id, Result};
use tx_calendar::{Calendar, SchoolYear};
use tx_school::tables::ADULTS;
use tx_school::{NewPost, add_adult, add_class, add_post, add_school};
use tx_store::{Write, row};

/// A login of the demonstration.
#[derive(Clone, Debug)]
pub struct Login {
    pub role: String,
    pub school: String,
    pub user: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Grown {
    pub adult: Id,
    pub account: Option<Id>,
    /// name of the account
    pub login: Option<String>,
    pub name: String,
    pub sex: &'static str,
}
#[derive(Clone, Debug)]
pub(crate) struct Klass {
    pub id: Id,
    pub year: i16,
    pub code: String,
    /// index among the class teachers
    pub teacher: usize,
}
#[derive(Clone, Debug)]
pub(crate) struct Kid {
    /// running number in the school, by which fate knows it
    pub n: u64,
    pub id: Id,
    pub left: Option<(Day, Option<Day>)>,
    /// class of each school year, in the one that runs that of its first day
    pub classes: BTreeMap<i16, Id>,
    /// in another class since this day
    pub moved: Option<(Day, Id)>,
}
impl Kid {
    pub fn left_on(&self, d: Day) -> bool {
        self.left
            .is_some_and(|(from, to)| from <= d && to.is_none_or(|t| t >= d))
    }
    pub fn class_on(&self, d: Day) -> Option<Id> {
        match self.moved {
            Some((on, class)) if on <= d => Some(class),
            _ => self.classes.get(&SchoolYear::of(d).first).copied(),
        }
    }
    pub fn graduated(&self, today: Day) -> bool {
        self.class_on(today).is_none()
    }
}
/// A school as it was founded.
#[derive(Clone, Debug)]
pub(crate) struct School {
    pub spec: &'static Spec,
    pub id: Id,
    pub calendar: Calendar,
    pub head: Grown,
    pub deputies: Vec<Grown>,
    pub office: Grown,
    pub counsellors: Vec<Grown>,
    /// class teachers, each following a class up the school
    pub teachers: Vec<Grown>,
    pub others: Vec<Grown>,
    pub volunteers: Vec<Grown>,
    pub classes: Vec<Klass>,
    pub kids: Vec<Kid>,
}
impl School {
    /// The staff: everyone employed.
    pub fn staff(&self) -> impl Iterator<Item = &Grown> {
        [&self.head, &self.office]
            .into_iter()
            .chain(&self.deputies)
            .chain(&self.counsellors)
            .chain(&self.teachers)
            .chain(&self.others)
    }
    pub fn class(&self, id: Id) -> Option<&Klass> {
        self.classes.iter().find(|k| k.id == id)
    }
    pub fn classes_of(&self, year: i16) -> impl Iterator<Item = &Klass> {
        self.classes.iter().filter(move |k| k.year == year)
    }
    pub fn teacher(&self, class: Id) -> Option<&Grown> {
        self.class(class).and_then(|k| self.teachers.get(k.teacher))
    }
    /// Children on the list on a day.
    pub fn left_on(&self, d: Day) -> Vec<&Kid> {
        self.kids.iter().filter(|k| k.left_on(d)).collect()
    }
}

pub(crate) struct Town<'w, 'a, 'b> {
    pub w: &'w mut Write<'a, 'b>,
    pub people: People,
    pub today: Day,
    pub logins: Vec<Login>,
    hash: String,
}

/// Founds the county and its schools, without children yet.
pub(crate) fn build(w: &mut Write, seed: u64, today: Day, hash: &str) -> Result<(Vec<School>, Vec<Login>)> {
    let county = w.county();
    w.insert(&COUNTIES, row!["id" => county, "name" => "雾岭县"])?;
    directory::set(w, "county", "雾岭县", county)?;
    let mut town = Town {
        w,
        people: People::new(seed),
        today,
        logins: Vec::new(),
        hash: hash.to_owned(),
    };
    town.account(Role::Admin, None, "admin", "管理员", None, None)?;
    town.account(Role::County, None, "county", "县教育局", None, None)?;
    let schools = crate::schools::ALL
        .iter()
        .map(|s| town.school(s))
        .collect::<Result<Vec<_>>>()?;
    Ok((schools, town.logins))
}

impl Town<'_, '_, '_> {
    fn account(
        &mut self,
        role: Role,
        school: Option<(Id, &'static Spec)>,
        user: &str,
        shown: &str,
        class: Option<Id>,
        adult: Option<Id>,
    ) -> Result<Id> {
        let new = NewAccount {
            name: user.into(),
            shown: shown.into(),
            school: school.map(|s| s.0),
            adult,
            password: None,
        };
        let id = add_account_hashed(self.w, &new, &self.hash)?;
        // the first password of a real account lasts a day, these last
        self.w.update(
            &tx_access::ACCOUNTS,
            id,
            row!["password_until" => None::<tx_base::Time>],
        )?;
        let since = school.map_or(Day::lit("2024-09-01"), |s| SchoolYear::new(s.1.first).span().from);
        grant(
            self.w,
            &NewGrant::role(id, role, school.map(|s| s.0), class, since, None),
        )?;
        self.logins.push(Login {
            role: role.code().into(),
            school: school.map(|s| s.1.code).unwrap_or_default().into(),
            user: user.into(),
        });
        Ok(id)
    }
    /// `s5-class_teacher`, `s5-class_teacher-2` …
    fn user(&self, s: &Spec, role: Role) -> String {
        let base = format!("{}-{}", s.code.to_lowercase(), role.code());
        match self
            .logins
            .iter()
            .filter(|l| l.school == s.code && l.role == role.code())
            .count()
        {
            0 => base,
            n => format!("{base}-{}", n + 1),
        }
    }
    /// A member of staff with a login of this role.
    fn staff(
        &mut self,
        school: Id,
        s: &'static Spec,
        role: Role,
        sex: &'static str,
        class: Option<Id>,
    ) -> Result<Grown> {
        let name = self.people.grown(sex, None);
        let adult = add_adult(self.w, school, &name, sex, SchoolYear::new(s.first).span().from)?;
        let user = self.user(s, role);
        let account = self.account(role, Some((school, s)), &user, &name, class, Some(adult))?;
        Ok(Grown {
            adult,
            account: Some(account),
            login: Some(user),
            name,
            sex,
        })
    }
    fn post(
        &mut self,
        school: Id,
        who: &Grown,
        post: &str,
        class: Option<Id>,
        from: Day,
        to: Option<Day>,
    ) -> Result<()> {
        let id = add_post(
            self.w,
            &NewPost {
                school,
                adult: who.adult,
                account: who.account,
                post,
                class,
                from,
            },
        )?;
        if to.is_some() {
            self.w.update(&tx_school::tables::POSTS, id, row!["to_day" => to])?;
        }
        Ok(())
    }

    fn school(&mut self, s: &'static Spec) -> Result<School> {
        let begin = SchoolYear::new(s.first).span().from;
        let id = add_school(self.w, s.code, s.name, Some(s.code), begin)?;
        if s.lowest > 1 {
            self.w.update(
                &tx_school::tables::SCHOOLS,
                id,
                row!["stage" => "junior", "lowest_grade" => i64::from(s.lowest)],
            )?;
        }
        let (_, women) = s.teachers;
        // sexes are part of the quantities: women first
        let sex = move |n: usize| if n < women { "f" } else { "m" };
        let mut n = 0;
        let mut next = || {
            n += 1;
            sex(n - 1)
        };
        let counsellors = (0..s.counsellors)
            .map(|_| self.staff(id, s, Role::Counsellor, next(), None))
            .collect::<Result<Vec<_>>>()?;
        let (classes, teachers) = self.classes(id, s, &mut next)?;
        let office = self.staff(id, s, Role::Leader, next(), None)?;
        let subject_class = classes
            .iter()
            .find(|k| k.year == SchoolYear::of(self.today).first)
            .map(|k| k.id);
        let mut others = vec![
            self.staff(id, s, Role::SubjectTeacher, next(), subject_class)?,
            self.staff(id, s, Role::DutyLeader, next(), None)?,
        ];
        let head = self.staff(id, s, Role::Head, "m", None)?;
        let account = head.account.unwrap_or(Id::NIL);
        grant(self.w, &NewGrant::post(account, Post::Office, id, begin, None))?;
        let deputies = (0..s.deputies)
            .map(|_| self.staff(id, s, Role::Leader, "m", None))
            .collect::<Result<Vec<_>>>()?;
        // the rest of the staff has no login: it teaches, and helps the children it is paired with
        let known = 1 + 1 + deputies.len() + counsellors.len() + teachers.len() + others.len();
        for _ in known..s.teachers.0 {
            let sex = next();
            let name = self.people.grown(sex, None);
            let adult = add_adult(self.w, id, &name, sex, begin)?;
            others.push(Grown {
                adult,
                account: None,
                login: None,
                name,
                sex,
            });
        }
        self.post(id, &head, "head", None, begin, None)?;
        self.post(id, &office, "office", None, begin, None)?;
        self.post(id, &others[1], "room", None, begin, None)?;
        self.post(id, &others[0], "nurse", None, begin, None)?;
        for c in &counsellors {
            self.post(id, c, "counsellor", None, begin, None)?;
        }
        if let Some(d) = deputies.first() {
            self.post(id, d, "safety_deputy", None, begin, None)?;
        }
        if s.code != "S6" {
            self.post(id, &others[1], "brigade_counsellor", None, begin, None)?;
        }
        let volunteers = self.volunteers(id, s)?;
        let inspector = self.people.grown("m", None);
        let user = self.user(s, Role::Inspector);
        self.account(Role::Inspector, Some((id, s)), &user, &inspector, None, None)?;
        let calendar = tx_school::calendar(self.w.conn(), self.w.county(), id, self.today)?;
        Ok(School {
            spec: s,
            id,
            calendar,
            head,
            deputies,
            office,
            counsellors,
            teachers,
            others,
            volunteers,
            classes,
            kids: Vec::new(),
        })
    }

    /// Classes of every year with the teachers who follow them. The first teacher leads the class that `Spec::front` names now.
    fn classes(
        &mut self,
        school: Id,
        s: &'static Spec,
        sex: &mut impl FnMut() -> &'static str,
    ) -> Result<(Vec<Klass>, Vec<Grown>)> {
        let now = SchoolYear::of(self.today);
        // a teacher's way: cohorts that are a whole school apart, same number
        let mut ways: Vec<(i16, u8)> = Vec::new();
        for c in s.cohorts {
            for no in 1..=c.1 {
                let way = (c.0.rem_euclid(s.span), no);
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
        let front = |way: &(i16, u8)| {
            let grade = i16::from(s.lowest) + (now.first - way.0).rem_euclid(s.span);
            let code = grade * 100 + i16::from(way.1);
            (s.front.iter().position(|f| *f == code).unwrap_or(usize::MAX), code)
        };
        ways.sort_by_key(front);
        let mut klasses: Vec<Klass> = Vec::new();
        for year in s.first..=now.first {
            for (enter, many) in s.cohorts.iter().copied() {
                let up = year - enter;
                if !(0..s.span).contains(&up) {
                    continue;
                }
                for no in 1..=many {
                    let code = format!("{}{no:02}", i16::from(s.lowest) + up);
                    let teacher = ways
                        .iter()
                        .position(|w| *w == (enter.rem_euclid(s.span), no))
                        .unwrap_or(0);
                    klasses.push(Klass {
                        id: add_class(self.w, school, &code, SchoolYear::new(year))?,
                        year,
                        code,
                        teacher,
                    });
                }
            }
        }
        let mut teachers = Vec::new();
        for n in 0..ways.len() {
            let class = klasses
                .iter()
                .find(|k| k.year == now.first && k.teacher == n)
                .map(|k| k.id);
            teachers.push(self.staff(school, s, Role::ClassTeacher, sex(), class)?);
        }
        for k in &klasses {
            let span = SchoolYear::new(k.year).span();
            let who = teachers[k.teacher].clone();
            self.post(
                school,
                &who,
                "class_teacher",
                Some(k.id),
                span.from,
                (k.year < now.first).then_some(span.to),
            )?;
        }
        Ok((klasses, teachers))
    }

    fn volunteers(&mut self, school: Id, s: &'static Spec) -> Result<Vec<Grown>> {
        let since = SchoolYear::new(s.first).span().from;
        let units = ["县妇联", "县税务局", "镇卫生院", "县邮政局", "县文化馆"];
        let mut out = Vec::new();
        for i in 0..s.volunteers {
            let sex = if i % 3 == 2 { "m" } else { "f" };
            let name = self.people.grown(sex, None);
            let adult = Id::fresh();
            self.w.insert(
                &ADULTS,
                row!["id" => adult, "school_id" => school, "kind" => "volunteer", "name" => name.as_str(), "sex" => sex, "party_member" => i % 5 == 0,
                    "helper_kind" => if sex == "f" { "love_mother" } else { "love_father" }, "unit" => units[i % units.len()], "from_day" => since, "sort_key" => name.as_str()],
            )?;
            let (account, login) = if i == 0 {
                let user = self.user(s, Role::Helper);
                let account = self.account(Role::Helper, Some((school, s)), &user, &name, None, Some(adult))?;
                (Some(account), Some(user))
            } else {
                (None, None)
            };
            out.push(Grown {
                adult,
                account,
                login,
                name,
                sex,
            });
        }
        Ok(out)
    }
}

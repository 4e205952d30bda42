//! The ground of the demonstration: schools with their classes, people, accounts and children. What happens there is in `care.rs` and `facts.rs`.

use crate::people::{People, fate};
use crate::schools::Spec;
use std::collections::BTreeMap;
use tx_access::{COUNTIES, NewAccount, NewGrant, Post, Role, add_account_hashed, directory, grant};
use tx_base::{Day, Id, Result};
use tx_calendar::{Calendar, SchoolYear};
use tx_child::tables::{CHILDREN, EPISODES, STAYS};
use tx_child::{NewChild, NewGuardian, NewParent};
use tx_school::tables::ADULTS;
use tx_school::{NewPost, add_adult, add_class, add_post, add_school};
use tx_store::{Write, params, row};

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
    /// class of each school year
    pub classes: BTreeMap<i16, Id>,
}
impl Kid {
    pub fn left_on(&self, d: Day) -> bool {
        self.left
            .is_some_and(|(from, to)| from <= d && to.is_none_or(|t| t >= d))
    }
    pub fn class_on(&self, d: Day) -> Option<Id> {
        self.classes.get(&SchoolYear::of(d).first).copied()
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

/// Founds the county and its schools.
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
        let kids = self.kids(id, s, &classes)?;
        let school = School {
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
            kids,
        };
        crate::bonds::build(self, &school)?;
        Ok(school)
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
            let account = if i == 0 {
                let user = self.user(s, Role::Helper);
                Some(self.account(Role::Helper, Some((school, s)), &user, &name, None, Some(adult))?)
            } else {
                None
            };
            out.push(Grown {
                adult,
                account,
                name,
                sex,
            });
        }
        Ok(out)
    }

    fn kids(&mut self, school: Id, s: &'static Spec, classes: &[Klass]) -> Result<Vec<Kid>> {
        let now = SchoolYear::of(self.today).first;
        let mut kids = Vec::new();
        for (enter, many) in s.cohorts.iter().copied() {
            for no in 1..=many {
                let home: BTreeMap<i16, Id> = (s.first.max(enter)..=now.min(enter + s.span - 1))
                    .filter_map(|year| {
                        let code = format!("{}{no:02}", i16::from(s.lowest) + year - enter);
                        classes
                            .iter()
                            .find(|k| k.year == year && k.code == code)
                            .map(|k| (year, k.id))
                    })
                    .collect();
                let (left, mates) = (s.left)(enter, no);
                for i in 0..left + mates {
                    if home.is_empty() {
                        continue;
                    }
                    let kid = self.kid(school, s, enter, &home, i < left, i, kids.len() as u64)?;
                    kids.push(kid);
                }
            }
        }
        Ok(kids)
    }

    fn kid(
        &mut self,
        school: Id,
        s: &'static Spec,
        enter: i16,
        home: &BTreeMap<i16, Id>,
        left: bool,
        seat: usize,
        n: u64,
    ) -> Result<Kid> {
        let (first, last) = (
            *home.keys().next().unwrap_or(&enter),
            *home.keys().last().unwrap_or(&enter),
        );
        let now = SchoolYear::of(self.today).first;
        let since = SchoolYear::new(last).span().from;
        let listed = (s.listed)(enter, SchoolYear::new(first).span().from);
        let sex = if fate(&[n, 1]) < 48 { "f" } else { "m" };
        let name = self.people.child(sex);
        let surname = name.chars().next();
        let village = self.people.village();
        let place = self.people.place();
        let both = fate(&[n, 2]) < 70;
        let parent = |p: &mut People, which: &str, sex: &str, away: bool| NewParent {
            parent: which.into(),
            name: Some(p.grown(sex, surname.filter(|_| sex == "m"))),
            whereabouts: if away { "away_work" } else { "home" }.into(),
            from: away.then(|| listed.plus(-(fate(&[n, 3]) as i32) - 20)),
            place: away.then(|| place.into()),
            phone: Some(p.phone()),
            capacity: Some("able".into()),
            more: if away {
                [("job".to_owned(), p.job().to_owned())].into()
            } else {
                Default::default()
            },
            ..NewParent::default()
        };
        let parents = vec![
            parent(&mut self.people, "father", "m", left),
            parent(&mut self.people, "mother", "f", left && both),
        ];
        let (relation, of) = [
            ("grandmother", "f"),
            ("grandfather", "m"),
            ("maternal_grandmother", "f"),
            ("maternal_grandfather", "m"),
        ][(fate(&[n, 4]) % 4) as usize];
        let keeper = match (left, both) {
            (true, true) => (relation.to_owned(), self.people.grown(of, None)),
            _ => ("mother".to_owned(), parents[1].name.clone().unwrap_or_default()),
        };
        let age = enter - if s.lowest > 1 { 12 } else { 6 };
        // born in the school year before the cohort turned six or twelve
        let birth_date = {
            let back = self.people.number(1, 360) as i32;
            Some(Day::new(age, 8, 31).map_or(Day::lit("2016-05-01"), |d| d.plus(-back)))
        };
        let id = Id::fresh();
        let new = NewChild {
            id,
            school,
            class: home.get(&last).copied(),
            name,
            sex: Some(sex.into()),
            birth_date,
            student_no: Some(format!("{}{}{:04}", s.code, enter, n + 1)),
            class_no: Some(seat as i64 + 1),
            hukou_kind: Some("rural".into()),
            home_address: Some(format!(
                "{village}{}组{}号",
                self.people.number(1, 9),
                self.people.number(1, 60)
            )),
            village: Some(village.into()),
            boarder: Some(s.lowest > 1 && fate(&[n, 5]) < 60 || fate(&[n, 6]) < 12),
            more: [("hobby".to_owned(), self.people.hobby().to_owned())].into(),
            guardians: vec![NewGuardian {
                relation: keeper.0,
                name: keeper.1,
                phone: Some(self.people.phone()),
                ..NewGuardian::default()
            }],
            parents,
            left_behind_from: left.then_some(listed),
            not_listed_on: (!left).then_some(since),
            listed_by: "list",
            source: Some("demo".into()),
            since,
            ..NewChild::default()
        };
        tx_child::add(self.w, &new)?;
        for (year, class) in home.iter().filter(|(y, _)| **y < last) {
            let span = SchoolYear::new(*year).span();
            self.w.insert(
                &STAYS,
                row!["id" => Id::fresh(), "child_id" => id, "school_id" => school, "class_id" => *class, "from_day" => span.from, "to_day" => span.to, "fate" => "promoted"],
            )?;
        }
        let mut spell = left.then_some((listed, None));
        if last < now {
            self.graduate(id, last)?;
            spell = spell.map(|(from, _)| (from, Some(SchoolYear::new(last).span().to)));
        }
        Ok(Kid {
            n,
            id,
            left: spell,
            classes: home.clone(),
        })
    }
    /// Left the school at the end of this school year.
    fn graduate(&mut self, child: Id, year: i16) -> Result<()> {
        let (county, to) = (self.w.county(), SchoolYear::new(year).span().to);
        let open = "county_id = ?1 and child_id = ?2 and to_day is null";
        let of = |w: &Write, table: &str| -> Result<Vec<Id>> {
            let rows = w
                .conn()
                .query(&format!("select id from {table} where {open}"), params![county, child])?;
            Ok(rows.iter().map(|r| r.id(0)).collect())
        };
        for id in of(self.w, "class_stays")? {
            self.w.update(&STAYS, id, row!["to_day" => to, "fate" => "graduated"])?;
        }
        for id in of(self.w, "left_behind_episodes")? {
            self.w
                .update(&EPISODES, id, row!["to_day" => to, "reason" => "graduated"])?;
        }
        self.w
            .update(&CHILDREN, child, row!["state" => "graduated"])
            .map(|_| ())
    }
}

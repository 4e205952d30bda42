//! The demonstration: six invented schools under one county, one for each care scheme. Everything goes through the same door as real data.

use rand::prelude::*;
use rand::rngs::StdRng;
use tx_access::{COUNTIES, NewAccount, NewGrant, Post, Role, add_account, directory, grant};
use tx_base::{Day, Id, Result};
use tx_calendar::SchoolYear;
use tx_child::{NewChild, NewGuardian, NewParent};
use tx_record::{NewLine, NewRecord, find_kind};
use tx_school::{NewPost, add_adult, add_class, add_post, add_school};
use tx_store::{Act, Db, Write, row};

/// The password of every demonstration login. The demonstration listens on loopback only.
pub const PASSWORD: &str = "shanli-de-xingxing";
const CHILDREN: usize = 14;
const SURNAMES: &str = "石吴田杨向张刘陈王李罗黄唐彭龙覃何邓周谭";
const GIVEN: [&str; 24] = [
    "若曦", "浩然", "雨桐", "子轩", "思远", "欣妍", "宇航", "梓涵", "嘉豪", "诗语", "晓彤", "志强", "一鸣", "佳怡",
    "俊杰", "文博", "雨欣", "家乐", "春燕", "小满", "云开", "秋禾", "明远", "静姝",
];
const SCHOOLS: [(&str, &str, &str); 6] = [
    ("S1", "青石镇中学", "S1"),
    ("S2", "梅岭小学", "S2"),
    ("S3", "河湾校区", "S3"),
    ("S4", "东坪小学", "S4"),
    ("S5", "云溪小学", "S5"),
    ("S6", "竹坳村小", "S6"),
];
const VILLAGES: [&str; 4] = ["洞坪村", "上寨村", "岩脚村", "柳溪村"];
const WORDS: [&str; 5] = [
    "说起在外的爸妈，声音轻了下来，约好周末通电话。",
    "数学有些跟不上，愿意放学后留下来问。",
    "和同桌和好了，笑得多了。",
    "奶奶腰疼，自己学着做饭，很懂事。",
    "想当老师，问了师范要考多少分。",
];

/// A login of the demonstration.
#[derive(Clone, Debug)]
pub struct Login {
    pub role: String,
    pub school: String,
    pub user: String,
}

struct Town<'w, 'a, 'b> {
    w: &'w mut Write<'a, 'b>,
    rng: StdRng,
    today: Day,
    logins: Vec<Login>,
}

/// Fills an empty store. The seed changes the people.
pub fn fill(db: &Db, seed: u64, today: Day) -> Result<Vec<Login>> {
    let county = Id::fresh();
    db.write(Act::console(county, "demo", "demo.fill"), move |w| {
        w.insert(&COUNTIES, row!["id" => county, "name" => "雾岭县"])?;
        directory::set(w, "county", "雾岭县", county)?;
        let mut town = Town {
            w,
            rng: StdRng::seed_from_u64(seed),
            today,
            logins: Vec::new(),
        };
        town.account("admin", None, "admin", "管理员", &[Role::Admin], None)?;
        town.account("county", None, "county", "县教育局", &[Role::County], None)?;
        for (code, name, scheme) in SCHOOLS {
            town.school(code, name, scheme)?;
        }
        Ok(town.logins)
    })
}

impl Town<'_, '_, '_> {
    fn name(&mut self) -> String {
        let all: Vec<char> = SURNAMES.chars().collect();
        format!(
            "{}{}",
            all.choose(&mut self.rng).copied().unwrap_or('石'),
            GIVEN.choose(&mut self.rng).copied().unwrap_or("小满")
        )
    }
    fn account(
        &mut self,
        role: &str,
        school: Option<(Id, &str)>,
        user: &str,
        shown: &str,
        roles: &[Role],
        class: Option<Id>,
    ) -> Result<Id> {
        let new = NewAccount {
            name: user.into(),
            shown: shown.into(),
            school: school.map(|s| s.0),
            adult: None,
            password: Some(PASSWORD.into()),
        };
        let (id, _) = add_account(self.w, &new)?;
        for r in roles {
            grant(
                self.w,
                &NewGrant::role(id, *r, school.map(|s| s.0), class, Day::lit("2024-09-01"), None),
            )?;
        }
        self.logins.push(Login {
            role: role.into(),
            school: school.map(|s| s.1).unwrap_or_default().into(),
            user: user.into(),
        });
        Ok(id)
    }
    fn staff(
        &mut self,
        code: &str,
        school: Id,
        role: &str,
        roles: &[Role],
        post: &str,
        class: Option<Id>,
    ) -> Result<Id> {
        let shown = self.name();
        let n = self
            .logins
            .iter()
            .filter(|l| l.school == code && l.role == role)
            .count();
        let user = if n == 0 {
            format!("{}-{role}", code.to_lowercase())
        } else {
            format!("{}-{role}-{}", code.to_lowercase(), n + 1)
        };
        let since = Day::lit("2024-09-01");
        let account = self.account(role, Some((school, code)), &user, &shown, roles, class)?;
        let sex = if self.rng.random_bool(0.6) { "f" } else { "m" };
        let adult = add_adult(self.w, school, &shown, sex, since)?;
        add_post(
            self.w,
            &NewPost {
                school,
                adult,
                account: Some(account),
                post,
                class,
                from: since,
            },
        )?;
        Ok(account)
    }
    fn school(&mut self, code: &str, name: &str, scheme: &str) -> Result<()> {
        let year = SchoolYear::of(self.today);
        let school = add_school(self.w, code, name, Some(scheme), self.today)?;
        let head = self.staff(code, school, "head", &[Role::Head], "head", None)?;
        grant(
            self.w,
            &NewGrant::post(head, Post::Office, school, year.span().from, None),
        )?;
        self.staff(code, school, "counsellor", &[Role::Counsellor], "counsellor", None)?;
        // everyone has a login; a volunteer and an inspector hold no child until one is paired or shown
        for role in [Role::SubjectTeacher, Role::DutyLeader, Role::Helper, Role::Inspector] {
            let (user, shown) = (format!("{}-{}", code.to_lowercase(), role.code()), self.name());
            self.account(role.code(), Some((school, code)), &user, &shown, &[role], None)?;
        }
        self.staff(code, school, "leader", &[Role::Leader], "office", None)?;
        for class_code in if code == "S1" { ["701", "801"] } else { ["401", "402"] } {
            let class = add_class(self.w, school, class_code, year)?;
            self.staff(
                code,
                school,
                "class_teacher",
                &[Role::ClassTeacher],
                "class_teacher",
                Some(class),
            )?;
            for _ in 0..CHILDREN {
                let child = self.child(school, class, year.span().from)?;
                self.records(school, child)?;
            }
        }
        Ok(())
    }
    fn child(&mut self, school: Id, class: Id, since: Day) -> Result<Id> {
        let left = self.rng.random_bool(0.75);
        let name = self.name();
        let elder = self.name();
        let village = VILLAGES.choose(&mut self.rng).copied().unwrap_or("洞坪村");
        // numbers of a range that is given to nobody
        let phone = format!("190000{:05}", self.rng.random_range(0..100_000));
        let place = ["东莞", "温州", "佛山", "昆山"]
            .choose(&mut self.rng)
            .copied()
            .unwrap_or("东莞");
        let where_ = if left { "away_work" } else { "home" };
        let parent = |parent: &str| NewParent {
            parent: parent.into(),
            whereabouts: where_.into(),
            from: left.then_some(since),
            place: left.then(|| place.into()),
            ..NewParent::default()
        };
        let new = NewChild {
            id: Id::fresh(),
            school,
            class: Some(class),
            name,
            sex: Some(if self.rng.random_bool(0.5) { "f" } else { "m" }.into()),
            birth_date: Day::new(2016, self.rng.random_range(1..=12), self.rng.random_range(1..=28)),
            id_no: None,
            student_no: None,
            home_address: Some(format!("{village}{}组", self.rng.random_range(1..9))),
            village: Some(village.into()),
            boarder: Some(self.rng.random_bool(0.2)),
            guardians: vec![NewGuardian {
                name: elder,
                relation: "grandmother".into(),
                phone: Some(phone),
                address: None,
            }],
            parents: vec![parent("father"), parent("mother")],
            left_behind_from: left.then_some(since),
            since,
        };
        tx_child::add(self.w, &new)?;
        Ok(new.id)
    }
    fn records(&mut self, school: Id, child: Id) -> Result<()> {
        for month in ["2026-09", "2026-10", "2026-11"] {
            let first = Day::lit(&format!("{month}-01"));
            for (kind, share) in [("heart_talk", 0.8), ("guardian_talk", 0.7), ("family_call", 0.6)] {
                let on = first.plus(self.rng.random_range(1..27));
                if on > self.today || !self.rng.random_bool(share) {
                    continue;
                }
                let Some(kind) = find_kind(kind) else { continue };
                let mut r = NewRecord::new(kind, school, on);
                r.text = WORDS.choose(&mut self.rng).copied().unwrap_or_default().into();
                r.lines = vec![NewLine::child(child)];
                tx_record::add(self.w, &r)?;
            }
        }
        Ok(())
    }
}

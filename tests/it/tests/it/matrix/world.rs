//! Two schools with children whose every fact is a word found nowhere else, and one account of each role.

use super::recipes::{Ask, Body, Fill};
use serde_json::{Value as Json, json};
use std::io::Read;
use tx_access::{NewAccount, NewGrant, Post, Role, SessionKind};
use tx_base::{Day, Id};
use tx_calendar::SchoolYear;
use tx_it::{TODAY, World};
use tx_store::{Act, Db, Value};
use tx_web::{Route, Who};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// the class of the class teacher
    Own,
    /// the other class of the school
    Next,
    /// the other school
    Far,
    /// ids that exist nowhere
    Nobody,
}
impl Place {
    pub const ALL: [Place; 4] = [Place::Nobody, Place::Far, Place::Next, Place::Own];
}

/// Words of one child that stand nowhere else, by field class.
pub struct Marks {
    /// O, P, S, and I for the ID number in full, with what each is
    words: Vec<(char, &'static str, String)>,
}
#[derive(Clone)]
pub struct Actor {
    pub name: &'static str,
    id: Id,
    token: String,
    live: bool,
    roles: &'static [Role],
    posts: &'static [Post],
    /// what may be seen of the child own, next, far: the table of security.md §1
    sees: [&'static str; 3],
}
pub struct Town<'w> {
    w: &'w World,
    db: Db,
    county: Id,
    agent: ureq::Agent,
    pub actors: Vec<Actor>,
    pub schemas: Json,
    schools: [Id; 2],
    children: [Id; 3],
    records: [Id; 3],
    duties: [Id; 3],
    helpers: [Id; 2],
    spare: [Id; 2],
    marks: Vec<Marks>,
}

/// A valid ID number of a born day and serial number.
fn id_no(serial: u32) -> String {
    let body = format!("43300020160501{serial:03}");
    let w = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(w).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!(
        "{body}{}",
        ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize]
    )
}

impl Actor {
    pub fn passes(&self, r: &Route) -> bool {
        match r.who {
            Who::Anyone => true,
            Who::SignedIn => self.live,
            Who::Roles(all) => {
                self.live
                    && (self.roles.iter().any(|x| all.contains(x))
                        || self.posts.contains(&Post::Office) && all.contains(&Role::ClassTeacher))
            }
        }
    }
    /// How one who is not admitted is turned away: signed in 403 or 404, a stranger 401 or to the login.
    pub fn refused(&self, status: u16) -> bool {
        if self.live {
            matches!(status, 403 | 404)
        } else {
            status == 401
        }
    }
    /// Whether something of this place is within the reach; `school` = it belongs to the school as a whole.
    pub fn reaches(&self, place: Place, school: bool) -> bool {
        match place {
            Place::Nobody => false,
            Place::Own | Place::Next if school && self.name != "far-head" => true,
            Place::Own | Place::Next if school => false,
            // an administrator and a county officer see the ordinary side of all schools
            _ if self.roles.iter().any(|r| !r.of_a_school()) => true,
            _ => !self.sees[place as usize].is_empty(),
        }
    }
}

/// The sentence of a problem, without its number.
pub fn detail(text: &str) -> String {
    serde_json::from_str::<Json>(text)
        .ok()
        .and_then(|v| v["detail"].as_str().map(str::to_owned))
        .unwrap_or_default()
}

impl<'w> Town<'w> {
    pub fn build(w: &'w World) -> Town<'w> {
        let db = w.place.open().expect("the store");
        let county = Id::fresh();
        let today = Day::lit(TODAY);
        let year = SchoolYear::of(today);
        let (schools, classes) = db
            .write(Act::console(county, "test", "matrix"), move |w| {
                w.insert(&tx_access::COUNTIES, tx_store::row!["id" => county, "name" => "雾岭县"])?;
                tx_access::directory::set(w, "county", "雾岭县", county)?;
                let a = tx_school::add_school(w, "Y1", "云溪小学", Some("S5"), today)?;
                let b = tx_school::add_school(w, "Y2", "东坪小学", Some("S3"), today)?;
                let k = [
                    tx_school::add_class(w, a, "401", year)?,
                    tx_school::add_class(w, a, "402", year)?,
                    tx_school::add_class(w, b, "401", year)?,
                ];
                Ok(([a, b], k))
            })
            .expect("two schools");
        use Role::*;
        // from the most right to the least; `sees` = own, next (a key child), far; I = the ID number in full
        let cast: [(
            &'static str,
            &'static [Role],
            &'static [Post],
            Option<usize>,
            Option<usize>,
            [&'static str; 3],
        ); 15] = [
            ("head", &[Head], &[], Some(0), None, ["OPSI", "OPSI", ""]),
            ("far-head", &[Head], &[], Some(1), None, ["", "", "OPSI"]),
            (
                "office",
                &[SubjectTeacher],
                &[Post::Office],
                Some(0),
                None,
                ["OPSI", "OPSI", ""],
            ),
            ("counsellor", &[Counsellor], &[], Some(0), None, ["OPSI", "OPSI", ""]),
            ("leader", &[Leader], &[], Some(0), None, ["OP", "OPS", ""]),
            ("inspector", &[Inspector], &[], Some(0), None, ["OP", "OP", ""]),
            (
                "class_teacher",
                &[ClassTeacher],
                &[],
                Some(0),
                Some(0),
                ["OPSI", "", ""],
            ),
            (
                "subject_teacher",
                &[SubjectTeacher],
                &[],
                Some(0),
                Some(0),
                ["O", "", ""],
            ),
            ("duty_leader", &[DutyLeader], &[], Some(0), None, ["O", "O", ""]),
            ("paired", &[Helper], &[], Some(0), None, ["O", "", ""]),
            ("helper", &[Helper], &[], Some(0), None, ["", "", ""]),
            ("county", &[County], &[], None, None, ["", "", ""]),
            ("admin", &[Admin], &[], None, None, ["", "", ""]),
            ("disabled", &[Head], &[], Some(0), None, ["", "", ""]),
            ("stranger", &[], &[], None, None, ["", "", ""]),
        ];
        let mut actors = Vec::new();
        let mut ids = Vec::new();
        for (name, roles, posts, school, class, sees) in cast {
            let (s, k) = (school.map(|s| schools[s]), class.map(|k| classes[k]));
            let (id, token) = if name == "stranger" {
                (Id::NIL, String::new())
            } else {
                db.write(Act::console(county, "test", "matrix"), move |w| {
                    // a password that is none: the accounts come by token
                    let new = NewAccount {
                        name: name.into(),
                        shown: name.into(),
                        school: s,
                        adult: None,
                        password: Some("矩阵里不登录".into()),
                    };
                    let (id, _) = tx_access::add_account(w, &new)?;
                    for r in roles {
                        tx_access::grant(w, &NewGrant::role(id, *r, s, k, today, None))?;
                    }
                    for p in posts {
                        tx_access::grant(w, &NewGrant::post(id, *p, s.expect("a school"), today, None))?;
                    }
                    Ok((id, tx_access::open_session(w, id, SessionKind::Token, "matrix", None)?))
                })
                .expect("an account")
            };
            ids.push(id);
            actors.push(Actor {
                name,
                id,
                token,
                live: !matches!(name, "stranger" | "disabled"),
                roles,
                posts,
                sees,
            });
        }
        let (helpers, spare) = db
            .write(Act::console(county, "test", "matrix"), move |w| {
                let h = [
                    tx_school::add_adult(w, schools[0], "田妈妈", "f", today)?,
                    tx_school::add_adult(w, schools[1], "覃妈妈", "f", today)?,
                ];
                let mut spare = [Id::NIL; 2];
                for i in 0..2 {
                    let new = NewAccount {
                        name: format!("spare{i}"),
                        shown: "备用".into(),
                        school: Some(schools[i]),
                        adult: None,
                        password: Some("矩阵里不登录".into()),
                    };
                    spare[i] = tx_access::add_account(w, &new)?.0;
                }
                Ok((h, spare))
            })
            .expect("helpers");
        let mut town = Town {
            w,
            db,
            county,
            agent: ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .allow_non_standard_methods(true)
                .max_idle_connections(0)
                .build()
                .into(),
            actors,
            schemas: Json::Null,
            schools,
            children: [Id::NIL; 3],
            records: [Id::NIL; 3],
            duties: [Id::NIL; 3],
            helpers,
            spare,
            marks: Vec::new(),
        };
        town.schemas = w.get("/api/v1/openapi.json", "").body["components"]["schemas"].clone();
        town.people(county, ids[9], ids[13]);
        town
    }

    /// The same person with a new token.
    pub fn afresh(&self, actor: &Actor) -> Actor {
        if !actor.live {
            return actor.clone();
        }
        let (id, county) = (actor.id, self.county);
        let token = self
            .db
            .write(Act::console(county, "test", "matrix"), move |w| {
                tx_access::open_session(w, id, SessionKind::Token, "matrix", None)
            })
            .expect("a token");
        Actor { token, ..actor.clone() }
    }

    /// A child with a talk in each place; the paired helper, the disabled account.
    fn people(&mut self, county: Id, paired: Id, disabled: Id) {
        for (i, (class, head)) in [("401", 0), ("402", 0), ("401", 1)].into_iter().enumerate() {
            let token = self.actors[head].token.clone();
            let w = |what: &str| format!("{what}{}", ["甲壬", "乙癸", "丙辛"][i]);
            let (name, phone, father) = (
                w("石"),
                format!("1900017{:04}", 3301 + i),
                format!("1900018{:04}", 4401 + i),
            );
            let (no, address, talk, elder, town) = (
                id_no(170 + i as u32),
                w("岩脚村水井边"),
                w("夜里想妈妈"),
                w("覃"),
                w("东莞厚街"),
            );
            let body = json!({"class": class, "name": name, "sex": "f", "birth_date": "2016-05-01", "id_no": no, "home_address": address, "left_behind": true,
                "guardians": [{"name": elder, "relation": "grandmother", "phone": phone}],
                "parents": [{"parent": "father", "where": "away_work", "place": town, "phone": father}]});
            let a = self.w.post("/api/v1/children", &token, &body);
            assert_eq!(a.status, 201, "{:?}", a.body);
            self.children[i] = a.body["id"].as_str().and_then(|s| s.parse().ok()).expect("an id");
            let a = self.w.post(
                "/api/v1/records",
                &token,
                &json!({"kind": "heart_talk", "text": talk, "children": [self.children[i]]}),
            );
            assert_eq!(a.status, 201, "{:?}", a.body);
            self.records[i] = a.body["id"].as_str().and_then(|s| s.parse().ok()).expect("an id");
            let d = self
                .w
                .get(&format!("/api/v1/duties?child={}", self.children[i]), &token);
            self.duties[i] = d.body["items"][0]["id"]
                .as_str()
                .and_then(|s| s.parse().ok())
                .expect("a child on the list has duties");
            let why = w("父母离异后不说话");
            if i == 1 {
                let path = format!("/api/v1/children/{}/key", self.children[i]);
                let a = self.w.post(&path, &token, &json!({"reason": why}));
                assert!(a.status < 300, "{:?}", a.body);
            }
            let (keeper, giver) = (w("委托给谭"), w("助学人"));
            for (sort, fields) in [
                ("delegation", json!({"to_whom": keeper})),
                ("aid", json!({"ground": "orphan", "programme": "donation"})),
            ] {
                let body = json!({"sort": sort, "child": self.children[i], "from": TODAY, "fields": fields});
                let a = self.w.post("/api/v1/things", &token, &body);
                assert_eq!(a.status, 201, "{:?}", a.body);
                if sort == "aid" {
                    let path = format!("/api/v1/things/{}/step", a.body["id"].as_str().expect("an id"));
                    let got = json!({"step": "receive", "fields": {"source": giver}});
                    assert_eq!(self.w.post(&path, &token, &got).status, 200);
                }
            }
            self.marks.push(Marks {
                words: vec![
                    ('P', "to whom its care is delegated", keeper),
                    ('S', "who helps it", giver),
                    ('O', "the name", name),
                    ('P', "the guardian's phone", phone),
                    ('P', "the father's phone", father),
                    ('P', "the address", address),
                    ('P', "the guardian's name", elder),
                    ('P', "where the father is", town),
                    ('P', "the words of a talk", talk),
                    ('S', "why it is a key child", why),
                    ('I', "the ID number", no),
                ],
            });
        }
        let (child, today) = (self.children[0], Day::lit(TODAY));
        self.db
            .write(Act::console(county, "test", "matrix"), move |w| {
                tx_access::grant(w, &NewGrant::paired(paired, child, child, today, None))?;
                tx_access::disable_account(w, disabled)
            })
            .expect("paired");
    }

    pub fn child(&self, place: Place) -> Id {
        self.children.get(place as usize).copied().unwrap_or_else(nobody)
    }
    pub fn helper(&self, place: Place) -> Id {
        self.helpers[usize::from(place == Place::Far)]
    }
    pub fn school_code(&self, place: Place) -> &'static str {
        ["Y1", "Y1", "Y2", "Y9"][place as usize]
    }
    pub fn class_code(&self, place: Place) -> &'static str {
        ["401", "402", "401", "909"][place as usize]
    }
    /// The value for a parameter of a path.
    pub fn fill(&self, fill: Fill, place: Place, _actor: &Actor) -> String {
        let at = place as usize;
        let or_nobody = |ids: &[Id]| ids.get(at).copied().unwrap_or_else(nobody).to_string();
        match fill {
            Fill::Child => or_nobody(&self.children),
            Fill::Record => or_nobody(&self.records),
            Fill::Duty => or_nobody(&self.duties),
            Fill::Account => or_nobody(&[self.spare[0], self.spare[0], self.spare[1]]),
            Fill::SchoolCode => self.school_code(place).into(),
            Fill::ClassCode => self.class_code(place).into(),
            Fill::Word(w) => w.into(),
            Fill::Nobody => nobody().to_string(),
            Fill::Room => self.room(place).unwrap_or_else(nobody).to_string(),
            Fill::Table(name) => self.row(name, place).unwrap_or_else(nobody).to_string(),
        }
    }
    fn room(&self, place: Place) -> Option<Id> {
        if place == Place::Nobody {
            return None;
        }
        let school = self.schools[usize::from(place == Place::Far)];
        let sql = "select id from things where school_id = ?1 and sort = 'room' order by id limit 1";
        let found = self.db.read(|c| c.first(sql, &[school.into()]));
        found.ok().flatten().map(|r| r.id(0))
    }
    /// A row of a table that belongs to the place's child, else to its school.
    fn row(&self, name: &str, place: Place) -> Option<Id> {
        let table = tongxing::tables().iter().find(|t| t.name == name)?;
        let (column, id): (&str, Value) = match place {
            Place::Nobody => return None,
            _ if table.column("child_id").is_some() => ("child_id", self.child(place).into()),
            _ if table.column("school_id").is_some() => {
                ("school_id", self.schools[usize::from(place == Place::Far)].into())
            }
            _ => return None,
        };
        let sql = format!("select id from {name} where {column} = ?1 order by id limit 1");
        self.db.read(|c| c.first(&sql, &[id])).ok().flatten().map(|r| r.id(0))
    }

    /// Asks as the actor; status and body with the text of packed files unpacked.
    pub fn send(&self, actor: &Actor, r: &Route, ask: &Ask) -> (u16, String) {
        let mut req = ureq::http::Request::builder()
            .method(r.method)
            .uri(format!("{}{}", self.w.address, ask.path));
        if !actor.token.is_empty() {
            req = req.header("authorization", format!("Bearer {}", actor.token));
        }
        let sent = match &ask.body {
            Body::None => self.agent.run(req.body(()).expect("a request")),
            Body::Json(v) => self.agent.run(
                req.header("content-type", "application/json")
                    .body(v.to_string())
                    .expect("a request"),
            ),
            Body::Form(fields) => {
                let text: Vec<String> = fields
                    .iter()
                    .map(|(n, v)| format!("{n}={}", v.bytes().map(|b| format!("%{b:02X}")).collect::<String>()))
                    .collect();
                self.agent.run(
                    req.header("content-type", "application/x-www-form-urlencoded")
                        .body(text.join("&"))
                        .expect("a request"),
                )
            }
            Body::Upload => {
                let (name, file): (&str, &[u8]) = if r.path.ends_with("/photo") {
                    ("a.png", DOT)
                } else {
                    ("a.csv", "姓名,班级\n矩阵童,401\n".as_bytes())
                };
                let mut head = String::new();
                for (part, ty, _) in r.parts {
                    let value = if *ty == "date" { TODAY } else { "字" };
                    head += &format!("--zz\r\ncontent-disposition: form-data; name=\"{part}\"\r\n\r\n{value}\r\n");
                }
                head += &format!("--zz\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
                let body = [head.as_bytes(), file, b"\r\n--zz--\r\n"].concat();
                self.agent.run(
                    req.header("content-type", "multipart/form-data; boundary=zz")
                        .body(body)
                        .expect("a request"),
                )
            }
        };
        let mut res = sent.unwrap_or_else(|e| panic!("{} {}: {e}", r.method, ask.path));
        // to be sent to the login is to be refused
        let to_login = res
            .headers()
            .get("location")
            .is_some_and(|l| l.as_bytes().starts_with(b"/login"));
        let status = if to_login && (r.path != "/logout" || !actor.live) {
            401
        } else {
            res.status().as_u16()
        };
        let mut raw = Vec::new();
        let _ = res.body_mut().as_reader().take(30 << 20).read_to_end(&mut raw);
        let mut text = String::from_utf8_lossy(&raw).into_owned();
        if raw.starts_with(b"PK")
            && let Ok(mut zip) = zip::ZipArchive::new(std::io::Cursor::new(raw))
        {
            for i in 0..zip.len() {
                let mut part = Vec::new();
                if let Ok(mut f) = zip.by_index(i) {
                    let _ = f.read_to_end(&mut part);
                }
                text.push_str(&String::from_utf8_lossy(&part));
            }
        }
        (status, text)
    }
    /// What stands in an answer that this actor may not see.
    pub fn leaks(&self, actor: &Actor, text: &str) -> Vec<String> {
        let mut out = Vec::new();
        for (at, (marks, sees)) in self.marks.iter().zip(actor.sees).enumerate() {
            for (class, what, word) in &marks.words {
                if !sees.contains(*class) && text.contains(word.as_str()) {
                    out.push(format!("{what} ({class}) of the child {:?}", Place::ALL[3 - at]));
                }
            }
        }
        out
    }
}

fn nobody() -> Id {
    "01a20d13-5282-72a1-923a-5107d1565097".parse().expect("a UUID")
}

/// A photo of one dot, as PNG.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\xdac\x64\xf8\xcf\x50\x0f\0\x03\x86\x01\x80Z4}k\0\0\0\0IEND\xaeB`\x82";

//! `school add` and `user …`: the same doors as the page of people, at the console.

use crate::cli::{console, find_school, no_user};
use crate::county::county_of;
use crate::out;
use clap::Subcommand;
use tx_access::{Post, Role, SessionKind, disable_account, find_account, open_session};
use tx_base::{Fault, Result, say};
use tx_calendar::SchoolYear;
use tx_school::{Held, NewPerson};
use tx_store::{Db, params};

#[derive(Subcommand, Debug)]
pub(crate) enum SchoolCommand {
    /// adds a school
    Add {
        #[arg(long)]
        code: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        scheme: Option<String>,
        /// a county that is not there yet is made and said / 没有的县会新建，并且说出来
        #[arg(long)]
        county: Option<String>,
        /// makes a county although its name is nearly that of another / 名字和已有的县很像也照建
        #[arg(long)]
        new_county: bool,
    },
}
#[derive(Subcommand, Debug)]
pub(crate) enum UserCommand {
    /// adds a user; the first password is the last word on stdout
    Add(NewUser),
    /// disables a user; sessions and tokens end
    Disable { name: String },
    /// renews the rights of a school's staff to the end of the school year
    Renew {
        #[arg(long)]
        school: String,
    },
    /// wakes a user who was not here for 60 days
    Wake { name: String },
}
#[derive(clap::Args, Debug)]
pub(crate) struct NewUser {
    name: String,
    #[arg(long, required = true)]
    role: Vec<String>,
    #[arg(long)]
    post: Vec<String>,
    #[arg(long)]
    school: Option<String>,
    #[arg(long)]
    class: Vec<String>,
    #[arg(long)]
    county: Option<String>,
    /// makes a county although its name is nearly that of another / 名字和已有的县很像也照建
    #[arg(long)]
    new_county: bool,
}

pub(crate) fn school(db: &Db, what: SchoolCommand) -> Result<i32> {
    let SchoolCommand::Add {
        code,
        name,
        scheme,
        county,
        new_county,
    } = what;
    let county = county_of(db, county.as_deref(), new_county)?;
    let today = db.clock().today();
    db.write(console(county, "school.add"), move |w| {
        tx_school::add_school(w, &code, &name, scheme.as_deref(), today).map(|_| ())
    })?;
    Ok(0)
}

pub(crate) fn user(db: &Db, what: UserCommand) -> Result<i32> {
    let found = |name: &str| db.read(|c| find_account(c, name))?.ok_or_else(|| no_user(name));
    match what {
        UserCommand::Add(new) => add(db, new)?,
        UserCommand::Renew { school } => {
            let (county, id) = find_school(db, &school)?;
            let today = db.clock().today();
            let (n, to) = db.write(console(county, "grant.renew"), move |w| {
                tx_school::renew_staff(w, id, None, today)
            })?;
            out!("{n} {to}");
        }
        UserCommand::Wake { name } => {
            let a = found(&name)?;
            db.write(console(a.county, "account.wake"), move |w| tx_access::wake(w, a.id))?;
        }
        UserCommand::Disable { name } => {
            let a = found(&name)?;
            db.write(console(a.county, "account.disable"), move |w| disable_account(w, a.id))?;
        }
    }
    Ok(0)
}

/// A token for scripts, the last word on stdout. Who is disabled gets none: it would open nothing.
pub(crate) fn token(db: &Db, user: &str) -> Result<i32> {
    let a = db.read(|c| find_account(c, user))?.ok_or_else(|| no_user(user))?;
    let token = db.write(console(a.county, "token.add"), move |w| {
        let sql = "select 1 from accounts where county_id = ?1 and id = ?2 and disabled_at is not null";
        if w.conn().first(sql, params![a.county, a.id])?.is_some() {
            return Err(Fault::Bad(say(
                format!("账号 {} 已经停用，不能发令牌", a.name),
                format!("The user {} is disabled and gets no token", a.name),
            )));
        }
        open_session(w, a.id, SessionKind::Token, "token", None)
    })?;
    out!("{token}");
    Ok(0)
}

fn add(db: &Db, new: NewUser) -> Result<()> {
    let role = |code: &String| {
        Role::parse(code)
            .map(Held::Role)
            .ok_or_else(|| Fault::Bad(say(format!("没有角色 {code}"), format!("There is no role {code}"))))
    };
    let post = |code: &String| {
        Post::parse(code)
            .map(Held::Post)
            .ok_or_else(|| Fault::Bad(say(format!("没有岗位 {code}"), format!("There is no post {code}"))))
    };
    let mut held: Vec<Held> = Vec::new();
    for h in new.role.iter().map(role).chain(new.post.iter().map(post)) {
        let h = h?;
        // said twice is meant once
        if !held.contains(&h) {
            held.push(h);
        }
    }
    let of_a_school = |h: &Held| matches!(h, Held::Role(r) if r.of_a_school()) || matches!(h, Held::Post(_));
    let (county, school) = match &new.school {
        Some(code) => {
            let (county, id) = find_school(db, code)?;
            (county, Some(id))
        }
        None if held.iter().any(of_a_school) => {
            return Err(Fault::Bad(say(
                "这个角色要说明学校：--school",
                "This role needs a school: --school",
            )));
        }
        None => (county_of(db, new.county.as_deref(), new.new_county)?, None),
    };
    let today = db.clock().today();
    let password = tx_seal::word_password();
    let first = password.clone();
    let mut classes = new.class;
    classes.dedup();
    db.write(console(county, "account.add"), move |w| {
        let rights = tx_school::rights_for(w, school, &held, &classes, SchoolYear::of(today))?;
        let person = NewPerson {
            school,
            adult: None,
            name: new.name.clone(),
            sex: None,
            user: new.name.clone(),
            rights,
            from: today,
            to: None,
        };
        tx_school::add_person(w, &person, &first)
    })?;
    out!("{password}");
    Ok(())
}

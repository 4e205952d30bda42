//! `POST /api/v1/import/children` and the roster as a file (interfaces.md).

use super::{Choices, Options, Outcome, Place, School, plan, read, run_in};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tx_access::{Post, Role, Scope};
use tx_base::{Fault, Result, t};
use tx_store::Class;
use tx_web::{Ctx, Limit, Reply, Route, Who};

/// Head, office (by its post) and class teachers, who import their own class (security.md §1).
pub(super) const IMPORTERS: Who = Who::Roles(&[Role::Head, Role::ClassTeacher]);

pub static ROUTES: &[Route] = &[
    Route::upload("/api/v1/import/children", IMPORTERS, Class::S, post)
        .says(t("导入花名册", "Import a roster"))
        .query(&[
            ("school", "string", t("学校代码", "School code")),
            ("dry_run", "boolean", t("只看不存", "Look only, store nothing")),
            (
                "keep_good",
                "boolean",
                t("有错也存对的行", "Store the good rows although others are wrong"),
            ),
        ]),
    Route::get(
        "/api/v1/export/children.xlsx",
        crate::roster::READERS,
        Class::P,
        crate::roster::export,
    )
    .says(t("花名册", "The roster"))
    .query(&[
        ("school", "string", t("学校代码", "School code")),
        ("class", "string", t("班级代码", "Class code")),
        ("purpose", "string", t("做什么用，留审计", "What for; audited")),
        (
            "include",
            "string",
            t("sensitive = 连身份证号，留审计", "sensitive = with ID numbers, audited"),
        ),
    ]),
];

/// Imports that are running: two at a time (security.md §7).
static RUNNING: AtomicUsize = AtomicUsize::new(0);
const AT_ONCE: usize = 2;

/// One of the two places; given back when it is dropped.
pub(super) struct Turn(());
impl Turn {
    pub(super) fn take() -> Result<Turn> {
        let got = RUNNING.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| (n < AT_ONCE).then_some(n + 1));
        got.map(|_| Turn(())).map_err(|_| Fault::Slow(5))
    }
}
impl Turn {
    /// As [`Turn::take`], for pages: waits a while for its turn.
    pub(super) fn wait() -> Result<Turn> {
        for _ in 0..200 {
            if let Ok(t) = Turn::take() {
                return Ok(t);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Turn::take()
    }
}
impl Drop for Turn {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The place that this person may import into: the whole school, or the own classes.
pub(super) fn place(scope: &Scope) -> Result<Place> {
    let school = scope.the_school()?;
    let whole = scope.is(Role::Head) || scope.holds(Post::Office);
    if !whole && scope.leads.is_empty() {
        return Err(Fault::forbidden(t(
            "只有校长、办公室和本班班主任能导入",
            "Only the head, the office and the class teacher may import",
        )));
    }
    Ok(Place {
        county: scope.county,
        school: school.id,
        school_name: school.name.clone(),
        only: (!whole).then(|| scope.leads.clone()),
        today: scope.today,
    })
}

fn yes(ctx: &Ctx, name: &str) -> Result<bool> {
    match ctx.q(name) {
        None | Some("0" | "false" | "no") => Ok(false),
        Some("1" | "true" | "yes") => Ok(true),
        Some(_) => Err(Fault::invalid(
            name,
            format!("{name} 只能是 true 或 false"),
            format!("{name} is true or false"),
        )),
    }
}

fn post(ctx: &Ctx) -> Result<Reply> {
    let scope = ctx.scope()?;
    // which school it is decides before the file is looked at
    let own = scope.school.as_ref().map(|s| s.code.as_str());
    if ctx.q("school").is_some_and(|s| Some(s) != own) {
        return Err(Fault::NotFound);
    }
    let at = place(scope)?;
    let o = Options {
        dry_run: yes(ctx, "dry_run")?,
        keep_good: yes(ctx, "keep_good")?,
    };
    ctx.app.take(Limit::Import, scope.account)?;
    let _turn = Turn::take()?;
    let file = ctx.file("file")?;
    let school = ctx.read(|c| School::load(c, at.county, at.school))?;
    let name = file.file_name.as_deref().unwrap_or_default();
    let r = Arc::new(read(&file.bytes, name, at.today, &school, Choices::default())?);
    let lang = ctx.lang;
    if o.dry_run {
        let p = ctx.read(|c| plan(c, ctx.db().keys(), &at, &r))?;
        return Ok(Reply::json(&Outcome::of(&p, o.keep_good).json(lang)));
    }
    ctx.write_json(scope.act("import.children"), move |w| {
        Ok((200, run_in(w, &at, &r, o)?.json(lang)))
    })
}

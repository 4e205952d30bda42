//! What the pages of this crate share: whose school, which school year, who may change it, and small pieces of forms.

use maud::{Markup, html};
use tx_access::{Post, Role, SchoolRef, Scope};
use tx_base::{Fault, FieldFault, Id, Lang, Result, Text, t};
use tx_calendar::SchoolYear;
use tx_store::{Conn, params};
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::{Field, FieldError, FieldKind, Form};
use tx_web::parts::lists::Tab;
use tx_web::{Ctx, Reply, Who};

/// Everyone for whom the ordinary class of a school is open (security.md §1); volunteers have no page here.
pub const STAFF_AND_OFFICERS: Who = Who::Roles(&[
    Role::Admin,
    Role::County,
    Role::Head,
    Role::Leader,
    Role::ClassTeacher,
    Role::Counsellor,
    Role::SubjectTeacher,
    Role::DutyLeader,
    Role::Inspector,
]);
/// Who keeps the school's data. `ClassTeacher` stands here because the post `office` comes in by it; [`may_keep`] decides.
pub const KEEPERS: Who = Who::Roles(&[Role::Admin, Role::Head, Role::ClassTeacher]);

/// Whether this person keeps the data of the school: head, office, administrator.
pub fn keeps(scope: &Scope, school: Id) -> bool {
    let own = scope.school.as_ref().is_some_and(|s| s.id == school);
    scope.is(Role::Admin) || own && (scope.is(Role::Head) || scope.holds(Post::Office))
}
/// The same as a refusal.
pub fn may_keep(scope: &Scope, school: Id) -> Result<()> {
    if keeps(scope, school) {
        Ok(())
    } else {
        Err(Fault::forbidden(t(
            "这里由校长和办公室改",
            "The head and the office change this",
        )))
    }
}

/// The schools that this person may name: the own one, for administrator and county all of the county.
pub fn schools(c: &Conn, scope: &Scope) -> Result<Vec<SchoolRef>> {
    let all = c.query(
        "select id, code, name from schools where county_id = ?1 order by code, id",
        params![scope.county],
    )?;
    Ok(all
        .iter()
        .map(|r| SchoolRef {
            id: r.id(0),
            code: r.text(1),
            name: r.text(2),
        })
        .filter(|s| scope.sees_school(s.id))
        .collect())
}

/// The school that a request is about: named in path, query, form or body, else the own one, else the only one.
/// `None` when there are several to choose from. One that may not be seen is not found.
pub fn asked_school(ctx: &Ctx) -> Result<Option<SchoolRef>> {
    let scope = ctx.scope()?;
    let in_json = ctx.json().ok().and_then(|o| o.get("school")).and_then(|v| v.as_str());
    let code = Some(ctx.param("code"))
        .filter(|c| !c.is_empty())
        .or_else(|| ctx.q("school"))
        .or(in_json)
        .unwrap_or_else(|| ctx.f("school"));
    if code.is_empty() && scope.school.is_some() {
        return Ok(scope.school.clone());
    }
    let all = ctx.read(|c| schools(c, scope))?;
    if code.is_empty() {
        return match all.as_slice() {
            [one] => Ok(Some(one.clone())),
            _ => Ok(None),
        };
    }
    all.into_iter()
        .find(|s| s.code == code)
        .map(Some)
        .ok_or(Fault::NotFound)
}
/// The same where one must be named.
pub fn school_of(ctx: &Ctx) -> Result<SchoolRef> {
    asked_school(ctx)?.ok_or_else(|| Fault::invalid("school", "请说明是哪所学校：school", "Name the school: school"))
}

/// The school year of a request, `year=2026-2027` or `year=2026`; without it the present one.
pub fn year_of(ctx: &Ctx) -> Result<SchoolYear> {
    let word = ctx.q("year").unwrap_or_else(|| ctx.f("year"));
    if word.is_empty() {
        return Ok(SchoolYear::of(ctx.today()));
    }
    let plain = word
        .parse::<i16>()
        .ok()
        .filter(|y| (1949..=2200).contains(y))
        .map(SchoolYear::new);
    match plain {
        Some(y) => Ok(y),
        None => SchoolYear::parse(word).map_err(|e| Fault::invalid("year", e.zh, e.en)),
    }
}

/// Address of a page with its school and year kept, where they are not the usual ones.
pub fn at(ctx: &Ctx, path: &str, school: &SchoolRef, more: &str) -> String {
    let own = ctx
        .maybe_scope()
        .and_then(|s| s.school.as_ref())
        .is_some_and(|s| s.id == school.id);
    let mut q = if own {
        String::new()
    } else {
        format!("school={}", school.code)
    };
    if !more.is_empty() {
        if !q.is_empty() {
            q.push('&');
        }
        q.push_str(more);
    }
    if q.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{q}")
    }
}

/// Tabs of school years, the newest first.
pub fn years(ctx: &Ctx, path: &str, school: &SchoolRef, all: &[SchoolYear], on: SchoolYear) -> Vec<Tab> {
    all.iter()
        .map(|y| Tab::new(y.code(), at(ctx, path, school, &format!("year={}", y.code())), *y == on))
        .collect()
}

pub fn form(ctx: &Ctx, action: &str, hidden: &[(&str, &str)]) -> Form {
    Form {
        action: action.into(),
        csrf: ctx.csrf(),
        key: ctx.form_key(),
        hidden: hidden
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        ..Form::default()
    }
}
/// A field with what was typed kept and its fault beside it.
pub fn field(ctx: &Ctx, faults: &[FieldFault], name: &str, label: Text, kind: FieldKind, stands: &str) -> Field {
    let typed = ctx.form().iter().any(|(n, _)| n == name);
    Field {
        name: name.into(),
        label: label.in_lang(ctx.lang).into(),
        value: if typed {
            ctx.f(name).to_owned()
        } else {
            stands.to_owned()
        },
        error: tx_web::parts::forms::fault_of(ctx.lang, faults, name),
        kind,
        ..Field::default()
    }
}
pub fn errors(lang: Lang, faults: &[FieldFault]) -> Vec<FieldError> {
    tx_web::parts::forms::errors(lang, faults, |_| String::new())
}
/// What a refusal of a form names, to be shown beside the fields; anything else goes on.
pub fn field_faults(f: Fault) -> Result<Vec<FieldFault>> {
    match f {
        Fault::Invalid(_, list) => Ok(list),
        Fault::Conflict(reason) => Ok(vec![FieldFault {
            field: String::new(),
            reason,
        }]),
        other => Err(other),
    }
}

/// A page of this crate in its frame; `?saved=1` says that it was stored.
pub fn page(ctx: &Ctx, status: u16, title: Text, body: Markup) -> Result<Reply> {
    let saved = ctx.q("saved").is_some() && status == 200;
    let toast = saved.then(|| tx_web::parts::notes::Toast {
        text: t("存好了", "Saved").in_lang(ctx.lang).into(),
        undo: None,
    });
    Ok(Reply::page_with(
        status,
        shell_with(
            ctx,
            Shell {
                title,
                toast,
                ..Shell::default()
            },
            body,
        )?,
    ))
}

/// For one who has several schools: which one.
pub fn choose_school(ctx: &Ctx, path: &str, title: Text) -> Result<Reply> {
    let all = ctx.read(|c| schools(c, ctx.scope()?))?;
    let lang = ctx.lang;
    let rows: Vec<_> = all
        .iter()
        .map(|s| tx_web::parts::scheme::VersionRow {
            title: s.name.clone(),
            facts: vec![s.code.clone()],
            pill: None,
            act: Some(tx_web::parts::Link::new(
                t("打开", "Open").in_lang(lang),
                format!("{path}?school={}", s.code),
            )),
        })
        .collect();
    let top = tx_web::parts::Top {
        title: title.in_lang(lang).into(),
        sub: vec![t("选一所学校", "Choose a school").in_lang(lang).into()],
        ..Default::default()
    };
    let body = html! {
        (tx_web::parts::assets::office())
        (tx_web::parts::top(lang, &top))
        @if rows.is_empty() { (tx_web::parts::empty(t("还没有学校。", "No schools yet.").in_lang(lang), None)) } @else { (tx_web::parts::scheme::versions(&rows)) }
    };
    page(ctx, 200, title, body)
}

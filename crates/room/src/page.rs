//! 关爱室: who is in now, who leads this week, the tablets, and where equipment and books lie.

use crate::device::{card, devices};
use crate::rooms::{self, Room, leader, own, rooms as all_rooms, set_leader};
use crate::visits::{Inside, Tap, seen, sign_out, words};
use maud::{Markup, html};
use tx_base::{Fault, Id, Lang, Result, Text, t};
use tx_school::common::{errors, field, form, page as framed};
use tx_store::Class;
use tx_web::pages::may_open;
use tx_web::parts::{self, FieldKind, Link, Top, dashboard};
use tx_web::{Ctx, Reply, Route, STAFF};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/room", STAFF, Class::O, show).says(t("关爱室", "Care room")),
    Route::form("/room/{id}/leader", STAFF, Class::O, lead).says(t("定这周谁值周", "Say who leads this week")),
    Route::form("/room/{id}/out", STAFF, Class::O, out).says(t("替孩子签出", "Sign a child out")),
];

/// All that one room shows.
struct Stand {
    room: Room,
    inside: Vec<Inside>,
    /// in the room, and not in the caller's scope
    beyond: usize,
    came: usize,
    leader: Option<(Id, String)>,
    devices: Vec<crate::device::Device>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &[])
}

fn page(ctx: &Ctx, status: u16, faults: &[tx_base::FieldFault]) -> Result<Reply> {
    let (scope, lang, today, now) = (ctx.scope()?, ctx.lang, ctx.today(), ctx.now());
    let school = scope.the_school()?.id;
    let (stands, staff) = ctx.read(|c| {
        let mut out = Vec::new();
        for room in all_rooms(c, scope.county, school)? {
            let (all, more) = seen(c, scope, room.id, today)?;
            let here = crate::visits::inside(c, scope.county, room.id, today)?;
            let inside: Vec<Inside> = all.iter().filter(|i| i.visit.left.is_none()).cloned().collect();
            out.push(Stand {
                beyond: here.len().saturating_sub(inside.len()),
                came: all.len() + more,
                inside,
                leader: leader(c, scope.county, room.id, today.monday())?,
                devices: devices(c, scope.county, room.id, now)?,
                room,
            });
        }
        Ok((out, tx_school::adults(c, scope.county, school, today)?))
    })?;
    let w = |x: Text| x.in_lang(lang).to_owned();
    let keeps = rooms::keeps(scope).is_ok();
    let people: Vec<(String, String)> = std::iter::once((String::new(), "—".to_owned()))
        .chain(staff.iter().map(|a| (a.id.to_string(), a.name.clone())))
        .collect();
    let mut buttons = Vec::new();
    if keeps && may_open(ctx, "/things/new") {
        buttons.push(Link::new(w(t("加一间", "Add a room")), "/things/new?sort=room").icon("plus"));
    }
    let top = Top {
        title: w(t("关爱室", "Care room")),
        sub: vec![if lang == Lang::Zh {
            today.zh_short() + " " + today.zh_weekday()
        } else {
            today.to_string()
        }],
        buttons,
        ..Top::default()
    };
    let lists: Vec<Link> = [
        ("equipment", t("设备和玩具", "Equipment and games")),
        ("book", t("图书", "Books")),
    ]
    .into_iter()
    .filter(|_| may_open(ctx, "/things/list"))
    .map(|(sort, name)| Link::new(w(name), format!("/things/list?sort={sort}")))
    .collect();
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &top))
        (parts::error_summary(lang, &errors(lang, faults)))
        @if stands.is_empty() {
            (parts::empty(&w(t("还没有关爱室。", "No care room yet.")), keeps.then(|| Link::new(w(t("加一间", "Add one")), "/things/new?sort=room")).as_ref()))
        }
        @for s in &stands { div.halves { (one(ctx, s, keeps, &people, faults)) } }
        @if !lists.is_empty() { div.acts { @for l in &lists { (parts::button(l)) } } }
    };
    framed(ctx, status, t("关爱室", "Care room"), body)
}

fn one(ctx: &Ctx, s: &Stand, keeps: bool, people: &[(String, String)], faults: &[tx_base::FieldFault]) -> Markup {
    let lang = ctx.lang;
    let w = |x: Text| x.in_lang(lang).to_owned();
    let r = &s.room;
    let hours: Vec<String> = r
        .open_hours()
        .iter()
        .map(|(a, b)| format!("{}–{}", rooms::clock(*a), rooms::clock(*b)))
        .collect();
    let facts: Vec<String> = [
        Some(r.place.clone()).filter(|p| !p.is_empty()),
        Some(hours.join(if lang == Lang::Zh { "，" } else { ", " })),
        (!r.opens(ctx.today().weekday())).then(|| w(t("今天不开门", "closed today"))),
        s.leader.as_ref().map(|(_, name)| match lang {
            Lang::Zh => format!("这周{name}值周"),
            Lang::En => format!("{name} leads this week"),
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let n = s.inside.len() + s.beyond;
    let head = match lang {
        Lang::Zh => format!("现在屋里 {n} 人，今天来过 {} 人次", s.came),
        Lang::En => format!("{n} inside now, {} came today", s.came),
    };
    html! {
        (dashboard::card(&r.name, &facts.join(" · "), None, "", html! {
            p { b { (head) } }
            @for i in &s.inside {
                div.inrow {
                    div.grow { b { (i.name) } " " span.m3 { (i.class) " · " (i.visit.came.hour_minute()) (w(t(" 来的", " came"))) @if !i.visit.did.is_empty() { " · " (words(&i.visit.did, lang)) } } }
                    (parts::post_button(&form(ctx, &format!("/room/{}/out", r.id), &[("child", &i.visit.child.to_string())]), &w(t("出来", "Out")), "", parts::Look::Second))
                }
            }
            @if s.beyond > 0 { p.m3 { (match lang { Lang::Zh => format!("还有 {} 个别班的孩子", s.beyond), Lang::En => format!("and {} of other classes", s.beyond) }) } }
        }))
        @if keeps {
            (dashboard::card(&w(t("这周谁值周", "Leader of this week")), "", None, "", {
                let stands = s.leader.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
                let f = field(ctx, faults, "adult", t("值周老师", "Leader"), FieldKind::Select(people.to_vec()), &stands);
                parts::form(&form(ctx, &format!("/room/{}/leader", r.id), &[]), "stack", html! { (parts::field(&f)) button.btn.b2 type="submit" { (w(t("定下", "Set"))) } })
            }))
            (card(ctx, r, &s.devices))
        }
    }
}

fn lead(ctx: &Ctx) -> Result<Reply> {
    let (scope, id, today) = (ctx.scope()?.clone(), ctx.id("id")?, ctx.today());
    ctx.read(|c| own(c, &scope, id))?;
    rooms::keeps(&scope)?;
    let adult = match ctx.f("adult") {
        "" => None,
        text => Some(text.parse::<Id>().map_err(|()| Fault::NotFound)?),
    };
    let done = ctx.write_form(scope.act("room.leader"), move |w| {
        let room = own(w.conn(), &scope, id)?;
        set_leader(w, &room, today.monday(), adult)?;
        Ok("/room?saved=1".into())
    });
    match done {
        Err(Fault::Invalid(_, faults)) => page(ctx, 422, &faults),
        other => other,
    }
}

fn out(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?.clone(), ctx.id("id")?);
    let child: Id = ctx.f("child").parse().map_err(|()| Fault::NotFound)?;
    ctx.read(|c| {
        own(c, &scope, id)?;
        tx_child::fetch(c, &scope, child)?.ok_or(Fault::NotFound)
    })?;
    ctx.write_form(scope.act("room.out"), move |w| {
        let room = own(w.conn(), &scope, id)?;
        sign_out(w, &room, &Tap::now(child))?;
        Ok("/room?saved=1".into())
    })
}

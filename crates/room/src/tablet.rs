//! The tablet at the door (screens.md §5.11): whole classes by name and emblem, three taps in and out. Works as plain forms; with its script also without a network.

use crate::device::{Device, asking, classes, form_token, pair};
use crate::rooms::{Room, leader};
use crate::visits::{ACTIVITIES, Tap, inside, sign_in, sign_out};
use maud::{DOCTYPE, Markup, html};
use serde_json::{Value as Json, json};
use tx_base::{Fault, Id, Lang, Result, Text, say, t};
use tx_store::{Class, Conn, Write, params};
use tx_web::{Ctx, Reply, Route, Who};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/tablet", Who::Anyone, Class::O, show)
        .says(t("门口的平板", "The tablet at the door"))
        .query(&[
            ("class", "string", t("哪个班", "Which class")),
            ("child", "string", t("点了谁", "Who was tapped")),
        ]),
    Route::form("/tablet", Who::Anyone, Class::O, tap).says(t("进屋或出来", "In or out")),
    Route::form("/tablet/pair", Who::Anyone, Class::O, post_pair).says(t("输入配对码", "Type the code")),
    Route::json("POST", "/tablet/taps", Who::Anyone, Class::O, "RoomTaps", taps)
        .says(t("没有网络时点的，一次交上", "Taps that waited for the network")),
    Route::get("/tablet/worker.js", Who::Anyone, Class::O, worker)
        .says(t("没有网络也打得开", "Opens without a network")),
];

const EMBLEMS: [&str; 16] = [
    "fish", "leaf", "star", "moon", "boat", "hill", "kite", "sun", "cloud", "apple", "bird", "flower", "umbrella",
    "melon", "ox", "mushroom",
];
/// Taps of one request.
const MOST: usize = 200;

struct Pupil {
    id: Id,
    name: String,
    class: Id,
}

/// Name and class of all pupils in the classes of this tablet, in the order of lists. Nothing else is asked of the store.
fn pupils(c: &Conn, d: &Device) -> Result<Vec<Pupil>> {
    let sql = "select id, name, class_id from children where county_id = ?1 and school_id = ?2 and state = 'active' and deleted_at is null and class_id is not null order by pinyin, id";
    let all = c.query(sql, params![d.county, d.school])?;
    let all = all.iter().map(|r| Pupil {
        id: r.id(0),
        name: r.text(1),
        class: r.id(2),
    });
    Ok(all
        .filter(|p| d.classes.is_empty() || d.classes.contains(&p.class))
        .collect())
}
/// 404 for who is no pupil of the tablet's classes.
fn pupil(c: &Conn, d: &Device, id: Id) -> Result<()> {
    let sql = "select class_id from children where county_id = ?1 and school_id = ?2 and id = ?3 and state = 'active' and deleted_at is null";
    let class = c.first(sql, params![d.county, d.school, id])?.and_then(|r| r.opt_id(0));
    match class {
        Some(k) if d.classes.is_empty() || d.classes.contains(&k) => Ok(()),
        _ => Err(Fault::NotFound),
    }
}

fn sprite(name: &str, class: &str) -> Markup {
    html! { svg class=(class) aria-hidden="true" { use href={"/a/room.svg#" (name)} {} } }
}
/// The sign of a child: follows from its id, so that it stays the same.
fn emblem(id: Id) -> &'static str {
    EMBLEMS[(id.0.as_u128() % EMBLEMS.len() as u128) as usize]
}

fn shell(lang: Lang, title: &str, script: bool, body: Markup) -> Markup {
    let v = tx_web::parts::assets::VERSION;
    html! {
        (DOCTYPE)
        html lang=(match lang { Lang::Zh => "zh-CN", Lang::En => "en" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="icon" href="/a/brand.svg" type="image/svg+xml";
                link rel="stylesheet" href={"/a/room.css?v=" (v)};
                @if script { script src={"/a/room.js?v=" (v)} defer {} }
            }
            (body)
        }
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    match asking(ctx)? {
        Some((d, room)) => door(ctx, &d, &room),
        None => Ok(code_page(ctx, 200, false)),
    }
}

fn code_page(ctx: &Ctx, status: u16, wrong: bool) -> Reply {
    let w = |x: Text| x.in_lang(ctx.lang);
    let body = html! {
        body.code {
            main {
                h1 { (w(t("这台平板还没配对", "This tablet is not paired yet"))) }
                p { (w(t("请老师在“关爱室”里点“配一台”，把八个字的配对码输在这里。", "A teacher asks for a code on the page of the care room; type its eight signs here."))) }
                @if wrong { p.bad role="alert" { (w(t("这个码不对，或者过了十分钟。请再要一个。", "This code is wrong, or older than ten minutes. Ask for another."))) } }
                form method="post" action="/tablet/pair" {
                    input type="hidden" name="csrf" value=(ctx.csrf());
                    label { (w(t("配对码", "Code"))) input name="code" autocomplete="off" autocapitalize="characters" maxlength="20" required; }
                    button type="submit" { (w(t("配对", "Pair"))) }
                }
            }
        }
    };
    let page = shell(ctx.lang, w(t("配对", "Pair")), false, body);
    Reply::page_with(status, page)
}

fn post_pair(ctx: &Ctx) -> Result<Reply> {
    Ok(match pair(ctx, ctx.f("code"))? {
        Some(cookie) => Reply::see("/tablet").with("set-cookie", cookie),
        None => code_page(ctx, 422, true),
    })
}

fn door(ctx: &Ctx, d: &Device, room: &Room) -> Result<Reply> {
    let (lang, now, today) = (ctx.lang, ctx.now(), ctx.today());
    let w = |x: Text| x.in_lang(lang);
    let (all, pupils, here, leads) = ctx.read(|c| {
        Ok((
            classes(c, d.county, d.school)?,
            pupils(c, d)?,
            inside(c, d.county, room.id, today)?,
            leader(c, d.county, room.id, today.monday())?,
        ))
    })?;
    let shown: Vec<&(Id, String)> = all.iter().filter(|k| pupils.iter().any(|p| p.class == k.0)).collect();
    let chosen: Option<&Pupil> = ctx
        .q("child")
        .and_then(|id| pupils.iter().find(|p| p.id.to_string() == id));
    let asked = ctx
        .q("class")
        .and_then(|id| shown.iter().find(|k| k.0.to_string() == id))
        .map(|k| k.0);
    let class = asked.or(chosen.map(|p| p.class)).or(shown.first().map(|k| k.0));
    let is_in = |id: Id| here.contains(&id);
    let open: Vec<String> = room
        .open_hours()
        .iter()
        .map(|(a, b)| format!("{}–{}", crate::rooms::clock(*a), crate::rooms::clock(*b)))
        .collect();
    let date = match lang {
        Lang::Zh => format!("{} {}", today.zh_short(), today.zh_weekday()),
        Lang::En => today.to_string(),
    };
    let said = match ctx.q("said") {
        Some("in") => t("进来了，玩得开心！", "You are in. Enjoy!"),
        Some("out") => t("出来了，明天见！", "You are out. See you!"),
        Some("no") => t("没记上，再点一次名字。", "That did not work; tap your name again."),
        _ => t("点一点自己的名字", "Tap your name"),
    };
    let form_for = chosen.map(|p| (p, is_in(p.id)));
    let body = html! {
        body data-room=(room.id) data-token=(form_token(ctx, d)) data-csrf=(ctx.csrf()) data-inside=(here.iter().map(Id::to_string).collect::<Vec<_>>().join(" ")) {
            header.hd {
                (sprite("brand", "brand"))
                h1 { (room.name) }
                span.d { (date) " · " time { (now.hour_minute()) } @if !room.opens(today.weekday()) { " · " (w(t("今天不开门", "closed today"))) } }
                span.n {
                    (sprite("tick", "ok")) span { (w(t("在屋里", "Inside"))) } " " b data-count { (here.len()) } " " span { (w(t("人", ""))) }
                    @if let Some((_, name)) = &leads { span.l { (w(t("值周", "Leader"))) " " (name) } }
                }
            }
            main.w {
                div.left {
                    nav.cls aria-label=(w(t("班级", "Classes"))) {
                        @for k in &shown {
                            a href={"/tablet?class=" (k.0)} data-class=(k.0) class=[(Some(k.0) == class).then_some("on")] aria-current=[(Some(k.0) == class).then_some("true")] { (k.1) }
                        }
                    }
                    @for k in &shown {
                        div.g data-of=(k.0) hidden[Some(k.0) != class] {
                            @for p in pupils.iter().filter(|p| p.class == k.0) {
                                a.tile href={"/tablet?class=" (p.class) "&child=" (p.id)} data-child=(p.id) class=[is_in(p.id).then_some("in")] aria-current=[chosen.is_some_and(|c| c.id == p.id).then_some("true")] {
                                    (sprite(&format!("e-{}", emblem(p.id)), "em")) b { (p.name) } i { (sprite("tick", "ok")) }
                                }
                            }
                        }
                    }
                    @if shown.is_empty() { p.none { (w(t("名单还是空的。", "The list is empty."))) } }
                }
                aside.p class=[form_for.is_none().then_some("wait")] {
                    div.t {
                        svg.em aria-hidden="true" { use href={"/a/room.svg#e-" (chosen.map_or("sun", |p| emblem(p.id)))} {} }
                        div {
                            h2 role="status" { @match form_for { Some((p, _)) => { (p.name) (w(t("，你好", ", hello"))) }, None => (w(said)) } }
                            p.ask { @match form_for { Some((_, true)) => (w(t("今天做了什么？", "What did you do?"))), Some(_) => (w(t("今天想做什么？", "What would you like to do?"))), None => { (w(t("开门时间 ", "Open "))) (open.join("，")) } } }
                        }
                    }
                    form method="post" action="/tablet" {
                        input type="hidden" name="csrf" value=(ctx.csrf());
                        input type="hidden" name="token" value=(form_token(ctx, d));
                        input type="hidden" name="id" value=(Id::fresh());
                        input type="hidden" name="child" value=(chosen.map(|p| p.id.to_string()).unwrap_or_default());
                        input type="hidden" name="class" value=(class.map(|k| k.to_string()).unwrap_or_default());
                        div.a {
                            @for (code, name) in ACTIVITIES {
                                label { input type="checkbox" name="did" value=(code); span { (sprite(&format!("a-{code}"), "act")) (w(name)) } }
                            }
                        }
                        div.go {
                            button type="submit" name="act" value="in" hidden[form_for.is_some_and(|f| f.1)] { (w(t("进屋", "In"))) }
                            button type="submit" name="act" value="out" hidden[!form_for.is_some_and(|f| f.1)] { (w(t("出来", "Out"))) }
                            a.no href={"/tablet?class=" (class.map(|k| k.to_string()).unwrap_or_default())} { (w(t("找错了", "Not me"))) }
                        }
                    }
                }
            }
            p.net role="status" hidden {}
        }
    };
    Ok(Reply::page(shell(lang, &room.name, true, body)))
}

/// The tap of a page without a script.
fn tap(ctx: &Ctx) -> Result<Reply> {
    let Some((d, room)) = asking(ctx)? else {
        return Ok(Reply::see("/tablet"));
    };
    trusted(ctx, &d, ctx.f("token"))?;
    let to = |said: &str| {
        let class: String = ctx
            .f("class")
            .chars()
            .filter(|c| c.is_ascii_hexdigit() || *c == '-')
            .collect();
        Reply::see(&format!("/tablet?class={class}&said={said}"))
    };
    let (Ok(id), Ok(child)) = (ctx.f("id").parse(), ctx.f("child").parse()) else {
        return Ok(to("no"));
    };
    let one = Sent {
        tap: Tap {
            id,
            child,
            did: ctx.f_all("did").into_iter().map(str::to_owned).collect(),
            ago: 0,
        },
        out: ctx.f("act") == "out",
    };
    let said = if one.out { "out" } else { "in" };
    let (device, action) = (d.clone(), if one.out { "room.out" } else { "room.in" });
    let stored = ctx
        .db()
        .write(d.act(&ctx.address, action), move |w| one.store(w, &device, &room));
    match stored {
        Ok(()) => Ok(to(said)),
        Err(f) if f.status() < 500 && f.status() != 429 => Ok(to("no")),
        Err(f) => Err(f),
    }
}

struct Sent {
    tap: Tap,
    out: bool,
}
impl Sent {
    fn store(&self, w: &mut Write, d: &Device, room: &Room) -> Result<()> {
        pupil(w.conn(), d, self.tap.child)?;
        let run = if self.out { sign_out } else { sign_in };
        run(w, room, &self.tap).map(|_| ())
    }
    /// One tap as the script sends it.
    fn read(v: &Json) -> Option<Sent> {
        let id = |n: &str| v[n].as_str()?.parse::<Id>().ok();
        let did = v["did"].as_array().into_iter().flatten();
        Some(Sent {
            tap: Tap {
                id: id("id")?,
                child: id("child")?,
                did: did.filter_map(|d| d.as_str().map(str::to_owned)).collect(),
                ago: v["ago"].as_i64().unwrap_or(0),
            },
            out: match v["act"].as_str()? {
                "in" => false,
                "out" => true,
                _ => return None,
            },
        })
    }
}

fn trusted(ctx: &Ctx, d: &Device, token: &str) -> Result<()> {
    if tx_seal::same(form_token(ctx, d).as_bytes(), token.as_bytes()) {
        return Ok(());
    }
    Err(Fault::forbidden(t(
        "页面过期了，请刷新再试",
        "The page has expired; reload and try again",
    )))
}

/// Taps in their order: which are stored, which cannot be, and who is in now. All of it in one transaction; what was stored before is told as stored.
fn taps(ctx: &Ctx) -> Result<Reply> {
    let Some((d, room)) = asking(ctx)? else {
        let words = say(
            "这台平板已经停用，请老师重新配对",
            "This tablet was stopped; a teacher can pair it again",
        );
        return Ok(Reply::json_with(
            401,
            &json!({"status": 401, "detail": words.in_lang(ctx.lang)}),
        ));
    };
    let body = ctx.json()?;
    trusted(ctx, &d, body.get("token").and_then(Json::as_str).unwrap_or_default())?;
    let list = body.get("taps").and_then(Json::as_array).cloned().unwrap_or_default();
    if list.len() > MOST {
        return Err(Fault::invalid(
            "taps",
            format!("一次最多 {MOST} 条"),
            format!("at most {MOST} at once"),
        ));
    }
    let (today, lang, device, at) = (ctx.today(), ctx.lang, d.clone(), room.clone());
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    if !list.is_empty() {
        (done, refused) = ctx.db().write(d.act(&ctx.address, "room.taps"), move |w| {
            let (mut done, mut refused) = (Vec::new(), Vec::new());
            for v in &list {
                let id = v["id"].as_str().unwrap_or_default().to_owned();
                let stored = match Sent::read(v) {
                    Some(one) => one.store(w, &device, &at),
                    None => Err(Fault::Bad(say("这一条读不懂", "This one cannot be read"))),
                };
                match stored {
                    Ok(()) => done.push(id),
                    // what the person has to look at; a fault of the machine fails all of it, to be sent again
                    Err(f) if f.status() < 500 && f.status() != 429 && f != Fault::Running => {
                        refused.push(json!({"id": id, "reason": f.say().in_lang(lang)}));
                    }
                    Err(f) => return Err(f),
                }
            }
            Ok((done, refused))
        })?;
    }
    let here = ctx.read(|c| inside(c, d.county, room.id, today))?;
    Ok(Reply::json(
        &json!({"done": done, "refused": refused, "inside": here, "date": today}),
    ))
}

/// Keeps the page and its files on the tablet, so that it opens without a network; what is asked for with one comes from here.
fn worker(_: &Ctx) -> Result<Reply> {
    Ok(Reply::new(
        200,
        "text/javascript; charset=utf-8",
        include_bytes!("worker.js").to_vec(),
    )
    .with("service-worker-allowed", "/tablet".into()))
}

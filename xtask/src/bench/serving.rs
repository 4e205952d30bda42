//! Benches of the running server, beside a bare one of the same libraries in the same run.

use super::Stage;
use super::http::{load, request};
use super::measure::Server;
use crate::Outcome;
use crate::shell;
use std::time::Instant;

const CONNECTIONS: u64 = 16;
/// Each of the rounds in which the product and the bare server take turns.
const SECONDS: u64 = 4;
const ROUNDS: usize = 2;
/// The address of a school's contact cards as one PDF.
const CARDS: &str = "/classes/all/cards";

/// All contact cards of the school with 175 children on the care list.
pub fn contact_cards(stage: &mut Stage) -> Outcome<String> {
    let demo = stage.demo()?;
    // the school of the 175 children
    let session = super::http::Session::sign_in(demo.server.port, "s2-head", &demo.login("head")?.1)?;
    let begun = Instant::now();
    let answer = session.post(
        &format!("{CARDS}?form=contact"),
        CARDS,
        "form=contact&as=pdf&purpose=bench",
    )?;
    let seconds = begun.elapsed().as_secs_f64();
    if !answer.body.starts_with(b"%PDF") {
        return Err(format!("{CARDS} is no PDF"));
    }
    Ok(format!("{seconds:.2} s, {} kB", answer.body.len() / 1000))
}

/// The first page of a class teacher.
pub fn today(stage: &mut Stage) -> Outcome<String> {
    let demo = stage.demo()?;
    let session = demo.session("class_teacher")?;
    let size = session.get("/")?.body.len();
    let get = request("GET", "/", &[("Cookie", &session.cookie)], b"");
    let rate = load(demo.server.port, CONNECTIONS, SECONDS, 200, &|_| get.clone())?;
    Ok(format!("{rate:.0} pages/s of {} kB", size / 1000))
}

/// A child's page, against a bare page of the same size.
pub fn child_page(stage: &mut Stage) -> Outcome<String> {
    let (child, port, session) = {
        let demo = stage.demo()?;
        let session = demo.session("class_teacher")?;
        (
            first_child(&session.get("/children")?.text())?,
            demo.server.port,
            session,
        )
    };
    let path = format!("/children/{child}");
    let size = session.get(&path)?.body.len();
    let bare = bare(stage, size)?;
    let ours = request("GET", &path, &[("Cookie", &session.cookie)], b"");
    let theirs = request("GET", "/page/1", &[], b"");
    let (mut product, mut plain) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        product += load(port, CONNECTIONS, SECONDS, 200, &|_| ours.clone())? / ROUNDS as f64;
        plain += load(bare.port, CONNECTIONS, SECONDS, 200, &|_| theirs.clone())? / ROUNDS as f64;
    }
    Ok(format!(
        "{product:.0} pages/s of {} kB, bare {plain:.0}: {:.0} %",
        size / 1000,
        100.0 * product / plain
    ))
}

/// A record saved through the API, against a bare insert of the same size, each in its own transaction.
pub fn save_record(stage: &mut Stage) -> Outcome<String> {
    stage.demo()?;
    let demo = stage.demo.take().ok_or("no demonstration")?;
    let token = demo.token(stage, "class_teacher");
    let port = demo.server.port;
    let child = demo
        .session("class_teacher")
        .and_then(|session| first_child(&session.get("/children")?.text()));
    stage.demo = Some(demo);
    let (bearer, child) = (format!("Bearer {}", token?), child?);
    let words = "课间在操场边聊了十分钟，说到奶奶的腿好些了，周末想和爸爸视频。";
    let body =
        format!("{{\"kind\":\"heart_talk\",\"on\":\"2026-11-24\",\"text\":\"{words}\",\"children\":[\"{child}\"]}}");
    let bare = bare(stage, body.len())?;
    // A run of its own number, so that a second run against the same data is no repetition of keys.
    let run = std::process::id();
    let ours = |number: u64| {
        let key = format!("bench-{run:010}-{number:012}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key.as_str()),
        ];
        request("POST", "/api/v1/records", &headers, body.as_bytes())
    };
    let theirs = request("POST", "/row", &[], body.as_bytes());
    let (mut product, mut plain) = (0.0, 0.0);
    for round in 0..ROUNDS as u64 {
        let ours = |number: u64| ours(number + round * 1_000_000_000);
        product += load(port, CONNECTIONS, SECONDS, 201, &ours)? / ROUNDS as f64;
        plain += load(bare.port, CONNECTIONS, SECONDS, 201, &|_| theirs.clone())? / ROUNDS as f64;
    }
    Ok(format!(
        "{product:.0} saves/s, bare {plain:.0}: {:.2} ×",
        product / plain
    ))
}

fn bare(stage: &Stage, size: usize) -> Outcome<Server> {
    let port = shell::free_port()?;
    let data = stage.dir("bare")?;
    let mut command = stage.helper("bare");
    command
        .arg(port.to_string())
        .arg(data.join("bare.sqlite"))
        .arg(size.to_string());
    Server::start(&mut command, port, "/page/1")
}

/// The id in the first link to a child's page.
fn first_child(list: &str) -> Outcome<String> {
    list.split("href=\"/children/")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_hexdigit() || *c == '-')
                .collect::<String>()
        })
        .find(|id| id.len() == 36)
        .ok_or_else(|| "the list of children links no child".to_owned())
}

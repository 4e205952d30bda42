//! 系统和备份: what the operator looks at — backups, the master key's place, whether the disk takes writes (security.md §2, §6).

use crate::daily;
use maud::html;
use serde_json::json;
use tx_access::Role;
use tx_base::{Lang, Result, Text, t};
use tx_store::Class;
use tx_web::pages::{Shell, shell_with};
use tx_web::parts::forms::Form;
use tx_web::parts::{self, Piece, Pill, TableView, Top};
use tx_web::{Ctx, Reply, Route, Who};

const ADMIN: Who = Who::Roles(&[Role::Admin]);
const TITLE: Text = t("系统和备份", "System and backups");

pub static ROUTES: &[Route] = &[
    Route::get("/system", ADMIN, Class::O, show).says(TITLE),
    Route::form("/system/backup", ADMIN, Class::O, make).says(t("现在备份", "Make the backup now")),
    Route::get("/api/v1/system", ADMIN, Class::O, get_json).says(t("系统和备份的情况", "State of system and backups")),
];

fn key_lies_beside() -> bool {
    !matches!(crate::open::given(), Ok(Some(_)))
}

fn get_json(ctx: &Ctx) -> Result<Reply> {
    let b = daily::seen();
    let kept: Vec<_> = b.kept.iter().map(|k| json!({"day": k.day, "bytes": k.bytes})).collect();
    let failed = b
        .failed
        .map(|(at, why)| json!({"at": at.iso(), "reason": why.in_lang(ctx.lang)}));
    Ok(Reply::json(&json!({
        "version": env!("CARGO_PKG_VERSION"), "database": database(ctx), "writable": ctx.app.writable(),
        "master_key_beside_data": key_lies_beside(),
        "backups": {"daily": b.on, "running": b.running, "kept": kept, "failed": failed},
    })))
}
fn database(ctx: &Ctx) -> &'static str {
    if ctx.db().is_pg() { "PostgreSQL" } else { "SQLite" }
}
/// Wakes the thread of the backups; that there is one today already is no fault.
fn make(_: &Ctx) -> Result<Reply> {
    daily::wake();
    Ok(Reply::see("/system?asked=1"))
}

fn size(bytes: u64) -> String {
    match bytes {
        b if b < 1 << 20 => format!("{} KB", b.div_ceil(1 << 10)),
        b => format!("{:.1} MB", b as f64 / f64::from(1 << 20)),
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let lang = ctx.lang;
    let w = |text: Text| text.in_lang(lang).to_owned();
    let b = daily::seen();
    let today = ctx.today();
    let fresh = b.kept.first().is_some_and(|k| k.day == today);
    let day = |d: tx_base::Day| match lang {
        Lang::Zh => d.zh_long(),
        Lang::En => d.to_string(),
    };
    let last = b.kept.first().map_or_else(
        || w(t("还没有", "none yet")),
        |k| format!("{} · {}", day(k.day), size(k.bytes)),
    );
    let facts = [
        (t("最近一次好的备份", "Last good backup"), vec![last]),
        (t("数据库", "Database"), vec![database(ctx).to_owned()]),
        (
            t("能不能存", "Saving"),
            vec![w(if ctx.app.writable() {
                t("能", "works")
            } else {
                t("磁盘满了，存不上", "the disk is full")
            })],
        ),
        (
            t("主密钥", "Master key"),
            vec![w(if key_lies_beside() {
                t("和数据放在一起", "lies beside the data")
            } else {
                t("放在别处", "comes from elsewhere")
            })],
        ),
        (t("版本", "Version"), vec![env!("CARGO_PKG_VERSION").to_owned()]),
    ];
    let facts: Vec<(String, Vec<String>)> = facts.into_iter().map(|(n, v)| (w(n), v)).collect();
    let form = Form {
        action: "/system/backup".into(),
        csrf: ctx.csrf(),
        ..Form::default()
    };
    let table = TableView {
        head: vec![w(t("哪天", "Day")), w(t("大小", "Size"))],
        rows: b
            .kept
            .iter()
            .map(|k| vec![vec![Piece::Text(day(k.day))], vec![Piece::Text(size(k.bytes))]])
            .collect(),
        right: vec![1],
        ..TableView::default()
    };
    let body = html! {
        (parts::assets::office())
        (parts::top(lang, &Top { title: w(TITLE), ..Default::default() }))
        @if ctx.app.banner.is_some() {
            (parts::strip(Pill::Info, "", &w(t("这是练习用的数据，不做每日备份。", "These are data to practise with; they are not backed up daily.")), None))
        } @else if !b.on {
            (parts::strip(Pill::Late, "", &w(t("没有每日备份：在服务器上设好 TONGXING_BACKUP_PASSPHRASE（备份口令）再启动，就每天自动备份一次。", "There are no daily backups: set TONGXING_BACKUP_PASSPHRASE on the server and start it again; then there is one each day.")), None))
        }
        div.halves {
            section.card.pad { (parts::definition_list(lang, &facts)) }
            section.card.pad {
                h2 { (w(t("每日备份", "Daily backups"))) }
                p.m { (w(t("每天一份，先恢复到一个空文件夹里核对，对得上才算数。打开要备份口令；口令请另外收好，丢了谁也打不开。", "One a day. Each is restored into an empty folder and verified before it counts. It opens with the passphrase alone: keep that somewhere else as well."))) }
                @if b.running { p { (w(t("正在备份，过一会儿刷新看看。", "One is being made; look again in a while."))) } }
                @if let Some((at, why)) = &b.failed {
                    (parts::strip(Pill::Late, "", &match lang {
                        Lang::Zh => format!("{} {} 没有做成：{}", at.day().zh_short(), at.hour_minute(), why.zh),
                        Lang::En => format!("Failed on {} at {}: {}", at.day(), at.hour_minute(), why.en),
                    }, None))
                }
                @if b.on && !fresh && !b.running {
                    (parts::form(&form, "stack", html! { button.btn.b1 { (w(t("现在备份", "Make it now"))) } }))
                }
                @if !b.kept.is_empty() { (parts::table(&table)) }
            }
        }
        @if key_lies_beside() {
            section.card.pad {
                h2 { (w(t("主密钥放在数据文件夹里", "The master key lies in the data folder"))) }
                p { (w(t("这样省事，但挡不住一件事：有人把整块硬盘拿走，就能打开里面的内容。要挡住它，把 master.key 移到别的盘，用 TONGXING_MASTER_KEY_FILE 指过去。备份文件不受影响，它另有口令。", "That is simple, and one thing it does not protect against: whoever takes the whole disk can open what is on it. To prevent that, move master.key to another disk and point TONGXING_MASTER_KEY_FILE there. Backups have a passphrase of their own."))) }
            }
        }
    };
    let asked = ctx.q("asked").is_some();
    let toast = asked.then(|| parts::notes::Toast {
        text: w(t("开始备份了", "The backup has begun")),
        undo: None,
    });
    let shell = Shell {
        title: TITLE,
        toast,
        ..Shell::default()
    };
    Ok(Reply::page(shell_with(ctx, shell, body)?))
}

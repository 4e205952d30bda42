//! Pages of the shell itself: what went wrong.

use maud::{DOCTYPE, Markup, html};
use tx_base::{Fault, Lang, t};

/// What happened, what is safe, what to do.
pub fn error(lang: Lang, f: &Fault, request: &str) -> Markup {
    let back = t("回到今天", "Back to Today");
    let number = t("编号", "Number");
    html! {
        (DOCTYPE)
        html lang=(match lang { Lang::Zh => "zh-CN", Lang::En => "en" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (f.say().in_lang(lang)) }
                link rel="icon" href="/a/brand.svg" type="image/svg+xml";
                link rel="stylesheet" href="/a/app.css";
            }
            body.bare {
                main.card.errorpage {
                    h1 { (f.say().in_lang(lang)) }
                    @if let Fault::Invalid(_, fields) = f {
                        ul { @for e in fields { li { (e.reason.in_lang(lang)) } } }
                    }
                    p.m3 { (number.in_lang(lang)) " " (request) }
                    p { a.btn.b1 href="/" { (back.in_lang(lang)) } }
                }
            }
        }
    }
}

/// How a page stands in its frame.
#[derive(Default)]
pub struct Shell {
    pub title: tx_base::Text,
    /// key of the open entry of the side bar
    pub active: &'static str,
    pub toast: Option<crate::parts::notes::Toast>,
    /// a sheet or a wizard with its own foot: the bar of the phone stays away
    pub plain: bool,
    /// takes all of the room, without margins
    pub full: bool,
    /// 孩子在旁 is on from the start
    pub beside: bool,
    /// the red count at Today
    pub due: u32,
}

/// A page in its frame for the one who is signed in.
pub fn shell(
    ctx: &crate::Ctx,
    title: tx_base::Text,
    active: &'static str,
    toast: Option<String>,
    body: Markup,
) -> tx_base::Result<Markup> {
    shell_with(
        ctx,
        Shell {
            title,
            active,
            toast: toast.map(|text| crate::parts::notes::Toast { text, undo: None }),
            plain: ctx.route.path.starts_with("/record"),
            ..Shell::default()
        },
        body,
    )
}

/// As [`shell`], with all that a page may choose. A request with `?pop=1` (a sheet or a pop-over over another page) gets the body alone.
/// The entries of the side bar are those whose address this person may open: nobody has to list them twice.
pub fn shell_with(ctx: &crate::Ctx, s: Shell, body: Markup) -> tx_base::Result<Markup> {
    use crate::parts::{self, frame::Frame};
    if ctx.q("pop") == Some("1") {
        return Ok(body);
    }
    let scope = ctx.scope()?;
    let lang = ctx.lang;
    let open = |path: &str| may_open(ctx, path);
    let nav = parts::words::NAV
        .iter()
        .filter(|n| open(n.href))
        .map(|n| n.key)
        .collect::<Vec<_>>();
    Ok(parts::frame(&Frame {
        lang,
        size: ctx.size,
        title: s.title.in_lang(lang).to_owned(),
        who: scope.shown.clone(),
        who_id: scope.account.to_string(),
        school: scope.school.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
        nav: parts::nav(lang, |key| nav.contains(&key), s.due),
        active: s.active.to_owned(),
        csrf: ctx.csrf(),
        banner: ctx.app.banner.map(|b| b.in_lang(lang).to_owned()),
        record_href: if open("/record") {
            "/children".into()
        } else {
            String::new()
        },
        more: MORE
            .iter()
            .filter(|(_, href)| open(href))
            .map(|(label, href)| parts::marks::Link::new(label.in_lang(lang), *href))
            .collect(),
        toast: s.toast,
        plain: s.plain,
        full: s.full,
        beside: s.beside,
        body: html! {
            @if ctx.app.disk_full() {
                (parts::strip(parts::Pill::Late, "", t("磁盘满了，现在存不上；已有的都还在，可以看。请管理员腾出空间，腾出来就能接着存。", "The disk is full and nothing can be stored now; all that is there is safe and can be read. Once the administrator makes room, saving works again.").in_lang(lang), None))
            }
            @if scope.is(tx_access::Role::Admin) {
                @for w in ctx.app.warnings() { (parts::strip(parts::Pill::Late, "", w.in_lang(lang), Some(&parts::Link::new(t("看系统", "System").in_lang(lang), "/system")))) }
            }
            @if scope.first_password && ctx.path != "/me" {
                (parts::strip(parts::Pill::Due, "lock", t("您还在用首次密码。", "You still use your first password.").in_lang(lang), Some(&parts::Link::new(t("换一个自己的", "Take your own").in_lang(lang), "/me#password"))))
            }
            (body)
        },
        ..Frame::default()
    }))
}

/// Whether the one who is signed in may open the page with this declared path, such as `/records/{id}`.
pub fn may_open(ctx: &crate::Ctx, path: &str) -> bool {
    let reads = |scope| ctx.app.page(path).is_some_and(|r| r.who.admits(scope));
    ctx.maybe_scope().is_some_and(reads)
}

/// Pages under the person's name, shown to those who may open them.
const MORE: &[(tx_base::Text, &str)] = &[
    (t("学校", "School"), "/school"),
    (t("人员", "People"), "/people"),
    (t("首次设置", "First set-up"), "/setup"),
    (t("关爱方案", "Care scheme"), "/scheme"),
    (t("全部记录", "All records"), "/records"),
    (t("登记", "Registers"), "/things"),
    (t("数字", "Figures"), "/figures"),
    (t("自定字段", "Own fields"), "/fields"),
    (t("导入名单", "Import a roster"), "/import"),
    (t("留守口径", "Definitions"), "/definitions"),
    (t("系统和备份", "System and backups"), "/system"),
    (t("密码和设备", "Password and devices"), "/me"),
    (t("字号和语言", "Text size and language"), "/me/view"),
];

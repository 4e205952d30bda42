//! Where a number of a summary comes from, with the buttons that leave it out or put it back.

use super::links;
use super::numbers::Number;
use tx_base::{Result, Span, t};
use tx_store::Conn;
use tx_web::Ctx;
use tx_web::parts::Link;
use tx_web::parts::summary::TraceView;

/// The view of a number: a share in per cent, what is not recorded with the place where it is filled in.
pub fn view(ctx: &Ctx, c: &Conn, n: &Number, period: Span) -> Result<TraceView> {
    let lang = ctx.lang;
    let mut v = tx_figures::trace_view(ctx, c, n.f, &n.n, period)?;
    if let Some(p) = n.percent() {
        v.value = p;
        v.unit = String::new();
    }
    if n.f.authority {
        // its list stands nowhere but in the report to the authority
        v.all = None;
    }
    if !n.is_recorded() {
        v.value = t("〔未填〕", "[not filled in]").in_lang(lang).to_owned();
        v.unit = String::new();
        v.acts = vec![Link::new(t("去填", "Fill in").in_lang(lang), links::fill(n.f.id)).icon("pen")];
    }
    Ok(v)
}

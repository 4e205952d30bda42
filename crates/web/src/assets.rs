//! Style, script and signs: built into the binary, with a tag so that a phone keeps them.

use crate::ctx::Ctx;
use crate::reply::Reply;
use crate::route::{Route, Who};
use tx_base::{Fault, Result};
use tx_store::Class;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
struct Files;

pub static ROUTES: &[Route] = &[Route::get("/a/{name}", Who::Anyone, Class::O, asset)];

fn asset(ctx: &Ctx) -> Result<Reply> {
    let name = ctx.param("name");
    let file = Files::get(name).ok_or(Fault::NotFound)?;
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    };
    let tag = format!("\"{}\"", tx_seal::hex(&file.metadata.sha256_hash()[..8]));
    Ok(Reply::new(200, kind, file.data.into_owned())
        .with("etag", tag)
        .with("cache-control", "public, max-age=3600".into()))
}

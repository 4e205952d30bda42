//! A child's photo: looked at before it is decoded, made anew so that nothing else travels in it, sealed under the child's key
//! (security.md §7, "Uploads").

use crate::api::writable;
use crate::consent::{self, Consent, Purpose};
use crate::tables::{CHILDREN, FILES};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use serde_json::json;
use std::io::Cursor;
use std::sync::Mutex;
use tx_base::{Fault, FieldFault, Id, Result, say, t};
use tx_store::{Class, Write, aad, params, row};
use tx_web::{CARERS, Ctx, Reply, Route, STAFF};

pub static ROUTES: &[Route] = &[
    Route::upload("/api/v1/children/{id}/photo", STAFF, Class::P, post)
        .says(t(
            "换照片；同意过又收回的不收",
            "Set the photo; refused where a consent was taken back",
        ))
        .parts(consent::PARTS),
    Route::upload("/children/{id}/photo", STAFF, Class::P, save)
        .says(t("存照片", "Save the photo"))
        .parts(consent::PARTS),
    Route::form("/children/{id}/photo/remove", STAFF, Class::P, remove).says(t("拿掉照片", "Take the photo off")),
    Route::get("/files/{id}", CARERS, Class::P, serve).says(t("照片", "A photo")),
];

/// A sent file is no larger than this, in bytes.
pub const MOST_BYTES: usize = 20 << 20;
/// Pixels of a sent photo, by what its header says.
pub const MOST_PIXELS: u64 = 50_000_000;
/// Longest side of a kept photo, in pixels.
pub const SIDE: u32 = 800;
/// What decoding may take: 50 megapixels of four samples of two bytes, and some.
const MEMORY: u64 = 512 << 20;
/// Every photo is kept as this.
const KEPT_AS: &str = "image/jpeg";

/// Where a photo is shown.
pub fn url(id: Id) -> String {
    format!("/files/{id}")
}

/// The photo as it is kept: JPEG, upright, at most [`SIDE`] pixels a side, without what the camera wrote. 413 over [`MOST_BYTES`], 415 for
/// what is no JPEG, PNG or WebP, 422 for too many pixels or a broken file.
pub fn made_anew(sent: &[u8]) -> Result<Vec<u8>> {
    if sent.len() > MOST_BYTES {
        return Err(Fault::Limit(
            413,
            say("照片太大了，最多 20 MB", "The photo is too large: at most 20 MB"),
        ));
    }
    let format = image::guess_format(sent)
        .ok()
        .filter(|f| matches!(f, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP))
        .ok_or_else(|| {
            Fault::Limit(
                415,
                say(
                    "这里只收照片：JPEG、PNG 或 WebP",
                    "Only photos are taken here: JPEG, PNG or WebP",
                ),
            )
        })?;
    let broken = |_| {
        Fault::invalid(
            "file",
            "这张照片打不开，请换一张",
            "This photo cannot be opened; please choose another",
        )
    };
    let reader = || {
        let mut r = ImageReader::with_format(Cursor::new(sent), format);
        let mut limits = Limits::default();
        limits.max_alloc = Some(MEMORY);
        r.limits(limits);
        r
    };
    let (wide, high) = reader().into_dimensions().map_err(broken)?;
    if u64::from(wide) * u64::from(high) > MOST_PIXELS {
        return Err(Fault::invalid(
            "file",
            format!("照片有 {wide}×{high} 个点，最多 5000 万个"),
            format!("The photo has {wide}×{high} pixels, at most 50 million"),
        ));
    }
    // one at a time: a large one takes two hundred megabytes while it is open
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(|e| e.into_inner());
    let mut decoder = reader().into_decoder().map_err(broken)?;
    let turned = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if picture.width().max(picture.height()) > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    picture.apply_orientation(turned);
    let mut out = Cursor::new(Vec::new());
    on_white(&picture)
        .write_to(&mut out, ImageFormat::Jpeg)
        .map_err(Fault::broken)?;
    Ok(out.into_inner())
}
/// JPEG knows no transparency: what was clear becomes white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let from = picture.to_rgba8();
    RgbImage::from_fn(from.width(), from.height(), |x, y| {
        let [r, g, b, a] = from.get_pixel(x, y).0;
        let over = |v: u8| ((u32::from(v) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

/// Keeps a photo that was made anew, with the consent that came with it, and shows it on the file; gives its id.
fn keep(w: &mut Write, child: Id, photo: &[u8], consent: Option<&Consent>) -> Result<Id> {
    let (id, now) = (Id::fresh(), w.now());
    if let Some(g) = consent {
        consent::note(w, child, Purpose::PhotoInside, consent::Answer::Given, g)?;
    }
    let key = w.keys().child(w.conn(), w.county(), child)?.ok_or(Fault::NotFound)?;
    let sealed = tx_seal::seal(&key, child.0.as_bytes(), &aad("files", id, "bytes"), photo);
    w.insert(
        &FILES,
        row!["id" => id, "child_id" => child, "kind" => "photo", "mime" => KEPT_AS, "bytes" => sealed, "at" => now],
    )?;
    w.update(&CHILDREN, child, row!["photo_id" => id])?;
    Ok(id)
}

/// The photo that was sent, made anew, and the consent to it; none where one stands already.
fn taken_from(ctx: &Ctx, child: Id, asked: bool) -> Result<(Vec<u8>, Option<Consent>)> {
    let consent = consent::stated(ctx, child, Purpose::PhotoInside, asked)?;
    Ok((made_anew(&ctx.file("file")?.bytes)?, consent))
}

fn post(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("id")?;
    writable(ctx, id)?;
    let (photo, consent) = taken_from(ctx, id, false)?;
    ctx.write_json(ctx.act("child.photo")?, move |w| {
        let photo = keep(w, id, &photo, consent.as_ref())?;
        Ok((201, json!({"id": photo, "url": url(photo)})))
    })
}
fn save(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("id")?;
    let child = writable(ctx, id)?;
    match taken_from(ctx, id, true) {
        Ok((photo, consent)) => ctx.write_form(ctx.act("child.photo")?, move |w| {
            keep(w, id, &photo, consent.as_ref())?;
            Ok(format!("/children/{id}?saved=1"))
        }),
        Err(Fault::Invalid(_, faults)) => crate::forms::with_photo_faults(ctx, &child, 422, faults),
        Err(Fault::Limit(status, reason)) => {
            let field = "file".into();
            crate::forms::with_photo_faults(ctx, &child, status, vec![FieldFault { field, reason }])
        }
        Err(f) => Err(f),
    }
}
fn remove(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("id")?;
    writable(ctx, id)?;
    ctx.write_form(ctx.act("child.photo_off")?, move |w| {
        w.update(&CHILDREN, id, row!["photo_id" => tx_store::Value::Null])?;
        Ok(format!("/children/{id}?saved=1"))
    })
}

/// The photo that a child's file shows now; of others there is none.
fn serve(ctx: &Ctx) -> Result<Reply> {
    let (scope, id) = (ctx.scope()?, ctx.id("id")?);
    let bytes = ctx.read(|c| {
        let sql = "select child_id, bytes from files where county_id = ?1 and id = ?2 and mime = ?3";
        let r = c
            .first(sql, params![scope.county, id, KEPT_AS])?
            .ok_or(Fault::NotFound)?;
        let child = crate::fetch(c, scope, r.id(0))?
            .filter(|k| k.photo == Some(id))
            .ok_or(Fault::NotFound)?;
        let key = ctx
            .db()
            .keys()
            .child(c, scope.county, child.id)?
            .ok_or(Fault::NotFound)?;
        tx_seal::open(&key, &aad("files", id, "bytes"), &r.bytes(1)).ok_or(Fault::NotFound)
    })?;
    Ok(Reply::new(200, KEPT_AS, bytes)
        .with("content-security-policy", "default-src 'none'; sandbox".into())
        .with("content-disposition", "inline".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    fn sent(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).expect("writes");
        out.into_inner()
    }
    fn status(f: Fault) -> u16 {
        match f {
            Fault::Limit(s, _) => s,
            Fault::Invalid(..) => 422,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_photo_comes_out_small_upright_and_bare() {
        let plain = DynamicImage::ImageRgb8(RgbImage::from_fn(1600, 400, |x, _| {
            image::Rgb(if x < 800 { [250, 0, 0] } else { [0, 0, 250] })
        }));
        let mut jpeg = sent(&plain, ImageFormat::Jpeg);
        // an EXIF part that says "turn right" and where it was taken
        let tiff: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS:28.3N109.7E";
        let mut exif = vec![0xFF, 0xE1];
        exif.extend(((tiff.len() + 8) as u16).to_be_bytes());
        exif.extend(b"Exif\0\0");
        exif.extend(tiff);
        jpeg.splice(2..2, exif);
        for (name, bytes, size) in [
            ("jpeg", jpeg, (200, 800)),
            ("png", sent(&plain, ImageFormat::Png), (800, 200)),
            ("webp", sent(&plain, ImageFormat::WebP), (800, 200)),
        ] {
            let out = made_anew(&bytes).unwrap_or_else(|f| panic!("{name}: {f:?}"));
            assert_eq!(image::guess_format(&out).ok(), Some(ImageFormat::Jpeg), "{name}");
            let back = image::load_from_memory(&out).expect("opens").to_rgb8();
            assert_eq!((back.width(), back.height()), size, "{name}");
            assert!(back.get_pixel(10, 10).0[0] > 200, "{name}: red comes first");
            for trace in [&b"GPS"[..], b"Exif"] {
                assert!(!out.windows(trace.len()).any(|w| w == trace), "{name}");
            }
        }
    }
    #[test]
    fn a_small_one_is_not_blown_up_and_what_was_clear_is_white() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(20, 10, Rgba([0, 0, 0, 0])));
        let out = made_anew(&sent(&clear, ImageFormat::Png)).expect("a photo");
        let back = image::load_from_memory(&out).expect("opens").to_rgb8();
        assert_eq!((back.width(), back.height()), (20, 10));
        assert!(back.get_pixel(5, 5).0.iter().all(|v| *v > 250));
    }
    #[test]
    fn what_is_no_photo_is_refused_before_it_is_opened() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>";
        for bytes in [&svg[..], b"<!doctype html><p>", b"PK\x03\x04", b"GIF89a", b"", b"BM"] {
            assert_eq!(made_anew(bytes).map(|_| ()).map_err(status), Err(415));
        }
        let mut half = sent(&DynamicImage::ImageRgb8(RgbImage::new(60, 60)), ImageFormat::Png);
        // the header says 60000 × 60000 while there is next to nothing behind it
        half[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        half[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        assert_eq!(made_anew(&half).map(|_| ()).map_err(status), Err(422));
        let whole = sent(&DynamicImage::ImageRgb8(RgbImage::new(60, 60)), ImageFormat::Png);
        assert_eq!(
            made_anew(&whole[..whole.len() / 2]).map(|_| ()).map_err(status),
            Err(422)
        );
        assert_eq!(
            made_anew(&vec![0xFF; MOST_BYTES + 1]).map(|_| ()).map_err(status),
            Err(413)
        );
    }
}

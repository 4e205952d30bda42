//! 同意: who consented to what for a child, and on which day (domain.md §7.1). Nobody is asked twice for what stands already.

use crate::tables::CONSENTS;
use tx_base::{Day, Fault, FieldFault, Id, Lang, Result, Text, say, t};
use tx_store::{Conn, Write, params, row};
use tx_web::Ctx;

/// What is consented to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// a photo on the file, in lists and on cards of the school
    PhotoInside,
}
impl Purpose {
    pub const fn code(self) -> &'static str {
        match self {
            Purpose::PhotoInside => "photo_inside",
        }
    }
}
/// The fields in which a consent is stated.
pub const PARTS: &[(&str, &str, Text)] = &[
    (
        "consent_by",
        "string",
        t("哪位家长或监护人同意的", "The parent or guardian who consented"),
    ),
    ("consent_on", "date", t("哪天同意的", "The day of the consent")),
];
/// Characters of a name.
const NAME_MAX: usize = 60;

/// A consent as it is stated, and as it stands.
#[derive(Clone, Debug)]
pub struct Consent {
    /// a parent or guardian
    pub by: String,
    pub on: Day,
}
impl Consent {
    /// 石桂香 2026年11月20日同意了.
    pub fn words(&self, lang: Lang) -> String {
        let (by, on) = (&self.by, self.on);
        say(
            format!("{by} {}同意在校内用照片。", on.zh_long()),
            format!("{by} consented to a photo inside the school on {on}."),
        )
        .in_lang(lang)
        .to_owned()
    }
}

/// The consent that stands for a purpose: the latest answer, if it is one.
pub fn standing(c: &Conn, county: Id, child: Id, purpose: Purpose) -> Result<Option<Consent>> {
    let sql = "select answer, by_name, on_day from consents where county_id = ?1 and child_id = ?2 and purpose = ?3 order by on_day desc, id desc limit 1";
    let last = c.first(sql, params![county, child, purpose.code()])?;
    Ok(last.filter(|r| r.str(0) == "given").map(|r| Consent {
        by: r.text(1),
        on: r.day(2),
    }))
}
/// Writes a consent down.
pub fn note(w: &mut Write, child: Id, purpose: Purpose, g: &Consent) -> Result<()> {
    let by = w.act().actor.name.clone();
    w.insert(
        &CONSENTS,
        row!["id" => Id::fresh(), "child_id" => child, "purpose" => purpose.code(), "answer" => "given", "by_name" => g.by.as_str(), "on_day" => g.on, "noted_by" => by],
    )
}

/// Whether anybody has answered yet, with yes or with no.
fn answered(c: &Conn, county: Id, child: Id, purpose: Purpose) -> Result<bool> {
    let sql = "select 1 from consents where county_id = ?1 and child_id = ?2 and purpose = ?3 limit 1";
    Ok(c.first(sql, params![county, child, purpose.code()])?.is_some())
}

/// The consent stated in a request. None where nothing is stated and one stands; else each field that is missing or wrong gets its sentence.
/// A program may send a photo without a word on consent (interfaces.md) as long as nobody has taken it back; a person is `asked`.
pub(crate) fn stated(ctx: &Ctx, child: Id, purpose: Purpose, asked: bool) -> Result<Option<Consent>> {
    let county = ctx.scope()?.county;
    let (by, on) = (ctx.f("consent_by").trim(), ctx.f("consent_on").trim());
    let enough = |c: &Conn| {
        Ok(standing(c, county, child, purpose)?.is_some() || !asked && !answered(c, county, child, purpose)?)
    };
    if by.is_empty() && on.is_empty() && ctx.read(enough)? {
        return Ok(None);
    }
    let mut bad = Vec::new();
    let mut fault = |field: &str, reason| {
        bad.push(FieldFault {
            field: field.into(),
            reason,
        });
    };
    if by.is_empty() {
        fault(
            "consent_by",
            say(
                "照片要家长或监护人同意，请写是谁同意的",
                "A photo needs the consent of a parent or guardian; who gave it?",
            ),
        );
    } else if by.chars().count() > NAME_MAX || by.chars().any(char::is_control) {
        fault(
            "consent_by",
            say(
                format!("写姓名，最多 {NAME_MAX} 个字"),
                format!("a name of at most {NAME_MAX} characters"),
            ),
        );
    }
    let day = match Day::parse(on) {
        _ if on.is_empty() => {
            fault("consent_on", say("请写哪天同意的", "On which day was it given?"));
            None
        }
        Ok(d) if d > ctx.today() => {
            fault("consent_on", say("同意的日子还没到", "The day is in the future"));
            None
        }
        Ok(d) => Some(d),
        Err(reason) => {
            fault("consent_on", reason);
            None
        }
    };
    match day {
        Some(on) if bad.is_empty() => Ok(Some(Consent { by: by.to_owned(), on })),
        _ => Err(Fault::fields(bad)),
    }
}

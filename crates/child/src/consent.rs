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
    /// a photo that leaves the school: poster, publicity
    PhotoPublished,
    /// a volunteer who knows name, class and hobbies
    Helper,
    /// a donor who reads of the child
    Donor,
    /// psychological screening
    Screening,
    /// the file goes along to another school
    Moving,
}
impl Purpose {
    pub const ALL: [Purpose; 6] = [
        Purpose::PhotoInside,
        Purpose::PhotoPublished,
        Purpose::Helper,
        Purpose::Donor,
        Purpose::Screening,
        Purpose::Moving,
    ];
    pub const fn code(self) -> &'static str {
        match self {
            Purpose::PhotoInside => "photo_inside",
            Purpose::PhotoPublished => "photo_published",
            Purpose::Helper => "helper",
            Purpose::Donor => "donor",
            Purpose::Screening => "screening",
            Purpose::Moving => "moving",
        }
    }
    pub fn parse(code: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|p| p.code() == code)
    }
    pub const fn name(self) -> Text {
        match self {
            Purpose::PhotoInside => t("照片在校内用", "Photo inside the school"),
            Purpose::PhotoPublished => t("照片对外用", "Photo outside the school"),
            Purpose::Helper => t("让帮扶志愿者认识", "Known to a volunteer"),
            Purpose::Donor => t("写进给捐赠人的回报", "In a report to a donor"),
            Purpose::Screening => t("心理筛查", "Psychological screening"),
            Purpose::Moving => t("档案随转学走", "File moves along"),
        }
    }
    /// Whether silence is a consent: a photo of before is shown until somebody takes it back; anything that leaves the school is asked for.
    const fn unless_refused(self) -> bool {
        matches!(self, Purpose::PhotoInside)
    }
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Given,
    Withheld,
    /// given before, and taken back
    Withdrawn,
}
impl Answer {
    pub const ALL: [Answer; 3] = [Answer::Given, Answer::Withheld, Answer::Withdrawn];
    pub const fn code(self) -> &'static str {
        match self {
            Answer::Given => "given",
            Answer::Withheld => "withheld",
            Answer::Withdrawn => "withdrawn",
        }
    }
    pub fn parse(code: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|a| a.code() == code)
    }
    pub const fn name(self) -> Text {
        match self {
            Answer::Given => t("同意", "given"),
            Answer::Withheld => t("不同意", "withheld"),
            Answer::Withdrawn => t("收回了", "withdrawn"),
        }
    }
}

/// One answer as it was noted.
#[derive(Clone, Debug)]
pub struct Noted {
    pub purpose: Purpose,
    pub answer: Answer,
    pub by: String,
    pub on: Day,
    pub noted_by: String,
}

/// All answers for a child, the latest first.
pub fn answers(c: &Conn, county: Id, child: Id) -> Result<Vec<Noted>> {
    let sql = "select purpose, answer, by_name, on_day, noted_by from consents where county_id = ?1 and child_id = ?2 order by on_day desc, id desc";
    let rows = c.query(sql, params![county, child])?;
    Ok(rows
        .iter()
        .filter_map(|r| {
            Some(Noted {
                purpose: Purpose::parse(r.str(0))?,
                answer: Answer::parse(r.str(1))?,
                by: r.text(2),
                on: r.day(3),
                noted_by: r.text(4),
            })
        })
        .collect())
}

/// SQL that holds while a purpose is allowed for a child; `child` is the column with its id, `county` that with its county. What leaves the school asks by it
/// and says how many were left out.
pub fn allows(purpose: Purpose, county: &str, child: &str) -> String {
    let silent = if purpose.unless_refused() { "given" } else { "withheld" };
    format!(
        "coalesce((select x.answer from consents x where x.county_id = {county} and x.child_id = {child} and x.purpose = '{}' \
         order by x.on_day desc, x.id desc limit 1), '{silent}') = 'given'",
        purpose.code()
    )
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
/// Writes an answer down.
pub fn note(w: &mut Write, child: Id, purpose: Purpose, answer: Answer, g: &Consent) -> Result<()> {
    let by = w.act().actor.name.clone();
    w.insert(
        &CONSENTS,
        row!["id" => Id::fresh(), "child_id" => child, "purpose" => purpose.code(), "answer" => answer.code(), "by_name" => g.by.as_str(), "on_day" => g.on, "noted_by" => by],
    )?;
    // who helps sees the child only while that is allowed
    if purpose == Purpose::Helper {
        crate::moves::tell_answer(w, child)?;
    }
    Ok(())
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
    let why = say(
        "照片要家长或监护人同意，请写是谁同意的",
        "A photo needs the consent of a parent or guardian; who gave it?",
    );
    said(by, on, ctx.today(), ["consent_by", "consent_on"], why).map(Some)
}

/// Who said it and when: each field that is missing or wrong gets its sentence, under the names given.
pub(crate) fn said(by: &str, on: &str, today: Day, names: [&str; 2], nobody: tx_base::Say) -> Result<Consent> {
    let (by, on) = (by.trim(), on.trim());
    let mut bad = Vec::new();
    let mut fault = |field: &str, reason| {
        bad.push(FieldFault {
            field: field.into(),
            reason,
        });
    };
    if by.is_empty() {
        fault(names[0], nobody);
    } else if by.chars().count() > NAME_MAX || by.chars().any(char::is_control) {
        fault(
            names[0],
            say(
                format!("写姓名，最多 {NAME_MAX} 个字"),
                format!("a name of at most {NAME_MAX} characters"),
            ),
        );
    }
    let day = match Day::parse(on) {
        _ if on.is_empty() => {
            fault(names[1], say("请写哪天", "On which day?"));
            None
        }
        Ok(d) if d > today => {
            fault(names[1], say("同意的日子还没到", "The day is in the future"));
            None
        }
        Ok(d) => Some(d),
        Err(reason) => {
            fault(names[1], reason);
            None
        }
    };
    match day {
        Some(on) if bad.is_empty() => Ok(Consent { by: by.to_owned(), on }),
        _ => Err(Fault::fields(bad)),
    }
}

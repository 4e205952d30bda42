//! Writing a summary and making its files. One way for pages, API and command.

use super::draw::{Drawn, Lack, Own, draw};
use super::gather::gather;
use super::links::To;
use super::numbers::Numbers;
use super::paper;
use super::style::Style;
use serde_json::{Value as Json, json};
use tx_access::{SchoolRef, Scope};
use tx_base::{Fault, Lang, Result, Span, Time, say};
use tx_paper::Doc;
use tx_store::Conn;

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Ask {
    pub school: SchoolRef,
    pub period: Span,
    pub style: Style,
    /// for the authority above the school: with admissions (features G3)
    pub authority: bool,
}

/// A written summary.
#[derive(Clone, Debug)]
pub struct Written {
    pub ask: Ask,
    pub numbers: Numbers,
    pub drawn: Drawn,
}

/// The form of a file, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Docx,
    Pdf,
    Html,
    Json,
}

impl Format {
    /// `docx pdf html json`; anything else is told.
    pub fn parse(ending: &str) -> Result<Format> {
        match ending.to_ascii_lowercase().as_str() {
            "docx" => Ok(Format::Docx),
            "pdf" => Ok(Format::Pdf),
            "html" => Ok(Format::Html),
            "json" => Ok(Format::Json),
            _ => Err(Fault::Bad(say(
                "文件名要以 .docx .pdf .html 或 .json 结尾",
                "The file must end in .docx .pdf .html or .json",
            ))),
        }
    }
    pub fn ending(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Pdf => "pdf",
            Format::Html => "html",
            Format::Json => "json",
        }
    }
    pub fn mime(self) -> &'static str {
        match self {
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Pdf => "application/pdf",
            Format::Html => "text/html; charset=utf-8",
            Format::Json => "application/json",
        }
    }
}

/// Days that have an order, not further apart than a school's life.
pub fn period(from: tx_base::Day, to: tx_base::Day) -> Result<Span> {
    if from > to {
        return Err(Fault::invalid(
            "to",
            "结束早于开始",
            "the end lies before the beginning",
        ));
    }
    if to.since(from) > 366 * 12 {
        return Err(Fault::invalid("to", "最多十二年", "twelve years at most"));
    }
    Ok(Span::new(from, to))
}

/// Writes the summary from the records of the school. The caller may read the school's figures. Never fails for want of records.
pub fn write(c: &Conn, scope: &Scope, ask: Ask, own: &Own, to: To) -> Result<Written> {
    let template = ask.style.template();
    let numbers = gather(c, scope, &ask.school, ask.period, ask.authority, template)?;
    let drawn = draw(template, &numbers, own, &to);
    Ok(Written { ask, numbers, drawn })
}

impl Written {
    /// The report's JSON (interfaces.md): every figure of the school and period whatever the style, and what the style asks for in vain.
    pub fn json(&self, lang: Lang) -> Json {
        json!({
            "school": self.ask.school.code, "from": self.ask.period.from, "to": self.ask.period.to, "style": self.ask.style.code(),
            "figures": self.numbers.all.values().map(|n| n.n.json(n.f, lang)).collect::<Vec<_>>(),
            "missing": self.drawn.missing.iter().map(lack).collect::<Vec<_>>(),
        })
    }
    /// The document with signature and small print.
    pub fn doc(&self, now: Time) -> Doc {
        self.drawn.doc(&self.numbers, &self.notes(now))
    }
    /// 口径 and the moment of printing.
    fn notes(&self, now: Time) -> Vec<String> {
        let p = self.ask.period;
        let above = if self.ask.authority {
            "本件供上级部门审阅。"
        } else {
            ""
        };
        vec![
            format!(
                "口径：数字由记录逐条计算，期间为{}至{}，只计已经做了的；计划中的、取消的、删除的不计。“名”是不同的人，“人次”是每人每次各计一次；覆盖率是做到的人数与应做人数之比。{above}",
                p.from.zh_long(),
                p.to.zh_long()
            ),
            format!("{} {} 由童行生成。", now.day().zh_long(), now.hour_minute()),
        ]
    }
    /// The bytes of a file.
    pub fn file(&self, format: Format, lang: Lang, now: Time) -> Result<Vec<u8>> {
        match format {
            Format::Json => Ok(self.json(lang).to_string().into_bytes()),
            other => paper::file(&self.doc(now), other),
        }
    }
}

fn lack(l: &Lack) -> Json {
    json!({"id": l.id, "name": l.name, "section": l.section, "href": l.href, "printed": l.printed})
}

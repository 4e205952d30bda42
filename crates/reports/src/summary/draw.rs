//! From template and numbers to a document. Pure: the same input gives the same text.

use super::numbers::{Numbers, over, percent};
use super::template::{Part, Piece, Template, Thing};
use std::collections::{BTreeMap, BTreeSet};
use tx_paper::{Align, Block, Cell, Column, Doc, Inline, Table, heading_number};

/// What a person has decided about a summary: own words by section, numbers left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Own {
    pub words: BTreeMap<String, Vec<String>>,
    pub left_out: BTreeSet<String>,
}

/// A section as the outline shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub slot: String,
    /// 1–3; 0 for what stands before the first heading
    pub level: u8,
    /// with its number
    pub label: String,
    /// things that print 〔未填〕
    pub missing: u32,
}

/// Something that a template asks for and nobody has recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// figure, or `profile:KEY`, `group:KEY`
    pub id: String,
    pub name: String,
    /// the heading under which it stands
    pub section: String,
    /// where it is filled in
    pub href: String,
    /// prints 〔未填〕; otherwise its clause or paragraph was left out
    pub printed: bool,
}

/// One block of the drawn text.
#[derive(Clone, Debug, PartialEq)]
pub enum Bit {
    Heading {
        level: u8,
        text: String,
        slot: String,
    },
    Para(Vec<Inline>),
    Item(Vec<Inline>),
    Table(Table),
    /// the place of own words at the end of a section; may be empty
    Own {
        slot: String,
        paras: Vec<String>,
    },
}

/// A drawn summary before signature and small print.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    pub title: String,
    pub bits: Vec<Bit>,
    pub sections: Vec<Section>,
    pub missing: Vec<Lack>,
    /// figures that stand in the text, each once
    pub used: BTreeSet<String>,
}

/// Addresses of a number and of the place where a missing thing is filled in.
pub trait Links {
    fn number(&self, figure: &str) -> String;
    fn fill(&self, thing: &str) -> String;
}

/// Section of what stands before the first heading.
pub const PREFACE: &str = "preface";
/// Section that stands behind the signature.
pub const ANNEX: &str = "annex";
/// Section of own words whose place the present style does not have.
pub const MORE: &str = "more";

struct Pen<'a> {
    n: &'a Numbers,
    own: &'a Own,
    links: &'a dyn Links,
    out: Drawn,
    /// empty paragraphs of the present section that shrink to one line
    pending: Vec<Lack>,
}

/// Draws the text. Nothing in it can fail: what is not there prints 〔未填〕 or is left out, and is listed.
pub fn draw(t: &Template, n: &Numbers, own: &Own, links: &dyn Links) -> Drawn {
    let mut pen = Pen {
        n,
        own,
        links,
        out: Drawn {
            title: t.title.clone(),
            ..Drawn::default()
        },
        pending: Vec::new(),
    };
    pen.out.sections.push(Section {
        slot: PREFACE.into(),
        level: 0,
        label: "开头".into(),
        missing: 0,
    });
    let mut counts = [0u32; 3];
    for part in &t.parts {
        match part {
            Part::Heading {
                level,
                numbered,
                slot,
                text,
            } => {
                pen.end_section();
                let at = usize::from(*level) - 1;
                let label = if *numbered {
                    counts[at] += 1;
                    counts[at + 1..].fill(0);
                    format!("{}{text}", heading_number(*level, counts[at]))
                } else {
                    text.clone()
                };
                pen.out.sections.push(Section {
                    slot: slot.clone(),
                    level: *level,
                    label: label.clone(),
                    missing: 0,
                });
                pen.out.bits.push(Bit::Heading {
                    level: *level,
                    text: label,
                    slot: slot.clone(),
                });
            }
            Part::Para { optional, pieces } => {
                if let Some(line) = pen.para(pieces, *optional) {
                    pen.out.bits.push(Bit::Para(line));
                }
            }
            Part::Item(pieces) => {
                if let Some(line) = pen.para(pieces, true) {
                    pen.out.bits.push(Bit::Item(line));
                }
            }
            Part::Table(id) => pen.table(id),
        }
    }
    pen.end_section();
    // own words whose section this style does not have are kept at the end
    let known: BTreeSet<&str> = pen.out.sections.iter().map(|s| s.slot.as_str()).collect();
    let strays: Vec<String> = own
        .words
        .iter()
        .filter(|(slot, _)| !known.contains(slot.as_str()))
        .flat_map(|(_, p)| p.clone())
        .collect();
    if !strays.is_empty() {
        let section = Section {
            slot: MORE.into(),
            level: 1,
            label: "别处写的话".into(),
            missing: 0,
        };
        let words = Bit::Own {
            slot: MORE.into(),
            paras: strays,
        };
        // before what stands behind the signature
        let (sections, bits) = (&mut pen.out.sections, &mut pen.out.bits);
        let at = sections.iter().position(|s| s.slot == ANNEX).unwrap_or(sections.len());
        sections.insert(at, section);
        let annex = |b: &Bit| matches!(b, Bit::Heading { slot, .. } if slot == ANNEX);
        let at = bits.iter().position(annex).unwrap_or(bits.len());
        bits.insert(at, words);
    }
    pen.out
}

impl Pen<'_> {
    fn section(&mut self) -> &mut Section {
        self.out.sections.last_mut().expect("one from the start")
    }
    fn lack(&self, t: &Thing, printed: bool) -> Lack {
        let (id, name) = match t {
            Thing::Profile(k) => (
                format!("profile:{k}"),
                self.n.of_profile(k).map_or_else(|| k.clone(), |p| p.0.to_owned()),
            ),
            Thing::Group(k) => (format!("group:{k}"), group_name(k).to_owned()),
            t => {
                let f = t.figure().unwrap_or_default();
                let name = self
                    .n
                    .all
                    .get(f)
                    .map_or_else(|| tx_figures::find(f).map_or(f, |f| f.name.zh), |n| n.f.name.zh);
                (f.to_owned(), name.to_owned())
            }
        };
        let section = self.out.sections.last().map(|s| s.label.clone()).unwrap_or_default();
        Lack {
            href: self.links.fill(&id),
            id,
            name,
            section,
            printed,
        }
    }
    /// Notes what is missing, each once in a section.
    fn note(&mut self, lack: Lack) {
        // what stands only in a report to the authority is not missing elsewhere
        let elsewhere = tx_figures::find(&lack.id).is_some_and(|f| f.authority);
        if elsewhere && !self.n.all.contains_key(lack.id.as_str()) {
            return;
        }
        if let Some(old) = self
            .out
            .missing
            .iter_mut()
            .find(|m| m.id == lack.id && m.section == lack.section)
        {
            old.printed |= lack.printed;
        } else {
            self.out.missing.push(lack);
        }
    }
    /// The words of a thing; `None` when nothing is recorded.
    fn words(&self, t: &Thing) -> Option<String> {
        let n = self.n;
        let figure = |id: &str| n.all.get(id).filter(|f| f.is_recorded());
        Some(match t {
            Thing::School => n.school.clone(),
            Thing::Period => n.period.map(|p| format!("{}至{}", p.from.zh_long(), p.to.zh_long()))?,
            Thing::Years => n.period.map(years)?,
            Thing::Today => n.today?.zh_long(),
            Thing::Figure(id) => figure(id)?.words(),
            Thing::Of(id) => figure(id)?.n.of?.to_string(),
            Thing::Share(id) => figure(id)?.percent()?,
            Thing::Over(id) => over(figure(id)?.n.value.whole()),
            Thing::By(id, key) => {
                let (v, of) = figure(id)?.n.by.get(key).copied()?;
                if v == 0 && of.is_none() {
                    return None;
                }
                v.to_string()
            }
            Thing::Each(id) => {
                let f = figure(id)?;
                let parts: Vec<String> =
                    f.n.by
                        .iter()
                        .filter(|(_, (v, of))| *v > 0 || of.is_some_and(|n| n > 0))
                        .map(|(k, (v, of))| match of {
                            Some(of) => format!("{}{v}/{of}（{}）", f.key_words(k), percent(*v, *of)),
                            None => format!("{}{v}{}", f.key_words(k), f.f.unit.zh),
                        })
                        .collect();
                if parts.is_empty() {
                    return None;
                }
                parts.join("、")
            }
            Thing::Names(id) => {
                let all = n.names.get(id.as_str()).filter(|a| !a.is_empty())?;
                all.iter().map(|s| format!("《{s}》")).collect()
            }
            Thing::Profile(k) => n.of_profile(k).map(|p| p.1.to_owned()).filter(|s| !s.is_empty())?,
            Thing::Group(k) => n.group.get(k.as_str()).filter(|s| !s.is_empty())?.clone(),
        })
    }
    fn out_of(&self, t: &Thing) -> bool {
        t.figure().is_some_and(|f| self.own.left_out.contains(f))
    }

    /// A paragraph, or `None` when nothing of it is printed now.
    fn para(&mut self, pieces: &[Piece], optional: bool) -> Option<Vec<Inline>> {
        let kept = self.keep(pieces);
        let asked: Vec<Thing> = things(&kept).into_iter().filter(Thing::may_lack).collect();
        let had = things(pieces).iter().any(Thing::may_lack);
        if had && asked.is_empty() {
            // all of its numbers were left out by hand
            return None;
        }
        let lacking: Vec<Thing> = asked.iter().filter(|t| self.words(t).is_none()).cloned().collect();
        if !asked.is_empty() && lacking.len() == asked.len() {
            for t in &lacking {
                let lack = self.lack(t, !optional);
                if !optional && !self.pending.iter().any(|p| p.id == lack.id) {
                    self.pending.push(lack.clone());
                }
                self.note(lack);
            }
            return None;
        }
        self.flush();
        let mut line = Vec::new();
        for p in &kept {
            self.piece(p, &mut line);
        }
        (!line.is_empty()).then_some(line)
    }
    /// The pieces without those sentences and clauses whose number was left out by hand.
    fn keep(&self, pieces: &[Piece]) -> Vec<Piece> {
        let mut sentences: Vec<Vec<Piece>> = vec![Vec::new()];
        for p in pieces {
            match p {
                Piece::Text(s) => {
                    for part in s.split_inclusive(['。', '；']) {
                        let last = sentences.last_mut().expect("one");
                        last.push(Piece::Text(part.to_owned()));
                        if part.ends_with(['。', '；']) {
                            sentences.push(Vec::new());
                        }
                    }
                }
                Piece::Clause(inner) if things(inner).iter().any(|t| self.out_of(t)) => {}
                p => sentences.last_mut().expect("one").push(p.clone()),
            }
        }
        let gone = |s: &[Piece]| s.iter().any(|p| matches!(p, Piece::Thing(t) if self.out_of(t)));
        if !sentences.iter().any(|s| gone(s)) {
            return sentences.concat();
        }
        let mut kept: Vec<Piece> = sentences.into_iter().filter(|s| !gone(s)).flatten().collect();
        // what was left out at the end leaves a full stop behind
        if let Some(Piece::Text(s)) = kept.last_mut()
            && s.ends_with('；')
        {
            s.pop();
            s.push('。');
        }
        kept
    }
    fn piece(&mut self, p: &Piece, line: &mut Vec<Inline>) {
        match p {
            Piece::Text(s) => text(line, s),
            Piece::Thing(t) => match self.words(t) {
                Some(w) => match t.figure() {
                    Some(f) => {
                        self.out.used.insert(f.to_owned());
                        line.push(Inline::number(w, f, self.links.number(f)));
                    }
                    None => text(line, &w),
                },
                None => {
                    let lack = self.lack(t, true);
                    line.push(Inline::missing(lack.name.clone(), lack.href.clone()));
                    self.section().missing += 1;
                    self.note(lack);
                }
            },
            Piece::Clause(inner) => {
                let lacking: Vec<Thing> = things(inner)
                    .into_iter()
                    .filter(|t| t.may_lack() && self.words(t).is_none())
                    .collect();
                if lacking.is_empty() {
                    inner.iter().for_each(|p| self.piece(p, line));
                }
                for t in lacking {
                    let lack = self.lack(&t, false);
                    self.note(lack);
                }
            }
        }
    }
    /// One plain line for the paragraphs that had nothing to say.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let all = std::mem::take(&mut self.pending);
        let mut line = Vec::new();
        for (i, lack) in all.iter().enumerate() {
            text(&mut line, if i == 0 { "" } else { "，" });
            text(&mut line, &lack.name);
            line.push(Inline::missing(lack.name.clone(), lack.href.clone()));
        }
        text(&mut line, "。");
        self.section().missing += all.len() as u32;
        self.out.bits.push(Bit::Para(line));
    }
    fn end_section(&mut self) {
        self.flush();
        let slot = self.section().slot.clone();
        let paras = self.own.words.get(&slot).cloned().unwrap_or_default();
        self.out.bits.push(Bit::Own { slot, paras });
    }
    fn table(&mut self, id: &str) {
        if id == "profile" {
            let rows: Vec<Vec<Cell>> = self
                .n
                .profile
                .iter()
                .filter(|(_, _, words)| !words.is_empty())
                .map(|(_, label, words)| vec![Cell::from(label.clone()), Cell::from(words.clone())])
                .collect();
            if rows.is_empty() {
                let lack = self.lack(&Thing::Profile("school".into()), true);
                self.pending.push(Lack {
                    name: "学校概况".into(),
                    ..lack.clone()
                });
                self.note(Lack {
                    name: "学校概况".into(),
                    ..lack
                });
                return;
            }
            self.flush();
            self.out.bits.push(Bit::Table(Table {
                columns: vec![Column::new(2, Align::Left), Column::new(5, Align::Left)],
                rows,
                ..Table::default()
            }));
            return;
        }
        if self.own.left_out.contains(id) {
            return;
        }
        let t = Thing::Each(id.to_owned());
        if self.words(&t).is_none() {
            let lack = self.lack(&t, true);
            if !self.pending.iter().any(|p| p.id == lack.id) {
                self.pending.push(lack.clone());
            }
            self.note(lack);
            return;
        }
        self.flush();
        let Some(f) = self.n.all.get(id) else { return };
        let share = f.n.by.values().any(|(_, of)| of.is_some());
        let mut columns = vec![Column::new(4, Align::Left)];
        let mut head = vec![Cell::from("时间")];
        if share {
            columns.extend([
                Column::new(2, Align::Right),
                Column::new(2, Align::Right),
                Column::new(2, Align::Right),
            ]);
            head.extend([Cell::from("应做"), Cell::from("做到"), Cell::from("覆盖率")]);
        } else {
            columns.push(Column::new(2, Align::Right));
            head.push(Cell::from(f.f.unit.zh));
        }
        let number = |w: String| Cell::from(Inline::number(w, id, self.links.number(id)));
        let rows =
            f.n.by
                .iter()
                .map(|(k, (v, of))| {
                    let mut row = vec![Cell::from(f.key_words(k))];
                    match of {
                        Some(of) => {
                            let rate = if *of > 0 { percent(*v, *of) } else { String::new() };
                            row.extend([Cell::from(of.to_string()), number(v.to_string()), Cell::from(rate)]);
                        }
                        None => row.push(number(v.to_string())),
                    }
                    row
                })
                .collect();
        self.out.used.insert(id.to_owned());
        self.out.bits.push(Bit::Table(Table {
            columns,
            head: vec![head],
            rows,
            caption: vec![Inline::text(f.f.name.zh)],
        }));
    }
}

fn things(pieces: &[Piece]) -> Vec<Thing> {
    pieces
        .iter()
        .flat_map(|p| match p {
            Piece::Text(_) => Vec::new(),
            Piece::Thing(t) => vec![t.clone()],
            Piece::Clause(inner) => things(inner),
        })
        .collect()
}

/// Adds words, to the last piece when that is words too.
fn text(line: &mut Vec<Inline>, s: &str) {
    if s.is_empty() {
        return;
    }
    match line.last_mut() {
        Some(Inline::Text { text }) => text.push_str(s),
        _ => line.push(Inline::text(s)),
    }
}

fn group_name(key: &str) -> &'static str {
    match key {
        "head" => "领导小组组长",
        "deputies" => "领导小组副组长",
        "members" => "领导小组成员",
        "office" => "领导小组办公室",
        _ => "领导小组分工",
    }
}

/// 2025—2026学年, or from the first to the last of several.
fn years(p: tx_base::Span) -> String {
    let of = |d| i32::from(tx_calendar::SchoolYear::of(d).first);
    let (a, b) = (of(p.from), of(p.to));
    if a == b {
        format!("{a}—{}学年", a + 1)
    } else {
        format!("{a}—{}学年至{b}—{}学年", a + 1, b + 1)
    }
}

impl Drawn {
    /// The document: subtitle, text, signature, small print.
    pub fn doc(&self, n: &Numbers, notes: &[String]) -> Doc {
        let mut doc = Doc::new(self.title.clone());
        doc.subtitle = n
            .period
            .map(|p| format!("（{}至{}）", p.from.zh_long(), p.to.zh_long()));
        let signature = Block::Signature {
            org: n.school.clone(),
            date: n.today.map(|d| d.zh_long()).unwrap_or_default(),
        };
        let mut signed = false;
        let mut items: Vec<Vec<Inline>> = Vec::new();
        for b in &self.bits {
            if !matches!(b, Bit::Item(_)) && !items.is_empty() {
                doc.push(Block::List {
                    ordered: false,
                    items: std::mem::take(&mut items),
                });
            }
            match b {
                Bit::Heading { level, text, slot } => {
                    if slot == ANNEX && !signed {
                        // what is annexed stands behind the signature, on a page of its own (domain.md §8)
                        doc.push(signature.clone()).push(Block::PageBreak);
                        signed = true;
                    }
                    doc.heading(*level, text.clone());
                }
                Bit::Para(line) => {
                    doc.para(line.clone());
                }
                Bit::Item(line) => items.push(line.clone()),
                Bit::Table(t) => {
                    doc.push(Block::Table(t.clone()));
                }
                Bit::Own { paras, .. } if paras.is_empty() => {}
                Bit::Own { slot, paras } => {
                    doc.push(Block::OwnWords {
                        slot: slot.clone(),
                        paras: paras.clone(),
                    });
                }
            }
        }
        if !items.is_empty() {
            doc.push(Block::List { ordered: false, items });
        }
        if !signed {
            doc.push(signature);
        }
        for note in notes {
            doc.push(Block::Note {
                text: vec![Inline::text(note.clone())],
            });
        }
        doc
    }
}

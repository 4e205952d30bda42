//! Import of rosters (features B10): read, judged, stored in one transaction, taken back within 30 days.

mod api;
mod drafts;
mod pages;
mod plan;
mod read;
mod row;
pub(crate) mod undo;
mod view;

pub use api::ROUTES;
pub use pages::ROUTES as PAGES;
pub use plan::{Item, Place, Plan, What, plan};
pub use read::{Choices, Mended, Read, School, read, read_any, reading};
pub use undo::{DAYS, Past, Undone, past, undo};

use crate::change;
use crate::tables::IMPORTS;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use tx_base::{Id, Lang, Result};
use tx_calendar::{ClassCode, SchoolYear};
use tx_sheet::CellFault;
use tx_store::{Db, Write, row};

/// How a file is taken in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// writes nothing
    pub dry_run: bool,
    /// stores the good rows although others are rejected
    pub keep_good: bool,
}

/// What came of it (interfaces.md, `import children`).
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub rows: u32,
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub rejected: u32,
    /// codes
    pub classes_created: Vec<String>,
    pub errors: Vec<CellFault>,
    pub warnings: Vec<CellFault>,
    /// the stored import, for undo; none when nothing was written
    pub import: Option<Id>,
}

impl Outcome {
    /// What a plan would come to; a file with rejected rows stores nothing unless the good ones are kept.
    pub fn of(p: &Plan, keep_good: bool) -> Outcome {
        let mut out = Outcome {
            rows: p.rows,
            rejected: p.rejected,
            errors: p.errors.clone(),
            warnings: p.warnings.clone(),
            ..Outcome::default()
        };
        if p.rejected == 0 || keep_good {
            (out.created, out.updated, out.unchanged) = p.counts();
            out.classes_created = p.classes.iter().map(|(k, _)| k.code()).collect();
        }
        out
    }
    /// The contract's JSON.
    pub fn json(&self, lang: Lang) -> Json {
        let faults = |all: &[CellFault]| -> Json {
            all.iter()
                .map(|f| json!({"sheet": f.sheet, "row": f.row, "column": f.column, "value": f.value, "reason": f.reason.in_lang(lang)}))
                .collect()
        };
        json!({
            "rows": self.rows, "created": self.created, "updated": self.updated, "unchanged": self.unchanged, "rejected": self.rejected,
            "classes_created": self.classes_created, "errors": faults(&self.errors), "warnings": faults(&self.warnings),
        })
    }
    fn counts(&self) -> Json {
        json!({"rows": self.rows, "created": self.created, "updated": self.updated, "unchanged": self.unchanged, "rejected": self.rejected,
            "classes_created": self.classes_created})
    }
}

/// Takes a file in inside the caller's transaction. The caller has asked whether it may; `at.only` narrows it to classes.
pub fn run_in(w: &mut Write, at: &Place, read: &Read, o: Options) -> Result<Outcome> {
    if !o.dry_run {
        read::one_at_a_time(w, at.school)?;
    }
    let mut p = plan(w.conn(), w.keys(), at, read)?;
    let mut out = Outcome::of(&p, o.keep_good);
    if o.dry_run || (p.rejected > 0 && !o.keep_good) {
        return Ok(out);
    }
    if read.choices.remember {
        read::remember(w, at.school, &read.choices.columns)?;
    }
    if out.created + out.updated == 0 {
        w.note("import.children", "imports", None, Some(out.counts().to_string()));
        return Ok(out);
    }
    let import = Id::fresh();
    let mut real: HashMap<Id, Id> = HashMap::new();
    for (code, stand_in) in &p.classes {
        let code: &ClassCode = code;
        let id = tx_school::add_class(w, at.school, &code.code(), SchoolYear::of(at.today))?;
        real.insert(*stand_in, id);
    }
    let put_right = |class: &mut Option<Id>| {
        if let Some(id) = class.and_then(|k| real.get(&k)) {
            *class = Some(*id);
        }
    };
    let mut kept = undo::Kept::default();
    for item in &mut p.items {
        match &mut item.what {
            What::Same => {}
            What::New(n, since) => {
                put_right(&mut n.class);
                n.import_id = Some(import);
                crate::add(w, n, *since)?;
                kept.made(n);
            }
            What::Change { old, new } => {
                put_right(&mut new.class);
                new.import_id = Some(import);
                let before = undo::versions(w.conn(), at.county, old.id)?;
                change::change(w, old, new, at.today)?;
                kept.changed(w, old.id, before)?;
            }
        }
    }
    let mapping: serde_json::Map<String, Json> = read
        .roster
        .mapping()
        .into_iter()
        .map(|(h, f)| (h, f.map(tx_sheet::Field::name).into()))
        .collect();
    let sealed = w
        .keys()
        .seal_county(at.county, "imports", import, "undo", &kept.to_text()?);
    let (now, actor) = (w.now(), w.act().actor.clone());
    w.insert(
        &IMPORTS,
        row!["id" => import, "school_id" => at.school, "file_name" => read.book.file_name.as_str(), "counts" => out.counts().to_string(),
            "mapping" => Json::Object(mapping).to_string(), "undo" => sealed, "at" => now, "actor_id" => actor.id, "actor_name" => actor.name],
    )?;
    out.import = Some(import);
    Ok(out)
}

/// Reads a file and takes it in: the whole of a command.
pub fn run(
    db: &Db,
    act: tx_store::Act,
    at: Place,
    bytes: &[u8],
    file_name: &str,
    choices: Choices,
    o: Options,
) -> Result<(Outcome, std::sync::Arc<Read>)> {
    let school = db.read(|c| School::load(c, at.county, at.school))?;
    let r = std::sync::Arc::new(read(bytes, file_name, at.today, &school, choices)?);
    if o.dry_run {
        let p = db.read(|c| plan(c, db.keys(), &at, &r))?;
        return Ok((Outcome::of(&p, o.keep_good), r));
    }
    let told = r.clone();
    let out = db.write(act, move |w| run_in(w, &at, &told, o))?;
    Ok((out, r))
}

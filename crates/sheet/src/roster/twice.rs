//! The same child twice in one file is one child and a warning.

use super::{CellFault, ChildDraft, GuardianDraft, ParentDraft, Roster, RowDraft, Whereabouts};
use std::collections::HashMap;
use tx_base::say;

/// Joins rows of the same child: same ID number, else same student number, else same name, birth date and class.
pub fn join(out: &mut Roster) {
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut by_number: HashMap<String, usize> = HashMap::new();
    let mut by_name: HashMap<(String, String, String), usize> = HashMap::new();
    let mut kept: Vec<RowDraft> = Vec::with_capacity(out.rows.len());
    for row in std::mem::take(&mut out.rows) {
        let c = &row.child;
        let id = c.id_no.as_ref().map(|n| n.as_str().to_string());
        let number = c.student_no.clone();
        let class = c
            .class
            .map(|k| k.code())
            .or_else(|| c.class_text.clone())
            .unwrap_or_default();
        let name = c
            .birth_date
            .filter(|_| !c.birth_estimated)
            .map(|b| (c.name.clone(), b.to_string(), class));
        let clash = |a: &Option<String>, b: Option<&str>| matches!((a, b), (Some(a), Some(b)) if a != b);
        let twin = id
            .as_ref()
            .and_then(|k| by_id.get(k))
            .or_else(|| {
                number
                    .as_ref()
                    .and_then(|k| by_number.get(k))
                    .filter(|i| !clash(&id, kept[**i].child.id_no.as_ref().map(|n| n.as_str())))
            })
            .or_else(|| {
                name.as_ref().and_then(|k| by_name.get(k)).filter(|i| {
                    let other = &kept[**i].child;
                    !clash(&id, other.id_no.as_ref().map(|n| n.as_str()))
                        && !clash(&number, other.student_no.as_deref())
                })
            })
            .copied();
        let index = match twin {
            Some(i) => {
                out.repeated += 1;
                let first = &mut kept[i];
                let place = if first.sheet == row.sheet {
                    format!("第{}行", first.row)
                } else {
                    format!("“{}”第{}行", first.sheet, first.row)
                };
                let en = format!("row {} of “{}”", first.row, first.sheet);
                let renamed = first.child.name != row.child.name;
                let (zh, en) = if renamed {
                    (
                        format!(
                            "和{place}的{}证号相同、姓名不同，当作一个孩子，用前面的",
                            first.child.name
                        ),
                        format!(
                            "same number as {} in {en}, another name: taken as one child, the first row counts",
                            first.child.name
                        ),
                    )
                } else {
                    (
                        format!("和{place}是同一个孩子，已并成一个"),
                        format!("the same child as {en}; joined"),
                    )
                };
                let column = out
                    .sheets
                    .iter()
                    .find(|s| s.name == row.sheet)
                    .and_then(|s| s.columns.iter().find(|c| c.field.is_some_and(|f| f.name() == "name")));
                out.warnings.push(CellFault {
                    sheet: row.sheet.clone(),
                    row: row.row,
                    column: column.map_or_else(|| "姓名".to_string(), |c| c.header.clone()),
                    index: column.map(|c| c.index),
                    field: column.and_then(|c| c.field),
                    value: row.child.name_entered.clone(),
                    reason: say(zh, en),
                    proposal: None,
                });
                child_into(&mut first.child, row.child);
                i
            }
            None => {
                kept.push(row);
                kept.len() - 1
            }
        };
        if let Some(k) = id {
            by_id.entry(k).or_insert(index);
        }
        if let Some(k) = number {
            by_number.entry(k).or_insert(index);
        }
        if let Some(k) = name {
            by_name.entry(k).or_insert(index);
        }
    }
    out.rows = kept;
}

/// Fills what the first row leaves empty.
fn child_into(first: &mut ChildDraft, mut second: ChildDraft) {
    macro_rules! fill { ($($f:ident)+) => { $( if first.$f.is_none() { first.$f = second.$f.take(); } )+ } }
    if first.birth_date.is_none() || (first.birth_estimated && !second.birth_estimated && second.birth_date.is_some()) {
        first.birth_date = second.birth_date;
        first.birth_precision = second.birth_precision;
        first.birth_estimated = second.birth_estimated;
    }
    if first.id_no.is_none() {
        first.id_kind = second.id_kind;
    }
    fill!(former_name sex ethnic id_no student_no class_no school class grade class_text hukou_kind hukou_registered hukou_address home_address village town boarder health left_behind away_kind away_since care_rating);
    for (k, v) in std::mem::take(&mut second.extra) {
        first.extra.entry(k).or_insert(v);
    }
    family_into(first, second);
}

/// Adds adults and phones that the first row does not have.
pub fn family_into(first: &mut ChildDraft, second: ChildDraft) {
    for p in second.phones {
        if !first.phones.contains(&p) {
            first.phones.push(p);
        }
    }
    for g in second.guardians {
        match first
            .guardians
            .iter_mut()
            .find(|o| o.name == g.name && (g.name.is_some() || o.relation == g.relation))
        {
            Some(old) => guardian_into(old, g),
            None => first.guardians.push(g),
        }
    }
    for p in second.parents {
        match first.parents.iter_mut().find(|o| o.parent == p.parent) {
            Some(old) => parent_into(old, p),
            None => first.parents.push(p),
        }
    }
}

fn guardian_into(old: &mut GuardianDraft, mut new: GuardianDraft) {
    macro_rules! fill { ($($f:ident)+) => { $( if old.$f.is_none() { old.$f = new.$f.take(); } )+ } }
    fill!(relation relation_text id_no birth_year edu job address health);
    for p in new.phones {
        if !old.phones.contains(&p) {
            old.phones.push(p);
        }
    }
}

fn parent_into(old: &mut ParentDraft, mut new: ParentDraft) {
    macro_rules! fill { ($($f:ident)+) => { $( if old.$f.is_none() { old.$f = new.$f.take(); } )+ } }
    fill!(name place job birth_year edu id_no political health able away_since);
    if old.whereabouts == Whereabouts::Unknown {
        old.whereabouts = new.whereabouts;
    }
    for p in new.phones {
        if !old.phones.contains(&p) {
            old.phones.push(p);
        }
    }
}

//! Rooms as the slice reads them, their hours, and who leads in which week.

use crate::tables::WEEKS;
use tx_access::Scope;
use tx_base::{Day, Fault, Id, Result, t};
use tx_store::{Conn, Row, Write, params, row};

/// A care room.
#[derive(Clone, Debug)]
pub struct Room {
    pub id: Id,
    pub school: Id,
    pub name: String,
    pub place: String,
    /// as it was written: 12:40–13:50，16:00–17:10
    pub hours: String,
    /// days of the week, 1 = Monday; empty = not said
    pub days: Vec<i8>,
    /// days with family time
    pub family: Vec<i8>,
}

/// What family time is where the room does not say: Monday, Wednesday, Friday (features E1).
const FAMILY_DAYS: [i8; 3] = [1, 3, 5];
/// When a room is open that does not say it, in minutes after midnight: at noon and after school.
const HOURS: [(u16, u16); 2] = [(12 * 60, 14 * 60), (16 * 60, 17 * 60 + 30)];

impl Room {
    fn from_row(r: &Row) -> Room {
        let fields = r.json(3);
        let text = |n: &str| fields[n].as_str().unwrap_or_default().to_owned();
        let days = |n: &str| -> Vec<i8> {
            let list = fields[n].as_array().into_iter().flatten();
            list.filter_map(|v| v.as_str()?.parse().ok()).collect()
        };
        Room {
            id: r.id(0),
            school: r.id(1),
            name: r.text(2),
            place: text("place"),
            hours: text("hours"),
            days: days("days"),
            family: days("family_days"),
        }
    }
    /// When it is open, in minutes after midnight.
    pub fn open_hours(&self) -> Vec<(u16, u16)> {
        let said = spans(&self.hours);
        if said.is_empty() { HOURS.to_vec() } else { said }
    }
    pub fn family_days(&self) -> &[i8] {
        if self.family.is_empty() {
            &FAMILY_DAYS
        } else {
            &self.family
        }
    }
    /// Whether it opens on this day of the week.
    pub fn opens(&self, weekday: i8) -> bool {
        self.days.contains(&weekday) || self.days.is_empty() && weekday <= 5
    }
}

/// Spans of time in a line such as `12:40–13:50，16:00-17:10`, in minutes after midnight, in their order.
fn spans(text: &str) -> Vec<(u16, u16)> {
    let text = text.replace('：', ":");
    let times: Vec<u16> = text
        .split(|c: char| !c.is_ascii_digit() && c != ':')
        .filter_map(|w| {
            let (h, m) = w.split_once(':')?;
            let (h, m): (u16, u16) = (h.parse().ok()?, m.parse().ok()?);
            (h < 24 && m < 60).then_some(h * 60 + m)
        })
        .collect();
    let pairs = times.chunks_exact(2).map(|p| (p[0], p[1]));
    let mut out: Vec<(u16, u16)> = pairs.filter(|(a, b)| a < b).collect();
    out.sort_unstable();
    out
}

/// `16:00` of minutes after midnight.
pub(crate) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

const COLS: &str = "select id, school_id, title, fields from things where county_id = ?1 and school_id = ?2 and sort = 'room' and state <> 'gone' and deleted_at is null";

/// The rooms of a school that are in use.
pub fn rooms(c: &Conn, county: Id, school: Id) -> Result<Vec<Room>> {
    let rows = c.query(&format!("{COLS} order by id"), params![county, school])?;
    Ok(rows.iter().map(Room::from_row).collect())
}
/// One of them.
pub fn room(c: &Conn, county: Id, school: Id, id: Id) -> Result<Option<Room>> {
    let r = c.first(&format!("{COLS} and id = ?3"), params![county, school, id])?;
    Ok(r.map(|r| Room::from_row(&r)))
}
/// A room of the caller's own school; any other is not found.
pub(crate) fn own(c: &Conn, scope: &Scope, id: Id) -> Result<Room> {
    let school = scope.school.as_ref().ok_or(Fault::NotFound)?.id;
    room(c, scope.county, school, id)?.ok_or(Fault::NotFound)
}
/// 403 for who does not look after the room.
pub(crate) fn keeps(scope: &Scope) -> Result<()> {
    if tx_thing::room_keepers(scope) {
        return Ok(());
    }
    Err(Fault::forbidden(t(
        "关爱室由值班老师和校长来管",
        "The room's leaders and the head look after this",
    )))
}

/// An id that follows from a room and a day.
pub(crate) fn id_of(what: &str, room: Id, day: Day) -> Id {
    let hash = tx_seal::digest(&[what.as_bytes(), room.0.as_bytes(), day.to_string().as_bytes()]);
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    Id::of(half)
}

/// Who leads the room in the week of this Monday: id and name.
pub(crate) fn leader(c: &Conn, county: Id, room: Id, monday: Day) -> Result<Option<(Id, String)>> {
    let sql = "select a.id, a.name from room_weeks w join adults a on a.county_id = w.county_id and a.id = w.adult_id where w.county_id = ?1 and w.room_id = ?2 and w.monday = ?3";
    Ok(c.first(sql, params![county, room, monday])?
        .map(|r| (r.id(0), r.text(1))))
}
/// Says who leads the room in a week, or takes it back. The adult must be of the school's staff.
pub fn set_leader(w: &mut Write, room: &Room, monday: Day, adult: Option<Id>) -> Result<()> {
    let county = w.county();
    if let Some(a) = adult {
        let staff = tx_school::adults(w.conn(), county, room.school, monday)?;
        if !staff.iter().any(|s| s.id == a) {
            return Err(Fault::invalid("adult", "没有这位老师", "there is no such teacher"));
        }
    }
    let id = id_of("week", room.id, monday);
    let old = w.conn().first(
        "select adult_id from room_weeks where county_id = ?1 and id = ?2",
        params![county, id],
    )?;
    match old {
        None if adult.is_none() => Ok(()),
        None => w.insert(
            &WEEKS,
            row!["id" => id, "school_id" => room.school, "room_id" => room.id, "monday" => monday, "adult_id" => adult],
        ),
        Some(r) if r.opt_id(0) == adult => Ok(()),
        Some(_) => w.update(&WEEKS, id, row!["adult_id" => adult]).map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn hours_as_people_write_them() {
        let day = vec![(760, 830), (960, 1030)];
        for text in [
            "12:40–13:50，16:00–17:10",
            "中午12:40-13:50 放学后 16：00～17：10",
            "16:00至17:10；12:40至13:50",
        ] {
            assert_eq!(spans(text), day, "{text}");
        }
        for text in ["", "中午和放学后", "25:00-26:00", "14:00-13:00"] {
            assert_eq!(spans(text), [], "{text}");
        }
    }
}

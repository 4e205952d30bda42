//! Where deeds and duties stand in the care calendar (screens.md §6a): done in the week when it happened, what is due in the
//! last week of its window, overdue where it was due, the future as dots.

use tx_base::{Day, Id, Span};
use tx_duty::{Duty, State};
use tx_record::Kind;

/// A line of a done record on one child.
#[derive(Clone, Debug)]
pub struct Deed {
    pub record: Id,
    pub kind: &'static Kind,
    pub day: Day,
    /// Tried or refused: an effort that settles nothing.
    pub tried: bool,
}

/// What stands in a cell.
#[derive(Clone, Debug)]
pub enum What {
    Deed(Deed),
    Duty(Duty),
}

/// Something in one week of one child.
#[derive(Clone, Debug)]
pub struct Placed {
    /// 1-based.
    pub week: usize,
    /// The first week in which it may be drawn, 1-based; equal to `week` for what is done.
    pub earliest: usize,
    /// A deed of a kind that only the family owes: many and small, shown when its kind is asked for.
    pub aside: bool,
    pub what: What,
}

impl Placed {
    /// The kind of record, e.g. `heart_talk`.
    pub fn kind(&self) -> &str {
        match &self.what {
            What::Deed(d) => d.kind.id,
            What::Duty(d) => &d.kind,
        }
    }
}

/// The week of the term that holds a day, 1-based.
pub fn week_of(weeks: &[Span], day: Day) -> Option<usize> {
    weeks.iter().position(|w| w.has(day)).map(|i| i + 1)
}

/// The kind that the law asks of parents (domain.md §2); a scheme may ask it of the staff for some children.
const FAMILYS: &str = "weekly_contact";

/// Puts a child's deeds and duties into the weeks of a term. A duty that is done is drawn by its deed; the family's duties
/// are no work of the staff and are left out; what belongs to other terms is left out.
pub fn place(duties: &[Duty], deeds: &[Deed], weeks: &[Span]) -> Vec<Placed> {
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
        return Vec::new();
    };
    let theirs = duties.iter().any(|d| d.is_staff() && &*d.kind == FAMILYS);
    let mut out: Vec<Placed> = deeds
        .iter()
        .filter_map(|d| {
            let week = week_of(weeks, d.day)?;
            Some(Placed {
                week,
                earliest: week,
                aside: d.kind.id == FAMILYS && !theirs,
                what: What::Deed(d.clone()),
            })
        })
        .collect();
    for d in duties.iter().filter(|d| d.is_staff() && d.state != State::Done) {
        // a window that ends in the holiday after the term stands in its last week; one that begins after it is not this term's
        if d.window.to < first.from || d.window.from > last.to {
            continue;
        }
        let week = week_of(weeks, d.window.to).unwrap_or(weeks.len());
        let earliest = week_of(weeks, d.window.from).unwrap_or(1);
        out.push(Placed {
            week,
            earliest,
            aside: false,
            what: What::Duty(d.clone()),
        });
    }
    out.sort_by_key(|p| p.week);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use tx_duty::{Post, Subject, duty_id};

    fn weeks() -> Vec<Span> {
        (0..20)
            .map(|i| {
                let monday = Day::lit("2026-08-31").plus(7 * i);
                Span::new(monday, monday.plus(6))
            })
            .collect()
    }
    fn duty(from: &str, to: &str, state: State, post: Post) -> Duty {
        let subject = Subject::Child(Id::NIL);
        Duty {
            id: duty_id(subject, "talk", to),
            subject,
            rule: "talk".into(),
            kind: "heart_talk".into(),
            period: to.into(),
            window: Span::new(Day::lit(from), Day::lit(to)),
            state,
            late: false,
            done_on: None,
            post,
            owner: None,
            moved: false,
            excuse: None,
            records: vec![],
            tries: vec![],
        }
    }

    #[test]
    fn due_things_stand_in_the_last_week_of_their_window() {
        let teacher = Post::ClassTeacher;
        for (from, to, want) in [
            ("2026-10-01", "2026-10-31", Some((9, 5))),
            // a window from before the term begins in its first week
            ("2026-08-20", "2026-09-06", Some((1, 1))),
            // one that ends in the holiday stands in the last week
            ("2027-01-11", "2027-02-20", Some((20, 20))),
            ("2026-06-01", "2026-06-30", None),
            ("2027-03-01", "2027-03-31", None),
        ] {
            for state in [
                State::Open,
                State::Overdue,
                State::Missed,
                State::Excused,
                State::Upcoming,
            ] {
                let got = place(&[duty(from, to, state, teacher)], &[], &weeks());
                assert_eq!(got.first().map(|p| (p.week, p.earliest)), want, "{from} {to} {state:?}");
            }
        }
    }

    #[test]
    fn a_done_duty_is_drawn_by_its_deed_and_the_familys_not_at_all() {
        let done = duty("2026-10-01", "2026-10-31", State::Done, Post::ClassTeacher);
        let family = duty("2026-10-01", "2026-10-31", State::Open, Post::Family);
        assert!(place(&[done, family], &[], &weeks()).is_empty());
        tx_record::install_kinds(tx_kinds::ALL);
        let deed = |day: &str| Deed {
            record: Id::NIL,
            kind: tx_record::find_kind("home_visit").expect("a kind"),
            day: Day::lit(day),
            tried: false,
        };
        let got = place(
            &[],
            &[
                deed("2026-08-31"),
                deed("2027-01-17"),
                deed("2027-01-18"),
                deed("2026-08-30"),
            ],
            &weeks(),
        );
        assert_eq!(
            got.iter().map(|p| (p.week, p.kind())).collect::<Vec<_>>(),
            [(1, "home_visit"), (20, "home_visit")]
        );
        assert!(place(&[], &[deed("2026-09-01")], &[]).is_empty());
    }

    #[test]
    fn what_only_the_family_owes_stands_aside() {
        tx_record::install_kinds(tx_kinds::ALL);
        let deed = Deed {
            record: Id::NIL,
            kind: tx_record::find_kind(FAMILYS).expect("a kind"),
            day: Day::lit("2026-10-02"),
            tried: false,
        };
        let owed = |post| Duty {
            kind: FAMILYS.into(),
            ..duty("2026-10-01", "2026-10-31", State::Done, post)
        };
        for (post, aside) in [(Post::Family, true), (Post::ClassTeacher, false)] {
            let got = place(&[owed(post)], std::slice::from_ref(&deed), &weeks());
            assert_eq!(got[0].aside, aside, "{post:?}");
        }
    }
}

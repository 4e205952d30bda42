//! The daily backup of a running server (security.md §6): made when a day begins or the program starts, restored into an empty folder and
//! verified there before it takes its name, the older ones thinned out to so many days, weeks and months. What went wrong stands on every
//! page of an administrator until the next one is good.

use crate::cli::console;
use crate::cmd_backup;
use crate::open::Place;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tx_base::{Day, Fault, Id, Result, Say, Time, say};
use tx_store::Db;
use tx_web::{App, Settings};

/// How often it is looked whether a new day has come.
const LOOK: Duration = Duration::from_secs(10 * 60);
/// After a failure the next try waits longer: a try writes the whole store twice.
const AGAIN: Duration = Duration::from_secs(60 * 60);
const TRIAL: &str = ".trial";

/// The daily backups of this process, for the page of the system.
#[derive(Default)]
struct State {
    folder: Option<PathBuf>,
    failed: Option<(Time, Say)>,
    running: bool,
    wake: Option<mpsc::Sender<()>>,
}
static STATE: Mutex<Option<State>> = Mutex::new(None);

fn state<T>(f: impl FnOnce(&mut State) -> T) -> T {
    f(STATE.lock().expect("state of the backups").get_or_insert_default())
}

/// A backup that was restored once and verified.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) day: Day,
    pub(crate) bytes: u64,
}
/// What the page of the system says.
pub(crate) struct Seen {
    /// whether this process makes daily backups
    pub(crate) on: bool,
    pub(crate) running: bool,
    /// newest first
    pub(crate) kept: Vec<Kept>,
    pub(crate) failed: Option<(Time, Say)>,
}

pub(crate) fn seen() -> Seen {
    state(|s| Seen {
        on: s.folder.is_some(),
        running: s.running,
        kept: s.folder.as_deref().map(kept).unwrap_or_default(),
        failed: s.failed.clone(),
    })
}
/// Has the backup of today made now, if there is none yet.
pub(crate) fn wake() {
    state(|s| {
        if let Some(w) = &s.wake {
            let _ = w.send(());
        }
    });
}

fn name(day: Day) -> String {
    format!("tongxing-{day}.backup")
}
fn kept(folder: &Path) -> Vec<Kept> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<Kept> = files
        .filter_map(|f| {
            let file = f.file_name();
            let day = file.to_str()?.strip_prefix("tongxing-")?.strip_suffix(".backup")?;
            let day = Day::parse(day).ok()?;
            // a name that only looks like one of ours is left alone
            (file.to_str() == Some(name(day).as_str())).then_some(())?;
            Some(Kept {
                day,
                bytes: f.metadata().ok()?.len(),
            })
        })
        .collect();
    all.sort_by_key(|k| std::cmp::Reverse(k.day));
    all
}

/// The passphrase of the settings: the first line of a file, else the environment. `None` = there are no daily backups.
fn passphrase(settings: &Settings) -> Result<Option<String>> {
    let file = settings.backup_passphrase_file.trim();
    let given = if file.is_empty() {
        std::env::var("TONGXING_BACKUP_PASSPHRASE").ok()
    } else {
        let text = std::fs::read_to_string(file).map_err(|_| {
            Fault::Bad(say(
                "备份口令的文件（backup_passphrase_file）读不了",
                "The file of the passphrase (backup_passphrase_file) cannot be read",
            ))
        })?;
        Some(text.lines().next().unwrap_or_default().to_owned())
    };
    if let Some(p) = &given {
        cmd_backup::long_enough(p)?;
    }
    Ok(given)
}

/// Begins the daily backups of a server, or says on stderr that there are none. A passphrase that is set and cannot be used is a fault.
pub(crate) fn begin(place: &Place, settings: &Settings, lang: tx_base::Lang) -> Result<Option<Daily>> {
    if passphrase(settings)?.is_none() {
        let words = say(
            "没有设备份口令（TONGXING_BACKUP_PASSPHRASE），不会每天自动备份",
            "No passphrase for backups (TONGXING_BACKUP_PASSPHRASE): there are no daily backups",
        );
        eprintln!("{}", words.in_lang(lang));
        return Ok(None);
    }
    let folder = match settings.backup_folder.trim() {
        "" => place.data.join("backups"),
        given => PathBuf::from(given),
    };
    Ok(Some(Daily {
        place: place.clone(),
        folder,
        settings: settings.clone(),
    }))
}

/// The daily backups of one server.
pub(crate) struct Daily {
    place: Place,
    folder: PathBuf,
    settings: Settings,
}

impl Daily {
    /// Runs beside the server, on a thread of its own that ends with the process.
    pub(crate) fn run(self, app: Arc<App>) -> Result<()> {
        let (tx, rx) = mpsc::channel();
        state(|s| (s.folder, s.wake) = (Some(self.folder.clone()), Some(tx)));
        let work = move || {
            loop {
                let wait = if self.look(&app) { LOOK } else { AGAIN };
                let _ = rx.recv_timeout(wait);
            }
        };
        std::thread::Builder::new()
            .name("backup".into())
            .spawn(work)
            .map_err(Fault::broken)?;
        Ok(())
    }
    /// Makes the backup of today unless there is one; whether there is one now.
    fn look(&self, app: &App) -> bool {
        let today = app.db.clock().today();
        if self.folder.join(name(today)).exists() {
            return true;
        }
        state(|s| s.running = true);
        let made = self.make(&app.db, today);
        let failed = made.err().map(|f| (app.db.clock().now(), why(&f)));
        app.warn(
            "backup",
            failed.as_ref().map(|(_, why)| {
                say(
                    format!("今天的备份没有做成：{}", why.zh),
                    format!("Today's backup failed: {}", why.en),
                )
            }),
        );
        let good = failed.is_none();
        state(|s| (s.running, s.failed) = (false, failed));
        good
    }
    fn make(&self, db: &Db, today: Day) -> Result<()> {
        let passphrase =
            passphrase(&self.settings)?.ok_or_else(|| Fault::Bad(say("备份口令不见了", "The passphrase is gone")))?;
        let cannot = |e: std::io::Error| {
            Fault::Bad(say(
                format!("备份文件夹用不了：{e}"),
                format!("The folder of the backups cannot be used: {e}"),
            ))
        };
        std::fs::create_dir_all(&self.folder).map_err(cannot)?;
        let (untested, trial) = (
            self.folder.join(format!("{}.untested", name(today))),
            self.folder.join(TRIAL),
        );
        // of a run that was killed
        let _ = std::fs::remove_file(&untested);
        let _ = std::fs::remove_dir_all(&trial);
        let tested = cmd_backup::write(&self.place, db, &untested, &passphrase).and_then(|_| {
            let place = Place {
                data: trial.clone(),
                database: None,
                clock: self.place.clock.clone(),
            };
            let (_, report) = cmd_backup::restore_into(&place, &untested, &passphrase)?;
            report.bad.map_or(Ok(()), |bad| {
                Err(Fault::Bad(say(
                    format!("试恢复以后对不上：{}", bad.zh),
                    format!("Restored for a trial it does not hold: {}", bad.en),
                )))
            })
        });
        let _ = std::fs::remove_dir_all(&trial);
        let done = tested.and_then(|()| std::fs::rename(&untested, self.folder.join(name(today))).map_err(cannot));
        if done.is_err() {
            let _ = std::fs::remove_file(&untested);
        }
        let action = if done.is_ok() { "backup.daily" } else { "backup.failed" };
        let noted = db.write(console(Id::NIL, action), move |w| {
            w.note(action, "backups", None, None);
            Ok(())
        });
        done?;
        noted?;
        crate::open::sync_folder(&self.folder);
        self.thin_out();
        Ok(())
    }
    fn thin_out(&self) {
        let s = &self.settings;
        let all = kept(&self.folder);
        let days: Vec<Day> = all.iter().map(|k| k.day).collect();
        let stay = stays(&days, [s.backup_keep_days, s.backup_keep_weeks, s.backup_keep_months]);
        for day in days.iter().filter(|d| !stay.contains(d)) {
            let _ = std::fs::remove_file(self.folder.join(name(*day)));
        }
    }
}

/// A failure in words; the cause of a broken one goes to the log, as everywhere.
fn why(f: &Fault) -> Say {
    if let Fault::Broken(why) = f {
        eprintln!(
            "{}",
            serde_json::json!({"level": "error", "at": "daily backup", "why": why})
        );
    }
    match f {
        Fault::Full => say("磁盘满了", "the disk is full"),
        f => f.say(),
    }
}

/// Which of these days' backups stay: the newest, and the last of each of so many days, weeks and months that have any.
fn stays(days: &[Day], [n_days, n_weeks, n_months]: [u32; 3]) -> BTreeSet<Day> {
    let mut newest: Vec<Day> = days.to_vec();
    newest.sort_unstable_by(|a, b| b.cmp(a));
    let mut out: BTreeSet<Day> = newest.first().copied().into_iter().collect();
    let mut of = |n: u32, key: fn(Day) -> Day| {
        let mut had = HashSet::new();
        for d in &newest {
            if had.len() < n as usize && had.insert(key(*d)) {
                out.insert(*d);
            }
        }
    };
    of(n_days, |d| d);
    of(n_weeks, Day::monday);
    of(n_months, Day::first_of_month);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(days: impl IntoIterator<Item = Day>, keep: [u32; 3]) -> Vec<String> {
        let days: Vec<Day> = days.into_iter().collect();
        stays(&days, keep).into_iter().map(|d| d.to_string()).collect()
    }
    #[test]
    fn days_weeks_and_months_stay() {
        let to = Day::lit("2026-11-24");
        let year = || (0..400).map(|n| to.plus(-n));
        let got = stay(year(), [7, 4, 12]);
        let want = [
            "2025-12-31",
            "2026-01-31",
            "2026-02-28",
            "2026-03-31",
            "2026-04-30",
            "2026-05-31",
            "2026-06-30",
            "2026-07-31",
            "2026-08-31",
            "2026-09-30",
            "2026-10-31",
            "2026-11-08",
            "2026-11-15",
            "2026-11-18",
            "2026-11-19",
            "2026-11-20",
            "2026-11-21",
            "2026-11-22",
            "2026-11-23",
            "2026-11-24",
        ];
        assert_eq!(got, want);
        // day after day, what stayed yesterday and today's: the same as from all of them
        let mut held: Vec<Day> = Vec::new();
        for n in (0..400).rev() {
            held.push(to.plus(-n));
            held = stays(&held, [7, 4, 12]).into_iter().collect();
        }
        assert_eq!(stay(held, [7, 4, 12]), want);
        assert_eq!(stay(year(), [0, 0, 0]), ["2026-11-24"], "the newest always stays");
        assert_eq!(stay([], [7, 4, 12]), Vec::<String>::new());
        let gaps = ["2026-11-24", "2026-08-01", "2025-01-02"].map(Day::lit);
        assert_eq!(
            stay(gaps, [7, 4, 12]).len(),
            3,
            "days without a backup count for nothing"
        );
    }
}

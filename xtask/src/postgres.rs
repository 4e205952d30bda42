//! A private PostgreSQL server for one run of the tests: made new, on a free port of the loopback
//! address, gone when the run ends, however it ends.

use crate::Outcome;
use crate::shell::{self, command, say, which};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// The folder with `initdb`, `postgres` and `pg_ctl`: the newest of Debian's, else the one in `PATH`.
pub fn programs() -> Option<PathBuf> {
    let whole = |dir: &PathBuf| {
        ["initdb", "postgres", "pg_ctl"]
            .iter()
            .all(|p| shell::is_program(&dir.join(p)))
    };
    let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    debian.sort();
    let in_path = || {
        which("initdb")
            .and_then(|file| file.parent().map(Path::to_path_buf))
            .filter(whole)
    };
    debian
        .into_iter()
        .rev()
        .map(|(_, dir)| dir)
        .find(whole)
        .or_else(in_path)
}

/// The running server. Dropping it stops it and removes its folder.
pub struct Server {
    /// What to connect with: the superuser `postgres`, trusted on the loopback address.
    pub url: String,
    home: PathBuf,
    warden: Child,
    leash: Option<ChildStdin>,
}

/// Who the server runs as: it refuses root.
#[derive(Clone, Copy)]
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn find() -> Outcome<Owner> {
        if !shell::is_root() {
            return Ok(Owner(None));
        }
        let number = |flag: &str, name: &str| {
            shell::output("id", [flag, name])
                .ok()
                .and_then(|text| text.trim().parse::<u32>().ok())
        };
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Some(Owner(Some((number("-u", name)?, number("-g", name)?)))))
            .ok_or_else(|| "PostgreSQL refuses to run as root, and there is no user for it.".to_owned())
    }

    fn command(self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut made = command(program);
        if let Some((user, group)) = self.0 {
            made.uid(user).gid(group);
        }
        made
    }

    /// An empty folder that this user owns and can reach: in the target folder, else, where a folder
    /// above it is closed to that user, among the temporary ones.
    fn home(self) -> Outcome<PathBuf> {
        let mut own_name = String::from("tongxing-pg");
        for letter in shell::root()
            .to_string_lossy()
            .chars()
            .filter(char::is_ascii_alphanumeric)
        {
            own_name.push(letter);
        }
        for home in [shell::target().join("pg"), std::env::temp_dir().join(own_name)] {
            self.stop_left_over(&home);
            shell::empty(&home)?;
            if let Some((user, group)) = self.0 {
                std::os::unix::fs::chown(&home, Some(user), Some(group))
                    .map_err(|e| format!("{} cannot be given away: {e}.", home.display()))?;
            }
            let reached = self.command("test").arg("-w").arg(&home).current_dir("/").status();
            if reached.is_ok_and(|status| status.success()) {
                return Ok(home);
            }
            shell::remove(&home)?;
        }
        Err("No folder was found that the database server could write to.".to_owned())
    }

    /// A run that was killed cannot have stopped its server if the machine was asleep at that moment.
    fn stop_left_over(self, home: &Path) {
        if let (true, Some(bin)) = (home.join("data/postmaster.pid").exists(), programs()) {
            let _ = self
                .command(bin.join("pg_ctl"))
                .current_dir("/")
                .args(["stop", "-m", "immediate", "-w", "-D"])
                .arg(home.join("data"))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Server {
    /// Makes a cluster and starts it. Takes about two seconds.
    pub fn start() -> Outcome<Server> {
        let bin = programs().ok_or("The programs of the PostgreSQL server are not found.")?;
        let owner = Owner::find()?;
        let home = owner.home()?;
        let data = home.join("data");
        let made = owner
            .command(bin.join("initdb"))
            .current_dir("/")
            .args([
                "--no-sync",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-D",
            ])
            .arg(&data)
            .output()
            .map_err(|e| format!("initdb: {e}"))?;
        if !made.status.success() {
            return Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr)));
        }
        let port = shell::free_port()?;
        // The path of a socket has room for some hundred bytes only.
        let sockets = if home.as_os_str().len() < 80 {
            home.display().to_string()
        } else {
            String::new()
        };
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{sockets}'\n\
             fsync = on\nmax_connections = 200\nshared_buffers = '128MB'\nlogging_collector = off\n\
             log_min_messages = warning\n"
        );
        std::fs::write(data.join("postgresql.auto.conf"), settings).map_err(|e| format!("{}: {e}", data.display()))?;
        let mut warden = owner
            .command("sh")
            .current_dir("/")
            // The shell reads from a pipe that only this process holds. When this process ends, by
            // whatever way, the read returns and the server is stopped: nothing is left running.
            .args([
                "-c",
                r#"trap '' INT; "$0" -D "$1" 2>"$2" </dev/null & read -r _; kill -INT $!; wait $!"#,
            ])
            .arg(bin.join("postgres"))
            .arg(&data)
            .arg(home.join("log"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| format!("postgres: {e}"))?;
        let leash = warden.stdin.take();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let server = Server {
            url,
            home,
            warden,
            leash,
        };
        server.wait_for_it(owner, &bin, port)?;
        say(&format!("PostgreSQL on 127.0.0.1:{port}"));
        Ok(server)
    }

    fn wait_for_it(&self, owner: Owner, bin: &Path, port: u16) -> Outcome<()> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            let asked = owner
                .command(bin.join("pg_isready"))
                .current_dir("/")
                .args(["-q", "-h", "127.0.0.1", "-U", "postgres", "-d", "postgres", "-p"])
                .arg(port.to_string())
                .status();
            if asked.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let mut log = String::new();
        if let Ok(mut file) = std::fs::File::open(self.home.join("log")) {
            let _ = file.read_to_string(&mut log);
        }
        Err(format!("The PostgreSQL server did not start within a minute:\n{log}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.leash.take());
        let _ = self.warden.wait();
        if let Err(why) = shell::remove(&self.home) {
            eprintln!("{why}");
        }
    }
}

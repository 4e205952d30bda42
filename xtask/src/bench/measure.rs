//! Time and memory of other programs, and the demonstration as a running server.

use super::Stage;
use super::http::{self, Session};
use crate::Outcome;
use crate::shell;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A program that ran to its end.
pub struct Ran {
    /// From start to end.
    pub seconds: f64,
    /// The most memory that was resident, in MiB.
    pub peak_mib: f64,
    pub stdout: String,
    pub stderr: String,
    pub well: bool,
}

impl Ran {
    /// The last thing it said, for a message.
    pub fn complaint(&self) -> String {
        let said = if self.stderr.trim().is_empty() {
            &self.stdout
        } else {
            &self.stderr
        };
        said.trim().lines().last().unwrap_or("it said nothing").to_owned()
    }
    /// Itself when it ended well.
    pub fn or_complain(self, what: &str) -> Outcome<Ran> {
        if self.well {
            Ok(self)
        } else {
            Err(format!("{what}: {}", self.complaint()))
        }
    }
}

/// The high-water mark of a process' resident memory in KiB, as Linux keeps it.
fn high_water(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Runs a program to its end.
pub fn measure(command: &mut Command) -> Outcome<Ran> {
    let begun = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("it did not start: {e}"))?;
    let read = |from: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut all = Vec::new();
            if let Some(mut from) = from {
                let _ = from.read_to_end(&mut all);
            }
            String::from_utf8_lossy(&all).into_owned()
        })
    };
    let out = read(child.stdout.take().map(|o| Box::new(o) as Box<dyn Read + Send>));
    let err = read(child.stderr.take().map(|e| Box::new(e) as Box<dyn Read + Send>));
    let mut peak = 0;
    // The mark only rises, so the last look before the end is the true one but for a few milliseconds.
    let status = loop {
        peak = high_water(child.id()).unwrap_or(0).max(peak);
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(3)),
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Ran {
        seconds,
        peak_mib: peak as f64 / 1024.0,
        stdout: out.join().unwrap_or_default(),
        stderr: err.join().unwrap_or_default(),
        well: status.success(),
    })
}

/// A server that is killed when it is dropped.
pub struct Server {
    child: Child,
    pub port: u16,
    /// Its lines on both outputs so far.
    lines: Arc<Mutex<Vec<String>>>,
    /// From start to the first good answer.
    pub ready_after: f64,
}

impl Server {
    /// Starts a server and waits until `path` answers 200.
    pub fn start(command: &mut Command, port: u16, path: &str) -> Outcome<Server> {
        let begun = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| format!("the server did not start: {e}"))?;
        let lines = Arc::new(Mutex::new(Vec::new()));
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|o| Box::new(o) as Box<dyn Read + Send>),
            child.stderr.take().map(|e| Box::new(e) as Box<dyn Read + Send>),
        ];
        for output in outputs.into_iter().flatten() {
            let lines = Arc::clone(&lines);
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Ok(mut lines) = lines.lock() {
                        lines.push(line);
                    }
                }
            });
        }
        let mut server = Server {
            child,
            port,
            lines,
            ready_after: 0.0,
        };
        while begun.elapsed() < Duration::from_secs(180) {
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("the server ended ({status}): {}", server.lines().join(" / ")));
            }
            if http::get(port, path, &[]).is_ok_and(|answer| answer.status == 200) {
                server.ready_after = begun.elapsed().as_secs_f64();
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err("the server was not ready within three minutes".to_owned())
    }

    /// What it has printed so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().map(|lines| lines.clone()).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The demonstration: six schools under one county.
pub struct Demo {
    pub server: Server,
    pub data: PathBuf,
}

impl Demo {
    /// Fills and serves a demonstration in the folder.
    pub fn start(stage: &Stage, data: &Path) -> Outcome<Demo> {
        let port = shell::free_port()?;
        let mut command = stage.tongxing(data, &["demo", "--seed", "1"]);
        command.env("TONGXING_LISTEN", format!("127.0.0.1:{port}"));
        Ok(Demo {
            server: Server::start(&mut command, port, "/readyz")?,
            data: data.to_path_buf(),
        })
    }

    /// Name and password of the first login with this role, from the lines `role user password`.
    pub fn login(&self, role: &str) -> Outcome<(String, String)> {
        self.server
            .lines()
            .iter()
            .map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .find(|words| words.len() >= 3 && words[0] == role)
            // role, school where there is one, user, password
            .map(|words| (words[words.len() - 2].clone(), words[words.len() - 1].clone()))
            .ok_or_else(|| format!("the demonstration prints no login for {role}"))
    }

    /// A signed-in browser of that role.
    pub fn session(&self, role: &str) -> Outcome<Session> {
        let (user, password) = self.login(role)?;
        Session::sign_in(self.server.port, &user, &password)
    }

    /// A token of the API for that role.
    pub fn token(&self, stage: &Stage, role: &str) -> Outcome<String> {
        let (user, _) = self.login(role)?;
        let ran =
            measure(&mut stage.tongxing(&self.data, &["token", "add", "--user", &user]))?.or_complain("token add")?;
        ran.stdout
            .split_whitespace()
            .last()
            .map(str::to_owned)
            .ok_or_else(|| "token add printed nothing".to_owned())
    }
}

//! Running other programs, and the folders of the workspace.

use crate::Outcome;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// The workspace's folder.
pub fn root() -> PathBuf {
    // At run time first: a target folder may be copied to another place together with this binary.
    let own = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&own).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// A program found in `PATH`.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| is_program(file))
}

/// Whether a file is there and may be executed.
pub fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Whether this process may install packages.
pub fn is_root() -> bool {
    output("id", ["-u"]).is_ok_and(|id| id.trim() == "0")
}

/// A command started in the workspace's folder. What `cargo run` put into the environment is taken out
/// again: build scripts watch some of it and would run anew for every `cargo xtask`.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        let made_by_run = [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
            "CARGO_PRIMARY_",
        ];
        if made_by_run.iter().any(|start| name.starts_with(start)) || name == "OUT_DIR" {
            command.env_remove(&key);
        }
    }
    command
}

/// Cargo itself, the one that runs this command.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What a short command prints; an error when it fails.
pub fn output<I, S>(program: &str, args: I) -> Outcome<String>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let done = command(program)
        .args(args)
        .output()
        .map_err(|e| format!("{program}: {e}"))?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        Err(format!(
            "{program} failed: {}",
            String::from_utf8_lossy(&done.stderr).trim()
        ))
    }
}

/// Runs a command with its output on this terminal; an error when it fails.
pub fn must(command: &mut Command, what: &str) -> Outcome<()> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} failed ({status}).")),
        Err(e) => Err(format!("{what} could not be started: {e}.")),
    }
}

/// Runs a command, shows every line as it comes and hands it to `see` as well. Returns whether it succeeded.
pub fn watched(command: &mut Command, what: &str, see: &mut (dyn FnMut(&str) + Send)) -> Outcome<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{what} could not be started: {e}."))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let see = Mutex::new(see);
    let tee = |from: Option<&mut dyn Read>, to: &mut dyn Write| {
        let Some(from) = from else { return };
        let mut lines = BufReader::new(from);
        let mut line = Vec::new();
        while matches!(lines.read_until(b'\n', &mut line), Ok(n) if n > 0) {
            // A closed terminal is no reason to stop a test run.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            if let Ok(mut see) = see.lock() {
                see(String::from_utf8_lossy(&line).trim_end());
            }
            line.clear();
        }
    };
    thread::scope(|scope| {
        let mut err = err;
        let tee = &tee;
        scope.spawn(move || tee(err.as_mut().map(|e| e as &mut dyn Read), &mut std::io::stderr()));
        let mut out = out;
        tee(out.as_mut().map(|o| o as &mut dyn Read), &mut std::io::stdout());
    });
    child
        .wait()
        .map(|status| status.success())
        .map_err(|e| format!("{what}: {e}."))
}

/// A port of the loopback address that is free now.
pub fn free_port() -> Outcome<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|socket| socket.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("There is no free port on 127.0.0.1: {e}."))
}

/// Empties a folder, making it when it is not there.
pub fn empty(dir: &Path) -> Outcome<()> {
    remove(dir)?;
    std::fs::create_dir_all(dir).map_err(|e| format!("{} cannot be made: {e}.", dir.display()))
}

/// Removes a folder with all that is in it; it need not be there.
pub fn remove(dir: &Path) -> Outcome<()> {
    match std::fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(format!("{} cannot be removed: {e}.", dir.display())),
        _ => Ok(()),
    }
}

/// Says on the terminal what is being done now; apart from the output of the tools that run.
pub fn say(what: &str) {
    eprintln!("── {what}");
}

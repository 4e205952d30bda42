//! A server of the program's own, beside the one inside the test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Runs until it is dropped.
pub struct Served {
    /// where it answers
    pub site: String,
    child: Child,
}

impl Served {
    /// Starts it and waits until it says where it listens. The command is [`World::serving`](crate::World::serving) or one around it.
    pub fn start(mut command: Command) -> Served {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its words")).lines();
        let site = lines
            .by_ref()
            .map(|l| l.expect("a line"))
            .find(|l| l.starts_with("http://"))
            .expect("it listens");
        std::thread::spawn(move || lines.for_each(drop));
        Served { site, child }
    }
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}
impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! A small HTTP/1.1 client over kept connections, and a load of several of them at once. It only ever
//! talks to servers of this machine, on 127.0.0.1.

use crate::Outcome;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// An answer.
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
    /// `name=value; …` of all cookies that it sets.
    fn cookies(&self) -> String {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.filter_map(|(_, value)| value.split(';').next())
            .collect::<Vec<_>>()
            .join("; ")
    }
}

/// The bytes of a request.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut made = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (name, value) in headers {
        made.push_str(&format!("{name}: {value}\r\n"));
    }
    if method != "GET" {
        made.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    made.push_str("\r\n");
    let mut bytes = made.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A kept connection.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    pub fn open(port: u16) -> Result<Connection> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Connection(BufReader::new(stream)))
    }

    /// Sends a request and reads its answer whole.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.0.get_mut().write_all(request)?;
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| Error::new(ErrorKind::InvalidData, "no status"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = self.line()?;
                let size = usize::from_str_radix(size.split(';').next().unwrap_or(""), 16)
                    .map_err(|_| Error::new(ErrorKind::InvalidData, "no size of a chunk"))?;
                let begin = answer.body.len();
                answer.body.resize(begin + size, 0);
                self.0.read_exact(&mut answer.body[begin..])?;
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else {
            let size = answer
                .header("content-length")
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            answer.body.resize(size, 0);
            self.0.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}

/// One request on a connection of its own.
pub fn get(port: u16, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    Connection::open(port)?.send(&request("GET", path, headers, b""))
}

/// A signed-in browser, as far as the server can tell.
pub struct Session {
    port: u16,
    pub cookie: String,
}

impl Session {
    /// Signs in by the form of `/login`.
    pub fn sign_in(port: u16, user: &str, password: &str) -> Outcome<Session> {
        let said = |e: Error| format!("the login page: {e}");
        let page = get(port, "/login", &[]).map_err(said)?;
        let csrf = csrf(&page.text()).ok_or("the login page has no field csrf")?;
        let form = format!(
            "username={}&password={}&csrf={}",
            escaped(user),
            escaped(password),
            escaped(&csrf)
        );
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Cookie", &page.cookies()),
        ];
        let done = Connection::open(port)
            .and_then(|mut connection| connection.send(&request("POST", "/login", &headers, form.as_bytes())))
            .map_err(said)?;
        if !(300..400).contains(&done.status) {
            return Err(format!("the login of {user} was answered with {}", done.status));
        }
        Ok(Session {
            port,
            cookie: done.cookies(),
        })
    }

    /// A form of a page, with the page's token.
    pub fn post(&self, page: &str, path: &str, fields: &str) -> Outcome<Answer> {
        let token = csrf(&self.get(page)?.text()).ok_or_else(|| format!("{page} has no field csrf"))?;
        let form = format!("{fields}&csrf={}", escaped(&token));
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Cookie", &self.cookie),
        ];
        let answer = Connection::open(self.port)
            .and_then(|mut connection| connection.send(&request("POST", path, &headers, form.as_bytes())))
            .map_err(|e| format!("{path}: {e}"))?;
        if answer.status == 200 {
            Ok(answer)
        } else {
            Err(format!("{path} was answered with {}", answer.status))
        }
    }

    /// A page.
    pub fn get(&self, path: &str) -> Outcome<Answer> {
        let answer = get(self.port, path, &[("Cookie", &self.cookie)]).map_err(|e| format!("{path}: {e}"))?;
        if answer.status == 200 {
            Ok(answer)
        } else {
            Err(format!("{path} was answered with {}", answer.status))
        }
    }
}

fn csrf(page: &str) -> Option<String> {
    let tag = page
        .split('<')
        .find(|tag| tag.starts_with("input") && tag.contains("name=\"csrf\""))?;
    tag.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes()
        .map(|b| {
            if plain(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// Answers a second over kept connections; any answer other than the wished one ends the measuring.
/// Runs `seconds` after a warm-up of one second. `make` gets a number that no other request gets.
pub fn load(
    port: u16,
    connections: u64,
    seconds: u64,
    wished: u16,
    make: &(dyn Fn(u64) -> Vec<u8> + Sync),
) -> Outcome<f64> {
    let begun = Instant::now();
    let (warm, end) = (begun + Duration::from_secs(1), begun + Duration::from_secs(1 + seconds));
    let one = |worker: u64| -> Outcome<u64> {
        let mut connection = Connection::open(port).map_err(|e| e.to_string())?;
        let (mut number, mut counted) = (worker, 0);
        while Instant::now() < end {
            let answer = connection.send(&make(number)).map_err(|e| e.to_string())?;
            if answer.status != wished {
                return Err(format!(
                    "answered with {} instead of {wished}: {}",
                    answer.status,
                    answer.text()
                ));
            }
            number += connections;
            let now = Instant::now();
            counted += u64::from(now >= warm && now < end);
        }
        Ok(counted)
    };
    std::thread::scope(|scope| {
        let one = &one;
        let workers: Vec<_> = (0..connections)
            .map(|worker| scope.spawn(move || one(worker)))
            .collect();
        let mut sum = 0;
        for worker in workers {
            sum += worker.join().map_err(|_| "a connection broke".to_owned())??;
        }
        Ok(sum as f64 / seconds as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn answers_of_both_kinds_are_read_on_one_connection() {
        let socket = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = socket.accept().unwrap();
            let answers = [
                "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nContent-Length: 3\r\n\r\none",
                "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n1\r\n!\r\n0\r\n\r\n",
            ];
            for answer in answers {
                let mut request = [0; 512];
                assert!(stream.read(&mut request).unwrap() > 0);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let mut connection = Connection::open(port).unwrap();
        let one = connection
            .send(&request("GET", "/", &[("Cookie", "c=3")], b""))
            .unwrap();
        assert_eq!(
            (one.status, one.text().as_str(), one.cookies().as_str()),
            (200, "one", "a=1; b=2")
        );
        let two = connection.send(&request("POST", "/", &[], b"body")).unwrap();
        assert_eq!((two.status, two.text().as_str()), (404, "four!"));
        server.join().unwrap();
    }

    #[test]
    fn forms_are_read_and_written() {
        assert_eq!(
            csrf("<form><input type=\"hidden\" name=\"csrf\" value=\"x1-\"></form>").as_deref(),
            Some("x1-")
        );
        assert_eq!(csrf("<p>"), None);
        assert_eq!(escaped("周 a&b"), "%E5%91%A8%20a%26b");
    }
}

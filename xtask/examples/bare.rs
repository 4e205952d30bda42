//! The bare server beside which the product is measured: axum and SQLite with nothing in between, one
//! transaction for each request. `bare PORT DATABASE SIZE`: pages and rows have SIZE bytes.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, post};
use rusqlite::{Connection, params};
use std::sync::{Arc, Mutex};

struct Store {
    /// A request takes the first of them that is free.
    readers: Vec<Mutex<Connection>>,
    writer: Mutex<Connection>,
}

fn open(file: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open(file)?;
    db.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000;")?;
    Ok(db)
}

async fn page(State(store): State<Arc<Store>>, Path(id): Path<i64>) -> Result<Html<String>, StatusCode> {
    let reader = store.readers.iter().find_map(|reader| reader.try_lock().ok());
    let reader = match reader {
        Some(reader) => reader,
        None => store.readers[0].lock().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?,
    };
    let read = reader
        .prepare_cached("select body from rows where id = ?1")
        .and_then(|mut query| query.query_row([id], |row| row.get::<_, String>(0)));
    read.map(|body| Html(format!("<!doctype html><title>1</title>{body}")))
        .map_err(|_| StatusCode::NOT_FOUND)
}

async fn row(State(store): State<Arc<Store>>, body: String) -> Result<StatusCode, StatusCode> {
    let writer = store.writer.lock().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    writer
        .prepare_cached("insert into rows (body) values (?1)")
        .and_then(|mut insert| insert.execute(params![body]))
        .map(|_| StatusCode::CREATED)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [port, file, size] = args.as_slice() else {
        panic!("bare PORT DATABASE SIZE")
    };
    let size: usize = size.parse().expect("a size");
    let writer = open(file).expect("the database");
    writer
        .execute_batch("create table rows (id integer primary key, body text not null)")
        .expect("the table");
    writer
        .execute("insert into rows (body) values (?1)", [&"a".repeat(size)])
        .expect("the first row");
    let readers = (0..4).map(|_| Mutex::new(open(file).expect("the database"))).collect();
    let store = Arc::new(Store {
        readers,
        writer: Mutex::new(writer),
    });
    let site = Router::new()
        .route("/page/{id}", get(page))
        .route("/row", post(row))
        .with_state(store);
    let socket = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .expect("the port");
    axum::serve(socket, site).await.expect("the server");
}

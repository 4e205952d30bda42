//! Tables as declarations: from one of them come the DDL of both databases, the audited content of a row and its field classes.

use crate::value::{Row, Value};

/// Field class of a column (security.md §1). A column without one does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Class {
    /// ordinary
    O,
    /// personal
    P,
    /// sensitive
    S,
    /// sealed
    X,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Id,
    Int,
    Real,
    Bool,
    Text,
    Bytes,
    /// text that SQL does not look into
    Json,
    /// ISO day
    Day,
    /// milliseconds UTC
    Time,
}

#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub ty: Type,
    pub class: Class,
    pub null: bool,
}

/// A column that always has a value.
pub const fn col(name: &'static str, ty: Type, class: Class) -> Column {
    Column {
        name,
        ty,
        class,
        null: false,
    }
}
/// A column that may be empty.
pub const fn opt(name: &'static str, ty: Type, class: Class) -> Column {
    Column {
        name,
        ty,
        class,
        null: true,
    }
}

/// How the audit chain covers a table's rows.
#[derive(Clone, Copy, Debug)]
pub enum Cover {
    /// each row has an entry that holds its digest
    Rows,
    /// as `Rows`, and its rows come all day long: nothing that is kept in memory as settled ([`crate::Conn::kept`]) follows from them
    Stream,
    /// the rows are part of the row of another table that this column names; its digest covers them
    PartOf(&'static str, &'static str),
    /// sessions, caches, throttles: not covered
    Outside,
}

/// A table. Its first column is `county_id`, its key is `(county_id, id)` unless said otherwise.
/// A covered table has the columns `id` and `version`.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    pub key: &'static [&'static str],
    pub unique: &'static [&'static [&'static str]],
    pub index: &'static [&'static [&'static str]],
    pub cover: Cover,
}

impl Table {
    /// Whether each row has its own entry in the chain.
    pub fn covered(&self) -> bool {
        matches!(self.cover, Cover::Rows | Cover::Stream)
    }
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }
    /// `a, b, c` of all columns in declared order.
    pub fn list(&self) -> String {
        self.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ")
    }
    /// The content of a row as bytes: name and value of each column that is not null, so that a later column changes no old digest.
    pub fn canon(&self, values: &[Value]) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        let mut text = uuid::Uuid::encode_buffer();
        let mut put = |tag: u8, bytes: &[u8]| {
            out.push(tag);
            out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            out.extend_from_slice(bytes);
        };
        for (c, v) in self.columns.iter().zip(values) {
            if matches!(v, Value::Null) {
                continue;
            }
            put(0, c.name.as_bytes());
            // by the declared type, since SQLite hands back ids as bytes and booleans as numbers
            match (c.ty, v) {
                (Type::Id, Value::Id(id)) => put(1, id.0.hyphenated().encode_lower(&mut text).as_bytes()),
                (Type::Id, Value::Bytes(b)) if b.len() == 16 => {
                    let id = uuid::Uuid::from_slice(b).unwrap_or_default();
                    put(1, id.hyphenated().encode_lower(&mut text).as_bytes());
                }
                (Type::Bool, Value::Bool(b)) => put(2, &[u8::from(*b)]),
                (Type::Bool, Value::Int(n)) => put(2, &[u8::from(*n != 0)]),
                (Type::Real, Value::Real(r)) => put(3, &r.to_bits().to_le_bytes()),
                (Type::Real, Value::Int(n)) => put(3, &(*n as f64).to_bits().to_le_bytes()),
                (_, Value::Int(n)) => put(4, &n.to_le_bytes()),
                (_, Value::Text(t)) => put(1, t.as_bytes()),
                (_, Value::Bytes(b)) => put(5, b),
                (_, other) => panic!("{}.{}: {other:?} does not fit", self.name, c.name),
            }
        }
        out
    }
    /// The values by the declared types: SQLite gives ids as bytes, older backups have them as text.
    pub(crate) fn typed(&self, values: &mut [Value]) {
        for (c, v) in self.columns.iter().zip(values) {
            if let (Type::Id, Value::Bytes(_) | Value::Text(_)) = (c.ty, &*v)
                && let Some(id) = Row(vec![v.clone()]).opt_id(0)
            {
                *v = Value::Id(id);
            }
        }
    }
    pub(crate) fn ddl(&self, postgres: bool) -> Vec<String> {
        let ty = |c: &Column| match (c.ty, postgres) {
            (Type::Id, true) => "uuid",
            (Type::Text | Type::Json | Type::Day, _) => "text",
            (Type::Int | Type::Time, true) => "bigint",
            (Type::Int | Type::Time, false) => "integer",
            (Type::Real, true) => "double precision",
            (Type::Real, false) => "real",
            (Type::Bool, _) => "boolean",
            (Type::Bytes, true) => "bytea",
            (Type::Id | Type::Bytes, false) => "blob",
        };
        let mut cols: Vec<String> = self
            .columns
            .iter()
            .map(|c| format!("{} {}{}", c.name, ty(c), if c.null { "" } else { " not null" }))
            .collect();
        cols.push(format!("primary key ({})", self.key.join(", ")));
        for u in self.unique {
            cols.push(format!("unique ({})", u.join(", ")));
        }
        let tail = if postgres || self.has_rowid() {
            ""
        } else {
            " without rowid"
        };
        let mut out = vec![format!(
            "create table if not exists {} ({}){tail}",
            self.name,
            cols.join(", ")
        )];
        for i in self.index {
            // what has nothing there is not looked for by it
            let only = match self.column(i[1]) {
                Some(c) if c.null => format!(" where {} is not null", c.name),
                _ => String::new(),
            };
            out.push(format!(
                "create index if not exists {}_by_{} on {} ({}){only}",
                self.name,
                i[1..].join("_"),
                self.name,
                i.join(", ")
            ));
        }
        out
    }
    /// On SQLite a table lies in the order of its key, unless that is a hash: rows that come together would lie far apart.
    pub(crate) fn has_rowid(&self) -> bool {
        let hash = |name: &&str| self.column(name).is_some_and(|c| c.ty == Type::Bytes);
        self.key.iter().any(hash)
    }
}

const KEY: &[&str] = &["county_id", "id"];

/// What the installation knows of itself: schema version, checks. Shared, refers to nothing.
pub static META: Table = Table {
    name: "meta",
    columns: &[col("name", Type::Text, Class::O), col("value", Type::Text, Class::O)],
    key: &["name"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};
/// Data keys wrapped under the master key, and one key for each child wrapped under a data key.
pub static DATA_KEYS: Table = Table {
    name: "data_keys",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("purpose", Type::Text, Class::O),
        opt("wrapped", Type::Bytes, Class::X),
        // the key before it, while a rotation is under way
        opt("previous", Type::Bytes, Class::X),
    ],
    key: KEY,
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};
/// Earlier versions of rows with who, when and why; sealed values stay sealed in them.
pub static HISTORY: Table = Table {
    name: "history",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("id", Type::Id, Class::O),
        col("version", Type::Int, Class::O),
        col("tbl", Type::Text, Class::O),
        col("row_id", Type::Id, Class::O),
        col("row_version", Type::Int, Class::O),
        col("at", Type::Time, Class::O),
        opt("actor", Type::Id, Class::O),
        col("actor_name", Type::Text, Class::O),
        // why, sealed under the county's key
        opt("why", Type::Bytes, Class::S),
        col("body", Type::Json, Class::S),
    ],
    key: KEY,
    unique: &[],
    index: &[&["county_id", "row_id", "row_version"]],
    cover: Cover::Stream,
};
/// Answers to requests that may come again (interfaces.md `Idempotency-Key`), sealed under the sessions key.
pub static IDEMPOTENCY: Table = Table {
    name: "idempotency",
    columns: &[
        col("county_id", Type::Id, Class::O),
        col("key_hash", Type::Bytes, Class::O),
        col("body_hash", Type::Bytes, Class::O),
        col("status", Type::Int, Class::O),
        col("answer", Type::Bytes, Class::S),
        col("at", Type::Time, Class::O),
    ],
    key: &["county_id", "key_hash"],
    unique: &[],
    index: &[],
    cover: Cover::Outside,
};

/// The store's own tables.
pub static GROUND: &[&Table] = &[
    &META,
    &DATA_KEYS,
    &HISTORY,
    &IDEMPOTENCY,
    &crate::audit::AUDIT_ENTRIES,
    &crate::audit::AUDIT_HEADS,
];

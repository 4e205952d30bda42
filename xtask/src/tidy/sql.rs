//! SQL that must run unchanged on SQLite, on PostgreSQL and on a distributed PostgreSQL: the words that
//! one of them lacks or that would tie the data to one server, and keys that do not begin with the county.

use super::source::{Literal, literals};

/// Words that occur in no text but SQL, with what to do instead.
const NEVER: [(&str, &str); 20] = [
    ("create trigger", "the one door for writes does what a trigger would do"),
    ("now()", "the time comes from the program's clock"),
    ("random()", "chance comes from the program"),
    ("current_timestamp", "the time comes from the program's clock"),
    ("rowid", "ids are UUIDv7 made by the program"),
    ("last_insert_rowid", "ids are UUIDv7 made by the program"),
    ("autoincrement", "ids are UUIDv7 made by the program"),
    ("bigserial", "ids are UUIDv7 made by the program"),
    ("nextval", "ids are UUIDv7 made by the program"),
    ("insert or replace", "write `on conflict (keys) do update`"),
    ("insert or ignore", "write `on conflict (keys) do nothing`"),
    ("on conflict do", "name the keys: `on conflict (keys) do …`"),
    ("distinct on", "only PostgreSQL knows it"),
    ("pg_advisory", "lock the row that is meant"),
    ("pg_advisory_xact_lock", "lock the row that is meant"),
    ("deferrable", "not every database has deferred constraints"),
    ("temporary table", "a distributed database cannot share it"),
    ("temp table", "a distributed database cannot share it"),
    ("create extension", "an operator may not install one"),
    ("using gist", "exclusion constraints are PostgreSQL's alone"),
];

/// Words of everyday prose, which count only inside a statement.
const IN_STATEMENTS: [(&str, &str); 5] = [
    ("lateral", "only PostgreSQL knows it"),
    ("serial", "ids are UUIDv7 made by the program"),
    ("listen", "news travels through the outbox"),
    ("notify", "news travels through the outbox"),
    ("ilike", "search the folded column with `like`"),
];

/// The store's own notes, which belong to no county.
const ALWAYS_SHARED: [&str; 1] = ["meta"];

/// The findings in one file under `crates/`; `shared` names the tables without a county.
pub fn findings(name: &str, text: &str, shared: &[String]) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let excused = |line: usize| {
        let has = |at: usize| lines.get(at).is_some_and(|line| line.contains("tidy: "));
        has(line.wrapping_sub(1)) || has(line.wrapping_sub(2))
    };
    let mut found = Vec::new();
    let statements = if name.ends_with(".sql") {
        statements(text)
    } else {
        literals(text)
    };
    for literal in statements.iter().filter(|literal| !excused(literal.line)) {
        for why in of_statement(&literal.text, shared) {
            found.push(format!("{name}:{}: {why}", literal.line));
        }
    }
    for (line, why) in of_declarations(text, shared)
        .into_iter()
        .filter(|(line, _)| !excused(*line))
    {
        found.push(format!("{name}:{line}: {why}"));
    }
    found
}

/// The tables without a county: the literals of the constants named `SHARED_TABLES` in the crates.
pub fn shared_tables(sources: &[(String, String)]) -> Vec<String> {
    let mut tables: Vec<String> = ALWAYS_SHARED.map(str::to_owned).into();
    for (_, text) in sources {
        let Some(at) = text.find("const SHARED_TABLES") else {
            continue;
        };
        // The value begins behind the `=`: the type of an array, `[&str; 3]`, has a semicolon of its own.
        let Some(value) = text[at..].find('=').map(|equals| at + equals) else {
            continue;
        };
        let end = text[value..].find(';').map_or(text.len(), |end| value + end);
        tables.extend(literals(&text[value..end]).into_iter().map(|literal| literal.text));
    }
    tables
}

/// The statements of a migration file.
fn statements(text: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut line = 1;
    for part in text.split_inclusive(';') {
        let begin = line
            + part
                .chars()
                .take_while(|c| c.is_whitespace())
                .filter(|c| *c == '\n')
                .count();
        let bare: Vec<&str> = part.lines().map(|l| l.split("--").next().unwrap_or("")).collect();
        found.push(Literal {
            line: begin,
            text: bare.join(" "),
        });
        line += part.matches('\n').count();
    }
    found
}

fn of_statement(literal: &str, shared: &[String]) -> Vec<String> {
    let sql = literal.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut found: Vec<String> = NEVER
        .iter()
        .filter(|(word, _)| has_word(&sql, word))
        .map(|(word, instead)| format!("`{word}` in SQL: {instead}."))
        .collect();
    if is_statement(&sql) {
        for (word, instead) in IN_STATEMENTS.iter().filter(|(word, _)| has_word(&sql, word)) {
            found.push(format!("`{word}` in SQL: {instead}."));
        }
        if has_word(&sql, "sum(") && !sql.contains("as bigint)") && !sql.contains("as real)") {
            found.push("`sum` in SQL: cast it, `cast(sum(x) as bigint)`, or the databases differ in its type.".into());
        }
        if sql.starts_with("update ") && update_from(&sql) {
            found.push("`update … from` in SQL: select first, then update.".to_owned());
        }
        if sql.starts_with("create table") || sql.starts_with("create unique index") {
            found.extend(of_keys(&sql, shared));
        }
    }
    found
}

/// Whether the text is a statement and not a sentence that happens to begin like one.
fn is_statement(sql: &str) -> bool {
    let first = sql.split(' ').next().unwrap_or("");
    match first {
        "select" => sql.contains(" from ") || sql.contains('(') || sql.contains('?') || sql.contains('$'),
        "insert" => sql.starts_with("insert into "),
        "update" => sql.contains(" set "),
        "delete" => sql.starts_with("delete from "),
        "create" | "alter" | "drop" => ["table ", "index ", "unique index "]
            .iter()
            .any(|thing| sql[first.len()..].trim_start().starts_with(thing)),
        "with" => sql.contains(" as (") && sql.contains("select "),
        // A bare `listen channel` has nothing else by which to know it.
        "listen" | "notify" => sql.split(' ').count() == 2 && sql.is_ascii(),
        _ => false,
    }
}

/// Whether an `update` takes its values from another table: a `from` outside of brackets.
fn update_from(sql: &str) -> bool {
    let mut depth = 0;
    let outside: String = sql
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0
        })
        .collect();
    outside.contains(" from ")
}

/// Keys of DDL that is written out: each must begin with `county_id`.
fn of_keys(sql: &str, shared: &[String]) -> Vec<String> {
    let Some(open) = sql.find('(') else { return Vec::new() };
    let head: Vec<&str> = sql[..open].split_whitespace().collect();
    let is_index = sql.starts_with("create unique index");
    let table = match head.iter().position(|word| *word == "on") {
        Some(on) if is_index => head.get(on + 1),
        _ => head.last(),
    };
    let table = table.copied().unwrap_or("");
    // Where the name is filled in later, the declaration behind it is looked at instead.
    if shared.iter().any(|name| name == table) || table.contains('{') {
        return Vec::new();
    }
    let begins_well = |list: &str| {
        let first = list.split([',', ')']).next().unwrap_or("").trim();
        first == "county_id" || first.contains('{')
    };
    let body = &sql[open + 1..];
    if is_index {
        return if begins_well(body) {
            Vec::new()
        } else {
            vec![key_sentence("unique index", table)]
        };
    }
    let mut found = Vec::new();
    for part in at_commas(body.trim_end_matches([';', ' ']).trim_end_matches(')')) {
        let part = part.trim();
        let whole = ["primary key", "unique", "foreign key"]
            .iter()
            .find_map(|kind| Some((*kind, part.split_once(&format!("{kind} ("))?.1)));
        if let Some((kind, list)) = whole {
            if !begins_well(list) {
                found.push(key_sentence(kind, table));
            }
        } else if !part.starts_with("county_id ") {
            let kinds = ["primary key", "unique", "references"];
            found.extend(
                kinds
                    .iter()
                    .filter(|kind| has_word(part, kind))
                    .map(|kind| key_sentence(kind, table)),
            );
        }
    }
    found
}

fn key_sentence(kind: &str, table: &str) -> String {
    format!("the {kind} of {table} does not begin with county_id, nor is {table} among SHARED_TABLES.")
}

/// The parts of a list, parted at the commas that stand outside of brackets.
fn at_commas(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut begin) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[begin..]);
    parts
}

/// Keys of tables that are declared as values (`Table { name, key, unique, index, … }`).
fn of_declarations(text: &str, shared: &[String]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(": Table = Table {") {
        let block = &text[at..];
        let block = &block[..block.find("\n};").unwrap_or(block.len())];
        let Some(name) = field(block, "name:").and_then(|(_, rest)| literals(rest).into_iter().next()) else {
            continue;
        };
        if shared.contains(&name.text) {
            continue;
        }
        for kind in ["key", "unique", "index"] {
            let Some((offset, value)) = field(block, &format!("\n    {kind}:")) else {
                continue;
            };
            let line = text[..at + offset].matches('\n').count() + 1;
            // Each innermost list is one key.
            for list in value.split("&[").map(|list| list.split(']').next().unwrap_or("")) {
                if let Some(first) = literals(list).first().filter(|first| first.text != "county_id") {
                    let column = &first.text;
                    found.push((
                        line,
                        format!(
                            "{kind} of the table {} begins with {column} instead of county_id, nor is it among SHARED_TABLES.",
                            name.text
                        ),
                    ));
                }
            }
        }
    }
    found
}

/// Where the value of a field begins, and its text up to the next field.
fn field<'a>(block: &'a str, name: &str) -> Option<(usize, &'a str)> {
    let begin = block.find(name)? + name.len();
    let rest = &block[begin..];
    let ends = [
        "\n    key:",
        "\n    unique:",
        "\n    index:",
        "\n    cover:",
        "\n    columns:",
    ];
    let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    Some((begin, &rest[..end]))
}

/// Whether the word stands by itself: `rowid` is not in `arrowidth`, `now()` not in `Date.now()`.
fn has_word(sql: &str, word: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    sql.match_indices(word).any(|(at, _)| {
        let before = &sql[..at];
        let after = &sql[at + word.len()..];
        // `without rowid` only says how SQLite lays a table out.
        let layout = word == "rowid" && before.ends_with("without ");
        let open = !word.ends_with(|c: char| c.is_alphanumeric());
        !layout && !before.ends_with(inner) && (open || !after.starts_with(inner))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(source: &str) -> usize {
        findings("crates/a/src/lib.rs", source, &["meta".to_owned()]).len()
    }

    #[test]
    fn forbidden_words_are_found_in_strings_only() {
        let bad = [
            r#"q("create trigger t after insert on a begin select 1; end")"#,
            r#"q("select id from a where at < now() order by id")"#,
            r#"q("select id from a order by random()")"#,
            r#"q("select rowid from a order by 1")"#,
            r#"q("INSERT OR REPLACE into a values (1)")"#,
            r#"q("insert into a values (1) on conflict do nothing")"#,
            r#"q("select distinct on (a) a from b")"#,
            r#"q("select a from b, lateral (select 1) c")"#,
            r#"q("create table a (county_id uuid, n serial)")"#,
            r#"q("select nextval('s')")"#,
            r#"q("listen news")"#,
            r#"q("select pg_advisory_xact_lock(1)")"#,
            r#"q("create temporary table a (b text)")"#,
            r#"q("update a set b = c.b from c where c.id = a.id")"#,
            r#"q("select sum(n) from a")"#,
            r##"q(r#"select id
                   from a where x = last_insert_rowid()"#)"##,
        ];
        for source in bad {
            assert!(count(source) > 0, "{source}");
        }
        let good = [
            r#"// create trigger"#,
            r#"say("听", "We listen and notify; a serial number, lateral thinking")"#,
            r#"js("Date.now(); Math.random()")"#,
            r#"q("select cast(sum(n) as bigint) from a order by 1")"#,
            r#"q("update a set b = (select max(c) from d) where county_id = ?1 and id = ?2 returning id")"#,
            r#"q("insert into a (b) values (?1) on conflict (b) do nothing")"#,
            r#"q("create table if not exists {} ({}) without rowid")"#,
            "// tidy: told by the operator's own server\nq(\"select now() from a\")",
        ];
        for source in good {
            assert_eq!(count(source), 0, "{source}");
        }
    }

    #[test]
    fn written_keys_begin_with_the_county() {
        let table = |body: &str| format!("q(\"create table a ({body})\")");
        assert_eq!(
            count(&table("county_id uuid, id uuid, b text, primary key (county_id, id)")),
            0
        );
        assert_eq!(count(&table("county_id uuid, id uuid, primary key (id, county_id)")), 1);
        assert_eq!(count(&table("id uuid primary key, county_id uuid")), 1);
        assert_eq!(count(&table("county_id uuid primary key, name text")), 0);
        let more = "county_id uuid, b text, unique (b), foreign key (b) references c (b), primary key (county_id, b)";
        assert_eq!(count(&table(more)), 2);
        assert_eq!(count("q(\"create table meta (name text primary key)\")"), 0);
        assert_eq!(count("q(\"create unique index i on a (b)\")"), 1);
        assert_eq!(count("q(\"create unique index i on a (county_id, b)\")"), 0);
    }

    #[test]
    fn declared_keys_begin_with_the_county() {
        let table = |name: &str, key: &str, index: &str| {
            format!(
                "pub static A: Table = Table {{\n    name: \"{name}\",\n    columns: &[col(\"id\", Type::Id, Class::O)],\n    \
                 key: {key},\n    unique: &[],\n    index: {index},\n    cover: Cover::Rows,\n}};\n"
            )
        };
        assert_eq!(count(&table("a", "KEY", "&[]")), 0);
        assert_eq!(
            count(&table(
                "a",
                "&[\"county_id\", \"id\"]",
                "&[&[\"county_id\", \"b\"], &[\"county_id\"]]"
            )),
            0
        );
        assert_eq!(count(&table("meta", "&[\"name\"]", "&[]")), 0);
        let found = findings(
            "a.rs",
            &table("a", "&[\"id\"]", "&[&[\"county_id\"], &[\"b\", \"county_id\"]]"),
            &[],
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].starts_with("a.rs:4: ") && found[1].starts_with("a.rs:6: "),
            "{found:?}"
        );
    }

    #[test]
    fn shared_tables_are_read_from_their_constant() {
        let source = "pub const SHARED_TABLES: [&str; 2] = [\"regions\", \"holidays\"];".to_owned();
        assert_eq!(
            shared_tables(&[("a.rs".to_owned(), source)]),
            ["meta", "regions", "holidays"]
        );
        let source = "const SHARED_TABLES: &[&str] = &[\"regions\"]; const B: &[&str] = &[\"no\"];".to_owned();
        assert_eq!(shared_tables(&[("a.rs".to_owned(), source)]), ["meta", "regions"]);
    }

    #[test]
    fn migrations_are_read_by_statement() {
        let text = "-- now() is a comment\ncreate table a (county_id uuid, primary key (county_id));\n\ninsert or ignore into a\nvalues (1);\n";
        let found = findings("crates/a/1.sql", text, &[]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("crates/a/1.sql:4: "), "{found:?}");
    }
}

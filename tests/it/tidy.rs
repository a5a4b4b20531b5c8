//! The repository's own order: what may depend on what, and whether the documents tell the truth. Not the
//! product.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What domain may depend on: values and text, nothing that reads, sends, waits or throws dice.
const DOMAIN_MAY_USE: &[&str] = &["ammonia", "bytes", "imbl", "jiff", "rust_decimal", "serde", "serde_json", "thiserror", "uuid"];

/// Crates that do I/O or run futures; whatever depends on one of them can do so too.
const DOES_IO: &[&str] = &["actix", "actix-web", "async-std", "hyper", "mio", "reqwest", "smol", "socket2", "sqlx", "tokio"];

/// The crates of this workspace that each may depend on, directly or not (ARCHITECTURE.md). Tests may use all.
const DRAWN: &[(&str, &[&str])] =
    &[("domain", &[]), ("actors", &["domain"]), ("projections", &["domain"]), ("gateway", &["actors", "domain", "projections"])];

#[test]
fn the_crates_depend_on_each_other_as_drawn() {
    let graph = Graph::read();
    for (name, drawn) in DRAWN {
        let reached = graph.reached_from(name);
        let ours: BTreeSet<&str> = reached.iter().copied().filter(|other| graph.members.contains(*other)).collect();
        assert_eq!(ours, drawn.iter().copied().collect(), "{name} depends on other crates of ours than drawn");
    }
    let direct: BTreeSet<&str> = graph.edges["domain"].iter().map(String::as_str).collect();
    assert!(direct.is_subset(&DOMAIN_MAY_USE.iter().copied().collect()), "domain uses something new: {direct:?}");
    let reached = graph.reached_from("domain");
    for name in DOES_IO {
        assert!(graph.edges.contains_key(*name) || *name == "smol" || *name == "async-std", "{name} is in no graph: a typing error?");
        assert!(!reached.contains(name), "domain can do I/O through {name}");
    }
}

#[test]
fn every_source_file_opens_with_what_it_is() {
    let mut wrong = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let opens = match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => text.starts_with("//! "),
            Some("sql") => text.starts_with("-- "),
            Some("py") => text.starts_with("\"\"\""),
            _ if text.starts_with("#!") => text.lines().nth(1).is_some_and(|line| line.starts_with("# ")),
            _ => true,
        };
        if !opens {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "these do not say at their top what they are: {wrong:#?}");
}

/// Routes for machines that are not described to clients: text of another kind, for another reader.
const NOT_DESCRIBED: &[&str] = &["/metrics", "/openapi.json"];

#[test]
fn every_route_is_in_the_openapi_document_with_its_methods() {
    let document: Value = serde_json::from_str(&gateway::openapi::document().expect("a document")).expect("JSON");
    let table = std::fs::read_to_string(root().join("gateway/src/routes/mod.rs")).expect("the table of routes");
    let mut routes = BTreeMap::new();
    for entry in table.split("at(\"/").skip(1) {
        let (path, rest) = entry.split_once('"').expect("a path ends");
        let methods = rest.split_once('[').and_then(|(_, rest)| rest.split_once(']')).expect("its methods").0;
        let methods = methods.split(',').map(|method| method.trim().trim_start_matches("M::").to_lowercase());
        // Where HEAD is allowed it is GET without the body, which needs no words of its own.
        let methods: BTreeSet<String> = methods.filter(|method| method != "head").collect();
        routes.insert(format!("/v4/{path}"), methods);
    }
    for entry in table.split("machines(\"").skip(1) {
        let path = entry.split_once('"').expect("a path ends").0;
        if !NOT_DESCRIBED.contains(&path) {
            routes.insert(path.to_owned(), BTreeSet::from(["get".to_owned()]));
        }
    }
    assert!(routes.len() > 10, "the table of routes is written otherwise than this test reads it: {routes:?}");
    let described: BTreeMap<String, BTreeSet<String>> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .map(|(path, methods)| (path.clone(), methods.as_object().expect("methods").keys().cloned().collect()))
        .collect();
    assert_eq!(described, routes);
}

/// The command that renews what the browser's client is made from.
const RENEW: &str = "target/debug/nashi openapi > gateway/web/openapi.json (the binary that the tests were built with)";

#[test]
fn the_browsers_client_is_made_from_the_openapi_document_as_it_is() {
    let kept = std::fs::read_to_string(root().join("gateway/web/openapi.json")).unwrap_or_default();
    let document = gateway::openapi::document().expect("a document");
    assert!(kept.trim_end() == document.trim_end(), "gateway/web/openapi.json is of another build; renew it: {RENEW}");
}

#[test]
fn no_two_shapes_of_the_openapi_document_share_a_name() {
    let mut shapes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files().iter().filter(|path| path.starts_with(root().join("gateway/src"))) {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        for rest in text.split("ToSchema)]\n").skip(1) {
            let (attributes, item) = rest
                .split_once("struct ")
                .into_iter()
                .chain(rest.split_once("enum "))
                .min_by_key(|(before, _)| before.len())
                .expect("an item follows");
            let own = || item.split(|letter: char| !letter.is_alphanumeric()).next();
            let said = attributes.split_once("schema(as = ").and_then(|(_, name)| name.split([')', ',']).next());
            shapes.entry(said.or_else(own).expect("a name").to_owned()).or_default().push(path.display().to_string());
        }
    }
    assert!(shapes.len() > 150, "shapes are written otherwise than this test reads them: {shapes:?}");
    shapes.retain(|_, places| places.len() > 1);
    assert!(shapes.is_empty(), "the last of each wins, and the document lies about the others: {shapes:#?}");
}

#[test]
fn every_rejection_code_is_documented_with_its_status() {
    let document: Value = serde_json::from_str(&gateway::openapi::document().expect("a document")).expect("JSON");
    let description = text(&document["info"]["description"]);
    let mut seen = BTreeSet::new();
    for entry in gateway::codes::all() {
        assert!(seen.insert(entry.code), "{} is there twice", entry.code);
        let row = format!("| `{}` | {} |", entry.code, entry.status.as_u16());
        assert_eq!(description.matches(&row).count(), 1, "{row} is not in the document once");
        assert!(!entry.english.is_empty() && !entry.russian.is_empty(), "{} says nothing to people", entry.code);
    }
    // The domain's list of its codes is written by hand; its file is what they are.
    let source = std::fs::read_to_string(root().join("domain/src/rejection.rs")).expect("the codes");
    let words = source.split("=> \"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(word, _)| word);
    let missing: Vec<&str> = words.filter(|word| !seen.contains(word)).collect();
    assert!(missing.is_empty(), "these codes of the domain are in no list: {missing:?}");
}

/// The crates that were resolved, and who depends on whom outside of tests.
struct Graph {
    members: BTreeSet<String>,
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn read() -> Self {
        let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
            .args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform=host-tuple"])
            .current_dir(root())
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
        let names: BTreeMap<&str, &str> =
            array(&metadata["packages"]).map(|package| (text(&package["id"]), text(&package["name"]))).collect();
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in array(&metadata["resolve"]["nodes"]) {
            let from = edges.entry(names[text(&node["id"])].to_owned()).or_default();
            for dependency in array(&node["deps"]) {
                // `kind` is null for an ordinary dependency; what only tests or build scripts use is not linked in.
                if array(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null()) {
                    from.insert(names[text(&dependency["pkg"])].to_owned());
                }
            }
        }
        let members = array(&metadata["workspace_members"]).map(|id| names[text(id)].to_owned()).collect();
        Self { members, edges }
    }

    fn reached_from(&self, name: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            for other in &self.edges[next] {
                if reached.insert(other.as_str()) {
                    open.push(other);
                }
            }
        }
        reached
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}")).iter()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository").to_owned()
}

/// Every file of the repository, without what builds and version control leave behind.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the repository can be read") {
            let entry = entry.expect("the repository can be read");
            let name = entry.file_name();
            if entry.file_type().expect("a file has a type").is_dir() {
                if !["target", ".git", "node_modules", "__pycache__"].iter().any(|skipped| name == *skipped) {
                    open.push(entry.path());
                }
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

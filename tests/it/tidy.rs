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

//! Whether README, ARCHITECTURE and CONTRIBUTING tell the truth about names. Not about what they explain.

use std::path::{Path, PathBuf};

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// What stands between two backticks and looks like a file or a folder of the repository.
const FOLDERS: [&str; 7] = ["actors/", "domain/", "gateway/", "migrations/", "ops/", "projections/", "tests/"];

#[test]
fn every_invariant_names_tests_that_exist() {
    let sources = sources(&root(), "rs");
    let stories = sources_of_the_app();
    let architecture = read("ARCHITECTURE.md");
    let mut invariants = 0;
    for paragraph in architecture.split("\n\n").filter(|paragraph| paragraph.starts_with("*Invariant:*")) {
        invariants += 1;
        let held = paragraph.split_once("Held by").map(|(_, held)| held).unwrap_or_default();
        let after = paragraph.split_once("whose reader is itself held by").map(|(_, held)| held).unwrap_or_default();
        let names: Vec<&str> = quoted(held).chain(quoted(after)).collect();
        assert!(!names.is_empty(), "no test is named: {paragraph}");
        for name in names {
            // A test of its own, a promise that a macro runs against both journals, or a story of the app, which is named by a sentence.
            let told = ["test", "it"].iter().any(|word| stories.contains(&format!("{word}(\"{name}\"")));
            let there = told || sources.contains(&format!("fn {name}("));
            assert!(there, "there is no test {name}: {paragraph}");
        }
    }
    assert!(invariants >= 10, "only {invariants} paragraphs are invariants: has their form changed?");
}

#[test]
fn every_path_in_the_documents_exists() {
    let mut named = 0;
    for document in DOCUMENTS {
        let text = read(document);
        for path in quoted(&text).filter(|name| FOLDERS.iter().any(|folder| name.starts_with(folder))) {
            // A pattern, a list or a command with arguments names no one file.
            if path.contains(['<', '{', '…', ' ']) {
                continue;
            }
            named += 1;
            assert!(root().join(path).exists(), "{document} names {path}, which does not exist");
        }
    }
    assert!(named >= 20, "only {named} paths are named: has their form changed?");
}

/// What stands between single backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository").to_owned()
}

/// The TypeScript of the browser's app.
fn sources_of_the_app() -> String {
    ["src", "tests"].map(|folder| sources(&root().join("gateway/web").join(folder), "ts")).concat()
}

/// All files of one kind below a folder of the repository.
fn sources(folder: &Path, kind: &str) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).expect("the repository can be read") {
        let path = entry.expect("the repository can be read").path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && !["target", ".git", "node_modules"].iter().any(|skipped| name == *skipped) {
            all.push_str(&sources(&path, kind));
        } else if path.extension().is_some_and(|extension| extension == kind) {
            all.push_str(&std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
    all
}

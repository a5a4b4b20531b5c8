//! What operators are given, held together: alerts, runbooks, and the metrics that Nashi has. Whether an expression is
//! one that Prometheus can read is for `promtool check rules`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Runbooks for what somebody sets out to do; all others belong to an alert.
const PLANNED: &[&str] = &["upgrade"];
/// What a runbook says, in this order.
const SECTIONS: &[&str] = &["**What it means.**", "**What people notice.**", "**What to look at.**", "**What to do.**"];
/// What the exporter makes of one histogram.
const OF_A_HISTOGRAM: &[&str] = &["_bucket", "_count", "_sum"];
#[test]
fn every_alert_has_its_runbook_and_every_runbook_its_alert() {
    let alerts = alerts();
    let mut wanted: BTreeSet<String> = PLANNED.iter().map(|name| (*name).to_owned()).collect();
    for (alert, text) in &alerts {
        let name = kebab(alert.strip_prefix("Nashi").expect("alerts begin with Nashi"));
        assert!(text.contains(&format!("runbook: ops/runbooks/{name}.md\n")), "{alert} does not name ops/runbooks/{name}.md");
        assert!(text.contains("severity: page") || text.contains("severity: ticket"), "{alert} wakes nobody and waits for nobody");
        let runbook = std::fs::read_to_string(root().join(format!("ops/runbooks/{name}.md"))).unwrap_or_default();
        assert!(runbook.starts_with(&format!("# {alert}\n")), "ops/runbooks/{name}.md is not about {alert}");
        let mut rest = runbook.as_str();
        for section in SECTIONS {
            let found = rest.split_once(section).unwrap_or_else(|| panic!("ops/runbooks/{name}.md lacks {section}, or has it elsewhere"));
            rest = found.1;
        }
        assert!(wanted.insert(name), "{alert} is there twice");
    }
    assert_eq!(runbooks().into_keys().collect::<BTreeSet<_>>(), wanted);
}

#[test]
fn runbooks_lead_to_runbooks_that_are_there() {
    let runbooks = runbooks();
    for (name, text) in &runbooks {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let other = link.0.strip_suffix(".md").unwrap_or_else(|| panic!("{name} leads to {}", link.0));
            assert!(runbooks.contains_key(other), "{name} leads to {other}, which is not there");
        }
    }
}

#[test]
fn metrics_are_called_in_alerts_and_runbooks_as_nashi_calls_them() {
    let known = metrics();
    assert!(known.len() > 20, "the metrics are written otherwise than this test reads them: {known:?}");
    for (alert, text) in alerts() {
        let expression = text.split_once("annotations:").expect("every alert has annotations").0;
        let unknown: Vec<String> = names(expression).filter(|name| !is_known(name, &known)).collect();
        assert!(unknown.is_empty(), "{alert} asks for {unknown:?}, which Nashi does not have");
    }
    for (runbook, text) in runbooks() {
        // `grep nashi_view`, or `nashi_(a|b)`: the beginning of a name.
        let is_beginning = |name: &String| known.iter().any(|known| known.starts_with(name.trim_end_matches('_')));
        let unknown: Vec<String> = names(&text).filter(|name| !is_known(name, &known) && !is_beginning(name)).collect();
        assert!(unknown.is_empty(), "{runbook} names {unknown:?}, which Nashi does not have");
    }
}

fn is_known(name: &str, known: &BTreeSet<String>) -> bool {
    known.contains(name) || OF_A_HISTOGRAM.iter().any(|end| name.strip_suffix(end).is_some_and(|base| known.contains(base)))
}

/// Each alert with its text.
fn alerts() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("ops/prometheus/alerts.yml")).expect("the alerts");
    let alerts: BTreeMap<String, String> = text
        .split("- alert: ")
        .skip(1)
        .filter_map(|rest| rest.split_once('\n'))
        .map(|(name, rest)| (name.trim().to_owned(), format!("{rest}\n")))
        .collect();
    assert!(alerts.len() > 10, "the alerts are written otherwise than this test reads them: {alerts:?}");
    alerts
}

/// Each runbook by its name.
fn runbooks() -> BTreeMap<String, String> {
    let folder = std::fs::read_dir(root().join("ops/runbooks")).expect("the runbooks");
    folder
        .map(|entry| entry.expect("a runbook").path())
        .map(|path| {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            (name, std::fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// Every metric that a `metrics.rs` of the product names.
fn metrics() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> = ["actors/src", "projections/src", "gateway/src"].iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.ends_with("metrics.rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            found.extend(text.split('"').filter(|word| word.starts_with("nashi_")).map(str::to_owned));
        }
    }
    found
}

/// What begins with `nashi_`, up to where a name ends.
fn names(text: &str) -> impl Iterator<Item = String> {
    text.match_indices("nashi_").map(|(start, _)| {
        text[start..]
            .chars()
            .take_while(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || *character == '_')
            .collect()
    })
}

/// `NodeDown` as `node-down`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    kebab
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

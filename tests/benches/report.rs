//! The table. Not how its rows were got.

use std::fmt;

/// Whether a row holds its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Yes,
    No,
    /// There is no budget for it, or the run was too small to judge.
    Unjudged,
}

impl From<bool> for Held {
    fn from(held: bool) -> Self {
        if held { Self::Yes } else { Self::No }
    }
}

#[derive(Debug)]
struct Row {
    what: String,
    measured: String,
    beside: String,
    budget: String,
    held: Held,
}

/// Every row so far. `Display` is the Markdown table of the README.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
    failed: bool,
}

impl Report {
    pub fn add(&mut self, what: &str, measured: String, beside: String, budget: &str, held: impl Into<Held>) {
        let held = held.into();
        eprintln!("   {what}: {measured} ({beside}); budget {budget}: {held:?}");
        self.rows.push(Row { what: what.to_owned(), measured, beside, budget: budget.to_owned(), held });
    }

    pub fn failed(&mut self, row: &str, error: &anyhow::Error) {
        self.failed = true;
        self.add(row, format!("could not be measured: {error:#}"), String::new(), "", Held::No);
    }

    pub fn any_failed(&self) -> bool {
        self.failed
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | measured | beside, in the same run | budget | held |")?;
        writeln!(f, "|---|---|---|---|---|")?;
        for row in &self.rows {
            let held = match row.held {
                Held::Yes => "yes",
                Held::No => "**no**",
                Held::Unjudged => "–",
            };
            writeln!(f, "| {} | {} | {} | {} | {held} |", row.what, row.measured, row.beside, row.budget)?;
        }
        Ok(())
    }
}

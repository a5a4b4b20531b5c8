//! `nashi audit …`: whether the log is as it was written. What the hashes cover is `actors`'.

use std::process::ExitCode;

use actors::audit::{self, VerifyFailure};
use actors::journal::ReadFailure;
use clap::Subcommand;

use crate::cli::rebuild::bar;
use crate::config::Settings;
use crate::core::{Core, Database};

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Walk the chain of hashes from the first event to the head
    Verify,
}

impl Audit {
    /// Fails (exit code 1) on the first event that is not as it was written.
    pub async fn run(self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let Self::Verify = self;
        let database = Core::database(settings).await?;
        let verified = verify(&database).await;
        database.close(true).await;
        match verified? {
            Ok(verified) => {
                println!(
                    "The log is as it was written: {} events in {} streams, {} of them erased. Rolling hash {}.",
                    verified.position,
                    verified.streams,
                    verified.erased,
                    hex::encode(verified.rolling)
                );
                Ok(ExitCode::SUCCESS)
            }
            Err(broken) => {
                eprintln!("The log is not as it was written: {broken}.");
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

/// The outer result is whether it could be found out.
async fn verify(database: &Database) -> anyhow::Result<Result<audit::Verified, VerifyFailure>> {
    let head: i64 = sqlx::query_scalar("SELECT coalesce(max(position), 0) FROM log_head").fetch_one(&database.pool).await?;
    let bar = bar()?;
    bar.set_length(u64::try_from(head).unwrap_or_default());
    let verified = audit::verify(&database.pool, |position| bar.set_position(u64::try_from(position).unwrap_or_default())).await;
    bar.finish();
    match verified {
        Err(VerifyFailure::Read(failure @ ReadFailure::Database(_))) => Err(failure.into()),
        verified => Ok(verified),
    }
}

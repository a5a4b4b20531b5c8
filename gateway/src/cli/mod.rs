//! The command line: what can be asked of the binary. What a command does is in the file of its name.

pub mod admin;
pub mod audit;
pub mod demo;
pub mod nodes;
pub mod rebuild;
pub mod second_factor;
pub mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Settings;
use crate::core::Core;
use crate::openapi;
use crate::telemetry;

/// A work hub that a company runs itself.
#[derive(Debug, Parser)]
#[command(name = "nashi", version, propagate_version = true)]
struct Cli {
    /// A settings file on top of the defaults. `NASHI__SECTION__KEY` in the environment comes on top of both.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API until SIGTERM or SIGINT
    Serve(serve::Serve),
    /// Bring the database to this build's schema
    Migrate,
    /// Fill a view anew, beside the one that is being served
    Rebuild(rebuild::Rebuild),
    /// List the nodes of the cluster: who owns what, and how far each is
    Nodes(nodes::Nodes),
    /// Have a node hand its work over to the others
    Drain(nodes::Drain),
    /// Check the log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Organisations, people and their credentials
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Make an organisation to look at, with a year behind it, in an installation that has none
    Demo(demo::Demo),
    /// Print the API's description (OpenAPI 3.1)
    Openapi,
    /// Print every setting with its default
    Settings,
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli) {
        Ok(code) => code,
        Err(failure) => {
            // One line for people: what was tried, and why it did not work.
            let causes: Vec<String> = failure.chain().map(ToString::to_string).collect();
            eprintln!("nashi: {}", causes.join(": "));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Openapi => print(&openapi::document()?)?,
        Command::Settings => print(crate::config::DEFAULTS)?,
        command => {
            let settings = Settings::load(cli.config.as_deref())?;
            telemetry::log(&settings.telemetry)?;
            // Actors live on the threads of an actix system; the first of them is this one.
            return actix::System::new().block_on(with_settings(command, settings));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a document. Whoever reads may stop in the middle (`| head`); that is not our failure.
fn print(text: &str) -> std::io::Result<()> {
    use std::io::Write;

    match writeln!(std::io::stdout(), "{}", text.trim_end()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

async fn with_settings(command: Command, settings: Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => serve.run(settings).await?,
        Command::Migrate => {
            Core::database(&settings).await?.close(true).await;
            println!("The database has this build's schema.");
        }
        Command::Rebuild(rebuild) => rebuild.run(&settings).await?,
        Command::Nodes(nodes) => nodes.run(&settings).await?,
        Command::Drain(drain) => drain.run(&settings).await?,
        Command::Audit(audit) => return audit.run(&settings).await,
        Command::Admin(admin) => admin.run(settings).await?,
        Command::Demo(demo) => demo.run(settings).await?,
        // Answered without settings.
        Command::Openapi | Command::Settings => {}
    }
    Ok(ExitCode::SUCCESS)
}

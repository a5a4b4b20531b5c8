//! `nashi demo`: an organisation to look at, in an installation that has none.

use clap::Args;
use jiff::Timestamp;

use crate::config::Settings;
use crate::demo::{self, Language, Size};

#[derive(Debug, Args)]
pub struct Demo {
    /// What its people speak
    #[arg(long, value_enum, default_value_t)]
    language: Language,
    /// Months that lie behind it
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=24))]
    months: u32,
    /// Times as much work in each month; 1 makes some 200 tasks
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    /// One JSON object: login, security_key, others, password, organization_id, persons, tasks
    #[arg(long)]
    json: bool,
}

fn scale(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|scale| (0.01..=100.0).contains(scale)).ok_or_else(|| "from 0.01 to 100".to_owned())
}

impl Demo {
    pub async fn run(self, settings: Settings) -> anyhow::Result<()> {
        eprintln!("Living {} months; this takes a minute or two.", self.months);
        #[expect(clippy::disallowed_methods, reason = "the log's own clock is told what time it is")]
        let now = Timestamp::now();
        let made = demo::make(settings, self.language, Size { months: self.months, scale: self.scale }, now).await?;
        let demo::Made { organisation, director, security_key, others, password, persons, tasks } = made;
        if self.json {
            let told = serde_json::json!({
                "login": director, "security_key": security_key.expose(), "others": others, "password": password.expose(), "organization_id": organisation, "persons": persons,
                "tasks": tasks,
            });
            println!("{told}");
            return Ok(());
        }
        println!("{persons} people and {tasks} tasks are there.");
        println!("login         {director}\nsecurity key  {}", security_key.expose());
        for other in others {
            println!("or            {other}");
        }
        println!("password      {}, which is everybody's\nBoth are shown this once.", password.expose());
        Ok(())
    }
}

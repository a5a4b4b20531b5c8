//! `nashi demo`: an organisation that shows the product, with a year behind it. Everything in it was asked for through the API by
//! one of its people, so it went through the same rules as in earnest; only the clock was told what time it was. What the company
//! is, and what its people say, stands in `company.json`, in every language.

mod book;
mod company;
mod hours;
mod office;
mod year;

use std::sync::Arc;

use anyhow::Context as _;
use domain::organisation::Settings as OrganisationSettings;
use domain::person::{Profile, rights};
use domain::{OrganisationId, PersonId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::cli::admin::{add, found, issue_key, told};
use crate::config::Settings;
use crate::core::{Core, Life};
use crate::identity::Secret;
use crate::links;

pub use book::Language;

/// The same company comes out each time, around another today.
const SEED: u64 = 0x006e_6173_6869;
/// Tokens of the people last through it all. Their passwords are changed at the end, with which they are void.
const TOKEN_HOURS: u32 = 24 * 400;

/// What came of it.
#[derive(Debug)]
pub struct Made {
    pub organisation: OrganisationId,
    /// Whoever may see everything.
    pub director: String,
    /// Theirs, for programs.
    pub security_key: Secret,
    /// Some others whose inbox is worth a look.
    pub others: Vec<String>,
    /// Of all of them.
    pub password: Secret,
    pub persons: usize,
    pub tasks: usize,
}

/// How much of it there is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// That lie behind it.
    pub months: u32,
    /// Times as much work as `company.json` says.
    pub scale: f64,
}

/// Makes the organisation in an installation that has none, up to `now`.
///
/// # Errors
/// Where the log holds events already, and as any part refuses.
pub async fn make(mut settings: Settings, language: Language, size: Size, now: Timestamp) -> anyhow::Result<Made> {
    settings.identity.token_lifetime_hours = TOKEN_HOURS;
    settings.rate.requests = u32::MAX;
    let book = book::read(language).context("company.json")?;
    let zone = TimeZone::get(&book.company.time_zone).context("the zone")?;
    let begins = now.to_zoned(zone.clone()).checked_sub(i64::from(size.months).months())?.start_of_day()?.timestamp();
    let core = Core::start(Arc::new(settings), Life::Past(begins)).await?;
    let made = fill(&core, &book, &zone, (begins, now), size.scale).await;
    core.stop(true).await;
    made
}

async fn fill(core: &Core, book: &book::Book, zone: &TimeZone, (begins, now): (Timestamp, Timestamp), scale: f64) -> anyhow::Result<Made> {
    let settings = OrganisationSettings {
        name: book.company.name.clone(),
        time_zone: book.company.time_zone.clone(),
        locale: book.company.locale.clone(),
    };
    let organisation = found(core, settings).await?;
    let mut persons = Vec::with_capacity(book.people.len());
    for person in &book.people {
        let profile = Profile {
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            email: book.email(person),
            position: Some(person.position.clone()),
            ..Profile::default()
        };
        let rights = if persons.is_empty() { rights::ADMINISTRATOR } else { rights::DEFAULT };
        persons.push(add(core, organisation, profile, rights).await?);
    }
    let hash = password(core, organisation, &persons, &Secret::make()).await?;
    let office = office::Office::open(core, organisation, &persons, &hash).await?;
    let mut rng = StdRng::seed_from_u64(SEED);
    let company = company::build(&office, book, &persons).await?;
    let tasks = year::live(&office, book, &company, &mut rng, (zone, begins + SignedDuration::from_hours(10), now), scale).await?;
    core.tell(now);
    let secret = Secret::make();
    password(core, organisation, &persons, &secret).await?;
    let security_key = issue_key(core, organisation, *persons.first().context("nobody is there")?).await?;
    let email = |key: &str| book.people.iter().find(|person| person.key == key).map(|person| book.email(person));
    Ok(Made {
        organisation,
        director: email("director").unwrap_or_default(),
        security_key,
        others: ["fin_1", "it_2", "sales_1", "hr_head"].into_iter().filter_map(email).collect(),
        password: secret,
        persons: persons.len(),
        tasks,
    })
}

/// Gives all of them the same password; its hash.
async fn password(core: &Core, organisation: OrganisationId, persons: &[PersonId], password: &Secret) -> anyhow::Result<String> {
    let hash = core.node.hash_password(password.expose().to_owned()).await.map_err(told)?;
    let directory = core.node.world.latest();
    let known = directory.organisation(organisation).context("the organisation is not there")?;
    let linked: Vec<_> = persons.iter().filter_map(|id| known.person(*id)).flat_map(|person| links::everybody(None, person)).collect();
    core.node.new_password(&linked, &hash, || crate::cli::admin::request(OrganisationId::SYSTEM)).await.map_err(told)?;
    Ok(hash)
}

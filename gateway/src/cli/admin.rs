//! `nashi admin …`: organisations, people and credentials, by whoever holds the machine. Works beside a running node and without
//! one; it acts as the system, whose rights `domain` decides on.

use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use actors::system::Request;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::organisation::Settings as OrganisationSettings;
use domain::person::{Added, Command as PersonCommand, Person, PersonKind, Profile, rights};
use domain::{OrganisationId, PersonId};
use serde::Serialize;

use super::second_factor;
use crate::config::Settings;
use crate::core::{Core, Life};
use crate::error::Fault;
use crate::extract::command::mint;
use crate::identity::{PASSWORD_BYTES, Secret};
use crate::links::{self, Resettable};

/// Commands of the command line have more time than requests: nobody's connection waits.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(30);

#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Found an organisation with a first administrator, if there is none yet, and print how to sign in
    FirstRun(FirstRun),
    /// Organisations
    #[command(subcommand)]
    Organisation(OrganisationCommand),
    /// People
    #[command(subcommand)]
    Person(PersonSubcommand),
    /// Security keys
    #[command(subcommand)]
    Key(Key),
    /// Passwords
    #[command(subcommand)]
    Password(Password),
    /// Invitations
    #[command(subcommand)]
    Invitation(InvitationCommand),
    /// Second factors
    #[command(subcommand)]
    SecondFactor(SecondFactor),
    /// Print the link by which an installation without an administrator is set up in a browser
    SetUpLink,
}

#[derive(Debug, Subcommand)]
pub enum InvitationCommand {
    /// Print a new link for a person who has never signed in; any that was made before is void
    Link(Whose),
}

#[derive(Debug, Subcommand)]
pub enum SecondFactor {
    /// Take every second factor away, for who has lost them all; the password alone lets in then
    Remove(Whose),
}

#[derive(Debug, Args)]
pub struct FirstRun {
    #[arg(long, default_value = "My organisation")]
    name: String,
    #[arg(long, default_value = "Etc/UTC")]
    time_zone: String,
    #[arg(long, default_value = "en-US")]
    locale: String,
    #[arg(long, default_value = "admin@example.org")]
    email: String,
    #[arg(long, default_value = "First")]
    first_name: String,
    #[arg(long, default_value = "Administrator")]
    last_name: String,
    /// One JSON object: email, person_id, organization_id, and security_key and password where they were made just now
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
pub enum OrganisationCommand {
    /// Found an organisation
    Create {
        #[arg(long)]
        name: String,
        /// IANA name, such as Europe/Berlin
        #[arg(long, default_value = "Etc/UTC")]
        time_zone: String,
        /// Such as en-US
        #[arg(long, default_value = "en-US")]
        locale: String,
    },
    /// List the organisations
    List,
}

#[derive(Debug, Subcommand)]
pub enum PersonSubcommand {
    /// Add a person
    Add {
        /// The organisation's number; not needed where there is one only
        #[arg(long)]
        organisation: Option<i64>,
        #[arg(long)]
        email: String,
        #[arg(long, default_value = "")]
        first_name: String,
        #[arg(long, default_value = "")]
        last_name: String,
        /// With every right
        #[arg(long)]
        administrator: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Issue a key in place of any other, and print it
    Issue(Whose),
    /// Take the key away
    Revoke(Whose),
}

#[derive(Debug, Subcommand)]
pub enum Password {
    /// Set the password that is read from standard input
    Set(Whose),
    /// Print a link by which the owner of an address sets a new password; good for an hour, once
    ResetLink(Whose),
}

#[derive(Debug, Args)]
pub struct Whose {
    /// The person's e-mail address
    email: String,
    /// The organisation's number, where the address is in several
    #[arg(long)]
    organisation: Option<i64>,
}

/// What `first-run` found or made.
#[derive(Serialize)]
struct First {
    email: String,
    person_id: i64,
    organization_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl Admin {
    pub async fn run(self, settings: Settings) -> anyhow::Result<()> {
        // Read before anything is started: standard input may be a person at a keyboard.
        let password = match &self {
            Self::Password(Password::Set(_)) => Some(read_password()?),
            _ => None,
        };
        let core = Core::start(Arc::new(settings), Life::Command).await?;
        let done = self.with(&core, password).await;
        core.stop(true).await;
        done
    }

    async fn with(self, core: &Core, password: Option<String>) -> anyhow::Result<()> {
        match self {
            Self::FirstRun(first) => first.run(core).await,
            Self::Organisation(OrganisationCommand::Create { name, time_zone, locale }) => {
                let id = found(core, OrganisationSettings { name, time_zone, locale }).await?;
                println!("{id}");
                Ok(())
            }
            Self::Organisation(OrganisationCommand::List) => {
                for organisation in core.node.world.latest().organisations() {
                    println!("{}\t{}", organisation.id, organisation.organisation.settings.name);
                }
                Ok(())
            }
            Self::Person(PersonSubcommand::Add { organisation, email, first_name, last_name, administrator }) => {
                let organisation = one_organisation(core, organisation)?;
                let rights = if administrator { rights::ADMINISTRATOR } else { rights::DEFAULT };
                let id = add(core, organisation, Profile { email, first_name, last_name, ..Profile::default() }, rights).await?;
                println!("{id}");
                Ok(())
            }
            Self::Key(Key::Issue(whose)) => {
                let person = whose.find(core)?;
                println!("{}", issue_key(core, person.organisation, person.id).await?.expose());
                Ok(())
            }
            Self::Key(Key::Revoke(whose)) => {
                let person = whose.find(core)?;
                change(core, person.organisation, person.id, PersonCommand::RevokeKey).await?;
                core.node.credentials.revoke_key(person.id).await?;
                println!("{} has no key any more.", person.profile.email);
                Ok(())
            }
            Self::Password(Password::ResetLink(whose)) => {
                let person = whose.find(core)?;
                let directory = core.node.world.latest();
                let found = core.node.resettable(&directory, &person.profile.email).await.map_err(told)?;
                let known = core.node.account_of(person.id).await.map_err(told)?;
                let same = |other: &Resettable| {
                    other.person.id == person.id
                        || known.as_ref().is_some_and(|known| other.known.as_ref().is_some_and(|other| other.id == known.id))
                };
                let Some(whose) = found.iter().find(|other| same(other)) else {
                    bail!("{} is blocked, or their account was proved with another address", person.profile.email);
                };
                let secret = core.node.reset_ticket(whose).await.map_err(told)?;
                if let Some(known) = &whose.known {
                    let asked = domain::account::Command::RequestPasswordReset;
                    core.node.change_account(known.id, request(OrganisationId::SYSTEM), asked).await.map_err(told)?;
                }
                println!("{}", links::address(&core.node.settings, None, "password_reset", &secret));
                Ok(())
            }
            Self::Invitation(InvitationCommand::Link(whose)) => {
                let person = whose.find(core)?;
                if !core.node.is_invited(&person).await.map_err(told)? {
                    bail!("{} has signed in before, or is blocked", person.profile.email);
                }
                let secret = core.node.invitation_ticket(person.id, person.organisation).await.map_err(told)?;
                println!("{}", links::address(&core.node.settings, None, "invitation", &secret));
                Ok(())
            }
            Self::SecondFactor(SecondFactor::Remove(whose)) => {
                let person = whose.find(core)?;
                let removed = second_factor::remove(core, &person).await?;
                println!("{} has no second factor any more; there were {removed}.", person.profile.email);
                Ok(())
            }
            Self::SetUpLink => {
                if !links::set_up_needed(&core.node.world.latest()) {
                    bail!("there is an organisation with an administrator already; `nashi admin organisation create` founds another");
                }
                let secret = core.node.set_up_ticket().await.map_err(told)?;
                println!("{}", links::address(&core.node.settings, None, "set_up", &secret));
                Ok(())
            }
            Self::Password(Password::Set(whose)) => {
                let person = whose.find(core)?;
                set_password(core, &person, password.context("no password was read")?).await?;
                println!("{} has a new password.", person.profile.email);
                Ok(())
            }
        }
    }
}

impl FirstRun {
    async fn run(self, core: &Core) -> anyhow::Result<()> {
        let present = administrator(core);
        let first = match present {
            Some(person) if person.has_key => First::of(person.organisation, person.id, &person.profile.email),
            // An earlier first run was broken off before it could show a key.
            Some(person) => self.equip(core, person.organisation, person.id, &person.profile.email).await?,
            None => {
                let existing = core.node.world.latest().organisations().map(|organisation| organisation.id).min();
                let organisation = match existing {
                    Some(organisation) => organisation,
                    None => {
                        let settings = OrganisationSettings {
                            name: self.name.clone(),
                            time_zone: self.time_zone.clone(),
                            locale: self.locale.clone(),
                        };
                        found(core, settings).await?
                    }
                };
                let profile = Profile {
                    email: self.email.clone(),
                    first_name: self.first_name.clone(),
                    last_name: self.last_name.clone(),
                    ..Profile::default()
                };
                let person = add(core, organisation, profile, rights::ADMINISTRATOR).await?;
                self.equip(core, organisation, person, &self.email).await?
            }
        };
        first.print(self.json)
    }

    /// A key and a password, both shown once.
    async fn equip(&self, core: &Core, organisation: OrganisationId, person: PersonId, email: &str) -> anyhow::Result<First> {
        let password = Secret::make();
        let directory = core.node.world.latest();
        let added = directory.organisation(organisation).and_then(|entry| entry.person(person)).context("the person is not there")?;
        set_password(core, added, password.expose().to_owned()).await?;
        let key = issue_key(core, organisation, person).await?;
        let mut first = First::of(organisation, person, email);
        (first.security_key, first.password) = (Some(key.expose().to_owned()), Some(password.expose().to_owned()));
        Ok(first)
    }
}

impl First {
    fn of(organisation: OrganisationId, person: PersonId, email: &str) -> Self {
        Self { email: email.to_owned(), person_id: person.0, organization_id: organisation.0, security_key: None, password: None }
    }

    fn print(&self, json: bool) -> anyhow::Result<()> {
        if json {
            println!("{}", serde_json::to_string(self)?);
            return Ok(());
        }
        println!("login         {}", self.email);
        match (&self.security_key, &self.password) {
            (Some(key), Some(password)) => println!("security key  {key}\npassword      {password}\nBoth are shown this once."),
            _ => println!("The key was shown when it was made. A new one: nashi admin key issue {}", self.email),
        }
        Ok(())
    }
}

impl Whose {
    fn find(&self, core: &Core) -> anyhow::Result<Arc<Person>> {
        let directory = core.node.world.latest();
        let in_question = directory.organisations().filter(|entry| self.organisation.is_none_or(|id| entry.id.0 == id));
        let mut found = in_question.filter_map(|organisation| organisation.by_email(&self.email));
        match (found.next(), found.next()) {
            (Some(person), None) => Ok(Arc::clone(person)),
            (None, _) => bail!("nobody has the address {}", self.email),
            (Some(_), Some(_)) => bail!("{} is in several organisations: name one with --organisation", self.email),
        }
    }
}

/// Somebody with every right who is let in; the one who was there first.
fn administrator(core: &Core) -> Option<Arc<Person>> {
    let directory = core.node.world.latest();
    let everybody = directory.organisations().flat_map(|organisation| organisation.persons.values());
    let administrators = everybody.filter(|person| person.kind == PersonKind::User && person.may(rights::ADMINISTRATOR));
    administrators.min_by_key(|person| person.id).cloned()
}

fn one_organisation(core: &Core, asked: Option<i64>) -> anyhow::Result<OrganisationId> {
    let directory = core.node.world.latest();
    let known: Vec<OrganisationId> = directory.organisations().map(|organisation| organisation.id).collect();
    match (asked, known.as_slice()) {
        (Some(id), known) if known.contains(&OrganisationId(id)) => Ok(OrganisationId(id)),
        (Some(id), _) => bail!("there is no organisation {id}"),
        (None, [only]) => Ok(*only),
        (None, []) => bail!("there is no organisation yet: nashi admin first-run makes one"),
        (None, _) => bail!("there are several organisations: name one with --organisation"),
    }
}

pub(crate) fn request(organisation: OrganisationId) -> Request {
    let command = mint();
    let meta =
        actors::journal::Meta { correlation: Some(command.to_string()), agent: Some("nashi admin".to_owned()), ..Default::default() };
    Request {
        organisation,
        who: PersonId::SYSTEM,
        command,
        keyed: false,
        meta,
        deadline: Instant::now() + DEADLINE,
        arrived: 0,
        brief: false,
        trace: None,
    }
}

pub(crate) async fn found(core: &Core, settings: OrganisationSettings) -> anyhow::Result<OrganisationId> {
    let id = core.node.found_organisation(request, settings).await.map_err(told)?;
    Ok(id)
}

pub(crate) async fn add(core: &Core, organisation: OrganisationId, profile: Profile, rights: u32) -> anyhow::Result<PersonId> {
    let added = Added { kind: PersonKind::User, rights, profile };
    let done = core.node.add_person(request(organisation), PersonCommand::Add(Box::new(added))).await.map_err(told)?;
    core.node.world.at_least(done.position).await.map_err(told)?;
    Ok(PersonId(done.stream.id))
}

async fn change(core: &Core, organisation: OrganisationId, person: PersonId, command: PersonCommand) -> anyhow::Result<i64> {
    let done = core.node.change_person(person, request(organisation), command).await.map_err(told)?;
    core.node.world.at_least(done.position).await.map_err(told)?;
    Ok(done.position)
}

pub(crate) async fn issue_key(core: &Core, organisation: OrganisationId, person: PersonId) -> anyhow::Result<Secret> {
    let position = change(core, organisation, person, PersonCommand::IssueKey).await?;
    Ok(core.node.credentials.issue_key(person, organisation, position).await?)
}

async fn set_password(core: &Core, person: &Person, password: String) -> anyhow::Result<()> {
    let hash = core.node.hash_password(password).await.map_err(told)?;
    let known = core.node.account_of(person.id).await.map_err(told)?;
    let persons = links::everybody(known.as_ref(), person);
    core.node.new_password(&persons, &hash, || request(OrganisationId::SYSTEM)).await.map_err(told)?;
    if let Some(known) = known {
        let changed = domain::account::Command::ChangePassword;
        core.node.change_account(known.id, request(OrganisationId::SYSTEM), changed).await.map_err(told)?;
    }
    Ok(())
}

/// A refusal in words for the terminal.
pub(crate) fn told(fault: impl Into<Fault>) -> anyhow::Error {
    let fault: Fault = fault.into();
    anyhow::anyhow!("{fault}")
}

fn read_password() -> anyhow::Result<String> {
    let most = u64::try_from(*PASSWORD_BYTES.end()).unwrap_or(u64::MAX).saturating_add(3);
    let mut text = String::new();
    std::io::stdin().take(most).read_to_string(&mut text).context("the password on standard input is not UTF-8")?;
    let password = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if !PASSWORD_BYTES.contains(&password.len()) {
        bail!("a password has {} to {} bytes", PASSWORD_BYTES.start(), PASSWORD_BYTES.end());
    }
    Ok(password.to_owned())
}

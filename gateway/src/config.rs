//! The settings: the default file in the binary, an overlay file, the environment; checked once at the start.
//! What each key means is said in `config.default.toml`, not here.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use actors::cluster::Roles;
use config::{Config, Environment, File, FileFormat};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, de::Error as _};
use thiserror::Error;
use url::Url;

use crate::identity::passkeys::relying_party;
use crate::identity::seal::KEY_CHARACTERS_MIN;

/// The defaults, with one line of why for each key.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Why the settings cannot be used.
#[derive(Debug, Error)]
pub enum ConfigFailure {
    #[error("the settings cannot be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    #[error("{key} {problem}")]
    Wrong { key: &'static str, problem: &'static str },
}

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub node: Node,
    pub nats: Nats,
    pub cluster: Cluster,
    pub http: Http,
    pub metrics: Metrics,
    pub database: Database,
    pub data: Data,
    pub files: Files,
    pub search: Search,
    pub rate: Rate,
    pub identity: Identity,
    pub bots: Bots,
    pub printing: Printing,
    pub audit: Audit,
    pub live: Live,
    pub actors: Actors,
    pub telemetry: Telemetry,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    pub beat_seconds: u64,
    pub streams_per_person: usize,
    pub buffer_entries: usize,
    pub replay_events_max: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printing {
    pub browser: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bots {
    pub plain_http: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    #[serde(deserialize_with = "optional")]
    pub name: Option<String>,
    #[serde(deserialize_with = "roles")]
    pub roles: Roles,
    pub weight: u16,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nats {
    #[serde(deserialize_with = "optional")]
    pub url: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub user: Option<String>,
    #[serde(deserialize_with = "secret")]
    pub password: Option<SecretString>,
    #[serde(deserialize_with = "secret")]
    pub token: Option<SecretString>,
    #[serde(deserialize_with = "secret")]
    pub nkey: Option<SecretString>,
    #[serde(deserialize_with = "optional")]
    pub credentials_file: Option<PathBuf>,
    #[serde(deserialize_with = "optional")]
    pub tls_authority_file: Option<PathBuf>,
    #[serde(deserialize_with = "optional")]
    pub tls_certificate_file: Option<PathBuf>,
    #[serde(deserialize_with = "optional")]
    pub tls_key_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    pub name: String,
    pub protocol_max: u16,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub address: SocketAddr,
    pub any_port: bool,
    #[serde(deserialize_with = "optional")]
    pub public_url: Option<Url>,
    pub workers: usize,
    pub connections_max: usize,
    pub body_bytes_max: usize,
    pub catalog_bytes_max: usize,
    pub body_seconds: u64,
    pub keep_alive_seconds: u64,
    pub deadline_ms: u64,
    #[serde(deserialize_with = "listed")]
    pub trusted_proxies: Vec<IpAddr>,
    pub drain_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    #[serde(deserialize_with = "optional")]
    pub address: Option<SocketAddr>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(deserialize_with = "secret")]
    pub url: Option<SecretString>,
    pub connections_max: u32,
    pub own_shared_buffers: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    #[serde(deserialize_with = "optional")]
    pub directory: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    #[serde(deserialize_with = "optional")]
    pub directory: Option<PathBuf>,
    pub size_max: u64,
    pub uploads_max: usize,
    pub uploads_per_person: usize,
    pub upload_minutes_max: u64,
    pub unattached_hours: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    #[serde(deserialize_with = "optional")]
    pub directory: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub requests: u32,
    pub window_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    #[serde(deserialize_with = "secret")]
    pub key: Option<SecretString>,
    #[serde(deserialize_with = "optional")]
    pub passkey_domain: Option<String>,
    #[serde(deserialize_with = "listed")]
    pub passkey_origins: Vec<Url>,
    pub token_lifetime_hours: u32,
    pub tokens_per_person: u32,
    pub session_lifetime_hours: u32,
    pub session_idle_minutes: u32,
    pub sessions_per_account: u32,
    pub session_sweep_seconds: u64,
    pub recent_minutes: u32,
    pub guesses_per_login: u32,
    pub guesses_per_address: u32,
    pub guess_window_seconds: u64,
    pub password_memory_kib: u32,
    pub password_passes: u32,
    pub password_hashes_at_once: usize,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    pub access_log_months: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actors {
    pub memory_bytes_max: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    pub filter: String,
    pub format: LogFormat,
    pub access_log: AccessLog,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum AccessLog {
    All,
    Errors,
    None,
}

impl Settings {
    /// Reads the defaults, `overlay` and the environment (`NASHI__SECTION__KEY`), later ones winning.
    ///
    /// # Errors
    /// [`ConfigFailure`] when a file cannot be read, a key is unknown or a value has the wrong shape.
    pub fn load(overlay: Option<&Path>) -> Result<Self, ConfigFailure> {
        Self::from_sources(overlay, Environment::with_prefix("NASHI"))
    }

    /// The defaults alone: what a test begins with.
    ///
    /// # Errors
    /// Never with the default file as it is built in; a test holds that.
    pub fn defaults() -> Result<Self, ConfigFailure> {
        Self::from_sources(None, Environment::with_prefix("NASHI").source(Some(config::Map::new())))
    }

    fn from_sources(overlay: Option<&Path>, environment: Environment) -> Result<Self, ConfigFailure> {
        let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = overlay {
            builder = builder.add_source(File::from(path).format(FileFormat::Toml));
        }
        let environment = environment.prefix_separator("__").separator("__").try_parsing(true);
        let settings: Self = builder.add_source(environment).build()?.try_deserialize()?;
        settings.check()?;
        Ok(settings)
    }

    /// What this node is called: as configured, else as the machine calls itself.
    pub fn node_name(&self) -> String {
        let machine = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
        let name = self.node.name.clone().or_else(machine).map(|name| name.trim().to_owned());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| "nashi".to_owned())
    }

    fn check(&self) -> Result<(), ConfigFailure> {
        let positive = [
            ("http.connections_max", self.http.connections_max as u64),
            ("http.body_bytes_max", self.http.body_bytes_max as u64),
            ("http.catalog_bytes_max", self.http.catalog_bytes_max as u64),
            ("http.body_seconds", self.http.body_seconds),
            ("http.deadline_ms", self.http.deadline_ms),
            ("database.connections_max", u64::from(self.database.connections_max)),
            ("files.size_max", self.files.size_max),
            ("files.uploads_max", self.files.uploads_max as u64),
            ("files.uploads_per_person", self.files.uploads_per_person as u64),
            ("files.upload_minutes_max", self.files.upload_minutes_max),
            ("files.unattached_hours", u64::from(self.files.unattached_hours)),
            ("rate.requests", u64::from(self.rate.requests)),
            ("rate.window_seconds", self.rate.window_seconds),
            ("node.weight", u64::from(self.node.weight)),
            ("live.beat_seconds", self.live.beat_seconds),
            ("live.streams_per_person", self.live.streams_per_person as u64),
            ("live.buffer_entries", self.live.buffer_entries as u64),
            ("identity.token_lifetime_hours", u64::from(self.identity.token_lifetime_hours)),
            ("identity.tokens_per_person", u64::from(self.identity.tokens_per_person)),
            ("identity.session_lifetime_hours", u64::from(self.identity.session_lifetime_hours)),
            ("identity.session_idle_minutes", u64::from(self.identity.session_idle_minutes)),
            ("identity.sessions_per_account", u64::from(self.identity.sessions_per_account)),
            ("identity.session_sweep_seconds", self.identity.session_sweep_seconds),
            ("identity.recent_minutes", u64::from(self.identity.recent_minutes)),
            ("identity.guesses_per_login", u64::from(self.identity.guesses_per_login)),
            ("identity.guesses_per_address", u64::from(self.identity.guesses_per_address)),
            ("identity.guess_window_seconds", self.identity.guess_window_seconds),
            ("identity.password_passes", u64::from(self.identity.password_passes)),
            ("identity.password_hashes_at_once", self.identity.password_hashes_at_once as u64),
        ];
        for (key, value) in positive {
            if value == 0 {
                return Err(ConfigFailure::Wrong { key, problem: "must be 1 or more" });
            }
        }
        if self.node.weight > 16 {
            return Err(ConfigFailure::Wrong { key: "node.weight", problem: "must be 16 or less" });
        }
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        if self.cluster.name.is_empty() || !self.cluster.name.chars().all(plain) {
            return Err(ConfigFailure::Wrong { key: "cluster.name", problem: "must be of letters, digits, \"-\" and \"_\"" });
        }
        if self.nats.url.is_some() && self.database.url.is_none() {
            return Err(ConfigFailure::Wrong { key: "nats.url", problem: "needs database.url: the nodes of a cluster share one Postgres" });
        }
        if self.identity.key.as_ref().is_some_and(|key| key.expose_secret().trim().len() < KEY_CHARACTERS_MIN) {
            return Err(ConfigFailure::Wrong { key: "identity.key", problem: "must have 32 characters or more, all of them random" });
        }
        if self.identity.password_memory_kib < 8 {
            return Err(ConfigFailure::Wrong { key: "identity.password_memory_kib", problem: "must be 8 or more (RFC 9106)" });
        }
        if self.database.connections_max < 4 {
            return Err(ConfigFailure::Wrong {
                key: "database.connections_max",
                problem: "must be 4 or more: the journal and the followers keep connections of their own",
            });
        }
        if let Some(url) = &self.http.public_url
            && (!matches!(url.scheme(), "http" | "https") || url.host().is_none())
        {
            return Err(ConfigFailure::Wrong { key: "http.public_url", problem: "must be an http or https address" });
        }
        relying_party(self)?;
        Ok(())
    }
}

impl Http {
    /// How long a command may take.
    pub fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }
}

fn roles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Roles, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// An empty text is "not set".
fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(D::Error::custom) }
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((!text.is_empty()).then(|| SecretString::from(text)))
}

/// With commas between.
fn listed<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| part.parse().map_err(D::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_environment(variables: &[(&str, &str)]) -> Result<Settings, ConfigFailure> {
        let map = variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Settings::from_sources(None, Environment::with_prefix("NASHI").source(Some(map)))
    }

    #[test]
    fn the_defaults_can_be_used() {
        let settings = Settings::defaults().unwrap();
        assert_eq!(settings.http.address.to_string(), "127.0.0.1:8080");
        assert!(settings.database.url.is_none());
        assert_eq!(settings.rate.requests, 5000);
    }

    #[test]
    fn the_environment_wins_over_an_overlay_and_that_over_the_defaults() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("nashi.toml");
        std::fs::write(&path, "[http]\naddress = \"127.0.0.1:81\"\nworkers = 3\n").unwrap();
        let environment = [("NASHI__HTTP__ADDRESS".to_owned(), "0.0.0.0:82".to_owned())].into_iter().collect();
        let settings = Settings::from_sources(Some(&path), Environment::with_prefix("NASHI").source(Some(environment))).unwrap();
        assert_eq!(settings.http.address.to_string(), "0.0.0.0:82");
        assert_eq!(settings.http.workers, 3);
        assert_eq!(settings.http.keep_alive_seconds, 75);
    }

    #[test]
    fn a_misspelt_key_and_a_wrong_value_are_refused() {
        assert!(with_environment(&[("NASHI__HTTP__ADRESS", "127.0.0.1:1")]).is_err());
        assert!(with_environment(&[("NASHI__HTTP__ADDRESS", "here")]).is_err());
        assert!(with_environment(&[("NASHI__RATE__REQUESTS", "0")]).is_err());
        assert!(with_environment(&[("NASHI__HTTP__PUBLIC_URL", "ftp://x")]).is_err());
        assert!(with_environment(&[("NASHI__NODE__ROLES", "api,kitchen")]).is_err());
        assert!(with_environment(&[("NASHI__NODE__WEIGHT", "17")]).is_err());
        assert!(with_environment(&[("NASHI__CLUSTER__NAME", "a.b")]).is_err());
        assert!(with_environment(&[("NASHI__NATS__URL", "nats://127.0.0.1:4222")]).is_err(), "without a shared Postgres");
    }

    #[test]
    fn a_password_in_the_database_url_is_never_shown() {
        let settings = with_environment(&[("NASHI__DATABASE__URL", "postgres://nashi:hunter2@db/nashi")]).unwrap();
        assert!(settings.database.url.is_some());
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn proxies_are_a_list_with_commas() {
        let settings = with_environment(&[("NASHI__HTTP__TRUSTED_PROXIES", "10.0.0.1, ::1")]).unwrap();
        assert_eq!(settings.http.trusted_proxies.len(), 2);
    }
}

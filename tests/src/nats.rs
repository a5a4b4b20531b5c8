//! A real `nats-server` for a test, with every way to sign in that Nashi knows, which can be killed and comes back on
//! the same port. It holds nothing that would have to survive. Not a client.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nix::sys::signal::Signal;
use nix::unistd::Pid;
use nkeys::KeyPair as KeyRing;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::machine::{self, LOOK_EVERY, START_MAX};

/// How the server knows who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, as on a developer's loopback.
    Open,
    Password,
    Token,
    /// A challenge, signed with a key that the server knows the public half of.
    Nkey,
    /// A user of an account of an operator, each vouched for by the one before it.
    Credentials,
    /// Everybody who speaks TLS, trusts our authority, and shows a certificate of it.
    Tls,
    /// A user who may speak and hear about something else than Nashi.
    Elsewhere,
}

/// A `nats-server` on loopback. Dropping it kills it.
pub struct Nats {
    pub address: SocketAddr,
    access: Access,
    /// What a client needs to be let in, as settings of Nashi.
    credentials: Vec<(&'static str, String)>,
    folder: TempDir,
    child: Option<Child>,
}

const USER: &str = "nashi";
const PASSWORD: &str = "a-password-of-tests";
const TOKEN: &str = "a-token-of-tests";

impl Nats {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When it is not installed, or does not start.
    pub async fn start(access: Access) -> Self {
        let folder = tempfile::Builder::new().prefix("nashi-nats-").tempdir().expect("a temporary folder");
        let address = SocketAddr::from(([127, 0, 0, 1], machine::free_port()));
        let mut nats = Self { address, access, credentials: Vec::new(), folder, child: None };
        let settings = nats.settings();
        std::fs::write(nats.file("nats.conf"), settings).expect("our folder");
        nats.restart().await;
        nats
    }

    /// Where it is found by `address`, its own or that of a proxy before it.
    pub fn url(&self, address: SocketAddr) -> String {
        let scheme = if self.access == Access::Tls { "tls" } else { "nats" };
        format!("{scheme}://{address}")
    }

    /// What a node needs in order to sign in: settings by their names in the environment.
    pub fn credentials(&self) -> &[(&'static str, String)] {
        &self.credentials
    }

    /// The server's process.
    ///
    /// # Panics
    /// When it does not run.
    pub fn pid(&self) -> Pid {
        machine::pid(self.child.as_ref().expect("it runs"))
    }

    /// Kills it outright.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn kill(&mut self) {
        machine::end(&mut self.child.take().expect("it runs"), Signal::SIGKILL).await;
    }

    /// Starts it again where it was, and waits until it greets.
    ///
    /// # Panics
    /// When it runs already, or does not start.
    pub async fn restart(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let log = self.file("nats.log");
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(&log).expect("our folder");
        let mut command = Command::new(machine::program("nats-server", "nats-server"));
        command.arg("--config").arg(self.file("nats.conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).kill_on_drop(true);
        let mut child = command.spawn().expect("nats-server starts");
        let greeted = async {
            // Another process has no position to wait on before it listens.
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                look.tick().await;
                let ended = child.try_wait().expect("our child");
                assert!(ended.is_none(), "nats-server ended with {ended:?}: {}", machine::tail(&log));
                let Ok(stream) = TcpStream::connect(self.address).await else { continue };
                let mut greeting = String::new();
                if BufReader::new(stream).read_line(&mut greeting).await.is_ok() && greeting.starts_with("INFO ") {
                    return;
                }
            }
        };
        tokio::time::timeout(START_MAX, greeted).await.unwrap_or_else(|_| panic!("no greeting: {}", machine::tail(&log)));
        self.child = Some(child);
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The server's configuration, and with it what its clients need.
    fn settings(&mut self) -> String {
        let access = match self.access {
            Access::Open => String::new(),
            Access::Password => {
                self.credentials = vec![("NASHI__NATS__USER", USER.to_owned()), ("NASHI__NATS__PASSWORD", PASSWORD.to_owned())];
                format!("authorization {{ user: \"{USER}\", password: \"{PASSWORD}\" }}\n")
            }
            Access::Token => {
                self.credentials = vec![("NASHI__NATS__TOKEN", TOKEN.to_owned())];
                format!("authorization {{ token: \"{TOKEN}\" }}\n")
            }
            Access::Nkey => {
                let pair = KeyRing::new_user();
                self.credentials = vec![("NASHI__NATS__NKEY", pair.seed().expect("a new pair has its seed"))];
                format!("authorization {{ users: [ {{ nkey: \"{}\" }} ] }}\n", pair.public_key())
            }
            Access::Credentials => {
                let (settings, credentials) = vouched();
                let file = self.file("nashi.creds");
                std::fs::write(&file, credentials).expect("our folder");
                self.credentials = vec![("NASHI__NATS__CREDENTIALS_FILE", file.display().to_string())];
                settings
            }
            Access::Tls => {
                self.certify();
                let folder = self.folder.path().to_owned();
                let path = |name: &str| folder.join(name).display().to_string();
                self.credentials = vec![
                    ("NASHI__NATS__TLS_AUTHORITY_FILE", path("authority.pem")),
                    ("NASHI__NATS__TLS_CERTIFICATE_FILE", path("client.pem")),
                    ("NASHI__NATS__TLS_KEY_FILE", path("client.key")),
                ];
                let [certificate, key, authority] = ["server.pem", "server.key", "authority.pem"].map(path);
                format!("tls {{ cert_file: \"{certificate}\", key_file: \"{key}\", ca_file: \"{authority}\", verify: true }}\n")
            }
            Access::Elsewhere => {
                self.credentials = vec![("NASHI__NATS__USER", USER.to_owned()), ("NASHI__NATS__PASSWORD", PASSWORD.to_owned())];
                let user =
                    format!("user: \"{USER}\", password: \"{PASSWORD}\", permissions: {{ publish: \"other.>\", subscribe: \"other.>\" }}");
                format!("authorization {{ users: [ {{ {user} }} ] }}\n")
            }
        };
        // A connection that has gone silent is found dead after 4 to 6 seconds, instead of minutes.
        format!("listen: \"{}\"\nping_interval: \"2s\"\nping_max: 2\nwrite_deadline: \"2s\"\n{access}", self.address)
    }

    /// An authority of our own, and a certificate of it for loopback.
    fn certify(&self) {
        let key = || KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::new(Vec::new()).expect("no names");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, key()).expect("it signs itself");
        std::fs::write(self.file("authority.pem"), authority.pem()).expect("our folder");
        for (name, hosts) in [("server", vec!["127.0.0.1".to_owned(), "localhost".to_owned()]), ("client", vec!["node".to_owned()])] {
            let own = key();
            let certificate = CertificateParams::new(hosts).expect("names").signed_by(&own, &authority).expect("the authority signs");
            std::fs::write(self.file(&format!("{name}.pem")), certificate.pem()).expect("our folder");
            std::fs::write(self.file(&format!("{name}.key")), own.serialize_pem()).expect("our folder");
        }
    }
}

/// A server's settings that know one operator with one account, and the file of credentials of a user of it.
fn vouched() -> (String, String) {
    let (operator, account, user) = (KeyRing::new_operator(), KeyRing::new_account(), KeyRing::new_user());
    let unlimited =
        json!({ "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1 });
    let operator_jwt = signed(&operator, &operator, json!({ "type": "operator", "version": 2 }));
    let account_jwt = signed(&operator, &account, json!({ "type": "account", "version": 2, "limits": unlimited }));
    let user_jwt =
        signed(&account, &user, json!({ "type": "user", "version": 2, "pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1 }));
    let settings = format!("operator: {operator_jwt}\nresolver: MEMORY\nresolver_preload: {{ {}: {account_jwt} }}\n", account.public_key());
    let block = |name: &str, text: &str| format!("-----BEGIN {name}-----\n{text}\n------END {name}------\n\n");
    let seed = user.seed().expect("a new pair has its seed");
    (settings, block("NATS USER JWT", &user_jwt) + &block("USER NKEY SEED", &seed))
}

/// What `issuer` vouches for of `subject`: a JWT as NATS has them.
fn signed(issuer: &KeyRing, subject: &KeyRing, claims: Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "typ": "JWT", "alg": "ed25519-nkey" });
    let claims = json!({
        "jti": subject.public_key(), "iat": 1_700_000_000, "iss": issuer.public_key(), "sub": subject.public_key(), "name": "tests",
        "nats": claims,
    });
    let text = format!("{}.{}", part(&header), part(&claims));
    let signature = issuer.sign(text.as_bytes()).expect("it has its seed");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_comes_back_on_its_port() {
        let mut nats = Nats::start(Access::Open).await;
        for _ in 0..2 {
            nats.kill().await;
            assert!(TcpStream::connect(nats.address).await.is_err());
            nats.restart().await;
            assert!(async_nats::connect(nats.url(nats.address)).await.is_ok());
        }
    }
}

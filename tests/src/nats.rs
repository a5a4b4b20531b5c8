//! A real `nats-server` for a test, with every way to sign in that Nashi knows, which can be killed and comes back on
//! the same port. It holds nothing that would have to survive. Not a client.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;

use nix::sys::signal::Signal;
use nix::unistd::Pid;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
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
    /// Everybody who speaks TLS and trusts our authority.
    Tls,
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
                let pair = nkeys::KeyPair::new_user();
                self.credentials = vec![("NASHI__NATS__NKEY", pair.seed().expect("a new pair has its seed"))];
                format!("authorization {{ users: [ {{ nkey: \"{}\" }} ] }}\n", pair.public_key())
            }
            Access::Tls => {
                self.certify();
                let authority = self.file("authority.pem").display().to_string();
                self.credentials = vec![("NASHI__NATS__TLS_AUTHORITY_FILE", authority)];
                let (certificate, key) = (self.file("server.pem"), self.file("server.key"));
                format!("tls {{ cert_file: \"{}\", key_file: \"{}\" }}\n", certificate.display(), key.display())
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
        let (server, server_key) = (CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()]), key());
        let certificate = server.expect("two names").signed_by(&server_key, &authority).expect("the authority signs");
        for (name, text) in
            [("authority.pem", authority.pem()), ("server.pem", certificate.pem()), ("server.key", server_key.serialize_pem())]
        {
            std::fs::write(self.file(name), text).expect("our folder");
        }
    }
}

#[cfg(test)]
mod tests {
    use async_nats::ConnectOptions;

    use super::*;

    /// As whoever holds the credentials would connect.
    fn invited(nats: &Nats) -> ConnectOptions {
        let of = |name: &str| nats.credentials.iter().find(|(key, _)| key.ends_with(name)).map(|(_, value)| value.clone());
        match nats.access {
            Access::Open => ConnectOptions::new(),
            Access::Password => ConnectOptions::with_user_and_password(of("USER").expect("a user"), of("PASSWORD").expect("a password")),
            Access::Token => ConnectOptions::with_token(of("TOKEN").expect("a token")),
            Access::Nkey => ConnectOptions::with_nkey(of("NKEY").expect("a seed")),
            Access::Tls => ConnectOptions::new().add_root_certificates(of("AUTHORITY_FILE").expect("a file").into()),
        }
    }

    #[tokio::test]
    async fn whoever_holds_the_credentials_is_let_in_and_nobody_else() {
        for access in [Access::Open, Access::Password, Access::Token, Access::Nkey, Access::Tls] {
            let nats = Nats::start(access).await;
            let url = nats.url(nats.address);
            let client = invited(&nats).connect(&url).await.unwrap_or_else(|failure| panic!("{access:?}: {failure:?}"));
            client.flush().await.expect("it answers");
            let stranger = ConnectOptions::new().connect(&url).await;
            assert_eq!(stranger.is_ok(), access == Access::Open, "{access:?}: a stranger was let in, or refused where nobody is");
        }
    }

    #[tokio::test]
    async fn it_comes_back_on_its_port() {
        let mut nats = Nats::start(Access::Password).await;
        for _ in 0..2 {
            nats.kill().await;
            assert!(TcpStream::connect(nats.address).await.is_err());
            nats.restart().await;
            assert!(invited(&nats).connect(nats.url(nats.address)).await.is_ok());
        }
    }
}

//! The real nginx and the real HAProxy with the shipped files, each a process in a folder of its own, as root or not. Not
//! what is sent through them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::machine;

const START_MAX: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// A port that was free a moment ago may be somebody's by now.
const TRIES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balancing {
    Nginx,
    Haproxy,
}

/// A balancer before three nodes, on loopback. Dropping it kills it.
pub struct Balancer {
    pub address: SocketAddr,
    folder: TempDir,
    child: Child,
}

impl Balancing {
    pub const ALL: [Self; 2] = [Self::Nginx, Self::Haproxy];

    /// The program, the package that brings it, and the shipped file.
    fn shipped(self) -> (&'static str, &'static str, PathBuf) {
        let ops = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ops");
        match self {
            Self::Nginx => ("nginx", "nginx-light", ops.join("nginx/nashi.conf")),
            Self::Haproxy => ("haproxy", "haproxy", ops.join("haproxy/nashi.cfg")),
        }
    }

    /// Where the shipped file listens, and where it shall.
    fn listening(self, here: SocketAddr, there: SocketAddr) -> Vec<(&'static str, String)> {
        match self {
            // Not every machine has IPv6; the second line gets an address as well.
            Self::Nginx => {
                vec![("\n    listen 80;", format!("\n    listen {here};")), ("\n    listen [::]:80;", format!("\n    listen {there};"))]
            }
            Self::Haproxy => vec![("\n    bind :80\n", format!("\n    bind {here}\n"))],
        }
    }
}

impl Balancer {
    /// Runs the shipped file with these nodes in place of its examples, and waits until it listens.
    ///
    /// # Panics
    /// When it is not installed, or does not start.
    pub async fn start(kind: Balancing, nodes: [SocketAddr; 3]) -> Self {
        let mut complaint = String::new();
        for _ in 0..TRIES {
            match Self::attempt(kind, nodes).await {
                Ok(balancer) => return balancer,
                Err(log) => complaint = log,
            }
        }
        panic!("{kind:?} does not start: {complaint}");
    }

    async fn attempt(kind: Balancing, nodes: [SocketAddr; 3]) -> Result<Self, String> {
        let folder = TempDir::with_prefix("nashi-balancer-").expect("a temporary folder");
        let (address, spare) = (free_address(), free_address());
        let (name, package, shipped) = kind.shipped();
        let mut text = std::fs::read_to_string(&shipped).expect("the shipped file");
        let examples = (8081..).map(|port| format!("127.0.0.1:{port}"));
        let addresses = examples.zip(nodes).map(|(example, node)| (example, node.to_string()));
        for (from, to) in kind.listening(address, spare).into_iter().map(|(from, to)| (from.to_owned(), to)).chain(addresses) {
            assert!(text.contains(&from), "{} holds no {from:?} any more", shipped.display());
            text = text.replace(&from, &to);
        }
        let ours = folder.path().join("nashi.conf");
        std::fs::write(&ours, text).expect("a file");
        let log = std::fs::File::create(folder.path().join("log")).expect("a file");
        let mut command = Command::new(machine::program(name, package));
        match kind {
            Balancing::Nginx => {
                let main = folder.path().join("nginx.conf");
                std::fs::write(&main, NGINX).expect("a file");
                command.args(["-e", "stderr", "-p"]).arg(folder.path()).arg("-c").arg(main);
            }
            Balancing::Haproxy => {
                command.args(["-db", "-f"]).arg(ours);
            }
        }
        let errors = log.try_clone().expect("a file");
        command.stdin(Stdio::null()).stdout(log).stderr(errors).kill_on_drop(true);
        let mut balancer = Self { address, child: command.spawn().expect("it starts"), folder };
        let listens = async {
            let mut look = tokio::time::interval(LOOK_EVERY);
            while TcpStream::connect(address).await.is_err() {
                look.tick().await;
                if balancer.child.try_wait().expect("our child").is_some() {
                    return false;
                }
            }
            true
        };
        match tokio::time::timeout(START_MAX, listens).await {
            Ok(true) => Ok(balancer),
            Ok(false) | Err(_) => Err(balancer.log()),
        }
    }

    /// What it said of itself.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// What stands around the shipped part: one process in the foreground, which writes into its own folder alone.
const NGINX: &str = "
    daemon off;
    master_process off;
    pid nginx.pid;
    events { worker_connections 8192; }
    http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        include nashi.conf;
    }
";

fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

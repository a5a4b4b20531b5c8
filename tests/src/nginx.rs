//! The machine's own nginx in front of nodes, as an installation would put it there. What it does with a request is
//! nginx's; only where things lie is ours.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use nix::sys::signal::Signal;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::machine::{self, LOOK_EVERY, START_MAX};

/// An nginx on loopback. Dropping it stops it.
pub struct Nginx {
    pub address: SocketAddr,
    child: Option<Child>,
    /// Dropped after it has been stopped.
    _folder: TempDir,
}

impl Nginx {
    /// Starts one before `nodes`, and waits until it listens.
    ///
    /// # Panics
    /// When it is not installed, or does not start.
    pub async fn start(nodes: &[SocketAddr]) -> Self {
        let folder = tempfile::Builder::new().prefix("nashi-nginx-").tempdir().expect("a temporary folder");
        let address = SocketAddr::from(([127, 0, 0, 1], machine::free_port()));
        let (file, log) = (folder.path().join("nginx.conf"), folder.path().join("nginx.log"));
        std::fs::write(&file, configuration(folder.path(), address, nodes)).expect("our folder");
        let mut command = Command::new(machine::program("nginx", "nginx-light"));
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file).arg("-e").arg(&log);
        // One process, so that none is left when it is killed.
        command.args(["-g", "daemon off; master_process off;"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().expect("nginx starts");
        let listens = async {
            let mut look = tokio::time::interval(LOOK_EVERY);
            while TcpStream::connect(address).await.is_err() {
                let ended = child.try_wait().expect("our child");
                assert!(ended.is_none(), "nginx ended with {ended:?}: {}", machine::tail(&log));
                look.tick().await;
            }
        };
        tokio::time::timeout(START_MAX, listens).await.expect("nginx listens");
        Self { address, child: Some(child), _folder: folder }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            machine::end_in_drop(child, Signal::SIGTERM);
        }
    }
}

/// The one place that says how nginx treats nodes: whoever has a file for it puts it in here.
///
/// A node that does not answer a connect is left alone for a second. A 503 of a node says that nothing was written, but nginx
/// cannot know that of a POST, and leaves it to the client, as it does with an answer that breaks off.
fn configuration(folder: &Path, address: SocketAddr, nodes: &[SocketAddr]) -> String {
    let servers: String = nodes.iter().map(|node| format!("        server {node} max_fails=1 fail_timeout=1s;\n")).collect();
    let folder = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .into_iter()
        .map(|purpose| format!("    {purpose}_temp_path {folder}/{purpose};\n"))
        .collect();
    format!(
        "pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 4096; }}
http {{
{temporary}    access_log off;
    client_max_body_size 2m;
    upstream nashi {{
{servers}        keepalive 64;
    }}
    server {{
        listen {address};
        location / {{
            proxy_pass http://nashi;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_connect_timeout 1s;
            proxy_read_timeout 7s;
            proxy_send_timeout 7s;
            proxy_next_upstream error timeout http_503;
        }}
    }}
}}
"
    )
}

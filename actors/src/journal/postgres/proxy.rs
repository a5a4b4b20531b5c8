//! A way to the Postgres for tests that can stall, lose answers, hold requests back and cut connections. Knows
//! nothing of what passes through it.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// What passes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traffic {
    /// From the journal to the database; held back otherwise.
    pub requests: bool,
    /// From the database to the journal; held back otherwise.
    pub answers: bool,
    /// New connections; closed at once otherwise.
    pub connections: bool,
    /// Requests that were held back when their connection was cut reach the database after all.
    pub late: bool,
    /// Connections made under an earlier number are cut.
    cuts: u64,
}

pub(super) struct Proxy {
    /// The database behind the proxy, through it.
    pub options: PgConnectOptions,
    traffic: watch::Sender<Traffic>,
    seen: watch::Sender<Seen>,
}

/// What the proxy has come across.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Requests that were held back.
    held: usize,
    /// Answers to requests that were let through late.
    late_answers: usize,
}

impl Proxy {
    pub async fn before(url: &str) -> Self {
        let behind = PgConnectOptions::from_str(url).expect("a Postgres URL");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .ssl_mode(PgSslMode::Disable)
            .username(behind.get_username())
            .database(behind.get_database().expect("the URL names a database"));
        let traffic = watch::Sender::new(Traffic { requests: true, answers: true, connections: true, late: false, cuts: 0 });
        let seen = watch::Sender::new(Seen::default());
        tokio::spawn(accept(listener, behind, traffic.clone(), seen.clone()));
        Self { options, traffic, seen }
    }

    pub fn set(&self, change: impl FnOnce(&mut Traffic)) {
        self.traffic.send_modify(change);
    }

    /// Cuts every connection there is, on the journal's side.
    pub fn cut(&self) {
        self.set(|traffic| traffic.cuts += 1);
    }

    /// Lets what was held back on cut connections through, and waits for the database's answer to it.
    pub async fn deliver_late(&self) {
        let mut seen = self.seen.subscribe();
        self.set(|traffic| traffic.late = true);
        seen.wait_for(|seen| seen.late_answers > 0).await.expect("the proxy runs");
    }

    /// Waits until a request is held back.
    pub async fn until_held(&self) {
        self.seen.subscribe().wait_for(|seen| seen.held > 0).await.expect("the proxy runs");
    }
}

async fn accept(listener: TcpListener, behind: PgConnectOptions, traffic: watch::Sender<Traffic>, seen: watch::Sender<Seen>) {
    while let Ok((client, _)) = listener.accept().await {
        if !traffic.borrow().connections {
            continue;
        }
        let traffic = traffic.subscribe();
        match behind.get_socket() {
            Some(folder) => {
                let path = folder.join(format!(".s.PGSQL.{}", behind.get_port()));
                let server = UnixStream::connect(path).await.expect("the Postgres for tests answers");
                let (from, to) = server.into_split();
                join(client, from, to, traffic, seen.clone());
            }
            None => {
                let server = TcpStream::connect((behind.get_host(), behind.get_port())).await.expect("the Postgres for tests answers");
                let (from, to) = server.into_split();
                join(client, from, to, traffic, seen.clone());
            }
        }
    }
}

fn join(
    client: TcpStream,
    from_server: impl AsyncRead + Unpin + Send + 'static,
    to_server: impl AsyncWrite + Unpin + Send + 'static,
    traffic: watch::Receiver<Traffic>,
    seen: watch::Sender<Seen>,
) {
    let cuts = traffic.borrow().cuts;
    let (from_client, to_client) = client.into_split();
    tokio::spawn(requests(from_client, to_server, traffic.clone(), cuts, seen.clone()));
    tokio::spawn(answers(from_server, to_client, traffic, cuts, seen));
}

async fn requests(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut traffic: watch::Receiver<Traffic>,
    cuts: u64,
    seen: watch::Sender<Seen>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let read = tokio::select! {
            biased;
            _ = traffic.wait_for(|traffic| traffic.cuts > cuts) => return,
            read = from.read(&mut bytes) => read.unwrap_or_default(),
        };
        if read > 0 && !traffic.borrow().requests {
            seen.send_modify(|seen| seen.held += 1);
        }
        if read == 0 || traffic.wait_for(|traffic| traffic.requests || traffic.cuts > cuts).await.is_err() {
            return;
        }
        let cut = traffic.borrow().cuts > cuts;
        if cut && traffic.wait_for(|traffic| traffic.late).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: impl AsyncRead + Unpin,
    to: impl AsyncWrite + Unpin,
    mut traffic: watch::Receiver<Traffic>,
    cuts: u64,
    seen: watch::Sender<Seen>,
) {
    let mut to = Some(to);
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let read = tokio::select! {
            biased;
            // Dropping its side is what the journal sees as the cut.
            _ = traffic.wait_for(|traffic| traffic.cuts > cuts), if to.is_some() => {
                to = None;
                continue;
            }
            read = from.read(&mut bytes) => read.unwrap_or_default(),
        };
        if read == 0 || traffic.wait_for(|traffic| traffic.answers || traffic.cuts > cuts).await.is_err() {
            return;
        }
        match &mut to {
            Some(to) if traffic.borrow().cuts == cuts => {
                if to.write_all(&bytes[..read]).await.is_err() {
                    return;
                }
            }
            _ => seen.send_modify(|seen| seen.late_answers += 1),
        }
    }
}

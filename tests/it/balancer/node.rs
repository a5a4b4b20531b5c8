//! What stands for a node behind the balancer: it remembers what it was asked, and answers as it is told. No Nashi.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// What it says with 503.
pub const REFUSAL: &str = r#"{"error":"Not possible just now","error_code":"service_unavailable"}"#;
pub const RETRY_AFTER: &str = "3";
/// A key of a WebSocket and what it is accepted with: the example of RFC 6455, section 1.3.
pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// What it says first over a WebSocket.
pub const GREETING: &str = "hello.";
/// A stream outside of the addresses for streams, which asks for itself not to be buffered.
pub const UNBUFFERED: &str = "/v4/export";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// 200.
    Answers,
    /// 503.
    Refuses,
    /// Reads the request to its end and closes the connection.
    HangsUp,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Over which of the node's connections.
    pub connection: usize,
    pub method: String,
    path: String,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    pub body: String,
}

pub struct Node {
    pub address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

/// The events that the test has sent, for whichever node is asked for them.
type Events = Arc<tokio::sync::Mutex<mpsc::Receiver<String>>>;

struct State {
    manner: watch::Sender<Manner>,
    ready: watch::Sender<bool>,
    /// How often it was asked for its health.
    looks: watch::Sender<usize>,
    heard: Mutex<Vec<Heard>>,
    events: Events,
}

impl Node {
    pub async fn start(events: Events) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let state = Arc::new(State {
            manner: watch::Sender::new(Manner::Answers),
            ready: watch::Sender::new(true),
            looks: watch::Sender::new(0),
            heard: Mutex::default(),
            events,
        });
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            for number in 0.. {
                let Ok((connection, _)) = listener.accept().await else { return };
                // The other side may go at any moment.
                tokio::spawn(converse(connection, number, Arc::clone(&shared)));
            }
        });
        Self { address, state, task }
    }

    pub fn behave(&self, manner: Manner) {
        self.state.manner.send_replace(manner);
    }

    /// The colour of its /readyz.
    pub fn ready(&self, ready: bool) {
        self.state.ready.send_replace(ready);
    }

    /// Every request so far, without those for its health.
    pub fn heard(&self) -> Vec<Heard> {
        self.state.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until it is asked for its health once more.
    pub async fn looked_at(&self) {
        let mut looks = self.state.looks.subscribe();
        looks.changed().await.expect("the node lives");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Heard {
    /// The values of a header, in their order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.headers.iter().filter(move |(other, _)| other == name);
        values.flat_map(|(_, value)| value.split(',').map(str::trim))
    }

    /// The next request of a connection; none when it was closed instead.
    async fn read(connection: &mut BufReader<TcpStream>, number: usize) -> io::Result<Option<Self>> {
        let mut line = String::new();
        connection.read_line(&mut line).await?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(None) };
        let mut heard = Self { connection: number, method, path, headers: Vec::new(), body: String::new() };
        loop {
            line.clear();
            connection.read_line(&mut line).await?;
            let Some((name, value)) = line.split_once(':') else { break };
            heard.headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        let length = heard.all("content-length").next().map_or(0, |length| length.parse().expect("a length"));
        let mut body = vec![0; length];
        connection.read_exact(&mut body).await?;
        heard.body = String::from_utf8(body).expect("text");
        Ok(Some(heard))
    }
}

async fn converse(connection: TcpStream, number: usize, state: Arc<State>) -> io::Result<()> {
    let mut connection = BufReader::new(connection);
    while let Some(heard) = Heard::read(&mut connection, number).await? {
        if heard.path == "/readyz" {
            let head = if *state.ready.borrow() { "200 OK" } else { "503 Service Unavailable" };
            answer(&mut connection, head, "{}").await?;
            state.looks.send_modify(|looks| *looks += 1);
            continue;
        }
        let streams = heard.path.contains("/live") || heard.path == UNBUFFERED;
        let upgrades = heard.all("connection").any(|name| name.eq_ignore_ascii_case("upgrade"))
            && heard.all("upgrade").any(|name| name == "websocket");
        let unbuffered = heard.path == UNBUFFERED;
        state.heard.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
        if upgrades {
            return echo(connection).await;
        }
        if streams {
            return stream(connection, &state, unbuffered).await;
        }
        let manner = *state.manner.borrow();
        match manner {
            Manner::Answers => answer(&mut connection, "200 OK", "{}").await?,
            Manner::Refuses => {
                answer(&mut connection, &format!("503 Service Unavailable\r\nRetry-After: {RETRY_AFTER}"), REFUSAL).await?;
            }
            Manner::HangsUp => return Ok(()),
        }
    }
    Ok(())
}

async fn answer(connection: &mut BufReader<TcpStream>, head: &str, body: &str) -> io::Result<()> {
    let answer = format!("HTTP/1.1 {head}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    connection.write_all(answer.as_bytes()).await
}

/// Each event as a chunk of its own, as soon as the test has sent it.
async fn stream(mut connection: BufReader<TcpStream>, state: &State, unbuffered: bool) -> io::Result<()> {
    let own = if unbuffered { "X-Accel-Buffering: no\r\n" } else { "" };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{own}Transfer-Encoding: chunked\r\n\r\n");
    connection.write_all(head.as_bytes()).await?;
    let mut events = state.events.lock().await;
    while let Some(event) = events.recv().await {
        connection.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes()).await?;
    }
    connection.write_all(b"0\r\n\r\n").await
}

/// Another protocol from here on: a greeting, then whatever comes is sent back. HAProxy looks whether the key was understood.
async fn echo(mut connection: BufReader<TcpStream>) -> io::Result<()> {
    let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept:";
    connection.write_all(format!("{head} {ACCEPT}\r\n\r\n{GREETING}").as_bytes()).await?;
    let (mut from, mut to) = tokio::io::split(connection);
    tokio::io::copy(&mut from, &mut to).await.map(|_| ())
}

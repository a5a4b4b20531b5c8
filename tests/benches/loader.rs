//! A small HTTP/1.1 loader: requests made beforehand, keep-alive connections, answers counted and thrown
//! away. Not a client: it knows just enough of the protocol to find where an answer ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a run of requests came to.
#[derive(Debug, Default)]
pub struct Load {
    pub answered: usize,
    pub refused: usize,
    /// Seconds, one an answer.
    pub latencies: Vec<f64>,
    pub seconds: f64,
}

impl Load {
    pub fn per_second(&self) -> f64 {
        self.answered as f64 / self.seconds
    }

    pub fn latency(&self, share: f64) -> f64 {
        crate::measure::quantile(self.latencies.iter().copied(), share)
    }
}

/// Makes the bytes of request number `n` of connection `c`.
pub type Make = Arc<dyn Fn(usize, usize) -> Vec<u8> + Send + Sync>;

/// One whole request.
pub fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    request_with(method, path, token, "", body)
}

/// One whole request with further header lines, each with its line end.
pub fn request_with(method: &str, path: &str, token: Option<&str>, headers: &str, body: &str) -> Vec<u8> {
    let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let content =
        if body.is_empty() { String::new() } else { format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nhost: nashi\r\n{authorization}{headers}{content}\r\n{body}").into_bytes()
}

/// Drives `connections` to `addresses` in turn for `span`, each one request at a time; at `rate` a second in all where given,
/// else as fast as answers come. Latency under a rate is counted from when a request was due, so a
/// server that stalls is not spared the requests that it kept from being sent.
pub async fn drive(addresses: &[SocketAddr], connections: usize, span: Duration, rate: Option<f64>, make: Make) -> anyhow::Result<Load> {
    let begun = Instant::now();
    let mut workers = Vec::with_capacity(connections);
    for connection in 0..connections {
        let (make, address) = (Arc::clone(&make), addresses[connection % addresses.len()]);
        workers.push(tokio::spawn(async move { one(address, connection, connections, begun, span, rate, make).await }));
    }
    let mut load = Load::default();
    for worker in workers {
        let part = worker.await.context("a connection's task ended badly")??;
        load.answered += part.answered;
        load.refused += part.refused;
        load.latencies.extend(part.latencies);
    }
    load.seconds = begun.elapsed().as_secs_f64();
    Ok(load)
}

async fn one(
    address: SocketAddr,
    connection: usize,
    connections: usize,
    begun: Instant,
    span: Duration,
    rate: Option<f64>,
    make: Make,
) -> anyhow::Result<Load> {
    let mut asked = Connection::open(address).await?;
    let mut load = Load::default();
    for number in 0.. {
        let due = match rate {
            Some(rate) => begun + Duration::from_secs_f64((number * connections + connection) as f64 / rate),
            None => Instant::now(),
        };
        if due.duration_since(begun) >= span {
            break;
        }
        tokio::time::sleep_until(due.into()).await;
        let status = asked.ask(&make(connection, number)).await?;
        load.latencies.push(due.elapsed().as_secs_f64());
        if status == 200 {
            load.answered += 1;
        } else {
            load.refused += 1;
        }
    }
    Ok(load)
}

/// A connection on which one request is under way at a time.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server does not accept")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request, reads its answer to the end, and gives the status. Chunked answers are not understood.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<u16> {
        let Self { stream, buffer } = self;
        stream.write_all(request).await?;
        buffer.clear();
        let head = loop {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the server closed a connection in mid-answer");
            }
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&buffer[..head]).context("an answer's head is not text")?;
        let status = text.get(9..12).and_then(|digits| digits.parse().ok()).context("an answer without a status")?;
        let length: usize = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .context("an answer without a length")?;
        let mut missing = (head + length).saturating_sub(buffer.len());
        while missing > 0 {
            buffer.clear();
            let read = stream.read_buf(buffer).await?;
            if read == 0 {
                bail!("the server closed a connection in mid-answer");
            }
            missing = missing.saturating_sub(read);
        }
        Ok(status)
    }
}

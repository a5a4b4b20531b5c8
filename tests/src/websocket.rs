//! A WebSocket's client end (RFC 6455), as much of it as a test needs: text frames, pings answered, and how it was closed. It knows
//! nothing of what is said.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::Client;

const FRAME_MAX: Duration = Duration::from_secs(20);
/// The example of RFC 6455, section 1.3; it need not be random for who trusts the server.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// Frames of a client are masked; by nothing at all is enough here.
const MASK: [u8; 4] = [0; 4];

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// An open WebSocket.
#[derive(Debug)]
pub struct WebSocket(BufReader<TcpStream>);

impl WebSocket {
    /// Opens `path` as the client's person, with further headers.
    ///
    /// # Errors
    /// The status of a refusal.
    ///
    /// # Panics
    /// When the server does not answer as HTTP does.
    pub async fn open(client: &Client, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let address = client.base().trim_start_matches("http://");
        let mut stream = BufReader::new(TcpStream::connect(address).await.expect("the server listens"));
        let mut request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
        );
        let token = client.token().map(|token| format!("Bearer {token}"));
        for (name, value) in token.iter().map(|token| ("Authorization", token.as_str())).chain(headers.iter().copied()) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await.expect("it takes a request");
        let mut status = String::new();
        stream.read_line(&mut status).await.expect("it answers");
        let status: u16 = status.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).await.expect("headers");
        }
        if status == 101 { Ok(Self(stream)) } else { Err(status) }
    }

    /// Says something.
    ///
    /// # Panics
    /// When it is too long for this client, or the connection is gone.
    pub async fn say(&mut self, frame: &Value) {
        self.send(TEXT, frame.to_string().as_bytes()).await;
    }

    /// The next entry of this name.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn next_of(&mut self, name: &str) -> Value {
        loop {
            let frame = self.next().await.expect("the stream goes on");
            if frame["event"] == name {
                return frame;
            }
        }
    }

    /// The next frame; nothing once it is closed.
    ///
    /// # Panics
    /// When there is none in time.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let (code, payload) = tokio::time::timeout(FRAME_MAX, self.frame()).await.expect("a frame in time")?;
            match code {
                TEXT => return Some(serde_json::from_slice(&payload).expect("JSON")),
                PING => self.send(PONG, &payload).await,
                CLOSE => return None,
                PONG => {}
                other => panic!("a frame of kind {other}"),
            }
        }
    }

    async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let first = self.0.read_u8().await.ok()?;
        let length = match self.0.read_u8().await.ok()? {
            126 => u64::from(self.0.read_u16().await.ok()?),
            127 => self.0.read_u64().await.ok()?,
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).expect("a length")];
        self.0.read_exact(&mut payload).await.ok()?;
        Some((first & 15, payload))
    }

    async fn send(&mut self, code: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | code];
        match u16::try_from(payload.len()).expect("a short frame") {
            short @ 0..126 => frame.push(0x80 | u8::try_from(short).expect("a short frame")),
            long => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&long.to_be_bytes());
            }
        }
        frame.extend_from_slice(&MASK);
        frame.extend_from_slice(payload);
        self.0.write_all(&frame).await.expect("it takes frames");
    }
}

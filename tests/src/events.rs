//! A reader of event streams (WHATWG HTML §9.2), as thin as a browser's: lines, ids, and where to go on. It draws nothing.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

use crate::{Browser, Client};

/// Longer than any entry of a healthy server takes.
const ENTRY_MAX: Duration = Duration::from_secs(20);

/// What was dispatched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub name: String,
    /// The last id that was seen when it was dispatched.
    pub id: String,
    pub data: Value,
}

impl Event {
    /// The position of an id.
    ///
    /// # Panics
    /// When it has none.
    #[track_caller]
    pub fn position(&self) -> i64 {
        let (_, position) = self.id.split_once('-').unwrap_or_else(|| panic!("no position in {self:?}"));
        position.parse().unwrap_or_else(|_| panic!("no position in {self:?}"))
    }
}

/// One open stream.
#[derive(Debug)]
pub struct Events {
    response: reqwest::Response,
    pending: Vec<u8>,
    waiting: VecDeque<Event>,
    /// The last id that was seen, also of what dispatched nothing.
    pub id: String,
    /// What the server calls the stream, of its first event.
    pub stream: String,
}

impl Events {
    /// Opens a stream and takes its `hello`.
    ///
    /// # Panics
    /// When it is refused, or does not begin so.
    pub async fn open(client: &Client, query: &str, last: Option<&str>) -> (Self, Event) {
        let mut events = Self::attempt(client, query, last).await.unwrap_or_else(|status| panic!("refused with {status}"));
        let hello = events.next().await;
        assert_eq!(hello.name, "hello");
        hello.data["stream"].as_str().expect("a stream").clone_into(&mut events.stream);
        (events, hello)
    }

    /// Opens a stream as a browser does, by its cookie.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn of_browser(client: &Client, browser: &Browser) -> Self {
        let cookie = browser.cookie().expect("a cookie");
        let mut events = Self::with(&client.nobody(), "", &[("Cookie", &cookie)]).await.unwrap_or_else(|status| panic!("{status}"));
        assert_eq!(events.next().await.name, "hello");
        events
    }

    /// Opens a stream.
    ///
    /// # Errors
    /// The status of a refusal, 0 where there is no answer.
    pub async fn attempt(client: &Client, query: &str, last: Option<&str>) -> Result<Self, u16> {
        let headers: Vec<(&str, &str)> = last.map(|last| ("Last-Event-ID", last)).into_iter().collect();
        let mut events = Self::with(client, query, &headers).await?;
        last.unwrap_or_default().clone_into(&mut events.id);
        Ok(events)
    }

    async fn with(client: &Client, query: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let mut request = http.get(format!("{}/v4/live{query}", client.base()));
        if let Some(token) = client.token() {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.map_err(|_| 0_u16)?;
        if response.status() != 200 {
            return Err(response.status().as_u16());
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Ok(Self { response, pending: Vec::new(), waiting: VecDeque::new(), id: String::new(), stream: String::new() })
    }

    /// The next event.
    ///
    /// # Panics
    /// When there is none in time, or the stream has ended.
    pub async fn next(&mut self) -> Event {
        self.maybe_next().await.expect("the stream goes on")
    }

    /// The next event; nothing at the stream's end, however it came and however long it takes.
    pub async fn try_next(&mut self) -> Option<Event> {
        while self.waiting.is_empty() {
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.take_in(&chunk);
        }
        self.waiting.pop_front()
    }

    /// The next event; nothing at the stream's end, however it came.
    ///
    /// # Panics
    /// When there is none in time.
    pub async fn maybe_next(&mut self) -> Option<Event> {
        while self.waiting.is_empty() {
            let more = self.more().await?;
            self.waiting.extend(more);
        }
        self.waiting.pop_front()
    }

    /// Events up to and with the first of this name.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn until(&mut self, name: &str) -> (Event, Vec<Event>) {
        let mut before = Vec::new();
        loop {
            let event = self.next().await;
            if event.name == name {
                return (event, before);
            }
            before.push(event);
        }
    }

    /// The next of this name.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn next_of(&mut self, name: &str) -> Event {
        self.until(name).await.0
    }

    /// Reads until its reader would go on from `position` or beyond; the events that came.
    ///
    /// # Panics
    /// When that does not come.
    pub async fn until_at(&mut self, position: i64) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let (_, at) = self.id.split_once('-').expect("a place");
            if at.parse::<i64>().expect("a position") >= position {
                return events;
            }
            events.extend(self.more().await.expect("the stream goes on"));
        }
    }

    /// What the next bytes bring; nothing at the end.
    async fn more(&mut self) -> Option<Vec<Event>> {
        let chunk = tokio::time::timeout(ENTRY_MAX, self.response.chunk()).await.expect("an entry in time");
        self.take_in(&chunk.ok().flatten()?);
        Some(self.waiting.drain(..).collect())
    }

    fn take_in(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        while let Some(end) = self.pending.windows(2).position(|two| two == b"\n\n") {
            let block: Vec<u8> = self.pending.drain(..end + 2).collect();
            let event = self.dispatch(&String::from_utf8(block).expect("UTF-8"));
            self.waiting.extend(event);
        }
    }

    fn dispatch(&mut self, block: &str) -> Option<Event> {
        let (mut name, mut data) = (String::new(), None);
        for line in block.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => id.clone_into(&mut self.id),
                Some(("event", event)) => event.clone_into(&mut name),
                Some(("data", json)) => data = Some(serde_json::from_str(json).expect("JSON")),
                _ => {}
            }
        }
        Some(Event { name, id: self.id.clone(), data: data? })
    }
}

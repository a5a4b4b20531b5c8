//! A person's HTTP client: thin, so that a test sees what is on the wire. Not a model of the API.

use std::borrow::Borrow;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Longer than any answer of a healthy server takes, deadlines included; a test that meets it hangs no further.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);

/// Talks to one server as one person, or as nobody.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// What came back, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Of the request, for messages.
    asked: String,
}

impl Client {
    /// A stranger at `base`, such as `http://127.0.0.1:8080`.
    ///
    /// # Panics
    /// When the HTTP client cannot be made at all.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().timeout(ANSWER_TIME_MAX).no_proxy().build().expect("an HTTP client");
        Self { http, base: base.to_owned(), token: None }
    }

    /// The same server and connections, asked with `token`.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same server and connections, asked by nobody.
    pub fn nobody(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// Signs in with a security key; the client that comes back is that person.
    ///
    /// # Panics
    /// When the server refuses, or does not answer.
    pub async fn sign_in(&self, login: &str, key: &str) -> Self {
        let answer = self.nobody().post("/v4/auth", serde_json::json!({ "login": login, "security_key": key })).await;
        self.with_token(answer.ok()["access_token"].as_str().expect("a token"))
    }

    /// # Panics
    /// As [`Client::send`] fails.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], None).await
    }

    /// # Panics
    /// As [`Client::send`] fails.
    pub async fn post(&self, path: &str, body: impl Borrow<Value>) -> Answer {
        self.ask(Method::POST, path, &[], Some(body.borrow().to_string().into_bytes())).await
    }

    /// A POST with an `Idempotency-Key`.
    ///
    /// # Panics
    /// As [`Client::send`] fails.
    pub async fn post_once(&self, key: &str, path: &str, body: impl Borrow<Value>) -> Answer {
        self.ask(Method::POST, path, &[("Idempotency-Key", key)], Some(body.borrow().to_string().into_bytes())).await
    }

    /// Any request.
    ///
    /// # Panics
    /// As [`Client::send`] fails.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let name = format!("{method} {path}");
        self.send(method, path, headers, body).await.unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
    }

    /// Any request, for tests in which the server may be away.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> reqwest::Result<Answer> {
        let asked = format!("{method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                request = request.header("Content-Type", "application/json");
            }
            request = request.body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes().await?.to_vec(), asked })
    }
}

impl Answer {
    /// The JSON of a success.
    ///
    /// # Panics
    /// When it is not one.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.asked, self.text());
        self.json()
    }

    /// The body, which must be JSON.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|failure| panic!("{}: {failure}: {}", self.asked, self.text()))
    }

    /// Holds the answer to be a refusal in the dialect's envelope: status, code, and a text for people.
    ///
    /// # Panics
    /// When it is anything else.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        let body = self.json();
        assert_eq!(body["error_code"], code, "{}: {body}", self.asked);
        assert!(body["error"].as_str().is_some_and(|text| !text.is_empty()), "{}: no text for people: {body}", self.asked);
        self
    }

    /// The value of a header that must be there.
    ///
    /// # Panics
    /// When it is not, or is not text.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.find_header(name).unwrap_or_else(|| panic!("{}: no header {name}: {:?}", self.asked, self.headers))
    }

    pub fn find_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text, for messages.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The verbs that most tests need.
impl Client {
    /// Uploads a file, and gives what is answered.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn upload(&self, name: &str, content: &[u8]) -> Value {
        self.send_file("/v4/files/upload", &[], &Form::of_a_file(name, content)).await.ok()
    }

    /// Sends a form that may hold files.
    ///
    /// # Panics
    /// As [`Client::send`] fails.
    pub async fn send_file(&self, path: &str, headers: &[(&str, &str)], form: &Form) -> Answer {
        let kind = form.content_type();
        let headers = [headers, &[("Content-Type", &kind)]].concat();
        self.ask(Method::POST, path, &headers, Some(form.body())).await
    }

    /// Creates a task, and gives it as answered.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn create(&self, body: impl Borrow<Value>) -> Value {
        self.post("/v4/tasks", body).await.ok()["task"].take()
    }

    /// Comments on a task, and gives the task as answered.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn comment(&self, task: i64, body: impl Borrow<Value>) -> Value {
        self.post(&format!("/v4/tasks/{task}/comments"), body).await.ok()["task"].take()
    }

    /// Reads a task.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn task(&self, task: i64) -> Value {
        self.get(&format!("/v4/tasks/{task}")).await.ok()["task"].take()
    }

    /// The ids of the tasks in the inbox, as shown.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn inbox(&self) -> Vec<i64> {
        let body = self.get("/v4/inbox?item_count=1000").await.ok();
        body["tasks"].as_array().map_or_else(Vec::new, |tasks| tasks.iter().map(id).collect())
    }
}

/// A `multipart/form-data` body in the making, written as it is told to be: also wrongly.
#[derive(Clone, Debug, Default)]
pub struct Form {
    parts: Vec<u8>,
}

impl Form {
    const BOUNDARY: &str = "a-boundary-of-the-tests";

    /// With one file.
    pub fn of_a_file(name: &str, content: &[u8]) -> Self {
        Self::default().part(format!("name=\"file\"; filename=\"{name}\"").as_bytes(), content)
    }

    /// One more part, with these parameters of its `Content-Disposition`.
    #[must_use]
    pub fn part(mut self, parameters: &[u8], content: &[u8]) -> Self {
        let pieces: [&[u8]; 7] =
            [b"--", Self::BOUNDARY.as_bytes(), b"\r\nContent-Disposition: form-data; ", parameters, b"\r\n\r\n", content, b"\r\n"];
        self.parts.extend(pieces.concat());
        self
    }

    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", Self::BOUNDARY)
    }

    pub fn body(&self) -> Vec<u8> {
        [&self.parts[..], format!("--{}--\r\n", Self::BOUNDARY).as_bytes()].concat()
    }
}

/// The `id` of a task, a comment or a person.
///
/// # Panics
/// When it has none.
#[track_caller]
pub fn id(value: &Value) -> i64 {
    value["id"].as_i64().unwrap_or_else(|| panic!("no id in {value}"))
}

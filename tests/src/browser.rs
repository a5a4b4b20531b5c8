//! A person's browser, as far as signing in is concerned: it keeps the session's cookie and sends it along. It draws nothing.

use std::borrow::Borrow;
use std::sync::Mutex;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};

/// One browser at one server.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    cookie: Mutex<Option<String>>,
}

impl Browser {
    /// One that knows nobody.
    pub fn new(client: &Client) -> Self {
        Self { client: client.nobody(), cookie: Mutex::new(None) }
    }

    /// One in which somebody has signed in with their password.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn signed_in(client: &Client, login: &str, password: &str) -> Self {
        let browser = Self::new(client);
        browser.post("/v4/sessions", json!({ "login": login, "password": password })).await.ok();
        assert!(browser.cookie().is_some(), "no session began");
        browser
    }

    /// `name=value`, as it is sent.
    ///
    /// # Panics
    /// When another thread panicked with it.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().expect("nobody panicked").clone()
    }

    /// Puts another cookie in its place.
    ///
    /// # Panics
    /// When another thread panicked with it.
    pub fn set_cookie(&self, cookie: Option<String>) {
        *self.cookie.lock().expect("nobody panicked") = cookie;
    }

    /// # Panics
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], None).await
    }

    /// As a page of the server's own makes it.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn post(&self, path: &str, body: impl Borrow<Value>) -> Answer {
        self.with(Method::POST, path, body).await
    }

    /// As a page of the server's own makes it.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn with(&self, method: Method, path: &str, body: impl Borrow<Value>) -> Answer {
        self.ask(method, path, &[("Sec-Fetch-Site", "same-origin")], Some(body.borrow().to_string().into_bytes())).await
    }

    /// Any request, with the cookie; what the answer says of the cookie is done.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let cookie = self.cookie();
        let mut headers = headers.to_vec();
        headers.extend(cookie.as_deref().map(|cookie| ("Cookie", cookie)));
        let answer = self.client.ask(method, path, &headers, body).await;
        for set in answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            let pair = set.split(';').next().unwrap_or_default();
            let forgotten = set.contains("Max-Age=0");
            self.set_cookie((!forgotten).then(|| pair.to_owned()));
        }
        answer
    }
}
